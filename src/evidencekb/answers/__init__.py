"""Records that questions return, and the pure functions that make them from records of a pack."""

from __future__ import annotations

from evidencekb.answers.cards import Card, ClaimCard, NearFinding, Support, UntracedCard
from evidencekb.answers.comparability import (
    CohortRelation,
    CohortStep,
    ComparableGroup,
    Comparison,
    Grouping,
    Reason,
)
from evidencekb.answers.differences import Change, Difference
from evidencekb.answers.figures import Figure
from evidencekb.answers.flags import FlagExplanation
from evidencekb.answers.gapmaps import GapCell, GapMap
from evidencekb.answers.impacts import Impact
from evidencekb.answers.origins import Origins
from evidencekb.answers.pages import Brief
from evidencekb.answers.pooled import (
    Allowed,
    FilledFunnel,
    Funnel,
    FunnelPoint,
    FunnelTest,
    LeftOut,
    PooledOver,
    PooledPart,
    PooledSpread,
)
from evidencekb.answers.pooling import PooledFinding, PooledSelection
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
from evidencekb.answers.replications import (
    Attempt,
    EffectCheck,
    EffectPair,
    NotCounted,
    ReplicationCount,
    ReplicationsOf,
    ReplicationStudy,
)
from evidencekb.answers.reports import CheckShown, RuleOutcome, TrailEntry, TrailPart, TrailReport
from evidencekb.answers.studies import IndependentSupport, Join, StanceSupport, Study
from evidencekb.answers.trails import EstimateTrail, Explanation, Hit, Hop, Ranked, Trail, VendorSummary
from evidencekb.answers.verifications import Verification
from evidencekb.answers.weighing import Disagreement, Power

__all__ = [
    "TIERS",
    "Allowed",
    "Answer",
    "Attempt",
    "Brief",
    "Card",
    "Caveat",
    "Change",
    "CheckShown",
    "ClaimCard",
    "Cluster",
    "CohortRelation",
    "CohortStep",
    "ComparableGroup",
    "Comparison",
    "Conflict",
    "Credit",
    "Difference",
    "Disagreement",
    "EffectCheck",
    "EffectPair",
    "EstimateTrail",
    "Exclusion",
    "Explanation",
    "FaqItem",
    "Figure",
    "FilledFunnel",
    "Fit",
    "FlagExplanation",
    "Formatted",
    "Funnel",
    "FunnelPoint",
    "FunnelTest",
    "Gap",
    "GapCell",
    "GapMap",
    "Grouping",
    "Hit",
    "Hop",
    "Impact",
    "IndependentSupport",
    "Join",
    "LeftOut",
    "NearFinding",
    "Neighbour",
    "NotCounted",
    "Origins",
    "PooledFinding",
    "PooledOver",
    "PooledPart",
    "PooledSelection",
    "PooledSpread",
    "Power",
    "Question",
    "Ranked",
    "Reason",
    "Ref",
    "Reference",
    "ReplicationCount",
    "ReplicationStudy",
    "ReplicationsOf",
    "RuleOutcome",
    "StanceSupport",
    "Study",
    "Support",
    "Trail",
    "TrailEntry",
    "TrailPart",
    "TrailReport",
    "UntracedCard",
    "VendorSummary",
    "Verification",
]
