"""What makes a nanopublication well-formed.

References:
    Nanopublication Guidelines, http://nanopub.net/guidelines/working_draft/, well-formedness; and what the official test suite
    and its programs ask for beyond them: graphs named below the nanopublication, literals that fit their datatypes.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from evidencekb.rdf.nano.datatypes import fits_its_datatype
from evidencekb.rdf.nano.faults import Fault
from evidencekb.rdf.nano.statements import LANG_STRING, RDF, STRING, Blank, Document, Iri, Literal, Statement

NP = "http://www.nanopub.org/nschema#"
TYPE = Iri(f"{RDF}type")
NANOPUBLICATION = Iri(f"{NP}Nanopublication")
PARTS = {
    "assertion": Iri(f"{NP}hasAssertion"),
    "provenance": Iri(f"{NP}hasProvenance"),
    "pubinfo": Iri(f"{NP}hasPublicationInfo"),
}
_NAMES = {"assertion": "assertion", "provenance": "provenance", "pubinfo": "publication info"}
_SHOWN, _MOST_SHOWN = 80, 5

_IRI = re.compile(
    r"(?P<scheme>[A-Za-z][A-Za-z0-9+.\-]*):(?P<rest>(?://(?P<authority>[^/?#]*))?(?P<path>[^?#]*)(?:\?[^#]*)?(?:#[^#]*)?)"
)
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f-\x9f<>\"{}|\\^`\ud800-\udfff]")
_HOST = re.compile(r"(?:[^\[\]@]*@)?(?:[^\[\]]*|\[[0-9A-Fa-f:.]+\](?::[0-9]*)?)")
_LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(frozen=True, slots=True)
class Parts:
    """A nanopublication taken apart.

    Attributes:
        iri: Its IRI.
        line: Where it is declared.
        names: The IRI of each part: head, assertion, provenance, pubinfo.
        statements: Those of each part.
    """

    iri: Iri
    line: int
    names: dict[str, Iri]
    statements: dict[str, tuple[Statement, ...]]

    @property
    def all(self) -> tuple[Statement, ...]:
        """Every statement."""
        return tuple(statement for part in self.statements.values() for statement in part)


def take_apart(document: Document) -> tuple[Parts | None, tuple[Fault, ...]]:
    """The parts of the one nanopublication of a document, and all that is wrong; no parts when it cannot be taken apart."""
    faults = [*_badly_written(document.statements)]
    if not document.statements:
        return None, (*faults, Fault("it holds no statement"))
    declared = {s.said: s for s in reversed(document.statements) if s.predicate == TYPE and s.object == NANOPUBLICATION}
    found = sorted(declared.values(), key=lambda s: s.line)
    if not found:
        head = next((s for s in document.statements if s.predicate in PARTS.values()), document.statements[0])
        message = f"it declares no nanopublication: nothing is said to be a <{NANOPUBLICATION}>"
        return None, (*faults, Fault(message, head.line))
    if len(found) > 1:
        lines = _some(str(s.line) for s in found if s.line) or "?"
        message = (
            f"it declares {len(found)} nanopublications (lines {lines}) that share a graph: give each its own graphs"
        )
        return None, (*faults, Fault(message, found[1].line))
    (head,) = found
    if not isinstance(head.subject, Iri) or not isinstance(head.graph, Iri):
        what = (
            "the nanopublication is a blank node"
            if not isinstance(head.subject, Iri)
            else "it is declared outside of a graph"
        )
        return None, (*faults, *_outside(document), Fault(f"{what}; both it and its head graph need an IRI", head.line))
    names, wrong = _named(document.statements, head)
    faults += [*wrong, *_outside(document)]
    if len(names) < len(PARTS) + 1:
        return None, tuple(faults)
    parts = Parts(
        head.subject, head.line, names,
        {part: tuple(s for s in document.statements if s.graph == name) for part, name in names.items()},
    )  # fmt: skip
    return parts, (*faults, *_unlike(parts, document), *_unlinked(parts, document))


def _named(statements: Sequence[Statement], head: Statement) -> tuple[dict[str, Iri], list[Fault]]:
    """The names of the parts, as the head has them."""
    names, faults = {"head": Iri(str(head.graph))}, []
    for part, predicate in PARTS.items():
        found = {s.object: s for s in statements if s[:3] == (head.graph, head.subject, predicate)}
        what = _NAMES[part]
        if not found:
            faults.append(Fault(f"its head graph names no {what}: {predicate} is missing", head.line))
        elif len(found) > 1:
            named = _some(map(_shown, found))
            faults.append(
                Fault(
                    f"its head graph names {len(found)} graphs as {what}, and it has one: {named}",
                    max(s.line for s in found.values()),
                )
            )
        else:
            ((name, statement),) = found.items()
            if isinstance(name, Iri):
                names[part] = name
            else:
                faults.append(Fault(f"its {what} {_shown(name)} is no IRI", statement.line))
    return names, faults


def _outside(document: Document) -> Iterator[Fault]:
    outside = [s for s in document.statements if s.graph is None]
    if outside:
        yield Fault(f"{_count(outside)} in no graph; every one belongs into one of the four", outside[0].line)
    blank = next((s for s in document.statements if isinstance(s.graph, Blank)), None)
    if blank:
        yield Fault("a graph is named by a blank node, and needs an IRI", blank.line)


def _unlike(parts: Parts, document: Document) -> Iterator[Fault]:
    """Whether the names differ, and stand below the nanopublication."""
    seen: dict[Iri, str] = {parts.iri: "nanopublication"}
    for part, name in parts.names.items():
        line = document.graphs.get(name, parts.line)
        if name in seen:
            yield Fault(
                f"its {part} has the same IRI as its {seen[name]}, <{_cut(name)}>; each needs one of its own", line
            )
        elif not name.startswith(parts.iri):
            yield Fault(
                f"the name of its {part}, <{_cut(name)}>, does not begin with that of the nanopublication, <{_cut(parts.iri)}>",
                line,
            )
        seen.setdefault(name, part)
    for graph, line in {s.graph: s.line for s in reversed(document.statements)}.items():
        if isinstance(graph, Iri) and graph not in parts.names.values():
            yield Fault(
                f"the graph <{_cut(graph)}> is no part of the nanopublication", document.graphs.get(graph, line)
            )


def _unlinked(parts: Parts, document: Document) -> Iterator[Fault]:
    for part, name in parts.names.items():
        if not parts.statements[part]:
            yield Fault(f"its {_NAMES.get(part, part)} <{_cut(name)}> is empty", document.graphs.get(name, parts.line))
    for part, about, what in (
        ("provenance", parts.names["assertion"], "assertion"),
        ("pubinfo", parts.iri, "nanopublication"),
    ):
        held = parts.statements[part]
        if held and not any(about in (s.subject, s.object) for s in held):
            line = document.graphs.get(parts.names[part], held[0].line)
            yield Fault(f"its {_NAMES[part]} says nothing of the {what} <{_cut(about)}>", line)


def _badly_written(statements: Sequence[Statement]) -> Iterator[Fault]:
    """IRIs and literals that are not what they are said to be; each is told once."""
    told: set[object] = set()
    for statement in statements:
        for value in statement.said:
            if value is None or value in told:
                continue
            told.add(value)
            if isinstance(value, Iri) and (why := malformed(value)):
                yield Fault(f"<{_cut(value)}> is no IRI: {why}", statement.line)
            elif isinstance(value, Literal) and (wrong := _ill_typed(value)):
                yield Fault(wrong, statement.line)


def _ill_typed(value: Literal) -> str:
    """What is wrong with the datatype or the language of a literal; '' if nothing is."""
    if value.language:
        fits = _LANGUAGE.fullmatch(value.language)
        what = "is no language tag: its parts have 1 to 8 letters or digits and a - between them"
        return "" if fits else f"{_cut(value.language)!r} {what}"
    if value.datatype == LANG_STRING:
        return f"{_shown(value)} is said to be in a language, and does not say in which"
    if value.datatype != STRING and (why := malformed(value.datatype)):
        return f"the datatype <{_cut(value.datatype)}> is no IRI: {why}"
    return "" if fits_its_datatype(value) else f"{_shown(value)} is no value of its datatype {value.datatype}"


def malformed(iri: str) -> str:
    """Why a text is no absolute IRI; '' if it is one.

    Examples:
        >>> malformed("https://example.org/a b"), malformed("https://example.org/a#b"), malformed("a/b")
        ("it has the character ' '", '', 'it has no scheme')
    """
    found = _FORBIDDEN.search(iri)
    if odd := found[0] if found else next(filter(_is_space, "" if iri.isascii() else iri), ""):
        return f"it has the character {odd!r}"
    if _PERCENT.search(iri):
        return "a % in it is followed by no two hexadecimal digits"
    found = _IRI.fullmatch(iri)
    if found is None:
        return "it has two #" if iri.count("#") > 1 and ":" in iri else "it has no scheme"
    if not found["rest"] or found["rest"].startswith("#"):
        return "nothing follows its scheme"
    if found["authority"] == "" and not found["path"]:
        return "nothing follows its //"
    if set("[]") & set(found["path"]) or not _HOST.fullmatch(found["authority"] or ""):
        return f"its {'path' if set('[]') & set(found['path']) else 'host'} has a square bracket"
    return ""


def _is_space(character: str) -> bool:
    return character > "\x7f" and unicodedata.category(character) in ("Zs", "Zl", "Zp")


def _count(held: Sequence[object]) -> str:
    return "one statement stands" if len(held) == 1 else f"{len(held):,} statements stand"


def _some(names: Iterable[str]) -> str:
    """The first few names of many."""
    held = list(names)
    return ", ".join(held[:_MOST_SHOWN]) + (f" and {len(held) - _MOST_SHOWN:,} more" if len(held) > _MOST_SHOWN else "")


def _shown(value: object) -> str:
    return repr(_cut(value.text)) if isinstance(value, Literal) else f"<{_cut(str(value))}>"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1]}…"
