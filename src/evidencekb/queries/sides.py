"""What of an estimate decides beside which others it may stand, read from the tables for many at once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from evidencekb.vocab import Measure

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_IN_LIST = "(SELECT value FROM json_each(?))"
_AT_ONCE = 2_000
_ESTIMATES = f"""
    SELECT e.finding, e.estimate, e.outcome, e.definition, e.measure, e.unit, e.grp, e.comparator, e.since, e.until, e.wanted,
      f.nature, f.design, f.since, f.until, f.sample_key
    FROM estimate e JOIN finding f ON f.id = e.finding
    WHERE e.finding IN {_IN_LIST} ORDER BY e.finding, e.position
"""
_COHORTS = f"SELECT finding, cohort, fit FROM finding_cohort WHERE finding IN {_IN_LIST} ORDER BY finding, position"
_DEFINED = f"""
    SELECT f.finding, d.subject, d.id FROM finding_definition f JOIN definition d ON d.id = f.definition
    WHERE f.finding IN {_IN_LIST} ORDER BY f.finding, d.subject, d.id
"""
_SOURCES = f"""
    SELECT c.finding, s.id, s.work FROM citation c JOIN source s ON s.id = c.source
    WHERE c.role = 'primary' AND c.finding IN {_IN_LIST} ORDER BY c.finding, c.position
"""
_STATES = f"SELECT finding, source, state FROM state WHERE finding IN {_IN_LIST} ORDER BY finding, source"
_WITHDRAWN = f"SELECT finding, source, status FROM withdrawn WHERE finding IN {_IN_LIST} ORDER BY finding, source"
_REPLACED = f"""
    SELECT target, finding, type, asserted_by FROM finding_link
    WHERE type IN ('supersedes', 'reverses') AND target IN {_IN_LIST} AND finding <> target ORDER BY target, finding
