"""Titles and abstracts of services."""

from __future__ import annotations

import time

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
        ("T<subtitle>Sub</subtitle>", "T: Sub"),
        ("Why?<subtitle>Sub</subtitle>", "Why? Sub"),
        ("<subtitle>Sub</subtitle>", "Sub"),
        ("CO<inf>2</inf>", "CO<sub>2</sub>"),
        ("<span class='nocase'>eBay</span> <span lang='en'>now</span>", '<span class="nocase">eBay</span> now'),
        ("<span style='font-variant: small-caps'>ad</span>", '<span style="font-variant:small-caps;">ad</span>'),
        ("<scp>ad</scp>", '<span style="font-variant:small-caps;">ad</span>'),
        ("<i>x<b>y</i>z</b>", "<i>xy</i>z"),
        ("List<String> at x<y", "List<String> at x<y"),
        ("Gro\u202ew\x00th\u200e", "Growth"),
        ("a\ud800b", "a\ufffdb"),
        ("See ?a=1&copy=2", "See ?a=1&copy=2"),
        ("The $E=mc^2$ of $k$ bodies", "The E=mc² of k bodies"),
        ("At $$\\sqrt{s}=13$$ TeV", "At √s=13 TeV"),
        ("$\\alpha_{ij}$", "\N{GREEK SMALL LETTER ALPHA}<sub>ij</sub>"),
        ("$5 to $10 a year", "$5 to $10 a year"),
        ("from $5 to <i>x_2</i>$", "from $5 to <i>x_2</i>$"),
        ("<tex-math>x^{ab}</tex-math>", "x<sup>ab</sup>"),
        ("<alternatives><tex-math>$y^2$</tex-math><mml:math><mml:mi>y</mml:mi></mml:math></alternatives>", "y"),
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


@pytest.mark.parametrize(
    "text", ["</i>" * 50_000, "<i " * 50_000, "$x_" * 50_000, "&amp;" * 50_000, "$1$x_y$b_c" * 20_000]
)
def test_hostile_texts_take_no_long_time(text: str) -> None:
    begun = time.process_time()
    inline(text)
    assert time.process_time() - begun < 5


@given(st.text(alphabet="<>/ibsupm:ath&;gt$_^{}\\ ", max_size=60))
def test_reading_a_title_again_changes_nothing_that_was_settled(text: str) -> None:
    once = inline(inline(inline(inline(text))))
    assert inline(once) == once


@given(st.text(alphabet="<>/ibsupm:ath&;gt ", max_size=60))
def test_tags_that_are_left_come_in_pairs(text: str) -> None:
    for name in ("i", "b", "sup", "sub"):
        found = inline(text)
        assert found.count(f"<{name}>") <= found.count(f"</{name}>") or f"</{name}>" in text.replace(" ", "")


def test_what_nests_without_end_is_still_read() -> None:
    assert plain_text("<i>" * 5000 + "deep" + "</i>" * 5000) == "deep"
    assert paragraphs("<p>" * 5000 + "deep") == "deep"
