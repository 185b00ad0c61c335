"""A pack's folder, read: raw records with the file, line and column of everything in them.

Nothing here knows rules. What cannot be read becomes a 501, what cannot be understood a 502 (or 304 where a number was
expected), an id that stands twice a 503; everything else is kept, so that all problems of a pack come out in one go.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

from evidencekb.errors import StyleError
from evidencekb.model import LISTS, Manifest
from evidencekb.model.common import print_the_same
from evidencekb.names import nearest
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.corrections import given as corrections_of
from evidencekb.sources.fields import source_fields
from evidencekb.store import MANIFEST
from evidencekb.store.lines import BOM, NOT_UTF8, PARQUET, jsonl_records, parquet_records
from evidencekb.store.nodes import (
    MAX_BYTES,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlProblem,
    parse,
    plain,
)
from evidencekb.store.raw import Origin, RawPack, RawRecord, id_taken, stands_at
from evidencekb.store.slicing import Slice, sliced
from evidencekb.store.styles import check_style
from evidencekb.store.validating import violations_of

SKIPPED_FOLDERS = frozenset({"schema", "rules"})
MAX_FILES = 20_000
MAX_JSONL = 512 * 1024 * 1024
_YAML = frozenset({".yaml", ".yml"})
_MANY = 64
_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl", ".bib", PARQUET})
_LIKE_DATA = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".bib", ".bibtex", ".csv", ".tsv", ".toml"})


def pack_files(root: Path) -> list[Path]:
    """The data files of a pack, sorted, links included: a reader decides whether to follow them."""
    return [path for path in _all_files(root) if path.suffix in _SUFFIXES]


def _all_files(root: Path) -> list[Path]:
    """Files below a folder, and linked folders, which are not entered; hidden ones and the schemas are passed over."""
    found: list[Path] = []
    for folder, names, files in os.walk(root):
        at_root = Path(folder) == root
        names[:] = sorted(n for n in names if not n.startswith(".") and not (at_root and n in SKIPPED_FOLDERS))
        found.extend(Path(folder, name) for name in names if Path(folder, name).is_symlink())
        found.extend(Path(folder, f) for f in files if not f.startswith("."))
    return sorted(found)


def read_pack(root: Path, *, bulk: int = MAX_JSONL) -> RawPack:
    """Read every file of a pack.

    Args:
        root: The pack's folder.
        bulk: JSONL and YAML files of more bytes, and Parquet files, are left to others, and named; all YAML files when they
            hold 64 times as many together.

    Raises:
        FileNotFoundError: If there is no such folder.
        NotADirectoryError: If the path is a file.
    """
    if not root.exists():
        raise FileNotFoundError(f"no pack at {root}: there is no such folder")
    if not root.is_dir():
        raise NotADirectoryError(
            f"{root} is a file; a pack is a folder with a {MANIFEST}. A sealed file is checked again with --engine sqlite"
        )
    pack = RawPack(root)
    everything = _all_files(root)
    paths = [path for path in everything if path.suffix in _SUFFIXES]
    _passed_over(pack, everything)
    if len(paths) > MAX_FILES:
        pack.problem("EKB501", f"more than {MAX_FILES} files; is this the folder you meant?", Place("."))
        return pack
    least = _least_cut(paths, bulk)
    for path in paths:
        name = path.relative_to(root).as_posix()
        if not _is_plain(pack, path, name):
            continue
        if bulk < MAX_JSONL and (path.suffix == PARQUET or (path.suffix == ".jsonl" and bulk < path.stat().st_size)):
            pack.bulk.append(name)
            continue
        if path.suffix == PARQUET:
            pack.records.extend(parquet_records(pack, path, name))
            continue
        data = _content(pack, path, name)
        if data is None:
            continue
        if path.suffix == ".jsonl":
            pack.records.extend(jsonl_records(pack, data, name))
            continue
        if (text := _text(pack, data, name)) is None:
            continue
        large = len(text) > least and name != MANIFEST and path.suffix in _YAML
        if large and (cut := sliced(text)) is not None:
            pack.sliced[name] = cut
            pack.bulk.append(name)
            continue
        pack.texts[name] = text
        if path.suffix == ".bib":
            _bib(pack, text, name)
        else:
            pack.records.extend(_yaml(pack, text, name))
    if pack.manifest is None and not any(v.place and v.place.file == MANIFEST for v in pack.violations):
        message = f"a pack has a {MANIFEST} with at least 'name' and 'version'; this folder has none"
        pack.problem("EKB501", message, Place(MANIFEST))
    _join_bibliography(pack)
    _duplicates(pack)
    return pack


def _least_cut(paths: list[Path], bulk: int) -> int:
    """YAML files of more bytes are cut into records: large ones, and all when there are many."""
    if bulk >= MAX_JSONL:
        return MAX_BYTES
    total = 0
    for path in paths:
        with suppress(OSError):
            total += path.stat().st_size if path.suffix in _YAML else 0
    return 0 if total > _MANY * bulk else bulk


def _passed_over(pack: RawPack, paths: list[Path]) -> None:
    """Say of files that look like data why they are not read: nothing a person wrote is lost in silence."""
    for path in paths:
        name = path.relative_to(pack.root).as_posix()
        if path.is_symlink() and path.is_dir():
            message = "a linked folder is not entered; copy it into the pack"
        elif path.suffix not in _SUFFIXES and path.suffix.lower() in _LIKE_DATA:
            message = f"not read: a pack holds {', '.join(sorted(_SUFFIXES))} files; rename or convert it"
        else:
            continue
        pack.violations.append(Violation("EKB501", Severity.NOTE, Subject("file", name), message, Place(name)))


def _is_plain(pack: RawPack, path: Path, name: str) -> bool:
    """True for a file inside the pack; anything else is told."""
    try:
        if not path.resolve(strict=True).is_relative_to(pack.root.resolve()):
            pack.problem("EKB501", "the file is a link that leaves the pack; copy it into the pack", Place(name))
        elif not path.is_file():
            pack.problem("EKB501", "not a file that can be read; a pack holds text files", Place(name))
        else:
            return True
    except (OSError, RuntimeError) as problem:  # RuntimeError: a link that leads to itself
        pack.problem("EKB501", f"cannot be read: {getattr(problem, 'strerror', None) or problem}", Place(name))
    return False


def _content(pack: RawPack, path: Path, name: str) -> bytes | None:
    """What a file holds, without a byte order mark; None, with a violation, when it cannot be read or is too large."""
    most = MAX_JSONL if path.suffix == ".jsonl" else MAX_BYTES
    try:
        if path.stat().st_size <= most:
            return path.read_bytes().removeprefix(BOM)
        message = f"the file is larger than {most // 2**20} MiB; split it, or write bulk data as JSONL"
    except OSError as problem:
        message = f"cannot be read: {problem.strerror or problem}"
    pack.lost(name, message)
    return None


def _text(pack: RawPack, data: bytes, name: str) -> str | None:
    """The text of a file; None, with a violation, when it is none."""
    try:
        return data.decode()
    except UnicodeDecodeError as problem:
        pack.problem("EKB501", NOT_UTF8, Place(name, data.count(b"\n", 0, problem.start) + 1))
        pack.unread.add(data)
    return None


def _yaml(pack: RawPack, text: str, name: str) -> Iterator[RawRecord]:
    try:
        root = parse(text)
    except YamlProblem as problem:
        pack.problem(problem.code, problem.message, Place(name, problem.line, problem.column))
        pack.unread.add(text)
        return
    if root is None:
        return
    if not isinstance(root, Mapping):
        pack.problem(
            "EKB501", f"a pack file is a mapping of lists ({', '.join(LISTS)})", Place(name, root.line, root.column)
        )
        return
    _tell_cut_texts(pack, root, text, name)
    if name == MANIFEST:
        _manifest(pack, root)
        return
    for key, node in root.pairs:
        kind = LISTS.get(key.text)
        if kind is None:
            pack.problem(
                "EKB502", f"unknown list {key.text!r}{_hint(key.text, LISTS)}", Place(name, key.line, key.column)
            )
        elif isinstance(node, Scalar) and node.value is None:
            continue
        elif not isinstance(node, Sequence):
            pack.problem("EKB502", f"'{key.text}' holds a list of records", Place(name, node.line, node.column))
        else:
            yield from _records(pack, name, kind, node)


def _records(pack: RawPack, name: str, kind: str, listing: Sequence) -> Iterator[RawRecord]:
    for node in listing.items:
        if isinstance(node, Mapping):
            yield RawRecord(kind, plain(node), Origin(name, node.line, node))
        else:
            pack.problem("EKB502", f"a {kind} is a mapping of fields", Place(name, node.line, node.column))


def raw_slice(pack: RawPack, piece: Slice, name: str) -> Iterator[RawRecord]:
    """The raw record of one slice of a YAML file; what cannot be read is told to the pack."""
    above = piece.line - 1
    try:
        node = piece.node
    except YamlProblem as problem:
        pack.problem(problem.code, problem.message, Place(name, problem.line + above, problem.column))
        pack.unread.add(piece.text)
        return
    if node is None:
        pack.problem("EKB502", f"a {piece.kind} is a mapping of fields", Place(name, piece.line))
        return
    _tell_cut_texts(pack, node, piece.text, name, above)
    yield RawRecord(piece.kind, plain(node), Origin(name, piece.line, node, above=above))


def _manifest(pack: RawPack, root: Mapping) -> None:
    raw = RawRecord("pack", plain(root), Origin(MANIFEST, root.line, root))
    manifest, violations = violations_of(Manifest, raw.data, Subject("pack", str(raw.data.get("name", ""))))
    pack.violations.extend(v.at(raw.origin.place(v.path)) for v in violations)
    pack.manifest = manifest
    pack.manifest_origin = raw.origin
    _styles(pack, raw)


def _styles(pack: RawPack, raw: RawRecord) -> None:
    """Refuse what no references can be printed in; the manifest is then without it."""
    names = pack.manifest.styles if pack.manifest else ()
    sound = []
    for position, name in enumerate(names):
        path = ("styles",) if isinstance(raw.data["styles"], str) else ("styles", position)
        if name in names[:position]:
            pack.problem(
                "EKB502", f"the style {name!r} stands twice; name it once", raw.origin.place(path), raw.subject
            )
            continue
        try:
            check_style(name, pack.root)
        except StyleError as problem:
            pack.problem("EKB502", str(problem), raw.origin.place(path), raw.subject)
        else:
            sound.append(name)
    if pack.manifest and len(sound) < len(names):
        pack.manifest = pack.manifest.model_copy(update={"styles": tuple(sound)})


def _tell_cut_texts(pack: RawPack, root: Node, text: str, name: str, above: int = 0) -> None:
    for scalar in _cut_texts(root, text.splitlines()):
        pack.problem(
            "EKB502", f"a # cut this text after {scalar.text!r}; quote the text, or write '# ' for a comment",
            Place(name, scalar.end_line + above, scalar.end_column),
        )  # fmt: skip


def _cut_texts(node: Node, lines: list[str]) -> Iterator[Scalar]:
    """Plain texts followed by a ``#`` without a space after it: meant as text far more often than as a comment."""
    if isinstance(node, Scalar):
        if node.style == "" and isinstance(node.value, str) and node.end_line <= len(lines):
            rest = lines[node.end_line - 1][node.end_column - 1 :].lstrip()
            if len(rest) > 1 and rest[0] == "#" and not rest[1].isspace() and rest[1] not in "#!":
                yield node
        return
    children: Iterable[Node] = node.items if isinstance(node, Sequence) else (value for _, value in node.pairs)
    for child in children:
        yield from _cut_texts(child, lines)


