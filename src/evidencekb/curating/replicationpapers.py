"""The paper that a row of the replication database tells of: from its BibTeX, else from its columns, else from its reference."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Mapping
from typing import Any

from evidencekb import ids
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.items import Item

_REFERENCE = re.compile(
    r"(?P<authors>[^()]{3,400}?)\s*\((?P<year>[12][0-9]{3})[a-z]?[^()]*\)\.?\s*(?P<title>[^.?!]{4,300}[.?!])"
)
_DOI = re.compile(r"10\.[0-9]{4,9}/\S+")
_PAGE = re.compile(r"/(?:full|abstract|e?pdf)$", re.IGNORECASE)
_PREPRINTS = re.compile(r"10\.(?:31[0-9]{3}|48550)/", re.IGNORECASE)
_LONGEST_TITLE = 300
_PAIRS = (("journal", "container-title"), ("volume", "volume"), ("issue", "issue"), ("pages", "page"))


def paper(cells: Mapping[str, str]) -> tuple[Item, tuple[str, ...]]:
    """A paper as CSL-JSON, and what had to be guessed or could not be read, in a few words.

    Args:
        cells: doi, url, ref, title, author (a list as JSON), journal, year, volume, issue, pages, bibtex: those that there are.

    Examples:
        >>> item, notes = paper({"ref": "Doe, J. (2019). Replies to letters. Journal of Examples, 3.", "url": "osf.io/abcde"})
        >>> item["title"], item["URL"], item["issued"]["date-parts"][0][0], notes
        ('Replies to letters', 'https://osf.io/abcde', 2019, ('the reference was taken apart',))
    """
    notes: list[str] = []
    item = _of_bibtex(cells.get("bibtex", ""), notes)
    for name, value in _of_columns(cells).items():
        item.setdefault(name, value)
    _identify(item, cells, notes)
    if "title" not in item and (ref := cells.get("ref", "")):
        notes.append("the reference was taken apart")
        for name, value in _of_reference(ref).items():
            item.setdefault(name, value)
    for name in ("title", "container-title"):
        if name in item:
            item[name] = html.unescape(str(item[name]))
    item["type"] = _type(item)
    return {"id": "", **{name: value for name, value in item.items() if value and name != "id"}}, tuple(notes)


def _of_bibtex(text: str, notes: list[str]) -> Item:
    if not text:
        return {}
    try:
        read = read_bibtex(" ".join(text.split()), "")
    except (ValueError, RecursionError):
        read = None
    if read is None or len(read.entries) != 1 or "title" not in read.entries[0].item:
        notes.append("its BibTeX could not be read; the columns were")
        return {}
    return {
        name: value
        for name, value in read.entries[0].item.items()
        if name not in ("abstract", "note", "keyword", "annote")
    }


def _of_columns(cells: Mapping[str, str]) -> Item:
    item: Item = {variable: cells[name] for name, variable in _PAIRS if name in cells}
    if title := cells.get("title", ""):
        item["title"] = title[:_LONGEST_TITLE]
    if names := _names(cells.get("author", "")):
        item["author"] = names
    if year := re.match(r"[12][0-9]{3}(?!\d)", cells.get("year", "")):
        item["issued"] = {"date-parts": [[int(year[0])]]}
    return item


def _names(text: str) -> list[dict[str, str]]:
    try:
        given: Any = json.loads(text) if text else []
    except (ValueError, RecursionError):
        return []
    found = []
    for person in given if isinstance(given, list) else []:
        parts = {
            k: " ".join(str(person[k]).split())
            for k in ("family", "given")
            if isinstance(person, dict) and person.get(k)
        }
        if parts.get("family"):
            found.append(parts)
        elif isinstance(person, dict) and person.get("name"):
            found.append({"literal": " ".join(str(person["name"]).split())})
    return found


def _identify(item: Item, cells: Mapping[str, str], notes: list[str]) -> None:
    """DOI and address: the columns', which the database looks after; what stands under doi may be an address."""
    given, url = cells.get("doi", ""), cells.get("url", "")
    held = str(item.pop("DOI", "")), str(item.pop("URL", ""))
    own = _sound_doi(given)
    address = url or (given if not _DOI.match(given) else "") or held[1]
    if re.match(r"(?i)(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}/\S*$", address):
        address = f"https://{address}"
    if doi := own or _sound_doi(held[0]) or _sound_doi(address, alone=True):
        item["DOI"] = doi
    elif re.match(r"(?i)https?://[^\s/]+\.[^\s]+$", address):
        item["URL"] = address
    if given and not own and given not in item.get("URL", ""):
        notes.append("what stands under doi is none, and no address")


def dois_in(text: str) -> tuple[str, ...]:
    """The DOIs of a cell, each once.

    Examples:
        >>> dois_in("https://doi.org/10.5555/A; 10.5555/b"), dois_in("10.1002/1099(200001)13:1<1::AID-BDM333>3.0.CO;2-S")
        (('10.5555/a', '10.5555/b'), ('10.1002/1099(200001)13:1<1::aid-bdm333>3.0.co;2-s',))
    """
    pieces = re.split(r"[;,|\s]+(?=(?:and|&|doi:?|https?:|10\.[0-9]{4,9}/))", text)
    return tuple(dict.fromkeys(filter(None, map(_sound_doi, pieces))))


def _sound_doi(text: str, *, alone: bool = False) -> str:
    """The DOI that a text is, or unless it has to stand alone holds; '' for none."""
    try:
        found = ids.parse(text)
    except ValueError:
        found = None
    if found is not None and found.scheme == "doi":
        return ids.canonical("doi", _PAGE.sub("", found.value))
    match = _DOI.search(text)
    if alone or match is None:
        return ""
    value = match[0].rstrip(".,;)") if "(" not in match[0] else match[0].rstrip(".,;")
    return ids.canonical("doi", _PAGE.sub("", value)) if ids.problem("doi", value) is None else ""


def _of_reference(text: str) -> Item:
    """Author, year and title of a reference in APA's form; all of it as title where it has none."""
    match = _REFERENCE.match(text)
    if match is None:
        return {"title": text[:_LONGEST_TITLE]}
    family = re.split(r",|&|\band\b", match["authors"])[0].strip()
    authors = [{"family": family}, {"literal": "others"}] if family else []
    return {
        "title": match["title"].rstrip(".").strip(),
        "author": authors[: 1 + ("," in match["authors"].removeprefix(f"{family},").strip(" ,."))],
        "issued": {"date-parts": [[int(match["year"])]]},
    }


def _type(item: Item) -> str:
    held = str(item.get("type", ""))
    if "container-title" not in item and _PREPRINTS.match(str(item.get("DOI", ""))):
        return "article"
    if held:
        return held
    if "container-title" in item:
        return "article-journal"
    return "webpage" if "URL" in item else "document"
