"""The sentences of a page that are worked out. Each is complete for every pack: it names what it counts, and nothing else.

A page speaks of this pack: "not known here", never "nobody has".
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from evidencekb.answers.naming import counted, joined, kinds_of, lowered
from evidencekb.answers.numbers import closed, sentence
from evidencekb.answers.records import TIERS, Reference
from evidencekb.answers.shapes import Coverage, Searched, Stamp

FITS = ("exact", "narrower", "broader", "proxy", "other")
"""How a card stands to an asked subject, best first."""

_ABOUT = {
    "exact": "about {}",
    "narrower": "about a part of {}",
    "broader": "about something wider than {}",
    "proxy": "about a stand-in for {}",
    "other": "{}",
}
_LEADS = {
    "direct": "",
    "partial": "Nothing in this pack measures {} together; in part: ",
    "near": "Nothing in this pack measures this for {} directly; nearest: ",
}
_MOST_NAMED = 3
NOT_KNOWN = "Not known: nothing in this pack answers it."


def fit_phrases(name: str) -> tuple[str, ...]:
    """How a card may stand to a subject, in words, in the order of :data:`FITS`."""
    return tuple(_ABOUT[fit].format(name) for fit in FITS)


def measured_text(measured_on: Sequence[str]) -> str:
    """Who was measured, in words.

    Examples:
        >>> measured_text(["nurses", "doctors"]), measured_text([])
        ('measured on nurses and doctors', '')
    """
    named = list(measured_on[:_MOST_NAMED] if len(measured_on) > _MOST_NAMED + 1 else measured_on)
    more = len(measured_on) - len(named)
    return f"measured on {joined([*named, *([f'{more} more'] if more else [])])}" if named else ""


def summary(names: Sequence[str], coverage: Coverage, direct: int, outcomes: Sequence[str]) -> str:
    """What is known and what is not, in two or three sentences.

    Args:
        names: The asked subjects as a sentence names them.
        coverage: Cards by tier.
        direct: How many findings of the pack fit directly, shown or not.
        outcomes: What the headlines measure.
    """
    subject = joined(names)
    shown = sum(coverage[tier] for tier in TIERS)  # type: ignore[literal-required]  # tiers are its keys
    near = coverage["direct"] + coverage["partial"] + coverage["near"]
    if not shown:
        return closed(f"No finding in this pack bears on {subject}")
    if direct:
        are = "finding in this pack is" if direct == 1 else "findings in this pack are"
        first = closed(f"{direct:,} {are} directly about {subject}{_jointly(names)}")
    else:
        first = f"No finding in this pack measures {subject}{_jointly(names) or ' directly'}."
    if not near:
        return f"{first} What is shown is context, about something else."
    if not outcomes:
        return f"{first} What comes closest has no figure."
    return closed(
        f"{first} {'Shown first' if coverage['direct'] else 'What comes closest'} measures: {'; '.join(outcomes)}"
    )


def _jointly(names: Sequence[str]) -> str:
    return " together" if len(names) > 1 else ""


def coverage_sentence(coverage: Coverage, sources: int) -> str:
    """How many findings a page shows, and how they fit."""
    counts = {tier: coverage[tier] for tier in TIERS}  # type: ignore[literal-required]  # tiers are its keys
    shown = sum(counts.values())
    tiers = ", ".join(f"{count:,} {tier}" for tier, count in counts.items())
    beyond = (
        f" {counted(coverage['beyond'], 'further finding')} {'is' if coverage['beyond'] == 1 else 'are'} not shown."
        if coverage["beyond"]
        else ""
    )
    return f"{counted(shown, 'finding')} from {counted(sources, 'source')}: {tiers}.{beyond}"


def sources_sentence(references: Sequence[Reference]) -> str:
    """Sources by kind, each counted once, and beside it how many of them gain from their figure."""
    kinds = Counter(reference.kind for reference in references)
    tied = Counter(r.kind for r in references if r.vendor["flag"] in ("vendor", "interested"))
    parts = [
        kinds_of(kind, number) + (f" ({tied[kind]} vendor or interested)" if tied[kind] else "")
        for kind, number in sorted(kinds.items(), key=lambda item: (-item[1], item[0]))
    ]
    return f"Sources by kind: {joined(parts)}." if parts else ""


def stamp_sentences(stamp: Stamp) -> str:
    """Which state of the data a page comes from.

    Examples:
        >>> stamp_sentences(
        ...     {"pack": "careers", "version": "0.2", "digest": "sha256:1f", "built_on": "2026-11-23", "library": "0.1.0"}
        ... )
        'careers pack 0.2, built on 2026-11-23 by evidencekb 0.1.0. State of the data: sha256:1f'
    """
    built = f"built on {stamp['built_on']} by evidencekb {stamp['library']}"
    return f"{stamp['pack']} pack {stamp['version']}, {built}. State of the data: {stamp['digest']}"


def answer_lead(tier: str, names: Sequence[str]) -> str:
    """How an answer begins, by how well the best of its findings fits."""
    return _LEADS[tier].format(joined(names))


def answer_text(told: Sequence[str], more: int, remarks: Sequence[str]) -> str:
    """What the findings say.

    Args:
        told: The figures that answer, as sentences.
        more: How many findings answer beyond those told.
        remarks: Sentences on all of them.
    """
    parts = list(told)
    if more:
        parts.append(f"{counted(more, 'further finding')} on this page {'answers' if more == 1 else 'answer'} it too.")
    return " ".join([*parts, *map(closed, remarks)])


def gap_text(label: str, names: Sequence[str]) -> str:
    """A gap that was worked out; it speaks of this pack alone."""
    return closed(f"No finding in this pack measures {lowered(label)} for {joined(names)}")


def unanswered_text(unanswered: str, nearest: Sequence[str]) -> str:
    """What stands in the place of an answer, after the words that it is not known."""
    near = closed(f" Nearest, about something else: {'; '.join(nearest)}") if nearest else ""
    return closed(unanswered) + near


_RECORDED = {
    "searched_none_found": "A recorded search found nothing",
    "not_accessible": "Something exists that could not be read",
    "not_seen": "A study may hold it, in a part that was not read",
    "not_in_pack": "Nothing on it is in this pack",
}


def recorded_text(kind: str, searched: Sequence[Searched]) -> str:
    """A recorded gap as a sentence, with where somebody looked."""
    places = joined(f"{place['where']}{_query(place['query'])} on {place['on']}" for place in searched)
    return closed(f"{_RECORDED[kind]}: {places}" if places else _RECORDED[kind])


def _query(query: str | None) -> str:
    return f" for {query!r}" if query else ""


def cluster_text(relation: str, label: str, asked: str, none_measured: str) -> str:
    """How a cohort stands to what was asked."""
    told = {
        "asked": f"Findings on {label}",
        "narrower": f"A part of {asked}",
        "overlapping": f"Shares members with {asked}",
        "shown": f"Findings on {label}, whoever was asked about",
    }[relation]
    remark = closed(f" None of them measures {none_measured}") if none_measured else ""
    return closed(told) + remark


def conflict_text(first: tuple[str, Sequence[str]], second: tuple[str, Sequence[str]], because: str) -> str:
    """Both sides of a conflict in words, the one that says so first; a side without a figure is told by its headline."""
    sides = [" ".join(told) or closed(headline) for headline, told in (first, second)]
    why_not = f" {closed(because)}" if because else " Why they differ is not recorded."
    return f"{sides[0]} Against it: {sides[1]}{why_not}"


def claim_text(stances: Mapping[str, int]) -> str:
    """How many findings speak for a claim, against it, or limit it."""
    words = {"supports": "for it", "disputes": "against it", "qualifies": "limiting it"}
    parts = [f"{counted(stances[stance], 'finding')} {told}" for stance, told in words.items() if stances.get(stance)]
    return f"{sentence(joined(parts))}." if parts else "No finding stands behind it."


def only_tied_caveat(flags: Collection[str]) -> str:
    """Nobody independent stands behind any figure of a page.

    Examples:
        >>> only_tied_caveat(["vendor", "vendor"])
        'Every figure on this page comes from a vendor.'
        >>> only_tied_caveat(["vendor", "interested"])
        'Every figure on this page comes from a vendor or an interested party.'
    """
    parties = [name for flag, name in TIED.items() if flag in flags]
    return f"Every figure on this page comes from {joined(parties, last='or')}."


TIED = {"vendor": "a vendor", "interested": "an interested party"}
"""Flags of those who gain, in words."""


def vendors_caveat(tied: Mapping[str, int], of: int) -> str:
    """How many sources of a page gain from their figures."""
    parts = [f"{tied[flag]:,} {name}" for flag, name in _FLAGS.items() if tied.get(flag)]
    return f"Of {counted(of, 'source')}: {joined(parts)}."


_FLAGS = {"vendor": "vendor", "interested": "with another stake", "unknown": "without a vendor flag"}
