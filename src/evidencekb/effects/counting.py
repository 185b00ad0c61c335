"""Effects and intervals from counts: shares, ratios of shares, odds and rates."""

from __future__ import annotations

import math

from evidencekb.effects.derived import Derived
from evidencekb.effects.domains import between, counts, positive
from evidencekb.effects.precision import USUAL, multiplier
from evidencekb.effects.scales import from_log
from evidencekb.errors import QuestionError

_BINOMIAL = "the cases are independent and each has the same chance (binomial)"
_TABLES = "Deeks & Higgins (2010), Statistical algorithms in Review Manager 5, Cochrane Collaboration"
_EMPTY = "{add:g} was added to each cell, because one of them is empty"


def share_from_counts(events: float, n: float, *, level: float = USUAL, method: str = "wilson") -> Derived:
    """A share with its interval, from how many of how many.

    Args:
        events: How many had it.
        n: How many there were.
        level: Confidence level.
        method: ``wilson`` (holds its level for small numbers, and near 0 and 1), ``clopper_pearson`` (never below its
            level, so wide; needs the extra ``pool``), or ``wald`` (what most papers print; poor when events or
            non-events are few).

    Returns:
        The share, its standard error √(p(1 − p)/n) (0 for none or all), and the bounds.

    Raises:
        QuestionError: If the counts cannot be, or there is no such method.

    Examples:
        20 of 100: the centre is (0.2 + 1.92/100) / 1.0384 = 0.2111, the half width 1.96 × √(0.2 × 0.8/100 + 0.0096/100) / 1.0384
        = 0.0777, so 0.133 to 0.289.

        >>> found = share_from_counts(20, 100)
        >>> found.value, round(found.lower, 3), round(found.upper, 3)
        (0.2, 0.133, 0.289)

    References:
        Wilson (1927), Probable inference, the law of succession, and statistical inference, JASA 22(158), 209-212.
        Clopper & Pearson (1934), The use of confidence or fiducial limits, Biometrika 26(4), 404-413.
        Brown, Cai & DasGupta (2001), Interval estimation for a binomial proportion, Statistical Science 16(2), 101-133.
    """
    counts(events, n)
    if method not in _SHARES:
        raise QuestionError(f"there is no interval {method!r} of a share; take one of {', '.join(_SHARES)}")
    bounds, source = _SHARES[method]
    share, z = events / n, multiplier(level)
    lower, upper = bounds(events, n, z, level)
    se = math.sqrt(share * (1 - share) / n)
    return Derived(share, se, f"{method} interval of a share", source, (_BINOMIAL,), "identity", lower, upper, level)


def _wilson(events: float, n: float, z: float, _: float) -> tuple[float, float]:
    share, square = events / n, z * z
    centre = (share + square / (2 * n)) / (1 + square / n)
    reach = z * math.sqrt(share * (1 - share) / n + square / (4 * n * n)) / (1 + square / n)
    return 0.0 if events == 0 else max(centre - reach, 0.0), 1.0 if events == n else min(centre + reach, 1.0)


def _wald(events: float, n: float, z: float, _: float) -> tuple[float, float]:
    share = events / n
    reach = z * math.sqrt(share * (1 - share) / n)
    return max(share - reach, 0.0), min(share + reach, 1.0)


def _clopper_pearson(events: float, n: float, _: float, level: float) -> tuple[float, float]:
    from evidencekb.extras import needed

    inverse, tail = needed("scipy.special", "pool").betaincinv, (1 - level) / 2
    lower = 0.0 if events == 0 else float(inverse(events, n - events + 1, tail))
    upper = 1.0 if events == n else float(inverse(events + 1, n - events, 1 - tail))
    return lower, upper


_SHARES = {
    "wilson": (_wilson, "Wilson (1927), JASA 22(158), 209-212"),
    "clopper_pearson": (_clopper_pearson, "Clopper & Pearson (1934), Biometrika 26(4), 404-413"),
    "wald": (_wald, "Brown, Cai & DasGupta (2001), Statistical Science 16(2), 101-133"),
}


def logit_from_counts(events: float, n: float, *, add: float = 0.5) -> Derived:
    """A share whose standard error is taken on the logit scale, √(1/events + 1/non-events).

    Args:
        events: How many had it.
        n: How many there were.
        add: What is added to both counts when one of them is 0.

    Raises:
        QuestionError: If the counts cannot be.

    Examples:
        20 of 100: √(1/20 + 1/80) = 0.25.

        >>> round(logit_from_counts(20, 100).se, 2)
        0.25

    References:
        Agresti (2013), Categorical Data Analysis, 3rd ed., chapter 3.1.
    """
    counts(events, n)
    a, b = events, n - events
    assumptions: tuple[str, ...] = (_BINOMIAL,)
    if not a or not b:
        a, b, assumptions = a + add, b + add, (*assumptions, _EMPTY.format(add=add))
        positive("add", add)
    source = "Agresti (2013), Categorical Data Analysis, 3rd ed., chapter 3.1"
    return Derived(a / (a + b), math.sqrt(1 / a + 1 / b), "logit of a share", source, assumptions, "logit")


