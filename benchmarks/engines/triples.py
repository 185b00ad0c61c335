"""A pack's JSON Lines as N-Triples, for contenders that read RDF. The time this takes is counted for nobody.

A citation and an estimate are nodes of their own. A hop leads from one citation of a finding to another of the same finding, so
that no contender has to look it up. Ids become IRIs below ``BASE``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

BASE = "https://example.org/ekb/"
TYPE = "<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>"
DECIMAL = "^^<http://www.w3.org/2001/XMLSchema#decimal>"

Fields = dict[str, Any]
Triples = Iterator[tuple[str, str, str]]


def write_triples(folder: Path, out: Path) -> None:
    """Write all records of a pack."""
    makers = {
        "concepts": _concept, "cohorts": _cohort, "definitions": _definition, "sources": _source, "findings": _finding,
    }  # fmt: skip
    with out.open("w", encoding="utf-8", newline="\n") as file:
        for name, maker in makers.items():
            with (folder / f"{name}.jsonl").open("rb") as lines:
                for line in lines:
                    _write(file, maker(json.loads(line)))


def _write(file: TextIO, triples: Triples) -> None:
    file.writelines(f"{subject} {predicate} {target} .\n" for subject, predicate, target in triples)


def iri(kind: str, id: str) -> str:
    """The IRI of a record, as N-Triples write it."""
    return f"<{BASE}{kind}/{id}>"


def term(name: str) -> str:
    """The IRI of a class or property."""
    return f"<{BASE}{name}>"


def local(text: str) -> str:
    """The id in an IRI, with or without brackets; of a citation or an estimate, that of its finding."""
    return text.strip("<>").removeprefix(BASE).split("/")[1]


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)  # the escapes of JSON and of N-Triples agree on what is in these packs


def _fields(node: str, record: Fields, names: tuple[str, ...]) -> Triples:
    for name in names:
        if name in record:
            yield node, term(name), _text(record[name])


def _concept(record: Fields) -> Triples:
    node = iri("concept", record["id"])
    yield node, TYPE, term("Concept")
    yield from _fields(node, record, ("kind", "label"))
    for link in record.get("links", ()):
        yield node, term(link["relation"]), iri("concept", link["to"])


def _cohort(record: Fields) -> Triples:
    node = iri("cohort", record["id"])
    yield node, TYPE, term("Cohort")
    yield from _fields(node, record, ("label", "meaning", "unit"))
    for broad in record.get("broader", ()):
        yield node, term("broader"), iri("cohort", broad)


def _definition(record: Fields) -> Triples:
    node = iri("definition", record["id"])
    yield node, TYPE, term("Definition")
    yield from _fields(node, record, ("procedure",))
    yield node, term("of"), iri("concept", record["of"])


def _source(record: Fields) -> Triples:
    node = iri("source", record["id"])
    yield node, TYPE, term("Source")
    names = (
        "kind", "title", "published_on", "container", "volume", "pages", "doi", "vendor", "vendor_reason",
    )  # fmt: skip
    yield from _fields(node, record, names)


def _finding(record: Fields) -> Triples:
    id = record["id"]
    node = iri("finding", id)
    yield node, TYPE, term("Finding")
    yield from _fields(node, record, ("headline", "statement", "nature", "design"))
    for cohort in record["cohorts"]:
        yield node, term("cohort"), iri("cohort", cohort["cohort"])
    for link in record["about"]:
        yield node, term("about"), iri("concept", link["concept"])
    for estimate in record["estimates"]:
        inner = iri("finding", f"{id}/estimate/{estimate['id']}")
        yield node, term("estimate"), inner
        yield from _estimate(inner, estimate)
    nodes = {c["source"]: iri("finding", f"{id}/citation/{at}") for at, c in enumerate(record["citations"])}
    for citation in record["citations"]:
        inner = nodes[citation["source"]]
        yield node, term("citation"), inner
        yield inner, TYPE, term("Citation")
        yield inner, term("source"), iri("source", citation["source"])
        yield from _fields(inner, citation, ("role", "basis", "locator"))
        if citation.get("taken_from") in nodes:
            yield inner, term("taken_from"), nodes[citation["taken_from"]]


def _estimate(node: str, estimate: Fields) -> Triples:
    yield node, TYPE, term("Estimate")
    yield node, term("outcome"), iri("concept", estimate["outcome"])
    yield node, term("definition"), iri("definition", estimate["definition"])
    yield from _fields(node, estimate, ("measure", "unit", "comparator"))
    numbers = {"value": estimate["value"], **estimate.get("interval", {})}
    for name, number in numbers.items():
        yield node, term(name), f'"{float(number)}"{DECIMAL}'
