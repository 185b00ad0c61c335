"""References of FHIR resources: into the resource itself, into its Bundle, into other files."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.curating.candidates import EVIDENCE, Json, changed, finding, records, taken

WORK: Json = {"resourceType": "Citation", "citedArtifact": {
    "title": [{"text": "Glaze and cracks"}],
    "identifier": [{"system": "https://doi.org", "value": "10.5555/glaze.1"}]}}  # fmt: skip
VARIABLE: Json = {"resourceType": "EvidenceVariable", "status": "active", "title": "Cracks by eye"}
URN = "urn:uuid:0b1f2a2e-0000-4000-8000-00000000000"


def relayed(work: str, variable: str, **fields: object) -> Json:
    """An Evidence that names its work and its outcome by references alone."""
    relation = {"type": "derived-from", "resourceReference": {"reference": work}}
    role = {"variableRole": "outcome", "observed": {"reference": variable}}
    return changed(EVIDENCE, url=None, relatesTo=None, relatedArtifact=[relation], variableDefinition=[role], **fields)


def bundle(*entries: tuple[str, Json]) -> Json:
    return {"resourceType": "Bundle", "entry": [{"fullUrl": url, "resource": data} for url, data in entries]}


CALLED = {
    "urn": bundle(
        (f"{URN}1", WORK), (f"{URN}2", VARIABLE), (f"{URN}3", relayed(f"{URN}1", f"{URN}2", id=None)),
    ),
    "server": bundle(
        ("https://s.example.org/fhir/Citation/1", WORK), ("https://s.example.org/fhir/EvidenceVariable/2", VARIABLE),
        ("https://s.example.org/fhir/Evidence/7", relayed("Citation/1", "EvidenceVariable/2/_history/4")),
    ),
    "contained": relayed("#w", "#v", contained=[{**WORK, "id": "w"}, {**VARIABLE, "id": "v"}]),
}  # fmt: skip


@pytest.mark.parametrize("how", CALLED)
def test_a_reference_is_followed_to_the_work_and_to_the_variable(how: str, tmp_path: Path) -> None:
    taken(tmp_path, "a.json", CALLED[how], "fhir")
    primary = finding(tmp_path)["citations"][0]
    assert primary["role"] == "primary"
    assert "doi = {10.5555/glaze.1}" in (tmp_path / "pack" / "references.bib").read_text()
    (estimate,) = finding(tmp_path)["estimates"]
    assert records(tmp_path / "pack", "concepts")[estimate["outcome"]]["label"] == "Cracks by eye"


def test_what_two_resources_contain_under_one_name_are_two(tmp_path: Path) -> None:
    def of(id: str, who: str) -> Json:
        role = {"variableRole": "population", "observed": {"reference": "#who", "display": who}}
        return changed(EVIDENCE, id=id, url=None, variableDefinition=[role])

    taken(tmp_path, "a.json", [of("1", "Amphorae"), of("2", "Bowls")], "fhir")
    cohorts = records(tmp_path / "pack", "cohorts")
    used = [cohorts[f["cohorts"][0]["cohort"]]["label"] for f in records(tmp_path / "pack", "findings").values()]
    assert sorted(used) == ["Amphorae", "Bowls"]


def test_servers_that_number_alike_do_not_lend_each_other_works(tmp_path: Path) -> None:
    other = {"resourceType": "Citation", "citedArtifact": {"title": [{"text": "Another work"}]}}
    data = [
        bundle(("https://a.example.org/Citation/1", other)),
        bundle(
            ("https://b.example.org/Citation/1", WORK), ("https://b.example.org/Evidence/7", relayed("Citation/1", "#"))
        ),
    ]
    taken(tmp_path, "a.json", data, "fhir")
    primary = finding(tmp_path)["citations"][0]["source"]
    entry = (tmp_path / "pack" / "references.bib").read_text().split(f"{{{primary},")[1].split("@")[0]
    assert "Glaze and cracks" in entry


def test_a_work_that_is_only_cited_is_no_primary_source_where_another_is(tmp_path: Path) -> None:
    cites, from_ = (
        {"type": type, "citation": text} for type, text in (("cites", "Roe 2019"), ("derived-from", "Doe 2020"))
    )
    report = taken(tmp_path, "a.json", changed(EVIDENCE, relatesTo=None, relatedArtifact=[cites, from_]), "fhir")
    assert [c["role"] for c in finding(tmp_path)["citations"]] == ["primary", "secondary"]
    assert "Roe 2019" not in (tmp_path / "pack" / "references.bib").read_text()
    assert report.losses["works that it cites and was not derived from"] == 1


def test_the_way_to_cite_a_resource_is_not_what_it_was_derived_from(tmp_path: Path) -> None:
    self_ = {"type": "cite-as", "citation": "Server of pots. Cracks. 2024"}
    taken(tmp_path, "a.json", changed(EVIDENCE, relatesTo=None, relatedArtifact=[self_]), "fhir")
    assert [c["role"] for c in finding(tmp_path)["citations"]] == ["secondary"]


def test_an_outcome_without_a_name_is_told_from_none(tmp_path: Path) -> None:
    role = {"variableRole": "outcome", "observed": {"reference": "EvidenceVariable/elsewhere"}}
    report = taken(tmp_path, "a.json", changed(EVIDENCE, variableDefinition=[role]), "fhir")
    assert "the variable of the role outcome has no name here: the title stands for it" in report.losses
