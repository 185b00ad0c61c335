"""What a report of a pack holds: a trail for each claim, for each finding that no claim rests on, and what was checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evidencekb.answers.base import Answered, ById, Json
from evidencekb.answers.cards import Card, UntracedCard
from evidencekb.answers.origins import Origins
from evidencekb.answers.records import Caveat, Ref
from evidencekb.answers.shapes import Stamp
from evidencekb.answers.trails import Hop, Trail, VendorSummary

VERSION = "1.0"
"""Version of the report's plain data: the second number grows when a key is added, the first when one goes."""

STATES = {
    "error": "The check found an error in it.",
    "withdrawn": "A source in its trail was retracted, disavowed or overturned.",
    "unread": "Nobody has read anything that leads to one of its primary sources.",
    "warning": "The check warns of something in it.",
    "relayed": "A primary source was read on other pages only.",
    "interested": "No primary source of it is independent.",
    "clear": "None of the above was found. That does not make it true.",
    "untraced": "In circulation, and nobody has found a primary source.",
}
"""How an entry of a report stands, worst first; the first that holds counts. An untraced claim has no evidence to be judged."""


def hops_of(trail: Trail, sources: tuple[Hop, ...] = ()) -> tuple[Hop, ...]:
    """Every source of a finding once, primary ones first; ``sources`` are those of one without a figure."""
    hops = [hop for estimate in trail.estimates for hop in estimate.primaries]
    hops += [hop for estimate in trail.estimates for hop in estimate.relays]
    first: dict[str, Hop] = {}
    for hop in (*hops, *sources):
        first.setdefault(hop.source, hop)
    return tuple(first.values())


@dataclass(frozen=True, slots=True)
class TrailPart(Answered):
    """One finding in the trail of a claim, or the finding itself where no claim rests on it.

    Attributes:
        stance: How it bears on the claim; null where there is none.
        note: The claim's remark on it; may be empty.
        place: File and line of its record; null when the pack was built elsewhere.
        card: Its card, with every figure.
        trail: The trail of the figures that the claim rests on.
        sources: Its sources, primary ones first, where it gives no figure and so has no trail; else empty.
        money: Who gains from its figures, a sentence for each primary source.
        conflicts: Findings that point the other way, both sides in words.
        drift: What relays changed, as recorded.
        unestablished: What nobody has looked at, or what could not be told.
        violations: What the check found in it and in the sources it cites, as in the report of a check.
    """

    stance: str | None
    note: str
    place: str | None
    card: ById[Card]
    trail: Trail
    sources: tuple[Hop, ...]
    money: tuple[str, ...]
    conflicts: tuple[str, ...]
    drift: tuple[str, ...]
    unestablished: tuple[str, ...]
    violations: tuple[Json, ...]

    @property
    def hops(self) -> tuple[Hop, ...]:
        """Every source in it, primary ones first, as the first of its figures tells of each."""
        return hops_of(self.trail, self.sources)


@dataclass(frozen=True, slots=True)
class TrailEntry(Answered):
    """A claim, a finding that no claim rests on, or an untraced claim, with all that a reader needs to judge it.

    Attributes:
        ref: The record.
        state: How it stands: the first of the states that holds, worst first.
        text: Its sentence.
        place: File and line of its record; null when the pack was built elsewhere.
        badges: What must stand beside it.
        caveats: Limits of a claim as a whole.
        parts: Findings that it rests on, in the order of the record; a finding is its own single part.
        vendors: Who stands behind them; null for an untraced claim.
        money: Who gains, seen over all of them.
        independence: Which of them share data, a sample or a source, and so count once.
        violations: What the check found in the record itself; what it found in findings stands with these.
        origins: Where all of it comes from, as a picture, when many hands come down to less than they seem: to one study, to
            pages that took it from each other, or to nothing; else null.
        circulating: The card of an untraced claim; else null.
    """

    ref: Ref
    state: str
    text: str
    place: str | None
    badges: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    parts: tuple[TrailPart, ...]
    vendors: VendorSummary | None
    money: tuple[str, ...]
    independence: tuple[str, ...]
    violations: tuple[Json, ...]
    origins: Origins | None = None
    circulating: UntracedCard | None = None

    @property
    def key(self) -> str:
        """Kind and id."""
        return f"{self.ref.kind}:{self.ref.id}"


@dataclass(frozen=True, slots=True)
class RuleOutcome(Answered):
    """What one rule came to.

    Attributes:
        code: Its code.
        title: What it asks, in one line; empty for a rule of the pack's own.
        errors: Errors that no waiver covers.
        warnings: Warnings that none covers.
        notes: Notes that none covers.
        waived: What a waiver covers.
        skipped: Parts of the pack that it could not judge.
    """

    code: str
    title: str
    errors: int
    warnings: int
    notes: int
    waived: int
    skipped: int


@dataclass(frozen=True, slots=True)
class CheckShown(Answered):
    """What was checked, what was not, and what was found.

    Attributes:
        ok: False when there are errors; records with errors, and those that rest on them, are then in no trail.
        summary: The counts in one sentence.
        records: How many records of each kind were read.
        rules: Every rule that ran, by code.
        skipped: What could not be judged: code, why and count each.
        violations: All that was found, worst first, as in the report of a check; waived ones carry the reason.
    """

    ok: bool
    summary: str
    records: Mapping[str, int]
    rules: tuple[RuleOutcome, ...]
    skipped: tuple[Json, ...]
    violations: tuple[Json, ...]


@dataclass(frozen=True, slots=True)
class TrailReport(Answered):
    """A pack as a stranger can follow it: every claim with its trail, worst first, and what the check came to.

    Attributes:
        version: Version of this plain data.
        title: Title of the pack.
        stamp: Which state of the data it is.
        check: What was checked.
        vendors: Who stands behind all findings of the pack.
        totals: How many claims, findings that no claim rests on, and untraced claims there are, shown or not.
        states: How many of all these stand how.
        claims: Claims, worst first.
        findings: Findings that no claim rests on, worst first.
        untraced: Untraced claims, by id.
    """

    version: str
    title: str
    stamp: Stamp
    check: CheckShown
    vendors: VendorSummary
    totals: Mapping[str, int]
    states: Mapping[str, int]
    claims: tuple[TrailEntry, ...]
    findings: tuple[TrailEntry, ...]
    untraced: tuple[TrailEntry, ...]

    @property
    def entries(self) -> tuple[TrailEntry, ...]:
        """Claims, then findings without a claim, then untraced claims."""
        return (*self.claims, *self.findings, *self.untraced)

    @property
    def left_out(self) -> int:
        """How many entries the pack has that are not shown."""
        return sum(self.totals.values()) - len(self.entries)

    def __str__(self) -> str:
        lines = [self.check.summary, str(self.vendors)]
        lines += [f"{entry.state}: {entry.ref.kind} {entry.ref.id}: {entry.text}" for entry in self.entries]
        return "\n".join([*lines, *([f"and {self.left_out:,} more"] if self.left_out else [])])
