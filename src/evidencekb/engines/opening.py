"""Opening a sealed file: read-only, and checked in a moment by its header, its size and what it says of itself."""

from __future__ import annotations

import sqlite3
import struct
from pathlib import Path
from urllib.parse import quote

from evidencekb.engines.schema import APPLICATION_ID, FORMAT_VERSION
from evidencekb.errors import SealedFileError

_NEEDED = ("pack", "version", "digest", "sealed", "built_on", "library", "report")
_MAGIC = b"SQLite format 3\x00"
_LONGEST = 100


def open_sealed(path: Path) -> tuple[sqlite3.Connection, dict[str, str]]:
    """A read-only connection and what the file says of itself.

    The file must not be changed in place while it is open: a new one is moved over it, and a reader keeps the old one.

    Raises:
        FileNotFoundError: If there is no such file.
        SealedFileError: If it is cut, no sealed file, or written by a newer version.
    """
    check_header(path)
    connection = read_only(path)
    try:
        meta = dict(connection.execute("SELECT name, value FROM meta"))
    except (sqlite3.DatabaseError, UnicodeDecodeError) as problem:
        connection.close()
        raise SealedFileError(str(path), f"damaged: {in_short(problem)}; build it again") from problem
    if missing := [name for name in _NEEDED if name not in meta]:
        connection.close()
        raise SealedFileError(str(path), f"damaged: it does not say its {missing[0]}; build it again")
    return connection, meta


def in_short(problem: Exception) -> str:
    """What SQLite says of damage, on one line; it may quote the whole of what it could not read.

    Examples:
        >>> told = in_short(ValueError("no number: " + "9 " * 500))
        >>> told[:15], told[-1], len(told) < 500
        ('no number: 9 9 ', '…', True)
    """
    told = " ".join(str(problem).split())
    return told if len(told) <= _LONGEST else f"{told[:_LONGEST]}…"


def read_only(path: Path) -> sqlite3.Connection:
    """A connection that only reads, and takes no locks: what it reads must not change."""
    uri = f"file:{quote(str(path.resolve()))}?mode=ro&immutable=1"
    return sqlite3.connect(uri, uri=True, check_same_thread=False)


def check_header(path: Path) -> None:
    """Refuse what is cut, foreign or of another format, by its first 100 bytes and its size.

    Raises:
        FileNotFoundError: If there is no such file.
        SealedFileError: If it is no whole sealed file of this format.
    """
    with path.open("rb") as file:
        header = file.read(100)
        size = file.seek(0, 2)
    if len(header) < 100 or not header.startswith(_MAGIC):
        raise SealedFileError(
            str(path), "not a sealed file; give a file that 'evidencekb build' made, or a pack's folder"
        )
    page, pages = struct.unpack(">H", header[16:18])[0], struct.unpack(">I", header[28:32])[0]
    version, application = struct.unpack(">I", header[60:64])[0], struct.unpack(">I", header[68:72])[0]
    if application != APPLICATION_ID:
        raise SealedFileError(
            str(path), "an SQLite file of another program; build a sealed one with 'evidencekb build'"
        )
    if version > FORMAT_VERSION:
        raise SealedFileError(
            str(path),
            f"written by a newer version (format {version}; this one reads {FORMAT_VERSION}); update evidencekb",
        )
    if version < FORMAT_VERSION:
        raise SealedFileError(str(path), f"written by an older version (format {version}); build it again")
    expected = (65536 if page == 1 else page) * pages
    if size != expected:
        raise SealedFileError(
            str(path), f"cut or extended: {size} bytes where its header says {expected}; build it again"
        )
