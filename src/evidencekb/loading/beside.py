"""Work that another process does on the file being built, while this one goes on.

The other process reads tables that are complete and written out; this one only adds others, on pages of their own, so
neither waits for the other. A small pack is not worth a process: then the work is done here, when its result is wanted.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from multiprocessing.context import BaseContext
from pathlib import Path
from typing import ParamSpec, TypeVar

from evidencekb.engines.opening import read_only
from evidencekb.errors import WorkerError

P = ParamSpec("P")
T = TypeVar("T")


_LOOK_AFTER = 2.0
"""Seconds after which one looks whether those who work are still there."""


class Beside:
    """Starts work beside this process.

    Attributes:
        active: Whether there is another process.
    """

    def __init__(self, pool: ProcessPoolExecutor | None) -> None:
        self._pool = pool
        self.active = pool is not None

    def start(self, work: Callable[P, T], *args: P.args, **options: P.kwargs) -> Callable[[], T]:
        """Start work; calling what is given back waits for its result.

        Raises:
            WorkerError: When called, if the process ended before its work did.
        """
        if self._pool is None:
            return lambda: work(*args, **options)
        pool = self._pool
        with not_interrupted():
            future = pool.submit(work, *args, **options)

        def result() -> T:
            try:
                return result_of(pool, future)
            except BrokenProcessPool as problem:
                raise ended(pool, "it worked on the file beside this one") from problem

        return result


MOST_WORKERS = 61
"""Windows waits for no more processes."""


def processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def processes() -> BaseContext:
    """How processes are started: forked where that is safe, which takes no time, else with a fresh interpreter.

    A fork is safe on Linux from a program without other threads, whose locks would be copied as they are held.
    """
    safe = sys.platform == "linux" and threading.active_count() == 1
    return multiprocessing.get_context("fork" if safe else "spawn")


def result_of(pool: ProcessPoolExecutor, future: Future[T]) -> T:
    """The result of work given to a pool.

    A process that is killed while it hands over a result leaves half of it, and its pool waits for the rest for ever. So the
    processes are looked at now and then; when one is gone, the others are ended too.

    Raises:
        BrokenProcessPool: If a process ended before its work did.
    """
    while True:
        done, _ = wait([future], timeout=_LOOK_AFTER)
        if done:
            return future.result()
        running = list((pool._processes or {}).values())
        if not all(process.is_alive() for process in running):
            for process in running:
                process.kill()
            raise BrokenProcessPool("a process ended before its work did")


def ended(pool: ProcessPoolExecutor, what: str) -> WorkerError:
    """The error for a pool of which a process ended before its work did.

    A process that is started anew reads the program before anything else; where that fails, it ends with 1.
    """
    processes = list((pool._processes or {}).values())
    pool.shutdown(cancel_futures=True)  # whose own thread may be about to take their exit codes
    return WorkerError(what, begun=all(process.exitcode != 1 for process in processes))


@contextmanager
def not_interrupted() -> Iterator[None]:
    """Processes started inside this block leave Ctrl-C to this one, which ends them in order; it is told after the block."""
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def begin() -> None:
    """What a worker does first: leave Ctrl-C to its parent, and do not stay behind when that is killed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    if (parent := multiprocessing.parent_process()) is not None:
        parent.join()
        os._exit(1)


@contextmanager
def beside(*, active: bool) -> Iterator[Beside]:
    """Somebody who works beside this process, or nobody."""
    if not active:
        yield Beside(None)
        return
    pool = ProcessPoolExecutor(1, processes(), initializer=begin)
    try:
        yield Beside(pool)
    finally:
        pool.shutdown(cancel_futures=True)


def path_of(connection: sqlite3.Connection) -> Path:
    """The file of a connection."""
    return Path(connection.execute("PRAGMA database_list").fetchone()[2])


def written_out(connection: sqlite3.Connection) -> None:
    """Write out what was loaded, so that another process can read it, and go on."""
    connection.execute("COMMIT")
    connection.execute("BEGIN")


@contextmanager
def complete_tables(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection that reads the complete tables of a file, to which another process goes on adding others."""
    with closing(read_only(path)) as connection:
        connection.execute("PRAGMA cache_size = -65536")
        yield connection
