"""Records in which every field is filled, made from the models; nothing has to make sense but to the models."""

from __future__ import annotations

from typing import Any

from evidencekb.model import Record
from evidencekb.rdf.terms import Field, fields

NASTY = 'a "quoted" \\ back\\n slash\ttab\nline \u2028 \u00e9 \U0001f600 <b>&amp;</b> """ \'\'\' ^^<x> @en . # no'
SHAPES = {
    "published_on": "2023-07~", "accessed_on": "2024-01-02", "sha256": "a" * 64, "ror": "05dxps055", "field": "title",
    "filed_as": "strong", "rule": "108", "checked_on": "2024", "reported_on": "2024", "on": "2024-05", "as_of": "2024",
    "period": "2010/2018", "until": "2027-01-31",
}  # fmt: skip
SLUGS = ("id", "case", "work", "name")


def filled(model: type[Record]) -> dict[str, Any]:
    """A record with all of its fields; lists hold three values that are not sorted, one of them twice where that is allowed."""
    data = {key: _value(field) for key, field in fields(model).items()}
    if model.__name__ == "Person":
        del data["literal"]
    return data


def _value(field: Field) -> Any:
    if field.holds == "names":
        if field.model == "Aspect":
            return {"role": "What of {role}?", "role+skill": "And {skill}?"}
        return {"a b/c": NASTY, "zwei": "2"}
    if field.holds == "record":
        assert field.inside is not None
        one = filled(field.inside)
        if not field.many:
            return one
        if field.by_id:
            return [one | {"id": "zeta"}, one | {"id": "alpha"}, one | {"id": "beta"}]
        return [one, *[one] * 10]
    if field.terms is not None:
        terms = [str(term) for term in field.terms]
        return [terms[1], terms[0]] if field.many else terms[-1]
    if field.holds == "reference":
        return ["welder", "baker", "cook", "baker"] if field.many else (field.words or ("a:b/c+d",))[0]
    if field.holds == "estimate":
        return ["zeta", "alpha", "beta"]
    if field.holds == "number":
        return -40.0 if field.name in ("value", "lower", "use") else 7
    if field.holds == "flag":
        return True
    text = SHAPES.get(field.name) or ("some-id" if field.name in SLUGS else NASTY)
    if field.name in ("on", "use", "rule") and field.model in ("Drift", "FigureCorrection", "FieldCorrection"):
        text = "sample"
    return ["zwei", text, "eins", "zwei"] if field.many else text
