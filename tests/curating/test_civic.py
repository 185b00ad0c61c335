"""Evidence items of CIViC and its like: a direction and no number, on the paper that they name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidencekb.curating.others.civicpapers import paper
from evidencekb.curating.others.civicwords import DIRECTIONS, OUTCOMES, meaning_of
from evidencekb.vocab import Direction
from tests.curating.candidates import ITEM, Json, changed, finding, records, taken
from tests.packs import write_pack


def estimate(folder: Path) -> Json:
    (found,) = finding(folder)["estimates"]
    return dict(found)


def test_an_item_becomes_a_direction_with_its_words(tmp_path: Path) -> None:
    taken(tmp_path, "items.json", [ITEM], "civic")
    made = finding(tmp_path)
    assert made["id"] == "civic-eid5"
    assert estimate(tmp_path) == {
        "id": "result", "outcome": "civic-response-to-therapy-glazing-disease", "definition": "civic-eid5-measured",
        "direction": "decrease", "group": "POT1 V1A",
        "how": "The database says, in its words: evidence type PREDICTIVE; level B; direction SUPPORTS; significance RESISTANCE; "
        "status accepted; rating 3 of 5.",
    }  # fmt: skip
    assert made["products"] == [{"product": "civic-therapy-potsib"}]
    (cohort,) = records(tmp_path / "pack", "cohorts").values()
    assert cohort["codes"] == [{"scheme": "DOID", "code": "123"}]
    assert [(c["source"], c["role"], c.get("locator")) for c in made["citations"]] == [
        ("doe2019pots", "primary", None),
        ("civic-database", "secondary", "EID5"),
    ]


def test_a_paper_that_the_pack_holds_by_its_pubmed_number_is_not_added_again(tmp_path: Path) -> None:
    pack = write_pack(
        tmp_path / "pack", {"references.bib": "@article{mine,\n  title = {Another title},\n  pmid = {12345678}\n}\n"}
    )
    assert taken(tmp_path, "items.json", [ITEM], "civic").sources == ("civic-database",)
    assert finding(tmp_path)["citations"][0]["source"] == "mine"
    assert "Pots that resist" not in (pack / "references.bib").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("type", "significance", "direction", "expected"),
    [
        ("Predictive", "Sensitivity/Response", "Supports", ("response to therapy", "increase")),
        ("PREDICTIVE", "SENSITIVITYRESPONSE", "DOES_NOT_SUPPORT", ("response to therapy", "none_detected")),
        ("Prognostic", "Better Outcome", "Supports", ("course of the disease", "increase")),
        ("DIAGNOSTIC", "NEGATIVE", "SUPPORTS", ("presence of the disease", "decrease")),
        ("PREDISPOSING", "PROTECTIVENESS", "SUPPORTS", ("risk of the disease", "decrease")),
        ("FUNCTIONAL", "LOSS_OF_FUNCTION", "SUPPORTS", ("function of the gene product", "decrease")),
        ("FUNCTIONAL", "NEOMORPHIC", "SUPPORTS", ("function of the gene product", "")),
        ("PREDICTIVE", "N/A", "SUPPORTS", ("response to therapy", "")),
        ("PREDICTIVE", "RESISTANCE", "", ("response to therapy", "")),
    ],
)
def test_words_become_an_outcome_and_a_direction(
    type: str, significance: str, direction: str, expected: tuple[str, str]
) -> None:
    assert tuple(meaning_of(type, significance, direction)) == expected


def test_the_decision_page_prints_the_table(repo: Path) -> None:
    page = (repo / "docs/decisions/0054-candidates-from-other-databases.md").read_text(encoding="utf-8")
    assert set(DIRECTIONS.values()) <= set(Direction)
    for kind, outcome in OUTCOMES.items():
        assert f"| {kind} | {outcome} |" in page


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"status": "rejected"}, "its own database has rejected it"),
        ({"name": None, "id": None}, "it has no number by which it could be found again"),
    ],
)
def test_items_that_are_left_say_why(tmp_path: Path, fields: Json, why: str) -> None:
    (left,) = taken(tmp_path, "items.json", {"evidence": [changed(ITEM, **fields)]}, "civic").skipped
    assert (left.why, left.place) == (why, "items.json evidence[0]")


def test_an_item_that_stands_twice_is_merged_and_an_assertion_is_skipped(tmp_path: Path) -> None:
    assertion = {"type": "assertion", "name": "AID1", "evidence_items": [ITEM]}
    report = taken(tmp_path, "items.json", {"evidence": [ITEM], "assertions": [assertion]}, "civic")
    assert (report.added, [left.why for left in report.merged]) == (("civic EID5",), ["another record says the same"])
    assert [left.id for left in report.skipped] == ["AID1"]


COMMON: Json = {
    "evidence": [{"id": "civic:eid9", "type": "Evidence", "direction": "supports", "evidence_level": "civic.evidence_level:E",
                  "proposition": "proposition:1", "variation_descriptor": "civic:vid1", "therapy_descriptor": "civic:tid1",
                  "disease_descriptor": "civic:did1", "document": "document:1"}],
    "propositions": [{"_id": "proposition:1", "predicate": "predicts_sensitivity_to",
                      "type": "therapeutic_response_proposition"}],
    "variation_descriptors": [{"id": "civic:vid1", "label": "V1A", "gene_context": "civic:gid1"}],
    "gene_descriptors": [{"id": "civic:gid1", "label": "POT1"}],
    "therapy_descriptors": [{"id": "civic:tid1", "label": "Potsib"}],
    "disease_descriptors": [{"id": "civic:did1", "label": "Glazing disease"}],
    "documents": [{"id": "document:1", "document_id": "pmid:12345678", "label": "Doe et al., 2019, Blood"}],
}  # fmt: skip
GRAPH: Json = {"data": {"evidenceItems": {"nodes": [{
    "id": 9, "name": "EID9", "evidenceLevel": "E", "evidenceType": "PREDICTIVE", "evidenceDirection": "SUPPORTS",
    "significance": "SENSITIVITYRESPONSE", "disease": {"name": "Glazing disease"}, "therapies": [{"name": "Potsib"}],
    "molecularProfile": {"name": "POT1 V1A"},
    "source": {"citationId": "12345678", "sourceType": "PUBMED", "citation": "Doe et al., 2019, Blood"},
}]}}}  # fmt: skip
STATEMENT: Json = {
    "id": "civic.eid:9", "type": "Statement", "direction": "supports", "strength": {"primaryCoding": {"code": "E"}},
    "reportedIn": [{"type": "Document", "name": "Doe et al., 2019", "pmid": 12345678}],
    "proposition": {
        "type": "VariantTherapeuticResponseProposition", "predicate": "predictsSensitivityTo",
        "subjectVariant": {"name": "POT1 V1A"}, "objectTherapeutic": {"name": "Potsib"},
        "conditionQualifier": {"name": "Glazing disease"},
    },
}  # fmt: skip
LINES = [{"type": "EvidenceLine", "hasEvidenceItems": [STATEMENT]}]
STATEMENTS: Json = {"civic.aid:1": {"id": "civic.aid:1", "type": "Statement", "hasEvidenceLines": LINES}}
TABLE = (
    "gene\tvariant\tdisease\tdrugs\tevidence_type\tevidence_direction\tevidence_level\tclinical_significance\tpubmed_id\tcitation\tevidence_id\n"
    "POT1\tV1A\tGlazing disease\tPotsib\tPredictive\tSupports\tE\tSensitivity/Response\t12345678\tDoe et al., 2019, Blood\t9\n"
)


@pytest.mark.parametrize(
    ("name", "data"),
    [("cdm.json", COMMON), ("statements.json", STATEMENTS), ("api.json", GRAPH), ("nightly.tsv", TABLE)],
)
def test_other_layouts_give_the_same_finding(tmp_path: Path, name: str, data: Any) -> None:
    taken(tmp_path, name, data, "civic")
    made, said = finding(tmp_path), estimate(tmp_path)
    assert (made["id"], made["nature"]) == ("civic-eid9", "modelled")
    assert (said["direction"], said["group"], made["products"]) == (
        "increase",
        "POT1 V1A",
        [{"product": "civic-therapy-potsib"}],
    )
    assert made["citations"][0]["source"] == "doe2019"
    assert "pmid = {12345678}" in (tmp_path / "pack/references.bib").read_text(encoding="utf-8")


def test_an_assertion_of_moalmanac_is_an_item(tmp_path: Path) -> None:
    data = {
        "assertions": [{
            "id": 3, "disease": {"name": "Glazing disease"}, "therapy_name": "Potsib + Glazib", "source_ids": 1,
            "clinical_significance": "resistance", "predictive_implication": "Preclinical",
            "variant": {"feature": "POT1 V1A", "gene": "POT1"},
        }],
        "sources": [{"id": 1, "doi": "10.5555/Moa", "citation": "Doe. Pots."}],
    }  # fmt: skip
    taken(tmp_path, "moa.json", data, "civic")
    assert (finding(tmp_path)["id"], estimate(tmp_path)["direction"]) == ("moa-assertion-3", "decrease")
    assert [product["product"] for product in finding(tmp_path)["products"]] == [
        "moa-therapy-potsib",
        "moa-therapy-glazib",
    ]


def test_an_item_without_a_paper_has_no_primary_source(tmp_path: Path) -> None:
    report = taken(tmp_path, "items.json", [changed(ITEM, source=None)], "civic")
    assert finding(tmp_path)["citations"][0]["taken_from"] == "unknown"
    assert report.losses["source: it names no paper"] == 1


def test_an_item_alone_in_an_answer_of_the_interface_is_read(tmp_path: Path) -> None:
    assert taken(tmp_path, "a.json", {"data": {"evidenceItem": ITEM}}, "civic").added == ("civic EID5",)


def test_an_item_below_its_variant_is_about_it(tmp_path: Path) -> None:
    item = changed(ITEM, molecular_profile=None)
    profile = {"id": 9, "name": "POT1 V1A AND LID2", "evidenceItems": {"nodes": [item]}}
    variant = {"id": 8, "name": "V1A", "molecularProfiles": {"nodes": [profile]}}
    taken(
        tmp_path,
        "a.json",
        {"data": {"genes": {"nodes": [{"name": "POT1", "variants": {"nodes": [variant]}}]}}},
        "civic",
    )
    assert finding(tmp_path)["estimates"][0]["group"] == "POT1 V1A AND LID2"


def test_a_number_that_the_file_does_not_explain_is_told(tmp_path: Path) -> None:
    report = taken(tmp_path, "a.json", changed(ITEM, molecular_profile=None, variant_id=12), "civic")
    assert report.losses["variant_id: a number alone; what it stands for, the file does not say"] == 1


@pytest.mark.parametrize(
    ("written", "family"), [("Doe JA", "Doe"), ("van der Doe A", "van der Doe"), ("Ada B Doe", "Doe")]
)
def test_an_author_is_read_in_both_orders(written: str, family: str) -> None:
    item, _, _ = paper(
        {"source": {"source_type": "PUBMED", "citation_id": "123", "author_string": f"{written}, Xi Roe"}}
    )
    assert item is not None
    assert [person["family"] for person in item["author"]] == [family, "Roe"]


def test_an_abstract_of_a_meeting_has_its_number_from_either_column() -> None:
    item, _, _ = paper({"source_type": "ASCO", "asco_abstract_id": "4020", "citation": "Doe, 2011, ASCO"})
    assert item is not None
    assert (item["type"], item["number"]) == ("paper-conference", "ASCO abstract 4020")
