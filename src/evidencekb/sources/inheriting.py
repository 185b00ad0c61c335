"""What an entry takes over from the entries that its ``crossref`` and ``xdata`` name.

References:
    Kime, P., Wemheuer, M. and Lehman, P., The biblatex Package, appendix B, for which field becomes which.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from evidencekb.sources import bibtables as tables
from evidencekb.sources.shaping import Value

Fields = dict[str, Value]

DEEPEST = 20
"""Links that are followed from one entry."""
MOST = 64 * 1024 * 1024
"""Characters that all entries of a file take over; a few large parents of very many children are no bibliography."""

# What identifies the parent, tells of its whole, or is about its entry, is not the child's. biblatex takes some of it.
_OWN = frozenset({
    "doi", "url", "urldate", "eprint", "eprinttype", "eprintclass", "archiveprefix", "primaryclass", "pmid", "pmcid",
    "isbn", "pages", "pagetotal", "numpages", "abstract", "annotation", "annote", "keywords", "note", "addendum",
    "shorttitle", "shortauthor", "shorteditor", "shorthand", "indextitle", "title", "subtitle", "titleaddon", "type",
    "entrysubtype", "howpublished", "language", "langid", "origtitle",
}) | tables.BOOKKEEPING | tables.RELATIONS  # fmt: skip
_DATES = ("date", "year", "month", "day")
_TITLES = ("title", "subtitle", "titleaddon")
_MULTIVOLUME = frozenset({"mvbook", "mvcollection", "mvreference", "mvproceedings"})


class Inheritance:
    """The fields of entries with what they take over.

    Args:
        types: The type of each entry, by key.
        fields: The fields of each, by key.
        problem: Called with key, line and message for a link that leads nowhere.
    """

    def __init__(
        self, types: Mapping[str, str], fields: Mapping[str, Fields], problem: Callable[[str, int, str], None]
    ) -> None:
        self.types = types
        self.fields = fields
        self.problem = problem
        self.done: dict[str, Fields] = {}
        self.budget = MOST

    def of(self, key: str, above: tuple[str, ...] = ()) -> Fields:
        """The fields of an entry, its own first, then those of its parents."""
        own = self.fields[key]
        if "crossref" not in own and "xdata" not in own:
            return own
        if key in self.done:
            return self.done[key]
        whole = dict(own)
        for parent in self._parents(key, "xdata", above):
            for name, value in self.of(parent, (*above, key)).items():
                if name not in tables.BOOKKEEPING:
                    whole.setdefault(name, value)
        for parent in self._parents(key, "crossref", above):
            taken = dict(_taken(self.types[key], self.types[parent], self.of(parent, (*above, key))))
            if any(name in whole for name in ("date", "year")):
                taken = {name: value for name, value in taken.items() if name not in _DATES}
            whole |= {name: value for name, value in taken.items() if name not in whole}
        self.done[key] = whole
        return whole

    def _parents(self, key: str, link: str, above: tuple[str, ...]) -> Iterator[str]:
        if link not in self.fields[key]:
            return
        text, line = self.fields[key][link]
        parents = text.split(",") if link == "xdata" else [text]
        for parent in dict.fromkeys(part.strip() for part in parents):
            if parent not in self.fields or parent == key:
                message = f"its {link} {parent!r} is no other entry of this file; add it, or write its fields here"
                self.problem(key, line, message)
            elif parent in above or len(above) >= DEEPEST:
                self.problem(key, line, f"its {link} {parent!r} leads back to it, or on and on; write its fields here")
            elif self.budget < 0:
                self.problem(key, line, f"its {link} {parent!r} is one too many; write its fields here")
            else:
                self.budget -= sum(len(value[0]) + 20 for value in self.fields[parent].values())
                yield parent


def _taken(child: str, parent: str, fields: Fields) -> Iterator[tuple[str, Value]]:
    stem = _stem(child, parent)
    for name, value in fields.items():
        if stem and name in _TITLES:
            yield stem + name, value
        elif name not in _OWN and not (name == "author" and stem == "book"):
            yield name, value
        if name == "author" and child in tables.IN_BOOKS and stem:
            yield "bookauthor", value
            if child == "inbook":
                yield name, value


def _stem(child: str, parent: str) -> str:
    """What the title of the parent is to the child: a ``booktitle``, a ``maintitle``, a ``journaltitle``, or nothing."""
    if parent in _MULTIVOLUME:
        return "main"
    if child in tables.IN_BOOKS:
        return "journal" if parent == "periodical" else "book"
    if parent == "periodical" and child in ("article", "suppperiodical"):
        return "journal"
    return ""
