"""A sealed file: whole or not at all, the same from the same content, and refused when anything is wrong with it."""

from __future__ import annotations

import os
import random
import shutil
import signal
import sqlite3
import struct
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.engines.verifying import verify
from evidencekb.rules import base_pack
from evidencekb.store.nodes import Mapping, Sequence, parse, plain
from tests.packs import TODAY, write_pack
from tests.records import base_records, built


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sealed")
    ekb.build(write_pack(folder / "pack", {"base.yaml": base_pack()}), folder / "base.ekb", today=TODAY)
    return folder / "base.ekb"


def test_it_opens_and_verifies(sealed: Path) -> None:
    meta = verify(sealed)
    with ekb.load(sealed) as kb:
        assert (kb.name, kb.version, kb.built_on, len(kb)) == ("example", "1.0.0", "2026-01-20", 1)
        assert kb.digest == meta["digest"]
        assert kb.report.ok


def test_every_derived_table_is_filled(tmp_path: Path, sealed: Path) -> None:
    with ekb.load(sealed) as kb:
        assert kb.rows("SELECT estimate, source, vendor, hops FROM carried") == [
            ("replies", "audit2024", "independent", 0)
        ]
        assert kb.rows("SELECT flag, sources FROM vendors") == [("independent", 1)]
        assert kb.rows("SELECT narrow, steps FROM closure WHERE broad = 'applicants' ORDER BY steps") == [
            ("applicants", 0),
            ("young-applicants", 1),
        ]
        assert kb.rows("SELECT subject, rank, weight, finding FROM single WHERE kind = 'cohort'") == [
            ("applicants", 1, 0, "audit-2024-replies")
        ]
        assert kb.rows("SELECT since, until FROM measured") == [("2024-01-01", "2024-12-31")]
        assert kb.rows("SELECT id FROM words WHERE words MATCH 'score' ORDER BY id")[0] == ("a-score-brings-replies",)


def _shuffled(seed: int) -> dict[str, str]:
    """The base pack with its records spread over files, in an order drawn by chance."""
    draw = random.Random(seed)
    root = parse(base_pack())
    assert isinstance(root, Mapping)
    files: dict[str, list[str]] = {}
    import json

    records = [(key.text, plain(r)) for key, rs in root.pairs if isinstance(rs, Sequence) for r in rs.items]
    draw.shuffle(records)
    for listing, record in records:
        kind = {"sources": "source", "untraced": "untraced"}.get(listing, listing.removesuffix("s"))
        keys = list(record)
        draw.shuffle(keys)
        line = json.dumps({kind: {key: record[key] for key in keys}})
        files.setdefault(f"{draw.choice('abc')}.jsonl", []).append(line)
    return {name: "\n".join(lines) + "\n" for name, lines in files.items()}


@given(seed=st.integers(0, 10_000))
def test_the_order_of_files_records_and_keys_never_changes_a_digest(
    tmp_path_factory: pytest.TempPathFactory, sealed: Path, seed: int
) -> None:
    folder = tmp_path_factory.mktemp("shuffled")
    ekb.build(write_pack(folder / "pack", _shuffled(seed)), folder / "out.ekb", today=TODAY)
    assert {name: verify(folder / "out.ekb")[name] for name in ("digest", "sealed")} == {
        name: verify(sealed)[name] for name in ("digest", "sealed")
    }


def test_another_word_in_a_record_changes_the_digest(tmp_path: Path, sealed: Path) -> None:
    text = base_pack().replace("brings more replies.", "brings more answers.")
    ekb.build(write_pack(tmp_path / "pack", {"base.yaml": text}), tmp_path / "out.ekb", today=TODAY)
    assert verify(tmp_path / "out.ekb")["digest"] != verify(sealed)["digest"]


@given(at=st.floats(0, 1, exclude_max=True), bit=st.integers(0, 7))
def test_a_flipped_bit_anywhere_is_found(
    sealed: Path, tmp_path_factory: pytest.TempPathFactory, at: float, bit: int
) -> None:
    data = bytearray(sealed.read_bytes())
    data[int(at * len(data))] ^= 1 << bit
    changed = tmp_path_factory.mktemp("flip") / "changed.ekb"
    changed.write_bytes(data)
    with pytest.raises(ekb.SealedFileError):
        verify(changed)


