# ruff: noqa: E501  # one case a line reads as a table
"""Numbers in words: signs, units, bounds and nouns as a reader expects them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.answers.numbers import said, spoken
from evidencekb.answers.wording import display, phrase_of, words
from evidencekb.model import Estimate


def estimate(**fields: Any) -> Estimate:
    return Estimate.model_validate({"id": "e", "outcome": "o", **fields})


@pytest.mark.parametrize(
    ("fields", "phrase", "read"),
    [
        ({"measure": "percent_change", "value": -40, "unit": "%"}, "time to finish a task", "−40% time to finish a task"),
        ({"measure": "percent_change", "value": 18, "unit": "%"}, "graded quality", "+18% graded quality"),
        ({"measure": "percent_change", "value": 0, "unit": "%"}, "pay", "0% change in pay"),
        ({"measure": "percentage_points", "value": 2.1, "unit": "pp"}, "callbacks", "+2.1 points callbacks"),
        ({"measure": "percentage_points", "value": -1, "unit": "pp"}, "callbacks", "−1 point callbacks"),
        ({"measure": "proportion", "value": 0.268, "unit": "1"}, "firms that use it", "26.8%: firms that use it"),
        ({"measure": "proportion", "value": 0.63, "unit": "1"}, "of firms use it", "63% of firms use it"),
        ({"measure": "proportion", "value": 0.007, "unit": "1"}, "of skills", "0.7% of skills"),
        ({"measure": "smd", "value": -0.8, "unit": "SD"}, "time", "−0.8 SD time"),
        ({"measure": "correlation", "value": 0.42, "unit": "1"}, "validity", "r = 0.42: validity"),
        ({"measure": "reliability", "value": 0.52, "unit": "1"}, "agreement", "0.52: agreement"),
        ({"measure": "risk_ratio", "value": 2.0, "unit": "1"}, "use", "risk ratio 2: use"),
        ({"measure": "count", "value": 170_000_000, "unit": "jobs"}, "expected to be created", "170 million jobs expected to be created"),
        ({"measure": "count", "value": 18, "unit": "employers"}, "employers with a report", "18 employers with a report"),
        ({"measure": "count", "value": 81_055, "unit": "charges"}, "new charges", "81,055 new charges"),
        ({"measure": "median", "value": 112_590, "unit": "USD"}, "median wage", "$112,590: median wage"),
        ({"measure": "mean_difference", "value": -18_000, "unit": "USD"}, "pay a year", "−$18,000: pay a year"),
        ({"measure": "sum_of_money", "value": 365_000, "unit": "USD"}, "money paid", "$365,000: money paid"),
        ({"measure": "sum_of_money", "value": 1_000_000, "unit": "CAD"}, "sum asked", "1 million CAD: sum asked"),
        ({"measure": "total", "value": 3, "unit": "a"}, "term", "3 years: term"),
        ({"measure": "mean", "value": 1, "unit": "h"}, "time", "1 hour: time"),
        ({"measure": "mean", "value": 7.4, "unit": "s"}, "first look", "7.4 seconds: first look"),
        ({"direction": "decrease"}, "callbacks", "decrease in callbacks"),
        ({"direction": "none_detected"}, "callbacks", "no difference detected in callbacks"),
        ({"measure": "proportion", "range": {"low": 0.1, "high": 0.3, "over": "models"}, "unit": "1"}, "of the score", "10% to 30% of the score"),
    ],
)  # fmt: skip
def test_a_number_reads_well_with_what_it_is_of(fields: dict[str, Any], phrase: str, read: str) -> None:
    e = estimate(**fields)
    assert said(e.measure, display(e, phrase), phrase) == read


@pytest.mark.parametrize(
    ("fields", "shown"),
    [
        ({"measure": "count", "value": 200, "unit": "people", "qualifier": "more_than"}, "more than 200 people"),
        ({"measure": "percent_change", "value": -50, "unit": "%", "qualifier": "more_than"}, "more than 50% lower"),
        ({"measure": "percent_change", "value": -10, "unit": "%", "qualifier": "about"}, "about −10%"),
        ({"measure": "rate_ratio", "value": 3, "unit": "1", "qualifier": "less_than"}, "rate ratio less than 3"),
        ({"measure": "correlation", "value": 0.3, "unit": "1", "qualifier": "about"}, "r = about 0.3"),
        ({"measure": "sum_of_money", "value": 39_000_000_000, "unit": "USD", "qualifier": "more_than"}, "more than $39 billion"),
    ],
)  # fmt: skip
def test_a_bound_is_printed_as_a_bound(fields: dict[str, Any], shown: str) -> None:
    assert display(estimate(**fields), "pay") == shown


@pytest.mark.parametrize(
    ("value", "qualifier", "phrase", "told"),
    [
        (-40, "exactly", "time to finish a task", "40% less time to finish a task"),
        (18, "exactly", "graded quality", "18% higher graded quality"),
        (-50, "more_than", "time on email", "more than 50% less time on email"),
        (-39.18, "exactly", "pull requests completed per week", "39.18% fewer pull requests completed per week"),
        (12, "exactly", "callbacks to older women", "12% more callbacks to older women"),
        (10, "about", "hourly wages of immigrants", "about 10% higher hourly wages of immigrants"),
    ],
)
def test_less_is_never_told_as_faster_and_what_is_counted_is_fewer(
    value: float, qualifier: str, phrase: str, told: str
) -> None:
    e = estimate(measure="percent_change", value=value, unit="%", qualifier=qualifier, comparator="those without")
    assert words(e, phrase, display(e, phrase)) == told


@pytest.mark.parametrize(
    ("fields", "phrase", "told"),
    [
        ({"measure": "percent_change", "value": 25, "unit": "%"}, "expected growth of jobs", "+25% expected growth of jobs"),
        ({"measure": "smd", "value": 0.27, "unit": "SD", "comparator": "weak"}, "effect of the adviser", "+0.27 SD effect of the adviser"),
        ({"measure": "percentage_points", "value": 1.9, "unit": "pp"}, "spread of the gap", "+1.9 points spread of the gap"),
        ({"measure": "proportion", "value": 0.5, "unit": "1"}, "of firms", "50% of firms"),
    ],
)  # fmt: skip
def test_what_is_set_against_nothing_is_not_told_as_more_or_less(
    fields: dict[str, Any], phrase: str, told: str
) -> None:
    e = estimate(**fields)
    assert words(e, phrase, display(e, phrase)) == told


def test_the_base_of_a_rate_is_said_once() -> None:
    assert (
        phrase_of(estimate(label="delivery stability", per="25% more use"), "o")
        == "delivery stability, per 25% more use"
    )
    assert (
        phrase_of(estimate(label="stability per 25% more use", per="25% more use"), "o") == "stability per 25% more use"
    )
    assert phrase_of(estimate(), "outcome's own label") == "outcome's own label"


@given(st.decimals(-(10**13), 10**13, places=3))
def test_no_digit_is_lost_or_added(value: Decimal) -> None:
    text = spoken(value).replace("−", "-").replace(",", "")
    number, _, word = text.partition(" ")
    assert Decimal(number) * {"": 1, "million": 10**6, "billion": 10**9}[word] == value
