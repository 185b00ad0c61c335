"""The command line: parse, call, print. The only code that imports typer and rich."""

from __future__ import annotations

from evidencekb.cli import checking, citing, interchange, judging, querying, referring, reporting, versions  # noqa: F401 - their commands are there once they are imported
from evidencekb.cli.app import main

__all__ = ["main"]
