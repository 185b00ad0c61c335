"""Records of a pack to figures, cards and references. Pure functions, used by the build."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from evidencekb.answers.base import Json
from evidencekb.answers.cards import Card
from evidencekb.answers.caveats import SIZES, Surroundings, caveats_of, estimate_caveats, interval_text, sample_text
from evidencekb.answers.figures import Figure
from evidencekb.answers.naming import lowered
from evidencekb.answers.records import Ref, Reference
from evidencekb.answers.shapes import Absent, Count, Interval, Read, Spread, Standing, Vendor
from evidencekb.answers.stored import Beside, StoredTie
from evidencekb.answers.wording import display, phrase_of, words
from evidencekb.model import Concept, Estimate, Finding, OperationalDefinition, Source
from evidencekb.model.findings import Citation
from evidencekb.vocab import WITHDRAWN, Absence, CohortFit, Nature, Role, SampleLevel, StandingState, VendorFlag


@dataclass(frozen=True, slots=True)
class Printed:
    """A source as references print it: byline, full form, address; made by ``sources.references``."""

    label: str
    year: str | None
    text: str
    csl: Json
    url: str | None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What cards are made from: the records by id, and how each source is printed."""

    findings: Mapping[str, Finding]
    sources: Mapping[str, Source]
    concepts: Mapping[str, Concept]
    definitions: Mapping[str, OperationalDefinition]
    organizations: Mapping[str, str]
    printed: Mapping[str, Printed]


def card_of(finding: Finding, around: Surroundings, shelf: Shelf) -> Card:
    """The card of a finding, without a fit: that belongs to a question."""
    figures = tuple(figure_of(finding, estimate, around, shelf) for estimate in finding.ordered)
    first = around.primaries[0] if around.primaries else None
    own = {d for e in finding.estimates if (d := e.definition)}
    return Card(
        ref=Ref("finding", finding.id, finding.headline),
        title=finding.headline,
        statement=finding.statement,
        figures=figures,
        byline=_byline(first, shelf) if first else "",
        badges=_badges(finding, around),
        fit=None,
        caveats=caveats_of(finding, around),
        definitions=tuple(dict.fromkeys((*finding.definitions, *sorted(own)))),
        references=tuple(reference_of(source, shelf) for source in around.primaries),
    )


def figure_of(finding: Finding, estimate: Estimate, around: Surroundings, shelf: Shelf) -> Figure:
    """One estimate as a figure, with everything a reader needs beside it."""
    citation = _carrier(finding, estimate)
    source = shelf.sources[citation.source]
    outcome = shelf.concepts[estimate.outcome]
    phrase = phrase_of(estimate, outcome.label)
    count = _count_for(finding, estimate)
    definitions = (*finding.definitions, *((estimate.definition,) if estimate.definition else ()))
    absence = None if estimate.interval else (estimate.no_interval or finding.no_interval)
    return Figure(
        id=f"{finding.id}#{estimate.id}",
        finding=finding.id,
        estimate=estimate.id,
        outcome=Ref("outcome", outcome.id, outcome.label),
        measure=_text(estimate.measure),
        value=estimate.value,
        range=_spread(estimate),
        direction=_text(estimate.direction),
        qualifier=str(estimate.qualifier),
        unit=estimate.unit,
        display=display(estimate, phrase),
        phrase=phrase,
        words=words(estimate, phrase),
        group=estimate.group,
        comparator=estimate.comparator,
        period=estimate.period,
        place=estimate.place or (finding.sample.place if finding.sample else None),
        interval=_interval(estimate),
        no_interval=None if estimate.interval else {"code": _text(absence), "text": interval_text(absence)},
        se=estimate.se,
        p_value=estimate.p_value,
        n=count,
        no_n=None if count else _no_count(finding),
        sample=finding.sample.chosen if finding.sample else None,
        cohorts=tuple({"cohort": link.cohort, "fit": str(link.fit)} for link in finding.cohorts),
        definitions=tuple({"of": shelf.definitions[d].of, "id": d} for d in dict.fromkeys(definitions)),
        nature=str(finding.nature),
        design=str(finding.design),
        preregistered=str(finding.preregistered.state) if finding.preregistered else "unknown",
        vendor=vendor_of(source, shelf, finding=finding.id),
        replications=around.replications,
        contradicted_by=around.contradicted_by,
        standing=_standing(source, finding, around),
        version={"label": source.version, "others": list(around.versions)},
        read=_read(citation),
        caveats=estimate_caveats(finding, estimate),
        cite={
            "key": source.id,
            "locator": citation.locator,
            "label": _said_by(source, shelf),
            "text": _cite_text(source, citation, shelf),
        },
    )


