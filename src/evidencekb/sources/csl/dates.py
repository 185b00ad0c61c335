"""``date``: when something came out, was seen or was decided.

References:
    Citation Style Language 1.0.2, "Date", "Localized Date Formats", "Date Ranges" and "AD and BC".
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.etree import ElementTree as ET

from evidencekb.sources.csl.elements import NOTHING, Called, Context, Look, Rendered, joined
from evidencekb.sources.csl.items import Date
from evidencekb.sources.csl.locales import NS, Locale
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, Span, parse, plain

_PARTS = ("year", "month", "day")


@dataclass(frozen=True, slots=True)
class DatePart:
    """``date-part``.

    Attributes:
        name: "year", "month" or "day".
        form: How it is printed.
        look: Its formatting and affixes.
        between: What stands between the ends of a range that differ in this part.
    """

    name: str
    form: str
    look: Look
    between: str

    @classmethod
    def of(cls, element: ET.Element, override: dict[str, str] | None = None) -> DatePart:
        """A part as its element, and a style's, describe it."""
        attributes = {**element.attrib, **(override or {})}
        # A style may change the form of a language's part, never its affixes.
        for name in ("prefix", "suffix"):
            if override is not None:
                attributes.pop(name, None)
                if name in element.attrib:
                    attributes[name] = element.attrib[name]
        return cls(
            attributes.get("name", ""),
            attributes.get("form", ""),
            Look.of(attributes),
            attributes.get("range-delimiter", "\u2013"),
        )

    def value(self, end: tuple[int, int, int], locale: Locale) -> Pieces:
        """The part of one end of a date; empty when it is not known."""
        number = end[_PARTS.index(self.name)]
        if not number:
            return []
        text = {"year": self._year, "month": self._month, "day": self._day}[self.name](number, locale, end)
        return [Leaf(text)] if text else []

    def _year(self, year: int, locale: Locale, end: tuple[int, int, int]) -> str:
        if self.form == "short" and year > 0:
            return f"{year % 100:02d}"
        if year < 0:
            return f"{-year}{locale.term('bc') or 'BC'}"
        return f"{year}{locale.term('ad') or 'AD'}" if year < 1000 else str(year)

    def _month(self, month: int, locale: Locale, end: tuple[int, int, int]) -> str:
        if month > 12:
            return locale.term(f"season-{month - 12:02d}")
        if self.form == "numeric":
            return str(month)
        if self.form == "numeric-leading-zeros":
            return f"{month:02d}"
        return locale.term(f"month-{month:02d}", self.form or "long")

    def _day(self, day: int, locale: Locale, end: tuple[int, int, int]) -> str:
        if self.form == "numeric-leading-zeros":
            return f"{day:02d}"
        if self.form == "ordinal" and not (day > 1 and locale.options.get("limit-day-ordinals-to-day-1") == "true"):
            month = locale.find(f"month-{end[1]:02d}")
            return locale.ordinal(day, month.gender if month else "")
        return str(day)


