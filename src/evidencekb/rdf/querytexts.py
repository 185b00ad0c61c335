"""The queries that ship with the library: texts for any engine, without property paths, and the values they take.

A text is SPARQL 1.1 as it stands, and answers for all. Its comment says what it answers and which values it takes. What a
value adds stands behind ``#$``, a comment to every engine: where the value is given, the line is taken in with its IRI instead
of ``$name``.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from evidencekb import vocab
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near, nearest
from evidencekb.queries.desk import desk_of
from evidencekb.rdf.names import base_of, id_of, record_iri
from evidencekb.rdf.queryguard import FORMS, Token, shown, tokens

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_FOLDER = files("evidencekb.rdf") / "queries"
_NAME = re.compile(r"[A-Za-z][\w-]*")
_VALUE = re.compile(r"# \$(?P<name>[a-z]+) \((?P<kind>\w+)\): (?P<meaning>.+)\.")
_WITH = "#$ "
_SUBJECT = ("concept", "cohort")


@dataclass(frozen=True, slots=True)
class Value:
    """A value that a text takes.

    Attributes:
        name: Its name in the text, without the sign before it.
        kind: What it is: a kind of record or of concept, ``subject`` (a concept or a cohort), or the name of a vocabulary.
        meaning: What it does.
    """

    name: str
    kind: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Published:
    """A query that ships with the library.

    Attributes:
        name: Its name.
        answers: What it answers, in a sentence or two.
        values: The values it takes, by name; none of them must be given.
        text: The text, with its comment.
    """

    name: str
    answers: str
    values: Mapping[str, Value]
    text: str


@cache
def published() -> Mapping[str, Published]:
    """All queries that ship, by name."""
    texts = sorted((file.name, file) for file in _FOLDER.iterdir() if file.name.endswith(".rq"))
    return {name.removesuffix(".rq"): _read(name.removesuffix(".rq"), file.read_text("utf-8")) for name, file in texts}


def _read(name: str, text: str) -> Published:
    head = [line for line in text.splitlines() if line.startswith("#")]
    values = [Value(**found.groupdict()) for line in head if (found := _VALUE.fullmatch(line))]
    said = " ".join(line[2:] for line in head if not _VALUE.fullmatch(line) and line != "#")
    return Published(name, said, {value.name: value for value in values}, text)


def named(text: object) -> Published | None:
    """The published query of this name; None for a text that is no name.

    Raises:
        UnknownIdError: If it is a name that no query has; it offers the nearest.
        QuestionError: If none comes near; all are named.
    """
    if not isinstance(text, str) or not _NAME.fullmatch(text.strip()):
        return None
    name, known = text.strip(), published()
    if name.upper() in FORMS:  # a query that goes no further
        return None
    if name in known:
        return known[name]
    if close := near(name.lower().replace("_", "-"), known):
        raise UnknownIdError("published query", name, close)
    raise QuestionError(f"there is no published query {name!r}; there are {', '.join(known)}")


def query_text(kb: KnowledgeBase, name: str, **values: str) -> str:
    """A published query with its values in it, for any engine that holds the RDF of a pack.

    Args:
        kb: The pack, in which the values are looked up.
        name: Name of the query: one of :func:`published`.
        **values: Ids or IRIs of records, and terms of vocabularies; which, the query's page says.

    Raises:
        UnknownIdError: If there is no such query, or no such record.
        QuestionError: If the query takes no such value, or the record is of another kind.

    Examples:
        >>> from evidencekb import load
        >>> print(query_text(load(), "flags", flag="vendor").splitlines()[-3])
          FILTER(?vendor = <https://w3id.org/evidencekb/ns#VendorFlag-vendor>)
    """
    query = named(name)
    if query is None:
        raise QuestionError(f"{shown(name)} is no name of a published query; there are {', '.join(published())}")
    return filled(kb, query, values)


def filled(kb: KnowledgeBase, query: Published, values: Mapping[str, object]) -> str:
    """A published query with its values in it."""
    for name in values:
        if name not in query.values:
            hint = nearest(name, query.values) or f"; it takes {', '.join(query.values) or 'none'}"
            raise QuestionError(f"{query.name} takes no value {name!r}{hint}")
    given = {name: _iri(kb, query.values[name], value) for name, value in values.items() if value is not None}
    lines: list[str] = []
    for whole in query.text.splitlines(keepends=True):
        if whole.startswith("#"):
            continue
        line = whole.replace(_WITH, "", 1)
        held = [token for token in tokens(line) if _asked(token) in query.values]
        if all(_asked(token) in given for token in held):
            at = 0
            for token in held:
                lines += [line[at : token.start], f"<{given[_asked(token)]}>"]
                at = token.end
            lines.append(line[at:])
    return "".join(lines)


def _asked(token: Token) -> str:
    """The name of a value that stands here; empty for anything else."""
    return token.text[1:] if token.kind == "variable" and token.text.startswith("$") else ""


def _iri(kb: KnowledgeBase, value: Value, given: object) -> str:
    """The IRI of a value, looked up in the pack.

    Raises:
        UnknownIdError: If there is no such record.
        QuestionError: If it is of another kind, or no text.
    """
    vocabulary = getattr(vocab, value.kind, None)
    if not isinstance(given, str) or not given.isprintable() or not given:
        wanted = f"the id or the IRI of {_a(value.kind)}" if vocabulary is None else f"a term of {value.kind}"
        raise QuestionError(f"{value.name} is {shown(given)}; give {wanted}")
    if vocabulary is not None:
        return _term(value, vocabulary, given)
    id = _local(kb, value, given)
    base = base_of(kb)
    if value.kind in vocab.DIMENSIONS:
        desk_of(kb).named(value.kind, id)
        return record_iri(base, "cohort" if value.kind == "cohort" else "concept", id)
    kinds = _SUBJECT if value.kind == "subject" else (value.kind,)
    for kind in kinds:
        if kb.rows("SELECT 1 FROM record WHERE kind = ? AND id = ?", (kind, id)):
            return record_iri(base, kind, id)
    elsewhere = sorted(kind for (kind,) in kb.rows("SELECT DISTINCT kind FROM record WHERE id = ?", (id,)))
    if not elsewhere:
        known = [other for kind in kinds for other in kb.ids(kind)]
        raise UnknownIdError(" or ".join(kinds), id, near(id, known))
    raise _other_kind(value, id, elsewhere[0])


def _local(kb: KnowledgeBase, value: Value, given: str) -> str:
    """The id in an IRI; anything else as it is."""
    text = given.removeprefix("<").removesuffix(">")
    if "://" not in text and not text.startswith("urn:"):
        return given
    known = id_of(base_of(kb), text)
    if known is None:
        if kb.rows("SELECT 1 FROM record WHERE id = ?", (given,)):
            return given
        raise QuestionError(f"{value.name} is {shown(given)}, which names no record of this pack")
    kind, id = known
    wanted = _SUBJECT if value.kind == "subject" else (_holder(value.kind),)
    if kind not in wanted:
        raise _other_kind(value, id, kind)
    return id


def _other_kind(value: Value, id: str, kind: str) -> QuestionError:
    return QuestionError(f"{value.name} is {shown(id)}, {_a(kind)}; give {_a(value.kind)}")


def _holder(kind: str) -> str:
    return "concept" if kind in vocab.DIMENSIONS and kind != "cohort" else kind


def _term(value: Value, vocabulary: type[vocab.Term], given: str) -> str:
    """The IRI of a term, which may be given as the term itself, as its IRI, or as answers show it."""
    for term in vocabulary:
        if given.removeprefix("<").removesuffix(">") in (term, term.iri, f"ekb:{value.kind}-{term}"):
            return term.iri
    hint = nearest(given, tuple(vocabulary)) or f"; known are {', '.join(vocabulary)}"
    raise QuestionError(f"{value.name} is {shown(given)}, which is no term of {vocabulary.__name__}{hint}")


def _a(kind: str) -> str:
    words = {"subject": "concept or cohort", "untraced": "untraced claim"}.get(kind, kind)
    return f"{'an' if words[0] in 'aeiou' else 'a'} {words}"
