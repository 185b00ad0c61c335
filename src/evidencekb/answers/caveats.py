"""Limits that the build works out from a finding, beside those a person recorded."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from evidencekb.answers.base import Json
from evidencekb.answers.codes import SEVERITIES, SEVERITY
from evidencekb.answers.naming import counted
from evidencekb.answers.numbers import closed, sentence
from evidencekb.answers.power import FEW, SMALL, UNCLEAR, UNKNOWN, weak_estimates
from evidencekb.answers.shapes import Replications
from evidencekb.answers.stored import StoredConflict
from evidencekb.model import Estimate, Finding, Source
from evidencekb.model.dates import last_day
from evidencekb.vocab import (
    WITHDRAWN,
    Absence,
    Design,
    Merits,
    Nature,
    Qualifier,
    Role,
    SampleLevel,
    VendorFlag,
)

SIZES = (SampleLevel.ANALYSED, SampleLevel.ANSWERED, SampleLevel.OBSERVATIONS, SampleLevel.EFFECTS, SampleLevel.STUDIES)
"""Levels that may stand as n, best first. How many were asked, or how many firms they came from, is no n."""

_BOUNDS = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST, Qualifier.LESS_THAN, Qualifier.AT_MOST})
_STUDIES = frozenset({
    Design.FIELD_EXPERIMENT, Design.LAB_EXPERIMENT, Design.CORRESPONDENCE_AUDIT, Design.SURVEY_EXPERIMENT,
    Design.REGRESSION_DISCONTINUITY, Design.INSTRUMENTAL_VARIABLE, Design.DIFFERENCE_IN_DIFFERENCES, Design.MATCHED_PANEL,
    Design.ADJUSTED_CROSS_SECTION, Design.COMPUTATIONAL_AUDIT, Design.LAB_OBSERVATION,
})  # fmt: skip
_DATA = frozenset({Nature.OBSERVED, Nature.MODELLED, Nature.REPORTED})
_OLD = 5
_ABSENT_INTERVAL = {
    Absence.NOT_PRINTED: "no interval printed",
    Absence.NOT_SEEN: "no interval seen",
    Absence.NOT_APPLICABLE: "no interval applies",
}
_ABSENT_N = {
    Absence.NOT_PRINTED: "no sample size printed",
    Absence.NOT_SEEN: "no sample size seen",
    Absence.NOT_APPLICABLE: "no sample size applies",
}


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What other records say about a finding.

    Attributes:
        primaries: The finding's primary sources, in the order of its citations.
        replications: Counts by outcome, with the ids of the replicating findings.
        conflicts: Links of contradiction, either way round, whose other end is not withdrawn; and what the build found.
        contradicted_by: The other findings of these conflicts.
        tries: Findings that keep a weak one from standing alone: of another work that replicates it or that it replicates, or a
            pool that includes it.
        superseded_by: Findings that supersede it.
        reversed_by: Findings that reverse it.
        versions: One line for each other version of the same work.
        other_versions: Their source ids.
        version_findings: Findings whose figures those lines print.
        neighbours: Primary sources of the findings that replicate or contradict it, and of these tries.
    """

    primaries: tuple[Source, ...]
    replications: Replications
    conflicts: tuple[StoredConflict, ...]
    contradicted_by: tuple[str, ...]
    tries: tuple[str, ...]
    superseded_by: tuple[str, ...]
    reversed_by: tuple[str, ...]
    versions: tuple[str, ...]
    other_versions: tuple[str, ...]
    version_findings: tuple[str, ...]
    neighbours: tuple[str, ...]


def interval_text(absence: Absence | None) -> str:
    """Which absence of an interval it is, in words."""
    return _ABSENT_INTERVAL[absence] if absence else "no interval recorded"


def sample_text(absence: Absence | None) -> str:
    """Which absence of a sample size it is, in words."""
    return _ABSENT_N[absence] if absence else "no sample size recorded"


