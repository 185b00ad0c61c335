"""Many briefs as files: one a question, of which a later run writes only those that changed; or all in one.

Beside the files, one a question, stands a ledger, an SQLite file, with the digest of each brief. A file is written under another
name and renamed, and entered into the ledger afterwards: a run that is stopped leaves whole files, and the next one goes on.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evidencekb.errors import QuestionError, UnknownIdError
from evidencekb.exports.columns import EXTRA, TEXT, write_parquet
from evidencekb.exports.working import Asked, PageText, brief_texts
from evidencekb.extras import needed
from evidencekb.names import near
from evidencekb.queries.composing import CARDS_SHOWN
from evidencekb.replacing import replace_whole, sweep, whole_file

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase
    from evidencekb.queries.subjects import Many

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
    questions: Iterable[Asked],
    folder: Path,
    *,
    suffix: str = ".json",
    workers: int | None = 1,
    progress: Callable[[int], None] | None = None,
    aspects: Many = None,
    headlines: int = 3,
    pin: Many = None,
    cards: int = CARDS_SHOWN,
) -> Written:
    """Write the brief of each question into a folder.

    Args:
        kb: The knowledge base.
        questions: The questions; taken one by one.
        folder: Made when it is not there.
        suffix: ``.json`` for plain data, ``.md`` for Markdown, ``.html`` for a look at it.
        workers: So many processes, as in :func:`brief_texts`.
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
        WorkerError: If a process ended before it was done.

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
    if suffix not in _FORMS:
        raise QuestionError(f"suffix is {suffix!r}; give {' or '.join(_FORMS)}")
    options: dict[str, Any] = {"aspects": aspects, "headlines": headlines, "pin": pin, "cards": cards}

    def known(slug: str) -> str:
        name = _name(slug) + suffix
        return ledger.digest(name) if (folder / name).exists() else ""

    # Made before the folder: what cannot be asked leaves none.
    texts = brief_texts(kb, questions, _FORMS[suffix], workers=workers, known=known, **options)
    folder.mkdir(parents=True, exist_ok=True)
    sweep(folder)
    written = unchanged = 0
    with closing(_Ledger(folder / LEDGER)) as ledger, closing(texts):
        for done, page in enumerate(texts, start=1):
            name = _name(page.slug) + suffix
            if page.text is None:
                unchanged += 1
            else:
                replace_whole(folder / name, f"{page.text}\n".encode(), sync=False)
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


_FORMS = {".json": "json", ".md": "markdown", ".html": "html"}

FILE_FORMS = ("jsonl", "parquet")
"""The forms of all briefs in one file."""
_COLUMNS = {"slug": TEXT, "digest": TEXT, "page": TEXT}


def write_briefs_file(
    kb: KnowledgeBase,
    questions: Iterable[Asked],
    file: Path,
    form: str = "jsonl",
    *,
    workers: int | None = 1,
    progress: Callable[[int], None] | None = None,
    aspects: Many = None,
    headlines: int = 3,
    pin: Many = None,
    cards: int = CARDS_SHOWN,
) -> int:
    """Write the briefs of all questions into one file, in the order asked; it appears whole or not at all.

    Args:
        kb: The knowledge base.
        questions: The questions; taken a few ahead.
        file: The file. One that is there is replaced if it holds briefs.
        form: ``jsonl``: each line a brief as ``to_json(indent=None)`` gives it. ``parquet``: columns ``slug``, ``digest``, and
            ``page``, which holds the same line.
        workers: So many processes, as in :func:`brief_texts`.
        progress: Told how many briefs are done.
        aspects: As in :func:`evidencekb.briefs`; so the options below.
        headlines: At most so many cards at the top of each.
        pin: Findings to show in each.
        cards: At most so many findings that bear on a question.

    Returns:
        How many briefs were written.

    Raises:
        FileExistsError: If the file is there and holds something else.
        EngineError: If Parquet is asked and pyarrow is not installed.
        OSError: If the file cannot be written.
        QuestionError: If an option cannot be asked.
        UnknownIdError: If a subject, aspect, pinned finding or form does not exist.
        WorkerError: If a process ended before it was done.

    Examples:
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import brief, load, questions
        >>> kb = load()
        >>> with TemporaryDirectory() as folder:
        ...     file = Path(folder, "pages.jsonl")
        ...     written = write_briefs_file(kb, questions(kb, of="instrument"), file, aspects=["selection"])
        ...     written == len(file.read_text(encoding="utf-8").splitlines())
        True
    """
    if form not in FILE_FORMS:
        raise UnknownIdError("form of files of briefs", form, near(form, FILE_FORMS))
    if form == "parquet":
        needed("pyarrow", EXTRA)
    file = file.resolve()  # the file that a link leads to, not the link
    _refuse_other(file, form)
    options: dict[str, Any] = {"aspects": aspects, "headlines": headlines, "pin": pin, "cards": cards}
    with closing(brief_texts(kb, questions, workers=workers, **options)) as texts, whole_file(file) as new:
        told = _told(texts, progress)
        if form == "parquet":
            return write_parquet(new, _COLUMNS, told)
        with new.open("w", encoding="utf-8", newline="\n") as lines:
            return sum(1 for page in told if lines.write(f"{page.text}\n"))


def _told(texts: Iterable[PageText], progress: Callable[[int], None] | None) -> Iterator[PageText]:
    for done, page in enumerate(texts, start=1):
        yield page
        if progress is not None:
            progress(done)


def _refuse_other(file: Path, form: str) -> None:
    """A file that holds no briefs is not written over: somebody may have mistyped the name of a file of theirs."""
    if file.exists() and not file.is_file() and not file.is_dir():
        raise FileExistsError(f"{file} is no file, and cannot be replaced when all is done; name the file to write")
    if file.is_dir():
        raise IsADirectoryError(f"{file} is a folder; name the file to write, such as {file / f'pages.{form}'}")
    if file.exists() and file.stat().st_size and not _holds_briefs(file, form):
        raise FileExistsError(f"{file} is there and holds no briefs as {form}; choose another name, or remove it first")


def _holds_briefs(file: Path, form: str) -> bool:
    if form == "jsonl":
        with file.open("rb") as lines:
            return lines.read(len(_BRIEF)) == _BRIEF
    from pyarrow import ArrowException, parquet

    try:
        return list(parquet.read_schema(file).names) == list(_COLUMNS)
    except (ArrowException, OSError):
        return False


_BRIEF = b'{"ref": {'


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
