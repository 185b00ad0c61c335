"""Rules asked by another process: their rows, given where the texts are asked for."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from evidencekb.engines.adapter import Values
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


def ask_rules(path: Path, alone: bool) -> dict[str, Rows]:
    """The rows of every rule on a file that is being built."""
    with complete_tables(path) as connection:
        return {statement: list(select(connection, statement)) for statement in statements(alone=alone)}
