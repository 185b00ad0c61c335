from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.bibdates import read_date, read_issued, write_issued


def parts(*dates: tuple[int, ...], **more: Any) -> dict[str, Any]:
    return {"date-parts": [list(date) for date in dates], **more}


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2023", parts((2023,))),
        ("2023-07-13", parts((2023, 7, 13))),
        ("2023-07-13T10:00:00Z", parts((2023, 7, 13))),
        ("2023-7-3", parts((2023, 7, 3))),
        ("1993-00-00", parts((1993,))),
        ("2023/07/13", parts((2023, 7, 13))),
        ("2023.07", parts((2023, 7))),
        ("July 2023", parts((2023, 7))),
        ("13 Jul. 2023", parts((2023, 7, 13))),
        ("July 13, 2023", parts((2023, 7, 13))),
        ("Fall 2020", parts((2020,), season=3)),
        ("2019--2021", parts((2019,), (2021,))),
        ("2023-01/2023-02", parts((2023, 1), (2023, 2))),
        ("ca. 1850", parts((1850,), circa=True)),
        ("1850~", parts((1850,), circa=True)),
        ("in press", {"literal": "in press"}),
        ("199X", {"literal": "199X"}),
        ("0000", {"literal": "0000"}),
        ("31 June 2020", {"literal": "2020-06-31"}),
        ("{}", {}),
    ],
)
def test_dates_are_read_in_parts_or_kept_as_text(text: str, date: dict[str, Any]) -> None:
    assert read_date(text) == date


@pytest.mark.parametrize(
    ("year", "month", "day", "read"),
    [
        ("2023", "December", "", (parts((2023, 12)), True, False)),
        ("2023", "3", "", (parts((2023, 3)), True, False)),
        ("2023", "mar", "5", (parts((2023, 3, 5)), True, True)),
        ("2023", "14 July", "", (parts((2023, 7, 14)), True, False)),
        ("2023", "July~13", "", (parts((2023, 7, 13)), True, False)),
        ("2023", "Sept.", "", (parts((2023, 9)), True, False)),
        ("2023", "Spring", "", (parts((2023,), season=1), True, False)),
        ("2023", "Jul/Aug", "", (parts((2023, 7), (2023, 8)), True, False)),
        ("2023", "January--March", "", (parts((2023, 1), (2023, 3)), True, False)),
        ("2023", "Lent", "", (parts((2023,)), False, False)),
        ("2023", "May 31--2 June", "", (parts((2023,)), False, False)),
        ("2023", "feb", "30", (parts((2023, 2)), True, False)),
        ("2023", "30 feb", "", (parts((2023,)), False, False)),
        ("2023", "13", "", (parts((2023,)), False, False)),
        ("in press", "mar", "", ({"literal": "in press"}, False, False)),
    ],
)
def test_months_and_days_join_a_year_they_fit(year: str, month: str, day: str, read: tuple[Any, ...]) -> None:
    assert read_issued(year, month, day) == read


@given(
    st.one_of(
        st.dates().filter(lambda day: day.year > 999).map(lambda day: parts((day.year, day.month, day.day))),
        st.integers(1000, 9999).map(lambda year: parts((year,), circa=True)),
        st.sampled_from(
            [parts((2019,), (2021,)), parts((2023,), season=2), parts((2023, 7), (2023, 8)), {"literal": "soon"}]
        ),
    )
)
def test_what_bibtex_can_hold_is_read_again(date: dict[str, Any]) -> None:
    fields = dict(write_issued(date))
    assert read_issued(fields["year"], fields.get("month", ""), fields.get("day", ""))[0] == date


@pytest.mark.parametrize("date", [parts((2019, 5), (2021, 6)), parts((-333,)), parts((2019, 5, 1), (2019, 5, 3)), {}])
def test_what_bibtex_cannot_hold_is_not_written(date: dict[str, Any]) -> None:
    assert write_issued(date) == []
