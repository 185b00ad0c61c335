"""Formatting files and folders: JSONL, what is reported, what is refused."""

from __future__ import annotations

import pickle
from pathlib import Path

import pytest

from evidencekb.errors import EvidenceError, FormatLossError
from evidencekb.report import Place, Severity, Subject
from evidencekb.store import jsonl, writing
from evidencekb.store.jsonl import format_jsonl
from evidencekb.store.nodes import YamlProblem
from evidencekb.store.writing import FormatResult, format_pack, format_text, unformatted


def test_jsonl_has_one_compact_record_a_line_in_order() -> None:
    welder = '{"label": "Welder é", "id": "welder", "codes": [{"code": "1.10", "scheme": "S"}]}'
    text = welder + '\r\n\n{"kind": "role", "id": "baker"}'
    assert format_jsonl(text, name="concepts.jsonl") == (
        '{"id":"baker","kind":"role"}\n{"id":"welder","label":"Welder é","codes":[{"scheme":"S","code":"1.10"}]}\n'
    )


def test_jsonl_says_the_kind_of_a_line_by_its_only_key() -> None:
    text = '{"waiver": {"record": "f", "rule": "108"}}\n{"finding": {"headline": "H", "id": "f"}}\n{"what": 1}\n'
    assert format_jsonl(text, name="all.jsonl") == (
        '{"finding":{"id":"f","headline":"H"}}\n{"waiver":{"rule":"108","record":"f"}}\n{"what":1}\n'
    )


def test_jsonl_keeps_the_spelling_of_numbers_and_escapes_what_nobody_sees() -> None:
    text = '{"id":"a","n":1.10,"m":1e3,"s":"\\u200b\\u2028\\ud83d\\ude00 é \\ud800","t":[true,null,-0.0]}\n'
    assert format_jsonl(text, name="x.jsonl") == (
        '{"id":"a","n":1.10,"m":1e3,"s":"\\u200b\\u2028😀 é \\ud800","t":[true,null,-0.0]}\n'
    )


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "a", "id": "b"}', "not readable as JSON: the key 'id' stands twice"),
        ('{"id": NaN}', "not readable as JSON: NaN is not a number that a source can print"),
        ('{"id": 1e400}', "not readable as JSON: 1e400 is too large for a number"),
        ('{"id": ', "not readable as JSON: Expecting value: line 1 column 8 (char 7)"),
        ('"' + "x" * 1_048_576 + '"', "a line longer than 1024 KiB"),
    ],
)
def test_a_jsonl_line_that_cannot_be_read_is_named(line: str, message: str) -> None:
    with pytest.raises(YamlProblem) as caught:
        format_jsonl('{"id": "fine"}\n' + line, name="concepts.jsonl")
    assert (caught.value.message, caught.value.line) == (message, 2)


def test_jsonl_too_deep_to_read_is_a_problem_not_a_crash() -> None:
    with pytest.raises(YamlProblem, match="not readable as JSON"):
        format_jsonl("[" * 100_000, name="concepts.jsonl")


