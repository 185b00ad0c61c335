"""Findings as a table of pandas or polars: a row for each estimate, units as columns."""

from __future__ import annotations

import csv
import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, NamedTuple

from evidencekb.answers.figures import Figure
from evidencekb.errors import QuestionError
from evidencekb.extras import needed
from evidencekb.queries.desk import desk_of
from evidencekb.queries.selection import selected_ids
from evidencekb.queries.subjects import finding_ids

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.model import Finding

_AT_ONCE = 500
LIBRARIES = ("pandas", "polars")
"""What a table can be made with; each is an extra of this package."""
TEXT, NUMBER, WHOLE, DAY = "text", "number", "whole number", "day"


class Column(NamedTuple):
    """What a column holds: its type, and what it means."""

    type: str
    meaning: str


COLUMNS: Mapping[str, Column] = {
    "id": Column(TEXT, "finding#estimate"),
    "finding": Column(TEXT, "id of the finding"),
    "estimate": Column(TEXT, "name of the estimate within it"),
    "outcome": Column(TEXT, "id of what the number is about"),
    "outcome_label": Column(TEXT, "the same in words"),
    "phrase": Column(TEXT, "what exactly it is a number of"),
    "measure": Column(TEXT, "the kind of number, a Measure; absent for a direction alone"),
    "value": Column(NUMBER, "the number, in unit; absent for a range or a direction"),
    "unit": Column(TEXT, "unit of value, bounds, range and se; 1 for a share"),
    "qualifier": Column(TEXT, "how the printed number is limited, a Qualifier: exactly, about, at_most …"),
    "lower": Column(NUMBER, "lower bound of the printed interval, in unit"),
    "upper": Column(NUMBER, "upper bound"),
    "level": Column(NUMBER, "its level, such as 0.95"),
    "no_interval": Column(TEXT, "why there is no interval: not_printed, not_seen, not_applicable"),
    "se": Column(NUMBER, "standard error as printed, in unit"),
    "p_value": Column(NUMBER, "p value as printed"),
    "low": Column(NUMBER, "low end of a range, in unit; a range is no interval"),
    "high": Column(NUMBER, "high end"),
    "range_over": Column(TEXT, "what the range runs over, a RangeOver"),
    "direction": Column(TEXT, "a Direction, when the source gives no number"),
    "display": Column(TEXT, "the number as text, as a page prints it"),
    "n": Column(NUMBER, "sample size; absent when none may stand as n"),
    "n_qualifier": Column(TEXT, "how the sample size is limited, a Qualifier"),
    "n_of": Column(TEXT, "what was counted"),
    "n_level": Column(TEXT, "at which level, a SampleLevel"),
    "group": Column(TEXT, "whom or what the number is of"),
    "comparator": Column(TEXT, "whom or what it is set against"),
    "period": Column(TEXT, "when it held, as an EDTF date"),
    "since": Column(DAY, "first day of the period"),
    "until": Column(DAY, "last day of the period"),
    "place": Column(TEXT, "where it held"),
    "cohort": Column(TEXT, "id of the first cohort"),
    "cohort_fit": Column(TEXT, "how those measured stand to it, a CohortFit"),
    "cohorts": Column(TEXT, "ids of all cohorts, a space between"),
    "definition": Column(TEXT, "id of the definition of the outcome"),
    "definitions": Column(TEXT, "ids of all definitions, a space between"),
    "nature": Column(TEXT, "observed, reported, modelled, forecast …, a Nature"),
    "design": Column(TEXT, "the study design, a Design"),
    "preregistered": Column(TEXT, "yes, no or unknown"),
    "vendor": Column(TEXT, "vendor flag of the primary source"),
    "vendor_reason": Column(TEXT, "why it is set"),
    "replications_successful": Column(WHOLE, "independent studies that found the same"),
    "replications_failed": Column(WHOLE, "independent studies that did not"),
    "replications_other": Column(WHOLE, "independent studies with another outcome, or none recorded"),
    "contradicted_by": Column(TEXT, "ids of findings that point the other way, a space between"),
    "standing": Column(TEXT, "what happened to the primary source"),
    "standing_checked_on": Column(DAY, "the day somebody looked"),
    "version": Column(TEXT, "version of the work"),
    "caveats": Column(TEXT, "codes of the limits of this figure and its finding, a space between"),
    "source": Column(TEXT, "citation key of the primary source"),
    "locator": Column(TEXT, "page, table or section"),
    "source_label": Column(TEXT, "byline of the source"),
    "reference": Column(TEXT, "the citation that is printed behind the figure"),
}
"""The columns in their order."""
_POLARS = {TEXT: "String", NUMBER: "Float64", WHOLE: "Int64", DAY: "Date"}
_PANDAS = {TEXT: "string", NUMBER: "float64", WHOLE: "int64", DAY: "datetime64[s]"}


