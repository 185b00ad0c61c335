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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from evidencekb.errors import CurationError
from evidencekb.sources.decoding import decode_bytes
from evidencekb.vocab import LinkType, Measure, ReplicationOutcome

MAX_BYTES = 256 * 1024 * 1024
_MAX_CELL = 16 * 1024 * 1024

_ORIGINAL, _LATER = ("doi_o", "ref_o", "title_o", "bibtex_o"), ("doi_r", "url_r", "ref_r", "title_r", "bibtex_r")
_ABSENT = frozenset({"", "na", "n/a", "nan", "null", "none", "#n/a"})
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\u2028\u2029]+")
_QUOTES = "\"'\u201c\u201e\u00ab\u2018"
_LONGEST_LABEL, _LONGEST_PLACE, _LONGEST_KIND = 160, 120, 60

MEASURES: Mapping[str, tuple[Measure, str]] = {
    "r": (Measure.CORRELATION, "1"),
    "d": (Measure.SMD, "SD"),
    "cohen's d": (Measure.SMD, "SD"),
    "hedges' g": (Measure.SMD, "SD"),
    "g": (Measure.SMD, "SD"),
    "or": (Measure.ODDS_RATIO, "1"),
    "odds ratio": (Measure.ODDS_RATIO, "1"),
    "hazard ratio": (Measure.HAZARD_RATIO, "1"),
    "hr": (Measure.HAZARD_RATIO, "1"),
    "irr": (Measure.RATE_RATIO, "1"),
    "risk ratio": (Measure.RISK_RATIO, "1"),
    "rr": (Measure.RISK_RATIO, "1"),
}
"""Types of effect that are a measure of ours by another name. Every other is kept as it is printed, under its own name."""

OUTCOMES: Mapping[str, ReplicationOutcome] = {
    "successful": ReplicationOutcome.SUCCESSFUL,
    "success": ReplicationOutcome.SUCCESSFUL,
    "informative success to replicate": ReplicationOutcome.SUCCESSFUL,
    "failed": ReplicationOutcome.FAILED,
    "failure": ReplicationOutcome.FAILED,
    "informative failure to replicate": ReplicationOutcome.FAILED,
    "mixed": ReplicationOutcome.MIXED,
    "statistically successful but flawed": ReplicationOutcome.FLAWED,
    "flawed": ReplicationOutcome.FLAWED,
    "descriptive only": ReplicationOutcome.DESCRIPTIVE,
    "descriptive": ReplicationOutcome.DESCRIPTIVE,
    "inconclusive": ReplicationOutcome.UNINFORMATIVE,
    "uninformative": ReplicationOutcome.UNINFORMATIVE,
}
_SIGNS = {
    "e": "=", "=": "=", "l": "<", "<": "<", "g": ">", ">": ">", "ge": "≥", ">=": "≥", "le": "≤", "<=": "≤", "": "",
}  # fmt: skip


