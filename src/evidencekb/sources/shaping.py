"""From the fields of BibTeX and biblatex to the fields of a source."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote

from bibtexparser.middlewares.names import InvalidNameError, parse_single_name_into_parts, split_multiple_persons_names

from evidencekb import ids
from evidencekb.sources.latex import decode, verbatim

# Where BibTeX's `number` counts issues, and where it only counts the volumes of a series of books.
_IN_PARTS = frozenset({
    "article", "periodical", "suppperiodical", "inproceedings", "conference", "incollection", "inbook", "suppbook",
    "suppcollection",
})  # fmt: skip
_BOOKS = frozenset({
    "book", "mvbook", "collection", "mvcollection", "proceedings", "mvproceedings", "reference", "mvreference",
})  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = re.compile(r"(?:(\d{1,2})[. ]+)?([A-Za-z]{3,9})\.?(?:[ ,]+(\d{1,2}))?")
_YEARS = re.compile(r"(\d{4}) ?[-/] ?(\d{4})")
_MOMENT = re.compile(r"(\d{4}-\d{2}-\d{2})[T ]\d{2}:\d{2}.*")
_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_DOI_PREFIX = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/+|doi:\s*", re.IGNORECASE)
_ARXIV_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv:\s*", re.IGNORECASE)
_NAME_PART = re.compile(r"\s*(family|given|prefix|suffix|useprefix|[a-z]+-i)\s*=\s*(.*)", re.IGNORECASE | re.DOTALL)


@dataclass(frozen=True, slots=True)
class Value:
    """A field's text, without its outer braces, and its line."""

    text: str
    line: int


@dataclass(slots=True)
class Shaper:
    """Moves the fields of one entry to where a source has them.

    Attributes:
        entry_type: Lower-case entry type.
        left: The entry's fields; what no source field takes stays here.
        fields: The source's fields.
        lines: The line of each.
        problems: Line and message of what is not understood.
    """

    entry_type: str
    left: dict[str, Value]
    fields: dict[str, Any] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    problems: list[tuple[int, str]] = field(default_factory=list)

    def run(self) -> None:
        """Fill ``fields`` and ``lines``."""
        self._title()
        self._authors()
        self._published()
        self._move("accessed_on", "urldate", shape=_date)
        self._move("container", "journaltitle", "journal", "booktitle", "series")
        self._move("publisher", "publisher", "institution", "organization", "school")
        self._move("volume", "volume")
        if self.entry_type in _IN_PARTS:
            self._move("issue", "number", "issue")
        else:
            self._move("issue", "issue")
            if self.entry_type not in _BOOKS:
                self._move("number", "number")
        self._move("pages", "pages", shape=lambda text: _DASH.sub("-", decode(text)))
        self._move("doi", "doi", shape=_doi)
        self._move("isbn", "isbn", shape=_isbn)
        self._move("url", "url", shape=verbatim)
        if "url" not in self.fields and "\\url" in self._text("howpublished"):
            self._move("url", "howpublished", shape=verbatim)
        self._eprint()
        self._move("pmid", "pmid", shape=verbatim)

    def _text(self, name: str) -> str:
        return self.left[name].text if name in self.left else ""

    def _move(self, target: str, *names: str, shape: Callable[[str], Any] = decode) -> None:
        """Fill a field from the first of the names that holds anything."""
        for name in names:
            if (value := self.left.get(name)) and (shaped := shape(value.text)):
                del self.left[name]
                self.fields[target], self.lines[target] = shaped, value.line
                return

    def _title(self) -> None:
        self._move("title", "title")
        if "title" in self.fields and (subtitle := decode(self._text("subtitle"))):
            del self.left["subtitle"]
            self.fields["title"] += ("" if self.fields["title"][-1] in ":?!." else ":") + f" {subtitle}"

    def _authors(self) -> None:
        if value := self.left.get("author"):
            self._move("authors", "author", shape=lambda text: self._people(text, value.line))

    def _people(self, text: str, line: int) -> list[dict[str, str]]:
        people = (self._person(name.strip(), line) for name in split_multiple_persons_names(text.replace("\\ ", " ")))
        return [person for person in people if person]

    def _person(self, name: str, line: int) -> dict[str, str]:
        """A person, or a literal name when it stands in braces of its own or cannot be split."""
        if name == "others" or _braced(name):
            literal = decode(name)
            return {"literal": literal} if literal else {}
        if _NAME_PART.match(name):
            return _named_parts(name)
        try:
            if ";" in _outside_braces(name):
                raise InvalidNameError(name, "it holds a ';'")
            parts = parse_single_name_into_parts(name)
        except InvalidNameError as wrong:
            reason = wrong.reason[0].lower() + wrong.reason[1:]
            advice = "put ' and ' between authors, or braces around a body's name"
            self.problems.append((line, f"the author {name[:80]!r} cannot be split ({reason}); {advice}"))
            literal = decode(name)
            return {"literal": literal} if literal else {}
        family = decode(" ".join([*parts.von, *parts.last, *parts.jr]))
        return _person(family, decode(" ".join(parts.first)))

    def _published(self) -> None:
        self._move("published_on", "date", shape=_date)
        if "published_on" in self.fields or not (year := _date(self._text("year"))):
            return
        line = self.left.pop("year").line
        month, day = _month(decode(self._text("month"))) if re.fullmatch(r"\d{4}", year) else ("", "")
        if month:
            del self.left["month"]
            if not day and re.fullmatch(r"\d{1,2}", self._text("day").strip()):
                day = f"-{int(self.left.pop('day').text):02d}"
        self.fields["published_on"], self.lines["published_on"] = year + month + day, line

    def _eprint(self) -> None:
        kind = (self._text("eprinttype") or self._text("archiveprefix")).strip(" {}").lower()
        if kind == "arxiv":
            self._move("arxiv", "eprint", shape=lambda text: _ARXIV_PREFIX.sub("", verbatim(text), count=1))
        elif kind == "pubmed":
            self._move("pmid", "eprint", shape=verbatim)
        if {"arxiv", "pmid"} & self.fields.keys():
            for name in ("eprinttype", "archiveprefix"):
                self.left.pop(name, None)


