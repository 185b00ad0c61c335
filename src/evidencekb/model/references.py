"""Which ids a record refers to, read off the types of its fields.

A field typed as a reference (``SourceRef``, ``FindingRef`` …) is found here without being listed again anywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel

from evidencekb.model.common import Record, RefersTo

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Reference:
    """One id that a record refers to.

    Attributes:
        path: Where in the record it stands.
        kinds: Kinds of record it may name.
        id: The id.
    """

    path: Path
    kinds: tuple[str, ...]
    id: str


def references_of(record: Record) -> Iterator[Reference]:
    """Every reference of a record, in the order of its fields; words such as ``none_named`` are left out."""
    return _walk_model(record, ())


def _walk_model(record: BaseModel, path: Path) -> Iterator[Reference]:
    for name, mark, nested in _plan(type(record)):
        value = getattr(record, name)
        if value is None or value == ():
            continue
        if isinstance(value, tuple):
            for position, item in enumerate(value):
                yield from _walk_value(item, mark, nested, (*path, name, position))
        else:
            yield from _walk_value(value, mark, nested, (*path, name))


def _walk_value(value: Any, mark: RefersTo | None, nested: bool, path: Path) -> Iterator[Reference]:
    if mark is not None:
        if value not in mark.words:
            yield Reference(path, mark.kinds, value)
    elif nested:
        yield from _walk_model(value, path)


@cache
def _plan(model: type[BaseModel]) -> tuple[tuple[str, RefersTo | None, bool], ...]:
    """Fields worth a visit: those that refer, and those that hold records which may."""
    plan = []
    for name, field in model.model_fields.items():
        marks = [m for m in field.metadata if isinstance(m, RefersTo)]
        found, nested = _inspect(field.annotation)
        mark = marks[0] if marks else found
        if mark is not None or nested:
            plan.append((name, mark, nested))
    return tuple(plan)


def _inspect(annotation: Any) -> tuple[RefersTo | None, bool]:
    origin = get_origin(annotation)
    if origin is Annotated:
        base, *extra = get_args(annotation)
        marks = [m for m in extra if isinstance(m, RefersTo)]
        return (marks[0], False) if marks else _inspect(base)
    if origin in (Union, UnionType, tuple):
        inner = [_inspect(part) for part in get_args(annotation) if part not in (type(None), Ellipsis)]
        return next((m for m, _ in inner if m), None), any(nested for _, nested in inner)
    return None, isinstance(annotation, type) and issubclass(annotation, BaseModel)


def model_inside(annotation: Any) -> type[BaseModel] | None:
    """The record type that a field holds, directly, in a list or as an alternative to nothing."""
    if isinstance(annotation, type) and get_origin(annotation) is None:
        return annotation if issubclass(annotation, BaseModel) else None
    inner = (model_inside(part) for part in get_args(annotation) if part not in (type(None), Ellipsis))
    return next((found for found in inner if found is not None), None)
