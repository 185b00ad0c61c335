"""What each of the nine aspects says of two estimates. Decision 48 gives the table; rule 308 goes by the same lines."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from evidencekb import units
from evidencekb.answers.comparability import CohortRelation, Reason
from evidencekb.answers.naming import joined
from evidencekb.answers.numbers import closed
from evidencekb.queries.cohorts import related
from evidencekb.queries.converting import (
    FAMILY,
    SWAP_GROUPS,
    SWAPPABLE,
    TURN_SIGN,
    measure_conversion,
    needs_base,
)
from evidencekb.queries.desk import desk_of

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.queries.sides import Kind, Side

_BELOW = "SELECT 1 FROM closure WHERE kind = 'concept' AND broad = ? AND narrow = ?"
_ALIKE = "SELECT turn FROM alike WHERE definition = ? AND other = ?"
_FORMS = {"value": "one number", "bound": "a bound", "range": "a range"}
_GONE = {"supersedes": "is replaced by", "reverses": "is reversed by"}


class Reasons:
    """Holds estimates against each other, aspect by aspect.

    Args:
        kb: The knowledge base.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._desk = desk_of(kb)

    def of_kinds(self, a: Side, b: Side) -> tuple[Reason, ...]:
        """Concept, definition, measure, unit, cohort and comparator: what two estimates share with many others."""
        return (
            self._concept(a.kind, b.kind),
            self._definition(a.kind, b.kind),
            _measure(a.kind, b.kind),
            _unit(a.kind, b.kind),
            self._cohort(a, b),
            _comparator(a, b),
        )

    def _concept(self, a: Kind, b: Kind) -> Reason:
        if a.outcome == b.outcome:
            return Reason("concept", "agrees", f"Both are about {self._label(a.outcome)}.")
        for narrow, broad in ((a.outcome, b.outcome), (b.outcome, a.outcome)):
            if self._below(narrow, broad):
                return Reason("concept", "differs", f"{self._label(narrow)} is a part of {self._label(broad)}.")
        return Reason("concept", "forbids", f"{self._label(a.outcome)} and {self._label(b.outcome)} are two outcomes.")

    def _definition(self, a: Kind, b: Kind) -> Reason:
        if not (a.definition and b.definition):
            how = "is not recorded of either" if a.definition == b.definition else "is recorded of one of the two alone"
            return Reason("definition", "forbids", f"How the outcome became a number {how}.")
        outcome = self._defined(a.definition, b.definition)
        if outcome.verdict == "forbids":
            return outcome
        others = dict(b.defined)
        for subject, definition in a.defined:
            if subject in others and (other := self._defined(definition, others[subject])).verdict == "forbids":
                return other
        return outcome

    def _defined(self, first: str, second: str) -> Reason:
        if first == second:
            return Reason("definition", "agrees", f"Both go by “{self._short(first)}”.")
        key = (first, second)
        held: Reason = self._desk.once("defined", key, lambda: self._linked(first, second))
        return held

    def _linked(self, first: str, second: str) -> Reason:
        names = f"“{self._short(first)}” and “{self._short(second)}”"
        if said := self._said("not_comparable_with", first, second):
            why, by = said
            return Reason("definition", "forbids", closed(f"{names} must not be compared: {why}"), said_by=by)
        if rows := self._kb.rows(_ALIKE, (first, second)):
            why, by = self._said("comparable_with", first, second) or ("", "")
            text = f"{names} may be compared: {why}"
            if rows[0][0] < 0:
                text = f"{closed(text)} More is better in one of them and worse in the other"
                return Reason("definition", "converts", closed(text), TURN_SIGN, by)
            return Reason("definition", "differs", closed(text), said_by=by)
        return Reason(
            "definition", "forbids", f"{names} are two definitions, and nobody says that they are comparable."
        )

    def _said(self, field: str, first: str, second: str) -> tuple[str, str] | None:
        """Why two definitions may or may not be compared, and who says so; the first one's record before the other's."""
        for holder, other in ((first, second), (second, first)):
            for link in self._kb.record("definition", holder).get(field, ()):
                if link["definition"] == other:
                    return link["why"].strip(), link.get("source", "editorial")
        return None

    def _cohort(self, a: Side, b: Side) -> Reason:
        if problem := _other_people(a, b):
            return Reason("cohort", "forbids", problem)
        by_unit: dict[str, list[tuple[CohortRelation, str, str]]] = {}
        for first, fit in a.kind.cohorts:
            for second, other_fit in b.kind.cohorts:
                if "analogous" in (fit, other_fit) or (fit == "simulated") != (other_fit == "simulated"):
                    continue
                unit = self._unit(first)
                if unit == self._unit(second):
                    by_unit.setdefault(unit, []).append((related(self._kb, first, second), fit, other_fit))
        if not by_unit:
            return Reason("cohort", "forbids", _no_cohort(a.kind, b.kind))
        closest = [min(pairs, key=_closeness) for pairs in by_unit.values()]
        apart = [relation.text for relation, _, _ in closest if not relation.shares]
        if apart:
            return Reason("cohort", "forbids", " ".join(apart))
        same = all(relation.relation == "equal" and fit == other for relation, fit, other in closest)
        words = [_shared_people(relation, fit, other) for relation, fit, other in closest]
        if a.kind.place != b.kind.place and a.kind.place and b.kind.place:
            words.append(f"The places differ: {a.shown['place']}, and {b.shown['place']}.")
            same = False
        return Reason("cohort", "agrees" if same else "differs", " ".join(words))

    def _below(self, narrow: str, broad: str) -> bool:
        held: bool = self._desk.once(
            "outcome_below", (narrow, broad), lambda: bool(self._kb.rows(_BELOW, (broad, narrow)))
        )
        return held

    def _unit(self, cohort: str) -> str:
        unit: str = self._desk.once("cohort_unit", cohort, lambda: self._kb.record("cohort", cohort)["unit"])
        return unit

    def _label(self, outcome: str) -> str:
        return f"“{self._desk.label('concept', outcome).label}”"

    def _short(self, definition: str) -> str:
        label: str = self._desk.once(
            "definition_label",
            definition,
            lambda: self._kb.rows("SELECT CASE WHEN label <> '' THEN label ELSE id END FROM definition WHERE id = ?",
                                  (definition,))[0][0],
        )  # fmt: skip
        return label


