"""The variance between studies: eight estimators, their standard errors, and the Q profile.

References:
    Veroniki et al. (2016), Methods to estimate the between-study variance and its uncertainty in meta-analysis, Research
    Synthesis Methods 7(1), 55-79.
    Viechtbauer, López-López, Sánchez-Meca & Marín-Martínez (2015), A comparison of procedures to test for moderators in
    mixed-effects meta-regression models, Psychological Methods 20(3), 360-374.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from evidencekb.synthesis.fitting import Fit, Floats

_TINY, _EPSILON = float(np.finfo(float).tiny), float(np.finfo(float).eps)
_RTOL = 8 * _EPSILON
_SEARCHED_TO, _NEAR = 100.0, _EPSILON**0.25
_STEPS_A_DECADE = 10
_MOST_ROUNDS, _SETTLED = 1_000, 1e-8
_TOLD = 1e-3
_EARLY = "PM ends its search for tau² early, as metafor does for effects in a small unit"


def dersimonian_laird(fit: Fit) -> float:
    """(Q − df) / trace(P), not below 0.

    References:
        DerSimonian & Laird (1986), Meta-analysis in clinical trials, Controlled Clinical Trials 7(3), 177-188.
    """
    return max((fit.q - fit.df) / fit.trace, 0.0)


def hedges(fit: Fit) -> float:
    """Unweighted: the variance of the values less the mean variance within, not below 0.

    References:
        Hedges & Olkin (1985), Statistical Methods for Meta-Analysis, chapter 9.
    """
    plain = _plain(fit)
    within = float(np.sum(fit.variances * plain.slack))
    return max((plain.q - within) / fit.df, 0.0)


def hunter_schmidt(fit: Fit) -> float:
    """(Q − k) / the sum of the weights, not below 0.

    References:
        Schmidt & Hunter (2015), Methods of Meta-Analysis, 3rd ed., chapter 9.
    """
    return max((fit.q - fit.k) / float(np.sum(fit.weights)), 0.0)


def sidik_jonkman(fit: Fit) -> float:
    """From the variance of the values as a first guess, one step; above 0 unless all values are equal.

    References:
        Sidik & Jonkman (2005), Simple heterogeneity variance estimation for meta-analysis, JRSS C 54(2), 367-384.
    """
    first = _first_guess(fit)
    return first * fit.at(first).q / fit.df if first else 0.0


def _first_guess(fit: Fit) -> float:
    return float(np.mean((fit.values - np.mean(fit.values)) ** 2))


def empirical_bayes(fit: Fit) -> float:
    """The variance at which Q is its degrees of freedom, to the last digit; 0 if it is below them already.

    References:
        Morris (1983), Parametric empirical Bayes inference: theory and applications, JASA 78(381), 47-55.
    """
    return q_root(fit, float(fit.df))


def paule_mandel(fit: Fit, unit: float = 1.0) -> float:
    """The root of :func:`empirical_bayes`, searched for as metafor does: from 0 to 100, as near as ε^¼, in the unit given.

    Args:
        fit: The fit.
        unit: How many units of the caller are 1 in the fit. The search depends on it, as it does in metafor: for effects in a
            very small unit it ends early, and where it ends is told beside the root.

    References:
        Paule & Mandel (1982), Consensus values and weighting factors, Journal of Research of the NBS 87(5), 377-385.
        Viechtbauer (2010), Conducting meta-analyses in R with the metafor package, Journal of Statistical Software 36(3).
    """
    high, near = _SEARCHED_TO / unit**2, _NEAR / unit**2
    if fit.at(0.0).q <= fit.df or fit.at(high).q > fit.df:
        return empirical_bayes(fit)
    return _searched(lambda tau2: fit.at(tau2).q - fit.df, 0.0, high, near)


def _searched(function: Callable[[float], float], a: float, b: float, near: float) -> float:
    """Brent's search for a root (Algorithms for Minimization without Derivatives, 1973, chapter 4), which ends this near to it.

    scipy's has another rule for its end.
    """
    fa, fb = function(a), function(b)
    c, fc = a, fa
    while True:
        before = b - a
        if abs(fc) < abs(fb):
            a, b, c, fa, fb, fc = b, c, b, fb, fc, fb
        least, step = 2 * _EPSILON * abs(b) + near / 2, (c - b) / 2
        if abs(step) <= least or fb == 0:
            return b
        if abs(before) >= least and abs(fa) > abs(fb):
            width, s = c - b, fb / fa
            if a == c:
                p, q = width * s, 1 - s
            else:
                r, t = fa / fc, fb / fc
                p, q = s * (width * r * (r - t) - (b - a) * (t - 1)), (r - 1) * (t - 1) * (s - 1)
            p, q = abs(p), -q if p > 0 else q
            if p < 0.75 * width * q - abs(least * q) / 2 and p < abs(before * q / 2):
                step = p / q
        a, fa = b, fb
        b += step if abs(step) >= least else least if step > 0 else -least
        fb = function(b)
        if (fb > 0) == (fc > 0):
            c, fc = a, fa


def q_root(fit: Fit, target: float) -> float:
    """The variance between studies at which Q has a value; 0 if it is below that from the start. Q falls all along."""
    if fit.at(0.0).q <= target:
        return 0.0
    high = max(_top(fit), _TINY)
    while fit.at(high).q > target:
        high *= 16
    return _root(lambda tau2: fit.at(tau2).q - target, 0.0, high)


def maximum_likelihood(fit: Fit, *, restricted: bool) -> tuple[float, float]:
    """The peak of the (restricted) likelihood to which Fisher's scoring leads from Hedges' estimate, and the highest of all.

    Nearly always they are one. The slope is looked at in steps of a fourth of the variance, and each crossing of 0 is solved to
    the last digit: nothing could fail to converge. Only where there are several peaks is it asked which one the usual iteration
    would find, which, as metafor's, takes 0 instead if that is likelier.

    References:
        Harville (1977), Maximum likelihood approaches to variance component estimation, JASA 72(358), 320-338.
    """

    def slope(tau2: float) -> float:
        held = fit.at(tau2)
        return held.score - (held.trace if restricted else float(np.sum(held.weights)))

    steps, slopes = _scan(fit, slope)
    peaks = [0.0] if slopes[0] <= 0 else []
    falls = (at for at in range(len(steps) - 1) if slopes[at] > 0 >= slopes[at + 1])
    peaks.extend(_root(slope, steps[at], steps[at + 1]) for at in falls)
    if len(peaks) == 1:
        return peaks[0], peaks[0]

    def likelihood(tau2: float) -> float:
        return fit.at(tau2).log_likelihood(restricted=restricted)

    end = _scored(fit, slope, restricted=restricted)
    found = min(peaks, key=lambda tau2: abs(tau2 - end))
    if likelihood(0.0) > likelihood(found):
        found = 0.0
    return found, max(peaks, key=likelihood)


def _scored(fit: Fit, slope: Callable[[float], float], *, restricted: bool) -> float:
    """Where Fisher's scoring ends: steps of slope over information, halved while they lead below 0."""
    tau2 = hedges(fit)
    for _ in range(_MOST_ROUNDS):
        held = fit.at(tau2)
        step = slope(tau2) / (held.trace_squared if restricted else float(np.sum(held.weights**2)))
        while tau2 + step < 0:
            step = step / 2 if abs(step) > _TINY else 0.0
        tau2 += step
        if abs(step) <= _SETTLED * (tau2 + float(np.min(fit.variances))):
            break
    return tau2


