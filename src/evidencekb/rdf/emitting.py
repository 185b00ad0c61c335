"""Records as lines of N-Quads, straight from the JSON that a sealed file holds.

A writer is made once for each model: it knows the predicates, and the terms as finished pieces of text. Most records have the
same fields as many others: for a set of fields that has come often enough, a function is compiled that writes all of them in one
step, which halves the time of a large pack. Both ways give the same lines: first the fields of one value, then lists of values,
then what leads to the records inside, then those records.

A text escaped by the JSON encoder is a literal of N-Quads: both know the same escapes, and the control signs in which they
differ are refused by the models.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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
Emit = Callable[[str, Any, Put], None]
"""Writes a record: its IRI, its data, and what takes the lines."""

KindOf = Callable[[tuple[str, ...], str], str]
"""Which of several kinds of record an id names."""

_MOST_KEPT = 50_000
_OFTEN, _MOST_SHAPES = 30, 400


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


class Emitters:
    """The writers of all models of a pack.

    Attributes:
        kinds: By kind of record.
        manifest: That of the pack itself.

    Args:
        base: What the pack's IRIs begin with.
        kind_of: Says which of several kinds an id names; by default the first.
        often: After so many records with the same fields, these are written in one step.
    """

    def __init__(self, base: str, kind_of: KindOf | None = None, *, often: int = _OFTEN) -> None:
        self.base, self.often = base, often
        self.end = f" <{graph_iri(base, RECORDS)}> .\n"
        self._kind_of = kind_of
        self._writers: dict[type[Record], _Writer] = {}
        self._references: dict[tuple[tuple[str, ...], tuple[str, ...]], References] = {}
        self.kinds: dict[str, Emit] = {kind: self.writer(model).write for kind, model in KINDS.items()}
        self.manifest = self.writer(Manifest).write

    def references(self, kinds: tuple[str, ...], words: tuple[str, ...] = ()) -> References:
        """The IRIs of records of some kinds by id."""
        key = (kinds, words)
        if key not in self._references:
            self._references[key] = References(self.base, kinds, words, self._kind_of)
        return self._references[key]

    def writer(self, model: type[Record]) -> _Writer:
        """The writer of a model's records."""
        if model not in self._writers:
            self._writers[model] = _Writer(self, model)
        return self._writers[model]


