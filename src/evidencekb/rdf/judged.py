"""What the library's judgements give, for queries: the strength order, what pages leave out, and what is in conflict."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evidencekb.rdf.terms import INTEGER, iri

if TYPE_CHECKING:
    from evidencekb.rdf.derived import Here

RANK, MEASURED, LEFT_OUT = iri("ekb:rank"), iri("ekb:measuredWithin"), iri("ekb:leftOutFor")
OPPOSITE, APART, EXPLAINED = iri("ekb:oppositeTo"), iri("ekb:apartFrom"), iri("ekb:differenceExplained")
JUDGEMENTS = frozenset((RANK, MEASURED, LEFT_OUT, OPPOSITE, APART, EXPLAINED))
"""Their predicates."""
_EXPLAINED = 2


def ranks(here: Here) -> Iterator[str]:
    """Findings to their places in the strength order without a question; 1 is the strongest."""
    findings = here.iris("finding")
    for finding, rank in here.rows("SELECT finding, rank FROM ranked ORDER BY finding"):
        yield f'<{findings[finding]}> <{RANK}> "{rank}"^^<{INTEGER}>{here.end}'


def outcomes(here: Here) -> Iterator[str]:
    """Findings to the outcomes of their estimates and to all that are wider; what a finding only mentions is none of them."""
    findings, concepts = here.iris("finding"), here.iris("concept")
    for finding, outcome in here.rows(
        "SELECT DISTINCT e.finding, c.broad FROM estimate e JOIN closure c ON c.kind = 'concept' AND c.narrow = e.outcome "
        "ORDER BY e.finding, c.broad"
    ):
        yield f"<{findings[finding]}> <{MEASURED}> <{concepts[outcome]}>{here.end}"


def left_out(here: Here) -> Iterator[str]:
    """Findings that pages leave out to the newer version or the reversal that pushes them out."""
    findings = here.iris("finding")
    for finding, because in here.rows(
        "SELECT DISTINCT finding, because FROM left_out WHERE because <> '' ORDER BY finding, because"
    ):
        yield f"<{findings[finding]}> <{LEFT_OUT}> <{findings[because]}>{here.end}"


def conflicts(here: Here) -> Iterator[str]:
    """Estimates to those that say something else of the same, both ways round."""
    findings = here.iris("finding")
    how_said = {"opposite": OPPOSITE, "apart": APART}
    for finding, estimate, other, against, how, said in here.rows(
        "SELECT finding, estimate, other, against, how, said FROM conflict ORDER BY finding, estimate, other, against"
    ):
        one, two = f"<{findings[finding]}/estimate/{estimate}>", f"<{findings[other]}/estimate/{against}>"
        yield f"{one} <{how_said[how]}> {two}{here.end}"
        if said == _EXPLAINED:
            yield f"{one} <{EXPLAINED}> {two}{here.end}"


JUDGED = (ranks, outcomes, left_out, conflicts)
