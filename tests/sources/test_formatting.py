from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.answers import Formatted
from evidencekb.errors import EvidenceError, FormatError, QuestionError, StyleError
from evidencekb.sources.csl import elements
from evidencekb.sources.formatting import (
    STYLES,
    Style,
    cite_figure,
    format_references,
    load_style,
)
from evidencekb.sources.kinds import CSL_OF_KIND
from evidencekb.vocab import SourceKind
from tests.sources.works import WORKS

GOLDEN = Path(__file__).parent / "golden"

ARTICLE = WORKS["journal_article"]
CASE = WORKS["legal_decision"]


def one(item: dict[str, Any], style: str | Style = "apa", **options: str) -> Formatted:
    (reference,) = format_references([item], style, **options)
    return reference


def golden(style: str) -> list[tuple[str, ...]]:
    text = (GOLDEN / f"{style}.txt").read_text(encoding="utf-8")
    return [tuple(block.splitlines()) for block in text.strip().split("\n\n")]


@pytest.mark.parametrize("style", STYLES)
def test_each_kind_of_source_prints_as_the_styles_manual_has_it(style: str) -> None:
    printed = format_references(list(WORKS.values()), style)
    assert [(f.id, f.text, f.html, f.markdown, f.short) for f in printed] == golden(style)


def test_there_is_a_work_of_each_kind() -> None:
    assert WORKS.keys() == {*SourceKind, "chapter"}
    for kind, (type_, _) in CSL_OF_KIND.items():
        assert WORKS[kind]["type"] == type_


def test_a_case_keeps_its_title_number_and_court_in_every_style() -> None:
    for style in STYLES:
        text = one(CASE, style).text
        assert "Rivera v. Northport Staffing, Inc., No. 22-cv-01461" in text
        assert "S.D.N.Y." in text
        assert "2023" in text


def test_references_stand_in_the_order_given_and_are_numbered_by_it() -> None:
    items = [{**ARTICLE, "id": id} for id in ("z", "a", "m")]
    printed = format_references(items, "ieee")
    assert [(f.id, f.short) for f in printed] == [("z", "[1]"), ("a", "[2]"), ("m", "[3]")]
    assert [f.text[:4] for f in printed] == ["[1] ", "[2] ", "[3] "]


def test_letters_after_years_follow_the_styles_order_not_the_order_given() -> None:
    second = {**ARTICLE, "id": "second", "title": "Zebra"}
    first = {**ARTICLE, "id": "first", "title": "Aardvark"}
    printed = {f.id: f for f in format_references([second, first], "apa")}
    assert printed["first"].short == "(Okafor et al., 2021a)"
    assert "(2021b)" in printed["second"].text


def test_items_that_need_no_letter_have_none() -> None:
    other = {**ARTICLE, "id": "other", "issued": {"date-parts": [[2020]]}}
    assert [f.short for f in format_references([ARTICLE, other], "apa")] == [
        "(Okafor et al., 2021)",
        "(Okafor et al., 2020)",
    ]


def test_a_list_that_goes_on_prints_et_al_and_no_person_called_others() -> None:
    item = {**ARTICLE, "author": [{"family": "Okafor", "given": "Ada"}, {"literal": "others"}]}
    for style in STYLES:
        text = one(item, style).text
        assert "others" not in text
        assert "et al." in text
    assert one(item).short == "(Okafor et al., 2021)"


def test_nobody_but_others_is_no_author() -> None:
    item = {**ARTICLE, "author": [{"literal": "others"}]}
    assert one(item).text.startswith("Structured interviews")


def test_markup_of_a_title_is_kept_in_html_and_gone_from_text() -> None:
    item = {**ARTICLE, "title": "Growth of <i>E. coli</i> in H<sub>2</sub>O & p < 0.05"}
    reference = one(item)
    assert "Growth of E. coli in H2O & p < 0.05." in reference.text
    assert "Growth of <i>E. coli</i> in H<sub>2</sub>O &#38; p &#60; 0.05." in reference.html
    assert r"Growth of *E. coli* in H<sub>2</sub>O \& p \< 0.05." in reference.markdown


def test_italics_in_an_italic_title_are_upright() -> None:
    book = {**WORKS["book"], "title": "The <i>Mata</i> case"}
    assert '<i>The <span style="font-style:normal;">Mata</span> case</i>' in one(book).html


def test_an_address_that_is_no_web_address_is_no_link() -> None:
    item = {**WORKS["web_page"], "URL": 'javascript:alert("x")'}
    assert "href" not in one(item).html
    assert "](" not in one(item).markdown


