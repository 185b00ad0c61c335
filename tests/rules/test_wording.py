# ruff: noqa: E501  # one case a line reads as a table
"""Rule 303: each way in which a text may part from its record, and the sound texts beside it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.model import Claim, Cohort, Finding, OperationalDefinition, Record, Source
from evidencekb.rules import rule
from evidencekb.rules.stated import at_a_glance, claim_text, finding_text, says_something
from evidencekb.rules.wording import Wording

TIME = {
    "id": "time",
    "outcome": "time-on-task",
    "measure": "percent_change",
    "value": -40,
    "unit": "%",
    "group": "with AI",
    "comparator": "without",
}
QUALITY = {"id": "quality", "outcome": "quality", "measure": "percent_change", "value": 18, "unit": "%"}
SHARE = {"id": "share", "outcome": "use", "measure": "proportion", "value": 0.17, "unit": "1", "group": "firms"}
POINTS = {
    "id": "gap",
    "outcome": "calls",
    "measure": "percentage_points",
    "value": -2.1,
    "unit": "pp",
    "group": "Black names",
    "comparator": "white names",
}
RANGE = {
    "id": "range",
    "outcome": "use",
    "measure": "proportion",
    "range": {"low": 0.17, "high": 0.2, "over": "periods"},
    "unit": "1",
}
BOUND = {
    "id": "people",
    "outcome": "people",
    "measure": "count",
    "value": 200,
    "qualifier": "more_than",
    "unit": "people",
}
MONEY = {"id": "sum", "outcome": "money", "measure": "sum_of_money", "value": 365000, "unit": "USD"}
SD = {"id": "rating", "outcome": "rating", "measure": "smd", "value": 0.47, "unit": "SD"}
RATIO = {"id": "ratio", "outcome": "odds", "measure": "odds_ratio", "value": 2.0, "unit": "1"}
VALIDITY = {"id": "validity", "outcome": "validity", "measure": "correlation", "value": 0.42, "unit": "1"}
MEDIAN = {"id": "wage", "outcome": "wage", "measure": "median", "value": 112590, "unit": "USD"}
ADDED = {
    "id": "new",
    "outcome": "jobs",
    "label": "jobs expected to be added",
    "measure": "count",
    "value": 82500,
    "unit": "jobs",
}
INTERVAL = {**TIME, "value": -18, "interval": {"lower": -38, "upper": 9}}
WOMEN = {"id": "women", "outcome": "reason", "measure": "proportion", "value": 0.41, "unit": "1", "group": "women"}
MEN = {"id": "men", "outcome": "reason", "measure": "proportion", "value": 0.46, "unit": "1", "group": "men"}
NOVICES = {**SHARE, "id": "new", "value": 0.12, "group": "novices"}
SEASONED = {**SHARE, "id": "old", "value": 0.37, "group": "seasoned hands"}
MINUTES = {"id": "minutes", "outcome": "time-on-task", "measure": "mean", "value": 26, "unit": "min"}
NONE = {"id": "bias", "outcome": "bias", "direction": "none_detected"}
AGE = {"id": "age", "outcome": "age", "measure": "threshold", "value": 40, "qualifier": "at_least", "unit": "a"}
MONTHS = {"id": "wait", "outcome": "wait", "measure": "mean", "value": 47, "unit": "mo"}
BEFORE = {**WOMEN, "id": "before", "group": "before the switch", "period": "2020"}
AFTER = {**MEN, "id": "after", "group": "after the switch", "period": "2021"}
LESS = {"id": "calls", "outcome": "calls", "direction": "decrease"}


def finding(*estimates: dict[str, Any], headline: str = "A headline", **fields: Any) -> Finding:
    return Finding.model_validate({
        "id": "a-finding", "headline": headline, "statement": "A statement.", "nature": "observed", "design": "lab_experiment",
        "estimates": list(estimates), **fields,
    })  # fmt: skip


HELD: dict[tuple[str, str], Record] = {
    ("cohort", "older-workers"): Cohort.model_validate({"id": "older-workers", "label": "Older workers", "meaning": "People of 40 or over.", "unit": "people"}),
    ("definition", "seven"): OperationalDefinition.model_validate({"id": "seven", "of": "bias", "basis": "system_output", "procedure": "Flags of seven detectors."}),
    ("source", "a2023"): Source.model_validate({"id": "a2023", "kind": "report", "title": "A report", "published_on": 2023}),
}  # fmt: skip


def look(kind: str, id: str) -> Record | None:
    return HELD.get((kind, id))


def found(text: str, *estimates: dict[str, Any], **fields: Any) -> list[str]:
    """Which variants of 303 a headline gives."""
    wording = Wording([finding(*estimates, headline=text, **fields)], look)
    return [variant for variant, _, _ in wording.problems(text)]


@pytest.mark.parametrize(
    ("text", "estimates"),
    [
        ("ChatGPT cut the time by 40% and raised quality 18%", [TIME, QUALITY]),
        ("Two fifths less time, and quality about a fifth higher", [TIME, QUALITY]),
        ("With AI the work went 67% faster", [TIME]),
        ("17% of firms, 0.17 or about one in six", [SHARE]),
        ("A Black name made a call 2.1 percentage points less likely", [POINTS]),
        ("17-20% of firms, between 17% and 20%, from 17 to 20%", [RANGE]),
        ("Up to 20% and at least 17%", [RANGE]),
        ("The first had 17% and the last 20%", [RANGE]),
        ("More than 200 people, over 200 in all", [BOUND]),
        ("It pays $365,000, or 365,000 US dollars", [MONEY]),
        ("Rated 0.47 standard deviations higher, almost half a standard deviation", [SD]),
        ("Twice the odds, an odds ratio of 2.0", [RATIO]),
        ("Interviews came first with .42", [VALIDITY]),
        ("Someone over 40, or 40 or older", [{**AGE, "qualifier": "exactly"}]),
        ("It took about four years", [MONTHS]),
        ("The share more than doubled, from 41% to 86%", [BEFORE, {**AFTER, "value": 0.86}]),
        ("Rose from 41% before to 46% after the switch", [BEFORE, AFTER]),
        ("One bug in five, and nine times in ten", [{**SHARE, "value": 0.2}, {**SHARE, "id": "nine", "value": 0.9}]),
        ("It costs 30 cents", [{**MONEY, "value": 0.3}]),
        ("It pays over $300,000, or some 365 000 US dollars", [{**MONEY, "id": "first", "value": 317_000}, MONEY]),
        ("Nearly 12% of firms and just over 17%", [{**SHARE, "id": "few", "value": 0.117}, {**SHARE, "value": 0.172}]),
        ("Three and a half years, or half an hour", [{**MONTHS, "value": 3.5, "unit": "a"}, {**MONTHS, "id": "hour", "value": 0.5, "unit": "h"}]),
        ("Pay is 18% higher, down from a peak of 25%", [QUALITY, {**QUALITY, "id": "peak", "value": 25}]),
        ("19% of those of 73 men and 41% of women", [WOMEN, {**MEN, "value": 0.19}, {**BOUND, "id": "men-n", "value": 73, "qualifier": "exactly"}]),
        ("Half of them earn less than 112,590 dollars", [MEDIAN]),
        ("82,500 more jobs", [ADDED]),
        ("18% less time; anything from 38% less to 9% more is within the interval", [INTERVAL]),
        ("41% of women and 46% of men", [WOMEN, MEN]),
        ("For women it was 41%, for men 46%", [WOMEN, MEN]),
        ("No significant bias was found", [NONE]),
        ("Callbacks fell", [LESS]),
        ("In 2023 GPT-4 cut the time by 40% for Fortune 500 firms", [TIME]),
        ("Seven detectors took 40% less time", [{**TIME, "definition": "seven"}]),
    ],
)  # fmt: skip
def test_sound_texts_are_silent(text: str, estimates: list[dict[str, Any]]) -> None:
    primary = {"source": "a2023", "role": "primary", "basis": "own_data"}
    assert found(text, *estimates, citations=[primary]) == []


@pytest.mark.parametrize(
    ("text", "estimates", "variants"),
    [
        ("ChatGPT cut the time by 41%", [TIME], ["stray"]),
        ("Three fifths less time", [TIME], ["stray"]),
        ("ChatGPT raised the time by 40%", [TIME], ["sign"]),
        ("The time was +40%", [TIME], ["sign"]),
        ("Work went 40% faster", [TIME], ["speed"]),
        ("17 percentage points of firms", [SHARE], ["unit"]),
        ("A Black name made a call 2.1% less likely", [POINTS], ["unit"]),
        ("It pays €365,000", [MONEY], ["unit"]),
        ("15-20% of firms", [RANGE], ["stray"]),
        ("20% of firms", [RANGE], ["end"]),
        ("200 people", [BOUND], ["bound"]),
        ("Fewer than 200 people", [BOUND], ["bound"]),
        ("More than 17% of firms", [SHARE], ["bound"]),
        ("82,500 fewer jobs", [ADDED], ["sign"]),
        ("46% of women and 41% of men", [WOMEN, MEN], ["whose", "whose"]),
        ("The use rose from 20% to 17%", [RANGE], ["turned"]),
        ("17% now, up from 20%", [RANGE], ["turned"]),
        ("40% less time for older workers", [TIME], ["cohort"]),
        ("55 percent for older workers", [TIME], ["stray", "cohort"]),
        ("Less time for older workers", [TIME], ["group"]),
        ("40% less time in 1999", [TIME], ["date"]),
        ("In June 2024 it was 17%", [{**SHARE, "period": "2024-05"}], ["date"]),
        ("It was 41% after the switch and 46% before it", [BEFORE, AFTER], ["beside"]),
        ("The share halved to 46%", [BEFORE, AFTER], ["unit"]),
        ("18% less time (95% interval 38% to 9%)", [INTERVAL], ["turned"]),
        ("88% of employees", [{**SHARE, "value": 0.88, "label": "of organisations"}], ["opposite"]),
        ("More than 20% of firms", [{**SHARE, "value": 0.17}], ["stray"]),
        ("Callbacks rose", [LESS], ["way"]),
        ("Detectors show a bias", [NONE], ["effect"]),
        ("37% of novices and 12% of seasoned hands", [SEASONED, NOVICES], ["beside"]),
        ("26 minutes less", [MINUTES, {**TIME, "unit": "min", "measure": "mean_difference", "value": -11}], ["unit"]),
        ("17% of firms in Sweden", [{**SHARE, "place": "Norway"}], ["elsewhere"]),
        ("17% of large firms", [{**SHARE, "group": "small firms"}], ["opposite"]),
        ("17% of all firms", [{**SHARE, "group": "small firms"}], ["cohort"]),
    ],
)  # fmt: skip
def test_what_a_text_says_otherwise_is_told(text: str, estimates: list[dict[str, Any]], variants: list[str]) -> None:
    assert found(text, *estimates) == variants


def test_what_was_rated_as_possible_is_not_to_be_told_as_sure() -> None:
    rated = {"design": "exposure_rating", "nature": "modelled"}
    assert found("AI will change 17% of tasks", SHARE, **rated) == ["certain"]
    assert found("AI could change 17% of tasks", SHARE, **rated) == []


def test_a_paper_of_a_court_is_of_one_person_and_a_rate_is_not() -> None:
    assert found("A woman was turned down", MONEY, design="legal_document") == []
    assert found("Women were turned down", MONEY, design="legal_document") == ["group"]


def test_every_variant_of_the_message_is_told_by_one_of_them() -> None:
    mark = next(m for m in test_what_a_text_says_otherwise_is_told.pytestmark if m.name == "parametrize")
    assert {variant for _, _, variants in mark.args[1] for variant in variants} == set(rule("303").messages) - {
        "certain"
    }


@pytest.mark.parametrize(
    "fields",
    [
        {"mentions": {"55": "percent, in another study"}},
        {"sample": {"counts": [{"n": 55, "of": "people", "level": "analysed"}]}},
        {"products": [{"product": "a-tool", "version": "build 55 of 2024"}]},
    ],
)
def test_other_fields_carry_a_number_too(fields: dict[str, Any]) -> None:
    text = "It was 55%" if "mentions" in fields else "It was 55 in all"
    assert found(text, TIME, **fields) == []
    assert found(text, TIME) == ["stray"]


def test_a_group_is_known_by_the_cohort_it_is_filed_under() -> None:
    assert found("40% less time for older workers", TIME, cohorts=[{"cohort": "older-workers", "fit": "exact"}]) == []


def test_a_day_is_held_against_the_days_on_record() -> None:
    legal = {"act": "order", "body": "a-court", "case": "a-case", "on": "2025-05-16", "merits": "not_decided"}
    assert found("The order of 16 May 2025", legal=legal) == []
    assert found("The order of 18 May 2025", legal=legal) == ["date"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("AI cut the time by 40%", []),
        ("AI cut the time by 55%", ["claim 'a-claim' says '55%', which nothing in it carries"]),
        ("AI raised the time by 40%", ["claim 'a-claim' tells '40%' the wrong way round: time is -40"]),
        ("Time rose", ["claim 'a-claim' says 'rose', and its estimates go the other way"]),
    ],
)
def test_a_claim_is_held_against_the_findings_it_rests_on(text: str, told: list[str]) -> None:
    support = {"finding": "a-finding", "estimates": ["time"], "stance": "supports"}
    claim = Claim.model_validate({"id": "a-claim", "text": text, "supports": [support]})
    records: dict[tuple[str, str], Record] = {("finding", "a-finding"): finding(TIME, QUALITY)}
    assert says_something(claim)
    messages = [v.message for v in claim_text(rule("303"), claim, lambda *key: records.get(key))]
    assert [message.startswith(start) for message, start in zip(messages, told, strict=True)] == [True] * len(told)


PIECES = st.sampled_from(
    "40% two fifths 9999999999999999999999 1e400 % points $ 1,000 to - from between and women men older Black rose fell less"
    " faster more than at least in 2023 May no effect half doubled ( ) . , ; GPT-4 for of".split()
)


@given(st.lists(PIECES, max_size=30).map(" ".join))
def test_any_text_is_judged(text: str) -> None:
    estimates = (TIME, SHARE, POINTS, RANGE, BOUND, MONEY, SD, RATIO, MEDIAN, INTERVAL | {"id": "other"}, WOMEN, MEN)
    wording = Wording([finding(*estimates, mentions={"55": "percent"})], look)
    assert all(variant in rule("303").messages for variant, _, _ in wording.problems(text))


def test_a_violation_stands_at_the_field_that_says_it() -> None:
    (violation,) = finding_text(rule("303"), finding(TIME, headline="55% less time"), look)
    assert (violation.code, violation.path, violation.severity) == ("EKB303", ("headline",), "error")


def test_a_claim_on_an_unknown_finding_is_left_to_103() -> None:
    claim = Claim.model_validate(
        {"id": "a-claim", "text": "AI saves 40%", "supports": [{"finding": "none", "stance": "supports"}]}
    )
    assert list(claim_text(rule("303"), claim, look)) == []


def test_a_claim_without_number_group_or_direction_says_nothing_to_hold() -> None:
    assert not says_something(Claim.model_validate({"id": "a-claim", "text": "Made-up claim 7."}))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Pay was 18% higher (made up, 12)", True),
        ("Pay was 18% lower", False),
        ("Pay was 19% higher", False),
        ("Pay was 18% higher for women", False),
        ("Pay was up to 18% higher", False),
        ("Pay was 18-20% higher", False),
    ],
)
def test_a_glance_lets_only_plain_texts_pass(text: str, plain: bool) -> None:
    assert at_a_glance(finding(QUALITY, headline=text)) is plain
