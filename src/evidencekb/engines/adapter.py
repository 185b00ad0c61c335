"""What an engine does for the packaged texts: take tables, keep the rows of a SELECT, give rows back.

A text is one SELECT of the portable subset, so an adapter is thin: it makes tables, loads them, and casts what differs. What
people wrote in records or asked is loaded as rows or bound as values; it never becomes SQL.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from decimal import Decimal
from typing import Any, ClassVar

from evidencekb.engines.deriving import follow
from evidencekb.engines.schema import Table
from evidencekb.errors import EngineError

Rows = Iterable[Sequence[Any]]
Values = Sequence[str | int]


class Engine(ABC):
    """Where tables stand and texts run. A column is a text or an integer; absence is ``''``, and never NULL in a table."""

    name: ClassVar[str]
    errors: type[Exception] = EngineError
    """What its library raises when a statement fails."""

    @abstractmethod
    def make(self, table: Table) -> None:
        """Make a table, empty."""

    @abstractmethod
    def load(self, table: Table, rows: Rows) -> None:
        """Add rows, each with the columns of the table in their order."""

    @abstractmethod
    def read(self, table: Table, path: str) -> None:
        """Add the rows of a Parquet file, or of a folder of such files; columns are found by their names.

        Raises:
            EngineError: If there is no such file, a column is missing, or a value is absent or of another type.
        """

    @abstractmethod
    def settle(self, table: Table) -> None:
        """Make a loaded table ready for questions: indexes, statistics."""

    @abstractmethod
    def keep(self, table: str, statement: str) -> None:
        """Add the rows of a SELECT to a table."""

    @abstractmethod
    def view(self, name: str, statement: str) -> None:
        """Let a name stand for the rows of a SELECT, asked anew each time."""

    @abstractmethod
    def swap(self, table: str, statement: str) -> None:
        """Put the rows of a SELECT, which may read the table itself, in its place; a table that is not there is made."""

    @abstractmethod
    def drop(self, table: str) -> None:
        """Forget a table."""

    @abstractmethod
    def select(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """The rows of a SELECT by column name, texts and integers; each ``?`` stands for a value."""

    @abstractmethod
    def close(self) -> None:
        """Leave nothing behind."""

    def follow(self) -> None:
        """Fill ``reach`` from ``edge``: what is reached from where, with its fewest steps."""
        follow(self)


class Database(Engine):
    """What engines with cursors share. Tables that a swap makes are temporary."""

    connection: Any

    def _run(self, statement: str, values: Values = ()) -> Any:
        """A cursor on the rows of a statement."""
        return self.connection.execute(statement, values)

    def settle(self, table: Table) -> None:
        """Nothing is to be done, unless the engine says so."""

    def keep(self, table: str, statement: str) -> None:
        """See :meth:`Engine.keep`."""
        self._run(f"INSERT INTO {table} {statement}")

    def view(self, name: str, statement: str) -> None:
        """See :meth:`Engine.view`."""
        self._run(f"CREATE TEMP VIEW {name} AS {statement}")

    def swap(self, table: str, statement: str) -> None:
        """See :meth:`Engine.swap`."""
        self._run(f"CREATE TEMP TABLE onward AS {statement}")
        self._run(f"DROP TABLE IF EXISTS {table}")
        self._run(f"ALTER TABLE onward RENAME TO {table}")

    def drop(self, table: str) -> None:
        """See :meth:`Engine.drop`."""
        self._run(f"DROP TABLE {table}")

    def select(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """See :meth:`Engine.select`."""
        cursor = self._run(statement, values)
        names = [column[0] for column in cursor.description]
        for row in cursor:
            yield dict(zip(names, map(plain, row), strict=True))

    def close(self) -> None:
        """Close the connection; what was loaded is gone with it."""
        self.connection.close()


@contextmanager
def told(engine: Engine) -> Iterator[None]:
    """Say as an :class:`EngineError` what an engine's own library raises: a full disk, a lost connection, a bad value."""
    try:
        yield
    except EngineError:
        raise
    except engine.errors as problem:
        raise EngineError(engine.name, str(problem).partition("\n\n")[0].strip()) from problem


def plain(value: Any) -> Any:
    """A value as SQLite would give it: sums are decimals on some engines, comparisons are booleans."""
    return int(value) if isinstance(value, bool | Decimal) else value


def columns_of(table: Table, *, text: str = "TEXT") -> str:
    """The columns for a CREATE TABLE; names in quotes, since ``by`` is reserved on one engine."""
    return ", ".join(
        f'"{name}" INTEGER NOT NULL' if name in table.integers else f"\"{name}\" {text} NOT NULL DEFAULT ''"
        for name in table.names
    )
