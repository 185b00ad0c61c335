"""Reading an identifier as people paste it.

What can be put right without a guess is put right; the check of the scheme has the last word. Reading what was read
gives the same.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

from evidencekb.errors import IdentifierError
from evidencekb.ids import addresses
from evidencekb.ids.schemes import OPENALEX_KINDS, TABLE, short_doi
from evidencekb.ids.texts import WRAPPING, decoded, encoded, hyphened, plain, shown, trimmed, unwrapped

_LAYERS = 5
"""So many prefixes may stand before each other: ``DOI: https://doi.org/doi:10.…``."""

_NAMES = {
    "doi": r"doi|digital\s+object\s+identifier",
    "arxiv": r"arxiv(?:\s+(?:e-?|pre)prints?)?",
    "isbn": r"[pe]?-?isbn(?:[-\u2010-\u2015\s]?1[03](?=[\s:]))?",
    "issn": r"[pel]?-?issn(?:-?l)?",
    "pmid": r"pmid|pubmed(?!\s+central)(?:\s+id)?",
    "pmcid": r"pmcid|pmc(?:\s+id)?|pubmed\s+central(?:\s+id)?",
    "orcid": r"orcid(?:\s+id)?",
    "ror": r"ror(?:\s+id)?",
    "openalex": r"openalex(?:\s+id)?",
}
_PREFIX = re.compile(
    r"(?:urn:|info:|uri:)?(?:"
    + "|".join(f"(?P<{scheme}>{names})" for scheme, names in _NAMES.items())
    + r")(?:\s*[:=#\uff1a]\s*|\s+|/|(?=[0-9]))|(?P<url>ur[li])\s*:\s*",
    re.IGNORECASE,
)
_AS_PRINTED = re.compile(r"(docket|number):\s*(.*)", re.IGNORECASE | re.DOTALL)
_ENCODED_ADDRESS = re.compile(r"https?%(?:25)?3a", re.IGNORECASE)
_HOSTED = re.compile(r"[a-z0-9-]+(?:\.[a-z0-9-]+)+(?::[0-9]+)?/\S", re.IGNORECASE)
_REMARK = re.compile(r"(?<!\s)\s*\[(?:doi|pii|pmid|pmcid)\]$", re.IGNORECASE)
_SUBJECT = re.compile(r"(?<!\s)\s*\[[a-z-]+(?:\.[a-z-]+)?\](?:\s+[0-9]{1,2} [a-z]{3} [0-9]{4})?$", re.IGNORECASE)
_PRINT_OR_SCREEN = re.compile(r"\([^()]*\)")
_SEVERAL = re.compile(r"[\s,;/|]+")
# What stands before an identifier in a list of references, and behind it.
_LEAD = re.compile(
    r"(?:last )?(?:retrieved|available|accessed|downloaded|online|link)\b[^:/]{0,60}?[\s:]+(?=https?:|www\.|doi\b|10\.)",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"(?<=[\s(\[])(?:last )?(?:(?:accessed|retrieved|viewed|visited|consulted|downloaded)\b|epub (?=[0-9a-z]))",
    re.IGNORECASE,
)
_LABEL = re.compile(r"(?<=[\s;,|])(?:doi|pmid|pmcid|arxiv|isbn|issn)\s{0,2}:", re.IGNORECASE)
_MOST_LABELS = 6
_ARXIV_FILE = re.compile(r"^(?:abs|pdf|html)/|\.pdf$", re.IGNORECASE)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.", re.IGNORECASE)

