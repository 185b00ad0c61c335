"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

Names are imported when they are first used; rdflib only where it is needed.
"""
