"""Findings: one source version, one sample, one design, one nature, one moment; with the estimates they hold."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, field_validator

from evidencekb.model.common import (
    NONE_NAMED,
    UNKNOWN,
    CohortRef,
    ConceptRef,
    Date,
    DefinitionRef,
    EstimateId,
    FindingRef,
    Number,
    OneOrMany,
    OrganizationRef,
    Record,
    RefersTo,
    Slug,
    SourceRef,
    Text,
    by_name,
)
from evidencekb.vocab import (
    Absence,
    Admission,
    Basis,
    Bearing,
    CaveatKind,
    CohortFit,
    Design,
    Direction,
    DriftKind,
    Extent,
    LegalAct,
    LinkType,
    Measure,
    Merits,
    Nature,
    Origin,
    Qualifier,
    RangeOver,
    ReadWhat,
    ReplicationOutcome,
    Role,
    SampleLevel,
    Scale,
    YesNo,
)


def _state_alone(value: Any) -> Any:
    return {"state": value} if isinstance(value, str) else value


class Preregistration(Record):
    """Whether the plan was public before the data."""

    state: YesNo = Field(description="yes, no or unknown.")
    id: Text | None = Field(None, description="Registry number, when there is one.")


class SampleCount(Record):
    """One count of the sample."""

    n: Number = Field(description="How many.")
    of: Text = Field(description="What was counted, plural.")
    level: SampleLevel = Field(description="Drawn, answered, analysed and so on.")
    qualifier: Qualifier = Field(Qualifier.EXACTLY, description="How the printed count is limited.")
    group: Text | None = Field(None, description="Which arm or part, when not all.")


class Sample(Record):
    """Who or what was actually measured."""

    counts: tuple[SampleCount, ...] = Field((), description="Sample sizes; never an estimate.")
    none_because: Absence | None = Field(None, description="Why there is no count.")
    place: Text | None = Field(None, description="Where.")
    period: Date | None = Field(None, description="When the data were gathered.")
    chosen: Text | None = Field(None, description="How they were chosen.")


class CohortLink(Record):
    """The group a finding is filed under, and how those measured stand to it."""

    cohort: CohortRef = Field(description="Id of the cohort.")
    fit: CohortFit = Field(description="exact, narrower, broader, simulated or analogous.")
    note: Text | None = Field(None, description="What differs; required for broader and analogous.")


class About(Record):
    """How a finding bears on a concept. A tag is not a measurement."""

    concept: ConceptRef = Field(description="Id of a role, skill, topic, instrument, product or occupation.")
    how: Bearing = Field(description="measured, includes, proxy or mentioned.")


class ProductUsed(Record):
    """A product that was tested or counted."""

    product: ConceptRef = Field(description="Id of a concept of kind product.")
    version: Text | None = Field(None, description="Version as the source names it.")


class ValueRange(Record):
    """Values that run from low to high. A range is never an interval."""

    low: Number = Field(description="Smallest value, in the estimate's unit.")
    high: Number = Field(description="Largest value, in the estimate's unit.")
    over: RangeOver = Field(description="What the values run over.")


class ConfidenceInterval(Record):
    """An interval as printed in the source, in the estimate's unit."""

    lower: Number = Field(description="Lower bound.")
    upper: Number = Field(description="Upper bound.")
    level: Number = Field(0.95, description="Level, 0.95 for 95 %.")


