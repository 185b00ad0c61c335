"""Which findings and claims rest on what changed."""

from __future__ import annotations

import pytest

from evidencekb.sources.standing.events import Account, events_of
from evidencekb.sources.standing.resting import Reading, Resting, read_when, resting_on

EVENTS = events_of(
    [
        Account("crossref", "publisher", "correction", "2020-01-01", "10.5555/c"),
        Account("crossref", "publisher", "retraction", "2021-03-02", "10.5555/notice"),
    ]
)


def test_claims_are_found_through_findings_and_others_are_left_alone() -> None:
    readings = [
        Reading("work", "replies", "2020-05-01"),
        Reading("work", "hires", "2022-01-01"),
        Reading("work", "calls"),
        Reading("other", "elsewhere", "2020-05-01"),
    ]
    supports = [("b-claim", "replies"), ("a-claim", "replies"), ("a-claim", "replies"), ("c-claim", "elsewhere")]
    assert resting_on({"work": EVENTS}, readings, supports) == (
        Resting("work", "calls", "", (), "unknown"),
        Resting("work", "hires", "2022-01-01", (), "after"),
        Resting("work", "replies", "2020-05-01", ("a-claim", "b-claim"), "before"),
    )


def test_nothing_rests_on_what_did_not_change() -> None:
    assert resting_on({}, [Reading("work", "replies")], [("a-claim", "replies")]) == ()


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
