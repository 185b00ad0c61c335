"""Questions to a knowledge base. Each is a plain function that takes it first; options are keyword-only."""

from __future__ import annotations

from evidencekb.queries.asking import questions
from evidencekb.queries.cards import claim_card, finding_card
from evidencekb.queries.chains import primary_sources, trace, vendor_summary
from evidencekb.queries.cohorts import relate_cohorts
from evidencekb.queries.comparing import compare
from evidencekb.queries.composing import answer, brief, briefs
from evidencekb.queries.conflicts import conflicts_of
from evidencekb.queries.differing import diff
from evidencekb.queries.drifting import suggest_drift
from evidencekb.queries.flags import explain_flag
from evidencekb.queries.grouping import group_comparable
from evidencekb.queries.impacting import impact
from evidencekb.queries.independence import independent_support
from evidencekb.queries.listing import claims_about, search
from evidencekb.queries.mapping import gap_map
from evidencekb.queries.neighbouring import neighbours
from evidencekb.queries.origins import origins_of
from evidencekb.queries.pooling import pool, pool_by
from evidencekb.queries.power import power_of
from evidencekb.queries.ranking import explain, rank_findings
from evidencekb.queries.referring import how_to_cite, references
from evidencekb.queries.replicating import replications_of
from evidencekb.queries.reporting import trail_report
from evidencekb.queries.resting import dependence_of
from evidencekb.queries.selection import select_findings
from evidencekb.queries.strongest import select_figures, select_strongest
from evidencekb.queries.untraced import untraced_about, untraced_card
from evidencekb.queries.watching import links, standing

__all__ = [
    "answer",
    "brief",
    "briefs",
    "claim_card",
    "claims_about",
    "compare",
    "conflicts_of",
    "dependence_of",
    "diff",
    "explain",
    "explain_flag",
    "finding_card",
    "gap_map",
    "group_comparable",
    "how_to_cite",
    "impact",
    "independent_support",
    "links",
    "neighbours",
    "origins_of",
    "pool",
    "pool_by",
    "power_of",
    "primary_sources",
    "questions",
    "rank_findings",
    "references",
    "relate_cohorts",
    "replications_of",
    "search",
    "select_figures",
    "select_findings",
    "select_strongest",
    "standing",
    "suggest_drift",
    "trace",
    "trail_report",
    "untraced_about",
    "untraced_card",
    "vendor_summary",
]
