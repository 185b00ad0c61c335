"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from evidencekb.rdf.guarding import guarded_quads
from evidencekb.rdf.lines import Quad, nquads, quads
from evidencekb.rdf.ontology import vocabulary
from evidencekb.rdf.reading import ReadBack, read_rdf
from evidencekb.rdf.writing import RDF_FORMS, Written, write_rdf

__all__ = [
    "RDF_FORMS",
    "Quad",
    "ReadBack",
    "Written",
    "guarded_quads",
    "nquads",
    "quads",
    "read_rdf",
    "vocabulary",
    "write_rdf",
]
