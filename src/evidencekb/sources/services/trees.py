"""XML of services as plain data: nothing outside is read, nothing is expanded, depth and size have bounds.

>>> tree(b"<a><b x='1'>one</b><b>t<i>w</i>o</b></a>", inline=("i",))
{'a': [{'b': [{'@x': '1', '#': 'one'}, {'#': 't<i>w</i>o'}]}]}
>>> tree(b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>')
Traceback (most recent call last):
    ...
ValueError: the XML declares the entity 'b', which is not expanded
"""

from __future__ import annotations

import html
from collections.abc import Collection
from typing import Any
from xml.parsers import expat

Node = dict[str, Any]
"""An element: its attributes under ``@name``, its text under ``#``, its children in lists under their names."""

_DEPTH = 60


def tree(body: bytes, *, inline: Collection[str] = ()) -> Node:
    """The document, its root in a list under its name; names come without their namespace.

    Args:
        body: The XML.
        inline: Elements that are part of a text; they stay in it as tags, and ``<`` and ``&`` beside them are escaped.

    Raises:
        ValueError: If it is no well-formed XML, declares entities, or is nested more than 60 deep.
    """
    reader = _Reader(frozenset(inline))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.text
    parser.EntityDeclHandler = reader.entity
    parser.SkippedEntityHandler = reader.skipped
    try:
        parser.Parse(body, True)
    except (expat.ExpatError, LookupError) as wrong:
        raise ValueError(f"no well-formed XML: {wrong}") from wrong
    return reader.root


class _Reader:
    def __init__(self, inline: frozenset[str]) -> None:
        self._inline = inline
        self.root: Node = {}
        self._stack: list[Node] = [self.root]
        # How many inline elements are open; their text goes to the element around them.
        self._open = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if len(self._stack) + self._open > _DEPTH:
            raise ValueError(f"the XML is nested more than {_DEPTH} deep")
        local = name.rpartition(" ")[2]
        if self._open or (local in self._inline and len(self._stack) > 1):
            self._open += 1
            self._add(f"<{local}>")
            return
        node: Node = {f"@{key.rpartition(' ')[2]}": value for key, value in attributes.items()}
        self._stack[-1].setdefault(local, []).append(node)
        self._stack.append(node)

    def end(self, name: str) -> None:
        if self._open:
            self._open -= 1
            self._add(f"</{name.rpartition(' ')[2]}>")
            return
        node = self._stack.pop()
        if not (text := "".join(node.pop("#", ()))).strip():
            return
        node["#"] = text.strip()

    def text(self, data: str) -> None:
        self._add(html.escape(data, quote=False) if self._inline else data)

    def entity(self, name: str, *_: object) -> None:
        raise ValueError(f"the XML declares the entity {name!r}, which is not expanded")

    def skipped(self, name: str, _: bool) -> None:
        raise ValueError(f"the XML uses the entity {name!r}, which it does not declare")

    def _add(self, text: str) -> None:
        self._stack[-1].setdefault("#", []).append(text)
