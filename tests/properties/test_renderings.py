"""Pages of made-up packs as plain data, JSON-LD, Markdown and notebook cells: whole, closed and safe."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rdflib import RDF, SDO, Graph, URIRef

import evidencekb as ekb
from evidencekb.testing import Pack, packs
from tests.properties.pages import every_page, opened, singles
from tests.schemaorg import faults

# rdflib 7 uses, inside its parser of JSON-LD, a class of its own that it calls deprecated.
pytestmark = pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated:DeprecationWarning")

SOME = settings(max_examples=settings().max_examples // 10)
FULL = st.one_of(packs(), packs(findings=(3, 6)))

# Plain data


@cache
def validator(record: str) -> Draft202012Validator:
    """What a record of a type must be: one of those that an answer may be, and that one alone."""
    schema = ekb.answer_schema()
    Draft202012Validator.check_schema(schema)
    reference = {"$ref": f"#/$defs/{record}"}
    assert reference in schema["anyOf"], record
    return Draft202012Validator({**reference, "$defs": schema["$defs"]})


def records(kb: ekb.KnowledgeBase, pack: Pack) -> Iterator[Any]:
    """Every record of an answer that stands alone, about everything in a pack."""
    pages = every_page(kb, pack)
    yield from pages
    yield from (answer for page in pages for answer in page.answers)
    yield from (page.question for page in pages)
    findings = [finding["id"] for finding in pack["findings"]]
    claims = [claim["id"] for claim in pack["claims"]]
    untraced = [record["id"] for record in pack["untraced"]]
    yield from (ekb.finding_card(kb, id) for id in findings)
    yield from (ekb.claim_card(kb, id) for id in claims)
    yield from (ekb.untraced_card(kb, id) for id in untraced)
    yield from (ekb.trace(kb, id) for id in (*findings, *claims, *untraced))
    for question in singles(pack):
        yield from ekb.neighbours(kb, *question.values(), limit=99)
    yield ekb.explain(kb, findings)
    yield ekb.vendor_summary(kb)
    yield from ekb.search(kb, "the firms people nothing")


@settings(SOME, max_examples=SOME.max_examples // 2)
@given(FULL)
def test_plain_data_are_what_the_schema_says_and_survive_json(pack: Pack) -> None:
    with opened(pack) as kb:
        for record in records(kb, pack):
            data = record.to_dict()
            problem = next(validator(type(record).__name__).iter_errors(data), None)
            assert problem is None, (type(record).__name__, problem)
            assert json.loads(record.to_json()) == data
            assert json.loads(record.to_json(indent=None)) == data


# JSON-LD

PAGE = "https://pages.example/page"


def linked(text: str) -> Graph:
    """JSON-LD, as a reader of the page sees it."""
    return Graph().parse(data=text, format="json-ld", publicID=PAGE)


def strangers(graph: Graph) -> set[str]:
    """Properties and types that schema.org does not have."""
    used = {*graph.predicates(), *graph.objects(None, RDF.type)} - {RDF.type}
    return {str(term) for term in used if term not in SDO}  # type: ignore[attr-defined]  # a metaclass that says so


def dangling(graph: Graph) -> set[str]:
    """Parts and sources that are named and not there."""
    named = {*graph.objects(None, SDO.hasPart), *graph.objects(None, SDO.citation)}
    return {str(node) for node in named if (node, RDF.type, None) not in graph}


def test_a_term_that_schema_org_does_not_have_is_found() -> None:
    graph = linked(
        '{"@context": {"@vocab": "https://schema.org/"}, "@id": "#a", "@type": "Claim", "nam": "x", "hasPart": {"@id": "#b"}}'
    )
    assert strangers(graph) == {"https://schema.org/nam"}
    assert dangling(graph) == {f"{PAGE}#b"}


@SOME
@given(FULL)
def test_json_ld_is_safe_closed_and_whole(pack: Pack) -> None:
    with opened(pack) as kb:
        cards = [ekb.finding_card(kb, finding["id"]) for finding in pack["findings"]]
        claims = [ekb.claim_card(kb, claim["id"]) for claim in pack["claims"]]
        untraced = [ekb.untraced_card(kb, record["id"]) for record in pack["untraced"]]
        pages = every_page(kb, pack)[::3]
    for text in (record.to_jsonld() for held in (cards, claims, untraced, pages) for record in held):
        assert not re.search("[<>&\u2028\u2029]", text)
        assert list(faults(json.loads(text))) == []
        graph = linked(text)
        assert strangers(graph) == set()
        assert dangling(graph) == set()
    for page in pages:
        _asks_what_the_faq_asks(page, linked(page.to_jsonld()))


def _asks_what_the_faq_asks(page: ekb.Brief, graph: Graph) -> None:
    asked = {
        (str(graph.value(question, SDO.name)), str(graph.value(graph.value(question, SDO.acceptedAnswer), SDO.text)))
        for question in graph.objects(URIRef(f"{PAGE}#page"), SDO.mainEntity)
    }
    assert asked == {(item.question, item.answer) for item in page.faq}
    findings = set(graph.objects(URIRef(f"{PAGE}#article"), SDO.hasPart))
    assert {str(node) for node in findings} >= {f"{PAGE}#finding-{card.ref.id}" for card in page.cards}
    told = {str(graph.value(node, SDO.text)) for node in graph.subjects(SDO.appearance)}
    assert told == {figure.line for figure in page.figures.values()}
    assert all(any(flag in text for text in told) for figure in page.figures.values() for flag in figure.flags)


# Markdown: what a hostile text would become if it were not escaped

HOSTILE = (
    "</script><script>alert(1)</script>", "<b>bold</b>", "either | or", "*starred*", "__strong__ _it_", "`code`", "``` fence",
    "[a](b)", "![a](b)", "<https://a.example>", "1. first", "2) second", "# heading", "- item", "+ item", "> quoted", "---",
    "===", "~~gone~~", "&lt;i&gt;", "&copy; now", "end\\", "a\\*b", "[1]: /url", "\ttabbed", "* starred item", "=== ===",
    "a | b | c", "~~~", "***", "<!-- hidden -->", "| --- | --- |", "10000. many",
)  # fmt: skip
NUMBERED = {"1. first": "1", "2) second": "2", "10000. many": "10000"}
"""Hostile texts with a number that a finding has to carry."""
UNNUMBERED = tuple(text for text in HOSTILE if text not in NUMBERED)
OWN_TEXTS = frozenset({
    "label", "headline", "statement", "text", "thread", "reason", "procedure", "say", "unanswered", "differs", "note", "because",
    "vendor_reason", "name", "title", "publisher", "literal", "group", "comparator", "place", "per", "of", "question", "where",
})  # fmt: skip


@st.composite
def hostile_packs(draw: st.DrawFn) -> Pack:
    """Packs whose texts try to be markup."""
    pack: Pack = draw(packs(findings=(1, 5), labels=st.sampled_from(HOSTILE)))
    for record in (*pack["findings"], *pack["claims"], *pack["untraced"], *pack["exclusions"], *pack["definitions"]):
        for name in OWN_TEXTS & record.keys():
            if name != "of":
                record[name] = draw(st.sampled_from(UNNUMBERED if name == "text" else HOSTILE))
    for finding in pack["findings"]:
        said = {NUMBERED[text] for text in (finding["headline"], finding["statement"]) if text in NUMBERED}
        if said:
            finding["mentions"] = finding.get("mentions", {}) | dict.fromkeys(said, "a number in a text")
    for aspect in pack["aspects"]:
        aspect["unanswered"] = draw(st.sampled_from(HOSTILE))
    for source in pack["sources"]:
        if "title" in source:
            source["title"] = draw(st.sampled_from(HOSTILE))
    return pack


MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])
MARKUP = {"html_block", "html_inline", "code_inline", "code_block", "fence", "image", "hr", "blockquote_open", "s_open"}
HEADINGS = [
    "Closest to the question", "Shown first: what was measured", "Question by question", "Further findings",
    "Context: about something else", "By cohort", "Against each other", "Looked for", "Repeated, not shown",
    "Left out, not weighed", "How it was measured", "References",
]  # fmt: skip


def tokens(text: str) -> list[Token]:
    """All tokens of a Markdown text, those inside lines included."""
    return [token for block in MARKDOWN.parse(text) for token in (block, *(block.children or ()))]


def plain(text: str) -> str:
    """A text as a reader sees it: white space is one blank."""
    return " ".join(text.split())


def seen(found: Iterable[Token]) -> str:
    """What a reader sees of tokens."""
    shown = (t for t in found if t.type != "inline" and not t.type.startswith(("strong", "em_", "link")))
    return plain("".join(t.content if t.type == "text" else " " for t in shown))


def visible(text: str) -> str:
    """What a reader sees of a Markdown text."""
    return seen(tokens(text))


def nothing_became_markup(text: str, addresses: set[str | None]) -> None:
    found = tokens(text)
    assert not {token.type for token in found} & MARKUP
    links = [str(token.attrs["href"]) for token in found if token.type == "link_open"]
    assert len(links) <= len(addresses)
    assert set(links) <= {MARKDOWN.normalizeLink(address) for address in addresses if address}


def shows(text: str, *said: str) -> None:
    shown = visible(text)
    for each in said:
        assert plain(each).rstrip(".") in shown, (each, shown)


def test_what_is_not_escaped_is_found() -> None:
    for text in HOSTILE:
        if plain(text) == visible(f"A {text} b")[2:-2]:
            continue
        with pytest.raises(AssertionError):
            shows(f"A {text} b", text)


@SOME
@given(hostile_packs())
def test_no_text_becomes_markup_on_a_page(pack: Pack) -> None:
    with opened(pack) as kb:
        pages = every_page(kb, pack)[::2]
    for page in pages:
        text = page.to_markdown()
        nothing_became_markup(text, {reference.url for reference in page.references})
        nothing_became_markup(str(page), set())
        shows(text, page.title, page.summary)
        shows(text, *(card.title for card in page.cards), *(c.fit.why for c in page.cards if c.fit))
        shows(text, *(answer.question for answer in page.answers), *(answer.text for answer in page.answers))
        shows(text, *(cluster.cohort.label for cluster in page.cohorts), *(cluster.text for cluster in page.cohorts))
        shows(text, *(conflict.text for conflict in page.conflicts), *(caveat.text for caveat in page.caveats))
        shows(text, *(gap.text for gap in page.gaps if not gap.computed))
        shows(text, *(c.title for c in page.untraced), *(thread.thread for thread in page.exclusions))
        shows(text, *page.definitions.values(), *(reference.text for reference in page.references))
        _has_the_parts_of_a_page(page, text)


def tables(found: list[Token]) -> list[list[list[str]]]:
    """What stands in the cells of each table, by row."""
    held: list[list[list[str]]] = []
    for at, token in enumerate(found):
        if token.type == "table_open":
            held.append([])
        elif token.type == "tr_open":
            held[-1].append([])
        elif token.type in ("th_open", "td_open"):
            held[-1][-1].append(seen(found[at + 1].children or ()))
    return held


def _has_the_parts_of_a_page(page: ekb.Brief, text: str) -> None:
    found = tokens(text)
    headings = [
        seen(found[at + 1].children or ()) for at, token in enumerate(found) if token.tag == "h2" and token.nesting == 1
    ]
    questions = tuple(plain(answer.question) for answer in page.answers)
    fixed = [heading for heading in headings if not (questions and heading.startswith(questions))]
    assert fixed == [heading for heading in HEADINGS if heading in headings]
    assert [token.tag for token in found if token.type == "heading_open" and token.tag != "h2"] == ["h1"]
    assert ("Question by question" in headings) == bool(questions)
    for heading, rows in zip(
        [h for h in headings if h == "Question by question" or h not in fixed], tables(found), strict=True
    ):
        assert {len(row) for row in rows} == {2 if heading == "Question by question" else 4}
        if heading == "Question by question":
            assert [row[0] for row in rows[1:]] == list(questions)
    assert sum(token.type == "ordered_list_open" for token in found) == bool(page.headline)
    listed = [token for token in found if token.type == "list_item_open"]
    assert {token.level for token in listed} <= {1}
    marked = len(page.caveats) + len(page.cards) + len(page.cohorts) + len(page.conflicts)
    marked += len(page.untraced) + len(page.exclusions) + len(page.definitions) + len(page.references)
    marked += sum(not gap.computed for gap in page.gaps)
    assert len(listed) == marked


@SOME
@given(hostile_packs())
def test_no_text_becomes_markup_on_a_single_card(pack: Pack) -> None:
    with opened(pack) as kb:
        for finding in pack["findings"]:
            card = ekb.finding_card(kb, finding["id"])
            text = card.to_markdown()
            nothing_became_markup(text, {reference.url for reference in card.references})
            shows(
                text,
                card.title,
                card.byline,
                *(figure.phrase for figure in card.figures),
                *(c.text for c in card.caveats),
            )
        for record in pack["claims"]:
            claim = ekb.claim_card(kb, record["id"])
            text = claim.to_markdown()
            nothing_became_markup(text, {reference.url for reference in claim.references})
            shows(text, claim.title, claim.text, *(support.note for support in claim.supports))
        for record in pack["untraced"]:
            untraced = ekb.untraced_card(kb, record["id"])
            text = untraced.to_markdown()
            nothing_became_markup(text, set())
            shows(text, untraced.title, untraced.text, *(near.differs for near in untraced.nearest))


# Notebooks

TAGS = frozenset("article section h3 h4 p strong em small code br table tr th td ul ol li details summary a".split())


class Cell(HTMLParser):
    """What a notebook shows: the visible text, and whether tags are known and closed in order."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.parts: list[str] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert tag in TAGS
        assert [name for name, _ in attrs] == (["href"] if tag == "a" else [])
        assert all(value and value.startswith(("https://", "http://")) for _, value in attrs)
        if tag != "br":
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.parts.append(data)

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def handle_decl(self, decl: str) -> None:
        raise AssertionError(f"a declaration: {decl}")

    @property
    def text(self) -> str:
        return plain("".join(self.parts))


