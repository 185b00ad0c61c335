"""An original's effect set against that of a study that tried it again: which belong together, and what can be asked of them.

Pure arithmetic on records; :func:`evidencekb.replications_of` asks this module.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from evidencekb.answers import power
from evidencekb.answers.effects import sign_of
from evidencekb.answers.numbers import between
from evidencekb.answers.replications import EffectCheck
from evidencekb.answers.seeing import seen
from evidencekb.answers.weighing import Power
from evidencekb.effects.precision import quantile
from evidencekb.model import Estimate, Finding
from evidencekb.vocab import Measure

_LEVEL = 0.95
_ALONE = "paired because each study has one figure alone"


class Pair(NamedTuple):
    """An estimate of the original, one of the later study, and why one of them is missing or how they were paired."""

    original: Estimate | None
    later: Estimate | None
    why: str


def pairs(original: Finding, concerned: Sequence[Estimate], recorded: Callable[[Estimate], bool]) -> Iterator[Pair]:
    """Which effects belong together: those of one outcome, of several the one of the same measure, definition and groups.

    Args:
        original: The finding that was tried again.
        concerned: The estimates of the later finding that try it.
        recorded: Whether somebody recorded how an estimate was measured; that it is alone says nothing otherwise.
    """
    if not concerned:
        yield Pair(None, None, "the later study gives no figure for this")
    for estimate in concerned:
        meant = [e for e in original.estimates if e.outcome == estimate.outcome]
        for same in (_of_measure, _of_definition, _of_groups):
            narrowed = [e for e in meant if same(e, estimate)]
            meant = narrowed or meant
        if len(meant) == 1:
            yield Pair(meant[0], estimate, "")
        elif meant:
            names = ", ".join(e.id for e in meant)
            yield Pair(None, estimate, f"several figures of the original may be meant: {names}")
        elif len(original.estimates) == len(concerned) == 1 and all(map(recorded, (*original.estimates, estimate))):
            yield Pair(original.estimates[0], estimate, _ALONE)
        else:
            yield Pair(None, estimate, "the original gives no figure of the same outcome")


def _of_measure(one: Estimate, other: Estimate) -> bool:
    return one.measure == other.measure


def _of_definition(one: Estimate, other: Estimate) -> bool:
    return one.definition == other.definition


def _of_groups(one: Estimate, other: Estimate) -> bool:
    return (one.group, one.comparator) == (other.group, other.comparator)


def comparable(one: Estimate, other: Estimate) -> bool:
    """Whether two effects are numbers on one scale.

    Examples:
        >>> d = Estimate(id="d", outcome="pay", measure="smd", value=0.4, unit="SD")
        >>> r = Estimate(id="r", outcome="pay", measure="correlation", value=0.2, unit="1")
        >>> comparable(d, d), comparable(d, r)
        (True, False)
    """
    first, second = ((e.measure, e.unit, e.scale, e.per) for e in (one, other))
    return first == second and all(
        e.value is not None and power.standard(e, e.value) is not None for e in (one, other)
    )  # fmt: skip


def checks(original: tuple[Finding, Estimate], later: tuple[Finding, Estimate]) -> tuple[EffectCheck, ...]:
    """What can be asked of two comparable effects.

    An interval that is not printed is worked out from a standard error, a p value or, of a correlation, the size of the sample.
    Of a difference the size gives the narrowest interval there could be: what lies in it lies in the true one, and of what does
    not nobody can tell.

    References:
        Open Science Collaboration (2015), Estimating the reproducibility of psychological science, Science 349, aac4716: the
        original's effect in the interval of the replication.
        Patil, Peng, Leek (2016), What should researchers expect when they replicate studies? Perspectives on Psychological
        Science 11(4), 539-544: the prediction interval, ± 1.96 √(se₁² + se₂²) on Fisher's z.
    """
    return (
        _direction(original[1], later[1]),
        _within("in_original_interval", original, later[1]),
        _within("original_in_interval", later, original[1]),
        _predicted(original, later),
    )


def _direction(one: Estimate, other: Estimate) -> EffectCheck:
    signs = sign_of(one), sign_of(other)
    if 0 in signs:
        return EffectCheck("same_direction", None, "", "one of the two points neither way")
    same = signs[0] == signs[1]
    return EffectCheck("same_direction", same, "printed", "both point one way" if same else "they point opposite ways")


class _Reach(NamedTuple):
    """A standard error on the scale of ``power.standard``, and whether it is only the smallest there could be."""

    se: float
    least: bool


def _reach(finding: Finding, estimate: Estimate) -> _Reach | None:
    precision = power.precision_of(finding, estimate, tested=True)
    if precision.se is None or precision.se <= 0:
        return None
    return _Reach(precision.se, precision.basis in ("", "n") and estimate.measure is not Measure.CORRELATION)


_NO_REACH = "no interval or standard error is recorded, and neither a p value nor the size of the sample tells one"


def _within(what: str, held: tuple[Finding, Estimate], effect: Estimate) -> EffectCheck:
    """Whether an effect lies in the interval of another."""
    finding, estimate = held
    value = effect.value or 0.0
    if (interval := estimate.interval) is not None:
        shown = between(interval.lower, interval.upper, estimate.measure, estimate.unit)
        text = f"{interval.level:.0%} interval {shown}, as printed"
        return EffectCheck(what, interval.lower <= value <= interval.upper, "printed", text)
    middle = power.standard(estimate, estimate.value or 0.0)
    at = power.standard(effect, value)
    reach = _reach(finding, estimate)
    if reach is None or middle is None or at is None:
        return EffectCheck(what, None, "", _NO_REACH)
    half = quantile((1 + _LEVEL) / 2) * reach.se
    text = f"{_LEVEL:.0%} interval {_back(estimate, middle - half, middle + half)}, worked out"
    return _told(what, abs(at - middle) <= half, reach.least, text)


def _predicted(original: tuple[Finding, Estimate], later: tuple[Finding, Estimate]) -> EffectCheck:
    what = "in_prediction_interval"
    first, second = _reach(*original), _reach(*later)
    middle, at = (power.standard(e, e.value or 0.0) for _, e in (original, later))
    if first is None or second is None or middle is None or at is None:
        return EffectCheck(what, None, "", _NO_REACH)
    half = quantile((1 + _LEVEL) / 2) * math.hypot(first.se, second.se)
    text = f"{_LEVEL:.0%} prediction interval {_back(original[1], middle - half, middle + half)}, worked out"
    return _told(what, abs(at - middle) <= half, first.least or second.least, text)


def _told(what: str, inside: bool, least: bool, text: str) -> EffectCheck:
    if not least:
        return EffectCheck(what, inside, "derived", text)
    narrow = f"{text} from the size of the sample alone, which is the narrowest it could be"
    return EffectCheck(what, True if inside else None, "derived" if inside else "", narrow)


def _back(estimate: Estimate, low: float, high: float) -> str:
    """Bounds on the scale of ``power.standard`` in the unit of the estimate, to three digits."""
    lower, upper = (float(f"{power.unit_of(estimate, end):.3g}") for end in (low, high))
    return between(lower, upper, estimate.measure, estimate.unit)


def powers(
    original: tuple[Finding, Estimate | None], later: tuple[Finding, Estimate | None]
) -> tuple[Power | None, Power | None]:
    """What each study could have seen, and its power against the effect that the other found, where both are on one scale.

    That one tries the other again says that both are tests, whatever their design.
    """
    one, other = original[1], later[1]
    on_one_scale = one is not None and other is not None and comparable(one, other)
    first = one and seen(original[0], one, other.value if on_one_scale and other else None, tested=True)
    second = other and seen(later[0], other, one.value if on_one_scale and one else None, tested=True)
    return first or None, second or None
