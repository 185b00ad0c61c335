"""Answers as JSON-LD of schema.org terms, as one string that is safe inside a script element.

A number never stands alone in it: each figure is a ``Claim`` whose text carries the flags, with its source as ``citation``. Every
text in it is one that a page prints from the same answer: nothing is said to machines that readers do not see.

References:
    schema.org: WebPage, FAQPage, Article, Claim, Question, Answer, Dataset, ScholarlyArticle, Report, DefinedTerm.
    JSON-LD 1.1, section 7 (embedding in HTML).
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from urllib.parse import quote

from evidencekb.answers.base import Json
from evidencekb.answers.cards import Card, ClaimCard, Support, UntracedCard
from evidencekb.answers.figures import Figure
from evidencekb.answers.pages import Brief
from evidencekb.answers.records import Answer, Caveat, FaqItem, Ref, Reference

CONTEXT = {"@vocab": "https://schema.org/"}
"""Stands in the text itself: nothing is fetched by who reads it."""
WORK_TYPES = {
    "journal_article": "ScholarlyArticle",
    "conference_paper": "ScholarlyArticle",
    "preprint": "ScholarlyArticle",
    "working_paper": "Report",
    "book": "Book",
    "thesis": "Thesis",
    "report": "Report",
    "official_statistics": "Report",
    "legislation": "Legislation",
    "dataset": "Dataset",
    "press_release": "WebPage",
    "news_article": "NewsArticle",
    "blog_post": "BlogPosting",
    "web_page": "WebPage",
}
"""Classes of schema.org by kind of source; it has none for decisions and filings of courts, which are a ``CreativeWork``."""
_KINDS = {"role": "Occupation"}  # a Product without an offer is an error to those who read products from pages
_UNSAFE = {"<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029"}
_SAID = frozenset({"stop", "warning"})
_ENDS = (", ", " (", ". ")


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
    """A brief: the page with its questions, the article with a claim for each finding, the data it rests on, and its sources."""
    claims = {ref.id: ref for answer in page.answers for ref in _told(answer)}
    parts = [*map(_finding_id, page.cards), *(_id("claim", id) for id in claims)]
    dated = {"dateModified": page.stamp["built_on"]}
    web: Json = {
        "@type": "FAQPage" if page.faq else "WebPage",
        "@id": "#page",
        "name": page.title,
        "description": page.summary,
        "hasPart": {"@id": "#article"},
        **dated,
    }
    if page.faq:
        web["mainEntity"] = [_question(item) for item in page.faq]
    article: Json = {
        "@type": "Article",
        "@id": "#article",
        "headline": page.title,
        "abstract": page.summary,
        "about": [_thing(ref) for ref in page.question.asked.values()],
        "isPartOf": {"@id": "#page"},
        "isBasedOn": {"@id": "#data"},
        "hasPart": [{"@id": id} for id in parts],
        "citation": _cited(page.references),
        **dated,
    }
    data: Json = {
        "@type": "Dataset",
        "@id": "#data",
        "name": f"{page.stamp['pack']} pack {page.stamp['version']}",
        "description": page.stamp_text,
        "version": page.stamp["version"],
        "identifier": page.stamp["digest"],
        **dated,
    }
    named = [_claim(_id("claim", id), name=ref.label) for id, ref in claims.items()]
    return _graph([
        web, article, data, *map(_finding, page.cards), *named,
        *map(_figure, page.figures.values()), *map(source_node, page.references),
    ])  # fmt: skip


def card_jsonld(card: Card) -> str:
    """A finding: its title and statement as a claim, with each figure as a part, and its sources."""
    claim = {**_finding(card), "text": card.statement}
    return _graph([_about(claim, card.title), claim, *map(_figure, card.figures), *map(source_node, card.references)])


def claim_jsonld(card: ClaimCard) -> str:
    """A claim, based on what speaks for it; what speaks against it stands beside it, as parts of the page."""
    figures = {figure.id: figure for support in card.supports for figure in support.figures}.values()
    claim = _claim(
        _id("claim", card.ref.id),
        name=card.title,
        text=card.text,
        keywords=list(card.badges),
        description=_limits(card.caveats),
        about=[_thing(ref) for ref in card.about],
        isBasedOn=[{"@id": id} for support in card.supports if support.stance == "supports" for id in _rests(support)],
        citation=_cited(card.references),
    )
    shown = {figure.id for figure in figures}
    findings = {support.card.ref.id: _finding(support.card, shown) for support in card.supports}.values()
    page = _about(claim, card.title)
    page["hasPart"] = [{"@id": finding["@id"]} for finding in findings]
    return _graph([page, claim, *findings, *map(_figure, figures), *map(source_node, card.references)])


def untraced_jsonld(card: UntracedCard) -> str:
    """A claim in circulation, as a page about it; nothing is cited for it, and it is not rated."""
    claim = _claim(_id("untraced", card.ref.id), name=card.title)
    page = _about(claim, card.title)
    page["description"] = card.text
    page["about"] = [{"@id": claim["@id"]}, *(_thing(ref) for ref in card.about)]
    return _graph([page, claim])


def _graph(nodes: list[Json]) -> str:
    return scripted({"@context": CONTEXT, "@graph": nodes})


def _id(kind: str, name: str) -> str:
    """The address of a record on its page, the same on every page that has it; a fragment holds no second #."""
    return f"#{kind}-" + quote(name, safe="/:")


