"""Pooling two-by-two tables without a variance for each: Mantel-Haenszel and Peto."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from evidencekb.effects.domains import between
from evidencekb.effects.precision import multiplier
from evidencekb.errors import QuestionError
from evidencekb.synthesis.fitting import Floats

TABLE_MEASURES = {
    "odds_ratio": "Mantel-Haenszel odds ratio",
    "risk_ratio": "Mantel-Haenszel risk ratio",
    "risk_difference": "Mantel-Haenszel risk difference",
    "peto_odds_ratio": "Peto odds ratio",
}


@dataclass(frozen=True, slots=True)
class PooledTables:
    """One effect from several two-by-two tables.

    Attributes:
        measure: One of TABLE_MEASURES.
        k: How many tables.
        estimate: Ratios as logarithms.
        se: Its standard error.
        lower: Lower bound of its interval, on the same scale.
        upper: Upper bound.
        level: Confidence level.
        q: Cochran's Q of the single tables around the estimate, those left out in which nobody or everybody had it.
        q_df: Its degrees of freedom.
        i2: Share of the variance between tables, in percent.
    """

    measure: str
    k: int
    estimate: float
    se: float
    lower: float
    upper: float
    level: float
    q: float
    q_df: int
    i2: float

    def __str__(self) -> str:
        scale = "" if self.measure == "risk_difference" else "logarithm "
        return (
            f"{scale}{self.estimate:.4g} (SE {self.se:.4g}), {self.level:.4g} interval {self.lower:.4g} to {self.upper:.4g}; "
            f"common effect, {TABLE_MEASURES[self.measure]}; Wald (normal) interval; k = {self.k}"
        )


def pool_tables(
    events_1: ArrayLike,
    n_1: ArrayLike,
    events_2: ArrayLike,
    n_2: ArrayLike,
    *,
    measure: str = "odds_ratio",
    level: float = 0.95,
) -> PooledTables:
    """Pool two-by-two tables as one common effect; empty cells need no correction.

    Args:
        events_1: How many of the first group had it, for each study.
        n_1: Sizes of the first groups.
        events_2: How many of the second group had it.
        n_2: Sizes of the second groups.
        measure: One of TABLE_MEASURES.
        level: Confidence level.

    Raises:
        QuestionError: If the lists are not of one length, a count cannot be, there is no such measure, or all tables together do
            not tell it because nobody had it in one of the groups.

    Examples:
        4 of 123 against 11 of 139, and 6 of 306 against 29 of 303: sums of 4 × 128/262 + 6 × 274/609 = 4.654 and
        119 × 11/262 + 300 × 29/609 = 19.282, so ln(4.654/19.282) = −1.422.

        >>> found = pool_tables([4, 6], [123, 306], [11, 29], [139, 303])
        >>> round(found.estimate, 3)
        -1.422

    References:
        Mantel & Haenszel (1959), Statistical aspects of the analysis of data from retrospective studies, JNCI 22(4), 719-748.
        Robins, Breslow & Greenland (1986), Estimators of the Mantel-Haenszel variance, Biometrics 42(2), 311-323 (odds ratio).
        Greenland & Robins (1985), Estimation of a common effect parameter from sparse follow-up data, Biometrics 41(1), 55-68.
        Sato, Greenland & Robins (1989), On the variance estimator for the Mantel-Haenszel risk difference, Biometrics 45(4),
        1323-1324.
        Yusuf et al. (1985), Progress in Cardiovascular Diseases 27(5), 335-371 (Peto).
    """
    if measure not in TABLE_MEASURES:
        raise QuestionError(f"there is no measure {measure!r} of tables; take one of {', '.join(TABLE_MEASURES)}")
    between("a level", 0, 1, level)
    a, n, c, m = _tables(events_1, n_1, events_2, n_2)
    with np.errstate(divide="ignore", invalid="ignore"):
        estimate, variance = _POOLS[measure](a, n - a, c, m - c)
        if not (np.isfinite(estimate) and np.isfinite(variance) and variance > 0):
            raise QuestionError(f"all tables together do not tell a {TABLE_MEASURES[measure]}: a cell is empty in all")
        effects, spread = _singles(measure, a, n - a, c, m - c)
    se, df = float(variance**0.5), int(effects.size) - 1
    q = float(np.sum((effects - estimate) ** 2 / spread)) if df > 0 else 0.0
    i2 = max(0.0, 100 * (q - df) / q) if q else 0.0
    reach = multiplier(level) * se
    return PooledTables(
        measure, int(a.size), estimate, se, estimate - reach, estimate + reach, level, q, max(df, 0), i2
    )  # fmt: skip


def _tables(*given: ArrayLike) -> tuple[Floats, Floats, Floats, Floats]:
    a, n, c, m = (np.asarray(column, dtype=np.float64) for column in given)
    if not (a.ndim == 1 and a.shape == n.shape == c.shape == m.shape and a.size):
        raise QuestionError("the four lists of counts have to be of one length, and not empty")
    for events, size in ((a, n), (c, m)):
        bad = np.flatnonzero(~(np.isfinite(events) & np.isfinite(size) & (events >= 0) & (events <= size) & (size > 0)))
        if bad.size:
            raise QuestionError(f"row {bad[0]} (counted from 0) has {events[bad[0]]:g} events of {size[bad[0]]:g}")
    return a, n, c, m


def _odds_ratio(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[float, float]:
    total = a + b + c + d
    p, q, r, s = (a + d) / total, (b + c) / total, a * d / total, b * c / total
    top, bottom = np.sum(r), np.sum(s)
    variance = np.sum(p * r) / top**2 + np.sum(p * s + q * r) / (top * bottom) + np.sum(q * s) / bottom**2
    return float(np.log(top / bottom)), float(variance / 2)


def _risk_ratio(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[float, float]:
    n, m = a + b, c + d
    total = n + m
    top, bottom = np.sum(a * m / total), np.sum(c * n / total)
    variance = np.sum((n * m * (a + c) - a * c * total) / total**2) / (top * bottom)
    return float(np.log(top / bottom)), float(variance)


def _risk_difference(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[float, float]:
    n, m = a + b, c + d
    total = n + m
    weight = np.sum(n * m / total)
    estimate = np.sum((a * m - c * n) / total) / weight
    first = np.sum((n**2 * c - m**2 * a + n * m * (m - n) / 2) / total**2)
    second = np.sum((a * d + c * b) / total) / 2
    return float(estimate), float((estimate * first + second) / weight**2)


def _peto(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[float, float]:
    excess, variance = _peto_parts(a, b, c, d)
    return float(np.sum(excess) / np.sum(variance)), float(1 / np.sum(variance))


def _peto_parts(a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats]:
    n, m = a + b, c + d
    total = n + m
    return a - n * (a + c) / total, n * m * (a + c) * (b + d) / (total**2 * (total - 1))


_POOLS = {
    "odds_ratio": _odds_ratio,
    "risk_ratio": _risk_ratio,
    "risk_difference": _risk_difference,
    "peto_odds_ratio": _peto,
}


def _singles(measure: str, a: Floats, b: Floats, c: Floats, d: Floats) -> tuple[Floats, Floats]:
    """Effect and variance of each table that has some who did and some who did not; 0.5 is added where a cell is empty."""
    told = (a + c > 0) & (b + d > 0)
    a, b, c, d = a[told], b[told], c[told], d[told]
    if measure == "peto_odds_ratio":
        excess, variance = _peto_parts(a, b, c, d)
        return excess / variance, 1 / variance
    add = np.where((a == 0) | (b == 0) | (c == 0) | (d == 0), 0.5, 0.0)
    a, b, c, d = a + add, b + add, c + add, d + add
    n, m = a + b, c + d
    if measure == "odds_ratio":
        return np.log(a * d / (b * c)), 1 / a + 1 / b + 1 / c + 1 / d
    if measure == "risk_ratio":
        return np.log(a / n / (c / m)), 1 / a - 1 / n + 1 / c - 1 / m
    return a / n - c / m, a * b / n**3 + c * d / m**3
