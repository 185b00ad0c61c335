"""Small files of other databases, written for the tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import yaml

from evidencekb.curating import CandidateImport, import_candidates
from tests.packs import write_pack

Json = dict[str, Any]

ORIGIN: Json = {
    "title": "Pots in use", "producer": "Institute of Pots", "citation_full": "Institute of Pots. Pots in use. 2023.",
    "url_main": "https://pots.example.org/use",
    "date_published": "2023-05", "date_accessed": "2024-01-02", "version_producer": "v2",
    "description": "A paragraph about pots.", "license": {"name": "CC BY 4.0"},
}  # fmt: skip
EVIDENCE: Json = {
    "resourceType": "Evidence",
    "id": "7",
    "url": "https://server.example.org/Evidence/7",
    "status": "active",
    "title": "Cracks with glaze against no glaze",
    "relatesTo": [{"type": {"coding": [{"code": "derived-from"}]}, "targetUri": "https://doi.org/10.5555/glaze"}],
    "variableDefinition": [
        {"variableRole": "population", "description": "Amphorae of one kiln"},
        {"variableRole": "exposure", "description": "Glaze", "comparatorCategory": "No glaze"},
        {"variableRole": "outcome", "description": "Cracks", "observed": {"reference": "EvidenceVariable/8"}},
    ],
    "statistic": [{
        "statisticType": {"coding": [{"system": "https://fevir.net/sevco", "code": "STATO:0000182"}]},
        "quantity": {"value": 0.8},
        "sampleSize": {"numberOfStudies": 1, "numberOfParticipants": 120, "knownDataCount": 98},
        "attributeEstimate": [
            {"type": {"coding": [{"code": "C53324"}]}, "level": 0.95, "range": {"low": {"value": 0.6}, "high": {"value": 1.1}}},
            {"type": {"text": "P-value"}, "quantity": {"value": 0.04}},
            {"type": {"text": "Standard Deviation"}, "quantity": {"value": 1.3}},
        ],
    }],
}  # fmt: skip
ITEM: Json = {
    "id": 5, "name": "EID5", "type": "evidence", "status": "accepted", "evidence_type": "PREDICTIVE", "evidence_level": "B",
    "evidence_direction": "SUPPORTS", "significance": "RESISTANCE", "rating": 3, "description": "A sentence of theirs.",
    "disease": {"name": "Glazing disease", "doid": "123"}, "therapies": [{"name": "Potsib", "ncit_id": "C1"}],
    "molecular_profile": {"name": "POT1 V1A"},
    "source": {
        "source_type": "PUBMED", "citation_id": "12345678", "citation": "Doe et al., 2019, Blood", "title": "Pots that resist",
    },
}  # fmt: skip


def empty_pack(folder: Path) -> Path:
    return write_pack(folder / "pack", {})


def written(folder: Path, name: str, data: Any) -> Path:
    """Data as a file: YAML where the name says so, JSON otherwise, a text as it is."""
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    as_yaml = name.endswith((".yml", ".dvc"))
    text = data if isinstance(data, str) else yaml.safe_dump(data, sort_keys=False) if as_yaml else json.dumps(data)
    path.write_text(text, encoding="utf-8")
    return path


def taken(folder: Path, name: str, data: Any, layout: str, **options: Any) -> CandidateImport:
    """What becomes of a file in an empty pack, or in the pack that is there."""
    pack = folder / "pack" if (folder / "pack").exists() else empty_pack(folder)
    return import_candidates(written(folder, name, data), layout, into=pack, **options)


def records(pack: Path, kind: str) -> dict[str, Json]:
    """The records of a list of a pack, by id."""
    texts = [path.read_text(encoding="utf-8") for path in sorted((pack / kind).glob("*.yaml"))]
    return {record["id"]: record for text in texts for record in yaml.safe_load(text)[kind]}


def finding(folder: Path) -> Json:
    """The only finding of the pack."""
    (found,) = records(folder / "pack", "findings").values()
    return found


def changed(data: Json, **fields: Any) -> Json:
    """A copy with other fields; None takes one out."""
    return {name: value for name, value in {**data, **fields}.items() if value is not None}
