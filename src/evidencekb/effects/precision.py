"""From an interval or a p value to a standard error, and back."""

from __future__ import annotations

import math
from dataclasses import replace
from functools import cache, lru_cache

from evidencekb.effects.derived import Derived
from evidencekb.effects.domains import between, finite, positive
from evidencekb.effects.scales import scale_of
from evidencekb.errors import QuestionError

HANDBOOK = "Higgins, Li & Deeks (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapter 6.3"
USUAL = 0.95
_OFF = 0.1


@lru_cache(1_000)
def quantile(probability: float) -> float:
    """The point of the standard normal distribution below which so much of it lies.

    Examples:
        >>> round(quantile(0.975), 2), round(quantile(0.80), 2)
        (1.96, 0.84)
    """
    return float(normal().inv_cdf(probability))


@cache
def normal():  # type: ignore[no-untyped-def]  # an import of statistics costs more than most questions
    """The standard normal distribution."""
    from statistics import NormalDist

    return NormalDist()


def multiplier(level: float, df: float | None = None) -> float:
    """How many standard errors an interval reaches to either side: 1.96 at 95%, and more with few degrees of freedom.

    Args:
        level: Confidence level, between 0 and 1.
        df: Degrees of freedom of the t distribution; None for the normal one. Needs the extra ``pool``.

    Raises:
        QuestionError: If the level is not between 0 and 1, or the degrees of freedom are not above 0.
        EngineError: If scipy is asked for and not installed.

    Examples:
        >>> round(multiplier(0.95), 3), round(multiplier(0.95, df=24), 3)
        (1.96, 2.064)
    """
    between("a level", 0, 1, level)
    if df is None:
        return quantile((1 + level) / 2)
    positive("df", df)
    from evidencekb.extras import needed

    return float(needed("scipy.special", "pool").stdtrit(df, (1 + level) / 2))


def se_from_bounds(lower: float, upper: float, level: float = USUAL, df: float | None = None) -> float:
    """The standard error of an interval that is symmetric where it stands: (upper − lower) / (2 × 1.96) at 95%.

    Raises:
        QuestionError: If the bounds do not stand in their order, or the level is not between 0 and 1.

    Examples:
        >>> round(se_from_bounds(1.0, 3.0), 2)
        0.51

    References:
        Higgins, Li & Deeks (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapter 6.3.
    """
    finite("a bound", lower, upper)
    if lower > upper:
        raise QuestionError(f"the interval runs from {lower} to {upper}; the lower bound comes first")
    return (upper - lower) / (2 * multiplier(level, df))


def se_from_interval(
    lower: float,
    upper: float,
    *,
    value: float | None = None,
    level: float = USUAL,
    scale: str = "identity",
    df: float | None = None,
) -> Derived:
    """The standard error behind an interval, on the scale on which the interval is symmetric.

    Args:
        lower: Lower bound as printed, in the unit of the estimate.
        upper: Upper bound.
        value: The estimate as printed; when left out, the middle of the interval on the scale.
        level: Confidence level of the interval.
        scale: ``log`` for ratios, ``fisher_z`` for correlations, ``identity`` for differences.
        df: Degrees of freedom if the interval rests on a t distribution (small samples); needs the extra ``pool``.

    Returns:
        The estimate with its standard error on the scale. ``assumptions`` says so when the estimate is off the middle
        by more than a tenth of a standard error: then the interval is not symmetric on this scale, or was rounded.

    Raises:
        QuestionError: If a bound is outside what the scale can take, the bounds are equal or not in their order, or the estimate
            is outside them.

    Examples:
        A hazard ratio of 0.56 from 0.33 to 0.95 at 95%: (ln 0.95 − ln 0.33) / 3.92 = 0.27.

        >>> found = se_from_interval(0.33, 0.95, value=0.56, scale="log")
        >>> found.value, round(found.se, 2)
        (0.56, 0.27)

    References:
        Higgins, Li & Deeks (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapters 6.3.1 and 6.3.2.
    """
    held = scale_of(scale)
    low, high = held.to(lower), held.to(upper)
    if not low < high:
        raise QuestionError(f"the interval runs from {lower} to {upper}, which leaves no room for a standard error")
    se, middle = se_from_bounds(low, high, level, df), (low + high) / 2
    assumptions = [f"the interval is symmetric on the scale {scale}", _distribution(df)]
    if value is None:
        value = held.back(middle)
        assumptions.append("the estimate is the middle of its interval")
    elif not lower <= value <= upper:
        raise QuestionError(f"the estimate {value} is outside its interval from {lower} to {upper}")
    elif (off := abs(held.to(value) - middle)) > _OFF * se:
        assumptions.append(f"the estimate is {off / se:.2g} standard errors off the middle of its interval")
    return Derived(value, se, "standard error from interval", HANDBOOK, tuple(assumptions), scale, lower, upper, level)


