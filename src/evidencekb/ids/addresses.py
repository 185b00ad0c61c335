"""Web addresses: which identifier an address stands for, if it stands for one.

An address of a registry (doi.org, arxiv.org, PubMed …) is the identifier. A publisher's page is the DOI in its path, where
the path says what comes next (``/doi/abs/10.1126/…``). A DOI in a query is only mentioned, unless the site is one that
names its own pages so; an archived copy, a supplement and a page about something else are addresses and nothing more.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from evidencekb.ids.texts import decoded

_PARTS = re.compile(r"https?:/*([^/?#\s]*)([^?#]*)(\?[^#]*)?(#.*)?", re.IGNORECASE | re.DOTALL)
_TWICE = re.compile(r"(?:https?:/+)+(?=https?:/)", re.IGNORECASE)
_PORT = re.compile(r":(?:80|443)?$")
_OPEN_DOI = r"10\.[0-9]{4,9}(?:\.[0-9]+)*(?:/|%(?:25)?2F)"


class Reading(NamedTuple):
    """What an address stands for.

    Attributes:
        scheme: A scheme of identifiers.
        value: The identifier as the address writes it.
        sure: True if the site holds nothing else under such an address, so that a faulty value is a fault.
    """

    scheme: str
    value: str
    sure: bool


def _paths(*rows: tuple[str, str]) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((scheme, re.compile(path, re.IGNORECASE | re.DOTALL)) for scheme, path in rows)


_RESOLVER = _paths(
    ("doi", r"/+(?:(?:https?:/*)?(?:(?:dx\.|www\.)?doi\.org/+|(?:urn:|info:)?doi[:/]+))*(10\..+?)/?"),
    ("doi", r"/+(10/[a-z0-9]+)"),
)
_ARXIV = _paths(("arxiv", r"/+(?:abs|pdf|html|ps|format|e-print|src)/+(.+?)(?:\.pdf|\.html)?/?"))
_PMC_ARTICLE = r"/(?:pmc/)?articles?/(?:PMC/)?(PMC[0-9]+(?:\.[0-9]+)?)(?:/.*)?"
_NCBI = _paths(
    ("pmid", r"/(?:m/)?pubmed/(?:pmid/)?([0-9]+)(?:/.*)?"),
    ("pmcid", _PMC_ARTICLE),
    ("pmid", r"/(?:pmc/)?articles/pmid/([0-9]+)/?"),
)
_OPENALEX = _paths(
    ("openalex", r"/(?:(?:works|authors|sources|institutions|funders|publishers|topics|concepts)/)?([a-z][0-9]+)/?")
)
_SITES = {
    "doi.org": _RESOLVER,
    "dx.doi.org": _RESOLVER,
    "hdl.handle.net": _paths(("doi", r"/+(10\.[0-9]{4,9}(?:\.[0-9]+)*/.+)")),
    "arxiv.org": _ARXIV,
    "export.arxiv.org": _ARXIV,
    "xxx.lanl.gov": _ARXIV,
    "ar5iv.org": _ARXIV,
    "ar5iv.labs.arxiv.org": _ARXIV,
    "pubmed.ncbi.nlm.nih.gov": _paths(("pmid", r"/([0-9]+)(?:/.*)?")),
    "pmc.ncbi.nlm.nih.gov": _NCBI,
    "ncbi.nlm.nih.gov": _NCBI,
    "europepmc.org": _paths(
        ("pmid", r"/(?:article|abstract)/med/([0-9]+)(?:/.*)?"),
        ("pmcid", _PMC_ARTICLE),
        ("pmcid", r"/abstract/PMC/(PMC[0-9]+)(?:/.*)?"),
    ),
    "orcid.org": _paths(("orcid", r"/+([0-9]{4}-?[0-9]{4}-?[0-9]{4}-?[0-9]{3}[0-9X])(?:/.*)?")),
    "ror.org": _paths(("ror", r"/+(0[0-9a-z]{8})/?")),
    "api.ror.org": _paths(("ror", r"/(?:v[0-9]/)?organizations/(0[0-9a-z]{8})/?")),
    "openalex.org": _OPENALEX,
    "api.openalex.org": _OPENALEX,
    "explore.openalex.org": _OPENALEX,
    "portal.issn.org": _paths(("issn", r"/resource/issn/([0-9]{4}-?[0-9]{3}[0-9x])/?")),
}
"""By host without ``www.``: what its paths name."""


class _Own(NamedTuple):
    """How a site names its own works: what the path with its query looks like, and the identifier of the number in it."""

    pattern: re.Pattern[str]
    scheme: str = "doi"
    before: str = ""


_AMAZON = _Own(re.compile(r"(?:/[^/?]*)?/(?:dp|gp/product)/([0-9]{9}[0-9X])(?:[/?].*)?", re.DOTALL), "isbn")
_SSRN = _Own(
    re.compile(
        r"/(?:sol3/(?:papers|delivery)\.cfm(?:/[^?]*)?\?(?:[^#]*&)?abstract_?id=|abstract(?:_id)?=)([0-9]+)(?:[&?].*)?",
        re.IGNORECASE | re.DOTALL,
    ),
    before="10.2139/ssrn.",
)
_OWN_IDS = {
    "journals.plos.org": _Own(
        re.compile(
            r"/[a-z]+/article(?:/(?:file|authors|metrics|comments|related|citation|peerreview))?"
            r"\?(?:[^#]*&)?id=(?:info:doi/)?(10\.1371(?:/|%2f)[^&#]+)(?:&.*)?",
            re.IGNORECASE | re.DOTALL,
        )
    ),
    "aeaweb.org": _Own(
        re.compile(
            r"/articles(?:\.php)?\?(?:[^#]*&)?(?:id|doi)=(10\.1257(?:/|%2f)[^&#]+)(?:&.*)?", re.IGNORECASE | re.DOTALL
        )
    ),
    # Older names of articles there do not tell their DOI.
    "nature.com": _Own(
        re.compile(
            r"/articles/((?:[sd][0-9]{5}-[0-9]{3}-[0-9]{4,5}-[0-9a-z]|nature[0-9]{5}))(?:\.pdf)?/?(?:\?.*)?", re.DOTALL
        ),
        before="10.1038/",
    ),
    "nber.org": _Own(
        re.compile(
            r"/(?:papers|system/files/working_papers/\w+)/([wth][0-9]{1,5})(?:\.pdf)?/?(?:\?.*)?",
            re.IGNORECASE | re.DOTALL,
        ),
        before="10.3386/",
    ),
    "papers.ssrn.com": _SSRN,
    "ssrn.com": _SSRN,
}
"""By host without ``www.``: sites whose own name for a work, in a path or query, gives its identifier."""

_COPIES = {"web.archive.org", "archive.org", "archive.ph", "archive.is", "archive.today", "perma.cc", "webcitation.org"}
_DOI_HOST = re.compile(r"(?:dx[.-])?doi[.-]|dx\.")
_DOI_AT_ROOT = re.compile(rf"/+({_OPEN_DOI}.+)", re.IGNORECASE | re.DOTALL)
_ROOTS = {"link.springer.com", "data.medra.org", "oadoi.org", "unpaywall.org", "sci-hub.se", "sci-hub.st", "sci-hub.ru"}
_DOI_IN_PATH = re.compile(
    r"/(?:doi(?:/(?!suppl)[a-z][a-z-]*)?|doifinder|abs|abstract|full|fullarticle|article-abstract|pdf|epdf|articles?|chapter|"
    r"book|referenceworkentry|referencework|protocol|content|early|document|journals|stable|discover|index|view|accepted)"
    rf"/({_OPEN_DOI}.+)",
    re.IGNORECASE | re.DOTALL,
)
_TAILS = set(
    "abstract full fulltext full-text full-xml fullpdf pdf pdfft pdfdirect pdfplus am-pdf epdf epub html htm xml meta "
    "summary references citations figures tables metrics related comments info issuetoc standard reader cited-by citedby "
    "download".split()
)
_ENDINGS = (".pdf", ".full", ".full-text", ".abstract", ".html", ".htm", ".short", ".long", ".xml", ".epub")
# Silverchair sites put a number of their own, and often the title, behind the DOI.
_NUMBERED = re.compile(r"/[a-z-]*(?:article|chapter|book|proceeding)[a-z-]*/doi/", re.IGNORECASE)
_OWN_NUMBER = re.compile(r"/[0-9]{5,}(?:/[^/]*)?$")
_PREPRINT_HOSTS = ("biorxiv.org", "medrxiv.org")
_PREPRINT_VERSION = re.compile(r"(?<=[0-9])v[0-9]{1,2}$", re.IGNORECASE)
_BOOK = re.compile(
    r"(?:/|[?&]|[?&]vid=)(isbn|issn|special:booksources)[/:=]?([0-9][0-9-]*[0-9x])(?=[/&]|$)", re.IGNORECASE
)


def once(text: str) -> str:
    """An address whose ``https://`` was pasted twice, with one.

    Examples:
        >>> once("https://https://example.org/a")
        'https://example.org/a'
    """
    match = _TWICE.match(text)
    return text[match.end() :] if match else text


def read(text: str) -> Reading | None:
    """The identifier that an http(s) address stands for, or None.

    Examples:
        >>> read("https://www.science.org/doi/abs/10.1126/science.adh2586?cookieSet=1")
        Reading(scheme='doi', value='10.1126/science.adh2586', sure=False)
        >>> read("https://example.org/search?doi=10.1126/science.adh2586") is None
        True
        >>> read("https://www.nber.org/papers/w31161")
        Reading(scheme='doi', value='10.3386/w31161', sure=False)
    """
    match = _PARTS.fullmatch(text)
    if match is None:
        return None
    host, path = _PORT.sub("", match[1].lower()).removeprefix("www."), match[2]
    if site := _SITES.get(host):
        for scheme, pattern in site:
            if found := pattern.fullmatch(path):
                # An old DOI may end in a number sign, which nobody encodes.
                mark = "#" if scheme == "doi" and match[4] == "#" else ""
                return Reading(scheme, found[1] + mark, sure=True)
        return None
    if host in _COPIES or "://" in path or "@" in host:
        return None
    own = _OWN_IDS.get(host) or (_AMAZON if host.startswith("amazon.") else None)
    if own and (found := own.pattern.fullmatch(path + (match[3] or ""))):
        return Reading(own.scheme, own.before + found[1], sure=False)
    return _doi_of_a_page(host, path) or _book(path if not host.startswith("books.google.") else match[3] or "")


def _doi_of_a_page(host: str, path: str) -> Reading | None:
    if _DOI_HOST.match(host) or host in _ROOTS:
        found = _DOI_AT_ROOT.fullmatch(path)
        if found:
            return Reading("doi", _without_tail(host, found[1]), sure=False)
    found = _DOI_IN_PATH.search(path)
    if found is None:
        return None
    value = found[1]
    if _NUMBERED.match(path, max(path.rfind("/", 0, found.start()), 0)):
        value = _OWN_NUMBER.sub("", value)
    return Reading("doi", _without_tail(host, value), sure=False)


def _without_tail(host: str, value: str) -> str:
    """The DOI without what the site writes behind it: ``/full``, ``.pdf``, a session, the version of a preprint."""
    value = decoded(value).partition(";jsessionid=")[0].rstrip("/")
    for _ in range(3):
        before, _, last = value.rpartition("/")
        if last.lower() in _TAILS and "/" in before:
            value = before
        elif last.lower().endswith(_ENDINGS):
            value = value.rpartition(".")[0]
        else:
            break
    return _PREPRINT_VERSION.sub("", value) if host.endswith(_PREPRINT_HOSTS) else value


def _book(path: str) -> Reading | None:
    found = _BOOK.search(path)
    if found is None:
        return None
    return Reading("issn" if found[1].lower() == "issn" else "isbn", found[2], sure=False)
