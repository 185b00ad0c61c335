"""Answers of services, kept in a file that many processes may use at once."""

from __future__ import annotations

import os
import threading
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from requests_cache.backends.sqlite import SQLiteCache

FILE = "answers.sqlite"
"""Name of the file in the cache folder."""

LARGEST = 2**22
"""Bodies of more bytes are not kept."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was kept.

    Attributes:
        url: Where it came from, after redirects.
        fetched_at: When, in UTC.
        hops: Redirects on the way, each its status and the address it led to; they are not kept.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    fetched_at: datetime
    hops: tuple[tuple[int, str], ...] = ()


class Cache:
    """Answers in ``folder``; where none can be kept, nothing is found and nothing fails.

    Values are JSON: a file that somebody else wrote can hold wrong answers, but runs nothing.
    """

    def __init__(self, folder: Path) -> None:
        self._lock = threading.Lock()
        self._file = _opened(folder)

    def get(self, key: str) -> Kept | None:
        """What is kept under a key."""
        if self._file is None:
            return None
        try:
            with self._lock:
                found = self._file.responses[key]
            return Kept(
                str(found.url), found.status_code, dict(found.headers), bytes(found.content or b""), found.created_at
            )
        except Exception:  # noqa: BLE001 - a damaged row, whatever is wrong with it, is an answer that is not kept
            return None

    def keep(self, key: str, answer: Kept) -> None:
        """Keep an answer in place of an older one."""
        if self._file is None or len(answer.body) > LARGEST:
            return
        import sqlite3

        from requests.structures import CaseInsensitiveDict
        from requests_cache.models.response import CachedResponse

        headers: Any = CaseInsensitiveDict(answer.headers)
        row = CachedResponse(content=answer.body, status_code=answer.status, url=answer.url, headers=headers)
        row.created_at = answer.fetched_at
        with suppress(sqlite3.Error), self._lock:
            self._file.responses[key] = row

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()  # type: ignore[no-untyped-call]  # requests-cache gives it no type


def _opened(folder: Path) -> SQLiteCache | None:
    import sqlite3

    from requests_cache.backends.sqlite import SQLiteCache

    path = folder / FILE
    for _ in range(3):
        try:
            folder.mkdir(parents=True, exist_ok=True)
            path.touch()
            # requests-cache waits without end for a file that it may not write.
            if not (os.access(path, os.W_OK) and os.access(folder, os.W_OK)):
                return None
            return SQLiteCache(path, serializer="json", wal=True, busy_timeout=10_000)
        except sqlite3.OperationalError:
            continue  # another process is making the same file
        except sqlite3.DatabaseError:
            # Not a database, or a damaged one: what it held can be asked for again.
            with suppress(OSError):
                for part in (path, path.with_name(f"{FILE}-wal"), path.with_name(f"{FILE}-shm")):
                    part.unlink(missing_ok=True)
        except OSError:
            return None
    return None
