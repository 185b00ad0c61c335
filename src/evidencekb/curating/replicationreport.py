"""What became of every row of a replication database, as a record and in words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evidencekb.answers.naming import counted
from evidencekb.report import Violation

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class RowLeft:
    """A row that is not in the pack, or was there already.

    Attributes:
        id: What names the row: its effect number in the database, or a digest.
        line: Where it starts in the file, from 1.
        why: Why.
    """

    id: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class ReplicationImport:
    """What became of every row of a replication database: imported, merged or skipped.

    Attributes:
        file: The file, as named.
        rows: How many rows were read.
        imported: How many brought something new.
        merged: Rows that say what the pack holds already, through an earlier import or another row.
        skipped: Rows that are not in the pack, and why.
        originals: How many original papers the rows name, skipped ones aside.
        replications: How many papers that tried them again.
        pairs: How many pairs of an original and a paper that tried it.
        sources: Keys of new sources.
        findings: Ids of new findings.
        losses: How often something was kept in words alone or could not be kept, by what it is.
        versions: New sources that look like other versions of a source: the two are one paper if a person says so.
        violations: What was guessed of the file as a whole.
        files: Files written, relative to the pack's folder.
    """

    file: str
    rows: int
    imported: int = 0
    merged: tuple[RowLeft, ...] = ()
    skipped: tuple[RowLeft, ...] = ()
    originals: int = 0
    replications: int = 0
    pairs: int = 0
    sources: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    losses: Mapping[str, int] = field(default_factory=dict)
    versions: tuple[tuple[str, str, str], ...] = ()
    violations: tuple[Violation, ...] = ()
    files: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = {
            name: getattr(self, name) for name in ("file", "rows", "imported", "originals", "replications", "pairs")
        }
        return plain | {
            "merged": [asdict(row) for row in self.merged],
            "skipped": [asdict(row) for row in self.skipped],
            "sources": list(self.sources),
            "findings": list(self.findings),
            "losses": dict(self.losses),
            "versions": [{"source": new, "other": old, "because": because} for new, old, because in self.versions],
            "violations": [violation.to_dict() for violation in self.violations],
            "files": list(self.files),
        }

    @property
    def ok(self) -> bool:
        """True if every row that was read is in the pack."""
        return not self.skipped

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from map(str, self.violations)
        yield from _some([f"skipped: {self.file}:{row.line}: row {row.id or '?'}: {row.why}" for row in self.skipped])
        merged = Counter(row.why for row in self.merged)
        yield from (f"merged: {counted(count, 'row')}: {why}" for why, count in merged.most_common())
        yield from _some([f"another version? {new!r} and {old!r} ({because})" for new, old, because in self.versions])
        yield from _some([f"not as it stood, {counted(count, 'time')}: {what}" for what, count in self.losses.items()])
        yield (
            f"{self.file}: {counted(self.rows, 'row')}: {self.imported:,} imported, {len(self.merged):,} merged, "
            f"{len(self.skipped):,} skipped"
        )
        yield (
            f"{counted(self.originals, 'original')}, tried again by {counted(self.replications, 'paper')}, in "
            f"{counted(self.pairs, 'pair')} of papers; {counted(len(self.sources), 'new source')}, "
            f"{counted(len(self.findings), 'new finding')}"
        )
        if self.sources:
            yield "vendor: unknown. Nobody has looked who gains by these; `evidencekb check` refuses each until a person has"
        yield from (f"wrote {file}" for file in self.files)


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"… and {len(lines) - _SHOWN:,} more such"
