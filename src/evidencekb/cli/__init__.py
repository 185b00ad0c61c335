"""The command line: parse, call, print. The only code that imports typer and rich."""

from __future__ import annotations

from evidencekb.cli import checking  # noqa: F401  # its commands are there once it is imported
from evidencekb.cli.app import main

__all__ = ["main"]
