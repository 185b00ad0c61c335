"""What became of every nanopublication that was taken in, as a record and in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from evidencekb.answers.naming import counted

_SHOWN = 20


@dataclass(frozen=True, slots=True)
class NanopubLeft:
    """A nanopublication that brought nothing new, or was not taken.

    Attributes:
        file: Its file.
        iri: Its IRI; '' when it could not be read.
        why: Why.
        line: Where in the file; 0 when that is not known.
    """

    file: str
    iri: str
    why: str
    line: int = 0

    def __str__(self) -> str:
        return f"{self.file}{f':{self.line}' if self.line else ''}: {self.why}"


@dataclass(frozen=True, slots=True)
class NanopubImport:
    """What became of every nanopublication: its finding was added, was there already, or was not taken.

    Attributes:
        file: The file or folder, as named.
        read: How many nanopublications were read.
        added: Ids of new findings.
        merged: Those that the pack had.
        skipped: Those not taken, and why.
        sources: Keys of new sources; nobody has decided who gains by them.
        records: How many other records were added, by kind.
        losses: What was not kept, or not as it stood, and how often.
        files: Files written, relative to the pack's folder.
    """

    file: str
    read: int
    added: tuple[str, ...] = ()
    merged: tuple[NanopubLeft, ...] = ()
    skipped: tuple[NanopubLeft, ...] = ()
    sources: tuple[str, ...] = ()
    records: Mapping[str, int] = field(default_factory=dict)
    losses: Mapping[str, int] = field(default_factory=dict)
    files: tuple[str, ...] = ()

    @property
    def ok(self) -> bool:
        """True if every nanopublication is in the pack."""
        return not self.skipped

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        skipped = [f"skipped: {left}" for left in self.skipped]
        yield from skipped[:_SHOWN]
        if len(skipped) > _SHOWN:
            yield f"… and {len(skipped) - _SHOWN:,} more such"
        yield from (f"not as it stood, {counted(count, 'time')}: {what}" for what, count in self.losses.items())
        yield (
            f"{self.file}: {counted(self.read, 'nanopublication')}: {len(self.added):,} added, {len(self.merged):,} merged, "
            f"{len(self.skipped):,} skipped; {counted(len(self.sources), 'new source')}"
        )
        if self.sources:
            yield "vendor: unknown. Nobody has decided who gains by these; `evidencekb check` refuses each until a person has"
        yield from (f"wrote {file}" for file in self.files)
