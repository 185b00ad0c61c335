"""Web pages: what a page says of itself in the head, for people who cite it.

In the order in which they are believed: ``citation_*`` (which scholarly sites write for search engines), Dublin Core,
JSON-LD of schema.org, Open Graph, and the ``<title>``.

References:
    Google Scholar, inclusion guidelines for webmasters. DCMI, expressing Dublin Core in HTML. schema.org, Article.
    The Open Graph protocol. HTML Living Standard, the ``meta`` and ``title`` elements.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Client
from evidencekb.sources.items import Entry, Item, Loss, date_of
from evidencekb.sources.links import page_title, says_gone
from evidencekb.sources.markup import UNSEEN, plain_text, unseen
from evidencekb.sources.services.names import GUESSED, person
from evidencekb.sources.services.records import (
    AMONG_FACTS,
    NO_PLACE,
    Facts,
    Looked,
    Organisation,
    Related,
    mappings,
    related,
    word,
)

MAX_BYTES = 2**22
_READ = 2**19
_MOST = 400
_LD_BYTES = 2**17

_TITLES = (
    "citation_title",
    "dc.title",
    "dcterms.title",
    "ld:headline",
    "ld:name",
    "og:title",
    "twitter:title",
    "title",
)
_AUTHORS = (
    "citation_author",
    "dc.creator",
    "dcterms.creator",
    "ld:author",
    "article:author",
    "author",
    "parsely-author",
)
_ISSUED = (
    "citation_publication_date", "citation_date", "citation_online_date", "dc.date.issued", "dcterms.issued", "dc.date",
    "dcterms.date", "ld:datepublished", "article:published_time", "og:published_time", "date", "pubdate",
)  # fmt: skip
_SITES = ("og:site_name", "ld:publisher", "application-name", "dc.publisher", "dcterms.publisher")
_PUBLISHERS = ("citation_publisher", "dc.publisher", "dcterms.publisher", "ld:publisher", "article:publisher")
_SIMPLE = {
    "citation_volume": "volume", "citation_issue": "issue", "citation_issn": "ISSN", "citation_isbn": "ISBN",
    "citation_pmid": "PMID", "citation_technical_report_number": "number",
}  # fmt: skip
_DESCRIPTIONS = (
    "dc.description",
    "dcterms.abstract",
    "citation_abstract",
    "og:description",
    "ld:description",
    "description",
)
_TAG = re.compile(r"<(meta|html|link|title|script|style|textarea)(?=[\s/>])", re.IGNORECASE)
_ATTRIBUTE = re.compile(
    r"""[\s/]*([^\s"'<>/=]{1,100})(?:\s{0,20}=\s{0,20}(?:"([^"]{0,20000})"|'([^']{0,20000})'|([^\s"'<>]{1,2000})))?"""
)
# Names about the machinery of a page.
_MACHINERY = re.compile(
    r"viewport|robots|googlebot|generator|theme-color|color-scheme|referrer|format-detection|msapplication|apple-|"
    r"google|csrf|fb:|al:|twitter:(?!title)|og:(?:image|url|type|locale|video|audio)|next-|bing|yandex|"
    r"citation_(?:reference|fulltext|xml|springer|cover|public|mjid|id$|pdf)|handheld|mobile|"
    r"article:(?:modified|author|section|opinion|content)|(?:dc|dcterms)\.(?:format|type|rights|source|identifier)|"
    r"verify|site-verification|rating|resource-type|distribution|revisit|progid|copyright|og:updated",
    re.IGNORECASE,
)


def fetch(client: Client, identifier: str) -> Looked:
    """What a page says of itself.

    Raises:
        LookupFailed: If there is no page at the address (``"not_found"``), or what is there is no page.
    """
    answer = client.get(
        "web", identifier, accept="text/html, application/xhtml+xml;q=0.9, */*;q=0.5", max_bytes=MAX_BYTES, allow=()
    )
    sort = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
    if sort not in ("text/html", "application/xhtml+xml", ""):
        raise LookupFailed("web", answer.url, "unreadable", f"it is no web page but {sort}; write its entry by hand")
    head = Head.of(answer.text())
    if says_gone(title := page_title(answer)):
        raise LookupFailed("web", answer.url, "not_found", f"the page is called {title!r}, so there is nothing to cite")
    return Looked(
        entry(head, url=identifier, accessed=answer.fetched_on, landed=answer.url),
        facts(head),
        "web",
        answer.url,
        answer.fetched_on,
        answer.cached,
    )


class Head:
    """What a page says of itself.

    Attributes:
        said: For each name, in lower case, what the page says, in its order.
        unseen: For each name, the characters that were taken out of it.
    """

    def __init__(self) -> None:
        self.said: dict[str, list[str]] = {}
        self.unseen: dict[str, str] = {}

    @classmethod
    def of(cls, page: str) -> Head:
        """Read the first half megabyte of a page."""
        head = cls()
        for tag, said, text in _tags(page[:_READ]):
            if tag == "meta":
                head.add(
                    said.get("property") or said.get("name") or said.get("itemprop") or "", said.get("content", "")
                )
            elif tag == "html":
                head.add("lang", said.get("lang", ""))
            elif tag == "link" and said.get("rel", "").lower() == "canonical":
                head.add("canonical", said.get("href", ""))
            elif tag == "title" and "title" not in head.said:
                head.add("title", text)
            elif tag == "script" and said.get("type", "").lower() == "application/ld+json":
                head._linked(text)
        return head

    def add(self, name: str, value: str) -> None:
        """Note what the page says under a name."""
        name, raw = name.strip().lower().replace("dc:", "dc."), value
        value = plain_text(raw)
        if name and (gone := unseen(raw)):
            self.unseen[name] = gone
        if name and value and sum(map(len, self.said.values())) < _MOST:
            self.said.setdefault(name, []).append(value)

    def first(self, names: tuple[str, ...]) -> tuple[str, str]:
        """The first of some names that says something, and what it says."""
        return next(((name, self.said[name][0]) for name in names if name in self.said), ("", ""))

    def _linked(self, text: str) -> None:
        """What JSON-LD says of the article; data of other things on the page are left alone."""
        if len(text) > _LD_BYTES:
            return
        try:
            data = json.loads(text)
        except (ValueError, RecursionError):
            return
        nodes = mappings(data)
        nodes += [inner for node in nodes for inner in mappings(node.get("@graph"))]
        for node in nodes:
            sort = word(node, "@type")
            if not re.search(r"Article|Posting|Report|WebPage|Dataset|Book|Thesis|CreativeWork", sort):
                continue
            for key in ("headline", "name", "datePublished", "description", "inLanguage"):
                self.add(f"ld:{key}", word(node, key))
            for key in ("author", "publisher"):
                values = node.get(key)
                for one in values if isinstance(values, list) else [values]:
                    self.add(
                        f"ld:{key}",
                        word(one, "name") if isinstance(one, Mapping) else one if isinstance(one, str) else "",
                    )


def _tags(page: str) -> Iterator[tuple[str, dict[str, str], str]]:
    """Tags that say something, with their attributes and, for titles and scripts, their text.

    The parser of the standard library takes quadratic time over broken comments and tags before Python 3.11.14, so
    that half a megabyte keeps it busy for a minute; here every step goes forward.
    """
    place = 0
    while (start := page.find("<", place)) >= 0:
        if page.startswith("<!--", start):
            end = page.find("-->", start + 4)
            if end < 0:
                return
            place = end + 3
            continue
        match = _TAG.match(page, start)
        if match is None:
            place = start + 1
            continue
        tag = match[1].lower()
        said: dict[str, str] = {}
        place = match.end()
        while attribute := _ATTRIBUTE.match(page, place):
            place = attribute.end()
            name, double, single, bare = attribute.groups()
            said.setdefault(name.lower(), html.unescape(double or single or bare or ""))
        text = ""
        if tag in ("title", "script", "style", "textarea"):
            opened = page.find(">", place)
            closing = re.compile(f"</{tag}", re.IGNORECASE).search(page, max(opened, place))
            if opened < 0 or closing is None:
                return
            text, place = page[opened + 1 : closing.start()], closing.end()
        yield tag, said, text


def entry(head: Head, *, url: str, accessed: str, landed: str = "") -> Entry:
    """A page as a work.

    Args:
        head: What the page says.
        url: The address that was asked for.
        accessed: The day it was read, ISO.
        landed: Where that address led.
    """
    losses: list[Loss] = []
    used: set[str] = set()
    item: Item = {"id": url, "type": _type(head), "URL": url, "accessed": date_of(accessed)}
    name, title = head.first(_TITLES)
    used |= set(_TITLES)
    if title:
        item["title"] = title
        losses += _others(head, _TITLES[:-1], title)
    else:
        losses.append(Loss("title", "", "the page has no title; write what it prints"))
    item["author"], guessed = _authors(head, used)
    if guessed:
        losses.append(Loss("author", "; ".join(guessed), GUESSED))
    name, day = head.first(_ISSUED)
    used |= set(_ISSUED)
    if date := _date(day):
        item["issued"] = date
    elif day:
        losses.append(Loss(name, day, "no date that can be read"))
    else:
        losses.append(Loss("date", "", "the page does not say when it was published"))
    _place(head, item, used, losses)
    for key, variable in _SIMPLE.items():
        if said := head.said.get(key):
            item[variable] = said[0]
            losses += [Loss(key, text, "a further one") for text in dict.fromkeys(said[1:])]
            used.add(key)
    _, item["abstract"] = head.first(_DESCRIPTIONS)
    used |= set(_DESCRIPTIONS)
    item["language"] = head.first(("citation_language", "dc.language", "ld:inlanguage", "lang"))[1]
    used |= {"citation_language", "dc.language", "ld:inlanguage", "lang", "citation_author_institution"}
    words = [text for key in ("citation_keywords", "keywords", "article:tag") for text in head.said.get(key, ())]
    item["keyword"] = ", ".join(dict.fromkeys(words))
    used |= {"citation_keywords", "keywords", "article:tag", "canonical"}
    for text in head.said.get("citation_author_institution", ()):
        losses.append(Loss("citation_author_institution", text, AMONG_FACTS))
    canonical = head.first(("canonical",))[1]
    for label, other in (("canonical", canonical), ("redirect", landed)):
        if other and other.rstrip("/") != url.rstrip("/"):
            losses.append(Loss(label, other, "another address of the page"))
    for key, said in head.said.items():
        if key not in used and not _MACHINERY.match(key):
            losses.append(Loss(key, "; ".join(said)[:300], NO_PLACE))
    losses += [Loss(key, gone, UNSEEN) for key, gone in head.unseen.items() if key in used]
    return Entry("", {key: value for key, value in item.items() if value}, losses=tuple(losses))


def facts(head: Head) -> Facts:
    """Publisher, institutions and the DOI that a page names."""
    # article:publisher may be the address of a profile, which names nobody.
    bodies = [
        Organisation(text, "publisher")
        for text in [head.first(_PUBLISHERS)[1]]
        if text and not re.match(r"https?:", text, re.IGNORECASE)
    ]
    bodies += [Organisation(text, "affiliation") for text in head.said.get("citation_author_institution", ())]
    others: list[Related] = []
    for key in ("citation_doi", "dc.identifier", "citation_arxiv_id"):
        for text in head.said.get(key, ()):
            found = related("is-same-as", text, {"citation_doi": "doi", "citation_arxiv_id": "arxiv"}.get(key, ""))
            if found.identifier and found.identifier.scheme in ("doi", "arxiv"):
                others.append(found)
    return Facts(tuple(dict.fromkeys(bodies)), tuple(dict.fromkeys(others)))


def _type(head: Head) -> str:
    if "citation_journal_title" in head.said:
        return "article-journal"
    if "citation_conference_title" in head.said:
        return "paper-conference"
    if "citation_dissertation_institution" in head.said:
        return "thesis"
    if "citation_technical_report_institution" in head.said:
        return "report"
    return "webpage"


def _authors(head: Head, used: set[str]) -> tuple[list[dict[str, str]], list[str]]:
    name, _ = head.first(_AUTHORS)
    used |= set(_AUTHORS)
    names, guessed = [], []
    for text in dict.fromkeys(head.said.get(name, ())):
        if re.match(r"https?:", text):
            continue  # article:author may be the address of a profile
        found = person(text)
        names.append(found)
        if "family" in found and "," not in text:
            guessed.append(text)
    return names, guessed


def _place(head: Head, item: Item, used: set[str], losses: list[Loss]) -> None:
    containers = ("citation_journal_title", "citation_conference_title", "citation_inbook_title")
    institutions = ("citation_dissertation_institution", "citation_technical_report_institution")
    used |= {*containers, *institutions, *_SITES, *_PUBLISHERS}
    site = head.first((*containers, *_SITES))[1]
    item["container-title"] = site
    publisher = head.first((*institutions, *_PUBLISHERS))[1]
    if publisher and publisher != site and not re.match(r"https?:", publisher):
        item["publisher"] = publisher
    first, last = head.first(("citation_firstpage",))[1], head.first(("citation_lastpage",))[1]
    item["page"] = f"{first}-{last}" if first and last and first != last else first or last
    used |= {"citation_firstpage", "citation_lastpage"}
    for key in ("citation_doi", "citation_arxiv_id"):
        used.add(key)
        if key in head.said:
            found = related("", head.said[key][0], "doi" if key == "citation_doi" else "arxiv").identifier
            if found and found.scheme == "doi":
                item["DOI"] = found.value
            elif found and found.scheme == "arxiv":
                item["custom"] = {"arxiv": found.value}
            else:
                losses.append(Loss(key, head.said[key][0], "no identifier that can be read"))
    if item["type"] == "webpage" and site and item.get("title", "").endswith(site):
        # "Report 2025 | Example Agency": the site's name is no part of the title.
        shorter = re.sub(r"\s*[|–—·:-]\s*$", "", item["title"].removesuffix(site))
        item["title"] = shorter or item["title"]


def _others(head: Head, names: tuple[str, ...], title: str) -> list[Loss]:
    """Titles that say something else."""
    return [
        Loss(name, text, "another title")
        for name in names
        for text in dict.fromkeys(head.said.get(name, ()))
        if text.casefold() not in title.casefold()
    ]


def _date(text: str) -> dict[str, Any] | None:
    """A day of a page: ISO, or with slashes, year first; a time of day is left out."""
    text = re.sub(r"[T ][0-9]{2}:.*$", "", text.strip()).replace("/", "-")
    text = re.sub(r"-([0-9])(?![0-9])", r"-0\1", text)
    date = date_of(text) if re.fullmatch(r"[0-9]{4}(?:-[0-9]{2}){0,2}", text) else {}
    return date if "date-parts" in date else None
