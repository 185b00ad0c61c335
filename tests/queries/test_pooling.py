"""pool: pairs that must and must not be pooled. Each made-up pair is a poolable twin with one field changed."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from html import escape
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.effects import odds_ratio_from_risk_ratio, se_on_scale
from tests.queries.test_comparing import (
    COMPARABLE_PAIRS,
    CONVERTIBLE,
    FORBIDDEN,
    SHARES,
    SITES,
    TIMES,
    TWINS,
    both,
    linked,
    prints,
)
from tests.queries.test_conflicts import opened
from tests.queries.test_grouping import crowds
from tests.records import Records, base_records, built
from tests.rules.test_conflicts import FIRST, SECOND, E, F, G, H

pytest.importorskip("scipy")

Edits = dict[str, Any]
PRECISE: Edits = both(se=0.1)
NUMBERED: Edits = {**TWINS, **PRECISE}
NEW: Edits = {f"{G}.sample": {"counts": [{"n": 512, "of": "applications", "level": "observations"}]}}
"""Another size than that of the first."""
PROVIDED: Edits = {
    f"sources.{place}.interests": [{"organization": "jobs-inc", "tie": "data_provider"}] for place in (0, 2)
} | {"organizations.+": {"id": "jobs-inc", "name": "Jobs Inc"}}
META: Edits = {f"{F}.design": "meta_analysis", f"{G}.design": "meta_analysis"}
HALF: Edits = {**TWINS, f"{E}.se": 0.1}
"""Of the second nothing tells how precise it is."""

COMPARABLE_ONLY = {
    "a bound": "it is a bound",
    "directions": "it is a direction without a size",
    "another size of one count": "a count is no average",
    "another finding of one paper": "Both analysed as many at no other place or time",
    "data of which nobody knows how much is shared": "Pooled, they would count twice",
}
"""Pairs that may stand side by side, and still not be pooled."""


@pytest.mark.parametrize("name", COMPARABLE_PAIRS)
def test_comparable_pairs_are_pooled_unless_an_average_asks_for_more(tmp_path: Path, name: str) -> None:
    with opened(tmp_path, {**NUMBERED, **COMPARABLE_PAIRS[name]}) as kb:
        if name in COMPARABLE_ONLY:
            with pytest.raises(ekb.PoolError, match=COMPARABLE_ONLY[name]):
                ekb.pool(kb, [FIRST, SECOND])
        else:
            assert ekb.pool(kb, [FIRST, SECOND]).k == 2


@pytest.mark.parametrize("name", CONVERTIBLE)
def test_convertible_pairs_are_converted_and_say_so(tmp_path: Path, name: str) -> None:
    edits, conversions = CONVERTIBLE[name]
    with opened(tmp_path, {**NUMBERED, **edits}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], method="common")
    first, second = found.parts
    assert second.derived
    assert found.measure == edits.get(f"{E}.measure", "percent_change")
    assert "converts" in [over.verdict for over in found.over]
    assert conversions
    assert first.figure == f"{FIRST}#replies"


@pytest.mark.parametrize("name", FORBIDDEN)
def test_what_is_not_comparable_is_not_pooled_and_both_are_named(tmp_path: Path, name: str) -> None:
    edits, aspect = FORBIDDEN[name]
    with opened(tmp_path, {**NUMBERED, **edits}) as kb, pytest.raises(ekb.PoolError) as caught:
        ekb.pool(kb, [FIRST, SECOND])
    ((first, second, aspects),) = caught.value.pairs
    assert {first, second} == {f"{FIRST}#replies", f"{SECOND}#replies"}
    assert aspect in aspects
    assert first in str(caught.value)
    assert f"{aspect}: " in str(caught.value)


LEVELS: Edits = {**SHARES, **both(se=0.05)}
TEAM: Edits = {
    **{f"sources.{place}.authors": [{"family": "Doe", "given": "Jane"}] for place in (0, 2)},
    **{f"{at}.sample.place": "Here" for at in (F, G)},
    **{f"{at}.sample.period": year for at, year in ((F, "2023-01"), (G, "2023-05"))},
}
STRICTER: dict[str, tuple[Edits, str]] = {
    "one provider of data": (PROVIDED, "overlap"),
    "one team in one setting": (TEAM, "overlap"),
    "two meta-analyses": (META, "overlap"),
    "a share of a part and one of all": ({**LEVELS, f"{G}.cohorts.0.cohort": "young-applicants"}, "cohort"),
    "a mean of a part and one of all": ({**TIMES, f"{G}.cohorts.0.cohort": "young-applicants"}, "cohort"),
    "a part of the same data": (linked("follows", extent="part"), "overlap"),
    "one paper and as many people": (COMPARABLE_PAIRS["another finding of one paper"], "overlap"),
}


@pytest.mark.parametrize("name", STRICTER)
def test_an_average_asks_for_more_than_a_table(tmp_path: Path, name: str) -> None:
    edits, aspect = STRICTER[name]
    with opened(tmp_path, {**NUMBERED, **edits}) as kb:
        with pytest.raises(ekb.PoolError) as caught:
            ekb.pool(kb, [FIRST, SECOND])
        assert caught.value.pairs[0][2] == (aspect,)
        found = ekb.pool(kb, [FIRST, SECOND], allow={aspect: "I asked both authors."})
    assert [(each.kind, each.reason) for each in found.allowed] == [(aspect, "I asked both authors.")]
    assert "I asked both authors." in str(found)


POOLED: dict[str, Edits] = {
    "another paper": {},
    "one paper, and other people": {f"{G}.citations.0.source": "audit2024", **NEW},
    "a level with its interval": {**SHARES, f"{E}.se": 0.05, f"{H}.se": 0.05},
    "a standard error and an interval": {f"{H}.interval": {"lower": -14, "upper": -4}},
    "effects of a part and of all": {f"{G}.cohorts.0.cohort": "young-applicants"},
    "a meta-analysis and a trial": {f"{F}.design": "meta_analysis"},
    "one provider, and new data": {
        **PROVIDED, f"{G}.links": [
            {"type": "replicates", "target": FIRST, "because": "A later year.", "outcome": "failed", "criterion": "Sign."}
        ],
    },
}  # fmt: skip


@pytest.mark.parametrize("name", POOLED)
def test_pairs_that_are_pooled(tmp_path: Path, name: str) -> None:
    with opened(tmp_path, {**NUMBERED, **POOLED[name]}) as kb:
        found, turned = ekb.pool(kb, [FIRST, SECOND]), ekb.pool(kb, [SECOND, FIRST])
    assert found.k == 2
    assert math.isclose(found.estimate, turned.estimate, rel_tol=1e-6)
    assert found.allowed == ()


def test_there_are_many_pairs() -> None:
    made = len(COMPARABLE_PAIRS) + len(CONVERTIBLE) + len(FORBIDDEN) + len(STRICTER) + len(POOLED)
    assert made + len(NOT_POOLED) > 100


# The three sites.


@pytest.fixture(scope="module")
def shipped() -> ekb.KnowledgeBase:
    return ekb.load()


def test_the_three_copilot_sites_give_what_the_paper_prints(shipped: ekb.KnowledgeBase) -> None:
    found = ekb.pool(shipped, SITES, method="common")
    assert (round(found.value, 2), round(found.se, 2), found.unit, found.n) == (26.08, 10.30, "%", 4867)
    assert found.scale == "identity"
    assert all(part.derived == () for part in found.parts)
    assert found.flagged == "Only evidence of sellers was pooled. Flags: 3 vendor."
    assert round(ekb.pool(shipped, SITES).value, 2) == 26.08
    printed = ekb.finding_card(shipped, "cui-2026-copilot-pooled").figures[0]
    assert (round(found.value, 2), round(found.se, 1)) == (printed.value, printed.se)


@pytest.mark.parametrize("site", SITES)
def test_a_pool_and_its_sites_are_refused(shipped: ekb.KnowledgeBase, site: str) -> None:
    with pytest.raises(ekb.PoolError, match="includes") as caught:
        ekb.pool(shipped, [site, "cui-2026-copilot-pooled"])
    assert caught.value.pairs[0][2] == ("overlap",)


NOT_POOLED = (
    ("metr-2025-developer-slowdown", "peng-2023-copilot-task-time"),
    ("metr-2025-developer-slowdown", "paradis-2024-google-task-time"),
    ("metr-2025-developer-slowdown", "metr-2025-slowdown-as-published"),
    ("peng-2023-copilot-task-time#time", "peng-2023-copilot-task-time#minutes-with"),
    ("lightcast-2025-ai-premium#one-skill", "pwc-2025-ai-premium#premium"),
    ("bone-2023-ai-premium#premium", "pwc-2024-ai-premium#premium"),
    ("pwc-2024-ai-premium", "pwc-2025-ai-premium"),
    ("eeoc-2023-charges-81055#fy2022", "eeoc-2023-charges-81055#fy2023"),
    ("statcan-2024-mismatch-267#over-2016", "statcan-2024-mismatch-267#over-2021"),
    ("census-2024-firm-ai-use#use-start", "census-2024-firm-ai-use#use-end"),
    ("imf-2024-employment-exposed#world", "ilo-2025-genai-exposure#any"),
    ("cui-2024-accenture-abandoned-trial", "cui-2026-accenture"),
    ("jobscan-ats-99-guide-page", "jobscan-fortune500-ats-98"),
    ("bls-2022-research-scientists#growth", "bls-2024-34-research-scientists#growth"),
)


@pytest.mark.parametrize("pair", NOT_POOLED, ids=" ".join)
def test_pairs_of_the_shipped_pack_that_must_not_be_pooled(shipped: ekb.KnowledgeBase, pair: tuple[str, str]) -> None:
    with pytest.raises(ekb.PoolError):
        ekb.pool(shipped, pair)


def test_intervals_of_changes_that_are_symmetric_as_logarithms_are_pooled_there(shipped: ekb.KnowledgeBase) -> None:
    found = ekb.pool(shipped, ["metr-2025-developer-slowdown", "metr-2026-new", "metr-2026-returning"], method="common")
    assert (found.scale, found.unit) == ("log_change", "%")
    assert all(part.derived[0].startswith("standard error from interval") for part in found.parts)
    low, high = math.log(1.013), math.log(1.394)
    assert found.parts[0].se == pytest.approx((high - low) / 3.92, rel=1e-3)
    links = [over.text for over in found.over if (over.aspect, over.verdict) == ("overlap", "agrees")]
    assert [said.partition(" replicates")[0] for said in links] == ["metr-2026-new", "metr-2026-returning"]
    assert "Ten of the same sixteen" in str(found)


# What is left out, allowed, and asked wrongly.


def third(**fields: Any) -> Edits:
    """One more finding like the first, in a report of its own."""
    finding = {**base_records()["findings"][0], "id": "third", "headline": "One more trial", "statement": "Sent out."}
    finding["citations"] = [{**finding["citations"][0], "source": "third2025"}]
    finding["estimates"] = [{**finding["estimates"][0], **fields}]
    source = {**base_records()["sources"][0], "id": "third2025"}
    source |= {"kind": "report", "title": "A third look", "url": "https://third.example/", "published_on": 2025}
    held = {key: value for key, value in source.items() if key in ("id", "kind", "title", "url", "published_on")}
    held |= {"vendor": "independent", "vendor_reason": "Its funding page was read."}
    return {"sources.3": held, "findings.2": finding}


def test_what_is_not_precise_is_left_out_and_named(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **third()}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND, "third"])
    assert [each.figure for each in found.left_out] == ["third#replies"]
    assert found.k == 2
    assert "Left out: third#replies: no standard error, interval or counts are recorded" in str(found)


def test_two_that_are_not_precise_leave_nothing(tmp_path: Path) -> None:
    with opened(tmp_path, TWINS) as kb, pytest.raises(ekb.PoolError, match="there is none to pool") as caught:
        ekb.pool(kb, [FIRST, SECOND])
    assert [name for name, _ in caught.value.left_out] == [f"{FIRST}#replies", f"{SECOND}#replies"]


def test_an_interval_gives_a_standard_error(tmp_path: Path) -> None:
    with opened(tmp_path, {**HALF, f"{H}.interval": {"lower": -14, "upper": -4}}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND])
    assert found.parts[1].derived == ("standard error from interval",)
    assert found.parts[1].se == pytest.approx(10 / 3.92, rel=1e-3)
    assert "derived: standard error from interval" in str(found)


@pytest.mark.parametrize("p_value", [0.05, 0.001])
def test_a_round_p_value_may_be_a_limit(tmp_path: Path, p_value: float) -> None:
    edits = {**HALF, f"{H}.p_value": p_value}
    with opened(tmp_path, edits) as kb, pytest.raises(ekb.PoolError, match="which may be a limit"):
        ekb.pool(kb, [FIRST, SECOND])


def test_an_exact_p_value_gives_a_standard_error(tmp_path: Path) -> None:
    with opened(tmp_path, {**HALF, f"{H}.p_value": 0.032}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND])
    assert found.parts[1].derived == ("standard error from p value",)


def test_counts_give_a_standard_error(tmp_path: Path) -> None:
    edits = {**TWINS, **SHARES, **both(numerator=30, denominator=100)}
    with opened(tmp_path, edits) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], method="common")
    assert (found.scale, round(found.value, 6)) == ("logit", 0.3)
    assert found.se == pytest.approx(math.sqrt((1 / 30 + 1 / 70) / 2))
    assert "30%" in found.text


def test_ratios_are_pooled_as_logarithms_and_told_as_changes(tmp_path: Path) -> None:
    edits = {**NUMBERED, **both(measure="risk_ratio", unit="1", value=1.2, se=0.12), **prints("1.2", "1.2")}
    with opened(tmp_path, edits) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], method="common")
    assert found.scale == "log"
    assert found.se == pytest.approx(0.1 / math.sqrt(2))
    assert found.percent is not None
    assert found.percent[0] == pytest.approx(20)
    assert "as a change: +20%" in found.text
    assert found.verdict == "above"


def test_a_ratio_of_shares_becomes_odds_by_the_share_it_starts_from(tmp_path: Path) -> None:
    edits = {**NUMBERED, **CONVERTIBLE["odds with the share they start from"][0]}
    with opened(tmp_path, edits) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], method="common")
    se = se_on_scale(1.4, 0.1, "log")
    assert found.parts[1].value == pytest.approx(odds_ratio_from_risk_ratio(1.4, se, base_risk=0.2).value)
    assert any("base risk of 0.2" in step for step in found.parts[1].derived)


def test_groups_that_change_places_are_turned(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **CONVERTIBLE["the other way round"][0]}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], method="common")
        there = {part.figure: part.value for part in found.parts}
        reported = kb.finding(SECOND).estimates[0].value
    assert reported is not None
    assert there[f"{SECOND}#replies"] == pytest.approx(100 * (1 / (1 + reported / 100) - 1))
    assert found.scale == "log_change"


def test_times_are_pooled_in_the_unit_of_the_first(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **CONVERTIBLE["hours"][0]}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], method="common")
    assert (found.unit, found.parts[1].value, found.parts[1].se) == ("min", 30.0, 6.0)


def test_a_reason_that_says_nothing_is_refused(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **PROVIDED}) as kb:
        for reason in ("", "  ", "!", None):
            with pytest.raises(ekb.QuestionError, match="gives no reason"):
                ekb.pool(kb, [FIRST, SECOND], allow={"overlap": reason})  # type: ignore[dict-item]
        with pytest.raises(ekb.QuestionError, match="cohort"):
            ekb.pool(kb, [FIRST, SECOND], allow={"cohrt": "They are alike."})
        with pytest.raises(ekb.QuestionError, match="not among"):
            ekb.pool(kb, [FIRST, SECOND], allow={(FIRST, "third"): "They are alike."})


def test_a_pair_may_be_allowed_alone(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **PROVIDED}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], allow={(SECOND, FIRST): "Other months."})
        same = ekb.pool(kb, [FIRST, SECOND], allow={f"{FIRST}#replies,{SECOND}": "Other months."})
    assert found.allowed[0].pairs == ((f"{FIRST}#replies", f"{SECOND}#replies"),)
    assert same.allowed[0].reason == "Other months."


def test_a_pair_that_is_allowed_tells_all_it_would_have_been_refused_for(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **PROVIDED, **FORBIDDEN["people of whom nothing is said"][0]}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], allow={(FIRST, SECOND): "I asked both authors."})
    assert "Nobody says whether" in found.allowed[0].text
    assert "Both use data of" in found.allowed[0].text


def test_who_is_counted_twice_is_told(shipped: ekb.KnowledgeBase) -> None:
    found = ekb.pool(shipped, [*SITES, "cui-2026-copilot-pooled"], allow={"overlap": "To see what it does."})
    assert found.n == 2 * 4867
    assert "n = 9,734 added up, whoever is shared counted each time." in str(found)
    assert "interval is too narrow" in found.notes[-1]
    without = found.leave_one_out()[-1]
    assert without.notes == ()
    assert "n = 4,867 in all." in str(without)


def test_a_reason_for_other_people_counts_nobody_twice(tmp_path: Path) -> None:
    with opened(tmp_path, {**NUMBERED, **FORBIDDEN["people of whom nothing is said"][0]}) as kb:
        found = ekb.pool(kb, [FIRST, SECOND], allow={"cohort": "Both are jobseekers."})
    assert (found.notes, [each.twice for each in found.allowed]) == ((), [False])


def test_what_was_allowed_and_not_needed_is_not_told(shipped: ekb.KnowledgeBase) -> None:
    assert ekb.pool(shipped, SITES, allow={"cohort": "All are developers."}).allowed == ()


def test_no_reason_makes_two_kinds_of_number_one(tmp_path: Path) -> None:
    allow = dict.fromkeys(("measure", "unit", "comparator", "definition"), "I know better.")
    apart = (
        "points for percent",
        "another currency",
        "a median for a mean",
        "numbers of another kind, though of one name",
    )
    for name in apart:
        with (
            opened(tmp_path / name.replace(" ", "-"), {**NUMBERED, **FORBIDDEN[name][0]}) as kb,
            pytest.raises(ekb.PoolError),
        ):
            ekb.pool(kb, [FIRST, SECOND], allow=allow)


def test_wrong_questions_are_told(shipped: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.QuestionError, match="no estimator 'XX'"):
        ekb.pool(shipped, SITES, method="XX")
    with pytest.raises(ekb.QuestionError, match="no interval"):
        ekb.pool(shipped, SITES, interval="x")
    with pytest.raises(ekb.QuestionError, match="between 0 and 1"):
        ekb.pool(shipped, SITES, level=95)
    with pytest.raises(ekb.UnknownIdError, match="cui-2026-microsoft"):
        ekb.pool(shipped, ["cui-2026-microsft", SITES[1]])
    with pytest.raises(ekb.QuestionError, match="not both"):
        ekb.pool(shipped, SITES, outcome="pull-requests-completed")
    with pytest.raises(ekb.PoolError, match="there is one to pool"):
        ekb.pool(shipped, SITES[0])
    with pytest.raises(ekb.PoolError):
        ekb.pool(shipped, [])
    with pytest.raises(ekb.QuestionError):
        ekb.pool(shipped, 3)  # type: ignore[arg-type]


# Ways to name estimates.


def test_findings_figures_groups_and_options_name_the_same(shipped: ekb.KnowledgeBase) -> None:
    named = ekb.pool(shipped, SITES)
    findings = [shipped.finding(id) for id in SITES]
    figures = [ekb.finding_card(shipped, id).figures[0] for id in SITES]
    group = next(g for g in ekb.group_comparable(shipped, SITES).groups)
    for asked in (
        findings,
        figures,
        group,
        [f"{id}#pull-requests" for id in SITES],
        [*SITES, SITES[0]],
        (x for x in SITES),
    ):
        assert ekb.pool(shipped, asked).value == pytest.approx(named.value)
    assert ekb.pool(shipped, ekb.group_comparable(shipped, SITES)).k == 3  # type: ignore[arg-type]


def test_a_selection_that_holds_more_than_one_thing_is_refused(shipped: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.PoolError, match="pool_by"):
        ekb.pool(shipped, outcome="pull-requests-completed")
    held = ekb.pool_by(shipped, outcome="pull-requests-completed", method="common")
    assert [group.k for group in held] == [3, 2]
    assert "common effect" in held.text
    assert round(held.groups[0].value, 2) == 26.08


def test_pool_by_leaves_nothing_unsaid(shipped: ekb.KnowledgeBase) -> None:
    held = ekb.pool_by(shipped)
    told = [part.figure for group in held for part in group.parts] + [each.figure for each in held.left_out]
    ((count,),) = shipped.rows("SELECT COUNT(*) FROM estimate e JOIN finding f ON f.id = e.finding")
    assert len(told) == len(set(told))
    assert len(told) <= count
    assert all(each.why for each in held.left_out)
    shown = held._repr_html_()
    assert escape(str(held.left_out[0])) in shown
    assert f"Left out: and {len(held.left_out) - 10} more" in shown


def test_of_several_estimates_the_one_that_fits_is_taken(tmp_path: Path) -> None:
    any_reply = {**base_records()["findings"][0]["estimates"][0], "id": "any", "definition": "any-reply", "se": 1.0}
    edits = {**NUMBERED, f"{F}.estimates.1": any_reply, f"{F}.citations.0.prints": {"replies": "12%", "any": "12%"}}
    with opened(tmp_path, edits) as kb:
        found = ekb.pool(kb, [FIRST, SECOND])
    assert [part.figure for part in found.parts] == [f"{FIRST}#replies", f"{SECOND}#replies"]


def test_two_estimates_that_fit_have_to_be_told_apart(tmp_path: Path) -> None:
    other = {**base_records()["findings"][0]["estimates"][0], "id": "again", "se": 1.0}
    edits = {**NUMBERED, f"{F}.estimates.1": other, f"{F}.citations.0.prints": {"replies": "12%", "again": "12%"}}
    edits |= {f"{E}.main": False, f"{F}.estimates.1.main": False}
    with opened(tmp_path, edits) as kb:
        with pytest.raises(ekb.QuestionError, match=f"{FIRST}#replies, {FIRST}#again"):
            ekb.pool(kb, [FIRST, SECOND])
        assert ekb.pool(kb, [f"{FIRST}#again", SECOND]).parts[0].figure == f"{FIRST}#again"


# What the facts of the shipped pack say of pooling.


def facts(shared: Path) -> list[dict[str, Any]]:
    lines = [
        line for file in sorted((shared / "facts").glob("*.jsonl")) for line in file.read_text("utf-8").splitlines()
    ]
    return [fact for line in lines if (fact := json.loads(line)).get("pooling")]


def test_what_must_never_be_pooled_is_refused(shared: Path, shipped: ekb.KnowledgeBase) -> None:
    known = set(shipped.ids("finding"))
    pairs = [(f["id"], other) for f in facts(shared) for other in f["pooling"].get("do_not_pool_with", ())]
    asked = [pair for pair in pairs if known.issuperset(pair)]
    assert len(asked) > 30
    for pair in asked:
        with pytest.raises(ekb.PoolError):
            ekb.pool(shipped, pair)


REASONS = {"cohort": "All are paid developers.", "comparator": "Each compares AI with none."}


def test_the_estimator_changes_what_the_trials_of_task_time_say(shared: Path, shipped: ekb.KnowledgeBase) -> None:
    marked = {f["id"]: f["pooling"] for f in facts(shared) if f["pooling"].get("group") == "developer-task-time"}
    assert len(marked) == 4
    common = ekb.pool(shipped, marked, method="common", allow=REASONS)
    random = ekb.pool(shipped, marked, allow=REASONS)
    for part in random.parts:
        expected = marked[part.figure.partition("#")[0]]
        assert part.at == pytest.approx(expected["log_ratio"], abs=6e-4)
        assert part.se == pytest.approx(expected["log_ratio_se"], abs=6e-4)
    assert (common.side, random.side) == ("above", "below")
    assert any(other.startswith("common effect") for other in random.otherwise)
    assert "The estimator decides" in str(random)


def test_the_fixed_effect_pool_of_the_marked_sites_is_the_printed_one(shared: Path, shipped: ekb.KnowledgeBase) -> None:
    marked = [f["id"] for f in facts(shared) if f["pooling"].get("group") == "copilot-pull-requests"]
    found = ekb.pool(shipped, marked, method="common")
    assert (round(found.value, 2), round(found.se, 2)) == (26.08, 10.30)


# Laws.


@settings(max_examples=25, deadline=None)
@given(crowds(), st.sampled_from(["common", "DL", "REML"]))
def test_laws_of_pooling(records: Records, method: str) -> None:
    """Whatever is pooled is comparable; the order does not matter; nothing is lost; each number has its estimator."""
    for finding in records["findings"]:
        for place, estimate in enumerate(finding["estimates"]):
            estimate["se"] = 0.05 + 0.01 * place
    with TemporaryDirectory() as folder, built(Path(folder), records) as kb:
        names = [f"{f['id']}#{e['id']}" for f in records["findings"] for e in f["estimates"]]
        held = ekb.pool_by(kb, names, method=method)
        told = [part.figure for group in held for part in group.parts] + [each.figure for each in held.left_out]
        assert sorted(told) == sorted(names)
        for group in held:
            parts = [part.figure for part in group.parts]
            assert len({name.partition("#")[0] for name in parts}) == len(parts)
            assert all(ekb.compare(kb, *pair).verdict != "not_comparable" for pair in combinations(parts, 2))
            assert group.name in group.text
            turned = ekb.pool(kb, parts[::-1], method=method)
            assert sorted(part.figure for part in turned.parts) == sorted(parts)
            if not any(part.derived for part in (*group.parts, *turned.parts)):
                assert turned.value == pytest.approx(group.value, rel=1e-6, abs=1e-9)
            assert sum(part.weight for part in group.parts) == pytest.approx(100)


def test_without_the_extra_the_error_names_it() -> None:
    program = (
        "import sys; sys.modules['scipy'] = None\n"
        "import evidencekb as ekb\n"
        "try:\n    ekb.pool(ekb.load(), ['cui-2026-microsoft', 'cui-2026-accenture'])\n"
        "except ekb.EngineError as problem:\n    print(problem)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert "pip install 'evidencekb[pool]'" in run.stdout
