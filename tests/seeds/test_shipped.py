"""The seeds that ship: each holds, each can fail, and together they cover what the rules say."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.rules import Rule, base_pack, rules
from evidencekb.seeds import running
from evidencekb.seeds.packs import TEXTS
from evidencekb.seeds.reading import Planted
from evidencekb.seeds.report import SeedOutcome

CODES = list(rules())

Checked = Callable[[Path], ekb.Report]


@pytest.fixture(scope="module")
def kit() -> running.Kit:
    """The seeds, and the records of the shipped pack, read once."""
    return running.shipped_kit()


@pytest.fixture(scope="module")
def checked() -> Checked:
    """What ``check`` finds in a tiny pack, remembered by its files: several tests run the same seeds."""
    known: dict[str, ekb.Report] = {}

    def check(folder: Path) -> ekb.Report:
        files = sorted(path for path in folder.rglob("*") if path.is_file())
        key = repr([(path.relative_to(folder), path.read_bytes()) for path in files])
        if key not in known:
            known[key] = ekb.check(folder, today=running.DAY)
        return known[key]

    return check


@pytest.fixture
def checking(checked: Checked, kit: running.Kit) -> Iterator[Callable[[Callable[[ekb.Report], ekb.Report]], None]]:
    """Have all reports of the run changed before they are judged."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(running, "shipped_kit", lambda: kit)

        def through(change: Callable[[ekb.Report], ekb.Report]) -> None:
            patch.setattr(running, "check", lambda folder, today: change(checked(folder)))

        through(lambda report: report)
        yield through


Checking = Callable[[Callable[[ekb.Report], ekb.Report]], None]


@pytest.fixture
def planted(kit: running.Kit) -> Sequence[Planted]:
    assert kit.problems == []
    return kit.planted


@pytest.mark.parametrize("code", CODES)
def test_each_defect_is_caught_and_nothing_else(code: str, checking: Checking) -> None:
    report = ekb.selftest(codes=[code])
    assert report.ok, str(report)
    assert {result.rule for result in report.results} == {code}
    assert {result.outcome for result in report.results} == {SeedOutcome.CAUGHT, SeedOutcome.SILENT}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_that_is_off_misses_every_defect(code: str, checking: Checking) -> None:
    checking(lambda report: replace(report, violations=tuple(v for v in report if v.code != code)))
    report = ekb.selftest(codes=[code])
    assert {result.outcome for result in report.results if result.broken} == {SeedOutcome.MISSED}
    assert not report.ok


def beside(report: ekb.Report) -> ekb.Report:
    """Every violation one line too low."""
    moved = (v.at(v.place and replace(v.place, line=v.place.line + 1)) for v in report)
    return replace(report, violations=tuple(moved))


def elsewhere(report: ekb.Report) -> ekb.Report:
    """Every violation at another record."""
    return replace(report, violations=tuple(replace(v, subject=replace(v.subject, id="another")) for v in report))


@pytest.mark.parametrize("code", CODES)
def test_what_is_found_on_another_line_is_not_caught(code: str, checking: Checking) -> None:
    checking(beside)
    report = ekb.selftest(codes=[code])
    assert {result.outcome for result in report.results if result.broken} == {SeedOutcome.MISSED}


@pytest.mark.parametrize("code", CODES)
def test_what_is_found_at_another_record_is_not_caught(code: str, checking: Checking) -> None:
    checking(elsewhere)
    report = ekb.selftest(codes=[code])
    assert {result.outcome for result in report.results if result.broken} == {SeedOutcome.MISSED}


@pytest.mark.parametrize("code", CODES)
def test_a_rule_that_finds_too_much_is_a_false_alarm(code: str, checking: Checking) -> None:
    always = ekb.Violation(code, ekb.Severity.ERROR, ekb.Subject("finding", "anything"), "Found everywhere.")
    checking(lambda report: replace(report, violations=(*report.violations, always)))
    report = ekb.selftest(codes=[code])
    assert {result.outcome for result in report.results} == {SeedOutcome.MISSED, SeedOutcome.FALSE_ALARM}


def test_an_alarm_in_the_sound_twin_alone_counts(checking: Checking, checked: Checked) -> None:
    """A warning is added to what is sound: to a pack in which the rule finds nothing."""
    extra = ekb.Violation("EKB403", ekb.Severity.WARNING, ekb.Subject("finding", "anything"), "Found in the sound.")

    def where_sound(report: ekb.Report) -> ekb.Report:
        if any(v.code == "EKB403" for v in report):
            return report
        return replace(report, violations=(*report.violations, extra))

    checking(where_sound)
    made_up = [result for result in ekb.selftest(codes=["403"]).results if not result.of]
    assert {result.outcome for result in made_up} == {SeedOutcome.FALSE_ALARM}


def test_there_are_enough_and_a_third_are_of_real_records(planted: Sequence[Planted]) -> None:
    real = [each for each in planted if each.seed.of is not None]
    assert len(planted) >= 150
    assert len(real) * 3 >= len(planted)


@pytest.mark.parametrize("code", CODES)
def test_each_rule_has_defects_near_misses_and_a_real_record(code: str, planted: Sequence[Planted]) -> None:
    own = [each.seed for each in planted if each.rule == code]
    broken = [seed for seed in own if seed.caught is not None]
    assert len(broken) >= 2, f"write seeds of {code}: src/evidencekb/seeds/texts/{code[3:]}.yaml"
    assert len(broken) < len(own), f"{code} has no near miss"
    if code not in ("EKB501", "EKB504"):
        assert any(seed.of for seed in broken), f"{code} has no defect in a real record"


@pytest.mark.parametrize("rule", [r for r in rules().values() if r.messages], ids=lambda rule: rule.code)
def test_each_message_of_a_rule_is_seen(rule: Rule, checking: Checking) -> None:
    said = [v.message for result in ekb.selftest(codes=[rule.code]).results if result.broken for v in result.found]
    for variant, message in rule.messages.items():
        pattern = ".*".join(map(re.escape, re.split(r"\{\w+(?:!r)?\}", message)))
        assert any(re.fullmatch(pattern, text, re.DOTALL) for text in said), f"no seed for {rule.code} {variant}"


def test_seeds_are_not_the_records_of_examples_and_tests(planted: Sequence[Planted]) -> None:
    ids = set(re.findall(r"\bid: ([\w-]+)", base_pack()))
    assert ids
    for file in TEXTS.glob("*.yaml"):
        assert not ids & set(re.findall(r"[\w-]+", file.read_text(encoding="utf-8"))) - {
            "applicants",
            "replies",
            "hiring",
            "recruiter",
        }


def test_every_file_is_of_a_rule(planted: Sequence[Planted]) -> None:
    assert {each.rule for each in planted} == set(CODES)


def test_no_text_of_a_real_record_is_copied(planted: Sequence[Planted], repo: Path) -> None:
    sentences = set()
    for file in (repo / "data").rglob("*.yaml"):
        sentences |= {line.strip() for line in file.read_text(encoding="utf-8").splitlines() if len(line.strip()) > 60}
    assert len(sentences) > 1000
    for file in TEXTS.glob("*.yaml"):
        assert not sentences & {line.strip() for line in file.read_text(encoding="utf-8").splitlines()}, file.name


def test_the_made_up_records_are_sound_and_canonical(tmp_path: Path) -> None:
    (tmp_path / "base.yaml").write_bytes((TEXTS / "base.yaml").read_bytes())
    (tmp_path / "pack.yaml").write_text("name: base\nversion: 1.0.0\n", encoding="utf-8")
    assert list(ekb.check(tmp_path)) == []
