"""Records of a pack to the rows of cards and references. Pure functions over what a shelf holds.

What they give is plain data, as JSON reads it back: a row is stored by a build of a small pack, and made when it is asked for
in a large one.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from evidencekb.answers.base import Json
from evidencekb.answers.caveats import SIZES, Surroundings, caveats_of, estimate_caveats, interval_text, sample_text
from evidencekb.answers.naming import lowered
from evidencekb.answers.shapes import Absent, Count, Interval, Read, Spread, Standing, Vendor
from evidencekb.answers.stored import Beside, StoredTie
from evidencekb.answers.wording import display, phrase_of, words
from evidencekb.model import Estimate, Finding, Source
from evidencekb.model.findings import Citation
from evidencekb.vocab import WITHDRAWN, Absence, CohortFit, Nature, Role, SampleLevel, StandingState, VendorFlag


@dataclass(frozen=True, slots=True)
class Byline:
    """How a figure names its source, and where to read it; made by ``sources.references``."""

    label: str
    year: str | None
    url: str | None

    @property
    def undated(self) -> str | None:
        """The year, unless the label says it already."""
        return self.year if self.year and self.year not in self.label else None


@dataclass(frozen=True, slots=True)
class Shelf:
    """What cards are made from. Each mapping may read what it is asked for.

    Attributes:
        sources: Sources by key.
        bylines: How each is named.
        concepts: Labels of concepts by id.
        cohorts: Labels of cohorts by id.
        definitions: What each definition is of, by id.
        organizations: Names by id.
    """

    sources: Mapping[str, Source]
    bylines: Mapping[str, Byline]
    concepts: Mapping[str, str]
    cohorts: Mapping[str, str]
    definitions: Mapping[str, str]
    organizations: Mapping[str, str]


def card_of(finding: Finding, around: Surroundings, shelf: Shelf) -> Json:
    """The row of a card: the card without a fit, its figures in full, and what a page needs beside it.

    What all of its figures share stands once, under ``shared``.
    """
    primaries = around.primaries
    figures = list(figures_of(finding, around, shelf))
    own = sorted({d for e in finding.estimates if (d := e.definition)})
    shared, apart = _shared(figures)
    return {
        "ref": {"kind": "finding", "id": finding.id, "label": finding.headline},
        "title": finding.headline,
        "statement": finding.statement,
        "figures": apart,
        "byline": _byline(primaries[0], shelf) if primaries else "",
        "badges": _badges(finding, around),
        "fit": None,
        "caveats": [*caveats_of(finding, around), *_of_all_figures(finding, figures)],
        "definitions": list(dict.fromkeys((*finding.definitions, *own))),
        "references": [source.id for source in primaries],
        "shared": shared,
        "beside": beside_of(finding, around, shelf),
    }


def _shared(figures: list[Json]) -> tuple[Json, list[Json]]:
    """What all figures have the same, and the rest of each."""
    if len(figures) < 2:
        return (figures[0] if figures else {}), [{} for _ in figures]
    shared = figures[0]
    for other in figures[1:]:
        shared = {name: value for name, value in shared.items() if other[name] == value}
    return shared, [{name: value for name, value in each.items() if name not in shared} for each in figures]


def _of_all_figures(finding: Finding, figures: list[Json]) -> list[Json]:
    """Limits of figures that hold for all of them, as limits of the finding."""
    if not figures:
        return []
    first, *others = (figure["caveats"] for figure in figures)
    said = [{(c["code"], c["text"]) for c in caveats} for caveats in others]
    return [{**c, "subject": finding.id} for c in first if all((c["code"], c["text"]) in each for each in said)]


def figures_of(finding: Finding, around: Surroundings, shelf: Shelf) -> Iterator[Json]:
    """The estimates as figures, main ones first, each with everything a reader needs beside it; made one by one."""
    said = _said_of_finding(finding, around)
    cited: dict[int, Json] = {}
    for estimate in finding.ordered:
        citation = _carrier(finding, estimate)
        if id(citation) not in cited:
            cited[id(citation)] = _said_of_source(finding, citation, around, shelf)
        yield _figure(finding, estimate, said, cited[id(citation)], shelf)


def _said_of_finding(finding: Finding, around: Surroundings) -> Json:
    """What every figure of a finding says of it."""
    return {
        "place": finding.sample.place if finding.sample else None,
        "sample": finding.sample.chosen if finding.sample else None,
        "cohorts": [{"cohort": link.cohort, "fit": str(link.fit)} for link in finding.cohorts],
        "nature": str(finding.nature),
        "design": str(finding.design),
        "preregistered": str(finding.preregistered.state) if finding.preregistered else "unknown",
        "replications": around.replications,
        "conflicts": around.conflicts,
    }


def _said_of_source(finding: Finding, citation: Citation, around: Surroundings, shelf: Shelf) -> Json:
    """What every figure that a citation carries says of its source."""
    source = shelf.sources[citation.source]
    return {
        "vendor": vendor_of(source, shelf, finding=finding.id),
        "standing": _standing(source, finding, around),
        "version": {"label": source.version, "others": list(around.versions)},
        "read": _read(citation),
        "cite": {
            "key": source.id,
            "locator": citation.locator,
            "label": _said_by(source, shelf),
            "text": _cite_text(source, citation, shelf),
        },
    }


def _figure(finding: Finding, estimate: Estimate, said: Json, cited: Json, shelf: Shelf) -> Json:
    """One figure, with the fields of :class:`~evidencekb.answers.Figure` in their order."""
    outcome = shelf.concepts[estimate.outcome]
    phrase = phrase_of(estimate, outcome)
    count = _count_for(finding, estimate)
    definitions = (*finding.definitions, *((estimate.definition,) if estimate.definition else ()))
    absence = None if estimate.interval else (estimate.no_interval or finding.no_interval)
    shown = display(estimate, phrase)
    return {
        "id": f"{finding.id}#{estimate.id}",
        "finding": finding.id,
        "estimate": estimate.id,
        "outcome": {"kind": "outcome", "id": estimate.outcome, "label": outcome},
        "measure": _text(estimate.measure),
        "value": estimate.value,
        "range": _spread(estimate),
        "direction": _text(estimate.direction),
        "qualifier": str(estimate.qualifier),
        "unit": estimate.unit,
        "display": shown,
        "phrase": phrase,
        "words": words(estimate, phrase, shown),
        "group": estimate.group,
        "comparator": estimate.comparator,
        "period": estimate.period,
        "place": estimate.place or said["place"],
        "interval": _interval(estimate),
        "no_interval": None if estimate.interval else {"code": _text(absence), "text": interval_text(absence)},
        "se": estimate.se,
        "p_value": estimate.p_value,
        "n": count,
        "no_n": None if count else _no_count(finding),
        "sample": said["sample"],
        "cohorts": said["cohorts"],
        "definitions": [{"of": shelf.definitions[d], "id": d} for d in dict.fromkeys(definitions)],
        "nature": said["nature"],
        "design": said["design"],
        "preregistered": said["preregistered"],
        "vendor": cited["vendor"],
        "replications": said["replications"],
        "contradicted_by": [c["other"] for c in said["conflicts"] if not c["touches"] or estimate.id in c["touches"]],
        "standing": cited["standing"],
        "version": cited["version"],
        "read": cited["read"],
        "caveats": estimate_caveats(finding, estimate),
        "cite": cited["cite"],
    }


def depends_of(finding: Finding, around: Surroundings) -> list[str]:
    """Every record that the card of a finding shows something of, as ``kind:id``."""
    others = (around.contradicted_by, around.superseded_by, around.reversed_by, around.version_findings, around.tries)
    named = [f"finding:{id}" for ids in ((finding.id,), around.replications["ids"], *others) for id in ids]
    for source in around.primaries:
        named.append(f"source:{source.id}")
        named += [f"organization:{tie.organization}" for tie in source.interests]
    named += [f"source:{id}" for ids in (around.other_versions, around.neighbours) for id in ids]
    named += [f"definition:{id}" for id in finding.definitions]
    for estimate in finding.estimates:
        named.append(f"concept:{estimate.outcome}")
        if estimate.definition:
            named.append(f"definition:{estimate.definition}")
    named += [f"cohort:{link.cohort}" for link in finding.cohorts]
    return sorted(set(named))


def beside_of(finding: Finding, around: Surroundings, shelf: Shelf) -> Beside:
    """What a page needs of a finding beside its card."""
    ties: list[StoredTie] = [
        {
            "source": source.id,
            "organization": tie.organization,
            "name": shelf.organizations[tie.organization],
            "tie": str(tie.tie),
        }
        for source in around.primaries
        for tie in source.interests
        if not tie.scope or finding.id in tie.scope
    ]
    return {
        "depends": depends_of(finding, around),
        "nature": str(finding.nature),
        "measured_on": [_MEASURED[link.fit].format(lowered(shelf.cohorts[link.cohort])) for link in finding.cohorts],
        "works": sorted({source.work or source.case or source.id for source in around.primaries}),
        "primaries": _reads(finding, Role.PRIMARY),
        "relays": _reads(finding, Role.SECONDARY),
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
    cited = [c for c in finding.citations if c.role is role]
    if len(cited) > 1:
        cited.sort(key=lambda c: c.read.what.closeness if c.read else -1)
    return dict(sorted((c.source, str(c.read.what) if c.read else "") for c in _last_of_each(cited)))


def _last_of_each(citations: list[Citation]) -> Iterable[Citation]:
    return {citation.source: citation for citation in citations}.values()


def vendor_of(source: Source, shelf: Shelf, *, finding: str | None = None) -> Vendor:
    """The flag of a source with its reason, and the ties that touch a finding."""
    return {
        "flag": str(source.vendor or VendorFlag.UNKNOWN),
        "reason": source.vendor_reason or "",
        "interests": [
            {
                "organization": shelf.organizations[tie.organization],
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
    text: str,
    csl: Json,
    primary_for: Sequence[str] = (),
    secondary_for: Sequence[str] = (),
    read: str | None = None,
) -> Json:
    """The row of a source as references list it.

    Args:
        source: The source.
        shelf: What the row is made from.
        text: Its full form.
        csl: The same as CSL-JSON.
        primary_for: Findings of the pack that it is primary for.
        secondary_for: Findings that it only repeats.
        read: The most that was read of it.
    """
    byline = shelf.bylines[source.id]
    return {
        "key": source.id,
        "label": byline.label,
        "text": text,
        "csl": csl,
        "url": byline.url,
        "kind": str(source.kind),
        "vendor": vendor_of(source, shelf),
        "standing": standing_of(source),
        "primary_for": list(primary_for),
        "secondary_for": list(secondary_for),
        "read": read,
    }


def version_line(source: Source, finding: Finding | None) -> str:
    """Another version in one line: its name, and the sample and figures of its finding, if it has one."""
    count = finding.sample.counts[0] if finding and finding.sample and finding.sample.counts else None
    parts = [f"n = {count.n:,}"] if count else []
    parts += [display(e, "") for e in (finding.ordered[:3] if finding else ()) if e.value is not None]
    name = f"{source.version or source.id}{_withdrawn(source)}"
    return f"{name}: {', '.join(parts)}" if parts else name


def _withdrawn(source: Source) -> str:
    return f" ({source.standing.state()})" if source.standing.withdrawn() else ""


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


def _badges(finding: Finding, around: Surroundings) -> list[str]:
    flags = dict.fromkeys(str(s.vendor or VendorFlag.UNKNOWN) for s in around.primaries)
    states = [source.standing.state(finding.id) for source in around.primaries]
    states += [str(StandingState.OVERTURNED)] * bool(around.reversed_by)
    badges = [state for state in dict.fromkeys(states) if state in WITHDRAWN]
    badges += [flag for flag in flags if flag != VendorFlag.INDEPENDENT]
    if finding.nature is not Nature.OBSERVED:
        badges.append(str(finding.nature))
    return [*badges, *([finding.design.badge] if finding.design.badge else [])]


def _byline(source: Source, shelf: Shelf) -> str:
    byline = shelf.bylines[source.id]
    return f"{byline.label} · {byline.undated}" if byline.undated else byline.label


def _said_by(source: Source, shelf: Shelf) -> str:
    """Who says it, inside a sentence: the byline with the year in brackets."""
    byline = shelf.bylines[source.id]
    return f"{byline.label} ({byline.undated})" if byline.undated else byline.label


def _cite_text(source: Source, citation: Citation, shelf: Shelf) -> str:
    byline = shelf.bylines[source.id]
    where = f"doi:{source.doi}" if source.doi else byline.url
    return ", ".join(part for part in (byline.label, byline.undated, citation.locator, where) if part)


def _text(term: Any) -> str | None:
    return None if term is None else str(term)
