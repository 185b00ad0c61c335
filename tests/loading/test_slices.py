"""Large YAML files are cut into records and read by a quicker parser, and mean and report what small ones do."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from benchmarks.generator import generate
from evidencekb.loading import building, intake
from evidencekb.loading.slices import SliceReader
from evidencekb.report import Place
from evidencekb.store.nodes import YamlProblem, plain
from evidencekb.store.reading import MAX_JSONL
from evidencekb.store.slicing import Slice, sliced
from evidencekb.store.writing import format_pack, format_text, unformatted
from tests.packs import TODAY

RECORDS = """\
sources:
  - id: census
    type: dataset
    title: A made-up count, with ": " in its title
    vendor: independent

  - id: survey
    type: report
    title: >-
      A made-up title that is folded over two lines because it is so long that it would not stand on one line of a
      file in canonical form
    contributors:
      - {literal: "Office, of made-up things"}

cohorts:
  - id: adults
    label: Adults
    share: 1.50  # as printed
    also: [grown-ups, 18+]

  - id: teachers
    broader: [adults]
    about:
      - {concept: teaching, how: measured}
"""

ODD = [
    "0123", "0x1F", "0o17", "1.10", "1e5", "1e400", ".inf", ".NaN", "-0", "12345678901234567890", "2026-01-15", "12:30:45",
    "~", "null", "Null", "no", "True", "TRUE", "''", '""', '"\\u00e9"', '"\\ud800"', '"a\\\n      b"', "'a''b'",
    "&a x", "*a", "!t x", "!!str 1", "! ", "a #b", "a # b", "#b", "a: b", "a:", ":a", "? a", "-", "- a", "@a", "`a", "%a", "=",
    "<<", "{a: 1, a: 2}", "{a: , b: 1}", "{a, b}", "{1: a}", "{a: >b}", "{?a: b}", "{a: :b}", "[a, , b]", "[a, b,]",
    "[a\n      , b]", "[a,\n      b]",
        "|\n      a\n      b", "|+\n      a\n\n", ">\n      a\n      b", "a\n      b", "a\tb", "a\u00a0b", "a\u2028b",
    "a\x85b", "a\r\n",
    "\n      - a\n      - b", "\n    - a", "\n      b: c\n      b: d",
]  # fmt: skip
"""What both parsers, or the rules of packs, may see differently."""


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a bulk file, and a part of one holds a few records."""
    monkeypatch.setattr(building, "BULK_BYTES", 0)
    monkeypatch.setattr(intake, "PART_BYTES", 3_000)


def in_yaml(folder: Path, *, canonical: bool) -> Path:
    """The pack with its JSONL files written as YAML."""
    for path in folder.glob("*.jsonl"):
        records = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        text = yaml.dump({path.stem: records}, sort_keys=False, allow_unicode=True)
        path.with_suffix(".yaml").write_text(text, "utf-8")
        path.unlink()
    if canonical:
        format_pack(folder)
    return folder


def both_ways(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ekb.Report, ekb.Report]:
    """The report of a pack cut into records, and that of the pack read whole."""
    with monkeypatch.context() as patch:
        patch.setattr(building, "BULK_BYTES", MAX_JSONL)
        whole = ekb.check(folder, today=TODAY)
    return ekb.check(folder, today=TODAY), whole


@pytest.mark.parametrize("canonical", [True, False])
def test_every_fault_is_told_at_the_place_of_its_field(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, canonical: bool
) -> None:
    folder = in_yaml(generate(tmp_path, 400, broken=True).folder, canonical=canonical)
    cut, whole = both_ways(folder, monkeypatch)
    assert len(cut.errors) > 4
    assert all(v.place and v.place.column for v in cut.errors)
    assert [v for v in cut.violations if v.code != "EKB504"] == [v for v in whole.violations if v.code != "EKB504"]
    assert [v.place for v in cut.violations if v.code == "EKB504"] == [
        v.place for v in whole.violations if v.code == "EKB504"
    ]


