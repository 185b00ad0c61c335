"""What holds for a page as a whole: conflicts shown from both sides, ties among its sources, and what was seen of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import partial

from evidencekb.answers import Answer, Caveat, Conflict, Figure, Reference
from evidencekb.answers.codes import caveat
from evidencekb.answers.figures import told
from evidencekb.answers.naming import counted, joined
from evidencekb.answers.sentences import TIED, conflict_text, only_tied_caveat, vendors_caveat
from evidencekb.answers.stored import Known, StoredConflict
from evidencekb.queries.desk import Desk
from evidencekb.vocab import ReadWhat

_PLAIN_TIES = frozenset({"publisher", "author_employer", "funder"})
_FIGURES = 2


def page_conflicts(desk: Desk, shown: Iterable[str], known: Mapping[str, Known]) -> tuple[Conflict, ...]:
    """Every pair that points different ways and has one side on the page, each once.

    Args:
        desk: What is kept of the knowledge base.
        shown: Findings on the page, in its order.
        known: Their cards, and those of the findings that contradict them.
    """
    found: dict[frozenset[str], Conflict] = {}
    for id in shown:
        for stored in known[id].conflicts:
            pair = frozenset((id, stored["other"]))
            if pair not in found:
                found[pair] = desk.once(
                    "conflict", (id, stored["other"]), partial(_conflict, known[id], known[stored["other"]], stored)
                )
    return tuple(found.values())


def _conflict(first: Known, second: Known, stored: StoredConflict) -> Conflict:
    named = (stored["own"], stored["theirs"])
    if not stored["said_here"]:  # the reason is told from the side that says so
        first, second, named = second, first, named[::-1]
    mine = [figure for figure in first.card.figures if figure.estimate in named[0]][:_FIGURES]
    theirs = [figure for figure in second.card.figures if figure.estimate in named[1]][:_FIGURES]
    mine = mine or _same_outcomes(first, theirs or second.card.figures)[:1]
    theirs = theirs or _same_outcomes(second, mine)[: max(1, len(mine))]
    sides = [
        (known.card.title, [told(tuple(held))] if held else []) for known, held in ((first, mine), (second, theirs))
    ]
    return Conflict(
        findings=(first.card.ref, second.card.ref),
        figures=(*mine, *theirs),
        because=stored["because"],
        asserted_by=stored["asserted_by"],
        text=conflict_text(sides[0], sides[1], stored["because"]),
    )


def _same_outcomes(known: Known, others: Iterable[Figure]) -> list[Figure]:
    """Figures of the same outcomes; the first one when there is none."""
    outcomes = {figure.outcome.id for figure in others}
    return [f for f in known.card.figures if f.outcome.id in outcomes] or list(known.card.figures[:1])


def page_caveats(
    desk: Desk,
    slug: str,
    shown: Sequence[Known],
    figures: Collection[Figure],
    references: Sequence[Reference],
    answers: Sequence[Answer],
) -> tuple[Caveat, ...]:
    """Limits of the page: ties between its sources, definitions that differ, who gains, and what was seen."""
    return (
        *_shared_ties(desk, shown),
        *_definitions(slug, answers),
        *_vendors(slug, references),
        *_only_tied(slug, figures),
        *_seen(slug, shown, figures),
    )


def _shared_ties(desk: Desk, shown: Sequence[Known]) -> Iterator[Caveat]:
    """Bodies tied to two works of the page: by more than publishing, paying or employing, or to sources that all gain."""
    tied: dict[str, list[Known]] = {}
    for known in shown:
        for tie in known.ties:
            tied.setdefault(tie["organization"], []).append(known)
    for organization in sorted(tied):
        held = tied[organization]
        if len(held) > 1:
            of = (organization, *(known.card.ref.id for known in held))
            yield from desk.once("shared_tie", of, partial(_shared_tie, organization, held))


def _shared_tie(organization: str, shown: Sequence[Known]) -> tuple[Caveat, ...]:
    by_source: dict[str, dict[str, None]] = {}
    gains: dict[str, bool] = {}
    name = ""
    for known in shown:
        for tie in known.ties:
            if tie["organization"] == organization:
                name = tie["name"]
                reference = next(r for r in known.card.references if r.key == tie["source"])
                by_source.setdefault(reference.label, {})[tie["tie"]] = None
                gains[reference.label] = reference.vendor["flag"] in ("vendor", "interested")
    works = {work for known in shown for work in known.works}
    plain = _PLAIN_TIES.issuperset(t for ties in by_source.values() for t in ties)
    if len(by_source) < 2 or len(works) < 2 or (plain and not all(gains.values())):
        return ()
    subjects = list(dict.fromkeys(known.card.ref.id for known in shown))
    parts = "; ".join(f"{label} ({joined(t.replace('_', ' ') for t in ties)})" for label, ties in by_source.items())
    text = f"{counted(len(by_source), 'source')} on this page are tied through {name}: {parts}."
    return (caveat("shared_tie", subjects[0], text, organization=organization, **{"with": subjects[1:]}),)


def _definitions(slug: str, answers: Sequence[Answer]) -> Iterator[Caveat]:
    differing = [answer.aspect for answer in answers if any(c.code == "definitions_differ" for c in answer.caveats)]
    if differing:
        text = f"Figures under {counted(len(differing), 'question')} use different definitions and are not averaged."
        yield caveat("definitions_differ", slug, text, aspects=differing)


def _vendors(slug: str, references: Sequence[Reference]) -> Iterator[Caveat]:
    flags = [reference.vendor["flag"] for reference in references]
    tied: dict[str, int] = {flag: flags.count(flag) for flag in ("interested", "unknown", "vendor") if flag in flags}
    if tied:
        yield caveat("vendor", slug, vendors_caveat(tied, len(references)), **tied, of=len(references))


def _only_tied(slug: str, figures: Collection[Figure]) -> Iterator[Caveat]:
    """210 for a page: each figure counts by the flag of its own primary, and interested is not independent."""
    flags = [figure.vendor["flag"] for figure in figures]
    if flags and TIED.keys() >= set(flags):
        counts = {flag: flags.count(flag) for flag in TIED if flag in flags}
        yield caveat("only_tied", slug, only_tied_caveat(counts), **counts, of=len(flags))


def _seen(slug: str, shown: Sequence[Known], figures: Collection[Figure]) -> Iterator[Caveat]:
    held = len(figures) - [figure.interval for figure in figures].count(None)
    if held < len(figures):
        come = "comes" if held == 1 else "come"
        text = f"{held:,} of {counted(len(figures), 'figure')} {come} with an interval that was seen."
        if not held:
            text = "No figure comes with an interval that was seen."
        yield caveat("no_interval", slug, text, seen=held, of=len(figures))
    read = [known.read for known in shown].count(True)
    if read < len(shown):
        text = f"The primary source itself was read for {read:,} of {counted(len(shown), 'finding')}."
        yield caveat("primary_not_read", slug, text, read=read, of=len(shown))


def merged(shown: Sequence[Known]) -> tuple[Reference, ...]:
    """The primary sources of findings, by key, each with what it is primary and secondary for among them."""
    held: dict[str, Reference] = {}
    shared: dict[str, list[Reference]] = {}
    for known in shown:
        for reference in known.card.references:
            if held.setdefault(reference.key, reference) is not reference:
                shared.setdefault(reference.key, [held[reference.key]]).append(reference)
    relayed: dict[str, list[Known]] = {}
    for known in shown:
        for key in known.relays:
            if key in held:
                relayed.setdefault(key, []).append(known)
    for key in {*shared, *relayed}:
        held[key] = _merge(shared.get(key) or [held[key]], relayed.get(key, ()))
    return tuple(held[key] for key in sorted(held))


def _merge(references: Sequence[Reference], relayed: Sequence[Known]) -> Reference:
    first = references[0]
    reads = [r.read for r in references] + [known.relays[first.key] for known in relayed]
    return Reference(
        first.key, first.label, first.text, first.csl, first.url, first.kind, first.vendor, first.standing,
        tuple(sorted({id for reference in references for id in reference.primary_for})),
        tuple(sorted(known.card.ref.id for known in relayed)),
        max((read for read in reads if read), key=lambda read: (ReadWhat(read).closeness, read), default=None),
    )  # fmt: skip