def _person(family: str, given: str) -> dict[str, str]:
    if not family:
        return {"family": given} if given else {}
    return {"family": family, "given": given} if given else {"family": family}


def _named_parts(name: str) -> dict[str, str]:
    """A name in biblatex's long form, ``family=Beethoven, given=Ludwig, prefix=van``."""
    parts = {m[1].lower(): decode(m[2].strip('" ')) for piece in name.split(",") if (m := _NAME_PART.match(piece))}
    family = " ".join(parts[part] for part in ("prefix", "family", "suffix") if parts.get(part))
    return _person(family, parts.get("given", ""))


def _braced(name: str) -> bool:
    """True if one pair of braces holds all of the name."""
    if not (name.startswith("{") and name.endswith("}")):
        return False
    depth = 0
    for match in re.finditer(r"(?<!\\)[{}]", name):
        depth += 1 if match[0] == "{" else -1
        if depth == 0:
            return match.end() == len(name)
    return False


def _outside_braces(name: str) -> str:
    depth, kept = 0, []
    for character in name:
        depth += (character == "{") - (character == "}")
        if depth == 0:
            kept.append(character)
    return "".join(kept)


def _date(text: str) -> str:
    """A date as written, except that a time of day goes and two years become an interval."""
    date = _DASH.sub("-", decode(text))
    if moment := _MOMENT.fullmatch(date):
        return moment[1]
    if years := _YEARS.fullmatch(date):
        return f"{years[1]}/{years[2]}"
    return date


def _month(text: str) -> tuple[str, str]:
    """``-MM`` and ``-DD`` of a month given as name or number, with or without a day; '' for what is not there."""
    if re.fullmatch(r"0?[1-9]|1[0-2]", text):
        return f"-{int(text):02d}", ""
    match = _MONTH.fullmatch(text)
    if match is None or match[2][:3].lower() not in _MONTHS:
        return "", ""
    day = match[1] or match[3]
    return f"-{_MONTHS.index(match[2][:3].lower()) + 1:02d}", f"-{int(day):02d}" if day else ""


def _doi(text: str) -> str:
    plain = verbatim(text)
    match = _DOI_PREFIX.match(plain)
    return unquote(plain[match.end() :]) if match else plain


def _isbn(text: str) -> str:
    """The first good number of several: reference managers put those of print and screen into one field."""
    plain = verbatim(text)
    pieces = [plain, *re.split(r"[\s,;()]+", plain)]
    return next((piece for piece in pieces if piece and ids.problem("isbn", piece) is None), plain)
