"""What was read of RDF: terms with the text they were written with, and the checks that each has to pass."""

from __future__ import annotations

import json
import re
from functools import lru_cache
from typing import NamedTuple

from evidencekb.errors import InterchangeError
from evidencekb.rdf.names import is_absolute

MOST_LITERAL = 4 * 1024 * 1024
"""A literal may be so long, in signs."""
DEEPEST = 40
"""Brackets, lists and JSON may be nested so deeply."""
MOST_IRI = 8_192
"""An IRI may be so long, in signs."""
MOST_IN_IRIS = 512 * 1024 * 1024
"""So many signs may all IRIs of a text have together: a prefix makes long ones of short ones."""
MOST_IN_LISTS = 20_000
"""So many values may stand in RDF lists: each is two statements, and lists in lists multiply."""

RELATIVE = "http://relative.invalid/"
"""Where relative IRIs end up, so that they are seen."""
STRING = "http://www.w3.org/2001/XMLSchema#string"
LANG_STRING = "http://www.w3.org/1999/02/22-rdf-syntax-ns#langString"
_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|(.))", re.DOTALL)
_SIMPLE = {"t": "\t", "b": "\b", "n": "\n", "r": "\r", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
_HALF = re.compile("[\ud800-\udfff\x00]")


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
    datatype: str = STRING
    language: str = ""

    def __str__(self) -> str:
        shown = json.dumps(self.text if len(self.text) < 80 else f"{self.text[:77]}...", ensure_ascii=False)
        if self.language:
            return f"{shown}@{self.language}"
        return shown if self.datatype == STRING else f"{shown}^^<{self.datatype}>"


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


def checked_iri(text: str, name: str, line: int = 0) -> Iri:
    """An IRI that is absolute.

    Raises:
        InterchangeError: If it is not, or too long.
    """
    if len(text) > MOST_IRI:
        raise InterchangeError(name, f"an IRI of {len(text):,} signs; {MOST_IRI:,} are read", line)
    if not _absolute(text) or text.startswith(RELATIVE):
        shown = text.removeprefix(RELATIVE)
        shown = shown if len(shown) < 200 else f"{shown[:197]}..."
        raise InterchangeError(name, f"{shown!r} is no absolute IRI", line)
    return Iri(text)


class Iris:
    """The IRIs of a text, which together may not be too long.

    Args:
        name: What errors call the text.
    """

    def __init__(self, name: str) -> None:
        self._name, self._signs = name, 0

    def checked(self, text: str, line: int = 0) -> Iri:
        """The next IRI.

        Raises:
            InterchangeError: If it is not absolute, or one too many.
        """
        self._signs += len(text)
        if self._signs > MOST_IN_IRIS:
            raise InterchangeError(self._name, f"its IRIs have more than {MOST_IN_IRIS:,} signs", line)
        return checked_iri(text, self._name, line)


_absolute = lru_cache(maxsize=65_536)(is_absolute)


def checked_literal(text: str, datatype: str | None, language: str | None, name: str, line: int = 0) -> Lexical:
    """A literal of signs, and not too many of them.

    Raises:
        InterchangeError: If it is none.
    """
    if len(text) > MOST_LITERAL:
        raise InterchangeError(name, f"a literal of {len(text):,} signs; {MOST_LITERAL:,} are read", line)
    if half := _HALF.search(text):
        raise InterchangeError(name, f"a literal holds {half[0]!r}, which is no sign", line)
    if language:
        return Lexical(text, LANG_STRING, language.lower())
    return Lexical(text, checked_iri(datatype, name, line) if datatype else STRING)


def unescaped(text: str, name: str, line: int) -> str:
    """A text with the signs that its escapes mean.

    Raises:
        InterchangeError: If an escape means none.
    """
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
