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

A docket and a report number are asked of nobody: no service has them all. An ORCID, a ROR id or an ISSN is no work's.
What a service says of another work than the one asked for is refused; only where a registry has put another identifier in
place of one (an alias at Crossref, a work that OpenAlex has merged) it is taken, and a loss tells so.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any
from urllib.parse import quote

from evidencekb import ids
from evidencekb.errors import LookupFailed, QuestionError
from evidencekb.sources.client import Answer, Client
from evidencekb.sources.identifiers import doi_in
from evidencekb.sources.services import arxiv, crossref, datacite, openalex, openlibrary, pages, pubmed
from evidencekb.sources.services.records import Looked, confirm

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
        LookupFailed: If no service knows it (``"not_found"``), or one did not answer: which is not the same. Or one
            answered about another work (``"unreadable"``).
        IdentifierError: If it is no identifier, or a faulty one.
        QuestionError: If it is an identifier that no service knows, or one of a person, body or journal.
    """
    found = ids.parse(identifier) if isinstance(identifier, str) else identifier
    if found.scheme == "doi":
        return _of_doi(client, found.value)
    if named := _NAMES.get((found.scheme, found.value[:1].upper()), _NAMES.get((found.scheme, ""), "")):
        raise QuestionError(f"{found} cannot be looked up: it names {named} and no work; {_BY_HAND}")
    if found.scheme not in _ASKED:
        raise QuestionError(f"{found} cannot be looked up: no service has every {found.scheme}; {_BY_HAND}")
    return _ASKED[found.scheme](client, found.value)


def _of_doi(client: Client, doi: str) -> Looked:
    """Ask the agencies in turn; that one does not know a DOI says nothing of the next."""
    for fetch in (crossref.fetch, datacite.fetch):
        try:
            return fetch(client, doi)
        except LookupFailed as problem:
            if problem.reason != "not_found":
                raise
    answer = client.get("doi", quote(doi, safe="/"), accept=_CSL_JSON, allow=(404, 406, 410), check=partial(_csl, doi))
    if (message := _csl(doi, answer)) is not None:
        return crossref.looked(answer, doi, message)
    if answer.status in (200, 406):
        why = "it is registered, but its agency describes no work; look its page up by its address"
        raise LookupFailed("doi", answer.url, "not_found", why)
    raise LookupFailed("doi", answer.url, "not_found", "no agency has this DOI; is it spelled as printed?")


def _csl(doi: str, answer: Answer) -> dict[str, Any] | None:
    """What doi.org says of a DOI, if it says it as CSL-JSON."""
    if answer.status != 200 or "json" not in answer.headers.get("content-type", ""):
        return None
    message = answer.json()
    if not isinstance(message, dict):
        raise LookupFailed("doi", answer.url, "unreadable", "the answer holds no record of a work")
    confirm(answer, ids.Identifier("doi", doi), [doi_in(str(message.get("DOI") or ""))])
    return message


def _of_isbn(client: Client, isbn: str) -> Looked:
    return openlibrary.fetch(client, ids.normalise("isbn", isbn))


_BY_HAND = (
    "give the work's DOI or address, or write its entry into a file (BibTeX, RIS, CSL-JSON) and take it from there: "
    "evidencekb add --from FILE"
)
# By scheme, and for OpenAlex by the letter that its ids begin with.
_NAMES = {
    ("orcid", ""): "a person", ("ror", ""): "an organisation", ("issn", ""): "a journal or series",
    ("openalex", "A"): "a person", ("openalex", "S"): "a journal or series", ("openalex", "I"): "an organisation",
    ("openalex", "F"): "an organisation", ("openalex", "P"): "an organisation", ("openalex", "T"): "a topic",
    ("openalex", "C"): "a topic",
}  # fmt: skip
_ASKED: dict[str, Callable[[Client, str], Looked]] = {
    "arxiv": arxiv.fetch,
    "pmid": pubmed.fetch,
    "pmcid": pubmed.fetch,
    "isbn": _of_isbn,
    "openalex": openalex.fetch,
    "url": pages.fetch,
}
