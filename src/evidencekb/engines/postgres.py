"""PostgreSQL, through psycopg: temporary tables in the database that a URL names."""

from __future__ import annotations

from typing import Any

from evidencekb.engines.adapter import Database, Rows, Values, columns_of
from evidencekb.engines.arrow import parquet_rows
from evidencekb.engines.schema import Table
from evidencekb.errors import EngineError
from evidencekb.extras import needed


class PostgreSQL(Database):
    """Tables that only this connection sees, and that go when it closes: the database needs no preparation.

    Texts are compared by their bytes, whatever the collation of the database.

    Attributes:
        connection: psycopg's own, for SQL of one's own.
    """

    name = "postgres"

    def __init__(self, url: str) -> None:
        library = needed("psycopg", "postgres")
        self.errors = library.Error
        try:
            self.connection = library.connect(url, autocommit=True)
        except library.Error as problem:
            raise EngineError("postgres", f"no connection: {str(problem).strip()}") from problem
        # Compiling pays for minutes of work, not for the seconds that a text takes.
        self._run("SET jit = off")

    def _run(self, statement: str, values: Values = ()) -> Any:
        return self.connection.execute(statement.replace("?", "%s") if values else statement, values or None)

    def make(self, table: Table) -> None:
        """See :meth:`Engine.make`."""
        columns = columns_of(table, text='TEXT COLLATE "C"')
        self._run(f"CREATE TEMP TABLE {table.name}({columns})")

    def load(self, table: Table, rows: Rows) -> None:
        """See :meth:`Engine.load`."""
        with self.connection.cursor() as cursor, cursor.copy(f"COPY {table.name} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
        if table.derived:
            self._run(f"ANALYZE {table.name}")  # what is worked out elsewhere comes after the table was settled

    def read(self, table: Table, path: str) -> None:
        """See :meth:`Engine.read`."""
        self.load(table, parquet_rows(table, path, "postgres"))

    def settle(self, table: Table) -> None:
        """See :meth:`Engine.settle`. Nothing else gathers statistics of a temporary table."""
        for columns in (table.key, *table.unique, *table.indexes):
            if columns:
                self._run(f"CREATE INDEX ON {table.name}({', '.join(columns)})")
        self._run(f"ANALYZE {table.name}")

    def keep(self, table: str, statement: str) -> None:
        """See :meth:`Engine.keep`."""
        super().keep(table, statement)
        self._run(f"ANALYZE {table}")

    def swap(self, table: str, statement: str) -> None:
        """See :meth:`Engine.swap`."""
        super().swap(table, statement)
        self._run(f"ANALYZE {table}")
