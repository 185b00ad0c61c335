"""replications_of: who tried a finding again, how it came out, and both effects side by side."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from evidencekb.answers import Figure, Ref
from evidencekb.answers.replications import (
    NOT_RECORDED,
    OUTCOMES,
    Attempt,
    EffectPair,
    NotCounted,
    ReplicationCount,
    ReplicationsOf,
    ReplicationStudy,
    count_text,
    outcome_text,
    reason_text,
)
from evidencekb.engines.studies import Classes
from evidencekb.errors import QuestionError
from evidencekb.queries.conflicts import differences
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import one
from evidencekb.vocab import DefinitionBasis, ReplicationOutcome

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Estimate, Finding
    from evidencekb.model.findings import FindingLink

_KINDS = ("finding", "source")
_AMONG = "IN (SELECT value FROM json_each(?))"
_TRIES = f"""
    SELECT finding, other, position, type, outcome, work, strict, lenient, because FROM replicating
    WHERE finding {_AMONG} ORDER BY finding, other, position
"""
_RESTING = """
    SELECT DISTINCT c.finding FROM source o JOIN source s ON s.id = o.id OR (s.work = o.work AND s.work <> '')
    JOIN citation c ON c.source = s.id AND c.role = 'primary' WHERE o.id = ? ORDER BY c.finding
