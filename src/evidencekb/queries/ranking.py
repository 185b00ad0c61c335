"""The order of strength: named criteria, asked one after the other; never one score.

Fit to the question comes first, then standing, whether the primary was seen, the design on the Maryland Scientific
Methods Scale (with an order of our own for designs outside it), independence, replications, precision, and last the id.

References:
    Sherman et al. (1998), Preventing Crime: What Works, What Doesn't, What's Promising; the Maryland scale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from evidencekb.answers import Explanation, Ranked, Ref
from evidencekb.answers.selections import Selection
from evidencekb.queries.candidates import Candidates, subjects_of
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import Findings, finding_ids, question_of

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

CRITERIA: Mapping[str, str] = {
    "fit": "tier of fit to the question: 0 direct, 1 partial, 2 near, 3 context",
    "closeness": "0 exact, 1 narrower, 2 broader, 3 proxy (2 for a cohort), 4 other, added up over what is asked",
    "standing": "0 nothing against it, 1 superseded, reversed or under concern, 2 withdrawn",
    "seen": "0 the primary was read whole or as data, 1 an abstract or extract of it, 2 only pages about it",
    "design": "0 to 4 for Maryland levels 5 to 1, then designs outside the scale in our own order",
    "independence": "best flag among its primaries: 0 independent, 1 interested, 2 vendor, 3 unknown",
    "replications": "failed less successful replications by distinct works",
    "precision": "0 an interval is known, 1 none is",
}
"""Every criterion in the order it is asked; smaller is stronger. Ties end in the id."""


def rank_findings(
    kb: KnowledgeBase,
    findings: Findings,
    *,
    role: str | None = None,
    skill: str | None = None,
    cohort: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    product: str | None = None,
    instrument: str | None = None,
) -> Selection:
    """The findings, strongest first; with a question, those that fit it best come first.

    The order looks at evidence, never at the size of a number, so findings with different definitions can stand in one
    ranking; :func:`explain` says when their numbers do not compare.

    Args:
        kb: The knowledge base.
        findings: Findings or their ids.
        role: The question, as in :func:`brief`; so the other options.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.

    Raises:
        UnknownIdError: If a finding or subject does not exist.
        QuestionError: If a subject is of another kind.

    Examples:
        >>> from evidencekb import load, select_findings
        >>> kb = load()
        >>> found = rank_findings(kb, select_findings(kb, skill="pytorch"), skill="pytorch")
        >>> len(found) == len(select_findings(kb, skill="pytorch"))
        True
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    return Selection(kb.finding(id) for id in _order(kb, finding_ids(kb, findings), asked))


def explain(
    kb: KnowledgeBase,
    findings: Findings,
    *,
    role: str | None = None,
    skill: str | None = None,
    cohort: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    product: str | None = None,
    instrument: str | None = None,
) -> Explanation:
    """Why :func:`rank_findings` puts the findings in their order: for each, what put it before the next.

    Args:
        kb: The knowledge base.
        findings: Findings or their ids.
        role: The question, as in :func:`brief`; so the other options.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.

    Raises:
        UnknownIdError: If a finding or subject does not exist.
        QuestionError: If a subject is of another kind.

    Examples:
        >>> from evidencekb import load
        >>> ids = ["pytorch-2024-share", "state-of-ai-2020-pytorch"]
        >>> [ranked.ref.kind for ranked in explain(load(), ids, skill="pytorch").order]
        ['finding', 'finding']
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    order = _order(kb, finding_ids(kb, findings), asked)
    criteria = _criteria(kb, order, asked)
    labels = _labels(kb, order)
    ranked = []
    for at, id in enumerate(order):
        following = order[at + 1] if at + 1 < len(order) else None
        decided = None if following is None else _first_difference(criteria[id], criteria[following])
        label, design = labels[id]
        ranked.append(Ranked(Ref("finding", id, label), criteria[id], design, decided))
    return Explanation(tuple(ranked), CRITERIA, _definitions_differ(kb, order))


def _order(kb: KnowledgeBase, ids: tuple[str, ...], asked: Mapping[str, str | None]) -> tuple[str, ...]:
    criteria = _criteria(kb, ids, asked)
    return tuple(sorted(ids, key=lambda id: (*criteria[id].values(), id)))


def _labels(kb: KnowledgeBase, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Headline and design of findings."""
    rows = kb.rows(
        "SELECT id, headline, design FROM finding WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(tuple(ids)),),
    )
    return {id: (headline, design) for id, headline, design in rows}


def _criteria(kb: KnowledgeBase, ids: Iterable[str], asked: Mapping[str, str | None]) -> dict[str, dict[str, int]]:
    held = tuple(ids)
    rows = kb.rows(
        "SELECT finding, rank, standing, seen, design, independence, replications, precision FROM ranked "
        "WHERE finding IN (SELECT value FROM json_each(?))",
        (json.dumps(held),),
    )
    fits = _fits(kb, {id: rank for id, rank, *_ in rows}, asked)
    stored = {id: dict(zip(tuple(CRITERIA)[2:], values, strict=True)) for id, _, *values in rows}
    return {id: {"fit": fits[id][0], "closeness": fits[id][1], **stored[id]} for id in held}


def _fits(kb: KnowledgeBase, ranks: Mapping[str, int], asked: Mapping[str, str | None]) -> dict[str, tuple[int, int]]:
    """The place of each finding's tier, and its closeness; 0 for all when nothing is asked."""
    if all(id is None for id in asked.values()):
        return dict.fromkeys(ranks, (0, 0))
    desk = desk_of(kb)
    bearing = Candidates(desk, subjects_of(desk, question_of(kb, asked)))
    held = (bearing.of(id, rank)[0] for id, rank in ranks.items())
    return {c.finding: (c.tier, c.closeness) for c in held}


def _first_difference(first: Mapping[str, int], second: Mapping[str, int]) -> str | None:
    return next((name for name in CRITERIA if first[name] != second[name]), None)


def _definitions_differ(kb: KnowledgeBase, ids: Iterable[str]) -> bool:
    used = [{estimate.get("definition") for estimate in kb.record("finding", id).get("estimates", ())} for id in ids]
    return len(used) > 1 and not set.intersection(*used)