def _measure(a: Kind, b: Kind) -> Reason:
    if a.nature != b.nature:
        return Reason("measure", "forbids", f"One is {a.nature}, the other {b.nature}.")
    if a.form == b.form == "direction":
        return Reason("measure", "agrees", "Both are directions without a size.")
    if "direction" in (a.form, b.form):
        return Reason("measure", "forbids", "One of the two is a direction without a size.")
    if "other" in (a.measure, b.measure):
        return Reason(
            "measure", "forbids", "A number of another kind is not set against any, since nobody says what it is."
        )
    if a.measure == b.measure:
        if a.form != b.form:
            text = f"Both are {_plain(a.measure)}, given as {_FORMS[a.form]} and as {_FORMS[b.form]}."
            return Reason("measure", "differs", text)
        return Reason("measure", "agrees", f"Both are {_plain(a.measure)}.")
    names = f"{_plain(a.measure)} and {_plain(b.measure)}"
    if conversion := measure_conversion(a.measure, b.measure, base=a.reference, other_base=b.reference):
        return Reason("measure", "converts", f"{names} convert.", conversion)
    if needs_base(a.measure, b.measure):
        return Reason(
            "measure", "forbids", f"{names} convert only where the share in the comparison group is recorded."
        )
    return Reason("measure", "forbids", f"{names} are two kinds of number.")


