"""The part of a build that makes what pages show: cards, references and the full-text index."""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import TypeVar, cast

from evidencekb.answers.base import Json
from evidencekb.answers.caveats import Surroundings
from evidencekb.answers.making import (
    Printed,
    Shelf,
    beside_of,
    card_of,
    reference_of,
    version_line,
    with_caveats_of_figures,
)
from evidencekb.answers.records import Reference
from evidencekb.answers.shapes import Replications
from evidencekb.answers.stored import StoredConflict, stored_card
from evidencekb.engines import sqlite
from evidencekb.loading.assembling import Assembled
from evidencekb.model import (
    Claim,
    Cohort,
    Concept,
    Finding,
    FindingLink,
    OperationalDefinition,
    Organization,
    Record,
    Source,
    Untraced,
)
from evidencekb.sources import references
from evidencekb.vocab import LinkType, ReadWhat, ReplicationOutcome, Role

R = TypeVar("R", bound=Record)
_NEIGHBOURS = (LinkType.REPLICATES, LinkType.CONTRADICTS)


def add_cards(assembled: Assembled, connection: sqlite3.Connection) -> None:
    """Fill the tables ``card``, ``listed`` and ``words``."""
    shelf = _shelf(assembled)
    around = _Neighbourhood(shelf)
    labels = {id: cohort.label for id, cohort in _all(assembled, "cohort", Cohort).items()}
    cards = ((id, _json(_stored(f, around.of(f), shelf, labels))) for id, f in sorted(shelf.findings.items()))
    sqlite.insert(connection, "card", cards)
    sqlite.insert(connection, "listed", ((r.key, _json(r.to_dict())) for r in _references(shelf)))
    connection.executemany("INSERT INTO words VALUES (?, ?, ?, ?, ?)", _words(assembled, shelf))


def _stored(finding: Finding, around: Surroundings, shelf: Shelf, cohorts: dict[str, str]) -> Json:
    """A card as its row holds it: with its figures in full, and with what a page needs beside it."""
    card = with_caveats_of_figures(card_of(finding, around, shelf))
    return stored_card(card, beside_of(finding, around, shelf, cohorts))


def _shelf(assembled: Assembled) -> Shelf:
    sources = _all(assembled, "source", Source)
    organizations = _all(assembled, "organization", Organization)
    return Shelf(
        findings=_all(assembled, "finding", Finding),
        sources=sources,
        concepts=_all(assembled, "concept", Concept),
        definitions=_all(assembled, "definition", OperationalDefinition),
        organizations={id: organization.name for id, organization in organizations.items()},
        printed={id: _printed(source) for id, source in sources.items()},
    )


def _all(assembled: Assembled, kind: str, model: type[R]) -> dict[str, R]:
    return cast(dict[str, R], assembled.of_kind(kind))


def _printed(source: Source) -> Printed:
    plain = source.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    return Printed(
        label=references.label(plain),
        year=references.year(plain),
        text=references.reference_text(plain),
        csl=references.csl(plain),
        url=references.address(plain),
    )


