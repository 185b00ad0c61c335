"""How findings fit a question: candidates with their weights, in the order of a page, and the fit of each card."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache
from typing import NamedTuple

from evidencekb.answers import TIERS, Card, Caveat, Fit, Question
from evidencekb.answers.base import Fixed, Json
from evidencekb.answers.codes import SEVERITY
from evidencekb.answers.naming import joined
from evidencekb.answers.numbers import closed, sentence
from evidencekb.answers.sentences import FITS
from evidencekb.answers.stored import Known
from evidencekb.queries.desk import OTHER, Desk, Subject

CONTEXT = TIERS.index("context")
_BROADER, _PROXY = FITS.index("broader"), FITS.index("proxy")


class Candidate(NamedTuple):
    """A finding and how it stands to each asked subject; candidates sort best first.

    Attributes:
        tier: Place of its tier.
        closeness: How far it stands from what was asked; among cards of a tier the smaller stands first.
        rank: Its place in the strength order.
        finding: Its id.
        weights: 0 exact, 1 narrower, 2 broader, 3 proxy, 4 other, for each asked subject.
    """

    tier: int
    closeness: int
    rank: int
    finding: str
    weights: tuple[int, ...]


def candidate(subjects: Sequence[Subject], finding: str, rank: int, weights: tuple[int, ...]) -> Candidate:
    """A candidate from how it stands to each asked subject."""
    return Candidate(tier_of(weights), closeness_of(_kinds(subjects), weights), rank, finding, weights)


def _kinds(subjects: Sequence[Subject]) -> tuple[str, ...]:
    return tuple([subject.ref.kind for subject in subjects])


@cache  # a question has at most seven subjects, and a subject five weights
def closeness_of(kinds: tuple[str, ...], weights: tuple[int, ...]) -> int:
    """How far a card stands from what was asked, added up; smaller is closer.

    Made-up members of a cohort, or a group that is like it, count as close as a wider group: an experiment with made-up
    applications says as much of a group as a figure on everybody.

    Examples:
        >>> closeness_of(("role", "skill"), (2, 3)), closeness_of(("role", "cohort"), (2, 3))
        (5, 4)
    """
    return sum(weights) - sum(
        kind == "cohort" and weight == _PROXY for kind, weight in zip(kinds, weights, strict=True)
    )


@cache
def spelled(weights: tuple[int, ...]) -> str:
    """Weights as a text, for digests."""
    return repr(weights)


@cache
def tier_of(weights: tuple[int, ...]) -> int:
    """The place of a card's tier, from how it stands to each asked subject.

    Examples:
        >>> [TIERS[tier_of(weights)] for weights in ((0, 1), (0, 4), (3, 4), (4, 4))]
        ['direct', 'partial', 'near', 'context']
    """
    best = min(weights)
    if best > 1:
        return 2 if best < OTHER else CONTEXT
    return 0 if max(weights) <= 1 else 1


def candidates(subjects: Sequence[Subject]) -> dict[str, Candidate]:
    """Every finding that bears on an asked subject."""
    others = [OTHER] * len(subjects)
    held: dict[str, list[int]] = {}
    ranks: dict[str, int] = {}
    for at, subject in enumerate(subjects):
        for id, (weight, rank) in subject.bearing.items():
            weights = held.get(id)
            if weights is None:
                weights = held[id] = others.copy()
                ranks[id] = rank
            weights[at] = weight
    kinds, found = _kinds(subjects), {}
    for id, each in held.items():
        weights_ = tuple(each)
        found[id] = Candidate(tier_of(weights_), closeness_of(kinds, weights_), ranks[id], id, weights_)
    return found


def subjects_of(desk: Desk, question: Question) -> tuple[Subject, ...]:
    """The asked subjects in their order."""
    return tuple(desk.subject(dimension, ref.id) for dimension, ref in question.asked.items())


BearingRow = tuple[str, str, int, int]
"""Dimension, finding, its place in the strength order, and its weight: a finding that bears on a subject of a question."""


def with_bearing(subjects: Iterable[Subject], rows: Iterable[BearingRow]) -> tuple[Subject, ...]:
    """Subjects on which these findings bear, and no others; ``rows`` are those of one question."""
    held: dict[str, dict[str, tuple[int, int]]] = {}
    for dimension, finding, rank, weight in rows:
        held.setdefault(dimension, {})[finding] = weight, rank
    return tuple(replace(subject, bearing=held.get(subject.ref.kind, {})) for subject in subjects)


class _Standing(NamedTuple):
    """What all cards share that stand alike to the asked subjects."""

    head: str
    tail: str
    fit: Fit
    limits: tuple[tuple[str, Json, str], ...]


class Fitting:
    """Gives the cards of one question their fits, and the limits that the question brings."""

    def __init__(self, subjects: Sequence[Subject]) -> None:
        self._subjects = subjects
        self._standings: dict[tuple[int, ...], _Standing] = {}

    def card(self, known: Known, held: Candidate) -> Card:
        """The card of a finding in this question."""
        card = known.card
        standing = self._standings.get(held.weights)
        if standing is None:
            standing = self._standings[held.weights] = self._standing(held)
        caveats = card.caveats
        if standing.limits:
            id = card.ref.id
            asked = [Caveat(code, SEVERITY[code], id, params, text) for code, params, text in standing.limits]
            caveats = (*caveats[: known.stops], *asked, *caveats[known.stops :])
        f = standing.fit
        fit = Fit(
            f.tier, f.role, f.skill, f.cohort, f.topic, f.outcome, f.product, f.instrument,
            _why(standing, known.measured),
        )  # fmt: skip
        return Card(
            card.ref, card.title, card.statement, card.figures, card.byline, card.badges,
            fit, caveats, card.definitions, card.references,
        )  # fmt: skip

    def _standing(self, held: Candidate) -> _Standing:
        about: list[str] = []
        others: list[str] = []
        dimensions, limits = {}, []
        for subject, weight in zip(self._subjects, held.weights, strict=True):
            (others if weight == OTHER else about).append(subject.phrases[weight])
            dimensions[subject.ref.kind] = FITS[weight]
            if limit := _limit(subject, weight, held.tier):
                limits.append(limit)
        tail = f"not about {joined(others, last='or')}" if others else ""
        return _Standing(", ".join(about), tail, Fit(TIERS[held.tier], **dimensions), tuple(limits))


def _why(standing: _Standing, measured: str) -> str:
    """Why a card fits as it does: what it is about, who was measured, what it is not about."""
    return closed(sentence("; ".join(filter(None, (standing.head, measured, standing.tail)))))


def _limit(subject: Subject, weight: int, tier: int) -> tuple[str, Json, str] | None:
    """The limit that an asked subject brings, a warning: what was asked was not measured itself."""
    kind, indirect, params = subject.ref.kind, _BROADER <= weight < OTHER, Fixed({subject.ref.kind: subject.ref.id})
    if kind == "role" and indirect:
        return "indirect_role", params, f"Not measured for {subject.name} themselves."
    if kind == "role" and tier == CONTEXT:
        return "other_occupation", params, f"Others than {subject.name} were measured."
    if kind == "skill" and indirect:
        return "indirect_skill", params, closed(f"Not measured for {subject.name} itself")
    if kind == "cohort" and weight == _BROADER:
        return "broader_cohort", params, closed(f"Measured on a wider group than {subject.name}")
    return None