def test_a_link_cannot_leave_its_attribute() -> None:
    item = {**WORKS["web_page"], "URL": 'https://example.org/"onclick="x'}
    assert 'href="https://example.org/%22onclick=%22x"' in one(item).html


def test_a_number_at_the_start_is_no_list_in_markdown() -> None:
    assert one(ARTICLE, "nature").markdown.startswith(r"1\. Okafor")


def test_words_between_are_those_of_the_language() -> None:
    text = one(WORKS["web_page"], "chicago-author-date", locale="de-DE").text
    assert text.startswith("ScreenWell. o. J. „How our score is made“. Zugegriffen 20. November 2026.")


def test_the_year_that_ieee_leaves_out_of_a_press_release_is_put_back() -> None:
    assert "Feb. 05, 2024" in one(WORKS["press_release"], "ieee").text


def test_a_preprint_keeps_a_way_to_it() -> None:
    assert "https://arxiv.org/abs/2503.01234" in one(WORKS["preprint"], "vancouver").text


def test_a_published_style_of_somebody_elses_is_opened_by_its_path(tmp_path: Path) -> None:
    path = tmp_path / "short.csl"
    path.write_text(STYLE, encoding="utf-8")
    assert one({**ARTICLE, "DOI": ""}, str(path)).text == "Okafor, van Dijk, Lindqvist 2021"
    assert one(ARTICLE, str(path)).text == "Okafor, van Dijk, Lindqvist 2021. https://doi.org/10.5555/jhr.2021.014"
    assert load_style(path).title == "Short"


