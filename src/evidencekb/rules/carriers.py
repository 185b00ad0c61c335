"""What a finding gives to carry the numbers in its own words: estimates, counts, mentions, dates and words of its fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from evidencekb.model import Cohort, Concept, Estimate, Finding, OperationalDefinition, Record, Source
from evidencekb.quantities import Kind, read_quantities
from evidencekb.quantities.words import SCALES
from evidencekb.quantities.words import SPANS as SPANS_SAID
from evidencekb.units import CURRENCIES
from evidencekb.vocab import RATIOS, Measure, Qualifier, Role

Look = Callable[[str, str], Record | None]
"""Gives the record of a kind with an id, if there is one."""

SIGNED = frozenset({Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.SMD, Measure.MEAN_DIFFERENCE})
SPANS = frozenset({"s", "min", "h", "d", "wk", "mo", "a"})
_TIMELY = re.compile(r"\b(?:time|times|minutes?|hours?|seconds?|duration|days?|weeks?|latency)\b")
_LABELLED = re.compile(r"\b(?:aged?|ages?|grades?|years?|weeks?|days?|points?) (\d{1,3})\b(?![.,]\d)")
_PER = re.compile(r"\bper (hundred|thousand|million|1[\d, ]*0)\b")
_DAY = re.compile(r"(?<!\d)(?:19|20)\d\d-\d\d-\d\d(?!\d)")
_ISO_MONTH = re.compile(r"(?<!\d)(?:19|20)\d\d-\d\d(?!\d)")
_FROM_MONTH = re.compile(r"\d{4}-\d\d(?:-\d\d)?/|/\d{4}-\d\d")
_YEAR = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|2100)(?!\d)")


@dataclass(frozen=True, slots=True)
class Carrier:
    """A number that a finding gives.

    Attributes:
        low: The number, without its sign; of a range, the smaller end.
        high: The same number, or the larger end.
        kinds: What a text may give it as; empty for any.
        unit: The currency or the UCUM code of a span of time, when it has one.
        sign: 1 or -1 for a change, else 0.
        qualifier: How it is limited.
        estimate: The estimate it belongs to, if to one.
        timely: It is an amount of time.
        main: It is the number or range of the estimate itself, not its error, level or part.
        percent: The number is in percent, and a text may give it as a part of a whole.
        loose: It stands in the words of a field; only a contrary bound is wrong.
        counts: It is a count of the sample.
        whose: Words that may say of whom it is, where it is of no estimate.
    """

    low: float
    high: float
    kinds: frozenset[Kind]
    unit: str = ""
    sign: int = 0
    qualifier: Qualifier = Qualifier.EXACTLY
    estimate: Estimate | None = None
    timely: bool = False
    main: bool = False
    percent: bool = False
    loose: bool = False
    counts: bool = False
    whose: str = ""


_PERCENT = frozenset({Kind.PERCENT, Kind.SHARE, Kind.TIMES})
_LEVEL = frozenset({Kind.PERCENT, Kind.SHARE})
_POINTS, _SD, _MONEY = frozenset({Kind.POINTS}), frozenset({Kind.SD}), frozenset({Kind.MONEY})
_NUMBER, _SPAN, _RATIO = (
    frozenset({Kind.NUMBER}),
    frozenset({Kind.SPAN}),
    frozenset({Kind.TIMES, Kind.NUMBER, Kind.SHARE}),
)
_ANY: frozenset[Kind] = frozenset()


def timely(e: Estimate) -> bool:
    """True if the estimate is of an amount of time, as its unit, outcome, label or definition says."""
    if e.unit in SPANS:
        return True
    words = f"{e.outcome} {e.label or ''} {e.definition or ''}".replace("-", " ").lower()
    return _TIMELY.search(words) is not None


def of_estimate(e: Estimate) -> Iterator[Carrier]:
    """The carriers that one estimate gives."""
    kinds, unit, scale = _form(e)
    is_percent = scale == 100 or Kind.PERCENT in kinds
    is_timely = timely(e)
    if e.value is not None:
        sign = _sign(e.value) if e.measure in SIGNED else _counted(e)
        value = abs(e.value) * scale
        yield Carrier(value, value, kinds, unit, sign, e.qualifier, e, is_timely, main=True, percent=is_percent)
        if scale != 1:
            yield Carrier(abs(e.value), abs(e.value), _NUMBER, "", sign, e.qualifier, e, main=True)  # 0.17 for 17%
        for other, size in _IN_OTHER_SPANS.get(unit, ()):
            yield Carrier(value * size, value * size, _SPAN, other, sign, e.qualifier, e, is_timely)
        if e.measure is Measure.MEDIAN:
            yield Carrier(50, 50, _LEVEL, estimate=e, percent=True)  # half earn less than the median
        if e.measure in RATIOS:
            change = (e.value - 1) * 100
            yield Carrier(abs(change), abs(change), _LEVEL, "", _sign(change), e.qualifier, e, main=True, percent=True)
    if e.range is not None:
        ends = (e.range.low * scale, e.range.high * scale)
        sign = _sign(ends[0]) if e.measure in SIGNED and _sign(ends[0]) == _sign(ends[1]) else 0
        low, high = sorted(map(abs, ends)) if sign else ends
        yield Carrier(low, high, kinds, unit, sign, e.qualifier, e, is_timely, main=True, percent=is_percent)
        if scale != 1:
            yield Carrier(low / scale, high / scale, _NUMBER, "", sign, e.qualifier, e, main=True)  # 0.1 to 0.2
        if e.measure in RATIOS and _sign(e.range.low - 1) == _sign(e.range.high - 1):
            low, high = sorted(abs(end - 1) * 100 for end in ends)
            sign = _sign(e.range.low - 1)
            yield Carrier(low, high, _LEVEL, "", sign, e.qualifier, e, main=True, percent=True)
    if e.interval is not None:
        ends = (e.interval.lower * scale, e.interval.upper * scale)
        if ends[0] != ends[1]:
            yield Carrier(*ends, kinds, unit, estimate=e, percent=is_percent)
        for end in ends:
            sign = _sign(end) if e.measure in SIGNED else 0
            yield Carrier(abs(end), abs(end), kinds, unit, sign, estimate=e, timely=is_timely, percent=is_percent)
        level = e.interval.level * 100
        yield Carrier(level, level, frozenset({Kind.PERCENT}), estimate=e, percent=True)
    if e.se is not None:
        yield Carrier(abs(e.se) * scale, abs(e.se) * scale, _ANY, estimate=e)
    if e.reference_value is not None:
        level, sign = abs(e.reference_value) * scale, _sign(e.reference_value) if e.measure in SIGNED else 0
        if kinds == _POINTS:  # 1.8 points from a base of 9.4%
            kinds, sign = kinds | _LEVEL, 0
        yield Carrier(level, level, kinds, unit, sign, estimate=e, percent=is_percent)
    if e.value is not None and (per := _PER.search(e.unit or "")):
        share = e.value / (SCALES.get(per[1]) or float(per[1].replace(",", "").replace(" ", ""))) * 100
        yield Carrier(share, share, _LEVEL, estimate=e, percent=True)  # 11 in every 10,000
    if e.measure is Measure.COUNT and e.value is not None and e.denominator:
        share = e.value / e.denominator * 100
        yield Carrier(share, share, _LEVEL, estimate=e, percent=True)
    for number in (e.n, e.numerator, e.denominator):
        if number is not None:
            yield Carrier(abs(number), abs(number), _NUMBER, estimate=e)
    if e.p_value is not None:
        yield Carrier(e.p_value, e.p_value, _NUMBER, estimate=e)


def _form(e: Estimate) -> tuple[frozenset[Kind], str, float]:
    """How a text may give the number of an estimate: kinds, unit, and what its value is times in the text."""
    measure, unit = e.measure, e.unit or ""
    if measure is Measure.PERCENT_CHANGE or unit == "%":
        return _PERCENT, "", 1
    if unit.startswith(("% ", "percent ")):
        return _LEVEL | _POINTS | _NUMBER, "", 1  # 0.3% of GDP
    if measure is Measure.PROPORTION:
        return _LEVEL, "", 1 if e.value is not None and abs(e.value) > 1 else 100  # 12 for 0.12 is told by 301
    if measure is Measure.PERCENTAGE_POINTS or unit == "pp":
        return _POINTS, "", 1
    if unit in ("point", "points"):
        return _POINTS | _NUMBER, "", 1
    if measure is Measure.SMD or unit == "SD":
        return _SD | _NUMBER, "", 1
    if measure in RATIOS:
        return _RATIO, "", 1
    if unit in CURRENCIES:
        return _MONEY, unit, 1
    if unit in SPANS:
        return (_SPAN | _NUMBER if is_age(e) else _SPAN), unit, 1
    if unit == "1" and measure in _LEVELS_OF_ONE and e.value is not None and abs(e.value) <= 1:
        return _LEVEL, "", 100  # a median score of 0.76 is 76%
    return (
        (_NUMBER | _SPAN if measure in (Measure.COUNT, Measure.TOTAL, Measure.THRESHOLD) else _NUMBER | _POINTS),
        "",
        1,
    )


_LEVELS_OF_ONE = frozenset({Measure.MEAN, Measure.MEDIAN})
_AGE = re.compile(r"\bage\b")


def is_age(e: Estimate) -> bool:
    """True for an estimate of an age, which a text may give without its unit: a man over 40."""
    return e.unit == "a" and (
        e.measure is Measure.THRESHOLD
        or _AGE.search(f"{e.outcome} {e.label or ''}".replace("-", " ").lower()) is not None
    )


_IN_OTHER_SPANS = {
    "s": (("min", 1 / 60),), "min": (("h", 1 / 60), ("s", 60.0)), "h": (("min", 60.0), ("d", 1 / 24)),
    "d": (("wk", 1 / 7), ("h", 24.0)), "wk": (("d", 7.0),), "mo": (("a", 1 / 12),), "a": (("mo", 12.0),),
}  # fmt: skip
"""What a text may give a span in: 47 months are about four years."""

_GAINED = re.compile(r"\b(?:added|created|new|more|gain(?:ed|s)?|additional|growth)\b")
_GONE = re.compile(r"\b(?:lost|fewer|displaced|cut|eliminated|less|removed|disappear\w*|destroyed)\b")


def _counted(e: Estimate) -> int:
    """1 for a count of what is added, -1 for a count of what is lost, as its label says."""
    if e.measure not in (Measure.COUNT, Measure.TOTAL) or not e.label:
        return 0
    label = e.label.lower()
    return bool(_GAINED.search(label)) - bool(_GONE.search(label))


def _sign(value: float) -> int:
    return (value > 0) - (value < 0)


def of_sample(finding: Finding) -> Iterator[Carrier]:
    """The counts of the sample."""
    for count in finding.sample.counts if finding.sample else ():
        yield Carrier(
            count.n, count.n, _NUMBER, qualifier=count.qualifier, counts=True, whose=f"{count.of} {count.group or ''}"
        )


def of_text(text: str) -> Iterator[Carrier]:
    """The numbers in a field's own words; those of labels too, as in 'age 13'."""
    printed = read_quantities(text)
    for match in _LABELLED.finditer(text):
        if not any(q.start <= match.start(1) < q.end for q in printed):
            yield Carrier(float(match[1]), float(match[1]), _NUMBER | _SPAN, loose=True)
    for q in printed:
        if q.kind is not Kind.DATE:
            factor = 100 if q.kind is Kind.SHARE else 1
            kinds = (
                _NUMBER
                if q.kind is Kind.NUMBER and q.nouns
                else _AS_WORDED.get(q.kind, frozenset({q.kind, Kind.NUMBER}))
            )
            bound = q.bound or Qualifier.EXACTLY
            in_percent = q.kind in (Kind.PERCENT, Kind.SHARE)
            yield Carrier(q.low * factor, q.high * factor, kinds, q.unit, 0, bound, percent=in_percent, loose=True)
            for other, size in _IN_OTHER_SPANS.get(q.unit, ()):
                yield Carrier(q.low * size, q.high * size, _SPAN, other, 0, bound, loose=True)


