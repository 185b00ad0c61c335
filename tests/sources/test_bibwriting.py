from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources import bibtables
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.bibwriting import unwritten, write_bibtex
from evidencekb.sources.items import NAMES, TYPES, Item, date_of

REPORT: Item = {
    "id": "wef2025",
    "type": "report",
    "title": "The Future of Jobs & Skills: 50% by <i>2030</i>",
    "author": [{"literal": "World Economic Forum"}, {"family": "Noy", "given": "Shakked"}, {"literal": "others"}],
    "issued": {"date-parts": [[2025, 1]]},
    "publisher": "World Economic Forum",
    "publisher-place": "Geneva",
    "number": "7",
    "page": "3-9",
    "URL": "https://example.org/a_b#c%20d",
    "genre": "White paper",
}


def test_a_report_for_biblatex() -> None:
    assert write_bibtex([REPORT]) == (
        "@report{wef2025,\n"
        "  author = {{World Economic Forum} and Noy, Shakked and others},\n"
        "  title = {The Future of Jobs \\& Skills: 50\\% by \\emph{2030}},\n"
        "  date = {2025-01},\n"
        "  type = {whitepaper},\n"
        "  number = {7},\n"
        "  pages = {3--9},\n"
        "  institution = {World Economic Forum},\n"
        "  location = {Geneva},\n"
        "  url = {https://example.org/a_b#c%20d},\n"
        "}\n"
    )
    assert unwritten(REPORT) == ()


def test_a_report_for_bibtex() -> None:
    assert write_bibtex([REPORT], dialect="bibtex") == (
        "@techreport{wef2025,\n"
        "  author = {{World Economic Forum} and Noy, Shakked and others},\n"
        "  title = {The Future of Jobs \\& Skills: 50\\% by \\emph{2030}},\n"
        "  year = {2025},\n"
        "  month = {jan},\n"
        "  type = {White paper},\n"
        "  number = {7},\n"
        "  pages = {3--9},\n"
        "  institution = {World Economic Forum},\n"
        "  address = {Geneva},\n"
        "  url = {https://example.org/a_b#c%20d},\n"
        "}\n"
    )
    assert unwritten(REPORT, dialect="bibtex") == ()


@pytest.mark.parametrize(
    ("genre", "start"),
    [
        ("PhD thesis", "@phdthesis{a,\n}\n"),
        ("Master’s thesis", "@mastersthesis{a,\n}\n"),
        ("Habilitation", "@phdthesis{a,\n  type = {Habilitation},\n}\n"),
        ("", "@phdthesis{a,\n  type = {Thesis},\n}\n"),
    ],
)
def test_bibtex_knows_two_kinds_of_thesis(genre: str, start: str) -> None:
    assert write_bibtex([{"id": "a", "type": "thesis", "genre": genre}], dialect="bibtex") == start


def test_what_a_dialect_cannot_hold_is_named() -> None:
    item = {"id": "a b", "type": "webpage", "title": "A", "archive": "Paris", "custom": {"arxiv": "2303.10130", "x": 1}}
    assert [str(loss) for loss in unwritten(item)] == [
        "id = 'a b': biblatex holds it as 'a-b'",
        "archive = 'Paris': biblatex has no field for it",
        "custom = \"{'arxiv': '2303.10130', 'x': 1}\": biblatex holds it as \"{'arxiv': '2303.10130'}\"",
    ]
    page = {"id": "a", "type": "webpage", "title": "A"}
    assert [str(loss) for loss in unwritten(page, dialect="bibtex")] == [
        "type = 'webpage': BibTeX holds it as 'document'"
    ]


def test_works_stand_in_their_order_with_a_blank_line_between() -> None:
    items = [{"id": "b", "type": "book"}, {"id": "a", "type": "book"}]
    assert write_bibtex(items) == "@book{b,\n}\n\n@book{a,\n}\n"


# Texts as items have them: on one line, white space single, letters composed.
WORDS = st.text(
    st.characters(exclude_categories=["C", "Z", "M"], exclude_characters="\u0131\u0237"), min_size=1, max_size=12
)
TEXTS = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
KEYS = st.text("abcxyzABC0189-_:+./", min_size=1, max_size=12)
LETTERS = st.text(st.characters(categories=["L"], exclude_characters="\u0131\u0237"), min_size=1, max_size=8)
PARTICLES = st.sampled_from(["van der", "de", "Van"])


def only(*parts: str) -> st.SearchStrategy[dict[str, str]]:
    return st.fixed_dictionaries(dict.fromkeys(parts, TEXTS))


