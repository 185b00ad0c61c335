"""Forest plots: each estimate with its interval, and below them what they were pooled into, if they were."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, Literal, NamedTuple

from evidencekb.answers.naming import counted
from evidencekb.effects.scales import scale_of
from evidencekb.errors import QuestionError
from evidencekb.plots.pictures import Picture
from evidencekb.plots.ranges import axis_name, no_effect, placed_ends, span, ticks, usual_scale
from evidencekb.plots.rows import DERIVED, Row, flags_of, levels_note, one_unit, rows_of, total, unsized
from evidencekb.plots.sheets import (
    EDGE,
    FLAG_WORDS,
    INK,
    LINE,
    MIDDLE,
    PALE,
    SMALL,
    Sheet,
    foot,
    foot_lines,
    legend_of,
    limit_arrow,
    mark,
    width_of,
    wrapped,
)
from evidencekb.plots.summaries import Summary, summary_of

_LABELS, _AXIS, _GAP = 2.9, 3.2, 0.2
_ARROW = 22
_LINE_POOLED, _PARTED = 1.6 * LINE, 0.28


def draw_forest(
    rows: Iterable[Any],
    *,
    pooled: Any = None,
    beside: Iterable[Any] = (),
    scale: str | None = None,
    title: str = "",
    axis: str = "",
    reference: float | Literal["usual"] | None = "usual",
    left_out: Sequence[str] = (),
) -> Picture:
    """Estimates below each other, each with its interval, n and vendor flag; and what they were pooled into, if they were.

    Marks tell by shape who stands behind a source: a square for nobody who gains, a triangle for an interested party, a diamond
    for a vendor. Where estimates were pooled the size of a mark is its weight. Intervals that run far beyond the others end in
    an arrow; the column beside them has their numbers. An interval that was worked out from a standard error has a star.

    Args:
        rows: Rows, figures, or the parts of a pool; figures that are no single number are left out and named.
        pooled: What :func:`evidencekb.synthesis.pool_values` gave for these rows, in their order and on the same scale, or
            another pooled answer with a ``value``, ``lower`` and ``upper`` in the unit of the rows; None when nothing was
            pooled, which the plot then says.
        beside: Estimates that were not pooled, drawn apart below.
        scale: The scale of the axis: identity, log (ratios), log_change, fisher_z or logit. By default that of a pooled answer,
            else log for ratios and identity for all else.
        title: What it is of.
        axis: What stands under the axis; by default the measure and its unit.
        reference: Where the line of no effect stands; ``"usual"`` is 1 for ratios, 0 for differences, and none for levels.
        left_out: What is not drawn, and why: a sentence each.

    Raises:
        QuestionError: If there is nothing to draw, the rows have several units, the scale cannot take a value, ratios were pooled
            and nobody says on which scale, or the number of rows is not that of the estimates that were pooled.
        EngineError: If matplotlib is not installed.

    Examples:
        >>> from evidencekb.synthesis import pool_values
        >>> rows = [Row("A", 0.1, -0.3, 0.5, n=40), Row("B", 0.3, 0.02, 0.58, n=90)]
        >>> values, errors = zip(*(row.on("identity") for row in rows))
        >>> pooled = pool_values(values, [error**2 for error in errors], method="DL")
        >>> picture = draw_forest(rows, pooled=pooled, title="Two made-up trials")
        >>> picture.alt.split(". ")[1]
        'Pooled: 0.2342 [0.004843, 0.4636] by random effects, DL (DerSimonian-Laird); Wald (normal) interval; k = 2, n = 130'

    References:
        Lewis & Clarke (2001), Forest plots: trying to see the wood and the trees, BMJ 322, 1479-1480.
    """
    drawn, lost = rows_of(rows, pool=pooled)
    apart, lost_apart = rows_of(beside, pool=pooled)
    if not drawn and not apart:
        raise QuestionError("there is no number to draw" + (f": {'; '.join(lost)}" if lost else ""))
    measure, unit = one_unit([*drawn, *apart])
    scale = usual_scale(scale, measure, pooled)
    summary = None if pooled is None else summary_of(pooled, scale, measure, unit)
    if summary is not None and summary.k != len(drawn):
        raise QuestionError(
            f"{counted(summary.k, 'estimate')} went into the pool and {counted(len(drawn), 'row')} are given; "
            "give what was not pooled as beside="
        )
    line = no_effect(measure, scale) if reference == "usual" else reference
    forest = _Forest(drawn, apart, summary, scale, line)
    notes = _notes(forest, (*lost, *lost_apart, *left_out))
    name = title or "Estimates side by side"
    figure = _Drawing(forest, name, axis or axis_name(measure, unit, scale), notes).sheet.figure
    alt = " ".join([f"{name}.", *notes])
    return Picture(name, alt, tuple(row.told for row in (*drawn, *apart)), figure)


class _Forest:
    """What is drawn, and where."""

    def __init__(
        self, rows: Sequence[Row], beside: Sequence[Row], summary: Summary | None, scale: str, line: float | None
    ) -> None:
        self.rows, self.beside, self.summary, self.scale, self.line = rows, beside, summary, scale, line
        self.all = (*rows, *beside)
        self.to = scale_of(scale).to
        ends = [self.ends(row) for row in self.all if row.has_interval]
        also = [] if line is None else [self.to(line)]
        if summary is not None:
            also += [summary.at(summary.lower), summary.at(summary.upper), *map(summary.at, summary.prediction or ())]
        self.low, self.high = span([self.to(row.value) for row in self.all], ends, also)

    def ends(self, row: Row) -> tuple[float, float]:
        """The ends of an interval on the axis."""
        return placed_ends(row.lower, row.upper, self.scale)

    @property
    def cut(self) -> int:
        """How many intervals run beyond the axis."""
        ends = [self.ends(row) for row in self.all if row.has_interval]
        return sum(lower < self.low or upper > self.high for lower, upper in ends)


class _Columns(NamedTuple):
    """Where the columns stand, in inches: the left edge of the axis, right edges of numbers and sizes, left edge of flags."""

    axis: float
    numbers: float
    sizes: float
    flags: float
    width: float


def _columns(forest: _Forest) -> _Columns:
    texts = [*(row.text for row in forest.all), *(forest.summary.texts if forest.summary else ()), "estimate [95%]"]
    axis = EDGE + _LABELS + _GAP
    numbers = axis + _AXIS + _GAP + max(width_of(text, bold=True) for text in texts)
    sizes = numbers + _GAP + max([width_of(row.size) for row in forest.all] + [0.2])
    flags = max(width_of(FLAG_WORDS[row.flag], SMALL, bold=True) for row in forest.all)
    return _Columns(axis, numbers, sizes, sizes + _GAP, sizes + _GAP + flags + EDGE)


class _Drawing:
    """The forest on its sheet."""

    def __init__(self, forest: _Forest, title: str, axis: str, notes: Sequence[str]) -> None:
        self.forest, self.at = forest, _columns(forest)
        self.labels = [wrapped(row.label, _LABELS) for row in forest.all]
        self.heights = [max(1.5, len(lines) + 0.45) * LINE for lines in self.labels]
        below_rows = len(forest.summary.lines) * _LINE_POOLED + 0.12 if forest.summary else 0.0
        parted = _PARTED if forest.beside and forest.rows else 0.0
        heading = wrapped(title, self.at.width - 2 * EDGE, size=11, most=3, bold=True)
        self.top = EDGE + len(heading) * 0.22 + 0.36
        self.height = sum(self.heights) + below_rows + parted
        flagged = flags_of(forest.all)
        below = self.top + self.height + 0.62 + (0.25 if flagged else 0.0)
        self.sheet = Sheet(self.at.width, below + len(foot_lines(notes, self.at.width)) * LINE + EDGE)
        for number, text in enumerate(heading):
            self.sheet.say(EDGE, EDGE + 0.1 + number * 0.22, text, size=11, fontweight="bold")
        self._heads()
        self.axes = self._axes(axis)
        self._rows(below_rows, parted)
        if flagged:
            legend_of(self.sheet, EDGE, below - 0.16, flagged)
        foot(self.sheet, below, notes)

    def _heads(self) -> None:
        """What stands above the columns."""
        rows = self.forest.all
        levels = {row.level for row in rows if row.has_interval}
        name = f"estimate [{levels.pop() * 100:.4g}%]" if len(levels) == 1 else "estimate [interval]"
        middle = self.top - 0.14
        self.sheet.say(self.at.numbers, middle, name, size=SMALL, color=MIDDLE, ha="right")
        if any(row.size for row in rows):
            self.sheet.say(self.at.sizes, middle, "n", size=SMALL, color=MIDDLE, ha="right")

    def _axes(self, name: str) -> Any:
        forest, left, bottom = self.forest, self.at.axis, self.top + self.height
        axes = self.sheet.axes(left, self.top, _AXIS, self.height)
        axes.set_xlim(forest.low, forest.high)
        axes.set_ylim(bottom, self.top)
        axes.set_yticks([])
        places = ticks(forest.low, forest.high, forest.scale)
        axes.set_xticks([place for place, _ in places], [text for _, text in places])
        axes.spines["bottom"].set_visible(True)
        if forest.line is not None:
            axes.axvline(forest.to(forest.line), color=MIDDLE, linewidth=0.9, linestyle=(0, (4, 2)), zorder=1)
        for number, text in enumerate(wrapped(name, _AXIS + _GAP, size=SMALL, most=2) if name else ()):
            self.sheet.say(left + _AXIS / 2, bottom + 0.34 + number * 0.13, text, size=SMALL, ha="center")
        return axes

    def _rows(self, below_rows: float, parted: float) -> None:
        """All rows, from the top: those that were pooled, what they were pooled into, and those beside them."""
        summary, top = self.forest.summary, self.top
        weights = summary.weights if summary else ()
        for number, (row, lines, height) in enumerate(zip(self.forest.all, self.labels, self.heights, strict=True)):
            if number == len(self.forest.rows):
                if summary:
                    self._pooled(summary, top)
                top += below_rows + parted
                if parted:
                    text = "Not pooled" if summary else "Beside these"
                    self.sheet.say(EDGE, top - parted / 2 + 0.03, text, size=SMALL, color=MIDDLE)
            share = weights[number] / max(weights) if number < len(weights) else None
            self._row(row, lines, top + height / 2, share)
            top += height
        if summary and not self.forest.beside:
            self._pooled(summary, top)

    def _row(self, row: Row, lines: Sequence[str], middle: float, share: float | None) -> None:
        say, forest = self.sheet.say, self.forest
        for number, text in enumerate(lines):
            say(EDGE, middle + (number - (len(lines) - 1) / 2) * LINE, text)
        if row.has_interval:
            self._whiskers(row, middle)
        if row.limit:
            limit_arrow(self.axes, (forest.to(row.value), middle), (-_ARROW if row.limit == "most" else _ARROW, 0))
        size = 5.5 if share is None else 3.0 + 6.0 * math.sqrt(share)
        self.axes.plot([forest.to(row.value)], [middle], **mark(row.flag, size, hollow=not row.has_interval))
        say(self.at.numbers, middle, row.text, ha="right")
        say(self.at.sizes, middle, row.size, ha="right")
        say(
            self.at.flags,
            middle,
            FLAG_WORDS[row.flag],
            size=SMALL,
            fontweight="bold" if row.flag == "vendor" else "normal",
        )

    def _whiskers(self, row: Row, middle: float) -> None:
        forest = self.forest
        lower, upper = forest.ends(row)
        low, high = max(lower, forest.low), min(upper, forest.high)
        self.axes.plot([low, high], [middle, middle], color=INK, linewidth=1.2, zorder=2, solid_capstyle="butt")
        for end, beyond, sign in ((low, lower < forest.low, "<"), (high, upper > forest.high, ">")):
            shape: dict[str, Any] = {"marker": sign, "markersize": 5} if beyond else {"marker": "|", "markersize": 6}
            self.axes.plot([end], [middle], color=INK, clip_on=False, zorder=2, **shape)

    def _pooled(self, summary: Summary, top: float) -> None:
        """The pooled number as a diamond from bound to bound, and where a new study is expected as a bar."""
        self.axes.axvline(summary.at(summary.value), color=PALE, linewidth=1.0, zorder=0)
        middle = top + 0.1 + _LINE_POOLED / 2
        low, centre, high = (summary.at(x) for x in (summary.lower, summary.value, summary.upper))
        heights = [middle, middle - 0.085, middle, middle + 0.085]
        self.axes.fill([low, centre, high, centre], heights, color=INK, zorder=3)
        for number, (label, text) in enumerate(summary.lines):
            weight = "normal" if number else "bold"
            self.sheet.say(EDGE, middle + number * _LINE_POOLED, label, fontweight=weight)
            self.sheet.say(self.at.numbers, middle + number * _LINE_POOLED, text, ha="right", fontweight=weight)
        if summary.prediction:
            ends = [summary.at(end) for end in summary.prediction]
            self.axes.plot(
                ends, [middle + _LINE_POOLED] * 2, color=MIDDLE, linewidth=3, solid_capstyle="butt", zorder=2
            )


def _summed(forest: _Forest) -> str:
    if forest.summary is None:
        return f"Nothing is pooled: {counted(len(forest.all), 'estimate')}{unsized(forest.all)}."
    return f"Pooled: {forest.summary.text} by {forest.summary.name}, {total(forest.rows)}."


def _notes(forest: _Forest, left_out: Sequence[str]) -> list[str]:
    """What stands under the plot: the estimator, k and n, what the signs say, and what is not drawn."""
    rows, told = forest.all, [_summed(forest)]
    if forest.summary:
        told += forest.summary.notes
    if forest.beside:
        told.append(f"Not pooled: {counted(len(forest.beside), 'estimate')} drawn apart.")
    if bare := sum(not row.has_interval for row in rows):
        told.append(f"{counted(bare, 'estimate')} without an interval: hollow, without a line.")
    if limits := sum(bool(row.limit) for row in rows):
        told.append(
            f"{counted(limits, 'estimate')} {'is a limit' if limits == 1 else 'are limits'}, with an arrow to where it may lie."
        )
    if any(row.basis == DERIVED for row in rows):
        told.append("* The interval was worked out, from the standard error or the like.")
    told += levels_note(rows)
    if forest.cut:
        told.append(
            f"{counted(forest.cut, 'interval')} {'runs' if forest.cut == 1 else 'run'} beyond the axis, as arrows show."
        )
    if left_out:
        told.append(f"Not drawn: {'; '.join(text.rstrip('.') for text in left_out)}.")
    else:
        told.append("Nothing that was given is left out.")
    return told
