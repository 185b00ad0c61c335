"""Rows of the replication database's layout: one original effect beside one of a replication, cleaned and never converted.

The layout is that of FReD, the FORRT Replication Database: a table whose columns end in ``_o`` for the original and in ``_r`` for
the replication.

References:
    FReD: FORRT Replication Database, doi:10.17605/OSF.IO/9R62X; its columns are described in its data dictionary.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from evidencekb.curating.replicationeffects import Effect, cut, effect_of
from evidencekb.curating.replicationpapers import dois_in
from evidencekb.errors import CurationError
from evidencekb.sources.decoding import decode_bytes
from evidencekb.vocab import LinkType, ReplicationOutcome

MAX_BYTES = 256 * 1024 * 1024
_MAX_CELL = 16 * 1024 * 1024
_NO_TEXT = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"\x1f\x8b")
_LINE = r"\r\n|\r|\n"
_LEAD = re.compile(rf"(?:[^\S\r\n]*(?:{_LINE})|sep=.(?:{_LINE}))+")

_ORIGINAL, _LATER = ("doi_o", "ref_o", "title_o", "bibtex_o"), ("doi_r", "url_r", "ref_r", "title_r", "bibtex_r")
_NUMBERS = tuple(f"{name}{end}" for name in ("es_value", "es_type", "n") for end in ("_o", "_r"))
_PAPER = ("doi", "url", "ref", "title", "author", "journal", "year", "volume", "issue", "pages", "bibtex")
_READ = frozenset({
    *(f"{name}{end}" for name in (*_PAPER, "study", "es_value", "es_type", "n", "es_repr", "nested", "prereg")
      for end in ("_o", "_r")),
    *(f"pval_{name}{end}" for name in ("value", "type", "tails") for end in ("_o", "_r")),
    "effect_id", "description", "claim_page_o", "reported_success", "result", "reported_success_quote_source",
    "type", "validation",
})  # fmt: skip
_LEFT = frozenset({
    "", "entry_id", "fred_id", "id", "author_overlap", "author_overlap_pct", "discipline", "tags", "claim_text_o",
    "reported_success_quote", "language_o", "language_r",
})  # fmt: skip
"""Columns of the layout that are not taken: quotations, and what a pack has no place for."""

_ABSENT = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a", "-", "–", "—", "?"})
_UNSEEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_QUOTES = "\"'\u201c\u201e\u00ab\u2018"
_LONGEST_LABEL, _LONGEST_PLACE = 160, 120

OUTCOMES: Mapping[str, ReplicationOutcome] = {
    "successful": ReplicationOutcome.SUCCESSFUL,
    "success": ReplicationOutcome.SUCCESSFUL,
    "informative success to replicate": ReplicationOutcome.SUCCESSFUL,
    "replicated": ReplicationOutcome.SUCCESSFUL,
    "failed": ReplicationOutcome.FAILED,
    "failure": ReplicationOutcome.FAILED,
    "informative failure to replicate": ReplicationOutcome.FAILED,
    "failed to replicate": ReplicationOutcome.FAILED,
    "not replicated": ReplicationOutcome.FAILED,
    "unsuccessful": ReplicationOutcome.FAILED,
    "not successful": ReplicationOutcome.FAILED,
    "mixed": ReplicationOutcome.MIXED,
    "partially successful": ReplicationOutcome.MIXED,
    "partly successful": ReplicationOutcome.MIXED,
    "statistically successful but flawed": ReplicationOutcome.FLAWED,
    "flawed": ReplicationOutcome.FLAWED,
    "descriptive only": ReplicationOutcome.DESCRIPTIVE,
    "descriptive": ReplicationOutcome.DESCRIPTIVE,
    "inconclusive": ReplicationOutcome.UNINFORMATIVE,
    "uninformative": ReplicationOutcome.UNINFORMATIVE,
}


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: What names it: its effect number in the database, or a digest of the row.
        line: Where it starts in the file, from 1.
        digest: A digest of all its cells.
        again: Whether a row before it has the same cells, all of them.
        original: Cells that tell of the original paper.
        later: Cells that tell of the later paper.
        study: The original's study, as named; '' when there is one.
        later_study: The later paper's study.
        label: What was measured, in the database's words; '' when there are none but a quotation.
        effect: The original's effect.
        later_effect: The later one.
        places: Where the original prints what was tried again, and each side its effect, in the database's words.
        plans: What is said of the preregistrations, of the original and of the later study: where each is, yes, no, or ''.
        link: Whether the data are new.
        outcome: How it came out; None when that is not recorded.
        told: The outcome as written.
        criterion: By which criterion, or where the verdict was read; None when that is not recorded.
    """

    id: str
    line: int
    digest: str
    again: bool
    original: Mapping[str, str]
    later: Mapping[str, str]
    study: str
    later_study: str
    label: str
    effect: Effect
    later_effect: Effect
    places: tuple[str, str, str]
    plans: tuple[str, str]
    link: LinkType
    outcome: ReplicationOutcome | None
    told: str
    criterion: str | None