STYLE = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>Short</title></info>
<citation><layout><text variable="citation-number"/></layout></citation>
<bibliography><layout><group delimiter=" "><names variable="author"><name form="short"/></names>
<date variable="issued"><date-part name="year"/></date></group></layout></bibliography></style>"""


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("<style", "not well-formed XML"),
        ("<!DOCTYPE x [<!ENTITY a 'b'>]><style/>", "DOCTYPE"),
        ("<html/>", "its root is 'html'"),
        (STYLE.replace("<layout>", "<out>", 1).replace("</layout>", "</out>", 1), "no 'citation' with a 'layout'"),
        (re.sub("<bibliography>.*</bibliography>", "", STYLE, flags=re.DOTALL), "no 'bibliography'"),
        (STYLE.replace('variable="citation-number"', 'macro="gone"'), "calls a macro 'gone'"),
        (STYLE.replace("<text ", "<texte "), "element 'texte'"),
        (
            '<style xmlns="http://purl.org/net/xbiblio/csl"><info><link rel="independent-parent" href="http://x/apa"/></info></style>',
            "use 'http://x/apa'",
        ),
    ],
)
def test_a_style_that_cannot_be_used_says_why(tmp_path: Path, content: str, message: str) -> None:
    path = tmp_path / "bad.csl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StyleError, match=message) as caught:
        load_style(path)
    assert str(path) in str(caught.value)


def test_a_macro_that_calls_itself_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "loop.csl"
    macro = '<macro name="a"><text macro="a"/></macro><citation>'
    path.write_text(
        STYLE.replace("<citation>", macro).replace('variable="citation-number"', 'macro="a"'), encoding="utf-8"
    )
    with pytest.raises(StyleError, match="macro 'a' calls itself"):
        load_style(path)


def nested(innermost: str, times: int = 12, calls: int = 10, before: str = "") -> str:
    """A style of macros, each of which calls the next several times."""
    macros = "".join(f'<macro name="m{n}">{f"""<text macro="m{n + 1}"/>""" * calls}</macro>' for n in range(times))
    innermost = f'<macro name="m{times}">{innermost}</macro>'
    text = " ".join(STYLE.split()).replace("<citation>", before + macros + innermost + "<citation>")
    return re.sub("(<bibliography><layout>).*(</layout>)", r'\1<text macro="m0"/>\2', text)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "content",
    [
        nested('<text variable="title"/>'),
        nested('<text variable="ISBN"/>'),
        nested('<names variable="author"/>'),
        nested('<names variable="editor"><substitute><text variable="title"/></substitute></names>'),
        nested(f'<choose><if type="{"map " * 400}"><text value="x"/></if></choose>'),
        nested(f'<text value="{"x" * 2_000}" prefix="{"y" * 2_000}"/>', times=4),
        nested(
            '<text term="ibid"/>', before=f'<locale><terms><term name="ibid">{"x" * 900_000}</term></terms></locale>'
        ),
        nested('<date variable="issued">' + '<date-part name="year"/>' * 30_000 + "</date>", times=2),
    ],
)
def test_a_style_that_prints_without_end_is_stopped(tmp_path: Path, content: str) -> None:
    path = tmp_path / "hostile.csl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StyleError, match=r"prints more than 50,000 elements for one reference") as caught:
        load_style(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("style", STYLES)
def test_the_styles_that_ship_are_far_from_the_limits(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "MOST", elements.MOST // 100)
    monkeypatch.setattr(elements, "DEEPEST", 30)
    assert len(format_references(list(WORKS.values()), style)) == len(WORKS)


@pytest.mark.timeout(20)
def test_a_style_that_has_no_end_for_some_items_alone_is_stopped_when_it_prints_one(tmp_path: Path) -> None:
    path = tmp_path / "hostile.csl"
    ends = '<text variable="title"/></if></choose>'
    content = nested('<text variable="title"/>').replace(
        '<layout><text macro="m0"/>',
        f'<layout><choose><if type="book">{ends}<choose><if type="legal_case"><text macro="m0"/></if></choose>',
    )
    path.write_text(content, encoding="utf-8")
    style = load_style(path)
    assert one(WORKS["book"], style).text == "The measure of work"
    with pytest.raises(StyleError, match=r"prints more than 50,000 elements"):
        one(CASE, style)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    "content",
    [
        nested('<text value="x"/>', times=3_000, calls=1),
        nested("<group>" * 50 + '<text variable="title"/>' + "</group>" * 50, times=30, calls=1),
        nested(
            "<names><substitute>" * 50 + '<text variable="title"/>' + "</substitute></names>" * 50, times=30, calls=1
        ),
        nested('<text value="x"/>', times=3_000, calls=1).replace(
            '<bibliography><layout><text macro="m0"/>',
            "<bibliography><layout>" + "".join(f'<text macro="m{n}"/>' for n in range(3_000, -1, -50)),
        ),
    ],
)
def test_a_style_nested_too_deep_is_stopped(tmp_path: Path, content: str) -> None:
    path = tmp_path / "deep.csl"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(StyleError, match="nested more than"):
        load_style(path)


def test_a_style_with_an_endless_prefix_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csl"
    path.write_text(nested(f'<text variable="title" prefix="{"y" * 2_001}"/>', times=2), encoding="utf-8")
    with pytest.raises(StyleError, match="'prefix' in it has 2,001 letters"):
        load_style(path)


@pytest.mark.parametrize("name", ["harvard", "/nowhere/x.csl"])
def test_a_style_that_is_not_there_names_those_that_are_or_the_reason(name: str) -> None:
    with pytest.raises(StyleError, match=r"apa, chicago-author-date, ieee|No such file"):
        load_style(name)


def test_a_language_that_nobody_knows_is_refused() -> None:
    with pytest.raises(StyleError, match="language 'xx-XX'"):
        one(ARTICLE, locale="xx-XX")


@pytest.mark.parametrize(
    ("items", "message"),
    [
        ([{"type": "book"}], "number 1 of the list"),
        ([ARTICLE, ARTICLE], "same id"),
        ([{"id": "bare", "type": "article-journal"}], "'bare'.*has nothing: add a title"),
        ([{**ARTICLE, "title": "x" * 20_001}], "its title has 20,001 letters"),
        ([{**ARTICLE, "author": [{"family": "x" * 501}]}], "a name in its author has 501 letters"),
    ],
)
def test_an_item_that_cannot_be_printed_is_an_error_naming_style_and_item(
    items: list[dict[str, Any]], message: str
) -> None:
    with pytest.raises(FormatError, match=message) as caught:
        format_references(items, "apa")
    assert caught.value.style == "apa"


class Tags(HTMLParser):
    """Fails on an element or attribute that a reference may not have, and on one that is not closed."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.words = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in {"i", "b", "sup", "sub", "span", "a"}
        assert {name for name, _ in attrs} <= {"href", "style"}
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


