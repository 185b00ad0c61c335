"""Canonical writing: one layout for every pack file, so that a difference between two versions is a difference of data.

Layout only: no record is added, dropped or reworded, and no comment is lost. What is written is read again and compared
before it replaces anything.
"""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter
from pathlib import Path
from typing import Any

from evidencekb.errors import FormatLossError
from evidencekb.model import KINDS, LISTS
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.store import MANIFEST, MAX_RECORD
from evidencekb.store.changes import Change, apply
from evidencekb.store.comments import find_comments, hang_comments
from evidencekb.store.layout import comment_lines, layout
from evidencekb.store.nodes import Node, Scalar, Sequence, YamlProblem, parse
from evidencekb.store.ordering import Fields, fields_of, inside, key_order, record_order
from evidencekb.store.reading import kind_of_line, no_double_keys, not_finite, pack_files
from evidencekb.store.slicing import Slice

Order = tuple[int, tuple[bool, str, str]]
"""What the records of a JSONL file are sorted by: kind, then id."""

Difference = tuple[int, str | None, str | None]
"""A line by its number, as found and as it should be; None is the end of the file."""

_LOWEST, _HIGHEST = (-1, (False, "", "")), (len(KINDS) + 1, (False, "", ""))
_BLANKS = " \t\r\x0b\x0c"


@dataclass(frozen=True, slots=True)
class FormatResult:
    """What became of one file.

    Attributes:
        file: Path relative to the pack's folder, with forward slashes.
        changed: True if its canonical form differs from what it held.
        problem: Why it was left alone.
    """

    file: str
    changed: bool
    problem: YamlProblem | None = None


def format_text(text: str, *, name: str = "") -> str:
    r"""The canonical form of one YAML pack file.

    Args:
        text: What the file holds.
        name: Its path inside the pack; ``pack.yaml`` is the manifest, every other file holds lists of records.

    Raises:
        YamlProblem: If the text cannot be read.
        FormatLossError: If the result would not hold the same data and comments.

    Examples:
        >>> text = "cohorts:\n- {unit: people, id: adults, label: Adults}\n- id: actors # on stage"
        >>> print(format_text(text), end="")
        cohorts:
          - id: actors  # on stage
          - id: adults
            label: Adults
            unit: people
    """
    text = text.removeprefix("\ufeff")
    root = parse(text)
    written = _laid_out(text, root, name)
    if written != text:
        _compare(text, root, written, name)
    return written


def _laid_out(text: str, root: Node | None, name: str) -> str:
    if isinstance(root, Scalar) and root.text == root.style == "":
        root = None  # a document was begun, and nothing stands in it
    comments = hang_comments(text, root)
    lines = comment_lines(comments.head)
    if root is not None:
        lines += layout(root, comments, name)
    return "\n".join([*lines, ""])


def format_jsonl(text: str, *, name: str) -> str:
    r"""The canonical form of one JSONL file: a record a line, keys in the order of the model, records sorted by id.

    Args:
        text: What the file holds.
        name: Its path inside the pack, which says what kind of record a line holds.

    Raises:
        YamlProblem: If a line cannot be read; the line it names is that of the file.
        FormatLossError: If the result would not hold the same data.

    Examples:
        >>> text = '{"label": "Welder", "id": "welder"}\n{"id": "baker"}'
        >>> print(format_jsonl(text, name="concepts.jsonl"), end="")
        {"id":"baker"}
        {"id":"welder","label":"Welder"}
    """
    before: list[str] = []
    records: list[tuple[Order, str]] = []
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), start=1):
        if not line.strip(_BLANKS):
            continue
        if len(line.encode(errors="surrogatepass")) > MAX_RECORD:
            raise YamlProblem(f"a line longer than {MAX_RECORD // 1024} KiB", number, 1)
        try:
            before.append(_meaning(line))
            records.append(_record_of(line, name))
        except (ValueError, RecursionError) as problem:
            raise YamlProblem(f"not readable as JSON: {problem}", number, getattr(problem, "colno", 1)) from None
    lines = [line for _, line in sorted(records, key=lambda record: record[0])]
    if Counter(before) != Counter(map(_meaning, lines)):
        raise FormatLossError(name, "its records would change")
    return "".join(line + "\n" for line in lines)


