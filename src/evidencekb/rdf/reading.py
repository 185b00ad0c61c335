"""A pack from RDF: the way back of :func:`evidencekb.rdf.write_rdf`.

What was recorded is read, what was worked out is left: a build works it out again. Nothing is lost in silence: a statement that
no record can hold is named.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from evidencekb.engines.sealing import content_digest, record_digest
from evidencekb.errors import InterchangeError
from evidencekb.exports.folders import whole_folder
from evidencekb.exports.packs import write_jsonl, write_manifest
from evidencekb.model import KINDS, LISTS, Manifest, Record
from evidencekb.rdf import derived
from evidencekb.rdf.guarding import MOST_BYTES, Found, Iri, Lexical, Subject, read_quads
from evidencekb.rdf.names import DERIVED, base_iri, graph_iri, id_of, pack_iri
from evidencekb.rdf.nodes import Nodes, short, shown
from evidencekb.rdf.terms import STYLE, TYPE, classes, iri

PACK, DIGEST = iri("ekb:Pack"), iri("ekb:digest")
_FEW = 10
_STYLE_FILE = re.compile(r"[^\x00-\x1f\x7f\\/:]{1,100}(?:/[^\x00-\x1f\x7f\\/:]{1,100}){0,9}(?<=\.csl)")


@dataclass(frozen=True, slots=True)
class ReadBack:
    """What was read.

    Attributes:
        folder: The folder of the pack; the file when nothing was written.
        records: How many records by kind.
        digest: The digest of the records, which a build of the folder has too.
        said: The digest that the file names; '' when it names none.
        left: How many statements were left because a build works them out.
        not_taken: Statements that no record can hold, as text.
    """

    folder: str
    records: dict[str, int]
    digest: str
    said: str
    left: int
    not_taken: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether the records are those that were written, as far as the file says."""
        return self.said in ("", self.digest)

    @property
    def ok(self) -> bool:
        """Whether all that the file holds was taken, as it was written."""
        return self.same and not self.not_taken

    def to_dict(self) -> dict[str, Any]:
        """Plain data."""
        return {**asdict(self), "not_taken": list(self.not_taken), "same": self.same}

    def __str__(self) -> str:
        lines = [f"{self.folder}: {sum(self.records.values()):,} records, {self.digest}"]
        if not self.same:
            lines.append(f"the file was changed since it was written: it names {self.said}")
        if self.not_taken:
            many = "statement" if len(self.not_taken) == 1 else "statements"
            lines.append(f"{len(self.not_taken):,} {many} that no record can hold, not taken:")
            lines += [f"  {text}" for text in self.not_taken[:_FEW]]
            if len(self.not_taken) > _FEW:
                lines.append(f"  and {len(self.not_taken) - _FEW:,} more")
        return "\n".join(lines)


def read_rdf(
    file: str | os.PathLike[str],
    into: str | os.PathLike[str] | None,
    *,
    form: str | None = None,
    most: int = MOST_BYTES,
) -> ReadBack:
    """Read a pack that was written as RDF into a folder, from which it can be built.

    Args:
        file: The file.
        into: The folder of the pack: made, or replaced if an export wrote it and nobody changed it since. None reads the file
            and writes nothing.
        form: ``turtle``, ``trig``, ``nquads`` (N-Triples too) or ``jsonld``; by default told from the ending.
        most: Bytes that the file may have.

    Raises:
        InterchangeError: If the file cannot be read, holds no pack, or a record in it cannot be one.
        FileExistsError: If something else is in the folder's place.
        OSError: If the file cannot be opened, or the folder not be written.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import load
        >>> from evidencekb.rdf import write_rdf
        >>> with TemporaryDirectory() as folder, load() as kb:
        ...     _ = write_rdf(kb, Path(folder, "pack.nq"))
        ...     back = read_rdf(Path(folder, "pack.nq"), Path(folder, "pack"))
        ...     back.digest == kb.digest, back.not_taken
        (True, ())
    """
    name = str(file)
    pack = _Pack(name, read_quads(Path(file), form, most=most))
    bodies = {kind: held for kind in LISTS.values() if (held := sorted(pack.bodies(kind)))}
    digests = b"".join(record_digest(kind, id, body) for kind, held in bodies.items() for id, body in held)
    not_taken = tuple(pack.not_taken())
    if into is not None:
        with whole_folder(Path(into)) as new:
            for list_name, kind in LISTS.items():
                if kind in bodies:
                    write_jsonl(new / f"{list_name}.jsonl", kind, bodies[kind])
            write_manifest(new, pack.manifest, pack.styles)
    return ReadBack(
        folder=name if into is None else str(into),
        records={kind: len(held) for kind, held in bodies.items()},
        digest=content_digest(digests),
        said=pack.said,
        left=pack.left,
        not_taken=not_taken,
    )


