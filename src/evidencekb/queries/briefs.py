"""brief: all that a page about a subject, or a mix of subjects, says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidencekb.__about__ import __version__
from evidencekb.answers import TIERS, Brief, Card, Fit, Question, Ref
from evidencekb.answers.numbers import sentence
from evidencekb.errors import QuestionError, SealedFileError
from evidencekb.queries.listing import references_of
from evidencekb.queries.subjects import FITS, OTHER, Many, finding_ids, many, question_of, tier_of, weights_of

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_BETWEEN = """
    WITH linked(id) AS (
      SELECT concept FROM finding_concept WHERE finding IN (SELECT value FROM json_each(:findings))
      UNION SELECT cohort FROM finding_cohort WHERE finding IN (SELECT value FROM json_each(:findings))
      UNION SELECT outcome FROM estimate WHERE finding IN (SELECT value FROM json_each(:findings))
    )
    SELECT up.narrow FROM closure up JOIN closure down ON down.kind = up.kind AND down.broad = up.narrow
    WHERE up.kind = :kind AND up.broad = :asked AND down.narrow IN (SELECT id FROM linked)
    UNION
    SELECT up.broad FROM closure up JOIN closure down ON down.kind = up.kind AND down.narrow = up.broad
    WHERE up.kind = :kind AND up.narrow = :asked AND down.broad IN (SELECT id FROM linked)
"""
_PHRASES = {
    "exact": "about {}",
    "narrower": "about a part of {}",
    "broader": "about something wider than {}",
    "proxy": "about a stand-in for {}",
}


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A finding that bears on the question, or is pinned."""

    finding: str
    tier: str
    weights: Mapping[str, int]
    rank: int

    @property
    def order(self) -> tuple[int, int]:
        return TIERS.index(self.tier), self.rank


