"""Whether the addresses of sources still lead somewhere, and copies kept against the day when they do not.

A site that refuses programs is not gone, and an address that could not be asked is not known to be broken: each is said
as it is. What is asked for and kept stays within the bounds of the client.

>>> from evidencekb.sources.client import Client
>>> with Client(offline=True) as client:
...     report = check_links([{"id": "memo2020", "url": "https://example.org/memo"}], client=client, today="2026-01-15")
>>> print(report.summary)
1 link, as of 2026-01-15: 1 could not be checked

References:
    RFC 9110, section 15, for the meaning of status codes. DOI Handbook, for resolution and for the REST API of doi.org.
    NCBI, E-utilities, esummary. arXiv, API user's manual.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from html import unescape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, unquote, urlsplit

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.fields import text
from evidencekb.vocab import Term

if TYPE_CHECKING:
    from evidencekb.sources.client import Answer, Client

SCHEMES = ("doi", "url", "arxiv", "pmid")
"""The fields of a source that lead somewhere, in the order they are asked."""

_MAX_BYTES = 2**21
_HEAD = 2**16
# Every status is an answer here, but for those after which the client asks again.
_STATUSES = tuple(code for code in range(300, 600) if code not in (500, 502, 503, 504))
_GONE = frozenset({404, 410})
_FOR_GOOD = frozenset({301, 308})
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{0,500})", re.IGNORECASE)
_SAYS_GONE = re.compile(
    r"\bnot\s+found\b|^\W*(?:error\s+)?404\b|\b404\s+error\b|\b(?:does\s+not|doesn['\u2019]t|no\s+longer)\s+exists?\b"
    r"|\bno\s+longer\s+available\b|\bpage\s+unavailable\b|\bnicht\s+gefunden\b|\bintrouvable\b|\bno\s+encontrad[ao]\b",
    re.IGNORECASE,
)
_SAYS_NO = re.compile(
    r"\baccess\s+denied\b|\bjust\s+a\s+moment\b|\battention\s+required\b|^\W*(?:sign|log)\s?-?in\b|\brobot\s+check\b"
    r"|\bare\s+you\s+(?:a\s+)?(?:human|robot)\b|\bcaptcha\b|\bsecurity\s+check\b",
    re.IGNORECASE,
)


class LinkState(Term):
    """What became of an address."""

    REACHED = "reached", "it leads to a page"
    MOVED = "moved", "it leads on for good; the new address can be recorded"
    ALIAS = "alias", "the DOI stands for another DOI"
    LOOKS_GONE = "looks_gone", "a page answers and seems to say that there is nothing; look at it"
    GONE = "gone", "nothing is there (404 or 410)"
    REFUSED = "refused", "the site answers, and refuses programs; look at it"
    BUSY = "busy", "the site is overloaded or broken for now"
    UNREACHABLE = "unreachable", "no connection, or no answer in time"
    NOT_PUBLIC = "not_public", "not an address of the public web, or leading out of it"
    UNREADABLE = "unreadable", "an answer that cannot be used"
    COULD_NOT_CHECK = "could_not_check", "not asked; that says nothing of the address"


BROKEN = frozenset({LinkState.GONE, LinkState.NOT_PUBLIC})
"""States in which the record is wrong whatever the weather."""

_OF_REASON = {
    "offline": LinkState.COULD_NOT_CHECK,
    "not_found": LinkState.GONE,
    "refused": LinkState.REFUSED,
    "busy": LinkState.BUSY,
    "unreachable": LinkState.UNREACHABLE,
    "too_large": LinkState.REACHED,
    "not_public": LinkState.NOT_PUBLIC,
    "unreadable": LinkState.UNREADABLE,
}


@dataclass(frozen=True, slots=True)
class Link:
    """What became of one address of one source.

    Attributes:
        source: Id of the source.
        scheme: The field: one of :data:`SCHEMES`.
        value: What stands in it.
        state: What became of it.
        status: The last status; 0 when there is none.
        final: Where it led in the end; '' when there was no answer.
        hops: Redirects on the way, each its status and the address it led to.
        title: Title of the page.
        suggested: What the field could hold instead: the new address, or the DOI that the alias stands for.
        detail: More, as a sentence.
        asked_on: The day of the answer, YYYY-MM-DD; '' when there was none.
    """

    source: str
    scheme: str
    value: str
    state: LinkState
    status: int = 0
    final: str = ""
    hops: tuple[tuple[int, str], ...] = ()
    title: str = ""
    suggested: str = ""
    detail: str = ""
    asked_on: str = ""

    def __str__(self) -> str:
        name = self.value if self.scheme == "url" else f"{self.scheme}:{self.value}"
        parts = [
            f"{self.source}: {name}: {self.state.replace('_', ' ')}",
            f"status {self.status}" if self.status else "",
            f"leads to {self.final}" if self.hops else "",
            f"write {self.suggested}" if self.suggested else "",
            self.detail,
        ]
        return "; ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class LinkReport:
    """What became of the addresses of sources.

    Attributes:
        checked_on: The day of the check.
        links: In the order of the sources, and of :data:`SCHEMES` within one.
        without: Ids of sources that have no address to check.
    """

    checked_on: str
    links: tuple[Link, ...]
    without: tuple[str, ...] = ()

    def of(self, *states: LinkState) -> tuple[Link, ...]:
        """The links in one of these states."""
        return tuple(link for link in self.links if link.state in states)

    @property
    def broken(self) -> tuple[Link, ...]:
        """The links that lead nowhere."""
        return self.of(*BROKEN)

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        counts = Counter(link.state for link in self.links)
        number = len(self.links)
        said = {state: state.replace("_", " ").replace("not check", "not be checked") for state in LinkState}
        parts = [f"{counts[state]} {said[state]}" for state in LinkState if counts[state]]
        return f"{number} link{'' if number == 1 else 's'}, as of {self.checked_on}: {', '.join(parts) or 'none'}"

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON; keys are always present."""
        return {
            "checked_on": self.checked_on,
            "counts": {str(state): len(self.of(state)) for state in LinkState},
            "links": [
                asdict(link)
                | {
                    "state": str(link.state),
                    "meaning": link.state.meaning,
                    "hops": [{"status": status, "url": url} for status, url in link.hops],
                }
                for link in self.links
            ],
            "without": list(self.without),
        }

    def __str__(self) -> str:
        lines = [str(link) for link in self.of(LinkState.REACHED) if link.detail]
        for state in LinkState:
            found = self.of(state) if state is not LinkState.REACHED else ()
            if found:
                lines.append(f"{state.replace('_', ' ')}: {state.meaning}")
                lines += [f"  {link}" for link in found]
        if self.without:
            lines.append(f"without an address to check: {', '.join(self.without)}")
        return "\n".join([*lines, self.summary])


