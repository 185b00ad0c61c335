"""Records in Parquet files: what was written comes back, whoever wrote it; what is no record is named with its file and row."""

from __future__ import annotations

import datetime
import json
import os
import subprocess
import sys
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet as parquet
import pytest

import evidencekb as ekb
from evidencekb.errors import EngineError
from evidencekb.store import parquet as reading
from evidencekb.store.parquet import ParquetProblem, read_parquet_records
from tests.packs import write_pack
from tests.records import base_records

RECORDS = ['{"id":"a","label":"A","n":40}', '{"id":"b","n":40.0,"t":"\u00e4\u4e2d"}']


def written(path: Path, columns: dict[str, Any], **options: Any) -> Path:
    parquet.write_table(pyarrow.table(columns), path, **options)
    return path


def texts(path: Path, name: str = "findings.parquet") -> list[tuple[int, str]]:
    return list(read_parquet_records(path, name))


@pytest.mark.parametrize("use_dictionary", [True, False])
@pytest.mark.parametrize("columns", [("id", "record"), ("record",)])
def test_records_as_text_come_back_letter_for_letter(
    tmp_path: Path, use_dictionary: bool, columns: tuple[str, ...]
) -> None:
    held = {"id": ["a", "b"], "record": RECORDS}
    path = written(tmp_path / "x.parquet", {name: held[name] for name in columns}, use_dictionary=use_dictionary)
    assert texts(path) == [(1, RECORDS[0]), (2, RECORDS[1])]


