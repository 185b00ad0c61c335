r"""The blocks of a .bib file: entries, @strings, and what could not be read, each with its place.

Entries written as nearly all are written are read here, by patterns that never go back. What these are not sure of is
left to the parser of bibtexparser, one block at a time; both agree on where a broken entry ends: where a line starts
with ``@word{``.

>>> for block in blocks("@misc{a,\n  title = {One},\n}"):
...     print(block.type, block.key, block.line, [(field.name, field.raw, field.line) for field in block.fields])
misc a 1 [('title', '{One}', 2)]

References:
    Markey, N., Tame the BeaST, part 2, for the syntax. bibtexparser 2, ``splitter.py``, for which braces are escaped.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

_START = re.compile(r"@(\w*)[ \t]*[{(]")
_LINE_START = re.compile(r"^[^\S\n]*+@\w*[ \t]*[{(]", re.MULTILINE)
_LOOKS_LIKE_ENTRY = re.compile(r"^[ \t]*@[ \t]*(?!comment)([a-z]{1,40})", re.MULTILINE | re.IGNORECASE)
_HEAD = re.compile(r"\s*+([^,{}\"=@\\%#\n]*+)\s*+([,})])")
# Text with escaped characters; in braces, with braces in it two levels deep. Deeper ones are counted instead.
_FLAT = r"[^{}\\]*+(?:\\.[^{}\\]*+)*+"
_NESTED = rf"{_FLAT}(?:\{{{_FLAT}\}}{_FLAT})*+"
_BRACED = rf"\{{{_FLAT}(?:\{{{_NESTED}\}}{_FLAT})*+\}}"
_QUOTED = r'"[^"\\]*+(?:\\.[^"\\]*+)*+"'
_BARE = r"[^\s{}\",=#%@()\\]++"
_FIELD = re.compile(
    rf"\s*+([^\s{{}}\",=#%@()\\]++)\s*+=\s*+((?:({_BRACED})|({_QUOTED})|{_BARE})?+)(?:\s*+([,}})]))?+", re.DOTALL
)
_END = re.compile(r"\s*+([})])")
_OPERAND = re.compile(_BARE)
_JOINT = re.compile(r"\s*+#\s*+")
_AFTER = re.compile(r"\s*+([,})])")
_MARK = re.compile(r"\\.|[{}\"]", re.DOTALL)


class Field(NamedTuple):
    """One field of an entry, or the value of an @string.

    Attributes:
        name: As written.
        raw: Its value, with braces or quotes.
        line: Where it stands.
        whole: True if ``raw`` is one pair of braces or quotes.
        start: Where its name starts in the text; -1 if bibtexparser found it.
        value: Where ``raw`` starts.
    """

    name: str
    raw: str
    line: int
    whole: bool = False
    start: int = -1
    value: int = -1


@dataclass(slots=True)
class Block:
    """One block of a file.

    Attributes:
        type: Lower-case type; ``string`` for an @string, ``""`` for what could not be read.
        key: Citation key, or the name of the @string; as much as is known for what could not be read.
        line: Where it starts, from 1.
        fields: The fields of an entry; of an @string the one with its value.
        problem: Why it could not be read.
        start: Where its ``@`` stands in the text; -1 if bibtexparser found it.
        end: Where it ends.
    """

    type: str
    key: str
    line: int
    fields: list[Field] = field(default_factory=list)
    problem: str = ""
    start: int = -1
    end: int = -1


def blocks(text: str) -> Iterator[Block]:
    """Every entry, @string and unreadable piece, in the order of the text; comments and preambles are passed over.

    The work grows with the length of the text alone.
    """
    edges = _edges(text)
    position, line, counted, edge = 0, 1, 0, next(edges)
    for match in _START.finditer(text):
        start = match.start()
        if start < position:
            continue
        yield from _between(text, position, start, line, counted)
        while edge <= start:
            edge = next(edges)
        line, counted = line + text.count("\n", counted, start), start
        block = _read(text, match, edge, line)
        if block is None:
            yield from _parsed(text, start, edge, line)
            position = edge
        else:
            if block.type not in ("comment", "preamble"):
                yield block
            position = block.end
    yield from _between(text, position, len(text), line, counted)


def closing(text: str, start: int, end: int) -> int:
    """Where the brace or quote at ``start`` is closed; -1 if it is not before ``end``."""
    quoted = text[start] == '"'
    depth = 0
    for match in _MARK.finditer(text, start + 1, end):
        mark = match[0]
        if mark == "{":
            depth += 1
        elif depth == 0 and mark == ('"' if quoted else "}"):
            return match.start()
        elif mark == "}":
            depth -= 1
            if depth < 0:
                return -1
    return -1


def _edges(text: str) -> Iterator[int]:
    """Where no block goes on: what starts a line as a block does, and the end."""
    for match in _LINE_START.finditer(text):
        yield text.index("@", match.start())
    while True:
        yield len(text) + 1


def _between(text: str, start: int, end: int, line: int, counted: int) -> Iterator[Block]:
    """What looks like an entry in the text between blocks."""
    if text.find("@", start, end) < 0:
        return
    for match in _LOOKS_LIKE_ENTRY.finditer(text, start, end):
        at = line + text.count("\n", counted, match.start())
        message = f"'@{match[1]}' is not followed by a brace, so no entry was read; write '@{match[1]}{{key,'"
        yield Block("", "", at, problem=message)


def _read(text: str, match: re.Match[str], edge: int, line: int) -> Block | None:
    """The block that starts here, before the next edge; None if these patterns are not sure of it."""
    opening, type_ = match.end() - 1, match[1].lower()
    close = "}" if text[opening] == "{" else ")"
    if type_ in ("comment", "preamble"):
        end = closing(text, opening, edge) if close == "}" else -1
        return None if end < 0 else Block(type_, "", line, start=match.start(), end=end + 1)
    fields: list[Field] = []
    key, position = "", match.end()
    if type_ != "string":
        if not type_ or (head := _HEAD.match(text, position, edge)) is None:
            return None
        key, follow = head[1].strip(), head[2]
        position = head.end()
        if follow != ",":
            return Block(type_, key, line, start=match.start(), end=position) if follow == close else None
    counted = match.start()
    while True:
        found = _FIELD.match(text, position, edge)
        if found is None:
            end_mark = _END.match(text, position, edge)
            if end_mark is None or end_mark[1] != close:
                return None
            position = end_mark.end()
            break
        name, raw, braced, quoted, follow = found.groups()
        start, value = found.start(1), found.start(2)
        whole, position = braced is not None, found.end()
        if follow is None or (quoted and "{" in quoted and quoted.count("{") != quoted.count("}")):
            stop = _value_end(text, value, edge)
            after = _AFTER.match(text, stop, edge) if stop >= 0 else None
            if after is None:
                return None
            raw, follow, position = text[value:stop], after[1], after.end()
            whole = bool(raw) and raw[0] in '{"' and closing(raw, 0, len(raw)) == len(raw) - 1
        elif quoted:
            whole = True
        line, counted = line + text.count("\n", counted, start), start
        fields.append(Field(name, raw, line, whole, start, value))
        if follow == close:
            break
        if follow != ",":
            return None
    first = line - text.count("\n", match.start(), counted)
    if type_ == "string":
        if len(fields) != 1:
            return None
        key = fields[0].name
    return Block(type_, key, first, fields, "", match.start(), position)


def _value_end(text: str, start: int, edge: int) -> int:
    """Where a value of operands joined with ``#`` ends; -1 if that is not sure."""
    position = start
    while True:
        if text[position : position + 1] in ("{", '"'):
            end = closing(text, position, edge)
            if end < 0:
                return -1
            position = end + 1
        elif (match := _OPERAND.match(text, position, edge)) is not None:
            position = match.end()
        else:
            return -1
        joint = _JOINT.match(text, position, edge)
        if joint is None:
            return position
        position = joint.end()


