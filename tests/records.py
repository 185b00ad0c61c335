"""Packs made of plain records, for tests that change one field of one record."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import evidencekb as ekb
from evidencekb.rules import base_pack
from evidencekb.store.nodes import Mapping as Node
from evidencekb.store.nodes import parse, plain
from tests.packs import TODAY, write_pack

Fields = dict[str, Any]
Records = dict[str, list[Fields]]


def base_records() -> Records:
    """The records of ``rules/texts/base.yaml``, as plain data that a test may change."""
    root = parse(base_pack())
    assert isinstance(root, Node)
    records: Records = plain(root)
    return deepcopy(records)


def record(records: Records, listing: str, id: str) -> Fields:
    """One record by its list and id."""
    (found,) = [fields for fields in records[listing] if fields["id"] == id]
    return found


def write_records(folder: Path, records: Mapping[str, Any]) -> Path:
    """A pack with the records in one file; JSON is YAML too."""
    return write_pack(folder, {"records.yaml": json.dumps(records, ensure_ascii=False, indent=1)})


def checked(folder: Path, records: Mapping[str, Any]) -> ekb.Report:
    """What a check says of the records."""
    return ekb.check(write_records(folder, records), today=TODAY)


def built(folder: Path, records: Mapping[str, Any], out: Path | None = None) -> ekb.KnowledgeBase:
    """The records, sealed and opened."""
    pack, sealed = write_records(folder / "pack", records), out or folder / "records.ekb"
    ekb.build(pack, sealed, today=TODAY)
    return ekb.load(sealed)


UNTOLD = {"findings.0.headline": "A trial of a score on applications"}
"""A headline that tells no number, for a finding whose figure is changed."""
DROPPED = object()
"""Instead of a value: the field is taken out."""


def edited(records: Records, edits: Mapping[str, Any]) -> Records:
    """The records with fields set by path: ``findings.0.nature`` is set, ``findings.+`` or the next index adds to a list."""
    changed = deepcopy(records)
    for path, value in edits.items():
        *steps, last = path.split(".")
        place: Any = changed
        for step in steps:
            place = place[int(step)] if isinstance(place, list) else place.setdefault(step, [] if last == "+" else {})
        if last == "+" or (isinstance(place, list) and int(last) == len(place)):
            place.append(deepcopy(value))
        elif value is DROPPED:
            del place[last]
        else:
            place[int(last) if isinstance(place, list) else last] = deepcopy(value)
    return changed
