"""A record as canonical YAML text, for people to read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import yaml

from evidencekb.model import LISTS
from evidencekb.store.ordering import record_order
from evidencekb.store.scalars import quoted
from evidencekb.store.writing import format_records, format_text


class _Dumper(yaml.SafeDumper):
    """Quotes what this library's reader takes for a number; PyYAML has other rules for ``1e5``."""


def _represent(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"' if quoted(text, False) != text else None)


_Dumper.add_representer(str, _represent)


def record_text(kind: str, record: Mapping[str, Any]) -> str:
    """One record as a pack file would hold it.

    Args:
        kind: ``"finding"``, ``"source"`` and so on.
        record: Its plain data.

    Examples:
        >>> print(record_text("source", {"id": "1e5", "vendor": "unknown"}), end="")
        sources:
          - id: "1e5"
            vendor: unknown
    """
    name = next(listing for listing, held in LISTS.items() if held == kind)
    text = yaml.dump({name: [dict(record)]}, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=10_000)
    return format_text(text)


def records_text(kind: str, records: Iterable[Mapping[str, Any]], *, comment: str) -> str:
    """Many records as a pack file of their own.

    Args:
        kind: ``"finding"``, ``"source"`` and so on.
        records: Their plain data.
        comment: One line for the head of the file.

    Examples:
        >>> print(records_text("cohort", [{"id": "a", "label": "x: y"}], comment="New."), end="")
        # New.
        cohorts:
          - id: a
            label: "x: y"
    """
    name = next(listing for listing, held in LISTS.items() if held == kind)
    return format_records(name, [dict(record) for record in records], comment=comment)


def short_records_text(kind: str, records: Iterable[Mapping[str, str]], *, comment: str) -> str:
    """Many records of short texts alone, as a pack file of their own; the work of :func:`record_text` at a hundredth.

    Args:
        kind: ``"finding"``, ``"source"`` and so on.
        records: Their plain data, each value a text on one line; keys in the order of the record's fields.
        comment: One line for the head of the file.

    Examples:
        >>> print(short_records_text("concept", [{"id": "b", "kind": "role"}, {"id": "2024"}], comment="New."), end="")
        # New.
        concepts:
          - id: "2024"
          - id: b
            kind: role
    """
    name = next(listing for listing, held in LISTS.items() if held == kind)
    lines = [f"# {comment}\n{name}:\n"]
    for record in sorted(records, key=lambda record: record_order(kind, record.get)):
        parts = [f"{key}: {quoted(value, False)}\n" for key, value in record.items()]
        lines += ["  - ", "    ".join(parts)]
    return "".join(lines)
