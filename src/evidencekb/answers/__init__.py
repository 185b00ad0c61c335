"""Records that questions return, and the pure functions that make them from records of a pack."""

from __future__ import annotations

from evidencekb.answers.records import (
    TIERS,
    Brief,
    Card,
    Caveat,
    Figure,
    Fit,
    Gap,
    Question,
    Ref,
    Reference,
)
from evidencekb.answers.trails import EstimateTrail, Explanation, Hit, Hop, Ranked, Trail, VendorSummary

__all__ = [
    "TIERS",
    "Brief",
    "Card",
    "Caveat",
    "EstimateTrail",
    "Explanation",
    "Figure",
    "Fit",
    "Gap",
    "Hit",
    "Hop",
    "Question",
    "Ranked",
    "Ref",
    "Reference",
    "Trail",
    "VendorSummary",
]
