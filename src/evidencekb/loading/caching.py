"""Sealed copies of folders, kept in a cache of the user, so that a folder is checked once for each state of its files.

The cache is bounded by the number of copies and by their bytes; those that were used last stay.
"""

from __future__ import annotations

import datetime
import hashlib
import os
import re
import sys
import tempfile
import time
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import get_ident
from typing import TYPE_CHECKING

from evidencekb.__about__ import __version__
from evidencekb.engines.opening import open_sealed
from evidencekb.engines.schema import FORMAT_VERSION
from evidencekb.errors import EvidenceError, SealedFileError
from evidencekb.replacing import sweep, unfinished

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEPT, _KEPT_BYTES = 16, 2 * 1024**3
_IN_USE = 60.0  # seconds: somebody who was just given a copy may not have opened it yet
_IGNORED = frozenset({"schema"})
_COPY, _POINTER = re.compile(r"[0-9a-f]{40}-.+\.ekb"), re.compile(r"[0-9a-f]{40}\.txt")


@dataclass(frozen=True, slots=True)
class Folder:
    """A pack's folder at a moment.

    Attributes:
        path: Where it is.
        state: A digest of the names, sizes and times of its files, and of those of packs that it extends.
    """

    path: Path
    state: str

    @classmethod
    def now(cls, path: Path) -> Folder:
        """The folder as it is."""
        return cls(path.absolute(), _state_of(path.absolute()))

    def changed(self) -> bool:
        """Whether it is no longer what it was."""
        return _state_of(self.path) != self.state


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
        copy = cached(Folder.now(path), check=True)
    except OSError as problem:
        if isinstance(problem, EvidenceError):
            raise
        from evidencekb.loading.building import build_unprinted

        here, name = Path(tempfile.gettempdir()), Path("evidencekb")
        sweep(here, name)
        with tempfile.TemporaryDirectory(prefix=unfinished(name), suffix=".part") as folder:
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


def cache_bytes() -> int:
    """How many bytes the sealed copies may take: ``EVIDENCEKB_CACHE_BYTES``, or 2 GiB.

    Raises:
        SealedFileError: If that is no whole number.
    """
    given = os.environ.get("EVIDENCEKB_CACHE_BYTES", "").strip()
    if given and not (given.isascii() and given.isdigit()):
        raise SealedFileError(
            str(cache_folder()), f"EVIDENCEKB_CACHE_BYTES is {given!r}; give a number of bytes, such as {_KEPT_BYTES}"
        )
    return int(given) if given else _KEPT_BYTES


def cached(folder: Folder, *, check: bool) -> Path:
    """The sealed copy of a folder, made when there is none for its files as they are now.

    Files are told by their names, sizes and times, and the copy by its digest: touching a file costs a build, and no space.
    """
    cache, most = cache_folder(), cache_bytes()
    pointer = cache / f"{_key(folder, check=check)}.txt"
    if pointer.exists() and _is_valid(copy := cache / pointer.read_text(encoding="utf-8")):
        return copy
    # Reading text files takes pydantic and more; a caller who opens a sealed file does not pay for them.
    from evidencekb.loading.building import build_unprinted, build_without_errors

    fresh = cache / f"{unfinished(pointer)}{get_ident()}.new"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError as problem:
        raise OSError(
            f"no cache can be kept in {cache} ({problem.strerror}); set EVIDENCEKB_CACHE to a folder"
        ) from problem
    sweep(cache)
    try:
        (build_unprinted if check else build_without_errors)(folder.path, fresh)
        connection, meta = open_sealed(fresh)
        connection.close()
        copy = cache / f"{meta['sealed'].removeprefix('sha256:')[:40]}-{meta['library']}.ekb"
        fresh.replace(copy)
    finally:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
    # Another process may look at the pointer at any moment: it is there whole, or not.
    part = fresh.with_suffix(".part")
    part.write_text(copy.name, encoding="utf-8")
    part.replace(pointer)
    _forget_old(cache, copy, most)
    return copy


def _is_valid(copy: Path) -> bool:
    """True if a copy is whole and no waiver it was built with is over; it counts as used then."""
    try:
        os.utime(copy)
        connection, meta = open_sealed(copy)
    except (FileNotFoundError, SealedFileError):
        return False
    connection.close()
    until = meta.get("waived_until")
    return not until or until >= datetime.date.today().isoformat()


def _key(folder: Folder, *, check: bool) -> str:
    """A name for the files as they are, those of this library included: a clone that was updated makes other cards."""
    digest = hashlib.sha256(f"{__version__} {FORMAT_VERSION} {check} {folder.state}".encode())
    package = Path(__file__).parent.parent
    for file in sorted(path for path in package.rglob("*") if path.suffix in (".py", ".sql", ".yaml")):
        digest.update(os.fsencode(file.relative_to(package)) + _state(file))
    return digest.hexdigest()[:40]


def _state_of(folder: Path) -> str:
    """Paths, sizes and times of all files, those of extended packs included, as one name."""
    digest = hashlib.sha256()
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


def _forget_old(folder: Path, fresh: Path, most: int) -> None:
    """Keep the copies used last as long as they are few and small enough, and the pointers to them.

    Args:
        folder: The cache.
        fresh: The copy that was just made, which stays whatever its size.
        most: So many bytes may all copies take. Those in use are kept above it, until the next copy is made.
    """
    with suppress(OSError):  # another process may tidy up at the same time
        files = list(folder.iterdir())
        held = [(file, file.stat()) for file in files if _COPY.fullmatch(file.name)]
        held.sort(key=lambda each: (each[0] == fresh, each[1].st_mtime), reverse=True)
        kept, taken, before = set[str](), 0, time.time() - _IN_USE
        for place, (copy, stat) in enumerate(held):
            taken += stat.st_size
            if copy == fresh or stat.st_mtime > before or (place < _KEPT and taken <= most):
                kept.add(copy.name)
            else:
                copy.unlink(missing_ok=True)
        for pointer in (file for file in files if _POINTER.fullmatch(file.name)):
            if pointer.read_text(encoding="utf-8") not in kept:
                pointer.unlink(missing_ok=True)
