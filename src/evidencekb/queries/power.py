"""What a study could have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencekb.answers import Power
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase


def power_of(
    kb: KnowledgeBase, finding: str, *, estimate: str | None = None, effect: float | None = None
) -> tuple[Power, ...]:
    """What an experiment, an audit or a survey could have seen: what rule 307 goes by.

    The standard error comes from the interval, (upper − lower) / (2 z), else from the one printed, else from the p value; of a
    standardised difference, points or a correlation also from the sample, for two halves at best. The smallest effect that four
    of five such studies would see is 2.80 standard errors, at 5% on both sides. Ratios are taken on the log scale, correlations
    on Fisher's z. The power against the effect that was found says nothing that its p value does not, so ``effect`` is one that
    somebody cares about.

    Args:
        kb: The knowledge base.
        finding: Id of a finding.
        estimate: Name of one of its estimates; all when left out.
        effect: An effect in the unit of the estimate, such as 10 for 10%, or 1.5 for a ratio.

    Returns:
        One for each estimate, in their order. What cannot be known is None, and ``why`` says why.

    Raises:
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If an effect is given for several estimates at once, or is none that the measure can take.

    Examples:
        From +1.3% to +39.4% the interval runs from ln 1.013 to ln 1.394, so the standard error is 0.319 / 3.92 = 0.081. What is
        2.80 times as much is a rise of 25.6%; one of 10%, ln 1.1 = 0.095, would have been seen in two of nine such trials.

        >>> from evidencekb import load
        >>> (time,) = power_of(load(), "metr-2025-developer-slowdown", estimate="time", effect=10)
        >>> round(time.standard_error, 2), round(time.detectable, 1), round(time.power, 2)
        (0.08, 25.6, 0.22)

    References:
        Cochrane Handbook for Systematic Reviews of Interventions, chapter 6.3 (standard errors from intervals and p values).
        Bloom (1995), Minimum Detectable Effects, Evaluation Review 19(5), 547-556.
        Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed.
    """
    from evidencekb.answers.seeing import seen  # it needs the models, which most questions do without

    held = kb.finding(one("finding", finding))
    names = [e.id for e in held.estimates]
    if estimate is not None and estimate not in names:
        raise UnknownIdError("estimate", estimate, near(estimate, names))
    asked = [e for e in held.estimates if estimate in (None, e.id)]
    if effect is not None and len(asked) > 1:
        raise QuestionError(f"an effect is in the unit of one estimate; name one of {', '.join(names)}")
    return tuple(seen(held, each, effect) for each in asked)
