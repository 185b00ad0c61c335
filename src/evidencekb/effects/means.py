"""Effects from means and standard deviations, and from correlations and test statistics."""

from __future__ import annotations

import math

from evidencekb.effects.derived import Derived
from evidencekb.effects.domains import between, finite, positive
from evidencekb.errors import QuestionError

_NORMAL = "the measurements are normal in each group"
_SPREAD = "both groups have one standard deviation"
_HEDGES = "Hedges (1981), Journal of Educational Statistics 6(2), 107-128"
_SERIES_FROM = 50_000


def small_sample_factor(df: float) -> float:
    """Hedges' correction: by how much a standardised difference of a small sample is too large. Multiply by it.

    Γ(df/2) / (√(df/2) Γ((df − 1)/2)), which is about 1 − 3/(4 df − 1).

    Args:
        df: Degrees of freedom of the pooled standard deviation: n₁ + n₂ − 2 for two groups.

    Raises:
        QuestionError: If there is no more than one degree of freedom.

    Examples:
        With 18: exactly 0.9576; by the approximation 1 − 3/71 = 0.9577.

        >>> round(small_sample_factor(18), 4)
        0.9576

    References:
        Hedges (1981), Distribution theory for Glass's estimator of effect size and related estimators, Journal of Educational
        Statistics 6(2), 107-128.
    """
    if not (math.isfinite(df) and df > 1):
        raise QuestionError(f"df is {df}; the correction for small samples needs more than 1")
    if df > _SERIES_FROM:  # where the difference of two logarithms would lose digits
        return 1 - 3 / (4 * df) - 7 / (32 * df * df)
    return math.exp(math.lgamma(df / 2) - math.lgamma((df - 1) / 2)) / math.sqrt(df / 2)


def correct_small_sample(d: float, df: float, se: float | None = None) -> Derived:
    """Hedges' g from a standardised difference: d and its standard error times the correction.

    Args:
        d: The standardised difference, uncorrected.
        df: Degrees of freedom, n₁ + n₂ − 2 for two groups.
        se: Standard error of d, if it is known.

    Raises:
        QuestionError: If there is no more than one degree of freedom.

    Examples:
        d = 0.5970 with 98 degrees of freedom: 0.9923 × 0.5970 = 0.5924.

        >>> round(correct_small_sample(0.5970, 98).value, 4)
        0.5924

    References:
        Hedges (1981), Journal of Educational Statistics 6(2), 107-128.
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, formulas 4.22 to 4.24.
    """
    finite("d", d, se)
    factor = small_sample_factor(df)
    return Derived(d * factor, se and se * factor, "Hedges' correction for small samples", _HEDGES, (_NORMAL, _SPREAD))


