"""RDF contenders: rdflib with pySHACL, rdflib with SPARQL, the Rust ``shacl``, pyoxigraph with SPARQL."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from benchmarks.engines.measuring import Laps
from benchmarks.engines.packs import Faults, Pack, Question
from benchmarks.engines.shapes import PREFIXES, RULES, RULES_FOR_RDFLIB, SHAPES, question
from benchmarks.engines.triples import BASE, local

VALIDATION = "http://www.w3.org/ns/shacl#"


def _nothing() -> Faults:
    return {code: set() for code in RULES}


def check_pyshacl(pack: Pack, laps: Laps) -> Faults:
    """Parse with rdflib, validate with pySHACL."""
    import pyshacl
    import rdflib

    triples = pack.triples
    with laps("load"):
        data = rdflib.Graph().parse(triples, format="nt")
        shapes = rdflib.Graph().parse(data=SHAPES, format="turtle")
    with laps("rules"):
        _, report, _ = pyshacl.validate(data, shacl_graph=shapes)
        sh = rdflib.Namespace(VALIDATION)
        found = _nothing()
        for result in report.subjects(rdflib.RDF.type, sh.ValidationResult):
            code = _code(str(report.value(result, sh.sourceShape)))
            found[code].add(local(str(report.value(result, sh.focusNode))))
    return found


def _code(shape: str) -> str:
    """The rule of the shape that a result names."""
    return shape.strip("<>").removeprefix(BASE).partition("-")[0]


def check_rdflib(pack: Pack, laps: Laps) -> Faults:
    """Parse with rdflib, one SPARQL query a rule."""
    import rdflib

    triples = pack.triples
    with laps("load"):
        data = rdflib.Graph().parse(triples, format="nt")
    with laps("rules"):
        return {
            code: {local(str(row[0])) for row in data.query(PREFIXES + text)}  # type: ignore[index]
            for code, text in RULES_FOR_RDFLIB.items()
        }


def check_shacl(pack: Pack, laps: Laps) -> Faults:
    """Parse and validate with the Rust ``shacl``: one call, so one lap."""
    import shacl

    triples = pack.triples
    with laps("load and rules"):
        report = shacl.Shapes.from_turtle(SHAPES).validate_file(str(triples))
        found = _nothing()
        for result in report.results:
            found[_code(str(result.root_shape))].add(local(result.focus_node))
    return found


def check_oxigraph(pack: Pack, laps: Laps) -> Faults:
    """Load into pyoxigraph's store in memory, one SPARQL query a rule."""
    import pyoxigraph

    triples = pack.triples
    with laps("load"):
        store = pyoxigraph.Store()
        store.bulk_load(path=str(triples), format=pyoxigraph.RdfFormat.N_TRIPLES)
    with laps("rules"):
        query: Any = store.query
        return {
            code: {local(solution["x"].value) for solution in query(PREFIXES + text)} for code, text in RULES.items()
        }


def _filed(pack: Pack) -> Iterator[tuple[str, str, str | int | bool]]:
    """What the question reads, as triples of IRIs and plain values."""
    for rank, id, vendor, concepts, cohorts in pack.filed():
        finding = f"{BASE}finding/{id}"
        yield finding, f"{BASE}rank", rank
        yield finding, f"{BASE}free", not vendor
        for subject in (*concepts, *cohorts):
            yield finding, f"{BASE}filed", f"{BASE}subject/{subject}"
    for narrow, above in pack.hierarchy().items():
        for broad in above:
            yield f"{BASE}subject/{narrow}", f"{BASE}below", f"{BASE}subject/{broad}"


def _given(asked: Question) -> dict[str, str]:
    return {
        name: f"{BASE}subject/{id}" for name in ("role", "skill", "cohort") if (id := getattr(asked, name)) is not None
    }


def prepare_oxigraph(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """Load what the question reads; each answer is one SELECT with substitutions."""
    import pyoxigraph as ox

    with laps("prepare"):
        store = ox.Store()
        store.bulk_extend(
            ox.Quad(ox.NamedNode(s), ox.NamedNode(p), ox.NamedNode(o) if isinstance(o, str) else ox.Literal(o))
            for s, p, o in _filed(pack)
        )

    query: Any = store.query

    def ask(asked: Question) -> list[str]:
        given = _given(asked)
        values = {ox.Variable(name): ox.NamedNode(iri) for name, iri in given.items()}
        rows = query(PREFIXES + question(tuple(given)), substitutions=values)
        return [local(row["f"].value) for row in rows]

    return ask


def prepare_rdflib(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """Load what the question reads; each answer is one prepared query with bindings."""
    import rdflib
    from rdflib.plugins.sparql import prepareQuery

    with laps("prepare"):
        graph = rdflib.Graph()
        for s, p, o in _filed(pack):
            graph.add(
                (rdflib.URIRef(s), rdflib.URIRef(p), rdflib.URIRef(o) if isinstance(o, str) else rdflib.Literal(o))
            )
    prepared: dict[tuple[str, ...], Any] = {}

    def ask(asked: Question) -> list[str]:
        given = _given(asked)
        shape = tuple(given)
        if shape not in prepared:
            prepared[shape] = prepareQuery(PREFIXES + question(shape))
        bindings = {name: rdflib.URIRef(iri) for name, iri in given.items()}
        return [local(str(row[0])) for row in graph.query(prepared[shape], initBindings=bindings)]  # type: ignore[index]

    return ask
