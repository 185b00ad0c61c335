"""OpenAlex: its record of a work, put together from the records of others.

>>> found = entry({
...     "id": "https://openalex.org/W1", "doi": "https://doi.org/10.5555/a", "title": "Work and wages", "type": "article",
...     "publication_year": 2021, "publication_date": "2021-01-01",
...     "authorships": [{"author": {"display_name": "Josiah Carberry"}, "raw_author_name": "Carberry, Josiah"}],
... })
>>> found.item["DOI"], found.item["author"], found.item["issued"]
('10.5555/a', [{'family': 'Carberry', 'given': 'Josiah'}], {'date-parts': [[2021]]})

References:
    OpenAlex, technical documentation, Work object.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Answer, Client
from evidencekb.sources.items import Entry, Item, date_of
from evidencekb.sources.markup import inline
from evidencekb.sources.services.names import GUESSED, person
from evidencekb.sources.services.records import (
    AMONG_FACTS,
    ANOTHER,
    NO_PLACE,
    Facts,
    Looked,
    Organisation,
    Record,
    confirm,
    mappings,
    ror_of,
    word,
)

REGISTRY = (
    "abstract_inverted_index_v3", "apc_list", "apc_paid", "authors_count", "best_oa_location", "biblio.score",
    "citation_normalized_percentile", "cited_by_api_url", "cited_by_count", "cited_by_percentile_year",
    "concepts_count", "content_urls", "corresponding_author_ids", "corresponding_institution_ids",
    "countries_distinct_count", "counts_by_year", "created_date", "display_name", "fulltext_origin", "fwci",
    "has_content", "has_fulltext", "id", "ids.openalex", "indexed_in", "institutions_distinct_count", "is_oa",
    "is_paratext", "is_xpac", "locations", "locations_count", "ngrams_url", "open_access", "primary_location",
    "publication_year", "referenced_works_count", "relevance_score", "summary_stats", "topics_count", "type_crossref",
    "updated_date",
)  # fmt: skip
"""Keys about the index: what it counts, where it found a copy, its own ids."""

_TYPES = {
    "article": ("article-journal", ""), "book": ("book", ""), "book-chapter": ("chapter", ""),
    "book-section": ("chapter", ""), "conference-paper": ("paper-conference", ""), "data-paper": ("article-journal", ""),
    "dataset": ("dataset", ""), "dissertation": ("thesis", ""), "editorial": ("article-journal", "Editorial"),
    "erratum": ("article-journal", "Erratum"), "grant": ("document", "Grant"), "letter": ("article-journal", "Letter"),
    "libguides": ("webpage", ""), "other": ("document", ""), "paratext": ("document", "Paratext"),
    "peer-review": ("review", ""), "preprint": ("article", "Preprint"), "reference-entry": ("entry", ""),
    "report": ("report", ""), "retraction": ("article-journal", "Retraction"), "review": ("article-journal", "Review"),
    "software": ("software", ""), "standard": ("standard", ""),
    "supplementary-materials": ("document", "Supplementary materials"),
}  # fmt: skip


def fetch(client: Client, identifier: str) -> Looked:
    """What OpenAlex knows of a work by its own id (``W…``).

    Raises:
        LookupFailed: If it does not know it (``"not_found"``), answers about another, or does not answer.
    """

    def read(answer: Answer) -> Mapping[str, Any]:
        data = answer.json()
        if not isinstance(data, Mapping) or "id" not in data:
            raise LookupFailed("openalex", answer.url, "unreadable", "the answer holds no record of a work")
        # Works that were two are now one: the address of the one that is gone leads to the other.
        if (number := _number(data)) and not answer.url.partition("?")[0].casefold().endswith(f"/{number.casefold()}"):
            confirm(answer, ids.Identifier("openalex", identifier), [number])
        return data

    answer = client.get(
        "openalex", f"works/{quote(identifier, safe='')}", accept="application/json", allow=(), check=read
    )
    data = read(answer)
    return Looked(entry(data, asked=identifier), facts(data), "openalex", answer.url, answer.fetched_on, answer.cached)


def _number(work: Mapping[str, Any]) -> str:
    return _tail(word(work, "id"), "openalex.org/")


def entry(work: Mapping[str, Any], *, asked: str = "") -> Entry:
    """A work from a record of OpenAlex, with what has no place in it.

    Args:
        work: The record.
        asked: The id that was asked for; that the record has another one is said among the losses.
    """
    record = Record(dict(work))
    if asked and (number := _number(work)) and number.casefold() != asked.casefold():
        record.lose("id", asked, ANOTHER.format(asked=asked, answered=number))
    identifiers = record.part("ids")
    doi = _tail(record.text("doi") or identifiers.text("doi"), "doi.org/")
    identifiers.take("doi")
    item: Item = {
        "id": f"doi:{doi}" if doi else _number(work) or "openalex",
        "DOI": doi,
        "PMID": _tail(identifiers.text("pmid"), "pubmed.ncbi.nlm.nih.gov/"),
        "PMCID": _tail(identifiers.text("pmcid"), "articles/"),
    }
    if item["PMCID"] and not item["PMCID"].upper().startswith("PMC"):
        item["PMCID"] = f"PMC{item['PMCID']}"
    record.give_back("ids", identifiers)
    type_ = record.text("type")
    item["type"], item["genre"] = _TYPES.get(type_, ("document", type_.capitalize()))
    title = record.take("title") or word(work, "display_name")
    item["title"] = inline(str(title)) if title else ""
    if not item["title"]:
        record.lose("title", "", "the record has no title; write what the work prints")
    _authors(record, item)
    _date(record, item)
    _place(record, work, item)
    item["language"] = record.text("language")
    if isinstance(index := record.data.get("abstract_inverted_index"), Mapping):
        item["abstract"] = _abstract(index)
        record.take("abstract_inverted_index")
    item["keyword"] = ", ".join(
        word(one, "display_name") or word(one, "keyword") for one in mappings(record.take("keywords"))
    )
    if work.get("is_retracted") is True:
        record.lose("is_retracted", "true", "the index says that the work is retracted; ask the registry of its DOI")
    record.take("is_retracted")
    for key in ("funders", "grants", "awards"):
        record.drop(key, AMONG_FACTS)
    for key in (
        "referenced_works", "related_works", "topics", "primary_topic", "concepts", "mesh",
        "sustainable_development_goals", "datasets", "versions",
    ):  # fmt: skip
        record.drop(key)
    return record.entry(item, registry=REGISTRY)


def facts(work: Mapping[str, Any]) -> Facts:
    """Publisher, affiliations and funders of a record; OpenAlex finds affiliations itself, and may be wrong.

    Who keeps a repository in which a copy lies is no publisher.
    """
    bodies = [
        Organisation(word(source, "host_organization_name"), "publisher")
        for location in mappings(work.get("primary_location"))
        for source in mappings(location.get("source"))
        if word(source, "type") != "repository"
    ]
    for one in mappings(work.get("authorships")):
        name = word(one, "raw_author_name") or "".join(word(a, "display_name") for a in mappings(one.get("author")))
        bodies += [
            Organisation(word(body, "display_name"), "affiliation", ror_of(word(body, "ror")), "", name)
            for body in mappings(one.get("institutions"))
        ]
    for key in ("funders", "grants"):
        for one in mappings(work.get(key)):
            name = word(one, "funder_display_name") or word(one, "display_name")
            awards = (award,) if (award := word(one, "award_id")) else ()
            bodies.append(Organisation(name, "funder", ror_of(word(one, "ror")), word(one, "funder"), awards=awards))
    return Facts(tuple(dict.fromkeys(body for body in bodies if body.name or body.ror)))


def _authors(record: Record, item: Item) -> None:
    names, guessed = [], []
    people = record.parts("authorships")
    for one in people:
        author = one.part("author")
        shown = author.text("display_name")
        # As the work prints it; the index's own form may be another person's.
        printed = one.text("raw_author_name") or shown
        author.take("id")
        if orcid := author.text("orcid"):
            record.lose("authorships.author.orcid", orcid, NO_PLACE)
        if printed:
            name = person(printed)
            if "family" in name and "," not in printed:
                guessed.append(printed)
            names.append(name)
        for key in ("institutions", "raw_affiliation_strings", "affiliations"):
            one.drop(key, AMONG_FACTS)
        for key in ("author_position", "countries", "is_corresponding"):
            one.take(key)
        one.give_back("author", author)
    item["author"] = names
    if guessed:
        record.lose("authorships", "; ".join(guessed), GUESSED)
    record.give_back("authorships", *people)


def _date(record: Record, item: Item) -> None:
    """The day; the first of January alone is how OpenAlex writes that it knows the year."""
    day, year = record.text("publication_date"), record.text("publication_year")
    if re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", day) and "date-parts" in (date := date_of(day)):
        if day.endswith("-01-01"):
            date = date_of(day[:4])
            record.lose("publication_date", day, "stands for the year alone as well")
        item["issued"] = date
    elif re.fullmatch(r"[0-9]{4}", year):
        item["issued"] = date_of(year)
    else:
        record.lose("publication_date", day or year, "the record has no date of publication")


def _place(record: Record, work: Mapping[str, Any], item: Item) -> None:
    biblio = record.part("biblio")
    item["volume"], item["issue"] = biblio.text("volume"), biblio.text("issue")
    first, last = biblio.text("first_page"), biblio.text("last_page")
    item["page"] = f"{first}-{last}" if first and last and first != last else first or last
    record.give_back("biblio", biblio)
    for location in mappings(work.get("primary_location")):
        for source in mappings(location.get("source")):
            name, host = word(source, "display_name"), word(source, "host_organization_name")
            if word(source, "type") == "repository" and item["type"] != "article":
                record.lose("primary_location.source", name, "where a copy lies")
                continue
            item["container-title"], item["ISSN"] = name, word(source, "issn_l")
            item["publisher"] = host


def _abstract(index: Mapping[str, Any]) -> str:
    """The text whose words an inverted index places.

    Examples:
        >>> _abstract({"the": [0, 2], "end": [1]})
        'the end the'
    """
    places = [
        (place, str(text))
        for text, found in index.items()
        for place in (found if isinstance(found, list) else ())
        if isinstance(place, int)
    ]
    return " ".join(text for _, text in sorted(places)[:20_000])


def _tail(text: str, before: str) -> str:
    return text.rpartition(before)[2].strip("/") if before in text else text
