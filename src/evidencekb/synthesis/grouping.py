"""Pooling very many estimates by group, all groups at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evidencekb.effects.precision import multiplier
from evidencekb.errors import QuestionError
from evidencekb.synthesis.fitting import Floats, checked, power_of_two
from evidencekb.synthesis.records import METHODS, checked_method

_SAFE = 1e100
_DENSE = 4


class _Grouped:
    """Sums by group."""

    def __init__(self, effects: Floats, spread: Floats, codes: NDArray[np.int64], k: NDArray[np.int64]) -> None:
        self.effects, self.spread, self.codes, self.k = effects, spread, codes, k
        self.df = np.asarray(k - 1, dtype=np.float64)
        self.weights = 1 / spread
        self.mean, self.total = self.centre(self.weights)

    @cached_property
    def q(self) -> Floats:
        """Cochran's Q of each group."""
        return self.sum(self.weights * (self.effects - self.mean[self.codes]) ** 2)

    def sum(self, numbers: Floats) -> Floats:
        """The sum of each group."""
        return np.asarray(np.bincount(self.codes, numbers, self.k.size), dtype=np.float64)

    def centre(self, weights: Floats) -> tuple[Floats, Floats]:
        """The weighted mean of each group, and the sum of its weights."""
        total = self.sum(weights)
        return self.sum(weights * self.effects) / total, total

    def positive(self, top: Floats, bottom: Floats) -> Floats:
        """A quotient, not below 0; 0 for groups of one."""
        found = np.divide(top, bottom, out=np.zeros(self.k.size), where=(self.k > 1) & (bottom > 0))
        return np.maximum(found, 0.0)


@dataclass(frozen=True, eq=False)
class PooledGroups:
    """The pooled estimate of each group, as arrays in the order of ``groups``.

    Attributes:
        method: The estimator, one of METHODS.
        groups: The labels, sorted, each once.
        k: How many estimates each group has.
        estimate: The pooled effects.
        se: Their standard errors; a group of one has that of its estimate.
        tau2: Variance between the studies of each group; 0 for a group of one, and for a common effect.
    """

    method: str
    groups: NDArray[Any]
    k: NDArray[np.int64]
    estimate: Floats
    se: Floats
    tau2: Floats
    _sums: _Grouped = field(repr=False)

    @property
    def q(self) -> Floats:
        """Cochran's Q of each group, worked out when it is first asked for."""
        return self._sums.q

    def interval(self, level: float = 0.95) -> tuple[Floats, Floats]:
        """Lower and upper bounds of each group's Wald interval."""
        reach = multiplier(level) * self.se
        return self.estimate - reach, self.estimate + reach

    def __len__(self) -> int:
        return int(self.groups.size)

    def __str__(self) -> str:
        model = (
            "common effect" if self.method == "common" else f"random effects, {self.method} ({METHODS[self.method]})"
        )
        return f"{len(self):,} {'group' if len(self) == 1 else 'groups'}; {model}; k = {int(self.k.sum()):,}"


