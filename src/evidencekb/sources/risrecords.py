"""One record of RIS as an item.

Every field ends in the item or in a loss. Of several fields for one variable the first in the order of
:func:`~evidencekb.sources.ristable.tags_of` counts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from evidencekb.sources.cleaning import RETRACTED, WAS_RETRACTED, Cleaner
from evidencekb.sources.identifiers import arxiv_in, doi_of_address, isbns_in, issns_in, pmcid_in, pmid_in
from evidencekb.sources.items import DATES, NAMES, Entry
from evidencekb.sources.markup import inline, seen
from evidencekb.sources.neighbours import NOTICES
from evidencekb.sources.ristable import COUNTED, CSL_TYPES, LEFT, tags_of
from evidencekb.sources.risvalues import date_in_ris, name_in, pages_in
from evidencekb.sources.tagged import Field, Record

_ISBN_LIKE = re.compile(r"(?:[0-9]-?){9}(?:(?:[0-9]-?){3})?[0-9Xx]")
_NUMBER = re.compile(r"(?=.{1,60}$)(?=.*[0-9]).*")
_FULL_DATE = re.compile(r"Full publication date: *(.{4,40})")
_SEVERAL = re.compile(r"\s*;\s*(?=https?://)")
# Types whose number some programs write where others write ISSN or ISBN.
_NUMBERED_BY_SN = frozenset(
    {"report", "patent", "standard", "legislation", "regulation", "bill", "document", "hearing"}
)
_EMBASE = frozenset({"embase", "medline"})


class _Shaper:
    """Fills one item from the fields of one record."""

    def __init__(self, record: Record) -> None:
        self.cleaner = Cleaner()
        for each in record.fields:
            self.cleaner.line = each.line
            self.cleaner.tell_unseen(_named(each), each.value)
        self.cleaner.line = record.line
        self.fields = [replace(each, value=seen(each.value)) for each in record.fields]
        self.by_tag: dict[str, list[Field]] = defaultdict(list)
        for each in self.fields:
            self.by_tag[each.tag].append(each)
        self.type = self._type()
        self.targets = tags_of(self.type)
        # What only together says something, and is set when all of it is read.
        self.people: dict[str, list[Any]] = defaultdict(list)
        self.pages: dict[str, list[Field]] = defaultdict(list)

    def run(self, stray: list[Field]) -> Entry:
        special: dict[str, Callable[[Field], None]] = {
            "PAGES": self._page, "NUMBER": self._number, "UNNUMBERED": self._left, "SN": self._serial,
            "LINK": self._link, "FILE": self._file, "ACCESSION": self._accession, "PMID": self._pmid,
            "PMCID": self._pmcid, "ARTICLE": self._article, "JOURNAL": self._journal,
            "BOOK EDITOR": self._book_editor, "PROCEEDINGS": self._proceedings,
            "CONFERENCE PLACE": self._conference_place, "URL": self._url,
        }  # fmt: skip
        for tag, target in self.targets.items():
            fields = self.by_tag.get(tag, ())
            if target == "ISSUED" or not fields:
                continue
            if target == "keyword":
                self._keywords(list(fields))
                continue
            if target in ("note", "abstract"):
                self._paragraphs(target, list(fields))
                continue
            for each in fields:
                self.cleaner.line = each.line
                if target in special:
                    special[target](each)
                elif target in NAMES:
                    self._name(target, each)
                elif target in DATES:
                    self._date(target, each)
                else:
                    self._set(target, each)
        for each in self.fields:
            if each.tag not in self.targets and each.tag != "TY" and not _FULL_DATE.fullmatch(each.value):
                self._left(each)
        self._finish_names()
        self._finish_pages()
        self._issued()
        for each in stray:
            self.cleaner.line = each.line
            self.cleaner.lose(_named(each), each.value, "stands outside of any record")
        self.cleaner.line = self.by_tag["N1"][0].line if self.by_tag["N1"] else 0
        self.cleaner.finish()
        return self._entry()

    def _entry(self) -> Entry:
        item, lines = self.cleaner.item, self.cleaner.lines
        # RIS has one type for unpublished works; what says that it is a preprint is one.
        if self.type == "manuscript" and "preprint" in item.get("genre", "").casefold():
            item["type"] = "article"
        losses = sorted(self.cleaner.losses, key=lambda loss: loss.line)
        return Entry(item["id"], item, self.fields[0].line if self.fields else 0, lines, tuple(losses))

    def _type(self) -> str:
        for each in self.by_tag["TY"]:
            self.cleaner.line = each.line
            word = each.value.upper()
            if word in CSL_TYPES:
                self.cleaner.set("type", CSL_TYPES[word], _named(each))
            else:
                self.cleaner.lose(_named(each), each.value, "no type of RIS")
        self.cleaner.item["type"] = self.cleaner.item["type"] or "document"
        return str(self.cleaner.item["type"])

    def _set(self, variable: str, each: Field) -> None:
        value = inline(each.value)
        if variable == "title-short" and value == self.cleaner.item.get("title"):
            return  # reference managers repeat the title there
        self.cleaner.read(variable, value, _named(each))

    def _left(self, each: Field) -> None:
        self.cleaner.line = each.line
        reason = NOTICES.get(each.name) or LEFT.get(each.tag, "no variable of CSL")
        if any(RETRACTED.fullmatch(piece.strip()) for piece in each.value.split(";")):
            reason = WAS_RETRACTED
        self.cleaner.lose(_named(each), each.value, reason)

    def _paragraphs(self, variable: str, fields: list[Field]) -> None:
        """Notes follow each other; an abstract may have several lines of the same tag, but not two tags."""
        self.cleaner.line = fields[0].line
        text = inline("\n".join(each.value for each in fields), lines=True)
        if variable == "note" and (before := self.cleaner.item.get("note")):
            self.cleaner.item["note"] = f"{before}\n{text}" if text else before
        else:
            self.cleaner.read(variable, text, _named(fields[0]))

    def _keywords(self, fields: list[Field]) -> None:
        self.cleaner.line = fields[0].line
        words = [line for each in fields for line in each.value.split("\n")]
        self.cleaner.read("keyword", words, _named(fields[0]))

    def _name(self, variable: str, each: Field) -> None:
        texts = each.value.split("\n")
        if ";" in each.value and ",," not in each.value:
            pieces = [piece.strip() for piece in re.split(r"[;\n]", each.value)]
            texts = pieces if all("," in piece for piece in pieces) else texts
        self.cleaner.lines.setdefault(variable, each.line)
        self.people[variable] += filter(None, (name_in(inline(text)) for text in texts))

    def _book_editor(self, each: Field) -> None:
        """With whole books A2 edits the series and A3 the book, if both are there; one of them alone edits the book."""
        series = each.tag == "A2" and bool(self.by_tag["A3"])
        self._name("collection-editor" if series else "editor", each)

    def _finish_names(self) -> None:
        for variable, people in self.people.items():
            if people:
                self.cleaner.item[variable] = people

    def _date(self, variable: str, each: Field) -> None:
        date, left = date_in_ris(inline(each.value))
        self.cleaner.lose(_named(each), left, "no date" if not date else "no part of a date")
        self.cleaner.set(variable, date, _named(each))

    def _issued(self) -> None:
        """The most exact of the dates of publication that are of the same year."""
        fields = [each for tag in ("PY", "Y1", "DA") for each in self.by_tag[tag]]
        # JSTOR has the month or season in a note and nowhere else.
        full = [(each, match[1]) for each in self.by_tag["C1"] if (match := _FULL_DATE.fullmatch(each.value))]
        fields += [Field("DA", text, each.line, each.tag) for each, text in full]
        read = [(each, *date_in_ris(inline(each.value))) for each in fields]
        year = next((parts[0][0] for _, date, _ in read if (parts := date.get("date-parts"))), None)
        best: dict[str, Any] = {}
        found: list[tuple[Field, dict[str, Any]]] = []
        for each, own, rest in read:
            self.cleaner.line = each.line
            date, left = (own, rest) if own or year is None else date_in_ris(inline(each.value), year)
            self.cleaner.lose(_named(each), left, "no part of a date" if date else "no date")
            if date:
                found.append((each, date))
        if self.type == "paper-conference":
            found = self._conference_dates(found)
        for each, date in found:
            if not best or (date.get("date-parts", [[0]])[0][0] == year and _exactness(date) > _exactness(best)):
                best = date
                self.cleaner.lines["issued"] = each.line
        for each, date in found:
            self.cleaner.line = each.line
            if not _within(date, best):
                self.cleaner.lose(_named(each), each.value, "issued has another date")
        if best:
            self.cleaner.item["issued"] = best

    def _conference_dates(self, found: list[tuple[Field, dict[str, Any]]]) -> list[tuple[Field, dict[str, Any]]]:
        """An interval of days in words, beside a year, is when a conference took place."""
        spans = [date for each, date in found if "/" not in each.value and len(date.get("date-parts", ())) == 2]
        days = [date for date in spans if len(date["date-parts"][0]) == 3]
        rest = [(each, date) for each, date in found if date not in days[:1]]
        if not days or not rest:
            return found
        self.cleaner.item["event-date"] = days[0]
        return rest

    def _page(self, each: Field) -> None:
        self.pages[each.tag].append(each)

    def _finish_pages(self) -> None:
        starts, ends = self.pages["SP"], self.pages["EP"]
        if not (starts or ends):
            return
        self.cleaner.line = (starts or ends)[0].line
        first = inline(starts[0].value) if starts else ""
        last = inline(ends[0].value) if ends else ""
        counted = self.type in COUNTED and first.isdigit() and not last
        page = pages_in(first, last)
        self.cleaner.set("number-of-pages" if counted else "page", page, "SP")
        for each in (*starts, *ends):
            self.cleaner.line = each.line
            if inline(each.value) not in (page, *page.split("-")) and not page.endswith(f"-{inline(each.value)}"):
                self.cleaner.lose(_named(each), each.value, "no pages" if not page else "page has another value")

    def _article(self, each: Field) -> None:
        """An article number stands where a printed article has its pages."""
        if self.pages["SP"] or self.pages["EP"] or self.type not in ("article-journal", "paper-conference"):
            self._left(each)
        else:
            self.cleaner.set("page", inline(each.value), _named(each))

    def _number(self, each: Field) -> None:
        text = inline(each.value)
        if _NUMBER.fullmatch(text):
            self.cleaner.read("number", text, _named(each))
        else:
            self.cleaner.lose(_named(each), text, "no number")

    def _serial(self, each: Field) -> None:
        """ISSN, ISBN or, with types that have neither, the number of the document."""
        text = inline(each.value)
        isbn, _ = isbns_in(text)
        issn, _ = issns_in(text)
        if isbn != text or _ISBN_LIKE.fullmatch(text):
            self.cleaner.read("ISBN", text, _named(each))
        elif issn:
            self.cleaner.read("ISSN", text, _named(each))
        elif self.type in _NUMBERED_BY_SN and _NUMBER.fullmatch(text):
            self.cleaner.read("number", text, _named(each))
        else:
            self.cleaner.lose(_named(each), text, "neither ISSN nor ISBN")

    def _url(self, each: Field) -> None:
        for text in (piece for line in each.value.split("\n") for piece in _SEVERAL.split(line)):
            self.cleaner.read("URL", text, _named(each))

    def _link(self, each: Field) -> None:
        """A link to the full text: the DOI when it leads there, else the address of a work that has no other."""
        if doi := doi_of_address(each.value):
            self.cleaner.set("DOI", doi, _named(each))
        elif "URL" in self.cleaner.item:
            self.cleaner.lose(_named(each), each.value, "a second address")
        else:
            self.cleaner.read("URL", each.value, _named(each))

    def _file(self, each: Field) -> None:
        if doi := doi_of_address(each.value):
            self.cleaner.set("DOI", doi, _named(each))
        else:
            self.cleaner.lose(_named(each), each.value, "a file beside the work")

    def _accession(self, each: Field) -> None:
        """The number of a record in a database; PubMed's and arXiv's say which they are."""
        text = inline(each.value)
        if arxiv := arxiv_in(text, marked=True):
            self.cleaner.item["custom"] = {"arxiv": arxiv}
        elif text.upper().startswith("PMID") and (pmid := pmid_in(text)):
            self.cleaner.set("PMID", pmid, _named(each))
        else:
            self.cleaner.read("archive_location", text, _named(each))

    def _pmid(self, each: Field) -> None:
        """C5 is the PubMed number in records of Embase alone; nbib and Web of Science have a tag for it."""
        databases = {each.value.casefold() for each in self.by_tag["DB"]}
        if each.tag == "C5" and not databases & _EMBASE:
            self._left(each)
        else:
            self.cleaner.read("PMID", each.value, _named(each))

    def _pmcid(self, each: Field) -> None:
        if each.tag == "C2" and not (each.value.upper().startswith("PMC") and pmcid_in(each.value)):
            self._left(each)
        else:
            self.cleaner.read("PMCID", each.value, _named(each))

    def _journal(self, each: Field) -> None:
        """JO is the name of the journal, or its abbreviation where another tag has the name."""
        name = inline(each.value)
        known = self.cleaner.item.get("container-title")
        if known and name != known:
            self.cleaner.read("container-title-short", name, _named(each))
        else:
            self.cleaner.read("container-title", name, _named(each))

    def _proceedings(self, each: Field) -> None:
        """T2 is the book, or the conference where C3 has the book; C3 several times are the bodies of authors."""
        books = self.by_tag["C3"]
        if len(books) > 1 and each.tag == "C3":
            self._left(each)
        elif len(books) == 1 and each.tag == "T2":
            self._set("event-title", each)
        else:
            self._set("container-title", each)

    def _conference_place(self, each: Field) -> None:
        """CY is where the book appeared, or where the conference was if C1 has the former."""
        places = self.by_tag["C1"]
        self._set("event-place" if places and each.tag == "CY" else "publisher-place", each)


def _named(each: Field) -> str:
    return each.name or each.tag


def _exactness(date: dict[str, Any]) -> int:
    sides = date.get("date-parts", ())
    return sum(len(side) for side in sides) + ("season" in date) + ("circa" in date)


def _within(date: dict[str, Any], best: dict[str, Any]) -> bool:
    """True if a date says nothing that the other does not say."""
    if date == best:
        return True
    ours, theirs = date.get("date-parts", ()), best.get("date-parts", ())
    if "season" in date or "circa" in date or len(ours) != 1 or not theirs:
        return False
    return bool(ours[0] == theirs[0][: len(ours[0])])


def entry_of(record: Record) -> Entry:
    """The work of a record whose tags are those of RIS, with a loss for each field that it does not hold."""
    return _Shaper(record).run(record.stray)
