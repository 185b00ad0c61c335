"""303: a factor that no estimate gives and two levels of one outcome make: doubled, from 0.9% to 1.8%."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations

from evidencekb.model import Estimate
from evidencekb.quantities import Direction, Kind, Quantity
from evidencekb.rules.matching import LOWER, UPPER
from evidencekb.rules.order import LEVELS

_NEAR, _BEYOND = 0.12, 0.25
"""How far a factor in words may lie from the one that the levels make, and how far beyond it with a bound."""


_STANDING = frozenset({"twice", "thrice", "as"})
"""Factors that compare; the others tell what became of something."""


def is_of_levels(q: Quantity, direction: Direction | None, estimates: Sequence[Estimate]) -> bool:
    """True if two levels of one outcome stand to each other as a factor in a text says.

    Args:
        q: The factor.
        direction: The word of direction that goes with it.
        estimates: The estimates of the finding.
    """
    if q.kind is not Kind.TIMES or q.first <= 0:
        return False
    decided = {e.outcome for e in estimates if e.measure not in LEVELS and e.value is not None}
    levels = [e for e in estimates if e.measure in LEVELS and e.value and e.value > 0 and e.outcome not in decided]
    falls = direction is not None and direction.sign < 0 and q.first > 1 and not direction.denied
    moves = q.text.split()[-1].lower() not in _STANDING
    return any(
        one.value and other.value and _is_said(q, one.value / other.value if falls else other.value / one.value)
        for one, other in permutations(levels, 2)
        if (one.outcome, one.measure, one.unit) == (other.outcome, other.measure, other.unit)
        and not (moves and one.period and other.period and one.period > other.period)
    )


def _is_said(q: Quantity, ratio: float) -> bool:
    if q.bound in LOWER:
        return q.first < ratio <= q.first * (1 + _BEYOND)
    if q.bound in UPPER:
        return q.first * (1 - _BEYOND) <= ratio < q.first
    return abs(ratio - q.first) <= _NEAR * q.first
