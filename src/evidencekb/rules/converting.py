"""107: the same figure on another base, in another unit of its kind, or told of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from evidencekb.model import Estimate
from evidencekb.quantities import Kind, Quantity
from evidencekb.rules.carriers import SIGNED, Carrier
from evidencekb.vocab import RATIOS, Measure

_LEVEL = frozenset({Kind.PERCENT, Kind.SHARE})

_SIZES = {
    "mass": "mg milligram milligrams: 1e-6; g gram grams: 1e-3; kg kilo kilos kilogram kilograms: 1; t tonne tonnes: 1e3;"
    " lb lbs: 0.45359; oz ounce ounces: 0.02835; megatonne megatonnes mt: 1e9; gigatonne gigatonnes gt: 1e12",
    "length": "mm millimetre millimetres: 1e-3; cm centimetre centimetres: 1e-2; m metre metres meter meters: 1;"
    " km kilometre kilometres kilometer kilometers: 1e3; mile miles: 1609.34; inch inches: 0.0254; foot feet ft: 0.3048",
    "area": "hectare hectares ha: 1; acre acres: 0.40469",
    "volume": "ml millilitre millilitres: 1e-3; l litre litres liter liters: 1; m3: 1e3; gallon gallons: 3.78541",
    "energy": "kwh kw.h: 1; mwh mw.h: 1e3; gwh gw.h: 1e6; twh tw.h: 1e9",
    "power": "w watt watts: 1e-3; kw kilowatt kilowatts: 1; mw megawatt megawatts: 1e3; gw gigawatt gigawatts: 1e6",
}  # fmt: skip
_OF: dict[str, tuple[str, float]] = {
    name: (dimension, float(size))
    for dimension, line in _SIZES.items()
    for part in line.split("; ")
    for names, _, size in [part.partition(": ")]
    for name in names.split()
}


_SLACK = 0.01
"""Of a converted number this part may be rounding."""


def size_of(unit: str) -> tuple[str, float] | None:
    """What a unit measures and how large it is; None for one that is in no table.

    Examples:
        >>> size_of("km"), size_of("jobs")
        (('length', 1000.0), None)
    """
    return _OF.get(unit.lower())


def converted(q: Quantity, e: Estimate) -> Quantity:
    """A quantity in the unit of its estimate, where both are units of one kind: 45 million kg for 45,000 tonnes."""
    points = e.measure is Measure.PERCENTAGE_POINTS or (e.unit or "") in _BASIS
    if points and (q.nouns[:1] in (("basis",), ("bp",), ("bps",))):
        return replace(q, kind=Kind.POINTS, first=q.first / 100, last=q.last / 100, step=q.step / 100)
    said, held = size_of(q.nouns[0]) if q.nouns else None, size_of(e.unit or "")
    if said is None or held is None or said[0] != held[0] or said[1] == held[1]:
        return q
    size = said[1] / held[1]
    return _scaled(q, size)


def _scaled(q: Quantity, size: float) -> Quantity:
    """A quantity in a unit of which one of its own is so many; a conversion of a rounded number is allowed some slack."""
    return replace(q, first=q.first * size, last=q.last * size, step=max(q.step * size, _SLACK * abs(q.first) * size))


_BASIS = frozenset({"basis points", "basis point", "bp", "bps"})

_SPANS = {"a": ("mo", 12), "wk": ("d", 7), "d": ("h", 24), "h": ("min", 60), "min": ("s", 60)}


def joined(printed: Sequence[Quantity], text: str) -> list[Quantity]:
    """Quantities with those of two units made one: 2 hours and 31 minutes are 2.52 hours."""
    found: list[Quantity] = []
    for q in printed:
        before = found[-1] if found else None
        if before and before.kind is q.kind is Kind.SPAN and not q.is_range and not before.is_range:
            smaller, parts = _SPANS.get(before.unit, ("", 1))
            if q.unit == smaller and q.first < parts and text[before.end : q.start].strip(" ,") in ("", "and"):
                whole = before.first + q.first / parts
                found[-1] = replace(before, end=q.end, first=whole, last=whole, step=q.step / parts)
                continue
        found.append(q)
    return found


_FAHRENHEIT = re.compile(r" ?(?:°|degrees?) ?F(?:ahrenheit)?\b")
_DEGREES = frozenset({"°C", "Cel", "cel", "K", "degrees Celsius", "degree Celsius"})
_HOT = 32


def cooled(q: Quantity, e: Estimate, text: str) -> Quantity:
    """A temperature in degrees Fahrenheit, in those of its estimate."""
    if e.unit not in _DEGREES or not _FAHRENHEIT.match(text, q.end):
        return q
    zero = 0 if e.measure is Measure.MEAN_DIFFERENCE else _HOT
    return replace(q, first=(q.first - zero) / 1.8, last=(q.last - zero) / 1.8, step=max(q.step / 1.8, 0.1))


_DAYS = {"hour": 1 / 24, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25}
_EACH = re.compile(
    r"\b(?:(?:per|an?|each|every) (hour|day|week|month|year)|(hourly)|(daily)|(weekly)|(monthly)|(yearly|annual(?:ly)?))\b"
)


def base_in(text: str) -> str:
    """The span that a text gives a number per; empty if it gives none.

    Examples:
        >>> base_in("56 minutes a week"), base_in("paid monthly"), base_in("in all")
        ('week', 'month', '')
    """
    found = _EACH.search(text)
    if found is None:
        return ""
    return found[1] or next(span for span, said in zip(_DAYS, found.groups()[1:], strict=True) if said)


def base_of(e: Estimate) -> str:
    """The span that an estimate is per; a sum of one year is per year."""
    held = base_in(f"{e.label or ''} | {e.per and 'per ' + e.per} | {e.unit or ''}")
    years = [int(year) for year in re.findall(r"\b(?:19|20)\d\d\b", e.period or "")]
    return held or ("year" if e.measure in _SUMS and years and years[-1] - years[0] <= 1 else "")


_SUMS = frozenset({Measure.COUNT, Measure.TOTAL, Measure.SUM_OF_MONEY})


def rebased(q: Quantity, e: Estimate, text: str) -> Quantity:
    """A number per another span of time, per that of its estimate: $290 a month are $3,480 a year."""
    said = base_in(text[q.end : q.end + 40])
    held = base_of(e)
    if not said or not held or said == held:
        return q
    return _scaled(q, _DAYS[held] / _DAYS[said])


_AMONG = re.compile(r" (?:out )?of (?:the |all |its |their )?$")


def shared(printed: Sequence[Quantity], text: str) -> list[Quantity]:
    """Quantities with a count and its whole made one: 89 of the 91 are 97.8%."""
    found: list[Quantity] = []
    for q in printed:
        before = found[-1] if found else None
        counted = before is not None and before.kind is q.kind is Kind.NUMBER and 0 < before.first < q.first
        if before and counted and not q.is_range and _AMONG.fullmatch(text[before.end : q.start]):
            share, step = before.first / q.first * 100, max(100 / q.first, 0.1)
            found[-1] = replace(before, end=q.end, kind=Kind.PERCENT, first=share, last=share, step=step, nouns=q.nouns)
            continue
        found.append(q)
    return found


_BASE = re.compile(
    r"\s*(?:[a-z-]+\s+){0,3}?(?:per|in every|in each|in a|for every|for each|out of every|out of a|of every)\s+"
    r"(hundred|thousand|million|100[, ]?000|10[, ]?000|1[, ]?000|100)\b"
)
_WORDS = {"hundred": 100.0, "thousand": 1e3, "million": 1e6}


def of_base(text: str) -> float:
    """The base of a rate that stands at the beginning of a text; 0 if none does.

    Examples:
        >>> of_base(" deaths per 100,000 people"), of_base(" deaths")
        (100000.0, 0)
    """
    found = _BASE.match(text)
    return (_WORDS.get(found[1]) or _whole(found[1])) if found else 0


def _whole(digits: str) -> float:
    """A whole number with its thousands set apart or not."""
    return float(re.sub(r"[, ]", "", digits))


def is_on(q: Quantity, e: Estimate, text: str) -> bool:
    """True unless a text gives a number on a base other than that of its estimate."""
    said, found = of_base(text[q.end : q.end + 60]), _NUMBER_OF.search(f"{e.per or ''} {e.label or ''}")
    return not said or found is None or said == _whole(found[1])


def rated(q: Quantity, e: Estimate, text: str) -> Quantity:
    """A number on a base, as percent: 27.6 per 1,000 is 2.76%."""
    if q.kind is not Kind.NUMBER or not (base := of_base(text[q.end : q.end + 60])):
        return q
    size = 100 / base
    kind = Kind.POINTS if e.measure is Measure.PERCENTAGE_POINTS else Kind.PERCENT
    return replace(q, kind=kind, first=q.first * size, last=q.last * size, step=q.step * size)


_NUMBER_OF = re.compile(r"(?<![\d.])(100|1[, ]?000|10[, ]?000|100[, ]?000|1[, ]?000[, ]?000)(?!\d|[,.]\d)")


def other_forms(e: Estimate) -> Iterator[Carrier]:
    """What else a text may give for the number of an estimate."""
    if e.value is None:
        return
    sign = ((e.value > 0) - (e.value < 0)) * (e.measure in SIGNED)
    if (e.unit or "") in _BASIS:
        yield Carrier(abs(e.value) / 100, abs(e.value) / 100, frozenset({Kind.POINTS}), "", sign, estimate=e, main=True)
    if e.per and (found := _NUMBER_OF.search(e.per)) and e.measure not in RATIOS:
        share = abs(e.value) / _whole(found[1]) * 100
        yield Carrier(share, share, _LEVEL, "", sign, e.qualifier, e, main=True, percent=True)
    if _GAP.search(f"{e.label or ''} {e.outcome}") and e.unit in ("1", "%"):
        rest = 100 - abs(e.value) * (100 if e.unit == "1" else 1)
        yield Carrier(rest, rest, _LEVEL, estimate=e, main=True, percent=True)  # 93 cents for every dollar
    if _RANK.search(f"{e.unit or ''} {e.label or ''}") and 0 < e.value < 100:
        for value in (e.value, 100 - e.value):  # the 90th percentile is the top 10%
            yield Carrier(value, value, _LEVEL, estimate=e, main=True, percent=True)
    if e.reference_value is not None and e.measure is Measure.PERCENTAGE_POINTS:
        yield Carrier(e.reference_value, e.reference_value, _LEVEL, estimate=e, percent=True)
    if e.measure is Measure.COUNT and e.denominator:
        share = abs(e.value) / e.denominator * 100
        yield Carrier(share, share, _LEVEL, estimate=e, main=True, percent=True)


_GAP = re.compile(r"\b(?:gap|earn|pay|wage)")
_PENCE = re.compile(
    r"(\d) ?(?:p|pence|cents|c|¢) (?:for|on|to|in) (?:every|each|the|a) (?:[£$€]1?|pound|dollar|euro)(?: ?1\b)?"
)
_OF_SD = re.compile(r"\b(\d+(?:\.\d+)?)(?:%| percent| per cent) of (?:an?|one) (?:SD|standard deviation)\b")
_MORE = re.compile(r"(\d)-plus\b")
_AGAIN = re.compile(r"\bhalf as (\w+) again\b")
_WATT_HOURS = re.compile(r"\b(tera|giga|mega|kilo)watt[- ]hours?\b")
_WATTS = {"tera": "TWh", "giga": "GWh", "mega": "MWh", "kilo": "kWh"}
_GLUED = re.compile(r"(\d)(ml|mL|kg|km|mg|cm|mm|kWh|MWh|GWh|TWh|lbs?)\b")
_RANK = re.compile(r"\bpercentile\b(?! points?)")
_ORDINAL = re.compile(r"(\d)(?:st|nd|rd|th)(?=[ -]percentile)")
_SECONDS = re.compile(r"(\d\.\d+) ?s\b")
_CLOCK = re.compile(r"(\d) ?h(?:rs?)? ?(\d+) ?m(?:ins?)?\b")


def plainer(text: str) -> str:
    """A text with its percentiles as numbers and its hours and minutes apart.

    Examples:
        >>> plainer("the 90th percentile, 2h 31m")
        'the 90 percentile, 2 h 31 min'
    """
    text = _OF_SD.sub(lambda found: f"{float(found[1]) / 100:g} SD", _MORE.sub(r"\1+", text))
    text = _AGAIN.sub(r"50% more \1", text)
    text = _WATT_HOURS.sub(lambda found: _WATTS[found[1]], text)
    text = _GLUED.sub(r"\1 \2", _PENCE.sub(r"\1%", text))
    return _SECONDS.sub(r"\1 seconds", _CLOCK.sub(r"\1 h \2 min", _ORDINAL.sub(r"\1", text)))


_REST = re.compile(
    r"\b(?:no|not|non|none|never|without|nor|neither|other|others|rest|remain\w*|still|unchanged|un\w{4,}|in\w*correct|fail\w*"
    r"|lack\w*|miss\w*|kept|keep\w*|free|surviv\w*|die\w*|just|second|refus\w*|declin\w*|reject\w*|\w+n['’]t|cannot|avoid\w*|only)\b",
    re.IGNORECASE,
)


def of_rest(e: Estimate, text: str) -> Iterator[Carrier]:
    """What is left of a share, where the text tells of the rest: 62% were still there, of 38% that were gone."""
    if e.measure is Measure.PROPORTION and e.value is not None and abs(e.value) < 1:
        if not _REST.search(text) and f"{e.value * 100:g}" not in text:
            return
        rest = round((1 - abs(e.value)) * 100, 6)
        yield Carrier(rest, rest, _LEVEL, estimate=e, main=True, percent=True, loose=True)


_OF_THAT = re.compile(r"\s*(?:of|as)\b(?! (?:them|people|those who))")
_OF_BEFORE = re.compile(
    r"\s*of (?:what|its|their|his|her|the (?:level|rate|price|cost|former|original|previous|earlier|\d{4}))\b"
)


def of_factor(e: Estimate, q: Quantity) -> Iterator[Carrier]:
    """A fall told as a factor: 6.7 times lower, of 85% less."""
    if e.measure is Measure.PERCENT_CHANGE and e.value is not None and -100 < e.value < 0 and q.kind is Kind.TIMES:
        factor = 100 / (100 + e.value)
        yield Carrier(factor, factor, frozenset({Kind.TIMES}), "", -1, e.qualifier, e, main=True)


_PER_UNIT = re.compile(r"\bper (\w+)")


def is_comparable(q: Quantity, e: Estimate, kinds: frozenset[Kind], text: str) -> bool:
    """True if a number is in the unit of an estimate, so that another number is another figure."""
    if kinds and q.kind not in kinds and not q.bare:
        return False
    said, own = (_PER_UNIT.search(words) for words in (text[q.end :], f"{e.label or ''} | per {e.per or ''}"))
    if said and own and size_of(said[1]) != size_of(own[1]):
        return False
    physical = size_of(e.unit or "") is not None
    return not physical or not q.nouns or size_of(q.nouns[0]) is not None


def of_level(e: Estimate, q: Quantity, text: str) -> Iterator[Carrier]:
    """A ratio or a change told as a share of the other level: 69% of the rate elsewhere, a tenth of what it was."""
    if e.value is None or q.kind not in _LEVEL:
        return
    if e.measure in RATIOS and _OF_THAT.match(text, q.end):
        yield Carrier(e.value * 100, e.value * 100, _LEVEL, estimate=e, main=True, percent=True)
    if e.measure is Measure.PERCENT_CHANGE and _OF_BEFORE.match(text, q.end):
        yield Carrier(100 + e.value, 100 + e.value, _LEVEL, "", 0, e.qualifier, e, main=True, percent=True)
