"""Changes to a pack's files: all of them made, or none.

Every new text is written beside its file first; only then are the files replaced, one after the other, and put back when
one cannot be. A process that is killed between two replacements leaves whole files, and doing the same again completes it.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from evidencekb.errors import ChangedMeanwhileError
from evidencekb.replacing import beside, replace_whole


@dataclass(frozen=True, slots=True)
class Change:
    """A new text for one file.

    Attributes:
        path: The file.
        before: What it holds, as it was read; None when there is no such file.
        after: What it is to hold.
    """

    path: Path
    before: bytes | None
    after: bytes


def read_bytes(path: Path) -> bytes | None:
    """What a file holds; None when there is none."""
    return path.read_bytes() if path.exists() else None


def apply(changes: Iterable[Change], *, within: Path | None = None) -> tuple[Path, ...]:
    """Write every change, or none.

    Args:
        changes: The changes, each of another file.
        within: The pack's folder: processes that change files of one pack then do it one after the other, where the system
            has locks.

    Returns:
        The files written, in the order given; a change that changes nothing is left out.

    Raises:
        ChangedMeanwhileError: If a file is no longer what the change started from.
        OSError: If a file cannot be written; those that were are put back. Should one resist that, too, the message names it.
        ValueError: If two changes are of one file.
    """
    wanted = [change for change in changes if change.before != change.after]
    if len({change.path.resolve() for change in wanted}) < len(wanted):
        raise ValueError("two changes of one file; make one of them")
    with _one_at_a_time(within):
        for change in wanted:
            if read_bytes(change.path) != change.before:
                raise ChangedMeanwhileError(str(change.path))
        _write(wanted)
    return tuple(change.path for change in wanted)


def _write(wanted: Sequence[Change]) -> None:
    fresh: list[Path] = []
    done: list[Change] = []
    made = {folder for change in wanted for folder in change.path.parents if not folder.exists()}
    try:
        for change in wanted:
            change.path.parent.mkdir(parents=True, exist_ok=True)
            fresh.append(beside(change.path.resolve(), change.after))
        for change, new in zip(wanted, fresh, strict=True):
            target = change.path.resolve()
            done.append(change)  # before it is: an interruption comes at any moment
            new.replace(target)
    except BaseException as problem:
        if stuck := [str(change.path) for change in reversed(done) if not _put_back(change)]:
            raise OSError(
                f"{problem}; and {', '.join(stuck)} could not be put back: it holds the new text"
            ) from problem
        raise
    finally:
        for new in fresh:
            with suppress(OSError):
                new.unlink(missing_ok=True)
        for folder in sorted(made, reverse=True):
            with suppress(OSError):
                folder.rmdir()  # only what was made for nothing is empty


@contextmanager
def _one_at_a_time(folder: Path | None) -> Iterator[None]:
    """Alone in a folder: another process waits until this one is done."""
    if folder is None or sys.platform == "win32":
        yield
        return
    import fcntl

    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _put_back(change: Change) -> bool:
    """Bring a file back to what it was; False if it cannot be."""
    target = change.path.resolve()
    try:
        if target.is_dir() or read_bytes(target) == change.before:
            return True  # it never was changed
        if change.before is None:
            target.unlink(missing_ok=True)
        else:
            replace_whole(target, change.before)
    except OSError:
        return False
    return True
