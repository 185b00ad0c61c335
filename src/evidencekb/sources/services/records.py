"""A service's record while it is read: what is taken from it lands somewhere, the rest becomes losses.

>>> record = Record({"title": "On work", "score": 1.5, "subject": ["Ecology", "Forestry"]})
>>> item = {"id": "doi:10.5555/a", "type": "book", "title": record.text("title")}
>>> [str(loss) for loss in record.entry(item, registry=("score",)).losses]
["subject = 'Ecology; Forestry': CSL has no place for it"]
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidencekb import ids
from evidencekb.errors import LookupFailed
from evidencekb.sources.client import Answer
from evidencekb.sources.items import Entry, Item, Loss
from evidencekb.sources.markup import UNSEEN, plain_text, unseen

NO_PLACE = "CSL has no place for it"
AMONG_FACTS = "no part of a reference; it stands among the facts"
ANOTHER = "asked for {asked}, answered about {answered}, which it stands for: is it the work that is meant?"
"""What is said when a registry has put one identifier in place of another."""

_LONGEST = 300
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Organisation:
    """A body that a record names.

    Attributes:
        role: ``"publisher"``, ``"funder"``, ``"affiliation"`` or ``"institution"`` (of a thesis, report or archive).
        ror: Its ROR id, without address; ``""`` when the record gives none.
        id: Another id that the record gives, as written: a funder's DOI, or an address.
        person: Whose affiliation it is, as printed.
        awards: Numbers of grants.
    """

    name: str
    role: str
    ror: str = ""
    id: str = ""
    person: str = ""
    awards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Related:
    """Another work that a record names.

    Attributes:
        relation: What this work is to the other, in the words of Crossref: ``"is-preprint-of"``, ``"update-to"``.
        identifier: The other work, where the record's id could be read.
        text: The record's id as written.
        note: What the record says of it: the type of an update, a reference.
    """

    relation: str
    identifier: ids.Identifier | None
    text: str
    note: str = ""


VERSIONS = frozenset({
    "is-preprint-of", "has-preprint", "is-version-of", "has-version", "is-new-version-of", "is-previous-version-of",
    "is-identical-to", "is-variant-form-of", "is-original-form-of", "is-manuscript-of", "has-manuscript",
    "is-published-in", "is-same-as", "is-expression-of", "has-expression",
})  # fmt: skip
"""Relations between versions of one work."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a record says beside the reference, as it says it; hints on who has an interest are made of it.

    Attributes:
        organisations: Publisher first, then in the record's order.
        related: Other works, in the record's order.
        interests: The authors' statement of their interests, as printed.
    """

    organisations: tuple[Organisation, ...] = ()
    related: tuple[Related, ...] = ()
    interests: str = ""

    @property
    def versions(self) -> tuple[Related, ...]:
        """The other versions of the work."""
        return tuple(other for other in self.related if other.relation in VERSIONS)


@dataclass(frozen=True, slots=True)
class Looked:
    """A work that was looked up.

    Attributes:
        service: Which service knew it.
        url: Where the answer came from.
        fetched_on: The day it was fetched, ISO, in UTC.
        cached: True if it was kept from an earlier time.
    """

    entry: Entry
    facts: Facts
    service: str
    url: str
    fetched_on: str
    cached: bool


@dataclass(slots=True)
class Record:
    """The part of a record that is not yet read.

    Attributes:
        data: What is left.
        losses: What is known to be lost, in the order read.
    """

    data: dict[str, Any]
    losses: list[Loss] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = copy.deepcopy(dict(self.data))

    def take(self, key: str) -> Any:
        """A value, which then counts as read; None when there is none."""
        value = self.data.pop(key, None)
        for text in value if isinstance(value, list) else [value]:
            self.tell_unseen(key, text)
        return value

    def tell_unseen(self, key: str, text: Any) -> None:
        """Note a loss for characters that reading a text takes out."""
        if isinstance(text, str) and (gone := unseen(text)):
            self.lose(key, gone, UNSEEN)

    def text(self, key: str) -> str:
        """A text, or the first of a list of texts; the others stay and become losses."""
        value = self.data.get(key)
        if isinstance(value, list):
            first = value.pop(0) if value and is_text(value[0]) else None
            if not value:
                del self.data[key]
            self.tell_unseen(key, first)
            return plain_text(str(first)) if first is not None else ""
        return plain_text(str(self.take(key))) if is_text(value) else ""

    def texts(self, key: str) -> list[str]:
        """All texts of a list."""
        value = self.data.get(key)
        values = value if isinstance(value, list) else [value]
        if value is None or not all(map(is_text, values)):
            return []
        self.take(key)
        return [text for text in (plain_text(str(one)) for one in values) if text]

    def part(self, key: str) -> Record:
        """What stands under a key, to be read by itself; what is left of it comes back with :meth:`give_back`."""
        value = self.data.get(key)
        if isinstance(value, Mapping):
            del self.data[key]
            return Record(dict(value), self.losses)
        return Record({}, self.losses)

    def parts(self, key: str) -> list[Record]:
        """The mappings of a list, each to be read by itself."""
        value = self.data.get(key)
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list):
            return []
        found = [Record(dict(one), self.losses) for one in value if isinstance(one, Mapping)]
        if rest := [one for one in value if not isinstance(one, Mapping)]:
            self.data[key] = rest
        else:
            del self.data[key]
        return found

    def give_back(self, key: str, *parts: Record) -> None:
        """What was left of parts becomes losses under their key."""
        for part in parts:
            if part.data:
                self.data.setdefault(key, [])
                if not isinstance(self.data[key], list):
                    self.data[key] = [self.data[key]]
                self.data[key].append(part.data)

    def lose(self, name: str, value: object, reason: str) -> None:
        """Say that something is not in the item."""
        text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
        self.losses.append(Loss(name, _cut(text), reason))

    def drop(self, key: str, reason: str = NO_PLACE) -> None:
        """Lose all that stands under a key, as one loss."""
        value = self.take(key)
        if not any(text for _, text in _leaves(value, "", 0)):
            return
        self.lose(key, f"{len(value)} entries" if isinstance(value, list) and len(value) > 3 else value, reason)

    def entry(self, item: Item, *, registry: Iterable[str]) -> Entry:
        """The work, with a loss for everything that was not read.

        Args:
            item: The work; empty values are left out.
            registry: Keys, with dots for keys within keys, that are about the registry and not about the work.
        """
        known = tuple(registry)
        left: dict[str, list[str]] = {}
        for path, value in _leaves(self.data, "", 0):
            if value and not any(path == key or path.startswith(f"{key}.") for key in known):
                left.setdefault(path, []).append(value)
        for path, values in left.items():
            self.lose(path, "; ".join(dict.fromkeys(values)), NO_PLACE)
        return Entry("", {key: value for key, value in item.items() if value}, losses=tuple(self.losses))


def confirm(answer: Answer, asked: ids.Identifier, told: Iterable[str]) -> None:
    """See that a record is about what was asked for, as far as it says what it is about.

    Args:
        answer: Where the record stands.
        asked: What was asked for; without a version, any version will do.
        told: Numbers of the same scheme that the record gives as its own; empty ones are passed over.

    Raises:
        LookupFailed: If it is about something else (``"unreadable"``).
    """
    found = [ids.Identifier(asked.scheme, text) for text in told if text]
    if found and not any(_same(asked, one) for one in found):
        raise LookupFailed(
            answer.service,
            answer.url,
            "unreadable",
            f"it was asked for {asked} and answers about {found[0]}; look that one up if it is the one you mean",
        )


def _same(asked: ids.Identifier, found: ids.Identifier) -> bool:
    if asked.version is not None and found.version is not None:
        return asked == found
    return asked.unversioned() == found.unversioned()


def mappings(value: object) -> list[Mapping[str, Any]]:
    """The mappings of a list, or the one mapping that stands in its place."""
    values = value if isinstance(value, list) else [value]
    return [one for one in values if isinstance(one, Mapping)]


def word(record: Mapping[str, Any], key: str) -> str:
    """A text of a record, or the first of a list of texts; '' when there is none."""
    value = record.get(key)
    if isinstance(value, list):
        value = next(iter(value), None)
    return plain_text(str(value)) if is_text(value) else ""


def is_text(value: object) -> bool:
    """True for what is printed as it is: a text or a number."""
    return isinstance(value, str) or (isinstance(value, (int, float)) and not isinstance(value, bool))


def in_capitals(text: str) -> bool:
    """True if a text of some length has no small letters though its script has some.

    Examples:
        >>> in_capitals("McDONALD"), in_capitals("SMITH"), in_capitals("WHO"), in_capitals("李")
        (False, True, False, False)
    """
    letters = [c for c in text if c.isalpha() and c.lower() != c.upper()]
    return len(letters) > 3 and all(c.isupper() for c in letters)


def related(relation: str, text: str, scheme: str = "", note: str = "") -> Related:
    """Another work, its id read as far as it can be."""
    text = text.strip()
    tries = [f"{scheme.lower()}:{text}"] if scheme.lower() in ids.SCHEMES and scheme.lower() != "url" else []
    for attempt in (text, *tries):
        try:
            return Related(relation, ids.parse(attempt), text, note)
        except ValueError:
            continue
    return Related(relation, None, text, note)


def ror_of(text: str) -> str:
    """The ROR id of an address; '' when it is none.

    Examples:
        >>> ror_of("https://ror.org/05rbhea42"), ror_of("http://isni.org/isni/0000")
        ('05rbhea42', '')
    """
    match = re.search(r"ror\.org/(0[0-9a-z]{8})/?$", text.strip().lower())
    return match[1] if match else ""


def orcid_name(family: str, given: str, literal: str) -> str:
    """How a person is called in the facts."""
    return literal or f"{given} {family}".strip()


def _leaves(value: object, path: str, depth: int) -> Iterator[tuple[str, str]]:
    if depth > _DEEPEST:
        yield path, "nested too deeply"
    elif isinstance(value, Mapping):
        for key, inner in value.items():
            # The text of an XML element stands under its name.
            yield from _leaves(inner, path if key == "#" else f"{path}.{key}" if path else str(key), depth + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _leaves(inner, path, depth + 1)
    elif value is not None:
        yield path, value if isinstance(value, str) else json.dumps(value)


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"
