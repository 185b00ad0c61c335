"""What a check found as workflow commands: a code host shows them beside the lines of a pull request.

References:
    GitHub, Workflow commands for GitHub Actions: ``::error file=…,line=…,col=…,title=…::message``, and how both parts are
    escaped. Of each severity a step shows ten.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from evidencekb.exports.reports.places import placed
from evidencekb.report import Report, Severity, Violation

PER_SEVERITY = 10
"""So many annotations of one severity a step shows; of more, the last says how many there are."""

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_LONGEST = 4_000
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_STEERING = re.compile("[\x00-\x09\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def workflow_commands(report: Report, prefix: PurePosixPath) -> Iterator[str]:
    """Lines to print in a workflow: annotations, worst first, then all that was found, folded, and the summary.

    Args:
        report: What a check found.
        prefix: The way from the root of the repository to the pack's folder.
    """
    for severity, command in _COMMANDS.items():
        held = report.of_severity(severity)
        shown = held if len(held) <= PER_SEVERITY else held[: PER_SEVERITY - 1]
        for violation in shown:
            yield _annotation(command, violation, prefix)
        if len(held) > len(shown):
            more = f"{len(held) - len(shown):,} more; the log of this step lists them all"
            yield f"::{command} title={_property(report.pack)}::{_data(more)}"
    if report.violations:
        yield "::group::All that was found"
        yield from (_line(str(violation) + _waived(violation)) for violation in report)
        yield "::endgroup::"
    yield _line(report.summary)


def _annotation(command: str, violation: Violation, prefix: PurePosixPath) -> str:
    place = placed(violation, prefix)
    held = {
        "file": place.file,
        "line": place.line,
        "col": place.column,
        "title": f"{violation.code} {violation.subject}",
    }
    properties = ",".join(f"{name}={_property(str(value))}" for name, value in held.items() if value)
    return f"::{command} {properties}::{_data(violation.message)}"


def _waived(violation: Violation) -> str:
    return "" if violation.waived is None else f" (waived: {violation.waived})"


def _short(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _data(text: str) -> str:
    """A message: percent signs and line ends are escaped, so that it ends where it ends."""
    return _STEERING.sub("\ufffd", _short(text)).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    """A property: what ends it, or the list of them, is escaped too."""
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def _line(text: str) -> str:
    """A line of the log that is no command, whatever it holds: an older form of them may begin anywhere."""
    plain = _CONTROLS.sub(" ", _short(text)).replace("##[", "## [").lstrip()
    return f"\u200b{plain}" if plain.startswith("::") else plain
