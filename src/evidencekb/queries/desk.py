"""What questions read again and again, kept between them: cards, subjects and aspects of one knowledge base.

Everything here can be read again from the sealed file. What is kept is bounded, so that half a million questions take no
more memory than a few thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from evidencekb.answers import Figure, Ref, Reference
from evidencekb.answers.naming import lowered, plural_of
from evidencekb.answers.sentences import fit_phrases
from evidencekb.answers.stored import Known, of_different_works
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries import statements
from evidencekb.queries.bearing import Bearing
from evidencekb.queries.keeping import Cards, Kept

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_SUBJECTS, _SMALL = 10_000, 20_000
_PLACES, _WEIGHTS, _ASPECTS = 20_000_000, 500_000, 100

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of a question.

    Attributes:
        ref: The subject.
        name: The subject inside a sentence; a role by its plural.
        phrases: How a card may stand to it, in words, by weight.
        bearing: Findings that bear on it.
        depends: What decides the weights: the subject, and what lies between it and what findings are about; and
            older versions of findings with the newer ones that push them out.
        mark: The same as one text.
        untraced: Claims in circulation about it.
        gaps: Recorded gaps about it, or about what holds it, each with which of the two.
    """

    ref: Ref
    name: str
    phrases: tuple[str, ...]
    bearing: Bearing
    depends: frozenset[str]
    mark: str
    untraced: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]


class Reach(NamedTuple):
    """What lies below a subject: nothing (alone), or something of another kind (mixed)."""

    alone: bool
    mixed: bool


@dataclass(frozen=True, slots=True)
class AspectText:
    """An aspect as questions read it.

    Attributes:
        id: Its id.
        label: Its short name.
        unanswered: What to say when nothing answers.
        templates: A question for each shape.
        depends: What decides which findings answer it: itself, and the outcomes from its own down to those of estimates.
        mark: What of it a page says and rests on, as one text.
    """

    id: str
    label: str
    unanswered: str
    templates: Mapping[str, str]
    depends: frozenset[str]
    mark: str


@dataclass(frozen=True, slots=True)
class ClaimText:
    """A claim, with the findings that speak for it and against it."""

    ref: Ref
    supporting: frozenset[str]
    disputing: frozenset[str]


