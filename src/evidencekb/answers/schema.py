"""The JSON Schema of answers, made from the records themselves: what ``to_dict()`` gives, key by key.

The version changes when a key changes: the second number when one is added, the first when one goes or means something
else. A page builder pins the first.

>>> schema = answer_schema()
>>> schema["$id"].endswith(f"/answers-{VERSION}.json"), sorted(schema["$defs"])[:3]
(True, ['Absent', 'Accepted', 'Allowed'])

References:
    JSON Schema 2020-12.
"""

from __future__ import annotations

import types
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any, Union, get_args, get_origin, get_type_hints, is_typeddict

from evidencekb.answers import (
    base,
    cards,
    comparability,
    differences,
    figures,
    flags,
    gapmaps,
    impacts,
    origins,
    pages,
    pooled,
    pooling,
    records,
    replications,
    reports,
    shapes,
    studies,
    trails,
    verifications,
    weighing,
)
from evidencekb.answers.base import Answered, Json

VERSION = "1.1"
ROOTS: tuple[type, ...] = (
    pages.Brief, cards.Card, cards.ClaimCard, cards.UntracedCard, records.Answer, records.Question, records.Neighbour,
    trails.Trail, trails.Explanation, trails.VendorSummary, trails.Hit, records.Reference, records.Formatted, records.Credit,
    flags.FlagExplanation, studies.IndependentSupport, origins.Origins, weighing.Disagreement, weighing.Power,
    replications.ReplicationsOf,
    differences.Difference, impacts.Impact, verifications.Verification, comparability.Comparison, comparability.Grouping,
    comparability.CohortRelation, pooling.PooledFinding, pooling.PooledSelection, pooled.Funnel,gapmaps.GapMap,
)  # fmt: skip
"""Records that stand alone: what a function of the library gives."""

_SCALARS: dict[Any, Json] = {
    str: {"type": "string"},
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    float: {"type": "number"},
    type(None): {"type": "null"},
    Any: {},
}
_MODULES = (
    records, figures, cards, flags, pages, shapes, trails, studies, origins, weighing, differences, impacts, verifications,
    replications, reports, comparability, pooled, pooling,gapmaps, base,
)  # fmt: skip
NAMES = {name: value for module in _MODULES for name, value in vars(module).items()}
"""What the types of the records of answers may name."""

_HOLDING = (
    cards.ClaimCard, reports.TrailReport, replications.ReplicationsOf, replications.ReplicationCount,
    replications.ReplicationStudy, replications.Attempt, replications.NotCounted,
)  # fmt: skip
"""Records that name none by id themselves, and hold records that do."""


def answer_schema() -> Json:
    """The JSON Schema of what ``to_dict()`` gives: any record that stands alone at its top, every record under ``$defs``.

    Examples:
        >>> answer_schema()["$defs"]["Caveat"]["required"]
        ['code', 'severity', 'subject', 'params', 'text']
    """
    return _of(ROOTS, f"answers-{VERSION}", "Answers of evidencekb")


def report_schema() -> Json:
    """The JSON Schema of what ``evidencekb report --format json`` gives, with a version of its own.

    Examples:
        >>> report_schema()["$id"].endswith(f"/report-{reports.VERSION}.json")
        True
    """
    return _of((reports.TrailReport,), f"report-{reports.VERSION}", "A report of evidencekb")


def _of(roots: tuple[type, ...], name: str, title: str) -> Json:
    defs: dict[str, Json] = {}
    for root in roots:
        _define(root, defs)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"https://w3id.org/evidencekb/schema/{name}.json",
        "title": title,
        "anyOf": [{"$ref": f"#/$defs/{root.__name__}"} for root in roots],
        "$defs": dict(sorted(defs.items())),
    }


def _define(record: type, defs: dict[str, Json]) -> Json:
    name = record.__name__
    if name not in defs:
        defs[name] = {}  # a record that holds itself finds its name taken
        hints = get_type_hints(record, NAMES)
        held = _said(record) if is_dataclass(record) else dict.fromkeys(hints, False)
        properties = {name: _by_id(hints[name]) if ids else _schema(hints[name], defs) for name, ids in held.items()}
        defs[name] = {
            "type": "object",
            "description": (record.__doc__ or "").split("\n")[0],
            "properties": properties,
            "required": list(properties),
            "additionalProperties": False,
        }
        if (any(held.values()) or record in _HOLDING) and record is not pages.Brief:
            properties["records"] = _records(defs)
    return {"$ref": f"#/$defs/{name}"}


def _records(defs: dict[str, Json]) -> Json:
    """What a record that stands alone names by id; it is not there inside another record."""
    kinds = (figures.Figure, cards.Card, records.Reference, records.Gap, records.Exclusion, cards.UntracedCard)
    held = {
        f"{kind.__name__.lower()}s": {"type": "object", "additionalProperties": _define(kind, defs)} for kind in kinds
    }
    return {"type": "object", "properties": held, "additionalProperties": False}


def _said(record: Any) -> dict[str, bool]:
    """Fields that plain data holds, and whether by id."""
    return {f.name: base.marked(f, "ById") for f in fields(record) if not base.marked(f, "Unsaid")}


def _by_id(hint: Any) -> Json:
    """Ids in the place of records: one, one or null, or several."""
    if get_origin(hint) is tuple:
        return {"type": "array", "items": {"type": "string"}}
    return {"type": ["string", "null"]} if type(None) in get_args(hint) else {"type": "string"}


def _schema(hint: Any, defs: dict[str, Json]) -> Json:
    if hint in _SCALARS:
        return dict(_SCALARS[hint])
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return {"anyOf": [_schema(argument, defs) for argument in arguments]}
    if origin is frozenset:
        return {"type": "array", "items": _schema(arguments[0], defs), "uniqueItems": True}
    if origin in (tuple, list):
        items = {"type": "array", "items": _schema(arguments[0], defs)}
        return (
            items
            if origin is list or arguments[-1] is Ellipsis
            else {**items, "minItems": len(arguments), "maxItems": len(arguments)}
        )
    if origin is not None and issubclass(origin, Mapping):
        return {"type": "object", "additionalProperties": _schema(arguments[1], defs)}
    if is_typeddict(hint) or (isinstance(hint, type) and issubclass(hint, Answered)):
        return _define(hint, defs)
    raise TypeError(f"{hint!r} has no schema; give the field a plainer type")
