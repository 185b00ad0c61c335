"""What a record should say of events: compared with what it says, and in the form that a pack has.

>>> from evidencekb.sources.standing.events import Account, events_of
>>> events = events_of([Account("crossref", "publisher", "retraction", on="2021-03-02", notice="10.5555/notice")])
>>> print(yaml_of(suggest({}, events, checked_on="2026-01-15")))
standing:
  checked_on: 2026-01-15
  events:
    - {status: retracted, on: 2021-03-02, note: "Retraction, doi:10.5555/notice, says publisher."}
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidencekb.sources.standing.events import Event, Outcome, close_in_time, first_day, outcome_of, words
from evidencekb.sources.standing.resting import AFTER, Reading, read_when
from evidencekb.vocab import StandingState

_LONGEST_NOTE = 600
_AFTER = "A corrected text stands under the same DOI since; figures read before come from the withdrawn one."
# What these services can find; they are never told that an institution disavows a work or that a court is overruled,
# and later versions are mostly found elsewhere.
_FINDABLE = frozenset({
    StandingState.RETRACTED, StandingState.CONCERN, StandingState.CORRECTED, StandingState.REINSTATED,
})  # fmt: skip
_REPLACEMENT = frozenset({StandingState.RETRACTED, StandingState.CORRECTED, StandingState.REINSTATED})
_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9 .()/-]*[A-Za-z0-9.)]")
_DATE = re.compile(r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?")
_READ_OTHERWISE = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"})


@dataclass(frozen=True, slots=True)
class Comparison:
    """Found events against those of the record.

    Attributes:
        new: Found and not recorded; events without a standing of their own are not meant for records.
        recorded: Found and recorded.
        gone: Recorded, of a kind that the places asked tell of, and not found.
        kept: Recorded, and not found where that says nothing: no place asked tells of it, or not every place answered.
    """

    new: tuple[Event, ...] = ()
    recorded: tuple[Event, ...] = ()
    gone: tuple[Mapping[str, Any], ...] = ()
    kept: tuple[Mapping[str, Any], ...] = ()


def compare(standing: Mapping[str, Any], events: Sequence[Event], *, complete: bool) -> Comparison:
    """Compare found events with a record.

    Args:
        standing: ``standing`` of a source, as plain data.
        events: What was found.
        complete: False when a place could not be asked: then nothing is gone.
    """
    left = list(standing.get("events") or ())
    new, recorded = [], []
    # A replacement stands in a record as withdrawal and correction, whatever events told of it.
    replaced = outcome_of(events) is Outcome.RETRACTED_AND_REPLACED
    corrected = replaced and any(entry.get("status") == StandingState.CORRECTED for entry in left)
    for event in events:
        if event.status is None:
            continue
        match = next((entry for entry in left if _is(entry, event)), None)
        if corrected and (event.status is StandingState.REINSTATED or _is_new_text(event)):
            recorded.append(event)
        elif match is not None:
            recorded.append(event)
            left.remove(match)
        else:
            new.append(event)
    told = _REPLACEMENT if replaced else frozenset()
    left = [entry for entry in left if entry.get("status") not in told]
    gone = tuple(entry for entry in left if entry.get("status") in _FINDABLE) if complete else ()
    kept = tuple(entry for entry in left if entry not in gone)
    return Comparison(tuple(new), tuple(recorded), gone, kept)


def suggest(
    standing: Mapping[str, Any], events: Sequence[Event], *, checked_on: str, readings: Iterable[Reading] = ()
) -> dict[str, Any]:
    """The standing that the record should have, as plain data of :class:`~evidencekb.model.Standing`.

    What the record says stays, word for word and in its order; new events are put where their day belongs. When a
    corrected text took the place of a withdrawn one under the same DOI, the withdrawal concerns the findings whose figures
    were read before that day: those read later come from the new text. Where no day of reading is known, it concerns all.

    Args:
        standing: What the record says now.
        events: What was found, oldest first.
        checked_on: The day to write.
        readings: The findings that have their figures from the source.
    """
    found = [dict(entry) for entry in standing.get("events") or ()]
    read = list(readings)
    replaced_on = _replaced_on(events)
    withdrawn = any(event.status is StandingState.RETRACTED for event in events)
    for event in compare(standing, events, complete=False).new:
        for entry in _entries(event, read, replaced_on=replaced_on, withdrawn=withdrawn):
            if entry not in found:
                _insert(found, entry)
    known = str(standing.get("checked_on") or "")
    result: dict[str, Any] = {"checked_on": max(checked_on, known)} if checked_on or known else {}
    return result | ({"events": found} if found else {})


def yaml_of(standing: Mapping[str, Any]) -> str:
    """A standing as it stands in a source file, indented for nothing before it."""
    lines = ["standing:"]
    if on := standing.get("checked_on"):
        lines.append(f"  checked_on: {_scalar(str(on))}")
    if events := standing.get("events"):
        lines.append("  events:")
        for event in events:
            parts = (f"{key}: {_value(value)}" for key, value in event.items() if value)
            lines.append(f"    - {{{', '.join(parts)}}}")
    return "\n".join(lines)


def _replaced_on(events: Sequence[Event]) -> str | None:
    """The day since when a corrected text stands where a withdrawn one stood; None when it does not."""
    if outcome_of(events) is not Outcome.RETRACTED_AND_REPLACED:
        return None
    # What is reinstated stands where it stood.
    days = [event.on for event in events if event.in_place or event.status is StandingState.REINSTATED]
    return max(days) if days else None


def _entries(
    event: Event, readings: Sequence[Reading], *, replaced_on: str | None, withdrawn: bool
) -> list[dict[str, Any]]:
    """What a record says of one event: nothing, one entry, or two for a text that was replaced in its place."""
    if event.status is None:
        return []
    entry: dict[str, Any] = {
        "status": str(event.status),
        "on": event.on,
        "by": event.by,
        "note": _note(event, replaced_on),
    }
    entry = {key: value for key, value in entry.items() if value}
    if replaced_on is not None and event.status in (StandingState.RETRACTED, StandingState.REINSTATED):
        after = entry | {"status": str(StandingState.CORRECTED), "note": _AFTER}
        after |= {"on": replaced_on} if replaced_on else {}
        if event.status is StandingState.REINSTATED:
            if withdrawn:
                return []  # the entries of the withdrawal say it
            # Only the reinstatement is known: the withdrawal was some day before.
            entry = {key: value for key, value in entry.items() if key != "on"}
            entry["status"] = str(StandingState.RETRACTED)
        return [*_concerning(entry, readings, replaced_on), after]
    if _is_new_text(event):
        return [] if replaced_on is not None else _concerning(entry, readings, event.on)
    if event.status is StandingState.CORRECTED and event.in_place:
        return _concerning(entry, readings, event.on) or [entry]
    return [entry]


def _is_new_text(event: Event) -> bool:
    """True for a later version on the page of the work itself."""
    return event.status is StandingState.SUPERSEDED and event.in_place


def _concerning(entry: dict[str, Any], readings: Sequence[Reading], changed_on: str) -> list[dict[str, Any]]:
    """The entry for the findings whose figures were not read after a day; none when all were."""
    all_findings = {reading.finding for reading in readings}
    concerned = {reading.finding for reading in readings if read_when(reading.read_on, changed_on) != AFTER}
    if concerned == all_findings:
        return [entry]
    return [_with(entry, {"affects": sorted(concerned)})] if concerned else []


def _with(entry: dict[str, Any], affects: Mapping[str, Any]) -> dict[str, Any]:
    """The entry with what it affects in its place, before the note."""
    note = {"note": entry["note"]}
    return {key: value for key, value in entry.items() if key != "note"} | dict(affects) | note


def _note(event: Event, replaced_on: str | None) -> str:
    where = "on its own page" if event.in_place else f"doi:{event.notice}" if event.notice else ""
    parts = [words(event.kind).capitalize(), where, f"says {' and '.join(words(w) for w in event.witnesses)}"]
    note = ", ".join(part for part in parts if part) + "."
    if event.reasons:
        note += f" Reasons: {'; '.join(event.reasons)}."
    if event.kind == "partial_retraction":
        note += " Name the findings concerned under 'affects'; as long as none is named, all are withdrawn."
    elif replaced_on is not None:
        note += " A corrected text took its place under the same DOI."
    elif event.replaced:
        note += " A corrected text took its place: find out under which DOI, and read the figures there."
    elif event.in_place and event.status is StandingState.RETRACTED:
        note += " See whether a corrected text stands there now."
    return note[:_LONGEST_NOTE]


def _insert(found: list[dict[str, Any]], entry: dict[str, Any]) -> None:
    """Put an entry before the first dated one that is later, so that recorded ones keep their order."""
    day = first_day(str(entry.get("on") or "")) or "9999"
    for place, other in enumerate(found):
        if (later := first_day(str(other.get("on") or ""))) and later > day:
            found.insert(place, entry)
            return
    found.append(entry)


def _is(entry: Mapping[str, Any], event: Event) -> bool:
    """True when a recorded entry is a found event."""
    if event.status is None or entry.get("status") != event.status:
        return False
    if event.notice and event.notice in str(entry.get("note") or "").casefold():
        return True
    return close_in_time(str(entry.get("on") or ""), event.on)


def _value(value: Any) -> str:
    if isinstance(value, (list, tuple)):
        return f"[{', '.join(_scalar(str(item)) for item in value)}]"
    return _scalar(str(value))


def _scalar(text: str) -> str:
    """A plain scalar where that is safe, and otherwise in double quotes, as JSON and YAML both have them."""
    if _DATE.fullmatch(text) or (_PLAIN.fullmatch(text) and text.casefold() not in _READ_OTHERWISE):
        return text
    return json.dumps(text, ensure_ascii=False)