def _scan(fit: Fit, slope: Callable[[float], float]) -> tuple[list[float], list[float]]:
    """Steps from 0 to where the slope is below 0 for good, and the slope at each."""
    low, high = float(np.min(fit.variances)) * 1e-3, max(_top(fit), float(np.max(fit.variances)))
    count = max(2, math.ceil(math.log10(high / low) * _STEPS_A_DECADE))
    steps = [0.0, *np.geomspace(low, high, count).tolist()]
    slopes = [slope(step) for step in steps]
    while slopes[-1] > 0:
        steps.append(steps[-1] * 16)
        slopes.append(slope(steps[-1]))
    return steps, slopes


def _top(fit: Fit) -> float:
    """More than the values could ask for: ten times their whole sum of squares."""
    return 10 * float(np.sum((fit.values - np.mean(fit.values)) ** 2))


def _root(function: Callable[[float], float], low: float, high: float) -> float:
    from scipy.optimize import brentq

    return float(brentq(function, low, high, xtol=_TINY, rtol=_RTOL, maxiter=2_000))


_CLOSED: dict[str, Callable[[Fit], float]] = {
    "common": lambda _: 0.0,
    "DL": dersimonian_laird,
    "HE": hedges,
    "HS": hunter_schmidt,
    "SJ": sidik_jonkman,
    "EB": empirical_bayes,
}


