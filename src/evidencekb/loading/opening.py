"""load(): a sealed file opened, or a folder checked, sealed into a cache and opened."""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from evidencekb.__about__ import __version__
from evidencekb.engines.opening import open_sealed
from evidencekb.engines.schema import FORMAT_VERSION
from evidencekb.errors import SealedFileError
from evidencekb.kb import KnowledgeBase
from evidencekb.loading.shipped import shipped_pack

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = 16
_IGNORED = frozenset({"schema"})


def load(path: str | PathLike[str] | None = None, *, check: bool = True) -> KnowledgeBase:
    """Open a knowledge base.

    A sealed file is opened as it is. A folder is checked, sealed into a cache of the user, and opened; as long as no file
    of it changes, the next load opens the cached file.

    Args:
        path: A sealed file, or a pack's folder; None for the pack that ships with the library.
        check: False opens a folder that has errors: the records concerned are left out and listed in ``kb.report``.

    Raises:
        PackError: If a folder has errors and ``check`` is true; the exception carries the report.
        SealedFileError: If a file is cut, foreign, or written by a newer version.
        FileNotFoundError: If there is nothing at the path.

    Examples:
        >>> kb = load()
        >>> kb.finding("noy-zhang-2023-writing-speed-quality").estimate("time").value
        -40
    """
    where = shipped_pack() if path is None else Path(path)
    if not where.is_dir():
        return KnowledgeBase(*open_sealed(where), where)
    sealed = _cached(where, check=check)
    return KnowledgeBase(*open_sealed(sealed), sealed)


def cache_folder() -> Path:
    """Where sealed copies of folders are kept: ``EVIDENCEKB_CACHE``, or the user's cache folder."""
    if chosen := os.environ.get("EVIDENCEKB_CACHE"):
        return Path(chosen)
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "evidencekb"


def _cached(folder: Path, *, check: bool) -> Path:
    """The sealed copy of a folder, made when there is none for its files as they are now.

    Files are told by their names, sizes and times, and the copy by its digest: touching a file costs a build, and no space.
    """
    cache = cache_folder()
    pointer = cache / f"{_key(folder, check=check)}.txt"
    if pointer.exists() and _is_valid(copy := cache / pointer.read_text(encoding="utf-8")):
        os.utime(copy)
        return copy
    # Reading text files takes pydantic and more; a caller who opens a sealed file does not pay for them.
    from evidencekb.loading.building import build, build_without_errors

    fresh = cache / f"{pointer.stem}.{os.getpid()}.new"
    try:
        (build if check else build_without_errors)(folder, fresh)
        connection, meta = open_sealed(fresh)
        connection.close()
        copy = cache / f"{meta['sealed'].removeprefix('sha256:')[:40]}-{meta['library']}.ekb"
        fresh.replace(copy)
    finally:
        fresh.unlink(missing_ok=True)
    pointer.write_text(copy.name, encoding="utf-8")
    _forget_old(cache)
    return copy


def _is_valid(copy: Path) -> bool:
    """True if a copy is whole and no waiver it was built with is over."""
    try:
        connection, meta = open_sealed(copy)
    except (FileNotFoundError, SealedFileError):
        return False
    connection.close()
    until = meta.get("waived_until")
    return not until or until >= datetime.date.today().isoformat()


def _key(folder: Path, *, check: bool) -> str:
    """A name for the files as they are: their paths, sizes and times, those of extended packs included."""
    digest = hashlib.sha256(f"{__version__} {FORMAT_VERSION} {check}".encode())
    for path in _all_folders(folder):
        digest.update(str(path.resolve()).encode())
        for file in _files(path):
            stat = file.stat()
            digest.update(f"{file} {stat.st_size} {stat.st_mtime_ns}\n".encode())
    return digest.hexdigest()[:40]


def _all_folders(folder: Path) -> list[Path]:
    """The folder, and those beside it that its manifest may name; an unrelated change there costs one more build."""
    from evidencekb.loading.extending import extended_paths

    return [folder, *extended_paths(folder)]


def _files(path: Path) -> Iterator[Path]:
    if path.is_file():
        yield path
        return
    for folder, names, files in os.walk(path):
        at_root = Path(folder) == path
        names[:] = sorted(n for n in names if not n.startswith(".") and not (at_root and n in _IGNORED))
        yield from (Path(folder, file) for file in sorted(files))


def _forget_old(folder: Path) -> None:
    """Keep the copies used last, and the pointers to them."""
    held = sorted(folder.glob("*.ekb"), key=lambda p: p.stat().st_mtime, reverse=True)
    for old in held[_KEPT:]:
        old.unlink(missing_ok=True)
    kept = {path.name for path in held[:_KEPT]}
    for pointer in folder.glob("*.txt"):
        if pointer.read_text(encoding="utf-8") not in kept:
            pointer.unlink(missing_ok=True)
