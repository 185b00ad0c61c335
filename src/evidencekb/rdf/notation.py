"""Turtle and TriG by rdflib's parsers, behind bounds, and without literals of rdflib."""

from __future__ import annotations

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
    Iri,
    Iris,
    Lexical,
    checked_iri,
    checked_literal,
    unescaped,
)
from evidencekb.rdf.terms import BOOLEAN, DECIMAL, DOUBLE, INTEGER

_SKIPPED = re.compile(
    r"""<[^<>"{}|^`\\\s]*+>|\"\"\"[^"\\]*+(?:(?:\\.|\"(?!\"\"))[^"\\]*+)*\"\"\"|'''[^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*'''"""
    r"""|"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'|\\.|\#[^\r\n]*+|([\[({])|([\])}])""",
    re.DOTALL,
)


# No group that holds a choice is possessive: Python before 3.11.5 goes wrong on it.
_INSIDE = {
    '"': re.compile(r'([^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+)"'),
    "'": re.compile(r"([^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+)'"),
    '"""': re.compile(r'([^"\\]*+(?:(?:\\.|"(?!""))[^"\\]*+)*)"""', re.DOTALL),
    "'''": re.compile(r"([^'\\]*+(?:(?:\\.|'(?!''))[^'\\]*+)*)'''", re.DOTALL),
}
"""The rest of a text, by what it began with."""


def read_turtle(text: str, name: str) -> Iterator[Found]:
    """The statements of a Turtle text."""
    _bounded(text, name)
    from rdflib.plugins.parsers.notation3 import SinkParser

    return _notation(text, name, SinkParser)


def read_trig(text: str, name: str) -> Iterator[Found]:
    """The statements of a TriG text."""
    _bounded(text, name)
    from rdflib.plugins.parsers.trig import TrigSinkParser

    return _notation(text, name, TrigSinkParser)


def _bounded(text: str, name: str) -> None:
    """Refuse nesting that rdflib would follow by calling itself, and lists without end."""
    depth = inside = 0
    open_lists: list[str] = []
    for found in _SKIPPED.finditer(text):
        if found[1]:
            open_lists.append(found[1])
            depth = len(open_lists)
            if depth > DEEPEST:
                raise InterchangeError(name, f"brackets nested {depth} deep", text.count("\n", 0, found.start()) + 1)
            inside += "(" in open_lists
        elif found[2] and open_lists:
            open_lists.pop()
        elif "(" in open_lists and found[0][0] != "#":
            inside += 1
        if inside > MOST_IN_LISTS:
            line = text.count("\n", 0, found.start()) + 1
            raise InterchangeError(name, f"more than {MOST_IN_LISTS:,} values in lists", line)


def _notation(text: str, name: str, parser: type[Any]) -> Iterator[Found]:
    """Turtle or TriG by rdflib's parser, which hands each statement to a sink of ours."""
    from rdflib.plugins.parsers.notation3 import RDFSink
    from rdflib.term import BNode, URIRef

    iris = Iris(name)

    class Graph:
        def __init__(self, identifier: Any) -> None:
            self.identifier = identifier

    class Reader(parser):  # type: ignore[misc]  # one of two classes of rdflib
        """The parser, but that texts take as long as they are, and a base stays short."""

        def strconst(self, argstr: str, i: int, delim: str) -> tuple[int, str]:
            held = _INSIDE[delim].match(argstr, i)
            if held is None:
                raise InterchangeError(name, "a text that does not end", self.lines + 1)
            text = unescaped(held[1], name, self.lines + 1)
            self.lines += held[1].count("\n")
            return held.end(), text

        @property
        def _baseURI(self) -> str:
            return self._held

        @_baseURI.setter
        def _baseURI(self, iri: str) -> None:
            self._held = checked_iri(iri, name, getattr(self, "lines", 0) + 1) if iri != RELATIVE else iri

    class Sink(RDFSink):
        def __init__(self) -> None:
            super().__init__(Graph(None))  # type: ignore[arg-type]  # it only asks for an identifier
            self.found: list[Found] = []
            self.members = 0

        def newGraph(self, identifier: Any) -> Any:
            return Graph(identifier)

        def newSymbol(self, *args: str) -> URIRef:
            return URIRef(iris.checked(args[0], read.lines + 1))

        def newBlankNode(self, arg: Any = None, uri: Any = None, why: Any = None) -> Any:
            return super().newBlankNode(arg if isinstance(arg, list | tuple) else None)

        def newFormula(self) -> Any:
            raise ValueError("formulas are no RDF")

        def newLiteral(self, s: str, dt: Any, lang: Any) -> Any:
            return checked_literal(s, dt and str(dt), lang and str(lang), name, read.lines + 1)

        def newList(self, n: list[Any], f: Any) -> Any:
            self.members += len(n)
            if self.members > MOST_IN_LISTS:
                raise InterchangeError(name, f"more than {MOST_IN_LISTS:,} values in lists")
            return super().newList(n, f)

        def normalise(self, f: Any, n: Any) -> Any:
            if isinstance(n, Lexical):
                return n
            if isinstance(n, tuple):
                return checked_iri(str(n[1]), name)
            if isinstance(n, bool):
                return Lexical(str(n).lower(), BOOLEAN)
            if isinstance(n, int):
                return Lexical(str(n), INTEGER)
            if isinstance(n, URIRef):
                return checked_iri(str(n), name)
            if isinstance(n, BNode):
                return Blank(n)
            if isinstance(n, str):
                return Lexical(str(n), DOUBLE)
            return Lexical(f"{n:f}", DECIMAL)

        def makeStatement(self, quadruple: Any, why: Any = None) -> None:
            f, p, s, o = quadruple
            where = getattr(f, "identifier", None)
            graph = None if where is None else self.normalise(None, where)
            subject, predicate = self.normalise(None, s), self.normalise(None, p)
            if isinstance(subject, Lexical) or not isinstance(predicate, Iri):
                raise ValueError(f"{subject} {predicate}: a literal cannot stand there")
            self.found.append(Found(subject, predicate, self.normalise(None, o), graph))

    sink = Sink()
    read = Reader(sink, baseURI=RELATIVE, turtle=True)
    read.startDoc()
    read.feed(text)
    read.endDoc()
    yield from sink.found