def limited(finding: Finding) -> Iterator[Carrier]:
    """The numbers that the labels and groups of estimates limit: waited more than four hours."""
    for e in finding.estimates:
        for text in (e.label, e.group):
            yield from (c for c in of_text(text or "") if c.qualifier in _LIMITS)


_LIMITS = frozenset({Qualifier.MORE_THAN, Qualifier.AT_LEAST, Qualifier.LESS_THAN, Qualifier.AT_MOST})


_AS_WORDED = {
    Kind.NUMBER: _NUMBER | _SPAN,
    Kind.PERCENT: _LEVEL | _NUMBER,
    Kind.SHARE: _LEVEL | _NUMBER,
    Kind.TIMES: _RATIO,
}
_AS_MEANT = (
    (re.compile(r"\bpoints?\b|\bpp\b"), _POINTS | _NUMBER),
    (re.compile(r"per ?cent|share|%|rate\b|in a hundred"), _LEVEL | _NUMBER),
    (re.compile(r"standard deviation|\bSD\b"), _SD | _NUMBER),
)
_MORE = re.compile(
    r"^(?:per ?cent|percentage points|points) (?:(more|higher|longer|larger)|fewer|less|lower|shorter|smaller)\b"
)
_TIME_TOO = re.compile(r"\b(?:age|aged|ages|time|times|years?|months?|weeks?|days?|hours?|minutes?|seconds?)\b")
_SMALLEST = re.compile(r"\b(?:smallest|lowest|minimum|at least)\b")
_LARGEST = re.compile(r"\b(?:largest|highest|maximum|at most|(?:below|under) it)\b")


