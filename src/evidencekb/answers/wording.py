"""Estimates in words: how a figure is displayed, and the sentence part it makes.

>>> from evidencekb.model import Estimate
>>> e = Estimate(id="time", outcome="x", measure="percent_change", value=-40, unit="%", comparator="no access")
>>> shown = display(e, "time to finish a writing task")
>>> shown, words(e, "time to finish a writing task", shown)
('−40%', '40% less time to finish a writing task')
"""

from __future__ import annotations

import re

from evidencekb.answers.numbers import CHANGES, number, said
from evidencekb.model import Estimate
from evidencekb.vocab import RATIOS, Direction, Measure, Qualifier

_DIRECTIONS = {
    Direction.INCREASE: "increase in",
    Direction.DECREASE: "decrease in",
    Direction.NONE_DETECTED: "no difference detected in",
    Direction.MIXED: "mixed results for",
}
_HEAD = re.compile(r"(?:,| (?:of|in|for|to|per|by|at|on|after|over|that|when|with|who|between)\b).*")
_TIME = re.compile(r"(?:time|hours?|minutes?|days?|weeks?|months?)\b", re.IGNORECASE)
# What is a difference already, or goes up and down in level rather than in number.
_DIFFERENCES = re.compile(
    r"\b(?:growth|gap|spread|effect|difference|change|premium|edge|slope|rise|fall)\b", re.IGNORECASE
)
_LEVELS = frozenset(
    {"wages", "earnings", "rates", "marks", "prices", "costs", "salaries", "ratings", "scores", "grades"}
)


def phrase_of(estimate: Estimate, outcome: str) -> str:
    """What the number is of: the label, else the outcome's, with the base of a rate when the text does not name it."""
    phrase = estimate.label or outcome
    return f"{phrase}, per {estimate.per}" if estimate.per and estimate.per not in phrase else phrase


def display(estimate: Estimate, phrase: str) -> str:
    """The number as a page prints it: sign, qualifier and unit included, never more digits than the pack holds."""
    measure, unit = estimate.measure, estimate.unit
    if estimate.range is not None:
        low, high = (number(value, measure, unit, phrase) for value in (estimate.range.low, estimate.range.high))
        return f"{low} to {high}"
    if estimate.value is None:
        return _DIRECTIONS[estimate.direction] if estimate.direction else "no figure for"
    text, word = number(estimate.value, measure, unit, phrase), _qualified(estimate)
    if estimate.value == 0 and measure in CHANGES:
        return f"{word}{text} {'change' if measure is Measure.PERCENT_CHANGE else 'difference'} in"
    if word and estimate.value and measure in CHANGES and estimate.qualifier is not Qualifier.ABOUT:
        size = number(abs(estimate.value), measure, unit, phrase).removeprefix("+")
        return f"{word}{size} {_comparative(estimate.value, phrase)}"
    if word and measure in (*RATIOS, Measure.CORRELATION):
        name, space, size = text.rpartition(" ")
        return f"{name}{space}{word}{size}"  # "rate ratio less than 3", not "less than rate ratio 3"
    return word + text


def words(estimate: Estimate, phrase: str, shown: str) -> str:
    """The figure as part of a sentence: ``40% less time to finish a writing task``.

    Only what is set against something else is more or less than it; a growth, a gap or a level is said as it is printed.

    Args:
        estimate: The estimate.
        phrase: What it is a number of.
        shown: The number as a page prints it.
    """
    value, compared = estimate.value, estimate.comparator is not None and not _DIFFERENCES.search(phrase)
    if value is None or value == 0 or estimate.measure not in CHANGES or not compared:
        return said(estimate.measure, shown, phrase)
    size = number(abs(value), estimate.measure, estimate.unit, phrase).removeprefix("+")
    return f"{_qualified(estimate)}{size} {_comparative(value, phrase)} {phrase}"


def _qualified(estimate: Estimate) -> str:
    return "" if estimate.qualifier is Qualifier.EXACTLY else f"{str(estimate.qualifier).replace('_', ' ')} "


def _comparative(value: float, phrase: str) -> str:
    """Time is more or less, what is counted is more or fewer, anything else higher or lower."""
    if _TIME.match(phrase):
        return "more" if value > 0 else "less"
    nouns = [word for word in _HEAD.sub("", phrase).lower().split(" ") if not word.endswith("ed")]
    head = nouns[-1] if nouns else ""
    if head.endswith("s") and not head.endswith(("ss", "us", "is")) and head not in _LEVELS:
        return "more" if value > 0 else "fewer"
    return "higher" if value > 0 else "lower"
