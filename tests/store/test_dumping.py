"""Written and read again, a record is the same record."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from evidencekb.model import KINDS, LISTS
from evidencekb.store.dumping import record_text, records_text, short_records_text
from evidencekb.store.nodes import parse, plain
from evidencekb.store.reading import read_pack
from evidencekb.store.writing import format_text

SHIPPED = read_pack(Path(__file__).parent.parent.parent / "data").records
# What YAML, in one of its versions, takes for something else.
WORDS = st.sampled_from(
    "2020 1e5 0x1F 0o7 1_000 12:30 2020-01-01 no NO yes on y null ~ true .5 1. .inf .nan -1 +1 1e5e = << - ? a:b a#b".split()
)
TEXTS = WORDS | st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12)


def read(text: str, listing: str) -> list[dict[str, Any]]:
    node = parse(text)
    assert node is not None
    return list(plain(node)[listing])


@pytest.mark.parametrize("kind", sorted(set(LISTS.values())))
def test_every_shipped_record_survives_writing_and_reading(kind: str) -> None:
    (listing,) = [name for name, held in LISTS.items() if held == kind]
    for raw in SHIPPED:
        if raw.kind == kind:
            record = KINDS[kind].model_validate(raw.data)
            written = record.model_dump(mode="json", exclude_defaults=True, by_alias=True)
            (again,) = read(record_text(kind, written), listing)
            assert KINDS[kind].model_validate(again) == record


@given(TEXTS, TEXTS, TEXTS)
@example("1e5", "0x1F", "12:30")
def test_a_text_that_looks_like_something_else_stays_a_text(id: str, title: str, family: str) -> None:
    record = {"id": id, "title": title, "authors": [{"family": family}], "published_on": "2020"}
    assert read(record_text("source", record), "sources") == [record]


@given(st.lists(st.tuples(TEXTS, TEXTS, TEXTS), min_size=1, max_size=5))
def test_many_short_records_are_written_as_each_alone(rows: list[tuple[str, str, str]]) -> None:
    records = [dict(zip(("id", "kind", "vendor"), row, strict=True)) for row in rows]
    text = short_records_text("source", records, comment="New.")
    assert sorted(read(text, "sources"), key=str) == sorted(records, key=str)
    assert format_text(text) == text


@pytest.mark.parametrize("kind", ["finding", "source", "claim"])
def test_many_records_are_written_as_the_same_text_formatted(kind: str) -> None:
    (listing,) = [name for name, held in LISTS.items() if held == kind]
    raw = [KINDS[kind].model_validate(each.data) for each in SHIPPED if each.kind == kind][:40]
    records = [record.model_dump(mode="json", exclude_defaults=True, by_alias=True) for record in raw]
    text = json.dumps({listing: records}, indent=1, ensure_ascii=False)
    assert records_text(kind, records, comment="New.") == format_text(f"# New.\n{text}")


@given(
    st.lists(
        st.dictionaries(
            TEXTS, TEXTS | st.none() | st.integers(-(10**17), 10**17) | st.lists(TEXTS, max_size=3), max_size=4
        ),
        max_size=4,
    )
)
def test_many_records_of_any_texts_are_read_as_they_were(fields: list[dict[str, Any]]) -> None:
    records = [{"id": f"r{number}", "more": each} for number, each in enumerate(fields)]
    text = records_text("cohort", records, comment="New.")
    assert format_text(text) == text
    assert {each["id"]: each["more"] for each in read(text, "cohorts")} == {
        each["id"]: each["more"] for each in records
    }
