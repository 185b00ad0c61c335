"""Spark: a session that is there, one on this machine, or a standalone cluster."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from itertools import count as counted
from pathlib import Path
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from evidencekb.engines.adapter import Engine, Rows, Values, plain
from evidencekb.engines.arrow import arrow_tables, schema_of
from evidencekb.engines.schema import BY_NAME, Table
from evidencekb.engines.sqlite import SQLite, open_memory
from evidencekb.errors import EngineError
from evidencekb.extras import needed

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

EDGES_ON_DRIVER = 2_000_000
"""Up to so many edges are followed on the driver, in SQLite and by the same texts; beyond, each hop is a job."""
_PARTITIONS = "spark.sql.shuffle.partitions"
_FEW = 5_000
"""Up to so many rows are sent along with each question: writing them down takes longer."""


class Spark(Engine):
    """Tables as views that only its own session sees, over Parquet files: those given, or made in a scratch folder.

    A plan that was never written down doubles with each hop, so every table that is worked out is written and read back.

    Attributes:
        session: Spark's own, for SQL of one's own.
        edges_on_driver: How many edges are followed on the driver at most.
    """

    name = "spark"

    def __init__(
        self, where: str | SparkSession, *, scratch: str | None = None, edges_on_driver: int = EDGES_ON_DRIVER
    ) -> None:
        needed("pyarrow", "spark")
        self._library = needed("pyspark.sql", "spark")
        self.errors = needed("pyspark.errors", "spark").PySparkException
        self.edges_on_driver = edges_on_driver
        self._scratch = _folder(where if isinstance(where, str) else where.sparkContext.master, scratch)
        given, self._stop = self._opened(where)
        self.session = given.newSession()
        # A new session knows what the cluster was started with, and not what was set since.
        self.session.conf.set(_PARTITIONS, given.conf.get(_PARTITIONS))
        self._numbers = counted()
        self._tables: dict[str, Table] = {}
        self._parts: dict[str, list[str]] = {}
        self._loose: dict[str, tuple[int, DataFrame]] = {}

    def make(self, table: Table) -> None:
        """See :meth:`Engine.make`."""
        self._tables[table.name] = table
        self._parts[table.name] = []
        self._loose.pop(table.name, None)
        empty = schema_of(table, "spark").empty_table()
        self.session.createDataFrame(empty).createOrReplaceTempView(table.name)

    def load(self, table: Table, rows: Rows) -> None:
        """See :meth:`Engine.load`.

        Raises:
            EngineError: If what was written cannot all be read back: then not all workers see the scratch folder.
        """
        for part in arrow_tables(table, rows, "spark"):
            count, frame = part.num_rows, self.session.createDataFrame(part)
            if loose := self._loose.pop(table.name, None):
                count, frame = count + loose[0], loose[1].union(frame)
            if count <= _FEW and not self._parts[table.name]:
                frame.createOrReplaceTempView(table.name)
                self._loose[table.name] = count, frame
            else:
                self._write(table, frame, count)

    def read(self, table: Table, path: str) -> None:
        """See :meth:`Engine.read`. The files stay where they are; a value that is absent is found when a text reads it."""
        functions = self._library.functions
        where = Path(path).resolve().as_uri() if Path(path).exists() else path
        absent = functions.raise_error(functions.lit(f"a value is absent in {path}"))
        try:
            frame = self.session.read.parquet(where).select(*(
                functions.coalesce(functions.col(name).cast(kind), absent).alias(name) for name, kind in _kinds(table)
            ))  # fmt: skip
        except self.errors as problem:
            raise EngineError("spark", f"{path} cannot be read as the table {table.name}: {problem}") from problem
        frame.createOrReplaceTempView(table.name)

    def settle(self, table: Table) -> None:
        """See :meth:`Engine.settle`. Parquet files carry their statistics."""

    def keep(self, table: str, statement: str) -> None:
        """See :meth:`Engine.keep`."""
        made = self._tables[table]
        if loose := self._loose.pop(table, None):
            self._write(made, loose[1])
        frame = self.session.sql(statement).toDF(*made.names)
        self._write(made, frame.selectExpr(*(f"CAST(`{name}` AS {kind}) AS `{name}`" for name, kind in _kinds(made))))

    def view(self, name: str, statement: str) -> None:
        """See :meth:`Engine.view`."""
        # By a statement: a frame would keep the tables as they are now, and some are filled later.
        self.session.sql(f"CREATE OR REPLACE TEMPORARY VIEW {name} AS {statement}")

    def swap(self, table: str, statement: str) -> None:
        """See :meth:`Engine.swap`."""
        where = f"{self._scratch}/{table}-{next(self._numbers)}"
        self.session.sql(statement).write.parquet(where)
        self.session.read.parquet(where).createOrReplaceTempView(table)

    def drop(self, table: str) -> None:
        """See :meth:`Engine.drop`."""
        self.session.catalog.dropTempView(table)

    def follow(self) -> None:
        """See :meth:`Engine.follow`. A job takes a second and there may be 33 hops, so a few edges are better followed here."""
        if self.session.table("edge").count() > self.edges_on_driver:
            super().follow()
            return
        edge, reach = BY_NAME["edge"], BY_NAME["reach"]
        here = SQLite(open_memory())
        try:
            for table in (edge, reach):
                here.make(table)
            here.load(
                edge, (tuple(row.values()) for row in self.select("SELECT kind, scope, origin, target FROM edge"))
            )
            here.follow()
            self.load(reach, here.connection.execute("SELECT kind, scope, origin, target, steps FROM reach"))
        finally:
            here.close()

    def select(self, statement: str, values: Values = ()) -> Iterator[dict[str, Any]]:
        """See :meth:`Engine.select`."""
        frame = self.session.sql(statement, args=list(values)) if values else self.session.sql(statement)
        for row in frame.collect():
            yield {name: plain(value) for name, value in row.asDict().items()}

    def close(self) -> None:
        """Remove the scratch folder, and stop the session if it was started here."""
        for view in self.session.catalog.listTables():
            self.session.catalog.dropTempView(view.name)
        java = self.session.sparkContext._jvm.org.apache.hadoop.fs
        folder = java.Path(self._scratch)
        folder.getFileSystem(self.session.sparkContext._jsc.hadoopConfiguration()).delete(folder, True)
        self._stop()

    def _write(self, table: Table, frame: DataFrame, expected: int | None = None) -> None:
        where = f"{self._scratch}/{table.name}-{next(self._numbers)}"
        frame.write.parquet(where)
        read = self.session.read.schema(_schema(table))
        if expected is not None and (written := read.parquet(where).count()) != expected:
            raise EngineError(
                "spark",
                f"{written} of {expected} rows can be read back from {where}; name a folder that all workers see",
            )
        self._parts[table.name].append(where)
        read.parquet(*self._parts[table.name]).createOrReplaceTempView(table.name)

    def _opened(self, where: str | SparkSession) -> tuple[SparkSession, Any]:
        """A session, and how to leave it."""
        if not isinstance(where, str):
            return where, _nothing
        if there := self._library.SparkSession.getActiveSession():
            raise EngineError(
                "spark",
                f"this program has a session on {there.sparkContext.master}; give it instead of {where!r}, or stop it",
            )
        builder = self._library.SparkSession.builder.master(where).appName("evidencekb").config(map={
            "spark.ui.enabled": "false", "spark.ui.showConsoleProgress": "false",
        })  # fmt: skip
        try:
            session = builder.getOrCreate()
        except Exception as problem:  # Java's own come through in many classes
            why = str(problem).splitlines()[0]
            raise EngineError("spark", f"no session on {where}; is there a Java 17, and a master? {why}") from problem
        session.sparkContext.setLogLevel("ERROR")
        if not session.sparkContext.getConf().contains(_PARTITIONS):
            session.conf.set(_PARTITIONS, max(2, 2 * session.sparkContext.defaultParallelism))
        return session, session.stop


def _folder(master: str, scratch: str | None) -> str:
    """The address of a new folder for tables, which all workers must see."""
    if scratch is None and not master.startswith("local"):
        raise EngineError(
            "spark", f"the workers of {master} and this program need a folder that all see; name a scratch"
        )
    if scratch is None:
        return Path(tempfile.mkdtemp(prefix="evidencekb-")).resolve().as_uri()
    base = Path(scratch).resolve().as_uri() if Path(scratch).is_dir() else scratch.rstrip("/")
    return f"{base}/evidencekb-{uuid4().hex}"


def _nothing() -> None:
    return None


def _kinds(table: Table) -> Iterator[tuple[str, str]]:
    return ((name, "int" if name in table.integers else "string") for name in table.names)


def _schema(table: Table) -> str:
    return ", ".join(f"`{name}` {kind}" for name, kind in _kinds(table))
