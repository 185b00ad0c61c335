"""What the models ask of each field, as shapes: its kind of value, how many, from which list, in what form."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Annotated, Any, Literal, get_args, get_origin

from annotated_types import MaxLen, MinLen
from pydantic import StringConstraints

from evidencekb.model import KINDS
from evidencekb.model.common import Date, Record
from evidencekb.rdf import terms
from evidencekb.rdf.shaping.conditions import any_of, iris, pattern, quoted, short
from evidencekb.rdf.shaping.paths import KEY

_DATE = r"^[-0-9XYEST:.,/?~%{}\[\] ]{1,60}$"
_NO_DAY = r"-(02-3[01]|(0[469]|11)-31)"
_NUMBER = any_of("sh:datatype xsd:integer", "sh:datatype xsd:double")
_UNKNOWN = "EKB103"


@dataclass(frozen=True, slots=True)
class FieldShape:
    """What holds of the values of one field.

    Attributes:
        name: What it is called in the file of shapes.
        rule: Code of the rule.
        model: Name of the model.
        field: Name of the field.
        path: Its predicate.
        facets: What must hold, in words of SHACL.
        says: What is wrong and what to do.
    """

    name: str
    rule: str
    model: str
    field: str
    path: str
    facets: tuple[str, ...]
    says: str


def field_shapes(model: type[Record]) -> Iterator[FieldShape]:
    """The shapes of a model's fields, in the order of the model."""
    for field in terms.fields(model).values():
        here = f"{model.__name__}-{field.name}"
        says = f"{model.__name__}.{field.key}: {field.description}"
        path = short(field.predicate)
        if field.sealed:
            facets = (*_count(field, model), *_value(field, model))
            yield FieldShape(here, "EKB502", model.__name__, field.key, path, facets, f"{says} {_told(field)}".strip())
        if field.holds in ("reference", "estimate"):
            kinds = tuple(f"sh:class {short(terms.classes(KINDS[kind].__name__)[0])}" for kind in field.kinds)
            if field.holds == "estimate":
                kinds = (f"sh:class {short(terms.classes('Estimate')[0])}",)
            words = (
                (f"sh:in ( {' '.join(short(terms.word_iri(word)) for word in field.words)} )",) if field.words else ()
            )
            several = (*kinds, *words)
            facet = several[0] if len(several) == 1 else any_of(*several)
            wanted = " or ".join((*(field.kinds or ("estimate",)), *field.words))
            yield FieldShape(f"{here}-known", _UNKNOWN, model.__name__, field.key, path, (facet,),
                f"{says} It names no {wanted} that is here: correct the id, or add the record.")  # fmt: skip


def entry_shapes(model: type[Record]) -> Iterator[tuple[str, tuple[FieldShape, ...]]]:
    """The class of the entries of each field that goes by names, and the shapes of their two fields."""
    for field in terms.fields(model).values():
        if field.holds == "names":
            here = f"{model.__name__}-{field.name}"
            text = ("sh:minCount 1", "sh:maxCount 1", "sh:datatype xsd:string", "sh:minLength 1")
            yield (
                short(field.entry),
                (
                    FieldShape(f"{here}-key", "EKB502", model.__name__, field.key, KEY, text, "An entry has one name."),
                    FieldShape(
                        f"{here}-text",
                        "EKB502",
                        model.__name__,
                        field.key,
                        short(terms.VALUE),
                        text,
                        "An entry has one text.",
                    ),
                ),
            )


def _count(field: terms.Field, model: type[Record]) -> Iterator[str]:
    least = next((m.min_length for m in model.model_fields[field.name].metadata if isinstance(m, MinLen)), 0)
    most = next((m.max_length for m in model.model_fields[field.name].metadata if isinstance(m, MaxLen)), None)
    if field.holds == "names":
        least, most = 0, None
    if field.required and not field.many and field.holds != "names":
        least = 1
    if not field.many and field.holds != "names":
        most = 1
    if least:
        yield f"sh:minCount {least}"
    if most:
        yield f"sh:maxCount {most}"


def _value(field: terms.Field, model: type[Record]) -> Iterator[str]:
    if field.holds == "text":
        yield "sh:datatype xsd:string"
        yield from _form(model.model_fields[field.name], field)
    elif field.holds == "number":
        yield _NUMBER
    elif field.holds == "flag":
        yield "sh:datatype xsd:boolean"
    elif field.terms is not None:
        yield f"sh:in ( {' '.join(iris(field.terms))} )"
    else:
        yield "sh:nodeKind sh:IRI"
        if field.inside is not None:
            yield f"sh:class {short(terms.classes(field.inside.__name__)[0])}"
        elif field.holds == "names":
            yield f"sh:class {short(field.entry)}"


def _form(info: Any, field: terms.Field) -> Iterator[str]:
    words = _literal(info.annotation)
    if words:
        yield f"sh:in ( {' '.join(map(quoted, words))} )"
    if field.name in _DATES.get(field.model, ()):
        yield pattern(_DATE)
        yield f"sh:not [ {pattern(_NO_DAY)} ]"
        return
    for mark in (*(() if field.many else info.metadata), *_metadata(info.annotation)):
        if isinstance(mark, StringConstraints):
            if mark.min_length:
                yield f"sh:minLength {mark.min_length}"
            if mark.max_length:
                yield f"sh:maxLength {mark.max_length}"
            if mark.pattern:
                yield pattern(str(mark.pattern))
        elif isinstance(mark, MinLen):
            yield f"sh:minLength {mark.min_length}"
        elif isinstance(mark, MaxLen):
            yield f"sh:maxLength {mark.max_length}"
        elif held := getattr(mark, "pattern", None):
            yield pattern(str(held))


def _metadata(annotation: Any) -> Iterator[Any]:
    if get_origin(annotation) is Annotated:
        base, *marks = get_args(annotation)
        yield from marks
        yield from _metadata(base)
    else:
        for part in get_args(annotation):
            if get_origin(annotation) is not Literal:
                yield from _metadata(part)


def _literal(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return tuple(map(str, get_args(annotation)))
    return next((found for part in get_args(annotation) if (found := _literal(part))), ())


def _is_date(annotation: Any, metadata: Any) -> bool:
    marks = get_args(Date)[1:]
    return any(mark in marks for mark in (*metadata, *_metadata(annotation)))


_DATES = {
    model.__name__: frozenset(
        name for name, info in model.model_fields.items() if _is_date(info.annotation, info.metadata)
    )
    for model in terms.models()
}


def _told(field: terms.Field) -> str:
    """What may stand there, and how often, in words."""
    often = ""
    if not field.many and field.holds != "names":
        often = "Exactly one value." if field.required else "At most one value."
    if field.terms is not None:
        return f"{often} One of: {', '.join(field.terms)}.".lstrip()
    return f"{often} A number, without its unit." if field.holds == "number" else often
