"""A pack as an RO-Crate: every file told with its size and digest, each thing once, all of it or nothing."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Iterator
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
import yaml

import evidencekb as ekb
from evidencekb.errors import SealedFileError
from evidencekb.exports import write_crate
from evidencekb.exports.folders import LEDGER
from tests.exports.test_describing import own_records, packed
from tests.packs import TODAY
from tests.records import base_records, record
from tests.schemaorg import ABOVE, PROPERTIES, classes

OWN = {"conformsTo": "dcterms"}
"""Terms of a crate that are not of schema.org."""
SCHEMA_ORG_ALIASES = {"File": "MediaObject"}


@pytest.fixture
def kb(tmp_path: Path) -> Iterator[ekb.KnowledgeBase]:
    with packed(tmp_path / "sealed", own_records()) as held:
        yield held


def graph_of(folder: Path) -> dict[str, dict[str, Any]]:
    """What a crate says, by @id."""
    read = json.loads((folder / "ro-crate-metadata.json").read_text("utf-8"))
    assert read["@context"] == "https://w3id.org/ro/crate/1.2/context"
    nodes = {node["@id"]: node for node in read["@graph"]}
    assert len(nodes) == len(read["@graph"])
    return nodes


def files_in(folder: Path) -> set[str]:
    """Files of a crate by their paths, without the ledger of the export."""
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {LEDGER}


def named(held: Any) -> Iterator[str]:
    """Every @id that a value points to."""
    for value in held if isinstance(held, list) else [held]:
        if isinstance(value, dict):
            assert set(value) == {"@id"}, "nested in a crate"
            yield value["@id"]


def test_every_file_is_described_with_its_size_and_digest(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    crate = tmp_path / "crate"
    made = write_crate(kb, crate)
    nodes = graph_of(crate)
    described = {id for id, node in nodes.items() if node["@type"] == "File"}
    assert described == files_in(crate) - {"ro-crate-metadata.json"}
    assert made.files == len(described)
    for id in described:
        held = (crate / id).read_bytes()
        assert nodes[id]["sha256"] == sha256(held).hexdigest()
        assert nodes[id]["contentSize"] == str(len(held))
    parts = {part for whole in ("./", "records/") for part in named(nodes[whole]["hasPart"])}
    assert parts == described | {"records/"}


def test_a_crate_is_flat_and_leads_nowhere_else(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_crate(kb, tmp_path / "crate")
    nodes = graph_of(tmp_path / "crate")
    pointed = {id for node in nodes.values() for name, held in node.items() if name != "@type" for id in named(held)}
    assert pointed - set(nodes) == {"https://w3id.org/ro/crate/1.2"}
    assert set(nodes) - pointed == {"ro-crate-metadata.json"}
    for node in nodes.values():
        kind = SCHEMA_ORG_ALIASES.get(node["@type"], node["@type"])
        assert kind in ABOVE
        for name in node:
            if not name.startswith("@") and name not in OWN:
                assert set(classes(kind)).intersection(PROPERTIES[name][0]), (kind, name)


def test_the_root_says_what_the_pack_is(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_crate(kb, tmp_path / "crate", released=date(2026, 12, 1))
    nodes = graph_of(tmp_path / "crate")
    descriptor, root = nodes["ro-crate-metadata.json"], nodes["./"]
    assert descriptor["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.2"}
    assert descriptor["about"] == {"@id": "./"}
    assert (root["name"], root["datePublished"]) == ("Careers: what was measured", "2026-12-01")
    assert nodes[root["license"]["@id"]]["name"] == "CC-BY-4.0"
    assert nodes[root["identifier"]["@id"]]["value"] == kb.digest
    assert [nodes[id]["@type"] for id in named(root["creator"])] == ["Person", "Organization", "Organization"]
    (audit,) = [nodes[id] for id in named(root["isBasedOn"]) if id == "https://doi.org/10.5555/a(b)"]
    assert audit["keywords"] == "vendor"
    assert "https://data.example/source/audit2024" in audit["identifier"]
    assert [nodes[id]["name"] for id in named(audit["author"])] == ["Jane Doe", "Example Maker, Inc."]


def test_the_sealed_file_opens_and_the_records_build_to_the_same_digest(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    crate = tmp_path / "crate"
    write_crate(kb, crate)
    assert ekb.verify(crate / "careers.ekb").digest == kb.digest
    ekb.build(crate / "records", tmp_path / "again.ekb", today=TODAY)
    with ekb.load(tmp_path / "again.ekb") as again:
        assert again.digest == kb.digest
    assert yaml.safe_load((crate / "records/pack.yaml").read_text())["maintainers"][0] == "Doe, Jane"
    assert yaml.safe_load((crate / "CITATION.cff").read_text())["references"]


def test_a_signature_and_the_text_of_a_licence_go_in(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    kb.path.with_name("careers.ekb.sig").write_text("signed\n")
    terms = tmp_path / "terms.txt"
    terms.write_text("Use it well.\n")
    made = write_crate(kb, tmp_path / "crate", licence=terms)
    assert made.signed
    assert (tmp_path / "crate/careers.ekb.sig").read_text() == "signed\n"
    assert (tmp_path / "crate/LICENSE").read_text() == "Use it well.\n"
    assert "careers.ekb.sig" in graph_of(tmp_path / "crate")


def test_a_pack_without_a_licence_says_so_in_its_crate(tmp_path: Path) -> None:
    with packed(tmp_path, base_records(), **dict.fromkeys(("licence", "base", "maintainers"))) as kb:
        write_crate(kb, tmp_path / "crate")
    nodes = graph_of(tmp_path / "crate")
    assert nodes["./"]["license"] == {"@id": "LICENSE"}
    assert "gives no licence" in (tmp_path / "crate/LICENSE").read_text()
    assert "creator" not in nodes["./"]


def test_a_zip_holds_the_same_and_has_the_same_bytes_each_time(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_crate(kb, tmp_path / "crate")
    for name in ("one.zip", "two.zip"):
        write_crate(kb, tmp_path / "out" / name)
    assert (tmp_path / "out/one.zip").read_bytes() == (tmp_path / "out/two.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "out/one.zip") as archive:
        assert set(archive.namelist()) == files_in(tmp_path / "crate")
        assert archive.read("ro-crate-metadata.json") == (tmp_path / "crate/ro-crate-metadata.json").read_bytes()
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.zip", "two.zip"]


def test_what_is_there_stays(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "crate").mkdir()
    for target in (tmp_path / "crate/mine.txt", tmp_path / "mine.zip"):
        target.write_text("mine")
    for target in (tmp_path / "crate", tmp_path / "mine.zip"):
        with pytest.raises(FileExistsError, match="choose another"):
            write_crate(kb, target)
    assert (tmp_path / "crate/mine.txt").read_text() == (tmp_path / "mine.zip").read_text() == "mine"
    write_crate(kb, tmp_path / "again")
    write_crate(kb, tmp_path / "again")  # what an export wrote is replaced


@pytest.mark.parametrize("name", ["crate", "crate.zip", "new/crate.zip"])
def test_nothing_is_left_of_a_crate_that_failed(kb: ekb.KnowledgeBase, tmp_path: Path, name: str) -> None:
    before = {path.name for path in tmp_path.iterdir()}
    with pytest.raises(FileNotFoundError):
        write_crate(kb, tmp_path / name, licence=tmp_path / "gone.txt")
    assert {path.name for path in tmp_path.iterdir()} == before


def test_a_file_that_was_changed_is_not_packed(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    held = bytearray(kb.path.read_bytes())
    held[-1] ^= 1
    kb.path.write_bytes(held)
    with pytest.raises(SealedFileError):
        write_crate(kb, tmp_path / "crate")
    assert not (tmp_path / "crate").exists()


def test_another_file_in_its_place_is_not_packed(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    with packed(tmp_path / "other", base_records()) as other:
        other.path.replace(kb.path)
    with pytest.raises(SealedFileError, match="another file was moved over it"):
        write_crate(kb, tmp_path / "crate")


def test_sources_with_one_address_stay_apart(tmp_path: Path) -> None:
    records = own_records()
    audit, found = record(records, "sources", "audit2024"), record(records, "findings", "audit-2024-replies")
    audit |= {"url": "https://data.example/all", "doi": None}
    records["sources"].append({**audit, "id": "audit2025", "title": "Another audit", "published_on": "2025-01-01"})
    again = json.loads(json.dumps({**found, "id": "audit-2025-replies", "headline": "Another trial of a score"}))
    for citation in again["citations"]:
        citation["source"] = citation["source"].replace("audit2024", "audit2025")
    records["findings"].append(again)
    with packed(tmp_path, records) as kb:
        write_crate(kb, tmp_path / "crate")
    nodes = graph_of(tmp_path / "crate")
    assert sorted(named(nodes["./"]["isBasedOn"])) == ["#source-audit2024", "#source-audit2025"]
    assert nodes["#source-audit2024"]["url"] == nodes["#source-audit2025"]["url"] == "https://data.example/all"
