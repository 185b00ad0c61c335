"""SHACL shapes made of the models and the rules, for those who check the RDF of a pack without this library."""

from __future__ import annotations

from evidencekb.rdf.shaping.writing import shapes

__all__ = ["shapes"]
