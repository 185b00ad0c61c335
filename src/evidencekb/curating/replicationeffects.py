"""An effect of the replication database as it is printed: cleaned, typed where its type is a measure of ours, never converted."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import NamedTuple

from evidencekb.vocab import RATIOS, Measure

LONGEST = 60
"""So many characters of a type, a value, a size or a p value are kept."""

MEASURES: Mapping[str, tuple[Measure, str]] = {
    "r": (Measure.CORRELATION, "1"),
    "pearson's r": (Measure.CORRELATION, "1"),
    "d": (Measure.SMD, "SD"),
    "cohen's d": (Measure.SMD, "SD"),
    "hedges' g": (Measure.SMD, "SD"),
    "hedges's g": (Measure.SMD, "SD"),
    "g": (Measure.SMD, "SD"),
    "or": (Measure.ODDS_RATIO, "1"),
    "odds ratio": (Measure.ODDS_RATIO, "1"),
    "hazard ratio": (Measure.HAZARD_RATIO, "1"),
    "hr": (Measure.HAZARD_RATIO, "1"),
    "irr": (Measure.RATE_RATIO, "1"),
    "risk ratio": (Measure.RISK_RATIO, "1"),
    "rr": (Measure.RISK_RATIO, "1"),
}
"""Types of effect that are a measure of ours by another name. Every other is kept as it is printed, under its own name."""

_SIGNS = {
    "e": "=", "=": "=", "l": "<", "<": "<", "g": ">", ">": ">", "ge": "≥", ">=": "≥", "≥": "≥", "le": "≤", "<=": "≤", "≤": "≤",
    "": "",
}  # fmt: skip
_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:e[+-]?[0-9]{1,4})?", re.IGNORECASE)
_THOUSANDS = re.compile(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0+)?")
# A comma before three digits may part thousands; before fewer or more, or behind a lone 0, it parts decimals.
_DECIMAL_COMMA = re.compile(r"([+-]?)(?:([0-9]*),([0-9]{1,2}|[0-9]{4,})|(0?),([0-9]+))")
_MINUS = re.compile("^[\u2010-\u2013\ufe63\uff0d] ?(?=[0-9.])|\u2212 ?")


class Effect(NamedTuple):
    """One side's effect of a row.

    Attributes:
        value: As printed; None when there is none, or none that its measure can take.
        measure: What it is; ``other`` for every type that is no measure of ours.
        unit: Its unit; of ``other`` the type in words.
        n: The size of the sample; None when it is not a whole number.
        p_value: A p value that is exact and two-sided; None for a bound.
        printed: Type and value as printed.
        words: Type, value, p and n as printed, and whether the data are nested.
        lost: What of it the record cannot hold, in a few words.
    """

    value: float | None
    measure: Measure
    unit: str
    n: int | None
    p_value: float | None
    printed: str
    words: str
    lost: tuple[str, ...]


def effect_of(given: Mapping[str, str], end: str) -> Effect:
    """The effect of one side of a row.

    Args:
        given: The cells of the row by column.
        end: ``_o`` for the original, ``_r`` for the replication.

    Examples:
        >>> effect = effect_of({"es_type_r": "d", "es_value_r": "−0.4", "n_r": "80-90", "pval_value_r": "< .05"}, "_r")
        >>> effect.value, effect.n, effect.p_value, effect.words
        (-0.4, None, None, 'd = −0.4; p < .05; n = 80-90')
    """
    kind, raw = (cut(given.get(f"{name}{end}", ""), LONGEST) for name in ("es_type", "es_value"))
    lost: list[str] = []
    measure, unit = MEASURES.get(kind.casefold().replace("’", "'"), (Measure.OTHER, _unit(kind)))
    value = _number(raw)
    if value is not None and not _possible(value, measure):
        lost.append(f"a {measure} of {value:g} cannot be")
        value = None
    if value is None and raw and not lost:
        lost.append("an effect that is no number")
    if value is not None and measure is Measure.OTHER:
        lost.append(f"no measure of ours: {kind or 'an effect without a type'}; kept as printed")
    said = [f"{kind or 'type not recorded'}{f' = {raw}' if raw else ', no value'}"]
    p, bound = _p_value(given, end)
    if bound:
        said.append(bound)
        if p is None:
            lost.append("a p value that is a bound, one-sided, in words or not between 0 and 1; kept in words")
    n, size = _size(given.get(f"n{end}", ""))
    if size:
        said.append(f"n = {size}")
        if n is None:
            lost.append("a sample size that is no whole number; kept in words")
    if given.get(f"nested{end}", "").casefold() in ("yes", "true", "1"):
        said.append("nested data")
        lost.append("that the data are nested; kept in words")
    plain = "" if value is None else format(Decimal(str(value)), "f")
    printed = plain if re.search(r"\d", kind) else f"{kind or 'effect'} = {plain}"
    return Effect(value, measure, unit, n, p, printed, "; ".join(said), tuple(lost))


def cut(text: str, most: int) -> str:
    """A text of so many characters at most, with a mark where something was left out."""
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"


def _possible(value: float, measure: Measure) -> bool:
    if measure is Measure.CORRELATION:
        return -1 <= value <= 1
    return value > 0 if measure in RATIOS else True


def _p_value(given: Mapping[str, str], end: str) -> tuple[float | None, str]:
    """A p value that is exact and two-sided, and all that is said of it."""
    raw, tails = (cut(given.get(f"{name}{end}", ""), LONGEST) for name in ("pval_value", "pval_tails"))
    if not raw:
        return None, ""
    cell = given.get(f"pval_type{end}", "").strip('"')
    sign = _SIGNS.get(cell.partition(" ")[0].casefold(), cell)
    p, two_sided = _number(raw), tails.casefold().startswith(("2", "two")) or not tails
    own = raw[:1] in "<>=≤≥"
    said = f"p {raw}" if own else f"p {sign or '(relation not recorded)'} {raw}"
    if not two_sided:
        said += ", one-sided" if tails.casefold().startswith(("1", "one")) else f", {tails}"
    return p if p is not None and sign == "=" and two_sided and 0 < p < 1 else None, said


def _size(text: str) -> tuple[int | None, str]:
    """A size that is a whole number, and how it is said."""
    n = _number(text.replace(",", "") if _THOUSANDS.fullmatch(text) else text)
    if n is None or n < 1 or n != int(n):
        return None, cut(text, LONGEST)
    return int(n), f"{n:.0f}"


def _unit(kind: str) -> str:
    """A type of effect as the name of its unit: letters, digits and few marks; it starts with a letter."""
    plain = re.sub(r"[^\w '’/&.,()-]", " ", kind.replace("_", " ").replace("^", " to the power of "))
    plain = " ".join(plain.split()).strip(" .,-'")
    return (
        plain
        if re.match(r"[^\W\d_]", plain) and plain not in ("pp", "SD")
        else f"effect of type {plain or 'not recorded'}"
    )


def _number(text: str) -> float | None:
    """A number, with any sign for minus, and a comma where it can only part decimals."""
    plain = _MINUS.sub("-", text)
    if match := _DECIMAL_COMMA.fullmatch(plain):
        sign, whole, part, zero, rest = match.groups()
        plain = f"{sign}{whole or zero or '0'}.{part or rest}"
    value = float(plain) if _NUMBER.fullmatch(plain) else None
    return value if value is not None and abs(value) < 1e15 else None
