"""Dates and texts of works."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.items import DATES, NAMES, NUMBERS, TEXTS, VARIABLES, date_of, edtf, plain


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023", {"date-parts": [[2023]]}),
        ("2023-07-13", {"date-parts": [[2023, 7, 13]]}),
        ("2021/2022-03", {"date-parts": [[2021], [2022, 3]]}),
        ("2021~", {"date-parts": [[2021]], "circa": True}),
        ("2021-23", {"date-parts": [[2021]], "season": 3}),
    ],
)
def test_a_date_of_a_record_has_parts_and_comes_back(text: str, date: dict[str, object]) -> None:
    assert date_of(text) == date
    assert edtf(date) == text


@pytest.mark.parametrize("text", ["199x", "2023-13", "2023-02-30", "../2021", "forthcoming", "2021-21/2022"])
def test_what_has_no_parts_stands_as_it_is(text: str) -> None:
    assert date_of(text) == {"literal": text}
    assert edtf(date_of(text)) == ""


@pytest.mark.parametrize(
    ("parts", "text"),
    [
        ([["2017", "07", "07"]], "2017-07-07"),
        ([[2017, 13]], "2017"),
        ([[2017, 2, 30]], "2017-02"),
        ([[None]], ""),
        ([[]], ""),
        ([[2017], [None]], "2017"),
        ("2017", ""),
    ],
)
def test_parts_that_are_no_date_are_left_out(parts: object, text: str) -> None:
    assert edtf({"date-parts": parts}) == text


@given(st.dates())
def test_every_day_comes_back(day: object) -> None:
    assert edtf(date_of(str(day))) == str(day)


def test_tags_go_and_comparison_signs_stay() -> None:
    assert (
        plain('p < .05 for <i>E.  coli</i> and <span class="nocase">iPhone</span>s')
        == "p < .05 for E. coli and iPhones"
    )


def test_no_variable_is_of_two_sorts() -> None:
    assert len(VARIABLES) == 3 + len(NAMES) + len(DATES) + len(TEXTS) + len(NUMBERS)
