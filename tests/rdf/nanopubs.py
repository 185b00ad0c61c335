"""A small nanopublication and a small pack, and what is changed in them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import evidencekb as ekb
from evidencekb.rdf.nano.statements import Literal, Statement, Value
from tests.packs import TODAY, write_pack
from tests.records import base_records, edited

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


def as_nquads(statements: Iterable[Statement]) -> str:
    """The statements as N-Quads."""
    return "".join(f"<{s.subject}> <{s.predicate}> {_term(s.object)} <{s.graph}> .\n" for s in statements)


def _term(value: Value) -> str:
    if not isinstance(value, Literal):
        return f"<{value}>"
    return f"{json.dumps(value.text, ensure_ascii=False)}^^<{value.datatype}>"


BASE = "https://example.org/data/"
MANIFEST = f"name: example\nversion: 1.0.0\ntitle: Scores\nlicence: CC-BY-4.0\nbase: {BASE}\n"
FINDING = "audit-2024-replies"
ORCID = "https://orcid.org/0000-0002-1825-0097"
EDITS: dict[str, Any] = {
    "findings.0.provenance": {"by": "A curator", "on": "2026-01-15", "from": "the abstract"},
    "findings.0.estimates.+": {
        "id": "answers", "outcome": "replies", "definition": "any-reply", "measure": "percentage_points", "value": 1.5,
        "unit": "pp", "interval": {"lower": 0.5, "upper": 2.5},
    },
    "findings.0.citations.0.prints": {"replies": "12%", "answers": "1.5 points"},
    "findings.0.citations.+": {
        "source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024", "prints": {"replies": "12%"},
        "read": {"what": "full_text", "on": "2026-01-15"},
    },
    "findings.0.cohorts.0.cohort": "young-applicants",
    "sources.0.interests": [{"organization": "made-up-court", "tie": "funder", "note": "It paid."}],
}  # fmt: skip
"""What the example finding has beside its own, so that every part of a nanopublication has something to hold."""


def opened(folder: Path, edits: Mapping[str, Any] | None = None, manifest: str = MANIFEST) -> ekb.KnowledgeBase:
    """The example records with more in them, sealed and opened."""
    records = edited(edited(base_records(), EDITS), edits or {})
    pack = write_pack(folder / "pack", {"pack.yaml": manifest, "records.yaml": json.dumps(records)})
    ekb.build(pack, folder / "pack.ekb", today=TODAY)
    return ekb.load(folder / "pack.ekb")


def key_file(path: Path, key: Any, passphrase: bytes | None = None, *, openssh: bool = False) -> Path:
    """A private key in a file, as PEM."""
    from cryptography.hazmat.primitives import serialization as s

    locked = s.BestAvailableEncryption(passphrase) if passphrase else s.NoEncryption()
    form = s.PrivateFormat.OpenSSH if openssh else s.PrivateFormat.PKCS8
    path.write_bytes(key.private_bytes(s.Encoding.PEM, form, locked))
    return path
