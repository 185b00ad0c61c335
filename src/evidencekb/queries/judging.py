"""How the records of a pack stand, worst first, told from tables alone so that a large pack can be ordered before it is shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from evidencekb.answers.reports import STATES
from evidencekb.report import Report, Severity

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_PLACES = {state: place for place, state in enumerate(STATES)}
_NEVER = 1_000_000  # hops to a primary that nothing which was read leads to


class Standing(NamedTuple):
    """How a record stands. Standings compare: the worse comes first.

    Attributes:
        place: Place of its state among all states.
        errors: Errors, as a negative number.
        warnings: Warnings, as a negative number.
        far: Hops from what was read to the farthest primary, as a negative number.
        id: The record.
    """

    place: int
    errors: int
    warnings: int
    far: int
    id: str

    @property
    def state(self) -> str:
        """The state, by name."""
        return tuple(STATES)[self.place]


@dataclass(slots=True)
class _Rows:
    """What the tables say of findings, by id."""

    far: dict[str, dict[str, int]]
    flags: dict[str, set[str]]
    primaries: dict[str, list[str]]
    withdrawn: frozenset[str]
    errors: Counter[tuple[str, str]]
    warnings: Counter[tuple[str, str]]


def standings(
    kb: KnowledgeBase, report: Report, chosen: Mapping[str, Collection[str]] | None = None
) -> dict[str, list[Standing]]:
    """Claims, findings that no claim rests on, and untraced claims, each worst first.

    Args:
        kb: The knowledge base.
        report: What was found in it.
        chosen: By kind, the only ids to tell of; findings among them whether a claim rests on them or not.
    """
    rows = _rows(kb, report)
    rests: dict[str, list[tuple[str, str, str]]] = {id: [] for id in kb.ids("claim")}
    for claim, finding, estimate, stance in kb.stream("SELECT claim, finding, estimate, stance FROM support"):
        rests[claim].append((finding, estimate, stance))
    used = {finding for supports in rests.values() for finding, _, _ in supports}
    ids = chosen or {
        "claim": tuple(rests),
        "finding": [id for id in kb.ids("finding") if id not in used],
        "untraced": kb.ids("untraced"),
    }
    return {
        "claim": sorted(_standing(rows, "claim", id, rests[id]) for id in ids["claim"]),
        "finding": sorted(_standing(rows, "finding", id, [(id, "", "supports")]) for id in ids["finding"]),
        "untraced": [Standing(_PLACES["untraced"], 0, 0, 0, id) for id in ids["untraced"]],
    }


def _rows(kb: KnowledgeBase, report: Report) -> _Rows:
    far: dict[str, dict[str, int]] = defaultdict(dict)
    for finding, estimate, hops in kb.stream(
        "SELECT finding, estimate, MIN(CASE WHEN hops < 0 THEN 1000000 ELSE hops END) FROM carried GROUP BY finding, estimate"
    ):
        far[finding][estimate] = hops
    # A finding without a figure has no row there.
    for finding, seen in kb.stream(
        "SELECT c.finding, MAX(c.seen) FROM citation c WHERE c.role = 'primary' "
        "AND NOT EXISTS (SELECT 1 FROM estimate e WHERE e.finding = c.finding) GROUP BY c.finding"
    ):
        far[finding][""] = 0 if seen else _NEVER
    flags: dict[str, set[str]] = defaultdict(set)
    for finding, flag in kb.stream("SELECT finding, flag FROM vendors"):
        flags[finding].add(flag)
    found = {
        severity: Counter((v.subject.kind, v.subject.id) for v in report.of_severity(severity)) for severity in Severity
    }
    # Only sources that something was found in: a large pack has very many.
    blamed = {id for severity in (Severity.ERROR, Severity.WARNING) for kind, id in found[severity] if kind == "source"}
    primaries: dict[str, list[str]] = defaultdict(list)
    for finding, source in kb.stream("SELECT DISTINCT finding, source FROM citation WHERE role = 'primary'"):
        if source in blamed:
            primaries[finding].append(source)
    withdrawn = frozenset(id for (id,) in kb.rows("SELECT DISTINCT finding FROM withdrawn"))
    return _Rows(far, flags, primaries, withdrawn, found[Severity.ERROR], found[Severity.WARNING])


def _standing(rows: _Rows, kind: str, id: str, supports: Iterable[tuple[str, str, str]]) -> Standing:
    held = list(supports)
    findings = dict.fromkeys(finding for finding, _, _ in held)
    concerned = {(kind, id), *(("finding", finding) for finding in findings)}
    concerned.update(("source", source) for finding in findings for source in rows.primaries.get(finding, ()))
    errors = sum(rows.errors[key] for key in concerned)
    warnings = sum(rows.warnings[key] for key in concerned)
    far = max((_far(rows, finding, estimate) for finding, estimate, _ in held), default=_NEVER)
    speaking = {finding for finding, _, stance in held if stance == "supports"} or set(findings)
    holds = {
        "error": errors,
        "withdrawn": not rows.withdrawn.isdisjoint(findings),
        "unread": far >= _NEVER,
        "warning": warnings,
        "relayed": far,
        "interested": not any("independent" in rows.flags.get(finding, ()) for finding in speaking),
        "clear": True,
    }
    state = next(state for state, holding in holds.items() if holding)
    return Standing(_PLACES[state], -errors, -warnings, -far, id)


def _far(rows: _Rows, finding: str, estimate: str) -> int:
    hops = rows.far.get(finding, {})
    wanted = [hops.get(estimate, _NEVER)] if estimate else list(hops.values())
    return max(wanted, default=_NEVER)
