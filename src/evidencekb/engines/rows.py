"""Records to rows: what each record puts into the base tables. Pure functions, one a kind of record."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from typing import Any
from urllib.parse import urlsplit

from evidencekb import ids
from evidencekb.model import (
    Aspect,
    Claim,
    Cohort,
    Concept,
    Exclusion,
    Finding,
    Gap,
    OperationalDefinition,
    Organization,
    Record,
    Source,
    Untraced,
)
from evidencekb.model.dates import bounds
from evidencekb.model.findings import Estimate
from evidencekb.model.references import references_of
from evidencekb.vocab import ConceptRelation, Measure, SourceKind, Wanted

Row = tuple[str, tuple[Any, ...]]
_EFFECTS = frozenset({
    Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.RISK_RATIO, Measure.RATE_RATIO, Measure.ODDS_RATIO,
    Measure.HAZARD_RATIO, Measure.SMD, Measure.CORRELATION, Measure.MEAN_DIFFERENCE,
})  # fmt: skip
_LEVELS = frozenset(
    {Measure.PROPORTION, Measure.MEAN, Measure.MEDIAN, Measure.COUNT, Measure.TOTAL, Measure.SUM_OF_MONEY}
)


def rows_of(kind: str, record: Record) -> Iterator[Row]:
    """All rows of one record, as (table, values)."""
    id = str(record.id)  # type: ignore[attr-defined]  # every kind has an id; a waiver's is worked out
    for reference in references_of(record):
        target_kind = "subject" if len(reference.kinds) > 1 else reference.kinds[0]
        path = ".".join(str(step) for step in reference.path)
        yield "reference", (kind, id, path, target_kind, reference.id)
    if maker := _MAKERS.get(kind):
        yield from maker(record)


def known_rows(kind: str, id: str) -> Iterator[Row]:
    """An id that may be referred to; concepts and cohorts are subjects too."""
    yield "known", (kind, id)
    if kind in ("concept", "cohort"):
        yield "known", ("subject", id)


_WORDS = re.compile(r"[^\W_]+")


def text_key(text: str | None) -> str:
    """Text for comparing: case, accents, punctuation and spacing aside. Made here, never in SQL."""
    if not text:
        return ""
    if text.isascii():
        return " ".join(_WORDS.findall(text.casefold()))
    plain = unicodedata.normalize("NFKD", text).casefold()
    return " ".join(_WORDS.findall("".join(c for c in plain if not unicodedata.combining(c))))


# A paper or chapter stands on pages of a book that has no volume; books and theses are kept under publisher and year.
_IN_BOOKS = frozenset({SourceKind.CONFERENCE_PAPER, SourceKind.BOOK})
_ON_SHELVES = frozenset({SourceKind.BOOK, SourceKind.THESIS})


def located(source: Source) -> bool:
    """True if a reader can find the source: by an identifier or address, or where libraries keep it."""
    if any(getattr(source, scheme) for scheme in ids.SOURCE_SCHEMES):
        return True
    if source.container and source.pages and (source.volume or source.kind in _IN_BOOKS):
        return True
    return source.kind in _ON_SHELVES and bool(source.publisher and source.published_on)


def wanted_of(estimate: Estimate) -> Wanted:
    """What sort of question an estimate can answer."""
    if estimate.comparator or estimate.measure in _EFFECTS:
        return Wanted.EFFECT
    return Wanted.LEVEL if estimate.measure in _LEVELS else Wanted.DESCRIPTION


def _source(source: Source) -> Iterator[Row]:
    publisher = source.publisher or source.container or "".join(a.short for a in source.authors) or _host(source.url)
    yield "source", (
        source.id, source.kind, text_key(source.title), text_key(source.version), source.work or "",
        source.vendor or "", text_key(source.vendor_reason), source.vendor_reason or "", text_key(publisher),
        int(located(source)), source.standing.state(), int(source.standing.withdrawn()), source.standing.checked_on or "",
        *_days(source.published_on),
    )  # fmt: skip
    for scheme in ids.SOURCE_SCHEMES:
        if (value := getattr(source, scheme)) and ids.problem(scheme, value) is None:
            yield "identifier", (source.id, *ids.key(scheme, value))
    for position, event in enumerate(source.standing.events):
        for finding in event.affects or ("",):
            yield "standing", (source.id, position, event.status, event.on or "", event.by or "", finding)
    for interest in source.interests:
        for finding in interest.scope or ("",):
            yield "interest", (source.id, interest.organization, interest.tie, interest.sells or "", finding)


def _host(url: str | None) -> str:
    return (urlsplit(url).hostname or "") if url else ""


def _organization(organization: Organization) -> Iterator[Row]:
    yield "organization", (organization.id, organization.name, organization.part_of or "")
    for concept in dict.fromkeys(organization.sells):
        yield "sells", (organization.id, concept)


def _concept(concept: Concept) -> Iterator[Row]:
    yield "concept", (concept.id, concept.kind, concept.label, concept.plural or "")
    for position, link in enumerate(concept.links):
        yield "concept_link", (concept.id, position, link.relation, link.to, link.source)
    for broad in dict.fromkeys(link.to for link in concept.links if link.relation is ConceptRelation.BROADER):
        yield "broader", ("concept", concept.id, broad)


def _cohort(cohort: Cohort) -> Iterator[Row]:
    yield "cohort", (cohort.id, cohort.label, cohort.unit, int(cohort.on_pages))
    for other in dict.fromkeys(cohort.overlaps):
        yield "cohort_overlap", (cohort.id, other)
    for broad in dict.fromkeys(cohort.broader):
        yield "broader", ("cohort", cohort.id, broad)


def _definition(definition: OperationalDefinition) -> Iterator[Row]:
    yield "definition", (definition.id, definition.of, definition.label or "", definition.procedure)


def _finding(finding: Finding) -> Iterator[Row]:
    sample = finding.sample
    since, until = _days(sample.period if sample else None)
    yield "finding", (
        finding.id, finding.headline, finding.nature, finding.design, since, until,
        len(sample.counts) if sample else 0, (sample.none_because if sample else None) or "",
    )  # fmt: skip
    for position, e in enumerate(finding.estimates):
        absence = "" if e.interval else (e.no_interval or finding.no_interval or "")
        yield "estimate", (
            finding.id, e.id, position, int(e.main), e.outcome, e.definition or "", e.measure or "",
            int(e.value is not None or e.range is not None), e.unit or "", int(e.interval is not None), absence,
            text_key(e.group), text_key(e.comparator), *_days(e.period), e.place or "", wanted_of(e),
        )  # fmt: skip
    for position, citation in enumerate(finding.citations):
        yield "citation", (
            finding.id, position, citation.source, citation.role, citation.basis or "", citation.names or "",
            citation.taken_from or "", citation.read.what if citation.read else "", citation.locator or "",
            int(bool(citation.prints)), citation.read.what.closeness if citation.read else 0,
        )  # fmt: skip
        for item, printed in citation.prints.items():
            yield "prints", (finding.id, position, item, printed)
    yield from _once("finding_concept", ((finding.id, a.concept, a.how) for a in finding.about))
    yield from _once("finding_concept", ((finding.id, p.product, "measured") for p in finding.products), skip=finding)
    yield from _once("finding_cohort", ((finding.id, c.cohort, c.fit) for c in finding.cohorts))
    for definition in dict.fromkeys(finding.definitions):
        yield "finding_definition", (finding.id, definition)
    for position, link in enumerate(finding.links):
        yield "finding_link", (finding.id, position, link.type, link.target, link.extent or "", link.outcome or "")
    if finding.legal:
        legal = finding.legal
        yield "legal", (finding.id, legal.act, legal.body, legal.case, legal.merits)


def _once(table: str, rows: Iterator[tuple[str, str, str]], skip: Finding | None = None) -> Iterator[Row]:
    """One row a target: a second link to the same target adds nothing (the first, which a person wrote first, counts)."""
    seen = {a.concept for a in skip.about} if skip else set()
    for row in rows:
        if row[1] not in seen:
            seen.add(row[1])
            yield table, row


def _claim(claim: Claim) -> Iterator[Row]:
    yield "claim", (claim.id, int(claim.filed_as == "strong"), len(claim.supports))
    for subject in dict.fromkeys(claim.about):
        yield "claim_about", (claim.id, subject)
    for position, support in enumerate(claim.supports):
        for estimate in support.estimates or ("",):
            yield "support", (claim.id, position, support.finding, estimate, support.stance)


def _untraced(untraced: Untraced) -> Iterator[Row]:
    yield "untraced", (untraced.id, untraced.status)
    for kind, subjects in (("concept", untraced.about), ("cohort", untraced.cohorts)):
        for subject in dict.fromkeys(subjects):
            yield "untraced_about", (untraced.id, kind, subject)
    for finding in dict.fromkeys(near.finding for near in untraced.nearest):
        yield "untraced_near", (untraced.id, finding)


def _gap(gap: Gap) -> Iterator[Row]:
    yield "gap", (gap.id, gap.kind, gap.aspect or "")
    for subject in dict.fromkeys(gap.about):
        yield "gap_about", (gap.id, subject)


def _aspect(aspect: Aspect) -> Iterator[Row]:
    yield "aspect", (aspect.id, aspect.label, aspect.unanswered)
    for shape, template in aspect.questions.items():
        yield "aspect_question", (aspect.id, shape, template)
    for outcome in dict.fromkeys(aspect.outcomes):
        yield "aspect_outcome", (aspect.id, outcome)
    for position, wanted in enumerate(dict.fromkeys(aspect.wanted)):
        yield "aspect_wanted", (aspect.id, wanted, position)


def _exclusion(exclusion: Exclusion) -> Iterator[Row]:
    for finding in dict.fromkeys(exclusion.bears_on):
        yield "bears_on", (exclusion.id, finding)


def _days(period: str | None) -> tuple[str, str]:
    if not period:
        return "", ""
    first, last = bounds(period)
    return first or "", last or ""


_MAKERS: dict[str, Callable[[Any], Iterator[Row]]] = {
    "source": _source,
    "organization": _organization,
    "concept": _concept,
    "cohort": _cohort,
    "definition": _definition,
    "finding": _finding,
    "claim": _claim,
    "untraced": _untraced,
    "exclusion": _exclusion,
    "gap": _gap,
    "aspect": _aspect,
}
