"""The plain parts of an answer: dictionaries whose keys are always the same."""

from __future__ import annotations

from typing import TypedDict


class Interval(TypedDict):
    """A confidence interval as printed, in the unit of the figure."""

    lower: float
    upper: float
    level: float


class Spread(TypedDict):
    """Values that run from low to high; never an interval."""

    low: float
    high: float
    over: str


class Absent(TypedDict):
    """Why something is not there: not_printed, not_seen or not_applicable; the code is null when nobody said."""

    code: str | None
    text: str


class Count(TypedDict):
    """A sample size: how many of what, at which level."""

    value: float
    qualifier: str
    of: str
    level: str


class CohortFit(TypedDict):
    """A cohort, and how those measured stand to it."""

    cohort: str
    fit: str


class DefinitionOf(TypedDict):
    """A definition, and the concept or cohort that it makes a number."""

    of: str
    id: str


class Tie(TypedDict):
    """A body tied to a source."""

    organization: str
    tie: str
    sells: str | None


class Vendor(TypedDict):
    """The vendor flag of a source: vendor, interested, independent or unknown, with its reason and ties."""

    flag: str
    reason: str
    interests: list[Tie]


class Replications(TypedDict):
    """Replications by outcome, in distinct works, and the findings that they are."""

    successful: int
    failed: int
    other: int
    ids: list[str]


class Standing(TypedDict):
    """What happened to a source since it came out, and when somebody looked."""

    state: str
    checked_on: str | None


class Version(TypedDict):
    """Which version of its work a figure comes from, and one line for each other version."""

    label: str | None
    others: list[str]


class Read(TypedDict):
    """What was read of a source, where and when."""

    what: str
    where: str | None
    on: str | None


class Cite(TypedDict):
    """The citation of a figure: key of the source, place in it, byline, and the text printed in brackets."""

    key: str
    locator: str | None
    label: str
    text: str


class Searched(TypedDict):
    """One recorded search."""

    where: str
    query: str | None
    on: str
    by: str


class Coverage(TypedDict):
    """How many cards of each tier a page shows, how many gaps it names, and how many further findings bear on it."""

    direct: int
    partial: int
    near: int
    context: int
    gaps: int
    beyond: int


class Stamp(TypedDict):
    """Which state of the data an answer comes from."""

    pack: str
    version: str
    digest: str
    built_on: str
    library: str


class Summary(TypedDict):
    """A finding that a page names: its headline, byline and badges."""

    label: str
    byline: str
    badges: list[str]


class Sighting(TypedDict):
    """A page on which a claim in circulation was seen."""

    where: str
    on: str | None
    vendor: str | None
    prints: str | None
    note: str | None
