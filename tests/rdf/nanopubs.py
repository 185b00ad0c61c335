"""A small nanopublication, and what is changed in it."""

from __future__ import annotations

from pathlib import Path

NANOPUB = """\
@prefix this: <http://example.org/np/1/> .
@prefix np: <http://www.nanopub.org/nschema#> .
@prefix prov: <http://www.w3.org/ns/prov#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix xsd: <http://www.w3.org/2001/XMLSchema#> .
@prefix ex: <http://example.org/> .

this:head {
  this: a np:Nanopublication ;
    np:hasAssertion this:assertion ;
    np:hasProvenance this:provenance ;
    np:hasPublicationInfo this:pubinfo .
}

this:assertion {
  ex:tutoring ex:raises ex:scores .
  ex:scores ex:by "0.370"^^xsd:decimal .
}

this:provenance {
  this:assertion prov:hadPrimarySource <https://doi.org/10.5555/tutoring> .
}

this:pubinfo {
  this: dct:created "2026-01-02T03:04:05Z"^^xsd:dateTime .
}
"""

TRIX = """\
<?xml version="1.0"?>
<TriX xmlns="http://www.w3.org/2004/03/trix/trix-1/">
 <graph>
  <uri>http://example.org/np/1/head</uri>
  <triple>
   <uri>http://example.org/np/1/</uri>
   <uri>http://www.w3.org/1999/02/22-rdf-syntax-ns#type</uri>
   <uri>http://www.nanopub.org/nschema#Nanopublication</uri>
  </triple>
 </graph>
</TriX>
"""

SUITE = Path("corpora") / "06-rdf" / "nanopub-testsuite"


def changed(old: str, new: str, text: str = NANOPUB) -> str:
    """The nanopublication with one change."""
    assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
    return text.replace(old, new)
