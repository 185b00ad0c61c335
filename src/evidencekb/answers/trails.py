"""What judging a figure returns: trails, explanations, vendor counts and search hits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evidencekb.answers.base import Answered, Json
from evidencekb.answers.figures import ties_text
from evidencekb.answers.records import Ref
from evidencekb.answers.shapes import Read, Standing, Vendor


@dataclass(frozen=True, slots=True)
class Hop(Answered):
    """One citation on the way of a figure.

    Attributes:
        source: Citation key.
        label: Byline of the source.
        role: primary or secondary, for this finding.
        basis: Why it is primary.
        names: What a relay credits: a source id, none_named or unknown.
        taken_from: Where its figure comes from: a source id, none_named or unknown.
        prints: The figure as printed there, when recorded.
        locator: Page, table or section.
        drift: What the relay changed: kind and note each.
        corrections: What it prints by mistake: ``expect`` and ``because`` each.
        read: What was read of it, where and when; None when nothing was.
        vendor: Flag and reason.
        standing: State, and when it was looked up.
        url: Where to open it.
    """

    source: str
    label: str
    role: str
    basis: str | None
    names: str | None
    taken_from: str | None
    prints: str | None
    locator: str | None
    drift: tuple[Json, ...]
    corrections: tuple[Json, ...]
    read: Read | None
    vendor: Vendor
    standing: Standing
    url: str | None

    def __str__(self) -> str:
        what = f"{self.role} ({self.basis})" if self.basis else self.role
        parts = [f"{what}: {self.label} [{self.vendor['flag']}, {self.standing['state'].replace('_', ' ')}]"]
        if ties := ties_text(self.vendor):
            parts.append(f"ties: {ties}")
        if self.prints:
            parts.append(f"prints {self.prints}")
        if self.role == "secondary":
            parts.append(
                f"credits {self.names or 'nothing recorded'}, took it from {self.taken_from or 'nothing recorded'}"
            )
        parts += [f"drift, {drift['kind'].replace('_', ' ')}: {drift['note'].rstrip('.')}" for drift in self.drift]
        parts += [f"prints {c['expect']} by mistake: {c['because'].rstrip('.')}" for c in self.corrections]
        if self.read:
            where = f" at {self.read['where']}" if self.read["where"] else ""
            parts.append(f"read: {self.read['what'].replace('_', ' ')}{where}")
        else:
            parts.append("not read")
        if self.url:
            parts.append(self.url)
        return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class EstimateTrail(Answered):
    """The way of one estimate: its primaries, then the relays that print it, those nearest to the primary first.

    ``hops`` is 0 when a person read the primary, else the steps from the nearest page that was read, -1 when nothing was.

    Attributes:
        estimate: Name of the estimate.
        figure: Its number in words.
        primaries: Its primary citations.
        relays: Citations that repeat it.
        hops: Steps between what a person read and the primary.
        missing: What is not there.
    """

    estimate: str
    figure: str
    primaries: tuple[Hop, ...]
    relays: tuple[Hop, ...]
    hops: int
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Trail(Answered):
    """Every hand that a finding's figures passed through; for a claim, the trails of the findings it rests on.

    Attributes:
        ref: The finding, claim or untraced claim.
        text: Its statement.
        stance: How a finding bears on the claim whose trail this is part of.
        estimates: One trail an estimate.
        parts: For a claim, the trails of its findings.
        missing: What an auditor should know is not there.
    """

    ref: Ref
    text: str
    stance: str | None
    estimates: tuple[EstimateTrail, ...]
    parts: tuple[Trail, ...]
    missing: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join(self._lines(""))

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import trail_html

        return trail_html(self)

    def _lines(self, indent: str) -> list[str]:
        stance = f" ({self.stance})" if self.stance else ""
        lines = [f"{indent}{self.ref.kind} {self.ref.id}{stance}: {self.ref.label}"]
        for estimate in self.estimates:
            lines.append(f"{indent}  {estimate.estimate}: {estimate.figure} · {_distance(estimate.hops)}")
            lines += [f"{indent}    {hop}" for hop in (*estimate.primaries, *estimate.relays)]
            lines += [f"{indent}    missing: {what}" for what in estimate.missing]
        lines += [f"{indent}  missing: {what}" for what in self.missing]
        for part in self.parts:
            lines += part._lines(indent + "  ")
        return lines


def _distance(hops: int) -> str:
    if hops < 0:
        return "nothing that leads to the primary was read"
    if hops == 0:
        return "the primary was read"
    return f"read {hops} hop{'s' if hops > 1 else ''} from the primary"


@dataclass(frozen=True, slots=True)
class Ranked(Answered):
    """A finding in a ranking, with what each criterion says of it; smaller is stronger.

    Attributes:
        ref: The finding.
        criteria: Its value for each criterion, in the order they are asked.
        design: Its design.
        decided_by: The criterion that put it before the next; null for the last, and where the id did.
        readings: Values in words, where the meaning of the criterion does not say it all.
        silent: Criteria that cannot place it: the scale leaves its design out, or nothing is recorded.
    """

    ref: Ref
    criteria: Mapping[str, int]
    design: str
    decided_by: str | None
    readings: Mapping[str, str]
    silent: tuple[str, ...]

    def reading(self, name: str) -> str:
        """What a criterion says of it, in words where there are some."""
        return self.readings.get(name) or str(self.criteria[name])


@dataclass(frozen=True, slots=True)
class Explanation(Answered):
    """Why findings stand in the order they do.

    Attributes:
        order: The findings, strongest first; ``decided_by`` of each is the first criterion that puts it before the next.
        criteria: Each criterion and what its values mean, in the order they are asked.
        definitions_differ: True when the findings do not share a definition, so that their numbers do not compare.
    """

    order: tuple[Ranked, ...]
    criteria: Mapping[str, str]
    definitions_differ: bool

    def __str__(self) -> str:
        lines = []
        for at, ranked in enumerate(self.order, start=1):
            lines.append(f"{at}. {ranked.ref.id}: {ranked.ref.label}")
            if ranked.silent:
                lines.append(f"   not placed by {'; '.join(f'{n} ({ranked.reading(n)})' for n in ranked.silent)}")
            if name := ranked.decided_by:
                values = f"{ranked.reading(name)} against {self.order[at].reading(name)}"
                lines.append(f"   before the next by {name} ({values}): {self.criteria[name]}")
            elif at < len(self.order):
                lines.append("   before the next by its id: no criterion tells them apart")
        if self.definitions_differ:
            lines.append("Their definitions differ: the order is of evidence, and their numbers do not compare.")
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class VendorSummary(Answered):
    """Who stands behind a set of findings.

    Attributes:
        findings: How many findings.
        sources: Their primary sources by flag, each counted once.
        by_finding: Findings by the flag of their primaries; ``mixed`` when these differ.
        without_independent: Ids of findings none of whose primaries is independent.
    """

    findings: int
    sources: Mapping[str, int]
    by_finding: Mapping[str, int]
    without_independent: tuple[str, ...]

    def __str__(self) -> str:
        if not self.findings:
            return "No findings"
        sources = ", ".join(f"{count} {flag}" for flag, count in self.sources.items() if count)
        total, without = sum(self.sources.values()), len(self.without_independent)
        return (
            f"{_count(self.findings, 'finding')} from {_count(total, 'primary source')}: {sources or 'none'}; "
            f"{without} without an independent one"
        )


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


@dataclass(frozen=True, slots=True)
class Hit(Answered):
    """A record that a search found.

    Attributes:
        ref: The finding, claim or untraced claim.
        snippet: The passage that matches, the words found between * signs.
        score: Smaller is better; comparable within one search.
    """

    ref: Ref
    snippet: str
    score: float

    def __str__(self) -> str:
        return f"{self.ref.kind} {self.ref.id}: {self.ref.label}\n  {self.snippet}"
