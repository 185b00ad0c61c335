"""RDF of others, read with every guard in one place: nothing is fetched, nothing is evaluated, everything has a bound.

Literals keep the text they were written with. rdflib works out the value of each literal, which takes minutes for a decimal such
as ``1E999999999`` and parses HTML and XML; so its parsers hand over here what they read, before it becomes a literal of theirs.
A JSON-LD text is looked through first: a context that is an address, wherever it stands, is refused.

N-Quads and N-Triples are read line by line without rdflib, so that a problem has a line.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from evidencekb.errors import InterchangeError
from evidencekb.rdf.expanding import read_jsonld
from evidencekb.rdf.found import (
    DEEPEST,
    MOST_IN_LISTS,
    MOST_LITERAL,
    Blank,
    Found,
    Iri,
    Lexical,
    Object,
    Subject,
    checked_iri,
    checked_literal,
    unescaped,
)
from evidencekb.rdf.notation import read_trig, read_turtle

__all__ = [
    "DEEPEST", "FORMS", "MOST_BYTES", "MOST_IN_LISTS", "MOST_LITERAL", "Blank", "Found", "Iri", "Lexical", "Object", "Subject",
    "form_of", "guarded_quads", "read_quads",
]  # fmt: skip

MOST_BYTES = 64 * 1024 * 1024
"""A file may be so large, unless one says otherwise."""
FORMS = {
    ".nq": "nquads",
    ".nt": "nquads",
    ".trig": "trig",
    ".ttl": "turtle",
    ".jsonld": "jsonld",
}
"""Forms by the ending of a file."""

_IRI = r"<([^\x00-\x20<>\"{}|^`]*)>"
_BLANK = r"_:([^\s<>\"\\.]++(?:\.++[^\s<>\"\\.]++)*+)"
_TEXT = r'"([^"\\\r\n]*+(?:\\.[^"\\\r\n]*+)*+)"'
_LINE = re.compile(
    rf"[ \t]*+(?:{_IRI}|{_BLANK})[ \t]*+{_IRI}[ \t]*+"
    rf"(?:{_IRI}|{_BLANK}|{_TEXT}(?:\^\^{_IRI}|@([A-Za-z]+(?:-[A-Za-z0-9]+)*))?)"
    rf"[ \t]*+(?:{_IRI}|{_BLANK})?[ \t]*+\.[ \t]*+(?:#.*)?"
)
_NOTHING = re.compile(r"[ \t]*+(?:#.*)?")


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
    if isinstance(problem, AttributeError | TypeError | LookupError | UnboundLocalError | AssertionError):
        return "it is not well formed, and its parser cannot say where"
    if isinstance(problem, MemoryError):
        return "it takes more memory than there is"
    if "integer string conversion" in str(problem):
        return "a number of more digits than are read; write it as a text"
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
                held = checked_literal(
                    unescaped(text_held, name, number),
                    datatype and unescaped(datatype, name, number),
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
    return Blank(blank or "") if iri is None else checked_iri(unescaped(iri, name, line), name, line)


_READERS = {"turtle": read_turtle, "trig": read_trig, "jsonld": read_jsonld}
