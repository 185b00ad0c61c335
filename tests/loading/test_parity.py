"""Whatever stands in a large file, its check says what the check of a small one says of the same text, word for word."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.loading import building, intake
from evidencekb.store import MAX_RECORD
from evidencekb.store.jsonl import format_jsonl
from evidencekb.store.reading import MAX_JSONL
from tests.packs import MANIFEST, TODAY
from tests.records import base_records

Files = dict[str, bytes]
Lines = list[bytes]

CONCEPTS = [
    {"id": f"skill-{letter}", "kind": "skill", "label": f"Skill {letter.upper()}", "plural": "things"}
    for letter in "abcdefgh"
]


def sound() -> Files:
    """The example records as JSONL files in canonical form, with some more concepts."""
    records = base_records()
    records["concepts"] = [*records.get("concepts", []), *CONCEPTS]
    files = {
        f"{name}.jsonl": format_jsonl("\n".join(map(json.dumps, listed)), name=f"{name}.jsonl").encode()
        for name, listed in records.items()
    }
    return {"pack.yaml": MANIFEST.encode(), **files}


SOUND = sound()


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    for name, held in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(held)
    return folder


def check(folder: Path, *, bulk: bool, part: int = 300, workers: int = 1) -> ekb.Report:
    """A check whose JSONL files are all read in one of the two ways."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(building, "BULK_BYTES", 0 if bulk else MAX_JSONL)
        patch.setattr(intake, "PART_BYTES", part)
        return ekb.check(folder, today=TODAY, workers=workers)


def same(folder: Path, files: Files) -> ekb.Report:
    """The report of the files, which is that of either way of reading, with parts of whatever size."""
    write_files(folder, files)
    small = check(folder, bulk=False)
    for part in (1, 300, 1_000_000):
        assert check(folder, bulk=True, part=part) == small
    return small


def edited(edit: Callable[[Lines], Any], name: str = "concepts.jsonl") -> Files:
    """The sound files, one with its lines changed in place, or by what is given back."""
    lines = SOUND[name].splitlines()
    lines = edit(lines) or lines
    return {**SOUND, name: b"".join(line + b"\n" for line in lines)}


def changed(held: bytes, name: str = "concepts.jsonl") -> Files:
    """The sound files, one of them replaced."""
    return {**SOUND, name: held}


def broken(line: bytes) -> bytes:
    """A line with a field that no record has."""
    return line.replace(b'{"id"', b'{"colour":1,"id"')


TEXT = SOUND["concepts.jsonl"]
FIRST, SECOND, *_ = TEXT.splitlines()
COUNT = TEXT.count(b"\n")
WRAPPED = b"".join(b'{"concept":%s}\n' % line for line in TEXT.splitlines())

