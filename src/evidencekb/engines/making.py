"""Cards and references made from rows, one at a time: by a build that stores them, and by questions to a pack that does not.

What a card needs of other records is read when it is needed and kept for the next one, within bounds. So one card can be made
without the rest of the pack in memory, and a million findings take no more of it than a few thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from itertools import islice
from typing import Any, Generic, TypeVar

from evidencekb.answers.base import Json
from evidencekb.answers.making import Byline, Shelf, card_of, figures_of, reference_of
from evidencekb.engines.linking import Rows
from evidencekb.engines.neighbourhood import Neighbourhood
from evidencekb.model import Finding, Source
from evidencekb.sources import references
from evidencekb.vocab import ReadWhat

V = TypeVar("V")
_RECORDS, _SOURCES, _LABELS = 2_000, 5_000, 20_000
_BODY = "SELECT body FROM record WHERE kind = ? AND id = ?"
_BODIES = "SELECT id, body FROM record WHERE kind = 'finding' AND id IN (SELECT value FROM json_each(?))"
_CITED = "SELECT finding, role, read FROM citation WHERE source = ? ORDER BY finding, position"


class Reading(dict[str, V], Generic[V]):
    """A mapping that reads what it is asked for, and keeps so many: the one read first goes when there are too many.

    Args:
        read: Gives the value of a key; raises ``KeyError`` when there is none.
        most: How many are kept.

    Examples:
        >>> lengths = Reading(len, 2)
        >>> [lengths[word] for word in ("a", "bb", "ccc")], list(lengths)
        ([1, 2, 3], ['bb', 'ccc'])
    """

    def __init__(self, read: Callable[[str], V], most: int) -> None:
        super().__init__()
        self._read, self._most = read, most

    def __missing__(self, key: str) -> V:
        value = self[key] = self._read(key)
        if len(self) > self._most:
            with suppress(RuntimeError, StopIteration):  # another thread keeps and forgets meanwhile
                self.pop(next(iter(self)), None)
        return value


class Maker:
    """Makes the rows of ``card`` and ``listed``, each from the rows of other tables.

    Args:
        rows: Asks the tables of a sealed file, or of one that is being built and holds its records, links and what was
            derived for the rules.
    """

    def __init__(self, rows: Rows) -> None:
        self._rows = rows
        self._findings = Reading(self._finding, _RECORDS)
        self._sources = Reading(self._source, _SOURCES)
        self._plain = Reading(self._plain_source, _SOURCES)
        self._shelf = Shelf(
            sources=self._sources,
            bylines=Reading(self._byline, _LABELS),
            concepts=self._labels("SELECT label FROM concept WHERE id = ?"),
            cohorts=self._labels("SELECT label FROM cohort WHERE id = ?"),
            definitions=self._labels("SELECT subject FROM definition WHERE id = ?"),
            organizations=self._labels("SELECT name FROM organization WHERE id = ?"),
        )
        self._around = Neighbourhood(rows, self._findings, self._sources)

    def card(self, id: str) -> Json:
        """The row of a card, as plain data.

        Raises:
            KeyError: If there is no such finding, or a record that it names is missing.
        """
        (card,) = self.cards((id,))
        return card

    def cards(self, ids: Sequence[str]) -> Iterator[Json]:
        """The rows of several cards, in the order given; what they need is read for all of them together.

        Raises:
            KeyError: If there is no such finding, or a record that it names is missing.
        """
        asked = (json.dumps(ids),)
        bodies: dict[str, str] = dict(self._rows(_BODIES, asked))
        linked = self._around.linked(asked)
        for id in ids:
            finding = Finding.model_validate_json(bodies[id])  # not kept: nobody makes one card twice in a row
            yield card_of(finding, self._around.of(finding, linked.get(id, ())), self._shelf)

    def leading(self, id: str) -> tuple[Json, ...]:
        """The first figure of a card, as plain data; none of a finding that has none.

        Raises:
            KeyError: As :meth:`card`.
        """
        finding = self._finding(id)
        around = self._around.of(finding, self._around.linked((json.dumps((id,)),)).get(id, ()))
        return tuple(islice(figures_of(finding, around, self._shelf), 1))

    def listed(self, key: str) -> Json:
        """The row of a source as references list it, with all findings of the pack that cite it.

        Raises:
            KeyError: If there is no such source.
        """
        cited = self._rows(_CITED, (key,))
        by_role = {role: [finding for finding, cites, _ in cited if cites == role] for role in ("primary", "secondary")}
        read = max((ReadWhat(what) for _, _, what in cited if what), key=lambda w: (w.closeness, w), default=None)
        return self._reference(key, by_role["primary"], by_role["secondary"], str(read) if read else None)

    def reference(self, key: str) -> Json:
        """The same without the findings that cite it: of a source that many cite, they are the most of its row.

        Raises:
            KeyError: If there is no such source.
        """
        return self._reference(key, (), (), None)

    def bylines(self) -> Iterator[tuple[str, str]]:
        """Key and byline of every source, sorted."""
        for key, body in self._rows("SELECT id, body FROM record WHERE kind = 'source' ORDER BY id", ()):
            yield key, references.label(json.loads(body))

    def _reference(self, key: str, primary: Any, secondary: Any, read: str | None) -> Json:
        plain = self._plain[key]
        text, csl = references.reference_text(plain), references.csl(plain)
        return reference_of(self._sources[key], self._shelf, text, csl, primary, secondary, read)

    def _labels(self, statement: str) -> Reading[str]:
        return Reading(lambda id: str(self._one(statement, id, id)), _LABELS)

    def _one(self, statement: str, key: str, *values: str) -> Any:
        rows = self._rows(statement, values)
        if not rows:
            raise KeyError(key)
        return rows[0][0]

    def _finding(self, id: str) -> Finding:
        return Finding.model_validate_json(self._one(_BODY, id, "finding", id))

    def _source(self, key: str) -> Source:
        return Source.model_validate_json(self._one(_BODY, key, "source", key))

    def _plain_source(self, key: str) -> Json:
        plain: Json = json.loads(self._one(_BODY, key, "source", key))
        return plain

    def _byline(self, key: str) -> Byline:
        plain = self._plain[key]
        return Byline(references.label(plain), references.year(plain), references.address(plain))
