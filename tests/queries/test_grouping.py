"""group_comparable: groups of which each estimate may stand beside each, and why others stand apart."""

from __future__ import annotations

from collections import Counter
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.queries import grouping
from tests.records import Records, base_records, built
from tests.studied import READ


@pytest.fixture(scope="module")
def shipped() -> ekb.KnowledgeBase:
    return ekb.load()


def many(count: int) -> Records:
    """Findings of several definitions, cohorts, measures and years, each in a paper of its own; some share data."""
    records = base_records()
    finding, source = records["findings"][0], records["sources"][0]
    records["definitions"] += [
        {"id": f"d{n}", "of": "replies", "basis": "platform_log", "procedure": "Answers."} for n in range(3)
    ]
    records["cohorts"].append({"id": "others", "label": "Others", "meaning": "Others.", "unit": "people"})
    units = {"percent_change": ("%", 12), "risk_ratio": ("1", 1.2), "proportion": ("1", 0.12), "smd": ("SD", 0.12)}
    records["findings"], records["claims"] = [], []
    for number in range(count):
        measure = list(units)[number % 4]
        unit, value = units[measure]
        estimate: dict[str, Any] = {
            "id": "e", "outcome": "replies", "definition": f"d{number % 3}", "measure": measure, "unit": unit, "value": value,
            "period": str(2000 + number % 7), "place": f"Place {number % 11}",
        }  # fmt: skip
        held = f"made{number}"
        records["sources"].append({
            **source, "id": held, "doi": f"10.5555/{held}", "title": f"Title of {held}", "work": held, "version": "First",
        })  # fmt: skip
        records["findings"].append({
            **finding, "id": f"f{number}", "headline": "A trial", "statement": "Applications were sent out.",
            "cohorts": [{"cohort": ("applicants", "young-applicants", "others")[number % 5 % 3], "fit": "exact"}],
            "estimates": [estimate],
            "citations": [{"source": held, "role": "primary", "basis": "own_data", "read": READ}],
            "links": [{"type": "shares_data", "target": f"f{number - 12}", "because": "Same file."}] if number % 24 > 12 else [],
        })  # fmt: skip
    return records


def test_the_sites_of_a_trial_stand_together_and_their_average_apart(shipped: ekb.KnowledgeBase) -> None:
    sites = ["cui-2026-accenture", "cui-2026-anonymous-firm", "cui-2026-microsoft"]
    found = ekb.group_comparable(shipped, [*sites, "cui-2026-copilot-pooled"])
    (group,) = found.groups
    assert group.estimates == tuple(f"{site}#pull-requests" for site in sites)
    assert (group.outcomes, group.definitions) == (("pull-requests-completed",), ("weekly-pull-requests-of-users",))
    (alone,) = found.alone
    assert (alone.estimates, [r.aspect for r in alone.reasons]) == (
        ("cui-2026-copilot-pooled#pull-requests",),
        ["overlap"],
    )
    assert found.text == "4 estimates: 1 group of comparable ones, and 1 that stands alone."


def test_a_selection_is_asked_by_the_options_of_select_findings(shipped: ekb.KnowledgeBase) -> None:
    found = ekb.group_comparable(shipped, outcome="time-on-coding-task", measure="percent_change")
    names = {name for group in (*found.groups, *found.alone) for name in group.estimates}
    assert "peng-2023-copilot-task-time#time" in names
    assert "peng-2023-copilot-task-time#minutes-with" not in names
    assert len(found.groups[0]) == 3


def test_estimates_and_records_may_be_named(shipped: ekb.KnowledgeBase) -> None:
    new, returning = "metr-2026-new", "metr-2026-returning"
    by_record = ekb.group_comparable(shipped, [shipped.finding(new), f"{returning}#time"])
    assert by_record == ekb.group_comparable(shipped, [new, returning])
    assert (
        ekb.group_comparable(shipped, new).alone[0].reasons[0].text
        == "Nothing else that was asked about has its outcome."
    )
    assert ekb.group_comparable(shipped, []).text == "No estimate was asked about."


def test_each_of_a_group_is_comparable_with_each_and_a_lone_one_with_none_of_the_nearest(tmp_path: Path) -> None:
    with built(tmp_path, many(96)) as kb:
        found = ekb.group_comparable(kb)
        for group in found.groups:
            for first, second in combinations(group.estimates, 2):
                assert ekb.compare(kb, first, second).verdict != "not_comparable"
        for apart in (*found.groups, *found.alone):
            if apart.nearest:
                compared = ekb.compare(kb, apart.estimates[0], apart.nearest)
                assert compared.forbidding == apart.reasons
        names = [name for group in (*found.groups, *found.alone) for name in group.estimates]
    assert sorted(names) == sorted(f"f{number}#e" for number in range(96))
    assert found.groups[0].conversions