WHOLE_FILES: dict[str, tuple[Files, list[str]]] = {
    "sound": (SOUND, []),
    "empty": (changed(b"", "gaps.jsonl"), []),
    "only a mark": (changed(b"\xef\xbb\xbf", "gaps.jsonl"), []),
    "only a newline": (changed(b"\n", "gaps.jsonl"), ["EKB504 gaps.jsonl:2"]),
    "only blanks": (changed(b"  \n\n \t", "gaps.jsonl"), ["EKB504 gaps.jsonl:1"]),
    "byte order mark": (changed(b"\xef\xbb\xbf" + TEXT), []),
    "two marks": (changed(b"\xef\xbb\xbf\xef\xbb\xbf" + TEXT), ["EKB501 concepts.jsonl:1"]),
    "lines of Windows": (changed(TEXT.replace(b"\n", b"\r\n")), ["EKB504 concepts.jsonl:1"]),
    "lines of old Macs": (changed(TEXT.replace(b"\n", b"\r")), ["EKB501 concepts.jsonl:1"]),
    "no last newline": (changed(TEXT[:-1]), [f"EKB504 concepts.jsonl:{COUNT + 1}"]),
    "two last newlines": (changed(TEXT + b"\n"), [f"EKB504 concepts.jsonl:{COUNT + 2}"]),
    "blank lines": (edited(lambda lines: [lines[0], b"", b" \t", *lines[1:]]), ["EKB504 concepts.jsonl:2"]),
    "last line cut": (changed(TEXT[:-20]), [f"EKB501 concepts.jsonl:{COUNT}"]),
    "shuffled": (edited(lambda lines: [*lines[3:], *lines[:3]]), ["EKB504 concepts.jsonl:1"]),
    "last first": (edited(lambda lines: [lines[0], lines[-1], *lines[1:-1]]), ["EKB504 concepts.jsonl:2"]),
    "one late": (edited(lambda lines: [*lines[:2], *lines[3:], lines[2]]), ["EKB504 concepts.jsonl:3"]),
    "all wrapped": ({**changed(WRAPPED, "any.jsonl"), "concepts.jsonl": b""}, []),
    "some wrapped": (edited(lambda lines: [*lines[:2], *WRAPPED.splitlines()[2:4], *lines[4:]]), []),
    "UTF-16": (changed(TEXT.decode().encode("utf-16")), ["EKB501 concepts.jsonl:1"]),
    "UTF-16 without a mark": (changed(TEXT.decode().encode("utf-16-le")), ["EKB501 concepts.jsonl:1"]),
    "UTF-32": (changed(TEXT.decode().encode("utf-32-be")), ["EKB501 concepts.jsonl:1"]),
    "zero bytes": (changed(b"\0" * 5_000), ["EKB501 concepts.jsonl:1"]),
    "no text at all": (changed(bytes(range(256)) * 20), ["EKB501 concepts.jsonl:1"]),
    "two lines of Latin-1": (
        edited(lambda lines: [line.replace(b"things", b"caf\xe9") if at in (4, 6) else line for at, line in enumerate(lines)]),
        ["EKB501 concepts.jsonl:5"],
    ),
    "a line that is too long": (
        edited(lambda lines: [lines[0], b'{"id":"' + b"x" * MAX_RECORD + b'"}', *lines[1:]]),
        ["EKB501 concepts.jsonl:2"],
    ),
    "a line that is too long, and no other": (changed(b"x" * 2_500_000, "gaps.jsonl"), ["EKB501 gaps.jsonl:1"]),
    "a line just short enough": (
        edited(lambda lines: [lines[0], b" " * (MAX_RECORD - len(lines[1])) + lines[1], *lines[2:]]),
        ["EKB504 concepts.jsonl:2"],
    ),
    "the same line twice": (edited(lambda lines: [lines[0], *lines]), ["EKB503 concepts.jsonl:2"]),
    "an id twice, apart": (
        edited(lambda lines: [*lines, lines[0]]),
        [f"EKB503 concepts.jsonl:{COUNT + 1}", "EKB504 concepts.jsonl:2"],
    ),
    "sound, then broken": (
        edited(lambda lines: [lines[0], broken(lines[0]), *lines[1:]]),
        ["EKB503 concepts.jsonl:2", "EKB504 concepts.jsonl:2"],
    ),
    "broken, then sound": (
        edited(lambda lines: [broken(lines[0]), *lines]),
        ["EKB502 concepts.jsonl:1", "EKB503 concepts.jsonl:2", "EKB504 concepts.jsonl:1"],
    ),
    "broken twice": (
        edited(lambda lines: [broken(lines[0]), broken(lines[0]), *lines[1:]]),
        ["EKB502 concepts.jsonl:1", "EKB503 concepts.jsonl:2", "EKB504 concepts.jsonl:1"],
    ),
    "an id three times": (
        edited(lambda lines: [lines[0], lines[0], broken(lines[0]), *lines[1:]]),
        ["EKB503 concepts.jsonl:2", "EKB503 concepts.jsonl:3", "EKB504 concepts.jsonl:3"],
    ),
    "an id in two files": (changed(FIRST + b"\n", "concepts/more.jsonl"), ["EKB503 concepts.jsonl:1"]),
    "an id in two files, first broken": (
        {**changed(broken(FIRST) + b"\n", "aa/concepts.jsonl")},
        ["EKB502 aa/concepts.jsonl:1", "EKB503 concepts.jsonl:1", "EKB504 aa/concepts.jsonl:1"],
    ),
    "a broken one in YAML": (
        changed(b"concepts:\n  - id: skill-c\n    knd: skill\n", "a.yaml"),
        [*["EKB502 a.yaml:2"] * 2, "EKB502 a.yaml:3", "EKB503 concepts.jsonl:{skill-c}"],
    ),
}  # fmt: skip


def told(report: ekb.Report) -> list[str]:
    """Code and line of each violation."""
    return [f"{v.code} {v.place.file}:{v.place.line}" for v in report if v.place]


@pytest.mark.parametrize("case", WHOLE_FILES)
def test_a_file_is_told_alike(tmp_path: Path, case: str) -> None:
    files, expected = WHOLE_FILES[case]
    line = next(at for at, held in enumerate(TEXT.splitlines(), start=1) if b'"skill-c"' in held)
    wanted = [one.replace("{skill-c}", str(line)) for one in expected]
    assert sorted(told(same(tmp_path, files))) == sorted(wanted)


