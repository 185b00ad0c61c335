"""Pooling the rows of a table: whatever holds columns, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest

np = pytest.importorskip("numpy")
pytest.importorskip("scipy")

from evidencekb.errors import QuestionError  # noqa: E402
from evidencekb.synthesis import pool_rows, pool_values  # noqa: E402

ROWS: dict[str, list[Any]] = {
    "place": ["a", "b", "a", "b", "a"],
    "year": [1, 1, 1, 2, 2],
    "unit": ["%"] * 5,
    "value": [1.0, 7.0, 3.0, 9.0, 4.0],
    "se": [1.0, 2.0, 1.0, 1.5, 0.5],
}


@pytest.mark.parametrize("method", ["common", "DL", "HE", "HS", "SJ"])
def test_each_group_is_pooled_as_alone(method: str) -> None:
    found = pool_rows(ROWS, by="place", method=method)
    for place, estimate, se in zip(found.labels["place"], found.pooled.estimate, found.pooled.se, strict=True):
        kept = [at for at, held in enumerate(ROWS["place"]) if held == place]
        alone = pool_values([ROWS["value"][at] for at in kept], [ROWS["se"][at] ** 2 for at in kept], method=method)
        assert (estimate, se) == pytest.approx((alone.estimate, alone.se))


def test_several_columns_make_a_group() -> None:
    found = pool_rows(ROWS, by=["place", "year"], method="common")
    held = found.columns()
    pairs = list(zip(held["place"].tolist(), held["year"].tolist(), held["k"].tolist(), strict=True))
    assert pairs == [("a", 1, 2), ("a", 2, 1), ("b", 1, 1), ("b", 2, 1)]
    assert set(held["method"]) == {"common"}
    assert held["lower"][0] < held["estimate"][0] < held["upper"][0]


@pytest.mark.parametrize("library", ["pandas", "polars", "pyarrow"])
def test_frames_of_any_library_will_do(library: str) -> None:
    module = pytest.importorskip(library)
    frame = module.table(ROWS) if library == "pyarrow" else module.DataFrame(ROWS)
    assert pool_rows(frame, by="place").pooled.estimate == pytest.approx(pool_rows(ROWS, by="place").pooled.estimate)
    with pytest.raises(QuestionError, match="no column 'colour'"):
        pool_rows(frame, by="colour")


def test_what_nobody_looked_at_is_told() -> None:
    assert str(pool_rows(ROWS, by="place")).endswith("; nobody looked whether rows share data")
    odds = pool_rows({**ROWS, "measure": ["odds_ratio"] * 5}, by="place")
    assert "values of odds ratio were taken as they stand, for logarithms" in str(odds)


def test_rows_without_a_value_are_left_out_and_named() -> None:
    found = pool_rows({**ROWS, "se": [1.0, 2.0, None, 1.5, 0.5]}, by="place")
    assert found.left_out.tolist() == [2]
    assert "1 row left out" in str(found)
    assert found.pooled.k.tolist() == [2, 2]


def test_a_group_that_mixes_units_is_refused() -> None:
    mixed = {**ROWS, "unit": ["%", "%", "pp", "%", "%"]}
    with pytest.raises(QuestionError, match="the rows of place a mix unit % and pp; group by unit too"):
        pool_rows(mixed, by="place")
    assert len(pool_rows(mixed, by=["place", "unit"])) == 3
    assert len(pool_rows(mixed, by="place", same=())) == 2
    with pytest.raises(QuestionError, match="mix year"):
        pool_rows(ROWS, by="place", same="year")


@pytest.mark.parametrize("labels", [[5, 900_000_000, 5, 5, 900_000_000], [-2, 3, -2, 3, 3], ["x", "y", "x", "y", "y"]])
def test_labels_are_kept(labels: list[Any]) -> None:
    found = pool_rows({**ROWS, "place": labels}, by="place")
    assert found.labels["place"].tolist() == sorted(set(labels))


@pytest.mark.parametrize(
    ("change", "options", "says"),
    [
        ({}, {"by": ()}, "names no column"),
        ({"value": ["a"] * 5}, {"by": "place"}, "no number"),
        ({"place": ["a"]}, {"by": "place"}, "has 1 rows"),
        ({"se": [None] * 5}, {"by": "place"}, "no row has"),
        ({"se": [0.0] * 5}, {"by": "place"}, "above 0"),
        ({"se": [1, 2, -1, 2, 1]}, {"by": "place"}, "row 2 .* below 0"),
        ({}, {"by": "place", "value": "size"}, "^the rows have no column 'size'"),
        ({}, {"by": "place", "method": "REML"}, "no closed form"),
        ({"place": ["a", 1, None, 2, 3]}, {"by": "place"}, "several kinds"),
    ],
)
def test_what_cannot_be_pooled_is_refused(change: dict[str, Any], options: dict[str, Any], says: str) -> None:
    with pytest.raises(QuestionError, match=says):
        pool_rows({**ROWS, **change}, **options)
