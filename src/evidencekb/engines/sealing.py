"""Writing a sealed file: tables filled, digests taken, and the whole moved into place in one step.

The file is written under another name beside its target, flushed to disk and renamed. A process killed at any moment
leaves the old file whole.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from evidencekb.engines.schema import APPLICATION_ID, BASE, DERIVED, FORMAT_VERSION, PAGE_SIZE, Table
from evidencekb.engines.sqlite import create

SEAL_MARK = b"ekb-file-seal:"
_BLANK = "0" * 64
_NOT_CONTENT = frozenset({"place"})


@contextmanager
def sealed_file(out: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an empty file with all tables; on leaving without an error it is sealed and becomes ``out``.

    Raises:
        FileExistsError: If ``out`` is a file that is no sealed one.
        OSError: If the file cannot be written.
    """
    _refuse_other(out)
    made = [folder for folder in (out.parent, *out.parent.parents) if not folder.exists()]
    out.parent.mkdir(parents=True, exist_ok=True)
    _forget_killed(out)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    os.close(handle)
    part = Path(name)
    try:
        connection = sqlite3.connect(part, isolation_level=None)
        try:
            _prepare(connection)
            connection.execute("BEGIN")
            yield connection
            connection.execute("COMMIT")
        except sqlite3.OperationalError as problem:
            raise OSError(f"{out} cannot be written: {problem}") from problem
        finally:
            connection.close()
        _seal(part)
        part.chmod(0o644)
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
        if not out.exists():
            for folder in made:
                with suppress(OSError):  # somebody else may have put something there
                    folder.rmdir()


def _refuse_other(out: Path) -> None:
    """A file that is no sealed one is not written over: somebody may have mistyped the name of a file of theirs."""
    if out.is_dir():
        raise IsADirectoryError(f"{out} is a folder; name the file to write, such as {out / 'pack.ekb'}")
    if out.exists() and out.stat().st_size:
        with out.open("rb") as file:
            header = file.read(72)
        if header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
            raise FileExistsError(f"{out} is there and is no sealed file; choose another name, or remove it first")


def _forget_killed(out: Path) -> None:
    """Remove what builds of the same file left behind when they were killed, an hour ago or more."""
    for part in out.parent.glob(f".{out.name}.*.part"):
        with suppress(OSError):
            if part.stat().st_mtime < time.time() - 3600:
                part.unlink()


def _prepare(connection: sqlite3.Connection) -> None:
    # The journal protects a file that is updated; this one is thrown away unless it is finished.
    for pragma in (
        f"page_size = {PAGE_SIZE}", f"application_id = {APPLICATION_ID}", f"user_version = {FORMAT_VERSION}",
        "journal_mode = OFF", "synchronous = OFF", "temp_store = MEMORY",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    create(connection)


def memory_tables() -> sqlite3.Connection:
    """The same empty tables in memory, for a check that builds nothing."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    create(connection)
    connection.execute("BEGIN")
    return connection


def write_meta(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Keep what the file says of itself, with room for the seal."""
    rows = {**values, "seal": SEAL_MARK.decode() + _BLANK}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(rows.items()))


def content_digest(bodies: Iterable[tuple[str, str, str]]) -> str:
    """The digest of records alone, whatever the order they come in: (kind, id, body) each."""
    digest = hashlib.sha256()
    for record in sorted(bodies):
        digest.update(hashlib.sha256("\x1f".join(record).encode()).digest())
    return f"sha256:{digest.hexdigest()}"


def sealed_digest(connection: sqlite3.Connection) -> str:
    """The digest of every table but the places: what was worked out is covered as well as what was read."""
    digest = hashlib.sha256(f"format {FORMAT_VERSION}".encode())
    for table in (*BASE, *DERIVED):
        if table.name not in _NOT_CONTENT:
            _add_table(digest, connection, table)
    for row in connection.execute("SELECT kind, id, headline, text, labels FROM words ORDER BY kind, id"):
        digest.update(repr(row).encode())
    return f"sha256:{digest.hexdigest()}"


def _add_table(digest: hashlib._Hash, connection: sqlite3.Connection, table: Table) -> None:
    digest.update(table.name.encode())
    for row in connection.execute(f"SELECT * FROM {table.name} ORDER BY {', '.join(table.names)}"):
        digest.update(repr(row).encode())


def file_seal(data: bytes) -> tuple[str, int]:
    """The digest of a file's bytes, its own seal left blank, and where the seal stands; -1 when it has none."""
    at = data.find(SEAL_MARK)
    if at < 0:
        return "", -1
    start = at + len(SEAL_MARK)
    blank = data[:start] + _BLANK.encode() + data[start + len(_BLANK) :]
    return hashlib.sha256(blank).hexdigest(), start


def _seal(path: Path) -> None:
    """Write the digest of the whole file into the place kept for it, and make sure that all is on disk."""
    seal, start = file_seal(path.read_bytes())
    with path.open("r+b") as file:
        file.seek(start)
        file.write(seal.encode())
        file.flush()
        os.fsync(file.fileno())
