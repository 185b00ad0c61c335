"""JSON-LD by rdflib's parser, behind bounds, without contexts from elsewhere and without literals of rdflib."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from evidencekb.errors import InterchangeError
from evidencekb.rdf.found import (
    DEEPEST,
    MOST_IN_LISTS,
    RELATIVE,
    Blank,
    Found,
    Iris,
    Lexical,
    Subject,
    checked_literal,
)
from evidencekb.rdf.terms import BOOLEAN, DOUBLE, INTEGER

MOST_SCOPED = 1_000_000
"""Terms of contexts inside contexts, times objects."""
MOST_COPIED = 100_000_000
"""Contexts, times the terms that they have together."""


def read_jsonld(text: str, name: str) -> Iterator[Found]:
    """The statements of a JSON-LD text, whose contexts stand in it."""
    data = _json(text, name)
    if not isinstance(data, dict | list):
        raise InterchangeError(name, "JSON-LD is an object or a list of objects")
    _contexts(data, name)
    from rdflib.plugins.parsers.jsonld import Parser
    from rdflib.plugins.shared.jsonld.context import Context
    from rdflib.plugins.shared.jsonld.keys import ID, JSON, VOCAB
    from rdflib.term import BNode

    found: list[Found] = []
    iris = Iris(name)

    class Graph:
        context_aware = True

        def __init__(self, identifier: Any = None) -> None:
            self.identifier = None if identifier is None else node(identifier)
            self.default_context = self

        def bind(self, prefix: Any, namespace: Any) -> None:
            """Prefixes are only for writing."""

        def get_context(self, identifier: Any) -> Graph:
            return Graph(identifier)

        def add(self, triple: Any) -> None:
            s, p, o = triple
            found.append(
                Found(node(s), iris.checked(str(p)), o if isinstance(o, Lexical) else node(o), self.identifier)
            )

    def node(term: Any) -> Subject:
        return Blank(term) if isinstance(term, BNode) else iris.checked(str(term))

    class Reader(Parser):
        def _to_object(self, dataset: Any, graph: Any, context: Any, term: Any, node: Any, inlist: bool = False) -> Any:
            if isinstance(node, tuple):
                value, language = node
                return None if value is None else checked_literal(_spelled(value), None, language, name)
            if not isinstance(node, dict):
                if node is None:
                    return None
                kind = term.type if term else None
                if kind == JSON or (kind in (ID, VOCAB) and isinstance(node, str)):
                    return super()._to_object(dataset, graph, context, term, node, inlist)
                if kind and kind not in (ID, VOCAB, "@none"):
                    return checked_literal(_spelled(node), context.expand(kind), None, name)
                if isinstance(node, str):
                    language = term.language if term and isinstance(term.language, str | None) else context.language
                    return checked_literal(node, None, language, name)
                return _plain(node)
            if context.get_list(node) is None and context.get_value(node) is not None:
                value, language = context.get_value(node), context.get_language(node)
                kind = None if language else context.get_type(node)
                if kind not in context.get_keys(JSON):
                    if isinstance(value, dict | list):
                        raise ValueError("a value is no text, number or truth")
                    if not language and not kind and not isinstance(value, str):
                        return _plain(value)
                    return checked_literal(_spelled(value), kind and context.expand(kind), language, name)
            held: Any = super()._to_object(dataset, graph, context, term, node, inlist)
            if held is not None and getattr(held, "datatype", None) is not None:
                return checked_literal(str(held), str(held.datatype), None, name)
            return held

    Reader().parse(data, Context(base=RELATIVE, version=1.1), Graph())  # type: ignore[arg-type]  # a graph as far as it asks
    yield from found


def _spelled(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _plain(value: Any) -> Lexical:
    if isinstance(value, bool):
        return Lexical(str(value).lower(), BOOLEAN)
    if isinstance(value, int):
        return Lexical(str(value), INTEGER)
    return Lexical(str(value), DOUBLE)


def _json(text: str, name: str) -> Any:
    def refused(constant: str) -> Any:
        raise InterchangeError(name, f"{constant} is no number of JSON")

    depth = 0
    for found in re.finditer(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"|([\[{])|([\]}])', text, re.DOTALL):
        depth += bool(found[1]) - bool(found[2])
        if depth > DEEPEST:
            raise InterchangeError(name, f"nested {depth} deep", text.count("\n", 0, found.start()) + 1)
    try:
        data = json.loads(text, parse_constant=refused)
    except InterchangeError:
        raise
    except json.JSONDecodeError as problem:
        raise InterchangeError(name, f"no JSON: {problem.msg}", problem.lineno) from None
    except (ValueError, RecursionError):
        raise InterchangeError(name, "a number of more digits than are read; write it as a text") from None
    if not isinstance(data, dict | list):
        raise InterchangeError(name, "JSON-LD is an object or a list of objects")
    return data


def _contexts(data: Any, name: str) -> None:
    """Refuse contexts that stand elsewhere, wherever they are named, contexts that multiply, and lists without end."""
    waiting: list[tuple[Any, bool, bool]] = [(data, False, False)]
    members = objects = contexts = terms = inner_terms = 0
    while waiting:
        value, listed, inside = waiting.pop()
        if isinstance(value, list):
            members += len(value) if listed else 0
            waiting += [(item, listed or isinstance(item, list), inside) for item in value]
        elif isinstance(value, dict):
            objects += not inside
            for key, held in value.items():
                if key == "@context":
                    _context(held, name)
                    contexts += not inside
                    terms += 0 if inside else _entries(held)
                    inner_terms += _entries(held) if inside else 0
                if key in ("@import", "@source"):
                    raise InterchangeError(name, f"{key} {held!r}; nothing is fetched, write the context itself there")
                waiting.append((held, listed or key == "@list", inside or key == "@context"))
        if members > MOST_IN_LISTS:
            raise InterchangeError(name, f"more than {MOST_IN_LISTS:,} values in lists")
    # Each object of a scoped context reads that anew; a context inside copies what it adds to.
    if inner_terms * objects > MOST_SCOPED or (contexts > 1 and contexts * terms > MOST_COPIED):
        raise InterchangeError(name, "its contexts multiply with its objects; write one context, at the top")


def _entries(context: Any) -> int:
    if isinstance(context, list):
        return sum(map(_entries, context))
    return len(context) if isinstance(context, dict) else 0


def _context(held: Any, name: str) -> None:
    waiting = [held]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            problem = f"its @context is the address {value!r}; nothing is fetched, write the context itself there"
            raise InterchangeError(name, problem)
        if isinstance(value, list):
            waiting += value
        elif isinstance(value, dict):
            if "@context" in value:
                waiting.append(value["@context"])
        elif value is not None:
            raise InterchangeError(name, f"its @context is {value!r}, which is no context")
