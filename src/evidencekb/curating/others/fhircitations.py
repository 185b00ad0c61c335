"""Works of FHIR as CSL-JSON: Citation and PublicationRecord, what a relation names, and a resource as a work of its own.

References:
    HL7 FHIR R5 and R6 (ballot): Citation.citedArtifact, RelatedArtifact.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from evidencekb import ids
from evidencekb.curating.others.fhirstatistics import codes, concept
from evidencekb.curating.others.values import at, mappings, words
from evidencekb.sources.identifiers import doi_in, doi_of_address
from evidencekb.sources.items import Item, date_of

_TAKEN = frozenset({
    "identifier", "relatedIdentifier", "title", "publicationForm", "webLocation", "contributorship", "classification",
    "dateAccessed", "version", "statusDate",
})  # fmt: skip
_DATE = re.compile(r"[12][0-9]{3}(?:-[01][0-9](?:-[0-3][0-9])?)?")
_MONTHS = {name: f"{number:02d}" for number, name in enumerate(
    ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), start=1)}  # fmt: skip
_ADDRESS = re.compile(r"https?://[^\s/]+\.\S+")
_PUBMED = re.compile(r"https?://(?:www\.)?(?:pubmed\.ncbi\.nlm\.nih\.gov|ncbi\.nlm\.nih\.gov/pubmed)/([0-9]+)/?")
_TYPES = (
    ("preprint", "article"), ("journal article", "article-journal"), ("book", "book"), ("dataset", "dataset"),
    ("data", "dataset"), ("report", "report"), ("fhir resource", "dataset"), ("webpage", "webpage"), ("video", "webpage"),
)  # fmt: skip


def citation_item(data: Mapping[str, Any]) -> tuple[Item | None, list[str]]:
    """The work that a Citation cites, and what of it is lost; None when it says nothing by which a work is found."""
    lost: list[str] = []
    cited = at(data, "citedArtifact")
    if not isinstance(cited, Mapping):
        return None, lost
    item: Item = {"id": "", "type": "document"}
    titles = mappings(cited.get("title"))
    primary = next(
        (each for each in titles if "primary" in set(codes(each.get("type"))) | _of_list(each.get("type"))), None
    )
    title = words(at(primary or next(iter(titles), None), "text"), 600) or words(cited.get("title"), 600)
    if title:
        item["title"] = title.rstrip(".")
    if len(titles) > 1:
        lost.append("citedArtifact.title: its other titles")
    for each in [*mappings(cited.get("identifier")), *mappings(cited.get("relatedIdentifier"))]:
        _identifier(item, each)
    _published(item, cited, lost)
    _located(item, cited)
    _people(item, data, cited, lost)
    accessed = _date(cited.get("dateAccessed"))
    if accessed:
        item["accessed"] = date_of(accessed)
    version = words(at(cited, "version", "value")) or words(cited.get("version"))
    if version:
        item["version"] = version
    item["type"] = _type(item, cited)
    for name, value in cited.items():
        if name not in _TAKEN and value not in (None, "", [], {}):
            text = name in ("abstract", "note")
            lost.append(
                f"citedArtifact.{words(name, 60)}: {'a text of theirs, which is not copied' if text else 'it has no field'}"
            )
    item = {name: value for name, value in item.items() if value or name == "id"}
    return (item if item.keys() & {"title", "DOI", "PMID", "PMCID", "URL"} else None), lost


def _of_list(types: Any) -> set[str]:
    return {code for each in mappings(types) for code in codes(each)}


def _identifier(item: Item, given: Mapping[str, Any]) -> None:
    """A DOI, a PubMed number or a PubMed Central number; others name the record and not the work."""
    system, value = words(given.get("system"), 200).lower(), words(given.get("value"), 300)
    kind = f"{system} {concept(given.get('type')).lower()} {' '.join(codes(given.get('type')))}"
    if "doi" in kind and (doi := doi_in(value)):
        item.setdefault("DOI", doi)
    elif "pmcid" in kind or re.fullmatch(r"PMC[0-9]+", value):
        if ids.problem("pmcid", value) is None:
            item.setdefault("PMCID", value)
    elif ("pubmed" in kind or "pmid" in kind) and ids.problem("pmid", value) is None:
        item.setdefault("PMID", value)
    elif "isbn" in kind and ids.problem("isbn", value) is None:
        item.setdefault("ISBN", value)


def _published(item: Item, cited: Mapping[str, Any], lost: list[str]) -> None:
    """Journal, volume, issue, pages and date of the first form in which it was published."""
    forms = mappings(cited.get("publicationForm"))
    if len(forms) > 1:
        lost.append("citedArtifact.publicationForm: its other forms")
    form = next(iter(forms), {})
    journal = words(at(form, "publishedIn", "title")) or words(at(form, "publishedIn", "title", "text"))
    pairs = {
        "container-title": journal, "volume": words(form.get("volume")), "issue": words(form.get("issue")),
        "page": words(form.get("pageString")) or _pages(form),
        "publisher": words(at(form, "publishedIn", "publisher", "display")),
        "publisher-place": words(at(form, "publishedIn", "publisherLocation")),
    }  # fmt: skip
    item.update({name: value for name, value in pairs.items() if value})
    for each in mappings(form.get("identifier")):
        _identifier(item, each)
    dates = [
        form.get("articleDate"), form.get("publicationDateText"), form.get("publicationDate"), _parts(form),
        at(form, "publishedIn", "publicationDate"), *(at(cited, "statusDate", "period", side) for side in ("end", "start")),
    ]  # fmt: skip
    if date := next((text for each in dates if (text := _date(each))), ""):
        item["issued"] = date_of(date)


def _pages(form: Mapping[str, Any]) -> str:
    first, last = words(form.get("firstPage")), words(form.get("lastPage"))
    return f"{first}-{last}" if first and last else first


def _parts(form: Mapping[str, Any]) -> str:
    year, month, day = (words(form.get(f"publicationDate{name}")) for name in ("Year", "Month", "Day"))
    month = _MONTHS.get(month[:3].lower(), month.zfill(2) if month.isdigit() else "")
    return "-".join([year, *([month, *([day.zfill(2)] if day.isdigit() else [])] if month else [])])


def _date(value: Any) -> str:
    """The day, month or year with which a text begins; '' when it begins with none."""
    match = _DATE.match(words(value))
    text = match[0] if match else ""
    return text if "literal" not in date_of(text) else text[:4] if text else ""


def _located(item: Item, cited: Mapping[str, Any]) -> None:
    """The address: that of the work, not that of its record at PubMed."""
    for each in mappings(cited.get("webLocation")):
        url = words(each.get("url"), 1000)
        if match := _PUBMED.fullmatch(url):
            item.setdefault("PMID", match[1])
        elif doi := doi_of_address(url):
            item.setdefault("DOI", doi)
        elif _ADDRESS.fullmatch(url) and "PMC" not in url:
            item.setdefault("URL", url)


def _people(item: Item, data: Mapping[str, Any], cited: Mapping[str, Any], lost: list[str]) -> None:
    """Authors in their order: those who are contained, or the names that stand for them."""
    held = {f"#{words(each.get('id'))}": each for each in mappings(data.get("contained"))}
    authors, more = [], False
    for entry in mappings(at(cited, "contributorship", "entry")):
        role = {concept(entry.get("role")).lower(), *codes(entry.get("role"))}
        if role - {""} and not any("author" in each for each in role):
            lost.append("citedArtifact.contributorship: contributors who are no authors")
            continue
        who = entry.get("contributor")
        person = held.get(words(at(who, "reference")), {})
        if name := _name(person, who, entry):
            authors.append(name)
        else:
            more = True
    if more:
        lost.append("citedArtifact.contributorship: an author without a name")
    if authors and at(cited, "contributorship", "complete") is False:
        authors.append({"literal": "others"})
    if authors:
        item["author"] = authors


def _name(person: Mapping[str, Any], who: Any, entry: Mapping[str, Any]) -> dict[str, str]:
    name = person.get("name")
    if isinstance(name, str):
        return {"literal": words(name)} if words(name) else {}
    first = next(iter(mappings(name)), {})
    given = first.get("given")
    parts = {
        "family": words(first.get("family")),
        "given": words(" ".join(map(words, given if isinstance(given, list) else [given]))),
    }
    if parts["family"]:
        return {part: text for part, text in parts.items() if text}
    literal = (
        words(first.get("text"))
        or words(at(who, "display"))
        or words(at(entry, "contributorInstance", "display"))
        or words(entry.get("contributorInstance"))
    )
    return {"literal": literal} if literal else {}


def _type(item: Item, cited: Mapping[str, Any]) -> str:
    told = " ".join(
        concept(classifier).lower() + " " + " ".join(codes(classifier))
        for each in mappings(cited.get("classification"))
        for classifier in mappings(each.get("classifier"))
    )
    for sign, type in _TYPES:
        if sign in told:
            return type
    if "container-title" in item:
        return "article-journal"
    return "webpage" if "URL" in item else "document"


def named_work(relation: Mapping[str, Any], known: Callable[..., Item | None]) -> Item | None:
    """The work that a relation of a resource names: in these files, by an address, an identifier or a citation.

    Args:
        relation: A relation of R6 (``relatesTo``) or R5 (``relatedArtifact``).
        known: Finds a work that the files describe, by its names.
    """
    for key in ("targetReference", "resourceReference"):
        if found := known(words(at(relation, key, "reference"), 500)):
            return found
    addresses = [words(each, 1000) for each in (
        relation.get("targetUri"), at(relation, "targetAttachment", "url"), relation.get("url"), at(relation, "document", "url"),
        relation.get("resource"), relation.get("targetCanonical"))]  # fmt: skip
    addresses = [each for each in addresses if each]
    if found := known(*addresses, *("/".join(each.split("/")[-2:]) for each in addresses)):
        return found
    citation = words(relation.get("citation"), 600) or words(at(relation, "targetAttachment", "title"), 600)
    shown = (
        citation
        or words(at(relation, "targetReference", "display"), 300)
        or words(at(relation, "resourceReference", "display"), 300)
    )
    shown = (
        shown
        or words(at(relation, "document", "title"), 300)
        or words(relation.get("display"), 300)
        or words(relation.get("label"), 300)
    )
    item: Item = {"id": "", "type": "document"}
    if doi := next((told for each in addresses if (told := doi_of_address(each))), "") or doi_in(citation):
        item["DOI"], item["type"] = doi, "article-journal"
    pubmed = next((match[1] for each in addresses if (match := _PUBMED.fullmatch(each))), "")
    if pubmed := pubmed or (match[1] if (match := re.search(r"(?i)\bPMID:? ?([1-9][0-9]{0,7})\b", citation)) else ""):
        item["PMID"], item["type"] = pubmed, "article-journal"
    url = next((each for each in addresses if _ADDRESS.fullmatch(each)), "")
    if url and not doi and not pubmed:
        item["URL"], item["type"] = url, "webpage"
    for each in mappings(at(relation, "targetReference", "identifier")):
        _identifier(item, each)
    if shown:
        item["title"] = shown.partition(" [Journal Article]")[0].rstrip(".")
    return item if item.keys() & {"title", "DOI", "PMID", "URL"} else None


def resource_item(data: Mapping[str, Any], name: str) -> Item:
    """A resource as a work of its own: what its server publishes."""
    item: Item = {
        "id": "",
        "type": "dataset",
        "title": words(data.get("title"), 600) or words(data.get("name"), 600) or name,
    }
    url = words(data.get("url"), 1000)
    if _ADDRESS.fullmatch(url):
        item["URL"] = url
    else:
        item["number"] = f"FHIR {name}"
    if publisher := words(data.get("publisher")):
        item["publisher"] = publisher
    if date := _date(data.get("date")) or _date(at(data, "meta", "lastUpdated")):
        item["issued"] = date_of(date)
    if version := words(data.get("version")) or words(at(data, "meta", "versionId")):
        item["version"] = version
    authors = [text for each in mappings(data.get("author")) if (text := words(each.get("name")))]
    if authors:
        item["author"] = [{"literal": text} for text in authors]
    return item
