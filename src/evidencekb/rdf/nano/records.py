"""Records that a nanopublication of this library holds, field by field as they were written."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any
from urllib.parse import unquote

from evidencekb.model import KINDS, Record
from evidencekb.rdf.nano.statements import Blank, Iri, Literal, Node, Statement, Value
from evidencekb.rdf.terms import INTEGER, KEY, ORDER, TYPE, VALUE, Field, classes, fields, word_iri
from evidencekb.vocab import Term

Fields = dict[str, Any]
_KIND_OF = {classes(model.__name__)[0]: kind for kind, model in KINDS.items()}
_DEEPEST = 12


class _Unfit(Exception):
    """What stands where a field is expected cannot be one."""


def records_in(statements: Iterable[Statement]) -> dict[tuple[str, str], Fields] | str:
    """The records by kind and id; none when there are none of ours; or what cannot be read.

    A nanopublication is of this library when one of its findings has our own class. Statements that are no field of a record are
    worked out from others, and are left.
    """
    held: dict[Node, dict[str, list[Value]]] = defaultdict(lambda: defaultdict(list))
    for statement in statements:
        values = held[statement.subject][statement.predicate]
        if statement.object not in values:
            values.append(statement.object)
    roots = [
        (kind, node) for node, said in held.items() for value in said.get(TYPE, ())
        if isinstance(value, Iri) and (kind := _KIND_OF.get(value))
    ]  # fmt: skip
    if not any(kind == "finding" for kind, _ in roots):
        return {}
    found: dict[tuple[str, str], Fields] = {}
    for kind, node in roots:
        try:
            record = _read(held, node, KINDS[kind], 0)
            KINDS[kind].model_validate(record)
        except (_Unfit, ValueError) as problem:
            return f"{kind} <{node}>: {_first(problem)}"
        if (kind, record["id"]) in found:
            return f"two records are {kind} {record['id']!r}"
        found[kind, record["id"]] = record
    return found


def _first(problem: Exception) -> str:
    """The first thing that is wrong; pydantic names the field on a line of its own."""
    lines = str(problem).splitlines() or [""]
    return lines[0] if isinstance(problem, _Unfit) or len(lines) < 3 else f"{lines[1]}: {lines[2].strip()}"


def _read(held: dict[Node, dict[str, list[Value]]], node: Node, model: type[Record], depth: int) -> Fields:
    if depth > _DEEPEST:
        raise _Unfit("its records lie too deep in each other")
    said = held.get(node, {})
    orders = dict(_order(value) for value in said.get(ORDER, ()))
    record: Fields = {}
    for key, field in fields(model).items():
        values = said.get(field.predicate, [])
        if not values:
            continue
        if field.holds == "names":
            record[key] = dict(_entry(held, value) for value in values)
        elif field.many:
            record[key] = _list(held, field, values, orders.get(key), depth)
        elif len(values) > 1:
            raise _Unfit(f"{key} has {len(values)} values, and is one")
        else:
            record[key] = _one(held, field, values[0], depth)
    return record


def _list(
    held: dict[Node, dict[str, list[Value]]], field: Field, values: list[Value], order: list[int] | None, depth: int
) -> list[Any]:
    if field.inside is not None and order is None:
        values = sorted(values, key=_place)
    made = [_one(held, field, value, depth) for value in values]
    if field.inside is not None and order is None:
        return made
    made.sort(key=lambda one: one["id"] if isinstance(one, dict) else one)
    if order is None:
        return made
    if any(not 1 <= place <= len(made) for place in order):
        raise _Unfit(f"the order of {field.key} names a value that is not there")
    return [made[place - 1] for place in order]


def _place(value: Value) -> tuple[int, str]:
    last = str(value).rpartition("/")[2]
    return (int(last), "") if last.isascii() and last.isdigit() and len(last) < 9 else (0, last)


def _one(held: dict[Node, dict[str, list[Value]]], field: Field, value: Value, depth: int) -> Any:
    if field.inside is not None:
        if isinstance(value, Literal):
            raise _Unfit(f"{field.key} is a record, not {value.text[:60]!r}")
        return _read(held, value, field.inside, depth + 1)
    if field.holds in ("text", "number", "flag"):
        return _plain(field, value)
    if not isinstance(value, Iri):
        raise _Unfit(f"{field.key} is an IRI, not {str(value)[:60]!r}")
    if field.terms is not None:
        if value not in (terms := _terms(field.terms)):
            raise _Unfit(f"{field.key} is none of the terms there are: <{value}>")
        return terms[value]
    words = {word_iri(word): word for word in field.words}
    return words.get(value) or unquote(str(value).rpartition("/")[2])


def _plain(field: Field, value: Value) -> Any:
    if not isinstance(value, Literal):
        raise _Unfit(f"{field.key} is a {field.holds}, not <{value}>")
    if field.holds == "text":
        return value.text
    if field.holds == "flag":
        return value.text in ("true", "1")
    try:
        return int(value.text) if value.datatype == INTEGER and len(value.text) < 40 else float(value.text)
    except ValueError:
        raise _Unfit(f"{field.key} is a number, not {value.text[:60]!r}") from None


def _entry(held: dict[Node, dict[str, list[Value]]], value: Value) -> tuple[str, str]:
    said = held.get(value, {}) if isinstance(value, Iri | Blank) else {}
    key, text = (next(iter(said.get(name, ())), None) for name in (KEY, VALUE))
    if not isinstance(key, Literal) or not isinstance(text, Literal):
        raise _Unfit(f"<{str(value)[:80]}> has no name or no text")
    return key.text, text.text


def _order(value: Value) -> tuple[str, list[int]]:
    key, *places = value.text.split() if isinstance(value, Literal) else [""]
    return key, [int(place) if place.isascii() and place.isdigit() and len(place) < 9 else 0 for place in places]


@cache
def _terms(terms: type[Term]) -> dict[str, str]:
    return {term.iri: str(term) for term in terms}
