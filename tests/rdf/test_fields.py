"""Each field of each model is a statement of its own, with a predicate of its own, and comes back."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.model import KINDS, Manifest, Record
from evidencekb.rdf import quads
from evidencekb.rdf.emitting import Emitters
from evidencekb.rdf.guarding import Iri, guarded_quads
from evidencekb.rdf.nodes import Nodes
from evidencekb.rdf.terms import PREFIXES, TYPE, Field, all_fields, classes, fields, models
from tests.rdf.filled import filled

BASE = "https://example.org/"
EVERY: dict[str, type[Record]] = {**KINDS, "pack": Manifest}


def lines_of(kind: str, data: dict[str, Any], often: int = 30) -> str:
    emitters = Emitters(BASE, often=often)
    emit = emitters.manifest if kind == "pack" else emitters.kinds[kind]
    lines: list[str] = []
    for _ in range(2):  # the second is written by what was compiled for the first, with often=1
        lines.clear()
        emit(f"{BASE}{kind}/x", data, lines.append)
    return "".join(lines)


@pytest.mark.parametrize("kind", EVERY)
def test_a_record_with_all_fields_comes_back_from_its_statements(kind: str) -> None:
    model = EVERY[kind]
    data = model.model_validate(filled(model)).model_dump(mode="json", by_alias=True, exclude_none=True)
    nodes = Nodes("a.nq", BASE, guarded_quads(lines_of(kind, data), "nquads"))
    assert nodes.record(Iri(f"{BASE}{kind}/x"), model) == data
    assert list(nodes.rest()) == []


@pytest.mark.parametrize("kind", EVERY)
def test_what_is_compiled_writes_the_same_lines(kind: str) -> None:
    data = EVERY[kind].model_validate(filled(EVERY[kind])).model_dump(mode="json", by_alias=True, exclude_none=True)
    assert lines_of(kind, data, often=1) == lines_of(kind, data, often=1_000)


def test_every_field_of_every_model_is_reached_by_its_predicate() -> None:
    found: Counter[tuple[str, str]] = Counter()
    for kind, model in EVERY.items():
        data = model.model_validate(filled(model)).model_dump(mode="json", by_alias=True, exclude_none=True)
        found += _by_class(lines_of(kind, data))
        if kind == "source":  # a person has a name of one form or the other
            data["authors"] = [{"literal": "A body"}]
            found += _by_class(lines_of(kind, data))
    asked = {(field.model, field.name): (classes(field.model)[0], field.predicate) for field in all_fields()}
    assert [name for name, query in asked.items() if not found[query]] == []
    assert len(asked) > 230


def test_two_fields_of_a_model_never_share_a_predicate() -> None:
    for model in models():
        predicates = Counter(field.predicate for field in fields(model).values())
        assert max(predicates.values()) == 1, model


def test_a_predicate_leads_to_texts_or_to_nodes_never_to_both() -> None:
    nodes = ("record", "names", "reference", "estimate", "term")
    leads: dict[str, set[bool]] = {}
    for field in all_fields():
        leads.setdefault(field.predicate, set()).add(field.holds in nodes)
    assert [predicate for predicate, held in leads.items() if len(held) > 1] == []


def test_the_shipped_pack_holds_a_statement_for_each_value_of_each_field() -> None:
    """Counts what stands in the stored records, field by field, and asks the statements for as many."""
    wanted: Counter[tuple[str, str]] = Counter()
    with ekb.load() as kb:
        for kind, model in KINDS.items():
            for id in kb.ids(kind):
                _count(model, kb.record(kind, id), wanted)
        lines = "".join(f"<{s}> <{p}> {o} .\n" for s, p, o, _ in quads(kb, derived=False))
    found = _by_class(lines)
    assert {key: found[key] for key in wanted} == dict(wanted)


def _count(model: type[Record], data: dict[str, Any], counts: Counter[tuple[str, str]]) -> None:
    for key, field in fields(model).items():
        if key not in data:
            if field.default_said:
                counts[classes(model.__name__)[0], field.predicate] += 1
            continue
        value = data[key]
        counts[classes(model.__name__)[0], field.predicate] += _values(field, value)
        if field.inside is not None:
            for item in value if field.many else [value]:
                _count(field.inside, item, counts)


def _values(field: Field, value: Any) -> int:
    if field.holds == "names" or field.inside is not None:
        return len(value) if field.many or field.holds == "names" else 1
    return len(set(value)) if field.many else 1


def _by_class(lines: str) -> Counter[tuple[str, str]]:
    """How many statements there are by the classes of their subject and their predicate."""
    held = list(guarded_quads(lines, "nquads"))
    types: dict[str, list[str]] = {}
    for one in held:
        if one.predicate == TYPE:
            types.setdefault(one.subject, []).append(str(one.object))
    return Counter((name, str(one.predicate)) for one in held for name in types[one.subject])


def test_no_borrowed_predicate_makes_its_subject_what_it_is_not() -> None:
    """BIBO says of these that their subjects are documents, and issues of a journal."""
    used = {field.predicate for field in all_fields() if field.model != "Source"}
    assert not [predicate for predicate in used if predicate.startswith(PREFIXES["bibo"])]
    assert f"{PREFIXES['bibo']}issue" not in {field.predicate for field in all_fields()}
