"""Which findings and claims rest on sources whose standing changed.

>>> from evidencekb.sources.standing.events import Event, Account
>>> withdrawn = [Event((Account("crossref", "publisher", "retraction", on="2021-03-02", notice="10.5555/notice"),))]
>>> readings = [Reading("audit2020", "audit-replies", "2020-05-01"), Reading("other", "other-finding")]
>>> resting_on({"audit2020": withdrawn}, readings, [("a-score-brings-replies", "audit-replies")])
(Resting(source='audit2020', finding='audit-replies', read_on='2020-05-01', claims=('a-score-brings-replies',), \
read='before'),)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencekb.model.dates import bounds
from evidencekb.sources.standing.events import Event

BEFORE, AFTER, UNKNOWN = "before", "after", "unknown"


@dataclass(frozen=True, slots=True)
class Reading:
    """A finding that has its figures from a source.

    Attributes:
        source: Id of the source.
        finding: Id of the finding.
        read_on: Day on which a person read them there, from the citation's ``read``; '' when it is not recorded.
    """

    source: str
    finding: str
    read_on: str = ""


@dataclass(frozen=True, slots=True)
class Resting:
    """A finding that rests on a changed source.

    Attributes:
        source: Id of the source.
        finding: Id of the finding.
        read_on: Day on which its figures were read; '' when it is not recorded.
        claims: Ids of the claims that rest on the finding, sorted.
        read: ``"before"`` when the figures were read before the last change, so that the reader cannot have known of it;
            ``"after"``, or ``"unknown"``.
    """

    source: str
    finding: str
    read_on: str
    claims: tuple[str, ...]
    read: str


def resting_on(
    events: Mapping[str, Sequence[Event]], readings: Iterable[Reading], supports: Iterable[tuple[str, str]]
) -> tuple[Resting, ...]:
    """The findings and claims that rest on changed sources.

    Args:
        events: For each changed source its events, oldest first.
        readings: Which finding has its figures from which source.
        supports: Pairs of claim and finding.

    Returns:
        One for each reading of a source in ``events``, sorted by source and finding.
    """
    claims: dict[str, set[str]] = {}
    for claim, finding in supports:
        claims.setdefault(finding, set()).add(claim)
    found = {
        Resting(
            reading.source,
            reading.finding,
            reading.read_on,
            tuple(sorted(claims.get(reading.finding, ()))),
            read_when(reading.read_on, max((event.on for event in events[reading.source]), default="")),
        )
        for reading in readings
        if reading.source in events
    }
    return tuple(sorted(found, key=lambda rest: (rest.source, rest.finding, rest.read_on)))


def read_when(read_on: str, changed_on: str) -> str:
    """Whether something was read before or after a change; ``"unknown"`` when the days leave it open.

    What was read on the day of the change was read before it, for all that is known.

    Examples:
        >>> read_when("2020-05-01", "2021"), read_when("2021-03-03", "2021-03-02"), read_when("", "2021")
        ('before', 'after', 'unknown')
    """
    if not read_on or not changed_on:
        return UNKNOWN
    try:
        (first_read, last_read), (first, last) = bounds(read_on), bounds(changed_on)
    except ValueError:
        return UNKNOWN
    if first_read and last and first_read > last:
        return AFTER
    return BEFORE if last_read and first and last_read <= first else UNKNOWN
