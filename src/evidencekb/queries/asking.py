"""questions: which of all possible questions deserve a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING

from evidencekb.answers import TIERS, Question, Ref
from evidencekb.errors import QuestionError
from evidencekb.names import nearest
from evidencekb.queries.bearing import OTHER
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import Many, as_text, many
from evidencekb.vocab import DIMENSIONS

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_BEST = """
    WITH own AS (
      SELECT s.subject, MIN(s.weight) AS weight FROM single s WHERE s.kind IN (:kind, :also) AND s.gone = 0 GROUP BY s.subject
    )
    SELECT k.subject, MIN(k.weight) FROM (
      SELECT c.broad AS subject, CASE WHEN o.weight = 0 AND c.steps > 0 THEN 1 ELSE o.weight END AS weight
      FROM own o JOIN closure c ON c.kind = :kind AND c.narrow = o.subject
      UNION ALL
      SELECT c.narrow, CASE WHEN o.weight < 2 THEN 2 ELSE o.weight END
      FROM own o JOIN closure c ON c.kind = :kind AND c.broad = o.subject AND c.steps > 0
    ) k
    WHERE k.weight < :other
    GROUP BY k.subject ORDER BY k.subject
"""


def questions(kb: KnowledgeBase, *, of: Many = ("role", "skill"), at_least: str = "partial") -> Iterator[Question]:
    """Questions that deserve a page, by the ids of their subjects; each is made when it is taken.

    A question deserves one when some card fits it at least so well, and when every asked subject is better than ``other``
    in some card: else one count of a tool's users would make a page for every role. Context alone never does.

    Args:
        kb: The knowledge base.
        of: The dimensions to mix: role, skill, cohort, topic, outcome, product, instrument.
        at_least: direct, partial or near; context counts as near.

    Raises:
        QuestionError: If a dimension or tier is unknown, or a dimension is named twice.

    Examples:
        >>> from evidencekb import load
        >>> asked = {question.slug for question in questions(load(), of=("role", "skill"))}
        >>> "machine-learning-engineer-x-pytorch" in asked, "nurse-x-pytorch" in asked
        (True, False)
    """
    dimensions = many("of", of)
    for dimension in dimensions:
        if dimension not in DIMENSIONS:
            raise QuestionError(
                f"of names {dimension!r}{nearest(dimension, DIMENSIONS)}; known are {', '.join(DIMENSIONS)}"
            )
    if len(set(dimensions)) < len(dimensions):
        raise QuestionError(f"of names {', '.join(dimensions)}; name each dimension once")
    if as_text("at_least", at_least, f"one of {', '.join(TIERS)}") not in TIERS:
        raise QuestionError(f"at_least is {at_least!r}{nearest(at_least, TIERS)}; known are {', '.join(TIERS)}")
    return _questions(kb, tuple(name for name in DIMENSIONS if name in dimensions), at_least)


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A subject that some finding bears on better than by a mention."""

    ref: Ref
    measured: bool


def _questions(kb: KnowledgeBase, dimensions: Sequence[str], at_least: str) -> Iterator[Question]:
    held = [_candidates(kb, dimension) for dimension in dimensions]
    measuring = _Measuring(kb)
    for mix in product(*held):
        if at_least == "direct" and not measuring.together([candidate.ref for candidate in mix]):
            continue
        if at_least == "partial" and not any(candidate.measured for candidate in mix):
            continue
        refs = {candidate.ref.kind: candidate.ref for candidate in mix}
        yield Question(**refs, slug="-x-".join(ref.id for ref in refs.values()))


def _candidates(kb: KnowledgeBase, dimension: str) -> list[_Candidate]:
    labels: Mapping[str, str] = dict(
        kb.rows("SELECT id, label FROM cohort")
        if dimension == "cohort"
        else kb.rows("SELECT id, label FROM concept WHERE kind = ?", (dimension,))
    )
    kind = "cohort" if dimension == "cohort" else "concept"
    also = "outcome" if dimension == "outcome" else kind
    rows = kb.rows(_BEST, {"kind": kind, "also": also, "other": OTHER})
    return [_Candidate(Ref(dimension, id, labels[id]), best <= 1) for id, best in rows if id in labels]


class _Measuring:
    """Findings that measure subjects, read once for each subject of the run of questions that share it."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self._desk = desk_of(kb)
        self._held: dict[Ref, frozenset[int]] = {}

    def together(self, refs: Sequence[Ref]) -> bool:
        """True if one finding measures them all."""
        return bool(frozenset.intersection(*(self._of(ref) for ref in refs)))

    def _of(self, ref: Ref) -> frozenset[int]:
        if ref not in self._held:
            exact, narrower, *_ = self._desk.subject(ref.kind, ref.id).bearing.places
            self._held[ref] = frozenset((*exact, *narrower))
        return self._held[ref]
