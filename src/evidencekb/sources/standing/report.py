"""What was found about the standing of sources: one entry a source, and all of them together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from evidencekb.sources.standing.events import Event, Outcome, words
from evidencekb.sources.standing.recording import Comparison, yaml_of
from evidencekb.sources.standing.resting import Reading, Resting, resting_on

EVENTS, NOTHING, POSSIBLE, NOTICE, NOT_COVERED, FAILED = (
    "events", "nothing", "possible", "notice", "not_covered", "failed",
)  # fmt: skip
UNREMARKABLE = frozenset({Outcome.NOTHING_KNOWN, Outcome.COULD_NOT_CHECK})


@dataclass(frozen=True, slots=True)
class Heard:
    """What one place said of one source.

    Attributes:
        place: ``"crossref"`` (the message about the work), ``"crossref_notices"`` (those about its notices),
            ``"retraction_watch"`` or ``"zotero"``.
        answer: ``"events"``, ``"nothing"`` (it knows of no change), ``"possible"``, ``"notice"`` (the source is one),
            ``"not_covered"`` (it cannot know this source) or ``"failed"`` (it was asked, and nothing came that says anything
            of the source).
        as_of: The day of its knowledge, YYYY-MM-DD: of the answer, or of the newest notice in a list; '' when it gave none.
        detail: More, as a sentence; for the last two answers always why.
    """

    place: str
    answer: str
    as_of: str = ""
    detail: str = ""

    def __str__(self) -> str:
        said = {NOTHING: "knows of nothing", NOT_COVERED: "cannot know", FAILED: "could not check"}.get(
            self.answer, self.answer
        )
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

    @property
    def unchecked(self) -> tuple[Heard, ...]:
        """The places that did not answer."""
        return tuple(heard for heard in self.heard if heard.answer == FAILED)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "source": self.source,
            "title": self.title,
            "outcome": str(self.outcome),
            "meaning": self.outcome.meaning,
            "recorded": self.recorded,
            "events": [_event(event, new=event in self.compared.new) for event in self.events],
            "gone": [dict(entry) for entry in self.compared.gone],
            "heard": [asdict(heard) for heard in self.heard],
            "questions": list(self.questions),
            "differences": list(self.differences),
            "suggested": None if self.suggested is None else dict(self.suggested),
            "to_record": self.to_record,
        }

    def _known(self, event: Event) -> str:
        return "new" if event in self.compared.new else "recorded" if event in self.compared.recorded else "found"

    def __str__(self) -> str:
        title = f" ({self.title[:80]})" if self.title else ""
        lines = [f"{self.source}{title}: {words(self.outcome)}, {self.outcome.meaning}"]
        lines += [f"  {self._known(event)}: {event}" for event in self.events]
        for entry in self.compared.gone:
            when = f" on {entry['on']}" if entry.get("on") else ""
            lines.append(f"  recorded, and found nowhere: {entry.get('status')}{when}")
        lines += [f"  places differ: {difference}" for difference in self.differences]
        lines += [f"  look: {question}" for question in self.questions]
        lines += [f"  {heard}" for heard in self.heard]
        if self.suggested is not None:
            lines.append("  its record would be:")
            lines += [f"    {line}" for line in yaml_of(self.suggested).splitlines()]
        return "\n".join(lines)


@dataclass(frozen=True, slots=True)
class StandingReport:
    """The standing of sources, and what rests on those that changed.

    Attributes:
        checked_on: The day of the check.
        sources: In the order given.
        resting: Findings and claims on sources that are not as they were, see :meth:`with_resting`.
    """

    checked_on: str
    sources: tuple[SourceStanding, ...]
    resting: tuple[Resting, ...] = field(default=())

    def of(self, *outcomes: Outcome) -> tuple[SourceStanding, ...]:
        """The sources with one of these outcomes."""
        return tuple(row for row in self.sources if row.outcome in outcomes)

    @property
    def changed(self) -> tuple[SourceStanding, ...]:
        """Sources that have events, whether they are recorded or not."""
        return tuple(row for row in self.sources if row.events)

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
                if heard.as_of and heard.answer not in (NOT_COVERED, FAILED):
                    days.setdefault(heard.place, []).append(heard.as_of)
        return {place: (min(found), max(found)) for place, found in days.items()}

    def with_resting(self, readings: Iterable[Reading], supports: Iterable[tuple[str, str]]) -> StandingReport:
        """The same report with what rests on sources that changed.

        Args:
            readings: Which finding has its figures from which source.
            supports: Pairs of claim and finding.
        """
        changed = {row.source: row.events for row in self.changed}
        return replace(self, resting=resting_on(changed, readings, supports))

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        counts = Counter(row.outcome for row in self.sources)
        number = len(self.sources)
        parts = [f"{counts[outcome]} {words(outcome)}" for outcome in Outcome if counts[outcome]]
        return f"{number} source{'' if number == 1 else 's'} checked on {self.checked_on}: {', '.join(parts) or 'none'}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "checked_on": self.checked_on,
            "as_of": {place: {"oldest": first, "newest": last} for place, (first, last) in self.as_of.items()},
            "counts": {str(outcome): len(self.of(outcome)) for outcome in Outcome},
            "expected_false_hits": round(self.expected_false_hits, 2),
            "sources": [row.to_dict() for row in self.sources],
            "resting": [asdict(rest) | {"claims": list(rest.claims)} for rest in self.resting],
        }

    def __str__(self) -> str:
        lines = [self.summary]
        for place, (first, last) in self.as_of.items():
            span = first if first == last else f"{first} to {last}"
            lines.append(f"{words(place)}: knowledge of {span}")
        if self.expected_false_hits:
            lines.append(f"Zotero's list: {self.expected_false_hits:.2g} hits by chance are to be expected")
        resting: dict[str, list[Resting]] = {}
        for rest in self.resting:
            resting.setdefault(rest.source, []).append(rest)
        for row in self.sources:
            if row.outcome is Outcome.NOTHING_KNOWN and not (row.compared.gone or row.questions or row.unchecked):
                continue
            lines += ["", str(row)]
            for rest in resting.get(row.source, ()):
                when = f", read {rest.read_on}, {rest.read} the change" if rest.read_on else ""
                lines.append(f"  rests on it: finding {rest.finding}{when}")
                lines += [f"    claim {claim}" for claim in rest.claims]
        return "\n".join(lines)


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
