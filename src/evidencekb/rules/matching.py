"""Does a number in a text say what a carrier gives? Value with rounding, unit, sign, bound and range, one after another."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from enum import IntEnum

from evidencekb.quantities import Direction, Kind, Quantity
from evidencekb.quantities.words import DOLLARS
from evidencekb.rules.carriers import Carrier
from evidencekb.vocab import Measure, Qualifier

LOWER = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST})
UPPER = frozenset({Qualifier.LESS_THAN, Qualifier.AT_MOST})
_OPEN = frozenset({Qualifier.MORE_THAN, Qualifier.LESS_THAN})
_PARTS = frozenset({Kind.PERCENT, Kind.SHARE})
_COINS = frozenset(
    "pesos peso rand reais real rubles roubles lira liras baht naira shillings zloty dirhams rupiah ringgit crowns cedi cedis"
    " won kroner kronor krone krona rupees dinars riyals shekels forint francs".split()
)
"""Coins of more than one country, or of one that a text seldom names."""
_APART = re.compile(r"\bgap\b")
_EPSILON = 1e-9
_ROUNDED_FROM, _ROUNDED = 1e3, 0.005
"""Whole numbers from here on may be rounded to their last digit that is not 0, by half a percent at most."""
_PART = 0.05
"""The step of a part in words, such as two fifths."""


class Fit(IntEnum):
    """How well a number fits a carrier; the higher, the better."""

    NOT = 0
    UNIT = 1
    RANGE = 2
    SIGN = 3
    SPEED = 4
    BOUND = 5
    COHORT = 6
    WELL = 7


def fit(q: Quantity, direction: Direction | None, carrier: Carrier, printed: Sequence[Quantity]) -> Fit:
    """How well a number in a text fits a carrier.

    Args:
        q: The number.
        direction: The word of direction that goes with it.
        carrier: What a finding gives.
        printed: All numbers of the text, among which the other end of a range may stand.
    """
    if not _same_value(q, carrier):
        if _is_among(q, carrier) and _same_unit(q, carrier, printed):
            return sign_fit(q, direction, carrier)
        if (
            (carrier.main or carrier.loose)
            and not q.is_range
            and carrier.low != carrier.high
            and (at_end := _at_end(q, carrier))
        ):
            return _end(q, direction, carrier, printed, at_end)
        return _inverse(q, direction, carrier)
    if not _same_unit(q, carrier, printed):
        return Fit.UNIT
    if (signed := sign_fit(q, direction, carrier)) is not Fit.WELL:
        return signed
    return Fit.WELL if _bound_fits(q, carrier) else Fit.BOUND


def _end(q: Quantity, direction: Direction | None, carrier: Carrier, printed: Sequence[Quantity], end: str) -> Fit:
    """A number that is one end of a range: sound with a bound, or where the other end stands beside it."""
    if not _same_unit(q, carrier, printed):
        return Fit.NOT
    if (signed := sign_fit(q, direction, carrier)) is not Fit.WELL:
        return signed
    if carrier.loose:
        return Fit.WELL
    if (end == "high" and q.bound in UPPER) or (end == "low" and q.bound in LOWER):
        return Fit.WELL
    other = carrier.low if end == "high" else carrier.high
    beside = any(
        p is not q and (close(p, p.first, other, carrier) or close(p, p.last, other, carrier)) for p in printed
    )
    return Fit.WELL if beside else Fit.RANGE


def _is_among(q: Quantity, carrier: Carrier) -> bool:
    """True for 'about a quarter' of 24% to 28%."""
    size = q.first * (100 if q.kind is Kind.SHARE and carrier.percent else 1)
    return q.bound is Qualifier.ABOUT and carrier.main and not q.is_range and carrier.low < size < carrier.high


def _at_end(q: Quantity, carrier: Carrier) -> str:
    if close(q, q.first, carrier.high, carrier):
        return "high"
    return "low" if close(q, q.first, carrier.low, carrier) else ""


def _same_value(q: Quantity, carrier: Carrier) -> bool:
    if q.kind is Kind.TIMES and carrier.percent:
        return _same_factor(q, carrier)
    if q.is_range:
        return close(q, q.low, carrier.low, carrier) and close(q, q.high, carrier.high, carrier)
    return carrier.low == carrier.high and close(q, q.first, carrier.low, carrier)


def close(q: Quantity, printed: float, value: float, carrier: Carrier) -> bool:
    """True if a printed number is a value, as exactly as it is printed."""
    in_percent = q.kind is Kind.SHARE and (carrier.percent or (not carrier.kinds and value > 1))
    if in_percent:
        printed *= 100
    printed, value = abs(printed), abs(value)
    gap = abs(printed - value)
    if gap <= _EPSILON * max(1.0, printed):
        return True
    return gap <= tolerance(q, printed, percent=in_percent) or _beyond(q, printed, value, carrier)


def tolerance(q: Quantity, printed: float, *, percent: bool) -> float:
    """How far a value may lie from a number as it is printed."""
    if q.kind is Kind.SHARE:
        whole = 100 if percent else 1
        if q.step == _PART:
            return 0.1 * printed if q.bound is Qualifier.ABOUT else min(0.03 * whole, 0.1 * printed)
        return min(printed * max(0.025, min(0.1, q.step)), max(q.step / 2 * whole, 0.005 * printed))
    if q.kind is Kind.TIMES:
        return 0.12 * printed
    if q.near:
        return 0.0  # 'almost four' of 3.5 is rounded twice
    half = q.step / 2 + _EPSILON * max(1.0, printed)
    if printed >= _ROUNDED_FROM and q.step == 1:
        half = max(half, min(_zeros(printed) / 2, _ROUNDED * printed))  # 204,000 of 203,800
    if q.bound is Qualifier.ABOUT and printed and round(printed / q.step) % 5 == 0:
        return max(half, 0.05 * printed)
    return half


def _zeros(printed: float) -> int:
    """The unit of the last digit that is not 0: 1,000 for 204,000.

    Examples:
        >>> _zeros(204_000.0), _zeros(1_170.0)
        (1000, 10)
    """
    digits = f"{printed:.0f}"
    return int(10 ** (len(digits) - len(digits.rstrip("0"))))


def _beyond(q: Quantity, printed: float, value: float, carrier: Carrier) -> bool:
    """True for 'more than half' of 0.57, 'almost 30' of 29.2: near a value, and on the right side of it."""
    if carrier.qualifier not in (Qualifier.EXACTLY, Qualifier.ABOUT) or (
        carrier.estimate is not None and not carrier.main
    ):
        return False
    if q.near and abs(printed - value) <= q.step / 2:
        return value > printed if q.bound in LOWER else q.bound in UPPER and value < printed  # nearly 12% of 11.7%
    if q.kind is not Kind.SHARE and round(printed / q.step) % 5 and not q.spelled:
        return False  # nobody says 'more than 38' of 39.4
    reach = 0.05
    if q.kind is Kind.SHARE or (q.spelled and q.kind is Kind.SD):
        reach = 0.215
    elif q.bound in LOWER and not q.near and _is_round(printed):
        reach = 0.15  # more than 2,000 of 2,224
    if q.bound in LOWER:
        return printed < value <= printed * (1 + reach)
    return q.bound in UPPER and printed * (1 - reach) <= value < printed


def _is_round(printed: float) -> bool:
    """True for 40 and 300,000, of which one digit counts."""
    return printed >= 10 and len(f"{printed:.0f}".rstrip("0")) == 1 and printed % 1 == 0


def _same_factor(q: Quantity, carrier: Carrier) -> bool:
    """Doubled is 100% more, halved 50% less, twice as many 100% more."""
    if carrier.sign == 0:
        return False
    change = (q.first - 1) * 100
    return abs(abs(change) - carrier.low) <= 0.12 * max(abs(change), 10) and (change > 0) == (carrier.sign > 0)


def _same_unit(q: Quantity, carrier: Carrier, printed: Sequence[Quantity]) -> bool:
    if not carrier.kinds:
        return True
    if q.kind not in carrier.kinds:
        named = carrier.kinds & {Kind.MONEY, Kind.SPAN}
        if Kind.MONEY in named and q.nouns[:1] and q.nouns[0] in _COINS:
            return True
        return q.bare or (
            q.kind is Kind.NUMBER and carrier.main and _is_elliptic(q, [p for p in printed if p.kind in named])
        )
    if q.kind not in (Kind.MONEY, Kind.SPAN) or not carrier.unit or q.unit == carrier.unit:
        return True
    return (q.unit == "$" and carrier.unit in DOLLARS) or q.text.split()[-1].lower() in _COINS


def _is_elliptic(q: Quantity, united: Sequence[Quantity]) -> bool:
    """True for the 16 of '17 days signed and 16 unsigned'."""
    return bool(united) and all(p.first != q.first for p in united)


def sign_fit(q: Quantity, direction: Direction | None, carrier: Carrier) -> Fit:
    """Whether plus, minus and words of direction say what the carrier's sign says."""
    if carrier.sign == 0:
        return Fit.WELL
    if q.sign and not q.is_range:
        return Fit.WELL if q.sign == carrier.sign or _is_speed(direction) else Fit.SIGN
    if direction is None or direction.denied or _is_named(direction, carrier):
        return Fit.WELL
    if direction.of == "gap":
        apart = carrier.estimate is not None and _APART.search(
            f"{carrier.estimate.outcome} {carrier.estimate.label or ''}"
        )
        return Fit.WELL if not apart or direction.sign == carrier.sign else Fit.SIGN
    if direction.of == "speed" and carrier.timely:
        if direction.sign > 0:
            return Fit.SPEED if carrier.sign < 0 else Fit.SIGN
        return Fit.WELL if carrier.sign > 0 else Fit.SIGN
    if direction.of == "saving":
        saved = carrier.estimate is not None and "sav" in f"{carrier.estimate.label} {carrier.estimate.outcome}"
        return Fit.WELL if carrier.sign < 0 or saved or not carrier.timely else Fit.SIGN
    return Fit.WELL if direction.sign == carrier.sign else Fit.SIGN


