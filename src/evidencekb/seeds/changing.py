"""Records changed by path: ``estimates.time.value``, ``other-id/vendor``, ``citations.+``.

A step into a list is a position, or what the item is called: its id, or the id of the record that it names.
"""

from __future__ import annotations

from collections.abc import Collection, Container, Iterator, Mapping
from copy import deepcopy
from typing import Any

from evidencekb.errors import EvidenceError
from evidencekb.model import LISTS
from evidencekb.names import nearest

Plain = dict[str, Any]
Key = tuple[str, str]

_CALLED = (
    "id", "source", "finding", "cohort", "concept", "target", "product", "organization", "to", "type", "kind", "status",
)  # fmt: skip
_MOST = 100
_FIRST = ("finding", "claim", "source", "concept")
_LIST_OF = {kind: listing for listing, kind in sorted(LISTS.items(), key=lambda pair: pair[1] not in _FIRST)}


class OutOfDate(EvidenceError, LookupError):
    """A seed that no longer fits the records it changes, or never did."""


def key_of(kind: str, record: Mapping[str, Any]) -> Key:
    """Kind and id of a plain record; a waiver is called by its rule and record."""
    if kind == "waiver":
        number = str(record.get("rule")).removeprefix("EKB")
        return kind, f"EKB{number}:{record.get('record')}"
    return kind, str(record.get("id", ""))


def found_key(id: str, held: Container[Key]) -> Key | None:
    """Kind and id of the record that an id names; ``cohort:some-id`` where records of two kinds have the id."""
    kind, _, rest = id.partition(":")
    named = [(kind, rest), *((kind, id) for kind in _LIST_OF)]
    return next((key for key in named if key in held), None)


def needed_key(id: str, held: Collection[Key]) -> Key:
    """As :func:`found_key`.

    Raises:
        OutOfDate: If there is no such record.
    """
    if (key := found_key(id, held)) is None:
        raise OutOfDate(f"no record has the id {id!r}{nearest(id, {known for _, known in held})}")
    return key


class Records:
    """The records of a tiny pack, in order, changed by path.

    Attributes:
        held: Plain records by kind and id.
    """

    def __init__(self, held: Mapping[Key, Plain]) -> None:
        self.held = {key: deepcopy(record) for key, record in held.items()}

    def address(self, text: str, own: Key) -> tuple[Key, str]:
        """The record and the path in it that a text names; without an id before a slash, in the seed's own record.

        Raises:
            OutOfDate: If no record has the id.
        """
        for at in [at for at, letter in enumerate(text) if letter == "/"][::-1]:
            if (key := found_key(text[:at], self.held)) is not None:
                return key, text[at + 1 :]
        if "/" in text and "." not in text.partition("/")[0]:
            return needed_key(text.partition("/")[0], self.held), ""
        return own, text

    def change(self, changes: Mapping[str, Any], own: Key) -> None:
        """Apply changes, in their order.

        Raises:
            OutOfDate: If a record or a field is not there, or is already what it should become.
        """
        for text, value in changes.items():
            if text.startswith("+"):
                self._add(text[1:], value, own)
                continue
            key, path = self.address(text, own)
            if path:
                _set(self.held[key], path, deepcopy(value), f"{key[0]} {key[1]!r}")
                if (new := key_of(key[0], self.held[key])) != key:
                    self.held = {new if held == key else held: record for held, record in self.held.items()}
            elif value is None:
                del self.held[key]
            else:
                raise OutOfDate(f"{text!r} names a whole record; null takes it out, and nothing else can stand there")

    def _add(self, listing: str, records: Any, own: Key) -> None:
        if listing not in LISTS or not isinstance(records, list):
            raise OutOfDate(f"'+{listing}' is no list of records; known are +{', +'.join(LISTS)}")
        for fields in [one for each in records for one in repeated(each)]:
            if not isinstance(fields, dict):
                raise OutOfDate(f"'+{listing}' holds {fields!r}, which is no record")
            record: Plain = {}
            changes = dict(fields)
            if like := changes.pop("like", None):
                record = deepcopy(self.held[needed_key(str(like), self.held)])
                for path, value in changes.items():
                    _set(record, path, deepcopy(value), f"the copy of {like!r}")
            else:
                record = deepcopy(changes)
            key = key_of(LISTS[listing], record)
            if key in self.held:
                raise OutOfDate(f"there is a {key[0]} {key[1]!r} already; give the new one another id")
            self.held[key] = record

    def listed(self) -> dict[str, list[Plain]]:
        """The records as a pack file lists them."""
        lists: dict[str, list[Plain]] = {}
        for (kind, _), record in self.held.items():
            lists.setdefault(_LIST_OF[kind], []).append(record)
        return lists

    def line_of(self, key: Key, path: str) -> int:
        """The line on which a field stands when the lists are written as JSON, one value a line.

        Of a field that is not there, the line of what would hold it.

        Raises:
            OutOfDate: If there is no such record.
        """
        if key not in self.held:
            raise OutOfDate(f"no {key[0]} has the id {key[1]!r}{nearest(key[1], {known for _, known in self.held})}")
        at = 1
        for records in self.listed().values():
            at += 1
            for record in records:
                if record is self.held[key]:
                    return at + 1 + _lines_before(record, steps(record, path))
                at += _height(record)
            at += 1
        raise AssertionError(key)