def _bib(pack: RawPack, text: str, name: str) -> None:
    read = read_bibtex(text, name)
    pack.violations.extend(read.violations)
    for entry in read.entries:
        if entry.key in pack.entries:
            first, where = pack.entries[entry.key]
            message = f"the key {entry.key!r} stands at {where}:{first.line} too"
            pack.problem("EKB503", message, Place(name, entry.line), Subject("source", entry.key))
        else:
            pack.entries[entry.key] = (entry, name)


def _join_bibliography(pack: RawPack) -> None:
    pack.records = [joined(pack, raw) for raw in pack.records]


def joined(pack: RawPack, raw: RawRecord) -> RawRecord:
    """A source with the fields of its .bib entry; a field in both places is an error, not a choice."""
    if raw.kind != "source" or raw.id not in pack.entries:
        return raw
    entry, bib_file = pack.entries[raw.id]
    fields = source_fields(entry.item)
    for name in fields:
        if name in raw.data:
            pack.problem(
                "EKB502", f"'{name}' stands in {bib_file}:{entry.line} too; keep it in one place",
                raw.origin.place((name,)), raw.subject,
            )  # fmt: skip
    _correct(pack, raw, fields, f"{bib_file}:{entry.line}")
    origin = replace(raw.origin, bib=entry, bib_file=bib_file, bib_fields=frozenset(fields))
    return RawRecord("source", {**fields, **raw.data}, origin)


