from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidencekb.sources.formatting import STYLES, format_references


def test_an_item_without_anything_but_an_address_is_printed_with_it_in_every_style() -> None:
    item = {"id": "a", "type": "article-newspaper", "URL": "https://example.org/x"}
    for style in ("apa", "chicago-author-date", "ieee", "nature", "vancouver"):
        assert "https://example.org/x" in format_references([item], style)[0].text


def test_an_archive_is_not_named_twice() -> None:
    item = {"id": "a", "type": "article", "title": "T", "number": "arXiv:2303.1", "URL": "https://arxiv.org/abs/2303.1"}
    assert "arXiv: arXiv" not in format_references([item], "ieee")[0].text
    assert "arXiv:2303.1." in format_references([item], "ieee")[0].text


@pytest.mark.parametrize("style", STYLES)
def test_a_version_in_words_is_none_of_a_program(style: str) -> None:
    paper = {"id": "a", "type": "report", "title": "On replies", "number": "7", "issued": {"date-parts": [[2023]]}}
    (told,) = format_references([{**paper, "version": "spring 2023, two waves"}], style)
    (untold,) = format_references([paper], style)
    assert told.text == untold.text


def test_the_release_of_a_program_stays() -> None:
    program = {"id": "a", "type": "software", "title": "Replies", "version": "v1.2", "issued": {"date-parts": [[2023]]}}
    (told,) = format_references([program], "apa")
    assert "v1.2" in told.text


SOURCES: dict[str, dict[str, Any]] = {
    "a press release": {"type": "webpage", "genre": "Press release", "URL": "https://example.org/x"},
    "a complaint": {"type": "document", "genre": "Court filing", "URL": "https://example.org/x"},
    "a law without a number": {"type": "legislation", "URL": "https://example.org/x"},
    "a law whose title has its number": {
        "type": "regulation",
        "number": "24",
        "title": "Rule 24",
        "URL": "https://example.org/x",
    },
    "news": {"type": "article-newspaper", "container-title": "The Courier", "URL": "https://example.org/x"},
    "a report": {"type": "report", "publisher": "Statistics Norland", "URL": "https://example.org/x"},
    "a dataset": {"type": "dataset", "publisher": "Norland", "URL": "https://example.org/x"},
    "an article ahead of print": {
        "type": "article-journal",
        "container-title": "Wages",
        "URL": "https://example.org/x",
    },
    "a book on the web": {"type": "book", "publisher": "Harbour Press", "URL": "https://example.org/x"},
    "a page without a title": {"type": "webpage", "title": "", "URL": "https://example.org/x"},
}


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("source", SOURCES)
def test_what_has_no_other_way_to_it_is_printed_with_its_address(style: str, source: str) -> None:
    item = {"id": "a", "title": "Replies", "issued": {"date-parts": [[2024, 2, 5]]}, **SOURCES[source]}
    (printed,) = format_references([item], style)
    assert printed.text.count("https://example.org/x") == 1
    assert printed.html.count('href="https://example.org/x"') == 1
    for name in ("title", "container-title"):
        assert item.get(name, "") in printed.text
    assert "2024" in printed.text


@pytest.mark.parametrize("style", STYLES)
def test_a_paper_without_an_address_has_its_number_and_whose_it_is(style: str) -> None:
    paper = {
        "id": "a",
        "type": "report",
        "genre": "Working paper",
        "title": "Wages",
        "issued": {"date-parts": [[2022]]},
    }
    (printed,) = format_references([{**paper, "number": "9873", "publisher": "Institute of Wages"}], style)
    assert "Institute of Wages" in printed.text
    assert "9873" in printed.text
    (printed,) = format_references([{**paper, "number": "SSRN 4375283"}], style)
    assert printed.text.count("SSRN 4375283") == 1
    assert "Working" not in printed.text


