"""The estimates of a pool: which are meant, which pairs forbid it, and each as it goes in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

from evidencekb.answers import ComparableGroup, Grouping, Reason
from evidencekb.answers.base import Fixed
from evidencekb.answers.pooled import LeftOut, PooledOver, PooledPart, PooledSpread
from evidencekb.answers.pooling import PooledFinding, refitted
from evidencekb.effects.scales import scale_of
from evidencekb.errors import PoolError, QuestionError
from evidencekb.queries.comparing import Board, asked_sides, named_side
from evidencekb.queries.converting import SWAP_GROUPS
from evidencekb.queries.desk import desk_of
from evidencekb.queries.measuring import Measured, Unusable, common_scale, converted, measured, on_scale
from evidencekb.queries.poolable import Judge
from evidencekb.queries.reasons import conversions_of
from evidencekb.queries.sides import Side, sides_of

if TYPE_CHECKING:
    from evidencekb.answers import Figure
    from evidencekb.kb import KnowledgeBase
    from evidencekb.queries.allowing import Allowances

Forbidden = tuple[str, str, tuple[Reason, ...]]
_NO_SPREAD = PooledSpread(0.0, 0, 1.0, 0.0, None, None, 0.0, None, 1.0)


@dataclass(frozen=True, slots=True)
class _Entry:
    """An estimate in the measure and unit of the pool."""

    side: Side
    figure: Figure
    held: Measured


class Table:
    """The estimates that are to be pooled.

    Args:
        kb: The knowledge base.
        sides: The estimates, each once.
    """

    def __init__(self, kb: KnowledgeBase, sides: Sequence[Side]) -> None:
        self._kb = kb
        self.sides = tuple(sides)
        ids = list(dict.fromkeys(side.finding for side in sides))
        self._findings = {id: kb.finding(id) for id in ids}
        self._judge = Judge(kb, Board(kb, ids), self._findings.values())

    def forbidden(self, allowances: Allowances) -> list[Forbidden]:
        """The pairs that cannot be pooled, with the reasons that nobody allowed."""
        found = []
        for a, b in combinations(self.sides, 2):
            reasons = self._judge.reasons(a, b)
            against = tuple(reason for reason in reasons if reason.verdict == "forbids")
            if against and (left := allowances.refused(a, b, against)):
                found.append((a.name, b.name, left))
        return found

    def thinned(self) -> tuple[list[Side], list[LeftOut]]:
        """Those that may be pooled with all before them, and the others with why."""
        kept: list[Side] = []
        apart: list[LeftOut] = []
        for side in self.sides:
            for other in kept:
                against = [r for r in self._judge.reasons(other, side) if r.verdict == "forbids"]
                if against:
                    apart.append(LeftOut(side.name, f"not beside {other.name}: {against[0].text}"))
                    break
            else:
                kept.append(side)
        return kept, apart

    def pooled(self, allowances: Allowances, method: str, interval: str, level: float) -> PooledFinding:
        """The pool.

        Raises:
            PoolError: If fewer than two estimates can be pooled.
        """
        entries, left_out = self._entries()
        if len(entries) < 2:
            told = "; ".join(map(str, left_out)) or "only one was asked for"
            count = "none" if not entries else "one"
            raise PoolError(
                f"a pool takes two estimates, and there is {count} to pool. Left out: {told}" if left_out else
                f"a pool takes two estimates, and there is {count} to pool",
                (), tuple((each.figure, each.why) for each in left_out),
            )  # fmt: skip
        first = entries[0]
        frame = PooledFinding(
            name="", method=method, interval_method=interval, level=level, k=0, n=None, n_known=0,
            outcomes=tuple(sorted({entry.side.kind.outcome for entry in entries})),
            definitions=tuple(sorted({entry.side.kind.definition for entry in entries} - {""})),
            label=first.figure.phrase, measure=str(first.held.measure), unit=first.held.unit, value=0.0, lower=0.0, upper=0.0,
            prediction=None, percent=None, scale=first.held.scale, estimate=0.0, se=0.0, statistic=0.0, df=None, p_value=1.0,
            spread=_NO_SPREAD, parts=(), left_out=tuple(left_out), allowed=allowances.used,
            over=self._pooled_over([entry.side for entry in entries]), flags=Fixed(), flagged="", otherwise=(), notes=(), text="",
        )  # fmt: skip
        return refitted(frame, [self._part(entry) for entry in entries], method, interval, level)

    def _entries(self) -> tuple[list[_Entry], list[LeftOut]]:
        """The estimates that can be pooled, all on one scale, and the others with why."""
        usable: list[tuple[Side, Measured]] = []
        left_out: list[LeftOut] = []
        for side in self.sides:
            try:
                usable.append((side, measured(self._estimate(side))))
            except Unusable as why:
                left_out.append(LeftOut(side.name, str(why)))
        entries: list[tuple[Side, Measured]] = []
        turned = False
        for side, held in usable:
            if not entries:
                entries.append((side, held))
                continue
            first, into = entries[0]
            conversions = conversions_of(self._judge.reasons(side, first))
            # Where the groups change places, the share in the other's comparison group is of this one's group.
            base = side.kind.reference or (0.0 if SWAP_GROUPS in conversions else first.kind.reference)
            try:
                entries.append((side, converted(held, into, conversions, base)))
                turned = turned or bool(conversions)
            except Unusable as why:
                left_out.append(LeftOut(side.name, str(why)))
        found: list[_Entry] = []
        scale = common_scale([held for _, held in entries], turned=turned) if entries else ""
        figures = self._figures([side.finding for side, _ in entries])
        for side, held in entries:
            try:
                found.append(_Entry(side, figures[side.name], on_scale(held, scale)))
            except Unusable as why:
                left_out.append(LeftOut(side.name, str(why)))
        return found, left_out

    def _estimate(self, side: Side) -> Any:
        return next(e for e in self._findings[side.finding].estimates if e.id == side.estimate)

    def _figures(self, ids: Iterable[str]) -> dict[str, Figure]:
        known = desk_of(self._kb).known(dict.fromkeys(ids))
        return {figure.id: figure for held in known.values() for figure in held.card.figures}

    def _part(self, entry: _Entry) -> PooledPart:
        figure, held = entry.figure, entry.held
        source = self._kb.record("source", figure.cite["key"])
        return PooledPart(
            figure=figure.id, value=held.value, lower=held.value, upper=held.value, at=scale_of(held.scale).to(held.value),
            se=held.se, weight=0.0, n=float(figure.n["value"]) if figure.n else None, reported=figure.display,
            derived=held.steps, flag=figure.vendor["flag"], design=figure.design,
            when=str(source.get("published_on") or ""), cite=figure.cite["label"],
        )  # fmt: skip

    def _pooled_over(self, sides: Sequence[Side]) -> tuple[PooledOver, ...]:
        """What differs between those that are pooled, or nobody knows of them, in the order of the aspects; each link in full."""
        held: dict[tuple[str, str, str], tuple[int, str]] = {}
        for a, b in combinations(sides, 2):
            for reason in self._judge.reasons(b, a):
                said = reason.verdict == "agrees" and reason.aspect == "overlap"
                if said or reason.verdict in ("converts", "differs", "unknown"):
                    key = (reason.aspect, reason.verdict, reason.text if said else "")
                    count, text = held.get(key, (0, reason.text))
                    held[key] = (count + 1, text)
        order = {name: place for place, name in enumerate(_ASPECTS)}
        found = [PooledOver(aspect, verdict, count, text) for (aspect, verdict, _), (count, text) in held.items()]
        designs = sorted({self._findings[side.finding].design for side in sides})
        if len(designs) > 1:
            pairs = sum(
                self._findings[a.finding].design != self._findings[b.finding].design for a, b in combinations(sides, 2)
            )
            found.append(PooledOver("design", "differs", pairs, f"Designs: {', '.join(designs)}."))
        return tuple(sorted(found, key=lambda over: order[over.aspect]))


_ASPECTS = (
    "concept",
    "definition",
    "measure",
    "unit",
    "cohort",
    "comparator",
    "period",
    "version",
    "overlap",
    "design",
)


def named_sides(kb: KnowledgeBase, findings: Any, selection: Mapping[str, Any]) -> list[Side]:
    """The estimates that are meant, each once, in the order given.

    Raises:
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If nothing is named, options are given besides, or it is not plain which estimate of a finding is meant.
    """
    if selection:
        raise QuestionError(f"give findings, or options such as {min(selection)}, but not both")
    if isinstance(findings, Grouping):
        if len(findings.groups) != 1:
            raise QuestionError(f"there are {len(findings.groups)} groups; give one of them, or pool each with pool_by")
        findings = findings.groups[0]
    if isinstance(findings, ComparableGroup):
        findings = findings.estimates
    single = isinstance(findings, str) or hasattr(findings, "id")
    try:
        given = [findings] if single else list(findings)
    except TypeError as problem:
        raise QuestionError(f"findings is {findings!r}; give findings, estimates or a comparable group") from problem
    named = [named_side("finding", each) for each in given]
    held = sides_of(kb, [finding for finding, _ in named])
    asked = [asked_sides(kb, held, *each) for each in dict.fromkeys(named)]
    settled = _settled(kb, asked)
    return list({side.key: side for side in settled}.values())


def _settled(kb: KnowledgeBase, asked: Sequence[list[Side]]) -> list[Side]:
    """One estimate of each finding: the one that is comparable with one of each other finding; of several, the main one."""
    if all(len(sides) == 1 for sides in asked):
        return [side for (side,) in asked]
    board = Board(kb, dict.fromkeys(side.finding for sides in asked for side in sides))
    found = []
    for place, sides in enumerate(asked):
        if len(sides) == 1:
            found.append(sides[0])
            continue
        others = [each for at, each in enumerate(asked) if at != place]

        def fits(side: Side, others: Sequence[list[Side]] = others) -> int:
            return sum(any(board.compare(side, other).verdict != "not_comparable" for other in each) for each in others)

        scores = [fits(side) for side in sides]
        best = [side for side, score in zip(sides, scores, strict=True) if score == max(scores)]
        found.append(best[0] if len(best) == 1 else _main(kb, best, fit=max(scores) > 0 or not others))
    return found


def _main(kb: KnowledgeBase, sides: Sequence[Side], *, fit: bool) -> Side:
    """The only main estimate of several; the first of those of which none fits, so that its reasons are told."""
    record = kb.record("finding", sides[0].finding)
    main = {e["id"] for e in record["estimates"] if e.get("main")}
    held = [side for side in sides if side.estimate in main]
    if len(held) == 1 or not fit:
        return held[0] if held else sides[0]
    names = ", ".join(side.name for side in sides)
    raise QuestionError(f"finding {sides[0].finding!r} has several estimates that fit; name one of {names}")
