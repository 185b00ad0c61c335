"""Large JSON Lines files are read part by part, by one process or by several, and mean what small ones mean."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given

import evidencekb as ekb
from benchmarks.generator import CODES, generate
from evidencekb.engines import sqlite
from evidencekb.engines.schema import BASE
from evidencekb.engines.sealing import content_digest, memory_tables
from evidencekb.exports import export_pack
from evidencekb.loading import assembling, building, intake
from evidencekb.loading.assembling import assemble
from evidencekb.loading.intake import Intake
from evidencekb.loading.lines import parts_of
from evidencekb.report import Severity
from evidencekb.store import MAX_RECORD
from evidencekb.store.reading import MAX_JSONL
from evidencekb.testing import Pack, packs, write
from tests.packs import TODAY

Rows = dict[str, list[tuple[Any, ...]]]


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every file is a bulk file, and a part of one holds a few records."""
    monkeypatch.setattr(building, "BULK_BYTES", 0)
    monkeypatch.setattr(intake, "PART_BYTES", 3_000)


def filled(folder: Path, *, bulk: int, workers: int = 1) -> tuple[str, Rows]:
    """The digest of a pack's records, and all rows that they make."""
    with closing(memory_tables()) as connection:
        held = Intake(assemble(folder, bulk=bulk), connection)
        held.fill(lambda _: None, workers)
        rows = {table.name: sorted(connection.execute(f"SELECT * FROM {table.name}")) for table in BASE}
        return content_digest(held.digests), rows


def edited(folder: Path, file: str, edit: Callable[[list[bytes]], object]) -> Path:
    """The pack with lines of a file changed."""
    path = folder / file
    lines = path.read_bytes().splitlines()
    edit(lines)
    path.write_bytes(b"\n".join(lines) + b"\n")
    return folder


def errors(folder: Path, **options: Any) -> list[tuple[str, str, int, str]]:
    """Code, id, line and message of each error."""
    report = ekb.check(folder, today=TODAY, **options)
    return [(v.code, v.subject.id, v.place.line if v.place else 0, v.message) for v in report.errors]


@pytest.mark.parametrize("workers", [1, 2])
def test_a_file_read_in_parts_gives_the_same_rows(tmp_path: Path, workers: int) -> None:
    folder = generate(tmp_path, 60).folder
    whole = filled(folder, bulk=MAX_JSONL)
    assert len(whole[1]["finding"]) == 60
    assert filled(folder, bulk=0, workers=workers) == whole


@given(pack=packs())
def test_any_pack_read_in_parts_gives_the_same_rows(tmp_path_factory: pytest.TempPathFactory, pack: Pack) -> None:
    folder = write(pack, tmp_path_factory.mktemp("pack"))
    assert filled(folder, bulk=0) == filled(folder, bulk=MAX_JSONL)


def test_every_broken_record_of_a_large_file_is_found(tmp_path: Path) -> None:
    made = generate(tmp_path, 800, broken=True)
    found = errors(made.folder)
    assert {(code, id) for code, id, _, _ in found} == set(made.broken)
    assert {code for code, _ in made.broken} == set(CODES.values())


def test_a_broken_record_is_told_with_its_line(tmp_path: Path) -> None:
    made = generate(tmp_path, 200, broken=True)
    lines = (made.folder / "findings.jsonl").read_text().splitlines()
    for code, id, line, _ in errors(made.folder):
        if code != "EKB201":
            assert json.loads(lines[line - 1])["id"] == id


def test_both_ways_of_reading_report_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = generate(tmp_path, 400, broken=True).folder
    parts = ekb.check(folder, today=TODAY)
    monkeypatch.setattr(building, "BULK_BYTES", MAX_JSONL)
    assert parts == ekb.check(folder, today=TODAY)


def test_an_id_that_stands_twice_is_told_where_it_stands(tmp_path: Path) -> None:
    folder = edited(generate(tmp_path, 60).folder, "findings.jsonl", lambda lines: lines.append(lines[3]))
    ((code, id, line, message),) = errors(folder)
    assert (code, id, line) == ("EKB503", "finding-03", 61)
    assert "findings.jsonl:4" in message


def test_an_id_that_stands_twice_in_one_part_is_told(tmp_path: Path) -> None:
    folder = edited(generate(tmp_path, 60).folder, "findings.jsonl", lambda lines: lines.insert(4, lines[3]))
    assert [found[:3] for found in errors(folder)] == [("EKB503", "finding-03", 5)]


def test_a_claim_named_like_a_finding_is_told(tmp_path: Path) -> None:
    def rename(lines: list[bytes]) -> None:
        lines[0] = lines[0].replace(b'"claim-finding-00"', b'"finding-03"')

    folder = edited(generate(tmp_path, 60).folder, "claims.jsonl", rename)
    assert ("EKB503", "finding-03") in [found[:2] for found in errors(folder)]


