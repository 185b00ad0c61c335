"""The IRIs of records, of what is inside them, and of what is worked out from them.

They are made from the manifest's ``base``; a pack without one uses ``urn:evidencekb:<name>:``. Below it stand

=======================  ==============================================
``pack``                 the pack itself
``<kind>/<id>``          a record, ``kind`` as in ``evidencekb.model.KINDS``
``<record>/<field>``     the record that a field holds
``<record>/<field>/<n>``  one of several, counted from 1
``<finding>/estimate/<id>``  an estimate
``<record>/<field>/<key>``  an entry of a field that goes by names
``style/<name>``         a citation style of the pack's own
``study/<id>``           findings that rest on the same data, named by the first of them
``work/<slug>``          all versions of a work
``scheme/<kind>``        all concepts of a kind, and all cohorts
``graph/records``        the graph of what was recorded
``graph/derived``        the graph of what is worked out from it
=======================  ==============================================

>>> record_iri("https://example.org/", "source", "doi:10.5555/abc")
'https://example.org/source/doi%3A10.5555%2Fabc'
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote

from evidencekb.errors import InterchangeError

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:(?=.)")
_SIGNS = re.compile(
    r"(?:[A-Za-z0-9\-._~:/?#@!$&'()*+,;=]|%[0-9A-Fa-f]{2}"
    "|[\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef\U00010000-\U0001fffd\U00020000-\U0002fffd])*"
)
_AUTHORITY = re.compile(r"[^:]*:(?://(?:[^@/?#]*@)?[^:@/?#]*(?::\d{0,5})?(?:[/?#]|$)|[^/]|/[^/])")
_JOINTS = "/#:?=&"

RECORDS, DERIVED = "records", "derived"
"""The two graphs: what was recorded, and what is worked out from it."""


def base_of(kb: KnowledgeBase) -> str:
    """What the IRIs of a pack begin with.

    Raises:
        InterchangeError: If the manifest's base is no absolute IRI.
    """
    rows = kb.rows("SELECT value FROM meta WHERE name = 'base'")
    return base_iri(rows[0][0] if rows else None, kb.name)


def base_iri(base: str | None, name: str) -> str:
    """What the IRIs of a pack begin with, from its manifest.

    Args:
        base: The manifest's base; it gets a slash at its end when it ends with none of ``/ # : ? = &``.
        name: The pack's name, for a pack without a base.

    Raises:
        InterchangeError: If the base is no absolute IRI.

    Examples:
        >>> base_iri(None, "mine"), base_iri("https://example.org/pack", "mine")
        ('urn:evidencekb:mine:', 'https://example.org/pack/')
        >>> base_iri("data/", "mine")
        Traceback (most recent call last):
        ...
        evidencekb.errors.InterchangeError: pack.yaml: the base 'data/' is no absolute IRI; write one such as https://example.org/data/
    """
    if not base:
        return f"urn:evidencekb:{quote(name, safe='')}:"
    if not is_absolute(base):
        problem = f"the base {base!r} is no absolute IRI; write one such as https://example.org/data/"
        raise InterchangeError("pack.yaml", problem)
    return base if base[-1] in _JOINTS else f"{base}/"


def is_absolute(iri: str) -> bool:
    """Whether a text is an IRI with a scheme and without a sign that an IRI cannot hold.

    Examples:
        >>> is_absolute("https://example.org/ä"), is_absolute("//example.org"), is_absolute("http://a b")
        (True, False, False)
    """
    return bool(_SCHEME.match(iri) and _SIGNS.fullmatch(iri) and iri.count("#") < 2 and _AUTHORITY.match(iri))


def pack_iri(base: str) -> str:
    """The IRI of the pack itself."""
    return f"{base}pack"


def graph_iri(base: str, graph: str) -> str:
    """The IRI of one of the two graphs."""
    return f"{base}graph/{graph}"


def record_iri(base: str, kind: str, id: str) -> str:
    """The IRI of a record."""
    return f"{base}{kind}/{quote(id, safe='')}"


def estimate_iri(base: str, finding: str, estimate: str) -> str:
    """The IRI of an estimate.

    Examples:
        >>> estimate_iri("https://example.org/", "time", "main")
        'https://example.org/finding/time/estimate/main'
    """
    return f"{record_iri(base, 'finding', finding)}/estimate/{quote(estimate, safe='')}"


def citation_iri(base: str, finding: str, position: int) -> str:
    """The IRI of a citation of a finding, counted from 0 as tables do."""
    return f"{record_iri(base, 'finding', finding)}/citations/{position + 1}"


def named_iri(base: str, what: str, id: str) -> str:
    """The IRI of a style, a study, a work or a scheme."""
    return record_iri(base, what, id)


def id_of(base: str, iri: str) -> tuple[str, str] | None:
    """The kind and id of a record's IRI; None for any other IRI.

    Examples:
        >>> id_of("https://example.org/", "https://example.org/source/doi%3A10.5555%2Fabc")
        ('source', 'doi:10.5555/abc')
    """
    kind, slash, id = iri.removeprefix(base).partition("/")
    if not slash or not iri.startswith(base) or not id or "/" in id:
        return None
    return kind, unquote(id)