def _unit(a: Kind, b: Kind) -> Reason:
    if a.per != b.per:
        return Reason(
            "unit", "forbids", f"The one is per {a.per or 'nothing named'}, the other per {b.per or 'nothing named'}."
        )
    if "direction" in (a.form, b.form):
        return Reason("unit", "agrees" if a.form == b.form else "unknown", "A direction has no unit.")
    if a.measure != b.measure:
        return Reason(
            "unit", "agrees" if {a.measure, b.measure} <= FAMILY else "unknown", "The unit goes with the measure."
        )
    if a.unit == b.unit or (a.measure == "count" and a.unit.casefold() == b.unit.casefold()):
        return Reason("unit", "agrees", f"Both are in {a.unit}." if a.unit not in ("", "1") else "Neither has a unit.")
    if conversion := units.conversion(a.unit, b.unit):
        return Reason("unit", "converts", f"{a.unit} and {b.unit} convert.", conversion)
    rate = ", and no rate between them is recorded" if {a.unit, b.unit} <= units.CURRENCIES else ""
    return Reason("unit", "forbids", f"One is in {a.unit or 'no unit'}, the other in {b.unit or 'no unit'}{rate}.")


def _comparator(a: Side, b: Side) -> Reason:
    first, second = (a.kind.group, a.kind.comparator), (b.kind.group, b.kind.comparator)
    if not (a.kind.comparator or b.kind.comparator):
        if (a.kind.effect or b.kind.effect) and first != second:
            return Reason("comparator", "forbids", f"{_contrasts(a, b)}, and nobody says that these are the same.")
        return Reason("comparator", "agrees", "Neither names a comparison group.")
    if first == second:
        return Reason("comparator", "agrees", f"Both compare {_contrast(a)}.")
    if first == second[::-1] and {a.kind.measure, b.kind.measure} <= SWAPPABLE:
        return Reason("comparator", "converts", f"{_contrasts(a, b)}: the same, the other way round.", SWAP_GROUPS)
    if not (a.kind.comparator and b.kind.comparator):
        return Reason("comparator", "forbids", f"{_contrasts(a, b)}: only one names a comparison group.")
    return Reason("comparator", "forbids", f"{_contrasts(a, b)}, and nobody says that these are the same.")


def period_reason(a: Side, b: Side) -> Reason:
    """What the times of two estimates say: levels, forecasts and changes over a time hold for their time alone."""
    reason = _times(a, b)
    if reason.verdict != "forbids" and a.follow_up and b.follow_up and a.follow_up != b.follow_up:
        return Reason("period", "differs", f"After {a.follow_up}, and after {b.follow_up}. {reason.text}")
    return reason


def _times(a: Side, b: Side) -> Reason:
    told = f"{_time(a)}, and {_time(b)}"
    if (a.since, a.until) == (b.since, b.until):
        known = bool(a.since or a.until)
        text = f"Both: {_time(a)}." if known else "No time is recorded of either."
        return Reason("period", "agrees" if known else "unknown", text)
    if not ((a.since or a.until) and (b.since or b.until)):
        return Reason("period", "unknown", f"The time of one of the two is not recorded: {told}.")
    if not (a.kind.moment or b.kind.moment):
        return Reason("period", "differs", f"{_upper(told)}.")
    if is_series(a, b):
        return Reason("period", "differs", f"A series of one finding, asked the same way each time: {told}.")
    if touch(a, b) and not must_match(a, b):
        return Reason("period", "differs", f"The times meet in part: {told}.")
    return Reason("period", "forbids", f"The number holds for its time alone: {told}.")


def is_series(a: Side, b: Side) -> bool:
    """True for two times of one series inside a finding."""
    return a.finding == b.finding and bool(a.until and b.until) and (a.since, a.until) != (b.since, b.until)


def must_match(a: Side, b: Side) -> bool:
    """True where times that merely meet are not enough: forecasts and changes run from one day to another."""
    return any(side.kind.moment and (side.kind.effect or side.kind.nature == "forecast") for side in (a, b))


def touch(a: Side, b: Side) -> bool:
    """True if two times are not known to lie apart."""
    return (not b.until or a.since <= b.until) and (not a.until or b.since <= a.until)


