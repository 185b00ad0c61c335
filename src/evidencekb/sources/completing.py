"""What a style leaves out of a reference and its reader needs: the year, a court's number, a preprint's address.

Styles are written for laboratories. Vancouver prints a preprint without any way to it, IEEE a press release without its
date, Nature a judgment without its number. What is missing is found by looking at what was printed, never by the style's
name; the item is then printed as a kind that the style prints in full, or its title takes the number with it.

References:
    The Bluebook, rule 10 (number, court and date of a case), 12 (laws); Publication Manual of the American Psychological
    Association, 7th edition, 9.29 (a publisher who is the author is not named twice).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.sources.csl.items import Item
from evidencekb.sources.csl.processor import Processor
from evidencekb.sources.csl.texts import Mark, Pieces, plain, without

Entry = Mapping[str, Any]

# A reader asks a court or an agency for a document by its number.
_BY_NUMBER = frozenset({"bill", "document", "hearing", "legal_case", "legislation", "regulation", "treaty"})
# Genres that say of which kind a source is, and that no reference prints.
_OWN_GENRES = frozenset({"official statistics"})
_LAWS = frozenset({"bill", "legislation", "regulation"})
_LAW_NUMBER = re.compile(r"[0-9]+(?:[-\u2013][0-9]+)*")
_VERSION_NUMBER = re.compile(r"[vV]?[0-9]+(?:\.[0-9]+)*")
# Kinds that styles print with all they have, in the order in which they are tried.
_STAND_INS = ("document", "article-newspaper", "webpage")
_FACTS = ("title", "container-title", "URL", "DOI", "number", "authority")
_NAMES_PUBLISHER_ONCE = frozenset({"http://www.zotero.org/styles/apa"})


def prepared(item: Entry, style_id: str) -> Entry:
    """An item as a style can print it.

    - A law's own designation ("Local Law 144 of 2021") is no number of Public Laws, as styles take it for: it is kept from
      them, and :func:`completed` puts it beside the title.
    - arXiv is the archive of what has an arXiv number, and "Preprint" then goes without saying.
    - A thesis without a genre is a thesis; "Official statistics" only tells a kind of source from others.
    - A version that is no number ("spring 2023") tells the versions of a work apart for who keeps them; to a style it would be
      the release of a program.
    - A publisher or site that is the author too is left out where the style's manual says so.

    Examples:
        >>> law = {"id": "a", "type": "legislation", "title": "Tools Act", "number": "Local Law 9"}
        >>> prepared(law, "")
        {'id': 'a', 'type': 'legislation', 'title': 'Tools Act'}
    """
    changed = dict(item)
    number, genre = _text(item, "number"), _text(item, "genre").casefold()
    if item.get("type") in _LAWS and _text(item, "title") and number and not _LAW_NUMBER.fullmatch(number):
        del changed["number"]
    if genre in _OWN_GENRES or (item.get("type") == "thesis" and not genre):
        changed.pop("genre", None)
        changed |= {"genre": "Thesis"} if item.get("type") == "thesis" else {}
    if not _VERSION_NUMBER.fullmatch(_text(item, "version")):
        changed.pop("version", None)
    custom = item.get("custom")
    arxiv = _text(custom, "arxiv") if isinstance(custom, Mapping) else ""
    if arxiv and not number:
        changed["number"] = number = f"arXiv:{arxiv}"
        if not (_text(item, "DOI") or _text(item, "URL")):
            changed["URL"] = f"https://arxiv.org/abs/{arxiv}"
    if item.get("type") == "article" and number.startswith("arXiv:") and genre in ("", "preprint"):
        changed.pop("genre", None)
        changed["publisher"] = _text(item, "publisher") or "arXiv"
    authors = item.get("author")
    if style_id in _NAMES_PUBLISHER_ONCE and isinstance(authors, list) and len(authors) == 1:
        name = letters(_text(authors[0], "literal")) if isinstance(authors[0], Mapping) else ""
        for key in ("publisher", "container-title"):
            if name and letters(_text(item, key)) == name:
                del changed[key]
    return changed


def completed(item: Entry, given: Entry, processor: Processor) -> Pieces:
    """The item's reference, of an item changed so that its reference names what a reader needs.

    Args:
        item: The item as it was prepared for the style.
        given: The item with all it has.
        processor: Holds the item.
    """
    printed = processor.reference(str(item["id"]))
    if "arxivarxiv" in letters(plain(printed)) and item.get("publisher") == "arXiv":
        item = {key: value for key, value in item.items() if key != "publisher"}  # the number names the archive
        printed = _printed_as(item, processor)
    whole = Item(str(given["id"]), given)
    missing = set(_missing(whole, printed))
    if not missing:
        return printed
    before = set(_printed_facts(item, printed))
    for kind in _STAND_INS if missing & {"year", "address"} else ():
        trial = {**item, "type": kind}
        other = _printed_as(trial, processor)
        left = set(_missing(whole, other))
        if left < missing and before <= set(_printed_facts(item, other)):
            item, printed, missing = trial, other, left
            break
    if missing & {"number", "authority"} and _text(item, "title"):
        number = f", {_text(given, 'number')}" if "number" in missing else ""
        court = f" ({_text(given, 'authority')})" if "authority" in missing else ""
        return _printed_as({**item, "title": _beside(item, number + court)}, processor)
    return printed


def letters(text: str) -> str:
    """A text's letters and digits, to find it whatever the capitals and marks around it.

    Examples:
        >>> letters("No. 22-cv-01461")
        'no22cv01461'
    """
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _printed_as(item: Entry, processor: Processor) -> Pieces:
    """The reference of a changed item, its number and its letters those of the item itself."""
    id = str(item["id"])
    alone = Processor(processor.style, [item], processor.locale.lang)
    alone.locale, alone.labels = processor.locale, processor.labels
    alone.distinct[id], alone.numbers[id] = processor.distinct[id], processor.numbers[id]
    return alone.reference(id)


def _missing(item: Item, printed: Pieces) -> Iterator[str]:
    """What a reader needs of this item and is not printed."""
    # The number of a reference in its list says nothing of the source, though it may look like a year.
    bare, unlinked = letters(plain(without(printed, Mark.NUMBER))), plain(without(printed, Mark.NUMBER, Mark.LINK))
    issued = item.date("issued")
    if issued.parts and str(abs(issued.parts[0][0])) not in unlinked:
        yield "year"
    places = [letters(item.text(name)) for name in ("DOI", "URL", "number")]
    if not bare:
        yield "address"
    elif any(places) and not any(place in bare for place in places if place) and not _is_numbered(item):
        # A title alone is found by whom it is from: who wrote it, where it stands, who published it.
        whose = [item.text(name) for name in ("container-title", "publisher", "authority")]
        whose += [name.literal or name.family or name.given for name in item.names("author")[0]]
        named = any(letters(name) in bare for name in whose if letters(name))
        if item.type == "article" or not named:
            yield "address"
    if item.type in _BY_NUMBER:
        number, court = letters(item.text("number")), letters(item.text("authority"))
        if number and number not in bare:
            yield "number"
        if court and court not in bare + number:
            yield "authority"


def _is_numbered(item: Item) -> bool:
    """True for a paper that is asked for by its number, which is printed in any case."""
    return item.type in _BY_NUMBER and item.has("number")


def _printed_facts(item: Entry, printed: Pieces) -> Iterator[str]:
    bare = letters(plain(without(printed, Mark.NUMBER)))
    for name in _FACTS:
        value = letters(re.sub(r"<[^<>]*>", "", _text(item, name)))
        if value and value in bare:
            yield name


def _beside(item: Entry, words: str) -> str:
    return f'{_text(item, "title")}<span class="nocase">{words}</span>'


def _text(item: Entry, name: str) -> str:
    value = item.get(name)
    return " ".join(value.split()) if isinstance(value, str) else str(value) if isinstance(value, int) else ""
