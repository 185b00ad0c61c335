"""Records taken out of statements: each field from its predicate, each value checked for what the field holds.

A statement that was taken is gone; what stays is what nobody could hold.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import unquote

from evidencekb.errors import InterchangeError
from evidencekb.model import Record
from evidencekb.names import near
from evidencekb.rdf.guarding import Found, Iri, Lexical, Subject
from evidencekb.rdf.names import id_of, record_iri
from evidencekb.rdf.terms import (
    BOOLEAN,
    KEY,
    ORDER,
    PREFIXES,
    TYPE,
    VALUE,
    Field,
    classes,
    classes_by_term,
    fields,
    word_iri,
)

_XSD = PREFIXES["xsd"]
_WHOLE = re.compile(r"[+-]?\d{1,40}")
_BROKEN = re.compile(r"[+-]?(?:\d{1,400}(?:\.\d{0,400})?|\.\d{1,400})(?:[eE][+-]?\d{1,4})?")
_WHOLE_TYPES = frozenset(
    _XSD + name
    for name in (
        "integer", "int", "long", "short", "byte", "nonNegativeInteger", "positiveInteger", "nonPositiveInteger",
        "negativeInteger", "unsignedInt", "unsignedLong", "unsignedShort", "unsignedByte",
    )
)  # fmt: skip
_BROKEN_TYPES = frozenset(_XSD + name for name in ("double", "float", "decimal"))
_TRUTHS = {"true": True, "1": True, "false": False, "0": False}
_PLACE = re.compile(r"/(\d{1,9})\Z")


class Nodes:
    """The statements of a file by subject and predicate.

    Args:
        file: What errors call the file.
        base: What the pack's IRIs begin with.
        found: The statements.
    """

    def __init__(self, file: str, base: str, found: Iterable[Found]) -> None:
        self._file, self._base = file, base
        self._said: dict[Subject, dict[str, list[Found]]] = {}
        for one in found:
            same = self._said.setdefault(one.subject, {}).setdefault(one.predicate, [])
            same.append(one)
        self.taken: set[Subject] = set()

    def of_class(self, name: str) -> list[Subject]:
        """The subjects of a class."""
        return [
            subject
            for subject, said in self._said.items()
            if any(one.object == name and isinstance(one.object, Iri) for one in said.get(TYPE, ()))
        ]

    def rest(self) -> Iterator[Found]:
        """The statements that were not taken."""
        for said in self._said.values():
            for some in said.values():
                yield from some

    def record(self, node: Subject, model: type[Record], finding: str = "") -> dict[str, Any]:
        """The fields of a record, as a file of a pack holds them.

        Args:
            node: The record's node.
            model: Its model.
            finding: Of a record inside a finding: the IRI of that.

        Raises:
            InterchangeError: If a value is none that a field can hold.
        """
        if node in self.taken:
            raise self._problem(f"<{node}> stands in two records; each needs a node of its own")
        self.taken.add(node)
        said = self._said.setdefault(node, {})
        order = self._orders(node, said.pop(ORDER, []))
        data: dict[str, Any] = {}
        for key, field in fields(model).items():
            if some := _distinct(said.pop(field.predicate, [])):
                places = order.pop(key, None)
                data[key] = self._value(field, node, some, places, data, finding or node)
        if order:
            raise self._problem(f"<{node}>: an order is given for {', '.join(sorted(order))}, which has no values")
        self._take_types(node, said, model, data)
        return data

    def entry(self, node: Subject) -> tuple[str, str]:
        """The name and the text of a node that has no more than these."""
        self.taken.add(node)
        said = self._said.setdefault(node, {})
        return self._only_text(node, KEY, said.pop(KEY, [])), self._only_text(node, VALUE, said.pop(VALUE, []))

    def take_type(self, node: Subject, name: str) -> None:
        """Take the statement that a node is of a class."""
        said = self._said.get(node, {})
        said[TYPE] = [one for one in said.get(TYPE, []) if one.object != name]

    def _take_types(
        self, node: Subject, said: dict[str, list[Found]], model: type[Record], data: dict[str, Any]
    ) -> None:
        kind = data.get("kind")
        known = {*classes(model.__name__), *classes_by_term(model.__name__).get(str(kind), ())}
        said[TYPE] = [one for one in said.get(TYPE, []) if one.object not in known]

    def _orders(self, node: Subject, found: list[Found]) -> dict[str, list[int]]:
        """Places of the values of lists, by the name of the field."""
        orders: dict[str, list[int]] = {}
        for one in _distinct(found):
            text = self._text(one)
            key, *places = text.split(" ")
            if (
                not places
                or not all(place.isascii() and place.isdigit() and len(place) < 9 for place in places)
                or key in orders
            ):
                raise self._problem(
                    f"<{node}>: {short(text)} is no order; write a field and places, such as 'sells 2 1'", one
                )
            orders[key] = [int(place) for place in places]
        return orders

    def _value(
        self,
        field: Field,
        node: Subject,
        found: list[Found],
        places: list[int] | None,
        data: dict[str, Any],
        finding: str,
    ) -> Any:
        if field.holds == "names":
            return dict(self._named(field, one) for one in found)
        if field.holds == "record":
            return self._records(field, node, found, places, finding)
        if not field.many:
            return self._one(field, self._only(node, found))
        if field.holds == "estimate":
            own = record_iri(self._base, "finding", data["finding"]) if "finding" in data else finding
            values = [self._estimate(own, one) for one in found]
        else:
            values = [self._one(field, one) for one in found]
        return self._ordered(node, field.key, values, places)

    def _ordered(self, node: Subject, key: str, values: list[Any], places: list[int] | None) -> list[Any]:
        values = sorted(values)
        if places is None:
            return values
        if set(places) != set(range(1, len(values) + 1)):
            raise self._problem(
                f"<{node}>: the order of {key} speaks of {len(set(places))} values, but there are {len(values)}; "
                "mend it, or take it out"
            )
        return [values[place - 1] for place in places]

    def _one(self, field: Field, one: Found) -> Any:
        read = {
            "text": self._text, "number": self._number, "flag": self._flag,
        }.get(field.holds)  # fmt: skip
        if read is not None:
            return read(one)
        return self._term(field, one) if field.terms is not None else self._reference(field, one)

    def _text(self, one: Found) -> str:
        if isinstance(one.object, Lexical):
            type = one.object.datatype
            if type.startswith(_XSD) or one.object.language:
                return one.object.text
            raise self._problem(f"{shown(one)}: a text cannot be of the type <{type}>", one)
        if isinstance(one.object, Iri):
            return str(one.object)
        raise self._problem(f"{shown(one)}: a text is expected, not a node without an IRI", one)

    def _number(self, one: Found) -> float:
        held = one.object
        if isinstance(held, Lexical):
            if held.datatype in _WHOLE_TYPES and _WHOLE.fullmatch(held.text):
                return int(held.text)
            if held.datatype in _BROKEN_TYPES and _BROKEN.fullmatch(held.text) and math.isfinite(float(held.text)):
                return float(held.text)
        raise self._problem(f"{shown(one)}: a number is expected", one)

    def _flag(self, one: Found) -> bool:
        held = one.object
        if isinstance(held, Lexical) and held.datatype == BOOLEAN and held.text in _TRUTHS:
            return _TRUTHS[held.text]
        raise self._problem(f"{shown(one)}: true or false is expected", one)

    def _term(self, field: Field, one: Found) -> str:
        assert field.terms is not None
        terms = {term.iri: str(term) for term in field.terms}
        if isinstance(one.object, Iri) and one.object in terms:
            return terms[one.object]
        nearest = near(str(one.object), tuple(terms))
        hint = f"; did you mean <{nearest[0]}>?" if nearest else ""
        raise self._problem(f"{shown(one)}: no term of {field.terms.__name__}{hint}", one)

    def _reference(self, field: Field, one: Found) -> str:
        words = {word_iri(word): word for word in field.words}
        if isinstance(one.object, Iri):
            if one.object in words:
                return words[one.object]
            named = id_of(self._base, one.object)
            if named is not None and named[0] in field.kinds:
                return named[1]
        wanted = " or ".join(f"{self._base}{kind}/…" for kind in field.kinds)
        raise self._problem(f"{shown(one)}: the IRI of a record of this pack is expected, {wanted}", one)

    def _estimate(self, finding: str, one: Found) -> str:
        start = f"{finding}/estimate/"
        if isinstance(one.object, Iri) and one.object.startswith(start):
            return unquote(one.object.removeprefix(start))
        raise self._problem(f"{shown(one)}: an estimate of that finding is expected, {start}…", one)

    def _named(self, field: Field, one: Found) -> tuple[str, str]:
        child = self._node(one)
        if child in self.taken:
            raise self._problem(f"<{child}> stands in two records; each needs a node of its own", one)
        self.take_type(child, field.entry)
        return self.entry(child)

    def _records(self, field: Field, node: Subject, found: list[Found], places: list[int] | None, finding: str) -> Any:
        assert field.inside is not None
        if not field.many:
            return self.record(self._node(self._only(node, found)), field.inside, finding)
        children = [self._node(one) for one in found]
        if field.by_id:
            held = {
                str(item.get("id")): item for item in (self.record(child, field.inside, finding) for child in children)
            }
            return [held[id] for id in self._ordered(node, field.key, list(held), places)]
        return [self.record(child, field.inside, finding) for child in sorted(children, key=_place)]

    def _node(self, one: Found) -> Subject:
        if isinstance(one.object, Lexical):
            raise self._problem(f"{shown(one)}: a node is expected, not a text", one)
        return one.object

    def _only_text(self, node: Subject, predicate: str, found: list[Found]) -> str:
        if not found:
            raise self._problem(f"<{node}> has no <{predicate}>")
        return self._text(self._only(node, _distinct(found)))

    def _only(self, node: Subject, found: list[Found]) -> Found:
        if len(found) > 1:
            first, second, *_ = (_object(one) for one in found)
            problem = (
                f"<{node}> has {len(found)} values of <{found[0].predicate}>, {first} and {second}; it can have one"
            )
            raise self._problem(problem, found[1])
        return found[0]

    def _problem(self, text: str, one: Found | None = None) -> InterchangeError:
        return InterchangeError(self._file, text, one.line if one else 0)


def _distinct(found: list[Found]) -> list[Found]:
    """Statements that say the same in several graphs count once."""
    return found if len(found) == 1 else list({one.object: one for one in found}.values())


def _place(child: Subject) -> tuple[bool, int, str]:
    found = _PLACE.search(child)
    return (True, 0, child) if found is None else (False, int(found[1]), child)


def _object(one: Found) -> str:
    return str(one.object) if isinstance(one.object, Lexical) else f"<{one.object}>"


def shown(one: Found) -> str:
    """A statement as text."""
    return f"<{one.subject}> <{one.predicate}> {_object(one)}"


def short(value: Any) -> str:
    """A value as Python writes it, cut where it is long."""
    text = repr(value)
    return text if len(text) < 80 else f"{text[:77]}..."
