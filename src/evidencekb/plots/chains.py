"""The chain of a figure: the hands that it passed through, down to the data."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evidencekb.plots.pictures import Picture
from evidencekb.queries.origins import origins_of

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase


def draw_chain(kb: KnowledgeBase, id: str) -> Picture:
    """The picture of :func:`evidencekb.origins_of`: which page took a figure from which, and what they all rest on.

    It is made as SVG without matplotlib.

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
    return Picture(found.ref.label, f"Where this comes from: {found.sentence}", steps, None, found.to_svg)
