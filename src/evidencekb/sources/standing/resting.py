"""Which findings and claims rest on sources whose standing changed.

>>> changes = {"audit2020": [Change("retracted", "2021-03-02")]}
>>> readings = [Reading("audit2020", "audit-replies", "2020-05-01"), Reading("other", "other-finding")]
>>> (rest,) = resting_on(changes, readings, [("a-score-brings-replies", "audit-replies")])
>>> rest.finding, rest.role, rest.read, rest.changes, rest.claims
('audit-replies', 'primary', 'before', ('retracted',), ('a-score-brings-replies',))
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evidencekb.model.dates import bounds
from evidencekb.vocab import Role

BEFORE, AFTER, UNKNOWN = "before", "after", "unknown"

_AS: dict[str, str] = {Role.PRIMARY: "as its primary source", Role.SECONDARY: "as a relay"}
_WHEN = {BEFORE: ", before a change", AFTER: ", after all changes", UNKNOWN: ""}


@dataclass(frozen=True, slots=True)
class Change:
    """Something that happened to a source.

    Attributes:
        status: What happened.
        on: When; '' when it is not known.
        affects: Ids of the findings concerned; empty means all.
    """

    status: str
    on: str = ""
    affects: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """A finding whose figures come from a source, or came through it.

    Attributes:
        source: Id of the source.
        finding: Id of the finding.
        read_on: Day on which a person read them there, from the citation's ``read``; '' when it is not recorded.
        role: ``"primary"``, or ``"secondary"`` for a relay.
        through: Ids of the relays that took the figures from the source, also through one another, nearest first.
    """

    source: str
    finding: str
    read_on: str = ""
    role: str = str(Role.PRIMARY)
    through: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Resting:
    """A finding that rests on a changed source.

    Attributes:
        source: Id of the source.
        finding: Id of the finding.
        read_on: Day on which its figures were read; '' when it is not recorded.
        claims: Ids of the claims that rest on the finding, sorted.
        read: ``"before"`` when the figures were read before one of the changes, so that the reader cannot have known of it;
            ``"after"`` when they were read after all of them, or ``"unknown"``.
        role: What the source is for the finding, see :class:`Reading`.
        through: Relays that passed the figures on, nearest first.
        changes: What happened, each once, in the order given.
    """

    source: str
    finding: str
    read_on: str
    claims: tuple[str, ...]
    read: str
    role: str = str(Role.PRIMARY)
    through: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()

    def __str__(self) -> str:
        on = f", passed on by {', '.join(self.through)}" if self.through else ""
        when = f"read {self.read_on}" + _WHEN[self.read] if self.read_on else "day of reading not recorded"
        return f"finding {self.finding} ({_AS[self.role]}{on}, {when})"


def resting_on(
    changes: Mapping[str, Sequence[Change]], readings: Iterable[Reading], supports: Iterable[tuple[str, str]]
) -> tuple[Resting, ...]:
    """The findings and claims that rest on changed sources.

    Args:
        changes: For each changed source what happened to it.
        readings: Which finding has its figures from which source, or through it.
        supports: Pairs of claim and finding.

    Returns:
        One for each reading that a change concerns, sorted by source and finding.
    """
    claims: dict[str, set[str]] = {}
    for claim, finding in supports:
        claims.setdefault(finding, set()).add(claim)
    found = set()
    for reading in readings:
        concern = [
            change
            for change in changes.get(reading.source, ())
            if not change.affects or reading.finding in change.affects
        ]
        if concern:
            rests = tuple(sorted(claims.get(reading.finding, ())))
            read = _read(read_when(reading.read_on, change.on) for change in concern)
            statuses = tuple(dict.fromkeys(change.status for change in concern))
            found.add(
                Resting(
                    reading.source,
                    reading.finding,
                    reading.read_on,
                    rests,
                    read,
                    reading.role,
                    reading.through,
                    statuses,
                )
            )
    return tuple(sorted(found, key=lambda rest: (rest.source, rest.finding, rest.role, rest.read_on, rest.through)))


def _read(whens: Iterable[str]) -> str:
    found = set(whens)
    return BEFORE if BEFORE in found else UNKNOWN if UNKNOWN in found else AFTER


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
