"""The command that shows a pack to others: ``report``.

Exit codes: 0 when the pack has no errors, 1 when it has; the report is written either way. 2 misuse.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from evidencekb.cli.app import app
from evidencekb.cli.output import VIOLATIONS, ReportFormat, err, failures, progress


@app.command()
def report(
    pack: Annotated[
        Path | None, typer.Argument(help="A pack's folder or a sealed file; default: the shipped pack.")
    ] = None,
    to: Annotated[
        Path | None, typer.Option("-o", "--out", metavar="FILE", help="Write there, not to the screen.")
    ] = None,
    form: Annotated[
        ReportFormat,
        typer.Option(
            "--format", help="html for readers, json for programs, sarif for code scanning, github for a pull request."
        ),
    ] = ReportFormat.HTML,
    only: Annotated[
        list[str] | None,
        typer.Option(metavar="ID", help="A claim, finding or untraced claim to show; may be repeated. html and json."),
    ] = None,
    limit: Annotated[
        int, typer.Option(min=1, help="At most so many claims, findings and untraced claims each. html and json.")
    ] = 1_000,
    strict: Annotated[bool, typer.Option("--strict", help="Count warnings as errors.")] = False,
) -> None:
    """Show a pack to somebody who does not know it.

    html and json hold every claim with its trail, worst first: figures, the chain with the page that was read, who gains,
    and what is not established; then findings that no claim rests on, untraced claims, and what was checked.

    sarif and github hold what the check found, by file and line.

    Exit 1 when the pack has errors; the report is written all the same, and lists them.

    Example: evidencekb report -o report.html

    Example: evidencekb report data --format sarif -o evidence.sarif
    """
    from evidencekb.exports import report_text
    from evidencekb.exports.reports.writing import encoded
    from evidencekb.replacing import replace_whole

    with failures(form.output):
        with progress("making the report"):
            made = report_text(pack, form.value, ids=only, limit=limit, strict=strict)
        if to is None:
            # A page is UTF-8 whatever the terminal is; neither it nor a log holds signs that steer one.
            sys.stdout.buffer.write(encoded(made.text))
            sys.stdout.buffer.flush()
        else:
            replace_whole(to, encoded(made.text), sync=False)
            err().print(f"{to}: {to.stat().st_size:,} bytes; {made.check.summary}", markup=False)
        if not made.check.ok:
            sys.exit(VIOLATIONS)