@pytest.mark.parametrize(
    ("line", "code", "part"),
    [
        (b'{"id": "broken"', "EKB501", "not readable as JSON"),
        (b'{"id": "a", "id": "b"}', "EKB501", "stands twice"),
        (b'{"id": "caf\xe9"}', "EKB501", "not UTF-8"),
        (b'{"id": "bare"}', "EKB502", "'headline' is missing"),
        (b'["no record"]', "EKB502", "a line is one record"),
        (b"[" * 100_000, "EKB501", "not readable as JSON"),
    ],
)
def test_a_line_that_cannot_be_taken_is_told_and_the_others_are_read(
    tmp_path: Path, line: bytes, code: str, part: str
) -> None:
    folder = edited(generate(tmp_path, 60).folder, "findings.jsonl", lambda lines: lines.insert(7, line))
    found = errors(folder)
    assert found
    for found_code, _, number, _ in found:
        assert (found_code, number) == (code, 8)
    assert any(part in message for _, _, _, message in found)
    assert len(filled(folder, bulk=0)[1]["finding"]) == 60


def test_a_record_with_an_unknown_field_is_told_and_kept(tmp_path: Path) -> None:
    def misspell(lines: list[bytes]) -> None:
        lines[7] = lines[7].replace(b'{"id"', b'{"heading":"x","id"', 1)

    folder = edited(generate(tmp_path, 60).folder, "findings.jsonl", misspell)
    ((code, id, line, message),) = errors(folder)
    assert (code, id, line) == ("EKB502", "finding-07", 8)
    assert "'heading'" in message
    assert len(filled(folder, bulk=0)[1]["finding"]) == 60


def test_a_file_out_of_form_is_read_and_told_once(tmp_path: Path) -> None:
    whole = filled(generate(tmp_path, 60).folder, bulk=MAX_JSONL)

    def loosen(lines: list[bytes]) -> None:
        lines[:] = [json.dumps(json.loads(line)).encode() for line in reversed(lines)]

    folder = edited(tmp_path, "findings.jsonl", loosen)
    digest, rows = filled(folder, bulk=0)
    assert digest == whole[0]
    assert {name: held for name, held in rows.items() if name != "place"} == {
        name: held for name, held in whole[1].items() if name != "place"
    }
    told = [v for v in ekb.check(folder, today=TODAY) if v.code == "EKB504"]
    assert [(v.severity, v.place.file, v.place.line) for v in told if v.place] == [
        (Severity.WARNING, "findings.jsonl", 1)
    ]


def test_a_part_that_begins_out_of_order_is_told(tmp_path: Path) -> None:
    folder = edited(generate(tmp_path, 60).folder, "findings.jsonl", lambda lines: lines.append(lines.pop(0)))
    assert [v.place.file for v in ekb.check(folder, today=TODAY) if v.code == "EKB504" and v.place] == [
        "findings.jsonl"
    ]


def test_records_of_a_large_file_that_have_errors_are_left_out_when_asked(tmp_path: Path) -> None:
    made = generate(tmp_path, 300, broken=True)
    out = tmp_path / "sound.ekb"
    report = building.build_without_errors(made.folder, out, today=TODAY)
    assert not report.ok
    left = {id for code, id in made.broken if code != "EKB201"}
    with ekb.load(out) as kb:
        assert left.isdisjoint(kb.ids("finding"))
        assert len(kb) >= 290


