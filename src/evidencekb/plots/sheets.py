"""A sheet of paper measured in inches: texts that wrap where they end, axes in their place, marks that grey keeps apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any

from evidencekb.escaping import printable
from evidencekb.extras import needed
from evidencekb.plots.pictures import EXTRA

FONT = "DejaVu Sans"
"""Comes with matplotlib, so that a picture is the same everywhere."""
SIZE, SMALL = 9.0, 7.5
LINE = 0.165
"""Height of a line of text."""
EDGE = 0.2
INK, MIDDLE, PALE = "#1a1a1a", "#6b6b6b", "#d0d0d0"
_MARKS: dict[str, dict[str, Any]] = {
    # Told apart by shape and filling, so that nothing hangs on colour.
    "independent": {"marker": "s", "markerfacecolor": INK, "markeredgecolor": INK},
    "interested": {"marker": "^", "markerfacecolor": "#a6a6a6", "markeredgecolor": INK},
    "vendor": {"marker": "D", "markerfacecolor": "white", "markeredgecolor": INK},
    "unknown": {"marker": "o", "markerfacecolor": "white", "markeredgecolor": INK},
    "": {"marker": "s", "markerfacecolor": INK, "markeredgecolor": INK},
}
FLAG_WORDS = {
    "independent": "no seller or stake",
    "interested": "interested party",
    "vendor": "VENDOR",
    "unknown": "flag not set",
    "": "",
}
"""Vendor flags as a picture says them."""


class Sheet:
    """A figure whose places are inches from its upper left corner.

    Attributes:
        figure: The matplotlib figure.
        width: In inches.
        height: In inches.
    """

    def __init__(self, width: float, height: float) -> None:
        # Without pyplot: nothing is shown, and no global state is touched.
        self.figure = needed("matplotlib.figure", EXTRA).Figure(figsize=(width, height), dpi=100)
        needed("matplotlib.backends.backend_agg", EXTRA).FigureCanvasAgg(self.figure)
        self.width, self.height = width, height

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """Axes in a rectangle, without a frame."""
        place = (left / self.width, 1 - (top + height) / self.height, width / self.width, height / self.height)
        axes = self.figure.add_axes(place)
        for spine in axes.spines.values():
            spine.set_visible(False)
        axes.tick_params(labelsize=SMALL, labelfontfamily=FONT, colors=INK, length=3)
        return axes

    def say(self, left: float, middle: float, text: str, *, size: float = SIZE, **options: Any) -> None:
        """A text of one line, at the middle of its height; a dollar is a dollar."""
        self.figure.text(
            left / self.width,
            1 - middle / self.height,
            printable(text),
            parse_math=False,
            fontfamily=FONT,
            fontsize=size,
            va=options.pop("va", "center"),
            color=options.pop("color", INK),
            **options,
        )

    def lines(self, left: float, top: float, lines: Iterable[str], **options: Any) -> float:
        """Texts below each other; returns where they end."""
        for text in lines:
            self.say(left, top + LINE / 2, text, **options)
            top += LINE
        return top


def mark(flag: str, size: float = 6.0, *, hollow: bool = False) -> dict[str, Any]:
    """How a point is drawn, by the vendor flag of its source.

    Args:
        flag: The flag; empty when it is not told.
        size: In points.
        hollow: For a number without an interval.
    """
    drawn = {**_MARKS[flag], "markersize": size, "markeredgewidth": 1.1, "linestyle": "none", "zorder": 3}
    return {**drawn, "markerfacecolor": "white", "markeredgecolor": MIDDLE} if hollow else drawn


def limit_arrow(axes: Any, at: tuple[float, float], way: tuple[float, float]) -> None:
    """An arrow from a limit towards where the number may lie.

    Args:
        axes: The axes.
        at: Where the limit stands.
        way: How far the arrow goes, in points.
    """
    arrow = {"arrowstyle": "<|-", "color": INK, "linewidth": 1.1, "shrinkA": 0, "shrinkB": 0}
    # Drawn backwards, since only the text's end of an arrow can be told in points.
    axes.annotate("", xy=at, xytext=way, textcoords="offset points", arrowprops=arrow, zorder=2)


@cache
def _measuring() -> tuple[Any, Any]:
    path = needed("matplotlib.textpath", EXTRA).TextToPath()
    return path, needed("matplotlib.font_manager", EXTRA).FontProperties


@cache
def width_of(text: str, size: float = SIZE, *, bold: bool = False) -> float:
    """How wide a text is, in inches."""
    import warnings

    path, properties = _measuring()
    font = properties(family=FONT, size=size, weight="bold" if bold else "normal")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a sign that the font does not have is as wide as the box in its place
        width: float = path.get_text_width_height_descent(printable(text), font, False)[0]
    return width / 72


def wrapped(text: str, width: float, *, size: float = SIZE, most: int = 3, bold: bool = False) -> list[str]:
    """A text broken where a column ends; what does not fit into so many lines ends in an ellipsis.

    Args:
        text: The text.
        width: Of the column, in inches.
        size: Of the font, in points.
        most: At most so many lines.
        bold: Whether it is set in bold.
    """
    lines: list[str] = []
    line = ""
    for word in _pieces(" ".join(text.split()), width, size, bold=bold):
        longer = f"{line} {word}" if line else word
        if width_of(longer, size, bold=bold) <= width:
            line = longer
        else:
            lines.append(line)
            line = word
    lines.append(line)
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and width_of(f"{last} …", size, bold=bold) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()} …"]


def _pieces(text: str, width: float, size: float, *, bold: bool) -> Iterable[str]:
    """Words, cut where one is wider than the column."""
    for word in text.split(" "):
        rest = word
        while rest and width_of(rest, size, bold=bold) > width:
            end = next(n for n in range(len(rest) - 1, 0, -1) if n == 1 or width_of(rest[:n], size, bold=bold) <= width)
            yield rest[:end]
            rest = rest[end:]
        yield rest


def legend_of(sheet: Sheet, left: float, middle: float, flags: Sequence[str]) -> None:
    """The marks that occur, each with what it says of its source."""
    for flag in flags:
        axes = sheet.axes(left, middle - 0.08, 0.16, 0.16)
        axes.set_axis_off()
        axes.set_xlim(-1, 1)
        axes.set_ylim(-1, 1)
        axes.plot([0], [0], **mark(flag), clip_on=False)
        sheet.say(left + 0.22, middle, FLAG_WORDS[flag], size=SMALL)
        left += 0.22 + width_of(FLAG_WORDS[flag], SMALL) + 0.28


def foot(sheet: Sheet, top: float, notes: Iterable[str]) -> float:
    """Notes under a plot, wrapped; returns where they end."""
    return sheet.lines(EDGE, top, foot_lines(notes, sheet.width), size=SMALL, color="#333333")


def foot_lines(notes: Iterable[str], width: float) -> list[str]:
    """Notes as lines of a sheet of that width."""
    return [line for note in notes for line in wrapped(note, width - 2 * EDGE, size=SMALL, most=8)]
