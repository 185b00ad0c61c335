"""Statements as they are written: IRIs, blank nodes and literals with the very letters that a text has.

A hash is over letters. A library that reads ``"1.50"^^xsd:decimal`` as the number 1.5 gives another hash, and can be kept busy by
``1E999999999``; so nothing here is ever evaluated.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from evidencekb.rdf.guarding import Blank, Iri
from evidencekb.rdf.guarding import Lexical as Literal

RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
XSD = "http://www.w3.org/2001/XMLSchema#"
STRING = f"{XSD}string"
LANG_STRING = f"{RDF}langString"


Node = Iri | Blank
Value = Iri | Blank | Literal


class Statement(NamedTuple):
    """One statement in its graph, and the line it begins at; 0 where there are no lines."""

    graph: Node | None
    subject: Node
    predicate: Iri
    object: Value
    line: int = 0

    @property
    def said(self) -> tuple[Node | None, Node, Iri, Value]:
        """What is said, wherever it stands."""
        return self[:4]


@dataclass(frozen=True, slots=True)
class Document:
    """What a text says.

    Attributes:
        statements: In the order of the text.
        prefixes: Those it declares.
        graphs: The line at which each named graph begins, graphs without a statement included.
    """

    statements: Sequence[Statement]
    prefixes: Mapping[str, str] = field(default_factory=dict)
    graphs: Mapping[Node, int] = field(default_factory=dict)


__all__ = ["LANG_STRING", "RDF", "STRING", "XSD", "Blank", "Document", "Iri", "Literal", "Node", "Statement", "Value"]
