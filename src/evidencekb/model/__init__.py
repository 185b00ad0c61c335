"""The records: what a pack holds.

Frozen pydantic models without files, network or graph. Only what a source prints is stored; what can be worked out is
worked out when asked, and says so.
"""

from __future__ import annotations

from evidencekb.model.claims import Aspect, Claim, Exclusion, Gap, Support, Untraced, Waiver
from evidencekb.model.common import Record
from evidencekb.model.findings import Citation, ConfidenceInterval, Estimate, Finding, FindingLink, Sample
from evidencekb.model.nodes import Cohort, Concept, OperationalDefinition
from evidencekb.model.pack import Manifest
from evidencekb.model.sources import Organization, Source

KINDS: dict[str, type[Record]] = {
    "source": Source,
    "organization": Organization,
    "concept": Concept,
    "cohort": Cohort,
    "definition": OperationalDefinition,
    "finding": Finding,
    "claim": Claim,
    "untraced": Untraced,
    "gap": Gap,
    "exclusion": Exclusion,
    "aspect": Aspect,
    "waiver": Waiver,
}
"""Every kind of record, by its name in messages and tables."""

LISTS: dict[str, str] = {
    "sources": "source",
    "organizations": "organization",
    "concepts": "concept",
    "cohorts": "cohort",
    "definitions": "definition",
    "findings": "finding",
    "claims": "claim",
    "untraced": "untraced",
    "gaps": "gap",
    "exclusions": "exclusion",
    "aspects": "aspect",
    "waivers": "waiver",
}
"""The list key of a pack file, and the kind of record below it."""

__all__ = [
    "KINDS",
    "LISTS",
    "Aspect",
    "Citation",
    "Claim",
    "Cohort",
    "Concept",
    "ConfidenceInterval",
    "Estimate",
    "Exclusion",
    "Finding",
    "FindingLink",
    "Gap",
    "Manifest",
    "OperationalDefinition",
    "Organization",
    "Record",
    "Sample",
    "Source",
    "Support",
    "Untraced",
    "Waiver",
]
