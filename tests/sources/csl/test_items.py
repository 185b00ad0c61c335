from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.sources.csl.items import Item, Name, read_date, read_name, with_extra
from evidencekb.sources.csl.locales import load
from evidencekb.sources.csl.numbers import formed, page_ranges, roman


@pytest.mark.parametrize(
    ("entry", "name"),
    [
        ({"family": "van der Berg", "given": "Ann"}, Name(family="Berg", kept="van der", given="Ann")),
        ({"family": "d'Aubigné", "given": "A"}, Name(family="Aubigné", kept="d'", given="A")),
        ({"family": "O'Neill", "given": "A"}, Name(family="O'Neill", given="A")),
        ({"family": "Al Ali", "given": "A"}, Name(family="Al Ali", given="A")),
        ({"family": "Humboldt", "given": "Alexander von"}, Name(family="Humboldt", given="Alexander", dropping="von")),
        ({"family": "King", "given": "Martin Luther, Jr."}, Name(family="King", given="Martin Luther", suffix="Jr.")),
        ({"family": "van Gogh", "given": "V", "parse-names": False}, Name(family="van Gogh", given="V")),
        ({"literal": "World Bank"}, Name(literal="World Bank")),
    ],
)
def test_names_are_told_into_parts(entry: dict[str, object], name: Name) -> None:
    assert read_name(entry) == name


@pytest.mark.parametrize(
    ("value", "parts", "literal", "circa"),
    [
        ({"date-parts": [["2020", "5"]]}, ((2020, 5, 0),), "", False),
        ({"date-parts": [[2020], [2021, 2]]}, ((2020, 0, 0), (2021, 2, 0)), "", False),
        ({"date-parts": [[2020, 21]]}, ((2020, 13, 0),), "", False),
        ({"date-parts": [[2020]], "season": "4"}, ((2020, 16, 0),), "", False),
        ({"date-parts": [[2020, 40, 99]]}, ((2020, 0, 0),), "", False),
        ({"raw": "June 2, 2020"}, ((2020, 6, 2),), "", False),
        ({"raw": "about then"}, (), "about then", False),
        ({"literal": "../2019-11-06"}, ((2019, 11, 6),), "", True),
        ({"literal": "2019/.."}, ((2019, 0, 0), (0, 0, 0)), "", False),
        ({"literal": "199x"}, (), "199x", False),
        ({"date-parts": [[1900]], "circa": 1}, ((1900, 0, 0),), "", True),
        ("2020-02", ((2020, 2, 0),), "", False),
        ({"date-parts": [[None]]}, (), "", False),
        (None, (), "", False),
    ],
)
def test_dates_are_read(value: object, parts: tuple[tuple[int, int, int], ...], literal: str, circa: bool) -> None:
    date = read_date(value)
    assert (date.parts, date.literal, date.circa) == (parts, literal, circa)


@given(st.one_of(st.text(max_size=30), st.recursive(st.none() | st.integers() | st.text(max_size=5), st.lists)))
def test_nothing_makes_reading_a_date_fail(value: object) -> None:
    read_date(value)
    read_date({"raw": value, "date-parts": value, "season": value})


def test_fields_at_the_head_of_a_note_are_fields() -> None:
    data = with_extra({"id": "a", "title": "T", "note": "title: Other\nevent-date: 2004-10-01\nRemark: x"})
    assert (data["title"], data["event-date"], data["note"]) == ("T", {"raw": "2004-10-01"}, "Remark: x")
    assert Item("a", data).date("event-date").parts == ((2004, 10, 1),)


def test_a_short_title_stands_in_when_it_is_wanted() -> None:
    item = Item("a", {"title": "Long: words", "title-short": "Long", "container-title": "J"})
    assert (item.text("title", "short"), item.text("container-title", "short")) == ("Long", "J")


@pytest.mark.parametrize(
    ("text", "style", "expected"),
    [
        ("101-108", "chicago-16", "101–8"),
        ("321-28", "expanded", "321–328"),
        ("1496-1500", "chicago-16", "1496–500"),
        ("42-45", "minimal", "42–5"),
        ("42-45", "minimal-two", "42–45"),
        ("n11564-n1568", "minimal", "n11564–n1568"),
        ("xxv-xxviii", "minimal", "xxv–xxviii"),
        ("12", "minimal", "12"),
        ("2-3, 7-9", "", "2–3, 7–9"),
    ],
)
def test_page_ranges(text: str, style: str, expected: str) -> None:
    assert page_ranges(text, style) == expected


def test_numbers_in_the_forms_of_a_language() -> None:
    english, french = load("en-US"), load("fr-FR")
    assert [formed(text, "ordinal", english) for text in ("1", "12", "22", "103", "2nd")] == [
        "1st",
        "12th",
        "22nd",
        "103rd",
        "2nd",
    ]
    assert formed("2", "long-ordinal", english) == "second"
    assert (formed("4", "roman", english), roman(0), roman(4000)) == ("iv", "0", "4000")
    assert formed("1", "ordinal", french, "feminine") == "1ʳᵉ"
    assert formed("Second edition", "ordinal", english) == "Second edition"


def test_a_dialect_falls_back_to_its_language_and_then_to_american_english() -> None:
    assert load("de-LI").term("edition") == load("de-DE").term("edition") == "Auflage"
    assert load("fr").term("and") == "et"
    assert load("de-DE").find("no such term") is None
