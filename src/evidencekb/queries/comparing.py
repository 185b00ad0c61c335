"""Whether two estimates may stand side by side, and why."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from evidencekb.answers.comparability import Comparison, Reason
from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.names import near
from evidencekb.queries.independence import link_join
from evidencekb.queries.reasons import (
    Reasons,
    conversions_of,
    in_words,
    is_series,
    period_reason,
    touch,
    verdict_of,
    version_reason,
)
from evidencekb.queries.sharing import Shared
from evidencekb.queries.sides import Side, sides_of
from evidencekb.queries.subjects import one

if TYPE_CHECKING:
    from evidencekb.answers import Figure
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

_BEST = ("comparable", "convertible", "not_comparable")


def compare(kb: KnowledgeBase, first: Finding | Figure | str, second: Finding | Figure | str) -> Comparison:
    """Whether two estimates are comparable, comparable after a named conversion, or not, with a reason for each aspect.

    Comparable is what could stand in one row of a table: the same outcome (or one below the other), one definition or two that
    somebody calls comparable, one kind of number, cohorts that are known to share members, the same comparison. Levels and
    forecasts must not be known to be of different times. Two versions of one work, and findings that share data, are not
    comparable, since one would stand beside itself. What nobody has said is never taken as said: definitions that nobody links
    are not comparable, and cohorts of which nothing is known are not known to share members.

    Args:
        kb: The knowledge base.
        first: A finding or its id, or one of its estimates: as ``finding#estimate``, or its figure.
        second: Another.

    Returns:
        The verdict with nine reasons. Of findings with several estimates the pair that comes closest is compared; what else is
        comparable stands under ``also``.

    Raises:
        UnknownIdError: If there is no such finding or estimate; it offers the nearest.
        QuestionError: If a finding has no estimate, or both name one and the same.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> compare(kb, "cui-2026-microsoft", "cui-2026-accenture").verdict
        'comparable'
        >>> found = compare(kb, "cui-2026-microsoft", "cui-2026-copilot-pooled")
        >>> found.verdict, [reason.aspect for reason in found.forbidding]
        ('not_comparable', ['overlap'])
    """
    named = [named_side(name, given) for name, given in (("first", first), ("second", second))]
    held = sides_of(kb, [finding for finding, _ in named])
    left, right = (asked_sides(kb, held, *each) for each in named)
    pairs = [(a, b) for a in left for b in right if a.key != b.key]
    if not pairs:
        raise QuestionError(f"{left[0].name} is both sides; name two estimates")
    if len(left) > 1 or len(right) > 1:
        pairs = _once(pairs)
    board = Board(kb, held)
    compared = [board.compare(a, b) for a, b in pairs]
    best = min(compared, key=_distance)
    also = tuple(c.estimates for c in compared if c is not best and c.verdict != "not_comparable")
    return board.answer(best.estimates, best.reasons, best.independent, also)


def named_side(name: str, given: Finding | Figure | str) -> tuple[str, str]:
    """Finding and estimate of ``finding#estimate``, or of a record or figure; the estimate is empty where none is named.

    Raises:
        QuestionError: If it is no text.
    """
    id: Any = getattr(given, "id", given)
    finding, mark, estimate = one(name, id).partition("#")
    if mark and not estimate:
        raise QuestionError(f"{name} is {given!r}; write finding#estimate, or the finding alone")
    return finding, estimate


def asked_sides(kb: KnowledgeBase, held: dict[str, list[Side]], finding: str, estimate: str) -> list[Side]:
    """The estimates that a name stands for.

    Raises:
        UnknownIdError: If there is no such finding or estimate.
        QuestionError: If the finding has no estimate.
    """
    sides = held[finding]
    if not sides:
        kb.record("finding", finding)  # says which ids come near
        raise QuestionError(f"finding {finding!r} has no estimate, so there is no number to compare")
    if not estimate:
        return sides
    found = [side for side in sides if side.estimate == estimate]
    if not found:
        known = near(estimate, (side.estimate for side in sides)) or tuple(side.estimate for side in sides[:3])
        raise UnknownIdError("estimate", f"{finding}#{estimate}", tuple(f"{finding}#{each}" for each in known))
    return found


class Board:
    """Compares estimates of the same few findings, or of thousands.

    Args:
        kb: The knowledge base.
        findings: The findings whose estimates will be compared.
    """

    def __init__(self, kb: KnowledgeBase, findings: Iterable[str]) -> None:
        self._kb = kb
        self.reasons = Reasons(kb)
        self.shared = Shared(kb, findings)

    def compare(self, a: Side, b: Side) -> Comparison:
        """Two estimates, aspect by aspect."""
        version, overlap = version_reason(a, b), self.overlap(a, b)
        reasons = (*self.reasons.of_kinds(a, b), period_reason(a, b), version, overlap)
        independent = None
        if "forbids" in (version.verdict, overlap.verdict) or a.finding == b.finding:
            independent = False
        elif overlap.verdict == "agrees":
            independent = True
        return self.answer((a.name, b.name), reasons, independent)

    @staticmethod
    def answer(
        names: tuple[str, str],
        reasons: tuple[Reason, ...],
        independent: bool | None,
        also: tuple[tuple[str, str], ...] = (),
    ) -> Comparison:
        """The answer that follows from the reasons."""
        return Comparison(
            estimates=names,
            verdict=verdict_of(reasons),
            conversions=conversions_of(reasons),
            reasons=reasons,
            independent=independent,
            also=also,
            text=in_words(*names, reasons),
        )

    def overlap(self, a: Side, b: Side) -> Reason:
        """Whether two estimates rest on the same data."""
        if a.finding == b.finding:
            if is_series(a, b) and not touch(a, b):
                text = "Two times of one finding; whether the same were asked each time is not recorded."
                return Reason("overlap", "unknown", text)
            return Reason("overlap", "forbids", "Both are estimates of one finding, and so of one sample.")
        if (link := self.shared.link(a.finding, b.finding)) and link.sure:
            join = link_join(self._kb, link.finding, link.position)
            return Reason(
                "overlap", "forbids", f"They share data ({join.reason}): {join.text}.", said_by=join.asserted_by
            )
        if data := self.shared.data(a.finding) & self.shared.data(b.finding):
            return Reason("overlap", "forbids", f"Both rest on the data of {min(data)}.")
        if a.origins.sample and a.origins.sample == b.origins.sample:
            return Reason("overlap", "forbids", "The same number of people at one place in the same days.")
        together = a.origins.sources & b.origins.sources
        teams = self.shared.marks["team"]
        if not together and teams[a.finding] & teams[b.finding]:
            return Reason("overlap", "forbids", "The same authors in the same setting.")
        if new := self.shared.new.get(frozenset((a.finding, b.finding))):
            finding, _, says = new
            return Reason("overlap", "agrees", f"{finding} replicates the other on new data.", said_by=says)
        if link:
            join = link_join(self._kb, link.finding, link.position)
            text = f"How much data they share is not known ({join.reason}): {join.text}."
            return Reason("overlap", "unknown", text, said_by=join.asserted_by)
        if providers := self.shared.marks["provider"][a.finding] & self.shared.marks["provider"][b.finding]:
            return Reason("overlap", "unknown", f"Both use data of {min(providers)}; nobody says how much is shared.")
        if together:
            return Reason("overlap", "unknown", f"Both stand in {min(together)}; nobody says whether they share data.")
        return Reason("overlap", "unknown", "Not known to share data, since nobody has said anything about it.")


def _once(pairs: list[tuple[Side, Side]]) -> list[tuple[Side, Side]]:
    """Each pair one way round."""
    seen: set[frozenset[tuple[str, str]]] = set()
    kept = []
    for a, b in pairs:
        if (key := frozenset((a.key, b.key))) not in seen:
            seen.add(key)
            kept.append((a, b))
    return kept


def _distance(comparison: Comparison) -> tuple[int, int, tuple[int, ...]]:
    """How far apart two estimates are: what forbids early stands further than what forbids late."""
    forbids = tuple(-int(reason.verdict == "forbids") for reason in comparison.reasons)
    return _BEST.index(comparison.verdict), -sum(forbids), tuple(-each for each in forbids)
