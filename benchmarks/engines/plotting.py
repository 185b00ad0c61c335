"""A plot with two logarithmic axes as SVG, written by hand: a few lines, and no library to install for it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

WIDTH, HEIGHT, LEFT, TOP, PLOT, LABELS = 620, 460, 60, 40, 360, 180
COLOURS = ("#4477aa", "#66ccee", "#228833", "#ccbb44", "#ee6677", "#aa3377", "#777777", "#994455", "#997700", "#6699cc")


@dataclass(frozen=True, slots=True)
class Line:
    """A contender's points.

    Attributes:
        label: Written at the end of the line.
        points: Findings and value, both above zero, ascending.
        strong: Drawn thick.
    """

    label: str
    points: Sequence[tuple[float, float]]
    strong: bool = False


@dataclass(frozen=True, slots=True)
class Axis:
    """Whole powers of ten around values, on so many pixels from a start."""

    low: int
    high: int
    start: float
    length: float

    @classmethod
    def around(cls, values: Sequence[float], start: float, length: float) -> Axis:
        """The shortest axis that holds all values."""
        low = math.floor(math.log10(min(values)))
        return cls(low, max(math.ceil(math.log10(max(values))), low + 1), start, length)

    def __call__(self, value: float) -> float:
        """Where a value stands, in pixels."""
        return self.start + (math.log10(value) - self.low) / (self.high - self.low) * self.length

    @property
    def ticks(self) -> Iterator[tuple[float, str]]:
        """Each power of ten with its name."""
        for power in range(self.low, self.high + 1):
            yield 10.0**power, f"{10**power:,}" if power >= 0 else f"{10.0**power:.{-power}f}"


def plot(panels: Sequence[tuple[str, Sequence[Line]]]) -> str:
    """Panels side by side, each with its title; a panel without lines is left out."""
    drawn = [(title, lines) for title, lines in panels if lines]
    width = WIDTH * max(len(drawn), 1)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" font-family="sans-serif" font-size="11">',
        f'<rect width="{width}" height="{HEIGHT}" fill="white"/>',
    ]
    for at, (title, lines) in enumerate(drawn):
        parts += [f'<g transform="translate({at * WIDTH},0)">', *_panel(title, lines), "</g>"]
    return "\n".join([*parts, "</svg>", ""])


def _panel(title: str, lines: Sequence[Line]) -> Iterator[str]:
    across = Axis.around([x for line in lines for x, _ in line.points], LEFT, PLOT)
    up = Axis.around([y for line in lines for _, y in line.points], TOP + PLOT, -PLOT)
    yield f'<text x="{LEFT}" y="{TOP - 16}" font-size="14">{escape(title)}</text>'
    for value, name in across.ticks:
        yield _rule(across(value), TOP, across(value), TOP + PLOT)
        yield f'<text x="{across(value):.1f}" y="{TOP + PLOT + 16}" text-anchor="middle">{name}</text>'
    for value, name in up.ticks:
        yield _rule(LEFT, up(value), LEFT + PLOT, up(value))
        yield f'<text x="{LEFT - 6}" y="{up(value) + 4:.1f}" text-anchor="end">{name}</text>'
    yield f'<text x="{LEFT + PLOT / 2}" y="{TOP + PLOT + 36}" text-anchor="middle">findings</text>'
    ends = _apart(sorted((up(line.points[-1][1]), at) for at, line in enumerate(lines)))
    for at, line in enumerate(lines):
        colour = "black" if line.strong else COLOURS[at % len(COLOURS)]
        points = [(across(x), up(y)) for x, y in line.points]
        path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        yield f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="{3 if line.strong else 1.5}"/>'
        for x, y in points:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{3.5 if line.strong else 2.5}" fill="{colour}"/>'
        yield _rule(points[-1][0], points[-1][1], LEFT + PLOT + 8, ends[at], colour)
        weight = ' font-weight="bold"' if line.strong else ""
        yield f'<text x="{LEFT + PLOT + 12}" y="{ends[at] + 4:.1f}" fill="{colour}"{weight}>{escape(line.label)}</text>'


def _rule(x1: float, y1: float, x2: float, y2: float, colour: str = "#dddddd") -> str:
    return f'<line x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" stroke="{colour}" stroke-width="0.7"/>'


def _apart(wanted: Sequence[tuple[float, int]], gap: float = 14) -> dict[int, float]:
    """Heights for labels, each at least a gap below the one before."""
    found: dict[int, float] = {}
    lowest = -math.inf
    for height, at in wanted:
        lowest = max(height, lowest + gap)
        found[at] = lowest
    over = max(0.0, lowest - (HEIGHT - 8))
    return {at: height - over for at, height in found.items()}
