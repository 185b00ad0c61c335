"""Identifiers of sources and bodies: what is wrong with one, when two are the same, where one leads.

A scheme names the sort of identifier: doi, arxiv, isbn, pmid, url, docket, number or ror.

>>> problem("doi", "10.1126/science.adh2586") is None
True
>>> normalise("isbn", "0-306-40615-2")
'9780306406157'
>>> parse("https://doi.org/10.1126/science.adh2586")
Identifier(scheme='doi', value='10.1126/science.adh2586')
>>> address("arxiv", "2303.10130")
'https://arxiv.org/abs/2303.10130'

References:
    ISO 2108, the International Standard Book Number. ISO 26324, the Digital Object Identifier.
    ISO/IEC 7064, check character systems, MOD 97-10, as ROR uses it. arXiv, Understanding the arXiv identifier.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, unquote, urlsplit

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_ARXIV_NEW = re.compile(r"([0-9]{2})([0-9]{2})\.([0-9]{4,5})(v[1-9][0-9]*)?", re.IGNORECASE)
_ARXIV_OLD = re.compile(
    r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/([0-9]{2})([0-9]{2})([0-9]{3})(v[1-9][0-9]*)?", re.IGNORECASE
)
_ISBN = re.compile(r"[0-9](?:[ -]?[0-9]){8,11}[ -]?[0-9Xx]")
_PMID = re.compile(r"[1-9][0-9]{0,7}")
_HOST = re.compile(r"(?=.*\w)[\w.-]+|[0-9a-f:.]*:[0-9a-f:.]*")
_ROR = re.compile(r"0([0-9a-hjkmnp-tv-z]{6})([0-9]{2})")
_ROR_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
_PREFIX = re.compile(r"([a-z]+):(?!//)\s*(.*)", re.IGNORECASE | re.DOTALL)
_DOI_ADDRESS = re.compile(r"(?:https?://)?(?:dx\.|www\.)?doi\.org/+|doi:", re.IGNORECASE)
_ARXIV_ADDRESS = re.compile(r"(?:https?://)?(?:www\.)?arxiv\.org/|arxiv:", re.IGNORECASE)
_DEFAULT_PORT = {"http": 80, "https": 443}
_ADDRESSES = (
    ("doi", re.compile(r"https?://(?:dx\.|www\.)?doi\.org/+(10\..+)", re.IGNORECASE)),
    ("arxiv", re.compile(r"https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/([^?#]+?)(?:\.pdf)?/?(?:[?#].*)?", re.IGNORECASE)),
    ("pmid", re.compile(r"https?://pubmed\.ncbi\.nlm\.nih\.gov/([0-9]+)/?(?:[?#].*)?", re.IGNORECASE)),
    ("pmid", re.compile(r"https?://www\.ncbi\.nlm\.nih\.gov/pubmed/([0-9]+)/?(?:[?#].*)?", re.IGNORECASE)),
    ("ror", re.compile(r"https?://(?:www\.)?ror\.org/([0-9a-z]+)/?", re.IGNORECASE)),
)


@dataclass(frozen=True, slots=True)
class Identifier:
    """An identifier with its scheme.

    Attributes:
        scheme: One of :data:`SCHEMES`.
        value: As a record holds it, without prefix or address.
    """

    scheme: str
    value: str

    def __str__(self) -> str:
        return self.value if self.scheme == "url" else f"{self.scheme}:{self.value}"


def problem(scheme: str, value: str) -> str | None:
    """What is wrong with an identifier and what to do, or None.

    Raises:
        ValueError: If there is no such scheme.

    Examples:
        >>> problem("doi", "https://doi.org/10.1126/science.adh2586")
        "write the DOI alone, without an address or 'doi:': '10.1126/science.adh2586'"
        >>> problem("pmid", "0123")
        "'0123' is not a PubMed number: one to eight digits, the first not 0"
    """
    if scheme not in _CHECKS:
        raise ValueError(f"no identifier scheme is called {scheme!r}; known are {', '.join(SCHEMES)}")
    return _CHECKS[scheme](value)


def normalise(scheme: str, value: str) -> str:
    """The key under which equal identifiers are equal texts. Normalising a key gives the key.

    Raises:
        ValueError: If something is wrong with the identifier, or there is no such scheme.

    Examples:
        >>> normalise("doi", "10.1126/SCIENCE.ADH2586")
        '10.1126/science.adh2586'
        >>> normalise("url", "HTTPS://Example.org:443/a/?page=2#top")
        'https://example.org/a?page=2'
        >>> normalise("arxiv", "math.GT/0309136")
        'math/0309136'
    """
    if wrong := problem(scheme, value):
        raise ValueError(wrong)
    return _KEYS[scheme](value)


def parse(text: str) -> Identifier:
    """Read an identifier as people paste it: with a prefix, as an address, or a bare DOI.

    Raises:
        ValueError: If the text is no identifier of a known scheme, or a faulty one.

    Examples:
        >>> parse("arXiv:2303.10130v2")
        Identifier(scheme='arxiv', value='2303.10130v2')
        >>> parse("https://pubmed.ncbi.nlm.nih.gov/37440646/")
        Identifier(scheme='pmid', value='37440646')
        >>> parse("https://example.org/report")
        Identifier(scheme='url', value='https://example.org/report')
    """
    found = _recognise(text.strip())
    if wrong := problem(found.scheme, found.value):
        raise ValueError(wrong)
    return found


def address(scheme: str, value: str) -> str | None:
    """Where an identifier leads; None for schemes without addresses and for faulty identifiers.

    Raises:
        ValueError: If there is no such scheme.

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
    base = _BASES.get(scheme)
    return base and base + quote(value, safe="/:;()!*',@&=+$~.-_")


