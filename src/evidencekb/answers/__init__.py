"""Records that questions return, and the pure functions that make them from records of a pack."""

from __future__ import annotations

from evidencekb.answers.cards import Card, ClaimCard, NearFinding, Support, UntracedCard
from evidencekb.answers.differences import Change, Difference
from evidencekb.answers.figures import Figure
from evidencekb.answers.impacts import Impact
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
from evidencekb.answers.trails import EstimateTrail, Explanation, Hit, Hop, Ranked, Trail, VendorSummary
from evidencekb.answers.verifications import Verification

__all__ = [
    "TIERS",
    "Answer",
    "Brief",
    "Card",
    "Caveat",
    "Change",
    "ClaimCard",
    "Cluster",
    "Conflict",
    "Credit",
    "Difference",
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
    "Impact",
    "NearFinding",
    "Neighbour",
    "Question",
    "Ranked",
    "Ref",
    "Reference",
    "Support",
    "Trail",
    "UntracedCard",
    "VendorSummary",
    "Verification",
]
