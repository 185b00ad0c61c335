"""303: a clause that tells of one estimate, and which way it says that it goes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evidencekb.model import Estimate
from evidencekb.quantities import Direction, read_directions
from evidencekb.quantities.directions import NEGATIONS
from evidencekb.quantities.tokens import tokens_of
from evidencekb.rules.beside import SIGNS, words_in
from evidencekb.rules.carriers import SIGNED
from evidencekb.vocab import Direction as Way
from evidencekb.vocab import Measure

EITHER, NEUTRAL = 9, 8
"""The ways of what may be told either way, and of what goes no way, such as an age limit."""

_SIGNS = {Way.INCREASE: 1, Way.DECREASE: -1}
_CLAUSE = re.compile(r"[,;:()—!?]|\.(?!\d)|\b(?:but|while|whereas|although|though|and)\b")
_VALUED = frozenset(
    "better worse improved improve improves improving helped helps hurt gain gains loss losses richer held".split()
)
_DEGREES = frozenset({"more", "less"})
_UNDER = re.compile(
    r"\s*(?:where|when|if|after|before|once|who|that|which|with|without|given|despite)\b", re.IGNORECASE
)
_STEP = re.compile(r"(?:^|[.;:,] )(?:Each|Every|An?|each|every|an?)(?: [^\s,;]+){0,3} $")
_OF = re.compile(r" (?:of|in) ")
_LEVEL = re.compile(r" (?:to|from) ")
_AND_THAT = re.compile(r"\band that\b")
_PAUSE = re.compile(r"[,;:()—!?]|\.(?!\d)")
CLOSED = frozenset(
    "closed closes close closing vanished vanishes erased erases disappeared disappears gone shared".split()
)
"""What becomes of a gap that nobody finds any more."""

_FOUND = frozenset("effect effects difference differences gap differ differs differed differing detectable".split())


def way_of(e: Estimate) -> int:
    """1 for up, -1 for down, 0 for no difference, or one of the two others."""
    if e.measure is Measure.THRESHOLD:
        return NEUTRAL
    if e.direction is not None:
        return 0 if e.direction is Way.NONE_DETECTED else _SIGNS.get(e.direction, EITHER)
    if e.measure in SIGNED and e.value:
        return 1 if e.value > 0 else -1
    return EITHER


def clauses_against(text: str, estimates: Sequence[Estimate], signed: frozenset[int]) -> Iterator[tuple[str, str]]:
    """Clauses that name what one estimate is of, and send it the other way: the variant, and the word or the clause.

    Args:
        text: The text.
        estimates: Those that it may tell of.
        signed: Where the words of direction stand that were held against a number.
    """
    if len(estimates) < 2:
        return
    directions = [d for d in read_directions(text) if not is_step(text, d, estimates)]
    if not directions and _FOUND.isdisjoint(text.lower().split()):
        return
    words = [_words(e) for e in estimates]
    for begin, end in _clauses(text):
        if _UNDER.match(text, begin, end) and not _AND_THAT.search(text[max(0, begin - 4) : begin + 6]):
            continue
        said = words_in(text[begin:end]) - SIGNS
        told = [
            e
            for at, e in enumerate(estimates)
            if said & words[at].difference(*(other for place, other in enumerate(words) if place != at))
        ]
        ways = {way_of(e) for e in told}
        here = [d for d in directions if begin <= d.start < end]
        if ways == {0}:
            pause = _PAUSE.search(text, end)
            if _tells_some(text[begin : pause.start() if pause else len(text)], here):
                yield "effect", text[begin:end].strip()
        elif len(ways) == 1 and ways <= {1, -1}:
            if any(said & (words_in(e.comparator or "") - words_in(e.group or "")) for e in told):
                continue
            if any(d.sign in ways and d.of == "amount" for d in here):
                continue  # the loss was larger
            left_out = _VALUED | _DEGREES
            here = [
                d
                for d in here
                if d.of == "amount"
                and not d.denied
                and not _LEVEL.match(text, d.end)
                and (d.text.lower() not in left_out or _ends(text, d, end))
            ]
            if here and all(d.sign not in ways for d in here) and any(d.start not in signed for d in here):
                yield "way", here[0].text


def is_step(text: str, direction: Direction, estimates: Sequence[Estimate]) -> bool:
    """True for the rise of 'a rise of one point in the share', where an estimate is per such a step."""
    before = _STEP.search(text[: direction.start])
    return before is not None and _OF.match(text, direction.end) is not None and any(e.per for e in estimates)


def _ends(text: str, direction: Direction, end: int) -> bool:
    """True for 'were promoted less' at the end of a clause that names no number."""
    return direction.text.lower() in _DEGREES and not text[direction.end : end].strip()


def _words(e: Estimate) -> frozenset[str]:
    return words_in(" ".join(filter(None, (e.group, e.label, e.outcome.replace("-", " "), e.period))))


def _clauses(text: str) -> Iterator[tuple[int, int]]:
    begin = 0
    for stop in _CLAUSE.finditer(text):
        yield begin, stop.start()
        begin = stop.end()
    yield begin, len(text)


def _tells_some(clause: str, directions: Sequence[Direction]) -> bool:
    words = {token.low for token in tokens_of(clause)}
    if not words.isdisjoint(NEGATIONS | CLOSED):
        return False
    return not words.isdisjoint(_FOUND) or any(d.of == "amount" and not d.denied for d in directions)
