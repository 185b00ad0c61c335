"""Folders written whole: filled under another name and renamed, so that nobody ever sees half of one.

A ledger in the folder, a hidden file, lists what was written. Such a folder is replaced by the next export as long as it is
what was written; what somebody changed, or put there, is theirs and stays.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from evidencekb.replacing import room_for, sweep, sync, umask, unfinished

LEDGER = ".evidencekb-export.json"


@contextmanager
def whole_folder(target: Path) -> Iterator[Path]:
    """An empty folder to fill; on leaving without an error it becomes ``target``.

    Raises:
        FileExistsError: If there is something at ``target`` that no export wrote, or that was changed since.
        OSError: If it cannot be written; what was there is then as it was.
    """
    _refuse_other(target)
    with room_for(target):
        sweep(target.parent, target, but=".old")  # that may be all there is until this export is done
        new = Path(tempfile.mkdtemp(prefix=unfinished(target), suffix=".part", dir=target.parent))
        try:
            yield new
            for file in _files(new):
                sync(file)
            (new / LEDGER).write_text(json.dumps(_state(new), indent=1), encoding="utf-8")
            new.chmod(0o777 & ~umask())
            _take_place(new, target)
            sweep(target.parent, target)
        finally:
            shutil.rmtree(new, ignore_errors=True)


def _take_place(new: Path, target: Path) -> None:
    """Put a folder in the place of another; the other is moved back when that fails."""
    if not target.exists():
        new.rename(target)
        return
    _refuse_other(target)  # the export took a while
    old = new.with_suffix(".old")
    target.rename(old)
    try:
        new.rename(target)
    except BaseException:
        old.rename(target)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _refuse_other(target: Path) -> None:
    if target.is_symlink() or (target.exists() and not target.is_dir()):
        raise FileExistsError(f"{target} is there and is no folder; choose another name, or remove it first")
    if not target.exists() or not any(target.iterdir()):
        return
    try:
        written = json.loads((target / LEDGER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        raise FileExistsError(
            f"{target} holds files that no export wrote; choose another folder, or remove it first"
        ) from None
    if written != _state(target):
        raise FileExistsError(f"{target} was changed since it was exported; choose another folder, or remove it first")


def _state(folder: Path) -> dict[str, list[int]]:
    """Sizes and times of all files by path."""
    held = ((file, file.stat()) for file in _files(folder))
    return {file.relative_to(folder).as_posix(): [stat.st_size, stat.st_mtime_ns] for file, stat in held}


def _files(folder: Path) -> list[Path]:
    return sorted(file for file in folder.rglob("*") if not file.is_dir() and file != folder / LEDGER)