def double_arcsine_from_counts(events: float, n: float) -> Derived:
    """A share on the Freeman-Tukey scale, on which its standard error is 1/√(4n + 2) whatever the share.

    The value is on that scale, from 0 to 0.5π: half of arcsin √(x/(n + 1)) + arcsin √((x + 1)/(n + 1)).

    Examples:
        >>> found = double_arcsine_from_counts(0, 10)
        >>> round(found.value, 4), round(found.se, 4)
        (0.1531, 0.1543)

    References:
        Freeman & Tukey (1950), Transformations related to the angular and the square root, Annals of Mathematical
        Statistics 21, 607-611.
    """
    counts(events, n)
    value = (math.asin(math.sqrt(events / (n + 1))) + math.asin(math.sqrt((events + 1) / (n + 1)))) / 2
    source = "Freeman & Tukey (1950), Annals of Mathematical Statistics 21, 607-611"
    return Derived(value, 1 / math.sqrt(4 * n + 2), "double arcsine of a share", source, (_BINOMIAL,), "double_arcsine")


def risk_ratio_from_counts(events_1: float, n_1: float, events_2: float, n_2: float, *, add: float = 0.5) -> Derived:
    """The ratio of two shares, with the standard error of its logarithm, √(1/a − 1/n₁ + 1/c − 1/n₂).

    Args:
        events_1: How many of the first group had it.
        n_1: Size of the first group.
        events_2: How many of the second group had it.
        n_2: Size of the second group.
        add: What is added to each of the four cells when one of them is 0.

    Raises:
        QuestionError: If the counts cannot be.

    Examples:
        4 of 123 against 11 of 139: 0.0325 / 0.0791 = 0.411, and √(1/4 − 1/123 + 1/11 − 1/139) = 0.571.

        >>> found = risk_ratio_from_counts(4, 123, 11, 139)
        >>> round(found.value, 3), round(found.se, 3)
        (0.411, 0.571)

    References:
        Katz, Baptista, Azen & Pike (1978), Obtaining confidence intervals for the risk ratio in cohort studies,
        Biometrics 34, 469-474.
    """
    a, b, c, d, assumptions = _cells(events_1, n_1, events_2, n_2, add)
    se = math.sqrt(max(1 / a - 1 / (a + b) + 1 / c - 1 / (c + d), 0.0))
    source = "Katz, Baptista, Azen & Pike (1978), Biometrics 34, 469-474"
    return Derived(a / (a + b) / (c / (c + d)), se, "risk ratio from counts", source, assumptions, "log")


def odds_ratio_from_counts(events_1: float, n_1: float, events_2: float, n_2: float, *, add: float = 0.5) -> Derived:
    """The ratio of two odds, with the standard error of its logarithm, √(1/a + 1/b + 1/c + 1/d).

    Args: as of :func:`risk_ratio_from_counts`.

    Raises:
        QuestionError: If the counts cannot be.

    Examples:
        4 of 123 against 11 of 139: (4 × 128) / (119 × 11) = 0.391, and √(1/4 + 1/119 + 1/11 + 1/128) = 0.598.

        >>> found = odds_ratio_from_counts(4, 123, 11, 139)
        >>> round(found.value, 3), round(found.se, 3)
        (0.391, 0.598)

    References:
        Woolf (1955), On estimating the relation between blood group and disease, Annals of Human Genetics 19, 251-253.
    """
    a, b, c, d, assumptions = _cells(events_1, n_1, events_2, n_2, add)
    se = math.sqrt(1 / a + 1 / b + 1 / c + 1 / d)
    source = "Woolf (1955), Annals of Human Genetics 19, 251-253"
    return Derived(a * d / (b * c), se, "odds ratio from counts", source, assumptions, "log")


def risk_difference_from_counts(
    events_1: float, n_1: float, events_2: float, n_2: float, *, add: float = 0.5
) -> Derived:
    """The difference of two shares, with its standard error √(p₁(1 − p₁)/n₁ + p₂(1 − p₂)/n₂).

    Args: as of :func:`risk_ratio_from_counts`.

    Raises:
        QuestionError: If the counts cannot be.

    Examples:
        4 of 123 against 11 of 139: 0.0325 − 0.0791 = −0.0466, and √(0.0325 × 0.9675/123 + 0.0791 × 0.9209/139) = 0.0279.

        >>> found = risk_difference_from_counts(4, 123, 11, 139)
        >>> round(found.value, 4), round(found.se, 4)
        (-0.0466, 0.0279)

    References:
        Deeks & Higgins (2010), Statistical algorithms in Review Manager 5, Cochrane Collaboration.
    """
    a, b, c, d, assumptions = _cells(events_1, n_1, events_2, n_2, add)
    n, m = a + b, c + d
    se = math.sqrt(a * b / n**3 + c * d / m**3)
    return Derived(a / n - c / m, se, "risk difference from counts", _TABLES, assumptions)


