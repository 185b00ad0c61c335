"""Text made fit for HTML, SVG and pictures."""

from __future__ import annotations

import re
from html import escape

_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_STEERING = re.compile("[\u202a-\u202e\u2066-\u2069]")


def escaped(value: str) -> str:
    r"""A text as HTML and SVG show it: escaped, without signs that they may not hold or that turn what follows round.

    Examples:
        >>> escaped("<b>5 & 6</b>"), escaped("a\u202eb\x00")
        ('&lt;b&gt;5 &amp; 6&lt;/b&gt;', 'ab\ufffd')
    """
    return escape(printable(value))


def printable(value: str) -> str:
    r"""A text without signs that show as nothing or turn what follows round; line ends stay.

    Examples:
        >>> printable("a\u202eb\x00\n")
        'ab\ufffd\n'
    """
    return _CONTROLS.sub("\ufffd", _STEERING.sub("", value))
