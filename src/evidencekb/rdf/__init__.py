"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evidencekb.rdf.guarding import guarded_quads
from evidencekb.rdf.lines import Quad, nquads, quads
from evidencekb.rdf.ontology import vocabulary
from evidencekb.rdf.reading import ReadBack, read_rdf
from evidencekb.rdf.writing import RDF_FORMS, Written, write_rdf

if TYPE_CHECKING:
    from evidencekb.rdf.shaping import shapes

__all__ = [
    "RDF_FORMS",
    "Quad",
    "ReadBack",
    "Written",
    "guarded_quads",
    "nquads",
    "quads",
    "read_rdf",
    "shapes",
    "vocabulary",
    "write_rdf",
]


def __getattr__(name: str) -> Any:
    """``shapes`` brings the rules, so it comes when it is used."""
    if name == "shapes":
        from evidencekb.rdf import shaping

        return shaping.shapes
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
