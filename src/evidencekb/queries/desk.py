"""What questions read again and again, kept between them: cards, subjects and aspects of one knowledge base.

Everything here can be read again from the sealed file. What is kept is bounded, so that half a million questions take no
more memory than a few thousand.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Generic, TypeVar

from evidencekb.answers import Ref, Reference
from evidencekb.answers.base import Json, digest_of
from evidencekb.answers.naming import lowered, plural_of
from evidencekb.answers.sentences import FITS, fit_phrases
from evidencekb.answers.stored import Known, known_from, of_different_works
from evidencekb.errors import QuestionError, SealedFileError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries import statements

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

OTHER = FITS.index("other")
_CARDS, _SUBJECTS, _SOURCES, _SMALL = 2_000, 1_000, 2_000, 20_000

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Kept(dict[K, V], Generic[K, V]):
    """A dictionary of at most so many values: the one that was kept first goes when there are too many."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self._most = most

    def keep(self, key: K, value: V) -> V:
        """Keep a value."""
        self[key] = value
        if len(self) > self._most:
            self.pop(next(iter(self)), None)
        return value


@dataclass(frozen=True, slots=True)
class Subject:
    """A subject of a question.

    Attributes:
        ref: The subject.
        name: The subject inside a sentence; a role by its plural.
        phrases: How a card may stand to it, in words, by weight.
        bearing: Findings that bear on it: weight, and place in the strength order.
        depends: What decides the weights: the subject, and what lies between it and what findings are about; and
            older versions of findings with the newer ones that push them out.
        mark: The same as one text.
        untraced: Claims in circulation about it.
        gaps: Recorded gaps about it, or about what holds it, each with which of the two.
    """

    ref: Ref
    name: str
    phrases: tuple[str, ...]
    bearing: Mapping[str, tuple[int, int]]
    depends: frozenset[str]
    mark: str
    untraced: tuple[str, ...]
    gaps: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class AspectText:
    """An aspect as questions read it.

    Attributes:
        id: Its id.
        label: Its short name.
        unanswered: What to say when nothing answers.
        templates: A question for each shape.
        depends: What decides which findings answer it: itself, and the outcomes from its own down to those of estimates.
    """

    id: str
    label: str
    unanswered: str
    templates: Mapping[str, str]
    depends: frozenset[str]

    @property
    def mark(self) -> str:
        """What of it a page says."""
        return f"{self.id} {self.label} {self.unanswered}"


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
    _cards: Kept[str, Known] = field(default_factory=lambda: Kept(_CARDS))
    _sources: Kept[str, Reference] = field(default_factory=lambda: Kept(_SOURCES))
    _subjects: Kept[tuple[str, str], Subject] = field(default_factory=lambda: Kept(_SUBJECTS))
    _once: Kept[tuple[str, object], object] = field(default_factory=lambda: Kept(_SMALL))

    def known(self, ids: Iterable[str]) -> dict[str, Known]:
        """Cards of findings that exist, by id, in the order given."""
        asked = tuple(dict.fromkeys(ids))
        held = {id: card for id in asked if (card := self._cards.get(id)) is not None}
        if len(held) == len(asked):
            return held
        read = self._read([id for id in asked if id not in held])
        return {id: held.get(id) or read[id] for id in asked}

    def _read(self, ids: list[str]) -> dict[str, Known]:
        """Cards of findings, from their rows, or made."""
        asked = (json.dumps(ids),)
        among = "IN (SELECT value FROM json_each(?))"
        answering: dict[str, list[tuple[str, str, int]]] = {}
        for finding, aspect, estimate, wanted in self.kb.rows(
            f"SELECT finding, aspect, estimate, wanted FROM answering WHERE finding {among}", asked
        ):
            answering.setdefault(finding, []).append((aspect, estimate, wanted))
        beside = {
            name: self._many(f"SELECT finding, {name} FROM {table} WHERE finding {among} ORDER BY 1, 2", asked)
            for name, table in (("exclusion", "bears_on"), ("untraced", "untraced_near"), ("claim", "support"))
        }
        ranks = dict(self.kb.rows(f"SELECT finding, rank FROM ranked WHERE finding {among}", asked))
        read: dict[str, Known] = {}
        try:
            for id, data in self._rows(ids):
                held = data["beside"]["primaries"]
                primaries = self.references(data["references"])
                sources = tuple(replace(s, primary_for=(id,), read=held.get(s.key) or None) for s in primaries)
                marks = " ".join(map(self._mark, primaries))
                definitions = {definition: self.definition_text(definition) for definition in data["definitions"]}
                linked = (beside["exclusion"].get(id, ()), beside["untraced"].get(id, ()), beside["claim"].get(id, ()))
                data["beside"]["ties"] = [tie for tie in data["beside"]["ties"] if tie["organization"] in self._tying()]
                known = known_from(data, ranks[id], sources, answering.get(id, ()), definitions, linked, marks)
                read[id] = self._cards.keep(id, known)
            return {id: read[id] for id in ids}
        except (LookupError, ValueError, TypeError) as problem:
            raise SealedFileError(
                str(self.kb.path), f"damaged: a card is missing or cannot be read ({problem}); build it again"
            ) from problem

    def _rows(self, ids: list[str]) -> Iterator[tuple[str, Json]]:
        """Rows of cards by finding. They are made of a pack too large to store them."""
        if maker := self.kb.maker:
            yield from ((id, maker.card(id)) for id in ids)
        else:
            statement = "SELECT finding, body FROM card WHERE finding IN (SELECT value FROM json_each(?))"
            yield from ((id, json.loads(body)) for id, body in self.kb.rows(statement, (json.dumps(ids),)))

    def _tying(self) -> frozenset[str]:
        """Bodies that may tie two sources: by more than publishing, paying or employing somewhere, or tied to one that gains."""
        statement = (
            "SELECT DISTINCT i.organization FROM interest i JOIN source s ON s.id = i.source "
            "WHERE i.tie NOT IN ('publisher', 'author_employer', 'funder') OR s.vendor IN ('vendor', 'interested')"
        )
        return self.once("tying", "", lambda: frozenset(self._ids(statement, ())))

    def _many(self, statement: str, values: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
        """The second column of a SELECT by the first, each value once."""
        found: dict[str, dict[str, None]] = {}
        for first, second in self.kb.rows(statement, values):
            found.setdefault(first, {})[second] = None
        return {first: tuple(held) for first, held in found.items()}

    def references(self, keys: Iterable[str]) -> tuple[Reference, ...]:
        """Sources as references list them, without what they are primary for here."""
        return tuple(self._reference(key) for key in keys)

    def _reference(self, key: str) -> Reference:
        held = self._sources.get(key)
        if held is None:
            data = {**self._listed(key), "primary_for": (), "secondary_for": (), "read": None}
            held = self._sources.keep(key, Reference.from_dict(data))
        return held

    def _mark(self, reference: Reference) -> str:
        """A short digest of a source as :meth:`references` gives it."""
        return self.once("source", reference.key, lambda: digest_of(reference))

    def _listed(self, key: str) -> Json:
        """The row of a source; made without the findings that cite it, of a pack too large to store it."""
        maker = self.kb.maker
        try:
            return maker.reference(key) if maker else self.kb.stored("listed", key)
        except (LookupError, ValueError) as problem:
            raise SealedFileError(
                str(self.kb.path), f"damaged: the source {key!r} cannot be read; build it again"
            ) from problem

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

    def _subject(self, dimension: str, id: str) -> Subject:
        if dimension == "cohort":
            found = self.kb.rows("SELECT 'cohort', label, '' FROM cohort WHERE id = ?", (id,))
        else:
            found = self.kb.rows("SELECT kind, label, plural FROM concept WHERE id = ?", (id,))
        if not found:
            raise UnknownIdError(dimension, id, near(id, known_subjects(self.kb, dimension)))
        kind, label, plural = found[0]
        if kind != dimension:
            raise QuestionError(f"{id!r} is a {kind}, not a {dimension}; ask {kind}={id!r}")
        name = label
        if dimension == "role":
            name = plural or plural_of(label)
        elif dimension == "cohort":
            name = lowered(label)
        elif dimension == "instrument":
            name = f"the {label}"
        table = "cohort" if dimension == "cohort" else "concept"
        bearing = self.kb.rows(
            "SELECT b.finding, b.weight, r.rank FROM bearing b JOIN ranked r ON r.finding = b.finding "
            "WHERE b.kind = ? AND b.subject = ? AND NOT EXISTS (SELECT 1 FROM left_out o WHERE o.finding = b.finding)",
            (dimension, id),
        )
        depends = frozenset(self._depends(dimension, table, id))
        return Subject(
            ref=Ref(dimension, id, label),
            name=name,
            phrases=fit_phrases(name),
            bearing={finding: (weight, rank) for finding, weight, rank in bearing},
            depends=depends,
            mark=" ".join(sorted(depends)),
            untraced=self._ids(statements.UNTRACED, (table, id)),
            gaps=tuple(self.kb.rows(statements.GAPS, (table, id))),
        )

    def _depends(self, dimension: str, table: str, id: str) -> Iterable[str]:
        yield f"{table}:{id}"
        below, above = self._linked(table)
        for linked, statement in ((below, statements.BELOW), (above, statements.ABOVE)):
            yield from (f"{table}:{between}" for between in self._ids(statement, (table, id)) if between in linked)
        for version, source in self.kb.rows(statements.VERSIONS, (dimension, id)):
            yield f"finding:{version}"
            yield f"source:{source}"

    def _linked(self, table: str) -> tuple[frozenset[str], frozenset[str]]:
        """What a finding is linked to, with all above it; and with all below it."""
        below, above = statements.LINKED_BELOW, statements.LINKED_ABOVE
        asked = {"kind": table}
        return self.once(
            "linked", table, lambda: (frozenset(self._ids(below, asked)), frozenset(self._ids(above, asked)))
        )

    def _ids(self, statement: str, values: tuple[str, ...] | dict[str, str]) -> tuple[str, ...]:
        return tuple(found for (found,) in self.kb.rows(statement, values))

    def weight(self, subject: Ref, finding: str) -> int:
        """How a finding stands to a subject, also one that pages leave out."""
        statement = "SELECT weight FROM bearing WHERE kind = ? AND subject = ? AND finding = ?"
        rows = self.kb.rows(statement, (subject.kind, subject.id, finding))
        return int(rows[0][0]) if rows else OTHER

    def aspects(self) -> Mapping[str, AspectText]:
        """All aspects of the pack by id."""
        return self.once("aspects", "", self._aspects)

    def _aspects(self) -> dict[str, AspectText]:
        templates: dict[str, dict[str, str]] = {}
        for aspect, shape, template in self.kb.rows("SELECT aspect, shape, template FROM aspect_question"):
            templates.setdefault(aspect, {})[shape] = template
        rows = self.kb.rows("SELECT id, label, unanswered FROM aspect ORDER BY id")
        return {id: AspectText(id, label, said, templates.get(id, {}), self._outcomes(id)) for id, label, said in rows}

    def _outcomes(self, aspect: str) -> frozenset[str]:
        """The aspect, and the outcomes between its own and those of estimates: they decide what answers it."""
        below, _ = self._linked("concept")
        outcomes = (f"concept:{id}" for id in self._ids(statements.OUTCOMES, (aspect,)) if id in below)
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

    def answering(self, aspect: str, findings: Iterable[str]) -> tuple[str, ...]:
        """Those of the findings that answer an aspect."""
        statement = (
            "SELECT DISTINCT finding FROM answering WHERE aspect = ? AND finding IN (SELECT value FROM json_each(?))"
        )
        return self._ids(statement, (aspect, json.dumps(list(findings))))

    def standing(self, findings: Iterable[str]) -> tuple[str, ...]:
        """Those of the findings that pages do not leave out, in the order given."""
        asked = list(dict.fromkeys(findings))
        statement = "SELECT finding FROM left_out WHERE finding IN (SELECT value FROM json_each(?))"
        gone = set(self._ids(statement, (json.dumps(asked),)))
        return tuple(id for id in asked if id not in gone)

    def primaries_of(self, findings: Iterable[str]) -> tuple[str, ...]:
        """Keys of the primary sources of findings."""
        statement = "SELECT DISTINCT source FROM citation WHERE role = 'primary' AND finding IN (SELECT value FROM json_each(?))"
        return self._ids(statement, (json.dumps(list(findings)),))

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

    def definition_text(self, id: str) -> str:
        """How a concept became a number, in words."""
        statement = "SELECT procedure FROM definition WHERE id = ?"
        return self.once("definition", id, lambda: self._ids(statement, (id,))[0])

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
