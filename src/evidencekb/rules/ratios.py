"""303: what no estimate gives and two levels of one outcome make: doubled, 5.1 points, nearly in half."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import permutations, product

from evidencekb.model import Estimate
from evidencekb.quantities import Direction, Kind, Quantity
from evidencekb.quantities.words import DOLLARS
from evidencekb.rules.carriers import SIGNED
from evidencekb.rules.matching import LOWER, UPPER, tolerance
from evidencekb.rules.order import LEVELS
from evidencekb.vocab import RATIOS, Measure, Qualifier

_NEAR, _BEYOND = 0.12, 0.25
"""How far a factor in words may lie from the one that the levels make, and how far beyond it with a bound."""

_STANDING = frozenset({"twice", "thrice", "as"})
"""Factors that compare; the others tell what became of something."""
_RELATIVE = frozenset({Kind.PERCENT, Kind.SHARE, Kind.TIMES})
_CHANGES = {
    **dict.fromkeys(_RELATIVE, RATIOS | {Measure.PERCENT_CHANGE}),
    **dict.fromkeys(
        (Kind.POINTS, Kind.SPAN, Kind.MONEY), frozenset({Measure.PERCENTAGE_POINTS, Measure.MEAN_DIFFERENCE})
    ),
}
"""The measures that decide what a number of each kind may say."""
_WHOLE = 100
_PARTS = frozenset({Kind.SHARE, Kind.PERCENT})
_OF_OTHER = re.compile(
    r" (?:of )?(?:its|their|his|her|that|those|what|as|the (?:time|rate|share|level|figure|peak|size|sum))\b"
)
"""What a part is of, where it is of another figure: less than half its peak, 60 per cent of the time."""


def of_levels(
    q: Quantity, direction: Direction | None, estimates: Sequence[Estimate], behind: str = ""
) -> list[tuple[Estimate, Estimate]]:
    """The pairs of levels of one outcome that stand to each other as a number says; the first is what it is said of.

    Args:
        q: The number.
        direction: The word of direction that goes with it.
        estimates: The estimates of the finding.
        behind: The text behind the number.
    """
    is_part = q.kind in _PARTS and _OF_OTHER.match(behind) is not None
    decisive = _CHANGES.get(q.kind)
    if decisive is None or q.first <= 0 or q.is_range:
        return []
    changes = [e for e in estimates if e.measure in decisive and e.value is not None]
    levels = [e for e in estimates if e.measure in LEVELS]
    moves = q.kind is not Kind.TIMES or q.text.split()[-1].lower() not in _STANDING
    return _of_changes(q, direction, estimates, is_part=is_part) + [
        (one, other)
        for one, other in permutations(levels, 2)
        if (one.outcome, one.measure, one.unit) == (other.outcome, other.measure, other.unit)
        and not (moves and one.period and other.period and one.period < other.period)
        and not any(_decides(change, one, other) for change in changes)
        and (q.kind in _RELATIVE or _is_in_unit(q, one))
        and any(
            (is_part and _is_factor(q, high / low)) or _stands(q, direction, high, low, one.measure)
            for high, low in product(_numbers(one), _numbers(other))
        )
    ]


def _of_changes(
    q: Quantity, direction: Direction | None, estimates: Sequence[Estimate], *, is_part: bool
) -> list[tuple[Estimate, Estimate]]:
    """Pairs of changes that go one way, of which one is as many times the other, or as much more: twice the fall."""
    is_factor = is_part or q.kind is Kind.TIMES
    if not is_factor and (q.kind in _RELATIVE or direction is None):
        return []
    changes = [e for e in estimates if e.measure in SIGNED and e.value]
    return [
        (one, other)
        for one, other in permutations(changes, 2)
        if (one.outcome, one.measure, one.unit) == (other.outcome, other.measure, other.unit)
        and (
            _is_factor(q, (one.value or 0) / (other.value or 1))
            if is_factor
            else _is_in_unit(q, one) and _is_near(q, abs((one.value or 0) - (other.value or 0)))
        )
    ]


def _decides(change: Estimate, one: Estimate, other: Estimate) -> bool:
    """True if the change between two levels may be the one on record."""
    if change.outcome != one.outcome:
        return False
    if not (change.period and one.period and other.period) or one.period == other.period:
        return True
    return one.period[:4] in change.period and other.period[:4] in change.period


def _is_in_unit(q: Quantity, e: Estimate) -> bool:
    """True if a difference of two such levels is given as the number is: shares in points, hours in hours."""
    if q.kind is Kind.POINTS:
        return e.measure in (Measure.PROPORTION, Measure.PERCENTAGE_POINTS) or e.unit in ("point", "points")
    return q.unit == e.unit or (q.unit == "$" and e.unit in DOLLARS)


def _numbers(e: Estimate) -> list[float]:
    """The value of an estimate, or both ends of its range, as far as they are above 0."""
    return [number for number in ((e.range.low, e.range.high) if e.range else (e.value,)) if number and number > 0]


def _stands(q: Quantity, direction: Direction | None, high: float, low: float, measure: Measure | None) -> bool:
    if q.kind is Kind.TIMES:
        falls = direction is not None and direction.sign < 0 and q.first > 1 and not direction.denied
        return _is_factor(q, low / high if falls else high / low)
    if q.kind is Kind.PERCENT and (q.bound in LOWER or q.bound in UPPER):
        return False
    return any(_is_near(q, change) for change in _differences(q, direction, high, low, measure))


def _differences(
    q: Quantity, direction: Direction | None, high: float, low: float, measure: Measure | None
) -> Iterator[float]:
    """How far one level lies from the other, as a number of that kind would say it."""
    gap = high - low
    if direction is None or direction.denied or (direction.of == "amount" and gap * direction.sign < 0):
        return
    if q.kind in _RELATIVE:
        yield abs(gap) / low * _WHOLE
    else:
        yield abs(gap) * (_WHOLE if measure is Measure.PROPORTION else 1)


def _is_near(q: Quantity, change: float) -> bool:
    printed = q.first * (_WHOLE if q.kind is Kind.SHARE else 1)
    if q.kind is Kind.SHARE:
        return _is_factor(q, change / _WHOLE)
    if q.bound in LOWER or q.bound in UPPER:
        return 0 <= (change - printed) * (1 if q.bound in LOWER else -1) <= _NEAR * printed
    slack = max(tolerance(q, printed, percent=True), q.step * 0.6)
    return abs(change - printed) <= (max(slack, _NEAR / 2 * printed) if q.bound is Qualifier.ABOUT else slack)


def _is_factor(q: Quantity, ratio: float) -> bool:
    if q.kind is Kind.PERCENT:
        return abs(ratio * _WHOLE - q.first) <= q.step / 2
    if q.bound in LOWER:
        return q.first < ratio <= q.first * (1 + _BEYOND)
    if q.bound in UPPER:
        return q.first * (1 - _BEYOND) <= ratio < q.first
    return abs(ratio - q.first) <= _NEAR * q.first
