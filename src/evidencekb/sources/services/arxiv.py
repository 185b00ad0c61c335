"""arXiv: its record of a preprint, an entry of an Atom feed.

References:
    arXiv, API user's manual, for the elements of an entry. RFC 4287, the Atom syndication format.
"""

from __future__ import annotations

import re
from typing import Any

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Answer, Client
from evidencekb.sources.items import Entry, Item, date_of
from evidencekb.sources.markup import inline, paragraphs
from evidencekb.sources.services.names import GUESSED, person
from evidencekb.sources.services.records import (
    AMONG_FACTS,
    NO_PLACE,
    Facts,
    Looked,
    Organisation,
    Record,
    Related,
    confirm,
    mappings,
    related,
)
from evidencekb.sources.services.trees import Node, tree

REGISTRY = ("link", "primary_category.@scheme", "category.@scheme")
"""Where the copies lie."""


def fetch(client: Client, identifier: str) -> Looked:
    """What arXiv knows of a number; without a version, of the newest.

    Raises:
        LookupFailed: If it does not know it (``"not_found"``), answers about another, or does not answer.
    """

    def read(answer: Answer) -> Node | None:
        return _preprint(answer, identifier)

    params = {"id_list": identifier, "max_results": "1"}
    answer = client.get("arxiv", "query", params=params, allow=(), check=read)
    node = read(answer)
    if node is None or _is_error(node):
        why = _text(node, "summary") if node else "arXiv has no such number"
        raise LookupFailed("arxiv", answer.url, "not_found", why)
    return Looked(entry(node), facts(node), "arxiv", answer.url, answer.fetched_on, answer.cached)


def _preprint(answer: Answer, identifier: str) -> Node | None:
    """The first entry of a feed, if there is one: the preprint with this number, or what is wrong with the number."""
    entries = [dict(node) for feed in _feed(answer) for node in mappings(feed.get("entry"))]
    if entries and not _is_error(entries[0]):
        confirm(answer, ids.Identifier("arxiv", identifier), [_number(_text(entries[0], "id"))])
    return entries[0] if entries else None


def _is_error(node: Node) -> bool:
    """True for the entry that tells what is wrong with a number."""
    return "/api/errors" in _text(node, "id") or _text(node, "title") == "Error"


def _number(address: str) -> str:
    return re.sub(r"^.*/abs/", "", address)


def _feed(answer: Answer) -> list[Node]:
    if answer.body.lstrip().startswith(b"Rate exceeded"):
        raise LookupFailed("arxiv", answer.url, "busy", "it was asked too often; ask again later")
    try:
        feeds = mappings(tree(answer.body).get("feed"))
    except ValueError as wrong:
        raise LookupFailed("arxiv", answer.url, "unreadable", str(wrong)) from wrong
    if not feeds:
        raise LookupFailed("arxiv", answer.url, "unreadable", "the answer is no Atom feed")
    return [dict(feed) for feed in feeds]


def entry(node: Node) -> Entry:
    """A preprint from an entry of the feed, with what has no place in it.

    The date is that of its first version, as in arXiv's own export; the day of the version at hand is a loss.
    """
    record = Record(dict(node))
    address = _take(record, "id")
    number = _number(address)
    item: Item = {"id": f"arxiv:{number}", "type": "article", "genre": "Preprint", "publisher": "arXiv"}
    item["custom"] = {"arxiv": number} if number else {}
    item["URL"] = ids.address("arxiv", number) or address
    if match := re.search(r"v([0-9]+)$", number):
        item["version"] = match[1]
    item["title"] = inline(_take(record, "title"))
    if not item["title"]:
        record.lose("title", "", "the record has no title; write what the work prints")
    first, last = _take(record, "published"), _take(record, "updated")
    if "date-parts" in (date := date_of(first[:10])):
        item["issued"] = date
    else:
        record.lose("published", first, "the record has no date of publication")
    if last[:10] != first[:10]:
        record.lose("updated", last, "the day of the version at hand, not of the first")
    item["abstract"] = paragraphs(_take(record, "summary"))
    _authors(record, item)
    if doi := _take(record, "doi"):
        record.lose("doi", doi, "the DOI of the published version; it stands among the facts")
    if reference := _take(record, "journal_ref"):
        record.lose("journal_ref", reference, "the published version; it stands among the facts")
    item["note"] = _take(record, "comment")
    categories = [str(one.get("@term")) for one in mappings(record.data.get("category")) if one.get("@term")]
    primary = [str(one.get("@term")) for one in mappings(record.data.get("primary_category")) if one.get("@term")]
    item["keyword"] = ", ".join(dict.fromkeys([*primary, *categories]))
    record.take("category")
    record.take("primary_category")
    return record.entry(item, registry=REGISTRY)


def facts(node: Node) -> Facts:
    """Affiliations, and the published version that the authors name."""
    bodies = [
        Organisation(str(place.get("#") or ""), "affiliation", person=_text(author, "name"))
        for author in mappings(node.get("author"))
        for place in mappings(author.get("affiliation"))
    ]
    others: list[Related] = []
    reference = _text(node, "journal_ref")
    if doi := _text(node, "doi"):
        others.append(related("is-preprint-of", doi, "doi", reference))
    elif reference:
        others.append(Related("is-preprint-of", None, reference))
    return Facts(tuple(body for body in bodies if body.name), tuple(others))


def _authors(record: Record, item: Item) -> None:
    names, guessed = [], []
    people = record.parts("author")
    for one in people:
        if printed := _take(one, "name"):
            name = person(printed)
            names.append(name)
            if "family" in name and "," not in printed:
                guessed.append(printed)
        one.drop("affiliation", AMONG_FACTS)
    item["author"] = names
    if guessed:
        record.lose("author", "; ".join(guessed), GUESSED)
    record.give_back("author", *people)


def _take(record: Record, key: str) -> str:
    """The text of the first element of a name; further ones become losses."""
    values = record.take(key)
    found = [str(one.get("#") or "") for one in mappings(values)]
    record.tell_unseen(key, "".join(found[:1]))
    for text in found[1:]:
        record.lose(key, text, NO_PLACE)
    return " ".join(found[0].split()) if found else ""


def _text(node: Any, key: str) -> str:
    found = mappings(node.get(key))
    return " ".join(str(found[0].get("#") or "").split()) if found else ""
