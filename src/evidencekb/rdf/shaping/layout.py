"""Turtle laid out for people: what does not fit on a line is broken at its brackets.

>>> print(laid("sh:or ( [ sh:path ekb:role ] [ sh:path ekb:basis ] )", 0, width=24))
sh:or (
  [ sh:path ekb:role ]
  [ sh:path ekb:basis ]
)
"""

from __future__ import annotations

import re

_PIECES = re.compile(r'"(?:[^"\\]|\\.)*"(?:\^\^\S+)?|<[^>]*>|[\[\]()]|;|[^\s\[\]();"<]+')
_ENDS = {"[": "]", "(": ")"}


def laid(text: str, indent: int, *, width: int = 110) -> str:
    """Statements about one node, the first without an indent, those after it on lines of their own.

    Args:
        text: Statements, with a semicolon between two.
        indent: Spaces before the lines after the first.
        width: What a line may hold, where it can be broken.
    """
    return _statements(_PIECES.findall(text), indent, width)


def _statements(pieces: list[str], indent: int, width: int) -> str:
    statements = [_statement(part, indent, width) for part in _split(pieces)]
    return f" ;\n{' ' * indent}".join(statements)


def _split(pieces: list[str]) -> list[list[str]]:
    """Pieces between semicolons that stand in no bracket."""
    parts: list[list[str]] = [[]]
    depth = 0
    for piece in pieces:
        depth += (piece in "[(") - (piece in "])")
        if piece == ";" and depth == 0:
            parts.append([])
        else:
            parts[-1].append(piece)
    return parts


def _statement(pieces: list[str], indent: int, width: int) -> str:
    flat = " ".join(pieces)
    opens = next((at for at, piece in enumerate(pieces) if piece in _ENDS), None)
    if opens is None or indent + len(flat) <= width:
        return flat
    end = _end(pieces, opens)
    before, inside, after = pieces[: opens + 1], pieces[opens + 1 : end], pieces[end:]
    pad = f"\n{' ' * (indent + 2)}"
    if pieces[opens] == "[":
        held = _statements(inside, indent + 2, width)
    else:
        held = pad.join(_statement(item, indent + 2, width) for item in _items(inside, indent, width))
    return f"{' '.join(before)}{pad}{held}\n{' ' * indent}{' '.join(after)}"


def _items(pieces: list[str], indent: int, width: int) -> list[list[str]]:
    """The items of a list; short ones without brackets as many on a line as fit."""
    items: list[list[str]] = []
    at = 0
    while at < len(pieces):
        end = _end(pieces, at) if pieces[at] in _ENDS else at
        item = pieces[at : end + 1]
        short = items and len(item) == 1 and items[-1][0] not in _ENDS
        if short and indent + 3 + len(" ".join(items[-1])) + len(item[0]) <= width:
            items[-1] += item
        else:
            items.append(item)
        at = end + 1
    return items


def _end(pieces: list[str], at: int) -> int:
    """Where the bracket that opens at a place is closed."""
    depth = 0
    for place in range(at, len(pieces)):
        depth += (pieces[place] in _ENDS) - (pieces[place] in _ENDS.values())
        if depth == 0:
            return place
    raise AssertionError(pieces[at])
