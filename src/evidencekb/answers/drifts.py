"""A change on the way that nobody has recorded yet."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class DriftHint:
    """What a relay tells otherwise than what it took, and no drift records.

    Attributes:
        finding: Id of the finding.
        source: Id of the relay.
        on: Estimate, ``sample`` or mention concerned; empty when it is whom the relay credits.
        kind: A ``DriftKind``: what it is, or what it may be.
        sure: True when numbers or ids show it; False when a person must read and confirm it.
        printed: What the relay prints, or the id of the source that it credits.
        held: What it was taken from.
        why: What differs, in words.
    """

    finding: str
    source: str
    on: str
    kind: str
    sure: bool
    printed: str
    held: str
    why: str

    def to_dict(self) -> dict[str, Any]:
        """Plain data for JSON."""
        return asdict(self)

    def __str__(self) -> str:
        found = self.kind if self.sure else f"perhaps {self.kind}"
        on = f"#{self.on}" if self.on else ""
        return f"{self.finding}{on}: {self.source} has {self.printed!r} from {self.held!r}: {self.why} ({found})"
