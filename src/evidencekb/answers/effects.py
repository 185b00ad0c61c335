"""Which way an estimate points, and between which bounds: what two estimates are compared by (rule 308)."""

from __future__ import annotations

from functools import lru_cache
from struct import Struct

from evidencekb.model import Estimate
from evidencekb.units import SECONDS
from evidencekb.vocab import RATIOS, Direction, Measure, Qualifier

NO_EFFECT: dict[Measure | None, float] = {
    Measure.PERCENT_CHANGE: 0.0,
    Measure.PERCENTAGE_POINTS: 0.0,
    Measure.MEAN_DIFFERENCE: 0.0,
    Measure.SMD: 0.0,
    Measure.CORRELATION: 0.0,
    **dict.fromkeys(RATIOS, 1.0),
}
"""The value that says there is no effect, of each measure that has one. A share, a mean or a count has none."""

_MORE = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST})
_LESS = frozenset({Qualifier.LESS_THAN, Qualifier.AT_MOST})
_DIRECTIONS = {Direction.INCREASE: 1, Direction.DECREASE: -1}
_PLAIN_RATIOS = frozenset({Measure.RISK_RATIO, Measure.RATE_RATIO})
_NUMBER, _BITS = Struct(">d"), Struct(">Q")
_NEGATIVE, _ALL = 1 << 63, (1 << 64) - 1

NO_BOUNDS = ("", "", "")


def sign_of(estimate: Estimate) -> int:
    """Which way an estimate points: 1 for more, -1 for less, 0 where it says neither.

    A qualifier limits the size: a fall of more than 5% is a fall, while one of less than 5% may be none at all.

    Examples:
        >>> sign_of(Estimate(id="e", outcome="pay", measure="odds_ratio", value=0.8, unit="1"))
        -1
        >>> sign_of(Estimate(id="e", outcome="pay", measure="percent_change", value=5, qualifier="less_than"))
        0
        >>> sign_of(Estimate(id="e", outcome="pay", direction="increase"))
        1
    """
    if estimate.direction is not None:
        return _DIRECTIONS.get(estimate.direction, 0)
    if (none := NO_EFFECT.get(estimate.measure)) is None:
        return 0
    if (value := estimate.value) is not None:
        sign = 1 if value > none else -1 if value < none else 0
        if (qualifier := estimate.qualifier) is Qualifier.EXACTLY:
            return sign
        if qualifier in _LESS:
            return sign if sign < 0 and estimate.measure in RATIOS else 0  # a ratio of less than 0.8 is a fall
        return 0 if sign < 0 and qualifier in _MORE and estimate.measure in RATIOS else sign
    if (spread := estimate.range) is not None:
        return int(spread.low > none and spread.high > none) - int(spread.low < none and spread.high < none)
    return 0


def bounds_of(estimate: Estimate) -> tuple[str, str, str]:
    """The interval of an estimate as ``(scale, low, high)``, each empty where there is none.

    Intervals of one scale may be set side by side: it names measure, unit, level and base. Low and high are written by
    :func:`sortable`. What converts without loss is converted: times to seconds, and ratios to a change in percent, of which a
    ratio of shares or of rates is another way of writing. So no effect is 0 on every scale of effects.

    Examples:
        >>> from evidencekb.model import ConfidenceInterval
        >>> half = ConfidenceInterval(lower=0.5, upper=1.5)
        >>> bounds_of(Estimate(id="e", outcome="time", measure="mean", value=1, unit="min", interval=half))[0]
        'mean s 0.95'
        >>> scale, low, high = bounds_of(Estimate(id="e", outcome="time", measure="rate_ratio", value=1, interval=half))
        >>> scale, low == sortable(-50), high == sortable(50)
        ('percent_change % 0.95', True, True)

        What another number than those we name says of no effect, nobody knows.

        >>> bounds_of(Estimate(id="e", outcome="time", measure="other", value=1, unit="eta squared", interval=half))
        ('', '', '')
    """
    interval, measure = estimate.interval, estimate.measure
    if interval is None or measure is None or measure is Measure.OTHER:
        return NO_BOUNDS
    lower, upper = interval.lower, interval.upper
    if lower > upper:
        return NO_BOUNDS
    scale, none, factor = _scale(measure, estimate.unit or "", interval.level, estimate.per or "")
    if factor != 1:
        lower, upper = (lower - none) * factor, (upper - none) * factor
    return scale, sortable(lower), sortable(upper)


@lru_cache(4_000)
def _scale(measure: Measure, unit: str, level: float, per: str) -> tuple[str, float, float]:
    """The name of a scale, its value for no effect, and what turns a distance from that into its unit."""
    name, none, factor = str(measure), 0.0, 1.0
    if measure in RATIOS:
        name, unit, none, factor = "percent_change" if measure in _PLAIN_RATIOS else name, "%", 1.0, 100.0
    elif unit in SECONDS:
        unit, factor = "s", SECONDS[unit]
    base = f" per {' '.join(per.casefold().split())}" if per else ""
    return f"{name} {unit} {level:g}{base}", none, factor


@lru_cache(20_000)  # the same rounded numbers stand in finding after finding
def sortable(number: float) -> str:
    """A number as a text of 16 characters; such texts stand in the order of their numbers. Nothing is lost.

    Tables hold texts and small whole numbers only, on every engine.

    Examples:
        >>> sorted([2.5, -3, 0, -0.5], key=sortable)
        [-3, -0.5, 0, 2.5]
        >>> sortable(0)
        '8000000000000000'

    References:
        IEEE 754-2019: the bits of numbers of one sign are in the order of their sizes.
    """
    (bits,) = _BITS.unpack(_NUMBER.pack(round(number, 9) + 0.0))
    return f"{bits ^ _ALL if bits & _NEGATIVE else bits | _NEGATIVE:016x}"
