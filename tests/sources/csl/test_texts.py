from __future__ import annotations

import pytest

from evidencekb.sources.csl.casing import cased
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, QuoteMarks, Span, parse, plain, settle
from evidencekb.sources.csl.writing import HtmlWriter, MarkdownWriter, TextWriter

AMERICAN = QuoteMarks(holds_punctuation=True)
BRITISH = QuoteMarks()


def html(text: str, marks: QuoteMarks = BRITISH) -> str:
    return HtmlWriter().write(settle(parse(text), marks))


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("<i>E. coli</i>", "<i>E. coli</i>"),
        ("a <b>b", "a &#60;b&#62;b"),
        ("a</i>b", "a&#60;/i&#62;b"),
        ("x < y & z", "x &#60; y &#38; z"),
        ('say "yes"', "say “yes”"),
        ("\"a 'b' c\"", "“a ‘b’ c”"),  # noqa: RUF001 - quotation marks
        ("don't", "don’t"),
        ("the '90s", "the ’90s"),
        ("workers' rights", "workers’ rights"),
        ('5" pipe', '5" pipe'),
        ("“a “b” c”", "“a ‘b’ c”"),  # noqa: RUF001 - quotation marks
        ('("<i>T</i>")', "(“<i>T</i>”)"),
        ("<i>a <i>b</i></i>", '<i>a <span style="font-style:normal;">b</span></i>'),
        ('<span class="nocase">x</span>', "x"),
        ("R²", "R<sup>2</sup>"),
    ],
)
def test_inline_markup_and_quotation_marks_are_read(given: str, expected: str) -> None:
    assert html(given) == expected


@pytest.mark.timeout(60)
def test_tags_without_end_are_read_in_one_go() -> None:
    text = "<i>" * 3000 + "\"'" * 3000
    assert plain(parse(text)).startswith("<i><i>")


def suffixed(text: str, suffix: str) -> Pieces:
    return [*parse(text), Leaf(suffix, soft=True)]


@pytest.mark.parametrize(
    ("pieces", "american", "british"),
    [
        (suffixed("Inc.", ". Next"), "Inc. Next", "Inc. Next"),
        (suffixed("What?", ". Next"), "What? Next", "What? Next"),
        (suffixed("What?", ", next"), "What?, next", "What?, next"),
        (suffixed('"End"', ". Next"), "“End.” Next", "“End”. Next"),
        (suffixed('"End"', ", next"), "“End,” next", "“End”, next"),
        (suffixed('"End"', "; next"), "“End”; next", "“End”; next"),
        (suffixed('"Inc."', ". Next"), "“Inc.” Next", "“Inc.” Next"),
        (suffixed("a ", " b"), "a b", "a b"),
        (suffixed("Wait...", ", b"), "Wait..., b", "Wait..., b"),
    ],
)
def test_marks_that_meet_agree(pieces: Pieces, american: str, british: str) -> None:
    again = [Leaf(leaf.text, leaf.soft) if isinstance(leaf, Leaf) else leaf for leaf in pieces]
    copy = [
        Span(piece.mark, [Leaf(plain(piece.kids))], piece.flips) if isinstance(piece, Span) else piece
        for piece in again
    ]
    assert TextWriter().write(settle(pieces, AMERICAN)) == american
    assert TextWriter().write(settle(copy, BRITISH)) == british


def test_a_full_stop_inside_a_title_is_left_alone() -> None:
    assert TextWriter().write(settle(parse("A.. b,, c"), AMERICAN)) == "A.. b,, c"


@pytest.mark.parametrize(
    ("case", "given", "expected"),
    [
        ("title", "the measure of work: an audit", "The Measure of Work: An Audit"),
        ("title", "over-educated and out-of-work", "Over-Educated and Out-of-Work"),
        ("title", "Mata v. Avianca, Inc.", "Mata v. Avianca, Inc."),
        ("title", "mihaly v the association", "Mihaly v The Association"),
        ("title", "kay v. lee, inc., et al., consent decree", "Kay v. Lee, Inc., et al., Consent Decree"),
        ("title", "Kay v. Lee, Et Al.", "Kay v. Lee, et al."),
        ("title", "kay v. lee, no. 23-cv-00770-RFL, order", "Kay v. Lee, No. 23-cv-00770-RFL, Order"),
        ("title", "an order in cv-23-00770 and 1:14-cv-663", "An Order in cv-23-00770 and 1:14-cv-663"),
        ("title", "gpt-4 and the covid-19 wave", "Gpt-4 and the Covid-19 Wave"),
        ("title", "on Simone de Beauvoir and Jan van der Berg", "On Simone de Beauvoir and Jan van der Berg"),
        ("title", "the legacy of la Rochefoucauld", "The Legacy of la Rochefoucauld"),
        ("title", "les mots et les choses: le monde", "Les Mots Et Les Choses: Le Monde"),
        ("title", "what GPT-4 and arXiv are for", "What GPT-4 and arXiv Are For"),
        ("title", "a thread in r/webdev", "A Thread in r/Webdev".replace("r/Webdev", "r/Webdev")),
        ("title", "HIRING IN THE STATES", "Hiring in the States"),
        ("sentence", "The Measure of GPT Work", "The measure of GPT work"),
        ("capitalize-first", "arXiv:2303.1", "arXiv:2303.1"),
        ("capitalize-first", "working paper", "Working paper"),
        ("capitalize-all", "working paper", "Working Paper"),
        ("lowercase", "Court <span class='nocase'>", "court <span class='nocase'>"),
        ("uppercase", "straße", "STRASSE"),
        ("title", 'the <span class="nocase">iPad mini</span> of work', "The iPad mini of Work"),
    ],
)
def test_capitals(case: str, given: str, expected: str) -> None:
    assert plain(cased(parse(given), case)).replace("’", "'") == expected


def test_title_case_is_english() -> None:
    assert plain(cased(parse("die arbeit der zukunft"), "title", english=False)) == "die arbeit der zukunft"


def test_emphasis_in_markdown_has_no_space_inside_its_stars() -> None:
    assert MarkdownWriter().write([Span(Mark.ITALIC, [Leaf(" a ")])]) == "*a*"
    assert MarkdownWriter().write([Leaf("x"), Span(Mark.ITALIC, [Leaf(" a ")]), Leaf("y")]) == "x *a* y"