class Effect(NamedTuple):
    """One side's effect of a row.

    Attributes:
        value: As printed; None when there is none, or none that its measure can take.
        measure: What it is; ``other`` for every type that is no measure of ours.
        unit: Its unit; of ``other`` the type in words.
        n: The size of the sample; None when it is not a whole number.
        p_value: A p value that is exact and two-sided; None for a bound.
        printed: Type and value as printed.
        words: Type, value, p and n as printed.
        lost: What of it the record cannot hold, in a few words.
    """

    value: float | None
    measure: Measure
    unit: str
    n: int | None
    p_value: float | None
    printed: str
    words: str
    lost: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One row.

    Attributes:
        id: What names it: its effect number in the database, or a digest of the row.
        line: Where it ends in the file, from 1.
        original: Cells that tell of the original paper.
        later: Cells that tell of the later paper.
        study: The original's study, as named; '' when there is one.
        later_study: The later paper's study.
        label: What was measured, in the database's words; '' when there are none but a quotation.
        effect: The original's effect.
        later_effect: The later one.
        place: Where the original prints it.
        later_place: Where the later paper prints it.
        plans: Addresses of the preregistrations, of the original and of the later study.
        link: Whether the data are new.
        outcome: How it came out; None when that is not recorded.
        told: The outcome as written.
        criterion: By which criterion, or where the verdict was read; None when that is not recorded.
    """

    id: str
    line: int
    original: Mapping[str, str]
    later: Mapping[str, str]
    study: str
    later_study: str
    label: str
    effect: Effect
    later_effect: Effect
    place: str
    later_place: str
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
        text: All of it.
        separator: What stands between cells.
    """

    name: str
    encoding: str
    header: tuple[str, ...]
    text: str
    separator: str

    def rows(self) -> Iterator[tuple[Row | Unread, int]]:
        """Rows one after the other, each with how many characters were read by then."""
        before = csv.field_size_limit(_MAX_CELL)
        try:
            stream = io.StringIO(self.text, newline="")
            reader = csv.reader(stream, delimiter=self.separator)
            next(reader)
            seen: set[str] = set()
            while True:
                try:
                    cells = next(reader)
                except StopIteration:
                    return
                except csv.Error as problem:
                    yield Unread("", reader.line_num, f"it cannot be read: {problem}"), stream.tell()
                    continue
                if cells:
                    yield self._row(cells, reader.line_num, seen), stream.tell()
        finally:
            csv.field_size_limit(before)

    def _row(self, cells: list[str], line: int, seen: set[str]) -> Row | Unread:
        given = {
            name: _clean(cell, keep=name.startswith("bibtex")) for name, cell in zip(self.header, cells, strict=False)
        }
        digest = sha256("\0".join(cells).encode("utf-8", "surrogatepass")).hexdigest()[:10]
        id = _number_text(given.get("effect_id", "")) or f"row-{digest}"
        if id in seen:
            id = f"{id}-{digest}"
        seen.add(id)
        if len(cells) != len(self.header):
            return Unread(id, line, f"it has {len(cells)} cells, and the header has {len(self.header)}")
        if not any(given.get(name) for name in _ORIGINAL):
            return Unread(id, line, "it names no original")
        if not any(given.get(name) for name in _LATER):
            return Unread(id, line, "it names no replication")
        return _row_of(id, line, given)


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
    text, encoding = decode_bytes(data)
    first = text.split("\n", 1)[0]
    separator = max(",;\t", key=first.count)
    header = tuple(name.strip() for name in next(csv.reader([first.rstrip("\r")], delimiter=separator), []))
    missing = [
        " or ".join(names)
        for names in (_ORIGINAL, _LATER, ("reported_success", "result"))
        if not set(names) & set(header)
    ]
    if missing:
        raise CurationError(
            f"{path} is no table of the replication database: it has no column {'; '.join(missing)}; nothing was added"
        )
    return RowFile(path.name, encoding, header, text, separator)


def _row_of(id: str, line: int, given: Mapping[str, str]) -> Row:
    told = given.get("reported_success") or given.get("result") or ""
    label = given.get("description", "")
    source = given.get("reported_success_quote_source", "")
    return Row(
        id=id,
        line=line,
        original=_side(given, "_o"),
        later=_side(given, "_r"),
        study=_study(given.get("study_o", "")),
        later_study=_study(given.get("study_r", "")),
        label="" if _quoted(label) else _cut(label, _LONGEST_LABEL),
        effect=_effect(given, "_o"),
        later_effect=_effect(given, "_r"),
        place=_place(given.get("claim_page_o", "")),
        later_place=_place(given.get("es_repr_r", "")),
        plans=(_cut(given.get("prereg_o", ""), _LONGEST_PLACE), _cut(given.get("prereg_r", ""), _LONGEST_PLACE)),
        link=_link(given),
        outcome=OUTCOMES.get(" ".join(told.casefold().split())),
        told=told,
        criterion=f"The verdict reported, as the database codes it; read at: {_cut(source, _LONGEST_PLACE)}"
        if source
        else None,
    )


def _link(given: Mapping[str, str]) -> LinkType:
    """Whether the data are new; a column ``type`` or ``validation`` may say that they are not."""
    kind = (given.get("type") or given.get("validation") or "").casefold()
    return LinkType.REANALYSES if kind.startswith(("reprod", "reanal")) else LinkType.REPLICATES


def _side(given: Mapping[str, str], end: str) -> dict[str, str]:
    names = ("doi", "url", "ref", "title", "author", "journal", "year", "volume", "issue", "pages", "bibtex")
    return {name: value for name in names if (value := given.get(f"{name}{end}", ""))}


