# ruff: noqa: E501  # one case a line reads as a table
"""Two states of a pack, compared in words of findings: worst first, and nothing that differs is passed over."""

from __future__ import annotations

import json
from collections.abc import Callable
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.answers.differences import WEIGHTS, WHATS
from tests.records import DROPPED, Records, base_records, built, edited, record, write_records


def compared(folder: Path, edits: dict[str, Any], records: Records | None = None) -> ekb.Difference:
    """The base pack, or other records, before and after an edit; as folders."""
    before = base_records() if records is None else records
    old, new = write_records(folder / "old", before), write_records(folder / "new", edited(before, edits))
    return ekb.diff(old, new)


def texts(found: ekb.Difference) -> list[str]:
    return [change.text for change in found.changes]


def with_relay() -> Records:
    """The base pack, its figure repeated by a relay."""
    records = base_records()
    finding = record(records, "findings", "audit-2024-replies")
    finding["citations"].append({
        "source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024",
        "prints": {"replies": "12%"},
    })  # fmt: skip
    return records


FINDING = "finding audit-2024-replies"


@pytest.mark.parametrize(
    ("edits", "what", "says"),
    [
        ({"findings.0.estimates.0.value": 9}, "figure_changed", f"{FINDING}, replies: +12% → +9%"),
        ({"findings.0.estimates.0.value": -12}, "figure_changed", f"{FINDING}, replies: +12% → −12%"),
        ({"findings.0.estimates.0.qualifier": "about"}, "figure_changed", f"{FINDING}, replies: +12% → about +12%"),
        (
            {"findings.0.estimates.0.measure": "percentage_points", "findings.0.estimates.0.unit": "pp"},
            "figure_changed",
            f"{FINDING}, replies: +12% → +12 points",
        ),
        ({"findings.0.sample.counts.0.n": 1453}, "size_changed", f"{FINDING}: n 900 → 1,453 (applications, observations)"),
        ({"findings.0.estimates.0.n": 450}, "size_changed", f"{FINDING}, replies: n is given: 450"),
        (
            {"findings.0.estimates.0.interval": {"lower": 8, "upper": 16}},
            "interval_changed",
            f"{FINDING}, replies: interval is given: lower 8, upper 16",
        ),
        ({"findings.0.estimates.0.group": "older applicants"}, "scope_changed", f"{FINDING}, replies: group is given: older applicants"),
        ({"findings.0.estimates.0.period": "2023/2024"}, "scope_changed", f"{FINDING}, replies: period is given: 2023 to 2024"),
        ({"findings.0.cohorts.0.fit": "narrower"}, "scope_changed", f"{FINDING}: fit of applicants exact → narrower"),
        (
            {"findings.0.estimates.1": {"id": "calls", "outcome": "replies", "definition": "any-reply", "measure": "count", "value": 20, "unit": "calls"}},
            "figure_added",
            f"{FINDING}: a figure was added: 20 calls replies",
        ),
        ({"sources.0.vendor": "vendor"}, "flag_changed", "source audit2024: flag independent → vendor, because: A public institute"),
        (
            {"sources.0.standing.events": [{"status": "retracted", "on": "2025-06", "by": "Journal"}]},
            "standing_changed",
            "source audit2024 was retracted on 2025-06 by Journal",
        ),
        ({"findings.0.nature": "modelled"}, "nature_changed", f"{FINDING}: nature observed → modelled"),
        ({"findings.0.citations.0.basis": "own_analysis"}, "primary_changed", f"{FINDING}: basis of audit2024 own_data → own_analysis"),
        ({"findings.0.citations.0.read.what": "full_text"}, "read_changed", f"{FINDING}: what was read of audit2024 abstract on 2026-01-15 → full text on 2026-01-15"),
        (
            {"findings.0.citations.0.read": {"what": "full_text", "where": "https://a.example", "on": "2026-03-01"}},
            "read_changed",
            f"{FINDING}: what was read of audit2024 abstract on 2026-01-15 → full text at https://a.example on 2026-03-01",
        ),
        ({"findings.0.citations.0.read": DROPPED}, "read_changed", f"{FINDING}: what was read of audit2024 is gone: abstract on 2026-01-15"),
        ({"findings.0.estimates.0.value": DROPPED}, "figure_changed", f"{FINDING}, replies: +12% → no figure"),
        ({"claims.0.supports.0.stance": "qualifies"}, "support_changed", "claim a-score-brings-replies: stance of audit-2024-replies supports → qualifies"),
        ({"claims.0.supports": []}, "support_changed", "claim a-score-brings-replies no longer rests on audit-2024-replies (supports: replies)"),
        ({"definitions.1.procedure": "Share answered within 60 days."}, "definition_changed", "definition reply-in-30-days: procedure"),
        ({"organizations.1.sells": DROPPED}, "tie_changed", "organization score-seller: sells is gone: score-reports"),
        ({"findings.0.headline": "A score brings 12% more"}, "reworded", f"{FINDING}: headline 'Applications with a score got 12% more replies' → 'A score brings 12% more'"),
        ({"claims.0.text": "A score helps."}, "reworded", "claim a-score-brings-replies: text 'A test score on an application brings more replies.' → 'A score helps.'"),
        ({"sources.0.published_on": "2024-02"}, "details_changed", "source audit2024: published on 2024 → 2024-02"),
        ({"untraced.0.status": "dead_end"}, "untraced_changed", "untraced score-doubles-replies: status no_source_found → dead_end"),
    ],
)  # fmt: skip
def test_a_change_is_told_in_words_of_findings(tmp_path: Path, edits: dict[str, Any], what: str, says: str) -> None:
    found = compared(tmp_path, edits)
    (change,) = found.changes
    assert change.what == what
    assert change.text.startswith(says), change.text
    assert change.weight == WHATS[what]


