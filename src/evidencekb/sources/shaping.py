"""From the fields of one entry of BibTeX or biblatex to a CSL-JSON item.

A field goes to the variable that it is. What no variable is stays, and what stays is a
:class:`~evidencekb.sources.items.Loss`; so does what is read in part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import Any
from urllib.parse import unquote

from evidencekb import ids
from evidencekb.sources import bibtables as tables
from evidencekb.sources.bibdates import read_date, read_issued
from evidencekb.sources.bibnames import read_names
from evidencekb.sources.items import Entry, Item, Loss
from evidencekb.sources.latex import decode, rich, verbatim

Value = tuple[str, int]
"""A field's text, without its outer braces, and its line."""

MOST_SHOWN = 500
"""Characters of a lost text that a report shows."""

_DASH = re.compile(r"\s*[-\u2010-\u2015\u2212]+\s*")
_DOI_PREFIX = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/+|doi:\s*", re.IGNORECASE)
_ARXIV_PREFIX = re.compile(r"(?:https?://)?(?:www\.)?arxiv\.org/(?:abs|pdf)/|arxiv:\s*", re.IGNORECASE)
_ARXIV_JOURNAL = re.compile(r"arxiv(?: e-?prints?| preprint)?(?:[:\s,]+(?:arxiv:)?([^\s\[]+))?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\\(?:url|path|href)\s*\{)?\s*(https?://[^\s{}]+)\s*\}?")
_ALL_PAGES = re.compile(r"[ivxlcdm]+(?: ?\+ ?|, )\d+(?: ?pp?\.?)?|\d+ ?pp?\.?", re.IGNORECASE)
_ISBN_GAPS = re.compile(r"[\s,;()]+")
_PUBLISHERS = ("publisher", "organization", "institution", "school")
_PUBLISHERS_OF = {
    "thesis": ("school", "institution", "publisher", "organization"),
    "report": ("institution", "school", "organization", "publisher"),
}
_CONTAINERS = ("journaltitle", "journal", "journal-full", "booktitle")
_PREPRINTS = frozenset({"article", "misc", "online", "unpublished", "electronic"})
_EPRINTS = {
    "arxiv": "custom", "pubmed": "PMID", "pmid": "PMID", "pmc": "PMCID", "pmcid": "PMCID", "pubmedcentral": "PMCID",
    "doi": "DOI",
}  # fmt: skip
_ADVICE = "put ' and ' between names, or braces around a body's name"


