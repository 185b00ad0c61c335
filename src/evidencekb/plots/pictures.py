"""A picture: what it shows as SVG or PNG, and what it says to those who cannot see it."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path
from typing import Any

from evidencekb.errors import QuestionError
from evidencekb.escaping import escaped, printable
from evidencekb.extras import needed
from evidencekb.replacing import replace_whole

EXTRA = "plots"
"""What brings matplotlib."""
DPI = 150
_FORMS = (".svg", ".png")
_SALT = "evidencekb"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture with the words that stand in its place.

    In a notebook it shows itself. ``str(picture)`` is all that it says in words.

    Attributes:
        title: What it is of.
        alt: What it shows in a few sentences: the text for those who cannot see it.
        details: Row by row what is drawn.
        figure: The matplotlib figure, to go on with; None for a picture that is made without matplotlib.
    """

    title: str
    alt: str
    details: tuple[str, ...]
    figure: Any = field(repr=False, default=None)
    _svg: Callable[[], str] | None = field(repr=False, default=None)

    def __str__(self) -> str:
        return "\n".join([self.alt, *self.details])

    def to_svg(self) -> str:
        """One SVG element, with title and description; text stays text. The same picture gives the same SVG."""
        if self._svg is not None:
            return self._svg()
        matplotlib = needed("matplotlib", EXTRA)
        with matplotlib.rc_context({"svg.fonttype": "none", "svg.hashsalt": _SALT}):
            written = self._written("svg", metadata={"Date": None, "Creator": None, "Format": None, "Type": None})
        return self._told(written.decode("utf-8"))

    def to_png(self, *, dpi: int = DPI) -> bytes:
        """The picture as PNG, with title and description in its metadata.

        Args:
            dpi: Dots per inch.

        Raises:
            QuestionError: If it is a picture that is made as SVG alone.
        """
        if self.figure is None:
            raise QuestionError("this picture is made as SVG alone; save it as .svg")
        words = {"Title": printable(self.title), "Description": printable(str(self)), "Software": None}
        return self._written("png", dpi=dpi, metadata=words)

    def save(self, path: str | Path, *, dpi: int = DPI) -> Path:
        """Write the picture as .svg or .png, in one step.

        Args:
            path: Where.
            dpi: Dots per inch of a PNG; 300 for print.

        Returns:
            The path.

        Raises:
            QuestionError: If the name ends otherwise, or the picture is made as SVG alone.
            OSError: If it cannot be written.
        """
        target = Path(path)
        if (form := target.suffix.lower()) not in _FORMS:
            raise QuestionError(
                f"{target.name!r} ends in {form or 'nothing'}; a picture is saved as {' or '.join(_FORMS)}"
            )
        replace_whole(target, self.to_png(dpi=dpi) if form == ".png" else self.to_svg().encode("utf-8"))
        return target

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, str]:
        return {"image/svg+xml": self.to_svg(), "text/plain": str(self)}

    def _written(self, form: str, **options: Any) -> bytes:
        buffer = BytesIO()
        with warnings.catch_warnings():
            # A sign that the font does not have is a box in a PNG; in an SVG it is there for a reader's own font.
            warnings.filterwarnings("ignore", "Glyph .* missing from font", UserWarning)
            warnings.filterwarnings("ignore", "Matplotlib currently does not support", UserWarning)
            self._draw(buffer, form, options)
        return buffer.getvalue()

    def _draw(self, buffer: BytesIO, form: str, options: dict[str, Any]) -> None:
        self.figure.savefig(buffer, format=form, facecolor="white", **options)

    def _told(self, svg: str) -> str:
        """The SVG element alone, with what it is called and what it shows."""
        start = svg.index("<svg")
        head, rest = svg[start:].split(">", 1)
        named = f"<title>{escaped(self.title)}</title><desc>{escaped(' '.join(str(self).split()))}</desc>"
        return f'{head} style="max-width:100%;height:auto" role="img" aria-label="{escaped(self.alt)}">{named}{rest}'
