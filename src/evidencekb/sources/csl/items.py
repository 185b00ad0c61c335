"""A CSL-JSON item as a processor reads it: names with their particles, dates in parts, numbers.

References:
    Citation Style Language 1.0.2, appendix IV (variables), and the schema of CSL-JSON.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evidencekb.sources.items import DATES, NAMES
from evidencekb.sources.items import NUMBERS as _PRINTED_NUMBERS

NUMBERS = frozenset({*_PRINTED_NUMBERS, "citation-number", "first-reference-note-number", "section"})
"""Variables that hold a number, those that only a processor knows among them."""

_EXTRA_FIELDS = frozenset(
    """type title title-short container-title container-title-short collection-title collection-title-short genre
    medium publisher publisher-place original-publisher original-publisher-place original-title event event-title
    event-place archive archive-place archive_location authority call-number dimensions division DOI ISBN ISSN
    jurisdiction keyword language license part-title PMCID PMID references reviewed-genre reviewed-title scale status
    URL volume-title""".split()
)
_ALIASES = {
    "title-short": ("shortTitle",),
    "container-title-short": ("journalAbbreviation",),
    "event-title": ("event",),
    "event": ("event-title",),
}
_SHORT = {
    "title": ("title-short", "shortTitle"),
    "container-title": ("container-title-short", "journalAbbreviation"),
}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_SEASONS = {"spring": 1, "summer": 2, "autumn": 3, "fall": 3, "winter": 4}
_ISO = re.compile(r"(-?\d{1,4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?(?:T.*)?")
_NUMBERLIKE = re.compile(r"[A-Za-z\u00c0-\u024f]{0,9}\d[\d.,]*[A-Za-z\u00c0-\u024f]{0,9}")
_BETWEEN = re.compile(r"\s*(?:[,&;]|\band\b|[-\u2010-\u2014])\s*")
_PARTICLE = re.compile(
    r"((?:[a-z\u00df-\u00ff]+(?:['\u2019](?=\s)|\.)?\s+)*"
    r"(?:[a-z\u00df-\u00ff]{1,6}['\u2019]|[a-z\u00df-\u00ff]+-)?)(?=[A-Z\u00c0-\u00de0-9\u0100-\uffff])(.+)"
)
_DROPPED = re.compile(r"(.+?)((?:\s+[a-z\u00df-\u00ff]+['\u2019.]?)+)")


@dataclass(frozen=True, slots=True)
class Name:
    """A person or an organisation.

    Attributes:
        family: The family name, without particles.
        given: The given names.
        dropping: A particle that goes when the family name stands alone: "de" in "Alphonse de Lamartine".
        kept: A particle that stays: "van" in "van Gogh".
        suffix: "Jr.", "III".
        comma_suffix: Whether a comma stands before the suffix in any order.
        literal: The whole name of an organisation; then all other parts are empty.
        static: Whether the family name always stands first.
    """

    family: str = ""
    given: str = ""
    dropping: str = ""
    kept: str = ""
    suffix: str = ""
    comma_suffix: bool = False
    literal: str = ""
    static: bool = False

    @property
    def latin(self) -> bool:
        """Whether the name is in a script that sets the given name first."""
        text = self.family + self.given
        return all(letter < "\u0600" or not letter.isalpha() or "\u1e00" <= letter <= "\u1fff" for letter in text)


@dataclass(frozen=True, slots=True)
class Date:
    """A date or a range.

    Attributes:
        parts: Each end as year, month and day; 0 for what is not known. A season is a month from 13 to 16.
        literal: A date that cannot be held in parts, as written.
        circa: Whether it is uncertain.
    """

    parts: tuple[tuple[int, int, int], ...] = ()
    literal: str = ""
    circa: bool = False

    def __bool__(self) -> bool:
        return bool(self.parts or self.literal)


_EXTRA = re.compile(r"(?:\{:)?([A-Za-z][A-Za-z-]+): *(.+?)\}?")


def with_extra(data: Mapping[str, Any]) -> Mapping[str, Any]:
    """An item with the fields that lines such as ``original-date: 1987`` at the head of its note give.

    Reference managers keep there what their forms have no field for. A field of the item's own goes first.
    """
    note = data.get("note")
    if not isinstance(note, str) or ":" not in note:
        return data
    found: dict[str, Any] = {}
    lines = note.split("\n")
    for number, line in enumerate(lines):
        match = _EXTRA.fullmatch(line.strip())
        key = match[1] if match else ""
        if (
            not match
            or (number and not found)
            or not (key in _EXTRA_FIELDS or key in NAMES or key in DATES or key in NUMBERS)
        ):
            break
        if key in NAMES:
            family, _, given = match[2].partition("||")
            name = {"family": family.strip(), "given": given.strip()} if given else {"literal": match[2]}
            found.setdefault(key, []).append(name)
        else:
            found[key] = {"raw": match[2]} if key in DATES else match[2]
    left = "\n".join(lines[sum(len(v) if isinstance(v, list) else 1 for v in found.values()) :])
    return {**found, **{key: value for key, value in data.items() if key != "note"}, "note": left} if found else data


@dataclass(slots=True)
class Item:
    """One item, its values read when first asked for.

    Attributes:
        id: The item's id.
        data: The CSL-JSON object.
    """

    id: str
    data: Mapping[str, Any]
    _names: dict[str, tuple[tuple[Name, ...], bool]] = field(default_factory=dict)
    _dates: dict[str, Date] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The item's type; "document" when it names none."""
        return str(self.data.get("type") or "document")

    def text(self, variable: str, form: str = "") -> str:
        """A variable as text, its short form when the style wants that and there is one."""
        if form == "short" and variable in _SHORT:
            for name in _SHORT[variable]:
                if found := _string(self.data.get(name)):
                    return found
        if form == "short" and (found := _string(self.data.get(f"{variable}-short"))):
            return found
        if found := _string(self.data.get(variable)):
            return found
        if variable == "page-first" and (page := _string(self.data.get("page"))):
            return re.split(r"[-\u2013,&\s]", page, maxsplit=1)[0]
        return next((found for name in _ALIASES.get(variable, ()) if (found := _string(self.data.get(name)))), "")

    def names(self, variable: str) -> tuple[tuple[Name, ...], bool]:
        """The names of a role, and whether a closing "others" says that there are more."""
        if variable not in self._names:
            self._names[variable] = _read_names(self.data.get(variable))
        return self._names[variable]

    def date(self, variable: str) -> Date:
        """A date; false when there is none."""
        if variable not in self._dates:
            self._dates[variable] = read_date(self.data.get(variable))
        return self._dates[variable]

    def has(self, variable: str) -> bool:
        """Whether a variable has a value."""
        if variable in DATES:
            return bool(self.date(variable))
        if variable in NAMES:
            names, _ = self.names(variable)
            return bool(names)
        return bool(self.text(variable))


