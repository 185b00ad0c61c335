"""Answers as JSON-LD of schema.org terms, as one string that is safe inside a script element.

A number never stands alone in it: each figure is a ``Claim`` whose text carries the flags, with its source as ``citation``.

References:
    schema.org: WebPage, FAQPage, Question, Answer, Claim, ScholarlyArticle, Report, DefinedTerm.
    JSON-LD 1.1, section 7 (embedding in HTML).
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from evidencekb.answers.base import Json
from evidencekb.answers.cards import Card, ClaimCard, UntracedCard
from evidencekb.answers.figures import Figure
from evidencekb.answers.pages import Brief
from evidencekb.answers.records import FaqItem, Ref, Reference

_CONTEXT = {"@vocab": "https://schema.org/"}
_TYPES = {
    "journal_article": "ScholarlyArticle",
    "conference_paper": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "working_paper": "ScholarlyArticle",
    "book": "Book",
    "thesis": "Thesis",
    "report": "Report",
    "official_statistics": "Report",
    "legislation": "Legislation",
    "dataset": "Dataset",
    "news_article": "NewsArticle",
    "blog_post": "BlogPosting",
    "web_page": "WebPage",
}
_KINDS = {"role": "Occupation", "product": "Product"}
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}


def scripted(graph: Json) -> str:
    r"""JSON that may stand inside a script element: no sign of it can end the element or the line.

    Examples:
        >>> print(scripted({"name": "</script> & more"}))
        {"name": "\u003c/script\u003e \u0026 more"}
    """
    text = json.dumps(graph, ensure_ascii=False)
    for sign, code in _UNSAFE.items():
        text = text.replace(sign, code)
    return text


def brief_jsonld(page: Brief) -> str:
    """A brief: the page with its questions and answers, each figure as a claim, and its sources."""
    node: Json = {
        "@type": "FAQPage" if page.faq else "WebPage",
        "@id": "#page",
        "name": page.title,
        "description": page.summary,
        "about": [_thing(ref) for ref in page.question.asked.values()],
        "hasPart": [{"@id": _figure_id(figure)} for figure in page.figures.values()],
        "citation": [{"@id": f"#ref-{reference.key}"} for reference in page.references],
        "version": f"{page.stamp['pack']} {page.stamp['version']}",
        "dateModified": page.stamp["built_on"],
    }
    if page.faq:
        node["mainEntity"] = [_question(item) for item in page.faq]
    return _graph([node, *map(_figure, page.figures.values()), *map(_source, page.references)])


def card_jsonld(card: Card) -> str:
    """A finding: its title and statement as a claim, with each figure as a part, and its sources."""
    node: Json = {
        **_claim("#page", card.title, card.statement, (reference.key for reference in card.references)),
        "hasPart": [{"@id": _figure_id(figure)} for figure in card.figures],
    }
    return _graph([node, *map(_figure, card.figures), *map(_source, card.references)])


def claim_jsonld(card: ClaimCard) -> str:
    """A claim with the figures it rests on, and their sources."""
    figures = {figure.id: figure for support in card.supports for figure in support.figures}.values()
    node: Json = {
        **_claim("#page", card.title, card.text, (reference.key for reference in card.references)),
        "about": [_thing(ref) for ref in card.about],
        "hasPart": [{"@id": _figure_id(figure)} for figure in figures],
    }
    return _graph([node, *map(_figure, figures), *map(_source, card.references)])


def untraced_jsonld(card: UntracedCard) -> str:
    """A claim in circulation, as a page about it; nothing is cited for it, and it is not rated."""
    node: Json = {
        "@type": "WebPage",
        "@id": "#page",
        "name": card.title,
        "description": card.text,
        "about": [{"@type": "Claim", "name": card.title}, *(_thing(ref) for ref in card.about)],
    }
    return _graph([node])


def _graph(nodes: list[Json]) -> str:
    return scripted({"@context": _CONTEXT, "@graph": nodes})


def _thing(ref: Ref) -> Json:
    return {"@type": _KINDS.get(ref.kind, "DefinedTerm"), "name": ref.label, "identifier": ref.id}


def _question(item: FaqItem) -> Json:
    answer: Json = {"@type": "Answer", "text": item.answer}
    if item.references:
        answer["citation"] = [{"@id": f"#ref-{reference.key}"} for reference in item.references]
    return {"@type": "Question", "name": item.question, "acceptedAnswer": answer}


def _figure_id(figure: Figure) -> str:
    """A fragment holds no second #."""
    return "#" + figure.id.replace("#", "/")


def _figure(figure: Figure) -> Json:
    return _claim(_figure_id(figure), figure.said, figure.line, (figure.cite["key"],))


def _claim(id: str, name: str, text: str, keys: Iterable[str]) -> Json:
    return {
        "@type": "Claim",
        "@id": id,
        "name": name,
        "text": text,
        "citation": [{"@id": f"#ref-{key}"} for key in keys],
    }


def _source(reference: Reference) -> Json:
    csl = reference.csl
    node: Json = {
        "@type": _TYPES.get(reference.kind, "CreativeWork"),
        "@id": f"#ref-{reference.key}",
        "name": csl.get("title") or reference.label,
        "description": reference.text,
    }
    if authors := [_author(author) for author in csl.get("author", ())]:
        node["author"] = authors
    if reference.url:
        node["url"] = reference.url
    if dated := csl.get("issued", {}).get("date-parts"):
        node["datePublished"] = "-".join(f"{part:02d}" for part in dated[0])
    if doi := csl.get("DOI"):
        node["identifier"] = f"doi:{doi}"
    if csl.get("publisher"):
        node["publisher"] = {"@type": "Organization", "name": csl["publisher"]}
    return node


def _author(author: Json) -> Json:
    if "literal" in author:
        return {"@type": "Organization", "name": author["literal"]}
    person: Json = {"@type": "Person", "familyName": author["family"]}
    if author.get("given"):
        person["givenName"] = author["given"]
    return person
