"""Where findings say different things of the same, and who says why."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any, NamedTuple

from evidencekb.answers import Disagreement
from evidencekb.answers.figures import told
from evidencekb.answers.numbers import closed
from evidencekb.answers.sentences import conflict_text
from evidencekb.answers.shapes import Differing
from evidencekb.errors import QuestionError
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import count, one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import FindingLink

_MOST = 10_000
_ASKED = ("finding", "claim", "concept")
_FOUND = """
    SELECT finding, estimate, other, against, how FROM conflict WHERE finding IN (SELECT value FROM json_each(?))
    ORDER BY said, finding, estimate, other, against
"""
_STATED = """
    SELECT l.finding, l.target, l.position FROM finding_link l
    WHERE l.type = 'contradicts' AND l.finding IN (SELECT value FROM json_each(?)) AND l.target <> l.finding
    UNION
    SELECT l.finding, l.target, l.position FROM finding_link l
    WHERE l.type = 'contradicts' AND l.target IN (SELECT value FROM json_each(?)) AND l.target <> l.finding
    ORDER BY 1, 3
"""
_WITHDRAWN = "SELECT 1 FROM withdrawn WHERE finding = ?"
_OF_OUTCOME = """
    SELECT DISTINCT e.finding, e.estimate FROM closure c JOIN estimate e ON e.outcome = c.narrow
    WHERE c.kind = 'concept' AND c.broad = ? ORDER BY e.finding, e.estimate
"""


class _Pair(NamedTuple):
    """Two estimates; an empty one stands for all of its finding."""

    finding: str
    estimate: str
    other: str
    against: str
    how: str


def conflicts_of(kb: KnowledgeBase, id: str, *, limit: int = 100) -> tuple[Disagreement, ...]:
    """Findings that say different things of the same, one pair of estimates each: what rule 308 lists, open ones first.

    Two estimates are set side by side when they have the same definition, or definitions that are said to be comparable; the same
    outcome, or one below it; the same group and comparator; the same nature; and cohorts that share members. They are in
    conflict when their signs are opposite, unless both intervals include no effect, or when their intervals do not meet.
    Versions of one work, a pool and what it includes, and what was withdrawn, replaced or reversed are no conflict. Findings
    that a person set against each other by a link are listed too, whether or not they can be compared.

    Args:
        kb: The knowledge base.
        id: A finding; a claim, for the estimates that it rests on; or an outcome, for all estimates of it and of those below it.
        limit: At most so many.

    Returns:
        Per pair both sides, whether it is acknowledged, by which link and why, and what differs about the two.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is neither a finding, a claim nor an outcome, or the limit is below one.

    Examples:
        >>> from evidencekb import load
        >>> found = conflicts_of(load(), "metr-2025-developer-slowdown")
        >>> {pair.findings[1].id for pair in found if pair.how == "opposite"} >= {"metr-2026-returning"}
        True
    """
    most = count("limit", limit, most=_MOST)
    asked = _asked(kb, one("id", id))
    seen: set[frozenset[tuple[str, str]]] = set()
    pairs = (pair for pair in _pairs(kb, asked) if not _known(seen, pair))
    return tuple(_disagreement(kb, pair) for pair in islice(pairs, most))


def _asked(kb: KnowledgeBase, id: str) -> dict[str, set[str]]:
    """The findings asked about, each with its estimates; none named stands for all of them."""
    kind = kb.kind_of(id, among=_ASKED)
    if kind == "finding":
        return {id: set()}
    asked: dict[str, set[str]] = {}
    if kind == "claim":
        supports = kb.record("claim", id).get("supports", [])
        whole = {support["finding"] for support in supports if not support.get("estimates")}
        for support in supports:
            asked.setdefault(support["finding"], set()).update(support.get("estimates", ()))
        return {finding: set() if finding in whole else estimates for finding, estimates in asked.items()}
    if kind != "concept" or kb.record("concept", id)["kind"] != "outcome":
        raise QuestionError(f"{id!r} is no finding, claim or outcome; only these can be in conflict")
    for finding, estimate in kb.rows(_OF_OUTCOME, (id,)):
        asked.setdefault(finding, set()).add(estimate)
    return asked


def _pairs(kb: KnowledgeBase, asked: dict[str, set[str]]) -> Iterator[_Pair]:
    """What the build found, then what links state beyond it."""
    ids = json.dumps(sorted(asked))
    found = [_Pair(*row) for row in kb.rows(_FOUND, (ids,))]
    yield from (pair for pair in found if not asked[pair.finding] or pair.estimate in asked[pair.finding])
    told = {frozenset((pair.finding, pair.other)) for pair in found}
    for finding, target, about in sorted(_stated(kb, ids), key=lambda link: not link[2]):
        if frozenset((finding, target)) in told:
            continue
        if kb.rows(_WITHDRAWN, (finding,)) or kb.rows(_WITHDRAWN, (target,)):
            continue
        if finding in asked and (not about or not asked[finding] or asked[finding].intersection(about)):
            told.add(frozenset((finding, target)))
            yield from (_Pair(finding, estimate, target, "", "stated") for estimate in about or ("",))
        elif target in asked and finding not in asked:
            told.add(frozenset((finding, target)))
            yield from (_Pair(target, "", finding, estimate, "stated") for estimate in about or ("",))


def _stated(kb: KnowledgeBase, ids: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Findings that a link sets against each other, with the estimates that it is about."""
    for finding, target, position in kb.rows(_STATED, (ids, ids)):
        yield finding, target, tuple(kb.record("finding", finding)["links"][position].get("about", ()))


