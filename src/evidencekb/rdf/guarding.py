"""RDF of others, read with every guard in one place: nothing is fetched, nothing is evaluated, everything has a bound.

Literals keep the text they were written with. rdflib works out the value of each literal, which takes minutes for a decimal such
as ``1E999999999`` and parses HTML and XML; so its parsers hand over here what they read, before it becomes a literal of theirs.
A JSON-LD text is looked through first: a context that is an address, wherever it stands, is refused.

N-Quads and N-Triples are read line by line without rdflib, so that a problem has a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from evidencekb.errors import InterchangeError
from evidencekb.rdf.names import is_absolute
from evidencekb.rdf.terms import BOOLEAN, DOUBLE, INTEGER

MOST_BYTES = 64 * 1024 * 1024
"""A file may be so large, unless one says otherwise."""
MOST_LITERAL = 4 * 1024 * 1024
"""A literal may be so long, in signs."""
DEEPEST = 40
"""Brackets, lists and JSON may be nested so deeply."""
MOST_IN_LISTS = 20_000
"""So many values may stand in RDF lists: each is two statements, and lists in lists multiply."""

FORMS = {
    ".nq": "nquads",
    ".nt": "nquads",
    ".trig": "trig",
    ".ttl": "turtle",
    ".jsonld": "jsonld",
}
"""Forms by the ending of a file."""

_RELATIVE = "http://relative.invalid/"
"""Where relative IRIs end up, so that they are seen."""
_STRING = "http://www.w3.org/2001/XMLSchema#string"
_LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_IRI = r"<([^\x00-\x20<>\"{}|^`]*)>"
_BLANK = r"_:([^\s<>\"\\]+)"
_TEXT = r'"([^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+)"'
_LINE = re.compile(
    rf"[ \t]*(?:{_IRI}|{_BLANK})[ \t]*{_IRI}[ \t]*"
    rf"(?:{_IRI}|{_BLANK}|{_TEXT}(?:\^\^{_IRI}|@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?)"
    rf"[ \t]*(?:{_IRI}|{_BLANK})?[ \t]*\.[ \t]*(?:#.*)?"
)
_NOTHING = re.compile(r"[ \t]*(?:#.*)?")
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIMPLE = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_HALF = re.compile("[\ud800-\udfff\x00]")
_SKIPPED = re.compile(
    r"""<[^<>"{}|^`\\\s]*+>|\"\"\"(?:[^"\\]++|\\.|\"(?!\"\"))*+\"\"\"|'''(?:[^'\\]++|\\.|'(?!''))*+'''"""
    r"""|"[^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+"|'[^'\\\r\n]*+(?:\\.[^'\\\r\n]*+)*+'|\\.|\#[^\r\n]*+|([\[({])|([\])}])""",
    re.DOTALL,
)


class Iri(str):
    """An absolute IRI."""

    __slots__ = ()


class Blank(str):
    """The label of a node without an IRI; it means nothing outside of its file."""

    __slots__ = ()


class Lexical(NamedTuple):
    """A literal as it was written.

    Attributes:
        text: Its text.
        datatype: IRI of its type.
        language: Its language; '' without one.
    """

    text: str
    datatype: str = _STRING
    language: str = ""

    def __str__(self) -> str:
        shown = json.dumps(self.text if len(self.text) < 80 else f"{self.text[:77]}...", ensure_ascii=False)
        if self.language:
            return f"{shown}@{self.language}"
        return shown if self.datatype == _STRING else f"{shown}^^<{self.datatype}>"


Subject = Iri | Blank
Object = Iri | Blank | Lexical


class Found(NamedTuple):
    """A statement that was read.

    Attributes:
        subject: What it is about.
        predicate: The property.
        object: Its value.
        graph: The graph it stands in; None for the one without a name.
        line: Where it was read, from 1; 0 when that is not known.
    """

    subject: Subject
    predicate: Iri
    object: Object
    graph: Subject | None = None
    line: int = 0


def form_of(name: str) -> str:
    """The form of a file by its ending.

    Raises:
        InterchangeError: If the ending is none of RDF.

    Examples:
        >>> form_of("pack.trig"), form_of("pack.nt")
        ('trig', 'nquads')
    """
    form = FORMS.get(Path(name).suffix.lower())
    if form is None:
        raise InterchangeError(name, f"its ending says no form of RDF; name the form, or one of {', '.join(FORMS)}")
    return form


