"""Statistics of FHIR Evidence as estimates: figures as printed, nothing converted; what has no field stands in ``how``.

References:
    HL7 FHIR R5 and R6 (ballot), Evidence.statistic. STATO, the Statistics Ontology, and the NCI Thesaurus, for the codes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidencekb.curating.others.drafts import Fields
from evidencekb.curating.others.values import at, listed, mappings, number, whole, words
from evidencekb.units import fits
from evidencekb.vocab import NAMESPACE, Direction, Measure, RangeOver

_CODES = {
    "0000182": "odds_ratio", "c16932": "odds_ratio", "0000245": "risk_ratio", "c93152": "risk_ratio", "c93150": "hazard_ratio",
    "0000100": "smd", "0000573": "mean", "c53319": "mean", "0000574": "median", "c28007": "median",
    "0000457": "mean_difference", "0000047": "count", "c25463": "count", "0000607": "proportion", "c44256": "proportion",
    "0000301": "",
}  # fmt: skip
"""Measures by number of STATO and code of the NCI Thesaurus."""

_WORDS = (
    (r"odds ratio|or", "odds_ratio"), (r"(?:risk ratio|relative risk|rr)", "risk_ratio"), (r"hazard ratio|hr", "hazard_ratio"),
    (r"(?:incidence )?rate ratio", "rate_ratio"), (r"standardi[sz]ed mean difference|smd|cohen'?s d|hedges'? g", "smd"),
    (r"(?:least squares |adjusted |net )?mean difference(?: \(.*\))?|difference (?:of|in) means", "mean_difference"),
    (r"(?:arithmetic )?mean", "mean"), (r"median", "median"), (r"counts?|number|count of \w+|number of \w+", "count"),
    (r"proportion", "proportion"), (r"(?:pearson )?correlation(?: coefficient)?|pearson'?s r", "correlation"),
    (r"sum|total", "total"),
)  # fmt: skip
_DEFAULT_UNITS = {"odds_ratio": "1", "risk_ratio": "1", "hazard_ratio": "1", "rate_ratio": "1", "proportion": "1", "smd": "SD",
                  "correlation": "1", "count": "participants"}  # fmt: skip
_LEVEL = re.compile(r"(?i)(?:^|[^0-9.])([0-9]{2}(?:\.[0-9]+)?) ?%|(?:ci|cri) ?([0-9]{2})\b")
_QUALIFIERS = {"<": "less_than", "<=": "at_most", ">": "more_than", ">=": "at_least"}
_INTERVAL = re.compile(r"(?i)confidence (?:interval|limits?)|\bci ?[0-9]{0,2}\b")
_NO_NOUN = re.compile(r"[^\w '’/&.,()-]|[\d_]")


@dataclass(slots=True)
class Statistic:
    """One statistic as an estimate, and what it says of the sample.

    Attributes:
        estimate: The fields of an estimate that the statistic gives; without a value when it gives none.
        counts: Sizes of samples.
        words: What else it says, in words for ``how``.
        lost: Texts that are not copied.
    """

    estimate: Fields = field(default_factory=dict)
    counts: list[Fields] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)


def concept(value: Any) -> str:
    """The words of a CodeableConcept: its text, else the display of its first coding, else its code.

    Examples:
        >>> concept({"coding": [{"code": "x"}, {"display": "Odds ratio"}]}), concept("population"), concept(None)
        ('Odds ratio', 'population', '')
    """
    if not isinstance(value, Mapping):
        return words(value)
    codings = mappings(value.get("coding"))
    shown = next((text for each in codings if (text := words(each.get("display")))), "")
    return (
        words(value.get("text")) or shown or next((text for each in codings if (text := words(each.get("code")))), "")
    )


def codes(value: Any) -> Iterator[str]:
    """The codes of a CodeableConcept, in small letters."""
    for each in mappings(at(value, "coding")):
        if code := words(each.get("code")):
            yield code.lower()


def measure_of(type: Any) -> Measure | None:
    """The measure that a type of statistic is; None where none of ours is meant.

    Examples:
        >>> measure_of({"coding": [{"code": "STATO:0000182"}]}), measure_of({"text": "Least Squares Mean"})
        (<Measure.ODDS_RATIO: 'odds_ratio'>, None)
    """
    for each in mappings(at(type, "coding")):
        code = words(each.get("code"))
        if words(each.get("system")).startswith(NAMESPACE) and code in set(Measure):
            return Measure(code)
    for code in codes(type):
        if name := _CODES.get(code.rpartition(":")[2].removeprefix("stato_")):
            return Measure(name)
    shown = [concept(type), *(words(each.get("display")) for each in mappings(at(type, "coding")))]
    for text in filter(None, shown):
        for pattern, name in _WORDS:
            if re.fullmatch(pattern, text, re.IGNORECASE):
                return Measure(name)
    return None


def unit_of(quantity: Any) -> str:
    """The unit of a quantity as printed, else its code."""
    return words(at(quantity, "unit"), 80) or words(at(quantity, "code"), 80)


def statistic_of(given: Mapping[str, Any]) -> Statistic:
    """A statistic of an Evidence."""
    made = Statistic()
    type = given.get("statisticType")
    named = concept(type)
    quantity = at(given, "quantity")
    value = number(at(quantity, "value"))
    unit = unit_of(quantity)
    measure = measure_of(type)
    if value is not None:
        made.estimate = _valued(measure, named, value, unit, made)
        comparator = words(at(quantity, "comparator"))
        if comparator in _QUALIFIERS:
            made.estimate["qualifier"] = _QUALIFIERS[comparator]
        elif comparator:
            made.words.append(f"the value with the sign {comparator}")
    elif quantity is not None:
        made.lost.append("statistic.quantity: no number that a figure can be")
    elif way := _direction(type):
        made.estimate = {"direction": way}
    for attribute in mappings(given.get("attributeEstimate")):
        if "value" not in made.estimate and (span := _span(attribute)):
            unit = unit_of(at(attribute, "range", "low"))
            made.estimate = {
                "measure": str(measure or Measure.OTHER),
                "range": span,
                "unit": unit or named or "statistic",
            }
            continue
        _attribute(made, attribute, made.estimate.get("unit"))
    _sizes(made, given)
    for name in ("numberOfEvents", "numberAffected"):
        if (count := number(given.get(name))) is not None:
            if made.estimate.get("measure") == "proportion" and "numerator" not in made.estimate and count >= 0:
                made.estimate["numerator"] = count
                continue
            label = "number of events" if name == "numberOfEvents" else "number affected"
            made.words.append(f"{label} {words(count)}")
    category = concept(given.get("category"))
    if category:
        made.estimate["label"] = category
    for model in mappings(given.get("modelCharacteristic")):
        told = concept(model.get("code")) or "model"
        of = (
            number(at(model, "value", "value"))
            if at(model, "value", "value") is not None
            else number(at(model, "valueQuantity", "value"))
        )
        made.words.append(f"model: {told}" + (f" {words(of)}" if of is not None else ""))
        if (
            mappings(model.get("variable"))
            or mappings(model.get("attribute"))
            or mappings(model.get("attributeEstimate"))
        ):
            made.lost.append("statistic.modelCharacteristic: its variables and attributes have no field")
    for name in ("description", "note"):
        if given.get(name):
            made.lost.append(f"statistic.{name}: a text of theirs, which is not copied")
    return made


def _direction(type: Any) -> str:
    """A direction without a size, which has a code of ours; '' for anything else."""
    for each in mappings(at(type, "coding")):
        code = words(each.get("code"))
        if words(each.get("system")) == f"{NAMESPACE}Direction" and code in set(Direction):
            return code
    return ""


def _span(attribute: Mapping[str, Any]) -> Fields | None:
    """Values that run from low to high, which have a name of ours; None for anything else."""
    match = re.match(r"range over (\w+)", concept(attribute.get("type")))
    low, high = number(at(attribute, "range", "low", "value")), number(at(attribute, "range", "high", "value"))
    if match is None or match[1] not in set(RangeOver) or low is None or high is None:
        return None
    return {"low": low, "high": high, "over": match[1]}


def _valued(measure: Measure | None, named: str, value: int | float, unit: str, made: Statistic) -> Fields:
    """Value, measure and unit; a number whose unit is none of its measure's is one of another kind, and says which."""
    given = unit
    if measure is not None and measure is not Measure.OTHER:
        unit = unit or _DEFAULT_UNITS.get(measure, "")
        if not unit and measure is not Measure.COUNT:
            made.lost.append("unit: it gives none, and a person must find it")
            return {"measure": str(measure), "value": value}
        if measure is Measure.COUNT and not fits(unit, measure):
            unit = "participants" if unit in ("", "1", "{participants}") else unit
        if fits(unit, measure):
            return {"measure": str(measure), "value": value, "unit": unit}
    what = named or (str(measure).replace("_", " ") if measure else "statistic of a type that is not given")
    if measure is Measure.OTHER and fits(unit, measure):
        return {"measure": "other", "value": value, "unit": unit}
    noun = " ".join(_NO_NOUN.sub(" ", what).split()).strip(" ,.-/&'()") or "statistic"
    made.lost.append(f"no measure of ours: {what}; kept as printed")
    if given:
        made.words.append(f"unit {given}")
    return {"measure": "other", "value": value, "unit": noun if fits(noun, Measure.OTHER) else "statistic"}


