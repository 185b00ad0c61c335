"""What a comparison of two states of a pack gives: changes in words of findings, worst first."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.naming import counted, joined

WEIGHTS = ("figure", "trust", "rest")
"""What a change touches, worst first: a figure that pages print, how far one may be trusted, or nothing of the two."""

WHATS = {
    "figure_removed": "figure", "finding_removed": "figure", "figure_changed": "figure", "size_changed": "figure",
    "interval_changed": "figure", "scope_changed": "figure", "figure_added": "figure", "finding_added": "figure",
    "standing_changed": "trust", "flag_changed": "trust", "primary_changed": "trust", "support_changed": "trust",
    "claim_removed": "trust", "claim_added": "trust", "nature_changed": "trust", "correction_changed": "trust",
    "drift_changed": "trust", "relay_changed": "trust", "link_changed": "trust", "tie_changed": "trust",
    "definition_changed": "trust", "caveat_changed": "trust", "read_changed": "trust", "untraced_changed": "trust",
    "waiver_changed": "trust",
    "renamed": "rest", "reworded": "rest", "details_changed": "rest", "removed": "rest", "added": "rest",
}  # fmt: skip
"""Every sort of change with its weight, worst first."""

_HEADS = {
    "figure": "Figures that pages print",
    "trust": "What they may be trusted for",
    "rest": "Wording and details",
}
_RANKS = {what: rank for rank, what in enumerate(WHATS)}


@dataclass(frozen=True, slots=True)
class Change(Answered):
    """One thing that differs between two states of a pack.

    Attributes:
        weight: What it touches, worst first: ``"figure"``, ``"trust"`` or ``"rest"``.
        what: The sort of change, a key of ``WHATS``.
        kind: The kind of the record.
        id: Its id; of one that was renamed, the new one.
        field: Where in the record, as ``estimates.time.value``; '' for the record as a whole.
        old: What stood there, in words; null for what is new.
        new: What stands there, in words; null for what is gone.
        text: The change as a sentence.
        findings: Ids of the findings whose cards it touches.
        claims: Ids of the claims that rest on it.
    """

    weight: str
    what: str
    kind: str
    id: str
    field: str
    old: str | None
    new: str | None
    text: str
    findings: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def order(self) -> tuple[int, str, str, str]:
        """Worst first."""
        return _RANKS[self.what], self.kind, self.id, self.field

    @property
    def concerned(self) -> str:
        """The cards and claims that it concerns, in words; '' when there are none."""
        cards = [id for id in self.findings if id != self.id]
        claims = [id for id in self.claims if id != self.id]
        parts = [f"{word} {_some(ids)}" for word, ids in (("card", cards), ("claim", claims)) if ids]
        return f"concerns {joined(parts)}" if parts else ""

    def __str__(self) -> str:
        return f"{self.text} ({self.concerned})" if self.concerned else self.text


def changed(what: str, kind: str, id: str, field: str, old: str | None, new: str | None, text: str) -> Change:
    """A change with the weight of its sort, before it is known what it concerns."""
    return Change(WHATS[what], what, kind, id, field, old, new, text)


_SHOWN = 5


def _some(ids: list[str]) -> str:
    more = f" and {len(ids) - _SHOWN} more" if len(ids) > _SHOWN else ""
    return ", ".join(ids[:_SHOWN]) + more


@dataclass(frozen=True, slots=True)
class State(Answered):
    """One of the two states.

    Attributes:
        named: As it was asked for.
        pack: The pack's name.
        version: The version of its data; '' when it says none.
        digest: The digest of its records.
        unread: What of it cannot be read, as sentences; whatever stood there counts as not there.
    """

    named: str
    pack: str
    version: str
    digest: str
    unread: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.named} ({' '.join(filter(None, (self.pack, self.version)))}, {self.digest[:19]})"


@dataclass(frozen=True, slots=True)
class Difference(Answered):
    """How two states of a pack differ.

    Attributes:
        old: The one before.
        new: The one after.
        changes: Worst first: what changes a printed figure, what changes how far it may be trusted, the rest.
    """

    old: State
    new: State
    changes: tuple[Change, ...]

    @property
    def complete(self) -> bool:
        """True when both states could be read whole."""
        return not (self.old.unread or self.new.unread)

    def of_weight(self, weight: str) -> tuple[Change, ...]:
        """The changes that touch one of ``WEIGHTS``."""
        return tuple(change for change in self.changes if change.weight == weight)

    @property
    def findings(self) -> tuple[str, ...]:
        """Ids of all findings whose cards some change touches, sorted."""
        return tuple(sorted({id for change in self.changes for id in change.findings}))

    @property
    def claims(self) -> tuple[str, ...]:
        """Ids of all claims that rest on something that changed, sorted."""
        return tuple(sorted({id for change in self.changes for id in change.claims}))

    @property
    def summary(self) -> str:
        """One sentence with the counts."""
        if not self.changes:
            return "no record differs"
        parts = [f"{len(held)} of {name}" for name in WEIGHTS if (held := self.of_weight(name))]
        touched = f"{counted(len(self.findings), 'card')} and {counted(len(self.claims), 'claim')} concerned"
        return f"{counted(len(self.changes), 'change')}, {joined(parts)}; {touched}"

    def __str__(self) -> str:
        lines = [f"{self.old} → {self.new}"]
        for state in (self.old, self.new):
            if state.unread:
                lines += [f"{_not_read(state)}:", *(f"  {said}" for said in state.unread)]
        for weight in WEIGHTS:
            if held := self.of_weight(weight):
                lines += [f"{_HEADS[weight]}:", *(f"  {change}" for change in held)]
        return "\n".join([*lines, self.summary])

    def to_markdown(self) -> str:
        """The same as Markdown: a heading for each weight, an item for each change."""
        lines = [_literal(f"{self.old} → {self.new}"), ""]
        for state in (self.old, self.new):
            if state.unread:
                lines += [f"## {_literal(_not_read(state))}", "", *(f"- {_literal(said)}" for said in state.unread), ""]
        for weight in WEIGHTS:
            if held := self.of_weight(weight):
                lines += [f"## {_HEADS[weight]}", "", *(f"- {_literal(str(change))}" for change in held), ""]
        return "\n".join([*lines, self.summary])


def _not_read(state: State) -> str:
    return f"Cannot be read in {state.named}, and counts as not there"


def _literal(text: str) -> str:
    """A text in Markdown, none of whose signs is taken for markup."""
    return "".join(f"\\{sign}" if sign in "\\`*_[]<>#|" else sign for sign in " ".join(text.split()))
