"""Weighted least squares, as pooling needs it: checked arrays, and one fit for one variance between studies."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from evidencekb.errors import QuestionError

Floats = NDArray[np.float64]

_ROUNDING = (16 * float(np.finfo(float).eps)) ** 2


def checked(values: ArrayLike, variances: ArrayLike) -> tuple[Floats, Floats]:
    """Values and variances as arrays of one length.

    Raises:
        QuestionError: If there are none, their lengths differ, a value is missing or infinite, or a variance is not above 0.
    """
    effects, spread = _floats("values", values), _floats("variances", variances)
    if effects.size != spread.size:
        raise QuestionError(f"there are {effects.size} values and {spread.size} variances; each value needs one")
    if not effects.size:
        raise QuestionError("there is nothing to pool")
    if (bad := ~np.isfinite(effects)).any():
        raise QuestionError(f"{_rows(bad)} no value; leave out what is missing, and say so")
    if (bad := ~(np.isfinite(spread) & (spread > 0))).any():
        raise QuestionError(f"{_rows(bad)} no variance above 0; such an estimate has no weight that could be known")
    return effects, spread


def _floats(name: str, given: ArrayLike) -> Floats:
    try:
        array = np.asarray(given, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise QuestionError(f"the {name} are not all numbers: {problem}") from problem
    if array.ndim != 1:
        raise QuestionError(f"the {name} have {array.ndim} dimensions; they have to be one list")
    return array


def _rows(bad: NDArray[Any]) -> str:
    where = np.flatnonzero(bad)
    shown = ", ".join(map(str, where[:5])) + (" …" if where.size > 5 else "")
    return f"{'row' if where.size == 1 else 'rows'} {shown} (counted from 0) {'has' if where.size == 1 else 'have'}"


def power_of_two(variances: Floats) -> float:
    """A scale near the usual standard error by which all can be divided without rounding."""
    return 2.0 ** round(math.log2(float(np.median(variances))) / 2)


def design_of(k: int, moderators: Sequence[ArrayLike] = ()) -> Floats:
    """The columns of a fit: ones, then the moderators.

    Raises:
        QuestionError: If a moderator has another length or a value that is missing, or two say the same.
    """
    columns = [np.ones(k)]
    for at, moderator in enumerate(moderators):
        column = _floats(f"values of moderator {at}", moderator)
        if column.size != k or not np.isfinite(column).all():
            raise QuestionError(f"moderator {at} needs {k} values, none of them missing")
        columns.append(column)
    design = np.column_stack(columns)
    if np.linalg.matrix_rank(design) < design.shape[1]:
        raise QuestionError("a moderator is constant, or follows from the others; leave it out")
    return design


@dataclass(frozen=True)
class Fit:
    """The weighted least squares of values on a design, with weights ``1 / (variances + tau2)``.

    Attributes:
        values: k effects.
        variances: k variances within studies.
        design: k rows and p columns.
        tau2: Variance between studies.
    """

    values: Floats
    variances: Floats
    design: Floats
    tau2: float = 0.0

    @property
    def k(self) -> int:
        """How many values."""
        return int(self.values.size)

    @property
    def df(self) -> int:
        """How many values beyond what the design takes up."""
        return self.k - int(self.design.shape[1])

    @cached_property
    def weights(self) -> Floats:
        """The k weights."""
        return np.asarray(1.0 / (self.variances + self.tau2))

    @cached_property
    def orthogonal(self) -> tuple[Floats, Floats]:
        """The weighted design as orthogonal columns, and the triangle that makes it of them."""
        q, r = np.linalg.qr(np.sqrt(self.weights)[:, None] * self.design)
        return q, r

    @cached_property
    def coefficients(self) -> Floats:
        """The p coefficients."""
        q, r = self.orthogonal
        return np.asarray(np.linalg.solve(r, q.T @ (np.sqrt(self.weights) * self.values))) + 0.0  # −0 becomes 0

    @cached_property
    def covariance(self) -> Floats:
        """Of the coefficients, p by p, as the weights say."""
        inverse = np.linalg.inv(self.orthogonal[1])
        return np.asarray(inverse @ inverse.T)

    @cached_property
    def residuals(self) -> Floats:
        """The k distances from what is fitted."""
        return np.asarray(self.values - self.design @ self.coefficients)

    @cached_property
    def q(self) -> float:
        """Weighted sum of squared residuals; 0 where these are no more than the rounding of the values."""
        found, whole = (float(np.sum(self.weights * each**2)) for each in (self.residuals, self.values))
        return found if found > _ROUNDING * whole else 0.0

    @cached_property
    def leverage(self) -> Floats:
        """How much each value draws the fit to itself; they sum to p."""
        return np.asarray(np.sum(self.orthogonal[0] ** 2, axis=1))

    @cached_property
    def slack(self) -> Floats:
        """1 − leverage; for means without the loss of digits where one weight is most of them."""
        if self.design.shape[1] > 1:
            return np.asarray(1 - self.leverage)
        return _others(self.weights) / np.sum(self.weights)

    @cached_property
    def trace(self) -> float:
        """Trace of the matrix P = W − W X (Xᵀ W X)⁻¹ Xᵀ W, which turns values into weighted residuals."""
        return float(np.sum(self.weights * self.slack))

    @cached_property
    def trace_squared(self) -> float:
        """Trace of P P."""
        q, squares = self.orthogonal[0], self.weights**2
        if q.shape[1] == 1:
            apart = np.sum(squares * _others(squares)) / np.sum(self.weights) ** 2
            return float(np.sum(squares * self.slack**2) + apart)
        inner = q.T @ (self.weights[:, None] * q)
        return float(np.sum(squares) - 2 * np.sum(squares * self.leverage) + np.sum(inner**2))

    @cached_property
    def score(self) -> float:
        """Slope of the log likelihood along tau2, times 2, without its trace: the sum of squared weighted residuals."""
        return float(np.sum((self.weights * self.residuals) ** 2))

    def log_likelihood(self, *, restricted: bool) -> float:
        """Of the values, up to a constant."""
        found = float(np.sum(np.log(self.weights))) / 2 - self.q / 2
        if restricted:
            found -= float(np.sum(np.log(np.abs(np.diag(self.orthogonal[1])))))
        return found

    def at(self, tau2: float) -> Fit:
        """The same with another variance between studies."""
        return Fit(self.values, self.variances, self.design, tau2)


def _others(weights: Floats) -> Floats:
    """The sum of all weights but one, for each; that of the largest is summed anew, since a difference would lose it."""
    found = np.sum(weights) - weights
    largest = int(np.argmax(weights))
    found[largest] = np.sum(weights[:largest]) + np.sum(weights[largest + 1 :])
    return np.asarray(found)
