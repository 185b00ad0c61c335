"""trail_report: a pack as a stranger can follow it, every claim with its trail, worst first."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from evidencekb.answers import Card, Caveat, FlagExplanation, Origins, Ref, Trail
from evidencekb.answers.base import fixed
from evidencekb.answers.reports import (
    STATES,
    VERSION,
    CheckShown,
    RuleOutcome,
    TrailEntry,
    TrailPart,
    TrailReport,
    hops_of,
)
from evidencekb.errors import QuestionError
from evidencekb.queries.cards import claim_card, finding_card
from evidencekb.queries.chains import sources_of, trail_of, vendor_summary
from evidencekb.queries.flags import explained
from evidencekb.queries.judging import Standing, standings
from evidencekb.queries.origins import origins_of
from evidencekb.queries.remarks import conflicts, drift, independence, money, money_of_all, unestablished
from evidencekb.queries.subjects import Many, count, many
from evidencekb.queries.untraced import untraced_card
from evidencekb.report import Report, Severity, Violation
from evidencekb.vocab import TRACEABLE

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

ENTRIES = 1_000
"""So many claims, findings and untraced claims each a report shows, unless another number is given."""
_FEW_BOXES = 2
_PRIMARIES = """
    SELECT DISTINCT c.source FROM citation c WHERE c.role = 'primary' AND c.finding IN (
        SELECT value FROM json_each(?) UNION SELECT s.finding FROM support s WHERE s.claim IN (SELECT value FROM json_each(?))
    )
