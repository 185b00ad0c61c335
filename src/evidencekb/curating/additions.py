"""What became of a work that was added, for people and for programs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from evidencekb.curating.hints import Hint
from evidencekb.curating.shelf import Match
from evidencekb.report import Violation
from evidencekb.sources.items import Loss
from evidencekb.sources.services.names import AS_PRINTED, GUESSED
from evidencekb.sources.services.records import AMONG_FACTS

if TYPE_CHECKING:
    from evidencekb.sources.standing.report import SourceStanding

_LONGEST = 300
_SHOWN = 80


@dataclass(frozen=True, slots=True)
class Addition:
    """What became of one work.

    Attributes:
        key: Its citation key in the pack; of a work that was there already, the key it has there.
        kind: The kind of source it was taken for.
        fields: Its bibliographic fields, as a source has them.
        files: Files written, relative to the pack's folder; none when the source was there already.
        service: Who answered, for a work that was looked up.
        fetched_on: When, YYYY-MM-DD.
        there: The same document, found in the pack.
        version_of: Another version of the work, found in the pack.
        versions: Other versions that the registry names, as it writes them.
        standing: What was asked about retractions and the like, for a work that was looked up by its DOI.
        interests: The authors' statement of their interests, as the registry has it.
        hints: What the pack knows of the bodies around it.
        unknown: Fields that a reference of this kind has, and that nobody gave.
        losses: What was given and is not kept.
        violations: What could not be read, of this entry of a file, or was guessed of the whole.
    """

    key: str
    kind: str
    fields: Mapping[str, Any]
    files: tuple[str, ...] = ()
    service: str | None = None
    fetched_on: str | None = None
    there: Match | None = None
    version_of: Match | None = None
    versions: tuple[str, ...] = ()
    standing: SourceStanding | None = None
    interests: str = ""
    hints: tuple[Hint, ...] = ()
    unknown: tuple[str, ...] = ()
    losses: tuple[Loss, ...] = ()
    violations: tuple[Violation, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        plain = {name: getattr(self, name) for name in ("key", "kind", "service", "fetched_on", "interests")}
        return plain | {
            "fields": dict(self.fields),
            "files": list(self.files),
            "there": asdict(self.there) if self.there else None,
            "version_of": asdict(self.version_of) if self.version_of else None,
            "versions": list(self.versions),
            "standing": self.standing.to_dict() if self.standing else None,
            "hints": [asdict(hint) for hint in self.hints],
            "unknown": list(self.unknown),
            "losses": [asdict(loss) for loss in self.losses],
            "violations": [violation.to_dict() for violation in self.violations],
        }

    def __str__(self) -> str:
        return "\n".join(self._lines())

    def _lines(self) -> Iterator[str]:
        source = f", as {self.service} had it on {self.fetched_on}" if self.service else ""
        if self.there is not None:
            yield f"{self.key}: is there already (same {self.there.because})"
            yield from (f"  wrote {file}" for file in self.files)
            if not self.files:
                yield "  nothing was written"
            return
        yield f"{self.key}: {self.kind}, {self.fields.get('title') or 'without a title'}{source}"
        yield from (f"  wrote {file}" for file in self.files)
        yield from (f"  {violation}" for violation in self.violations)
        if self.unknown:
            yield f"  not known, to be filled in: {', '.join(self.unknown)}"
        if (other := self.version_of) is not None:
            yield (
                f"  looks like another version of {other.id!r} ({other.because}); if it is one, give both the same 'work' "
                "and each its 'version'"
            )
        yield from (f"  the registry names another version: {version}" for version in self.versions)
        if self.standing is not None:
            yield from ("  " + line for line in str(self.standing).splitlines()[:1])
            yield from (f"  look: {question}" for question in self.standing.questions)
        if self.interests:
            yield f"  the authors on their interests: {self.interests[:_LONGEST]}"
        yield from (f"  {hint}" for hint in self.hints)
        yield "  vendor: unknown. Set the flag and write the reason; `evidencekb check` refuses the source until then"
        for loss in self.losses:
            if loss.reason != AMONG_FACTS:  # which was made into hints
                kept = loss.reason in (AS_PRINTED, GUESSED)
                yield f"  {'look' if kept else 'not kept'}: {loss.field} = {_cut(loss.value)!r}: {loss.reason}"


def _cut(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