def test_a_relay_that_comes_or_prints_otherwise_is_told_as_that(tmp_path: Path) -> None:
    found = ekb.diff(write_records(tmp_path / "old", base_records()), write_records(tmp_path / "new", with_relay()))
    assert texts(found) == [f"{FINDING}: news2024 is now its relay"]
    found = compared(tmp_path / "b", {"findings.0.citations.1.prints.replies": "21%"}, with_relay())
    (change,) = found.changes
    assert (change.what, change.old, change.new) == ("drift_changed", "12%", "21%")


def test_the_worst_comes_first_and_prose_apart_from_figures(tmp_path: Path) -> None:
    found = compared(
        tmp_path,
        {
            "findings.0.headline": "Applications with a score got 9% more replies",
            "findings.0.estimates.0.value": 9,
            "sources.0.vendor": "interested",
            "sources.0.title": "Replies",
        },
    )
    assert [change.what for change in found.changes] == [
        "figure_changed",
        "flag_changed",
        "reworded",
        "details_changed",
    ]
    assert found.summary == "4 changes, 1 of figure, 1 of trust and 2 of rest; 1 card and 1 claim concerned"
    lines = str(found).splitlines()
    heads = [line for line in lines if line.endswith(":")]
    assert heads == ["Figures that pages print:", "What they may be trusted for:", "Wording and details:"]


def test_each_change_names_the_cards_and_claims_it_concerns(tmp_path: Path) -> None:
    found = compared(tmp_path, {"sources.0.vendor": "vendor", "definitions.0.procedure": "Otherwise."})
    flag, definition = found.changes
    assert (flag.findings, flag.claims) == (("audit-2024-replies",), ("a-score-brings-replies",))
    assert flag.concerned == "concerns card audit-2024-replies and claim a-score-brings-replies"
    assert (definition.id, definition.findings) == ("any-reply", ())
    relays = compared(tmp_path / "b", {"sources.1.vendor": "vendor"}, with_relay())
    assert relays.findings == ()  # a relay's flag stands on no card


def test_a_claim_is_concerned_by_the_figures_it_rests_on_and_by_no_others(tmp_path: Path) -> None:
    second = {
        "id": "calls",
        "outcome": "replies",
        "definition": "any-reply",
        "measure": "count",
        "value": 20,
        "unit": "calls",
    }
    records = edited(base_records(), {"findings.0.estimates.+": second})
    (other,) = compared(tmp_path / "a", {"findings.0.estimates.1.value": 21}, records).changes
    (own,) = compared(tmp_path / "b", {"findings.0.estimates.0.value": 13}, records).changes
    assert (other.claims, own.claims) == ((), ("a-score-brings-replies",))