def depends_of(finding: Finding, around: Surroundings, shelf: Shelf) -> tuple[str, ...]:
    """Every record that the card of a finding shows something of, as ``kind:id``."""
    named = [("finding", finding.id)]
    named += [("finding", id) for id in (*around.replications["ids"], *around.contradicted_by, *around.superseded_by)]
    named += [("finding", id) for id in around.reversed_by]
    named += [("source", source.id) for source in around.primaries]
    named += [("organization", tie.organization) for source in around.primaries for tie in source.interests]
    named += [("definition", id) for id in finding.definitions]
    named += [("definition", e.definition) for e in finding.estimates if e.definition]
    named += [("concept", e.outcome) for e in finding.estimates]
    named += [("source", id) for id in (*around.other_versions, *around.neighbours)]
    named += [("finding", id) for id in around.version_findings]
    named += [("cohort", link.cohort) for link in finding.cohorts]
    return tuple(sorted({f"{kind}:{id}" for kind, id in named}))


def beside_of(finding: Finding, around: Surroundings, shelf: Shelf, cohorts: Mapping[str, str]) -> Beside:
    """What a page needs of a finding beside its card.

    Args:
        finding: The finding.
        around: What other records say about it.
        shelf: The records.
        cohorts: Label of each cohort.
    """
    ties: list[StoredTie] = [
        {
            "source": source.id,
            "organization": tie.organization,
            "name": shelf.organizations.get(tie.organization, tie.organization),
            "tie": str(tie.tie),
        }
        for source in around.primaries
        for tie in source.interests
        if not tie.scope or finding.id in tie.scope
    ]
    reads = {role: _reads(finding, role) for role in Role}
    return {
        "depends": list(depends_of(finding, around, shelf)),
        "nature": str(finding.nature),
        "measured_on": [_MEASURED[link.fit].format(lowered(cohorts[link.cohort])) for link in finding.cohorts],
        "works": sorted({source.work or source.case or source.id for source in around.primaries}),
        "primaries": reads[Role.PRIMARY],
        "relays": reads[Role.SECONDARY],
        "conflicts": list(around.conflicts),
        "ties": ties,
    }


_MEASURED = {
    CohortFit.EXACT: "{}",
    CohortFit.NARROWER: "some {}",
    CohortFit.BROADER: "more than just {}",
    CohortFit.SIMULATED: "made-up {}",
    CohortFit.ANALOGOUS: "others like {}",
}
"""Who was measured, by how they stand to the cohort a finding is filed under."""


def _reads(finding: Finding, role: Role) -> dict[str, str]:
    """Sources of a role with what was read of each, the closest reading of several; empty when nothing was."""
    reads: dict[str, str] = {}
    for citation in sorted(
        (c for c in finding.citations if c.role is role), key=lambda c: c.read.what.closeness if c.read else -1
    ):
        reads[citation.source] = str(citation.read.what) if citation.read else ""
    return dict(sorted(reads.items()))


def vendor_of(source: Source, shelf: Shelf, *, finding: str | None = None) -> Vendor:
    """The flag of a source with its reason, and the ties that touch a finding."""
    return {
        "flag": str(source.vendor or VendorFlag.UNKNOWN),
        "reason": source.vendor_reason or "",
        "interests": [
            {
                "organization": shelf.organizations.get(tie.organization, tie.organization),
                "tie": str(tie.tie),
                "sells": tie.sells,
            }
            for tie in source.interests
            if not tie.scope or finding is None or finding in tie.scope
        ],
    }


def standing_of(source: Source, *, finding: str | None = None) -> Standing:
    """What happened to a source since it came out, as one state, and when somebody looked."""
    return {"state": source.standing.state(finding), "checked_on": source.standing.checked_on}


def _standing(source: Source, finding: Finding, around: Surroundings) -> Standing:
    """What happened to the source of a figure; one that another decision reversed is overturned, whatever its source."""
    standing = standing_of(source, finding=finding.id)
    if around.reversed_by and standing["state"] not in WITHDRAWN:
        return {"state": str(StandingState.OVERTURNED), "checked_on": standing["checked_on"]}
    return standing


def reference_of(
    source: Source,
    shelf: Shelf,
    primary_for: Sequence[str] = (),
    secondary_for: Sequence[str] = (),
    read: str | None = None,
) -> Reference:
    """A source as references list it."""
    printed = shelf.printed[source.id]
    return Reference(
        key=source.id,
        label=printed.label,
        text=printed.text,
        csl=printed.csl,
        url=printed.url,
        kind=str(source.kind),
        vendor=vendor_of(source, shelf),
        standing=standing_of(source),
        primary_for=tuple(primary_for),
        secondary_for=tuple(secondary_for),
        read=read,
    )


def version_line(source: Source, finding: Finding | None) -> str:
    """Another version in one line: its name, and the sample and figures of its finding, if it has one."""
    count = finding.sample.counts[0] if finding and finding.sample and finding.sample.counts else None
    parts = [f"n = {count.n:,}"] if count else []
    parts += [display(e, "") for e in (finding.ordered[:3] if finding else ()) if e.value is not None]
    name = f"{source.version or source.id}{_withdrawn(source)}"
    return f"{name}: {', '.join(parts)}" if parts else name


