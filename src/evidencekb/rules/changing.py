"""107: what sort of change two numbers that differ show."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidencekb.quantities import Kind, Quantity
from evidencekb.rules.carriers import Carrier
from evidencekb.rules.matching import Fit, faster
from evidencekb.vocab import DriftKind

_KINDS = {
    Fit.NOT: DriftKind.NUMBER_CHANGED,
    Fit.COHORT: DriftKind.GROUP_SWAPPED,
    Fit.UNIT: DriftKind.UNIT_CHANGED,
    Fit.SIGN: DriftKind.SIGN_OR_INVERSE,
    Fit.SPEED: DriftKind.SIGN_OR_INVERSE,
    Fit.BOUND: DriftKind.NUMBER_CHANGED,
    Fit.RANGE: DriftKind.NUMBER_CHANGED,
}


def named(q: Quantity, found: Fit, carrier: Carrier | None, reference: Sequence[Carrier]) -> tuple[DriftKind, str]:
    """The kind of a change of numbers, and what changed in words.

    Args:
        q: The number of the relay.
        found: How well it fits.
        carrier: What it fits best.
        reference: Everything that it may have been taken from.
    """
    kind = _KINDS[found]
    if found is Fit.SPEED and carrier is not None:
        rate = faster(carrier.low * carrier.sign)
        return (
            kind,
            f"time told as speed; {carrier.low:g}% less time is {rate:.0f}% faster" if rate else "time told as speed",
        )
    if found is Fit.NOT and carrier is not None:
        if q.kind is Kind.TIMES and any(c.percent and c.sign and _is_inverse(q.first, c) for c in reference):
            return DriftKind.SIGN_OR_INVERSE, f"{q.text} is the inverse"
        if q.kind is Kind.PERCENT and any(
            Kind.TIMES in c.kinds and abs(q.first - 100 * c.low) <= q.step / 2 for c in reference
        ):
            return DriftKind.UNIT_CHANGED, f"{q.text} tells a ratio as a change"
        kinds = frozenset[Kind]().union(*(c.kinds for c in reference if c.main))
        if carrier.kinds and q.kind not in kinds and not q.bare:
            return DriftKind.UNIT_CHANGED, f"{q.text} is in another unit"
        if transposed(q.first, carrier.low):
            return kind, f"{q.text} has two digits transposed"
    return kind, f"{q.text} {_WHY[found]}"


def _is_inverse(factor: float, carrier: Carrier) -> bool:
    """True if a factor is one over what a change makes: doubled, of a fall by half."""
    change = 1 + carrier.sign * carrier.low / 100
    return change > 0 and abs(factor * change - 1) < _INVERSE


_INVERSE = 0.1


_WHY = {
    Fit.NOT: "is another number",
    Fit.COHORT: "is another figure of the finding",
    Fit.UNIT: "is in another unit",
    Fit.SIGN: "goes the other way",
    Fit.BOUND: "is limited otherwise",
    Fit.RANGE: "stands for a range",
}


def transposed(one: float, other: float) -> bool:
    """True if two numbers differ by two neighbouring digits changed about.

    Examples:
        >>> transposed(356_000, 365_000), transposed(356, 366)
        (True, False)
    """
    first, second = f"{abs(one):g}", f"{abs(other):g}"
    if "e" in first + second:
        first, second = f"{abs(one):.0f}", f"{abs(other):.0f}"
    if len(first) != len(second):
        return False
    changed = [at for at, (a, b) in enumerate(zip(first, second, strict=True)) if a != b]
    if len(changed) != 2:
        return False
    left, right = changed
    return (
        not re.search(r"[1-9]", first[left + 1 : right])
        and first[left] == second[right]
        and first[right] == second[left]
    )
