"""The order of keys and records: that of the model's fields, then by id.

A key that no model knows stays, behind those that are known; a record without an id stays, behind those that have one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from pydantic import BaseModel

from evidencekb.model import KINDS, LISTS, Manifest
from evidencekb.model.references import model_inside

Fields = Mapping[str, tuple[int, type[BaseModel] | None]]

LIST_FIELDS: Fields = {name: (rank, KINDS[kind]) for rank, (name, kind) in enumerate(LISTS.items())}
"""The lists of a pack file in the order in which they are written, each with the model of its records."""


@cache
def fields_of(model: type[BaseModel] | None) -> Fields:
    """The fields of a model by the names that a file may use: their rank, and the model inside."""
    fields: dict[str, tuple[int, type[BaseModel] | None]] = {}
    for rank, (name, info) in enumerate(model.model_fields.items() if model else ()):
        for spelling in {name, info.alias or name}:
            fields[spelling] = (rank, model_inside(info.annotation))
    return fields


def file_fields(name: str) -> Fields:
    """What stands at the top of a pack file."""
    return fields_of(Manifest) if name == "pack.yaml" else LIST_FIELDS


def key_order(keys: list[str], fields: Fields) -> list[int]:
    """Positions of keys as they are written: known ones by rank, then the others as they came."""
    return sorted(range(len(keys)), key=lambda position: fields.get(keys[position], (len(fields), None))[0])


def inside(fields: Fields, key: str) -> type[BaseModel] | None:
    """The model of what stands below a key."""
    return fields[key][1] if key in fields else None


def record_order(kind: str, get: Callable[[str], object]) -> tuple[bool, str, str]:
    """What a record is sorted by, from a look-up of its fields; a waiver is named by its rule and record."""
    if kind == "waiver":
        rule, record = get("rule"), get("record")
        if rule is None or record is None:
            return True, "", ""
        return False, str(rule).removeprefix("EKB"), str(record)
    name = get("id")
    return (False, name, "") if isinstance(name, str) else (True, "", "")
