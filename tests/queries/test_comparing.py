"""compare: pairs that must and must not stand side by side. Each made-up pair is a comparable twin with one field changed."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.answers.comparability import ASPECTS
from tests.queries.test_conflicts import opened
from tests.records import DROPPED, base_records
from tests.rules.test_conflicts import (
    COHORTS,
    COMPARABLE,
    CONFLICTS,
    DEFINED,
    DEFINITION,
    FIRST,
    OPPOSITE,
    SECOND,
    UNTOLD,
    E,
    F,
    G,
    H,
    interval,
    second_source,
)

Edits = dict[str, Any]

TWINS: Edits = {
    **UNTOLD,
    **OPPOSITE,
    f"{G}.headline": "A second trial",
    f"{G}.statement": "Applications were sent out.",
}
KIND_REPLIES = {
    "id": "kind-replies", "kind": "outcome", "label": "kind replies", "links": [{"to": "replies", "relation": "broader"}],
}  # fmt: skip
DISJOINT: Edits = {**COHORTS, "cohorts.2.disjoint": ["applicants"]}


def both(**fields: Any) -> Edits:
    """The same fields for the estimates of both."""
    return {f"{at}.{name}": value for at in (E, H) for name, value in fields.items()}


def prints(first: str, second: str) -> Edits:
    return {f"{F}.citations.0.prints": {"replies": first}, f"{G}.citations.0.prints": {"replies": second}}


SHARES: Edits = {**both(measure="proportion", unit="1", value=0.3), **prints("30%", "30%")}
TIMES: Edits = {**both(measure="mean", unit="min", value=30), **prints("30 minutes", "30 minutes")}
SUMS: Edits = {**both(measure="sum_of_money", unit="USD", value=30), **prints("$30", "$30")}
COUNTS: Edits = {**both(measure="count", unit="replies", value=30), **prints("30", "30")}
SMDS: Edits = {**both(measure="smd", unit="SD", value=0.3), **prints("0.3", "0.3")}
ODDS: Edits = {**both(measure="odds_ratio", unit="1", value=1.5), **prints("1.5", "1.5")}
ARMS: Edits = both(group="with a score", comparator="without")


def measure(measure: str, unit: str, value: float) -> Edits:
    return {
        f"{H}.measure": measure,
        f"{H}.unit": unit,
        f"{H}.value": value,
        f"{G}.citations.0.prints": {"replies": f"{value}"},
    }


def linked(type: str, **fields: Any) -> Edits:
    return {f"{G}.links": [{"type": type, "target": FIRST, "because": "As its authors say.", **fields}]}


SAMPLE = {
    "counts": [{"n": 913, "of": "applications", "level": "observations"}], "place": "Here", "period": "2023-03-01/2023-04-01",
}  # fmt: skip

COMPARABLE_PAIRS: dict[str, Edits] = {
    "twins": {},
    "an outcome below": {"concepts.+": KIND_REPLIES, f"{H}.outcome": "kind-replies"},
    "definitions that may be compared": {**DEFINED, f"{DEFINITION}.comparable_with": COMPARABLE},
    "definitions that may be compared, said by the other": {
        **DEFINED, "definitions.0.comparable_with": [{"definition": "reply-in-30-days", "why": "Both count replies."}],
    },
    "a part of the same people": {f"{G}.cohorts.0.cohort": "young-applicants"},
    "more people than the cohort": {f"{G}.cohorts.0": {"cohort": "applicants", "fit": "broader", "note": "All jobseekers."}},
    "people that overlap": {**COHORTS, "cohorts.0.overlaps": ["others"]},
    "people that overlap, said by the other": {**COHORTS, "cohorts.2.overlaps": ["applicants"]},
    "people with a part in common": {**COHORTS, "cohorts.1.broader": ["applicants", "others"]},
    "made-up people on both sides": {f"{F}.cohorts.0.fit": "simulated", f"{G}.cohorts.0.fit": "simulated"},
    "the same arms in other letters": {**ARMS, f"{H}.group": "With a score"},
    "effects of other years": {f"{E}.period": 2020, f"{H}.period": 2023},
    "effects of other places": {f"{E}.place": "Here", f"{H}.place": "There"},
    "effects after other times": {f"{E}.follow_up": "2 weeks", f"{H}.follow_up": "2 months"},
    "shares of one time": {**SHARES, f"{E}.period": 2023, f"{H}.period": "2022/2023"},
    "shares without a time": SHARES,
    "a share with a time and one without": {**SHARES, f"{E}.period": 2023},
    "another size of one count": {**COUNTS, f"{H}.unit": "Replies"},
    "a bound": {f"{H}.qualifier": "at_least"},
    "directions": both(value=DROPPED, measure=DROPPED, unit=DROPPED, direction="increase"),
    "a replication on new data": linked("replicates", outcome="failed", criterion="Sign."),
    "a link that says nothing of data": linked("contradicts"),
    "another finding of one paper": {f"{G}.citations.0.source": "audit2024"},
    "data of which nobody knows how much is shared": linked("qualifies", extent="unknown"),
    "per the same": both(per="month"),
    "the same definition of the people": {f"{F}.definitions": ["any-reply"], f"{G}.definitions": ["any-reply"]},
}  # fmt: skip

CONVERTIBLE: dict[str, tuple[Edits, tuple[str, ...]]] = {
    "a ratio of shares": (measure("risk_ratio", "1", 1.2), ("percent_change_to_risk_ratio",)),
    "a ratio of rates": (measure("rate_ratio", "1", 1.2), ("percent_change_to_rate_ratio",)),
    "a correlation": ({**SMDS, **measure("correlation", "1", 0.2)}, ("smd_to_correlation",)),
    "odds and a difference": ({**SMDS, **measure("odds_ratio", "1", 1.2)}, ("smd_to_odds_ratio",)),
    "odds and a correlation": ({**ODDS, **measure("correlation", "1", 0.2)}, ("odds_ratio_to_correlation",)),
    "odds with the share they start from": (
        {**ODDS, f"{E}.reference_value": 0.2, **measure("risk_ratio", "1", 1.4)}, ("odds_ratio_to_risk_ratio",),
    ),
    "hours": ({**TIMES, **measure("mean", "h", 0.5)}, ("min_to_h",)),
    "the other way round": (
        {**ARMS, f"{H}.group": "without", f"{H}.comparator": "with a score"}, ("swap_groups",),
    ),
    "more is better in one alone": (
        {
            **DEFINED, f"{DEFINITION}.comparable_with": COMPARABLE, f"{DEFINITION}.higher_is": "better",
            "definitions.0.higher_is": "worse",
        },
        ("turn_sign",),
    ),
    "two at once": (
        {**ARMS, f"{H}.group": "without", f"{H}.comparator": "with a score", **measure("risk_ratio", "1", 0.8)},
        ("percent_change_to_risk_ratio", "swap_groups"),
    ),
}  # fmt: skip

FORBIDDEN: dict[str, tuple[Edits, str]] = {
    "another outcome": (
        {"concepts.+": {"id": "pay", "kind": "outcome", "label": "pay"}, f"{H}.outcome": "pay"}, "concept",
    ),
    "an outcome that is only related": (
        {
            "concepts.+": {**KIND_REPLIES, "links": [{"to": "replies", "relation": "related"}]}, f"{H}.outcome": "kind-replies",
        },
        "concept",
    ),
    "another definition": (DEFINED, "definition"),
    "definitions that must not be compared": (
        {**DEFINED, f"{DEFINITION}.not_comparable_with": COMPARABLE}, "definition",
    ),
    "definitions of which one says yes and one no": (
        {
            **DEFINED, f"{DEFINITION}.comparable_with": COMPARABLE,
            "definitions.0.not_comparable_with": [{"definition": "reply-in-30-days", "why": "Any answer counts."}],
        },
        "definition",
    ),
    "definitions that are each comparable with a third": (
        {
            **DEFINED, f"{DEFINITION}.comparable_with": [{"definition": "third", "why": "Both count."}],
            "definitions.0.comparable_with": [{"definition": "third", "why": "Both count."}],
            "definitions.+": {"id": "third", "of": "replies", "basis": "platform_log", "procedure": "Answers."},
        },
        "definition",
    ),
    "people defined otherwise": (
        {
            "definitions.+": {"id": "young-1", "of": "applicants", "basis": "resume_signal", "procedure": "By age."},
            "definitions.3": {"id": "young-2", "of": "applicants", "basis": "resume_signal", "procedure": "By school."},
            f"{F}.definitions": ["young-1"], f"{G}.definitions": ["young-2"],
        },
        "definition",
    ),
    "points for percent": (measure("percentage_points", "pp", 3), "measure"),
    "a standardised difference for percent": (measure("smd", "SD", 0.3), "measure"),
    "a share for a change": (measure("proportion", "1", 0.3), "measure"),
    "a count for a change": (measure("count", "replies", 30), "measure"),
    "odds for a ratio of shares": ({**ODDS, **measure("risk_ratio", "1", 1.2)}, "measure"),
    "hazards for odds": ({**ODDS, **measure("hazard_ratio", "1", 1.2)}, "measure"),
    "a median for a mean": ({**TIMES, **measure("median", "min", 30)}, "measure"),
    "a difference for a mean": ({**TIMES, **measure("mean_difference", "min", 30)}, "measure"),
    "numbers of another kind, though of one name": (
        {**both(measure="other", unit="eta squared", value=0.3), **prints("0.3", "0.3")}, "measure",
    ),
    "a direction": (
        {f"{H}.value": DROPPED, f"{H}.measure": DROPPED, f"{H}.unit": DROPPED, f"{H}.direction": "decrease"}, "measure",
    ),
    "a forecast": ({f"{G}.nature": "forecast"}, "measure"),
    "a model": ({f"{G}.nature": "modelled"}, "measure"),
    "what people say": ({f"{G}.nature": "reported"}, "measure"),
    "another currency": ({**SUMS, f"{H}.unit": "EUR"}, "unit"),
    "a month, which has no fixed length": ({**TIMES, f"{H}.unit": "mo"}, "unit"),
    "money for minutes": ({**TIMES, f"{H}.unit": "USD"}, "unit"),
    "others counted": ({**COUNTS, f"{H}.unit": "people"}, "unit"),
    "another base": ({**both(per="month"), f"{H}.per": "year"}, "unit"),
    "no base": ({f"{E}.per": "25% more use"}, "unit"),
    "people of whom nothing is said": (COHORTS, "cohort"),
    "people who are others": (DISJOINT, "cohort"),
    "a part of people who are others": (
        {**DISJOINT, f"{F}.cohorts.0.cohort": "young-applicants"}, "cohort",
    ),
    "two parts of one whole": (
        {
            "cohorts.+": {"id": "old", "label": "Old", "meaning": "Old.", "unit": "people", "broader": ["applicants"]},
            f"{F}.cohorts.0.cohort": "young-applicants", f"{G}.cohorts.0.cohort": "old",
        },
        "cohort",
    ),
    "people who are merely like them": (
        {f"{G}.cohorts.0": {"cohort": "applicants", "fit": "analogous", "note": "Czech."}}, "cohort",
    ),
    "made-up people on one side": ({f"{G}.cohorts.0.fit": "simulated"}, "cohort"),
    "firms instead of people": ({**COHORTS, "cohorts.2.unit": "firms"}, "cohort"),
    "the same tasks by others": (
        {
            **COHORTS,
            "cohorts.3": {"id": "chores", "label": "Chores", "meaning": "Tasks.", "unit": "tasks"},
            f"{F}.cohorts.+": {"cohort": "chores", "fit": "exact"},
            f"{G}.cohorts": [{"cohort": "others", "fit": "exact"}, {"cohort": "chores", "fit": "exact"}],
        },
        "cohort",
    ),
    "a share of another group": ({**SHARES, f"{E}.group": "women", f"{H}.group": "men"}, "cohort"),
    "a share of a group and one of all": ({**SHARES, f"{E}.group": "women"}, "cohort"),
    "shares of two places": ({**SHARES, f"{E}.place": "Here", f"{H}.place": "There"}, "cohort"),
    "another group": ({**ARMS, f"{H}.group": "with a badge"}, "comparator"),
    "another comparator": ({**ARMS, f"{H}.comparator": "with a badge"}, "comparator"),
    "no comparator": ({f"{E}.group": "with a score", f"{E}.comparator": "without", f"{H}.group": "with a score"}, "comparator"),
    "a group of which nothing else is said": ({f"{H}.group": "women"}, "comparator"),
    "shares of two times": ({**SHARES, f"{E}.period": 2020, f"{H}.period": 2023}, "period"),
    "a mean of another year": ({**TIMES, f"{E}.period": 2020, f"{H}.period": 2023}, "period"),
    "forecasts for two years": (
        {
            f"{F}.nature": "forecast", f"{G}.nature": "forecast", f"{E}.period": "2022/2032", f"{H}.period": "2024/2034",
        },
        "period",
    ),
    "changes over two times": (
        {
            f"{F}.design": "official_count", f"{G}.design": "official_count", f"{E}.period": "2019/2024",
            f"{H}.period": "2022/2024",
        },
        "period",
    ),
    "two versions of one work": ({"sources.2.work": "audit", "sources.2.version": "Draft, 2023"}, "version"),
    "a later version": ({**linked("supersedes"), "claims.0.supports.0.finding": SECOND}, "version"),
    "what was reversed": ({**linked("reverses"), "claims.0.supports.0.finding": SECOND}, "version"),
    "what was retracted": (
        {"sources.2.standing": {"events": [{"status": "retracted", "on": "2025-05"}]}, "sources.2.title": "Retracted: a look"},
        "version",
    ),
    "a pool and what is in it": (linked("includes"), "overlap"),
    "a new analysis of the same data": (linked("reanalyses"), "overlap"),
    "the same data": (linked("shares_data", extent="all"), "overlap"),
    "some of the same data": (linked("shares_data", extent="part"), "overlap"),
    "data of which an unknown part is the same": (linked("shares_data"), "overlap"),
    "the same people": ({f"{F}.sample": SAMPLE, f"{G}.sample": SAMPLE}, "overlap"),
}  # fmt: skip


@pytest.mark.parametrize("edits", COMPARABLE_PAIRS.values(), ids=COMPARABLE_PAIRS)
def test_pairs_that_may_stand_side_by_side(tmp_path: Path, edits: Edits) -> None:
    with opened(tmp_path, {**TWINS, **edits}) as kb:
        found, turned = ekb.compare(kb, FIRST, SECOND), ekb.compare(kb, SECOND, FIRST)
        assert len(ekb.group_comparable(kb, [FIRST, SECOND]).groups) == 1
    assert (found.verdict, found.conversions, found.forbidding) == ("comparable", (), ())
    assert turned.verdict == "comparable"
    assert tuple(reason.aspect for reason in found.reasons) == ASPECTS


@pytest.mark.parametrize(("edits", "conversions"), CONVERTIBLE.values(), ids=CONVERTIBLE)
def test_pairs_that_may_after_a_conversion(tmp_path: Path, edits: Edits, conversions: tuple[str, ...]) -> None:
    with opened(tmp_path, {**TWINS, **edits}) as kb:
        found, turned = ekb.compare(kb, FIRST, SECOND), ekb.compare(kb, SECOND, FIRST)
        (group,) = ekb.group_comparable(kb, [SECOND, FIRST]).groups
    assert (found.verdict, found.conversions) == ("convertible", conversions)
    assert turned.verdict == "convertible"
    assert found.text.endswith(f"are comparable after {' and '.join(conversions)}.")
    assert set(group.conversions) == set(conversions)


@pytest.mark.parametrize(("edits", "aspect"), FORBIDDEN.values(), ids=FORBIDDEN)
def test_pairs_that_must_not(tmp_path: Path, edits: Edits, aspect: str) -> None:
    with opened(tmp_path, {**TWINS, **edits}) as kb:
        found, turned = ekb.compare(kb, FIRST, SECOND), ekb.compare(kb, SECOND, FIRST)
        assert ekb.group_comparable(kb, [FIRST, SECOND]).groups == ()
    assert (found.verdict, turned.verdict) == ("not_comparable", "not_comparable")
    assert aspect in [reason.aspect for reason in found.forbidding]
    assert [reason.verdict for reason in found.reasons] == [reason.verdict for reason in turned.reasons]


def test_one_changed_field_is_the_only_reason(tmp_path: Path) -> None:
    with opened(tmp_path, {**TWINS, **DEFINED}) as kb:
        (only,) = ekb.compare(kb, FIRST, SECOND).forbidding
    assert only.text == (
        "“reply-in-30-days” and “any-reply” are two definitions, and nobody says that they are comparable."
    )


APART = {name: edits for name, edits in CONFLICTS.items() if "meet" in name or name.startswith("shares")}


def test_there_are_sixty_pairs_at_least() -> None:
    assert len(COMPARABLE_PAIRS) + len(CONVERTIBLE) + len(FORBIDDEN) + len(SHIPPED) > 100


@pytest.mark.parametrize("edits", APART.values(), ids=APART)
def test_whatever_rule_308_finds_apart_is_comparable(tmp_path: Path, edits: Edits) -> None:
    with opened(tmp_path, {**edits, **UNTOLD}) as kb:
        assert [pair.how for pair in ekb.conflicts_of(kb, FIRST)] == ["apart"]
        assert ekb.compare(kb, FIRST, SECOND).verdict != "not_comparable"


# Of the shipped pack.

SITES = ("cui-2026-microsoft", "cui-2026-accenture", "cui-2026-anonymous-firm")
SHIPPED: dict[tuple[str, str], tuple[str, ...]] = {
    (SITES[0], SITES[1]): (),
    (SITES[0], SITES[2]): (),
    (SITES[1], SITES[2]): (),
    ("metr-2026-returning", "metr-2025-developer-slowdown"): (),
    ("metr-2026-new", "metr-2025-developer-slowdown"): (),
    ("metr-2026-new", "metr-2026-returning"): (),
    ("eeoc-2023-charges-81055#fy2022", "eeoc-2023-charges-81055#fy2023"): (),
    ("statcan-2024-mismatch-267#over-2016", "statcan-2024-mismatch-267#over-2021"): (),
    ("census-2024-firm-ai-use#use-start", "census-2024-firm-ai-use#use-end"): (),
    ("cui-2026-copilot-pooled", SITES[0]): ("overlap",),
    ("cui-2026-copilot-pooled", SITES[1]): ("overlap",),
    ("cui-2024-accenture-abandoned-trial", SITES[0]): ("version",),
    ("metr-2025-developer-slowdown", "metr-2025-slowdown-as-published"): ("overlap",),
    ("metr-2025-developer-slowdown", "peng-2023-copilot-task-time#time"): ("cohort", "comparator"),
    ("peng-2023-copilot-task-time#time", "peng-2023-copilot-task-time#minutes-with"): ("measure", "comparator", "overlap"),
    ("noy-zhang-2023-writing-speed-quality#time", "noy-zhang-2023-writing-speed-quality#quality"): (
        "concept", "definition", "overlap",
    ),
    ("bls-data-scientists-2022-pay#wage", "bls-data-scientists-2024-pay-and-jobs#wage"): ("period",),
    ("bls-data-scientists-2022-pay#wage", "bls-developers-and-testers-2022-pay#wage"): ("cohort",),
    ("bls-2022-research-scientists#growth", "bls-2024-34-research-scientists#growth"): ("period",),
    ("statcan-2024-mismatch-267#over-2021", "statcan-2024-mismatch-267#match-2021"): ("definition", "overlap"),
    ("eeoc-2023-charges-81055#fy2023", "eeoc-2023-charges-81055#change"): ("measure", "comparator", "overlap"),
    ("imf-2024-employment-exposed#world", "ilo-2025-genai-exposure#any"): ("definition",),
    ("imf-2024-employment-exposed#world", "imf-2024-employment-exposed#advanced"): ("cohort", "overlap"),
}  # fmt: skip


@pytest.fixture(scope="module")
def shipped() -> ekb.KnowledgeBase:
    return ekb.load()


@pytest.mark.parametrize(("pair", "forbids"), SHIPPED.items(), ids=map(" ".join, SHIPPED))
def test_pairs_of_the_shipped_pack(shipped: ekb.KnowledgeBase, pair: tuple[str, str], forbids: tuple[str, ...]) -> None:
    found = ekb.compare(shipped, *pair)
    named = tuple(reason.aspect for reason in found.forbidding)
    assert set(forbids) <= set(named)
    assert bool(named) == bool(forbids)
    assert (found.verdict == "comparable") == (not forbids)


# What else the answer says.


def test_who_says_that_definitions_may_be_compared_is_told(tmp_path: Path) -> None:
    says = [{**COMPARABLE[0], "source": "audit2024"}]
    with opened(tmp_path, {**TWINS, **DEFINED, f"{DEFINITION}.comparable_with": says}) as kb:
        reason = ekb.compare(kb, FIRST, SECOND).reason("definition")
    assert (reason.verdict, reason.said_by) == ("differs", "audit2024")
    assert reason.text == "“reply-in-30-days” and “any-reply” may be compared: Both count replies."
    with opened(tmp_path / "editors", {**TWINS, **DEFINED, f"{DEFINITION}.comparable_with": COMPARABLE}) as kb:
        assert ekb.compare(kb, SECOND, FIRST).reason("definition").said_by == "editorial"


@pytest.mark.parametrize(
    ("edits", "independent"),
    [({}, None), (linked("replicates", outcome="successful", criterion="Sign."), True), (linked("includes"), False)],
)
def test_independence_is_said_or_unknown(tmp_path: Path, edits: Edits, independent: bool | None) -> None:
    with opened(tmp_path, {**TWINS, **edits}) as kb:
        assert ekb.compare(kb, FIRST, SECOND).independent is independent


def test_what_two_findings_share_through_a_third_is_found(tmp_path: Path) -> None:
    third = {**base_records()["findings"][0], "id": "third", "headline": "One more trial", "statement": "Sent out."}
    third["citations"] = [{**third["citations"][0], "source": "third2025"}]
    source = second_source(id="third2025", title="A third look", url="https://third.example/")
    reanalyses = {"type": "reanalyses", "target": "third", "because": "Same file."}
    edits = {**TWINS, "sources.3": source, "findings.2": third, f"{F}.links": [reanalyses], f"{G}.links": [reanalyses]}
    pools = {"type": "includes", "target": "third", "because": "One of several."}
    with opened(tmp_path / "both", edits) as kb:
        assert ekb.compare(kb, FIRST, SECOND).forbidding[0].text == f"Both rest on the data of {FIRST}."
    with opened(tmp_path / "pools", {**edits, f"{F}.links": [pools], f"{G}.links": [pools]}) as kb:
        assert [reason.aspect for reason in ekb.compare(kb, FIRST, SECOND).forbidding] == ["overlap"]
    apart = {**pools, "target": FIRST}
    held = {**edits, f"{F}.links": [], f"{G}.links": [], "findings.2.links": [apart, {**pools, "target": SECOND}]}
    with opened(tmp_path / "parts", held) as kb:
        assert ekb.compare(kb, FIRST, SECOND).verdict == "comparable"
        found = ekb.group_comparable(kb, [FIRST, SECOND, "third"])
    assert found.groups[0].estimates == (f"{FIRST}#replies", f"{SECOND}#replies")
    assert [reason.aspect for reason in found.alone[0].reasons] == ["overlap"]


def test_of_several_estimates_the_closest_are_compared(tmp_path: Path) -> None:
    any_reply = {**base_records()["findings"][0]["estimates"][0], "id": "any", "definition": "any-reply"}
    both_carried = {"replies": "12%", "any": "12%"}
    edits = {**TWINS, f"{F}.estimates.1": any_reply, f"{F}.citations.0.prints": both_carried}
    edits |= {f"{G}.estimates.1": any_reply, f"{G}.citations.0.prints": both_carried, f"{H}.value": 12}
    with opened(tmp_path, edits) as kb:
        found = ekb.compare(kb, FIRST, SECOND)
        one = ekb.compare(kb, f"{FIRST}#any", SECOND)
        inside = ekb.compare(kb, FIRST, FIRST)
    assert found.estimates == (f"{FIRST}#replies", f"{SECOND}#replies")
    assert found.also == ((f"{FIRST}#any", f"{SECOND}#any"),)
    assert (one.estimates, one.also) == ((f"{FIRST}#any", f"{SECOND}#any"), ())
    assert "overlap" in [reason.aspect for reason in inside.forbidding]


def test_wrong_input_is_told_with_the_nearest(tmp_path: Path) -> None:
    with opened(tmp_path, TWINS) as kb:
        with pytest.raises(ekb.UnknownIdError, match="audit-2024-replies"):
            ekb.compare(kb, "audit-2024-reply", SECOND)
        with pytest.raises(ekb.UnknownIdError, match=f"{FIRST}#replies"):
            ekb.compare(kb, f"{FIRST}#reply", SECOND)
        with pytest.raises(ekb.QuestionError, match="is both sides"):
            ekb.compare(kb, FIRST, f"{FIRST}#replies")
        with pytest.raises(ekb.QuestionError, match="finding#estimate"):
            ekb.compare(kb, f"{FIRST}#", SECOND)
        with pytest.raises(ekb.QuestionError, match="first is 3"):
            ekb.compare(kb, 3, SECOND)  # type: ignore[arg-type]
        with pytest.raises(KeyError):
            ekb.compare(kb, FIRST, SECOND).reason("colour")


def test_records_and_figures_name_what_is_compared(shipped: ekb.KnowledgeBase) -> None:
    first, second = SITES[:2]
    named = ekb.compare(shipped, first, second)
    assert ekb.compare(shipped, shipped.finding(first), shipped.finding(second)) == named
    figures = [ekb.finding_card(shipped, id).figures[0] for id in (first, second)]
    assert ekb.compare(shipped, *figures) == named


def test_a_finding_without_a_number_cannot_be_compared(shipped: ekb.KnowledgeBase) -> None:
    ((silent,),) = shipped.rows(
        "SELECT f.id FROM finding f WHERE NOT EXISTS (SELECT 1 FROM estimate e WHERE e.finding = f.id) ORDER BY f.id LIMIT 1"
    )
    with pytest.raises(ekb.QuestionError, match="has no estimate"):
        ekb.compare(shipped, silent, SITES[0])


def test_an_interval_does_not_decide(tmp_path: Path) -> None:
    with opened(tmp_path, {**TWINS, **interval(E, -2, 12, 26)}) as kb:
        assert ekb.compare(kb, FIRST, SECOND).verdict == "comparable"