"""
_PRIMARIES = f"SELECT DISTINCT source FROM citation WHERE role = 'primary' AND finding {_AMONG} ORDER BY source"


def replications_of(kb: KnowledgeBase, id: str) -> ReplicationsOf:
    """Who tried a finding again: studies by how they came out, by which criterion, and both effects side by side.

    Counted are studies, not findings, rows or versions: findings of one work, on the same data, of the same people, or of one
    team in one setting are one (decision 49). One whose findings do not agree is mixed, and says that this is our word. What
    stands in the original's own work, has data in common with it, or was withdrawn is listed and not counted. Replications have
    new data; reanalyses have the same data, and are kept apart. Cards count the same way.

    Args:
        kb: The knowledge base.
        id: A finding; or a source, for all findings that rest on it or on another version of its work. Where both have one id, it
            is the finding.

    Raises:
        UnknownIdError: If there is no such finding or source; it offers the nearest ids.
        QuestionError: If the id is that of another record.

    Examples:
        Two findings of one paper are one study, and its authors call the data unreliable.

        >>> from evidencekb import load
        >>> found = replications_of(load(), "metr-2025-developer-slowdown")
        >>> found.replications.count, found.replications.findings, found.replications.outcomes["flawed"]
        (1, 2, 1)
        >>> print(found.sentence)
        1 independent replication (new data) in 2 findings: 1 flawed. No reanalysis (the same data) in this pack.

    References:
        Nosek, Errington (2020), What is replication? PLOS Biology 18(3), e3000691 (replications and what they tell).
        FORRT glossary, entries "replication" and "reproducibility" (new data, and the same data).
    """
    kind = kb.kind_of(one("id", id), among=_KINDS)
    if kind not in _KINDS:
        raise QuestionError(f"{id!r} is of kind {kind}; ask for the replications of a finding or a source")
    originals = (id,) if kind == "finding" else tuple(row[0] for row in kb.rows(_RESTING, (id,)))
    tries = [_Try(*row) for row in kb.rows(_TRIES, (json.dumps(originals),))]
    asked = _Asked(kb, tries)
    counts = [asked.count(type) for type in ("replicates", "reanalyses")]
    label = asked.ref(id).label if kind == "finding" else desk_of(kb).references((id,))[0].label
    return ReplicationsOf(
        subject=Ref(kind, id, label),
        originals=tuple(map(asked.ref, originals)),
        replications=counts[0],
        reanalyses=counts[1],
        sentence=" ".join(count.sentence for count in counts),
    )


class _Try(NamedTuple):
    """A row of the table replicating."""

    finding: str
    other: str
    position: int
    type: str
    outcome: str
    work: str
    strict: str
    lenient: str
    because: str


class _Asked:
    """The tries of some findings, with what has to be read of them."""

    def __init__(self, kb: KnowledgeBase, tries: Sequence[_Try]) -> None:
        self.kb, self.tries = kb, tries
        self.finding = cache(kb.finding)
        self._figures = cache(self._figures_of)

    def ref(self, id: str) -> Ref:
        return Ref("finding", id, desk_of(self.kb).headlines((id,)).get(id, id))

    def count(self, type: str) -> ReplicationCount:
        """Studies that tried again in one way."""
        held = [row for row in self.tries if row.type == type]
        counted, left = [row for row in held if not row.because], [row for row in held if row.because]
        studies = tuple(self._study(rows) for rows in _classes(counted, "strict"))
        by_outcome = Counter(study.outcome for study in studies)
        outcomes = {outcome: by_outcome[outcome] for outcome in OUTCOMES}
        findings = len({row.other for row in counted})
        at_least = sum(all(row.lenient != row.finding for row in rows) for rows in _classes(counted, "lenient"))
        attempts = [attempt for study in studies for attempt in study.attempts]
        return ReplicationCount(
            type=type,
            studies=studies,
            outcomes=outcomes,
            count=len(studies),
            at_least=at_least,
            works=len({row.work for row in counted}),
            findings=findings,
            links=len(counted),
            without_criterion=sum(attempt.criterion is None for attempt in attempts),
            not_counted=tuple(NotCounted(self._attempt(row), row.because, reason_text(row.because)) for row in left),
            sentence=count_text(type, outcomes, at_least, findings, len({row.other for row in left})),
        )

    def _study(self, rows: Sequence[_Try]) -> ReplicationStudy:
        said = Counter(row.outcome or NOT_RECORDED for row in rows)
        told = sorted(said.keys() - {NOT_RECORDED})
        agreed = len(told) < 2
        outcome = (told[0] if told else NOT_RECORDED) if agreed else str(ReplicationOutcome.MIXED)
        findings = sorted({row.other for row in rows})
        return ReplicationStudy(
            outcome=outcome,
            agreed=agreed,
            outcomes={name: said[name] for name in OUTCOMES if said[name]},
            works=tuple(sorted({row.work for row in rows})),
            sources=tuple(key for (key,) in self.kb.rows(_PRIMARIES, (json.dumps(findings),))),
            attempts=tuple(map(self._attempt, rows)),
        )

    def _attempt(self, row: _Try) -> Attempt:
        later = self.finding(row.other)
        link = later.links[row.position]
        outcome = row.outcome or NOT_RECORDED
        return Attempt(
            finding=self.ref(row.other),
            original=self.ref(row.finding),
            outcome=outcome,
            criterion=link.criterion,
            asserted_by=link.asserted_by or "curator",
            because=link.because or "",
            effects=tuple(self._effects(self.finding(row.finding), later, _concerned(later, link))),
            text=outcome_text(outcome, link.criterion),
        )

    def _effects(self, original: Finding, later: Finding, concerned: Sequence[Estimate]) -> Iterator[EffectPair]:
        from evidencekb.answers import trying  # it needs the models, which most questions do without

        for pair in trying.pairs(original, concerned, self._recorded):
            both = pair.original is not None and pair.later is not None
            alike = pair.original and pair.later and trying.comparable(pair.original, pair.later)
            first, second = trying.powers((original, pair.original), (later, pair.later))
            sides = [(f.id, e.id) for f, e in ((original, pair.original), (later, pair.later)) if e]
            yield EffectPair(
                original=self._figure(original, pair.original.id if pair.original else ""),
                replication=self._figure(later, pair.later.id if pair.later else ""),
                why=pair.why,
                comparable=bool(alike),
                checks=trying.checks((original, pair.original), (later, pair.later))
                if alike and pair.original and pair.later
                else (),
                power_of_original=first,
                power_of_replication=second,
                differs=tuple(differences(self.kb, sides)) if both else (),
            )

    def _recorded(self, estimate: Estimate) -> bool:
        """Whether somebody recorded how it was measured."""
        held = self.kb.definition(estimate.definition) if estimate.definition else None
        return held is None or DefinitionBasis.NOT_RECORDED not in held.basis

    def _figure(self, finding: Finding, estimate: str) -> Figure | None:
        return self._figures(finding.id).get(estimate)

    def _figures_of(self, finding: str) -> dict[str, Figure]:
        return {figure.estimate: figure for figure in desk_of(self.kb).known((finding,))[finding].card.figures}


def _concerned(later: Finding, link: FindingLink) -> list[Estimate]:
    """The estimates a link is about: those it names, else all that no other link of its kind to the same finding names."""
    alike = (held for held in later.links if (held.type, held.target) == (link.type, link.target))
    elsewhere = {name for held in alike for name in held.about}
    return [e for e in later.estimates if (e.id in link.about if link.about else e.id not in elsewhere)]


def _classes(rows: Iterable[_Try], by: str) -> list[list[_Try]]:
    """Rows by study; what is one study for one of the findings asked about is one for all."""
    classes, held = Classes(), list(rows)
    for row in held:
        classes.add(row.other)
        classes.join(row.other, ("work", row.work))
        classes.join(row.other, ("class", row.finding, getattr(row, by)))
    named = classes.named()
    found: dict[str, list[_Try]] = defaultdict(list)
    for row in held:
        found[named[row.other]].append(row)
    return [found[name] for name in sorted(found)]
