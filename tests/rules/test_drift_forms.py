# ruff: noqa: E501  # one case a line reads as a table
"""Rule 107: sound ways to tell a figure otherwise, and changes that look like them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.rules.test_drift import relayed, told

CHANGE = {
    "id": "price",
    "outcome": "price",
    "label": "price of a panel",
    "measure": "percent_change",
    "value": -90,
    "unit": "%",
}
RATIO = {
    "id": "falls",
    "outcome": "falls",
    "measure": "rate_ratio",
    "value": 0.7,
    "unit": "1",
    "group": "new floors",
    "comparator": "old floors",
}
MORE = {**RATIO, "value": 1.5}
RATE = {"id": "cases", "outcome": "cases", "measure": "other", "value": 27.6, "unit": "1", "per": "1,000 children"}
POINTS = {
    "id": "marks",
    "outcome": "marks",
    "measure": "percentage_points",
    "value": 4.8,
    "unit": "pp",
    "group": "small classes",
    "comparator": "large classes",
}
EFFECT = {
    "id": "reading",
    "outcome": "reading",
    "measure": "smd",
    "value": 0.36,
    "unit": "SD",
    "interval": {"lower": 0.28, "upper": 0.44, "level": 0.95},
}
SHARE = {
    "id": "gone",
    "outcome": "pages",
    "label": "pages that are gone",
    "measure": "proportion",
    "value": 0.38,
    "unit": "1",
}
USED = {**SHARE, "label": "people who use it"}
MOST = {**SHARE, "value": 0.61}
LONG = {"id": "wait", "outcome": "wait", "label": "minutes of a visit", "measure": "mean", "value": 151, "unit": "min"}
YEARLY = {
    "id": "pay",
    "outcome": "pay",
    "label": "pay a year",
    "measure": "mean_difference",
    "value": 3477,
    "unit": "USD",
}
WEIGHT = {"id": "sugar", "outcome": "sugar", "measure": "total", "value": 45000, "unit": "tonnes"}
SEATS = {"id": "seats", "outcome": "seats", "measure": "count", "value": 103, "unit": "seats", "denominator": 338}
BOYS = {
    "id": "score",
    "outcome": "score",
    "measure": "mean_difference",
    "value": -9,
    "unit": "points",
    "group": "girls",
    "comparator": "boys",
}
RISK = {
    "id": "injury",
    "outcome": "injury",
    "label": "injuries",
    "measure": "percentage_points",
    "value": -1.7,
    "unit": "pp",
}
DOUBLED = {"id": "sales", "outcome": "sales", "measure": "percent_change", "value": 126, "unit": "%"}


@pytest.mark.parametrize(
    ("estimate", "printed"),
    [
        (CHANGE, "a tenth of what it was"), (CHANGE, "ten times lower"), (RATIO, "70% of the rate on old floors"), (RATIO, "30% fewer"),
        (RATE, "27.6 per 1,000"), (RATE, "2.76%"), (RATE, "one in 36"), (POINTS, "about five percentile points"),
        (POINTS, "a 4.8 percentage-point lead"), (EFFECT, "just over a third of a standard deviation"), (EFFECT, "36% of a standard deviation"),
        (EFFECT, "0.36 SD (p < 0.001), in 40 trials"), (SHARE, "62% were still there"), (SHARE, "38 of 100"), (MOST, "more than half"),
        (LONG, "2 hours and 31 minutes"), (LONG, "2h 31m"), (LONG, "two and a half hours"), (YEARLY, "$290 a month"), (WEIGHT, "45 million kg"),
        (SEATS, "103 of 338"), (SEATS, "30.5%"), (BOYS, "boys ahead by nine points"), (RISK, "1.7 points better"), (DOUBLED, "more than doubled"),
        (DOUBLED, "up 126%, to $60.9bn, the fastest in four years"),
    ],
)  # fmt: skip
def test_the_same_figure_told_otherwise_is_silent(estimate: dict[str, Any], printed: str) -> None:
    assert told(relayed(estimate, printed)) == []


@pytest.mark.parametrize(
    ("estimate", "printed", "kind"),
    [
        (RATIO, "70% fewer", "unit_changed"), (DOUBLED, "halved", "number_changed"), (EFFECT, "36%", "unit_changed"),
        (EFFECT, "0.36 SD (95% CI 0.28 to 0.94)", "number_changed"), (WEIGHT, "45,000 kg", "unit_changed"), (LONG, "115 minutes", "number_changed"),
        (RISK, "1.7 points worse", "sign_or_inverse"), (RATE, "27.6 per 100", "unit_changed"), (POINTS, "4.8%", "unit_changed"),
    ],
)  # fmt: skip
def test_a_change_that_looks_like_another_form_is_told_as_sure(
    estimate: dict[str, Any], printed: str, kind: str
) -> None:
    assert told(relayed(estimate, printed))[:1] == [(kind, True)]


@pytest.mark.parametrize(
    ("estimate", "printed", "kind"),
    [
        (BOYS, "girls ahead of boys by an unknown sum, 12 euros", "unit_changed"), (YEARLY, "$3,477 more a month", "unit_changed"),
        (MORE, "old floors had 1.5 times as many", "group_swapped"), (SEATS, "103 of 383", "number_changed"), (SHARE, "38% of invoices", "definition_swapped"),
        (USED, "38% did not use it", "definition_swapped"), (SEATS, "all 338", "number_changed"),
    ],
)  # fmt: skip
def test_what_a_person_must_compare_is_proposed(estimate: dict[str, Any], printed: str, kind: str) -> None:
    assert (kind, False) in told(relayed(estimate, printed))


@pytest.mark.parametrize(
    ("n", "printed", "silent"),
    [
        (4667, "nearly 5,000 children", True), (1_873_474, "over a million drivers", True), (47_628, "47,000 adults in 68 countries", True),
        (4667, "4,766 children", False), (4667, "over 5,000 children", False),
    ],
)  # fmt: skip
def test_a_sample_may_be_told_in_round_numbers(n: int, printed: str, silent: bool) -> None:
    finding = relayed(SHARE, "38%", sample={"counts": [{"n": n, "of": "people", "level": "analysed"}]})
    data = finding.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    data["citations"][1]["prints"] = {"sample": printed}
    assert (not any(sure for _, sure in told(type(finding).model_validate(data)))) is silent
