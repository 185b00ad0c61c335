# ruff: noqa: E501  # one case a line reads as a table
"""Rules 106 and 110: what counts once, and the near misses that count twice and are let pass."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.packs import TODAY
from tests.records import Fields, Records, base_records, built, checked, edited
from tests.studied import FIRST, finding, linked, pack, page, source, support

ANA, BEN = {"family": "Lind", "given": "Ana"}, {"family": "Ode", "given": "Ben"}


def third(records: Records, **fields: Any) -> Records:
    """The records with a third finding, independent unless the fields say otherwise."""
    sources = fields.pop("sources", [source("third2025")])
    for added in sources:
        records["sources"].append(added)
    records["findings"].append(finding("third", sources[0]["id"], **fields))
    records["claims"][0]["supports"] = support(FIRST, "second", "third")
    return records


def found(folder: Path, records: Records) -> list[tuple[str, str, str]]:
    """Code, severity and place of what 106 and 110 find; nothing else may be found."""
    report = [v for v in checked(folder, records) if v.code != "EKB504"]
    assert {v.code for v in report} <= {"EKB106", "EKB110", "EKB206"}
    return sorted((v.code[3:], str(v.severity), ".".join(map(str, v.path))) for v in report if v.code != "EKB206")


ONE_STUDY = ("106", "warning", "supports")
TWICE = ("110", "warning", "supports.1")


IN_OSLO: Fields = {
    "counts": [{"n": 317, "of": "applications", "level": "observations"}],
    "place": "Oslo",
    "period": "2023-02",
}


@pytest.mark.parametrize(
    "edits",
    [
        linked("shares_data", extent="all"),
        linked("includes"),
        linked("reanalyses"),
        linked("qualifies", extent="all"),
        linked("supersedes"),
        {"sources__2__work": "audit", "sources__2__version": "working paper, 2023"},
        {"sources__0__authors": [ANA, BEN], "sources__2__authors": [BEN, ANA], "findings__0__sample__place": "Oslo", "findings__1__sample__place": "oslo"},
        {"findings__0__sample": IN_OSLO, "findings__1__sample": IN_OSLO},
    ],
    ids=["same data", "pool", "reanalysis", "comment with data", "newer version", "two versions", "team and setting", "same people"],
)  # fmt: skip
def test_two_that_are_one_study_count_once(tmp_path: Path, edits: dict[str, Any]) -> None:
    assert found(tmp_path / "two", pack(**edits)) == [ONE_STUDY, TWICE]
    assert found(tmp_path / "three", third(pack(**edits))) == [TWICE]  # with an independent one no laundering is left


@pytest.mark.parametrize(
    "edits",
    [
        {},
        linked("shares_data", extent="part"),
        linked("shares_data", extent="unknown"),
        linked("shares_data"),
        linked("includes", extent="part"),
        linked("replicates", outcome="successful", criterion="Same sign."),
        linked("qualifies"),
        linked("contradicts", because="Scores were new."),
        {"claims__0__supports": [*support(FIRST), *support("second", stance="qualifies")], **linked("shares_data", extent="all")},
        {"claims__0__supports": [*support(FIRST), *support("second", stance="disputes")], **linked("reanalyses")},
        {"sources__0__authors": [ANA], "sources__2__authors": [ANA], "findings__0__sample__place": "Oslo", "findings__1__sample__place": "Lima"},
        {"sources__0__authors": [ANA], "sources__2__authors": [ANA]},
        {"sources__0__authors": [ANA], "sources__2__authors": [ANA, BEN], "findings__0__sample__place": "Oslo", "findings__1__sample__place": "Oslo"},
        {"findings__0__sample__place": "Oslo", "findings__1__sample__place": "Oslo"},
        {"findings__0__sample": {**IN_OSLO, "counts": [{**IN_OSLO["counts"][0], "n": 400}]}, "findings__1__sample": {**IN_OSLO, "counts": [{**IN_OSLO["counts"][0], "n": 400}]}},
        {"sources__2__work": "another"},
    ],
    ids=[
        "nothing said", "part", "unknown", "no extent", "part of a pool", "replication", "qualifies with data", "contradicts",
        "other stance", "disputes", "one author in two settings", "one author, no setting", "another team", "one place, other authors",
        "round numbers", "another work",
    ],
)  # fmt: skip
def test_what_is_not_known_to_be_one_is_let_pass(tmp_path: Path, edits: dict[str, Any]) -> None:
    assert found(tmp_path, pack(**edits)) == []


def test_two_findings_of_one_paper_are_one_study_when_they_measure_one_thing(tmp_path: Path) -> None:
    same = {"findings__1__citations__0__source": "audit2024", "sources__2": source("second2025")}
    records = pack(**same)
    assert found(tmp_path / "same", records) == [ONE_STUDY]
    records["concepts"].append({"id": "offers", "kind": "outcome", "label": "offers"})
    records["definitions"].append(
        {"id": "offer", "of": "offers", "basis": "platform_log", "procedure": "Share of offers."}
    )
    records["findings"][1]["estimates"] = [
        {**records["findings"][1]["estimates"][0], "outcome": "offers", "definition": "offer"}
    ]
    assert found(tmp_path / "parts", records) == []


def test_joins_carry_on_through_a_finding_that_the_claim_does_not_list(tmp_path: Path) -> None:
    records = pack(**linked("shares_data", extent="all"))
    third(records, links=[{"type": "shares_data", "target": "second", "extent": "all"}])
    records["claims"][0]["supports"] = support(FIRST, "third")
    assert found(tmp_path / "two", records) == [ONE_STUDY, TWICE]
    records["sources"].append(source("fourth2025"))
    records["findings"].append(finding("fourth", "fourth2025"))
    records["claims"][0]["supports"] = support(FIRST, "third", "fourth")
    assert found(tmp_path / "three", records) == [TWICE]


def test_trials_are_not_one_study_because_a_pool_holds_both(tmp_path: Path) -> None:
    pool = {"links": [{"type": "includes", "target": id} for id in (FIRST, "second")], "design": "meta_analysis"}
    records = third(pack(), **pool)
    records["claims"][0]["supports"] = support(FIRST, "second")
    assert found(tmp_path / "trials", records) == []
    records["claims"][0]["supports"] = support(FIRST, "second", "third")
    assert found(tmp_path / "all", records) == [("110", "warning", "supports.2")]
    records["claims"][0]["supports"] = support(FIRST, "third")
    assert found(tmp_path / "one", records) == [ONE_STUDY, TWICE]


def test_a_pool_of_a_pool_holds_its_trials(tmp_path: Path) -> None:
    records = third(pack(**linked("includes")), links=[{"type": "includes", "target": "second"}])
    records["claims"][0]["supports"] = support(FIRST, "third")
    assert found(tmp_path, records) == [ONE_STUDY, TWICE]


@pytest.mark.parametrize(
    "link", [{"type": "replicates", "outcome": "successful"}, {"type": "shares_data", "extent": "part"}]
)
def test_what_a_link_says_of_the_data_goes_before_what_the_team_suggests(tmp_path: Path, link: Fields) -> None:
    team = {
        "sources__0__authors": [ANA],
        "sources__2__authors": [ANA],
        "findings__0__sample": IN_OSLO,
        "findings__1__sample": IN_OSLO,
    }
    assert found(tmp_path / "unsaid", pack(**team)) == [ONE_STUDY, TWICE]
    assert (
        found(tmp_path / "said", pack(**team, findings__1__links=[{"target": FIRST, "because": "As it says.", **link}]))
        == []
    )


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Müller, Jan", "Mueller, J.", True),
        ("Müller, Jan", "Muller, Jan K.", True),
        ("Sørensen, Ole", "Sorensen, O.", True),
        ("van Inwegen, Emma", "Van Inwegen, E.", True),
        ("Øster, Åsa", "Oster, A.", True),
        ("Smith, Anna", "Smith, John", False),
        ("Smith, Anna", "Smyth, Anna", False),
    ],
)
def test_a_team_is_known_by_its_names_however_they_are_spelled(
    tmp_path: Path, one: str, other: str, same: bool
) -> None:
    first, second = ([dict(zip(("family", "given"), name.split(", "), strict=True))] for name in (one, other))
    place = {"findings__0__sample__place": "Oslo", "findings__1__sample__place": "Oslo"}
    records = pack(sources__0__authors=first, sources__2__authors=second, **place)
    assert found(tmp_path, records) == ([ONE_STUDY, TWICE] if same else [])


def test_a_primary_that_was_taken_from_another_paper_is_no_second_study(tmp_path: Path) -> None:
    records = pack(findings__1__citations__0__taken_from="audit2024")
    records["findings"][1]["citations"].append(
        {"source": "audit2024", "role": "secondary", "names": "none_named", "taken_from": "none_named"}
    )
    assert found(tmp_path, records) == [ONE_STUDY, TWICE]


def test_a_comment_without_data_of_its_own_is_no_second_study(tmp_path: Path) -> None:
    records = pack(**linked("qualifies"), findings__1__citations__0__basis="own_statement")
    assert found(tmp_path, records) == [ONE_STUDY, TWICE]


def test_statements_without_data_are_no_support_however_many(tmp_path: Path) -> None:
    records = pack(findings__0__citations__0__basis="own_statement", findings__1__citations__0__basis="own_statement")
    assert found(tmp_path / "both", records) == [ONE_STUDY]
    (told,) = [v.message for v in checked(tmp_path / "told", records) if v.code == "EKB106"]
    assert "ends in a statement that shows no data" in told
    records["findings"][1]["nature"] = "alleged"
    assert found(tmp_path / "alleged", records) == []


PROVIDES = {"organization": "score-seller", "tie": "data_provider"}


@pytest.mark.parametrize(
    ("ties", "links", "expected"),
    [
        (({}, {}), [], [("110", "note", "supports.1")]),
        (({"scope": [FIRST]}, {"scope": ["second"]}), [], [("110", "note", "supports.1")]),
        (({}, {"scope": ["third"]}), [], []),
        (({}, {}), [{"type": "shares_data", "target": FIRST, "extent": "part"}], []),
        (({}, {"tie": "host"}), [], []),
    ],
    ids=["one provider", "in scope", "out of scope", "somebody has said how much", "host of one"],
)
def test_data_of_one_provider_are_noted_until_somebody_says_how_much_is_shared(
    tmp_path: Path, ties: tuple[Fields, Fields], links: list[Fields], expected: list[tuple[str, str, str]]
) -> None:
    records = third(pack(findings__1__links=links))
    for at, tie in zip((0, 2), ties, strict=True):
        records["sources"][at]["interests"] = [{**PROVIDES, **tie}]
    assert found(tmp_path, records) == expected


A, B, C = "https://a.example/x", "https://b.example/y", "https://c.example/z"


@pytest.mark.parametrize(
    ("status", "pages", "variant"),
    [
        ("no_source_found", [page(A), page("https://www.a.example/other")], "one publisher"),
        ("no_source_found", [page(A), page(B, A)], f"took it from {A}"),
        ("no_source_found", [page(A, C), page(B, C)], f"took it from {C}"),
        ("no_source_found", [page(A, B), page(B, "http://a.example/x/")], "from each other"),
        ("dead_end", [page(A, B), page(B, A)], "from each other"),
    ],
    ids=["one site", "one page", "one page outside", "circle", "circle under another status"],
)
def test_pages_that_come_down_to_one_are_told(tmp_path: Path, status: str, pages: list[Fields], variant: str) -> None:
    records = edited(base_records(), {"untraced.0.status": status, "untraced.0.repeated_at": pages})
    (violation,) = [v for v in checked(tmp_path, records) if v.code != "EKB504"]
    assert (violation.code, violation.subject.id, violation.path) == (
        "EKB106",
        "score-doubles-replies",
        ("repeated_at",),
    )
    assert variant in violation.message


@pytest.mark.parametrize(
    ("status", "pages"),
    [
        ("no_source_found", [page(A)]),
        ("no_source_found", [page(A), page(B)]),
        ("no_source_found", [page(A, "none_named"), page(B, "unknown")]),
        ("no_source_found", [page(A, C), page(B)]),
        ("dead_end", [page(A, C), page(B, C)]),
        ("circular", [page(A, B), page(B, A)]),
        ("no_source_found", [page("a talk of 2014"), page("a book of 2015")]),
    ],
)
def test_pages_that_stand_apart_or_whose_status_says_it_are_let_pass(
    tmp_path: Path, status: str, pages: list[Fields]
) -> None:
    records = edited(base_records(), {"untraced.0.status": status, "untraced.0.repeated_at": pages})
    assert [v for v in checked(tmp_path, records) if v.code != "EKB504"] == []


def test_an_audit_leaves_the_waiver_of_an_untraced_claim_alone(tmp_path: Path) -> None:
    pages = [page(A), page("https://a.example/y")]
    waiver = {
        "rule": "106",
        "record": "score-doubles-replies",
        "who": "curator",
        "why": "One site is all there is.",
        "until": "2027",
    }
    records = edited(base_records(), {"untraced.0.repeated_at": pages, "waivers": [waiver]})
    built(tmp_path, records).close()
    report = ekb.audit(tmp_path / "records.ekb", "sqlite", today=TODAY)
    assert list(report) == []
    assert ("EKB106", "pages that repeat an untraced claim; they were checked when the pack was built") in [
        (skipped.code, skipped.why) for skipped in report.skipped
    ]
