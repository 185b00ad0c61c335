"""Words of direction: what they say, and which quantity they go with.

A word is up or down, and of an amount, a speed or a saving: 40% less time is 67% faster, not 40%.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from evidencekb.quantities import words
from evidencekb.quantities.quantity import Kind, Quantity
from evidencekb.quantities.tokens import Token, ends_clause, tokens_of

_UP = (
    "more higher greater larger bigger rose rise rises rising risen raise raised raises raising increase increased increases"
    " increasing grew grow grows growing grown growth gain gained gains gaining up improved improve improves improving"
    " boosted boost boosts lifted lift lifts added climbed climb jumped jump surged surge soared likelier longer ahead expand"
    " expanded expands premium helped helps exceeded exceed exceeds better heightened richer upward upwards tripled doubled"
    " quadrupled trebled adds lengthened lengthens lengthening climbs climbing surges surging soar"
    " soars soaring swelled swells pushed doubles doubling advanced dearer pricier costlier"
    " broadened commoner adding warmer hotter"
)
_DOWN = (
    "less fewer lower lowered lowers lowering smaller fell fall falls falling fallen drop dropped drops dropping decline"
    " declined declines declining decrease decreased decreases decreasing cut cuts cutting reduce reduced reduces reducing"
    " reduction reductions shrank shrink shrinks shrinking shrunk down lost lose loses losing loss losses shorter shortened"
    " hurt slump slumped plunged plunge tumbled dipped worse diminished eroded downward downwards halved"
    " trimmed trims slipped slips slipping slid slides thinned eased eases shed slashed slashes curbed"
    " curbs weakened sank sinks sunk plummeted dwindled shrunken lagged lags trailed halves halving dips dipping dip tumble"
    " tumbles rarer cheaper cooler colder retreated receded contracted contracts"
)
_FAST, _SLOW = "faster quicker speedup sped quickened accelerated", "slower slowdown slowed slows slow slowing"
_WIDE, _NARROW = "widened widen widens widening wider", "narrowed narrow narrows narrowing narrower"
_SAVED = "saved save saves saving savings"

WORDS: dict[str, tuple[int, str]] = {
    **dict.fromkeys(_UP.split(), (1, "amount")),
    **dict.fromkeys(_DOWN.split(), (-1, "amount")),
    **dict.fromkeys(_FAST.split(), (1, "speed")),
    **dict.fromkeys(_SLOW.split(), (-1, "speed")),
    **dict.fromkeys(_SAVED.split(), (-1, "saving")),
    **dict.fromkeys(_WIDE.split(), (1, "gap")),
    **dict.fromkeys(_NARROW.split(), (-1, "gap")),
}
"""Each word with its sign and what it is a direction of."""

NEGATIONS = frozenset(
    "no not none neither nor nobody nothing never without hardly barely little cannot nil null zero unchanged equal alike same"
    " undetectable indistinguishable spans didn't doesn't isn't wasn't weren't aren't don't won't couldn't hasn't haven't"
    " similar insignificant steady stable held free open modest unsure uncertain failed fails fail".split()
)
"""Words that say no, or next to nothing."""

_LITTLE = frozenset({"slowly", "rarely", "seldom", "cheaply", "weakly"})
"""Of these more is less."""

_PLACES = {"above": 1, "ahead": 1, "later": 1, "below": -1, "behind": -1, "sooner": -1, "earlier": -1}
"""Words that say a direction right behind a number alone: 24% below the rest."""

_TOO = {
    "high": 1,
    "many": 1,
    "much": 1,
    "long": 1,
    "large": 1,
    "low": -1,
    "few": -1,
    "little": -1,
    "short": -1,
    "small": -1,
}
"""Words that say a direction behind 'too': 14% too low."""

_NUMBERS = frozenset({*words.ONES, *words.TENS, "half", "a", "an"})
_RIGHT, _LEFT = 3, 16
_PER = frozenset({"a", "an", "per"})
_CHANGES = frozenset({Kind.PERCENT, Kind.POINTS, Kind.SHARE, Kind.SD, Kind.TIMES, Kind.NUMBER, Kind.SPAN, Kind.MONEY})
_PARTS = frozenset({Kind.PERCENT, Kind.POINTS, Kind.SHARE, Kind.SD})
_LEVEL = frozenset({"to", "from"})
_TURNS = frozenset(
    {"of", "in", "among", "for", "than", "against", "and", "but", "while", "who", "that", "which", "with"}
)
_NOT_HERE = frozenset(
    tuple(pair.split())
    for pair in (
        "and more; any more; are cut; at loss; broke down; cut at; cut off; drop out; end up; follow up; further down; if cut; "
        "job loss; look up; lower bound; lower end; made up; make up; makes up; marked down; more or; no longer; no more; none "
        "less; once more; one more; or fewer; or higher; or less; or lower; or more; put up; set up; shut down; start up; still "
        "up; take up; taken up; the less; turn down; turned down; turns down; up to; up with; upper end; what's more"
    ).split("; ")
)
"""Pairs in which the word says no direction: of a bound, a phrasal verb, an end of a scale."""


@dataclass(frozen=True, slots=True)
class Direction:
    """A word of direction.

    Attributes:
        start: Where it begins.
        end: Where it ends.
        text: The word as it stands.
        sign: 1 for up, -1 for down.
        of: ``amount``, ``speed``, ``saving`` or ``gap``, which goes either way with the sign of what is apart.
        denied: A word before it says no.
    """

    start: int
    end: int
    text: str
    sign: int
    of: str
    denied: bool = False


def read_directions(text: str) -> tuple[Direction, ...]:
    """The words of direction in a text, in order; those of bounds, such as 'more than 200', are none.

    Examples:
        >>> [(d.text, d.sign, d.of) for d in read_directions("Pay rose, and work took 40% less time")]
        [('rose', 1, 'amount'), ('less', -1, 'amount')]
    """
    tokens = tokens_of(text)
    return tuple(found for at in range(len(tokens)) if (found := _direction(tokens, at)))


def _direction(tokens: list[Token], at: int) -> Direction | None:
    token = tokens[at]
    known = WORDS.get(token.low)
    if known is None:
        return None
    before = tokens[at - 1].low if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if (before, token.low) in _NOT_HERE or (after and (token.low, after.low) in _NOT_HERE) or _is_bound(tokens, at):
        return None
    if (after and after.text == "-" and after.glued) or (before == "-" and token.glued):
        return None  # lower-income, low-skilled, follow-up
    if before == "the" and (token.low.endswith("er") or token.low in ("more", "less")):
        return None  # the longer, the better
    if token.low in ("more", "less") and after and after.low in _LITTLE:
        known = (-known[0], known[1])
    denied = any(
        tokens[place].low in NEGATIONS and not (place and tokens[place - 1].text == "-")  # but alcohol-free drinks
        for place in range(max(0, at - 2), at)
    )
    denied |= after is not None and after.low in ("nothing", "little")
    denied |= token.low not in ("more", "less") and any(t.low == "slowly" for t in tokens[at + 1 : at + 7])
    return Direction(token.start, token.end, token.text, *known, denied=denied)


def _is_bound(tokens: list[Token], at: int) -> bool:
    """True for 'more than' with a number behind it."""
    if at + 2 >= len(tokens) or tokens[at + 1].low != "than":
        return False
    if at and (tokens[at - 1].kind == "number" or tokens[at - 1].low in ("%", "percent", "cent", "points", "point")):
        return False  # 10% more than twelve months earlier
    number = tokens[at + 2]
    return number.kind == "number" or number.text in words.SYMBOLS or number.low in _NUMBERS


def directions_of(text: str, quantities: tuple[Quantity, ...]) -> tuple[Direction | None, ...]:
    """For each quantity of a text the word of direction that goes with it, if one does.

    Examples:
        >>> from evidencekb.quantities import read_quantities
        >>> text = "ChatGPT cut writing time 40% and quality was rated 18% higher; 60% used it"
        >>> [d and d.text for d in directions_of(text, read_quantities(text))]
        ['cut', 'higher', None]
    """
    tokens = tokens_of(text)
    starts = [token.start for token in tokens]
    spans = [(bisect_right(starts, q.start) - 1, bisect_right(starts, q.end - 1)) for q in quantities]
    taken = {at: q.kind for q, (first, last) in zip(quantities, spans, strict=True) for at in range(first, last)}
    return tuple(
        _beside(tokens, q, first, last, taken) if q.kind in _CHANGES else None
        for q, (first, last) in zip(quantities, spans, strict=True)
    )


def _beside(tokens: list[Token], q: Quantity, first: int, last: int, taken: dict[int, Kind]) -> Direction | None:
    if q.change:
        return _ahead(tokens, first - 1, q.kind, taken, _LEFT // 2)
    return _behind(tokens, last, taken) or _ahead(tokens, first, q.kind, taken)


def _behind(tokens: list[Token], last: int, taken: dict[int, Kind]) -> Direction | None:
    """The direction right behind a quantity: 15% more, 2 points less likely."""
    at = last + (last + 1 < len(tokens) and tokens[last].text == ",")
    if at < len(tokens) and (sign := _PLACES.get(tokens[at].low)):
        token = tokens[at]
        number = at + 1 < len(tokens) and tokens[at + 1].kind == "number" and not _is_year(tokens[at + 1])
        return None if number else Direction(token.start, token.end, token.text, sign, "amount")
    if at + 1 < len(tokens) and tokens[at].low == "too" and (sign := _TOO.get(tokens[at + 1].low)):
        return Direction(tokens[at].start, tokens[at + 1].end, tokens[at + 1].text, sign, "amount")
    right = _RIGHT + 2 * any(token.low in _PER for token in tokens[last : last + _RIGHT])  # 0.3 grams a day lower
    for at in range(last, min(len(tokens), last + right)):
        token = tokens[at]
        if ends_clause(token) or token.text == "," or at in taken or (token.low in _TURNS and at == last):
            return None
        if found := _direction(tokens, at):
            return found
        if token.low in _TURNS:
            return None
    return None


def _is_year(token: Token) -> bool:
    return len(token.text) == 4 and token.text.isdigit() and token.text[:2] in ("19", "20")


def _ahead(tokens: list[Token], first: int, kind: Kind, taken: dict[int, Kind], reach: int = _LEFT) -> Direction | None:
    """The direction before a quantity: fell by 15%, a rise of 3 points; not before a level, as in fell to 15%."""
    if first and tokens[first - 1].low in _LEVEL:
        return None
    for at in range(first - 1, max(-1, first - 1 - reach), -1):
        token = tokens[at]
        if ends_clause(token) or token.text == "," or token.low in ("than", "while", "but", "against"):
            return None
        if at in taken:
            if taken[at] is kind or kind not in _PARTS:
                return None
            continue  # a fall for workers of 22 to 25 by 16%
        if found := _direction(tokens, at):
            return None if tokens[at + 1].low == "from" and at + 2 < first else found  # down from a peak of 79%
    return None
