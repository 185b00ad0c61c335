"""What a question is about: ids to labelled subjects, and how each finding bears on them."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evidencekb.answers import Question, Ref
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.vocab import DIMENSIONS

if TYPE_CHECKING:
    from typing import TypeAlias

    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

Many = str | Iterable[str] | None
Findings: TypeAlias = "Finding | str | Iterable[Finding | str]"
FITS = ("exact", "narrower", "broader", "proxy", "other")
"""What a weight in the table ``bearing`` means."""
OTHER = 4


def question_of(kb: KnowledgeBase, asked: Mapping[str, str | None]) -> Question:
    """The question, each subject with its label.

    Raises:
        QuestionError: If nothing is asked, or a subject is of another kind.
        UnknownIdError: If a subject does not exist.
    """
    named = ((name, asked.get(name)) for name in DIMENSIONS)
    refs = {name: subject_ref(kb, name, one(name, id)) for name, id in named if id is not None}
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
    return dict(kb.rows("SELECT finding, weight FROM bearing WHERE kind = ? AND subject = ?", (ref.kind, ref.id)))


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


def many(name: str, value: Many) -> tuple[str, ...]:
    """One value or several, as a tuple; nothing asked is an empty one.

    Raises:
        QuestionError: If a value is no text, or several are asked and there are none.
    """
    given: object = value  # callers without a type checker give anything
    if given is None:
        return ()
    values = (given,) if isinstance(given, str) or not isinstance(given, Iterable) else tuple(given)
    if not values:
        raise QuestionError(f"{name} is empty; leave it out to ask for all, or name what to keep")
    for each in values:
        _text(name, each)
    return values


def one(name: str, value: str) -> str:
    """A single id.

    Raises:
        QuestionError: If it is no text.
    """
    _text(name, value)
    return value


def _text(name: str, value: object) -> None:
    if not isinstance(value, str):
        raise QuestionError(f"{name} is {value!r}; give an id as text")
    if not value.isprintable() or any("\ud800" <= sign <= "\udfff" for sign in value):
        raise QuestionError(f"{name} is {value!a}, which holds signs that no id has")


def finding_ids(kb: KnowledgeBase, findings: Findings) -> tuple[str, ...]:
    """Ids of findings given as records or as ids, one or several, each of which exists.

    Raises:
        UnknownIdError: If one does not.
    """
    given = (findings,) if isinstance(findings, str) or hasattr(findings, "citations") else tuple(findings)
    ids = tuple(dict.fromkeys(f if isinstance(f, str) else one("finding", getattr(f, "id", f)) for f in given))  # type: ignore[arg-type]  # checked by one()
    known = {
        id
        for (id,) in kb.rows("SELECT id FROM finding WHERE id IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    }
    for id in ids:
        if id not in known:
            raise UnknownIdError("finding", id, near(id, kb.ids("finding")))
    return ids
