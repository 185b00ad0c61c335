"""What judging a vendor flag returns: the line of the flag table that decides, and how the flag stands to it."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.naming import counted, joined
from evidencekb.answers.records import Ref
from evidencekb.answers.shapes import Accepted, Deciding


@dataclass(frozen=True, slots=True)
class FlagExplanation(Answered):
    """The flag of a source against its ties, by the flag table: the first line that fits decides.

    Attributes:
        source: The source.
        flag: The flag that was set; ``unknown`` when nobody set one.
        reason: The reason recorded for it.
        state: ``agrees``, ``waived``, ``violation``, or ``not judged`` when no flag was set, or no tie is there to bear out a
            flag that says somebody gains.
        gives: The flag that the table gives.
        line: Number of the line that decides, from 1.
        rule: That line in words.
        sure: False when the line hangs on something that is not recorded.
        because: The tie that makes the line fit; null for line 7, and for a filing without a tie.
        findings: Findings that this tie touches; without one, those that the source is judged by.
        ties: How many ties are recorded.
        unknown: What is not recorded and could decide otherwise, as sentences.
        waiver: Who accepted the difference, and why; null when nobody did.
    """

    source: Ref
    flag: str
    reason: str
    state: str
    gives: str
    line: int
    rule: str
    sure: bool
    because: Deciding | None
    findings: tuple[str, ...]
    ties: int
    unknown: tuple[str, ...]
    waiver: Accepted | None

    def __str__(self) -> str:
        return f"{self.source.id} is flagged {self.flag}; {self.verdict[0].lower()}{self.verdict[1:]}"

    @property
    def verdict(self) -> str:
        """The line that decides, whether the flag agrees with it, and what is not known."""
        gives = f"{'gives' if self.sure else 'may give'} {self.gives}"
        said = f"Line {self.line} of the flag table {gives}: {self.rule}"
        parts = [f"{said} ({self._here})." if self.because else f"{said}."]
        if self.waiver:
            why = self.waiver["why"].rstrip(".")
            parts.append(f"The difference was accepted by {self.waiver['who']} until {self.waiver['until']}: {why}.")
        else:
            parts.append(_STATES[self.state])
        if self.unknown:
            parts.append(f"Not known: {'; '.join(self.unknown)}.")
        return " ".join(parts)

    @property
    def _here(self) -> str:
        """The deciding tie in words."""
        if not (tie := self.because):
            return ""
        through = f" through {tie['through']}" if tie["through"] else ""
        what = f", {tie['verb']} {tie['what']}" if tie["what"] else ""
        about = f", which bears on {tie['about']}" if tie["about"] else ""
        touched = (
            f"; {counted(len(self.findings), 'finding')}: {joined(self.findings[:_NAMED])}" if self.findings else ""
        )
        more = f" and {len(self.findings) - _NAMED:,} more" if len(self.findings) > _NAMED else ""
        return f"{tie['organization']}, {tie['tie'].replace('_', ' ')}{through}{what}{about}{touched}{more}"


_NAMED = 3
_STATES = {
    "agrees": "Flag and ties agree.",
    "violation": "Flag and ties do not agree (203).",
    "not judged": "There is nothing to compare: no flag was set, or no tie.",
}
