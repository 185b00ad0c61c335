"""Funnel plots: estimates against their standard errors, around what they were pooled into."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from evidencekb.answers.naming import counted
from evidencekb.effects import multiplier
from evidencekb.errors import QuestionError
from evidencekb.plots.pictures import Picture
from evidencekb.plots.ranges import axis_name, span, ticks, usual_scale
from evidencekb.plots.rows import Row, flags_of, one_unit, rows_of, total
from evidencekb.plots.sheets import (
    EDGE,
    INK,
    LINE,
    MIDDLE,
    PALE,
    SMALL,
    Sheet,
    foot,
    foot_lines,
    legend_of,
    mark,
    wrapped,
)
from evidencekb.plots.summaries import Summary, summary_of

_WIDTH, _LEFT, _AXIS, _HEIGHT = 6.6, 0.85, 5.4, 3.6
_LEVEL = 0.95


def draw_funnel(
    rows: Iterable[Any],
    *,
    pooled: Any,
    test: Any = None,
    filled: Any = None,
    scale: str | None = None,
    title: str = "",
    axis: str = "",
    left_out: Sequence[str] = (),
) -> Picture:
    """Estimates against their standard errors: small studies stand below, and scatter more widely.

    The dashed lines show where 95% of the estimates would lie if all measured the pooled effect and chance alone made them
    differ. A funnel that leans may come from unpublished studies, and from much else.

    Args:
        rows: Rows, figures, or the parts of a pool. Those without a standard error and an interval are left out and named.
        pooled: What :func:`evidencekb.synthesis.pool_values` gave for these rows on the same scale, or another pooled answer, as
            for :func:`draw_forest`.
        test: What a test of asymmetry gave, such as :func:`evidencekb.synthesis.regress_funnel`; its words stand below.
        filled: What :func:`evidencekb.synthesis.fill_funnel` gave; the studies filled in are drawn as crosses.
        scale: The scale: identity, log (ratios), log_change, fisher_z or logit; by default that of a pooled answer.
        title: What it is of.
        axis: What stands under the axis; by default the measure and its unit.
        left_out: What is not drawn, and why: a sentence each.

    Raises:
        QuestionError: If there is nothing to draw, the rows have several units, the scale cannot take a value, or ratios were
            pooled and nobody says on which scale.
        EngineError: If matplotlib is not installed.

    Examples:
        >>> from evidencekb.synthesis import pool_values
        >>> rows = [Row(f"Trial {n}", n / 10, se=n / 20) for n in range(1, 6)]
        >>> pooled = pool_values([row.value for row in rows], [row.se**2 for row in rows], method="DL")
        >>> picture = draw_funnel(rows, pooled=pooled, title="Five made-up trials")
        >>> "random effects, DL (DerSimonian-Laird)" in picture.alt
        True

    References:
        Sterne & Egger (2001), Funnel plots for detecting bias in meta-analysis: guidelines on choice of axis, Journal of Clinical
        Epidemiology 54(10), 1046-1055.
    """
    given, lost = rows_of(rows, pool=pooled)
    measure, unit = one_unit(given)
    scale = usual_scale(scale, measure, pooled)
    drawn = [row for row in given if row.weighable]
    bare = [row for row in given if not row.weighable]
    if not drawn:
        raise QuestionError("no row has a standard error or an interval, so there is no funnel")
    points = [row.on(scale) for row in drawn]
    summary = summary_of(pooled, scale, measure, unit)
    lost = (*lost, *(f"{row.label}: {row.text}" for row in bare), *left_out)
    added = () if filled is None else tuple(filled.values)
    notes = _notes(drawn, summary, test, filled, lost)
    name = title or "Estimates against their standard errors"
    figure = _drawn(
        drawn, points, summary, (added, _added_errors(filled)), name, axis or axis_name(measure, unit, scale), notes
    )
    outside = sum(abs(value - summary.at(summary.value)) > multiplier(_LEVEL) * error for value, error in points)
    seen = f"{outside} of {counted(len(points), 'estimate')} outside the dashed lines."
    alt = " ".join([f"{name}: a funnel plot.", notes[0], seen, *notes[1:]])
    details = tuple(
        f"{row.told}; standard error {error:.3g} on the scale" for row, (_, error) in zip(drawn, points, strict=True)
    )
    return Picture(name, alt, details, figure)


def _added_errors(filled: Any) -> tuple[float, ...]:
    """Standard errors of studies that were filled in, from their weights: each is 1 / (se² + tau²), in percent of all."""
    if filled is None or not filled.added:
        return ()
    pooled = filled.pooled
    kept = pooled.weights[-filled.added :]
    whole = 1 / pooled.se**2
    return tuple(max(100 / (weight * whole) - pooled.tau2, 0.0) ** 0.5 for weight in kept)


def _drawn(
    rows: Sequence[Row],
    points: Sequence[tuple[float, float]],
    summary: Summary,
    added: tuple[Sequence[float], Sequence[float]],
    title: str,
    axis: str,
    notes: Sequence[str],
) -> Any:
    heading = wrapped(title, _WIDTH - 2 * EDGE, size=11, bold=True)
    top = EDGE + len(heading) * 0.22 + 0.12
    flagged = flags_of(rows)
    below = top + _HEIGHT + 0.68 + (0.25 if flagged else 0.0)
    sheet = Sheet(_WIDTH, below + len(foot_lines(notes, _WIDTH)) * LINE + EDGE)
    for number, text in enumerate(heading):
        sheet.say(EDGE, EDGE + 0.1 + number * 0.22, text, size=11, fontweight="bold")
    most = max([error for _, error in points] + list(added[1])) * 1.08 or 1.0
    centre, reach = summary.at(summary.value), multiplier(_LEVEL) * most
    low, high = span([value for value, _ in points] + list(added[0]), [(centre - reach, centre + reach)])
    axes = sheet.axes(_LEFT, top, _AXIS, _HEIGHT)
    axes.set_xlim(low, high)
    axes.set_ylim(most, 0)
    for side in ("left", "bottom"):
        axes.spines[side].set_visible(True)
    places = ticks(low, high, summary.scale)
    axes.set_xticks([place for place, _ in places], [text for _, text in places])
    downs = ticks(0, most, "identity")
    axes.set_yticks([place for place, _ in downs], [text for _, text in downs])
    axes.fill([centre, centre - reach, centre + reach], [0, most, most], color="#f2f2f2", zorder=0)
    axes.plot(
        [centre - reach, centre, centre + reach], [most, 0, most], color=MIDDLE, linewidth=0.9, linestyle=(0, (4, 2))
    )
    axes.axvline(centre, color=INK, linewidth=1.0, zorder=1)
    for row, (value, error) in zip(rows, points, strict=True):
        axes.plot([value], [error], **mark(row.flag, 5.5), clip_on=False)
    axes.plot(
        added[0], added[1], marker="x", linestyle="none", color=MIDDLE, markersize=6, markeredgewidth=1.4, zorder=3
    )
    axes.grid(axis="y", color=PALE, linewidth=0.5, zorder=0)
    axes.set_axisbelow(True)
    for number, text in enumerate(wrapped(axis, _AXIS, size=SMALL, most=2) if axis else ()):
        sheet.say(_LEFT + _AXIS / 2, top + _HEIGHT + 0.34 + number * 0.13, text, size=SMALL, ha="center")
    scaled = "" if summary.scale == "identity" else f" ({summary.scale.replace('_', ' ')} scale)"
    sheet.say(0.28, top + _HEIGHT / 2, f"standard error{scaled}", size=SMALL, ha="center", rotation=90)
    if flagged:
        legend_of(sheet, EDGE, below - 0.16, flagged)
    foot(sheet, below, notes)
    return sheet.figure


def _notes(rows: Sequence[Row], summary: Summary, test: Any, filled: Any, left_out: Sequence[str]) -> list[str]:
    told = [f"Line: {summary.text} by {summary.name}, {total(rows)}.", *summary.notes]
    if len(rows) != summary.k:
        told.append(f"{counted(len(rows), 'estimate')} drawn, {summary.k} pooled.")
    told += [f"{str(found)[:1].upper()}{str(found)[1:].rstrip('.')}." for found in (test, filled) if found is not None]
    if filled is not None and filled.added:
        told.append("Crosses were filled in; nobody measured them.")
    told.append(
        f"Not drawn: {'; '.join(text.rstrip('.') for text in left_out)}." if left_out else "Nothing is left out."
    )
    return told
