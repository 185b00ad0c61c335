"""Packs that extend packs, a pack's own rules, waivers, and packs opened with their errors."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.rules import base_pack
from tests.packs import TODAY, codes, write_pack

SECOND = """\
findings:
  - id: survey-2025-use
    headline: One in five recruiters looks at scores
    statement: A fifth of recruiters who answered look at scores first.
    nature: reported
    design: convenience_survey
    sample:
      counts:
        - {n: 120, of: recruiters, level: answered}
    cohorts:
      - {cohort: applicants, fit: analogous, note: recruiters answered about them}
    about:
      - {concept: recruiter, how: measured}
    no_interval: not_seen
    estimates:
      - {id: use, outcome: replies, definition: any-reply, measure: proportion, value: 0.2, unit: "1"}
    citations:
      - source: survey2025
        role: primary
        basis: own_data
        read: {what: abstract, on: 2026-01-15}
    links:
      - {type: qualifies, target: audit-2024-replies}
sources:
  - id: survey2025
    kind: report
    title: What recruiters look at
    url: https://survey.example/2025
    published_on: 2025
    vendor: vendor
    vendor_reason: Its publisher sells score reports.
"""


def second_pack(folder: Path, extends: str, text: str = SECOND) -> Path:
    return write_pack(folder, {"pack.yaml": f"name: second\nversion: 1.0.0\nextends: [{extends}]\n", "more.yaml": text})


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_pack(tmp_path / "base", {"base.yaml": base_pack()})


def test_a_second_pack_checks_builds_and_appears(tmp_path: Path, base: Path) -> None:
    second = second_pack(tmp_path / "second", "../base")
    report = ekb.check(second)
    assert codes(report) == set()
    assert report.records == {"finding": 1, "source": 1}
    kb = ekb.load(second)
    assert [f.id for f in ekb.select_findings(kb)] == ["audit-2024-replies", "survey-2025-use"]
    assert ekb.brief(kb, role="recruiter").headline[0].ref.id == "survey-2025-use"
    assert ("finding", "audit-2024-replies") in kb.to_networkx()[("finding", "survey-2025-use")]


def test_a_pack_may_extend_a_sealed_file(tmp_path: Path, base: Path) -> None:
    ekb.build(base, tmp_path / "base.ekb")
    second = second_pack(tmp_path / "second", "../base.ekb")
    assert codes(ekb.check(second)) == set()
    assert len(ekb.load(second)) == 2


def test_a_pack_may_extend_the_shipped_one(tmp_path: Path) -> None:
    text = (
        "claims:\n  - id: my-claim\n    text: Writing got faster.\n    supports:\n"
        "      - {finding: noy-zhang-2023-writing-speed-quality, estimates: [time], stance: supports}\n"
    )
    second = second_pack(tmp_path / "second", "evidencekb", text)
    assert codes(ekb.check(second)) == set()
    assert ekb.load(second).claim("my-claim").supports[0].estimates == ("time",)


def test_what_is_milder_than_an_error_in_an_extended_pack_is_its_own_affair(tmp_path: Path, base: Path) -> None:
    (base / "base.yaml").write_text(base_pack().replace("what: abstract", "what: nothing"))
    assert codes(ekb.check(base)) == {"EKB108"}
    assert codes(ekb.check(second_pack(tmp_path / "second", "../base"))) == set()


def test_a_pack_with_errors_cannot_be_extended(tmp_path: Path, base: Path) -> None:
    (base / "base.yaml").write_text(base_pack().replace("fit: exact", "fit: analogous"))
    problems = [v for v in ekb.check(second_pack(tmp_path / "second", "../base")).errors if v.code == "EKB501"]
    assert [(str(v.place), "has 1 errors; the first: error: finding" in v.message) for v in problems] == [
        ("pack.yaml:3:11", True)
    ]


def test_a_sealed_file_that_was_changed_cannot_be_extended(tmp_path: Path, base: Path) -> None:
    ekb.build(base, tmp_path / "base.ekb")
    data = bytearray((tmp_path / "base.ekb").read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "base.ekb").write_bytes(data)
    (problem,) = [v for v in ekb.check(second_pack(tmp_path / "second", "../base.ekb")).errors if v.code == "EKB501"]
    assert "a byte was changed after the build" in problem.message


def test_an_error_that_a_pack_brings_to_an_extended_one_is_its_own(tmp_path: Path, base: Path) -> None:
    """A relay of theirs, whose flag nobody set, becomes a primary of ours."""
    text = SECOND.replace("source: survey2025", "source: news2024")
    (problem,) = [v for v in ekb.check(second_pack(tmp_path / "second", "../base", text)).errors if v.code == "EKB201"]
    assert problem.subject == ekb.Subject("source", "news2024")
    assert problem.place is not None
    assert text.splitlines()[problem.place.line - 1].strip() == "- source: news2024"


def test_a_finding_of_ours_that_supersedes_theirs_makes_their_claim_stale(tmp_path: Path, base: Path) -> None:
    text = SECOND.replace("type: qualifies", "type: supersedes")
    (problem,) = [v for v in ekb.check(second_pack(tmp_path / "second", "../base", text)).errors if v.code == "EKB206"]
    assert "this pack makes it so" in problem.message
    assert problem.place is not None
    assert problem.place.file == "more.yaml"


def test_two_extended_packs_that_differ_on_an_id_cannot_be_joined(tmp_path: Path) -> None:
    concept = "concepts:\n  - {{id: same, kind: {kind}, label: same}}\n"
    for name, kind in (("one", "role"), ("two", "skill")):
        write_pack(
            tmp_path / name, {"pack.yaml": f"name: {name}\nversion: 1.0.0\n", "c.yaml": concept.format(kind=kind)}
        )
    both = second_pack(tmp_path / "both", "../one, ../two", "claims: []\n")
    assert [(v.code, "differs in two packs" in v.message) for v in ekb.check(both).errors] == [("EKB503", True)]


def test_a_concept_and_a_cohort_may_share_an_id(tmp_path: Path) -> None:
    text = base_pack().replace(
        "{id: hiring, kind: topic", "{id: applicants, kind: topic, label: a}\n  - {id: hiring, kind: topic"
    )
    assert codes(ekb.check(write_pack(tmp_path, {"base.yaml": text}), today=TODAY)) == set()


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        (SECOND.replace("survey-2025-use", "audit-2024-replies"), "EKB503", "belongs to a finding of the pack 'example'"),
        (SECOND.replace("definition: any-reply", "definition: any-replyy"), "EKB103", "did you mean 'any-reply'?"),
        (SECOND.replace("https://survey.example/2025", "https://x.example/")
         .replace("    url:", "    doi: 10.5555/audit.2024\n    version: Journal of Made-up Studies 1(1), 2024\n    url:")
         .replace("What recruiters look at", "Replies to applications with and without a test score"),
         "EKB207", "the same doi, version and title as 'audit2024'"),
    ],
)  # fmt: skip
def test_the_second_pack_is_held_to_the_first(tmp_path: Path, base: Path, text: str, code: str, says: str) -> None:
    report = ekb.check(second_pack(tmp_path / "second", "../base", text))
    assert [says in v.message for v in report if v.code == code] == [True]


@pytest.mark.parametrize(
    ("extends", "says"),
    [
        ("../nowhere", "there is no pack there"),
        (".", "extends itself"),
        ("../third", "extends itself"),
    ],
)
def test_what_cannot_be_extended_is_said(tmp_path: Path, extends: str, says: str) -> None:
    write_pack(tmp_path / "third", {"pack.yaml": "name: third\nversion: 1.0.0\nextends: [../second]\n"})
    second = write_pack(tmp_path / "second", {"pack.yaml": f"name: second\nversion: 1.0.0\nextends: [{extends}]\n"})
    (problem,) = [v for v in ekb.check(second) if v.code == "EKB501"]
    assert says in problem.message
    assert str(problem.place) == "pack.yaml:3:11"


def test_a_packs_own_rule_is_run_beside_ours(tmp_path: Path) -> None:
    house = (
        "-- code: HOUSE1\n-- severity: warning\n-- title: No claim without a date\n"
        "-- message: claim '{id}' rests on {findings} finding\n"
        "SELECT 'claim' AS kind, c.id AS id, 'text' AS path, c.supports AS findings FROM claim c\n"
    )
    pack = write_pack(tmp_path, {"base.yaml": base_pack(), "rules/house.sql": house})
    (found,) = [v for v in ekb.check(pack, today=TODAY) if v.code == "HOUSE1"]
    assert found.message == "claim 'a-score-brings-replies' rests on 1 finding"
    assert found.place is not None
    assert base_pack().splitlines()[found.place.line - 1].strip().startswith("text: A test score")
    assert "HOUSE1" in ekb.check(pack, today=TODAY).checks_run
    waiver = WAIVER.replace('"108"', "HOUSE1").replace("audit-2024-replies", "a-score-brings-replies")
    (waived,) = [
        v for v in ekb.check(write_pack(tmp_path, {"waivers.yaml": waiver}), today=TODAY) if v.code == "HOUSE1"
    ]
    assert waived.waived


def test_a_packs_own_rule_reports_its_own_records_only(tmp_path: Path, base: Path) -> None:
    house = (
        "-- code: HOUSE1\n-- severity: warning\n-- title: t\n-- message: m\n"
        "SELECT 'finding' AS kind, f.id AS id, '' AS path FROM finding f\n"
    )
    second = second_pack(tmp_path / "second", "../base")
    write_pack(second, {"pack.yaml": (second / "pack.yaml").read_text(), "rules/house.sql": house})
    assert [v.subject.id for v in ekb.check(second) if v.code == "HOUSE1"] == ["survey-2025-use"]


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("DELETE FROM claim", "not authorized"),
        ("SELECT load_extension('x') AS kind, '' AS id, '' AS path", "not authorized"),
        ("SELECT 'claim' AS kind, c.id AS id FROM claim c", "column 'path' is missing"),
        ("SELECT 1; SELECT 2", "one statement"),
        ("ATTACH 'other.db' AS other", "not authorized"),
        (
            "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT 'claim' AS kind FROM n",
            "not authorized",
        ),
        (
            "SELECT 'claim' AS kind, 'x' AS id, '' AS path FROM known a, known b, known c, known d, known e, known f",
            "more than 10,000 rows",
        ),
        (
            "SELECT COUNT(*) AS kind FROM known a, known b, known c, known d, known e, known f, known g, known h",
            "interrupted",
        ),
        ("SELECT 'clam' AS kind, c.id AS id, '' AS path FROM claim c", "there is no such record"),
        ("-- nothing", "there is none"),
    ],
)
def test_a_packs_own_rule_may_read_and_nothing_else(tmp_path: Path, statement: str, says: str) -> None:
    head = "-- code: HOUSE1\n-- severity: error\n-- title: t\n-- message: m\n"
    pack = write_pack(tmp_path, {"base.yaml": base_pack(), "rules/house.sql": head + statement})
    (problem,) = [v for v in ekb.check(pack, today=TODAY) if v.code == "EKB501"]
    assert says in problem.message
    assert str(problem.place) == "rules/house.sql"


@pytest.mark.parametrize(
    ("head", "says"),
    [
        ("-- code: EKB101\n-- severity: error\n-- title: t\n-- message: m\n", "begins with EKB"),
        ("-- code: HOUSE1\n-- severity: fatal\n-- title: t\n-- message: m\n", "none of error, warning, note"),
        ("-- code: HOUSE1\n-- title: t\n-- message: m\n", "missing: -- severity"),
        (
            "-- code: HOUSE1\n-- severity: error\n-- title: t\n-- message: {id.__class__}\n",
            "column names in braces only",
        ),
    ],
)
def test_a_rule_with_a_faulty_head_is_refused(tmp_path: Path, head: str, says: str) -> None:
    pack = write_pack(tmp_path, {"rules/house.sql": head + "SELECT 1"})
    (problem,) = [v for v in ekb.check(pack) if v.code == "EKB501"]
    assert says in problem.message


WAIVER = """\
waivers:
  - rule: "108"
    record: audit-2024-replies
    who: the maintainers
    why: The journal sends the article next month.
    until: 2026-06