@pytest.fixture(scope="module")
def spacious(tmp_path_factory: pytest.TempPathFactory, sealed: Path) -> Path:
    """A sealed file with pages that nothing uses, as SQLite leaves behind what was deleted."""
    from evidencekb.engines import sealing

    out = tmp_path_factory.mktemp("spacious") / "spacious.ekb"
    shutil.copy(sealed, out)
    mark = sealing.seal_mark(verify(sealed)["sealed"])
    with closing(sqlite3.connect(out, isolation_level=None)) as connection:
        connection.execute("CREATE TABLE gone(x)")
        connection.executemany("INSERT INTO gone VALUES (?)", [(os.urandom(30_000),) for _ in range(4)])
        connection.execute("DROP TABLE gone")
        connection.execute("UPDATE meta SET value = ? WHERE name = 'seal'", (mark + "0" * 64,))
        ((free,),) = connection.execute("PRAGMA freelist_count").fetchall()
    assert free >= 4
    sealing._seal(out, mark)
    verify(out)
    return out


def _free_pages(path: Path) -> list[int]:
    """Numbers of the pages on the list of free ones, from 0."""
    data = path.read_bytes()
    size, found = struct.unpack(">H", data[16:18])[0], []
    trunk = struct.unpack(">I", data[32:36])[0]
    while trunk:
        at = (trunk - 1) * size
        following, count = struct.unpack(">II", data[at : at + 8])
        found += [trunk - 1, *(n - 1 for n in struct.unpack(f">{count}I", data[at + 8 : at + 8 + 4 * count]))]
        trunk = following
    return found


@given(data=st.data())
def test_a_flipped_byte_is_found_in_the_header_in_free_pages_and_in_unused_space(
    spacious: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    held = bytearray(spacious.read_bytes())
    size = struct.unpack(">H", held[16:18])[0]
    empty = held.find(bytes(200))  # between the cells of a page and their list
    seal = held.find(b"seal of ") + len("seal of sha256:") + 64 + 1
    assert min(empty, seal) > 0
    where = {
        "header": st.integers(0, 99),
        "free page": st.sampled_from(_free_pages(spacious)).flatmap(lambda page: st.integers(page * size, page * size + 9_999)),
        "unused space": st.integers(empty, empty + 199),
        "seal": st.integers(seal, seal + 63),
        "last page": st.integers(len(held) - size, len(held) - 1),
    }  # fmt: skip
    place = data.draw(st.sampled_from(sorted(where)))
    held[data.draw(where[place])] ^= data.draw(st.integers(1, 255))
    changed = tmp_path_factory.mktemp("flip") / "changed.ekb"
    changed.write_bytes(held)
    with pytest.raises(ekb.SealedFileError):
        verify(changed)


def _forged(sealed: Path, out: Path, *statements: str, seal: bool = True) -> Path:
    """A copy in which somebody changed something, and took the seal anew."""
    from evidencekb.engines import sealing

    shutil.copy(sealed, out)
    mark = sealing.seal_mark(verify(sealed)["sealed"])
    with closing(sqlite3.connect(out, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)
        if seal:
            connection.execute("UPDATE meta SET value = ? WHERE name = 'seal'", (mark + "0" * 64,))
    if seal:
        sealing._seal(out, mark)
    return out


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE carried SET vendor = 'vendor'", "the table 'carried'"),
        ("UPDATE ranked SET rank = 7", "the table 'ranked'"),
        ("UPDATE record SET body = replace(body, '12', '21') WHERE kind = 'finding'", "the finding 'audit-2024-replies'"),
        ("UPDATE record SET digest = replace(digest, '0', '1') WHERE id = 'audit2024'", "the digest of the source 'audit2024'"),
        ("DELETE FROM record WHERE id = 'news2024'", "a record that was added, taken out"),
        ("UPDATE meta SET value = replace(value, ':', ';') WHERE name = 'digest'", "a record that was added, taken out"),
    ],
)  # fmt: skip
def test_forged_records_and_tables_are_named_even_under_a_new_seal(
    sealed: Path, tmp_path: Path, statement: str, says: str
) -> None:
    with pytest.raises(ekb.SealedFileError, match=f"not as the digests have it, .*{says}"):
        verify(_forged(sealed, tmp_path / "forged.ekb", statement))


