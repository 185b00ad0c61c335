"""A tree as canonical lines: keys and records in order, comments with what they speak of.

Fields stand one below the other. A mapping or list of short values stands in brackets when it fits in
:data:`FLOW_WIDTH` columns and none of its values is prose, since a comma inside brackets cuts a text.
"""

from __future__ import annotations

from collections.abc import Callable
from collections.abc import Sequence as Many
from typing import NamedTuple

from evidencekb.model import KINDS, LISTS
from evidencekb.store.comments import Box, Comment, Comments, Slot
from evidencekb.store.nodes import Mapping, Node, Scalar, Sequence
from evidencekb.store.ordering import Fields, fields_of, file_fields, inside, key_order, record_order
from evidencekb.store.scalars import TEXT_WIDTH, folded, in_brackets, literal, one_line

FLOW_WIDTH = 120
MAX_SIMPLE_KEY = 1000


def layout(root: Node, comments: Comments, name: str) -> list[str]:
    """The lines of a file, without its head comments."""
    writer = _Writer(comments, name)
    writer.write(root)
    return writer.lines


def record_writer(kind: str) -> Callable[[Mapping], tuple[list[str], bool]]:
    """Writes records of one kind, each as it stands in its list; with whether it holds more than fields of one value.

    Examples:
        >>> from evidencekb.store.nodes import node_of
        >>> record_writer("cohort")(node_of({"label": "Adults", "id": "adults"}))
        (['  - id: adults', '    label: Adults'], False)
    """
    writer, fields = _Writer(Comments(), ""), fields_of(KINDS[kind])

    def written(record: Mapping) -> tuple[list[str], bool]:
        writer.lines = []
        deep = writer.write_record(record, fields)
        return writer.lines, deep

    return written


def comment_lines(comments: Many[Comment], indent: int = 0) -> list[str]:
    """Comments on lines of their own; an empty line between two of them stays."""
    lines: list[str] = []
    for comment in comments:
        if lines and comment.apart:
            lines.append("")
        lines.append(" " * indent + comment.text)
    return lines


def record_positions(listing: Sequence, kind: str) -> list[int]:
    """Positions of the records of a list as they are written."""

    def order(position: int) -> tuple[bool, str, str]:
        node = listing.items[position]
        pairs = node.pairs if isinstance(node, Mapping) else ()
        return record_order(kind, {key.text: value.value for key, value in pairs if isinstance(value, Scalar)}.get)

    return sorted(range(len(listing.items)), key=order)


class _Form(NamedTuple):
    """How a value is written: behind its key or dash, with the lines below it, or as a box of its own.

    Attributes:
        text: What stands behind the key or dash.
        body: Lines below, for a text in a block.
        box: What is written below, when neither of them holds it.
        moved: Comments that stood beside it and now stand above it.
        beside: The comment that stays beside it.
    """

    text: str
    body: tuple[str, ...] = ()
    box: Box | None = None
    moved: tuple[Comment, ...] = ()
    beside: str = ""


