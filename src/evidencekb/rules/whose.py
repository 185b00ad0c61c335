"""Whose a number is: the groups that a text names beside it, against those that the estimates are of."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from evidencekb.model import Estimate, Finding
from evidencekb.quantities import Direction, Quantity
from evidencekb.rules import carriers as given
from evidencekb.rules.attaching import counts_for, is_numbered
from evidencekb.rules.carriers import SIGNED, Carrier
from evidencekb.rules.groups import AROUND, EXCLUSIVE, GROUPS, Named, ages_in, groups_in, is_akin, is_known
from evidencekb.vocab import Design, Measure

Problem = tuple[str, str, str]
"""What is wrong, the passage, and what the finding holds instead."""

_ONE_PERSON = frozenset({"man", "woman"})
_CONTRASTED = frozenset({"sex", "age"})
_CROSSED = frozenset({"sex", "race", "age"})
_BY_DIMENSION = {dimension: {group for other, group in GROUPS.values() if other == dimension} for dimension in _CROSSED}
_SIDE = frozenset({" ", "-"})


class Whose:
    """The groups of findings.

    Args:
        findings: The findings whose words are judged.
        estimates: The estimates that may carry a number.
        texts: The words of the findings' own fields, and of the records that they name.
    """

    def __init__(self, findings: Sequence[Finding], estimates: Sequence[Estimate], texts: Sequence[str]) -> None:
        self._findings, self._estimates, self._texts = findings, estimates, texts
        self._words = " | ".join(texts).lower()

    def is_of(self, near: Sequence[Named], carrier: Carrier, q: Quantity, direction: Direction | None) -> bool:
        """True unless the groups named beside a number are others than those of the carrier's estimate."""
        e = carrier.estimate
        if e is None:
            told, held = _by_dimension(near), _by_dimension(groups_in(carrier.whose))
            return all(told[d] & held[d] for d in EXCLUSIVE & told.keys() & held.keys() if d != "trade")
        if not carrier.main:
            return True
        subject, rival = classes_of(e)
        words = f"{e.group or ''} {e.label or ''}".lower()
        for dimension in EXCLUSIVE:
            said = {named.group for named in near if named.dimension == dimension}
            if said and any(is_akin(group, words) for group in said):
                continue
            own, other = subject.get(dimension, set()), rival.get(dimension, set())
            if not said or said & own:
                continue
            if said & other:
                if not self._from_the_other_side(e, direction):
                    return False
            elif own or other or self._is_another(said, dimension, e, q):
                return False
        return True

    @staticmethod
    def _from_the_other_side(e: Estimate, direction: Direction | None) -> bool:
        """A change told of the comparator turns its sign; in percent it is another number as well."""
        if e.measure not in SIGNED:
            return False
        if direction is None or direction.denied or e.value is None:
            return True
        return e.measure is not Measure.PERCENT_CHANGE and (direction.sign > 0) is (e.value < 0)

    def _is_another(self, said: set[str], dimension: str, e: Estimate, q: Quantity) -> bool:
        """True if another estimate of the same outcome is the one of that group."""
        if dimension == "trade":
            return False
        return any(
            other is not e
            and other.measure is e.measure
            and other.outcome == e.outcome
            and said & classes_of(other)[0].get(dimension, set())
            for other in self._estimates
        )

    def strangers(self, text: str, named: Sequence[Named], printed: Sequence[Quantity]) -> Iterator[Problem]:
        """Groups that nothing in the finding names."""
        if not named:
            return
        words = self._words
        classes = {found.group for found in groups_in(words)}
        if any(given.is_age(e) for e in self._estimates):
            classes |= {"older", "younger"}
        in_court = all(f.design is Design.LEGAL_DOCUMENT for f in self._findings)
        yield from self._together(text, named)
        known = {one: is_known(one, words, classes) for one in named}
        contrasted = {one.dimension for one in named if known[one]} & _CONTRASTED
        for one in named:
            if known[one] or one.dimension in contrasted:  # women scored above men
                continue
            if in_court and one.text.lower() in _ONE_PERSON:  # a case is of one person, a rate is not
                continue
            if one.group in AROUND and not counts_for(text, one, printed):
                continue
            yield ("cohort" if is_numbered(text, one, printed) else "group"), one.text, ""

    def _together(self, text: str, named: Sequence[Named]) -> Iterator[Problem]:
        """Groups named side by side, such as Asian men, whom no field names together."""
        for one, other in pairwise(named):
            dimensions = {one.dimension, other.dimension}
            if len(dimensions) < 2 or not dimensions <= _CROSSED or text[one.end : other.start] not in _SIDE:
                continue
            held = [_all_groups(words) for words in self._texts]
            crossed = any(all(_BY_DIMENSION[dimension] & groups for dimension in dimensions) for groups in held)
            if crossed and not any({one.group, other.group} <= groups for groups in held):
                yield "cohort", text[one.start : other.end], ""


def classes_of(e: Estimate) -> tuple[dict[str, set[str]], dict[str, set[str]]]:
    """The groups that an estimate is of, and those that it is set against, by dimension."""
    subject, rival = dict[str, set[str]](), dict[str, set[str]]()
    for found, text in (
        (subject, f"{e.group or ''} {e.label or ''} {e.id.replace('_', ' ')}"),
        (rival, e.comparator or ""),
    ):
        for named in groups_in(text):
            found.setdefault(named.dimension, set()).add(named.group)
        if aged := ages_in(text):
            found.setdefault("age", set()).update(aged)
    return subject, rival


def is_said_of_the_other(near: Sequence[Named], one: Estimate, other: Estimate) -> bool:
    """True if the groups beside a factor are those of the level that it is set against."""
    own, rival, said = classes_of(one)[0], classes_of(other)[0], _by_dimension(near)
    return any(said[d] & rival[d] and not said[d] & own.get(d, set()) for d in EXCLUSIVE & said.keys() & rival.keys())


def _by_dimension(named: Sequence[Named]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for one in named:
        found.setdefault(one.dimension, set()).add(one.group)
    return found


def _all_groups(words: str) -> set[str]:
    return {named.group for named in groups_in(words)} | ages_in(words)