LINES = {
    "null": b"null",
    "list": b"[]",
    "number": b"1",
    "text": b'"x"',
    "no fields": b"{}",
    "no number": b"NaN",
    "endless": b'{"id":"x","n":-Infinity}',
    "too large": b'{"id":"x","n":1e400}',
    "many digits": b'{"id":' + b"9" * 5_000 + b"}",
    "some digits": b'{"id":"skill-x","kind":"skill","label":"X","n":' + b"9" * 400 + b"}",
    "no id": b'{"id":null}',
    "id a number": b'{"id":5}',
    "id empty": b'{"id":"","kind":"skill","label":"X"}',
    "id of capitals": b'{"id":"Skill X","kind":"skill","label":"X"}',
    "id of a path": b'{"id":"../x","kind":"skill","label":"X"}',
    "id with a zero": b'{"id":"a\\u0000b","kind":"skill","label":"X"}',
    "id with an accent": '{"id":"é","kind":"skill","label":"X"}'.encode(),
    "half a sign": b'{"id":"\\ud800","kind":"skill","label":"X"}',
    "half a sign, raw": b'{"id":"\xed\xa0\x80","kind":"skill","label":"X"}',
    "zero byte": b'{"id":"a\0b","kind":"skill","label":"X"}',
    "not UTF-8": b'{"id":"skill-x","kind":"skill","label":"caf\xe9"}',
    "key twice": b'{"id":"a","id":"b"}',
    "key twice inside": b'{"id":"skill-x","kind":"skill","label":"X","codes":[{"scheme":"a","scheme":"b"}]}',
    "unknown field": b'{"id":"skill-x","kind":"skill","label":"X","labl":"Y"}',
    "unknown field without a value": b'{"id":"skill-x","kind":"skill","label":"X","labl":null}',
    "wrong types": b'{"id":"skill-x","kind":["skill"],"label":{"a":1},"links":"y"}',
    "unknown term": b'{"id":"skill-x","kind":"skil","label":"X"}',
    "number for text": b'{"id":"skill-x","kind":"skill","label":2024}',
    "control character": b'{"id":"skill-x","kind":"skill","label":"a\\u0007b"}',
    "delete": b'{"id":"skill-x","kind":"skill","label":"a\x7fb"}',
    "line separator": '{"id":"skill-x","kind":"skill","label":"a\u2028b"}'.encode(),
    "next line": '{"id":"skill-x","kind":"skill","label":"a\x85b"}'.encode(),
    "nothing to see": '{"id":"skill-x","kind":"skill","label":"a\u200bb"}'.encode(),
    "a sign beyond": '{"id":"skill-x","kind":"skill","label":"\U0001f600"}'.encode(),
    "escaped": b'{"id":"skill-x","kind":"skill","label":"\\u00e9"}',
    "spaces": b'{"id": "skill-x", "kind": "skill", "label": "X"}',
    "keys out of order": b'{"kind":"skill","label":"X","id":"skill-x"}',
    "a default": b'{"id":"skill-x","kind":"skill","label":"X","links":[]}',
    "capital keys": b'{"ID":"skill-x","kind":"skill","label":"X"}',
    "not closed": b'{"id":"skill-x"',
    "more behind": b'{"id":"skill-x"} more',
    "two in a line": b'{"id":"skill-x"}{"id":"skill-y"}',
    "comma too many": b'{"id":"skill-x",}',
    "comment": b"# a comment",
    "wrapped": b'{"concept":{"id":"skill-x","kind":"skill","label":"X"}}',
    "wrapped otherwise": b'{"cohort":{"id":"skill-x","label":"X","meaning":"m.","unit":"people"}}',
    "wrapped null": b'{"concept":null}',
    "wrapped list": b'{"concept":[]}',
    "wrapped unknown": b'{"concpt":{"id":"skill-x","kind":"skill","label":"X"}}',
    "deep": b"[" * 100_000,
    "deep, and closed": b'{"a":' + b"[" * 100 + b"]" * 100 + b"}",
    "a dangling link": b'{"id":"skill-x","kind":"skill","label":"X","links":[{"relation":"broader","to":"nowhere"}]}',
    "blank to Python": "\u3000".encode(),
    "blank by control": b"\x1c",
    "form feed": b"\x0c",
    "a mark inside": b'\xef\xbb\xbf{"id":"skill-x","kind":"skill","label":"X"}',
}  # fmt: skip


@pytest.mark.parametrize("name", LINES)
def test_a_line_is_told_alike(tmp_path: Path, name: str) -> None:
    report = same(tmp_path, edited(lambda lines: lines.insert(3, LINES[name])))
    assert {v.place.line for v in report if v.place and v.place.file == "concepts.jsonl"} <= {1, 4, 5, COUNT + 1}


PIECES = st.one_of(
    st.integers(0, COUNT - 1).map(TEXT.splitlines().__getitem__),
    st.integers(0, COUNT - 1).map(lambda at: broken(TEXT.splitlines()[at])),
    st.sampled_from([b"", b"  ", b"\r", *(line for line in LINES.values() if len(line) < 10_000)]),
)


