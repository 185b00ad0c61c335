"""From one measure to another: d, r, odds ratios, risk ratios and changes in percent.

Each function takes a value in its own unit and, where known, its standard error on the scale of the measure: of ratios on the log
scale. What comes back is derived, and says by which formula and under which assumptions.
"""

from __future__ import annotations

import math

from evidencekb.effects.derived import Derived
from evidencekb.effects.domains import between, finite, positive
from evidencekb.effects.scales import to_log_change
from evidencekb.errors import QuestionError

_BOOK = "Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, chapter 7"
_LOGISTIC = "the outcome is a cut of something continuous whose distribution is logistic in each group"
_CUT = "the correlation is that of a continuous outcome with membership of two groups"
_KNOWN = "the base risk of {base_risk:g} is that of the comparator of this study, and is known without error"
_FACTOR = math.sqrt(3) / math.pi


def d_from_odds_ratio(odds_ratio: float, se: float | None = None) -> Derived:
    """A standardised difference from an odds ratio: ln OR × √3/π.

    Args:
        odds_ratio: The odds ratio.
        se: Standard error of its logarithm.

    Raises:
        QuestionError: If the odds ratio is not above 0.

    Examples:
        An odds ratio of 2.4767, whose logarithm is 0.9069 with a variance of 0.0676: d = 0.9069 × 0.5513 = 0.5, variance 0.0205.

        >>> found = d_from_odds_ratio(2.4767, 0.0676 ** 0.5)
        >>> round(found.value, 4), round(found.se ** 2, 4)
        (0.5, 0.0205)

    References:
        Hasselblad & Hedges (1995), Meta-analysis of screening and diagnostic tests, Psychological Bulletin 117(1), 167-178.
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, formulas 7.1 and 7.2.
    """
    positive("an odds ratio", odds_ratio)
    return Derived(math.log(odds_ratio) * _FACTOR, _times(se, _FACTOR), "d from odds ratio", _BOOK, (_LOGISTIC,))


def odds_ratio_from_d(d: float, se: float | None = None) -> Derived:
    """An odds ratio from a standardised difference: e^(d π/√3).

    Args:
        d: The standardised difference.
        se: Its standard error.

    Examples:
        d = 0.5 with a variance of 0.0205: ln OR = 0.5 × 1.8138 = 0.9069, variance 0.0674.

        >>> found = odds_ratio_from_d(0.5, 0.0205 ** 0.5)
        >>> round(found.value, 3), round(found.se ** 2, 4)
        (2.477, 0.0674)

    References:
        Hasselblad & Hedges (1995), Psychological Bulletin 117(1), 167-178.
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, formulas 7.3 and 7.4.
    """
    finite("d", d)
    value = _exp(d / _FACTOR)
    return Derived(value, _times(se, 1 / _FACTOR), "odds ratio from d", _BOOK, (_LOGISTIC,), "log")


def d_from_r(r: float, se: float | None = None) -> Derived:
    """A standardised difference from a correlation: 2r/√(1 − r²).

    Args:
        r: The correlation.
        se: Its standard error on Fisher's z scale.

    Raises:
        QuestionError: If the correlation is not between -1 and 1.

    Examples:
        r = 0.5 whose own variance is 0.0058, so √0.0058/(1 − 0.25) on Fisher's z: d = 1/√0.75 = 1.1547, variance 4 ×
        0.0058/0.75³ = 0.0550.

        >>> found = d_from_r(0.5, 0.0058 ** 0.5 / 0.75)
        >>> round(found.value, 4), round(found.se ** 2, 4)
        (1.1547, 0.055)

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, formulas 7.5 and 7.6.
    """
    between("a correlation", -1, 1, r)
    left = math.sqrt(1 - r * r)
    return Derived(2 * r / left, _times(se, 2 / left), "d from r", _BOOK, (_CUT, "both groups are of one size"))


