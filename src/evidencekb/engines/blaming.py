"""What is wrong in a sealed file that does not verify: the records and tables that are not as they were built.

Records are held to their digests, base tables to what the records say, and tables that were worked out to the digests that the
file keeps of them. Who changes all of them at once is told by the seal, and who changes the seal too by a signature alone.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from itertools import islice

from evidencekb.__about__ import __version__
from evidencekb.engines.opening import in_short
from evidencekb.engines.rows import add_rows, known_rows, no_rows
from evidencekb.engines.schema import BASE, DERIVED, VOCABULARY, Table
from evidencekb.engines.sealing import content_digest, memory_tables, record_digest, table_digest
from evidencekb.engines.sqlite import insert, load
from evidencekb.model import KINDS

_TOGETHER = 2_000
_NOT_REMADE = frozenset({"record", "place"})
"""The first is held to its digests; the second says where a record stood, which no record knows."""


def changes(connection: sqlite3.Connection, meta: Mapping[str, str]) -> Iterator[str]:
    """Each record and table that is not as it was built, in words.

    Args:
        connection: The file.
        meta: What it says of itself.
    """
    try:
        found = list(_records(connection, meta))
        # Another version may have put other words into the same columns.
        yield from found or (_tables(connection) if meta["library"] == __version__ else ())
        yield from _derived(connection, meta)
    except sqlite3.DatabaseError as problem:
        yield f"a page that cannot be read ({in_short(problem)})"


def _records(connection: sqlite3.Connection, meta: Mapping[str, str]) -> Iterator[str]:
    digests, wrong = bytearray(), []
    for kind, id, digest, body in connection.execute("SELECT kind, id, digest, body FROM record"):
        made = record_digest(kind, id, body)
        digests += made
        if made.hex() != digest:
            wrong.append(f"the {kind} {id!r}")
    if content_digest(digests) != meta["digest"]:
        yield from wrong or ["a record that was added, taken out or written anew with its digest"]
    else:
        yield from (f"the digest of {record}" for record in wrong)


def _tables(connection: sqlite3.Connection) -> Iterator[str]:
    """Base tables that do not hold what the records say."""
    with closing(memory_tables()) as made:
        rows = connection.execute("SELECT kind, id, digest, pack, body FROM record")
        while part := rows.fetchmany(_TOGETHER):
            tables = no_rows()
            for kind, id, _, _, body in part:
                tables["known"] += known_rows(kind, id)
                add_rows(tables, kind, KINDS[kind].model_validate_json(body))
            insert(made, "known", tables.pop("known"), word="INSERT OR IGNORE")
            load(made, tables)
        for table in (VOCABULARY, *BASE):
            if table.name not in _NOT_REMADE and table_digest(connection, table) != table_digest(made, table):
                yield f"the table {table.name!r}{_where(connection, made, table)}"


def _where(connection: sqlite3.Connection, made: sqlite3.Connection, table: Table) -> str:
    """The first row that differs, by the values of its key."""
    statement = f"SELECT {', '.join(table.names)} FROM {table.name} ORDER BY {', '.join(table.key or table.names)}"
    for mine, theirs in zip(connection.execute(statement), made.execute(statement), strict=False):
        if mine != theirs:
            return f" (the row of {', '.join(map(str, islice(theirs, len(table.key) or 2)))})"
    return ""


def _derived(connection: sqlite3.Connection, meta: Mapping[str, str]) -> Iterator[str]:
    try:
        held = dict(json.loads(meta["tables"]))
    except (KeyError, ValueError, TypeError):
        yield "the digests of tables in the table 'meta'"
        return
    for table in DERIVED:
        if held.get(table.name) != table_digest(connection, table):
            yield f"the table {table.name!r}"
