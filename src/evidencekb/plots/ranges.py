"""Where an axis begins and ends, and what stands on it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from decimal import Decimal
from statistics import median
from typing import Any

from evidencekb.answers.effects import NO_EFFECT
from evidencekb.answers.numbers import spoken
from evidencekb.effects.scales import scale_of
from evidencekb.errors import QuestionError
from evidencekb.vocab import RATIOS, Measure

_WIDE, _ROOM = 2.5, 0.04
_TICKS = 8
_SHARES = (0.5, 0.2, 0.8, 0.1, 0.9, 0.3, 0.7, 0.05, 0.95, 0.01, 0.99, 0.4, 0.6, 0.02, 0.98, 0.001, 0.999)
_ROUND: dict[str, tuple[float, ...]] = {
    "log_change": (
        0,
        -50,
        100,
        -80,
        200,
        -90,
        50,
        -30,
        400,
        900,
        -95,
        -20,
        20,
        -10,
        10,
        -70,
        30,
        -99,
        -5,
        5,
        -40,
        70,
        1900,
    ),
    "logit": _SHARES,
    "fisher_z": (
        0.0,
        *(sign * r for r in (0.5, 0.8, 0.3, 0.9, 0.95, 0.7, 0.99, 0.1, 0.2, 0.4, 0.6) for sign in (1, -1)),
    ),
}
"""Round numbers of the scales on which steps are not even, those first that an axis wants most."""


def no_effect(measure: str, scale: str) -> float | None:
    """The number that says "no difference": 1 for ratios, 0 for differences, none for levels.

    Examples:
        >>> no_effect("odds_ratio", "log"), no_effect("percent_change", "identity"), no_effect("proportion", "identity")
        (1.0, 0.0, None)
    """
    if measure:
        return NO_EFFECT.get(Measure(measure))
    return {"log": 1.0, "logit": None}.get(scale, 0.0)


def usual_scale(scale: str | None, measure: str, pooled: Any = None) -> str:
    """The scale of an axis: what was asked for, else that of the pool, else log for ratios and identity for all else.

    Raises:
        QuestionError: If ratios were pooled, and nobody says on which scale.

    Examples:
        >>> usual_scale(None, "odds_ratio"), usual_scale(None, "percent_change"), usual_scale("logit", "proportion")
        ('log', 'identity', 'logit')
    """
    own = scale or str(getattr(pooled, "scale", ""))
    if not own and measure in RATIOS and pooled is not None:
        raise QuestionError("these are ratios; say on which scale they were pooled, as scale='log'")
    return own or ("log" if measure in RATIOS else "identity")


def axis_name(measure: str, unit: str, scale: str) -> str:
    """What stands beside an axis that nobody named.

    Examples:
        >>> axis_name("odds_ratio", "1", "log"), axis_name("mean_difference", "USD", "identity"), axis_name("", "", "log")
        ('odds ratio (log scale)', 'mean difference in USD', '')
    """
    if not measure:
        return ""
    of = f" in {unit}" if unit not in ("", "1", "%", "pp") else ""
    return f"{measure.replace('_', ' ')}{of}{'' if scale == 'identity' else ' (log scale)' if 'log' in scale else ''}"


def placed_ends(lower: float | None, upper: float | None, scale: str) -> tuple[float, float]:
    """The ends of an interval on an axis; a bound that is missing, or that the scale cannot take, lies beyond it."""
    return _placed(lower, -math.inf, scale), _placed(upper, math.inf, scale)


def _placed(bound: float | None, beyond: float, scale: str) -> float:
    if bound is None or not math.isfinite(bound):
        return beyond
    try:
        return scale_of(scale).to(bound)
    except QuestionError:
        return beyond


def span(
    values: Sequence[float], ends: Sequence[tuple[float, float]], also: Sequence[float] = ()
) -> tuple[float, float]:
    """Where an axis begins and ends: it shows all values, and of intervals what is not far beyond the usual.

    Args:
        values: All that has to be seen.
        ends: The intervals; an end may be infinite.
        also: What has to be seen besides.

    Examples:
        Two intervals of a width of 2, and one of 2,000.

        >>> low, high = span([0.0, 1.0, 2.0], [(-1.0, 1.0), (0.0, 2.0), (-998.0, 1002.0)])
        >>> -10 < low < -1, 2 < high < 12
        (True, True)
    """
    seen = [*values, *also]
    low, high = min(seen), max(seen)
    widths = [upper - lower for lower, upper in ends if math.isfinite(upper - lower)]
    reach = _WIDE * max(median(widths) if widths else 0.0, (high - low) / 3)
    inside = [end for pair in ends for end in pair if low - reach <= end <= high + reach]
    if len(inside) < 2 * len(ends):
        inside += [low - reach / _WIDE, high + reach / _WIDE]
    low, high = min([low, *inside]), max([high, *inside])
    room = (high - low) * _ROOM or abs(high) * _ROOM or 1.0
    return low - room, high + room


def ticks(low: float, high: float, scale: str) -> list[tuple[float, str]]:
    """Places on a scale and the round numbers, in the printed unit, that belong there.

    Examples:
        >>> [text for _, text in ticks(-0.7, 0.7, "log")]
        ['0.5', '0.7', '1', '1.5', '2']
        >>> [text for _, text in ticks(-10, 42, "identity")]
        ['−10', '0', '10', '20', '30', '40']
        >>> [text for _, text in ticks(-1.9, 1.35, "log_change")]
        ['−80', '−70', '−50', '0', '100', '200']
    """
    held = scale_of(scale)
    if scale == "identity":
        numbers = _even(low, high)
    elif scale == "log":
        numbers = _ratios(held.back(low), held.back(high))
    else:
        numbers = _spread(low, high, scale)
    placed = [(held.to(value), _text(value)) for value in numbers]
    return [(place, text) for place, text in placed if low <= place <= high]


def _spread(low: float, high: float, scale: str) -> list[float]:
    """Round numbers from the middle of a scale outwards, none too near another; even steps where these are few."""
    held, least = scale_of(scale), (high - low) / (_TICKS + 1)
    kept: list[tuple[float, float]] = []
    for number in _ROUND[scale]:
        place = held.to(number)
        if low <= place <= high and all(abs(place - other) >= least for other, _ in kept):
            kept.append((place, number))
    if len(kept) > 2:
        return [number for _, number in sorted(kept)]
    return _even(held.back(low), held.back(high))


def _even(low: float, high: float) -> list[float]:
    step = _step((high - low) / (_TICKS - 1))
    first, last = math.ceil(low / step), math.floor(high / step)
    return [round(at * step, 12) for at in range(first, last + 1)]


def _step(least: float) -> float:
    size = 10.0 ** math.floor(math.log10(least)) if least > 0 else 1.0
    return next(size * times for times in (1, 2, 2.5, 5, 10) if size * times >= least * 0.999)


def _ratios(low: float, high: float) -> list[float]:
    low = max(low, 1e-9)
    decades = range(math.floor(math.log10(low)) - 1, math.ceil(math.log10(high)) + 1)
    for series in ((1, 1.5, 2, 3, 5, 7), (1, 2, 5), (1,)):
        found = [round(times * 10.0**power, 12) for power in decades for times in series]
        inside = [value for value in found if low <= value <= high]
        if len(inside) <= _TICKS + 1:
            break
    else:
        inside = inside[:: math.ceil(len(inside) / _TICKS)]
    return inside if len(inside) > 1 else _even(low, high)


def _text(value: float) -> str:
    if abs(value) >= 1e-6 or not value:
        return spoken(Decimal(str(value)))
    return f"{value:.3g}".replace("-", "−")
