"""All files are changed, or none."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from evidencekb.errors import ChangedMeanwhileError
from evidencekb.store.changes import Change, apply, read_bytes


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_files_are_made_and_changed(tmp_path: Path) -> None:
    old, new, same = tmp_path / "old", tmp_path / "deep" / "er" / "new", tmp_path / "same"
    old.write_bytes(b"1")
    same.write_bytes(b"2")
    assert apply([Change(new, None, b"3"), Change(old, b"1", b"4"), Change(same, b"2", b"2")]) == (new, old)
    assert (read_bytes(old), read_bytes(new), read_bytes(same)) == (b"4", b"3", b"2")
    assert names(tmp_path) == {"old", "same", "deep/er/new"}


@pytest.mark.parametrize(("before", "now"), [(b"1", b"2"), (None, b"2"), (b"1", None)])
def test_a_file_that_is_not_what_it_was_stops_all(tmp_path: Path, before: bytes | None, now: bytes | None) -> None:
    other, changed = tmp_path / "other", tmp_path / "changed"
    if now is not None:
        changed.write_bytes(now)
    with pytest.raises(ChangedMeanwhileError, match="changed was changed by somebody else"):
        apply([Change(other, None, b"x"), Change(changed, before, b"y")])
    assert (read_bytes(other), read_bytes(changed)) == (None, now)


def test_what_was_replaced_is_put_back_when_the_next_cannot_be(tmp_path: Path) -> None:
    """The last file is to stand where the one before has just made a folder."""
    old, within, folder = tmp_path / "old", tmp_path / "new" / "file", tmp_path / "new"
    old.write_bytes(b"1")
    with pytest.raises(OSError, match=r"[Dd]irectory|Access"):
        apply([Change(old, b"1", b"2"), Change(within, None, b"3"), Change(folder, None, b"4")])
    assert read_bytes(old) == b"1"
    assert names(tmp_path) == {"old"}


def test_an_interruption_between_two_files_puts_the_first_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes right after the file was replaced, before anything else is done."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"1")
    replace = Path.replace

    def interrupted(self: Path, target: Path) -> Path:
        replace(self, target)
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", interrupted)
    with pytest.raises(KeyboardInterrupt):
        apply([Change(first, b"1", b"2"), Change(second, None, b"3")])
    assert read_bytes(first) == b"1"
    assert names(tmp_path) == {"first"}


def test_a_file_that_resists_does_not_keep_the_others_from_being_put_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As on a file that is mounted by itself, or may not be changed by anybody."""
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"1")
    second.write_bytes(b"1")
    replace = Path.replace

    def resisting(self: Path, target: Path) -> Path:
        if target == second.resolve():
            raise PermissionError(1, "Operation not permitted", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", resisting)
    with pytest.raises(PermissionError, match="second"):
        apply([Change(first, b"1", b"2"), Change(second, b"1", b"2")])
    assert (read_bytes(first), read_bytes(second), names(tmp_path)) == (b"1", b"1", {"first", "second"})


def test_what_cannot_be_put_back_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_bytes(b"1")
    replace, calls = Path.replace, 0

    def once(self: Path, target: Path) -> Path:
        nonlocal calls
        calls += 1
        if calls > 1:
            raise PermissionError(1, "Operation not permitted", str(target))
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", once)
    with pytest.raises(OSError, match=r"first could not be put back: it holds the new text"):
        apply([Change(first, b"1", b"2"), Change(second, None, b"2")])
    assert (read_bytes(first), read_bytes(second)) == (b"2", None)


def test_folders_made_for_nothing_go_again(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "folder").mkdir()
    with pytest.raises(OSError, match=r"[Dd]irectory|Access"):
        apply([Change(tmp_path / "new" / "er" / "file", None, b"1"), Change(tmp_path / "folder", None, b"2")])
    assert sorted(path.name for path in tmp_path.iterdir()) == ["folder", "there"]


def test_one_file_is_changed_once(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="two changes of one file"):
        apply([Change(tmp_path / "a", None, b"1"), Change(tmp_path / "a", None, b"2")])


@pytest.mark.skipif(sys.platform == "win32", reason="limits of other systems")
def test_a_disk_that_is_full_leaves_everything_as_it_was(tmp_path: Path) -> None:
    import resource

    (tmp_path / "old").write_bytes(b"1")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OSError, match="too large"):
            apply([Change(tmp_path / "old", b"1", b"2"), Change(tmp_path / "new", None, b"3" * 8192)])
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert read_bytes(tmp_path / "old") == b"1"
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


@pytest.mark.skipif(sys.platform == "win32", reason="modes and links of other systems")
def test_modes_and_links_stay(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"1")
    target.chmod(0o640)
    link.symlink_to("target")
    apply([Change(link, b"1", b"2")])
    assert link.is_symlink()
    assert (target.read_bytes(), target.stat().st_mode & 0o777) == (b"2", 0o640)
    mask = os.umask(0o027)
    try:
        apply([Change(tmp_path / "new", None, b"3")])
    finally:
        os.umask(mask)
    assert (tmp_path / "new").stat().st_mode & 0o777 == 0o640