class _Writer:
    """Writes the records of a model."""

    def __init__(self, emitters: Emitters, model: type[Record]) -> None:
        self._end, self._base, self._often = emitters.end, emitters.base, emitters.often
        self._fields = fields(model)
        self._types = [f"<{TYPE}> <{name}>{self._end}" for name in classes(model.__name__)]
        self._more = {
            term: [f"<{TYPE}> <{name}>{self._end}" for name in names]
            for term, names in classes_by_term(model.__name__).items()
        }
        self._defaults = {
            field.key: str(field.default) if field.holds != "number" else field.default
            for field in self._fields.values()
            if field.default_said
        }
        self._held = {key: self._kept(emitters, field) for key, field in self._fields.items()}
        self._shapes: dict[tuple[str, ...], Emit] = {}
        self._seen: dict[tuple[str, ...], int] = {}

    def _kept(self, emitters: Emitters, field: Field) -> Any:
        """What the values of a field are looked up in, or written by."""
        if field.terms is not None:
            return {term.value: f"<{term.iri}>" for term in field.terms}
        if field.holds == "reference":
            return emitters.references(field.kinds, field.words)
        if field.holds == "estimate":
            return emitters.references(("finding",))
        if field.holds == "flag":
            return {True: f'"true"^^<{BOOLEAN}>', False: f'"false"^^<{BOOLEAN}>'}
        return None if field.inside is None else emitters.writer(field.inside)

    def write(self, node: str, data: dict[str, Any], put: Put) -> None:
        """Write a record."""
        if self._defaults:
            data = self._defaults | data
        shape = tuple(data)
        written = self._shapes.get(shape)
        if written is not None:
            written(node, data, put)
            return
        self._plainly(node, data, put)
        if len(self._seen) < _MOST_SHAPES:
            seen = self._seen[shape] = self._seen.get(shape, 0) + 1
            if seen >= self._often:
                self._shapes[shape] = self._compiled(shape)

    def _plainly(self, node: str, data: dict[str, Any], put: Put) -> None:
        s, end = f"<{node}> ", self._end
        types = [*self._types, *self._more[data["kind"]]] if self._more else self._types
        put(s + s.join(types))
        lists: list[Field] = []
        links: list[str] = []
        below: list[tuple[str, Emit, Any]] = []
        for key, value in data.items():
            field = self._fields[key]
            start, held = f"{s}<{field.predicate}> ", self._held[key]
            if field.by_id:
                lists.append(field)
            if field.holds in ("record", "names"):
                inside = list(self._inside(node, field, value))
                links += [f"{start}<{child}>{end}" for child, _, _ in inside]
                below += inside
            elif field.many:
                lists.append(field)
            elif held is None:
                put(f"{start}{_number(value) if field.holds == 'number' else encode_basestring(value)}{end}")
            elif field.holds == "reference":
                put(f"{start}<{held[value]}>{end}")
            else:
                put(f"{start}{held[value]}{end}")
        for field in lists:
            self._listed(node, field, data, put)
        for link in links:
            put(link)
        for child, write, item in below:
            write(child, item, put)

    def _inside(self, node: str, field: Field, value: Any) -> Iterator[tuple[str, Emit, Any]]:
        """The IRIs of the records inside, and what writes them."""
        if field.holds == "names":
            entry = self._entry(field)
            for key, text in value.items():
                yield f"{node}/{field.key}/{quote(key, safe='')}", entry, (key, text)
            return
        write: Emit = self._held[field.key].write
        if not field.many:
            yield f"{node}/{field.key}", write, value
            return
        for at, item in enumerate(value, start=1):
            yield (f"{node}/estimate/{item['id']}" if field.by_id else f"{node}/{field.key}/{at}"), write, item

    def _entry(self, field: Field) -> Callable[[str, tuple[str, str], Put], None]:
        start, end = f"<{TYPE}> <{field.entry}>{self._end}", self._end

        def emit(node: str, entry: tuple[str, str], put: Put) -> None:
            s = f"<{node}> "
            key, value = map(encode_basestring, entry)
            put(f"{s}{start}{s}<{KEY}> {key}{end}{s}<{VALUE}> {value}{end}")

        return emit

    def _listed(self, node: str, field: Field, data: dict[str, Any], put: Put) -> None:
        """Texts, terms or references of a list, and their order when it is not that of the alphabet; of records their order."""
        values: list[str] = data[field.key] if field.inside is None else [item["id"] for item in data[field.key]]
        start, held, end = f"<{node}> <{field.predicate}> ", self._held[field.key], self._end
        order = sorted(set(values))
        objects: list[str] = []
        if field.inside is not None:
            pass  # they are written where the records are
        elif field.holds == "estimate":
            own = held[data["finding"]] if "finding" in data else node.partition("/links/")[0]
            objects = [f"<{own}/estimate/{quote(value, safe='')}>" for value in order]
        elif held is None:
            objects = [encode_basestring(value) for value in order]
        else:
            objects = [held[value] if field.holds == "term" else f"<{held[value]}>" for value in order]
        for object in objects:
            put(f"{start}{object}{end}")
        if order != values:
            places = {value: str(at) for at, value in enumerate(order, start=1)}
            said = " ".join(places[value] for value in values)
            put(f'<{node}> <{ORDER}> "{field.key} {said}"{end}')

    def _compiled(self, shape: tuple[str, ...]) -> Emit:
        """A function that writes records with these fields: one f-string for all fields of one value, then the rest.

        Its text is made of names of our models and of IRIs, which hold neither quotes nor braces; no value stands in it.
        """
        known: dict[str, Any] = {"listed": self._listed, "quote": quote, "more": self._more}
        end, said = _literal(self._end), ["{s}" + _literal(part) for part in self._types]
        if self._more:
            said.append("{s}{s.join(more[data['kind']])}")
        lists: list[str] = []
        links: list[str] = []
        below: list[str] = []
        for at, key in enumerate(shape):
            field, held, value = self._fields[key], f"held{at}", f"data[{key!r}]"
            start = "{s}" + _literal(f"<{field.predicate}> ")
            if field.holds == "names":
                known[held] = self._entry(field)
                child = f"{{node}}/{key}/{{quote(key, safe='')}}"
                links.append(f'for key in {value}: put(f"""{start}<{child}>{end}""")')
                below.append(f'for key, value in {value}.items(): {held}(f"""{child}""", (key, value), put)')
            elif field.inside is not None:
                known[held] = self._held[key].write
                if field.by_id:
                    known[f"field{at}"] = field
                    lists.append(f"listed(node, field{at}, data, put)")
                child, loop, item = f"{{node}}/{key}", "", value
                if field.many:
                    child = "{node}/estimate/{item['id']}" if field.by_id else f"{{node}}/{key}/{{at}}"
                    loop, item = f"for at, item in enumerate({value}, 1): ", "item"
                links.append(f'{loop}put(f"""{start}<{child}>{end}""")')
                below.append(f'{loop}{held}(f"""{child}""", {item}, put)')
            elif field.many:
                known[held] = field
                lists.append(f"listed(node, {held}, data, put)")
            else:
                called = f"({value})" if self._held[key] is None else f"[{value}]"
                known[held] = self._held[key] or (_number if field.holds == "number" else encode_basestring)
                object = f"<{{{held}{called}}}>" if field.holds == "reference" else f"{{{held}{called}}}"
                said.append(f"{start}{object}{end}")
        body = ['s = f"<{node}> "', f'put(f"""{"".join(said)}""")', *lists, *links, *below]
        source = "def write(node, data, put):\n" + "".join(f"    {line}\n" for line in body)
        exec(compile(source, f"<writer of {', '.join(shape)}>", "exec"), known)
        made: Emit = known["write"]
        return made


def _literal(text: str) -> str:
    """A part of a line as it stands in an f-string."""
    return text.replace("\n", "\\n")


def _number(value: float) -> str:
    return f'"{value}"^^<{INTEGER}>' if isinstance(value, int) else f'"{value!r}"^^<{DOUBLE}>'
