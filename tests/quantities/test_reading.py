# one case a line reads as a table
"""Quantities in English text: what is read, what is passed over, and that no text is slow or breaks it."""

from __future__ import annotations

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.quantities import Kind, Quantity, directions_of, read_directions, read_quantities
from evidencekb.quantities.reading import MOST
from evidencekb.vocab import Qualifier


def only(text: str) -> Quantity:
    (found,) = read_quantities(text)
    return found


@pytest.mark.parametrize(
    ("text", "kind", "first", "last", "unit"),
    [
        ("40%", "percent", 40, 40, ""),
        ("40 percent of jobs", "percent", 40, 40, ""),
        ("40 per cent", "percent", 40, 40, ""),
        ("3.5 percentage points", "points", 3.5, 3.5, ""),
        ("2.1 points less", "points", 2.1, 2.1, ""),
        ("24.5 pp", "points", 24.5, 24.5, ""),
        ("7 % points", "points", 7, 7, ""),
        ("1,692,100 jobs", "number", 1692100, 1692100, ""),
        ("170M new roles", "number", 170e6, 170e6, ""),
        ("27 million people", "number", 27e6, 27e6, ""),
        ("300mn jobs", "number", 300e6, 300e6, ""),
        ("81k charges", "number", 81000, 81000, ""),
        ("$14,900", "money", 14900, 14900, "$"),
        ("US$39 billion", "money", 39e9, 39e9, "USD"),
        ("€5m", "money", 5e6, 5e6, "EUR"),
        ("£12.50", "money", 12.5, 12.5, "GBP"),
        ("10,000 Canadian dollars", "money", 10000, 10000, "CAD"),
        ("11.625 million dollars", "money", 11.625e6, 11.625e6, "$"),
        ("an 11.625-million-dollar settlement", "money", 11.625e6, 11.625e6, "$"),
        ("365000 USD", "money", 365000, 365000, "USD"),
        ("0.46 standard deviations", "sd", 0.46, 0.46, ""),
        ("0.8 SD", "sd", 0.8, 0.8, ""),
        ("half a standard deviation", "sd", 0.5, 0.5, ""),
        ("7.4 seconds", "span", 7.4, 7.4, "s"),
        ("a 6-second look", "span", 6, 6, "s"),
        ("two email hours a week", "span", 2, 2, "h"),
        ("r = .42", "number", 0.42, 0.42, ""),
        ("sixteen developers", "number", 16, 16, ""),
        ("twenty-five recruiters", "number", 25, 25, ""),
        ("two hundred and fifty thousand jobs", "number", 250000, 250000, ""),
        ("eleven million ads", "number", 11e6, 11e6, ""),
        ("a million chats", "number", 1e6, 1e6, ""),
        ("half a million jobs", "number", 5e5, 5e5, ""),
        ("a dozen firms", "number", 12, 12, ""),
        ("two fifths", "share", 0.4, 0.4, ""),
        ("two-thirds of leaders", "share", 2 / 3, 2 / 3, ""),
        ("a third", "share", 1 / 3, 1 / 3, ""),
        ("three quarters of tasks", "share", 0.75, 0.75, ""),
        ("half of them", "share", 0.5, 0.5, ""),
        ("one in five workers", "share", 0.2, 0.2, ""),
        ("two in three", "share", 2 / 3, 2 / 3, ""),
        ("1 in 700 hires", "share", 1 / 700, 1 / 700, ""),
        ("9 out of 10", "share", 0.9, 0.9, ""),
        ("1 out of every 4", "share", 0.25, 0.25, ""),
        ("doubled", "times", 2, 2, ""),
        ("twice as many", "times", 2, 2, ""),
        ("halved", "times", 0.5, 0.5, ""),
        ("three times as many", "times", 3, 3, ""),
        ("a threefold rise", "times", 3, 3, ""),
        ("10x", "times", 10, 10, ""),
        ("17-20%", "percent", 17, 20, ""),
        ("17–20%", "percent", 17, 20, ""),
        ("between 17% and 20%", "percent", 17, 20, ""),
        ("from 17 to 20%", "percent", 17, 20, ""),
        ("1–3 percentage points", "points", 1, 3, ""),
        ("2 to 3 million", "number", 2e6, 3e6, ""),
        ("a tenth to three tenths", "share", 0.1, 0.3, ""),
        ("one to three points", "points", 1, 3, ""),
        ("-38% to +9%", "percent", -38, 9, ""),
        ("−40%", "percent", -40, -40, ""),
        ("in May 2024", "date", 2024, 2024, "2024-05"),
        ("on 16 May 2025", "date", 2025, 2025, "2025-05-16"),
        ("on May 16, 2025", "date", 2025, 2025, "2025-05-16"),
        ("2024-05-30", "date", 2024, 2024, "2024-05-30"),
        ("over 2022-32", "date", 2022, 2032, ""),
        ("the 2024/25 round", "date", 2024, 2025, ""),
    ],
)  # fmt: skip
def test_one_quantity(text: str, kind: str, first: float, last: float, unit: str) -> None:
    found = only(text)
    assert (str(found.kind), found.unit) == (kind, unit)
    assert (found.first, found.last) == pytest.approx((first, last))
    assert text[found.start : found.end] == found.text