def _attribute(made: Statistic, given: Mapping[str, Any], unit: str | None) -> None:
    """An attribute of a statistic: its interval, p value or standard error; anything else in words."""
    type = given.get("type")
    named = concept(type)
    known = {code.rpartition(":")[2].removeprefix("stato_") for code in codes(type)}
    if mappings(given.get("attributeEstimate")):
        made.lost.append("attributeEstimate of an attribute: it has no field")
    for name in ("description", "note"):
        if given.get(name) and not (name == "description" and _LEVEL.search(words(given.get(name)))):
            made.lost.append(f"statistic.attributeEstimate.{name}: a text of theirs, which is not copied")
    value, compared = number(at(given, "quantity", "value")), words(at(given, "quantity", "comparator"))
    low, high = number(at(given, "range", "low", "value")), number(at(given, "range", "high", "value"))
    level = _level(given, named)
    if value is not None and not compared and "value" in made.estimate:
        if (
            known & {"c44185", "obi_0000175", "0000175", "0000700"} or re.fullmatch(r"(?i)p[ -]?values?", named)
        ) and "p_value" not in made.estimate:
            made.estimate["p_value"] = value
            return
        is_error = known & {"0000037", "c53322"} or re.match(r"(?i)standard error", named)
        if is_error and "se" not in made.estimate and value >= 0:
            made.estimate["se"] = value
            return
    is_interval = bool(known & {"c53324", "0000196", "0000231"} or _INTERVAL.search(named))
    if is_interval and low is not None and high is not None and level is not None and "interval" not in made.estimate:
        inside = "value" not in made.estimate or low <= made.estimate["value"] <= high
        if low <= high and inside and "value" in made.estimate:
            made.estimate["interval"] = {"lower": low, "upper": high, "level": level}
            return
    told = [named or "attribute of a type that is not given"]
    if is_interval and level is None:
        told.append("level not given")
    elif level is not None and not re.search(r"[0-9]", named):
        told.append(f"level {level:g}")
    if value is not None:
        told.append(f"{compared} {words(value)}".strip())
    if low is not None or high is not None:
        told.append(f"{words(low) if low is not None else '?'} to {words(high) if high is not None else '?'}")
    other = unit_of(given.get("quantity")) or unit_of(at(given, "range", "low"))
    made.words.append(" ".join(told) + (f" {other}" if other and other != unit else ""))


