"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from evidencekb.rdf.asking import sparql
from evidencekb.rdf.guarding import guarded_quads
from evidencekb.rdf.lines import Quad, nquads, quads
from evidencekb.rdf.ontology import vocabulary
from evidencekb.rdf.published import Published, published, query_text
from evidencekb.rdf.reading import ReadBack, read_rdf
from evidencekb.rdf.results import Iri, SparqlRows
from evidencekb.rdf.writing import RDF_FORMS, Written, write_rdf

__all__ = [
    "RDF_FORMS",
    "Iri",
    "Published",
    "Quad",
    "ReadBack",
    "SparqlRows",
    "Written",
    "guarded_quads",
    "nquads",
    "published",
    "quads",
    "query_text",
    "read_rdf",
    "sparql",
    "vocabulary",
    "write_rdf",
]
