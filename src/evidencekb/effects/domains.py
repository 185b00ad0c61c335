"""What a number has to be before a formula may be used on it."""

from __future__ import annotations

import math

from evidencekb.errors import QuestionError


def _told(name: str, value: float) -> float:
    """The value, unless it is a text, such as a cell of a file that nobody turned into a number.

    Raises:
        QuestionError: If it is.
    """
    if isinstance(value, str):
        raise QuestionError(f"{name} is the text {value!r}; give a number")
    return value


def finite(name: str, *values: float | None) -> None:
    """Refuse what is no number.

    Raises:
        QuestionError: If a value is infinite or not a number.
    """
    for value in values:
        if value is not None and not math.isfinite(_told(name, value)):
            raise QuestionError(f"{name} is {value}; it has to be a finite number")


def positive(name: str, *values: float | None) -> None:
    """Refuse zero, less than zero, and what is no number.

    Raises:
        QuestionError: If a value is not above zero.
    """
    for value in values:
        if value is not None and not (math.isfinite(_told(name, value)) and value > 0):
            raise QuestionError(f"{name} is {value}; it has to be above 0")


def between(name: str, low: float, high: float, *values: float | None) -> None:
    """Refuse what is not inside two bounds, which are outside themselves.

    Raises:
        QuestionError: If a value is not between them.
    """
    for value in values:
        if value is not None and not low < _told(name, value) < high:
            raise QuestionError(f"{name} is {value}; it has to be between {low:g} and {high:g}")


def counts(events: float, n: float, *, name: str = "") -> None:
    """Refuse counts of which one cannot be part of the other.

    Raises:
        QuestionError: If there are fewer than no events, more than people, or no people.
    """
    of = f" of group {name}" if name else ""
    if not (math.isfinite(n) and n > 0):
        raise QuestionError(f"n{of} is {n}; it has to be above 0")
    if not 0 <= events <= n:
        raise QuestionError(f"events{of} are {events} of {n}; they have to be from 0 to {n}")
