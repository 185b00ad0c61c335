"""Citations and bibliographies: numbers, order, what tells cites apart, and what they share.

References:
    Citation Style Language 1.0.2, "Sorting", "Disambiguation", "Cite Collapsing" and "Reference Grouping".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from functools import cmp_to_key
from typing import Any

from evidencekb.sources.csl.collapsing import collapsed
from evidencekb.sources.csl.dates import sortable
from evidencekb.sources.csl.disambiguation import tell_apart
from evidencekb.sources.csl.elements import Cite, Context, Distinct, Look, sequence
from evidencekb.sources.csl.items import NUMBERS, Item, with_extra
from evidencekb.sources.csl.locales import Locale
from evidencekb.sources.csl.names import Names
from evidencekb.sources.csl.style import Area, Compiled, SortKey
from evidencekb.sources.csl.texts import Leaf, Mark, Pieces, Span, leaves, parse, plain
from evidencekb.sources.items import DATES, NAMES

_Key = tuple[str, str]


class Processor:
    """Prints a set of items in one style and language.

    Attributes:
        style: The style.
        locale: The language.
        items: The items by id, in the order of their numbers.
    """

    def __init__(self, style: Compiled, items: Iterable[Mapping[str, Any]], lang: str = "") -> None:
        self.style = style
        self.locale: Locale = style.locale(lang or style.lang or "en-US")
        self.items = {item.id: item for item in (Item(str(data.get("id", "")), with_extra(data)) for data in items)}
        self.distinct = {id: Distinct() for id in self.items}
        self.numbers = {id: number for number, id in enumerate(self.items, 1)}
        self.labels: dict[str, str] = {}
        self.order = list(self.items)

    def context(self, id: str, area: str, cite: Cite | None = None) -> Context:
        """What an element needs to print an item."""
        context = Context(
            self.items[id],
            self.style,
            self.locale,
            area,
            cite or Cite(id),
            self.distinct[id],
            self.numbers[id],
            self.labels.get(id, ""),
        )
        context.pending_suffix = not self.style.area(area).calls_suffix
        return context

    def sort(self) -> None:
        """Put the items into the bibliography's order, and number them by it."""
        area = self.style.bibliography
        if area and area.keys:
            ids = list(self.items)
            self.order = [ids[place] for place in self._sorted(ids, area.keys, "bibliography")]
            descending = [key for key in area.keys if key.variable == "citation-number" and key.descending]
            numbered = reversed(self.order) if descending and len(area.keys) == 1 else self.order
            self.numbers = {id: number for number, id in enumerate(numbered, 1)}

    def order_and_tell_apart(self) -> frozenset[str]:
        """Tell cites apart in the order of the style's list; numbers stay those of the items as given.

        Returns:
            The readings of cites that were compared on the way.
        """
        numbers = self.numbers
        self.sort()
        self.numbers = numbers
        return self.disambiguate()

    def disambiguate(self, cited: Sequence[str] | None = None) -> frozenset[str]:
        """Find what tells apart cites that would read the same; gives the readings that were compared."""
        ids = list(dict.fromkeys(cited if cited is not None else self.order))
        for id in ids:
            self.labels[id] = citation_label(self.items[id])
        return tell_apart(self, sorted(ids, key={id: place for place, id in enumerate(self.order)}.__getitem__))

    def cite_body(self, cite: Cite) -> Pieces:
        """One cite without its affixes."""
        context = self.context(cite.id, "citation", cite)
        return sequence(self.style.citation.elements, context)[0]

    def citation(self, cites: Sequence[Cite]) -> Pieces:
        """Cites in one pair of brackets, sorted and collapsed as the style has it."""
        area = self.style.citation
        ordered = list(cites)
        if area.keys:
            places = self._sorted([cite.id for cite in ordered], area.keys, "citation")
            ordered = [ordered[place] for place in places]
        body = collapsed(self, ordered)
        if not body:
            return []
        context = self.context(ordered[0].id, "citation", ordered[0])
        first = next(leaves(body), None)
        if self.style.option("class") == "note" and first is not None and first.term:
            first.text = first.text[:1].upper() + first.text[1:]
        if all(cite.author_only for cite in ordered):
            return body
        return area.look.affix(area.look.format(body, context))

    def bibliography(self) -> list[tuple[str, Pieces]]:
        """Each item's reference, in the style's order."""
        area = self.style.bibliography
        if area is None:
            return []
        entries = [(id, *self._entry(id, area)) for id in self.order]
        mark = area.attributes.get("subsequent-author-substitute")
        if mark is not None:
            rule = area.attributes.get("subsequent-author-substitute-rule", "complete-all")
            _substitute_authors(entries, mark, rule)
        return [(id, self._laid_out(pieces, area, id)) for id, pieces, _ in entries]

    def reference(self, id: str) -> Pieces:
        """One item's reference."""
        area = self.style.bibliography
        if area is None:
            return []
        return self._laid_out(self._entry(id, area)[0], area, id)

    def _entry(self, id: str, area: Area) -> tuple[Pieces, Context]:
        context = self.context(id, "bibliography")
        if area.attributes.get("second-field-align") and len(area.elements) > 1:
            first, _ = area.elements[0].render(context)
            rest, _ = sequence(area.elements[1:], context)
            return [Span(Mark.LEFT_MARGIN, first), Span(Mark.RIGHT_INLINE, rest)], context
        return sequence(area.elements, context)[0], context

    def _laid_out(self, pieces: Pieces, area: Area, id: str) -> Pieces:
        if not pieces:
            return []
        context = self.context(id, "bibliography")
        pieces = area.look.format(pieces, context)
        last = pieces[-1]
        if area.look.suffix and isinstance(last, Span) and last.mark is Mark.RIGHT_INLINE:
            last.kids.append(Leaf(area.look.suffix, True))
            return Look(prefix=area.look.prefix).affix(pieces)
        return area.look.affix(pieces)

    def _sorted(self, ids: Sequence[str], keys: Sequence[SortKey], area: str) -> list[int]:
        """The places of ids in a sequence, in the order of the keys."""
        values = [[self._key(id, key, area) for key in keys] for id in ids]

        def compare(one: int, two: int) -> int:
            for key, a, b in zip(keys, values[one], values[two], strict=True):
                if a == b:
                    continue
                if a is None or b is None:  # what has no value comes last, whatever the direction
                    return 1 if a is None else -1
                order = -1 if a < b else 1
                return -order if key.descending else order
            return 0

        return sorted(range(len(ids)), key=cmp_to_key(compare))

    def _key(self, id: str, key: SortKey, area: str) -> _Key | None:
        context = self.context(id, area)
        context.sorting = True
        context.overrides = dict(key.overrides)
        item, variable = self.items[id], key.variable
        if not variable:
            return collation(plain(sequence(key.elements, context)[0]))
        if variable in NAMES:
            context.overrides |= {"form": "long", "name-as-sort-order": "all"}
            pieces, _ = Names((variable,), {}, Look()).render(context)
            return collation(plain(pieces))
        if variable in DATES:
            return (sortable(item.date(variable)), "") if item.date(variable) else None
        text = context.text(variable)
        if variable in NUMBERS and text.isdigit():
            return (text.zfill(12), "")
        return collation(plain(parse(text)))


