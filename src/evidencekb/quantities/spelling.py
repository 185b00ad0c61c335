"""Numbers written in words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from evidencekb.quantities import words
from evidencekb.quantities.tokens import Token

_MOST = 12


class Spelled(NamedTuple):
    """A number in words, the unit of what is said last, and the token behind it."""

    value: float
    step: float
    to: int


def spelled(tokens: Sequence[Token], at: int) -> Spelled | None:
    """The number that begins at a word: sixteen, twenty-five, two hundred, eleven million, a million, a dozen.

    Examples:
        >>> from evidencekb.quantities.tokens import tokens_of
        >>> spelled(tokens_of("two hundred and fifty thousand jobs"), 0).value
        250000.0
    """
    total, current, step, begun, to = 0.0, 0.0, 1.0, False, at
    if tokens[at].low in ("a", "an") and at + 1 < len(tokens) and tokens[at + 1].low in words.SCALES:
        current, to, begun = 1.0, at + 1, True
    skipped = 0
    for position in range(to, min(len(tokens), at + _MOST)):
        word = tokens[position].low
        if skipped:
            skipped, begun, to = skipped - 1, True, position + 1
            continue
        if word in words.ONES and not (begun and current % 10):
            current += words.ONES[word]
        elif word in words.TENS and not current % 100:
            current += words.TENS[word]
        elif word in words.SCALES and begun:
            scale, step = words.SCALES[word], words.SCALES[word]
            if scale in (12.0, 1e2):
                current *= scale
            else:
                total, current = total + current * scale, 0.0
        elif begun and (more := _and_part(tokens, position)):
            current, step, skipped = current + more, step / 5, 2
            continue
        elif begun and word in ("-", "and") and _goes_on(tokens, position, word):
            continue
        else:
            break
        begun, to = True, position + 1
    return Spelled(total + current, step, to) if begun and to > at + (tokens[at].low in ("a", "an")) else None


def _and_part(tokens: Sequence[Token], at: int) -> float:
    """What 'and a half' adds to the number before it; 0 if that does not begin here."""
    said = [token.low for token in tokens[at : at + 4]]
    if said[:2] != ["and", "a"] or len(said) < 3 or said[3:] in (["of"], ["million"], ["billion"]):
        return 0.0
    return 0.5 if said[2] == "half" and tokens[at - 1].low in _WHOLES else 0.0


_WHOLES = words.ONES.keys() | words.TENS.keys()


def _goes_on(tokens: Sequence[Token], at: int, word: str) -> bool:
    after = tokens[at + 1].low if at + 1 < len(tokens) else ""
    if word == "-":
        return tokens[at].glued and (after in words.ONES or after in words.SCALES)
    return tokens[at - 1].low in words.SCALES and (after in words.ONES or after in words.TENS) and after != "one"


def part(tokens: Sequence[Token], at: int) -> Spelled | None:
    """A part of a whole that begins at a word: two fifths, a third, one-quarter, half.

    Examples:
        >>> from evidencekb.quantities.tokens import tokens_of
        >>> part(tokens_of("two thirds"), 0).value, part(tokens_of("the second half"), 2)
        (0.6666666666666666, None)
    """
    word = tokens[at].low
    if word == "half":
        return None if _is_section(tokens, at) else Spelled(0.5, 0.05, at + 1)
    count = 1 if word in ("a", "an") else words.ONES.get(word, 0)
    if not count:
        return None
    to = at + 2 if at + 1 < len(tokens) and tokens[at + 1].text == "-" else at + 1
    if to >= len(tokens) or tokens[to].low not in words.PARTS:
        return None
    name = tokens[to].low
    behind = tokens[to + 1].low if to + 1 < len(tokens) else ""
    if (count > 1) is not name.endswith("s") and name != "half":
        return None
    if count > 1 and (name in ("half", "halves") or count >= words.PARTS[name] or (count, name) == (2, "quarters")):
        return None  # six quarters are of a year
    if count == 1 and at > 1 and tokens[at - 1].low == "and" and tokens[at - 2].low in words.SPANS:
        return None  # a year and a half
    if count == 1 and (behind in words.SKIPPED_AFTER_PART or (behind == "-" and word in ("a", "an"))):
        return None
    if word in ("a", "an") and name not in ("third", "quarter", "half", "fifth", "tenth", "fourth") and behind != "of":
        return None
    return Spelled(count / words.PARTS[name], 0.05, to + 1)


def _is_section(tokens: Sequence[Token], at: int) -> bool:
    """True for the first half, the weaker half, and for half in a compound."""
    before = tokens[at - 1].low if at else ""
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if before in words.ASIDE or before == "-" or (after is not None and after.text == "-"):
        return True
    return before == "a" and at > 1 and tokens[at - 2].low == "and"


def factor(tokens: Sequence[Token], at: int) -> Spelled | None:
    """A factor that begins at a word: twice, doubled, halved, threefold, half as high again.

    Examples:
        >>> from evidencekb.quantities.tokens import tokens_of
        >>> factor(tokens_of("tripled"), 0).value
        3.0
    """
    word = tokens[at].low
    if word == "half" and [token.low for token in tokens[at + 1 : at + 4 : 2]] == ["as", "again"]:
        return Spelled(1.5, 0.25, at + 4)
    value = words.FACTORS.get(word) or words.FOLDS.get(word)
    after = tokens[at + 1] if at + 1 < len(tokens) else None
    if value is None or (after is not None and after.text == "-" and after.glued):
        return None
    return Spelled(value, 0.25, at + 1)
