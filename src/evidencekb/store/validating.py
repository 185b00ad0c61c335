"""A raw record against its model: the record, or violations that say what was found and what to do."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from evidencekb.model.references import model_inside
from evidencekb.names import nearest
from evidencekb.report import Severity, Subject, Violation

R = TypeVar("R", bound=BaseModel)
Path = tuple[str | int, ...]

_NUMBER_TYPES = frozenset({"int_type", "float_type", "finite_number", "int_from_float", "int_parsing", "float_parsing"})


def violations_of(model: type[R], data: Mapping[str, Any], subject: Subject) -> tuple[R | None, list[Violation]]:
    """Validate; when only unknown fields stand in the way, the record is still given without them.

    Returns:
        The record (None if it cannot be represented) and the violations, each with the path of its field.
    """
    try:
        return model.model_validate(data), []
    except ValidationError as problem:
        errors = _merged(problem.errors(include_url=False))
    violations = [_violation(model, path, error, subject) for path, error in errors]
    if all(error["type"] == "extra_forbidden" for _, error in errors):
        record, more = violations_of(model, _without(data, [path for path, _ in errors]), subject)
        return record, violations + more
    return None, violations


def _merged(errors: list[ErrorDetails]) -> list[tuple[Path, ErrorDetails]]:
    """One error a place: a number field reports its two number types apart, and names them in the path."""
    merged: dict[Path, ErrorDetails] = {}
    for error in errors:
        path = tuple(error["loc"])
        if path and path[-1] in ("int", "float") and error["type"] in _NUMBER_TYPES:
            path = path[:-1]
        merged.setdefault(path, error)
    return list(merged.items())


def _violation(model: type[BaseModel], path: Path, error: ErrorDetails, subject: Subject) -> Violation:
    code, message = _explain(model, path, error)
    return Violation(code, Severity.ERROR, subject, message, path=path)


def _explain(model: type[BaseModel], path: Path, error: ErrorDetails) -> tuple[str, str]:
    field = ".".join(str(step) for step in path) or "the record"
    found, kind = error.get("input"), error["type"]
    shown = repr(found) if len(repr(found)) <= 60 else repr(found)[:57] + "..."
    if kind in _NUMBER_TYPES:
        return "EKB304", f"{field} is {shown}, which is no number; write the number alone, in the unit named"
    if kind == "beyond":
        return "EKB301", f"{field} is {shown}, which is beyond what a figure can be"
    if kind == "extra_forbidden":
        if found is None:
            return (
                "EKB502",
                f"{str(path[-1])!r} is no field and has no value: a comma cut this text; quote it",
            )
        return "EKB502", f"unknown field {field!r} (found {shown}){_nearest_field(model, path)}"
    if kind == "missing":
        return "EKB502", f"the field {field!r} is missing"
    if kind == "string_type" and isinstance(found, int | float):
        return "EKB502", f"{field} is the number {shown}, and numbers lose zeros; quote it"
    if kind == "string_type":
        return "EKB502", f"{field} is a text, found {shown}"
    if kind == "string_too_short":
        return "EKB502", f"{field} is empty; write the text, or leave the field out"
    if kind == "enum":
        expected = [str(term) for term in _terms(error)]
        return "EKB502", f"{field} is {shown}, which is none of {', '.join(expected)}{nearest(str(found), expected)}"
    if kind == "string_pattern_mismatch":
        return "EKB502", f"{field} is {shown}, which does not fit the form {error['ctx']['pattern']}"
    if kind in ("tuple_type", "list_type"):
        return "EKB502", f"{field} is a list; found {shown}"
    if kind in ("model_type", "model_attributes_type", "dict_type"):
        return "EKB502", f"{field} is a mapping of fields; found {shown}"
    return "EKB502", f"{field}: {error['msg'].removeprefix('Value error, ')} (found {shown})"


def _terms(error: ErrorDetails) -> Iterator[str]:
    text = str(error.get("ctx", {}).get("expected", ""))
    return (word.strip().strip("'") for word in text.replace(" or ", ", ").split(","))


def _nearest_field(model: type[BaseModel], path: Path) -> str:
    known = list(_model_at(model, path[:-1]).model_fields)
    return nearest(str(path[-1]), known) or f"; fields here are {', '.join(known)}"


def _model_at(model: type[BaseModel], path: Path) -> type[BaseModel]:
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = model_inside(model.model_fields[step].annotation) or model
    return model


def _without(data: Mapping[str, Any], paths: list[Path]) -> dict[str, Any]:
    """A copy of the data without what stands at the paths."""
    here = {path[0] for path in paths if len(path) == 1}
    deeper: dict[str | int, list[Path]] = {}
    for path in paths:
        if len(path) > 1:
            deeper.setdefault(path[0], []).append(path[1:])
    return {k: _prune(v, deeper[k]) if k in deeper else v for k, v in data.items() if k not in here}


def _prune(value: Any, paths: list[Path]) -> Any:
    if isinstance(value, list):
        return [
            _prune(item, [p[1:] for p in paths if p[0] == i]) if any(p[0] == i for p in paths) else item
            for i, item in enumerate(value)
        ]
    return _without(value, paths) if isinstance(value, dict) else value
