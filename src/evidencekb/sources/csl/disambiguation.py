"""What tells cites apart that would read the same: more names, given names, a condition, letters after the year.

References:
    Citation Style Language 1.0.2, "Disambiguation".
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from evidencekb.sources.csl.elements import Cite, Distinct, sequence
from evidencekb.sources.csl.items import Name
from evidencekb.sources.csl.names import initials
from evidencekb.sources.csl.texts import plain

if TYPE_CHECKING:
    from evidencekb.sources.csl.processor import Processor

_MOST_NAMES = 30


def tell_apart(processor: Processor, ids: Sequence[str]) -> frozenset[str]:
    """Set what tells each cite from the others, by the style's rules and in their order.

    Returns:
        How the cites read each time that all of them were held against one another. A cite that reads like none of these
        changes nothing here, unless it brings another person of the same family name (:func:`people`).
    """
    told = _Telling(processor)
    asked = told.asked
    if told.everywhere:
        told.expand_everywhere(ids)
    left = told.groups(ids)
    if asked["names"]:
        left = [part for group in left for part in told.add_names(group)]
    if asked["givenname"] and not told.everywhere:
        left = [part for group in left for part in told.add_given(group)]
    left = told.add_condition(left)
    if asked["year-suffix"]:
        told.add_suffixes(ids)
    return frozenset(told.compared)


def reading(processor: Processor, id: str) -> str:
    """How a cite reads by which it is told from others, without its year suffix."""
    return _Telling(processor).read(id)


def people(processor: Processor, id: str) -> list[tuple[str, str]]:
    """Family and given names of a cite that change how others read; none in a style that looks at one cite at a time."""
    told = _Telling(processor)
    return [(_short(name), name.given) for _, name, _ in told.people(id)] if told.everywhere else []


class _Telling:
    def __init__(self, processor: Processor) -> None:
        self.processor = processor
        attributes = processor.style.citation.attributes
        self.asked = {
            name: attributes.get(f"disambiguate-add-{name}") == "true" for name in ("names", "givenname", "year-suffix")
        }
        self.rule = attributes.get("givenname-disambiguation-rule", "by-cite")
        self.everywhere = self.asked["givenname"] and self.rule != "by-cite"
        # A later mention may show fewer names than the first: it is the one that must be told apart.
        self.position = "subsequent" if "et-al-subsequent-min" in attributes else "first"
        self.compared: set[str] = set()

    def read(self, id: str) -> str:
        """How the cite reads, without its year suffix."""
        return plain(self.processor.cite_body(Cite(id, position=self.position)))

    def groups(self, ids: Sequence[str]) -> list[list[str]]:
        """Those of the cites that read the same, in their order."""
        found: dict[str, list[str]] = defaultdict(list)
        for id in ids:
            found[self.read(id)].append(id)
        self.compared.update(found)
        return [group for text, group in found.items() if len(group) > 1 and text]

    def split(
        self, group: list[str], change: Callable[[Distinct], None], undo: Callable[[Distinct], None]
    ) -> list[list[str]] | None:
        """The groups after a change, or None, with the change undone, when it tells none apart."""
        for id in group:
            change(self.processor.distinct[id])
        parts: dict[str, list[str]] = defaultdict(list)
        for id in group:
            parts[self.read(id)].append(id)
        if len(parts) > 1:
            return list(parts.values())
        for id in group:
            undo(self.processor.distinct[id])
        return None

    def names_shown(self, id: str) -> tuple[int, int]:
        """How many names the cite shows, and how many it has."""
        context = self.processor.context(id, "citation", Cite(id, position=self.position))
        sequence(self.processor.style.citation.elements, context)
        shown = context.shown_names
        return (shown[0], shown[1]) if shown else (0, 0)

    def add_names(self, group: list[str]) -> list[list[str]]:
        """Show more names until the cites differ; what stays the same shows no more than before."""
        base = self.processor.distinct[group[0]].more_names
        most = max(total - shown for shown, total in (self.names_shown(id) for id in group))
        for more in range(base + 1, base + min(most, _MOST_NAMES) + 1):

            def show(distinct: Distinct, more: int = more) -> None:
                distinct.more_names = more

            def hide(distinct: Distinct) -> None:
                distinct.more_names = base

            parts = self.split(group, show, hide)
            if parts is not None:
                return [left for part in parts if len(part) > 1 for left in self.add_names(part)]
        return [group]

    def add_given(self, group: list[str]) -> list[list[str]]:
        """Show given names, the first names first, until the cites differ."""
        base = self.processor.distinct[group[0]].more_names
        shown, total = (max(counts) for counts in zip(*(self.names_shown(id) for id in group), strict=True))
        extra = range(total - shown + 1) if self.asked["names"] else range(1)
        for more in extra:
            for id in group:
                self.processor.distinct[id].more_names = base + more
            for place in range(min(shown + more, _MOST_NAMES)):
                for level in (1, 2):
                    before = self.processor.distinct[group[0]].given.get(place, 0)
                    if level <= before:
                        continue

                    def show(distinct: Distinct, place: int = place, level: int = level) -> None:
                        distinct.given[place] = level

                    def hide(distinct: Distinct, place: int = place, before: int = before) -> None:
                        distinct.given[place] = before

                    parts = self.split(group, show, hide)
                    if parts is not None:
                        return [left for part in parts if len(part) > 1 for left in self.add_given(part)]
        for id in group:
            self.processor.distinct[id].more_names = base
        return [group]

    def add_condition(self, groups: list[list[str]]) -> list[list[str]]:
        """Let ``disambiguate="true"`` hold where cites still read the same."""
        left = []
        for group in groups:
            before = [self.read(id) for id in group]
            for id in group:
                self.processor.distinct[id].condition = True
            after = [self.read(id) for id in group]
            if before == after:
                for id in group:
                    self.processor.distinct[id].condition = False
                left.append(group)
            elif len(set(after)) < len(after):
                same: dict[str, list[str]] = defaultdict(list)
                for id, text in zip(group, after, strict=True):
                    same[text].append(id)
                left += [part for part in same.values() if len(part) > 1]
        return left

    def add_suffixes(self, ids: Sequence[str]) -> None:
        """Letters after the year of all cites that read the same to the end, in the order of the list."""
        for group in self.groups(ids):
            for number, id in enumerate(group):
                self.processor.distinct[id].suffix = letters(number)

    def expand_everywhere(self, ids: Sequence[str]) -> None:
        """Show given names wherever one family name stands for several people."""
        initials_only = self.rule.endswith("with-initials")
        shown_people: dict[str, set[str]] = defaultdict(set)
        all_people: dict[str, set[str]] = defaultdict(set)
        places: list[tuple[str, int, Name, bool]] = []
        for id in ids:
            for place, name, shown in self.people(id):
                all_people[_short(name)].add(name.given)
                if shown:
                    shown_people[_short(name)].add(name.given)
                places.append((id, place, name, shown))
        shown_initials, all_initials = _initials_of(shown_people), _initials_of(all_people)
        for id, place, name, shown_here in places:
            counts = (shown_initials if shown_here else all_initials).get(_short(name))
            if counts is None:
                continue
            unique = counts[initials(name.given, ".")] == 1
            if unique or not initials_only:
                self.processor.distinct[id].given[place] = 1 if unique else 2

    def people(self, id: str) -> Iterator[tuple[int, Name, bool]]:
        """Those of the cite's people whose family name may stand for several: their place, name, and whether it is shown."""
        names, shown = self._names(id)
        for place, name in enumerate(names[:1] if self.rule.startswith("primary-name") else names):
            if name.family:
                yield place, name, place < shown

    def _names(self, id: str) -> tuple[tuple[Name, ...], int]:
        """The names of the cite's first list, and how many of them it shows."""
        item = self.processor.items[id]
        context = self.processor.context(id, "citation", Cite(id, position=self.position))
        context.touched = []
        sequence(self.processor.style.citation.elements, context)
        variable = next((name for name in context.touched if item.names(name)[0]), "author")
        return item.names(variable)[0], context.shown_names[0] if context.shown_names else 0


def _initials_of(people: Mapping[str, set[str]]) -> dict[str, Counter[str]]:
    """How many given names have the same initials, for each family name that stands for several people."""
    several = ((family, given) for family, given in people.items() if len(given) > 1)
    return {family: Counter(initials(name, ".") for name in given) for family, given in several}


def _short(name: Name) -> str:
    return f"{name.kept} {name.family}"


def letters(number: int) -> str:
    """The letters for the n-th of several: a to z, then aa.

    Examples:
        >>> letters(0), letters(25), letters(26)
        ('a', 'z', 'aa')
    """
    text = ""
    number += 1
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(97 + rest) + text
    return text
