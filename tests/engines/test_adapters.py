"""What is said when an engine is absent, cannot be reached, or is given tables that are none."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from evidencekb import EngineError, audit, load
from evidencekb.engines.adapter import Engine, told
from evidencekb.engines.schema import BY_NAME
from evidencekb.engines.tables import open_engine
from evidencekb.exports import export_tables
from tests.engines import servers
from tests.engines.conftest import ALL

Openers = Callable[[str], Engine]


@pytest.fixture
def parquet(shipped: Path, tmp_path: Path) -> Path:
    servers.library("pyarrow")
    with load(shipped) as kb:
        export_tables(kb, tmp_path / "tables")
    return tmp_path / "tables"


@pytest.mark.parametrize(
    ("where", "library", "extra"),
    [("duckdb", "duckdb", "duckdb"), ("postgresql://x", "psycopg", "postgres"), ("local[2]", "pyspark.sql", "spark")],
)
def test_a_library_that_is_absent_names_its_extra(
    where: str, library: str, extra: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    monkeypatch.setitem(sys.modules, library.partition(".")[0], None)
    with pytest.raises(EngineError, match=rf"pip install 'evidencekb\[{extra}\]'"):
        open_engine(where)


def test_an_engine_that_is_none_is_refused_by_name() -> None:
    with pytest.raises(EngineError, match="oracle: no such engine; there are sqlite, duckdb"):
        open_engine("oracle")


@pytest.mark.postgres
def test_a_server_that_does_not_answer_is_named() -> None:
    servers.library("psycopg")
    with pytest.raises(EngineError, match=r"postgres: no connection: .*refused"):
        open_engine("postgresql://127.0.0.1:1/x")


@pytest.mark.spark
def test_a_cluster_without_a_folder_that_all_see_is_refused() -> None:
    servers.library("pyspark")
    with pytest.raises(EngineError, match="need a folder that all see; name a scratch"):
        open_engine("spark://127.0.0.1:1")


def test_a_folder_that_holds_no_tables_is_refused(repo: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"data holds no meta\.parquet; give a sealed file"):
        audit(repo / "data", "sqlite")


@pytest.mark.parametrize("name", ALL)
def test_a_table_that_is_absent_is_not_an_empty_one(openers: Openers, parquet: Path, name: str) -> None:
    (parquet / "finding.parquet").unlink()
    with pytest.raises(EngineError, match=r"finding\.parquet"):
        audit(parquet, openers(name))


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("fault", ["column", "absent", "kind"])
def test_a_table_of_another_form_is_refused(openers: Openers, parquet: Path, name: str, fault: str) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    path = parquet / "citation.parquet"
    table = pq.read_table(path)
    at = table.schema.get_field_index("position")
    if fault == "column":
        table = table.drop_columns(["position"])
    elif fault == "absent":
        table = table.set_column(at, "position", pa.nulls(len(table), pa.int32()))
    else:
        table = table.set_column(at, "position", pa.array(["first"] * len(table)))
    pq.write_table(table, path)
    engine = openers(name)
    with pytest.raises(EngineError), told(engine):
        read(engine, path)


@pytest.mark.parametrize("name", ALL)
def test_a_table_may_be_a_folder_of_files(openers: Openers, parquet: Path, name: str) -> None:
    import pyarrow.parquet as pq

    path = parquet / "citation.parquet"
    table = pq.read_table(path)
    path.unlink()
    path.mkdir()
    for part, start in enumerate(range(0, len(table), 100)):
        pq.write_table(table.slice(start, 100), path / f"part-{part}.parquet")
    assert read(openers(name), path) == (len(table), sum(table.column("position").to_pylist()))


def read(engine: Engine, path: Path) -> tuple[int, int]:
    """Read citations from Parquet: how many there are, and the sum of their positions."""
    engine.make(BY_NAME["citation"])
    engine.read(BY_NAME["citation"], str(path))
    (row,) = engine.select("SELECT COUNT(*) AS citations, SUM(c.position) AS positions FROM citation c")
    return row["citations"], row["positions"]
