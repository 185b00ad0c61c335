"""Corrections of what is published about a source, held to what a service or a file says of it by now.

>>> source = {"id": "doe2024", "corrections": [{"field": "pages", "expect": "1-9", "use": "1-19"}]}
>>> list(outdated(source, {"pages": "1–9"}, by="crossref"))
[]
>>> print(*outdated(source, {"pages": "1-19"}, by="crossref"))
pages: crossref has '1-19' by now, no longer '1-9': take the correction out
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.model.common import print_the_same


def outdated(source: Mapping[str, Any], found: Mapping[str, Any], *, by: str) -> Iterator[str]:
    """Corrections of a source that no longer fit what is published, as sentences; what nobody says is no sign.

    Args:
        source: The source as plain data.
        found: Its bibliographic fields as they are published by now.
        by: Who says so.
    """
    for name, expected, use in given(source):
        says = found.get(name)
        if not isinstance(says, str) or print_the_same(says, expected):
            continue
        if print_the_same(says, use):
            yield f"{name}: {by} has {says!r} by now, no longer {expected!r}: take the correction out"
        else:
            yield f"{name}: {by} has {says!r} by now, neither {expected!r} nor {use!r}: look, and write the correction anew"


def expected(source: Mapping[str, Any], found: Mapping[str, Any]) -> frozenset[str]:
    """Fields in which what is published is wrong just as the corrections of a source say."""
    return frozenset(
        name
        for name, wrong, _ in given(source)
        if isinstance(says := found.get(name), str) and print_the_same(says, wrong)
    )


def given(source: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Field, what is expected and what is put there, of each correction of a source that has all three."""
    held = source.get("corrections")
    for correction in held if isinstance(held, list) else ():
        held_by = correction.get if isinstance(correction, dict) else lambda _: None
        name, wrong, use = map(held_by, ("field", "expect", "use"))
        if isinstance(name, str) and isinstance(wrong, str) and isinstance(use, str):
            yield name, wrong, use
