"""Numbers: ordinals, Roman numerals and page ranges.

References:
    Citation Style Language 1.0.2, "Number", "Page Ranges" and appendix V.
"""

from __future__ import annotations

import re

from evidencekb.sources.csl.items import is_numeric
from evidencekb.sources.csl.locales import Locale

_ROMAN = (
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
)  # fmt: skip
_RANGE = re.compile(r"(\d*[^\W\d_]*[.-]?)??(\d+)([a-z]*)\s*[-\u2010-\u2013]\s*(\d*[^\W\d_]*[.-]?)??(\d+)([a-z]*)")
_DASHED = re.compile(r"(?<=\w)\s*(?:--?|[\u2010-\u2013])\s*(?=\w)")


def roman(number: int) -> str:
    """A number from 1 to 3999 in small Roman numerals, any other as it is.

    Examples:
        >>> roman(1998)
        'mcmxcviii'
    """
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for value, letters in _ROMAN:
        text += letters * (number // value)
        number %= value
    return text


def formed(text: str, form: str, locale: Locale, gender: str = "") -> str:
    """A numeric value in a form: "numeric", "ordinal", "long-ordinal" or "roman".

    What is not a number stays as it is.
    """
    if not is_numeric(text):
        return text
    text = re.sub(r"\s*([,;])\s*", r"\1 ", re.sub(r"\s*&\s*", " & ", text))
    text = re.sub(r"\s*[-\u2010-\u2014]\s*", "\u2013", text)
    return re.sub(
        r"(?<![^\W_])\d+(?![^\W_])", lambda found: _one(int(found[0][:9]), found[0], form, locale, gender), text
    )


def _one(number: int, text: str, form: str, locale: Locale, gender: str) -> str:
    if form == "roman":
        return roman(number)
    if form == "long-ordinal" and 1 <= number <= 10:
        term = locale.find(f"long-ordinal-{number:02d}", "long", gender)
        if term and term.single:
            return term.single
    if form in ("ordinal", "long-ordinal"):
        return locale.ordinal(number, gender)
    return text


def page_ranges(text: str, style: str, delimiter: str = "\u2013") -> str:
    """Page ranges as a style prints them.

    Args:
        text: Pages, such as "321-328, 335".
        style: "expanded", "minimal", "minimal-two", "chicago" (or "chicago-15"), "chicago-16", or "" for as given.
        delimiter: What stands between the ends of a range.

    Examples:
        >>> page_ranges("321-328", "chicago-16"), page_ranges("42-5", "expanded"), page_ranges("1100-1123", "minimal")
        ('321–28', '42–45', '1100–23')
    """
    if not any(dash in text for dash in "-\u2010\u2011\u2012\u2013"):
        return text
    pieces = re.split(r"(\s*[,;&]\s*)", text)
    return "".join(_range(piece, style, delimiter) for piece in pieces)


def _range(text: str, style: str, delimiter: str) -> str:
    match = _RANGE.fullmatch(text.strip())
    if match is None:
        return _DASHED.sub(delimiter, text) if re.search(r"\d|\b[ivxlcdm]+\b", text, re.IGNORECASE) else text
    prefix, first, tail = match[1] or "", match[2], match[3]
    other, last, end = match[4] or "", match[5], match[6]
    if tail or end or (other and other != prefix) or not style:
        return f"{prefix}{first}{tail}{delimiter}{other}{last}{end}"
    full = first[: len(first) - len(last)] + last if len(last) < len(first) and not other else last
    if int(full) <= int(first) or len(full) != len(first):
        shown = full if len(full) == len(first) else last
        return f"{prefix}{first}{delimiter}{other or (prefix if style == 'expanded' else '')}{shown}"
    if style == "expanded":
        return f"{prefix}{first}{delimiter}{prefix}{full}"
    return f"{prefix}{first}{delimiter}{_shortened(first, full, style)}"


def _shortened(first: str, full: str, style: str) -> str:
    """The end of a range without the digits it shares with the first page."""
    same = next((place for place in range(len(full)) if first[place] != full[place]), len(full) - 1)
    minimal = full[same:]
    if style == "minimal":
        return minimal
    if style == "minimal-two":
        return full[min(same, max(len(full) - 2, 0)) :]
    number = int(first)
    if number < 100 or number % 100 == 0:
        return full
    if number % 100 < 10:
        return minimal
    if style in ("chicago", "chicago-15") and len(full) == 4 and len(minimal) >= 3:
        return full
    return full[min(same, max(len(full) - 2, 0)) :]
