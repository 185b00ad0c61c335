"""A sealed pack as a pack in bulk, JSON lines or Parquet; and its tables as Parquet files.

Rows are taken from the sealed file one after the other, so a pack of a million findings takes no more memory than a small one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from evidencekb.engines.schema import TABLES
from evidencekb.engines.sealing import content_digest, record_digest
from evidencekb.errors import SealedFileError, UnknownIdError
from evidencekb.exports.about import maintainers_of
from evidencekb.exports.columns import EXTRA, TEXT, write_parquet
from evidencekb.exports.folders import whole_folder
from evidencekb.extras import needed
from evidencekb.model import LISTS
from evidencekb.names import near
from evidencekb.sources.formatting import STYLES
from evidencekb.store import MANIFEST
from evidencekb.store.jsonl import jsonl_line
from evidencekb.store.ordering import record_order
from evidencekb.store.scalars import quoted
from evidencekb.store.writing import format_text

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

Progress = Callable[[int, int], None]
Writer = Callable[[Path, str, Iterable[tuple[str, str]]], int]
PACK_FORMS = ("jsonl", "parquet")
"""The forms of a pack in bulk."""

_STEP = 1_000
_LISTS = {kind: name for name, kind in LISTS.items()}


@dataclass(frozen=True, slots=True)
class Packed:
    """What an export wrote.

    Attributes:
        folder: The folder.
        form: jsonl, parquet or tables.
        rows: How many records by list, or rows by table.
        digest: The digest of the records; a build of the folder gives the same one.
    """

    folder: str
    form: str
    rows: dict[str, int]
    digest: str

    def __str__(self) -> str:
        what = "rows" if self.form == "tables" else "records"
        return f"{self.folder}: {sum(self.rows.values()):,} {what} in {len(self.rows)} files, {self.digest}"


def export_pack(kb: KnowledgeBase, folder: Path, form: str = "jsonl", *, progress: Progress | None = None) -> Packed:
    """Write all records of a knowledge base as a pack in bulk: ``pack.yaml``, and one file for each list of records.

    The pack stands alone: records of packs that this one extends are written too. What a sealed file does not hold is not
    written: rules of the pack's own, comments, and in which file a record stood. Citation styles of its own are.

    Args:
        kb: The knowledge base.
        folder: Made, or replaced if an export wrote it and nobody changed it since.
        form: ``jsonl``: each record a line, in canonical form. ``parquet``: columns ``id`` and ``record``, the record as the
            same text, so that nothing is lost.
        progress: Told how many records are done, of how many.

    Returns:
        What was written. A build of the folder has the digest of ``kb``.

    Raises:
        FileExistsError: If something else is there.
        EngineError: If Parquet is asked and pyarrow is not installed.
        OSError: If the folder cannot be written; nothing of it is left then.
        SealedFileError: If the records are not those that the file's digest speaks of.
        UnknownIdError: If there is no such form.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import build, load
        >>> with TemporaryDirectory() as place, load() as kb:
        ...     done = export_pack(kb, Path(place, "bulk"))
        ...     _ = build(Path(place, "bulk"), Path(place, "again.ekb"))
        ...     with load(Path(place, "again.ekb")) as again:
        ...         again.digest == kb.digest == done.digest
        True
    """
    if form not in PACK_FORMS:
        raise UnknownIdError("form of packs", form, near(form, PACK_FORMS))
    write = {"jsonl": write_jsonl, "parquet": _write_records}[form]
    if form == "parquet":
        needed("pyarrow", EXTRA)
    with whole_folder(folder) as new:
        written = fill_pack(kb, new, write, form, progress=progress)
    return Packed(str(folder), form, written, kb.digest)


def fill_pack(
    kb: KnowledgeBase, folder: Path, write: Writer, form: str, *, progress: Progress | None = None
) -> dict[str, int]:
    """Write all records and the manifest into an empty folder, and tell how many of each list.

    Raises:
        SealedFileError: If the records are not those that the file's digest speaks of.
    """
    told = _Told(progress, kb.rows("SELECT COUNT(*) FROM record")[0][0])
    digests = bytearray()
    written: dict[str, int] = {}
    for kind in kb.kinds:
        records = told(_digested(digests, kind, _records(kb, kind)))
        written[_LISTS[kind]] = write(folder / f"{_LISTS[kind]}.{form}", kind, records)
    if content_digest(digests) != kb.digest:
        raise SealedFileError(str(kb.path), "its records do not match its digest; build it again from its pack")
    _write_manifest(kb, folder)
    return written


def export_tables(kb: KnowledgeBase, folder: Path, *, progress: Progress | None = None) -> Packed:
    """Write every table of a sealed file as a Parquet file of its name, for DuckDB, Spark and object stores.

    The index for full text is left out: it is SQLite's own. ``docs/reference/tables.md`` says what the columns hold.

    Args:
        kb: The knowledge base.
        folder: Made, or replaced if an export wrote it and nobody changed it since.
        progress: Told how many tables are done, of how many.

    Raises:
        FileExistsError: If something else is there.
        EngineError: If pyarrow is not installed.
        OSError: If the folder cannot be written; nothing of it is left then.
    """
    needed("pyarrow", EXTRA)
    written: dict[str, int] = {}
    with whole_folder(folder) as new:
        for done, table in enumerate(TABLES, start=1):
            columns = dict(map(_typed, table.columns))
            order = f" ORDER BY {', '.join(table.key)}" if table.key else ""
            rows = kb.stream(f"SELECT {', '.join(columns)} FROM {table.name}{order}")
            written[table.name] = write_parquet(new / f"{table.name}.parquet", columns, rows)
            if progress is not None:
                progress(done, len(TABLES))
    return Packed(str(folder), "tables", written, kb.digest)


def _typed(column: str) -> tuple[str, str]:
    """Name and type of a column of the schema, which leaves TEXT unsaid."""
    name, *rest = column.split(" ")
    return name, rest[0] if rest else TEXT


class _Told:
    """Hands records on, and says now and then how many there were."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self._progress, self._total, self._done = progress, total, 0

    def __call__(self, records: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
        for record in records:
            yield record
            self._done += 1
            if self._progress is not None and (self._done % _STEP == 0 or self._done == self._total):
                self._progress(self._done, self._total)


def _records(kb: KnowledgeBase, kind: str) -> Iterator[tuple[str, str]]:
    """Ids and bodies, sorted by id as SQLite does, which is as Python does."""
    return kb.stream("SELECT id, body FROM record WHERE kind = ? ORDER BY id", (kind,))


def _digested(digests: bytearray, kind: str, records: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """Records as they come, with the digest of each."""
    for id, body in records:
        digests += record_digest(kind, id, body)
        yield id, body


def _in_order(kind: str, records: Iterable[tuple[str, str]]) -> Iterable[tuple[str, str]]:
    """Records as a canonical file has them; waivers, of which there are few, are sorted by rule and record."""
    if kind != "waiver":
        return records
    return sorted(
        records,
        key=lambda held: record_order(kind, dict(zip(("rule", "record"), held[0].split(":", 1), strict=True)).get),
    )


def write_jsonl(path: Path, kind: str, records: Iterable[tuple[str, str]]) -> int:
    """Write records of a kind, id and body each, as canonical JSON Lines; how many there were."""
    written = 0
    with path.open("w", encoding="utf-8", newline="\n") as file:
        for _, body in _in_order(kind, records):
            file.write(f"{jsonl_line(kind, body)}\n")
            written += 1
    return written


def _write_records(path: Path, kind: str, records: Iterable[tuple[str, str]]) -> int:
    is_named = kind != "waiver"  # its name is put together from its rule and its record
    rows = ((id if is_named else None, body) for id, body in _in_order(kind, records))
    return write_parquet(path, {"id": TEXT, "record": TEXT}, rows)


def _write_manifest(kb: KnowledgeBase, folder: Path) -> None:
    meta = dict(kb.rows("SELECT name, value FROM meta WHERE name IN ('title', 'licence', 'base')"))
    said = {"name": kb.name, "version": kb.version, **{name: meta.get(name) for name in ("title", "licence", "base")}}
    styles = dict(kb.rows("SELECT name, text FROM style ORDER BY name"))
    write_manifest(folder, {**said, "maintainers": maintainers_of(kb), "styles": list(styles)}, styles)


def write_manifest(folder: Path, said: Mapping[str, Any], styles: Mapping[str, str]) -> None:
    """Write ``pack.yaml``, and the citation styles of the pack's own.

    Args:
        folder: The pack's folder.
        said: What the manifest says, by field: a text, or texts. Empty ones are left out.
        styles: The texts of citation styles by name; those that the library has need none.
    """
    lines: list[str] = []
    for name, value in said.items():
        if not value:
            continue
        if isinstance(value, str):
            lines.append(f"{name}: {_spelled(value)}")
        else:
            lines += [f"{name}:", *(f"  - {_spelled(item)}" for item in value)]
    for name, text in styles.items():
        if name not in STYLES:
            _write_style(folder, name, text)
    (folder / MANIFEST).write_text(format_text("\n".join([*lines, ""]), name=MANIFEST), encoding="utf-8", newline="\n")


def _spelled(text: str) -> str:
    return quoted(text, False)


def _write_style(folder: Path, name: str, text: str) -> None:
    """A style of the pack's own, where the pack had it; a forged name does not lead out of the folder."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or path.suffix != ".csl":
        raise SealedFileError(name, "no name of a citation style; build the sealed file again from its pack")
    file = folder / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8", newline="")