def r_from_d(d: float, se: float | None = None, *, n_1: float | None = None, n_2: float | None = None) -> Derived:
    """A correlation from a standardised difference: d/√(d² + a), where a = (n₁ + n₂)²/(n₁ n₂), which is 4 for equal groups.

    Args:
        d: The standardised difference.
        se: Its standard error.
        n_1: How many the first group has; equal groups are assumed when a size is left out.
        n_2: How many the second group has.

    Returns:
        The correlation; its standard error is on Fisher's z scale.

    Raises:
        QuestionError: If only one size is given, or one is not above 0.

    Examples:
        d = 0.5 with a variance of 0.0205 in two groups of 100: r = 0.5/√4.25 = 0.2425, whose variance is 16 ×
        0.0205/4.25³ = 0.0043.

        >>> found = r_from_d(0.5, 0.0205 ** 0.5, n_1=100, n_2=100)
        >>> round(found.value, 4), round((found.se * (1 - found.value ** 2)) ** 2, 4)
        (0.2425, 0.0043)

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, formulas 7.7 to 7.9.
    """
    finite("d", d)
    if (n_1 is None) != (n_2 is None):
        raise QuestionError("one size of a group is given and the other is not; give both or none")
    assumptions: tuple[str, ...] = (_CUT,)
    a = 4.0
    if n_1 is not None and n_2 is not None:
        positive("the size of a group", n_1, n_2)
        a = (n_1 + n_2) ** 2 / (n_1 * n_2)
    else:
        assumptions = (_CUT, "both groups are of one size")
    value = d / math.sqrt(d * d + a)
    return Derived(value, _times(se, 1 / math.sqrt(d * d + a)), "r from d", _BOOK, assumptions, "fisher_z")


def r_from_odds_ratio(odds_ratio: float, se: float | None = None) -> Derived:
    """A correlation from an odds ratio, by way of d.

    Raises:
        QuestionError: If the odds ratio is not above 0.

    Examples:
        2.4767 is d = 0.5, which is r = 0.2425.

        >>> round(r_from_odds_ratio(2.4767).value, 4)
        0.2425

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, figure 7.1.
    """
    d = d_from_odds_ratio(odds_ratio, se)
    r = r_from_d(d.value, d.se)
    assumptions = (*d.assumptions, *r.assumptions)
    return Derived(r.value, r.se, "r from odds ratio, by d", _BOOK, assumptions, "fisher_z")


def odds_ratio_from_r(r: float, se: float | None = None) -> Derived:
    """An odds ratio from a correlation, by way of d.

    Raises:
        QuestionError: If the correlation is not between -1 and 1.

    Examples:
        0.2425 is d = 0.5, which is an odds ratio of 2.477.

        >>> round(odds_ratio_from_r(0.2425).value, 2)
        2.48

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, figure 7.1.
    """
    d = d_from_r(r, se)
    odds = odds_ratio_from_d(d.value, d.se)
    assumptions = (*d.assumptions, *odds.assumptions)
    return Derived(odds.value, odds.se, "odds ratio from r, by d", _BOOK, assumptions, "log")


def risk_ratio_from_odds_ratio(
    odds_ratio: float, se: float | None = None, *, base_risk: float | None = None
) -> Derived:
    """A risk ratio from an odds ratio and the share of the comparator: OR / (1 − p₀ + p₀ OR).

    Args:
        odds_ratio: The odds ratio.
        se: Standard error of its logarithm.
        base_risk: The share of the comparator that had it, between 0 and 1. There is no conversion without it.

    Returns:
        The risk ratio; its standard error is of the logarithm, by the delta method.

    Raises:
        QuestionError: If the base risk is not given or not between 0 and 1, or the odds ratio is not above 0.

    Examples:
        An odds ratio of 2 where 20% of the comparator had it: 2/(0.8 + 0.4) = 1.667.

        >>> round(risk_ratio_from_odds_ratio(2, base_risk=0.2).value, 3)
        1.667

    References:
        Zhang & Yu (1998), What's the relative risk? A method of correcting the odds ratio in cohort studies of common outcomes,
        JAMA 280(19), 1690-1691. (Of adjusted odds ratios the corrected interval is too narrow: McNutt et al. (2003),
        American Journal of Epidemiology 157(10), 940-943.)
    """
    positive("an odds ratio", odds_ratio)
    base = _base(base_risk)
    divisor = 1 - base + base * odds_ratio
    source = "Zhang & Yu (1998), JAMA 280(19), 1690-1691"
    assumptions = (_KNOWN.format(base_risk=base), "the odds ratio is not adjusted")
    how = "risk ratio from odds ratio"
    return Derived(odds_ratio / divisor, _times(se, (1 - base) / divisor), how, source, assumptions, "log")


def odds_ratio_from_risk_ratio(
    risk_ratio: float, se: float | None = None, *, base_risk: float | None = None
) -> Derived:
    """An odds ratio from a risk ratio and the share of the comparator: RR (1 − p₀) / (1 − p₀ RR).

    Args:
        risk_ratio: The risk ratio.
        se: Standard error of its logarithm.
        base_risk: The share of the comparator that had it, between 0 and 1. There is no conversion without it.

    Raises:
        QuestionError: If the base risk is not given or not between 0 and 1, or would make the other share 1 or more.

    Examples:
        A risk ratio of 1.5 where 20% of the comparator had it, so 30% of the others: 1.5 × 0.8/0.7 = 1.714.

        >>> round(odds_ratio_from_risk_ratio(1.5, base_risk=0.2).value, 3)
        1.714

    References:
        Zhang & Yu (1998), JAMA 280(19), 1690-1691, solved for the odds ratio.
    """
    positive("a risk ratio", risk_ratio)
    base = _base(base_risk)
    if not (left := 1 - base * risk_ratio) > 0:
        raise QuestionError(f"a risk ratio of {risk_ratio} and a base risk of {base} make a share of 1 or more")
    source = "Zhang & Yu (1998), JAMA 280(19), 1690-1691, solved for the odds ratio"
    how, assumptions = "odds ratio from risk ratio", (_KNOWN.format(base_risk=base),)
    return Derived(risk_ratio * (1 - base) / left, _times(se, 1 / left), how, source, assumptions, "log")


