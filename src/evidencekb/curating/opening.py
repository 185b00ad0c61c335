"""A pack's folder, opened for adding to it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

from evidencekb.curating.shelf import Fields, Shelf, tells_of_a_work
from evidencekb.errors import ChangedMeanwhileError, CurationError
from evidencekb.loading.assembling import Assembled, assemble
from evidencekb.model import Organization
from evidencekb.report import Place, Severity, Violation
from evidencekb.sources.bibediting import joined
from evidencekb.sources.bibtex import MAX_BYTES, MONTHS
from evidencekb.sources.fields import source_fields
from evidencekb.sources.items import Item
from evidencekb.sources.kinds import kind_of
from evidencekb.store import MANIFEST
from evidencekb.store.changes import Change, read_bytes

BIBLIOGRAPHY = "references"
"""Name of the .bib file of a pack that new entries go to; when it is full, to the next: references-2 and so on."""

_NONE: Mapping[Path, Change] = {}
_XDATA = re.compile(r"@xdata[ \t]*[{(]\s*([^\s,{}]+)", re.IGNORECASE)


_STRING = re.compile(r"@string[ \t]*[{(]\s*([A-Za-z]{3})\s*=", re.IGNORECASE)


@dataclass(slots=True)
class OpenPack:
    """What there is, and where new things go.

    Attributes:
        root: The pack's folder.
        shelf: Every source and every bibliographic entry, those of extended packs included.
        sources: Keys that have a source record.
        places: Where the pack's own source records stand.
        items: The pack's own bibliographic entries, by key.
        files: The .bib file of each of them, relative to the folder.
        texts: What each .bib file held when the pack was opened, without its byte order mark.
        organizations: Every organisation, those of extended packs included.
        findings: Ids that findings have.
        assembled: All records, as read and as validated.
    """

    root: Path
    shelf: Shelf
    sources: frozenset[str]
    places: Mapping[str, Place]
    items: Mapping[str, Item]
    files: Mapping[str, str]
    texts: Mapping[str, str]
    organizations: Mapping[str, Organization]
    findings: frozenset[str]
    assembled: Assembled
    _given: set[Path] = field(default_factory=set)

    @property
    def taken(self) -> set[str]:
        """Keys that nothing new may have; an @xdata is no work, but its key is one of the file's."""
        return set(self.shelf.fields).union(*map(_XDATA.findall, self.texts.values()))

    @property
    def months(self) -> set[str]:
        """Names of months that the pack's bibliography defines as something else."""
        named = (name.lower() for text in self.texts.values() for name in _STRING.findall(text))
        return set(named) & MONTHS.keys()

    def awaits(self, key: str) -> bool:
        """True if a source record of this pack has the key and says nothing of a work: it was written before its entry."""
        return key in self.places and key not in self.items and not tells_of_a_work(self.shelf.fields[key])

    def plain(self, kind: str) -> Iterator[Mapping[str, Any]]:
        """Records of one kind as plain data: the pack's own as written, those of extended packs as validated."""
        own = {raw.id for raw in self.assembled.raw.records if raw.kind == kind}
        yield from (raw.data for raw in self.assembled.raw.records if raw.kind == kind)
        for id, record in self.assembled.of_kind(kind).items():
            if id not in own:
                yield record.model_dump(mode="json", exclude_defaults=True, by_alias=True)

    def held(self, path: Path) -> bytes | None:
        """What a .bib file of the pack holds; None when there is none.

        Raises:
            ChangedMeanwhileError: If that is not what it held when the pack was opened.
        """
        data = read_bytes(path)
        text = None if data is None else data.decode("utf-8-sig", "replace")
        if text != self.texts.get(path.relative_to(self.root).as_posix()):
            raise ChangedMeanwhileError(str(path))
        return data

    def bibliography(self, entries: str, edited: Mapping[Path, Change] = _NONE) -> Change:
        """The change that adds entries, as whole BibTeX with new keys, to the pack's bibliography.

        Args:
            entries: The entries.
            edited: Changes that are to be made anyhow, by file; one to the same file is carried on.

        Raises:
            CurationError: If they are more than one file may hold.
            ChangedMeanwhileError: If the file was changed since the pack was opened.
        """
        size = len(entries.encode()) + 1024
        if size > MAX_BYTES:
            raise CurationError(
                f"the entries have {size:,} bytes, and a .bib file may have {MAX_BYTES:,}; split the file; nothing was added"
            )
        for number in range(1, 10_000):
            path = self.root / f"{BIBLIOGRAPHY}{f'-{number}' if number > 1 else ''}.bib"
            before = self.held(path)
            start = (edited[path].after if path in edited else before) or b""
            if len(start) + size <= MAX_BYTES:
                return Change(path, before, joined(start.decode(), entries).encode())
        raise CurationError(f"{self.root} has too many .bib files; nothing was added")

    def free_file(self, folder: str, stem: str) -> Path:
        """A file for new records, that is not there yet and was not given before.

        Raises:
            CurationError: If the folder is a link, behind which the pack would not read it, or a file.
        """
        place = self.root / folder
        if place.is_symlink() or (place.exists() and not place.is_dir()):
            raise CurationError(f"{place} is no folder of the pack's own; make one of it; nothing was added")
        names = (stem, *(f"{stem}-{n}" for n in range(2, 10_000)))
        paths = (self.root / folder / f"{name}.yaml" for name in names)
        path = next(p for p in paths if p not in self._given and not p.exists() and not p.is_symlink())
        self._given.add(path)
        return path