def _end_meant(meaning: str) -> Qualifier | None:
    """The bound that the meaning of a mention gives it, if it gives one; of the two, none."""
    least, most = _SMALLEST.search(meaning) is not None, _LARGEST.search(meaning) is not None
    if least is most:
        return None
    return Qualifier.AT_LEAST if least else Qualifier.AT_MOST


_NO_PART = frozenset(Kind) - {Kind.PERCENT, Kind.POINTS, Kind.SD}


def of_mentions(finding: Finding) -> Iterator[Carrier]:
    """The numbers that are recorded as mentions, in the unit that their meaning names."""
    for name, meaning in finding.mentions.items():
        kinds = next((kinds for pattern, kinds in _AS_MEANT if pattern.search(meaning)), _NO_PART)
        counted = meaning.partition(" ")[0].lower()
        scale, span = SCALES.get(counted, 1.0), SPANS_SAID.get(counted, "")
        if span:
            kinds = _SPAN | _NUMBER
        if counted.endswith("s") and not span and not _TIME_TOO.search(meaning):
            kinds -= _SPAN  # '6: quarters after' is not six years
        bound = Qualifier.AT_LEAST if "lower bound" in meaning else Qualifier.EXACTLY
        end = _end_meant(meaning)
        change = _MORE.search(meaning)
        sign = 0 if change is None else 1 if change.group(1) else -1
        for carrier in (*of_text(name), *of_text(meaning)):
            held = bound if bound is not Qualifier.EXACTLY else end or carrier.qualifier
            yield replace(
                carrier,
                kinds=kinds,
                unit=span or carrier.unit,
                sign=sign,
                whose=meaning,
                qualifier=held,
                loose=bound is Qualifier.EXACTLY,
            )
        if name.replace(".", "", 1).isdigit():
            number = float(name)
            for value in {number, number * scale}:
                yield Carrier(
                    value, value, kinds, qualifier=end or bound, percent=Kind.PERCENT in kinds, loose=bound is Qualifier.EXACTLY,
                    whose=meaning, unit=span, sign=sign,
                )  # fmt: skip


