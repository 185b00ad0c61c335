"""What became of seeds, as data and as a table."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from evidencekb.answers.naming import counted
from evidencekb.report import Place, Violation

_UNREAD = "EKB501"


class SeedOutcome(StrEnum):
    """What became of a seed."""

    CAUGHT = "caught"
    """The rule found the defect: its code, the record, the line; and nothing was found in the sound twin."""
    SILENT = "silent"
    """A near miss in which nothing was found."""
    MISSED = "missed"
    """The rule did not find the defect, or found it elsewhere."""
    FALSE_ALARM = "false_alarm"
    """Something was found in a near miss, or in the sound twin."""
    OUT_OF_DATE = "out_of_date"
    """The seed no longer fits the records it changes, so nothing was tried."""


@dataclass(frozen=True, slots=True)
class SeedResult:
    """One seed and what became of it.

    Attributes:
        rule: Code of the rule.
        seed: What is wrong, or only looks wrong.
        place: Where the seed is written.
        of: The record of the pack that it changes; '' for one of made-up records.
        broken: Whether it breaks the rule; else it is a near miss.
        outcome: What became of it.
        wanted: Where the rule should have found it.
        found: What was found instead: of the rule, if it was missed; of any rule, if nothing should have been.
        beside: What other rules found in what is broken; that is no fault.
        problem: Why it is out of date.
    """

    rule: str
    seed: str
    place: Place
    of: str
    broken: bool
    outcome: SeedOutcome
    wanted: tuple[str, ...] = ()
    found: tuple[Violation, ...] = ()
    beside: tuple[Violation, ...] = ()
    problem: str = ""

    @property
    def ok(self) -> bool:
        """True for what was caught, and for what was left alone."""
        return self.outcome in (SeedOutcome.CAUGHT, SeedOutcome.SILENT)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "rule": self.rule,
            "seed": self.seed,
            "file": self.place.file,
            "line": self.place.line,
            "of": self.of,
            "broken": self.broken,
            "outcome": str(self.outcome),
            "ok": self.ok,
            "wanted": list(self.wanted),
            "found": [violation.to_dict() for violation in self.found],
            "beside": sorted({violation.code for violation in self.beside}),
            "problem": self.problem,
        }

    def __str__(self) -> str:
        about = f" ({self.of})" if self.of else ""
        lines = [f"{self.rule} {self.outcome.replace('_', ' ')}: {self.seed}{about}  {self.place}"]
        if self.problem:
            lines.append(f"    {self.problem}")
        lines += [f"    wanted: {self.rule} at {wanted}" for wanted in self.wanted if not self.ok]
        if not self.ok and not self.problem:
            lines += [f"    found: {violation}" for violation in self.found] or ["    found: nothing of this rule"]
            if self.outcome is SeedOutcome.MISSED and self.beside:
                lines.append(f"    other rules: {', '.join(sorted({v.code for v in self.beside}))}")
                # A rule that does not run says why.
                lines += [f"    {violation}" for violation in self.beside if violation.code == _UNREAD]
        return "\n".join(lines)


_MANY = {SeedOutcome.FALSE_ALARM: "false alarms"}
_COLUMNS = {
    "seeds": "seeds", "real": "real", "caught": "caught", "missed": "missed", "silent": "silent",
    "false alarms": "false_alarm", "out of date": "out_of_date",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class SeedReport:
    """What became of all seeds that were tried.

    Attributes:
        results: One a seed, in the order of rules and files.
        unseeded: Codes of rules that have no seed that breaks them.
        problems: What is wrong with files of seeds, or of rules, that cannot be read.
    """

    results: tuple[SeedResult, ...]
    unseeded: tuple[str, ...] = ()
    problems: tuple[Violation, ...] = ()

    @property
    def ok(self) -> bool:
        """True when every rule has seeds, every defect is caught, and nothing else is."""
        return not self.unseeded and not self.problems and all(result.ok for result in self.results)

    @property
    def failed(self) -> tuple[SeedResult, ...]:
        """The results that are not as they should be."""
        return tuple(result for result in self.results if not result.ok)

    def counts(self) -> dict[str, dict[str, int]]:
        """By code of the rule: seeds, those of real records, and how many of each outcome."""
        table: dict[str, Counter[str]] = {}
        for result in self.results:
            row = table.setdefault(result.rule, Counter())
            row.update(["seeds", str(result.outcome), *(["real"] if result.of else [])])
        names = ("seeds", "real", *map(str, SeedOutcome))
        return {rule: {name: row[name] for name in names} for rule, row in sorted(table.items())}

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        outcomes = Counter(result.outcome for result in self.results)
        broken = sum(result.broken for result in self.results)
        real = sum(bool(result.of) for result in self.results)
        text = (
            f"{counted(len(self.results), 'seed')} of {counted(len(self.counts()), 'rule')}, {real} of real records: "
            f"{outcomes[SeedOutcome.CAUGHT]} of {broken} defects caught, "
            f"{outcomes[SeedOutcome.SILENT]} of {len(self.results) - broken} near misses left alone"
        )
        others = [
            counted(outcomes[outcome], outcome.replace("_", " "), _MANY.get(outcome, outcome.replace("_", " ")))
            for outcome in (SeedOutcome.MISSED, SeedOutcome.FALSE_ALARM, SeedOutcome.OUT_OF_DATE)
            if outcomes[outcome]
        ]
        others += [f"without seeds: {', '.join(self.unseeded)}"] if self.unseeded else []
        others += [f"{counted(len(self.problems), 'problem')} with the files"] if self.problems else []
        return "; ".join([text, *others])

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "ok": self.ok,
            "summary": self.summary,
            "rules": self.counts(),
            "unseeded": list(self.unseeded),
            "problems": [violation.to_dict() for violation in self.problems],
            "seeds": [result.to_dict() for result in self.results],
        }

    def __str__(self) -> str:
        rows = [(rule, *(str(row[name]) for name in _COLUMNS.values())) for rule, row in self.counts().items()]
        return "\n".join([
            *_aligned([("rule", *_COLUMNS), *rows]),
            *(f"{rule} has no seed that breaks it" for rule in self.unseeded),
            *map(str, self.problems),
            *map(str, self.failed),
            self.summary,
        ])  # fmt: skip


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows of a table as lines: the first column to the left, numbers to the right."""
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    lines = []
    for first, *numbers in rows:
        cells = [first.ljust(widths[0]), *(text.rjust(width) for text, width in zip(numbers, widths[1:], strict=True))]
        lines.append("  ".join(cells))
    return lines