def caveats_of(finding: Finding, around: Surroundings) -> list[Json]:
    """All limits of a finding that hold whatever is asked, as plain data: stops first, then warnings, then notes.

    Each text stands once, otherwise in the order given.
    """
    found = [_limit(str(c.kind), finding.id, c.text, {}) for c in finding.caveats]
    found += [_limit(code, finding.id, text, params) for code, text, params in _worked_out(finding, around)]
    once = {(held["code"], held["text"]): held for held in found}
    return sorted(once.values(), key=lambda held: SEVERITIES.index(held["severity"]))


def estimate_caveats(finding: Finding, estimate: Estimate) -> list[Json]:
    """Limits of one estimate, as plain data."""
    subject, found = f"{finding.id}#{estimate.id}", []
    if estimate.qualifier in _BOUNDS:
        word = str(estimate.qualifier).replace("_", " ")
        text = f"The source gives a bound only: {word}."
        found.append(_limit("bound_only", subject, text, {"bound": str(estimate.qualifier)}))
    if estimate.interval is None:
        absence = estimate.no_interval or finding.no_interval
        text = f"{sentence(interval_text(absence))}."
        found.append(_limit("no_interval", subject, text, {"because": str(absence or "")}))
    for citation in finding.citations:
        for correction in citation.corrections:
            if correction.on == estimate.id:
                text = closed(f"The source prints {correction.expect}, which is an error: {correction.because}")
                params = {"source": citation.source, "prints": correction.expect}
                found.append(_limit("source_error", subject, text, params))
    return found


def _limit(code: str, subject: str, text: str, params: Json) -> Json:
    """A caveat with the severity of its code, as plain data."""
    return {"code": code, "severity": SEVERITY[code], "subject": subject, "params": params, "text": text}


_Found = Iterator[tuple[str, str, dict[str, Any]]]


def _worked_out(finding: Finding, around: Surroundings) -> _Found:
    yield from _about_sources(finding, around)
    yield from _about_nature(finding)
    yield from _about_others(finding, around)
    yield from _about_age(finding)
    counted = finding.sample.counts if finding.sample else ()
    if not any(count.level in SIZES for count in counted) and not any(e.n for e in finding.estimates):
        absence = finding.sample.none_because if finding.sample else None
        text = "no sample size of these figures seen" if counted else sample_text(absence)
        yield "no_n", f"{sentence(text)}.", {"because": str(absence or "")}


def _about_sources(finding: Finding, around: Surroundings) -> _Found:
    if around.reversed_by:
        yield (
            "standing",
            "Another decision reversed it; its figures no longer stand.",
            {"state": "overturned", "by": list(around.reversed_by)},
        )
    for source in around.primaries:
        state = source.standing.state(finding.id)
        if state in WITHDRAWN:
            yield (
                "standing",
                f"The source was {state}; its figures no longer stand.",
                {"source": source.id, "state": state},
            )
        elif state == "superseded":
            yield "superseded_version", "The figure comes from an earlier version of the work.", {"source": source.id}
        if source.vendor is VendorFlag.VENDOR:
            yield "vendor", f"Vendor: {source.vendor_reason or 'no reason recorded'}", {"source": source.id}
        elif source.vendor is VendorFlag.INTERESTED:
            yield (
                "interested",
                f"Interested party: {source.vendor_reason or 'no reason recorded'}",
                {"source": source.id},
            )
    if unchecked := [s.id for s in around.primaries if s.standing.state(finding.id) == "not_checked"]:
        yield "standing_not_checked", "Nobody looked for a retraction or correction yet.", {"sources": unchecked}
    reads = [c.read for c in finding.citations if c.role is Role.PRIMARY]
    if not any(read is not None and read.what.closeness for read in reads):
        yield "primary_not_read", "The figure was seen on a page about the source, not in the source.", {}


