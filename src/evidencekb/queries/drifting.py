"""suggest_drift: what changed on the way to a relay and is not recorded."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from evidencekb.answers.drifts import DriftHint
from evidencekb.errors import UnknownIdError

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Record

_KEPT = 10_000


def suggest_drift(kb: KnowledgeBase, *, finding: str | None = None) -> tuple[DriftHint, ...]:
    """What relays print otherwise than what they took, as far as no drift of theirs records it.

    Numbers, units, signs and credits are compared, and are sure. A change of meaning shows in no number: where the words
    that a relay prints suggest one, its kind is proposed, for a person who reads the page to confirm. About three in five
    real changes are of that sort, and of a relay whose words are not recorded nothing can be said.

    Args:
        kb: The knowledge base.
        finding: Only this finding; default: all.

    Returns:
        What is sure first, then by finding, relay and estimate.

    Raises:
        UnknownIdError: If there is no such finding.

    Examples:
        >>> from evidencekb import load
        >>> kb = load()
        >>> suggest_drift(kb, finding="noy-zhang-2023-writing-speed-quality")
        ()
    """
    # Asking a sealed file stays light: the models are imported for those who need them.
    from evidencekb.model import KINDS
    from evidencekb.rules.drift import differences

    @lru_cache(maxsize=_KEPT)
    def look(kind: str, id: str) -> Record | None:
        try:
            record: Record = KINDS[kind].model_validate(kb.record(kind, id))
        except UnknownIdError:
            return None
        return record

    asked = kb.ids("finding") if finding is None else (finding,)
    hints = [
        DriftHint(id, found.source, found.on, str(found.kind), found.sure, found.printed, found.held, found.why)
        for id in asked
        for found in differences(kb.finding(id), look)
    ]
    return tuple(sorted(hints, key=lambda hint: (not hint.sure, hint.finding, hint.source, hint.on)))