_ARCHIVES = (
    "acc-phys adap-org alg-geom ao-sci astro-ph atom-ph bayes-an chao-dyn chem-ph cmp-lg comp-gas cond-mat cs dg-ga "
    "funct-an gr-qc hep-ex hep-lat hep-ph hep-th math math-ph mtrl-th nlin nucl-ex nucl-th patt-sol physics plasm-ph q-alg "
    "q-bio quant-ph solv-int supr-con"
)
_BARE = (
    ("arxiv", rf"[0-9]{{4}}\.[0-9]{{4,5}}(?:v[0-9]+)?|(?:{_ARCHIVES.replace(' ', '|')})(?:\.[a-z]{{2}})?/[0-9]{{7}}(?:v[0-9]+)?"),
    ("orcid", r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9x]"),
    ("isbn", r"97[89][0-9 -]{10,14}|[0-9][0-9 -]{8,11}[0-9x]"),
    ("openalex", rf"(?-i:[{OPENALEX_KINDS}])[1-9][0-9]{{6,11}}"),
    ("ror", r"0(?=[0-9]*[a-z])[0-9a-z]{6}[0-9]{2}"),
    ("docket", r"(?:civil |criminal )?(?:case|docket) ?(?:nos?\.|number|#|:)[^0-9]*[0-9].*"),
    ("docket", r"(?:nos?\. ?)?[0-9]{1,2}:[0-9]{2}-[a-z]{2,4}-[0-9]{3,6}\b.*"),
    ("docket", r"\[[0-9]{4}\] (?:[0-9]+ )?[a-z][a-z ()]*[0-9].*"),
)  # fmt: skip
"""What is read without a prefix, besides DOIs and addresses: nothing else looks like it."""

_BARE_PATTERNS = tuple((scheme, re.compile(pattern, re.IGNORECASE | re.DOTALL)) for scheme, pattern in _BARE)


def read(text: str) -> tuple[str, str]:
    """Scheme and canonical value of a pasted text.

    Raises:
        IdentifierError: If the text is no identifier of a known scheme, or a faulty one.
    """
    try:
        return _read(text)
    except IdentifierError:
        # Only what cannot be read as it stands is cut: an identifier never loses an end that belongs to it.
        if (found := _among_words(text)) is None:
            raise
        return found


def _read(text: str) -> tuple[str, str]:
    rest, scheme = unwrapped(text), None
    for _ in range(_LAYERS):
        if rest[:4].lower() == "http" and (found := _address(rest, scheme)):
            return found
        if match := _PREFIX.match(rest):
            scheme, rest = match.lastgroup, rest[match.end() :].lstrip(WRAPPING)
        elif match := _AS_PRINTED.match(rest):
            return _accepted(match[1].lower(), match[2])
        else:
            break
    if scheme is None:
        return _bare(rest)
    return _hosted(rest) or _read_as(scheme, rest)


def _among_words(text: str) -> tuple[str, str] | None:
    """The identifier of a text that says more: where it was retrieved, when, or under which other numbers it is known.

    Identifiers of different schemes beside each other are those of one work in one reference; the first is taken.

    Raises:
        IdentifierError: If there are two of one scheme.
    """
    rest = unwrapped(text)
    if lead := _LEAD.match(rest):
        rest = rest[lead.end() :]
    starts = [0, *(label.start() for label in itertools.islice(_LABEL.finditer(rest, 1), _MOST_LABELS))]
    pieces = [rest[start:end] for start, end in itertools.pairwise([*starts, len(rest)])]
    if len(pieces) == 1 and not lead and not _AFTER.search(rest):
        return None
    found: dict[str, str] = {}
    for piece in pieces:
        after = _AFTER.search(piece)
        try:
            scheme, value = _read(piece[: after.start()].rstrip(" \t\n([,;") if after else piece)
        except IdentifierError:
            return None
        if found.setdefault(scheme, value) != value:
            noun = TABLE[scheme].noun
            raise IdentifierError(f"{shown(text)} has two {noun}s, {found[scheme]} and {value}; write one of them")
    return next(iter(found.items()))


def arxiv_number(doi: str) -> str | None:
    """The arXiv number, in canonical form, that a DOI of DataCite's arXiv prefix stands for.

    Examples:
        >>> arxiv_number("10.48550/arXiv.2303.10130")
        '2303.10130'
    """
    match = _ARXIV_DOI.match(doi)
    if match is None or TABLE["arxiv"].check(doi[match.end() :]):
        return None
    return TABLE["arxiv"].canonical(doi[match.end() :])


def decorated(text: str) -> bool:
    """True if the text starts with a prefix or is an address."""
    return text[:4].lower() == "http" or _PREFIX.match(text) is not None or _AS_PRINTED.match(text) is not None


def _address(text: str, scheme: str | None) -> tuple[str, str] | None:
    """What an address stands for; None for text that only starts like one."""
    if _ENCODED_ADDRESS.match(text):
        text = decoded(text)
    if text[4:5] != ":" and text[4:6].lower() != "s:":
        return None
    text = addresses.once(text)
    if found := _registered(text):
        return found
    if scheme not in (None, "url"):
        raise IdentifierError(
            f"{shown(text)} is a web address where a {TABLE[scheme].noun} should be; "
            f"write the {TABLE[scheme].noun}, or the address alone"
        )
    return _accepted("url", text)


