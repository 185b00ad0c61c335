"""3xx about one record: numbers, intervals, units and samples."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from evidencekb import units
from evidencekb.model import ConfidenceInterval, Estimate, Finding, OperationalDefinition
from evidencekb.model.findings import ValueRange
from evidencekb.report import Subject
from evidencekb.rules.rule import Found, Rule
from evidencekb.vocab import RATIOS, Absence, Design, Measure, Nature, Role

Definition = Callable[[str], OperationalDefinition | None]

LIMITS: dict[Measure, tuple[float | None, float | None]] = {
    Measure.PERCENT_CHANGE: (-100, None),
    Measure.PERCENTAGE_POINTS: (-100, 100),
    Measure.PROPORTION: (0, 1),
    Measure.CORRELATION: (-1, 1),
    Measure.RELIABILITY: (-1, 1),
    Measure.COUNT: (0, None),
    **dict.fromkeys(RATIOS, (0.0, None)),
}
LEGAL_NATURES = frozenset({Nature.ALLEGED, Nature.DECIDED})
WITHOUT_ERROR = frozenset({Measure.SUM_OF_MONEY, Measure.THRESHOLD})
WHOLE_POPULATION = frozenset({Design.OFFICIAL_COUNT, Design.DESCRIPTIVE_COUNT})
WITHOUT_SAMPLE = frozenset({Design.PROJECTION, Design.EXPOSURE_RATING, Design.OFFICIAL_COUNT})


def ranges(rule: Rule, finding: Finding, definition: Definition) -> Found:
    """301: one number an estimate, within what its measure can take, inside its own interval."""
    for at, estimate in enumerate(finding.estimates):
        if _usual(estimate):
            continue
        for variant, field, detail in _number_problems(estimate, definition):
            yield rule.violation(variant, _subject(finding), ("estimates", at, *field), item=estimate.id, **detail)
    for at, count in enumerate(finding.sample.counts if finding.sample else ()):
        if count.n <= 0 or count.n != int(count.n):
            yield rule.violation("count", _subject(finding), ("sample", "counts", at, "n"), found=count.n, of=count.of)


def _subject(finding: Finding) -> Subject:
    return Subject("finding", finding.id)


def _usual(e: Estimate) -> bool:
    """True for most estimates, quickly: one value within its limits and its interval, and none of the rarer numbers."""
    value, interval = e.value, e.interval
    if (
        value is None
        or e.range is not None
        or e.direction is not None
        or any(getattr(e, name) is not None for name in _RARER)
    ):
        return False
    low, high = LIMITS.get(e.measure, _NO_LIMITS) if e.measure else _NO_LIMITS
    least, most = (interval.lower, interval.upper) if interval else (value, value)
    if low is not None and (least < low or (least == low and e.measure in RATIOS)):
        return False
    usual = interval is None or interval.level == _USUAL_LEVEL
    return usual and least <= value <= most and (high is None or most <= high)


_RARER = ("se", "p_value", "n", "numerator", "denominator", "reference_value")
_NO_LIMITS: tuple[float | None, float | None] = (None, None)
_USUAL_LEVEL = 0.95

Problem = tuple[str, tuple[str, ...], dict[str, Any]]


def _number_problems(e: Estimate, definition: Definition) -> Iterator[Problem]:
    if (e.value is not None) + (e.range is not None) + (e.direction is not None) != 1:
        given = [name for name in ("value", "range", "direction") if getattr(e, name) is not None]
        yield "one", (), {"found": " and ".join(given) or "no number and no direction"}
    yield from _limit_problems(e, definition)
    for field, between in (("interval", e.interval), ("range", e.range)):
        if between is not None:
            low, high = _ends(between)
            if low > high:
                yield "order", (field,), {"field": field, "low": low, "high": high}
    if e.interval and e.value is not None and not e.interval.lower <= e.value <= e.interval.upper:
        yield "inside", ("interval",), {"found": e.value, "low": e.interval.lower, "high": e.interval.upper}


def _limit_problems(e: Estimate, definition: Definition) -> Iterator[Problem]:
    low, high = LIMITS.get(e.measure, _NO_LIMITS) if e.measure else _NO_LIMITS
    if e.n is not None and e.n != int(e.n):
        yield "range", ("n",), {"field": "n", "found": e.n, "limits": "whole numbers"}
    for field, number in _numbers(e):
        if _within(number, low, high, above=e.measure in RATIOS):
            continue
        if e.measure is Measure.CORRELATION and 1 < number <= 1.5 and _corrected(e, definition):
            yield "corrected", field, {"found": number}
        else:
            yield "range", field, {"field": ".".join(field), "found": number, "limits": spoken(low, high)}
    for name, floor, ceiling in OTHER_LIMITS:
        other = getattr(e, name)
        if other is not None and not _within(other, floor, ceiling):
            yield "range", (name,), {"field": name, "found": other, "limits": spoken(floor, ceiling)}
    if e.numerator is not None and not _within(e.numerator, 0, e.denominator):
        limits = spoken(0, e.denominator)
        yield "range", ("numerator",), {"field": "numerator", "found": e.numerator, "limits": limits}
    if e.interval and not _within(e.interval.level, *LEVELS):
        found = {"field": "interval.level", "found": e.interval.level, "limits": spoken(*LEVELS)}
        yield "range", ("interval", "level"), found


LEVELS = (0.5, 0.9999)
OTHER_LIMITS: tuple[tuple[str, float, float | None], ...] = (
    ("se", 0, None), ("p_value", 0, 1), ("n", 1, None), ("denominator", 0, None),
)  # fmt: skip


def _numbers(e: Estimate) -> Iterator[tuple[tuple[str, ...], float]]:
    """The numbers of an estimate that its measure limits, each with its field."""
    if e.value is not None:
        yield ("value",), e.value
    if e.range is not None:
        yield ("range", "low"), e.range.low
        yield ("range", "high"), e.range.high
    if e.interval is not None:
        yield ("interval", "lower"), e.interval.lower
        yield ("interval", "upper"), e.interval.upper
    if e.reference_value is not None and e.measure is Measure.PROPORTION:
        yield ("reference_value",), e.reference_value


def _ends(between: ConfidenceInterval | ValueRange) -> tuple[float, float]:
    return (between.lower, between.upper) if isinstance(between, ConfidenceInterval) else (between.low, between.high)


def _within(number: float, low: float | None, high: float | None, *, above: bool = False) -> bool:
    if low is not None and (number < low or (above and number == low)):
        return False
    return high is None or number <= high


def spoken(low: float | None, high: float | None) -> str:
    """Two bounds in words."""
    return f"{low} to {high}" if high is not None else f"{low} and above"


def _corrected(e: Estimate, definition: Definition) -> bool:
    defined = definition(e.definition) if e.definition else None
    texts = (e.label, e.how, defined.procedure if defined else None)
    return any("correct" in text.lower() for text in texts if text)


def intervals(rule: Rule, finding: Finding) -> Found:
    """302: an interval, or the honest reason why there is none."""
    for at, e in enumerate(finding.estimates):
        path, absence = ("estimates", at), e.no_interval or finding.no_interval
        if e.interval is not None:
            if e.no_interval is not None:
                yield rule.violation("both", _subject(finding), (*path, "no_interval"), item=e.id)
        elif absence is None:
            yield rule.violation("missing", _subject(finding), path, item=e.id)
        elif absence is Absence.NOT_PRINTED and not _read_through(finding, e.id):
            yield rule.violation("printed", _subject(finding), _absence_path(e, path), item=e.id)
        elif absence is Absence.NOT_APPLICABLE and not _beyond_error(finding, e):
            yield rule.violation("applicable", _subject(finding), _absence_path(e, path), item=e.id)


def _absence_path(e: Estimate, path: tuple[str | int, ...]) -> tuple[str | int, ...]:
    return (*path, "no_interval") if e.no_interval else ("no_interval",)


def _read_through(finding: Finding, printed: str) -> bool:
    """True if a primary that carries the estimate was read whole or as data."""
    return any(
        c.role is Role.PRIMARY and c.read and c.read.what.closeness == 2 and (not c.prints or printed in c.prints)
        for c in finding.citations
    )


def _whole(finding: Finding) -> bool:
    return any(c.role is Role.PRIMARY and c.read and c.read.what.closeness == 2 for c in finding.citations)


def _beyond_error(finding: Finding, e: Estimate) -> bool:
    return (
        finding.design is Design.LEGAL_DOCUMENT
        or finding.design in WHOLE_POPULATION
        or finding.design is Design.PROJECTION
        or finding.nature in LEGAL_NATURES
        or finding.nature is Nature.FORECAST
        or e.measure in WITHOUT_ERROR
    )


def unit_fits(rule: Rule, finding: Finding) -> Found:
    """304: each measure in its unit; a direction without a size needs none."""
    for at, e in enumerate(finding.estimates):
        if e.measure is None:
            if e.value is not None or e.range is not None:
                yield rule.violation("measure", _subject(finding), ("estimates", at), item=e.id)
        elif e.unit is None:
            if e.value is not None or e.range is not None:
                wanted = units.wanted(e.measure)
                yield rule.violation(
                    "unitless", _subject(finding), ("estimates", at), item=e.id, measure=e.measure, wanted=wanted
                )
        elif not units.fits(e.unit, e.measure):
            yield rule.violation(
                "unit", _subject(finding), ("estimates", at, "unit"),
                item=e.id, measure=e.measure, wanted=units.wanted(e.measure), found=repr(e.unit),
            )  # fmt: skip


def sample_sizes(rule: Rule, finding: Finding) -> Found:
    """306: counts, or the honest reason why there are none."""
    sample = finding.sample
    if sample is None or not (sample.counts or sample.none_because):
        yield rule.violation("missing", _subject(finding), ("sample",))
    elif sample.counts and sample.none_because:
        yield rule.violation("both", _subject(finding), ("sample", "none_because"))
    elif sample.none_because is Absence.NOT_PRINTED and not _whole(finding):
        yield rule.violation("printed", _subject(finding), ("sample", "none_because"))
    elif sample.none_because is Absence.NOT_APPLICABLE and not (
        finding.nature in LEGAL_NATURES or finding.design in WITHOUT_SAMPLE
    ):
        yield rule.violation("applicable", _subject(finding), ("sample", "none_because"))