def findings_frame(
    kb: KnowledgeBase,
    findings: Finding | str | Iterable[Finding | str] | None = None,
    *,
    library: str = "pandas",
    **selection: Any,
) -> Any:
    """Findings as a table: a row for each estimate with its unit, interval, n, cohort, definition, flags and citation.

    A number never loses what limits it: ``qualifier`` tells bounds from points, ``no_interval`` tells which absence it is, and
    ``reference`` is the citation that belongs behind it. Findings without an estimate give no row.

    Args:
        kb: The knowledge base.
        findings: Findings or their ids; or none, and options instead.
        library: ``"pandas"`` or ``"polars"``; each is an extra of this package.
        **selection: The options of :func:`select_findings`. With neither findings nor options all findings are taken, without
            those withdrawn.

    Returns:
        A ``pandas.DataFrame`` or a ``polars.DataFrame`` with the same columns in the same order:
        :data:`evidencekb.exports.frames.COLUMNS` says of each what it holds. Texts are ``string`` (pandas) or ``String``
        (polars), numbers ``float64``, whole numbers ``int64``, days ``datetime64[s]`` or ``Date``; what is absent is missing.
        Strongest findings come first. A pandas table has the stamp of the pack in its ``attrs``.

    Raises:
        UnknownIdError: If there is no such finding, or an option names none.
        QuestionError: If findings and options are given at once, or there is no such library.
        EngineError: If the library is not installed; it names the extra.
        TypeError: If an option is none of those of :func:`select_findings`.

    Examples:
        >>> from evidencekb import load
        >>> frame = findings_frame(load(), outcome="pull-requests-completed", library="polars")
        >>> frame.select("id", "value", "unit", "se", "n", "vendor").row(0)
        ('cui-2026-accenture#pull-requests', 17.94, '%', 18.72, 316.0, 'vendor')
        >>> frame.schema["value"], frame.schema["since"]
        (Float64, Date)
    """
    if library not in LIBRARIES:
        raise QuestionError(f"there is no library {library!r} for tables; take one of {', '.join(LIBRARIES)}")
    made = needed(library, library)
    if findings is not None and selection:
        raise QuestionError(f"give findings, or options such as {min(selection)}, but not both")
    ids = selected_ids(kb, **selection) if findings is None else finding_ids(kb, findings)
    rows = list(_rows(kb, ids))
    columns = {name: [row[name] for row in rows] for name in COLUMNS}
    return _pandas(made, columns, kb.stamp) if library == "pandas" else _polars(made, columns)


def estimates_csv(kb: KnowledgeBase, *, progress: Callable[[int, int], None] | None = None) -> Iterator[str]:
    r"""Findings as CSV, line by line: a row for each estimate, with the columns of :func:`findings_frame`.

    The first line names the columns. Fields are quoted as RFC 4180 says, lines end in CR LF; what is absent is an empty field.
    Strongest findings come first, those withdrawn are left out.

    Args:
        kb: The knowledge base.
        progress: Told how many findings are done, of how many.

    Examples:
        >>> from evidencekb import load
        >>> next(estimates_csv(load()))[:32]
        'id,finding,estimate,outcome,outc'
    """
    lines: list[str] = []
    writer = csv.DictWriter(_Lines(lines), COLUMNS)
    writer.writeheader()
    yield lines.pop()
    ids = selected_ids(kb)
    for start in range(0, len(ids), _AT_ONCE):
        writer.writerows(_rows(kb, ids[start : start + _AT_ONCE]))
        yield from lines
        lines.clear()
        if progress is not None:
            progress(min(start + _AT_ONCE, len(ids)), len(ids))


