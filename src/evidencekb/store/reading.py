"""A pack's folder, read: raw records with the file, line and column of everything in them.

Nothing here knows rules. What cannot be read becomes a 501, what cannot be understood a 502 (or 304 where a number was
expected), an id that stands twice a 503; everything else is kept, so that all problems of a pack come out in one go.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from evidencekb.errors import StyleError
from evidencekb.model import KINDS, LISTS, Manifest
from evidencekb.model.claims import rule_code
from evidencekb.names import nearest
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.fields import VARIABLES, source_fields
from evidencekb.sources.items import Entry
from evidencekb.store import MANIFEST, MAX_RECORD
from evidencekb.store.nodes import (
    MAX_BYTES,
    MAX_DEPTH,
    Mapping,
    Node,
    Scalar,
    Sequence,
    YamlProblem,
    locate,
    parse,
    plain,
)
from evidencekb.store.parquet import ParquetProblem, read_parquet_records
from evidencekb.store.slicing import Slice, Sliced, sliced
from evidencekb.store.styles import check_style
from evidencekb.store.validating import violations_of

SKIPPED_FOLDERS = frozenset({"schema", "rules"})
MAX_FILES = 20_000
MAX_JSONL = 512 * 1024 * 1024
PARQUET = ".parquet"
_SUFFIXES = frozenset({".yaml", ".yml", ".jsonl", ".bib", PARQUET})
_LIKE_DATA = frozenset({".yaml", ".yml", ".json", ".jsonl", ".ndjson", ".bib", ".bibtex", ".csv", ".tsv", ".toml"})
BOM = b"\xef\xbb\xbf"
_ID = re.compile(r"\bid[\"']?\s*:\s*[\"']?([\w.:/+-]+)")
NOT_UTF8 = "not UTF-8 text; save the file as UTF-8"
_LONG = f"a line longer than {MAX_RECORD // 1024} KiB"
_ZERO = "zero bytes, as in UTF-16 text, or in a file that is damaged or no text at all; save the file as UTF-8"


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

    def add(self, text: str | bytes, *, sure: bool = True) -> None:
        """Note the ids in a text that could not be read; unless it is sure that it shows them, it has to show some."""
        held = text if isinstance(text, str) else text.decode(errors="replace").replace("\0", "")
        ids = _ID.findall(held)
        self.ids.update(ids)
        self.whole &= bool(ids) or sure


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
        bulk: JSONL files of more bytes, YAML files of four times as many, and Parquet files, are left to others, and named.

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
    for path in paths:
        name = path.relative_to(root).as_posix()
        if not _is_plain(pack, path, name):
            continue
        if bulk < MAX_JSONL and (path.suffix == PARQUET or (path.suffix == ".jsonl" and bulk < path.stat().st_size)):
            pack.bulk.append(name)
            continue
        if path.suffix == PARQUET:
            pack.records.extend(_parquet(pack, path, name))
            continue
        data = _content(pack, path, name)
        if data is None:
            continue
        if path.suffix == ".jsonl":
            pack.records.extend(_jsonl(pack, data, name))
            continue
        if (text := _text(pack, data, name)) is None:
            continue
        large = bulk < MAX_JSONL and len(text) > 4 * bulk and name != MANIFEST and path.suffix in (".yaml", ".yml")
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


def _jsonl(pack: RawPack, data: bytes, name: str) -> Iterator[RawRecord]:
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line and not line.isspace():
            yield from raw_line(pack, line, Place(name, number))
    with suppress(UnicodeDecodeError):  # which was told at its line
        pack.texts[name] = data.decode()


def _parquet(pack: RawPack, path: Path, name: str) -> Iterator[RawRecord]:
    try:
        for number, text in read_parquet_records(path, name, faults=pack.row_problem):
            yield from raw_line(pack, text.encode(errors="surrogatepass"), Place(name, number))
    except ParquetProblem as problem:
        pack.row_problem(problem)


def raw_line(pack: RawPack, line: bytes, place: Place) -> Iterator[RawRecord]:
    """The raw record of one line of a JSONL file; what cannot be read is told to the pack.

    Of a file that is not text, the first line that shows it is told, and no other that cannot be read.
    """
    data: Any = None
    problem = _LONG if len(line) > MAX_RECORD else None
    try:
        data = None if problem else data_of_line(line.decode())
    except UnicodeDecodeError:
        problem = NOT_UTF8
    except (ValueError, RecursionError) as found:
        zero = b"\0" in line and not place.file.endswith(PARQUET)
        problem = _ZERO if zero else f"not readable as JSON: {found}"
    if problem:
        if place.file not in pack.garbled:
            pack.problem("EKB501", problem, place)
        if problem in (NOT_UTF8, _ZERO):
            pack.garbled.add(place.file)
        pack.unread.add(line, sure=problem not in (NOT_UTF8, _ZERO, _LONG))
        return
    kind, record = kind_of_line(data, place.file)
    if kind is None or not isinstance(record, dict):
        pack.problem(
            "EKB502", "a line is one record: name the file after its list (concepts.jsonl), or write "
            f'{{"finding": {{...}}}} with one of {", ".join(sorted(KINDS))}', place,
        )  # fmt: skip
        pack.unread.add(line)
        return
    yield RawRecord(kind, record, Origin(place.file, place.line))


def data_of_line(line: str) -> Any:
    """What a line of JSON says.

    Raises:
        ValueError: If it is no JSON, has a key twice, a number or half a sign that no text holds, or is nested too deeply.
        RecursionError: If it is nested so deeply that it cannot even be read.
    """
    data = json.loads(line, object_pairs_hook=no_double_keys, parse_constant=not_finite)
    json.dumps(data, ensure_ascii=False).encode()  # half a character, which JSON can spell and text cannot hold
    _refuse_depth(data)
    return data


def kind_of_line(data: Any, name: str) -> tuple[str | None, Any]:
    """The kind of a JSONL record: said by the line's only key, or by the name of the file or of its folder."""
    if isinstance(data, dict) and len(data) == 1 and (key := next(iter(data))) in KINDS:
        return key, data[key]
    path = Path(name)
    kinds = (LISTS.get(word) for word in (path.stem, *reversed(path.parent.parts)))
    return next((kind for kind in kinds if kind), None), data


def _refuse_depth(data: object) -> None:
    """Refuse with a ValueError what is nested deeper than a YAML file may be."""
    level: list[object] = [data]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[object] = []
        for held in level:
            if isinstance(held, dict):
                deeper.extend(held.values())
            elif isinstance(held, list):
                deeper.extend(held)
        level = deeper
    if level:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")


def no_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key that stands twice would lose the first value, so it is refused with a ValueError."""
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return data


def not_finite(text: str) -> Any:
    """Refuse NaN and infinity, which no source prints, with a ValueError."""
    raise ValueError(f"{text} is not a number that a source can print")


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
    origin = replace(raw.origin, bib=entry, bib_file=bib_file, bib_fields=frozenset(fields))
    return RawRecord("source", {**fields, **raw.data}, origin)


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


def _hint(word: str, known: Iterable[str]) -> str:
    return nearest(word, known) or f"; known are {', '.join(known)}"
