"""Dates as .bib files have them, as dates of CSL, and back.

>>> read_date("2023-07-13T10:00:00Z"), read_date("July 2023"), read_date("ca. 1850")
({'date-parts': [[2023, 7, 13]]}, {'date-parts': [[2023, 7]]}, {'date-parts': [[1850]], 'circa': True})
>>> read_issued("2023", "Spring", "")
({'date-parts': [[2023]], 'season': 1}, True, False)
>>> read_issued("2023", "13 July", "")
({'date-parts': [[2023, 7, 13]]}, True, False)

References:
    Library of Congress, Extended Date/Time Format, which biblatex reads.
"""

from __future__ import annotations

import re
from typing import Any

from evidencekb.sources.items import date_of
from evidencekb.sources.latex import decode

Date = dict[str, Any]

_MONTHS = (
    "january", "february", "march", "april", "may", "june",
    "july", "august", "september", "october", "november", "december",
)  # fmt: skip
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_MONTH = re.compile(r"(?:(\d{1,2})(?:st|nd|rd|th)?[. ]+)?([A-Za-z]{3,9})\.?(?:[ ,]+(\d{1,2})(?:st|nd|rd|th)?)?")
_MONTHS_OF = re.compile(r"([A-Za-z]{3,9})\.?\s*(?:-|/|and|&|to)\s*([A-Za-z]{3,9})\.?")
_YEARS = re.compile(r"(\d{4}) ?[-/] ?(\d{4})")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_SLASHED = re.compile(r"(\d{4})[/.](\d{1,2})(?:[/.](\d{1,2}))?")
_WORDY = re.compile(r"(?:(\d{1,2})[. ]+)?([A-Za-z]{3,9})\.?(?:[ ,]+(\d{1,2}))?[ ,]+(\d{4})")
_SHORT = re.compile(r"(\d{4})-(\d{1,2})(?:-(\d{1,2}))?")
_ABOUT = re.compile(r"(?:c\.|ca\.?|circa)\s*(\d{4})", re.IGNORECASE)
# In a date a tilde says "about", and is no space.
_EDTF = re.compile(r"\s*-?[0-9X]{4}[-0-9X/.~?%]*\s*")
_YEAR = re.compile(r"[0-9]{4}")


def read_date(text: str) -> Date:
    """A date as written, in parts if it is a date of the calendar or an interval of two; {} of nothing."""
    if _YEAR.fullmatch(text) and text != "0000":
        return {"date-parts": [[int(text)]]}
    date = _DASH.sub("-", text.strip() if _EDTF.fullmatch(text) else decode(text))
    if not date:
        return {}
    if moment := _MOMENT.fullmatch(date):
        date = moment[1]
    elif years := _YEARS.fullmatch(date):
        date = f"{years[1]}/{years[2]}"
    elif about := _ABOUT.fullmatch(date):
        date = f"{about[1]}~"
    elif (short := _SHORT.fullmatch(date)) or (short := _SLASHED.fullmatch(date)):
        # A month or a day of zero is a date that somebody knew less of.
        parts = [f"{int(part):02d}" for part in short.groups()[1:] if part]
        known = parts[: parts.index("00")] if "00" in parts else parts
        date = "-".join([short[1], *known])
    elif wordy := _WORDY.fullmatch(date):
        month, day = _month_number(wordy[2]), wordy[1] or wordy[3]
        if month and month <= 12:
            date = f"{wordy[4]}-{month:02d}" + (f"-{int(day):02d}" if day else "")
        elif month and not day:
            date = f"{wordy[4]}-{month}"
    return date_of(date)


def read_issued(year: str, month: str, day: str) -> tuple[Date, bool, bool]:
    """The date of a year, a month and a day, and whether the month and the day are in it."""
    date = read_date(year)
    if not month or len(parts := date.get("date-parts", ())) != 1 or len(parts[0]) != 1:
        return date, False, False
    first = parts[0][0]
    text = month if month.isalnum() else _DASH.sub("-", decode(month))
    number, within = 0, day.strip()
    second = None
    if text.isdigit():
        number = int(text)
    elif number := _month_number(text.rstrip(".")):
        pass
    elif match := _MONTH.fullmatch(text):
        number, within = _month_number(match[2]), match[1] or match[3] or within
    elif match := _MONTHS_OF.fullmatch(text):
        number, second = _month_number(match[1]), _month_number(match[2])
    if second is not None:
        if number and second and max(number, second) <= 12:
            return {**date, "date-parts": [[first, number], [first, second]]}, True, False
        return date, False, False
    if number > 20:
        return {**date, "season": number - 20}, True, False
    if not 1 <= number <= 12:
        return date, False, False
    whole = {**date, "date-parts": [[first, number]]}
    if within.isdecimal() and len(within) <= 2:
        dated = date_of(f"{first:04d}-{number:02d}-{int(within):02d}")
        if "date-parts" in dated:
            return {**whole, "date-parts": dated["date-parts"]}, True, within == day.strip()
        if within != day.strip():
            return date, False, False
    return whole, True, False


def _month_number(name: str) -> int:
    """1 to 12 for a month, 21 to 24 for a season as EDTF numbers them, 0 for anything else."""
    lower = name.lower()
    if len(lower) >= 3:
        for number, month in enumerate(_MONTHS, start=1):
            if month.startswith(lower):
                return number
    return 20 + _SEASONS[lower] if lower in _SEASONS else 0


def write_issued(date: Date) -> list[tuple[str, str]]:
    """The fields ``year``, ``month`` and ``day`` of BibTeX; [] for what these cannot hold."""
    if literal := date.get("literal"):
        return [("year", str(literal))]
    parts = date.get("date-parts") or [[]]
    starts, ends = parts[0], parts[1] if len(parts) > 1 else []
    if not starts or not 1000 <= starts[0] <= 9999 or len(ends) > 2 or (ends and len(starts) != len(ends)):
        return []
    year = f"ca. {starts[0]}" if date.get("circa") else str(starts[0])
    if ends and len(starts) == 1:
        return [] if date.get("circa") or not 1000 <= ends[0] <= 9999 else [("year", f"{year}/{ends[0]}")]
    if ends:
        if ends[0] != starts[0] or date.get("circa"):
            return []
        return [("year", year), ("month", f"{_MONTHS[starts[1] - 1][:3]}/{_MONTHS[ends[1] - 1][:3]}")]
    fields = [("year", year)]
    if season := date.get("season"):
        names = {number: name.capitalize() for name, number in _SEASONS.items() if name != "fall"}
        return [*fields, ("month", names[int(season)])] if len(starts) == 1 else []
    if len(starts) > 1:
        fields.append(("month", _MONTHS[starts[1] - 1][:3]))
    if len(starts) > 2:
        fields.append(("day", str(starts[2])))
    return fields
