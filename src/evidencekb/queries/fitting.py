"""How findings fit a question, in words: the fit of each card, and the limits that the question brings."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evidencekb.answers import TIERS, Card, Caveat, Fit
from evidencekb.answers.base import Fixed, Json
from evidencekb.answers.codes import SEVERITY
from evidencekb.answers.naming import joined
from evidencekb.answers.numbers import closed, sentence
from evidencekb.answers.sentences import FITS
from evidencekb.answers.stored import Known
from evidencekb.queries.bearing import OTHER
from evidencekb.queries.candidates import CONTEXT, Candidate
from evidencekb.queries.desk import Subject

_BROADER, _PROXY = FITS.index("broader"), FITS.index("proxy")


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
        tail = closed(f"not about {joined(others, last='or')}") if others else ""
        return _Standing(sentence(", ".join(about)), tail, Fit(TIERS[held.tier], **dimensions), tuple(limits))


def _why(standing: _Standing, measured: str) -> str:
    """Why a card fits as it does: what it is about, who was measured, what it is not about."""
    text = standing.head
    if measured:
        text = f"{text}; {measured}" if text else sentence(measured)
    if not standing.tail:
        return closed(text)
    return f"{text}; {standing.tail}" if text else sentence(standing.tail)


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
