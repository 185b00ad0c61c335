"""A work as CSL-JSON has it: what every format and service is read into, and what every format is written from.

An item is plain data: a CSL-JSON item of Citation Style Language 1.0.2. Where that leaves a choice, items here have:

- ``id``, the citation key, and ``type``, always;
- names with ``family``, ``given``, ``suffix``, ``non-dropping-particle`` and ``dropping-particle``, or with ``literal``
  for a body; a list that goes on ends with ``{"literal": "others"}``, as ``and others`` does in BibTeX;
- dates with ``date-parts`` of whole numbers, two lists for an interval, and ``circa`` or ``season`` where they are known;
  what is no calendar date stands under ``literal``;
- Unicode text; titles may hold the inline tags of CSL (``<i>``, ``<b>``, ``<sup>``, ``<sub>``, ``<span>``), with ``&``
  and ``<`` left as they are;
- identifiers alone, without address or prefix: ``DOI``, ``ISBN``, ``ISSN``, ``PMID``, ``PMCID``; an arXiv number, for
  which CSL has no variable, under ``custom``: ``{"arxiv": "2303.10130v2"}``;
- no empty values: a variable that is not known is not there.

>>> date_of("2023-07-13"), date_of("2021/2022"), edtf({"date-parts": [[2023, 7]], "circa": True})
({'date-parts': [[2023, 7, 13]]}, {'date-parts': [[2021], [2022]]}, '2023-07~')
>>> plain("Growth of <i>E. coli</i> in H<sub>2</sub>O")
'Growth of E. coli in H2O'

References:
    Citation Style Language 1.0.2, appendices III (types) and IV (variables), and its input schema, csl-data.json.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from evidencekb.report import Violation

Item = dict[str, Any]
"""A CSL-JSON item."""

NAMES = (
    "author", "editor", "translator", "chair", "collection-editor", "compiler", "composer", "container-author",
    "contributor", "curator", "director", "editor-translator", "editorial-director", "executive-producer", "guest",
    "host", "illustrator", "interviewer", "narrator", "organizer", "original-author", "performer", "producer",
    "recipient", "reviewed-author", "script-writer", "series-creator",
)  # fmt: skip
"""Variables that hold names."""

DATES = ("issued", "accessed", "available-date", "event-date", "original-date", "submitted")
"""Variables that hold a date."""

TEXTS = (
    "title", "title-short", "container-title", "container-title-short", "collection-title", "volume-title",
    "volume-title-short", "part-title", "original-title", "reviewed-title", "reviewed-genre", "publisher",
    "publisher-place", "original-publisher", "original-publisher-place", "event-title", "event-place", "authority",
    "jurisdiction", "division", "genre", "medium", "dimensions", "scale", "status", "source", "archive",
    "archive_collection", "archive_location", "archive-place", "call-number", "references", "section", "abstract",
    "annote", "note", "keyword", "language", "DOI", "ISBN", "ISSN", "PMID", "PMCID", "URL",
)  # fmt: skip
"""Variables that hold text."""

NUMBERS = (
    "volume", "issue", "page", "page-first", "number", "number-of-pages", "number-of-volumes", "edition", "version",
    "chapter-number", "collection-number", "part-number", "printing-number", "supplement-number", "locator",
)  # fmt: skip
"""Variables that hold a number, kept as the text that was printed."""

TYPES = frozenset({
    "article", "article-journal", "article-magazine", "article-newspaper", "bill", "book", "broadcast", "chapter",
    "classic", "collection", "dataset", "document", "entry", "entry-dictionary", "entry-encyclopedia", "event",
    "figure", "graphic", "hearing", "interview", "legal_case", "legislation", "manuscript", "map", "motion_picture",
    "musical_score", "pamphlet", "paper-conference", "patent", "performance", "periodical", "personal_communication",
    "post", "post-weblog", "regulation", "report", "review", "review-book", "software", "song", "speech", "standard",
    "thesis", "treaty", "webpage",
})  # fmt: skip
"""The types of CSL 1.0.2."""

VARIABLES = frozenset({"id", "type", "custom", *NAMES, *DATES, *TEXTS, *NUMBERS})
"""Every key that an item may have."""

OTHERS = {"literal": "others"}
"""The last name of a list that goes on."""

_TAG = re.compile(r"</?(?:i|b|sup|sub|sc|span)(?:\s[^<>]*)?>", re.IGNORECASE)
_DATE = re.compile(r"(-?[0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")
_SEASONS = {"21": 1, "22": 2, "23": 3, "24": 4}


@dataclass(frozen=True, slots=True)
class Loss:
    """Something that was read and that the item does not hold.

    Attributes:
        field: Its name in the format it was read from.
        value: What stood there, as written; long texts are cut.
        reason: Why it is not in the item, in a few words.
        line: Where it stands, from 1; 0 where there are no lines.
    """

    field: str
    value: str
    reason: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.field} = {self.value!r}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One work that was read.

    Attributes:
        key: Its citation key; ``""`` where the format has none.
        item: The work.
        line: Where it starts, from 1; 0 where there are no lines.
        lines: Line of each variable of ``item``, from 1.
        losses: What was read and is not in ``item``, in the order read.
    """

    key: str
    item: Item
    line: int = 0
    lines: Mapping[str, int] = field(default_factory=dict)
    losses: tuple[Loss, ...] = ()


