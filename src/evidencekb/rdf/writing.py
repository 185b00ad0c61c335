"""A pack as a file of RDF: N-Quads, TriG, Turtle or JSON-LD, each written record by record, whole or not at all.

All forms hold the same statements in the same order; Turtle, which knows no graphs, holds both graphs as one. The text is our
own: rdflib needs all statements in memory and a hundred times as long. Tests read it with rdflib and with Oxigraph.
"""

from __future__ import annotations

import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evidencekb.errors import UnknownIdError
from evidencekb.kb import reopened
from evidencekb.loading.beside import beside, processes, processors
from evidencekb.names import near
from evidencekb.queries.subjects import count
from evidencekb.rdf.derived import derived_lines
from evidencekb.rdf.guarding import form_of
from evidencekb.rdf.jsonld import jsonld_texts
from evidencekb.rdf.lines import record_blocks
from evidencekb.rdf.names import DERIVED, RECORDS, base_of, graph_iri
from evidencekb.rdf.turtle import trig_texts, turtle_texts
from evidencekb.replacing import beside as file_beside
from evidencekb.replacing import passing, whole_file

if TYPE_CHECKING:
    from evidencekb.kb import KnowledgeBase

Progress = Callable[[int, int], None]
RDF_FORMS = ("turtle", "trig", "nquads", "jsonld")
"""The forms of RDF."""

_STEP = 1_000
_MANY = 5_000
"""So many findings are written before another process would have begun."""


@dataclass(frozen=True, slots=True)
class Written:
    """What was written.

    Attributes:
        file: The file.
        form: turtle, trig, nquads or jsonld.
        records: How many records of the pack it holds.
        statements: How many statements, those that are worked out included.
        digest: The digest of the records; a pack read back from the file has the same one.
    """

    file: str
    form: str
    records: int
    statements: int
    digest: str

    def __str__(self) -> str:
        return f"{self.file}: {self.records:,} records in {self.statements:,} statements, {self.digest}"


def write_rdf(
    kb: KnowledgeBase,
    out: str | os.PathLike[str],
    form: str | None = None,
    *,
    derived: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> Written:
    """Write a pack as RDF.

    Each field of each record is a statement of its own, and :func:`read_rdf` makes the same pack of them again. What is worked
    out from the records (where chains end, what is wider, the standing of sources) stands in a second graph.

    Args:
        kb: The knowledge base.
        out: The file; it is written whole or not at all, unless the power is cut soon afterwards: nobody waits for the disk.
        form: ``turtle``, ``trig``, ``nquads`` or ``jsonld``; by default told from the ending: .ttl, .trig, .nq or .jsonld.
        derived: Whether to write what is worked out too.
        workers: 2 writes the two graphs of N-Quads at the same time. A script that asks for it stands below
            ``if __name__ == "__main__":``. None does it for a large pack where a process can be forked.
        progress: Told how many records are done, of how many.

    Raises:
        InterchangeError: If the ending says no form, or the pack's base is no absolute IRI.
        UnknownIdError: If there is no such form.
        QuestionError: If workers is no number that can be.
        OSError: If the file cannot be written; it is then as it was.
        SealedFileError: If the sealed file is closed or damaged.
        WorkerError: If a process ended before it was done; nothing is written then.

    Examples:
        >>> from pathlib import Path
        >>> from tempfile import TemporaryDirectory
        >>> from evidencekb import load
        >>> with TemporaryDirectory() as folder, load() as kb:
        ...     done = write_rdf(kb, Path(folder, "pack.trig"))
        ...     done.form, done.digest == kb.digest
        ('trig', True)
    """
    target = Path(out)
    form = form or form_of(target.name)
    if form not in RDF_FORMS:
        raise UnknownIdError("form of RDF", form, near(form, RDF_FORMS))
    base = base_of(kb)
    told = _Told(progress, kb.rows("SELECT COUNT(*) FROM record")[0][0])
    several = derived and form == "nquads" and _several(workers, kb)
    with ExitStack() as stack:
        new = stack.enter_context(whole_file(target, durable=False))
        if several:
            part = stack.enter_context(passing(file_beside(target, b"", sync=False)))
            helper = stack.enter_context(beside(active=True))
            _, (path, sealed, _) = kb.__reduce__()
            result = helper.start(_write_derived, path, sealed, base, str(part))
        with new.open("wb") as file:
            blocks = told.counted(record_blocks(kb, base, told))
            more = told.counted(derived_lines(kb, base)) if derived and not several else iter(())
            _write(file, _texts(form, base, blocks, more))
            if several:
                told.statements += result()
                with part.open("rb") as held:
                    shutil.copyfileobj(held, file, 1 << 24)
    return Written(str(out), form, told.total, told.statements, kb.digest)


def fitting_workers(kb: KnowledgeBase) -> int:
    """How many processes a pack is worth: 2 for a large one where there are processors for them."""
    return 2 if len(kb) >= _MANY and processors() > 1 else 1


def _several(workers: int | None, kb: KnowledgeBase) -> bool:
    if multiprocessing.current_process().daemon:
        return False  # such a process may have no children
    if workers is None:
        # One that is not forked reads the program again, which has to be made for it.
        return processes().get_start_method() == "fork" and fitting_workers(kb) > 1
    return count("workers", workers) > 1


def _write_derived(path: str, sealed: str, base: str, part: str) -> int:
    with reopened(path, sealed) as kb, Path(part).open("wb") as file:
        told = _Told(None, 0)
        _write(file, told.counted(derived_lines(kb, base)))
        return told.statements


def _texts(form: str, base: str, blocks: Iterator[str], derived: Iterator[str]) -> Iterator[str]:
    graphs = {graph_iri(base, RECORDS): blocks, graph_iri(base, DERIVED): derived}
    if form == "nquads":
        yield from blocks
        yield from derived
    else:
        yield from {"turtle": turtle_texts, "trig": trig_texts, "jsonld": jsonld_texts}[form](base, graphs)


def _write(file: BinaryIO, texts: Iterable[str]) -> None:
    file.writelines(text.encode() for text in texts)


class _Told:
    """Counts the lines of the blocks that it hands on, and says now and then how many records there were."""

    def __init__(self, progress: Progress | None, total: int) -> None:
        self.total, self.statements, self._progress, self._done = total, 0, progress, 0

    def __call__(self, done: int) -> None:
        before, self._done = self._done, self._done + done
        if self._progress is not None and (self._done // _STEP > before // _STEP or self._done == self.total):
            self._progress(self._done, self.total)

    def counted(self, blocks: Iterable[str]) -> Iterator[str]:
        """The blocks, whose lines are counted."""
        for block in blocks:
            self.statements += block.count("\n")
            yield block
