"""What a question is about: ids to labelled subjects, and how each finding bears on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evidencekb.answers import DIMENSIONS, Question, Ref
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

Many = str | Iterable[str] | None
FITS = ("exact", "narrower", "broader", "proxy", "other")
"""What a weight in the table ``bearing`` means."""
OTHER = 4


def question_of(kb: KnowledgeBase, asked: Mapping[str, str | None]) -> Question:
    """The question, each subject with its label.

    Raises:
        QuestionError: If nothing is asked, or a subject is of another kind.
        UnknownIdError: If a subject does not exist.
    """
    refs = {name: subject_ref(kb, name, id) for name in DIMENSIONS if (id := asked.get(name))}
    if not refs:
        raise QuestionError(f"a question names at least one of {', '.join(DIMENSIONS)}")
    return Question(**refs, slug="-x-".join(ref.id for ref in refs.values()))


def subject_ref(kb: KnowledgeBase, dimension: str, id: str) -> Ref:
    """A subject with its label.

    Raises:
        QuestionError: If the concept is of another kind.
        UnknownIdError: If there is none.
    """
    if dimension == "cohort":
        found = kb.rows("SELECT 'cohort', label FROM cohort WHERE id = ?", (id,))
    else:
        found = kb.rows("SELECT kind, label FROM concept WHERE id = ?", (id,))
    if not found:
        raise UnknownIdError(dimension, id, near(id, known_subjects(kb, dimension)))
    kind, label = found[0]
    if kind != dimension:
        raise QuestionError(f"{id!r} is a {kind}, not a {dimension}; ask {kind}={id!r}")
    return Ref(dimension, id, label)


def known_subjects(kb: KnowledgeBase, dimension: str) -> list[str]:
    """Ids of all subjects of a dimension."""
    if dimension == "cohort":
        return [id for (id,) in kb.rows("SELECT id FROM cohort ORDER BY id")]
    return [id for (id,) in kb.rows("SELECT id FROM concept WHERE kind = ? ORDER BY id", (dimension,))]


def weights_of(kb: KnowledgeBase, ref: Ref) -> dict[str, int]:
    """How each finding that bears on a subject does so: 0 exact, 1 narrower, 2 broader, 3 proxy, 4 mentioned."""
    kind = "cohort" if ref.kind == "cohort" else "concept"
    return dict(kb.rows("SELECT finding, weight FROM bearing WHERE kind = ? AND subject = ?", (kind, ref.id)))


def tier_of(weights: Iterable[int]) -> str:
    """The tier of a card from how it bears on each asked subject.

    Examples:
        >>> tier_of([0, 1]), tier_of([0, 4]), tier_of([3, 4]), tier_of([4, 4])
        ('direct', 'partial', 'near', 'context')
    """
    held = tuple(weights)
    if all(weight <= 1 for weight in held):
        return "direct"
    if any(weight <= 1 for weight in held):
        return "partial"
    return "near" if any(weight < OTHER for weight in held) else "context"


def many(value: Many) -> tuple[str, ...]:
    """One value or several, as a tuple."""
    if value is None:
        return ()
    return (value,) if isinstance(value, str) else tuple(value)


def finding_ids(findings: Iterable[Finding | str]) -> tuple[str, ...]:
    """Ids of findings given as records or as ids."""
    return tuple(f if isinstance(f, str) else f.id for f in findings)
