"""One line of a plot: a number with its interval, who stands behind it, and what it is of."""

from __future__ import annotations

import datetime
import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from evidencekb.answers.figures import Figure
from evidencekb.answers.numbers import number, spoken, spoken_period
from evidencekb.effects import interval_from_se, se_from_interval, se_on_scale
from evidencekb.errors import QuestionError
from evidencekb.vocab import RATIOS, Measure, VendorFlag

if TYPE_CHECKING:
    from collections.abc import Mapping

PRINTED, DERIVED = "printed", "derived"
_LIMITS = {"at_most": "most", "less_than": "most", "at_least": "least", "more_than": "least"}
_KNOWN: dict[str, tuple[str, ...]] = {
    "flag": tuple(map(str, VendorFlag)),
    "measure": tuple(map(str, Measure)),
    "limit": ("most", "least"),
}
_BARE = frozenset({*RATIOS, Measure.SMD, Measure.CORRELATION, Measure.RELIABILITY})


@dataclass(frozen=True, slots=True)
class Row:
    """One number of a plot, in the unit in which it is printed.

    What is not a number (NaN), as a table has it for what is missing, is None.

    Attributes:
        label: What stands before it.
        value: The number.
        lower: Lower bound of its interval; None when there is none.
        upper: Upper bound.
        level: Confidence level of the interval.
        se: Its standard error, in the unit of the value; None when it is not known.
        n: The sample size; None when none may stand as n.
        flag: The vendor flag of its source: independent, interested, vendor or unknown; empty when it is not told.
        since: First day of the time that it holds for, YYYY-MM-DD; empty when it is not known.
        until: Last day.
        when: The same time as it is recorded, such as ``2025-08/2026``; when left out, made from the two days.
        measure: The kind of number, a ``Measure``; empty when it is not told.
        unit: Its unit.
        shown: The number as it is printed; when left out, made from the value.
        basis: ``printed`` when the interval stands in the source, ``derived`` when it was worked out.
        limit: ``most`` or ``least`` when the source gives no number but a limit; it is drawn as an arrow, and never pooled.

    Raises:
        QuestionError: If the flag, measure or limit is none, a day is none, or an interval or a time ends before it begins.

    Examples:
        >>> row = Row("Trial A", 0.4, 0.1, 0.7, n=120)
        >>> row.text, round(row.on("identity")[1], 3)
        ('0.4 [0.1, 0.7]', 0.153)
    """

    label: str
    value: float
    lower: float | None = None
    upper: float | None = None
    level: float = 0.95
    se: float | None = None
    n: float | None = None
    flag: str = ""
    since: str = ""
    until: str = ""
    when: str = ""
    measure: str = ""
    unit: str = ""
    shown: str = ""
    basis: str = PRINTED
    limit: str = ""

    def __post_init__(self) -> None:
        for name in ("lower", "upper", "se", "n"):
            held = getattr(self, name)
            if held is not None and math.isnan(held):
                object.__setattr__(self, name, None)
        for name, known in _KNOWN.items():
            if (held := getattr(self, name)) and held not in known:
                raise QuestionError(f"{self.label!r} has {held!r} as its {name}; give one of {', '.join(known)}")
        for day in filter(None, (self.since, self.until)):
            _day(day)
        if self.has_interval and self.lower > self.upper:  # type: ignore[operator]  # has_interval says that both are there
            raise QuestionError(f"the interval of {self.label!r} ends before it begins: {self.lower} to {self.upper}")
        if self.since and self.until and self.since > self.until:
            raise QuestionError(f"the time of {self.label!r} ends before it begins: {self.since} to {self.until}")

    @property
    def has_interval(self) -> bool:
        """Whether there is an interval to draw."""
        return self.lower is not None and self.upper is not None

    @property
    def weighable(self) -> bool:
        """Whether it can be pooled: a number, no limit, with a standard error or an interval."""
        return not self.limit and (self.se is not None or self.has_interval)

    @property
    def text(self) -> str:
        """The number with its interval, as a column shows it."""
        value = self.shown or said(self.value, self.measure, self.unit)
        if self.lower is None or self.upper is None:
            return f"{value} [no interval]"
        mark = "*" if self.basis == DERIVED else ""
        # What was worked out has no more digits than it can bear; what was printed keeps its own.
        ends = [float(f"{end:.3g}") if mark else end for end in (self.lower, self.upper)]
        return f"{value} [{ends_of(ends[0], ends[1], self.measure, self.unit)}]{mark}"

    @property
    def size(self) -> str:
        """The sample size, as a column shows it."""
        return "" if self.n is None else f"{self.n:,.0f}"

    @property
    def time(self) -> str:
        """The time that it holds for, in words; empty when it is not known."""
        if self.when:
            return spoken_period(self.when)
        since, until = self.since[:7], self.until[:7]
        if since[5:] == "01" and until[5:] == "12":
            since, until = since[:4], until[:4]
        return since or until if since == until or not (since and until) else f"{since} to {until}"

    @property
    def other_level(self) -> str:
        """The confidence level of its interval where it is not the usual 95%."""
        return f"{self.level * 100:.4g}% interval" if self.has_interval and self.level != 0.95 else ""

    @property
    def told(self) -> str:
        """The whole row in words."""
        size = f"n = {self.size}" if self.size else "n not known"
        parts = [f"{self.label}: {self.text}", self.other_level, size, self.flag]
        return "; ".join(part for part in parts if part)

    def on(self, scale: str) -> tuple[float, float]:
        """The value and its standard error on a scale: what pooling takes, the second squared.

        Args:
            scale: identity, log (ratios), log_change (changes in percent), fisher_z (correlations) or logit (shares).

        Raises:
            QuestionError: If neither a standard error nor an interval is known, it is a limit, or the scale cannot take it.
        """
        from evidencekb.effects.scales import scale_of

        if self.limit:
            raise QuestionError(f"{self.label!r} is a limit, {self.text}, and no number that could be pooled")
        at = scale_of(scale).to(self.value)
        if self.se is not None:
            return at, se_on_scale(self.value, self.se, scale)
        if self.lower is None or self.upper is None:
            raise QuestionError(f"{self.label!r} has neither a standard error nor an interval")
        error = se_from_interval(self.lower, self.upper, value=self.value, level=self.level, scale=scale).se
        return at, float(error or 0.0)


