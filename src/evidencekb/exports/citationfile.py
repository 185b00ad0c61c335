"""A pack as a CITATION.cff, from which code hosts, archives and reference managers learn how to cite it.

References:
    Citation File Format 1.2.0, schema and guide; YAML 1.2.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from evidencekb.answers.jsonld import iso_date
from evidencekb.exports.about import About, Maintainer, about, licence_ids, source_references
from evidencekb.store.scalars import quoted

if TYPE_CHECKING:
    from evidencekb.answers.records import Reference
    from evidencekb.kb import KnowledgeBase

NAME = "CITATION.cff"
_TYPES = {
    "journal_article": "article",
    "conference_paper": "conference-paper",
    "preprint": "article",
    "working_paper": "report",
    "book": "book",
    "thesis": "thesis",
    "report": "report",
    "official_statistics": "report",
    "legal_decision": "legal-case",
    "legislation": "statute",
    "dataset": "data",
    "news_article": "newspaper-article",
    "blog_post": "blog",
    "web_page": "website",
}
_DOI = re.compile(r"10\.\d{4,9}(\.\d+)?/[A-Za-z0-9:/_;\-.()\[\]\\]+")
_ADDRESS = re.compile(r"https?://[^\s<>\"{}|\\^`]+")
_PAGES = re.compile(r"(\w+)[-–](\w+)")
_EITHER = re.compile(r"[\w.+-]+( OR [\w.+-]+)*")
_NO_TEXT = re.compile(
    r"(?i)y|n|yes|no|on|off|[+-]?0[xbo][0-9a-f_]+|[+-]?[0-9.]*_[0-9._]*|[+-]?[0-9_]+(:[0-9_.]+)+|[0-9]{4}-[0-9]+-[0-9]+([t ].*)?"
)
_DAY = 3
_MESSAGE = "Cite the source of a figure first; cite this pack as where you found it."


def citation_cff(
    kb: KnowledgeBase, *, released: date | None = None, url: str | None = None, sources: bool = False
) -> str:
    """A CITATION.cff of the pack, in the Citation File Format 1.2.0.

    Args:
        kb: The pack.
        released: The day on which this version came out. A pack does not say it, so that without it nothing is said.
        url: The address of the pack's page.
        sources: True to list the primary sources as references, each with its vendor flag.

    Returns:
        YAML. The format knows one licence, or several to choose from; an expression that says more stands in the abstract.

    Examples:
        >>> from evidencekb import load
        >>> with load() as kb:
        ...     print(citation_cff(kb, released=date(2026, 11, 26)))
        cff-version: 1.2.0
        message: Cite the source of a figure first; cite this pack as where you found it.
        type: dataset
        title: AI in hiring, skills and work
        ...
    """
    told = about(kb)
    held: dict[str, Any] = {
        "cff-version": "1.2.0",
        "message": _MESSAGE,
        "type": "dataset",
        "title": told.title,
        "version": told.version,
        "date-released": released.isoformat() if released else None,
        "authors": [_maintainer(keeper) for keeper in told.maintainers] or [{"name": f"Maintainers of {told.name}"}],
        "abstract": told.description,
        "license": _licence(told),
        "url": url,
        "identifiers": [
            {"type": "other", "value": told.digest, "description": "Digest of the records of this version"}
        ],
        "references": [_reference(reference) for reference in source_references(kb)] if sources else None,
    }
    return "".join(f"{line}\n" for line in _lines(held))


def _licence(told: About) -> str | list[str] | None:
    ids = licence_ids(told.licence)
    if not _EITHER.fullmatch(told.licence) or any(id.startswith("LicenseRef-") for id in ids):
        return None
    return ids[0] if len(ids) == 1 else list(ids)


def _maintainer(keeper: Maintainer) -> dict[str, Any]:
    if keeper.family:
        return {"family-names": keeper.family, "given-names": keeper.given}
    return {"name": keeper.name}


def _reference(reference: Reference) -> dict[str, Any]:
    csl, flag = reference.csl, reference.vendor
    doi = csl.get("DOI", "")
    parts: list[int] = next(iter(csl.get("issued", {}).get("date-parts", ())), [])
    pages = _PAGES.fullmatch(csl.get("page", ""))
    web = reference.url if _ADDRESS.fullmatch(reference.url or "") else None
    return {
        "type": _TYPES.get(reference.kind, "generic"),
        "title": csl.get("title") or reference.label,
        "authors": [_author(author) for author in csl.get("author", ())]
        or [{"name": csl.get("publisher") or "Not named"}],
        "year": parts[0] if parts else None,
        "date-published": iso_date(parts) if len(parts) == _DAY else None,
        "journal": csl.get("container-title") if csl["type"].startswith("article") else None,
        "volume": csl.get("volume"),
        "issue": csl.get("issue"),
        "start": pages[1] if pages else None,
        "end": pages[2] if pages else None,
        "publisher": {"name": csl["publisher"]} if csl.get("publisher") else None,
        "doi": doi if _DOI.fullmatch(doi) else None,
        "url": web,
        "notes": " ".join(filter(None, (f"Vendor flag: {flag['flag']}.", flag["reason"]))),
    }


def _author(author: dict[str, Any]) -> dict[str, Any]:
    if "literal" in author:
        return {"name": author["literal"]}
    return {
        "family-names": author.get("family"),
        "given-names": author.get("given"),
        "name-particle": author.get("non-dropping-particle") or author.get("dropping-particle"),
        "name-suffix": author.get("suffix"),
    }


def _lines(held: dict[str, Any], indent: str = "") -> Iterator[str]:
    """YAML of a mapping, without what is not there."""
    for name, value in held.items():
        if value is None or value in ("", []):
            continue
        if isinstance(value, dict):
            yield f"{indent}{name}:"
            yield from _lines(value, f"{indent}  ")
        elif isinstance(value, list):
            yield f"{indent}{name}:"
            for item in value:
                inner = (
                    list(_lines(item, f"{indent}    ")) if isinstance(item, dict) else [f"{indent}    {_scalar(item)}"]
                )
                yield f"{indent}  - {inner[0].lstrip()}"
                yield from inner[1:]
        else:
            yield f"{indent}{name}: {value if name.startswith('date-') else _scalar(value)}"


def _scalar(value: str | int) -> str:
    """A value; in quotes too where readers of YAML 1.1, as many of these files are read with, would take it for no text."""
    if isinstance(value, int):
        return str(value)
    return f'"{value}"' if _NO_TEXT.fullmatch(value) else quoted(value, False)
