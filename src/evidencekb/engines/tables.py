"""The base tables of a pack put on an engine, and the packaged texts asked there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.engines import deriving
from evidencekb.engines.adapter import Engine, told
from evidencekb.engines.asking import Questions, asked_rows
from evidencekb.engines.opening import open_sealed
from evidencekb.engines.schema import ASKING, BASE, DERIVED, META, VIEWS, VOCABULARY, Table
from evidencekb.engines.texts import text
from evidencekb.errors import EngineError

if TYPE_CHECKING:
    from pyspark.sql import SparkSession

_ASKED = next(table for table in ASKING if table.name == "asked")
LOADED = (META, VOCABULARY, *BASE)
"""The tables that are read from a pack. All others are worked out from them, on every engine by the same texts."""


def open_engine(where: str | SparkSession | Engine, *, scratch: str | None = None) -> Engine:
    """An engine by what a person types.

    Args:
        where: ``"sqlite"`` or ``"duckdb"`` (in memory); a ``postgresql://`` URL; a Spark session, ``"local[4]"`` or a
            ``spark://`` URL.
        scratch: For Spark: a folder or URL that all workers see; on one machine a temporary folder does.

    Raises:
        EngineError: If there is no such engine, its library is not installed, or it cannot be reached.

    Examples:
        >>> open_engine("sqlite").name
        'sqlite'
        >>> open_engine("oracle")
        Traceback (most recent call last):
        ...
        evidencekb.errors.EngineError: oracle: no such engine; there are sqlite, duckdb, postgresql://…, spark://… and local[…]
    """
    if isinstance(where, Engine):
        return where
    if where == "sqlite":
        from evidencekb.engines.sqlite import SQLite, open_memory

        return SQLite(open_memory())
    if where == "duckdb":
        from evidencekb.engines.duckdb import DuckDB

        return DuckDB()
    if isinstance(where, str) and where.startswith(("postgresql://", "postgres://")):
        from evidencekb.engines.postgres import PostgreSQL

        return PostgreSQL(where)
    if not isinstance(where, str) or where.startswith(("spark://", "local")):
        from evidencekb.engines.spark import Spark

        return Spark(where, scratch=scratch)
    raise EngineError(where, "no such engine; there are sqlite, duckdb, postgresql://…, spark://… and local[…]")


class Tables:
    """A pack's tables on an engine.

    Attributes:
        engine: The engine; its ``connection`` or ``session`` takes SQL of one's own.
    """

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def rows(self, name: str) -> list[tuple[Any, ...]]:
        """The rows of a packaged text, sorted: texts and integers, the same on every engine.

        Raises:
            FileNotFoundError: If there is no such text.
        """
        return sorted(tuple(row.values()) for row in self.engine.select(text(name)))

    @contextmanager
    def asking(self, questions: Questions, *, vendors: bool = True) -> Iterator[None]:
        """Inside this block the texts under ``ask/`` can be run: what was asked, and what bears on it, stand in tables.

        Args:
            questions: What each question asks: the ids of its subjects by dimension.
            vendors: Whether ``ask/top`` gives findings with a primary source flagged vendor too.
        """
        for table in ASKING:
            self.engine.make(table)
        try:
            self.engine.load(_ASKED, asked_rows(questions, vendors=vendors))
            self.engine.keep("bearing", text("ask/bearing"))
            yield
        finally:
            for table in ASKING:
                self.engine.drop(table.name)

    def __enter__(self) -> Tables:
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.close()


def on(
    pack: str | PathLike[str],
    engine: str | SparkSession | Engine,
    *,
    scratch: str | None = None,
    questions: bool = False,
) -> Tables:
    """Put a pack on an engine and work out what follows from it.

    Args:
        pack: A sealed file, or a folder or URL of Parquet tables, as ``evidencekb export tables`` writes them; DuckDB
            and Spark read the latter where it lies, also in an object store that they can reach.
        engine: What :func:`open_engine` takes; an engine that is open is closed at the end too.
        scratch: For Spark, a folder or URL that all workers see.
        questions: Also work out what questions read; rules do not need it.

    Raises:
        EngineError: If the engine is not there, cannot be reached, or cannot read the tables.
        SealedFileError: If a file is cut, foreign, or written by another version.
        FileNotFoundError: If there is nothing at the path.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import build
        >>> with TemporaryDirectory() as folder:
        ...     _ = Path(folder, "pack.yaml").write_text("{name: mine, version: 1.0.0}")
        ...     _ = build(folder, Path(folder, "mine.ekb"))
        ...     with on(Path(folder, "mine.ekb"), "sqlite") as tables:
        ...         tables.rows("rules/101")
        []
    """
    target = open_engine(engine, scratch=scratch)
    try:
        with told(target):
            load(target, pack)
            work_out(target, questions=questions)
    except BaseException:
        target.close()
        raise
    return Tables(target)


def load(engine: Engine, pack: str | PathLike[str]) -> None:
    """Load the base tables of a sealed file, or of a folder of Parquet tables."""
    where = fspath(pack)
    if Path(where).is_dir() and not Path(where, f"{META.name}.parquet").exists():
        raise FileNotFoundError(
            f"{where} holds no {META.name}.parquet; give a sealed file, or a folder of Parquet tables"
        )
    if "://" in where or Path(where).is_dir():
        for table in LOADED:
            engine.make(table)
            engine.read(table, f"{where.rstrip('/')}/{table.name}.parquet")
            engine.settle(table)
        return
    connection, _ = open_sealed(Path(where))
    try:
        load_rows(engine, connection)
    finally:
        connection.close()


def load_rows(engine: Engine, connection: sqlite3.Connection) -> None:
    """Load the base tables that an SQLite connection sees."""
    for table in LOADED:
        engine.make(table)
        engine.load(table, _rows(connection, table))
        engine.settle(table)


def work_out(engine: Engine, *, questions: bool = False) -> None:
    """Make the derived tables and fill them, in the order in which a build does it."""
    wanted = {*deriving.FOR_RULES, *(deriving.DERIVED_FOR_QUESTIONS if questions else ())}
    for table in DERIVED:
        if table.name in wanted:
            engine.make(table)
            engine.settle(table)
    for view in VIEWS:
        engine.view(view.name, text(f"derive/{view.name}"))
    deriving.derive_links(engine)
    if questions:
        deriving.derive_order(engine)


def _rows(connection: sqlite3.Connection, table: Table) -> Iterator[tuple[Any, ...]]:
    names = ", ".join(f'"{name}"' for name in table.names)
    return connection.execute(f"SELECT {names} FROM {table.name}")
