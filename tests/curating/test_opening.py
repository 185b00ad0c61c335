"""A pack opened for adding: what it holds, and what must not be added to."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidencekb.curating.opening import open_pack
from evidencekb.errors import ChangedMeanwhileError, CurationError
from evidencekb.store.changes import apply
from tests.curating.small import BIB, small_pack
from tests.packs import write_pack


def test_everything_that_a_work_could_be_is_on_the_shelf(pack: Path) -> None:
    (pack / "more.bib").write_text("@misc{loose, title = {Loose}}\n")
    opened = open_pack(pack)
    assert opened.sources == {"doe2024replies", "roe2023pots"}
    assert opened.shelf.fields.keys() == {"doe2024replies", "roe2023pots", "loose"}
    assert opened.shelf.fields["doe2024replies"]["doi"] == "10.5555/audit.2024"
    assert opened.files == {"doe2024replies": "references.bib", "loose": "more.bib"}
    assert str(opened.places["roe2023pots"]) == "base.yaml:14:5"
    assert opened.organizations.keys() == {"maker", "lab"}


def test_a_source_with_faults_is_on_the_shelf_too(pack: Path) -> None:
    (pack / "bad.yaml").write_text("sources:\n  - {id: bad, kind: nonsense, doi: 10.5555/bad}\n")
    match = open_pack(pack).shelf.match({"doi": "10.5555/bad"})
    assert match is not None
    assert match.id == "bad"


def test_what_extended_packs_hold_is_there(tmp_path: Path, pack: Path) -> None:
    child = write_pack(tmp_path / "child", {"pack.yaml": "name: child\nversion: 1.0.0\nextends: ../pack\n"})
    opened = open_pack(child)
    assert opened.sources == {"doe2024replies", "roe2023pots"}
    assert (opened.places, opened.items) == ({}, {})
    assert opened.organizations.keys() == {"maker", "lab"}


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.bib", "@misc{a, title = {T}, note = {x}, note = {y}}"),  # a doubled field
        ("a.bib", "@misc{a, title = nobody}"),  # an @string that is not there
        ("a.yaml", "sources: [{id: a}]"),  # a record without a kind
        ("a.bibtex", "@misc{"),
    ],
)
def test_faults_in_records_and_fields_are_left_to_the_check(pack: Path, name: str, text: str) -> None:
    (pack / name).write_text(text)
    assert "doe2024replies" in open_pack(pack).sources


def test_a_folder_without_manifest_or_none_at_all(tmp_path: Path, pack: Path) -> None:
    with pytest.raises(CurationError, match=r"holds no pack\.yaml, so it is no pack"):
        open_pack(tmp_path)
    with pytest.raises(FileNotFoundError):
        open_pack(tmp_path / "none")
    with pytest.raises(NotADirectoryError):
        open_pack(pack / "pack.yaml")


def test_a_change_to_the_bibliography_is_noticed(pack: Path) -> None:
    opened = open_pack(pack)
    assert opened.held(pack / "references.bib") == BIB.encode()
    (pack / "references.bib").write_text(BIB + "\n")
    with pytest.raises(ChangedMeanwhileError):
        opened.bibliography("@misc{a}")


def test_a_byte_order_mark_and_a_missing_file_are_no_change(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack")
    (pack / "references.bib").write_bytes(b"\xef\xbb\xbf" + BIB.encode())
    opened = open_pack(pack)
    assert opened.held(pack / "references.bib") == b"\xef\xbb\xbf" + BIB.encode()
    assert opened.held(pack / "references-2.bib") is None


def test_a_file_is_given_once(pack: Path) -> None:
    opened = open_pack(pack)
    assert opened.free_file("sources", "a").name == "a.yaml"
    assert opened.free_file("sources", "a").name == "a-2.yaml"
    assert opened.free_file("findings", "a").name == "a.yaml"
    (pack / "b.yaml").write_text("")
    (pack / "b-2.yaml").symlink_to("nowhere.yaml")
    assert opened.free_file(".", "b").name == "b-3.yaml"


def test_the_bibliography_takes_entries_beside_edits_of_its_own(pack: Path) -> None:
    opened = open_pack(pack)
    first = opened.bibliography("@misc{a}")
    second = opened.bibliography("@misc{b}", {first.path: first})
    apply([second])
    assert (pack / "references.bib").read_text() == BIB + "\n@misc{a}\n\n@misc{b}\n"
