"""YAML 1.2 text as a small tree that knows the line and column of everything in it.

The tree is what both the reader and ``format`` work on. Text is hostile until read: tags, anchors and aliases, double
keys, several documents, absurd depth and absurd size are refused, and every refusal says where and what to do.

Scalars follow the YAML 1.2 core schema: ``no`` and ``2023-07-01`` are text, ``0o17`` is a number. What the core schema
would quietly spoil (``0123`` loses its zero) is refused with the advice to quote it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import yaml

from evidencekb.errors import EvidenceError

MAX_BYTES = 16 * 1024 * 1024
MAX_DEPTH = 32
MAX_NODES = 1_000_000

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_INT = re.compile(r"[-+]?[0-9]+")
_LEADING_ZERO = re.compile(r"[-+]?0[0-9]+")
_BASED = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_PLAIN_TAGS = frozenset(
    f"tag:yaml.org,2002:{name}"
    for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map", "set", "binary")
)
_SURROGATE = re.compile(r"[\ud800-\udfff]")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False,
}  # fmt: skip


class YamlProblem(EvidenceError):
    """Text that is refused: what is wrong, at which line and column (1-based), by which rule."""

    def __init__(self, message: str, line: int, column: int, code: str = "EKB501") -> None:
        super().__init__(message, line, column, code)
        self.code = code
        self.message = message
        self.line = line
        self.column = column


@dataclass(frozen=True, slots=True)
class Scalar:
    """A leaf. ``value`` is what the core schema makes of ``text``; ``style`` is '' for plain, else ' " | or >."""

    value: str | int | float | bool | None
    text: str
    style: str
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """A list; ``flow`` when written in brackets."""

    items: tuple[Node, ...]
    flow: bool
    line: int
    column: int
    end_line: int


@dataclass(frozen=True, slots=True)
class Mapping:
    """Keys and values in the order written; ``flow`` when written in braces."""

    pairs: tuple[tuple[Scalar, Node], ...]
    flow: bool
    line: int
    column: int
    end_line: int

    def get(self, key: str) -> Node | None:
        """The value of a key, or None."""
        return next((value for name, value in self.pairs if name.text == key), None)


Node = Scalar | Sequence | Mapping


def parse(text: str, *, anchors: bool = False) -> Node | None:
    r"""Read one YAML document; None when the text holds none.

    Args:
        text: The document.
        anchors: True for a file that is no pack's: aliases are written out, up to a bound, ``<<`` merges a mapping that stands
            elsewhere, and what packs have quoted (a key that is a number, ``0123``) is text. Tags that are not of plain data
            are refused.

    Examples:
        >>> plain(parse("a: &x {b: 1}\nc: {<<: *x, d: 007}", anchors=True))
        {'a': {'b': 1}, 'c': {'d': '007', 'b': 1}}

    Raises:
        YamlProblem: If the text is not YAML, or uses what packs may not use.
    """
    if len(text) > MAX_BYTES:
        raise YamlProblem(
            f"the file is larger than {MAX_BYTES // 2**20} MiB; split it, or write bulk data as JSONL", 0, 0
        )
    try:
        events = yaml.parse(text, Loader=_LOADER)
        return (_Expander(events) if anchors else _Composer(events)).document()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        what = " ".join(str(part) for part in (problem.context, problem.problem) if part)
        line, column = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        raise YamlProblem(f"not readable as YAML: {what}", line, column) from None
    except yaml.YAMLError as problem:
        raise YamlProblem(f"not readable as YAML: {problem}".split("\n")[0], 0, 0) from None


def plain(node: Node) -> Any:
    """The tree as dicts, lists and values, without places."""
    if isinstance(node, Scalar):
        return node.value
    if isinstance(node, Sequence):
        return [plain(item) for item in node.items]
    return {key.text: plain(value) for key, value in node.pairs}


def node_of(record: dict[str, Any]) -> Mapping:
    """The tree of plain data, at no place, with numbers spelled as Python spells them.

    Raises:
        TypeError: If a key is no text.

    Examples:
        >>> plain(node_of({"a": [1, "b", None]}))
        {'a': [1, 'b', None]}
    """
    return Mapping(tuple([(_text(key), _node_of(value)) for key, value in record.items()]), False, 0, 0, 0)


