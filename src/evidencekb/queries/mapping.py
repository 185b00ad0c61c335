"""gap_map: which outcomes were measured in which cohorts, by how many studies, and where nobody looked."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from evidencekb.answers.gapmaps import (
    INDEPENDENT,
    NO_FLAG,
    NOT_SEARCHED,
    OUT_OF_REACH,
    SEARCHED,
    SINGLE,
    STATES,
    VENDOR_ONLY,
    GapCell,
    GapMap,
)
from evidencekb.answers.naming import counted
from evidencekb.engines.studies import POOL, studies
from evidencekb.errors import QuestionError
from evidencekb.queries.desk import desk_of
from evidencekb.queries.independence import studies_of
from evidencekb.queries.selection import selected_ids
from evidencekb.queries.subjects import Many, count, flag, many
from evidencekb.vocab import CohortFit, GapKind, VendorFlag

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_IN_LIST = "(SELECT value FROM json_each(?))"
_MEASURED = (str(CohortFit.EXACT), str(CohortFit.NARROWER), str(CohortFit.SIMULATED))
_ROWS = f"""
    SELECT DISTINCT e.finding, e.outcome, a.cohort, a.fit FROM estimate e JOIN finding_cohort a ON a.finding = e.finding
    WHERE e.finding IN {_IN_LIST}
"""
_BONDS = f"SELECT finding, kind, mark, certain FROM bond WHERE finding IN {_IN_LIST}"
_SHARED = f"""
    SELECT c.finding, 'work', CASE WHEN s.work <> '' THEN s.work ELSE 'source ' || s.id END, 1
    FROM citation c JOIN source s ON s.id = c.source
    WHERE c.role = 'primary' AND c.basis <> '' AND c.finding IN {_IN_LIST}
"""
_FLAGS = f"SELECT finding, estimate, vendor FROM carried WHERE finding IN {_IN_LIST}"
_OUTCOMES = f"SELECT finding, estimate, outcome FROM estimate WHERE finding IN {_IN_LIST}"
_ABOVE = "SELECT narrow, broad FROM closure WHERE kind = ?"
_BARE = f"""
    SELECT COUNT(DISTINCT e.finding) FROM estimate e LEFT JOIN finding_cohort a ON a.finding = e.finding
    WHERE e.finding IN {_IN_LIST} AND a.finding IS NULL
