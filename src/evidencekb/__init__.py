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
        Answer,
        Brief,
        Card,
        Caveat,
        ClaimCard,
        Cluster,
        Conflict,
        Credit,
        EstimateTrail,
        Exclusion,
        Explanation,
        FaqItem,
        Figure,
        Fit,
        Formatted,
        Gap,
        Hit,
        Hop,
        NearFinding,
        Neighbour,
        Question,
        Ranked,
        Ref,
        Reference,
        Support,
        Trail,
        TrailReport,
        UntracedCard,
        VendorSummary,
    )
    from evidencekb.answers.schema import answer_schema, report_schema
    from evidencekb.curating import Addition, ImportReport, add_from_file, add_source, import_file
    from evidencekb.errors import (
        CurationError,
        EngineError,
        EvidenceError,
        FormatError,
        LookupFailed,
        PackError,
        QuestionError,
        SealedFileError,
        StyleError,
        UnknownIdError,
        WorkerError,
    )
    from evidencekb.kb import KnowledgeBase
    from evidencekb.loading import audit, build, check, load
    from evidencekb.queries import (
        answer,
        brief,
        briefs,
        claim_card,
        claims_about,
        dependence_of,
        explain,
        finding_card,
        how_to_cite,
        links,
        neighbours,
        primary_sources,
        questions,
        rank_findings,
        references,
        search,
        select_figures,
        select_findings,
        select_strongest,
        standing,
        trace,
        trail_report,
        untraced_about,
        untraced_card,
        vendor_summary,
    )
    from evidencekb.report import Place, Report, Severity, Skipped, Subject, Violation
    from evidencekb.sources.client import Client
    from evidencekb.sources.links import LinkReport
    from evidencekb.sources.standing.report import StandingReport

_HOMES = {
    "evidencekb.answers": (
        "Answer", "Brief", "Card", "Caveat", "ClaimCard", "Cluster", "Conflict", "Credit", "EstimateTrail", "Exclusion",
        "Explanation", "FaqItem", "Figure", "Fit", "Formatted", "Gap", "Hit", "Hop", "NearFinding", "Neighbour", "Question",
        "Ranked", "Ref", "Reference", "Support", "Trail", "TrailReport", "UntracedCard", "VendorSummary",
    ),
    "evidencekb.answers.schema": ("answer_schema", "report_schema"),
    "evidencekb.curating": ("Addition", "ImportReport", "add_from_file", "add_source", "import_file"),
    "evidencekb.errors": (
        "CurationError", "EngineError", "EvidenceError", "FormatError", "LookupFailed", "PackError", "QuestionError",
        "SealedFileError", "StyleError", "UnknownIdError", "WorkerError",
    ),
    "evidencekb.kb": ("KnowledgeBase",),
    "evidencekb.loading": ("audit", "build", "check", "load"),
    "evidencekb.queries": (
        "answer", "brief", "briefs", "claim_card", "claims_about", "dependence_of", "explain", "finding_card", "how_to_cite",
        "links", "neighbours", "primary_sources", "questions", "rank_findings", "references", "search", "select_figures",
        "select_findings", "select_strongest", "standing", "trace", "trail_report", "untraced_about", "untraced_card",
        "vendor_summary",
    ),
    "evidencekb.report": ("Place", "Report", "Severity", "Skipped", "Subject", "Violation"),
    "evidencekb.sources.client": ("Client",),
    "evidencekb.sources.links": ("LinkReport",),
    "evidencekb.sources.standing.report": ("StandingReport",),
}  # fmt: skip
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Addition",
    "Answer",
    "Brief",
    "Card",
    "Caveat",
    "ClaimCard",
    "Client",
    "Cluster",
    "Conflict",
    "Credit",
    "CurationError",
    "EngineError",
    "EstimateTrail",
    "EvidenceError",
    "Exclusion",
    "Explanation",
    "FaqItem",
    "Figure",
    "Fit",
    "FormatError",
    "Formatted",
    "Gap",
    "Hit",
    "Hop",
    "ImportReport",
    "KnowledgeBase",
    "LinkReport",
    "LookupFailed",
    "NearFinding",
    "Neighbour",
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
    "StandingReport",
    "StyleError",
    "Subject",
    "Support",
    "Trail",
    "TrailReport",
    "UnknownIdError",
    "UntracedCard",
    "VendorSummary",
    "Violation",
    "WorkerError",
    "__version__",
    "add_from_file",
    "add_source",
    "answer",
    "answer_schema",
    "audit",
    "brief",
    "briefs",
    "build",
    "check",
    "claim_card",
    "claims_about",
    "dependence_of",
    "explain",
    "finding_card",
    "how_to_cite",
    "import_file",
    "links",
    "load",
    "neighbours",
    "primary_sources",
    "questions",
    "rank_findings",
    "references",
    "report_schema",
    "search",
    "select_figures",
    "select_findings",
    "select_strongest",
    "standing",
    "trace",
    "trail_report",
    "untraced_about",
    "untraced_card",
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