def interval_from_se(
    value: float, se: float, *, level: float = USUAL, scale: str = "identity", df: float | None = None
) -> Derived:
    """The interval around an estimate, worked out on a scale and given in the unit of the estimate.

    Args:
        value: The estimate.
        se: Its standard error on the scale.
        level: Confidence level.
        scale: ``log`` for ratios, ``fisher_z`` for correlations, ``identity`` for differences.
        df: Degrees of freedom of a t distribution; None for the normal one.

    Raises:
        QuestionError: If the estimate is outside what the scale can take, or the standard error is not above 0.

    Examples:
        An odds ratio of 2 and a standard error of 0.25 on the log scale: e^(ln 2 ± 1.96 × 0.25), 1.23 to 3.26.

        >>> found = interval_from_se(2.0, 0.25, scale="log")
        >>> round(found.lower, 2), round(found.upper, 2)
        (1.23, 3.26)

    References:
        Higgins, Li & Deeks (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapter 6.3.
    """
    positive("a standard error", se)
    held = scale_of(scale)
    middle, reach = held.to(value), multiplier(level, df) * se
    return Derived(
        value,
        se,
        "interval from standard error",
        HANDBOOK,
        (f"the estimate is normal on the scale {scale}" if df is None else _distribution(df),),
        scale,
        held.back(middle - reach),
        held.back(middle + reach),
        level,
    )


def se_from_p(value: float, p_value: float, *, scale: str = "identity", df: float | None = None) -> Derived:
    """The standard error behind a p value: the distance from no effect, divided by the z (or t) that has this p.

    Args:
        value: The estimate, in its own unit.
        p_value: Two-sided p value as printed, and exact: of "p < 0.05" only a bound can be known.
        scale: ``log`` for ratios, ``fisher_z`` for correlations, ``identity`` for differences.
        df: Degrees of freedom if the p value comes from a t test; needs the extra ``pool``.

    Raises:
        QuestionError: If the p value is not between 0 and 1, or the estimate says no effect, of which no p value tells.

    Examples:
        A difference of 3.8 with p = 0.008, t with 25 + 22 − 2 = 45 degrees of freedom: t is 2.78, the standard error
        3.8 / 2.78 = 1.37.

        >>> round(se_from_p(3.8, 0.008, df=45).se, 2)
        1.37

        An odds ratio of 1.5 with p = 0.04: ln 1.5 / 2.054 = 0.197.

        >>> round(se_from_p(1.5, 0.04, scale="log").se, 3)
        0.197

    References:
        Higgins, Li & Deeks (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapters 6.3.1 and 6.5.2.3.
    """
    between("a p value", 0, 1, p_value)
    distance = abs(scale_of(scale).to(value))
    if not distance:
        raise QuestionError(f"the estimate {value} is no effect, so that a p value does not tell its standard error")
    z = _z_of(p_value, df)
    if not z:
        raise QuestionError(f"a p value of {p_value} does not tell a standard error")
    assumptions = ("the p value is two-sided, exact, and tests no effect", _distribution(df))
    return Derived(value, distance / z, "standard error from p value", HANDBOOK, assumptions, scale)


def interval_of(derived: Derived, *, level: float = USUAL) -> Derived:
    """A derived number with its interval, worked out on its own scale.

    Raises:
        QuestionError: If its standard error is not known, is 0, or its scale has no way back.

    Examples:
        >>> found = interval_of(se_from_p(1.5, 0.05, scale="log"))
        >>> abs(round(found.lower, 6)), round(found.upper, 2)
        (1.0, 2.25)
    """
    if derived.se is None:
        raise QuestionError("its standard error is not known, so there is no interval")
    found = interval_from_se(derived.value, derived.se, level=level, scale=derived.scale)
    return replace(derived, lower=found.lower, upper=found.upper, level=level)


def _z_of(p_value: float, df: float | None) -> float:
    if df is None:
        return abs(quantile(p_value / 2))
    positive("df", df)
    from evidencekb.extras import needed

    return abs(float(needed("scipy.special", "pool").stdtrit(df, p_value / 2)))


def p_from_se(value: float, se: float, *, scale: str = "identity") -> float:
    """The two-sided p value of an estimate and its standard error on a scale, by the normal distribution.

    Examples:
        >>> round(p_from_se(1.96, 1.0), 2)
        0.05
    """
    positive("a standard error", se)
    return math.erfc(abs(scale_of(scale).to(value)) / se / math.sqrt(2))


def _distribution(df: float | None) -> str:
    return "it rests on the normal distribution" if df is None else f"it rests on t with {df:g} degrees of freedom"
