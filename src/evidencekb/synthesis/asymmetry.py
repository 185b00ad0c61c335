"""Whether small studies say something else than large ones: Egger's regression, the rank test, trim and fill.

A funnel that leans may come from unpublished studies, and from much else: small studies may differ in whom they ask and how.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evidencekb.errors import QuestionError
from evidencekb.synthesis.fitting import Fit, Floats, checked, design_of
from evidencekb.synthesis.pooling import pool_values, regress_values
from evidencekb.synthesis.records import Pooled

_FEW = 10
_ROUNDS = 100
_EXACT = 500  # beyond it an exact p takes minutes, and is the normal one to three digits
_ROUNDING = 16 * float(np.finfo(float).eps)
SIDES = ("left", "right")
FILLERS = ("L0", "R0", "Q0")


@dataclass(frozen=True, slots=True)
class Asymmetry:
    """Whether a funnel leans.

    Attributes:
        test: Name of the test.
        k: How many estimates.
        statistic: t of Egger's regression, tau of the rank test.
        df: Degrees of freedom of t; None for the rank test.
        p_value: Two-sided.
        bias: Egger's intercept, the change of the effect for one unit of standard error; None for the rank test.
        bias_se: Its standard error.
        limit: The effect where the standard error would be 0, by the same regression.
        notes: What a reader has to know besides.
    """

    test: str
    k: int
    statistic: float
    df: int | None
    p_value: float
    bias: float | None = None
    bias_se: float | None = None
    limit: float | None = None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        name = "tau" if self.df is None else f"t({self.df})"
        shown = f"{self.test}: {name} = {self.statistic:.4g}, p = {self.p_value:.2g}; k = {self.k}"
        return "; ".join([shown, *self.notes])


def regress_funnel(values: ArrayLike, variances: ArrayLike) -> Asymmetry:
    """Egger's regression of value / standard error on 1 / standard error: does its intercept differ from 0?

    Args:
        values: The effects.
        variances: Squares of their standard errors.

    Raises:
        QuestionError: If there are fewer than three, all variances are equal, or an array is faulty.

    Examples:
        Values that fall by 2 for each unit of their standard error, around which they scatter.

        >>> found = regress_funnel([-1.1, -3.8, -6.1, -7.9], [0.25, 4, 9, 16])
        >>> round(found.bias, 2), round(found.limit, 2), found.df
        (-1.92, -0.13, 2)

    References:
        Egger, Davey Smith, Schneider & Minder (1997), Bias in meta-analysis detected by a simple, graphical test, BMJ
        315, 629-634.
        Sterne et al. (2011), Recommendations for examining and interpreting funnel plot asymmetry, BMJ 343, d4002 (ten or more).
    """
    from scipy.special import stdtr
    from scipy.stats import linregress

    effects, spread = checked(values, variances)
    k = int(effects.size)
    if k < 3:
        raise QuestionError(f"Egger's regression needs three estimates or more; there are {k}")
    if _equal(spread):
        raise QuestionError("all variances are equal: nothing can go with them")
    errors = np.sqrt(spread)
    if not Fit(effects, spread, design_of(k, [errors])).q:
        raise QuestionError("the values lie on a line with their standard errors: nothing scatters that could test it")
    line = linregress(1 / errors, effects / errors)
    statistic = float(line.intercept / line.intercept_stderr)
    p_value = float(2 * stdtr(k - 2, -abs(statistic)))
    return Asymmetry(
        "Egger's regression", k, statistic, k - 2, p_value, float(line.intercept), float(line.intercept_stderr),
        float(line.slope), _little(k),
    )  # fmt: skip


def rank_funnel(values: ArrayLike, variances: ArrayLike) -> Asymmetry:
    """The rank correlation (Kendall's tau) of standardised distances from the common effect with the variances.

    The p value is exact without ties among up to 500, and from the normal distribution otherwise.

    Raises:
        QuestionError: If there are fewer than three, all variances are equal, or an array is faulty.

    References:
        Begg & Mazumdar (1994), Operating characteristics of a rank correlation test for publication bias, Biometrics 50(4),
        1088-1101.
    """
    from scipy.stats import kendalltau

    effects, spread = checked(values, variances)
    k = int(effects.size)
    if k < 3:
        raise QuestionError(f"the rank test needs three estimates or more; there are {k}")
    if _equal(spread):
        raise QuestionError("all variances are equal: nothing can go with them")
    weights = 1 / spread
    if not Fit(effects, spread, design_of(k)).q:
        raise QuestionError("all values are equal: nothing can go with their variances")
    if not (spread - 1 / np.sum(weights)).all():
        raise QuestionError("one estimate has all the weight: the distances of the others have no rank")
    distances = (effects - np.sum(weights * effects) / np.sum(weights)) / np.sqrt(spread - 1 / np.sum(weights))
    ties = np.unique(distances).size < k or np.unique(spread).size < k
    found = kendalltau(distances, spread, method="asymptotic" if ties or k > _EXACT else "exact")
    return Asymmetry("rank correlation", k, float(found.statistic), None, float(found.pvalue), notes=_little(k))


@dataclass(frozen=True, slots=True)
class Filled:
    """What is pooled when the studies that a symmetric funnel would need are filled in.

    Attributes:
        pooled: The pooled estimate with them.
        original: The one without.
        added: How many were filled in.
        side: Where: left (smaller values) or right.
        values: The values filled in.
        estimator: How their number was estimated: L0, R0 or Q0.
        notes: What a reader has to know besides.
    """

    pooled: Pooled
    original: Pooled
    added: int
    side: str
    values: tuple[float, ...]
    estimator: str
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = f"trim and fill ({self.estimator}): {self.added} filled in on the {self.side}; {self.pooled}"
        return "; ".join([shown, *self.notes])


def fill_funnel(
    values: ArrayLike,
    variances: ArrayLike,
    *,
    method: str = "DL",
    side: str | None = None,
    estimator: str = "L0",
    interval: str = "wald",
    level: float = 0.95,
) -> Filled:
    """Trim and fill: how many studies a symmetric funnel would need on one side, and what is pooled with them.

    It shows how far a result rests on a symmetric funnel. It does not correct for bias.

    Args:
        values: The effects.
        variances: Squares of their standard errors.
        method: The estimator of what is pooled.
        side: Where studies may be missing, left or right; when left out, opposite to where effects go as standard errors grow.
        estimator: How their number is estimated: L0, R0 or Q0.
        interval: How the interval is made.
        level: Confidence level.

    Raises:
        QuestionError: If there are fewer than three, there is no such side or estimator, the side is left out and all
            variances are equal, or an array is faulty.

    Examples:
        Five of which the two least precise ones lie far to the right: two are mirrored on the left,
        at the centre of the rest, 0.1.

        >>> found = fill_funnel([0.1, 0.0, 0.2, 0.9, 1.2], [0.01, 0.02, 0.02, 0.2, 0.3], method="common")
        >>> found.added, found.side, [round(value, 2) for value in found.values]
        (2, 'left', [-0.7, -1.0])

    References:
        Duval & Tweedie (2000), Trim and fill: a simple funnel-plot-based method, Biometrics 56(2), 455-463.
        Duval & Tweedie (2000), A nonparametric "trim and fill" method, JASA 95(449), 89-98.
    """
    effects, spread = checked(values, variances)
    k = int(effects.size)
    if k < 3:
        raise QuestionError(f"trim and fill needs three estimates or more; there are {k}")
    if estimator not in FILLERS:
        raise QuestionError(f"there is no estimator {estimator!r} of what is missing; take one of {', '.join(FILLERS)}")
    side = _side(effects, spread, method, side)
    sign = -1.0 if side == "right" else 1.0
    order = np.argsort(sign * effects, kind="stable")
    sorted_effects, sorted_spread = sign * effects[order], spread[order]
    missing, centre, settled = _missing(sorted_effects, sorted_spread, method, estimator)
    kept = slice(k - missing, k)
    added = sign * (2 * centre - sorted_effects[kept])
    pooled = pool_values(
        np.concatenate([effects, added]),
        np.concatenate([spread, sorted_spread[kept]]),
        method=method,
        interval=interval,
        level=level,
    )
    original = pool_values(effects, spread, method=method, interval=interval, level=level)
    notes = _little(k) if settled else (*_little(k), f"the number of studies did not settle in {_ROUNDS} rounds")
    return Filled(pooled, original, missing, side, tuple(added.tolist()), estimator, notes)


def _side(effects: Floats, spread: Floats, method: str, side: str | None) -> str:
    if side is None:
        if _equal(spread):
            raise QuestionError(
                "all variances are equal, so that they do not tell on which side studies are missing; give side="
            )
        going = regress_values(effects, spread, {"standard error": np.sqrt(spread)}, method=method)
        return "right" if going.coefficients[1].estimate < 0 else "left"
    if side not in SIDES:
        raise QuestionError(f"there is no side {side!r}; take one of {', '.join(SIDES)}")
    return side


def _missing(effects: Floats, spread: Floats, method: str, estimator: str) -> tuple[int, float, bool]:
    """How many are missing on the left of sorted effects, the centre they are mirrored at, and whether the number settled."""
    k = int(effects.size)
    missing, centre = 0, 0.0
    for _ in range(_ROUNDS):
        centre = pool_values(effects[: k - missing], spread[: k - missing], method=method).estimate
        distances = effects - centre
        distances[np.abs(distances) <= _ROUNDING * np.max(np.abs(effects))] = 0.0
        ranks = np.empty(k)
        ranks[np.argsort(np.abs(distances), kind="stable")] = np.arange(1, k + 1)
        before, missing = missing, min(k - 1, max(0, round(_count(distances, ranks, estimator))))
        if missing == before:
            return missing, centre, True
    return missing, centre, False


def _count(distances: Floats, ranks: Floats, estimator: str) -> float:
    k = int(distances.size)
    if estimator == "R0":
        left = ranks[distances < 0]
        return k - (float(left.max()) if left.size else 0.0) - 1
    total = float(np.sum(ranks[distances > 0]))
    if estimator == "L0":
        return (4 * total - k * (k + 1)) / (2 * k - 1)
    return k - 0.5 - float(np.sqrt(max(2 * k * k - 4 * total + 0.25, 0.0)))


def _equal(spread: Floats) -> bool:
    """True if variances differ by no more than a root would lose."""
    return bool(np.ptp(spread) <= _ROUNDING * np.max(spread))


def _little(k: int) -> tuple[str, ...]:
    return (f"with fewer than {_FEW} estimates a test of asymmetry sees little",) if k < _FEW else ()
