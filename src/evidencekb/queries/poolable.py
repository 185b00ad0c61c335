"""Whether two estimates may be pooled: comparable, and known not to rest on the same data."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from evidencekb.answers.comparability import Reason
from evidencekb.answers.numbers import closed
from evidencekb.queries.comparing import Board
from evidencekb.queries.reasons import is_series, period_reason, touch, version_reason
from evidencekb.queries.sides import Kind, Side
from evidencekb.vocab import Design, Measure

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

_LEVELS = frozenset({Measure.PROPORTION, Measure.MEAN, Measure.MEDIAN, Measure.RELIABILITY})
_PRIMARY = """
    FROM citation c JOIN source s ON s.id = c.source JOIN finding f ON f.id = c.finding
    WHERE c.role = 'primary' AND c.basis <> '' AND c.finding IN (SELECT value FROM json_each(?1))
"""
_PROVIDERS = f"""
    SELECT c.finding, i.organization {_PRIMARY.replace("WHERE", "JOIN interest i ON i.source = c.source WHERE")}
    AND i.tie = 'data_provider' AND (i.finding = '' OR i.finding = c.finding)
"""
_TEAMS = f"""
    SELECT c.finding, s.authors_key || ' | ' || f.place_key || ' | ' || SUBSTR(f.since, 1, 4) || ' | ' || h.cohort
    {_PRIMARY.replace("WHERE", "JOIN finding_cohort h ON h.finding = c.finding WHERE")}
    AND s.authors_key <> '' AND f.place_key <> ''
    UNION
    SELECT c.finding, s.authors_key || ' | body ' || i.organization
    {_PRIMARY.replace("WHERE", "JOIN interest i ON i.source = c.source WHERE")}
    AND s.authors_key <> '' AND i.tie IN ('host', 'data_provider') AND (i.finding = '' OR i.finding = c.finding)
"""
_SIZES = ("analysed", "answered", "observations")


class Judge:
    """Holds estimates against each other as :class:`Board` does, and more strictly where pooling asks for more.

    Comparing lets pass what nobody has denied. An average counts people, so it needs estimates that do not share them, and a
    level is a level of its people alone:

    - overlap: two times of one finding; a link or a provider by which two findings may share data; two findings of one paper
      that analysed as many people at no other place or time; two meta-analyses, which may hold the same studies;
    - cohort: two levels of which one is of a part of the other's people.

    Args:
        kb: The knowledge base.
        board: What compares.
        findings: The findings whose estimates are held against each other.
    """

    def __init__(self, kb: KnowledgeBase, board: Board, findings: Iterable[Finding]) -> None:
        self._board = board
        self._sizes: dict[str, frozenset[float]] = {}
        self._pools: set[str] = set()
        self._findings = {finding.id: finding for finding in findings}
        for finding in self._findings.values():
            counts = finding.sample.counts if finding.sample else ()
            self._sizes[finding.id] = frozenset(c.n for c in counts if c.group is None and c.level in _SIZES)
            if finding.design is Design.META_ANALYSIS:
                self._pools.add(finding.id)
        # The table bond holds these of findings alone that a claim or a link names.
        self._providers, self._teams = (_marked(kb, text, self._findings) for text in (_PROVIDERS, _TEAMS))
        self._numbers: dict[Kind, int] = {}
        self._kinds: dict[tuple[int, int], tuple[Reason, ...]] = {}

    def reasons(self, a: Side, b: Side) -> tuple[Reason, ...]:
        """The nine reasons of a pair; of these, those that forbid to pool it have the verdict ``forbids``."""
        return (*self._of_kinds(a, b), period_reason(a, b), version_reason(a, b), self._overlap(a, b))

    def _of_kinds(self, a: Side, b: Side) -> tuple[Reason, ...]:
        first, second = (self._numbers.setdefault(side.kind, len(self._numbers)) for side in (a, b))
        held = self._kinds.get((first, second))
        if held is None:
            held = tuple(self._stricter(a, b, reason) for reason in self._board.reasons.of_kinds(a, b))
            self._kinds[first, second] = held
        return held

    @staticmethod
    def _stricter(a: Side, b: Side, reason: Reason) -> Reason:
        apart = {cohort for cohort, _ in a.kind.cohorts} != {cohort for cohort, _ in b.kind.cohorts}
        level = not (a.kind.effect or b.kind.effect) and a.kind.measure in _LEVELS
        if reason.aspect == "cohort" and reason.verdict == "differs" and level and apart:
            text = f"{reason.text} A level is one of its people alone, so that an average of the two is one of nobody."
            return replace(reason, verdict="forbids", text=text)
        return reason

    def _overlap(self, a: Side, b: Side) -> Reason:
        reason = self._board.overlap(a, b)
        if reason.verdict == "agrees":
            return self._replicated(a, b, reason)
        if reason.verdict != "unknown":
            return reason
        if a.finding == b.finding:
            return replace(
                reason, verdict="forbids", text="Two times of one finding, which may have asked the same people."
            )
        if self._board.shared.link(a.finding, b.finding):
            return replace(reason, verdict="forbids", text=f"{reason.text} Pooled, they would count twice.")
        if providers := self._providers[a.finding] & self._providers[b.finding]:
            text = f"Both use data of {min(providers)}; nobody says how much is shared. Pooled, that would count twice."
            return replace(reason, verdict="forbids", text=text)
        if not a.origins.sources & b.origins.sources and self._teams[a.finding] & self._teams[b.finding]:
            return replace(reason, verdict="forbids", text="The same authors in the same setting.")
        if {a.finding, b.finding} <= self._pools:
            text = (
                "Both are meta-analyses, and nobody says that they hold other studies; pooled, some would count twice."
            )
            return replace(reason, verdict="forbids", text=text)
        if a.origins.sources & b.origins.sources and self._alike(a, b):
            text = f"{reason.text} Both analysed as many at no other place or time, and so maybe the same."
            return replace(reason, verdict="forbids", text=text)
        return reason

    def _replicated(self, a: Side, b: Side, reason: Reason) -> Reason:
        """With what the link says, which may be that some of the same people came again."""
        finding, position, _ = self._board.shared.new[frozenset((a.finding, b.finding))]
        because = self._findings[finding].links[position].because
        return replace(reason, text=f"{reason.text} {closed(because)}") if because else reason

    def _alike(self, a: Side, b: Side) -> bool:
        places = {side.kind.place for side in (a, b)} - {""}
        sizes = self._sizes.get(a.finding, frozenset()) & self._sizes.get(b.finding, frozenset())
        return bool(sizes) and len(places) < 2 and touch(a, b) and not is_series(a, b)


def _marked(kb: KnowledgeBase, statement: str, findings: Iterable[str]) -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for finding, mark in kb.rows(statement, (json.dumps(list(findings)),)):
        found[finding].add(mark)
    return found
