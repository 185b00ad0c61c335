"""select_strongest and select_figures: the first few of what select_findings gives, however many match.

Findings are kept in the strength order under each subject, so that a question reads the first rows that match and stops.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from evidencekb.queries.desk import Desk, desk_of
from evidencekb.queries.subjects import count, flag, one

if TYPE_CHECKING:
    from evidencekb.answers import Figure
    from evidencekb.kb import KnowledgeBase


def select_strongest(
    kb: KnowledgeBase,
    *,
    role: str | None = None,
    skill: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    cohort: str | None = None,
    vendors: bool = True,
    limit: int = 3,
) -> tuple[str, ...]:
    """Ids of the strongest findings that match, strongest first: the first of :func:`select_findings`, and much quicker.

    Args:
        kb: The knowledge base.
        role: A role, by concept id; also what lies below it. So ``skill`` and ``topic``.
        skill: A skill.
        topic: A topic.
        outcome: An outcome that an estimate is about.
        cohort: A cohort.
        vendors: Also findings with a primary source flagged vendor.
        limit: At most so many.

    Returns:
        Ids, in the order of :func:`rank_findings` without a question; withdrawn findings are left out.

    Raises:
        UnknownIdError: If an id does not exist.
        QuestionError: If a subject is of another kind, the limit is below one, or an option is of another type.

    Examples:
        >>> from evidencekb import load, select_findings
        >>> kb = load()
        >>> found = select_strongest(kb, skill="pytorch", limit=2)
        >>> list(found) == [finding.id for finding in select_findings(kb, skill="pytorch")][:2]
        True
    """
    asked = {"role": role, "skill": skill, "topic": topic, "outcome": outcome, "cohort": cohort}
    return _strongest(kb, asked, vendors, limit)


def select_figures(
    kb: KnowledgeBase,
    *,
    role: str | None = None,
    skill: str | None = None,
    topic: str | None = None,
    outcome: str | None = None,
    cohort: str | None = None,
    vendors: bool = True,
    limit: int = 3,
) -> tuple[Figure, ...]:
    """The leading figures of the strongest findings that match, one a finding; a finding without figures gives none.

    Args:
        kb: The knowledge base.
        role: What to match, as in :func:`select_strongest`; so the other options.
        skill: A skill.
        topic: A topic.
        outcome: An outcome that an estimate is about.
        cohort: A cohort.
        vendors: Also findings with a primary source flagged vendor.
        limit: At most so many findings.

    Raises:
        UnknownIdError: If an id does not exist.
        QuestionError: If a subject is of another kind, the limit is below one, or an option is of another type.

    Examples:
        >>> from evidencekb import load
        >>> [figure.line for figure in select_figures(load(), skill="pytorch", limit=1)]  # doctest: +ELLIPSIS
        ['...']
    """
    asked = {"role": role, "skill": skill, "topic": topic, "outcome": outcome, "cohort": cohort}
    ids = _strongest(kb, asked, vendors, limit)
    return tuple(desk_of(kb).leading(ids))


def _strongest(kb: KnowledgeBase, given: Mapping[str, str | None], vendors: bool, limit: int) -> tuple[str, ...]:
    asked = {name: id for name, id in given.items() if id is not None}
    most, vendor = count("limit", limit), int(flag("vendors", vendors))
    desk = desk_of(kb)
    reaches = {name: desk.reach(name, one(name, id)) for name, id in asked.items()}
    alone = tuple([name for name, reach in reaches.items() if reach.alone])
    values: dict[str, Any] = {**asked, "vendor": vendor, "limit": most}
    names = tuple(asked)
    mixed = [name for name, reach in reaches.items() if reach.mixed]
    if mixed or names not in _PAIRED:
        rows = _first_listed(desk, asked, alone, values)
    else:
        rows = kb.rows(_paired(names, alone), values)
        if desk.has_wide():
            rows += kb.rows(_listed(_shortest_first(desk, asked), alone, wide=True), values)
            rows = sorted(rows)[:most]
    return tuple([finding for _, finding in rows])


_KEPT = 16
"""So many findings at the top of a subject with others below it are kept, since their lists have to be merged."""


def _first_listed(
    desk: Desk, asked: Mapping[str, str], alone: tuple[str, ...], values: dict[str, Any]
) -> list[tuple[int, str]]:
    statement = _listed(_shortest_first(desk, asked), alone, wide=False)
    if len(asked) == 1 and not alone:
        of = (*asked.items(), values["vendor"])
        top = desk.once("top", of, lambda: desk.kb.rows(statement, {**values, "limit": _KEPT}))
        if values["limit"] <= _KEPT or len(top) < _KEPT:
            return top[: values["limit"]]
    return desk.kb.rows(statement, values)


_PAIRED = (("role", "skill"), ("role", "skill", "cohort"))


def _shortest_first(desk: Desk, asked: Mapping[str, str]) -> tuple[str, ...]:
    """What is asked, by how many findings are filed under it: the shortest list is walked."""
    if len(asked) < 2:
        return tuple(asked)
    return tuple(sorted(asked, key=lambda name: desk.filed(name, asked[name])))


@cache
def _paired(names: tuple[str, ...], alone: tuple[str, ...]) -> str:
    """The SELECT for a role and a skill; ``alone`` names what has nothing below it."""
    cohort = ""
    if "cohort" in alone:
        cohort = "AND q.cohort = :cohort"
    elif "cohort" in names:
        cohort = (
            "AND EXISTS (SELECT 1 FROM closure d WHERE d.kind = 'cohort' AND d.broad = :cohort AND d.narrow = q.cohort)"
        )
    first = f"AND q.vendor <= :vendor {cohort} GROUP BY q.rank ORDER BY q.rank LIMIT :limit"
    if "role" in alone and "skill" in alone:
        return f"SELECT q.rank, q.finding FROM pair q WHERE q.role = :role AND q.skill = :skill {first}"
    # The first of each list below, and of these the first.
    return f"""
        SELECT p.rank, p.finding FROM closure a CROSS JOIN closure b CROSS JOIN pair p
        WHERE a.kind = 'concept' AND a.broad = :role AND b.kind = 'concept' AND b.broad = :skill
          AND p.role = a.narrow AND p.skill = b.narrow AND p.rank IN (
            SELECT q.rank FROM pair q WHERE q.role = a.narrow AND q.skill = b.narrow {first}
          )
        GROUP BY p.rank ORDER BY p.rank LIMIT :limit
    """


_TAGS = {"outcome": ("estimate", "outcome"), "cohort": ("finding_cohort", "cohort")}


@cache
def _listed(names: tuple[str, ...], alone: tuple[str, ...], *, wide: bool) -> str:
    """The SELECT that walks the list of the first name; ``wide`` keeps what stands in no pair."""
    if not names:
        return "SELECT rank, finding FROM ranked WHERE standing < 2 AND vendor <= :vendor ORDER BY rank LIMIT :limit"
    first, *others = names
    kind = first if first in _TAGS else "concept"
    conditions = [
        f"EXISTS (SELECT 1 FROM {table} g JOIN closure d ON d.kind = '{_hierarchy(name)}' AND d.broad = :{name} "
        f"AND d.narrow = g.{column} WHERE g.finding = s.finding)"
        for name in others
        for table, column in (_TAGS.get(name, ("finding_concept", "concept")),)
    ]
    if wide:
        conditions.append("EXISTS (SELECT 1 FROM wide w WHERE w.finding = s.finding)")
    kept = " AND ".join(["s.gone < 2", "s.vendor <= :vendor", *conditions])
    if first in alone:
        return (
            f"SELECT s.rank, s.finding FROM single s WHERE s.kind = '{kind}' AND s.subject = :{first} AND {kept} "
            "ORDER BY s.rank LIMIT :limit"
        )
    return f"""
        SELECT t.rank, t.finding FROM closure c CROSS JOIN single t
        WHERE c.kind = '{_hierarchy(first)}' AND c.broad = :{first} AND t.kind = '{kind}' AND t.subject = c.narrow
          AND t.rank IN (
            SELECT s.rank FROM single s WHERE s.kind = '{kind}' AND s.subject = c.narrow AND {kept}
            ORDER BY s.rank LIMIT :limit
          )
        GROUP BY t.rank ORDER BY t.rank LIMIT :limit
    """


def _hierarchy(name: str) -> str:
    return "cohort" if name == "cohort" else "concept"
