"""Sealed copies of folders: when they are out of date, and which of them are kept."""

from __future__ import annotations

import os
import pickle
import shutil
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.errors import SealedFileError
from evidencekb.loading import caching
from evidencekb.rules import base_pack
from tests.packs import write_pack
from tests.records import base_records, built, edited, write_records

MANY = 10**12


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache."""
    monkeypatch.setenv("EVIDENCEKB_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def pack(tmp_path: Path, cache: Path) -> Path:
    return write_pack(tmp_path / "pack", {"base.yaml": base_pack(), "more/empty.yaml": "claims: []\n"})


CHANGES: dict[str, Callable[[Path], object]] = {
    "edited": lambda pack: (pack / "base.yaml").write_text(base_pack().replace("more replies.", "fewer replies.")),
    "touched": lambda pack: os.utime(pack / "base.yaml", (1, 1)),
    "added": lambda pack: (pack / "more" / "new.yaml").write_text("claims: []\n"),
    "removed": lambda pack: (pack / "more" / "empty.yaml").unlink(),
    "renamed": lambda pack: (pack / "base.yaml").rename(pack / "other.yaml"),
    "gone": shutil.rmtree,
}


@pytest.mark.parametrize("change", CHANGES)
def test_what_was_loaded_from_a_folder_is_stale_when_the_folder_changes(pack: Path, change: str) -> None:
    with ekb.load(pack) as kb:
        assert not kb.stale()
        CHANGES[change](pack)
        assert kb.stale()
        assert pickle.loads(pickle.dumps(kb)).stale()
        assert kb.claim("a-score-brings-replies").text.endswith("more replies.")


def test_it_is_not_stale_for_what_is_no_file_of_the_pack_or_for_its_copy_in_the_cache(pack: Path, cache: Path) -> None:
    with ekb.load(pack) as kb:
        (pack / ".git").mkdir()
        (pack / ".git" / "index").write_text("x")
        (pack / "schema").mkdir()
        (pack / "schema" / "claim.json").write_text("{}")
        shutil.rmtree(cache)
        assert not kb.stale()
        assert not ekb.load(pack).stale()


def test_it_is_stale_when_a_pack_that_it_extends_changes(tmp_path: Path, pack: Path) -> None:
    manifest = "name: second\nversion: 1.0.0\nextends: ../pack\n"
    second = write_pack(tmp_path / "second", {"pack.yaml": manifest})
    with ekb.load(second) as kb:
        assert not kb.stale()
        CHANGES["edited"](pack)
        assert kb.stale()


def test_a_folder_is_found_from_elsewhere(pack: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(pack.parent)
    with ekb.load("pack") as kb:
        monkeypatch.chdir("/")
        assert not kb.stale()
        CHANGES["edited"](pack)
        assert kb.stale()


def loaded(tmp_path: Path, number: int, *, ago: float = 0) -> Path:
    """The copy of one of many packs, used so many seconds ago."""
    label = {"concepts.0.label": f"hiring {number}"}
    folder = write_records(tmp_path / f"pack-{number}", edited(base_records(), label))
    with ekb.load(folder) as kb:
        used = kb.path.stat().st_mtime - ago
        os.utime(kb.path, (used, used))
        return kb.path


def test_the_copies_used_last_are_kept_up_to_so_many_bytes(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copies = [loaded(tmp_path, number, ago=1_000 - number) for number in range(5)]
    size = copies[0].stat().st_size
    os.utime(copies[0])  # the first is used again
    monkeypatch.setenv("EVIDENCEKB_CACHE_BYTES", str(3 * size + size // 2))
    copies.append(loaded(tmp_path, 5))
    assert [copy.exists() for copy in copies] == [True, False, False, False, True, True]
    assert len(list(cache.glob("*.txt"))) == 3


def test_the_oldest_go_first_also_when_they_are_small(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    old, large = loaded(tmp_path, 0, ago=1_000), loaded(tmp_path, 1, ago=500)
    with large.open("ab") as file:
        file.truncate(10 * old.stat().st_size)
    os.utime(large, (old.stat().st_mtime + 500,) * 2)
    monkeypatch.setenv("EVIDENCEKB_CACHE_BYTES", str(5 * old.stat().st_size))
    fresh = loaded(tmp_path, 2)
    assert [copy.exists() for copy in (old, large, fresh)] == [False, False, True]


def test_the_copy_just_made_is_kept_and_so_are_those_in_use(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("EVIDENCEKB_CACHE_BYTES", "0")
    first = loaded(tmp_path, 0, ago=1_000)
    assert first.exists()
    second = loaded(tmp_path, 1)
    third = loaded(tmp_path, 2)
    assert [copy.exists() for copy in (first, second, third)] == [False, True, True]


def test_copies_are_bounded_by_their_number_too(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(caching, "_KEPT", 2)
    copies = [loaded(tmp_path, number, ago=1_000 - number) for number in range(4)]
    assert [copy.exists() for copy in copies] == [False, False, True, True]


def test_files_of_others_in_the_same_folder_are_left_alone(
    tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cache.mkdir()
    mine = [built(tmp_path / "mine", base_records(), cache / "mine.ekb").path, cache / "notes.txt"]
    mine[1].write_text("mine.ekb is the one of May\n")
    for file in mine:
        os.utime(file, (1, 1))
    monkeypatch.setenv("EVIDENCEKB_CACHE_BYTES", "0")
    loaded(tmp_path, 0)
    assert all(file.exists() for file in mine)


@pytest.mark.parametrize("given", ["2 GiB", "-1", "1e9", "²"])
def test_a_size_that_is_none_is_refused(pack: Path, monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("EVIDENCEKB_CACHE_BYTES", given)
    with pytest.raises(
        SealedFileError, match=r"EVIDENCEKB_CACHE_BYTES is .*; give a number of bytes, such as 2147483648"
    ):
        ekb.load(pack)
    with built(pack.parent / "other", base_records()) as kb:
        assert len(kb) == 1  # a sealed file needs no cache


@pytest.mark.parametrize("given", ["", " ", str(MANY)])
def test_a_size_that_is_one_is_taken(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv("EVIDENCEKB_CACHE_BYTES", given)
    assert caching.cache_bytes() == (MANY if given.strip() else 2 * 1024**3)


def test_threads_that_load_one_folder_at_once_get_what_one_of_them_would(pack: Path, cache: Path) -> None:
    def asked(_: int) -> tuple[str, str, tuple[str, ...]]:
        with ekb.load(pack) as kb:
            return kb.digest, ekb.brief(kb, topic="hiring").digest, ekb.select_strongest(kb)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(6) as pool:
            found = list(pool.map(asked, range(18)))
    finally:
        sys.setswitchinterval(before)
    assert set(found) == {asked(0)}
    assert sorted(path.suffix for path in cache.iterdir()) == [".ekb", ".txt"]
