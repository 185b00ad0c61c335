"""Records that questions return, and the pure functions that make them from records of a pack."""

from __future__ import annotations

from evidencekb.answers.cards import Card, ClaimCard, NearFinding, Support, UntracedCard
from evidencekb.answers.figures import Figure
from evidencekb.answers.pages import Brief
from evidencekb.answers.records import (
    TIERS,
    Answer,
    Caveat,
    Cluster,
    Conflict,
    Credit,
    Exclusion,
    FaqItem,
    Fit,
    Formatted,
    Gap,
    Neighbour,
    Question,
    Ref,
    Reference,
)
from evidencekb.answers.reports import CheckShown, RuleOutcome, TrailEntry, TrailPart, TrailReport
from evidencekb.answers.trails import EstimateTrail, Explanation, Hit, Hop, Ranked, Trail, VendorSummary

__all__ = [
    "TIERS",
    "Answer",
    "Brief",
    "Card",
    "Caveat",
    "CheckShown",
    "ClaimCard",
    "Cluster",
    "Conflict",
    "Credit",
    "EstimateTrail",
    "Exclusion",
    "Explanation",
    "FaqItem",
    "Figure",
    "Fit",
    "Formatted",
    "Gap",
    "Hit",
    "Hop",
    "NearFinding",
    "Neighbour",
    "Question",
    "Ranked",
    "Ref",
    "Reference",
    "RuleOutcome",
    "Support",
    "Trail",
    "TrailEntry",
    "TrailPart",
    "TrailReport",
    "UntracedCard",
    "VendorSummary",
]