def test_a_figure_that_is_called_otherwise_is_neither_removed_nor_added(tmp_path: Path) -> None:
    edits = {
        "findings.0.estimates.0.id": "answers",
        "findings.0.citations.0.prints": {"answers": "12%"},
        "claims.0.supports.0.estimates": ["answers"],
    }
    found = compared(tmp_path, edits)
    assert found.of_weight("figure") == ()
    assert f"{FINDING}: the figure replies is called answers now" in texts(found)
    changed_too = compared(tmp_path / "too", {**edits, "findings.0.estimates.0.value": 9})
    assert [change.what for change in changed_too.of_weight("figure")] == ["figure_removed", "figure_added"]


def test_a_finding_and_a_claim_that_come_or_go_are_told_with_their_figures(tmp_path: Path) -> None:
    records = base_records()
    without = deepcopy(records)
    without["findings"], without["claims"] = [], []
    old, new = write_records(tmp_path / "old", records), write_records(tmp_path / "new", without)
    gone = ekb.diff(old, new)
    assert texts(gone) == [
        f"{FINDING} was removed: Applications with a score got 12% more replies [+12% replies]",
        "claim a-score-brings-replies was removed: A test score on an application brings more replies.",
    ]
    assert gone.changes[0].claims == ("a-score-brings-replies",)
    assert [change.what for change in ekb.diff(new, old).changes] == ["finding_added", "claim_added"]


def renamed(records: Records, old: str, new: str) -> Records:
    """The records with an id called otherwise wherever it stands."""
    again: Records = json.loads(json.dumps(records).replace(f'"{old}"', f'"{new}"'))
    return again


@pytest.mark.parametrize(
    ("old", "new", "kind"),
    [
        ("audit-2024-replies", "audit-2024-more-replies", "finding"),
        ("audit2024", "audit2024replies", "source"),
        ("reply-in-30-days", "reply-in-a-month", "definition"),
        ("score-reports", "score-sheets", "concept"),
    ],
)
def test_a_record_that_is_called_otherwise_is_renamed_wherever_it_stands(
    tmp_path: Path, old: str, new: str, kind: str
) -> None:
    records = base_records()
    before, after = (
        write_records(tmp_path / "old", records),
        write_records(tmp_path / "new", renamed(records, old, new)),
    )
    found = ekb.diff(before, after)
    assert texts(found) == [f"{kind} {old} is called {new} now"]


def test_a_renamed_source_is_known_by_its_identifier_and_its_change_is_told_too(tmp_path: Path) -> None:
    records = base_records()
    after = edited(renamed(records, "audit2024", "audit2024replies"), {"sources.0.vendor": "vendor"})
    found = ekb.diff(write_records(tmp_path / "old", records), write_records(tmp_path / "new", after))
    assert [(change.what, change.id) for change in found.changes] == [
        ("flag_changed", "audit2024replies"),
        ("renamed", "audit2024replies"),
    ]
    assert found.changes[0].findings == ("audit-2024-replies",)


def test_two_that_look_alike_are_not_taken_for_renamed(tmp_path: Path) -> None:
    records, after = base_records(), base_records()
    records["concepts"] += [{"id": id, "kind": "topic", "label": "same"} for id in ("one", "two")]
    after["concepts"].append({"id": "three", "kind": "topic", "label": "same"})
    found = ekb.diff(write_records(tmp_path / "old", records), write_records(tmp_path / "new", after))
    assert sorted(change.what for change in found.changes) == ["added", "removed", "removed"]


def test_items_in_another_order_are_told_too(tmp_path: Path) -> None:
    second = {
        "id": "calls",
        "outcome": "replies",
        "definition": "any-reply",
        "measure": "count",
        "value": 20,
        "unit": "calls",
    }
    records = edited(base_records(), {"findings.0.estimates.+": second})
    turned = deepcopy(records)
    turned["findings"][0]["estimates"].reverse()
    found = ekb.diff(write_records(tmp_path / "old", records), write_records(tmp_path / "new", turned))
    assert texts(found) == [f"{FINDING}: its items stand in another order"]


def test_a_pack_does_not_differ_from_itself_in_any_form(tmp_path: Path) -> None:
    folder = write_records(tmp_path / "pack", base_records())
    with built(tmp_path / "b", base_records()) as kb:
        for state in (folder, kb.path, kb, str(folder)):
            for other in (folder, kb.path, kb):
                found = ekb.diff(state, other)
                assert found.changes == ()
                assert found.complete
        assert found.old.digest == kb.digest
        assert found.summary == "no record differs"


