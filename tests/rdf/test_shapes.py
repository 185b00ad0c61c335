"""The shapes accept sound RDF, refuse what the rules refuse, and two validators say the same."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache

import pytest
from hypothesis import given, settings
from rdflib import RDF, SH, Graph, URIRef
from rdflib.collection import Collection
from rdflib.namespace import Namespace
from rdflib.term import Node
from typer.testing import CliRunner

from evidencekb import KnowledgeBase, load
from evidencekb.cli.app import app
from evidencekb.rdf import nquads, shapes, terms
from evidencekb.rdf.shaping.limits import LEFT
from evidencekb.rdf.shaping.queries import WORKED_OUT, asked
from evidencekb.rdf.shaping.writing import judged_shapes
from evidencekb.report import Severity
from evidencekb.rules import rules
from evidencekb.seeds.packs import BASE, TEXTS
from evidencekb.testing import Pack, packs
from tests.properties.pages import opened
from tests.rdf import planted

EKB = Namespace(terms.PREFIXES["ekb"])
SEVERITIES = {
    str(SH.Violation): Severity.ERROR, str(SH.Warning): Severity.WARNING, str(SH.Info): Severity.NOTE,
}  # fmt: skip


@cache
def core() -> planted.Validator:
    return planted.rust(sparql=False)


@cache
def queries() -> planted.Validator:
    return planted.rust(sparql=True)


@cache
def example() -> str:
    """A sound pack of made-up records that has every kind of record in it."""
    return planted.triples_of({BASE: (TEXTS / BASE).read_text(encoding="utf-8")})


@cache
def graphs() -> tuple[Graph, Graph]:
    core, queries = (Graph().parse(data=shapes(sparql=sparql), format="turtle") for sparql in (False, True))
    return core, queries


@pytest.fixture(scope="module")
def kb() -> Iterator[KnowledgeBase]:
    with load() as kb:
        yield kb


def triples_of(kb: KnowledgeBase) -> str:
    """A pack as N-Triples, both graphs as one."""
    return re.sub(r" <[^<>]*> \.$", " .", "".join(nquads(kb)), flags=re.MULTILINE)


def names(found: planted.Found) -> set[str]:
    return {name for name, _, severity in found if severity == "Violation"}


def test_both_validators_accept_a_sound_pack() -> None:
    assert names(core()(example()) | queries()(example())) == set()
    assert names(planted.pyshacl(sparql=False)(example())) == set()


def test_the_shipped_pack_is_accepted_with_the_warnings_of_the_rules(kb: KnowledgeBase) -> None:
    triples = triples_of(kb)
    found = core()(triples) | queries()(triples)
    told = {name[:6] for name, _, _ in found}
    assert names(found) == set()
    expressed = {"EKB105", "EKB108", "EKB206", "EKB210"}
    ours = [v for v in kb.report if v.waived is None and v.code in expressed]
    assert told == {v.code for v in ours}
    assert len(found) == len(ours)


@settings(max_examples=max(5, settings().max_examples // 10))
@given(packs(findings=(0, 4)))
def test_any_sound_pack_is_accepted(pack: Pack) -> None:
    with opened(pack) as kb:
        triples = triples_of(kb)
    assert names(core()(triples) | queries()(triples)) == set()


def test_without_what_is_worked_out_the_records_are_enough() -> None:
    triples = planted.triples_of({BASE: (TEXTS / BASE).read_text(encoding="utf-8")}, derived=False)
    assert "hadPrimarySource" not in triples
    assert "EKB101-reach-4" in names(core()(triples))
    without = shapes(derived=False)
    assert "prov:hadPrimarySource" not in without
    import shacl

    report = shacl.Shapes.from_turtle(without).validate_text(triples, format="ntriples")
    assert [result for result in report.results if result.severity == "Violation"] == []


CHANGES: dict[str, tuple[Callable[[str], str], str]] = {
    "a flag that is no flag": (
        lambda text: text.replace("ns#VendorFlag-independent>", "ns#VendorFlag-fine>", 1), "Source-vendor"),
    "two flags": (
        lambda text: re.sub(
            r"(<\S+> <\S+ns#vendor> )<\S+independent> \.", rf"\g<0>\n\1<{EKB}VendorFlag-vendor> .", text, count=1),
        "Source-vendor"),
    "a text where a number belongs": (
        lambda text: re.sub(r'"9"\^\^<\S+integer>', '"nine"', text, count=1), "Estimate-value"),
    "a primary source that the citations do not name": (
        lambda text: re.sub(
            r"(<\S+finding/course-trial> <http://www.w3.org/ns/prov#hadPrimarySource> )<\S+>",
            r"\1<urn:evidencekb:seed:source/daily2024>", text, count=1),
        "EKB101-reach-5"),
    "a finding whose citations are gone": (
        lambda text: re.sub(r"<\S+finding/course-trial> <\S+ns#citations> .*\n", "", text), "EKB101-reach"),
    "a finding that is not called one": (
        lambda text: re.sub(r"<\S+finding/course-trial> <\S+#type> <\S+ns#Finding> \.\n", "", text), "Finding-typed"),
    "a source that is not called one": (
        lambda text: re.sub(r"<\S+source/\S+> <\S+#type> <\S+ns#Source> \.\n", "", text, count=1), "Source-typed"),
    "a word of ours that does not exist": (
        lambda text: text.replace("ns#vendorReason>", "ns#vendorRaeson>", 1), "EKB502-Manifest-sparql"),
    "a day that no month has": (
        lambda text: re.sub(r'(<\S+datePublished> )"[^"]*"', r'\1"2024-02-30"', text, count=1), "Source-published_on"),
}  # fmt: skip


@pytest.mark.parametrize("what", CHANGES)
def test_rdf_that_others_wrote_wrong_is_refused(what: str) -> None:
    change, shape = CHANGES[what]
    broken = change(example())
    assert broken != example()
    assert shape in names(core()(broken) | queries()(broken)), what


@pytest.mark.parametrize("code", sorted({row["rule"] for row in planted.written().values()}))
def test_the_seeds_of_a_rule_are_found_as_the_page_says(code: str) -> None:
    """One defect and one near miss of each rule; all are tried by ``python -m tests.rdf.planted``."""
    first: dict[bool, int] = {}
    for at, (each, _) in enumerate(planted.pairs()):
        if each.rule == code:
            first.setdefault(each.seed.caught is not None, at)
    for at in first.values():
        each, pair = planted.pairs()[at]
        found = planted.tried(each, pair, (core(), queries()))
        written = planted.written()[code, each.seed.seed]
        message = "measure anew: PYTHONPATH=src python -m tests.rdf.planted && nox -s docs-pages"
        assert list(found.found) == written["shacl"], message


def test_both_validators_say_the_same_of_seeds() -> None:
    """pySHACL is slow, so here it tries three defects, each of another kind; the page tells of more."""
    mine = planted.pyshacl(sparql=False)
    for code in ("EKB101", "EKB301", "EKB402"):
        pair = next(pair for each, pair in planted.pairs() if each.rule == code and each.seed.base)
        changed = planted.triples_of(pair.changed)
        assert mine(changed) == core()(changed)
        assert {name[:6] for name, _, _ in mine(changed)} >= {code}


def test_the_file_of_results_is_about_the_seeds_that_there_are() -> None:
    assert list(planted.written()) == [(each.rule, each.seed.seed) for each, _ in planted.pairs()]


def test_the_two_validators_differ_on_no_seed_that_both_tried() -> None:
    both = [row for row in planted.written().values() if "pyshacl" in row]
    assert {row["rule"] for row in both} == set(rules())
    for row in both:
        asked_of_both = [name for name in row["shacl"] if row["sparql"] or "-sparql" not in name]
        assert row["pyshacl"] == asked_of_both, row["seed"]


def test_no_near_miss_is_refused() -> None:
    refused = {key: row["shacl"] for key, row in planted.written().items() if not row["broken"] and row["shacl"]}
    allowed = {(each.rule, each.seed.seed): each.seed.but for each, _ in planted.pairs() if each.seed.but}
    assert {key for key in refused if not all(name[3:6] in allowed.get(key, ()) for name in refused[key])} == set()


def test_every_shape_names_a_rule_and_says_what_to_do() -> None:
    for graph in graphs():
        for shape in {*graph.subjects(RDF.type, SH.NodeShape), *graph.subjects(RDF.type, SH.PropertyShape)}:
            if (shape, SH.property, None) in graph and (shape, EKB.rule, None) not in graph:
                continue  # the shape of a class, which only holds those of its fields
            code = str(graph.value(shape, EKB.rule))
            query = graph.value(shape, SH.sparql)
            message = str(graph.value(shape if query is None else query, SH.message))
            assert code in rules(), shape
            assert re.match(rf"{code}: .{{10,}}", message), shape


def test_a_shape_is_as_severe_as_its_rule() -> None:
    graph = graphs()[0]
    for each in judged_shapes():
        shape = URIRef(f"https://w3id.org/evidencekb/shapes#{each.rule}-{each.variant}")
        rule = rules()[each.rule]
        if (shape, SH.severity, None) in graph:
            assert SEVERITIES[str(graph.value(shape, SH.severity))] is rule.severities.get(each.variant, rule.severity)


def test_every_class_and_every_field_has_a_shape() -> None:
    graph = graphs()[0]
    targets = {str(target) for target in graph.objects(None, SH.targetClass)}
    assert targets >= {terms.classes(model.__name__)[0] for model in terms.models()}
    paths = {str(path) for path in graph.objects(None, SH.path)}
    assert paths >= {field.predicate for field in terms.all_fields() if field.sealed}


def test_a_rule_has_shapes_or_a_reason_why_not() -> None:
    shaped = {each.rule for each in judged_shapes()} | {each.rule for each in asked()}
    assert set(rules()) - shaped - set(LEFT) == set()
    assert set(LEFT) <= set(rules())


def test_no_pattern_needs_more_than_all_validators_know() -> None:
    """Looking ahead and behind, and classes by their Unicode name, are not in every regular expression."""
    found = [str(text) for graph in graphs() for text in graph.objects(None, SH.pattern)]
    assert found
    assert [text for text in found if re.search(r"\(\?|\\p", text)] == []


def test_the_list_of_what_is_worked_out_is_that_of_an_export(kb: KnowledgeBase) -> None:
    own = {iri.removeprefix(EKB) for iri in re.findall(rf"^\S+ <({EKB}\w+)> ", "".join(nquads(kb)), flags=re.MULTILINE)}
    fields = {field.predicate.removeprefix(EKB) for field in terms.all_fields()}
    assert own - fields <= set(WORKED_OUT)


def depth(graph: Graph, path: Node) -> int:
    """How many steps pySHACL takes on a path; a place in a list is a step."""
    if isinstance(path, URIRef):
        return -1
    inside = {SH.inversePath, SH.zeroOrMorePath, SH.oneOrMorePath}
    if (path, RDF.first, None) in graph:
        return max(at + max(0, 1 + depth(graph, item)) for at, item in enumerate(Collection(graph, path)))
    if (several := graph.value(path, SH.alternativePath)) is not None:
        return max(max(0, 1 + depth(graph, item)) for item in Collection(graph, several))
    return max(0, 1 + depth(graph, next(held for step, held in graph.predicate_objects(path) if step in inside)))


def test_no_path_is_longer_than_pyshacl_walks() -> None:
    graph = graphs()[0]
    assert max(depth(graph, path) for path in graph.objects(None, SH.path)) <= 9


def test_the_command_prints_what_the_function_gives() -> None:
    for arguments, sparql in (((), False), (("--as", "sparql"), True)):
        result = CliRunner().invoke(app, ["export", "shapes", *arguments])
        assert result.exit_code == 0
        assert result.stdout == shapes(sparql=sparql)
