"""The document of our own terms says what every term that is written means."""

from __future__ import annotations

import pytest

import evidencekb as ekb
from evidencekb.rdf import derived, guarded_quads, quads, terms, vocabulary
from evidencekb.rdf.guarding import Iri, Lexical
from evidencekb.rdf.ontology import BORROWED, vocabularies
from evidencekb.rdf.terms import TYPE, all_fields, classes, iri, models
from evidencekb.vocab import NAMESPACE

OWL = {iri(f"owl:{name}") for name in ("Class", "ObjectProperty", "DatatypeProperty")}


@pytest.fixture(scope="module")
def said() -> dict[str, list[tuple[str, object]]]:
    held: dict[str, list[tuple[str, object]]] = {}
    for found in guarded_quads(vocabulary(), "turtle"):
        held.setdefault(found.subject, []).append((found.predicate, found.object))
    return held


def test_every_term_of_our_own_in_the_shipped_pack_is_described(said: dict[str, list[tuple[str, object]]]) -> None:
    with ekb.load() as kb:
        used = {quad.predicate for quad in quads(kb)} | {quad.object.strip("<>") for quad in quads(kb)}
    assert {term for term in used if term.startswith(NAMESPACE)} - set(said) == set()


def test_every_class_property_and_term_is_described(said: dict[str, list[tuple[str, object]]]) -> None:
    wanted = {field.predicate for field in all_fields()} | derived.PREDICATES | {terms.ORDER, terms.STYLE}
    wanted |= {name for model in models() for name in classes(model.__name__)} | derived.CLASSES
    wanted |= {term.iri for vocabulary in vocabularies() for term in vocabulary}
    assert {term for term in wanted if term.startswith(NAMESPACE)} - set(said) == set()


def test_each_has_a_label_and_says_what_it_means(said: dict[str, list[tuple[str, object]]]) -> None:
    means = {iri("rdfs:comment"), iri("skos:definition")}
    for subject, held in said.items():
        types = {value for predicate, value in held if predicate == TYPE}
        if types & OWL or (iri("skos:Concept") in types and subject.startswith(NAMESPACE)):
            assert any(p in means and isinstance(v, Lexical) and v.text for p, v in held), subject


def test_no_name_is_a_class_and_a_property_or_a_class_twice(said: dict[str, list[tuple[str, object]]]) -> None:
    for subject, held in said.items():
        kinds = [value for predicate, value in held if predicate == TYPE and isinstance(value, Iri) and value in OWL]
        assert len(kinds) <= 1, subject


def test_the_page_says_what_borrowed_predicates_of_the_derived_graph_mean() -> None:
    assert {iri(name) for name in BORROWED} == {p for p in derived.PREDICATES if not p.startswith(NAMESPACE)}
