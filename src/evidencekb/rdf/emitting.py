"""Records as lines of N-Quads, straight from the JSON that a sealed file holds.

A writer is made once for each model: it knows the predicates, and the terms as finished pieces of text. A text of JSON escaped
by the JSON encoder is a literal of N-Quads: both know the same escapes, and the control signs in which they differ are refused
by the models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from json.encoder import encode_basestring
from typing import Any
from urllib.parse import quote

from evidencekb.model import KINDS, Manifest, Record
from evidencekb.rdf.names import RECORDS, graph_iri
from evidencekb.rdf.terms import (
    BOOLEAN,
    DOUBLE,
    INTEGER,
    KEY,
    ORDER,
    TYPE,
    VALUE,
    Field,
    classes,
    classes_by_term,
    fields,
    word_iri,
)

Put = Callable[[str], None]
Emit = Callable[[str, dict[str, Any], Put], None]
"""Writes a record: its IRI, its data, and what takes the lines."""

_MOST_KEPT = 50_000
(
    _TEXT, _TERM, _REFERENCE, _NUMBER, _FLAG, _RECORD, _RECORDS, _TEXTS, _TERMS, _REFERENCES, _NAMES, _ESTIMATES,
) = range(12)  # fmt: skip
_ONE = {"text": _TEXT, "term": _TERM, "reference": _REFERENCE, "number": _NUMBER, "flag": _FLAG, "record": _RECORD}
_MANY = {"text": _TEXTS, "term": _TERMS, "reference": _REFERENCES, "record": _RECORDS, "estimate": _ESTIMATES}


class References(dict[str, str]):
    """IRIs of records by id, made when they are first asked for."""

    def __init__(
        self, base: str, kinds: tuple[str, ...], words: Iterable[str] = (), kind_of: KindOf | None = None
    ) -> None:
        super().__init__({word: word_iri(word) for word in words})
        self._base, self._kinds, self._words, self._kind_of = base, kinds, dict(self), kind_of

    def __missing__(self, id: str) -> str:
        if len(self) > _MOST_KEPT:
            self.clear()
            self.update(self._words)
        kind = self._kinds[0] if len(self._kinds) == 1 or self._kind_of is None else self._kind_of(self._kinds, id)
        made = self[id] = f"{self._base}{kind}/{quote(id, safe='')}"
        return made


KindOf = Callable[[tuple[str, ...], str], str]
"""Which of several kinds of record an id names."""


class Emitters:
    """The writers of all models of a pack.

    Args:
        base: What the pack's IRIs begin with.
        kind_of: Says which of several kinds an id names; by default the first.
    """

    def __init__(self, base: str, kind_of: KindOf | None = None) -> None:
        self._base, self._kind_of = base, kind_of
        self._end = f" <{graph_iri(base, RECORDS)}> .\n"
        self._made: dict[type[Record], Emit] = {}
        self._references: dict[tuple[tuple[str, ...], tuple[str, ...]], References] = {}
        self.kinds: dict[str, Emit] = {kind: self._emitter(model) for kind, model in KINDS.items()}
        self.manifest = self._emitter(Manifest)

    def references(self, kinds: tuple[str, ...], words: tuple[str, ...] = ()) -> References:
        """The IRIs of records of some kinds by id."""
        key = (kinds, words)
        if key not in self._references:
            self._references[key] = References(self._base, kinds, words, self._kind_of)
        return self._references[key]

    def _emitter(self, model: type[Record]) -> Emit:
        if model not in self._made:
            self._made[model] = self._make(model)
        return self._made[model]

    def _make(self, model: type[Record]) -> Emit:
        end = self._end
        plans = {key: self._plan(field) for key, field in fields(model).items()}
        types = [f"<{TYPE}> <{name}>{end}" for name in classes(model.__name__)]
        more = {
            term: [f"<{TYPE}> <{name}>{end}" for name in names]
            for term, names in classes_by_term(model.__name__).items()
        }
        defaults = {
            field.key: str(field.default) if field.holds != "number" else field.default
            for field in fields(model).values()
            if field.default_said
        }
        plain = len(types) == 1 and not more and not defaults
        first = types[0]

        def emit(node: str, data: dict[str, Any], put: Put) -> None:
            s = f"<{node}> "
            if plain:
                put(s + first)
            else:
                put(s + s.join([*types, *more[data["kind"]]] if more else types))
                if defaults:
                    data = defaults | data
            below: list[tuple[Emit, str, dict[str, Any]]] = []
            for key, value in data.items():
                what, part, held = plans[key]
                if what == _TEXT:
                    put(f"{s}{part}{encode_basestring(value)}{end}")
                elif what == _TERM:
                    put(s + held[value])
                elif what == _REFERENCE:
                    put(f"{s}{part}<{held[value]}>{end}")
                elif what == _NUMBER:
                    put(f"{s}{part}{_number(value)}{end}")
                elif what == _RECORDS:
                    inner, name, named = held
                    for at, item in enumerate(value, start=1):
                        child = f"{node}/{name}/{item['id'] if named else at}"
                        put(f"{s}{part}<{child}>{end}")
                        below.append((inner, child, item))
                elif what == _RECORD:
                    inner, name, _ = held
                    child = f"{node}/{name}"
                    put(f"{s}{part}<{child}>{end}")
                    below.append((inner, child, value))
                elif what == _NAMES:
                    name, inner = held
                    for at, text in value.items():
                        child = f"{node}/{name}/{quote(at, safe='')}"
                        put(f"{s}{part}<{child}>{end}")
                        below.append((inner, child, {"key": at, "value": text}))
                elif what == _FLAG:
                    put(f'{s}{part}"{"true" if value else "false"}"^^<{BOOLEAN}>{end}')
                else:
                    self._many(node, data, what, part, held, key, value, put)
            for inner, child, item in below:
                inner(child, item, put)

        return emit

    def _many(
        self, node: str, data: dict[str, Any], what: int, part: str, held: Any, key: str, values: list[str], put: Put
    ) -> None:
        """Texts, terms or references, and their order when it is not that of the alphabet."""
        s, end = f"<{node}> ", self._end
        order = sorted(set(values))
        if what == _ESTIMATES:
            own = held[data["finding"]] if "finding" in data else node.partition("/links/")[0]
            held = {value: f"{own}/estimate/{quote(value, safe='')}" for value in order}
        for value in order:
            if what == _TEXTS:
                put(f"{s}{part}{encode_basestring(value)}{end}")
            elif what == _TERMS:
                put(s + held[value])
            else:
                put(f"{s}{part}<{held[value]}>{end}")
        if order != values:
            places = {value: str(at) for at, value in enumerate(order, start=1)}
            put(f'{s}<{ORDER}> "{key} {" ".join(places[value] for value in values)}"{end}')

    def _plan(self, field: Field) -> tuple[int, str, Any]:
        part = f"<{field.predicate}> "
        what = _NAMES if field.holds == "names" else (_MANY if field.many else _ONE)[field.holds]
        held: Any = None
        if field.inside is not None:
            named = field.inside.__name__ == "Estimate"
            held = (self._emitter(field.inside), "estimate" if named else field.key, named)
        elif field.terms is not None:
            held = {term.value: f"{part}<{term.iri}>{self._end}" for term in field.terms}
        elif field.holds == "reference":
            held = self.references(field.kinds, field.words)
        elif field.holds == "estimate":
            held = self.references(("finding",))
        elif field.holds == "names":
            held = (field.key, self._entry(field))
        return what, part, held

    def _entry(self, field: Field) -> Emit:
        end = self._end
        start = f"<{TYPE}> <{field.entry}>{end}"

        def emit(node: str, data: dict[str, Any], put: Put) -> None:
            s = f"<{node}> "
            put(
                f"{s}{start}{s}<{KEY}> {encode_basestring(data['key'])}{end}"
                f"{s}<{VALUE}> {encode_basestring(data['value'])}{end}"
            )

        return emit


def _number(value: float) -> str:
    return f'"{value}"^^<{INTEGER}>' if isinstance(value, int) else f'"{value!r}"^^<{DOUBLE}>'