@dataclass(frozen=True, slots=True)
class Bibliography:
    """All works of a file, in its order, and what could not be read."""

    entries: tuple[Entry, ...]
    violations: tuple[Violation, ...] = ()

    @property
    def items(self) -> tuple[Item, ...]:
        """The items alone."""
        return tuple(entry.item for entry in self.entries)


def date_of(text: str) -> dict[str, Any]:
    """A date of a record as CSL has it; what CSL cannot hold in parts stands under ``literal``.

    Args:
        text: A year, month, day or season, an interval of them, or any other EDTF expression.

    Examples:
        >>> date_of("2023-21"), date_of("199x")
        ({'date-parts': [[2023]], 'season': 1}, {'literal': '199x'})
    """
    parts: list[list[int]] = []
    circa, season = False, 0
    for side in text.split("/", 1):
        match = _DATE.fullmatch(side)
        if match is None:
            return {"literal": text}
        year, month, day, about = match.groups()
        circa = circa or bool(about)
        if month in _SEASONS and not day:
            season, month = _SEASONS[month], None
        # A year 0 is what many write for a year they do not know; edtf() takes it for none.
        if not int(year) or not _on_calendar(int(year), int(month or 1), int(day or 1)):
            return {"literal": text}
        parts.append([int(part) for part in (year, month, day) if part])
    if season and len(parts) > 1:
        return {"literal": text}
    return {"date-parts": parts} | ({"season": season} if season else {}) | ({"circa": True} if circa else {})


def edtf(date: Mapping[str, Any]) -> str:
    """A CSL date as a record has it: EDTF, or '' when it has no parts.

    Examples:
        >>> edtf({"date-parts": [["2017", "07"], [2018]]}), edtf({"date-parts": [[2020]], "season": 2})
        ('2017-07/2018', '2020-22')
    """
    sides = []
    for parts in (date.get("date-parts") or ())[:2]:
        texts = tuple(str(part).strip() for part in parts[:3]) if isinstance(parts, (list, tuple)) else ()
        if not (side := _side(texts, str(date.get("season", "")))):
            break
        sides.append(side + ("~" if date.get("circa") else ""))
    return "/".join(sides)


def plain(text: str) -> str:
    """A text without the inline tags of CSL, white space made single."""
    return " ".join(_TAG.sub("", text).split()) if "<" in text else " ".join(text.split())


@lru_cache(maxsize=4096)
def _side(parts: tuple[str, ...], season: str) -> str:
    """One side of a date; the dates of a bibliography are few."""
    if not (numbers := _numbers(parts)):
        return ""
    text = f"{'-' if numbers[0] < 0 else ''}{abs(numbers[0]):04d}" + "".join(f"-{number:02d}" for number in numbers[1:])
    return text + (f"-2{season}" if len(numbers) == 1 and season in ("1", "2", "3", "4") else "")


def _numbers(parts: Iterable[str]) -> list[int]:
    """Year, month and day as whole numbers, as far as they are a date."""
    found: list[int] = []
    for place, text in enumerate(parts):
        if not re.fullmatch(r"-?[0-9]{1,4}", text):
            break
        if place == 1 and not _on_calendar(found[0], int(text)):
            break
        if place == 2 and not _on_calendar(found[0], found[1], int(text)):
            break
        found.append(int(text))
    return found if found and found[0] else []


def _on_calendar(year: int, month: int = 1, day: int = 1) -> bool:
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(max(year, 1), month)[1]
