"""Text as people paste it: what cannot be seen, what belongs to the sentence, what was written for another place.

Everything here takes time in proportion to the text, and doing it twice gives what doing it once gave.
"""

from __future__ import annotations

import re
from urllib.parse import unquote

_QUOTES = "\"'`“”„\u2018’\u201a«»\u2039\u203a"
WRAPPING = f" \t\r\n\f\v\xa0<({{*•{_QUOTES}"
"""What stands before an identifier and is none of it. A square bracket is not among them: ``[2016] ABQB 379``."""

_INVISIBLE = re.compile("[\u00ad\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]")
_HYPHENS = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-"))
_LATEX = re.compile(r"(?<!\\)\\+([_%&#$~{}<>-])")
# Numbered references are few on purpose: one that gives a letter or digit could make a new entity of its neighbours.
_ENTITY = re.compile(
    r"&(?:(?:amp|#0?38|#x26);)*(?:(amp|#0?38|#x26)|(lt|#0?60|#x3c)|(gt|#0?62|#x3e)|(quot|#0?34|#x22)|(apos|#0?39|#x27)"
    r"|(nbsp|#160|#xa0)|(hyphen|ndash|mdash|minus|#821[0-2]|#x201[0-4]));",
    re.IGNORECASE,
)
_CHARACTERS = ("", "&", "<", ">", '"', "'", " ", "-")
_STOPS = f".,;:!?{_QUOTES}"
_PAIRS = {")": "(", "]": "[", "}": "{", ">": "<"}
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")


def shown(value: str) -> str:
    """A text as a message quotes it: as Python writes it, and only both ends of a long one.

    Examples:
        >>> shown("10.1126")
        "'10.1126'"
        >>> len(shown("x" * 100_000)) < 200
        True
    """
    return repr(value) if len(value) <= 160 else f"{value[:100]!r} … {value[-30:]!r} ({len(value):,} characters)"


def blank(value: str) -> bool:
    """True if there is a space, a control character or an invisible one.

    Examples:
        >>> blank("10.1126/a"), blank("10.1126/ a"), blank("10.1126/a\u200b")
        (False, True, True)
    """
    return " " in value or not value.isprintable()


def plain(text: str) -> str:
    r"""The text without invisible characters, LaTeX backslashes and HTML entities.

    Examples:
        >>> plain(r"10.1007/978-3-030-29007-8\_8"), plain("7:3&lt;220::aid&amp;gt;3.0")
        ('10.1007/978-3-030-29007-8_8', '7:3<220::aid>3.0')
    """
    if not text.isascii():
        text = _INVISIBLE.sub("", text)
    if "\\" in text:
        text = _LATEX.sub(r"\1", text)
    if "&" in text:
        text = _ENTITY.sub(lambda match: _CHARACTERS[match.lastindex or 0], text)
    return text


def has_entity(text: str) -> bool:
    """True if there is an HTML entity that :func:`plain` would turn into a character.

    Examples:
        >>> has_entity("?a=1&amp;b=2"), has_entity("?a=1&b=2&copy=3")
        (True, False)
    """
    return "&" in text and _ENTITY.search(text) is not None


def trimmed(text: str, also: str = "") -> str:
    """The text without the stops, quotes and brackets at its end that belong to the sentence around it.

    A closing bracket that the text itself opens is part of it.

    Args:
        text: What was pasted.
        also: Further characters that go with the stops.

    Examples:
        >>> trimmed("10.1016/0304-3959(87)90008-2)."), trimmed("10.1061/(ASCE)0733-9399(2006)132:2(220)")
        ('10.1016/0304-3959(87)90008-2', '10.1061/(ASCE)0733-9399(2006)132:2(220)')
    """
    end = len(text)
    unopened: dict[str, int] = {}
    while end:
        last = text[end - 1]
        if opener := _PAIRS.get(last):
            # Counted once per sort of bracket: what is cut off afterwards opens none.
            if last not in unopened:
                unopened[last] = text.count(last) - text.count(opener)
            if unopened[last] <= 0:
                break
            unopened[last] -= 1
        elif last not in _STOPS and last not in also and not last.isspace():
            break
        end -= 1
    return text[:end]


def unwrapped(text: str) -> str:
    """The text without what people put around it: quotes, brackets, a full stop, invisible characters, entities.

    Examples:
        >>> unwrapped("(“10.1126/science.adh2586”).")
        '10.1126/science.adh2586'
    """
    text = plain(text).lstrip(WRAPPING)
    if text.startswith("[") and not text[1:5].isdigit():
        text = text.lstrip("[" + WRAPPING)
    return trimmed(text)


def hyphened(text: str) -> str:
    """The text with a keyboard's hyphen for every Unicode hyphen, dash and minus.

    Examples:
        >>> hyphened("10.1111/2041\u2010210X.14002")
        '10.1111/2041-210X.14002'
    """
    return text if text.isascii() else text.translate(_HYPHENS)


def encoded(text: str) -> bool:
    """True if a character is percent-encoded.

    Examples:
        >>> encoded("10.1002%2Fa"), encoded("50% off")
        (True, False)
    """
    return "%" in text and _ESCAPE.search(text) is not None


def decoded(text: str) -> str:
    """The text without percent-encoding, done once or twice.

    Examples:
        >>> decoded("10.1002%2F%28a%29"), decoded("10.1002%252Fa")
        ('10.1002/(a)', '10.1002/a')
    """
    for _ in range(2):
        if not encoded(text):
            break
        text = unquote(text)
    return text
