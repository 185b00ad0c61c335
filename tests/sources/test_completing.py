from __future__ import annotations

from typing import Any

import pytest

from evidencekb.sources.completing import prepared
from evidencekb.sources.formatting import STYLES, format_references

APA = "http://www.zotero.org/styles/apa"


@pytest.mark.parametrize(
    ("item", "changed"),
    [
        ({"type": "legislation", "title": "Act", "number": "117-58"}, {}),
        ({"type": "legislation", "title": "Act", "number": "Local Law 9"}, {"number": None}),
        ({"type": "thesis", "title": "T"}, {"genre": "Thesis"}),
        ({"type": "thesis", "title": "T", "genre": "Doctoral dissertation"}, {}),
        ({"type": "report", "title": "T", "genre": "Official statistics"}, {"genre": None}),
        ({"type": "article", "genre": "Preprint", "number": "arXiv:1"}, {"genre": None, "publisher": "arXiv"}),
        ({"type": "article", "genre": "Preprint", "number": "wp1"}, {}),
        (
            {"type": "article", "custom": {"arxiv": "2303.1"}},
            {"number": "arXiv:2303.1", "URL": "https://arxiv.org/abs/2303.1", "publisher": "arXiv"},
        ),
        ({"type": "report", "author": [{"literal": "World Bank"}], "publisher": "World  bank"}, {"publisher": None}),
        ({"type": "report", "author": [{"literal": "World Bank"}], "publisher": "OECD"}, {}),
    ],
)
def test_an_item_is_made_ready(item: dict[str, Any], changed: dict[str, str | None]) -> None:
    expected = {key: value for key, value in {**item, **changed}.items() if value is not None}
    assert prepared({"id": "a", **item}, APA) == {"id": "a", **expected}


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
