"""What happened to a work after it came out: what each place says, and the events that they speak of.

A place gives accounts; two accounts of one event are one event with two witnesses.

>>> publisher = Account("crossref", "publisher", "retraction", on="2010-02-06", notice="10.5555/notice")
>>> watchers = Account("retraction_watch", "retraction_watch", "retraction", on="2010-02-02", notice="10.5555/notice")
>>> (event,) = events_of([publisher, watchers])
>>> str(event.status), event.on, event.witnesses
('retracted', '2010-02-06', ('publisher', 'retraction_watch'))
>>> outcome_of([event])
<Outcome.RETRACTED: 'retracted'>

References:
    Crossref, documentation, Registering updates, for the types of updates.
    Retraction Watch, Database user guide, for the natures of a notice.
    COPE (2025), Retraction guidelines, for retraction with replacement.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote

from evidencekb import ids
from evidencekb.model.dates import bounds
from evidencekb.vocab import WITHDRAWN, StandingState, Term

PUBLISHER = "publisher"
RETRACTION_WATCH = "retraction_watch"

STATUS: dict[str, StandingState] = {
    "retraction": StandingState.RETRACTED,
    "retract_and_replace": StandingState.RETRACTED,
    "partial_retraction": StandingState.RETRACTED,
    "withdrawal": StandingState.RETRACTED,
    "removal": StandingState.RETRACTED,
    "expression_of_concern": StandingState.CONCERN,
    "correction": StandingState.CORRECTED,
    "corrigendum": StandingState.CORRECTED,
    "erratum": StandingState.CORRECTED,
    "addendum": StandingState.CORRECTED,
    "clarification": StandingState.CORRECTED,
    "new_version": StandingState.SUPERSEDED,
    "new_edition": StandingState.SUPERSEDED,
    "reinstatement": StandingState.REINSTATED,
}
"""For each kind of change, what a record says of it. A kind that is not here has no standing of its own."""

_OTHER_WORDS = {
    "retracted": "retraction", "retracted_article": "retraction", "full_retraction": "retraction",
    "retraction_and_replacement": "retract_and_replace", "retraction_with_replacement": "retract_and_replace",
    "retracted_and_replaced": "retract_and_replace", "retraction_and_republication": "retract_and_replace",
    "partially_retracted": "partial_retraction", "withdrawn": "withdrawal", "removed": "removal",
    "concern": "expression_of_concern", "expression_of_concerns": "expression_of_concern",
    "corrected": "correction", "corrected_article": "correction", "author_correction": "correction",
    "publisher_correction": "correction", "corrigenda": "corrigendum", "err": "erratum", "errata": "erratum",
    "reinstated": "reinstatement",
}  # fmt: skip
# On one day what withdraws comes before what repairs it.
_RANK = {
    StandingState.CONCERN: 0,
    StandingState.RETRACTED: 1,
    StandingState.CORRECTED: 2,
    StandingState.SUPERSEDED: 3,
    StandingState.REINSTATED: 4,
}
# A work is withdrawn once: places that give it other days, or name other notices, mean the same event. Corrections come
# in numbers, so two notices are two.
_ONCE = frozenset({StandingState.RETRACTED, StandingState.CONCERN, StandingState.REINSTATED})
_SAME_WITHIN = 92
_NAMES = {
    RETRACTION_WATCH: "Retraction Watch",
    "crossref": "Crossref",
    "crossref_notices": "Crossref's notices",
    "zotero": "Zotero's list",
}
_DIFFERENCES = (("is dated", "on"), ("is called", "kind"), ("has the notices", "notice"))


class Outcome(Term):
    """What is known of a source's standing, all places taken together."""

    NOTHING_KNOWN = "nothing_known", "no place that answered knows of a change"
    CORRECTED = "corrected", "a correction was published"
    CONCERN = "concern", "an expression of concern was published"
    NEW_VERSION = "new_version", "its own page now shows a later version"
    SUPERSEDED = "superseded", "a later version replaces it"
    RETRACTED = "retracted", "withdrawn by its publisher or authors"
    PARTLY_RETRACTED = "partly_retracted", "a part of it was withdrawn"
    RETRACTED_IN_PLACE = "retracted_in_place", "withdrawn on its own page; a corrected text may stand there now"
    RETRACTED_AND_REPLACED = "retracted_and_replaced", "withdrawn, and a corrected text took its place"
    REINSTATED = "reinstated", "an earlier withdrawal was undone"
    CHANGED = "changed", "a notice of a kind that has no standing of its own"
    NOTICE = "notice", "the source is itself a notice about another work"
    QUESTION = "question", "no notice is registered, but something asks for a person's eyes"
    POSSIBLE = "possible", "a list of shortened digests fits; it may be another work"
    COULD_NOT_CHECK = "could_not_check", "not every place could be asked; that says nothing for the source"


WITHDRAWN_OUTCOMES = frozenset({
    Outcome.RETRACTED, Outcome.PARTLY_RETRACTED, Outcome.RETRACTED_IN_PLACE, Outcome.RETRACTED_AND_REPLACED,
})  # fmt: skip
"""Outcomes under which a figure must not be shown without saying so."""


