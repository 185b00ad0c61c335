"""What is set against a finding: by links of contradiction, and by what the build found (rule 308)."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from evidencekb.answers.stored import StoredConflict
from evidencekb.engines.linking import AMONG, Linked, Rows
from evidencekb.model import Finding, FindingLink
from evidencekb.vocab import LinkType

_MOST = 100
_FOUND = (
    "SELECT other, estimate, against, how FROM conflict WHERE finding = ? ORDER BY other, estimate, against LIMIT ?"
)
_STANDING = f"""
SELECT f.id FROM finding f
WHERE f.id {AMONG} AND NOT EXISTS (SELECT 1 FROM withdrawn w WHERE w.finding = f.id) ORDER BY f.id
"""


class Disputes:
    """Conflicts of findings, each seen from one side.

    Args:
        rows: Asks the tables.
        findings: Findings by id, read when they are asked for.
    """

    def __init__(self, rows: Rows, findings: Mapping[str, Finding]) -> None:
        self._rows, self._findings = rows, findings

    def of(self, finding: Finding, linked: Sequence[Linked]) -> tuple[StoredConflict, ...]:
        """Conflicts of a finding by the other one, of which ``linked`` are those that link to it; own links say it first."""
        rows = self._rows(_FOUND, (finding.id, _MOST))
        found = {
            other: self._found(finding, other, list(pairs)) for other, pairs in groupby(rows, lambda row: str(row[0]))
        }
        said = {link.target: link for link in finding.links if link.type is LinkType.CONTRADICTS}
        heard = {other for other, type in linked if type == LinkType.CONTRADICTS}
        if others := (said.keys() | heard) - {finding.id}:
            for (id,) in self._rows(_STANDING, (json.dumps(sorted(others)),)):
                stated = self._stated(finding, id, said.get(id))
                if id in found:  # the build knows how, and on which estimates
                    stated["how"], stated["touches"] = found[id]["how"], found[id]["touches"]
                found[id] = stated
        return tuple(found[id] for id in sorted(found))

    def _found(self, finding: Finding, other: str, pairs: Sequence[tuple[str, ...]]) -> StoredConflict:
        """What the build found of two findings, with the reason that a link gives."""
        own = _once(estimate for _, estimate, _, _ in pairs)
        there = [link for link in self._findings[other].links if link.target == finding.id]
        links = [link for link in finding.links if link.target == other] + there
        link = next((link for link in links if link.explains and link.because), None)
        return {
            "other": other,
            "said_here": link not in there or link is None,
            "how": max(how for _, _, _, how in pairs),
            "own": own,
            "theirs": _once(against for _, _, against, _ in pairs),
            "touches": own,
            "because": (link.because if link else None) or "",
            "asserted_by": (link.asserted_by if link else None) or "curator",
        }

    def _stated(self, finding: Finding, other: str, own: FindingLink | None) -> StoredConflict:
        """A link seen from one side: it names estimates of the finding that holds it, and touches the same outcomes here."""
        link = own or self._link_of(other, finding.id)
        touches = list(link.about)
        if own is None and touches:
            outcomes = {e.outcome for e in self._findings[other].estimates if e.id in touches}
            touches = [e.id for e in finding.estimates if e.outcome in outcomes]
        return {
            "other": other,
            "said_here": own is not None,
            "how": "stated",
            "own": list(link.about) if own else [],
            "theirs": [] if own else list(link.about),
            "touches": touches,
            "because": link.because or "",
            "asserted_by": link.asserted_by or "curator",
        }

    def _link_of(self, other: str, target: str) -> FindingLink:
        """The link by which another finding contradicts this one; of several the last."""
        links = self._findings[other].links
        return [link for link in links if link.type is LinkType.CONTRADICTS and link.target == target][-1]


def _once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