def check_links(sources: Iterable[Mapping[str, Any]], *, client: Client, today: str | None = None) -> LinkReport:
    """Ask what became of the addresses of sources: DOI, URL, arXiv and PubMed number.

    Args:
        sources: As plain data, the keys being field names of a source.
        client: Asks; what it keeps from earlier times is not used, since the question is how things are now.
        today: The day of the check, YYYY-MM-DD; by default today.

    Returns:
        One link for each address; the same address is asked once, whatever the number of sources that have it.
    """
    rows = list(sources)
    found = list(check_each(rows, client=client))
    without = (text(row, "id") for row, of_row in zip(rows, found, strict=True) if not of_row)
    return LinkReport(today or str(date.today()), tuple(link for of_row in found for link in of_row), tuple(without))


def check_each(sources: Iterable[Mapping[str, Any]], *, client: Client) -> Iterator[tuple[Link, ...]]:
    """The links of each source as they are done; empty for a source without an address."""
    known: dict[tuple[str, str], Link] = {}
    for source in sources:
        links = []
        for scheme, value in _addresses(source):
            key = (scheme, value if ids.problem(scheme, value) else ids.normalise(scheme, value))
            if key not in known:
                known[key] = _check(scheme, value, client)
            links.append(replace(known[key], source=text(source, "id"), value=value))
        yield tuple(links)


