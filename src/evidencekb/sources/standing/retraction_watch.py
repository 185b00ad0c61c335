r"""Retraction Watch's list: one row for each notice, with the work it is about.

The file is read as a stream and row by row: a row that cannot be read is a violation with its line, and no more. Only
what standing needs is kept.

>>> rows = read_retraction_watch(
...     b"Record ID,RetractionDate,RetractionDOI,OriginalPaperDOI,OriginalPaperPubMedID,RetractionNature,Reason\n"
...     b"7,3/2/2021 0:00,10.5555/notice,10.5555/work,0,Retraction,+Error in Data;+Retract and Replace;\n"
... )
>>> (account,) = rows.about(doi="10.5555/work")
>>> account.kind, account.on, account.replaced, rows.newest
('retraction', '2021-03-02', True, '2021-03-02')

References:
    Crossref (2023), Retraction Watch data, retraction_watch.csv. Retraction Watch, Database user guide, with its
    appendices A (fields) and B (reasons).
"""

from __future__ import annotations

import calendar
import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from os import PathLike
from pathlib import Path
from typing import BinaryIO

from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.standing.crossref import clean
from evidencekb.sources.standing.events import RETRACTION_WATCH, STATUS, Account, doi_key, kind_of

PLACE = "retraction_watch"

# Columns by their name without spaces and capitals: files have 'RetractionDate' and 'Retraction Date'.
_COLUMNS = {
    "recordid": "record",
    "journal": "journal",
    "publisher": "publisher",
    "retractiondate": "on",
    "retractiondoi": "notice",
    "retractionpubmedid": "notice_pmid",
    "originalpaperdoi": "doi",
    "originalpaperpubmedid": "pmid",
    "retractionnature": "nature",
    "reason": "reasons",
    "reasons": "reasons",
}
_NEEDED = ("nature", "doi")
_LONGEST_FILE = 1 << 30
_LONGEST_LINE = 1 << 20
_MOST_ROWS = 2_000_000
_MOST_VIOLATIONS = 1_000
_NONE = frozenset({"", "0", "unavailable", "n/a", "na", "nan", "none", "null", "-"})
_AMERICAN = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})(?:\s.*)?")
_ISO = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T\s].*)?")
_REPLACED = "retract and replace"


@dataclass(frozen=True, slots=True)
class RetractionWatch:
    """The rows of the list, found by the work they are about.

    Attributes:
        file: Its name.
        rows: How many rows were read.
        newest: Day of the newest notice, YYYY-MM-DD: the list knows of nothing later. '' when no row has a day.
        unnamed: How many rows name their work by neither DOI nor PubMed number, so that no source can be found in them.
        violations: What could not be read, each with its line, from 1.
    """

    file: str
    rows: int = 0
    newest: str = ""
    unnamed: int = 0
    violations: tuple[Violation, ...] = ()
    _dois: dict[str, tuple[Account, ...]] = field(default_factory=dict, repr=False)
    _pmids: dict[str, tuple[Account, ...]] = field(default_factory=dict, repr=False)
    _notices: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict, repr=False)

    def about(self, *, doi: str = "", pmid: str = "") -> tuple[Account, ...]:
        """What the list says of a work.

        Args:
            doi: In lower case, as :func:`~evidencekb.sources.standing.events.doi_key` gives it; '' when not known.
            pmid: PubMed number; '' when not known.
        """
        return tuple(dict.fromkeys((*self._dois.get(doi, ()), *self._pmids.get(pmid, ()))))

    def notice_of(self, doi: str) -> tuple[tuple[str, str], ...]:
        """What a notice does to other works: kind of change and DOI of each; empty for what is no notice."""
        return self._notices.get(doi, ())


def read_retraction_watch(source: str | PathLike[str] | bytes, *, file: str = "") -> RetractionWatch:
    """Read Retraction Watch's list.

    Args:
        source: Path of the CSV file, or its bytes: UTF-8 with or without mark, UTF-16 with its mark, or Windows-1252, also
            mixed from line to line.
        file: Its name in violations; the path's own name when it is not given.

    Returns:
        The rows by DOI and PubMed number. A file without the columns of the list gives no rows and a violation.

    Raises:
        OSError: If the file cannot be opened.
    """
    if isinstance(source, bytes):
        return _read(io.BytesIO(source), file or "the list")
    with Path(source).open("rb") as stream:
        return _read(stream, file or Path(source).name)


