"""What comparing returns: whether two numbers may stand side by side, and why; how two cohorts stand to each other."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered

ASPECTS = ("concept", "definition", "measure", "unit", "cohort", "comparator", "period", "version", "overlap")
"""What two estimates are held against each other by, in the order of the reasons."""


@dataclass(frozen=True, slots=True)
class CohortStep(Answered):
    """One statement about two cohorts, on the way to what follows for two others.

    Attributes:
        first: Id of the cohort whose record says it.
        relation: broader (the second holds the first), overlaps or disjoint.
        second: Id of the other.
        text: The statement in words.
    """

    first: str
    relation: str
    second: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class CohortRelation(Answered):
    """How one cohort stands to another.

    Attributes:
        first: Id of the one.
        second: Id of the other.
        relation: equal; narrower (the first lies within the second) or broader; overlapping (they share members, and nobody says
            that one holds the other); disjoint (somebody says that they share none); or unknown.
        path: The statements that it follows from, in order; empty for one and the same cohort, and where nothing is known.
        text: All of it in words.
    """

    first: str
    second: str
    relation: str
    path: tuple[CohortStep, ...]
    text: str

    @property
    def shares(self) -> bool:
        """True if the two are known to share members."""
        return self.relation in ("equal", "narrower", "broader", "overlapping")

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Reason(Answered):
    """What one aspect says of two estimates.

    Attributes:
        aspect: concept, definition, measure, unit, cohort, comparator, period, version or overlap.
        verdict: agrees; converts (after ``conversion``); differs or unknown, neither of which stands in the way; or forbids.
        text: Why, in words.
        conversion: Id of the conversion of the first into the second; empty when there is none.
        said_by: Who says so: a citation key, ``editorial`` or ``curator``; empty where it follows from the two records.
    """

    aspect: str
    verdict: str
    text: str
    conversion: str = ""
    said_by: str = ""

    def __str__(self) -> str:
        by = f" ({self.said_by})" if self.said_by else ""
        by = f" [{self.conversion}]{by}" if self.conversion else by
        return f"{self.aspect}: {self.verdict}. {self.text}{by}"


@dataclass(frozen=True, slots=True)
class Comparison(Answered):
    """Whether two estimates may stand side by side.

    Attributes:
        estimates: The two, as ``finding#estimate``.
        verdict: comparable, convertible (after the named conversions) or not_comparable.
        conversions: Ids of the conversions of the first into the second, in the order in which they are made.
        reasons: One for each of the nine aspects, in their order.
        independent: False when the two share data; True when somebody says that one has new data; None when nobody says either.
        also: Other pairs of estimates of the two findings that could stand side by side too.
        text: The verdict in words.
    """

    estimates: tuple[str, str]
    verdict: str
    conversions: tuple[str, ...]
    reasons: tuple[Reason, ...]
    independent: bool | None
    also: tuple[tuple[str, str], ...]
    text: str

    @property
    def forbidding(self) -> tuple[Reason, ...]:
        """The reasons why they are not comparable."""
        return tuple(reason for reason in self.reasons if reason.verdict == "forbids")

    def reason(self, aspect: str) -> Reason:
        """What one aspect says.

        Raises:
            KeyError: If it is none of the nine.
        """
        for reason in self.reasons:
            if reason.aspect == aspect:
                return reason
        raise KeyError(aspect)

    def __str__(self) -> str:
        lines = [self.text, *(f"  {reason}" for reason in self.reasons)]
        lines += [f"  also: {first} and {second}" for first, second in self.also]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import comparison_html  # read only where something can show it

        return comparison_html(self)


@dataclass(frozen=True, slots=True)
class ComparableGroup(Answered):
    """Estimates of which each may stand beside each.

    Attributes:
        estimates: The estimates, as ``finding#estimate``, in the order asked.
        outcomes: Ids of their outcomes, sorted.
        definitions: Ids of their definitions, sorted.
        conversions: Ids of the conversions that bring them to the first one's measure, unit and sense; sorted.
        nearest: The estimate of another group that comes closest; empty when there is no other.
        reasons: Why the first of these cannot stand beside that one. None of them forbids it where another member does.
        text: All of it in words.
    """

    estimates: tuple[str, ...]
    outcomes: tuple[str, ...]
    definitions: tuple[str, ...]
    conversions: tuple[str, ...]
    nearest: str
    reasons: tuple[Reason, ...]
    text: str

    def __len__(self) -> int:
        return len(self.estimates)

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Grouping(Answered):
    """A selection, parted into groups of what is comparable.

    Attributes:
        groups: Groups of two or more, the largest first.
        alone: Estimates that stand beside no other of the selection, each with the reasons.
        text: The count in words.
    """

    groups: tuple[ComparableGroup, ...]
    alone: tuple[ComparableGroup, ...]
    text: str

    def __str__(self) -> str:
        return "\n".join([self.text, *map(str, self.groups), *map(str, self.alone)])

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import grouping_html  # read only where something can show it

        return grouping_html(self)