class Estimate(Record):
    """One number that a source gives, or a direction without a size."""

    id: EstimateId = Field(description="Name inside the finding; starts with a letter, never 'sample'.")
    main: bool = Field(False, strict=True, description="Shown first.")
    outcome: ConceptRef = Field(description="Id of a concept of kind outcome.")
    label: Text | None = Field(None, description="What exactly was counted; default: the outcome's label.")
    definition: DefinitionRef | None = Field(None, description="How the outcome became a number.")
    measure: Measure | None = Field(None, description="The kind of number.")
    value: Number | None = Field(None, description="The number in the unit named; a share is in '1'.")
    range: ValueRange | None = Field(None, description="Several values, instead of one.")
    direction: Direction | None = Field(None, description="A sign without a size, instead of a value.")
    qualifier: Qualifier = Field(Qualifier.EXACTLY, description="How the printed number is limited.")
    unit: Text | None = Field(None, description="UCUM, ISO 4217, or a plain noun for counts.")
    interval: ConfidenceInterval | None = Field(None, description="As printed.")
    no_interval: Absence | None = Field(None, description="Why there is none; default: the finding's.")
    se: Number | None = Field(None, description="Standard error as printed, in the unit of the estimate.")
    p_value: Number | None = Field(None, description="p value as printed.")
    scale: Scale = Field(Scale.LINEAR, description="Scale on which the interval is symmetric.")
    per: Text | None = Field(None, description="Base of a rate or change, without 'per': '25% more adoption'.")
    numerator: Number | None = Field(None, description="Count above the line, when printed.")
    denominator: Number | None = Field(None, description="Count below the line, when printed.")
    reference_value: Number | None = Field(None, description="The comparator's own level, in its unit.")
    n: Number | None = Field(None, description="Size behind this estimate, when not the sample's.")
    group: Text | None = Field(None, description="Those the number is about.")
    comparator: Text | None = Field(None, description="Those they are compared with.")
    period: Date | None = Field(None, description="When it held; for a forecast its horizon.")
    follow_up: Text | None = Field(None, description="How long after.")
    place: Text | None = Field(None, description="Where it held.")
    origin: Origin = Field(Origin.PRINTED, description="Printed, computed by the curator, or read one way.")
    how: Text | None = Field(None, description="How it was computed, or why it is read so.")


class ReadRecord(Record):
    """What was read of a source, where and when."""

    what: ReadWhat = Field(description="full_text, abstract, data, extract, secondary_page or nothing.")
    where: Text | None = Field(None, description="Page on which it was read.")
    on: Date | None = Field(None, description="Day on which it was read.")


class Drift(Record):
    """What changed on the way."""

    kind: DriftKind = Field(description="What sort of change.")
    on: tuple[Text, ...] = Field((), description="Estimates, 'sample' or mentions concerned; empty means the wording.")
    note: Text = Field(description="What became what, in own words.")


class FigureCorrection(Record):
    """An error in a figure that the source prints, and the figure that stands here instead."""

    on: Text = Field(description="The estimate that is wrong, or 'sample'.")
    expect: Text = Field(
        description="What the source prints, as 'prints' has it; when that is mended, the check fails."
    )
    use: Number = Field(description="What the estimate holds instead, in its unit; of the sample, the count.")
    because: Text = Field(description="How one knows.")
    reported_to: Text | None = Field(None, description="Who was told.")
    reported_on: Date | None = Field(None, description="When.")


class Citation(Record):
    """A place in a source and what it does for this finding."""

    source: SourceRef = Field(description="Id of the source.")
    role: Role = Field(description="primary or secondary, for this finding.")
    basis: Basis | None = Field(None, description="Why it is primary; required for a primary.")
    locator: Text | None = Field(None, description="Page, table, figure or section.")
    prints: Annotated[dict[str, Text], AfterValidator(by_name)] = Field(
        default_factory=dict, description="Estimate id, 'sample' or mention: the figure as printed there."
    )
    names: Annotated[str, RefersTo(("source",), (NONE_NAMED, UNKNOWN))] | None = Field(
        None, description="What a secondary source credits: a source id, none_named or unknown."
    )
    taken_from: Annotated[str, RefersTo(("source",), (NONE_NAMED, UNKNOWN))] | None = Field(
        None, description="Where its figures come from: a source id, none_named or unknown."
    )
    read: ReadRecord | None = Field(None, description="What was read of it.")
    drift: tuple[Drift, ...] = Field((), description="What it changed against what it took.")
    corrections: tuple[FigureCorrection, ...] = Field((), description="Known errors in the figures that it prints.")


class FindingLink(Record):
    """How this finding stands to another."""

    type: LinkType = Field(description="What the relation is.")
    target: FindingRef = Field(description="Id of the other finding.")
    because: Text | None = Field(None, description="Why, in own words.")
    about: tuple[str, ...] = Field((), description="Estimates of this finding concerned; empty means all.")
    extent: Extent | None = Field(None, description="How much data is shared.")
    outcome: ReplicationOutcome | None = Field(None, description="How a replication came out.")
    criterion: Text | None = Field(None, description="By which criterion.")
    asserted_by: Annotated[str, RefersTo(("source",), ("curator",))] | None = Field(
        None, description="Source that says so; empty means the curator."
    )

    @property
    def explains(self) -> bool:
        """Whether it may say why two findings differ; a replication that came out well says that they do not."""
        if self.type is LinkType.REPLICATES:
            return self.outcome not in (None, ReplicationOutcome.SUCCESSFUL)
        return self.type in (LinkType.CONTRADICTS, LinkType.QUALIFIES, LinkType.REANALYSES)


