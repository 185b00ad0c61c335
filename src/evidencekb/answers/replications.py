"""What asking for replications returns: studies that tried a finding again, how they came out, both effects side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from evidencekb.answers.base import Answered, ById
from evidencekb.answers.figures import Figure
from evidencekb.answers.naming import counted
from evidencekb.answers.records import Ref
from evidencekb.answers.shapes import Differing
from evidencekb.answers.weighing import Power
from evidencekb.vocab import ReplicationOutcome

NOT_RECORDED = "not_recorded"
OUTCOMES = (*map(str, ReplicationOutcome), NOT_RECORDED)
"""How a try came out; the last stands for what nobody recorded."""

CHECKS = ("same_direction", "in_original_interval", "original_in_interval", "in_prediction_interval")
"""What is asked of two effects, as far as it can be worked out."""

_REASONS = {
    "own_work": "it stands in a work of the original itself",
    "same_data": "it has data in common with the original",
    "withdrawn": "its source was withdrawn",
}
_VERBS = {"replicates": ("replication", "new data"), "reanalyses": ("reanalysis", "the same data")}


@dataclass(frozen=True, slots=True)
class EffectCheck(Answered):
    """One thing asked of two effects.

    Attributes:
        what: same_direction; in_original_interval (the replication's effect lies in the original's interval);
            original_in_interval (the other way round); or in_prediction_interval (the replication's effect lies where 19 of 20
            such studies would put it, if both measure one effect).
        holds: Whether it does; None when that cannot be known.
        basis: ``printed`` when printed numbers tell, ``derived`` when an interval was worked out; empty when nothing tells.
        text: The same in words, with the interval, or why it cannot be known.
    """

    what: str
    holds: bool | None
    basis: str
    text: str

    def __str__(self) -> str:
        return f"{self.what.replace('_', ' ')}: {_SAID[self.holds]} ({self.text})"


_SAID = {True: "yes", False: "no", None: "cannot be known"}


@dataclass(frozen=True, slots=True)
class EffectPair(Answered):
    """An effect of the original beside that of a study that tried it again.

    Attributes:
        original: The original's figure, with its interval and n; None when none of its figures is meant.
        replication: The figure of the later study; None when it gives none.
        why: Why there is no pair, or how the two were paired when nothing but their being alone did; else empty.
        comparable: Whether both are numbers of one measure and unit, so that one can be set against the other.
        checks: What was asked of the two, each with its answer; empty when they are not comparable.
        power_of_original: What the original could have seen, and its power to see the effect that the later study found; None
            without a figure of the original.
        power_of_replication: What the later study could have seen, and its power to see the original's effect.
        differs: What else is not the same about the two: definition, cohort, period, place, design.
    """

    original: ById[Figure | None]
    replication: ById[Figure | None]
    why: str
    comparable: bool
    checks: tuple[EffectCheck, ...]
    power_of_original: Power | None
    power_of_replication: Power | None
    differs: tuple[Differing, ...]

    def check(self, what: str) -> EffectCheck | None:
        """What was asked under this name; None when it was not."""
        return next((check for check in self.checks if check.what == what), None)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"original {_shown(self.original)} | later {_shown(self.replication)}" + (
            f" ({self.why})" if self.why else ""
        )
        yield from (f"  {check}" for check in self.checks)
        for name, power in (("original", self.power_of_original), ("later study", self.power_of_replication)):
            if power is not None and power.text:
                yield f"  power of the {name}: {power.text}"


def _shown(figure: Figure | None) -> str:
    if figure is None:
        return "no figure"
    held, n = figure.interval, figure.n
    interval = f", {held['level']:.0%} interval {held['lower']:g} to {held['upper']:g}" if held else ", no interval"
    size = f"n = {n['value']:,g}" if n else "n not seen"
    return f"{figure.display}{interval}, {size}"


@dataclass(frozen=True, slots=True)
class Attempt(Answered):
    """One link by which a finding tries another again.

    Attributes:
        finding: The finding that tries.
        original: The finding that is tried.
        outcome: successful, failed, mixed, flawed, descriptive, uninformative, or not_recorded.
        criterion: By which criterion; None when nobody said.
        asserted_by: Citation key of the source that says so, or ``curator``.
        because: Why it counts as a try, as recorded; empty when nobody said.
        effects: Effects side by side; at least one.
        text: Outcome and criterion in words.
    """

    finding: Ref
    original: Ref
    outcome: str
    criterion: str | None
    asserted_by: str
    because: str
    effects: tuple[EffectPair, ...]
    text: str

    def __str__(self) -> str:
        lines = [f"{self.finding.id} of {self.original.id}: {self.text}"]
        return "\n".join([*lines, *(f"  {line}" for pair in self.effects for line in str(pair).splitlines())])


@dataclass(frozen=True, slots=True)
class ReplicationStudy(Answered):
    """What counts as one study, however many findings, versions and rows it has.

    Attributes:
        outcome: How it came out; mixed when its findings disagree.
        agreed: False when the outcome is ours, because its findings disagree.
        outcomes: Links by outcome.
        works: The works it stands in, sorted.
        sources: Citation keys of its primary sources, sorted.
        attempts: Its links.
    """

    outcome: str
    agreed: bool
    outcomes: Mapping[str, int]
    works: tuple[str, ...]
    sources: tuple[str, ...]
    attempts: tuple[Attempt, ...]

    def __str__(self) -> str:
        own = "" if self.agreed else f", since its findings disagree: {_counts(self.outcomes)}"
        lines = [f"{self.outcome.replace('_', ' ')}{own} [{', '.join(self.sources) or 'no source'}]"]
        return "\n".join([*lines, *(f"  {line}" for attempt in self.attempts for line in str(attempt).splitlines())])


@dataclass(frozen=True, slots=True)
class NotCounted(Answered):
    """A try that is no independent one.

    Attributes:
        attempt: The link.
        reason: own_work, same_data or withdrawn.
        text: The same in words.
    """

    attempt: Attempt
    reason: str
    text: str

    def __str__(self) -> str:
        return f"not counted: {self.attempt.finding.id}, since {self.text}"


@dataclass(frozen=True, slots=True)
class ReplicationCount(Answered):
    """Studies that tried a finding again in one way.

    Attributes:
        type: ``replicates`` (new data) or ``reanalyses`` (the same data).
        studies: The studies, each once.
        outcomes: Studies by outcome, every outcome named; they sum to ``count``.
        count: How many studies, if only what is certain is joined.
        at_least: How many, if all that may share data is one, and what may share the original's is none.
        works: How many works.
        findings: How many findings.
        links: How many links.
        without_criterion: How many of these links name no criterion.
        not_counted: Tries that are not independent, with the reason.
        sentence: The count in words.
    """

    type: str
    studies: tuple[ReplicationStudy, ...]
    outcomes: Mapping[str, int]
    count: int
    at_least: int
    works: int
    findings: int
    links: int
    without_criterion: int
    not_counted: tuple[NotCounted, ...]
    sentence: str

    def __str__(self) -> str:
        shown = [*map(str, self.studies), *map(str, self.not_counted)]
        return "\n".join([self.sentence, *(f"  {line}" for each in shown for line in each.splitlines())])


@dataclass(frozen=True, slots=True)
class ReplicationsOf(Answered):
    """Who tried a finding again, on new data and on the same.

    Attributes:
        subject: The finding, or the source whose findings they are.
        originals: The findings that were asked about.
        replications: Studies with new data.
        reanalyses: Studies of the same data.
        sentence: Both counts in words.
    """

    subject: Ref
    originals: tuple[Ref, ...]
    replications: ReplicationCount
    reanalyses: ReplicationCount
    sentence: str

    def __str__(self) -> str:
        head = f"{self.subject.kind} {self.subject.id}: {self.subject.label}"
        return "\n".join([head, str(self.replications), str(self.reanalyses)])


def reason_text(reason: str) -> str:
    """Why a try is not counted, in words.

    Examples:
        >>> reason_text("withdrawn")
        'its source was withdrawn'
    """
    return _REASONS[reason]


def outcome_text(outcome: str, criterion: str | None) -> str:
    """An outcome with its criterion, or with the word that there is none.

    Examples:
        >>> outcome_text("failed", "p < 0.05 in the same direction."), outcome_text("mixed", None)
        ('failed, by this criterion: p < 0.05 in the same direction', 'mixed; by which criterion is not recorded')
        >>> outcome_text("not_recorded", None)
        'how it came out is not recorded'
    """
    if outcome == NOT_RECORDED:
        return "how it came out is not recorded"
    if criterion is None:
        return f"{outcome}; by which criterion is not recorded"
    return f"{outcome}, by this criterion: {criterion.rstrip('.')}"


def count_text(type: str, outcomes: Mapping[str, int], at_least: int, findings: int, left_out: int) -> str:
    """The count of one way of trying again, in words.

    Examples:
        >>> print(count_text("replicates", {"successful": 1, "failed": 2}, 3, 5, 0))
        3 independent replications (new data) in 5 findings: 1 successful, 2 failed.
        >>> print(count_text("reanalyses", {}, 0, 0, 0))
        No reanalysis (the same data) in this pack.
    """
    noun, data = _VERBS[type]
    count = sum(outcomes.values())
    more = f" {left_out} more {'is' if left_out == 1 else 'are'} not independent." if left_out else ""
    if not count:
        return f"No{' independent' if left_out else ''} {noun} ({data}) in this pack.{more}"
    plural = "reanalyses" if type == "reanalyses" else f"{noun}s"
    named = f"independent {noun}" if type == "replicates" else noun
    many = f"independent {plural}" if type == "replicates" else plural
    least = (
        f"; {at_least} if those that may share data, with each other or the original, are one"
        if at_least < count
        else ""
    )
    return (
        f"{counted(count, named, many)} ({data}) in {counted(findings, 'finding')}: {_counts(outcomes)}{least}.{more}"
    )


def _counts(outcomes: Mapping[str, int]) -> str:
    return ", ".join(f"{number} {name.replace('_', ' ')}" for name, number in outcomes.items() if number)
