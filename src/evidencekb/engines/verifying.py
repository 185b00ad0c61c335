"""Verifying a sealed file: every byte against the seal, every record and table against its digest."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from evidencekb.engines.opening import check_header, in_short, open_sealed
from evidencekb.engines.sealing import content_digest, file_seal, record_digest, seal_mark, sealed_digest, table_digests
from evidencekb.errors import SealedFileError

_AGAIN = "build it again from its pack"


def check_seal(path: Path) -> None:
    """Check the bytes of a sealed file against its seal.

    Raises:
        FileNotFoundError: If there is no such file.
        SealedFileError: If it is no whole sealed file, or a byte was changed after the build.
    """
    if not _is_whole(path):
        raise SealedFileError(str(path), f"a byte was changed after the build; {_AGAIN}")


def verify(path: Path) -> dict[str, str]:
    """Check a sealed file to the last byte; gives what it says of itself.

    Three digests must hold: of its records (``digest``), of all tables that were worked out (``sealed``), and of the file's
    bytes, the place of that digest left blank (``seal``).

    Raises:
        FileNotFoundError: If there is no such file.
        SealedFileError: If anything was changed after the build; it says which record or table, as far as that can be known.
    """
    whole = _is_whole(path)
    _stands_alone(path)
    with _undamaged(path):
        connection, meta = open_sealed(path)
        with closing(connection):
            if not (_records_hold(connection, meta) and _tables_hold(connection, meta) and whole):
                # What names the tables takes the models, which a sound file does not.
                from evidencekb.engines.blaming import changes

                raise SealedFileError(str(path), _told(list(changes(connection, meta)), whole=whole))
    return meta


def _stands_alone(path: Path) -> None:
    """Refuse a file beside which others lie that SQLite reads with it, or writes into it; they are not covered by any digest."""
    for suffix in ("-journal", "-wal"):
        beside = path.with_name(path.name + suffix)
        if beside.exists() and beside.stat().st_size:
            why = (
                f"{beside.name} lies beside it, which another program would take for a part of it; take that file away"
            )
            raise SealedFileError(str(path), why)


def _is_whole(path: Path) -> bool:
    check_header(path)
    with _undamaged(path):
        connection, meta = open_sealed(path)
        connection.close()
        seal, held = file_seal(path, seal_mark(meta["sealed"]))
    return bool(seal) and seal == held


def _records_hold(connection: sqlite3.Connection, meta: dict[str, str]) -> bool:
    """True if every record has its digest, and all digests together have theirs."""
    digests = bytearray()
    for kind, id, digest, body in connection.execute("SELECT kind, id, digest, body FROM record"):
        made = record_digest(kind, id, body)
        if made.hex() != digest:
            return False
        digests += made
    return content_digest(digests) == meta["digest"]


def _tables_hold(connection: sqlite3.Connection, meta: dict[str, str]) -> bool:
    return sealed_digest(meta["digest"], table_digests(connection)) == meta["sealed"]


@contextmanager
def _undamaged(path: Path) -> Iterator[None]:
    """Say of what cannot be read that the file is damaged."""
    try:
        yield
    except (
        sqlite3.Error,
        ValueError,
        TypeError,
        LookupError,
        OverflowError,
        MemoryError,
    ) as problem:  # a length may be anything
        raise SealedFileError(str(path), f"damaged: {in_short(problem)}; {_AGAIN}") from problem


_SHOWN = 5


def _told(found: list[str], *, whole: bool) -> str:
    """What was changed, as a sentence."""
    if not found:
        where = (
            "in what the digests of records and tables leave out: what the file says of itself (the table 'meta'), where records "
            "stood in their pack ('place', and 'pack' in 'record'), an index, the index of words, or space that is not used"
        )
        return f"a byte was changed after the build, {where}; {_AGAIN}"
    more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
    how = (
        "changed after the build"
        if not whole
        else "not as the digests have it, although the seal holds, so it is forged"
    )
    return f"{how}: {', '.join(found[:_SHOWN])}{more}; {_AGAIN}"
