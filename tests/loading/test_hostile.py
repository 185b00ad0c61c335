"""Whatever is in a pack, check reports it; it never raises, and never reads what it should not."""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.rules import base_pack
from evidencekb.store.nodes import parse
from evidencekb.store.nodes import plain as as_plain
from evidencekb.store.writing import format_text
from tests.packs import TODAY, write_pack

VALUES = [
    "",
    "null",
    "true",
    "0",
    "-1",
    "1.5",
    "[]",
    "{}",
    "[a, b]",
    "{a: 1}",
    "x",
    '""',
    "2024",
    "~",
    "'1'",
    "[[]]",
    "unknown",
]


def _broken(seed: int) -> str:
    """The base pack with a few lines changed by chance: values swapped, lines dropped, doubled or moved."""
    draw = random.Random(seed)
    lines = base_pack().splitlines()
    for _ in range(draw.randint(1, 3)):
        at = draw.randrange(len(lines))
        change = draw.randrange(4)
        if change == 0 and ": " in lines[at]:
            lines[at] = lines[at].partition(": ")[0] + ": " + draw.choice(VALUES)
        elif change == 1:
            del lines[at]
        elif change == 2:
            lines.insert(at, lines[at])
        else:
            lines.insert(draw.randrange(len(lines)), lines.pop(at))
    return "\n".join(lines) + "\n"


