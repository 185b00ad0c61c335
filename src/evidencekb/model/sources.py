"""Sources and the organisations that stand behind them."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field, model_validator

from evidencekb.model.common import (
    CiteKey,
    ConceptRef,
    Date,
    FindingRef,
    OrganizationRef,
    Record,
    Slug,
    SubjectRef,
    Text,
)
from evidencekb.vocab import WITHDRAWN, SourceKind, StandingState, Tie, VendorFlag


class Person(Record):
    """An author: a family name with a given name, or a literal name for a body."""

    family: Text | None = Field(None, description="Family name, particles included.")
    given: Text | None = Field(None, description="Given names or initials.")
    literal: Text | None = Field(None, description="Name of an organisation, or a name that cannot be split.")

    @model_validator(mode="after")
    def _one_form(self) -> Person:
        if (self.family is None) == (self.literal is None):
            raise ValueError("an author has either 'family' (and 'given') or 'literal'")
        return self

    @property
    def short(self) -> str:
        """The name used in a byline."""
        return self.family or self.literal or ""


class Interest(Record):
    """A tie between an organisation and the source."""

    organization: OrganizationRef = Field(description="Id of the organisation.")
    tie: Tie = Field(description="What ties it to the source.")
    sells: ConceptRef | None = Field(
        None, description="The product concerned, when it is one that the organisation sells."
    )
    scope: tuple[FindingRef, ...] = Field((), description="Findings the tie touches; empty means all of the source.")
    note: Text | None = Field(None, description="What a reader should know about the tie.")


class StandingEvent(Record):
    """Something that happened to a source after it came out."""

    status: StandingState = Field(description="What happened.")
    on: Date | None = Field(None, description="When.")
    by: Text | None = Field(None, description="Who did it: a source id of this pack, or a name.")
    affects: tuple[FindingRef, ...] = Field((), description="Findings concerned; empty means all.")
    note: Text | None = Field(None, description="What it means for the figures.")


class Standing(Record):
    """Whether anybody looked, and what happened."""

    checked_on: Date | None = Field(None, description="Day on which somebody looked for retractions and the like.")
    events: tuple[StandingEvent, ...] = Field((), description="Oldest first.")

    def state(self, finding: str | None = None) -> str:
        """The one state to print: withdrawn and not reinstated since, else the last event that concerns the finding.

        Without an event it is what looking found: ``nothing_known``, or ``not_checked`` when nobody looked. A correction
        does not undo a retraction.
        """
        state = "nothing_known" if self.checked_on else "not_checked"
        for event in self.events:
            if event.affects and finding is not None and finding not in event.affects:
                continue
            if state not in WITHDRAWN or event.status in (*WITHDRAWN, StandingState.REINSTATED):
                state = str(event.status)
        return state

    def withdrawn(self, finding: str | None = None) -> bool:
        """True if the figure must not be shown without saying so."""
        return self.state(finding) in WITHDRAWN


class Archived(Record):
    """A kept copy."""

    url: Text = Field(description="Address of the copy.")
    on: Date | None = Field(None, description="Day of the copy.")
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")] | None = Field(None, description="Digest of the bytes.")


class FieldCorrection(Record):
    """An error in what is published about the source, such as a wrong page or year, and what stands here instead.

    Of a source with a .bib entry, the entry keeps what is published, and the correction is put in its place.
    """

    field: Literal[
        "title", "published_on", "container", "series", "publisher", "place", "edition", "volume", "issue", "pages", "doi",
        "isbn", "arxiv", "pmid", "pmcid", "url", "docket", "number", "version",
    ] = Field(description="The field that is wrong.")  # fmt: skip
    expect: Text = Field(
        description="What is published, as the field would hold it; when that is mended, the check fails."
    )
    use: Text = Field(description="What stands here instead.")
    because: Text = Field(description="How one knows.")
    reported_to: Text | None = Field(None, description="Who was told.")
    reported_on: Date | None = Field(None, description="When.")


class Source(Record):
    """A published item. Its bibliographic fields may stand in a .bib file instead; never in both."""

    id: CiteKey = Field(description="Citation key, never reused.")
    kind: SourceKind = Field(description="What sort of document it is; says nothing of quality or seller.")
    title: Text | None = Field(None, description="Title as printed.")
    authors: tuple[Person, ...] = Field((), description="In the order printed.")
    editors: tuple[Person, ...] = Field(
        (), description="Of the book or proceedings it stands in, in the order printed."
    )
    published_on: Date | None = Field(None, description="Day, month or year of publication.")
    accessed_on: Date | None = Field(None, description="Day on which a web page was seen.")
    container: Text | None = Field(None, description="Journal, proceedings, book, site or paper it appeared in.")
    series: Text | None = Field(None, description="Series of books or proceedings that the container belongs to.")
    publisher: Text | None = Field(None, description="Who published it.")
    place: Text | None = Field(None, description="Town of the publisher.")
    edition: Text | None = Field(None, description="Edition of a book; quote a number.")
    volume: Text | None = Field(None, description="Volume; quote it.")
    issue: Text | None = Field(None, description="Issue; quote it.")
    pages: Text | None = Field(None, description="First and last page.")
    label: Text | None = Field(None, description="Byline shown beside a figure; default: authors and container.")
    doi: Text | None = Field(None, description="Digital object identifier, without an address in front.")
    isbn: Text | None = Field(None, description="International standard book number; quote it.")
    arxiv: Text | None = Field(None, description="arXiv number; quote it.")
    pmid: Text | None = Field(None, description="PubMed number; quote it.")
    pmcid: Text | None = Field(None, description="PubMed Central number, 'PMC' and digits.")
    url: Text | None = Field(None, description="Address of the publisher's own page.")
    docket: Text | None = Field(None, description="Court docket number with the court.")
    number: Text | None = Field(None, description="Report or working paper number with its series; quote it.")
    work: Slug | None = Field(None, description="One slug shared by all versions of a work.")
    version: Text | None = Field(None, description="Which version of the work this is.")
    case: Slug | None = Field(None, description="One slug shared by all papers of a case.")
    vendor: VendorFlag | None = Field(None, description="Who gains; decided by the printed table.")
    vendor_reason: Text | None = Field(None, description="Why the flag is what it is, and where one looked.")
    interests: tuple[Interest, ...] = Field((), description="Organisations tied to the source.")
    standing: Standing = Field(Standing(), description="What happened to it since.")
    corrections: tuple[FieldCorrection, ...] = Field((), description="Known errors in what is published about it.")
    archived: Archived | None = Field(None, description="A kept copy.")


class Organization(Record):
    """A body that publishes, pays, sells, campaigns or decides."""

    id: Slug = Field(description="Slug, never reused.")
    name: Text = Field(description="Name as it calls itself.")
    ror: Annotated[str, Field(pattern=r"^0[a-z0-9]{6}\d{2}$")] | None = Field(
        None, description="Research Organization Registry id, without the address."
    )
    part_of: OrganizationRef | None = Field(None, description="The body that owns or holds it.")
    sells: tuple[ConceptRef, ...] = Field((), description="Products, or kinds of product, that it sells.")
    advocates: tuple[SubjectRef, ...] = Field((), description="Topics or groups it speaks for.")
