"""Records of large YAML files, read ten times as fast as by the parser that knows lines and columns.

The parser in Rust takes more than packs may hold, and says less of what it took: a key that stands twice, an anchor, a zero
lost from ``0123``. So its word is taken only for a record that is written just as its data would be, or whose text has
nothing of the kind and no pair that is lost in the data. Any other is read by :func:`evidencekb.store.nodes.parse`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from evidencekb.errors import FormatLossError
from evidencekb.model import LISTS
from evidencekb.store.layout import record_writer
from evidencekb.store.nodes import YamlProblem, node_of, plain
from evidencekb.store.slicing import Slice
from evidencekb.store.writing import format_text

_PAIR = re.compile(r":(?=\s|$)", re.MULTILINE)
_ODD = re.compile(
    r"[\s\[{,](?:"
    r"[&*]\S|!"  # an anchor, an alias or a tag
    r"|[-+]?(?:0[0-9ox]|[0-9]{16}|\.[iInN])"  # a number that has its own rules
    r"|#\S"  # a text that is cut
    r"|[|>](?![-+]?\n)"  # a block that could stand in brackets
    r"|[:?]"  # an empty key, or one on lines of its own
    r")|\\[uUxN0]"  # a sign that is spelled out
    r"|[\[{](?:[^\]}\n]*|[^\n]*[|>][-+0-9]*)\n"  # brackets over several lines
)
_CUT = re.compile(r"\s#\S")
NOT_PLAIN = 1 << 40


class SliceReader:
    """Reads records of one list.

    Args:
        kind: Their kind.
        tidy: Whether the file is in form apart from its records; none of them is found in form otherwise.

    Attributes:
        deep: Whether one of those found in form holds more than fields of one value; then all have empty lines between them.
    """

    def __init__(self, kind: str, *, tidy: bool = True) -> None:
        self._write = record_writer(kind)
        self._name = next(name for name, held in LISTS.items() if held == kind)
        self._all_in_form = tidy
        self.deep = False

    def read(self, slices: list[Slice]) -> Iterator[tuple[Slice, dict[str, Any] | None, bool]]:
        """What records hold, as plain data, and whether they stand in canonical form.

        Data is None for one about which there is something to be told. After the first that is not in form no other is
        found in form.
        """
        for piece, quick in zip(slices, _quickly("".join([piece.text for piece in slices]), len(slices)), strict=True):
            if quick is not None and self._all_in_form and self._is_written(piece.text, quick):
                yield piece, quick, True
                continue
            record = quick if quick is not None and _is_simple(piece.text, quick) else _fully(piece)
            self._all_in_form = self._all_in_form and self._is_formatted(piece.text)
            yield piece, record, self._all_in_form

    def _is_written(self, text: str, record: dict[str, Any]) -> bool:
        """True if the text is just what is written for these data, so that they can have been read from nothing else."""
        try:
            lines, deep = self._write(node_of(record))
        except TypeError:  # a key that is no text
            return False
        if "\n".join(lines) != text.rstrip("\n"):
            return False
        self.deep |= deep
        return True

    def _is_formatted(self, text: str) -> bool:
        """True for canonical form with comments in it, or with numbers that Python spells otherwise."""
        found = f"{self._name}:\n" + text.rstrip("\n") + "\n"
        try:
            formatted = format_text(found) == found
        except (YamlProblem, FormatLossError):
            return False
        if formatted and (node := Slice("", 1, text).node):
            self.deep |= self._write(node)[1]
        return formatted


def _quickly(text: str, count: int) -> list[dict[str, Any] | None]:
    import yaml12

    records: Any = None
    with suppress(ValueError):
        records = yaml12.parse_yaml(text)
    if not isinstance(records, list) or len(records) != count:
        return [None] * count
    return [record if isinstance(record, dict) else None for record in records]


def _is_simple(text: str, record: dict[str, Any]) -> bool:
    """True if both parsers take the same from the text: nothing odd is in it, and no pair of it was lost."""
    return _ODD.search(text) is None and len(_PAIR.findall(text)) == _pairs(record)


def _pairs(value: Any) -> int:
    """How many pairs data holds; too many by far when a key is no text or a value is missing."""
    if isinstance(value, dict):
        if not all(isinstance(key, str) and key for key in value):
            return NOT_PLAIN
        return len(value) + sum([_pairs(held) for held in value.values() if not isinstance(held, str)])
    if isinstance(value, list):
        return sum([_pairs(held) for held in value if not isinstance(held, str)])
    return NOT_PLAIN if value is None else 0


def _fully(piece: Slice) -> dict[str, Any] | None:
    if _CUT.search(piece.text):
        return None
    try:
        node = piece.node
    except YamlProblem:
        return None
    return None if node is None else plain(node)
