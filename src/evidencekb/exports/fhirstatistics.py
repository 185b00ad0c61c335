"""An estimate as a statistic of FHIR Evidence: value, unit, size, interval, standard error and p value, as printed.

References:
    HL7 FHIR R5 (5.0.0): Evidence.statistic. STATO and OBI, for types of statistic and attribute.
"""

from __future__ import annotations

from typing import Any

from evidencekb.exports.fhirnames import coding, text_of
from evidencekb.model import Estimate, Finding
from evidencekb.model.findings import SampleCount
from evidencekb.vocab import Absence, Direction, Measure, Origin, Qualifier, SampleLevel

Json = dict[str, Any]

_STATO = "http://purl.obolibrary.org/obo/stato.owl"
_TYPES = {
    Measure.ODDS_RATIO: ("STATO:0000182", "odds ratio"), Measure.RISK_RATIO: ("STATO:0000245", "risk ratio"),
    Measure.SMD: ("STATO:0000100", "standardized mean difference"), Measure.MEAN: ("STATO:0000573", "mean"),
    Measure.MEDIAN: ("STATO:0000574", "median"), Measure.COUNT: ("STATO:0000047", "count"),
    Measure.PROPORTION: ("STATO:0000607", "proportion"),
}  # fmt: skip
_COMPARATORS = {Qualifier.LESS_THAN: "<", Qualifier.AT_MOST: "<=", Qualifier.AT_LEAST: ">=", Qualifier.MORE_THAN: ">"}
_UCUM = frozenset({"%", "1", "ms", "s", "min", "h", "d", "wk", "mo", "a", "kg", "g", "m", "cm", "km"})


def statistic(finding: Finding, estimate: Estimate, label: str) -> Json:
    """An estimate as a statistic."""
    made: Json = {"description": estimate.label or label}
    notes = _notes(finding, estimate)
    if notes:
        made["note"] = [{"text": text} for text in notes]
    measure = estimate.measure
    if measure is not None:
        own = coding(measure)
        named = estimate.unit if measure is Measure.OTHER and estimate.unit else text_of(measure)
        stato = (
            [{"system": _STATO, "code": _TYPES[measure][0], "display": _TYPES[measure][1]}] if measure in _TYPES else []
        )
        way = [coding(estimate.direction)] if estimate.direction is not None else []
        made["statisticType"] = {"coding": [*stato, own, *way], "text": named}
    elif estimate.direction is not None:
        made["statisticType"] = {"coding": [coding(estimate.direction)], "text": "direction without a size"}
    if estimate.value is not None:
        made["quantity"] = quantity(estimate.value, estimate.unit)
        if estimate.qualifier in _COMPARATORS:
            made["quantity"]["comparator"] = _COMPARATORS[estimate.qualifier]
    if (count := _count(estimate.numerator)) is not None:
        made["numberAffected"] = count
    if size := _size(finding, estimate):
        made["sampleSize"] = size
    if attributes := _attributes(estimate):
        made["attributeEstimate"] = attributes
    return made


def quantity(value: float, unit: str | None) -> Json:
    """A number with its unit; the code of UCUM where the unit is one."""
    made: Json = {"value": value}
    if unit:
        made["unit"] = unit
        if unit in _UCUM:
            made |= {"system": "http://unitsofmeasure.org", "code": unit}
    return made


def _notes(finding: Finding, estimate: Estimate) -> list[str]:
    """What of an estimate has no field."""
    notes = []
    if estimate.direction is not None:
        notes.append(f"Direction: {text_of(estimate.direction)} ({Direction(estimate.direction).meaning}).")
    if estimate.qualifier is Qualifier.ABOUT:
        notes.append(f"The number is {Qualifier.ABOUT.meaning}.")
    if estimate.interval is None:
        why = estimate.no_interval or finding.no_interval
        notes += [f"No interval: {Absence(why).meaning}."] if why else []
    for name in ("period", "follow_up", "place", "per", "denominator", "reference_value"):
        if (value := getattr(estimate, name)) is not None:
            notes.append(f"{name.replace('_', ' ').capitalize()}: {value}.")
    if estimate.numerator is not None and _count(estimate.numerator) is None:
        notes.append(f"Numerator: {estimate.numerator}.")
    if estimate.origin is not Origin.PRINTED:
        notes.append(f"Origin: {Origin(estimate.origin).meaning}.")
    if estimate.how:
        notes.append(estimate.how)
    if finding.sample:
        notes += map(_counted, finding.sample.counts)
        if finding.sample.none_because:
            notes.append(f"No sample size: {finding.sample.none_because.meaning}.")
    return notes


def _counted(count: SampleCount) -> str:
    """A count of the sample in words."""
    limited = "" if count.qualifier is Qualifier.EXACTLY else f", {text_of(count.qualifier)}"
    group = f", {count.group}" if count.group else ""
    return f"Sample: {count.n} {count.of}, {text_of(count.level)} ({count.level.meaning}){limited}{group}."


def _count(value: float | None) -> int | None:
    """A number as FHIR counts: whole and not below zero."""
    return int(value) if value is not None and value >= 0 and value == int(value) and value < 2**31 else None


def _size(finding: Finding, estimate: Estimate) -> Json:
    """The size behind an estimate: its own n, else what is told of the whole sample."""
    made: Json = {}
    counts = [count for count in (finding.sample.counts if finding.sample else ()) if count.group is None]
    for count in counts:
        n = _count(count.n)
        if n is None:
            continue
        if count.level is SampleLevel.STUDIES:
            made.setdefault("numberOfStudies", n)
        elif count.level in (SampleLevel.DRAWN, SampleLevel.ANSWERED):
            made.setdefault("numberOfParticipants", n)
        elif count.level is SampleLevel.ANALYSED:
            made.setdefault("knownDataCount", n)
    if (own := _count(estimate.n)) is not None:
        made["knownDataCount"] = own
    return made


def _attributes(estimate: Estimate) -> list[Json]:
    made: list[Json] = []
    unit = estimate.unit
    if estimate.interval is not None:
        limits = {"low": quantity(estimate.interval.lower, unit), "high": quantity(estimate.interval.upper, unit)}
        type = {
            "coding": [{"system": _STATO, "code": "STATO:0000196", "display": "confidence interval"}],
            "text": "confidence interval",
        }
        made.append({"type": type, "level": estimate.interval.level, "range": limits})
    if estimate.range is not None:
        limits = {"low": quantity(estimate.range.low, unit), "high": quantity(estimate.range.high, unit)}
        made.append(
            {"type": {"text": f"range over {estimate.range.over} ({estimate.range.over.meaning})"}, "range": limits}
        )
    if estimate.se is not None:
        made.append({"type": {"text": "standard error"}, "quantity": quantity(estimate.se, unit)})
    if estimate.p_value is not None:
        type = {"coding": [{"system": _STATO, "code": "OBI:0000175", "display": "p-value"}], "text": "p-value"}
        made.append({"type": type, "quantity": {"value": estimate.p_value}})
    return made
