"""explain_flag: the vendor flag of a source against its ties, by the flag table."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING, Any

from evidencekb.answers import FlagExplanation, Ref
from evidencekb.answers.base import fixed
from evidencekb.answers.naming import joined
from evidencekb.answers.shapes import Accepted, Deciding
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_VERDICT = """
    SELECT flag, gives, line, words, near, sure, position, organization, seller, tie, sold, thing, ties, variant, source
    FROM verdict WHERE source IN (SELECT value FROM json_each(?))
"""
_TOUCHED = "SELECT DISTINCT finding FROM tied WHERE source = ? AND position = ? AND finding <> '' ORDER BY finding"
_JUDGED_BY = """
    SELECT DISTINCT c.finding FROM citation c
    WHERE c.source = :source AND (
      c.role = 'primary' OR NOT EXISTS (SELECT 1 FROM citation p WHERE p.source = :source AND p.role = 'primary')
    ) ORDER BY c.finding
"""
_OFFERS = (
    "SELECT o.position, o.seller, o.concept FROM offer o WHERE o.source = ? ORDER BY o.position, o.seller, o.concept"
)
_TESTED = "SELECT 1 FROM finding_product WHERE finding IN (SELECT value FROM json_each(?)) LIMIT 1"
_GAINING = frozenset({"publisher", "owner", "commissioner"})
_BY_PRODUCT = frozenset({"author_employer", "funder"})
_DECLARED = 3


def explain_flag(kb: KnowledgeBase, source: str) -> FlagExplanation:
    """Whether the flag of a source is what its ties give, and which line of the flag table says so.

    The lines are read from the top, as in ``docs/reference/decision-tables.md``; rule 203 asks the same SQL text. A relay is
    judged by the findings that it repeats, any other source by those that it is primary for.

    Args:
        kb: The knowledge base.
        source: A citation key.

    Raises:
        UnknownIdError: If there is no such source; it offers the nearest keys.
        QuestionError: If the key is no text.

    Examples:
        >>> from evidencekb import load
        >>> told = explain_flag(load(), "peng2023impact")
        >>> told.flag, told.gives, told.line, told.because["organization"], told.state
        ('vendor', 'vendor', 1, 'github', 'agrees')
    """
    kb.record("source", one("source", source))
    return explained(kb, (source,))[source]


def explained(kb: KnowledgeBase, sources: Collection[str]) -> dict[str, FlagExplanation]:
    """What :func:`explain_flag` tells of each of many sources that exist, by id; the table of flags is gone through once."""
    rows = kb.rows(_VERDICT, (json.dumps(sorted(sources)),))
    return {row[-1]: _explanation(kb, row) for row in rows}


def _explanation(kb: KnowledgeBase, row: tuple[Any, ...]) -> FlagExplanation:
    flag, gives, line, words, near, sure, position, organization, seller, tie, sold, thing, ties, variant, source = row
    record = kb.record("source", source)
    interests = record.get("interests", [])
    judged_by = tuple(finding for (finding,) in kb.rows(_JUDGED_BY, {"source": source}))
    because: Deciding | None = None
    findings = judged_by
    if position >= 0:
        findings = tuple(finding for (finding,) in kb.rows(_TOUCHED, (source, position)))
        because = fixed({
            "organization": organization,
            "name": _name(kb, organization),
            "tie": tie,
            "through": None if seller == organization else seller,
            "verb": ("speaks for" if line == _STAKE and not near else "sells") if sold else None,
            "what": sold or None,
            "about": thing if thing not in ("", sold) else None,
            "scope": list(interests[position].get("scope", [])),
        })  # fmt: skip
    waiver = _waiver(kb, source)
    # Nobody set a flag, or it says that somebody gains and no tie is there to say who.
    unjudged = flag in ("", "unknown") or (flag != "independent" and line > _STAKE and not ties)
    states = ((unjudged, "not judged"), (not variant, "agrees"), (waiver is not None, "waived"))
    return FlagExplanation(
        source=Ref("source", source, desk_of(kb).references((source,))[0].label),
        flag=flag or "unknown",
        reason=record.get("vendor_reason", ""),
        state=next((state for holds, state in states if holds), "violation"),
        gives=gives,
        line=line,
        rule=words,
        sure=bool(sure),
        because=because,
        findings=findings,
        ties=ties,
        unknown=tuple(_unknown(kb, source, interests, judged_by, (line, near, seller, sold, thing, bool(sure)))),
        waiver=waiver if variant else None,
    )


_STAKE = 5


def _name(kb: KnowledgeBase, organization: str) -> str:
    rows = kb.rows("SELECT name FROM organization WHERE id = ?", (organization,))
    return str(rows[0][0]) if rows else organization


def _waiver(kb: KnowledgeBase, source: str) -> Accepted | None:
    rows = kb.rows("SELECT body FROM record WHERE kind = 'waiver' AND id = ?", (f"EKB203:{source}",))
    if not rows:
        return None
    held = json.loads(rows[0][0])
    until = str(held["until"])
    if until < kb.built_on[: len(until)]:
        return None
    accepted: Accepted = fixed({name: str(held[name]) for name in ("who", "why", "until")})
    return accepted


def _unknown(
    kb: KnowledgeBase,
    source: str,
    interests: list[dict[str, Any]],
    judged_by: tuple[str, ...],
    decided: tuple[int, int, str, str, str, bool],
) -> Iterator[str]:
    """What is not recorded and could decide otherwise."""
    line, near, seller, sold, thing, sure = decided
    if not judged_by:
        yield "no finding cites the source, so that nobody can tell what its figures are about"
    if not interests:
        yield "no tie is recorded; only the reason says where one looked"
    if sold and near == _DECLARED:
        other = "line 2 (vendor)" if line == _STAKE else "line 5 (interested)"
        yield f"no concept ties {sold} to what the findings are about, so that {other} would fit as well"
    elif not sure and thing:
        yield (
            f"whether {seller} sells {thing} itself, or another of its kind"
            if near == 1
            else f"whether the tied body gains by what {seller} sells, which has the same owner"
            if near == 0
            else f"whether {sold} is sold in the market of {thing}: a link between the two concepts says no more than that"
        )
    elif not sure:
        yield "who of the parties speaks"
    yield from _unmatched(kb, source, interests, judged_by, line < _STAKE or bool(sold and near == _DECLARED))


def _unmatched(
    kb: KnowledgeBase, source: str, interests: list[dict[str, Any]], judged_by: tuple[str, ...], decided: bool
) -> Iterator[str]:
    """Ties that could decide if more were recorded; none matters once a seller was found."""
    if decided:
        return
    sold: dict[int, list[str]] = {}
    for position, _, concept in kb.rows(_OFFERS, (source,)):
        sold.setdefault(position, []).append(concept)
    silent = [
        tie["organization"]
        for position, tie in enumerate(interests)
        if tie["tie"] in _GAINING | _BY_PRODUCT and position not in sold
    ]
    if silent:
        yield f"nothing is recorded that {joined(_once(silent), last='or')} sells"
    for position, concepts in sold.items():
        tie = interests[position]
        if tie["tie"] in _GAINING:
            goods = joined(_once(concepts))
            yield f"no concept ties what {tie['organization']} sells ({goods}) to what the findings are about"
        elif not kb.rows(_TESTED, (json.dumps(judged_by),)):
            yield f"no product is recorded as tested, so that nobody can tell whether {tie['organization']} sells it"


def _once(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(ids))
