"""What a derived number is: the number, and how it came about."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Derived:
    """A number that was worked out here, and never stood in a source.

    Attributes:
        value: The number, in its own unit: an odds ratio as 1.5, a correlation as 0.3, a change as 12 for 12%.
        se: Its standard error on ``scale``; None when what was given does not tell.
        how: Name of the formula.
        source: Where the formula is printed.
        assumptions: What has to be true for it, in words.
        scale: Where the standard error is measured: identity (the unit of the value), log, log_change, fisher_z, logit or
            double_arcsine; see :mod:`evidencekb.effects.scales`.
        lower: Lower bound of an interval, in the unit of the value; None when none was asked for.
        upper: Upper bound.
        level: Confidence level of the interval.
    """

    value: float
    se: float | None
    how: str
    source: str
    assumptions: tuple[str, ...] = ()
    scale: str = "identity"
    lower: float | None = None
    upper: float | None = None
    level: float | None = None

    @property
    def derived(self) -> bool:
        """Always true: no such number may be shown as reported."""
        return True

    def __str__(self) -> str:
        parts = [f"{self.value:.6g} (derived: {self.how})"]
        if self.lower is not None and self.upper is not None and self.level is not None:
            parts.append(f"{self.level:.4g} interval {self.lower:.6g} to {self.upper:.6g}")
        if self.se is not None:
            where = "" if self.scale == "identity" else f" on the scale {self.scale}"
            parts.append(f"standard error {self.se:.6g}{where}")
        return "; ".join(parts)
