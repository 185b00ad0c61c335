"""Records of Open Library; the people and numbers are made up."""

from __future__ import annotations

from typing import Any

import pytest

from evidencekb.sources.services.openlibrary import entry, facts

BOOK: dict[str, Any] = {
    "url": "https://openlibrary.org/books/OL1M/All_of_Pots",
    "key": "/books/OL1M",
    "title": "All of Pots",
    "subtitle": "and their handles",
    "authors": [{"url": "https://openlibrary.org/authors/OL1A", "name": "Josiah Carberry"}],
    "number_of_pages": 213,
    "identifiers": {"isbn_13": ["9780306406157"], "openlibrary": ["OL1M"]},
    "publishers": [{"name": "Example Press"}, {"name": "Other Press"}],
    "publish_places": [{"name": "Utopia"}],
    "publish_date": "March 12, 2009",
    "subjects": [{"name": "Pottery", "url": "https://openlibrary.org/subjects/pottery"}],
    "by_statement": "Josiah Carberry",
}


def test_a_book() -> None:
    found = entry(BOOK, isbn="9780306406157")
    assert found.item == {
        "id": "isbn:9780306406157",
        "type": "book",
        "ISBN": "9780306406157",
        "title": "All of Pots: and their handles",
        "author": [{"family": "Carberry", "given": "Josiah"}],
        "publisher": "Example Press",
        "publisher-place": "Utopia",
        "issued": {"date-parts": [[2009, 3, 12]]},
        "number-of-pages": "213",
        "keyword": "Pottery",
    }
    assert {loss.field for loss in found.losses} == {
        "authors",
        "publishers",
        "identifiers.isbn_13",
        "identifiers.openlibrary",
        "by_statement",
    }
    assert [body.name for body in facts(BOOK).organisations] == ["Example Press", "Other Press"]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("2009", [2009]),
        ("March 2009", [2009, 3]),
        ("Mar. 2009", [2009, 3]),
        ("2009-03-12", [2009, 3, 12]),
        ("c2009", None),
        ("Spring 2009", None),
        ("", None),
    ],
)
def test_dates(text: str, parts: list[int] | None) -> None:
    found = entry(BOOK | {"publish_date": text}, isbn="9780306406157")
    assert found.item.get("issued") == (None if parts is None else {"date-parts": [parts]})
    assert ("publish_date" in {loss.field for loss in found.losses}) is (parts is None)
