"""neighbours: subjects beside another, each on a named basis."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evidencekb.answers import Neighbour, Ref
from evidencekb.answers.naming import counted
from evidencekb.answers.numbers import closed
from evidencekb.errors import QuestionError
from evidencekb.queries.desk import Desk, desk_of
from evidencekb.queries.subjects import count, one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

BASES = (
    "alternative_to",
    "narrower",
    "broader",
    "overlapping",
    "sibling",
    "requires",
    "applied_in",
    "related",
    "measured_together",
)
"""Each basis, in the order in which neighbours come."""

_TEXTS = {
    "alternative_to": "{other}: used in place of {one}",
    "narrower": "{other}: a part of {one}",
    "broader": "{other}: wider than {one}",
    "overlapping": "{other}: shares members with {one}",
    "sibling": "{other}: beside {one}, under {through}",
    "requires": "{other}: needed for {one}",
    "applied_in": "{other}: what {one} is used in",
    "related": "{other}: associated with {one}",
    "measured_together": "{other}: measured with {one} in {through}",
}

_TEXTS_TURNED = {"requires": "{other}: needs {one}", "applied_in": "{other}: used in {one}"}


def neighbours(kb: KnowledgeBase, subject: str, *, limit: int = 6) -> tuple[Neighbour, ...]:
    """Subjects of the same kind beside a concept or cohort: stated relations first, then those measured with it.

    Each says on what basis it is a neighbour, and who says so: a source, ``editorial``, or ``computed``.

    Args:
        kb: The knowledge base.
        subject: Id of a concept or cohort.
        limit: At most so many.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is neither a concept nor a cohort, or the limit is below one.

    Examples:
        >>> from evidencekb import load
        >>> [(n.ref.id, n.basis) for n in neighbours(load(), "pytorch", limit=1)]
        [('tensorflow', 'alternative_to')]
    """
    most = count("limit", limit)
    kind = kb.kind_of(one("subject", subject), among=("concept", "cohort"))
    if kind not in ("concept", "cohort"):
        raise QuestionError(f"{subject!r} is a {kind}; neighbours are those of a concept or a cohort")
    desk = desk_of(kb)
    found: dict[str, Neighbour] = {}
    for neighbour in (*_stated(desk, kind, subject), *_measured(desk, kind, subject)):
        found.setdefault(neighbour.ref.id, neighbour)
    return tuple(found.values())[:most]


def _stated(desk: Desk, kind: str, subject: str) -> list[Neighbour]:
    ref = desk.label(kind, subject)
    found = []
    for other, basis, through, source in desk.kb.rows(
        _COHORTS if kind == "cohort" else _CONCEPTS, {"subject": subject}
    ):
        neighbour = desk.label(kind, other)
        if other != subject and neighbour.kind == ref.kind:
            above = desk.label(kind, through).label if through not in ("", _TURNED) else ""
            texts = _TEXTS_TURNED if through == _TURNED else _TEXTS
            text = texts[basis].format(one=ref.label, other=neighbour.label, through=above)
            found.append(Neighbour(neighbour, basis, closed(text), source or "editorial"))
    return sorted(found, key=lambda neighbour: (BASES.index(neighbour.basis), neighbour.ref.label, neighbour.ref.id))


def _measured(desk: Desk, kind: str, subject: str) -> Iterator[Neighbour]:
    """Subjects of the same kind that the same findings measure; most findings first."""
    ref = desk.label(kind, subject)
    asked = {"kind": kind, "also": "outcome" if ref.kind == "outcome" else kind, "of": ref.kind, "subject": subject}
    for other, findings in desk.kb.rows(_TOGETHER, asked):
        neighbour = Ref(ref.kind, other, desk.label(kind, other).label)
        through = counted(findings, "finding")
        text = _TEXTS["measured_together"].format(one=ref.label, other=neighbour.label, through=through)
        yield Neighbour(neighbour, "measured_together", closed(text), "computed")


_TURNED = "<"
"""Marks a relation that the other subject states of this one."""
_CONCEPTS = """
    SELECT l.target, l.relation, '', l.source FROM concept_link l WHERE l.concept = :subject
    UNION
    SELECT l.concept, CASE l.relation WHEN 'broader' THEN 'narrower' ELSE l.relation END,
      CASE WHEN l.relation IN ('requires', 'applied_in') THEN '<' ELSE '' END, l.source
    FROM concept_link l WHERE l.target = :subject
    UNION
    SELECT b.narrow, 'sibling', b.broad, '' FROM broader a JOIN broader b ON b.kind = a.kind AND b.broad = a.broad
    WHERE a.kind = 'concept' AND a.narrow = :subject AND b.narrow <> :subject
"""
_COHORTS = """
    SELECT b.broad, 'broader', '', '' FROM broader b WHERE b.kind = 'cohort' AND b.narrow = :subject
    UNION
    SELECT b.narrow, 'narrower', '', '' FROM broader b WHERE b.kind = 'cohort' AND b.broad = :subject
    UNION
    SELECT o.other, 'overlapping', '', '' FROM cohort_overlap o WHERE o.cohort = :subject
    UNION
    SELECT o.cohort, 'overlapping', '', '' FROM cohort_overlap o WHERE o.other = :subject
    UNION
    SELECT b.narrow, 'sibling', b.broad, '' FROM broader a JOIN broader b ON b.kind = a.kind AND b.broad = a.broad
    WHERE a.kind = 'cohort' AND a.narrow = :subject AND b.narrow <> :subject
"""
_TOGETHER = """
    WITH a AS (
      SELECT DISTINCT s.finding FROM single s
      WHERE s.kind IN (:kind, :also) AND s.subject = :subject AND s.weight = 0 AND s.gone = 0
    )
    SELECT b.subject, COUNT(*) AS findings FROM (
      SELECT a.finding, t.concept AS subject FROM a JOIN finding_concept t ON t.finding = a.finding
      JOIN concept k ON k.id = t.concept WHERE k.kind = :of AND t.how = 'measured'
      UNION
      SELECT a.finding, e.outcome FROM a JOIN estimate e ON e.finding = a.finding WHERE :of = 'outcome'
      UNION
      SELECT a.finding, f.cohort FROM a JOIN finding_cohort f ON f.finding = a.finding WHERE :of = 'cohort' AND f.fit = 'exact'
    ) b
    WHERE b.subject <> :subject
    GROUP BY b.subject ORDER BY findings DESC, b.subject LIMIT 50
"""