def _recognise(text: str) -> Identifier:
    for scheme, pattern in _ADDRESSES:
        if match := pattern.fullmatch(text):
            return Identifier(scheme, unquote(match[1]) if scheme == "doi" else match[1])
    if text.startswith("10."):
        return Identifier("doi", text)
    if match := _PREFIX.fullmatch(text):
        scheme, value = match[1].lower(), match[2]
        if scheme in _CHECKS:
            return Identifier(scheme, value)
    elif re.match(r"https?:", text, re.IGNORECASE):
        return Identifier("url", text)
    raise ValueError(
        f"{text!r} is not an identifier; write an http(s) address, or one of {', '.join(s + ':' for s in SCHEMES)} "
        "and the identifier"
    )


def _doi(value: str) -> str | None:
    if match := _DOI_ADDRESS.match(value):
        return f"write the DOI alone, without an address or 'doi:': {unquote(value[match.end() :]).strip()!r}"
    if _unprintable(value):
        return f"{value!r} has a space or a character that cannot be seen; a DOI has none"
    if "/" not in value:
        return f"{value!r} has no slash; a DOI is 10.NNNN, a slash and the publisher's own name for the work"
    if not _DOI.fullmatch(value):
        return f"{value!r} is not a DOI: it starts with '10.', four to nine digits and a slash"
    if value[-1] in ".,;":
        return f"{value!r} ends in {value[-1]!r}, which belongs to the sentence it was copied from; drop it"
    if _ESCAPE.search(value):
        return f"{value!r} is written for an address; write {unquote(value)!r}"
    return None


def _arxiv(value: str) -> str | None:
    if match := _ARXIV_ADDRESS.match(value):
        rest = re.sub(r"^(?:abs|pdf)/|\.pdf$", "", value[match.end() :].strip())
        return f"write the arXiv number alone, without an address or 'arXiv:': {rest!r}"
    if match := _ARXIV_NEW.fullmatch(value):
        year, month, number = match[1], match[2], match[3]
        digits = 5 if year >= "15" else 4
        if len(number) != digits:
            return (
                f"{value!r} has {len(number)} digits after the dot where arXiv has {digits} "
                f"({'since' if digits == 5 else 'before'} 2015); quote the number, or a last zero is lost"
            )
    elif match := _ARXIV_OLD.fullmatch(value):
        month = match[3]
    else:
        return f"{value!r} is not an arXiv number such as '2303.10130', '2303.10130v2' or 'hep-th/9901001'; quote it"
    if not "01" <= month <= "12":
        return f"{value!r} names the month {month}; an arXiv number starts with year and month"
    return None


def _arxiv_key(value: str) -> str:
    """Without the subject class of old numbers, with the version: two versions are two sources."""
    return re.sub(r"\.[a-z]{2}/", "/", value.lower())


def _isbn(value: str) -> str | None:
    digits = re.sub(r"[ -]", "", value).upper()
    if not _ISBN.fullmatch(value) or len(digits) not in (10, 13):
        return f"{value!r} is not an ISBN: 10 or 13 digits (the last of ten may be X), hyphens or spaces between them"
    if len(digits) == 13 and not digits.startswith(("978", "979")):
        return f"{value!r} has 13 digits but does not start with 978 or 979, as an ISBN does"
    expected = _isbn10_check(digits) if len(digits) == 10 else _isbn13_check(digits)
    if digits[-1] != expected:
        return f"{value!r} ends in {digits[-1]} where its other digits give {expected}; copy the ISBN again"
    return None


