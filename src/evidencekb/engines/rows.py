"""Records to rows: what each record puts into the base tables. One function a kind of record.

Every value is a plain text or integer, never a term of a vocabulary: SQLite binds those at once, and worker processes hand
them over as they are.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from enum import StrEnum
from typing import Any
from urllib.parse import urlsplit

from evidencekb import ids
from evidencekb.answers.effects import NO_BOUNDS, bounds_of, sign_of
from evidencekb.answers.power import weak_estimates
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
from evidencekb.model.findings import Estimate, Sample
from evidencekb.model.references import references_of
from evidencekb.model.sources import Person
from evidencekb.vocab import ConceptRelation, Measure, Qualifier, SampleLevel, SourceKind, Wanted

Tables = defaultdict[str, list[tuple[Any, ...]]]
"""Rows by the table they belong to."""

_EFFECTS = frozenset({
    Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.RISK_RATIO, Measure.RATE_RATIO, Measure.ODDS_RATIO,
    Measure.HAZARD_RATIO, Measure.SMD, Measure.CORRELATION, Measure.MEAN_DIFFERENCE,
})  # fmt: skip
_LEVELS = frozenset(
    {Measure.PROPORTION, Measure.MEAN, Measure.MEDIAN, Measure.COUNT, Measure.TOTAL, Measure.SUM_OF_MONEY}
)


_LETTERS = str.maketrans({
    "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "ß": "ss", "æ": "ae", "Æ": "Ae", "œ": "oe", "Œ": "Oe", "đ": "d", "Đ": "D", "ð": "d",
    "þ": "th",
})  # fmt: skip
"""Letters that no accent makes of another, as typewriters write them."""
_TELLING = 10
"""So few people, or a round number of them, may be two samples by chance."""


_PEOPLE = (SampleLevel.ANALYSED, SampleLevel.ANSWERED)


def no_rows() -> Tables:
    """Tables to put rows into."""
    return defaultdict(list)


def add_rows(tables: Tables, kind: str, record: Record) -> None:
    """Put all rows of one record into the tables; its id and its body are not among them."""
    if kind not in _LINKED_BY_ROWS:
        id = str(record.id)  # type: ignore[attr-defined]  # every kind has an id; a waiver's is worked out
        for reference in references_of(record):
            target_kind = "subject" if len(reference.kinds) > 1 else reference.kinds[0]
            path = ".".join(str(step) for step in reference.path)
            tables["pointer"].append((kind, id, path, target_kind, reference.id))
    if maker := _MAKERS.get(kind):
        maker(tables, record)


def known_rows(kind: str, id: str) -> Iterable[tuple[str, str]]:
    """An id that may be referred to; concepts and cohorts are subjects too."""
    return ((kind, id), ("subject", id)) if kind in ("concept", "cohort") else ((kind, id),)


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
IN_BOOKS = frozenset({SourceKind.CONFERENCE_PAPER, SourceKind.BOOK})
ON_SHELVES = frozenset({SourceKind.BOOK, SourceKind.THESIS})


def located(source: Source) -> bool:
    """True if a reader can find the source: by an identifier or address, or where libraries keep it."""
    if any(getattr(source, scheme) for scheme in ids.SOURCE_SCHEMES):
        return True
    if source.container and source.pages and (source.volume or source.kind in IN_BOOKS):
        return True
    return source.kind in ON_SHELVES and bool(source.publisher and source.published_on)


def wanted_of(estimate: Estimate) -> Wanted:
    """What sort of question an estimate can answer."""
    if estimate.comparator or estimate.measure in _EFFECTS:
        return Wanted.EFFECT
    return Wanted.LEVEL if estimate.measure in _LEVELS else Wanted.DESCRIPTION


def _source(tables: Tables, source: Source) -> None:
    publisher = source.publisher or source.container or "".join(a.short for a in source.authors) or _host(source.url)
    standing = source.standing
    tables["source"].append((
        source.id, str(source.kind), text_key(source.title), text_key(source.version), source.work or "",
        _term(source.vendor), text_key(source.vendor_reason), source.vendor_reason or "", text_key(publisher),
        int(located(source)), str(standing.state()), int(standing.withdrawn()), standing.checked_on or "",
        *_days(source.published_on), _team(source.authors),
    ))  # fmt: skip
    for scheme in ids.SOURCE_SCHEMES:
        if (value := getattr(source, scheme)) and ids.problem(scheme, value) is None:
            tables["identifier"].append((source.id, *ids.key(scheme, value)))
    for position, event in enumerate(standing.events):
        for part, finding in enumerate(event.affects or ("",)):
            tables["standing"].append(
                (source.id, position, str(event.status), event.on or "", event.by or "", finding, part)
            )
    for position, interest in enumerate(source.interests):
        for part, finding in enumerate(interest.scope or ("",)):
            tables["interest"].append(
                (source.id, position, interest.organization, str(interest.tie), interest.sells or "", finding, part)
            )


def _team(authors: Sequence[Person]) -> str:
    """The people who wrote a source, in whatever order: bodies are no team, since most of them do many studies at once."""
    if not any(author.family for author in authors):
        return ""
    return " ".join(sorted(_name_key(f"{a.short} {(text_key(a.given))[:1]}") for a in authors))


def _name_key(name: str) -> str:
    """A name however it is spelled where a letter is missing: Müller, Mueller and Muller; Sørensen and Sorensen."""
    return re.sub("[aou]e", lambda spelled: spelled[0][0], text_key(name.translate(_LETTERS)))


def _same_people(sample: Sample | None, since: str, until: str) -> str:
    """What two findings share only if they measured the same people: an odd number of them, the place and the days."""
    if sample is None or not (sample.place and since):
        return ""
    counts = [c for c in sample.counts if c.qualifier is Qualifier.EXACTLY and not c.group]
    n = next((c.n for level in _PEOPLE for c in counts if c.level is level), counts[0].n if counts else 0)
    return f"{n} {text_key(sample.place)} {since} {until}" if n >= _TELLING and n % 100 else ""


def _host(url: str | None) -> str:
    return (urlsplit(url).hostname or "") if url else ""


def _term(term: StrEnum | None) -> str:
    return "" if term is None else str(term)


def _organization(tables: Tables, organization: Organization) -> None:
    tables["organization"].append((organization.id, organization.name, organization.part_of or ""))
    tables["sells"] += [(organization.id, concept) for concept in dict.fromkeys(organization.sells)]


def _concept(tables: Tables, concept: Concept) -> None:
    tables["concept"].append((concept.id, str(concept.kind), concept.label, concept.plural or ""))
    for position, link in enumerate(concept.links):
        tables["concept_link"].append((concept.id, position, str(link.relation), link.to, link.source))
    broader = dict.fromkeys(link.to for link in concept.links if link.relation is ConceptRelation.BROADER)
    tables["broader"] += [("concept", concept.id, broad) for broad in broader]


def _cohort(tables: Tables, cohort: Cohort) -> None:
    tables["cohort"].append((cohort.id, cohort.label, str(cohort.unit), int(cohort.on_pages)))
    tables["cohort_overlap"] += [(cohort.id, other) for other in dict.fromkeys(cohort.overlaps)]
    tables["cohort_disjoint"] += [(cohort.id, other) for other in dict.fromkeys(cohort.disjoint)]
    tables["broader"] += [("cohort", cohort.id, broad) for broad in dict.fromkeys(cohort.broader)]


def _definition(tables: Tables, definition: OperationalDefinition) -> None:
    tables["definition"].append((
        definition.id, definition.of, definition.label or "", definition.procedure, _term(definition.higher_is),
    ))  # fmt: skip
    for table, links in (("comparable", definition.comparable_with), ("incomparable", definition.not_comparable_with)):
        tables[table] += [(definition.id, other) for other in dict.fromkeys(link.definition for link in links)]


def _finding(tables: Tables, finding: Finding) -> None:
    id, sample = finding.id, finding.sample
    since, until = _days(sample.period if sample else None)
    tables["finding"].append((
        id, finding.headline, str(finding.nature), str(finding.design), since, until,
        len(sample.counts) if sample else 0, _term(sample.none_because) if sample else "",
        text_key(sample.place) if sample else "", _same_people(sample, since, until),
    ))  # fmt: skip
    for position, e in enumerate(finding.estimates):
        absence = "" if e.interval else _term(e.no_interval or finding.no_interval)
        tables["estimate"].append((
            id, e.id, position, int(e.main), e.outcome, e.definition or "", _term(e.measure),
            int(e.value is not None or e.range is not None), e.unit or "", int(e.interval is not None), absence,
            text_key(e.group), text_key(e.comparator), *_days(e.period), e.place or "", str(wanted_of(e)), sign_of(e),
            *(bounds_of(e) if e.interval else NO_BOUNDS),
        ))  # fmt: skip
    tables["weak"] += [
        (id, e.id, path, precision.verdict, precision.found) for path, e, precision in weak_estimates(finding)
    ]
    for position, citation in enumerate(finding.citations):
        read, prints = citation.read, citation.prints
        tables["citation"].append((
            id, position, citation.source, str(citation.role), _term(citation.basis), citation.names or "",
            citation.taken_from or "", str(read.what) if read else "", citation.locator or "", int(bool(prints)),
            read.what.closeness if read else 0,
        ))  # fmt: skip
        if prints:
            tables["prints"] += [(id, position, item, printed) for item, printed in prints.items()]
    tagged: dict[str, tuple[Any, ...]] = {}
    for position, about in enumerate(finding.about):
        tagged.setdefault(about.concept, (id, about.concept, str(about.how), position))
    for position, used in enumerate(finding.products):
        tables["finding_product"].append((id, position, used.product))
        tagged.setdefault(used.product, (id, used.product, "measured", -1))
    # A second link to the same target adds nothing: the first, which a person wrote first, counts.
    filed: dict[str, tuple[Any, ...]] = {}
    for position, group in enumerate(finding.cohorts):
        filed.setdefault(group.cohort, (id, group.cohort, str(group.fit), position))
    tables["finding_concept"] += tagged.values()
    tables["finding_cohort"] += filed.values()
    if finding.definitions:
        own = {definition: position for position, definition in reversed([*enumerate(finding.definitions)])}
        tables["finding_definition"] += [(id, definition, position) for definition, position in own.items()]
    for position, link in enumerate(finding.links):
        tables["finding_link"].append((
            id, position, str(link.type), link.target, _term(link.extent), _term(link.outcome), link.asserted_by or "",
        ))  # fmt: skip
        if link.explains:
            reasoned, named = int(link.because is not None), dict.fromkeys(link.about or ("",))
            tables["acknowledges"] += [(id, link.target, estimate, position, reasoned) for estimate in named]
    if finding.legal:
        legal = finding.legal
        tables["legal"].append((id, str(legal.act), legal.body, legal.case, str(legal.merits)))


def _claim(tables: Tables, claim: Claim) -> None:
    tables["claim"].append((claim.id, int(claim.filed_as == "strong"), len(claim.supports)))
    tables["claim_about"] += [(claim.id, subject) for subject in dict.fromkeys(claim.about)]
    for position, support in enumerate(claim.supports):
        for estimate in support.estimates or ("",):
            tables["support"].append((claim.id, position, support.finding, estimate, str(support.stance)))


def _untraced(tables: Tables, untraced: Untraced) -> None:
    tables["untraced"].append((untraced.id, str(untraced.status)))
    for kind, subjects in (("concept", untraced.about), ("cohort", untraced.cohorts)):
        tables["untraced_about"] += [(untraced.id, kind, subject) for subject in dict.fromkeys(subjects)]
    nearest = dict.fromkeys(near.finding for near in untraced.nearest)
    tables["untraced_near"] += [(untraced.id, finding) for finding in nearest]


def _gap(tables: Tables, gap: Gap) -> None:
    tables["gap"].append((gap.id, str(gap.kind), gap.aspect or ""))
    tables["gap_about"] += [(gap.id, subject) for subject in dict.fromkeys(gap.about)]


def _aspect(tables: Tables, aspect: Aspect) -> None:
    tables["aspect"].append((aspect.id, aspect.label, aspect.unanswered))
    tables["aspect_question"] += [(aspect.id, shape, template) for shape, template in aspect.questions.items()]
    tables["aspect_outcome"] += [(aspect.id, outcome) for outcome in dict.fromkeys(aspect.outcomes)]
    wanted = enumerate(dict.fromkeys(map(str, aspect.wanted)))
    tables["aspect_wanted"] += [(aspect.id, term, position) for position, term in wanted]


def _exclusion(tables: Tables, exclusion: Exclusion) -> None:
    tables["bears_on"] += [(exclusion.id, finding) for finding in dict.fromkeys(exclusion.bears_on)]


def _days(period: str | None) -> tuple[str, str]:
    if not period:
        return "", ""
    first, last = bounds(period)
    return first or "", last or ""


_MAKERS: dict[str, Callable[[Tables, Any], None]] = {
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
# What findings and sources refer to is read off their rows: see texts/derive/reference.sql.
_LINKED_BY_ROWS = frozenset({"finding", "source"})
