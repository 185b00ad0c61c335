"""Crossref: its record of a work, also as doi.org hands it out as CSL-JSON.

What is taken as it is printed: names in capitals stay so (nobody but the work itself knows ``McDonald``), titles keep
their capitals. What is never taken: ``created``, ``deposited`` and ``approved`` are no dates of publication.

>>> found = entry({
...     "DOI": "10.5555/12345678", "type": "journal-article", "title": ["Work &amp; wages"], "subtitle": ["A survey"],
...     "author": [{"given": "Josiah", "family": "CARBERRY", "sequence": "first", "affiliation": []}],
...     "issued": {"date-parts": [[2021, 4]]}, "container-title": ["Journal of Psychoceramics"],
... })
>>> found.item["title"], found.item["issued"], found.item["type"]
('Work & wages: A survey', {'date-parts': [[2021, 4]]}, 'article-journal')
>>> [str(loss) for loss in found.losses]
["author = 'CARBERRY': in capitals, kept as printed; is this how the work spells it?"]

References:
    Crossref, REST API, format of works. Crossref, deposit schema 5.3.1, for types, relations and dates.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Answer, Client
from evidencekb.sources.items import NAMES, TYPES, Entry, Item, date_of, edtf
from evidencekb.sources.markup import inline, joined_title, paragraphs, plain_text
from evidencekb.sources.services.names import AS_PRINTED
from evidencekb.sources.services.records import (
    AMONG_FACTS,
    ANOTHER,
    NO_PLACE,
    Facts,
    Looked,
    Organisation,
    Record,
    Related,
    in_capitals,
    is_text,
    mappings,
    orcid_name,
    related,
    ror_of,
    word,
)

REGISTRY = (
    "URL", "author.affiliation.id-type", "author.authenticated-orcid", "author.role.vocabulary", "author.sequence",
    "chair.authenticated-orcid", "chair.role.vocabulary", "chair.sequence", "content-domain", "created", "deposited",
    "editor.authenticated-orcid",
    "editor.role.vocabulary", "editor.sequence", "indexed", "is-referenced-by-count",
    "isbn-type", "issn-type", "link", "member", "prefix", "reference-count", "references-count", "resource", "score",
    "source", "translator.authenticated-orcid", "translator.role.vocabulary", "translator.sequence", "update-policy",
)  # fmt: skip
"""Keys about the registry, not the work: when and by whom it was deposited, where the DOI leads today, how often it is
cited, in which order the names stand (they stand in it), and which of its numbers are of the printed edition."""

_TYPES = {
    "book": "book", "book-chapter": "chapter", "book-part": "chapter", "book-section": "chapter",
    "book-series": "book", "book-set": "book", "book-track": "chapter", "component": "document",
    "database": "dataset", "dataset": "dataset", "dissertation": "thesis", "edited-book": "book", "grant": "document",
    "journal": "periodical", "journal-article": "article-journal", "journal-issue": "periodical",
    "journal-volume": "periodical", "monograph": "book", "other": "document", "peer-review": "review",
    "posted-content": "article", "proceedings": "book", "proceedings-article": "paper-conference",
    "proceedings-series": "book", "reference-book": "book", "reference-entry": "entry", "report": "report",
    "report-component": "report", "report-series": "report", "standard": "standard", "standard-series": "standard",
}  # fmt: skip
# Types that CSL has no word for say in the genre what they are.
_GENRES = {
    "component": "Component", "grant": "Grant", "journal-issue": "Journal issue", "journal-volume": "Journal volume",
    "database": "Database",
}  # fmt: skip
_POSTED = {
    "preprint": ("article", "Preprint"),
    "working_paper": ("report", "Working paper"),
    "report": ("report", ""),
    "dissertation": ("thesis", ""),
    "letter": ("article", "Letter"),
}
_TEXTS = {
    "volume": "volume", "issue": "issue", "page": "page", "edition-number": "edition", "publisher": "publisher",
    "publisher-location": "publisher-place", "language": "language", "part-number": "part-number", "number": "number",
    "report-number": "number", "PMID": "PMID", "PMCID": "PMCID",
}  # fmt: skip
# The series stands first where a chapter or a paper has two containers.
_IN_SERIES = frozenset({"chapter", "paper-conference"})
_DATED = ("issued", "published", "published-print", "published-online", "published-other", "posted")


def fetch(client: Client, identifier: str) -> Looked:
    """What Crossref knows of a DOI.

    Raises:
        LookupFailed: If it does not know it (``"not_found"``), or does not answer.
    """
    answer = client.get(
        "crossref", f"works/{quote(identifier, safe='')}", accept="application/json", allow=(), check=message_of
    )
    return looked(answer, identifier, message_of(answer))


def message_of(answer: Answer) -> dict[str, Any]:
    """The record in an answer.

    Raises:
        LookupFailed: If there is none.
    """
    data = answer.json()
    message = data.get("message") if isinstance(data, Mapping) else None
    if not isinstance(message, dict):
        raise LookupFailed(answer.service, answer.url, "unreadable", "the answer holds no record of a work")
    return message


def looked(answer: Answer, identifier: str, message: Mapping[str, Any]) -> Looked:
    """A record that was served, as a work with its facts."""
    return Looked(
        entry(message, asked=identifier),
        facts(message),
        answer.service,
        answer.url,
        answer.fetched_on,
        answer.cached,
    )


def entry(message: Mapping[str, Any], *, asked: str = "") -> Entry:
    """A work from a record of Crossref, with what has no place in it.

    Args:
        message: The record, without the envelope.
        asked: The DOI that was asked for; that the record has another one is said among the losses.
    """
    record = Record(dict(message))
    doi = record.text("DOI") or record.text("doi")
    item: Item = {"id": f"doi:{doi}" if doi else "", "DOI": doi}
    if asked and doi and asked.casefold() != doi.casefold():
        record.lose("DOI", asked, ANOTHER.format(asked=asked, answered=doi))
    _kind(record, item)
    _grant(record)
    _title(record, item)
    _container(record, item)
    for role in NAMES:
        item[role] = _names(record, role)
    _dates(record, item)
    _numbers(record, item)
    for key, variable in _TEXTS.items():
        if variable not in item and (text := record.text(key)):
            item[variable] = text
    for key in ("abstract", "description"):
        if "abstract" not in item and isinstance(record.data.get(key), str):
            item["abstract"] = paragraphs(record.take(key))
    _event(record, item)
    for key in ("relation", "update-to", "updated-by", "funder", "institution", "project"):
        record.drop(key, AMONG_FACTS)
    for key in ("reference", "assertion", "license", "alternative-id", "subject", "archive", "clinical-trial-number"):
        record.drop(key)
    if not item["id"]:
        item["id"] = "crossref"
        record.lose("DOI", "", "the record has no DOI")
    return record.entry(item, registry=REGISTRY)


def facts(message: Mapping[str, Any]) -> Facts:
    """Publisher, funders, affiliations and other works of a record."""
    bodies: list[Organisation] = []
    if is_text(publisher := message.get("publisher")):
        bodies.append(Organisation(plain_text(str(publisher)), "publisher"))
    for role in NAMES:
        for person in mappings(message.get(role)):
            name = orcid_name(word(person, "family"), word(person, "given"), word(person, "name"))
            bodies += [_organisation(one, "affiliation", name) for one in mappings(person.get("affiliation"))]
    bodies += [_organisation(one, "institution") for one in mappings(message.get("institution"))]
    bodies += [_organisation(one, "funder") for one in mappings(message.get("funder"))]
    others: list[Related] = []
    relations = message.get("relation")
    for relation, entries in relations.items() if isinstance(relations, Mapping) else ():
        others += [related(str(relation), word(one, "id"), word(one, "id-type")) for one in mappings(entries)]
    for key in ("update-to", "updated-by"):
        for one in mappings(message.get(key)):
            note = word(one, "type")
            # Crossmark registers a new version under the DOI it has: that is no other work.
            if word(one, "DOI").casefold() != word(message, "DOI").casefold():
                others.append(related(key, word(one, "DOI"), "doi", note))
    return Facts(
        tuple(dict.fromkeys(body for body in bodies if body.name or body.ror)),
        tuple(dict.fromkeys(other for other in others if other.text)),
    )


def _kind(record: Record, item: Item) -> None:
    type_, subtype = record.text("type"), record.text("subtype")
    item["type"] = _TYPES.get(type_) or (type_ if type_ in TYPES else "document")
    item["genre"] = _GENRES.get(type_, "") or record.text("genre")
    if type_ == "posted-content":
        item["type"], item["genre"] = _POSTED.get(subtype, ("article", subtype.replace("_", " ").capitalize()))
    elif type_ not in _TYPES and type_ not in TYPES:
        record.lose("type", type_, "no type of CSL is known for it; it is a document")
    if subtype and type_ != "posted-content":
        record.lose("subtype", subtype, NO_PLACE)
    if degree := record.text("degree"):
        item["genre"] = degree
    review = record.part("review")
    if sort := review.text("type"):
        item["genre"] = sort.replace("-", " ").capitalize()
    record.give_back("review", review)


def _grant(record: Record) -> None:
    """A grant has its title in its first project, and its number as an award."""
    if "title" in record.data or not (projects := record.parts("project")):
        return
    titles = [word(one, "title") for one in mappings(projects[0].take("project-title"))]
    record.data |= {"title": titles} | ({"number": award} if (award := record.text("award")) else {})
    record.give_back("project", *projects)


def _title(record: Record, item: Item) -> None:
    titles = [inline(text) for text in _raw_texts(record, "title")]
    subtitles = [inline(text) for text in _raw_texts(record, "subtitle")]
    originals = [text for text in map(inline, _raw_texts(record, "original-title")) if text]
    title = next((text for text in titles if text), "")
    if title:
        item["title"] = joined_title(title, subtitles)
        if in_capitals(title):
            record.lose("title", title, AS_PRINTED)
    else:
        record.lose("title", "", "the record has no title; write what the work prints")
        for text in filter(None, subtitles):
            record.lose("subtitle", text, "there is no title that it belongs to")
    for text in [text for text in titles if text][1:]:
        record.lose("title", text, "a second title")
    for place, text in enumerate(originals):
        if text.casefold() == title.casefold():
            continue
        if place == 0:
            item["original-title"] = text
        else:
            record.lose("original-title", text, "a second title in another language")
    item["title-short"] = inline(record.text("short-title"))


def _container(record: Record, item: Item) -> None:
    names = [text for text in map(inline, _raw_texts(record, "container-title")) if text]
    if len(names) > 1 and item["type"] in _IN_SERIES:
        names[:2] = names[1], names[0]
    for variable, name in zip(("container-title", "collection-title"), names, strict=False):
        item[variable] = name
    for name in names[2:]:
        record.lose("container-title", name, "a third title of what it is in")
    shorts = [text for text in map(inline, _raw_texts(record, "short-container-title")) if text not in ("", *names)]
    shorts += [text for text in map(inline, _raw_texts(record, "container-title-short")) if text not in ("", *shorts)]
    for place, name in enumerate(shorts):
        if place == 0:
            item["container-title-short"] = name
        else:
            record.lose("short-container-title", name, "a second short title")
    for variable in ("collection-title", "original-publisher", "dimensions", "medium", "version"):
        if variable not in item and (text := record.text(variable)):
            item[variable] = text


def _names(record: Record, role: str) -> list[dict[str, str]]:
    names: list[dict[str, str]] = []
    people = record.parts(role)
    capitals: list[str] = []
    places: list[str] = []
    for person in people:
        family, given, suffix = person.text("family"), person.text("given"), person.text("suffix")
        literal = person.text("name") or person.text("literal")
        if family or given:
            # A person of one name has it as the family name, which is what styles sort and print.
            name = {"family": family or given} | ({"given": given} if family and given else {})
            name |= {"suffix": suffix} if suffix else {}
            for particle in ("non-dropping-particle", "dropping-particle"):
                if text := person.text(particle):
                    name[particle] = text
            if literal:
                record.lose(f"{role}.name", literal, f"beside the name {given} {family}".rstrip())
        elif literal:
            name = {"literal": literal}
            if suffix:
                record.lose(f"{role}.suffix", suffix, "a body has none")
        else:
            person.drop("affiliation", AMONG_FACTS)
            record.lose(role, person.data, "a name without a word")
            person.data.clear()
            continue
        names.append(name)
        # One capital alone is an initial; a body may well be written in capitals.
        if in_capitals(name.get("family", "")):
            capitals.append(name["family"])
        places += _about_person(record, role, person, orcid_name(family, given, literal))
    if places:
        record.lose(f"{role}.affiliation", "; ".join(dict.fromkeys(places)), AMONG_FACTS)
    if capitals:
        record.lose(role, "; ".join(capitals), AS_PRINTED)
    record.give_back(role, *people)
    return names


def _about_person(record: Record, role: str, person: Record, name: str) -> list[str]:
    """Names of the affiliations of a person, whose further roles are lost."""
    for part in person.parts("role"):
        part.take("vocabulary")
        if (known := part.text("role")) and known != role:
            record.lose(f"{role}.role", f"{name}: {known}", NO_PLACE)
        person.give_back("role", part)
    places = mappings(person.take("affiliation"))
    return [word(one, "name") or json.dumps(one, ensure_ascii=False, default=str) for one in places]


def _dates(record: Record, item: Item) -> None:
    landed: list[dict[str, Any]] = []
    for key in _DATED:
        raw = record.take(key)
        if raw is None:
            continue
        date = _date(raw)
        if date is None:
            if not _is_empty_date(raw):
                record.lose(key, raw, "no date of the calendar")
            continue
        if "issued" not in item:
            item["issued"] = date
            landed.append(date)
        elif key == "published-online" and not _says_no_more(date, item["issued"]):
            item["available-date"] = date
            landed.append(date)
        elif not any(_says_no_more(date, other) for other in landed):
            record.lose(key, raw.get("date-parts", raw), "a date after the first one; CSL has no place for it")
    if "issued" not in item:
        record.lose("issued", "", "the record has no date of publication")
    for key in ("approved", "accepted", "content-created", "content-updated"):
        raw = record.take(key)
        if raw is not None and (date := _date(raw)):
            record.lose(key, date["date-parts"], "no date of publication")
    issue = record.part("journal-issue")
    number = issue.text("issue")
    if number and "issue" not in record.data:
        item["issue"] = number
    elif number and number != plain_text(str(record.data["issue"])):
        record.lose("journal-issue.issue", number, "another number than the work's own")
    for key in ("published-print", "published-online"):
        raw = issue.take(key)
        if raw is not None and (date := _date(raw)) and not any(_says_no_more(date, other) for other in landed):
            record.lose(f"journal-issue.{key}", date["date-parts"], "a date of the issue, not of the work")
    record.give_back("journal-issue", issue)


def _numbers(record: Record, item: Item) -> None:
    for key in ("ISSN", "ISBN"):
        numbers = [text.rpartition("/")[2] for text in record.texts(key)]
        for place, number in enumerate(dict.fromkeys(numbers)):
            if place == 0:
                item[key] = number
            else:
                record.lose(key, number, "another number of the same")
    article = record.text("article-number")
    if article and article != plain_text(str(record.data.get("page") or "")):
        item["number"] = article
    if isinstance(record.data.get("version"), Mapping):
        version = record.part("version")
        item["version"] = version.text("version")
        record.give_back("version", version)
    body = record.part("standards-body")
    if name := body.text("name"):
        item["authority"] = name
    record.give_back("standards-body", body)


def _event(record: Record, item: Item) -> None:
    if is_text(record.data.get("event")):
        item["event-title"] = record.text("event")
        return
    event = record.part("event")
    item["event-title"], item["event-place"] = event.text("name"), event.text("location")
    start, end = event.take("start"), event.take("end")
    first, last = (_date(raw) if raw is not None else None for raw in (start, end))
    if first:
        parts = first["date-parts"][:1]
        if last and last["date-parts"][0] != parts[0]:
            parts = [parts[0], last["date-parts"][0]]
        item["event-date"] = {"date-parts": parts}
    elif last:
        record.lose("event.end", end, "the event has no first day")
    record.give_back("event", event)


def _date(raw: Any) -> dict[str, Any] | None:
    """The date parts that are a date; None when there are none."""
    if not isinstance(raw, Mapping):
        return None
    text = edtf(raw) if isinstance(raw.get("date-parts"), list) else ""
    return date_of(text) if text else None


def _is_empty_date(raw: Any) -> bool:
    """True for ``{"date-parts": [[null]]}``, which is how Crossref says that there is none."""
    parts = raw.get("date-parts") if isinstance(raw, Mapping) else raw
    while isinstance(parts, list):
        if not parts:
            return True
        parts = parts[0]
    return parts is None


def _says_no_more(date: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """True if a date is the other one, or the same less exactly."""
    first, second = date["date-parts"][0], other["date-parts"][0]
    return bool(first == second[: len(first)])


def _raw_texts(record: Record, key: str) -> list[str]:
    """Texts as they were sent, with their tags."""
    value = record.data.get(key)
    values = value if isinstance(value, list) else [value]
    if value is None or not all(one is None or is_text(one) for one in values):
        return []
    record.take(key)
    return [str(one) for one in values if one is not None]


def _organisation(body: Mapping[str, Any], role: str, person: str = "") -> Organisation:
    given = [word(one, "id") for one in mappings(body.get("id"))] + [word(body, "DOI")]
    rors = [ror for ror in map(ror_of, given) if ror]
    others = [text for text in given if text and not ror_of(text)]
    awards = body.get("award")
    return Organisation(
        word(body, "name"),
        role,
        rors[0] if rors else "",
        others[0] if others else "",
        person,
        tuple(str(award) for award in awards if is_text(award)) if isinstance(awards, list) else (),
    )