"""


def trail_report(
    kb: KnowledgeBase, *, ids: Many = None, limit: int = ENTRIES, check: Report | None = None
) -> TrailReport:
    """Every claim of a pack with its trail, findings that no claim rests on, untraced claims, and what the check came to.

    Entries come worst first; :data:`evidencekb.answers.reports.STATES` says what that means.

    Args:
        kb: The knowledge base.
        ids: Claims, findings and untraced claims to show; all of the pack when left out. A finding that is named is shown by
            itself, also when a claim rests on it.
        limit: At most so many of each kind are shown; ``totals`` counts them all.
        check: What was found in the pack; by default what the build found.

    Raises:
        UnknownIdError: If no record has an id.
        QuestionError: If an id names no claim, finding or untraced claim, or the limit is no number above 0.

    Examples:
        >>> from evidencekb import load
        >>> report = trail_report(load(), ids="closer-comparison-smaller-ai-pay-gap")
        >>> (claim,) = report.claims
        >>> claim.parts[0].trail.estimates[0].primaries[0].role
        'primary'
    """
    at_most = count("limit", limit)
    report = kb.report if check is None else check
    chosen = _chosen(kb, many("ids", ids)) if ids is not None else None
    ordered = standings(kb, report, chosen)
    found: dict[tuple[str, str], list[Violation]] = defaultdict(list)
    for violation in report:
        found[violation.subject.kind, violation.subject.id].append(violation)
    made = _Entries(kb, found, explained(kb, _primaries(kb, ordered, at_most)))
    makers = {"claim": made.claim, "finding": made.finding, "untraced": made.untraced}
    shown = {kind: tuple(map(makers[kind], ordered[kind][:at_most])) for kind in ordered}
    states = Counter(held.state for kind in ordered for held in ordered[kind])
    return TrailReport(
        version=VERSION,
        title=kb.rows("SELECT value FROM meta WHERE name = 'title'")[0][0],
        stamp=fixed(kb.stamp),
        check=_check(report),
        vendors=vendor_summary(kb),
        totals={kind: len(ordered[kind]) for kind in ordered},
        states={state: states[state] for state in STATES if states[state]},
        claims=shown["claim"],
        findings=shown["finding"],
        untraced=shown["untraced"],
    )


def _chosen(kb: KnowledgeBase, ids: Sequence[str]) -> dict[str, list[str]]:
    """Ids by kind, each once."""
    chosen: dict[str, list[str]] = {kind: [] for kind in TRACEABLE}
    for id in dict.fromkeys(ids):
        kind = kb.kind_of(id, among=TRACEABLE)
        if kind not in chosen:
            raise QuestionError(f"{id!r} is a {kind}; a report shows claims, findings and untraced claims")
        chosen[kind].append(id)
    return chosen


def _primaries(kb: KnowledgeBase, ordered: Mapping[str, Sequence[Standing]], at_most: int) -> list[str]:
    """Primary sources of what is shown."""
    shown = {kind: json.dumps([held.id for held in ordered[kind][:at_most]]) for kind in ("claim", "finding")}
    return [source for (source,) in kb.rows(_PRIMARIES, (shown["finding"], shown["claim"]))]


@dataclass(frozen=True, slots=True)
class _Entries:
    """Makes entries of one report."""

    kb: KnowledgeBase
    found: Mapping[tuple[str, str], list[Violation]]
    flags: Mapping[str, FlagExplanation]

    def claim(self, held: Standing) -> TrailEntry:
        card, trail = claim_card(self.kb, held.id), trail_of(self.kb, "claim", held.id)
        parts = tuple(
            self._part(support.card, part, stance=support.stance, note=support.note)
            for support, part in zip(card.supports, trail.parts, strict=True)
        )
        return self._entry(held, card.ref, card.title, parts, card.badges, card.caveats)

    def finding(self, held: Standing) -> TrailEntry:
        card = finding_card(self.kb, held.id)
        part = self._part(card, trail_of(self.kb, "finding", held.id))
        return self._entry(held, card.ref, card.title, (part,), card.badges, ())

    def untraced(self, held: Standing) -> TrailEntry:
        card = untraced_card(self.kb, held.id)
        entry = self._entry(held, card.ref, card.title, (), (card.status.replace("_", " "),), ())
        return replace(entry, circulating=card)

    def _entry(
        self,
        held: Standing,
        ref: Ref,
        text: str,
        parts: tuple[TrailPart, ...],
        badges: tuple[str, ...],
        caveats: tuple[Caveat, ...],
    ) -> TrailEntry:
        vendors = vendor_summary(self.kb, [part.card.ref.id for part in parts]) if parts else None
        found = self.found.get((ref.kind, ref.id), ()) if ref.kind != "finding" else ()  # they stand with its part
        return TrailEntry(
            ref=ref,
            state=held.state,
            text=text,
            place=self._place(ref),
            badges=badges,
            caveats=caveats,
            parts=parts,
            vendors=vendors,
            money=tuple(money_of_all(vendors)),
            independence=tuple(independence(self.kb, ref.id)) if ref.kind == "claim" else (),
            violations=tuple(violation.to_dict() for violation in found),
            origins=self._origins(ref),
        )

    def _origins(self, ref: Ref) -> Origins | None:
        """Where all that a claim rests on comes from, when many hands come down to less than they seem."""
        if ref.kind == "finding":
            return None
        found = origins_of(self.kb, ref.id)
        return found if found.problems and len(found.nodes) > _FEW_BOXES else None

    def _part(self, card: Card, trail: Trail, *, stance: str | None = None, note: str = "") -> TrailPart:
        sources = () if trail.estimates else sources_of(self.kb, card.ref.id)
        hops = hops_of(trail, sources)
        keys = [("finding", card.ref.id), *(("source", hop.source) for hop in hops)]
        return TrailPart(
            stance=stance,
            note=note,
            place=self._place(card.ref),
            card=card,
            trail=trail,
            sources=sources,
            money=tuple(money(hops, self.flags)),
            conflicts=tuple(conflicts(self.kb, card.ref.id)),
            drift=tuple(drift(self.kb, trail, sources)),
            unestablished=tuple(unestablished(trail, hops)),
            violations=tuple(violation.to_dict() for key in keys for violation in self.found.get(key, ())),
        )

    def _place(self, ref: Ref) -> str | None:
        place = self.kb.place(ref.kind, ref.id)
        return None if place is None else str(place)


def _check(report: Report) -> CheckShown:
    # Reading the texts of rules takes longer than most answers.
    from evidencekb.rules.rule import rules

    titles = {code: rule.title for code, rule in rules().items()}
    counts = Counter((v.code, "waived" if v.waived is not None else str(v.severity)) for v in report)
    skipped = Counter[str]()
    for part in report.skipped:
        skipped[part.code] += part.count
    codes = sorted({*report.checks_run, *skipped, *(violation.code for violation in report)})
    outcomes = (
        RuleOutcome(
            code=code,
            title=titles.get(code, ""),
            errors=counts[code, Severity.ERROR],
            warnings=counts[code, Severity.WARNING],
            notes=counts[code, Severity.NOTE],
            waived=counts[code, "waived"],
            skipped=skipped[code],
        )
        for code in codes
    )
    return CheckShown(
        ok=report.ok,
        summary=report.summary,
        records=fixed(report.records),
        rules=tuple(outcomes),
        skipped=tuple({"code": part.code, "why": part.why, "count": part.count} for part in report.skipped),
        violations=tuple(violation.to_dict() for violation in report),
    )
