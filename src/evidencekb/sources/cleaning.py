"""One object of CSL-JSON, as registries and reference managers serve it, made an item.

>>> item, losses = clean({
...     "id": "https://doi.org/10.5061/DRYAD.8515", "type": "journal-article", "title": ["A &amp; B"], "ISSN": [],
...     "issued": {"date-parts": [["2018", "10", "21", 13]]}, "member": "297",
... })
>>> item
{'id': 'doi:10.5061/dryad.8515', 'type': 'article-journal', 'title': 'A & B', \
'issued': {'date-parts': [[2018, 10, 21]]}, 'DOI': '10.5061/dryad.8515'}
>>> [str(loss) for loss in losses]
["issued = '13': a date has three parts at most", "member = '297': CSL has no such variable"]

References:
    Citation Style Language 1.0.2, csl-data.json. Crossref REST API and content negotiation, types of works. Zotero and
    citeproc-js, variables of CSL in the note.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidencekb.sources.cleandates import date_in
from evidencekb.sources.identifiers import (
    address_in,
    arxiv_in,
    doi_in,
    doi_of_address,
    isbns_in,
    issns_in,
    key_of,
    pmcid_in,
    pmid_in,
    short_doi_address,
)
from evidencekb.sources.items import DATES, NAMES, OTHERS, TYPES, VARIABLES, Item, Loss
from evidencekb.sources.markup import UNSEEN, inline, joined_title, seen, unseen
from evidencekb.sources.risvalues import name_in

MULTILINE = frozenset({"abstract", "annote", "note"})
"""Variables that keep the ends of their lines."""

_SHOWN = 200
_PLAIN_TYPE = re.compile(r"[^a-z]")
_TYPES = {_PLAIN_TYPE.sub("", name): name for name in TYPES} | {
    # Crossref
    "journalarticle": "article-journal", "journal": "periodical", "journalvolume": "periodical",
    "journalissue": "periodical", "proceedingsarticle": "paper-conference", "proceedings": "book",
    "proceedingsseries": "book", "bookchapter": "chapter", "booksection": "chapter", "bookpart": "chapter",
    "booktrack": "chapter", "monograph": "book", "editedbook": "book", "referencebook": "book", "bookset": "book",
    "bookseries": "book", "postedcontent": "article", "preprint": "article", "referenceentry": "entry",
    "peerreview": "review", "component": "document", "dissertation": "thesis", "standardseries": "standard",
    "reportseries": "report", "reportcomponent": "report", "database": "dataset", "grant": "document",
    "other": "document",
    # Zotero
    "magazinearticle": "article-magazine", "newspaperarticle": "article-newspaper",
    "conferencepaper": "paper-conference", "blogpost": "post-weblog", "forumpost": "post",
    "computerprogram": "software", "case": "legal_case", "statute": "legislation", "film": "motion_picture",
    "video": "motion_picture",
    "videorecording": "motion_picture", "audiorecording": "song", "podcast": "broadcast", "tvbroadcast": "broadcast",
    "radiobroadcast": "broadcast", "presentation": "speech", "letter": "personal_communication",
    "email": "personal_communication", "instantmessage": "personal_communication", "artwork": "graphic",
    "encyclopediaarticle": "entry-encyclopedia", "dictionaryentry": "entry-dictionary",
}  # fmt: skip
# Under which variable stands what others name differently; the names of CSL's input schema among them.
OTHER_NAMES = {
    "citation-key": "id", "shortTitle": "title-short", "short-title": "title-short",
    "journalAbbreviation": "container-title-short", "short-container-title": "container-title-short",
    "event": "event-title", "publisher-location": "publisher-place", "part": "part-number",
    "printing": "printing-number", "supplement": "supplement-number", "edition-number": "edition",
    "article-number": "page", "degree": "genre", "categories": "keyword", "published": "issued",
    "published-print": "issued", "published-online": "issued", "posted": "issued", "doi": "DOI", "isbn": "ISBN",
    "issn": "ISSN", "url": "URL", "pmid": "PMID", "pmcid": "PMCID",
}  # fmt: skip
_NAME_PARTS = ("family", "given", "suffix", "non-dropping-particle", "dropping-particle", "literal")
# What the order of the names says too.
_SAID_BY_ORDER = frozenset({"sequence"})
_AND_OTHERS = frozenset({"others", "et al", "et al.", "and others"})
_CHEATER = re.compile(r"\{?:?\s*([A-Za-z][A-Za-z _-]{1,30}):\s*(.+?)\}?")
_AND = re.compile(r" and (?=[^,;]+,)", re.IGNORECASE)
RETRACTED = re.compile(r"(?:partially )?(?:retracted|withdrawn)(?: (?:publication|article|paper|work))?", re.IGNORECASE)
"""What says of a work that it was retracted, where the sort of work should stand."""

WAS_RETRACTED = "the record says that it was retracted: ask `evidencekb standing`"
_STANDARD_ID = frozenset({"standard_id", "standard_citation"})
_LABELS = {re.sub(r"[-_ ]", "", name).casefold(): name for name in (*OTHER_NAMES, *_STANDARD_ID, "arxiv", *VARIABLES)}
# Identifiers say what they are wherever they stand in a note.
_IDENTIFIERS = frozenset({"DOI", "PMID", "PMCID", "ISBN", "ISSN", "arxiv", *_STANDARD_ID})


def type_of(name: str) -> str:
    """The type of CSL for a type of CSL, Crossref or Zotero, however it is spelled; '' for anything else.

    Examples:
        >>> type_of("legal-case"), type_of("journalArticle"), type_of("posted-content"), type_of("quilt")
        ('legal_case', 'article-journal', 'article', '')
    """
    return _TYPES.get(_PLAIN_TYPE.sub("", name.lower()), "")


def shown(value: Any) -> str:
    """A value for a loss, as JSON writes it: short ones as they are, long ones cut, large ones counted.

    Examples:
        >>> shown(["a"] * 99), shown({"name": "a"}), shown(None)
        ('99 entries', '{"name": "a"}', 'null')
    """
    if isinstance(value, (list, dict)) and len(value) > 20:
        return f"{len(value)} entries"
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) <= _SHOWN else text[:_SHOWN] + "…"


@dataclass(slots=True)
class Cleaner:
    """Fills an item with values of any format; what it cannot hold becomes a loss.

    Attributes:
        item: What is known so far; without type until one is read.
        losses: What the item does not hold, in the order read.
        lines: Line of each variable, from 1, as far as ``line`` was set.
        line: Where the value stands that is read now; 0 where there are no lines.
        short_doi: A shortened DOI, an address that a work without another one keeps.
    """

    item: Item = field(default_factory=lambda: {"id": "", "type": ""})
    losses: list[Loss] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    line: int = 0
    short_doi: str = ""

    def lose(self, name: str, value: Any, reason: str) -> None:
        """Note a loss, unless the value is empty."""
        if _holds(value):
            self.losses.append(Loss(name, shown(value), reason, self.line))

    def set(self, variable: str, value: Any, name: str) -> None:
        """Keep a value unless the variable has another one."""
        if not value:
            return
        if not self.item.get(variable):
            self.item[variable] = value
            if self.line:
                self.lines[variable] = self.line
        elif self.item[variable] != value:
            self.lose(name, value, f"{variable} has another value")

    def read(self, variable: str, value: Any, name: str) -> None:
        """Read a value into a variable of CSL."""
        if variable == "type":
            self._type(value)
        elif variable == "id":
            self._id(value, name)
        elif variable == "custom":
            self._custom(value)
        elif variable in NAMES:
            self._names(variable, value, name)
        elif variable in DATES:
            self._date(variable, value, name)
        elif variable == "genre" and isinstance(value, str) and RETRACTED.fullmatch(value.strip()):
            self.lose(name, value, WAS_RETRACTED)
        elif variable == "keyword" and isinstance(value, list):
            self.set("keyword", "; ".join(filter(None, (self._one(name, piece) for piece in value))), name)
        elif text := self.text(variable, value, name):
            self._put(variable, text, name)

    def finish(self) -> None:
        """What can be said only when all is read."""
        item = self.item
        self.set("URL", self.short_doi, "DOI")
        if not item["type"]:
            item["type"] = "document"
        if doi := doi_in(item["id"][4:]) if item["id"].startswith("doi:") else doi_of_address(item.get("URL", "")):
            item.setdefault("DOI", doi)
        self._arxiv()
        if "note" in item:
            self._note()

    def _type(self, value: Any) -> None:
        if found := type_of(value) if isinstance(value, str) else "":
            self.set("type", found, "type")
        else:
            self.lose("type", value, "no type of CSL")

    def _id(self, value: Any, name: str) -> None:
        if isinstance(value, (str, int)) and not isinstance(value, bool):
            self.set("id", key_of(inline(str(value))), name)
        else:
            self.lose(name, value, "not a text")

    def _custom(self, value: Any) -> None:
        if not isinstance(value, Mapping):
            self.lose("custom", value, "not an object")
        elif value:
            self.item["custom"] = dict(value)

    def tell_unseen(self, name: str, text: str) -> None:
        """Note a loss for characters that reading takes out."""
        self.lose(name, unseen(text), UNSEEN)

    def _one(self, name: str, value: Any) -> str:
        if isinstance(value, str):
            self.tell_unseen(name, value)
            return inline(value)
        self.lose(name, value, "not a text")
        return ""

    def text(self, variable: str, value: Any, name: str) -> str:
        """The text of a value; of a list the first, the others are losses unless they say the same."""
        if isinstance(value, list):
            texts = [text for each in value if (text := self.text(variable, each, name))]
            if variable in ("ISSN", "ISBN"):
                return ", ".join(texts)
            for text in dict.fromkeys(texts[1:]):
                if text != texts[0]:
                    self.lose(name, text, f"{variable} is one text")
            return texts[0] if texts else ""
        if isinstance(value, str):
            self.tell_unseen(name, value)
            if variable == "URL":
                return seen(value).strip()
            return inline(value, lines=variable in MULTILINE)
        if isinstance(value, float) and not math.isfinite(value):
            self.lose(name, value, "no number")
            return ""
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)
        self.lose(name, value, "not a text")
        return ""

    def _put(self, variable: str, text: str, name: str) -> None:
        """Keep a text; an identifier alone, without address or prefix."""
        others: list[str] = []
        found = text
        if variable == "DOI":
            found = doi_in(text)
            if not found and (address := short_doi_address(text)):
                self.short_doi = address
                return
        elif variable == "URL":
            found = address_in(text)
        elif variable == "PMID":
            found = pmid_in(text)
        elif variable == "PMCID":
            found = pmcid_in(text)
        elif variable == "ISSN":
            found, others = issns_in(text)
        elif variable == "ISBN":
            found, others = isbns_in(text)
        if not found:
            self.lose(name, text, f"no {variable}")
        for other in others:
            self.lose(name, other, f"{variable} is one number")
        self.set(variable, found, name)

    def _names(self, variable: str, value: Any, name: str) -> None:
        people: list[dict[str, str]] = []
        left: dict[str, list[Any]] = {}
        for person in value if isinstance(value, list) else [value]:
            if isinstance(person, str):
                people += self._written_out(person, name)
            elif not isinstance(person, Mapping):
                self.lose(name, person, "not a name")
            elif found := self._person(person, left, name):
                people.append(found)
        for part, values in left.items():
            more = f" and {len(values) - 1} more" if len(values) > 1 else ""
            reason = "a name of CSL has no such part"
            self.losses.append(Loss(f"{name}.{part}", shown(values[0]) + more, reason, self.line))
        self.set(variable, people, name)

    def _written_out(self, text: str, name: str) -> list[dict[str, str]]:
        """Names that are written as one text, where CSL has a list of them with their parts."""
        self.tell_unseen(name, text)
        plain = inline(text)
        pieces = plain.split(";") if ";" in plain else _AND.split(plain)
        if len(pieces) > 1 and not all("," in piece for piece in pieces):
            pieces = [plain]
        people = [found for piece in pieces if (found := name_in(piece))]
        said = "; ".join(", ".join(f"{part} {value!r}" for part, value in person.items()) for person in people)
        if people != [{"literal": plain}]:
            self.lose(name, text, f"one text where CSL has names with parts; read as {shown(said)}")
        return people

    def _person(self, person: Mapping[str, Any], left: dict[str, list[Any]], name: str) -> dict[str, str]:
        """A name with the parts that CSL has; the others go to ``left``."""
        parts: dict[str, str] = {}
        for part, value in person.items():
            known = "literal" if part == "name" else part
            if known in _NAME_PARTS and isinstance(value, str):
                self.tell_unseen(f"{name}.{part}", value)
                if text := inline(value):
                    parts.setdefault(known, text)
            elif _holds(value) and part not in _SAID_BY_ORDER:
                left.setdefault(part, []).append(value)
        literal = parts.get("literal", "")
        if literal.casefold() in _AND_OTHERS:
            return dict(OTHERS)
        if literal and ("family" in parts or "given" in parts):
            left.setdefault("literal", []).append(parts.pop("literal"))
        if "literal" not in parts and "family" not in parts:
            return {"literal": parts["given"]} if "given" in parts else {}
        return parts

    def _date(self, variable: str, value: Any, name: str) -> None:
        date, left = date_in(value)
        for piece, reason in left:
            self.lose(name, piece, reason)
        self.set(variable, date, name)

    def _arxiv(self) -> None:
        """An arXiv number among the numbers of a preprint is its identifier."""
        item = self.item
        number = item.get("number", "")
        by_arxiv = "arxiv" in (item.get("container-title", "").casefold(), item.get("publisher", "").casefold())
        custom = item.get("custom", {})
        if number and "arxiv" not in custom and (arxiv := arxiv_in(number, marked=not by_arxiv)):
            del item["number"]
            item["custom"] = custom | {"arxiv": arxiv}

    def _note(self) -> None:
        """Read the lines of a note that hold a variable, as ``DOI: 10.1000/1``.

        Identifiers may stand anywhere; other variables only at the start, a first line of text not counted.
        """
        kept: list[str] = []
        leading = True
        for number, line in enumerate(self.item.pop("note").split("\n")):
            match = _CHEATER.fullmatch(line)
            variable = _LABELS.get(re.sub(r"[-_ ]", "", match[1]).casefold(), "") if match else ""
            if match and variable and (leading or variable in _IDENTIFIERS) and self.noted(variable, match[2]):
                continue
            leading = leading and (number == 0 or bool(match))
            kept.append(line)
        if kept:
            self.item["note"] = "\n".join(kept)

    def noted(self, variable: str, text: str) -> bool:
        """True if the item now says what a line of its note says."""
        if variable in _STANDARD_ID:
            scheme, _, text = text.partition(":")
            variable = {"doi": "DOI", "pmid": "PMID", "pmcid": "PMCID", "arxiv": "arxiv", "url": "URL"}.get(scheme, "")
        if variable == "arxiv":
            arxiv = arxiv_in(text)
            custom = self.item.get("custom", {})
            if arxiv and custom.get("arxiv", arxiv) == arxiv:
                self.item["custom"] = custom | {"arxiv": arxiv}
                return True
            return False
        if variable == "type":
            # Whoever writes a type into the note means it more than the field beside it.
            if found := type_of(text):
                self.item["type"] = found
            return bool(found)
        if not variable or variable in ("id", "citation-key", "custom", "note"):
            return False
        aside = Cleaner()
        target = OTHER_NAMES.get(variable, variable)
        aside.read(target, _name_line(text) if target in NAMES else text, variable)
        found_values = {key: value for key, value in aside.item.items() if value}
        if not found_values or any(self.item.get(key, value) != value for key, value in found_values.items()):
            return False
        self.item |= found_values
        return True


def _name_line(text: str) -> list[dict[str, str]]:
    """A name of a note, ``Family || Given`` as Zotero has it."""
    family, _, given = (part.strip() for part in text.partition("||"))
    return [{"family": family, "given": given} if given else {"literal": family}]


def _holds(value: Any) -> bool:
    return not (value is None or value == "" or value == [] or value == {})


def _event(value: Any) -> Iterable[tuple[str, Any]]:
    """Crossref's event, an object, as the variables of CSL; anything else is its name."""
    if not isinstance(value, Mapping):
        return [("event", value)]
    start, end = (value.get(part) for part in ("start", "end"))
    days = [side["date-parts"][0] for side in (start, end) if isinstance(side, Mapping) and side.get("date-parts")]
    named = {"event-title": value.get("name"), "event-place": value.get("location")}
    rest = {f"event.{key}": part for key, part in value.items() if key not in ("name", "location", "start", "end")}
    return [*named.items(), ("event-date", {"date-parts": days} if days else None), *rest.items()]


