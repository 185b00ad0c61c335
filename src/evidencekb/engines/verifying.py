"""Verifying a sealed file: every byte against the seal, and every table against what its records say."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from evidencekb.engines.opening import check_header, open_sealed
from evidencekb.engines.sealing import content_digest, file_seal, record_digest, seal_mark, sealed_digest
from evidencekb.errors import SealedFileError


def check_seal(path: Path) -> None:
    """Check the bytes of a sealed file against its seal.

    Raises:
        FileNotFoundError: If there is no such file.
        SealedFileError: If it is no whole sealed file, or a byte was changed after the build.
    """
    check_header(path)
    connection, meta = open_sealed(path)
    connection.close()
    seal, held = file_seal(path, seal_mark(meta["sealed"]))
    if not seal or seal != held:
        raise SealedFileError(str(path), "a byte was changed after the build; build it again from its pack")


def verify(path: Path) -> dict[str, str]:
    """Check a sealed file to the last byte; gives what it says of itself.

    Three digests must hold: of the file's bytes, of its records (``digest``), and of all its tables (``sealed``).

    Raises:
        FileNotFoundError: If there is no such file.
        SealedFileError: If anything was changed after the build.
    """
    check_seal(path)
    connection, meta = open_sealed(path)
    try:
        records = connection.execute("SELECT kind, id, body FROM record")
        digests = bytearray(b"".join(record_digest(*record) for record in records))
        if content_digest(digests) != meta.get("digest"):
            raise SealedFileError(str(path), "its records do not match its digest; build it again from its pack")
        if sealed_digest(connection, meta["digest"]) != meta.get("sealed"):
            raise SealedFileError(str(path), "its tables do not match its records; build it again from its pack")
    except (sqlite3.DatabaseError, UnicodeDecodeError) as problem:
        raise SealedFileError(str(path), f"damaged: {problem}; build it again from its pack") from problem
    finally:
        connection.close()
    return meta