@pytest.mark.parametrize(
    ("statement", "says"),
    [
        ("UPDATE estimate SET unit = 'pp'", r"the table 'estimate' \(the row of audit-2024-replies, replies\)"),
        ("DELETE FROM known WHERE id = 'hiring' AND kind = 'subject'", "the table 'known'"),
        ("UPDATE vocabulary SET position = 0", "the table 'vocabulary'"),
        ("UPDATE record SET body = body || ' ' WHERE id = 'hiring'", "the concept 'hiring'"),
        ("UPDATE place SET line = 9", r"where records stood in their pack \('place'"),
        ("UPDATE record SET pack = 'another'", "'pack' in 'record'"),
        ("UPDATE meta SET value = 'x' WHERE name = 'title'", r"what the file says of itself \(the table 'meta'\)"),
        ("UPDATE meta SET value = 'x' WHERE name = 'tables'", "the digests of tables in the table 'meta'"),
        ("UPDATE meta SET value = '5' WHERE name = 'tables'", "the digests of tables in the table 'meta'"),
        ("UPDATE meta SET value = '[]' WHERE name = 'tables'", "the table 'edge'"),
    ],
)
def test_what_was_changed_is_named_where_it_can_be_known(
    sealed: Path, tmp_path: Path, statement: str, says: str
) -> None:
    with pytest.raises(ekb.SealedFileError, match=f"changed after the build.*{says}"):
        verify(_forged(sealed, tmp_path / "forged.ekb", statement, seal=False))


def test_each_record_has_its_digest_and_all_have_one(sealed: Path) -> None:
    from evidencekb.engines.sealing import content_digest, record_digest

    with ekb.load(sealed) as kb:
        rows = kb.rows("SELECT kind, id, digest, body FROM record")
        assert all(record_digest(kind, id, body).hex() == digest for kind, id, digest, body in rows)
        assert content_digest(b"".join(bytes.fromhex(digest) for _, _, digest, _ in rows)) == kb.digest


def test_verify_gives_the_digests_and_says_whole(sealed: Path) -> None:
    with ekb.load(sealed) as kb:
        found = ekb.verify(sealed)
        assert (found.digest, found.pack, found.signer) == (kb.digest, "example", None)
        assert str(found) == f"{sealed}: whole, {kb.digest}"


def test_a_file_from_which_sqlite_would_change_it_is_told(sealed: Path, tmp_path: Path) -> None:
    file = Path(shutil.copy(sealed, tmp_path / "pack.ekb"))
    for suffix in ("-journal", "-wal"):
        beside = tmp_path / f"pack.ekb{suffix}"
        beside.touch()
        ekb.verify(file)
        beside.write_bytes(b"pages as they are said to have been")
        with pytest.raises(ekb.SealedFileError, match=f"pack.ekb{suffix} lies beside it"):
            ekb.verify(file)
        beside.unlink()


def test_damage_in_a_long_text_is_told_in_one_short_line(sealed: Path, tmp_path: Path) -> None:
    data = bytearray(sealed.read_bytes())
    data[data.index(b'"pack": "example"')] = 0xFF
    (tmp_path / "changed.ekb").write_bytes(data)
    with pytest.raises(ekb.SealedFileError, match="damaged: Could not decode") as refused:
        ekb.verify(tmp_path / "changed.ekb")
    assert "\n" not in refused.value.problem
    assert len(refused.value.problem) < 200


