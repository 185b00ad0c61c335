"""The text of a file of a reference manager, whose encoding nobody wrote down.

>>> decode_bytes("Müller".encode("cp1252"))
('Müller', 'cp1252')
"""

from __future__ import annotations

import codecs

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def decode_bytes(data: bytes) -> tuple[str, str]:
    """The text of a file, and the encoding it was read with.

    A byte order mark is believed. Without one, zero bytes in every second place tell UTF-16; then UTF-8 is tried, which
    other encodings all but never are by chance; what is left is taken for Windows-1252, and for Latin-1 where it has
    bytes that Windows-1252 does not know.

    Args:
        data: All of the file.

    Returns:
        The text without byte order mark, and ``"utf-8"``, ``"utf-8-sig"``, ``"utf-16"``, ``"utf-16-le"``,
        ``"utf-16-be"``, ``"cp1252"`` or ``"latin-1"``. The last two are guesses: tell the reader.

    Examples:
        >>> decode_bytes("TY  - JOUR".encode("utf-16-le"))
        ('TY  - JOUR', 'utf-16-le')
    """
    names = [name for mark, name in _MARKS if data.startswith(mark)]
    start = data[:4096]
    if not names and len(start) > 3 and b"\0" in start:
        even, odd = start[::2].count(0), start[1::2].count(0)
        if max(even, odd) > len(start) // 8:
            names.append("utf-16-be" if even > odd else "utf-16-le")
    for name in (*names, "utf-8", "cp1252"):
        # A mark before what is no UTF-8 was put there by a program, and is no text in any encoding.
        body = data.removeprefix(codecs.BOM_UTF8) if name == "cp1252" else data
        try:
            return body.decode(name), name
        except UnicodeDecodeError:
            continue
    return data.removeprefix(codecs.BOM_UTF8).decode("latin-1"), "latin-1"
