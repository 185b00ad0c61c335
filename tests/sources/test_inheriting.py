from __future__ import annotations

from typing import Any

from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.items import Entry, Loss


def first(text: str) -> Entry:
    file = read_bibtex(text, "references.bib")
    assert file.violations == ()
    return file.entries[0]


def item(text: str) -> dict[str, Any]:
    return first(text).item


BOOK = (
    "@book{book, title = {The book}, subtitle = {A life}, author = {Doe, J.}, editor = {Roe, R.}, publisher = {Press},\n"
    " year = 2020, isbn = {0-306-40615-2}, doi = {10.1000/book}, url = {https://example.org/book}, note = {Worn},\n"
    " keywords = {old}, timestamp = {now}}"
)


def test_a_chapter_takes_from_its_book_all_but_what_identifies_the_book() -> None:
    assert first("@incollection{chapter, title = {A chapter}, crossref = {book}}\n" + BOOK) == Entry(
        key="chapter",
        item={
            "id": "chapter", "type": "chapter", "title": "A chapter", "container-title": "The book: A life",
            "container-author": [{"family": "Doe", "given": "J."}], "editor": [{"family": "Roe", "given": "R."}],
            "publisher": "Press", "issued": {"date-parts": [[2020]]},
        },
        line=1,
        lines={"title": 1, "container-title": 2, "container-author": 2, "editor": 2, "publisher": 2, "issued": 3},
        losses=(Loss("crossref", "book", "an item does not point to others", 1),),
    )  # fmt: skip


def test_a_part_by_the_author_of_the_book_has_that_author() -> None:
    assert item("@inbook{part, title = {A part}, crossref = {book}}\n" + BOOK)["author"] == [
        {"family": "Doe", "given": "J."}
    ]


def test_what_stands_in_an_entry_is_not_taken_over() -> None:
    chapter = item("@incollection{c, booktitle = {Mine}, date = {1999}, editor = {Me, A.}, crossref = {book}}\n" + BOOK)
    assert chapter["container-title"] == "Mine: A life"
    assert chapter["issued"] == {"date-parts": [[1999]]}
    assert chapter["editor"] == [{"family": "Me", "given": "A."}]


def test_an_article_takes_the_title_of_its_periodical() -> None:
    text = "@article{a, title = {A}, crossref = {p}}\n@periodical{p, title = {The Journal}, volume = 3, issuetitle = {Special}}"
    assert item(text) == {
        "id": "a", "type": "article-journal", "title": "A", "container-title": "The Journal", "volume": "3",
        "volume-title": "Special",
    }  # fmt: skip


def test_parents_have_parents() -> None:
    text = (
        "@inbook{a, title = {A}, crossref = {b}}\n@book{b, title = {B}, crossref = {m}}\n"
        "@mvbook{m, title = {Works}, publisher = {Press}}"
    )
    assert item(text) == {
        "id": "a", "type": "chapter", "title": "A", "container-title": "Works", "volume-title": "B", "publisher": "Press",
    }  # fmt: skip


def test_xdata_gives_all_its_fields_and_is_no_work() -> None:
    text = "@article{a, title = {A}, xdata = {x, y}}\n@xdata{x, doi = {10.1000/1}}\n@xdata{y, journaltitle = {J}, title = {No}}"
    file = read_bibtex(text, "references.bib")
    assert [entry.key for entry in file.entries] == ["a"]
    assert item(text) == {
        "id": "a", "type": "article-journal", "title": "A", "DOI": "10.1000/1", "container-title": "J",
    }  # fmt: skip


def test_a_link_that_leads_back_is_said_and_left() -> None:
    file = read_bibtex("@inbook{a, crossref = {b}}\n@book{b, title = {B}, crossref = {a}}", "references.bib")
    assert [(v.code, v.subject.id, v.place and v.place.line) for v in file.violations] == [("EKB502", "b", 2)]
    assert file.entries[0].item["container-title"] == "B"


def test_a_long_chain_ends() -> None:
    chain = (
        "\n".join(f"@book{{b{n}, crossref = {{b{n + 1}}}}}" for n in range(2000)) + "\n@book{b2000, publisher = {P}}"
    )
    file = read_bibtex(chain, "references.bib")
    assert len(file.entries) == 2001
    assert file.entries[1995].item["publisher"] == "P"
    assert "leads back to it, or on and on" in file.violations[0].message


def test_large_parents_of_very_many_children_are_stopped() -> None:
    parent = f"@book{{p, publisher = {{{'x' * 200_000}}}}}\n"
    file = read_bibtex(parent + "".join(f"@inbook{{c{n}, crossref = {{p}}}}\n" for n in range(1_000)), "references.bib")
    taken = sum("publisher" in entry.item for entry in file.entries)
    assert 300 < taken < 400
    assert file.violations[0].message == "its crossref 'p' is one too many; write its fields here"
