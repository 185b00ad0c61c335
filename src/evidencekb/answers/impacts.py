"""What rests on a source: for the day on which it is retracted."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.naming import counted, joined
from evidencekb.answers.records import Ref

INDEPENDENT, OTHERS, NOTHING = "independent", "others", "nothing"


@dataclass(frozen=True, slots=True)
class Primary(Answered):
    """A primary source that is left without another.

    Attributes:
        key: Citation key.
        label: Its byline.
        vendor: Its flag.
    """

    key: str
    label: str
    vendor: str

    def __str__(self) -> str:
        return f"{self.label} [{self.vendor}]"


@dataclass(frozen=True, slots=True)
class ImpactOnFinding(Answered):
    """A finding that has figures from a source, or through it.

    Attributes:
        ref: The finding.
        role: ``"primary"`` or ``"secondary"``: what the source is for it.
        estimates: Names of the estimates that it carries as a primary.
        lost: Those of them that no primary source of another work carries.
        left: Primary sources of other works that carry some of them.
        claims: Ids of the claims that rest on the finding.
    """

    ref: Ref
    role: str
    estimates: tuple[str, ...]
    lost: tuple[str, ...]
    left: tuple[Primary, ...]
    claims: tuple[str, ...]

    def __str__(self) -> str:
        if self.role != "primary":
            return f"finding {self.ref.id} keeps its figures: the source only passes them on"
        if not self.lost and self.left:
            return f"finding {self.ref.id} keeps its figures: {joined(map(str, self.left))}"
        lost = "its primary source" if not self.estimates else f"the primary source of {joined(self.lost)}"
        return f"finding {self.ref.id} loses {lost}"


@dataclass(frozen=True, slots=True)
class ImpactOnClaim(Answered):
    """A claim that rests on findings of a source.

    Attributes:
        ref: The claim.
        lost: What it rests on and loses, as ``finding#estimate``; a finding alone where it names no estimate.
        left: Primary sources of other works, not withdrawn, that go on to support it.
        keeps: ``"independent"`` when one of them is flagged independent, ``"others"`` when none is, ``"nothing"`` when
            nothing supports it any more.
    """

    ref: Ref
    lost: tuple[str, ...]
    left: tuple[Primary, ...]
    keeps: str

    def __str__(self) -> str:
        if not self.lost:
            return f"claim {self.ref.id} keeps all that it rests on"
        after = {
            INDEPENDENT: "and keeps an independent primary source",
            OTHERS: "and keeps no independent primary source",
            NOTHING: "and then nothing supports it",
        }[self.keeps]
        left = f": {joined(map(str, self.left))}" if self.left else ""
        return f"claim {self.ref.id} loses {joined(self.lost)} {after}{left}"


@dataclass(frozen=True, slots=True)
class Tied(Answered):
    """Something else that hangs on the source, or on a finding of it.

    Attributes:
        kind: The kind of record.
        id: Its id.
        how: How it hangs on it, as a sentence without its subject.
    """

    kind: str
    id: str
    how: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id} {self.how}"


@dataclass(frozen=True, slots=True)
class Impact(Answered):
    """All that rests on a source.

    Attributes:
        source: The source.
        state: Its standing by now.
        versions: Keys of other versions of its work: they are no support of their own, and may have to go too.
        findings: Findings that have figures from it or through it: those that lose one first.
        claims: Claims on these: those that nothing supports then first, then those without an independent source.
        relays: Keys of sources that took figures from it, also through one another.
        links: Replications, reanalyses, pools and the like, to and from findings that lose their primary source.
        others: What else names the source, or such a finding.
        depends_on: A page is concerned when its ``depends_on`` shares an entry with these.
    """

    source: Ref
    state: str
    versions: tuple[str, ...]
    findings: tuple[ImpactOnFinding, ...]
    claims: tuple[ImpactOnClaim, ...]
    relays: tuple[str, ...]
    links: tuple[Tied, ...]
    others: tuple[Tied, ...]
    depends_on: frozenset[str]

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        losing = sum(bool(found.role == "primary" and (found.lost or not found.left)) for found in self.findings)
        fallen = sum(claim.keeps == NOTHING for claim in self.claims)
        weak = sum(claim.keeps == OTHERS for claim in self.claims)
        return (
            f"without it {counted(losing, 'finding')} would have no primary source, {counted(fallen, 'claim')} no support, and "
            f"{counted(weak, 'claim')} no independent one"
        )

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield f"{self.source.id}: {self.source.label} [{self.state.replace('_', ' ')}]"
        if self.versions:
            yield f"  other versions of the work: {', '.join(self.versions)}"
        if not (self.findings or self.others):
            yield "  nothing rests on it"
            return
        yield from (f"  {found}" for found in self.findings)
        yield from (f"  {claim}" for claim in self.claims)
        if self.relays:
            yield f"  taken from it by {joined(self.relays)}"
        yield from (f"  {tied}" for tied in (*self.links, *self.others))
        yield self.summary