def _registered(address: str) -> tuple[str, str] | None:
    """The identifier that an address stands for, if it stands for one."""
    found = addresses.read(address)
    if found is None:
        return None
    try:
        return _read_as(found.scheme, found.value)
    except IdentifierError:
        if found.sure:
            raise
        return None


def _hosted(text: str) -> tuple[str, str] | None:
    """An address of a registry or publisher without its ``https://``."""
    if text.startswith("10.") or not _HOSTED.match(text):
        return None
    return _registered(f"https://{text}")


def _bare(text: str) -> tuple[str, str]:
    if text.startswith("10.") or short_doi(text):
        return _read_as("doi", text)
    if found := _hosted(text):
        return found
    typed = hyphened(text)
    # "(Hardback)" stands behind an ISBN in catalogues.
    alone = _PRINT_OR_SCREEN.sub("", typed).strip() if typed[-1:] == ")" and len(typed) < 80 else typed
    for scheme, pattern in _BARE_PATTERNS:
        if pattern.fullmatch(alone if scheme == "isbn" else typed):
            return _read_as(scheme, text if scheme == "docket" else typed)
    if TABLE["pmid"].check(typed) is None:
        raise IdentifierError(f"{shown(text)} is not an identifier but a number; of PubMed, write pmid:{typed}")
    raise IdentifierError(
        f"{shown(text)} is not an identifier; write an http(s) address, or one of {', '.join(s + ':' for s in TABLE)} "
        "and the identifier"
    )


def _read_as(scheme: str, text: str) -> tuple[str, str]:
    return _READERS.get(scheme, _accepted)(scheme, text)


def _accepted(scheme: str, value: str) -> tuple[str, str]:
    if wrong := TABLE[scheme].check(value):
        raise IdentifierError(wrong)
    return scheme, TABLE[scheme].canonical(value)


def _doi(_: str, text: str) -> tuple[str, str]:
    value = hyphened(text)
    if value.endswith("]"):
        value = _REMARK.sub("", value)
    if encoded(value):
        value = plain(decoded(value)).strip()
    value = trimmed(value, "/")
    if short_doi(value):
        return "url", f"https://doi.org/{value.lower()}"
    if number := arxiv_number(value):
        return "arxiv", number
    return _accepted("doi", value)


def _arxiv(scheme: str, text: str) -> tuple[str, str]:
    value = _SUBJECT.sub("", hyphened(decoded(text)))
    return _accepted(scheme, trimmed(_ARXIV_FILE.sub("", value)))


def _serial(scheme: str, text: str) -> tuple[str, str]:
    """An ISBN or ISSN. Reference managers put those of print and screen into one field; several of one thing are one."""
    form = TABLE[scheme]
    value = hyphened(text)
    if "(" in value:
        value = _PRINT_OR_SCREEN.sub(" ", value).strip()
    if form.check(value) is None:
        return scheme, form.canonical(value)
    pieces = [piece for piece in _SEVERAL.split(value, maxsplit=40) if piece]
    if len(pieces) < 2 or any(form.check(piece) for piece in pieces):
        return _accepted(scheme, value)
    found = list(dict.fromkeys(map(form.canonical, pieces)))
    if len(found) > 1:
        raise IdentifierError(f"{shown(text)} has {len(found)} {form.noun}s; write one of {', '.join(found[:4])}")
    return scheme, found[0]


def _pmcid(scheme: str, text: str) -> tuple[str, str]:
    return _accepted(scheme, text if text[:3].upper() == "PMC" else f"PMC{text}")


def _orcid(scheme: str, text: str) -> tuple[str, str]:
    value = hyphened(text)
    digits = re.sub(r"[\s-]", "", value)
    if len(digits) == 16:
        value = "-".join(digits[at : at + 4] for at in range(0, 16, 4))
    return _accepted(scheme, value)


_READERS: dict[str, Callable[[str, str], tuple[str, str]]] = {
    "doi": _doi,
    "arxiv": _arxiv,
    "isbn": _serial,
    "issn": _serial,
    "pmcid": _pmcid,
    "orcid": _orcid,
}
