"""A report as text, and as a file."""

from __future__ import annotations

import json
from os import PathLike
from pathlib import Path
from typing import NamedTuple

from evidencekb.errors import UnknownIdError
from evidencekb.exports.reports.annotations import workflow_commands
from evidencekb.exports.reports.document import report_document
from evidencekb.exports.reports.places import prefix_of
from evidencekb.exports.reports.sarif import sarif
from evidencekb.kb import KnowledgeBase
from evidencekb.loading import check, load
from evidencekb.names import near
from evidencekb.queries.reporting import ENTRIES, trail_report
from evidencekb.queries.subjects import Many
from evidencekb.replacing import replace_whole
from evidencekb.report import Report

REPORT_FORMS = ("html", "json", "sarif", "github")
"""The forms of a report: for readers, programs, code scanning, and the lines of a pull request."""

Packed = KnowledgeBase | str | PathLike[str] | None


class Reported(NamedTuple):
    """A report as text.

    Attributes:
        text: The text.
        check: What the check found, on which the report rests.
    """

    text: str
    check: Report


def report_text(
    pack: Packed = None, form: str = "html", *, ids: Many = None, limit: int = ENTRIES, strict: bool = False
) -> Reported:
    """A report of a pack.

    A folder may have errors: records with errors, and those that rest on them, are then in no trail, and the report lists
    every error. ``sarif`` and ``github`` tell what the check found, and nothing of trails; their paths count from the root
    of the repository that holds the folder.

    Args:
        pack: A knowledge base, a sealed file or a folder; None for the pack that ships with the library.
        form: ``html``, ``json``, ``sarif`` or ``github``.
        ids: For ``html`` and ``json``, claims, findings and untraced claims to show; all when left out.
        limit: For these, at most so many of each kind, worst first.
        strict: Whether warnings count as errors.

    Raises:
        UnknownIdError: If there is no such form or record.
        QuestionError: If an id names no claim, finding or untraced claim, or the limit is no number above 0.
        SealedFileError: If a file is cut, foreign, or written by a newer version.
        FileNotFoundError: If there is nothing at the path.

    Examples:
        >>> made = report_text(form="html", ids="unresolved-ats-rejects-75pct")
        >>> made.text.startswith("<!DOCTYPE html>"), made.check.ok
        (True, True)
    """
    if form not in REPORT_FORMS:
        raise UnknownIdError("form of a report", form, near(str(form), REPORT_FORMS))
    folder = Path(pack) if isinstance(pack, str | PathLike) and Path(pack).is_dir() else None
    if form in ("sarif", "github"):
        report = check(folder) if folder else _opened(pack).report
        report = report.strict() if strict else report
        prefix = prefix_of(folder)
        if form == "github":
            return Reported("".join(f"{line}\n" for line in workflow_commands(report, prefix)), report)
        return Reported(json.dumps(sarif(report, prefix), ensure_ascii=False, indent=1) + "\n", report)
    kb = _opened(pack)
    report = kb.report.strict() if strict else kb.report
    shown = trail_report(kb, ids=ids, limit=limit, check=report)
    return Reported(report_document(shown) if form == "html" else shown.to_json(indent=1) + "\n", report)


def write_report(
    pack: Packed,
    out: str | PathLike[str],
    form: str = "html",
    *,
    ids: Many = None,
    limit: int = ENTRIES,
    strict: bool = False,
) -> Report:
    """Write a report into a file, which is there whole or not at all.

    Args:
        pack: As in :func:`report_text`; so the options.
        out: The file.
        form: ``html``, ``json``, ``sarif`` or ``github``.
        ids: What to show.
        limit: At most so many of each kind.
        strict: Whether warnings count as errors.

    Returns:
        What the check found.

    Raises:
        OSError: If the file cannot be written; otherwise as :func:`report_text`.
    """
    made = report_text(pack, form, ids=ids, limit=limit, strict=strict)
    replace_whole(Path(out), encoded(made.text), sync=False)
    return made.check


def encoded(text: str) -> bytes:
    """A text as a file holds it; half of a pair of signs, which no file can hold, becomes a question mark."""
    return text.encode("utf-8", "replace")


def _opened(pack: Packed) -> KnowledgeBase:
    return pack if isinstance(pack, KnowledgeBase) else load(pack, check=False)
