"""4xx and 5xx as shapes: cohorts, definitions, hierarchies, ids and waivers."""

from __future__ import annotations

from collections.abc import Iterator

from evidencekb.model import Claim, Cohort, Concept, Estimate, Finding, Organization, Untraced, Waiver
from evidencekb.model.common import Record
from evidencekb.model.findings import CohortLink
from evidencekb.rdf.shaping.conditions import (
    absent,
    any_of,
    apart,
    at,
    back,
    given,
    holds,
    iri,
    iris,
    none,
    on_and_on,
    quoted,
    times,
    way,
    when,
    within,
)
from evidencekb.rdf.shaping.judged import Judged
from evidencekb.rdf.shaping.paths import ID, MEASURE, OF_FINDING, class_of, p
from evidencekb.rules import cohorts, rules
from evidencekb.vocab import Design

MOST_LEVELS = 32
_HIERARCHIES: tuple[tuple[type[Record], str, bool], ...] = (
    (Cohort, p(Cohort, "broader"), False),
    (Organization, p(Organization, "part_of"), False),
    (Concept, "skos:broader", True),
)


def judged() -> Iterator[Judged]:
    """What the rules of cohorts, of ids and of waivers ask."""
    yield Judged("EKB401", "cohort", Finding, given(p(Finding, "cohorts")),
        "names no cohort: say whom or what its figures are about, and how well that fits")  # fmt: skip
    without = any_of(
        given(p(Estimate, "definition")),
        within(MEASURE, iris(cohorts.WITHOUT_DEFINITION)),
        holds(way(OF_FINDING, p(Finding, "design")), iri(Design.LEGAL_DOCUMENT)),
    )
    yield Judged("EKB401", "definition", Estimate, without, "has no definition: say how the outcome became a number")
    loose = within(p(CohortLink, "fit"), iris(cohorts.NEEDS_NOTE))
    yield Judged("EKB403", "note", CohortLink, when(loose, given(p(CohortLink, "note"))))
    for model, wider, derived in _HIERARCHIES:
        yield Judged("EKB402", "loop", model, apart(on_and_on(back(wider)), wider), derived=derived)
        deep = absent(times(wider, MOST_LEVELS + 1))
        yield Judged(
            "EKB402", "deep", model, deep, f"more than {MOST_LEVELS} levels above it: flatten the hierarchy", derived
        )
    yield from _ids()
    never = [rule for rule in rules().values() if not rule.waivable]
    codes = " ".join(quoted(code) for rule in never for code in (rule.number, rule.code))
    yield Judged("EKB505", "forbidden", Waiver, at(p(Waiver, "rule"), f"sh:not [ sh:in ( {codes} ) ]"),
        "this rule cannot be waived: mend the record, and delete the waiver")  # fmt: skip


def _ids() -> Iterator[Judged]:
    """Findings, claims and untraced claims share one space of ids."""
    kinds = (Finding, Claim, Untraced)
    for model in kinds:
        others = any_of(*(f"sh:class {class_of(other)}" for other in kinds if other is not model))
        yield Judged("EKB503", "", model, none(way(ID, back(ID)), others),
            "a finding, a claim and an untraced claim cannot have one id: give the newer record another")  # fmt: skip
