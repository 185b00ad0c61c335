"""sparql: ask a pack in the query language of RDF."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from evidencekb import vocab
from evidencekb.errors import EngineError, QuestionError
from evidencekb.names import nearest
from evidencekb.rdf.found import Iri
from evidencekb.rdf.lines import nquads
from evidencekb.rdf.names import base_of, is_absolute
from evidencekb.rdf.ontology import vocabulary
from evidencekb.rdf.queryguard import Token, guarded, place, shown
from evidencekb.rdf.querytexts import filled, named
from evidencekb.rdf.results import SparqlRows, value_of
from evidencekb.rdf.terms import PREFIXES
from evidencekb.rdf.workers import Engine
from evidencekb.vocab import NAMESPACE

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

TIMEOUT, LIMIT = 10.0, 10_000
_LONGEST_TIMEOUT, _MOST_ROWS = 3_600.0, 1_000_000
MOST_QUADS = 5_000_000
"""Statements that a session holds; a larger pack is for a server."""
_MOST_BITS = 4_096
"""Of a whole number that is a value."""
_GAP = " " * 32
_AT = re.compile(r"error at 1:(\d+): (.*)", re.DOTALL)
_IN_WORDS = re.compile(r"expected (?:one of )?([A-Z][a-z\w]* [^,\[\]]+)", re.DOTALL)
_OWN = re.compile(r"ekb:[\w-]+")
_SPELLED = 'SELECT DISTINCT ?x { { ?s ?x ?o } UNION { ?s a ?x } UNION { ?s ?p ?x FILTER(STRSTARTS(STR(?x), "%s")) } }'


def sparql(kb: KnowledgeBase, text: str, *, timeout: float = TIMEOUT, limit: int = LIMIT, **values: Any) -> SparqlRows:
    """Ask a pack in SPARQL 1.1, or by the name of a published query.

    All statements are asked at once, recorded and derived ones; ``GRAPH ?g { … }`` tells them apart. The prefixes that our RDF
    is written with need no declaration. The first query of a knowledge base loads it, which takes about half a second for
    the shipped pack; later ones take milliseconds. Queries run in a process of their own, which ends with the knowledge base.

    Nothing outside of the pack is read, and nothing is changed: updates, SERVICE and FROM are refused.

    Args:
        kb: The knowledge base.
        text: The query; or the name of a published one, which ``evidencekb.rdf.published()`` lists.
        timeout: Seconds after which a query is stopped.
        limit: At most so many rows; the answer says when there are more.
        **values: For a published query, ids or IRIs of records, and terms. For any other text, values for its variables: texts,
            numbers, booleans, and IRIs that an answer gave.

    Raises:
        QuestionError: If the text is no query or is refused, or a value does not fit; it says where and what to do.
        UnknownIdError: If there is no such published query or record; it offers the nearest.
        EngineError: If pyoxigraph is not installed (it names the extra), or the query took too long or too much memory.
        SealedFileError: If the knowledge base is closed.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> found = sparql(kb, "SELECT ?f WHERE { ?f a ekb:Finding }")
        >>> len(found) == len(kb)
        True
        >>> print(sparql(kb, "primary-sources", finding="pytorch-2024-share").column("vendor")[0].short)
        ekb:VendorFlag-vendor
    """
    seconds = _bound("timeout", timeout, _LONGEST_TIMEOUT)
    rows = int(_bound("limit", limit, _MOST_ROWS, whole=True))
    query = named(text)
    if query is not None:
        checked = guarded(filled(kb, query, values), PREFIXES)
    else:
        checked = guarded(text, PREFIXES)
        if values:
            checked = guarded(_bind(*checked, values), PREFIXES)
    kb.rows("SELECT 1")  # a knowledge base that is closed says so
    engine = _engine_of(kb)
    answer = engine.ask(checked[0], PREFIXES, timeout=seconds, limit=rows)
    if "wrong" in answer:
        raise _problem(engine, checked[1], checked[0], answer, seconds)
    made = _made(kb, answer)
    if query is None and _nothing(made.rows) and (notes := tuple(_unknown(engine, checked[1], seconds))):
        return SparqlRows(made.form, made.columns, made.rows, made.complete, notes, made.stamp)
    return made


def _bound(name: str, value: object, most: float, *, whole: bool = False) -> float:
    kind = "a whole number" if whole else "a number"
    wanted = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, wanted) or not 0 < value <= most:
        raise QuestionError(f"{name} is {shown(value)}; give {kind} above 0, at most {most:,.0f}")
    return float(value)


def _engine_of(kb: KnowledgeBase) -> Engine:
    """The engine of a knowledge base, which ends with it."""
    return kb.beside("sparql", lambda: Engine(lambda: _lines(kb)))


def _lines(kb: KnowledgeBase) -> Iterator[str]:
    held = 0
    for block in nquads(kb):
        held += block.count("\n")
        if held > MOST_QUADS:
            raise EngineError(
                "sparql",
                f"the pack has more than {MOST_QUADS:,} statements, too many for the memory of a session; write them with "
                "'evidencekb export rdf', load them into a server such as 'oxigraph serve', and ask that",
            )
        yield block


def _bind(text: str, held: list[Token], values: Mapping[str, Any]) -> str:
    """The text with values in place of variables."""
    written = {name: _literal(name, value) for name, value in values.items()}
    found = {token.text[1:] for token in held if token.kind == "variable"}
    for name in written:
        if name not in found:
            raise QuestionError(f"the text has no variable ${name}{nearest(name, found)}")
    for token in reversed(held):
        if token.kind == "variable" and token.text[1:] in written:
            text = f"{text[: token.start]}{written[token.text[1:]]}{text[token.end :]}"
    return text


def _literal(name: str, value: object) -> str:
    if isinstance(value, Iri):
        if not is_absolute(value):
            raise QuestionError(f"{name} is {shown(str(value))}, which is no absolute IRI")
        return f"<{value}>"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and value.bit_length() < _MOST_BITS:
        return f" {value} "
    if isinstance(value, float) and value - value == 0:
        return f" {value!r}" + ("e0 " if "e" not in repr(value) else " ")
    if isinstance(value, str):
        signs = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"}
        return '"' + "".join(signs.get(sign, sign) for sign in value) + '"'
    raise QuestionError(
        f"{name} is {shown(value)}; give a text, a number, true or false, or an IRI that an answer gave"
    )


def _made(kb: KnowledgeBase, answer: Mapping[str, Any]) -> SparqlRows:
    base, kinds = base_of(kb), frozenset(kb.kinds)
    shorten = dict(sorted(((start, prefix) for prefix, start in PREFIXES.items()), reverse=True))
    if answer["form"] == "ask":
        rows = [(answer["rows"][0][0][1],)]
    else:
        rows = [tuple(value_of(term, shorten, base, kinds) for term in row) for row in answer["rows"]]
    return SparqlRows(answer["form"], tuple(answer["columns"]), tuple(rows), answer["complete"], (), kb.stamp)


def _problem(engine: Engine, held: list[Token], text: str, answer: Mapping[str, Any], timeout: float) -> Exception:
    """What the engine has against a query, in words."""
    if answer["wrong"] == "memory":
        return EngineError("sparql", "a query took more memory than it may; ask for less")
    if answer["wrong"] == "size":
        return EngineError("sparql", "the answer is too long to be given; ask for less, or for fewer rows")
    if answer["wrong"] != "syntax":
        return QuestionError(f"the engine refuses the query: {' '.join(answer['message'].split())}")
    # The engine counts a word that it tried to read as read: far apart, it cannot take one token for the next.
    apart = "".join(token.text + _GAP for token in held)
    found = _AT.match(engine.ask(apart, PREFIXES, timeout=timeout, limit=1).get("message", ""))
    if found is None:
        return QuestionError(f"the text is no query: {' '.join(answer['message'].split())}")
    at = _token_at(held, int(found[1]) - 1)
    if said := _IN_WORDS.search(found[2]):
        where = held[min(at, len(held) - 1)].start
        return QuestionError(f"{place(text, where)}: the engine says: {' '.join(said[1].split())}")
    if at == len(held):
        return QuestionError(f"{place(text, held[-1].end)}: the text ends too early")
    return QuestionError(f"{place(text, held[at].start)}: found {shown(held[at].text)}, which does not belong there")


def _token_at(held: list[Token], column: int) -> int:
    """Which token stands at a place of the text whose tokens were set far apart."""
    end = 0
    for at, token in enumerate(held):
        end += len(token.text) + len(_GAP)
        if column < end:
            return at
    return len(held)


def _nothing(rows: tuple[tuple[Any, ...], ...]) -> bool:
    """Whether nothing was found: no row, or one that holds no more than zeros and "no"."""
    return not rows or (len(rows) == 1 and not any(rows[0]))


def _unknown(engine: Engine, held: list[Token], timeout: float) -> Iterator[str]:
    """Names of ours that the query holds and the pack does not have: a slip finds nothing, and is no error."""
    named = {
        token.text: NAMESPACE + token.text[4:] for token in held if token.kind == "name" and _OWN.fullmatch(token.text)
    }
    if not named:
        return
    answer = engine.ask(_SPELLED % NAMESPACE, PREFIXES, timeout=timeout, limit=_MOST_ROWS)
    known = {term[1] for (term,) in answer.get("rows", ()) if term is not None and term[0] == "i"}
    for name, iri in named.items():
        if iri not in known:
            own = [f"ekb:{other.removeprefix(NAMESPACE)}" for other in known if other.startswith(NAMESPACE)]
            hint = "" if f"\n{name} a " in vocabulary() else _borrowed(iri) or nearest(name, own)
            yield f"nothing in the pack has {name}{hint}"


def _borrowed(iri: str) -> str:
    """A tail for a message where a term of a vocabulary goes by the IRI that others gave it."""
    vocabulary, _, word = iri.removeprefix(NAMESPACE).partition("-")
    terms = getattr(vocab, vocabulary, ())
    there = next((term.iri for term in terms if term == word and term.iri != iri), "")
    return f"; the term is {_shortened(there)}" if there else ""


def _shortened(there: str) -> str:
    return next(f"{prefix}:{there[len(start) :]}" for prefix, start in PREFIXES.items() if there.startswith(start))
