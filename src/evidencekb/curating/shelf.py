"""What a pack already holds: its sources and bibliographic entries, found again by identifier, or by title, year and author."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidencekb import ids
from evidencekb.engines.rows import text_key

Fields = Mapping[str, Any]

_STRONG = ("doi", "arxiv", "pmid", "pmcid")
_WEAK = ("isbn", "url", "docket", "number")
# What two documents of one title and author differ in, if they are two; how a journal or publisher is named is no sign.
_TELLING = ("volume", "issue", "pages", "number", "docket", "edition", "isbn")


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


@dataclass(slots=True)
class Shelf:
    """Works by what tells them apart. Look-ups and additions take constant time.

    Attributes:
        fields: Bibliographic fields of each work by its key, as a source has them.
    """

    fields: dict[str, Fields] = field(default_factory=dict)
    _by_identifier: dict[tuple[str, str], list[str]] = field(default_factory=lambda: defaultdict(list))
    _by_title: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))

    def put(self, key: str, fields: Fields) -> None:
        """Place a work."""
        self.fields[key] = fields
        for identifier in identifiers_of(fields):
            self._by_identifier[identifier].append(key)
        if title := title_key(fields):
            self._by_title[title].append(key)

    def match(self, fields: Fields) -> Match | None:
        """The work that these fields describe, or another version of it.

        Two documents are the same when they share a DOI, an arXiv number of the same version, or a PubMed number; when
        they share an ISBN, address, docket or number and the title; or when title, year and first author are the same and
        nothing tells them apart. The same title and author under two DOIs, in two kinds or at two arXiv numbers is a work
        in two versions.
        """
        found = list(self._candidates(fields))
        return next((match for match in found if match.same), found[0] if found else None)

    def _candidates(self, fields: Fields) -> Iterator[Match]:
        title = title_key(fields)
        for scheme, key in identifiers_of(fields):
            for id in self._by_identifier.get((scheme, key), ()):
                other = self.fields[id]
                if scheme in _WEAK and title_key(other) != title:
                    continue
                yield Match(id, f"{scheme} {key}", same=_version(fields, scheme) == _version(other, scheme))
        for id in self._by_title.get(title, ()) if title else ():
            yield Match(id, "title and first author", _nothing_differs(fields, self.fields[id]))


def identifiers_of(fields: Fields) -> tuple[tuple[str, str], ...]:
    """Scheme and comparison key of every sound identifier of a work, each once; its version aside."""
    found = []
    for scheme in (*_STRONG, *_WEAK):
        value = fields.get(scheme)
        if value is not None and ids.problem(scheme, str(value)) is None:
            whole = ids.Identifier(scheme, str(value)).unversioned()
            found.append(ids.key(whole.scheme, whole.value))
    return tuple(dict.fromkeys(found))


def title_key(fields: Fields) -> str:
    """Title and first author for comparing; '' without a title or an author."""
    title = text_key(fields.get("title"))
    author = first_author(fields)
    return f"{title}|{author}" if title and author else ""


def first_author(fields: Fields) -> str:
    """Name of the first author for comparing."""
    for person in fields.get("authors") or ():
        return text_key(person.get("family") or person.get("literal"))
    return ""


def year_of(fields: Fields) -> str:
    """The first year that a work's date names."""
    match = re.search(r"[0-9]{4}", str(fields.get("published_on") or ""))
    return match[0] if match else ""


def names_of(fields: Fields) -> Iterable[str]:
    """Every body that a work names as author or publisher."""
    for person in fields.get("authors") or ():
        if literal := person.get("literal"):
            yield literal
    if publisher := fields.get("publisher"):
        yield publisher


def _version(fields: Fields, scheme: str) -> int | None:
    value = fields.get(scheme)
    return ids.Identifier(scheme, str(value)).version if value is not None else None


def _nothing_differs(one: Fields, other: Fields) -> bool:
    """True if two works of one title and author can be the same document."""
    if year_of(one) and year_of(other) and year_of(one) != year_of(other):
        return False
    if "kind" in one and "kind" in other and one["kind"] != other["kind"]:
        return False
    if any(text_key(one[name]) != text_key(other[name]) for name in _TELLING if one.get(name) and other.get(name)):
        return False
    mine, others = dict(identifiers_of(one)), dict(identifiers_of(other))
    return all(mine[scheme] == others[scheme] for scheme in _STRONG if scheme in mine and scheme in others)
