"""A work that is there already is found again, and only that."""

from __future__ import annotations

from typing import Any

import pytest

from evidencekb.curating.keys import citation_key, file_stem, free_key
from evidencekb.curating.shelf import Match, Shelf, tells_of_a_work

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


@pytest.mark.parametrize(("one", "other"), [("Müller", "Mueller"), ("Søe", "SØE"), ("Böhm", "Boehm")])
def test_an_author_is_one_however_the_name_is_typed(one: str, other: str) -> None:
    assert (
        shelf(authors=[{"family": one}]).match({**ARTICLE, "authors": [{"family": other}], "doi": "10.5555/x"})
        is not None
    )


@pytest.mark.parametrize("changes", [{"title": "Another study"}, {"authors": [{"family": "Roe"}]}, {"authors": []}])
def test_another_title_or_author_is_another_work(changes: dict[str, Any]) -> None:
    assert shelf().match({**ARTICLE, "doi": None, "isbn": None, **changes}) is None


def test_two_versions_of_a_preprint_are_two_documents_of_one_work() -> None:
    found = shelf(arxiv="2303.10130v1", doi=None, isbn=None)
    assert found.match({"arxiv": "2303.10130v1"}) == Match("doe2024", "arxiv 2303.10130", same=True)
    assert found.match({"arxiv": "2303.10130v2"}) == Match("doe2024", "arxiv 2303.10130", same=False)


@pytest.mark.parametrize(
    ("mine", "other", "same"), [("v1", "v1", True), ("v1", "v2", False), ("v1", "", False), ("", "", True)]
)
def test_two_versions_of_a_preprint_are_two_also_by_their_title(mine: str, other: str, same: bool) -> None:
    usual = {"title": "Pots are pots", "authors": [{"family": "Roe"}], "published_on": "2023", "kind": "preprint"}
    found = Shelf()
    found.put("roe2023", {**usual, "arxiv": f"2303.10130{mine}"})
    match = found.match({**usual, "arxiv": f"2303.10130{other}"})
    assert match is not None
    assert match.same is same


def test_a_number_that_is_none_tells_nothing() -> None:
    found = shelf(arxiv="not a number", doi="neither", isbn=None)
    assert found.match({**ARTICLE, "arxiv": "nor this", "doi": None, "isbn": None}) is not None


@pytest.mark.parametrize(
    ("changes", "same"),
    [
        ({}, True),
        ({"issue": "2"}, None),  # a column that goes on
        ({"issue": "2", "container": "The Other Post"}, False),
        ({"issue": "2", "kind": "blog_post"}, False),
    ],
)
def test_a_title_that_comes_again_in_one_journal_is_no_version(changes: dict[str, Any], same: bool | None) -> None:
    letter = {
        "kind": "news_article",
        "title": "Letter",
        "authors": [{"family": "Roe"}],
        "container": "Post",
        "issue": "1",
    }
    found = Shelf()
    found.put("letter", letter)
    match = found.match({**letter, **changes})
    assert (match.same if match else None) is same


def test_a_work_without_a_title_is_found_when_all_is_the_same() -> None:
    bare = {"kind": "book", "authors": [{"family": "Roe"}], "published_on": "2020"}
    found = Shelf()
    found.put("roe2020", bare)
    assert found.match(dict(bare)) == Match("roe2020", "all that is known", same=True)
    assert found.match({**bare, "published_on": "2021"}) is None


@pytest.mark.parametrize(
    ("fields", "tells"),
    [
        ({"kind": "book", "published_on": "2020", "title": ""}, False),
        ({"title": "A"}, True),
        ({"docket": "1"}, True),
        ({}, False),
    ],
)
def test_a_work_without_title_name_or_identifier_could_be_any(fields: dict[str, Any], tells: bool) -> None:
    assert tells_of_a_work(fields) is tells


@pytest.mark.parametrize(
    ("name", "stem"),
    [("My Library (2).old", "my-library-2-old"), ("Ääß", "aass"), ("研究", "sources"), ("", "sources"), ("../../x", "x"),
     ("con:1", "con-1"), ("a" * 300, "a" * 100)],
)  # fmt: skip
def test_a_name_becomes_the_name_of_a_file(name: str, stem: str) -> None:
    assert file_stem(name) == stem


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
