"""Claims in circulation that no primary source stands behind: their cards, and those about a subject."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

from evidencekb.answers import NearFinding, Ref, UntracedCard
from evidencekb.answers.base import Fixed
from evidencekb.answers.stored import searched_of
from evidencekb.queries.desk import Desk, desk_of
from evidencekb.queries.subjects import Many, flag, many, one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Untraced

_ABOUT = """
    SELECT u.untraced FROM untraced_about u JOIN closure c ON c.kind = u.kind AND c.narrow = u.subject
    WHERE c.kind = ? AND c.broad = ? AND c.steps <= ?
"""
_ANY_DEPTH = 1_000


def untraced_card(kb: KnowledgeBase, id: str) -> UntracedCard:
    """The card of a claim in circulation: what goes round, what a page may say, and where was searched. It has no figure.

    Raises:
        UnknownIdError: If there is no such untraced claim.

    Examples:
        >>> from evidencekb import load
        >>> card = untraced_card(load(), "unresolved-ats-rejects-75pct")
        >>> card.status, hasattr(card, "figures")
        ('dead_end', False)
    """
    kb.record("untraced", one("id", id))
    (card,) = untraced_cards(desk_of(kb), (id,))
    return card


def untraced_about(
    kb: KnowledgeBase,
    *,
    role: Many = None,
    skill: Many = None,
    cohort: Many = None,
    topic: Many = None,
    outcome: Many = None,
    product: Many = None,
    instrument: Many = None,
    narrower: bool = True,
) -> tuple[Untraced, ...]:
    """Claims in circulation about subjects, by id; all of the pack when nothing is asked.

    Args:
        kb: The knowledge base.
        role: Roles, by concept id; each option takes one value or several, and any of them counts.
        skill: Skills.
        cohort: Cohorts.
        topic: Topics.
        outcome: Outcomes.
        product: Products.
        instrument: Instruments.
        narrower: Also what is about something below a subject.

    Raises:
        QuestionError: If a subject is of another kind.
        UnknownIdError: If a subject does not exist.

    Examples:
        >>> from evidencekb import load
        >>> [claim.id for claim in untraced_about(load(), topic="disability")]
        ['unresolved-autism-85pct-unemployed']
    """
    asked = {"role": role, "skill": skill, "cohort": cohort, "topic": topic,
             "outcome": outcome, "product": product, "instrument": instrument}  # fmt: skip
    depth = _ANY_DEPTH if flag("narrower", narrower) else 0
    if all(value is None for value in asked.values()):
        return tuple(kb.untraced(id) for id in kb.ids("untraced"))
    desk = desk_of(kb)
    found: set[str] = set()
    for dimension, value in asked.items():
        for id in many(dimension, value):
            desk.subject(dimension, id)
            table = "cohort" if dimension == "cohort" else "concept"
            found.update(id for (id,) in kb.rows(_ABOUT, (table, id, depth)))
    return tuple(kb.untraced(id) for id in sorted(found))


def untraced_cards(desk: Desk, ids: Iterable[str]) -> tuple[UntracedCard, ...]:
    """Cards of untraced claims that exist."""
    return tuple(desk.once("untraced_card", id, partial(_card, desk, id)) for id in ids)


def _card(desk: Desk, id: str) -> UntracedCard:
    record = desk.kb.record("untraced", id)
    nearest = record.get("nearest", ())
    headlines = desk.headlines(near["finding"] for near in nearest)
    concepts = [desk.label("concept", id) for id in record.get("about", ())]
    cohorts = [desk.label("cohort", id) for id in record.get("cohorts", ())]
    return UntracedCard(
        ref=Ref("untraced", record["id"], record["headline"]),
        title=record["headline"],
        status=record["status"],
        text=record["say"],
        attributed_to=record.get("attributed_to"),
        variants=tuple(record.get("variants", ())),
        earliest_seen=_sighting(record["earliest_seen"]) if record.get("earliest_seen") else None,
        repeated_at=tuple(map(_sighting, record.get("repeated_at", ()))),
        traced_by=tuple(map(_sighting, record.get("traced_by", ()))),
        searched=searched_of(record),
        nearest=tuple(
            NearFinding(Ref("finding", near["finding"], headlines[near["finding"]]), near["differs"])
            for near in nearest
        ),
        about=(*concepts, *cohorts),
    )


def _sighting(record: dict[str, Any]) -> Any:
    return Fixed({name: record.get(name) for name in ("where", "on", "vendor", "prints", "note")})