@given(
    lines=st.lists(PIECES, max_size=12),
    more=st.lists(PIECES, max_size=3),
    end=st.sampled_from([b"\n", b"\r\n"]),
    last=st.booleans(),
    part=st.integers(1, 2_000),
)
@example(lines=[b'{"concept":{"id":"a"}}', b'{"concept":{"id":"A"}}'], more=[], end=b"\n", last=True, part=1)
def test_any_lines_are_told_alike(
    tmp_path_factory: pytest.TempPathFactory, lines: Lines, more: Lines, end: bytes, last: bool, part: int
) -> None:
    held = end.join(lines) + (end if last else b"")
    folder = write_files(tmp_path_factory.mktemp("any"), {
        "pack.yaml": MANIFEST.encode(), "concepts.jsonl": held, "concepts/more.jsonl": end.join(more),
    })  # fmt: skip
    assert check(folder, bulk=True, part=part) == check(folder, bulk=False)


@given(text=st.text(max_size=200), part=st.integers(1, 50))
def test_any_text_is_told_alike(tmp_path_factory: pytest.TempPathFactory, text: str, part: int) -> None:
    held = text.encode("utf-8", "surrogatepass")
    folder = write_files(tmp_path_factory.mktemp("any"), {"pack.yaml": MANIFEST.encode(), "concepts.jsonl": held})
    assert check(folder, bulk=True, part=part) == check(folder, bulk=False)


def test_worker_processes_tell_it_alike(tmp_path: Path) -> None:
    def worsen(lines: Lines) -> Lines:
        return [lines[-1], broken(lines[0]), *lines, *(line for line in LINES.values() if len(line) < 1_000)]

    folder = write_files(tmp_path, edited(worsen))
    report = check(folder, bulk=True, workers=2)
    assert report == check(folder, bulk=False)
    assert {"EKB501", "EKB502", "EKB503"} <= set(report.failed)


WAIVERS = [
    {"rule": rule, "record": "nobody", "who": "me", "why": "made up", "until": "2030"}
    for rule in ("108", "EKB201", "HOUSE1", "AB1")
]


@pytest.mark.parametrize("order", [(0, 1, 2, 3), (3, 0, 1, 2), (0, 1, 3, 2), (1, 0, 2, 3), (0, 0, 1, 2, 3)])
def test_the_order_of_waivers_is_told_alike(tmp_path: Path, order: tuple[int, ...]) -> None:
    lines = b"".join(json.dumps(WAIVERS[at], separators=(",", ":")).encode() + b"\n" for at in order)
    same(tmp_path, changed(lines, "waivers.jsonl"))


def test_one_id_for_a_claim_a_finding_and_an_untraced_claim_is_told_alike(tmp_path: Path) -> None:
    finding = json.loads(SOUND["findings.jsonl"].splitlines()[0])["id"]
    claim = json.loads(SOUND["claims.jsonl"].splitlines()[0])
    untraced = {"id": finding, "headline": "So it goes.", "status": "no_source_found", "say": "Nobody knows."}
    files = {
        **SOUND,
        "claims.jsonl": json.dumps({**claim, "id": finding}, separators=(",", ":")).encode() + b"\n",
        "untraced.jsonl": json.dumps(untraced, separators=(",", ":")).encode() + b"\n",
    }
    said = [(v.message, str(v.place)) for v in same(tmp_path, files) if v.code == "EKB503"]
    message = f"the id '{finding}' stands at claims.jsonl:1 too (claim); ids are never reused"
    assert said == [(message, "findings.jsonl:1"), (message, "untraced.jsonl:1")]


def test_an_id_in_a_line_that_cannot_be_read_is_not_said_to_dangle(tmp_path: Path) -> None:
    cohorts = SOUND["cohorts.jsonl"].replace(b"}", b"")
    assert same(tmp_path, changed(cohorts, "cohorts.jsonl")).failed == ("EKB501",)


SPOILT: dict[str, Callable[[Lines], Any]] = {
    "shuffled": lambda lines: [*lines[3:], *lines[:3]],
    "broken": lambda lines: [broken(line) if b"skill-c" in line else line for line in lines],
    "cut": lambda lines: [*lines, b"{"],
    "not text": lambda lines: [line.replace(b"Skill C", b"Skill \xc9") for line in lines],
}


@pytest.mark.parametrize("how", SPOILT)
def test_what_is_sound_is_sealed_alike(tmp_path: Path, how: str) -> None:
    folder = write_files(tmp_path / "pack", edited(SPOILT[how]))
    digests = set()
    for bulk in (0, MAX_JSONL):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(building, "BULK_BYTES", bulk)
            building.build_without_errors(folder, tmp_path / "sound.ekb", today=TODAY)
        with ekb.load(tmp_path / "sound.ekb") as kb:
            digests.add(kb.digest)
            assert len(kb) == 1
    assert len(digests) == 1
