"""What a style leaves out of a reference and its reader needs: the year, a court's number, a preprint's address.

Styles are written for laboratories. Vancouver prints a preprint without any way to it, IEEE a press release without its
date, Nature a judgment without its number. What is missing is found by looking at what was printed, never by the style's
name; the item is then printed as a kind that the style prints in full, or the reference takes what is missing with it.

References:
    The Bluebook, rule 10 (number, court and date of a case), 12 (laws); Publication Manual of the American Psychological
    Association, 7th edition, 9.29 (a publisher who is the author is not named twice).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from evidencekb.sources.csl.dates import DateElement
from evidencekb.sources.csl.elements import Look
from evidencekb.sources.csl.items import Item
from evidencekb.sources.csl.processor import Processor
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, Span, leaves, plain, without
from evidencekb.sources.readying import (
    BY_NUMBER,
    OWN_GENRES,
    bare_doi,
    beside,
    docket,
    holds,
    is_public_law,
    letters,
    names_its_series,
    text,
)

Entry = Mapping[str, Any]

# Kinds that styles print with all they have, in the order in which they are tried.
_STAND_INS = ("document", "article-newspaper", "webpage", "book")
# Reports have a publisher and laws a year of their own behind the title; as a web page they would lose their shape.
_ADDRESS_LAST = frozenset({"bill", "legal_case", "legislation", "regulation", "report", "treaty"})
_FACTS = ("title", "container-title", "publisher", "volume", "page", "URL", "DOI", "number", "authority")
# Kinds that are known by their day, unless one of these variables leads to them.
_DATED_UNLESS = {
    "legal_case": ("volume",),
    "article-newspaper": ("URL", "DOI", "volume", "issue", "page"),
    "article-magazine": ("URL", "DOI", "volume", "issue", "page"),
}
_WHOLE_DATE = DateElement("issued", "text", ("year", "month", "day"), (), "", Look())


def completed(item: Entry, given: Entry, processor: Processor) -> Pieces:
    """The item's reference, of an item changed so that its reference names what a reader needs.

    A reference leads to its source by a DOI or address, by a container with volume or pages, or, where the item has none of
    these, by a number and whose it is. The papers of courts and lawmakers need number, court and whole date in any case.

    Args:
        item: The item as it was made ready for the style.
        given: The item with all it has.
        processor: Holds the item.
    """
    item, printed = _told_once(item, processor)
    item, printed = _with_whole_date(item, printed, processor)
    whole = _with_number_alone(given)
    lacks = set(missing(given, printed))
    before = set(_printed_facts(item, printed))
    stands_in = lacks & {"year", "publisher"} or ("address" in lacks and item.get("type") not in _ADDRESS_LAST)
    for kind in _STAND_INS if stands_in else ():
        trial = {**item, "type": kind}
        other = _printed_as(trial, processor)
        left = set(missing(given, other))
        if left < lacks and before <= set(_printed_facts(item, other)):
            item, printed, lacks = trial, other, left
            break
    if lacks & {"number", "authority"} and text(item, "title"):
        item = {**item, "title": beside(item, _number_and_court(whole, lacks))}
        printed = _printed_as(item, processor)
    if "address" in lacks:
        printed = _with_address(printed, whole, processor)
    return printed if whole.date("accessed") else _never_retrieved(printed, processor)


def missing(given: Entry, printed: Pieces) -> Iterator[str]:
    """What a reader needs of an item and is not printed: "year", "address", "number", "publisher" or "authority".

    Args:
        given: The item with all it has.
        printed: Its reference.
    """
    item = _with_number_alone(given)
    # The number of a reference in its list says nothing of the source, though it may look like a year.
    shown, unlinked = plain(without(printed, Mark.NUMBER)), plain(without(printed, Mark.NUMBER, Mark.LINK))
    bare = letters(shown)
    issued = item.date("issued")
    if issued.parts and str(abs(issued.parts[0][0])) not in letters(unlinked):
        yield "year"
    by_number, number = item.type in BY_NUMBER, item.text("number")
    numbered = holds(unlinked, number.removeprefix("No. "))
    places = [letters(place) for place in (bare_doi(given), item.text("URL")) if place]
    linked = any(place in bare for place in places)
    placed = linked or _stands_in_container(item, unlinked)
    if not bare or (places and not placed):
        yield "address"
    if number and not numbered and (by_number or not (places or placed)):
        yield "number"
    if not (places or placed or by_number):
        named = [item.text(name) for name in ("container-title", "publisher", "authority") if item.has(name)]
        if named and not any(letters(name) in bare for name in named):
            yield "publisher"
    court = letters(item.text("authority"))
    if by_number and court and court not in bare:
        yield "authority"


def _with_number_alone(given: Entry) -> Item:
    """The item with all it has, a court that stands in brackets behind its number told from it."""
    number, court = docket(given)
    parts = {"number": number, "authority": text(given, "authority") or court}
    return Item(str(given["id"]), {**given, **{name: value for name, value in parts.items() if value}})


def _printed_as(item: Entry, processor: Processor) -> Pieces:
    """The reference of a changed item, its number and its letters those of the item itself."""
    id = str(item["id"])
    alone = Processor(processor.style, [item], processor.locale.lang)
    alone.locale, alone.labels = processor.locale, processor.labels
    alone.distinct[id], alone.numbers[id] = processor.distinct[id], processor.numbers[id]
    return alone.reference(id)


def _told_once(item: Entry, processor: Processor) -> tuple[Entry, Pieces]:
    """An item and its reference, in which neither the archive, the DOI, the court nor "No." comes twice."""
    printed = processor.reference(str(item["id"]))
    bare = letters(plain(printed))
    if "arxivarxiv" in bare and item.get("publisher") == "arXiv":
        item = {key: value for key, value in item.items() if key != "publisher"}  # the number names the archive
        printed = _printed_as(item, processor)
    if item.get("type") == "legal_case":
        item, printed = _case_told_once(item, printed, processor)
    doi = bare_doi(item)
    if doi and bare.count(letters(doi)) > 1:
        trial = {key: value for key, value in item.items() if key != "DOI"} | {"URL": f"https://doi.org/{doi}"}
        other = _printed_as(trial, processor)
        if letters(plain(other)).count(letters(doi)) == 1:
            return trial, other
    return item, printed


def _case_told_once(item: Entry, printed: Pieces, processor: Processor) -> tuple[Entry, Pieces]:
    """A case whose style writes "No." itself, or names the court where others name a publisher."""
    number, court = text(item, "number"), letters(text(item, "authority"))
    if number.startswith("No. ") and "No. No." in plain(printed):
        item = {**item, "number": number.removeprefix("No. ")}
        printed = _printed_as(item, processor)
    if court and letters(text(item, "publisher")) == court and letters(plain(printed)).count(court) > 1:
        item = {name: value for name, value in item.items() if name != "publisher"}
        printed = _printed_as(item, processor)
    return item, printed


def _with_whole_date(item: Entry, printed: Pieces, processor: Processor) -> tuple[Entry, Pieces]:
    """An item and its reference with the day or month, as far as they are known and needed.

    Orders of one case that stand in no reporter differ by nothing else, and nothing else leads to an article in a newspaper
    that has no address.
    """
    date = Item(str(item["id"]), item).date("issued")
    leads = _DATED_UNLESS.get(str(item.get("type")))
    needed = leads is not None and not any(text(item, name) for name in leads)
    if not needed or len(date.parts) != 1 or not 1 <= date.parts[0][1] <= 12:
        return item, printed
    month = f"month-{date.parts[0][1]:02d}"
    bare = letters(plain(without(printed, Mark.NUMBER, Mark.LINK)))
    if any(letters(processor.locale.term(month, form)) in bare for form in ("long", "short")):
        return item, printed
    context = processor.context(str(item["id"]), "bibliography")
    context.pending_suffix = False  # the literal date gets it
    pieces, _ = _WHOLE_DATE.render(context)
    changed = {**item, "issued": {"literal": plain(pieces)}}
    return changed, _printed_as(changed, processor)


def _stands_in_container(item: Item, unlinked: str) -> bool:
    """True for a part of something, printed with its place in it."""
    container = letters(item.text("container-title"))
    if not container or container not in letters(unlinked):
        return False
    return any(holds(unlinked, item.text(name, "")) for name in ("volume", "issue", "page-first") if item.has(name))


def _number_and_court(item: Item, lacks: set[str]) -> str:
    """Number and court as they stand behind a title."""
    number, genre = item.text("number") if "number" in lacks else "", item.text("genre")
    court = item.text("authority") if "authority" in lacks else ""
    bare = number[:1].isdigit() and re.fullmatch(r"[\d\W]+", number)
    if item.type in BY_NUMBER:
        what = "Pub. L. No. " if is_public_law(item.data) else "No. " if bare else ""
        number = f", {what}{number}" if number else ""
        return number + (f" ({court})" if court else "")
    named = genre and genre.casefold() not in OWN_GENRES and not names_its_series(number)
    return f" ({genre} {number})" if named else f" ({'No. ' if bare else ''}{number})"


def _with_address(printed: Pieces, item: Item, processor: Processor) -> Pieces:
    """A reference with the item's address at its end, as the style ends its references."""
    doi = bare_doi(item.data)
    place = f"https://doi.org/{doi}" if doi else item.text("URL")
    added: Pieces = [Leaf(". ", True), Span(Mark.LINK, [Leaf(place)], target=place)]
    area = processor.style.area("bibliography")
    if area.look.suffix:
        added.append(Leaf(area.look.suffix, True))
    last = printed[-1] if printed else None
    if isinstance(last, Span) and last.mark is Mark.RIGHT_INLINE:
        last.kids += added
        return printed
    return [*printed, *added]


def _never_retrieved(printed: Pieces, processor: Processor) -> Pieces:
    """A reference without the word for "retrieved", which says nothing where nobody knows when."""
    word = processor.locale.term("retrieved").casefold()
    for leaf in leaves(printed):
        if leaf.term and leaf.text.casefold() == word:
            leaf.text = ""
    return printed


def _printed_facts(item: Entry, printed: Pieces) -> Iterator[str]:
    """The facts of an item that are printed; a publisher that is named twice, as author and as publisher, is two."""
    bare = letters(plain(without(printed, Mark.NUMBER)))
    for name in _FACTS:
        value = letters(re.sub(r"<[^<>]*>", "", text(item, name)))
        if value and value in bare:
            yield name
            if name == "publisher" and bare.count(value) > 1:
                yield "publisher again"
