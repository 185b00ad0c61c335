"""Effect timelines: what was measured when, each figure over the time that it holds for."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from evidencekb.answers.naming import counted
from evidencekb.errors import QuestionError
from evidencekb.plots.pictures import Picture
from evidencekb.plots.ranges import no_effect, span, ticks
from evidencekb.plots.rows import DERIVED, Row, flags_of, one_unit, rows_of
from evidencekb.plots.sheets import (
    EDGE,
    FLAG_WORDS,
    INK,
    LINE,
    MIDDLE,
    SMALL,
    Sheet,
    foot,
    foot_lines,
    legend_of,
    limit_arrow,
    mark,
    wrapped,
)

_LEFT, _AXIS, _HEIGHT, _KEY = 0.75, 5.0, 3.4, 4.2
_YEARS, _ARROW = 9, 18
_NEAR = (0.03, 0.04)
"""How near two numbers may stand, in shares of the axes."""


def draw_timeline(
    rows: Iterable[Any],
    *,
    title: str = "",
    axis: str = "",
    reference: float | Literal["usual"] | None = "usual",
    left_out: Sequence[str] = (),
) -> Picture:
    """Figures over time: each a bar over the time that it holds for, with its interval at the middle, and a number for the key.

    Nothing is joined by a line: figures of two studies are no series.

    Args:
        rows: Rows with ``since`` and ``until``, or figures. What has no date, or is no single number, is left out and named.
        title: What it is of.
        axis: What stands beside the axis.
        reference: Where the line of no effect stands; ``"usual"`` is 1 for ratios, 0 for differences, and none for levels.
        left_out: What is not drawn, and why: a sentence each.

    Raises:
        QuestionError: If nothing has a date, or the rows have several units.
        EngineError: If matplotlib is not installed.

    Examples:
        >>> rows = [Row("Trial A", 12, 3, 21, since="2023-01-01", until="2023-06-30"), Row("Trial B", 5)]
        >>> draw_timeline(rows, title="Two made-up trials").alt
        'Two made-up trials. 1 figure of 2023; nothing is pooled. Not drawn: Trial B: no date.'
    """
    given, lost = rows_of(rows)
    measure, _ = one_unit(given)
    drawn = sorted(
        (row for row in given if row.since or row.until), key=lambda row: (row.since or row.until, row.label)
    )
    if not drawn:
        raise QuestionError("nothing that was given has a date")
    lost = (*lost, *(f"{row.label}: no date" for row in given if not (row.since or row.until)), *left_out)
    line = no_effect(measure, "identity") if reference == "usual" else reference
    name = title or "Figures over time"
    figure, cut = _drawn(drawn, line, name, axis, lost)
    notes = _notes(drawn, cut, lost)
    details = tuple(f"{number}. {_dates(row)}: {row.told}" for number, row in enumerate(drawn, start=1))
    return Picture(name, " ".join([f"{name}.", *notes]), details, figure)


def _drawn(rows: Sequence[Row], line: float | None, title: str, axis: str, lost: Sequence[str]) -> tuple[Any, int]:
    ends = [(row.lower, row.upper) for row in rows if row.lower is not None and row.upper is not None]
    low, high = span([row.value for row in rows], ends, [] if line is None else [line])
    cut = sum(lower < low or upper > high for lower, upper in ends)
    notes = _notes(rows, cut, lost)
    keys = [wrapped(f"{number}  {_key(row)}", _KEY, size=SMALL, most=3) for number, row in enumerate(rows, start=1)]
    tall = max(_HEIGHT, min(sum(map(len, keys)), 60) * 0.14 + 0.1)
    columns = _columns(keys, tall)
    width = _LEFT + _AXIS + 0.35 + len(columns) * (_KEY + 0.3) + EDGE
    heading = wrapped(title, width - 2 * EDGE, size=11, bold=True)
    top = EDGE + len(heading) * 0.22 + 0.12
    flagged = flags_of(rows)
    below = top + tall + 0.5 + (0.25 if flagged else 0.0)
    sheet = Sheet(width, below + len(foot_lines(notes, width)) * LINE + EDGE)
    for number, text in enumerate(heading):
        sheet.say(EDGE, EDGE + 0.1 + number * 0.22, text, size=11, fontweight="bold")
    axes = sheet.axes(_LEFT, top, _AXIS, min(tall, 2 * _HEIGHT))
    below_axis = top + min(tall, 2 * _HEIGHT)
    _points(axes, rows, (low, high), line)
    if axis:
        sheet.say(0.22, (top + below_axis) / 2, axis, size=SMALL, ha="center", rotation=90)
    left = _LEFT + _AXIS + 0.35
    for column in columns:
        at = top + 0.08
        for lines in column:
            for number, text in enumerate(lines):
                sheet.say(left + (0.2 if number else 0.0), at, text, size=SMALL)
                at += 0.14
        left += _KEY + 0.3
    if flagged:
        legend_of(sheet, EDGE, below - 0.16, flagged)
    foot(sheet, below, notes)
    return sheet.figure, cut


def _columns(keys: Sequence[list[str]], tall: float) -> list[list[list[str]]]:
    columns: list[list[list[str]]] = [[]]
    used = 0.0
    for lines in keys:
        if used + len(lines) * 0.14 > tall and columns[-1]:
            columns.append([])
            used = 0.0
        columns[-1].append(lines)
        used += len(lines) * 0.14
    return columns


def _points(axes: Any, rows: Sequence[Row], ends: tuple[float, float], line: float | None) -> None:
    low, high = ends
    times = [_time(row) for row in rows]
    first, last = min(time[0] for time in times), max(time[1] for time in times)
    room = max((last - first) * 0.06, 0.25)
    axes.set_xlim(first - room, last + room)
    axes.set_ylim(low, high)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(True)
    step = max(1, math.ceil((last - first) / _YEARS))
    years = range(step * math.ceil((first - room) / step), math.floor(last + room) + 1, step)
    axes.set_xticks(list(years), [str(year) for year in years])
    places = ticks(low, high, "identity")
    axes.set_yticks([place for place, _ in places], [text for _, text in places])
    if line is not None:
        axes.axhline(line, color=MIDDLE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    placed: list[tuple[float, float]] = []
    for number, (row, (since, until)) in enumerate(zip(rows, times, strict=True), start=1):
        middle = (since + until) / 2
        axes.plot([since, until], [row.value] * 2, color=INK, linewidth=1.0, alpha=0.75, zorder=2)
        if row.lower is not None and row.upper is not None:
            bottom, up = max(row.lower, low), min(row.upper, high)
            axes.plot([middle, middle], [bottom, up], color=MIDDLE, linewidth=1.0, zorder=2)
            for end, beyond, shape in ((bottom, row.lower < low, "v"), (up, row.upper > high, "^")):
                axes.plot([middle], [end], marker=shape if beyond else "_", color=MIDDLE, markersize=5, clip_on=False)
        if row.limit:
            limit_arrow(axes, (middle, row.value), (0, -_ARROW if row.limit == "most" else _ARROW))
        axes.plot([middle], [row.value], **mark(row.flag, 5.0, hollow=not row.has_interval))
        above = 3 + 9 * _near(placed, ((middle - first) / (last - first + 2 * room), (row.value - low) / (high - low)))
        axes.annotate(
            str(number), (middle, row.value), xytext=(5, above), textcoords="offset points", fontsize=SMALL, color=INK
        )


def _near(placed: list[tuple[float, float]], here: tuple[float, float]) -> int:
    """How many numbers stand at a place already; it is then taken too."""
    found = sum(abs(x - here[0]) < _NEAR[0] and abs(y - here[1]) < _NEAR[1] for x, y in placed)
    placed.append(here)
    return found


def _time(row: Row) -> tuple[float, float]:
    """First and last day as years; an open side is the other one."""
    days = [datetime.date.fromisoformat(day) for day in (row.since or row.until, row.until or row.since)]
    first, last = (day.year + (day.timetuple().tm_yday - 1) / 366 for day in days)
    return first, last


def _dates(row: Row) -> str:
    since, until = row.since[:7], row.until[:7]
    if since[5:] == "01" and until[5:] == "12":
        since, until = since[:4], until[:4]
    return since or until if since == until or not (since and until) else f"{since} to {until}"


def _key(row: Row) -> str:
    size = f", n = {row.size}" if row.size else ""
    flag = f", {FLAG_WORDS[row.flag]}" if row.flag not in ("", "independent") else ""
    return f"{_dates(row)}: {row.text}{size}{flag}; {row.label}"


def _notes(rows: Sequence[Row], cut: int, left_out: Sequence[str]) -> list[str]:
    years = sorted(day[:4] for row in rows for day in (row.since, row.until) if day)
    when = f"of {years[0]}" if years[0] == years[-1] else f"from {years[0]} to {years[-1]}"
    told = [f"{counted(len(rows), 'figure')} {when}; nothing is pooled."]
    if limits := sum(bool(row.limit) for row in rows):
        told.append(
            f"{counted(limits, 'figure')} {'is a limit' if limits == 1 else 'are limits'}, with an arrow to where it may lie."
        )
    if any(row.basis == DERIVED for row in rows):
        told.append(
            "* The interval does not stand in the source; it was worked out from the standard error or the like."
        )
    if bare := sum(not row.has_interval for row in rows):
        told.append(f"{counted(bare, 'figure')} without an interval: hollow.")
    if cut:
        told.append(f"{counted(cut, 'interval')} {'runs' if cut == 1 else 'run'} beyond the axis, as arrows show.")
    told.append(
        f"Not drawn: {'; '.join(text.rstrip('.') for text in left_out)}."
        if left_out
        else "Nothing that was given is left out."
    )
    return told
