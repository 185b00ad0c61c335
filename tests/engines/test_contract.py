"""One set of SQL texts: every engine gives the rows and the violations that SQLite gives."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from benchmarks.generator import Generated
from evidencekb import audit, load
from evidencekb.engines import deriving
from evidencekb.engines.adapter import Engine
from evidencekb.engines.schema import ASKING, BY_NAME, TABLES, Table
from evidencekb.engines.spark import Spark
from evidencekb.engines.tables import load as load_tables
from evidencekb.engines.tables import work_out
from evidencekb.engines.texts import names, text
from evidencekb.exports import export_tables
from tests.engines import servers
from tests.engines.conftest import ALL, OTHERS, Asked
from tests.records import built
from tests.studied import finding, linked, pack, source, support

Ask = Callable[[str, str], Asked]
Openers = Callable[[str], Engine]

BEST = "SELECT r.finding FROM ranked r WHERE r.rank <= 5 ORDER BY r.rank"
ANSWERING = """
SELECT a.finding, a.estimate, r.rank FROM answering a JOIN ranked r ON r.finding = a.finding
WHERE a.aspect = ? AND a.wanted = ? ORDER BY r.rank, a.estimate LIMIT 5
"""
PACKS = ["shipped", "generated"]
LETTERS = Table("letters", ("letter", "weight INTEGER NOT NULL"))


@pytest.fixture
def engine(openers: Openers, request: pytest.FixtureRequest) -> Engine:
    return openers(request.param)


# The two packs


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", OTHERS)
def test_every_text_gives_the_same_rows(ask: Ask, name: str, pack: str) -> None:
    here, there = ask("sqlite", pack), ask(name, pack)
    assert there.counts == here.counts
    assert there.digests == here.digests
    assert here.digests.keys() >= {*names("rules"), *names("skipped"), "reach", *deriving.DERIVED_BEFORE_RULES}


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", OTHERS)
def test_every_violation_reads_the_same(ask: Ask, name: str, pack: str) -> None:
    assert ask(name, pack).violations == ask("sqlite", pack).violations


@pytest.mark.parametrize("name", ALL)
def test_what_was_broken_on_purpose_is_found(ask: Ask, generated: Generated, name: str) -> None:
    by_texts = {f"EKB{rule.rpartition('/')[2]}" for rule in names("rules")}
    wanted = [(code, id) for code, id in generated.broken if code in by_texts]
    assert len(wanted) > 150
    said = ask(name, "generated").violations
    told = {code: "\n".join(line for line in said if f"[{code}]" in line) for code, _ in wanted}
    assert [(code, id) for code, id in wanted if f"'{id}'" not in told[code]] == []


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", OTHERS)
def test_sets_of_questions_are_answered_alike(ask: Ask, name: str, pack: str) -> None:
    here, there = ask("sqlite", pack), ask(name, pack)
    for asked in names("ask"):
        assert there.digests[asked] == here.digests[asked], asked
    assert {asked for asked in names("ask") if not here.counts[asked]} == {"ask/gaps"}  # neither pack records one


@pytest.mark.parametrize("pack", PACKS)
@pytest.mark.parametrize("name", OTHERS)
def test_the_strongest_findings_are_the_same(ask: Ask, name: str, pack: str) -> None:
    here, there = list(ask("sqlite", pack).engine.select(BEST)), list(ask(name, pack).engine.select(BEST))
    assert len(here) == 5
    assert there == here


@pytest.mark.parametrize("name", OTHERS)
def test_what_answers_an_aspect_best_is_the_same(ask: Ask, name: str) -> None:
    here = list(ask("sqlite", "generated").engine.select(ANSWERING, ("aspect-2", 0)))
    assert len(here) == 5
    assert list(ask(name, "generated").engine.select(ANSWERING, ("aspect-2", 0))) == here


@pytest.mark.parametrize("engine", ALL, indirect=True)
def test_a_gap_speaks_of_what_lies_below_its_subjects(engine: Engine) -> None:
    rows: dict[str, list[tuple[str | int, ...]]] = {
        "asked": [("q", "role", "nurse"), ("r", "role", "pilot")],
        "concept": [("carer", "role", "", ""), ("nurse", "role", "", ""), ("pilot", "role", "", "")],
        "closure": [("concept", "carer", "nurse", 1), ("concept", "pilot", "pilot", 0)],
        "gap_about": [("no-wages", "carer"), ("no-trials", "carer"), ("no-trials", "pilot")],
    }
    for table in (*ASKING, *TABLES):
        if table.name in rows:
            engine.make(table)
            engine.load(table, rows[table.name])
    assert list(engine.select(text("ask/gaps"))) == [{"question": "q", "gap": "no-wages"}]


@pytest.mark.parametrize("engine", ALL, indirect=True)
def test_what_counts_once_is_found(engine: Engine, tmp_path: Path) -> None:
    records = pack(**linked("includes"), sources__0__authors=[{"family": "Lind"}], findings__0__sample__place="Oslo")
    records["sources"] += [source("third2025", work="audit"), source("fourth2025", authors=[{"family": "Lind"}])]
    records["findings"] += [finding("third", "third2025"), finding("fourth", "fourth2025")]
    records["findings"][-1]["sample"]["place"] = "Oslo"
    records["claims"][0]["supports"] = support("audit-2024-replies", "second", "third", "fourth")
    built(tmp_path, records).close()
    load_tables(engine, tmp_path / "records.ekb")
    work_out(engine)
    assert list(engine.select("SELECT DISTINCT strict, lenient FROM study ORDER BY strict")) == [
        {"strict": "audit-2024-replies", "lenient": "audit-2024-replies"},
        {"strict": "second", "lenient": "second"},
    ]
    assert list(engine.select("SELECT study, held FROM pooled")) == [{"study": "second", "held": "audit-2024-replies"}]
    assert [row["findings"] for row in engine.select(text("rules/106"))] == [4]
    found = {(row["item"], row["variant"], row["other"]) for row in engine.select(text("rules/110"))}
    assert found == {
        ("second", "pool", "audit-2024-replies"),
        ("third", "versions", "audit-2024-replies"),
        ("fourth", "team", "audit-2024-replies"),
    }


@pytest.mark.parametrize("name", ALL)
def test_a_value_is_bound_and_never_becomes_sql(ask: Ask, name: str) -> None:
    engine = ask(name, "shipped").engine
    for hostile in ("' OR '1' = '1", "'; DROP TABLE finding; --", '%s ? :a \\\' "x"'):
        assert list(engine.select("SELECT f.id FROM finding f WHERE f.id = ?", (hostile,))) == []
    assert next(engine.select("SELECT COUNT(*) AS n FROM finding f"))["n"] > 100


# What differs between engines, and is cast or stated


@pytest.mark.parametrize("engine", ALL, indirect=True)
def test_texts_are_ordered_by_their_bytes_and_sums_are_integers(engine: Engine) -> None:
    engine.make(LETTERS)
    engine.load(LETTERS, [("a", 2), ("B", 3), ("_", 2_000_000_000), ("é", 2_000_000_000), ("Z", 1)])
    rows = list(engine.select("SELECT l.letter FROM letters l ORDER BY l.letter"))
    assert [row["letter"] for row in rows] == ["B", "Z", "_", "a", "é"]
    (row,) = engine.select("SELECT MAX(l.letter) AS last, SUM(l.weight) AS weight, 2 > 1 AS yes FROM letters l")
    assert row == {"last": "é", "weight": 4_000_000_006, "yes": 1}
    assert {name: type(value) for name, value in row.items()} == {"last": str, "weight": int, "yes": int}


@pytest.mark.parametrize("engine", ALL, indirect=True)
def test_rows_are_added_in_parts_and_swapped_for_what_reads_them(engine: Engine) -> None:
    engine.make(LETTERS)
    engine.load(LETTERS, [("a", 1)])
    engine.load(LETTERS, [])
    engine.load(LETTERS, ((f"b{n}", n) for n in range(6_000)))
    engine.load(LETTERS, [("c", 2), ("tab\tand\nline\\N", 3)])
    (row,) = engine.select("SELECT COUNT(*) AS rows_held, COUNT(DISTINCT l.letter) AS letters FROM letters l")
    assert row == {"rows_held": 6_003, "letters": 6_003}
    engine.swap(
        "letters", "SELECT l.letter, l.weight + 1 AS weight FROM letters l WHERE l.weight > 5998 OR l.weight = 3"
    )
    assert sorted(tuple(row.values()) for row in engine.select("SELECT * FROM letters")) == [
        ("b3", 4), ("b5999", 6_000), ("tab\tand\nline\\N", 4),
    ]  # fmt: skip
    engine.drop("letters")


@pytest.mark.parametrize("name", ALL)
def test_a_chain_is_followed_33_steps_and_a_loop_ends(openers: Openers, name: str) -> None:
    engine = openers(name)
    assert followed(engine, 40) == followed_from_start(33)


@pytest.mark.spark
@pytest.mark.slow
def test_many_edges_are_followed_on_the_cluster(openers: Openers) -> None:
    engine = openers("spark")
    assert isinstance(engine, Spark)
    engine.edges_on_driver = 0
    assert followed(engine, 3) == followed_from_start(3)


def followed(engine: Engine, steps: int) -> list[tuple[str, str, int]]:
    """What is reached from the start of a chain, from a loop of two, and from a tail that leads into it."""
    chain = [("chain", "f", f"n{n}", f"n{n + 1}") for n in range(steps)]
    loop = [("cohort", "", "a", "b"), ("cohort", "", "b", "a"), ("cohort", "", "tail", "a")]
    for table in ("edge", "reach"):
        engine.make(BY_NAME[table])
    engine.load(BY_NAME["edge"], [*chain, *loop, loop[0]])
    engine.follow()
    rows = list(engine.select("SELECT r.origin, r.target, r.steps FROM reach r WHERE r.origin IN ('n0', 'a', 'tail')"))
    return sorted((row["origin"], row["target"], row["steps"]) for row in rows)


def followed_from_start(steps: int) -> list[tuple[str, str, int]]:
    chain = [("n0", f"n{n}", n) for n in range(1, steps + 1)]
    return sorted([*chain, ("a", "b", 1), ("a", "a", 2), ("tail", "a", 1), ("tail", "b", 2)])


# Packs as an auditor has them


@pytest.fixture(scope="module")
def parquet(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    servers.library("pyarrow")
    folder = tmp_path_factory.mktemp("tables") / "shipped"
    with load(shipped) as kb:
        export_tables(kb, folder)
    return folder


@pytest.mark.parametrize("name", ALL)
def test_a_folder_of_parquet_tables_is_as_good_as_the_sealed_file(
    openers: Openers, shipped: Path, parquet: Path, name: str
) -> None:
    assert audit(parquet, openers(name)) == audit(shipped, "sqlite")


def test_the_tables_of_a_folder_are_those_of_the_file(shipped: Path, parquet: Path) -> None:
    import pyarrow.parquet as pq

    with closing(sqlite3.connect(shipped)) as connection:
        for path in parquet.glob("*.parquet"):
            held = pq.read_table(path)
            rows = connection.execute(f"SELECT * FROM {path.stem}").fetchall()
            assert sorted(zip(*held.to_pydict().values(), strict=True)) == sorted(rows), path.stem