def _level(given: Mapping[str, Any], named: str) -> float | None:
    """The level of an interval, as it says or as its name or description has it."""
    level = number(given.get("level"))
    if level is None and (match := _LEVEL.search(f"{named} ") or _LEVEL.search(f"{words(given.get('description'))} ")):
        level = float(match[1] or match[2])
    if level is None:
        return None
    level = level / 100 if level > 1 else level
    return round(level, 6) if 0 < level < 1 else None


def _sizes(made: Statistic, given: Mapping[str, Any]) -> None:
    """All sample sizes of a statistic; its own n is the one that is known of its data, where there is one alone."""
    sizes = mappings(given.get("sampleSize"))
    own: list[int] = []
    for size in sizes:
        several = len(sizes) > 1
        group = (words(size.get("description"), 200) or words(at(size, "note", "text"), 200)) if several else ""
        found: list[tuple[str, int, str]] = []
        for name, level, of in (
            ("numberOfStudies", "studies", "studies"), ("numberOfParticipants", "drawn", "participants"),
            ("knownDataCount", "analysed", "participants"), ("numberAnalyzed", "analysed", "participants"),
        ):  # fmt: skip
            if (n := whole(size.get(name))) is not None:
                found.append((level, n, of))
            elif size.get(name) is not None:
                made.lost.append(f"statistic.sampleSize.{name}: no whole number above zero")
        extensions = [each for each in mappings(size.get("extension")) if "analyzed" in words(each.get("url"))]
        analysed = [n for each in extensions if (n := whole(each.get("valueUnsignedInt")))]
        found += [("analysed", n, "participants") for n in analysed]
        if not any(level == "analysed" for level, _, _ in found):
            if any(of == "participants" for _, _, of in found):
                made.words.append("its size is the number of participants; how many were analysed is not told apart")
            found = [("analysed" if of == "participants" else level, n, of) for level, n, of in found]
        for level, n, of in dict.fromkeys(found):
            count: Fields = {"n": n, "of": of, "level": level}
            made.counts.append({**count, "group": group} if group else count)
        own += dict.fromkeys(n for level, n, _ in found if level == "analysed")
        if (size.get("note") or size.get("description")) and not group:
            made.lost.append("statistic.sampleSize.note: a text of theirs, which is not copied")
    if len(own) == 1 and "value" in made.estimate:
        made.estimate["n"] = own[0]
    elif len(own) > 1:
        made.words.append(f"sizes {', '.join(map(str, own))}")


def texts(value: Any) -> list[str]:
    """The texts of annotations or markdown, for counting what is not copied."""
    return [text for each in listed(value) if (text := words(at(each, "text")) or words(each))]
