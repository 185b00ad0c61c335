"""What tracing a figure's hands to their end returns: where all that is listed comes from, in a sentence and as a picture."""

from __future__ import annotations

from dataclasses import dataclass

from evidencekb.answers.base import Answered
from evidencekb.answers.records import Ref


@dataclass(frozen=True, slots=True)
class Node(Answered):
    """A box of the picture.

    Attributes:
        id: Its name in the picture.
        kind: claim, finding, page, origin, study or end; an end is where nothing leads on.
        label: What stands in it.
        record: Id of the record or address of the page it stands for; None for an end or a study.
    """

    id: str
    kind: str
    label: str
    record: str | None


@dataclass(frozen=True, slots=True)
class Arrow(Answered):
    """A step towards the evidence.

    Attributes:
        start: Name of the box it leaves.
        end: Name of the box it leads to.
        label: What it says; may be empty.
        certain: False for what only may be so.
    """

    start: str
    end: str
    label: str
    certain: bool


@dataclass(frozen=True, slots=True)
class Origins(Answered):
    """Where all that is listed comes from: many pages may lead to one study, to each other, or to nothing.

    ``str`` gives the sentence and the steps as text, ``to_mermaid`` a diagram and ``to_svg`` a picture that needs nothing else.

    Attributes:
        ref: The claim, finding or untraced claim.
        sentence: What it comes to.
        problems: one_study (several findings, one study), circle (pages that took it from each other), dead_end (a page that
            names nobody, or whose origin nobody looked for) and no_data (an end that shows no data), as far as they occur.
        nodes: The boxes, each kind in the order of the record.
        arrows: The steps between them.
    """

    ref: Ref
    sentence: str
    problems: tuple[str, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]

    def __str__(self) -> str:
        labels = {node.id: node.label for node in self.nodes}
        steps = [
            f"  {labels[arrow.start]} {'->' if arrow.certain else '-?'} {labels[arrow.end]}"
            + (f" ({arrow.label})" if arrow.label else "")
            for arrow in self.arrows
        ]
        return "\n".join([f"{self.ref.kind} {self.ref.id}: {self.sentence}", *steps])

    def to_mermaid(self) -> str:
        """A diagram in the words of Mermaid, with a title and a description for those who cannot see it."""
        from evidencekb.answers.pictures import mermaid

        return mermaid(self)

    def to_svg(self) -> str:
        """A picture as one SVG element, with a title and a description; no script, style sheet or file stands behind it."""
        from evidencekb.answers.pictures import svg

        return svg(self)

    def _repr_html_(self) -> str:
        from evidencekb.escaping import escaped

        return f"<section><p>{escaped(self.sentence)}</p>{self.to_svg()}</section>"
