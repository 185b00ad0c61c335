"""What those share who ask the tables for the surroundings of a finding."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Rows = Callable[[str, tuple[Any, ...]], list[tuple[Any, ...]]]
"""Rows of a SELECT with its values: what a knowledge base gives, and a connection that is being built."""

Linked = tuple[str, str]
"""A finding that links to another: its id, and the type of the link."""

AMONG = "IN (SELECT value FROM json_each(?))"
