"""DataCite: its record of a data set, a program, a preprint, a report.

>>> found = entry({
...     "doi": "10.5555/ABC", "types": {"resourceTypeGeneral": "Dataset"}, "publicationYear": 2020,
...     "titles": [{"title": "Wages"}, {"title": "A panel", "titleType": "Subtitle"}], "publisher": "Example Archive",
...     "creators": [{"name": "Carberry, Josiah", "nameType": "Personal"}],
... })
>>> found.item["title"], found.item["author"], found.item["issued"], found.item["type"]
('Wages: A panel', [{'family': 'Carberry', 'given': 'Josiah'}], {'date-parts': [[2020]]}, 'dataset')

References:
    DataCite, REST API; DataCite Metadata Schema 4.6.
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
from evidencekb.sources.markup import inline, joined_title, paragraphs
from evidencekb.sources.services.names import AS_PRINTED, GUESSED, person
from evidencekb.sources.services.records import (
    AMONG_FACTS,
    NO_PLACE,
    Facts,
    Looked,
    Organisation,
    Record,
    Related,
    confirm,
    in_capitals,
    mappings,
    related,
    ror_of,
    word,
)

REGISTRY = (
    "xml", "state", "isActive", "created", "registered", "published", "updated", "viewCount", "viewsOverTime",
    "downloadCount", "downloadsOverTime", "referenceCount", "citationCount", "citationsOverTime", "partCount",
    "partOfCount", "versionCount", "versionOfCount", "metadataVersion", "schemaVersion", "source", "reason", "suffix",
    "prefix", "contentUrl", "identifiers", "types.ris", "types.bibtex", "types.citeproc", "types.schemaOrg",
    "creators.nameIdentifiers.schemeUri", "creators.nameIdentifiers.nameIdentifierScheme", "creators.lang",
    "contributors.nameIdentifiers.schemeUri", "contributors.nameIdentifiers.nameIdentifierScheme",
    "contributors.lang", "titles.lang", "descriptions.lang", "publisher.schemeUri", "publisher.lang",
    "publisher.publisherIdentifierScheme", "container.identifierType",
)  # fmt: skip
"""Keys about the registry: how often a record was seen, its versions, and the same type in the words of others."""

_TYPES = {
    "audiovisual": ("motion_picture", ""), "award": ("document", "Award"), "book": ("book", ""),
    "bookchapter": ("chapter", ""), "collection": ("collection", ""), "computationalnotebook": ("software", ""),
    "conferencepaper": ("paper-conference", ""), "conferenceproceeding": ("book", ""), "datapaper": ("article-journal", ""),
    "dataset": ("dataset", ""), "dissertation": ("thesis", ""), "event": ("event", ""), "image": ("graphic", ""),
    "interactiveresource": ("webpage", ""), "journal": ("periodical", ""), "journalarticle": ("article-journal", ""),
    "model": ("document", "Model"), "outputmanagementplan": ("document", "Data management plan"),
    "peerreview": ("review", ""), "physicalobject": ("document", "Physical object"), "preprint": ("article", "Preprint"),
    "project": ("document", "Project"), "report": ("report", ""), "service": ("document", "Service"),
    "software": ("software", ""), "sound": ("song", ""), "standard": ("standard", ""),
    "studyregistration": ("document", "Study registration"), "workflow": ("document", "Workflow"),
}  # fmt: skip
# Papers that were registered before there was a type for them say in the free words what they are.
_WORDS = (
    ("preprint", ("article", "Preprint")),
    ("working paper", ("report", "Working paper")),
    ("workingpaper", ("report", "Working paper")),
    ("discussion paper", ("report", "Discussion paper")),
    ("thesis", ("thesis", "")),
    ("dissertation", ("thesis", "")),
    ("journal article", ("article-journal", "")),
    ("journalarticle", ("article-journal", "")),
    ("book chapter", ("chapter", "")),
    ("conference paper", ("paper-conference", "")),
    ("report", ("report", "")),
)


def fetch(client: Client, identifier: str) -> Looked:
    """What DataCite knows of a DOI.

    Raises:
        LookupFailed: If it does not know it (``"not_found"``), answers about another, or does not answer.
    """

    def read(answer: Answer) -> Mapping[str, Any]:
        attributes = _attributes(answer)
        confirm(answer, ids.Identifier("doi", identifier), [word(attributes, "doi")])
        return attributes

    answer = client.get(
        "datacite",
        f"dois/{quote(identifier, safe='')}",
        params={"affiliation": "true", "publisher": "true"},
        accept="application/vnd.api+json",
        allow=(),
        check=read,
    )
    attributes = read(answer)
    return Looked(entry(attributes), facts(attributes), "datacite", answer.url, answer.fetched_on, answer.cached)


def _attributes(answer: Answer) -> Mapping[str, Any]:
    data = answer.json()
    data = data.get("data") if isinstance(data, Mapping) else None
    attributes = data.get("attributes") if isinstance(data, Mapping) else None
    if not isinstance(attributes, Mapping):
        raise LookupFailed("datacite", answer.url, "unreadable", "the answer holds no record of a work")
    return attributes


def entry(attributes: Mapping[str, Any]) -> Entry:
    """A work from the attributes of a record of DataCite, with what has no place in it."""
    record = Record(dict(attributes))
    doi = record.text("doi") or record.text("id")
    item: Item = {"id": f"doi:{doi}" if doi else "datacite", "DOI": doi}
    _kind(record, item)
    _titles(record, item)
    _people(record, item)
    _dates(record, item)
    _container(record, item)
    if isinstance(record.data.get("publisher"), Mapping):
        publisher = record.part("publisher")
        item["publisher"] = publisher.text("name")
        publisher.take("publisherIdentifier")  # among the facts
        record.give_back("publisher", publisher)
    else:
        item["publisher"] = record.text("publisher")
    item["language"], item["version"] = record.text("language"), record.text("version")
    if re.match(r"https?://", str(record.data.get("url") or ""), re.IGNORECASE):
        item["URL"] = record.text("url")
    _texts(record, item)
    for key in ("relatedIdentifiers", "relatedItems", "fundingReferences"):
        record.drop(key, AMONG_FACTS)
    for key in ("rightsList", "geoLocations", "formats", "sizes", "alternateIdentifiers"):
        record.drop(key)
    return record.entry(item, registry=REGISTRY)


def facts(attributes: Mapping[str, Any]) -> Facts:
    """Publisher, funders, affiliations and other works of a record."""
    bodies: list[Organisation] = []
    for one in _named(attributes.get("publisher")):
        address = word(one, "publisherIdentifier")
        bodies.append(Organisation(word(one, "name"), "publisher", ror_of(address), address))
    for key in ("creators", "contributors"):
        for person_ in mappings(attributes.get(key)):
            for one in _named(person_.get("affiliation")):
                address = word(one, "affiliationIdentifier")
                body = Organisation(word(one, "name"), "affiliation", ror_of(address), address, word(person_, "name"))
                bodies.append(body)
    for one in mappings(attributes.get("fundingReferences")):
        address, award = word(one, "funderIdentifier"), word(one, "awardNumber")
        awards = (award,) if award else ()
        bodies.append(Organisation(word(one, "funderName"), "funder", ror_of(address), address, awards=awards))
    others: list[Related] = []
    for one in mappings(attributes.get("relatedIdentifiers")):
        # IsVersionOf becomes is-version-of, as Crossref writes it.
        relation = re.sub(r"(?<=[a-z])(?=[A-Z])", "-", word(one, "relationType")).lower()
        text, scheme = word(one, "relatedIdentifier"), word(one, "relatedIdentifierType")
        others.append(related(relation, text, scheme, word(one, "resourceTypeGeneral")))
    return Facts(
        tuple(dict.fromkeys(body for body in bodies if body.name or body.ror)),
        tuple(dict.fromkeys(other for other in others if other.text)),
    )


def _kind(record: Record, item: Item) -> None:
    types = record.part("types")
    general, words = types.text("resourceTypeGeneral"), types.text("resourceType")
    type_, genre = _TYPES.get(general.lower(), ("document", ""))
    if general.lower() in ("text", "other", "", "collection"):
        type_, genre = next((known for word, known in _WORDS if word in words.lower()), (type_, genre))
    item["type"], item["genre"] = type_, genre
    if words and words.lower().replace(" ", "") not in (general.lower(), genre.lower().replace(" ", "")):
        item["genre"] = genre or words
        if item["genre"] != words:
            record.lose("types.resourceType", words, "the type says it")
    record.give_back("types", types)


def _titles(record: Record, item: Item) -> None:
    titles = record.parts("titles")
    subtitles, main = [], ""
    for one in titles:
        sort, raw = one.text("titleType"), one.take("title")
        text = inline(str(raw)) if raw else ""
        if not sort and not main:
            main = text
        elif sort == "Subtitle":
            subtitles.append(text)
        elif sort == "TranslatedTitle" or text:
            record.lose("titles", text, f"a further title ({sort or 'no type'})")
    if main:
        item["title"] = joined_title(main, subtitles)
        if in_capitals(main):
            record.lose("titles", main, AS_PRINTED)
    else:
        record.lose("titles", "; ".join(subtitles), "the record has no title; write what the work prints")
    record.give_back("titles", *titles)


def _people(record: Record, item: Item) -> None:
    editors: list[dict[str, str]] = []
    guessed: list[str] = []
    creators, contributors = record.parts("creators"), record.parts("contributors")
    authors = [name for one in creators if (name := _name(one, guessed))]
    for one in contributors:
        role, name = one.text("contributorType"), _name(one, guessed)
        if role == "Editor" and name:
            editors.append(name)
        elif name:
            record.lose(f"contributors.{role or 'name'}", name.get("literal") or " ".join(name.values()), NO_PLACE)
    item["author"], item["editor"] = authors, editors
    if guessed:
        record.lose("creators", "; ".join(guessed), GUESSED)
    for key, people in (("creators", creators), ("contributors", contributors)):
        places = [word(place, "name") for one in people for place in _named(one.take("affiliation"))]
        if places:
            record.lose(f"{key}.affiliation", "; ".join(dict.fromkeys(places)), AMONG_FACTS)
        record.give_back(key, *people)


def _name(one: Record, guessed: list[str]) -> dict[str, str]:
    sort, family, given = one.text("nameType"), one.text("familyName"), one.text("givenName")
    whole = one.text("name")
    if sort == "Organizational" and whole:
        for part, text in (("familyName", family), ("givenName", given)):
            if text:
                one.data[part] = text
        return {"literal": whole}
    if family:
        return {"family": family} | ({"given": given} if given else {})
    if whole and sort == "Personal" and "," not in whole:
        guessed.append(whole)
    # Without a type, a comma tells a person; DataCite asks for names as "Family, Given".
    if whole and (sort == "Personal" or whole.count(",") == 1):
        return person(whole)
    return {"literal": whole or given} if whole or given else {}


def _dates(record: Record, item: Item) -> None:
    """The day of issue where it is given, otherwise the year of publication."""
    year = record.text("publicationYear")
    dates = record.parts("dates")
    for one in dates:
        sort, text = one.text("dateType"), one.text("date")
        if not text:
            continue
        date = date_of(re.sub(r"T[0-9:.]+(?:Z|[+-][0-9:]+)?", "", text))
        is_known = "date-parts" in date
        if sort == "Issued" and "issued" not in item and is_known:
            item["issued"] = date
        elif sort == "Submitted" and "submitted" not in item and is_known:
            item["submitted"] = date
        elif sort == "Available" and "available-date" not in item and is_known:
            item["available-date"] = date
        else:
            record.lose(f"dates.{sort or 'date'}", text, "no date of publication" if is_known else "no calendar date")
    if re.fullmatch(r"[0-9]{4}", year) and "issued" not in item:
        item["issued"] = {"date-parts": [[int(year)]]}
    elif year and ("issued" not in item or int(item["issued"]["date-parts"][0][0]) != _year(year)):
        record.lose("publicationYear", year, "another year than the day of issue")
    if "issued" not in item:
        record.lose("publicationYear", year, "the record has no date of publication")
    if item.get("available-date") == item.get("issued"):
        item.pop("available-date", None)
    record.give_back("dates", *dates)


def _container(record: Record, item: Item) -> None:
    container = record.part("container")
    sort, title = container.text("type"), container.text("title")
    if title:
        item["collection-title" if sort == "Series" and item["type"] in ("book", "report") else "container-title"] = (
            title
        )
    first, last = container.text("firstPage"), container.text("lastPage")
    item["page"] = f"{first}-{last}" if first and last and first != last else first or last
    for key in ("volume", "issue", "edition"):
        item[key] = container.text(key)
    if re.fullmatch(r"[0-9]{4}-[0-9]{3}[0-9Xx]", str(container.data.get("identifier") or "")):
        item["ISSN"] = container.text("identifier")
    record.give_back("container", container)


def _texts(record: Record, item: Item) -> None:
    descriptions = record.parts("descriptions")
    for one in descriptions:
        sort, raw = one.text("descriptionType"), one.take("description")
        if not raw:
            continue
        if sort == "Abstract" and "abstract" not in item:
            item["abstract"] = paragraphs(str(raw))
        else:
            record.lose(f"descriptions.{sort or 'description'}", str(raw), NO_PLACE)
    record.give_back("descriptions", *descriptions)
    subjects = record.parts("subjects")
    words = [text for one in subjects if (text := one.text("subject"))]
    item["keyword"] = ", ".join(dict.fromkeys(words))
    record.give_back("subjects", *subjects)


def _named(value: object) -> list[Mapping[str, Any]]:
    """Bodies with their names, which older records give as bare texts."""
    values = value if isinstance(value, list) else [value]
    return [one if isinstance(one, Mapping) else {"name": one} for one in values if one]


def _year(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,4}", text) else 0
