"""Cards and references of one knowledge base: read from their rows or made, and kept between questions."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cached_property
from operator import attrgetter
from typing import TYPE_CHECKING, TypeVar

from evidencekb.answers import Figure, Reference
from evidencekb.answers.base import Json, digest_of
from evidencekb.answers.figures import figure_fields, figure_of
from evidencekb.answers.stored import Known, known_from, primary_for, stored_figures
from evidencekb.errors import SealedFileError

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_CARDS = 64_000_000
"""Bytes of cards, some 10,000 of them."""
_FIGURES, _SOURCES, _SMALL = 10_000, 8_000, 20_000
_AMONG = "IN (SELECT value FROM json_each(?))"
_TYING = """
    SELECT DISTINCT i.organization FROM interest i JOIN source s ON s.id = i.source
    WHERE i.tie NOT IN ('publisher', 'author_employer', 'funder') OR s.vendor IN ('vendor', 'interested')
"""

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(OrderedDict[K, V]):
    """A dictionary of at most so many values: the one that was kept, or taken again, longest ago goes when there are too many.

    Threads may share one.

    Args:
        most: So many values.
        size: How much a value counts; one when left out.

    Examples:
        >>> words = Kept(8, len)
        >>> kept = [words.keep(word, word) for word in ("one", "two")]
        >>> words.again("one"), words.keep("four", "four"), list(words)
        ('one', 'four', ['one', 'four'])
    """

    def __init__(self, most: int, size: Callable[[V], int] | None = None) -> None:
        super().__init__()
        self._most, self._size, self._held = most, size, 0

    def keep(self, key: K, value: V) -> V:
        """Keep a value."""
        before = self.get(key)
        self[key] = value
        self._held += self._sized(value) - (0 if before is None else self._sized(before))
        while self._held > self._most and len(self) > 1:
            try:
                _, gone = self.popitem(last=False)
            except KeyError:  # another thread forgets meanwhile
                break
            self._held -= self._sized(gone)
        return value

    def again(self, key: K) -> V | None:
        """A value that is kept, which now stays longer; None when there is none."""
        try:
            self.move_to_end(key)
        except KeyError:
            return None
        return self.get(key)

    def _sized(self, value: V) -> int:
        return self._size(value) if self._size else 1


class Cards:
    """Cards and references of one knowledge base.

    Attributes:
        ranks: Places of findings in the strength order, as far as they are known.
    """

    def __init__(self, kb: KnowledgeBase) -> None:
        self._kb = kb
        self._cards: Kept[str, Known] = Kept(_CARDS, attrgetter("size"))
        self._leading: Kept[str, tuple[Figure, ...]] = Kept(_FIGURES)
        self._sources: Kept[str, tuple[Reference, str]] = Kept(_SOURCES)
        self._definitions: Kept[str, str] = Kept(_SMALL)
        self.ranks: Kept[str, int] = Kept(_SMALL)

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """Cards of findings that exist, by id, in the order given."""
        asked = tuple(dict.fromkeys(ids))
        held = {id: card for id in asked if (card := self._cards.again(id)) is not None}
        if len(held) == len(asked):
            return held
        read = self._read([id for id in asked if id not in held])
        return {id: held.get(id) or read[id] for id in asked}

    def leading(self, ids: Iterable[str]) -> Iterator[Figure]:
        """The first figure of each finding that exists and has one."""
        for id in ids:
            held = self._leading.get(id)
            yield from self._leading.keep(id, self._figure(id)) if held is None else held

    def _figure(self, id: str) -> tuple[Figure, ...]:
        """The first figure of a finding, without the rest of its card."""
        if kept := self._cards.get(id):
            return kept.card.figures[:1]
        with self._undamaged():
            found = maker.leading(id) if (maker := self._kb.maker) else stored_figures(self._kb.stored("card", id))[:1]
            return tuple([figure_of(figure_fields(figure)) for figure in found])

    def _read(self, ids: list[str]) -> dict[str, Known]:
        """Cards of findings, from their rows, or made."""
        asked = (json.dumps(ids),)
        answering: dict[str, list[tuple[str, str, int]]] = {}
        for finding, aspect, estimate, wanted in self._kb.rows(
            f"SELECT finding, aspect, estimate, wanted FROM answering WHERE finding {_AMONG}", asked
        ):
            answering.setdefault(finding, []).append((aspect, estimate, wanted))
        exclusions, untraced, claims = [
            self._many(f"SELECT finding, {name} FROM {table} WHERE finding {_AMONG} ORDER BY 1, 2", asked)
            for name, table in (("exclusion", "bears_on"), ("untraced", "untraced_near"), ("claim", "support"))
        ]
        ranks = self._ranks_of(ids)
        read: dict[str, Known] = {}
        with self._undamaged():
            for id, data in self._rows(ids):
                held, primaries = data["beside"]["primaries"], [self._marked(key) for key in data["references"]]
                known = known_from(
                    data,
                    ranks[id],
                    tuple([primary_for(id, s, held.get(s.key) or None) for s, _ in primaries]),
                    answering.get(id, ()),
                    {definition: self.definition_text(definition) for definition in data["definitions"]},
                    (exclusions.get(id, ()), untraced.get(id, ()), claims.get(id, ())),
                    " ".join([mark for _, mark in primaries]),
                    self._tying,
                )
                read[id] = self._cards.keep(id, known)
            return {id: read[id] for id in ids}

    @contextmanager
    def _undamaged(self) -> Iterator[None]:
        """Say of what cannot be read that the file is damaged."""
        try:
            yield
        except (LookupError, ValueError, TypeError) as problem:
            raise SealedFileError(
                str(self._kb.path), f"damaged: a card is missing or cannot be read ({problem}); build it again"
            ) from problem

    def _ranks_of(self, ids: Iterable[str]) -> Mapping[str, int]:
        """Places of findings in the strength order; those that were found by their place are known."""
        held = {id: rank for id in ids if (rank := self.ranks.get(id)) is not None}
        if missing := [id for id in ids if id not in held]:
            statement = f"SELECT finding, rank FROM ranked WHERE finding {_AMONG}"
            held.update(self._kb.rows(statement, (json.dumps(missing),)))
        return held

    def _rows(self, ids: list[str]) -> Iterator[tuple[str, Json]]:
        """Rows of cards by finding. They are made of a pack too large to store them."""
        if maker := self._kb.maker:
            yield from zip(ids, maker.cards(ids), strict=True)
        else:
            statement = f"SELECT finding, body FROM card WHERE finding {_AMONG}"
            yield from ((id, json.loads(body)) for id, body in self._kb.rows(statement, (json.dumps(ids),)))

    @cached_property
    def _tying(self) -> frozenset[str]:
        """Bodies that may tie two sources: by more than publishing, paying or employing somewhere, or tied to one that gains."""
        return frozenset(organization for (organization,) in self._kb.rows(_TYING))

    def _many(self, statement: str, values: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """The second column of a SELECT by the first, each value once."""
        found: dict[str, dict[str, None]] = {}
        for first, second in self._kb.rows(statement, values):
            found.setdefault(first, {})[second] = None
        return {first: tuple(held) for first, held in found.items()}

    def references(self, keys: Iterable[str]) -> tuple[Reference, ...]:
        """Sources as references list them, without what they are primary for here."""
        return tuple([self._marked(key)[0] for key in keys])

    def _marked(self, key: str) -> tuple[Reference, str]:
        """A source as references list it, and a digest of it."""
        held = self._sources.again(key)
        if held is None:
            data = {**self._listed(key), "primary_for": (), "secondary_for": (), "read": None}
            reference = Reference.from_dict(data)
            held = self._sources.keep(key, (reference, digest_of(reference)))
        return held

    def _listed(self, key: str) -> Json:
        """The row of a source; made without the findings that cite it, of a pack too large to store it."""
        maker = self._kb.maker
        try:
            return maker.reference(key) if maker else self._kb.stored("listed", key)
        except (LookupError, ValueError) as problem:
            raise SealedFileError(
                str(self._kb.path), f"damaged: the source {key!r} cannot be read; build it again"
            ) from problem

    def definition_text(self, id: str) -> str:
        """How a concept became a number, in words."""
        held = self._definitions.get(id)
        if held is None:
            ((text,),) = self._kb.rows("SELECT procedure FROM definition WHERE id = ?", (id,))
            held = self._definitions.keep(id, str(text))
        return held
