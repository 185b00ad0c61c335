"""A rule as data: its texts, and the two ways in which it can be run.

The texts of a rule (title, why, what to do, a bad record and its sound twin, messages) stand in ``texts/NNN.toml``. A rule
that crosses records is one SQL text in ``evidencekb.engines``; a rule about one record is a function in this package.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from evidencekb.errors import UnknownIdError
from evidencekb.report import Severity, Subject, Violation

_TEXTS = Path(__file__).parent / "texts"
_FAMILIES = {"1": "chain", "2": "source", "3": "finding", "4": "cohort and definition", "5": "files"}

FieldPath = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Attributes:
        code: Its code, which never changes, for example ``"EKB101"``.
        severity: How bad a violation is, unless a variant says otherwise.
        title: What is wrong, in one line.
        why: Why it matters.
        remedy: What to do.
        bad: A record that breaks it, as YAML; it stands beside the records of ``texts/base.yaml``.
        good: The same record, put right.
        file: The file that the two records are shown in.
        messages: Message templates by variant.
        severities: Severities that differ, by variant.
        waivable: False for what no reason excuses, because a figure without its source would leave the library.
    """

    code: str
    severity: Severity
    title: str
    why: str
    remedy: str
    bad: str
    good: str
    file: str = "findings/example.yaml"
    messages: Mapping[str, str] = field(default_factory=dict)
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivable: bool = True

    @property
    def family(self) -> str:
        """What the rule's hundred is about."""
        return _FAMILIES[self.code[3]]

    @property
    def number(self) -> str:
        """The code without its prefix."""
        return self.code[3:]

    def violation(self, variant: str, subject: Subject, path: FieldPath = (), **detail: Any) -> Violation:
        """A violation of this rule: the message of ``variant``, filled from ``detail``."""
        message = self.messages[variant].format(id=subject.id, kind=subject.kind, **detail)
        return Violation(self.code, self.severities.get(variant, self.severity), subject, message, path=path)

    def explain(self) -> str:
        """The rule as a person reads it."""
        milder = "".join(f"; {severity} for {variant}" for variant, severity in self.severities.items())
        return "\n\n".join([
            f"{self.code} ({self.severity}{milder}): {self.title}",
            self.why,
            f"What to do: {self.remedy}" + ("" if self.waivable else " No waiver covers it."),
            f"Refused, in {self.file}:\n\n{self.bad.strip()}",
            f"Accepted:\n\n{self.good.strip()}",
        ])  # fmt: skip

    def to_dict(self) -> dict[str, object]:
        """Plain data for JSON."""
        return {
            "code": self.code,
            "severity": str(self.severity),
            "severities": {variant: str(severity) for variant, severity in self.severities.items()},
            "family": self.family,
            "waivable": self.waivable,
            "title": self.title,
            "why": self.why,
            "remedy": self.remedy,
            "file": self.file,
            "bad": self.bad,
            "good": self.good,
        }


Found = Iterator[Violation]


@cache
def rules() -> dict[str, Rule]:
    """Every rule by its code, in order."""
    return {f"EKB{path.stem}": _read(path) for path in sorted(_TEXTS.glob("[0-9]*.toml"))}


def rule(code: str) -> Rule:
    """The rule called ``EKB101`` or ``101``.

    Raises:
        UnknownIdError: If there is no such rule.

    Examples:
        >>> rule("204").title
        'A source that nobody can find'
    """
    number = code.upper().removeprefix("EKB")
    path = _TEXTS / f"{number}.toml"
    if not number.isdigit() or not path.exists():
        near = tuple(p.stem for p in sorted(_TEXTS.glob(f"{number[:1] or '1'}*.toml")) if p.stem.isdigit())
        raise UnknownIdError("rule", code, near)
    return _read(path)


def base_pack() -> str:
    """The records beside which every example of a rule stands, as YAML."""
    return (_TEXTS / "base.yaml").read_text(encoding="utf-8")


@cache
def _read(path: Path) -> Rule:
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    severities = {variant: Severity(word) for variant, word in data.pop("severities", {}).items()}
    return Rule(code=f"EKB{path.stem}", severity=Severity(data.pop("severity")), severities=severities, **data)
