"""What is worked out stands in one step's reach: chains, primaries, hierarchies, versions, studies, replications."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.rdf import quads
from evidencekb.rdf.derived import CLASSES, PREDICATES
from evidencekb.rdf.lines import Quad
from evidencekb.rdf.terms import TYPE, iri
from tests.records import base_records, built

Pairs = set[tuple[str, str]]


class Graph:
    """Pairs of subject and object by predicate; IRIs without what all of a pack begin with."""

    def __init__(self, kb: ekb.KnowledgeBase) -> None:
        self.quads: list[Quad] = list(quads(kb))
        base = self.quads[0].subject.removesuffix("pack")
        self.pairs: dict[str, Pairs] = defaultdict(set)
        for subject, predicate, held, graph in self.quads:
            if graph.endswith("derived"):
                self.pairs[predicate].add((subject.removeprefix(base), held.strip("<>").removeprefix(base)))

    def __getitem__(self, name: str) -> Pairs:
        return self.pairs[iri(name)]


@pytest.fixture(scope="module")
def shipped() -> Iterator[tuple[ekb.KnowledgeBase, Graph]]:
    with ekb.load() as kb:
        yield kb, Graph(kb)


def test_every_finding_and_estimate_reaches_the_primaries_that_the_library_names(
    shipped: tuple[ekb.KnowledgeBase, Graph],
) -> None:
    kb, graph = shipped
    wanted = {
        (f"finding/{id}", f"source/{source.replace(':', '%3A').replace('/', '%2F')}")
        for id, source in kb.rows("SELECT finding, source FROM citation WHERE role = 'primary'")
    } | {
        (f"finding/{finding}/estimate/{estimate}", f"source/{source}")
        for finding, estimate, source in kb.rows("SELECT finding, estimate, source FROM carried")
    }
    found = {pair for pair in graph["prov:hadPrimarySource"] if not pair[0].startswith("claim/")}
    assert found == wanted
    assert {one for one, _ in found if one.count("/") == 1} == {f"finding/{id}" for id in kb.ids("finding")}


def test_every_claim_reaches_a_primary_source_whose_flag_is_there(shipped: tuple[ekb.KnowledgeBase, Graph]) -> None:
    kb, graph = shipped
    flagged = [
        quad.subject for quad in graph.quads if quad.predicate == iri("ekb:vendor") and "/source/" in quad.subject
    ]
    assert len(flagged) == len(set(flagged)) == len(kb.ids("source"))
    reached = {claim for claim, _ in graph["prov:hadPrimarySource"] if claim.startswith("claim/")}
    assert reached == {f"claim/{id}" for id in kb.ids("claim")}


def test_the_wider_concepts_and_cohorts_of_a_finding_are_those_of_the_closure(
    shipped: tuple[ekb.KnowledgeBase, Graph],
) -> None:
    kb, graph = shipped
    up = "SELECT f.finding, c.broad FROM {0} f JOIN closure c ON c.kind = '{1}' AND c.narrow = f.{1}"
    assert graph["ekb:cohortWithin"] == {
        (f"finding/{finding}", f"cohort/{broad}") for finding, broad in kb.rows(up.format("finding_cohort", "cohort"))
    }
    found = set().union(*(pairs for name, pairs in graph.pairs.items() if name.endswith("Within")))
    assert found >= {
        (f"finding/{finding}", f"concept/{broad}")
        for finding, broad in kb.rows(up.format("finding_concept", "concept"))
    }


def test_each_predicate_and_class_is_known_to_the_reader(shipped: tuple[ekb.KnowledgeBase, Graph]) -> None:
    _, graph = shipped
    assert set(graph.pairs) - PREDICATES == {TYPE}
    assert {name for _, name in graph.pairs[TYPE]} == CLASSES


def versions(tmp_path: Path, days: Mapping[str, str | None], **more: Any) -> Graph:
    """The graph of a pack with versions of one work."""
    records = base_records()
    source = records["sources"][0]
    for id, day in days.items():
        version = {
            **source,
            "id": id,
            "work": "one",
            "title": f"{source['title']}, {id}",
            "url": f"https://example.org/{id}",
        }
        for name in ("doi", "published_on", "interests"):
            version.pop(name, None)
        records["sources"].append(version | ({"published_on": day} if day else {}) | more.get(id, {}))
    with built(tmp_path, records) as kb:
        return Graph(kb)


def test_versions_form_a_chain_in_which_each_has_one_before_it(tmp_path: Path) -> None:
    days = {"v1": "2020", "v2": "2021-03", "v3": "2022-05-01", "same-day": "2022-05-01", "no-day": None}
    graph = versions(tmp_path, days)
    assert graph["pav:previousVersion"] == {
        ("source/v2", "source/v1"), ("source/v3", "source/v2"), ("source/same-day", "source/v2"),
    }  # fmt: skip
    assert graph["dct:isVersionOf"] >= {(f"source/{id}", "work/one") for id in days}
    assert ("work/one", iri("ekb:Work")) in graph.pairs[TYPE]


def test_a_year_is_not_before_its_months_unless_the_standing_says_so(tmp_path: Path) -> None:
    days = {"some-day": "2021", "june": "2021-06", "later": "2022"}
    graph = versions(tmp_path / "unsaid", days)
    assert graph["pav:previousVersion"] == {("source/later", "source/june")}
    event = {"status": "superseded", "by": "june", "on": "2021-06", "note": "The note of the later version says so."}
    said = {"some-day": {"standing": {"checked_on": "2024-01-02", "events": [event]}}}
    graph = versions(tmp_path / "said", days, **said)
    assert graph["pav:previousVersion"] == {("source/june", "source/some-day"), ("source/later", "source/june")}


def test_a_hop_that_prints_the_figure_is_a_quotation_and_another_a_derivation(tmp_path: Path) -> None:
    with built(tmp_path, base_records()) as kb:
        graph = Graph(kb)
        cited = kb.rows("SELECT finding, source, MAX(lists) FROM citation GROUP BY finding, source")
    for name, lists in (("prov:wasQuotedFrom", 1), ("prov:wasDerivedFrom", 0)):
        wanted = {(f"finding/{finding}", f"source/{source}") for finding, source, found in cited if found == lists}
        assert {pair for pair in graph[name] if pair[0].startswith("finding/")} == wanted


def test_the_pack_names_the_state_of_its_data(shipped: tuple[ekb.KnowledgeBase, Graph]) -> None:
    kb, graph = shipped
    assert graph["ekb:digest"] == {("pack", f'"{kb.digest}"')}
