"""What stands beside a trail in a report, one function for each sort of remark; each yields sentences to print.

A remark speaks of what the pack holds. That nothing is recorded is no remark: the report says so by itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

from evidencekb.answers import FlagExplanation, Hop, Trail, VendorSummary
from evidencekb.answers.figures import ties_text
from evidencekb.answers.naming import counted, joined
from evidencekb.answers.numbers import closed, sentence
from evidencekb.queries.conflicts import conflicts_of
from evidencekb.queries.desk import desk_of
from evidencekb.queries.drifting import suggest_drift
from evidencekb.queries.independence import independent_support

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_FIGURE = "\0"  # stands for the name of a figure until it is known of which ones something is missing
_PARTLY = {"abstract": "the abstract", "extract": "an extract"}
_STANCES = {"supports": "For it", "disputes": "Against it", "qualifies": "Limits on it"}


def money(hops: Iterable[Hop], flags: Mapping[str, FlagExplanation]) -> Iterator[str]:
    """Who gains from a finding's figures: the flag of each primary source, why, who is tied to it, and the line that decides."""
    for hop in hops:
        if hop.role == "primary":
            ties = ties_text(hop.vendor)
            told = [f"{hop.label}: {hop.vendor['flag']}.", closed(hop.vendor["reason"])]
            yield " ".join(filter(None, [*told, ties and f"Ties: {ties}.", flags[hop.source].verdict]))


def money_of_all(vendors: VendorSummary | None) -> Iterator[str]:
    """Who gains, over all findings of an entry."""
    if vendors is not None:
        yield closed(str(vendors))


def conflicts(kb: KnowledgeBase, id: str) -> Iterator[str]:
    """Findings that say something else of the same, both sides in words, and who says why; open ones first."""
    yield from (pair.text for pair in conflicts_of(kb, id))


def drift(kb: KnowledgeBase, trail: Trail, sources: Iterable[Hop]) -> Iterator[str]:
    """What relays changed: as recorded with the citation, then what is not recorded, or must be confirmed by a person."""
    relays = [hop for hops in (*(estimate.relays for estimate in trail.estimates), sources) for hop in hops]
    told = {(hop.label, drift["kind"], drift["note"]): None for hop in relays for drift in hop.drift}
    for label, kind, note in told:
        yield f"{label}: {kind.replace('_', ' ')}. {closed(note)}"
    if relays:
        labels = {hop.source: hop.label for hop in relays}
        for hint in suggest_drift(kb, finding=trail.ref.id):
            what = "not recorded as a change" if hint.sure else "for a person to confirm"
            told_as = (
                f"prints “{hint.printed}”, taken from “{hint.held}”"
                if hint.on
                else f"credits {hint.printed}, not {hint.held}"
            )
            yield closed(
                f"{labels.get(hint.source, hint.source)} {told_as}: {hint.why} ({hint.kind.replace('_', ' ')}, {what})"
            )


def independence(kb: KnowledgeBase, claim: str) -> Iterator[str]:
    """How many studies a claim rests on, and which of its findings are, or may be, one."""
    for stance in independent_support(kb, claim).stances:
        if stance.findings < 2:
            continue
        yield f"{_STANCES[stance.stance]}: {stance.sentence}"
        for join in (*(join for study in stance.studies for join in study.joins), *stance.perhaps):
            first, second = (desk_of(kb).known((id,))[id].card.title for id in (join.finding, join.other))
            how = "counts once with" if join.certain else "may be one with"
            extent = f" (shared data: {join.extent})" if join.extent and not join.certain else ""
            yield closed(f"“{first}” {how} “{second}”{extent}: {join.text}")


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