def jsonl_line(kind: str, body: str) -> str:
    r"""One record as a canonical JSONL line, from its canonical JSON; signs that nobody sees are escaped.

    Args:
        kind: ``"finding"``, ``"source"`` and so on.
        body: The record as a sealed file holds it, keys in the order of its fields.

    Examples:
        >>> print(jsonl_line("concept", '{"id":"a","label":"a\u200bb"}'))
        {"id":"a","label":"a\u200bb"}
    """
    if body.isprintable():
        return body
    return _json(json.loads(body, parse_float=_Number, parse_int=_Number), fields_of(KINDS[kind]))


def format_pack(root: Path, *, check: bool = False) -> list[FormatResult]:
    """Bring every YAML and JSONL file of a pack into canonical form; a .bib file is never rewritten.

    A file is replaced in one step and keeps its mode. One that cannot be read, or written, is left alone and reported.

    Args:
        root: The pack's folder.
        check: Only say what would change.

    Returns:
        One result a file, by path.

    Raises:
        NotADirectoryError: If there is no such folder.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is no folder; a pack is a folder with a {MANIFEST}")
    paths = (path for path in pack_files(root) if path.suffix != ".bib")
    return [_format_file(root, path, check) for path in paths]


def unformatted(root: Path, name: str, text: str | None = None) -> Violation | None:
    """EKB504 for a file that is not in canonical form; None for one that is, or that nothing can format.

    Args:
        root: The pack's folder.
        name: The file's path inside it.
        text: What the file holds; read from the folder when left out.
    """
    if name.endswith(".bib"):
        return None
    try:
        found = _read(root, root / name) if text is None else text
        if name.endswith(".jsonl"):
            return unformatted_lines(name, lambda: found.split("\n"))
        written = _laid_out(found, parse(found), name)
    except YamlProblem:
        return None
    except FormatLossError as problem:
        return Violation("EKB504", Severity.WARNING, Subject("file", name), str(problem), Place(name))
    return None if found == written else _unlike(name, *_first_difference(found, written))


def unformatted_slice(piece: Slice, name: str) -> Violation | None:
    """EKB504 for a record of a YAML file that is not in canonical form; None for one that is, or that cannot be read.

    Args:
        piece: The record.
        name: The file's path inside the pack.
    """
    heading = next(listing for listing, kind in LISTS.items() if kind == piece.kind) + ":\n"
    text = heading + piece.text.rstrip("\n") + "\n"
    try:
        written = _laid_out(text, parse(text), name)
    except YamlProblem:
        return None
    line, found, wanted = _first_difference(text, written)
    return None if text == written else _unlike(name, line + piece.line - 2, found, wanted)


def unformatted_lines(name: str, lines: Callable[[], Iterable[str]]) -> Violation | None:
    r"""EKB504 for a JSONL file, read a line at a time: the first line that is not what :func:`format_jsonl` writes there.

    Args:
        name: The file's path inside the pack.
        lines: Gives the lines of its text, from the first on, as ``text.split("\n")`` does.

    Returns:
        None for a file in canonical form, and for one with a line that cannot be read.
    """
    try:
        found = _first_unlike(name, lines)
    except (ValueError, RecursionError):
        return None
    return found and _unlike(name, *found)


def _first_unlike(name: str, lines: Callable[[], Iterable[str]]) -> Difference | None:
    """The first line that differs from what is written, in little memory.

    Up to some line all is well: each is in form, and not before its time. Of those behind, the least is written first:
    in place of that line, or further up.
    """
    waiting = iter(lines())
    number, line, last = 1, next(waiting), _LOWEST
    while True:
        behind = next(waiting, None)
        order, text = _record_of(line, name)
        if text != line or order < last or (not line and behind is not None):
            break
        if behind is None:
            return (number + 1, None, "") if line else None
        number, line, last = number + 1, behind, order
    left = ((_record_of(held, name, written=False)[0], held) for held in chain((line, behind or ""), waiting))
    order, least = min(left, key=itemgetter(0))
    if order == _HIGHEST:
        return (number, line, "") if line else (number + 1, behind, None)
    if order < last:
        places = enumerate(lines(), start=1)
        number, line = next((at, held) for at, held in places if _record_of(held, name, written=False)[0] > order)
    return number, line, _record_of(least, name)[1]


def _unlike(name: str, line: int, found: str | None, wanted: str | None) -> Violation:
    """504 for a line, as it is and as it should be; None is the end of the file."""
    start = _common_start(found or "", wanted or "")
    shown = ["the end of the file" if held is None else _shown(held, start) for held in (found, wanted)]
    message = f"line {line} is not in canonical form: found {shown[0]}, expected {shown[1]}; run `evidencekb format`"
    return Violation("EKB504", Severity.WARNING, Subject("file", name), message, Place(name, line))


def _format(text: str, name: str) -> str:
    return format_jsonl(text, name=name) if name.endswith(".jsonl") else format_text(text, name=name)


def _format_file(root: Path, path: Path, check: bool) -> FormatResult:
    name = path.relative_to(root).as_posix()
    try:
        written = _format(_read(root, path), name).encode("utf-8")
        before = path.read_bytes()
        changed = written != before
        if changed and not check:
            apply([Change(path, before, written)], within=root)
    except YamlProblem as problem:
        return FormatResult(name, False, problem)
    except FormatLossError as problem:
        return FormatResult(name, False, YamlProblem(str(problem), 0, 0))
    except OSError as problem:
        return FormatResult(name, False, YamlProblem(f"cannot be rewritten: {problem.strerror or problem}", 0, 0))
    return FormatResult(name, changed)


def _read(root: Path, path: Path) -> str:
    if not path.resolve().is_relative_to(root.resolve()):
        raise YamlProblem("the file is a link that leaves the pack; copy it into the pack", 0, 0)
    try:
        if not path.is_file():
            raise YamlProblem("not a file that can be read; a pack holds text files", 0, 0)
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise YamlProblem("not UTF-8 text; save the file as UTF-8", line, 0) from None
    except OSError as problem:
        raise YamlProblem(f"cannot be read: {problem.strerror or problem}", 0, 0) from None


def _first_difference(found: str, written: str) -> Difference:
    """The first line that differs."""
    before, after = found.split("\n"), written.split("\n")
    same = next(
        (n for n, (b, a) in enumerate(zip(before, after, strict=False)) if b != a), min(len(before), len(after))
    )
    shown, wanted = (held[same] if same < len(held) else None for held in (before, after))
    return same + 1, shown, wanted


def _common_start(first: str, second: str) -> int:
    return next(
        (n for n, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), min(len(first), len(second))
    )


def _shown(line: str, start: int) -> str:
    """A line, of a long one the part around the first difference."""
    if len(line) <= 60:
        return repr(line)
    first = max(0, min(start - 20, len(line) - 54))
    return repr(("..." if first else "") + line[first : first + 54] + ("..." if first + 54 < len(line) else ""))


def _compare(text: str, root: Node | None, written: str, name: str) -> None:
    """Refuse a result that does not hold the same data, list for list, and the same comments."""
    try:
        again = parse(written)
    except YamlProblem as problem:
        raise FormatLossError(name, f"its canonical form cannot be read at line {problem.line}") from problem
    if _content(root, top=name != MANIFEST) != _content(again, top=name != MANIFEST):
        raise FormatLossError(name, "its canonical form holds other data")
    if Counter(c.text for c in find_comments(text, root)) != Counter(c.text for c in find_comments(written, again)):
        raise FormatLossError(name, "its canonical form holds other comments")


def _content(node: Node | None, *, top: bool = False) -> Hashable:
    """The data of a tree with its types and the spelling of its numbers; the order of top-level records is left out."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return None if node.value is None else (type(node.value), node.text if number else node.value)
    if isinstance(node, Sequence):
        return tuple([_content(item) for item in node.items])
    return frozenset(
        (key.text, _records(value) if top and key.text in LISTS and isinstance(value, Sequence) else _content(value))
        for key, value in node.pairs
    )