def test_an_extended_pack_too_large_to_hold_gives_the_same_rows(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generate(tmp_path / "large", 60)
    building.build(tmp_path / "large", tmp_path / "large.ekb", today=TODAY)
    folder = tmp_path / "small"
    folder.mkdir()
    (folder / "pack.yaml").write_text("name: small\nversion: 1.0.0\nextends: [../large.ekb]\n")
    (folder / "concepts.jsonl").write_text('{"id":"baker","kind":"role","label":"Baker"}\n')
    held = filled(folder, bulk=0)
    monkeypatch.setattr(assembling, "MOST_HELD", 10)
    assert filled(folder, bulk=0) == held
    assert len(held[1]["finding"]) == 60


@pytest.mark.parametrize("workers", [1, 2])
def test_a_parquet_file_gives_the_same_rows(tmp_path: Path, workers: int) -> None:
    pytest.importorskip("pyarrow")
    folder = generate(tmp_path / "lines", 60).folder
    building.build(folder, tmp_path / "pack.ekb", today=TODAY)
    with ekb.load(tmp_path / "pack.ekb") as kb:
        export_pack(kb, tmp_path / "columns", form="parquet")
    digest, rows = filled(tmp_path / "columns", bulk=0, workers=workers)
    whole = filled(folder, bulk=MAX_JSONL)
    assert digest == whole[0]
    assert rows["citation"] == whole[1]["citation"]
    assert rows["place"][0][2] == "aspects.parquet"


def test_what_is_no_parquet_file_is_told(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    folder = generate(tmp_path, 60).folder
    (folder / "gaps.parquet").write_text("no columns")
    ((code, id, _, message),) = errors(folder)
    assert (code, id) == ("EKB501", "gaps.parquet")
    assert "Parquet" in message


def test_fields_of_a_bibliography_reach_sources_of_a_large_file(tmp_path: Path) -> None:
    def without_title(lines: list[bytes]) -> None:
        source = json.loads(lines[2])
        del source["title"]
        lines[2] = json.dumps(source, separators=(",", ":")).encode()

    folder = edited(generate(tmp_path, 60).folder, "sources.jsonl", without_title)
    key = json.loads((folder / "sources.jsonl").read_bytes().splitlines()[2])["id"]
    (folder / "references.bib").write_text(f"@article{{{key},\n  title = {{Named Here}}\n}}\n")
    whole = filled(folder, bulk=MAX_JSONL)
    assert filled(folder, bulk=0) == whole
    assert any(row[0] == key and row[2] == "named here" for row in whole[1]["source"])


def test_a_field_in_a_large_file_and_in_a_bibliography_is_told(tmp_path: Path) -> None:
    folder = generate(tmp_path, 60).folder
    key = json.loads((folder / "sources.jsonl").read_bytes().splitlines()[2])["id"]
    (folder / "references.bib").write_text(f"@article{{{key},\n  title = {{Named Here}}\n}}\n")
    assert [(code, id, line) for code, id, line, _ in errors(folder)] == [("EKB502", key, 3)]


def test_an_untraced_claim_named_like_a_claim_is_told(tmp_path: Path) -> None:
    folder = generate(tmp_path, 60).folder
    untraced = {
        "id": "claim-finding-00",
        "headline": "So it goes.",
        "status": "no_source_found",
        "say": "Nobody knows.",
    }
    (folder / "untraced.jsonl").write_text(json.dumps(untraced, separators=(",", ":")) + "\n")
    assert ("EKB503", "claim-finding-00") in [found[:2] for found in errors(folder)]


def test_a_line_that_cannot_be_read_does_not_empty_the_pack(tmp_path: Path) -> None:
    folder = edited(generate(tmp_path / "pack", 60).folder, "findings.jsonl", lambda lines: lines.append(b"{oops"))
    report = building.build_without_errors(folder, tmp_path / "sound.ekb", today=TODAY)
    assert [v.code for v in report.errors] == ["EKB501"]
    with ekb.load(tmp_path / "sound.ekb") as kb:
        assert len(kb) == 60


def test_insert_says_how_many_rows_went_in() -> None:
    with closing(memory_tables()) as connection:
        rows = [("finding", f"f-{n}") for n in range(1_234)]
        assert sqlite.insert(connection, "known", rows) == 1_234
        assert sqlite.insert(connection, "known", [*rows, ("finding", "new")], word="INSERT OR IGNORE") == 1


def test_of_a_line_that_is_too_long_only_the_beginning_is_read(tmp_path: Path) -> None:
    path = tmp_path / "findings.jsonl"
    path.write_bytes(b'{"id":"a"}\n' + b"x" * 5_000_000 + b'\n{"id":"b"}\n')
    parts = list(parts_of(path, "findings.jsonl", 4))
    assert max(part.length for part in parts) <= MAX_RECORD + 5
    assert [(part.line, part.start) for part in parts[-1:]] == [(3, path.stat().st_size - 11)]


def test_a_fault_in_a_row_of_a_parquet_file_leaves_the_others(tmp_path: Path) -> None:
    parquet = pytest.importorskip("pyarrow.parquet")
    folder = generate(tmp_path, 60).folder
    records = (folder / "findings.jsonl").read_text().splitlines()
    ids = [json.loads(record)["id"] for record in records]
    (folder / "findings.jsonl").unlink()
    rows = [{"id": id, "record": record} for id, record in zip(ids, records, strict=True)]
    rows[3]["id"] = "other"
    parquet.write_table(_table(rows), folder / "findings.parquet")
    ((code, _, row, message),) = errors(folder)
    assert (code, row) == ("EKB501", 4)
    assert "keep one of the two" in message
    assert len(filled(folder, bulk=0)[1]["finding"]) == 59


def test_rows_that_are_lost_with_a_file_are_not_said_to_dangle(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    folder = generate(tmp_path, 60).folder
    (folder / "findings.jsonl").unlink()
    (folder / "findings.parquet").write_bytes(b"PAR1 and no more")
    assert [code for code, *_ in errors(folder)] == ["EKB501"]


def _table(rows: list[dict[str, str]]) -> Any:
    return pytest.importorskip("pyarrow").Table.from_pylist(rows)


def test_a_program_that_is_not_guarded_is_told_what_to_do(tmp_path: Path) -> None:
    folder = generate(tmp_path / "pack", 60).folder
    program = tmp_path / "program.py"
    program.write_text(
        "import threading, time\n"
        "import evidencekb\n"
        "from evidencekb.loading import building, intake\n"
        "building.BULK_BYTES, intake.PART_BYTES = 0, 10_000\n"
        "threading.Thread(target=time.sleep, args=(30,), daemon=True).start()  # so that no process is forked\n"
        f"evidencekb.check({str(folder)!r}, workers=2)\n"
    )
    done = subprocess.run([sys.executable, str(program)], capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert 'Put what the program does below `if __name__ == "__main__":`' in done.stderr