def said(value: float, measure: str, unit: str) -> str:
    """A number as a column shows it; what kind of number it is stands elsewhere.

    Examples:
        >>> said(-0.25, "", ""), said(1.8, "odds_ratio", "1"), said(-40, "percent_change", "%"), said(99761, "", "")
        ('−0.25', '1.8', '−40%', '99,760')
    """
    if measure and math.isfinite(value) and measure not in _BARE:
        return number(value, measure, unit)
    short = f"{value:.4g}"
    if "e" in short and 1e-6 <= abs(value) < 1e15:
        short = f"{float(short):,.10f}".rstrip("0").rstrip(".")
    return short.replace("-", "−").replace("inf", "∞")


def ends_of(lower: float, upper: float, measure: str, unit: str) -> str:
    """The ends of an interval: with a comma, or in words where they have a sign or unit of their own."""
    plain = not measure or measure in _BARE
    return (", " if plain else " to ").join(said(end, measure, unit) for end in (lower, upper))


def row_of(figure: Any, *, label: str = "") -> Row:
    """The row of a figure, or of an estimate that went into a pool.

    A figure with a standard error and no printed interval gets one worked out from it, which is marked as derived.

    Args:
        figure: A figure; or a part of a pool, with value, lower, upper, n, flag and cite.
        label: What to call it; by default its source.

    Raises:
        QuestionError: If it has no single number: a range, or a direction alone.

    Examples:
        >>> from evidencekb import finding_card, load
        >>> (figure,) = finding_card(load(), "metr-2025-developer-slowdown").figures[:1]
        >>> print(row_of(figure).told)
        METR, replication files (2025): +18.8% [+1.3% to +39.4%]; n = 16; independent
    """
    if not isinstance(figure, Figure):
        # A part's interval is made from its standard error on the scale of the pool, whatever the source prints.
        name = label or f"{figure.cite}"
        return Row(name, figure.value, figure.lower, figure.upper, n=figure.n, flag=figure.flag, basis=DERIVED)
    if figure.value is None or figure.measure is None:
        raise QuestionError(f"{figure.id} is no single number: {figure.display}")
    since, until = _days(figure.period)
    held: Mapping[str, Any] = figure.interval or {}
    row = Row(
        label or figure.cite["label"],
        figure.value,
        held.get("lower"),
        held.get("upper"),
        level=held.get("level", 0.95),
        se=figure.se,
        n=figure.n["value"] if figure.n else None,
        flag=figure.vendor["flag"],
        since=since,
        until=until,
        when=figure.period or "",
        measure=figure.measure,
        unit=figure.unit or "",
        shown=figure.display,
        limit=_LIMITS.get(figure.qualifier, ""),
    )
    if row.has_interval or row.se is None:
        return row
    made = interval_from_se(row.value, row.se)
    return replace(row, lower=made.lower, upper=made.upper, basis=DERIVED)