"""
_SUBJECTS = ("role", "skill", "topic")


def gap_map(
    kb: KnowledgeBase,
    *,
    cohorts: Many = None,
    outcomes: Many = None,
    narrower: bool = True,
    limit: int = 20,
    **selection: Any,
) -> GapMap:
    """Which outcomes were measured in which cohorts, by whom, and where nobody looked.

    A cell counts studies, as :func:`independent_support` does: findings that share data, people or a work count once. A study
    is independent when none of its figures in the cell has a seller or another stake behind it. Findings count in a cohort when
    they measured it, a part of it, or made-up members of it, as audits do; those on a larger group, or on one that is like it,
    are named as bearing on it.

    Args:
        kb: The knowledge base.
        cohorts: The rows, in this order; when left out, cohorts that findings are filed under, those with most studies of
            their own first.
        outcomes: The columns; when left out, outcomes of estimates, the same way.
        narrower: Also what lies below a cohort or outcome.
        limit: At most so many rows and so many columns, of those that are not named.
        **selection: Options of :func:`select_findings`, such as ``topic``, ``nature``, ``design`` or ``since``.

    Returns:
        A cell for each cohort and outcome. *Searched, none found* is told apart from *nothing in this pack*: only a recorded
        gap with a recorded search makes the first. A gap speaks of a cell when each of its subjects is the cohort, the outcome,
        or something above them, or was asked for among the options; one that names an aspect speaks of its outcomes.

    Raises:
        UnknownIdError: If an id does not exist.
        QuestionError: If a subject is of another kind, or an option is of another type.
        TypeError: If an option is none of those of :func:`select_findings`.

    Examples:
        >>> from evidencekb import load
        >>> found = gap_map(load(), cohorts=["older-workers", "autistic-applicants"], outcomes=["callbacks", "pay"])
        >>> print(found.text)
        2 cohorts by 2 outcomes: of 4 cells 1 independent, 1 single study, 2 not searched.
        >>> found.cell("older-workers", "callbacks").studies
        4

    References:
        Snilstveit et al. (2016), Evidence Gap Maps: a tool for promoting evidence informed policy and strategic research
        agendas, Journal of Clinical Epidemiology 79, 120-129.
    """
    for name, other in (("cohort", "cohorts"), ("outcome", "outcomes")):
        if name in selection:
            raise QuestionError(f"{name} selects findings, and the map is made of {other}; give {other}=")
    asked = {"cohort": many("cohorts", cohorts), "outcome": many("outcomes", outcomes)}
    count("limit", limit)
    desk = desk_of(kb)
    for dimension, ids in asked.items():
        for id in ids:
            desk.named(dimension, id)
    chosen = selected_ids(kb, **selection)
    ground = _Ground(kb, chosen, below=flag("narrower", narrower))
    rows, more_rows = ground.chosen("cohort", asked["cohort"], limit)
    columns, more_columns = ground.chosen("outcome", asked["outcome"], limit)
    about = {subject for name in _SUBJECTS for subject in many(name, selection.get(name))}
    gaps = _gaps(kb, about)
    cells = tuple(ground.cell(row, column, gaps) for row in rows for column in columns)
    shown = {finding for cell in cells for finding in cell.findings}
    left_out = ground.left_out(len(chosen) - len(shown), more_rows, more_columns)
    return GapMap(
        tuple(desk.named("cohort", id) for id in rows),
        tuple(desk.named("outcome", id) for id in columns),
        cells,
        len(shown),
        left_out,
        _text(len(rows), len(columns), cells),
    )


@dataclass(slots=True)
class _Ground:
    """Findings by cohort and outcome, each under all that holds it."""

    kb: KnowledgeBase
    findings: Sequence[str]
    below: bool
    above: dict[str, dict[str, set[str]]] = field(init=False)
    filed: list[tuple[str, str, str, str]] = field(init=False)
    held: dict[tuple[str, str], dict[str, str]] = field(init=False)
    classes: Mapping[str, str] = field(init=False)
    pools: Mapping[str, set[str]] = field(init=False)
    flags: dict[tuple[str, str], set[str]] = field(init=False)

    def __post_init__(self) -> None:
        ids = json.dumps(self.findings)
        self.above = {
            dimension: _above(self.kb, kind) for dimension, kind in (("cohort", "cohort"), ("outcome", "concept"))
        }
        best: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
        self.filed = [row for row in self.kb.rows(_ROWS, (ids,)) if row[3] in _MEASURED]
        for finding, outcome, cohort, fit in self.kb.rows(_ROWS, (ids,)):
            for row in self.wider("cohort", cohort):
                for column in self.wider("outcome", outcome):
                    place = best[row, column]
                    if fit in _MEASURED or finding not in place:
                        place[finding] = fit
        order = {finding: rank for rank, finding in enumerate(self.findings)}
        self.held = {place: dict(sorted(held.items(), key=lambda f: order[f[0]])) for place, held in best.items()}
        self.classes, self.pools = _classes(self.kb, self.findings)
        outcome_of = {(finding, estimate): outcome for finding, estimate, outcome in self.kb.rows(_OUTCOMES, (ids,))}
        self.flags = defaultdict(set)
        for finding, estimate, vendor in self.kb.rows(_FLAGS, (ids,)):
            for column in self.wider("outcome", outcome_of[finding, estimate]):
                self.flags[finding, column].add(vendor)

    def wider(self, dimension: str, id: str) -> set[str]:
        """A cohort or outcome with all that a count of it adds to."""
        return self.above[dimension].get(id, {id}) if self.below else {id}

    def measured(self, row: str, column: str) -> list[str]:
        """Findings that measured the outcome in the cohort, or in a part of it."""
        return [finding for finding, fit in self.held.get((row, column), {}).items() if fit in _MEASURED]

    def chosen(self, dimension: str, asked: Sequence[str], limit: int) -> tuple[tuple[str, ...], int]:
        """The rows or columns, and how many more there would be."""
        if asked:
            return tuple(dict.fromkeys(asked)), 0
        studies: dict[str, set[str]] = defaultdict(set)
        for finding, outcome, cohort, _ in self.filed:
            studies[cohort if dimension == "cohort" else outcome].add(self.classes[finding])
        found = sorted(studies, key=lambda id: (-len(studies[id]), id))
        return tuple(found[:limit]), max(len(found) - limit, 0)

    def cell(self, row: str, column: str, gaps: Sequence[_Gap]) -> GapCell:
        """What stands in one place."""
        findings = self.measured(row, column)
        bearing = tuple(f for f in self.held.get((row, column), {}) if f not in set(findings))
        tied: dict[str, set[str]] = defaultdict(set)
        for finding in findings:
            if not self.pools.get(finding, set()).isdisjoint(findings):
                continue  # what it pools stands here, and counts
            tied[self.classes[finding]] |= self.flags[finding, column] or {str(VendorFlag.UNKNOWN)}
        free = sum(flags == {str(VendorFlag.INDEPENDENT)} for flags in tied.values())
        speaking = [gap for gap in gaps if gap.speaks_of(self.above["cohort"].get(row, {row}), self._all_above(column))]
        state = _state(tied, free) if tied else _hole(speaking)
        made_up = sum(self.held[row, column][finding] == CohortFit.SIMULATED for finding in findings)
        text = _cell_text(state, (len(tied), free), (len(findings), made_up, len(bearing)), speaking)
        return GapCell(
            row, column, state, len(tied), free, tuple(findings), bearing, tuple(gap.id for gap in speaking), text
        )

    def _all_above(self, column: str) -> set[str]:
        return self.above["outcome"].get(column, {column})

    def left_out(self, beside: int, rows: int, columns: int) -> tuple[str, ...]:
        """What is not on the map, a sentence each."""
        ((bare,),) = self.kb.rows(_BARE, (json.dumps(self.findings),))
        told = []
        if beside:
            also = f", {bare} of them filed under no cohort" if bare else ""
            told.append(f"{counted(beside, 'finding')} of those asked for stand in no cell{also}.")
        if rows or columns:
            more = [counted(n, noun) for n, noun in ((rows, "more cohort"), (columns, "more outcome")) if n]
            told.append(f"Not shown: {' and '.join(more)} with findings.")
        return tuple(told)


def _classes(kb: KnowledgeBase, findings: Sequence[str]) -> tuple[dict[str, str], dict[str, set[str]]]:
    """The study of each finding, and what pools among them hold.

    Findings that claims name have theirs in the sealed file, which joins through third findings too. The others are joined by
    the bonds that the file holds, of findings with links, and by the work they stand in.
    """
    counted_already = studies_of(kb, findings)
    bonds = [row for statement in (_BONDS, _SHARED) for row in kb.rows(statement, (json.dumps(findings),))]
    joined = [(id, "study", strict, 1) for id, (strict, _) in counted_already.items()]
    found = {id: strict for id, strict, _ in studies([*bonds, *joined])}
    pools: dict[str, set[str]] = defaultdict(set)
    for id, kind, mark, _ in bonds:
        if kind == POOL and (pool := mark.rpartition(" ")[0]) != id:
            pools[pool].add(id)
    return found, pools


def _above(kb: KnowledgeBase, kind: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for narrow, broad in kb.rows(_ABOVE, (kind,)):
        found[narrow] |= {narrow, broad}
    return found


@dataclass(frozen=True, slots=True)
class _Gap:
    """A recorded gap: what it is about, apart from what was asked for, and the outcomes of its aspect."""

    id: str
    kind: str
    about: frozenset[str]
    outcomes: frozenset[str]
    searched: bool

    def speaks_of(self, cohorts: set[str], outcomes: set[str]) -> bool:
        """Whether it says something of a cell whose cohort and outcome lie below all these."""
        if not self.about <= cohorts | outcomes:
            return False
        return bool(self.about & outcomes or self.outcomes & outcomes)


def _gaps(kb: KnowledgeBase, asked: Iterable[str]) -> list[_Gap]:
    """The recorded gaps, each about what the map does not select by."""
    found = []
    for id in kb.ids("gap"):
        record = kb.record("gap", id)
        aspect = record.get("aspect")
        outcomes = frozenset(kb.record("aspect", aspect)["outcomes"]) if aspect else frozenset()
        about = frozenset(record.get("about", ())) - set(asked)
        kind = record.get("kind", str(GapKind.SEARCHED_NONE_FOUND))
        found.append(_Gap(id, kind, about, outcomes, bool(record.get("searched"))))
    return found


def _state(tied: Mapping[str, set[str]], free: int) -> str:
    if free:
        return INDEPENDENT if free > 1 else SINGLE
    known = {str(VendorFlag.VENDOR), str(VendorFlag.INTERESTED)}
    return VENDOR_ONLY if any(flags & known for flags in tied.values()) else NO_FLAG


def _hole(gaps: Sequence[_Gap]) -> str:
    if any(gap.kind == GapKind.SEARCHED_NONE_FOUND and gap.searched for gap in gaps):
        return SEARCHED
    out_of_reach = (GapKind.NOT_ACCESSIBLE, GapKind.NOT_SEEN)
    return OUT_OF_REACH if any(gap.kind in out_of_reach for gap in gaps) else NOT_SEARCHED


def _cell_text(state: str, studies: tuple[int, int], findings: tuple[int, int, int], gaps: Sequence[_Gap]) -> str:
    """A cell in words: of its studies all and those without a stake; of its findings all, those on made-up members, others."""
    all_studies, free = studies
    measured, made_up, bearing = findings
    if all_studies:
        of = f", {free} of them without a seller or another stake" if all_studies > 1 else ""
        shown = f"{counted(all_studies, 'study', 'studies')} in {counted(measured, 'finding')}{of}"
        shown += f": {STATES[state]}" if state in (VENDOR_ONLY, NO_FLAG) else ""
        shown += f"; in {made_up} of these the members were made up" if made_up else ""
    else:
        shown = STATES[state] + (f" ({', '.join(gap.id for gap in gaps)})" if gaps else "")
    near = f"; {counted(bearing, 'finding')} on others bear on it" if bearing else ""
    return f"{shown}{near}."


def _text(rows: int, columns: int, cells: Sequence[GapCell]) -> str:
    found = Counter(cell.state for cell in cells)
    parts = [f"{found[state]} {state.replace('_', ' ')}" for state in STATES if found[state]]
    shape = f"{counted(rows, 'cohort')} by {counted(columns, 'outcome')}"
    return f"{shape}: of {counted(len(cells), 'cell')} {', '.join(parts)}." if cells else f"{shape}: nothing to show."
