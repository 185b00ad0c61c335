"""Values of data that nobody here wrote: whatever stands there, a look-up gives text, numbers or lists, and never fails."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from typing import Any

from evidencekb.curating.keys import file_stem

LONGEST_LABEL = 300
_NO_TEXT = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_LARGEST = 10**15
_LONGEST_ID = 110


def words(value: Any, longest: int = LONGEST_LABEL) -> str:
    r"""A value as text on one line, without signs that no text holds; '' for what is no text or number.

    Examples:
        >>> words("  a\n\x00b "), words(7), words(True), words(None), words(["a"]), words("abcdef", 4)
        ('a b', '7', '', '', '', 'abc…')
    """
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return ""
    try:
        text = " ".join(_NO_TEXT.sub(" ", str(value)[: 10 * longest]).split())
    except ValueError:  # a whole number of thousands of digits
        return ""
    return text if len(text) <= longest else f"{text[: longest - 1].rstrip()}…"


def number(value: Any) -> int | float | None:
    """A value as a number that a figure can be; None for anything else.

    Examples:
        >>> number(0.5), number(True), number("0.5"), number(1e300)
        (0.5, None, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value if -_LARGEST <= value <= _LARGEST else None


def whole(value: Any) -> int | None:
    """A value as a count above zero; None for anything else."""
    found = number(value)
    return int(found) if found is not None and found > 0 and found == int(found) else None


def listed(value: Any) -> list[Any]:
    """A value as a list: one alone is a list of one, nothing is an empty one.

    Examples:
        >>> listed([1, 2]), listed({"a": 1}), listed(None)
        ([1, 2], [{'a': 1}], [])
    """
    return value if isinstance(value, list) else [] if value is None else [value]


def mappings(value: Any) -> list[Mapping[str, Any]]:
    """The mappings among the values of a list, or the one that stands alone."""
    return [each for each in listed(value) if isinstance(each, Mapping)]


def at(value: Any, *path: str) -> Any:
    """What stands at a path of keys; None where there is nothing. Of a list, the first mapping is meant.

    Examples:
        >>> at({"a": [{"b": 1}]}, "a", "b"), at({"a": "x"}, "a", "b")
        (1, None)
    """
    for key in path:
        if isinstance(value, list):
            value = next((each for each in value if isinstance(each, Mapping)), None)
        if not isinstance(value, Mapping):
            return None
        value = value.get(key)
    return value


def snaked(value: Any) -> Any:
    """Data with its keys in small letters and underscores, as one spelling of ``evidenceLevel`` and ``Evidence Level``.

    Examples:
        >>> snaked({"citationFull": [{"urlMain": 1}]})
        {'citation_full': [{'url_main': 1}]}
    """
    if isinstance(value, Mapping):
        return {_snake(str(key)): snaked(held) for key, held in value.items()}
    return [snaked(each) for each in value] if isinstance(value, list) else value


def _snake(key: str) -> str:
    return re.sub(r"[\s_-]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", key)).lower()


def slug(*parts: str) -> str:
    """An id of its parts; a long one is cut, and tells itself from others by a digest. So does one whose marks were lost.

    Examples:
        >>> slug("civic", "EID26"), slug("drug", "(Ä)")[:7]
        ('civic-eid26', 'drug-a-')
    """
    text = "-".join(filter(None, parts))
    plain = file_stem(text).strip("-")
    kept = re.sub(r"[\s/:._|-]+", "-", text.casefold()).strip("-") == plain
    return (
        plain if kept and len(plain) <= _LONGEST_ID else f"{plain[: _LONGEST_ID - 9].rstrip('-')}-{short_digest(text)}"
    )


def short_digest(text: str) -> str:
    """Eight signs that tell a text from others."""
    return sha256(text.encode(errors="replace")).hexdigest()[:8]


def digits_of(text: str) -> Iterator[str]:
    """The whole numbers in a text, as they stand there."""
    yield from dict.fromkeys(re.findall(r"[0-9]+", text))