def rows_of(figures: Iterable[Any], *, pool: Any = None) -> tuple[tuple[Row, ...], tuple[str, ...]]:
    """Rows of all that are single numbers, and a sentence for each that is not.

    Rows of one label are told apart by the name of their finding, and by that of their estimate.

    Args:
        figures: Rows, figures, or the parts of a pool.
        pool: The pool of which the parts are; they have its measure, unit and confidence level.

    Examples:
        >>> from evidencekb import finding_card, load
        >>> rows, left_out = rows_of(finding_card(load(), "cui-2024-preview-pull-requests").figures)
        >>> len(rows), left_out[0]
        (0, 'cui-2024-preview-pull-requests#microsoft: +12.92% to +21.83% is no single number')
    """
    rows, names, left_out = [], [], []
    for figure in figures:
        if isinstance(figure, Row):
            rows.append(figure)
            names.append(("", ""))
        elif isinstance(figure, Figure) and (figure.value is None or figure.measure is None):
            left_out.append(f"{figure.id}: {figure.display} is no single number")
        else:
            row = row_of(figure)
            if not isinstance(figure, Figure) and hasattr(pool, "unit"):
                row = replace(row, measure=pool.measure, unit=pool.unit, level=pool.level)
            rows.append(row)
            finding, _, estimate = (figure.id if isinstance(figure, Figure) else figure.figure).partition("#")
            names.append((finding, estimate))
    return tuple(_apart(rows, names)), tuple(left_out)


def one_unit(rows: Sequence[Row]) -> tuple[str, str]:
    """Measure and unit that all rows share; rows that do not tell theirs go with any.

    Raises:
        QuestionError: If they have several: one axis cannot show them.
    """
    held = {(row.measure, row.unit) for row in rows if row.measure}
    if len(held) > 1:
        names = ", ".join(sorted(f"{measure} in {unit}" for measure, unit in held))
        raise QuestionError(f"one axis cannot show {names}; draw each on its own")
    return next(iter(held), ("", ""))


def _apart(rows: Sequence[Row], names: Sequence[tuple[str, str]]) -> list[Row]:
    labels = [row.label for row in rows]
    for place in (0, 1):
        held: dict[str, set[str]] = defaultdict(set)
        for label, name in zip(labels, names, strict=True):
            held[label].add(name[place])
        labels = [
            f"{label}, {name[place]}" if len(held[label]) > 1 and name[place] else label
            for label, name in zip(labels, names, strict=True)
        ]
    return [replace(row, label=label) for row, label in zip(rows, labels, strict=True)]


def _days(period: str | None) -> tuple[str, str]:
    """First and last day of a period; empty where it is open or not known.

    Of an end that is told more coarsely than the beginning nobody knows more than that it was reached: its first day.
    """
    if not period:
        return "", ""
    from evidencekb.model.dates import bounds  # dates are the model's business

    start, _, end = period.partition("/")
    try:
        first, last = bounds(period)
        if first and last and len(end) and len(end) < len(start):
            last = bounds(end)[0]
    except ValueError:
        return "", ""
    return first or "", last or ""


def _day(text: str) -> datetime.date:
    """A day.

    Raises:
        QuestionError: If it is none.
    """
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        raise QuestionError(f"{text!r} is no day; give it as YYYY-MM-DD") from None


def flags_of(rows: Iterable[Row]) -> tuple[str, ...]:
    """The vendor flags that occur, in the order of the vocabulary's ranks."""
    held = {row.flag for row in rows if row.flag}
    return tuple(sorted(held, key=lambda flag: VendorFlag(flag).rank))


def unsized(rows: Iterable[Row]) -> str:
    """Of how many rows the sample size is known, where it is not known of all."""
    known = [row.n is not None for row in rows]
    return "" if all(known) else f", n known of {sum(known)}" if any(known) else ", n not known"


def levels_note(rows: Iterable[Row]) -> list[str]:
    """A sentence on the intervals that have another confidence level than 95%."""
    held = [f"{row.label}: {row.other_level}" for row in rows if row.other_level]
    return [f"Not 95%: {'; '.join(held)}."] if held else []


def total(rows: Iterable[Row]) -> str:
    """How many were measured in all, and of how many rows it is known; empty when of none."""
    from decimal import Decimal

    sizes = [row.n for row in rows]
    known = [n for n in sizes if n is not None]
    if not known:
        return "n not known"
    of = "" if len(known) == len(sizes) else f" (known of {len(known)})"
    return f"n = {spoken(Decimal(str(sum(known))))}{of}"
