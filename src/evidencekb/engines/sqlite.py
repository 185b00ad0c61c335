"""SQLite runs the packaged texts: tables made, rows loaded, derivations stored, rules asked.

One connection serves both ``check`` (in memory) and ``build`` (a temporary file), so the same rows pass the same rules in
both.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from evidencekb.engines.rows import Row
from evidencekb.engines.schema import BY_NAME, TABLES, WORDS
from evidencekb.engines.texts import text
from evidencekb.vocab import Design

MAX_HOPS = 33
_PARAMETERS = 990
_MOST_ROWS = 10_000
_MOST_BYTES = 1_000_000
_DERIVED_BEFORE_RULES = ("closure", "state", "withdrawn", "carried", "vendors", "replication", "measured")
_DERIVED_FOR_QUESTIONS = ("ranked", "left_out", "single", "wide", "pair", "answering")


def create(connection: sqlite3.Connection) -> None:
    """Make every table, empty."""
    for table in TABLES:
        connection.execute(table.create)
    connection.execute(WORDS)
    insert(connection, "vocabulary", ((str(design), design.order) for design in Design))


def insert(connection: sqlite3.Connection, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Load rows, in batches of one statement each."""
    names = BY_NAME[table].names
    batch = max(1, _PARAMETERS // len(names))
    waiting = iter(rows)
    slot = "(" + ",".join("?" * len(names)) + ")"
    while part := list(islice(waiting, batch)):
        values = [value for row in part for value in row]
        connection.execute(f"INSERT INTO {table} VALUES " + ",".join([slot] * len(part)), values)


def load(connection: sqlite3.Connection, rows: Iterable[Row]) -> None:
    """Load rows of many tables, each table in the order of its values, whatever order they come in."""
    tables: dict[str, list[tuple[Any, ...]]] = {}
    for table, values in rows:
        tables.setdefault(table, []).append(values)
    for table, held in tables.items():
        insert(connection, table, sorted(held))


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
    store(connection, "edge", "derive/edge")
    _hops(connection)
    for table in _DERIVED_BEFORE_RULES:
        store(connection, table, f"derive/{table}")


def derive_order(connection: sqlite3.Connection) -> None:
    """Work out what questions read: the strength order, and what is filed under subjects in that order."""
    for table in _DERIVED_FOR_QUESTIONS:
        store(connection, table, f"derive/{table}")


def _hops(connection: sqlite3.Connection) -> None:
    """Follow every edge to its end, breadth first, so that each pair is kept with its fewest steps.

    A loop ends because a pair is kept once; what is deeper than :data:`MAX_HOPS` is cut, and rules 102 and 402 say so.
    """
    connection.execute("CREATE TEMP TABLE frontier(kind TEXT, scope TEXT, origin TEXT, target TEXT)")
    connection.execute("INSERT INTO frontier SELECT DISTINCT kind, scope, origin, target FROM edge")
    for steps in range(1, MAX_HOPS + 1):
        added = connection.execute(
            "INSERT OR IGNORE INTO reach SELECT kind, scope, origin, target, ? FROM frontier", (steps,)
        ).rowcount
        if not added:
            break
        rows = connection.execute(text("derive/hop")).fetchall()
        connection.execute("DELETE FROM frontier")
        connection.executemany("INSERT INTO frontier VALUES (?, ?, ?, ?)", rows)
    connection.execute("DROP TABLE frontier")


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