def read_quads(file: Path, form: str | None = None, *, most: int = MOST_BYTES) -> Iterator[Found]:
    """The statements of a file.

    Args:
        file: The file.
        form: ``nquads`` (N-Triples too), ``trig``, ``turtle`` or ``jsonld``; by default told from the ending.
        most: Bytes that it may have.

    Raises:
        InterchangeError: If it is too large, cannot be read, or holds what is refused.
        OSError: If it cannot be opened.
    """
    form = form or form_of(file.name)
    size = file.stat().st_size
    if size > most:
        raise InterchangeError(str(file), _too_large(size, most))
    if form == "nquads":
        with file.open("rb") as lines:
            yield from _nquads(lines, str(file))
    else:
        yield from guarded_quads(file.read_bytes(), form, name=str(file), most=most)


def guarded_quads(data: bytes | str, form: str, *, name: str = "the text", most: int = MOST_BYTES) -> Iterator[Found]:
    r"""The statements of a text, in the order in which they stand there.

    Args:
        data: The text, or its bytes in UTF-8.
        form: ``nquads`` (N-Triples too), ``trig``, ``turtle`` or ``jsonld``.
        name: What errors call it.
        most: Bytes that it may have.

    Raises:
        InterchangeError: If it is too large, cannot be read, or holds what is refused: a relative IRI, a signless half of a
            sign, too much nesting, a context from elsewhere.

    Examples:
        >>> [found] = guarded_quads('<urn:a> <urn:b> "1.50"^^<urn:c> .', "nquads")
        >>> found.object
        Lexical(text='1.50', datatype='urn:c', language='')
        >>> list(guarded_quads('{"@context": "https://example.org/context"}', "jsonld"))  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        ...
        evidencekb.errors.InterchangeError: the text: its @context is the address 'https://example.org/context'; nothing is ...
    """
    raw = data.encode("utf-8", "surrogatepass") if isinstance(data, str) else data
    if len(raw) > most:
        raise InterchangeError(name, _too_large(len(raw), most))
    if form == "nquads":
        yield from _nquads(raw.split(b"\n"), name)
        return
    if form not in _READERS:
        raise InterchangeError(name, f"the form {form!r} is not read; there are nquads, {', '.join(_READERS)}")
    text = _decoded(raw.removeprefix(b"\xef\xbb\xbf"), name, 1)
    try:
        yield from _READERS[form](text, name)
    except InterchangeError:
        raise
    except RecursionError as problem:
        raise InterchangeError(name, "nested too deeply") from problem
    except Exception as problem:
        # rdflib raises whatever comes, from its own syntax errors to AttributeError on broken JSON-LD.
        raise InterchangeError(name, f"cannot be read as {form}: {_said(problem)}", _line_of(problem)) from problem


def _too_large(size: int, most: int) -> str:
    return f"{size:,} bytes are more than the {most:,} that are read; allow more if you trust it"


def _decoded(raw: bytes, name: str, line: int) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError as problem:
        at = line + raw.count(b"\n", 0, problem.start)
        raise InterchangeError(name, f"the byte 0x{raw[problem.start]:02x} is no UTF-8", at) from None


def _said(problem: Exception) -> str:
    text = " ".join(str(getattr(problem, "_why", "") or str(problem) or type(problem).__name__).split())
    return text if len(text) < 200 else f"{text[:197]}..."


def _line_of(problem: Exception) -> int:
    line = getattr(problem, "lines", 0)
    return line + 1 if isinstance(line, int) and hasattr(problem, "_why") else 0


def _nquads(lines: Iterable[bytes], name: str) -> Iterator[Found]:
    for number, line in enumerate(lines, start=1):
        raw = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
        for text in _decoded(raw, name, number).rstrip("\r\n").split("\r"):
            found = _LINE.fullmatch(text)
            if found is None:
                if _NOTHING.fullmatch(text):
                    continue
                shown = text if len(text) < 80 else f"{text[:77]}..."
                raise InterchangeError(name, f"no statement of N-Quads: {shown!r}", number)
            s, s_blank, p, o, o_blank, text_held, datatype, language, g, g_blank = found.groups()
            held: Object
            if text_held is not None:
                held = _literal(
                    _unescaped(text_held, name, number),
                    datatype and _unescaped(datatype, name, number),
                    language,
                    name,
                    number,
                )
            else:
                held = _node(o, o_blank, name, number)
            graph = None if g is None and g_blank is None else _node(g, g_blank, name, number)
            predicate = _node(p, None, name, number)
            yield Found(_node(s, s_blank, name, number), Iri(predicate), held, graph, number)


