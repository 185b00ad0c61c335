"""The smaller records of an answer. Only the standard library is imported here, so that an answer is quick to read.

Text is typed and unescaped: whoever prints it escapes it.
"""

from __future__ import annotations

from dataclasses import dataclass
from sys import intern
from typing import TYPE_CHECKING

from evidencekb.answers.base import Answered, ById, Json, Unsaid, alike, fixed
from evidencekb.answers.numbers import closed
from evidencekb.answers.shapes import Searched, Standing, Vendor
from evidencekb.vocab import DIMENSIONS, WITHDRAWN

if TYPE_CHECKING:
    from evidencekb.answers.cards import Card
    from evidencekb.answers.figures import Figure

TIERS = ("direct", "partial", "near", "context")
"""How well a card fits a question, best first."""


@dataclass(frozen=True, slots=True)
class Ref(Answered):
    """Names a record: its kind, its id, and the label that a page prints.

    Attributes:
        kind: `role`, `skill`, `topic`, `outcome`, `product`, `instrument`, `cohort`, `finding`, `claim`, `untraced`, or
            `question` for a mix of subjects.
        id: The id, for addresses and links.
        label: What a page prints.
    """

    kind: str
    id: str
    label: str

    @property
    def key(self) -> str:
        """The id."""
        return self.id

    def __str__(self) -> str:
        return self.label


@dataclass(frozen=True, slots=True)
class Question(Answered):
    """What was asked: a subject, or a mix of subjects.

    Attributes:
        role: The asked role.
        skill: The asked skill.
        cohort: The asked cohort.
        topic: The asked topic.
        outcome: The asked outcome.
        product: The asked product.
        instrument: The asked instrument.
        slug: The ids asked, in the order of this table, joined by `-x-`.
    """

    role: Ref | None = None
    skill: Ref | None = None
    cohort: Ref | None = None
    topic: Ref | None = None
    outcome: Ref | None = None
    product: Ref | None = None
    instrument: Ref | None = None
    slug: str = ""

    @property
    def asked(self) -> dict[str, Ref]:
        """The dimensions that were asked, in their fixed order."""
        named = ((name, getattr(self, name)) for name in DIMENSIONS)
        return {name: ref for name, ref in named if ref is not None}

    @property
    def shape(self) -> str:
        """The dimensions asked, joined by +: ``role+skill``. Aspects have a question template for each shape."""
        return "+".join(self.asked)

    @property
    def ref(self) -> Ref:
        """A single subject's own reference; kind ``question`` for a mix."""
        asked = tuple(self.asked.values())
        return asked[0] if len(asked) == 1 else Ref("question", self.slug, str(self))

    def __str__(self) -> str:
        return " × ".join(ref.label for ref in self.asked.values())


@dataclass(frozen=True, slots=True)
class Caveat(Answered):
    """A limit: recorded by a person, or worked out. ``stop`` means the figure must not be shown without the text.

    Attributes:
        code: One of the caveat codes.
        severity: `stop`, `warning` or `note`.
        subject: Id of what it is about: a finding, a figure, a gap, an aspect, a claim or a question.
        params: What the text was made from.
        text: The sentence to print.
    """

    code: str
    severity: str
    subject: str
    params: Json
    text: str

    @classmethod
    def from_dict(cls, data: Json) -> Caveat:
        """Read back what :meth:`to_dict` wrote."""
        code, severity = intern(data["code"]), intern(data["severity"])
        return cls(code, severity, data["subject"], alike(data["params"]), intern(data["text"]))

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Fit(Answered):
    """How a card fits a question: its tier, each asked dimension, and why. It belongs to the card in this brief.

    Attributes:
        tier: One of the tiers.
        role: How it stands to the asked role; null when none was asked. So the others.
        skill: To the asked skill.
        cohort: To the asked cohort.
        topic: To the asked topic.
        outcome: To the asked outcome.
        product: To the asked product.
        instrument: To the asked instrument.
        why: Why, as a sentence to print.
    """

    tier: str
    role: str | None = None
    skill: str | None = None
    cohort: str | None = None
    topic: str | None = None
    outcome: str | None = None
    product: str | None = None
    instrument: str | None = None
    why: str = ""

    def __str__(self) -> str:
        return self.why