def says_gone(title: str) -> bool:
    """True when the title of a page says that there is nothing to see.

    Examples:
        >>> says_gone("Page not found | Made-up Institute"), says_gone("404"), says_gone("Jobs lost and found")
        (True, True, False)
    """
    return bool(_SAYS_GONE.search(title))


def page_title(answer: Answer) -> str:
    """The title of a page, on one line; '' for what is no page or has none."""
    if "html" not in answer.headers.get("content-type", "html"):
        return ""
    match = _TITLE.search(answer.text()[:_HEAD])
    return " ".join(unescape(match[1]).split())[:200] if match else ""


def judge(answer: Answer) -> tuple[LinkState, str, str]:
    """What an answer tells by itself: the state, the title of the page, and a detail."""
    title = page_title(answer)
    said = f"the title is {title!r}" if title else ""
    if answer.status in _GONE:
        return LinkState.GONE, title, ""
    if answer.status == 429:
        return LinkState.REFUSED, title, "the site wants fewer requests; ask again later"
    if 400 <= answer.status < 500:
        return LinkState.REFUSED, title, said
    if answer.status >= 500:
        return LinkState.BUSY, title, said
    if answer.status >= 300:
        return LinkState.UNREADABLE, title, "it leads on and does not say where to"
    if says_gone(title):
        return LinkState.LOOKS_GONE, title, said
    if _SAYS_NO.search(title):
        return LinkState.REFUSED, title, said
    if answer.hops and urlsplit(answer.url).path in ("", "/") and not urlsplit(answer.url).query:
        return LinkState.LOOKS_GONE, title, "it leads to the first page of a site"
    return LinkState.REACHED, title, ""


