"""What an entry lacks is added to it, and what it has stays."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.curating.filling import Filled, fill
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.bibwriting import write_bibtex
from evidencekb.sources.items import Item
from evidencekb.testing import csl_items

ENTRY = "@article{a,\n  title = {Replies},\n  year  = 2024\n}"


def read(text: str) -> Item:
    return read_bibtex(text, "").entries[0].item


def test_a_field_is_added_as_its_neighbours_are_written() -> None:
    filled = fill(ENTRY, {"volume": "7", "publisher": "A & B"})
    assert filled.text == (
        "@article{a,\n  title = {Replies},\n  year  = 2024,\n  volume = {7},\n  publisher = {A \\& B}\n}"
    )
    assert filled.fields == {"volume": "7", "publisher": "A \\& B"}
    assert filled.variables == ("volume", "publisher")


@pytest.mark.parametrize(
    ("entry", "missing", "field"),
    [
        ("@article{a, title={T}, year=2024}", {"container-title": "J"}, "journal"),
        ("@article{a, title={T}, date={2024}}", {"container-title": "J"}, "journaltitle"),
        ("@phdthesis{a, title={T}, school={S}}", {"publisher-place": "Rome"}, "address"),
        ("@thesis{a, title={T}, institution={S}}", {"publisher-place": "Rome"}, "location"),
    ],
)
def test_a_field_is_called_as_the_entrys_dialect_calls_it(entry: str, missing: dict[str, Any], field: str) -> None:
    filled = fill(entry, missing)
    assert list(filled.fields) == [field]
    assert read(filled.text) == {**read(entry), **missing}


@pytest.mark.parametrize(
    ("entry", "missing"),
    [
        (ENTRY, {}),
        (ENTRY, {"archive": "Rome"}),  # no field for it
        ("@article{a, title={T}, volume={}}", {"volume": "7"}),  # its field is there, and empty
        ("@misc{a, title={T},\n% mine\nyear=2020}", {"volume": "7"}),  # read, but not edited
        ("@article{a, title={T}, volume=aaas}", {"volume": "7"}),  # a name of an @string
    ],
)
def test_what_finds_no_free_field_is_left_out(entry: str, missing: dict[str, Any]) -> None:
    assert fill(entry, missing) == Filled(entry, {}, ())


@given(st.sampled_from(["biblatex", "bibtex"]), csl_items(), csl_items())
def test_filling_adds_and_never_changes(dialect: Any, item: Item, other: Item) -> None:
    text = write_bibtex([item], dialect=dialect).strip()
    held = read(text)
    missing = {name: value for name, value in other.items() if name not in held}
    filled = fill(text, missing)
    now = read(filled.text)
    assert held.items() <= now.items()
    assert {name: missing[name] for name in filled.variables}.items() <= now.items()
    assert fill(filled.text, {name: missing[name] for name in filled.variables}) == Filled(filled.text, {}, ())
