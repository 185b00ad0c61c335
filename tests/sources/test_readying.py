from __future__ import annotations

from typing import Any

import pytest

from evidencekb.sources.formatting import STYLES, format_references
from evidencekb.sources.readying import prepared

APA = "http://www.zotero.org/styles/apa"
DISTRICT = "United States District Court, Northern District of California"


@pytest.mark.parametrize(
    ("item", "changed"),
    [
        ({"type": "legislation", "title": "Act", "number": "117-58", "jurisdiction": "US"}, {}),
        ({"type": "legislation", "title": "Act", "number": "117-58", "authority": "United States Congress"}, {}),
        ({"type": "legislation", "title": "Act", "number": "117-58", "URL": "https://www.congress.gov/x"}, {}),
        ({"type": "legislation", "title": "Loi", "number": "88-19"}, {"number": None}),
        (
            {"type": "legislation", "title": "Loi", "number": "88-19", "URL": "https://congress.gov.example"},
            {"number": None},
        ),
        (
            {"type": "legislation", "title": "Ley del Congreso", "number": "88-19", "jurisdiction": "gt"},
            {"number": None},
        ),
        ({"type": "legislation", "title": "Pact with the United States", "number": "88-19"}, {"number": None}),
        ({"type": "legislation", "title": "Act", "number": "144-21", "jurisdiction": "us:ny"}, {"number": None}),
        ({"type": "legislation", "title": "Act", "number": "144", "jurisdiction": "US"}, {"number": None}),
        ({"type": "legislation", "title": "Act", "number": "Local Law 9"}, {"number": None}),
        ({"type": "legislation", "number": "144"}, {"number": None, "title": "No. 144"}),
        (
            {"type": "legal_case", "title": "Kay v Lee", "number": "2016 ABQB 61 (Court of Queen's Bench)"},
            {"number": "2016 ABQB 61", "authority": "Court of Queen's Bench", "publisher": "Court of Queen's Bench"},
        ),
        (
            {
                "type": "legal_case",
                "title": "Kay v. Lee, No. 23-cv-00770-RFL, Order",
                "author": [{"literal": DISTRICT}],
                "number": "23-cv-00770 (N.D. Cal.)",
            },
            {"number": None, "author": None, "authority": "N.D. Cal.", "publisher": "N.D. Cal."},
        ),
        (
            {"type": "legal_case", "title": "Kay v. Lee", "author": [{"literal": DISTRICT}], "number": "1:14-cv-663"},
            {"number": "No. 1:14-cv-663", "author": None, "authority": DISTRICT, "publisher": DISTRICT},
        ),
        (
            {"type": "legal_case", "title": "Kay v. Lee", "author": [{"family": "Kay"}], "number": "12 (Apr. 3, 2020)"},
            {},
        ),
        (
            {"type": "document", "title": "Complaint", "number": "23-cv-00770 (N.D. Cal.)"},
            {
                "title": 'Complaint<span class="nocase">, No. 23-cv-00770 (N.D. Cal.)</span>',
                "title-short": "Complaint",
                "number": None,
            },
        ),
        ({"type": "thesis", "title": "T"}, {"genre": "Thesis"}),
        ({"type": "thesis", "title": "T", "genre": "Doctoral dissertation"}, {}),
        ({"type": "report", "title": "T", "genre": "Official statistics"}, {"genre": None}),
        ({"type": "report", "title": "T", "genre": "Working paper", "number": "SSRN 4375283"}, {"genre": None}),
        ({"type": "report", "title": "T", "genre": "Working paper", "number": "NBER Working Paper 1"}, {"genre": None}),
        ({"type": "report", "title": "T", "genre": "Working paper", "number": "2017:8"}, {}),
        ({"type": "report", "title": "T", "genre": "Working paper", "number": "No. 12"}, {}),
        ({"type": "report", "title": "T", "genre": "Working paper", "number": "w32966"}, {}),
        (
            {"type": "article", "title": "T", "genre": "Preprint", "number": "arXiv:1"},
            {"genre": None, "publisher": "arXiv"},
        ),
        ({"type": "article", "title": "T", "genre": "Preprint", "number": "wp1"}, {}),
        (
            {"type": "article", "title": "T", "custom": {"arxiv": "2303.1"}},
            {"number": "arXiv:2303.1", "URL": "https://arxiv.org/abs/2303.1", "publisher": "arXiv"},
        ),
        (
            {"type": "paper-conference", "title": "T", "DOI": "10.5555/a", "number": "arXiv:2410.1"},
            {"type": "article-journal", "number": None},
        ),
        ({"type": "paper-conference", "title": "T", "container-title": "Proc."}, {}),
        (
            {"type": "webpage", "URL": "https://www.example.org/a"},
            {"title": '<span class="nocase">[example.org]</span>'},
        ),
        (
            {"type": "webpage", "container-title": "The Courier", "URL": "https://example.org/a"},
            {"title": '<span class="nocase">[The Courier]</span>', "container-title": None},
        ),
        ({"type": "webpage", "URL": "https://[::1"}, {}),
        ({"type": "article-journal", "container-title": "Science", "volume": "3"}, {}),
        (
            {"type": "report", "title": "T", "author": [{"literal": "World Bank"}], "publisher": "World  bank"},
            {"publisher": None},
        ),
        ({"type": "report", "title": "T", "author": [{"literal": "World Bank"}], "publisher": "OECD"}, {}),
    ],
)
def test_an_item_is_made_ready(item: dict[str, Any], changed: dict[str, str | None]) -> None:
    expected = {key: value for key, value in {**item, **changed}.items() if value is not None}
    assert prepared({"id": "a", **item}, APA) == {"id": "a", **expected}


