"""OWID metadata: origins as sources, indicators as outcomes with a definition; templates are unknown."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.curating import import_candidates
from tests.curating.candidates import ORIGIN, Json, changed, empty_pack, finding, records, taken, written
from tests.packs import codes

INDICATORS: Json = {
    "definitions": {"common": {"presentation": {"topic_tags": ["Pots"]}}},
    "dataset": {"title": "Pots (2024)", "owners": ["Somebody"]},
    "tables": {
        "pots": {
            "variables": {
                "share": {"title": "Share of pots", "unit": "%", "short_unit": "%", "description_short": "A sentence."},
                "per_head": {"title": "Pots per << unit >>", "unit": "<% if x %>pots<% endif %>"},
            }
        }
    },
}


def bibliography(folder: Path) -> str:
    return (folder / "pack/references.bib").read_text(encoding="utf-8")


def test_an_origin_becomes_a_source(tmp_path: Path) -> None:
    taken(tmp_path, "pots__2024__use.csv.dvc", {"meta": {"origin": ORIGIN}}, "owid")
    assert bibliography(tmp_path) == (
        "@dataset{instituteofpots2023pots,\n"
        "  author = {{Institute of Pots}},\n"
        "  title = {Pots in use},\n"
        "  date = {2023-05},\n"
        "  version = {v2},\n"
        "  urldate = {2024-01-02},\n"
        "  url = {https://pots.example.org/use},\n"
        "}\n"
    )
    (source,) = records(tmp_path / "pack", "sources").values()
    assert source["vendor"] == "unknown"
    assert finding(tmp_path)["citations"] == [
        {"source": "instituteofpots2023pots", "role": "primary", "basis": "own_data", "read": {"what": "nothing"}}
    ]


def test_an_older_source_and_an_older_snapshot_become_sources(tmp_path: Path) -> None:
    source = {
        "name": "Institute of Pots (2019)",
        "url": "https://pots.example.org/old",
        "publication_date": "2019-03-01",
        "published_by": "Pots Press",
    }
    taken(tmp_path, "old.csv.dvc", {"meta": {"name": "Old pots", "source": source}}, "owid")
    flat = {
        "name": "Flat pots",
        "source_name": "Potters (2020)",
        "url": "https://pots.example.org/flat",
        "publication_year": 2020,
    }
    taken(tmp_path, "flat.csv.dvc", {"meta": flat}, "owid")
    text = bibliography(tmp_path)
    assert "author = {{Institute of Pots}},\n  title = {Old pots}" in text
    assert "publisher = {Pots Press}" in text
    assert "date = {2019-03-01}" in text
    assert "author = {{Potters}}" in text
    assert "date = {2020}" in text


def test_the_address_of_a_doi_is_a_doi_and_one_in_a_citation_is_left(tmp_path: Path) -> None:
    origin = changed(ORIGIN, url_main="https://doi.org/10.5555/POTS.1", citation_full="Doe (2020), doi:10.5555/other")
    taken(tmp_path, "a.dvc", {"meta": {"origin": origin}}, "owid")
    assert "doi = {10.5555/pots.1}" in bibliography(tmp_path)
    assert "other" not in bibliography(tmp_path)


def test_an_indicator_becomes_an_outcome_with_its_definition_and_a_finding_to_fill_in(tmp_path: Path) -> None:
    report = taken(tmp_path, "garden/pots/2024-05-06/pots.meta.yml", INDICATORS, "owid")
    pack = tmp_path / "pack"
    id = "owid-pots-2024-05-06-pots-share"
    concepts, definitions = records(pack, "concepts"), records(pack, "definitions")
    assert concepts[id] == {
        "id": "owid-pots-2024-05-06-pots-share",
        "kind": "outcome",
        "label": "Share of pots",
    }
    assert definitions[id]["basis"] == "not_recorded"
    assert "in %" in definitions[id]["procedure"]
    made = records(pack, "findings")[f"{id}-candidate"]
    assert made["estimates"] == [
        {
            "id": "figure",
            "outcome": "owid-pots-2024-05-06-pots-share",
            "definition": "owid-pots-2024-05-06-pots-share",
            "unit": "%",
        }
    ]
    assert made["citations"][0]["taken_from"] == "unknown"
    assert "url = {https://catalog.ourworldindata.org/garden/pots/2024-05-06/pots}" in bibliography(tmp_path)
    assert report.losses["dataset.owners: no field of a record"] == 1
    assert {v.code for v in ekb.check(pack).errors} == {"EKB101", "EKB301"}


def test_a_template_is_unknown_and_says_so(tmp_path: Path) -> None:
    report = taken(tmp_path, "pots.meta.yml", INDICATORS, "owid")
    label = records(tmp_path / "pack", "concepts")["owid-pots-per-head"]["label"]
    assert label == "per head (name in the file)"
    assert "unit" not in records(tmp_path / "pack", "findings")["owid-pots-per-head-candidate"]["estimates"][0]
    assert report.losses["title: a template, which is not read; it is unknown"] == 1
    assert report.losses["unit: a template, which is not read; it is unknown"] == 1


def test_an_indicator_that_names_its_origin_rests_on_it(tmp_path: Path) -> None:
    data: Json = {"tables": {"pots": {"variables": {"share": {"title": "Share", "unit": "%", "origins": [ORIGIN]}}}}}
    taken(tmp_path, "pots.meta.yml", data, "owid")
    first, second = finding(tmp_path)["citations"]
    assert (first["source"], first["role"]) == ("instituteofpots2023pots", "primary")
    assert (second["role"], second["taken_from"]) == ("secondary", "instituteofpots2023pots")


def test_of_several_sources_of_a_data_set_none_is_that_of_an_indicator(tmp_path: Path) -> None:
    sources = [
        {"name": f"Source {n}", "url": f"https://pots.example.org/{n}", "published_by": "Potters"} for n in (1, 2)
    ]
    data = {
        "dataset": {"title": "Pots", "sources": sources},
        "tables": {"pots": {"variables": {"share": {"title": "Share", "unit": "%"}}}},
    }
    report = taken(tmp_path, "pots.meta.yml", data, "owid")
    assert len(report.sources) == 3
    (relay,) = finding(tmp_path)["citations"]
    assert (relay["role"], relay["taken_from"]) == ("secondary", "unknown")


def test_two_snapshots_of_one_origin_share_their_source(tmp_path: Path) -> None:
    for name in ("a.csv.dvc", "b.csv.dvc"):
        written(tmp_path / "in", name, {"meta": {"origin": ORIGIN}})
    report = import_candidates(tmp_path / "in", "owid", into=empty_pack(tmp_path))
    assert (len(report.findings), len(report.sources)) == (2, 1)


def test_metadata_of_the_public_interface_is_read(tmp_path: Path) -> None:
    data = {
        "name": "Share of pots", "unit": "%", "shortUnit": "%", "descriptionShort": "A sentence.",
        "origins": [{"title": "Pots in use", "producer": "Institute of Pots", "datePublished": "2023",
                     "urlMain": "https://pots.example.org"}],
    }  # fmt: skip
    report = taken(tmp_path, "1.metadata.json", data, "owid")
    assert len(report.findings) == 1
    assert "author = {{Institute of Pots}}" in bibliography(tmp_path)


@pytest.mark.parametrize(
    ("meta", "why"),
    [
        ("text", "its metadata is no mapping of fields"),
        ({"origin": "text"}, "its origin is no mapping of fields"),
        ({"origin": {"producer": "x"}}, "its origin has no title that can be read"),
        ({"nothing": 1}, "its metadata names no origin and no source"),
    ],
)
def test_an_origin_that_cannot_be_read_is_skipped_with_its_line(tmp_path: Path, meta: Any, why: str) -> None:
    (left,) = taken(tmp_path, "a.csv.dvc", {"wdir": "x", "meta": meta}, "owid").skipped
    assert left.why == why
    assert left.place.startswith("a.csv.dvc:")


def test_a_snapshot_without_a_sound_date_says_so(tmp_path: Path) -> None:
    report = taken(tmp_path, "a.dvc", {"meta": {"origin": changed(ORIGIN, date_published="latest")}}, "owid")
    assert report.losses["date_published: no date that a record can hold"] == 1
    assert codes(ekb.check(tmp_path / "pack")) <= {"EKB108", "EKB201"}


@pytest.mark.parametrize("name", ["etl/garden/pots/{}/use.meta.yml", "etl/snapshots/pots/{}/use.csv.dvc"])
def test_two_versions_of_a_file_are_two(tmp_path: Path, name: str) -> None:
    data = {"tables": {"use": {"variables": {"share": {"title": "Share", "origins": [ORIGIN]}}}}}
    for version in ("2023-01-01", "2024-01-01"):
        written(tmp_path, name.format(version), data if "garden" in name else {"meta": {"origin": ORIGIN}})
    report = import_candidates(tmp_path / "etl", "owid", into=empty_pack(tmp_path))
    assert len(report.findings) == len(report.added) == 2
    assert not report.merged


def test_another_file_of_the_same_name_is_no_second_copy(tmp_path: Path) -> None:
    data = {"tables": {"use": {"variables": {"share": {"title": "Share"}}}}}
    taken(tmp_path, "use.meta.yml", data, "owid")
    report = taken(tmp_path, "garden/n/2024-01-01/use.meta.yml", data, "owid")
    assert len(report.added) == 1
    pack = tmp_path / "pack"
    for file in (pack / "findings").glob("*.yaml"):
        file.write_text(file.read_text().replace("from: indicator use/share of use,", "from: indicator other/x of y,"))
    (left,) = taken(tmp_path, "use.meta.yml", data, "owid").skipped
    assert "is that of another record: indicator other/x of y" in left.why


def test_an_indicator_of_which_only_the_name_is_said_has_what_all_have_in_common(tmp_path: Path) -> None:
    table = {"common": {"unit": "%"}, "variables": {"share_of_pots": None}}
    taken(tmp_path, "use.meta.yml", {"tables": {"use": table}}, "owid")
    assert finding(tmp_path)["estimates"][0]["unit"] == "%"
    (concept,) = records(tmp_path / "pack", "concepts").values()
    assert concept["label"] == "share of pots (name in the file)"


def test_what_a_file_says_is_counted_once(tmp_path: Path) -> None:
    indicator = {
        "id": 7,
        "name": "Pots",
        "unit": "pots",
        "datasetName": "All pots",
        "display": {"x": 1},
        "origins": [ORIGIN],
    }
    report = taken(tmp_path, "7.json", indicator, "owid")
    assert [what for what in report.losses if what.startswith("display")] == ["display: an indicator has no such field"]
    assert "title = {All pots}" in bibliography(tmp_path)
    old = taken(tmp_path, "old.dvc", {"meta": {"name": "Old", "source": {"name": "Institute"}}}, "owid")
    assert not old.losses


def test_a_chart_is_found_at_its_address(tmp_path: Path) -> None:
    chart = {"title": "Pots", "originalChartUrl": "https://ourworldindata.org/grapher/pots"}
    taken(tmp_path, "pots.metadata.json", {"chart": chart, "columns": {"Pots": {"unit": "pots"}}}, "owid")
    assert "url = {https://ourworldindata.org/grapher/pots}" in bibliography(tmp_path)
