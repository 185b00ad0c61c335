"""Records in Parquet files, read a few at a time, each as the JSON text that a line of a ``.jsonl`` file would hold.

Two shapes are read. A column ``record`` holds each record as JSON text, beside its ``id``, and its ``kind`` when the file's
name does not say it: nothing is lost. Or each row is a record, its columns the fields, nested as pandas, Spark and DuckDB write
them: what is NULL was not written.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.errors import EngineError, EvidenceError
from evidencekb.model import KINDS, LISTS
from evidencekb.names import nearest
from evidencekb.store import MAX_RECORD
from evidencekb.store.ordering import fields_of

if TYPE_CHECKING:
    import pyarrow

MAX_ROWS = 50_000_000
MAX_COLUMNS = 500
_MAGIC = b"PAR1"
_AT_ONCE = 256  # rows
_LARGE, _MOST_TIMES = 16 * 1024 * 1024, 1_000
_BUFFER = 1 << 20
_FOOTER = 64 * 1024 * 1024
_TEXTS = frozenset({"string", "large_string", "string_view"})
_TEXT_COLUMNS = frozenset({"kind", "id", "record"})
_ID = re.compile(r'^\{"id":"([^"\\]*)"')


class ParquetProblem(EvidenceError, ValueError):
    """A Parquet file that cannot be read as records.

    Attributes:
        file: Its name.
        row: The row concerned, from 1; 0 when it is the file as a whole.
        problem: What was found, and what to do.
        ids: Ids of what is not read, None when nobody knows them.
    """

    def __init__(self, file: str, row: int, problem: str, ids: tuple[str, ...] | None = None) -> None:
        super().__init__(file, row, problem, ids)
        self.file = file
        self.row = row
        self.problem = problem
        self.ids = ids

    def __str__(self) -> str:
        return f"{self.file}, row {self.row}: {self.problem}" if self.row else f"{self.file}: {self.problem}"


Tell = Callable[[ParquetProblem], None]


def read_parquet_records(
    path: Path, name: str | None = None, *, faults: Tell | None = None
) -> Iterator[tuple[int, str]]:
    """The records of a Parquet file, in its order, in bounded memory.

    The text is not looked into further than needed: whoever reads it says what is wrong with it, as with a line of a ``.jsonl``
    file.

    Args:
        path: The file.
        name: Its name in messages, and what says the kind of its records: ``findings.parquet``, or a file in a folder
            ``findings``; default: the path.
        faults: Told of rows that cannot be read, while the others are read on; default: the first such row raises.

    Yields:
        The number of the row, from 1, and the JSON text of its record; of a file with a column ``kind``, the record under
        its kind, ``{"finding": {...}}``.

    Raises:
        EngineError: If pyarrow is not installed.
        ParquetProblem: If the file is no Parquet file, is too large, or has columns that no record has; without ``faults`` also
            if a row cannot be read, because it is damaged or too long, or its ``id`` is not that of its record.
        OSError: If it cannot be read.

    References:
        The file format: https://parquet.apache.org/docs/file-format/
    """
    named = path.as_posix() if name is None else name
    tell = faults or _raise
    parquet = _library()
    _check_ends(path, named)
    try:
        with _opened(parquet, path) as file:
            _check_size(file.metadata, named)
            _check_columns(file.schema_arrow, named)
            if not _holds_texts(file.schema_arrow):
                yield from _typed(file, named, tell)
                return
            dictionaries = _dictionaries(file.metadata)
        # A value that stands once in a dictionary can be named by every row: left there, it takes its space once.
        with _opened(parquet, path, dictionaries) as file:
            yield from _texts(file, named, tell)
    except _problems() as problem:
        raise _damaged(named, 0, "", problem) from problem


def _raise(problem: ParquetProblem) -> None:
    raise problem


def _damaged(name: str, row: int, which: str, problem: Exception) -> ParquetProblem:
    """What a library says of a file, in our words; what it says of the disk is raised as it is."""
    if isinstance(problem, OSError) and problem.errno is not None:
        raise problem
    said = str(problem).partition("\n")[0] or type(problem).__name__
    return ParquetProblem(name, row, f"{which}damaged, or written in a way that is not read ({said}); write it again")


def _library() -> Any:
    try:
        import pyarrow.parquet
    except ImportError as problem:
        raise EngineError(
            "bulk", "the library pyarrow is not installed; run: pip install 'evidencekb[bulk]'"
        ) from problem
    return pyarrow.parquet


def _opened(parquet: Any, path: Path, dictionaries: Iterable[str] = ()) -> Any:
    return parquet.ParquetFile(
        path, buffer_size=_BUFFER, pre_buffer=False, read_dictionary=list(dictionaries),
        thrift_string_size_limit=_FOOTER, thrift_container_size_limit=1_000_000,
    )  # fmt: skip


def _chunks(metadata: Any) -> Iterator[Any]:
    for group in range(metadata.num_row_groups):
        yield from map(metadata.row_group(group).column, range(metadata.num_columns))


def _dictionaries(metadata: Any) -> list[str]:
    """Columns of which some part lists its values once and then names them."""
    return sorted({chunk.path_in_schema for chunk in _chunks(metadata) if chunk.has_dictionary_page})


def _problems() -> tuple[type[Exception], ...]:
    import pyarrow

    return (pyarrow.ArrowException, UnicodeDecodeError, MemoryError, OSError)


def _check_ends(path: Path, name: str) -> None:
    """Say of what is no Parquet file what it is, before a library guesses at it."""
    with path.open("rb") as file:
        start = file.read(4)
        size = file.seek(0, 2)
        file.seek(max(0, size - 4))
        end = file.read(4)
    if start == b"PARE":
        raise ParquetProblem(name, 0, "an encrypted Parquet file; write it without encryption")
    if start != _MAGIC:
        found = "an empty file" if not size else f"it begins with {start!r}"
        raise ParquetProblem(name, 0, f"not a Parquet file: {found}; a text file of records is named .jsonl")
    if end != _MAGIC or size < 12:
        raise ParquetProblem(name, 0, f"a Parquet file that was cut after {size:,} bytes; write it again")


def _check_size(metadata: Any, name: str) -> None:
    if metadata.num_rows > MAX_ROWS:
        raise ParquetProblem(
            name, 0, f"{metadata.num_rows:,} rows; a file holds at most {MAX_ROWS:,}, so write several"
        )
    if metadata.num_columns > MAX_COLUMNS:
        raise ParquetProblem(
            name, 0, f"{metadata.num_columns:,} columns, nested ones counted; no record has more than {MAX_COLUMNS}"
        )
    for chunk in _chunks(metadata):
        if chunk.total_uncompressed_size > max(_LARGE, _MOST_TIMES * chunk.total_compressed_size):
            raise ParquetProblem(
                name, 0, f"the column {chunk.path_in_schema!r} unpacks {chunk.total_compressed_size:,} bytes to "
                f"{chunk.total_uncompressed_size:,}, which no records do",
            )  # fmt: skip


def _holds_texts(schema: pyarrow.Schema) -> bool:
    """True for records as JSON text; a waiver in columns of its own has a column ``record`` too, beside others."""
    return "record" in schema.names and set(schema.names) <= _TEXT_COLUMNS


def _check_columns(schema: pyarrow.Schema, name: str) -> None:
    """Refuse columns that would be a fault in every row, and a file of which nothing says what its rows are."""
    if twice := [column for column in schema.names if schema.names.count(column) > 1]:
        raise ParquetProblem(name, 0, f"two columns are called {twice[0]!r}; name each once")
    kind = _kind_of(name)
    if kind is None and not (_holds_texts(schema) and "kind" in schema.names):
        raise ParquetProblem(
            name, 0, f"nothing says what its rows are: name the file after its list ({', '.join(LISTS)}), or write each record "
            "as JSON text in a column 'record', beside a column 'kind'",
        )  # fmt: skip
    if _holds_texts(schema):
        for column in schema.names:
            type_ = schema.field(column).type
            if str(getattr(type_, "value_type", type_)) not in _TEXTS:
                raise ParquetProblem(name, 0, f"the column {column!r} is {type_}; it holds text")
    elif kind is not None:
        _check_fields(schema.names, kind, name)


def _check_fields(columns: Iterable[str], kind: str, name: str) -> None:
    known = fields_of(KINDS[kind])
    for column in columns:
        if column.startswith("__index_level_"):
            raise ParquetProblem(name, 0, f"the column {column!r} is an index of pandas; write with index=False")
        if column not in known:
            raise ParquetProblem(
                name, 0, f"the column {column!r} is no field of a {kind}{nearest(column, known)}; take it out, or write "
                "each record as JSON text in a column 'record', beside 'id'",
            )  # fmt: skip


def _kind_of(name: str) -> str | None:
    """The kind that the name of a file, or of a folder that it lies in, says."""
    path = Path(name)
    return next((LISTS[word] for word in (path.stem, *reversed(path.parent.parts)) if word in LISTS), None)


def _batches(file: Any, name: str, tell: Tell) -> Iterator[tuple[int, Any]]:
    """A few rows at a time, with the number of the first; a group of rows that is damaged does not take the next with it."""
    row = 1
    for group in range(file.metadata.num_row_groups):
        end = row + file.metadata.row_group(group).num_rows
        try:
            for batch in file.iter_batches(_AT_ONCE, row_groups=[group]):
                yield row, batch
                row += batch.num_rows
        except _problems() as problem:
            tell(_damaged(name, row, f"{end - row:,} rows from here on cannot be read: ", problem))
        row = end


def _texts(file: Any, name: str, tell: Tell) -> Iterator[tuple[int, str]]:
    for first, batch in _batches(file, name, tell):
        columns = {column: batch.column(column) for column in batch.schema.names}
        for at in range(batch.num_rows):
            try:
                text = _record({column: values[at] for column, values in columns.items()}, name, first + at)
            except ParquetProblem as problem:
                tell(problem)
            else:
                yield first + at, text


def _record(values: Mapping[str, Any], name: str, row: int) -> str:
    """The JSON text of a row."""
    held: dict[str, str | None] = {}
    ids: tuple[str, ...] | None = None
    for column in sorted(values):  # the id first, to be named with what is wrong with the others
        held[column] = text = _text(values[column], column, name, row, ids)
        if column == "id" and text is not None:
            ids = (text,)
    if (record := held["record"]) is None:
        said = "its column 'record' is NULL; write the record, or leave the row out"
        raise ParquetProblem(name, row, said, ids or ())
    if ids:
        _check_id(ids[0], record, name, row)
    return f"{{{json.dumps(held['kind'] or '')}:{record}}}" if "kind" in held else record


def _text(value: Any, column: str, name: str, row: int, ids: tuple[str, ...] | None) -> str | None:
    """A text, after a look at its length."""
    plain = getattr(value, "value", value)  # of a dictionary
    size = plain.as_buffer().size if plain.is_valid else 0
    if size > MAX_RECORD:
        raise ParquetProblem(name, row, f"a {column} of {size:,} bytes; a record has at most {MAX_RECORD:,}", ids)
    try:
        text: str | None = plain.as_py()
    except UnicodeDecodeError as problem:
        raise ParquetProblem(name, row, f"its {column} is not UTF-8 text; write it again", ids) from problem
    return text


def _check_id(id: str, record: str, name: str, row: int) -> None:
    """Refuse an id that is not its record's: somebody changed one of the two, and nobody knows which holds."""
    if (found := _ID.match(record)) and found[1] == id:
        return
    try:
        data = json.loads(record)
    except (ValueError, RecursionError):
        return  # who reads the text says so
    held = data.get("id") if isinstance(data, dict) else None
    if held is not None and held != id:
        said = f"the column 'id' says {id!r}, and the record {held!r}; keep one of the two"
        raise ParquetProblem(name, row, said, (id, str(held)))


