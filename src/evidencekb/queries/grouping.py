"""Parting a selection into groups of what is comparable, without holding each estimate against each."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from evidencekb.answers.comparability import ComparableGroup, Comparison, Grouping, Reason
from evidencekb.answers.naming import joined
from evidencekb.errors import QuestionError
from evidencekb.queries.comparing import Board, asked_sides, named_side
from evidencekb.queries.converting import FAMILY
from evidencekb.queries.reasons import conversions_of, is_series, must_match, touch, version_reason
from evidencekb.queries.selection import selected_ids
from evidencekb.queries.sides import Kind, Side, sides_of
from evidencekb.units import SECONDS

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

_LOOKED_AT = 50
"""So many groups are tried for an estimate; beyond, it opens one of its own."""
_NAMED = 5
_NOTHING_NEAR = Reason("concept", "forbids", "Nothing else that was asked about has its outcome.")
_BELOW = "SELECT narrow FROM closure WHERE kind = 'concept' AND broad IN (SELECT value FROM json_each(?))"


def group_comparable(
    kb: KnowledgeBase, findings: Finding | str | Iterable[Finding | str] | None = None, **selection: Any
) -> Grouping:
    """Part estimates into groups in which each is comparable with each, and say why the others stand apart.

    Two estimates of one group are comparable, if need be after named conversions, as :func:`compare` has it; so no group holds
    two versions of a work, or a pool beside what it includes. An estimate that fits several groups stands in one of them.

    Args:
        kb: The knowledge base.
        findings: Findings, or estimates as ``finding#estimate``; or none, and options instead.
        **selection: The options of :func:`select_findings`. With ``outcome``, ``definition`` or ``measure`` the other estimates
            of the findings are left out.

    Returns:
        Groups of two or more, the largest first, and estimates that stand alone. Each names the conversions that bring it
        together, and what keeps it from the group that comes closest.

    Raises:
        UnknownIdError: If there is no such finding or estimate, or an option names none.
        QuestionError: If findings and options are given at once.
        TypeError: If an option is none of those of :func:`select_findings`.

    Examples:
        >>> from evidencekb import load
        >>> found = group_comparable(load(), outcome="pull-requests-completed", definition="weekly-pull-requests-of-users")
        >>> print(found.text)
        5 estimates: 2 groups of comparable ones.
        >>> [len(group) for group in found.groups], found.groups[0].reasons[0].aspect
        ([3, 2], 'overlap')
    """
    sides = chosen(kb, findings, selection)
    board = Board(kb, dict.fromkeys(side.finding for side in sides))
    sorter = _Sorter(kb, board, sides)
    groups = sorter.groups()
    nearest = _nearest(groups, sorter)
    shown = [_shown(board, group, nearest(group)) for group in groups]
    many, alone = [g for g in shown if len(g) > 1], [g for g in shown if len(g) == 1]
    return Grouping(tuple(many), tuple(alone), _counted(len(sides), len(many), len(alone)))


def chosen(
    kb: KnowledgeBase, findings: Finding | str | Iterable[Finding | str] | None, selection: dict[str, Any]
) -> list[Side]:
    """The estimates asked about, each once, in the order given."""
    if findings is None:
        ids = selected_ids(kb, **selection)
        held = sides_of(kb, ids)
        kept = _keeping(kb, selection)
        return [side for id in ids for side in held[id] if kept(side.kind)]
    if selection:
        raise QuestionError(f"give findings, or options such as {min(selection)}, but not both")
    given: Iterable[Any] = (findings,) if isinstance(findings, str) or hasattr(findings, "citations") else findings
    named = [named_side("finding", f) for f in given]
    held = sides_of(kb, [finding for finding, _ in named])
    chosen = {side.key: side for each in named for side in asked_sides(kb, held, *each)}
    return list(chosen.values())


def _keeping(kb: KnowledgeBase, selection: dict[str, Any]) -> Any:
    """Whether an estimate itself is what the options ask for; others of the same finding are not."""
    asked = {}
    for name in ("outcome", "definition", "measure"):
        if (value := selection.get(name)) is not None:
            asked[name] = {str(value)} if isinstance(value, str) else set(map(str, value))
    if "outcome" in asked and selection.get("narrower", True):
        asked["outcome"] = {id for (id,) in kb.rows(_BELOW, (json.dumps(sorted(asked["outcome"])),))}
    return lambda kind: all(getattr(kind, name) in ids for name, ids in asked.items())


@dataclass(slots=True)
class _Group:
    """Estimates of which each is comparable with each, and what a further one is held against."""

    members: list[Side] = field(default_factory=list)
    kinds: dict[int, Side] = field(default_factory=dict)
    data: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    places: dict[tuple[str, str], set[frozenset[str]]] = field(default_factory=lambda: defaultdict(set))
    times: set[tuple[str, str]] = field(default_factory=set)

    @property
    def first(self) -> Side:
        """The member that stands for the others."""
        return self.members[0]


class _Sorter:
    """Puts estimates into groups: first by what must be the same, then one by one into the first group that takes them."""

    def __init__(self, kb: KnowledgeBase, board: Board, sides: Sequence[Side]) -> None:
        self._board = board
        self._order = {side.key: place for place, side in enumerate(sides)}
        self._numbers: dict[Kind, int] = {}
        self._fits: dict[tuple[int, int], bool] = {}
        self._family = _families(kb)
        self._sides = sides

    def groups(self) -> list[_Group]:
        """All groups, the largest first, then in the order asked."""
        buckets: dict[tuple[str, ...], list[Side]] = defaultdict(list)
        for side in self._sides:
            buckets[self._key(side.kind)].append(side)
        found = [group for bucket in buckets.values() for group in self._parted(bucket)]
        for group in found:
            group.members.sort(key=lambda side: self._order[side.key])
        return sorted(found, key=lambda group: (-len(group.members), self._order[group.first.key]))

    def _key(self, kind: Kind) -> tuple[str, ...]:
        """What no two comparable estimates have otherwise."""
        family = (
            "" if kind.measure in FAMILY else f"{kind.measure} {'s' if kind.unit in SECONDS else kind.unit.casefold()}"
        )
        groups = (kind.group, kind.comparator)
        if kind.comparator:  # these may change places
            groups = (min(groups), max(groups))
        timed = "at its time" if kind.moment else ""
        return (self.family(kind), *groups, kind.nature, kind.per, family, timed)

    def family(self, kind: Kind) -> str:
        """The definition, or one that stands for all that are linked to it."""
        return self._family.get(kind.definition, kind.definition)

    def _parted(self, bucket: list[Side]) -> Iterator[_Group]:
        """Groups of one bucket: what shares data with many comes last, so that it does not keep these apart."""
        by_kind: dict[int, list[_Group]] = defaultdict(list)
        groups: list[_Group] = []
        crowd = _crowd(self._board, bucket)
        for side in sorted(bucket, key=lambda s: (s.since if s.kind.moment else "", crowd[s.key], self._order[s.key])):
            number = self._numbers.setdefault(_plainly(side.kind), len(self._numbers))
            if version_reason(side, side).verdict == "forbids":  # withdrawn or replaced: beside nothing
                yield self._add(_Group(), side, number)
                continue
            near = by_kind[number]
            tried = (*islice(reversed(near), _LOOKED_AT), *islice(reversed(groups), _LOOKED_AT))
            home = next((group for group in tried if self._takes(group, side, number)), None)
            if home is None:
                home = _Group()
                groups.append(home)
            if number not in home.kinds:
                near.append(home)
            self._add(home, side, number)
        yield from groups

    def _takes(self, group: _Group, side: Side, number: int) -> bool:
        return (
            self._in_time(group, side)
            and self._alone(group, side)
            and all(self._fit(number, other, side, group.kinds[other]) for other in group.kinds)
        )

    def _fit(self, number: int, other: int, side: Side, member: Side) -> bool:
        if (number, other) not in self._fits:
            reasons = self._board.reasons.of_kinds(side, member)
            self._fits[number, other] = self._fits[other, number] = all(r.verdict != "forbids" for r in reasons)
        return self._fits[number, other]

    @staticmethod
    def _in_time(group: _Group, side: Side) -> bool:
        """Whether a time fits those of a group. Times of which each two meet have a day in common, so two days stand for all."""
        if not side.kind.moment or not (side.since or side.until) or not group.times:
            return True
        if must_match(side, side):
            fits = group.times == {(side.since, side.until)}
        else:
            latest, earliest = max(since for since, _ in group.times), min(_ends(group.times), default="")
            fits = (not side.until or latest <= side.until) and (not earliest or side.since <= earliest)
        return fits or all(is_series(side, member) for member in group.members)

    def _alone(self, group: _Group, side: Side) -> bool:
        """Whether a group holds nothing that rests on the same data, nor another version, of it."""
        if any(group.data[token] - {side.finding} for token in _tokens(self._board, side) if token in group.data):
            return False
        sources = side.origins.sources
        if any(held.isdisjoint(sources) for mark in _marks(self._board, side) for held in group.places.get(mark, ())):
            return False
        if side.finding not in group.data:
            return True
        return all(
            is_series(side, member) and not touch(side, member)
            for member in group.members
            if member.finding == side.finding
        )

    def _add(self, group: _Group, side: Side, number: int) -> _Group:
        group.members.append(side)
        group.kinds.setdefault(number, side)
        group.data[side.finding].add(side.finding)
        for token in _tokens(self._board, side):
            group.data[token].add(side.finding)
        for mark in _marks(self._board, side):
            group.places[mark].add(side.origins.sources)
        if side.kind.moment and (side.since or side.until):
            group.times.add((side.since, side.until))
        return group


def _families(kb: KnowledgeBase) -> dict[str, str]:
    """Definitions that are linked, directly or not, each with one that stands for all of them."""
    leader: dict[str, str] = {}

    def of(id: str) -> str:
        while leader.setdefault(id, id) != id:
            id = leader[id]
        return id

    for first, second in kb.rows("SELECT definition, other FROM alike"):
        one, other = sorted((of(first), of(second)))
        leader[other] = one
    return {id: of(id) for id in list(leader)}


def _tokens(board: Board, side: Side) -> list[str]:
    """What no two members of a group may have in common, unless they are times of one finding."""
    held = [f"data {name}" for name in board.shared.data(side.finding)]
    held += [f"link {link}" for link in board.shared.sure(side.finding)]
    return [*held, f"sample {side.origins.sample}"] if side.origins.sample else held


def _marks(board: Board, side: Side) -> list[tuple[str, str]]:
    """What two members may only have in common when they stand in one source."""
    works = [("work", work) for work in side.origins.works]
    return works + [("team", mark) for mark in board.shared.marks["team"].get(side.finding, ())]


def _crowd(board: Board, bucket: Sequence[Side]) -> dict[tuple[str, str], int]:
    """With how many others of a bucket each estimate shares something, at the most."""
    held: dict[str, int] = defaultdict(int)
    for side in bucket:
        for token in _tokens(board, side):
            held[token] += 1
    return {side.key: sum(held[token] - 1 for token in _tokens(board, side)) for side in bucket}


def _plainly(kind: Kind) -> Kind:
    """What of a kind decides whether another is comparable, so that those alike in this are looked at once."""
    form = "direction" if kind.form == "direction" else "value"
    place = "" if kind.effect else kind.place
    return replace(kind, form=form, place=place, reference=float(kind.reference > 0))


def _ends(times: Iterable[tuple[str, str]]) -> Iterator[str]:
    return (until for _, until in times if until)


def _nearest(groups: Sequence[_Group], sorter: _Sorter) -> Callable[[_Group], _Group | None]:
    """What gives the largest other group that has the same definition and outcome, else the same outcome."""
    by_likeness: dict[tuple[str, ...], list[_Group]] = defaultdict(list)

    def likeness(group: _Group) -> tuple[tuple[str, ...], ...]:
        kind = group.first.kind
        return ((kind.outcome, sorter.family(kind)), (kind.outcome,))

    for group in groups:
        for key in likeness(group):
            if len(by_likeness[key]) < 2:
                by_likeness[key].append(group)

    def nearest(group: _Group) -> _Group | None:
        near = (other for key in likeness(group) for other in by_likeness[key])
        return next((other for other in near if other is not group), None)

    return nearest


def _shown(board: Board, group: _Group, other: _Group | None) -> ComparableGroup:
    first = group.first
    turned = (conversions_of(board.reasons.of_kinds(side, first)) for side in group.kinds.values() if side is not first)
    against = _against(board, first, other) if other else None
    reasons = against.forbidding if against else (_NOTHING_NEAR,)
    names = tuple(side.name for side in group.members)
    conversions = tuple(sorted({conversion for each in turned for conversion in each}))
    return ComparableGroup(
        estimates=names,
        outcomes=tuple(sorted({side.kind.outcome for side in group.members})),
        definitions=tuple(sorted({side.kind.definition for side in group.members} - {""})),
        conversions=conversions,
        nearest=against.estimates[1] if against else "",
        reasons=reasons,
        text=_told(names, conversions, against.estimates[1] if against else "", reasons),
    )


def _against(board: Board, side: Side, other: _Group) -> Comparison:
    """An estimate beside a member of another group that keeps it out, or beside the first."""
    compared = (board.compare(side, member) for member in islice(other.members, _LOOKED_AT))
    found = next((each for each in compared if each.forbidding), None)
    return found or board.compare(side, other.first)


def _told(names: Sequence[str], conversions: Sequence[str], nearest: str, reasons: Sequence[Reason]) -> str:
    named = joined([*names[:_NAMED], *([f"{len(names) - _NAMED:,} more"] if len(names) > _NAMED else [])])
    after = f" after {joined(conversions)}" if conversions else ""
    head = f"{named} are comparable{after}." if len(names) > 1 else f"{named} stands alone."
    apart = f"Apart from {nearest}: " if nearest else ""
    return " ".join([head, apart + " ".join(reason.text for reason in reasons)]) if reasons else head


def _counted(estimates: int, groups: int, alone: int) -> str:
    if not estimates:
        return "No estimate was asked about."
    parts = [f"{groups:,} {'group' if groups == 1 else 'groups'} of comparable ones"] if groups else []
    parts += [f"{alone:,} that {'stands' if alone == 1 else 'stand'} alone"] if alone else []
    return f"{estimates:,} {'estimate' if estimates == 1 else 'estimates'}: {', and '.join(parts)}."
