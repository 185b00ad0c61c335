"""303: what a number is per, and the month that it is of."""

from __future__ import annotations

import re
from collections.abc import Iterator

_SPANS = {
    "minute": "minute|min\\b",
    "hour": "hour",
    "day": "day|daily",
    "week": "week",
    "month": "month",
    "year": "year|annual",
}
_BASE = re.compile(
    r"(?<!half )(?<!for )\b"
    r"(?:per|an?|each|every(?: extra)?|extra|in the past|over the past)"
    r" (minute|hour|day|week|month|year)\b(?!-)(?! (?:before|earlier|ago|later))"
)
_HELD = re.compile(
    r"(?<!\d )\b(?:minutes?|hours?|hourly|days?|daily|weeks?|weekly|months?|monthly|years?|yearly|annual\w*|decades?)\b",
    re.IGNORECASE,
)
_SCALE = re.compile(r"\bper (hundred|thousand|million|billion)\b")
_SCALES = re.compile(r"(?:\bper |\| )(hundred|thousand|million|billion)\b")
_NAMES = "january february march april may june july august september october november december".split()
_MONTH = re.compile(
    r"\b(?:(January|February|April|June|July|August|September|October|November|December)(?! \d)"
    r"|(?:in|of|since|until|from|by|late|early|mid) (May|March))\b(?! \d)"
)
_ISO = re.compile(r"(?<!\d)\d{4}-(\d\d)(?!\d)")


def other_bases(text: str, fields: str) -> Iterator[str]:
    """Spans that a text gives a number per, where the record gives it per another: £7,000 a month for a year.

    Examples:
        >>> list(other_bases("14% more tickets per day", "tickets per hour"))
        ['per day']
    """
    for one in _SCALE.finditer(text):
        held = _SCALES.findall(fields)
        if held and one.group(1) not in held:
            yield one.group()
    found = list(_BASE.finditer(text))
    if not found or not _HELD.search(fields):
        return
    for one in found:
        if not re.search(rf"\b(?:{_SPANS[one.group(1)]})", fields, re.IGNORECASE):
            yield one.group()


def other_months(text: str, fields: str) -> Iterator[str]:
    """Months that a text names, where the record has others.

    Examples:
        >>> list(other_months("Jobs added in June", "new jobs | 2023-05"))
        ['June']
    """
    held = {int(month) for month in _ISO.findall(fields)}
    if not held or re.search(r"\d{4}-\d\d(?:-\d\d)?/", fields):
        return
    for one in _MONTH.finditer(text):
        name = one.group(1) or one.group(2)
        if _NAMES.index(name.lower()) + 1 not in held and name.lower() not in fields.lower():
            yield name
