"""303: numbers of a text against one another: the ends of a range, a part and its whole, a change and its two levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from evidencekb.model import Estimate
from evidencekb.quantities import Direction, Kind, Quantity, read_directions
from evidencekb.rules.beside import Matched, words_in
from evidencekb.rules.carriers import SIGNED, Carrier
from evidencekb.vocab import Measure

_OF = re.compile(r" (?:out )?of (?:the |its |their |all )?")
_FROM = re.compile(r"\bfrom (?:about |around |roughly |nearly |almost )?$", re.IGNORECASE)
_TO = re.compile(r"\b(?:to|down to|up to) (?:about |around |roughly |nearly |almost |just )?$")
_SET_AGAINST = re.compile(
    r" ?[a-z-]{0,12},? (?:against|versus|vs\.?|v\.?|instead of|rather than|compared (?:with|to)|in place of) (?:the )?"
)
_UP_FROM = re.compile(
    r"^[^.;:)][^.;:]{0,120}\b(?:(up|rising|risen|rose|climbing)|(down|falling|fallen|fell|dropping|declining)) from"
    r" (?:about |around |roughly )?$"
)
_BRACKET = re.compile(r" ?\((?:\d\d ?% )?(?:CI|confidence interval|interval)?:? ?")
_CALLED = re.compile(
    r"(?: (?:over|in|within|after) [\w ]{3,18})?,? (?:or |that is |which is )?an? (?:relative |steep |sharp )?"
    r"(?:(rise|gain|increase|jump|growth)|(?:drop|fall|decline|cut|reduction|decrease|loss))\b"
)
_BY = re.compile(r" (?:by |some |about |around |roughly )*(?:[a-z]+ by )?")
_PLACED = frozenset({"above", "below", "ahead", "behind", "up", "down"})
_MEASURED = frozenset({Kind.PERCENT, Kind.POINTS, Kind.SPAN, Kind.MONEY, Kind.SHARE})
_CHANGE = re.compile(
    r"sav|cut|reduc|drop|fall|declin|low|gain|ris|increas|grow|chang|loss|lost|add|gap|differ|more|less|fewer"
)
LEVELS = frozenset(
    {Measure.MEAN, Measure.MEDIAN, Measure.PROPORTION, Measure.COUNT, Measure.TOTAL, Measure.SUM_OF_MONEY}
)

_MOST_VOTES = 15

Turned = tuple[Quantity, str]
"""The number that runs against another, and what is said there."""


def turned(text: str, matched: Matched, estimates: Sequence[Estimate], held: Sequence[Carrier]) -> Iterator[Turned]:
    """Numbers that run against one another."""
    points = [
        (point, across)
        for across in held
        if across.estimate is not None and not across.main and across.low != across.high
        for point in held
        if point.main and point.estimate is across.estimate and across.low < point.low < across.high
    ]
    for q, carriers in matched:
        if q.is_range and (any(_ends_at_point(q, *one) for one in points) or _has_lost_minus(q, points)):
            yield q, q.text
        if q.is_range and q.first < 0 < q.last and any(c.main and c.sign > 0 for c in carriers):
            yield q, q.text
        if q.change and (_is_told_back(text, q) or _crosses(q, estimates)):
            yield q, q.text
        if q.is_range and not q.change and q.first > q.last > 0 and not _may_fall(text, q):
            yield q, q.text
        if q.change and (way := _way_of(_estimates_of(carriers), estimates)) and (q.last > q.first) is not (way > 0):
            yield q, q.text
    for (one, first), (other, second) in pairwise(matched):
        between = text[one.end : other.start]
        if is_part(one, other, between) and one.first > other.first:
            yield one, f"{one.text} of {other.text}"
        elif other.is_range and _BRACKET.fullmatch(between) and not _is_within(one, other, second):
            yield one, f"{one.text} ({other.text})"
        elif one.is_range or other.is_range or not _same_kind(one, other):
            continue
        elif (said := _UP_FROM.search(between)) and (_size(one) > _size(other)) is not bool(said.group(1)):
            yield one, f"{between.strip()} {other.text}"
        elif _TO.search(between) and _FROM.search(text[: one.start]):
            if _runs_back(text, one, first, other, second, estimates):
                yield one, f"from {one.text} to {other.text}"
        elif _SET_AGAINST.fullmatch(between) and _is_reversed(text, one, first, other, second, estimates):
            yield one, f"{one.text}{between}{other.text}"


def _ends_at_point(q: Quantity, point: Carrier, across: Carrier) -> bool:
    """True for a range of which one end is the end of an interval, and the other its point."""
    ends = (q.low, q.high)
    near = q.step / 2
    if q.kind not in across.kinds and not q.bare:
        return False
    from_low = abs(ends[0] - across.low) < near and abs(ends[1] - point.low) < near
    return from_low or (abs(ends[1] - across.high) < near and abs(ends[0] - point.low) < near)


def _has_lost_minus(q: Quantity, points: Sequence[tuple[Carrier, Carrier]]) -> bool:
    """True for '4 to 8' of an interval from -4 to 8."""
    near = q.step / 2
    return q.first > 0 and any(
        across.low < 0 < across.high and abs(q.low + across.low) < near and abs(q.high - across.high) < near
        for _, across in points
    )


def _is_told_back(text: str, q: Quantity) -> bool:
    """True if the word behind a change goes the other way: from 55 to 76, a drop."""
    said = _CALLED.match(text, q.end)
    return said is not None and bool(said.group(1)) is not (q.last > q.first)


def _crosses(q: Quantity, estimates: Sequence[Estimate]) -> bool:
    """True if a change runs from the level of one group to that of another, and each group has two."""
    levels = [e for e in estimates if e.measure in LEVELS and e.group and e.value is not None]
    starts = {(e.group, e.outcome) for e in levels if _is_printed(q, q.first, e)}
    ends = {(e.group, e.outcome) for e in levels if _is_printed(q, q.last, e)}
    if not starts or not ends or starts & ends:
        return False
    return all(sum((e.group, e.outcome) == group for e in levels) > 1 for group in starts | ends)


def _is_printed(q: Quantity, number: float, e: Estimate) -> bool:
    value = (e.value or 0) * (100 if e.measure is Measure.PROPORTION else 1)
    return abs(value - number) <= q.step / 2


def _same_kind(one: Quantity, other: Quantity) -> bool:
    if one.kind is Kind.NUMBER or other.kind is Kind.NUMBER:
        return one.kind is other.kind or one.bare or other.bare
    return (one.kind, one.unit) == (other.kind, other.unit) or {one.kind, other.kind} == {Kind.PERCENT, Kind.SHARE}


def _may_fall(text: str, q: Quantity) -> bool:
    """True for odds of 21 to 1, for votes of 6 to 3, for levels 'at 2.4% to 1.4%', and behind a word for a fall."""
    if q.last == 1 or (q.bare and q.step == 1 and q.high <= _MOST_VOTES):
        return True
    begin = max(text.rfind(mark, 0, q.start) for mark in (";", ". ", ", ", "(")) + 1
    before = text[begin : q.start]
    return before.endswith((" at ", " by ")) or any(d.sign < 0 for d in read_directions(before))


def _size(q: Quantity) -> float:
    return q.first * 100 if q.kind is Kind.SHARE else q.first


def is_part(one: Quantity, other: Quantity, between: str) -> bool:
    """True for 'three of four': a part and its whole."""
    return one.kind is other.kind is Kind.NUMBER and not one.nouns and _OF.fullmatch(between) is not None


def _is_within(one: Quantity, other: Quantity, carriers: Sequence[Carrier]) -> bool:
    """True unless a number lies outside the interval in brackets behind it."""
    if not any(c.estimate and c.estimate.interval for c in carriers):
        return True
    return other.low <= abs(one.first) <= other.high or not other.low >= 0


def _estimates_of(carriers: Sequence[Carrier]) -> list[Estimate]:
    return [c.estimate for c in carriers if c.estimate is not None and c.main]


def _runs_back(
    text: str,
    one: Quantity,
    first: Sequence[Carrier],
    other: Quantity,
    second: Sequence[Carrier],
    estimates: Sequence[Estimate],
) -> bool:
    """True if 'rose from A to B' or 'from A to B' goes against its word, the estimate of the change, or the years."""
    if one.first == other.first:
        return False
    rises = other.first > one.first
    begin = max(text.rfind(mark, 0, one.start) for mark in (";", ". ", ", ")) + 1
    said = [d for d in read_directions(text[begin : other.start]) if not d.denied and d.of in ("amount", "gap")]
    if said:
        return all((d.sign > 0) is not rises for d in said)
    way = _way_of([*_estimates_of(first), *_estimates_of(second)], estimates)
    return way != 0 and rises is not (way > 0)


def _way_of(levels: Sequence[Estimate], estimates: Sequence[Estimate]) -> int:
    """The way that the estimates of change of the same outcome go, if all one way; 0 if not."""
    outcomes = {e.outcome for e in levels if e.measure in LEVELS}
    if len(outcomes) != 1:
        return 0
    ways = {e.value > 0 for e in estimates if e.outcome in outcomes and e.measure in SIGNED and e.value}
    return (1 if ways.pop() else -1) if len(ways) == 1 else 0


def _is_reversed(
    text: str,
    one: Quantity,
    first: Sequence[Carrier],
    other: Quantity,
    second: Sequence[Carrier],
    estimates: Sequence[Estimate],
) -> bool:
    """True if the level of those compared stands before that of the group: 37 instead of 26, where time fell."""
    levels, rivals = _estimates_of(first), _estimates_of(second)
    own, theirs = (words_in(" ".join(e.group or "" for e in one)) for one in (levels, rivals))
    if (own - theirs) & words_in(text) or "¬" in theirs - own:
        return False
    way = _way_of([*levels, *rivals], estimates)
    return (
        bool(levels and rivals) and way != 0 and (one.first > other.first) is not (way > 0) and one.first != other.first
    )


def is_level_told_as_change(
    text: str, q: Quantity, direction: Direction | None, which: Sequence[Carrier], held: Sequence[Carrier]
) -> bool:
    """True for 'saved 26 minutes' of 26 minutes left, where another estimate is of the change.

    Args:
        text: The text.
        q: The number.
        direction: The word of direction that goes with it.
        which: The carriers that it is sound by.
        held: All that the finding gives.
    """
    if direction is None or q.is_range or direction.denied or q.kind not in _MEASURED:
        return False
    behind = 0 <= direction.start - q.end <= 1
    before = _BY.fullmatch(text, direction.end, q.start) is not None and direction.of != "gap"
    if not (behind or before) or direction.text.lower() in _PLACED:
        return False
    levels = [c.estimate for c in which if c.main and c.estimate and c.estimate.measure in LEVELS]
    if len(levels) < len(which) or any(_CHANGE.search(f"{e.label} {e.outcome}".lower()) for e in levels):
        return False
    outcomes = {e.outcome for e in levels}
    changes = (c for c in held if c.main and c.sign and q.kind in c.kinds and c.unit == q.unit)
    return any(c.estimate is not None and c.estimate.outcome in outcomes for c in changes)
