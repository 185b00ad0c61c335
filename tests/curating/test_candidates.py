"""Candidates from other databases: everything taken or left with a reason, nothing twice, and refused until somebody decides."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.curating import import_candidates
from evidencekb.errors import CurationError, UnknownIdError
from tests.curating.candidates import EVIDENCE, ITEM, ORIGIN, Json, changed, empty_pack, taken, written
from tests.curating.small import files_of, unchanged
from tests.packs import codes

FILES: dict[str, tuple[str, Any]] = {
    "owid": ("pots.csv.dvc", {"meta": {"origin": ORIGIN}}),
    "fhir": ("pots.json", EVIDENCE),
    "civic": ("items.json", {"evidence": [ITEM]}),
}
LAYOUTS = sorted(FILES)


@pytest.mark.parametrize("layout", LAYOUTS)
def test_check_refuses_what_came_in_until_a_person_has_set_the_flag(tmp_path: Path, layout: str) -> None:
    name, data = FILES[layout]
    report = taken(tmp_path, name, data, layout)
    assert (report.records, len(report.added), len(report.findings)) == (1, 1, 1)
    assert report.ok
    assert {v.code for v in ekb.check(tmp_path / "pack").errors} == {"EKB201"}
    for path in (tmp_path / "pack/sources").glob("*.yaml"):
        text = path.read_text(encoding="utf-8").replace("vendor: unknown", "vendor: independent")
        path.write_text(text, encoding="utf-8")
    assert ekb.check(tmp_path / "pack").ok


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_second_import_changes_nothing(tmp_path: Path, layout: str) -> None:
    name, data = FILES[layout]
    taken(tmp_path, name, data, layout)
    with unchanged(tmp_path / "pack"):
        again = taken(tmp_path, name, data, layout)
    assert [(left.why, again.added, again.files) for left in again.merged] == [("in the pack already", (), ())]


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_dry_run_says_the_same_and_writes_nothing(tmp_path: Path, layout: str) -> None:
    name, data = FILES[layout]
    empty_pack(tmp_path)
    with unchanged(tmp_path / "pack"):
        dry = taken(tmp_path, name, data, layout, dry=True)
    assert {**taken(tmp_path, name, data, layout).to_dict(), "files": []} == dry.to_dict()


@pytest.mark.parametrize("layout", LAYOUTS)
@pytest.mark.parametrize(
    "text",
    ["a,b\n1,2\n", "[]", "{}", "just words", "", "\x00\x01", "{", "[[[[", "a: *b", "a: !!python/object:os.system x"],
)
def test_a_wrong_file_is_one_clear_error(tmp_path: Path, layout: str, text: str) -> None:
    pack = empty_pack(tmp_path)
    with (
        unchanged(pack),
        pytest.raises(
            CurationError, match=r"^no (FHIR|OWID metadata|evidence items of CIViC) here: .*nothing was added$"
        ),
    ):
        import_candidates(written(tmp_path, "x.csv", text), layout, into=pack)


def test_an_unknown_layout_offers_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match="'fhir'"):
        import_candidates(tmp_path, "fhr", into=empty_pack(tmp_path))


def test_a_pack_that_changed_meanwhile_is_left_alone(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match="so it is no pack"):
        import_candidates(written(tmp_path, "a.json", EVIDENCE), "fhir", into=tmp_path)


def test_a_folder_is_read_whole_and_says_of_every_file_what_became_of_it(tmp_path: Path) -> None:
    written(tmp_path, "in/a.json", EVIDENCE)
    written(tmp_path, "in/deep/b.json", [changed(EVIDENCE, id="9", url=None), 7])
    written(tmp_path, "in/broken.json", "{")
    written(tmp_path, "in/other.json", {"a": 1})
    written(tmp_path, "in/readme.md", "not looked at")
    report = import_candidates(tmp_path / "in", "fhir", into=empty_pack(tmp_path))
    assert report.added == ("Evidence/7", "Evidence/9")
    assert {left.id: left.why.partition(":")[0] for left in report.skipped} == {
        "broken.json": "it is not JSON",
        "other.json": "it holds no FHIR resource",
    }
    assert not report.ok
    assert report.records == 4


def test_a_folder_without_such_files_is_refused(tmp_path: Path) -> None:
    written(tmp_path, "in/readme.md", "nothing")
    with pytest.raises(CurationError, match=r"no FHIR here: .* has no file that ends in \.json"):
        import_candidates(tmp_path / "in", "fhir", into=empty_pack(tmp_path))


def test_a_record_with_other_figures_than_the_pack_holds_is_skipped(tmp_path: Path) -> None:
    taken(tmp_path, "a.json", EVIDENCE, "fhir")
    statistic = changed(EVIDENCE["statistic"][0], quantity={"value": 0.7})
    with unchanged(tmp_path / "pack"):
        (left,) = taken(tmp_path, "a.json", changed(EVIDENCE, statistic=[statistic]), "fhir").skipped
    assert left.why.startswith(
        "the pack holds this record with other figures: 1 of its 1 differ; look at finding 'fhir-evidence-7-"
    )


def test_what_nobody_has_looked_up_says_so_and_no_text_is_copied(tmp_path: Path) -> None:
    for layout in LAYOUTS:
        taken(tmp_path, *FILES[layout], layout)
    text = b"".join(files_of(tmp_path / "pack").values()).decode()
    assert text.count("design: not_recorded") == 3
    assert text.count("preregistered: unknown") == 3
    assert "paragraph" not in text
    assert "sentence of theirs" not in text


def test_losses_are_counted(tmp_path: Path) -> None:
    report = taken(tmp_path, *FILES["owid"], "owid")
    assert report.losses["description: a text of theirs, which is not copied"] == 1
    assert report.losses["license: a source has no such field"] == 1
    assert "not taken, of 1 record: license: a source has no such field" in str(report)


def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    taken(tmp_path, *FILES["civic"], "civic", progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]


@pytest.mark.parametrize(
    "text",
    [
        "a: &a [x, x, x, x, x, x, x, x, x, x]\n"
        + "".join(f"{c}: &{c} [{', '.join([f'*{chr(ord(c) - 1)}'] * 10)}]\n" for c in "bcdefgh"),
        "[" * 5_000 + "]" * 5_000,
        "a: " + "{a: " * 200 + "1" + "}" * 200,
    ],
    ids=["aliases", "lists", "mappings"],
)
def test_a_bomb_is_refused_quickly(tmp_path: Path, text: str) -> None:
    with pytest.raises(CurationError, match="no OWID metadata here"):
        taken(tmp_path, "bomb.meta.yml", text, "owid")


def test_aliases_and_merged_mappings_are_written_out(tmp_path: Path) -> None:
    text = """