def own_texts(finding: Finding) -> Iterator[str]:
    """The words of a finding's own fields that may carry a number or name a cohort; headline and statement are not among them."""
    for e in finding.estimates:
        yield from (
            text for text in (e.label, e.group, e.comparator, e.per, e.follow_up, e.place, e.how, e.unit) if text
        )
        yield from (e.outcome.replace("-", " "), e.definition or "")
    if finding.sample:
        yield from (text for text in (finding.sample.place, finding.sample.chosen, finding.sample.period) if text)
        for count in finding.sample.counts:
            yield f"{count.of} {count.group or ''}"
    for product in finding.products:
        yield f"{product.product} {product.version or ''}"
    for link in finding.cohorts:
        yield f"{link.cohort} {link.note or ''}"
    yield from (about.concept for about in finding.about)
    yield from finding.definitions
    yield from finding.mentions.values()
    for citation in finding.citations:
        if citation.role is Role.PRIMARY and "sample" in citation.prints:
            yield citation.prints["sample"]
    if finding.legal:
        yield f"{finding.legal.body} {finding.legal.case} {finding.legal.on or ''}"


def other_texts(finding: Finding, look: Look) -> Iterator[str]:
    """The words of the records that a finding names: definitions, cohorts with those above them, concepts and sources."""
    for id in {*finding.definitions, *(e.definition for e in finding.estimates if e.definition)}:
        if isinstance(found := look("definition", id), OperationalDefinition):
            yield found.procedure
    seen: set[str] = set()
    linked = {link.cohort for link in finding.cohorts}
    waiting = sorted(linked)
    while waiting and len(seen) < _MOST_COHORTS:
        id = waiting.pop()
        if id not in seen and isinstance(cohort := look("cohort", id), Cohort):
            yield f"{cohort.label} {cohort.meaning}" if id in linked else cohort.label
            waiting += cohort.broader
        seen.add(id)
    concepts = (
        {e.outcome for e in finding.estimates}
        | {a.concept for a in finding.about}
        | {p.product for p in finding.products}
    )
    for id in concepts:
        if isinstance(concept := look("concept", id), Concept):
            yield concept.label
            if concept.definition:
                yield concept.definition.text


