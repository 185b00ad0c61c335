"""The schemes: for each, what is wrong with a value, the form a record holds, the key, and where it leads.

Checks say what to write instead. Forms and keys are only asked for values that have passed the check.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import SplitResult, quote, urlsplit

from evidencekb.ids.checkdigits import mod_11_2, mod_97_10, weighted_10, weighted_11
from evidencekb.ids.texts import blank, decoded, encoded, has_entity, hyphened, plain, shown, trimmed

Check = Callable[[str], str | None]
Form = Callable[[str], str]

OPENALEX_KINDS = "WASIFPTC"
"""First letters: works, authors, sources, institutions, funders, publishers, topics, and the older concepts."""

_DOI = re.compile(r"10\.[0-9]{4,9}(?:\.[0-9]+)*/\S+")
_SHORT_DOI = re.compile(r"10/[a-z0-9]+", re.IGNORECASE)
_ARXIV_NEW = re.compile(r"([0-9]{2})([0-9]{2})\.([0-9]{4,5})(v[1-9][0-9]*)?", re.IGNORECASE)
_ARXIV_OLD = re.compile(
    r"([a-z]+(?:-[a-z]+)?)(?:\.[a-z]{2})?/([0-9]{2})([0-9]{2})([0-9]{3})(v[1-9][0-9]*)?", re.IGNORECASE
)
_ISBN = re.compile(r"[0-9](?:[ -]?[0-9]){8,11}[ -]?[0-9Xx]")
_ISSN = re.compile(r"[0-9]{4}-?[0-9]{3}[0-9Xx]")
_PMID = re.compile(r"[1-9][0-9]{0,7}")
_PMCID = re.compile(r"PMC[1-9][0-9]{0,8}(?:\.[1-9][0-9]?)?", re.IGNORECASE)
_ORCID = re.compile(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9Xx]")
_ROR = re.compile(r"0([0-9a-hjkmnp-tv-z]{6})([0-9]{2})")
_OPENALEX = re.compile(rf"[{OPENALEX_KINDS}][1-9][0-9]{{0,11}}", re.IGNORECASE)
_HOST = re.compile(r"(?=.*\w)[\w.-]+|[0-9a-f:.]*:[0-9a-f:.]*")
# What nearly every address looks like; nothing is wrong with it, whatever else is asked below.
_USUAL = re.compile(r"https?://[a-z0-9]+(?:[.-][a-z0-9]+)*(?:/[A-Za-z0-9._~/%+,=-]*)?")
_NOT_IN_ADDRESSES = re.compile(r"[<>\"\\]")
_OPENS = re.compile(r"https?://", re.IGNORECASE)
_DEFAULT_PORT = {"http": 80, "https": 443}
_TRACKING = re.compile(r"(?:^|(?<=&))utm_[^&]*(?:&|$)", re.IGNORECASE)
_NUMBERED = re.compile(
    r"(?:(?:(?:civil |criminal )?(?:case|docket|action|file|report) )?(?:nos?\.|number|#) ?(?=[^ ])"
    r"|(?:civil |criminal )?(?:case|docket): ?(?=[^ ]))+"
)
_OTHER_SCHEME = re.compile(
    r"\s*(e?issn|e?isbn|doi|pmid|pmcid|arxiv|orcid)(?:-?1[03]|-l)?(?:\s*:|\s)\s*\S", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Scheme:
    """A sort of identifier.

    Attributes:
        noun: What one is called in messages.
        check: What is wrong with a value and what to do, or None.
        canonical: The form a record holds.
        key: The form under which equal identifiers are equal; a key is its own key.
        base: What stands before the value in an address, if it leads anywhere.
    """

    noun: str
    check: Check
    canonical: Form
    key: Form
    base: str | None = None


def short_doi(value: str) -> bool:
    """True for ``10/b4mz6g``, an alias that only doi.org can turn into a DOI."""
    return _SHORT_DOI.fullmatch(value) is not None


def _doi(value: str) -> str | None:
    if blank(value) or "\ufffd" in value:
        return f"{shown(value)} has a space or a character that cannot be seen; a DOI has none"
    if short_doi(value):
        return f"{shown(value)} is a short DOI; write the DOI that https://doi.org/{value} leads to, or that address as a url"
    if "/" not in value:
        return f"{shown(value)} has no slash; a DOI is 10.NNNN, a slash and the publisher's own name for the work"
    if not _DOI.fullmatch(value):
        return f"{shown(value)} is not a DOI: it starts with '10.', four to nine digits and a slash"
    if value[-1] == "…":
        return f"{shown(value)} was cut short; copy the whole DOI"
    if trimmed(value, "/") != value:
        return f"{shown(value)} ends in {value[-1]!r}, which belongs to the sentence it was copied from; drop it"
    if encoded(value):
        if "\ufffd" in (alone := decoded(value)):
            return f"{shown(value)} is written for an address, and wrongly; copy the DOI again"
        return f"{shown(value)} is written for an address; write {shown(alone)}"
    if (typed := hyphened(plain(value))) != value:
        return f"{shown(value)} has characters of a printed page or a program; write {shown(typed)}"
    return None


def _arxiv(value: str) -> str | None:
    if match := _ARXIV_NEW.fullmatch(value):
        year, month, number = match[1], match[2], match[3]
        digits = 5 if year >= "15" else 4
        if len(number) != digits:
            return (
                f"{shown(value)} has {len(number)} digits after the dot where arXiv has {digits} "
                f"({'since' if digits == 5 else 'before'} 2015); quote the number, or a last zero is lost"
            )
    elif match := _ARXIV_OLD.fullmatch(value):
        month = match[3]
    else:
        return (
            f"{shown(value)} is not an arXiv number such as '2303.10130', '2303.10130v2' or 'hep-th/9901001'; quote it"
        )
    if not "01" <= month <= "12":
        return f"{shown(value)} names the month {month}; an arXiv number starts with year and month"
    return None


def _arxiv_form(value: str) -> str:
    """Without the subject class of old numbers, with the version: two versions are two sources."""
    return re.sub(r"\.[a-z]{2}/", "/", value.lower())


def _isbn(value: str) -> str | None:
    digits = _undivided(value).upper() if _ISBN.fullmatch(value) else ""
    if len(digits) not in (10, 13):
        return (
            f"{shown(value)} is not an ISBN: 10 or 13 digits (the last of ten may be X), hyphens or spaces between them"
        )
    if len(digits) == 13 and not digits.startswith(("978", "979")):
        return f"{shown(value)} has 13 digits but does not start with 978 or 979, as an ISBN does"
    expected = weighted_11(digits[:9]) if len(digits) == 10 else weighted_10(digits[:12])
    return _copied(value, digits[-1], expected, "ISBN")


def _undivided(value: str) -> str:
    return value.replace("-", "").replace(" ", "")


def _isbn_form(value: str) -> str:
    digits = _undivided(value)
    return digits if len(digits) == 13 else f"978{digits[:9]}{weighted_10('978' + digits[:9])}"


def _issn(value: str) -> str | None:
    if not _ISSN.fullmatch(value):
        return f"{shown(value)} is not an ISSN: four digits, a hyphen, three digits and a last digit or X"
    return _copied(value, value[-1].upper(), weighted_11(value[:-1].replace("-", "")), "ISSN")


def _issn_form(value: str) -> str:
    return f"{value[:4]}-{value[-4:]}".upper()


def _pmid(value: str) -> str | None:
    if _PMID.fullmatch(value):
        return None
    return f"{shown(value)} is not a PubMed number: one to eight digits, the first not 0"


def _pmcid(value: str) -> str | None:
    if _PMCID.fullmatch(value):
        return None
    return f"{shown(value)} is not a PubMed Central number: 'PMC' and up to nine digits, the first not 0"


def _orcid(value: str) -> str | None:
    if not _ORCID.fullmatch(value):
        return (
            f"{shown(value)} is not an ORCID: four groups of four digits with hyphens between them, the last may be X"
        )
    return _copied(value, value[-1].upper(), mod_11_2(value[:-1].replace("-", "")), "ORCID")


def _ror(value: str) -> str | None:
    match = _ROR.fullmatch(value.lower())
    if match is None:
        return f"{shown(value)} is not a ROR id: 0, six letters or digits (never i, l, o, u) and two check digits"
    return _copied(value, match[2], mod_97_10(match[1]), "ROR id", "characters")


def _openalex(value: str) -> str | None:
    if _OPENALEX.fullmatch(value):
        return None
    return (
        f"{shown(value)} is not an OpenAlex id: a letter (W work, A author, S source, I institution, F funder, "
        "P publisher, T topic, C concept) and digits, such as 'W2741809807'"
    )


def _copied(value: str, found: str, expected: str, noun: str, others: str = "digits") -> str | None:
    """A check digit that does not fit: something was copied wrongly, and nobody can say what."""
    if found == expected:
        return None
    return f"{shown(value)} ends in {found} where its other {others} give {expected}; copy the {noun} again"


def _url(value: str) -> str | None:
    if _USUAL.fullmatch(value):
        return None
    if blank(value):
        return f"{shown(value)} has a space or a character that cannot be seen; write a space as %20"
    if found := _NOT_IN_ADDRESSES.search(value):
        return f"{shown(value)} has the character {found[0]}, which an address does not allow; write {quote(found[0])}"
    if not _OPENS.match(value):
        return f"{shown(value)} is not an address a reader can open; it starts with http:// or https://"
    if has_entity(value):
        return f"{shown(value)} is written for a page's source text; write {shown(plain(value))}"
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError as wrong:
        return f"{shown(value)} is not an address: {shown(str(wrong))[1:-1]}"
    if "@" in parts.netloc:
        return f"{shown(value)} carries a user name or password; write the address without it"
    if not parts.hostname or not _HOST.fullmatch(parts.hostname):
        return f"{shown(value)} names no host; an address is https:// and the name of a site"
    return f"{shown(value)} names port 0; leave the port out" if port == 0 else None


def _url_key(value: str) -> str:
    """Without fragment, tracking, and what a reader cannot tell from the end of a sentence."""
    if _USUAL.fullmatch(value):
        return trimmed(value.rstrip("/"), "/")
    parts = urlsplit(value)
    query = _TRACKING.sub("", parts.query).rstrip("&")
    text = f"{parts.scheme}://{_host(parts)}{parts.path.rstrip('/')}" + (f"?{query}" if query else "")
    text = trimmed(text, "?&") if query else text
    return text if "?" in text else trimmed(text, "/")


def _host(parts: SplitResult) -> str:
    name = (parts.hostname or "").rstrip(".")
    port = "" if parts.port in (None, _DEFAULT_PORT[parts.scheme]) else f":{parts.port}"
    return (f"[{name}]" if ":" in name else name) + port


def _numbered(noun: str) -> Check:
    def check(value: str) -> str | None:
        if not value.strip():
            return f"the {noun} is empty; write it as printed, or leave the field out"
        if not any(c.isdigit() for c in value):
            return f"{shown(value)} is not a {noun}: it has no digit; write it as printed"
        if other := _OTHER_SCHEME.match(value):
            return f"{shown(value)} is no {noun} but an identifier of its own, {other[1]}; leave the field out"
        return None

    return check


def _spaced(value: str) -> str:
    """As printed, with single spaces."""
    return " ".join(value.split())


def _numbered_key(value: str) -> str:
    """Without case, 'No.' or 'Case No.' before it, and the look of hyphens. The court stays: others count alike."""
    text = _spaced(trimmed(hyphened(plain(value)).casefold()))
    lead = _NUMBERED.match(text)
    return text[lead.end() :] if lead else text


TABLE: dict[str, Scheme] = {
    "doi": Scheme("DOI", _doi, str.lower, str.lower, "https://doi.org/"),
    "arxiv": Scheme("arXiv number", _arxiv, _arxiv_form, _arxiv_form, "https://arxiv.org/abs/"),
    "isbn": Scheme("ISBN", _isbn, _isbn_form, _isbn_form),
    "pmid": Scheme("PubMed number", _pmid, str, str, "https://pubmed.ncbi.nlm.nih.gov/"),
    "url": Scheme("web address", _url, str, _url_key),
    "docket": Scheme("docket number", _numbered("docket number"), _spaced, _numbered_key),
    "number": Scheme("report number", _numbered("report number"), _spaced, _numbered_key),
    "ror": Scheme("ROR id", _ror, str.lower, str.lower, "https://ror.org/"),
    "issn": Scheme("ISSN", _issn, _issn_form, _issn_form, "https://portal.issn.org/resource/ISSN/"),
    "pmcid": Scheme("PubMed Central number", _pmcid, str.upper, str.upper, "https://pmc.ncbi.nlm.nih.gov/articles/"),
    "orcid": Scheme("ORCID", _orcid, str.upper, str.upper, "https://orcid.org/"),
    "openalex": Scheme("OpenAlex id", _openalex, str.upper, str.upper, "https://openalex.org/"),
}
"""Every scheme by its name."""
