"""Files written whole: under another name first, so that nobody ever sees half of one.

The other name says which process of which machine writes under it, so that what a killed one leaves behind is known for that,
and removed by who writes in its place next.
"""

from __future__ import annotations

import errno
import hashlib
import os
import platform
import re
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import cache
from pathlib import Path

_UNFINISHED = re.compile(r"\.([0-9a-f]{8})-([0-9]{1,9})\.[^.]*\.(?:part|new|old|words)\Z")
_LONGEST = 100  # bytes
_OLD = 3600.0  # seconds


def unfinished(target: Path) -> str:
    """How the names begin under which this process writes what is to become ``target``.

    They go on with a part that nobody else chooses, and end in ``.part`` or ``.new``, in ``.old`` for what has to make room, or
    in ``.words``.
    """
    return f"{_start(target)}{_machine()}-{os.getpid()}."


def _start(target: Path) -> str:
    return f".{os.fsencode(target.name)[:_LONGEST].decode(errors='ignore')}."


def sweep(folder: Path, target: Path | None = None, *, but: str = "") -> None:
    """Remove what processes that were killed left behind.

    A process of this machine has left what bears its number when there is no such process. Of one of another machine, or from
    before this one was started anew, nothing is known: what it wrote is kept for an hour from its last change.

    Args:
        folder: Where to look; folders below it are left alone.
        target: What was to be made; by default anything.
        but: The ending of what to keep.

    Examples:
        >>> folder = Path(tempfile.mkdtemp())
        >>> (folder / f"{unfinished(folder / 'a.txt')}x.part").touch()
        >>> (folder / ".a.txt.00000000-1.x.part").touch()
        >>> os.utime(folder / ".a.txt.00000000-1.x.part", (0, 0))
        >>> sweep(folder)
        >>> [path.name == f"{unfinished(folder / 'a.txt')}x.part" for path in folder.iterdir()]
        [True]
    """
    start = "." if target is None else _start(target)
    with suppress(OSError), os.scandir(folder) as entries:
        for entry in entries:
            found = _UNFINISHED.search(entry.name) if entry.name.startswith(start) else None
            if found is None or (but and entry.name.endswith(but)):
                continue
            with suppress(OSError):  # another process may sweep at the same time
                if _is_left(entry, found[1], int(found[2])):
                    _remove(Path(entry.path))


def _is_left(entry: os.DirEntry[str], machine: str, process: int) -> bool:
    if machine == _machine() and sys.platform != "win32":  # there a process that is looked for like this is ended
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        except OSError:  # it is somebody else's
            return False
        return False
    return entry.stat(follow_symlinks=False).st_mtime < time.time() - _OLD


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


@cache
def _machine() -> str:
    """A name for what numbers the processes: this machine since it was started, or the container in which this runs."""
    said = [platform.node()]
    with suppress(OSError):
        said.append(Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii"))
        said.append(str(Path("/proc/self/ns/pid").readlink()))
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:8]


def beside(target: Path, content: bytes, *, mode: int | None = None, sync: bool = True) -> Path:
    """A file in the folder of another, ready to take its place; when it cannot be written nothing is left of it.

    Args:
        target: The file whose place it is to take.
        content: All it holds.
        mode: Its mode; by default that of the target, or of a new file.
        sync: True when it must be on the disk before it counts.

    Raises:
        OSError: If it cannot be written.
    """
    handle, name = tempfile.mkstemp(prefix=unfinished(target), suffix=".new", dir=target.parent)
    new = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            if sync:
                file.flush()
                os.fsync(file.fileno())
        if mode is None:
            mode = target.stat().st_mode & 0o7777 if target.exists() else 0o666 & ~umask()
        new.chmod(mode)
    except BaseException:
        new.unlink(missing_ok=True)
        raise
    return new


def replace_whole(target: Path, content: bytes, *, mode: int | None = None, sync: bool = True) -> None:
    """Write a file in one step, see :func:`beside`.

    Raises:
        OSError: If it cannot be written; it is then as it was.

    Examples:
        >>> target = Path(tempfile.mkdtemp(), "a.txt")
        >>> replace_whole(target, b"whole")
        >>> target.read_bytes(), [path.name for path in target.parent.iterdir()]
        (b'whole', ['a.txt'])
    """
    new = beside(target, content, mode=mode, sync=sync)
    try:
        new.replace(target)
    except BaseException:
        new.unlink(missing_ok=True)
        raise


@contextmanager
def whole_file(target: Path, *, durable: bool = True) -> Iterator[Path]:
    """A path beside a file, to be written to bit by bit; on leaving without an error it takes the file's place.

    Args:
        target: The file.
        durable: False for a large file that can be made again: nobody waits until it is on the disk, so a power cut soon
            afterwards may leave a cut file.

    Raises:
        OSError: If it cannot be written; the file is then as it was.

    Examples:
        >>> target = Path(tempfile.mkdtemp(), "a.txt")
        >>> with whole_file(target) as new:
        ...     _ = new.write_bytes(b"whole")
        ...     target.exists()
        False
        >>> target.read_bytes(), [path.name for path in target.parent.iterdir()]
        (b'whole', ['a.txt'])
    """
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(target))
    sweep(target.parent, target)
    try:
        new = beside(target, b"", sync=False)
    except OSError as problem:  # who reads it knows the name that was asked for, not the one for the meantime
        raise OSError(problem.errno, problem.strerror, str(target)) from problem
    try:
        yield new
        if durable:
            sync(new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


@contextmanager
def room_for(target: Path) -> Iterator[None]:
    """The folders that lead to a file or folder, made where they are not there; gone again when it did not come to be.

    Raises:
        OSError: If they cannot be made.

    Examples:
        >>> target = Path(tempfile.mkdtemp(), "new", "a.txt")
        >>> with room_for(target):
        ...     target.parent.is_dir()
        True
        >>> target.parent.exists()
        False
    """
    made = [folder for folder in (target.parent, *target.parent.parents) if not folder.exists()]
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        yield
    finally:
        if not target.exists():
            for folder in made:
                with suppress(OSError):  # somebody else may have put something there
                    folder.rmdir()


@contextmanager
def passing(path: Path) -> Iterator[Path]:
    """A file to be made and used inside this block; afterwards it is gone.

    Examples:
        >>> with passing(Path(tempfile.mkdtemp(), "a.txt")) as path:
        ...     _ = path.write_text("for now")
        >>> path.exists()
        False
    """
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def umask() -> int:
    """Rights that new files of this process do not have."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
