"""Briefs on a Spark standalone cluster, a master and two workers on loopback: byte for byte the single brief."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

import evidencekb as ekb
from evidencekb.engines.tables import on
from evidencekb.exports.spark import spark_briefs
from tests.engines import servers

if TYPE_CHECKING:
    from pyspark.sql import DataFrame, SparkSession

pytestmark = [pytest.mark.spark, pytest.mark.slow]


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session on a cluster of a master and two workers: the one that other tests have begun, or a new one."""
    servers.library("pyspark")
    from pyspark.sql import SparkSession

    with ExitStack() as stack:
        made = SparkSession.getActiveSession()
        if made is None:
            url = stack.enter_context(servers.spark(tmp_path_factory.mktemp("spark")))
            builder: Any = SparkSession.builder
            made = builder.master(url).appName("briefs").config("spark.ui.enabled", "false").getOrCreate()
            stack.callback(made.stop)
        made.sparkContext.setLogLevel("ERROR")
        made.sparkContext.pythonExec = sys.executable
        yield made


@pytest.fixture(scope="module")
def kb(sealed_data: Path) -> ekb.KnowledgeBase:
    return ekb.load(sealed_data)


@pytest.fixture(scope="module")
def asked(kb: ekb.KnowledgeBase) -> list[ekb.Question]:
    return list(ekb.questions(kb, at_least="direct"))[:24]


def single(kb: ekb.KnowledgeBase, question: ekb.Question) -> str:
    subjects: dict[str, Any] = {name: ref.id for name, ref in question.asked.items()}
    return ekb.brief(kb, **subjects).to_json(indent=None)


@pytest.mark.filterwarnings("default")  # of pyspark
def test_a_cluster_writes_the_same_bytes_as_the_single_brief(
    session: SparkSession, kb: ekb.KnowledgeBase, asked: list[ekb.Question], tmp_path: Path
) -> None:
    frame = spark_briefs(session, kb, asked, partitions=5)
    frame.select("page").write.text(str(tmp_path / "lines"))
    parts = sorted((tmp_path / "lines").glob("part-*"))
    assert len(parts) == 5
    lines = b"".join(part.read_bytes() for part in parts)
    assert lines == "".join(f"{single(kb, question)}\n" for question in asked).encode()
    frame.write.parquet(str(tmp_path / "columns"))
    rows = session.read.parquet(str(tmp_path / "columns")).orderBy("position").collect()
    assert [(row.position, row.slug) for row in rows] == list(enumerate(question.slug for question in asked))
    assert [f"{row.page}\n" for row in rows] == lines.decode().splitlines(keepends=True)


@pytest.mark.filterwarnings("default")
def test_both_workers_work_and_a_file_that_all_see_is_not_sent(
    session: SparkSession, kb: ekb.KnowledgeBase, asked: list[ekb.Question]
) -> None:
    def where(_: int) -> str:
        time.sleep(0.5)
        return str(Path.cwd())

    assert len(set(session.sparkContext.parallelize(range(8), 8).map(where).collect())) == 2
    rows = spark_briefs(session, kb, asked[:3], "markdown", send=False).collect()
    (first, *_), (page, *_) = rows, ekb.briefs(kb, asked[:1])
    assert (first.digest, first.page) == (page.digest, page.to_markdown())


@pytest.mark.filterwarnings("default")
def test_findings_that_the_engine_found_take_the_place_of_those_of_the_file(
    session: SparkSession, kb: ekb.KnowledgeBase, asked: list[ekb.Question], tmp_path: Path
) -> None:
    subjects = {
        str(place): {name: ref.id for name, ref in question.asked.items()} for place, question in enumerate(asked)
    }
    with on(kb.path, session, scratch=str(tmp_path), questions=True) as tables, tables.asking(subjects):
        bearing = tables.engine.session.table("bearing")  # type: ignore[attr-defined]  # Spark's own
        _compare(session, kb, asked, bearing)


def _compare(session: SparkSession, kb: ekb.KnowledgeBase, asked: list[ekb.Question], bearing: DataFrame) -> None:
    rows = spark_briefs(session, kb, asked, bearing=bearing, partitions=3).collect()
    assert [row.page for row in rows] == [single(kb, question) for question in asked]
    (nothing,) = spark_briefs(session, kb, asked[:1], bearing=bearing.where("question > 0")).collect()
    (page,) = ekb.briefs(kb, asked[:1], bearing=[[]])
    assert nothing.page == page.to_json(indent=None)
