"""Many questions at once, by the texts under ``ask/``: the way of engines that answer whole sets.

Single questions go quicker through prepared selections, see :mod:`evidencekb.queries`; both give the same findings.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from evidencekb.engines.schema import ASKING
from evidencekb.engines.texts import text

Questions = Mapping[str, Mapping[str, str]]


def asked_rows(questions: Questions, *, vendors: bool = True) -> Iterator[tuple[str, str, str]]:
    """Rows of the table ``asked``.

    Args:
        questions: What each question asks: the ids of its subjects by dimension.
        vendors: Whether ``ask/top`` gives findings with a primary source flagged vendor too.
    """
    for question, subjects in questions.items():
        for dimension, subject in subjects.items():
            yield question, dimension, subject
        if not vendors:
            yield question, "vendors", "left_out"


@contextmanager
def asking(connection: sqlite3.Connection, questions: Questions, *, vendors: bool = True) -> Iterator[None]:
    """Inside this block the texts under ``ask/`` can be run: what was asked, and what bears on it, stand in tables."""
    for table in ASKING:
        connection.execute(table.create.replace("CREATE TABLE", "CREATE TEMP TABLE"))
    try:
        connection.executemany("INSERT INTO asked VALUES (?, ?, ?)", asked_rows(questions, vendors=vendors))
        connection.execute(f"INSERT INTO bearing {text('ask/bearing')}")
        yield
    finally:
        connection.rollback()
        for table in ASKING:
            connection.execute(f"DROP TABLE IF EXISTS temp.{table.name}")


def answers(connection: sqlite3.Connection, name: str) -> list[tuple[Any, ...]]:
    """The rows of ``ask/`` and the name, inside :func:`asking`."""
    return connection.execute(text(f"ask/{name}")).fetchall()