def _known(seen: set[frozenset[tuple[str, str]]], pair: _Pair) -> bool:
    sides = frozenset({(pair.finding, pair.estimate), (pair.other, pair.against)})
    known = sides in seen
    seen.add(sides)
    return known


def _disagreement(kb: KnowledgeBase, pair: _Pair) -> Disagreement:
    sides = ((pair.finding, pair.estimate), (pair.other, pair.against))
    known = desk_of(kb).known((pair.finding, pair.other))
    cards = [known[id].card for id, _ in sides]
    figures = [tuple(f for f in card.figures if f.estimate == at) for card, (_, at) in zip(cards, sides, strict=True)]
    said = [told(shown) if shown else closed(card.title) for card, shown in zip(cards, figures, strict=True)]
    holder, link = _link(kb, pair)
    because = (link.because if link else None) or ""
    differs = tuple(differences(kb, sides))
    return Disagreement(
        findings=(cards[0].ref, cards[1].ref),
        estimates=(pair.estimate, pair.against),
        how=pair.how,
        said=(said[0], said[1]),
        acknowledged=bool(because),
        link=str(link.type) if link else None,
        said_by=holder,
        because=because,
        asserted_by=(link.asserted_by or "curator") if link else "",
        differs=differs,
        text=conflict_text((cards[0].title, [said[0]]), (cards[1].title, [said[1]]), because) + _told(differs),
    )


def _link(kb: KnowledgeBase, pair: _Pair) -> tuple[str, FindingLink | None]:
    """The link that says why, and the finding whose record holds it; one with a reason before one without."""
    held = [
        (finding, link)
        for finding, target, at in ((pair.finding, pair.other, pair.estimate), (pair.other, pair.finding, pair.against))
        for link in kb.finding(finding).links
        if link.target == target and link.explains and (not link.about or not at or at in link.about)
    ]
    return min(held, key=lambda one: one[1].because is None, default=("", None))


def differences(kb: KnowledgeBase, sides: Sequence[tuple[str, str]]) -> Iterator[Differing]:
    """What is recorded otherwise of two findings and an estimate of each."""
    first, second = (_described(kb, *side) for side in sides)
    for what in first:
        if first[what] != second[what]:
            yield {"what": what, "first": first[what], "second": second[what]}


def _described(kb: KnowledgeBase, id: str, at: str) -> dict[str, str]:
    """What may differ, in words; empty where it is not recorded."""
    finding, desk = kb.record("finding", id), desk_of(kb)
    estimate: dict[str, Any] = next((e for e in finding.get("estimates", ()) if e["id"] == at), {})
    sample = finding.get("sample", {})
    definition = estimate.get("definition")
    products = [" ".join(filter(None, (p["product"], p.get("version")))) for p in finding.get("products", ())]
    return {
        "cohort": ", ".join(desk.label("cohort", link["cohort"]).label for link in finding.get("cohorts", ())),
        "definition": desk.definition_text(definition) if definition else "",
        "period": str(estimate.get("period") or sample.get("period") or ""),
        "place": estimate.get("place") or sample.get("place") or "",
        "design": finding["design"].replace("_", " "),
        "product": ", ".join(products),
    }


def _told(differs: Sequence[Differing]) -> str:
    named = [d["what"] for d in differs if d["first"] and d["second"]]
    return f" The two differ in {', '.join(named)}." if named else ""
