"""What other records say about a finding, asked of the tables when its card is made."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence

from evidencekb.answers.caveats import Surroundings
from evidencekb.answers.making import version_line
from evidencekb.answers.power import is_weak
from evidencekb.answers.shapes import Replications
from evidencekb.answers.stored import StoredConflict
from evidencekb.engines.disputing import Disputes
from evidencekb.engines.linking import AMONG, Linked, Rows
from evidencekb.model import Finding, Source
from evidencekb.vocab import LinkType, Role

_LINKED = f"SELECT target, finding, type FROM finding_link WHERE target {AMONG} ORDER BY target, finding, position"
_PRIMARIES = f"SELECT DISTINCT source FROM citation WHERE role = 'primary' AND finding {AMONG} ORDER BY source"
_FIRST_OF = "SELECT finding FROM citation WHERE source = ? AND role = 'primary' ORDER BY finding LIMIT 1"
_VERSIONS = "SELECT id FROM source WHERE work = ? ORDER BY id"
_REPLICATING = (
    "SELECT DISTINCT other FROM replicating WHERE finding = ? AND type = 'replicates' AND because = '' ORDER BY other"
)
_REPLICATIONS = "SELECT successful, failed, other FROM replication WHERE finding = ?"
_TRIED = "SELECT other FROM tried WHERE finding = ? ORDER BY other"


class Neighbourhood:
    """What other records say about findings.

    Args:
        rows: Asks the tables.
        findings: Findings by id, read when they are asked for.
        sources: Sources by key, the same way.
    """

    def __init__(self, rows: Rows, findings: Mapping[str, Finding], sources: Mapping[str, Source]) -> None:
        self._rows, self._findings, self._sources = rows, findings, sources
        self._disputes = Disputes(rows, findings)

    def linked(self, ids: tuple[str]) -> dict[str, list[Linked]]:
        """Findings that link to others, by these; ``ids`` is one value, a list as JSON."""
        found: dict[str, list[Linked]] = {}
        for target, other, type in self._rows(_LINKED, ids):
            found.setdefault(target, []).append((other, type))
        return found

    def of(self, finding: Finding, linked: Sequence[Linked]) -> Surroundings:
        """What other records say about one finding, of which ``linked`` are those that link to it."""
        keys = dict.fromkeys(c.source for c in finding.citations if c.role is Role.PRIMARY)
        primaries = tuple(self._sources[key] for key in keys)
        conflicts = self._disputes.of(finding, linked)
        replications = self._replications(finding.id)
        tries = self._tries(finding)
        others = tuple(self._other_versions(primaries))
        return Surroundings(
            primaries=primaries,
            replications=replications,
            conflicts=conflicts,
            contradicted_by=tuple(conflict["other"] for conflict in conflicts),
            tries=tries,
            superseded_by=tuple(other for other, type in linked if type == LinkType.SUPERSEDES),
            reversed_by=tuple(other for other, type in linked if type == LinkType.REVERSES and other != finding.id),
            versions=tuple(line for _, _, line in others),
            other_versions=tuple(id for id, _, _ in others),
            neighbours=self._neighbours(replications, conflicts, tries),
            version_findings=tuple(first for _, first, _ in others if first),
        )

    def _replications(self, finding: str) -> Replications:
        """Studies that replicate a finding by how they came out, and the findings that they are."""
        ids = [other for (other,) in self._rows(_REPLICATING, (finding,))]
        counts = self._rows(_REPLICATIONS, (finding,)) if ids else []
        successful, failed, other = counts[0] if counts else (0, 0, 0)
        return {"successful": successful, "failed": failed, "other": other, "ids": ids}

    def _tries(self, finding: Finding) -> tuple[str, ...]:
        """Findings that keep one with a weak estimate from standing alone."""
        others = self._rows(_TRIED, (finding.id,))
        return tuple(other for (other,) in others) if others and is_weak(finding) else ()

    def _neighbours(
        self, replications: Replications, conflicts: Sequence[StoredConflict], tries: Sequence[str]
    ) -> tuple[str, ...]:
        """Primary sources of the findings that are said to replicate it, to contradict it, or to keep it from standing alone."""
        near = [*replications["ids"], *(conflict["other"] for conflict in conflicts), *tries]
        return tuple(source for (source,) in self._rows(_PRIMARIES, (json.dumps(near),))) if near else ()

    def _other_versions(self, primaries: Sequence[Source]) -> Iterator[tuple[str, str, str]]:
        """Other sources of the same works: id, the first finding that rests on each, and the line that names it."""
        own = {source.id for source in primaries}
        for work in dict.fromkeys(source.work for source in primaries if source.work):
            for (id,) in self._rows(_VERSIONS, (work,)):
                if id not in own:
                    rests = self._rows(_FIRST_OF, (id,))
                    first = str(rests[0][0]) if rests else ""
                    yield id, first, version_line(self._sources[id], self._findings[first] if first else None)