@lru_cache(maxsize=4096)
def _text(text: str) -> Scalar:
    if not isinstance(text, str):
        raise TypeError(f"the key {text!r} is no text")
    return Scalar(text, text, '"', 0, 0, 0, 0)


def _node_of(value: Any) -> Node:
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, dict):
        return node_of(value)
    if isinstance(value, list):
        return Sequence(tuple([_node_of(item) for item in value]), False, 0, 0, 0)
    return Scalar(value, json.dumps(value), "", 0, 0, 0, 0)


def locate(node: Node, path: tuple[str | int, ...]) -> tuple[int, int]:
    """Line and column of what stands at a path, or of the nearest thing above it that exists."""
    line, column = node.line, node.column
    for step in path:
        if isinstance(node, Mapping):
            found = next(((key, value) for key, value in node.pairs if key.text == str(step)), None)
            if found is None:
                break
            key, node = found
            line, column = key.line, key.column
        elif isinstance(node, Sequence) and isinstance(step, int) and step < len(node.items):
            node = node.items[step]
            line, column = node.line, node.column
        else:
            break
    return line, column


class _Composer:
    """Builds the tree from parser events."""

    def __init__(self, events: Iterator[Any]) -> None:
        self._events = events
        self._depth = 0

    def document(self) -> Node | None:
        root: Node | None = None
        documents = 0
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                documents += 1
                if documents > 1:
                    raise YamlProblem("a second document begins here; one file holds one document", *_start(event))
            elif isinstance(event, yaml.NodeEvent):
                root = self._node(event)
        return root

    def _node(self, event: Any) -> Node:
        self._refuse(event)
        if isinstance(event, yaml.ScalarEvent):
            return _scalar(event)
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise YamlProblem(f"nested deeper than {MAX_DEPTH} levels", *_start(event))
        node = self._sequence(event) if isinstance(event, yaml.SequenceStartEvent) else self._mapping(event)
        self._depth -= 1
        return node

    def _sequence(self, start: Any) -> Sequence:
        items: list[Node] = []
        for event in self._events:
            if isinstance(event, yaml.SequenceEndEvent):
                return Sequence(tuple(items), bool(start.flow_style), *_start(start), _end_line(event))
            items.append(self._node(event))
        raise YamlProblem("the list does not end", *_start(start))

    def _mapping(self, start: Any) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        seen: set[str] = set()
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                return Mapping(tuple(pairs), bool(start.flow_style), *_start(start), _end_line(event))
            try:
                key = self._node(event)
                if isinstance(key, Scalar) and not isinstance(key.value, str):
                    raise YamlProblem(f"the key {key.text or 'here'!r} is not text; quote it", key.line, key.column)
            except YamlProblem as problem:
                if start.flow_style and _is_empty(next(self._events, None)):
                    message = f"a comma cut this text before {getattr(event, 'value', '')!r}; quote it"
                    raise YamlProblem(message, problem.line, problem.column, "EKB502") from None
                raise
            if not isinstance(key, Scalar):
                raise YamlProblem("a key must be text", key.line, key.column)
            if key.text in seen:
                raise YamlProblem(f"the key {key.text!r} stands twice; the first would be lost", key.line, key.column)
            seen.add(key.text)
            pairs.append((key, self._node(next(self._events))))
        raise YamlProblem("the mapping does not end", *_start(start))

    @staticmethod
    def _refuse(event: Any) -> None:
        if isinstance(event, yaml.AliasEvent) or event.anchor is not None:
            raise YamlProblem(
                f"anchors and aliases (&{event.anchor}, *{event.anchor}) are not used in packs; write the value out",
                *_start(event),
            )
        if event.tag is not None:
            raise YamlProblem(f"the tag {event.tag!r} is refused; packs hold plain data only", *_start(event))


