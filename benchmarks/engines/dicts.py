"""Floors: msgspec structs and plain dicts, written for this work alone; and precomputed lists to answer from."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from benchmarks.engines.measuring import Laps
from benchmarks.engines.packs import DEEPEST, NOWHERE, Faults, Pack, Question, out_of_range


class Citation(msgspec.Struct):
    """A citation of a finding."""

    source: str
    role: str
    basis: str | None = None
    locator: str | None = None
    names: str | None = None
    taken_from: str | None = None
    read: dict[str, str] | None = None


class Cohort(msgspec.Struct):
    """A cohort of a finding."""

    cohort: str
    fit: str


class About(msgspec.Struct):
    """A concept of a finding."""

    concept: str
    how: str


class Estimate(msgspec.Struct):
    """An estimate of a finding."""

    id: str
    outcome: str
    measure: str
    value: float
    unit: str
    definition: str | None = None
    interval: dict[str, float] | None = None
    no_interval: str | None = None
    comparator: str | None = None


class Finding(msgspec.Struct):
    """A finding."""

    id: str
    headline: str
    statement: str
    nature: str
    design: str
    sample: dict[str, Any]
    cohorts: list[Cohort]
    about: list[About]
    estimates: list[Estimate]
    citations: list[Citation]


class Source(msgspec.Struct):
    """A source."""

    id: str
    kind: str
    title: str
    vendor: str
    vendor_reason: str
    doi: str
    published_on: str
    authors: list[dict[str, str]]
    container: str
    volume: str
    pages: str
    interests: list[dict[str, str]] = []


class Named(msgspec.Struct):
    """A concept, cohort or definition; only its id is needed."""

    id: str


T = TypeVar("T", bound=msgspec.Struct)


def decoded(path: Path, kind: type[T]) -> list[T]:
    """The records of a file."""
    decode = msgspec.json.Decoder(kind).decode
    with path.open("rb") as file:
        return [decode(line) for line in file]


def check(pack: Pack, laps: Laps) -> Faults:
    """Decode into structs and apply the rules, the garbage collector on."""
    with laps("load"):
        folder = pack.folder
        findings = decoded(folder / "findings.jsonl", Finding)
        sources = {source.id: source for source in decoded(folder / "sources.jsonl", Source)}
        concepts, cohorts, definitions = (
            {named.id for named in decoded(folder / f"{name}.jsonl", Named)}
            for name in ("concepts", "cohorts", "definitions")
        )
    with laps("rules"):
        return faults(findings, sources, concepts, cohorts, definitions)


def check_uncollected(pack: Pack, laps: Laps) -> Faults:
    """The same, the garbage collector off."""
    gc.disable()
    try:
        return check(pack, laps)
    finally:
        gc.enable()


def faults(
    findings: Iterable[Any], sources: dict[str, Any], concepts: set[str], cohorts: set[str], definitions: set[str]
) -> Faults:
    """The five rules over objects with the fields of the records."""
    found: Faults = {code: set() for code in ("EKB101", "EKB102", "EKB103", "EKB201", "EKB301")}
    for finding in findings:
        primary = False
        for citation in finding.citations:
            source = sources.get(citation.source)
            if source is None:
                found["EKB103"].add(finding.id)
            if citation.role == "primary":
                primary = primary or bool(citation.basis)
                if source is not None and source.vendor in ("", "unknown"):
                    found["EKB201"].add(source.id)
        if not primary:
            found["EKB101"].add(finding.id)
        if len(finding.citations) > 1 and too_deep(finding.citations):
            found["EKB102"].add(finding.id)
        if not (
            all(link.concept in concepts for link in finding.about)
            and all(link.cohort in cohorts for link in finding.cohorts)
            and all(e.outcome in concepts and e.definition in definitions for e in finding.estimates)
        ):
            found["EKB103"].add(finding.id)
        if any(out_of_range(e.measure, e.value, e.interval) for e in finding.estimates):
            found["EKB301"].add(finding.id)
    return found


def too_deep(citations: Iterable[Any]) -> bool:
    """Whether a chain of a finding runs in a loop, leads into one, or has more than 32 hops."""
    onward = {c.source: c.taken_from for c in citations if c.taken_from and c.taken_from not in NOWHERE}
    for at in onward:
        hops = 0
        here: str | None = at
        while here in onward:
            hops += 1
            if hops > DEEPEST:
                return True
            here = onward[here]
    return False


def read_bytes(pack: Pack, laps: Laps) -> Faults:
    """Read the files and count their lines; no rules."""
    with laps("load"):
        for path in pack.folder.glob("*.jsonl"):
            path.read_bytes().count(b"\n")
    return {}


def decode_only(pack: Pack, laps: Laps) -> Faults:
    """Decode into structs; no rules."""
    with laps("load"):
        held = [decoded(pack.folder / "findings.jsonl", Finding), decoded(pack.folder / "sources.jsonl", Source)]
    del held
    return {}


def parse_only(pack: Pack, laps: Laps) -> Faults:
    """Parse with the standard library; no rules."""
    with laps("load"):
        held = [list(pack.lines(path.stem)) for path in pack.folder.glob("*.jsonl")]
    del held
    return {}


Ask = Callable[[Question], list[str]]


def _wanted(pack: Pack) -> Iterator[tuple[str, set[str], frozenset[str]]]:
    """Findings without a vendor's source, strongest first: id, concepts and cohorts, all that lies above included."""
    above = pack.hierarchy()
    for _, id, vendor, concepts, cohorts in pack.filed():
        if not vendor:
            over = {other for concept in concepts for other in above[concept]}
            yield id, over, frozenset().union(*(above[cohort] for cohort in cohorts))


def precomputed(pack: Pack, laps: Laps) -> Ask:
    """Lists of findings by role and skill, and by each alone, strongest first: nothing is left but to read along one."""
    pairs: dict[tuple[str, str], list[tuple[str, frozenset[str]]]] = {}
    alone: dict[str, list[str]] = {}
    with laps("prepare"):
        for id, concepts, cohorts in _wanted(pack):
            entry, roles = (id, cohorts), [c for c in concepts if c.startswith("role")]
            for skill in (c for c in concepts if c.startswith("skill")):
                for role in roles:
                    pairs.setdefault((role, skill), []).append(entry)
            for subject in (*concepts, *cohorts):
                alone.setdefault(subject, []).append(id)

    def ask(question: Question) -> list[str]:
        if question.role is None or question.skill is None:
            return alone.get(question.given[0], [])[:3]
        found = []
        cohort = question.cohort
        for id, cohorts in pairs.get((question.role, question.skill), ()):
            if cohort in cohorts:
                found.append(id)
                if len(found) == 3:
                    break
        return found

    return ask


def postings(pack: Pack, laps: Laps) -> Ask:
    """One list and one set for each role, skill and cohort: the shortest list is walked, the other sets are looked into."""
    lists: dict[str, list[str]] = {}
    with laps("prepare"):
        for id, concepts, cohorts in _wanted(pack):
            for subject in (*concepts, *cohorts):
                lists.setdefault(subject, []).append(id)
        sets = {subject: set(ids) for subject, ids in lists.items()}

    def ask(question: Question) -> list[str]:
        first, *others = sorted(question.given, key=lambda subject: len(lists.get(subject, ())))
        inside = [sets.get(subject, set()) for subject in others]
        found = []
        for id in lists.get(first, ()):
            if all(id in ids for ids in inside):
                found.append(id)
                if len(found) == 3:
                    break
        return found

    return ask
