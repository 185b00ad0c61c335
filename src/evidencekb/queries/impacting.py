"""impact: all that rests on a source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

from evidencekb.answers import Ref
from evidencekb.answers.impacts import (
    INDEPENDENT,
    NOTHING,
    OTHERS,
    Impact,
    ImpactOnClaim,
    ImpactOnFinding,
    Primary,
    Tied,
)
from evidencekb.errors import UnknownIdError
from evidencekb.names import near
from evidencekb.queries.desk import desk_of
from evidencekb.queries.resting import dependence_of
from evidencekb.queries.subjects import one
from evidencekb.vocab import WITHDRAWN, LinkType

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

_AMONG = "IN (SELECT value FROM json_each(?))"
_VERSIONS = """
    SELECT o.id FROM source s JOIN source o ON o.work = s.work AND o.id <> s.id WHERE s.id = ? AND s.work <> '' ORDER BY o.id
"""
_CITING = """
    SELECT c.finding, f.headline, MIN(c.role) FROM citation c JOIN finding f ON f.id = c.finding
    WHERE c.source = ? GROUP BY c.finding, f.headline ORDER BY c.finding
"""
_CARRIED = f"SELECT finding, estimate, source, vendor, standing FROM carried WHERE finding {_AMONG} ORDER BY 1, 2, 3"
_SUPPORTING = f"SELECT finding, claim FROM support WHERE finding {_AMONG} ORDER BY 1, 2"
_SUPPORTS = "SELECT finding, estimate, stance FROM support WHERE claim = ? ORDER BY position, estimate"
_PRIMARIES = f"""
    SELECT DISTINCT t.finding, '', t.source, s.vendor, t.state FROM state t JOIN source s ON s.id = t.source
    WHERE t.finding {_AMONG} ORDER BY 1, 3
"""
_RELAYS = """
    SELECT DISTINCT r.origin FROM citation c JOIN reach r ON r.kind = 'chain' AND r.scope = c.finding AND r.target = c.source
    WHERE c.source = ?1 AND r.origin <> ?1 ORDER BY r.origin
"""
_LINKS = f"""
    SELECT finding, type, target, outcome FROM finding_link WHERE finding {_AMONG} OR target {_AMONG}
    ORDER BY finding, position
"""
_NAMING = """
    SELECT DISTINCT r.kind, r.id, r.path FROM reference r WHERE r.target_kind = 'source' AND r.target = ?
    ORDER BY r.kind, r.id, r.path
