"""What the tests of the canonical layout share."""

from __future__ import annotations

from textwrap import dedent

from evidencekb.store.nodes import parse, plain
from evidencekb.store.writing import format_text


def formatted(text: str, name: str = "findings/x.yaml") -> str:
    """The canonical form of an indented text, checked to be its own canonical form."""
    once = format_text(dedent(text).lstrip("\n"), name=name)
    assert format_text(once, name=name) == once
    return once


def lines_of(text: str) -> str:
    return dedent(text).lstrip("\n")


def escaped(text: str) -> str:
    """A text in double quotes, with escapes for all but the plainest signs."""
    return (
        '"'
        + "".join(c if c.isascii() and c.isprintable() and c not in '"\\' else f"\\U{ord(c):08X}" for c in text)
        + '"'
    )


def value_line(value: str, name: str = "x.yaml") -> str:
    """How one text is written behind a key."""
    return formatted(f"key: {escaped(value)}\n", name).removeprefix("key: ").removesuffix("\n")


def plain_of(text: str) -> object:
    node = parse(text)
    return None if node is None else plain(node)
