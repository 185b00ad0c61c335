"""A pack's own rules and their seeds: through the function and on the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.seeds.packs import SeedBed
from evidencekb.seeds.report import SeedOutcome
from tests.cli.test_commands import run
from tests.packs import write_pack

RULE = """\
-- code: HOUSE1
-- severity: error
-- title: A survey without a date
-- message: finding '{id}' does not say when people were asked
SELECT 'finding' AS kind, f.id AS id, 'sample' AS path
FROM finding f
WHERE f.design = 'probability_survey' AND f.until = ''
"""
SEEDS = """\
seeds:
  - seed: a survey that was never
    base: course-survey
    given: {sample.period: 2024-03}
    change: {sample.period: null}
    caught: {at: sample, says: when people were asked}
  - seed: a survey of ours that was never
    of: house-survey
    change: {sample.period: null}
    caught: sample
  - seed: an experiment may be at any time
    base: course-trial
    change: {sample.period: null}
    silent: Only surveys need a date.
"""
PACK = """\
concepts:
  - id: house-wish
    kind: outcome
    label: wishes
cohorts:
  - {id: house-people, label: Our customers, meaning: People who buy., unit: people}
definitions:
  - {id: house-asked, of: house-wish, basis: survey_answer, procedure: Share who said yes.}
sources:
  - id: house-report
    kind: report
    title: What our customers want
    url: https://house.example/report
    vendor: vendor
    vendor_reason: We sell what they were asked about.
findings:
  - id: house-survey
    headline: Most want more
    statement: Most customers want more.
    nature: reported
    design: probability_survey
    sample: {counts: [{n: 900, of: customers, level: answered}], period: 2025-05}
    cohorts:
      - {cohort: house-people, fit: exact}
    no_interval: not_seen
    estimates:
      - {id: want, outcome: house-wish, definition: house-asked, measure: proportion, value: 0.8, unit: "1"}
    citations:
      - {source: house-report, role: primary, basis: own_data, prints: {want: 80%}, read: {what: extract, on: 2026-01-15}}
