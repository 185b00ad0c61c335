"""Identifiers inside the fields of formats that know no rules for them, as an item holds them.

A field may hold an address, a prefix, capitals, several identifiers, or something else. Each function here gives what
an item takes, and what is left over.

>>> doi_in("https://doi.org/10.1126/SCIENCE.adh2586"), doi_in("none")
('10.1126/science.adh2586', '')
>>> isbns_in("0-943396-04-2 0-85131-041-9 (pbk.)")
('0-943396-04-2', ['0-85131-041-9'])
>>> issns_in("15365964; 0025-7974")
('15365964', ['0025-7974'])
"""

from __future__ import annotations

import re
from urllib.parse import unquote

from evidencekb import ids

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_SHORT_DOI = re.compile(r"(?:https?://doi\.org/)?(10/[a-z0-9]{3,10})", re.IGNORECASE)
_ISSN = re.compile(r"(?<![0-9-])[0-9]{4}-?[0-9]{3}[0-9Xx](?![0-9-])")
_ISBN_PIECE = re.compile(r"[0-9][0-9-]{8,15}[0-9Xx]")
_ADDRESS = re.compile(r"(?:https?|ftp)://[^\s<>\"]+", re.IGNORECASE)
_ARXIV = re.compile(r"(?:arxiv:\s*|https?://(?:www\.)?arxiv\.org/(?:abs|pdf)/)?(\S+?)(?:\.pdf)?", re.IGNORECASE)
_PMCID = re.compile(r"(?:PMCID:?\s*|https?://\S*/)?(?:PMC)?([0-9]{4,9})/?", re.IGNORECASE)
_PMID = re.compile(r"(?:PMID:?\s*)?([1-9][0-9]{0,7})", re.IGNORECASE)
_ZOTERO = re.compile(r"https?://(?:www\.)?zotero\.org/\S+/items/(\w+)", re.IGNORECASE)


def doi_in(text: str) -> str:
    """The DOI that a field for DOIs holds, in small letters; '' when it holds none."""
    match = _DOI.search(text)
    for found in (match[0], unquote(match[0])) if match else ():
        plain = found.rstrip(".,;")
        if ids.problem("doi", plain) is None:
            return ids.normalise("doi", plain)
    return ""


def short_doi_address(text: str) -> str:
    """Where a shortened DOI (``10/abc``) leads; '' for anything else."""
    match = _SHORT_DOI.fullmatch(text.strip())
    return f"https://doi.org/{match[1].lower()}" if match else ""


def doi_of_address(text: str) -> str:
    """The DOI that an address of doi.org leads to; '' for any other address."""
    try:
        found = ids.parse(text)
    except ValueError:
        return ""
    return ids.normalise("doi", found.value) if found.scheme == "doi" else ""


def arxiv_in(text: str, *, marked: bool = False) -> str:
    """An arXiv number, with or without ``arXiv:`` or its address; '' for anything else.

    Args:
        text: What stands in the field.
        marked: True asks for the prefix or the address, because bare numbers may be of any sort here.
    """
    match = _ARXIV.fullmatch(text.strip())
    if match is None or (marked and match.start(1) == 0):
        return ""
    return match[1] if ids.problem("arxiv", match[1]) is None else ""


def pmid_in(text: str) -> str:
    """A PubMed number, with or without its prefix or address; '' for anything else."""
    if match := _PMID.fullmatch(text.strip()):
        return match[1]
    try:
        found = ids.parse(text)
    except ValueError:
        return ""
    return found.value if found.scheme == "pmid" else ""


def pmcid_in(text: str) -> str:
    """A PubMed Central number with its letters, ``PMC5938574``; '' for anything else."""
    match = _PMCID.fullmatch(text.strip())
    return f"PMC{match[1]}" if match else ""


def isbns_in(text: str) -> tuple[str, list[str]]:
    """The first good ISBN as it is printed, and other ones; the whole text when none is good."""
    if ids.problem("isbn", text) is None:
        return text, []
    pieces = list(dict.fromkeys(_ISBN_PIECE.findall(text)))
    good = next((piece for piece in pieces if ids.problem("isbn", piece) is None), "")
    return (good, [piece for piece in pieces if piece != good]) if good else (text, [])


def issns_in(text: str) -> tuple[str, list[str]]:
    """The first ISSN as it is printed, and other ones; '' when there is none."""
    found = list(dict.fromkeys(_ISSN.findall(text)))
    return (found[0], found[1:]) if found else ("", [])


def address_in(text: str) -> str:
    """An address that a browser opens, http, https or ftp; '' for anything else."""
    plain = text.strip().replace("&amp;", "&")
    if plain.lower().startswith("www."):
        plain = f"http://{plain}"
    return plain if _ADDRESS.fullmatch(plain) else ""


def key_of(text: str) -> str:
    """A citation key in place of the address that services give as one: the identifier, with its scheme.

    Examples:
        >>> key_of("https://doi.org/10.5061/DRYAD.8515"), key_of("http://zotero.org/users/1/items/AB12CD")
        ('doi:10.5061/dryad.8515', 'AB12CD')
    """
    if match := _ZOTERO.fullmatch(text):
        return match[1]
    if "/" not in text:
        return text
    try:
        found = ids.parse(text)
    except ValueError:
        return text
    return text if found.scheme == "url" else f"{found.scheme}:{ids.normalise(found.scheme, found.value)}"
