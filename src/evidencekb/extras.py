"""Libraries that an extra of this package installs: imported when they are used, and asked for by name when they are absent."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from evidencekb.errors import EngineError


def needed(module: str, extra: str) -> Any:
    """A library that an extra of this package installs.

    Raises:
        EngineError: If it is not there.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as problem:
        raise EngineError(
            extra, f"the library {module} is not installed; run: pip install 'evidencekb[{extra}]'"
        ) from problem
