"""What was pooled, as a plot shows it: in the unit of the rows, with the name of its estimator."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from evidencekb.answers.numbers import closed
from evidencekb.effects.scales import scale_of
from evidencekb.plots.rows import ends_of, said


@dataclass(frozen=True, slots=True)
class Summary:
    """A pooled number.

    Attributes:
        name: Estimator, way of making the interval, and how many were pooled.
        value: In the unit of the rows; so the bounds.
        lower: Lower bound of its interval.
        upper: Upper bound.
        prediction: Where the effect of a new study is expected; None for a common effect.
        k: How many were pooled.
        weights: Their shares in percent; empty when they are not told.
        notes: How far they differ, and what a reader has to know besides.
        scale: The scale of the axis.
        measure: The kind of number; empty when it is not told.
        unit: Its unit.
    """

    name: str
    value: float
    lower: float
    upper: float
    prediction: tuple[float, float] | None
    k: int
    weights: tuple[float, ...]
    notes: tuple[str, ...]
    scale: str
    measure: str
    unit: str

    def at(self, value: float) -> float:
        """A number of it on the axis."""
        return scale_of(self.scale).to(value)

    @property
    def text(self) -> str:
        """The number with its interval."""
        return self._between(self.value, self.lower, self.upper)

    @property
    def lines(self) -> tuple[tuple[str, str], ...]:
        """What stands below the rows: each line with its number."""
        held = [(f"Pooled (k = {self.k})", self.text)]
        if self.prediction:
            held.append(("Where a new study is expected", self._between(None, *self.prediction)))
        return tuple(held)

    @property
    def texts(self) -> tuple[str, ...]:
        """The numbers of the lines."""
        return tuple(text for _, text in self.lines)

    def _between(self, value: float | None, lower: float, upper: float) -> str:
        low, high = float(f"{lower:.4g}"), float(f"{upper:.4g}")
        ends = f"[{ends_of(low, high, self.measure, self.unit)}]"
        return ends if value is None else f"{said(float(f'{value:.4g}'), self.measure, self.unit)} {ends}"


def summary_of(pooled: Any, scale: str, measure: str = "", unit: str = "") -> Summary:
    """A pooled record as a plot shows it.

    Args:
        pooled: What pooling values gave, with ``estimate`` and bounds on the scale; or a pooled answer, with ``value`` and bounds
            in the unit of the rows.
        scale: The scale of the axis.
        measure: The kind of number.
        unit: Its unit.

    Examples:
        >>> from evidencekb.synthesis import pool_values
        >>> found = summary_of(pool_values([0.1, 0.3, 0.9], [0.04, 0.02, 0.05], method="common"), "log")
        >>> found.text, found.k
        ('1.453 [1.188, 1.777]', 3)
    """
    back = scale_of(scale).back
    printed = hasattr(pooled, "value")
    value, lower, upper = (
        (pooled.value, pooled.lower, pooled.upper)
        if printed
        else (back(pooled.estimate), back(pooled.lower), back(pooled.upper))
    )
    ends = pooled.prediction
    if ends and not printed:
        ends = (back(ends[0]), back(ends[1]))
    spread = getattr(pooled, "heterogeneity", None) or getattr(pooled, "spread", None)
    weights = pooled.weights if hasattr(pooled, "weights") else tuple(part.weight for part in pooled.parts)
    told = () if spread is None or pooled.k < 2 else (_spread(spread),)
    return Summary(
        pooled.name, value, lower, upper, ends, pooled.k, tuple(weights),
        (*told, *_sentences(pooled)), scale, measure, unit,
    )  # fmt: skip


def _spread(spread: Any) -> str:
    p = "p < 0.001" if spread.q_p < 0.001 else f"p = {spread.q_p:.2g}"
    return f"Between studies: tau² = {spread.tau2:.3g}, I² = {spread.i2:.0f}%, Q = {spread.q:.3g} ({p})."


def _sentences(pooled: Any) -> tuple[str, ...]:
    """What a pooled answer says besides: notes, whether the estimator decides, what was allowed and left out, and the flags."""
    told = [closed(f"{note[:1].upper()}{note[1:]}") for note in pooled.notes]
    if otherwise := getattr(pooled, "otherwise", ()):
        told.append(f"The estimator decides; otherwise by {'; by '.join(otherwise)}.")
    told += [closed(f"Allowed all the same: {each}") for each in getattr(pooled, "allowed", ())]
    if flagged := getattr(pooled, "flagged", ""):
        told.append(flagged)
    if left_out := getattr(pooled, "left_out", ()):
        told.append(f"Left out of the pool: {'; '.join(str(each).rstrip('.') for each in left_out)}.")
    return tuple(told)
