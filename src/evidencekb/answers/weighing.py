"""What weighing findings returns: where two of them say different things, and what a study could have seen."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.records import Ref
from evidencekb.answers.shapes import Differing


@dataclass(frozen=True, slots=True)
class Disagreement(Answered):
    """Two findings that say different things of the same, and who says why.

    Attributes:
        findings: The two, the one asked about first.
        estimates: The estimates concerned, one of each; empty where a link names none.
        how: opposite (signs), apart (intervals that do not meet), or stated (a link sets one against the other).
        said: Both sides in words.
        acknowledged: Whether a link says why they differ.
        link: Type of that link, or of the one that gives no reason; None when there is none.
        said_by: The finding whose record holds the link; empty when there is none.
        because: Why they differ, as recorded; empty when nobody said.
        asserted_by: Who says so: a source, or the curator; empty when nobody does.
        differs: What is not the same about the two: cohort, definition, period, place, design, product.
        text: All of it in words.
    """

    findings: tuple[Ref, Ref]
    estimates: tuple[str, str]
    how: str
    said: tuple[str, str]
    acknowledged: bool
    link: str | None
    said_by: str
    because: str
    asserted_by: str
    differs: tuple[Differing, ...]
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Power(Answered):
    """What a study could have seen of one estimate.

    Attributes:
        finding: The finding.
        estimate: Name of the estimate inside it.
        verdict: unclear (the interval includes no effect), few (and no interval), clear, or unknown; empty when the design or the
            measure does not ask for it.
        basis: What it was worked out from: interval, se, p_value or n; empty when nothing tells.
        standard_error: In the unit of the estimate; of ratios, and of changes on the log scale, in log units; of correlations in
            units of Fisher's z. None when it cannot be known.
        n: How many answered or were analysed; None when that is not recorded.
        detectable: The smallest effect that four of five such studies would see, in the unit of the estimate; None when it
            cannot be known.
        effect: The effect that was asked about, in the same unit; None when none was.
        power: The chance of seeing that effect; None when none was asked about, or it cannot be known.
        why: Why it cannot be known; empty when it can.
        text: All of it in words.
    """

    finding: Ref
    estimate: str
    verdict: str
    basis: str
    standard_error: float | None
    n: float | None
    detectable: float | None
    effect: float | None
    power: float | None
    why: str
    text: str

    def __str__(self) -> str:
        return f"{self.finding.id}#{self.estimate}: {self.text}"