class _Writer:
    def __init__(self, comments: Comments, name: str) -> None:
        self.lines: list[str] = []
        self._comments = comments
        self._name = name
        self._fields = file_fields(name)
        self._orders: dict[tuple[int, tuple[str, ...]], list[int]] = {}

    def write(self, root: Node) -> None:
        if isinstance(root, Scalar):
            self.lines.append(one_line(root))
        elif not _children(root):
            self.lines.append(_empty(root))
        elif isinstance(root, Mapping):
            self._root(root)
        else:
            self._box(root, 0, fields_of(None))
        tail = self._comments.tail.get(id(root), ())
        if tail:
            self._space(len(self.lines))
            self.lines += comment_lines(tail)

    def write_record(self, record: Mapping, fields: Fields) -> bool:
        listing = Sequence((record,), False, 0, 0, 0)
        return self._item(listing, 0, 2, fields, record=True)

    def _root(self, root: Mapping) -> None:
        airy = self._name != "pack.yaml"
        tall = False
        for position in self._positions(root, self._fields):
            start = len(self.lines)
            was_tall, tall = tall, self._pair(root, position, 0, self._fields)
            if airy and start and (tall or was_tall):
                self._space(start)

    def _positions(self, box: Box, fields: Fields) -> list[int]:
        if isinstance(box, Sequence):
            return list(range(len(box.items)))
        names = tuple([key.text for key, _ in box.pairs])
        order = self._orders.get((id(fields), names))
        if order is None:
            order = self._orders[id(fields), names] = key_order(list(names), fields)
        return order

    def _box(self, box: Box, indent: int, fields: Fields) -> bool:
        """Write a box in block style; True if a field of it holds a box in block style too."""
        deep = False
        for position in self._positions(box, fields):
            if isinstance(box, Mapping):
                deep |= self._pair(box, position, indent, fields)
            else:
                self._item(box, position, indent, fields)
        return deep

    def _end(self, box: Box, indent: int) -> None:
        if comments := self._comments.tail.get(id(box)):
            self.lines += comment_lines(comments, indent)

    def _pair(self, box: Mapping, position: int, indent: int, fields: Fields) -> bool:
        key, value = box.pairs[position]
        name = one_line(key)
        pad = " " * indent
        if isinstance(value, Scalar) and not self._comments.inside[id(box)] and (line := _short(name, value, indent)):
            self.lines.append(f"{pad}{line}")
            return False
        form = self._pair_form(box, position, indent, fields)
        self._above((id(box), position), form, indent)
        if len(name) > MAX_SIMPLE_KEY:
            self.lines.append(f"{pad}? {name}")
            name = ""
        self.lines.append(f"{pad}{name}:{' ' if form.text else ''}{form.text}{form.beside}")
        self._below(form, indent)
        if form.box is None:
            return False
        below = fields_of(inside(fields, key.text))
        kind = LISTS.get(key.text) if indent == 0 and fields is self._fields and self._name != "pack.yaml" else None
        if kind and isinstance(form.box, Sequence):
            self._records(form.box, kind, below)
        else:
            self._box(form.box, indent + 2, below)
        self._end(form.box, indent + 2)
        return True

    def _item(self, box: Sequence, position: int, indent: int, fields: Fields, *, record: bool = False) -> bool:
        slot = (id(box), position)
        form = self._item_form(box, position, indent, fields, record)
        while form.box is not None and self._raise_first(slot, form.box, indent + 2, fields):
            form = self._item_form(box, position, indent, fields, record)
        self._above(slot, form, indent)
        pad = " " * indent
        if form.box is None:
            self.lines.append(f"{pad}- {form.text}{form.beside}")
            self._below(form, indent)
            return False
        start = len(self.lines)
        deep = self._box(form.box, indent + 2, fields)
        self._end(form.box, indent + 2)
        self.lines[start] = f"{pad}- {self.lines[start][indent + 2 :]}"
        return deep

    def _records(self, listing: Sequence, kind: str, fields: Fields) -> None:
        """Records in order; empty lines between them as soon as one holds more than fields of one value."""
        starts, deep = [], False
        for position in record_positions(listing, kind):
            starts.append(len(self.lines))
            deep |= self._item(listing, position, 2, fields, record=True)
        if deep:
            for start in reversed(starts[1:]):
                self._space(start)

    def _above(self, slot: Slot, form: _Form, indent: int) -> None:
        if form.moved or slot in self._comments.lead:
            self.lines += comment_lines([*self._comments.lead.get(slot, ()), *form.moved], indent)

    def _raise_first(self, slot: Slot, box: Box | None, indent: int, fields: Fields) -> bool:
        """Hang what would stand above the first line of a box on the item itself, whose dash shares that line.

        Done before the item is written, so that its form is what it will be when all is read again.
        """
        comments, passed = self._comments, []
        if not comments.inside[id(box)]:
            return False
        while box is not None:
            passed.append(id(box))
            first = (id(box), self._positions(box, fields)[0])
            if isinstance(box, Mapping):
                form = self._pair_form(box, first[1], indent, fields)
            else:
                form = self._item_form(box, first[1], indent, fields, False)
            above = [*comments.lead.pop(first, ()), *form.moved]
            if above:
                comments.beside[first] = [c for c in comments.beside.get(first, ()) if c not in form.moved]
                comments.inside.subtract(passed * len(above))
                comments.lead.setdefault(slot, []).extend(above)
                return True
            box = form.box if isinstance(box, Sequence) else None
            indent += 2
        return False

    def _below(self, form: _Form, indent: int) -> None:
        if form.body:
            pad = " " * (indent + 2)
            self.lines += [pad + line if line else "" for line in form.body]

    def _space(self, at: int) -> None:
        if self.lines[at - 1]:
            self.lines.insert(at, "")

    def _pair_form(self, box: Mapping, position: int, indent: int, fields: Fields) -> _Form:
        key, value = box.pairs[position]
        name = one_line(key)
        column = indent + (len(name) if len(name) <= MAX_SIMPLE_KEY else 0) + 2
        return self._form((id(box), position), value, column, indent, fields_of(inside(fields, key.text)), paired=True)

    def _item_form(self, box: Sequence, position: int, indent: int, fields: Fields, record: bool) -> _Form:
        slot = (id(box), position)
        return self._form(slot, box.items[position], indent + 2, indent, fields, paired=False, record=record)

    def _form(
        self, slot: Slot, node: Node, column: int, indent: int, fields: Fields, *, paired: bool, record: bool = False
    ) -> _Form:
        beside = tuple(self._comments.beside.get(slot, ()))
        if isinstance(node, Scalar):
            return self._scalar_form(slot, node, column, indent, beside)
        text = None if record and _children(node) else self._flow(node, fields)
        if text is not None and column + len(text) <= FLOW_WIDTH:
            return _settle(_Form(text), beside, stays=node.flow)
        if not _children(node):
            return _settle(_Form(_empty(node)), beside, stays=True)
        return _settle(_Form("", box=node), beside, stays=paired and not node.flow)

    def _scalar_form(self, slot: Slot, node: Scalar, column: int, indent: int, beside: tuple[Comment, ...]) -> _Form:
        if slot in self._comments.cut and "\n" not in node.text:
            # Reading reports this text as cut; rewritten in another form, the report would be gone and the text lost.
            *others, last = beside
            return _Form(node.text, moved=tuple(others), beside="  " + last.text)
        text = one_line(node)
        if isinstance(node.value, str):
            if "\n" in node.value and (block := literal(node.value)):
                return _Form(block[0], tuple(block[1]), moved=beside)
            if column + len(text) > TEXT_WIDTH and (lines := folded(node.value, indent + 2)):
                return _Form(">-", tuple(lines), moved=beside)
        seems_cut = text == node.value and any(comment.glued for comment in beside)
        return _settle(_Form(text), beside, stays=not seems_cut)

    def _flow(self, node: Node, fields: Fields) -> str | None:
        """A box in brackets, or None when it holds comments, prose or other boxes."""
        if isinstance(node, Scalar):
            return in_brackets(node)
        if self._comments.inside[id(node)]:
            return None
        parts: list[str] = []
        if isinstance(node, Sequence):
            for item in node.items:
                text = in_brackets(item) if isinstance(item, Scalar) else None
                if text is None:
                    return None
                parts.append(text)
            return "[" + ", ".join(parts) + "]"
        if any(isinstance(value, Mapping) for _, value in node.pairs):
            return None
        for position in self._positions(node, fields):
            key, value = node.pairs[position]
            name = in_brackets(key)
            text = in_brackets(value) if isinstance(value, Scalar) else self._flow(value, fields)
            if name is None or text is None:
                return None
            parts.append(f"{name}: {text}")
        return "{" + ", ".join(parts) + "}"


def _short(name: str, value: Scalar, indent: int) -> str | None:
    """A key with its value, when nothing is to be decided about them."""
    text = one_line(value)
    if indent + len(name) + 2 + len(text) > TEXT_WIDTH or (isinstance(value.value, str) and "\n" in value.value):
        return None
    return f"{name}: {text}"


def _settle(form: _Form, beside: tuple[Comment, ...], *, stays: bool) -> _Form:
    """The form with its comments: one may stay beside it if the form is what it was, the others go above."""
    if not beside:
        return form
    if stays and len(beside) == 1:
        return _Form(form.text, form.body, form.box, (), "  " + beside[0].text)
    return _Form(form.text, form.body, form.box, beside)


def _children(box: Box) -> int:
    return len(box.pairs) if isinstance(box, Mapping) else len(box.items)


def _empty(box: Box) -> str:
    return "{}" if isinstance(box, Mapping) else "[]"
