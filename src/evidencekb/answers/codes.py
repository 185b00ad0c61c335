"""Caveat codes, each with its one severity. ``stop`` means that the figure must not be shown without the text."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from evidencekb.answers.records import Caveat
from evidencekb.vocab import CaveatKind

SEVERITIES = ("stop", "warning", "note")
"""Worst first."""

SEVERITY: dict[str, str] = {
    **{str(kind): "warning" for kind in CaveatKind},
    "vendor": "warning",
    "interested": "warning",
    "shared_tie": "warning",
    "forecast": "warning",
    "modelled": "warning",
    "alleged": "warning",
    "legal_not_merits": "warning",
    "survey_opinion": "note",
    "single_study": "warning",
    "underpowered": "warning",
    "not_replicated": "note",
    "contested": "warning",
    "no_interval": "note",
    "no_n": "note",
    "bound_only": "note",
    "superseded_version": "warning",
    "versions_differ": "note",
    "primary_not_read": "warning",
    "standing": "stop",
    "standing_not_checked": "note",
    "indirect_role": "warning",
    "indirect_skill": "warning",
    "broader_cohort": "warning",
    "other_occupation": "warning",
    "definitions_differ": "warning",
    "old_data": "note",
    "gap": "note",
}
"""Every caveat code with its severity: those of a finding, of a question and of a page."""


def caveat(code: str, subject: str, text: str, **params: Any) -> Caveat:
    """A caveat with the severity of its code."""
    return Caveat(code, SEVERITY[code], subject, params, text)


def worst_first(caveats: Iterable[Caveat]) -> tuple[Caveat, ...]:
    """Caveats with stops first, then warnings, then notes; each text once, otherwise in the order given."""
    once = {(held.code, held.text): held for held in caveats}
    return tuple(sorted(once.values(), key=lambda held: SEVERITIES.index(held.severity)))
