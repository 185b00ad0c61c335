"""What a study could have seen, in numbers and in words: the records of ``power_of``."""

from __future__ import annotations

from evidencekb.answers import power
from evidencekb.answers.effects import NO_EFFECT
from evidencekb.answers.numbers import closed, number
from evidencekb.answers.records import Ref
from evidencekb.answers.weighing import Power
from evidencekb.errors import QuestionError
from evidencekb.model import Estimate, Finding
from evidencekb.vocab import RATIOS, Measure


def seen(finding: Finding, estimate: Estimate, effect: float | None, *, tested: bool = False) -> Power:
    """What a study could have seen of one estimate.

    Args:
        finding: The study.
        estimate: One of its estimates.
        effect: An effect in the unit of the estimate, if one is asked about.
        tested: True for a study that is known to be a test by something other than its design.

    Raises:
        QuestionError: If the effect is none that the measure can take.
    """
    precision = power.precision_of(finding, estimate, tested=tested)
    se, distance, chance = precision.se, None, None
    if effect is not None and (distance := power.standard(estimate, effect)) is None:
        raise QuestionError(
            f"{effect} is no effect that {estimate.measure or 'an estimate without a measure'} can take"
        )
    if se and distance is not None:
        chance = power.power_for(distance, se)
    least = power.unit_of(estimate, power.detectable(se)) if se else None
    why = "" if se else _why(finding, estimate, precision, tested=tested)
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
    power.UNCLEAR: "Cannot be told from no effect ({found}).",
    power.SMALL: "Rests on {found} and has no interval.",
    power.CLEAR: "",
    power.UNKNOWN: "",
    "": "",
}


def _why(finding: Finding, estimate: Estimate, precision: power.Precision, *, tested: bool) -> str:
    if not tested and finding.design not in power.TESTS:
        return f"a {str(finding.design).replace('_', ' ')} is no experiment, audit or survey"
    if estimate.measure is None:
        return "only a direction is recorded"
    if estimate.measure not in NO_EFFECT:
        return f"a {str(estimate.measure).replace('_', ' ')} is no effect"
    if precision.basis == "p_value":
        return "it found no effect at all, of which a p value tells no standard error"
    return "no interval, standard error or p value is recorded, and the size of the sample alone does not tell"


def _shown(estimate: Estimate, value: float) -> str:
    """An effect in the unit of the estimate, to three digits."""
    size = abs(value) if estimate.measure not in RATIOS and estimate.measure is not Measure.CORRELATION else value
    return number(float(f"{size:.3g}"), estimate.measure, estimate.unit).lstrip("+")
