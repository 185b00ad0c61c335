"""Each rule: its good record passes everything, its bad twin fails with exactly that code, at a place in the record."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidencekb as ekb
import evidencekb.rules
from evidencekb.rules import rules
from tests.packs import TODAY, codes, example_pack

RULES = list(rules().values())
NEEDS = {
    "EKB505": {"EKB108"},  # what the waiver covers comes back when the waiver is over
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_good_record_passes(rule: ekb.rules.Rule, tmp_path: Path) -> None:
    report = ekb.check(example_pack(tmp_path, rule, "good"), today=TODAY)
    assert {v.code for v in report if v.waived is None and v.code != "EKB504"} == set()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_its_twin_is_refused_with_exactly_that_code(rule: ekb.rules.Rule, tmp_path: Path) -> None:
    report = ekb.check(example_pack(tmp_path, rule, "bad"), today=TODAY)
    layout = frozenset() if rule.code == "EKB504" else frozenset({"EKB504"})
    assert codes(report, but=layout) == {rule.code, *NEEDS.get(rule.code, ())}
    (first, *_) = [violation for violation in report if violation.code == rule.code]
    assert first.severity == rule.severity
    assert first.place is not None
    assert first.place.line > 0


@pytest.mark.parametrize("rule", [r for r in RULES if r.severity == "error"], ids=lambda rule: rule.code)
def test_an_error_stops_the_build_and_leaves_no_file(rule: ekb.rules.Rule, tmp_path: Path) -> None:
    pack = example_pack(tmp_path / "pack", rule, "bad")
    with pytest.raises(ekb.PackError) as refused:
        ekb.build(pack, tmp_path / "out.ekb", today=TODAY)
    assert rule.code in refused.value.report.failed
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_twins_differ_in_one_place(rule: ekb.rules.Rule) -> None:
    good, bad = rule.good.strip().splitlines(), rule.bad.strip().splitlines()
    same = 0
    while same < min(len(good), len(bad)) and good[same] == bad[same]:
        same += 1
    tail = 0
    while tail < min(len(good), len(bad)) - same and good[-1 - tail] == bad[-1 - tail]:
        tail += 1
    assert max(len(good), len(bad)) - same - tail <= 3


def test_every_rule_is_explained_with_both_records() -> None:
    for rule in RULES:
        text = rule.explain()
        assert text.startswith(f"{rule.code} (")
        assert rule.bad.strip() in text
        assert rule.good.strip() in text
        assert rule.why in text
        assert rule.remedy in text


@pytest.mark.parametrize("asked", ["101", "EKB101", "ekb101"])
def test_a_rule_is_found_by_its_number_or_code(asked: str) -> None:
    assert ekb.rules.rule(asked).code == "EKB101"


def test_an_unknown_rule_offers_its_neighbours() -> None:
    with pytest.raises(ekb.UnknownIdError, match="Did you mean '201'"):
        ekb.rules.rule("299")
