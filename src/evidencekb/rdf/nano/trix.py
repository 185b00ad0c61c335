"""TriX read with the XML reader of Python: no document type, so no entities, and nothing is fetched.

References:
    Carroll and Stickler (2004), TriX: RDF Triples in XML, HP Labs HPL-2004-56.
"""

from __future__ import annotations

from typing import Any
from xml.parsers import expat

from evidencekb.rdf.nano.faults import Unreadable
from evidencekb.rdf.nano.statements import LANG_STRING, Blank, Document, Iri, Literal, Node, Statement, Value
from evidencekb.rdf.nano.trig import MAX_STATEMENTS

_TRIX = "http://www.w3.org/2004/03/trix/trix-1/"
_LANG = "http://www.w3.org/XML/1998/namespace lang"
_INSIDE = {
    "": {"TriX"}, "TriX": {"graph"}, "graph": {"uri", "id", "triple"},
    "triple": {"uri", "id", "plainLiteral", "typedLiteral"},
}  # fmt: skip


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator=" ")
        self.parser.buffer_text = True
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.data
        self.open: list[str] = [""]
        self.text: list[str] = []
        self.attributes: dict[str, str] = {}
        self.graph: Node | None = None
        self.graphs: dict[Node, int] = {}
        self.parts: list[Value] = []
        self.line = 0
        self.here = 0
        self.statements: list[Statement] = []

    @property
    def at(self) -> int:
        return self.parser.CurrentLineNumber

    def doctype(self, *_: Any) -> None:
        raise Unreadable("it has a document type, and none is read: it could name other files", self.at)

    def start(self, name: str, attributes: dict[str, str]) -> None:
        space, _, local = name.rpartition(" ")
        if space != _TRIX or local not in _INSIDE.get(self.open[-1], ()):
            raise Unreadable(f"the element {local!r} cannot stand here in TriX", self.at)
        if local == "graph":
            self.graph, self.here = None, 0
        elif local == "triple":
            self.parts, self.line = [], self.at
        self.open.append(local)
        self.text, self.attributes = [], attributes

    def data(self, text: str) -> None:
        if self.open[-1] in ("uri", "id", "plainLiteral", "typedLiteral"):
            self.text.append(text)
        elif text.strip():
            raise Unreadable(f"the text {text.strip()[:40]!r} cannot stand here in TriX", self.at)

    def end(self, _: str) -> None:
        local, inside = self.open.pop(), self.open[-1]
        if local == "triple":
            self.say()
        elif inside == "triple":
            self.parts.append(self.value(local))
        elif local in ("uri", "id"):
            if self.graph is not None or self.here:
                raise Unreadable("a graph has one name, before its statements", self.at)
            name = self.value(local)
            if isinstance(name, Literal):  # pragma: no cover - a uri or id gives none
                raise Unreadable("a graph is named by an IRI", self.at)
            self.graph = name
            self.graphs.setdefault(name, self.at)

    def value(self, local: str) -> Value:
        text = "".join(self.text)
        if local == "uri":
            return Iri(text.strip())
        if local == "id":
            return Blank(text.strip())
        if local == "plainLiteral":
            language = self.attributes.get(_LANG, "")
            return Literal(text, LANG_STRING, language) if language else Literal(text)
        if "datatype" not in self.attributes:
            raise Unreadable("a typedLiteral has no datatype", self.at)
        return Literal(text, self.attributes["datatype"])

    def say(self) -> None:
        if len(self.parts) != 3:
            raise Unreadable(f"a triple has three parts, and this one {len(self.parts)}", self.line)
        subject, predicate, value = self.parts
        if isinstance(subject, Literal) or not isinstance(predicate, Iri):
            raise Unreadable("a triple begins with an IRI or a blank node, and goes on with an IRI", self.line)
        if len(self.statements) >= MAX_STATEMENTS:
            raise Unreadable(f"more than {MAX_STATEMENTS:,} statements", self.line)
        self.here += 1
        self.statements.append(Statement(self.graph, subject, predicate, value, self.line))


def read_trix(data: bytes) -> Document:
    """Read TriX.

    Raises:
        Unreadable: If it is not TriX, or has a document type; with the line.
    """
    reader = _Reader()
    try:
        reader.parser.Parse(data, True)
    except expat.ExpatError as problem:
        raise Unreadable(f"it is no XML: {expat.errors.messages.get(problem.code, problem)}", problem.lineno) from None
    except (LookupError, ValueError) as problem:  # of an encoding that is unknown, or of several bytes a letter
        raise Unreadable(f"its encoding is not read, and UTF-8 is: {problem}", 1) from None
    return Document(reader.statements, {}, reader.graphs)
