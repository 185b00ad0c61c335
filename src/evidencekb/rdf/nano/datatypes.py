"""Whether a literal has the form that its XML Schema datatype asks for; its value is never worked out.

References:
    W3C (2012), XML Schema Definition Language 1.1, part 2: Datatypes.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Callable

from evidencekb.rdf.nano.statements import XSD, Literal

_ZONE = r"(?:Z|[+-](?:(?:0\d|1[0-3]):[0-5]\d|14:00))?"
_YEAR = r"-?(?:[1-9]\d{3,}|0\d{3})"
_MONTH = r"(?:0[1-9]|1[0-2])"
_DAY = r"(?:0[1-9]|[12]\d|3[01])"
_TIME = r"(?:(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?|24:00:00(?:\.0+)?)"
_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)"
_YEARS, _DAYS = r"(?=.*\d+[YMDHS])", r"(?:\d+D)?(?:T(?=\d)(?:\d+H)?(?:\d+M)?(?:\d+(?:\.\d+)?S)?)?"
_NAME = r"[^\W\d][\w.\-]*"

_FORMS = {
    "boolean": "true|false|1|0",
    "decimal": _NUMBER,
    "double": rf"{_NUMBER}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "float": rf"{_NUMBER}(?:[eE][+-]?\d+)?|[+-]?INF|NaN",
    "dateTime": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}{_ZONE}",
    "dateTimeStamp": rf"{_YEAR}-{_MONTH}-{_DAY}T{_TIME}(?!$){_ZONE}",
    "date": rf"{_YEAR}-{_MONTH}-{_DAY}{_ZONE}",
    "time": f"{_TIME}{_ZONE}",
    "gYear": f"{_YEAR}{_ZONE}",
    "gYearMonth": f"{_YEAR}-{_MONTH}{_ZONE}",
    "gMonth": f"--{_MONTH}{_ZONE}",
    "gMonthDay": f"--{_MONTH}-{_DAY}{_ZONE}",
    "gDay": f"---{_DAY}{_ZONE}",
    "duration": rf"-?P{_YEARS}(?:\d+Y)?(?:\d+M)?{_DAYS}",
    "dayTimeDuration": rf"-?P{_YEARS}{_DAYS}",
    "yearMonthDuration": rf"-?P{_YEARS}(?:\d+Y)?(?:\d+M)?",
    "hexBinary": r"(?:[0-9A-Fa-f]{2})*",
    "language": r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*",
    "Name": rf"(?:{_NAME}|:)(?:[\w.\-:])*",
    "NCName": _NAME,
    "ID": _NAME,
    "IDREF": _NAME,
    "ENTITY": _NAME,
    "NMTOKEN": r"[\w.\-:]+",
    "QName": rf"(?:{_NAME}:)?{_NAME}",
}
_PATTERNS = {f"{XSD}{name}": re.compile(form, re.ASCII if name != "NCName" else 0) for name, form in _FORMS.items()}

_INTEGER = re.compile(r"([+-]?)0*(\d+)", re.ASCII)
_RANGES: dict[str, tuple[int | None, int | None]] = {
    "integer": (None, None),
    "nonPositiveInteger": (None, 0),
    "negativeInteger": (None, -1),
    "nonNegativeInteger": (0, None),
    "positiveInteger": (1, None),
    **{name: (-(2**n), 2**n - 1) for name, n in (("long", 63), ("int", 31), ("short", 15), ("byte", 7))},
    **{f"unsigned{name}": (0, 2**n - 1) for name, n in (("Long", 64), ("Int", 32), ("Short", 16), ("Byte", 8))},
}
_LONGEST = 20
"""Digits that a bounded whole number can have at most."""

_DATED = re.compile(r"(-?\d{4,}|-)-(\d\d)-(\d\d)")
_MONTHS = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def fits_its_datatype(literal: Literal) -> bool:
    """Whether a literal has the form of its datatype; True for datatypes that are none of XML Schema.

    Examples:
        >>> [fits_its_datatype(Literal(text, XSD + "date")) for text in ("2024-02-29", "2023-02-29", "soon")]
        [True, False, False]
    """
    name = literal.datatype.removeprefix(XSD)
    if name == literal.datatype:
        return True
    text = literal.text.strip(" \t\r\n")
    if name in _RANGES:
        return _in_range(text, *_RANGES[name])
    if name in _OTHERS:
        return _OTHERS[name](literal.text)
    pattern = _PATTERNS.get(literal.datatype)
    return pattern is None or (pattern.fullmatch(text) is not None and _on_the_calendar(text))


def _in_range(text: str, low: int | None, high: int | None) -> bool:
    found = _INTEGER.fullmatch(text)
    if found is None:
        return False
    # A number of any length is compared by its sign and its length first, so that it is never worked out.
    negative, digits = found[1] == "-" and found[2] != "0", found[2]
    if len(digits) > _LONGEST:
        return (low is None) if negative else (high is None)
    number = -int(digits) if negative else int(digits)
    return (low is None or number >= low) and (high is None or number <= high)


def _on_the_calendar(text: str) -> bool:
    found = _DATED.match(text)
    if found is None:
        return True
    year, month, day = found[1][-4:], int(found[2]), int(found[3])
    # Whether a year is a leap year hangs on its last four digits; a day of no year may be one of a leap year.
    leap = year == "-" or (int(year) % 4 == 0 and (int(year) % 100 != 0 or int(year) % 400 == 0))
    return day <= _MONTHS[month - 1] + (1 if leap and month == 2 else 0)


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode("".join(text.split()), validate=True)
    except binascii.Error:
        return False
    return True


_OTHERS: dict[str, Callable[[str], bool]] = {
    "base64Binary": _is_base64,
    "normalizedString": lambda text: not set(text) & set("\t\r\n"),
    "token": lambda text: (
        text == " ".join(text.split(" ")).strip(" ") and "  " not in text and not set(text) & set("\t\r\n")
    ),
}
