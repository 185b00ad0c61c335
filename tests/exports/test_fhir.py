"""A pack as FHIR R5: what each record becomes, the state of a finding, and a way back with the same figures."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.curating import import_candidates
from evidencekb.exports import fhir_bundle, fhir_losses
from evidencekb.exports.fhirnames import fhir_id
from tests.packs import write_pack

Json = dict[str, Any]

PACK = """\
concepts:
  - {id: cracks, kind: outcome, label: cracks in pots}
  - {id: potting, kind: skill, label: potting}
definitions:
  - {id: counted-cracks, of: cracks, basis: rating_by_people, procedure: Cracks that two people count., higher_is: worse}
cohorts:
  - {id: pots, label: pots, meaning: Pots of clay., unit: documents}
sources:
  - id: doe2019:pots
    kind: journal_article
    title: Pots and glaze
    authors: [{family: Doe, given: Ada}, {literal: The Potters}]
    published_on: 2019-04
    container: Journal of Pots
    volume: "3"
    pages: 1-9
    doi: 10.5555/pots
    vendor: vendor
    vendor_reason: The maker of the glaze paid for it and sells it.
    standing: {checked_on: 2026-01-15}
  - id: relay
    kind: web_page
    title: A page on pots
    url: https://page.example.org/pots
    vendor: unknown
    vendor_reason: Not looked into; it only relays.
findings:
  - id: pots-2019-glaze
    headline: Glazed pots crack a fifth less
    statement: Pots with glaze had fewer cracks than those without.
    nature: observed
    design: lab_experiment
    sample: {counts: [{n: 120, of: pots, level: drawn}, {n: 98, of: pots, level: analysed}]}
    cohorts: [{cohort: pots, fit: narrower, note: of one kiln}]
    about: [{concept: potting, how: measured}]
    estimates:
      - {id: ratio, main: true, outcome: cracks, definition: counted-cracks, measure: odds_ratio, value: 0.8, unit: "1",
         qualifier: at_most, interval: {lower: 0.6, upper: 1.1, level: 0.9}, p_value: 0.04, se: 0.1, n: 90,
         group: with glaze, comparator: without}
      - {id: span, outcome: cracks, definition: counted-cracks, measure: count, range: {low: 2, high: 9, over: groups},
         unit: cracks, no_interval: not_seen}
      - {id: way, outcome: cracks, definition: counted-cracks, direction: none_detected, no_interval: not_seen, period: 2018}
    mentions: {a fifth: rounded from the ratio}
    caveats: [{kind: small_sample, text: One kiln.}]
    citations:
      - {source: "doe2019:pots", role: primary, basis: own_data, locator: table 2, read: {what: full_text, on: 2026-01-15}}
      - {source: relay, role: secondary, names: "doe2019:pots", taken_from: "doe2019:pots", locator: paragraph 2}