def _correct(pack: RawPack, raw: RawRecord, fields: dict[str, Any], entry: str) -> None:
    """Put corrections in the place of what an entry has wrong; one that is mended there is told (211).

    An entry that has something else again is left as it is, for the rule about the record to tell.
    """
    for name, wrong, use in corrections_of(raw.data):
        found = fields.get(name)
        if not isinstance(found, str):
            continue
        if print_the_same(found, wrong):
            fields[name] = use
        elif print_the_same(found, use):
            message = (
                f"source {raw.id!r}: the entry at {entry} has {name} right by now ({found!r}, no longer {wrong!r}). "
                "Take the correction out"
            )
            pack.problem("EKB211", message, raw.origin.place(("corrections",)), raw.subject)


def _duplicates(pack: RawPack) -> None:
    """503: ids are unique within a kind; of two records with one id, the first is kept."""
    first: dict[tuple[str, str], RawRecord] = {}
    kept = []
    for raw in pack.records:
        before = first.setdefault((raw.kind, raw.id), raw) if raw.id else raw
        if before is raw:
            kept.append(raw)
        else:
            pack.violations.append(
                id_taken(raw.subject, stands_at(before.origin.place(), raw.kind), raw.origin.place(("id",)))
            )
    pack.records = kept


def _hint(word: str, known: Iterable[str]) -> str:
    return nearest(word, known) or f"; known are {', '.join(known)}"
