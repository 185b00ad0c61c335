"""One number from several findings that are comparable and independent of each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from evidencekb.answers import LeftOut, PooledFinding, PooledSelection
from evidencekb.answers.naming import joined
from evidencekb.errors import PoolError, QuestionError
from evidencekb.extras import needed
from evidencekb.queries.allowing import Allowances
from evidencekb.queries.grouping import chosen, group_comparable
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.answers import ComparableGroup, Figure
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding
    from evidencekb.queries.pooltable import Forbidden, Table


def pool(
    kb: KnowledgeBase,
    findings: ComparableGroup | Finding | Figure | str | Iterable[Finding | Figure | str] | None = None,
    *,
    method: str = "REML",
    interval: str = "wald",
    level: float = 0.95,
    allow: Mapping[Any, str] | None = None,
    **selection: Any,
) -> PooledFinding:
    """Pool estimates into one number, or refuse, saying which pair cannot be pooled and why.

    Each pair has to be comparable, as :func:`compare` has it, if need be after a conversion, which is then made; and nothing
    may join its data: no pool beside what it includes, no two versions, no two times of one finding, no provider in common.
    Ratios are pooled on the log scale, correlations on Fisher's z, shares on the logit scale, changes in percent on the log
    scale where a source says so or a conversion asks for it; the answer is in the unit of the first estimate. What has no
    standard error, interval, counts or exact p value is left out and named. Needs the extra ``pool``.

    Args:
        kb: The knowledge base.
        findings: Findings, estimates as ``finding#estimate``, figures, or a comparable group; or none, and options instead. Of a
            finding with several estimates the one that fits the others is taken.
        method: The estimator: common, DL, REML, PM, ML, SJ, HE, HS or EB.
        interval: How the interval is made: wald, hartung_knapp or hartung_knapp_adhoc.
        level: Confidence level of all intervals.
        allow: What to let pass all the same, each with the reason that is printed with the result: an aspect of a comparison,
            such as ``"cohort"`` or ``"overlap"``, or a pair of findings or estimates.
        **selection: The options of :func:`select_findings`.

    Returns:
        The pooled number with its estimator, what went in and how, what was left out, allowed, and pooled over.

    Raises:
        PoolError: If a pair cannot be pooled, or fewer than two estimates are left.
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If an option or reason cannot be, or a finding has several estimates that fit.
        EngineError: If numpy and scipy are not installed.

    Examples:
        Three trials, weighted by 1/12.88², 1/18.72² and 1/42.63²: (0.1650 + 0.0512 + 0.0297) / 0.009432 = 26.08.

        >>> from evidencekb import load
        >>> kb = load()
        >>> sites = ["cui-2026-microsoft", "cui-2026-accenture", "cui-2026-anonymous-firm"]
        >>> found = pool(kb, sites, method="common")
        >>> round(found.value, 2), round(found.se, 2)
        (26.08, 10.3)
        >>> print(found.flagged)
        Only evidence of sellers was pooled. Flags: 3 vendor.
        >>> pool(kb, [*sites, "cui-2026-copilot-pooled"])  # doctest: +ELLIPSIS
        Traceback (most recent call last):
        evidencekb.errors.PoolError: 4 estimates cannot be pooled: ... overlap: They share data (includes): ...

    References:
        Borenstein, Hedges, Higgins & Rothstein (2009), Introduction to Meta-Analysis, chapters 11 to 13 and 23 to 25.
    """
    from evidencekb.queries.pooltable import Table, named_sides  # it needs the models, which most questions do without

    method, interval = _asked_for(method, interval, level)
    sides = chosen(kb, None, selection) if findings is None else named_sides(kb, findings, selection)
    allowances = Allowances(allow, sides)
    table = Table(kb, sides)
    if forbidden := table.forbidden(allowances):
        raise _refusal(table, forbidden)
    return table.pooled(allowances, method, interval, level)


def pool_by(
    kb: KnowledgeBase,
    findings: Finding | str | Iterable[Finding | str] | None = None,
    *,
    method: str = "REML",
    interval: str = "wald",
    level: float = 0.95,
    **selection: Any,
) -> PooledSelection:
    """Pool a selection by comparable group, as :func:`group_comparable` parts it, and name what no pool holds.

    Nothing is allowed here. Of a group, each estimate is pooled that may stand beside those before it. Needs the extra ``pool``;
    for arrays of a million values and more see :func:`evidencekb.synthesis.pool_rows`.

    Args:
        kb: The knowledge base.
        findings: Findings, or estimates as ``finding#estimate``; or none, and options instead.
        method: The estimator, as for :func:`pool`.
        interval: How intervals are made.
        level: Confidence level.
        **selection: The options of :func:`select_findings`.

    Raises:
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If an option cannot be.
        EngineError: If numpy and scipy are not installed.

    Examples:
        >>> from evidencekb import load
        >>> found = pool_by(load(), outcome="pull-requests-completed", method="common")
        >>> [(group.k, round(group.value, 2)) for group in found]
        [(3, 26.08), (2, 21.33)]
    """
    from evidencekb.queries.pooltable import Table, named_sides
    from evidencekb.synthesis import INTERVALS, METHODS

    method, interval = _asked_for(method, interval, level)
    grouping = group_comparable(kb, findings, **selection)
    pools: list[PooledFinding] = []
    left_out: list[LeftOut] = [
        LeftOut(name, "nothing else is comparable") for one in grouping.alone for name in one.estimates
    ]
    for group in grouping.groups:
        kept, apart = Table(kb, named_sides(kb, group.estimates, {})).thinned()
        left_out += apart
        try:
            pools.append(Table(kb, kept).pooled(Allowances(None, kept), method, interval, level))
        except PoolError as problem:
            out = dict(problem.left_out)
            left_out += [LeftOut(side.name, out.get(side.name, _ALONE)) for side in kept]
    held = tuple(sorted(pools, key=lambda found: -found.k))
    count = sum(found.k for found in held)
    name = f"{'common effect' if method == 'common' else f'random effects, {method} ({METHODS[method]})'}"
    name = f"{name}; {INTERVALS[interval]} intervals"
    text = f"{count:,} estimates in {len(held):,} {'pool' if len(held) == 1 else 'pools'}, {len(left_out):,} left out; {name}."
    return PooledSelection(name, held, tuple(left_out), text)


def _asked_for(method: str, interval: str, level: Any) -> tuple[str, str]:
    """Estimator and interval by their names.

    Raises:
        QuestionError: If there is none of that name, or the level is not between 0 and 1.
        EngineError: If numpy and scipy are not installed.
    """
    records = needed("evidencekb.synthesis.records", "pool")
    one("method", method)
    one("interval", interval)
    if not (isinstance(level, float) and 0 < level < 1):
        raise QuestionError(f"level is {level!r}; it has to be a number between 0 and 1, such as 0.95")
    return records.checked_method(method), records.checked_interval(interval)


_TOLD = 4
_ALONE = "alone, since what it could be pooled with is left out"


def _refusal(table: Table, forbidden: list[Forbidden]) -> PoolError:
    told = [
        f"{first} and {second}, by their {'; '.join(f'{r.aspect}: {r.text}' for r in reasons)}"
        for first, second, reasons in forbidden[:_TOLD]
    ]
    if len(forbidden) > _TOLD:
        told.append(f"and {len(forbidden) - _TOLD:,} more pairs")
    kinds = sorted({reason.aspect for _, _, reasons in forbidden for reason in reasons} - {"measure", "unit"})
    hints = ["pool_by pools what fits together"] if len(table.sides) > 2 else []
    hints += [f"allow takes a reason for {joined(kinds)}, if you answer for it"] if kinds else []
    hint = f" ({'; '.join(hints)})" if hints else ""
    pairs = tuple((first, second, tuple(r.aspect for r in reasons)) for first, second, reasons in forbidden)
    return PoolError(f"{len(table.sides)} estimates cannot be pooled: {' / '.join(told)}{hint}", pairs)
