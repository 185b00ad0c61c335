"""A pack as it was read: records with the place of everything in them, and what stood in the way."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from evidencekb.model import Manifest
from evidencekb.model.claims import rule_code
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.fields import VARIABLES
from evidencekb.sources.items import Entry
from evidencekb.store.nodes import Node, locate
from evidencekb.store.parquet import ParquetProblem
from evidencekb.store.slicing import Sliced

_ID = re.compile(r"\bid[\"']?\s*:\s*[\"']?([\w.:/+-]+)")


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a raw record stands, down to the place of each field.

    Attributes:
        file: The file.
        line: The line of the record.
        node: What was read there.
        bib: The entry of a bibliography that says more about it.
        bib_file: The file of that.
        bib_fields: The fields that the entry gives.
        above: Lines of the file above the first line that the node counts.
    """

    file: str
    line: int
    node: Node | None = None
    bib: Entry | None = None
    bib_file: str = ""
    bib_fields: frozenset[str] = frozenset()
    above: int = 0

    def place(self, path: tuple[str | int, ...] = ()) -> Place:
        """The place of a field, or of the record when the field has none of its own."""
        if path and self.bib is not None and path[0] in self.bib_fields:
            lines = (self.bib.lines.get(variable) for variable in VARIABLES[str(path[0])])
            return Place(self.bib_file, next((line for line in lines if line), self.bib.line))
        if self.node is None:
            return Place(self.file, self.line)
        line, column = locate(self.node, path)
        return Place(self.file, line + self.above, column)


@dataclass(frozen=True, slots=True)
class RawRecord:
    """A record as written, not yet validated."""

    kind: str
    data: dict[str, Any]
    origin: Origin

    @property
    def id(self) -> str:
        """The id as written, '' when there is none; a waiver is named by its rule and record."""
        if self.kind == "waiver":
            return f"{rule_code(str(self.data.get('rule')))}:{self.data.get('record')}"
        value = self.data.get("id")
        return value if isinstance(value, str) else ""

    @property
    def subject(self) -> Subject:
        """What a violation about it names."""
        return Subject(self.kind, self.id)


@dataclass(slots=True)
class Unread:
    """Ids in what could not be read: nobody knows whether they dangle.

    Attributes:
        ids: Those that are known.
        whole: False once something is gone of which not even the ids are known; then any id may have stood there.
    """

    ids: set[str] = field(default_factory=set)
    whole: bool = True

    def __contains__(self, id: object) -> bool:
        return not self.whole or id in self.ids

    def add(self, text: str | bytes, *, legible: bool = True) -> None:
        """Note the ids in a text that could not be read; one that is not legible may hold ids that it does not show."""
        held = text if isinstance(text, str) else text.decode(errors="replace").replace("\0", "")
        ids = _ID.findall(held)
        self.ids.update(ids)
        self.whole &= legible or bool(ids)


@dataclass(slots=True)
class RawPack:
    """All that was read of one folder.

    Attributes:
        root: The folder.
        manifest: Its manifest, when it can be read.
        manifest_origin: Where that stands.
        records: Its records.
        violations: What stood in the way.
        texts: Its files by name, for those that were read.
        unread: Ids in what could not be read.
        garbled: Names of JSONL files that are not text in some line, which was told.
        entries: Entries of its .bib files by key, each with its file.
        bulk: Names of large files that were left for those who read part by part.
        sliced: Those of them that are YAML, cut into their records.
    """

    root: Path
    manifest: Manifest | None = None
    manifest_origin: Origin | None = None
    records: list[RawRecord] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    texts: dict[str, str] = field(default_factory=dict)
    unread: Unread = field(default_factory=Unread)
    garbled: set[str] = field(default_factory=set)
    entries: dict[str, tuple[Entry, str]] = field(default_factory=dict)
    bulk: list[str] = field(default_factory=list)
    sliced: dict[str, Sliced] = field(default_factory=dict)

    def problem(self, code: str, message: str, place: Place, subject: Subject | None = None) -> None:
        """Record an error."""
        self.violations.append(Violation(code, Severity.ERROR, subject or Subject("file", place.file), message, place))

    def lost(self, name: str, message: str) -> None:
        """Record an error about a file of which nothing was read."""
        self.problem("EKB501", message, Place(name))
        self.unread.whole = False

    def row_problem(self, problem: ParquetProblem) -> None:
        """Record what is wrong with a Parquet file, or with a row of it."""
        self.problem("EKB501", problem.problem, Place(problem.file, problem.row))
        self.unread.ids.update(problem.ids or ())
        self.unread.whole &= problem.ids is not None


def stands_at(place: Place, kind: str) -> str:
    """Where an id of the pack itself stands, as :func:`id_taken` says it."""
    return f"stands at {place} too ({kind})"


def belongs_to(kind: str, pack: str) -> str:
    """Whose an id of an extended pack is, as :func:`id_taken` says it."""
    return f"belongs to a {kind} of the pack {pack!r}, which this one extends"


def id_taken(subject: Subject, where: str, place: Place | None) -> Violation:
    """503 for a record whose id another has."""
    message = f"the id {subject.id!r} {where}; ids are never reused"
    return Violation("EKB503", Severity.ERROR, subject, message, place, ("id",))