@pytest.mark.parametrize("style", STYLES)
def test_no_law_of_a_city_is_made_a_public_law(style: str) -> None:
    law = {"id": "a", "type": "legislation", "title": "Local Law 144 of 2021", "issued": {"date-parts": [[2021]]}}
    texts = {format_references([law | more], style)[0].text for more in ({}, {"number": "144"})}
    assert len(texts) == 1
    (other,) = format_references([{**law, "title": "Tools Act", "number": "1689"}], style)
    assert "Tools Act, No. 1689" in other.text
    assert "Pub. L." not in other.text + texts.pop()


def test_a_public_law_keeps_its_name() -> None:
    law = {"id": "a", "type": "legislation", "title": "Infrastructure Act", "number": "117-58", "jurisdiction": "US"}
    for style in STYLES:
        assert "Pub. L. No. 117-58" in format_references([law], style)[0].text


@pytest.mark.parametrize("style", STYLES)
def test_an_order_names_docket_and_court_once(style: str) -> None:
    order = {
        "id": "a",
        "type": "legal_case",
        "title": "Kay v. Lee, Inc., No. 23-cv-00770-RFL, Order Granting Certification",
        "author": [{"literal": DISTRICT}],
        "issued": {"date-parts": [[2025, 5, 16]]},
        "authority": "N.D. Cal.",
        "number": "23-cv-00770 (N.D. Cal.)",
    }
    (printed,) = format_references([order], style)
    assert printed.text.count("23-cv-00770") == printed.text.count("N.D. Cal.") == printed.text.count("2025") == 1
    assert "May 16, 2025" in printed.text
    assert DISTRICT not in printed.text


def test_two_orders_of_one_case_differ_by_their_day_too() -> None:
    order = {"id": "a", "type": "legal_case", "title": "Kay v. Lee", "authority": "N.D. Cal.", "number": "23-cv-00770"}
    days = [{**order, "id": str(day), "issued": {"date-parts": [[2025, 5, day]]}} for day in (16, 17)]
    for style in STYLES:
        texts = [
            reference.text.removeprefix(f"[{n}] ") for n, reference in enumerate(format_references(days, style), 1)
        ]
        assert len({re_numbered.lstrip("12. ") for re_numbered in texts}) == 2
