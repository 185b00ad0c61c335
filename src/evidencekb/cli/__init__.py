"""The command line: parse, call, print. The only code that imports typer and rich."""

from __future__ import annotations

from evidencekb.cli import referring as referring  # its commands come with it
from evidencekb.cli.app import main

__all__ = ["main"]
