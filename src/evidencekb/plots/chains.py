"""The chain of a figure: the hands that it passed through, down to the data."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evidencekb.answers.naming import counted
from evidencekb.plots.pictures import Picture
from evidencekb.queries.origins import origins_of

if TYPE_CHECKING:
    from evidencekb.answers import Ref
    from evidencekb.kb import KnowledgeBase


def draw_chain(kb: KnowledgeBase, id: str) -> Picture:
    """The picture of :func:`evidencekb.origins_of`: which page took a figure from which, and what they all rest on.

    Of a claim it shows what supports it; ``alt`` counts what speaks against it. It is made as SVG without matplotlib.

    Args:
        kb: The knowledge base.
        id: A finding, a claim or an untraced claim.

    Raises:
        UnknownIdError: If no record has the id.
        QuestionError: If the record is none of these.

    Examples:
        >>> from evidencekb import load
        >>> draw_chain(load(), "unresolved-dol-bad-hire-30pct").alt.startswith("Where this comes from:")
        True
    """
    found = origins_of(kb, id)
    steps = tuple(line.strip() for line in str(found).splitlines()[1:])
    alt = " ".join([f"Where this comes from: {found.sentence}", *_not_drawn(kb, found.ref)])
    return Picture(found.ref.label, alt, steps, None, found.to_svg)


def _not_drawn(kb: KnowledgeBase, ref: Ref) -> list[str]:
    """Findings that bear on a claim otherwise than by supporting it."""
    stances = Counter(support.stance for support in kb.claim(ref.id).supports) if ref.kind == "claim" else Counter()
    told = [
        f"what {stance} it ({counted(number, 'finding')})" for stance, number in stances.items() if stance != "supports"
    ]
    return [f"Not drawn: {', '.join(told)}."] if told else []
