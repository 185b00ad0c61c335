"""The groups in a text that a number is said of: those right behind it, or those before it in its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence

from evidencekb.quantities import Kind, Quantity
from evidencekb.rules.groups import Named

STOP = re.compile(
    r"[;:.!?()\[\]—\n]|\b(?:than|against|versus|vs|while|where|whereas|but|compared)\b"
    r"|\bas \w+(?: \w+)? as\b"
)
_FULL_STOP = re.compile(r"[;.!?()\[\]—\n]|\b(?:than|against|versus|vs|while|where|whereas|but|compared)\b")
_JOIN = re.compile(r",|\band\b|\bor\b")
_OF_THOSE = re.compile(r" (?:of|among)(?: [a-z]{2,8}){0,3} (?:of|among)(?: the)? ")
_PER = re.compile(r"(?: [a-z-]+){0,4} (?:per|in every|out of every) ")
_SMALL = frozenset({0, 0.5, 1, 2})


def attached_to(
    text: str, q: Quantity, printed: Sequence[Quantity], position: int, named: Sequence[Named]
) -> list[Named]:
    """The groups that a number is said of: those right behind it, or else those before it in its clause."""
    if not named:
        return []
    end = reach_of(text, printed, position)
    behind = text[q.end : end]
    stop = STOP.search(behind)
    reach = q.end + (stop.start() if stop else len(behind))
    after = [one for one in named if q.end <= one.start < reach and not _JOIN.search(text, q.end, one.start)]
    return (
        after
        or _before(text, q, printed, position, named, STOP)
        or _before(text, q, printed, position, named, _FULL_STOP)
    )


def reach_of(text: str, printed: Sequence[Quantity], position: int) -> int:
    """How far the words behind a number reach: to the next, or past it in '19% of those of 73 White speakers'."""
    if position + 1 >= len(printed):
        return len(text)
    after = printed[position + 1]
    if position + 2 <= len(printed) and _PER.fullmatch(text, printed[position].end, after.start):
        return printed[position + 2].start if position + 2 < len(printed) else len(text)
    if after.kind is Kind.NUMBER and after.nouns and _OF_THOSE.fullmatch(text, printed[position].end, after.start):
        return printed[position + 2].start if position + 2 < len(printed) else len(text)
    return after.start


def _before(
    text: str, q: Quantity, printed: Sequence[Quantity], position: int, named: Sequence[Named], stops: re.Pattern[str]
) -> list[Named]:
    begin = next((p.end for p in reversed(printed[:position]) if not is_loose(p)), 0)
    for stop in stops.finditer(text, begin, q.start):
        begin = stop.end()
        if stop.group()[0].isalpha():  # whom they are compared with, up to what comes next
            joined = _JOIN.search(text, begin, q.start)
            begin = joined.end() if joined else q.start
    return [one for one in named if begin <= one.start < q.start]


def counts_for(text: str, one: Named, printed: Sequence[Quantity]) -> bool:
    """True if the people named stand behind a number, which is of them, and do not tell of it."""
    for position, q in enumerate(printed):
        if q.kind is Kind.DATE or is_loose(q):
            continue
        if one.start >= q.end and one in attached_to(text, q, printed, position, [one]):
            return True
    return False


def is_numbered(text: str, one: Named, printed: Sequence[Quantity]) -> bool:
    """True if a number is said of the people named, before it or behind it."""
    return any(
        one in attached_to(text, q, printed, position, [one])
        for position, q in enumerate(printed)
        if q.kind is not Kind.DATE and not is_loose(q)
    )


def is_loose(q: Quantity) -> bool:
    """True for a small number in words that counts nothing recorded: two of the trials, not distinguishable from zero."""
    return q.spelled and q.kind is Kind.NUMBER and q.first in _SMALL