"""
_NEAR = (
    (
        "untraced",
        f"SELECT untraced, finding FROM untraced_near WHERE finding {_AMONG} ORDER BY 1, 2",
        "names {} as near",
    ),
    ("exclusion", f"SELECT exclusion, finding FROM bears_on WHERE finding {_AMONG} ORDER BY 1, 2", "bears on {}"),
)


_Carrier = tuple[str, str, str]
"""A source, its flag, and its standing."""


def impact(kb: KnowledgeBase, source: str) -> Impact:
    """All that rests on a source, for the day on which it is retracted.

    What goes with the source goes with its work: another version of it is no other source. A claim keeps what primary sources
    of other works, not withdrawn, support; whether one of them is independent is said.

    Args:
        kb: The knowledge base.
        source: The key of the source.

    Raises:
        UnknownIdError: If there is no such source; it offers the nearest keys.

    Examples:
        >>> from evidencekb import load
        >>> found = impact(load(), "noy2023experimental")
        >>> [finding.ref.id for finding in found.findings if finding.lost]
        ['noy-zhang-2023-later-use', 'noy-zhang-2023-writing-speed-quality']
        >>> "source:noy2023experimental" in found.depends_on
        True
    """
    key = one("source", source)
    if not kb.rows("SELECT 1 FROM source WHERE id = ?", (key,)):
        raise UnknownIdError("source", key, near(key, kb.ids("source")))
    (reference,) = desk_of(kb).references((key,))
    versions = tuple(id for (id,) in kb.rows(_VERSIONS, (key,)))
    asked = _Asked(kb, key, frozenset((key, *versions)))
    findings = sorted(asked.findings(), key=lambda found: (found.role != "primary", not found.lost, found.ref.id))
    claims = list(asked.claims(findings))
    losing = [found.ref.id for found in findings if found.role == "primary" and (found.lost or not found.left)]
    refs = (*(found.ref for found in findings), *(claim.ref for claim in claims))
    return Impact(
        source=Ref("source", key, reference.label),
        state=str(reference.standing["state"]),
        versions=versions,
        findings=tuple(findings),
        claims=tuple(
            sorted(claims, key=lambda claim: ((NOTHING, OTHERS, INDEPENDENT).index(claim.keeps), claim.ref.id))
        ),
        relays=tuple(id for (id,) in kb.rows(_RELAYS, (key,))),
        links=tuple(_links(kb, losing)),
        others=tuple(_others(kb, key, losing)),
        depends_on=dependence_of(kb, f"source:{key}").union(f"{ref.kind}:{ref.id}" for ref in refs),
    )


class _Asked:
    """A source that is thought away, with all versions of its work."""

    def __init__(self, kb: KnowledgeBase, key: str, work: frozenset[str]) -> None:
        self._kb, self._key, self._work = kb, key, work

    def findings(self) -> Iterator[ImpactOnFinding]:
        """Findings that cite the source."""
        cited = self._kb.rows(_CITING, (self._key,))
        ids = [id for id, _, _ in cited]
        carried, claims = self._carried(ids), dict[str, dict[str, None]]()
        for finding, claim in self._rows(_SUPPORTING, ids):
            claims.setdefault(finding, {})[claim] = None
        for id, headline, role in cited:
            by_estimate = carried.get(id, {})
            own = {e: by for e, by in by_estimate.items() if e and any(source == self._key for source, _, _ in by)}
            whole = [by_estimate.get("", [])] if role == "primary" and not own else []
            left = {source: vendor for by in (*own.values(), *whole) for source, vendor in self._others(by)}
            lost = tuple(e for e, by in own.items() if not self._others(by))
            yield ImpactOnFinding(
                Ref("finding", id, headline), role, tuple(own), lost, self._named(left), tuple(claims.get(id, ()))
            )

    def _carried(self, ids: list[str]) -> dict[str, dict[str, list[_Carrier]]]:
        """Primary sources with flag and standing, by finding and estimate; those of a finding as a whole under ''."""
        carried: dict[str, dict[str, list[_Carrier]]] = {}
        for statement in (_CARRIED, _PRIMARIES):
            for finding, estimate, source, vendor, standing in self._rows(statement, ids):
                carried.setdefault(finding, {}).setdefault(estimate, []).append((source, vendor, standing))
        return carried

    def _others(self, by: Iterable[_Carrier]) -> list[tuple[str, str]]:
        """Those of other works that were not withdrawn."""
        return [
            (source, vendor)
            for source, vendor, standing in by
            if source not in self._work and standing not in WITHDRAWN
        ]

    def claims(self, findings: Iterable[ImpactOnFinding]) -> Iterator[ImpactOnClaim]:
        """Claims that rest on what the source is primary for."""
        touched = {found.ref.id: found for found in findings if found.role == "primary"}
        ids = sorted({claim for found in touched.values() for claim in found.claims})
        for id in ids:
            rests = self._kb.rows(_SUPPORTS, (id,))
            carried = self._carried(sorted({finding for finding, _, _ in rests}))
            lost, left, supported = [], dict[str, str](), False
            for finding, estimate, stance in rests:
                kept = self._others(carried.get(finding, {}).get(estimate, ()))
                if finding in touched and not kept:
                    lost.append(f"{finding}#{estimate}" if estimate else finding)
                elif stance == "supports":
                    left |= kept
                    supported = supported or bool(kept)
            keeps = INDEPENDENT if "independent" in left.values() else OTHERS if supported else NOTHING
            yield ImpactOnClaim(
                Ref("claim", id, self._kb.record("claim", id)["text"]), tuple(lost), self._named(left), keeps
            )

    def _named(self, sources: dict[str, str]) -> tuple[Primary, ...]:
        found = desk_of(self._kb).references(sorted(sources))
        return tuple(Primary(reference.key, reference.label, sources[reference.key]) for reference in found)

    def _rows(self, statement: str, ids: Iterable[str]) -> list[tuple[Any, ...]]:
        return self._kb.rows(statement, (json.dumps(list(ids)),))


def _links(kb: KnowledgeBase, findings: list[str]) -> Iterator[Tied]:
    ids = json.dumps(findings)
    for finding, type_, target, outcome in kb.rows(_LINKS, (ids, ids)):
        came_out = f" ({outcome})" if outcome else ""
        said = "shares data with" if type_ == LinkType.SHARES_DATA else type_
        yield Tied("finding", finding, f"{said} {target}{came_out}")


def _others(kb: KnowledgeBase, key: str, findings: list[str]) -> Iterator[Tied]:
    """What names the source elsewhere than in a citation of it, and what names findings that lose their source."""
    for kind, id, path in kb.rows(_NAMING, (key,)):
        field = path.split(".")
        if field[-1] != "source" or field[0] != "citations":
            word = {"names": "has a relay that credits it", "asserted_by": "has a link that it asserts"}
            if field[-1] != "taken_from":
                yield Tied(kind, id, word.get(field[-1], f"names it in {path}"))
    for kind, statement, how in _NEAR:
        for id, finding in kb.rows(statement, (json.dumps(findings),)):
            yield Tied(kind, id, how.format(finding))
