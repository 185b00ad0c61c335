"""JSON-LD of answers: schema.org's own terms where it allows them, and no text that the page does not print."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from rdflib import SDO

import evidencekb as ekb
from tests.packs import TODAY
from tests.records import base_records, record, write_records
from tests.schemaorg import ABOVE, PROPERTIES, classes, faults


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    """The base records, with a vendor's source that has an author, a DOI and a retraction."""
    folder, records = tmp_path_factory.mktemp("jsonld"), base_records()
    audit = record(records, "sources", "audit2024")
    audit |= {"authors": [{"family": "Doe", "given": "Jane"}], "doi": "10.5555/a<b>", "published_on": "2024-03"}
    audit |= {"vendor": "vendor", "vendor_reason": "It sells the score."}
    ekb.build(write_records(folder / "pack", records), folder / "pack.ekb", today=TODAY)
    with ekb.load(folder / "pack.ekb") as held:
        yield held


def graph_of(answer: Any) -> dict[str, Any]:
    """JSON-LD as data: each node by its @id."""
    return {node["@id"]: node for node in json.loads(answer.to_jsonld())["@graph"]}


def test_our_table_knows_only_terms_that_schema_org_has() -> None:
    for term in (*ABOVE, *ABOVE.values(), *PROPERTIES, *(name for on, _ in PROPERTIES.values() for name in on)):
        assert str(SDO[term]) == f"https://schema.org/{term}"
    assert all("Thing" in classes(name) for name in ABOVE)


def test_our_table_finds_no_fault_where_schema_org_uses_the_same_terms(shared: Path) -> None:
    checked = 0
    for path in sorted((shared / "corpora/06-rdf/schemaorg-examples").glob("*.jsonld")):
        for node in _nodes(json.loads(path.read_text("utf-8"))):
            kind = str(node.get("@type"))
            for name in set(node) & set(PROPERTIES) if kind in ABOVE else ():
                assert set(classes(kind)).intersection(PROPERTIES[name][0]), (path.name, kind, name)
                checked += 1
    assert checked > 20


def _nodes(held: Any) -> Iterator[dict[str, Any]]:
    if isinstance(held, dict):
        yield held
    for inner in held.values() if isinstance(held, dict) else held if isinstance(held, list) else ():
        yield from _nodes(inner)


@pytest.mark.parametrize(
    ("node", "fault"),
    [
        ({"@type": "Claim", "acceptedAnswer": {"@type": "Answer"}}, "acceptedAnswer does not stand on a Claim"),
        ({"@type": "Claim", "vendor": "yes"}, "vendor is no property of schema.org that we know"),
        ({"@type": "Finding"}, "Finding is no class of schema.org that we know"),
        ({"@type": "Claim", "author": "Doe"}, "author holds 'Doe'"),
        ({"@type": "Claim", "hasPart": {"@id": "#gone"}}, "hasPart names #gone, which is not there"),
        ({"@type": "WebPage", "author": {"@type": "Claim"}}, "author holds a Claim"),
    ],
)
def test_what_schema_org_does_not_allow_is_found(node: dict[str, Any], fault: str) -> None:
    graph = {"@context": {"@vocab": "https://schema.org/"}, "@graph": [{"@id": "#a", **node}]}
    assert list(faults(graph)) == [fault]


def test_every_kind_of_answer_uses_terms_as_schema_org_allows(kb: ekb.KnowledgeBase) -> None:
    answers: list[Any] = [
        *ekb.briefs(kb, [{"role": "recruiter"}, {"cohort": "applicants"}]),
        *(ekb.finding_card(kb, id) for id in kb.ids("finding")),
        *(ekb.claim_card(kb, id) for id in kb.ids("claim")),
        *(ekb.untraced_card(kb, id) for id in kb.ids("untraced")),
    ]
    for answer in answers:
        assert list(faults(json.loads(answer.to_jsonld()))) == [], answer.ref


def test_a_brief_has_a_page_with_questions_an_article_its_findings_and_the_data(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, cohort="applicants")
    graph = graph_of(page)
    assert graph["#page"]["@type"] == ("FAQPage" if page.faq else "WebPage")
    assert graph["#article"]["isBasedOn"] == {"@id": "#data"}
    assert {part["@id"] for part in graph["#article"]["hasPart"]} == {f"#finding-{card.ref.id}" for card in page.cards}
    data = graph["#data"]
    assert (data["@type"], data["identifier"], data["dateModified"]) == ("Dataset", kb.digest, kb.built_on)
    assert 50 <= len(data["description"]) <= 5_000


def test_a_figure_is_a_claim_with_its_flag_that_appears_in_its_source(kb: ekb.KnowledgeBase) -> None:
    graph = graph_of(ekb.finding_card(kb, "audit-2024-replies"))
    assert graph["#page"]["mainEntity"] == {"@id": "#finding-audit-2024-replies"}
    finding = graph["#finding-audit-2024-replies"]
    assert "vendor" in finding["keywords"]
    figures = [graph[part["@id"]] for part in finding["hasPart"]]
    assert figures
    for figure in figures:
        assert figure["@type"] == "Claim"
        assert "name" not in figure
        assert "VENDOR" in figure["text"]
        assert figure["appearance"] == figure["citation"] == {"@id": "#ref-audit2024"}


def test_a_source_has_its_authors_as_printed_its_doi_and_an_iso_date(kb: ekb.KnowledgeBase) -> None:
    source = graph_of(ekb.finding_card(kb, "audit-2024-replies"))["#ref-audit2024"]
    assert source["author"] == [{"@type": "Person", "name": "Doe J", "familyName": "Doe"}]
    assert source["identifier"] == "doi:10.5555/a<b>"
    assert source["sameAs"] == "https://doi.org/10.5555/a%3Cb%3E"
    assert source["datePublished"] == "2024-03"
    assert source["keywords"] == ["vendor"]


def test_a_withdrawn_finding_says_so_in_its_claim() -> None:
    with ekb.load() as kb:
        finding = graph_of(ekb.finding_card(kb, "toner-rodgers-2024-disavowed"))[
            "#finding-toner-rodgers-2024-disavowed"
        ]
    assert "The source was disavowed; its figures no longer stand." in finding["description"]


def test_what_speaks_against_a_claim_is_no_base_of_it() -> None:
    with ekb.load() as kb:
        cards = [ekb.claim_card(kb, id) for id in kb.ids("claim")]
    disputed = [card for card in cards if any(support.stance == "disputes" for support in card.supports)]
    assert disputed
    for card in disputed:
        graph = graph_of(card)
        based = {part["@id"] for part in graph[f"#claim-{card.ref.id}"].get("isBasedOn", ())}
        against = [support for support in card.supports if support.stance == "disputes"]
        assert {f"#finding-{s.card.ref.id}" for s in against} <= {part["@id"] for part in graph["#page"]["hasPart"]}
        assert not based & {f"#figure-{figure.id.replace('#', '/')}" for s in against for figure in s.figures}


def test_nothing_is_cited_for_a_claim_without_a_source(kb: ekb.KnowledgeBase) -> None:
    graph = graph_of(ekb.untraced_card(kb, "score-doubles-replies"))
    assert set(graph) == {"#page", "#untraced-score-doubles-replies"}
    assert set(graph["#untraced-score-doubles-replies"]) == {"@type", "@id", "name"}
