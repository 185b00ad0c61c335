"""One value as YAML text: plain where that is safe, quoted where it is not, folded where it is long.

What is written is read again as the same value of the same type; when in doubt, it is quoted.
"""

from __future__ import annotations

import re
from functools import lru_cache

from evidencekb.store.nodes import Scalar, YamlProblem, parse

PROSE_LENGTH = 60
TEXT_WIDTH = 100

_ESCAPED = re.compile("[^\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_CUTS = re.compile(r": |:$| #")
_STARTS = frozenset("?:,[]{}#&*!|>'\"%@`")
_FLOW_SIGNS = re.compile(r"[,\[\]{}:]")
_NUMBER_STARTS = frozenset("+-.0123456789")
_WORDS = frozenset({"~", "null", "true", "false", "=", "<<"})
_SHORT = {"\t": "\\t", "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\"}
_SPACE = re.compile("(?<! ) (?! )")


def one_line(node: Scalar) -> str:
    """A scalar on one line. Numbers keep the spelling they have.

    Examples:
        >>> from evidencekb.store.nodes import parse
        >>> one_line(parse("1.10")), one_line(parse("'1.10'")), one_line(parse("~"))
        ('1.10', '"1.10"', 'null')
    """
    if isinstance(node.value, str):
        return quoted(node.value, False)
    return "null" if node.value is None else node.text


def in_brackets(node: Scalar) -> str | None:
    """A scalar as it stands inside brackets; None for text that does not belong there."""
    value = node.value
    if isinstance(value, str):
        return _text_in_brackets(value)
    return "null" if value is None else node.text


@lru_cache(maxsize=4096)
def _text_in_brackets(text: str) -> str | None:
    return None if is_prose(text) else quoted(text, True)


@lru_cache(maxsize=4096)
def quoted(text: str, flow: bool) -> str:
    """A text on one line, in quotes where it needs them."""
    if _is_plain(text, flow):
        return text
    if ('"' in text or "\\" in text) and not _needs_escapes(text):
        return "'" + text.replace("'", "''") + "'"
    inner = text.strip()
    start = text.find(inner) if inner else len(text)
    end = start + len(inner)
    return '"' + _escape(text[:start], edge=True) + _escape(inner) + _escape(text[end:], edge=True) + '"'


def is_prose(text: str) -> bool:
    """True for text that would be cut, or would be hard to read, inside brackets."""
    return len(text) > PROSE_LENGTH or "\n" in text or ", " in text or ": " in text or " #" in text


def folded(text: str, indent: int) -> list[str] | None:
    """The lines of a text below ``>-``, or None when folding would change it or gains nothing."""
    words = _SPACE.split(text)
    if len(words) < 2 or _needs_escapes(text) or text != text.strip():
        return None
    lines, width = [words[0]], max(TEXT_WIDTH - indent, 40)
    for word in words[1:]:
        if len(lines[-1]) + 1 + len(word) <= width:
            lines[-1] += " " + word
        else:
            lines.append(word)
    return lines


def literal(text: str) -> tuple[str, list[str]] | None:
    """The sign and the lines of a text that holds line breaks, or None when only quotes keep it as it is."""
    body = text.rstrip("\n")
    lines = body.split("\n")
    if not lines[0] or lines[0] != lines[0].lstrip():
        return None
    if any(_needs_escapes(line) or line != line.rstrip() for line in lines):
        return None
    breaks = len(text) - len(body)
    return ("|-", "|", "|+")[min(breaks, 2)], [*lines, *[""] * (breaks - 1)]


def _is_plain(text: str, flow: bool) -> bool:
    if not text or text != text.strip() or _ESCAPED.search(text) or _CUTS.search(text):
        return False
    if text[0] in _STARTS or text.startswith(("- ", "---", "...")) or text == "-" or text.lower() in _WORDS:
        return False
    if flow and _FLOW_SIGNS.search(text):
        return False
    return text[0] not in _NUMBER_STARTS or _reads_as_text(text)


def _reads_as_text(text: str) -> bool:
    try:
        node = parse(text)
    except YamlProblem:
        return False
    return isinstance(node, Scalar) and node.value == text and isinstance(node.value, str)


def _needs_escapes(text: str) -> bool:
    return bool(_ESCAPED.search(text)) or any(sign.isspace() and sign != " " for sign in (text[:1], text[-1:]))


def _escape(text: str, *, edge: bool = False) -> str:
    return "".join(_sign(sign, edge) for sign in text)


def _sign(sign: str, edge: bool) -> str:
    if sign in _SHORT:
        return _SHORT[sign]
    if not _ESCAPED.match(sign) and (sign == " " or not edge):
        return sign
    return f"\\x{ord(sign):02X}" if ord(sign) < 256 else f"\\u{ord(sign):04X}"
