"""What a nanopublication of others says in words, and which primary source its provenance names."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote, unquote_plus

from evidencekb import ids
from evidencekb.errors import IdentifierError
from evidencekb.escaping import printable
from evidencekb.rdf.nano.rules import TYPE, Parts
from evidencekb.rdf.nano.signing import NPX
from evidencekb.rdf.nano.statements import Iri, Literal, Statement
from evidencekb.rdf.terms import iri

_AIDA = re.compile(r"https?://(?:purl\.org|w3id\.org)/aida/(.+)", re.DOTALL)
_DC = "http://purl.org/dc/elements/1.1/"
_LABELS = (iri("rdfs:label"), iri("dct:title"), f"{_DC}title")
_WORDS = (
    iri("dct:description"),
    f"{_DC}description",
    iri("rdfs:comment"),
    "http://www.w3.org/2004/02/skos/core#definition",
)
_ABOUT = tuple(f"{NPX}{name}" for name in ("introduces", "describes", "embeds"))
_PRIMARY = iri("prov:hadPrimarySource")
_SIO = "http://semanticscience.org/resource/"
_SOURCES = frozenset({
    *(iri(name) for name in ("prov:wasDerivedFrom", "prov:wasQuotedFrom", "dct:source", "dct:references")),
    *(iri(f"cito:{name}") for name in ("citesAsEvidence", "obtainsSupportFrom", "citesAsDataSource", "citesAsAuthority")),
    f"{_SIO}SIO_000772",  # has evidence
    f"{_SIO}SIO_000253",  # has source
})  # fmt: skip
"""What names a source without saying that it is the primary one."""
_SAME = (iri("owl:sameAs"), iri("schema:sameAs"), "http://schema.org/sameAs")
_NUMBERED = re.compile(r"https?://identifiers\.org/(doi|pubmed|pmc|arxiv|isbn)[:/](.+)")
_NUMBERS = ("doi", "arxiv", "pmid", "pmcid", "isbn")
_MOST_SPELLED = 3
INDEX_TYPES = (f"{NPX}NanopubIndex", f"{NPX}IncompleteIndex")
_RETRACTS = f"{NPX}retracts"


@dataclass(frozen=True, slots=True)
class Candidate:
    """What can become a finding.

    Attributes:
        sentence: What it says, in its own words.
        sources: The sources that its provenance names, and of each whether it says that it is a primary one.
        spelled: Whether the sentence is none of its own, but spelled from its statements.
    """

    sentence: str
    sources: tuple[tuple[ids.Identifier, bool], ...]
    spelled: bool = False


def candidate(parts: Parts) -> Candidate | str:
    """What a nanopublication offers as a finding, or why it offers none."""
    if any(s.predicate == _RETRACTS for s in parts.statements["assertion"]):
        return "it retracts another, and holds no finding"
    sentence = _printable(sentence_of(parts))
    spelled = "" if sentence else _printable(spelled_of(parts))
    if not sentence and not spelled:
        return (
            "it says nothing that can be put into words: no AIDA sentence, label, title, description or plain statement"
        )
    found = dict(_sources(parts))
    if found:
        return Candidate(sentence or spelled, tuple(found.items()), not sentence)
    named = [s for s in parts.statements["provenance"] if s.predicate == _PRIMARY]
    if named:
        other = ", ".join(_shown(s) for s in named[:3])
        return f"the primary source that its provenance names is no published item: {other}"
    return f"its provenance names no source by DOI, arXiv, PubMed or ISBN number, nor a primary one by {_PRIMARY}"


def is_index(parts: Parts) -> bool:
    """Whether a nanopublication only lists others."""
    return any(s.predicate == TYPE and s.object in INDEX_TYPES for s in parts.statements["pubinfo"])


def _sources(parts: Parts) -> Iterator[tuple[ids.Identifier, bool]]:
    """Sources that the provenance names; once a primary one is named, those alone."""
    held = parts.statements["provenance"]
    primary = [s for s in held if s.predicate == _PRIMARY]
    found = {identifier: True for s in primary if (identifier := _identifier(s, parts)) is not None}
    if found:
        yield from found.items()
        return
    about = {parts.names["assertion"], *(s.object for s in held if s.predicate in _SOURCES)}
    for statement in held:
        same = statement.predicate in _SAME and statement.subject in about
        if statement.predicate in _SOURCES or same:
            identifier = _identifier(statement, parts)
            if identifier is not None and identifier.scheme in _NUMBERS:
                yield identifier, False


def spelled_of(parts: Parts) -> str:
    """The first statements of an assertion by the labels, or the last parts, of their IRIs; '' if there is nothing to spell."""
    labels: dict[object, str] = {
        s.subject: s.object.text
        for s in parts.all
        if s.predicate in _LABELS and isinstance(s.object, Literal) and s.object.text.strip()
    }
    wanted = [s for s in parts.statements["assertion"] if s.predicate not in (TYPE, *_LABELS)]
    spelled = [" ".join(_spelled(value, labels) for value in s[1:4]) for s in wanted[:_MOST_SPELLED]]
    return "; ".join(spelled)


def _printable(text: str) -> str:
    """A text on one line, without signs that no record may hold or that turn what follows round."""
    return " ".join(printable(text).replace("\ufffd", " ").split())


def _spelled(value: object, labels: Mapping[object, str]) -> str:
    if isinstance(value, Literal):
        return value.text
    last = re.split(r"[/#:]", str(value).rstrip("/#:"))[-1]
    return labels.get(value) or unquote(last).replace("_", " ").strip() or str(value)


def sentence_of(parts: Parts) -> str:
    """The one sentence that a nanopublication is about; '' if it has none.

    An AIDA sentence is its own IRI. Else its label or title, that of its assertion, or of what it introduces; at last what
    describes its assertion.
    """
    for statement in (*parts.statements["assertion"], *parts.statements["pubinfo"]):
        for value in (statement.object, statement.subject):
            if isinstance(value, Iri) and (found := _AIDA.fullmatch(value)):
                return unquote_plus(found[1])
    assertion, pubinfo = parts.names["assertion"], parts.statements["pubinfo"]
    about = [assertion]
    everything = (*parts.statements["assertion"], *parts.statements["provenance"])
    introduced = [s.object for s in pubinfo if s.subject == parts.iri and s.predicate in _ABOUT]
    for statements, subjects, predicates in (
        (pubinfo, [parts.iri], _LABELS),
        (everything, about, _LABELS),
        (everything, introduced, _LABELS),
        (everything, about, _WORDS),
    ):
        for text in _texts(statements, subjects, predicates):
            return text
    return ""


def _texts(statements: Iterable[Statement], subjects: Iterable[object], predicates: Iterable[str]) -> Iterator[str]:
    """Texts of some subjects, those of earlier predicates first, and English before other languages."""
    held, wanted = list(statements), set(subjects)
    for predicate in predicates:
        found = [
            s.object for s in held
            if s.predicate == predicate and s.subject in wanted and isinstance(s.object, Literal) and s.object.text.strip()
        ]  # fmt: skip
        for literal in sorted(found, key=lambda one: (one.language.lower()[:2] not in ("", "en"), one.text)):
            yield literal.text


def _identifier(statement: Statement, parts: Parts) -> ids.Identifier | None:
    value = statement.object
    text = value.text if isinstance(value, Literal) else str(value)
    if isinstance(value, Iri) and (
        value.startswith(parts.iri) or not value.startswith(("http:", "https:", "urn:", "doi:"))
    ):
        return None
    if numbered := _NUMBERED.fullmatch(text):
        text = f"{numbered[1]}:{numbered[2]}"
    try:
        found = ids.parse(text)
    except IdentifierError:
        return None
    return found if found.scheme in (*_NUMBERS, "url") else None


def _shown(statement: Statement) -> str:
    value = statement.object
    return repr(value.text) if isinstance(value, Literal) else f"<{value}>"
