"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from evidencekb.rdf.lines import Quad, nquads, quads
from evidencekb.rdf.nano.checking import NanopubCheck, check_nanopub
from evidencekb.rdf.nano.importing import NanopubImport, import_nanopubs
from evidencekb.rdf.nano.making import Nanopub, nanopubs
from evidencekb.rdf.nano.publishing import WrittenNanopubs, write_nanopubs
from evidencekb.rdf.nano.reading import nanopub_files
from evidencekb.rdf.writing import RDF_FORMS, Written, write_rdf

__all__ = [
    "RDF_FORMS",
    "Nanopub",
    "NanopubCheck",
    "NanopubImport",
    "Quad",
    "Written",
    "WrittenNanopubs",
    "check_nanopub",
    "import_nanopubs",
    "nanopub_files",
    "nanopubs",
    "nquads",
    "quads",
    "write_nanopubs",
    "write_rdf",
]