def _effect(given: Mapping[str, str], end: str) -> Effect:
    kind, raw = (
        _cut(given.get(f"es_type{end}", ""), _LONGEST_KIND),
        _cut(given.get(f"es_value{end}", ""), _LONGEST_KIND),
    )
    lost: list[str] = []
    measure, unit = MEASURES.get(kind.casefold(), (Measure.OTHER, _unit(kind)))
    value = _number(raw)
    if value is not None and not _possible(value, measure):
        lost.append(f"a {measure} of {value:g} cannot be")
        value = None
    if value is None and raw and not lost:
        lost.append("an effect that is no number")
    if value is not None and measure is Measure.OTHER:
        lost.append(f"no measure of ours: {kind or 'an effect without a type'}; kept as printed")
    n = _number(given.get(f"n{end}", ""), whole=True)
    if n is not None and (n < 1 or n != int(n)):
        lost.append("a sample size that is no whole number")
    p = _number(given.get(f"pval_value{end}", ""))
    sign = _SIGNS.get(given.get(f"pval_type{end}", "").strip('"').partition(" ")[0].casefold(), "?")
    one_sided = given.get(f"pval_tails{end}", "").startswith("1")
    exact = p is not None and sign == "=" and not one_sided and 0 < p < 1
    if p is not None and not exact:
        lost.append("a p value that is a bound, one-sided or not between 0 and 1; kept in words")
    said = [kind or "type not recorded"]
    said[0] += f" = {raw}" if raw else ", no value"
    if p is not None:
        said.append(
            f"p {sign or '(relation not recorded)'} {given[f'pval_value{end}']}{', one-sided' if one_sided else ''}"
        )
    if n is not None:
        said.append(f"n = {n:g}")
    whole = int(n) if n is not None and n >= 1 and n == int(n) else None
    plain = "" if value is None else format(Decimal(str(value)), "f")
    printed = plain if re.search(r"\d", kind) else f"{kind or 'effect'} = {plain}"
    return Effect(value, measure, unit, whole, p if exact else None, printed, "; ".join(said), tuple(lost))


def _possible(value: float, measure: Measure) -> bool:
    if measure is Measure.CORRELATION:
        return -1 <= value <= 1
    return value > 0 if unit_is_ratio(measure) else True


def unit_is_ratio(measure: Measure) -> bool:
    """Whether a measure is a ratio."""
    return measure in (Measure.ODDS_RATIO, Measure.HAZARD_RATIO, Measure.RATE_RATIO, Measure.RISK_RATIO)


def _unit(kind: str) -> str:
    """A type of effect as the name of its unit: letters, digits and few marks; it starts with a letter."""
    plain = re.sub(r"[^\w '’/&.,()-]", " ", kind.replace("_", " ").replace("^", " to the power of "))
    plain = " ".join(plain.split()).strip(" .,-'")
    return (
        plain
        if re.match(r"[^\W\d_]", plain) and plain not in ("pp", "SD")
        else f"effect of type {plain or 'not recorded'}"
    )


def _number(text: str, *, whole: bool = False) -> float | None:
    """A number; one with a comma is read only where it counts something."""
    try:
        value = float(
            text.replace(",", "") if re.fullmatch(r"[0-9]{1,3}(?:,[0-9]{3})+(?:\.0)?", text) and whole else text
        )
    except ValueError:
        return None
    return value if abs(value) < 1e15 else None


def _number_text(text: str) -> str:
    """A number that names something, without the point that a spreadsheet gave it."""
    bare = text.removesuffix(".0")
    return re.sub(r"[^a-z0-9]+", "-", bare.casefold()).strip("-")[:30]


def _study(text: str) -> str:
    bare = re.sub(r"(?i)^(?:study|experiment|exp\.?)\s+", "", text).removesuffix(".0")
    return _cut(bare, 40)


def _place(text: str) -> str:
    """Where something is printed; a bare number is a page."""
    bare = text.removesuffix(".0")
    return f"p. {bare}" if bare.isdigit() else "" if _quoted(bare) else _cut(bare, _LONGEST_PLACE)


def _quoted(text: str) -> bool:
    """Whether a text is a quotation: those are not copied."""
    return text[:1] in _QUOTES and bool(text)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[:most].rsplit(' ', 1)[0]}…"


def _clean(cell: str, *, keep: bool = False) -> str:
    """A cell without what cannot be seen; '' for the many ways of saying that there is nothing."""
    text = cell.strip() if keep else " ".join(_CONTROLS.sub(" ", cell).split())
    return "" if text.casefold() in _ABSENT else text
