"""Which findings and claims rest on what changed."""

from __future__ import annotations

import pytest

from evidencekb.sources.standing.resting import Change, Reading, Resting, read_when, resting_on

CORRECTED = Change("corrected", "2020-01-01")
RETRACTED = Change("retracted", "2021-03-02")


def test_claims_are_found_through_findings_and_others_are_left_alone() -> None:
    readings = [
        Reading("work", "replies", "2020-05-01"),
        Reading("work", "hires", "2022-01-01"),
        Reading("work", "calls"),
        Reading("other", "elsewhere", "2020-05-01"),
    ]
    supports = [("b-claim", "replies"), ("a-claim", "replies"), ("a-claim", "replies"), ("c-claim", "elsewhere")]
    both = ("corrected", "retracted")
    assert resting_on({"work": [CORRECTED, RETRACTED]}, readings, supports) == (
        Resting("work", "calls", "", (), "unknown", changes=both),
        Resting("work", "hires", "2022-01-01", (), "after", changes=both),
        Resting("work", "replies", "2020-05-01", ("a-claim", "b-claim"), "before", changes=both),
    )


def test_nothing_rests_on_what_did_not_change() -> None:
    assert resting_on({}, [Reading("work", "replies")], [("a-claim", "replies")]) == ()


def test_a_change_that_names_findings_concerns_only_them() -> None:
    readings = [Reading("work", "replies", "2022"), Reading("work", "hires", "2022")]
    part = Change("retracted", "2021", affects=("replies",))
    assert [rest.finding for rest in resting_on({"work": [part]}, readings, [])] == ["replies"]
    both = resting_on({"work": [part, Change("corrected", "2020")]}, readings, [])
    assert [(rest.finding, rest.changes) for rest in both] == [
        ("hires", ("corrected",)),
        ("replies", ("retracted", "corrected")),
    ]


def test_after_means_after_all_changes_those_without_a_day_too() -> None:
    def read(*changes: Change) -> str:
        (rest,) = resting_on({"work": changes}, [Reading("work", "replies", "2020-05-01")], [])
        return rest.read

    assert read(CORRECTED) == "after"
    assert read(CORRECTED, Change("retracted")) == "unknown"
    assert read(CORRECTED, Change("retracted"), RETRACTED) == "before"


@pytest.mark.parametrize(
    ("reading", "shown"),
    [
        (Reading("work", "replies", "2022"), "finding replies (as its primary source, read 2022, after all changes)"),
        (Reading("work", "replies", role="secondary"), "finding replies (as a relay, day of reading not recorded)"),
        (
            Reading("work", "replies", through=("memo", "blog")),
            "finding replies (as its primary source, passed on by memo, blog, day of reading not recorded)",
        ),
    ],
)
def test_it_is_said_as_what_a_finding_rests_on_the_source(reading: Reading, shown: str) -> None:
    (rest,) = resting_on({"work": [RETRACTED]}, [reading], [])
    assert str(rest) == shown


@pytest.mark.parametrize(
    ("read_on", "changed_on", "when"),
    [
        ("2020", "2021", "before"),
        ("2021-03-02", "2021-03-02", "before"),
        ("2021-03-03", "2021-03-02", "after"),
        ("2021-03", "2021-03-02", "unknown"),
        ("2022", "2021-03-02", "after"),
        ("", "2021", "unknown"),
        ("2021", "", "unknown"),
        ("someday", "2021", "unknown"),
    ],
)
def test_when_something_was_read(read_on: str, changed_on: str, when: str) -> None:
    assert read_when(read_on, changed_on) == when