@pytest.mark.parametrize(
    ("text", "bound"),
    [
        ("more than 200 people", Qualifier.MORE_THAN),
        ("over 40%", Qualifier.MORE_THAN),
        ("just over 15%", Qualifier.MORE_THAN),
        ("at least 20 percent", Qualifier.AT_LEAST),
        ("no fewer than 3 firms", Qualifier.AT_LEAST),
        ("250 staff or more", Qualifier.AT_LEAST),
        ("2,800+ skills", Qualifier.AT_LEAST),
        ("55 or older", Qualifier.AT_LEAST),
        ("fewer than 1 in 700", Qualifier.LESS_THAN),
        ("under 1%", Qualifier.LESS_THAN),
        ("almost $30,000", Qualifier.LESS_THAN),
        ("nearly 2 million", Qualifier.LESS_THAN),
        ("up to 25%", Qualifier.AT_MOST),
        ("at most a quarter", Qualifier.AT_MOST),
        ("no more than half", Qualifier.AT_MOST),
        ("about 41%", Qualifier.ABOUT),
        ("roughly a fifth", Qualifier.ABOUT),
        ("some 80%", Qualifier.ABOUT),
        ("~21%", Qualifier.ABOUT),
        ("<1%", Qualifier.LESS_THAN),
        ("under a three-year decree", None),
        ("40%", None),
    ],
)
def test_its_bound(text: str, bound: Qualifier | None) -> None:
    assert only(text).bound is bound


@pytest.mark.parametrize(
    "text",
    [
        "GPT-4 and GPT-3.5 on O*NET 29.1", "Fortune 500 firms", "New York City Local Law 144", "ADEPT-15 and Llama 3-70b",
        "the 22nd and the third edition", "Table 3, p. 7, No. 5 and Section 12", "a third party in the second half",
        "the weaker half", "B2B, CO2 and the 1990s", "outcome 3 of group 5", "Made-up claim 0.", "a sum (made up, 17)",
        "version 1.2.3 at 9:30", "10.5555/audit.2024", "one of them", "nothing at all", "",
    ],
)  # fmt: skip
def test_digits_of_names_ordinals_and_labels_are_no_quantity(text: str) -> None:
    assert read_quantities(text) == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("10 and 12 percent", ["percent", "percent"]),
        ("21.2 against 11.6 percent", ["percent", "percent"]),
        ("45.3 instead of 57.4 percent", ["percent", "percent"]),
        ("41, 43 and 46 percent", ["percent", "percent", "percent"]),
        ("First edition: over 1.3 million, 22% of graduates", ["number", "percent"]),
        ("71.17 minutes with it and 160.89 without", ["span", "number"]),
    ],
)
def test_numbers_of_a_list_share_the_unit_behind_its_last(text: str, kinds: list[str]) -> None:
    assert [str(q.kind) for q in read_quantities(text)] == kinds