def risk_difference_from_risk_ratio(
    risk_ratio: float, se: float | None = None, *, base_risk: float | None = None
) -> Derived:
    """A difference of shares from a risk ratio and the share of the comparator: p₀ (RR − 1).

    Raises:
        QuestionError: If the base risk is not given or not between 0 and 1, or the risk ratio is not above 0.

    Examples:
        >>> round(risk_difference_from_risk_ratio(1.5, base_risk=0.2).value, 2)
        0.1

    References:
        Schünemann et al. (2023), Cochrane Handbook for Systematic Reviews of Interventions 6.4, chapter 15.4.4.
    """
    positive("a risk ratio", risk_ratio)
    base = _base(base_risk)
    source = "Schünemann et al. (2023), Cochrane Handbook 6.4, chapter 15.4.4"
    how, assumptions = "risk difference from risk ratio", (_KNOWN.format(base_risk=base),)
    return Derived(base * (risk_ratio - 1), _times(se, base * risk_ratio), how, source, assumptions)


def percent_change_from_ratio(ratio: float, se: float | None = None) -> Derived:
    """A change in percent from a ratio of shares, rates or means: 100 (ratio − 1).

    Args:
        ratio: The ratio. Of odds it is the change of the odds, which is not that of the share.
        se: Standard error of its logarithm.

    Returns:
        The change; its standard error stays on the log scale.

    Raises:
        QuestionError: If the ratio is not above 0.

    Examples:
        >>> round(percent_change_from_ratio(1.12).value, 1)
        12.0

    References:
        Törnqvist, Vartia & Vartia (1985), How Should Relative Changes Be Measured?, The American Statistician 39(1), 43-46.
    """
    positive("a ratio", ratio)
    return Derived(100 * (ratio - 1), se, "percent change from ratio", _CHANGES, (), "log_change")


def ratio_from_percent_change(percent: float, se: float | None = None) -> Derived:
    """A ratio from a change in percent: 1 + percent/100.

    Args:
        percent: The change, 12 for 12%.
        se: Standard error of its log change, ln(1 + percent/100).

    Raises:
        QuestionError: If it is a fall of 100% or more.

    Examples:
        >>> round(ratio_from_percent_change(12).value, 2)
        1.12

    References:
        Törnqvist, Vartia & Vartia (1985), The American Statistician 39(1), 43-46.
    """
    to_log_change(percent)
    return Derived(1 + percent / 100, se, "ratio from percent change", _CHANGES, (), "log")


def log_change_from_percent(percent: float, se: float | None = None) -> Derived:
    """The log change of a change in percent, ln(1 + percent/100), with its standard error by the delta method.

    Args:
        percent: The change, 12 for 12%.
        se: Its standard error in percent.

    Raises:
        QuestionError: If it is a fall of 100% or more.

    Examples:
        26.08% with a standard error of 10.30: ln 1.2608 = 0.2317, and 10.30/126.08 = 0.0817.

        >>> found = log_change_from_percent(26.08, 10.30)
        >>> round(found.value, 4), round(found.se, 4)
        (0.2317, 0.0817)

    References:
        Törnqvist, Vartia & Vartia (1985), The American Statistician 39(1), 43-46.
    """
    value = to_log_change(percent)
    return Derived(value, _times(se, 1 / (100 + percent)), "log change from percent change", _CHANGES)


_CHANGES = "Törnqvist, Vartia & Vartia (1985), The American Statistician 39(1), 43-46"


def _base(base_risk: float | None) -> float:
    if base_risk is None:
        raise QuestionError(
            "an odds ratio and a risk ratio convert only with a base risk: give base_risk=, the share of "
            "the comparator that had it"
        )
    between("a base risk", 0, 1, base_risk)
    return base_risk


def _times(se: float | None, factor: float) -> float | None:
    if se is None:
        return None
    positive("a standard error", se)
    return se * factor


def _exp(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError as problem:
        raise QuestionError(f"e^{value:g} is more than a number can hold") from problem
