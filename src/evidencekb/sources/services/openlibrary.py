"""Open Library: its record of a book, by ISBN.

>>> found = entry({"title": "On work", "authors": [{"name": "Josiah Carberry"}], "publish_date": "March 2009",
...                "publishers": [{"name": "Example Press"}]}, isbn="9780306406157")
>>> found.item["author"], found.item["issued"], found.item["ISBN"]
([{'family': 'Carberry', 'given': 'Josiah'}], {'date-parts': [[2009, 3]]}, '9780306406157')

References:
    Open Library, Books API (``jscmd=data``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Answer, Client
from evidencekb.sources.items import Entry, Item, date_of
from evidencekb.sources.markup import inline, joined_title, plain_text
from evidencekb.sources.services.names import GUESSED, person
from evidencekb.sources.services.records import (
    Facts,
    Looked,
    Organisation,
    Record,
    confirm,
    mappings,
    word,
)

REGISTRY = ("key", "url", "cover", "ebooks", "authors.url", "subjects.url", "links", "excerpts")
"""Where the pages and pictures of the library lie."""

_MONTHS = "january february march april may june july august september october november december".split()


def fetch(client: Client, identifier: str) -> Looked:
    """What Open Library knows of an ISBN of 10 or 13 digits, without hyphens.

    Raises:
        LookupFailed: If it does not know it (``"not_found"``), answers about another, or does not answer.
    """

    def read(answer: Answer) -> Mapping[str, Any] | None:
        data = answer.json()
        if not isinstance(data, Mapping):
            raise LookupFailed("openlibrary", answer.url, "unreadable", "the answer holds no record of a book")
        book = data.get(f"ISBN:{identifier}")
        if not isinstance(book, Mapping):
            return None
        given = [listed for one in mappings(book.get("identifiers")) for key, listed in one.items() if "isbn" in key]
        numbers = [str(number) for listed in given if isinstance(listed, list) for number in listed]
        confirm(answer, ids.Identifier("isbn", identifier), numbers)
        return book

    params = {"bibkeys": f"ISBN:{identifier}", "format": "json", "jscmd": "data"}
    answer = client.get("openlibrary", "api/books", params=params, accept="application/json", allow=(), check=read)
    book = read(answer)
    if book is None:
        raise LookupFailed("openlibrary", answer.url, "not_found", f"Open Library has no book {identifier}")
    return Looked(
        entry(book, isbn=identifier), facts(book), "openlibrary", answer.url, answer.fetched_on, answer.cached
    )


def entry(book: Mapping[str, Any], *, isbn: str) -> Entry:
    """A book from a record of Open Library, with what has no place in it."""
    record = Record(dict(book))
    item: Item = {"id": f"isbn:{isbn}", "type": "book", "ISBN": isbn}
    title, subtitle = inline(str(record.take("title") or "")), inline(str(record.take("subtitle") or ""))
    item["title"] = joined_title(title, [subtitle]) if title else ""
    if not title:
        record.lose("title", subtitle, "the record has no title; write what the work prints")
    names, guessed = [], []
    people = record.parts("authors")
    for one in people:
        if printed := one.text("name"):
            names.append(person(printed))
            if "family" in names[-1] and "," not in printed:
                guessed.append(printed)
    item["author"] = names
    if guessed:
        record.lose("authors", "; ".join(guessed), GUESSED)
    record.give_back("authors", *people)
    for key, variable in (("publishers", "publisher"), ("publish_places", "publisher-place")):
        found = [text for one in record.parts(key) if (text := one.text("name"))]
        item[variable] = "".join(found[:1])
        for text in found[1:]:
            record.lose(key, text, "a further one")
    printed = record.text("publish_date")
    if date := _date(printed):
        item["issued"] = date
    else:
        record.lose("publish_date", printed, "the record has no date of publication that can be read")
    item["number-of-pages"] = record.text("number_of_pages")
    words = [text for one in record.parts("subjects") if (text := one.text("name"))]
    item["keyword"] = ", ".join(words)
    return record.entry(item, registry=REGISTRY)


def facts(book: Mapping[str, Any]) -> Facts:
    """The publishers of a book."""
    return Facts(
        tuple(
            Organisation(name, "publisher") for one in mappings(book.get("publishers")) if (name := word(one, "name"))
        )
    )


def _date(text: str) -> dict[str, Any] | None:
    """A date as printed on books: ``2009``, ``March 2009``, ``March 12, 2009``, ``2009-03-12``."""
    text = plain_text(text)
    if match := re.fullmatch(r"(?:([A-Za-z]{3,9})\.?\s+)?(?:([0-9]{1,2}),?\s+)?([0-9]{4})", text):
        month = next((n for n, name in enumerate(_MONTHS, 1) if match[1] and name.startswith(match[1].lower())), 0)
        if match[1] and not month:
            return None
        day = f"-{int(match[2]):02d}" if match[2] and month else ""
        text = match[3] + (f"-{month:02d}" if month else "") + day
    date = date_of(text)
    return date if "date-parts" in date else None
