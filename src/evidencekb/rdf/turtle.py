"""Lines of N-Quads as Turtle and TriG: prefixes, one block for each subject, numbers and truths without quotes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evidencekb.rdf.terms import BOOLEAN, INTEGER, PREFIXES, TYPE

_LOCAL = re.compile(r"[A-Za-z_](?:[A-Za-z0-9_-]*)")
_NAMESPACE = re.compile(r".*[/#]", re.DOTALL)
_BY_NAMESPACE = {namespace: prefix for prefix, namespace in PREFIXES.items()}

Node = tuple[str, list[tuple[str, str]]]
"""A subject, and its predicates each with an object; all as N-Quads spells them."""


def turtle_texts(base: str, graphs: Mapping[str, Iterator[str]]) -> Iterator[str]:
    """All graphs as one, in Turtle.

    Args:
        base: What the pack's IRIs begin with.
        graphs: Blocks of N-Quads by the IRI of their graph.
    """
    yield prefix_lines()
    for graph, blocks in graphs.items():
        for subject, said in nodes(blocks, graph):
            yield f"\n{node_text(subject, said, '')}"


def trig_texts(base: str, graphs: Mapping[str, Iterator[str]]) -> Iterator[str]:
    """The graphs in TriG, arguments as for :func:`turtle_texts`; a graph without statements is left out."""
    yield prefix_lines()
    for graph, blocks in graphs.items():
        start = f"\n<{graph}> {{\n"
        for subject, said in nodes(blocks, graph):
            yield f"{start}{node_text(subject, said, '  ')}"
            start = "\n"
        if start == "\n":
            yield "}\n"


def nodes(blocks: Iterator[str], graph: str) -> Iterator[Node]:
    """Lines of N-Quads by subject, as long as those of one follow each other."""
    end = len(f" <{graph}> .")
    last: str | None = None
    said: list[tuple[str, str]] = []
    for block in blocks:
        for line in block.split("\n")[:-1]:
            subject, predicate, held = line[:-end].split(" ", 2)
            if subject != last:
                if last is not None:
                    yield last, said
                last, said = subject, []
            said.append((predicate, held))
    if last is not None:
        yield last, said


def compact(iri: str) -> str | None:
    """An IRI as a prefixed name; None for one of no namespace that is known.

    Examples:
        >>> compact("https://schema.org/Claim"), compact("https://example.org/x")
        ('schema:Claim', None)
    """
    found = _NAMESPACE.match(iri)
    if found is None:
        return None
    prefix, local = _BY_NAMESPACE.get(found[0]), iri[found.end() :]
    return f"{prefix}:{local}" if prefix and _LOCAL.fullmatch(local) else None


def prefix_lines() -> str:
    """The prefixes as Turtle declares them."""
    return "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())


def node_text(subject: str, said: list[tuple[str, str]], indent: str) -> str:
    """A subject with all that is said of it, as Turtle."""
    by_predicate: dict[str, list[str]] = {}
    for predicate, held in said:
        by_predicate.setdefault(predicate, []).append(_term(held))
    lines = [f"{_verb(predicate)} {', '.join(objects)}" for predicate, objects in by_predicate.items()]
    return f"{indent}{_term(subject)} {f' ;{chr(10)}{indent}    '.join(lines)} .\n"


def _verb(predicate: str) -> str:
    return "a" if predicate == f"<{TYPE}>" else _term(predicate)


def _term(held: str) -> str:
    if held[0] == "<":
        return compact(held[1:-1]) or held
    text, quote, type = held.rpartition('"^^<')
    if not quote or held[-1] != ">":
        return held
    iri = type[:-1]
    if iri in (INTEGER, BOOLEAN):
        return text[1:]
    return f'{text}"^^{compact(iri) or f"<{iri}>"}'