@dataclass(frozen=True, slots=True)
class Account:
    """What one place says of one change.

    Attributes:
        place: Where it was read: ``"crossref"`` or ``"retraction_watch"``.
        witness: Who says so: ``"publisher"`` or ``"retraction_watch"``. Crossref passes on what both say.
        kind: A key of :data:`STATUS`, or another word as the place writes it.
        on: Day, month or year; '' when it is not said.
        notice: DOI of the notice, in lower case; '' when there is none.
        in_place: The notice has the DOI of the work itself: its page was changed, no other was made.
        replaced: The place says that a corrected text took the place of the withdrawn one.
        by: Journal or publisher.
        reasons: Why, in the place's own words.
        title: Title of the notice.
    """

    place: str
    witness: str
    kind: str
    on: str = ""
    notice: str = ""
    in_place: bool = False
    replaced: bool = False
    by: str = ""
    reasons: tuple[str, ...] = ()
    title: str = ""

    @property
    def status(self) -> StandingState | None:
        """What a record says of it; None for a kind that has no standing of its own."""
        return STATUS.get(self.kind)


@dataclass(frozen=True, slots=True)
class Event:
    """One change, with everybody who speaks of it.

    Attributes:
        accounts: What was said, the publisher's words first.
    """

    accounts: tuple[Account, ...]

    @property
    def status(self) -> StandingState | None:
        """What a record says of it."""
        return self.accounts[0].status

    @property
    def kind(self) -> str:
        """The kind of change; the graver word where accounts differ."""
        return min((account.kind for account in self.accounts), key=_gravity)

    @property
    def on(self) -> str:
        """When: the publisher's word before anybody else's, the fullest, then the earliest."""
        first = self.accounts[0].witness
        dates = [a.on for a in self.accounts if a.on and a.witness == first] or [a.on for a in self.accounts if a.on]
        return min(dates, key=lambda on: (-len(on), on), default="")

    @property
    def notice(self) -> str:
        """DOI of the notice, one that is not the work's own where there is one; '' when there is none."""
        named = sorted((a.in_place, place, a.notice) for place, a in enumerate(self.accounts) if a.notice)
        return named[0][2] if named else ""

    @property
    def in_place(self) -> bool:
        """The page of the work itself was changed."""
        return any(account.in_place for account in self.accounts)

    @property
    def replaced(self) -> bool:
        """A corrected text took the place of what was withdrawn."""
        return any(account.replaced or account.kind == "retract_and_replace" for account in self.accounts)

    @property
    def by(self) -> str:
        """Journal or publisher; '' when it is not said."""
        return next((account.by for account in self.accounts if account.by), "")

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why, in the words of those who say so, each once."""
        return tuple(dict.fromkeys(reason for account in self.accounts for reason in account.reasons))

    @property
    def witnesses(self) -> tuple[str, ...]:
        """Who says so, each once: Retraction Watch through Crossref and through its own list is one witness."""
        return tuple(dict.fromkeys(account.witness for account in self.accounts))

    @property
    def places(self) -> tuple[str, ...]:
        """Where it was read, each once."""
        return tuple(dict.fromkeys(account.place for account in self.accounts))

    @property
    def differences(self) -> tuple[str, ...]:
        """Where the accounts of this event do not agree, as sentences."""
        found = []
        for wording, key in _DIFFERENCES:
            said: dict[str, list[str]] = {}
            for account in self.accounts:
                if value := getattr(account, key):
                    said.setdefault(value, []).append(words(account.witness))
            if len(said) > 1 and not (key == "on" and _agree(list(said))):
                parts = (f"{words(value)} ({', '.join(dict.fromkeys(who))})" for value, who in said.items())
                found.append(f"the {words(self.kind)} {wording} {' and '.join(parts)}")
        return tuple(found)

    def __str__(self) -> str:
        when = f" on {self.on}" if self.on else ", day not known"
        where = ", on the work's own page" if self.in_place else f", doi:{self.notice}" if self.notice else ""
        again = ", replaced by a corrected text" if self.replaced else ""
        return f"{words(self.kind)}{when}{where}{again} (says {' and '.join(words(w) for w in self.witnesses)})"


def kind_of(word: str) -> str:
    """The kind of change that a service's word means; an unknown word in one spelling.

    Examples:
        >>> kind_of("Expression of concern"), kind_of("corrected-article"), kind_of("Editorial note")
        ('expression_of_concern', 'correction', 'editorial_note')
    """
    spelled = re.sub(r"[\W_]+", "_", word.casefold()).strip("_")[:80]
    return _OTHER_WORDS.get(spelled, spelled)


def words(name: str) -> str:
    """A kind, place or outcome in plain words."""
    return _NAMES.get(name, name.replace("_", " "))


def doi_key(text: object) -> str:
    """The DOI in a text under which equal DOIs are equal; '' when there is none.

    Examples:
        >>> doi_key("https://doi.org/10.5555/ABC"), doi_key("10.5555/a%3C1%3E"), doi_key("Unavailable")
        ('10.5555/abc', '10.5555/a<1>', '')
    """
    if not isinstance(text, str) or "/" not in text:
        return ""
    for form in (text.strip(), unquote(text.strip())):
        for read in (_as_it_stands, _pasted):
            try:
                return ids.normalise("doi", read(form))
            except ValueError:
                continue
    return ""


def events_of(accounts: Iterable[Account]) -> tuple[Event, ...]:
    """The events that accounts speak of, oldest first, undated ones last.

    Two accounts are of one event when they have the same standing and the same notice. Withdrawals, concerns and
    reinstatements are also one when their days lie within three months or one has no day; a correction of which one place
    does not know the notice is one with another place's correction within the same time.
    """
    groups: list[list[Account]] = []
    for account in sorted(dict.fromkeys(accounts), key=_by_witness):
        for group in groups:
            if any(_same(account, other) for other in group):
                group.append(account)
                break
        else:
            groups.append([account])
    events = [Event(tuple(group)) for group in groups]
    return tuple(sorted(events, key=_place_in_time))


def outcome_of(events: Sequence[Event]) -> Outcome:
    """What events, oldest first, come to.

    As in a record, a correction does not undo a retraction and a reinstatement does. A retraction on the work's own page
    that is followed by a new text there, or that anybody calls a replacement, is neither a plain retraction nor nothing.
    """
    outcome = Outcome.NOTHING_KNOWN
    for event in events:
        if outcome in WITHDRAWN_OUTCOMES and event.status not in (*WITHDRAWN, StandingState.REINSTATED):
            if event.in_place and event.status is StandingState.SUPERSEDED:
                outcome = Outcome.RETRACTED_AND_REPLACED
            continue
        outcome = _outcome(event)
    if outcome is Outcome.REINSTATED and any(event.replaced for event in events):
        return Outcome.RETRACTED_AND_REPLACED
    return outcome


def first_day(on: str) -> str:
    """The first day that a date can mean; '' when there is none."""
    return str(_span(on)[0]) if on else ""


def close_in_time(one: str, other: str) -> bool:
    """True when both days can lie close together; what has no day may have any."""
    if not one or not other:
        return True
    (first, last), (start, end) = _span(one), _span(other)
    gap = max((start - last).days, (first - end).days)
    return gap <= _SAME_WITHIN


def _as_it_stands(text: str) -> str:
    return text


def _pasted(text: str) -> str:
    """The DOI of an address or of a text with a prefix.

    Raises:
        ValueError: If it holds another identifier, or none.
    """
    found = ids.parse(text)
    if found.scheme != "doi":
        raise ValueError(f"{text!r} is no DOI")
    return found.value


def _outcome(event: Event) -> Outcome:
    if event.status is StandingState.RETRACTED:
        if event.replaced:
            return Outcome.RETRACTED_AND_REPLACED
        if event.kind == "partial_retraction":
            return Outcome.PARTLY_RETRACTED
        return Outcome.RETRACTED_IN_PLACE if event.in_place else Outcome.RETRACTED
    if event.status is StandingState.SUPERSEDED and event.in_place:
        return Outcome.NEW_VERSION
    return Outcome(str(event.status)) if event.status else Outcome.CHANGED


def _same(one: Account, other: Account) -> bool:
    if one.status is not other.status or (one.status is None and one.kind != other.kind):
        return False
    if one.notice and one.notice == other.notice:
        # The page of the work itself can be changed more than once.
        return not one.in_place or one.status in _ONCE or close_in_time(one.on, other.on)
    if one.status in _ONCE:
        return close_in_time(one.on, other.on)
    if one.witness == other.witness and one.place == other.place:
        return not one.notice and not other.notice and one.on == other.on  # nothing tells them apart
    return not (one.notice and other.notice) and close_in_time(one.on, other.on)


def _agree(dates: list[str]) -> bool:
    """True when the dates differ only in how much they say."""
    spans = [_span(on) for on in dates]
    return max(first for first, _ in spans) <= min(last for _, last in spans)


def _span(on: str) -> tuple[date, date]:
    try:
        first, last = bounds(on)
        return date.fromisoformat(first or "0001-01-01"), date.fromisoformat(last or "9999-12-31")
    except ValueError:
        return date.min, date.max


def _place_in_time(event: Event) -> tuple[str, int, str, str, str]:
    rank = _RANK[event.status] if event.status else len(_RANK)
    return (first_day(event.on) or "9999", rank, event.on, event.kind, event.notice)


def _by_witness(account: Account) -> tuple[bool, str, str, str, str]:
    """The publisher first, then by day, whatever order the places were asked in."""
    return (account.witness != PUBLISHER, account.on or "9999", account.kind, account.notice, repr(account))


def _gravity(kind: str) -> tuple[int, str]:
    order = list(STATUS)
    return (order.index(kind) if kind in STATUS else len(order), kind)
