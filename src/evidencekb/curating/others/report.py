"""What became of every record of another database, as a record and in words."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evidencekb.answers.naming import counted
from evidencekb.curating.others.drafts import Left

_SHOWN = 20
_NAMED = 3


@dataclass(frozen=True, slots=True)
class CandidateImport:
    """What became of every record of a file of another database: added, merged or skipped.

    Attributes:
        file: The file or folder, as named.
        layout: What it was read as.
        records: How many records were read.
        added: Ids of those that brought something new.
        merged: Records that say what the pack holds already.
        skipped: Records that are not in the pack, and files that could not be read, with the reason.
        sources: Keys of new sources.
        findings: Ids of new findings.
        concepts: Ids of new concepts.
        cohorts: Ids of new cohorts.
        definitions: Ids of new definitions.
        losses: How often something was not taken, or not as it stood, by what it is.
        versions: New sources that look like other versions of a source: the two are one work if a person says so.
        files: Files written, relative to the pack's folder.
    """

    file: str
    layout: str
    records: int
    added: tuple[str, ...] = ()
    merged: tuple[Left, ...] = ()
    skipped: tuple[Left, ...] = ()
    sources: tuple[str, ...] = ()
    findings: tuple[str, ...] = ()
    concepts: tuple[str, ...] = ()
    cohorts: tuple[str, ...] = ()
    definitions: tuple[str, ...] = ()
    losses: Mapping[str, int] = field(default_factory=dict)
    versions: tuple[tuple[str, str, str], ...] = ()
    files: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        names = ("added", "sources", "findings", "concepts", "cohorts", "definitions")
        return {
            "file": self.file,
            "layout": self.layout,
            "records": self.records,
            **{name: list(getattr(self, name)) for name in names},
            "merged": [asdict(left) for left in self.merged],
            "skipped": [asdict(left) for left in self.skipped],
            "losses": dict(self.losses),
            "versions": [{"source": new, "other": old, "because": because} for new, old, because in self.versions],
            "files": list(self.files),
        }

    @property
    def ok(self) -> bool:
        """True if every record that was read is in the pack."""
        return not self.skipped

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        yield from _some(list(_told("skipped", self.skipped)))
        merged = Counter(left.why for left in self.merged)
        yield from _some([f"merged: {counted(count, 'record')}: {why}" for why, count in merged.most_common()])
        yield from _some([f"another version? {new!r} and {old!r} ({because})" for new, old, because in self.versions])
        yield from _some([f"not taken, of {counted(count, 'record')}: {what}" for what, count in self.losses.items()])
        yield (
            f"{self.file}: {counted(self.records, 'record')}: {len(self.added):,} added, {len(self.merged):,} merged, "
            f"{len(self.skipped):,} skipped"
        )
        new = [
            counted(len(ids), f"new {name}")
            for name, ids in (
                ("source", self.sources), ("finding", self.findings), ("concept", self.concepts), ("cohort", self.cohorts),
                ("definition", self.definitions),
            )
        ]  # fmt: skip
        yield ", ".join(new)
        if self.findings:
            yield (
                "these are candidates: nobody has looked. `evidencekb check` refuses them until a person has set the vendor "
                "flags and filled in what is missing"
            )
        yield from (f"wrote {file}" for file in self.files)


def _told(word: str, left: tuple[Left, ...]) -> Iterator[str]:
    """A line for each reason that stands alone, and one for each that many records share."""
    by_why: dict[str, list[Left]] = defaultdict(list)
    for each in left:
        by_why[each.why].append(each)
    for why, held in by_why.items():
        if len(held) <= _NAMED:
            yield from (f"{word}: {each.place}: {each.id}: {why}" for each in held)
        else:
            yield f"{word}: {counted(len(held), 'record')}, the first at {held[0].place}: {why}"


def _some(lines: list[str]) -> Iterator[str]:
    yield from lines[:_SHOWN]
    if len(lines) > _SHOWN:
        yield f"… and {len(lines) - _SHOWN:,} more such"