class _Neighbourhood:
    """What other records say about each finding, looked up once."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._primary_of: dict[str, list[Finding]] = defaultdict(list)
        self._linked: dict[tuple[str, LinkType], list[tuple[Finding, ReplicationOutcome | None]]] = defaultdict(list)
        self._versions: dict[str, list[Source]] = defaultdict(list)
        for finding in sorted(shelf.findings.values(), key=lambda f: f.id):
            for citation in finding.citations:
                if citation.role is Role.PRIMARY:
                    self._primary_of[citation.source].append(finding)
            for link in finding.links:
                self._linked[link.target, link.type].append((finding, link.outcome))
        for source in sorted(shelf.sources.values(), key=lambda s: s.id):
            if source.work:
                self._versions[source.work].append(source)

    def of(self, finding: Finding) -> Surroundings:
        """What other records say about one finding."""
        primaries = tuple(
            self._shelf.sources[id]
            for id in dict.fromkeys(c.source for c in finding.citations if c.role is Role.PRIMARY)
        )
        others = tuple(self._other_versions(primaries))
        return Surroundings(
            primaries=primaries,
            replications=self._replications(finding),
            conflicts=(conflicts := self._conflicts(finding)),
            contradicted_by=tuple(sorted({conflict["other"] for conflict in conflicts})),
            superseded_by=tuple(other.id for other, _ in self._linked[finding.id, LinkType.SUPERSEDES]),
            reversed_by=tuple(
                other.id for other, _ in self._linked[finding.id, LinkType.REVERSES] if other is not finding
            ),
            versions=tuple(line for _, line in others),
            other_versions=tuple(id for id, _ in others),
            neighbours=self._neighbours(finding),
            version_findings=tuple(f[0].id for id, _ in others if (f := self._primary_of[id])),
        )

    def _replications(self, finding: Finding) -> Replications:
        successes = {ReplicationOutcome.SUCCESSFUL, ReplicationOutcome.FAILED}
        works: dict[str, set[str]] = {"successful": set(), "failed": set(), "other": set()}
        standing = [
            (other, outcome)
            for other, outcome in self._linked[finding.id, LinkType.REPLICATES]
            if not self._withdrawn(other.id)
        ]
        for other, outcome in standing:
            works[str(outcome) if outcome in successes else "other"].add(self._work(other))
        ids = [other.id for other, _ in standing]
        return {
            "successful": len(works["successful"]),
            "failed": len(works["failed"]),
            "other": len(works["other"]),
            "ids": ids,
        }

    def _work(self, finding: Finding) -> str:
        """The work a finding rests on; of several the first by name, as in the table ``replication``."""
        return min((s.work or s.id for s in self._primaries(finding)), default=finding.id)

    def _primaries(self, finding: Finding) -> list[Source]:
        return [self._shelf.sources[c.source] for c in finding.citations if c.role is Role.PRIMARY]

    def _neighbours(self, finding: Finding) -> tuple[str, ...]:
        """Primary sources of findings that replicate or contradict it: whether they stand, and which work they are."""
        linked = [other for kind in _NEIGHBOURS for other, _ in self._linked[finding.id, kind]]
        said = (self._shelf.findings.get(link.target) for link in finding.links if link.type is LinkType.CONTRADICTS)
        others = [*linked, *(other for other in said if other)]
        return tuple(sorted({source.id for other in others for source in self._primaries(other)}))

    def _conflicts(self, finding: Finding) -> tuple[StoredConflict, ...]:
        """Links of contradiction from and to a finding, by the other finding; its own links say it first."""
        said = {link.target: link for link in finding.links if link.type is LinkType.CONTRADICTS}
        heard = {
            other.id: link
            for other, _ in self._linked[finding.id, LinkType.CONTRADICTS]
            for link in other.links
            if link.type is LinkType.CONTRADICTS and link.target == finding.id
        }
        standing = sorted(id for id in said | heard if id in self._shelf.findings and not self._withdrawn(id))
        return tuple(_conflict(id, said.get(id) or heard[id], mine=id in said) for id in standing if id != finding.id)

    def _withdrawn(self, id: str) -> bool:
        citations = self._shelf.findings[id].citations
        return any(c.role is Role.PRIMARY and self._shelf.sources[c.source].standing.withdrawn(id) for c in citations)

    def _other_versions(self, primaries: Iterable[Source]) -> Iterator[tuple[str, str]]:
        """Other sources of the same works: the id of each, and the line that names it with its figures."""
        own = {source.id for source in primaries}
        works = dict.fromkeys(source.work for source in primaries if source.work)
        for work in works:
            for source in self._versions[work]:
                if source.id not in own:
                    findings = self._primary_of[source.id]
                    yield source.id, version_line(source, findings[0] if findings else None)


def _conflict(other: str, link: FindingLink, *, mine: bool) -> StoredConflict:
    """A link seen from one side; it names estimates of the finding that holds it."""
    return {
        "other": other,
        "said_here": mine,
        "own": list(link.about) if mine else [],
        "theirs": [] if mine else list(link.about),
        "because": link.because or "",
        "asserted_by": link.asserted_by or "curator",
    }


def _references(shelf: Shelf) -> Iterator[Reference]:
    primary: dict[str, list[str]] = defaultdict(list)
    secondary: dict[str, list[str]] = defaultdict(list)
    read: dict[str, set[ReadWhat]] = defaultdict(set)
    for finding in sorted(shelf.findings.values(), key=lambda f: f.id):
        for citation in finding.citations:
            (primary if citation.role is Role.PRIMARY else secondary)[citation.source].append(finding.id)
            if citation.read:
                read[citation.source].add(citation.read.what)
    for id, source in sorted(shelf.sources.items()):
        most = max(read[id], key=lambda what: (what.closeness, what), default=None)
        yield reference_of(source, shelf, primary[id], secondary[id], str(most) if most else None)


def _words(assembled: Assembled, shelf: Shelf) -> Iterator[tuple[str, str, str, str, str]]:
    """One row a finding, claim and untraced claim: its headline, its text, and the labels of what it is about."""
    cohorts = _all(assembled, "cohort", Cohort)
    for id, finding in sorted(shelf.findings.items()):
        yield "finding", id, finding.headline, _text(finding), " · ".join(_labels(finding, shelf, cohorts))
    for id, claim in sorted(_all(assembled, "claim", Claim).items()):
        subjects = (shelf.concepts.get(s) or cohorts.get(s) for s in claim.about)
        yield "claim", id, claim.text, "", " · ".join(subject.label for subject in subjects if subject)
    for id, untraced in sorted(_all(assembled, "untraced", Untraced).items()):
        yield "untraced", id, untraced.headline, untraced.say, untraced.attributed_to or ""


def _text(finding: Finding) -> str:
    return " ".join([finding.statement, *(c.text for c in finding.caveats)])


def _labels(finding: Finding, shelf: Shelf, cohorts: dict[str, Cohort]) -> Iterator[str]:
    yield from (cohorts[link.cohort].label for link in finding.cohorts)
    yield from (shelf.concepts[about.concept].label for about in finding.about)
    for estimate in finding.estimates:
        yield estimate.label or shelf.concepts[estimate.outcome].label
        yield from (part for part in (estimate.group, estimate.comparator) if part)
    yield from (shelf.printed[c.source].label for c in finding.citations if c.role is Role.PRIMARY)


def _json(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
