"""The unit behind a number."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evidencekb.quantities import words
from evidencekb.quantities.quantity import Kind
from evidencekb.quantities.tokens import Token


class Unit(NamedTuple):
    """A unit, and the token behind it."""

    kind: Kind
    code: str
    to: int


def unit_behind(tokens: Sequence[Token], at: int) -> Unit | None:
    """The unit that begins at a token, if one does; a hyphen before it is passed over.

    Examples:
        >>> from evidencekb.quantities.tokens import tokens_of
        >>> unit_behind(tokens_of("percentage points"), 0)
        Unit(kind=<Kind.POINTS: 'points'>, code='', to=2)
        >>> unit_behind(tokens_of("Canadian dollars"), 0)
        Unit(kind=<Kind.MONEY: 'money'>, code='CAD', to=2)
    """
    if at < len(tokens) and tokens[at].text == "-" and at + 1 < len(tokens) and tokens[at + 1].glued:
        at += 1
    if at >= len(tokens):
        return None
    word, after = tokens[at].low, tokens[at + 1].low if at + 1 < len(tokens) else ""
    percent = _percent(word, after)
    if percent:
        to = at + percent
        behind = tokens[to].low if to < len(tokens) else ""
        return Unit(Kind.POINTS, "", to + 1) if behind in words.POINTS else Unit(Kind.PERCENT, "", to)
    if word in ("percentage", "percentile") and after in words.POINTS:
        return Unit(Kind.POINTS, "", at + 2)
    if (
        word in ("percentage", "percentile")
        and after == "-"
        and at + 2 < len(tokens)
        and tokens[at + 2].low in words.POINTS
    ):
        return Unit(Kind.POINTS, "", at + 3)  # a 2 percentage-point fall
    if word in words.POINTS:
        return Unit(Kind.POINTS, "", at + 1)
    if word == "of" and after in ("a", "an", "one") and at + 2 < len(tokens) and tokens[at + 2].low in _PARTED:
        return unit_behind(tokens, at + 2)
    if word == "standard" and after in ("deviation", "deviations"):
        return Unit(Kind.SD, "", at + 2)
    if word in ("sd", "sds"):
        return Unit(Kind.SD, "", at + 1)
    if tokens[at].text in words.CODES_BEHIND:
        return Unit(Kind.MONEY, tokens[at].text, at + 1)
    return _money(word, after, at) or _span_or_times(tokens, word, after, at)


def _percent(word: str, after: str) -> int:
    """How many tokens say percent."""
    if word == "%" or word in words.PERCENTS:
        return 1
    return 2 if word == "per" and after == "cent" else 0


def _money(word: str, after: str, at: int) -> Unit | None:
    if word in words.CURRENCIES:
        return Unit(Kind.MONEY, words.CURRENCIES[word], at + 1)
    if word in words.NATIONS and after in ("dollar", "dollars"):
        return Unit(Kind.MONEY, words.NATIONS[word], at + 2)
    if word == "pounds" and after == "sterling":
        return Unit(Kind.MONEY, "GBP", at + 2)
    return Unit(Kind.MONEY, "GBP", at + 1) if word == "pounds" else None


_PARTED = frozenset({"standard", "sd", "percentage", "point", "percent", "per"})
_COMPARING = frozenset(
    {
        "as",
        "more",
        "higher",
        "larger",
        "greater",
        "the",
        "faster",
        "likelier",
        "less",
        "lower",
        "bigger",
        "better",
        "worse",
        "longer",
        "slower",
        "smaller",
        "cheaper",
        "stronger",
        "costlier",
        "dearer",
        "fewer",
        "their",
        "its",
    }
)


def _span_or_times(tokens: Sequence[Token], word: str, after: str, at: int) -> Unit | None:
    if (word == "x" and tokens[at].glued) or word == "×" or word == "fold":
        return Unit(Kind.TIMES, "", at + 1)
    if word == "times" and after in _COMPARING:
        return Unit(Kind.TIMES, "", at + 1)
    if tokens[at].text == "h":
        return Unit(Kind.SPAN, "h", at + 1)
    if word in words.SPANS:
        return Unit(Kind.SPAN, words.SPANS[word], at + 1)
    return None
