"""TriG and N-Quads read by a reader of our own: letters are kept, every statement knows its line, and nothing is fetched.

References:
    W3C (2014), RDF 1.1 TriG; RDF 1.1 N-Quads.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from evidencekb.rdf.nano.faults import Unreadable
from evidencekb.rdf.nano.statements import LANG_STRING, RDF, XSD, Blank, Document, Iri, Literal, Node, Statement, Value

MAX_STATEMENTS = 200_000
MAX_DEPTH = 64
"""How deep collections and nodes in brackets may be nested."""

_START = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f\u2c00-\u2fef"
    "\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_CHAR = f"{_START}_0-9\\-\u00b7\u0300-\u036f\u203f-\u2040"
_MORE = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_PREFIX = rf"(?:[{_START}](?:[{_CHAR}.]*[{_CHAR}])?)?:"
_LOCAL = rf"(?:(?:[{_START}_0-9:]|{_MORE})(?:(?:[{_CHAR}:]|{_MORE}|\.(?=[{_CHAR}:.%\\]))*(?:[{_CHAR}:]|{_MORE}))?)?"
_BLANK = rf"_:[{_START}_0-9](?:[{_CHAR}.]*[{_CHAR}])?"
# No group is possessive: Python before 3.11.5 goes wrong on those that hold a choice.
_SKIP = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)+")
_TOKEN = re.compile(
    rf"""
      <(?P<iri>[^\x00-\x20<>"{{}}|^`]*+)>
    | (?P<long>\"\"\"[^"\\]*+(?:(?:\\.|""?(?!"))[^"\\]*+)*\"\"\"|'''[^'\\]*+(?:(?:\\.|''?(?!'))[^'\\]*+)*''')
    | (?P<short>"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*"|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*')
    | (?P<blank>{_BLANK})
    | (?P<name>{_PREFIX}{_LOCAL})
    | (?P<at>@[A-Za-z]+(?:-[A-Za-z0-9]+)*)
    | (?P<double>[+-]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)[eE][+-]?[0-9]+)
    | (?P<decimal>[+-]?[0-9]*\.[0-9]+)
    | (?P<integer>[+-]?[0-9]+)
    | (?P<mark>\^\^|[.;,\[\](){{}}])
    | (?P<word>[A-Za-z]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_ESCAPES = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:")
_NUMBERS = ("integer", "decimal", "double")
_FIRST, _REST, _NIL, _TYPE = (Iri(f"{RDF}{name}") for name in ("first", "rest", "nil", "type"))


class _Token(NamedTuple):
    kind: str
    text: str
    line: int


def _tokens(text: str) -> Iterator[_Token]:
    at, line = 0, 1
    while True:
        if skipped := _SKIP.match(text, at):
            line += text.count("\n", at, skipped.end())
            at = skipped.end()
        if at == len(text):
            break
        found = _TOKEN.match(text, at)
        if found is None:
            raise Unreadable(f"{text[at : at + 20].split(chr(10), maxsplit=1)[0]!r} is not TriG", line)
        kind = found.lastgroup or ""
        yield _Token(kind, found[kind], line)
        line += text.count("\n", at, found.end())
        at = found.end()
    yield _Token("end", "the end", line)


def _unescaped(text: str, line: int, *, iri: bool = False) -> str:
    if "\\" not in text:
        return text

    def one(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        if code:
            number = int(code, 16)
            if number > 0x10FFFF or 0xD800 <= number <= 0xDFFF:
                raise Unreadable(f"{match[0]} is no character", line)
            return chr(number)
        if iri or match[3] not in _ESCAPES:
            raise Unreadable(f"{match[0]!r} is no escape that {'an IRI' if iri else 'a text'} may have", line)
        return _ESCAPES[match[3]]

    return _ESCAPE.sub(one, text)


class _Reader:
    """Reads one text, token by token."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.token = next(self.tokens)
        self.prefixes: dict[str, str] = {}
        self.base = ""
        self.graph: Node | None = None
        self.graphs: dict[Node, int] = {}
        self.statements: list[Statement] = []
        self.made = 0
        self.depth = 0

    def take(self) -> _Token:
        token, self.token = self.token, next(self.tokens, self.token)
        return token

    def is_mark(self, mark: str) -> bool:
        return self.token.kind == "mark" and self.token.text == mark

    def is_word(self, word: str) -> bool:
        return self.token.kind == "word" and self.token.text.lower() == word

    def expect(self, mark: str, where: str) -> None:
        if not self.is_mark(mark):
            raise Unreadable(f"{mark!r} is missing {where}, before {self.token.text[:40]!r}", self.token.line)
        self.take()

    def say(self, subject: Node, predicate: Iri, value: Value, line: int) -> None:
        if len(self.statements) >= MAX_STATEMENTS:
            raise Unreadable(f"more than {MAX_STATEMENTS:,} statements", line)
        self.statements.append(Statement(self.graph, subject, predicate, value, line))

    def document(self) -> Document:
        while self.token.kind != "end":
            if self.token.kind == "at":
                self.directive(self.take().text[1:], dotted=True)
            elif self.is_word("prefix") or self.is_word("base"):
                self.directive(self.take().text.lower(), dotted=False)
            else:
                self.block()
        return Document(self.statements, self.prefixes, self.graphs)

    def directive(self, name: str, *, dotted: bool) -> None:
        if name == "prefix":
            prefix = self.take()
            if prefix.kind != "name" or not prefix.text.endswith(":") or prefix.text.count(":") != 1:
                raise Unreadable(f"{prefix.text[:40]!r} is no prefix", prefix.line)
            self.prefixes[prefix.text[:-1]] = self.reference()
        elif name == "base":
            self.base = self.reference()
        else:
            raise Unreadable(f"@{name} is no directive", self.token.line)
        if dotted:
            self.expect(".", f"behind @{name}")

    def reference(self) -> Iri:
        token = self.take()
        if token.kind != "iri":
            raise Unreadable(f"an IRI is missing before {token.text[:40]!r}", token.line)
        return self.resolved(token)

    def resolved(self, token: _Token) -> Iri:
        text = _unescaped(token.text, token.line, iri=True)
        if _SCHEME.match(text):
            return Iri(text)
        problem = f"<{text[:80]}> is a relative IRI, and the text names no base that it fits to"
        try:
            if self.base and urlsplit(self.base).scheme in ("http", "https", "ftp", "file"):
                base = self.base.split("#")[0]
                return Iri(urljoin(base, text) if text else base)
        except ValueError as why:
            raise Unreadable(f"{problem}: {why}", token.line) from None
        raise Unreadable(problem, token.line)

    def block(self) -> None:
        named = self.is_word("graph")
        if named:
            self.take()
        line = self.token.line
        if self.is_mark("{") and not named:
            self.wrapped(None)
        elif not named and (self.is_mark("[") or self.is_mark("(")):
            anonymous = self.is_mark("[")
            subject, alone = self.bracket()
            if self.is_mark("{") and anonymous and not alone:
                self.wrapped(subject, line)
                return
            if not (alone and self.is_mark(".")):
                self.properties(subject)
            self.expect(".", "behind a statement")
        else:
            subject = self.node()
            if named or self.is_mark("{"):
                self.wrapped(subject, line)
            else:
                self.properties(subject)
                self.expect(".", "behind a statement")

    def wrapped(self, graph: Node | None, line: int = 0) -> None:
        self.expect("{", "at the beginning of a graph")
        self.graph = graph
        if graph is not None:
            self.graphs.setdefault(graph, line)
        while not self.is_mark("}"):
            if self.is_mark("[") or self.is_mark("("):
                subject, alone = self.bracket()
                if not (alone and (self.is_mark(".") or self.is_mark("}"))):
                    self.properties(subject)
            else:
                self.properties(self.node())
            if not self.is_mark("}"):
                self.expect(".", "behind a statement")
        self.take()
        self.graph = None

    def properties(self, subject: Node) -> None:
        while True:
            line = self.token.line
            predicate = self.verb()
            while True:
                self.say(subject, predicate, self.value(), line)
                if not self.is_mark(","):
                    break
                self.take()
                line = self.token.line
            if not self.is_mark(";"):
                return
            while self.is_mark(";"):
                self.take()
            if self.is_mark(".") or self.is_mark("]") or self.is_mark("}"):
                return

    def verb(self) -> Iri:
        if self.token.kind == "word" and self.token.text == "a":
            self.take()
            return _TYPE
        line, node = self.token.line, self.node()
        if isinstance(node, Blank):
            raise Unreadable("a blank node cannot be what a statement says of its subject", line)
        return node

    def node(self) -> Node:
        token = self.take()
        if token.kind == "iri":
            return self.resolved(token)
        if token.kind == "name":
            return self.named(token)
        if token.kind == "blank":
            return Blank(token.text[2:])
        raise Unreadable(f"an IRI or a name is missing before {token.text[:40]!r}", token.line)

    def named(self, token: _Token) -> Iri:
        prefix, _, local = token.text.partition(":")
        if prefix not in self.prefixes:
            raise Unreadable(f"the prefix {prefix!r} of {token.text[:60]!r} is not declared", token.line)
        return Iri(self.prefixes[prefix] + re.sub(r"\\(.)", r"\1", local))

    def value(self) -> Value:
        token = self.token
        if token.kind in ("long", "short"):
            self.take()
            cut = 3 if token.kind == "long" else 1
            return self.literal(_unescaped(token.text[cut:-cut], token.line))
        if token.kind in _NUMBERS:
            return Literal(self.take().text, f"{XSD}{token.kind}")
        if token.kind == "word" and token.text in ("true", "false"):
            return Literal(self.take().text, f"{XSD}boolean")
        if self.is_mark("[") or self.is_mark("("):
            return self.bracket()[0]
        return self.node()

    def literal(self, text: str) -> Literal:
        if self.token.kind == "at":
            return Literal(text, LANG_STRING, self.take().text[1:])
        if self.is_mark("^^"):
            line = self.take().line
            datatype = self.node()
            if isinstance(datatype, Blank):
                raise Unreadable("a blank node is no datatype", line)
            return Literal(text, str(datatype))
        return Literal(text)

    def fresh(self) -> Blank:
        self.made += 1
        return Blank(f" {self.made}")  # no label has a blank in it

    def bracket(self) -> tuple[Node, bool]:
        """A node in brackets, and whether it may stand alone: one that says something may."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unreadable(f"nested more than {MAX_DEPTH} deep", self.token.line)
        if self.take().text == "[":
            node: Node = self.fresh()
            alone = not self.is_mark("]")
            if alone:
                self.properties(node)
            self.expect("]", "behind a node in brackets")
        else:
            node, alone = self.collection(), False
        self.depth -= 1
        return node, alone

    def collection(self) -> Node:
        first: Node = _NIL
        last: Node | None = None
        while not self.is_mark(")"):
            line, cell = self.token.line, self.fresh()
            value = self.value()
            if last is None:
                first = cell
            else:
                self.say(last, _REST, cell, line)
            self.say(cell, _FIRST, value, line)
            last = cell
        if last is not None:
            self.say(last, _REST, _NIL, self.token.line)
        self.take()
        return first


def read_trig(text: str) -> Document:
    """Read TriG.

    Raises:
        Unreadable: If it is not TriG, with the line.

    Examples:
        >>> read_trig('@prefix e: <http://example.org/> . e:g { e:a e:b "1.50"^^e:c . }').statements[0].object
        Lexical(text='1.50', datatype='http://example.org/c', language='')
    """
    return _Reader(text).document()


def read_nquads(text: str) -> Document:
    """Read N-Quads, one statement after the other.

    Raises:
        Unreadable: If it is not N-Quads, with the line.
    """
    reader = _Reader(text)
    while reader.token.kind != "end":
        line = reader.token.line
        subject, predicate, value = _plain(reader), _plain(reader), _plain(reader, literal=True)
        graph = None if reader.is_mark(".") else _plain(reader)
        reader.expect(".", "behind a statement")
        if isinstance(subject, Literal) or isinstance(graph, Literal) or not isinstance(predicate, Iri):
            raise Unreadable("a statement of N-Quads has an IRI or blank node, an IRI, and what it says", line)
        reader.graph = graph
        if graph is not None:
            reader.graphs.setdefault(graph, line)
        reader.say(subject, predicate, value, line)
    return Document(reader.statements, {}, reader.graphs)


def _plain(reader: _Reader, *, literal: bool = False) -> Value:
    if reader.token.kind in ("iri", "blank") or (literal and reader.token.kind == "short"):
        return reader.value()
    raise Unreadable(f"{reader.token.text[:40]!r} cannot stand here in N-Quads", reader.token.line)