@pytest.mark.parametrize("style", STYLES)
def test_news_without_an_address_has_its_day(style: str) -> None:
    news = {"id": "a", "type": "article-newspaper", "title": "T", "container-title": "The Courier"}
    (printed,) = format_references([{**news, "issued": {"date-parts": [[2014, 6, 10]]}}], style)
    assert any(day in printed.text for day in ("June 10", "Jun. 10"))


@pytest.mark.parametrize("style", STYLES)
def test_an_article_with_volume_and_pages_is_left_as_the_style_has_it(style: str) -> None:
    article = {
        "id": "a", "type": "article-journal", "title": "T", "author": [{"family": "Kay"}], "container-title": "Wages",
        "volume": "14", "page": "101-118", "issued": {"date-parts": [[2021]]},
    }  # fmt: skip
    (alone,), (with_address,) = (
        format_references([article | more], style) for more in ({}, {"URL": "https://example.org/x"})
    )
    assert with_address.text.startswith(alone.text.rstrip("."))


@pytest.mark.parametrize("doi", ["10.5555/a", "https://doi.org/10.5555/a", "doi:10.5555/a"])
def test_a_doi_is_printed_once(doi: str) -> None:
    item = {"id": "a", "type": "article-journal", "title": "T", "container-title": "Wages", "DOI": doi}
    for style in STYLES:
        assert format_references([item], style)[0].text.count("10.5555/a") == 1


def test_a_conference_paper_of_no_known_conference_is_in_nothing() -> None:
    item = {"id": "a", "type": "paper-conference", "title": "T", "DOI": "10.5555/a", "issued": {"date-parts": [[2024]]}}
    for style in STYLES:
        assert " in (" not in format_references([item], style)[0].text


def test_what_was_seen_on_no_known_day_is_not_called_retrieved() -> None:
    page = {"id": "a", "type": "webpage", "title": "T", "URL": "https://example.org/x"}
    assert format_references([page], "apa")[0].text == "T. (n.d.). https://example.org/x"
    (seen,) = format_references([{**page, "accessed": {"date-parts": [[2026, 11, 20]]}}], "apa")
    assert seen.text == "T. (n.d.). Retrieved November 20, 2026, from https://example.org/x"


def test_what_has_no_title_goes_by_its_site() -> None:
    release = {"id": "a", "type": "webpage", "genre": "Press release", "container-title": "The Courier"}
    (printed,) = format_references([{**release, "URL": "https://example.org/x"}], "apa")
    assert printed.text == "[The Courier]. (n.d.). [Press release]. https://example.org/x"


@pytest.mark.parametrize("style", STYLES)
def test_a_case_in_a_reporter_is_known_by_its_place_there(style: str) -> None:
    case = {
        "id": "a", "type": "legal_case", "title": "Griggs v. Duke Power Co.", "authority": "U.S. Supreme Court",
        "container-title": "U.S.", "volume": "401", "page": "424", "issued": {"date-parts": [[1971, 3, 8]]},
    }  # fmt: skip
    (printed,) = format_references([case], style)
    assert "1971" in printed.text
    assert "Supreme Court" in printed.text
    assert "March" not in printed.text


CASE = {
    "id": "a", "type": "legal_case", "title": "Doe v. Example Maker, Inc.", "authority": "E.D.N.Y.",
    "number": "1:22-cv-02565", "issued": {"date-parts": [[2023]]},
}  # fmt: skip
COURT_STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>C</title></info>
<citation><layout><text variable="title"/></layout></citation><bibliography><layout suffix="."><group delimiter=", ">
<text variable="title"/><text variable="number" prefix="No. "/><text variable="authority"/><text variable="publisher"/>
</group></layout></bibliography></style>"""


def test_a_style_that_writes_no_and_names_a_publisher_names_a_case_once(tmp_path: Path) -> None:
    (tmp_path / "court.csl").write_text(COURT_STYLE)
    (case,) = format_references([CASE], tmp_path / "court.csl")
    assert case.text == "Doe v. Example Maker, Inc., No. 1:22-cv-02565, E.D.N.Y."