definitions:
  common: &unit {unit: "%"}
tables:
  pots:
    variables:
      share: {<<: *unit, title: Share of pots}
"""
    report = taken(tmp_path, "pots.meta.yml", text, "owid")
    assert report.concepts == ("owid-pots-share",)
    assert 'unit: "%"' in (tmp_path / "pack/findings/pots-meta.yaml").read_text(encoding="utf-8")


def test_a_report_is_plain_data(tmp_path: Path) -> None:
    report = taken(tmp_path, *FILES["fhir"], "fhir")
    plain = json.loads(json.dumps(report.to_dict()))
    assert plain["layout"] == "fhir"
    assert plain["findings"] == list(report.findings)


@pytest.mark.parametrize(
    ("folder", "layout", "at_least"), [("owid-etl", "owid", 240), ("fhir-ebm", "fhir", 60), ("civic", "civic", 40)]
)
def test_every_record_of_the_corpora_is_taken_or_left_with_a_reason(
    tmp_path: Path, shared: Path, folder: str, layout: str, at_least: int
) -> None:
    pack, files = empty_pack(tmp_path), shared / "corpora/07-evidence-kbs" / folder
    report = import_candidates(files, layout, into=pack)
    assert len(report.added) + len(report.merged) + len(report.skipped) == report.records
    assert len(report.added) >= at_least
    assert all(left.why for left in (*report.merged, *report.skipped))
    if layout != "owid":  # two hundred findings to be filled in
        checked = ekb.check(pack)
        assert not checked.ok
        assert codes(checked) <= {"EKB101", "EKB105", "EKB108", "EKB201", "EKB202", "EKB304"}
    with unchanged(pack):
        again = import_candidates(files, layout, into=pack)
    assert (again.added, again.skipped) == ((), report.skipped)


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system", "!x", "!<tag:example.org,2024:x>"])
def test_a_tag_that_is_not_of_plain_data_is_refused(tmp_path: Path, tag: str) -> None:
    with pytest.raises(CurationError, match=r"line 2: the tag '[^']+' is refused"):
        taken(tmp_path, "a.dvc", f"meta:\n  origin: {tag} [a]\n", "owid")


SAID = {
    "utf16.json": (json.dumps(EVIDENCE).encode("utf-16"), "not UTF-8 text, from byte 1 on; save it as UTF-8"),
    "nul.dvc": (b"meta: {origin: {title: A}}\n\0", r"no YAML that is read: .*#x0000"),
    "lines.ndjson": (b'{"resourceType": "Evidence"}\n{bad\n', "line 2: Expecting property name"),
    "large.json": (b" " * (16 * 2**20 + 1), "larger than 16 MiB; split it into several files"),
}


@pytest.mark.parametrize("name", SAID)
def test_what_cannot_be_read_says_where_and_what_to_do(tmp_path: Path, name: str) -> None:
    data, said = SAID[name]
    (tmp_path / name).write_bytes(data)
    with pytest.raises(CurationError, match=said):
        import_candidates(tmp_path / name, "owid" if name.endswith(".dvc") else "fhir", into=empty_pack(tmp_path))


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="this system has no such device")
def test_a_file_without_an_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    with pytest.raises(CurationError, match="larger than 16 MiB"):
        import_candidates("/dev/zero", "fhir", into=empty_pack(tmp_path))


def test_a_number_of_thousands_of_digits_is_no_figure(tmp_path: Path) -> None:
    text = json.dumps(EVIDENCE).replace('"value": 0.8', f'"value": {"9" * 5000}', 1)
    report = taken(tmp_path, "a.json", text, "fhir")
    assert report.losses["statistic.quantity: no number that a figure can be"] == 1


def test_a_link_in_a_folder_is_left_and_told(tmp_path: Path) -> None:
    written(tmp_path, "in/a.json", EVIDENCE)
    (tmp_path / "in/b.json").symlink_to(written(tmp_path, "b.json", EVIDENCE))
    (left,) = import_candidates(tmp_path / "in", "fhir", into=empty_pack(tmp_path)).skipped
    assert (left.id, "links in a folder are not followed" in left.why) == ("b.json", True)


@pytest.mark.parametrize(("data", "asked", "said"), [
    (EVIDENCE, "civic", "it looks like FHIR: import it as 'fhir'"), (ITEM, "fhir", "import it as 'civic'"),
    ({"meta": {"origin": ORIGIN}}, "fhir", "import it as 'owid'"), ({"a": 1}, "fhir", "looked for the field resourceType"),
])  # fmt: skip
def test_a_file_of_another_layout_is_told_which(tmp_path: Path, data: Json, asked: str, said: str) -> None:
    with pytest.raises(CurationError, match=said):
        taken(tmp_path, "a.json", data, asked)
