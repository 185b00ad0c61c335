"""Messages of Crossref become accounts, both ways round."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.standing.crossref import Hint, read_notices, read_work
from evidencekb.sources.standing.events import Account, Outcome, events_of, outcome_of

WORK, NOTICE = "10.5555/work", "10.5555/notice"


def entry(doi: str, kind: str = "retraction", **more: Any) -> dict[str, Any]:
    return {
        "DOI": doi,
        "type": kind,
        "label": kind.capitalize(),
        "source": "publisher",
        "updated": {"date-parts": [[2021, 3, 2]], "date-time": "2021-03-02T00:00:00Z"},
    } | more


def work(**more: Any) -> dict[str, Any]:
    return {"DOI": WORK, "title": ["Replies to applications"], "container-title": ["Journal of Made-up Studies"]} | more


def notice(*entries: dict[str, Any], title: str = "Retraction: Replies to applications") -> dict[str, Any]:
    return {
        "DOI": NOTICE,
        "title": [title],
        "container-title": ["Journal of Made-up Studies"],
        "update-to": list(entries),
    }


def test_the_work_names_its_notice() -> None:
    assert read_work(work(**{"updated-by": [entry("10.5555/NOTICE")]})).accounts == (
        Account("crossref", "publisher", "retraction", "2021-03-02", NOTICE, by="Journal of Made-up Studies"),
    )


def test_the_notice_names_the_work_and_both_ways_are_one_event() -> None:
    (told,) = read_notices([notice(entry("10.5555/WORK"), entry("10.5555/another"))], [WORK])
    assert (told.kind, told.notice, told.title) == ("retraction", NOTICE, "Retraction: Replies to applications")
    accounts = [*read_work(work(**{"updated-by": [entry(NOTICE)]})).accounts, told]
    assert len(events_of(accounts)) == 1


def test_publisher_and_retraction_watch_are_two_witnesses_of_one_event() -> None:
    both = [entry(NOTICE), entry(NOTICE, source="retraction-watch", updated={"date-parts": [[2021, 2, 26]]})]
    (event,) = events_of(read_work(work(**{"updated-by": both})).accounts)
    assert event.witnesses == ("publisher", "retraction_watch")


def test_a_notice_is_not_itself_withdrawn() -> None:
    read = read_work(notice(entry(WORK)))
    assert read.accounts == ()
    assert read.notice_of == (("retraction", WORK),)


@pytest.mark.parametrize("where", ["update-to", "updated-by"])
@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        ("new_version", Outcome.NEW_VERSION),
        ("correction", Outcome.CORRECTED),
        ("retraction", Outcome.RETRACTED_IN_PLACE),
    ],
)
def test_a_work_that_updates_itself_was_changed_on_its_own_page(where: str, kind: str, outcome: Outcome) -> None:
    read = read_work(work(**{where: [entry("10.5555/Work", kind)]}))
    assert read.notice_of == ()
    assert outcome_of(events_of(read.accounts)) is outcome


@pytest.mark.parametrize(
    "title",
    [
        "Notice of Retraction and Replacement: Replies",
        "Retraction with Replacement",
        "Retraction and Republication: Replies",
    ],
)
def test_a_notice_that_speaks_of_replacement(title: str) -> None:
    (told,) = read_notices([notice(entry(WORK), title=title)], [WORK])
    assert told.replaced


def test_an_alias_is_still_the_work_itself() -> None:
    read = read_work(work(**{"update-to": [entry("10.5555/alias", "new_version")]}), asked="10.5555/alias")
    assert [account.in_place for account in read.accounts] == [True]
    assert read.notice_of == ()


def test_a_relation_that_is_no_update_is_a_hint() -> None:
    relation = {
        "correction": [{"id": "10.5555/c1", "asserted-by": "object"}, {"id": "10.5555/c2", "asserted-by": "subject"}],
        "is-retracted-by": [{"id": "10.5555/r", "asserted-by": "subject"}],
        "has-preprint": [{"id": "10.5555/p", "asserted-by": "subject"}],
    }
    assert read_work(work(relation=relation)).hints == (
        Hint("correction", "10.5555/c1"),
        Hint("retraction", "10.5555/r"),
    )


@pytest.mark.parametrize(
    ("updated", "on"),
    [
        ({"date-parts": [[2010]]}, "2010"),
        ({"date-parts": [[2010, 2]]}, "2010-02"),
        ({"date-parts": [[None]]}, ""),
        ({"date-parts": []}, ""),
        ({"date-time": "2010-02-06T00:00:00Z"}, "2010-02-06"),
        ({}, ""),
        (None, ""),
        ("2010", ""),
    ],
)
def test_a_date_is_as_much_as_it_says(updated: object, on: str) -> None:
    (account,) = read_work(work(**{"updated-by": [entry(NOTICE, updated=updated)]})).accounts
    assert account.on == on


def test_a_kind_nobody_knows_is_kept_by_its_word() -> None:
    (account,) = read_work(work(**{"updated-by": [entry(NOTICE, "editorial-note")]})).accounts
    assert (account.kind, account.status) == ("editorial_note", None)


def test_control_characters_do_not_come_through() -> None:
    read = read_work(work(title=["\x1b[31mReplies\x07 to"], publisher="\x9bPress"))
    assert read.title == "[31mReplies to"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.just(WORK),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            key: JSON
            | st.lists(st.fixed_dictionaries({}, optional={"DOI": JSON, "type": JSON, "updated": JSON}), max_size=3)
            for key in ("DOI", "title", "updated-by", "update-to", "container-title", "publisher", "relation")
        },
    )
)
def test_whatever_comes_is_read(message: dict[str, Any]) -> None:
    events_of(read_work(message, asked=WORK).accounts)
    events_of(read_notices([message, message], [WORK]))
    read_notices(message, [WORK])


def corpus(shared: Path) -> Iterator[dict[str, Any]]:
    for line in (shared / "corpora/05-scholarly-apis/crossref-works.jsonl").read_text("utf-8").splitlines():
        yield json.loads(line)


@pytest.mark.shared
def test_every_update_of_the_corpus_becomes_what_it_is(shared: Path) -> None:
    kinds = {"correction": Outcome.CORRECTED, "new_version": Outcome.NEW_VERSION}
    works = notices = 0
    for row in corpus(shared):
        message, read = row["message"], read_work(row["message"], asked=row["doi"])
        events = events_of(read.accounts)
        own = [e for e in message.get("update-to") or () if e["DOI"].lower() == row["doi"]]
        by = message.get("updated-by") or []
        for told in [*by, *own]:
            assert any(told["DOI"].lower() == event.notice and told["type"] == event.kind for event in events), row[
                "doi"
            ]
            assert outcome_of(events) is kinds[told["type"]], row["doi"]
        assert bool(events) is bool(by or own)
        others = [(e["type"], e["DOI"].lower()) for e in message.get("update-to") or () if e not in own]
        assert list(read.notice_of) == others
        for kind, target in others:  # the other way round: asked about the work that it updates
            (account,) = read_notices([message], [target])
            assert (account.kind, account.notice) == (kind, row["doi"])
        works += bool(events)
        notices += bool(others)
    assert (works, notices) == (4, 9)


@pytest.mark.shared
def test_a_work_that_says_it_both_ways_says_it_once(shared: Path) -> None:
    rows = [row for row in corpus(shared) if row["message"].get("update-to") and row["message"].get("updated-by")]
    assert len(rows) == 2
    for row in rows:
        assert len(events_of(read_work(row["message"]).accounts)) == 1
