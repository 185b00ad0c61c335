"""relate_cohorts: how two cohorts stand to each other, by what the records say and by nothing else."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from tests.records import base_records, built

INVERSE = {"narrower": "broader", "broader": "narrower"}


def cohort(id: str, **fields: Any) -> dict[str, Any]:
    return {"id": id, "label": id.title(), "meaning": f"{id}.", "unit": "people", **fields}


def opened(folder: Path, *cohorts: dict[str, Any]) -> ekb.KnowledgeBase:
    records = base_records()
    records["cohorts"] += cohorts
    return built(folder, records)


@pytest.mark.parametrize(
    ("cohorts", "relation"),
    [
        ((cohort("a"), cohort("b")), "unknown"),
        ((cohort("a", broader=["b"]), cohort("b")), "narrower"),
        ((cohort("a"), cohort("b", broader=["a"])), "broader"),
        ((cohort("a", broader=["c"]), cohort("b"), cohort("c", broader=["b"])), "narrower"),
        ((cohort("a", overlaps=["b"]), cohort("b")), "overlapping"),
        ((cohort("a"), cohort("b", overlaps=["a"])), "overlapping"),
        ((cohort("a"), cohort("b"), cohort("c", broader=["a", "b"])), "overlapping"),
        ((cohort("a"), cohort("b"), cohort("c", broader=["a"], overlaps=["b"])), "overlapping"),
        ((cohort("a", broader=["c"]), cohort("b"), cohort("c", overlaps=["b"])), "unknown"),
        ((cohort("a", broader=["c"]), cohort("b", broader=["c"]), cohort("c")), "unknown"),
        ((cohort("a", disjoint=["b"]), cohort("b")), "disjoint"),
        ((cohort("a"), cohort("b", disjoint=["a"])), "disjoint"),
        ((cohort("a", broader=["c"]), cohort("b"), cohort("c", disjoint=["b"])), "disjoint"),
        ((cohort("a"), cohort("b"), cohort("c", broader=["a"], disjoint=["b"])), "unknown"),
        ((cohort("a", disjoint=["b"], overlaps=["b"]), cohort("b")), "unknown"),
        ((cohort("a", disjoint=["b"], broader=["b"]), cohort("b")), "unknown"),
    ],
)
def test_what_is_known_of_two_cohorts(tmp_path: Path, cohorts: tuple[dict[str, Any], ...], relation: str) -> None:
    with opened(tmp_path, *cohorts) as kb:
        found, turned = ekb.relate_cohorts(kb, "a", "b"), ekb.relate_cohorts(kb, "b", "a")
        assert ekb.relate_cohorts(kb, "a", "a").relation == "equal"
    assert (found.relation, turned.relation) == (relation, INVERSE.get(relation, relation))
    assert found.shares is (relation in ("narrower", "broader", "overlapping"))


def test_the_path_holds_every_statement_that_it_follows_from(tmp_path: Path) -> None:
    cohorts = (cohort("nurses", broader=["staff"]), cohort("staff"), cohort("guests", disjoint=["staff"]))
    with opened(tmp_path, *cohorts) as kb:
        found = ekb.relate_cohorts(kb, "nurses", "guests")
    assert [(step.first, step.relation, step.second) for step in found.path] == [
        ("nurses", "broader", "staff"),
        ("guests", "disjoint", "staff"),
    ]
    assert str(found) == (
        "“Nurses” and “Guests” share no member: “Nurses” are a part of “Staff”; “Guests” and “Staff” share no member."
    )


def test_records_that_say_both_are_shown_with_both(tmp_path: Path) -> None:
    with opened(tmp_path, cohort("a", disjoint=["b"], overlaps=["b"]), cohort("b")) as kb:
        found = ekb.relate_cohorts(kb, "a", "b")
    assert [step.relation for step in found.path] == ["overlaps", "disjoint"]
    assert found.text.startswith("The records say both that they do and that they do not")


def test_a_cohort_that_does_not_exist_is_told_with_the_nearest(tmp_path: Path) -> None:
    with opened(tmp_path) as kb, pytest.raises(ekb.UnknownIdError, match="young-applicants"):
        ekb.relate_cohorts(kb, "applicants", "young-applicant")


@st.composite
def hierarchies(draw: st.DrawFn) -> tuple[dict[str, Any], ...]:
    """Up to six cohorts; wider ones stand earlier, so that no hierarchy is a loop."""
    names = [f"c{number}" for number in range(draw(st.integers(2, 6)))]
    made = []
    for place, name in enumerate(names):
        fields = {
            "broader": draw(st.lists(st.sampled_from(names[:place]), max_size=2, unique=True)) if place else [],
            "overlaps": draw(st.lists(st.sampled_from([n for n in names if n != name]), max_size=1)),
            "disjoint": draw(st.lists(st.sampled_from([n for n in names if n != name]), max_size=1)),
        }
        made.append(cohort(name, **{field: held for field, held in fields.items() if held}))
    return tuple(made)


@settings(max_examples=25, deadline=None)
@given(hierarchies())
def test_laws_of_the_algebra(cohorts: tuple[dict[str, Any], ...]) -> None:
    names = [held["id"] for held in cohorts]
    with TemporaryDirectory() as folder, opened(Path(folder), *cohorts) as kb:
        found = {(a, b): ekb.relate_cohorts(kb, a, b).relation for a in names for b in names}
        paths = {pair: ekb.relate_cohorts(kb, *pair).path for pair in found}
    for (a, b), relation in found.items():
        assert found[b, a] == INVERSE.get(relation, relation)
        assert (relation == "equal") == (a == b)
        assert (relation in ("equal", "unknown")) or paths[a, b]
        for c in names:
            if relation == "narrower" and found[b, c] == "narrower":
                assert found[a, c] in (
                    "narrower",
                    "unknown",
                )  # unknown where the records also say that they are disjoint
            if relation == "narrower" and found[b, c] == "disjoint":
                assert found[a, c] in ("disjoint", "unknown")
