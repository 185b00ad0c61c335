"""A work that is there already is found again, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from evidencekb.curating.keys import citation_key, free_key
from evidencekb.curating.shelf import Match, Shelf

ARTICLE: dict[str, Any] = {
    "kind": "journal_article",
    "title": "Replies to Applications: a Study",
    "authors": [{"family": "Dœ", "given": "Ada"}, {"family": "Roe"}],
    "published_on": "2024-03",
    "doi": "10.5555/audit.2024",
    "isbn": "9780306406157",
}


def shelf(**changes: Any) -> Shelf:
    found = Shelf()
    found.put("doe2024", {name: value for name, value in {**ARTICLE, **changes}.items() if value is not None})
    return found


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"doi": "10.5555/AUDIT.2024"}, Match("doe2024", "doi 10.5555/audit.2024", same=True)),
        ({"doi": "10.5555/other"}, None),
        ({"doi": "not one"}, None),
        ({"isbn": "0-306-40615-2"}, None),  # another chapter of the same book
        ({"isbn": "0-306-40615-2", "title": "Replies to applications. A study", "authors": ARTICLE["authors"]},
         Match("doe2024", "isbn 9780306406157", same=True)),
    ],
)  # fmt: skip
def test_identifiers_tell_a_document(fields: dict[str, Any], match: Match | None) -> None:
    assert shelf().match(fields) == match


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({"doi": None, "isbn": None}, True),
        ({"doi": None, "isbn": None, "title": "REPLIES to applications – a study!"}, True),
        ({"doi": None, "isbn": None, "published_on": None}, True),
        ({"doi": None, "isbn": None, "published_on": "2023"}, False),
        ({"doi": None, "isbn": None, "kind": "preprint"}, False),
        ({"doi": "10.5555/preprint", "isbn": None}, False),
    ],
)
def test_title_and_author_tell_a_work_and_the_rest_its_version(changes: dict[str, Any], same: bool) -> None:
    fields = {name: value for name, value in {**ARTICLE, **changes}.items() if value is not None}
    assert shelf().match(fields) == Match("doe2024", "title and first author", same=same)


@pytest.mark.parametrize("changes", [{"title": "Another study"}, {"authors": [{"family": "Roe"}]}, {"authors": []}])
def test_another_title_or_author_is_another_work(changes: dict[str, Any]) -> None:
    assert shelf().match({**ARTICLE, "doi": None, "isbn": None, **changes}) is None


def test_two_versions_of_a_preprint_are_two_documents_of_one_work() -> None:
    found = shelf(arxiv="2303.10130v1", doi=None, isbn=None)
    assert found.match({"arxiv": "2303.10130v1"}) == Match("doe2024", "arxiv 2303.10130", same=True)
    assert found.match({"arxiv": "2303.10130v2"}) == Match("doe2024", "arxiv 2303.10130", same=False)


def test_papers_of_one_docket_are_told_by_their_titles() -> None:
    found = shelf(docket="3:23-cv-00770", doi=None, isbn=None)
    assert found.match({"docket": "3:23-CV-00770", "title": "Complaint", "authors": ARTICLE["authors"]}) is None


def test_the_same_document_wins_over_another_version() -> None:
    found = shelf()
    found.put("roe2023", {**ARTICLE, "doi": "10.5555/working-paper", "isbn": None, "kind": "working_paper"})
    match = found.match({**ARTICLE, "doi": "10.5555/working-paper", "isbn": None, "kind": "working_paper"})
    assert match == Match("roe2023", "doi 10.5555/working-paper", same=True)


@pytest.mark.parametrize(
    ("fields", "key"),
    [
        (ARTICLE, "doe2024replies"),
        ({**ARTICLE, "title": "The 2 Ways"}, "doe2024ways"),
        ({"authors": [{"literal": "World Example Forum"}], "published_on": "2025"}, "worldexampleforum2025"),
        ({"publisher": "Šťastný"}, "stastny"),
        ({"title": "研究"}, "source"),
        ({}, "source"),
    ],
)
def test_a_key_is_author_year_and_word(fields: dict[str, Any], key: str) -> None:
    assert citation_key(fields, ()) == key


def test_a_taken_key_gets_a_letter_then_a_number() -> None:
    assert free_key("a", {"a"}) == "ab"
    assert free_key("a", {"a", *(f"a{letter}" for letter in "bcdefghijklmnopqrstuvwxyz")}) == "a-27"


@pytest.mark.parametrize(
    ("wanted", "key"), [("DBLP:conf/x", "DBLP:conf/x"), ("_x y", "xy"), ("ß", "ss"), ("研", "source")]
)
def test_a_key_that_cannot_be_one_is_mended(wanted: str, key: str) -> None:
    assert free_key(wanted, ()) == key
