"""Where in a text a cite stands: the first mention, a later one, right after the same, near in the notes.

References:
    Citation Style Language 1.0.2, "Position".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from evidencekb.sources.csl.elements import Cite

if TYPE_CHECKING:
    from evidencekb.sources.csl.processor import Processor

_NEAR = 5


def positioned(processor: Processor, citations: Sequence[tuple[Sequence[Cite], int]]) -> list[list[Cite]]:
    """Each citation's cites with their positions.

    Args:
        processor: Prints them.
        citations: The cites of each citation, in the order of the text, and the number of the note it stands in; 0 when
            it stands in the text.
    """
    distance = int(processor.style.citation.attributes.get("near-note-distance", "") or _NEAR)
    first: dict[str, int] = {}
    latest: dict[str, int] = {}
    before: dict[bool, tuple[int, list[Cite]]] = {}  # the last note, or place in the text, and all its cites
    result = []
    for cites, note in citations:
        placed: list[Cite] = []
        last_note, last = before.get(note > 0, (0, []))
        for cite in cites:
            if cite.id not in first:
                first[cite.id] = note
                placed.append(cite)
            else:
                position = "subsequent"
                if placed:
                    position = _ibid(placed[-1], cite)
                elif last and (note == last_note or len({one.id for one in last}) == 1):
                    position = _ibid(last[-1], cite) if note - last_note <= 1 else "subsequent"
                near = note - latest[cite.id] <= distance
                placed.append(replace(cite, position=position, near_note=near, first_note=first[cite.id]))
            latest[cite.id] = note
        before[note > 0] = (note, [*last, *placed] if note and note == last_note else placed)
        result.append(placed)
    return result


def _ibid(before: Cite, cite: Cite) -> str:
    """Whether a cite repeats the one before it: without a locator only if that had none."""
    if before.id != cite.id:
        return "subsequent"
    if not cite.locator:
        return "subsequent" if before.locator else "ibid"
    return "ibid" if (cite.locator, cite.label) == (before.locator, before.label) else "ibid-with-locator"
