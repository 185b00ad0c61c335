"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from evidencekb.rdf.lines import Quad, nquads, quads

__all__ = ["Quad", "nquads", "quads"]
