"""Trusty IRIs of module RA: an IRI that ends with a hash over the very statements in which it stands.

The statements are put in an order that depends on nothing but themselves, with the code left out of every IRI; the hash is
SHA-256 over them, written with the letters that an IRI may have.

References:
    Kuhn (2015), Trusty URI Specification, version 1, module RA, http://trustyuri.net/.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from evidencekb.rdf.nano.statements import Blank, Iri, Literal, Statement, Value

CODE = re.compile(r"(?<![A-Za-z0-9\-_])RA[A-Za-z0-9\-_]{43}$")
"""What a trusty IRI of module RA ends with."""

_CODE_LIKE = re.compile(r"(?<![A-Za-z0-9\-_])(?=[^a-z]*[a-z])(?=[^0-9]*[0-9])(FA|RA|RB)([A-Za-z0-9\-_]{35,60})$")
"""What looks like a code: one of another module, or one that was cut or grew."""

PLACEHOLDER = "~~~ARTIFACTCODE~~~"
"""What stands for the code in an IRI outside of the nanopublication's own ones, before there is one."""

_TEMPORARY = "http://purl.org/nanopub/temp/"
_PUBLISHED = "https://w3id.org/np/"
_OTHER = re.compile(r"[./#]?RA[A-Za-z0-9\-_]{43}(?![A-Za-z0-9\-_])")
"""What follows where another nanopublication begins."""
_PLANE = "\uffff"
_LETTERS = re.compile(r"[A-Za-z0-9\-_]")


def artifact_code(iri: str) -> str:
    """The code that a trusty IRI ends with; '' if it is none of module RA.

    Examples:
        >>> artifact_code("http://example.org/np/RA" + "x" * 43)[:5], artifact_code("http://example.org/np/1")
        ('RAxxx', '')
    """
    found = CODE.search(iri)
    return found[0] if found else ""


def odd_code(iri: str) -> str:
    """Why a code that an IRI ends with cannot be that of a nanopublication; '' if it can, or there is none.

    Examples:
        >>> odd_code("http://example.org/np/RB" + "x1" * 21 + "x")
        'it is of module RB, and that of a nanopublication is of RA'
    """
    found = _CODE_LIKE.search(iri)
    if found is None or artifact_code(iri):
        return ""
    if found[1] != "RA":
        return f"it is of module {found[1]}, and that of a nanopublication is of RA"
    return f"{len(found[2])} letters follow RA, and 43 do"


def normalised(statements: Iterable[Statement], code: str, *, tags: str = "lower", order: str = "points") -> str:
    """The text that is hashed and signed.

    Args:
        statements: None with a blank node.
        code: Left out of every IRI; '' leaves nothing out.
        tags: ``lower`` for language tags in small letters, ``written`` as they stand.
        order: ``points`` sorts by characters as the specification says, ``units`` as Java does.

    Raises:
        ValueError: If a statement has a blank node.
    """
    rows = {(_sorting(s, code, order), "".join(_lines(s, code, tags))) for s in statements}
    return "".join(line for _, line in sorted(rows))


def hash_code(statements: Iterable[Statement], code: str) -> str:
    """The code that these statements have, when ``code`` is left out of their IRIs.

    Examples:
        >>> hash_code([], "")
        'RA47DEQpj8HBSa-_TImW-5JCeuQeRkm5NMpJWZG3hSuFU'
    """
    return _coded(normalised(statements, code))


def has_code(statements: Iterable[Statement], code: str) -> bool:
    """Whether the code is the one that these statements have.

    The first programs left language tags as they stood, and those in Java sort letters beyond the basic plane otherwise than the
    specification says. What was published by them stays as good: each way hangs on every letter.
    """
    held = tuple(statements)
    return any(_coded(text) == code for text in ways(held, code))