class Unread(NamedTuple):
    """A row that cannot be taken, and why."""

    id: str
    line: int
    why: str


@dataclass(frozen=True, slots=True)
class RowFile:
    """A file of rows, decoded.

    Attributes:
        name: Its name.
        encoding: The encoding it was read with.
        header: Its columns.
        text: All of it, from the line with the columns on.
        separator: What stands between cells.
        before: How many lines stand before it.
    """

    name: str
    encoding: str
    header: tuple[str, ...]
    text: str
    separator: str
    before: int = 0

    @property
    def without(self) -> tuple[str, ...]:
        """Columns with numbers that it lacks."""
        return tuple(name for name in _NUMBERS if name not in self.header)

    @property
    def unknown(self) -> tuple[str, ...]:
        """Columns that are none of the layout, so that nothing of them is taken."""
        return tuple(name for name in self.header if name not in _READ | _LEFT)

    def rows(self) -> Iterator[tuple[Row | Unread, int]]:
        """Rows one after the other, each with how many characters were read by then.

        From a line where no row can start, reading goes on with the next: a lone quotation mark takes no other rows with it.
        """
        limit = csv.field_size_limit(_MAX_CELL)
        try:
            yield from self._rows()
        finally:
            csv.field_size_limit(limit)

    def _rows(self) -> Iterator[tuple[Row | Unread, int]]:
        lines = list(io.StringIO(self.text, newline=""))
        at, bad, seen = _lines_of_header(lines, self.separator), "", dict[str, str]()
        done = sum(map(len, lines[:at]))
        while at < len(lines):
            first = at
            reader = csv.reader((lines[i] for i in range(first, len(lines))), delimiter=self.separator, strict=True)
            try:
                for cells in reader:
                    line, at, bad = self.before + at + 1, first + reader.line_num, ""
                    done += sum(map(len, lines[line - self.before - 1 : at]))
                    if any(cell and not cell.isspace() for cell in cells):
                        yield self._row(cells, line, seen), done
            except csv.Error as problem:
                at += 1
                if not bad:
                    bad = f"it cannot be read ({problem}); put its quotation marks right, in each cell in pairs"
                    yield Unread("", self.before + at, bad), done

    def _row(self, cells: list[str], line: int, seen: dict[str, str]) -> Row | Unread:
        given = {
            name: _clean(cell, keep=name.startswith("bibtex")) for name, cell in zip(self.header, cells, strict=False)
        }
        digest = sha256("\0".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:10]
        id = _number_text(given.get("effect_id", "")) or f"row-{digest}"
        if seen.get(id, digest) != digest:
            id = f"{id}-{digest}"
        again = id in seen
        seen[id] = digest
        if why := self._fault(cells, given):
            return Unread(id, line, why)
        return _row_of(id, line, given, digest=digest, again=again)

    def _fault(self, cells: list[str], given: Mapping[str, str]) -> str:
        """Why a row cannot be taken, and what to do; '' if it can."""
        most = len(self.header)
        if len(cells) < most or any(cell.strip() for cell in cells[most:]):
            return f"it has {len(cells)} cells, and the header has {most}; give each column its cell"
        for end_, what, names in (("_o", "original", _ORIGINAL), ("_r", "replication", _LATER)):
            if not any(given.get(name) for name in names):
                return f"it names no {what}; fill in {' or '.join(name for name in names if name in self.header)}"
            if len(several := dois_in(given.get(f"doi{end_}", ""))) > 1:
                return f"its {what} has {len(several)} DOIs, {' and '.join(several)}; give each paper a row of its own"
        return ""


def _lines_of_header(lines: list[str], separator: str) -> int:
    reader = csv.reader(lines, delimiter=separator)
    next(reader, None)
    return reader.line_num


