"""A work from its identifier: which service is asked, and what it says.

===========  ==================================================================================
Identifier   Asked, in this order
===========  ==================================================================================
doi          Crossref, DataCite, and doi.org itself for the smaller agencies
arxiv        arXiv
pmid, pmcid  PubMed
isbn         Open Library
openalex     OpenAlex
url          the page itself
===========  ==================================================================================

A docket, a report number and a ROR id are asked of nobody: no service has them all.
"""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import quote

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Client
from evidencekb.sources.services import arxiv, crossref, datacite, openalex, openlibrary, pages, pubmed
from evidencekb.sources.services.records import Looked

_CSL_JSON = "application/vnd.citationstyles.csl+json"


def look_up(identifier: ids.Identifier | str, *, client: Client) -> Looked:
    """What a service knows of a work.

    Args:
        identifier: An identifier, or one as people paste it.
        client: Who asks; offline it answers from what is kept.

    Returns:
        The work with what was read and has no place in it, the facts beside it, which service answered, and when. The
        work is what the service says: it may lack a title, a date or authors, and nothing is put in their place.

    Raises:
        LookupFailed: If no service knows it (``"not_found"``), or one did not answer: which is not the same.
        ValueError: If it is no identifier, or one of a scheme that no service knows.
    """
    found = ids.parse(identifier) if isinstance(identifier, str) else identifier
    if found.scheme == "doi":
        return _of_doi(client, found.value)
    if found.scheme not in _ASKED:
        raise ValueError(
            f"{found} cannot be looked up: no service has every {found.scheme}; "
            f"give one of {', '.join(['doi', *_ASKED])}, or write the entry by hand"
        )
    return _ASKED[found.scheme](client, found.value)


def _of_doi(client: Client, doi: str) -> Looked:
    """Ask the agencies in turn; that one does not know a DOI says nothing of the next."""
    for fetch in (crossref.fetch, datacite.fetch):
        try:
            return fetch(client, doi)
        except LookupFailed as problem:
            if problem.reason != "not_found":
                raise
    answer = client.get("doi", quote(doi, safe="/"), accept=_CSL_JSON, allow=(404, 406, 410))
    if answer.status == 406 or (answer.status == 200 and "json" not in answer.headers.get("content-type", "")):
        why = "it is registered, but its agency describes no work; look its page up by its address"
        raise LookupFailed("doi", answer.url, "not_found", why)
    if answer.status != 200:
        raise LookupFailed("doi", answer.url, "not_found", "no agency has this DOI; is it spelled as printed?")
    message = answer.json()
    if not isinstance(message, dict):
        raise LookupFailed("doi", answer.url, "unreadable", "the answer holds no record of a work")
    return crossref.looked(answer, doi, message)


def _of_isbn(client: Client, isbn: str) -> Looked:
    return openlibrary.fetch(client, ids.normalise("isbn", isbn))


_ASKED: dict[str, Callable[[Client, str], Looked]] = {
    "arxiv": arxiv.fetch,
    "pmid": pubmed.fetch,
    "pmcid": pubmed.fetch,
    "isbn": _of_isbn,
    "openalex": openalex.fetch,
    "url": pages.fetch,
}
