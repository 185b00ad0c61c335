"""networkx by hand: pydantic models line by line, a graph of what refers to what, a graph of the hops."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import networkx as nx
from pydantic import BaseModel, ConfigDict

from benchmarks.engines.measuring import Laps
from benchmarks.engines.packs import DEEPEST, NOWHERE, Faults, Pack, Question, out_of_range


class Model(BaseModel):
    """A record; fields that the rules do not read are kept too."""

    model_config = ConfigDict(frozen=True, extra="allow")

    id: str


class Citation(BaseModel):
    """A citation of a finding."""

    source: str
    role: str
    basis: str | None = None
    locator: str | None = None
    names: str | None = None
    taken_from: str | None = None
    read: dict[str, str] | None = None


class Cohort(BaseModel):
    """A cohort of a finding."""

    cohort: str
    fit: str


class About(BaseModel):
    """A concept of a finding."""

    concept: str
    how: str


class Estimate(Model):
    """An estimate of a finding."""

    outcome: str
    definition: str
    measure: str
    value: float
    unit: str
    interval: dict[str, float] | None = None


class Finding(Model):
    """A finding."""

    headline: str
    statement: str
    nature: str
    design: str
    sample: dict[str, Any]
    cohorts: tuple[Cohort, ...]
    about: tuple[About, ...]
    estimates: tuple[Estimate, ...]
    citations: tuple[Citation, ...]


class Source(Model):
    """A source."""

    kind: str
    title: str
    vendor: str


T = TypeVar("T", bound=Model)


def _models(path: Path, kind: type[T]) -> list[T]:
    with path.open("rb") as file:
        return [kind.model_validate_json(line) for line in file]


def check(pack: Pack, laps: Laps) -> Faults:
    """Models, graphs, and the rules along their edges."""
    with laps("load"):
        graph: Any = nx.MultiDiGraph()
        chains: Any = nx.DiGraph()
        for name, kind in (("sources", Source), ("concepts", Model), ("cohorts", Model), ("definitions", Model)):
            graph.add_nodes_from(
                (record.id, {"record": record}) for record in _models(pack.folder / f"{name}.jsonl", kind)
            )
        findings = _models(pack.folder / "findings.jsonl", Finding)
        for finding in findings:
            graph.add_node(finding.id, record=finding)
            for about in finding.about:
                graph.add_edge(finding.id, about.concept, "about")
            for cohort in finding.cohorts:
                graph.add_edge(finding.id, cohort.cohort, "cohort")
            for estimate in finding.estimates:
                graph.add_edge(finding.id, estimate.outcome, "outcome")
                graph.add_edge(finding.id, estimate.definition, "definition")
            for citation in finding.citations:
                graph.add_edge(finding.id, citation.source, "citation", primary=citation.role == "primary", of=citation)
                if citation.taken_from and citation.taken_from not in NOWHERE:
                    chains.add_edge((finding.id, citation.source), (finding.id, citation.taken_from))
    with laps("rules"):
        return _faults(findings, graph, chains)


def _faults(findings: list[Finding], graph: Any, chains: Any) -> Faults:
    found: Faults = {code: set() for code in ("EKB101", "EKB102", "EKB103", "EKB201", "EKB301")}
    for finding in findings:
        primary = False
        for _, target, kind, edge in graph.out_edges(finding.id, keys=True, data=True):
            record = graph.nodes[target].get("record")
            if record is None:
                found["EKB103"].add(finding.id)
            if kind == "citation" and edge["primary"]:
                primary = primary or bool(edge["of"].basis)
                if record is not None and record.vendor in ("", "unknown"):
                    found["EKB201"].add(target)
        if not primary:
            found["EKB101"].add(finding.id)
        if any(out_of_range(e.measure, e.value, e.interval) for e in finding.estimates):
            found["EKB301"].add(finding.id)
    found["EKB102"] = _looped_or_deep(chains)
    return found


def _looped_or_deep(chains: Any) -> set[str]:
    """Findings of strongly connected parts, of what leads into one, and of paths that are too long."""
    looped = {node for part in nx.strongly_connected_components(chains) if len(part) > 1 for node in part}
    looped |= set(nx.nodes_with_selfloops(chains))
    leading = {before for node in looped for before in nx.ancestors(chains, node)} | looped
    straight = chains.subgraph(set(chains) - leading)
    found = {finding for finding, _ in leading}
    for hops, nodes in enumerate(nx.topological_generations(straight)):
        if hops > DEEPEST:
            found |= {finding for finding, _ in nodes}
    return found


def prepare(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """A graph of what is filed where, and one of what lies below what."""
    with laps("prepare"):
        filed: Any = nx.DiGraph()
        below: Any = nx.DiGraph()
        for rank, id, vendor, concepts, cohorts in pack.filed():
            filed.add_node(rank, id=id, vendor=vendor)
            filed.add_edges_from((subject, rank) for subject in (*concepts, *cohorts))
        below.add_nodes_from(pack.hierarchy())
        below.add_edges_from(
            (broad, narrow) for narrow, above in pack.hierarchy().items() for broad in above if broad != narrow
        )

    def under(subject: str) -> set[int]:
        return {rank for id in (subject, *below[subject]) if id in filed for rank in filed[id]}

    def ask(question: Question) -> list[str]:
        ranks = set.intersection(*(under(subject) for subject in question.given))
        nodes = filed.nodes
        found = []
        for rank in sorted(ranks):
            if not nodes[rank]["vendor"]:
                found.append(nodes[rank]["id"])
                if len(found) == 3:
                    break
        return found

    return ask
