"""The papers that evidence items name, and the databases that name them, as works."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from evidencekb import ids
from evidencekb.curating.others.values import at, listed, words
from evidencekb.sources.identifiers import doi_in
from evidencekb.sources.items import Item, date_of

_TAKEN = frozenset({
    "id", "name", "title", "citation", "citation_id", "source_type", "type", "author_string", "full_journal_title", "journal",
    "pmc_id", "publication_date", "publication_year", "publication_month", "publication_day", "source_url", "asco_abstract_id",
    "document_id", "label", "doi", "pmid", "pmcid", "url", "urls", "link", "xrefs", "display_name", "abstract",
})  # fmt: skip
_CITATION = re.compile(r"(?P<author>[^,]+?)(?P<more> et al\.?)?, (?P<year>[12][0-9]{3}[a-z]?)(?:, (?P<journal>.+))?")
_FAMILY_FIRST = re.compile(r"(.*[^\W\d_][a-z\u00df-\u00ff].*) ([A-Z]{1,3})")  # as PubMed writes it: Doe JA
_PUBMED = re.compile(r"pubmed(?:\.ncbi\.nlm\.nih\.gov)?/([1-9][0-9]{0,7})\b")
_CURIE = re.compile(r"(?i)(pmid|doi|pmcid|pubmed)[:.](.+)")


def database(prefix: str) -> Item:
    """The database as a work."""
    if prefix == "moa":
        return {"id": "", "type": "dataset", "title": "Molecular Oncology Almanac", "URL": "https://moalmanac.org"}
    return {
        "id": "",
        "type": "dataset",
        "title": "CIViC: Clinical Interpretation of Variants in Cancer",
        "URL": "https://civicdb.org",
    }


def paper(fields: Mapping[str, Any]) -> tuple[Item | None, str, list[str]]:
    """The paper of an item as a work, the key it should have, and what of it was lost; None when it names none.

    Examples:
        >>> source = {"source_type": "PUBMED", "citation_id": 123, "citation": "Doe et al., 2019, Blood"}
        >>> item, key, lost = paper({"source": source})
        >>> item["PMID"], item["author"], item["container-title"], item["issued"]
        ('123', [{'family': 'Doe'}, {'literal': 'others'}], 'Blood', {'date-parts': [[2019]]})
    """
    source = fields.get("source")
    given: Mapping[str, Any] = source if isinstance(source, Mapping) else fields
    lost: list[str] = []
    item: Item = {"id": "", "type": "article-journal"}
    kind = words(given.get("source_type") or given.get("type")).lower()
    number = words(given.get("citation_id") or given.get("pubmed_id"))
    document = _CURIE.fullmatch(words(given.get("document_id")) or words(given.get("id")))
    pmid = words(given.get("pmid")) or (number if kind in ("", "pubmed", "source", "journal") else "")
    related = " ".join(words(each, 300) for each in listed(given.get("xrefs")))
    doi = doi_in(words(given.get("doi"), 500) or words(at(given, "url"), 500)) or doi_in(related)
    if match := _PUBMED.search(words(given.get("url"), 500)):
        pmid = pmid or match[1]
    if document:
        pmid = document[2] if document[1].lower() in ("pmid", "pubmed") else pmid
        doi = doi or (doi_in(document[2]) if document[1].lower() == "doi" else "")
    if pmid and ids.problem("pmid", pmid) is None:
        item["PMID"] = pmid
    elif pmid:
        lost.append("citation_id: no PubMed number")
    if doi:
        item["DOI"] = doi
    if (pmc := words(given.get("pmc_id") or given.get("pmcid"))) and ids.problem("pmcid", pmc) is None:
        item["PMCID"] = pmc
    _named(item, given, lost)
    asco = words(given.get("asco_abstract_id")) or number
    if kind == "asco" and asco:
        item["type"], item["number"] = "paper-conference", f"ASCO abstract {asco}"
        item.setdefault("container-title", "ASCO Annual Meeting")
    elif kind == "ash" and number:
        item["type"] = "paper-conference"
        item.setdefault("DOI", doi_in(number))
    elif kind in ("fda", "guideline", "abstract"):
        item["type"] = "report" if kind != "abstract" else "paper-conference"
    urls = [given.get(key) for key in ("url", "source_url", "link")] + listed(given.get("urls"))
    url = next((text for each in urls if (text := words(each, 1000))), "")
    if "PMID" not in item and "DOI" not in item and re.match(r"https?://\S+$", url):
        item["URL"] = url
    if abstract := given.get("abstract"):
        lost += ["abstract of a paper: a text of theirs, which is not copied"] if words(abstract) else []
    if given is source:
        told = [name for name, value in given.items() if name not in _TAKEN and value not in (None, "", [], {}, False)]
        lost += [f"source.{words(name, 60)}: a source has no such field" for name in told]
    item = {name: value for name, value in item.items() if value or name == "id"}
    return (item if item.keys() - {"id", "type"} else None), "", lost


def _named(item: Item, given: Mapping[str, Any], lost: list[str]) -> None:
    """Title, authors, journal and date."""
    citation = words(given.get("citation") or given.get("label"), 1000)
    match = _CITATION.fullmatch(citation)
    title = words(given.get("title"), 600) or (words(given.get("description"), 600) if given.get("document_id") else "")
    name = words(given.get("name"), 600)
    if not citation and (match := _CITATION.fullmatch(name)):
        citation = name
    if (
        not title
        and name
        and not re.match(r"(?:PubMed|ASCO|ASH|EID|civic)\b", name)
        and name != citation
        and "source_type" in given
    ):
        title = name
    if title:
        item["title"] = title.rstrip(".")
    authors = [a for a in re.split(r",\s*", words(given.get("author_string"), 20_000)) if a]
    if authors:
        item["author"] = [_person(name) for name in authors]
    elif match:
        item["author"] = [{"family": match["author"].strip()}, *([{"literal": "others"}] if match["more"] else [])]
    elif citation and not title:
        item["title"] = citation.rstrip(".")
    elif citation:
        lost.append("citation of a paper: a text that is no author, year and journal")
    if journal := words(given.get("full_journal_title") or given.get("journal")) or (
        match["journal"] or "" if match else ""
    ):
        item["container-title"] = journal
    if date := _date(given) or (match["year"][:4] if match else ""):
        item["issued"] = date_of(date)


def _person(name: str) -> dict[str, str]:
    if match := _FAMILY_FIRST.fullmatch(name):
        return {"family": match[1], "given": match[2]}
    given, _, family = name.rpartition(" ")
    return {"family": family, "given": given} if given else {"literal": name}


def _date(given: Mapping[str, Any]) -> str:
    """The day, month or year of a paper, as far as it is a date."""
    held = given.get("publication_date")
    parts = (
        [held.get(name) for name in ("year", "month", "day")] if isinstance(held, Mapping) else words(held).split("-")
    )
    if not any(parts):
        parts = [given.get(f"publication_{name}") for name in ("year", "month", "day")]
    made = ""
    for part, width in zip(parts, (4, 2, 2), strict=False):
        text = words(part)
        if not text.isdigit() or len(text) > width or (width == 4 and len(text) != 4):
            break
        made += f"{'-' if made else ''}{int(text):0{width}d}"
    return made if made and "literal" not in date_of(made) else made[:4]
