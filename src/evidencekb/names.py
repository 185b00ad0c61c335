"""Names that people mistype: the nearest known ones."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


def near(name: str, known: Iterable[str], *, count: int = 3) -> tuple[str, ...]:
    """Known names that begin with ``name`` or look like it, best first.

    Examples:
        >>> near("aplicants", ["applicants", "firms"]), near("noy", ["noy-zhang-2023", "now"])
        (('applicants',), ('noy-zhang-2023', 'now'))
    """
    held = sorted(set(map(str, known)))
    begun = [other for other in held if other.startswith(name)] if len(name) > 2 else []
    return tuple(dict.fromkeys([*begun, *difflib.get_close_matches(name, held, n=count, cutoff=0.66)]))[:count]


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