def fitted(fit: Fit, method: str, unit: float = 1.0) -> tuple[Fit, str]:
    """A fit with the variance between studies that an estimator finds, and what a reader has to know of it.

    Args:
        fit: The fit.
        method: The estimator.
        unit: How many units of the caller are 1 in the fit.
    """
    if method == "PM":
        found, root = paule_mandel(fit, unit), empirical_bayes(fit)
        far = abs(found - root) > _TOLD * root
        return fit.at(found), f"{_EARLY}; the root is {root * unit**2:.4g}, which method EB takes" if far else ""
    if method in _CLOSED:
        return fit.at(_CLOSED[method](fit)), ""
    found, highest = maximum_likelihood(fit, restricted=method == "REML")
    higher = f"the likelihood has a higher peak at tau² = {highest * unit**2:.4g}"
    return fit.at(found), "" if found == highest else higher


def standard_error(method: str, fit: Fit) -> float:
    """The standard error of a variance between studies, from large samples.

    Args:
        method: Its estimator.
        fit: The fit with that variance.
    """
    tau2, k, df = fit.tau2, fit.k, fit.df
    if method in ("DL", "HS"):
        plain = fit.at(0.0)
        inner = 2 * df + 4 * tau2 * plain.trace + 2 * tau2**2 * plain.trace_squared
        return math.sqrt(inner) / (plain.trace if method == "DL" else float(np.sum(plain.weights)))
    if method == "HE":
        plain = _plain(fit)
        return _from_quadratic(plain, fit.variances, tau2) / df
    if method == "SJ":
        first = _first_guess(fit)
        return first / df * _from_quadratic(fit.at(first), fit.variances, tau2)
    if method == "ML":
        return math.sqrt(2 / float(np.sum(fit.weights**2)))
    if method == "REML":
        return math.sqrt(2 / fit.trace_squared)
    return math.sqrt(2 * k**2 / df) / float(np.sum(fit.weights))


def _plain(fit: Fit) -> Fit:
    """The fit with equal weights of 1."""
    return Fit(fit.values, np.ones_like(fit.variances), fit.design)


def _from_quadratic(fit: Fit, variances: Floats, tau2: float) -> float:
    """The standard deviation of yᵀ P y where the values have these variances and tau2: √(2 trace(P Σ P Σ))."""
    q, weights = fit.orthogonal[0], fit.weights
    total = weights * (variances + tau2)
    inner = q.T @ (total[:, None] * q)
    found = float(np.sum(total**2) - 2 * np.sum(total**2 * fit.leverage) + np.sum(inner**2))
    return math.sqrt(2 * max(found, 0.0))


def q_profile(fit: Fit, level: float) -> tuple[float, float]:
    """The interval of the variance between studies: where Q is the two quantiles of its χ².

    Both bounds are 0 when Q is below both quantiles even without any variance between studies.

    References:
        Viechtbauer (2007), Confidence intervals for the amount of heterogeneity in meta-analysis, Statistics in Medicine 26(1),
        37-52.
    """
    from scipy.special import chdtri

    tail = (1 - level) / 2
    return q_root(fit, float(chdtri(fit.df, tail))), q_root(fit, float(chdtri(fit.df, 1 - tail)))


def typical_variance(fit: Fit) -> float:
    """The variance within a typical study: df / trace(P), which for means is (k − 1) Σw / ((Σw)² − Σw²).

    References:
        Higgins & Thompson (2002), Quantifying heterogeneity in a meta-analysis, Statistics in Medicine 21(11), 1539-1558.
    """
    return fit.df / fit.at(0.0).trace
