"""Dates as people know them: a year, a month, a day, an interval, or any EDTF expression.

>>> bounds("2023-01/2023-02"), last_day("2023-07")
(('2023-01-01', '2023-02-28'), '2023-07-31')

References:
    Library of Congress (2019), Extended Date/Time Format (EDTF) Specification.
"""

from __future__ import annotations

import calendar
import re
from contextlib import redirect_stdout
from functools import lru_cache
from io import StringIO
from typing import Any

_PLAIN = re.compile(r"(\d{4})(?:-(0[1-9]|1[0-2])(?:-(0[1-9]|[12]\d|3[01]))?)?")
_OPEN = ("", "..")
_LONGEST = 60
_FAR_YEAR = re.compile(r"[\[{]?-?[Yy]")  # years of five digits and more take the library for ever


def check_date(value: Any) -> Any:
    """Pass a date through, or say why it is none.

    Raises:
        ValueError: If the text is not EDTF.
    """
    if isinstance(value, str):
        bounds(value)
    return value


@lru_cache(maxsize=4096)  # the same few days stand in record after record
def bounds(text: str) -> tuple[str | None, str | None]:
    """First and last day that a date can mean; None on an open side.

    Raises:
        ValueError: If the text is not EDTF.
    """
    start, slash, end = text.partition("/")
    if not slash:
        return _day(start, last=False), _day(start, last=True)
    first = None if start in _OPEN else _day(start, last=False)
    last = None if end in _OPEN else _day(end, last=True)
    if first is not None and last is not None and first > last:
        raise ValueError(f"the interval {text!r} ends before it starts")
    return first, last


def last_day(text: str) -> str | None:
    """The last day a date can mean, as YYYY-MM-DD."""
    return bounds(text)[1]


def _day(text: str, *, last: bool) -> str:
    if match := _PLAIN.fullmatch(text):
        year, month, day = match.groups()
        if day:
            if int(day) > calendar.monthrange(int(year), int(month))[1]:
                raise ValueError(f"{text!r} is not a day of the calendar")
            return text
        if month:
            return f"{year}-{month}-{calendar.monthrange(int(year), int(month))[1] if last else 1:02d}"
        return f"{year}-12-31" if last else f"{year}-01-01"
    return _edtf_day(text, last=last)


def _edtf_day(text: str, *, last: bool) -> str:
    """Rarer forms (approximate, seasons, decades) go through the EDTF library, which is slow to import."""
    from edtf import parse_edtf
    from edtf.parser.edtf_exceptions import EDTFParseException

    advice = f"{text[:40]!r} is not a date; write YYYY, YYYY-MM, YYYY-MM-DD or an EDTF expression"
    if len(text) > _LONGEST or _FAR_YEAR.match(text):
        raise ValueError(advice)
    try:
        with redirect_stdout(StringIO()):  # the library prints what it makes of some unspecified dates
            parsed = parse_edtf(text)
            moment = parsed.upper_strict() if last else parsed.lower_strict()
        return f"{moment.tm_year:04d}-{moment.tm_mon:02d}-{moment.tm_mday:02d}"
    except (EDTFParseException, ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as problem:
        raise ValueError(advice) from problem