def _isbn_key(value: str) -> str:
    digits = re.sub(r"[ -]", "", value)
    return digits if len(digits) == 13 else f"978{digits[:9]}{_isbn13_check('978' + digits)}"


def _isbn10_check(digits: str) -> str:
    """Weights 10 to 2; the weighted sum of all ten is a multiple of 11, and X is ten."""
    rest = -sum(weight * int(d) for weight, d in zip(range(10, 1, -1), digits, strict=False)) % 11
    return "X" if rest == 10 else str(rest)


def _isbn13_check(digits: str) -> str:
    """Weights 1 and 3 in turn; the weighted sum of all thirteen is a multiple of 10."""
    return str(-sum(int(d) * (3 if place % 2 else 1) for place, d in enumerate(digits[:12])) % 10)


def _pmid(value: str) -> str | None:
    if _PMID.fullmatch(value):
        return None
    return f"{value!r} is not a PubMed number: one to eight digits, the first not 0"


def _url(value: str) -> str | None:
    if _unprintable(value):
        return f"{value!r} has a space or a character that cannot be seen; write a space as %20"
    if found := re.search(r"[<>\"\\]", value):
        return f"{value!r} has the character {found[0]}, which an address does not allow; write {quote(found[0])}"
    if not re.match(r"https?://", value, re.IGNORECASE):
        return f"{value!r} is not an address a reader can open; it starts with http:// or https://"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as wrong:
        return f"{value!r} is not an address: {wrong}"
    if "@" in parts.netloc:
        return f"{value!r} carries a user name or password; write the address without it"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        return f"{value!r} names no host; an address is https:// and the name of a site"
    return f"{value!r} names port 0; leave the port out" if port == 0 else None


def _url_key(value: str) -> str:
    parts = urlsplit(value)
    query = f"?{parts.query}" if parts.query else ""
    return f"{parts.scheme}://{_host(parts)}{parts.path.rstrip('/')}{query}"


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, _DEFAULT_PORT[parts.scheme]) else f":{parts.port}"
    return (f"[{name}]" if ":" in name else name) + port


def _numbered(noun: str) -> Callable[[str], str | None]:
    def check(value: str) -> str | None:
        if not value.strip():
            return f"the {noun} is empty; write it as printed, or leave the field out"
        if not any(c.isdigit() for c in value):
            return f"{value!r} is not a {noun}: it has no digit; write it as printed"
        return None

    return check


def _plain_key(value: str) -> str:
    return " ".join(value.casefold().split())


def _ror(value: str) -> str | None:
    """The last two digits make the whole number, read in base 32 and then base 100, one more than a multiple of 97."""
    if re.match(r"(?:https?://)?(?:www\.)?ror\.org/|ror:", value, re.IGNORECASE):
        return f"write the ROR id alone, without an address: {re.split('[/:]', value)[-1]!r}"
    match = _ROR.fullmatch(value.lower())
    if match is None:
        return f"{value!r} is not a ROR id: 0, six letters or digits (never i, l, o, u) and two check digits"
    number = 0
    for character in match[1]:
        number = number * 32 + _ROR_ALPHABET.index(character)
    expected = 98 - number * 100 % 97
    if int(match[2]) != expected:
        return f"{value!r} ends in {match[2]} where its other characters give {expected:02d}; copy the ROR id again"
    return None


def _unprintable(value: str) -> bool:
    """True if there is a space, a control character or an invisible one."""
    return any(unicodedata.category(c)[0] in "CZ" for c in value)


_CHECKS: dict[str, Callable[[str], str | None]] = {
    "doi": _doi,
    "arxiv": _arxiv,
    "isbn": _isbn,
    "pmid": _pmid,
    "url": _url,
    "docket": _numbered("docket number"),
    "number": _numbered("report number"),
    "ror": _ror,
}
_KEYS: dict[str, Callable[[str], str]] = {
    "doi": str.lower,
    "arxiv": _arxiv_key,
    "isbn": _isbn_key,
    "pmid": str,
    "url": _url_key,
    "docket": _plain_key,
    "number": _plain_key,
    "ror": str.lower,
}
_BASES = {
    "doi": "https://doi.org/",
    "arxiv": "https://arxiv.org/abs/",
    "pmid": "https://pubmed.ncbi.nlm.nih.gov/",
    "ror": "https://ror.org/",
}
SCHEMES = tuple(_CHECKS)
"""Every scheme that :func:`problem` knows."""

SOURCE_SCHEMES = ("doi", "arxiv", "isbn", "pmid", "url", "docket", "number")
"""Schemes that are fields of a source, by which a reader can find it."""
