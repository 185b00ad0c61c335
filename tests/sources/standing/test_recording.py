"""What a record should say, in the form that packs have."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.model.sources import Standing
from evidencekb.sources.standing.events import Account, Event, events_of
from evidencekb.sources.standing.recording import compare, suggest, yaml_of
from evidencekb.sources.standing.resting import Reading

DAY = "2026-01-15"
BEFORE, AFTER = Reading("work", "replies", "2020-05-01"), Reading("work", "hires", "2022-01-01")


def events(
    kind: str = "retraction", on: str = "2021-03-02", notice: str = "10.5555/notice", **more: Any
) -> tuple[Event, ...]:
    account = Account(
        "crossref", "publisher", kind, on, notice, in_place=notice == "10.5555/work", by="Made-up Press", **more
    )
    return events_of([account])


def suggested(found: tuple[Event, ...], *readings: Reading, **standing: Any) -> dict[str, Any]:
    result = suggest(standing, found, checked_on=DAY, readings=readings)
    Standing.model_validate(result)
    return result


def short(standing: dict[str, Any]) -> list[tuple[Any, ...]]:
    """Status and what it affects of each event."""
    return [(str(event["status"]), *event.get("affects", ())) for event in standing.get("events", ())]


def test_a_plain_retraction_concerns_every_finding() -> None:
    assert suggested(events(reasons=("Error in Data",)), BEFORE, AFTER) == {
        "checked_on": DAY,
        "events": [
            {
                "status": "retracted",
                "on": "2021-03-02",
                "by": "Made-up Press",
                "note": "Retraction, doi:10.5555/notice, says publisher. Reasons: Error in Data.",
            }
        ],
    }


def test_nothing_found_leaves_the_day_alone_to_be_written() -> None:
    assert suggested(()) == {"checked_on": DAY}
    assert suggested((), checked_on="2026-01-10") == {"checked_on": DAY}
    assert suggested((), checked_on="2026-02-01") == {"checked_on": "2026-02-01"}


def test_what_was_replaced_in_its_place_is_withdrawn_for_those_who_read_it_before() -> None:
    found = events("retraction", notice="10.5555/work", replaced=True)
    assert short(suggested(found, BEFORE, AFTER)) == [("retracted", "replies"), ("corrected",)]
    assert short(suggested(found, BEFORE)) == [("retracted",), ("corrected",)]
    assert short(suggested(found, AFTER)) == [("corrected",)]
    assert short(suggested(found)) == [("retracted",), ("corrected",)]
    assert short(suggested(found, Reading("work", "calls"), AFTER)) == [("retracted", "calls"), ("corrected",)]
    record = Standing.model_validate(suggested(found, BEFORE, AFTER))
    assert (record.state("replies"), record.state("hires")) == ("retracted", "corrected")


def test_who_reads_between_withdrawal_and_replacement_reads_the_withdrawn_text() -> None:
    later = Account("crossref", "publisher", "new_version", "2022-06-01", "10.5555/work", in_place=True)
    found = events_of([*events()[0].accounts, later])
    result = suggested(found, BEFORE, AFTER, Reading("work", "calls", "2022-07-01"))
    assert short(result) == [("retracted", "hires", "replies"), ("corrected",)]
    assert result["events"][1]["on"] == "2022-06-01"


def test_what_was_replaced_nobody_says_where_is_withdrawn_for_all() -> None:
    assert short(suggested(events(replaced=True), BEFORE, AFTER)) == [("retracted",)]


def test_a_work_that_was_reinstated_with_a_corrected_text_is_not_as_it_was() -> None:
    found = events("reinstatement", replaced=True)
    assert short(suggested(found, BEFORE, AFTER)) == [("retracted", "replies"), ("corrected",)]
    assert "on" not in suggested(found, BEFORE)["events"][0]
    both = events_of([*events(on="2020-06-01")[0].accounts, *found[0].accounts])
    assert short(suggested(both, BEFORE, AFTER)) == [("retracted", "replies"), ("corrected",)]
    assert [event["on"] for event in suggested(both, BEFORE)["events"]] == ["2020-06-01", "2021-03-02"]


def test_a_retraction_in_place_without_a_word_of_replacement_is_withdrawn_for_all() -> None:
    assert short(suggested(events(notice="10.5555/work"), BEFORE, AFTER)) == [("retracted",)]


def test_a_later_version_on_the_same_page_concerns_those_who_read_the_earlier() -> None:
    found = events("new_version", notice="10.5555/work")
    assert short(suggested(found, BEFORE, AFTER)) == [("superseded", "replies")]
    assert suggested(found, AFTER) == {"checked_on": DAY}
    assert short(suggested(events("new_version"), AFTER)) == [("superseded",)]


def test_a_partial_retraction_withdraws_all_until_findings_are_named() -> None:
    result = suggested(events("partial_retraction"))
    assert short(result) == [("retracted",)]
    assert "'affects'" in result["events"][0]["note"]


def test_a_kind_without_a_standing_is_no_event_of_a_record() -> None:
    assert suggested(events("editorial_note")) == {"checked_on": DAY}


def test_what_the_record_says_stays_and_new_events_are_put_where_they_belong() -> None:
    recorded = [
        {"status": "disavowed", "on": "2019", "by": "an institute", "note": "In our words."},
        {"status": "reinstated", "on": "2023-01-01"},
    ]
    result = suggested(events(), events=recorded)
    assert [event["status"] for event in result["events"]] == ["disavowed", "retracted", "reinstated"]
    assert [result["events"][0], result["events"][2]] == recorded


@pytest.mark.parametrize(
    "entry",
    [
        {"status": "retracted", "on": "2021-03"},
        {"status": "retracted"},
        {"status": "retracted", "on": "2021-05-01"},
        {"status": "retracted", "on": "2016", "note": "See doi:10.5555/NOTICE."},
    ],
)
def test_an_event_that_is_recorded_is_not_new(entry: dict[str, Any]) -> None:
    found = compare({"events": [entry]}, events(), complete=True)
    assert (found.new, found.recorded, found.gone) == ((), events(), ())
    assert suggested(events(), events=[entry])["events"] == [entry]


@pytest.mark.parametrize("entry", [{"status": "corrected", "on": "2021-03-02"}, {"status": "retracted", "on": "2016"}])
def test_another_event_that_is_recorded_is_not_this_one(entry: dict[str, Any]) -> None:
    found = compare({"events": [entry]}, events(), complete=True)
    assert (found.new, found.recorded, found.gone) == (events(), (), (entry,))


def test_one_recorded_correction_does_not_stand_for_two() -> None:
    two = events_of(
        [*events("correction", notice="10.5555/a")[0].accounts, *events("correction", notice="10.5555/b")[0].accounts]
    )
    assert len(compare({"events": [{"status": "corrected", "on": "2021-03"}]}, two, complete=True).new) == 1


def test_nothing_is_gone_while_a_place_is_silent_or_cannot_know() -> None:
    retracted = {"events": [{"status": "retracted", "on": "2016"}]}
    assert compare(retracted, (), complete=True).gone
    assert not compare(retracted, (), complete=False).gone
    assert not compare({"events": [{"status": "overturned"}, {"status": "superseded"}]}, (), complete=True).gone


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"], include_characters=" "), min_size=1, max_size=30).map(
    str.strip
)


@given(
    st.lists(
        st.fixed_dictionaries(
            {"status": st.sampled_from(["retracted", "corrected"])},
            optional={
                "on": st.sampled_from(["2021", "2021-03", "2021-03-02", "2021~"]),
                "by": TEXTS.filter(bool) | st.sampled_from(["no", "Null", "1e3", "a: b", "- x", "#", "yes."]),
                "note": TEXTS.filter(bool),
                "affects": st.lists(st.sampled_from(["replies", "hires-2"]), min_size=1, max_size=2, unique=True),
            },
        ),
        max_size=3,
    )
)
def test_what_is_printed_is_read_back_as_it_was(found: list[dict[str, Any]]) -> None:
    standing = {"checked_on": DAY} | ({"events": found} if found else {})
    assert yaml.load(yaml_of(standing), Loader=yaml.BaseLoader) == {"standing": standing}
