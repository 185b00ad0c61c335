"""Pooling the rows of a table by what they have in common: from columns to pooled groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from evidencekb.errors import QuestionError
from evidencekb.synthesis.grouping import PooledGroups, pool_groups

_SAME = ("measure", "unit")
_ON_SCALE = {
    **dict.fromkeys(("risk_ratio", "rate_ratio", "odds_ratio", "hazard_ratio"), "logarithms"),
    "correlation": "Fisher's z",
}
_NOBODY = "nobody looked whether rows share data"


@dataclass(frozen=True, eq=False)
class PooledRows:
    """The pooled estimate of each group of rows.

    Attributes:
        by: The columns that were grouped by.
        labels: For each of these columns its value of each group, in the order of ``pooled``.
        pooled: The pooled estimates; its labels are numbers of groups.
        left_out: Numbers of the rows without a value or a standard error, counted from 0.
        notes: What a reader has to know besides.
    """

    by: tuple[str, ...]
    labels: dict[str, NDArray[Any]]
    pooled: PooledGroups
    left_out: NDArray[np.int64]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pooled)

    def __str__(self) -> str:
        count = self.left_out.size
        rows = "1 row" if count == 1 else f"{count:,} rows"
        missing = f"; {rows} left out, without a value or a standard error" if count else ""
        return "; ".join([f"by {', '.join(self.by)}: {self.pooled}{missing}", *self.notes])

    def columns(self, level: float = 0.95) -> dict[str, NDArray[Any]]:
        """All of it as columns, to make a table of: labels, k, estimate, se, lower, upper, tau2, and the estimator's name."""
        lower, upper = self.pooled.interval(level)
        method = np.full(len(self), self.pooled.method)
        held = {
            "k": self.pooled.k,
            "estimate": self.pooled.estimate,
            "se": self.pooled.se,
            "lower": lower,
            "upper": upper,
        }
        return {**self.labels, **held, "tau2": self.pooled.tau2, "method": method}


def pool_rows(
    rows: Any,
    *,
    by: str | Iterable[str],
    value: str = "value",
    se: str = "se",
    method: str = "DL",
    same: Iterable[str] | None = None,
) -> PooledRows:
    """Pool the rows of a table by group: a frame of pandas or polars, an Arrow table, or a mapping of arrays.

    Whether rows are independent, and comparable in more than the columns named, nobody looks at here, and the result says so: of
    the rows of ``findings_frame`` many are not, and :func:`evidencekb.pool_by` looks.

    Args:
        rows: What gives a column by its name.
        by: Columns of which rows of one group have the same values, one or several.
        value: The column of the effects: ratios as logarithms, correlations as Fisher's z.
        se: The column of their standard errors.
        method: common, DL, HE, HS or SJ, which have a closed form.
        same: Columns that may not differ inside a group; when left out, measure and unit, where there are such columns.

    Returns:
        The pooled estimate of each group. Rows without a value or a standard error are left out, and named.

    Raises:
        QuestionError: If there is no such column, a group mixes what has to be the same, no row is left, or a standard error is
            not above 0.

    Examples:
        >>> rows = {"place": ["a", "b", "a"], "unit": ["%", "%", "%"], "value": [1, 7, 3], "se": [1, 2, 1]}
        >>> found = pool_rows(rows, by="place", method="common")
        >>> found.columns()["estimate"].tolist(), found.labels["place"].tolist()
        ([2.0, 7.0], ['a', 'b'])
        >>> print(found)
        by place: 2 groups; common effect; k = 3; nobody looked whether rows share data
    """
    names = (by,) if isinstance(by, str) else tuple(by)
    if not names:
        raise QuestionError("by names no column; name one at least")
    effects, errors = (_numbers(rows, name) for name in (value, se))
    keys = [_column(rows, name, effects.size) for name in names]
    fixed = [(name, _column(rows, name, effects.size)) for name in _held(rows, same)]
    left_out = np.flatnonzero(~(np.isfinite(effects) & np.isfinite(errors)))
    if left_out.size:
        kept = np.isfinite(effects) & np.isfinite(errors)
        effects, errors = effects[kept], errors[kept]
        keys, fixed = [key[kept] for key in keys], [(name, column[kept]) for name, column in fixed]
    if not effects.size:
        raise QuestionError("no row has a value and a standard error")
    if (errors < 0).any():
        raise QuestionError(
            f"row {np.flatnonzero(errors < 0)[0]} of those pooled (from 0) has a standard error below 0"
        )
    codes = _coded(keys, names)
    pooled = pool_groups(effects, errors * errors, codes, method=method)
    first = _first(codes, pooled.groups)
    for name, column in fixed:
        places = codes if pooled.groups.size == int(codes.max()) + 1 else np.searchsorted(pooled.groups, codes)
        mixed = np.flatnonzero(column != column[first][places])
        if mixed.size:
            group = ", ".join(f"{n} {key[mixed[0]]}" for n, key in zip(names, keys, strict=True))
            one, other = column[first][places[mixed[0]]], column[mixed[0]]
            raise QuestionError(f"the rows of {group} mix {name} {one!s} and {other!s}; group by {name} too")
    labels = {name: key[first] for name, key in zip(names, keys, strict=True)}
    measures = {str(each) for name, column in fixed if name == "measure" for each in column[first].tolist()}
    return PooledRows(names, labels, pooled, left_out, (*_scales(measures), _NOBODY))