def _typed(file: Any, name: str, tell: Tell) -> Iterator[tuple[int, str]]:
    for first, batch in _batches(file, name, tell):
        try:
            texts = [_json(row) for row in batch.to_pylist(maps_as_pydicts="strict")]
        except _row_problems():
            yield from _typed_singly(batch, first, name, tell)
        else:
            yield from enumerate(texts, start=first)


def _typed_singly(batch: Any, first: int, name: str, tell: Tell) -> Iterator[tuple[int, str]]:
    """Rows of which at least one has no text."""
    for at in range(batch.num_rows):
        try:
            (row,) = batch.slice(at, 1).to_pylist(maps_as_pydicts="strict")
            yield first + at, _json(row)
        except _row_problems() as problem:
            tell(_damaged(name, first + at, "", problem))


def _row_problems() -> tuple[type[Exception], ...]:
    return (*_problems(), ValueError, KeyError)


def _json(row: Mapping[str, Any]) -> str:
    return json.dumps(_written(row), ensure_ascii=False, default=_scalar, separators=(",", ":"))


def _written(value: Any) -> Any:
    """A value without the fields that are NULL, nor structs of which nothing is left."""
    if isinstance(value, Mapping):
        inside = ((name, _written(held)) for name, held in value.items() if held is not None)
        return {name: held for name, held in inside if held != {}}
    if isinstance(value, list):
        return [_written(item) for item in value]
    return value


def _scalar(value: object) -> object:
    """A value that JSON has no word for: days as days, whole decimals as whole numbers."""
    if isinstance(value, datetime.datetime):
        midnight = value.time() == datetime.time() and value.tzinfo is None
        return value.date().isoformat() if midnight else value.isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, bytes):
        return value.decode()
    return str(value)
