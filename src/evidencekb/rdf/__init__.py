"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from evidencekb.rdf.asking import sparql
from evidencekb.rdf.lines import Quad, nquads, quads
from evidencekb.rdf.published import Published, published, query_text
from evidencekb.rdf.results import Iri, SparqlRows

__all__ = ["Iri", "Published", "Quad", "SparqlRows", "nquads", "published", "quads", "query_text", "sparql"]