def _scales(measures: set[str]) -> Iterator[str]:
    """As what the values of a measure were taken, which no column tells."""
    for measure in sorted(measures & set(_ON_SCALE)):
        yield f"values of {measure.replace('_', ' ')} were taken as they stand, for {_ON_SCALE[measure]}"


def _numbers(rows: Any, name: str) -> NDArray[np.float64]:
    raw = _raw(rows, name)
    try:
        return np.asarray(raw, dtype=np.float64)
    except (TypeError, ValueError) as problem:
        raise QuestionError(f"column {name!r} holds something that is no number: {problem}") from problem


def _column(rows: Any, name: str, size: int) -> NDArray[Any]:
    column = np.asarray(_raw(rows, name))
    if column.shape != (size,):
        raise QuestionError(f"column {name!r} has {column.size} rows, and the values have {size}")
    return column


def _raw(rows: Any, name: str) -> Any:
    try:
        return rows[name]
    except Exception as problem:  # each library of tables has an error of its own for a missing column
        raise QuestionError(f"the rows have no column {name!r}") from problem


def _held(rows: Any, same: Iterable[str] | None) -> Iterator[str]:
    if same is not None:
        yield from (same,) if isinstance(same, str) else same
        return
    names = getattr(rows, "column_names", None) or getattr(rows, "columns", None)
    known = set(rows.keys()) if names is None and hasattr(rows, "keys") else set(names if names is not None else ())
    yield from (name for name in _SAME if name in known)


def _coded(keys: list[NDArray[Any]], names: tuple[str, ...]) -> NDArray[np.int64]:
    """A number for each combination of labels."""
    codes = np.zeros(keys[0].size, dtype=np.int64)
    for key, name in zip(keys, names, strict=True):
        if key.dtype.kind in "iu" and len(keys) == 1:
            return key.astype(np.int64, copy=False)
        try:
            each, count = _places(key)
        except TypeError as problem:
            raise QuestionError(f"column {name!r} holds labels of several kinds, or none: {problem}") from problem
        codes = codes * count + each
        if len(keys) > 1:
            codes, _ = _places(codes)
    return codes


def _places(key: NDArray[Any]) -> tuple[NDArray[np.int64], int]:
    """The place of each label among all of them, sorted, and how many there are."""
    if key.dtype.kind != "O":
        labels, each = np.unique(key, return_inverse=True)
        return each.astype(np.int64, copy=False), int(labels.size)
    seen: dict[Any, int] = {}
    found = np.fromiter((seen.setdefault(label, len(seen)) for label in key.tolist()), np.int64, key.size)
    sorted_place = np.empty(len(seen), dtype=np.int64)
    sorted_place[[seen[label] for label in sorted(seen)]] = np.arange(len(seen))
    return sorted_place[found], len(seen)


def _first(codes: NDArray[np.int64], groups: NDArray[Any]) -> NDArray[np.int64]:
    """The first row of each group."""
    low = int(groups.min())
    span = int(groups.max()) - low + 1
    if span > 4 * codes.size:
        _, first = np.unique(codes, return_index=True)
        return np.asarray(first, dtype=np.int64)
    found = np.empty(span, dtype=np.int64)
    found[codes[::-1] - low] = np.arange(codes.size - 1, -1, -1)
    return np.asarray(found[groups - low], dtype=np.int64)