def _withdrawn(source: Source) -> str:
    return f" ({source.standing.state()})" if source.standing.withdrawn() else ""


def with_caveats_of_figures(card: Card) -> Card:
    """The card with those limits of its figures that hold for all of them."""
    if not card.figures:
        return card
    said = [{(c.code, c.text) for c in figure.caveats} for figure in card.figures]
    shared = [c for c in card.figures[0].caveats if all((c.code, c.text) in each for each in said)]
    lifted = tuple(replace(c, subject=card.ref.id) for c in shared)
    return replace(card, caveats=(*card.caveats, *lifted))


def _carrier(finding: Finding, estimate: Estimate) -> Citation:
    """The primary citation that gives the estimate; one that was read comes first."""
    primaries = [c for c in finding.citations if c.role is Role.PRIMARY and (not c.prints or estimate.id in c.prints)]
    return max(primaries, key=lambda c: c.read.what.closeness if c.read else 0)


def _spread(estimate: Estimate) -> Spread | None:
    held = estimate.range
    return {"low": held.low, "high": held.high, "over": str(held.over)} if held else None


def _interval(estimate: Estimate) -> Interval | None:
    held = estimate.interval
    return {"lower": held.lower, "upper": held.upper, "level": held.level} if held else None


def _read(citation: Citation) -> Read | None:
    held = citation.read
    return {"what": str(held.what), "where": held.where, "on": held.on} if held else None


def _count_for(finding: Finding, estimate: Estimate) -> Count | None:
    """The sample size behind an estimate: its own, else that of its group, else one of no group."""
    counts = [c for c in (finding.sample.counts if finding.sample else ()) if c.level in SIZES]
    if estimate.n is not None:
        of = next((c.of for c in counts if c.n == estimate.n), counts[0].of if counts else "")
        return {"value": estimate.n, "qualifier": "exactly", "of": of, "level": str(SampleLevel.ANALYSED)}
    own = [c for c in counts if c.group is not None and _same_group(c.group, estimate.group)]
    best = min(own or [c for c in counts if c.group is None], key=lambda c: SIZES.index(c.level), default=None)
    if best is None:
        return None
    return {"value": best.n, "qualifier": str(best.qualifier), "of": best.of, "level": str(best.level)}


def _same_group(counted: str, group: str | None) -> bool:
    """True if a count's group is the estimate's, or is named in it: ``TOEFL essays`` in ``TOEFL essays, all detectors``."""
    return group is not None and (counted.casefold() in group.casefold() or group.casefold() in counted.casefold())


def _no_count(finding: Finding) -> Absent:
    """Why there is no n; what was counted otherwise (asked, firms) is said, and not passed for one."""
    sample = finding.sample
    if sample and sample.counts:
        others = ", ".join(f"{c.n:,} {c.of}{_OTHER_LEVELS.get(c.level, '')}" for c in sample.counts)
        return {"code": str(Absence.NOT_SEEN), "text": f"no sample size of this figure seen; counted: {others}"}
    absence = sample.none_because if sample else None
    return {"code": _text(absence), "text": sample_text(absence)}


_OTHER_LEVELS = {SampleLevel.DRAWN: " in all", SampleLevel.CLUSTERS: " (groups)"}


def _badges(finding: Finding, around: Surroundings) -> tuple[str, ...]:
    flags = dict.fromkeys(str(s.vendor or VendorFlag.UNKNOWN) for s in around.primaries)
    states = [source.standing.state(finding.id) for source in around.primaries]
    states += [str(StandingState.OVERTURNED)] * bool(around.reversed_by)
    badges = [state for state in dict.fromkeys(states) if state in WITHDRAWN]
    badges += [flag for flag in flags if flag != VendorFlag.INDEPENDENT]
    if finding.nature is not Nature.OBSERVED:
        badges.append(str(finding.nature))
    return (*badges, *([finding.design.badge] if finding.design.badge else []))


def _byline(source: Source, shelf: Shelf) -> str:
    printed = shelf.printed[source.id]
    return f"{printed.label} · {printed.year}" if printed.year and printed.year not in printed.label else printed.label


def _said_by(source: Source, shelf: Shelf) -> str:
    """Who says it, inside a sentence: the byline with the year in brackets."""
    printed = shelf.printed[source.id]
    return f"{printed.label} ({printed.year})" if printed.year and printed.year not in printed.label else printed.label


def _cite_text(source: Source, citation: Citation, shelf: Shelf) -> str:
    printed = shelf.printed[source.id]
    year = printed.year if printed.year and printed.year not in printed.label else None
    where = f"doi:{source.doi}" if source.doi else printed.url
    return ", ".join(part for part in (printed.label, year, citation.locator, where) if part)


def _text(term: Any) -> str | None:
    return None if term is None else str(term)