def _node(iri: str | None, blank: str | None, name: str, line: int) -> Subject:
    return Blank(blank) if iri is None else _iri(_unescaped(iri, name, line), name, line)


def _iri(text: str, name: str, line: int = 0) -> Iri:
    if not _absolute(text) or text.startswith(_RELATIVE):
        shown = text.removeprefix(_RELATIVE)
        shown = shown if len(shown) < 200 else f"{shown[:197]}..."
        raise InterchangeError(name, f"{shown!r} is no absolute IRI", line)
    return Iri(text)


_absolute = lru_cache(maxsize=65_536)(is_absolute)


def _literal(text: str, datatype: str | None, language: str | None, name: str, line: int = 0) -> Lexical:
    if len(text) > MOST_LITERAL:
        raise InterchangeError(name, f"a literal of {len(text):,} signs; {MOST_LITERAL:,} are read", line)
    if half := _HALF.search(text):
        raise InterchangeError(name, f"a literal holds {half[0]!r}, which is no sign", line)
    if language:
        return Lexical(text, _LANG_STRING, language.lower())
    return Lexical(text, _iri(datatype, name, line) if datatype else _STRING)


def _unescaped(text: str, name: str, line: int) -> str:
    if "\\" not in text:
        return text

    def sign(found: re.Match[str]) -> str:
        short, long, letter = found.groups()
        if letter is not None:
            if letter not in _SIMPLE:
                raise InterchangeError(name, f"there is no escape \\{letter}", line)
            return _SIMPLE[letter]
        code = int(short or long, 16)
        if code > 0x10FFFF:
            raise InterchangeError(name, f"there is no sign {found[0]}", line)
        return chr(code)

    return _ESCAPE.sub(sign, text)


def _turtle(text: str, name: str) -> Iterator[Found]:
    _bounded_brackets(text, name)
    from rdflib.plugins.parsers.notation3 import SinkParser

    return _notation(text, name, SinkParser)


def _trig(text: str, name: str) -> Iterator[Found]:
    _bounded_brackets(text, name)
    from rdflib.plugins.parsers.trig import TrigSinkParser

    return _notation(text, name, TrigSinkParser)


def _bounded_brackets(text: str, name: str) -> None:
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

    class Graph:
        def __init__(self, identifier: Any) -> None:
            self.identifier = identifier

    class Sink(RDFSink):
        def __init__(self) -> None:
            super().__init__(Graph(None))  # type: ignore[arg-type]  # it only asks for an identifier
            self.found: list[Found] = []
            self.members = 0

        def newGraph(self, identifier: Any) -> Any:  # noqa: N802
            return Graph(identifier)

        def newBlankNode(self, arg: Any = None, uri: Any = None, why: Any = None) -> Any:  # noqa: N802
            return super().newBlankNode(arg if isinstance(arg, list | tuple) else None)

        def newFormula(self) -> Any:  # noqa: N802
            raise ValueError("formulas are no RDF")

        def newLiteral(self, s: str, dt: Any, lang: Any) -> Any:  # noqa: N802
            return _literal(s, dt and str(dt), lang and str(lang), name)

        def newList(self, n: list[Any], f: Any) -> Any:  # noqa: N802
            self.members += len(n)
            if self.members > MOST_IN_LISTS:
                raise InterchangeError(name, f"more than {MOST_IN_LISTS:,} values in lists")
            return super().newList(n, f)

        def normalise(self, f: Any, n: Any) -> Any:
            if isinstance(n, Lexical):
                return n
            if isinstance(n, tuple):
                return _iri(str(n[1]), name)
            if isinstance(n, bool):
                return Lexical(str(n).lower(), BOOLEAN)
            if isinstance(n, int):
                return Lexical(str(n), INTEGER)
            if isinstance(n, URIRef):
                return _iri(str(n), name)
            if isinstance(n, BNode):
                return Blank(n)
            if isinstance(n, str):
                return Lexical(str(n), DOUBLE)
            return Lexical(str(n), "http://www.w3.org/2001/XMLSchema#decimal")

        def makeStatement(self, quadruple: Any, why: Any = None) -> None:  # noqa: N802
            f, p, s, o = quadruple
            where = getattr(f, "identifier", None)
            graph = None if where is None else self.normalise(None, where)
            subject, predicate = self.normalise(None, s), self.normalise(None, p)
            if isinstance(subject, Lexical) or not isinstance(predicate, Iri):
                raise ValueError(f"{subject} {predicate}: a literal cannot stand there")
            self.found.append(Found(subject, predicate, self.normalise(None, o), graph))

    sink = Sink()
    read = parser(sink, baseURI=_RELATIVE, turtle=True)
    read.startDoc()
    read.feed(text)
    read.endDoc()
    yield from sink.found


