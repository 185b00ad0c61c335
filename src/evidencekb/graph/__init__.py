"""The typed graph of a pack, from rows. The only code that imports networkx.

Nodes are ``(kind, id)``; edges point towards the evidence: claim → finding → citation's source → source it was taken from.
Every reference of a record is an edge, but for what a relay credits in words (``names``): that is no step of the evidence.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable

import networkx

Node = tuple[str, str]
_RELATIONS = {
    "supports": "rests_on",
    "citations": "cites",
    "cohorts": "about_cohort",
    "about": "about",
    "estimates": "measures",
    "definitions": "defined_by",
    "products": "uses",
    "legal": "decided_by",
    "interests": "tied_to",
    "broader": "broader",
    "bears_on": "bears_on",
    "nearest": "near",
}
_OWN_NAMES = frozenset(
    {"sells", "part_of", "advocates", "overlaps", "disjoint", "of", "source", "asserted_by", "affects"}
)
_LABELS = (
    "SELECT 'finding', id, headline FROM finding",
    "SELECT 'source', source, json_extract(body, '$.label') FROM listed",
    "SELECT 'concept', id, label FROM concept",
    "SELECT 'cohort', id, label FROM cohort",
    "SELECT 'organization', id, name FROM organization",
    "SELECT kind, id, headline FROM words",
)


def graph_of(connection: sqlite3.Connection, bylines: Iterable[tuple[str, str]] = ()) -> networkx.MultiDiGraph[Node]:
    """The graph of an opened sealed file.

    Args:
        connection: The file.
        bylines: Key and byline of each source, of a file that stores no references.

    Returns:
        Nodes ``(kind, id)`` with ``kind``, ``id`` and ``label``; edges with ``relation`` (such as ``"rests_on"`` or
        ``"supersedes"``) and ``path``, the field that holds the reference. ``taken_from`` edges run between sources and
        name their ``finding``.
    """
    graph: networkx.MultiDiGraph[Node] = networkx.MultiDiGraph()
    stated = {
        ("finding", id, f"links.{position}.target"): relation
        for id, position, relation in connection.execute("SELECT finding, position, type FROM finding_link")
    } | {
        ("concept", id, f"links.{position}.to"): relation
        for id, position, relation in connection.execute("SELECT concept, position, relation FROM concept_link")
    }
    labels = {(kind, id): label for text in _LABELS for kind, id, label in connection.execute(text)}
    labels |= {("source", id): label for id, label in bylines}
    for kind, id in connection.execute("SELECT kind, id FROM record ORDER BY kind, id"):
        graph.add_node((kind, id), kind=kind, id=id, label=labels.get((kind, id), id))
    for kind, id, path, target_kind, target in connection.execute(
        "SELECT kind, id, path, target_kind, target FROM reference ORDER BY kind, id, path"
    ):
        if path.endswith((".taken_from", ".names")):
            continue
        end = _end(graph, target_kind, target)
        if end in graph:
            graph.add_edge((kind, id), end, relation=stated.get((kind, id, path)) or _relation(path), path=path)
    for finding, origin, target in connection.execute(
        "SELECT scope, origin, target FROM edge WHERE kind = 'chain' ORDER BY scope, origin, target"
    ):
        graph.add_edge(("source", origin), ("source", target), relation="taken_from", path="", finding=finding)
    return graph


def _end(graph: networkx.MultiDiGraph[Node], kind: str, id: str) -> tuple[str, str]:
    if kind != "subject":
        return kind, id
    return ("concept", id) if ("concept", id) in graph else ("cohort", id)


def _relation(path: str) -> str:
    """The relation that a field states: its own name where that says it, else a verb."""
    steps = [step for step in path.split(".") if not step.isdecimal()]
    if steps[0] == "interests" and steps[-1] in ("sells", "scope"):
        return {"sells": "about_product", "scope": "scoped_to"}[steps[-1]]
    if steps[0] == "citations":
        return "cites"
    return steps[-1] if steps[-1] in _OWN_NAMES else _RELATIONS.get(steps[0], steps[0])