def collation(text: str) -> _Key | None:
    """A key that sorts texts as a reader expects: without regard to accents, capitals and marks. None for no text.

    Examples:
        >>> sorted(["Zola", "\u00c9mile", "eaton", "d'Or"], key=collation)
        ["d'Or", 'eaton', '\u00c9mile', 'Zola']
    """
    spread = unicodedata.normalize("NFKD", text)
    bare = "".join(letter for letter in spread if not unicodedata.combining(letter)).casefold()
    main = "".join(letter if letter.isalnum() or letter.isspace() else "" for letter in bare)
    return None if not text else (" ".join(main.split()), bare)


def citation_label(item: Item) -> str:
    """A short label of names and year, such as "Doe65"."""
    names, _ = item.names("author")
    if not names:
        names, _ = item.names("editor")
    families = [name.family or name.literal for name in names]
    size = {1: 3, 2: 2, 3: 2}.get(len(families), 1)
    letters = "".join(family.replace(" ", "")[:size] for family in families[:4]) if families else "Xyz"
    if len(families) == 3:
        letters = "".join(family[: 2 if place == 0 else 1] for place, family in enumerate(families))
    date = item.date("issued")
    year = f"{date.parts[0][0] % 100:02d}" if date.parts else ""
    return letters + year


def _substitute_authors(entries: list[tuple[str, Pieces, Context]], mark: str, rule: str) -> None:
    """Put a mark where an entry's authors are those of the entry before."""
    before: list[str] = []
    for _, pieces, _ in entries:
        listing = _first(pieces, Mark.LISTING)
        if listing is None:
            before = []
            continue
        people = [kid for kid in listing.kids if isinstance(kid, Span) and kid.mark is Mark.PERSON]
        here = [plain(person.kids) for person in people]
        same = next(
            (place for place, (a, b) in enumerate(zip(here, before, strict=False)) if a != b),
            min(len(here), len(before)),
        )
        whole = here == before
        if rule == "complete-all":
            if whole:
                listing.kids[:] = [Leaf(mark)] if mark else []
        elif rule == "complete-each":
            replaced = people if whole else []
            for person in replaced:
                person.kids[:] = [Leaf(mark)]
        else:
            for person in people[: same if rule == "partial-each" else min(same, 1)]:
                person.kids[:] = [Leaf(mark)]
        before = here


def _first(pieces: Pieces, mark: Mark) -> Span | None:
    for piece in pieces:
        if isinstance(piece, Span):
            if piece.mark is mark:
                return piece
            if (found := _first(piece.kids, mark)) is not None:
                return found
    return None
