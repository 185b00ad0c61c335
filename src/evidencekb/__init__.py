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
        Change,
        ClaimCard,
        Cluster,
        Conflict,
        Credit,
        Difference,
        Disagreement,
        EstimateTrail,
        Exclusion,
        Explanation,
        FaqItem,
        Figure,
        Fit,
        FlagExplanation,
        Formatted,
        Gap,
        Hit,
        Hop,
        Impact,
        IndependentSupport,
        Join,
        NearFinding,
        Neighbour,
        Origins,
        Power,
        Question,
        Ranked,
        Ref,
        Reference,
        StanceSupport,
        Study,
        Support,
        Trail,
        TrailReport,
        UntracedCard,
        VendorSummary,
        Verification,
    )
    from evidencekb.answers.drifts import DriftHint
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
        SignatureError,
        StyleError,
        UnknownIdError,
        WorkerError,
    )
    from evidencekb.kb import KnowledgeBase
    from evidencekb.loading import audit, build, check, load, sign, verify
    from evidencekb.queries import (
        answer,
        brief,
        briefs,
        claim_card,
        claims_about,
        conflicts_of,
        dependence_of,
        diff,
        explain,
        explain_flag,
        finding_card,
        how_to_cite,
        impact,
        independent_support,
        links,
        neighbours,
        origins_of,
        power_of,
        primary_sources,
        questions,
        rank_findings,
        references,
        search,
        select_figures,
        select_findings,
        select_strongest,
        standing,
        suggest_drift,
        trace,
        trail_report,
        untraced_about,
        untraced_card,
        vendor_summary,
    )
    from evidencekb.report import Place, Report, Severity, Skipped, Subject, Violation
    from evidencekb.seeds import SeedReport, SeedResult, selftest
    from evidencekb.sources.client import Client
    from evidencekb.sources.links import LinkReport
    from evidencekb.sources.standing.report import StandingReport

_HOMES = {
    "evidencekb.answers": (
        "Answer", "Brief", "Card", "Caveat", "Change", "ClaimCard", "Cluster", "Conflict", "Credit", "Difference",
        "Disagreement", "EstimateTrail", "Exclusion", "Explanation", "FaqItem", "Figure", "Fit", "FlagExplanation",
        "Formatted", "Gap", "Hit", "Hop", "Impact", "IndependentSupport", "Join", "NearFinding", "Neighbour", "Origins",
        "Power", "Question", "Ranked", "Ref", "Reference", "StanceSupport", "Study", "Support", "Trail", "TrailReport",
        "UntracedCard", "VendorSummary", "Verification",
    ),
    "evidencekb.answers.drifts": ("DriftHint",),
    "evidencekb.answers.schema": ("answer_schema", "report_schema"),
    "evidencekb.curating": ("Addition", "ImportReport", "add_from_file", "add_source", "import_file"),
    "evidencekb.errors": (
        "CurationError", "EngineError", "EvidenceError", "FormatError", "LookupFailed", "PackError", "QuestionError",
        "SealedFileError", "SignatureError", "StyleError", "UnknownIdError", "WorkerError",
    ),
    "evidencekb.kb": ("KnowledgeBase",),
    "evidencekb.loading": ("audit", "build", "check", "load", "sign", "verify"),
    "evidencekb.queries": (
        "answer", "brief", "briefs", "claim_card", "claims_about", "conflicts_of", "dependence_of", "diff", "explain",
        "explain_flag", "finding_card", "how_to_cite", "impact", "independent_support", "links", "neighbours", "origins_of",
        "power_of", "primary_sources", "questions", "rank_findings", "references", "search", "select_figures",
        "select_findings", "select_strongest", "standing", "suggest_drift", "trace", "trail_report", "untraced_about",
        "untraced_card", "vendor_summary",
    ),
    "evidencekb.report": ("Place", "Report", "Severity", "Skipped", "Subject", "Violation"),
    "evidencekb.seeds": ("SeedReport", "SeedResult", "selftest"),
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
    "Change",
    "ClaimCard",
    "Client",
    "Cluster",
    "Conflict",
    "Credit",
    "CurationError",
    "Difference",
    "Disagreement",
    "DriftHint",
    "EngineError",
    "EstimateTrail",
    "EvidenceError",
    "Exclusion",
    "Explanation",
    "FaqItem",
    "Figure",
    "Fit",
    "FlagExplanation",
    "FormatError",
    "Formatted",
    "Gap",
    "Hit",
    "Hop",
    "Impact",
    "ImportReport",
    "IndependentSupport",
    "Join",
    "KnowledgeBase",
    "LinkReport",
    "LookupFailed",
    "NearFinding",
    "Neighbour",
    "Origins",
    "PackError",
    "Place",
    "Power",
    "Question",
    "QuestionError",
    "Ranked",
    "Ref",
    "Reference",
    "Report",
    "SealedFileError",
    "SeedReport",
    "SeedResult",
    "Severity",
    "SignatureError",
    "Skipped",
    "StanceSupport",
    "StandingReport",
    "Study",
    "StyleError",
    "Subject",
    "Support",
    "Trail",
    "TrailReport",
    "UnknownIdError",
    "UntracedCard",
    "VendorSummary",
    "Verification",
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
    "conflicts_of",
    "dependence_of",
    "diff",
    "explain",
    "explain_flag",
    "finding_card",
    "how_to_cite",
    "impact",
    "import_file",
    "independent_support",
    "links",
    "load",
    "neighbours",
    "origins_of",
    "power_of",
    "primary_sources",
    "questions",
    "rank_findings",
    "references",
    "report_schema",
    "search",
    "select_figures",
    "select_findings",
    "select_strongest",
    "selftest",
    "sign",
    "standing",
    "suggest_drift",
    "trace",
    "trail_report",
    "untraced_about",
    "untraced_card",
    "vendor_summary",
    "verify",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