def test_a_file_in_canonical_form_has_no_504(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = in_yaml(generate(tmp_path, 60).folder, canonical=True)
    cut, whole = both_ways(folder, monkeypatch)
    assert cut == whole
    assert "EKB504" not in {v.code for v in cut.violations}


@pytest.mark.parametrize(
    ("found", "written"),
    [
        ("\n  - id: finding-03\n", "\n\n  - id: finding-03\n"),
        ("\n\n  - id: finding-03\n", "\n  - id: finding-03\n"),
        ("value: ", "value:  "),
        ("findings:\n", "findings: \n"),
        ("findings:\n", "\nfindings:\n"),
        ("findings:\n", "findings:\n\n"),
        ("2026-05-01}\n", "2026-05-01 }\n"),
    ],
)
def test_one_line_out_of_form_is_told(tmp_path: Path, found: str, written: str) -> None:
    folder = in_yaml(generate(tmp_path, 20).folder, canonical=True)
    path = folder / "findings.yaml"
    text = path.read_text("utf-8")
    path.write_text(text.replace(found, written, 1), "utf-8")
    (line,) = (v.place.line for v in ekb.check(folder, today=TODAY).violations if v.code == "EKB504" and v.place)
    told = unformatted(folder, "findings.yaml")
    assert told is not None
    assert told.place == Place("findings.yaml", line)


def test_a_missing_end_of_the_last_line_is_told(tmp_path: Path) -> None:
    folder = in_yaml(generate(tmp_path, 20).folder, canonical=True)
    path = folder / "findings.yaml"
    path.write_text(text := path.read_text("utf-8").rstrip("\n"), "utf-8")
    places = [v.place for v in ekb.check(folder, today=TODAY).violations if v.code == "EKB504"]
    assert places == [Place("findings.yaml", text.count("\n") + 2)]


def test_an_id_that_stands_twice_is_told_at_its_field(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = in_yaml(generate(tmp_path, 20).folder, canonical=True)
    path = folder / "findings.yaml"
    text = path.read_text("utf-8")
    path.write_text(text + text[text.index("\n  - id: finding-07") : text.index("\n  - id: finding-08")], "utf-8")
    cut, whole = both_ways(folder, monkeypatch)
    assert [str(v) for v in cut.errors] == [str(v) for v in whole.errors]
    assert [v.code for v in cut.errors] == ["EKB503"]


def test_a_record_that_cannot_be_read_leaves_the_others(tmp_path: Path) -> None:
    folder = in_yaml(generate(tmp_path, 20).folder, canonical=True)
    path = folder / "findings.yaml"
    path.write_text(path.read_text("utf-8").replace("headline: ", "headline: '", 1), "utf-8")
    report = ekb.check(folder, today=TODAY)
    assert [v.code for v in report.errors] == ["EKB501"]
    assert report.records["finding"] == 19


@pytest.mark.parametrize("form", ["block", "brackets"])
@pytest.mark.parametrize("value", ODD)
def test_the_quick_parser_says_nothing_that_the_full_one_does_not(value: str, form: str) -> None:
    line = f"    label: {value}\n" if form == "block" else f"    label: {{a: {value}}}\n"
    assert_same(RECORDS.replace("    label: Adults\n", line))


@given(data=st.data())
def test_whatever_is_changed_both_parsers_say_the_same(data: st.DataObject) -> None:
    text = RECORDS
    for _ in range(data.draw(st.integers(1, 3))):
        start = data.draw(st.integers(0, len(text)))
        end = start + data.draw(st.integers(0, 4))
        text = text[:start] + data.draw(st.sampled_from([*ODD, "", " ", "\n", "  ", ", ", ": ", "'", '"'])) + text[end:]
    assert_same(text)


def assert_same(text: str) -> None:
    """What is taken from a file that can be cut is what the full parser takes."""
    cut = sliced(text)
    for kind in {piece.kind for piece in cut.slices} if cut else ():
        pieces = [piece for piece in cut.slices if piece.kind == kind]  # type: ignore[union-attr]  # none is cut when cut is None
        for tidy in (True, False):
            for piece, record, in_form in SliceReader(kind, tidy=tidy).read(pieces):
                if record is not None and not is_refused(record):
                    assert repr(record) == repr(plain(piece.node)) if piece.node else False
                if in_form and record is not None:
                    assert_formatted(piece)


def is_refused(record: dict[str, object]) -> bool:
    """True for what no record may be: then the full parser is asked again anyway."""
    names = {"id", "type", "title", "vendor", "contributors", "label", "share", "also", "broader", "about"}
    return not names.issuperset(record)


def assert_formatted(piece: Slice) -> None:
    """The record alone is a file in canonical form."""
    name = {"source": "sources", "cohort": "cohorts"}[piece.kind]
    text = f"{name}:\n" + piece.text.rstrip("\n") + "\n"
    assert format_text(text) == text


def test_cutting_gives_each_record_with_its_line() -> None:
    cut = sliced(RECORDS)
    assert cut is not None
    assert [(piece.kind, piece.line) for piece in cut.slices] == [
        ("source", 2), ("source", 7), ("cohort", 16), ("cohort", 21),
    ]  # fmt: skip
    assert cut.untidy == 0
    assert cut.at(16).text.startswith("  - id: adults")
    assert unformatted(Path(), "a.yaml", RECORDS) is None


@pytest.mark.parametrize(
    "text",
    ["", "a: 1\n", "cohorts: []\n", "cohorts:\n", "# x\ncohorts:\n  - id: a\n", "cohorts:\n  - id: a\n# x\n",
     "cohorts:\n  - id: a\n - id: b\n", "cohorts:\n  - id: a\ncohorts:\n  - id: b\n", "---\ncohorts:\n  - id: a\n",
     "cohorts:\r\n  - id: a\r\n", "cohorts:\n  - id: a\n\t- id: b\n", "cohorts:\n  -\n    id: a\n", "others:\n  - id: a\n",
     "{cohorts: [{id: a}]}\n"],
)  # fmt: skip
def test_what_is_not_only_lists_of_records_is_read_whole(text: str) -> None:
    assert sliced(text) is None


def test_a_slice_that_is_no_mapping_has_no_node() -> None:
    assert Slice("cohort", 1, "- a\n").node is None
    with pytest.raises(YamlProblem):
        _ = Slice("cohort", 1, "- 'a\n").node
