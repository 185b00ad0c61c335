r"""A bibliography as a file: BibTeX, RIS and its relatives, or CSL-JSON, told apart by what it holds.

>>> import tempfile, pathlib
>>> path = pathlib.Path(tempfile.mkdtemp(), "refs.txt")
>>> _ = path.write_text("TY  - JOUR\nTI  - Replies\nER  - \n")
>>> read_bibliography(path).format, [entry.item["title"] for entry in read_bibliography(path).entries]
('ris', ['Replies'])
"""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from evidencekb.errors import CurationError
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.bibediting import Cuts
from evidencekb.sources.bibtex import lines_of, read_lines
from evidencekb.sources.bibwriting import unwritten, write_bibtex
from evidencekb.sources.csljson import read_csl
from evidencekb.sources.decoding import decode_bytes
from evidencekb.sources.items import Entry, Loss
from evidencekb.sources.ris import read_ris
from evidencekb.sources.tagged import FORMATS, recognise

MAX_BYTES = 256 * 1024 * 1024

_SUFFIXES = {
    ".bib": "bibtex", ".bibtex": "bibtex", ".biblatex": "bibtex", ".ris": "ris", ".nbib": "ris", ".enw": "ris",
    ".ciw": "ris", ".enl": "ris", ".json": "csl",
}  # fmt: skip
_HEAD = re.compile(r"@\w*[ \t]*[{(]\s*")
_ENTRY = re.compile(r"^[ \t]*@[ \t]*\w+[ \t]*[{(]", re.MULTILINE)


@dataclass(slots=True)
class BibliographyFile:
    """A bibliography that was read, with its text.

    Attributes:
        format: ``"bibtex"``, ``"ris"`` (or one of its relatives) or ``"csl"``.
        entries: The works, in the order of the file.
        violations: What could not be read.
        encoding: The encoding it was read with.
    """

    format: str
    entries: tuple[Entry, ...]
    violations: tuple[Violation, ...]
    encoding: str
    _cuts: Cuts | None = None
    _faulty: frozenset[str] = frozenset()

    def bibtex(
        self, entry: Entry, key: str, *, spelled: Collection[str] = (), anew: bool = False
    ) -> tuple[str, tuple[Loss, ...]]:
        """An entry as BibTeX under a key, and what it no longer holds.

        An entry of a .bib file stays word for word, with the texts of the @strings that it uses. One that takes fields
        over from another is written anew with them, because the other one may not come along. ``spelled`` names months that
        the file it goes to means something else by. What is wrong with an entry does not come along: it is written anew, as
        with ``anew``.
        """
        text = None
        if self._cuts and not (anew or entry.key in self._cuts.borrowing or entry.key in self._faulty):
            text = self._cuts.entry(entry.key, expanded=True, spelled=spelled)
        if text is None:
            item = {**entry.item, "id": key}
            return write_bibtex([item]), (*entry.losses, *unwritten(item))
        if head := _HEAD.match(text):
            text = head[0] + key + text[head.end() + len(entry.key) :]
        return text + "\n", ()


def read_bibliography(path: Path) -> BibliographyFile:
    """Read a file of works, whatever its format.

    Returns:
        The works and what could not be read. A text in an encoding that had to be guessed is read, and a violation of
        severity warning says so.

    Raises:
        CurationError: If nobody knows the format, or the file is too large.
        OSError: If the file cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)  # a pipe does not say how long it is
    if len(data) > MAX_BYTES:
        raise CurationError(
            f"{path} has more than {MAX_BYTES:,} bytes, and no more are read; split it; nothing was added"
        )
    text, encoding = decode_bytes(data)
    form = _format(path, text)
    cuts = None
    if form == "bibtex":
        cuts = Cuts(lines_of(text))
        read = read_lines(cuts.text, path.name, cuts.note)
    else:
        read = (read_ris if form == "ris" else read_csl)(text, path.name)
    violations = read.violations
    if encoding in ("cp1252", "latin-1"):
        message = f"not UTF-8; it was read as {encoding}. Look at accented letters, or save the file as UTF-8 first"
        violations = (
            Violation("EKB501", Severity.WARNING, Subject("file", path.name), message, Place(path.name)),
            *violations,
        )
    faulty = {v.subject.id for v in read.violations if v.code != "EKB503" and v.subject.kind == "source"}
    return BibliographyFile(form, read.entries, violations, encoding, cuts, frozenset(faulty))


def _format(path: Path, text: str) -> str:
    """By its name, or by what it looks like when the name says nothing or something else."""
    looks = recognise(text)
    named = _SUFFIXES.get(path.suffix.lower())
    if looks in FORMATS:
        return "ris"
    if looks == "JSON":
        return "csl"
    if (
        named is not None
        and (looks in ("", "BibTeX") or _ENTRY.search(text))
        and (named != "bibtex" or _may_be_bib(text))
    ):
        return named
    if looks == "BibTeX" or _ENTRY.search(text):
        return "bibtex"
    seems = f"it looks like {looks}" if looks else "it looks like none of them"
    raise CurationError(f"{path} is no bibliography that can be read (BibTeX, RIS, nbib, CSL-JSON): {seems}")


def _may_be_bib(text: str) -> bool:
    """True unless it is a text of another kind: what has no at sign has no entry, and remarks start with a percent sign."""
    lines = (line.strip("\ufeff \t") for line in text.splitlines())
    return "@" in text or all(not line or line.startswith("%") for line in lines)
