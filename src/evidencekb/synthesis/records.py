"""What pooling returns; each names its estimator."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.errors import QuestionError

METHODS = {
    "common": "common effect, weights 1/variance",
    "DL": "DerSimonian-Laird",
    "REML": "restricted maximum likelihood",
    "PM": "Paule-Mandel",
    "ML": "maximum likelihood",
    "SJ": "Sidik-Jonkman",
    "HE": "Hedges",
    "HS": "Hunter-Schmidt",
    "EB": "empirical Bayes",
}
"""How the variance between studies is estimated; ``common`` takes it to be 0."""

INTERVALS = {
    "wald": "Wald (normal)",
    "hartung_knapp": "Hartung-Knapp (t)",
    "hartung_knapp_adhoc": "ad hoc Hartung-Knapp (t)",
}
"""How the interval of a pooled estimate is made; the ad hoc one is never narrower than the weights say."""


def checked_method(method: str) -> str:
    """The name of an estimator as METHODS spells it; upper and lower case are one.

    Raises:
        QuestionError: If there is none of that name.
    """
    for name in METHODS:
        if name.casefold() == str(method).casefold():
            return name
    raise QuestionError(f"there is no estimator {method!r}; take one of {', '.join(METHODS)}")


def checked_interval(interval: str) -> str:
    """The name of a way to make intervals.

    Raises:
        QuestionError: If there is none of that name.
    """
    if interval not in INTERVALS:
        raise QuestionError(f"there is no interval {interval!r}; take one of {', '.join(INTERVALS)}")
    return interval


@dataclass(frozen=True, slots=True)
class Heterogeneity:
    """How far the effects differ beyond what chance would make.

    Attributes:
        q: Cochran's Q, the weighted sum of squared distances from the common effect.
        q_df: Its degrees of freedom.
        q_p: How often chance alone would make it as large.
        tau2: Variance of the effects between studies, in the square of the unit; 0 for a common effect.
        tau2_se: Its standard error; None for a common effect.
        tau2_interval: Its interval by the Q profile; None for a common effect, or when there are no degrees of freedom.
        i2: Share of the variance of the estimates that is between studies, in percent.
        h2: Variance of the estimates relative to what it would be with one effect.
        level: Confidence level of the intervals.
        within: Variance within a typical study, which ``i2`` and ``h2`` of random effects are relative to; None without degrees
            of freedom.
    """

    q: float
    q_df: int
    q_p: float
    tau2: float
    tau2_se: float | None
    tau2_interval: tuple[float, float] | None
    i2: float
    h2: float
    level: float
    within: float | None

    @property
    def i2_interval(self) -> tuple[float, float] | None:
        """I² at the bounds of ``tau2_interval``, in percent."""
        if self.tau2_interval is None or self.within is None:
            return None
        low, high = self.tau2_interval
        return 100 * low / (low + self.within), 100 * high / (high + self.within)

    @property
    def tau(self) -> float:
        """Standard deviation of the effects between studies, in the unit of the effects."""
        return float(self.tau2**0.5)


@dataclass(frozen=True, slots=True)
class Pooled:
    """One estimate from several, with the name of its estimator.

    Attributes:
        method: The estimator, one of METHODS. Of a single estimate it is ``common``, whatever was asked for.
        interval_method: How the interval was made, one of INTERVALS.
        k: How many estimates were pooled.
        estimate: The pooled effect, in the unit of the values.
        se: Its standard error.
        lower: Lower bound of its interval.
        upper: Upper bound.
        level: Confidence level.
        statistic: ``estimate / se``, to be held against the normal distribution, or t with ``df``.
        df: Degrees of freedom; None for the normal distribution.
        p_value: Two-sided.
        prediction: Where the effect of a new study is expected; None for a common effect.
        heterogeneity: How far the effects differ.
        weights: Share of each estimate in the pooled one, in percent, in their order.
        notes: What a reader has to know besides.
    """

    method: str
    interval_method: str
    k: int
    estimate: float
    se: float
    lower: float
    upper: float
    level: float
    statistic: float
    df: int | None
    p_value: float
    prediction: tuple[float, float] | None
    heterogeneity: Heterogeneity
    weights: tuple[float, ...]
    notes: tuple[str, ...] = ()

    @property
    def tau2(self) -> float:
        """Variance between studies: ``heterogeneity.tau2``."""
        return self.heterogeneity.tau2

    @property
    def name(self) -> str:
        """Estimator, way of making the interval, and how many were pooled."""
        model = (
            "common effect" if self.method == "common" else f"random effects, {self.method} ({METHODS[self.method]})"
        )
        return f"{model}; {INTERVALS[self.interval_method]} interval; k = {self.k}"

    def __str__(self) -> str:
        parts = [
            f"{self.estimate:.4g} (SE {self.se:.4g}), {self.level:.4g} interval {self.lower:.4g} to {self.upper:.4g}",
            self.name,
        ]
        if self.method != "common":
            held = self.heterogeneity
            parts.append(f"tau² {held.tau2:.4g}, I² {held.i2:.1f}%, Q {held.q:.4g} (df {held.q_df}, p {held.q_p:.2g})")
        if self.prediction is not None:
            parts.append(f"a new study: {self.prediction[0]:.4g} to {self.prediction[1]:.4g}")
        return "; ".join([*parts, *self.notes])


@dataclass(frozen=True, slots=True)
class Coefficient:
    """One coefficient of a meta-regression.

    Attributes:
        name: intercept, or the name of the moderator.
        estimate: In the unit of the values, per unit of the moderator.
        se: Standard error.
        lower: Lower bound of its interval.
        upper: Upper bound.
        statistic: ``estimate / se``.
        p_value: Two-sided.
    """

    name: str
    estimate: float
    se: float
    lower: float
    upper: float
    statistic: float
    p_value: float


@dataclass(frozen=True, slots=True)
class Regression:
    """How effects go with what studies differ in.

    Attributes:
        method: The estimator of the variance that is left between studies, one of METHODS.
        interval_method: How the intervals were made, one of INTERVALS.
        k: How many estimates went in.
        level: Confidence level.
        df: Degrees of freedom of t; None for the normal distribution.
        coefficients: The intercept, then the moderators in their order.
        heterogeneity: What is left between studies; its Q is that of the residuals.
        q_m: Test of all moderators together: χ² with ``q_m_df`` degrees of freedom, by Hartung-Knapp F with ``q_m_df`` and
            ``df``; None without a moderator, or where nothing scatters.
        q_m_df: How many moderators.
        q_m_p: How often chance alone would make it as large.
        r2: Share of the variance between studies that the moderators account for, in percent; None for a common effect, or when
            there is none to account for.
        notes: What a reader has to know besides.
    """

    method: str
    interval_method: str
    k: int
    level: float
    df: int | None
    coefficients: tuple[Coefficient, ...]
    heterogeneity: Heterogeneity
    q_m: float | None
    q_m_df: int
    q_m_p: float | None
    r2: float | None
    notes: tuple[str, ...] = ()

    def __str__(self) -> str:
        shown = ", ".join(f"{c.name} {c.estimate:.4g} (SE {c.se:.4g})" for c in self.coefficients)
        named = f"{self.method} ({METHODS[self.method]}); {INTERVALS[self.interval_method]} intervals; k = {self.k}"
        held = self.heterogeneity
        parts = [shown, named, f"tau² {held.tau2:.4g}, Q {held.q:.4g} (df {held.q_df}, p {held.q_p:.2g})"]
        if self.q_m is not None:
            test = f"χ²({self.q_m_df})" if self.df is None else f"F({self.q_m_df}, {self.df})"
            parts.append(f"moderators {test} = {self.q_m:.4g}, p {self.q_m_p:.2g}")
        return "; ".join([*parts, *self.notes])
