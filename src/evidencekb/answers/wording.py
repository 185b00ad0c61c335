"""Numbers in words: how a figure is displayed, and the sentence part it makes.

>>> from evidencekb.model import Estimate
>>> e = Estimate(id="time", outcome="x", measure="percent_change", value=-40, unit="%")
>>> display(e), words(e, "time to finish a writing task")
('−40%', '40% less time to finish a writing task')
"""

from __future__ import annotations

from decimal import Decimal

from evidencekb.model import Estimate
from evidencekb.vocab import RATIOS, Direction, Measure, Qualifier

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_SIGNED = frozenset({Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.SMD, Measure.MEAN_DIFFERENCE})
_DIRECTIONS = {
    Direction.INCREASE: "more",
    Direction.DECREASE: "less",
    Direction.NONE_DETECTED: "no difference detected in",
    Direction.MIXED: "mixed results for",
}
_MINUS = "−"


def display(estimate: Estimate) -> str:
    """The number as a page prints it: sign, qualifier and unit included, never more digits than the pack holds."""
    if estimate.value is not None:
        return qualified(estimate.qualifier) + number(estimate.value, estimate)
    if estimate.range is not None:
        return f"{number(estimate.range.low, estimate)} to {number(estimate.range.high, estimate)}"
    return _DIRECTIONS[estimate.direction] if estimate.direction else "no figure for"


def qualified(qualifier: Qualifier) -> str:
    """The word before a number: ``"more than "``, or nothing for an exact one."""
    return "" if qualifier is Qualifier.EXACTLY else str(qualifier).replace("_", " ") + " "


def number(value: float, estimate: Estimate) -> str:
    """One number in the unit of its estimate."""
    measure, unit = estimate.measure, estimate.unit or ""
    if measure is Measure.PROPORTION:
        return f"{spoken(Decimal(str(value)) * 100)}%"
    text = signed(value) if measure in _SIGNED else spoken(Decimal(str(value)))
    if measure is Measure.PERCENT_CHANGE:
        return f"{text}%"
    if measure is Measure.PERCENTAGE_POINTS:
        return f"{text} points"
    if measure is Measure.CORRELATION:
        return f"r = {text}"
    if measure in RATIOS:
        return f"{str(measure).replace('_', ' ')} {text}"
    if unit in _SYMBOLS and value >= 0 and measure not in _SIGNED:
        return f"{_SYMBOLS[unit]}{text}"
    if unit == "%":
        return f"{text}%"
    return text if unit in ("", "1") else f"{text} {unit}"


def signed(value: float) -> str:
    """A number with its sign; the minus is a minus, not a hyphen."""
    plain = spoken(abs(Decimal(str(value))))
    return plain if value == 0 else (f"+{plain}" if value > 0 else f"{_MINUS}{plain}")


def spoken(value: Decimal) -> str:
    """A number with thousands grouped, millions and billions in words, and no digit lost but closing zeros.

    Examples:
        >>> spoken(Decimal("170000000")), spoken(Decimal("112590")), spoken(Decimal("26.80"))
        ('170 million', '112,590', '26.8')
    """
    sign = _MINUS if value < 0 else ""
    size = abs(value)
    for word, unit in (("billion", Decimal(10) ** 9), ("million", Decimal(10) ** 6)):
        if size >= unit and (size * 1000) % unit == 0:
            return f"{sign}{_trim(size / unit)} {word}"
    whole, _, part = _trim(size).partition(".")
    return f"{sign}{int(whole):,}" + (f".{part}" if part else "")


def _trim(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def words(estimate: Estimate, phrase: str) -> str:
    """The figure as part of a sentence: ``40% less time to finish a writing task``."""
    measure, value = estimate.measure, estimate.value
    if value is not None and measure in (Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.SMD):
        size = number(abs(value), estimate).removeprefix("+")
        return f"{qualified(estimate.qualifier)}{size} {_comparative(value, phrase)} {phrase}"
    return f"{display(estimate)} {phrase}"


def _comparative(value: float, phrase: str) -> str:
    counts = phrase.lower().startswith(("time", "hours", "minutes", "days"))
    if value == 0:
        return "more or less"
    return ("more" if counts else "higher") if value > 0 else ("less" if counts else "lower")
