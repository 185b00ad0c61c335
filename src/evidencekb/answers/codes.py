"""Caveat codes, each with its one severity. ``stop`` means that the figure must not be shown without the text."""

from __future__ import annotations

from typing import Any

from evidencekb.answers.base import fixed
from evidencekb.answers.records import Caveat
from evidencekb.vocab import CaveatKind

SEVERITIES = ("stop", "warning", "note")
"""Worst first."""

SEVERITY: dict[str, str] = {
    **{str(kind): "warning" for kind in CaveatKind},
    "vendor": "warning",
    "interested": "warning",
    "only_tied": "warning",
    "shared_tie": "warning",
    "forecast": "warning",
    "modelled": "warning",
    "alleged": "warning",
    "legal_not_merits": "warning",
    "survey_opinion": "note",
    "single_study": "warning",
    "underpowered": "warning",
    "not_replicated": "note",
    "tried_again": "note",
    "contested": "warning",
    "no_interval": "note",
    "no_n": "note",
    "bound_only": "note",
    "source_error": "note",
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

MEANING: dict[str, str] = {
    **{str(kind): kind.meaning for kind in CaveatKind},
    "vendor": "a seller with something to gain stands behind the figure; on a page, how many of its sources gain",
    "interested": "somebody with a stake that is not a sale stands behind the figure",
    "only_tied": "every figure comes from a vendor or an interested party: nobody independent found it",
    "shared_tie": "sources of the page are tied to one body",
    "forecast": "expected, not observed",
    "modelled": "worked out from ratings or assumptions, not observed",
    "alleged": "said in a case, and examined by no court",
    "legal_not_merits": "the substance of the case was not decided",
    "survey_opinion": "what people or firms say of themselves",
    "single_study": "nothing else is known to have tried the same",
    "underpowered": "too few were measured to see an effect of this size",
    "not_replicated": "this pack holds no replication of the study",
    "tried_again": "who tried a weak study again, or pooled it; of a finding without figures, how its replications came out",
    "contested": "another finding in this pack points the other way, or disputes the claim",
    "no_interval": "no interval, and which absence that is; on a page, how many figures come with one",
    "no_n": "no sample size, and which absence that is",
    "bound_only": "the source gives a bound, such as more than 50",
    "source_error": "the source prints another figure by mistake, and the one here is put right",
    "superseded_version": "a later version of the work prints other figures",
    "versions_differ": "other versions of the work exist, with other figures or other words",
    "primary_not_read": "seen on a page about the source only; on a page, for how many findings the primary was read",
    "standing": "retracted, disavowed or overturned: never shown without this text",
    "standing_not_checked": "nobody looked for a retraction or correction yet",
    "indirect_role": "not measured for the asked role itself",
    "indirect_skill": "not measured for the asked skill itself",
    "broader_cohort": "measured on a wider group than the asked one",
    "other_occupation": "others than the asked role were measured",
    "definitions_differ": "figures that stand together count different things, and are not averaged",
    "old_data": "the data were five years old or more when the source was read for the pack",
    "gap": "nothing in this pack answers the question",
}
"""What each code says."""


def caveat(code: str, subject: str, text: str, **params: Any) -> Caveat:
    """A caveat with the severity of its code."""
    return Caveat(code, SEVERITY[code], subject, fixed(params), text)
