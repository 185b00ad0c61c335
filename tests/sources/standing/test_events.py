"""Accounts become events, and events come to one outcome."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.model.sources import Standing
from evidencekb.sources.standing.events import (
    PUBLISHER,
    RETRACTION_WATCH,
    STATUS,
    WITHDRAWN_OUTCOMES,
    Account,
    Outcome,
    doi_key,
    events_of,
    kind_of,
    outcome_of,
)
from evidencekb.sources.standing.recording import compare, suggest

WORK = "10.5555/work"
NOTICE = "10.5555/notice"


def said(kind: str, on: str = "", notice: str = NOTICE, witness: str = PUBLISHER, **more: object) -> Account:
    """An account; of the work's own page when the notice is the work."""
    # Fields by name.
    return Account("crossref", witness, kind, on, notice, in_place=notice == WORK, **more)  # type: ignore[arg-type]


def watched(kind: str, on: str = "", notice: str = "", **more: object) -> Account:
    # Fields by name.
    return Account("retraction_watch", RETRACTION_WATCH, kind, on, notice, in_place=notice == WORK, **more)  # type: ignore[arg-type]


def outcome(*accounts: Account) -> Outcome:
    return outcome_of(events_of(accounts))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said("retraction", "2021-03-02"), watched("retraction", "2021-02-26", NOTICE)),
        (said("retraction", "2021-03-02"), watched("retraction", "2021-04-30")),
        (said("retraction", "2021-03-02"), watched("withdrawal")),
        (said("retraction", "2021-03"), watched("retraction", "2021-03-02", "10.5555/other-notice")),
        (said("retraction", "2021-03-02", WORK), watched("retraction", "2021-03-02", NOTICE)),
        (said("correction", "2021-03-02"), watched("erratum", "2021-03-05")),
        (said("expression_of_concern", "2021-03-02"), said("expression_of_concern", "2021-06-01")),
    ],
)
def test_two_accounts_of_one_event_are_one(one: Account, other: Account) -> None:
    (event,) = events_of([one, other])
    assert set(event.accounts) == {one, other}
    assert event.on == one.on


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (said("retraction", "2010-02-06"), watched("retraction", "2015-06-01", "10.5555/second")),
        (said("correction", "2021-03-02"), said("correction", "2021-03-02", "10.5555/second")),
        (said("correction", "2021-03-02"), said("retraction", "2021-03-02")),
        (said("correction", "2019-03-02", WORK), said("correction", "2021-03-02", WORK)),
        (said("correction", "2021-03-02", ""), said("correction", "2021-03-09", "")),
        (said("editorial_note", "2021-03-02"), said("comment", "2021-03-02")),
    ],
)
def test_what_are_two_events_stay_two(one: Account, other: Account) -> None:
    assert len(events_of([one, other])) == 2


def test_an_event_of_two_witnesses_has_the_publishers_day_and_names_both() -> None:
    (event,) = events_of([watched("retraction", "2021-02-26", NOTICE), said("retraction", "2021-03-02")])
    assert event.witnesses == (PUBLISHER, RETRACTION_WATCH)
    assert event.on == "2021-03-02"
    assert event.differences == ("the retraction is dated 2021-03-02 (publisher) and 2021-02-26 (Retraction Watch)",)


def test_retraction_watch_through_crossref_and_through_its_list_is_one_witness() -> None:
    through = said("retraction", "2021-03-02", witness=RETRACTION_WATCH)
    (event,) = events_of([through, watched("retraction", "2021-03-02", NOTICE)])
    assert event.witnesses == (RETRACTION_WATCH,)
    assert event.places == ("crossref", "retraction_watch")


def test_days_that_only_say_more_do_not_differ() -> None:
    (event,) = events_of([said("retraction", "2021"), watched("retraction", "2021-03-02", NOTICE)])
    assert event.differences == ()


