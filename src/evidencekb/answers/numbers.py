"""Numbers as a reader expects them: signs, units, thousands; from plain values, with the standard library alone.

A qualifier limits the size that the source prints: a value of -50 with ``more_than`` is a fall of more than 50.
"""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache

from evidencekb.units import spoken_unit
from evidencekb.vocab import RATIOS, Measure

CHANGES = frozenset({Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.SMD, Measure.MEAN_DIFFERENCE})
"""Measures that are differences, printed with a sign."""

_RUN_ON = CHANGES | {None}
_LINKING = frozenset({"of", "in", "for", "that", "who", "with", "to", "from", "on", "expected"})
_SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£"}
_SPANS = {"a": "year", "mo": "month", "wk": "week", "d": "day", "h": "hour", "min": "minute", "s": "second"}
_MINUS = "−"
_ENDED = re.compile(r"[.?!…][\"'”’)\]]*$")


def sentence(text: str) -> str:
    """The text with its first letter as a capital and the rest as it is; a letter that stands alone is a symbol.

    Examples:
        >>> sentence("about PyTorch, not about AI"), sentence("r = 0.4: validity")
        ('About PyTorch, not about AI', 'r = 0.4: validity')
    """
    return text if text[1:2] == " " and text[:1] != "a" else text[:1].upper() + text[1:]


def closed(text: str) -> str:
    """The text as a sentence that ends: with a full stop, unless it ends already.

    Examples:
        >>> closed("Nothing changed"), closed("Who knows?")
        ('Nothing changed.', 'Who knows?')
    """
    return f"{text}." if text[-1:].isalnum() or not _ENDED.search(text) else text


def said(measure: str | None, display: str, phrase: str) -> str:
    """A number and what it is of, as one reads it.

    A change runs on into its phrase, and so does a phrase that begins with a linking word; any other level stands before
    a colon.

    Examples:
        >>> said("percent_change", "−40%", "time to finish a task")
        '−40% time to finish a task'
        >>> said("proportion", "63%", "firms that use it"), said("proportion", "63%", "of firms use it")
        ('63%: firms that use it', '63% of firms use it')
    """
    change = measure in _RUN_ON and (measure != Measure.MEAN_DIFFERENCE or display.endswith(" in"))
    runs_on = change or phrase.partition(" ")[0] in _LINKING or display.endswith((" in", " for"))
    counted = measure in (Measure.COUNT, Measure.TOTAL) and display[-1:].isdigit()
    return f"{display} {phrase}" if runs_on or counted else f"{display}: {phrase}"


def number(value: float, measure: str | None, unit: str | None, phrase: str = "") -> str:
    """One number in its unit; a noun that the phrase repeats is left to the phrase.

    Examples:
        >>> number(0.63, "proportion", "1"), number(-0.8, "smd", "SD"), number(3, "total", "a")
        ('63%', '−0.8 SD', '3 years')
        >>> number(-18000, "mean_difference", "USD"), number(18, "count", "employers", "employers with a report")
        ('−$18,000', '18')
    """
    if measure == Measure.PROPORTION:
        return f"{spoken(Decimal(str(value)) * 100)}%"
    text = signed(value) if measure in CHANGES else spoken(Decimal(str(value)))
    if measure == Measure.PERCENTAGE_POINTS:
        return f"{text} {_plural('point', value)}"
    if measure == Measure.CORRELATION:
        return f"r = {text}"
    if measure in RATIOS:
        return f"{str(measure).replace('_', ' ')} {text}"
    if unit in _SYMBOLS:
        sign = text[0] if text[0] in ("+", _MINUS) else ""
        return f"{sign}{_SYMBOLS[unit]}{text.removeprefix(sign)}"
    if unit in _SPANS:
        return f"{text} {_plural(_SPANS[unit], value)}"
    if unit == "%":
        return f"{text}%"
    behind = spoken_unit(unit)
    return text if not behind or _repeats(behind, phrase) else f"{text} {behind}"


def between(low: float, high: float, measure: str | None, unit: str | None) -> str:
    """Two numbers of one unit: ``−15% to +9%``."""
    return f"{number(low, measure, unit)} to {number(high, measure, unit)}"


def _plural(word: str, value: float) -> str:
    return word if abs(value) == 1 else f"{word}s"


def _repeats(unit: str, phrase: str) -> bool:
    return re.search(rf"\b{re.escape(unit)}\b", phrase, re.IGNORECASE) is not None


def signed(value: float) -> str:
    """A number with its sign; the minus is a minus, not a hyphen."""
    plain = spoken(abs(Decimal(str(value))))
    return plain if value == 0 else (f"+{plain}" if value > 0 else f"{_MINUS}{plain}")


@lru_cache(10_000)
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


def spoken_period(period: str) -> str:
    """A date or an interval of dates in words: ``2022 to 2023``, ``until 2019-11``, ``from 2020``.

    Examples:
        >>> spoken_period("2022/2023"), spoken_period("../2019-11"), spoken_period("2020/..")
        ('2022 to 2023', 'until 2019-11', 'from 2020')
    """
    start, slash, end = period.partition("/")
    if not slash:
        return start
    if start in ("", ".."):
        return f"until {end}"
    return f"from {start}" if end in ("", "..") else f"{start} to {end}"


def _trim(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
