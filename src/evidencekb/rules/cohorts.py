"""4xx about one record: whom a figure is about, and how the outcome became a number."""

from __future__ import annotations

from evidencekb.model import Finding
from evidencekb.report import Subject
from evidencekb.rules.rule import Found, Rule
from evidencekb.vocab import CohortFit, Design, Measure

WITHOUT_DEFINITION = frozenset({Measure.SUM_OF_MONEY, Measure.THRESHOLD})
NEEDS_NOTE = frozenset({CohortFit.BROADER, CohortFit.ANALOGOUS})


def named(rule: Rule, finding: Finding) -> Found:
    """401: a cohort, and a definition for each estimate except sums, thresholds and case papers."""
    if not finding.cohorts:
        yield rule.violation("cohort", Subject("finding", finding.id), ("cohorts",))
    if finding.design is Design.LEGAL_DOCUMENT:
        return
    for position, estimate in enumerate(finding.estimates):
        if estimate.definition is None and estimate.measure not in WITHOUT_DEFINITION:
            yield rule.violation(
                "definition",
                Subject("finding", finding.id),
                ("estimates", position),
                item=estimate.id,
                outcome=estimate.outcome,
            )


def noted(rule: Rule, finding: Finding) -> Found:
    """403: a broader or analogous fit says how those measured differ."""
    for position, link in enumerate(finding.cohorts):
        if link.fit in NEEDS_NOTE and link.note is None:
            yield rule.violation(
                "note", Subject("finding", finding.id), ("cohorts", position), item=link.cohort, fit=link.fit
            )