@dataclass(frozen=True, slots=True)
class Gap(Answered):
    """A question that nothing in the pack answers, or a recorded search that found nothing.

    ``nearest`` names figures that come closest, about something or somebody else.

    Attributes:
        id: Its id in the pack, or `computed:aspect:slug`.
        kind: One of the kinds of gap.
        aspect: Id of the aspect; null for a recorded gap about none.
        question: What is not known: the slug of what was asked, or the words of a recorded gap.
        text: What is not known, as a sentence that speaks of this pack.
        searched: Recorded searches; empty when none is recorded.
        nearest: Ids of figures that come closest.
        as_of: Version and day of the pack, as `str(gap)` prints them; plain data has the stamp.
    """

    shelf = "gaps"

    id: str
    kind: str
    aspect: str | None
    question: str
    text: str
    searched: tuple[Searched, ...] = ()
    nearest: tuple[str, ...] = ()
    as_of: Unsaid[str] = ""

    @property
    def key(self) -> str:
        """The id."""
        return self.id

    @property
    def computed(self) -> bool:
        """True when it was worked out: it speaks of this pack, and of no search."""
        return self.id.startswith("computed:")

    def __str__(self) -> str:
        inside = "; ".join(filter(None, (self.as_of, "no search recorded" if self.computed else "")))
        told = f"Not known: {self.text[:1].lower()}{self.text[1:]}"
        return f"{told.rstrip('.')} ({inside})." if inside else told


@dataclass(frozen=True, slots=True)
class Reference(Answered):
    """A source on a page: its label, its full form, who gains from it, and what it stands for here.

    Attributes:
        key: Its key in the pack.
        label: The short form.
        text: The full form, as plain text.
        csl: The bibliographic data as CSL-JSON.
        url: Its address; null when it has none.
        kind: A ``SourceKind``.
        vendor: The vendor flag, with its reason.
        standing: What happened to it.
        primary_for: Findings of this page that it is primary for.
        secondary_for: Findings of this page that it only repeats.
        read: The most that was read of it, a ``ReadWhat``; null when nothing was.
    """

    shelf = "references"

    key: str
    label: str
    text: str
    csl: Json
    url: str | None
    kind: str
    vendor: Vendor
    standing: Standing
    primary_for: tuple[str, ...]
    secondary_for: tuple[str, ...]
    read: str | None

    @classmethod
    def from_dict(cls, data: Json) -> Reference:
        """Read back a stored reference."""
        lists = {name: tuple(data[name]) for name in ("primary_for", "secondary_for")}
        return cls(**{**fixed(data), **lists})

    def __str__(self) -> str:
        return self.text + "".join(f" [{flag}]" for flag in self.flags)

    @property
    def flags(self) -> tuple[str, ...]:
        """What must stand beside it: a withdrawn standing, and its vendor flag unless it is independent."""
        return flags_of(self.standing["state"], self.vendor["flag"])


def flags_of(standing: str, vendor: str) -> tuple[str, ...]:
    """What must stand beside a source: a withdrawn standing, and its vendor flag unless it is independent.

    Examples:
        >>> flags_of("retracted", "vendor"), flags_of("unchanged", "independent"), flags_of("", "")
        (('retracted', 'vendor'), (), ('unknown',))
    """
    withdrawn = (standing,) if standing in WITHDRAWN else ()
    return withdrawn if vendor == "independent" else (*withdrawn, vendor or "unknown")


@dataclass(frozen=True, slots=True)
class Formatted(Answered):
    """A reference printed in a citation style.

    Attributes:
        id: The source's key.
        text: Plain text.
        html: HTML with no element but i, b, sup, sub, span and a.
        markdown: CommonMark.
        short: How running text mentions it: "(Noy & Zhang, 2023)" or "[1]".
        flags: What must stand beside it: a withdrawn standing, and the source's vendor flag unless it is independent. A
            work that is in no pack has none.
    """

    id: str
    text: str
    html: str
    markdown: str
    short: str
    flags: tuple[str, ...] = ()

    def __str__(self) -> str:
        return self.text + "".join(f" [{flag}]" for flag in self.flags)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import formatted_html

        return formatted_html(self)