def ways(statements: tuple[Statement, ...], code: str) -> Iterator[str]:
    """The text that is hashed, as specified first, and then as programs have it that differ for these statements."""
    yield normalised(statements, code)
    literals = [s.object for s in statements if isinstance(s.object, Literal)]
    written = any(held.language != held.language.lower() for held in literals)
    beyond = any(max(text, default="") > _PLANE for s in statements for text in _texts(s))
    if written:
        yield normalised(statements, code, tags="written")
    if beyond:
        yield normalised(statements, code, order="units")
    if written and beyond:
        yield normalised(statements, code, tags="written", order="units")


def _texts(statement: Statement) -> Iterator[str]:
    for value in statement.said:
        yield value.text if isinstance(value, Literal) else str(value or "")


def _coded(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "RA" + base64.urlsafe_b64encode(digest).decode().rstrip("=")


def _plain(value: Value | None, code: str) -> str:
    if isinstance(value, Blank):
        raise ValueError("a blank node has no name that a hash can be over")
    iri = str(value or "")
    return iri.replace(code, " ") if code else iri


def _lines(statement: Statement, code: str, tags: str) -> Iterator[str]:
    for value in statement.said:
        if isinstance(value, Literal):
            text = value.text.replace("\\", "\\\\").replace("\n", "\\n")
            tag = value.language.lower() if tags == "lower" else value.language
            yield f"@{tag} {text}\n" if value.language else f"^{value.datatype} {text}\n"
        else:
            yield f"{_plain(value, code)}\n"


def _sorting(statement: Statement, code: str, order: str) -> tuple[str | bytes, ...]:
    value = statement.object
    parts = [_plain(name, code) for name in (statement.graph, statement.subject, statement.predicate)]
    if isinstance(value, Literal):
        parts += ["1", value.text, "" if value.language else value.datatype, value.language.lower()]
    else:
        parts += ["0", _plain(value, code)]
    return tuple(part.encode("utf-16-be") for part in parts) if order == "units" else tuple(parts)


def made_trusty(statements: Iterable[Statement], iri: str) -> tuple[tuple[Statement, ...], str]:
    """The statements with a trusty IRI for the nanopublication, and that IRI; blank nodes get names.

    Args:
        statements: Those of a nanopublication.
        iri: Its IRI, without a code.
    """
    prepared = with_room(statements, iri)
    code = hash_code(prepared, "")
    return with_code(prepared, code), trusty_base(iri) + code


def trusty_base(iri: str) -> str:
    """What stands before the code: a temporary IRI goes where nanopublications are published."""
    if iri.startswith(_TEMPORARY):
        return _PUBLISHED
    return f"{iri}." if _LETTERS.match(iri[-1:]) else iri


def with_room(statements: Iterable[Statement], iri: str) -> tuple[Statement, ...]:
    """The statements with a blank where the code goes, and names for blank nodes; what a signature is over."""
    base, blanks = trusty_base(iri), dict[str, int]()

    def one(value: Value) -> Value:
        if isinstance(value, Literal):
            return value
        if isinstance(value, Blank):
            return Iri(f"{base} /_{blanks.setdefault(value, len(blanks) + 1)}")
        if value == iri:
            return Iri(f"{base} ")
        rest = value[len(iri) :]
        if not value.startswith(iri) or _OTHER.match(rest):
            return Iri(value.replace(PLACEHOLDER, " "))
        if rest.startswith("_"):
            rest = f"_{rest}"  # names that begin with one are those of blank nodes
        return Iri(f"{base} {'' if rest[0] in '/#.' else '/'}{rest}")

    return tuple(_changed(s, one) for s in statements)


def with_code(statements: Iterable[Statement], code: str) -> tuple[Statement, ...]:
    """The statements with the code where there was room for it."""
    return tuple(_changed(s, lambda v: Iri(v.replace(" ", code)) if isinstance(v, Iri) else v) for s in statements)


def _changed(statement: Statement, one: Callable[[Any], Any]) -> Statement:
    graph, subject, predicate, value, line = statement
    return Statement(None if graph is None else one(graph), one(subject), one(predicate), one(value), line)