class Shaper:
    """Moves the fields of one entry to the variables of an item; what is moved leaves ``fields``.

    Attributes:
        item: The work, as far as it is read.
        problems: Line and message of what is not understood.
    """

    __slots__ = ("certain", "entry_type", "item", "left", "lines", "problems", "reasons")

    def __init__(self, key: str, entry_type: str, fields: dict[str, Value]) -> None:
        self.entry_type = entry_type
        self.left = fields
        self.item: Item = {"id": key, "type": ""}
        self.lines: dict[str, int] = {}
        self.problems: list[tuple[int, str]] = []
        self.reasons: dict[str, str] = {}
        self.certain = False

    def entry(self, line: int, own: Collection[str]) -> Entry:
        """The entry read; ``own`` are its fields that stand in it and are not taken over from another one."""
        left = self.left
        for name in tuple(left):
            if (simple := _SIMPLE.get(name)) is not None:
                self._take(simple[0], name, simple[1](left[name][0]))
            elif name in tables.NAME_FIELDS:
                self._names(name)
        self._kind()
        self._titles()
        if "issued" not in self.item:
            self._issued()
        if "eprint" in left or "arxiv" in left or "arxivid" in left:
            self._eprint()
        self._publisher()
        self._numbers()
        if left:
            self._rest()
        losses: tuple[Loss, ...] = ()
        if left:
            losses = tuple(self._loss(name, *left[name]) for name in left if name in own)
        if self.entry_type not in tables.CSL_TYPES:
            reason = "no type of work is called so; it is read as a document"
            losses = (Loss(f"@{self.entry_type}", "", reason, line), *losses)
        return Entry(str(self.item["id"]), self.item, line, self.lines, losses)

    def _take(self, variable: str, name: str, value: Any, *, part: bool = False) -> bool:
        """Give a variable its value, unless another field was first; ``part`` if the field says more than that."""
        line = self.left[name][1]
        held = self.item.get(variable)
        if value and held is None:
            self.item[variable] = value
            self.lines[variable] = line
        elif value and held != value:
            self.reasons[name] = f"{variable} is taken by what stands at line {self.lines.get(variable, 0)}"
            return False
        if not part:
            del self.left[name]
        return bool(value)

    def _loss(self, name: str, text: str, line: int) -> Loss:
        shown = text if len(text) <= MOST_SHOWN else f"{text[:MOST_SHOWN]}…"
        if (reason := self.reasons.get(name)) is None:
            if name in tables.BOOKKEEPING or name.startswith(("bdsk-", "mendeley-")):
                reason = "about the entry, not the work"
            elif name in tables.RELATIONS:
                reason = "an item does not point to others"
            else:
                reason = "CSL has no variable for it"
        return Loss(name, shown, reason, line)

    def _text(self, name: str) -> str:
        return decode(self.left[name][0]) if name in self.left else ""

    def _names(self, name: str) -> None:
        text, line = self.left[name]
        variable, role = tables.NAME_FIELDS[name], f"{name}type"
        if role in self.left:
            variable = tables.ROLES.get(self._text(role).lower(), "")
        if not variable:
            self.reasons[name] = "CSL has no such role"
            return
        names, problems = read_names(text)
        for problem in problems:
            self.problems.append((line, f"the {name} {problem}; {_ADVICE}"))
        if self._take(variable, name, names):
            self.left.pop(role, None)

    def _kind(self) -> None:
        """Type and genre."""
        item, left, entry_type = self.item, self.left, self.entry_type
        type_ = tables.CSL_TYPES.get(entry_type, "document")
        genre = tables.OWN_GENRES.get(entry_type, "")
        if "type" in left:
            written = self._text("type")
            genre = tables.KEYWORDS.get(written.lower(), written)
            self._take("genre", "type", genre)
            lower = genre.lower()
            for word, meant in tables.GENRE_TYPES.get(type_, ()):
                if word in lower:
                    type_ = meant
                    break
        elif genre:
            item["genre"] = genre
        if "entrysubtype" in left and (subtype := tables.SUBTYPES.get(self._text("entrysubtype").lower())):
            type_, self.certain = subtype, True
            if self._text("entrysubtype").lower() == "preprint":
                item.setdefault("genre", "Preprint")
            del left["entrysubtype"]
        item["type"] = type_

    def _preprint(self) -> None:
        """Where an arXiv number is all there is of a place, the work is a preprint."""
        if self.entry_type in _PREPRINTS and not self.certain and "container-title" not in self.item:
            self.item["type"] = "article"
            self.item.setdefault("genre", "Preprint")

    def _joined(self, main: str) -> str:
        """A title with its subtitle and what is added to it, which are taken with it."""
        stem = main.removesuffix("title")
        title = rich(self.left[main][0])
        names = ("subtitle", "titleaddon") if main == "title" else (f"{stem}subtitle", f"{stem}titleaddon")
        for name, joint in zip(names, (": ", ". "), strict=True):
            if title and name in self.left and (more := rich(self.left.pop(name)[0])):
                title += (" " if title[-1] in ":?!." else joint) + more
        return title

    def _titles(self) -> None:
        left, entry_type = self.left, self.entry_type
        if "title" not in left and entry_type in tables.BOOKS:
            for name in ("booktitle", "maintitle"):
                if name in left and self._take("title", name, self._joined(name)):
                    break
        if "title" in left:
            container = "container-title" if entry_type == "inreference" and "lista" in left else "title"
            self._take(container, "title", self._joined("title"))
            if container != "title":
                self._take("title", "lista", rich(left["lista"][0]))
        if "eventtitle" in left:
            self._take("event-title", "eventtitle", self._joined("eventtitle"))
        if "issuetitle" in left and entry_type in tables.PERIODICALS:
            self._take("volume-title", "issuetitle", self._joined("issuetitle"))
        if "maintitle" in left and entry_type in tables.IN_BOOKS:
            self._take("container-title", "maintitle", self._joined("maintitle"))
            if "booktitle" in left:
                self._take("volume-title", "booktitle", self._joined("booktitle"))
        for name in _CONTAINERS:
            if name in left:
                self._container(name)

    def _container(self, name: str) -> None:
        title = self._joined(name)
        if name != "booktitle":
            match = _ARXIV_JOURNAL.match(title)
            if match is not None and match[0] == title.partition(" [")[0]:
                number = match[1] or ""
                if number and ids.problem("arxiv", number) is None:
                    self._take("custom", name, {"arxiv": number}, part=title != match[0])
                    self._preprint()
                    return
        elif self.entry_type in tables.BOOKS:
            if title == self.item.get("title"):
                del self.left[name]
                return
            if self.item["type"] == "book":
                self.item["type"] = "chapter"
        self._take("container-title", name, title)

    def _issued(self) -> None:
        left = self.left
        name = "date" if "date" in left else "year"
        if name not in left:
            return
        month, day = left.get("month"), left.get("day")
        date, monthly, daily = read_issued(left[name][0], month[0] if month else "", day[0] if day else "")
        if not self._take("issued", name, date):
            return
        if monthly:
            del left["month"]
        if daily:
            left.pop("day", None)
        # What stands beside a whole date says the same again, or it is lost.
        for place, part in enumerate(date.get("date-parts", [[]])[0]):
            again = ("year", "month", "day")[place]
            if again in left:
                year, text = ("2000", left[again][0]) if again == "month" else (left[again][0].zfill(4), "")
                if read_issued(year, text, "")[0].get("date-parts", [[]])[0][-1:] == [part]:
                    del left[again]
                else:
                    self.reasons[again] = "the date says something else"

    def _eprint(self) -> None:
        left = self.left
        for name in ("arxiv", "arxivid", "eprint"):
            if name not in left:
                continue
            sort = next((label for label in ("eprinttype", "archiveprefix") if label in left), "")
            kind = self._text(sort).lower() if sort and name == "eprint" else "arxiv"
            text = verbatim(left[name][0])
            if kind == "arxiv":
                text = _ARXIV_PREFIX.sub("", text, count=1)
                if name == "eprint" and not sort and ids.problem("arxiv", text) is not None:
                    continue
            if (variable := _EPRINTS.get(kind)) and self._take(
                variable, name, {"arxiv": text} if kind == "arxiv" else text
            ):
                if name == "eprint":
                    for label in ("eprinttype", "archiveprefix"):
                        if self._text(label).lower() == kind:
                            left.pop(label, None)
                if kind == "arxiv":
                    self._preprint()

    def _publisher(self) -> None:
        left, type_ = self.left, str(self.item["type"])
        legal = self.entry_type in tables.LEGAL
        for name in _PUBLISHERS_OF.get(type_, _PUBLISHERS):
            if name in left:
                variable = "authority" if legal and name != "publisher" else "publisher"
                self._take(variable, name, decode(left[name][0]))
        if "location" in left and "address" in left and type_ == "paper-conference":
            self._take("event-place", "location", self._text("location"))
        for name in ("location", "address"):
            if name in left:
                self._take("jurisdiction" if type_ == "patent" else "publisher-place", name, self._text(name))

    def _numbers(self) -> None:
        left, item, entry_type = self.left, self.item, self.entry_type
        if "number" in left:
            variable = tables.number_of(entry_type, series="collection-title" in item)
            self._take(variable, "number", self._text("number"))
        if "issue" in left:
            self._take("issue", "issue", self._text("issue"))
        if "pages" in left:
            pages = _pages(left["pages"][0])
            whole = item["type"] in ("book", "thesis") and _ALL_PAGES.fullmatch(pages)
            self._take("number-of-pages" if whole else "page", "pages", pages)

    def _rest(self) -> None:
        """Fields of which few entries have any."""
        left = self.left
        if "isbn" in left:
            plain = verbatim(left["isbn"][0])
            number = _first_isbn(plain)
            self.reasons["isbn"] = "one ISBN is kept of several"
            self._take("ISBN", "isbn", number, part=number != plain)
        if "howpublished" in left:
            text = left["howpublished"][0]
            if (match := _ADDRESS.search(text)) is not None:
                self.reasons["howpublished"] = "its address alone is kept"
                beside = any(map(str.isalnum, text[: match.start()] + text[match.end() :]))
                self._take("URL", "howpublished", verbatim(match[1]), part=beside)
        for name in ("bdsk-url-1", "remote-url"):
            if name in left and "URL" not in self.item:
                self._take("URL", name, verbatim(left[name][0]))
        if "addendum" in left:
            more = self._text("addendum")
            if held := self.item.get("note"):
                self.item["note"] = f"{held}{' ' if held[-1] in '.?!' else '. '}{more}"
                del left["addendum"]
            else:
                self._take("note", "addendum", more)
        for name in ("language", "langid", "hyphenation"):
            if name in left:
                text = self._text(name)
                self._take("language", name, tables.LANGUAGES.get(text.lower(), text))
        if "nationality" in left and self.item["type"] == "patent":
            self._take("jurisdiction", "nationality", self._text("nationality"))


def _pages(text: str) -> str:
    return _DASH.sub("-", decode(text))


def _doi(text: str) -> str:
    plain = verbatim(text)
    match = _DOI_PREFIX.match(plain)
    return unquote(plain[match.end() :]) if match else plain


def _first_isbn(plain: str) -> str:
    """The first good number of several: reference managers put those of print and screen into one field."""
    pieces = [plain, *_ISBN_GAPS.split(plain)]
    return next((piece for piece in pieces if piece and ids.problem("isbn", piece) is None), plain)


_SIMPLE: dict[str, tuple[str, Callable[[str], Any]]] = {
    **{name: (variable, decode) for name, variable in tables.PLAIN.items()},
    **{name: (variable, rich) for name, variable in tables.RICH.items()},
    **{name: (variable, verbatim) for name, variable in tables.VERBATIM.items()},
    **{name: (variable, read_date) for name, variable in tables.DATES.items()},
    "doi": ("DOI", _doi),
    "url": ("URL", verbatim),
    "note": ("note", decode),
}
