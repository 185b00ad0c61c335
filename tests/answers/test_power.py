"""Standard errors, power and the smallest effect seen, against numbers that books print."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.answers import power
from evidencekb.model import Estimate, Finding
from evidencekb.vocab import Design


def finding(*, design: str = "lab_experiment", counts: tuple[dict[str, Any], ...] = (), **fields: Any) -> Finding:
    held = {"id": "e", "outcome": "replies", "measure": "percent_change", "value": 12, "unit": "%", **fields}
    return Finding.model_validate({
        "id": "trial", "headline": "A trial", "statement": "A trial.", "nature": "observed", "design": design,
        "sample": {"counts": list(counts)}, "estimates": [held],
    })  # fmt: skip


def precision(**fields: Any) -> power.Precision:
    held = finding(**fields)
    return power.precision_of(held, held.estimates[0])


def analysed(n: int, level: str = "analysed", **fields: Any) -> dict[str, Any]:
    return {"n": n, "of": "people", "level": level, **fields}


@pytest.mark.parametrize(("d", "n"), [(0.2, 393), (0.5, 64), (0.8, 26)])
def test_power_of_two_groups_is_that_of_cohens_table(d: float, n: int) -> None:
    """Cohen (1988), table 2.4.1: so many in each group see d in four of five studies, at 5% on both sides.

    The table is for the t test; the normal distribution gives a hundredth more in small groups.
    """
    se = math.sqrt(2 / n)
    assert power.power_for(d, se) == pytest.approx(0.80, abs=0.025)
    assert power.detectable(se) == pytest.approx(d, rel=0.03)


@pytest.mark.parametrize(("r", "n"), [(0.1, 783), (0.3, 85), (0.5, 29)])
def test_power_of_a_correlation_is_that_of_cohens_table(r: float, n: int) -> None:
    """Cohen (1992), A power primer, Psychological Bulletin 112, table 2: n for r at power .80 and alpha .05."""
    found = precision(measure="correlation", value=r, unit="1", counts=(analysed(n),))
    assert found.basis == "n"
    assert found.se is not None
    assert power.power_for(math.atanh(r), found.se) == pytest.approx(0.80, abs=0.02)


def test_a_standard_error_from_an_interval_of_a_ratio_is_that_of_altman_and_bland() -> None:
    """BMJ 2011; 343: d2304: a risk ratio of 0.81 (0.70 to 0.94) has a standard error of 0.075 in log units and p = 0.005."""
    found = precision(measure="risk_ratio", value=0.81, unit="1", interval={"lower": 0.70, "upper": 0.94})
    assert found.se == pytest.approx(0.0752, abs=5e-4)
    assert found.verdict == power.CLEAR
    again = precision(measure="risk_ratio", value=0.81, unit="1", p_value=0.005)
    assert again.se == pytest.approx(found.se, rel=0.01)


def test_a_standard_error_from_an_interval_of_a_difference_is_a_width_of_3_92() -> None:
    assert precision(value=2, interval={"lower": 1, "upper": 3}).se == pytest.approx(2 / 3.92, abs=1e-3)
    assert precision(value=2, interval={"lower": 1, "upper": 3, "level": 0.9}).se == pytest.approx(2 / 3.29, abs=1e-3)


@pytest.mark.parametrize(
    ("fields", "verdict"),
    [
        ({"interval": {"lower": -3, "upper": 27}}, "unclear"),
        ({"interval": {"lower": 0, "upper": 24}}, "unclear"),
        ({"interval": {"lower": 3, "upper": 21}}, "clear"),
        ({"interval": {"lower": 0.5, "upper": 23.5, "level": 0.8}}, "unclear"),
        ({"interval": {"lower": -0.5, "upper": 24.5, "level": 0.99}}, "clear"),
        ({"measure": "odds_ratio", "value": 1.2, "unit": "1", "interval": {"lower": 0.9, "upper": 1.6}}, "unclear"),
        ({"measure": "odds_ratio", "value": 1.2, "unit": "1", "interval": {"lower": 1.1, "upper": 1.3}}, "clear"),
        ({"se": 10}, "unclear"),
        ({"se": 5}, "clear"),
        ({"p_value": 0.2}, "unclear"),
        ({"p_value": 0.01}, "clear"),
        ({"counts": (analysed(29),)}, "few"),
        ({"counts": (analysed(29, "answered"),)}, "few"),
        ({"counts": (analysed(30),)}, "unknown"),
        ({"counts": (analysed(20, "observations"),)}, "unknown"),
        ({"counts": (analysed(20, "drawn"),)}, "unknown"),
        ({"counts": (analysed(20, group="one"), analysed(20, group="other"))}, "unknown"),
        ({"counts": (analysed(900),), "n": 12}, "few"),
        ({"counts": (analysed(12),), "interval": {"lower": 3, "upper": 21}}, "clear"),
        ({"measure": "proportion", "value": 0.5, "unit": "1", "counts": (analysed(25),)}, "few"),
        ({"measure": "proportion", "value": 0.5, "unit": "1", "counts": (analysed(250),)}, ""),
        ({"measure": None, "value": None, "unit": None, "direction": "none_detected"}, "unknown"),
        ({"design": "official_count", "interval": {"lower": -3, "upper": 27}}, ""),
        ({"design": "legal_document", "counts": (analysed(1),)}, ""),
        ({"design": "meta_analysis", "interval": {"lower": -3, "upper": 27}}, ""),
    ],
)
def test_too_little_is_an_interval_with_no_effect_in_it_or_few_and_no_interval(
    fields: dict[str, Any], verdict: str
) -> None:
    assert precision(**fields).verdict == verdict


def test_power_is_asked_for_experiments_audits_and_surveys() -> None:
    assert {
        Design.FIELD_EXPERIMENT, Design.LAB_EXPERIMENT, Design.SURVEY_EXPERIMENT, Design.CORRESPONDENCE_AUDIT,
        Design.COMPUTATIONAL_AUDIT, Design.PROBABILITY_SURVEY, Design.CONVENIENCE_SURVEY, Design.EXPERT_SURVEY,
    } == power.TESTS  # fmt: skip


@given(st.floats(-90, 300), st.floats(0.01, 80), st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_the_quick_look_never_passes_what_the_long_one_finds(value: float, half: float, level: float) -> None:
    held = finding(value=value, interval={"lower": value - half, "upper": value + half, "level": level})
    verdict = power.precision_of(held, held.estimates[0]).verdict
    assert [p.verdict for _, _, p in power.weak_estimates(held)] == ([] if verdict == "clear" else [verdict])


@pytest.mark.parametrize(
    "fields",
    [
        {"interval": {"lower": 1, "upper": 2, "level": 1}},
        {"interval": {"lower": 1, "upper": 2, "level": 0}},
        {"interval": {"lower": 2, "upper": 1}},
        {"measure": "odds_ratio", "value": 0, "unit": "1", "se": 1},
        {"measure": "odds_ratio", "value": -1, "unit": "1", "interval": {"lower": -2, "upper": 0}},
        {"measure": "correlation", "value": 1, "unit": "1", "se": 0.1},
        {"measure": "correlation", "value": 0.1, "unit": "1", "counts": (analysed(3),)},
        {"scale": "log", "value": -100, "se": 3},
        {"se": -1},
        {"se": 0},
        {"p_value": 0},
        {"p_value": 1},
        {"p_value": 1e-320},
        {"value": 0, "p_value": 0.5},
        {"n": 0},
    ],
)
def test_numbers_that_cannot_be_are_no_reason_to_fail(fields: dict[str, Any]) -> None:
    held = finding(**fields)
    for _, estimate, found in power.weak_estimates(held):
        assert found.se is None or found.se > 0
        assert isinstance(estimate, Estimate)


@given(st.floats(0.01, 5), st.floats(0.01, 5))
def test_an_effect_of_the_detectable_size_is_seen_in_four_of_five(se: float, other: float) -> None:
    assert power.power_for(power.detectable(se), se) == pytest.approx(0.80, abs=1e-4)
    assert power.power_for(max(se, other), 1) >= power.power_for(min(se, other), 1)
