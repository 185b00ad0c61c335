"""Effect timelines: what was measured when, each figure over the time that it holds for."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal

from evidencekb.answers.naming import counted
from evidencekb.effects.scales import scale_of
from evidencekb.errors import QuestionError
from evidencekb.plots.pictures import Picture
from evidencekb.plots.ranges import axis_name, no_effect, placed_ends, span, ticks, usual_scale
from evidencekb.plots.rows import DERIVED, Row, flags_of, levels_note, one_unit, rows_of, unsized
from evidencekb.plots.sheets import (
    EDGE,
    FLAG_WORDS,
    FONT,
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

_LEFT, _AXIS, _WIDE, _HEIGHT, _KEY = 0.75, 5.0, 8.5, 3.4, 4.2
_MANY = 20
"""Of so many figures the axes are wide."""
_YEARS, _ARROW = 9, 18
_BESIDE = [(x, y) for reach in (1.0, 1.9) for y in (0.09, -0.09) for x in (0.1 * reach, -0.1 * reach)]
"""Where a number may stand beside its mark, in inches; the first place that is free is taken."""


def draw_timeline(
    rows: Iterable[Any],
    *,
    title: str = "",
    axis: str = "",
    scale: str | None = None,
    reference: float | Literal["usual"] | None = "usual",
    left_out: Sequence[str] = (),
) -> Picture:
    """Figures over time: each a bar over the time that it holds for, with its interval at the middle, and a number for the key.

    Nothing is joined by a line: figures of two studies are no series.

    Args:
        rows: Rows with ``since`` and ``until``, or figures. What has no date, or is no single number, is left out and named.
        title: What it is of.
        axis: What stands beside the axis; by default the measure and its unit.
        scale: The scale of the axis: identity, log (ratios), log_change, fisher_z or logit; by default log for ratios and
            identity for all else.
        reference: Where the line of no effect stands; ``"usual"`` is 1 for ratios, 0 for differences, and none for levels.
        left_out: What is not drawn, and why: a sentence each.

    Raises:
        QuestionError: If nothing has a date, the rows have several units, or the scale cannot take a value.
        EngineError: If matplotlib is not installed.

    Examples:
        >>> rows = [Row("Trial A", 12, 3, 21, since="2023-01-01", until="2023-06-30"), Row("Trial B", 5)]
        >>> draw_timeline(rows, title="Two made-up trials").alt
        'Two made-up trials. 1 figure of 2023, n not known; nothing is pooled. Not drawn: Trial B: no date.'
    """
    given, lost = rows_of(rows)
    measure, unit = one_unit(given)
    scale = usual_scale(scale, measure)
    drawn = sorted(
        (row for row in given if row.since or row.until), key=lambda row: (row.since or row.until, row.label)
    )
    if not drawn:
        raise QuestionError("nothing that was given has a date")
    lost = (*lost, *(f"{row.label}: no date" for row in given if not (row.since or row.until)), *left_out)
    line = no_effect(measure, scale) if reference == "usual" else reference
    name = title or "Figures over time"
    figure, cut = _drawn(drawn, line, (name, axis or axis_name(measure, unit, scale), scale), lost)
    notes = _notes(drawn, cut, lost)
    details = tuple(f"{number}. {row.time}: {row.told}" for number, row in enumerate(drawn, start=1))
    return Picture(name, " ".join([f"{name}.", *notes]), details, figure)


def _drawn(
    rows: Sequence[Row], line: float | None, named: tuple[str, str, str], lost: Sequence[str]
) -> tuple[Any, int]:
    """The sheet, and how many intervals run beyond it; named are the title, the axis and its scale."""
    title, axis, scale = named
    to = scale_of(scale).to
    ends = [placed_ends(row.lower, row.upper, scale) for row in rows if row.has_interval]
    low, high = span([to(row.value) for row in rows], ends, [] if line is None else [to(line)])
    cut = sum(lower < low or upper > high for lower, upper in ends)
    notes = _notes(rows, cut, lost)
    keys = [wrapped(f"{number}  {_key(row)}", _KEY, size=SMALL, most=3) for number, row in enumerate(rows, start=1)]
    tall = max(_HEIGHT, min(sum(map(len, keys)), 60) * 0.14 + 0.1)
    columns = _columns(keys, tall)
    wide = _WIDE if len(rows) > _MANY else _AXIS
    width = _LEFT + wide + 0.35 + len(columns) * (_KEY + 0.3) + EDGE
    heading = wrapped(title, width - 2 * EDGE, size=11, bold=True)
    top = EDGE + len(heading) * 0.22 + 0.12
    flagged = flags_of(rows)
    below = top + tall + 0.5 + (0.25 if flagged else 0.0)
    sheet = Sheet(width, below + len(foot_lines(notes, width)) * LINE + EDGE)
    for number, text in enumerate(heading):
        sheet.say(EDGE, EDGE + 0.1 + number * 0.22, text, size=11, fontweight="bold")
    below_axis = top + min(tall, 2 * _HEIGHT)
    axes = sheet.axes(_LEFT, top, wide, below_axis - top)
    _points(axes, rows, (low, high), line, scale)
    if axis:
        (text,) = wrapped(axis, below_axis - top, size=SMALL, most=1)
        sheet.say(0.22, (top + below_axis) / 2, text, size=SMALL, ha="center", rotation=90)
    left = _LEFT + wide + 0.35
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


def _points(axes: Any, rows: Sequence[Row], ends: tuple[float, float], line: float | None, scale: str) -> None:
    low, high = ends
    to = scale_of(scale).to
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
    places = ticks(low, high, scale)
    axes.set_yticks([place for place, _ in places], [text for _, text in places])
    if line is not None:
        axes.axhline(to(line), color=MIDDLE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
    for row, (since, until) in zip(rows, times, strict=True):
        middle, value = (since + until) / 2, to(row.value)
        axes.plot([since, until], [value] * 2, color=INK, linewidth=1.0, alpha=0.75, zorder=2)
        if row.has_interval:
            lower, upper = placed_ends(row.lower, row.upper, scale)
            bottom, up = max(lower, low), min(upper, high)
            axes.plot([middle, middle], [bottom, up], color=MIDDLE, linewidth=1.0, zorder=2)
            for end, beyond, shape in ((bottom, lower < low, "v"), (up, upper > high, "^")):
                axes.plot([middle], [end], marker=shape if beyond else "_", color=MIDDLE, markersize=5, clip_on=False)
        if row.limit:
            limit_arrow(axes, (middle, value), (0, -_ARROW if row.limit == "most" else _ARROW))
        axes.plot([middle], [value], **mark(row.flag, 5.0, hollow=not row.has_interval))
    _numbers(axes, [((since + until) / 2, to(row.value)) for row, (since, until) in zip(rows, times, strict=True)])


def _numbers(axes: Any, marks: Sequence[tuple[float, float]]) -> None:
    """The number of each mark, where neither a mark nor another number stands."""
    box, (wide, tall) = axes.get_position(), axes.figure.get_size_inches()
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    per_x, per_y = box.width * wide / (right - left), box.height * tall / (high - low)
    inches = [((x - left) * per_x, (y - low) * per_y) for x, y in marks]
    taken: list[tuple[float, float]] = []
    for number, (mark_at, (x, y)) in enumerate(zip(marks, inches, strict=True), start=1):
        half = 0.035 * len(str(number))
        places = [(x + beside + math.copysign(half, beside), y + above) for beside, above in _BESIDE]
        free = (place for place in places if _free(place, half, inches, taken))
        place = next(free, places[0])
        taken.append(place)
        way = ((place[0] - x) * 72, (place[1] - y) * 72)
        axes.annotate(
            str(number), mark_at, xytext=way, textcoords="offset points", ha="center", va="center",
            fontsize=SMALL, color=INK, fontfamily=FONT,
        )  # fmt: skip


def _free(
    place: tuple[float, float], half: float, marks: Sequence[tuple[float, float]], taken: Sequence[tuple[float, float]]
) -> bool:
    """Whether nothing stands at a place, in inches; half is half the width of the number."""
    x, y = place
    return not (
        any(abs(x - at) < half + 0.05 and abs(y - up) < 0.085 for at, up in marks)
        or any(abs(x - at) < half + 0.08 and abs(y - up) < 0.1 for at, up in taken)
    )


def _time(row: Row) -> tuple[float, float]:
    """First and last day as years; an open side is the other one."""
    days = [datetime.date.fromisoformat(day) for day in (row.since or row.until, row.until or row.since)]
    first, last = (day.year + (day.timetuple().tm_yday - 1) / 366 for day in days)
    return first, last


def _key(row: Row) -> str:
    size = f", n = {row.size}" if row.size else ", n not known"
    flag = f", {FLAG_WORDS[row.flag]}" if row.flag not in ("", "independent") else ""
    return f"{row.time}: {row.text}{size}{flag}; {row.label}"


def _notes(rows: Sequence[Row], cut: int, left_out: Sequence[str]) -> list[str]:
    years = sorted(day[:4] for row in rows for day in (row.since, row.until) if day)
    when = f"of {years[0]}" if years[0] == years[-1] else f"from {years[0]} to {years[-1]}"
    told = [f"{counted(len(rows), 'figure')} {when}{unsized(rows)}; nothing is pooled."]
    if limits := sum(bool(row.limit) for row in rows):
        told.append(
            f"{counted(limits, 'figure')} {'is a limit' if limits == 1 else 'are limits'}, with an arrow to where it may lie."
        )
    if any(row.basis == DERIVED for row in rows):
        told.append("* The interval was worked out, from the standard error or the like.")
    if bare := sum(not row.has_interval for row in rows):
        told.append(f"{counted(bare, 'figure')} without an interval: hollow.")
    told += levels_note(rows)
    if cut:
        told.append(f"{counted(cut, 'interval')} {'runs' if cut == 1 else 'run'} beyond the axis, as arrows show.")
    told.append(
        f"Not drawn: {'; '.join(text.rstrip('.') for text in left_out)}."
        if left_out
        else "Nothing that was given is left out."
    )
    return told