"""
_CHANGES = frozenset({Measure.PERCENT_CHANGE, Measure.PERCENTAGE_POINTS, Measure.MEAN_DIFFERENCE, Measure.RATE_RATIO})
_OVER_TIME = frozenset({"official_count", "descriptive_count", "before_after", "projection"})

Key = tuple[str, str]
"""A finding and one of its estimates."""


class Origins(NamedTuple):
    """Where a finding comes from.

    Attributes:
        sources: Its primary sources.
        works: The works these are versions of.
        sample: What tells the people it measured; empty where nothing does.
        gone: Why it is not to be used: ``(status or link type, source or finding, who says so)``; all empty when it may be.
        outdated: A source that has a newer version, when all of them have one.
    """

    sources: frozenset[str]
    works: frozenset[str]
    sample: str
    gone: tuple[str, str, str]
    outdated: str


@dataclass(frozen=True, slots=True)
class Kind:
    """What many estimates may share: all that decides, except times and where it comes from.

    Attributes:
        outcome: The outcome.
        definition: How it became a number; empty when that is not recorded.
        defined: Other definitions of the finding, each with what it defines.
        measure: The kind of number; empty for a direction.
        unit: Its unit; empty for a direction.
        per: Its base.
        form: value, bound, range or direction.
        reference: The share in the comparison group, of an odds or risk ratio; 0 when it is not recorded.
        group: Those the number is about, as a key.
        comparator: Those they are compared with, as a key.
        effect: True for a comparison or a relation, false for a level.
        moment: True where the time is a part of what was measured: levels, forecasts, and changes over a time.
        nature: observed, modelled and so on.
        cohorts: Cohorts with the fit of each.
        place: Where, as a key.
    """

    outcome: str
    definition: str
    defined: tuple[tuple[str, str], ...]
    measure: str
    unit: str
    per: str
    form: str
    reference: float
    group: str
    comparator: str
    effect: bool
    moment: bool
    nature: str
    cohorts: tuple[tuple[str, str], ...]
    place: str


@dataclass(frozen=True, slots=True)
class Side:
    """One of two estimates.

    Attributes:
        finding: Id of its finding.
        estimate: Its name there.
        kind: What decides, except times and origins.
        since: First day of its time, or of its sample's; empty when unknown.
        until: Last day.
        follow_up: How long after.
        origins: Where it comes from.
        shown: Group, comparator and place as recorded.
    """

    finding: str
    estimate: str
    kind: Kind
    since: str
    until: str
    follow_up: str
    origins: Origins
    shown: Mapping[str, str] = field(hash=False, compare=False)

    @property
    def key(self) -> Key:
        """Finding and estimate."""
        return self.finding, self.estimate

    @property
    def name(self) -> str:
        """Finding and estimate as one text."""
        return f"{self.finding}#{self.estimate}"


def sides_of(kb: KnowledgeBase, findings: Iterable[str]) -> dict[str, list[Side]]:
    """The estimates of findings, by finding, each list in the order of its record."""
    ids = tuple(dict.fromkeys(findings))
    held: dict[str, list[Side]] = {id: [] for id in ids}
    for start in range(0, len(ids), _AT_ONCE):
        for side in _read(kb, json.dumps(ids[start : start + _AT_ONCE])):
            held[side.finding].append(side)
    return held


def _read(kb: KnowledgeBase, ids: str) -> Iterator[Side]:
    cohorts, defined = _listed(kb, _COHORTS, ids), _listed(kb, _DEFINED, ids)
    origins = _origins(kb, ids)
    samples: dict[str, Mapping[str, Any]] = {}
    written: dict[Key, Mapping[str, Any]] = {}
    for id, body in kb.rows(f"SELECT id, body FROM record WHERE kind = 'finding' AND id IN {_IN_LIST}", (ids,)):
        record = json.loads(body)
        samples[id] = record.get("sample") or {}
        written.update({(id, e["id"]): e for e in record.get("estimates", ())})
    for row in kb.rows(_ESTIMATES, (ids,)):
        id, name, outcome, definition, measure, unit, group, comparator, since, until, wanted, nature, design, *rest = (
            row
        )
        own_since, own_until, sample = rest
        e = written[id, name]
        place = e.get("place") or samples[id].get("place") or ""
        change = measure in _CHANGES and not comparator and design in _OVER_TIME
        kind = Kind(
            outcome, definition, defined[id], measure, unit, _folded(e.get("per")), _form(e), _reference(e), group, comparator,
            wanted == "effect", wanted != "effect" or nature == "forecast" or change, nature, cohorts[id], _folded(place),
        )  # fmt: skip
        shown = {"group": e.get("group") or "", "comparator": e.get("comparator") or "", "place": place}
        yield Side(
            id, name, kind, since or own_since, until or own_until, _folded(e.get("follow_up")),
            origins[id]._replace(sample=sample), shown,
        )  # fmt: skip


def _listed(kb: KnowledgeBase, statement: str, ids: str) -> Mapping[str, tuple[tuple[str, str], ...]]:
    found: defaultdict[str, tuple[tuple[str, str], ...]] = defaultdict(tuple)
    for finding, *rest in kb.rows(statement, (ids,)):
        found[finding] += (tuple(rest),)
    return found


def _origins(kb: KnowledgeBase, ids: str) -> defaultdict[str, Origins]:
    sources = _listed(kb, _SOURCES, ids)
    gone: dict[str, tuple[str, str, str]] = {}
    for finding, source, status in kb.rows(_WITHDRAWN, (ids,)):
        gone.setdefault(finding, (status, source, ""))
    for finding, by, type, says in kb.rows(_REPLACED, (ids,)):
        gone.setdefault(finding, (type, by, says or "curator"))
    states: dict[str, list[Key]] = defaultdict(list)
    for finding, source, state in kb.rows(_STATES, (ids,)):
        states[finding].append((source, state))
    none = Origins(frozenset(), frozenset(), "", ("", "", ""), "")
    found: defaultdict[str, Origins] = defaultdict(lambda: none)
    for finding, held in sources.items():
        old = [source for source, state in states[finding] if state == "superseded"]
        found[finding] = Origins(
            frozenset(source for source, _ in held),
            frozenset(work for _, work in held if work),
            "",
            gone.get(finding, ("", "", "")),
            old[0] if len(old) == len(states[finding]) > 0 else "",
        )
    return found


def _form(estimate: Mapping[str, Any]) -> str:
    """How a number is given."""
    if "direction" in estimate:
        return "direction"
    if "range" in estimate:
        return "range"
    return "value" if estimate.get("qualifier", "exactly") in ("exactly", "about") else "bound"


def _reference(estimate: Mapping[str, Any]) -> float:
    """The share in the comparison group, where it is one."""
    value = estimate.get("reference_value")
    return float(value) if value is not None and 0 < value < 1 else 0.0


def _folded(text: str | None) -> str:
    return " ".join(text.casefold().split()) if text else ""
