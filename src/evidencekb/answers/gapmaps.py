"""What mapping the evidence returns: cohorts by outcomes, each cell with what stands in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.records import Ref

INDEPENDENT, SINGLE, VENDOR_ONLY, NO_FLAG = "independent", "single_study", "vendor_only", "no_flag"
SEARCHED, OUT_OF_REACH, NOT_SEARCHED = "searched_none_found", "out_of_reach", "not_searched"
STATES: Mapping[str, str] = {
    INDEPENDENT: "two or more studies without a seller or another stake behind them",
    SINGLE: "one study without a seller or another stake behind it",
    VENDOR_ONLY: "only from those who sell or have another stake",
    NO_FLAG: "nobody has looked who stands behind it",
    SEARCHED: "searched, none found",
    OUT_OF_REACH: "something may be there that nobody could read",
    NOT_SEARCHED: "nothing in this pack, and no search recorded",
}
"""What a cell may hold, the best first, each in words."""
SIGNS: Mapping[str, str] = {
    INDEPENDENT: "2, 3 …", SINGLE: "1", VENDOR_ONLY: "V", NO_FLAG: "?", SEARCHED: "○", OUT_OF_REACH: "×", NOT_SEARCHED: "·",
}  # fmt: skip
"""How a map shows them; V and ? stand before the number of studies."""
BESIDE = "behind a plus: further studies of those who sell or have another stake, or whose flag nobody set"
"""What the second number of a cell says."""


@dataclass(frozen=True, slots=True)
class GapCell(Answered):
    """What a pack holds on one outcome in one cohort.

    Attributes:
        cohort: Id of the cohort.
        outcome: Id of the outcome.
        state: independent, single_study, vendor_only, no_flag, searched_none_found, out_of_reach or not_searched.
        studies: How many studies: findings that share data, people or a work count once.
        independent: How many of them have no seller and no other stake behind them.
        findings: Ids of the findings, strongest first.
        bearing: Ids of findings that measured a larger group, or one that is like it; they do not count.
        gaps: Ids of recorded gaps that speak of it.
        text: The same in words.
    """

    cohort: str
    outcome: str
    state: str
    studies: int
    independent: int
    findings: tuple[str, ...]
    bearing: tuple[str, ...]
    gaps: tuple[str, ...]
    text: str

    @property
    def shown(self) -> str:
        """What stands in the cell: its independent studies, and behind a plus the others; or its sign."""
        if self.independent:
            others = self.studies - self.independent
            return f"{self.independent}+{others}" if others else str(self.independent)
        return f"{SIGNS[self.state]}{self.studies}" if self.studies else SIGNS[self.state]

    def __str__(self) -> str:
        return f"{self.cohort} / {self.outcome}: {self.text}"


@dataclass(frozen=True, slots=True)
class GapMap(Answered):
    """What is there, and what is not: cohorts by outcomes. It says nothing of what the evidence says.

    Attributes:
        cohorts: The rows.
        outcomes: The columns.
        cells: One for each row and column, row by row.
        findings: How many findings stand in at least one cell.
        left_out: What does not stand on the map, a sentence each.
        text: The counts in words.
    """

    cohorts: tuple[Ref, ...]
    outcomes: tuple[Ref, ...]
    cells: tuple[GapCell, ...]
    findings: int
    left_out: tuple[str, ...]
    text: str

    def cell(self, cohort: str, outcome: str) -> GapCell:
        """What stands in one place.

        Raises:
            KeyError: If the map has no such row or column.
        """
        for cell in self.cells:
            if (cell.cohort, cell.outcome) == (cohort, outcome):
                return cell
        raise KeyError((cohort, outcome))

    def row(self, cohort: str) -> tuple[GapCell, ...]:
        """The cells of a cohort, in the order of the outcomes."""
        return tuple(cell for cell in self.cells if cell.cohort == cohort)

    @property
    def counts(self) -> dict[str, int]:
        """How many cells there are of each state that occurs."""
        found = Counter(cell.state for cell in self.cells)
        return {state: found[state] for state in STATES if found[state]}

    @property
    def legend(self) -> tuple[str, ...]:
        """What the signs that occur say."""
        told = [f"{SIGNS[state]}: {STATES[state]}" for state in self.counts]
        return (*told, BESIDE) if any(0 < cell.independent < cell.studies for cell in self.cells) else tuple(told)

    def __str__(self) -> str:
        wide = max((len(ref.label) for ref in self.cohorts), default=0)
        signs = [[cell.shown for cell in self.row(ref.id)] for ref in self.cohorts]
        each = max((len(sign) for row in signs for sign in row), default=1) + 2
        numbers = [str(number) for number in range(1, len(self.outcomes) + 1)]
        lines = [self.text, " " * wide + "".join(number.rjust(max(each, 4)) for number in numbers)]
        for ref, row in zip(self.cohorts, signs, strict=True):
            lines.append(ref.label.ljust(wide) + "".join(sign.rjust(max(each, 4)) for sign in row))
        lines += [f"{number}: {ref.label}" for number, ref in zip(numbers, self.outcomes, strict=True)]
        lines += self.legend
        return "\n".join([*lines, *self.left_out])

    def _repr_html_(self) -> str:
        from evidencekb.answers.html import gap_map_html  # read only where something can show it

        return gap_map_html(self)
