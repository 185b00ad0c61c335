"""Writing what was found about the standing of sources into their records.

Only the field ``standing`` of the record concerned changes. What cannot be changed without touching anything else, such
as a comment inside the field, is left to a person, with the reason.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.errors import CurationError, FormatLossError
from evidencekb.model import Source
from evidencekb.sources.standing.report import SourceStanding
from evidencekb.store.changes import Change, apply
from evidencekb.store.comments import find_comments
from evidencekb.store.dumping import record_text
from evidencekb.store.nodes import Mapping as Box
from evidencekb.store.nodes import Node, Scalar, Sequence, YamlProblem, parse, plain
from evidencekb.store.ordering import fields_of
from evidencekb.store.writing import format_text

_OTHER_BREAKS = re.compile("[\r\x85\u2028\u2029]")
_YEAR = re.compile(r"[1-9][0-9]{3}")
_FIELD = "standing"


@dataclass(frozen=True, slots=True)
class Recorded:
    """What became of the suggestions.

    Attributes:
        written: Ids of the sources whose records were changed.
        files: The files written, as paths inside the pack.
        left: Ids of the sources whose records were left alone, each with the reason.
    """

    written: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    left: tuple[tuple[str, str], ...] = ()


def record_standing(folder: Path, rows: Iterable[SourceStanding]) -> Recorded:
    """Write the suggested standing of sources into their files: all files that change, or none.

    Args:
        folder: The pack's folder.
        rows: What was found; those without a suggestion are passed over.

    Raises:
        ChangedMeanwhileError: If a file changes while it is worked on; nothing is written then.
        OSError: If a file cannot be read or written.
    """
    texts: dict[str, tuple[bytes, str]] = {}
    written, left = [], []
    for row in rows:
        if row.suggested is None:
            continue
        try:
            file = _file_of(row)
            before, text = texts.get(file) or _read(folder / file)
            texts[file] = before, with_standing(text, row.source, row.suggested, was=_recorded(row), name=file)
            written.append(row.source)
        except CurationError as problem:
            left.append((row.source, str(problem)))
    changes = [Change(folder / file, before, text.encode()) for file, (before, text) in texts.items()]
    done = apply(changes)
    files = (path.relative_to(folder).as_posix() for path in done)
    return Recorded(tuple(written), tuple(sorted(files)), tuple(left))


def with_standing(
    text: str, id: str, standing: Mapping[str, Any], *, was: Mapping[str, Any] | None = None, name: str = ""
) -> str:
    r"""The text of a pack file with another standing in one of its sources.

    A text in canonical form stays in it.

    Args:
        text: What the file holds.
        id: Id of the source.
        standing: What its standing shall be, as plain data.
        was: What it must be now for the change to make sense; None takes whatever there is.
        name: The file's path inside the pack.

    Raises:
        CurationError: If it cannot be changed alone; the message says why.

    Examples:
        >>> text = "sources:\n  - id: audit2020\n    kind: report  # a draft\n"
        >>> print(with_standing(text, "audit2020", {"checked_on": "2026-01-15"}), end="")
        sources:
          - id: audit2020
            kind: report  # a draft
            standing: {checked_on: 2026-01-15}
    """
    if _OTHER_BREAKS.search(text):
        raise CurationError(f"{name} has line ends other than \\n; run `evidencekb format` first")
    try:
        root = parse(text)
    except YamlProblem as problem:
        raise CurationError(f"{name}:{problem.line}: {problem.message}") from problem
    record = _record(root, id, name)
    now = record.get(_FIELD)
    held = plain(now) if isinstance(now, Box) else {}
    if was is not None and _spelled(held) != _spelled(was):
        raise CurationError(f"{name}:{record.line}: its standing was changed in the meantime; check it again")
    first, last = _lines_of(record)
    comments = find_comments(text, root)
    if now is not None and any(first <= comment.line <= last for comment in comments):
        raise CurationError(f"{name}:{first}: a comment stands inside its standing; change it by hand")
    lines = text.split("\n")
    lines[first - 1 : last] = _written(id, standing, record.column - 1)
    changed = "\n".join(lines)
    again = parse(changed)
    if _others(root, id) != _others(again, id) or _spelled(plain(_record(again, id, name))[_FIELD]) != _spelled(
        standing
    ):
        raise CurationError(f"{name}:{record.line}: other data would change; change it by hand")
    if Counter(c.text for c in comments) != Counter(c.text for c in find_comments(changed, again)):
        raise CurationError(f"{name}:{record.line}: comments would change; change it by hand")
    try:
        return format_text(changed, name=name) if format_text(text, name=name) == text else changed
    except FormatLossError:
        return changed


def _file_of(row: SourceStanding) -> str:
    if row.place is None:
        raise CurationError("its record is in another pack, which this one extends")
    if not row.place.file.endswith((".yaml", ".yml")):
        raise CurationError(f"{row.place}: only records in YAML files are changed; change it by hand")
    return row.place.file


def _read(path: Path) -> tuple[bytes, str]:
    before = path.read_bytes()
    try:
        return before, before.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise CurationError(f"{path.name} is not UTF-8 text; save it as UTF-8") from problem


def _recorded(row: SourceStanding) -> dict[str, Any]:
    """The standing that the suggestion was made from."""
    held = {"checked_on": row.recorded_on, "events": list(row.recorded_events)}
    return {key: value for key, value in held.items() if value}


def _record(root: Node | None, id: str, name: str) -> Box:
    """The record of a source.

    Raises:
        CurationError: If there is none, or it stands in braces.
    """
    listing = root.get("sources") if isinstance(root, Box) else None
    for item in listing.items if isinstance(listing, Sequence) else ():
        if isinstance(item, Box) and _is(item.get("id"), id):
            if item.flow:
                raise CurationError(f"{name}:{item.line}: its record stands in braces; change it by hand")
            return item
    raise CurationError(f"{name} no longer has its record; check again")


def _is(node: Node | None, id: str) -> bool:
    return isinstance(node, Scalar) and node.text == id


def _lines_of(record: Box) -> tuple[int, int]:
    """First and last line of the field, counted from 1; where it would stand, the last is before the first."""
    rank = fields_of(Source)
    after = record.line
    for key, value in record.pairs:
        if key.text == _FIELD:
            return key.line, _last(value)
        if rank.get(key.text, (len(rank), None))[0] < rank[_FIELD][0]:
            after = max(after, _last(value))
    return after + 1, after


def _last(node: Node) -> int:
    """The last line of a value."""
    if isinstance(node, Scalar):
        # A text in a block ends where the next line begins.
        return node.end_line - (node.style in ("|", ">") and node.end_column == 1)
    children = node.items if isinstance(node, Sequence) else [value for _, value in node.pairs]
    return node.end_line if node.flow or not children else _last(children[-1])


def _written(id: str, standing: Mapping[str, Any], indent: int) -> list[str]:
    """The field as lines in canonical form, at a record's indent."""
    lines = record_text("source", {"id": id, _FIELD: _years(standing)}).splitlines()
    start = next(number for number, line in enumerate(lines) if line.startswith(f"    {_FIELD}:"))
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


def _others(root: Node | None, id: str) -> Any:
    """All data of a file but the standing of one source."""
    data = plain(root) if root is not None else {}
    for source in data["sources"]:
        if isinstance(source, dict) and source.get("id") == id:
            source.pop(_FIELD, None)
    return data
