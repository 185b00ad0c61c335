"""Identifiers of sources, bodies and people: what is wrong with one, when two are the same, where one leads.

A scheme names the sort of identifier: :data:`SCHEMES` lists them. There is a strict side and a lenient side. A field of a
record holds the identifier alone, and :func:`problem` says what to write instead of anything else. :func:`parse` reads
what people paste.

There is one canonical form, which :func:`parse` gives and a record should hold: a DOI in small letters (registries print
one DOI in different capitals, and read all of them alike), an arXiv number without the subject class, thirteen digits for
an ISBN, the hyphens of an ISSN or ORCID, capitals for ``PMC123`` and ``W123``. Addresses, docket and report numbers stay
as printed. A record that holds another good form breaks no rule.

Two identifiers are equal when they have the same :func:`key`, so that sets and dictionaries find duplicates.

>>> problem("doi", "10.1126/science.adh2586") is None
True
>>> normalise("isbn", "0-306-40615-2")
'9780306406157'
>>> parse("https://doi.org/10.1126/science.adh2586")
Identifier(scheme='doi', value='10.1126/science.adh2586')
>>> address("arxiv", "2303.10130")
'https://arxiv.org/abs/2303.10130'

References:
    ISO 2108, the International Standard Book Number. ISO 3297, the International Standard Serial Number. ISO 26324, the
    Digital Object Identifier. arXiv, Understanding the arXiv identifier, and DataCite, whose DOIs of arXiv are
    ``10.48550/arXiv.`` and the number. NLM, PMID and PMCID. ORCID, Structure of the ORCID Identifier. ROR, ROR identifier
    pattern. OpenAlex, Get single entities.
"""

from __future__ import annotations

import re
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import quote

from evidencekb.errors import IdentifierError
from evidencekb.ids import pasted
from evidencekb.ids.schemes import TABLE, Scheme
from evidencekb.ids.texts import shown

_VERSION = re.compile(r"(?<=[0-9])(?:v|\.)([0-9]+)$", re.IGNORECASE)
_WEB = re.compile(r"^https?://(?:www\.)?")

SCHEMES = tuple(TABLE)
"""Every scheme that :func:`problem` knows."""

SOURCE_SCHEMES = ("doi", "arxiv", "isbn", "pmid", "pmcid", "url", "docket", "number")
"""Schemes that are fields of a source, by which a reader can find it."""


