"""What tells others of a pack: a schema.org Dataset and a CITATION.cff that the makers' own schema accepts."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator

import evidencekb as ekb
from evidencekb.exports import citation_cff, dataset_jsonld
from evidencekb.exports.about import maintainer
from tests.known_schemas import CFF, schema_at
from tests.packs import TODAY, write_pack
from tests.records import Records, base_records, record
from tests.schemaorg import faults

MANIFEST = {
    "name": "careers",
    "version": "1.0",
    "title": "Careers: what was measured",
    "licence": "CC-BY-4.0",
    "base": "https://data.example/",
    "maintainers": ["Doe, Jane", "Example Institute", "Example Maker, Inc."],
}


def packed(folder: Path, records: Records, **manifest: Any) -> ekb.KnowledgeBase:
    """The records as a pack with such a manifest, sealed and opened; None takes a line of it out."""
    said = {name: value for name, value in {**MANIFEST, **manifest}.items() if value is not None}
    pack = write_pack(folder / "pack", {"pack.yaml": json.dumps(said), "records.yaml": json.dumps(records)})
    ekb.build(pack, folder / "careers.ekb", today=TODAY)
    return ekb.load(folder / "careers.ekb")


def own_records() -> Records:
    """The base records, with a source that has all that a reference can have."""
    records = base_records()
    audit = record(records, "sources", "audit2024")
    audit |= {
        "vendor": "vendor",
        "vendor_reason": "It sells the score.",
        "published_on": "2024-03-05",
        "doi": "10.5555/a(b)",
    }
    audit |= {"kind": "journal_article", "container": "Journal", "volume": "12", "issue": "3", "pages": "17-29"}
    audit["authors"] = [{"family": "Doe", "given": "Jane"}, {"literal": "Example Maker, Inc."}]
    return records


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with packed(tmp_path_factory.mktemp("careers"), own_records()) as held:
        yield held


def refused(text: str) -> list[str]:
    """What the schema of the Citation File Format says against a file."""
    read = yaml.load(text, Loader=yaml.BaseLoader)  # it has dates and versions as text
    return [problem.message for problem in Draft7Validator(schema_at(CFF)).iter_errors(read)]


# Dataset


def test_a_dataset_says_what_the_manifest_says(kb: ekb.KnowledgeBase) -> None:
    told = json.loads(dataset_jsonld(kb, url="https://data.example/careers"))
    assert list(faults(told)) == []
    assert (told["name"], told["version"], told["url"]) == (MANIFEST["title"], "1.0", "https://data.example/careers")
    assert told["license"] == "https://spdx.org/licenses/CC-BY-4.0"
    assert [(who["@type"], who["name"]) for who in told["creator"]] == [
        ("Person", "Jane Doe"), ("Organization", "Example Institute"), ("Organization", "Example Maker, Inc."),
    ]  # fmt: skip
    assert told["identifier"]["value"] == kb.digest
    assert told["dateModified"] == TODAY.isoformat()
    assert 50 <= len(told["description"]) <= 5_000
    assert "1 flagged vendor" in told["description"]


def test_a_dataset_rests_on_its_primary_sources_and_names_what_is_measured(kb: ekb.KnowledgeBase) -> None:
    told = json.loads(dataset_jsonld(kb))
    works = {work["@id"]: work for work in told["isBasedOn"]}
    primary = {
        citation.source
        for id in kb.ids("finding")
        for citation in kb.finding(id).citations
        if citation.role == "primary"
    }
    assert set(works) == {f"https://data.example/source/{key}" for key in primary}
    audit = works["https://data.example/source/audit2024"]
    assert audit["keywords"] == ["vendor"]
    assert [author["name"] for author in audit["author"]] == ["Jane Doe", "Example Maker, Inc."]
    outcomes = {estimate.outcome for id in kb.ids("finding") for estimate in kb.finding(id).estimates}
    assert {each["propertyID"] for each in told["variableMeasured"]} == {
        f"https://data.example/concept/{id}" for id in outcomes
    }


def test_a_download_is_told_with_its_size_and_digest(kb: ekb.KnowledgeBase) -> None:
    told = json.loads(dataset_jsonld(kb, download="https://data.example/careers.ekb"))
    assert list(faults(told)) == []
    held = kb.path.read_bytes()
    assert told["distribution"]["sha256"] == sha256(held).hexdigest()
    assert told["distribution"]["contentSize"] == f"{len(held)} B"


def test_nothing_is_made_up_for_what_a_pack_does_not_say(tmp_path: Path) -> None:
    records = base_records()
    for finding in records["findings"]:
        finding.get("sample", {}).pop("period", None)
    nothing = dict.fromkeys(("title", "licence", "base", "maintainers"))
    with packed(tmp_path, records, **nothing) as kb:
        told, cited = json.loads(dataset_jsonld(kb)), citation_cff(kb)
    assert list(faults(told)) == []
    assert told["name"] == "careers"
    assert not {"license", "creator", "temporalCoverage", "distribution", "spatialCoverage"} & told.keys()
    assert "No licence is given." in told["description"]
    assert refused(cited) == []
    assert yaml.safe_load(cited)["authors"] == [{"name": "Maintainers of careers"}]


def test_years_are_those_of_what_was_measured_and_never_of_a_forecast(tmp_path: Path) -> None:
    records = base_records()
    record(records, "findings", "audit-2024-replies")["sample"]["period"] = "2023-03/2024-02"
    others = [finding for finding in records["findings"] if finding["id"] != "audit-2024-replies"]
    for finding in others:
        finding.get("sample", {}).pop("period", None)
    with packed(tmp_path, records) as kb:
        assert json.loads(dataset_jsonld(kb))["temporalCoverage"] == "2023-03-01/2024-02-29"
    record(records, "findings", "audit-2024-replies")["nature"] = "modelled"
    with packed(tmp_path / "modelled", records) as kb:
        assert "temporalCoverage" not in json.loads(dataset_jsonld(kb))


@pytest.mark.parametrize(
    ("base", "source"),
    [
        ("https://data.example/pack", "https://data.example/pack/source/audit2024"),
        ("https://data.example/#", "https://data.example/#source/audit2024"),
        ("data/", None),
        ("https://data.example/a b/", None),
    ],
)
def test_records_have_the_iris_of_the_base_where_it_is_an_absolute_one(
    tmp_path: Path, base: str, source: str | None
) -> None:
    with packed(tmp_path, base_records(), base=base) as kb:
        told = json.loads(dataset_jsonld(kb))
    assert [work.get("@id") for work in told["isBasedOn"]] == [source]
    assert told.get("@id") == (source and source.replace("source/audit2024", "pack"))


def test_iris_are_those_of_the_rdf(tmp_path: Path) -> None:
    names = pytest.importorskip("evidencekb.rdf.names")
    with packed(tmp_path, base_records(), base="https://data.example/pack") as kb:
        told = json.loads(dataset_jsonld(kb))
        assert told["@id"] == names.pack_iri(names.base_of(kb))
        assert told["isBasedOn"][0]["@id"] == names.record_iri(names.base_of(kb), "source", "audit2024")


# CITATION.cff


def test_a_citation_file_is_valid_and_says_how_to_cite(kb: ekb.KnowledgeBase) -> None:
    text = citation_cff(kb, released=date(2026, 11, 26), url="https://data.example/careers")
    assert refused(text) == []
    told = yaml.safe_load(text)
    assert (told["title"], told["version"], told["license"]) == (MANIFEST["title"], "1.0", "CC-BY-4.0")
    assert told["date-released"] == date(2026, 11, 26)
    assert told["authors"] == [
        {"family-names": "Doe", "given-names": "Jane"}, {"name": "Example Institute"}, {"name": "Example Maker, Inc."},
    ]  # fmt: skip
    assert told["identifiers"][0]["value"] == kb.digest


def test_sources_become_references_with_their_flags(kb: ekb.KnowledgeBase) -> None:
    text = citation_cff(kb, sources=True)
    assert refused(text) == []
    (audit,) = [each for each in yaml.safe_load(text)["references"] if each.get("doi")]
    assert audit == {
        "type": "article", "title": kb.source("audit2024").title, "doi": "10.5555/a(b)", "url": "https://doi.org/10.5555/a(b)",
        "authors": [{"family-names": "Doe", "given-names": "Jane"}, {"name": "Example Maker, Inc."}],
        "year": 2024, "date-published": date(2024, 3, 5), "journal": "Journal", "volume": "12", "issue": "3",
        "start": "17", "end": "29", "notes": "Vendor flag: vendor. It sells the score.",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("licence", "cff", "jsonld"),
    [
        (
            "MIT OR CC-BY-4.0",
            ["MIT", "CC-BY-4.0"],
            ["https://spdx.org/licenses/MIT", "https://spdx.org/licenses/CC-BY-4.0"],
        ),
        ("MIT AND CC-BY-4.0", None, ["https://spdx.org/licenses/MIT", "https://spdx.org/licenses/CC-BY-4.0"]),
        ("LicenseRef-own", None, None),
    ],
)
def test_a_licence_of_several_is_not_told_as_one(
    tmp_path: Path, licence: str, cff: list[str] | None, jsonld: list[str] | None
) -> None:
    with packed(tmp_path, base_records(), licence=licence) as kb:
        text, told = citation_cff(kb), json.loads(dataset_jsonld(kb))
    assert refused(text) == []
    assert yaml.safe_load(text).get("license") == cff
    assert list(faults(told)) == []
    assert told["license"]["name"] == licence
    assert told["license"].get("url") == jsonld


def test_texts_that_look_like_yaml_come_back_as_they_were(tmp_path: Path) -> None:
    title = "yes: # [no] 'x' \"y\" </script> \u2028 1.10"
    with packed(tmp_path, base_records(), title=title, version="1.10") as kb:
        text, jsonld = citation_cff(kb), dataset_jsonld(kb)
    told = yaml.safe_load(text)
    assert refused(text) == []
    assert (told["title"], told["version"]) == (title, "1.10")
    assert "</script" not in jsonld
    assert json.loads(jsonld)["name"] == title


def test_a_person_is_told_from_a_body_by_the_comma() -> None:
    assert maintainer("van Doe, Jane").family == "van Doe"
    assert [
        maintainer(name).family for name in ("Example Institute", "Example Maker, Inc.", "One, Two, Three", "x,")
    ] == [""] * 4


@pytest.mark.parametrize("name", ["yes", "2024-01-01", "12:30:00", "0x1F", "1_000", "off", "Y", "~"])
def test_what_yaml_of_another_version_takes_for_no_text_is_quoted(tmp_path: Path, name: str) -> None:
    with packed(tmp_path, base_records(), title=name, version=name, maintainers=[name]) as kb:
        told = yaml.safe_load(citation_cff(kb))
    assert (told["title"], told["version"], told["authors"]) == (name, name, [{"name": name}])