def is_numeric(text: str) -> bool:
    """Whether a value is numbers and nothing else, as CSL has it.

    Examples:
        >>> is_numeric("2nd"), is_numeric("2, 3"), is_numeric("2nd edition"), is_numeric("A12-B4")
        (True, True, False, True)
    """
    pieces = _BETWEEN.split(text.strip())
    return bool(pieces) and all(_NUMBERLIKE.fullmatch(piece) for piece in pieces)


def is_plural(text: str) -> bool:
    """Whether a value is more than one number.

    Examples:
        >>> is_plural("33"), is_plural("33-35"), is_plural("1 & 3")
        (False, True, True)
    """
    pieces = [piece for piece in _BETWEEN.split(text.strip()) if piece]
    return len(pieces) > 1 and any(letter.isdigit() for letter in text)


def _string(value: object) -> str:
    if value is None or isinstance(value, bool | list | dict):
        return ""
    text = _UNPRINTABLE.sub("", str(value))
    return re.sub(r"\s+", " ", text).strip(" ") if "\n" in text or "  " in text or text != text.strip() else text


def _read_names(value: object) -> tuple[tuple[Name, ...], bool]:
    if not isinstance(value, list):
        return (), False
    entries = [entry for entry in value if isinstance(entry, dict)]
    more = bool(entries) and _string(entries[-1].get("literal")).lower() in ("others", "et al.", "et al")
    names = [read_name(entry) for entry in (entries[:-1] if more else entries)]
    return tuple(name for name in names if name.literal or name.family or name.given), more


def read_name(entry: Mapping[str, Any]) -> Name:
    """One CSL-JSON name; particles that stand in the family or given name are told apart.

    Examples:
        >>> read_name({"family": "van Gogh", "given": "Vincent"}).kept
        'van'
        >>> read_name({"family": "Humboldt", "given": "Alexander von"}).dropping
        'von'
    """
    part = {key: _string(entry.get(key)) for key in ("family", "given", "literal", "suffix")}
    if part["literal"] and not part["family"]:
        return Name(literal=part["literal"])
    name = Name(
        family=part["family"],
        given=part["given"],
        dropping=_string(entry.get("dropping-particle")),
        kept=_string(entry.get("non-dropping-particle")),
        suffix=part["suffix"],
        comma_suffix=bool(entry.get("comma-suffix")),
        static=bool(entry.get("static-ordering")),
    )
    if name.family and not name.given and bool(entry.get("isInstitution")):
        return Name(literal=name.family)
    if entry.get("parse-names") in (False, 0, "false"):
        return name
    return _parsed(name)


