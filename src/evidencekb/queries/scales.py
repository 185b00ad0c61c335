"""Published scales of study designs: which level each design has, and which designs a scale leaves out.

A level is the highest that the design allows. The scales also ask how well a study was carried out, which no record tells; so a
level here is where a judgement starts, and never a score.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from evidencekb.vocab import Design

RANDOMISED = frozenset({
    Design.FIELD_EXPERIMENT, Design.LAB_EXPERIMENT, Design.CORRESPONDENCE_AUDIT, Design.SURVEY_EXPERIMENT,
})  # fmt: skip
"""Designs that assign at random to people, firms or applications."""

COMPARED = frozenset({
    Design.REGRESSION_DISCONTINUITY, Design.INSTRUMENTAL_VARIABLE, Design.DIFFERENCE_IN_DIFFERENCES, Design.MATCHED_PANEL,
    Design.ADJUSTED_CROSS_SECTION, Design.BEFORE_AFTER, Design.RAW_COMPARISON,
})  # fmt: skip
"""Designs that compare groups or times without random assignment."""


@dataclass(frozen=True, slots=True)
class Levels:
    """A published scale of designs.

    Attributes:
        name: How the scale is called in a text.
        levels: Level by design; a design that is not there is outside the scale.
        best: The strongest level; the others are so many steps away.
        pooled: Where a synthesis has a level of its own, by the level of all that it pools.
    """

    name: str
    levels: Mapping[Design, int]
    best: int
    pooled: Mapping[int, int] = field(default_factory=dict)

    def steps(self, level: int | None) -> int:
        """Steps below the strongest level; 5, below them all, for what has no level.

        Examples:
            >>> SMS.steps(5), SMS.steps(1), OCEBM.steps(1), OCEBM.steps(None)
            (0, 4, 0, 5)
        """
        return 5 if level is None else abs(self.best - level)

    def synthesis(self, parts: Iterable[Design]) -> int | None:
        """Level of a synthesis of these designs: that of the weakest, else the scale's own for studies that all have one level.

        None when it pools nothing, or a design outside the scale.

        Examples:
            >>> SMS.synthesis([Design.FIELD_EXPERIMENT, Design.MATCHED_PANEL])
            3
            >>> OCEBM.synthesis([Design.FIELD_EXPERIMENT]), OCEBM.synthesis([Design.MATCHED_PANEL])
            (1, 3)
        """
        levels = {self.levels.get(design) for design in parts}
        if not levels or None in levels:
            return None
        weakest = max(levels, key=self.steps)
        return self.pooled.get(weakest, weakest) if len(levels) == 1 and weakest else weakest


SMS = Levels("Maryland level", {design: design.sms for design in Design if design.sms}, best=5)
"""The Maryland Scientific Methods Scale, for studies of what a policy or a practice does.

References:
    Sherman et al. (1998), Preventing Crime: What Works, What Doesn't, What's Promising, National Institute of Justice.
    Madaleno and Waights (2016), Guide to scoring methods using the Maryland Scientific Methods Scale, What Works Centre for Local
    Economic Growth: the version with methods by name.
"""

OCEBM = Levels(
    "OCEBM level",
    {
        **dict.fromkeys(RANDOMISED, 2),
        Design.REGRESSION_DISCONTINUITY: 3,
        Design.INSTRUMENTAL_VARIABLE: 3,
        Design.DIFFERENCE_IN_DIFFERENCES: 3,
        Design.MATCHED_PANEL: 3,
        Design.BEFORE_AFTER: 4,
        Design.EXPOSURE_RATING: 5,
    },
    best=1,
    pooled={2: 1},
)
"""The Oxford levels, row "Does this intervention help?". Comparisons at one time are not in that row.

References:
    OCEBM Levels of Evidence Working Group (2011), The Oxford 2011 Levels of Evidence.
"""

OCEBM_PREVALENCE = Levels(
    "OCEBM level",
    {
        Design.OFFICIAL_COUNT: 1,
        Design.PROBABILITY_SURVEY: 1,
        Design.CONVENIENCE_SURVEY: 3,
        Design.DESCRIPTIVE_COUNT: 3,
        Design.LAB_OBSERVATION: 4,
        Design.QUALITATIVE: 4,
    },
    best=1,
    pooled={1: 2},
)
"""The Oxford levels, row "How common is the problem?". Whether a survey is local and current is for the fit to the question.

References:
    OCEBM Levels of Evidence Working Group (2011), The Oxford 2011 Levels of Evidence.
"""
