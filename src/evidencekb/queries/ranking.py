"""The order of strength: named criteria, asked one after the other; never one score.

Fit to the question comes first, then standing, whether the primary was seen, the design on the Maryland Scientific
Methods Scale (with an order of our own for designs outside it), independence, replications, precision, and last the id. A
caller may choose another published scale, or the criteria one by one.

References:
    Sherman et al. (1998), Preventing Crime: What Works, What Doesn't, What's Promising; the Maryland scale.
    OCEBM Levels of Evidence Working Group (2011), The Oxford 2011 Levels of Evidence.
    Guyatt et al. (2008), GRADE: an emerging consensus on rating quality of evidence, BMJ 336, 924-926.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING

from evidencekb.answers import Explanation, Ranked, Ref
from evidencekb.answers.selections import Selection
from evidencekb.queries.candidates import Candidates, subjects_of
from evidencekb.queries.criteria import MEANINGS, Place, asked_of, places
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import Findings, finding_ids, question_of

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

FIT: Mapping[str, str] = {
    "fit": "tier of fit to the question: 0 direct, 1 partial, 2 near, 3 context",
    "closeness": "0 exact, 1 narrower, 2 broader, 3 proxy (2 for a cohort), 4 other, added up over what is asked",
}
"""What is asked before strength, whatever the scale; 0 for all without a question."""


def rank_findings(
    kb: KnowledgeBase,
    findings: Findings,
    *,
    scale: str | Sequence[str] = "default",
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

    Scales, each with the criteria that it asks after the fit, one after the other:

    - ``default``: standing, seen, design, independence, replications, precision.
    - ``sms``: the same, with the level on the Maryland scale alone instead of design: what has none stands together, last. A
      meta-analysis has the level of the weakest design that it pools, where findings for all of its studies are recorded.
    - ``ocebm``, ``ocebm_prevalence``: the same with levels of the Oxford table of 2011, for whether an intervention helps and
      for how common something is.
    - ``grade``: standing, seen, GRADE's five reasons for lower certainty as criteria (risk_of_bias, inconsistency, indirectness,
      imprecision, publication_bias), independence. What is not recorded comes last.

    Args:
        kb: The knowledge base.
        findings: Findings or their ids.
        scale: The name of a scale, or criteria in the order to be asked, as ``["standing", "ocebm", "imprecision"]``.
        role: The question, as in :func:`brief`; so the other options.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.

    Raises:
        UnknownIdError: If a finding or subject does not exist.
        QuestionError: If a subject is of another kind, or there is no such scale or criterion.

    Examples:
        >>> from evidencekb import load, select_findings
        >>> kb = load()
        >>> found = rank_findings(kb, select_findings(kb, skill="pytorch"), skill="pytorch")
        >>> len(found) == len(select_findings(kb, skill="pytorch"))
        True
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    return Selection(kb.finding(id) for id in _places(kb, finding_ids(kb, findings), scale, asked))


def explain(
    kb: KnowledgeBase,
    findings: Findings,
    *,
    scale: str | Sequence[str] = "default",
    role: str | None = None,
    skill: str | None = None,
    cohort: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    product: str | None = None,
    instrument: str | None = None,
) -> Explanation:
    """Why :func:`rank_findings` puts the findings in their order: for each, what put it before the next.

    Where a scale leaves a design out, or nothing is recorded, this is said of the finding, whether or not it decided.

    Args:
        kb: The knowledge base.
        findings: Findings or their ids.
        scale: A scale or criteria, as in :func:`rank_findings`.
        role: The question, as in :func:`brief`; so the other options.
        skill: A skill.
        cohort: A cohort.
        topic: A topic.
        outcome: An outcome.
        product: A product.
        instrument: An instrument.

    Raises:
        UnknownIdError: If a finding or subject does not exist.
        QuestionError: If a subject is of another kind, or there is no such scale or criterion.

    Examples:
        >>> from evidencekb import load
        >>> ids = ["pytorch-2024-share", "state-of-ai-2020-pytorch"]
        >>> [ranked.ref.kind for ranked in explain(load(), ids, skill="pytorch").order]
        ['finding', 'finding']
        >>> explain(load(), ids, scale="sms").order[0].readings["sms"]
        'convenience_survey: outside the Maryland scale'
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    placed = _places(kb, finding_ids(kb, findings), scale, asked)
    order = tuple(placed)
    labels = _labels(kb, order)
    ranked = []
    for id, following in zip_longest(order, order[1:]):
        held, (label, design) = placed[id], labels[id]
        ranked.append(
            Ranked(
                ref=Ref("finding", id, label),
                criteria={name: place.value for name, place in held.items()},
                design=design,
                decided_by=None if following is None else _first_difference(held, placed[following]),
                readings={name: place.reading for name, place in held.items() if place.reading},
                silent=tuple(name for name, place in held.items() if place.silent),
            )
        )
    meanings = {**FIT, **{name: MEANINGS[name] for name in asked_of(scale)}}
    return Explanation(tuple(ranked), meanings, _definitions_differ(kb, order))


def _places(
    kb: KnowledgeBase, ids: tuple[str, ...], scale: str | Sequence[str], asked: Mapping[str, str | None]
) -> dict[str, dict[str, Place]]:
    """What each criterion says of each finding, the strongest finding first."""
    names = asked_of(scale)
    fits, strength = _fits(kb, ids, asked), places(kb, ids, names)
    placed = {id: {**dict(zip(FIT, map(Place, fits[id]), strict=True)), **strength[id]} for id in ids}
    return dict(sorted(placed.items(), key=lambda held: (*(place.value for place in held[1].values()), held[0])))


def _labels(kb: KnowledgeBase, ids: Iterable[str]) -> dict[str, tuple[str, str]]:
    """Headline and design of findings."""
    rows = kb.rows(
        "SELECT id, headline, design FROM finding WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(tuple(ids)),),
    )
    return {id: (headline, design) for id, headline, design in rows}


def _fits(kb: KnowledgeBase, ids: tuple[str, ...], asked: Mapping[str, str | None]) -> dict[str, tuple[int, int]]:
    """The place of each finding's tier, and its closeness; 0 for all when nothing is asked."""
    if all(id is None for id in asked.values()):
        return dict.fromkeys(ids, (0, 0))
    desk = desk_of(kb)
    bearing = Candidates(desk, subjects_of(desk, question_of(kb, asked)))
    ranks = kb.rows(
        "SELECT finding, rank FROM ranked WHERE finding IN (SELECT value FROM json_each(?))", (json.dumps(ids),)
    )
    held = (bearing.of(id, rank)[0] for id, rank in ranks)
    return {c.finding: (c.tier, c.closeness) for c in held}


def _first_difference(first: Mapping[str, Place], second: Mapping[str, Place]) -> str | None:
    return next((name for name in first if first[name].value != second[name].value), None)


def _definitions_differ(kb: KnowledgeBase, ids: Iterable[str]) -> bool:
    used = [{estimate.get("definition") for estimate in kb.record("finding", id).get("estimates", ())} for id in ids]
    return len(used) > 1 and not set.intersection(*used)