def test_a_column_kind_says_what_each_row_is(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", {"kind": ["source", None], "id": ["a", "b"], "record": RECORDS})
    assert texts(path, "all.parquet") == [(1, f'{{"source":{RECORDS[0]}}}'), (2, f'{{"":{RECORDS[1]}}}')]


def told(path: Path, name: str = "findings.parquet") -> tuple[list[int], list[tuple[int, str, tuple[str, ...] | None]]]:
    """Rows that are read, and rows that are not: what is said of each, and the ids that it may have held."""
    faults: list[ParquetProblem] = []
    rows = [row for row, _ in read_parquet_records(path, name, faults=faults.append)]
    return rows, [(fault.row, fault.problem, fault.ids) for fault in faults]


def test_a_row_that_holds_no_record_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", {"id": ["a", "b"], "record": [None, RECORDS[1]]})
    assert told(path) == ([2], [(1, "its column 'record' is NULL; write the record, or leave the row out", ("a",))])
    with pytest.raises(ParquetProblem, match="row 1: its column 'record' is NULL"):
        texts(path)


def test_a_row_whose_id_is_not_its_records_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    rows, faults = told(written(tmp_path / "x.parquet", {"id": ["c", "b"], "record": RECORDS}))
    assert rows == [2]
    assert faults == [(1, "the column 'id' says 'c', and the record 'a'; keep one of the two", ("c", "a"))]


def test_a_record_that_is_too_long_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    long = '{"id":"a","x":"' + "x" * 1_100_000 + '"}'
    rows, faults = told(written(tmp_path / "x.parquet", {"id": ["a", "b"], "record": [long, RECORDS[1]]}))
    assert rows == [2]
    assert faults == [(1, "a record of 1,100,017 bytes; a record has at most 1,048,576", ("a",))]


def test_a_value_that_is_no_text_is_told_and_the_others_are_read(tmp_path: Path) -> None:
    names = pyarrow.array([b"a", b"caf\xe9"], pyarrow.binary()).view(pyarrow.string())
    rows, faults = told(written(tmp_path / "x.parquet", {"id": ["a", "b"], "headline": names}))
    assert rows == [1]
    ((row, said, _),) = faults
    assert row == 2
    assert "damaged, or written in a way that is not read ('utf-8' codec can't decode" in said


def test_a_damaged_group_of_rows_does_not_take_the_next_with_it(tmp_path: Path) -> None:
    records = [f'{{"id":"{number}","x":"{os.urandom(100).hex()}"}}' for number in range(90)]
    path = written(tmp_path / "x.parquet", {"record": records}, row_group_size=30, use_dictionary=False)
    start = parquet.read_metadata(path).row_group(1).column(0).data_page_offset
    whole = bytearray(path.read_bytes())
    whole[start : start + 50] = b"\xff" * 50
    path.write_bytes(whole)
    rows, faults = told(path)
    assert rows == [*range(1, 31), *range(61, 91)]
    ((row, said, ids),) = faults
    assert (row, ids) == (31, None)
    assert said.startswith("30 rows from here on cannot be read: damaged")


def test_rows_are_numbered_through_all_parts_of_a_file(tmp_path: Path) -> None:
    records = [f'{{"id":"{number}"}}' for number in range(1_000)]
    path = written(tmp_path / "x.parquet", {"record": records}, row_group_size=70)
    assert texts(path) == list(enumerate(records, start=1))


def test_nested_columns_are_records_without_what_is_null(tmp_path: Path) -> None:
    rows = [
        {
            "id": "a", "headline": "A", "nature": None, "sample": {"period": None, "counts": [{"n": 3, "of": None}]},
            "estimates": [{"id": "e", "value": 40, "unit": "percent"}], "statement": datetime.date(2024, 5, 1),
        },
        {"id": "b", "headline": None, "nature": "observed", "sample": {"period": None, "counts": None},
         "estimates": [], "statement": None},
    ]  # fmt: skip
    parquet.write_table(pyarrow.Table.from_pylist(rows), tmp_path / "x.parquet")
    assert [json.loads(text) for _, text in texts(tmp_path / "x.parquet")] == [
        {
            "id": "a", "headline": "A", "sample": {"counts": [{"n": 3}]},
            "estimates": [{"id": "e", "value": 40, "unit": "percent"}], "statement": "2024-05-01",
        },
        {"id": "b", "nature": "observed", "estimates": []},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("value", "type_", "said"),
    [
        (Decimal("40.00"), pyarrow.decimal128(6, 2), 40),
        (Decimal("40.50"), pyarrow.decimal128(6, 2), 40.5),
        (datetime.datetime.fromisoformat("2024-05-01"), pyarrow.timestamp("us"), "2024-05-01"),
        (datetime.datetime.fromisoformat("2024-05-01T07:00"), pyarrow.timestamp("us"), "2024-05-01T07:00:00"),
        (b"text", pyarrow.binary(), "text"),
        ([("x", 1)], pyarrow.map_(pyarrow.string(), pyarrow.int64()), {"x": 1}),
        (0.1, pyarrow.float64(), 0.1),
        (True, pyarrow.bool_(), True),
    ],
)
def test_values_of_other_programs_become_those_of_json(tmp_path: Path, value: Any, type_: Any, said: Any) -> None:
    path = written(tmp_path / "x.parquet", {"id": ["a"], "statement": pyarrow.array([value], type_)})
    assert [json.loads(text) for _, text in texts(path)] == [{"id": "a", "statement": said}]


def test_a_waiver_in_columns_is_told_from_records_as_text(tmp_path: Path) -> None:
    waiver = {"rule": "204", "record": "a", "who": "us", "why": "w", "until": "2099"}
    path = written(tmp_path / "x.parquet", {name: [value] for name, value in waiver.items()})
    assert [json.loads(text) for _, text in texts(path, "waivers.parquet")] == [waiver]


def test_what_another_engine_wrote_of_a_pack_builds_to_the_same_records(tmp_path: Path) -> None:
    """Typed columns lose how a number was spelled, so the pack is one of whole numbers and fractions in columns of their own."""
    pack = base_records()
    for listing, records in pack.items():
        (tmp_path / f"{listing}.json").write_text(json.dumps(records))
        table = pyarrow.Table.from_pylist([dict.fromkeys({key for r in records for key in r}) | r for r in records])
        parquet.write_table(table, tmp_path / f"{listing}.parquet")
    lines = {
        f"{listing}.jsonl": "".join(
            f"{text}\n" for _, text in texts(tmp_path / f"{listing}.parquet", f"{listing}.parquet")
        )
        for listing in pack
    }
    read = {listing: [json.loads(line) for line in lines[f"{listing}.jsonl"].splitlines()] for listing in pack}
    assert read == pack
    assert ekb.check(write_pack(tmp_path / "pack", lines)).ok


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _text(path: Path) -> None:
    path.write_text('{"id":"a"}\n')


def _cut(path: Path) -> None:
    path.write_bytes(written(path, {"record": RECORDS}).read_bytes()[:-20])


def _torn(path: Path) -> None:
    whole = written(path, {"record": RECORDS}).read_bytes()
    path.write_bytes(whole[: len(whole) // 2] + whole[-8:])


def _scrambled(path: Path) -> None:
    whole = bytearray(written(path, {"record": [os.urandom(3000).hex()] * 3}, use_dictionary=False).read_bytes())
    whole[10:60] = b"\xff" * 50
    path.write_bytes(whole)


def _encrypted(path: Path) -> None:
    path.write_bytes(b"PARE" + b"0" * 50 + b"PARE")


def _two(path: Path) -> None:
    table = pyarrow.table([["a"], ["b"]], names=["id", "id"])
    parquet.write_table(table, path)


def _large(path: Path) -> None:
    written(
        path,
        {
            "id": ["a"],
            "record": ['{"id":"a","x":"' + os.urandom(700_000).hex() + '"}'],
        },
    )


def _bomb(path: Path) -> None:
    text = pyarrow.DictionaryArray.from_arrays(
        pyarrow.array([0] * 2_000, pyarrow.int32()), pyarrow.array(["x" * 50_000_000])
    )
    table = pyarrow.table({"record": text})
    parquet.write_table(table, path, compression="zstd", store_schema=False, dictionary_pagesize_limit=1 << 30)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (_empty, r"^findings.parquet: not a Parquet file: an empty file"),
        (
            _text,
            r"^findings.parquet: not a Parquet file: it begins with b'\{\"id'; a text file of records is named .jsonl",
        ),
        (_cut, r"^findings.parquet: a Parquet file that was cut after [\d,]+ bytes; write it again"),
        (_torn, r"^findings.parquet: damaged, or written in a way that is not read"),
        (
            _scrambled,
            r"^findings.parquet, row 1: 3 rows from here on cannot be read: damaged, or written in a way that is not read",
        ),
        (_encrypted, r"^findings.parquet: an encrypted Parquet file"),
        (_two, r"^findings.parquet: two columns are called 'id'"),
        (_large, r"^findings.parquet, row 1: a record of 1,400,\d+ bytes; a record has at most 1,048,576"),
        (_bomb, r"^findings.parquet: the column 'record' unpacks [\d,]+ bytes to 50,000,\d+, which no records do"),
    ],
)
def test_a_file_that_cannot_be_read_says_what_it_is(tmp_path: Path, make: Any, said: str) -> None:
    make(tmp_path / "x.parquet")
    with pytest.raises(ParquetProblem, match=said):
        texts(tmp_path / "x.parquet")


@pytest.mark.parametrize(
    ("columns", "name", "said"),
    [
        ({"id": ["a"], "headlin": ["x"]}, "findings.parquet", r"'headlin' is no field of a finding; did you mean 'headline'\?"),
        ({"id": ["a"], "__index_level_0__": [1]}, "findings.parquet", "is an index of pandas; write with index=False"),
        ({"id": ["a"], "label": ["x"]}, "all.parquet", r"nothing says what its rows are: name the file after its list"),
        ({"record": ["{}"]}, "all.parquet", r"nothing says what its rows are: name the file after its list"),
        ({"record": [1]}, "findings.parquet", "the column 'record' is int64; it holds text"),
        ({"id": ["b"], "record": ['{"id":"a"}']}, "findings.parquet", "row 1: the column 'id' says 'b', and the record 'a'"),
        ({f"c{n}": [n] for n in range(501)}, "findings.parquet", "501 columns, nested ones counted"),
    ],
)  # fmt: skip
def test_columns_that_no_record_has_are_named(tmp_path: Path, columns: Any, name: str, said: str) -> None:
    with pytest.raises(ParquetProblem, match=said):
        texts(written(tmp_path / "x.parquet", columns), name)


def test_a_folder_named_after_a_list_says_the_kind(tmp_path: Path) -> None:
    path = written(tmp_path / "x.parquet", {"id": ["a"], "headline": ["A"]})
    assert texts(path, "findings/part-0001.parquet") == [(1, '{"id":"a","headline":"A"}')]


def test_too_many_rows_are_refused_before_any_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MAX_ROWS", 1)
    with pytest.raises(ParquetProblem, match="2 rows; a file holds at most 1, so write several"):
        texts(written(tmp_path / "x.parquet", {"record": RECORDS}))


def test_a_text_that_many_rows_name_takes_its_space_once(tmp_path: Path) -> None:
    record = '{"id":"a","x":"' + os.urandom(450_000).hex() + '"}'
    values = pyarrow.DictionaryArray.from_arrays(pyarrow.array([0] * 5_000, pyarrow.int32()), pyarrow.array([record]))
    path = written(tmp_path / "x.parquet", {"record": values}, store_schema=False, dictionary_pagesize_limit=1 << 24)
    program = (
        "import pyarrow; from pathlib import Path; from evidencekb.store.parquet import read_parquet_records as read\n"
        f"rows = sum(len(text) == {len(record)} for _, text in read(Path({str(path)!r}), 'findings.parquet'))\n"
        "print(rows, pyarrow.default_memory_pool().max_memory() // 2**20)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    rows, megabytes = map(int, done.stdout.split())
    assert rows == 5_000
    assert megabytes < 100  # plainly decoded, a batch alone holds 230


def test_without_the_library_the_extra_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "x.parquet", {"record": RECORDS})
    monkeypatch.setitem(sys.modules, "pyarrow.parquet", None)
    with pytest.raises(EngineError, match=r"pyarrow is not installed; run: pip install 'evidencekb\[bulk\]'"):
        texts(path)
