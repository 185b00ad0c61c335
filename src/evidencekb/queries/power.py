"""What a study could have seen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencekb.answers import Power
from evidencekb.answers import power as measuring
from evidencekb.answers.effects import NO_EFFECT
from evidencekb.answers.numbers import closed, number
from evidencekb.answers.records import Ref
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries.subjects import one
from evidencekb.vocab import RATIOS, Measure

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Estimate, Finding


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
        From +1.3 to +39.4 the standard error is 38.1 / 3.92 = 9.72, and 2.80 times as much 27.2: an effect of 10% would have
        been seen in one of six such trials.

        >>> from evidencekb import load
        >>> (time,) = power_of(load(), "metr-2025-developer-slowdown", estimate="time", effect=10)
        >>> round(time.standard_error, 2), round(time.detectable, 1), round(time.power, 2)
        (9.72, 27.2, 0.18)

    References:
        Cochrane Handbook for Systematic Reviews of Interventions, chapter 6.3 (standard errors from intervals and p values).
        Bloom (1995), Minimum Detectable Effects, Evaluation Review 19(5), 547-556.
        Cohen (1988), Statistical Power Analysis for the Behavioral Sciences, 2nd ed.
    """
    held = kb.finding(one("finding", finding))
    names = [e.id for e in held.estimates]
    if estimate is not None and estimate not in names:
        raise UnknownIdError("estimate", estimate, near(estimate, names))
    asked = [e for e in held.estimates if estimate in (None, e.id)]
    if effect is not None and len(asked) > 1:
        raise QuestionError(f"an effect is in the unit of one estimate; name one of {', '.join(names)}")
    return tuple(_power(held, each, effect) for each in asked)


def _power(finding: Finding, estimate: Estimate, effect: float | None) -> Power:
    precision = measuring.precision_of(finding, estimate)
    se, distance, chance = precision.se, None, None
    if effect is not None and (distance := measuring.standard(estimate, effect)) is None:
        raise QuestionError(
            f"{effect} is no effect that {estimate.measure or 'an estimate without a measure'} can take"
        )
    if se and distance is not None:
        chance = measuring.power_for(distance, se)
    least = measuring.unit_of(estimate, measuring.detectable(se)) if se else None
    why = "" if se else _why(finding, estimate)
    parts = [_VERDICTS[precision.verdict].format(found=precision.found)]
    if least is not None:
        at_best = ", at best," if precision.basis == "n" else ""
        parts.append(f"Four of five such studies{at_best} would see {_shown(estimate, least)} or more.")
    if chance is not None and effect is not None:
        parts.append(f"{_shown(estimate, effect)} would be seen in {chance:.0%} of them.")
    if why:
        parts.append(closed(f"Its power cannot be known: {why}"))
    return Power(
        finding=Ref("finding", finding.id, finding.headline),
        estimate=estimate.id,
        verdict=precision.verdict,
        basis=precision.basis,
        standard_error=se,
        n=precision.n,
        detectable=least,
        effect=effect,
        power=chance,
        why=why,
        text=" ".join(filter(None, parts)),
    )


_VERDICTS = {
    measuring.UNCLEAR: "Cannot be told from no effect ({found}).",
    measuring.SMALL: "Rests on {found} and has no interval.",
    measuring.CLEAR: "",
    measuring.UNKNOWN: "",
    "": "",
}


def _why(finding: Finding, estimate: Estimate) -> str:
    if finding.design not in measuring.TESTS:
        return f"a {str(finding.design).replace('_', ' ')} is no experiment, audit or survey"
    if estimate.measure is None:
        return "only a direction is recorded"
    if estimate.measure not in NO_EFFECT:
        return f"a {str(estimate.measure).replace('_', ' ')} is no effect"
    return "no interval, standard error or p value is recorded, and the size of the sample alone does not tell"


def _shown(estimate: Estimate, value: float) -> str:
    """An effect in the unit of the estimate, to three digits."""
    size = abs(value) if estimate.measure not in RATIOS and estimate.measure is not Measure.CORRELATION else value
    return number(float(f"{size:.3g}"), estimate.measure, estimate.unit).lstrip("+")
