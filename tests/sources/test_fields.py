"""From a work to the fields of a source, and back."""

from __future__ import annotations

from typing import Any

import pytest

from evidencekb.model import Source
from evidencekb.sources.fields import VARIABLES, item_of, source_fields
from evidencekb.sources.items import TYPES, Item
from evidencekb.sources.kinds import CSL_OF_KIND, kind_of
from evidencekb.vocab import SourceKind

CHAPTER: dict[str, Any] = {
    "id": "kim2020",
    "kind": "book",
    "title": "Chapter on tests",
    "authors": [{"family": "van Dam", "given": "Ana"}, {"literal": "others"}],
    "editors": [{"family": "Moe", "given": "Ada"}],
    "published_on": "2020",
    "container": "Handbook of Made-up Studies",
    "series": "Made-up Series",
    "publisher": "Example Press",
    "place": "Oslo",
    "edition": "2",
    "pages": "1-20",
    "isbn": "9780306406157",
}


def test_a_chapter_comes_back_as_it_was() -> None:
    item = item_of(CHAPTER)
    assert item["type"] == "chapter"
    assert {"id": "kim2020", "kind": kind_of(item)} | source_fields(item) == CHAPTER


def test_a_decision_has_a_court_and_a_docket() -> None:
    order = {
        "id": "o",
        "kind": "legal_decision",
        "title": "A v. B",
        "publisher": "N.D. Cal.",
        "docket": "3:23-cv-00770",
    }
    item = item_of(order)
    assert (item["type"], item["authority"], item["number"]) == ("legal_case", "N.D. Cal.", "3:23-cv-00770")
    assert "publisher" not in item
    assert {"id": "o", "kind": "legal_decision"} | source_fields(item) == order


def test_a_preprint_keeps_its_arxiv_number_and_leads_there() -> None:
    item = item_of({"id": "p", "kind": "preprint", "title": "T", "arxiv": "2303.10130v2"})
    assert item["custom"] == {"arxiv": "2303.10130v2"}
    assert item["URL"] == "https://arxiv.org/abs/2303.10130v2"
    assert source_fields(item)["arxiv"] == "2303.10130v2"


def test_particles_and_suffixes_belong_to_the_family_name() -> None:
    name = {"family": "Beethoven", "given": "Ludwig", "non-dropping-particle": "van", "suffix": "Jr."}
    assert source_fields({"author": [name]})["authors"] == [{"family": "van Beethoven Jr.", "given": "Ludwig"}]


def test_fields_are_those_of_a_source() -> None:
    assert set(VARIABLES) <= set(Source.model_fields)


@pytest.mark.parametrize("kind", [str(kind) for kind in SourceKind])
def test_every_kind_has_a_type_and_comes_back_from_it(kind: str) -> None:
    type_, genre = CSL_OF_KIND[kind]
    assert type_ in TYPES
    assert kind_of({"type": type_, "genre": genre}) == kind


@pytest.mark.parametrize("type_", sorted(TYPES))
def test_every_type_is_of_some_kind(type_: str) -> None:
    assert kind_of({"type": type_}) in set(SourceKind)


@pytest.mark.parametrize(
    ("item", "kind"),
    [
        ({"type": "article", "genre": "NBER Working Paper"}, "working_paper"),
        ({"type": "webpage", "genre": "Press release"}, "press_release"),
        ({"type": "document", "URL": "https://example.org"}, "web_page"),
        ({"type": "document", "URL": "https://example.org", "publisher": "Example Press"}, "report"),
        ({"type": "article-journal", "genre": "Complaint"}, "journal_article"),
    ],
)
def test_genre_and_publisher_say_more_than_the_type(item: Item, kind: str) -> None:
    assert kind_of(item) == kind


@pytest.mark.parametrize(("docket", "genre"), [("No. 1:22-cv-02565", "Court filing"), (None, "Legal filing")])
def test_what_no_court_has_is_no_court_filing(docket: str | None, genre: str) -> None:
    item = item_of({"id": "a", "kind": "legal_filing", "title": "A complaint"} | ({"docket": docket} if docket else {}))
    assert (item["genre"], kind_of(item)) == (genre, "legal_filing")