def test_an_estimate_is_set_against_so_many_groups_and_no_more(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Counter[str]()
    takes = grouping._Sorter._takes

    def counted(self: Any, group: Any, side: Any, number: int) -> bool:
        asked[side.key] += 1
        return takes(self, group, side, number)

    monkeypatch.setattr(grouping._Sorter, "_takes", counted)
    monkeypatch.setattr(grouping, "_LOOKED_AT", 2)
    with built(tmp_path, many(600)) as kb:
        found = ekb.group_comparable(kb)
    assert len(found.groups) + len(found.alone) > 10
    assert 2 < max(asked.values()) <= 2 * 2


def test_wrong_input_is_told(shipped: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.QuestionError, match="not both"):
        ekb.group_comparable(shipped, ["metr-2026-new"], outcome="time-on-coding-task")
    with pytest.raises(ekb.UnknownIdError, match="metr-2026-new"):
        ekb.group_comparable(shipped, ["metr-2026-knew"])
    with pytest.raises(ekb.UnknownIdError, match="time-on-coding-task"):
        ekb.group_comparable(shipped, outcome="time-on-coding-tasks")
    with pytest.raises(TypeError, match="colour"):
        ekb.group_comparable(shipped, colour="red")


UNITS = {"percent_change": "%", "risk_ratio": "1", "proportion": "1", "smd": "SD", "correlation": "1"}


@st.composite
def crowds(draw: st.DrawFn) -> Records:
    """Up to seven findings that differ in a few fields, some of one work, and links between them."""
    records = base_records()
    finding, source = records["findings"][0], records["sources"][0]
    records["findings"], records["claims"] = [], []
    records["cohorts"] += [
        {"id": "others", "label": "Others", "meaning": "Others.", "unit": "people", "disjoint": ["young-applicants"]},
        {"id": "chores", "label": "Chores", "meaning": "Tasks.", "unit": "tasks", "overlaps": ["others"]},
    ]
    records["definitions"][1]["comparable_with"] = [{"definition": "any-reply", "why": "Both count replies."}]
    places = st.sampled_from([{}, {"place": "Here"}, {"place": "There"}])
    years = st.sampled_from([{}, {"period": "2020"}, {"period": "2021"}, {"period": "2020/2022"}])
    groups = st.sampled_from([{}, {"group": "a", "comparator": "b"}, {"group": "b", "comparator": "a"}])
    for number in range(draw(st.integers(2, 7))):
        held, estimates = f"made{number}", []
        for name in draw(st.sampled_from([["e"], ["e", "f"]])):
            measure = draw(st.sampled_from(list(UNITS)))
            definition = draw(st.sampled_from(["any-reply", "reply-in-30-days"]))
            estimate = {"id": name, "outcome": "replies", "definition": definition, "measure": measure, "value": 0.12}
            estimates.append({**estimate, "unit": UNITS[measure], **draw(places), **draw(years), **draw(groups)})
        cohorts = draw(
            st.lists(st.sampled_from([c["id"] for c in records["cohorts"]]), min_size=1, max_size=2, unique=True)
        )
        work = draw(st.sampled_from([held, "shared"]))
        records["sources"].append({
            **source, "id": held, "doi": f"10.5555/{held}", "title": f"Title of {held}", "work": work, "version": held,
        })  # fmt: skip
        types = draw(st.lists(st.sampled_from(["shares_data", "includes", "reanalyses", "replicates"]), max_size=1))
        target = f"f{draw(st.integers(0, number))}"
        links = [
            {"type": type, "target": target, "because": "As they say."} for type in types if target != f"f{number}"
        ]
        at = held if not number else draw(st.sampled_from([held, "made0"]))
        records["findings"].append({
            **finding, "id": f"f{number}", "headline": "A trial", "statement": "Applications were sent out.", "links": links,
            "cohorts": [{"cohort": id, "fit": "exact"} for id in cohorts], "estimates": estimates,
            "citations": [{"source": at, "role": "primary", "basis": "own_data", "read": READ}],
        })  # fmt: skip
    return records


@settings(max_examples=25, deadline=None)
@given(crowds())
def test_laws_of_comparing(records: Records) -> None:
    with TemporaryDirectory() as folder, built(Path(folder), records) as kb:
        names = [f"{f['id']}#{e['id']}" for f in records["findings"] for e in f["estimates"]]
        verdicts = {}
        for first, second in combinations(names, 2):
            there, back = ekb.compare(kb, first, second), ekb.compare(kb, second, first)
            assert [r.verdict for r in there.reasons] == [r.verdict for r in back.reasons]
            verdicts[first, second] = verdicts[second, first] = there.verdict
        found = ekb.group_comparable(kb, names)
        parts = [*found.groups, *found.alone]
        assert sorted(name for part in parts for name in part.estimates) == sorted(names)
        for part in parts:
            assert all(verdicts[pair] != "not_comparable" for pair in combinations(part.estimates, 2))
        # Nothing is alone that fits a whole group.
        for alone in found.alone:
            for part in parts:
                if part is not alone:
                    pairs = [verdicts[alone.estimates[0], other] for other in part.estimates]
                    assert "not_comparable" in pairs, (alone.estimates, part.estimates)