@dataclass(frozen=True, slots=True)
class Credit(Answered):
    """How to cite a figure: who produced it first, the pack that holds it second.

    Attributes:
        finding: The finding.
        estimate: Name of the estimate; null for a finding as a whole.
        reference: The primary source that gives the figure.
        text: The citation, as plain text.
    """

    finding: Ref
    estimate: str | None
    reference: Formatted
    text: str

    def __str__(self) -> str:
        return self.text + "".join(f" [{flag}]" for flag in self.reference.flags)


@dataclass(frozen=True, slots=True)
class Answer(Answered):
    """What a page says to one question: a sentence with its cards, or the gap that says there are none.

    Attributes:
        aspect: Id of the aspect.
        question: The question in words.
        tier: The best fit among the cards; None when nothing answers.
        text: The answer in full sentences.
        cards: Findings that answer it, best first.
        figures: The figures of these cards that answer it, of the sort of number that the first card gives, in their order.
        gap: What is not known, when nothing answers.
        caveats: What holds for the answer as a whole.
        claims: Claims of the pack that rest on several of these findings; the text ends with them.
    """

    aspect: str
    question: str
    tier: str | None
    text: str
    cards: ById[tuple[Card, ...]]
    gap: ById[Gap | None]
    caveats: tuple[Caveat, ...]
    figures: ById[tuple[Figure, ...]] = ()
    claims: tuple[Ref, ...] = ()

    def __str__(self) -> str:
        return f"{self.question}\n{self.text}"

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import answer_html

        return answer_html(self)


@dataclass(frozen=True, slots=True)
class FaqItem(Answered):
    """A question that people ask, with a short answer. Questions are unique in a brief.

    Attributes:
        aspect: Id of the aspect.
        question: The question in words.
        answer: One or two sentences.
        figures: The figure in the answer.
        references: The sources of the answer.
        gap: True when the answer is that it is not known.
    """

    aspect: str
    question: str
    answer: str
    figures: ById[tuple[Figure, ...]]
    references: ById[tuple[Reference, ...]]
    gap: bool

    def __str__(self) -> str:
        return f"{self.question}\n{self.answer}"


@dataclass(frozen=True, slots=True)
class Cluster(Answered):
    """Findings on one cohort, side by side.

    Attributes:
        cohort: The cohort.
        relation: How it stands to what was asked: asked, narrower, overlapping; or shown, when no cohort was asked.
        text: The relation as a sentence.
        cards: Its findings, strongest first.
        definitions: How they define the cohort, by definition id; the page holds the texts.
        definitions_differ: True when they do not all define it the same way.
    """

    cohort: Ref
    cards: ById[tuple[Card, ...]]
    definitions_differ: bool
    relation: str
    text: str
    definitions: tuple[str, ...]

    def __str__(self) -> str:
        return "\n".join([f"{self.cohort.label}. {self.text}", *(f"- {card.title}" for card in self.cards)])


@dataclass(frozen=True, slots=True)
class Conflict(Answered):
    """Two findings that point different ways, each with its own figures.

    Attributes:
        findings: The two, the one whose record says so first.
        figures: The figures of both that the conflict is about.
        because: Why they differ, as recorded; empty when nobody said.
        asserted_by: Who set one against the other: a source, or the curator.
        text: Both sides in words.
    """

    findings: tuple[Ref, Ref]
    figures: ById[tuple[Figure, ...]]
    because: str
    asserted_by: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Exclusion(Answered):
    """A thread that was left out and not weighed, and the findings shown that it could change.

    Attributes:
        id: Its id.
        thread: What was left out.
        reason: Why.
        bears_on: Findings of the page that it could change.
    """

    shelf = "threads"

    id: str
    thread: str
    reason: str
    bears_on: tuple[Ref, ...]

    @property
    def key(self) -> str:
        """The id."""
        return self.id

    def __str__(self) -> str:
        return f"{closed(self.thread)} {closed(self.reason)}"


@dataclass(frozen=True, slots=True)
class Neighbour(Answered):
    """A subject beside another, and the basis on which it is one.

    Attributes:
        ref: The neighbour.
        basis: alternative_to, narrower, broader, overlapping, sibling, requires, applied_in, related or measured_together.
        text: The basis as a sentence.
        source: Who says so: a source, ``editorial``, or ``computed``.
    """

    ref: Ref
    basis: str
    text: str
    source: str

    def __str__(self) -> str:
        return self.text
