"""An estimate as pooling takes it: its value and standard error on a scale, and how each was worked out."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidencekb import effects
from evidencekb.answers.power import scale_name
from evidencekb.effects.scales import scale_of
from evidencekb.errors import EvidenceError, QuestionError
from evidencekb.queries.converting import SWAP_GROUPS, TURN_SIGN
from evidencekb.units import SECONDS
from evidencekb.vocab import RATIOS, Measure, Origin, Qualifier

if TYPE_CHECKING:
    from evidencekb.model import Estimate

_NOT_AVERAGED = {
    Measure.COUNT: "a count",
    Measure.TOTAL: "a sum",
    Measure.THRESHOLD: "a limit",
    Measure.SUM_OF_MONEY: "an amount paid",
    Measure.OTHER: "a number of another kind",
}
_PLAIN_RATIOS = (Measure.RISK_RATIO, Measure.RATE_RATIO)
_ROUND_P = frozenset({0.1, 0.05, 0.01, 0.005, 0.001, 0.0005, 0.0001})
"""P values that are more often the limit below which one lay than the value itself."""
_EFFECTS = frozenset(
    {
        Measure.PERCENT_CHANGE,
        Measure.PERCENTAGE_POINTS,
        Measure.MEAN_DIFFERENCE,
        Measure.SMD,
        Measure.CORRELATION,
        *RATIOS,
    }
)
_UNITS = {Measure.PERCENT_CHANGE: "%", Measure.SMD: "SD"}


class Unusable(EvidenceError):
    """Why an estimate cannot be pooled; pooling catches it, and leaves the estimate out."""


@dataclass(frozen=True, slots=True)
class Measured:
    """A value with its standard error on a scale.

    Attributes:
        value: In its own unit.
        se: On the scale.
        measure: The kind of number.
        unit: Its unit.
        scale: Where the standard error is measured.
        steps: How value and standard error were worked out; empty when both stand in the source.
        bounds: Lower and upper bound of the interval that stands in the source, and its level; None once it is converted.
    """

    value: float
    se: float
    measure: Measure
    unit: str
    scale: str
    steps: tuple[str, ...] = ()
    bounds: tuple[float, float, float] | None = None

    @property
    def at(self) -> float:
        """The value on the scale."""
        return scale_of(self.scale).to(self.value)


def measured(estimate: Estimate) -> Measured:
    """The value and standard error of an estimate: as printed, else from its interval, its counts, or an exact p value.

    Raises:
        Unusable: If it is no single number, of a kind that is not averaged, or its standard error cannot be known.

    References:
        Higgins, Li & Deeks (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapter 6.3.
    """
    if estimate.value is None or estimate.measure is None:
        raise Unusable("it is a range" if estimate.range is not None else "it is a direction without a size")
    if estimate.qualifier not in (Qualifier.EXACTLY, Qualifier.ABOUT):
        raise Unusable(f"it is a bound ({estimate.qualifier.replace('_', ' ')})")
    if estimate.measure in _NOT_AVERAGED:
        raise Unusable(f"{_NOT_AVERAGED[estimate.measure]} is no average, and has none")
    scale = "logit" if estimate.measure is Measure.PROPORTION else scale_name(estimate)
    try:
        scale_of(scale).to(estimate.value)
        found = _precision(estimate, estimate.value, scale)
    except QuestionError as problem:
        raise Unusable(str(problem)) from problem
    if found is None:
        raise Unusable("no standard error, interval or counts are recorded, so nobody knows how precise it is")
    se, steps = found
    if not (math.isfinite(se) and se > 0):
        raise Unusable(f"its standard error is {se:g}")
    origin = () if estimate.origin is Origin.PRINTED else (f"the value was {estimate.origin} by the curator",)
    interval = estimate.interval
    bounds = None if interval is None else (interval.lower, interval.upper, interval.level)
    return Measured(estimate.value, se, estimate.measure, estimate.unit or "", scale, (*origin, *steps), bounds)


def _precision(estimate: Estimate, value: float, scale: str) -> tuple[float, tuple[str, ...]] | None:
    plain = scale == "identity"
    if plain and estimate.se is not None:
        return estimate.se, ()
    if (interval := estimate.interval) is not None and _inside(interval.lower, interval.upper, scale):
        found = effects.se_from_interval(interval.lower, interval.upper, value=value, level=interval.level, scale=scale)
        return _told(found)
    if estimate.se is not None:
        step = f"standard error of {estimate.se:g} taken to the scale {scale} (delta method)"
        return effects.se_on_scale(value, estimate.se, scale), (step,)
    if interval is not None:  # it reaches beyond what the scale can take
        se, steps = _told(effects.se_from_interval(interval.lower, interval.upper, value=value, level=interval.level))
        return effects.se_on_scale(value, se, scale), (*steps, f"taken to the scale {scale} (delta method)")
    if estimate.measure is Measure.PROPORTION and estimate.numerator is not None and estimate.denominator:
        return _told(effects.logit_from_counts(estimate.numerator, estimate.denominator))
    if (p := estimate.p_value) is not None and estimate.measure in _EFFECTS and 0 < p < 1:
        if p in _ROUND_P:
            raise Unusable(f"it has a p value of {p:g} alone, which may be a limit and no value")
        return _told(effects.se_from_p(value, p, scale=scale))
    return None


def _inside(lower: float, upper: float, scale: str) -> bool:
    try:
        return all(math.isfinite(scale_of(scale).to(end)) for end in (lower, upper))
    except QuestionError:
        return False


def _told(found: effects.Derived) -> tuple[float, tuple[str, ...]]:
    assert found.se is not None
    off = [each for each in found.assumptions if "off the middle" in each]
    return found.se, ("; ".join([found.how, *off]),)


def converted(held: Measured, into: Measured, conversions: Sequence[str], base: float) -> Measured:
    """An estimate in the measure, unit and sense of another.

    Args:
        held: The estimate.
        into: The other.
        conversions: What a comparison of the two says has to be done, in order.
        base: The share in the comparison group, where an odds ratio meets a ratio of shares; 0 when there is none.

    Raises:
        Unusable: If a value is outside of what a formula can take.
    """
    try:
        for name in conversions:
            if name in (TURN_SIGN, SWAP_GROUPS):
                held = _turned(held, name)
            elif held.measure is not into.measure:
                held = _measure(held, into.measure, base)
            else:
                held = _unit(held, into.unit)
    except QuestionError as problem:
        raise Unusable(str(problem)) from problem
    return held


def on_scale(held: Measured, scale: str) -> Measured:
    """The same on another scale: the standard error from the interval that is printed, else by the delta method.

    Raises:
        Unusable: If the value is outside of what the scale can take.
    """
    if held.scale == scale:
        return held
    try:
        if held.bounds is not None and _inside(*held.bounds[:2], scale):
            lower, upper, level = held.bounds
            found = effects.se_from_interval(lower, upper, value=held.value, level=level, scale=scale)
            se, steps = _told(found)
            kept = tuple(step for step in held.steps if "standard error" not in step)
            return replace(held, se=se, scale=scale, steps=(*kept, f"{steps[0]}, on the scale {scale}"))
        natural = effects.se_from_scale(held.value, held.se, held.scale)
        se = effects.se_on_scale(held.value, natural, scale)
    except QuestionError as problem:
        raise Unusable(str(problem)) from problem
    return replace(held, se=se, scale=scale, steps=(*held.steps, f"taken to the scale {scale} (delta method)"))


def common_scale(held: Sequence[Measured], *, turned: bool) -> str:
    """The scale that estimates of one measure are pooled on: changes in percent on the log scale where one has to be."""
    scales = {each.scale for each in held}
    if held[0].measure is Measure.PERCENT_CHANGE and (turned or "log_change" in scales):
        return "log_change"
    return held[0].scale


def _unit(held: Measured, unit: str) -> Measured:
    factor = SECONDS[held.unit] / SECONDS[unit]
    step = f"{held.unit} into {unit}: times {factor:g}"
    return replace(
        held, value=held.value * factor, se=held.se * factor, unit=unit, steps=(*held.steps, step), bounds=None
    )


def _turned(held: Measured, name: str) -> Measured:
    """A ratio becomes its inverse, and so does a change in percent, which is a ratio; a difference changes its sign."""
    step = f"{name.replace('_', ' ')}: "
    if held.measure in RATIOS:
        return replace(held, value=1 / held.value, steps=(*held.steps, step + "the inverse"), bounds=None)
    if held.measure is Measure.PERCENT_CHANGE:
        held = on_scale(held, "log_change")
        value = 100 * (1 / (1 + held.value / 100) - 1)
        return replace(held, value=value, steps=(*held.steps, step + "the inverse of the ratio"), bounds=None)
    if held.measure in _EFFECTS:
        return replace(held, value=-held.value, steps=(*held.steps, step + "the sign"), bounds=None)
    raise Unusable(f"{held.measure.replace('_', ' ')} has no sign to turn")


def _measure(held: Measured, into: Measure, base: float) -> Measured:
    """One measure as another; ratios of rates and of shares are taken for each other."""
    value, se, steps, measure = held.value, held.se, list(held.steps), held.measure

    def take(found: effects.Derived) -> tuple[float, float]:
        steps.append("; ".join([found.how, *(f"if {each}" for each in found.assumptions)]))
        assert found.se is not None
        return found.value, found.se

    if measure is Measure.PERCENT_CHANGE:
        held = on_scale(held, "log_change")
        steps = list(held.steps)
        value, se = take(effects.ratio_from_percent_change(value, held.se))
        measure = Measure.RISK_RATIO
    if measure in _PLAIN_RATIOS and into is Measure.ODDS_RATIO:
        value, se = take(effects.odds_ratio_from_risk_ratio(value, se, base_risk=base))
    elif measure is Measure.ODDS_RATIO and into in (*_PLAIN_RATIOS, Measure.PERCENT_CHANGE):
        value, se = take(effects.risk_ratio_from_odds_ratio(value, se, base_risk=base))
        measure = Measure.RISK_RATIO
    elif (measure, into) in _FORMULAS:
        value, se = take(_FORMULAS[measure, into](value, se))
    elif into in _PLAIN_RATIOS and measure is not into and held.measure is not Measure.PERCENT_CHANGE:
        steps.append(f"{measure.replace('_', ' ')} taken as {into.replace('_', ' ')}")
    if into is Measure.PERCENT_CHANGE:
        value, se = take(effects.percent_change_from_ratio(value, se))
    return Measured(value, se, into, _UNITS.get(into, "1"), _SCALES[into], tuple(steps))


_FORMULAS = {
    (Measure.ODDS_RATIO, Measure.SMD): effects.d_from_odds_ratio,
    (Measure.SMD, Measure.ODDS_RATIO): effects.odds_ratio_from_d,
    (Measure.CORRELATION, Measure.SMD): effects.d_from_r,
    (Measure.SMD, Measure.CORRELATION): effects.r_from_d,
    (Measure.ODDS_RATIO, Measure.CORRELATION): effects.r_from_odds_ratio,
    (Measure.CORRELATION, Measure.ODDS_RATIO): effects.odds_ratio_from_r,
}
_SCALES = {
    Measure.PERCENT_CHANGE: "log_change",
    Measure.SMD: "identity",
    Measure.CORRELATION: "fisher_z",
    **dict.fromkeys(RATIOS, "log"),
}
