"""What an experiment, an audit or a survey could have seen: its standard error, its power, the smallest effect it would not miss.

The rule 307, the caveat ``underpowered`` and :func:`evidencekb.power_of` all ask this module.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from evidencekb.answers.effects import NO_EFFECT
from evidencekb.answers.numbers import between, spoken
from evidencekb.effects.precision import normal, quantile, se_from_bounds
from evidencekb.effects.scales import SCALES
from evidencekb.errors import QuestionError
from evidencekb.model import Estimate, Finding
from evidencekb.model.findings import SampleCount
from evidencekb.vocab import RATIOS, Design, Measure, Qualifier, SampleLevel, Scale

TESTS = frozenset(design for design in Design if design.badge in ("experiment", "audit", "survey"))
"""Designs whose power is asked for: experiments, audits and surveys."""

FEW = 30
"""Fewer than so many, and no interval, is little to go by."""

UNCLEAR, SMALL, CLEAR, UNKNOWN = "unclear", "few", "clear", "unknown"
"""An interval that includes no effect; few and no interval; neither; what nobody can tell from what is recorded."""

ALPHA, POWER = 0.05, 0.80
_SIZES = (SampleLevel.ANALYSED, SampleLevel.ANSWERED)
_USUAL = 0.95
_LEAST_P = 1e-300


class Precision(NamedTuple):
    """How closely an estimate was measured, as far as what is recorded tells.

    Attributes:
        verdict: unclear, few, clear or unknown; empty when the design or the measure does not ask for it.
        basis: What tells: interval, se, p_value or n; empty when nothing does.
        se: Standard error on the scale of :func:`standard`; None when it cannot be known.
        n: How many answered or were analysed.
        found: What decided, in words.
        at: The field that decided: of the estimate, or the count of the sample; empty when nothing did.
    """

    verdict: str
    basis: str = ""
    se: float | None = None
    n: float | None = None
    found: str = ""
    at: str = ""


def power_for(effect: float, se: float, *, alpha: float = ALPHA) -> float:
    """The chance that a two-sided test sees an effect of this size.

    Args:
        effect: The effect, as a distance from no effect.
        se: Standard error, on the same scale.
        alpha: How often the test may see what is not there.

    Examples:
        64 in each of two groups and half a standard deviation: the standard error is √(2/64) = 0.177 and the power Φ(2.83 − 1.96)
        = 0.81; Cohen's table 2.3.5, for the t test, prints 0.80.

        >>> round(power_for(0.5, (2 / 64) ** 0.5), 2)
        0.81

    References:
        Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed., chapter 2.
    """
    z, distance = quantile(1 - alpha / 2), abs(effect) / se
    return float(normal().cdf(distance - z) + normal().cdf(-distance - z))


def detectable(se: float, *, alpha: float = ALPHA, power: float = POWER) -> float:
    """The smallest effect that a two-sided test sees with the power asked for: 2.80 standard errors at 5% and 80%.

    Args:
        se: Standard error.
        alpha: How often the test may see what is not there.
        power: How often it is to see what is there.

    Examples:
        With 393 in each of two groups the standard error is √(2/393) = 0.0713, and an effect of 0.2 is seen.

        >>> round(detectable((2 / 393) ** 0.5), 2)
        0.2

    References:
        Bloom (1995), Minimum Detectable Effects, Evaluation Review 19(5), 547-556.
    """
    return (quantile(1 - alpha / 2) + quantile(power)) * se


def standard(estimate: Estimate, value: float) -> float | None:
    """A value as a distance from no effect, on the scale on which its interval is symmetric; None where there is no such scale.

    Ratios, and percent changes that say so, are taken on the log scale, correlations on Fisher's z; the rest as they are.

    Examples:
        >>> standard(Estimate(id="e", outcome="pay", measure="odds_ratio", value=1, unit="1"), 1.0)
        0.0
    """
    if NO_EFFECT.get(estimate.measure) is None:
        return None
    try:
        return SCALES[scale_name(estimate)].to(value)
    except QuestionError:
        return None


def unit_of(estimate: Estimate, distance: float) -> float:
    """A distance from no effect, back in the unit of the estimate; upwards, where up and down differ.

    Examples:
        >>> round(unit_of(Estimate(id="e", outcome="pay", measure="risk_ratio", value=1, unit="1"), 0.405), 2)
        1.5
    """
    return SCALES[scale_name(estimate)].back(distance)


def precision_of(finding: Finding, estimate: Estimate, *, tested: bool = False) -> Precision:
    """How closely an estimate was measured, and whether that is too little.

    Args:
        finding: The study.
        estimate: One of its estimates.
        tested: True for a study that is known to be a test by something other than its design.

    The standard error comes from the interval, (upper − lower) / (2 z), else from the one printed, else from the p value. Where
    none is there, a sample of fewer than 30 is few, and for the rest nobody can tell.

    References:
        Cochrane Handbook for Systematic Reviews of Interventions, chapter 6.3.
    """
    n, at = _size_of(finding, estimate)
    effect = estimate.measure in NO_EFFECT or estimate.direction is not None
    if not tested and finding.design not in TESTS:
        return Precision("", n=n)
    if effect and (measured := _measured(estimate)):
        basis, se, clear, found = measured
        at = basis
        if (
            se is None and basis == "p_value" and (se := _from_size(estimate, n))
        ):  # of no effect at all, p tells no error
            basis = "n"
        return Precision(CLEAR if clear else UNCLEAR, basis, se, n, found, at)
    if estimate.interval is not None:
        return Precision(UNKNOWN if effect else CLEAR, n=n)
    if estimate.se is not None and not effect:
        return Precision(CLEAR, n=n)
    if n is not None and n < FEW:
        return Precision(SMALL, "n" if effect else "", _from_size(estimate, n), n, f"{n:,}", at)
    if not effect:
        return Precision("", n=n)
    se = _from_size(estimate, n)
    return Precision(UNKNOWN, "n" if se else "", se, n)


def _measured(estimate: Estimate) -> tuple[str, float | None, bool, str] | None:
    """Basis, standard error, whether a 95% interval leaves no effect out, and what decided; None when nothing tells."""
    interval, none = estimate.interval, NO_EFFECT.get(estimate.measure)
    if none is None or (interval is None and estimate.se is None and estimate.p_value is None):
        return None
    usual = quantile(1 - ALPHA / 2)
    if interval is not None:
        if estimate.measure in RATIOS and interval.lower <= 0:
            return None  # no ratio can be that: rule 301 says so
        low, high = standard(estimate, interval.lower), standard(estimate, interval.upper)
        found = between(interval.lower, interval.upper, estimate.measure, estimate.unit)
        if low is None or high is None or low >= high or not 0 < interval.level < 1:
            return "interval", None, not interval.lower <= none <= interval.upper, found
        se, middle = se_from_bounds(low, high, interval.level), (low + high) / 2
        usually = interval.level == _USUAL
        return "interval", se, not low <= 0 <= high if usually else abs(middle) > usual * se, found
    distance = None if estimate.value is None else standard(estimate, estimate.value)
    if distance is None:
        return None
    if estimate.se is not None and estimate.se > 0:
        se = _se_on_scale(estimate, estimate.value or 0.0, estimate.se)
        return "se", se, abs(distance) > usual * se, f"standard error {_spoken(estimate.se)}"
    if (p := estimate.p_value) is not None and _LEAST_P < p < 1:
        return "p_value", abs(distance) / -quantile(p / 2) or None, p <= ALPHA, f"p = {_spoken(p)}"
    return None


def _se_on_scale(estimate: Estimate, value: float, se: float) -> float:
    """A printed standard error, which is in the unit of the estimate, on the scale of :func:`standard` (delta method)."""
    return se / SCALES[scale_name(estimate)].slope(value)


def scale_name(estimate: Estimate) -> str:
    """The scale on which the interval of an estimate is symmetric, by its name in :mod:`evidencekb.effects.scales`.

    Examples:
        >>> scale_name(Estimate(id="e", outcome="pay", measure="odds_ratio", value=1, unit="1"))
        'log'
    """
    if estimate.measure in RATIOS:
        return "log"
    if estimate.measure is Measure.CORRELATION:
        return "fisher_z"
    return "log_change" if estimate.measure is Measure.PERCENT_CHANGE and estimate.scale is Scale.LOG else "identity"


def _from_size(estimate: Estimate, n: float | None) -> float | None:
    """The standard error that a sample of this size has at best: two halves that are compared, or n pairs of a correlation."""
    if n is None or n < 4:
        return None
    if estimate.measure is Measure.SMD:
        return 2 / math.sqrt(n)
    if estimate.measure is Measure.PERCENTAGE_POINTS:
        return 100 / math.sqrt(n)
    return 1 / math.sqrt(n - 3) if estimate.measure is Measure.CORRELATION else None


def _size_of(finding: Finding, estimate: Estimate) -> tuple[float | None, str]:
    """How many answered or were analysed: those behind the estimate, else of the whole sample, else of all its groups.

    And the field that says so; of several groups, the first.
    """
    if estimate.n is not None and _possible(estimate.n):
        return estimate.n, "n"
    counts = enumerate(finding.sample.counts) if finding.sample else ()
    held = [(position, count) for position, count in counts if _possible(count.n) and not _may_be_many(count)]
    for level in _SIZES:
        if of_level := [(position, count) for position, count in held if count.level is level]:
            whole = [(count.n, -position) for position, count in of_level if count.group is None]
            n, position = max(whole) if whole else (sum(count.n for _, count in of_level), -of_level[0][0])
            return n, f"sample.counts.{-position}"
    return None, ""


def _may_be_many(count: SampleCount) -> bool:
    """Of more than 20 nobody knows whether they are few."""
    return count.n < FEW and count.qualifier in (Qualifier.MORE_THAN, Qualifier.AT_LEAST)


def _possible(n: float) -> bool:
    return n >= 1 and n == int(n)


def weak_estimates(finding: Finding) -> Iterator[tuple[str, Estimate, Precision]]:
    """Estimates whose power is too little or cannot be known, each with the path of what says so."""
    if finding.design in TESTS:
        for position, estimate in enumerate(finding.estimates):
            interval, none = estimate.interval, NO_EFFECT.get(estimate.measure)
            if (
                interval
                and none is not None
                and interval.level == _USUAL
                and not interval.lower <= none <= interval.upper
            ):
                continue  # most are plainly clear, and this is quick
            precision = precision_of(finding, estimate)
            if precision.verdict and precision.verdict != CLEAR:
                within = f"estimates.{position}.{precision.at}".rstrip(".")
                yield precision.at if precision.at.startswith("sample") else within, estimate, precision


def is_weak(finding: Finding) -> bool:
    """True if it is known of some estimate that its power is too little."""
    return any(precision.verdict != UNKNOWN for _, _, precision in weak_estimates(finding))


def _spoken(value: float) -> str:
    return spoken(Decimal(str(value)))