class _Pack:
    """The statements of a pack, and what has been taken of them."""

    def __init__(self, file: str, found: Iterable[Found]) -> None:
        held = list(found)
        self._file = file
        self._base = _base(file, held)
        pack, worked_out = Iri(pack_iri(self._base)), graph_iri(self._base, DERIVED)
        recorded = [one for one in held if one.graph != worked_out]
        self.left = len(held) - len(recorded)
        self.said = next(
            (str(one.object[0]) for one in held if one[:2] == (pack, DIGEST) and isinstance(one.object, Lexical)), ""
        )
        self._nodes = Nodes(file, self._base, recorded)
        manifest = self._valid(pack, Manifest, self._nodes.record(pack, Manifest))
        self.manifest: dict[str, Any] = manifest.model_dump(mode="json", exclude_defaults=True)
        self._agree_on_base()
        self.styles = self._styles()

    def bodies(self, kind: str) -> Iterator[tuple[str, str]]:
        """The records of a kind: id, and canonical JSON."""
        model = KINDS[kind]
        for node in self._nodes.of_class(classes(model.__name__)[0]):
            named = id_of(self._base, node)
            if named is None or named[0] != kind:
                continue  # it is named among those not taken
            data = self._nodes.record(node, model)
            record = self._valid(node, model, data)
            id: str = record.id  # type: ignore[attr-defined]  # every kind of record has one
            if id != named[1]:
                raise InterchangeError(self._file, f"<{node}> says that its id is {id!r}; its IRI says {named[1]!r}")
            yield id, record.model_dump_json(exclude_defaults=True, by_alias=True)

    def not_taken(self) -> Iterator[str]:
        """Statements that no record can hold; what a build works out is only counted."""
        made = {node for name in derived.CLASSES for node in self._nodes.of_class(name)}
        for one in self._nodes.rest():
            known = one.subject in self._nodes.taken or one.subject in made
            if known and (one.predicate in derived.PREDICATES or one.object in derived.CLASSES):
                self.left += 1
            else:
                at = f", line {one.line}" if one.line else ""
                yield f"{shown(one)}{at}"

    def _agree_on_base(self) -> None:
        """What the pack says of its IRIs has to be what they are; where it says nothing, they say it."""
        said = self.manifest.get("base")
        stated = base_iri(said, self.manifest["name"])
        if stated == self._base:
            return
        if said:
            problem = f"the pack says that its IRIs begin with {stated!r}, but its own begins with {self._base!r}"
            raise InterchangeError(self._file, f"{problem}; make both the same")
        self.manifest["base"] = self._base

    def _styles(self) -> dict[str, str]:
        styles: dict[str, str] = {}
        for node in self._nodes.of_class(STYLE):
            self._nodes.take_type(node, STYLE)
            name, text = self._nodes.entry(node)
            if name in styles:
                raise InterchangeError(self._file, f"<{node}> is a second citation style {name!r}; take out one")
            if not _STYLE_FILE.fullmatch(name) or {".", ".."} & set(name.split("/")):
                problem = f"<{node}>: {short(name)} is no file of a citation style; write one such as 'styles/own.csl'"
                raise InterchangeError(self._file, problem)
            styles[name] = text
        return styles

    def _valid(self, node: Subject, model: type[Record], data: dict[str, Any]) -> Record:
        try:
            return model.model_validate(data)
        except ValidationError as problem:
            first = problem.errors()[0]
            where = ".".join(map(str, first["loc"])) or model.__name__
            held = "" if first["type"] == "missing" else f", not {short(first['input'])}"
            text = f"<{node}> cannot be a {model.__name__}: {where}: {first['msg']}{held}"
            raise InterchangeError(self._file, text) from problem


def _base(file: str, found: list[Found]) -> str:
    """What the IRIs of the one pack in a file begin with."""
    packs = dict.fromkeys(one.subject for one in found if one.predicate == TYPE and one.object == PACK)
    if len(packs) != 1:
        held = "no pack" if not packs else f"{len(packs)} packs"
        raise InterchangeError(file, f"it holds {held}; one node of class <{PACK}> is expected")
    (pack,) = packs
    if not isinstance(pack, Iri) or not pack.endswith("pack"):
        raise InterchangeError(file, f"the IRI <{pack}> of its pack does not end with 'pack'")
    return pack.removesuffix("pack")
