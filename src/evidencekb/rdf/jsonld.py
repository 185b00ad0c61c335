"""Lines of N-Quads as JSON-LD: a context that stands in the file itself, and one object for each subject."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.rdf.terms import BOOLEAN, INTEGER, PREFIXES, TYPE
from evidencekb.rdf.turtle import compact, nodes


def context(base: str) -> dict[str, str]:
    """The prefixes; without one that the IRIs of the pack begin with, which would be taken for it.

    Examples:
        >>> context("https://example.org/")["prov"], "prov" in context("prov:data/")
        ('http://www.w3.org/ns/prov#', False)
    """
    scheme = base.partition(":")[0]
    return {prefix: namespace for prefix, namespace in PREFIXES.items() if prefix != scheme}


def jsonld_texts(base: str, graphs: Mapping[str, Iterator[str]]) -> Iterator[str]:
    """The graphs as one JSON-LD document.

    Args:
        base: What the pack's IRIs begin with.
        graphs: Blocks of N-Quads by the IRI of their graph.
    """
    prefixes = context(base)
    yield f'{{"@context": {json.dumps(prefixes, indent=1)},\n"@graph": ['
    between = "\n"
    for graph, blocks in graphs.items():
        start = f'{between}{{"@id": {json.dumps(graph, ensure_ascii=False)}, "@graph": [\n'
        for subject, said in nodes(blocks, graph):
            yield f"{start}{json.dumps(_node(subject, said, prefixes), ensure_ascii=False)}"
            start = ",\n"
        if start == ",\n":
            yield "\n]}"
            between = ",\n"
    yield "\n]}\n"


def _node(subject: str, said: list[tuple[str, str]], prefixes: Mapping[str, str]) -> dict[str, Any]:
    made: dict[str, Any] = {"@id": subject[1:-1]}
    for predicate, held in said:
        if predicate == f"<{TYPE}>":
            made.setdefault("@type", []).append(_name(held[1:-1], prefixes))
        else:
            made.setdefault(_name(predicate[1:-1], prefixes), []).append(_value(held, prefixes))
    return {key: value[0] if isinstance(value, list) and len(value) == 1 else value for key, value in made.items()}


def _name(iri: str, prefixes: Mapping[str, str]) -> str:
    short = compact(iri)
    return short if short is not None and short.partition(":")[0] in prefixes else iri


def _value(held: str, prefixes: Mapping[str, str]) -> Any:
    if held[0] == "<":
        return {"@id": _name(held[1:-1], prefixes)}
    text, quote, type = held.rpartition('"^^<')
    if not quote or held[-1] != ">":
        return json.loads(held)
    iri = type[:-1]
    if iri == INTEGER:
        return int(text[1:])
    if iri == BOOLEAN:
        return text[1:] == "true"
    return {"@value": json.loads(f'{text}"'), "@type": _name(iri, prefixes)}
