"""DuckDB, in this process: nothing to be set up, and columns instead of rows for what reads whole tables."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidencekb.engines.adapter import Database, Rows, Values, columns_of, plain
from evidencekb.engines.arrow import arrow_tables
from evidencekb.engines.schema import Table
from evidencekb.errors import EngineError
from evidencekb.extras import needed


class DuckDB(Database):
    """Tables in the memory of this process; what does not fit goes to a temporary folder.

    Attributes:
        connection: DuckDB's own, for SQL of one's own.
    """

    name = "duckdb"

    def __init__(self) -> None:
        self._library = needed("duckdb", "duckdb")
        self.errors = self._library.Error
        self.connection = self._library.connect()

    def make(self, table: Table) -> None:
        """See :meth:`Engine.make`. Without keys: an index costs more than it gives where tables are read whole."""
        self._run(f"CREATE TABLE {table.name}({columns_of(table)})")

    def load(self, table: Table, rows: Rows) -> None:
        """See :meth:`Engine.load`."""
        for part in arrow_tables(table, rows, "duckdb"):
            self.connection.register("incoming", part)
            self._run(f"INSERT INTO {table.name} SELECT * FROM incoming")
            self.connection.unregister("incoming")

    def read(self, table: Table, path: str) -> None:
        """See :meth:`Engine.read`."""
        files = str(Path(path, "**", "*.parquet")) if Path(path).is_dir() else path
        names = ", ".join(f'"{name}"' for name in table.names)
        try:
            self._run(f"INSERT INTO {table.name} SELECT {names} FROM read_parquet(?)", (files,))
        except self.errors as problem:
            raise EngineError("duckdb", f"{path} cannot be read as the table {table.name}: {problem}") from problem

    def select(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """See :meth:`Engine.select`. All rows are fetched at once: a connection holds one result."""
        cursor = self._run(statement, values)
        names = [column[0] for column in cursor.description]
        return (dict(zip(names, map(plain, row), strict=True)) for row in cursor.fetchall())
