"""Packs in bulk: built again they are the same records; nobody's files are written over, and none is left half."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest
from hypothesis import HealthCheck, given, settings

import evidencekb as ekb
from evidencekb.engines.schema import TABLES
from evidencekb.errors import SealedFileError, UnknownIdError
from evidencekb.exports import PACK_FORMS, export_pack, export_tables
from evidencekb.loading.auditing import audit
from evidencekb.store.writing import format_pack
from evidencekb.testing import Pack, packs
from evidencekb.testing import built as built_pack
from tests.packs import TODAY
from tests.records import UNTOLD, base_records, built, edited


@pytest.fixture
def kb(tmp_path: Path) -> ekb.KnowledgeBase:
    return built(tmp_path / "pack", base_records())


@pytest.fixture(scope="module")
def shipped(sealed_data: Path) -> ekb.KnowledgeBase:
    return ekb.load(sealed_data)


def rebuilt(folder: Path, place: Path) -> ekb.KnowledgeBase:
    ekb.build(folder, place / "again.ekb", today=TODAY)
    return ekb.load(place / "again.ekb")


def test_the_shipped_pack_written_in_bulk_and_built_again_has_the_same_digest(
    shipped: ekb.KnowledgeBase, tmp_path: Path
) -> None:
    done = export_pack(shipped, tmp_path / "bulk", "jsonl")
    assert done.rows["findings"] == len(shipped)
    assert sum(done.rows.values()) == shipped.rows("SELECT COUNT(*) FROM record")[0][0]
    again = rebuilt(tmp_path / "bulk", tmp_path)
    assert (again.digest, again.name, again.version) == (shipped.digest, shipped.name, shipped.version)
    assert [result for result in format_pack(tmp_path / "bulk", check=True) if result.changed or result.problem] == []
    styles = "SELECT name, digest FROM style"
    assert again.rows(styles) == shipped.rows(styles)


def test_parquet_holds_the_same_texts_as_json_lines(shipped: ekb.KnowledgeBase, tmp_path: Path) -> None:
    export_pack(shipped, tmp_path / "columns", "parquet")
    assert parquet.read_schema(tmp_path / "columns" / "findings.parquet").names == ["id", "record"]
    assert rebuilt(tmp_path / "columns", tmp_path).digest == shipped.digest


@given(pack=packs())
@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])
def test_any_pack_comes_back_with_its_digest(pack: Pack, tmp_path_factory: pytest.TempPathFactory) -> None:
    place = tmp_path_factory.mktemp("made")
    with built_pack(pack, place / "made") as kb:
        for form in PACK_FORMS:
            export_pack(kb, place / form, form)
        for form in PACK_FORMS:
            ekb.build(place / form, place / "again.ekb", today=TODAY)
            with ekb.load(place / "again.ekb") as again:
                assert again.digest == kb.digest
        assert [result.file for result in format_pack(place / "jsonl", check=True) if result.changed] == []


def test_a_number_keeps_its_spelling_and_a_hidden_sign_is_seen(tmp_path: Path) -> None:
    edits = {**UNTOLD, "findings.0.estimates.0.value": 40.0, "concepts.0.label": "hiring\u200b"}
    kb = built(tmp_path / "pack", edited(base_records(), edits))
    export_pack(kb, tmp_path / "bulk")
    finding = (tmp_path / "bulk" / "findings.jsonl").read_text(encoding="utf-8").splitlines()[0]
    assert '"value":40.0' in finding
    assert "hiring\\u200b" in (tmp_path / "bulk" / "concepts.jsonl").read_text(encoding="utf-8")
    assert rebuilt(tmp_path / "bulk", tmp_path).digest == kb.digest


def test_records_of_extended_packs_come_along(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    house = tmp_path / "house"
    house.mkdir()
    (house / "pack.yaml").write_text(f"name: house\nversion: '1'\nextends: {kb.path}\n")
    (house / "concepts.jsonl").write_text('{"id":"house-role","kind":"role","label":"house role"}\n')
    ekb.build(house, tmp_path / "house.ekb", today=TODAY)
    with ekb.load(tmp_path / "house.ekb") as both:
        done = export_pack(both, tmp_path / "bulk")
        assert done.rows["findings"] == len(kb)
        assert rebuilt(tmp_path / "bulk", tmp_path).digest == both.digest


def test_a_style_of_the_packs_own_goes_along(tmp_path: Path, repo: Path) -> None:
    from tests.records import write_records

    pack = write_records(tmp_path / "pack", base_records())
    (pack / "pack.yaml").write_text("name: example\nversion: 1.0.0\nstyles: [ours/house.csl, apa]\n")
    style = next((repo / "src/evidencekb/sources/csl/styles").glob("ieee.csl")).read_text(encoding="utf-8")
    (pack / "ours").mkdir()
    (pack / "ours" / "house.csl").write_text(style, encoding="utf-8")
    ekb.build(pack, tmp_path / "styled.ekb", today=TODAY)
    with ekb.load(tmp_path / "styled.ekb") as kb:
        export_pack(kb, tmp_path / "bulk")
        assert (tmp_path / "bulk" / "ours" / "house.csl").read_text(encoding="utf-8") == style
        with rebuilt(tmp_path / "bulk", tmp_path) as again:
            assert again.rows("SELECT * FROM style") == kb.rows("SELECT * FROM style")


def test_every_table_is_a_file_with_its_rows(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    done = export_tables(kb, tmp_path / "tables")
    assert set(done.rows) == {table.name for table in TABLES}
    for table in TABLES:
        held = parquet.read_table(tmp_path / "tables" / f"{table.name}.parquet")
        assert held.column_names == list(table.names)
        rows = [tuple(row.values()) for row in held.to_pylist()]
        names = ", ".join(table.names)
        assert sorted(rows, key=repr) == sorted(kb.rows(f"SELECT {names} FROM {table.name}"), key=repr)
    types = {field.name: str(field.type) for field in parquet.read_schema(tmp_path / "tables" / "ranked.parquet")}
    assert (types["finding"], types["rank"]) == ("string", "int64")


def test_an_engine_reads_the_tables_where_they_lie(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    export_tables(kb, tmp_path / "tables")
    assert audit(tmp_path / "tables", "sqlite") == audit(kb.path, "sqlite")


def test_an_export_that_nobody_changed_is_replaced(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    first = export_pack(kb, tmp_path / "bulk")
    other = built(tmp_path / "other", edited(base_records(), {"concepts.0.label": "recruiting"}))
    second = export_pack(other, tmp_path / "bulk", "parquet")
    assert first.digest != second.digest == other.digest
    assert {file.suffix for file in (tmp_path / "bulk").iterdir()} == {".parquet", ".yaml", ".json"}
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def changed(folder: Path) -> None:
    with (folder / "concepts.jsonl").open("a") as file:
        file.write('{"id":"mine","kind":"topic","label":"mine"}\n')


def added(folder: Path) -> None:
    (folder / "notes.txt").write_text("mine")


@pytest.mark.parametrize("touch", [changed, added])
def test_what_somebody_changed_since_is_left_alone(kb: ekb.KnowledgeBase, tmp_path: Path, touch: Any) -> None:
    export_pack(kb, tmp_path / "bulk")
    touch(tmp_path / "bulk")
    before = {file.name: file.read_bytes() for file in (tmp_path / "bulk").iterdir()}
    with pytest.raises(FileExistsError, match=r"bulk was changed since it was exported; choose another folder"):
        export_pack(kb, tmp_path / "bulk")
    assert {file.name: file.read_bytes() for file in (tmp_path / "bulk").iterdir()} == before


def test_a_folder_of_somebody_and_a_file_are_refused_and_an_empty_folder_is_taken(
    kb: ekb.KnowledgeBase, tmp_path: Path
) -> None:
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pack.yaml").write_text("name: mine\n")
    with pytest.raises(FileExistsError, match="holds files that no export wrote"):
        export_pack(kb, tmp_path / "mine")
    (tmp_path / "file").write_text("x")
    with pytest.raises(FileExistsError, match="is there and is no folder"):
        export_tables(kb, tmp_path / "file")
    (tmp_path / "empty").mkdir()
    assert export_pack(kb, tmp_path / "empty").digest == kb.digest


def test_an_export_that_is_stopped_leaves_nothing(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        assert 0 < done <= total
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        export_pack(kb, tmp_path / "new" / "bulk", progress=stop)
    assert not (tmp_path / "new").exists()
    export_pack(kb, tmp_path / "bulk")
    before = {file.name: file.read_bytes() for file in (tmp_path / "bulk").iterdir()}
    with pytest.raises(KeyboardInterrupt):
        export_pack(kb, tmp_path / "bulk", "parquet", progress=stop)
    assert {file.name: file.read_bytes() for file in (tmp_path / "bulk").iterdir()} == before


def test_records_that_do_not_match_their_digest_are_not_written(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    kb._meta["digest"] = "sha256:0"
    with pytest.raises(SealedFileError, match="its records do not match its digest"):
        export_pack(kb, tmp_path / "bulk")
    assert not (tmp_path / "bulk").exists()


def test_progress_ends_with_all_records(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    done = export_pack(kb, tmp_path / "bulk", progress=lambda *state: told.append(state))
    assert told[-1] == (sum(done.rows.values()),) * 2


def test_an_unknown_form_is_named_with_the_nearest(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match=r"'parqet'. Did you mean 'parquet'"):
        export_pack(kb, tmp_path / "bulk", "parqet")


def test_the_ledger_lists_what_was_written(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    export_pack(kb, tmp_path / "bulk")
    ledger = json.loads((tmp_path / "bulk" / ".evidencekb-export.json").read_text())
    assert set(ledger) == {file.name for file in (tmp_path / "bulk").iterdir()} - {".evidencekb-export.json"}
