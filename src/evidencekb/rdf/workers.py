"""The engine of a knowledge base: a process of its own, started when it is first asked, ended with the knowledge base.

One that had to be ended is started anew, and loaded again, for the next query. Threads that share a
knowledge base ask one after the other; a process that is forked off starts an engine of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import weakref
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from evidencekb.errors import EngineError
from evidencekb.extras import needed

MEMORY = 1 << 30
"""Bytes that a query may take, beside what the pack takes; held to on Linux."""
LARGEST = 64 << 20
"""Characters of an answer, some for each cell included."""
_CHUNK = 1 << 20
_GRACE = 2.0
_CLOSED = "the knowledge base was closed while it was asked"
_SCRIPT = Path(__file__).with_name("child.py")


class Engine:
    """Answers queries to some quads.

    Args:
        lines: Gives the quads as N-Quads, some lines at a time, whenever they are needed.
    """

    def __init__(self, lines: Callable[[], Iterable[str]], *, memory: int = MEMORY) -> None:
        self._lines = lines
        self._memory = memory
        self._process: subprocess.Popen[bytes] | None = None
        self._lock = threading.Lock()
        _ENGINES.add(self)
        self._ending: list[Any] = []
        self.stop = weakref.finalize(self, _end, self._ending)
        """Ends the process; also done when nobody holds the engine any more, and at the end of the program."""

    def ask(self, query: str, prefixes: dict[str, str], *, timeout: float, limit: int) -> dict[str, Any]:
        """What the process says to a query.

        Raises:
            EngineError: If it took too long or too much, or the engine cannot be started.
        """
        request = {
            "query": query, "prefixes": prefixes, "limit": limit, "size": LARGEST, "seconds": timeout + _GRACE,
        }  # fmt: skip
        with self._lock:
            process = self._running()
            late = threading.Event()
            timer = threading.Timer(timeout, _stop_late, (process, late))
            timer.daemon = True
            try:
                timer.start()
                _send(process, json.dumps(request).encode())
                answer: dict[str, Any] = json.loads(_receive(process))
                return answer
            except (EOFError, OSError, ValueError) as problem:
                code = self._stopped()
                if not self.stop.alive:
                    why = _CLOSED
                elif late.is_set():
                    seconds = f"{timeout:g} second{'s' * (timeout != 1)}"
                    why = f"a query was stopped after {seconds}; ask for less, or allow more with timeout"
                else:
                    why = f"a query ended the engine ({_reason(code)}); ask for less"
                raise EngineError("sparql", why) from problem
            except BaseException:
                self._stopped()  # what it would still answer is no answer to the next query
                raise
            finally:
                timer.cancel()
                timer.join()
                if late.is_set():
                    self._stopped()

    def _running(self) -> subprocess.Popen[bytes]:
        if not self.stop.alive:
            raise EngineError("sparql", _CLOSED)
        if self._process is not None and self._process.poll() is not None:
            self._stopped()  # somebody else ended it
        if self._process is None:
            self._process = self._started()
        return self._process

    def _started(self) -> subprocess.Popen[bytes]:
        needed("pyoxigraph", "sparql")
        if not sys.executable:
            raise EngineError(
                "sparql", "queries run in a Python of their own, and this program does not know where one is"
            )
        process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SCRIPT)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl-C is for the one who asks
        )  # fmt: skip
        self._ending[:] = [process, os.getpid()]
        try:
            _send(process, json.dumps({"path": sys.path, "memory": self._memory}).encode())
            for chunk in _joined(self._lines()):
                _send(process, chunk)
            _send(process, b"")
            _receive(process)  # it says that it has loaded
        except (EOFError, OSError) as problem:
            code = self._stopped(process)
            raise EngineError("sparql", f"the engine ended while the pack was loaded ({_reason(code)})") from problem
        except BaseException:
            self._stopped(process)
            raise
        return process

    def _stopped(self, process: subprocess.Popen[bytes] | None = None) -> int:
        """End the process, and say how it ended."""
        process = process or self._process
        self._process = None
        _end(self._ending)
        return 0 if process is None else process.returncode or 0

    def _forked(self) -> None:
        """In a process that was forked off: let go of an engine that answers another."""
        if self._process is not None:
            for pipe in (self._process.stdin, self._process.stdout):
                with suppress(OSError):
                    pipe.close()  # type: ignore[union-attr]  # both are pipes
            self._process.returncode = 0  # it is no child of this process: nobody here may wait for it
        self._process = None
        self._ending.clear()
        self._lock = threading.Lock()


_ENGINES: weakref.WeakSet[Engine] = weakref.WeakSet()


def _let_go() -> None:
    for engine in _ENGINES:
        engine._forked()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_let_go)


def _end(ending: list[Any]) -> None:
    """End a process that this one started."""
    if not ending:
        return
    process, parent = ending
    ending.clear()
    if parent != os.getpid():
        return
    process.kill()
    for pipe in (process.stdin, process.stdout):
        with suppress(OSError):
            pipe.close()
    process.wait()


def _stop_late(process: subprocess.Popen[bytes], late: threading.Event) -> None:
    late.set()
    process.kill()


def _send(process: subprocess.Popen[bytes], body: bytes) -> None:
    inlet: IO[bytes] = process.stdin  # type: ignore[assignment]  # it is a pipe
    inlet.write(len(body).to_bytes(8, "big") + body)
    inlet.flush()


def _receive(process: subprocess.Popen[bytes]) -> bytes:
    outlet: IO[bytes] = process.stdout  # type: ignore[assignment]  # it is a pipe
    head = outlet.read(8)
    body = outlet.read(int.from_bytes(head, "big")) if len(head) == 8 else b""
    if not body:
        raise EOFError
    return body


def _reason(code: int) -> str:
    """How a process ended, in words."""
    import signal

    if code in (-signal.SIGABRT, -getattr(signal, "SIGKILL", 9)):
        return "it took more memory than it may"
    if code in (-signal.SIGSEGV, -getattr(signal, "SIGBUS", 10)):
        return "its parts stand too deep in each other"
    return f"code {code}"


def _joined(lines: Iterable[str]) -> Iterator[bytes]:
    """Lines, many at a time."""
    held: list[str] = []
    size = 0
    for line in lines:
        held.append(line)
        size += len(line)
        if size > _CHUNK:
            yield "".join(held).encode()
            held.clear()
            size = 0
    if held:
        yield "".join(held).encode()
