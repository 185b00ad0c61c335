"""FHIR Evidence, EvidenceVariable and Citation: figures as printed, all sizes, and the works that they were derived from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.curating.candidates import EVIDENCE, Json, changed, finding, records, taken

STATISTIC: Json = EVIDENCE["statistic"][0]
ID = "fhir-evidence-7-332528"
CITATION: Json = {
    "resourceType": "Citation", "id": "1", "status": "active",
    "contained": [{"resourceType": "Practitioner", "id": "a", "name": [{"family": "Doe", "given": ["Ada", "B"]}]}],
    "citedArtifact": {
        "title": [{"text": "Glaze and cracks.", "type": [{"coding": [{"code": "primary"}]}]}],
        "identifier": [
            {"system": "https://doi.org", "value": "10.5555/GLAZE"},
            {"system": "https://pubmed.ncbi.nlm.nih.gov", "value": "12345678"},
        ],
        "publicationForm": [{
            "publishedIn": {"title": "Journal of Pots"}, "volume": "3", "issue": "2",
            "articleDate": "2019-04", "pageString": "1-9",
        }],
        "abstract": [{"text": "An abstract of theirs."}],
        "contributorship": {"complete": True, "entry": [{"contributor": {"reference": "#a"}}]},
    },
}  # fmt: skip


def bundle(*resources: Any) -> Json:
    return {"resourceType": "Bundle", "type": "collection", "entry": [{"resource": each} for each in resources]}


def with_statistic(**fields: Any) -> Json:
    return changed(EVIDENCE, statistic=[changed(STATISTIC, **fields)])


def estimate(folder: Path, statistic: Json) -> Json:
    """The estimate that a statistic becomes."""
    taken(folder, "a.json", changed(EVIDENCE, statistic=[statistic]), "fhir")
    (found,) = finding(folder)["estimates"]
    return dict(found)


def test_an_evidence_becomes_a_finding(tmp_path: Path) -> None:
    taken(tmp_path, "a.json", EVIDENCE, "fhir")
    made = finding(tmp_path)
    assert made["id"] == ID
    assert made["estimates"] == [{
        "id": "statistic-1", "outcome": "fhir-evidencevariable-8-332528", "definition": f"{ID}-measured", "measure": "odds_ratio",
        "value": 0.8, "unit": "1", "interval": {"lower": 0.6, "upper": 1.1, "level": 0.95}, "p_value": 0.04, "n": 98,
        "group": "Glaze", "comparator": "No glaze",
        "how": "Statistic 1 of 1, STATO:0000182. Also given: Standard Deviation 1.3. Of the record: status active.",
    }]  # fmt: skip
    assert made["sample"]["counts"] == [
        {"n": 1, "of": "studies", "level": "studies"},
        {"n": 120, "of": "participants", "level": "drawn"},
        {"n": 98, "of": "participants", "level": "analysed"},
    ]
    first, second = made["citations"]
    assert (first["role"], first["basis"], first["read"]) == ("primary", "own_data", {"what": "nothing"})
    assert (second["names"], second["taken_from"], second["prints"]) == (
        first["source"],
        first["source"],
        {"statistic-1": "0.8"},
    )
    assert "doi = {10.5555/glaze}" in (tmp_path / "pack/references.bib").read_text(encoding="utf-8")


def test_all_sizes_of_a_statistic_are_read(tmp_path: Path) -> None:
    sizes = [
        {"description": "with glaze", "knownDataCount": 50},
        {"note": [{"text": "without"}], "numberOfParticipants": 48},
    ]
    said = estimate(tmp_path, changed(STATISTIC, sampleSize=sizes))
    assert finding(tmp_path)["sample"]["counts"] == [
        {"n": 50, "of": "participants", "level": "analysed", "group": "with glaze"},
        {"n": 48, "of": "participants", "level": "analysed", "group": "without"},
    ]
    assert "n" not in said
    assert "sizes 50, 48" in said["how"]


@pytest.mark.parametrize(
    ("type", "unit", "expected"),
    [
        ({"coding": [{"code": "STATO:0000245"}]}, None, ("risk_ratio", "1")),
        ({"coding": [{"code": "C93150"}]}, None, ("hazard_ratio", "1")),
        ({"text": "Mean Difference (Net)"}, "mm", ("mean_difference", "mm")),
        ({"coding": [{"code": "STATO:0000047", "display": "count"}]}, None, ("count", "participants")),
        ({"coding": [{"code": "STATO:0000424", "display": "risk difference"}]}, None, ("other", "risk difference")),
        ({"coding": [{"display": "percentage"}]}, "%", ("other", "percentage")),
        ({"text": "Least Squares Mean"}, "mm Hg", ("other", "Least Squares Mean")),
        ({"coding": [{"code": "STATO:0000182"}]}, "mm", ("other", "STATO")),
        (None, None, ("other", "statistic of a type that is not given")),
        ({"coding": [{"code": "STATO:0000573"}]}, None, ("mean", None)),
    ],
)
def test_types_of_statistic_are_measures_or_keep_their_name(
    tmp_path: Path, type: Any, unit: str | None, expected: tuple[str, str | None]
) -> None:
    quantity = {"value": 4.5, **({"unit": unit} if unit else {})}
    said = estimate(tmp_path, changed(STATISTIC, statisticType=type, quantity=quantity, attributeEstimate=None))
    assert (said["measure"], said.get("unit"), said["value"]) == (*expected, 4.5)
    assert {v.code for v in ekb.check(tmp_path / "pack").errors} == {"EKB201"} | (
        {"EKB304"} if expected[1] is None else set()
    )


@pytest.mark.parametrize(
    ("attribute", "interval", "words"),
    [
        ({"type": {"text": "95% Confidence Interval"}}, {"lower": 0.6, "upper": 1.1, "level": 0.95}, ""),
        ({"type": {"text": "CI90"}}, {"lower": 0.6, "upper": 1.1, "level": 0.9}, ""),
        ({"type": {"coding": [{"code": "C53324"}]}, "level": 99}, {"lower": 0.6, "upper": 1.1, "level": 0.99}, ""),
        ({"type": {"text": "confidence interval"}}, None, "confidence interval level not given 0.6 to 1.1"),
        ({"type": {"text": "Full Range"}}, None, "Full Range 0.6 to 1.1"),
    ],
)
def test_an_interval_has_a_level_or_stands_in_words(
    tmp_path: Path, attribute: Json, interval: Json | None, words: str
) -> None:
    given = {**attribute, "range": {"low": {"value": 0.6}, "high": {"value": 1.1}}}
    said = estimate(tmp_path, changed(STATISTIC, attributeEstimate=[given]))
    assert said.get("interval") == interval
    assert words in said["how"]


def test_a_limited_number_says_so_and_a_limited_p_value_stands_in_words(tmp_path: Path) -> None:
    attribute = {"type": {"text": "p-value"}, "quantity": {"value": 0.001, "comparator": "<"}}
    said = estimate(
        tmp_path, changed(STATISTIC, quantity={"value": 0.8, "comparator": "<="}, attributeEstimate=[attribute])
    )
    assert (said["qualifier"], "p_value" in said) == ("at_most", False)
    assert "p-value < 0.001" in said["how"]


def test_a_work_that_a_citation_describes_is_its_primary_source(tmp_path: Path) -> None:
    related = [{"type": "derived-from", "resourceReference": {"reference": "Citation/1"}}]
    evidence = changed(EVIDENCE, relatesTo=None, relatedArtifact=related)
    report = taken(tmp_path, "a.json", bundle(evidence, CITATION), "fhir")
    assert report.added == ("Evidence/7",)
    assert [left.id for left in report.merged] == ["Citation/1"]
    assert finding(tmp_path)["citations"][0]["source"] == "doe2019glaze"
    text = (tmp_path / "pack/references.bib").read_text(encoding="utf-8")
    assert "author = {Doe, Ada B},\n  title = {Glaze and cracks}" in text
    assert "pmid = {12345678}" in text
    assert "abstract" not in text


def test_without_a_work_it_names_a_person_must_find_the_primary(tmp_path: Path) -> None:
    report = taken(tmp_path, "a.json", changed(EVIDENCE, relatesTo=None), "fhir")
    assert report.losses["it names no work that it was derived from; nobody has looked, and a person must find it"] == 1
    assert {v.code for v in ekb.check(tmp_path / "pack").errors} == {"EKB101"}


def test_other_resources_of_a_bundle_are_skipped_by_their_kind(tmp_path: Path) -> None:
    groups = [{"resourceType": "Group", "id": str(n)} for n in range(5)]
    report = taken(
        tmp_path, "a.json", {**bundle(EVIDENCE, *groups), "entry": [*bundle(EVIDENCE, *groups)["entry"], {}]}, "fhir"
    )
    assert report.added == ("Evidence/7",)
    assert (
        "skipped: 5 records, the first at a.json entry[1].resource: a resource of the kind Group, which gives no finding"
        in str(report)
    )
    assert "skipped: a.json entry[6]: entry 6: it holds no resource" in str(report)


def test_an_evidence_variable_is_an_outcome_and_knows_more_than_who_refers_to_it(tmp_path: Path) -> None:
    variable = {
        "resourceType": "EvidenceVariable", "id": "8", "url": "https://server.example.org/EvidenceVariable/8",
        "title": "Number of cracks",
        "handling": "continuous", "description": "A paragraph of theirs.", "category": [{"name": "few"}, {"name": "many"}],
        "definition": {"concept": {"coding": [{"system": "https://codes.example.org", "code": "C1", "display": "cracks"}]}},
    }  # fmt: skip
    taken(tmp_path, "a.json", bundle(EVIDENCE, variable), "fhir")
    concept = records(tmp_path / "pack", "concepts")["fhir-evidencevariable-8-332528"]
    assert concept == {
        "id": "fhir-evidencevariable-8-332528", "kind": "outcome", "label": "Number of cracks",
        "codes": [{"scheme": "https://codes.example.org", "code": "C1"}],
    }  # fmt: skip
    procedure = records(tmp_path / "pack", "definitions")["fhir-evidencevariable-8-332528-definition"]["procedure"]
    assert procedure.startswith(
        "Variable EvidenceVariable/8 of a FHIR server, handled as continuous, with the categories few, many."
    )


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"statistic": None}, "an Evidence without a statistic gives no figure"),
        ({"statistic": "text"}, "an Evidence without a statistic gives no figure"),
        ({"status": "entered-in-error"}, "its own server says that it was entered in error"),
    ],
)
def test_an_evidence_that_is_left_says_why(tmp_path: Path, fields: Json, why: str) -> None:
    (left,) = taken(tmp_path, "a.json", changed(EVIDENCE, **fields), "fhir").skipped
    assert left.why == why


def test_a_statistic_without_a_value_is_to_be_filled_in(tmp_path: Path) -> None:
    taken(tmp_path, "a.json", with_statistic(quantity=None, attributeEstimate=None), "fhir")
    assert {v.code for v in ekb.check(tmp_path / "pack").errors} == {"EKB201", "EKB301"}


def test_studies_that_were_pooled_are_a_design_and_others_stay_words(tmp_path: Path) -> None:
    pooled = changed(EVIDENCE, synthesisType={"coding": [{"code": "std-MA", "display": "summary data meta-analysis"}]})
    taken(tmp_path, "a.json", changed(pooled, studyDesign=[{"text": "randomized assignment"}]), "fhir")
    assert finding(tmp_path)["design"] == "meta_analysis"
    assert (
        "study design: randomized assignment; synthesis: summary data meta-analysis"
        in finding(tmp_path)["estimates"][0]["how"]
    )


def test_two_servers_with_one_number_are_two_records(tmp_path: Path) -> None:
    other = changed(EVIDENCE, url="https://other.example.org/fhir/Evidence/7")
    report = taken(tmp_path, "a.json", bundle(EVIDENCE, other), "fhir")
    assert len(set(report.findings)) == 2


def test_one_resource_a_line_is_read(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps(changed(EVIDENCE, id=id, url=None)) for id in ("a", "b"))
    report = taken(tmp_path, "a.ndjson", lines, "fhir")
    assert report.added == ("Evidence/a", "Evidence/b")


def test_fhir_as_xml_is_read(tmp_path: Path) -> None:
    text = """<Evidence xmlns="http://hl7.org/fhir"><id value="7"/><url value="https://server.example.org/Evidence/7"/>
      <status value="active"/><!-- a comment --><statistic>
      <statisticType><coding><code value="STATO:0000182"/></coding></statisticType>
      <quantity><value value="0.80"/></quantity><sampleSize><knownDataCount value="98"/></sampleSize></statistic></Evidence>"""
    taken(tmp_path, "a.xml", text, "fhir")
    (said,) = finding(tmp_path)["estimates"]
    assert (said["measure"], said["value"], said["n"]) == ("odds_ratio", 0.8, 98)


def test_xml_with_entities_is_refused(tmp_path: Path) -> None:
    text = '<!DOCTYPE a [<!ENTITY b "c">]><Evidence xmlns="http://hl7.org/fhir"><id value="&b;"/></Evidence>'
    with pytest.raises(ekb.EvidenceError, match="a document type or an entity is declared"):
        taken(tmp_path, "a.xml", text, "fhir")
