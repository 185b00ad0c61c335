"""Check digits notice what their standards promise."""

from __future__ import annotations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from evidencekb import ids
from evidencekb.ids.checkdigits import mod_11_2, mod_97_10, weighted_10, weighted_11

ROR_CHARACTERS = "0123456789abcdefghjkmnpqrstvwxyz"


def isbn10(body: str) -> str:
    return body[:9] + weighted_11(body[:9])


def isbn13(body: str) -> str:
    return f"978{body[:9]}{weighted_10('978' + body[:9])}"


def issn(body: str) -> str:
    return body[:7] + weighted_11(body[:7])


def orcid(body: str) -> str:
    digits = body[:15] + mod_11_2(body[:15])
    return "-".join(digits[at : at + 4] for at in range(0, 16, 4))


MAKERS = {"isbn10": ("isbn", isbn10), "isbn13": ("isbn", isbn13), "issn": ("issn", issn), "orcid": ("orcid", orcid)}
bodies = st.text("0123456789", min_size=15, max_size=15)


@pytest.mark.parametrize("name", MAKERS)
@given(body=bodies, data=st.data())
def test_one_wrong_digit_is_noticed(name: str, body: str, data: st.DataObject) -> None:
    scheme, make = MAKERS[name]
    good = make(body)
    assert ids.problem(scheme, good) is None
    place = data.draw(st.sampled_from([at for at, character in enumerate(good) if character.isdigit()]))
    digit = data.draw(st.sampled_from("0123456789"))
    assume(digit != good[place])
    assert ids.problem(scheme, good[:place] + digit + good[place + 1 :]) is not None


@pytest.mark.parametrize("name", MAKERS)
@given(body=bodies, data=st.data())
def test_two_neighbours_that_are_swapped_are_noticed(name: str, body: str, data: st.DataObject) -> None:
    scheme, make = MAKERS[name]
    good = make(body)
    place = data.draw(st.sampled_from([at for at in range(len(good) - 1) if good[at : at + 2].isdigit()]))
    one, other = good[place], good[place + 1]
    assume(one != other)
    swapped = ids.problem(scheme, good[:place] + other + one + good[place + 2 :])
    if name == "isbn13" and abs(int(one) - int(other)) == 5:
        # Weights 1 and 3: such a swap changes the sum by 2 · 5, which no last digit shows.
        assert swapped is None or not good.startswith(("978", "979")) or place < 3
    else:
        assert swapped is not None


@given(st.text(ROR_CHARACTERS, min_size=6, max_size=6), st.integers(0, 5), st.sampled_from(ROR_CHARACTERS))
def test_one_wrong_or_swapped_character_of_a_ror_id_is_noticed(body: str, place: int, character: str) -> None:
    good = f"0{body}{mod_97_10(body)}"
    assert ids.problem("ror", good) is None
    if character != body[place]:
        assert ids.problem("ror", f"0{body[:place]}{character}{body[place + 1 :]}{good[-2:]}") is not None
    if place and body[place] != body[place - 1]:
        swapped = body[: place - 1] + body[place] + body[place - 1] + body[place + 1 :]
        assert ids.problem("ror", f"0{swapped}{good[-2:]}") is not None


@given(bodies)
def test_both_lengths_of_an_isbn_are_one_book(body: str) -> None:
    assert ids.normalise("isbn", isbn10(body)) == isbn13(body)


@given(bodies)
def test_each_body_has_one_check_character(body: str) -> None:
    fitting = [check for check in "0123456789X" if ids.problem("isbn", body[:9] + check) is None]
    assert fitting == [weighted_11(body[:9])]
