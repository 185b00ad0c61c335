"""evidencekb: a citation-managed evidence knowledge base.

Every figure resolves to a primary source that carries a vendor flag, or it does not leave the library.

>>> import evidencekb as ekb
>>> kb = ekb.load()
>>> print(ekb.brief(kb, role="machine-learning-engineer", skill="pytorch").title)
PyTorch for machine learning engineers: what is known

Names are imported when they are first used, so that importing the package costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from evidencekb.__about__ import __version__

if TYPE_CHECKING:
    from evidencekb.answers import (
        Brief,
        Card,
        Caveat,
        EstimateTrail,
        Explanation,
        Figure,
        Fit,
        Gap,
        Hit,
        Hop,
        Question,
        Ranked,
        Ref,
        Reference,
        Trail,
        VendorSummary,
    )
    from evidencekb.errors import EvidenceError, PackError, QuestionError, SealedFileError, UnknownIdError
    from evidencekb.kb import KnowledgeBase
    from evidencekb.loading import build, check, load
    from evidencekb.queries import (
        brief,
        claims_about,
        explain,
        primary_sources,
        rank_findings,
        references,
        search,
        select_findings,
        trace,
        vendor_summary,
    )
    from evidencekb.report import Place, Report, Severity, Skipped, Subject, Violation

_HOMES = {
    "evidencekb.answers": (
        "Brief", "Card", "Caveat", "EstimateTrail", "Explanation", "Figure", "Fit", "Gap", "Hit", "Hop", "Question",
        "Ranked", "Ref", "Reference", "Trail", "VendorSummary",
    ),
    "evidencekb.errors": ("EvidenceError", "PackError", "QuestionError", "SealedFileError", "UnknownIdError"),
    "evidencekb.kb": ("KnowledgeBase",),
    "evidencekb.loading": ("build", "check", "load"),
    "evidencekb.queries": (
        "brief", "claims_about", "explain", "primary_sources",
        "rank_findings", "references", "search", "select_findings", "trace", "vendor_summary",
    ),
    "evidencekb.report": ("Place", "Report", "Severity", "Skipped", "Subject", "Violation"),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Brief",
    "Card",
    "Caveat",
    "EstimateTrail",
    "EvidenceError",
    "Explanation",
    "Figure",
    "Fit",
    "Gap",
    "Hit",
    "Hop",
    "KnowledgeBase",
    "PackError",
    "Place",
    "Question",
    "QuestionError",
    "Ranked",
    "Ref",
    "Reference",
    "Report",
    "SealedFileError",
    "Severity",
    "Skipped",
    "Subject",
    "Trail",
    "UnknownIdError",
    "VendorSummary",
    "Violation",
    "__version__",
    "brief",
    "build",
    "check",
    "claims_about",
    "explain",
    "load",
    "primary_sources",
    "rank_findings",
    "references",
    "search",
    "select_findings",
    "trace",
    "vendor_summary",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