def brief(
    kb: KnowledgeBase,
    *,
    role: str | None = None,
    skill: str | None = None,
    cohort: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    product: str | None = None,
    instrument: str | None = None,
    headlines: int = 3,
    pin: Many = None,
) -> Brief:
    """What this pack knows about a subject, or a mix of subjects.

    A finding's tag is not a measurement: each card carries its fit, and ``coverage`` counts how many answer the question
    directly, in part, nearly, or only as context. Withdrawn and reversed findings are left out, and a superseded version
    when the newer one was read at least as closely.

    Args:
        kb: The knowledge base.
        role: A role, by concept id.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.
        headlines: At most so many cards in ``headline``; a card of context never is one.
        pin: Ids of findings to show whatever their fit.

    Returns:
        The brief; ``str()`` gives text, ``to_dict()`` and ``to_json()`` plain data. Cards come best fit first, then in the
        order of :func:`rank_findings`.

    Raises:
        QuestionError: If nothing is asked, a subject is of another kind, or ``headlines`` is negative.
        UnknownIdError: If a subject or pinned finding does not exist.

    Examples:
        >>> from evidencekb import load
        >>> page = brief(load(), role="machine-learning-engineer", skill="pytorch")
        >>> page.ref.id, page.coverage["direct"]
        ('machine-learning-engineer-x-pytorch', 0)
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    question = question_of(kb, asked)
    names = _names(kb, question)
    if headlines < 0:
        raise QuestionError(f"headlines is {headlines}; ask for none or more")
    candidates = _candidates(kb, question, many("pin", pin) if pin else ())
    bodies = _stored(kb, [c.finding for c in candidates])
    rows = _read(kb, bodies, candidates)
    cards = [Card.from_dict(rows[c.finding], _fit(c, names)) for c in candidates]
    near = [card for card in cards if card.figures and card.fit and card.fit.tier != "context"][:headlines]
    first = {card.ref.id for card in near}
    subjects = _subjects_between(kb, question, [c.finding for c in candidates])
    depends = subjects.union(*(rows[c.finding]["depends"] for c in candidates))
    page = Brief(
        ref=_ref(question, names),
        question=question,
        title=_title(question, names),
        summary="",
        coverage={**{tier: sum(c.tier == tier for c in candidates) for tier in TIERS}, "gaps": 0},
        headline=tuple(near),
        context=tuple(card for card in cards if card.ref.id not in first),
        figures={figure.id: figure for card in cards for figure in card.figures},
        references=references_of(kb, (c.finding for c in candidates)),
        depends_on=tuple(sorted(depends)),
        digest="",
        stamp={**kb.stamp, "library": __version__},
    )
    return replace(page, digest=_digest(page, bodies))


def _candidates(kb: KnowledgeBase, question: Question, pinned: tuple[str, ...]) -> list[_Candidate]:
    """Findings that bear on the question, best first; those that a page leaves out only when pinned."""
    weights = {name: weights_of(kb, ref) for name, ref in question.asked.items()}
    bearing = tuple(set().union(*weights.values()))
    ranks = dict(
        kb.rows(
            "SELECT r.finding, r.rank FROM ranked r WHERE r.finding IN (SELECT value FROM json_each(?)) "
            "AND r.finding NOT IN (SELECT o.finding FROM left_out o)",
            (json.dumps(bearing),),
        )
    )
    for id in finding_ids(kb, pinned):
        ((ranks[id],),) = kb.rows("SELECT rank FROM ranked WHERE finding = ?", (id,))
    held = {id: {name: dimension.get(id, OTHER) for name, dimension in weights.items()} for id in ranks}
    candidates = (_Candidate(id, tier_of(by.values()), by, ranks[id]) for id, by in held.items())
    return sorted(candidates, key=lambda c: c.order)


def _subjects_between(kb: KnowledgeBase, question: Question, findings: list[str]) -> set[str]:
    """The asked subjects, and those between them and what the findings are about: their links decide the fits."""
    found = set()
    for ref in question.asked.values():
        kind = "cohort" if ref.kind == "cohort" else "concept"
        found.add(f"{kind}:{ref.id}")
        rows = kb.rows(_BETWEEN, {"kind": kind, "asked": ref.id, "findings": json.dumps(findings)})
        found.update(f"{kind}:{id}" for (id,) in rows)
    return found


def _stored(kb: KnowledgeBase, ids: list[str]) -> dict[str, str]:
    """Stored cards, as text."""
    return dict(
        kb.rows("SELECT finding, body FROM card WHERE finding IN (SELECT value FROM json_each(?))", (json.dumps(ids),))
    )


def _read(kb: KnowledgeBase, bodies: Mapping[str, str], candidates: list[_Candidate]) -> dict[str, dict[str, Any]]:
    try:
        return {c.finding: json.loads(bodies[c.finding]) for c in candidates}
    except (KeyError, ValueError) as problem:
        raise SealedFileError(
            str(kb.path), f"damaged: a card is missing or cannot be read ({problem}); build it again"
        ) from problem


def _fit(candidate: _Candidate, names: Mapping[str, str]) -> Fit:
    """The tier, how each asked dimension fits, and a sentence that says why."""
    fits = {name: FITS[weight] for name, weight in candidate.weights.items()}
    about = [_PHRASES[fit].format(names[name]) for name, fit in fits.items() if fit != "other"]
    not_about = [f"not about {names[name]}" for name, fit in fits.items() if fit == "other"]
    why = ", ".join((*about, *not_about))
    return Fit(tier=candidate.tier, **fits, why=f"{sentence(why)}.")


def _names(kb: KnowledgeBase, question: Question) -> dict[str, str]:
    """Each subject as a sentence names it: roles by their plural."""
    ids = json.dumps([ref.id for ref in question.asked.values()])
    plurals = dict(
        kb.rows("SELECT id, plural FROM concept WHERE plural <> '' AND id IN (SELECT value FROM json_each(?))", (ids,))
    )
    names = {name: plurals.get(ref.id, ref.label) for name, ref in question.asked.items()}
    return {name: label[:1].lower() + label[1:] if name == "cohort" else label for name, label in names.items()}


def _ref(question: Question, names: Mapping[str, str]) -> Ref:
    """A single subject's own reference; kind ``question`` for a mix."""
    asked = tuple(question.asked.values())
    if len(asked) == 1:
        return asked[0]
    return Ref("question", question.slug, _label(question, names))


def _label(question: Question, names: Mapping[str, str]) -> str:
    if question.role and question.skill and len(question.asked) == 2:
        return f"{question.skill.label} for {names['role']}"
    return " × ".join(ref.label for ref in question.asked.values())


def _title(question: Question, names: Mapping[str, str]) -> str:
    subject = _label(question, names)
    return f"{sentence(subject)}: what is known"


def _digest(page: Brief, bodies: Mapping[str, str]) -> str:
    """The digest of all that the page says, its stamp left out: of its cards as they are stored, which is quicker."""
    digest = hashlib.sha256(json.dumps([page.question.to_dict(), page.title, page.coverage]).encode())
    for mark, cards in (("headline", page.headline), ("context", page.context)):
        digest.update(mark.encode())
        for card in cards:
            digest.update(bodies[card.ref.id].encode())
            digest.update(json.dumps(card.fit.to_dict() if card.fit else None).encode())
    for reference in page.references:
        digest.update(repr(reference).encode())
    return f"sha256:{digest.hexdigest()}"