def _records(listing: Sequence) -> Hashable:
    return frozenset(Counter(_content(item) for item in listing.items).items())


class _Number(str):
    """A number of a JSON text in the spelling it has there."""


def _meaning(line: str) -> str:
    """What a JSON line says, apart from its layout."""
    data = json.loads(line, object_pairs_hook=no_double_keys, parse_constant=not_finite, parse_float=_finite)
    return json.dumps(data, sort_keys=True)


def _finite(text: str) -> float:
    if math.isinf(number := float(text)):
        raise ValueError(f"{text} is too large for a number")
    return number


def _spelled(text: str) -> _Number:
    _finite(text)
    return _Number(text)


def _spelled_whole(text: str) -> _Number:
    int(text)  # which refuses very long ones, as whoever reads the line does
    return _Number(text)


def canonical_line(line: str, name: str) -> bool:
    """True if a line of a JSONL file, which can be read, is in canonical form.

    Args:
        line: The line.
        name: The file's path inside the pack.
    """
    return _written(json.loads(line, parse_float=_Number, parse_int=_Number), name) == line


def _record_of(line: str, name: str, *, written: bool = True) -> tuple[Order, str]:
    """What a line is sorted by, and its canonical form if that is asked for; a blank line comes last, and is nothing.

    Raises:
        ValueError: If it cannot be read.
        RecursionError: If it is nested too deeply for that.
    """
    if not line.strip(_BLANKS):
        return _HIGHEST, ""
    data = json.loads(
        line,
        object_pairs_hook=no_double_keys,
        parse_constant=not_finite,
        parse_float=_spelled,
        parse_int=_spelled_whole,
    )
    return _order(data, name), _written(data, name) if written else ""


