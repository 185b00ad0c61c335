"""A pack's own rules: SQL files in its ``rules/`` folder.

Each file is one SELECT over the tables of the sealed file, below a head of comment lines::

    -- code: HOUSE1
    -- severity: warning
    -- title: A survey without a place
    -- message: finding '{id}' does not say where people were asked
    SELECT 'finding' AS kind, f.id AS id, '' AS path FROM finding f …

The columns kind, id and path say what the violation is about; every other column may stand in the message.
"""

from __future__ import annotations

import re
import sqlite3
import string
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from evidencekb.engines.sqlite import select_guarded
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.rules.rule import FieldPath

_CODE = re.compile(r"[A-Z]{2,12}\d{1,5}")
_HEAD = re.compile(r"--\s*(code|severity|title|message):\s*(.+)")
_MAX_BYTES = 65_536

SEEDS = "seeds"
"""The folder beside the rules that holds what they are tried on; see :mod:`evidencekb.seeds`."""


@dataclass(frozen=True, slots=True)
class CustomRule:
    """A rule that a pack brought."""

    code: str
    severity: Severity
    title: str
    message: str
    statement: str
    file: str

    def run(self, connection: sqlite3.Connection, known: Callable[[tuple[str, str]], bool]) -> Iterator[Violation]:
        """Violations of the rule; a text that does not run, or names what is no record, is itself a violation (501)."""
        try:
            for row in select_guarded(connection, self.statement):
                if not known((str(row["kind"]), str(row["id"]))):
                    what = f"it names {_short(row['kind'])} {_short(row['id'])}, and there is no such record"
                    yield _problem(
                        self.file, f"the rule {self.code} does not run: {what}; kind is finding, source and so on"
                    )
                    return
                subject = Subject(str(row["kind"]), str(row["id"]))
                yield Violation(
                    self.code, self.severity, subject, self.message.format(**row), path=field_path(row["path"])
                )
        except (sqlite3.Error, KeyError, TypeError, ValueError) as problem:
            what = f"column {problem} is missing" if isinstance(problem, KeyError) else str(problem)
            yield _problem(
                self.file, f"the rule {self.code} does not run: {what}; a rule is one SELECT with kind, id and path"
            )


def _short(value: object) -> str:
    return repr(value)[:60] if isinstance(value, str | int | float) or value is None else f"a {type(value).__name__}"


def field_path(text: object) -> FieldPath:
    """A path as rules print it (``estimates.0.unit``) as keys and positions."""
    return tuple(int(step) if step.isdecimal() else step for step in str(text or "").split(".") if step)


def read_custom(root: Path) -> tuple[tuple[CustomRule, ...], tuple[Violation, ...]]:
    """The rules of a pack's ``rules/`` folder, and what is wrong with those that cannot be read."""
    rules: dict[str, CustomRule] = {}
    problems: list[Violation] = []
    for path in sorted((root / "rules").glob("*")):
        name = path.relative_to(root).as_posix()
        if path.name == SEEDS:
            continue
        if path.suffix != ".sql":
            problems.append(replace(_problem(name, "not read: a rule is an .sql file"), severity=Severity.NOTE))
            continue
        try:
            rule = _read(path, name, root)
            if rule.code in rules:
                raise ValueError(f"the code {rule.code} stands in {rules[rule.code].file} too")
            rules[rule.code] = rule
        except (OSError, RuntimeError, ValueError) as problem:
            problems.append(_problem(name, str(problem)))
    return tuple(rules.values()), tuple(problems)


def _read(path: Path, name: str, root: Path) -> CustomRule:
    if not path.resolve().is_relative_to(root.resolve()):
        raise ValueError("the file is a link that leaves the pack; copy it into the pack")
    if not path.is_file():
        raise ValueError("not a file that can be read")
    if path.stat().st_size > _MAX_BYTES:
        raise ValueError(f"a rule is at most {_MAX_BYTES // 1024} KiB")
    lines = path.read_text(encoding="utf-8").splitlines()
    head = {match[1]: match[2].strip() for line in lines if (match := _HEAD.match(line))}
    if missing := [key for key in ("code", "severity", "title", "message") if key not in head]:
        raise ValueError(f"a rule begins with comment lines; missing: -- {missing[0]}: …")
    if head["code"].startswith("EKB") or not _CODE.fullmatch(head["code"]):
        raise ValueError(f"the code {head['code']!r} is not of the form HOUSE1, or begins with EKB, which is taken")
    if head["severity"] not in list(Severity):
        raise ValueError(f"the severity {head['severity']!r} is none of {', '.join(Severity)}")
    for _, field, form, conversion in string.Formatter().parse(head["message"]):
        if field is not None and (not field.isidentifier() or form or conversion):
            raise ValueError(f"the message may hold column names in braces only, found {{{field}}}")
    statement = "\n".join(line for line in lines if not line.lstrip().startswith("--")).strip()
    if not statement:
        raise ValueError("below its head a rule is one SELECT, and there is none")
    return CustomRule(head["code"], Severity(head["severity"]), head["title"], head["message"], statement, name)


def _problem(file: str, message: str) -> Violation:
    return Violation("EKB501", Severity.ERROR, Subject("file", file), message, Place(file))
