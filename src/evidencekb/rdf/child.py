"""The process that answers queries: it holds the quads of one pack, and knows nothing else of this library.

It is a process of its own because an engine cannot be told to stop: a query that takes too long, too much memory or too deep a
stack ends this process and not the session. It runs as a plain script, reads requests from its input and writes answers to its
output, each as eight bytes of length and so many bytes. Once it is loaded it can open neither file nor connection.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, BinaryIO

_CELL = 50


def main() -> None:
    """Load, then answer until the input ends."""
    inlet, outlet = sys.stdin.buffer, sys.stdout.buffer
    settings = json.loads(_frame(inlet))
    sys.path[:] = settings["path"]
    import pyoxigraph

    _outlived(os.getppid())
    store = pyoxigraph.Store()
    frames: Any = _Frames(inlet)  # all that is asked of a file is to be read
    store.bulk_load(frames, format=pyoxigraph.RdfFormat.N_QUADS)
    _confine(settings["memory"])
    _send(outlet, {"loaded": True})
    engine = _Engine(pyoxigraph, store)
    while request := _frame(inlet):
        _send(outlet, engine.answer(json.loads(request)))


class _Engine:
    def __init__(self, library: Any, store: Any) -> None:
        self._library, self._store = library, store

    def answer(self, request: dict[str, Any]) -> dict[str, Any]:
        """What a query gives, or what is wrong with it."""
        _alarm(request["seconds"])
        try:
            found = self._store.query(request["query"], prefixes=request["prefixes"], use_default_graph_as_union=True)
            if isinstance(found, self._library.QueryBoolean):
                return {"form": "ask", "columns": ["answer"], "rows": [[["b", bool(found)]]], "complete": True}
            if isinstance(found, self._library.QueryTriples):
                return self._rows("triples", ["subject", "predicate", "object"], found, request)
            return self._rows("select", [variable.value for variable in found.variables], found, request)
        except SyntaxError as problem:
            return {"wrong": "syntax", "message": str(problem)}
        except MemoryError:
            return {"wrong": "memory", "message": ""}
        except (OSError, RuntimeError, ValueError) as problem:
            return {"wrong": "engine", "message": str(problem)}
        finally:
            _alarm(0)

    def _rows(self, form: str, columns: list[str], found: Any, request: dict[str, Any]) -> dict[str, Any]:
        rows: list[list[Any]] = []
        size = 0
        for solution in found:
            if len(rows) == request["limit"]:
                return {"form": form, "columns": columns, "rows": rows, "complete": False}
            row = [self._term(term) for term in solution]
            size += sum(_CELL + len(held[1]) for held in row if held is not None)
            if size > request["size"]:
                return {"wrong": "size", "message": ""}
            rows.append(row)
        return {"form": form, "columns": columns, "rows": rows, "complete": True}

    def _term(self, term: Any) -> list[Any] | None:
        if term is None:
            return None
        if isinstance(term, self._library.NamedNode):
            return ["i", term.value]
        if isinstance(term, self._library.Literal):
            return ["l", term.value, term.datatype.value]
        return ["n", str(term)]


class _Frames:
    """What is loaded, as a file: frames up to the first empty one."""

    def __init__(self, inlet: BinaryIO) -> None:
        self._frames = self._read(inlet)
        self._rest = memoryview(b"")

    @staticmethod
    def _read(inlet: BinaryIO) -> Iterator[bytes]:
        while frame := _frame(inlet):
            yield frame

    def read(self, most: int = -1) -> bytes:
        """Some of it, at most so many bytes; nothing at the end."""
        if not self._rest:
            self._rest = memoryview(next(self._frames, b""))
        some = self._rest if most < 0 else self._rest[:most]
        self._rest = self._rest[len(some) :]
        return bytes(some)


def _frame(inlet: BinaryIO) -> bytes:
    """The next frame; nothing when the input has ended."""
    return inlet.read(int.from_bytes(inlet.read(8), "big"))


def _send(outlet: BinaryIO, answer: dict[str, Any]) -> None:
    body = json.dumps(answer).encode()
    outlet.write(len(body).to_bytes(8, "big") + body)
    outlet.flush()


def _confine(memory: int) -> None:
    """Take no more than so many bytes from now on, and open nothing: where the system can hold a process to that."""
    with suppress(ImportError):
        import resource

        with suppress(OSError, ValueError):
            taken = int(Path("/proc/self/statm").read_text("ascii").split()[0]) * resource.getpagesize()
            resource.setrlimit(resource.RLIMIT_AS, (taken + memory, taken + memory))
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _alarm(seconds: float) -> None:
    """End this process after so many seconds, should the one that asked no longer be there to do it."""
    if hasattr(signal, "setitimer"):
        signal.setitimer(signal.ITIMER_REAL, seconds)


def _outlived(parent: int) -> None:
    """End when the process that asks has ended without a word."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


if __name__ == "__main__":
    main()
