"""Dates in a text: years, spans of years, months and days."""

from __future__ import annotations

from typing import NamedTuple

from evidencekb.quantities import words
from evidencekb.quantities.tokens import Token
from evidencekb.quantities.units import unit_behind
from evidencekb.quantities.walking import Walk


class Dated(NamedTuple):
    """A date: the tokens it takes, its first and last year (0 for a day without a year), and its day as ISO 8601."""

    at: int
    to: int
    first: int
    last: int
    iso: str


def _of(at: int, to: int, year: str, iso: str, last: str = "") -> Dated:
    return Dated(at, to, int(year), int(last or year), iso)


class Dating(Walk):
    """Finds dates."""

    __slots__ = ()

    def date_at(self, at: int) -> Dated | None:
        """The date that begins at this number, or that a month before it begins."""
        token = self.tokens[at]
        if self.low(at + 1) in words.MONTHS and _is_day(token):
            year = at + 2 if self.is_year(at + 2) else 0
            if year or self.low(at + 1) not in ("may", "march", "mar", "jan", "sept", "dec"):
                return self._dated(at, (year or at + 1) + 1, year, self.low(at + 1), token.text)
        if self.low(at - 1) in words.MONTHS and _is_day(token) and not self.is_united(at):
            year = next((at + gap for gap in (1, 2) if self.is_year(at + gap)), 0)
            if year or self.tokens[at - 1].text != self.low(at - 1):
                return self._dated(at - 1, (year or at) + 1, year, self.low(at - 1), token.text)
        if not self.is_year(at):
            dated = self.low(at - 1) in words.MONTHS or self.low(at - 1) in _SEASONS
            if dated and len(token.text) == 4 and token.text.isdigit() and not self.is_united(at):
                return _of(at, at + 1, token.text, "")
            return None
        after, third = self.token(at + 1), self.token(at + 2)
        if after and third and after.text in "-–/" and after.glued and third.glued and third.text.isdigit():
            fourth, fifth = self.token(at + 3), self.token(at + 4)
            if fourth and fifth and fourth.glued and fourth.text == after.text and fifth.glued and fifth.text.isdigit():
                return _of(at, at + 5, token.text, f"{token.text}-{third.text}-{fifth.text}")
            if len(third.text) in (2, 4):
                last = third.text if len(third.text) == 4 else token.text[:2] + third.text
                return _of(at, at + 3, token.text, "", last)
        month = self.low(at - 1)
        day = f"-{_MONTH_NUMBERS[month]:02}" if month in words.MONTHS else ""
        return _of(at, at + 1, token.text, token.text + day if day else "")

    def is_year(self, at: int) -> bool:
        """True if a year stands at a place, and not a number with a unit."""
        token = self.token(at)
        if token is None or len(token.text) != 4 or not token.text.isdigit() or not 1900 <= int(token.text) <= 2100:
            return False
        after = self.token(at + 1)
        return unit_behind(self.tokens, at + 1) is None and not (
            after is not None and (after.low in words.SCALES or (after.glued and after.kind == "word"))
        )

    def _dated(self, at: int, to: int, year: int, month: str, day: str) -> Dated:
        number = self.tokens[year].text if year else "0"
        iso = f"{number}-{_MONTH_NUMBERS[month]:02}-{int(day):02}"
        return _of(at, to, number, iso)


def _is_day(token: Token) -> bool:
    return token.text.isdigit() and len(token.text) <= 2 and 1 <= int(token.text) <= 31


_SEASONS = frozenset(
    {"early", "late", "mid", "spring", "summer", "autumn", "winter", "fiscal", "year", "since", "until"}
)
_MONTH_NUMBERS = {
    name: number
    for number, names in enumerate(
        ("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug",
         "september sep sept", "october oct", "november nov", "december dec"), start=1)
    for name in names.split()
}  # fmt: skip