def _parsed(name: Name) -> Name:
    if len(name.family) > 2 and name.family[0] == name.family[-1] == '"':
        return replace(name, family=name.family[1:-1])
    if not name.kept and (match := _PARTICLE.fullmatch(name.family)) and match[1]:
        name = replace(name, kept=match[1].strip() if match[1].endswith(" ") else match[1], family=match[2])
    if not name.suffix and (match := re.fullmatch(r"(.+?)\s*,(!?)\s*(.+)", name.given)):
        name = replace(name, given=match[1], suffix=match[3], comma_suffix=bool(match[2]))
    if not name.dropping and (match := _DROPPED.fullmatch(name.given)):
        name = replace(name, given=match[1], dropping=match[2].strip())
    return name


def read_date(value: object) -> Date:
    """A CSL-JSON date; one given as a text is read if it is a plain one, and kept as written if not."""
    if isinstance(value, str | int) and not isinstance(value, bool):
        value = {"raw": str(value)}
    if not isinstance(value, dict):
        return Date()
    circa = value.get("circa") not in (None, False, 0, "", "0", "false")
    if literal := _string(value.get("literal")):
        # An interval with one open end is no date in parts, and can be printed all the same.
        return read_raw(literal) if ".." in literal else Date(literal=literal, circa=circa)
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts:
        ends = [_end(part) for part in parts[:2] if isinstance(part, list)]
        season = _season(value.get("season"))
        if ends and season and not ends[0][1]:
            ends[0] = (ends[0][0], season, 0)
        ends = [end for number, end in enumerate(ends) if end[0] or number]
        if ends:
            return Date(tuple(ends), circa=circa)
    raw = _string(value.get("raw"))
    return replace(read_raw(raw), circa=circa or read_raw(raw).circa) if raw else Date()


def _season(value: object) -> int:
    text = _string(value).lower()
    number = int(text) if text.isdigit() else _SEASONS.get(text, 0)
    return 12 + number if 1 <= number <= 4 else 0


def _end(part: list[Any]) -> tuple[int, int, int]:
    numbers = [int(text) if re.fullmatch(r"-?\d{1,6}", text := _string(one)) else 0 for one in part[:3]]
    year, month, day = (*numbers, 0, 0, 0)[:3]
    if 21 <= month <= 24:  # EDTF's seasons
        month -= 8
    return (year, month if 1 <= month <= 16 else 0, day if 1 <= day <= 31 and 1 <= month <= 12 else 0)


def read_raw(text: str) -> Date:
    """A date in words or as ISO 8601 has it.

    Examples:
        >>> read_raw("2005-04-12").parts, read_raw("Aug 15, 2003/2004").parts
        (((2005, 4, 12),), ((2003, 8, 15), (2004, 0, 0)))
        >>> read_raw("Circa the end").literal
        'Circa the end'
    """
    plain = text.strip()
    if match := re.fullmatch(r"\.\.\s*/\s*(.+)", plain):
        # Nobody knows from when: the end is the only date there is.
        end = _raw_end(match[1])
        return Date((end,), circa=True) if end else Date(literal=text)
    if (match := re.fullmatch(r"(.+?)\s*/(?:\s*\.\.)?", plain)) and (start := _raw_end(match[1])):
        return Date((start, (0, 0, 0)))
    circa = bool(re.search(r"\?$|^(?:circa|ca?\.) ?(?=\d)", plain, re.IGNORECASE))
    plain = re.sub(r"^(?:circa|ca?\.) ?(?=\d)|\?$", "", plain, flags=re.IGNORECASE).strip()
    ends = [_raw_end(side.strip()) for side in re.split(r"/(?!\d+/)|\s[-\u2013]\s|--|_", plain, maxsplit=1)]
    whole = _raw_end(plain)
    if whole:
        return Date((whole,), circa=circa)
    if all(ends) and len(ends) <= 2:
        return Date(tuple(end for end in ends if end), circa=circa)
    return Date(literal=text)


def _raw_end(text: str) -> tuple[int, int, int] | None:
    if match := _ISO.fullmatch(text):
        return _end([match[1], match[2] or "0", match[3] or "0"])
    if match := re.fullmatch(r"(\d{1,2})/(\d{1,2})/(\d{3,4})", text):
        return _end([match[3], match[1], match[2]])
    words = re.findall(r"[^\W\d_]+|\d+", text)
    month = day = year = 0
    for word in words:
        if word.isdigit():
            if len(word) > 2 and not year:
                year = int(word)
            elif not day and len(word) <= 2:
                day = int(word)
            else:
                return None
        elif word.lower()[:3] in _MONTHS and len(word) >= 3 and not month:
            month = _MONTHS.index(word.lower()[:3]) + 1
        elif word.lower() in _SEASONS and not month:
            month = 12 + _SEASONS[word.lower()]
        else:
            return None
    return (year, month, day if month and month <= 12 else 0) if year else None
