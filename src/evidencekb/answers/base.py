"""What every record of an answer shares: plain data and JSON, made the same way for all."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import Field, fields
from functools import cache, lru_cache
from hashlib import sha256
from typing import Annotated, Any, ClassVar, NoReturn, TypeAlias, TypeVar

Json = dict[str, Any]


T = TypeVar("T")
ById: TypeAlias = Annotated[T, "by id"]
"""Marks a field whose records plain data names by their ids, because the page holds each of them once."""
Unsaid: TypeAlias = Annotated[T, "unsaid"]
"""Marks a field that plain data leaves out."""


class Fixed(dict[str, Any]):
    """A dictionary that cannot be changed, so that an answer cannot either."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("answers cannot be changed; take a copy with dict(...) or to_dict()")

    __setitem__ = __delitem__ = __ior__ = _refuse
    update = setdefault = pop = popitem = clear = _refuse

    def __reduce__(self) -> tuple[type[Fixed], tuple[dict[str, Any]]]:
        return type(self), (dict(self),)


class FixedList(list[Any]):
    """A list that cannot be changed."""

    __slots__ = ()

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("answers cannot be changed; take a copy with list(...) or to_dict()")

    __setitem__ = __delitem__ = __iadd__ = __imul__ = _refuse
    append = extend = insert = pop = remove = clear = sort = reverse = _refuse

    def __reduce__(self) -> tuple[type[FixedList], tuple[list[Any]]]:
        return type(self), (list(self),)


_HOLDING = (dict, list)


def fixed(value: Any) -> Any:
    """Plain data whose dictionaries and lists cannot be changed."""
    if isinstance(value, dict):
        held = Fixed(value)
        for name, item in value.items():
            if isinstance(item, _HOLDING):
                dict.__setitem__(held, name, fixed(item))
        return held
    return FixedList(map(fixed, value)) if isinstance(value, list) else value


def alike(value: Json) -> Fixed:
    """A dictionary of texts that cannot be changed; equal ones are one object, as the same few stand beside most figures.

    Numbers may stand in it that are whole under their name wherever it is used: 1 and 1.0 would be the same.
    """
    try:
        return _alike(tuple(value.items()))
    except TypeError:  # something in it is a list
        held: Fixed = fixed(value)
        return held


@lru_cache(20_000)
def _alike(items: tuple[tuple[str, Any], ...]) -> Fixed:
    return Fixed(items)


def written(row: Json) -> str:
    """Plain data as a table holds it."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":"))


def digest_of(record: Answered) -> str:
    """The digest of all that a record holds."""
    return f"sha256:{sha256(repr(record).encode()).hexdigest()}"


class Answered:
    """Plain data and JSON, the same way for every record."""

    __slots__ = ()
    shelf: ClassVar[str] = ""
    """Where a record that names this one by id holds it."""
    holds_its_own: ClassVar[bool] = False
    """True for a record whose own fields hold each record that it names by id."""

    def to_dict(self) -> Json:
        """Plain data with every key present.

        Records that it names by id, such as the figures of a card, stand once each under ``records``, by kind and id; a brief
        has fields of its own for them.
        """
        data = plain(self)
        if not self.holds_its_own and (named := records_of(self)):
            data["records"] = named
        return data

    def to_json(self, *, indent: int | None = 2) -> str:
        """The record as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)

    def _repr_html_(self) -> str:
        """How a notebook shows it: its own words, line by line, unless a record has something better."""
        from evidencekb.escaping import escaped

        return f'<pre style="white-space:pre-wrap">{escaped(str(self))}</pre>'


def plain(record: Answered) -> Json:
    """A record as it stands inside another: what it names by id is not repeated in it."""
    kind: Any = type(record)
    return {
        name: value if type(value := getattr(record, name)) in _SINGLE else plainly(value)
        for name, plainly in _plan(kind)
    }


def records_of(record: Answered) -> dict[str, Json]:
    """Records that a record names by id, and those that these name, by kind and id."""
    found: dict[str, Json] = {}
    for named in _named(record):
        held = found.setdefault(named.shelf, {})
        if named.key not in held:
            held[named.key] = plain(named)
            for kind, others in records_of(named).items():
                found.setdefault(kind, {}).update(others)
    return {kind: dict(sorted(found[kind].items())) for kind in sorted(found)}


def _named(value: Any, *, by_id: bool = False) -> Iterator[Any]:
    """Records that a value names by id."""
    if isinstance(value, Answered):
        if by_id:
            yield value
        else:
            kind: Any = type(value)
            for name, names in _naming(kind):
                yield from _named(getattr(value, name), by_id=names)
    elif isinstance(value, tuple):
        for item in value:
            yield from _named(item, by_id=by_id)


def marked(field: Field[Any], mark: str) -> bool:
    """True if a field is marked ``ById`` or ``Unsaid``; annotations are read as text, as they may name what comes later."""
    return str(field.type).startswith(f"{mark}[")


@cache
def _plan(record: Any) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """How each field of a record becomes plain data, in order."""
    said = [f for f in fields(record) if not marked(f, "Unsaid")]
    return tuple((f.name, _ids if marked(f, "ById") else _plain) for f in said)


@cache
def _naming(record: Any) -> tuple[tuple[str, bool], ...]:
    """Fields of a record that may hold or name others, and whether they name them by id."""
    return tuple((f.name, marked(f, "ById")) for f in fields(record) if str(f.type) not in _WITHOUT_RECORDS)


_SINGLE = frozenset({str, int, float, bool, type(None)})
_WITHOUT_RECORDS = frozenset({"str", "str | None", "float | None", "Json", "tuple[str, ...]"})


def _plain(value: Any) -> Any:
    kind = type(value)
    if kind in _SINGLE:
        return value
    if issubclass(kind, dict):
        return {name: item if type(item) in _SINGLE else _plain(item) for name, item in value.items()}
    if issubclass(kind, tuple | list):
        return [item if type(item) in _SINGLE else _plain(item) for item in value]
    if issubclass(kind, Answered):
        return plain(value)
    if issubclass(kind, frozenset):
        return sorted(value)
    if issubclass(kind, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _ids(value: Any) -> Any:
    if value is None:
        return None
    return [item.key for item in value] if isinstance(value, tuple) else value.key
