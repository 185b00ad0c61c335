"""The part of a build that makes what pages show: cards, references and the full-text index."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

from pydantic_core import from_json

from evidencekb.answers.base import written
from evidencekb.engines import sqlite
from evidencekb.engines.making import Maker
from evidencekb.engines.schema import PAGE_SIZE, WORDS
from evidencekb.loading.beside import complete_tables
from evidencekb.loading.words import Labels, words_of

MOST_FINDINGS, MOST_SOURCES = 5_000, 10_000
"""The largest pack whose cards and references are stored. A card takes 4 KB and a tenth of a millisecond: 20 MB and a second at
most, which spares every program that asks a small pack the models and their import. What a large pack's questions show is a
small part of it, and is made when it is asked for."""

_TOGETHER = 200
_WORDS = "INSERT INTO words VALUES (?, ?, ?, ?, ?)"


def stores_cards(connection: sqlite3.Connection) -> bool:
    """True if the pack is small enough for its cards and references to be stored."""
    counts = connection.execute("SELECT (SELECT COUNT(*) FROM finding), (SELECT COUNT(*) FROM source)").fetchone()
    return bool(counts[0] <= MOST_FINDINGS and counts[1] <= MOST_SOURCES)


def add_cards(connection: sqlite3.Connection, *, stored: bool) -> None:
    """Fill the tables ``card`` and ``listed``, one row at a time, in the order of their ids.

    Args:
        connection: The file, with its records, their rows, what was derived for the rules, and the indexes.
        stored: False leaves both empty: questions then make what they show.
    """
    if stored:
        maker = Maker(lambda statement, values: connection.execute(statement, values).fetchall())
        ids = _ids(connection, "finding")
        parts = (ids[at : at + _TOGETHER] for at in range(0, len(ids), _TOGETHER))
        cards = chain.from_iterable(zip(part, maker.cards(part), strict=True) for part in parts)
        sqlite.insert(connection, "card", ((id, written(card)) for id, card in cards))
        keys = _ids(connection, "source")
        sqlite.insert(connection, "listed", ((key, written(maker.listed(key))) for key in keys))


def _ids(connection: sqlite3.Connection, kind: str) -> list[str]:
    return [id for (id,) in connection.execute("SELECT id FROM record WHERE kind = ? ORDER BY id", (kind,))]


def add_words(connection: sqlite3.Connection) -> None:
    """Fill the full-text index in one pass over the records, with no model made.

    Args:
        connection: The file, with its records, and its concepts and cohorts.
    """
    connection.executemany(_WORDS, _words(connection))


def write_words(path: Path, out: Path) -> None:
    """Make the full-text index of a file that is being built, in a file of its own."""
    with complete_tables(path) as connection, closing(sqlite3.connect(out, isolation_level=None)) as made:
        made.execute("PRAGMA journal_mode = OFF")
        made.execute("PRAGMA synchronous = OFF")
        made.execute(f"PRAGMA page_size = {PAGE_SIZE}")
        made.execute(WORDS)
        made.execute("BEGIN")
        made.executemany(_WORDS, _words(connection))
        made.execute("COMMIT")


def take_words(connection: sqlite3.Connection, made: Path) -> None:
    """Take over the full-text index that :func:`write_words` made, page by page as it stands."""
    connection.execute("COMMIT")
    connection.execute("ATTACH ? AS made", (str(made),))
    connection.execute("BEGIN")
    for part in ("config", "content", "data", "docsize", "idx"):
        connection.execute(f"DELETE FROM main.words_{part}")
        connection.execute(f"INSERT INTO main.words_{part} SELECT * FROM made.words_{part}")
    connection.execute("COMMIT")
    connection.execute("DETACH made")
    connection.execute("BEGIN")


def _words(connection: sqlite3.Connection) -> Iterator[tuple[str, str, str, str, str]]:
    labels = Labels.of(lambda statement, values: connection.execute(statement, values).fetchall())
    for kind in ("finding", "claim", "untraced"):
        for id, body in connection.execute("SELECT id, body FROM record WHERE kind = ? ORDER BY id", (kind,)):
            yield kind, id, *words_of(kind, from_json(body), labels)
