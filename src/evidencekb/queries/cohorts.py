"""How two cohorts stand to each other, with the statements that it follows from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evidencekb.answers.comparability import CohortRelation, CohortStep
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_ABOVE = "SELECT narrow, steps FROM closure WHERE kind = 'cohort' AND broad = ? AND narrow = ?"
_NEXT = """
    SELECT b.broad FROM broader b JOIN closure c ON c.kind = b.kind AND c.narrow = b.broad
    WHERE b.kind = 'cohort' AND b.narrow = ? AND c.broad = ? ORDER BY c.steps, b.broad LIMIT 1
"""
_COMMON = """
    SELECT p.narrow FROM closure p JOIN closure q ON q.kind = p.kind AND q.narrow = p.narrow
    WHERE p.kind = 'cohort' AND p.broad = ? AND q.broad = ? ORDER BY p.steps + q.steps, p.narrow LIMIT 1
"""
_STATED = {
    # What lies within two cohorts that overlap makes wider ones overlap.
    "overlaps": """
        SELECT o.cohort, o.other, p.steps + q.steps AS steps FROM cohort_overlap o
        JOIN closure p ON p.kind = 'cohort' AND p.narrow = o.cohort
        JOIN closure q ON q.kind = 'cohort' AND q.narrow = o.other
        WHERE p.broad = ? AND q.broad = ? ORDER BY steps, o.cohort, o.other LIMIT 1
    """,
    # What holds two cohorts that are disjoint keeps narrower ones apart.
    "disjoint": """
        SELECT o.cohort, o.other, p.steps + q.steps AS steps FROM cohort_disjoint o
        JOIN closure p ON p.kind = 'cohort' AND p.broad = o.cohort
        JOIN closure q ON q.kind = 'cohort' AND q.broad = o.other
        WHERE p.narrow = ? AND q.narrow = ? ORDER BY steps, o.cohort, o.other LIMIT 1
    """,
}
_WORDS = {
    "broader": "{first} are a part of {second}",
    "overlaps": "{first} and {second} share members",
    "disjoint": "{first} and {second} share no member",
}
_RELATIONS = {
    "equal": "{first} and {second} are the same",
    "narrower": "{first} lie within {second}",
    "broader": "{first} hold {second}",
    "overlapping": "{first} and {second} share members",
    "disjoint": "{first} and {second} share no member",
    "unknown": "nobody says whether {first} and {second} share members",
}


def relate_cohorts(kb: KnowledgeBase, first: str, second: str) -> CohortRelation:
    """How one cohort stands to another: equal, narrower, broader, overlapping, disjoint or unknown.

    One lies within another when the records lead from it up to the other. Two share members when something lies within both, or
    when a cohort within the one overlaps a cohort within the other. Two are disjoint only where a record says so of them, or of
    two that hold them. Nothing else is known: two parts of one whole may share members or not. Where the records say both, that
    two cohorts share members and that they do not, nothing is known either, and the path holds both statements.

    Args:
        kb: The knowledge base.
        first: Id of a cohort.
        second: Id of a cohort.

    Returns:
        The relation of the first to the second, and the statements that it follows from.

    Raises:
        UnknownIdError: If there is no such cohort.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> found = relate_cohorts(kb, "recruiters", "employed-workers")
        >>> found.relation, [step.second for step in found.path]
        ('narrower', ['hiring-decision-makers', 'employed-workers'])
        >>> relate_cohorts(kb, "recruiters", "economists").relation
        'unknown'
    """
    for id in (first, second):
        desk_of(kb).named("cohort", one("cohort", id))
    return related(kb, first, second)


def related(kb: KnowledgeBase, first: str, second: str) -> CohortRelation:
    """The relation of two cohorts that exist; worked out once."""
    relation: CohortRelation = desk_of(kb).once("cohorts", (first, second), lambda: _worked_out(kb, first, second))
    return relation


def _worked_out(kb: KnowledgeBase, first: str, second: str) -> CohortRelation:
    shared, path = _sharing(kb, first, second)
    apart = _stated(kb, "disjoint", first, second) if first != second else ()
    if apart and shared:
        return _told(kb, first, second, "unknown", (*path, *apart))
    return _told(kb, first, second, "disjoint" if apart else shared or "unknown", apart or path)


def _sharing(kb: KnowledgeBase, first: str, second: str) -> tuple[str, tuple[CohortStep, ...]]:
    """In which way two cohorts share members, and how one knows; empty where nothing says so."""
    if first == second:
        return "equal", ()
    up, down = kb.rows(_ABOVE, (second, first)), kb.rows(_ABOVE, (first, second))
    if up and down:
        return "equal", (*_way(kb, first, second), *_way(kb, second, first))
    if up:
        return "narrower", _way(kb, first, second)
    if down:
        return "broader", _way(kb, second, first)
    if common := kb.rows(_COMMON, (first, second)):
        return "overlapping", (*_way(kb, common[0][0], first), *_way(kb, common[0][0], second))
    stated = _stated(kb, "overlaps", first, second)
    return "overlapping" if stated else "", stated


def _stated(kb: KnowledgeBase, relation: str, first: str, second: str) -> tuple[CohortStep, ...]:
    """The statement nearest to the two cohorts, with the ways between it and them."""
    found = [
        (steps, turned, *pair)
        for turned, (here, there) in enumerate(((first, second), (second, first)))
        for *pair, steps in kb.rows(_STATED[relation], (here, there))
    ]
    if not found:
        return ()
    _, turned, says, other = min(found)
    here, there = (second, first) if turned else (first, second)
    ways = ((says, here), (other, there)) if relation == "overlaps" else ((here, says), (there, other))
    (near, far) = (_way(kb, *way) for way in ways)
    if turned:
        near, far = far, near
    return (*near, _step(kb, says, relation, other), *far)


def _way(kb: KnowledgeBase, narrow: str, broad: str) -> tuple[CohortStep, ...]:
    """The steps up from a cohort to one that holds it."""
    return tuple(_climbing(kb, narrow, broad))


def _climbing(kb: KnowledgeBase, narrow: str, broad: str) -> Iterator[CohortStep]:
    passed = {narrow}
    while narrow != broad:
        ((above,),) = kb.rows(_NEXT, (narrow, broad))
        yield _step(kb, narrow, "broader", above)
        if above in passed:
            return
        passed.add(above)
        narrow = above


def _step(kb: KnowledgeBase, first: str, relation: str, second: str) -> CohortStep:
    return CohortStep(first, relation, second, _in_words(kb, _WORDS[relation], first, second))


def _told(kb: KnowledgeBase, first: str, second: str, relation: str, path: tuple[CohortStep, ...]) -> CohortRelation:
    text = _in_words(kb, _RELATIONS[relation] if first != second else "both are {first}", first, second)
    if len(path) > 1 or {first, second} != {id for step in path for id in (step.first, step.second)} != set():
        text = f"{text}: {'; '.join(step.text for step in path)}"
    if path and relation == "unknown":
        text = f"The records say both that they do and that they do not: {'; '.join(step.text for step in path)}"
    return CohortRelation(first, second, relation, path, f"{text[0].upper()}{text[1:]}.")


def _in_words(kb: KnowledgeBase, words: str, first: str, second: str) -> str:
    labels = (desk_of(kb).named("cohort", id).label for id in (first, second))
    one_label, other = (f"“{label}”" for label in labels)
    return words.format(first=one_label, second=other)
