"""The plain parts of an answer: dictionaries whose keys are always the same."""

from __future__ import annotations

from typing import TypedDict


class Interval(TypedDict):
    """A confidence interval as printed, in the unit of the figure.

    Keys:
        lower: Lower bound.
        upper: Upper bound.
        level: Level between 0 and 1, such as 0.95.
    """

    lower: float
    upper: float
    level: float


class Differing(TypedDict):
    """What is not the same about two findings.

    Keys:
        what: cohort, definition, period, place, design or product.
        first: Of the first, in words; empty when not recorded.
        second: Of the second.
    """

    what: str
    first: str
    second: str


class Spread(TypedDict):
    """Values that run from low to high; never an interval.

    Keys:
        low: Low end.
        high: High end.
        over: What it runs over, a ``RangeOver``.
    """

    low: float
    high: float
    over: str


class Absent(TypedDict):
    """Why something is not there: not_printed, not_seen or not_applicable; the code is null when nobody said.

    Keys:
        code: An ``Absence``; null when nobody said which.
        text: The same in words, to print.
    """

    code: str | None
    text: str


class Count(TypedDict):
    """A sample size: how many of what, at which level.

    Keys:
        value: How many.
        qualifier: A ``Qualifier``.
        of: Of what.
        level: A ``SampleLevel``; those who were only asked, and clusters, never stand here.
    """

    value: float
    qualifier: str
    of: str
    level: str


class CohortFit(TypedDict):
    """A cohort, and how those measured stand to it.

    Keys:
        cohort: Id of the cohort.
        fit: A ``CohortFit``.
    """

    cohort: str
    fit: str


class DefinitionOf(TypedDict):
    """A definition, and the concept or cohort that it makes a number.

    Keys:
        of: Id of the concept or cohort.
        id: Id of the definition.
    """

    of: str
    id: str


class Tie(TypedDict):
    """A body tied to a source.

    Keys:
        organization: Its name.
        tie: A ``Tie``.
        sells: What it sells that bears on the figure, a product or topic id; null when nothing is recorded.
    """

    organization: str
    tie: str
    sells: str | None


class Vendor(TypedDict):
    """The vendor flag of a source: vendor, interested, independent or unknown, with its reason and ties.

    Keys:
        flag: A ``VendorFlag``.
        reason: Why, as a sentence.
        interests: Bodies tied to the source.
    """

    flag: str
    reason: str
    interests: list[Tie]


class Deciding(TypedDict):
    """The tie by which a line of the flag table fits.

    Keys:
        organization: Id of the body that is tied to the source.
        name: Its name.
        tie: A ``Tie``.
        through: The body that owns it, or that it owns, and that sells; null when it sells itself or nothing is sold.
        verb: What it does with `what`: `sells` or `speaks for`; null when there is none.
        what: The product or subject; null when the tie alone decides.
        about: What a finding is about and that product or subject bears on; null when that is the same, or nothing.
        scope: Findings that the tie is limited to; empty for all of the source.
    """

    organization: str
    name: str
    tie: str
    through: str | None
    verb: str | None
    what: str | None
    about: str | None
    scope: list[str]


class Accepted(TypedDict):
    """A waiver: who accepted a violation.

    Keys:
        who: Who accepted it.
        why: Why that is right.
        until: The last day on which it holds.
    """

    who: str
    why: str
    until: str


class Replications(TypedDict):
    """Replications by outcome, in independent studies that count once each, and the findings that they are.

    Keys:
        successful: Studies that found the same.
        failed: Studies that did not.
        other: Studies with another outcome, none recorded, or findings that disagree.
        ids: The findings.
    """

    successful: int
    failed: int
    other: int
    ids: list[str]


class Standing(TypedDict):
    """What happened to a source since it came out, and when somebody looked.

    Keys:
        state: A ``StandingState``; without an event `nothing_known` when somebody looked,
            `not_checked` when nobody did.
        checked_on: The day somebody looked; null when nobody did.
    """

    state: str
    checked_on: str | None


class Version(TypedDict):
    """Which version of its work a figure comes from, and one line for each other version.

    Keys:
        label: Its version; null when the work has only one.
        others: One line for each other version.
    """

    label: str | None
    others: list[str]


class Read(TypedDict):
    """What was read of a source, where and when.

    Keys:
        what: A ``ReadWhat``.
        where: The page or copy that was read.
        on: The day.
    """

    what: str
    where: str | None
    on: str | None


class Cite(TypedDict):
    """The citation of a figure: key of the source, place in it, byline, and the text printed in brackets.

    Keys:
        key: Key of the Reference.
        locator: Page, table or section.
        label: Byline.
        text: The citation that `str(figure)` prints in brackets.
    """

    key: str
    locator: str | None
    label: str
    text: str


class Searched(TypedDict):
    """One recorded search.

    Keys:
        where: The place.
        query: The words searched for; null when none are recorded.
        on: The day.
        by: Who looked.
    """

    where: str
    query: str | None
    on: str
    by: str


class Coverage(TypedDict):
    """How many cards of each tier a page shows, how many gaps it names, and how many further findings bear on it.

    Keys:
        direct: Cards shown of tier direct.
        partial: Of tier partial.
        near: Of tier near.
        context: Of tier context.
        gaps: Gaps that the page names.
        beyond: Findings that bear on the question and are not shown.
    """

    direct: int
    partial: int
    near: int
    context: int
    gaps: int
    beyond: int


class Stamp(TypedDict):
    """Which state of the data an answer comes from.

    Keys:
        pack: Name of the pack.
        version: Its version.
        digest: Digest of its records.
        built_on: The day it was sealed.
        library: Version of evidencekb.
    """

    pack: str
    version: str
    digest: str
    built_on: str
    library: str


class Summary(TypedDict):
    """A finding that a page names: its headline, byline and badges.

    Keys:
        label: Its headline.
        byline: Who says it, and when.
        badges: Its badges.
    """

    label: str
    byline: str
    badges: list[str]


class Sighting(TypedDict):
    """A page on which a claim in circulation was seen.

    Keys:
        where: The page.
        on: The day or year.
        vendor: Its vendor flag.
        prints: What it prints.
        note: A remark.
    """

    where: str
    on: str | None
    vendor: str | None
    prints: str | None
    note: str | None
