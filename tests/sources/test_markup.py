"""Titles and abstracts of services."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.markup import inline, paragraphs, plain_text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TiO<sub>2</sub> <b>now</b>", "TiO<sub>2</sub> <b>now</b>"),
        ("<jats:italic toggle='yes'>E. coli</jats:italic>", "<i>E. coli</i>"),
        ("<u>a</u> <unknown>b</unknown>", "a <unknown>b</unknown>"),
        ("<jats:whatever>a</jats:whatever>", "a"),
        ("a </i> b <b>c", "a b c"),
        ("<i>a <b>b</i> c</b>", "<i>a b</i> c"),
        ("<i></i>x<i> </i>", "x"),
        ("x <y and z> w", "x <y and z> w"),
        ("<a few words>", "<a few words>"),
        ("R&amp;D &amp;lt;i&amp;gt;now&amp;lt;/i&amp;gt;", "R&D <i>now</i>"),
        ("&nosuch; &#x2019;", "&nosuch; \N{RIGHT SINGLE QUOTATION MARK}"),
        ("A<br/>B", "A B"),
        ("<mml:math><mml:mfrac><mml:mn>1</mml:mn><mml:mn>2</mml:mn></mml:mfrac></mml:math>", "1/2"),
        ("<math><msqrt><mi>x</mi></msqrt><annotation>\\sqrt{x}</annotation></math>", "√x"),
        (
            "<mml:math>\n <mml:msubsup>\n <mml:mi>T</mml:mi>\n <mml:mi>c</mml:mi><mml:mn>2</mml:mn></mml:msubsup></mml:math>",
            "T<sub>c</sub><sup>2</sup>",
        ),
    ],
)
def test_titles(text: str, expected: str) -> None:
    assert inline(text) == expected
    assert inline(expected) == expected


@given(st.text(alphabet="<>/ibsupm:ath&;gt ", max_size=60))
def test_tags_that_are_left_come_in_pairs(text: str) -> None:
    for name in ("i", "b", "sup", "sub"):
        found = inline(text)
        assert found.count(f"<{name}>") <= found.count(f"</{name}>") or f"</{name}>" in text.replace(" ", "")


def test_what_nests_without_end_is_still_read() -> None:
    assert plain_text("<i>" * 5000 + "deep" + "</i>" * 5000) == "deep"
    assert paragraphs("<p>" * 5000 + "deep") == "deep"