@given(seed=st.integers(0, 1_000_000))
def test_a_pack_broken_by_chance_is_reported_and_never_raises(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    pack = write_pack(tmp_path_factory.mktemp("broken"), {"base.yaml": _broken(seed)})
    report = ekb.check(pack, today=TODAY)
    for violation in report:
        assert violation.message
        assert violation.place is not None, str(violation)
    kb = ekb.load(pack, check=False)
    assert all(f.id for f in ekb.select_findings(kb, withdrawn=True))


@given(st.text(max_size=300))
def test_any_text_as_a_file_is_reported(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.mktemp("any")
    for name in ("a.yaml", "b.jsonl", "c.bib"):
        (folder / name).write_bytes(text.encode("utf-8", "surrogatepass"))
    assert isinstance(ekb.check(folder), ekb.Report)


BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: &c [*b, *b]\nfindings: *c\n"


@pytest.mark.parametrize(
    ("text", "says", "line"),
    [
        (BOMB, "anchors and aliases", 1),
        ("findings: !!python/object/apply:os.system [ls]\n", "the tag", 1),
        ("findings:\n  - !include secret.yaml\n", "the tag '!include' is refused", 2),
        ("findings: ! x\n", "the tag '!' is refused", 1),
        ("findings: " + "[" * 40 + "]" * 40 + "\n", "nested deeper than 32 levels", 1),
        ("findings: []\n---\nclaims: []\n", "a second document begins here", 2),
        ("findings: []\nfindings: []\n", "the key 'findings' stands twice", 2),
        ("findings:\n\t- id: a\n", "not readable as YAML", 2),
        ("? [a]\n: b\n", "a key must be text", 1),
        ("2024: x\n", "the key '2024' is not text; quote it", 1),
        ("x: .nan\n", "is not a number that a source can print", 1),
        ("x: 12345678901234567890\n", "is too long for a number; quote it", 1),
        ("- a\n", "a pack file is a mapping of lists", 1),
    ],
)
def test_what_yaml_can_do_and_packs_may_not_is_refused_at_its_line(
    tmp_path: Path, text: str, says: str, line: int
) -> None:
    (problem, *_) = ekb.check(write_pack(tmp_path, {"a.yaml": text})).errors
    assert problem.code == "EKB501"
    assert says in problem.message
    assert problem.place is not None
    assert (problem.place.file, problem.place.line) == ("a.yaml", line)


def test_a_file_of_absurd_size_is_not_read(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {})
    with (pack / "big.yaml").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    with (pack / "big.jsonl").open("wb") as file:
        file.truncate(17 * 1024 * 1024)
    found = {v.place.file: v.message for v in ekb.check(pack).errors if v.place}
    assert "larger than 16 MiB" in found["big.yaml"]


def test_files_that_look_like_data_are_not_passed_over_in_silence(tmp_path: Path) -> None:
    pack = write_pack(
        tmp_path, {"more.YAML": "x: 1\n", "more.json": "{}", "rules/a.yaml": "x: 1\n", "README.md": "hello"}
    )
    (tmp_path / "elsewhere").mkdir()
    (pack / "linked").symlink_to(tmp_path / "elsewhere", target_is_directory=True)
    notes = {v.place.file: v.message for v in ekb.check(pack) if v.severity == "note" and v.place}
    assert set(notes) == {"more.YAML", "more.json", "rules/a.yaml", "linked"}


def test_what_is_no_plain_file_is_not_waited_for(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {})
    os.mkfifo(pack / "pipe.yaml")
    (pack / "loop.yaml").symlink_to(pack / "loop.yaml")
    assert {v.place.file for v in ekb.check(pack).errors if v.place} == {"pipe.yaml", "loop.yaml"}


def test_an_id_in_a_file_that_cannot_be_read_is_not_said_to_dangle(tmp_path: Path) -> None:
    cohorts = "cohorts:\n  - {id: applicants, label: !x A, meaning: m., unit: people}\n"
    text = base_pack().replace(
        "  - {id: applicants, label: Applicants, meaning: People who apply for a job., unit: people}\n", ""
    )
    assert ekb.check(write_pack(tmp_path, {"base.yaml": text, "cohorts.yaml": cohorts}), today=TODAY).failed == (
        "EKB501",
    )


@pytest.mark.parametrize(
    ("written", "code", "says"),
    [
        ("{id: a, label: about 1,200, meaning: m., unit: people}", "EKB502", "a comma cut this text"),
        ("{id: a, label: about 15,000, meaning: m., unit: people}", "EKB502", "a comma cut this text"),
        ('{id: a, label: "\\x1b[31mred", meaning: m., unit: people}', "EKB502", "control character"),
        ("{id: a, label: A, meaning: m., unit: people, codes: [{scheme: SOC, code: 0123}]}", "EKB501", "leading zero"),
    ],
)
def test_a_cut_number_and_a_control_character_are_told_for_what_they_are(
    tmp_path: Path, written: str, code: str, says: str
) -> None:
    report = ekb.check(write_pack(tmp_path, {"cohorts.yaml": f"cohorts:\n  - {written}\n"}))
    assert [(v.code, says in v.message) for v in report.errors] == [(code, True)]


@pytest.mark.parametrize("on", ["Y17E999999999", "{..1984}", "2003-X2", "y-99999999", "1" * 100, "2021-13", "soon"])
def test_an_odd_date_is_refused_and_nothing_hangs_or_prints(
    tmp_path: Path, on: str, capsys: pytest.CaptureFixture[str]
) -> None:
    text = base_pack().replace("published_on: 2024", f'published_on: "{on}"')
    ekb.check(write_pack(tmp_path, {"base.yaml": text}), today=TODAY)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    "line",
    [
        '{"concept": {"id": "\\ud800", "kind": "topic", "label": "x"}}',
        '{"concept": {"id": "a", "n": 1e999}}',
        '{"a": ' + "[" * 900 + "]" * 900 + "}",
    ],
)
def test_json_that_text_cannot_hold_is_reported_at_its_line(tmp_path: Path, line: str) -> None:
    (problem, *_) = ekb.check(write_pack(tmp_path, {"a.jsonl": line + "\n"})).errors
    assert (problem.code, str(problem.place)) in (("EKB501", "a.jsonl:1"), ("EKB502", "a.jsonl:1"))


def test_a_figure_beyond_all_measure_is_refused(tmp_path: Path) -> None:
    text = base_pack().replace("value: 12,", "value: 1e308,")
    assert ekb.check(write_pack(tmp_path, {"base.yaml": text}), today=TODAY).failed == ("EKB301",)


def test_a_link_out_of_the_pack_is_not_followed(tmp_path: Path) -> None:
    secret = tmp_path / "secret.yaml"
    secret.write_text("findings: [{id: stolen}]\n")
    pack = write_pack(tmp_path / "pack", {})
    (pack / "a.yaml").symlink_to(secret)
    (pack / "rules").mkdir()
    (pack / "rules" / "a.sql").symlink_to(secret)
    found = {v.place.file: v.message for v in ekb.check(pack).errors if v.place}
    assert found == dict.fromkeys(
        ("a.yaml", "rules/a.sql"), "the file is a link that leaves the pack; copy it into the pack"
    )


def test_a_file_that_is_no_text_is_reported_at_its_line(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {})
    (pack / "a.yaml").write_bytes(b"cohorts:\n  - {id: a, label: caf\xe9}\n")
    (problem,) = ekb.check(pack).errors
    assert (problem.code, problem.message, str(problem.place)) == (
        "EKB501",
        "not UTF-8 text; save the file as UTF-8",
        "a.yaml:2",
    )


def test_a_byte_order_mark_is_no_problem(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {})
    (pack / "a.yaml").write_bytes(b"\xef\xbb\xbf" + base_pack().encode())
    assert ekb.check(pack, today=TODAY).ok


def test_words_stay_words(tmp_path: Path) -> None:
    node = parse("a: [no, off, yes, 2023-07-01, 1_000, 12:30, 0o17, 1e3, ~, 'null']\n")
    assert node is not None
    assert as_plain(node) == {"a": ["no", "off", "yes", "2023-07-01", "1_000", "12:30", 15, 1000.0, None, "null"]}


@given(seed=st.integers(0, 1_000_000))
def test_formatting_a_broken_pack_loses_nothing_of_its_report(
    tmp_path_factory: pytest.TempPathFactory, seed: int
) -> None:
    """What is wrong stays wrong in the same records: the formatter judges nothing and drops nothing."""
    folder = tmp_path_factory.mktemp("both")
    pack = write_pack(folder, {"base.yaml": _broken(seed)})
    before = ekb.check(pack, today=TODAY)
    if "EKB501" in before.failed:
        return
    (pack / "base.yaml").write_text(format_text((pack / "base.yaml").read_text(), name="base.yaml"))
    after = ekb.check(pack, today=TODAY)
    said = [
        sorted((v.code, str(v.subject)) for v in report if v.code not in ("EKB504", "EKB503"))
        for report in (before, after)
    ]
    if "EKB503" not in before.failed:
        assert said[0] == said[1]