def test_a_folder_is_compared_with_a_sealed_file_and_an_open_one(tmp_path: Path) -> None:
    after = write_records(tmp_path / "new", edited(base_records(), {"findings.0.estimates.0.value": 9}))
    with built(tmp_path / "b", base_records()) as kb:
        assert texts(ekb.diff(kb, after)) == texts(ekb.diff(kb.path, after)) == [f"{FINDING}, replies: +12% → +9%"]


def test_a_state_may_break_rules_and_what_cannot_be_read_is_said(tmp_path: Path) -> None:
    found = compared(tmp_path, {"sources.0.vendor": "unknown", "findings.0.citations": []})
    assert [change.what for change in found.changes] == ["flag_changed", "primary_changed"]
    assert found.complete
    (tmp_path / "new" / "more.yaml").write_text("sources: [\n")
    found = ekb.diff(tmp_path / "old", tmp_path / "new")
    assert not found.complete
    assert "more.yaml" in found.new.unread[0]
    assert "Cannot be read in" in str(found)


def test_it_is_plain_data_and_markdown_too(tmp_path: Path) -> None:
    found = compared(tmp_path, {"findings.0.estimates.0.value": 9, "findings.0.headline": "*Nine* <b>percent</b>"})
    data = json.loads(found.to_json())
    assert data["changes"][0] == {
        "weight": "figure", "what": "figure_changed", "kind": "finding", "id": "audit-2024-replies",
        "field": "estimates.replies.value", "old": "+12%", "new": "+9%", "text": f"{FINDING}, replies: +12% → +9%",
        "findings": ["audit-2024-replies"], "claims": ["a-score-brings-replies"],
    }  # fmt: skip
    page = found.to_markdown()
    assert "## Figures that pages print" in page
    assert r"\*Nine\* \<b\>percent\</b\>" in page


@pytest.mark.parametrize("state", ["nothing-here", "no/such/folder"])
def test_what_is_not_there_is_said(tmp_path: Path, state: str) -> None:
    folder = write_records(tmp_path / "pack", base_records())
    with pytest.raises(FileNotFoundError):
        ekb.diff(tmp_path / state, folder)
    (tmp_path / "empty").mkdir()
    with pytest.raises(ekb.QuestionError, match=r"holds no pack\.yaml"):
        ekb.diff(tmp_path / "empty", folder)
    with pytest.raises(ekb.QuestionError, match="is no state of a pack"):
        ekb.diff("", folder)


def _leaf_edits() -> st.SearchStrategy[tuple[str, Callable[[Any], Any]]]:
    """One change of one value anywhere in the base pack: its path, and what becomes of it."""
    found: list[str] = []

    def walk(value: Any, path: str) -> None:
        if isinstance(value, dict | list):
            for name, item in value.items() if isinstance(value, dict) else enumerate(value):
                walk(item, f"{path}.{name}" if path else str(name))
        elif not path.endswith(".id"):
            found.append(path)

    walk(base_records(), "")
    words = st.sampled_from([lambda v: f"{v} indeed" if isinstance(v, str) else v + 1])
    return st.tuples(st.sampled_from(found), words)


@given(edit=_leaf_edits())
def test_whatever_changes_in_a_record_is_told_both_ways(
    tmp_path_factory: pytest.TempPathFactory, edit: tuple[str, Callable[[Any], Any]]
) -> None:
    path, change = edit
    folder, records = tmp_path_factory.mktemp("edit"), base_records()
    value: Any = records
    for step in path.split("."):
        value = value[int(step)] if isinstance(value, list) else value[step]
    found = compared(folder, {path: change(value)}, records)
    if not found.complete:
        return  # a term that is none, an id with a space: the record cannot be represented, and that is said
    back = ekb.diff(folder / "new", folder / "old")
    for way in (found, back):
        assert way.changes
        assert [c.weight for c in way.changes] == sorted((c.weight for c in way.changes), key=WEIGHTS.index)
    assert {(c.kind, c.id) for c in found.changes} == {(c.kind, c.id) for c in back.changes}
