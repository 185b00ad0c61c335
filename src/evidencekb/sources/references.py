"""How a source is named, cited and exported: byline, full reference, CSL-JSON and address.

Pure functions on a source as plain data, the keys being field names of a source.

>>> article = {
...     "id": "noy2023experimental", "kind": "journal_article",
...     "title": "Experimental evidence on the productivity effects of generative artificial intelligence",
...     "authors": [{"family": "Noy", "given": "Shakked"}, {"family": "Zhang", "given": "Whitney"}],
...     "published_on": "2023-07-13", "container": "Science", "volume": "381", "issue": "6654", "pages": "187-192",
...     "doi": "10.1126/science.adh2586",
... }
>>> label(article), year(article)
('Noy & Zhang, Science 381(6654)', '2023')
>>> print(reference_text(article))
Noy S, Zhang W (2023). Experimental evidence on the productivity effects of generative artificial intelligence. \
Science 381(6654), 187-192. doi:10.1126/science.adh2586

References:
    Citation Style Language 1.0.2, appendix III (types) and IV (variables).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from evidencekb import ids
from evidencekb.sources.csljson import outward
from evidencekb.sources.fields import item_of

Source = Mapping[str, Any]

_LISTED = 10
_DATED_BY_DAY = frozenset({"news_article", "blog_post", "press_release", "web_page", "legal_decision", "legal_filing"})
_WITHOUT_PUBLISHER = frozenset({"journal_article", "conference_paper", "news_article", "blog_post"})
_YEAR = re.compile(r"[0-9]{4}")
_DAY = re.compile(r"([0-9]{4})(?:-([0-9]{2})(?:-([0-9]{2}))?)?([~?%]?)")
_ENDED = re.compile(r"[.?!…][\"'\u201d\u2019)\]]*$")


def short_names(source: Source) -> str:
    """The authors as a byline has them; '' when there are none.

    Examples:
        >>> short_names({"authors": [{"family": "Kline"}, {"family": "Rose"}, {"family": "Walters"}]})
        'Kline et al.'
        >>> short_names({"authors": [{"literal": "World Economic Forum"}]})
        'World Economic Forum'
    """
    names, more = _authors(source, _short)
    if more or len(names) > 2:
        return f"{names[0]} et al." if names else ""
    return " & ".join(names)


def label(source: Source) -> str:
    """The byline shown beside a figure: the source's own, else names and where it appeared, else the title.

    Examples:
        >>> label({"id": "wef2025", "authors": [{"literal": "World Economic Forum"}], "title": "Future of Jobs Report"})
        'World Economic Forum, Future of Jobs Report'
    """
    if own := _text(source, "label"):
        return own
    names = short_names(source)
    place = (_appearance(source) and _numbered_container(source)) or _text(source, "publisher")
    if place and place.casefold() != names.casefold():
        return ", ".join(filter(None, (names, place)))
    return ", ".join(filter(None, (names, _text(source, "title")))) or _text(source, "id") or "untitled source"


def year(source: Source) -> str | None:
    """The year of publication; the first one of an interval.

    Examples:
        >>> year({"published_on": "2023-07-13"})
        '2023'
    """
    match = _YEAR.search(_text(source, "published_on"))
    return match[0] if match else None


def reference_text(source: Source) -> str:
    """One full reference in plain text, of whatever the source has.

    Examples:
        >>> page = {"id": "jobs", "kind": "web_page", "url": "https://example.org/a", "accessed_on": "2026-11-22"}
        >>> print(reference_text(page))
        jobs. https://example.org/a (seen 2026-11-22)
    """
    names = _full_names(source)
    title = _text(source, "title") or _text(source, "label") or _text(source, "id") or "untitled source"
    date = _printed_date(source)
    dated = f" ({date})" if date else ""
    opening = [names + dated, title] if names else [title + dated]
    parts = [*opening, _appeared_in(source, names), _numbers(source), _version(source)]
    text = " ".join(_sentence(part) for part in parts if part)
    return " ".join(filter(None, (text, _location(source))))


def csl(source: Source) -> dict[str, Any]:
    """The source as one CSL-JSON item.

    Returns:
        Only what is known: no key has an empty value. A date that CSL cannot hold in parts is kept as ``literal``.

    Examples:
        >>> csl({"id": "a", "kind": "preprint", "title": "T", "published_on": "2023-03", "arxiv": "2303.10130"})
        {'id': 'a', 'type': 'article', 'title': 'T', 'issued': {'date-parts': [[2023, 3]]}, 'genre': 'Preprint', \
'URL': 'https://arxiv.org/abs/2303.10130', 'number': 'arXiv:2303.10130'}
    """
    return outward(item_of(source))


def address(source: Source) -> str | None:
    """Where to read the source: by DOI, else arXiv number, else its own address, else PubMed number.

    Examples:
        >>> address({"url": "https://example.org/a", "doi": "10.1126/science.adh2586"})
        'https://doi.org/10.1126/science.adh2586'
        >>> address({"url": "javascript:alert(1)"}) is None
        True
    """
    return _address(source, "doi", "arxiv", "url", "pmid")


def _text(source: Source, key: str) -> str:
    value = source.get(key)
    return "" if value is None else " ".join(str(value).split())


def _address(source: Source, *schemes: str) -> str | None:
    found = (ids.address(scheme, _text(source, scheme)) for scheme in schemes if _text(source, scheme))
    return next((place for place in found if place), None)


def _authors(source: Source, form: Callable[[Source], str]) -> tuple[list[str], bool]:
    """The names in a form, and whether a closing 'others' says that there are more."""
    authors = list(source.get("authors") or ())
    more = bool(authors) and authors[-1].get("literal") == "others"
    return [name for author in authors[: len(authors) - more] if (name := form(author))], more


def _short(author: Source) -> str:
    return _text(author, "literal") or _text(author, "family") or _text(author, "given")


def _full(author: Source) -> str:
    family = _text(author, "family")
    return f"{family} {_initials(_text(author, 'given'))}".strip() if family else _short(author)


def _initials(given: str) -> str:
    """Initials without stops: 'Jean-Paul A.' gives 'JPA'."""
    return "".join(word[0] for word in re.findall(r"[^\W\d_]+", given))


def _full_names(source: Source) -> str:
    names, more = _authors(source, _full)
    if more or len(names) > _LISTED:
        return ", ".join([*names[:_LISTED], "et al."]) if names else ""
    return ", ".join(names)


def _printed_date(source: Source) -> str:
    date = _text(source, "published_on")
    return date if _text(source, "kind") in _DATED_BY_DAY and _DAY.fullmatch(date) else year(source) or ""


def _numbered_container(source: Source) -> str:
    """'Science 381(6654)', without the numbers that are not known."""
    volume, issue = _text(source, "volume"), _text(source, "issue")
    numbers = volume + (f"({issue})" if issue else "")
    return " ".join(filter(None, (_appearance(source), numbers)))


def _appearance(source: Source) -> str:
    """What the work stands in: a journal or a book, or the series that a work of its own belongs to."""
    return _text(source, "container") or _text(source, "series")


def _appeared_in(source: Source, names: str) -> str:
    """Container with volume and pages, then the publisher unless it was just named or nobody names it for this kind."""
    container, publisher, pages = _numbered_container(source), _text(source, "publisher"), _text(source, "pages")
    inside = ", ".join(filter(None, (container, pages if container else pages and f"pages {pages}")))
    named = {names.casefold(), _appearance(source).casefold()}
    if publisher.casefold() in named or (container and _text(source, "kind") in _WITHOUT_PUBLISHER):
        publisher = ""
    if inside and publisher:
        return f"{_sentence(inside)} {publisher}"
    return inside or publisher


def _numbers(source: Source) -> str:
    """Report number and docket, which a reader needs to ask for the document."""
    docket, number = _text(source, "docket"), _text(source, "number")
    parts = [part for part in (number and _prefixed(number), docket) if part]
    return ", ".join(dict.fromkeys(parts))


def _prefixed(number: str) -> str:
    return f"No. {number}" if number[0].isdigit() else number


def _version(source: Source) -> str:
    if source.get("kind") in ("journal_article", "conference_paper"):
        return ""  # its volume, issue and year name the version
    version = _text(source, "version")
    return version and (f"Version {version}" if version[0].isdigit() else f"Version: {version}")


def _sentence(text: str) -> str:
    return text if _ENDED.search(text) else f"{text}."


def _location(source: Source) -> str:
    """The identifier or address that stands last, without a stop that could be taken for a part of it."""
    if doi := _text(source, "doi"):
        return f"doi:{doi}"
    if arxiv := _text(source, "arxiv"):
        return f"arXiv:{arxiv}"
    if url := _text(source, "url"):
        seen = _text(source, "accessed_on")
        return f"{url} (seen {seen})" if seen else url
    if pmid := _text(source, "pmid"):
        return f"PMID {pmid}"
    return f"ISBN {isbn}" if (isbn := _text(source, "isbn")) else ""
