"""A pack as quads, one record after the other: the graph of its records, then the graph of what is worked out from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import islice
from json.encoder import encode_basestring
from typing import TYPE_CHECKING, NamedTuple

from evidencekb.exports.about import maintainers_of
from evidencekb.rdf.derived import derived_lines
from evidencekb.rdf.emitting import Emitters
from evidencekb.rdf.names import RECORDS, base_of, graph_iri, named_iri, pack_iri, record_iri
from evidencekb.rdf.terms import KEY, STYLE, TYPE, VALUE

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase


_AT_ONCE = 16
"""Records whose lines are put together."""


class Quad(NamedTuple):
    """One statement.

    Attributes:
        subject: IRI.
        predicate: IRI.
        object: A term as N-Quads spells it: ``<IRI>``, ``"text"`` or ``"5"^^<type>``.
        graph: IRI.
    """

    subject: str
    predicate: str
    object: str
    graph: str


def quads(kb: KnowledgeBase, *, derived: bool = True) -> Iterator[Quad]:
    """All statements of a pack, in the order in which they are written.

    Args:
        kb: The knowledge base.
        derived: Whether to give what is worked out too.

    Raises:
        InterchangeError: If the pack's base is no absolute IRI.
        SealedFileError: If the file is closed or damaged.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> next(quad for quad in quads(kb) if quad.predicate.endswith("#vendor")).object
        '<https://w3id.org/evidencekb/ns#VendorFlag-unknown>'
    """
    for block in nquads(kb, derived=derived):
        for line in block.split("\n")[:-1]:
            yield quad_of(line)


def quad_of(line: str) -> Quad:
    """A line that we wrote, taken apart."""
    subject, predicate, rest = line.split(" ", 2)
    held, _, graph = rest.removesuffix(" .").rpartition(" ")
    return Quad(subject[1:-1], predicate[1:-1], held, graph[1:-1])


def nquads(kb: KnowledgeBase, *, derived: bool = True) -> Iterator[str]:
    """The same as text, some lines of N-Quads at a time."""
    base = base_of(kb)
    yield from record_blocks(kb, base)
    if derived:
        yield from derived_lines(kb, base)


def emitters(kb: KnowledgeBase, base: str) -> Emitters:
    """The writers of a pack's records; concepts and cohorts are told apart by the pack."""
    cohorts = set(kb.ids("cohort")) - set(kb.ids("concept"))

    def kind_of(kinds: tuple[str, ...], id: str) -> str:
        return "cohort" if "cohort" in kinds and id in cohorts else kinds[0]

    return Emitters(base, kind_of)


def record_blocks(kb: KnowledgeBase, base: str, done: Callable[[int], None] | None = None) -> Iterator[str]:
    """The graph of what was recorded: the pack, then its records by kind and id; lines of one subject follow each other.

    Args:
        kb: The knowledge base.
        base: What the pack's IRIs begin with.
        done: Told how many records were written since it was told last.
    """
    emit = emitters(kb, base)
    lines: list[str] = []
    emit.manifest(pack_iri(base), manifest_of(kb), lines.append)
    yield "".join(lines)
    yield from _styles(kb, base)
    for kind in kb.kinds:
        write = emit.kinds[kind]
        rows = kb.stream("SELECT id, body FROM record WHERE kind = ? ORDER BY id", (kind,))
        while some := list(islice(rows, _AT_ONCE)):
            lines = []
            for id, body in some:
                write(record_iri(base, kind, id), json.loads(body), lines.append)
            yield "".join(lines)
            if done is not None:
                done(len(some))


def _styles(kb: KnowledgeBase, base: str) -> Iterator[str]:
    """Citation styles of the pack's own, whose texts a sealed file holds."""
    end = f" <{graph_iri(base, RECORDS)}> .\n"
    for name, text in kb.rows("SELECT name, text FROM style WHERE text <> '' ORDER BY name"):
        s = f"<{named_iri(base, 'style', name)}> "
        yield (
            f"{s}<{TYPE}> <{STYLE}>{end}{s}<{KEY}> {encode_basestring(name)}{end}"
            f"{s}<{VALUE}> {encode_basestring(text)}{end}"
        )


def manifest_of(kb: KnowledgeBase) -> dict[str, object]:
    """What a sealed file holds of its manifest; fields that say nothing are left out."""
    meta = dict(kb.rows("SELECT name, value FROM meta WHERE name IN ('title', 'licence', 'base')"))
    styles = [name for (name,) in kb.rows("SELECT name FROM style ORDER BY name")]
    said = {"name": kb.name, "version": kb.version, **{name: meta.get(name) for name in ("title", "licence", "base")}}
    lists = {"maintainers": maintainers_of(kb), "styles": styles}
    return {name: value for name, value in {**said, **lists}.items() if value}
