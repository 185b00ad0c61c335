"""Cards: a finding, a claim or an untraced claim, as a page shows it."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered, ById, digest_of
from evidencekb.answers.figures import Figure, ties_text, together
from evidencekb.answers.numbers import closed
from evidencekb.answers.records import Caveat, Fit, Ref, Reference
from evidencekb.answers.shapes import Searched, Sighting
from evidencekb.vocab import WITHDRAWN, Nature, VendorFlag

_BESIDE = frozenset({*WITHDRAWN, *VendorFlag, *Nature})


@dataclass(frozen=True, slots=True)
class Card(Answered):
    """A finding on a page: its title, figures, byline, badges, fit and caveats.

    Attributes:
        ref: The finding.
        title: Its headline.
        statement: What it says, in sentences; to print when it has no figure.
        figures: Its figures, main ones first.
        byline: Who says it, and when.
        badges: The vendor flag unless independent, the nature unless observed, and the sort of design; to print beside the title.
        fit: How it fits the question; null on the page of a finding, where nothing was asked.
        caveats: Limits of it and of its fit: stops first, then warnings, then notes.
        definitions: Ids of its operational definitions; a brief holds their texts.
        references: Its primary sources.
    """

    shelf = "cards"

    ref: Ref
    title: str
    statement: str
    figures: ById[tuple[Figure, ...]]
    byline: str
    badges: tuple[str, ...]
    fit: Fit | None
    caveats: tuple[Caveat, ...]
    definitions: tuple[str, ...]
    references: ById[tuple[Reference, ...]]

    @property
    def key(self) -> str:
        """The id of the finding."""
        return self.ref.id

    @property
    def flags(self) -> tuple[str, ...]:
        """What must stand beside its title where the card is only named: who gains, what is not observed, what is disputed."""
        contested = ("contested",) if any(caveat.code == "contested" for caveat in self.caveats) else ()
        return (*(badge for badge in self.badges if badge in _BESIDE), *contested)

    def __str__(self) -> str:
        badges = f" [{', '.join(self.badges)}]" if self.badges else ""
        ties = ties_text(self.figures[0].vendor) if self.figures else ""
        lines = [
            self.title,
            together(self.figures) if self.figures else self.statement,
            self.byline + badges + (f" · ties: {ties}" if ties else ""),
            self.fit.why if self.fit else "",
            " ".join(dict.fromkeys(closed(caveat.text) for caveat in self.caveats)),
        ]
        return "\n".join(line for line in lines if line)

    @property
    def digest(self) -> str:
        """Changes when anything that the card shows changes."""
        return digest_of(self)

    def to_markdown(self) -> str:
        """The card as Markdown, escaped, with the addresses of its sources."""
        from evidencekb.answers.markdown import card_markdown

        return card_markdown(self)

    def to_jsonld(self) -> str:
        """The card as JSON-LD of schema.org terms, safe inside a script element."""
        from evidencekb.answers.jsonld import card_jsonld

        return card_jsonld(self)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import card_html

        return card_html(self)


@dataclass(frozen=True, slots=True)
class Support(Answered):
    """How a finding bears on a claim: its stance, why, and the figures that the claim rests on.

    Attributes:
        stance: A ``Stance``.
        note: A remark; may be empty.
        card: The finding.
        figures: The figures that the claim rests on.
    """

    stance: str
    note: str
    card: Card
    figures: ById[tuple[Figure, ...]]


@dataclass(frozen=True, slots=True)
class ClaimCard(Answered):
    """A claim on a page: the sentence, what speaks for it and against it, and whom that comes from.

    Attributes:
        ref: The claim.
        title: The sentence.
        text: For and against, in one sentence.
        about: Concepts and cohorts it is about.
        supports: Findings in the order of the record, each with its card.
        badges: ``vendor evidence only``, ``nobody independent`` or ``disputed``, where it is so.
        caveats: Limits of the claim as a whole.
        references: The primary sources.
    """

    ref: Ref
    title: str
    text: str
    about: tuple[Ref, ...]
    supports: tuple[Support, ...]
    badges: tuple[str, ...]
    caveats: tuple[Caveat, ...]
    references: tuple[Reference, ...]

    @property
    def key(self) -> str:
        """The id of the claim."""
        return self.ref.id

    @property
    def figures(self) -> dict[str, Figure]:
        """All figures of its findings, by id; ``supports`` says which of them it rests on."""
        return {figure.id: figure for support in self.supports for figure in support.card.figures}

    def __str__(self) -> str:
        lines = [self.title, self.text]
        for support in self.supports:
            told = together(support.figures) if support.figures else support.card.statement
            lines.append(f"- {support.stance}: {told} [{support.card.byline}]")
        return "\n".join([*lines, *(caveat.text for caveat in self.caveats)])

    @property
    def digest(self) -> str:
        """Changes when anything that the card shows changes."""
        return digest_of(self)

    def to_markdown(self) -> str:
        """The card as Markdown, escaped, with the addresses of its sources."""
        from evidencekb.answers.markdown import claim_markdown

        return claim_markdown(self)

    def to_jsonld(self) -> str:
        """The card as JSON-LD of schema.org terms, safe inside a script element."""
        from evidencekb.answers.jsonld import claim_jsonld

        return claim_jsonld(self)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import claim_html

        return claim_html(self)


@dataclass(frozen=True, slots=True)
class NearFinding(Answered):
    """A finding that comes close to a claim in circulation, and how it differs.

    Attributes:
        finding: The finding.
        differs: How it differs from what goes round.
    """

    finding: Ref
    differs: str


@dataclass(frozen=True, slots=True)
class UntracedCard(Answered):
    """A claim in circulation that no primary source stands behind. It has no figure and no rating: there is none to give.

    Attributes:
        ref: The untraced claim.
        title: The claim as it goes round.
        status: no_source_found, dead_end, unpublished, misattributed or circular.
        text: What a page may say.
        attributed_to: Whom pages credit.
        variants: Other versions of it.
        earliest_seen: The oldest trace, or None.
        repeated_at: Pages that repeat it.
        traced_by: Pages that looked for its origin.
        searched: Where the curator looked.
        nearest: Findings that come close, and how they differ.
        about: Concepts and cohorts it is about.
    """

    shelf = "circulating"

    ref: Ref
    title: str
    status: str
    text: str
    attributed_to: str | None
    variants: tuple[str, ...]
    earliest_seen: Sighting | None
    repeated_at: tuple[Sighting, ...]
    traced_by: tuple[Sighting, ...]
    searched: tuple[Searched, ...]
    nearest: tuple[NearFinding, ...]
    about: tuple[Ref, ...]

    @property
    def key(self) -> str:
        """The id of the untraced claim."""
        return self.ref.id

    def __str__(self) -> str:
        status = self.status.replace("_", " ")
        near = [f"Nearest: {near.finding.label} ({near.differs.rstrip('.')})." for near in self.nearest]
        return "\n".join([f"{self.title} [{status}]", self.text, *near])

    @property
    def digest(self) -> str:
        """Changes when anything that the card shows changes."""
        return digest_of(self)

    def to_markdown(self) -> str:
        """The card as Markdown, escaped."""
        from evidencekb.answers.markdown import untraced_markdown

        return untraced_markdown(self)

    def to_jsonld(self) -> str:
        """The card as JSON-LD of schema.org terms, safe inside a script element; without a rating."""
        from evidencekb.answers.jsonld import untraced_jsonld

        return untraced_jsonld(self)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import untraced_html

        return untraced_html(self)
