"""Standard errors, intervals and conversions: worked numbers, the way there and back, and what is refused."""

from __future__ import annotations

import math
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb import effects
from evidencekb.effects import Derived, scales
from evidencekb.errors import QuestionError

pytest.importorskip("scipy")

SE = st.floats(0.001, 5)
D = st.floats(-3, 3)
RATIO = st.floats(0.05, 20)
RISK = st.floats(0.01, 0.6)
COUNT = st.integers(0, 500)


@given(value=RATIO, se=SE, level=st.sampled_from([0.8, 0.9, 0.95, 0.99]), df=st.sampled_from([None, 5.0, 40.0]))
def test_an_interval_made_from_a_standard_error_gives_it_back(
    value: float, se: float, level: float, df: float | None
) -> None:
    made = effects.interval_from_se(value, se, level=level, scale="log", df=df)
    assert made.lower is not None
    assert made.upper is not None
    found = effects.se_from_interval(made.lower, made.upper, value=value, level=level, scale="log", df=df)
    assert found.se == pytest.approx(se, rel=1e-9)
    assert not any("off the middle" in each for each in found.assumptions)


def test_an_interval_that_is_not_symmetric_on_its_scale_says_so() -> None:
    taken, plain = (effects.se_from_interval(0.33, 0.95, value=0.56, scale=scale) for scale in ("log", "identity"))
    assert not any("off the middle" in each for each in taken.assumptions)
    assert any("off the middle" in each for each in plain.assumptions)


@given(value=st.floats(0.01, 50), se=SE)
def test_a_p_value_gives_back_the_standard_error(value: float, se: float) -> None:
    p = effects.p_from_se(value, se)
    if 1e-12 < p < 0.999:
        assert effects.se_from_p(value, p).se == pytest.approx(se, rel=1e-5)


@given(d=D, se=SE)
def test_d_goes_to_an_odds_ratio_and_to_r_and_comes_back(d: float, se: float) -> None:
    odds = effects.odds_ratio_from_d(d, se)
    back = effects.d_from_odds_ratio(odds.value, odds.se)
    assert (back.value, back.se) == pytest.approx((d, se), abs=1e-12)
    r = effects.r_from_d(d, se)
    again = effects.d_from_r(r.value, r.se)
    assert (again.value, again.se) == pytest.approx((d, se), abs=1e-12)
    through = effects.r_from_odds_ratio(odds.value, odds.se)
    assert (through.value, through.se) == pytest.approx((r.value, r.se))


@given(odds=RATIO, se=SE, base=RISK)
def test_an_odds_ratio_goes_to_a_risk_ratio_and_comes_back(odds: float, se: float, base: float) -> None:
    risk = effects.risk_ratio_from_odds_ratio(odds, se, base_risk=base)
    back = effects.odds_ratio_from_risk_ratio(risk.value, risk.se, base_risk=base)
    assert (back.value, back.se) == pytest.approx((odds, se))
    assert min(1, odds) <= risk.value + 1e-12
    assert risk.value <= max(1, odds) + 1e-12


@given(percent=st.floats(-99, 900))
def test_a_percent_change_goes_to_a_ratio_and_comes_back(percent: float) -> None:
    ratio = effects.ratio_from_percent_change(percent, 0.1)
    assert effects.percent_change_from_ratio(ratio.value, ratio.se).value == pytest.approx(percent, abs=1e-9)


@pytest.mark.parametrize("scale", scales.SCALES)
@given(at=st.floats(0.05, 0.95), step=st.floats(1e-6, 1e-5))
def test_a_scale_goes_both_ways_and_its_slope_is_its_slope(scale: str, at: float, step: float) -> None:
    held = scales.SCALES[scale]
    assert held.back(held.to(at)) == pytest.approx(at)
    assert (held.back(held.to(at) + step) - held.back(held.to(at) - step)) / (2 * step) == pytest.approx(
        held.slope(at), rel=1e-4
    )
    assert effects.se_from_scale(at, effects.se_on_scale(at, 0.3, scale), scale) == pytest.approx(0.3)


@given(events=COUNT, n=st.integers(1, 500), method=st.sampled_from(["wilson", "clopper_pearson", "wald"]))
def test_the_interval_of_a_share_holds_it_and_mirrors(events: int, n: int, method: str) -> None:
    events = min(events, n)
    found = effects.share_from_counts(events, n, method=method)
    other = effects.share_from_counts(n - events, n, method=method)
    assert found.lower is not None
    assert found.upper is not None
    assert other.lower is not None
    assert 0 <= found.lower <= found.value <= found.upper <= 1
    assert found.upper == pytest.approx(1 - other.lower)


