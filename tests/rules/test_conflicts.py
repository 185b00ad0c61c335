"""Rule 308: what is a conflict, what is none, and what acknowledges one. Rule 307: what makes a weak study no single one."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.records import DROPPED, Fields, base_records, built, checked, edited

Edits = dict[str, Any]

FIRST, SECOND = "audit-2024-replies", "audit-2025-replies"
F, G = "findings.0", "findings.1"
E, H = f"{F}.estimates.0", f"{G}.estimates.0"
FOUND = [("308", "warning", FIRST, "estimates.0"), ("308", "warning", SECOND, "estimates.0")]


def second_source(**fields: Any) -> Fields:
    return {
        "id": "audit2025", "kind": "report", "title": "A second look", "published_on": 2025, "url": "https://second.example/",
        "vendor": "independent", "vendor_reason": "Its funding page was read.", **fields,
    }  # fmt: skip


def second_finding() -> Fields:
    """A finding like the first of the base pack, of another work, that points the other way."""
    second = base_records()["findings"][0]
    second |= {"id": SECOND, "headline": "A second trial of a score on applications"}
    second["citations"] = [{**second["citations"][0], "source": "audit2025", "prints": {"replies": "9% fewer"}}]
    second["estimates"][0]["value"] = -9
    return second


UNTOLD: Edits = {f"{F}.headline": "A trial of a score on applications", f"{F}.statement": "Applications were sent out."}
OPPOSITE: Edits = {"sources.+": second_source(), "findings.+": second_finding()}
COHORTS: Edits = {
    "cohorts.+": {"id": "others", "label": "Others", "meaning": "Other people.", "unit": "people"},
    f"{G}.cohorts": [{"cohort": "others", "fit": "exact"}],
}
DEFINED: Edits = {f"{H}.definition": "any-reply"}
COMPARABLE = [{"definition": "any-reply", "why": "Both count replies."}]
DEFINITION = "definitions.1"
SHARE: Fields = {"measure": "proportion", "unit": "1"}


def found(folder: Path, edits: Edits) -> list[tuple[str, str, str, str]]:
    """What a check finds: code, severity, record and field; layout, and headlines of other figures, left out."""
    return sorted(
        (v.code.removeprefix("EKB"), str(v.severity), v.subject.id, ".".join(map(str, v.path)))
        for v in checked(folder, edited(base_records(), edits))
        if v.code not in ("EKB303", "EKB504")
    )


def interval(at: str, lower: float, value: float, upper: float, **fields: Any) -> Edits:
    held = base_records()["findings"][0]["estimates"][0]
    return {at: {**held, "value": value, "interval": {"lower": lower, "upper": upper}, **fields}}


def shares(first: Fields, second: Fields) -> Edits:
    """Two shares whose intervals do not meet."""
    return {
        **OPPOSITE,
        **interval(E, 0.28, 0.30, 0.32, **SHARE, **first),
        **interval(H, 0.42, 0.45, 0.48, **SHARE, **second),
        f"{F}.citations.0.prints": {"replies": "30%"},
        f"{G}.citations.0.prints": {"replies": "45%"},
    }


CONFLICTS: dict[str, Edits] = {
    "opposite signs": OPPOSITE,
    "a part of the same people": {**OPPOSITE, f"{G}.cohorts.0.cohort": "young-applicants"},
    "people that overlap": {**OPPOSITE, **COHORTS, "cohorts.0.overlaps": ["others"]},
    "people that overlap, said by the other": {**OPPOSITE, **COHORTS, "cohorts.2.overlaps": ["applicants"]},
    "another measure of the same": {**OPPOSITE, f"{H}.measure": "smd", f"{H}.unit": "SD", f"{H}.value": -0.2},
    "a ratio below one": {**OPPOSITE, f"{H}.measure": "risk_ratio", f"{H}.unit": "1", f"{H}.value": 0.9},
    "a direction without a size": {
        **OPPOSITE, f"{H}.value": DROPPED, f"{H}.measure": DROPPED, f"{H}.unit": DROPPED, f"{H}.direction": "decrease",
    },
    "the same group and comparator": {
        **OPPOSITE, f"{E}.group": "with a score", f"{E}.comparator": "without",
        f"{H}.group": "With a score", f"{H}.comparator": "without",
    },
    "definitions that may be compared": {**OPPOSITE, **DEFINED, f"{DEFINITION}.comparable_with": COMPARABLE},
    "an outcome below": {
        **OPPOSITE,
        "concepts.+": {
            "id": "kind-replies", "kind": "outcome", "label": "kind replies", "links": [{"to": "replies", "relation": "broader"}],
        },
        f"{H}.outcome": "kind-replies",
    },
    "other years and places": {**OPPOSITE, f"{E}.period": 2020, f"{H}.period": 2023, f"{E}.place": "Here", f"{H}.place": "There"},
    "a certain fall and an uncertain rise": {
        **OPPOSITE, **interval(E, -2, 12, 26), **interval(H, -14, -9, -4), f"{F}.design": "official_count",
    },
    "intervals that do not meet": {**OPPOSITE, **interval(E, 3, 5, 7), **interval(H, 15, 20, 25)},
    "a ratio whose interval does not meet that of a change in percent": {
        **OPPOSITE, **interval(E, 3, 5, 7), **interval(H, 1.15, 1.2, 1.25, measure="rate_ratio", unit="1"),
    },
    "shares of one time": shares({"period": 2023}, {"period": "2022/2023"}),
    "shares without a time": shares({}, {}),
    "a replication that came out well says nothing of it": {
        **OPPOSITE, f"{G}.links": [{"type": "replicates", "target": FIRST, "because": "Same test.", "outcome": "successful"}],
    },
    "a link of another kind": {**OPPOSITE, f"{G}.links": [{"type": "follows", "target": FIRST, "because": "Later."}]},
    "a link about another estimate": {
        **OPPOSITE, f"{H}.id": "replies",
        f"{G}.estimates.1": {**base_records()["findings"][0]["estimates"][0], "id": "any", "definition": "any-reply"},
        f"{G}.citations.0.prints": DROPPED,
        f"{G}.links": [{"type": "contradicts", "target": FIRST, "because": "Other jobs.", "about": ["any"]}],
    },
    "another finding of one source version": {**OPPOSITE, f"{G}.citations.0.source": "audit2024"},
}  # fmt: skip


@pytest.mark.parametrize("edits", CONFLICTS.values(), ids=CONFLICTS)
def test_a_conflict_is_listed_at_both_ends(tmp_path: Path, edits: Edits) -> None:
    assert [v for v in found(tmp_path, edits) if v[0] == "308"] == FOUND


LINK: Fields = {"target": FIRST, "because": "Scores were new in the first trial."}
NONE: dict[str, Edits] = {
    "the same sign": {**OPPOSITE, f"{H}.value": 9},
    "no effect at all": {**OPPOSITE, f"{H}.value": 0},
    "no difference detected": {
        **OPPOSITE, f"{H}.value": DROPPED, f"{H}.measure": DROPPED, f"{H}.unit": DROPPED, f"{H}.direction": "none_detected",
    },
    "a bound that allows no effect": {**OPPOSITE, f"{H}.qualifier": "less_than"},
    "other people": {**OPPOSITE, **COHORTS},
    "people who are only like them": {
        **OPPOSITE, f"{G}.cohorts.0": {"cohort": "applicants", "fit": "analogous", "note": "Abroad."},
    },
    "made-up people beside real ones": {**OPPOSITE, f"{G}.cohorts.0.fit": "simulated"},
    "another definition": {**OPPOSITE, **DEFINED},
    "another group": {**OPPOSITE, f"{H}.group": "women"},
    "another comparator": {**OPPOSITE, f"{E}.comparator": "no score", f"{H}.comparator": "a reference letter"},
    "a forecast beside an observation": {**OPPOSITE, f"{G}.nature": "forecast"},
    "a correlation beside a change": {**OPPOSITE, f"{H}.measure": "correlation", f"{H}.unit": "1", f"{H}.value": -0.2},
    "more is better here and worse there": {
        **OPPOSITE, **DEFINED, f"{DEFINITION}.comparable_with": COMPARABLE, f"{DEFINITION}.higher_is": "better",
        "definitions.0.higher_is": "worse",
    },
    "both intervals include no effect": {
        **OPPOSITE, **interval(E, -2, 12, 26), **interval(H, -20, -9, 2), f"{F}.design": "official_count",
        f"{G}.design": "official_count",
    },
    "intervals that meet": {**OPPOSITE, **interval(E, 3, 5, 16), **interval(H, 15, 20, 25)},
    "intervals of other measures": {
        **OPPOSITE, **interval(E, 3, 5, 7), **interval(H, 15, 20, 25, measure="percentage_points", unit="pp"),
    },
    "shares of other years": shares({"period": 2020}, {"period": 2023}),
    "shares of other places": shares({"place": "Here"}, {"place": "There"}),
    "two versions of one work": {**OPPOSITE, "sources.0.work": "audit", "sources.2.work": "audit"},
    "a pool and what it includes": {**OPPOSITE, f"{G}.links": [{"type": "includes", "target": FIRST}]},
    "what was replaced": {**OPPOSITE, f"{G}.links": [{"type": "supersedes", "target": FIRST}], "claims": []},
    "what was withdrawn": {
        **OPPOSITE, "sources.2.standing": {"events": [{"status": "retracted", "on": 2025}]},
    },
    **{
        f"a link that says why: {type}": {**OPPOSITE, f"{G}.links": [{**LINK, "type": type, "about": about}]}
        for type in ("contradicts", "qualifies", "reanalyses")
        for about in ([], ["replies"])
    },
    **{
        f"a replication that came out {outcome}": {**OPPOSITE, f"{G}.links": [{**LINK, "type": "replicates", "outcome": outcome}]}
        for outcome in ("failed", "mixed", "flawed", "descriptive", "uninformative")
    },
    "a link from the other end": {**OPPOSITE, f"{F}.links": [{**LINK, "target": SECOND, "type": "qualifies"}]},
}  # fmt: skip


@pytest.mark.parametrize("edits", NONE.values(), ids=NONE)
def test_what_cannot_be_compared_or_is_explained_is_no_open_conflict(tmp_path: Path, edits: Edits) -> None:
    assert [v for v in found(tmp_path, edits) if v[0] in ("307", "308")] == []


def test_a_link_without_a_reason_is_asked_for_one(tmp_path: Path) -> None:
    link = {"type": "contradicts", "target": FIRST}
    assert found(tmp_path, {**OPPOSITE, f"{G}.links": [link]}) == [("308", "warning", SECOND, "links.0")]


def test_many_others_are_one_line_with_their_number(tmp_path: Path) -> None:
    def copies(n: int) -> list[Fields]:
        return [{**second_finding(), "id": f"later-{at:02}"} for at in range(n)]

    report = checked(
        tmp_path, {**(records := edited(base_records(), OPPOSITE)), "findings": records["findings"] + copies(30)}
    )
    mine = [v.message for v in report if v.code == "EKB308" and v.subject.id == FIRST]
    assert len(mine) == 1
    assert "(31; the first is 'audit-2025-replies')" in mine[0]


def test_too_many_on_both_sides_are_skipped_and_counted(tmp_path: Path) -> None:
    records = edited(base_records(), OPPOSITE)
    first, second = records["findings"]
    records["findings"] = [{**each, "id": f"{each['id']}-{at:02}"} for each in (first, second) for at in range(21)]
    report = checked(tmp_path, {**records, "claims": []})
    assert [v for v in report if v.code == "EKB308"] == []
    assert [(s.why, s.count) for s in report.skipped if s.code == "EKB308"] == [
        ("estimates that differ from too many others to set each beside each", 42)
    ]


# 307

WEAK: Edits = {**OPPOSITE, **interval(E, -2, 12, 26), f"{H}.value": 9}


def of_another_work(type: str, **fields: Any) -> Edits:
    return {**WEAK, f"{G}.links": [{"type": type, "target": FIRST, **fields}]}


@pytest.mark.parametrize(
    ("edits", "expected"),
    [
        (WEAK, [("307", "warning", FIRST, "estimates.0.interval")]),
        (
            {f"{F}.sample.counts.0": {"n": 29, "of": "people", "level": "answered"}},
            [("307", "warning", FIRST, "sample.counts.0")],
        ),
        ({f"{F}.sample.counts.0": {"n": 30, "of": "people", "level": "answered"}}, []),
        ({f"{F}.sample.counts.0": {"n": 29, "of": "jobs", "level": "observations"}}, []),
        ({**WEAK, f"{F}.design": "official_count"}, []),
        (of_another_work("replicates", outcome="successful"), []),
        (of_another_work("replicates", outcome="failed", because="Other jobs."), []),
        (of_another_work("includes"), []),
        (of_another_work("qualifies"), [("307", "warning", FIRST, "estimates.0.interval")]),
        ({**WEAK, f"{F}.links": [{"type": "replicates", "target": SECOND, "outcome": "successful"}]}, []),
        (
            {
                **of_another_work("replicates", outcome="successful"),
                "sources.0.work": "audit",
                "sources.2.work": "audit",
            },
            [("307", "warning", FIRST, "estimates.0.interval")],
        ),
        (
            {
                **of_another_work("replicates", outcome="successful"),
                "sources.2.standing": {"events": [{"status": "retracted", "on": 2025}]},
            },
            [("307", "warning", FIRST, "estimates.0.interval")],
        ),
    ],
)
def test_a_weak_study_is_warned_of_while_it_stands_alone(
    tmp_path: Path, edits: Edits, expected: list[tuple[str, str, str, str]]
) -> None:
    assert [v for v in found(tmp_path / "check", edits) if v[0] == "307"] == expected
    # Cards say what the rule says.
    with built(tmp_path, edited(base_records(), {**UNTOLD, **edits})) as kb:
        codes = {c["code"] for c in kb.stored("card", FIRST)["caveats"]}
    assert ({"underpowered", "single_study"} <= codes) == bool(expected)
    assert not (codes & {"underpowered", "single_study"}) or expected


TRIES: Edits = {f"{G}.links": [{"type": "replicates", "target": FIRST, "outcome": "successful"}]}
RETRACTED: Edits = {"sources.2.standing": {"events": [{"status": "retracted", "on": 2025}]}}
THIRD: Edits = {
    "sources.3": {**second_source(), "id": "audit2026", "url": "https://third.example/"},
    "findings.2": {
        **second_finding(), "id": "audit-2026-replies", "links": [{"type": "includes", "target": FIRST}],
        "citations": [{**second_finding()["citations"][0], "source": "audit2026"}],
    },
}  # fmt: skip
"""A third finding, of a third work: a pool that includes the first."""


@pytest.mark.parametrize(
    ("edits", "named"),
    [
        ({**WEAK, **TRIES}, True),
        ({**WEAK, f"{G}.links": [{"type": "includes", "target": FIRST}]}, True),
        ({**WEAK, f"{F}.links": [{"type": "replicates", "target": SECOND, "outcome": "successful"}]}, True),
        ({**WEAK, **THIRD, f"{G}.links": [{"type": "includes", "target": FIRST}]}, True),
        ({**WEAK, **THIRD, **TRIES}, True),
        ({**WEAK, f"{G}.links": [{"type": "qualifies", "target": FIRST}]}, False),
        (
            {**UNTOLD, **OPPOSITE, f"{H}.value": 9, f"{G}.links": [{"type": "includes", "target": FIRST}]},
            False,
        ),  # not weak
        ({**UNTOLD, **OPPOSITE, f"{H}.value": 9, f"{F}.links": [{"type": "replicates", "target": SECOND}]}, False),
        ({**UNTOLD, **OPPOSITE, f"{H}.value": 9, **TRIES}, True),
    ],
)
def test_a_card_names_the_source_of_a_second_try_exactly_where_its_retraction_changes_the_card(
    tmp_path: Path, edits: Edits, *, named: bool
) -> None:
    records = edited(base_records(), {"claims": [], **edits})
    with built(tmp_path / "before", records) as kb, built(tmp_path / "after", edited(records, RETRACTED)) as after:
        first, second = kb.stored("card", FIRST), after.stored("card", FIRST)
    assert ("source:audit2025" in first["beside"]["depends"]) == named
    assert (first != second) == named


def test_a_weak_study_says_who_tried_the_same(tmp_path: Path) -> None:
    edits = {**WEAK, **THIRD, **TRIES, "claims": []}
    with built(tmp_path, edited(base_records(), edits)) as kb:
        (told,) = [c for c in kb.stored("card", FIRST)["caveats"] if c["code"] == "tried_again"]
    assert (
        told["text"] == "A weak study, but not a single one: 2 other findings of this pack tried the same or pooled it."
    )
    assert told["params"]["by"] == [SECOND, "audit-2026-replies"]


def test_a_finding_without_figures_says_how_its_replications_came_out(tmp_path: Path) -> None:
    edits = {**WEAK, **TRIES, **UNTOLD, f"{F}.estimates": [], f"{F}.citations.0.prints": {}, "claims": []}
    with built(tmp_path, edited(base_records(), edits)) as kb:
        (told,) = [c for c in kb.stored("card", FIRST)["caveats"] if c["code"] == "tried_again"]
    assert told["text"] == "1 independent replication in this pack: 1 successful."
    assert told["params"]["ids"] == [SECOND]


def test_what_cannot_be_known_is_skipped_and_never_passed(tmp_path: Path) -> None:
    report = checked(tmp_path, base_records())
    assert [(s.why, s.count) for s in report.skipped if s.code == "EKB307"] == [
        ("power cannot be known: no interval, standard error, p value or small sample", 1)
    ]
