"""XML is read without reading anything else."""

from __future__ import annotations

import pytest

from evidencekb.sources.services.trees import tree

LAUGHS = b"""<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><a>&b;</a>"""
OUTSIDE = b"""<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/passwd">]><a>&a;</a>"""


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (LAUGHS, "declares the entity 'a'"),
        (OUTSIDE, "declares the entity 'a'"),
        (b'<!DOCTYPE a SYSTEM "http://127.0.0.1:1/a.dtd"><a>&eacute;</a>', "entity 'eacute'"),
        (b"<a>" * 70 + b"</a>" * 70, "nested more than 60 deep"),
        (b"<a><b></a>", "no well-formed XML"),
        (b"", "no well-formed XML"),
        (b"<html><body><p>Sorry<br></body></html>", "no well-formed XML"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "no well-formed XML"),
    ],
)
def test_what_is_refused(body: bytes, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        tree(body)


def test_a_document_type_alone_is_no_harm() -> None:
    body = b'<!DOCTYPE a PUBLIC "-//X//EN" "https://example.org/a.dtd"><a xmlns:x="u"><x:b y="1">t</x:b> <b/></a>'
    assert tree(body) == {"a": [{"b": [{"@y": "1", "#": "t"}, {}]}]}


def test_elements_in_a_text_stay_in_it() -> None:
    assert tree(b"<a>1 &lt; <i>x<sub>2</sub></i> &amp; 3</a>", inline=("i",)) == {
        "a": [{"#": "1 &lt; <i>x<sub>2</sub></i> &amp; 3"}]
    }