def standardised_difference(
    mean_1: float, sd_1: float, n_1: float, mean_2: float, sd_2: float, n_2: float, *, corrected: bool = True
) -> Derived:
    """The difference of two means in pooled standard deviations: Hedges' g, or Cohen's d when not corrected.

    Args:
        mean_1: Mean of the first group.
        sd_1: Its standard deviation.
        n_1: How many it has.
        mean_2: Mean of the second group.
        sd_2: Its standard deviation.
        n_2: How many it has.
        corrected: Whether to correct for small samples.

    Returns:
        The difference, and its standard error √(1/n₁ + 1/n₂ + g²/(2(n₁ + n₂))), the large-sample one.

    Raises:
        QuestionError: If a standard deviation is not above 0, or there are fewer than two in a group.

    Examples:
        103 (5.5, 50) against 100 (4.5, 50): the pooled standard deviation is 5.025, d is 0.597, g is 0.592.

        >>> found = standardised_difference(103, 5.5, 50, 100, 4.5, 50)
        >>> round(found.value, 3), round(found.se, 3)
        (0.592, 0.204)

    References:
        Hedges (1981), Distribution theory for Glass's estimator of effect size and related estimators, Journal of Educational
        Statistics 6(2), 107-128.
        Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, chapter 5.
    """
    _groups(mean_1, sd_1, n_1, mean_2, sd_2, n_2)
    df = n_1 + n_2 - 2
    pooled = math.sqrt(((n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2) / df)
    value = (mean_1 - mean_2) / pooled * (small_sample_factor(df) if corrected else 1.0)
    se = math.sqrt(1 / n_1 + 1 / n_2 + value * value / (2 * (n_1 + n_2)))
    how = "Hedges' g from means" if corrected else "Cohen's d from means"
    return Derived(value, se, how, _HEDGES, (_NORMAL, _SPREAD, "the groups are independent"))


def mean_difference(
    mean_1: float, sd_1: float, n_1: float, mean_2: float, sd_2: float, n_2: float, *, pooled: bool = False
) -> Derived:
    """The difference of two means, with its standard error √(sd₁²/n₁ + sd₂²/n₂).

    Args: as of :func:`standardised_difference`; ``pooled`` takes one standard deviation for both groups.

    Raises:
        QuestionError: If a standard deviation is not above 0, or there are fewer than two in a group.

    Examples:
        103 (5.5, 50) against 100 (4.5, 50): 3, and √(0.605 + 0.405) = 1.005.

        >>> found = mean_difference(103, 5.5, 50, 100, 4.5, 50)
        >>> found.value, round(found.se, 3)
        (3, 1.005)

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, formulas 4.2 to 4.6.
    """
    _groups(mean_1, sd_1, n_1, mean_2, sd_2, n_2)
    variance = sd_1**2 / n_1 + sd_2**2 / n_2
    if pooled:
        variance = ((n_1 - 1) * sd_1**2 + (n_2 - 1) * sd_2**2) / (n_1 + n_2 - 2) * (1 / n_1 + 1 / n_2)
    source = "Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, chapter 4"
    assumptions = ("the groups are independent", *((_SPREAD,) if pooled else ()))
    return Derived(mean_1 - mean_2, math.sqrt(variance), "difference of means", source, assumptions)


def ratio_of_means(mean_1: float, sd_1: float, n_1: float, mean_2: float, sd_2: float, n_2: float) -> Derived:
    """The ratio of two means, with the standard error of its logarithm, √(sd₁²/(n₁ mean₁²) + sd₂²/(n₂ mean₂²)).

    Args: as of :func:`standardised_difference`.

    Raises:
        QuestionError: If the means are not on one side of 0, a standard deviation is not above 0, or fewer than two are
        in a group.

    Examples:
        103 (5.5, 50) against 100 (4.5, 50): 1.03, and √(0.0000570 + 0.0000405) = 0.00988.

        >>> found = ratio_of_means(103, 5.5, 50, 100, 4.5, 50)
        >>> round(found.value, 2), round(found.se, 5)
        (1.03, 0.00988)

    References:
        Hedges, Gurevitch & Curtis (1999), The meta-analysis of response ratios in experimental ecology, Ecology 80(4), 1150-1156.
    """
    _groups(mean_1, sd_1, n_1, mean_2, sd_2, n_2)
    if not mean_1 * mean_2 > 0:
        raise QuestionError(f"the means are {mean_1} and {mean_2}; a ratio needs both on one side of 0")
    variance = sd_1**2 / (n_1 * mean_1**2) + sd_2**2 / (n_2 * mean_2**2)
    source = "Hedges, Gurevitch & Curtis (1999), Ecology 80(4), 1150-1156"
    assumptions = ("the groups are independent", "0 is a true zero of what was measured")
    return Derived(mean_1 / mean_2, math.sqrt(variance), "ratio of means", source, assumptions, "log")


def d_from_t(t: float, n_1: float, n_2: float) -> Derived:
    """A standardised difference from the t of a test between two independent groups: t √(1/n₁ + 1/n₂).

    Raises:
        QuestionError: If a group has fewer than two.

    Examples:
        t = 2 with 50 in each group: 2 × 0.2 = 0.4, and √(0.04 + 0.16/200) = 0.202.

        >>> found = d_from_t(2, 50, 50)
        >>> round(found.value, 2), round(found.se, 3)
        (0.4, 0.202)

    References:
        Borenstein (2009), Effect sizes for continuous data, in: The Handbook of Research Synthesis and Meta-Analysis,
        2nd ed., p. 228.
    """
    finite("t", t)
    _sizes(n_1, n_2)
    value = t * math.sqrt(1 / n_1 + 1 / n_2)
    se = math.sqrt(1 / n_1 + 1 / n_2 + value * value / (2 * (n_1 + n_2)))
    source = "Borenstein (2009), Handbook of Research Synthesis and Meta-Analysis, 2nd ed., p. 228"
    return Derived(value, se, "d from t", source, (_NORMAL, _SPREAD, "the groups are independent"))


def correlation_from_n(r: float, n: float) -> Derived:
    """A correlation with the standard error of its Fisher's z, 1/√(n − 3).

    Raises:
        QuestionError: If the correlation is not between -1 and 1, or there are three pairs or fewer.

    Examples:
        103 pairs: 1/√100 = 0.1.

        >>> correlation_from_n(0.3, 103).se
        0.1

    References:
        Fisher (1921), On the "probable error" of a coefficient of correlation deduced from a small sample, Metron 1, 3-32.
    """
    between("a correlation", -1, 1, r)
    if not (math.isfinite(n) and n > 3):
        raise QuestionError(f"n is {n}; the standard error of Fisher's z needs more than 3 pairs")
    source = "Fisher (1921), Metron 1, 3-32"
    return Derived(
        r, 1 / math.sqrt(n - 3), "Fisher's z of a correlation", source, ("the pairs are normal",), "fisher_z"
    )


def _groups(mean_1: float, sd_1: float, n_1: float, mean_2: float, sd_2: float, n_2: float) -> None:
    finite("a mean", mean_1, mean_2)
    positive("a standard deviation", sd_1, sd_2)
    _sizes(n_1, n_2)


def _sizes(n_1: float, n_2: float) -> None:
    for n in (n_1, n_2):
        if not (math.isfinite(n) and n >= 2):
            raise QuestionError(f"a group has {n}; each needs two or more")