"""


def pack(folder: Path, seeds: str = SEEDS, rule: str = RULE) -> Path:
    files = {"house.yaml": PACK, "rules/survey.sql": rule, "rules/seeds/HOUSE1.yaml": seeds}
    return write_pack(folder, {name: text for name, text in files.items() if text})


def test_a_rule_of_ones_own_is_tried_on_made_up_and_on_own_records(tmp_path: Path) -> None:
    report = ekb.selftest(pack(tmp_path))
    assert report.ok, str(report)
    assert [(result.outcome, result.of) for result in report.results] == [
        (SeedOutcome.CAUGHT, ""), (SeedOutcome.CAUGHT, "house-survey"), (SeedOutcome.SILENT, ""),
    ]  # fmt: skip
    assert report.counts() == {
        "HOUSE1": {"seeds": 3, "real": 1, "caught": 2, "silent": 1, "missed": 0, "false_alarm": 0, "out_of_date": 0}
    }


def test_a_sealed_pack_gives_the_records_that_its_folder_gives(tmp_path: Path) -> None:
    folder = pack(tmp_path / "pack")
    ekb.build(folder, tmp_path / "house.ekb")
    assert SeedBed(tmp_path / "house.ekb").records == SeedBed(folder).records


def test_the_folder_of_seeds_is_no_problem_of_the_pack(tmp_path: Path) -> None:
    assert {v.code for v in ekb.check(pack(tmp_path))} <= {"EKB504"}


def test_what_a_rule_misses_is_shown_with_what_was_found(tmp_path: Path) -> None:
    wrong = SEEDS.replace("caught: sample\n", "caught: headline\n")
    (missed,) = ekb.selftest(pack(tmp_path, wrong)).failed
    assert missed.outcome is SeedOutcome.MISSED
    assert str(missed).splitlines() == [
        "HOUSE1 missed: a survey of ours that was never (house-survey)  rules/seeds/HOUSE1.yaml:7",
        "    wanted: HOUSE1 at finding 'house-survey', headline, records.yaml:40",
        f"    found: {missed.found[0]}",
    ]
    assert missed.found[0].place is not None
    assert missed.found[0].place.line == 44


def test_a_rule_that_does_not_run_says_why(tmp_path: Path) -> None:
    report = ekb.selftest(pack(tmp_path, rule=RULE.replace("FROM finding f", "FROM findings f")))
    (missed, *_) = report.failed
    assert missed.outcome is SeedOutcome.MISSED
    assert "no such table: findings" in str(missed)


def test_the_summary_counts_what_is_wrong_with_the_files(tmp_path: Path) -> None:
    report = ekb.selftest(pack(tmp_path, SEEDS.replace("    of: house-survey", "    off: house-survey")))
    assert report.summary.startswith("2 seeds of 1 rule, ")
    assert report.summary.endswith("; 2 problems with the files")


def test_a_rule_that_finds_too_much_is_a_false_alarm(tmp_path: Path) -> None:
    report = ekb.selftest(
        pack(
            tmp_path, SEEDS.replace("    but: [HOUSE1]\n", ""), RULE.replace("f.design = 'probability_survey' AND ", "")
        )
    )
    assert {result.outcome for result in report.failed} == {SeedOutcome.FALSE_ALARM, SeedOutcome.MISSED}


@pytest.mark.parametrize(
    ("found", "written", "says"),
    [
        ("of: house-survey", "of: house-survei", "no record has the id 'house-survei'; did you mean 'house-survey'"),
        ("base: course-trial", "base: course-tril", "no record has the id 'course-tril'"),
        (
            "{sample.period: null}\n    silent",
            "{sample.palce.city: Oslo}\n    silent",
            "finding 'course-trial' has no 'palce'",
        ),
        ("given: {sample.period: 2024-03}", "given: {design: probability_survey}", "changes nothing"),
    ],
)
def test_a_seed_that_no_longer_fits_says_so(tmp_path: Path, found: str, written: str, says: str) -> None:
    report = ekb.selftest(pack(tmp_path, SEEDS.replace(found, written)))
    (stale,) = [result for result in report.results if result.outcome is SeedOutcome.OUT_OF_DATE]
    assert says in stale.problem
    assert says in str(report)
    assert not report.ok


def test_a_rule_without_seeds_is_told(tmp_path: Path) -> None:
    report = ekb.selftest(pack(tmp_path, ""))
    assert not report.ok
    assert report.unseeded == ("HOUSE1",)
    assert "HOUSE1 has no seed that breaks it" in str(report)


def test_a_rule_that_does_not_run_misses(tmp_path: Path) -> None:
    report = ekb.selftest(pack(tmp_path, rule=RULE.replace("f.until", "f.town")))
    assert {result.outcome for result in report.results} == {SeedOutcome.MISSED, SeedOutcome.FALSE_ALARM}
    assert "no such column: f.town" in str(report)


def test_a_rule_that_cannot_be_read_is_a_problem(tmp_path: Path) -> None:
    report = ekb.selftest(pack(tmp_path, rule=RULE.replace("-- code: HOUSE1\n", "")))
    assert not report.ok
    assert "missing: -- code" in str(report)


@pytest.mark.parametrize(
    ("seeds", "line", "says"),
    [
        ("seeds:\n  - {seed: x, of: y, change: {a: 1}}\n", 2, "write either caught"),
        ("seeds:\n  - {seed: x, of: y, change: {a: 1}, caught: a, silent: b}\n", 2, "write either caught"),
        ("seeds:\n  - {seed: x, of: y, caught: a}\n", 2, "write what is changed"),
        ("seeds:\n  - {seed: x, change: {a: 1}, caught: a}\n", 2, "need 'of' or 'base'"),
        ("seeds:\n  - {seed: x, of: y, base: z, change: {a: 1}, caught: a}\n", 2, "write one of"),
        ("seeds:\n  - {seed: x, of: y, change: {a: 1}, caught: []}\n", 2, "caught names no place"),
        ("seeds:\n  - {seed: x, of: y, rewrite: {a: b}, caught: a}\n", 2, "rewrite is for seeds made of texts"),
        (
            "seeds:\n  - seed: x\n    of: y\n    chnage: {a: 1}\n    change: {a: 1}\n    caught: a\n",
            4,
            "did you mean 'change'",
        ),
        ("seeds:\n  - x\n", 2, "a seed is a mapping of fields"),
        ("seed:\n  - x\n", 0, "holds one list, 'seeds'"),
        ("seeds:\n  - !x y\n", 2, "tag"),
        (SEEDS + SEEDS.partition("\n")[2], 15, "two seeds are called"),
    ],
)
def test_a_file_of_seeds_that_cannot_be_read_says_where(tmp_path: Path, seeds: str, line: int, says: str) -> None:
    report = ekb.selftest(pack(tmp_path, seeds))
    problem = report.problems[0]
    assert says in problem.message
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("rules/seeds/HOUSE1.yaml", line)
    assert not report.ok


def test_seeds_of_no_rule_are_a_problem(tmp_path: Path) -> None:
    folder = write_pack(pack(tmp_path), {"rules/seeds/HOUSE2.yaml": SEEDS})
    report = ekb.selftest(folder)
    assert {result.rule for result in report.results} == {"HOUSE1"}
    assert [problem.message for problem in report.problems] == [
        "there is no rule HOUSE2; a file of seeds is named as its rule"
    ]
    assert not report.ok


def test_other_files_among_seeds_are_told(tmp_path: Path) -> None:
    folder = write_pack(pack(tmp_path), {"rules/seeds/notes.txt": "x"})
    assert "seeds stand in .yaml files" in ekb.selftest(folder).problems[0].message


def test_a_seed_never_writes_outside_its_own_folder(tmp_path: Path) -> None:
    seeds = 'seeds:\n  - {seed: x, files: {"../../out.yaml": "a: b"}, rewrite: {a: c}, caught: {line: "c: b"}}\n'
    (result,) = ekb.selftest(pack(tmp_path, seeds)).results
    assert "outside of the tiny pack" in result.problem


def test_a_pack_without_rules_a_file_and_an_unknown_code_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ekb.QuestionError, match="has no rules of its own"):
        ekb.selftest(write_pack(tmp_path / "bare", {}))
    with pytest.raises(NotADirectoryError, match="is a file"):
        ekb.selftest(tmp_path / "bare" / "pack.yaml")
    with pytest.raises(FileNotFoundError, match="no such folder"):
        ekb.selftest(tmp_path / "nowhere")
    with pytest.raises(ekb.UnknownIdError, match="no rule has the id 'HOUSE7'"):
        ekb.selftest(pack(tmp_path), codes=["HOUSE7"])


def test_progress_counts_the_seeds(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    ekb.selftest(pack(tmp_path), progress=lambda done, total: told.append((done, total)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_command_line_exits_0_1_and_2(tmp_path: Path) -> None:
    good = run("rule", "--selftest", pack(tmp_path / "good"))
    assert good.returncode == 0, good.stderr
    assert good.stdout.splitlines()[1].split() == ["HOUSE1", "3", "1", "2", "0", "1", "0", "0"]
    assert "2 of 2 defects caught" in good.stdout
    bad = run("rule", "--selftest", pack(tmp_path / "bad", rule=RULE.replace("= ''", "= 'x'")))
    assert bad.returncode == 1
    assert "HOUSE1 missed: a survey that was never" in bad.stdout
    assert run("rule", "--selftest", tmp_path / "nowhere").returncode == 2
    assert run("rule", "--selftest", "999").returncode == 2
    assert run("rule", "--selftest", tmp_path / "good", tmp_path / "bad").returncode == 2


def test_one_rule_of_the_library_as_json() -> None:
    done = run("rule", "402", "--selftest", "--format", "json")
    assert done.returncode == 0, done.stdout
    told = json.loads(done.stdout)
    assert told["ok"] is True
    assert set(told["rules"]) == {"EKB402"}
    assert {seed["outcome"] for seed in told["seeds"]} == {"caught", "silent"}


def test_several_rules_are_explained_one_after_the_other() -> None:
    done = run("rule", "101", "402")
    assert [line[:6] for line in done.stdout.splitlines() if line.startswith("EKB")] == ["EKB101", "EKB402"]
    assert [rule["code"] for rule in json.loads(run("rule", "101", "402", "--format", "json").stdout)] == [
        "EKB101",
        "EKB402",
    ]
