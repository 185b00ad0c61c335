"""Sealed copies of folders, kept in a cache of the user, so that a folder is checked once for each state of its files."""

from __future__ import annotations

import datetime
import hashlib
import os
import sys
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from evidencekb.__about__ import __version__
from evidencekb.engines.opening import open_sealed
from evidencekb.engines.schema import FORMAT_VERSION
from evidencekb.errors import EvidenceError, SealedFileError

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT = 16
_IGNORED = frozenset({"schema"})


@contextmanager
def sealed_copy(path: Path) -> Iterator[Path]:
    """A sealed file for a pack: itself, or a copy from the cache, or one for this once where no cache can be written.

    Raises:
        PackError: If a folder has errors.
        SealedFileError: If a file is no whole sealed file.
    """
    if not path.is_dir():
        yield path
        return
    try:
        copy = cached(path, check=True)
    except OSError as problem:
        if isinstance(problem, EvidenceError):
            raise
        from evidencekb.loading.building import build_unprinted

        with tempfile.TemporaryDirectory() as folder:
            build_unprinted(path, Path(folder, "pack.ekb"))
            yield Path(folder, "pack.ekb")
    else:
        yield copy


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


def cached(folder: Path, *, check: bool) -> Path:
    """The sealed copy of a folder, made when there is none for its files as they are now.

    Files are told by their names, sizes and times, and the copy by its digest: touching a file costs a build, and no space.
    """
    cache = cache_folder()
    pointer = cache / f"{_key(folder, check=check)}.txt"
    if pointer.exists() and _is_valid(copy := cache / pointer.read_text(encoding="utf-8")):
        os.utime(copy)
        return copy
    # Reading text files takes pydantic and more; a caller who opens a sealed file does not pay for them.
    from evidencekb.loading.building import build_unprinted, build_without_errors

    fresh = cache / f"{pointer.stem}.{os.getpid()}-{get_ident()}.new"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OSError(
            f"no cache can be kept in {cache} ({problem.strerror}); set EVIDENCEKB_CACHE to a folder"
        ) from problem
    try:
        (build_unprinted if check else build_without_errors)(folder, fresh)
        connection, meta = open_sealed(fresh)
        connection.close()
        copy = cache / f"{meta['sealed'].removeprefix('sha256:')[:40]}-{meta['library']}.ekb"
        fresh.replace(copy)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    # Another process may look at the pointer at any moment: it is there whole, or not.
    part = pointer.with_suffix(f".{os.getpid()}-{get_ident()}.part")
    part.write_text(copy.name, encoding="utf-8")
    part.replace(pointer)
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
    """A name for the files as they are: their paths, sizes and times, those of extended packs and of this library included.

    The library's own files count because a clone that was updated makes other cards under the same version.
    """
    digest = hashlib.sha256(f"{__version__} {FORMAT_VERSION} {check}".encode())
    package = Path(__file__).parent.parent
    for file in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".sql", ".yaml")):
        digest.update(os.fsencode(file.relative_to(package)) + _state(file))
    for path in _all_folders(folder):
        digest.update(os.fsencode(path.resolve()))
        for file in _files(path):
            digest.update(os.fsencode(file) + _state(file))
    return digest.hexdigest()[:40]


def _state(file: Path) -> bytes:
    """Size and time of a file; of a link that leads nowhere, that it does."""
    try:
        stat = file.stat()
    except OSError:
        return b" gone\n"
    return f" {stat.st_size} {stat.st_mtime_ns}\n".encode()


def _all_folders(folder: Path) -> list[Path]:
    """The folder, and the packs that it extends, also through others."""
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
    with suppress(OSError):  # another process may tidy up at the same time
        held = sorted(folder.glob("*.ekb"), key=lambda p: p.stat().st_mtime, reverse=True)
        for old in held[_KEPT:]:
            old.unlink(missing_ok=True)
        kept = {path.name for path in held[:_KEPT]}
        for pointer in folder.glob("*.txt"):
            if pointer.read_text(encoding="utf-8") not in kept:
                pointer.unlink(missing_ok=True)
