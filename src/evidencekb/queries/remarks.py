"""What stands beside a trail in a report, one function for each sort of remark; each yields sentences to print.

A remark speaks of what the pack holds. That nothing is recorded is no remark: the report says so by itself.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from evidencekb.answers import Hop, Trail, VendorSummary
from evidencekb.answers.figures import ties_text
from evidencekb.answers.naming import counted, joined
from evidencekb.answers.numbers import closed, sentence
from evidencekb.queries.desk import desk_of
from evidencekb.queries.limits import conflicts_of

if TYPE_CHECKING:
    from evidencekb.answers.reports import TrailPart
    from evidencekb.kb import KnowledgeBase

_FIGURE = "\0"  # stands for the name of a figure until it is known of which ones something is missing
_PARTLY = {"abstract": "the abstract", "extract": "an extract"}
_LINKED = (
    "SELECT l.finding, l.type, l.target, l.extent FROM finding_link l WHERE l.type IN ('shares_data', 'includes') "
    "AND l.finding IN (SELECT value FROM json_each(?1)) AND l.target IN (SELECT value FROM json_each(?1)) "
    "ORDER BY l.finding, l.position"
)
_SHARED_SOURCES = (
    "SELECT c.source, json_group_array(DISTINCT c.finding) FROM citation c WHERE c.role = 'primary' AND c.basis <> '' "
    "AND c.finding IN (SELECT value FROM json_each(?)) GROUP BY c.source HAVING COUNT(DISTINCT c.finding) > 1 "
    "ORDER BY c.source"
)


def money(hops: Iterable[Hop]) -> Iterator[str]:
    """Who gains from a finding's figures: the flag of each primary source, why, and who is tied to it."""
    for hop in hops:
        if hop.role == "primary":
            ties = ties_text(hop.vendor)
            yield f"{hop.label}: {hop.vendor['flag']}. {closed(hop.vendor['reason'])}" + (
                f" Ties: {ties}." if ties else ""
            )


def money_of_all(vendors: VendorSummary | None) -> Iterator[str]:
    """Who gains, over all findings of an entry."""
    if vendors is not None:
        yield closed(str(vendors))


def conflicts(kb: KnowledgeBase, id: str) -> Iterator[str]:
    """Findings linked to one as contradicting it, both sides in words."""
    desk = desk_of(kb)
    known = desk.known((id,))
    known.update(desk.known(conflict["other"] for conflict in known[id].conflicts))
    yield from (conflict.text for conflict in conflicts_of(desk, (id,), known))


def drift(trail: Trail, sources: Iterable[Hop]) -> Iterator[str]:
    """What relays changed, as recorded with the citation."""
    relays = (hop for hops in (*(estimate.relays for estimate in trail.estimates), sources) for hop in hops)
    told = {(hop.label, drift["kind"], drift["note"]): None for hop in relays for drift in hop.drift}
    for label, kind, note in told:
        yield f"{label}: {kind.replace('_', ' ')}. {closed(note)}"


def independence(kb: KnowledgeBase, parts: Sequence[TrailPart]) -> Iterator[str]:
    """Which findings of a claim are known to share data or a primary source, and so count once."""
    titles = {part.card.ref.id: part.card.title for part in parts}
    if len(titles) < 2:
        return
    ids = json.dumps(list(titles))
    for finding, type, target, extent in kb.rows(_LINKED, (ids,)):
        how = "includes" if type == "includes" else f"shares data with (extent: {extent or 'not recorded'})"
        yield closed(f"“{titles[finding]}” {how} “{titles[target]}”")
    for source, findings in kb.rows(_SHARED_SOURCES, (ids,)):
        named = joined(f"“{titles[finding]}”" for finding in sorted(json.loads(findings)))
        (listed,) = desk_of(kb).references((source,))
        yield closed(f"{named} come from one source: {listed.label}")


def unestablished(trail: Trail, hops: Iterable[Hop]) -> Iterator[str]:
    """What is not there, what nobody has looked at, and what could not be told: for each figure, then for each source."""
    missing: dict[str, list[str]] = defaultdict(list)
    for estimate in trail.estimates:
        for what in estimate.missing:
            missing[what.replace(f"estimate {estimate.estimate!r}", _FIGURE)].append(estimate.figure)
        if estimate.hops > 0:
            steps = counted(estimate.hops, "step")
            missing[f"{_FIGURE} in the primary itself: what was read is {steps} away"].append(estimate.figure)
    for what, figures in missing.items():
        every = len(figures) == len(trail.estimates)
        yield closed(sentence(what.replace(_FIGURE, "its figures" if every else joined(f"“{f}”" for f in figures))))
    yield from (closed(sentence(what)) for what in trail.missing)
    for hop in hops:
        read = hop.read["what"] if hop.read else ""
        if hop.role == "primary" and read in _PARTLY:
            yield f"Whether the rest of {hop.label} says otherwise: only {_PARTLY[read]} was read."
        if hop.role == "primary" and hop.standing["checked_on"] is None:
            yield f"What became of {hop.label} since it came out: nobody has looked."
        if hop.role == "primary" and hop.vendor["flag"] == "unknown":
            yield f"Who gains from {hop.label}: nobody has looked."
        if hop.role == "secondary" and hop.prints is None and trail.estimates:
            yield f"Whether {hop.label} passes the figures on as they are: what it prints is not recorded."
