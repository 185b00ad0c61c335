"""What commands print, and how they fail.

Text for people, JSON for programs; colours and progress on a terminal only. Exit codes: 0 clean, 1 violations, 2 misuse.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.text import Text

from evidencekb.errors import EvidenceError, PackError
from evidencekb.report import Report, Severity, Violation

VIOLATIONS, MISUSE, STOPPED = 1, 2, 130
_SCREEN = 20
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "blue"}


class Format(StrEnum):
    """How an answer is printed."""

    TEXT = "text"
    JSON = "json"


class BriefFormat(StrEnum):
    """How a brief is printed or written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    JSON = "json"
    JSONL = "jsonl"
    PARQUET = "parquet"
    HTML = "html"

    @property
    def output(self) -> Format:
        """How what is said beside it is printed."""
        return Format.JSON if self is BriefFormat.JSON else Format.TEXT


class ReportFormat(StrEnum):
    """How a report is printed or written."""

    HTML = "html"
    JSON = "json"
    SARIF = "sarif"
    GITHUB = "github"

    @property
    def output(self) -> Format:
        """How what is said beside it is printed."""
        return Format.JSON if self is ReportFormat.JSON else Format.TEXT


def out() -> Console:
    """The console for answers; made anew, so that a changed ``sys.stdout`` counts."""
    return Console(soft_wrap=True, highlight=False)


def err() -> Console:
    """The console for progress and failures."""
    return Console(stderr=True, soft_wrap=True, highlight=False)


def emit(value: Any, output: Format) -> None:
    """Print an answer: its own text, or JSON."""
    if output is Format.JSON:
        plain = value.to_dict() if hasattr(value, "to_dict") else value
        sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")
    else:
        # What a file or a service says must not steer the terminal.
        sys.stdout.write(_CONTROLS.sub("\ufffd", str(value).rstrip("\n")) + "\n")
    sys.stdout.flush()


def emit_all(values: Iterable[Any], output: Format, *, none: str) -> None:
    """Print answers, one after the other, or as one JSON list; in words where there are none."""
    if output is Format.JSON:
        emit([value.to_dict() for value in values], output)
    else:
        emit("\n".join(map(str, values)) or none, output)


def emit_report(report: Report, output: Format, *, errors_only: bool = False) -> None:
    """Print a report: every violation with its place, then what ran, what was skipped and why, and what failed."""
    if output is Format.JSON:
        emit(report, output)
        return
    console = out()
    for violation in report.errors if errors_only else report:
        console.print(_line(violation))
    for skipped in () if errors_only else report.skipped:
        line = f"skipped in part: {skipped.code}, {skipped.why}: {skipped.count}"
        console.print(Text(line, style="dim"))
    for severity in Severity if len(report.violations) > _SCREEN and not errors_only else ():
        if counts := Counter(v.code for v in report.of_severity(severity)):
            each = ", ".join(f"{code} {count}" for code, count in sorted(counts.items()))
            console.print(Text(f"{severity}s by rule: {each}", style=_STYLES[severity]))
    console.print(Text(report.summary, style="bold green" if report.ok else "bold red"))


def _line(violation: Violation) -> Text:
    line = Text()
    line.append(f"{violation.place}: " if violation.place else "", style="cyan")
    line.append(str(violation.severity), style=_STYLES[violation.severity])
    about = "" if violation.message.startswith(str(violation.subject)) else f"{violation.subject}: "
    line.append(f" {violation.code} {about}{violation.message}")
    if violation.waived is not None:
        line.append(f" (waived: {violation.waived})", style="dim")
    return line


@contextmanager
def progress(what: str) -> Iterator[Callable[[str], None]]:
    """A spinner that tells the stage, on a terminal; silence in a pipe."""
    console = err()
    if not console.is_terminal:
        yield lambda _: None
        return
    with console.status(what) as status:
        yield lambda stage: status.update(f"{what}: {stage}")


@contextmanager
def counting(what: str) -> Iterator[Callable[[int], None]]:
    """A count that goes up, with the time it takes, on a terminal; silence in a pipe."""
    console = err()
    if not console.is_terminal:
        yield lambda _: None
        return
    columns = (SpinnerColumn(), TextColumn("{task.completed:,} " + what), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done: shown.update(task, completed=done)


@contextmanager
def advancing(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar that fills as work is done, with the time that is left, on a terminal; silence in a pipe."""
    console = err()
    if not console.is_terminal:
        yield lambda _, __: None
        return
    columns = (BarColumn(), TextColumn("{task.completed:,} of {task.total:,} " + what), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as shown:
        task = shown.add_task(what, total=1)
        yield lambda done, total: shown.update(task, completed=done, total=total)


@contextmanager
def failures(output: Format) -> Iterator[None]:
    """Turn what the library raises into a message and an exit code."""
    try:
        yield
    except PackError as problem:
        emit_report(problem.report, output, errors_only=True)
        sys.exit(VIOLATIONS)
    except EvidenceError as problem:
        _fail(str(problem))
    except BrokenPipeError:
        # The reader has seen enough; what is still in the buffer must not complain at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as problem:
        _fail(str(problem) if problem.filename is None else f"{problem.filename}: {problem.strerror}")


def _fail(message: str) -> None:
    err().print(Text.assemble(("error: ", "bold red"), message))
    sys.exit(MISUSE)
