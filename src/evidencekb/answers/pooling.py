"""What pooling returns: one number from several findings, with the name of its estimator and all that went into it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidencekb.answers.base import Answered, Fixed
from evidencekb.answers.pooled import (
    Allowed,
    FilledFunnel,
    Funnel,
    FunnelPoint,
    FunnelTest,
    LeftOut,
    PooledOver,
    PooledPart,
    PooledSpread,
)
from evidencekb.answers.pooledwords import (
    SAYS,
    SIDES,
    TWICE,
    counts_twice,
    flags_text,
    head_text,
    lines,
    pooled_html,
    shown,
)
from evidencekb.effects.precision import multiplier
from evidencekb.effects.scales import scale_of
from evidencekb.errors import QuestionError
from evidencekb.escaping import escaped
from evidencekb.vocab import RATIOS, Measure

if TYPE_CHECKING:
    from evidencekb.synthesis import Asymmetry, Filled, Pooled

_USUAL = ("wald", "hartung_knapp")
_SHOWN = 10


@dataclass(frozen=True, slots=True)
class PooledFinding(Answered):
    """One number from several findings: derived, never reported, and never without the name of its estimator.

    Attributes:
        name: Estimator, way of making the interval, and how many were pooled, in words.
        method: The estimator: common, DL, REML, PM, ML, SJ, HE, HS or EB.
        interval_method: How the interval was made: wald, hartung_knapp or hartung_knapp_adhoc.
        level: Confidence level of all intervals.
        k: How many estimates were pooled.
        n: How many were measured, added up over those of which it is known; None when it is known of none. Where shared data
            were allowed, some count twice, as ``notes`` says.
        n_known: Of how many estimates n is known.
        outcomes: Ids of the outcomes, sorted.
        definitions: Ids of the definitions, sorted.
        label: What it is a number of.
        measure: The kind of number.
        unit: Its unit.
        value: The pooled value, in the unit.
        lower: Lower bound of its interval, in the unit.
        upper: Upper bound.
        prediction: Where the effect of a new study is expected, in the unit; None for a common effect.
        percent: Of a ratio, value and bounds as changes in percent; None otherwise.
        scale: The scale that was pooled on: identity, log, log_change, fisher_z or logit.
        estimate: The pooled value on that scale.
        se: Its standard error on that scale.
        statistic: ``estimate / se``.
        df: Degrees of freedom of t; None for the normal distribution.
        p_value: Two-sided, of no effect on that scale.
        spread: How far the estimates differ.
        parts: What was pooled.
        left_out: What was asked for and not pooled.
        allowed: What would have been refused, with the reason given for allowing it.
        over: In what the estimates differ, or what nobody knows of them; empty of a part of a pool.
        flags: How many estimates have each vendor flag.
        flagged: The same in words, and whether nobody independent is among them.
        otherwise: Estimators and intervals by which the verdict, or the side on which the value lies, would be another.
        notes: What a reader has to know besides.
        text: The number with its interval and its estimator, in one sentence.
        derived: Always true: no pooled number may be shown as reported.
    """

    name: str
    method: str
    interval_method: str
    level: float
    k: int
    n: float | None
    n_known: int
    outcomes: tuple[str, ...]
    definitions: tuple[str, ...]
    label: str
    measure: str
    unit: str
    value: float
    lower: float
    upper: float
    prediction: tuple[float, float] | None
    percent: tuple[float, float, float] | None
    scale: str
    estimate: float
    se: float
    statistic: float
    df: int | None
    p_value: float
    spread: PooledSpread
    parts: tuple[PooledPart, ...]
    left_out: tuple[LeftOut, ...]
    allowed: tuple[Allowed, ...]
    over: tuple[PooledOver, ...]
    flags: Mapping[str, int]
    flagged: str
    otherwise: tuple[str, ...]
    notes: tuple[str, ...]
    text: str
    derived: bool = True

    @property
    def verdict(self) -> str:
        """What the interval says of no effect: above it, below it, unclear; empty for what has no value of no effect."""
        return verdict_of(self.measure, self.lower, self.upper)

    @property
    def side(self) -> str:
        """On which side of no effect the value lies: above, below, unclear (on it); empty where there is none."""
        return verdict_of(self.measure, self.value, self.value)

    def __str__(self) -> str:
        return "\n".join([self.text, *(f"  {line}" for line in lines(self))])

    def _repr_html_(self) -> str:
        return pooled_html(self)

    def leave_one_out(self) -> tuple[PooledFinding, ...]:
        """The pool without each of its estimates in turn, in their order; each names the one left out.

        Raises:
            QuestionError: If there are fewer than three, since one estimate is no pool.

        References:
            Viechtbauer & Cheung (2010), Outlier and influence diagnostics for meta-analysis, Research Synthesis Methods 1(2).
        """
        if self.k < 3:
            raise QuestionError(f"leaving one out of {self.k} leaves no pool; there have to be three")
        return tuple(
            self._again(
                [other for other in self.parts if other is not part], (LeftOut(part.figure, "left out in turn"),)
            )
            for part in self.parts
        )

    def cumulative(self) -> tuple[PooledFinding, ...]:
        """What is pooled of the first two, the first three and so on, in the order of publication.

        References:
            Lau et al. (1992), Cumulative meta-analysis of therapeutic trials for myocardial infarction, NEJM 327(4), 248-254.
        """
        held = sorted(self.parts, key=lambda part: part.when or "9999")
        return tuple(
            self._again(held[:end], tuple(LeftOut(part.figure, "published later") for part in held[end:]))
            for end in range(2, len(held) + 1)
        )

    def by_estimator(self) -> tuple[PooledFinding, ...]:
        """The same estimates by each of the nine estimators, with the same kind of interval."""
        from evidencekb.synthesis import METHODS

        return tuple(self._again(self.parts, method=method) for method in METHODS)

    def funnel(self) -> Funnel:
        """The funnel: Egger's regression, the rank correlation, trim and fill; ``notes`` tells what could not be worked out.

        References:
            Sterne et al. (2011), Recommendations for examining and interpreting funnel plot asymmetry, BMJ 343, d4002.
        """
        from evidencekb import synthesis

        values, variances = [part.at for part in self.parts], [part.se**2 for part in self.parts]
        notes: list[str] = []

        def tried(work: Any, **options: Any) -> Any:
            try:
                return work(values, variances, **options)
            except QuestionError as problem:
                if str(problem) not in notes:
                    notes.append(str(problem))
                return None

        egger, rank = tried(synthesis.regress_funnel), tried(synthesis.rank_funnel)
        filled = tried(synthesis.fill_funnel, method=self.method, interval=self.interval_method, level=self.level)
        return Funnel(
            name=self.name,
            centre=self.estimate,
            points=tuple(FunnelPoint(part.figure, part.at, part.se) for part in self.parts),
            egger=egger and _tested(egger),
            rank=rank and _tested(rank),
            filled=filled and self._filled(filled),
            notes=tuple(notes),
        )

    def _filled(self, filled: Filled) -> FilledFunnel:
        back = scale_of(self.scale).back
        value, lower, upper = (back(x) for x in (filled.pooled.estimate, filled.pooled.lower, filled.pooled.upper))
        name = f"trim and fill ({filled.estimator}); {filled.pooled.name}"
        ends = " to ".join(shown(end, self.measure, self.unit) for end in (lower, upper))
        text = (
            f"{filled.added} filled in on the {filled.side}: {shown(value, self.measure, self.unit)} "
            f"({100 * self.level:.4g}% interval {ends}; {name})"
        )
        return FilledFunnel(
            filled.added, filled.side, tuple(map(back, filled.values)), value, lower, upper, name,
            "; ".join([text, *filled.notes]),
        )  # fmt: skip

    def _again(
        self, parts: Sequence[PooledPart], left_out: tuple[LeftOut, ...] = (), method: str | None = None
    ) -> PooledFinding:
        kept = {part.figure for part in parts}
        allowed = tuple(
            replace(each, pairs=pairs)
            for each in self.allowed
            if (pairs := tuple(pair for pair in each.pairs if kept.issuperset(pair)))
        )
        over = self.over if len(kept) == self.k else ()
        frame = replace(self, left_out=(*self.left_out, *left_out), allowed=allowed, over=over)
        return refitted(frame, parts, method or self.method, self.interval_method, self.level)


@dataclass(frozen=True, slots=True)
class PooledSelection(Answered):
    """A selection, pooled by comparable group.

    Attributes:
        name: Estimator and way of making the interval, in words.
        groups: The pools, those of the most estimates first.
        left_out: What no pool holds, with why.
        text: The count in words.
    """

    name: str
    groups: tuple[PooledFinding, ...]
    left_out: tuple[LeftOut, ...]
    text: str

    def __iter__(self) -> Iterator[PooledFinding]:
        return iter(self.groups)

    def __len__(self) -> int:
        return len(self.groups)

    def __str__(self) -> str:
        return "\n".join([self.text, *(group.text for group in self.groups), *self._missing()])

    def _missing(self) -> Iterator[str]:
        yield from (f"Left out: {each}" for each in self.left_out[:_SHOWN])
        if len(self.left_out) > _SHOWN:
            yield f"Left out: and {len(self.left_out) - _SHOWN:,} more"

    def _repr_html_(self) -> str:
        told = "".join(f"<li>{escaped(line)}</li>" for line in self._missing())
        return "".join(
            [f"<p>{escaped(self.text)}</p>", *map(pooled_html, self.groups), f"<ul>{told}</ul>" if told else ""]
        )


def verdict_of(measure: str, lower: float, upper: float) -> str:
    """What an interval says of no effect: above, below, unclear; empty where the measure has none.

    Examples:
        >>> verdict_of("risk_ratio", 1.1, 1.4), verdict_of("percent_change", -3, 4), verdict_of("mean", 3, 4)
        ('above', 'unclear', '')
    """
    from evidencekb.answers.effects import NO_EFFECT  # it needs the models, which most questions do without

    none = NO_EFFECT.get(Measure(measure))
    if none is None:
        return ""
    return "above" if lower > none else "below" if upper < none else "unclear"


def refitted(
    frame: PooledFinding, parts: Sequence[PooledPart], method: str, interval: str, level: float
) -> PooledFinding:
    """A pool of these parts, with what ``frame`` says of them; weights, numbers and names are worked out anew."""
    from evidencekb.synthesis import pool_values

    values, variances = [part.at for part in parts], [part.se**2 for part in parts]
    found = pool_values(values, variances, method=method, interval=interval, level=level)
    back = scale_of(frame.scale).back
    reach = multiplier(level)
    held = tuple(
        replace(part, weight=weight, lower=back(part.at - reach * part.se), upper=back(part.at + reach * part.se))
        for part, weight in zip(parts, found.weights, strict=True)
    )
    known = [part.n for part in held if part.n is not None]
    flags = Fixed(Counter(part.flag for part in held))
    value, lower, upper = back(found.estimate), back(found.lower), back(found.upper)
    spread = found.heterogeneity
    made = replace(
        frame,
        name=found.name,
        method=found.method,
        interval_method=found.interval_method,
        level=level,
        k=found.k,
        n=sum(known) if known else None,
        n_known=len(known),
        value=value,
        lower=lower,
        upper=upper,
        prediction=None if found.prediction is None else (back(found.prediction[0]), back(found.prediction[1])),
        percent=(100 * (value - 1), 100 * (lower - 1), 100 * (upper - 1)) if frame.measure in RATIOS else None,
        estimate=found.estimate,
        se=found.se,
        statistic=found.statistic,
        df=found.df,
        p_value=found.p_value,
        spread=PooledSpread(
            spread.q, spread.q_df, spread.q_p, spread.tau2, spread.tau2_se, spread.tau2_interval, spread.i2,
            spread.i2_interval, spread.h2,
        ),
        parts=held,
        flags=flags,
        flagged=flags_text(flags),
        otherwise=_otherwise(frame, values, variances, found),
        notes=(*found.notes, *((TWICE,) if counts_twice(frame) else ())),
    )  # fmt: skip
    return replace(made, text=head_text(made))


def _otherwise(frame: PooledFinding, values: list[float], variances: list[float], found: Pooled) -> tuple[str, ...]:
    """Each other estimator, and this one with the other usual interval, where the interval says something else of no effect."""
    from evidencekb.synthesis import METHODS, pool_values

    back = scale_of(frame.scale).back

    def says(pooled: Pooled) -> tuple[str, str]:
        value, lower, upper = back(pooled.estimate), back(pooled.lower), back(pooled.upper)
        return verdict_of(frame.measure, lower, upper), verdict_of(frame.measure, value, value)

    mine = says(found)
    if not mine[0]:
        return ()
    others = [(method, found.interval_method) for method in METHODS if method != found.method]
    others += [(found.method, interval) for interval in _USUAL if interval != found.interval_method]
    told = []
    for method, interval in others:
        pooled = pool_values(values, variances, method=method, interval=interval, level=found.level)
        if (theirs := says(pooled)) != mine:
            value, lower, upper = (
                shown(back(x), frame.measure, frame.unit) for x in (pooled.estimate, pooled.lower, pooled.upper)
            )
            told.append(
                f"{pooled.name}: {value}, {SIDES[theirs[1]]}, and an interval of {lower} to {upper} that {SAYS[theirs[0]]}"
            )
    return tuple(told)


def _tested(found: Asymmetry) -> FunnelTest:
    return FunnelTest(
        found.test, found.k, found.statistic, found.df, found.p_value, found.bias, found.bias_se, str(found)
    )