def _parsed(text: str, start: int, edge: int, line: int) -> Iterator[Block]:
    """The same piece of the text as bibtexparser reads it."""
    from bibtexparser import model
    from bibtexparser.splitter import Splitter

    piece = text[start:edge]
    lines = piece.count("\n")
    if edge <= len(text) and (following := _START.match(text, edge)) is not None:
        # With the start of the next block, so that the parser can say what it ran into.
        piece += following[0]
    # The parser takes a line feed after a backslash for an escaped character and does not count the line.
    with _quiet():
        found = Splitter(piece.replace("\\\n", "\\ \n")).split().blocks
    for block in found:
        at = line + (block.start_line or 0)
        if edge <= len(text) and (block.start_line or 0) >= lines:
            continue
        if isinstance(block, model.ImplicitComment):
            yield from _between(block.comment, 0, len(block.comment), at, 0)
        elif isinstance(block, model.ParsingFailedBlock) and block.ignore_error_block is None:
            reason = getattr(block.error, "abort_reason", str(block.error)).strip().rstrip(".")
            message = f"the entry that starts here cannot be read: {reason}. Check its braces, quotes and commas"
            yield Block("", _key(block.raw or ""), at, problem=message)
        else:
            held = block.ignore_error_block if isinstance(block, model.ParsingFailedBlock) else block
            if isinstance(held, model.String):
                yield Block("string", held.key, at, [Field(held.key, held.value, at)])
            elif isinstance(held, model.Entry):
                fields = [Field(_name(f.key), f.value, line + f.start_line) for f in held.fields]
                yield Block(held.entry_type.lower(), held.key, at, fields)


def _key(raw: str) -> str:
    match = re.match(r"@\w*\s*[{(]\s*([^\s,{}()=\"]+)\s*,", raw)
    return match[1] if match else ""


def _name(written: str) -> str:
    """The name of a field, without comments that stand before it."""
    return written.rsplit("\n", 1)[-1].strip() if "%" in written else written


@contextmanager
def _quiet() -> Iterator[None]:
    """The parser logs what it could not read; here that becomes a problem instead."""
    logger = logging.getLogger("bibtexparser")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)