def clean(raw: Mapping[str, Any]) -> tuple[Item, list[Loss]]:
    """An item, and what of the object it does not hold.

    Args:
        raw: One object of CSL-JSON, as read from JSON.

    Returns:
        The item; ``id`` is ``""`` when the object has none, ``type`` is ``document`` when it has none that CSL knows.
        Losses in the order of the object, those of the note last. Empty values are no loss.
    """
    cleaner = Cleaner()
    named = [pair for key, value in raw.items() for pair in (_event(value) if key == "event" else [(key, value)])]
    for key, value in named:
        if key in VARIABLES:
            cleaner.read(key, value, key)
    for key, value in named:
        if key not in VARIABLES and key not in OTHER_NAMES:
            _read_unnamed(cleaner, key, value)
    for name, variable in OTHER_NAMES.items():
        for key, value in named:
            if key == name:
                cleaner.read(variable, value, name)
    cleaner.finish()
    return cleaner.item, cleaner.losses


def _read_unnamed(cleaner: Cleaner, key: str, value: Any) -> None:
    """What CSL has no variable for, and what it has but under no name of its own."""
    if key in _STANDARD_ID and isinstance(value, str):
        if not cleaner.noted(key, value):
            cleaner.lose(key, value, "CSL has no such variable")
    elif key == "subtitle":
        subtitles = [cleaner.text("title", each, key) for each in (value if isinstance(value, list) else [value])]
        if title := cleaner.item.get("title", ""):
            cleaner.item["title"] = joined_title(title, subtitles)
        else:
            cleaner.lose(key, value, "there is no title that it belongs to")
    elif key == "subtype" and cleaner.item["type"] == "article" and value == "preprint":
        cleaner.set("genre", "Preprint", key)
    elif key == "institution" and "publisher" not in cleaner.item:
        _read_institution(cleaner, value)
    else:
        cleaner.lose(key, value, "CSL has no such variable")


def _read_institution(cleaner: Cleaner, value: Any) -> None:
    """Crossref's institution: the body behind a report or thesis that names no publisher."""
    for body in value if isinstance(value, list) else [value]:
        if isinstance(body, Mapping) and isinstance(body.get("name"), str):
            cleaner.read("publisher", body["name"], "institution")
            if "publisher-place" not in cleaner.item:
                cleaner.read("publisher-place", body.get("place"), "institution.place")
        else:
            cleaner.lose("institution", body, "not a body with a name")
