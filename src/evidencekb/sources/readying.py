"""Items as styles can print them: what styles take for something else is told apart, what they say twice is said once.

>>> order = {"id": "a", "type": "legal_case", "title": "Kay v Lee", "number": "2016 ABQB 61 (Court of Queen's Bench)"}
>>> readied = prepared(order, "")
>>> readied["number"], readied["authority"]
('2016 ABQB 61', "Court of Queen's Bench")

References:
    The Bluebook, rule 10 (number and court of a case), 12.4 (Public Laws); Publication Manual of the American
    Psychological Association, 7th edition, 9.22 (a work without a title), 9.29 (a publisher who is the author).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

Entry = Mapping[str, Any]

BY_NUMBER = frozenset({"bill", "document", "hearing", "legal_case", "legislation", "regulation", "treaty"})
"""Types of papers that a reader asks a court or an agency for by their number."""

OWN_GENRES = frozenset({"official statistics"})
"""Genres that say of which kind a source is, and that no reference prints."""

_LAWS = frozenset({"bill", "legislation", "regulation"})
_OF_COURTS = frozenset({"document", "hearing", "legal_case"})
# What is published in something else has its place there, whatever number an archive gave it before.
_PUBLISHED = frozenset(
    {"article-journal", "article-magazine", "article-newspaper", "book", "chapter", "paper-conference"}
)
_PUBLIC_LAW = re.compile(r"1?[0-9]{2}[-\u2013][0-9]{1,3}")
_UNITED_STATES = re.compile(r"(?:US|USA|U\.S\.(?:A\.)?|United States(?: of America)?)", re.IGNORECASE)
_AMERICAN = re.compile(r"\b(?:U\.?S\.?|USA|United States)(?![\w.])|\b[0-9]{1,3}(?:st|nd|rd|th) Congress\b")
_AMERICAN_HOSTS = ("congress.gov", "govinfo.gov")
_WITH_COURT = re.compile(r"([^()]{1,200}?)\s*\(([^\W\d_][^()]{1,200})\)")
_DOCKET = re.compile(r"(?:[0-9]{1,2}:)?[0-9]{2,4}-[A-Za-z]{2,4}-[0-9]{1,6}(?:-[A-Z]{2,5})*")
_YEAR = re.compile(r"\b(?:1[5-9]|20)[0-9]{2}\b")
_SERIES = re.compile(r"(?!(?:no|nos|nr|num|number)\b)[^\W\d_]{2,}\b[^\d]*\s", re.IGNORECASE)
_VERSION_NUMBER = re.compile(r"[vV]?[0-9]+(?:\.[0-9]+)*")
_NAMES_PUBLISHER_ONCE = frozenset({"http://www.zotero.org/styles/apa"})


def prepared(item: Entry, style_id: str) -> Entry:
    """An item as a style can print it.

    - Styles take the number of any law for one of the Public Laws of the United States. Only those keep it; the others'
      ("Local Law 144 of 2021") is put beside the title when the reference is completed.
    - A court in brackets behind a docket is the court. A court is no author of its order. What a title holds already,
      number or court, is not said again.
    - A number that names its series ("NBER Working Paper 32966") needs no genre before it.
    - arXiv is the archive of preprints that have an arXiv number, and "Preprint" then goes without saying. What was
      published elsewhere has no use for the number.
    - A conference paper of no known conference stands in nothing.
    - What has no title goes by the name of its site, in brackets.
    - A thesis without a genre is a thesis; "Official statistics" only tells a kind of source from others.
    - A version that is no number ("spring 2023") tells the versions of a work apart for who keeps them; to a style it would be
      the release of a program.
    - A publisher or site that is the author too is left out where the style's manual says so.

    Examples:
        >>> law = {"id": "a", "type": "legislation", "title": "Tools Act", "number": "Local Law 9"}
        >>> prepared(law, "")
        {'id': 'a', 'type': 'legislation', 'title': 'Tools Act'}
    """
    changed = dict(item)
    _law(changed)
    _paper_of_court(changed)
    _genre(changed)
    _arxiv(changed)
    if changed.get("type") == "paper-conference" and not (text(item, "container-title") or text(item, "event-title")):
        changed["type"] = "article-journal"
    if not _VERSION_NUMBER.fullmatch(text(item, "version")):
        changed.pop("version", None)
    _title(changed)
    authors = item.get("author")
    if style_id in _NAMES_PUBLISHER_ONCE and isinstance(authors, list) and len(authors) == 1:
        name = letters(_literal(authors[0]))
        for key in ("publisher", "container-title"):
            if name and letters(text(item, key)) == name:
                changed.pop(key, None)
    return changed


def docket(item: Entry) -> tuple[str, str]:
    """The number of an item, and the court that stands in brackets behind it; a date there stays with the number.

    The docket of an American court has "No." before it, as rule 10.8.1 of the Bluebook asks.

    Examples:
        >>> docket({"type": "legal_case", "number": "23-cv-00770 (N.D. Cal.)"})
        ('No. 23-cv-00770', 'N.D. Cal.')
        >>> docket({"type": "report", "number": "12 (revised)"})
        ('12 (revised)', '')
    """
    number = text(item, "number")
    if item.get("type") not in _OF_COURTS:
        return number, ""
    match = _WITH_COURT.fullmatch(number)
    number, court = (match[1], match[2]) if match and not _YEAR.search(match[2]) else (number, "")
    return (f"No. {number}" if _DOCKET.fullmatch(number) else number), court


def is_public_law(item: Entry) -> bool:
    """Whether an item is a Public Law of the United States, numbered by its Congress.

    Examples:
        >>> law = {"type": "legislation", "number": "117-58"}
        >>> is_public_law(law), is_public_law({**law, "jurisdiction": "us"})
        (False, True)
    """
    if item.get("type") != "legislation" or not _PUBLIC_LAW.fullmatch(text(item, "number")):
        return False
    if land := text(item, "jurisdiction"):
        return bool(_UNITED_STATES.fullmatch(land))
    host = _host(item)
    makers = (text(item, name) for name in ("authority", "publisher"))
    return any(map(_AMERICAN.search, makers)) or any(f".{host}".endswith(f".{name}") for name in _AMERICAN_HOSTS)


def beside(item: Entry, words: str) -> str:
    """The title of an item with words behind it, which keep their capitals."""
    return f'{text(item, "title")}<span class="nocase">{words}</span>'


def names_its_series(number: str) -> bool:
    """Whether a number says itself of which series it is.

    Examples:
        >>> names_its_series("NBER Working Paper 32966"), names_its_series("No. 12"), names_its_series("2017:8")
        (True, False, False)
    """
    return bool(_SERIES.match(number))


def holds(longer: str, words: str) -> bool:
    """Whether words stand in a text one behind the other, whatever the capitals and marks between them.

    Examples:
        >>> holds("Kay v. Lee, No. 23-cv-00770-RFL, Order", "23-cv-00770"), holds("Act 1440", "144")
        (True, False)
    """
    inner = _words(words)
    return bool(inner) and f" {inner} " in f" {_words(longer)} "


def bare_doi(item: Entry) -> str:
    """The DOI of an item without an address or prefix before it; "" when it has none.

    Examples:
        >>> bare_doi({"DOI": "https://doi.org/10.5555/a"})
        '10.5555/a'
    """
    return re.sub(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)", "", text(item, "DOI"), count=1, flags=re.IGNORECASE)


def letters(text: str) -> str:
    """A text's letters and digits, to find it whatever the capitals and marks around it.

    Examples:
        >>> letters("No. 22-cv-01461")
        'no22cv01461'
    """
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def text(item: Entry, name: str) -> str:
    """A variable as one line; "" when it has no value."""
    value = item.get(name)
    return " ".join(value.split()) if isinstance(value, str) else str(value) if isinstance(value, int) else ""


def _words(text: str) -> str:
    return " ".join(re.findall(r"[^\W_]+", text.casefold()))


def _literal(name: object) -> str:
    return text(name, "literal") if isinstance(name, Mapping) else ""


def _law(item: dict[str, Any]) -> None:
    number = text(item, "number")
    if item.get("type") not in _LAWS or not number or is_public_law(item):
        return
    if not text(item, "title"):
        item["title"] = f"No. {number}" if number[0].isdigit() else number
    del item["number"]


def _paper_of_court(item: dict[str, Any]) -> None:
    number, court = docket(item)
    if item.get("type") == "legal_case":
        authors = item.get("author")
        bodies = [_literal(name) for name in authors] if isinstance(authors, list) else []
        if bodies and all(bodies):
            del item["author"]
        court = text(item, "authority") or court or (bodies[0] if bodies and bodies[0] != "others" else "")
        parts = {"number": number, "authority": court}
        said = text(item, "title")
        for name, value in parts.items():
            if not value or holds(said, value.removeprefix("No. ")):
                item.pop(name, None)
            else:
                item[name] = value
                said += f" {value}"
        if court and not text(item, "publisher"):
            item["publisher"] = court
    elif court and text(item, "title"):
        said = text(item, "title")
        words = ("" if holds(said, number.removeprefix("No. ")) else f", {number}") + (
            "" if holds(said, court) else f" ({court})"
        )
        item.setdefault("title-short", said)
        item["title"] = beside(item, words) if words else said
        del item["number"]


def _genre(item: dict[str, Any]) -> None:
    genre, type_ = text(item, "genre").casefold(), item.get("type")
    if genre in OWN_GENRES or (type_ == "report" and names_its_series(text(item, "number"))):
        item.pop("genre", None)
    if type_ == "thesis" and not genre:
        item["genre"] = "Thesis"


def _arxiv(item: dict[str, Any]) -> None:
    number, genre, type_ = text(item, "number"), text(item, "genre").casefold(), item.get("type")
    custom = item.get("custom")
    arxiv = text(custom, "arxiv") if isinstance(custom, Mapping) else ""
    if arxiv and not number:
        item["number"] = number = f"arXiv:{arxiv}"
        if not (text(item, "DOI") or text(item, "URL")):
            item["URL"] = f"https://arxiv.org/abs/{arxiv}"
    if not number.startswith("arXiv:"):
        return
    if type_ == "article" and genre in ("", "preprint"):
        item.pop("genre", None)
        item["publisher"] = text(item, "publisher") or "arXiv"
    elif type_ in _PUBLISHED and (text(item, "DOI") or text(item, "URL")):
        del item["number"]


def _title(item: dict[str, Any]) -> None:
    if text(item, "title") or any(text(item, name) for name in ("volume", "issue", "page", "number")):
        return
    site = text(item, "container-title")
    if name := site or _host(item):
        item["title"] = f'<span class="nocase">[{name}]</span>'
        if site:
            del item["container-title"]


def _host(item: Entry) -> str:
    """The host of an item's address, or ""."""
    try:
        return (urlsplit(text(item, "URL")).hostname or "").removeprefix("www.")
    except ValueError:
        return ""
