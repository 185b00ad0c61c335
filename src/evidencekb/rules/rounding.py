"""107: round limits that hold, and counts of a sample that are cut short."""

from __future__ import annotations

import re

from evidencekb.quantities import Kind, Quantity
from evidencekb.rules.carriers import Carrier
from evidencekb.rules.matching import LOWER, UPPER
from evidencekb.vocab import Qualifier

_PASSED = re.compile(r"\b(?:topped|passed|surpassed|exceeded|crossed|topping|surpassing|past) $")
_PLUS = re.compile(r"[- ]?plus\b| and (?:more|counting|rising)\b")


_SPAN = frozenset({Kind.SPAN})


def is_passed(q: Quantity, text: str) -> bool:
    """True where other words than those of a bound say that a number is a least one: topped 10,000, 10,000-plus."""
    return _PASSED.search(text[: q.start]) is not None or _PLUS.match(text, q.end) is not None


_COMMON = (0, 10, 20, 25, 100 / 3, 40, 50, 60, 200 / 3, 75, 80, 90, 100)
"""Parts of a whole that a text may round to, in percent."""


def _is_bounded(q: Quantity, carrier: Carrier) -> bool:
    """True for a round bound of a share that holds: more than half of 61%, over 30% of 36%."""
    if carrier.qualifier is not Qualifier.EXACTLY or q.is_range or q.bound not in LOWER | UPPER:
        return False
    if q.kind is Kind.SHARE:
        said = q.first * 100
        low = max((part for part in _COMMON if part < said - 1), default=0.0)
        high = min((part for part in _COMMON if part > said + 1), default=100.0)
        if abs(said - 50) < 1:
            low, high = 100 / 3, 200 / 3
    elif q.kind is Kind.PERCENT and q.first % 5 == 0:
        said, step = q.first, 10 if q.first % 10 == 0 else 5
        low, high = said - step, said + step
    else:
        return False
    return said < carrier.low < high if q.bound in LOWER else low < carrier.low < said


def _is_next(q: Quantity, carrier: Carrier) -> bool:
    """True for the next small whole number with a limit: less than eight seconds of 7.4, nearly two days of 1.8."""
    if q.kind in carrier.kinds and q.bound in LOWER and q.spelled and q.first == _HALF:
        return q.first < carrier.low < q.first * 1.5
    if (
        q.kind in _ROUND & carrier.kinds
        and q.bound in LOWER
        and q.first >= _SMALL
        and q.unit in ("", carrier.unit, "$")
    ):
        digits = f"{q.first:.0f}".rstrip("0")
        return len(digits) <= 2 and q.first < carrier.low < q.first * (1 + 0.5 / int(digits))  # more than 200 of 225
    if q.is_range or q.step != 1 or not 1 <= q.first <= _SMALL or carrier.qualifier is not Qualifier.EXACTLY:
        return False
    if q.kind not in carrier.kinds or (q.unit and carrier.unit and q.unit != carrier.unit):
        return False
    if q.bound in LOWER:
        return q.first < carrier.low < q.first + 1
    return q.bound in UPPER and q.first - (_QUARTER if q.near else 1) <= carrier.low < q.first


_SMALL, _QUARTER, _HALF = 12, 0.25, 0.5
_ROUND = frozenset({Kind.NUMBER, Kind.MONEY})


def _is_beyond(q: Quantity, carrier: Carrier) -> bool:
    """True for more than doubled of 126% more, and almost tripled of 190% more."""
    factor = 1 + carrier.sign * carrier.low / 100 if carrier.percent else carrier.low
    if carrier.percent and not carrier.sign:
        return False
    if q.first < 1:
        factor, said = 1 / factor if factor > 0 else 0.0, 1 / q.first
    else:
        said = q.first
    if q.bound in LOWER:
        return said < factor < said + 1
    return q.bound in UPPER and _BELOW * said <= factor < said


def is_roughly(q: Quantity, carrier: Carrier) -> bool:
    """True for a round bound of a count that holds: over a million of 1.87 million, nearly 5,000 of 4,667."""
    if carrier.kinds == _SPAN and not carrier.main:
        return _is_next(q, carrier)
    if carrier.main and carrier.low == carrier.high:
        if q.kind is Kind.TIMES:
            return _is_beyond(q, carrier)
        if q.bound in LOWER and carrier.qualifier in LOWER and q.kind in carrier.kinds:
            return _BELOW * carrier.low <= q.first < carrier.low  # more than 22 million of at least 22.4
        return _is_next(q, carrier) or (carrier.percent and _is_bounded(q, carrier))
    if not carrier.counts or q.kind is not Kind.NUMBER or q.is_range or not carrier.low:
        return False
    if carrier.qualifier not in (Qualifier.EXACTLY, Qualifier.ABOUT):
        return False
    digits = len(f"{q.first:.0f}".rstrip("0"))
    ratio = carrier.low / q.first if q.first else 0
    if q.bound in LOWER:
        return digits <= 2 and 1 <= ratio < 1 + 1 / digits
    if q.bound in UPPER:
        return digits == 1 and _LEAST <= ratio < 1
    zeros = len(f"{q.first:.0f}") - digits
    if digits > 1 and zeros >= _CUT and 0 <= carrier.low - q.first < 10**zeros:
        return True  # 47,000 of 47,628
    return (
        q.bound is Qualifier.ABOUT
        and digits <= 2
        and abs(carrier.low - q.first) <= q.first / (10 if digits == 1 else 20)
    )


_LEAST, _CUT, _BELOW = 0.9, 2, 0.9