class _Reading:
    """What one reading gathers."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.rows = self.unnamed = self.left_out = 0
        self.newest = ""
        self.today = str(date.today())
        self.violations: list[Violation] = []
        self.dois: dict[str, list[Account]] = {}
        self.pmids: dict[str, list[Account]] = {}
        self.notices: dict[str, list[tuple[str, str]]] = {}

    def problem(self, code: str, line: int, message: str, severity: Severity = Severity.WARNING) -> None:
        if len(self.violations) >= _MOST_VIOLATIONS:
            self.left_out += 1
            return
        self.violations.append(Violation(code, severity, Subject("file", self.file), message, Place(self.file, line)))

    def add(self, row: dict[str, str], line: int) -> None:
        """Keep what a row says; what cannot be understood in it is named, and the rest is kept."""
        self.rows += 1
        kind = kind_of(clean(row["nature"]))
        if kind not in STATUS:
            self.problem(
                "EKB502", line, f"the nature {row['nature'][:80]!r} is none that is known; it is kept as it is"
            )
        doi, notice = self._doi(row, "doi", line), self._doi(row, "notice", line)
        pmid = self._pmid(row.get("pmid", ""), line)
        on = _day(row.get("on", ""))
        if on > self.today:
            self.problem("EKB502", line, f"{on} lies in the future; the row is kept with it")
        if not on and row.get("on", "").strip().casefold() not in _NONE:
            self.problem(
                "EKB502", line, f"{row['on'][:40]!r} is no date such as '3/15/2022 0:00'; the row is kept without one"
            )
        reasons = tuple(reason for part in row.get("reasons", "").split(";") if (reason := clean(part).lstrip("+ ")))
        account = Account(
            place=PLACE,
            witness=RETRACTION_WATCH,
            kind=kind or "change",
            on=on,
            notice=notice,
            in_place=bool(notice) and notice == doi,
            replaced=any(reason.casefold() == _REPLACED for reason in reasons),
            by=clean(row.get("journal")) or clean(row.get("publisher")),
            reasons=reasons,
        )
        if doi:
            self.dois.setdefault(doi, []).append(account)
        if pmid:
            self.pmids.setdefault(pmid, []).append(account)
        if notice and notice != doi:
            self.notices.setdefault(notice, []).append((account.kind, doi))
        self.unnamed += not (doi or pmid)
        self.newest = max(self.newest, on if on <= self.today else "")

    def _doi(self, row: dict[str, str], column: str, line: int) -> str:
        text = row.get(column, "").strip()
        if text.casefold() in _NONE:
            return ""
        if not (key := doi_key(text)):
            self.problem("EKB502", line, f"{text[:80]!r} is no DOI; the row is kept without it")
        return key

    def _pmid(self, text: str, line: int) -> str:
        text = text.strip().removesuffix(".0")
        if text.casefold() in _NONE:
            return ""
        if not re.fullmatch(r"[1-9][0-9]{0,8}", text):
            self.problem("EKB502", line, f"{text[:40]!r} is no PubMed number; the row is kept without it")
            return ""
        return text

    def done(self) -> RetractionWatch:
        if self.left_out:
            rest = f"{self.left_out} more rows cannot be read in full; the file may not be Retraction Watch's list"
            self.violations.append(
                Violation("EKB501", Severity.WARNING, Subject("file", self.file), rest, Place(self.file))
            )
        return RetractionWatch(
            self.file,
            self.rows,
            self.newest,
            self.unnamed,
            tuple(self.violations),
            {doi: tuple(found) for doi, found in self.dois.items()},
            {pmid: tuple(found) for pmid, found in self.pmids.items()},
            {doi: tuple(dict.fromkeys(found)) for doi, found in self.notices.items()},
        )


def _read(stream: BinaryIO, file: str) -> RetractionWatch:
    reading = _Reading(file)
    lines = _Lines(stream)
    reader = csv.reader(lines)
    header: list[str] = []
    line = 1
    while True:
        line = reader.line_num + 1
        try:
            row = next(reader)
        except StopIteration:
            break
        except csv.Error as wrong:
            reading.problem("EKB501", line, f"the row cannot be read ({wrong}); it is left out")
            continue
        if not any(cell.strip() for cell in row):
            continue
        if not header:
            header = [_COLUMNS.get(re.sub(r"[\W_]+", "", cell.casefold()), "") for cell in row]
            if missing := [name for name in _NEEDED if name not in header]:
                columns = {"nature": "RetractionNature", "doi": "OriginalPaperDOI"}
                reading.problem(
                    "EKB501",
                    line,
                    f"no column is called {' or '.join(columns[name] for name in missing)}, so this is not Retraction "
                    f"Watch's list; its first line is {','.join(row)[:120]!r}",
                    Severity.ERROR,
                )
                break
        elif len(row) != len(header):
            reading.problem(
                "EKB501", line, f"the row has {len(row)} fields where the first line has {len(header)}; it is left out"
            )
        elif reading.rows >= _MOST_ROWS:
            reading.problem(
                "EKB501", line, f"the file has more than {_MOST_ROWS} rows; the rest is not read", Severity.ERROR
            )
            break
        else:
            reading.add({name: cell for name, cell in zip(header, row, strict=True) if name}, line)
    if not header:
        reading.problem("EKB501", 1, "the file is empty; download the list again", Severity.ERROR)
    if lines.cut:
        reading.problem(
            "EKB501", line, f"the file is larger than {_LONGEST_FILE} bytes; the rest is not read", Severity.ERROR
        )
    return reading.done()


class _Lines:
    """The lines of a file as text, whatever mixture of encodings it is in, up to a bound."""

    def __init__(self, stream: BinaryIO) -> None:
        self.cut = False
        self._stream = stream

    def __iter__(self) -> Iterator[str]:
        first = self._stream.readline(_LONGEST_LINE)
        if first.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            rest = self._stream.read(_LONGEST_FILE)
            yield from io.StringIO((first + rest).decode("utf-16", errors="replace"), newline="")
            return
        size = 0
        line = first.removeprefix(codecs.BOM_UTF8)
        while line:
            size += len(line)
            if size > _LONGEST_FILE:
                self.cut = True
                return
            yield _decoded(line)
            line = self._stream.readline(_LONGEST_LINE)


def _decoded(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _day(text: str) -> str:
    """A day of the list, months first, as YYYY-MM-DD; '' when it is none."""
    text = text.strip()
    if match := _AMERICAN.fullmatch(text):
        month, day, year = (int(part) for part in match.groups())
    elif match := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in match.groups())
    else:
        return ""
    if not (1000 <= year <= 2999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
        return ""
    return f"{year:04d}-{month:02d}-{day:02d}"
