"""Numbers in words: how a figure is displayed, and the sentence part it makes.

A qualifier limits the size that the source prints: a value of -50 with ``more_than`` is a fall of more than 50.

>>> from evidencekb.model import Estimate
>>> e = Estimate(id="time", outcome="x", measure="percent_change", value=-40, unit="%")
>>> display(e, "time to finish a writing task"), words(e, "time to finish a writing task")
('−40%', '40% less time to finish a writing task')
"""

from __future__ import annotations

import re
from decimal import Decimal

from evidencekb.answers.records import said
from evidencekb.model import Estimate
from evidencekb.vocab import RATIOS, Direction, Measure, Qualifier

_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_SPANS = {"a": "year", "mo": "month", "wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second"}
_CHANGES = frozenset({Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.SMD, Measure.MEAN_DIFFERENCE})
_DIRECTIONS = {
    Direction.INCREASE: "increase in",
    Direction.DECREASE: "decrease in",
    Direction.NONE_DETECTED: "no difference detected in",
    Direction.MIXED: "mixed results for",
}
_MINUS = "−"


def phrase_of(estimate: Estimate, outcome: str) -> str:
    """What the number is of: the label, else the outcome's, with the base of a rate when the text does not name it."""
    phrase = estimate.label or outcome
    return f"{phrase}, per {estimate.per}" if estimate.per and estimate.per not in phrase else phrase


def display(estimate: Estimate, phrase: str) -> str:
    """The number as a page prints it: sign, qualifier and unit included, never more digits than the pack holds.

    A noun that the phrase repeats is left to the phrase.
    """
    if estimate.value is not None:
        return _qualified(estimate, phrase)
    if estimate.range is not None:
        low, high = (number(value, estimate, phrase) for value in (estimate.range.low, estimate.range.high))
        return f"{low} to {high}"
    return _DIRECTIONS[estimate.direction] if estimate.direction else "no figure for"


def _qualified(estimate: Estimate, phrase: str) -> str:
    value = estimate.value or 0
    text = number(value, estimate, phrase)
    word = "" if estimate.qualifier is Qualifier.EXACTLY else str(estimate.qualifier).replace("_", " ")
    if not word:
        return text
    if value < 0 and estimate.measure in _CHANGES and estimate.qualifier is not Qualifier.ABOUT:
        return f"{word} {number(-value, estimate, phrase).removeprefix('+')} {_comparative(value, phrase)}"
    name, space, size = text.rpartition(" ")
    # "rate ratio less than 3", "r = about 0.3": the word stands before the number, not before what it is.
    return f"{name}{space}{word} {size}" if estimate.measure in (*RATIOS, Measure.CORRELATION) else f"{word} {text}"


def number(value: float, estimate: Estimate, phrase: str = "") -> str:
    """One number in the unit of its estimate."""
    measure, unit = estimate.measure, estimate.unit or ""
    if measure is Measure.PROPORTION:
        return f"{spoken(Decimal(str(value)) * 100)}%"
    text = signed(value) if measure in _CHANGES else spoken(Decimal(str(value)))
    if measure is Measure.PERCENTAGE_POINTS:
        return f"{text} point{'' if abs(value) == 1 else 's'}"
    if measure is Measure.CORRELATION:
        return f"r = {text}"
    if measure in RATIOS:
        return f"{str(measure).replace('_', ' ')} {text}"
    if unit in _SYMBOLS:
        sign = text[0] if text[0] in ("+", _MINUS) else ""
        return f"{sign}{_SYMBOLS[unit]}{text.removeprefix(sign)}"
    if unit in _SPANS:
        return f"{text} {_SPANS[unit]}{'' if abs(value) == 1 else 's'}"
    if unit == "%":
        return f"{text}%"
    return text if unit in ("", "1") or _repeats(unit, phrase) else f"{text} {unit}"


def _repeats(unit: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(unit)}\b", phrase, re.IGNORECASE) is not None


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
    value = estimate.value
    if value is None or estimate.measure not in _CHANGES:
        return said(str(estimate.measure), display(estimate, phrase), phrase)
    word = "" if estimate.qualifier is Qualifier.EXACTLY else str(estimate.qualifier).replace("_", " ") + " "
    size = number(abs(value), estimate, phrase).removeprefix("+")
    return f"{word}{size} {_comparative(value, phrase)} {phrase}"


def _comparative(value: float, phrase: str) -> str:
    counts = phrase.lower().startswith(("time", "hours", "minutes", "days"))
    if value == 0:
        return "more or less"
    return ("more" if counts else "higher") if value > 0 else ("less" if counts else "lower")