def _addresses(source: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The fields that lead somewhere; an address that only repeats the DOI is no other."""
    doi = text(source, "doi")
    for scheme in SCHEMES:
        value = text(source, scheme)
        if value and not (scheme == "url" and doi and _is_address_of(doi, value)):
            yield scheme, value


def _is_address_of(doi: str, url: str) -> bool:
    try:
        found = ids.parse(url)
        return found.scheme == "doi" and ids.normalise("doi", found.value) == ids.normalise("doi", doi)
    except ValueError:
        return False


def _check(scheme: str, value: str, client: Client) -> Link:
    if wrong := ids.problem(scheme, value):
        return Link("", scheme, value, LinkState.UNREADABLE, detail=wrong)
    try:
        return _ASK[scheme](value, client)
    except LookupFailed as failed:
        return Link("", scheme, value, _OF_REASON[failed.reason], detail=failed.detail)


def _ask_url(value: str, client: Client) -> Link:
    answer = client.get("web", value, accept=_PAGES, max_bytes=_MAX_BYTES, allow=_STATUSES, keep=False)
    state, title, detail = judge(answer)
    moved = _moved_to(value, answer) if state is LinkState.REACHED else ""
    return _link("url", value, answer, LinkState.MOVED if moved else state, title, detail, moved)


def _ask_doi(value: str, client: Client) -> Link:
    path = quote(value, safe="/:;()")
    try:
        answer = client.get("doi", path, accept=_PAGES, max_bytes=_MAX_BYTES, allow=_STATUSES, keep=False)
    except LookupFailed as failed:
        if failed.reason == "offline":
            raise
        # The publisher is slow or refuses; whether the DOI is registered, and for what, doi.org knows itself.
        if other := _alias_of(value, client):
            return Link("", "doi", value, LinkState.ALIAS, suggested=other, detail=failed.detail)
        raise
    state, title, detail = judge(answer)
    if not answer.hops and answer.status in _GONE:
        return _link("doi", value, answer, LinkState.GONE, title, "doi.org knows no such DOI; is it written right?")
    other = _other_doi(value, answer) or _alias_of(value, client)
    if state is LinkState.GONE:
        detail = "the DOI is registered, and the page it leads to is gone"
    return _link("doi", value, answer, LinkState.ALIAS if other else state, title, detail, other)


def _ask_arxiv(value: str, client: Client) -> Link:
    params = {"id_list": value, "max_results": "1"}
    answer = client.get("arxiv", "query", params=params, allow=(400, *_GONE), keep=False)
    number = re.escape(ids.normalise("arxiv", value).partition("v")[0])
    there = answer.status == 200 and re.search(
        rf"<id>\s*https?://arxiv\.org/abs/{number}", answer.text(), re.IGNORECASE
    )
    return _known("arxiv", value, answer, there=bool(there), who="arXiv")


def _ask_pmid(value: str, client: Client) -> Link:
    params = {"db": "pubmed", "id": value, "retmode": "json"}
    answer = client.get("pubmed", "esummary.fcgi", params=params, allow=(400, *_GONE), keep=False)
    there = False
    if answer.status == 200:
        data = answer.json()
        result = data.get("result") if isinstance(data, dict) else None
        found = result.get(value) if isinstance(result, dict) else None
        there = isinstance(found, dict) and "error" not in found
    return _known("pmid", value, answer, there=there, who="PubMed")


_PAGES = "text/html, application/xhtml+xml, application/pdf;q=0.9, */*;q=0.8"
_ASK = {"url": _ask_url, "doi": _ask_doi, "arxiv": _ask_arxiv, "pmid": _ask_pmid}


def _known(scheme: str, value: str, answer: Answer, *, there: bool, who: str) -> Link:
    """A number that a service itself was asked about: its page need not be opened."""
    detail = "" if there else f"{who} knows no such number; is it written right?"
    state = LinkState.REACHED if there else LinkState.GONE
    return replace(_link(scheme, value, answer, state, "", detail), final=ids.address(scheme, value) or "", hops=())


def _link(
    scheme: str, value: str, answer: Answer, state: LinkState, title: str, detail: str, suggested: str = ""
) -> Link:
    return Link(
        "",
        scheme,
        value,
        state,
        answer.status,
        answer.url,
        answer.hops,
        title,
        suggested,
        detail,
        answer.fetched_on,
    )


def _moved_to(value: str, answer: Answer) -> str:
    """Where an address leads for good; '' when it stays where it is, or leads on only for now."""
    moved = ""
    for status, url in answer.hops:
        if status not in _FOR_GOOD:
            break
        moved = url
    if not moved or ids.problem("url", moved) or ids.normalise("url", moved) == ids.normalise("url", value):
        return ""
    return moved


def _other_doi(value: str, answer: Answer) -> str:
    """The DOI that the resolver itself led to, when it is another."""
    own = ids.normalise("doi", value)
    for _, url in answer.hops:
        parts = urlsplit(url)
        if parts.netloc.lower() in ("doi.org", "dx.doi.org", "www.doi.org"):
            found = unquote(parts.path.lstrip("/"))
            if not ids.problem("doi", found) and ids.normalise("doi", found) != own:
                return ids.normalise("doi", found)
    return ""


def _alias_of(value: str, client: Client) -> str:
    """The DOI that doi.org has this one stand for; '' when it says nothing of the kind."""
    try:
        answer = client.get("doi", f"api/handles/{quote(value, safe='/:;()')}", params={"type": "HS_ALIAS"}, keep=False)
        data = answer.json() if answer.status == 200 else {}
    except LookupFailed:
        return ""
    values = data.get("values") if isinstance(data, dict) else None
    for entry in values[:50] if isinstance(values, list) else ():
        found = entry.get("data") if isinstance(entry, dict) and entry.get("type") == "HS_ALIAS" else None
        other = found.get("value") if isinstance(found, dict) else None
        if isinstance(other, str) and not ids.problem("doi", other):
            key = ids.normalise("doi", other)
            return key if key != ids.normalise("doi", value) else ""
    return ""
