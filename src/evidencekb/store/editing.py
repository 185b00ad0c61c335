"""One field of one record of a YAML file set, and nothing else of the file changed.

What cannot be changed without touching anything else, such as a comment inside the field, is left to a person, with the
reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from evidencekb.errors import CurationError, FormatLossError
from evidencekb.model import KINDS, LISTS
from evidencekb.store.comments import find_comments
from evidencekb.store.dumping import record_text
from evidencekb.store.nodes import Mapping as Box
from evidencekb.store.nodes import Node, Scalar, Sequence, YamlProblem, parse, plain
from evidencekb.store.ordering import fields_of
from evidencekb.store.writing import format_text

_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_LISTINGS = {kind: name for name, kind in LISTS.items()}


def with_field(text: str, kind: str, id: str, field: str, value: Any, *, was: Any = None, name: str = "") -> str:
    r"""The text of a pack file with another value in one field of one record.

    A text in canonical form stays in it.

    Args:
        text: What the file holds.
        kind: ``"source"``, ``"finding"`` and so on.
        id: Id of the record.
        field: Name of the field; it is added where it is not there.
        value: What it shall hold, as plain data.
        was: What it must hold now for the change to make sense; None takes whatever there is.
        name: The file's path inside the pack.

    Raises:
        CurationError: If it cannot be changed alone; the message says why.

    Examples:
        >>> text = "sources:\n  - id: audit2020\n    kind: report  # a draft\n"
        >>> print(with_field(text, "source", "audit2020", "work", "audit"), end="")
        sources:
          - id: audit2020
            kind: report  # a draft
            work: audit
    """
    if _OTHER_BREAKS.search(text):
        raise CurationError(f"{name} has line ends other than \\n; run `evidencekb format` first")
    try:
        root = parse(text)
    except YamlProblem as problem:
        raise CurationError(f"{name}:{problem.line}: {problem.message}") from problem
    record = _record(root, kind, id, name)
    now = record.get(field)
    held = {} if now is None else plain(now) or {}
    if was is not None and _spelled(held) != _spelled(was):
        raise CurationError(f"{name}:{record.line}: its {field} was changed in the meantime; check it again")
    first, last = _lines_of(record, kind, field)
    comments = find_comments(text, root)
    if now is not None and any(first <= comment.line <= last for comment in comments):
        raise CurationError(f"{name}:{first}: a comment stands inside its {field}; change it by hand")
    lines = text.split("\n")
    lines[first - 1 : last] = _written(kind, id, field, value, record.column - 1)
    changed = "\n".join(lines)
    again = parse(changed)
    others = _others(root, kind, id, field), _others(again, kind, id, field)
    if others[0] != others[1] or _spelled(plain(_record(again, kind, id, name))[field]) != _spelled(value):
        raise CurationError(f"{name}:{record.line}: other data would change; change it by hand")
    if Counter(c.text for c in comments) != Counter(c.text for c in find_comments(changed, again)):
        raise CurationError(f"{name}:{record.line}: comments would change; change it by hand")
    try:
        return format_text(changed, name=name) if format_text(text, name=name) == text else changed
    except FormatLossError:
        return changed


def read_text(path: Path) -> tuple[bytes, str]:
    """What a file holds, and its text.

    Raises:
        CurationError: If it is not UTF-8.
        OSError: If it cannot be read.
    """
    before = path.read_bytes()
    try:
        return before, before.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise CurationError(f"{path.name} is not UTF-8 text; save it as UTF-8") from problem


def _record(root: Node | None, kind: str, id: str, name: str) -> Box:
    """The record.

    Raises:
        CurationError: If there is none, or it stands in braces.
    """
    listing = root.get(_LISTINGS[kind]) if isinstance(root, Box) else None
    for item in listing.items if isinstance(listing, Sequence) else ():
        if isinstance(item, Box) and _is(item.get("id"), id):
            if item.flow:
                raise CurationError(f"{name}:{item.line}: its record stands in braces; change it by hand")
            return item
    raise CurationError(f"{name} no longer has its record; check again")


def _is(node: Node | None, id: str) -> bool:
    return isinstance(node, Scalar) and node.text == id


def _lines_of(record: Box, kind: str, field: str) -> tuple[int, int]:
    """First and last line of the field, counted from 1; where it would stand, the last is before the first."""
    rank = fields_of(KINDS[kind])
    after = record.line
    for key, value in record.pairs:
        if key.text == field:
            return key.line, _last(value)
        if rank.get(key.text, (len(rank), None))[0] < rank[field][0]:
            after = max(after, _last(value))
    return after + 1, after


def _last(node: Node) -> int:
    """The last line of a value."""
    if isinstance(node, Scalar):
        # A text in a block ends where the next line begins.
        return node.end_line - (node.style in ("|", ">") and node.end_column == 1)
    children = node.items if isinstance(node, Sequence) else [value for _, value in node.pairs]
    return node.end_line if node.flow or not children else _last(children[-1])


def _written(kind: str, id: str, field: str, value: Any, indent: int) -> list[str]:
    """The field as lines in canonical form, at a record's indent."""
    lines = record_text(kind, {"id": id, field: _years(value)}).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"    {field}:"))
    return [" " * indent + line[4:] if line else "" for line in lines[start:]]


def _years(value: Any) -> Any:
    """The same data, with years as packs write them: as numbers, without quotes."""
    if isinstance(value, Mapping):
        return {
            key: int(held) if key in ("on", "checked_on") and _YEAR.fullmatch(str(held)) else _years(held)
            for key, held in value.items()
        }
    return [_years(item) for item in value] if isinstance(value, (list, tuple)) else value


def _spelled(value: Any) -> Any:
    """Data to compare: lists and texts alone, so that a year in quotes is the year without."""
    if isinstance(value, Mapping):
        return {key: _spelled(held) for key, held in value.items() if held is not None}
    return [_spelled(item) for item in value] if isinstance(value, (list, tuple)) else str(value)


def _others(root: Node | None, kind: str, id: str, field: str) -> Any:
    """All data of a file but one field of one record."""
    data = plain(root) if root is not None else {}
    for record in data[_LISTINGS[kind]]:
        if isinstance(record, dict) and record.get("id") == id:
            record.pop(field, None)
    return data
