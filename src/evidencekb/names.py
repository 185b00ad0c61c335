"""Names that people mistype: the nearest known ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near(name: str, known: Iterable[str], *, count: int = 3) -> tuple[str, ...]:
    """Known names that look like ``name``, best first.

    Examples:
        >>> near("aplicants", ["applicants", "firms"])
        ('applicants',)
    """
    return tuple(map(str, difflib.get_close_matches(name, list(known), n=count, cutoff=0.6)))


def nearest(name: str, known: Iterable[str]) -> str:
    """A tail for a message: ``; did you mean 'x'?``, or nothing when no name comes close.

    Examples:
        >>> nearest("aplicants", ["applicants", "firms"])
        "; did you mean 'applicants'?"
        >>> nearest("zebra", ["applicants", "firms"])
        ''
    """
    found = near(name, known, count=1)
    return f"; did you mean {found[0]!r}?" if found else ""
