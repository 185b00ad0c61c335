"""What is wrong with a pack, as data: violations, their places, and the report that collects them.

Rules and readers yield :class:`Violation`; :class:`Report` collects them with the list of checks that ran, that were
skipped (and why), and that failed. Nothing here raises, reads files or prints.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any


class Severity(StrEnum):
    """How bad a violation is; only errors stop a build."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


_ORDER = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where in a pack something stands.

    Attributes:
        file: Path relative to the pack's folder, with forward slashes.
        line: First line is 1; 0 when the whole file is meant.
        column: First column is 1; 0 when the whole line is meant.
    """

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        return ":".join([self.file, *(str(n) for n in (self.line, self.column) if n)])


@dataclass(frozen=True, slots=True)
class Subject:
    """The record a violation is about."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id!r}" if self.id else self.kind


@dataclass(frozen=True, slots=True)
class Violation:
    """One broken rule at one place.

    Attributes:
        code: The rule, for example ``"EKB101"``.
        severity: The rule's own severity, or a milder one where the rule says so.
        subject: The record concerned.
        message: What is wrong, what was found, what to do.
        place: File, line and column.
        path: The field inside the record, for example ``("estimates", 0, "unit")``; used to find the line.
        waived: The waiver's reason when a waiver covers this violation.
    """

    code: str
    severity: Severity
    subject: Subject
    message: str
    place: Place | None = None
    path: tuple[str | int, ...] = ()
    waived: str | None = None

    def at(self, place: Place | None) -> Violation:
        """The same violation with its place filled in."""
        return replace(self, place=place)

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "kind": self.subject.kind,
            "id": self.subject.id,
            "message": self.message,
            "file": self.place.file if self.place else None,
            "line": self.place.line if self.place else None,
            "column": self.place.column if self.place else None,
            "field": list(self.path),
            "waived": self.waived,
        }

    def __str__(self) -> str:
        where = f" {self.place}" if self.place else ""
        about = "" if self.message.startswith(str(self.subject)) else f"{self.subject}: "
        return f"{self.severity}: {about}{self.message} [{self.code}]{where}"


_SHOWN = 50
"""Violations that a notebook shows."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A check that did not run on something, and why. Not run is never reported as passed."""

    code: str
    why: str
    count: int = 1


@dataclass(frozen=True, slots=True)
class Report:
    """All that a check found.

    Attributes:
        pack: Name of the pack.
        violations: Worst first, then by place.
        checks_run: Codes of the rules that ran.
        skipped: Rules, or parts of rules, that could not run, each with its reason.
        records: How many records of each kind were read.
    """

    pack: str
    violations: tuple[Violation, ...] = ()
    checks_run: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    records: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(
        cls,
        pack: str,
        violations: Iterable[Violation],
        *,
        checks_run: Iterable[str] = (),
        skipped: Iterable[Skipped] = (),
        records: dict[str, int] | None = None,
    ) -> Report:
        """A report whose order does not depend on the order in which files were read."""
        nowhere = Place("")
        ordered = sorted(
            set(violations),
            key=lambda v: (_ORDER[v.severity], v.place or nowhere, v.code, str(v.subject), v.message),
        )
        return cls(
            pack,
            tuple(ordered),
            tuple(sorted(set(checks_run))),
            tuple(sorted(skipped, key=lambda s: (s.code, s.why))),
            dict(sorted((records or {}).items())),
        )

    def __iter__(self) -> Iterator[Violation]:
        return iter(self.violations)

    def of_severity(self, severity: Severity) -> tuple[Violation, ...]:
        """The violations of one severity that no waiver covers."""
        return tuple(v for v in self.violations if v.severity is severity and v.waived is None)

    @property
    def errors(self) -> tuple[Violation, ...]:
        """Violations that stop a build."""
        return self.of_severity(Severity.ERROR)

    @property
    def failed(self) -> tuple[str, ...]:
        """Codes of the checks with at least one error."""
        return tuple(sorted({v.code for v in self.errors}))

    @property
    def ok(self) -> bool:
        """True when nothing stops a build."""
        return not self.errors

    def strict(self) -> Report:
        """The same report with every warning made an error."""
        raised = (replace(v, severity=Severity.ERROR) if v.severity is Severity.WARNING else v for v in self.violations)
        return Report.of(self.pack, raised, checks_run=self.checks_run, skipped=self.skipped, records=self.records)

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        counts = Counter(v.severity for v in self.violations if v.waived is None)
        waived = sum(v.waived is not None for v in self.violations)
        parts = [
            _count(len(self.checks_run), "check") + " run",
            f"{len({s.code for s in self.skipped})} skipped in part",
            f"{len(self.failed)} failed",
            _count(counts[Severity.ERROR], "error"),
            _count(counts[Severity.WARNING], "warning"),
            _count(counts[Severity.NOTE], "note"),
        ]
        return f"{self.pack}: " + ", ".join(parts) + (f", {waived} waived" if waived else "")

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "pack": self.pack,
            "ok": self.ok,
            "records": dict(self.records),
            "checks": {
                "run": list(self.checks_run),
                "skipped": [asdict(s) for s in self.skipped],
                "failed": list(self.failed),
            },
            "violations": [violation.to_dict() for violation in self.violations],
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Report:
        """Read back what :meth:`to_dict` wrote."""
        violations = (
            Violation(
                code=v["code"],
                severity=Severity(v["severity"]),
                subject=Subject(v["kind"], v["id"]),
                message=v["message"],
                place=None if v["file"] is None else Place(v["file"], v["line"], v["column"]),
                path=tuple(v["field"]),
                waived=v["waived"],
            )
            for v in data["violations"]
        )
        skipped = (Skipped(**entry) for entry in data["checks"]["skipped"])
        return cls.of(
            data["pack"], violations, checks_run=data["checks"]["run"], skipped=skipped, records=data["records"]
        )

    def to_json(self) -> str:
        """The report as JSON text."""
        return json.dumps(self.to_dict(), ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        return "\n".join([*(str(v) for v in self.violations), self.summary])

    def _repr_html_(self) -> str:
        from evidencekb.escaping import escaped

        rows = "".join(
            f'<tr><th scope="row">{v.severity}</th><td>{v.code}</td><td>{escaped(str(v.subject))}</td>'
            f"<td>{escaped(v.message)}</td><td>{escaped(str(v.place or ''))}</td></tr>"
            for v in self.violations[:_SHOWN]
        )
        more = f"<p>and {len(self.violations) - _SHOWN:,} more</p>" if len(self.violations) > _SHOWN else ""
        head = "".join(
            f'<th scope="col">{name}</th>' for name in ("severity", "rule", "record", "what is wrong", "where")
        )
        table = f"<table><tr>{head}</tr>{rows}</table>" if rows else ""
        return f"<section><p>{escaped(self.summary)}</p>{table}{more}</section>"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")