def _jsonld(text: str, name: str) -> Iterator[Found]:
    data = _json(text, name)
    _contexts(data, name)
    from rdflib.plugins.parsers.jsonld import Parser
    from rdflib.plugins.shared.jsonld.context import Context
    from rdflib.plugins.shared.jsonld.keys import ID, JSON, VOCAB
    from rdflib.term import BNode

    found: list[Found] = []

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
            found.append(Found(node(s), _iri(str(p), name), o if isinstance(o, Lexical) else node(o), self.identifier))

    def node(term: Any) -> Subject:
        return Blank(term) if isinstance(term, BNode) else _iri(str(term), name)

    class Reader(Parser):
        def _to_object(self, dataset: Any, graph: Any, context: Any, term: Any, node: Any, inlist: bool = False) -> Any:
            if isinstance(node, tuple):
                value, language = node
                return None if value is None else _literal(_spelled(value), None, language, name)
            if not isinstance(node, dict):
                if node is None:
                    return None
                kind = term.type if term else None
                if kind == JSON or (kind in (ID, VOCAB) and isinstance(node, str)):
                    return super()._to_object(dataset, graph, context, term, node, inlist)
                if kind and kind not in (ID, VOCAB, "@none"):
                    return _literal(_spelled(node), context.expand(kind), None, name)
                if isinstance(node, str):
                    language = term.language if term and isinstance(term.language, str | None) else context.language
                    return _literal(node, None, language, name)
                return _plain(node)
            if context.get_list(node) is None and context.get_value(node) is not None:
                value, language = context.get_value(node), context.get_language(node)
                kind = None if language else context.get_type(node)
                if kind not in context.get_keys(JSON):
                    if isinstance(value, dict | list):
                        raise ValueError("a value is no text, number or truth")
                    if not language and not kind and not isinstance(value, str):
                        return _plain(value)
                    return _literal(_spelled(value), kind and context.expand(kind), language, name)
            held: Any = super()._to_object(dataset, graph, context, term, node, inlist)
            if held is not None and getattr(held, "datatype", None) is not None:
                return _literal(str(held), str(held.datatype), None, name)
            return held

    Reader().parse(data, Context(base=_RELATIVE, version=1.1), Graph())  # type: ignore[arg-type]  # a graph as far as it asks
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
        return json.loads(text, parse_constant=refused)
    except (ValueError, RecursionError) as problem:
        line = getattr(problem, "lineno", 0)
        raise InterchangeError(name, f"no JSON: {getattr(problem, 'msg', problem)}", line) from None


def _contexts(data: Any, name: str) -> None:
    """Refuse contexts that stand elsewhere, wherever they are named, and lists without end."""
    waiting: list[tuple[Any, bool]] = [(data, False)]
    members = 0
    while waiting:
        value, listed = waiting.pop()
        if isinstance(value, list):
            members += len(value) if listed else 0
            waiting += [(item, listed or isinstance(item, list)) for item in value]
        elif isinstance(value, dict):
            for key, held in value.items():
                if key == "@context":
                    _context(held, name)
                if key in ("@import", "@source"):
                    raise InterchangeError(name, f"{key} {held!r}; nothing is fetched, write the context itself there")
                waiting.append((held, listed or key == "@list"))
        if members > MOST_IN_LISTS:
            raise InterchangeError(name, f"more than {MOST_IN_LISTS:,} values in lists")


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


_READERS = {"turtle": _turtle, "trig": _trig, "jsonld": _jsonld}