def _about_nature(finding: Finding) -> _Found:
    if finding.nature is Nature.FORECAST:
        yield "forecast", "A forecast, not an observation.", {}
    elif finding.nature is Nature.MODELLED:
        yield "modelled", "Worked out from ratings or assumptions, not observed.", {}
    elif finding.nature is Nature.ALLEGED:
        yield "alleged", "Alleged in a case; no court has examined it.", {}
    elif finding.nature is Nature.REPORTED:
        yield "survey_opinion", "What people or firms say of themselves.", {}
    if finding.legal and finding.legal.merits is Merits.NOT_DECIDED:
        yield "legal_not_merits", "The substance of the case was not decided.", {"act": str(finding.legal.act)}


def _about_age(finding: Finding) -> _Found:
    """Data that were old when somebody read them for the pack: so the text holds whenever it is printed."""
    if finding.nature not in _DATA:
        return
    periods = [e.period for e in finding.estimates if e.period]
    ends = [_year(period) for period in [*periods, *([finding.sample.period] if finding.sample else [])]]
    reads = [_year(c.read.on) for c in finding.citations if c.role is Role.PRIMARY and c.read]
    until, read = max(filter(None, ends), default=None), max(filter(None, reads), default=None)
    if until and read and read - until >= _OLD:
        text = f"The data end in {until}, {read - until} years before they were read for this pack."
        yield "old_data", text, {"until": until, "read": read}


@lru_cache(4_000)
def _year(date: str | None) -> int | None:
    """The last year of a date or period; None for an open one."""
    day = last_day(date) if date else None
    return int(day[:4]) if day else None


def _about_others(finding: Finding, around: Surroundings) -> _Found:
    if around.superseded_by:
        yield (
            "superseded_version",
            "A later version of the work prints other figures.",
            {"by": list(around.superseded_by)},
        )
    if around.versions:
        yield (
            "versions_differ",
            closed(f"Other versions of the work: {'; '.join(around.versions)}"),
            {"others": list(around.versions)},
        )
    if around.contradicted_by:
        sizes = all(conflict["how"] == "apart" for conflict in around.conflicts)
        text = "puts the same at another size" if sizes else "points the other way"
        yield "contested", f"Another finding in this pack {text}.", {"by": list(around.contradicted_by)}
    if around.replications["ids"] and not finding.estimates:  # with figures, each says it
        yield "tried_again", _replicated(around.replications), dict(around.replications)
    yield from _about_power(finding, around)


def _about_power(finding: Finding, around: Surroundings) -> _Found:
    """Limits of a study that stands alone: what rule 307 warns of."""
    weak = (
        () if around.tries else [(e.id, found) for _, e, found in weak_estimates(finding) if found.verdict != UNKNOWN]
    )
    for verdict, text in _WEAK.items():
        if estimates := [id for id, found in weak if found.verdict == verdict]:
            some = "" if len(estimates) == len(finding.estimates) else f" ({', '.join(estimates)})"
            yield "underpowered", closed(f"{text}{some}"), {"because": verdict, "estimates": estimates}
    if weak:
        yield (
            "single_study",
            "A single study, and a weak one: this pack knows of no other work that tried the same.",
            {},
        )
    elif around.tries:
        some = "another finding" if len(around.tries) == 1 else f"{len(around.tries)} other findings"
        text = f"A weak study, but not a single one: {some} of this pack tried the same or pooled it."
        yield "tried_again", text, {"by": list(around.tries)}
    elif finding.design in _STUDIES and not around.replications["ids"]:
        yield "not_replicated", "A single study: this pack holds no replication of it.", {}


def _replicated(found: Replications) -> str:
    counts = {"successful": found["successful"], "failed": found["failed"], "other": found["other"]}
    said = ", ".join(f"{number} {name}" for name, number in counts.items() if number)
    return f"{counted(sum(counts.values()), 'independent replication')} in this pack: {said}."


_WEAK = {
    UNCLEAR: "Too few were measured to tell it from no effect",
    SMALL: f"Fewer than {FEW} were measured, and no interval says how much chance may do",
}
