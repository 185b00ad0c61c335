"""Findings that bear on a question, best first: found from the ends of long lists, without putting all matches in order."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import cache
from itertools import chain, combinations, filterfalse, groupby, islice
from operator import itemgetter
from typing import NamedTuple

from evidencekb.answers import TIERS, Question
from evidencekb.answers.sentences import FITS
from evidencekb.queries.bearing import OTHER, Bearing
from evidencekb.queries.desk import Desk, Subject

CONTEXT = TIERS.index("context")
_PROXY = FITS.index("proxy")

Weights = tuple[int, ...]


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
    weights: Weights


@cache  # a question has at most seven subjects, and a subject five weights
def closeness_of(kinds: tuple[str, ...], weights: Weights) -> int:
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
def spelled(weights: Weights) -> str:
    """Weights as a text, for digests."""
    return repr(weights)


@cache
def tier_of(weights: Weights) -> int:
    """The place of a card's tier, from how it stands to each asked subject.

    Examples:
        >>> [TIERS[tier_of(weights)] for weights in ((0, 1), (0, 4), (3, 4), (4, 4))]
        ['direct', 'partial', 'near', 'context']
    """
    best = min(weights)
    if best > 1:
        return 2 if best < OTHER else CONTEXT
    return 0 if max(weights) <= 1 else 1


def subjects_of(desk: Desk, question: Question) -> tuple[Subject, ...]:
    """The asked subjects in their order."""
    return tuple([desk.subject(dimension, ref.id) for dimension, ref in question.asked.items()])


BearingRow = tuple[str, str, int, int]
"""Dimension, finding, its place in the strength order, and its weight: a finding that bears on a subject of a question."""


def with_bearing(subjects: Iterable[Subject], rows: Iterable[BearingRow]) -> tuple[Subject, ...]:
    """Subjects on which these findings bear, and no others; ``rows`` are those of one question."""
    held: dict[str, list[tuple[int, int, int]]] = {}
    for dimension, _, place, weight in rows:
        held.setdefault(dimension, []).append((place, weight, 0))
    return tuple([_bearing_on(subject, sorted(held.get(subject.ref.kind, ()))) for subject in subjects])


def _bearing_on(subject: Subject, rows: list[tuple[int, int, int]]) -> Subject:
    return replace(subject, bearing=replace(Bearing.of(rows), left_out=subject.bearing.left_out))


class Candidates:
    """Every finding that bears on a question.

    Findings that bear on one asked subject alone are left in the list of that subject; only those that bear on several are
    looked for, along the shorter of two lists.

    Attributes:
        total: How many there are.
        direct: How many of them answer directly.
    """

    def __init__(self, desk: Desk, subjects: Sequence[Subject]) -> None:
        self._desk, self._subjects = desk, subjects
        self._kinds = tuple([subject.ref.kind for subject in subjects])
        self._several, doubled = _several(desk, subjects)
        self._shared = frozenset(chain.from_iterable(self._several.values()))
        self.total = sum([len(subject.bearing) for subject in subjects]) - doubled
        self.direct = sum([len(held) for weights, held in self._several.items() if max(weights) <= 1])
        if len(subjects) == 1:
            self.direct = sum(map(len, subjects[0].bearing.places[:2]))
        longest = max(subjects, key=lambda subject: len(subject.bearing))
        self._weights_at = [
            desk.weights(longest).get if subject is longest else subject.bearing.weight for subject in subjects
        ]

    def first(self, most: int) -> list[Candidate]:
        """The best of them, in order."""
        return self._nearest(min(most, self.total), _all, lambda weights: True)

    def answering(self, aspect: str, things: Sequence[int], most: int, beside: Container[int]) -> list[Candidate]:
        """The best that answer an aspect, context aside.

        Args:
            aspect: The aspect.
            things: Subjects, by place in the question, that an answer has to be about.
            most: So many at most.
            beside: Places of findings to leave away.
        """
        answers = self._desk.answering(aspect)

        def wanted(places: Iterable[int]) -> Iterator[int]:
            return filterfalse(beside.__contains__, filter(answers.__getitem__, places))

        return self._nearest(most, wanted, lambda weights: all(weights[at] < OTHER for at in things), before=CONTEXT)

    def of(self, finding: str, place: int) -> tuple[Candidate, bool]:
        """Any finding as a candidate, also one that pages leave out; and whether it is one of those counted here."""
        held = [weight_at(place) for weight_at in self._weights_at]
        weights = tuple([self._other(at, place) if weight is None else weight for at, weight in enumerate(held)])
        made = Candidate(tier_of(weights), closeness_of(self._kinds, weights), place, finding, weights)
        return made, held.count(None) < len(held)

    def _other(self, at: int, place: int) -> int:
        """The weight of a finding that is not in the list of a subject: left out by pages, or about something else."""
        return self._subjects[at].bearing.left_out.get(place, OTHER)

    def _nearest(
        self,
        most: int,
        wanted: Callable[[Iterable[int]], Iterable[int]],
        fits: Callable[[Weights], bool],
        before: int = len(TIERS),
    ) -> list[Candidate]:
        found: list[tuple[int, int, int, Weights]] = []
        for (tier, closeness), alike in groupby(self._in_order(), key=itemgetter(0, 1)):
            left = most - len(found)
            if left <= 0 or tier >= before:
                break
            near = [
                (place, weights)
                for _, _, weights, places in alike
                if fits(weights)
                for place in islice(wanted(places), left)
            ]
            near.sort()
            found += [(tier, closeness, place, weights) for place, weights in near[:left]]
        ids = self._desk.ids_at([place for _, _, place, _ in found])
        return [Candidate(tier, closeness, place, ids[place], weights) for tier, closeness, place, weights in found]

    def _in_order(self) -> list[tuple[int, int, Weights, Iterable[int]]]:
        """Places of those that stand alike to the subjects, nearest first: tier, closeness and weights of each group."""
        found: list[tuple[int, int, Weights, Iterable[int]]] = [
            (tier_of(weights), closeness_of(self._kinds, weights), weights, places)
            for weights, places in self._several.items()
        ]
        for tier, closeness, weights, at, weight in _alone(self._kinds):
            if places := self._subjects[at].bearing.places[weight]:
                alone = filterfalse(self._shared.__contains__, places) if self._shared else places
                found.append((tier, closeness, weights, alone))
        found.sort(key=itemgetter(0, 1))
        return found


def _all(places: Iterable[int]) -> Iterable[int]:
    return places


@cache
def _alone(kinds: tuple[str, ...]) -> tuple[tuple[int, int, Weights, int, int], ...]:
    """How findings may stand that bear on one subject alone: tier, closeness, weights, and which subject by which weight."""
    found = []
    for at in range(len(kinds)):
        for weight in range(OTHER + 1):
            weights = tuple([weight if each == at else OTHER for each in range(len(kinds))])
            found.append((tier_of(weights), closeness_of(kinds, weights), weights, at, weight))
    return tuple(found)


def _several(desk: Desk, subjects: Sequence[Subject]) -> tuple[dict[Weights, list[int]], int]:
    """Places of findings that bear on several subjects, by their weights; and how often these are listed too often."""
    found: dict[Weights, list[int]] = {}
    if len(subjects) == 2:
        turned = len(subjects[0].bearing) > len(subjects[1].bearing)
        short, long = subjects[::-1] if turned else subjects
        weights = desk.weights(long)
        for weight, places in enumerate(short.bearing.places):
            for place in filter(weights.__contains__, places):
                other = weights[place]
                found.setdefault((other, weight) if turned else (weight, other), []).append(place)
        return found, sum(map(len, found.values()))
    doubled = 0
    held = [desk.weights(subject) for subject in subjects]
    shared = {place for one, other in combinations(held, 2) for place in one.keys() & other.keys()}
    for place in sorted(shared):
        doubled += sum([place in each for each in held]) - 1
        found.setdefault(tuple([each.get(place, OTHER) for each in held]), []).append(place)
    return found, doubled