class _Lines:
    """Keeps what is written to it."""

    def __init__(self, lines: list[str]) -> None:
        self.write = lines.append


def _pandas(pandas: Any, columns: Mapping[str, list[Any]], stamp: Mapping[str, str]) -> Any:
    frame = pandas.DataFrame(
        {name: pandas.Series(held, dtype=_PANDAS[COLUMNS[name].type]) for name, held in columns.items()}
    )
    frame.attrs["evidencekb"] = dict(stamp)
    return frame


def _polars(polars: Any, columns: Mapping[str, list[Any]]) -> Any:
    types = {name: getattr(polars, _POLARS[column.type]) for name, column in COLUMNS.items()}
    return polars.DataFrame(columns, schema=types)


def _rows(kb: KnowledgeBase, ids: Iterable[str]) -> Iterator[dict[str, Any]]:
    for known in desk_of(kb).known(ids).values():
        for figure in known.card.figures:
            codes = [caveat.code for caveat in (*figure.caveats, *known.card.caveats)]
            yield {**_row(figure), "caveats": _joined(dict.fromkeys(codes))}


def _row(figure: Figure) -> dict[str, Any]:
    interval: Mapping[str, Any] = figure.interval or {}
    spread: Mapping[str, Any] = figure.range or {}
    n: Mapping[str, Any] = figure.n or {}
    cohort: Mapping[str, Any] = figure.cohorts[0] if figure.cohorts else {}
    since, until = _days(figure.period)
    own = next((held["id"] for held in figure.definitions if held["of"] == figure.outcome.id), None)
    return {
        "id": figure.id,
        "finding": figure.finding,
        "estimate": figure.estimate,
        "outcome": figure.outcome.id,
        "outcome_label": figure.outcome.label,
        "phrase": figure.phrase,
        "measure": figure.measure,
        "value": _number(figure.value),
        "unit": figure.unit,
        "qualifier": figure.qualifier,
        "lower": _number(interval.get("lower")),
        "upper": _number(interval.get("upper")),
        "level": _number(interval.get("level")),
        "no_interval": figure.no_interval["code"] if figure.no_interval else None,
        "se": _number(figure.se),
        "p_value": _number(figure.p_value),
        "low": _number(spread.get("low")),
        "high": _number(spread.get("high")),
        "range_over": spread.get("over"),
        "direction": figure.direction,
        "display": figure.display,
        "n": _number(n.get("value")),
        "n_qualifier": n.get("qualifier"),
        "n_of": n.get("of"),
        "n_level": n.get("level"),
        "group": figure.group,
        "comparator": figure.comparator,
        "period": figure.period,
        "since": since,
        "until": until,
        "place": figure.place,
        "cohort": cohort.get("cohort"),
        "cohort_fit": cohort.get("fit"),
        "cohorts": _joined(held["cohort"] for held in figure.cohorts),
        "definition": own,
        "definitions": _joined(held["id"] for held in figure.definitions),
        "nature": figure.nature,
        "design": figure.design,
        "preregistered": figure.preregistered,
        "vendor": figure.vendor["flag"],
        "vendor_reason": figure.vendor["reason"],
        "replications_successful": figure.replications["successful"],
        "replications_failed": figure.replications["failed"],
        "replications_other": figure.replications["other"],
        "contradicted_by": _joined(figure.contradicted_by),
        "standing": figure.standing["state"],
        "standing_checked_on": _day(figure.standing["checked_on"]),
        "version": figure.version["label"],
        "source": figure.cite["key"],
        "locator": figure.cite["locator"],
        "source_label": figure.cite["label"],
        "reference": figure.cite["text"],
    }


def _number(value: float | None) -> float | None:
    return None if value is None else float(value)


def _joined(ids: Iterable[str]) -> str | None:
    return " ".join(ids) or None


def _days(period: str | None) -> tuple[datetime.date | None, datetime.date | None]:
    """First and last day of a period; None where it is open or not known."""
    if not period:
        return None, None
    from evidencekb.model.dates import bounds  # dates are the model's business

    first, last = bounds(period)
    return _day(first), _day(last)


def _day(text: str | None) -> datetime.date | None:
    """A day; of a year or month its first."""
    if not text:
        return None
    parts = [int(part) for part in text.split("-")]
    return datetime.date(*[*parts, 1, 1][:3])
