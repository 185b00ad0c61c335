"""Questions to a knowledge base. Each is a plain function that takes it first; options are keyword-only."""

from __future__ import annotations

from evidencekb.queries.briefs import brief
from evidencekb.queries.chains import primary_sources, trace, vendor_summary
from evidencekb.queries.listing import claims_about, references, search
from evidencekb.queries.ranking import explain, rank_findings
from evidencekb.queries.selection import select_findings

__all__ = [
    "brief",
    "claims_about",
    "explain",
    "primary_sources",
    "rank_findings",
    "references",
    "search",
    "select_findings",
    "trace",
    "vendor_summary",
]
