"""One quantity in a text: what it says, and where."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from evidencekb.vocab import Qualifier


class Kind(StrEnum):
    """What sort of quantity it is."""

    PERCENT = "percent"
    POINTS = "points"
    SHARE = "share"
    MONEY = "money"
    TIMES = "times"
    SD = "sd"
    SPAN = "span"
    DATE = "date"
    NUMBER = "number"


_COMPARED = frozenset({("more",), ("fewer",), ("less",)})
"""What stands behind a number that counts nothing named: six more than in the towns that waited."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number, a range or a date as a text gives it.

    Attributes:
        start: Where it begins in the text, its bound included.
        end: Where it ends.
        text: The passage.
        kind: Percent, points, share, money, times, SD, span of time, date or a plain number.
        first: The number; of a range, the one printed first. Percent are 40 for 40%, shares 0.4 for two fifths, dates years.
        last: The same number; of a range, the one printed last.
        unit: A currency (ISO 4217; ``$`` for dollars of no named country), the UCUM code of a span of time, or a date as
            ISO 8601 prints it; else empty.
        nouns: The words right behind it, in small letters: what a plain number counts.
        bound: How the text limits it; None when it does not.
        sign: 1 or -1 when a plus or minus is printed, else 0; a minus is in the numbers too.
        step: The unit of the last digit printed; 0.1 for 26.8.
        spelled: It is written in words.
        near: The bound says that the number is close: nearly, almost, just over.
        change: It runs from one number to another: from 3.7% to 5.4%.
        lent: Its unit stands behind the next number alone: 2.8 or 13%.
    """

    start: int
    end: int
    text: str
    kind: Kind
    first: float
    last: float
    unit: str = ""
    nouns: tuple[str, ...] = ()
    bound: Qualifier | None = None
    sign: int = 0
    step: float = 1.0
    spelled: bool = False
    near: bool = False
    change: bool = False
    lent: bool = False

    @property
    def low(self) -> float:
        """The smaller number."""
        return min(self.first, self.last)

    @property
    def high(self) -> float:
        """The larger number."""
        return max(self.first, self.last)

    @property
    def is_range(self) -> bool:
        """True if it runs from one number to another."""
        return self.first != self.last

    @property
    def bare(self) -> bool:
        """True for a plain number that says of nothing what it counts, and for one whose unit stands behind another."""
        return self.lent or (self.kind is Kind.NUMBER and (not self.nouns or self.nouns in _COMPARED))
