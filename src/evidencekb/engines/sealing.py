"""Writing a sealed file: tables filled, digests taken, and the whole moved into place in one step.

The file is written under another name beside its target, flushed to disk and renamed. A process killed at any moment
leaves the old file whole.
"""

from __future__ import annotations

import hashlib
import marshal
import os
import sqlite3
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from evidencekb.engines.schema import APPLICATION_ID, DERIVED, FORMAT_VERSION, PAGE_SIZE, Table
from evidencekb.engines.sqlite import create
from evidencekb.replacing import room_for, sweep, umask, unfinished

_BLANK = "0" * 64
_CACHE_KIB = 192 * 1024
_PART = 4 * 1024 * 1024


@contextmanager
def sealed_file(out: Path) -> Iterator[sqlite3.Connection]:
    """A connection to an empty file with all tables; on leaving without an error it is sealed and becomes ``out``.

    Raises:
        FileExistsError: If ``out`` is a file that is no sealed one.
        OSError: If the file cannot be written.
    """
    _refuse_other(out)
    out = out.resolve() if out.is_symlink() else out
    with room_for(out):
        sweep(out.parent, out)
        handle, name = tempfile.mkstemp(prefix=unfinished(out), suffix=".part", dir=out.parent)
        os.close(handle)
        part = Path(name)
        try:
            connection = sqlite3.connect(part, isolation_level=None)
            try:
                _prepare(connection)
                connection.execute("BEGIN")
                yield connection
                ((sealed,),) = connection.execute("SELECT value FROM meta WHERE name = 'sealed'").fetchall() or (("",),)
                connection.execute("COMMIT")
            except sqlite3.OperationalError as problem:
                raise OSError(f"{out} cannot be written: {problem}") from problem
            finally:
                connection.close()
            _seal(part, seal_mark(sealed))
            part.chmod(0o666 & ~umask())
            part.replace(out)
        finally:
            part.unlink(missing_ok=True)


def _refuse_other(out: Path) -> None:
    """A file that is no sealed one is not written over: somebody may have mistyped the name of a file of theirs."""
    if out.is_dir():
        raise IsADirectoryError(f"{out} is a folder; name the file to write, such as {out / 'pack.ekb'}")
    if out.exists() and not out.is_file():
        raise FileExistsError(f"{out} is no file; name the file to write")
    if out.exists() and out.stat().st_size:
        with out.open("rb") as file:
            header = file.read(72)
        if header[68:72] != APPLICATION_ID.to_bytes(4, "big"):
            raise FileExistsError(f"{out} is there and is no sealed file; choose another name, or remove it first")


def _prepare(connection: sqlite3.Connection) -> None:
    # The journal protects a file that is updated; this one is thrown away unless it is finished.
    for pragma in (
        f"page_size = {PAGE_SIZE}", f"application_id = {APPLICATION_ID}", f"user_version = {FORMAT_VERSION}",
        "journal_mode = OFF", "synchronous = OFF", "temp_store = FILE", f"cache_size = -{_CACHE_KIB}",
    ):  # fmt: skip
        connection.execute(f"PRAGMA {pragma}")
    create(connection)


def memory_tables() -> sqlite3.Connection:
    """The same empty tables for a check that builds nothing: in memory, and on disk what grows beyond its cache."""
    connection = sqlite3.connect("", isolation_level=None)
    _prepare(connection)
    connection.execute("BEGIN")
    return connection


def write_meta(connection: sqlite3.Connection, values: Mapping[str, str]) -> None:
    """Keep what the file says of itself, with room for the seal."""
    rows = {**values, "seal": seal_mark(values["sealed"]) + _BLANK}
    connection.executemany("INSERT INTO meta VALUES (?, ?)", sorted(rows.items()))


def seal_mark(sealed: str) -> str:
    """What stands before the seal of a file, and nowhere else: no record can hold a digest that is taken over it.

    Args:
        sealed: The digest of what was worked out.
    """
    return f"seal of {sealed} "


def record_digest(kind: str, id: str, body: str) -> bytes:
    """The digest of one record."""
    return hashlib.sha256(f"{kind}\x1f{id}\x1f{body}".encode()).digest()


def content_digest(digests: bytes | bytearray) -> str:
    """The digest of records from the digests of each, one behind the other, whatever the order they come in."""
    each = sorted(bytes(digests[at : at + 32]) for at in range(0, len(digests), 32))
    return f"sha256:{hashlib.sha256(b''.join(each)).hexdigest()}"


def table_digests(connection: sqlite3.Connection, known: Mapping[str, str] | None = None) -> dict[str, str]:
    """The digest of every table that was worked out, by name; the full-text index is covered by the seal alone.

    Args:
        connection: The file.
        known: Those that were taken before.
    """
    return {table.name: (known or {}).get(table.name) or table_digest(connection, table) for table in DERIVED}


def sealed_digest(content: str, tables: Mapping[str, str]) -> str:
    """The digest of what was worked out, on top of that of the records.

    Args:
        content: The digest of the records.
        tables: As :func:`table_digests` gives them.
    """
    digest = hashlib.sha256(f"format {FORMAT_VERSION} {content}".encode())
    for table in DERIVED:
        digest.update(f"{table.name} {tables.get(table.name)}".encode())
    return f"sha256:{digest.hexdigest()}"


def table_digest(connection: sqlite3.Connection, table: Table) -> str:
    """The digest of a table's rows, in the order of their keys."""
    digest = hashlib.sha256()
    cursor = connection.execute(
        f"SELECT {', '.join(table.names)} FROM {table.name} ORDER BY {', '.join(table.key or table.names)}"
    )
    while rows := cursor.fetchmany(1_000):
        digest.update(marshal.dumps(rows, 2))  # the second version writes texts and integers alike, whoever made them
    return digest.hexdigest()


def file_seal(path: Path, mark: str) -> tuple[str, str]:
    """The digest of a file's bytes with its own seal left blank, and the seal that it holds; both '' when it has none.

    Args:
        path: The file.
        mark: What stands before the seal.
    """
    start = _seal_at(path, mark)
    if start < 0:
        return "", ""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        _add_bytes(digest, file, start)
        held = file.read(len(_BLANK))
        digest.update(_BLANK.encode())
        _add_bytes(digest, file, -1)
    return digest.hexdigest(), held.decode("ascii", "replace")


def _add_bytes(digest: hashlib._Hash, file: BinaryIO, length: int) -> None:
    """Add so many bytes from where the file stands, or all that are left."""
    while length and (part := file.read(_PART if length < 0 else min(_PART, length))):
        digest.update(part)
        length -= len(part) if length > 0 else 0


def _seal_at(path: Path, mark: str) -> int:
    """Where the seal stands in the file, -1 when it has none."""
    wanted, overlap, read = mark.encode(), b"", 0
    with path.open("rb") as file:
        while part := file.read(_PART):
            at = (overlap + part).find(wanted)
            if at >= 0:
                return read - len(overlap) + at + len(wanted)
            read += len(part)
            overlap = part[-len(wanted) :]
    return -1


def _seal(path: Path, mark: str) -> None:
    """Write the digest of the whole file into the place kept for it, and make sure that all is on disk."""
    seal, _ = file_seal(path, mark)
    with path.open("r+b") as file:
        if seal:
            file.seek(_seal_at(path, mark))
            file.write(seal.encode())
        file.flush()
        os.fsync(file.fileno())
