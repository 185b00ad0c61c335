"""brief: all that a page about a subject, or a mix of subjects, says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidencekb.__about__ import __version__
from evidencekb.answers import TIERS, Brief, Card, Fit, Question, Ref
from evidencekb.queries.listing import references_of
from evidencekb.queries.subjects import FITS, OTHER, Many, many, question_of, tier_of, weights_of

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

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
    def order(self) -> tuple[int, int, int]:
        return TIERS.index(self.tier), sum(self.weights.values()), self.rank


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
    directly, in part, nearly, or only as context. Withdrawn findings and superseded versions are left out.

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
        QuestionError: If nothing is asked, or a subject is of another kind.
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
    candidates = _candidates(kb, question, many(pin))
    rows = _stored(kb, [c.finding for c in candidates])
    cards = [Card.from_dict(rows[c.finding], _fit(c, names)) for c in candidates]
    headline = [card for card in cards if card.figures and card.fit and card.fit.tier != "context"][: max(headlines, 0)]
    context = [card for card in cards if card not in headline]
    subjects = {f"{'cohort' if ref.kind == 'cohort' else 'concept'}:{ref.id}" for ref in question.asked.values()}
    depends = subjects.union(*(rows[c.finding]["depends"] for c in candidates))
    page = Brief(
        ref=_ref(question),
        question=question,
        title=_title(question, names),
        summary="",
        coverage={**{tier: sum(c.tier == tier for c in candidates) for tier in TIERS}, "gaps": 0},
        headline=tuple(headline),
        context=tuple(context),
        figures={figure.id: figure for card in (*headline, *context) for figure in card.figures},
        references=references_of(kb, (c.finding for c in candidates)),
        depends_on=tuple(sorted(depends)),
        digest="",
        stamp={**kb.stamp, "library": __version__},
    )
    return replace(page, digest=_digest(page))


def _candidates(kb: KnowledgeBase, question: Question, pinned: tuple[str, ...]) -> list[_Candidate]:
    """Findings that bear on the question, best first; withdrawn ones and superseded versions only when pinned."""
    for id in pinned:
        kb.record("finding", id)
    weights = {name: weights_of(kb, ref) for name, ref in question.asked.items()}
    hidden = {id for (id,) in kb.rows(
        "SELECT finding FROM withdrawn UNION SELECT l.target FROM finding_link l WHERE l.type IN ('supersedes', 'reverses')"
    )}  # fmt: skip
    ranks = dict(kb.rows("SELECT finding, rank FROM ranked"))
    found = (set().union(*weights.values()) - hidden) | set(pinned)
    held = {id: {name: dimension.get(id, OTHER) for name, dimension in weights.items()} for id in found}
    candidates = (_Candidate(id, tier_of(by.values()), by, ranks[id]) for id, by in held.items())
    return sorted(candidates, key=lambda c: c.order)


def _stored(kb: KnowledgeBase, ids: list[str]) -> dict[str, dict[str, Any]]:
    slots = ", ".join("?" for _ in ids)
    rows = kb.rows(f"SELECT finding, body FROM card WHERE finding IN ({slots})", tuple(ids))
    return {finding: json.loads(body) for finding, body in rows}


def _fit(candidate: _Candidate, names: Mapping[str, str]) -> Fit:
    """The tier, how each asked dimension fits, and a sentence that says why."""
    fits = {name: FITS[weight] for name, weight in candidate.weights.items()}
    about = [_PHRASES[fit].format(names[name]) for name, fit in fits.items() if fit != "other"]
    not_about = [f"not about {names[name]}" for name, fit in fits.items() if fit == "other"]
    why = ", ".join((*about, *not_about))
    return Fit(tier=candidate.tier, **fits, why=f"{why[:1].upper()}{why[1:]}.")


def _names(kb: KnowledgeBase, question: Question) -> dict[str, str]:
    """Each subject as a sentence names it: roles by their plural."""
    plurals = dict(kb.rows("SELECT id, plural FROM concept WHERE plural <> ''"))
    names = {name: plurals.get(ref.id, ref.label) for name, ref in question.asked.items()}
    return {name: label[:1].lower() + label[1:] if name == "cohort" else label for name, label in names.items()}


def _ref(question: Question) -> Ref:
    """A single subject's own reference; kind ``question`` for a mix."""
    asked = tuple(question.asked.values())
    if len(asked) == 1:
        return asked[0]
    return Ref("question", question.slug, _label(question))


def _label(question: Question) -> str:
    if question.role and question.skill and len(question.asked) == 2:
        return f"{question.skill.label} for {question.role.label}"
    return " × ".join(ref.label for ref in question.asked.values())


def _title(question: Question, names: Mapping[str, str]) -> str:
    if question.role and question.skill and len(question.asked) == 2:
        subject = f"{question.skill.label} for {names['role']}"
    else:
        subject = _label(question)
    return f"{subject[:1].upper()}{subject[1:]}: what is known"


def _digest(page: Brief) -> str:
    """The digest of all that the page says; the stamp and the digest itself are left out."""
    data = page.to_dict()
    del data["stamp"], data["digest"]
    text = json.dumps(data, ensure_ascii=False, sort_keys=True)
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
