"""What was found about the standing of sources: one entry a source, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from evidencekb.report import Place, Violation
from evidencekb.sources.standing.events import Event, Outcome, words
from evidencekb.sources.standing.recording import Comparison, yaml_of
from evidencekb.sources.standing.resting import Change, Reading, Resting, resting_on

EVENTS, NOTHING, POSSIBLE, NOTICE, NOT_COVERED, NO_SUCH_WORK, FAILED = (
    "events", "nothing", "possible", "notice", "not_covered", "no_such_work", "failed",
)  # fmt: skip
_SILENT = frozenset({NOT_COVERED, NO_SUCH_WORK, FAILED})
UNREMARKABLE = frozenset({Outcome.NOTHING_KNOWN, Outcome.COULD_NOT_CHECK})


@dataclass(frozen=True, slots=True)
class Heard:
    """What one place said of one source.

    Attributes:
        place: ``"crossref"`` (the message about the work), ``"crossref_notices"`` (those about its notices),
            ``"retraction_watch"`` or ``"zotero"``.
        answer: ``"events"``, ``"nothing"`` (it knows of no change), ``"possible"``, ``"notice"`` (the source is one),
            ``"not_covered"`` (it cannot know this source), ``"no_such_work"`` (it was asked, and does not have it) or
            ``"failed"`` (nothing came that says anything of the source; asking again may help).
        as_of: The day of its knowledge, YYYY-MM-DD: of the answer, or of the newest notice in a list; '' when it gave none.
        detail: More, as a sentence; for the last three answers always why.
    """

    place: str
    answer: str
    as_of: str = ""
    detail: str = ""

    def __str__(self) -> str:
        said = {
            NOTHING: "knows of nothing",
            NOT_COVERED: "cannot know",
            NO_SUCH_WORK: "does not have it",
            FAILED: "could not check",
        }.get(self.answer, self.answer)
        parts = [f"{words(self.place)}: {said}", f"as of {self.as_of}" if self.as_of else "", self.detail]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class SourceStanding:
    """What is known of the standing of one source.

    Attributes:
        source: Its id.
        title: Its title.
        outcome: All taken together.
        events: What happened to it, oldest first.
        heard: What each place said, in the order asked.
        questions: What a person has to look at, as sentences.
        differences: Where places do not agree, as sentences.
        compared: Found events against recorded ones.
        recorded: The state that its record gives now.
        suggested: The standing that its record should have, as plain data; None when there is nothing to change.
        to_record: True when ``suggested`` has events that the record does not have.
        chance: The chance that Zotero's list names it although it is not meant, from 0 to 1.
        recorded_on: The day of checking that its record gives now; '' when it gives none.
        recorded_events: What its record says happened, as plain data, in its order.
        place: File and line of its record; None when it is not known.
        corrections: Corrections in its record that do not fit what is published by now, as sentences.
    """

    source: str
    title: str
    outcome: Outcome
    events: tuple[Event, ...] = ()
    heard: tuple[Heard, ...] = ()
    questions: tuple[str, ...] = ()
    differences: tuple[str, ...] = ()
    compared: Comparison = field(default_factory=Comparison)
    recorded: str = "not_checked"
    suggested: Mapping[str, Any] | None = None
    to_record: bool = False
    chance: float = 0.0
    recorded_on: str = ""
    recorded_events: tuple[Mapping[str, Any], ...] = ()
    place: Place | None = None
    corrections: tuple[str, ...] = ()

    @property
    def unchecked(self) -> tuple[Heard, ...]:
        """The places that were asked and told nothing of the source."""
        return tuple(heard for heard in self.heard if heard.answer in (NO_SUCH_WORK, FAILED))

    @property
    def unanswered(self) -> tuple[Heard, ...]:
        """The places that did not answer; asking them again may help."""
        return tuple(heard for heard in self.heard if heard.answer == FAILED)

    @property
    def settled(self) -> bool:
        """True when whoever was asked knew the source, and nothing is left for a person to do or to look at."""
        open_ends = self.to_record or self.questions or self.corrections or self.unchecked or self.compared.gone
        return not open_ends and self.outcome not in (Outcome.POSSIBLE, Outcome.COULD_NOT_CHECK)

    @property
    def changes(self) -> tuple[Change, ...]:
        """What happened to it, as its record says, then what was found beyond that."""
        recorded = (
            Change(str(entry.get("status")), str(entry.get("on") or ""), tuple(entry.get("affects") or ()))
            for entry in self.recorded_events
        )
        found = (event for event in self.events if event not in self.compared.recorded)
        return (*recorded, *(Change(str(event.status or event.kind), event.on) for event in found))

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "source": self.source,
            "title": self.title,
            "outcome": str(self.outcome),
            "meaning": self.outcome.meaning,
            "place": None if self.place is None else str(self.place),
            "recorded": self.recorded,
            "recorded_on": self.recorded_on or None,
            "recorded_events": [dict(entry) for entry in self.recorded_events],
            "events": [_event(event, new=event in self.compared.new) for event in self.events],
            "gone": [dict(entry) for entry in self.compared.gone],
            "heard": [asdict(heard) for heard in self.heard],
            "questions": list(self.questions),
            "corrections": list(self.corrections),
            "differences": list(self.differences),
            "suggested": None if self.suggested is None else dict(self.suggested),
            "to_record": self.to_record,
        }

    def _known(self, event: Event) -> str:
        return "new" if event in self.compared.new else "recorded" if event in self.compared.recorded else "found"

    def __str__(self) -> str:
        title = f" ({self.title[:80]})" if self.title else ""
        record = f"; its record says {words(self.recorded)}" if self.recorded_events else ""
        lines = [f"{self.source}{title}: {words(self.outcome)}, {self.outcome.meaning}{record}"]
        lines += [f"  {self._known(event)}: {event}" for event in self.events]
        lines += [f"  in its record: {_entry(entry)}" for entry in self.compared.kept]
        lines += [f"  in its record, and found nowhere: {_entry(entry)}" for entry in self.compared.gone]
        lines += [f"  places differ: {difference}" for difference in self.differences]
        lines += [f"  look: {question}" for question in self.questions]
        lines += [f"  a correction does not hold: {correction}" for correction in self.corrections]
        lines += [f"  {heard}" for heard in self.heard]
        if self.suggested is not None:
            lines.append(f"  its record{f' ({self.place})' if self.place else ''} would be:")
            lines += [f"    {line}" for line in yaml_of(self.suggested).splitlines()]
        return "\n".join(lines)


_ROWS = 10


@dataclass(frozen=True, slots=True)
class StandingReport:
    """The standing of sources, and what rests on those that changed.

    Attributes:
        checked_on: The day of the check.
        sources: In the order given.
        resting: Findings and claims on sources that are not as they were, see :meth:`with_resting`. What a record says
            counts as much as what was found.
        unread: Rows of the lists that could not be read.
    """

    checked_on: str
    sources: tuple[SourceStanding, ...]
    resting: tuple[Resting, ...] = field(default=())
    unread: tuple[Violation, ...] = field(default=())

    def of(self, *outcomes: Outcome) -> tuple[SourceStanding, ...]:
        """The sources with one of these outcomes."""
        return tuple(row for row in self.sources if row.outcome in outcomes)

    @property
    def changed(self) -> tuple[SourceStanding, ...]:
        """Sources that have events, whether they are recorded or not."""
        return tuple(row for row in self.sources if row.events)

    @property
    def unanswered(self) -> tuple[SourceStanding, ...]:
        """Sources of which a place that could know did not answer; asking again may help."""
        return tuple(row for row in self.sources if row.unanswered)

    @property
    def to_record(self) -> tuple[SourceStanding, ...]:
        """Sources whose records lack events."""
        return tuple(row for row in self.sources if row.to_record)

    @property
    def unchecked(self) -> tuple[SourceStanding, ...]:
        """Sources of which nothing can be said."""
        return self.of(Outcome.COULD_NOT_CHECK)

    @property
    def expected_false_hits(self) -> float:
        """How many sources Zotero's list names by chance, on average, of those that were looked up in it."""
        return sum(row.chance for row in self.sources)

    @property
    def as_of(self) -> dict[str, tuple[str, str]]:
        """For each place that answered, the oldest and the newest day of its knowledge."""
        days: dict[str, list[str]] = {}
        for row in self.sources:
            for heard in row.heard:
                if heard.as_of and heard.answer not in _SILENT:
                    days.setdefault(heard.place, []).append(heard.as_of)
        return {place: (min(found), max(found)) for place, found in days.items()}

    def with_resting(self, readings: Iterable[Reading], supports: Iterable[tuple[str, str]]) -> StandingReport:
        """The same report with what rests on sources that changed.

        Args:
            readings: Which finding has its figures from which source, or through it.
            supports: Pairs of claim and finding.
        """
        changes = {row.source: row.changes for row in self.sources if row.changes}
        return replace(self, resting=resting_on(changes, readings, supports))

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        counts = Counter(row.outcome for row in self.sources)
        number = len(self.sources)
        said = {outcome: words(outcome) for outcome in Outcome} | {Outcome.COULD_NOT_CHECK: "could not be checked"}
        parts = [f"{counts[outcome]} {said[outcome]}" for outcome in Outcome if counts[outcome]]
        return f"{number} source{'' if number == 1 else 's'}, as of {self.checked_on}: {', '.join(parts) or 'none'}"

    @property
    def recorded_as_of(self) -> tuple[str, str] | None:
        """The oldest and the newest day of checking in the records; None when no record has one."""
        days = [row.recorded_on for row in self.sources if row.recorded_on]
        return (min(days), max(days)) if days else None

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "checked_on": self.checked_on,
            "as_of": {place: {"oldest": first, "newest": last} for place, (first, last) in self.as_of.items()},
            "recorded_as_of": dict(zip(("oldest", "newest"), self.recorded_as_of or (None, None), strict=True)),
            "counts": {str(outcome): len(self.of(outcome)) for outcome in Outcome},
            "unread": [violation.to_dict() for violation in self.unread],
            "expected_false_hits": round(self.expected_false_hits, 2),
            "sources": [row.to_dict() for row in self.sources],
            "resting": [
                asdict(rest) | {key: list(getattr(rest, key)) for key in ("claims", "through", "changes")}
                for rest in self.resting
            ],
        }

    def __str__(self) -> str:
        lines = list(map(str, self.unread[:_ROWS]))
        if more := self.unread[_ROWS:]:
            lines.append(f"and {len(more)} more rows of the lists that cannot be read")
        silent: dict[tuple[str, ...], list[str]] = {}
        for row in self.sources:
            told = (
                row.events or row.recorded_events or row.questions or row.corrections or row.outcome not in UNREMARKABLE
            )
            if not told and row.outcome is Outcome.COULD_NOT_CHECK:
                why = tuple(str(heard) for heard in row.heard if heard.answer in _SILENT)
                silent.setdefault(why, []).append(row.source)
            elif told or row.unchecked:
                lines += [str(row), ""]
        for why, sources in silent.items():
            lines += [f"could not check {_count(len(sources), 'source')}, which says nothing for them:"]
            lines += [f"  {reason}" for reason in why]
            lines += [f"  {', '.join(sources)}", ""]
        return "\n".join([*lines, *self._rests(), *self._ages(), self.summary])

    def _ages(self) -> Iterator[str]:
        """How old the knowledge is."""
        for place, days in self.as_of.items():
            yield f"{words(place)}: knowledge of {_span(days)}"
        if self.recorded_as_of:
            never = sum(not row.recorded_on for row in self.sources)
            yield f"records: checked {_span(self.recorded_as_of)}" + (f"; {never} never" if never else "")
        if self.expected_false_hits:
            yield f"Zotero's list: {self.expected_false_hits:.2g} hits by chance are to be expected"

    def _rests(self) -> Iterator[str]:
        """What rests on what changed, source by source, then how much that is."""
        sources: dict[str, list[Resting]] = {}
        for rest in self.resting:
            sources.setdefault(rest.source, []).append(rest)
        for source, rests in sources.items():
            changes = dict.fromkeys(change for rest in rests for change in rest.changes)
            yield f"on {source} ({', '.join(map(words, changes))}) rest:"
            for rest in rests:
                yield f"  {rest}"
                yield from (f"    claim {claim}" for claim in rest.claims)
        if sources:
            findings = {rest.finding for rest in self.resting}
            claims = {claim for rest in self.resting for claim in rest.claims}
            yield (
                f"{_count(len(findings), 'finding')} and {_count(len(claims), 'claim')} rest on "
                f"{_count(len(sources), 'source')} that changed"
            )
            yield ""


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _span(days: tuple[str, str]) -> str:
    first, last = days
    return first if first == last else f"{first} to {last}"


def _entry(entry: Mapping[str, Any]) -> str:
    """An event as a record has it, on one line."""
    parts = [
        words(str(entry.get("status"))) + (f" on {entry['on']}" if entry.get("on") else ", day not known"),
        f"by {entry['by']}" if entry.get("by") else "",
        f"for {', '.join(entry['affects'])}" if entry.get("affects") else "",
    ]
    return ", ".join(part for part in parts if part)


def _event(event: Event, *, new: bool) -> dict[str, Any]:
    return {
        "status": None if event.status is None else str(event.status),
        "kind": event.kind,
        "on": event.on or None,
        "notice": event.notice or None,
        "in_place": event.in_place,
        "replaced": event.replaced,
        "by": event.by or None,
        "reasons": list(event.reasons),
        "witnesses": list(event.witnesses),
        "places": list(event.places),
        "new": new,
    }
