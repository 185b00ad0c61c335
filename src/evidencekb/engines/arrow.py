"""Rows as Arrow tables, which DuckDB and Spark take in one piece, and Parquet files as rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.engines.adapter import Rows
from evidencekb.engines.schema import Table
from evidencekb.errors import EngineError
from evidencekb.extras import needed

if TYPE_CHECKING:
    import pyarrow

_AT_ONCE = 50_000


def schema_of(table: Table, extra: str) -> pyarrow.Schema:
    """The columns of a table: strings and 32-bit integers, none of them null."""
    arrow = needed("pyarrow", extra)
    return arrow.schema(
        arrow.field(name, arrow.int32() if name in table.integers else arrow.string(), nullable=False)
        for name in table.names
    )


def arrow_tables(table: Table, rows: Rows, extra: str) -> Iterator[pyarrow.Table]:
    """Rows in parts of up to 50,000; none for no rows."""
    arrow, schema = needed("pyarrow", extra), schema_of(table, extra)
    waiting = iter(rows)
    while part := list(islice(waiting, _AT_ONCE)):
        columns = [
            arrow.array(column, field.type) for column, field in zip(zip(*part, strict=True), schema, strict=True)
        ]
        yield arrow.Table.from_arrays(columns, schema=schema)


def parquet_rows(table: Table, path: str, extra: str) -> Iterator[Sequence[Any]]:
    """The rows of a Parquet file, or of a folder of them.

    Raises:
        EngineError: If there is no such file, a column is missing, or a value is of another type.
    """
    arrow, data = needed("pyarrow", extra), needed("pyarrow.dataset", extra)
    if not Path(path).exists():
        raise EngineError(extra, f"there is no {path}; a folder of tables holds one file or folder for each base table")
    try:
        held = data.dataset(path, format="parquet")
        for batch in held.to_batches(columns=list(table.names)):
            cast = arrow.Table.from_batches([batch]).cast(schema_of(table, extra))
            yield from zip(*(column.to_pylist() for column in cast.columns), strict=True)
    except (arrow.ArrowException, OSError, ValueError) as problem:
        raise EngineError(extra, f"{path} cannot be read as the table {table.name}: {problem}") from problem
