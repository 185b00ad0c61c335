"""Large YAML files cut into their records, each of which can be read alone.

A file that is only lists of records in block style can be cut without reading it: its records begin at lines with a dash,
all in one column, and what is inside them stands further right. Any other file is left to be read whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection
from dataclasses import dataclass, field
from itertools import pairwise

from evidencekb.model import LISTS
from evidencekb.store.nodes import Mapping, Sequence, parse

_KINDS = list(LISTS.values())
_KEY = re.compile(r"([a-z_]+): *")
_TOP = re.compile(r"^[^\s-].*|^-(?! ).*", re.MULTILINE)
_DASH = re.compile(r"\n*( {0,8})- \S")
_ODD_SIGN = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Slice:
    """One record of a file.

    Attributes:
        kind: Its kind.
        line: The line of its dash.
        text: From the start of that line to the next record or list.
    """

    kind: str
    line: int
    text: str

    @property
    def node(self) -> Mapping | None:
        """What the record holds, on lines counted from its own first; None when that is no mapping.

        Raises:
            YamlProblem: If it cannot be read.
        """
        root = parse(self.text)
        node = root.items[0] if isinstance(root, Sequence) and len(root.items) == 1 else None
        return node if isinstance(node, Mapping) else None


@dataclass(slots=True)
class Sliced:
    """A file cut into its records.

    Attributes:
        slices: The records.
        untidy: The first line outside of records that is not in canonical form; 0 when there is none.
        apart: By kind: whether empty lines stand between records, for lists of more than one record.
    """

    slices: list[Slice] = field(default_factory=list)
    untidy: int = 0
    apart: dict[str, bool] = field(default_factory=dict)

    def at(self, line: int) -> Slice:
        """The record that begins at a line."""
        return self.slices[bisect_left(self.slices, line, key=lambda piece: piece.line)]

    def misplaced(self, deep: Collection[str]) -> int:
        """A line between records that is too much, or where one is missing; or 0.

        Args:
            deep: Kinds of which a record holds more than fields of one value; theirs stand apart.
        """
        wrong = [kind for kind, apart in self.apart.items() if apart != (kind in deep)]
        lines = [piece.line for piece in self.slices if piece.kind in wrong]
        return lines[1] - self.apart[wrong[0]] if lines else 0


def sliced(text: str) -> Sliced | None:
    r"""Cut a file into its records, or give None when it has to be read whole.

    Examples:
        >>> [(s.kind, s.line, s.text) for s in sliced("cohorts:\n  - id: a\n    label: A\n  - id: b\n").slices]
        [('cohort', 2, '  - id: a\n    label: A\n'), ('cohort', 4, '  - id: b\n')]
        >>> sliced("cohorts: []\n") is None
        True
    """
    if _ODD_SIGN.search(text):
        return None
    found = Sliced()
    seen: list[str] = []
    keys = list(_TOP.finditer(text))
    if not keys or text[: keys[0].start()].strip():
        return None
    for key, end in zip(keys, [*keys[1:], None], strict=True):
        name = _KEY.fullmatch(key.group())
        body = text[key.end() + 1 : end.start() if end else len(text)]
        if name is None or (kind := LISTS.get(name[1])) is None or kind in seen or (dash := _DASH.match(body)) is None:
            return None
        column = len(dash[1])
        starts = [match.start() for match in re.finditer(rf"^(?! {{{column + 1}}}|\n|\Z)", body, re.MULTILINE)]
        if not all(body.startswith("- ", start + column) for start in starts):
            return None
        at = key.start()
        line = 1 + text.count("\n", 0, at)
        if name[0] != f"{name[1]}:" or (seen and _KINDS.index(seen[-1]) > _KINDS.index(kind)):
            found.untidy = found.untidy or line
        elif column != 2 or starts[0]:
            found.untidy = found.untidy or line + 1
        seen.append(kind)
        _cut(found, kind, body, starts, line + 1, last=end is None)
    if text[: keys[0].start()]:
        found.untidy = 1
    return found


def _cut(found: Sliced, kind: str, body: str, starts: list[int], line: int, *, last: bool) -> None:
    line += body.count("\n", 0, starts[0])
    for start, end in pairwise([*starts, len(body)]):
        text = body[start:end]
        found.slices.append(Slice(kind, line, text))
        line += text.count("\n")
        empty = len(text) - len(text.rstrip("\n")) - 1
        expected = int(not last)
        if end < len(body):
            expected = int(found.apart.setdefault(kind, empty == 1))
        if empty != expected and not found.untidy:
            found.untidy = line + 1 if empty < 0 else line - empty + min(empty, expected)