def version_reason(a: Side, b: Side) -> Reason:
    """Whether one of two findings is a version of the other, or is not to be used."""
    if a.finding != b.finding:
        for one, other in ((a, b), (b, a)):
            what, by, says = one.origins.gone
            if by == other.finding:
                return Reason("version", "forbids", f"{one.finding} {_GONE[what]} {by}.", said_by=says)
        works = a.origins.works & b.origins.works
        if works and not a.origins.sources & b.origins.sources:
            return Reason("version", "forbids", f"They stand in two versions of one work, {min(works)}.")
    for one in (a, b):
        what, by, says = one.origins.gone
        if what in _GONE:
            return Reason("version", "forbids", f"{one.finding} {_GONE[what]} {by}.", said_by=says)
        if what:
            return Reason("version", "forbids", f"The source of {one.finding}, {by}, was {what}.")
    for one in (a, b):
        if source := one.origins.outdated:
            return Reason(
                "version", "differs", f"There is a newer version of {source}, in which {one.finding} may differ."
            )
    return Reason("version", "agrees", "Neither is a version of the other, and none was withdrawn or replaced.")


def _other_people(a: Side, b: Side) -> str:
    """Why two levels are about others, by the words of their groups and places; empty where nothing says so."""
    if a.kind.effect or b.kind.effect:
        return ""
    if a.kind.group != b.kind.group:
        return f"The one is about {_group(a)}, the other about {_group(b)}."
    if a.kind.place != b.kind.place and a.kind.place and b.kind.place:
        return f"The places differ: {a.shown['place']}, and {b.shown['place']}."
    return ""


def _no_cohort(a: Kind, b: Kind) -> str:
    fits = [{fit for _, fit in kind.cohorts} for kind in (a, b)]
    if not (fits[0] and fits[1]):
        return "No cohort is recorded of one of the two."
    if any(held == {"analogous"} for held in fits):
        return "One of the two was measured on others who are merely like its cohort."
    if ("simulated" in fits[0]) != ("simulated" in fits[1]):
        return "One was measured on made-up members of its cohort, the other on real ones."
    return "Their cohorts are of different kinds, so nobody knows whether they share members."


def _closeness(pair: tuple[CohortRelation, str, str]) -> int:
    return ("equal", "narrower", "broader", "overlapping", "disjoint", "unknown").index(pair[0].relation)


def _shared_people(relation: CohortRelation, fit: str, other: str) -> str:
    if fit == other == "exact":
        return relation.text
    fits = {"exact": "all of it", "narrower": "a part of it", "broader": "more than it", "simulated": "made-up members"}
    if fit == other:
        return f"{relation.text} Both measured {fits[fit]}."
    return f"{relation.text} The one measured {fits[fit]}, the other {fits[other]}."


def _contrast(side: Side) -> str:
    return f"{_group(side)} with {side.shown['comparator'] or 'nothing named'}"


def _contrasts(a: Side, b: Side) -> str:
    return f"The one compares {_contrast(a)}, the other {_contrast(b)}"


def _group(side: Side) -> str:
    return side.shown["group"] or "all of its cohort"


def _time(side: Side) -> str:
    if not (side.since or side.until):
        return "not recorded"
    return f"{_day(side.since)} to {_day(side.until)}"


def _day(day: str) -> str:
    return day or "an open end"


def _upper(text: str) -> str:
    return text[0].upper() + text[1:]


def _plain(measure: str) -> str:
    return measure.replace("_", " ")


def conversions_of(reasons: Iterable[Reason]) -> tuple[str, ...]:
    """Ids of the conversions that reasons name, in their order."""
    return tuple(reason.conversion for reason in reasons if reason.conversion)


def verdict_of(reasons: Sequence[Reason]) -> str:
    """The verdict that follows from reasons."""
    verdicts = {reason.verdict for reason in reasons}
    if "forbids" in verdicts:
        return "not_comparable"
    return "convertible" if "converts" in verdicts else "comparable"


def in_words(first: str, second: str, reasons: Sequence[Reason]) -> str:
    """The verdict as a sentence."""
    verdict = verdict_of(reasons)
    if verdict == "not_comparable":
        why = joined(reason.aspect for reason in reasons if reason.verdict == "forbids")
        return f"{first} and {second} are not comparable, by their {why}."
    after = f" after {joined(conversions_of(reasons))}" if verdict == "convertible" else ""
    return f"{first} and {second} are comparable{after}."