@dataclass(slots=True)
class Desk:
    """What is kept of one knowledge base."""

    kb: KnowledgeBase
    _cards: Cards = field(init=False)
    _named: Kept[tuple[str, str], Ref] = field(default_factory=lambda: Kept(_SUBJECTS))
    _reaches: Kept[tuple[str, str], Reach] = field(default_factory=lambda: Kept(_SUBJECTS))
    _subjects: Kept[tuple[str, str], Subject] = field(default_factory=lambda: Kept(_PLACES, _size_of))
    _weights: Kept[tuple[str, str], Mapping[int, int]] = field(default_factory=lambda: Kept(_WEIGHTS, len))
    _answers: Kept[str, bytearray] = field(default_factory=lambda: Kept(_ASPECTS))
    _ids_at: Kept[int, str] = field(default_factory=lambda: Kept(_SMALL))
    _once: Kept[tuple[str, object], object] = field(default_factory=lambda: Kept(_SMALL))

    def __post_init__(self) -> None:
        self._cards = Cards(self.kb)

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """Cards of findings that exist, by id, in the order given."""
        return self._cards.known(ids)

    def leading(self, ids: Iterable[str]) -> Iterator[Figure]:
        """The first figure of each finding that exists and has one."""
        return self._cards.leading(ids)

    def references(self, keys: Iterable[str]) -> tuple[Reference, ...]:
        """Sources as references list them, without what they are primary for here."""
        return self._cards.references(keys)

    def definition_text(self, id: str) -> str:
        """How a concept became a number, in words."""
        return self._cards.definition_text(id)

    def named(self, dimension: str, id: str) -> Ref:
        """A subject with its label.

        Raises:
            QuestionError: If the concept is of another kind.
            UnknownIdError: If there is none.
        """
        held = self._named.get((dimension, id))
        if held is None:
            _, label, _ = self._row(dimension, id)
            held = self._named.keep((dimension, id), Ref(dimension, id, label))
        return held

    def reach(self, dimension: str, id: str) -> Reach:
        """What lies below a subject.

        Raises:
            QuestionError: If the concept is of another kind.
            UnknownIdError: If there is none.
        """
        held = self._reaches.get((dimension, id))
        if held is None:
            self.named(dimension, id)
            asked = {"kind": "cohort" if dimension == "cohort" else "concept", "of": dimension, "subject": id}
            ((nodes, strange),) = self.kb.rows(statements.REACH, asked)
            held = self._reaches.keep((dimension, id), Reach(nodes == 1, strange > 0))
        return held

    def filed(self, dimension: str, id: str) -> int:
        """How many findings are filed under a subject or below it; one that is filed twice counts twice."""
        return self.once("filed_under", (dimension, id), lambda: self._filed(dimension, id))

    def _filed(self, dimension: str, id: str) -> int:
        kind = dimension if dimension in ("cohort", "outcome") else "concept"
        hierarchy = "cohort" if dimension == "cohort" else "concept"
        ((found,),) = self.kb.rows(statements.FILED_COUNT, (kind, hierarchy, id))
        return int(found)

    def has_wide(self) -> bool:
        """Whether some findings are filed under so many roles and skills that they stand in no pair."""
        return self.once("wide", "", lambda: bool(self.kb.rows("SELECT 1 FROM wide LIMIT 1")))

    def subject(self, dimension: str, id: str) -> Subject:
        """A subject with all that bears on it.

        Raises:
            QuestionError: If the concept is of another kind.
            UnknownIdError: If there is none.
        """
        held = self._subjects.get((dimension, id))
        if held is None:
            held = self._subjects.keep((dimension, id), self._subject(dimension, id))
        return held

    def weights(self, subject: Subject) -> Mapping[int, int]:
        """How findings stand to a subject, by their places in the strength order."""
        key = (subject.ref.kind, subject.ref.id)
        if self._subjects.get(key) is not subject:  # its bearing was found elsewhere, or it was forgotten meanwhile
            return subject.bearing.by_place()
        held = self._weights.get(key)
        if held is None:
            held = self._weights.keep(key, subject.bearing.by_place())
        return held

    def _row(self, dimension: str, id: str) -> tuple[str, str, str]:
        """Kind, label and plural of a subject."""
        if dimension == "cohort":
            found = self.kb.rows("SELECT 'cohort', label, '' FROM cohort WHERE id = ?", (id,))
        else:
            found = self.kb.rows("SELECT kind, label, plural FROM concept WHERE id = ?", (id,))
        if not found:
            raise UnknownIdError(dimension, id, near(id, known_subjects(self.kb, dimension)))
        kind, label, plural = found[0]
        if kind != dimension:
            raise QuestionError(f"{id!r} is a {kind}, not a {dimension}; ask {kind}={id!r}")
        return kind, label, plural

    def _subject(self, dimension: str, id: str) -> Subject:
        _, label, plural = self._row(dimension, id)
        name = label
        if dimension == "role":
            name = plural or plural_of(label)
        elif dimension == "cohort":
            name = lowered(label)
        elif dimension == "instrument":
            name = f"the {label}"
        table = "cohort" if dimension == "cohort" else "concept"
        asked = {"kind": table, "also": "outcome" if dimension == "outcome" else table, "subject": id}
        bearing = Bearing.of(self.kb.rows(statements.BEARING, asked))
        depends = frozenset(self._depends(table, id, bearing))
        return Subject(
            ref=Ref(dimension, id, label),
            name=name,
            phrases=fit_phrases(name),
            bearing=bearing,
            depends=depends,
            mark=" ".join(sorted(depends)),
            untraced=self._ids(statements.UNTRACED, (table, id)),
            gaps=tuple(self.kb.rows(statements.GAPS, (table, id))),
        )

    def _depends(self, table: str, id: str, bearing: Bearing) -> Iterable[str]:
        yield f"{table}:{id}"
        for statement in (statements.LINKED_BELOW, statements.LINKED_ABOVE):
            yield from (f"{table}:{between}" for between in self._ids(statement, (table, id)))
        if bearing.left_out:
            for version, source in self.kb.rows(statements.VERSIONS, (json.dumps(list(bearing.left_out)),)):
                yield f"finding:{version}"
                yield f"source:{source}"

    def _ids(self, statement: str, values: tuple[str, ...] | dict[str, str]) -> tuple[str, ...]:
        return tuple(found for (found,) in self.kb.rows(statement, values))

    def ids_at(self, places: Iterable[int]) -> dict[int, str]:
        """Ids of findings by their places in the strength order."""
        asked = tuple(places)
        held = {place: id for place in asked if (id := self._ids_at.get(place)) is not None}
        if len(held) < len(asked):
            wanted = json.dumps([place for place in asked if place not in held])
            for place, id in self.kb.rows(statements.AT, (wanted,)):
                held[place] = self._ids_at.keep(place, id)
                self._cards.ranks.keep(id, place)
        return held

    def aspects(self) -> Mapping[str, AspectText]:
        """All aspects of the pack by id."""
        return self.once("aspects", "", self._aspects)

    def _aspects(self) -> dict[str, AspectText]:
        templates: dict[str, dict[str, str]] = {}
        for aspect, shape, template in self.kb.rows("SELECT aspect, shape, template FROM aspect_question"):
            templates.setdefault(aspect, {})[shape] = template
        rows = self.kb.rows("SELECT id, label, unanswered FROM aspect ORDER BY id")
        depends = {id: self._outcomes(id) for id, _, _ in rows}
        return {
            id: AspectText(
                id, label, said, templates.get(id, {}), depends[id], " ".join((id, label, said, *sorted(depends[id])))
            )
            for id, label, said in rows
        }

    def _outcomes(self, aspect: str) -> frozenset[str]:
        """The aspect, and the outcomes between its own and those of estimates: they decide what answers it."""
        outcomes = (f"concept:{id}" for id in self._ids(statements.OUTCOMES, (aspect,)))
        own = (f"concept:{id}" for id in self._ids("SELECT outcome FROM aspect_outcome WHERE aspect = ?", (aspect,)))
        return frozenset((f"aspect:{aspect}", *own, *outcomes))

    def strongest(self, aspect: str, unit: str) -> tuple[str, ...]:
        """The strongest findings that answer an aspect and are about no role or skill of their own.

        None that another one replaces is among them.

        Args:
            aspect: Id of the aspect.
            unit: Only those measured on a cohort made of this; empty for all.
        """
        return self.once("strongest", (aspect, unit), lambda: self._ids(statements.STRONGEST, (aspect, unit, unit)))

    def gap_about(self, id: str) -> frozenset[str]:
        """Subjects that a recorded gap is about."""
        statement = "SELECT subject FROM gap_about WHERE gap = ?"
        return self.once("gap_about", id, lambda: frozenset(self._ids(statement, (id,))))

    def unit(self, cohort: str) -> str:
        """What a cohort is made of."""
        return self.once("unit", cohort, lambda: self._ids("SELECT unit FROM cohort WHERE id = ?", (cohort,))[0])

    def answering(self, aspect: str) -> bytearray:
        """For each place in the strength order, from 0 on, 1 if the finding there answers an aspect."""
        held = self._answers.get(aspect)
        return self._answers.keep(aspect, self._answering(aspect)) if held is None else held

    def _answering(self, aspect: str) -> bytearray:
        ((last,),) = self.kb.rows("SELECT COALESCE(MAX(rank), 0) FROM ranked")
        found = bytearray(last + 1)
        for (place,) in self.kb.rows(statements.ANSWERING, (aspect,)):
            found[place] = 1
        return found

    def standing(self, findings: Iterable[str]) -> tuple[str, ...]:
        """Those of the findings that pages do not leave out, in the order given."""
        asked = list(dict.fromkeys(findings))
        statement = "SELECT finding FROM left_out WHERE finding IN (SELECT value FROM json_each(?))"
        gone = set(self._ids(statement, (json.dumps(asked),)))
        return tuple(id for id in asked if id not in gone)

    def filed_under(self, cohort: str) -> tuple[str, ...]:
        """Findings filed under a cohort itself, strongest first; none that another one replaces."""
        return self.once("filed", cohort, lambda: self._ids(statements.FILED, (cohort,)))

    def headlines(self, findings: Iterable[str]) -> dict[str, str]:
        """Headlines of findings by id."""
        statement = "SELECT id, headline FROM finding WHERE id IN (SELECT value FROM json_each(?))"
        return dict(self.kb.rows(statement, (json.dumps(list(findings)),)))

    def exclusion(self, id: str) -> tuple[str, str]:
        """Thread and reason of an exclusion."""
        return self.once("exclusion", id, lambda: _thread(self.kb.record("exclusion", id)))

    def label(self, table: str, id: str) -> Ref:
        """A concept or cohort that exists, with its label."""
        return self.once(table, id, lambda: self._labelled(table, id))

    def _labelled(self, table: str, id: str) -> Ref:
        kind = "'cohort'" if table == "cohort" else "kind"
        ((kind, label),) = self.kb.rows(f"SELECT {kind}, label FROM {table} WHERE id = ?", (id,))
        return Ref(kind, id, label)

    def shown_cohorts(self) -> tuple[str, ...]:
        """Cohorts that pages show when none is asked."""
        return self.once(
            "cohorts", "", lambda: self._ids("SELECT id FROM cohort WHERE on_pages = 1 ORDER BY label, id", ())
        )

    def beside_cohort(self, id: str) -> tuple[tuple[str, str], ...]:
        """Cohorts beside one: itself (asked), those below it (narrower), and those that share members (overlapping)."""
        return self.once("beside", id, lambda: tuple(self.kb.rows(statements.BESIDE, {"asked": id})))

    def measured_on(self, id: str) -> tuple[str, ...]:
        """The strongest findings filed under a cohort or below it, one a work; none that another one replaces."""
        return self.once("measured", id, lambda: self._first_of_works(self._ids(statements.MEASURED, (id,))))

    def _first_of_works(self, findings: Iterable[str]) -> tuple[str, ...]:
        return tuple(known.card.ref.id for known in of_different_works(self.known(findings).values()))

    def untraced_on(self, cohort: str) -> tuple[str, ...]:
        """Claims in circulation about a cohort, or about one that holds it."""
        return self.once("untraced", cohort, lambda: self._ids(statements.UNTRACED_ABOVE, (cohort,)))

    def cohort_definitions(self, id: str) -> frozenset[str]:
        """Definitions that make a cohort, or one below it, a number."""
        return self.once("definitions", id, lambda: frozenset(self._ids(statements.COHORT_DEFINITIONS, (id,))))

    def claim(self, id: str) -> ClaimText:
        """A claim with the findings that speak for it and against it."""
        return self.once("claim", id, lambda: self._claim(id))

    def _claim(self, id: str) -> ClaimText:
        rows = self.kb.rows("SELECT DISTINCT finding, stance FROM support WHERE claim = ?", (id,))
        stances = {stance: frozenset(f for f, s in rows if s == stance) for stance in ("supports", "disputes")}
        text = self.kb.record("claim", id)["text"]
        return ClaimText(Ref("claim", id, text), stances["supports"], stances["disputes"])

    def once(self, what: str, of: object, make: Callable[[], V]) -> V:
        """Something small that follows from ``of``, made when it is first asked for."""
        held = self._once.get((what, of))
        if held is None:
            held = self._once.keep((what, of), make())
        return held  # type: ignore[return-value]  # kept under the name of what made it


def _size_of(subject: Subject) -> int:
    return 500 + len(subject.bearing)


def _thread(record: Mapping[str, str]) -> tuple[str, str]:
    return record["thread"], record["reason"]


def desk_of(kb: KnowledgeBase) -> Desk:
    """What is kept of a knowledge base; it goes when the knowledge base does."""
    if not isinstance(kb._kept, Desk):
        kb._kept = Desk(kb)
    return kb._kept


def known_subjects(kb: KnowledgeBase, dimension: str) -> list[str]:
    """Ids of all subjects of a dimension."""
    if dimension == "cohort":
        return [id for (id,) in kb.rows("SELECT id FROM cohort ORDER BY id")]
    return [id for (id,) in kb.rows("SELECT id FROM concept WHERE kind = ? ORDER BY id", (dimension,))]
