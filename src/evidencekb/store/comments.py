"""Comments of a YAML text, and the key or list item that each of them belongs to.

The parser drops comments. They are found again in the text between the scalars of the tree, where a ``#`` can be
nothing else, and are hung on the tree so that they travel with what they speak of when keys and records move.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from evidencekb.store.nodes import Mapping, Node, Scalar, Sequence

Box = Mapping | Sequence
Slot = tuple[int, int]

_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TO_BREAK = "[^\n\r\x85\u2028\u2029]*"
_GAP = re.compile(rf"^%(?:(?!\s#){_TO_BREAK[:-1]})*|#{_TO_BREAK}|[\[\]{{}}]", re.MULTILINE)
_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]*(#{_TO_BREAK})?")
_TAG = re.compile(rf"!(?:\s|#{_TO_BREAK})*")


@dataclass(frozen=True, slots=True)
class Comment:
    """One comment.

    Attributes:
        text: From the ``#`` to the end of the line, without trailing space.
        line: First line is 1.
        indent: Column (from 0) of the first thing on its line.
        offset: Where its ``#`` stands in the text.
        depth: How many brackets are open around it.
        alone: True when nothing stands before it on its line.
        apart: True when it stands alone below an empty line.
    """

    text: str
    line: int
    indent: int
    offset: int
    depth: int
    alone: bool
    apart: bool

    @property
    def glued(self) -> bool:
        """True for ``#word``: written as text far more often than as a comment."""
        return len(self.text) > 1 and not self.text[1].isspace() and self.text[1] not in "#!"


@dataclass(slots=True)
class Comments:
    """The comments of a tree. A slot is a box (by identity) and the position of a child as written.

    Attributes:
        head: Before the first key.
        lead: On lines of their own before a child.
        beside: At the end of the line of a child.
        tail: After the last child of a box.
        inside: How many comments a box has inside; one that has any is never written on one line.
        cut: Slots of plain texts that a ``#word`` cut; see :attr:`Comment.glued`.
    """

    head: list[Comment] = field(default_factory=list)
    lead: dict[Slot, list[Comment]] = field(default_factory=dict)
    beside: dict[Slot, list[Comment]] = field(default_factory=dict)
    tail: dict[int, list[Comment]] = field(default_factory=dict)
    inside: Counter[int] = field(default_factory=Counter)
    cut: set[Slot] = field(default_factory=set)


def find_comments(text: str, root: Node | None) -> list[Comment]:
    """Every comment of a text that was read into this tree, in the order written.

    Examples:
        >>> from evidencekb.store.nodes import parse
        >>> text = 'a: "#1"  # first'
        >>> [comment.text for comment in find_comments(text, parse(text))]
        ['# first']
    """
    if "#" not in text:
        return []
    lines = _Lines(text)
    found: list[Comment] = []
    depth = done = 0
    for start, end in [*_spans(text, root, lines), (len(text), len(text))]:
        for match in _GAP.finditer(text, done, start):
            sign = match.group()[0]
            if sign == "#":
                found.append(lines.comment(match.start(), match.group(), depth))
            elif sign != "%":
                depth += 1 if sign in "[{" else -1
        header = _HEADER.match(text, start, end)
        if header and header.group(1):
            found.append(lines.comment(header.start(1), header.group(1), depth))
        done = max(done, end)
    return found


def hang_comments(text: str, root: Node | None) -> Comments:
    """Every comment of a text, hung on the tree that was read from it."""
    hung = Comments()
    found = find_comments(text, root)
    if not found:
        return hung
    hanger = _Hanger(_Lines(text), hung)
    for comment in found:
        if root is None or hanger.is_before(comment, root):
            hung.head.append(comment)
        elif isinstance(root, Scalar):
            hung.tail.setdefault(id(root), []).append(comment)
        else:
            hanger.hang(comment, root)
    return hung