def _finding_id(card: Card) -> str:
    return _id("finding", card.ref.id)


def _figure_id(figure: Figure) -> str:
    return _id("figure", f"{figure.finding}/{figure.estimate}")


def _source_id(key: str) -> str:
    return _id("ref", key)


def _about(claim: Json, title: str) -> Json:
    """A page that is about one claim."""
    return {"@type": "WebPage", "@id": "#page", "name": title, "mainEntity": {"@id": claim["@id"]}}


def _thing(ref: Ref) -> Json:
    return {"@type": _KINDS.get(ref.kind, "DefinedTerm"), "name": ref.label, "identifier": ref.id}


def _question(item: FaqItem) -> Json:
    answer: Json = {"@type": "Answer", "text": item.answer}
    if item.references:
        answer["citation"] = _cited(item.references)
    return {"@type": "Question", "name": item.question, "acceptedAnswer": answer}


def _told(answer: Answer) -> Iterator[Ref]:
    """Claims of the pack that the answer prints."""
    yield from (ref for ref in answer.claims if ref.label in answer.text)


def _claim(id: str, **said: object) -> Json:
    """A claim, without what is empty."""
    return {"@type": "Claim", "@id": id, **{name: value for name, value in said.items() if value}}


def _finding(card: Card, shown: set[str] | None = None) -> Json:
    """A finding: its title with its badges and limits; its figures are parts, and its statement stands in for them."""
    figures = [figure for figure in card.figures if shown is None or figure.id in shown]
    return _claim(
        _finding_id(card),
        name=card.title,
        text="" if figures else card.statement,
        keywords=list(card.badges),
        description=_limits(card.caveats),
        citation=_cited(card.references),
        hasPart=[{"@id": _figure_id(figure)} for figure in figures],
    )


def _rests(support: Support) -> list[str]:
    """The figures that a claim rests on, or the finding where it rests on none: another figure of it may speak against it."""
    return [_figure_id(figure) for figure in support.figures] or [_finding_id(support.card)]


def _limits(caveats: Iterable[Caveat]) -> list[str]:
    return list(dict.fromkeys(caveat.text for caveat in caveats if caveat.severity in _SAID))


def _figure(figure: Figure) -> Json:
    """A figure has no name: the number alone is not to be read apart from its flags."""
    source = {"@id": _source_id(figure.cite["key"])}
    return _claim(_figure_id(figure), text=figure.line, appearance=source, citation=source)


def _cited(references: Iterable[Reference]) -> list[Json]:
    return [{"@id": _source_id(reference.key)} for reference in references]


def source_node(reference: Reference) -> Json:
    """A source, with what its printed reference says of it."""
    csl, text = reference.csl, reference.text
    title = csl.get("title")
    node: Json = {
        "@type": WORK_TYPES.get(reference.kind, "CreativeWork"),
        "@id": _source_id(reference.key),
        "name": title if title and title in text else text,
        "description": text,
        "keywords": list(reference.flags),
        "author": list(_authors(csl.get("author", ()), text)),
        "url": reference.url,
    }
    if doi := csl.get("DOI"):
        node["identifier"] = f"doi:{doi}"
        node["sameAs"] = doi_address(doi)
    if dated := csl.get("issued", {}).get("date-parts"):
        node["datePublished"] = iso_date(dated[0])
    if (publisher := csl.get("publisher")) and publisher in text:
        node["publisher"] = {"@type": "Organization", "name": publisher}
    if csl["type"] == "article-journal" and (journal := csl.get("container-title")) and journal in text:
        node["isPartOf"] = {"@type": "Periodical", "name": journal}
    return {name: held for name, held in node.items() if held}


def doi_address(doi: str) -> str:
    """The address of a DOI.

    Examples:
        >>> doi_address("10.1002/(SICI)1097<1::AID>3.0")
        'https://doi.org/10.1002/(SICI)1097%3C1::AID%3E3.0'
    """
    return "https://doi.org/" + quote(doi, safe="/:;()._-")


def iso_date(parts: Iterable[int]) -> str:
    """A date of CSL-JSON as ISO 8601 has it.

    Examples:
        >>> iso_date([2023, 7])
        '2023-07'
    """
    year, *rest = parts
    return "-".join([f"{int(year):04d}", *(f"{int(part):02d}" for part in rest)])


def family_name(author: Json) -> str:
    """The family name of a person of CSL-JSON, with the particle that belongs to it.

    Examples:
        >>> family_name({"family": "Berg", "non-dropping-particle": "van den", "given": "Ada"})
        'van den Berg'
    """
    return " ".join(part for part in (author.get("non-dropping-particle"), author.get("family")) if part)


def _authors(authors: Iterable[Json], text: str) -> Iterator[Json]:
    """Authors as the reference prints them, which may be fewer than there are."""
    at = 0
    for author in authors:
        name = author.get("literal") or family_name(author)
        found = text.find(name, at) if name else -1
        if found < 0:
            return
        at = found + len(name)
        if "literal" in author:
            yield {"@type": "Organization", "name": name}
            continue
        end = min((stop for sign in _ENDS if (stop := text.find(sign, at)) >= 0), default=at)
        yield {"@type": "Person", "name": text[found:end].rstrip("."), "familyName": name}
        at = end
