"""A pack as a report: every claim with its trail, worst first, and what nobody has looked at said in so many words."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest

import evidencekb as ekb
from evidencekb.answers.reports import STATES
from evidencekb.queries.chains import vendor_summary
from tests.packs import TODAY
from tests.records import Records, base_records, built, edited, record, write_records

FINDING, CLAIM = "audit-2024-replies", "a-score-brings-replies"


@pytest.fixture(scope="module")
def kb() -> ekb.KnowledgeBase:
    return ekb.load()


@pytest.fixture(scope="module")
def report(kb: ekb.KnowledgeBase) -> ekb.TrailReport:
    return ekb.trail_report(kb)


def state_of(folder: Path, records: Records) -> str:
    """How the one claim of the base records stands."""
    (claim,) = ekb.trail_report(built(folder, records)).claims
    assert claim.ref.id == CLAIM
    return claim.state


def test_every_claim_finding_and_untraced_claim_is_there_once(kb: ekb.KnowledgeBase, report: ekb.TrailReport) -> None:
    assert {entry.ref.id for entry in report.claims} == set(kb.ids("claim"))
    assert {entry.ref.id for entry in report.untraced} == set(kb.ids("untraced"))
    used = {part.card.ref.id for entry in report.claims for part in entry.parts}
    alone = [entry.ref.id for entry in report.findings]
    assert used.isdisjoint(alone)
    assert used | set(alone) == set(kb.ids("finding"))
    assert len({entry.key for entry in report.entries}) == len(report.entries) == sum(report.totals.values())
    assert sum(report.states.values()) == len(report.entries)
    assert report.left_out == 0


def test_entries_come_worst_first(report: ekb.TrailReport) -> None:
    order = list(STATES)
    for entries in (report.claims, report.findings, report.untraced):
        places = [order.index(entry.state) for entry in entries]
        assert places == sorted(places)


def test_an_entry_says_what_the_single_questions_say(kb: ekb.KnowledgeBase, report: ekb.TrailReport) -> None:
    for entry in report.claims:
        card, trail = ekb.claim_card(kb, entry.ref.id), ekb.trace(kb, entry.ref.id)
        assert [part.card for part in entry.parts] == [support.card for support in card.supports]
        assert tuple(part.trail for part in entry.parts) == trail.parts
        assert entry.vendors == vendor_summary(kb, [part.card.ref.id for part in entry.parts])
        assert (entry.text, entry.badges, entry.caveats) == (card.title, card.badges, card.caveats)
    for entry in report.findings:
        (part,) = entry.parts
        assert part.trail == ekb.trace(kb, entry.ref.id)
        assert part.card == ekb.finding_card(kb, entry.ref.id)


def test_plain_data_fits_its_schema(report: ekb.TrailReport) -> None:
    data = json.loads(report.to_json())
    schema = ekb.report_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(data, schema)
    assert data["version"] in schema["$id"]
    named = {part["card"] for entry in (*data["claims"], *data["findings"]) for part in entry["parts"]}
    assert named == set(data["records"]["cards"])


def test_a_limit_leaves_the_worst_and_counts_all(kb: ekb.KnowledgeBase, report: ekb.TrailReport) -> None:
    small = ekb.trail_report(kb, limit=3)
    assert [len(small.claims), len(small.findings), len(small.untraced)] == [3, 3, 3]
    assert small.claims == report.claims[:3]
    assert small.findings == report.findings[:3]
    assert (small.totals, small.states, small.check) == (report.totals, report.states, report.check)
    assert small.left_out == len(report.entries) - 9
    assert str(small).endswith(f"and {small.left_out:,} more")


def test_entries_can_be_named(kb: ekb.KnowledgeBase) -> None:
    claim = "closer-comparison-smaller-ai-pay-gap"
    inside = ekb.claim_card(kb, claim).supports[0].card.ref.id
    some = ekb.trail_report(kb, ids=[claim, inside, "unresolved-ats-rejects-75pct", claim])
    assert [entry.key for entry in some.entries] == [
        f"claim:{claim}",
        f"finding:{inside}",
        "untraced:unresolved-ats-rejects-75pct",
    ]
    with pytest.raises(ekb.UnknownIdError, match="closer-comparison-smaller-ai-pay-gap"):
        ekb.trail_report(kb, ids=claim[:-1])
    with pytest.raises(ekb.QuestionError, match="is a source"):
        ekb.trail_report(kb, ids="noy2023experimental")
    with pytest.raises(ekb.QuestionError, match="limit is 0"):
        ekb.trail_report(kb, limit=0)


def test_an_independent_primary_that_was_read_is_clear(tmp_path: Path) -> None:
    assert state_of(tmp_path, base_records()) == "clear"


@pytest.mark.parametrize(
    ("edits", "state"),
    [
        ({"findings.0.citations.0.read": {"what": "nothing"}}, "unread"),
        ({"sources.0.vendor": "vendor", "sources.0.vendor_reason": "It sells the score.", "claims": []}, "interested"),
        ({"sources.0.standing": {"events": [{"status": "retracted", "on": "2025-01"}]}}, "withdrawn"),
    ],
)
def test_the_worst_that_holds_is_told(tmp_path: Path, edits: dict[str, object], state: str) -> None:
    folder = write_records(tmp_path, edited(base_records(), edits))
    report = ekb.trail_report(ekb.load(folder, check=False))
    found = {entry.ref.id: entry.state for entry in report.entries}
    assert state in found.values()
    assert found.get(CLAIM, found.get(FINDING)) == state


def test_what_is_not_there_is_named(tmp_path: Path) -> None:
    records = base_records()
    finding = record(records, "findings", FINDING)
    finding["citations"][0].pop("locator", None)
    finding["citations"][0]["read"] = {"what": "abstract", "on": "2026-01-15"}
    (entry,) = ekb.trail_report(built(tmp_path, records), ids=FINDING).findings
    (part,) = entry.parts
    label = part.trail.estimates[0].primaries[0].label
    assert f"Whether the rest of {label} says otherwise: only the abstract was read." in part.unestablished
    assert "The page or table of its figures in the primary." in part.unestablished


def test_remarks_say_what_is_recorded_and_what_the_single_questions_say(
    kb: ekb.KnowledgeBase, report: ekb.TrailReport
) -> None:
    parts = [part for entry in report.entries for part in entry.parts]
    for part in parts:
        assert len(part.money) == len({hop.source for hop in part.hops if hop.role == "primary"}) > 0
        for hop in part.hops:
            assert hop.role == "secondary" or any(hop.vendor["reason"].rstrip(".") in told for told in part.money)
        drifts = {drift["note"].rstrip(".") for e in part.trail.estimates for hop in e.relays for drift in hop.drift}
        assert len(part.drift) >= len(drifts)
        assert all(any(note in remark for remark in part.drift) for note in drifts)
        contested = {id for figure in part.card.figures for id in figure.contradicted_by}
        assert bool(contested) <= bool(part.conflicts)
        for hop in part.hops:
            if hop.role == "primary":
                told = ekb.explain_flag(kb, hop.source).verdict
                assert any(told in remark for remark in part.money)
        assert part.conflicts == tuple(pair.text for pair in ekb.conflicts_of(kb, part.card.ref.id))
    assert any(part.drift for part in parts)
    assert any(part.conflicts for part in parts)


def test_a_finding_without_a_figure_has_its_sources(report: ekb.TrailReport, kb: ekb.KnowledgeBase) -> None:
    parts = [part for entry in report.entries for part in entry.parts if not part.trail.estimates]
    assert parts
    for part in parts:
        cited = [citation.source for citation in kb.finding(part.card.ref.id).citations]
        assert {hop.source for hop in part.sources} == set(cited)
        assert part.sources[0].role == "primary"


def test_findings_of_one_source_count_once(tmp_path: Path) -> None:
    records = base_records()
    other = json.loads(json.dumps(record(records, "findings", FINDING)))
    other["id"], other["headline"] = "audit-2024-again", "A second finding of the same trial"
    records["findings"].append(other)
    record(records, "claims", CLAIM)["supports"].append({"finding": "audit-2024-again", "stance": "supports"})
    (claim,) = ekb.trail_report(built(tmp_path, records), ids=CLAIM).claims
    count, join = claim.independence
    assert count == "For it: 2 findings in 1 paper, 1 study."
    assert (
        "“A second finding of the same trial” counts once with" in join or "counts once with “A second finding" in join
    )
    assert claim.origins is not None
    assert claim.origins.problems == ("one_study",)


def test_the_check_is_told_with_what_was_skipped_and_waived(report: ekb.TrailReport, kb: ekb.KnowledgeBase) -> None:
    found = kb.report
    assert report.check.violations == tuple(violation.to_dict() for violation in found)
    assert {rule.code for rule in report.check.rules} >= set(found.checks_run)
    for severity, name in (("error", "errors"), ("warning", "warnings"), ("note", "notes")):
        assert sum(getattr(rule, name) for rule in report.check.rules) == len(found.of_severity(ekb.Severity(severity)))
    assert sum(rule.waived for rule in report.check.rules) == sum(v.waived is not None for v in found)
    assert [(part["code"], part["why"]) for part in report.check.skipped] == [(s.code, s.why) for s in found.skipped]


def test_another_check_can_be_shown(tmp_path: Path) -> None:
    records = edited(base_records(), {"sources.0.vendor_reason": ""})
    folder = write_records(tmp_path, records)
    found = ekb.check(folder, today=TODAY)
    kb = ekb.load(folder, check=False)
    assert not ekb.trail_report(kb, check=found).check.ok
    assert ekb.trail_report(kb, check=ekb.Report.of("example", [])).check.ok
