"""Text cut into words, numbers and signs, each with its place."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_TOKEN = re.compile(
    r"(?P<number>(?<![\w.,])\d{1,3}(?: \d{3})+(?![\w,%]|\.\d| [\d$€£])"
    r"|\d{1,3}(?:[,\u00a0\u202f]\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?|(?<![\w.])\.\d+)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)?)"
    r"|(?P<sign>[^\w\s]|_)"
)
_MOST = 1e100
"""No number is read as larger, so that sums on it stay finite."""

_CLAUSE = frozenset(";:.!?()[]—\n")


class Token(NamedTuple):
    """A word, a number or a sign.

    Attributes:
        kind: ``word``, ``number`` or ``sign``.
        text: As it stands.
        low: In small letters.
        start: Where it begins.
        end: Where it ends.
        glued: Nothing stands between it and the token before.
    """

    kind: str
    text: str
    low: str
    start: int
    end: int
    glued: bool


@lru_cache(maxsize=64)
def tokens_of(text: str) -> list[Token]:
    """The tokens of a text, in order; the list is kept for the next call and must not be changed.

    Examples:
        >>> [token.text for token in tokens_of("GPT-4 cut 1,200.5 by .42")]
        ['GPT', '-', '4', 'cut', '1,200.5', 'by', '.42']
    """
    found: list[Token] = []
    last = -1
    for match in _TOKEN.finditer(text):
        piece, start = match.group(), match.start()
        found.append(Token(str(match.lastgroup), piece, piece.lower(), start, match.end(), start == last))
        last = match.end()
    return found


def ends_clause(token: Token) -> bool:
    """True for a sign that ends a clause; a comma does not."""
    return token.kind == "sign" and token.text in _CLAUSE


def number_of(text: str) -> float:
    """The value of a number token.

    Examples:
        >>> number_of("1,692,100"), number_of(".42")
        (1692100.0, 0.42)
    """
    return min(float(text.replace(",", "").replace(" ", "").replace("\u00a0", "").replace("\u202f", "")), _MOST)


def step_of(text: str) -> float:
    """The unit of the last digit printed: 1 for 40, 0.1 for 26.8.

    Examples:
        >>> step_of("40"), step_of("26.8"), step_of(".42")
        (1.0, 0.1, 0.01)
    """
    decimals = len(text.partition(".")[2])
    return round(10.0**-decimals, 12) if decimals < 12 else 1e-12