"""


def test_a_waiver_covers_a_violation_until_its_day(tmp_path: Path) -> None:
    unread = base_pack().replace("what: abstract", "what: secondary_page")
    pack = write_pack(tmp_path, {"base.yaml": unread, "waivers.yaml": WAIVER})
    (waived,) = [v for v in ekb.check(pack, today=TODAY) if v.code == "EKB108"]
    assert waived.waived == "The journal sends the article next month."
    assert {v.code for v in ekb.check(pack, today=TODAY).of_severity(ekb.Severity.WARNING)} == {"EKB504"}
    later = ekb.check(pack, today=datetime.date(2026, 7, 1))
    assert {v.code for v in later if v.waived is None and v.code != "EKB504"} == {"EKB108", "EKB505"}


def test_a_waiver_that_nothing_needs_is_itself_a_violation(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {"base.yaml": base_pack(), "waivers.yaml": WAIVER})
    (unused,) = ekb.check(pack, today=TODAY).errors
    assert (unused.code, str(unused.place)) == ("EKB505", "waivers.yaml:3:5")
    assert "matches no violation" in unused.message


def test_a_pack_with_errors_opens_without_the_records_concerned(tmp_path: Path) -> None:
    text = base_pack().replace("vendor: independent", "vendor: unknown")
    pack = write_pack(tmp_path, {"base.yaml": text})
    with pytest.raises(ekb.PackError, match="EKB201"):
        ekb.load(pack)
    kb = ekb.load(pack, check=False)
    assert len(kb) == 0
    assert kb.ids("source") == ("news2024",)
    assert kb.ids("claim") == ()
    assert kb.report.failed == ("EKB201",)


def test_a_folder_is_sealed_once_and_again_when_a_file_changes(tmp_path: Path, base: Path, own_cache: Path) -> None:
    first, again = ekb.load(base), ekb.load(base)
    assert first.path == again.path
    assert own_cache in first.path.parents
    changed = base / "base.yaml"
    changed.write_text(base_pack().replace("brings more replies.", "brings more answers."))
    os.utime(changed, ns=(1, 1))
    assert ekb.load(base).claim("a-score-brings-replies").text.endswith("more answers.")
    assert first.claim("a-score-brings-replies").text.endswith("more replies.")


def test_a_change_in_an_extended_pack_is_seen(tmp_path: Path, base: Path) -> None:
    second = second_pack(tmp_path / "second", "../base")
    before = ekb.load(second).digest
    (base / "base.yaml").write_text(base_pack().replace("brings more replies.", "brings far more answers."))
    assert ekb.load(second).digest != before


def test_all_problems_of_a_pack_come_in_one_go(tmp_path: Path) -> None:
    pack = write_pack(
        tmp_path,
        {
            "a.yaml": "cohorts:\n  - {id: x, lable: X, meaning: m., unit: people}\n",
            "b.yaml": "concepts: [\n",
            "c.jsonl": '{"concept": {"id": "t", "kind": "topik", "label": "t"}}\n{broken\n',
            "d.bib": "@article{k,\n  title = {T},\n",
        },
    )
    found = {(v.code, v.place.file, v.place.line) for v in ekb.check(pack) if v.place and v.code != "EKB504"}
    assert {("EKB502", "a.yaml", 2), ("EKB502", "c.jsonl", 1), ("EKB501", "c.jsonl", 2)} <= found
    assert {"b.yaml", "d.bib"} <= {file for code, file, _ in found if code == "EKB501"}


def test_no_pack_is_pythons_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is no such folder"):
        ekb.check(tmp_path / "nowhere")
    (tmp_path / "file").write_text("x")
    with pytest.raises(NotADirectoryError):
        ekb.check(tmp_path / "file")


def test_a_folder_without_a_manifest_says_so(tmp_path: Path) -> None:
    (problem,) = ekb.check(tmp_path).errors
    assert (problem.code, str(problem.place)) == ("EKB501", "pack.yaml")