class _Lines:
    """Offsets of lines, counted as YAML counts them."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.starts = [0, *(match.end() for match in _BREAK.finditer(text))]

    def offset(self, line: int, column: int) -> int:
        """Where a mark of the parser stands; the end of a text without a last line break is a line further for it."""
        return self.starts[line - 1] + column - 1 if line <= len(self.starts) else len(self.text)

    def comment(self, offset: int, text: str, depth: int) -> Comment:
        line = bisect_left(self.starts, offset + 1)
        start = self.starts[line - 1]
        before = self.text[start:offset]
        alone = not before.strip(" \t\ufeff")
        apart = alone and line > 1 and not self.text[self.starts[line - 2] : start].strip()
        return Comment(text.rstrip(), line, len(before) - len(before.lstrip()), offset, depth, alone, apart)


class _Hanger:
    """Walks from the root to the place of a comment."""

    def __init__(self, lines: _Lines, hung: Comments) -> None:
        self._lines = lines
        self._hung = hung
        self._starts: dict[int, list[int]] = {}
        self._ends: dict[int, int] = {}

    def is_before(self, comment: Comment, root: Node) -> bool:
        """True for a comment before the first key or item; a lone value has no other place for one."""
        if isinstance(root, Scalar):
            return comment.offset < self.end(root) or not comment.alone
        starts = self._child_starts(root)
        return not starts or comment.offset < starts[0]

    def hang(self, comment: Comment, box: Box) -> None:
        """Give the comment to the child it stands beside or before, or to the end of the box it closes."""
        hung, brackets = self._hung, comment.depth
        while True:
            hung.inside[id(box)] += 1
            brackets -= box.flow and brackets > 0
            position = bisect_left(self._child_starts(box), comment.offset) - 1
            if position < 0:
                hung.lead.setdefault((id(box), 0), []).append(comment)
                return
            value = _value(box, position)
            if not self._belongs_inside(comment, box, value, brackets):
                break
            assert not isinstance(value, Scalar)
            box = value
        slot, inside = (id(box), position), bool(brackets) or comment.offset < self.end(value)
        if not (comment.alone or brackets) and (inside or comment.line == _end_line(value)):
            hung.beside.setdefault(slot, []).append(comment)
            if comment.glued and not inside and isinstance(value, Scalar) and _is_plain_text(value):
                hung.cut.add(slot)
        elif inside:
            hung.lead.setdefault(slot, []).append(comment)
        elif position + 1 < _size(box):
            hung.lead.setdefault((id(box), position + 1), []).append(comment)
        else:
            hung.tail.setdefault(id(box), []).append(comment)

    def _belongs_inside(self, comment: Comment, box: Box, value: Node, brackets: int) -> bool:
        if isinstance(value, Scalar) or not _size(value):
            return False
        if brackets:
            return True
        if value.flow:
            return False
        if comment.offset < self.end(value):
            return comment.alone or self.start(value) < comment.offset
        if not comment.alone and comment.line == _end_line(value):
            return True
        return value.column - 1 <= comment.indent and box.column - 1 < comment.indent

    def start(self, node: Node) -> int:
        return self._lines.offset(node.line, node.column)

    def end(self, node: Node) -> int:
        """Where the last scalar of a node ends; brackets behind it do not count."""
        if isinstance(node, Scalar):
            return self._lines.offset(node.end_line, node.end_column)
        if not _size(node):
            return self.start(node)
        if id(node) not in self._ends:
            self._ends[id(node)] = self.end(_value(node, _size(node) - 1))
        return self._ends[id(node)]

    def _child_starts(self, box: Box) -> list[int]:
        if id(box) not in self._starts:
            children = (key for key, _ in box.pairs) if isinstance(box, Mapping) else iter(box.items)
            self._starts[id(box)] = [self.start(child) for child in children]
        return self._starts[id(box)]


def _spans(text: str, root: Node | None, lines: _Lines) -> Iterator[tuple[int, int]]:
    for scalar in _scalars(root) if root is not None else ():
        start, end = lines.offset(scalar.line, scalar.column), lines.offset(scalar.end_line, scalar.end_column)
        if text.startswith("!", start) and (tag := _TAG.match(text, start, end)):
            start = tag.end()
        yield start, end


def _scalars(node: Node) -> Iterator[Scalar]:
    if isinstance(node, Scalar):
        yield node
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _scalars(item)
    else:
        for key, value in node.pairs:
            yield key
            yield from _scalars(value)


def _size(box: Box) -> int:
    return len(box.pairs) if isinstance(box, Mapping) else len(box.items)


def _value(box: Box, position: int) -> Node:
    return box.pairs[position][1] if isinstance(box, Mapping) else box.items[position]


def _end_line(node: Node) -> int:
    if isinstance(node, Scalar):
        return node.line if node.style in ("|", ">") else node.end_line
    if node.flow or not _size(node):
        return node.end_line
    return _end_line(_value(node, _size(node) - 1))


def _is_plain_text(node: Scalar) -> bool:
    return node.style == "" and isinstance(node.value, str)
