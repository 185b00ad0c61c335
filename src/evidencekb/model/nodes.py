"""Concepts, cohorts and operational definitions: what findings are about, who was measured, how it became a number."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from evidencekb.model.common import (
    EDITORIAL,
    Code,
    CohortRef,
    ConceptRef,
    Date,
    DefinitionRef,
    OneOrMany,
    Record,
    Slug,
    SourceOrEditorial,
    SubjectRef,
    Text,
)
from evidencekb.vocab import CohortUnit, ConceptKind, ConceptRelation, DefinitionBasis, HigherIs


class Meaning(Record):
    """What a concept means, and who says so."""

    text: Text = Field(description="One sentence in own words.")
    source: SourceOrEditorial = Field(description="Source id, or 'editorial' when the pack's editors say so.")


def _text_alone(value: Any) -> Any:
    return {"text": value, "source": EDITORIAL} if isinstance(value, str) else value


class ConceptLink(Record):
    """A relation between two concepts, and who says so."""

    to: ConceptRef = Field(description="Id of the other concept.")
    relation: ConceptRelation = Field(description="What the relation is.")
    source: SourceOrEditorial = Field(
        EDITORIAL, description="Source id, or 'editorial' when the pack's editors say so."
    )
    as_of: Date | None = Field(None, description="When this held.")


class Concept(Record):
    """A role, skill, topic, outcome, product, instrument or occupation.

    Nothing that can be measured (pay, demand, time to learn) is a field: it is a finding or a gap.
    """

    id: Slug = Field(description="Slug, unique among all concepts.")
    kind: ConceptKind = Field(description="What it is.")
    label: Text = Field(description="As a page prints it.")
    plural: Text | None = Field(None, description="Plural of the label for use in a sentence (roles, occupations).")
    definition: Annotated[Meaning, BeforeValidator(_text_alone, json_schema_input_type=str | Meaning)] | None = Field(
        None, description="What it means; a text alone is the editors' own."
    )
    codes: tuple[Code, ...] = Field((), description="Classes of official schemes, only where certain.")
    links: tuple[ConceptLink, ...] = Field((), description="Relations to other concepts.")


class Cohort(Record):
    """A kind of people, firms, jobs, postings, tasks, documents or systems that figures are about."""

    id: Slug = Field(description="Slug, never reused.")
    label: Text = Field(description="As a page prints it.")
    meaning: Text = Field(description="Who or what belongs to it, in one sentence.")
    unit: CohortUnit = Field(description="What it is made of.")
    broader: tuple[CohortRef, ...] = Field((), description="Wider cohorts; several are allowed.")
    overlaps: tuple[CohortRef, ...] = Field((), description="Cohorts that share members without holding each other.")
    disjoint: tuple[CohortRef, ...] = Field((), description="Cohorts with which it shares no member at all.")
    on_pages: bool = Field(
        False, strict=True, description="Shown as a group of its own, as context, on pages that ask about no cohort."
    )
    codes: tuple[Code, ...] = Field((), description="Classes of official schemes, only where certain.")


class DefinitionLink(Record):
    """Another definition, and why the two may or may not be compared."""

    definition: DefinitionRef = Field(description="Id of the other definition.")
    why: Text = Field(description="The reason, in own words.")
    source: SourceOrEditorial = Field(
        EDITORIAL, description="Source that says so, or 'editorial' when the pack's editors do."
    )


class OperationalDefinition(Record):
    """How a concept, an outcome or a cohort became a number.

    Two figures share a definition only if either could stand in the other's table without a footnote.
    """

    id: Slug = Field(description="Slug, never reused.")
    label: Text | None = Field(None, description="Short name; default: the procedure.")
    of: SubjectRef = Field(description="Id of the concept or cohort that is made a number.")
    basis: Annotated[tuple[DefinitionBasis, ...], OneOrMany] = Field(
        min_length=1, max_length=2, description="What material was used; one term, or two."
    )
    procedure: Text = Field(description="Instrument, threshold, window, unit counted and reference group.")
    higher_is: HigherIs | None = Field(None, description="Whether a larger number is better.")
    comparable_with: tuple[DefinitionLink, ...] = Field((), description="Definitions it may be compared with, and why.")
    not_comparable_with: tuple[DefinitionLink, ...] = Field((), description="Tempting pairs that must not be compared.")
