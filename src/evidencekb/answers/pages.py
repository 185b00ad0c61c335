"""The brief: all that a page about a subject, or a mix of subjects, says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from evidencekb.answers.base import Answered, ById
from evidencekb.answers.cards import Card, UntracedCard
from evidencekb.answers.figures import Figure
from evidencekb.answers.records import (
    Answer,
    Caveat,
    Cluster,
    Conflict,
    Exclusion,
    FaqItem,
    Gap,
    Question,
    Ref,
    Reference,
)
from evidencekb.answers.sentences import coverage_sentence, sources_sentence, stamp_sentences
from evidencekb.answers.shapes import Coverage, Stamp, Summary


@dataclass(frozen=True, slots=True)
class Brief(Answered):
    """All that a page about a subject, or a mix of subjects, says.

    Attributes:
        ref: The subject; for a mix, kind ``question`` and the slug.
        question: What was asked.
        title: Title of the page.
        summary: What is known and what is not, in sentences.
        coverage: Cards shown by tier; gaps; and ``beyond``, how many further findings bear on the question.
        headline: The nearest cards that have figures, never context, one a work; case papers after what was measured.
        context: All further cards, best fit first.
        answers: One for each aspect that has a question of this shape.
        cohorts: Findings by cohort, side by side.
        conflicts: Findings that point different ways, both sides of each.
        caveats: What holds for the page as a whole.
        gaps: What is not known here.
        faq: Questions and short answers.
        exclusions: Threads that were left out, as far as they bear on what is shown.
        untraced: Claims in circulation about these subjects that no source stands behind.
        figures: Every figure of the page by id.
        findings: Every finding that the page names by id, with its headline.
        definitions: Texts of the operational definitions that figures and clusters use, by id.
        threads: The exclusions by id.
        circulating: The untraced claims by id.
        references: The primary sources of the page.
        depends_on: Every record that the page rests on, as ``kind:id``; for what it only counts the lists, such as
            ``findings:role:nurse``. See ``dependence_of``.
        digest: Changes when anything that the page says changes; the stamp is left out.
        stamp: Which state of the data it comes from.
    """

    holds_its_own = True

    ref: Ref
    question: Question
    title: str
    summary: str
    coverage: Coverage
    headline: tuple[Card, ...]
    context: tuple[Card, ...]
    answers: tuple[Answer, ...]
    cohorts: tuple[Cluster, ...]
    conflicts: tuple[Conflict, ...]
    caveats: tuple[Caveat, ...]
    gaps: tuple[Gap, ...]
    faq: tuple[FaqItem, ...]
    exclusions: ById[tuple[Exclusion, ...]]
    untraced: ById[tuple[UntracedCard, ...]]
    figures: Mapping[str, Figure]
    findings: Mapping[str, Summary]
    definitions: Mapping[str, str]
    threads: Mapping[str, Exclusion]
    circulating: Mapping[str, UntracedCard]
    references: tuple[Reference, ...]
    depends_on: frozenset[str]
    digest: str
    stamp: Stamp

    @property
    def cards(self) -> tuple[Card, ...]:
        """All cards of the page: the headlines, then the others."""
        return (*self.headline, *self.context)

    @property
    def coverage_text(self) -> str:
        """How many findings the page shows, and how they fit, as a sentence."""
        return coverage_sentence(self.coverage, len(self._shown))

    @property
    def sources_text(self) -> str:
        """Its sources by kind, and how many of each gain from their figures, as a sentence; empty without sources."""
        return sources_sentence(self._shown)

    @property
    def stamp_text(self) -> str:
        """Which state of the data the page comes from, as two sentences for its foot."""
        return stamp_sentences(self.stamp)

    @property
    def _shown(self) -> list[Reference]:
        """References of the findings shown; a conflict brings those of its other side beside them."""
        keys = {reference.key for card in self.cards for reference in card.references}
        return [reference for reference in self.references if reference.key in keys]

    def __str__(self) -> str:
        from evidencekb.answers.markdown import brief_markdown

        return brief_markdown(self, links=False)

    def to_markdown(self) -> str:
        """The page as Markdown: text escaped, references with their addresses."""
        from evidencekb.answers.markdown import brief_markdown

        return brief_markdown(self, links=True)

    def to_jsonld(self) -> str:
        """The page as JSON-LD of schema.org terms, safe inside a script element."""
        from evidencekb.answers.jsonld import brief_jsonld

        return brief_jsonld(self)

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import brief_html

        return brief_html(self)
