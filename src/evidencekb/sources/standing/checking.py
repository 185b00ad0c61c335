r"""Asking every place about the standing of sources.

What cannot be asked is said, place by place and with its reason, and is never taken for good news.

>>> from evidencekb.sources.standing.retraction_watch import read_retraction_watch
>>> listed = read_retraction_watch(
...     b"RetractionDate,RetractionDOI,OriginalPaperDOI,RetractionNature\n"
...     b"3/2/2021 0:00,10.5555/notice,10.5555/work,Retraction\n"
... )
>>> sources = [{"id": "audit2020", "doi": "10.5555/work"}, {"id": "memo2020", "title": "A memo"}]
>>> report = check_standing(sources, retraction_watch=listed, today="2026-01-15")
>>> print(report.summary)
2 sources, as of 2026-01-15: 1 retracted, 1 could not be checked
>>> report.sources[0].suggested["checked_on"]
'2021-03-02'
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.model.sources import Standing
from evidencekb.sources.corrections import outdated
from evidencekb.sources.fields import source_fields, text
from evidencekb.sources.standing import crossref, retraction_watch, zotero
from evidencekb.sources.standing.crossref import WorkMessage, clean, read_notices, read_work
from evidencekb.sources.standing.events import Account, Event, Outcome, doi_key, events_of, first_day, outcome_of, words
from evidencekb.sources.standing.recording import compare, suggest
from evidencekb.sources.standing.report import (
    EVENTS,
    FAILED,
    NO_SUCH_WORK,
    NOT_COVERED,
    NOTHING,
    NOTICE,
    POSSIBLE,
    Heard,
    SourceStanding,
    StandingReport,
)
from evidencekb.sources.standing.resting import Reading
from evidencekb.sources.standing.retraction_watch import RetractionWatch
from evidencekb.sources.standing.titles import flag_in
from evidencekb.sources.standing.zotero import Hit, ZoteroList
from evidencekb.vocab import StandingState

if TYPE_CHECKING:
    from evidencekb.sources.client import Client

NOTICES = "crossref_notices"

_ARXIV_DOI = "10.48550/arxiv."
_MOST_NOTICES = 100
# Corrections are in Retraction Watch's list only here and there.
_TOLD_BY_ALL = frozenset({StandingState.RETRACTED, StandingState.REINSTATED, StandingState.CONCERN})
# An unreadable answer may be mended by asking again; these reasons are not asked about twice for one source.
_DOWN = frozenset({"busy", "unreachable", "refused", "not_public"})


@dataclass
class _Asking:
    """What is gathered about one source."""

    source: Mapping[str, Any]
    doi: str
    listed_doi: str
    pmid: str
    heard: list[Heard] = field(default_factory=list)
    accounts: list[Account] = field(default_factory=list)
    notice_of: list[tuple[str, str]] = field(default_factory=list)
    hits: tuple[Hit, ...] = ()
    chance: float = 0.0
    work: WorkMessage | None = None
    corrections: tuple[str, ...] = ()

    def hear(self, place: str, answer: str, as_of: str = "", detail: str = "") -> None:
        self.heard.append(Heard(place, answer, as_of, detail))


def check_standing(
    sources: Iterable[Mapping[str, Any]],
    *,
    client: Client | None = None,
    retraction_watch: RetractionWatch | None = None,
    zotero: ZoteroList | None = None,
    readings: Iterable[Reading] = (),
    today: str | None = None,
) -> StandingReport:
    """Ask every place that is given about every source.

    Args:
        sources: As plain data, the keys being field names of a source.
        client: Asks Crossref, twice a source; without it Crossref is not asked.
        retraction_watch: Retraction Watch's list.
        zotero: Zotero's list.
        readings: Which finding has its figures from which source; they say what a text that was replaced concerns.
        today: The day of the check, YYYY-MM-DD; by default today.

    Returns:
        One entry for each source, in the order given.
    """
    day = today or str(date.today())
    rows = check_each(
        sources, client=client, retraction_watch=retraction_watch, zotero=zotero, readings=readings, today=day
    )
    return StandingReport(day, tuple(rows))


def check_each(
    sources: Iterable[Mapping[str, Any]],
    *,
    client: Client | None = None,
    retraction_watch: RetractionWatch | None = None,
    zotero: ZoteroList | None = None,
    readings: Iterable[Reading] = (),
    today: str,
) -> Iterator[SourceStanding]:
    """The same as :func:`check_standing`, source by source as they are done."""
    read: dict[str, list[Reading]] = {}
    for reading in readings:
        read.setdefault(reading.source, []).append(reading)
    for source in sources:
        asking = _asking(source)
        if client is not None:
            _ask_crossref(asking, client)
        if retraction_watch is not None:
            _look_up(asking, retraction_watch)
        if zotero is not None:
            _look_up_beginnings(asking, zotero)
        yield _concluded(asking, read.get(text(source, "id"), ()), today)


def _asking(source: Mapping[str, Any]) -> _Asking:
    doi = doi_key(text(source, "doi"))
    arxiv = text(source, "arxiv")
    number = "" if ids.problem("arxiv", arxiv) else ids.normalise("arxiv", arxiv).partition("v")[0]
    return _Asking(source, doi, doi or (_ARXIV_DOI + number if number else ""), text(source, "pmid"))


def _ask_crossref(asking: _Asking, client: Client) -> None:
    if not asking.doi:
        asking.hear(crossref.PLACE, NOT_COVERED, detail="the source has no DOI, and Crossref knows works by theirs")
        return
    if asking.doi.startswith(_ARXIV_DOI):
        asking.hear(crossref.PLACE, NOT_COVERED, detail="arXiv registers its DOIs with DataCite, not with Crossref")
        return
    try:
        answer = client.get("crossref", f"works/{quote(asking.doi, safe='/:;()')}")
        message = None if answer.status == 404 else _message(answer.json(), answer.url)
    except LookupFailed as failed:
        asking.hear(crossref.PLACE, FAILED, detail=f"{words(failed.reason)}: {failed.detail}")
        if failed.reason in _DOWN:
            asking.hear(NOTICES, FAILED, detail="not asked, since Crossref does not answer")
            return
        work = None
    else:
        if message is None:
            # A DOI that is written wrong is in no list either: silence about it would be no good news.
            why = "Crossref has no such work; the DOI may be wrong, or of another agency such as DataCite"
            asking.hear(crossref.PLACE, NO_SUCH_WORK, answer.fetched_on, why)
            return
        work = asking.work = read_work(message, asked=asking.doi)
        asking.corrections = _outdated(asking.source, message)
        asking.accounts += work.accounts
        asking.notice_of += work.notice_of
        said = EVENTS if work.accounts else NOTICE if work.notice_of else NOTHING
        alias = f"Crossref answers about doi:{work.doi}" if work.doi != asking.doi else ""
        asking.hear(crossref.PLACE, said, answer.fetched_on, alias)
    _ask_for_notices(asking, client, work.doi if work else asking.doi)


def _outdated(source: Mapping[str, Any], message: Mapping[str, Any]) -> tuple[str, ...]:
    """Corrections of the source that the message does not bear out."""
    if not source.get("corrections"):
        return ()
    from evidencekb.sources.services.crossref import entry

    return tuple(outdated(source, source_fields(entry(message).item), by=crossref.PLACE))


def _ask_for_notices(asking: _Asking, client: Client, doi: str) -> None:
    if "," in doi:
        asking.hear(NOTICES, NOT_COVERED, detail="Crossref finds no notices by a DOI with a comma")
        return
    try:
        answer = client.get(
            "crossref",
            "works",
            params={
                "filter": f"updates:{doi}",
                "rows": str(_MOST_NOTICES),
                "select": "DOI,title,container-title,publisher,update-to",
            },
            allow=(),
        )
        message = _message(answer.json(), answer.url)
        if not isinstance(message.get("items"), list):
            raise LookupFailed("crossref", answer.url, "unreadable", "the answer has no 'items'")
    except LookupFailed as failed:
        asking.hear(NOTICES, FAILED, detail=f"{words(failed.reason)}: {failed.detail}")
        return
    accounts = read_notices(message["items"], (doi, asking.doi))
    asking.accounts += accounts
    asking.hear(NOTICES, EVENTS if accounts else NOTHING, answer.fetched_on)


def _message(answer: object, url: str) -> Mapping[str, Any]:
    """The message of an answer; an answer about nothing must not read as good news."""
    message = answer.get("message") if isinstance(answer, Mapping) else None
    if not isinstance(message, Mapping) or not ("items" in message or doi_key(message.get("DOI"))):
        raise LookupFailed("crossref", url, "unreadable", "the answer is no message about a work")
    return message


def _look_up(asking: _Asking, listed: RetractionWatch) -> None:
    if not listed.rows:
        asking.hear(retraction_watch.PLACE, FAILED, detail=f"{listed.file} holds no row that can be read")
        return
    if not (asking.listed_doi or asking.pmid):
        asking.hear(retraction_watch.PLACE, NOT_COVERED, detail=_no_identifier())
        return
    accounts = listed.about(doi=asking.listed_doi, pmid=asking.pmid)
    asking.accounts += accounts
    notices = listed.notice_of(asking.listed_doi) if asking.listed_doi else ()
    asking.notice_of += notices
    if accounts or notices:
        asking.hear(retraction_watch.PLACE, EVENTS if accounts else NOTICE, listed.newest)
    elif _came_later(asking.source, listed.newest):
        why = f"its newest notice is of {listed.newest or 'no known day'}, before the source came out"
        asking.hear(retraction_watch.PLACE, NOT_COVERED, listed.newest, why)
    else:
        asking.hear(retraction_watch.PLACE, NOTHING, listed.newest)


def _look_up_beginnings(asking: _Asking, listed: ZoteroList) -> None:
    if not listed.entries:
        asking.hear(zotero.PLACE, FAILED, detail=f"{listed.file} holds no entry that can be read")
        return
    written = text(asking.source, "doi") or asking.listed_doi
    if not (written or asking.pmid):
        asking.hear(zotero.PLACE, NOT_COVERED, detail=_no_identifier())
        return
    if _came_later(asking.source, listed.newest):
        why = f"its newest notice is of {listed.newest or 'no known day'}, before the source came out"
        asking.hear(zotero.PLACE, NOT_COVERED, listed.newest, why)
        return
    asking.hits = listed.hits(doi=written, pmid=asking.pmid)
    asking.chance = listed.chance(doi=written, pmid=asking.pmid)
    chance = f"a work that is not listed is hit with a chance of {asking.chance:.1%}"
    said = "; ".join(f"{hit.scheme.upper()}: {', '.join(day or 'no day' for day in hit.days)}" for hit in asking.hits)
    detail = f"notices of works with the same beginning: {said}; {chance}" if said else chance
    asking.hear(zotero.PLACE, POSSIBLE if asking.hits else NOTHING, listed.newest, detail)


def _came_later(source: Mapping[str, Any], newest: str) -> bool:
    """True when a list that ends on a day cannot know of a source."""
    published = first_day(text(source, "published_on"))
    return not newest or published > newest


def _no_identifier() -> str:
    return "the source has neither DOI nor PubMed number"


def _concluded(asking: _Asking, readings: Sequence[Reading], today: str) -> SourceStanding:
    source = asking.source
    standing: Mapping[str, Any] = source.get("standing") or {}
    if not asking.heard:
        asking.hear("none", FAILED, detail="no place was given to ask")
    events = events_of(asking.accounts)
    notice_of = tuple(dict.fromkeys(asking.notice_of))
    asks = _questions(asking, events, notice_of)
    checked_on = _as_of(asking.heard)
    complete = bool(checked_on) and not any(heard.answer in (NO_SUCH_WORK, FAILED) for heard in asking.heard)
    outcome = _outcome(asking, events, notice_of, asks, complete=complete)
    if asking.hits and not any(event.status is StandingState.RETRACTED for event in events):
        asks = (*asks, "is the work one of those that Zotero's list has shortened? Look for a notice on its page")
    suggested: dict[str, Any] | None = None
    if events or outcome is Outcome.NOTHING_KNOWN:
        written = min(checked_on, today) if complete else ""
        suggested = suggest(standing, events, checked_on=written, readings=readings)
    recorded = suggest(standing, (), checked_on="")
    return SourceStanding(
        source=text(source, "id"),
        title=text(source, "title") or (asking.work.title if asking.work else ""),
        outcome=outcome,
        events=events,
        heard=tuple(asking.heard),
        questions=asks,
        differences=_differences(events, asking.heard),
        compared=compare(standing, events, complete=complete),
        recorded=Standing.model_validate(dict(standing)).state(),
        suggested=None if suggested == recorded else suggested,
        to_record=suggested is not None and suggested.get("events") != recorded.get("events"),
        chance=asking.chance,
        recorded_on=text(standing, "checked_on"),
        recorded_events=tuple(standing.get("events") or ()),
        corrections=asking.corrections,
    )


def _outcome(
    asking: _Asking,
    events: Sequence[Event],
    notice_of: Sequence[tuple[str, str]],
    asks: Sequence[str],
    *,
    complete: bool,
) -> Outcome:
    if events:
        return outcome_of(events)
    if notice_of:
        return Outcome.NOTICE
    if asks:
        return Outcome.QUESTION
    if asking.hits:
        return Outcome.POSSIBLE
    return Outcome.NOTHING_KNOWN if complete else Outcome.COULD_NOT_CHECK


def _as_of(heard: Iterable[Heard]) -> str:
    """The day of the newest knowledge of those who can know; Crossref knows as much as the older of its two answers."""
    days: dict[str, str] = {}
    for said in heard:
        if said.answer in (EVENTS, NOTHING, NOTICE) and said.place != zotero.PLACE:
            name = crossref.PLACE if said.place == NOTICES else said.place
            days[name] = min(said.as_of, days.get(name, said.as_of))
    return max(days.values(), default="")


def _questions(asking: _Asking, events: Sequence[Event], notice_of: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """What the places leave to a person, as sentences."""
    asks = []
    states = {event.status for event in events}
    for title in dict.fromkeys((asking.work.title if asking.work else "", clean(text(asking.source, "title")))):
        flag = flag_in(title)
        if flag and flag.status not in states and not notice_of:
            asks.append(
                f"the title says {flag.word!r} and no such notice is known: is this the work that was {flag.status}, or the "
                "notice about it?"
            )
    for kind, doi in notice_of:
        about = f"doi:{doi}" if doi else "a work that it does not name"
        asks.append(f"the source is itself a notice ({words(kind)}) about {about}: is that the work to cite?")
    notices = {account.notice for event in events for account in event.accounts}
    asks += [
        f"Crossref relates doi:{hint.doi} to it as {words(hint.kind)}, which is registered as no update: read it"
        for hint in (asking.work.hints if asking.work else ())
        if hint.doi not in notices
    ]
    if StandingState.REINSTATED in states and StandingState.RETRACTED not in states:
        asks.append("it was reinstated, and no place tells of the withdrawal that this undid: what was withdrawn?")
    outcome = outcome_of(events)
    return tuple(dict.fromkeys([*asks, *(ask for event in events for ask in _questions_about(event, outcome))]))


def _questions_about(event: Event, outcome: Outcome) -> Iterator[str]:
    when = f" before {event.on}" if event.on else " earlier"
    if event.status is None:
        yield f"a notice is called {words(event.kind)!r}, which has no standing of its own: read {event}"
    elif event.kind == "partial_retraction":
        yield "a part of it was withdrawn: which findings does that concern?"
    elif event.replaced:
        yield f"a corrected text took its place: under which DOI? Figures read{when} come from the withdrawn text"
    elif event.in_place and outcome is Outcome.RETRACTED_AND_REPLACED:
        yield f"a corrected text stands on its own page: figures read{when} come from the withdrawn one"
    elif event.in_place and event.status is StandingState.RETRACTED:
        yield f"its own page was changed: is the text there withdrawn, or a corrected one? Figures read{when} are withdrawn"
    elif event.in_place and event.status is StandingState.SUPERSEDED:
        yield f"its own page shows a later version: do figures read{when} still stand there?"


def _differences(events: Sequence[Event], heard: Iterable[Heard]) -> tuple[str, ...]:
    """Where places do not agree: within an event, on what one notice is, and on whether there was a withdrawal."""
    found = [difference for event in events for difference in event.differences]
    called: dict[str, dict[str, list[str]]] = {}
    for event in events:
        for account in event.accounts:
            if account.notice and not account.in_place:
                status = words(str(account.status or account.kind))
                called.setdefault(account.notice, {}).setdefault(status, []).append(words(account.witness))
    for notice, said in called.items():
        if len(said) > 1:
            parts = (f"{status} ({', '.join(dict.fromkeys(who))})" for status, who in said.items())
            found.append(f"by doi:{notice} the work is {' and '.join(parts)}")
    silent = [said for said in heard if said.place in (crossref.PLACE, retraction_watch.PLACE)]
    found += [
        f"{words(said.place)} does not tell of the {words(event.kind)}"
        for event in events
        if event.status in _TOLD_BY_ALL
        for said in silent
        if said.answer in (EVENTS, NOTHING, NOTICE)
        and said.place not in event.places
        and event.on <= said.as_of
        # Crossref hands on what Retraction Watch says: the list at hand may be older than that.
        and not any(words(account.witness) == words(said.place) for account in event.accounts)
    ]
    return tuple(dict.fromkeys(found))
