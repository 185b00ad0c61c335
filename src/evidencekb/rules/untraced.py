"""1xx about one untraced claim: pages that repeat it and come down to one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from evidencekb import ids
from evidencekb.model import Untraced
from evidencekb.model.common import NONE_NAMED, UNKNOWN
from evidencekb.report import Subject
from evidencekb.rules.rule import Found, Rule
from evidencekb.vocab import UntracedStatus

_PARTS = frozenset({
    "www", "blog", "blogs", "news", "m", "en", "amp", "learn", "help", "support", "info", "go", "resources", "pages", "academy",
})  # fmt: skip
"""Parts of one publisher's site."""
_OF_MANY = frozenset({
    "medium.com", "linkedin.com", "youtube.com", "reddit.com", "quora.com", "facebook.com", "x.com", "twitter.com", "tiktok.com",
    "instagram.com", "substack.com", "wordpress.com", "blogspot.com", "github.io", "github.com", "dev.to", "tumblr.com",
    "prnewswire.com", "slideshare.net", "scribd.com", "archive.org", "web.archive.org", "pinterest.com", "notion.site",
})  # fmt: skip
"""Sites on which anybody publishes: two pages there may be of two people."""


def one_origin(rule: Rule, untraced: Untraced) -> Found:
    """106: pages that repeat a claim are of several publishers; if they lead to one page, or in a circle, the status says so."""
    pages = untraced.repeated_at
    if len(pages) < 2:
        return
    subject, path = Subject("untraced", untraced.id), ("repeated_at",)
    if len(sites := {_site(page.where) for page in pages}) == 1 and not sites & _OF_MANY:
        yield rule.violation("pages", subject, path, pages=len(pages), item=sites.pop())
        return
    took = taken(untraced)
    if circle := _circle(took):
        if untraced.status is not UntracedStatus.CIRCULAR:
            where = next(page.where for page in pages if page_key(page.where) in circle)
            yield rule.violation("circle", subject, path, item=where)
        return
    ends = {_end(took, page_key(page.where)) for page in pages}
    if len(ends) == 1 and untraced.status is UntracedStatus.NO_SOURCE_FOUND:
        yield rule.violation("origin", subject, path, pages=len(pages), item=_named(untraced, ends.pop()))


def taken(untraced: Untraced) -> dict[str, str]:
    """Each page that repeats a claim, and the page it took it from, by their keys."""
    return {
        page_key(page.where): page_key(page.taken_from)
        for page in untraced.repeated_at
        if page.taken_from and page.taken_from not in (NONE_NAMED, UNKNOWN)
    }


def page_key(where: str) -> str:
    """A page, the same for all ways to write its address; of one without an address, its description."""
    return " ".join(ids.key("url", where)) if ids.problem("url", where) is None else where.casefold()


def _site(where: str) -> str:
    """Who publishes a page, as far as its address tells; a page without an address is told by its description."""
    host = (urlsplit(where).hostname or where).casefold()
    part, _, rest = host.partition(".")
    return rest if part in _PARTS and "." in rest and rest not in _OF_MANY else host


def _circle(took: Mapping[str, str]) -> frozenset[str]:
    """Pages that lead back to themselves."""
    for page in took:
        seen = [page]
        while (page := took.get(page, "")) and page not in seen:
            seen.append(page)
        if page:
            return frozenset(seen[seen.index(page) :])
    return frozenset()


def _end(took: Mapping[str, str], page: str) -> str:
    while page in took:
        page = took[page]
    return page


def _named(untraced: Untraced, key: str) -> str:
    """A page as somebody wrote it in the record."""
    return next(written for written in _written(untraced) if page_key(written) == key)


def _written(untraced: Untraced) -> Iterable[str]:
    for page in (
        *untraced.repeated_at,
        *untraced.traced_by,
        *((untraced.earliest_seen,) if untraced.earliest_seen else ()),
    ):
        yield page.where
        if page.taken_from:
            yield page.taken_from
