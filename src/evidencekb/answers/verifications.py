"""What checking a sealed file to the last byte gives."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered, Json


@dataclass(frozen=True, slots=True)
class Verification(Answered):
    """A sealed file that is what was built.

    Attributes:
        file: The file.
        pack: The pack's name.
        version: The version of its data.
        digest: The digest of its records.
        sealed: The digest of these and of what was worked out.
        signer: Who signed it: kind of key, fingerprint and comment; null when nobody was asked about.
    """

    file: str
    pack: str
    version: str
    digest: str
    sealed: str
    signer: Json | None = None

    def __str__(self) -> str:
        signed = ""
        if self.signer:
            who = self.signer["comment"] or "a key without a name"
            signed = f", signed by {who} ({self.signer['kind']} {self.signer['fingerprint']})"
        return f"{self.file}: whole, {self.digest}{signed}"
