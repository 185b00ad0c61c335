"""Rows into a Parquet file, a part at a time, so that memory does not grow with their number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from evidencekb.extras import needed

EXTRA = "bulk"
"""What brings pyarrow."""
_ROWS, _BYTES = 100_000, 16 * 1024 * 1024

TEXT, INTEGER, REAL, BLOB = "TEXT", "INTEGER", "REAL", "BLOB"
_TYPES = {TEXT: "string", INTEGER: "int64", REAL: "float64", BLOB: "binary"}


def write_parquet(path: Path, columns: Mapping[str, str], rows: Iterable[Sequence[Any]]) -> int:
    """Write rows as a Parquet file.

    Args:
        path: The file.
        columns: Names in order, each with how SQLite calls its type: TEXT, INTEGER, REAL or BLOB.
        rows: The rows; a part of the file holds 100,000 of them, or 16 MiB of text.

    Returns:
        How many rows were written.

    Raises:
        EngineError: If pyarrow is not installed.
        OSError: If the file cannot be written.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> with TemporaryDirectory() as folder:
        ...     write_parquet(Path(folder, "a.parquet"), {"id": TEXT, "rank": INTEGER}, [("a", 1), ("b", None)])
        2
    """
    pyarrow, parquet = needed("pyarrow", EXTRA), needed("pyarrow.parquet", EXTRA)
    schema = pyarrow.schema([(name, getattr(pyarrow, _TYPES[type_])()) for name, type_ in columns.items()])
    written = 0
    # Each record differs from all others: a dictionary of them would be the column once more.
    with parquet.ParquetWriter(path, schema, compression="zstd", use_dictionary=_repeated(columns)) as writer:
        for part in _parts(rows):
            arrays = [
                pyarrow.array(values, field.type) for values, field in zip(zip(*part, strict=True), schema, strict=True)
            ]
            writer.write_batch(pyarrow.record_batch(arrays, schema=schema))
            written += len(part)
    return written


_UNIQUE = frozenset({"record", "page", "body", "digest"})


def _repeated(columns: Mapping[str, str]) -> list[str]:
    return [name for name in columns if name not in _UNIQUE]


def _parts(rows: Iterable[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    part: list[Sequence[Any]] = []
    size = 0
    for row in rows:
        part.append(row)
        size += sum(len(value) for value in row if isinstance(value, str | bytes))
        if len(part) >= _ROWS or size >= _BYTES:
            yield part
            part, size = [], 0
    if part:
        yield part
