"""A pack and the packs it extends, read and validated into one set of records."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from evidencekb.engines.opening import open_sealed
from evidencekb.engines.verifying import check_seal
from evidencekb.errors import PackError, SealedFileError
from evidencekb.loading.caching import sealed_copy
from evidencekb.loading.extending import extended_path, extended_paths
from evidencekb.model import KINDS, Manifest, Record
from evidencekb.report import Place, Report, Severity, Subject, Violation
from evidencekb.store import MANIFEST
from evidencekb.store.raw import RawPack, RawRecord, belongs_to, id_taken
from evidencekb.store.reading import MAX_JSONL, read_pack
from evidencekb.store.validating import violations_of

Key = tuple[str, str]

MOST_HELD = 20_000
"""Records of one extended pack that are held in memory; those of a larger one go from its file into the tables."""


@dataclass(frozen=True, slots=True)
class Held:
    """A valid record, and the pack it comes from."""

    kind: str
    id: str
    pack: str
    record: Record

    @property
    def body(self) -> str:
        """The record as canonical JSON: keys in the order of its fields, defaults left out."""
        return self.record.model_dump_json(exclude_defaults=True, by_alias=True)


@dataclass(slots=True)
class Assembled:
    """A pack with all that it extends.

    Attributes:
        root: The pack's own folder.
        raw: The pack as read.
        held: Valid records by kind and id, those of extended packs included.
        known: Kind and id of every record, also of those that could not be represented.
        own: The pack's own records as read, by kind and id.
        violations: What reading and validating found.
        waived: Rule and record of what the extended packs have waived.
        large: Opened files of extended packs too large to hold.
    """

    root: Path
    raw: RawPack
    held: dict[Key, Held] = field(default_factory=dict)
    known: set[Key] = field(default_factory=set)
    own: dict[Key, RawRecord] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    waived: set[tuple[str, str]] = field(default_factory=set)
    large: list[sqlite3.Connection] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The pack's name, or its folder's when the manifest has none."""
        return self.raw.manifest.name if self.raw.manifest else self.root.resolve().name

    @property
    def manifest(self) -> Manifest | None:
        """The pack's manifest."""
        return self.raw.manifest

    def of_kind(self, kind: str) -> dict[str, Record]:
        """Valid records of one kind by id."""
        return {held.id: held.record for held in self.held.values() if held.kind == kind}

    def place_of(self, violation: Violation) -> Place | None:
        """Where a violation stands, found from its record and field."""
        raw = self.own.get((violation.subject.kind, violation.subject.id))
        return raw.origin.place(violation.path) if raw else None

    def leave_out(self, keys: Iterable[Key]) -> None:
        """Take records out, as if they had not been written."""
        for key in keys:
            self.held.pop(key, None)
            self.known.discard(key)
            self.own.pop(key, None)


def assemble(root: Path, *, bulk: int = MAX_JSONL) -> Assembled:
    """Read a pack and what it extends; problems are collected, never raised.

    Args:
        root: The pack's folder.
        bulk: JSONL files of more bytes are named, and left to be read part by part.

    Raises:
        FileNotFoundError: If there is no such folder.
        NotADirectoryError: If the path is a file.
    """
    raw = read_pack(root, bulk=bulk)
    assembled = Assembled(root, raw)
    assembled.violations.extend(raw.violations)
    _extend(assembled, raw, root, MOST_HELD if bulk < MAX_JSONL else None)
    for record in raw.records:
        hold(assembled, record)
    return assembled


def hold(assembled: Assembled, raw: RawRecord) -> None:
    """Validate one raw record of the pack itself, and hold it, unless an extended pack has its id."""
    key = (raw.kind, raw.id)
    if (before := assembled.held.get(key)) and key not in assembled.own:
        where = belongs_to(before.kind, before.pack)
        assembled.violations.append(id_taken(raw.subject, where, raw.origin.place(("id",))))
        return
    record, violations = violations_of(KINDS[raw.kind], raw.data, raw.subject)
    assembled.violations.extend(v.at(raw.origin.place(v.path)) for v in violations)
    if not raw.id:
        return
    assembled.known.add(key)
    assembled.own[key] = raw
    if record is not None:
        assembled.held[key] = Held(raw.kind, raw.id, assembled.name, record)


def _extend(assembled: Assembled, raw: RawPack, root: Path, most: int | None) -> None:
    """Add the records of the packs that the manifest names. Each is sealed, and so has passed its own rules."""
    for position, name in enumerate(raw.manifest.extends if raw.manifest else ()):
        path = ("extends", position)
        try:
            found = extended_path(name, root)
            if found == root.resolve() or root.resolve() in extended_paths(found):
                raise ValueError(f"the pack {name!r} extends itself; take one of the two out")
            with sealed_copy(found) as sealed:
                _add_sealed(assembled, sealed, raw, path, most)
        except PackError as problem:
            errors = problem.report.errors
            message = f"the pack {name!r}, which this one extends, has {len(errors)} errors; the first: {errors[0]}"
            _problem(assembled, "EKB501", message, raw, path)
        except (OSError, ValueError) as problem:
            _problem(assembled, "EKB501", str(problem), raw, path)


def _problem(assembled: Assembled, code: str, message: str, raw: RawPack, path: tuple[str | int, ...]) -> None:
    place = raw.manifest_origin.place(path) if raw.manifest_origin else Place(MANIFEST)
    assembled.violations.append(Violation(code, Severity.ERROR, Subject("pack", assembled.name), message, place, path))


def _add_sealed(
    assembled: Assembled, sealed: Path, raw: RawPack, path: tuple[str | int, ...], most: int | None
) -> None:
    check_seal(sealed)
    connection, meta = open_sealed(sealed)
    waived = (v for v in Report.from_dict(json.loads(meta["report"])) if v.waived is not None)
    assembled.waived.update((v.code, v.subject.id) for v in waived)
    for (kind,) in connection.execute("SELECT DISTINCT kind FROM record").fetchall():
        if kind not in KINDS:
            connection.close()
            raise SealedFileError(str(sealed), f"holds a {kind}, which this version does not know; update evidencekb")
    ((count,),) = connection.execute("SELECT COUNT(*) FROM record")
    if most is not None and count > most:
        assembled.large.append(connection)
        return
    try:
        for kind, id, pack, body in connection.execute("SELECT kind, id, pack, body FROM record"):
            before = assembled.held.get((kind, id))
            held = Held(kind, id, pack, KINDS[kind].model_validate_json(body))
            if before is not None and before.body != held.body:
                message = f"the {kind} {id!r} differs in two packs that this one extends, {before.pack!r} and {pack!r}"
                _problem(assembled, "EKB503", message, raw, path)
            elif kind != "waiver":  # a waiver speaks for its own pack only
                assembled.known.add((kind, id))
                assembled.held[kind, id] = held
    finally:
        connection.close()
