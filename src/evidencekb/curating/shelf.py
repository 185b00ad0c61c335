"""What a pack already holds: its sources and bibliographic entries, found again by identifier, or by title, year and author."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from evidencekb import ids
from evidencekb.engines.rows import text_key
from evidencekb.sources.fields import VARIABLES
from evidencekb.sources.items import OTHERS

Fields = Mapping[str, Any]

_STRONG = ("doi", "arxiv", "pmid", "pmcid")
_WEAK = ("isbn", "url", "docket", "number")
_VERSIONED = ("arxiv", "pmcid")
_UMLAUT = re.compile("(?<=[aou])e")
_TITLE, _WHOLE = "title", "whole"
# So many works of one title and author are compared; a file of nothing else is read in time, too.
_MOST = 100
# What two documents of one title and author differ in, if they are two; how a journal or publisher is named is no sign.
_TELLING = ("volume", "issue", "pages", "number", "docket", "edition", "isbn")


# A work of which none of these is known could be any work.
_NAMING = frozenset({"title", "authors", "editors", "container", *ids.SOURCE_SCHEMES})


@dataclass(frozen=True, slots=True)
class Match:
    """A work that is there already.

    Attributes:
        id: Key of what is there.
        because: What the two share, for example ``"doi 10.5555/audit"``.
        same: True if it is the same document; False for another version of the same work.
    """

    id: str
    because: str
    same: bool


Sign = tuple[str, str, str]
"""What a work is found by: the scheme of an identifier, its comparison key, and for a weak one the title."""


@dataclass(slots=True)
class Shelf:
    """Works by what tells them apart. Look-ups and additions take constant time.

    Attributes:
        fields: Bibliographic fields of each work by its key, as a source has them.
    """

    fields: dict[str, Fields] = field(default_factory=dict)
    _by_sign: dict[Sign, list[str]] = field(default_factory=lambda: defaultdict(list))
    _last: tuple[Fields, tuple[Sign, ...]] = ({}, ())

    def put(self, key: str, fields: Fields) -> None:
        """Place a work; one that is there already gets these fields."""
        self.fields[key] = fields
        for sign in self._signs(fields):
            if key not in (keys := self._by_sign[sign]):
                keys.append(key)

    def match(self, fields: Fields) -> Match | None:
        """The work that these fields describe, or another version of it.

        Two documents are the same when they share a DOI, an arXiv number of the same version, or a PubMed number; when
        they share an ISBN, address, docket or number and the title; or when title, year and first author are the same and
        nothing tells them apart. The same title and author under two DOIs, in two kinds or at two arXiv numbers is a work
        in two versions; in two issues of one journal it is a column that goes on, and no match. A work without a title is
        found again when every field is the same.
        """
        other = None
        for match in self._candidates(fields):
            if match.same:
                return match
            other = other or match
        return other

    def _candidates(self, fields: Fields) -> Iterator[Match]:
        for sign in self._signs(fields):
            scheme, key, _ = sign
            for id in self._by_sign.get(sign, ())[:_MOST]:
                if scheme == _WHOLE:
                    yield Match(id, "all that is known", same=True)
                elif scheme == _TITLE:
                    same = _nothing_differs(fields, other := self.fields[id])
                    if same or not _goes_on(fields, other):
                        yield Match(id, "title and first author" if first_author(fields) else "title", same)
                else:
                    same = _version(fields, scheme) == _version(self.fields[id], scheme)
                    yield Match(id, f"{scheme} {key}", same)

    def _signs(self, fields: Fields) -> tuple[Sign, ...]:
        """A work is first looked for and then placed: its signs are made once."""
        if self._last[0] is not fields:
            title = title_key(fields)
            signs = [(scheme, key, title if scheme in _WEAK else "") for scheme, key in identifiers_of(fields)]
            last = (_TITLE, title, "") if title else (_WHOLE, _everything(fields), "")
            self._last = fields, (*signs, last)
        return self._last[1]


def tells_of_a_work(fields: Fields) -> bool:
    """True if there is a title, a name or an identifier, so that it is not any work."""
    return any(fields.get(name) for name in _NAMING)


def identifiers_of(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Scheme and comparison key of every sound identifier of a work, each once; its version aside."""
    found = []
    for scheme in (*_STRONG, *_WEAK):
        if (value := fields.get(scheme)) is not None:
            with suppress(ValueError):  # a faulty one finds nothing
                found.append(ids.key(scheme, _unversioned(scheme, str(value))))
    return tuple(dict.fromkeys(found))


def title_key(fields: Fields) -> str:
    """Title and first author, if there is one, for comparing; '' without a title. Müller and Mueller are one author."""
    title = text_key(fields.get("title"))
    return f"{title}|{_UMLAUT.sub('', first_author(fields))}" if title else ""


def first_author(fields: Fields) -> str:
    """Name of the first author for comparing."""
    for person in fields.get("authors") or ():
        return text_key(person.get("family") or person.get("literal"))
    return ""


def year_of(fields: Fields) -> str:
    """The first year that a work's date names."""
    match = re.search(r"[0-9]{4}", str(fields.get("published_on") or ""))
    return match[0] if match else ""


def bodies_of(fields: Fields) -> Iterator[tuple[str, str]]:
    """Every body that a work names, and as what: ``"author"`` or ``"publisher"``."""
    for person in fields.get("authors") or ():
        if (literal := person.get("literal")) and literal != OTHERS["literal"]:
            yield literal, "author"
    if publisher := fields.get("publisher"):
        yield publisher, "publisher"


def _everything(fields: Fields) -> str:
    """All bibliographic fields for comparing."""
    return "|".join(f"{name}={text_key(str(fields[name]))}" for name in VARIABLES if fields.get(name))


def _goes_on(one: Fields, other: Fields) -> bool:
    """True for two parts of one journal or series, such as a column with one title."""
    container = text_key(one.get("container"))
    return bool(container) and container == text_key(other.get("container")) and one.get("kind") == other.get("kind")


def _version(fields: Fields, scheme: str) -> int | None:
    value = fields.get(scheme) if scheme in _VERSIONED else None
    return ids.Identifier(scheme, str(value)).version if value is not None else None


def _unversioned(scheme: str, value: str) -> str:
    return ids.Identifier(scheme, value).unversioned().value if scheme in _VERSIONED else value


def _nothing_differs(one: Fields, other: Fields) -> bool:
    """True if two works of one title and author can be the same document."""
    if year_of(one) and year_of(other) and year_of(one) != year_of(other):
        return False
    if "kind" in one and "kind" in other and one["kind"] != other["kind"]:
        return False
    if any(text_key(one[name]) != text_key(other[name]) for name in _TELLING if one.get(name) and other.get(name)):
        return False
    mine, others = dict(identifiers_of(one)), dict(identifiers_of(other))
    if not (first_author(one) and year_of(one) and year_of(other)):
        # A title alone, or with a year, is that of many: where they stand tells them apart.
        places = mine.get("url", ""), others.get("url", "")
        containers = text_key(one.get("container")), text_key(other.get("container"))
        if any(here and there and here != there for here, there in (places, containers)):
            return False
    if any(
        _version(one, scheme) != _version(other, scheme) for scheme in _VERSIONED if scheme in mine and scheme in others
    ):
        return False
    return all(mine[scheme] == others[scheme] for scheme in _STRONG if scheme in mine and scheme in others)
