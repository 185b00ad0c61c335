"""Files written whole: under another name first, so that nobody ever sees half of one."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


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
    handle, name = tempfile.mkstemp(prefix=f".{target.name[:100]}.", suffix=".new", dir=target.parent)
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
def whole_file(target: Path) -> Iterator[Path]:
    """A path beside a file, to be written to bit by bit; on leaving without an error it takes the file's place.

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
    new = beside(target, b"", sync=False)
    try:
        yield new
        sync(new)
        new.replace(target)
    finally:
        new.unlink(missing_ok=True)


def sync(path: Path) -> None:
    """Wait until what was written to a file is on the disk."""
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def umask() -> int:
    """Rights that new files of this process do not have."""
    mask = os.umask(0)
    os.umask(mask)
    return mask
