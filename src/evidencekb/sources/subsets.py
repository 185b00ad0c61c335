"""References printed once and kept, and put together again for any set of sources.

How a source is printed depends on the set it is asked in: two works of one author and year have letters, a style that
numbers counts. So what is kept is the reference of a set of one, with a hole where a number stands, and with what decides
whether a larger set prints it otherwise: how its cite reads, and the people who may share a family name with others.

>>> from evidencekb.sources.formatting import format_references, load_style
>>> one = {"id": "a", "type": "book", "title": "Tools", "author": [{"family": "Kay"}], "issued": {"date-parts": [[2020]]}}
>>> items = {"a": one, "b": {**one, "id": "b", "title": "Rules"}, "c": {**one, "id": "c", "author": [{"family": "Lee"}]}}
>>> style = load_style("apa")
>>> kept = {item["id"]: kept_of(item, style) for item in items.values()}
>>> [reference.short for reference in put_together(["a", "c"], kept, items.__getitem__, lambda: style)]
['(Kay, 2020)', '(Lee, 2020)']
>>> [reference.short for reference in put_together(["a", "b"], kept, items.__getitem__, lambda: style)]
['(Kay, 2020b)', '(Kay, 2020a)']
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from xml.etree import ElementTree as ET

from evidencekb.answers.records import Formatted
from evidencekb.errors import FormatError
from evidencekb.sources.csl.disambiguation import people, reading
from evidencekb.sources.csl.elements import Distinct
from evidencekb.sources.csl.locales import NS
from evidencekb.sources.formatting import Style, Telling

LOCALE = "en-US"
"""The language in which references are kept."""

HOLE = "\ufffc"
"""Stands where the number of a reference comes."""

_FIRST_STAND_IN = 7_204_958_316_042
_NUMBER = "citation-number"
# Any number has a value and is numeric; what 'number' and 'label' print differs from number to number.
_DIGITS_ALONE = frozenset({"text", "key", "if", "else-if"})


@dataclass(frozen=True, slots=True)
class Kept:
    """A reference as a set of one prints it.

    Attributes:
        text: Plain text; this and the next three have a hole where the number stands.
        html: HTML.
        markdown: CommonMark.
        short: How running text mentions it.
        reads: How its cite reads when nothing tells it from others.
        people: Family and given names that change how others of the family name read.
    """

    text: str
    html: str
    markdown: str
    short: str
    reads: str
    people: tuple[tuple[str, str], ...]


def can_keep(text: bytes) -> bool:
    """Whether all that a style does with a reference's number is to print its digits, and to sort by it.

    Args:
        text: The style's XML, of which :func:`~evidencekb.sources.formatting.style_of` made a style.
    """
    naming = (e for e in ET.fromstring(text).iter() if _NUMBER in e.get("variable", "").split())
    return all(element.tag.removeprefix(NS) in _DIGITS_ALONE for element in naming)


def kept_of(item: Mapping[str, Any], style: Style) -> Kept | None:
    """Print an item to be kept; None if it cannot be printed, or holds the sign of the hole.

    The style must be one that :func:`can_keep`.
    """
    id = str(item["id"])
    shown = repr(item)
    if HOLE in shown:
        return None
    digits = "".join(filter(str.isdigit, shown))
    number = next(n for n in range(_FIRST_STAND_IN, _FIRST_STAND_IN + len(digits) + 1) if str(n) not in digits)
    try:
        told = Telling(style, [item], LOCALE, {id: number})
        (printed,) = told.formatted()
    except FormatError:
        return None
    persons = tuple(dict.fromkeys(people(told.processor, id)))
    told.processor.distinct[id] = Distinct()
    reads = reading(told.processor, id)

    def holed(text: str) -> str:
        return text.replace(str(number), HOLE)

    return Kept(
        holed(printed.text), holed(printed.html), holed(printed.markdown), holed(printed.short), holed(reads), persons
    )


def put_together(
    ids: Sequence[str],
    kept: Mapping[str, Kept],
    item_of: Callable[[str], Mapping[str, Any]],
    open_style: Callable[[], Style],
) -> Iterator[Formatted]:
    """What :func:`~evidencekb.sources.formatting.format_references` gives for the items, most of it as it was kept.

    Only those that something must tell from others are printed anew.

    Args:
        ids: Ids of the items, each once, in the order in which they are numbered.
        kept: What is kept of each; one that is not kept must be printed with all others.
        item_of: Gives an item by its id.
        open_style: Gives the style.

    Raises:
        FormatError: If an item cannot be printed.
    """
    numbers = {id: number for number, id in enumerate(ids, 1)}
    reads = {id: _filled(kept[id].reads, numbers[id]) for id in ids}
    apart = _alike(ids, kept, reads)
    anew: dict[str, Formatted] = {}
    while apart:
        chosen = [id for id in ids if id in apart]
        told = Telling(open_style(), [item_of(id) for id in chosen], LOCALE, {id: numbers[id] for id in chosen})
        # More names may make a cite read as another one does that read differently before.
        met = {id for id in reads.keys() - apart if reads[id] in told.compared}
        if not met:
            anew = {printed.id: printed for printed in told.formatted()}
            break
        apart |= met
    for id in ids:
        yield anew[id] if id in anew else _printed(id, kept[id], numbers[id])


def _printed(id: str, kept: Kept, number: int) -> Formatted:
    text, html, markdown = (_filled(text, number) for text in (kept.text, kept.html, kept.markdown))
    return Formatted(id, text, html, markdown, _filled(kept.short, number))


def _filled(text: str, number: int) -> str:
    return text.replace(HOLE, str(number)) if HOLE in text else text


def _alike(ids: Iterable[str], kept: Mapping[str, Kept], reads: Mapping[str, str]) -> set[str]:
    """Those that read as another does, or name somebody whose family name stands for several people."""
    same: dict[str, list[str]] = defaultdict(list)
    named: dict[str, set[str]] = defaultdict(set)
    for id in ids:
        same[reads[id]].append(id)
        for family, given in kept[id].people:
            named[family].add(given)
    found = {id for text, group in same.items() if text and len(group) > 1 for id in group}
    return found | {id for id in ids if any(len(named[family]) > 1 for family, _ in kept[id].people)}
