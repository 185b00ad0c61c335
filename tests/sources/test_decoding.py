"""The encoding of a file that nobody wrote down."""

from __future__ import annotations

import codecs

import pytest

from evidencekb.sources.decoding import decode_bytes


@pytest.mark.parametrize(
    ("data", "text", "encoding"),
    [
        ("Müller".encode(), "Müller", "utf-8"),
        (codecs.BOM_UTF8 + "Müller".encode(), "Müller", "utf-8-sig"),
        ("Müller".encode("utf-16"), "Müller", "utf-16"),
        ("Müller".encode("cp1252"), "Müller", "cp1252"),
        (codecs.BOM_UTF8 + "TY  - JOUR é".encode("cp1252"), "TY  - JOUR é", "cp1252"),  # the mark is wrong
        (codecs.BOM_UTF8 + b"\x81\xe9", "\x81é", "latin-1"),
    ],
)
def test_the_encoding_is_told_by_mark_and_by_trying(data: bytes, text: str, encoding: str) -> None:
    assert decode_bytes(data) == (text, encoding)