def test_a_change_from_one_level_to_another_is_told_apart_from_a_range() -> None:
    assert [q.change for q in read_quantities("rose from 3.7% to 5.4%, between 1 and 2%")] == [True, False]


@pytest.mark.parametrize(
    ("text", "directions"),
    [
        ("ChatGPT cut writing time 40% and raised graded quality 18%", [(-1, "amount"), (1, "amount")]),
        ("took 25.1% less time", [(-1, "amount")]),
        ("were 25% faster", [(1, "speed")]),
        ("put the saving at about 21%", [(-1, "saving")]),
        ("2.1 percentage points less likely", [(-1, "amount")]),
        ("a rise of 33.5%, while jobs would grow 3.1%", [(1, "amount"), (1, "amount")]),
        ("the fall for workers of 22 to 25 is put at 16%", [(-1, "amount"), (-1, "amount")]),
        ("fell to 37%", [None]),
        ("more than 200 people", [None]),
        ("26% in low-income economies", [None]),
        ("rose from 37 to 51 percent", [(1, "amount")]),
        ("15% less than before", [(-1, "amount")]),
    ],
)
def test_the_word_of_direction_that_goes_with_a_number(text: str, directions: list[tuple[int, str] | None]) -> None:
    found = directions_of(text, read_quantities(text))
    assert [d and (d.sign, d.of) for d in found] == directions


def test_a_denied_direction_says_so() -> None:
    (found,) = read_directions("there was no increase")
    assert found.denied


PIECES = st.sampled_from(
    "40% 1,692,100 .42 - – + $ € percent points per cent two fifths a third half one in five to and between from or more"
    " than at least GPT-4 May 2024 2022-32 16 million m bn k hundred x times ( ) , . ; : / % % 9 out of every".split(
        " "
    )
)


@given(
    st.one_of(
        st.text(max_size=200), st.lists(PIECES, max_size=40).map(" ".join), st.lists(PIECES, max_size=40).map("".join)
    )
)
def test_any_text_is_read_and_every_quantity_stands_in_it(text: str) -> None:
    found = read_quantities(text)
    assert len(directions_of(text, found)) == len(found)
    assert [q.text for q in found] == [text[q.start : q.end] for q in found]
    assert all(one.start < one.end <= other.start for one, other in pairwise(found))
    assert all(q.low <= q.high for q in found)


@pytest.mark.parametrize(
    "piece",
    [
        "1,",
        "1,111",
        "9",
        "-",
        "- ",
        "between 1 and ",
        "more than ",
        "two ",
        "two-",
        "1 in ",
        "half a ",
        "from 1 to ",
        "(",
        "$",
        "1.",
        "May ",
        "less ",
        "or more ",
    ],
)
def test_the_time_grows_with_the_length_alone(piece: str) -> None:
    def taken(characters: int) -> float:
        text = piece * (characters // len(piece))
        begin = time.process_time()
        directions_of(text, read_quantities(text))
        return time.process_time() - begin

    taken(2_000)
    short = max(min(taken(4_000), taken(4_000)), 0.001)
    assert min(taken(32_000), taken(32_000)) < short * 8 * 5


def test_of_a_very_long_text_the_beginning_is_read() -> None:
    assert len(read_quantities("7% " * MOST)) == MOST // 3 + 1


def test_kinds_print_as_words() -> None:
    assert str(Kind.PERCENT) == "percent"


@pytest.mark.parametrize(
    ("text", "kind", "number"),
    [
        ("27 callbacks for every 100", "percent", 27),
        ("one firm in six", "share", 1 / 6),
        ("fined CHF 45 million", "money", 45e6),
        ("18 fewer hours", "span", 18),
        ("above 32°C", "number", 32),
    ],
)
def test_rates_codes_and_degrees_are_read(text: str, kind: str, number: float) -> None:
    (found,) = read_quantities(text)
    assert (str(found.kind), found.first) == (kind, number)


def test_the_number_of_an_ellipsis_is_read() -> None:
    assert [q.first for q in read_quantities("Fathers took 22 days of leave, mothers 158")] == [22, 158]
