"""What every record of an answer shares: plain data and JSON, made the same way for all."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import Field, fields
from functools import cache
from hashlib import sha256
from typing import Annotated, Any, TypeAlias, TypeVar

Json = dict[str, Any]


T = TypeVar("T")
ById: TypeAlias = Annotated[T, "by id"]
"""Marks a field whose records plain data names by their ids, because the page holds each of them once."""
Unsaid: TypeAlias = Annotated[T, "unsaid"]
"""Marks a field that plain data leaves out."""


def digest_of(record: Answered) -> str:
    """The digest of all that a record holds."""
    return f"sha256:{sha256(repr(record).encode()).hexdigest()}"


class Answered:
    """Plain data and JSON, the same way for every record."""

    __slots__ = ()

    def to_dict(self) -> Json:
        """Plain data with every key present."""
        record: Any = type(self)
        return {name: plainly(getattr(self, name)) for name, plainly in _plan(record)}

    def to_json(self, *, indent: int | None = 2) -> str:
        """The record as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=indent)


def marked(field: Field[Any], mark: str) -> bool:
    """True if a field is marked ``ById`` or ``Unsaid``; annotations are read as text, as they may name what comes later."""
    return str(field.type).startswith(f"{mark}[")


@cache
def _plan(record: Any) -> tuple[tuple[str, Callable[[Any], Any]], ...]:
    """How each field of a record becomes plain data, in order."""
    said = [f for f in fields(record) if not marked(f, "Unsaid")]
    return tuple((f.name, _ids if marked(f, "ById") else _plain) for f in said)


def _plain(value: Any) -> Any:
    if isinstance(value, str | int | float) or value is None:
        return value
    if isinstance(value, Answered):
        return value.to_dict()
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    return value


def _ids(value: Any) -> Any:
    if value is None:
        return None
    return [item.key for item in value] if isinstance(value, tuple) else value.key