@dataclass(frozen=True, slots=True)
class DateElement:
    """``date``, compiled.

    Attributes:
        variable: Which date.
        form: "text" or "numeric" for the language's own form, or "".
        kept: The parts that a language's form shows.
        parts: The style's own parts, or the changes it makes to the language's.
        delimiter: What stands between the parts.
        look: Formatting and affixes.
    """

    variable: str
    form: str
    kept: tuple[str, ...]
    parts: tuple[ET.Element, ...]
    delimiter: str
    look: Look

    def render(self, context: Context) -> Rendered:
        """The date."""
        date = context.item.date(self.variable) if self.variable not in context.consumed else Date()
        if not date:
            return NOTHING, Called.EMPTY
        if context.sorting:
            return [Leaf(self.sort_key(date))], Called.FILLED
        if date.literal:
            if "year" not in self.names:
                return NOTHING, Called.EMPTY
            pieces = parse(date.literal)
            context.touch(self.variable)
            return self.look.dress(self._suffixed(pieces, context), context), Called.FILLED
        context.spend(len(self.parts))
        parts, delimiter, look = self._shaped(context.locale)
        pieces = self._range(parts, delimiter, date, context)
        if not pieces:
            return NOTHING, Called.EMPTY
        context.touch(self.variable)
        return look.dress(pieces, context), Called.FILLED

    def _shaped(self, locale: Locale) -> tuple[list[DatePart], str, Look]:
        if not self.form:
            return [DatePart.of(part) for part in self.parts], self.delimiter, self.look
        changes = {part.get("name", ""): dict(part.attrib) for part in self.parts}
        pattern = locale.dates.get(self.form)
        if pattern is None:
            return [], "", self.look
        parts = [
            DatePart.of(part, changes.get(part.get("name", ""), {}))
            for part in pattern.iter(f"{NS}date-part")
            if part.get("name") in self.kept
        ]
        own = Look.of(dict(pattern.attrib))
        look = Look(
            self.look.marks,
            self.look.prefix,
            self.look.suffix,
            self.look.case or own.case,
            self.look.quotes,
            self.look.strips,
            self.look.display,
        )
        return parts, pattern.get("delimiter", ""), look

    def _range(self, parts: list[DatePart], delimiter: str, date: Date, context: Context) -> Pieces:
        first = date.parts[0]
        if len(date.parts) == 1:
            return self._printed(parts, delimiter, first, context, last=True)
        second = date.parts[1]
        names = [part.name for part in parts]
        if not second[0]:
            return [*self._printed(parts, delimiter, first, context, last=True), Leaf(self._between(parts, "year"))]
        widest = next((name for place, name in enumerate(_PARTS) if first[place] != second[place]), "")
        if not widest:
            return self._printed(parts, delimiter, first, context, last=True)
        if widest == "year" or (widest == "month" and "month" not in names):
            repeated = set(_PARTS)
        else:
            repeated = set(_PARTS[_PARTS.index(widest) :])
        places = [place for place, name in enumerate(names) if name in repeated]
        if not places:
            return self._printed(parts, delimiter, first, context, last=True)
        start, stop = places[0], places[-1] + 1
        head = self._printed(parts[:start], delimiter, first, context, last=False)
        one = self._printed(parts[start:stop], delimiter, first, context, last=True)
        two = _without_head(self._printed(parts[start:stop], delimiter, second, context, last=False))
        tail = self._printed(parts[stop:], delimiter, first, context, last=True)
        if not two or plain(one) == plain(two):
            return joined([head + one, tail], delimiter)
        spread = [
            *_without_tail(one),
            Leaf(self._between(parts, widest), True),
            *(two if tail else _without_tail(two, keep=True)),
        ]
        return joined([head, spread, tail], delimiter)

    @staticmethod
    def _between(parts: list[DatePart], name: str) -> str:
        return next((part.between for part in parts if part.name == name), "\u2013")

    def _printed(
        self, parts: list[DatePart], delimiter: str, end: tuple[int, int, int], context: Context, *, last: bool
    ) -> Pieces:
        printed = []
        for part in parts:
            if pieces := part.value(end, context.locale):
                pieces = part.look.format(pieces, context)
                if part.name == "year":
                    pieces = [Span(Mark.YEAR, self._suffixed(pieces, context))]
                printed.append(part.look.affix(pieces))
        return joined(printed, delimiter)

    def _suffixed(self, pieces: Pieces, context: Context) -> Pieces:
        if not (context.pending_suffix and context.distinct.suffix and self.variable == "issued"):
            return pieces
        context.pending_suffix = False
        return [*pieces, Span(Mark.YEAR_SUFFIX, [Leaf(context.distinct.suffix)])]

    @property
    def names(self) -> set[str]:
        """The parts that the element shows."""
        return set(self.kept) if self.form else {part.get("name", "") for part in self.parts}

    def sort_key(self, date: Date) -> str:
        """A text that sorts as the date does, of the parts that the element shows."""
        return sortable(date, self.names)


def sortable(date: Date, names: set[str] | None = None) -> str:
    """A text that sorts as the date does.

    Examples:
        >>> sortable(Date(((-100, 1, 2),))) < sortable(Date(((1999, 0, 0),))) < sortable(Date(((1999, 5, 0),)))
        True
    """
    if not date.parts:
        return date.literal
    ends = []
    for year, month, day in date.parts:
        shown = [
            1_000_000 + year if names is None or "year" in names else 0,
            month if names is None or "month" in names else 0,
            day if names is None or "day" in names else 0,
        ]
        ends.append(f"{shown[0]:07d}{shown[1]:02d}{shown[2]:02d}")
    return "-".join(ends)


def _without_head(pieces: Pieces) -> Pieces:
    """The pieces without a soft beginning, which would stand after the dash of a range."""
    return pieces[1:] if len(pieces) > 1 and isinstance(pieces[0], Leaf) and pieces[0].soft else pieces


def _without_tail(pieces: Pieces, *, keep: bool = False) -> Pieces:
    """The pieces without a soft ending, which would stand before the dash of a range."""
    if not keep and pieces and isinstance(pieces[-1], Leaf) and pieces[-1].soft:
        return pieces[:-1]
    return pieces
