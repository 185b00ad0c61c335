"""Which way a text tells a change, where no number stands beside the word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from evidencekb.model import Estimate
from evidencekb.quantities import Direction, read_directions, read_quantities
from evidencekb.quantities.directions import NEGATIONS
from evidencekb.quantities.tokens import tokens_of
from evidencekb.rules.attaching import STOP
from evidencekb.rules.groups import Named
from evidencekb.rules.matching import UPPER
from evidencekb.rules.ways import CLOSED, EITHER, NEUTRAL, is_step, way_of
from evidencekb.rules.whose import Problem, classes_of

_TO_WAY = re.compile(r"(?:[^\W\d]|[ '’-]){1,30}")
_MOVES = re.compile(r",? (?:back |again |down |up )?(?:to|from|towards?)\b")


def untold_ways(text: str, attached: Sequence[Direction | None], leading: Sequence[Estimate]) -> Iterator[Problem]:
    """Words of direction with no number, where every estimate goes the other way."""
    ways = {way_of(e) for e in leading}
    if ways == {0} and leading:
        if _tells_an_effect(text):
            yield "effect", text, ""
        return
    signs = ways - {NEUTRAL}
    if len(signs - {0}) != 1 or EITHER in signs:
        return
    (sign,) = signs - {0}
    said = read_directions(text)
    if any(direction.sign == sign or direction.denied or direction.of != "amount" for direction in said):
        return
    taken = {direction.start for direction in attached if direction}
    said = tuple(
        d for d in said if not _MOVES.match(text, d.end) and not is_step(text, d, leading)
    )  # a rise that eased to 44%
    yield from (("way", direction.text, "") for direction in said[:1] if direction.start not in taken)


def ways_of_groups(
    text: str, named: Sequence[Named], attached: Sequence[Direction | None], leading: Sequence[Estimate]
) -> Iterator[Problem]:
    """Words of direction right behind a group whose own estimates all go the other way: women lower."""
    if not named:
        return
    taken = {direction.start for direction in attached if direction}
    last = 0
    for direction in read_directions(text):
        begin, last = last, direction.end
        if direction.start in taken or direction.denied or direction.of != "amount":
            continue
        before = [one for one in named if begin <= one.start < direction.start and one.dimension != "trade"]
        if not before or not _TO_WAY.fullmatch(text, before[-1].end, direction.start):
            continue
        said: dict[str, set[str]] = {}
        for one in before:
            if not STOP.search(text, one.end, direction.start):
                said.setdefault(one.dimension, set()).add(one.group)
        ways = {way_of(e) for e in leading if classes_of(e)[0] == said} - {EITHER, NEUTRAL}
        if ways == {-direction.sign}:
            yield "way", f"{before[-1].text} {direction.text}", ""


_EFFECTS = frozenset(
    "effect effects difference differences gap gaps bias biased change changes changed harm harms benefit benefits shift".split()
)


def _tells_an_effect(text: str) -> bool:
    """True if a text speaks of an effect, says no nowhere, and limits it by nothing from above."""
    words = {token.low for token in tokens_of(text)}
    if not words.isdisjoint(NEGATIONS | CLOSED) or any(q.bound in UPPER for q in read_quantities(text)):
        return False
    return not words.isdisjoint(_EFFECTS) or any(not direction.denied for direction in read_directions(text))