def _is_named(direction: Direction, carrier: Carrier) -> bool:
    """True for the gain of a weight gain: a word of what is measured says no direction."""
    e = carrier.estimate
    return e is not None and direction.text.lower() in f"{e.outcome} {e.label or ''}".lower().replace("-", " ").split()


def _is_speed(direction: Direction | None) -> bool:
    return direction is not None and direction.of == "speed"


def _inverse(q: Quantity, direction: Direction | None, carrier: Carrier) -> Fit:
    """40% less time is 67% faster."""
    if not (_is_speed(direction) and carrier.timely and carrier.sign and carrier.percent and q.kind is Kind.PERCENT):
        return Fit.NOT
    rate = faster(carrier.low * carrier.sign)
    if rate is None or abs(abs(rate) - q.first) > max(1.0, q.step):
        return Fit.NOT
    return Fit.WELL if direction is not None and (rate > 0) is (direction.sign > 0) else Fit.SIGN


def faster(change: float) -> float | None:
    """The change of speed, in percent, that a change of time makes; None if no time is left.

    Examples:
        >>> round(faster(-40)), round(faster(18.8))
        (67, -16)
    """
    return None if change <= -100 else 100 * 100 / (100 + change) - 100


def _bound_fits(q: Quantity, carrier: Carrier) -> bool:
    said, held = q.bound, carrier.qualifier
    if carrier.loose:
        return not (said in LOWER and held in UPPER) and not (said in UPPER and held in LOWER)
    if q.kind is Kind.TIMES:
        return not (said in LOWER and held in UPPER) and not (said in UPPER and held in LOWER)
    if carrier.estimate is not None and carrier.estimate.measure is Measure.MEDIAN:
        return True  # half lie below a median
    if said is Qualifier.ABOUT and held in _OPEN:
        return True  # 'roughly 2,900' of almost 2,900
    if held in LOWER:
        return said in LOWER
    if held in UPPER:
        return said in UPPER
    if held is Qualifier.ABOUT:
        return said is None or said is Qualifier.ABOUT or q.near or not carrier.main or _is_beside(q, carrier)
    if said is Qualifier.MORE_THAN and q.kind is Kind.NUMBER and q.text[:5].lower() == "over " and not q.near:
        return True  # over 2.1 million lines: all of them
    if said is None or said is Qualifier.ABOUT or not carrier.main or q.is_range:
        return True
    return said is Qualifier.AT_LEAST or said is Qualifier.AT_MOST or _is_beside(q, carrier)