def pool_groups(values: ArrayLike, variances: ArrayLike, groups: ArrayLike, *, method: str = "DL") -> PooledGroups:
    """Pool the estimates of each group, all at once: by an estimator that has a closed form.

    Args:
        values: The effects, as for :func:`evidencekb.synthesis.pool_values`.
        variances: Squares of their standard errors.
        groups: The label of the group of each, such as whole numbers or texts.
        method: common, DL, HE, HS or SJ. The others search for their root: take ``pool_values`` for each group.

    Raises:
        QuestionError: If an array is faulty, labels are missing or of several kinds, or the estimator has no closed form.

    Examples:
        >>> found = pool_groups([1, 3, 7], [1, 1, 4], ["a", "a", "b"], method="common")
        >>> found.groups.tolist(), found.estimate.tolist(), found.k.tolist()
        (['a', 'b'], [2.0, 7.0], [2, 1])

    References:
        Those of the estimators, in :mod:`evidencekb.synthesis.between`.
    """
    method = checked_method(method)
    if method not in _BETWEEN:
        raise QuestionError(
            f"{method} has no closed form; take one of {', '.join(_BETWEEN)}, or pool_values for each group"
        )
    effects, spread = _quickly_checked(values, variances)
    labels, codes, k = _coded(groups, effects.size)
    unit = 1.0
    if not (spread.min() > 1 / _SAFE and spread.max() < _SAFE):
        unit = power_of_two(spread)
        effects, spread = effects / unit, spread / unit**2
    data = _Grouped(effects, spread, codes, k)
    tau2 = _BETWEEN[method](data)
    if tau2 is None:
        tau2, estimate, total = np.zeros(labels.size), data.mean, data.total
    else:
        estimate, total = data.centre(1 / (spread + tau2[codes]))
    return PooledGroups(method, labels, k, estimate * unit, unit / np.sqrt(total), tau2 * unit**2, data)


def _quickly_checked(values: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    """As :func:`checked`, with four passes over sound arrays."""
    if isinstance(values, np.ndarray) and isinstance(variances, np.ndarray) and values.size == variances.size > 0:
        kind = np.dtype(np.float64)
        sound = values.dtype == kind == variances.dtype and values.ndim == variances.ndim == 1
        if sound and np.isfinite(values.min() + values.max()) and variances.min() > 0 and variances.max() < np.inf:
            return values, variances
    return checked(values, variances)


def _coded(groups: ArrayLike, size: int) -> tuple[NDArray[Any], NDArray[np.int64], NDArray[np.int64]]:
    """The labels, the place of each row's label among them, and how many rows each has."""
    try:
        given = np.asarray(groups)
        if given.ndim != 1 or given.size != size:
            raise QuestionError(f"there are {size} values and {given.size} labels of groups; each value needs one")
        if given.dtype.kind in "iu":
            low, span = int(given.min()), int(given.max()) - int(given.min()) + 1
            if span <= _DENSE * size:
                codes = (given - low if low else given).astype(np.int64, copy=False)
                k = np.bincount(codes, minlength=span)
                held = np.flatnonzero(k)
                if held.size < span:
                    places = np.cumsum(k > 0) - 1
                    codes, k = places[codes], k[held]
                return (held + low).astype(given.dtype), codes, k
        if (given.dtype.kind == "f" and np.isnan(given).any()) or (given.dtype.kind == "O" and None in given):
            raise QuestionError("a label of a group is missing")
        labels, codes = np.unique(given, return_inverse=True)
    except TypeError as problem:
        raise QuestionError(f"the labels of the groups are of several kinds: {problem}") from problem
    return labels, codes, np.bincount(codes)


def _dersimonian_laird(data: _Grouped) -> Floats:
    return data.positive(data.q - data.df, data.total - data.sum(data.weights**2) / data.total)


def _hunter_schmidt(data: _Grouped) -> Floats:
    return data.positive(data.q - data.k, data.total)


def _hedges(data: _Grouped) -> Floats:
    plain = data.sum(data.effects) / data.k
    squares = data.sum((data.effects - plain[data.codes]) ** 2)
    within = data.sum(data.spread) / data.k
    return data.positive(squares - data.df * within, data.df)


def _sidik_jonkman(data: _Grouped) -> Floats:
    plain = data.sum(data.effects) / data.k
    first = data.sum((data.effects - plain[data.codes]) ** 2) / data.k
    weights = 1 / (data.spread + first[data.codes])
    centre, _ = data.centre(weights)
    return data.positive(first * data.sum(weights * (data.effects - centre[data.codes]) ** 2), data.df)


_BETWEEN: dict[str, Callable[[_Grouped], Floats | None]] = {
    "common": lambda _: None,
    "DL": _dersimonian_laird,
    "HE": _hedges,
    "HS": _hunter_schmidt,
    "SJ": _sidik_jonkman,
}
