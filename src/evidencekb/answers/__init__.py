"""Records that questions return, and the pure functions that make them from records of a pack."""

from __future__ import annotations

from evidencekb.answers.records import (
    DIMENSIONS,
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

__all__ = ["DIMENSIONS", "TIERS", "Brief", "Card", "Caveat", "Figure", "Fit", "Gap", "Question", "Ref", "Reference"]
