"""Zotero's list: a hit is possible and never more."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.report import Severity
from evidencekb.sources.standing.zotero import Hit, ZoteroList, read_zotero_list


def beginning(doi: str) -> str:
    return hashlib.sha1(doi.encode(), usedforsecurity=False).hexdigest()[:5]


def listing(*rows: object, **more: object) -> ZoteroList:
    data = {"version": 1, "etag": '"1"', "doiPrefixLength": 5, "pmidPrefixLength": 5, "data": list(rows)} | more
    return read_zotero_list(json.dumps(data).encode(), file="retractions.json")


def test_a_doi_is_found_by_the_beginning_of_its_digest() -> None:
    listed = listing(f"d{beginning('10.5555/work')} 18688")
    assert listed.hits(doi="10.5555/work") == (Hit("doi", ("2021-03-02",)),)
    assert listed.hits(doi="10.5555/other") == ()
    assert (listed.entries, listed.newest, listed.violations) == (1, "2021-03-02", ())


@pytest.mark.parametrize("written", ["10.5555/WORK", "10.5555/work"])
def test_a_doi_is_also_tried_small_and_in_capitals(written: str) -> None:
    assert listing(f"d{beginning('10.5555/work')} 1").hits(doi=written)
    assert listing(f"d{beginning('10.5555/WORK')} 1").hits(doi=written)
    assert not listing(f"d{beginning('10.5555/Work')} 1").hits(doi=written)


def test_a_pubmed_number_is_found_by_its_first_digits() -> None:
    listed = listing("p12345 18688", "p993 2661")
    assert listed.hits(pmid="12345678") == (Hit("pmid", ("2021-03-02",)),)
    assert listed.hits(pmid="12345") == (Hit("pmid", ("2021-03-02",)),)
    assert listed.hits(pmid="993") == (Hit("pmid", ("1977-04-15",)),)
    assert listed.hits(pmid="1234") == ()


def test_days_before_1970_and_several_under_one_beginning() -> None:
    listed = listing("p12345 -10623", "p12345 18688", "p12345")
    assert listed.hits(pmid="12345678") == (Hit("pmid", ("", "1940-12-01", "2021-03-02")),)


def test_the_chance_of_a_false_hit_is_the_share_of_beginnings_that_are_taken() -> None:
    listed = listing(*(f"d{number:05x} 1" for number in range(1000)), *(f"p2{number:04} 1" for number in range(2500)))
    assert listed.chance(doi="10.5555/1") == pytest.approx(1000 / 16**5)
    assert listed.chance(doi="10.5555/Ab") == pytest.approx(1 - (1 - 1000 / 16**5) ** 3)
    assert listed.chance(pmid="29999999") == pytest.approx(0.25)
    assert listed.chance(pmid="39999999") == 0
    assert listed.chance() == 0


@pytest.mark.parametrize(
    "row", ["", "x12345 1", "d1234 1", "d123456 1", "dzzzzz 1", "p123456 1", "p12345 soon", 7, None, {}]
)
def test_an_entry_that_is_none_is_named_and_left_out(row: object) -> None:
    listed = listing("p12345 1", row)
    assert listed.entries == 1
    assert [v.code for v in listed.violations] == ["EKB502"]
    assert "entry 2" in listed.violations[0].message


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"null", b"{}", b"\xff\xfe", b'{"data": []}', b'{"data": 7, "doiPrefixLength": 5, "pmidPrefixLength": 5}',
     b'{"data": [], "doiPrefixLength": true, "pmidPrefixLength": 5}', b"[" * 100_000],
)  # fmt: skip
def test_another_file_is_an_error_and_no_crash(content: bytes) -> None:
    listed = read_zotero_list(content)
    assert listed.hits(doi="10.5555/work", pmid="12345678") == ()
    assert [(v.code, v.severity) for v in listed.violations] == [("EKB501", Severity.ERROR)]


@given(st.text(max_size=30))
def test_whatever_doi_is_looked_up(doi: str) -> None:
    assert 0 <= listing(f"d{beginning('10.5555/work')} 1").chance(doi=doi) < 0.001


@pytest.fixture(scope="module")
def real(request: pytest.FixtureRequest) -> ZoteroList:
    shared: Path = request.getfixturevalue("shared")
    return read_zotero_list(shared / "corpora/05-scholarly-apis/zotero-retractions-hashed.json")


@pytest.mark.shared
def test_the_real_list_is_read_whole(real: ZoteroList) -> None:
    assert (real.entries, real.newest, real.violations) == (31764, "2021-06-28", ())


@pytest.mark.shared
@pytest.mark.parametrize(
    ("doi", "day"),
    [
        ("10.1016/S0140-6736(97)11096-0", "2010-02-06"),
        ("10.1038/nature12968", "2014-07-02"),
        ("10.1126/science.1256151", "2015-06-05"),
        ("10.1016/S0140-6736(20)31180-6", "2020-06-05"),
        ("10.1056/NEJMoa2007621", "2020-06-04"),
        ("10.1056/NEJMoa1200303", "2018-06-13"),
    ],
)
def test_well_known_retractions_are_found_with_their_day_as_their_publisher_writes_them(
    real: ZoteroList, doi: str, day: str
) -> None:
    (hit,) = real.hits(doi=doi)
    assert any(abs(int(found[8:]) - int(day[8:])) <= 1 and found[:7] == day[:7] for found in hit.days), hit.days


@pytest.mark.shared
def test_capitals_that_are_lost_lose_the_hit(real: ZoteroList) -> None:
    assert real.hits(doi="10.1056/nejmoa2007621") == ()


@pytest.mark.shared
def test_the_chance_is_what_made_up_dois_are_hit_with(real: ZoteroList) -> None:
    made_up = [f"10.5555/{number}" for number in range(20_000)]
    hits = sum(bool(real.hits(doi=doi)) for doi in made_up)
    expected = sum(real.chance(doi=doi) for doi in made_up)
    assert expected == pytest.approx(20_000 * 20_979 / 16**5)
    assert abs(hits - expected) < 5 * expected**0.5