@pytest.mark.parametrize(
    ("accounts", "expected"),
    [
        ([], Outcome.NOTHING_KNOWN),
        ([said("correction", "2020")], Outcome.CORRECTED),
        ([said("expression_of_concern", "2020")], Outcome.CONCERN),
        ([said("new_version", "2020")], Outcome.SUPERSEDED),
        ([said("new_version", "2020", WORK)], Outcome.NEW_VERSION),
        ([said("correction", "2020", WORK)], Outcome.CORRECTED),
        ([said("retraction", "2020")], Outcome.RETRACTED),
        ([said("withdrawal", "2020")], Outcome.RETRACTED),
        ([said("removal", "2020")], Outcome.RETRACTED),
        ([said("partial_retraction", "2020")], Outcome.PARTLY_RETRACTED),
        ([said("editorial_note", "2020")], Outcome.CHANGED),
        # A correction after a retraction does not undo it, whichever is told first.
        ([said("correction", "2021", "10.5555/c"), said("retraction", "2020")], Outcome.RETRACTED),
        ([said("correction", "2004", "10.5555/c"), said("retraction", "2010")], Outcome.RETRACTED),
        ([said("expression_of_concern", "2019", "10.5555/c"), said("retraction", "2020")], Outcome.RETRACTED),
        # Without a day nobody can say that the reinstatement came later, so the work stays withdrawn.
        ([said("retraction", ""), said("reinstatement", "2021", "10.5555/r")], Outcome.RETRACTED),
        ([said("retraction", "2020"), watched("reinstatement", "2021")], Outcome.REINSTATED),
        ([watched("reinstatement", "2020"), said("retraction", "2021")], Outcome.RETRACTED),
        # On its own page a work may be withdrawn or replaced: neither is taken for granted.
        ([said("retraction", "2020", WORK)], Outcome.RETRACTED_IN_PLACE),
        ([said("retraction", "2020", WORK), said("new_version", "2020", WORK)], Outcome.RETRACTED_AND_REPLACED),
        ([said("retraction", "2020"), said("new_version", "2020", WORK)], Outcome.RETRACTED_AND_REPLACED),
        ([said("new_version", "2019", WORK), said("retraction", "2020", WORK)], Outcome.RETRACTED_IN_PLACE),
        ([said("retraction", "2020", WORK), said("correction", "2021", WORK)], Outcome.RETRACTED_IN_PLACE),
        ([watched("retraction", "2020", replaced=True)], Outcome.RETRACTED_AND_REPLACED),
        ([said("retract_and_replace", "2020")], Outcome.RETRACTED_AND_REPLACED),
        ([said("retraction", "2020"), watched("reinstatement", "2021", replaced=True)], Outcome.RETRACTED_AND_REPLACED),
        # The graver word of two accounts of one notice counts.
        ([said("partial_retraction", "2020"), watched("retraction", "2020", NOTICE)], Outcome.RETRACTED),
    ],
)
def test_what_events_come_to(accounts: list[Account], expected: Outcome) -> None:
    assert outcome(*accounts) is expected
    assert outcome(*reversed(accounts)) is expected


def test_every_kind_has_an_outcome_and_a_withdrawal_is_one_in_the_record_too() -> None:
    for kind, status in STATUS.items():
        withdrawn = outcome(said(kind, "2020")) in WITHDRAWN_OUTCOMES
        record = Standing.model_validate({"events": [{"status": str(status), "on": "2020"}]})
        assert withdrawn is record.withdrawn()


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("Retraction", "retraction"),
        ("RETRACTED-ARTICLE", "retraction"),
        ("Retraction and replacement", "retract_and_replace"),
        ("expression-of-concern", "expression_of_concern"),
        ("err", "erratum"),
        ("corrected-article", "correction"),
        ("Partial Retraction", "partial_retraction"),
        ("  ", ""),
    ],
)
def test_kinds_are_read_in_every_spelling(word: str, kind: str) -> None:
    assert kind_of(word) == kind


@pytest.mark.parametrize("text", [None, 7, "", "unavailable", "10.5555", "https://example.org/a/b", "a/b"])
def test_what_is_no_doi_gives_no_key(text: object) -> None:
    assert doi_key(text) == ""


ACCOUNTS = st.builds(
    lambda place, witness, kind, on, notice, replaced: Account(
        place, witness, kind, on, notice, in_place=notice == WORK, replaced=replaced
    ),
    st.sampled_from(["crossref", "retraction_watch"]),
    st.sampled_from([PUBLISHER, RETRACTION_WATCH]),
    st.sampled_from([*STATUS, "editorial_note"]),
    st.sampled_from(["", "2019", "2019-12-30", "2020-01", "2020-01-02", "2021-06-01"]),
    st.sampled_from(["", WORK, NOTICE, "10.5555/second"]),
    st.booleans(),
)


@given(st.lists(ACCOUNTS, max_size=6).flatmap(lambda a: st.tuples(st.just(a), st.permutations(a))))
def test_the_order_of_accounts_changes_nothing_and_none_is_lost(both: tuple[list[Account], list[Account]]) -> None:
    given_, shuffled = both
    events = events_of(given_)
    assert events_of(shuffled) == events
    assert {account for event in events for account in event.accounts} == set(given_)


@given(st.lists(ACCOUNTS, max_size=6))
def test_a_work_is_withdrawn_exactly_when_its_record_would_be(accounts: list[Account]) -> None:
    events = events_of(accounts)
    found = outcome_of(events)
    record = Standing.model_validate(suggest({}, events, checked_on="2026-01-15"))
    assert (found in WITHDRAWN_OUTCOMES) is record.withdrawn()
    assert (found is Outcome.NOTHING_KNOWN) is (not events)


@given(st.lists(ACCOUNTS, max_size=6))
def test_what_was_recorded_is_not_suggested_again(accounts: list[Account]) -> None:
    events = events_of(accounts)
    standing = suggest({}, events, checked_on="2026-01-15")
    assert suggest(standing, events, checked_on="2026-01-15") == standing
    compared = compare(standing, events, complete=True)
    assert (compared.new, compared.gone) == ((), ())
