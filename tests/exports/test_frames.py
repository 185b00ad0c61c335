"""findings_frame: the same table in two libraries, with what limits a number beside it."""

from __future__ import annotations

import csv
import datetime
import io
import sys
from collections.abc import Iterator
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.exports.frames import COLUMNS, estimates_csv


@pytest.fixture(scope="module")
def kb() -> Iterator[ekb.KnowledgeBase]:
    with ekb.load() as opened:
        yield opened


def test_both_libraries_hold_the_same(kb: ekb.KnowledgeBase) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    one, other = ekb.findings_frame(kb), ekb.findings_frame(kb, library="polars")
    assert list(one.columns) == other.columns == list(COLUMNS)
    for name in ("id", "unit", "reference", "caveats"):
        assert one[name].astype(object).where(one[name].notna(), None).tolist() == other[name].to_list()
    for name in ("value", "lower", "n", "se"):
        assert [None if x != x else x for x in one[name].tolist()] == other[name].to_list()
    assert one.attrs["evidencekb"] == kb.stamp


def test_types_are_those_that_are_stated(kb: ekb.KnowledgeBase) -> None:
    pandas = pytest.importorskip("pandas")
    frame = ekb.findings_frame(kb)
    kinds = {"text": "string", "number": "float64", "whole number": "int64", "day": "datetime64[s]"}
    assert {name: str(kind) for name, kind in frame.dtypes.items()} == {
        name: kinds[column.type] for name, column in COLUMNS.items()
    }
    # A table without rows has them too.
    empty = ekb.findings_frame(kb, [])
    assert (len(empty), list(empty.dtypes)) == (0, list(frame.dtypes))
    assert pandas.isna(frame.loc[frame["measure"].isna(), "value"]).all()


def test_a_row_is_the_figure(kb: ekb.KnowledgeBase) -> None:
    pytest.importorskip("polars")
    (row,) = ekb.findings_frame(kb, "metr-2025-developer-slowdown", library="polars").to_dicts()
    (figure,) = ekb.finding_card(kb, "metr-2025-developer-slowdown").figures
    assert (row["value"], row["unit"], row["lower"], row["upper"], row["level"]) == (18.8, "%", 1.3, 39.4, 0.95)
    assert row["since"] == datetime.date(2025, 2, 1)
    assert row["until"] == datetime.date(2025, 6, 30)
    assert (row["vendor"], row["n"], row["replications_other"]) == ("independent", 16, 1)
    assert row["reference"] == figure.cite["text"]
    assert row["cohort"] in row["cohorts"].split()


def test_a_bound_and_a_range_stay_what_they_are(kb: ekb.KnowledgeBase) -> None:
    pytest.importorskip("polars")
    rows: list[dict[str, Any]] = ekb.findings_frame(
        kb, ["pwc-2024-ai-premium", "cui-2024-preview-pull-requests"], library="polars"
    ).to_dicts()
    assert rows[0]["qualifier"] == "at_most"
    assert rows[1]["value"] is None
    assert (rows[1]["low"], rows[1]["high"]) == (12.92, 21.83)


def test_the_table_as_csv_holds_the_same_rows_in_the_same_order(kb: ekb.KnowledgeBase) -> None:
    pytest.importorskip("polars")
    rows = list(csv.DictReader(io.StringIO("".join(estimates_csv(kb)), newline="")))
    frame = ekb.findings_frame(kb, library="polars").to_dicts()
    as_text = [{name: "" if held is None else str(held) for name, held in row.items()} for row in frame]
    assert rows == as_text


def test_what_cannot_be_asked(kb: ekb.KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ekb.QuestionError, match="pandas, polars"):
        ekb.findings_frame(kb, library="arrow")
    with pytest.raises(ekb.QuestionError, match="not both"):
        ekb.findings_frame(kb, "pytorch-2024-share", skill="pytorch", library="polars")
    monkeypatch.setitem(sys.modules, "pandas", None)
    with pytest.raises(ekb.EngineError, match=r"pip install 'evidencekb\[pandas\]'"):
        ekb.findings_frame(kb)
