"""303: the years, months and days in a text against those on record."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from evidencekb.model import Finding
from evidencekb.quantities import Quantity
from evidencekb.rules import carriers as given
from evidencekb.rules.carriers import Look

_MONTH, _DAY = len("2024-05"), len("2024-05-17")


class Dates:
    """The dates that findings and their sources give."""

    def __init__(self, findings: Sequence[Finding], look: Look) -> None:
        self._findings, self._look = findings, look

    @cached_property
    def _known(self) -> tuple[frozenset[int], frozenset[str]]:
        found = [given.dates_of(finding, self._look) for finding in self._findings]
        return frozenset().union(*(years for years, _ in found)), frozenset().union(*(days for _, days in found))

    @cached_property
    def _months(self) -> frozenset[str]:
        return frozenset().union(*(given.months_of(finding) for finding in self._findings))

    def has(self, q: Quantity) -> bool:
        """True if the years are recorded, and the month or day too where such of that year are."""
        years, days = self._known
        if not {int(q.first), int(q.last)} <= years:
            return False
        if len(q.unit) == _MONTH:
            held = self._months | {day[:_MONTH] for day in days}
            return q.unit in held or not any(month[:4] == q.unit[:4] for month in self._months)
        return len(q.unit) < _DAY or q.unit in days or not any(day[:4] == q.unit[:4] for day in days)
