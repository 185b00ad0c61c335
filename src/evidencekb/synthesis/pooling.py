"""One estimate from several, and how it goes with what studies differ in."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from evidencekb.effects.domains import between
from evidencekb.errors import QuestionError
from evidencekb.synthesis.between import fitted, q_profile, standard_error, typical_variance
from evidencekb.synthesis.fitting import Fit, checked, design_of, power_of_two
from evidencekb.synthesis.records import (
    Coefficient,
    Heterogeneity,
    Pooled,
    Regression,
    checked_interval,
    checked_method,
)

ALONE = "one estimate: it is given as it is, and nothing between studies can be worked out"
NO_WIDTH = "the values lie on what is fitted exactly, so that the Hartung-Knapp interval has no width"


def pool_values(
    values: ArrayLike, variances: ArrayLike, *, method: str = "REML", interval: str = "wald", level: float = 0.95
) -> Pooled:
    """Pool independent estimates of one thing.

    Args:
        values: The effects, each in one unit and on a scale on which it is about normal: ratios as logarithms, correlations as
            Fisher's z.
        variances: Squares of their standard errors, in the same order.
        method: The estimator, one of METHODS.
        interval: How the interval is made, one of INTERVALS.
        level: Confidence level of all intervals.

    Returns:
        The pooled estimate. Of a single one, the estimate itself as a common effect, with a note.

    Raises:
        QuestionError: If a value or variance is missing, infinite, or a variance not above 0; or there is no such method.

    Examples:
        26, 10 and 40 with standard errors of 10, 8 and 16: the weights are 1/100, 1/64 and 1/256, so the common effect is
        (0.26 + 0.15625 + 0.15625) / 0.02953 = 19.39, and its standard error √(1/0.02953) = 5.82.

        >>> found = pool_values([26, 10, 40], [100, 64, 256], method="common")
        >>> round(found.estimate, 2), round(found.se, 2)
        (19.39, 5.82)

        Q = 0.4374 + 1.3766 + 1.6599 = 3.4739 with 2 degrees of freedom, and C = 0.029531 − 0.0003594 / 0.029531 = 0.017361, so
        DerSimonian-Laird has tau² = (3.4739 − 2) / 0.017361 = 84.9.

        >>> found = pool_values([26, 10, 40], [100, 64, 256], method="DL")
        >>> round(found.tau2, 2)
        84.9
        >>> print(found.name)
        random effects, DL (DerSimonian-Laird); Wald (normal) interval; k = 3

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, chapters 11, 12, 16 and 17.
        Hartung & Knapp (2001), A refined method for the meta-analysis of controlled clinical trials with binary outcome,
        Statistics in Medicine 20(24), 3875-3889.
        Riley, Higgins & Deeks (2011), Interpretation of random effects meta-analyses, BMJ 342, d549 (prediction intervals).
    """
    method, interval = checked_method(method), checked_interval(interval)
    between("a level", 0, 1, level)
    effects, spread = checked(values, variances)
    notes: tuple[str, ...] = ()
    if effects.size == 1:
        if method != "common" or interval != "wald":
            notes = (ALONE,)
        method, interval = "common", "wald"
    unit = power_of_two(spread)
    fit, remark = fitted(Fit(effects / unit, spread / unit**2, design_of(effects.size)), method, unit)
    ((estimate, se),), df, exact = _tested(fit, interval)
    statistic, p_value, reach = _inference(estimate, se, df, level)
    prediction = None
    if method != "common":
        half = reach * math.hypot(se, math.sqrt(fit.tau2)) * unit
        prediction = estimate * unit - half, estimate * unit + half
    return Pooled(
        method=method,
        interval_method=interval,
        k=fit.k,
        estimate=estimate * unit,
        se=se * unit,
        lower=(estimate - reach * se) * unit,
        upper=(estimate + reach * se) * unit,
        level=level,
        statistic=statistic,
        df=df,
        p_value=p_value,
        prediction=prediction,
        heterogeneity=_heterogeneity(fit, method, level, unit),
        weights=tuple((100 * fit.weights / np.sum(fit.weights)).tolist()),
        notes=(*notes, *_remarks(exact, remark)),
    )


def regress_values(
    values: ArrayLike,
    variances: ArrayLike,
    moderators: Mapping[str, ArrayLike],
    *,
    method: str = "REML",
    interval: str = "wald",
    level: float = 0.95,
) -> Regression:
    """How independent estimates go with what their studies differ in (meta-regression).

    Args:
        values: The effects, as for :func:`pool_values`.
        variances: Squares of their standard errors.
        moderators: What studies differ in, each with one number for each estimate; an intercept is added.
        method: The estimator of the variance that is left between studies.
        interval: How intervals are made.
        level: Confidence level.

    Raises:
        QuestionError: As :func:`pool_values`; or if there are no more estimates than coefficients, or a moderator is constant.

    Examples:
        Values that lie on 1 + 2 x are found as such.

        >>> found = regress_values([1, 3, 5, 7], [1, 1, 1, 1], {"x": [0, 1, 2, 3]}, method="common")
        >>> [(each.name, round(each.estimate, 6)) for each in found.coefficients]
        [('intercept', 1.0), ('x', 2.0)]

    References:
        Berkey, Hoaglin, Mosteller & Colditz (1995), A random-effects regression model for meta-analysis, Statistics in Medicine
        14(4), 395-411.
        Knapp & Hartung (2003), Improved tests for a random effects meta-regression with a single covariate, Statistics in
        Medicine 22(17), 2693-2710.
    """
    method, interval = checked_method(method), checked_interval(interval)
    between("a level", 0, 1, level)
    effects, spread = checked(values, variances)
    names = tuple(moderators.keys() if hasattr(moderators, "keys") else getattr(moderators, "columns", (None,)))
    if None in names:
        raise QuestionError("moderators have no names; give them as {name: numbers}, or as a frame of such columns")
    design = design_of(effects.size, [moderators[name] for name in names])
    if effects.size <= design.shape[1]:
        raise QuestionError(
            f"{effects.size} estimates cannot tell {design.shape[1]} coefficients; there have to be more"
        )
    unit = power_of_two(spread)
    fit, remark = fitted(Fit(effects / unit, spread / unit**2, design), method, unit)
    tested, df, exact = _tested(fit, interval)
    found = []
    for name, (estimate, se) in zip(("intercept", *names), tested, strict=True):
        statistic, p_value, reach = _inference(estimate, se, df, level)
        bounds = (estimate - reach * se) * unit, (estimate + reach * se) * unit
        found.append(Coefficient(name, estimate * unit, se * unit, *bounds, statistic, p_value))
    q_m, q_m_p = _all_moderators(fit, interval)
    r2 = None
    if method != "common":
        whole = fitted(Fit(fit.values, fit.variances, design[:, :1]), method, unit)[0].tau2
        r2 = max(0.0, 100 * (whole - fit.tau2) / whole) if whole else None
    return Regression(
        method=method,
        interval_method=interval,
        k=fit.k,
        level=level,
        df=df,
        coefficients=tuple(found),
        heterogeneity=_heterogeneity(fit, method, level, unit),
        q_m=q_m,
        q_m_df=len(names),
        q_m_p=q_m_p,
        r2=r2,
        notes=_remarks(exact, remark),
    )


def leave_one_out(
    values: ArrayLike, variances: ArrayLike, *, method: str = "REML", interval: str = "wald", level: float = 0.95
) -> tuple[Pooled, ...]:
    """What is pooled without each of the estimates in turn, in their order.

    Raises:
        QuestionError: As :func:`pool_values`; or if there is only one.

    Examples:
        >>> [round(each.estimate, 2) for each in leave_one_out([1, 2, 6], [1, 1, 1], method="common")]
        [4.0, 3.5, 1.5]

    References:
        Viechtbauer & Cheung (2010), Outlier and influence diagnostics for meta-analysis, Research Synthesis Methods 1(2),
        112-125.
    """
    effects, spread = checked(values, variances)
    if effects.size < 2:
        raise QuestionError("leaving out the only estimate leaves nothing")
    rows = range(effects.size)
    return tuple(
        pool_values(np.delete(effects, row), np.delete(spread, row), method=method, interval=interval, level=level)
        for row in rows
    )


def pool_cumulatively(
    values: ArrayLike, variances: ArrayLike, *, method: str = "REML", interval: str = "wald", level: float = 0.95
) -> tuple[Pooled, ...]:
    """What is pooled of the first, the first two, and so on: put them in the order of their years before.

    Raises:
        QuestionError: As :func:`pool_values`.

    Examples:
        >>> [round(each.estimate, 2) for each in pool_cumulatively([1, 2, 6], [1, 1, 1], method="common")]
        [1.0, 1.5, 3.0]

    References:
        Lau et al. (1992), Cumulative meta-analysis of therapeutic trials for myocardial infarction, NEJM 327(4), 248-254.
    """
    effects, spread = checked(values, variances)
    upto = range(1, effects.size + 1)
    return tuple(
        pool_values(effects[:end], spread[:end], method=method, interval=interval, level=level) for end in upto
    )


def _remarks(exact: bool, remark: str) -> tuple[str, ...]:
    """What a reader has to know of a fit."""
    return tuple(filter(None, (NO_WIDTH if exact else "", remark)))


def _all_moderators(fit: Fit, interval: str) -> tuple[float, float] | tuple[None, None]:
    """The test of all coefficients but the intercept together, with its p value.

    References:
        Viechtbauer et al. (2015), Psychological Methods 20(3), 360-374.
    """
    from scipy.special import chdtrc, fdtrc

    many = fit.coefficients[1:]
    factor, df, exact = _spread(fit, interval)
    if not many.size or exact:
        return None, None
    found = float(many @ np.linalg.solve(factor * fit.covariance[1:, 1:], many))
    if df is None:
        return found, float(chdtrc(many.size, found))
    return found / many.size, float(fdtrc(many.size, df, found / many.size))


def _tested(fit: Fit, interval: str) -> tuple[list[tuple[float, float]], int | None, bool]:
    """Each coefficient with its standard error; degrees of freedom; whether Hartung-Knapp finds no spread at all."""
    factor, df, exact = _spread(fit, interval)
    errors = np.sqrt(factor * np.diag(fit.covariance))
    return list(zip(fit.coefficients.tolist(), errors.tolist(), strict=True)), df, exact


def _spread(fit: Fit, interval: str) -> tuple[float, int | None, bool]:
    """What the covariance is multiplied by; degrees of freedom; whether Hartung-Knapp finds no spread at all."""
    if interval == "wald":
        return 1.0, None, False
    factor = fit.q / fit.df
    if interval == "hartung_knapp_adhoc":
        factor = max(factor, 1.0)
    return factor, fit.df, factor == 0


def _inference(estimate: float, se: float, df: int | None, level: float) -> tuple[float, float, float]:
    """The statistic, its two-sided p value, and how many standard errors the interval reaches to each side."""
    from scipy.special import ndtr, ndtri, stdtr, stdtrit

    statistic = estimate / se if se else math.copysign(math.inf, estimate) if estimate else math.nan
    if df is None:
        return statistic, float(2 * ndtr(-abs(statistic))), float(ndtri((1 + level) / 2))
    return statistic, float(2 * stdtr(df, -abs(statistic))), float(stdtrit(df, (1 + level) / 2))


def _heterogeneity(fit: Fit, method: str, level: float, unit: float) -> Heterogeneity:
    from scipy.special import chdtrc

    plain = fit.at(0.0)
    if not fit.df:
        return Heterogeneity(0.0, 0, 1.0, 0.0, None, None, 0.0, 1.0, level, None)
    within, square = typical_variance(fit), unit * unit
    q_p = float(chdtrc(fit.df, plain.q))
    found = Heterogeneity(plain.q, fit.df, q_p, 0.0, None, None, 0.0, 1.0, level, within * square)
    if method == "common":
        i2 = max(0.0, 100 * (plain.q - fit.df) / plain.q) if plain.q else 0.0
        return replace(found, i2=i2, h2=plain.q / fit.df)
    low, high = q_profile(fit, level)
    return replace(
        found,
        tau2=fit.tau2 * square,
        tau2_se=standard_error(method, fit) * square,
        tau2_interval=(low * square, high * square),
        i2=100 * fit.tau2 / (fit.tau2 + within),
        h2=1 + fit.tau2 / within,
    )
