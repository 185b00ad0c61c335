"""Dates as registries, reference managers and people write them, as items hold them.

>>> date_in({"date-parts": [["2017", "07", "07"]]}), date_in("2018-08-05T21:40:52Z"), date_in(2020)
(({'date-parts': [[2017, 7, 7]]}, []), ({'date-parts': [[2018, 8, 5]]}, []), ({'date-parts': [[2020]]}, []))
>>> date_in_words("4-8 Aug. 2020"), date_in_words("2018 Nov-Dec"), date_in_words("JUN 19", 2018)
({'date-parts': [[2020, 8, 4], [2020, 8, 8]]}, {'date-parts': [[2018, 11], [2018, 12]]}, {'date-parts': [[2018, 6, 19]]})
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from typing import Any

from evidencekb.sources.items import date_of

Date = dict[str, Any]
Left = list[tuple[Any, str]]
"""Pieces of a date that no date of CSL holds, each with the reason."""

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_INTEGER = re.compile(r"\s*(-?[0-9]{1,4})\s*")
_MOMENT = re.compile(r"(-?[0-9]{4}-[0-9]{2}-[0-9]{2})[T ][0-9]{2}:[0-9]{2}.*")
_WORDS = re.compile(r"[A-Za-z]+|[0-9]+")
_ORDINARY = re.compile(r"[\w\s.,/\u2010-\u2015-]{3,60}")
_FULL_MONTHS = tuple(name.lower() for name in calendar.month_name)


def date_in(value: Any) -> tuple[Date, Left]:
    """A date of CSL-JSON, however it was written.

    Args:
        value: A date of CSL, an EDTF or ISO text, a year, or bare date parts.

    Returns:
        The date, ``{}`` when there is none, and what of it the date does not hold.
    """
    if isinstance(value, Mapping):
        return _object(value)
    if isinstance(value, list):
        return _parts(value if value and isinstance(value[0], list) else [value])
    if isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool)):
        return _text(str(value)), []
    return {}, [(value, "not a date")]


def date_in_words(text: str, year: int | None = None) -> Date:
    """A date with the names of months or seasons in it, in English; ``{}`` when the text is nothing of the kind.

    Args:
        text: Day, month and year in any order; two days or two months are an interval.
        year: The year, where the text may leave it out.
    """
    if not _ORDINARY.fullmatch(text):
        return {}
    years: list[int] = []
    months: list[int] = []
    days: list[int] = []
    seasons: list[int] = []
    for word in _WORDS.findall(text.lower()):
        if word.isdigit():
            (years if len(word) == 4 else days).append(int(word))
        elif word in SEASONS:
            seasons.append(SEASONS[word])
        elif word[:3] in MONTHS and (len(word) == 3 or word in _FULL_MONTHS or word == "sept"):
            months.append(MONTHS.index(word[:3]) + 1)
        elif not (days and word in ("st", "nd", "rd", "th")):
            return {}
    if year is not None and not years:
        years = [year]
    return _counted(years, months, days, seasons)


def _counted(years: list[int], months: list[int], days: list[int], seasons: list[int]) -> Date:
    """The date of one or two years, months and days, if they are one."""
    count = tuple(map(len, (years, months, days, seasons)))
    if count == (1, 0, 0, 1):
        return {"date-parts": [years], "season": seasons[0]}
    if seasons or not months or not 1 <= len(years) <= 2:
        return {}
    size = max(count[:3])
    if size > 2 or not all(number in (0, 1, size) for number in count[:3]):
        return {}
    columns = [column * (size // len(column)) for column in (years, months, days) if column]
    sides = [list(side) for side in zip(*columns, strict=True)]
    found = date_of("/".join(written(side) for side in sides))
    return {} if "literal" in found else found


def written(parts: list[int]) -> str:
    """Date parts as EDTF has them.

    Examples:
        >>> written([-44, 3, 15]), written([2020, 1])
        ('-0044-03-15', '2020-01')
    """
    year = f"{'-' if parts[0] < 0 else ''}{abs(parts[0]):04d}"
    return "-".join([year, *(f"{part:02d}" for part in parts[1:])])


def _text(text: str) -> Date:
    text = " ".join(text.split())
    if moment := _MOMENT.fullmatch(text):
        text = moment[1]
    found = date_of(text) if text else {}
    return (date_in_words(text) or found) if "literal" in found else found


def _object(value: Mapping[str, Any]) -> tuple[Date, Left]:
    date, left = _parts(value.get("date-parts"))
    season = value.get("season")
    for key in ("raw", "literal", "edtf", "date-time", "timestamp"):
        text = value.get(key)
        if not text or (key in ("date-time", "timestamp") and date):
            continue
        found = _text(text) if isinstance(text, str) else {}
        if found and not date:
            date = found
        elif found != date:
            left.append((text, f"{key} beside another date"))
    if season not in (None, ""):
        number = SEASONS.get(str(season).strip().lower()) or _whole(season)
        number = number - 20 if number and 21 <= number <= 24 else number
        parts = date.get("date-parts", ())
        if number in (1, 2, 3, 4) and len(parts) == 1 and len(parts[0]) == 1:
            date["season"] = number
        else:
            left.append((season, "no season of a year"))
    circa = value.get("circa")
    if circa and str(circa).lower() not in ("false", "0") and "date-parts" in date:
        date["circa"] = True
    known = ("date-parts", "raw", "literal", "edtf", "date-time", "timestamp", "season", "circa")
    left += [(part, f"a date of CSL has no {key}") for key, part in value.items() if key not in known]
    return date, left


def _parts(value: Any) -> tuple[Date, Left]:
    """Date parts as whole numbers, as far as they are on the calendar."""
    if value is None:
        return {}, []
    if not isinstance(value, list):
        return {}, [(value, "not a list of date parts")]
    sides: list[list[int]] = []
    left: Left = []
    season = 0
    for place, side in enumerate(value):
        numbers, month, surplus = _side(side if isinstance(side, list) else [side])
        left += surplus
        season = season or month
        if place > 1:
            left.append((side, "an interval has two dates"))
        elif numbers:
            sides.append(numbers)
        elif place and sides and side == [0]:
            return {"literal": f"{written(sides[0])}/.."}, left
    date: Date = {"date-parts": sides} if sides else {}
    if season and len(sides) == 1:
        date["season"] = season
    return date, left


def _side(parts: list[Any]) -> tuple[list[int], int, Left]:
    """Year, month and day; a season where it stands in the place of the month; and what is neither."""
    numbers: list[int] = []
    for place, part in enumerate(parts):
        rest = [each for each in parts[place:] if each not in (None, "", "0", 0)]
        if place == 3:
            return numbers, 0, [(each, "a date has three parts at most") for each in rest]
        number = _whole(part)
        if place == 1 and number is not None and (13 <= number <= 16 or 21 <= number <= 24):
            return numbers, number - (12 if number < 20 else 20), [(each, "a season has no day") for each in rest[1:]]
        if not number or (place and "literal" in date_of(written([*numbers, number]))):
            return numbers, 0, [(each, "not on the calendar") for each in rest]
        numbers.append(number)
    return numbers, 0, []


def _whole(value: Any) -> int | None:
    match = _INTEGER.fullmatch(str(value)) if isinstance(value, (int, str)) and not isinstance(value, bool) else None
    return int(match[1]) if match else None