_MOST_COHORTS = 40


def months_of(finding: Finding) -> frozenset[str]:
    """The months, as 2024-05, that a finding itself gives; none where it gives a span of them."""
    texts = [*own_texts(finding), *(e.period for e in finding.estimates if e.period)]
    if any(_FROM_MONTH.search(text) for text in texts):
        return frozenset()
    said = {q.unit[:7] for text in texts for q in read_quantities(text) if q.kind is Kind.DATE and len(q.unit) >= 7}
    return frozenset(said | {month for text in texts for month in _ISO_MONTH.findall(text)})


def dates_of(finding: Finding, look: Look) -> tuple[frozenset[int], frozenset[str]]:
    """The years, and the days as ISO 8601, that a finding and its sources give."""
    texts = [*own_texts(finding), *finding.mentions, *(e.period for e in finding.estimates if e.period)]
    for citation in finding.citations:
        if isinstance(source := look("source", citation.source), Source):
            fields = (
                source.published_on,
                source.version,
                source.title,
                source.label,
                source.docket,
                source.number,
                source.id,
            )
            texts += filter(None, fields)
    years = {int(year) for text in texts for year in _YEAR.findall(text)}
    days = {day for text in texts for day in _DAY.findall(text)}
    for text in texts:
        days |= {q.unit for q in read_quantities(text) if q.kind is Kind.DATE and len(q.unit) == 10}
    return frozenset(years), frozenset(days)
