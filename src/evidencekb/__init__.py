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
        Attempt,
        Brief,
        Card,
        Caveat,
        Change,
        ClaimCard,
        Cluster,
        CohortRelation,
        CohortStep,
        ComparableGroup,
        Comparison,
        Conflict,
        Credit,
        Difference,
        Disagreement,
        EffectCheck,
        EffectPair,
        EstimateTrail,
        Exclusion,
        Explanation,
        FaqItem,
        Figure,
        Fit,
        FlagExplanation,
        Formatted,
        Gap,
        GapCell,
        GapMap,
        Grouping,
        Hit,
        Hop,
        Impact,
        IndependentSupport,
        Join,
        NearFinding,
        Neighbour,
        NotCounted,
        Origins,
        Power,
        Question,
        Ranked,
        Reason,
        Ref,
        Reference,
        ReplicationCount,
        ReplicationsOf,
        ReplicationStudy,
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
    from evidencekb.answers.selections import Selection
    from evidencekb.curating import (
        Addition,
        ImportReport,
        ReplicationImport,
        add_from_file,
        add_source,
        import_file,
        import_replications,
    )
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
    from evidencekb.exports.frames import findings_frame
    from evidencekb.kb import KnowledgeBase
    from evidencekb.loading import audit, build, check, load, sign, verify
    from evidencekb.queries import (
        answer,
        brief,
        briefs,
        claim_card,
        claims_about,
        compare,
        conflicts_of,
        dependence_of,
        diff,
        explain,
        explain_flag,
        finding_card,
        gap_map,
        group_comparable,
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
        relate_cohorts,
        replications_of,
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
        "Answer", "Attempt", "Brief", "Card", "Caveat", "Change", "ClaimCard", "Cluster", "CohortRelation",
        "CohortStep", "ComparableGroup", "Comparison", "Conflict", "Credit", "Difference", "Disagreement",
        "EffectCheck", "EffectPair", "EstimateTrail", "Exclusion", "Explanation", "FaqItem", "Figure", "Fit",
        "FlagExplanation", "Formatted", "Gap", "GapCell", "GapMap", "Grouping", "Hit", "Hop", "Impact",
        "IndependentSupport", "Join", "NearFinding", "Neighbour", "NotCounted", "Origins", "Power", "Question",
        "Ranked", "Reason", "Ref", "Reference", "ReplicationCount", "ReplicationStudy", "ReplicationsOf",
        "StanceSupport", "Study", "Support", "Trail", "TrailReport", "UntracedCard", "VendorSummary", "Verification",
    ),
    "evidencekb.answers.drifts": ("DriftHint",),
    "evidencekb.answers.schema": ("answer_schema", "report_schema"),
    "evidencekb.answers.selections": ("Selection",),
    "evidencekb.curating": (
        "Addition", "ImportReport", "ReplicationImport", "add_from_file", "add_source", "import_file",
        "import_replications",
    ),
    "evidencekb.errors": (
        "CurationError", "EngineError", "EvidenceError", "FormatError", "LookupFailed", "PackError", "QuestionError",
        "SealedFileError", "SignatureError", "StyleError", "UnknownIdError", "WorkerError",
    ),
    "evidencekb.exports.frames": ("findings_frame",),
    "evidencekb.kb": ("KnowledgeBase",),
    "evidencekb.loading": ("audit", "build", "check", "load", "sign", "verify"),
    "evidencekb.queries": (
        "answer", "brief", "briefs", "claim_card", "claims_about", "compare", "conflicts_of", "dependence_of", "diff",
        "explain", "explain_flag", "finding_card", "gap_map", "group_comparable", "how_to_cite", "impact",
        "independent_support", "links", "neighbours", "origins_of", "power_of", "primary_sources", "questions",
        "rank_findings", "references", "relate_cohorts", "replications_of", "search", "select_figures",
        "select_findings", "select_strongest", "standing", "suggest_drift", "trace", "trail_report", "untraced_about",
        "untraced_card", "vendor_summary",
    ),
    "evidencekb.report": ("Place", "Report", "Severity", "Skipped", "Subject", "Violation"),
    "evidencekb.seeds": ("SeedReport", "SeedResult", "selftest"),
    "evidencekb.sources.client": ("Client",),
    "evidencekb.sources.links": ("LinkReport",),
    "evidencekb.sources.standing.report": ("StandingReport",),
}  # fmt: skip
_MODULES = ("effects", "exports", "notebooks", "plots", "rules", "synthesis", "testing", "vocab")
"""Public modules beside those names; those that need an extra say so when they are imported."""
_HOME_OF = {name: home for home, names in _HOMES.items() for name in names}

__all__ = [
    "Addition",
    "Answer",
    "Attempt",
    "Brief",
    "Card",
    "Caveat",
    "Change",
    "ClaimCard",
    "Client",
    "Cluster",
    "CohortRelation",
    "CohortStep",
    "ComparableGroup",
    "Comparison",
    "Conflict",
    "Credit",
    "CurationError",
    "Difference",
    "Disagreement",
    "DriftHint",
    "EffectCheck",
    "EffectPair",
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
    "GapCell",
    "GapMap",
    "Grouping",
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
    "NotCounted",
    "Origins",
    "PackError",
    "Place",
    "Power",
    "Question",
    "QuestionError",
    "Ranked",
    "Reason",
    "Ref",
    "Reference",
    "ReplicationCount",
    "ReplicationImport",
    "ReplicationStudy",
    "ReplicationsOf",
    "Report",
    "SealedFileError",
    "SeedReport",
    "SeedResult",
    "Selection",
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
    "compare",
    "conflicts_of",
    "dependence_of",
    "diff",
    "explain",
    "explain_flag",
    "finding_card",
    "findings_frame",
    "gap_map",
    "group_comparable",
    "how_to_cite",
    "impact",
    "import_file",
    "import_replications",
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
    "relate_cohorts",
    "replications_of",
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
    if name in _MODULES:
        from evidencekb.errors import EngineError

        try:
            return import_module(f"evidencekb.{name}")
        except EngineError as problem:
            raise AttributeError(f"evidencekb.{name}: {problem}", name=name) from problem
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(_HOME_OF[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    """What completion offers: the public names and modules, without what this module itself needs."""
    return sorted({*__all__, *_MODULES, *(name for name in globals() if name.startswith("__"))})