def read_rows(path: Path) -> RowFile:
    """Open a file of the layout.

    Raises:
        CurationError: If it is too large, or lacks the columns that make it one.
        OSError: If it cannot be read.
    """
    with path.open("rb") as file:
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise CurationError(
            f"{path} has more than {MAX_BYTES:,} bytes, and no more are read; split it; nothing was added"
        )
    if not data.strip():
        raise CurationError(f"{path} is empty; nothing was added")
    if data.startswith(_NO_TEXT):
        raise CurationError(
            f"{path} is a workbook or a packed file, and no text; save its table as CSV; nothing was added"
        )
    text, encoding = decode_bytes(data)
    lead = _LEAD.match(text)
    before = len(re.findall(_LINE, lead[0])) if lead else 0
    text = text[lead.end() :] if lead else text
    first = re.split(_LINE, text, maxsplit=1)[0]
    separator = max(",;\t|", key=first.count)
    try:
        header = tuple(map(_column, next(csv.reader(io.StringIO(text, newline=""), delimiter=separator), [])))
    except csv.Error:
        header = ()
    missing = [
        " or ".join(names)
        for names in (_ORIGINAL, _LATER, ("reported_success", "result"))
        if not set(names) & set(header)
    ]
    if missing:
        raise CurationError(
            f"{path} is no table of the replication database: it has no column {'; '.join(missing)}; nothing was added"
        )
    if twice := [name for name, count in Counter(header).items() if count > 1 and name in _READ]:
        raise CurationError(f"{path} has the column {' and '.join(twice)} twice; rename one; nothing was added")
    return RowFile(path.name, encoding, header, text, separator, before)


def _column(name: str) -> str:
    """The name of a column as the layout writes it."""
    return re.sub(r"[\s.-]+", "_", _UNSEEN.sub("", name).strip().casefold())


def _row_of(id: str, line: int, given: Mapping[str, str], *, digest: str, again: bool) -> Row:
    told = given.get("reported_success") or given.get("result") or ""
    label = given.get("description", "")
    source = given.get("reported_success_quote_source", "")
    return Row(
        id=id,
        line=line,
        digest=digest,
        again=again,
        original=_side(given, "_o"),
        later=_side(given, "_r"),
        study=_study(given.get("study_o", "")),
        later_study=_study(given.get("study_r", "")),
        label="" if _quoted(label) else cut(label, _LONGEST_LABEL),
        effect=effect_of(given, "_o"),
        later_effect=effect_of(given, "_r"),
        places=(
            _place(given.get("claim_page_o", "")),
            _place(given.get("es_repr_o", "")),
            _place(given.get("es_repr_r", "")),
        ),
        plans=(_plan(given.get("prereg_o", "")), _plan(given.get("prereg_r", ""))),
        link=_link(given),
        outcome=OUTCOMES.get(" ".join(re.sub(r"[\W_]+", " ", told.casefold()).split())),
        told=cut(told, _LONGEST_PLACE),
        criterion=f"The verdict reported, as the database codes it; read at: {cut(source, _LONGEST_PLACE)}"
        if source
        else None,
    )


def _link(given: Mapping[str, str]) -> LinkType:
    """Whether the data are new; a column ``type`` or ``validation`` may say that they are not."""
    kind = (given.get("type") or given.get("validation") or "").casefold()
    return LinkType.REANALYSES if kind.startswith(("reprod", "reanal")) else LinkType.REPLICATES


def _side(given: Mapping[str, str], end: str) -> dict[str, str]:
    return {name: value for name in _PAPER if (value := given.get(f"{name}{end}", ""))}


def _number_text(text: str) -> str:
    """A number that names something, without the point that a spreadsheet gave it."""
    bare = text.removesuffix(".0")
    return re.sub(r"[^a-z0-9]+", "-", bare.casefold()).strip("-")[:30]


def _study(text: str) -> str:
    bare = re.sub(r"(?i)^(?:study|experiment|exp\.?)\s+", "", text).removesuffix(".0")
    return cut(bare, 40)


def _plan(text: str) -> str:
    """Where a plan is registered, or ``yes`` or ``no`` where no more is said."""
    word = re.split(r"[\W_]", text.casefold(), maxsplit=1)[0]
    if word in ("no", "not", "false", "0"):
        return "no"
    return "yes" if text.casefold() in ("yes", "true", "1") else cut(text, _LONGEST_PLACE)


def _place(text: str) -> str:
    """Where something is printed, up to what is quoted from there; a bare number is a page."""
    bare = re.split('["\u201c-\u201e\u00ab]', text.removesuffix(".0"), maxsplit=1)[0].rstrip(" :,(-")
    return f"p. {bare}" if bare.isdigit() else "" if _quoted(bare) else cut(bare, _LONGEST_PLACE)


def _quoted(text: str) -> bool:
    """Whether a text is a quotation: those are not copied."""
    return text[:1] in _QUOTES and bool(text)


def _clean(cell: str, *, keep: bool = False) -> str:
    """A cell without what cannot be seen; '' for the many ways of saying that there is nothing."""
    seen = _UNSEEN.sub("", cell)
    text = seen.strip() if keep else " ".join(_CONTROLS.sub(" ", seen).split())
    return "" if text.casefold() in _ABSENT else text
