"""Claims and what surrounds them: untraced claims, gaps, exclusions, aspects and waivers."""

from __future__ import annotations

from string import Formatter
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, field_validator

from evidencekb.model.common import (
    CohortRef,
    ConceptRef,
    Date,
    FindingRef,
    Nearest,
    OneOrMany,
    Record,
    RefersTo,
    SearchedPlace,
    Slug,
    SubjectRef,
    Text,
    by_name,
)
from evidencekb.vocab import DIMENSIONS, GapKind, Stance, UntracedStatus, VendorFlag, Wanted


class Support(Record):
    """How a finding, by which of its estimates, bears on a claim."""

    finding: FindingRef = Field(description="Id of the finding.")
    estimates: Annotated[tuple[str, ...], OneOrMany] = Field(
        (), description="Local ids of the estimates; empty only for a finding without estimates."
    )
    stance: Stance = Field(description="supports, disputes or qualifies.")
    note: Text | None = Field(None, description="Why, when it is not plain.")


class Claim(Record):
    """A sentence we assert in our own words, with the estimates it rests on."""

    id: Slug = Field(description="Slug, unique among findings, claims and untraced claims.")
    text: Text = Field(description="The sentence.")
    about: tuple[SubjectRef, ...] = Field((), description="Concepts and cohorts it is about.")
    filed_as: Literal["strong"] | None = Field(
        None, description="'strong' when a page may print it without its card; asks for primaries that were read."
    )
    supports: tuple[Support, ...] = Field((), description="What it rests on, for and against.")


class Sighting(Record):
    """A page on which a claim in circulation was seen."""

    where: Text = Field(description="Address, or a description when there is none.")
    on: Date | None = Field(None, description="When it came out or was seen.")
    vendor: VendorFlag | None = Field(None, description="Whether its publisher gains.")
    prints: Text | None = Field(None, description="The figures it prints.")
    taken_from: Text | None = Field(
        None, description="The page it took the claim from, written as that page's 'where'; none_named or unknown."
    )
    note: Text | None = Field(None, description="What else matters.")


class Untraced(Record):
    """A claim in circulation without a primary source. Never cited, ranked or pooled."""

    id: Slug = Field(description="Slug, unique among findings, claims and untraced claims.")
    headline: Text = Field(description="The claim as it goes round, shortened.")
    status: UntracedStatus = Field(description="Why nothing stands behind it.")
    attributed_to: Text | None = Field(None, description="Whom pages credit.")
    variants: tuple[Text, ...] = Field((), description="Other figures under the same story; quote them.")
    earliest_seen: Sighting | None = Field(None, description="The oldest trace.")
    repeated_at: tuple[Sighting, ...] = Field((), description="Pages that repeat it.")
    traced_by: tuple[Sighting, ...] = Field((), description="Pages that looked for its origin.")
    searched: tuple[SearchedPlace, ...] = Field((), description="Where the curator looked.")
    nearest: tuple[Nearest, ...] = Field((), description="Findings that come close.")
    say: Text = Field(description="What a page may say.")
    about: tuple[ConceptRef, ...] = Field((), description="Concepts it is about.")
    cohorts: tuple[CohortRef, ...] = Field((), description="Groups it is about.")


class Gap(Record):
    """A recorded search that found nothing."""

    id: Slug = Field(description="Slug, never reused.")
    kind: GapKind = Field(GapKind.SEARCHED_NONE_FOUND, description="What sort of hole.")
    question: Text = Field(description="What was asked.")
    about: tuple[SubjectRef, ...] = Field((), description="Concepts and cohorts of the question.")
    aspect: Annotated[str, RefersTo(("aspect",))] | None = Field(
        None, description="Id of the aspect it answers with a hole."
    )
    searched: tuple[SearchedPlace, ...] = Field((), description="Where somebody looked.")
    nearest: tuple[Nearest, ...] = Field((), description="Findings that come close.")


class Exclusion(Record):
    """A thread that was left out, and why."""

    id: Slug = Field(description="Slug, never reused.")
    thread: Text = Field(description="What was left out.")
    reason: Text = Field(description="Why.")
    bears_on: tuple[FindingRef, ...] = Field((), description="Findings it could change.")


class Aspect(Record):
    """A question that pages ask of a subject."""

    id: Slug = Field(description="Slug, never reused.")
    label: Text = Field(description="Short name.")
    questions: Annotated[dict[str, Text], AfterValidator(by_name)] = Field(
        description="Template per shape of question: 'role+skill': 'Does naming {skill} raise pay for {roles}?'"
    )
    outcomes: tuple[ConceptRef, ...] = Field(description="Outcomes that answer it, with all that lies below them.")
    wanted: Annotated[tuple[Wanted, ...], OneOrMany] = Field(description="effect, level or description.")
    unanswered: Text = Field(description="What to say when nothing in the pack answers.")

    @field_validator("questions")
    @classmethod
    def _shapes(cls, questions: dict[str, str]) -> dict[str, str]:
        """Each shape joins dimensions in their order, and its template asks for no other."""
        for shape, template in questions.items():
            named = shape.split("+")
            if named != [dimension for dimension in DIMENSIONS if dimension in named]:
                raise ValueError(
                    f"the shape {shape!r} is not made of {', '.join(DIMENSIONS)}, in this order, joined by +"
                )
            allowed = {*named, "roles"} if "role" in named else set(named)
            try:
                parsed = list(Formatter().parse(template))
            except ValueError as problem:
                raise ValueError(f"the template of {shape!r} has a brace too many or too few: {problem}") from problem
            for _, field, form, conversion in parsed:
                if field is not None and (field not in allowed or form or conversion):
                    raise ValueError(
                        f"the template of {shape!r} may hold {{{'}, {'.join(sorted(allowed))}}}, not {{{field}}}"
                    )
        return questions


def rule_code(rule: str) -> str:
    """The full code of a rule that is written with or without its prefix.

    Examples:
        >>> rule_code("108"), rule_code("HOUSE1")
        ('EKB108', 'HOUSE1')
    """
    return f"EKB{rule}" if rule.isdigit() else rule


class Waiver(Record):
    """A violation that was looked at and accepted, by whom, why, and until when."""

    rule: Annotated[str, Field(pattern=r"^(\d{3}|[A-Z]{2,12}\d{1,5})$")] = Field(
        description="Code of the rule: '108', 'EKB108', or a code of the pack's own; quote it."
    )
    record: Text = Field(description="Id of the record.")
    who: Text = Field(description="Who accepted it.")
    why: Text = Field(description="Why it is right to accept it.")
    until: Date = Field(description="Last day on which it holds.")

    @property
    def code(self) -> str:
        """The rule's full code."""
        return rule_code(self.rule)

    @property
    def id(self) -> str:
        """What names a waiver: the rule and the record."""
        return f"{self.code}:{self.record}"