def steps(record: Any, path: str) -> list[str | int]:
    """A path as keys and positions; what is not there ends it."""
    found: list[str | int] = []
    value = record
    while path:
        step, path = _step(value, path)
        if step is None:
            break
        found.append(step)
        value = value[step]
    return found


def _step(value: Any, path: str) -> tuple[str | int | None, str]:
    """The first step of a path into a value, and the rest of the path; None if there is nothing of that name."""
    names = list(_names(value))
    for name, step in sorted(names, key=lambda pair: -len(pair[0])):
        if path == name or path.startswith(f"{name}."):
            if sum(name == other for other, _ in names) > 1:
                raise OutOfDate(f"{name!r} is the name of several; give the position instead")
            return step, path[len(name) + 1 :]
    first, _, rest = path.partition(".")
    if isinstance(value, list) and first.isdecimal() and int(first) < len(value):
        return int(first), rest
    return None, path


def _names(value: Any) -> Iterator[tuple[str, str | int]]:
    """What a path may call the parts of a value."""
    if isinstance(value, dict):
        yield from ((key, key) for key in value)
    elif isinstance(value, list):
        for at, item in enumerate(value):
            if isinstance(item, str):
                yield item, at
            elif isinstance(item, dict):
                called = next((item[field] for field in _CALLED if isinstance(item.get(field), str)), None)
                if called is not None:
                    yield called, at


def _set(record: Plain, path: str, new: Any, whose: str) -> None:
    """Set, add or take out what stands at a path."""
    value: Any = record
    rest = path
    while True:
        step, after = _step(value, rest)
        if step is not None and after:
            value, rest = value[step], after
            continue
        break
    if step is None:
        if isinstance(value, list) and rest == "+":
            value.extend(repeated(new))
            return
        if not isinstance(value, dict) or "." in rest or new is None:
            raise OutOfDate(f"{whose} has no {rest.partition('.')[0]!r} to change, in {path!r}")
        value[rest] = new
        return
    if new is None:
        del value[step]
    elif value[step] == new and type(value[step]) is type(new):
        raise OutOfDate(f"{whose}: {path!r} is {new!r} already, so this changes nothing")
    else:
        value[step] = new


def repeated(value: Any) -> list[Any]:
    """A mapping with ``repeat: 3`` as three, in whose texts ``{n}`` is the number and ``{next}`` the one after it.

    Examples:
        >>> repeated({"repeat": 2, "id": "a{n}", "broader": ["a{next}"]})
        [{'id': 'a1', 'broader': ['a2']}, {'id': 'a2', 'broader': ['a3']}]
    """
    if not isinstance(value, dict) or "repeat" not in value:
        return [value]
    times = value["repeat"]
    if not isinstance(times, int) or not 1 <= times <= _MOST:
        raise OutOfDate(f"repeat is a number from 1 to {_MOST}, found {times!r}")
    once = {name: part for name, part in value.items() if name != "repeat"}
    return [_numbered(once, n) for n in range(1, times + 1)]


def _numbered(value: Any, n: int) -> Any:
    if isinstance(value, str):
        return value.replace("{n}", str(n)).replace("{next}", str(n + 1))
    if isinstance(value, list):
        return [_numbered(part, n) for part in value]
    return {name: _numbered(part, n) for name, part in value.items()} if isinstance(value, dict) else value


def _height(value: Any) -> int:
    """How many lines a value takes as indented JSON."""
    if isinstance(value, dict | list) and value:
        return 2 + sum(map(_height, value.values() if isinstance(value, dict) else value))
    return 1


def _lines_before(value: Any, path: list[str | int]) -> int:
    """How many lines below the first line of a value that stands which is at a path."""
    lines = 0
    for step in path:
        before = list(value.values())[: list(value).index(str(step))] if isinstance(value, dict) else value[:step]
        lines += 1 + sum(map(_height, before))
        value = value[step]
    return lines
