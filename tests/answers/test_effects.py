"""Which way an estimate points, and the scale on which its interval can be set beside another."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.answers.effects import NO_EFFECT, bounds_of, sign_of, sortable
from evidencekb.model import Estimate
from evidencekb.vocab import RATIOS, Measure


def estimate(**fields: Any) -> Estimate:
    return Estimate(id="e", outcome="replies", **{"measure": "percent_change", **fields})


@pytest.mark.parametrize(
    ("fields", "sign"),
    [
        ({"value": 12}, 1),
        ({"value": -12}, -1),
        ({"value": 0}, 0),
        ({"measure": "smd", "value": -0.2}, -1),
        ({"measure": "odds_ratio", "value": 1.2}, 1),
        ({"measure": "odds_ratio", "value": 0.8}, -1),
        ({"measure": "odds_ratio", "value": 1}, 0),
        ({"measure": "proportion", "value": 0.7}, 0),
        ({"measure": "mean", "value": -3}, 0),
        ({"measure": None, "direction": "increase"}, 1),
        ({"measure": None, "direction": "decrease"}, -1),
        ({"measure": None, "direction": "none_detected"}, 0),
        ({"measure": None, "direction": "mixed"}, 0),
        ({"range": {"low": 2, "high": 5, "over": "models"}}, 1),
        ({"range": {"low": -5, "high": -2, "over": "models"}}, -1),
        ({"range": {"low": -1, "high": 5, "over": "models"}}, 0),
        ({"value": 5, "qualifier": "more_than"}, 1),
        ({"value": -5, "qualifier": "more_than"}, -1),
        ({"value": 5, "qualifier": "about"}, 1),
        ({"value": 5, "qualifier": "less_than"}, 0),
        ({"value": -5, "qualifier": "at_most"}, 0),
        ({"measure": "risk_ratio", "value": 0.8, "qualifier": "less_than"}, -1),
        ({"measure": "risk_ratio", "value": 0.8, "qualifier": "more_than"}, 0),
        ({"measure": "risk_ratio", "value": 1.2, "qualifier": "less_than"}, 0),
        ({"measure": "risk_ratio", "value": 1.2, "qualifier": "at_least"}, 1),
    ],
)
def test_an_estimate_points_one_way_only_when_all_that_it_allows_does(fields: dict[str, Any], sign: int) -> None:
    assert sign_of(estimate(**fields)) == sign


def test_every_measure_of_an_effect_has_a_value_that_says_there_is_none() -> None:
    assert {measure for measure, none in NO_EFFECT.items() if none == 1} == RATIOS
    assert set(Measure) - set(NO_EFFECT) == {
        "proportion", "reliability", "mean", "median", "total", "count", "threshold", "sum_of_money", "other",
    }  # fmt: skip


def bounds(low: float, high: float, **fields: Any) -> tuple[str, str, str]:
    return bounds_of(estimate(value=low, interval={"lower": low, "upper": high}, **fields))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ((10, 20, {}), (1.1, 1.2, {"measure": "risk_ratio"})),
        ((10, 20, {"unit": "%"}), (1.1, 1.2, {"measure": "rate_ratio", "unit": "1"})),
        ((1, 2, {"measure": "mean", "unit": "h"}), (60, 120, {"measure": "mean", "unit": "min"})),
        ((1, 2, {"per": "Hour  worked"}), (1, 2, {"per": "hour worked"})),
    ],
)
def test_what_converts_without_loss_has_one_scale(first: Any, second: Any) -> None:
    def made(low: float, high: float, fields: dict[str, Any]) -> tuple[str, str, str]:
        return bounds(low, high, **{"unit": "%", **fields})

    assert made(*first) == made(*second)


@pytest.mark.parametrize(
    "fields",
    [
        {"measure": "percentage_points", "unit": "pp"},
        {"measure": "odds_ratio", "unit": "1"},
        {"measure": "mean_difference", "unit": "USD"},
        {"unit": "%", "per": "year"},
    ],
)
def test_what_does_not_convert_has_a_scale_of_its_own(fields: dict[str, Any]) -> None:
    assert bounds(10, 20, **fields)[0] != bounds(10, 20, unit="%")[0]


def test_intervals_of_other_levels_are_not_set_side_by_side() -> None:
    ninety = estimate(value=1, unit="%", interval={"lower": 0, "upper": 2, "level": 0.9})
    assert bounds_of(ninety)[0] != bounds(0, 2, unit="%")[0]


@pytest.mark.parametrize("fields", [{"value": 1}, {"value": 1, "interval": {"lower": 2, "upper": 1}}])
def test_without_an_interval_that_is_one_there_is_no_scale(fields: dict[str, Any]) -> None:
    assert bounds_of(estimate(**fields)) == ("", "", "")


@given(st.lists(st.floats(allow_nan=False, allow_infinity=False), min_size=2))
def test_numbers_written_to_be_sorted_keep_their_order(numbers: list[float]) -> None:
    rounded = [round(number, 9) for number in numbers]
    assert [round(n, 9) for n in sorted(numbers, key=sortable)] == sorted(rounded)


def test_no_effect_is_what_the_sql_text_says_it_is() -> None:
    assert sortable(0.0) == sortable(-0.0) == "8000000000000000"
