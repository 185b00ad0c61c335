"""RDF both ways: a pack as N-Quads, TriG, Turtle and JSON-LD, and back; findings as nanopublications; and SPARQL.

rdflib is imported where it is needed, never with this package.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evidencekb.rdf.guarding import guarded_quads
from evidencekb.rdf.lines import Quad, nquads, quads
from evidencekb.rdf.ontology import vocabulary
from evidencekb.rdf.reading import ReadBack, read_rdf
from evidencekb.rdf.writing import RDF_FORMS, Written, write_rdf

if TYPE_CHECKING:
    from evidencekb.rdf.asking import sparql
    from evidencekb.rdf.nano.checking import NanopubCheck, check_nanopub
    from evidencekb.rdf.nano.importing import import_nanopubs
    from evidencekb.rdf.nano.importreport import NanopubImport
    from evidencekb.rdf.nano.making import Nanopub, nanopubs
    from evidencekb.rdf.nano.publishing import WrittenNanopubs, write_nanopubs
    from evidencekb.rdf.querytexts import Published, published, query_text
    from evidencekb.rdf.results import NamedIri, SparqlRows
    from evidencekb.rdf.shaping import shapes

__all__ = [
    "RDF_FORMS",
    "NamedIri",
    "Nanopub",
    "NanopubCheck",
    "NanopubImport",
    "Published",
    "Quad",
    "ReadBack",
    "SparqlRows",
    "Written",
    "WrittenNanopubs",
    "check_nanopub",
    "guarded_quads",
    "import_nanopubs",
    "nanopubs",
    "nquads",
    "published",
    "quads",
    "query_text",
    "read_rdf",
    "shapes",
    "sparql",
    "vocabulary",
    "write_nanopubs",
    "write_rdf",
]

# What takes long to import, and what most who write RDF do without.
_LATER = {
    "NanopubCheck": "nano.checking",
    "check_nanopub": "nano.checking",
    "NanopubImport": "nano.importreport",
    "import_nanopubs": "nano.importing",
    "Nanopub": "nano.making",
    "nanopubs": "nano.making",
    "WrittenNanopubs": "nano.publishing",
    "write_nanopubs": "nano.publishing",
    "shapes": "shaping",
    "sparql": "asking",
    "Published": "querytexts",
    "published": "querytexts",
    "query_text": "querytexts",
    "NamedIri": "results",
    "SparqlRows": "results",
}


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"evidencekb.rdf.{_LATER[name]}"), name)
    globals()[name] = value
    return value