def test_a_tag_from_a_record_is_found() -> None:
    for html in ("<p>a <script>b</script></p>", "<p>a <b>b</p>", "<p>a", "<p>a <!-- b --></p>", '<p onclick="x">a</p>'):
        with pytest.raises(AssertionError):
            Cell(html)


@SOME
@given(hostile_packs())
def test_notebooks_show_every_text_as_it_is(pack: Pack) -> None:
    with opened(pack) as kb:
        for page in every_page(kb, pack)[::3]:
            cell = Cell(page._repr_html_())
            told = [page.title, page.summary, *(card.title for card in page.cards), *(a.text for a in page.answers)]
            told += [reference.text for reference in page.references]
            assert [text for text in told if plain(text) not in cell.text] == []
        for finding in pack["findings"]:
            card = ekb.finding_card(kb, finding["id"])
            cell = Cell(card._repr_html_())
            assert [t for t in (card.title, *(c.text for c in card.caveats)) if plain(t) not in cell.text] == []
            for figure in card.figures:
                shown = Cell(figure._repr_html_()).text
                for part in (figure.display, figure.phrase, figure.cite["text"], *figure.flags):
                    assert plain(part) in shown
            trail = ekb.trace(kb, finding["id"])
            assert plain(trail.ref.label) in Cell(trail._repr_html_()).text
        for record in pack["claims"]:
            claim = ekb.claim_card(kb, record["id"])
            assert plain(claim.title) in Cell(claim._repr_html_()).text
            assert plain(claim.title) in Cell(ekb.trace(kb, record["id"])._repr_html_()).text
        for record in pack["untraced"]:
            untraced = ekb.untraced_card(kb, record["id"])
            assert plain(untraced.text) in Cell(untraced._repr_html_()).text
