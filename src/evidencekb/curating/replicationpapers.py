"""The paper that a row of the replication database tells of: from its BibTeX, else from its columns, else from its reference."""

from __future__ import annotations

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
    _identify(item, cells)
    if "title" not in item and (ref := cells.get("ref", "")):
        notes.append("the reference was taken apart")
        for name, value in _of_reference(ref).items():
            item.setdefault(name, value)
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


def _identify(item: Item, cells: Mapping[str, str]) -> None:
    """DOI and address: the columns', which the database looks after; what stands under doi may be an address."""
    given = cells.get("doi", "")
    doi = _sound_doi(given) or _sound_doi(str(item.get("DOI", "")))
    item.pop("DOI", None)
    if doi:
        item["DOI"] = doi
        item.pop("URL", None)
        return
    address = cells.get("url", "") or (given if not _DOI.match(given) else "") or str(item.get("URL", ""))
    if hidden := _sound_doi(address) if "doi.org/" in address else "":
        item["DOI"] = hidden
        item.pop("URL", None)
        return
    item.pop("URL", None)
    if re.match(r"(?i)(?:www\.)?[\w-]+(?:\.[\w-]+)*\.[a-z]{2,12}/\S*$", address):
        address = f"https://{address}"
    if re.match(r"(?i)https?://[^\s/]+\.[^\s]+$", address):
        item["URL"] = address


def _sound_doi(text: str) -> str:
    match = _DOI.search(text.strip())
    if match is None:
        return ""
    value = match[0].rstrip(".,;)") if "(" not in match[0] else match[0].rstrip(".,;")
    try:
        return ids.canonical("doi", value) if ids.problem("doi", value) is None else ""
    except ValueError:
        return ""


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
