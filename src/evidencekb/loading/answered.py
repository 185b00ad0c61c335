"""Rules asked by another process: their rows, given where the texts are asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidencekb.engines.adapter import Values
from evidencekb.engines.deriving import FOR_RULES
from evidencekb.engines.schema import BY_NAME
from evidencekb.engines.sealing import table_digest
from evidencekb.engines.sqlite import SQLite, select
from evidencekb.loading.beside import complete_tables
from evidencekb.rules import statements

Rows = list[dict[str, Any]]


class Answered(SQLite):
    """SQLite that has been asked some texts before.

    Args:
        connection: The file.
        rows: The rows of each text.
    """

    def __init__(self, connection: sqlite3.Connection, rows: dict[str, Rows]) -> None:
        super().__init__(connection)
        self._rows = rows

    def select(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """See :meth:`Engine.select`."""
        held = None if values else self._rows.get(statement)
        return super().select(statement, values) if held is None else iter(held)


def ask_rules(path: Path, alone: bool) -> tuple[dict[str, Rows], dict[str, str]]:
    """What another process finds in a file that is being built: rows of every rule, and digests of tables that rules read.

    Args:
        path: The file.
        alone: Whether the pack extends no other.
    """
    with complete_tables(path) as connection:
        rows = {statement: list(select(connection, statement)) for statement in statements(alone=alone)}
        return rows, {name: table_digest(connection, BY_NAME[name]) for name in FOR_RULES}