def _order(data: Any, name: str) -> Order:
    kind, record = kind_of_line(data, name)
    if kind is None or not isinstance(record, dict):
        return len(KINDS), (True, "", "")
    get = {key: value for key, value in record.items() if kind == "waiver" or not isinstance(value, _Number)}.get
    return list(KINDS).index(kind), record_order(kind, get)


def _written(data: Any, name: str) -> str:
    kind, record = kind_of_line(data, name)
    if kind is None or not isinstance(record, dict):
        return _json(data, fields_of(None))
    text = _json(record, fields_of(KINDS[kind]))
    return text if record is data else f"{{{json.dumps(kind)}:{text}}}"


def _json(value: Any, fields: Fields) -> str:
    if isinstance(value, _Number):
        return str(value)
    if isinstance(value, dict):
        names = list(value)
        keys = (names[position] for position in key_order(names, fields))
        return "{" + ",".join(f"{_json(k, fields)}:{_json(value[k], fields_of(inside(fields, k)))}" for k in keys) + "}"
    if isinstance(value, list):
        return "[" + ",".join(_json(item, fields) for item in value) + "]"
    text = json.dumps(value, ensure_ascii=False)
    return text if text.isprintable() else _with_escapes(text)


def _with_escapes(text: str) -> str:
    """JSON text in which signs that nobody sees, and halves of signs, are escaped."""
    return "".join(sign if sign.isprintable() else json.dumps(sign)[1:-1] for sign in text)
