"""A document with several nanopublications, each by itself."""

from __future__ import annotations

from collections import defaultdict

from evidencekb.rdf.nano.rules import NANOPUBLICATION, PARTS, TYPE
from evidencekb.rdf.nano.statements import Document, Statement, Value


def several(document: Document) -> tuple[Document, ...]:
    """The document, or its nanopublications when it declares several that share no graph.

    What stands in a graph that none of them names goes to the one before it, where it is a fault.
    """
    heads = list(
        dict.fromkeys(s[:2] for s in document.statements if s.predicate == TYPE and s.object == NANOPUBLICATION)
    )
    if len(heads) < 2:
        return (document,)
    named: dict[tuple[object, object], set[Value]] = defaultdict(set)
    for s in document.statements:
        if s.predicate in PARTS.values():
            named[s[:2]].add(s.object)
    owners: dict[object, int] = {}
    for number, (graph, subject) in enumerate(heads):
        graphs = {graph, *named[graph, subject]}
        if graph is None or not owners.keys().isdisjoint(graphs):
            return (document,)
        owners |= dict.fromkeys(graphs, number)
    held: list[list[Statement]] = [[] for _ in heads]
    last = 0
    for s in document.statements:
        last = owners.get(s.graph, last)
        held[last].append(s)
    return tuple(Document(statements, document.prefixes, document.graphs) for statements in held)