def peto_odds_ratio_from_counts(events_1: float, n_1: float, events_2: float, n_2: float) -> Derived:
    """Peto's odds ratio: e^((O − E)/V), with the standard error 1/√V of its logarithm. Needs no correction for one empty cell.

    Args: as of :func:`risk_ratio_from_counts`.

    Raises:
        QuestionError: If the counts cannot be, or nobody or everybody had it.

    Examples:
        4 of 123 against 11 of 139: E = 123 × 15/262 = 7.042, V = 7.042 × 139/262 × 247/261 = 3.536, so e^(−3.042/3.536) = 0.423.

        >>> found = peto_odds_ratio_from_counts(4, 123, 11, 139)
        >>> round(found.value, 3), round(found.se, 3)
        (0.423, 0.532)

    References:
        Yusuf, Peto, Lewis, Collins & Sleight (1985), Beta blockade during and after myocardial infarction, Progress in
        Cardiovascular Diseases 27(5), 335-371.
    """
    counts(events_1, n_1, name="1")
    counts(events_2, n_2, name="2")
    n, events = n_1 + n_2, events_1 + events_2
    if not 0 < events < n:
        raise QuestionError(f"{events:g} of {n:g} had it: Peto's odds ratio needs some who did and some who did not")
    expected = n_1 * events / n
    variance = expected * (n_2 / n) * (n - events) / (n - 1)
    value = from_log((events_1 - expected) / variance)
    assumptions = (_BINOMIAL, "the effect is small and the groups are of about one size")
    source = "Yusuf et al. (1985), Progress in Cardiovascular Diseases 27(5), 335-371"
    return Derived(value, 1 / math.sqrt(variance), "Peto odds ratio from counts", source, assumptions, "log")


def rate_ratio_from_counts(
    events_1: float, time_1: float, events_2: float, time_2: float, *, add: float = 0.5
) -> Derived:
    """The ratio of two rates, with the standard error of its logarithm, √(1/events₁ + 1/events₂).

    Args:
        events_1: How often it happened in the first group.
        time_1: How long that group was watched, such as in person-years.
        events_2: How often in the second group.
        time_2: How long the second group was watched.
        add: What is added to both counts when one of them is 0.

    Raises:
        QuestionError: If a count is negative, or a time not above 0.

    Examples:
        9 in 413 years against 23 in 263: 0.02179 / 0.08745 = 0.249, and √(1/9 + 1/23) = 0.393.

        >>> found = rate_ratio_from_counts(9, 413, 23, 263)
        >>> round(found.value, 3), round(found.se, 3)
        (0.249, 0.393)

    References:
        Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd ed., chapter 14.
    """
    a, c, assumptions = _happened(events_1, time_1, events_2, time_2, add)
    source = "Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd ed., chapter 14"
    value = a / time_1 / (c / time_2)
    return Derived(value, math.sqrt(1 / a + 1 / c), "rate ratio from counts", source, assumptions, "log")


def rate_difference_from_counts(
    events_1: float, time_1: float, events_2: float, time_2: float, *, add: float = 0.5
) -> Derived:
    """The difference of two rates, with its standard error √(events₁/time₁² + events₂/time₂²).

    Args: as of :func:`rate_ratio_from_counts`.

    Raises:
        QuestionError: If a count is negative, or a time not above 0.

    Examples:
        >>> found = rate_difference_from_counts(9, 413, 23, 263)
        >>> round(found.value, 4), round(found.se, 4)
        (-0.0657, 0.0196)

    References:
        Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd ed., chapter 14.
    """
    a, c, assumptions = _happened(events_1, time_1, events_2, time_2, add)
    source = "Rothman, Greenland & Lash (2008), Modern Epidemiology, 3rd ed., chapter 14"
    se = math.sqrt(a / time_1**2 + c / time_2**2)
    return Derived(a / time_1 - c / time_2, se, "rate difference from counts", source, assumptions)


def _cells(
    events_1: float, n_1: float, events_2: float, n_2: float, add: float
) -> tuple[float, float, float, float, tuple[str, ...]]:
    counts(events_1, n_1, name="1")
    counts(events_2, n_2, name="2")
    cells = (events_1, n_1 - events_1, events_2, n_2 - events_2)
    if all(cells):
        return *cells, (_BINOMIAL,)
    positive("add", add)
    a, b, c, d = (cell + add for cell in cells)
    return a, b, c, d, (_BINOMIAL, _EMPTY.format(add=add))


def _happened(
    events_1: float, time_1: float, events_2: float, time_2: float, add: float
) -> tuple[float, float, tuple[str, ...]]:
    between("a count of events", -1e-300, math.inf, events_1, events_2)
    positive("a time", time_1, time_2)
    poisson = "events happen independently, at a steady rate (Poisson)"
    if events_1 and events_2:
        return events_1, events_2, (poisson,)
    positive("add", add)
    return events_1 + add, events_2 + add, (poisson, _EMPTY.format(add=add))
