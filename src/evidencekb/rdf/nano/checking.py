"""Whether a nanopublication is valid: well-formed, and what its trusty IRI and its signature say it is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from evidencekb.rdf.nano.faults import Fault, Unreadable
from evidencekb.rdf.nano.reading import name_of, read_document
from evidencekb.rdf.nano.rules import Parts, take_apart
from evidencekb.rdf.nano.several import several
from evidencekb.rdf.nano.signing import Signature, check_signature
from evidencekb.rdf.nano.statements import Blank, Document, Statement
from evidencekb.rdf.nano.trusty import artifact_code, has_code, hash_code, odd_code


@dataclass(frozen=True, slots=True)
class NanopubCheck:
    """What a check of one nanopublication found.

    Attributes:
        file: Name of the file; '' for a text.
        iri: IRI of the nanopublication; '' if none was found.
        faults: What is wrong, in the order of the text; none if it is valid.
        code: The artifact code that its trusty IRI ends with, found to be that of its statements; '' if it has none.
        signature: Its signature, found good; None if it has none.
        statements: How many statements it has.
        others: The further nanopublications of the same document.
    """

    file: str
    iri: str = ""
    faults: tuple[Fault, ...] = ()
    code: str = ""
    signature: Signature | None = None
    statements: int = 0
    others: tuple[NanopubCheck, ...] = ()

    @property
    def ok(self) -> bool:
        """True if it is valid, and so is each other of the document."""
        return not self.faults and all(other.ok for other in self.others)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return {"ok": self.ok, **asdict(self), "others": [other.to_dict() for other in self.others]}

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        name = self.file or "the text"
        for fault in self.faults:
            yield f"{name}:{fault.line}: {fault.message}" if fault.line else f"{name}: {fault.message}"
        if not self.faults:
            trusty = "its trusty IRI is that of its statements" if self.code else "its IRI is no trusty one"
            signed = f"signed ({self.signature})" if self.signature else "not signed"
            yield f"{name}: valid; {trusty}; {signed}: <{self.iri}>"
        else:
            yield f"{name}: not valid, {len(self.faults)} fault{'s' if len(self.faults) > 1 else ''}"
        for other in self.others:
            yield from other._lines()


def check_nanopub(source: Path | str | bytes) -> NanopubCheck:
    """Check a nanopublication: whether it is well-formed, and whether its trusty IRI and its signature are right.

    Nothing is fetched, no literal is worked out, and no more than 16 MiB is read.

    Args:
        source: A file of TriG, TriX, N-Quads or JSON-LD, by its path; or a text of the first three. A ``str`` is a text if it
            has a line break, ``{`` or ``<``, and a path else. Of several nanopublications in it each is checked.

    Raises:
        EngineError: If it is signed, and the library for keys is not installed (``pip install 'evidencekb[sign]'``).
        OSError: If the file cannot be read.

    Examples:
        >>> check = check_nanopub("@prefix e: <http://example.org/> . e:a { e:b e:c e:d . }")
        >>> check.ok
        False
        >>> print(check.faults[0])
        line 1: it declares no nanopublication: nothing is said to be a <http://www.nanopub.org/nschema#Nanopublication>

    References:
        Nanopublication Guidelines, http://nanopub.net/guidelines/working_draft/; Trusty URI Specification, version 1.
    """
    first, *others = (check for check, _ in checked(source))
    return replace(first, others=tuple(others))


def checked(source: Path | str | bytes) -> tuple[tuple[NanopubCheck, Parts | None], ...]:
    """The same for each nanopublication of a document, with its parts; None for one that cannot be taken apart."""
    file = name_of(source)
    try:
        document = read_document(source)[1]
    except Unreadable as problem:
        return ((NanopubCheck(file, faults=(problem.fault,)), None),)
    return tuple(_checked(file, one) for one in several(document))


def _checked(file: str, document: Document) -> tuple[NanopubCheck, Parts | None]:
    parts, faults = take_apart(document)
    count = len(document.statements)
    if parts is None:
        return NanopubCheck(file, faults=_ordered(faults), statements=count), None
    code = artifact_code(parts.iri)
    blank = next((s for s in document.statements if any(isinstance(part, Blank) for part in s.said)), None)
    signed = None if blank and code else check_signature(parts)
    found = (*faults, *_untrue(parts, document, code, blank), *((signed,) if isinstance(signed, Fault) else ()))
    signature = signed if isinstance(signed, Signature) else None
    return NanopubCheck(file, parts.iri, _ordered(found), "" if found else code, signature, count), parts


def _untrue(parts: Parts, document: Document, code: str, blank: Statement | None) -> Iterator[Fault]:
    """Whether a trusty IRI is that of its statements."""
    if why := odd_code(parts.iri):
        yield Fault(f"its IRI ends with what looks like a code of a trusty one, and is none: {why}", parts.line)
    elif code and blank:
        yield Fault("a blank node in a nanopublication with a trusty IRI, which must have a name for it", blank.line)
    elif code and not has_code(document.statements, code):
        right = hash_code(document.statements, code)
        message = f"its trusty IRI ends with {code}, and its statements give {right}: something was changed"
        yield Fault(message, parts.line)


def _ordered(faults: tuple[Fault, ...]) -> tuple[Fault, ...]:
    return tuple(sorted(faults, key=lambda fault: fault.line))