class Caveat(Record):
    """A limit recorded by a person."""

    kind: CaveatKind = Field(description="Which kind of limit.")
    text: Text = Field(description="What it is here, in own words.")


class Legal(Record):
    """What a case paper does."""

    act: LegalAct = Field(description="Complaint, order, decree and so on.")
    body: OrganizationRef = Field(description="Court or agency.")
    case: Slug = Field(description="The case, one slug for all its papers.")
    on: Date | None = Field(None, description="Date of the act.")
    merits: Merits = Field(description="Whether the substance was decided.")
    admission: Admission | None = Field(None, description="Whether a party admitted anything.")
    final: YesNo | None = Field(None, description="Whether it can still change.")


class Provenance(Record):
    """Who recorded a finding, when, from what, and who checked it."""

    by: Text = Field(description="Who recorded it.")
    on: Date | None = Field(None, description="When.")
    source_seen: Text | None = Field(None, alias="from", description="From what it was recorded.")
    checked_by: Text | None = Field(None, description="Who checked it; empty means nobody else.")
    checked_on: Date | None = Field(None, description="When it was checked.")


class Finding(Record):
    """One source version, one sample, one design, one nature, one moment (or one series asked the same way)."""

    id: Slug = Field(description="Slug, unique among findings, claims and untraced claims.")
    headline: Text = Field(description="One line that a page prints as title.")
    statement: Text = Field(description="One or two sentences in own words.")
    nature: Nature = Field(description="What sort of statement it is; a page's verb must fit.")
    design: Design = Field(description="How the comparison was made.")
    preregistered: (
        Annotated[Preregistration, BeforeValidator(_state_alone, json_schema_input_type=YesNo | Preregistration)] | None
    ) = Field(None, description="Whether the plan was public before the data.")
    sample: Sample | None = Field(None, description="Who or what was measured.")
    cohorts: tuple[CohortLink, ...] = Field((), description="Groups it is filed under.")
    about: tuple[About, ...] = Field((), description="Concepts it bears on.")
    products: tuple[ProductUsed, ...] = Field((), description="Products tested or counted.")
    definitions: Annotated[tuple[DefinitionRef, ...], OneOrMany] = Field(
        (), description="Definitions of cohort, role, skill or exposure; those of outcomes stand in the estimates."
    )
    no_interval: Absence | None = Field(None, description="Default for all estimates without an interval.")
    estimates: tuple[Estimate, ...] = Field((), description="The numbers, in the order a page should print them.")
    mentions: Annotated[dict[str, Text], AfterValidator(by_name)] = Field(
        default_factory=dict, description="Numbers in the text that are no estimate: 'number': what it is."
    )
    citations: tuple[Citation, ...] = Field((), description="Primary first, then relays.")
    links: tuple[FindingLink, ...] = Field((), description="Relations to other findings.")
    caveats: tuple[Caveat, ...] = Field((), description="Limits, in own words.")
    legal: Legal | None = Field(None, description="The act, for case papers.")
    provenance: Provenance | None = Field(None, description="Who recorded it and when.")

    def estimate(self, id: str) -> Estimate:
        """The estimate with this local id.

        Raises:
            KeyError: If the finding has none of that name.
        """
        for candidate in self.estimates:
            if candidate.id == id:
                return candidate
        raise KeyError(id)

    def _repr_html_(self) -> str:
        from evidencekb.model.showing import finding_html  # read only where something can show it

        return finding_html(self)

    @property
    def ordered(self) -> tuple[Estimate, ...]:
        """Estimates as shown: main ones first."""
        return tuple(sorted(self.estimates, key=lambda e: not e.main))

    @field_validator("estimates")
    @classmethod
    def _distinct_estimates(cls, estimates: tuple[Estimate, ...]) -> tuple[Estimate, ...]:
        ids = [e.id for e in estimates]
        if twice := {i for i in ids if ids.count(i) > 1}:
            raise ValueError(f"two estimates are called {min(twice)!r}; names are unique inside a finding")
        return estimates