class _Expander(_Composer):
    """Builds the tree with aliases written out: a node that is meant again counts as often as it is."""

    def __init__(self, events: Iterator[Any]) -> None:
        super().__init__(events)
        self._known: dict[str, tuple[Node, int]] = {}
        self._count = 0

    def _node(self, event: Any) -> Node:
        if isinstance(event, yaml.AliasEvent):
            if event.anchor not in self._known:
                raise YamlProblem(f"the alias *{event.anchor} stands for nothing before it", *_start(event))
            known, count = self._known[event.anchor]
            self._add(count, event)
            return known
        if event.tag is not None and event.tag not in _PLAIN_TAGS:
            raise YamlProblem(f"the tag {event.tag!r} is refused; plain data only is read", *_start(event))
        before = self._count
        self._add(1, event)
        if isinstance(event, yaml.ScalarEvent):
            node: Node = _lenient(event)
        else:
            self._depth += 1
            if self._depth > MAX_DEPTH:
                raise YamlProblem(f"nested deeper than {MAX_DEPTH} levels", *_start(event))
            node = self._sequence(event) if isinstance(event, yaml.SequenceStartEvent) else self._merged(event)
            self._depth -= 1
        if event.anchor is not None:
            self._known[event.anchor] = node, self._count - before
        return node

    def _add(self, count: int, event: Any) -> None:
        self._count += count
        if self._count > MAX_NODES:
            raise YamlProblem(f"more than {MAX_NODES:,} values, aliases written out", *_start(event))

    def _merged(self, start: Any) -> Mapping:
        pairs: list[tuple[Scalar, Node]] = []
        below: list[Mapping] = []
        seen: set[str] = set()
        for event in self._events:
            if isinstance(event, yaml.MappingEndEvent):
                for mapping in below:
                    for key, value in mapping.pairs:
                        if key.text not in seen:
                            seen.add(key.text)
                            pairs.append((key, value))
                return Mapping(tuple(pairs), bool(start.flow_style), *_start(start), _end_line(event))
            given = self._node(event)
            if not isinstance(given, Scalar):
                raise YamlProblem("a key must be text", given.line, given.column)
            key, value = given, self._node(next(self._events))
            if key.text == "<<" and not key.style:
                below += [
                    each
                    for each in (value.items if isinstance(value, Sequence) else (value,))
                    if isinstance(each, Mapping)
                ]
                continue
            if key.text in seen:
                raise YamlProblem(f"the key {key.text!r} stands twice; the first would be lost", key.line, key.column)
            seen.add(key.text)
            pairs.append((key, value))
        raise YamlProblem("the mapping does not end", *_start(start))


def _lenient(event: Any) -> Scalar:
    """A leaf; what a pack would have to quote is text."""
    try:
        return _scalar(event)
    except YamlProblem:
        line, column = _start(event)
        text = _SURROGATE.sub("\ufffd", event.value)
        return Scalar(text, text, event.style or "", line, column, event.end_mark.line + 1, event.end_mark.column + 1)


def _is_empty(event: Any) -> bool:
    """True for a value that nobody wrote."""
    return isinstance(event, yaml.ScalarEvent) and event.value == "" and not event.style


def _start(event: Any) -> tuple[int, int]:
    return event.start_mark.line + 1, event.start_mark.column + 1


def _end_line(event: Any) -> int:
    return int(event.end_mark.line) + 1


def _scalar(event: Any) -> Scalar:
    line, column = _start(event)
    if _SURROGATE.search(event.value):
        raise YamlProblem("holds half a character (a surrogate); write the whole one", line, column)
    style = "" if event.implicit[0] and not event.style else (event.style or "")
    value = _resolve(event.value, line, column) if not style else event.value
    return Scalar(value, event.value, style, line, column, event.end_mark.line + 1, event.end_mark.column + 1)


def _resolve(text: str, line: int, column: int) -> str | int | float | bool | None:
    if text in _WORDS:
        return _WORDS[text]
    if text[0] not in "+-.0123456789":
        return text
    if _LEADING_ZERO.fullmatch(text):
        raise YamlProblem(f"{text} would lose its leading zero; quote it", line, column)
    if _INT.fullmatch(text):
        if len(text) > 18:
            raise YamlProblem(f"{text} is too long for a number; quote it", line, column)
        return int(text)
    if _BASED.fullmatch(text):
        return int(text, 0)
    if _FLOAT.fullmatch(text):
        return float(text)
    if _NOT_FINITE.fullmatch(text):
        raise YamlProblem(f"{text} is not a number that a source can print", line, column)
    return text