def open_pack(root: Path) -> OpenPack:
    """Open a pack for adding; its records may have faults, its manifest and its bibliography may not.

    Raises:
        CurationError: If the folder is no pack, or if its manifest, what it extends or a part of its bibliography cannot
            be read, so that a work in there would be added again.
        FileNotFoundError: If there is no such folder.
        NotADirectoryError: If the path is a file.
    """
    if root.is_dir() and not (root / MANIFEST).exists():
        raise CurationError(f"{root} holds no {MANIFEST}, so it is no pack; nothing was added")
    assembled = assemble(root)
    if hiding := next(filter(_hides_works, assembled.violations), None):
        raise CurationError(f"{hiding.place}: {hiding.message}. Mend this first; nothing was added")
    shelf = Shelf()
    for id, fields in _sources(assembled).items():
        shelf.put(id, fields)
    entries = assembled.raw.entries
    for key, (entry, _) in entries.items():
        if key not in shelf.fields:
            shelf.put(key, {"kind": kind_of(entry.item), **source_fields(entry.item)})
    return OpenPack(
        root,
        shelf,
        frozenset(id for kind, id in assembled.known if kind == "source"),
        {raw.id: raw.origin.place() for raw in assembled.raw.records if raw.kind == "source"},
        {key: entry.item for key, (entry, _) in entries.items()},
        {key: file for key, (_, file) in entries.items()},
        {name: text for name, text in assembled.raw.texts.items() if name.endswith(".bib")},
        cast(dict[str, Organization], assembled.of_kind("organization")),
        frozenset(id for kind, id in assembled.known if kind == "finding"),
        assembled,
    )


def _hides_works(violation: Violation) -> bool:
    """True if there may be works that nobody read: not by a fault in one field or record."""
    named = violation.place.file if violation.place else ""
    if violation.severity is not Severity.ERROR:
        return False
    of_file = violation.code == "EKB501" and violation.subject.kind == "file"
    return named == MANIFEST or of_file


def _sources(assembled: Assembled) -> dict[str, Fields]:
    """Fields of every source: as validated, and of those with faults as written."""
    written = {raw.id: raw.data for raw in assembled.raw.records if raw.kind == "source" and raw.id}
    valid = {
        id: record.model_dump(mode="json", exclude_defaults=True) for id, record in assembled.of_kind("source").items()
    }
    return {**written, **valid}
