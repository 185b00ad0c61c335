"""Gap maps: which outcomes were measured in which cohorts, by whom, and where nobody looked."""

from __future__ import annotations

from typing import Any

from evidencekb.answers.gapmaps import (
    BESIDE,
    INDEPENDENT,
    NO_FLAG,
    NOT_SEARCHED,
    OUT_OF_REACH,
    SEARCHED,
    SINGLE,
    STATES,
    VENDOR_ONLY,
    GapMap,
)
from evidencekb.answers.naming import counted
from evidencekb.errors import QuestionError
from evidencekb.extras import needed
from evidencekb.plots.pictures import EXTRA, Picture
from evidencekb.plots.sheets import EDGE, INK, LINE, MIDDLE, SMALL, Sheet, foot, foot_lines, width_of, wrapped

_CELL, _LABELS, _HEADS = 0.46, 2.6, 1.9
_LOOKS: dict[str, tuple[str, str, str, str]] = {
    # Filling, pattern, colour of the text, and what stands in the legend: dark is much, patterns are reservations.
    INDEPENDENT: ("#2f2f2f", "", "white", "2"),
    SINGLE: ("#b5b5b5", "", INK, "1"),
    VENDOR_ONLY: ("white", "////", INK, "V"),
    NO_FLAG: ("white", "....", INK, "?"),
    SEARCHED: ("white", "", INK, "○"),
    OUT_OF_REACH: ("white", "", INK, "×"),
    NOT_SEARCHED: ("white", "", MIDDLE, ""),
}


def draw_gap_map(found: GapMap, *, title: str = "") -> Picture:
    """A gap map: cohorts by outcomes, each cell with the number of its studies and who stands behind them.

    Dark cells have two or more independent studies, grey ones a single one; cells with stripes and a V rest on sellers and
    other interested parties alone. A ring is a recorded search that found nothing; an empty cell is no search at all.

    Args:
        found: What :func:`evidencekb.gap_map` gave.
        title: What it is of.

    Raises:
        QuestionError: If the map has no cell.
        EngineError: If matplotlib is not installed.

    Examples:
        >>> from evidencekb import gap_map, load
        >>> found = gap_map(load(), cohorts="older-workers", outcomes=["callbacks", "pay"])
        >>> draw_gap_map(found, title="Older workers").details[1]
        'Older workers, pay: nothing in this pack, and no search recorded.'

    References:
        Snilstveit et al. (2016), Evidence Gap Maps: a tool for promoting evidence informed policy and strategic research
        agendas, Journal of Clinical Epidemiology 79, 120-129.
    """
    if not found.cells:
        raise QuestionError("the map has no cell; name cohorts and outcomes, or ask of a pack that has findings")
    name = title or "What was measured, in whom"
    notes = [f"{found.text} {counted(found.findings, 'finding')} on the map; nothing is pooled.", *found.left_out]
    if BESIDE in found.legend:
        notes.append(f"B{BESIDE[1:]}.")
    notes.append("A number counts studies; it says nothing of what they found.")
    labels = {ref.id: ref.label for ref in (*found.cohorts, *found.outcomes)}
    details = tuple(f"{labels[cell.cohort]}, {labels[cell.outcome]}: {cell.text}" for cell in found.cells)
    alt = " ".join([f"{name}: a gap map.", *notes])
    return Picture(name, alt, details, _drawn(found, name, notes))


def _drawn(found: GapMap, title: str, notes: list[str]) -> Any:
    columns = [wrapped(ref.label, _HEADS - 0.1, size=SMALL, most=3) for ref in found.outcomes]
    rows = [wrapped(ref.label, _LABELS, size=SMALL, most=2) for ref in found.cohorts]
    heads = max(width_of(line, SMALL) for lines in columns for line in lines) + 0.15
    left = EDGE + max(width_of(line, SMALL) for lines in rows for line in lines) + 0.15
    legend = list(found.counts)
    width = max(left + len(columns) * _CELL + EDGE, 6.4)
    heading = wrapped(title, width - 2 * EDGE, size=11, bold=True)
    top = EDGE + len(heading) * 0.22 + heads
    low = top + len(rows) * _CELL + 0.2
    below = low + len(legend) * 0.24 + 0.08
    sheet = Sheet(width, below + len(foot_lines(notes, width)) * LINE + EDGE)
    for number, text in enumerate(heading):
        sheet.say(EDGE, EDGE + 0.1 + number * 0.22, text, size=11, fontweight="bold")
    for at, lines in enumerate(columns):
        for number, text in enumerate(lines):
            middle = left + (at + 0.5) * _CELL + (number - (len(lines) - 1) / 2) * 0.125
            sheet.say(middle, top - 0.07, text, size=SMALL, rotation=90, ha="center", va="bottom")
    for at, lines in enumerate(rows):
        for number, text in enumerate(lines):
            middle = top + (at + 0.5) * _CELL + (number - (len(lines) - 1) / 2) * 0.13
            sheet.say(left - 0.1, middle, text, size=SMALL, ha="right")
    axes = sheet.axes(left, top, len(columns) * _CELL, len(rows) * _CELL)
    axes.set_xlim(0, len(columns))
    axes.set_ylim(len(rows), 0)
    axes.set_axis_off()
    for number, cell in enumerate(found.cells):
        _cell(
            axes,
            number % len(columns),
            number // len(columns),
            cell.state,
            "" if cell.state == NOT_SEARCHED else cell.shown,
        )
    _legend(sheet, low, legend)
    foot(sheet, below, notes)
    return sheet.figure


def _cell(axes: Any, left: float, top: float, state: str, text: str) -> None:
    filling, pattern, colour, _ = _LOOKS[state]
    rectangle = needed("matplotlib.patches", EXTRA).Rectangle
    axes.add_patch(
        rectangle(
            (left, top), 1, 1, facecolor=filling, hatch=pattern, edgecolor="#9a9a9a", linewidth=0.6, clip_on=False
        )
    )
    behind = {"facecolor": "white", "edgecolor": "none", "pad": 1.2} if pattern else None
    axes.text(
        left + 0.5,
        top + 0.53,
        text,
        ha="center",
        va="center",
        color=colour,
        fontsize=SMALL,
        bbox=behind,
        parse_math=False,
    )


def _legend(sheet: Sheet, top: float, states: list[str]) -> None:
    for number, state in enumerate(states):
        middle = top + number * 0.24 + 0.1
        axes = sheet.axes(EDGE, middle - 0.09, 0.3, 0.18)
        axes.set_xlim(0, 1)
        axes.set_ylim(1, 0)
        axes.set_axis_off()
        _cell(axes, 0, 0, state, _LOOKS[state][3])
        sheet.say(EDGE + 0.4, middle, STATES[state], size=SMALL)