@pytest.mark.parametrize(
    ("damage", "says"),
    [
        (lambda data: data[: len(data) // 2], "cut or extended"),
        (lambda data: data[:50], "not a sealed file"),
        (lambda data: b"", "not a sealed file"),
        (lambda data: data + b"x", "cut or extended"),
        (lambda data: b"PK" + data[2:], "not a sealed file"),
        (lambda data: data[:68] + struct.pack(">I", 7) + data[72:], "another program"),
        (lambda data: data[:60] + struct.pack(">I", 99) + data[64:], "written by a newer version"),
        (lambda data: data[:60] + struct.pack(">I", 0) + data[64:], "written by an older version"),
    ],
)
def test_what_is_no_whole_sealed_file_is_refused_at_open(sealed: Path, tmp_path: Path, damage, says: str) -> None:  # type: ignore[no-untyped-def]  # a lambda over bytes
    path = tmp_path / "damaged.ekb"
    path.write_bytes(damage(sealed.read_bytes()))
    with pytest.raises(ekb.SealedFileError, match=says):
        ekb.load(path)


def test_a_missing_file_is_pythons_own_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        ekb.load(tmp_path / "nothing.ekb")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="kills a process by signal")
def test_a_build_killed_at_any_moment_leaves_the_old_file_whole(tmp_path: Path, sealed: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"base.yaml": base_pack()})
    out = tmp_path / "out.ekb"
    out.write_bytes(sealed.read_bytes())
    before = verify(out)["digest"]
    program = (
        "import sys, evidencekb as ekb\nprint('ready', flush=True)\nwhile True: ekb.build(sys.argv[1], sys.argv[2])"
    )
    draw = random.Random(7)
    for _ in range(12):
        process = subprocess.Popen([sys.executable, "-c", program, pack, out], stdout=subprocess.PIPE, text=True)
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        time.sleep(draw.uniform(0, 0.4))
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()
        assert verify(out)["digest"] == before


def test_a_build_never_writes_over_a_file_that_is_no_sealed_one(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"base.yaml": base_pack()})
    with pytest.raises(FileExistsError, match="is no sealed file"):
        ekb.build(pack, pack / "base.yaml")
    with pytest.raises(IsADirectoryError):
        ekb.build(pack, pack)
    assert (pack / "base.yaml").read_text() == base_pack()


def test_a_failed_build_removes_its_unfinished_file(tmp_path: Path) -> None:
    pack = write_pack(tmp_path / "pack", {"base.yaml": base_pack().replace("vendor: independent", "vendor: unknown")})
    with pytest.raises(ekb.PackError):
        ekb.build(pack, tmp_path / "out.ekb")
    assert [path.name for path in tmp_path.iterdir()] == ["pack"]


def test_a_reader_keeps_the_old_file_and_is_told_that_it_is_stale(tmp_path: Path) -> None:
    out = tmp_path / "out.ekb"
    pack = write_pack(tmp_path / "pack", {"base.yaml": base_pack()})
    ekb.build(pack, out, today=TODAY)
    with ekb.load(out) as kb:
        assert not kb.stale()
        (pack / "base.yaml").write_text(base_pack().replace("brings more replies.", "brings more answers."))
        ekb.build(pack, out, today=TODAY)
        assert kb.claim("a-score-brings-replies").text == "A test score on an application brings more replies."
        assert kb.stale()


def test_a_record_that_looks_like_a_seal_is_kept_as_it_is(tmp_path: Path, sealed: Path) -> None:
    title = f"seal of {verify(sealed)['sealed']} {'0' * 64}"
    records = base_records()
    records["sources"][0]["title"] = title
    with built(tmp_path, records) as kb:
        verify(kb.path)
        assert kb.source(records["sources"][0]["id"]).title == title


@pytest.mark.parametrize("name", ["a#b.ekb", "a?b.ekb", "a%41.ekb"])
def test_a_file_of_any_name_is_stale_when_it_is_replaced_and_not_before(
    sealed: Path, tmp_path: Path, name: str
) -> None:
    file = tmp_path / name
    shutil.copy(sealed, file)
    with ekb.load(file) as kb:
        assert not kb.stale()
        assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes of other systems")
def test_what_is_no_file_is_not_replaced(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileExistsError, match="is no file"):
        built(tmp_path, base_records(), tmp_path / "pipe")


def test_a_link_leads_to_the_file_that_is_written(tmp_path: Path) -> None:
    (tmp_path / "link.ekb").symlink_to(tmp_path / "real.ekb")
    built(tmp_path, base_records(), tmp_path / "link.ekb").close()
    assert (tmp_path / "link.ekb").is_symlink()
    verify(tmp_path / "real.ekb")
