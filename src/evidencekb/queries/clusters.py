"""Findings by cohort, side by side: those of the cohort that was asked, or of the groups that the pack shows on pages."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencekb.answers import Card, Cluster, Question
from evidencekb.answers.naming import lowered
from evidencekb.answers.sentences import cluster_text
from evidencekb.queries.candidates import Candidate
from evidencekb.queries.desk import Desk, Subject

_CARDS = 3


@dataclass(frozen=True, slots=True)
class Group:
    """A cohort with the findings to set side by side."""

    cohort: str
    relation: str
    findings: tuple[str, ...]


def groups_of(desk: Desk, question: Question, shown: Mapping[str, Candidate]) -> list[Group]:
    """The cohorts of a page.

    For a cohort that was asked: itself, those below it and those that overlap it, as far as they have findings. Otherwise
    those that the pack shows on pages.
    """
    if question.cohort is None:
        held = {id: desk.measured_on(id)[:_CARDS] for id in desk.shown_cohorts()}
        return [Group(id, "shown", findings) for id, findings in held.items() if findings]
    groups = []
    for id, relation in desk.beside_cohort(question.cohort.id):
        filed = desk.filed_under(id)
        findings = filed[:_CARDS] if relation == "overlapping" else [f for f in filed if f in shown]
        if findings:
            groups.append(Group(id, relation, tuple(findings)))
    return groups


def cluster_of(
    desk: Desk, group: Group, question: Question, subjects: Sequence[Subject], cards: Mapping[str, Card]
) -> Cluster:
    """One group with its cards, and how they define the cohort."""
    cohort = desk.label("cohort", group.cohort)
    held = tuple(cards[id] for id in group.findings)
    definitions, differ = desk.once(
        "defined",
        f"{group.cohort} {' '.join(group.findings)}",
        lambda: _defined(held, desk.cohort_definitions(group.cohort)),
    )
    asked = lowered(question.cohort.label) if question.cohort else ""
    text = cluster_text(group.relation, lowered(cohort.label), asked, _not_measured(subjects, held))
    return Cluster(cohort, held, differ, group.relation, text, definitions)


def _defined(cards: Sequence[Card], definitions: frozenset[str]) -> tuple[tuple[str, ...], bool]:
    """How cards define a cohort, and whether they do so in more than one way."""
    used = [tuple(d for d in card.definitions if d in definitions) for card in cards]
    return tuple(dict.fromkeys(d for each in used for d in each)), len(set(used)) > 1


def _not_measured(subjects: Iterable[Subject], cards: Sequence[Card]) -> str:
    """The asked roles and skills that no card of the group measures."""
    missing = []
    for subject in subjects:
        kind = subject.ref.kind
        if kind in ("role", "skill") and not any(getattr(card.fit, kind) in ("exact", "narrower") for card in cards):
            missing.append(subject.name)
    return " or ".join(missing)
