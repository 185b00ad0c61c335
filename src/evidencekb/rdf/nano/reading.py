"""A file or a text with a nanopublication, read in the format that it has."""

from __future__ import annotations

from pathlib import Path

from evidencekb.errors import InterchangeError
from evidencekb.rdf.guarding import read_quads
from evidencekb.rdf.nano.faults import Unreadable
from evidencekb.rdf.nano.statements import Document, Statement
from evidencekb.rdf.nano.trig import read_nquads, read_trig
from evidencekb.rdf.nano.trix import read_trix

MAX_BYTES = 16 * 1024 * 1024
_TRIX = (".xml", ".trix")
_NQUADS = (".nq", ".nquads")
TRIG = (".trig",)
_JSONLD = (".jsonld",)
SUFFIXES = (*TRIG, *_TRIX, *_NQUADS, *_JSONLD)
"""Of files that may hold a nanopublication."""
_TEXT = "\n\r{<"
"""What tells a text from a path: every nanopublication has one of these signs."""


def nanopub_files(source: Path | str) -> tuple[Path, ...]:
    """A file by itself, or the files of a folder that may hold a nanopublication, by name.

    Raises:
        InterchangeError: If the folder holds none.
    """
    path = Path(source)
    if not path.is_dir():
        return (path,)
    found = tuple(sorted(file for file in path.iterdir() if file.suffix.lower() in SUFFIXES and file.is_file()))
    if not found:
        raise InterchangeError(str(path), f"it holds no file of TriG, TriX, N-Quads or JSON-LD ({', '.join(SUFFIXES)})")
    return found


def name_of(source: Path | str | bytes) -> str:
    """The name of a file; '' for a text."""
    if isinstance(source, bytes) or (isinstance(source, str) and any(mark in source for mark in _TEXT)):
        return ""
    return Path(source).name


def read_document(source: Path | str | bytes) -> tuple[str, Document]:
    """The name of a file (of a text: ''), and what it says.

    Args:
        source: A file, by its path, or a text. A ``str`` is a text if it has a line break, ``{`` or ``<``, and a path else.

    Raises:
        Unreadable: If it is none of the formats, with the line.
        OSError: If the file cannot be read.
    """
    if isinstance(source, bytes):
        return "", _read(source, "")
    if isinstance(source, str) and not name_of(source):
        return "", _read(source.encode("utf-8", "surrogatepass"), "")
    path = Path(source)
    if path.suffix.lower() in _JSONLD:
        return path.name, _jsonld(path)
    with path.open("rb") as file:
        return path.name, _read(file.read(MAX_BYTES + 1), path.suffix.lower())


def _jsonld(path: Path) -> Document:
    """JSON-LD, by the reader that refuses contexts from elsewhere; it knows no lines."""
    try:
        found = list(read_quads(path, "jsonld", most=MAX_BYTES))
    except InterchangeError as problem:
        raise Unreadable(problem.problem, problem.line) from None
    return Document([Statement(one.graph, one.subject, one.predicate, one.object, one.line) for one in found])


def _read(data: bytes, suffix: str) -> Document:
    if len(data) > MAX_BYTES:
        raise Unreadable(f"it has more than {MAX_BYTES:,} bytes; a nanopublication is small")
    if data.startswith(b"\x1f\x8b"):
        raise Unreadable("it is compressed; unpack it first")
    if suffix in _TRIX or (suffix not in SUFFIXES and data.lstrip().startswith((b"<?xml", b"<TriX", b"<!"))):
        return read_trix(data)
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = data.count(b"\n", 0, problem.start) + 1
        raise Unreadable(f"it is not UTF-8: byte {problem.start:,} is {data[problem.start]:#04x}", line) from None
    if suffix in _NQUADS:
        return read_nquads(text)
    return read_trig(text) if suffix in TRIG else _either(text)


def _either(text: str) -> Document:
    """A text of which no ending says whether it is TriG or N-Quads; the reader that came further tells what is wrong."""
    try:
        return read_trig(text)
    except Unreadable as problem:
        try:
            return read_nquads(text)
        except Unreadable as other:
            raise max(problem, other, key=lambda one: one.fault.line) from None
