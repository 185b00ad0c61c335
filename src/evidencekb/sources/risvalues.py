"""Names, dates and pages in the forms that RIS has for them, both ways.

>>> name_in("Noy, Shakked"), name_in("World Economic Forum"), name_in("Liu R.")
({'family': 'Noy', 'given': 'Shakked'}, {'literal': 'World Economic Forum'}, {'family': 'Liu', 'given': 'R.'})
>>> date_in_ris("2019/03/12/"), date_in_ris("2019///Spring")
(({'date-parts': [[2019, 3, 12]]}, ''), ({'date-parts': [[2019]], 'season': 1}, ''))
>>> pages_in("187", "192"), pages_of("187-192")
('187-192', ['187', '192'])

References:
    RIS format specification (2001), tags of authors and dates. EndNote, corporate authors: a comma behind the name, a
    doubled comma for the first one inside it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evidencekb.sources.cleandates import SEASONS, Date, date_in_words, written
from evidencekb.sources.items import OTHERS, date_of

_AND_OTHERS = frozenset({"et al", "et al.", "others", "and others", "[et al.]"})
_INITIALS = r"(?:[^\W\d_]\.[- ]?)+"
_INITIALS_LAST = re.compile(rf"((?:[^\W\d_][\w'\u2019-]*\.? ){{0,3}}[^\W\d_][\w'\u2019-]+) ({_INITIALS})")
_INITIALS_FIRST = re.compile(rf"({_INITIALS}) ?((?:[^\W\d_][\w'\u2019-]* ){{0,2}}[^\W\d_][\w'\u2019-]+)")
# Initials that are those of countries and of bodies of states.
_STATES = frozenset({"U.S.", "U.S.A.", "U.K.", "U.N.", "E.U.", "D.C."})
_FIRMS = frozenset({
    "inc", "inc.", "incorporated", "llc", "llc.", "l.l.c.", "ltd", "ltd.", "limited", "llp", "plc", "corp", "corp.",
    "corporation", "co.", "gmbh", "ag", "s.a.", "n.a.", "lp", "l.p.", "pty ltd", "b.v.",
})  # fmt: skip
_CIRCA = frozenset({"circa", "ca", "ca.", "c."})
_YEARS = re.compile(r"([0-9]{4})\s*[/\u2013-]\s*([0-9]{4})")
_SLASHES = re.compile(r"\s*(-?[0-9]{4})?\s*/\s*([0-9]{1,2})?\s*(?:/\s*([0-9]{1,2})?\s*(?:/(.*))?)?", re.DOTALL)
_MOMENT = re.compile(r"([0-9]{4}[-/][0-9]{2}[-/][0-9]{2})[T ][0-9]{2}:[0-9]{2}.*")
_RANGE = re.compile(r"(\w{1,12})-(\w{1,12})")


def name_in(text: str) -> dict[str, str]:
    """A name as an item has it, of ``Family, Given, Suffix``.

    A name without a comma is a person when it has initials before or behind it, and else a body: whoever knows a
    person by one name alone gets the same reference from a literal name. A comma at the end, two commas together, or a
    form of company behind the comma say a body too.

    Examples:
        >>> name_in("U.S. Department of Labor"), name_in("A. Author-One"), name_in("OpenAI, Inc.")
        ({'literal': 'U.S. Department of Labor'}, {'family': 'Author-One', 'given': 'A.'}, {'literal': 'OpenAI, Inc.'})
        >>> name_in("Department of Labor,, Bureau of Statistics")
        {'literal': 'Department of Labor, Bureau of Statistics'}
    """
    text = " ".join(text.split())
    if text.casefold() in _AND_OTHERS:
        return dict(OTHERS)
    if ",," in text:
        return {"literal": text.replace(",,", ",", 1)}
    parts = [part.strip() for part in text.split(",", 2)]
    if len(parts) == 1 or (len(parts) == 2 and not parts[1]):
        return _without_comma(parts[0]) if len(parts) == 1 else _literal(parts[0])
    if parts[1].casefold() in _FIRMS or not parts[0]:
        return _literal(text.strip(", "))
    named = {"family": parts[0], "given": parts[1], "suffix": parts[2] if len(parts) > 2 else ""}
    return {part: value for part, value in named.items() if value}


def _literal(text: str) -> dict[str, str]:
    return {"literal": text} if text else {}


def _without_comma(text: str) -> dict[str, str]:
    if match := _INITIALS_LAST.fullmatch(text):
        family, given = match[1], match[2]
    elif match := _INITIALS_FIRST.fullmatch(text):
        given, family = match[1], match[2]
    else:
        return _literal(text)
    return _literal(text) if given.strip() in _STATES else {"family": family, "given": given.strip()}


def name_of(person: Mapping[str, str]) -> str:
    """A name as RIS has it; particles stand before the family name.

    Examples:
        >>> name_of({"family": "Beethoven", "non-dropping-particle": "van", "given": "Ludwig", "suffix": "Jr."})
        'van Beethoven, Ludwig, Jr.'
    """
    if literal := person.get("literal", ""):
        if person == OTHERS:
            return "et al."
        if "," in literal:
            return literal if name_in(literal) == {"literal": literal} else literal.replace(",", ",,", 1)
        return literal if name_in(literal) == {"literal": literal} else f"{literal},"
    family = " ".join(
        person[part] for part in ("dropping-particle", "non-dropping-particle", "family") if person.get(part)
    )
    parts = [family, person.get("given", ""), person.get("suffix", "")]
    while parts and not parts[-1]:
        parts.pop()
    return ", ".join(parts)


def date_in_ris(text: str, year: int | None = None) -> tuple[Date, str]:
    """A date, and what of it the date does not hold; ``{}`` and all of the text when it is no date.

    Args:
        text: ``YYYY/MM/DD/other``, in which anything may be missing, an ISO or EDTF date, or words.
        year: The year, where the text may leave it out.

    Examples:
        >>> date_in_ris("2019/10//undefined"), date_in_ris("SEP", 2018), date_in_ris("///forthcoming")
        (({'date-parts': [[2019, 10]]}, 'undefined'), ({'date-parts': [[2018, 9]]}, ''), ({'literal': 'forthcoming'}, ''))
    """
    text = " ".join(text.split())
    if moment := _MOMENT.fullmatch(text):
        text = moment[1]
    if years := _YEARS.fullmatch(text):
        text = f"{years[1]}///{years[1]}/{years[2]}"
    if match := _SLASHES.fullmatch(text):
        return _of_slashes(match, year)
    found = date_of(text)
    if "literal" in found:
        found = date_in_words(text, year)
    return (found, "") if found else ({}, text)


def _of_slashes(match: re.Match[str], year: int | None) -> tuple[Date, str]:
    first, month, day, other = match[1], match[2], match[3], (match[4] or "").strip()
    if not first:
        if other and not (month or day):
            exact = date_of(other)
            return exact, ""
        first = f"{year:04d}" if year is not None and month else ""
        if not first:
            return {}, match[0]
    pieces = [first, *(f"{int(part):02d}" for part in (month, day) if part and int(part))]
    if day and not (month and int(month)):
        pieces, other = [first], " ".join(filter(None, (day, other)))
    found = date_of("-".join(pieces))
    if "literal" in found:
        return date_of(first), "/".join(filter(None, (month, day, other)))
    if not other:
        return found, ""
    exact = date_of(other)
    if other.casefold() in SEASONS and len(pieces) == 1:
        return {**found, "season": SEASONS[other.casefold()]}, ""
    if other.casefold() in _CIRCA:
        return {**found, "circa": True}, ""
    # What RIS has no form for, an interval for example, stands in full where it allows any text.
    if "date-parts" in exact and exact["date-parts"][0][0] == int(first):
        return exact, ""
    return found, other


def date_of_item(date: Mapping[str, Any]) -> str:
    """A date of an item as RIS has it; what RIS has no form for stands in full behind the third slash.

    Examples:
        >>> date_of_item({"date-parts": [[2021], [2022]]}), date_of_item({"date-parts": [[2020]], "season": 3})
        ('2021///2021/2022', '2020///Autumn')
    """
    sides = date.get("date-parts") or []
    if not sides:
        return f"///{date['literal']}" if date.get("literal") else ""
    year, *rest = sides[0]
    if len(sides) > 1 or year < 1000:
        about = "~" if date.get("circa") else ""
        exact = "/".join(written(side) + about for side in sides)
        return f"{year:04d}///{exact}" if year >= 1000 else f"///{exact}"
    month, day = (f"{rest[place]:02d}" if len(rest) > place else "" for place in (0, 1))
    season = next((name.capitalize() for name, number in SEASONS.items() if number == date.get("season")), "")
    if not (month or season or date.get("circa")):
        return str(year)
    return f"{year}/{month}/{day}/{season or ('circa' if date.get('circa') else '')}"


def pages_in(start: str, end: str) -> str:
    """Pages of a first and a last one; '' when they are none.

    Ovid cuts "No. Pagination Specified" in two.

    Examples:
        >>> pages_in("187-92", "192"), pages_in("12", "12"), pages_in("No", "Specified")
        ('187-92', '12', '')
    """
    if (start, end) == ("No", "Specified"):
        return ""
    if not start or not end or start == end:
        return start or end
    return start if "-" in start or "\u2013" in start else f"{start}-{end}"


def pages_of(page: str, *, counts: bool = False) -> list[str]:
    """First and last page, or the one text that says all.

    Args:
        page: As the item has it.
        counts: True where a first page without a last one would be taken for the number of pages.
    """
    if match := _RANGE.fullmatch(page):
        return [match[1], match[2]] if match[1] != match[2] else [page]
    return [page, page] if counts and page.isdigit() else [page]