WORDS = st.text(alphabet=st.sampled_from("aZ é\"'<>i/&.,:;!?*_[]()-–\u2019\u201cß中\n1"), max_size=30)
NAMES = st.lists(
    st.fixed_dictionaries({}, optional={"family": WORDS, "given": WORDS, "literal": WORDS, "suffix": WORDS}), max_size=4
)
DATES = st.one_of(
    st.builds(lambda parts: {"date-parts": [parts]}, st.lists(st.integers(-3000, 3000), max_size=4)),
    st.builds(lambda text: {"raw": text}, WORDS),
    st.builds(lambda text: {"literal": text}, WORDS),
    st.just({"date-parts": [[2020], [2021]], "circa": True}),
)
ITEMS = st.fixed_dictionaries(
    {"id": st.text(alphabet="abc", min_size=1), "type": st.sampled_from([item["type"] for item in WORKS.values()])},
    optional={
        "title": WORDS, "author": NAMES, "editor": NAMES, "issued": DATES, "accessed": DATES, "container-title": WORDS,
        "publisher": WORDS, "volume": WORDS, "page": WORDS, "number": WORDS, "genre": WORDS, "URL": WORDS, "DOI": WORDS,
        "authority": WORDS, "edition": WORDS, "language": WORDS, "note": WORDS, "title-short": st.none(),
    },
)  # fmt: skip


@given(st.lists(ITEMS, min_size=1, max_size=4, unique_by=lambda item: item["id"]), st.sampled_from(STYLES))
def test_any_items_print_as_closed_escaped_html_with_the_same_words_or_are_refused(
    items: list[dict[str, Any]], style: str
) -> None:
    try:
        printed = format_references(items, style)
    except EvidenceError:
        return
    for reference in printed:
        tags = Tags()
        tags.feed(reference.html)
        tags.close()
        assert not tags.open
        # Superscripts of Unicode are raised letters in HTML; the alphabet has none.
        assert " ".join(tags.words.split()) == reference.text
        assert "\n" not in reference.text + reference.short


def test_a_figure_is_cited_by_its_producer_first_and_the_pack_second() -> None:
    text = one(ARTICLE).text
    cited = cite_figure(text, "evidencekb", "1.2.0", "https://example.org/figure", "2026-11-25")
    assert cited.startswith(
        text + " As held in evidencekb, version 1.2.0, https://example.org/figure (seen 2026-11-25)."
    )


@pytest.mark.parametrize(("reference", "seen"), [(" ", "2026-11-25"), ("A.", "yesterday")])
def test_a_figure_needs_a_producer_and_a_day(reference: str, seen: str) -> None:
    with pytest.raises(ValueError, match=r"producer|isoformat"):
        cite_figure(reference, "evidencekb", "1.0.0", None, seen)


@pytest.mark.parametrize("address", ["javascript:alert(1)", "ftp://example.org", "https://", "https://a.org/ b"])
def test_a_figure_is_seen_at_an_address_that_a_reader_can_open(address: str) -> None:
    with pytest.raises(QuestionError, match="where a figure can be seen: '"):
        cite_figure("A.", "evidencekb", "1.0.0", address, "2026-11-25")


def test_a_reference_s_number_does_not_pass_for_its_year() -> None:
    release = {**WORKS["press_release"], "id": "release", "issued": {"date-parts": [[12]]}}
    others = [{**ARTICLE, "id": f"other-{number}"} for number in range(11)]
    (*_, twelfth) = format_references([*others, release], "ieee")
    assert twelfth.text.removeprefix("[12] ") == one(release, "ieee").text.removeprefix("[1] ")


def test_a_style_of_labels_has_them_in_text_and_list(tmp_path: Path) -> None:
    path = tmp_path / "labels.csl"
    label = '<text variable="citation-label"/>'
    text = STYLE.replace('<text variable="citation-number"/>', label).replace(
        '<group delimiter=" ">', f'<group delimiter=" ">{label}'
    )
    path.write_text(text, encoding="utf-8")
    printed = one({**ARTICLE, "DOI": ""}, str(path))
    assert (printed.short, printed.text) == ("OkDL21", "OkDL21 Okafor, van Dijk, Lindqvist 2021")


def test_a_style_in_another_encoding_hides_no_doctype(tmp_path: Path) -> None:
    style = tmp_path / "hidden.csl"
    style.write_bytes(f'<!DOCTYPE style [<!ENTITY a "x">]>{STYLE}'.encode("utf-16"))
    with pytest.raises(StyleError, match="not UTF-8"):
        load_style(style)


def test_numeric_entities_of_a_style_are_characters(tmp_path: Path) -> None:
    style = """<style xmlns="http://purl.org/net/xbiblio/csl" class="in-text" version="1.0"><info><title>E</title></info>
    <citation><layout><text variable="title"/></layout></citation>
    <bibliography><layout><text variable="title" suffix="&amp;#8211;"/><text variable="volume"/></layout></bibliography>
    </style>"""
    (tmp_path / "e.csl").write_text(style)
    (printed,) = format_references([{"id": "a", "type": "book", "title": "T & U", "volume": "3"}], tmp_path / "e.csl")
    assert printed.text == "T & U–3"
