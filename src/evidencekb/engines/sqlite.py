"""SQLite runs the packaged texts: tables made, rows loaded, derivations stored, rules asked.

One connection serves both ``check`` (in memory) and ``build`` (a temporary file), so the same rows pass the same rules in
both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain, islice
from typing import Any

from evidencekb.engines import deriving
from evidencekb.engines.adapter import Database, Rows
from evidencekb.engines.arrow import parquet_rows
from evidencekb.engines.rows import Tables
from evidencekb.engines.schema import BY_NAME, TABLES, VIEWS, WORDS, Table
from evidencekb.engines.texts import text
from evidencekb.vocab import Design

_PARAMETERS = 990
_MOST_ROWS = 10_000
_MOST_BYTES = 1_000_000


def create(connection: sqlite3.Connection) -> None:
    """Make every table, empty."""
    for table in TABLES:
        connection.execute(table.create)
    for view in VIEWS:
        connection.execute(f"CREATE VIEW {view.name} AS {text(f'derive/{view.name}')}")
    connection.execute(WORDS)
    insert(connection, "vocabulary", ((str(design), design.order) for design in Design))


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]], *, word: str = "INSERT") -> int:
    """Load rows, in batches of one statement each; gives how many went in.

    Args:
        connection: An open connection.
        table: Name of the table.
        rows: One value a column.
        word: ``INSERT``, or ``INSERT OR IGNORE`` for rows that may be there already.
    """
    return _insert(connection, BY_NAME[table], rows, word)


def _insert(connection: sqlite3.Connection, table: Table, rows: Rows, word: str = "INSERT") -> int:
    width = len(table.names)
    most = _PARAMETERS // width
    head, slot = f"{word} INTO {table.name} VALUES ", "(" + ",".join("?" * width) + ")"
    full = head + ",".join([slot] * most)
    waiting, added = iter(rows), 0
    while part := list(islice(waiting, most)):
        statement = full if len(part) == most else head + ",".join([slot] * len(part))
        added += connection.execute(statement, list(chain.from_iterable(part))).rowcount
    return added


def load(connection: sqlite3.Connection, tables: Tables) -> None:
    """Load rows of many tables, each table in the order of its values, whatever order they come in."""
    for table, held in tables.items():
        held.sort()
        insert(connection, table, held)


def index(connection: sqlite3.Connection) -> None:
    """Make the indexes, after the load."""
    for table in TABLES:
        for statement in table.create_indexes:
            connection.execute(statement)


def store(connection: sqlite3.Connection, table: str, name: str) -> None:
    """Run the text ``name`` and keep its rows in ``table``."""
    connection.execute(f"INSERT INTO {table} {text(name)}")


def derive_links(connection: sqlite3.Connection) -> None:
    """Work out what rules read: what reaches what, which primaries carry which estimate, what was withdrawn."""
    deriving.derive_links(SQLite(connection))


def derive_order(connection: sqlite3.Connection) -> None:
    """Work out what questions read: the strength order, how findings bear on subjects, and pairs of role and skill."""
    deriving.derive_order(SQLite(connection))


def select(connection: sqlite3.Connection, statement: str) -> Iterator[dict[str, Any]]:
    """The rows of a SELECT, each as a dict by column name."""
    cursor = connection.execute(statement)
    names = [column[0] for column in cursor.description]
    for row in cursor:
        yield dict(zip(names, row, strict=True))


def select_guarded(connection: sqlite3.Connection, statement: str, *, ticks: int = 500) -> list[dict[str, Any]]:
    """Run a SELECT that somebody else wrote: it may read tables and nothing else, without recursion.

    It is stopped when it takes too long or gives too many rows.

    Args:
        connection: An open connection.
        statement: One SELECT.
        ticks: How many times 100,000 steps of SQLite's machine it may take.

    Raises:
        sqlite3.Error: If it is no SELECT, touches anything but tables, or takes too long.
    """
    left = ticks

    def tick() -> int:
        nonlocal left
        left -= 1
        return int(left < 0)

    longest = connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MOST_BYTES)
    connection.set_authorizer(_reads_only)
    connection.set_progress_handler(tick, 100_000)
    try:
        rows = list(islice(select(connection, statement), _MOST_ROWS + 1))
        if len(rows) > _MOST_ROWS:
            raise sqlite3.DataError(f"more than {_MOST_ROWS:,} rows")
        return rows
    finally:
        connection.set_progress_handler(None, 0)
        connection.set_authorizer(None)
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, longest)


_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ, sqlite3.SQLITE_FUNCTION})


def _reads_only(action: int, first: str | None, second: str | None, *_: str | None) -> int:
    if action not in _ALLOWED or (
        action == sqlite3.SQLITE_FUNCTION and second in ("load_extension", "readfile", "writefile")
    ):
        return sqlite3.SQLITE_DENY
    return sqlite3.SQLITE_OK


class SQLite(Database):
    """SQLite as one engine among others.

    Attributes:
        connection: One of the standard library's.
    """

    name = "sqlite"
    errors = sqlite3.Error

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection

    def make(self, table: Table) -> None:
        """See :meth:`Engine.make`."""
        self._run(table.create)

    def load(self, table: Table, rows: Rows) -> None:
        """See :meth:`Engine.load`."""
        _insert(self.connection, table, rows)

    def read(self, table: Table, path: str) -> None:
        """See :meth:`Engine.read`."""
        self.load(table, parquet_rows(table, path, "bulk"))

    def settle(self, table: Table) -> None:
        """See :meth:`Engine.settle`."""
        for statement in table.create_indexes:
            self._run(statement)


def open_memory() -> sqlite3.Connection:
    """A connection to nothing yet, in memory."""
    return sqlite3.connect(":memory:", isolation_level=None)
