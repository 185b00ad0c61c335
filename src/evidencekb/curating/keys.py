"""Citation keys: author, year and the first telling word of the title.

>>> citation_key({"authors": [{"family": "Noy"}], "published_on": "2023-07-13", "title": "Experimental evidence on"}, ())
'noy2023experimental'
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping
from typing import Any

from evidencekb.curating.shelf import first_author, year_of
from evidencekb.engines.rows import text_key

_CITE_KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._/+-]{0,199}")
_SMALL = frozenset(
    "a an the on of in for to and or is are was do does did can how what why when who from with by at as der die das ein "
    "eine le la les un une des el los las".split()
)
_LETTERS = str.maketrans({
    "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ł": "l", "\u0131": "i", "ŋ": "n", "ħ": "h",
})  # fmt: skip


def citation_key(fields: Mapping[str, Any], taken: Collection[str]) -> str:
    """A key for a work that nothing has yet, in lower-case letters and digits of ASCII.

    Args:
        fields: Its bibliographic fields, as a source has them.
        taken: Keys that are taken; ``b``, ``c`` … is added until the key is free.
    """
    author = _word(first_author(fields)) or _word(text_key(fields.get("publisher"))) or "source"
    words = (_ascii(word) for word in text_key(fields.get("title")).split())
    telling = next((word for word in words if word and word not in _SMALL and not word.isdigit()), "")
    return free_key(f"{author}{year_of(fields)}{telling}"[:60], taken)


def free_key(wanted: str, taken: Collection[str]) -> str:
    """The key itself when it can be one and is free, else the nearest that can and is.

    Examples:
        >>> free_key("Müller 2020", {"Muller2020"})
        'Muller2020b'
    """
    key = wanted
    if not _CITE_KEY.fullmatch(key):
        folded = "".join(_ascii(character) or character for character in wanted.translate(_LETTERS))
        key = re.sub(r"[^A-Za-z0-9:._/+-]", "", folded).lstrip(":._/+-")[:180] or "source"
    if key not in taken:
        return key
    letters = "bcdefghijklmnopqrstuvwxyz"
    return next(
        free for n in range(10_000_000)
        if (free := key + (letters[n] if n < len(letters) else f"-{n - len(letters) + 27}")) not in taken
    )  # fmt: skip


def file_stem(name: str) -> str:
    """A name as the name of a file.

    Examples:
        >>> file_stem("My Library (2).old")
        'my-library-2-old'
    """
    folded = "".join(_ascii(character) or "-" for character in name.lower())
    return re.sub("-+", "-", folded).strip("-")[:100] or "sources"


def _word(name: str) -> str:
    return "".join(map(_ascii, name.split()))[:30]


def _ascii(word: str) -> str:
    plain = unicodedata.normalize("NFKD", word.translate(_LETTERS))
    return "".join(c for c in plain if c.isascii() and c.isalnum())