def pack(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(text.encode("utf-8"))
    return root


UNTIDY = {
    "pack.yaml": "name: p\nversion: '1'\n",
    "references.bib": "@misc{x,title={T}}",
    "schema/a.yaml": "b:   1",
    "rules/a.yaml": "b:   1",
    "gaps.jsonl": '{"id": "a"}\n',
    "findings/bad.yaml": "findings: [\n",
    "findings/good.yaml": "findings:\n  - id: f\n",
}


def test_a_pack_is_formatted_file_by_file(tmp_path: Path) -> None:
    root = pack(tmp_path, UNTIDY)
    (root / "pack.yaml").chmod(0o640)
    results = format_pack(root)
    assert [(result.file, result.changed) for result in results] == [
        ("findings/bad.yaml", False),
        ("findings/good.yaml", False),
        ("gaps.jsonl", True),
        ("pack.yaml", True),
    ]
    assert [str(r.problem.line) for r in results if r.problem] == ["2"]
    contents = {
        path.relative_to(root).as_posix(): path.read_text("utf-8") for path in root.rglob("*") if path.is_file()
    }
    assert contents == {**UNTIDY, "pack.yaml": 'name: p\nversion: "1"\n', "gaps.jsonl": '{"id":"a"}\n'}
    assert (root / "pack.yaml").stat().st_mode & 0o777 == 0o640
    assert [r.changed for r in format_pack(root)] == [False] * 4


def test_checking_writes_nothing(tmp_path: Path) -> None:
    root = pack(tmp_path, UNTIDY)
    assert [r.file for r in format_pack(root, check=True) if r.changed] == ["gaps.jsonl", "pack.yaml"]
    assert {name: (root / name).read_text("utf-8") for name in UNTIDY} == UNTIDY


def test_line_ends_of_other_systems_count_as_a_change(tmp_path: Path) -> None:
    root = pack(tmp_path, {"a.yaml": "\ufeffgaps: []\r\n"})
    assert format_pack(root) == [FormatResult("a.yaml", True)]
    assert (root / "a.yaml").read_bytes() == b"gaps: []\n"


def test_files_that_cannot_be_read_are_left_alone_and_reported(tmp_path: Path) -> None:
    root = pack(tmp_path / "pack", {"a.yaml": "gaps: []\n"})
    outside = pack(tmp_path / "other", {"x.yaml": "gaps:   []\n"}) / "x.yaml"
    (root / "link.yaml").symlink_to(outside)
    (root / "latin.yaml").write_bytes(b"gaps: []\n# \xe9\n")
    problems = {r.file: (r.problem.message, r.problem.line) for r in format_pack(root) if r.problem}
    assert problems == {
        "latin.yaml": ("not UTF-8 text; save the file as UTF-8", 2),
        "link.yaml": ("the file is a link that leaves the pack; copy it into the pack", 0),
    }
    assert outside.read_text("utf-8") == "gaps:   []\n"


def test_a_link_inside_the_pack_stays_a_link(tmp_path: Path) -> None:
    root = pack(tmp_path, {"folder/a.yaml": "gaps:   []\n"})
    (root / "b.yaml").symlink_to(root / "folder" / "a.yaml")
    assert FormatResult("b.yaml", True) in format_pack(root)
    assert (root / "b.yaml").is_symlink()
    assert (root / "folder" / "a.yaml").read_text("utf-8") == "gaps: []\n"


def test_a_failed_write_leaves_the_old_file_and_no_other(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = pack(tmp_path, {"a.yaml": "gaps:   []\n"})

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", refuse)
    (result,) = format_pack(root)
    assert result.problem is not None
    assert result.problem.message == "cannot be rewritten: No space left on device"
    assert [path.name for path in root.iterdir()] == ["a.yaml"]
    assert (root / "a.yaml").read_text("utf-8") == "gaps:   []\n"


def test_a_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NotADirectoryError, match=r"is no folder; a pack is a folder with a pack\.yaml"):
        format_pack(tmp_path / "none")


def test_a_file_in_another_layout_breaks_504(tmp_path: Path) -> None:
    root = pack(tmp_path, {"a.yaml": "gaps:\n- id: a\n"})
    violation = unformatted(root, "a.yaml")
    assert violation is not None
    assert (violation.code, violation.severity, violation.subject, violation.place) == (
        "EKB504", Severity.WARNING, Subject("file", "a.yaml"), Place("a.yaml", 2),
    )  # fmt: skip
    assert violation.message == (
        "line 2 is not in canonical form: found '- id: a', expected '  - id: a'; run `evidencekb format`"
    )
    assert unformatted(root, "a.yaml", "gaps:\n  - id: a\n") is None


def test_504_names_a_missing_end_of_line(tmp_path: Path) -> None:
    violation = unformatted(tmp_path, "a.yaml", "gaps: []")
    assert violation is not None
    assert violation.message == (
        "line 2 is not in canonical form: found the end of the file, expected ''; run `evidencekb format`"
    )


def test_504_is_silent_on_what_nothing_can_format(tmp_path: Path) -> None:
    assert unformatted(tmp_path, "a.yaml", "a: [") is None
    assert unformatted(tmp_path, "a.jsonl", "{") is None
    assert unformatted(tmp_path, "a.bib", "@misc{x}") is None
    assert unformatted(tmp_path, "missing.yaml") is None


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (["a: 1"], "its canonical form holds other comments"),
        (["a: 1.0  # x"], "its canonical form holds other data"),
        (['a: "1"  # x'], "its canonical form holds other data"),
        (["a: 1  # x", "b: 2"], "its canonical form holds other data"),
        (["a: [  # x"], "its canonical form cannot be read at line 2"),
    ],
)
def test_a_loss_is_refused(lines: list[str], problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writing, "layout", lambda *_: lines)
    with pytest.raises(FormatLossError) as caught:
        format_text("a: 1 # x\n", name="a.yaml")
    assert (caught.value.file, caught.value.problem) == ("a.yaml", problem)
    root = pack(tmp_path, {"a.yaml": "a: 1 # x\n"})
    (result,) = format_pack(root)
    assert result.problem is not None
    assert result.problem.message == f"a.yaml: {problem}; it is left as it is. Please report this fault of `format`"
    assert (root / "a.yaml").read_text("utf-8") == "a: 1 # x\n"


def test_a_changed_jsonl_record_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "_json", lambda *_: '{"id":"b"}')
    with pytest.raises(FormatLossError, match="its records would change"):
        format_jsonl('{"id":"a"}', name="gaps.jsonl")


def test_the_error_survives_pickling() -> None:
    error = pickle.loads(pickle.dumps(FormatLossError("a.yaml", "lost")))
    assert (error.file, error.problem, isinstance(error, EvidenceError), isinstance(error, ValueError)) == (
        "a.yaml", "lost", True, True,
    )  # fmt: skip
