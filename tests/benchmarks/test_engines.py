"""The contenders of the benchmarks do the same work: they find the same faults and give the same answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest

from benchmarks.engines import rendering
from benchmarks.engines.__main__ import main, size
from benchmarks.engines.child import checked, done
from benchmarks.engines.contenders import ASK, CHECK, CONTENDERS, OURS, SMALL, Contender, find
from benchmarks.engines.goals import goals
from benchmarks.engines.measuring import Laps, at
from benchmarks.engines.packs import KINDS, Faults, Pack
from benchmarks.engines.plotting import Line, plot
from benchmarks.engines.running import Bench, run_all, versions

# What answers questions keeps its connection until the process ends; a child is one process.
pytestmark = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")

# Every way of being broken is there from the 551st finding on.
FINDINGS = 600
ASKED = 25


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("packs")


@pytest.fixture(scope="module")
def broken(work: Path) -> Pack:
    return Pack(work, FINDINGS, broken=True)


@pytest.fixture(scope="module")
def sound(work: Path) -> Pack:
    pack = Pack(work, FINDINGS)
    done("seal", OURS, pack, 1)
    return pack


def contenders(work: str) -> list[Any]:
    return [
        pytest.param(
            contender,
            id=contender.name,
            marks=[
                pytest.mark.skipif(bool(contender.missing()), reason=f"no {', '.join(contender.missing())}"),
                *([pytest.mark.slow] if contender.most <= SMALL else []),
            ],
        )
        for contender in CONTENDERS
        if contender.work == work
    ]


@pytest.mark.parametrize("contender", contenders(CHECK))
def test_each_contender_lists_what_is_broken_and_nothing_else(contender: Contender, broken: Pack) -> None:
    measured = checked(broken, contender.call())

    assert measured["differs"] == {}
    counts = {code: len(ids) for code, ids in broken.truth.items()}
    assert measured["faults"] == ({} if "no rules" in contender.note else counts)


def test_a_contender_that_misses_a_fault_or_makes_one_up_is_told(broken: Pack) -> None:
    def careless(pack: Pack, laps: Laps) -> Faults:
        found = find(CHECK, "msgspec").call()(pack, laps)
        return {**found, "EKB102": set(), "EKB301": found["EKB301"] | {"finding-599"}}

    pytest.importorskip("msgspec")
    differs = checked(broken, careless)["differs"]

    assert differs == {"EKB102 missed": sorted(broken.truth["EKB102"])[:5], "EKB301 wrong": ["finding-599"]}


@pytest.mark.parametrize("contender", [param for param in contenders(ASK) if param.id != OURS])
def test_each_contender_gives_the_answers_of_the_library(contender: Contender, sound: Pack) -> None:
    ours, theirs = (each.call()(sound, Laps()) for each in (find(ASK, OURS), contender))
    _, questions = sound.questions()
    asked = [kind(question) for kind in KINDS.values() for question in questions[:ASKED]]

    answers = [ours(question) for question in asked]

    assert [theirs(question) for question in asked] == answers
    assert sum(len(answer) == 3 for answer in answers) > ASKED, "questions that nothing answers compare nothing"


def test_questions_are_the_same_each_time_and_reach_up_the_hierarchy(sound: Pack, tmp_path: Path) -> None:
    warming, questions = sound.questions()

    assert Pack(tmp_path, FINDINGS).questions() == (warming, questions)
    assert len(questions) == 2_000
    assert {"cohort-00", "cohort-49"} < {question.cohort for question in questions}


def test_a_run_that_takes_too_long_is_stopped(sound: Pack, work: Path) -> None:
    bench = Bench(work, 0.01, print)

    assert bench.child(CHECK, "rdflib", sound) == {"over": 0.01}


def test_a_run_that_fails_says_why(work: Path) -> None:
    told = Bench(work, 60, print).child(CHECK, "nobody", Pack(work, 10))

    assert told["failed"].endswith("no contender 'nobody' for 'check'\"")


def test_results_are_kept_and_measured_again_only_for_another_version(tmp_path: Path) -> None:
    told: list[str] = []
    bench = Bench(tmp_path, 60, told.append)
    sqlite = find(CHECK, "sqlite")

    run_all(bench, [50], 2, ["sqlite"], [CHECK])
    assert [line.rpartition(":")[0] for line in told] == [
        "50: SQLite in memory, SQL (check), broken pack",
        "50: SQLite in memory, SQL (check), round 1",
        "50: SQLite in memory, SQL (check), round 2",
    ]
    told.clear()
    run_all(bench, [50], 2, ["sqlite"], [CHECK])
    assert told == []

    kept = bench.kept(sqlite, 50)
    held = json.loads(kept.read_text(encoding="utf-8"))
    assert held["versions"] == versions(sqlite)
    kept.write_text(json.dumps({**held, "versions": {"SQLite": "another"}}), encoding="utf-8")
    assert bench.runs(sqlite, 50) == []


def test_a_contender_that_was_stopped_is_not_run_again_nor_at_larger_sizes(tmp_path: Path) -> None:
    told: list[str] = []
    bench = Bench(tmp_path, 0.01, told.append)

    for _ in range(2):
        run_all(bench, [20, 30], 2, ["rdflib"], [CHECK])

    assert told == ["20: rdflib, SPARQL (check), broken pack: > 0.01 s"]


def test_the_page_keeps_its_words_and_gets_tables_and_a_plot(tmp_path: Path) -> None:
    page = tmp_path / rendering.PAGE
    page.write_text(f"Before.\n\n{rendering.BEGIN}\nold\n{rendering.END}\nAfter.\n", encoding="utf-8")
    results = tmp_path / "results"
    results.mkdir()
    for name, taken in ((OURS, 0.4), ("sqlite", 1.0)):
        runs = [
            {
                "laps": {"load": taken * factor},
                "cpu": {"load": taken},
                "stages": {"reading": taken / 2},
                "memory": 30,
                "faults": {},
                "differs": {},
            }
            for factor in (1, 2, 3)
        ]
        held = {"versions": versions(find(CHECK, name)), "runs": runs}
        (results / f"check.{name}.1000.json").write_text(json.dumps(held), encoding="utf-8")

    main(["--render", "--work", str(tmp_path), "--docs", str(tmp_path)])

    written = page.read_text(encoding="utf-8")
    assert written.startswith("Before.\n")
    assert written.endswith("After.\n")
    assert "old" not in written
    assert "| SQLite in memory, SQL | **2.50×** 2.00 (1.00–3.00) | 30 at 1k |" in written
    assert "SQLite in memory" in (tmp_path / rendering.PLOT).read_text(encoding="utf-8")


def test_goals_are_met_or_not() -> None:
    class Made:
        def median(
            self, contender: Contender, findings: int, value: Callable[[dict[str, Any]], float], /
        ) -> float | None:
            if contender.work != CHECK or contender.name not in (OURS, "shacl"):
                return None
            ours = {10_000: 0.5, 100_000: 8.0}.get(findings)
            return ours and (ours if contender.name == OURS else 1.0)

    assert [(what, shown, met) for what, _, shown, met in goals(Made())] == [
        ("check and build, 10,000", "0.5×", True),
        ("check and build, 100,000", "8×", False),
        ("growth of check and build, 10,000 to 100,000", "1.20", False),
    ]


def test_a_plot_has_a_line_for_each_contender_with_its_label() -> None:
    drawn = plot([("seconds", [Line("a < b", [(1_000, 0.01), (10_000, 0.1)]), Line("c", [(1_000, 2)])]), ("none", [])])

    root = ElementTree.fromstring(drawn)
    texts = [text.text for text in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {"seconds", "a < b", "c", "1,000", "0.01"} <= set(texts)
    assert "none" not in texts
    lines = [line.get("points") for line in root.iter("{http://www.w3.org/2000/svg}polyline")]
    assert lines[0] == "60.0,400.0 420.0,280.0"


def test_sizes_and_percentiles() -> None:
    assert [size("300"), size("10k"), size("1M")] == [300, 10_000, 1_000_000]
    assert at([5.0, 1.0, 3.0], 0.5) == 3.0
    assert at([1.0], 0.99) == 1.0