@dataclass(frozen=True, slots=True, eq=False)
class Identifier:
    """An identifier with its scheme.

    Two are equal, and count as one in a set, when they are the same thing: the same :func:`key`. A function beside ``==``
    would be forgotten where duplicates are looked for, in sets and dictionaries. A faulty one is equal to itself alone.

    Attributes:
        scheme: One of :data:`SCHEMES`.
        value: As a record holds it, without prefix or address.

    Examples:
        >>> Identifier("isbn", "0-306-40615-2") == Identifier("isbn", "9780306406157")
        True
        >>> Identifier("doi", "10.48550/arXiv.2303.10130") == Identifier("arxiv", "2303.10130")
        True
        >>> Identifier("arxiv", "2303.10130v2") == Identifier("arxiv", "2303.10130")
        False
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return self.value if self.scheme == "url" else f"{self.scheme}:{self.value}"

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Identifier):
            return NotImplemented
        return (self.scheme == other.scheme and self.value == other.value) or self._key() == other._key()

    def __hash__(self) -> int:
        return hash(self._key())

    def _key(self) -> tuple[str, str]:
        try:
            return key(self.scheme, self.value)
        except IdentifierError:
            return self.scheme, self.value

    @property
    def version(self) -> int | None:
        """The version that an arXiv or PubMed Central number names, or None.

        Examples:
            >>> parse("arXiv:2303.10130v2").version, parse("doi:10.1101/2020.01.01.123456").version
            (2, None)
        """
        match = _VERSION.search(self.value) if self.scheme in ("arxiv", "pmcid") else None
        # A new arXiv number has a point of its own.
        return int(match[1]) if match and (self.scheme == "pmcid" or match[0][0] in "vV") else None

    def unversioned(self) -> Identifier:
        """The identifier of all versions together.

        Examples:
            >>> parse("arXiv:2303.10130v2").unversioned()
            Identifier(scheme='arxiv', value='2303.10130')
        """
        return self if self.version is None else Identifier(self.scheme, _VERSION.sub("", self.value))


def problem(scheme: str, value: str) -> str | None:
    """What is wrong with an identifier and what to do, or None.

    Raises:
        IdentifierError: If there is no such scheme.

    Examples:
        >>> problem("doi", "https://doi.org/10.1126/science.adh2586")
        "write the DOI alone, without address or prefix: '10.1126/science.adh2586'"
        >>> problem("url", "PMID: 37440646")
        "'PMID: 37440646' is no web address but the PubMed number '37440646'; write that under pmid"
        >>> problem("pmid", "0123")
        "'0123' is not a PubMed number: one to eight digits, the first not 0"
    """
    sort = _scheme(scheme)
    wrong = sort.check(value)
    if wrong is None or not pasted.decorated(value):
        return wrong
    try:
        found, alone = pasted.read(value)
    except IdentifierError:
        return wrong
    if found == scheme:
        return wrong if scheme == "url" else f"write the {sort.noun} alone, without address or prefix: {shown(alone)}"
    return f"{shown(value)} is no {sort.noun} but the {TABLE[found].noun} {shown(alone)}; write that under {found}"


def canonical(scheme: str, value: str) -> str:
    """The form that a record should hold. The canonical form of a canonical form is itself.

    Raises:
        IdentifierError: If something is wrong with the identifier, or there is no such scheme.

    Examples:
        >>> canonical("doi", "10.1126/SCIENCE.ADH2586"), canonical("docket", "No.  3:23-CV-00770")
        ('10.1126/science.adh2586', 'No. 3:23-CV-00770')
    """
    if wrong := problem(scheme, value):
        raise IdentifierError(wrong)
    return TABLE[scheme].canonical(value)


def normalise(scheme: str, value: str) -> str:
    """The form under which equal identifiers of one scheme are equal texts. Normalising it again changes nothing.

    Raises:
        IdentifierError: If something is wrong with the identifier, or there is no such scheme.

    Examples:
        >>> normalise("doi", "10.1126/SCIENCE.ADH2586")
        '10.1126/science.adh2586'
        >>> normalise("url", "HTTPS://Example.org:443/a/?page=2&utm_source=mail#top")
        'https://example.org/a?page=2'
        >>> normalise("arxiv", "math.GT/0309136")
        'math/0309136'
        >>> normalise("docket", "Case No. 21-CV-4627")
        '21-cv-4627'
    """
    if wrong := problem(scheme, value):
        raise IdentifierError(wrong)
    return TABLE[scheme].key(value)


def key(scheme: str, value: str) -> tuple[str, str]:
    """Scheme and text, the same for all ways to write one thing in any scheme.

    The address of a DOI is that DOI, a DOI of DataCite's arXiv prefix is the arXiv number, and an address is the same
    with ``http`` and ``https``, with ``www.`` and without.

    Raises:
        IdentifierError: If something is wrong with the identifier, or there is no such scheme.

    Examples:
        >>> key("url", "https://www.science.org/doi/10.1126/science.adh2586")
        ('doi', '10.1126/science.adh2586')
        >>> key("doi", "10.48550/arXiv.2303.10130")
        ('arxiv', '2303.10130')
        >>> key("url", "http://www.example.org/a/")
        ('url', 'example.org/a')
    """
    if wrong := problem(scheme, value):
        raise IdentifierError(wrong)
    if scheme == "doi" and (number := pasted.arxiv_number(value)):
        return "arxiv", number
    if scheme == "url":
        # An address of a registry with a number that the registry cannot have is an address and no more.
        with suppress(IdentifierError):
            scheme, value = pasted.read(value)
    text = TABLE[scheme].key(value)
    return scheme, _WEB.sub("", text) if scheme == "url" else text


def parse(text: str) -> Identifier:
    """Read an identifier as people paste it: with a prefix, as an address, or bare where it can be nothing else.

    Quotes, brackets and full stops around it go, and so do percent-encoding, HTML entities, LaTeX backslashes, invisible
    characters, printed hyphens, and words of a reference such as ``Retrieved from`` and ``accessed 3 May``. Of numbers of
    several schemes behind each other (``PMID: 1; PMCID: PMC2``) the first is read; two of one scheme are a fault. Where the
    scheme is known and the text is only a number, put the scheme before it: ``parse("pmid:" + text)``.

    Returns:
        The identifier in canonical form. It may be of another scheme than the prefix says: a DOI of DataCite's arXiv prefix
        is an arXiv number, and a short DOI (``10/b4mz6g``) is an address.

    Raises:
        IdentifierError: If the text is no identifier of a known scheme, or a faulty one.

    Examples:
        >>> parse("arXiv:2303.10130v2 [econ.GN]")
        Identifier(scheme='arxiv', value='2303.10130v2')
        >>> parse("(https://www.science.org/doi/abs/10.1126/SCIENCE.ADH2586).")
        Identifier(scheme='doi', value='10.1126/science.adh2586')
        >>> parse("https://pubmed.ncbi.nlm.nih.gov/37440646/")
        Identifier(scheme='pmid', value='37440646')
        >>> parse("ISBN-13: 978-0-306-40615-7")
        Identifier(scheme='isbn', value='9780306406157')
        >>> parse("https://example.org/report")
        Identifier(scheme='url', value='https://example.org/report')
        >>> parse("37440646")
        Traceback (most recent call last):
        ...
        evidencekb.errors.IdentifierError: '37440646' is not an identifier but a number; of PubMed, write pmid:37440646
    """
    return Identifier(*pasted.read(text))


def address(scheme: str, value: str) -> str | None:
    """Where an identifier leads; None for schemes without addresses and for faulty identifiers.

    Raises:
        IdentifierError: If there is no such scheme.

    Examples:
        >>> address("doi", "10.1002/(SICI)1<1::AID>3.0.CO;2-#")
        'https://doi.org/10.1002/(SICI)1%3C1::AID%3E3.0.CO;2-%23'
        >>> address("docket", "3:23-cv-00770") is None
        True
    """
    if problem(scheme, value):
        return None
    if scheme == "url":
        return value
    base = TABLE[scheme].base
    return base and base + quote(value, safe="/:;()!*',@&=+$~.-_")


def _scheme(name: str) -> Scheme:
    if name not in TABLE:
        raise IdentifierError(f"no identifier scheme is called {name!r}; known are {', '.join(SCHEMES)}")
    return TABLE[name]