"""


def exported(pack: Path) -> dict[tuple[str, str], Json]:
    """The resources of a pack, by type and id."""
    with ekb.load(pack) as kb:
        bundle = json.loads("".join(fhir_bundle(kb)))
    assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "collection")
    made = {
        (entry["resource"]["resourceType"], entry["resource"]["id"]): entry["resource"] for entry in bundle["entry"]
    }
    assert len(made) == len(bundle["entry"])
    return made


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "pack", {"pack.yaml": "name: pots\nversion: 1.0.0\n", "pots.yaml": PACK})


def test_an_estimate_becomes_an_evidence(pack: Path) -> None:
    made = exported(pack)["Evidence", "pots-2019-glaze.ratio"]
    assert (made["status"], made["title"], made["version"]) == ("active", "Glazed pots crack a fifth less", "1.0.0")
    (statistic,) = made["statistic"]
    assert statistic["statisticType"]["coding"][0]["code"] == "STATO:0000182"
    assert statistic["quantity"] == {
        "value": 0.8,
        "unit": "1",
        "system": "http://unitsofmeasure.org",
        "code": "1",
        "comparator": "<=",
    }
    assert statistic["sampleSize"] == {"numberOfParticipants": 120, "knownDataCount": 90}
    interval, error, p_value = statistic["attributeEstimate"]
    assert (interval["level"], interval["range"]["low"]["value"], interval["range"]["high"]["value"]) == (0.9, 0.6, 1.1)
    assert (error["type"]["text"], error["quantity"]["value"]) == ("standard error", 0.1)
    assert (p_value["type"]["text"], p_value["quantity"]) == ("p-value", {"value": 0.04})
    roles = [each["variableRole"]["coding"][0]["code"] for each in made["variableDefinition"]]
    assert roles == ["population", "exposure", "referenceExposure", "measuredVariable"]
    assert [(each["type"], each["resourceReference"]["reference"]) for each in made["relatedArtifact"]] == [
        ("derived-from", "urn:evidencekb:pots:source/doe2019%3Apots"),
        ("cited-by", "urn:evidencekb:pots:source/relay"),
    ]


def test_a_source_becomes_a_citation_that_says_who_gains(pack: Path) -> None:
    made = exported(pack)["Citation", fhir_id("doe2019:pots")]
    flag, reason = made["extension"]
    assert flag["valueCodeableConcept"]["coding"][0]["code"] == "vendor"
    assert reason["valueString"] == "The maker of the glaze paid for it and sells it."
    assert made["note"][0]["text"].startswith(
        "Who gains by doe2019:pots: vendor (a seller with something to gain stands behind it)."
    )
    cited = made["citedArtifact"]
    assert cited["identifier"] == [{"system": "https://doi.org", "value": "10.5555/pots"}]
    assert cited["publicationForm"] == [
        {"publishedIn": {"title": "Journal of Pots"}, "volume": "3", "pageString": "1-9", "articleDate": "2019-04"}
    ]
    assert [each["contributor"]["reference"] for each in cited["contributorship"]["entry"]] == [
        "#author-1",
        "#author-2",
    ]
    assert [each["resourceType"] for each in made["contained"]] == ["Practitioner", "Organization"]


def test_definitions_and_cohorts_become_variables(pack: Path) -> None:
    made = exported(pack)
    assert (
        made["EvidenceVariable", "definition.counted-cracks"]["characteristic"][0]["description"]
        == "Cracks that two people count."
    )
    assert made["EvidenceVariable", "cohort.pots"]["title"] == "pots"


@pytest.mark.parametrize(
    ("old", "new", "status"),
    [
        ("    caveats:", "    provenance: {by: evidencekb import, on: 2026-01-01}\n    caveats:", "draft"),
        ("    caveats:", "    provenance: {by: evidencekb import, checked_by: a curator}\n    caveats:", "active"),
        ("{checked_on: 2026-01-15}", "{checked_on: 2026-01-15, events: [{status: retracted, on: 2025}]}", "retired"),
        ("{checked_on: 2026-01-15}", "{checked_on: 2026-01-15, events: [{status: corrected, on: 2025}]}", "active"),
    ],
)
def test_the_status_tells_the_state(tmp_path: Path, old: str, new: str, status: str) -> None:
    pack = write_pack(tmp_path / "pack", {"pots.yaml": PACK.replace(old, new)})
    made = exported(pack)
    assert made["Evidence", "pots-2019-glaze.ratio"]["status"] == status
    assert made["Citation", fhir_id("doe2019:pots")]["status"] == ("retired" if status == "retired" else "active")


def test_a_finding_that_another_replaces_is_retired(tmp_path: Path) -> None:
    second = PACK[PACK.index("  - id: pots-2019-glaze") :].replace("id: pots-2019-glaze", "id: pots-2020-glaze")
    link = "    links: [{type: supersedes, target: pots-2019-glaze, because: Counted anew.}]\n    caveats:"
    made = exported(write_pack(tmp_path / "pack", {"pots.yaml": PACK + second.replace("    caveats:", link)}))
    assert made["Evidence", "pots-2019-glaze.way"]["status"] == "retired"
    replacing = made["Evidence", "pots-2020-glaze.way"]
    assert replacing["status"] == "active"
    replaced = replacing["relatedArtifact"][-1]
    assert (replaced["type"], replaced["resourceReference"]["type"]) == ("replaces", "Evidence")
    assert replaced["resourceReference"]["reference"] == made["Evidence", "pots-2019-glaze.ratio"]["url"]


def test_what_has_no_place_is_named(pack: Path) -> None:
    with ekb.load(pack) as kb:
        lost = {(id, loss.field) for id, loss in fhir_losses(kb)}
        values = {loss.field: loss.value for _, loss in fhir_losses(kb)}
    assert lost == {("pots-2019-glaze", "about"), ("pots-2019-glaze", "mentions")}
    assert values["about"] == "1 of them"


def test_a_value_that_has_no_place_is_told_as_it_is(tmp_path: Path) -> None:
    text = PACK.replace("    caveats:", "    preregistered: unknown\n    caveats:", 1)
    with ekb.load(write_pack(tmp_path / "pack", {"pots.yaml": text})) as kb:
        assert [loss.value for _, loss in fhir_losses(kb) if loss.field == "preregistered"] == ["unknown"]


def test_references_lead_to_entries_of_the_bundle(pack: Path) -> None:
    with ekb.load(pack) as kb:
        entries = json.loads("".join(fhir_bundle(kb)))["entry"]
    assert set().union(*map(references, entries)) <= {entry["fullUrl"] for entry in entries}


def test_the_way_back_gives_the_same_figures(pack: Path, tmp_path: Path) -> None:
    with ekb.load(pack) as kb:
        text = "".join(fhir_bundle(kb))
        before = kb.finding("pots-2019-glaze").estimates
    (tmp_path / "pots.json").write_text(text, encoding="utf-8")
    back = write_pack(tmp_path / "back", {})
    report = import_candidates(tmp_path / "pots.json", "fhir", into=back)
    assert not report.skipped
    path = next((back / "findings").glob("*.yaml"))
    made = sorted(
        re.findall(
            r"(?:value|range|direction|interval|p_value|se|n|unit|qualifier|measure): [^\n]+",
            path.read_text(encoding="utf-8"),
        )
    )
    assert {
        "value: 0.8",
        "qualifier: at_most",
        "interval: {lower: 0.6, upper: 1.1, level: 0.9}",
        "p_value: 0.04",
        "se: 0.1",
        "n: 90",
    } <= set(made)
    assert {
        "range: {low: 2, high: 9, over: groups}",
        "direction: none_detected",
        "measure: odds_ratio",
        "measure: count",
    } <= set(made)
    assert len(report.findings) == len(before)


_ID = re.compile(r"[A-Za-z0-9.-]{1,64}")


def references(value: Any) -> set[str]:
    """Every reference to another resource below a value."""
    if isinstance(value, list):
        return set().union(*map(references, value))
    if not isinstance(value, dict):
        return set()
    own = (
        {value["reference"]}
        if isinstance(value.get("reference"), str) and not value["reference"].startswith("#")
        else set()
    )
    return own.union(*map(references, value.values()))


def test_the_shipped_pack_has_the_structure_of_fhir(repo: Path) -> None:
    made = exported(repo / "data")
    addresses = {resource["url"] for resource in made.values()}
    for (type, id), resource in made.items():
        assert _ID.fullmatch(id)
        assert references(resource) <= addresses
        assert resource["status"] in ("active", "draft", "retired")
        assert re.fullmatch(r"https://w3id\.org/evidencekb/data/\S+|urn:evidencekb:evidencekb:\S+", resource["url"])
        if type == "Evidence":
            assert resource["variableDefinition"]
            assert all(each["variableRole"]["coding"] for each in resource["variableDefinition"])
            for statistic in resource.get("statistic", ()):
                assert statistic.keys() & {"quantity", "attributeEstimate", "statisticType"}
        if type == "Citation":
            assert resource["extension"][0]["url"].rpartition("#")[2] == "vendor"
    assert {resource["status"] for (type, _), resource in made.items() if type == "Evidence"} == {"active", "retired"}


def test_an_id_that_fhir_does_not_take_is_told_apart_by_a_digest() -> None:
    assert fhir_id("doe2019") == "doe2019"
    assert fhir_id("a:b") != fhir_id("a/b")
    assert len(fhir_id("x" * 200)) <= 64
