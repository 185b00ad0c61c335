"""Canonical JSON Lines: a record a line, keys in the order of the model, records sorted; numbers keep their spelling."""

from __future__ import annotations

import json
import math
from collections import Counter
from collections.abc import Callable, Iterable
from itertools import chain
from operator import itemgetter
from typing import Any

from evidencekb.errors import FormatLossError
from evidencekb.model import KINDS
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.store import MAX_RECORD
from evidencekb.store.lines import kind_of_line, no_double_keys, not_finite
from evidencekb.store.nodes import YamlProblem
from evidencekb.store.ordering import Fields, fields_of, inside, key_order, record_order

Order = tuple[int, tuple[bool, str, str]]
"""What the records of a JSONL file are sorted by: kind, then id."""

Difference = tuple[int, str | None, str | None]
"""A line by its number, as found and as it should be; None is the end of the file."""

_LOWEST, _HIGHEST = (-1, (False, "", "")), (len(KINDS) + 1, (False, "", ""))
_BLANKS = " \t\r\x0b\x0c"


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
    return found and unlike(name, *found)


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


def unlike(name: str, line: int, found: str | None, wanted: str | None) -> Violation:
    """504 for a line, as it is and as it should be; None is the end of the file."""
    start = _common_start(found or "", wanted or "")
    shown = ["the end of the file" if held is None else _shown(held, start) for held in (found, wanted)]
    message = f"line {line} is not in canonical form: found {shown[0]}, expected {shown[1]}; run `evidencekb format`"
    return Violation("EKB504", Severity.WARNING, Subject("file", name), message, Place(name, line))


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