def _is_beside(q: Quantity, carrier: Carrier) -> bool:
    """True if the value lies on the side of the number that its bound says."""
    printed = abs(q.first) * (100 if q.kind is Kind.SHARE and carrier.percent else 1)
    slack = _EPSILON * max(1.0, printed)
    return carrier.low > printed + slack if q.bound in LOWER else carrier.low < printed - slack


def best(
    q: Quantity, direction: Direction | None, carriers: Iterable[Carrier], printed: Sequence[Quantity]
) -> tuple[Fit, list[Carrier]]:
    """How well the best carriers fit, and which they are."""
    found, which = Fit.NOT, list[Carrier]()
    for carrier in carriers:
        level = fit(q, direction, carrier, printed)
        if level > found:
            found, which = level, [carrier]
        elif level is found and level is not Fit.NOT:
            which.append(carrier)
    return found, which


def ends_of(q: Quantity) -> list[Quantity]:
    """Both ends of a range, each as exactly as it is printed."""
    found = []
    for end in (q.first, q.last):
        digits = f"{abs(end):g}".partition(".")[2]
        found.append(replace(q, first=end, last=end, change=False, step=min(q.step, 10.0 ** -len(digits))))
    return found


def level_measures() -> frozenset[Measure]:
    """Measures whose numbers are levels: two of them may lie either way."""
    return frozenset(Measure) - frozenset({Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.SMD})