PEOPLE = st.one_of(
    only("literal").filter(lambda name: name["literal"] != "others"),
    only("family", "given"),
    only("family"),
    st.fixed_dictionaries({"family": LETTERS, "given": TEXTS, "suffix": st.sampled_from(["Jr.", "III"])}),
    st.fixed_dictionaries({"family": LETTERS, "given": LETTERS, "non-dropping-particle": PARTICLES}),
    st.fixed_dictionaries({"family": LETTERS, "given": LETTERS, "dropping-particle": PARTICLES}),
)  # fmt: skip
NAME_LISTS = st.lists(PEOPLE, min_size=1, max_size=3).flatmap(
    lambda names: st.sampled_from([names, [*names, {"literal": "others"}]])
)
DATES = st.one_of(
    st.integers(1, 9999).map(lambda year: date_of(f"{year:04d}")),
    st.dates().map(lambda day: date_of(day.isoformat())),
    st.dates().map(lambda day: date_of(day.isoformat()[:7])),
    st.sampled_from(["1850~", "2023-21", "2019/2021", "2020-01-02/2020-03-04", "-0333", "199X", "1997/.."]).map(
        date_of
    ),
)
HELD = (
    "edition",
    "volume",
    "version",
    "abstract",
    "note",
    "annote",
    "keyword",
    "publisher",
    "publisher-place",
    "genre",
)
ARTICLES = st.fixed_dictionaries(
    {"id": KEYS, "type": st.sampled_from(["article-journal", "report", "book", "thesis", "dataset", "standard"])},
    optional={
        "author": NAME_LISTS, "editor": NAME_LISTS, "translator": NAME_LISTS, "director": NAME_LISTS, "title": TEXTS,
        "issued": DATES, "accessed": DATES, "original-date": DATES, "title-short": TEXTS, "collection-title": TEXTS,
        "DOI": st.just("10.1000/a_b{c}%~"), "URL": st.just("https://example.org/~a_b?c=%20#d--e"),
        "ISBN": st.just("0-306-40615-2"), "PMID": st.just("123"), "PMCID": st.just("PMC123"), "ISSN": st.just("1234-5678"),
        "language": st.sampled_from(["en", "de", "sgs"]),
        **dict.fromkeys(HELD, TEXTS),
    },
)  # fmt: skip


@given(ARTICLES)
def test_what_is_written_is_read_again(item: dict[str, Any]) -> None:
    file = read_bibtex(write_bibtex([item]), "out.bib")
    assert file.violations == ()
    assert [entry.item for entry in file.entries] == [item]
    assert unwritten(item) == ()


@given(st.sampled_from(sorted(TYPES)), KEYS)
def test_every_type_is_read_again(type_: str, key: str) -> None:
    item = {"id": key, "type": type_, "title": "A", "number": "1"}
    assert [entry.item for entry in read_bibtex(write_bibtex([item]), "out.bib").entries] == [item]


@given(st.sampled_from(NAMES))
def test_every_role_is_read_again(variable: str) -> None:
    item = {"id": "a", "type": "book", variable: [{"family": "Doe", "given": "J."}]}
    assert unwritten(item) == ()


TAGGED = st.recursive(
    LETTERS,
    lambda inner: st.tuples(st.sampled_from("i b sup sub".split()), inner, LETTERS).map(
        lambda parts: f"{parts[2]} <{parts[0]}>{parts[1]}</{parts[0]}>"
    ),
    max_leaves=3,
)


@given(TAGGED, st.sampled_from(["2", "n+1", "½"]))
def test_titles_keep_their_tags(title: str, small: str) -> None:
    item = {"id": "a", "type": "book", "title": f"{title} CO<sub>{small}</sub>"}
    assert read_bibtex(write_bibtex([item]), "out.bib").entries[0].item == item


LINE = "one\n @home (1st) \r@b{c, \r\n\n@string{d"


@pytest.mark.parametrize("dialect", ["biblatex", "bibtex"])
def test_no_line_of_a_text_starts_another_entry(dialect: Any) -> None:
    item = {
        "id": "a",
        "type": "book",
        "title": LINE,
        "author": [{"literal": LINE}],
        "note": LINE,
        "URL": LINE,
        "issued": {"literal": LINE},
    }
    file = read_bibtex(write_bibtex([item], dialect=dialect), "out.bib")
    assert [violation.code for violation in file.violations] in ([], ["EKB502"])
    assert file.entries[0].item["title"] == " ".join(LINE.split())


@given(
    st.dictionaries(
        st.sampled_from(["title", "note", "DOI", "URL", "id", "page", "publisher"]),
        st.text(max_size=30)
        | st.lists(st.sampled_from('@ a \n { } ( ) \\ , " \r'.split(" ")), max_size=9).map("".join),
    )
)
def test_anything_is_written_so_that_it_can_be_read(texts: Mapping[str, str]) -> None:
    for dialect in ("biblatex", "bibtex"):
        file = read_bibtex(write_bibtex([{"type": "report", **texts}], dialect=dialect), "out.bib")
        assert (len(file.entries), file.violations) == (1, ())


def test_every_type_that_is_written_can_be_read() -> None:
    assert {entry for pair in bibtables.ENTRY_TYPES.values() for entry in pair} <= bibtables.CSL_TYPES.keys()
    assert bibtables.ENTRY_TYPES.keys() <= TYPES


@pytest.mark.shared
def test_real_bibliographies_are_written_and_read_again(shared: Path) -> None:
    folder = shared / "corpora" / "03-bibliographies" / "bibtex"
    paths = sorted(path for ending in ("*.bib", "*.bibtex", "*.biblatex") for path in folder.rglob(ending))
    for path in paths:
        items = read_bibtex(path.read_bytes().decode("utf-8-sig"), path.name).items
        again = read_bibtex(write_bibtex(items), path.name)
        assert again.violations == (), path.name
        assert again.items == items, path.name