def test_wilson_is_what_its_equation_says() -> None:
    """Its bounds are the shares p for which |20/100 − p| is 1.96 √(p(1 − p)/100)."""
    found, z = effects.share_from_counts(20, 100), effects.quantile(0.975)
    for bound in (found.lower, found.upper):
        assert bound is not None
        assert abs(0.2 - bound) == pytest.approx(z * math.sqrt(bound * (1 - bound) / 100))


def test_clopper_pearson_of_none_is_known_by_hand() -> None:
    found = effects.share_from_counts(0, 10, method="clopper_pearson")
    assert (found.lower, found.upper) == pytest.approx((0.0, 1 - 0.025**0.1))


@pytest.mark.parametrize("n", [3.5, 18, 49_999, 50_001, 1e9])
def test_hedges_correction_is_near_its_approximation_and_has_no_step(n: float) -> None:
    assert effects.small_sample_factor(n) == pytest.approx(1 - 3 / (4 * n - 1), abs=1 / n**2)
    assert effects.small_sample_factor(50_000) == pytest.approx(effects.small_sample_factor(50_000.001), abs=1e-10)


def test_an_empty_cell_is_corrected_and_said() -> None:
    found = effects.odds_ratio_from_counts(0, 10, 5, 10)
    assert found.value == pytest.approx(0.5 * 5.5 / (10.5 * 5.5))
    assert any("0.5 was added" in each for each in found.assumptions)
    assert not any("was added" in each for each in effects.odds_ratio_from_counts(1, 10, 5, 10).assumptions)


def test_what_is_derived_says_so() -> None:
    found = effects.d_from_odds_ratio(2.0, 0.25)
    assert found.derived
    assert "derived: d from odds ratio" in str(found)
    assert found.source
    assert found.assumptions


REFUSED: dict[str, tuple[Callable[[], Derived | float], str]] = {
    "no base risk": (lambda: effects.risk_ratio_from_odds_ratio(2.0), "base_risk="),
    "nor the other way": (lambda: effects.odds_ratio_from_risk_ratio(2.0), "base_risk="),
    "a share above 1": (lambda: effects.odds_ratio_from_risk_ratio(3.0, base_risk=0.4), "share of 1 or more"),
    "a base risk of 1": (lambda: effects.risk_ratio_from_odds_ratio(2.0, base_risk=1), "between 0 and 1"),
    "a negative ratio": (lambda: effects.d_from_odds_ratio(-1.0), "above 0"),
    "a correlation of 1": (lambda: effects.d_from_r(1.0), "between -1 and 1"),
    "no number": (lambda: effects.odds_ratio_from_d(math.nan), "finite"),
    "too large": (lambda: effects.odds_ratio_from_d(1e6), "more than a number can hold"),
    "a fall of all": (lambda: effects.log_change_from_percent(-100), "above -100%"),
    "one size": (lambda: effects.r_from_d(0.5, n_1=10), "give both or none"),
    "a standard error of 0": (lambda: effects.interval_from_se(1.0, 0.0), "above 0"),
    "no width": (lambda: effects.se_from_interval(1.0, 1.0), "no room"),
    "outside its own interval": (lambda: effects.se_from_interval(1.0, 2.0, value=5.0), "outside its interval"),
    "a text": (lambda: effects.d_from_r("0.5"), "the text '0.5'; give a number"),  # type: ignore[arg-type]
    "wrong order": (lambda: effects.se_from_bounds(2.0, 1.0), "lower bound comes first"),
    "a ratio's bound of 0": (lambda: effects.se_from_interval(0.0, 2.0, scale="log"), "above 0"),
    "p of 0": (lambda: effects.se_from_p(1.0, 0.0), "between 0 and 1"),
    "no effect": (lambda: effects.se_from_p(1.0, 0.5, scale="log"), "is no effect"),
    "a level of 95": (lambda: effects.multiplier(95), "between 0 and 1"),
    "no such scale": (lambda: effects.interval_from_se(1.0, 1.0, scale="cubic"), "no scale 'cubic'"),
    "more than all": (lambda: effects.share_from_counts(11, 10), "from 0 to 10"),
    "nobody": (lambda: effects.risk_ratio_from_counts(0, 0, 1, 10), "n of group 1"),
    "no such interval": (lambda: effects.share_from_counts(1, 10, method="exact"), "no interval 'exact'"),
    "Peto of none": (lambda: effects.peto_odds_ratio_from_counts(0, 10, 0, 10), "needs some who did"),
    "one person": (lambda: effects.standardised_difference(1, 1, 1, 2, 1, 10), "two or more"),
    "means apart": (lambda: effects.ratio_of_means(1, 1, 10, -1, 1, 10), "one side of 0"),
    "three pairs": (lambda: effects.correlation_from_n(0.5, 3), "more than 3"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_a_formula_cannot_take_is_refused(case: str) -> None:
    call, message = REFUSED[case]
    with pytest.raises(QuestionError, match=message):
        call()
