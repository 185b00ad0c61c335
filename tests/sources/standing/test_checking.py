"""Every place is asked about every source, over real HTTP; what cannot be asked is said."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from evidencekb.model.sources import Standing
from evidencekb.sources.caching import Cache, Kept
from evidencekb.sources.client import Client
from evidencekb.sources.standing.checking import check_standing
from evidencekb.sources.standing.events import Outcome
from evidencekb.sources.standing.report import SourceStanding, StandingReport
from evidencekb.sources.standing.resting import Change, Reading
from evidencekb.sources.standing.retraction_watch import RetractionWatch, read_retraction_watch
from evidencekb.sources.standing.zotero import ZoteroList, read_zotero_list
from tests.sources.loopback import Asked, Loopback, Reply

WORK = "10.5555/work"
TODAY = f"{datetime.now(UTC):%Y-%m-%d}"
SOURCE = {"id": "audit2020", "title": "Replies to applications", "doi": WORK, "published_on": "2020-01-10"}


def update(doi: str, kind: str = "retraction", on: tuple[int, ...] = (2021, 3, 2), **more: Any) -> dict[str, Any]:
    return {"DOI": doi, "type": kind, "updated": {"date-parts": [list(on)]}, "source": "publisher"} | more


def work(doi: str = WORK, /, **more: Any) -> dict[str, Any]:
    return {"DOI": doi, "title": ["Replies to applications"], "container-title": ["Journal of Made-up Studies"]} | more


def crossref(server: Loopback, *messages: dict[str, Any], notices: tuple[dict[str, Any], ...] = ()) -> None:
    """Let the server be Crossref: works under their DOI, and a search for the notices that update one."""

    def search(asked: Asked) -> Reply:
        doi = asked.params["filter"].removeprefix("updates:")
        found = [n for n in notices if any(e["DOI"].lower() == doi for e in n["update-to"])]
        return reply({"items": found, "total-results": len(found)})

    for message in messages:
        server.routes[f"/works/{message['DOI'].lower()}"] = reply(message)
    server.routes["/works"] = search


def reply(message: object) -> Reply:
    return Reply(200, json.dumps({"status": "ok", "message": message}).encode(), {"Content-Type": "application/json"})


@pytest.fixture
def client(server: Loopback) -> Iterator[Client]:
    with Client(bases={"crossref": server.base}, loopback=True, wait=lambda _: None) as running:
        yield running


@pytest.fixture
def check(client: Client) -> Callable[..., SourceStanding]:
    """Check one source at Crossref, and wherever else the test says."""

    def one(source: dict[str, Any] = SOURCE, **more: Any) -> SourceStanding:
        (row,) = check_standing([source], client=client, today=TODAY, **more).sources
        return row

    return one


def watch(
    nature: str = "Retraction", on: str = "3/2/2021", notice: str = "10.5555/notice", doi: str = WORK, reason: str = ""
) -> RetractionWatch:
    header = "RetractionDate,RetractionDOI,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason"
    row = f"{on} 0:00,{notice},{doi},12345678,{nature},{reason}"
    late = "1/5/2026 0:00,,10.5555/late,0,Retraction,"
    return read_retraction_watch(f"{header}\n{row}\n{late}\n".encode())


def zotero_list(*dois: str) -> ZoteroList:
    digests = (hashlib.sha1(doi.encode(), usedforsecurity=False).hexdigest()[:5] for doi in dois)
    data = [*(f"d{digest} 18688" for digest in digests), "p99999 20450"]
    return read_zotero_list(json.dumps({"doiPrefixLength": 5, "pmidPrefixLength": 5, "data": data}).encode())


def answers(row: SourceStanding) -> dict[str, str]:
    return {heard.place: heard.answer for heard in row.heard}


Check = Callable[..., SourceStanding]


def test_crossref_is_asked_both_ways(server: Loopback, check: Check) -> None:
    notice = work("10.5555/notice", **{"update-to": [update(WORK)]})
    crossref(server, work(), notices=(notice,))
    row = check()
    assert row.outcome is Outcome.RETRACTED
    assert answers(row) == {"crossref": "nothing", "crossref_notices": "events"}
    assert [asked.params.get("filter") for asked in server.asked] == [None, f"updates:{WORK}"]


def test_what_only_the_work_says_counts_as_much(server: Loopback, check: Check) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice", source="retraction-watch")]}))
    row = check()
    assert row.outcome is Outcome.RETRACTED
    assert row.events[0].witnesses == ("retraction_watch",)


def test_one_event_told_everywhere_is_one_with_two_witnesses(server: Loopback, check: Check) -> None:
    notice = work("10.5555/notice", **{"update-to": [update("10.5555/WORK")]})
    crossref(server, work(**{"updated-by": [update("10.5555/notice")]}), notices=(notice,))
    row = check(retraction_watch=watch(on="2/26/2021"), zotero=zotero_list(WORK))
    (event,) = row.events
    assert event.witnesses == ("publisher", "retraction_watch")
    assert row.outcome is Outcome.RETRACTED
    assert row.differences == ("the retraction is dated 2021-03-02 (publisher) and 2021-02-26 (Retraction Watch)",)
    assert row.questions == ()


def test_nothing_known_needs_every_place_to_have_answered(server: Loopback, check: Check) -> None:
    crossref(server, work())
    row = check()
    assert row.outcome is Outcome.NOTHING_KNOWN
    assert row.suggested == {"checked_on": TODAY}
    server.routes["/works"] = Reply(503, b"", {"Retry-After": "600"})
    row = check()
    assert row.outcome is Outcome.COULD_NOT_CHECK
    assert answers(row) == {"crossref": "nothing", "crossref_notices": "failed"}
    assert row.suggested is None


@pytest.mark.parametrize(
    "answer",
    [
        Reply(500),
        Reply(403),
        Reply(200, b"<html><title>Maintenance</title></html>"),
        Reply(200, b"{}"),
        Reply(200, b'{"message": {}}'),
        Reply(200, b'{"message": {"title": ["About nothing"]}}'),
        Reply(200, b'{"message": [1]}'),
        Reply(200, b'{"message": {"DOI": "10.5'),
    ],
)
def test_an_answer_about_nothing_is_no_good_news(server: Loopback, check: Check, answer: Reply) -> None:
    crossref(server)
    server.routes[f"/works/{WORK}"] = answer
    row = check()
    assert row.outcome is Outcome.COULD_NOT_CHECK
    assert answers(row)["crossref"] == "failed"
    assert "could not check" in str(row)
    assert row.suggested is None


def test_a_work_that_crossref_does_not_have_is_no_good_news_and_asking_again_does_not_help(
    server: Loopback, check: Check
) -> None:
    crossref(server)
    row = check(retraction_watch=watch(doi="10.5555/other"))
    assert row.outcome is Outcome.COULD_NOT_CHECK
    assert answers(row) == {"crossref": "no_such_work", "retraction_watch": "nothing"}
    assert (bool(row.unchecked), row.unanswered, row.settled) == (True, (), False)


def test_crossref_is_not_asked_about_a_doi_that_arxiv_registered(server: Loopback, check: Check) -> None:
    row = check({"id": "preprint2020", "doi": "10.48550/arXiv.2001.00001"})
    assert (row.outcome, answers(row)) == (Outcome.COULD_NOT_CHECK, {"crossref": "not_covered"})
    assert server.asked == []


def test_what_only_the_record_says_stays_and_is_told(server: Loopback, check: Check) -> None:
    crossref(server, work())
    events = [{"status": "disavowed", "on": "2022", "by": "Made-up Institute", "affects": ["replies"]}]
    row = check(SOURCE | {"standing": {"checked_on": "2023-01-01", "events": events}})
    assert (row.outcome, row.compared.kept, row.compared.gone) == (Outcome.NOTHING_KNOWN, tuple(events), ())
    assert row.changes == (Change("disavowed", "2022", ("replies",)),)
    assert "its record says disavowed\n  in its record: disavowed on 2022, by Made-up Institute, for replies" in str(
        row
    )


def test_a_search_without_a_list_is_no_good_news(server: Loopback, check: Check) -> None:
    crossref(server, work())
    server.routes["/works"] = reply({"DOI": WORK})
    assert check().outcome is Outcome.COULD_NOT_CHECK


def test_a_doi_that_crossref_does_not_have_is_not_checked_there(server: Loopback, check: Check) -> None:
    crossref(server)
    row = check()
    assert row.outcome is Outcome.COULD_NOT_CHECK
    assert "of another agency" in row.heard[0].detail
    # A DOI that is written wrong is in no list either.
    assert check(retraction_watch=watch(doi="10.5555/other")).outcome is Outcome.COULD_NOT_CHECK
    assert check(retraction_watch=watch()).outcome is Outcome.RETRACTED


def test_offline_says_so_and_uses_what_is_kept(server: Loopback, client: Client, tmp_path: Path) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice")]}))
    with Client(bases={"crossref": server.base}, loopback=True, cache=tmp_path) as online:
        check_standing([SOURCE], client=online, today=TODAY)
    with Client(bases={"crossref": server.base}, cache=tmp_path, offline=True) as offline:
        kept, other = check_standing([SOURCE, SOURCE | {"doi": "10.5555/b"}], client=offline, today=TODAY).sources
    assert kept.outcome is Outcome.RETRACTED
    assert [heard.as_of for heard in kept.heard] == [TODAY, TODAY]
    assert other.outcome is Outcome.COULD_NOT_CHECK
    assert other.heard[0].detail.startswith("offline: ")


def test_an_answer_that_was_kept_is_as_old_as_it_is(server: Loopback, tmp_path: Path) -> None:
    crossref(server, work())
    then = datetime.now(UTC) - timedelta(days=20)
    body = json.dumps({"message": work()}).encode()
    cache = Cache(tmp_path)
    cache.keep(f"*/* {server.base}/works/{WORK}", Kept(f"{server.base}/works/{WORK}", 200, {}, body, then))
    cache.close()
    with Client(bases={"crossref": server.base}, loopback=True, cache=tmp_path) as client:
        report = check_standing([SOURCE], client=client, today=TODAY)
    assert report.as_of == {"crossref": (f"{then:%Y-%m-%d}",) * 2, "crossref_notices": (TODAY, TODAY)}
    # Crossref knows as much as the older of its two answers.
    assert report.sources[0].suggested == {"checked_on": f"{then:%Y-%m-%d}"}


def test_notices_are_asked_for_even_when_the_work_cannot_be_read(server: Loopback, check: Check) -> None:
    notice = work("10.5555/notice", **{"update-to": [update(WORK)]})
    crossref(server, notices=(notice,))
    server.routes[f"/works/{WORK}"] = Reply(200, b"<html>")
    row = check()
    assert row.outcome is Outcome.RETRACTED
    assert answers(row) == {"crossref": "failed", "crossref_notices": "events"}
    assert row.suggested is not None
    assert "checked_on" not in row.suggested


def test_without_identifier_or_place_nothing_is_checked() -> None:
    memo = {"id": "memo2020", "title": "A memo", "url": "https://example.org/memo"}
    (row,) = check_standing([memo], retraction_watch=watch(), zotero=zotero_list()).sources
    assert row.outcome is Outcome.COULD_NOT_CHECK
    assert set(answers(row).values()) == {"not_covered"}
    assert check_standing([SOURCE]).sources[0].outcome is Outcome.COULD_NOT_CHECK


def test_a_list_that_ends_before_the_source_cannot_know_it() -> None:
    late = SOURCE | {"published_on": "2026-03"}
    (row,) = check_standing([late], retraction_watch=watch(doi="10.5555/other"), zotero=zotero_list()).sources
    assert row.outcome is Outcome.COULD_NOT_CHECK
    assert set(answers(row).values()) == {"not_covered"}


def test_a_list_that_cannot_be_read_is_no_good_news() -> None:
    broken = read_retraction_watch(b"<html>")
    (row,) = check_standing([SOURCE], retraction_watch=broken).sources
    assert (row.outcome, answers(row)) == (Outcome.COULD_NOT_CHECK, {"retraction_watch": "failed"})


def test_a_list_is_as_old_as_its_newest_notice() -> None:
    report = check_standing([SOURCE], retraction_watch=watch(doi="10.5555/other"), today="2026-06-01")
    assert report.sources[0].suggested == {"checked_on": "2026-01-05"}
    assert report.as_of == {"retraction_watch": ("2026-01-05", "2026-01-05")}
    assert "Retraction Watch: knowledge of 2026-01-05" in str(report)


def test_sources_are_found_by_pubmed_number_and_by_arxiv_number() -> None:
    (row,) = check_standing([{"id": "a", "pmid": "12345678"}], retraction_watch=watch()).sources
    assert row.outcome is Outcome.RETRACTED
    listed = watch(doi="10.48550/arXiv.2303.10130")
    (row,) = check_standing([{"id": "a", "arxiv": "2303.10130v2"}], retraction_watch=listed).sources
    assert row.outcome is Outcome.RETRACTED


def test_a_beginning_that_fits_is_possible_and_never_retracted(server: Loopback, check: Check) -> None:
    crossref(server, work())
    row = check(zotero=zotero_list(WORK))
    assert row.outcome is Outcome.POSSIBLE
    assert row.events == ()
    assert row.suggested is None
    assert "2021-03-02" in str(row)
    report = StandingReport(TODAY, (row, row))
    assert report.expected_false_hits == pytest.approx(4 / 16**5, rel=1e-3)


@pytest.mark.parametrize(
    ("source", "title"),
    [
        (SOURCE, "Retracted: Replies to applications"),
        (SOURCE | {"title": "RETRACTED ARTICLE: Replies to applications"}, "Replies to applications"),
        (SOURCE, "Expression of Concern: Replies"),
    ],
)
def test_a_title_without_a_notice_is_a_question(
    server: Loopback, check: Check, source: dict[str, Any], title: str
) -> None:
    crossref(server, work(title=[title]))
    row = check(source)
    assert row.outcome is Outcome.QUESTION
    assert row.events == ()
    assert row.suggested is None
    assert len(row.questions) == 1


def test_a_title_with_its_notice_is_none(server: Loopback, check: Check) -> None:
    crossref(server, work(title=["RETRACTED: Replies"], **{"updated-by": [update("10.5555/notice")]}))
    row = check()
    assert (row.outcome, row.questions) == (Outcome.RETRACTED, ())


def test_a_jet_retraction_is_none(server: Loopback, check: Check) -> None:
    crossref(server, work(title=["A North Pacific jet retraction"]))
    assert check().outcome is Outcome.NOTHING_KNOWN


def test_a_source_that_is_a_notice_is_one(server: Loopback, check: Check) -> None:
    crossref(server, work(title=["Retraction: Calls"], **{"update-to": [update("10.5555/calls")]}))
    row = check()
    assert row.outcome is Outcome.NOTICE
    assert "10.5555/calls" in row.questions[0]
    (row,) = check_standing([SOURCE | {"doi": "10.5555/notice"}], retraction_watch=watch()).sources
    assert row.outcome is Outcome.NOTICE


def test_a_relation_that_is_no_update_is_a_question(server: Loopback, check: Check) -> None:
    crossref(server, work(relation={"is-retracted-by": [{"id": "10.5555/notice"}]}))
    row = check()
    assert (row.outcome, row.events) == (Outcome.QUESTION, ())


def test_retract_and_replace_on_one_page_is_neither_retracted_nor_fine(server: Loopback, check: Check) -> None:
    own = [update(WORK, "retraction"), update(WORK, "new_version")]
    crossref(server, work(**{"update-to": own, "updated-by": own}))
    readings = [Reading("audit2020", "replies", "2020-05-01"), Reading("audit2020", "hires", "2022-01-01")]
    row = check(readings=readings)
    assert row.outcome is Outcome.RETRACTED_AND_REPLACED
    assert row.suggested is not None
    record = Standing.model_validate(row.suggested)
    assert (record.state("replies"), record.state("hires")) == ("retracted", "corrected")
    assert any("before 2021-03-02" in question for question in row.questions)


def test_a_retraction_of_its_own_page_asks_what_stands_there(server: Loopback, check: Check) -> None:
    crossref(server, work(**{"update-to": [update(WORK)]}))
    row = check()
    assert row.outcome is Outcome.RETRACTED_IN_PLACE
    assert "withdrawn, or a corrected one" in row.questions[0]
    row = check(retraction_watch=watch(reason="Retract and Replace;"))
    assert row.outcome is Outcome.RETRACTED_AND_REPLACED
    assert len(row.events) == 1


def test_reinstatement_undoes_and_correction_does_not(server: Loopback, check: Check) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice"), update("10.5555/c", "correction", (2022,))]}))
    assert check().outcome is Outcome.RETRACTED
    row = check(retraction_watch=watch("Reinstatement", "1/1/2023", "10.5555/r"))
    assert row.outcome is Outcome.REINSTATED
    assert [event.status for event in row.events] == ["retracted", "corrected", "reinstated"]


def test_one_notice_with_two_names_is_a_difference(server: Loopback, check: Check) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice", "correction")]}))
    row = check(retraction_watch=watch())
    assert "by doi:10.5555/notice the work is retracted (Retraction Watch) and corrected (publisher)" in row.differences


def test_a_place_that_does_not_tell_of_a_retraction_is_named(server: Loopback, check: Check) -> None:
    crossref(server, work())
    assert check(retraction_watch=watch()).differences == ("Crossref does not tell of the retraction",)
    crossref(server, work(**{"updated-by": [update("10.5555/notice")]}))
    assert check(retraction_watch=watch(doi="10.5555/other")).differences == (
        "Retraction Watch does not tell of the retraction",
    )
    # What happened after a list's newest notice, the list cannot tell of.
    crossref(server, work(**{"updated-by": [update("10.5555/notice", on=(2026, 1, 6))]}))
    assert check(retraction_watch=watch(doi="10.5555/other")).differences == ()


def test_an_alias_is_said_and_followed(server: Loopback, check: Check) -> None:
    notice = work("10.5555/notice", **{"update-to": [update("10.5555/first")]})
    crossref(server, notices=(notice,))
    server.routes[f"/works/{WORK}"] = reply(work("10.5555/first"))
    row = check()
    assert row.outcome is Outcome.RETRACTED
    assert row.heard[0].detail == "Crossref answers about doi:10.5555/first"


def test_a_doi_with_a_comma_cannot_be_searched_for(server: Loopback, check: Check) -> None:
    crossref(server, work("10.5555/a,b"))
    row = check(SOURCE | {"doi": "10.5555/A,B"})
    assert answers(row) == {"crossref": "nothing", "crossref_notices": "not_covered"}
    assert row.outcome is Outcome.NOTHING_KNOWN


def test_what_is_recorded_is_compared(server: Loopback, check: Check) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice")]}))
    recorded = SOURCE | {"standing": {"checked_on": TODAY, "events": [{"status": "retracted", "on": "2021-03"}]}}
    row = check(recorded)
    assert (row.recorded, row.compared.new, row.suggested) == ("retracted", (), None)
    crossref(server, work())
    row = check(recorded)
    assert row.outcome is Outcome.NOTHING_KNOWN
    assert row.compared.gone == ({"status": "retracted", "on": "2021-03"},)
    assert "found nowhere" in str(StandingReport(TODAY, (row,)))


def test_a_report_lists_what_rests_on_changed_sources(server: Loopback, client: Client) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice")]}), work("10.5555/b"))
    sources = [SOURCE, SOURCE | {"id": "other", "doi": "10.5555/b"}, {"id": "memo2020", "title": "A memo"}]
    readings = [Reading("audit2020", "replies", "2020-05-01"), Reading("other", "calls")]
    report = check_standing(sources, client=client, readings=readings, today=TODAY)
    report = report.with_resting(readings, [("a-claim", "replies"), ("b-claim", "calls")])
    assert report.summary == (f"3 sources, as of {TODAY}: 1 nothing known, 1 retracted, 1 could not be checked")
    assert [(rest.finding, rest.claims) for rest in report.resting] == [("replies", ("a-claim",))]
    shown = str(report)
    assert "finding replies (as its primary source, read 2020-05-01, before a change)\n    claim a-claim" in shown
    assert "other" not in shown
    data = json.loads(json.dumps(report.to_dict()))
    assert data["counts"]["retracted"] == 1
    assert data["sources"][0]["events"][0]["new"] is True
    assert [row.source for row in report.unchecked] == ["memo2020"]


def test_a_check_says_the_same_twice(server: Loopback, client: Client) -> None:
    crossref(server, work(**{"updated-by": [update("10.5555/notice"), update("10.5555/c", "correction")]}))
    first, again = (check_standing([SOURCE], client=client, today=TODAY) for _ in range(2))
    assert str(first) == str(again)


@pytest.mark.shared
@pytest.mark.slow
def test_the_whole_corpus_is_checked_over_http(server: Loopback, client: Client, shared: Path) -> None:
    """No record stops the check; those that update others are notices, and nothing becomes a retraction."""
    lines = (shared / "corpora/05-scholarly-apis/crossref-works.jsonl").read_text("utf-8").splitlines()
    messages = [json.loads(line)["message"] for line in lines]
    crossref(server, *messages, notices=tuple(m for m in messages if m.get("update-to")))
    sources = [{"id": f"work{place}", "doi": m["DOI"]} for place, m in enumerate(messages)]
    report = check_standing(sources, client=client, today=TODAY)
    counts = {str(outcome): len(report.of(outcome)) for outcome in Outcome if report.of(outcome)}
    assert counts == {
        "nothing_known": len(messages) - 16,
        "corrected": 2,
        "new_version": 2,
        "notice": 9,
        "question": 3,
    }
    assert all("title says" in row.questions[0] for row in report.of(Outcome.QUESTION))


CORRECTED = SOURCE | {
    "volume": "7",
    "corrections": [{"field": "volume", "expect": "70", "use": "7", "because": "The cover says 7."}],
}


@pytest.mark.parametrize(
    ("volume", "says"),
    [
        ("70", None),
        (None, None),
        ("7", "volume: crossref has '7' by now, no longer '70': take the correction out"),
        ("8", "volume: crossref has '8' by now, neither '70' nor '7': look, and write the correction anew"),
    ],
)
def test_a_correction_is_held_to_what_crossref_has_by_now(
    server: Loopback, check: Check, volume: str | None, says: str | None
) -> None:
    crossref(server, work(**({"volume": volume} if volume else {})))
    row = check(CORRECTED)
    assert row.corrections == ((says,) if says else ())
    assert row.settled is (says is None)
    assert (f"a correction does not hold: {says}" in str(StandingReport(TODAY, (row,)))) is (says is not None)
    assert row.to_dict()["corrections"] == list(row.corrections)
