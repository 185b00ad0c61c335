"""The knowledge base: an opened sealed file, with typed look-ups.

Answers are read from rows; records become models only when they are asked for by name.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from evidencekb.engines.opening import open_sealed, read_only
from evidencekb.errors import SealedFileError, UnknownIdError
from evidencekb.names import near
from evidencekb.report import Place, Report
from evidencekb.vocab import TRACEABLE

if TYPE_CHECKING:
    from types import TracebackType

    import networkx

    from evidencekb.engines.making import Maker
    from evidencekb.model import (
        Aspect,
        Claim,
        Cohort,
        Concept,
        Exclusion,
        Finding,
        Gap,
        OperationalDefinition,
        Organization,
        Source,
        Untraced,
    )


_NAMES = {
    ("finding", "claim"): "finding or claim",
    ("finding", "claim", "source"): "finding, claim or source",
    TRACEABLE: "finding, claim or untraced claim",
}
_AT_ONCE = 1_000
_FIRST = (*TRACEABLE, "source", "concept", "cohort", "definition", "organization")
_NOT_STORED = (
    "SELECT NOT EXISTS (SELECT 1 FROM card) AND NOT EXISTS (SELECT 1 FROM listed) "
    "AND (EXISTS (SELECT 1 FROM finding) OR EXISTS (SELECT 1 FROM source))"
)


class Origin(Protocol):
    """What a sealed file was made of by the one who opened it."""

    def changed(self) -> bool:
        """Whether it is no longer what it was then."""


class Beside(Protocol):
    """What works for a knowledge base, and is stopped when it is closed."""

    @property
    def stop(self) -> Callable[[], object]:
        """Ends its work."""


B = TypeVar("B", bound=Beside)


class KnowledgeBase:
    """A sealed pack, opened read-only. Get one from :func:`evidencekb.load`.

    ``len(kb)`` is the number of findings, withdrawn ones included. Threads may share one; a process that is forked off, or that
    gets it pickled, opens the file anew. One that was closed stays closed, in any process.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> kb.name
        'evidencekb'
        >>> kb.source("noy2023experimental").vendor
        <VendorFlag.INDEPENDENT: 'independent'>
    """

    def __init__(
        self, connection: sqlite3.Connection, meta: dict[str, str], path: Path, origin: Origin | None = None
    ) -> None:
        self._connection = connection
        self._process = os.getpid()
        self._inherited: list[sqlite3.Connection] = []
        self._closed = False
        self._meta = meta
        self.path = path
        self._file = path.absolute()  # the program may change its folder before it asks for the file again
        self._origin = origin
        self._kept: object = None  # what questions keep of the file between them: see queries/desk.py
        self._beside: dict[str, Beside] = {}

    @property
    def name(self) -> str:
        """The pack's name."""
        return self._meta["pack"]

    @property
    def version(self) -> str:
        """The version of the pack's data."""
        return self._meta["version"]

    @property
    def digest(self) -> str:
        """The digest of the records: the same records give the same digest, whatever files they stood in."""
        return self._meta["digest"]

    @property
    def built_on(self) -> str:
        """The day on which the file was built, YYYY-MM-DD."""
        return self._meta["built_on"]

    @property
    def library(self) -> str:
        """The version of the library that built the file."""
        return self._meta["library"]

    @property
    def stamp(self) -> dict[str, str]:
        """What names this state of the data: pack, version, digest, built_on, library."""
        return {name: self._meta[name] for name in ("pack", "version", "digest", "built_on", "library")}

    @property
    def report(self) -> Report:
        """What ``check`` found when the file was built."""
        return Report.from_dict(json.loads(self._meta["report"]))

    def __len__(self) -> int:
        return int(self.rows("SELECT COUNT(*) FROM finding")[0][0])

    def __repr__(self) -> str:
        return f"<KnowledgeBase {self.name} {self.version}, {len(self)} findings, {self.digest[:19]}>"

    def __enter__(self) -> KnowledgeBase:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the file; what is asked afterwards is refused."""
        self._closed = True
        if self._process == os.getpid():
            self._connection.close()
        for held in self._beside.values():
            held.stop()
        self._beside.clear()

    def beside(self, name: str, make: Callable[[], B]) -> B:
        """What works beside the file for as long as it is open, such as an engine: made when it is first asked for."""
        if name not in self._beside:
            self._beside.setdefault(name, make())
        return self._beside[name]  # type: ignore[return-value]  # kept under the name of what made it

    def stale(self) -> bool:
        """Whether the pack is no longer what is open here, so that loading it again gives something else.

        True when another file has been moved over the sealed one. Of a pack that was loaded from a folder, true when a file of
        the folder, or of a pack that it extends, was changed, added or removed since; they are told by their names, sizes and
        times.
        """
        if self._origin is not None:
            return self._origin.changed()
        try:
            with closing(read_only(self._file)) as now:
                row = now.execute("SELECT value FROM meta WHERE name = 'sealed'").fetchone()
        except sqlite3.DatabaseError:
            return True
        return bool(row is None or row[0] != self._meta["sealed"])

    def stored(self, table: str, key: str) -> dict[str, Any]:
        """What the build stored in ``card`` (by finding) or ``listed`` (by source), or would have stored in a small pack.

        Raises:
            SealedFileError: If the row is missing or cannot be read.
        """
        column = {"card": "finding", "listed": "source"}[table]
        try:
            if maker := self.maker:
                return maker.card(key) if table == "card" else maker.listed(key)
            ((body,),) = self.rows(f"SELECT body FROM {table} WHERE {column} = ?", (key,))
            data: dict[str, Any] = json.loads(body)
        except (LookupError, ValueError) as problem:
            raise SealedFileError(str(self.path), f"damaged: no {table} of {key!r}; build it again") from problem
        return data

    @cached_property
    def maker(self) -> Maker | None:
        """Makes cards and references, of a pack too large for its build to store them; else None."""
        if not self.rows(_NOT_STORED)[0][0]:
            return None
        # It brings pydantic, which what is stored does without.
        from evidencekb.engines.making import Maker

        return Maker(self.rows)

    def rows(self, statement: str, values: tuple[Any, ...] | dict[str, Any] = ()) -> list[tuple[Any, ...]]:
        """Rows of a SELECT over the tables of the sealed file, which ``docs/reference/tables.md`` lists.

        Raises:
            SealedFileError: If the statement cannot be run: the file is closed or damaged, or the statement is wrong.
        """
        connection = self._here()
        try:
            return connection.execute(statement, values).fetchall()
        except (sqlite3.Error, UnicodeError, OverflowError) as problem:
            raise SealedFileError(str(self.path), f"cannot be asked: {problem}") from problem

    def stream(self, statement: str, values: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
        """The same rows one after the other, for more of them than memory should hold; the file stays open meanwhile.

        Raises:
            SealedFileError: As :meth:`rows`, when the first or a later row is taken; also in a process forked off meanwhile.
        """
        connection, process = self._here(), os.getpid()
        try:
            cursor = connection.execute(statement, values)
            while some := cursor.fetchmany(_AT_ONCE):
                yield from some
                if os.getpid() != process:
                    raise SealedFileError(str(self.path), "cannot be asked: another process began to take these rows")
        except (sqlite3.Error, UnicodeError, OverflowError) as problem:
            raise SealedFileError(str(self.path), f"cannot be asked: {problem}") from problem

    def _here(self) -> sqlite3.Connection:
        """The connection of this process.

        Raises:
            SealedFileError: If the knowledge base is closed, or another file stands in the place of its own.
        """
        if self._closed:
            raise SealedFileError(str(self.path), "cannot be asked: it is closed; load it again")
        if self._process != os.getpid():
            here = reopened(*self._address())
            # Never closed: a thread that asked when the process was forked holds its lock, here for ever.
            self._inherited.append(self._connection)
            self._connection, self._process = here._connection, os.getpid()
        return self._connection

    def _address(self) -> tuple[str, str, Origin | None]:
        return str(self._file), self._meta["sealed"], self._origin

    def __reduce__(self) -> tuple[object, tuple[str, str, Origin | None]]:
        if self._closed:
            raise SealedFileError(str(self.path), "cannot be sent to another process: it is closed; load it again")
        return reopened, self._address()

    def ids(self, kind: str) -> tuple[str, ...]:
        """Ids of all records of a kind, sorted.

        Args:
            kind: ``"finding"``, ``"source"``, ``"concept"`` and so on.
        """
        return tuple(id for (id,) in self.rows("SELECT id FROM record WHERE kind = ? ORDER BY id", (kind,)))

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of record that the file holds, sorted."""
        return tuple(kind for (kind,) in self.rows("SELECT DISTINCT kind FROM record ORDER BY kind"))

    def place(self, kind: str, id: str) -> Place | None:
        """File and line in which a record was written, when the file was built from that folder."""
        rows = self.rows("SELECT file, line FROM place WHERE kind = ? AND id = ?", (kind, id))
        return Place(*rows[0]) if rows else None

    def kind_of(self, id: str, *, among: tuple[str, ...] = ()) -> str:
        """The kind of record that an id names; findings, claims and untraced claims come before all others.

        Args:
            id: The id.
            among: Kinds to offer ids of when there is no such record; all when left out.

        Raises:
            UnknownIdError: If no record has the id.
            SealedFileError: If the file is closed or damaged.
        """
        found: set[str] = {kind for (kind,) in self.rows("SELECT kind FROM record WHERE id = ?", (id,))}
        for kind in (*_FIRST, *sorted(found)):
            if kind in found:
                return kind
        kinds = among or self.kinds
        known = [other for kind in kinds for other in self.ids(kind)]
        raise UnknownIdError(_NAMES.get(among, "record"), id, near(id, known))

    def record(self, kind: str, id: str) -> dict[str, Any]:
        """A record as plain data, as it was written; defaults are left out.

        Raises:
            UnknownIdError: If no record of the kind has the id; it offers the nearest ids.
        """
        body: dict[str, Any] = json.loads(self._body(kind, id))
        return body

    def finding(self, id: str) -> Finding:
        """The finding with this id.

        Raises:
            UnknownIdError: If there is none; it offers the nearest ids. So do the look-ups below.
        """
        record: Finding = self._model("finding", id)
        return record

    def source(self, id: str) -> Source:
        """The source with this citation key."""
        record: Source = self._model("source", id)
        return record

    def cohort(self, id: str) -> Cohort:
        """The cohort with this id."""
        record: Cohort = self._model("cohort", id)
        return record

    def definition(self, id: str) -> OperationalDefinition:
        """The operational definition with this id."""
        record: OperationalDefinition = self._model("definition", id)
        return record

    def claim(self, id: str) -> Claim:
        """The claim with this id."""
        record: Claim = self._model("claim", id)
        return record

    def concept(self, id: str) -> Concept:
        """The concept (role, skill, topic, outcome, product, instrument or occupation) with this id."""
        record: Concept = self._model("concept", id)
        return record

    def organization(self, id: str) -> Organization:
        """The organisation with this id."""
        record: Organization = self._model("organization", id)
        return record

    def untraced(self, id: str) -> Untraced:
        """The untraced claim with this id."""
        record: Untraced = self._model("untraced", id)
        return record

    def aspect(self, id: str) -> Aspect:
        """The aspect with this id."""
        record: Aspect = self._model("aspect", id)
        return record

    def gap(self, id: str) -> Gap:
        """The recorded gap with this id."""
        record: Gap = self._model("gap", id)
        return record

    def exclusion(self, id: str) -> Exclusion:
        """The exclusion with this id."""
        record: Exclusion = self._model("exclusion", id)
        return record

    def to_networkx(self) -> networkx.MultiDiGraph[tuple[str, str]]:
        """The typed graph: a node a record, an edge a link, pointing towards the evidence.

        Returns:
            A graph whose nodes are ``(kind, id)`` with the attributes ``kind``, ``id`` and ``label``, and whose edges have
            the attribute ``relation``. See :mod:`evidencekb.graph`.
        """
        # networkx takes longer to import than a brief takes to answer.
        from evidencekb.graph import graph_of

        return graph_of(self._here(), self.maker.bylines() if self.maker else ())

    def _body(self, kind: str, id: str) -> str:
        rows = self.rows("SELECT body FROM record WHERE kind = ? AND id = ?", (kind, id))
        if not rows:
            raise UnknownIdError(kind, id, near(str(id), self.ids(kind)))
        return str(rows[0][0])

    def _model(self, kind: str, id: str) -> Any:
        # Models bring pydantic, which an answer made of rows does without.
        from evidencekb.model import KINDS

        return KINDS[kind].model_validate_json(self._body(kind, id))


def reopened(path: str, sealed: str, origin: Origin | None = None) -> KnowledgeBase:
    """A knowledge base that was sent to another process: the same file, opened there.

    Raises:
        FileNotFoundError: If the file is gone.
        SealedFileError: If another file stands in its place.
    """
    connection, meta = open_sealed(Path(path))
    if meta["sealed"] != sealed:
        connection.close()
        raise SealedFileError(path, "another file was moved over it since it was opened; load it again")
    return KnowledgeBase(connection, meta, Path(path), origin)
