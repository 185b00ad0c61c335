"""select_findings: keep the findings that match."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from evidencekb.answers.selections import Selection
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near, nearest
from evidencekb.queries.desk import desk_of
from evidencekb.queries.listing import match_expression
from evidencekb.queries.subjects import Many, flag, many
from evidencekb.vocab import WITHDRAWN, Design, Measure, Nature, SourceKind, StandingState, VendorFlag

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

Day = str | int | None
_STANDING = ("nothing_known", "not_checked", *StandingState)


def select_findings(
    kb: KnowledgeBase,
    *,
    role: Many = None,
    skill: Many = None,
    topic: Many = None,
    outcome: Many = None,
    cohort: Many = None,
    narrower: bool = True,
    definition: Many = None,
    measure: Many = None,
    nature: Many = None,
    design: Many = None,
    source_kind: Many = None,
    vendor: Many = None,
    standing: Many = None,
    since: Day = None,
    until: Day = None,
    text: str | None = None,
    withdrawn: bool = False,
) -> Selection:
    """Findings that match everything asked, strongest first (the order of :func:`rank_findings` without a question).

    Every option takes one value or several; several mean any of them. A finding is tagged with a role, skill or topic
    also when it only mentions it: its ``about`` says how it bears on it.

    Args:
        kb: The knowledge base.
        role: Roles, by concept id; so ``skill`` and ``topic``.
        skill: Skills.
        topic: Topics.
        outcome: Outcomes that an estimate is about.
        cohort: Cohorts.
        narrower: Also what lies below the role, skill, topic, outcome or cohort.
        definition: Operational definitions, of the finding or of an estimate.
        measure: Measures of an estimate, such as ``"correlation"``.
        nature: observed, modelled, reported, forecast, alleged, decided.
        design: Study designs.
        source_kind: Kinds of document of a primary source.
        vendor: Vendor flags of a primary source.
        standing: States of a primary source, or nothing_known, not_checked.
        since: First day or year (EDTF, or a number) of the period measured, else of publication.
        until: Last day or year; a period counts when it touches since to until.
        text: Words to find, as in :func:`search`.
        withdrawn: Also findings whose source was retracted, disavowed or overturned.

    Raises:
        UnknownIdError: If an id does not exist.
        QuestionError: If a term is in no vocabulary, a date is none, or an option is of another type.

    Examples:
        >>> from evidencekb import load
        >>> "pytorch-2024-share" in {f.id for f in select_findings(load(), skill="pytorch", vendor="vendor")}
        True
    """
    options: dict[str, Any] = {
        "role": role, "skill": skill, "topic": topic, "outcome": outcome, "cohort": cohort, "narrower": narrower,
        "definition": definition, "measure": measure, "nature": nature, "design": design, "source_kind": source_kind,
        "vendor": vendor, "standing": standing, "since": since, "until": until, "text": text, "withdrawn": withdrawn,
    }  # fmt: skip
    return Selection(kb.finding(id) for id in selected_ids(kb, **options))


def selected_ids(
    kb: KnowledgeBase,
    *,
    role: Many = None,
    skill: Many = None,
    topic: Many = None,
    outcome: Many = None,
    cohort: Many = None,
    narrower: bool = True,
    definition: Many = None,
    measure: Many = None,
    nature: Many = None,
    design: Many = None,
    source_kind: Many = None,
    vendor: Many = None,
    standing: Many = None,
    since: Day = None,
    until: Day = None,
    text: str | None = None,
    withdrawn: bool = False,
) -> tuple[str, ...]:
    """The ids of what :func:`select_findings` keeps, in its order.

    Raises:
        UnknownIdError: As it does.
        QuestionError: As it does.
    """
    conditions = [
        *_subjects(kb, {"role": role, "skill": skill, "topic": topic, "outcome": outcome, "cohort": cohort}, narrower),
        *_definitions(kb, definition),
        *_terms({"measure": (measure, Measure), "nature": (nature, Nature), "design": (design, Design)}),
        *_sources(source_kind, vendor, standing),
        *_dates(since, until),
        *_words(text),
    ]
    if not flag("withdrawn", withdrawn) and not set(many("standing", standing)) & WITHDRAWN:
        conditions.append(("f.id NOT IN (SELECT w.finding FROM withdrawn w)", ()))
    where = " AND ".join(condition for condition, _ in conditions) or "1 = 1"
    values = tuple(value for _, held in conditions for value in held)
    found = kb.rows(
        f"SELECT f.id FROM finding f JOIN ranked r ON r.finding = f.id WHERE {where} ORDER BY r.rank", values
    )
    return tuple(id for (id,) in found)


Condition = tuple[str, tuple[Any, ...]]


def _slots(values: Iterable[Any]) -> str:
    return ", ".join("?" for _ in values)


_LINKED = {
    "outcome": "SELECT e.finding FROM estimate e WHERE e.outcome",
    "cohort": "SELECT a.finding FROM finding_cohort a WHERE a.cohort",
}
_TAGGED = "SELECT a.finding FROM finding_concept a WHERE a.concept"


def _subjects(kb: KnowledgeBase, asked: dict[str, Many], narrower: bool) -> Iterator[Condition]:
    below = flag("narrower", narrower)
    for dimension, value in asked.items():
        if ids := many(dimension, value):
            for id in ids:
                desk_of(kb).named(dimension, id)
            inside = f"({_slots(ids)})"
            if below:
                kind = "cohort" if dimension == "cohort" else "concept"
                inside = f"(SELECT c.narrow FROM closure c WHERE c.kind = '{kind}' AND c.broad IN {inside})"
            yield f"f.id IN ({_LINKED.get(dimension, _TAGGED)} IN {inside})", ids


def _definitions(kb: KnowledgeBase, definition: Many) -> Iterator[Condition]:
    if ids := many("definition", definition):
        known = [id for (id,) in kb.rows("SELECT id FROM definition")]
        for id in ids:
            if id not in known:
                raise UnknownIdError("definition", id, near(id, known))
        own = f"SELECT d.finding FROM finding_definition d WHERE d.definition IN ({_slots(ids)})"
        of_estimates = f"SELECT e.finding FROM estimate e WHERE e.definition IN ({_slots(ids)})"
        yield f"(f.id IN ({own}) OR f.id IN ({of_estimates}))", ids * 2


def _terms(asked: dict[str, tuple[Many, type[StrEnum]]]) -> Iterator[Condition]:
    for name, (value, vocabulary) in asked.items():
        if terms := known_terms(name, value, tuple(vocabulary)):
            slots = _slots(terms)
            if name == "measure":
                yield f"f.id IN (SELECT e.finding FROM estimate e WHERE e.measure IN ({slots}))", terms
            else:
                yield f"f.{name} IN ({slots})", terms


def _sources(source_kind: Many, vendor: Many, standing: Many) -> Iterator[Condition]:
    asked = {
        "s.kind": known_terms("source_kind", source_kind, tuple(SourceKind)),
        "s.vendor": known_terms("vendor", vendor, tuple(VendorFlag)),
        "t.state": known_terms("standing", standing, _STANDING),
    }
    for column, terms in asked.items():
        if terms:
            primaries = "SELECT t.finding FROM state t JOIN source s ON s.id = t.source"
            yield f"f.id IN ({primaries} WHERE {column} IN ({_slots(terms)}))", terms


def known_terms(name: str, value: Many, vocabulary: tuple[str, ...]) -> tuple[str, ...]:
    """The terms asked, each of its vocabulary.

    Raises:
        QuestionError: If one is not; it offers the nearest.
    """
    terms = many(name, value)
    for term in terms:
        if term not in vocabulary:
            hint = nearest(term, vocabulary) or f"; known are {', '.join(vocabulary)}"
            raise QuestionError(f"{name} {term!r} is no term of the vocabulary{hint}")
    return tuple(map(str, terms))


def _dates(since: Day, until: Day) -> Iterator[Condition]:
    first = None if since is None else _bound(since, last=False)
    final = None if until is None else _bound(until, last=True)
    if first and final and first > final:
        raise QuestionError(f"since {since} lies after until {until}")
    if first is not None:
        yield "f.id IN (SELECT m.finding FROM measured m WHERE m.until >= ?)", (first,)
    if final is not None:
        yield "f.id IN (SELECT m.finding FROM measured m WHERE m.since <> '' AND m.since <= ?)", (final,)


def _bound(day: str | int, *, last: bool) -> str:
    # Dates are the model's business; a question without dates does without it.
    from evidencekb.model.dates import bounds

    try:
        first, final = bounds(str(day))
    except ValueError as problem:
        raise QuestionError(str(problem)) from problem
    return (final if last else first) or ("9999-12-31" if last else "0001-01-01")


def _words(text: str | None) -> Iterator[Condition]:
    if text is not None:
        expression = match_expression(text)
        yield "f.id IN (SELECT x.id FROM words x WHERE words MATCH ? AND x.kind = 'finding')", (expression,)
