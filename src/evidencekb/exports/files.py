"""Many briefs as files, one a question; a later run writes only those that changed.

Beside the files stands a ledger, an SQLite file, with the digest of each brief. A file is written under another name and
renamed, and entered into the ledger afterwards: a run that is stopped leaves whole files, and the next one goes on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from evidencekb.errors import QuestionError
from evidencekb.queries import briefs
from evidencekb.queries.composing import CARDS_SHOWN
from evidencekb.replacing import replace_whole

if TYPE_CHECKING:
    from evidencekb.answers import Brief, Question
    from evidencekb.kb import KnowledgeBase

LEDGER = ".briefs.ledger"
_LONGEST = 180
_COMMIT = 200


@dataclass(frozen=True, slots=True)
class Written:
    """What a run did: files written, files left as they were, and files of questions that are no longer asked, removed."""

    written: int
    unchanged: int
    removed: int

    def __str__(self) -> str:
        return f"{self.written:,} written, {self.unchanged:,} unchanged, {self.removed:,} removed"


def write_briefs(
    kb: KnowledgeBase,
    questions: Iterable[Question],
    folder: Path,
    *,
    suffix: str = ".json",
    progress: Callable[[int], None] | None = None,
    aspects: Iterable[str] | None = None,
    headlines: int = 3,
    pin: Iterable[str] | None = None,
    cards: int = CARDS_SHOWN,
) -> Written:
    """Write the brief of each question into a folder.

    Args:
        kb: The knowledge base.
        questions: The questions; taken one by one.
        folder: Made when it is not there.
        suffix: ``.json`` for plain data, ``.md`` for Markdown.
        progress: Told how many briefs are done.
        aspects: As in :func:`evidencekb.briefs`; so the options below.
        headlines: At most so many cards at the top of each.
        pin: Findings to show in each.
        cards: At most so many findings that bear on a question.

    Returns:
        How many files were written, left and removed.

    Raises:
        OSError: If the folder cannot be written.
        QuestionError: If an option or the suffix cannot be asked.
        UnknownIdError: If a subject, aspect or pinned finding does not exist.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import load, questions
        >>> kb = load()
        >>> with TemporaryDirectory() as folder:
        ...     first = write_briefs(kb, questions(kb, of="instrument"), Path(folder), aspects=["selection"])
        ...     again = write_briefs(kb, questions(kb, of="instrument"), Path(folder), aspects=["selection"])
        >>> first.written == again.unchanged, again.written
        (True, 0)
    """
    if suffix not in _TEXTS:
        raise QuestionError(f"suffix is {suffix!r}; give {' or '.join(_TEXTS)}")
    pages = briefs(kb, questions, aspects=aspects, headlines=headlines, pin=pin, cards=cards)
    folder.mkdir(parents=True, exist_ok=True)
    written = unchanged = 0
    with closing(_Ledger(folder / LEDGER)) as ledger:
        for done, page in enumerate(pages, start=1):
            name = _name(page.question.slug) + suffix
            if ledger.digest(name) == page.digest and (folder / name).exists():
                unchanged += 1
            else:
                replace_whole(folder / name, f"{_TEXTS[suffix](page)}\n".encode(), sync=False)
                written += 1
            ledger.enter(name, page.digest)
            if progress is not None:
                progress(done)
        removed = 0
        for name in ledger.left(suffix):
            (folder / name).unlink(missing_ok=True)
            removed += 1
        ledger.finish(suffix)
    return Written(written, unchanged, removed)


_TEXTS: dict[str, Callable[[Brief], str]] = {
    ".json": lambda page: page.to_json(indent=None),
    ".md": lambda page: page.to_markdown(),
}


def _name(slug: str) -> str:
    """A file name; a mix of many long ids is cut, and told apart by its digest."""
    return slug if len(slug) <= _LONGEST else f"{slug[:_LONGEST]}-{sha256(slug.encode()).hexdigest()[:12]}"


class _Ledger:
    """Digests by file name, and which of them this run has met; on disk, so that memory stays flat."""

    def __init__(self, path: Path) -> None:
        self._connection = sqlite3.connect(path)
        self._met = 0
        self._connection.execute(
            "CREATE TABLE IF NOT EXISTS brief(name TEXT PRIMARY KEY, digest TEXT NOT NULL, met INTEGER NOT NULL) WITHOUT ROWID"
        )
        self._connection.execute("UPDATE brief SET met = 0")

    def digest(self, name: str) -> str:
        """The digest of a brief as it was last written; empty when it was not."""
        found = self._connection.execute("SELECT digest FROM brief WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def enter(self, name: str, digest: str) -> None:
        """Keep what was written."""
        self._connection.execute("INSERT OR REPLACE INTO brief VALUES (?, ?, 1)", (name, digest))
        self._met += 1
        if self._met % _COMMIT == 0:
            self._connection.commit()

    def left(self, suffix: str) -> Iterator[str]:
        """Files that an earlier run wrote, and that this one was not asked for."""
        rows = self._connection.execute("SELECT name FROM brief WHERE met = 0 AND name LIKE ?", (f"%{suffix}",))
        yield from (name for (name,) in rows.fetchall())

    def finish(self, suffix: str) -> None:
        """Forget what is gone."""
        self._connection.execute("DELETE FROM brief WHERE met = 0 AND name LIKE ?", (f"%{suffix}",))
        self._connection.commit()

    def close(self) -> None:
        """Keep what was entered, and let go of the file."""
        self._connection.commit()
        self._connection.close()
