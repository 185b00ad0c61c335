"""The parts of what pooling returns: each estimate that went in, what was left out, allowed and converted, and the funnel."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered


@dataclass(frozen=True, slots=True)
class PooledPart(Answered):
    """One estimate that was pooled.

    Attributes:
        figure: The estimate, as ``finding#estimate``.
        value: Its value, in the measure and unit of the pool.
        lower: Lower bound of its interval at the level of the pool, from ``se``; in the same unit.
        upper: Upper bound.
        at: The value on the scale that was pooled on.
        se: Its standard error on that scale.
        weight: Its share in the pooled value, in percent.
        n: How many were measured; None when no number may stand as n.
        reported: The number as the source has it.
        derived: How the value or the standard error was worked out, step by step; empty when both stand in the source.
        flag: The vendor flag of its primary source.
        design: The study design.
        when: The year, month or day of publication; empty when unknown.
        cite: The label of its source.
    """

    figure: str
    value: float
    lower: float
    upper: float
    at: float
    se: float
    weight: float
    n: float | None
    reported: str
    derived: tuple[str, ...]
    flag: str
    design: str
    when: str
    cite: str


@dataclass(frozen=True, slots=True)
class LeftOut(Answered):
    """An estimate that was asked for and not pooled.

    Attributes:
        figure: The estimate, as ``finding#estimate``.
        why: Why.
    """

    figure: str
    why: str

    def __str__(self) -> str:
        return f"{self.figure}: {self.why}"


@dataclass(frozen=True, slots=True)
class Allowed(Answered):
    """What would have been refused, and was allowed by whoever asked.

    Attributes:
        kind: The kind of reason, or the pair, that was allowed.
        reason: Why it was allowed, in the words of whoever asked.
        pairs: The pairs of estimates that it let through.
        twice: True where it lets data count twice, or may.
        text: What they would have been refused for: of each aspect, what was found first.
    """

    kind: str
    reason: str
    pairs: tuple[tuple[str, str], ...]
    twice: bool
    text: str

    def __str__(self) -> str:
        count = f" ({len(self.pairs)} pairs)" if len(self.pairs) > 1 else ""
        return f"{self.kind}{count}: {self.reason} [{self.text}]"


@dataclass(frozen=True, slots=True)
class PooledOver(Answered):
    """In what the pooled estimates differ, or what nobody knows of them, without keeping them apart.

    Attributes:
        aspect: One of the nine aspects of a comparison, or design.
        verdict: converts, differs or unknown; agrees for data that a link says are new, with what it says.
        pairs: Of how many pairs it is so.
        text: Why, of the first pair.
    """

    aspect: str
    verdict: str
    pairs: int
    text: str

    def __str__(self) -> str:
        return f"{self.aspect} {self.verdict} ({self.pairs} {'pair' if self.pairs == 1 else 'pairs'}): {self.text}"


@dataclass(frozen=True, slots=True)
class PooledSpread(Answered):
    """How far the pooled estimates differ beyond what chance would make.

    Attributes:
        q: Cochran's Q.
        q_df: Its degrees of freedom.
        q_p: How often chance alone would make it as large.
        tau2: Variance between studies, in the square of the unit of the scale; 0 for a common effect.
        tau2_se: Its standard error; None for a common effect.
        tau2_interval: Its interval by the Q profile; None for a common effect.
        i2: Share of the variance of the estimates that is between studies, in percent.
        i2_interval: I² at the bounds of ``tau2_interval``; None without it.
        h2: Variance of the estimates relative to what it would be with one effect.
    """

    q: float
    q_df: int
    q_p: float
    tau2: float
    tau2_se: float | None
    tau2_interval: tuple[float, float] | None
    i2: float
    i2_interval: tuple[float, float] | None
    h2: float


@dataclass(frozen=True, slots=True)
class FunnelPoint(Answered):
    """One estimate in a funnel.

    Attributes:
        figure: The estimate, as ``finding#estimate``.
        at: Its value, on the scale of the pool.
        se: Its standard error on that scale.
    """

    figure: str
    at: float
    se: float


@dataclass(frozen=True, slots=True)
class FunnelTest(Answered):
    """Whether small studies say something else than large ones.

    Attributes:
        test: Name of the test.
        k: How many estimates.
        statistic: t of Egger's regression, tau of the rank test.
        df: Degrees of freedom of t; None for the rank test.
        p_value: Two-sided.
        bias: Egger's intercept, for one unit of standard error on the scale of the pool; None for the rank test.
        bias_se: Its standard error.
        text: All of it in words.
    """

    test: str
    k: int
    statistic: float
    df: int | None
    p_value: float
    bias: float | None
    bias_se: float | None
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class FilledFunnel(Answered):
    """What would be pooled with the studies that a symmetric funnel needs: how far a result rests on one, and no correction.

    Attributes:
        added: How many were filled in.
        side: Where: left (smaller values) or right.
        values: The values filled in, in the unit of the pool.
        value: The pooled value with them.
        lower: Lower bound of its interval.
        upper: Upper bound.
        estimator: How their number was estimated, and what was pooled by which estimator and interval.
        text: All of it in words.
    """

    added: int
    side: str
    values: tuple[float, ...]
    value: float
    lower: float
    upper: float
    estimator: str
    text: str

    def __str__(self) -> str:
        return self.text


@dataclass(frozen=True, slots=True)
class Funnel(Answered):
    """The funnel of a pool: each estimate by its standard error, and whether it leans.

    Attributes:
        name: Estimator, way of making the interval, and how many were pooled.
        centre: The pooled value, on the scale of the pool.
        points: Each estimate.
        egger: Egger's regression; None where it cannot be worked out.
        rank: The rank correlation; None where it cannot be worked out.
        filled: Trim and fill; None where it cannot be worked out.
        notes: What a reader has to know besides, and why something could not be worked out.
    """

    name: str
    centre: float
    points: tuple[FunnelPoint, ...]
    egger: FunnelTest | None
    rank: FunnelTest | None
    filled: FilledFunnel | None
    notes: tuple[str, ...]

    def __str__(self) -> str:
        shown = [str(part) for part in (self.egger, self.rank, self.filled) if part is not None]
        return "\n".join([f"Funnel of {self.name}.", *shown, *self.notes])
