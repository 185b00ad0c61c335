"""A record as canonical YAML text, for people to read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml

from evidencekb.model import LISTS
from evidencekb.store.writing import format_text


def record_text(kind: str, record: Mapping[str, Any]) -> str:
    """One record as a pack file would hold it.

    Args:
        kind: ``"finding"``, ``"source"`` and so on.
        record: Its plain data.
    """
    name = next(listing for listing, held in LISTS.items() if held == kind)
    text = yaml.safe_dump({name: [dict(record)]}, allow_unicode=True, sort_keys=False, width=10_000)
    return format_text(text)
