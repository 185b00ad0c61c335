"""BibTeX and biblatex files, read into the fields of a source.

Nothing raises: what cannot be read becomes a violation with its line, everything else is kept. Fields that a source
does not have are named in ``ignored``.

>>> file = read_bibtex('''@article{noy2023experimental,
...   author = {Noy, Shakked and Zhang, Whitney},
...   title = {Experimental evidence}, year = 2023, month = jul, pages = {187--192},
... }''', "references.bib")
>>> file.entries[0].fields["authors"]
[{'family': 'Noy', 'given': 'Shakked'}, {'family': 'Zhang', 'given': 'Whitney'}]
>>> file.entries[0].fields["published_on"], file.entries[0].fields["pages"]
('2023-07', '187-192')
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bibtexparser.model import Block, DuplicateBlockKeyBlock, Entry, ImplicitComment, ParsingFailedBlock, String
from bibtexparser.splitter import Splitter

from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.shaping import Shaper, Value

MAX_BYTES = 16 * 1024 * 1024
MAX_VALUE = 256 * 1024
_BRACE = re.compile(r"(?<!\\)[{}]")
_BRACE_OR_QUOTE = re.compile(r'(?<!\\)[{}"]')
_BARE = re.compile(r'[^\s#{}",=]+')
_JOINT = re.compile(r"\s*(#?)\s*")
_LOOKS_LIKE_ENTRY = re.compile(r"^[ \t]*@[ \t]*([A-Za-z]{1,40})", re.MULTILINE)
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_INHERITED = frozenset({
    "booktitle", "date", "year", "month", "publisher", "institution", "organization", "school", "journal",
    "journaltitle", "series", "volume",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class BibEntry:
    """One entry of a .bib file.

    Attributes:
        key: Citation key.
        entry_type: Lower-case type, for example ``"article"``.
        line: Line of the ``@``, from 1.
        fields: Raw data of a :class:`~evidencekb.model.sources.Source`, under its field names.
        field_lines: Line of each of ``fields``, from 1.
        ignored: Names of the entry's fields that no source has, in file order.
    """

    key: str
    entry_type: str
    line: int
    fields: dict[str, Any]
    field_lines: dict[str, int]
    ignored: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class BibFile:
    """All entries of a .bib file, in file order, and what could not be read."""

    entries: tuple[BibEntry, ...]
    violations: tuple[Violation, ...]


@dataclass(frozen=True, slots=True)
class _Raw:
    """An entry whose values are expanded but not yet shaped."""

    key: str
    entry_type: str
    line: int
    values: dict[str, Value]


@dataclass(slots=True)
class _Reader:
    file: str
    violations: list[Violation] = field(default_factory=list)
    strings: dict[str, str] = field(default_factory=lambda: {m[:3].lower(): m for m in _MONTHS})
    budget: int = 2 * MAX_BYTES

    def problem(self, code: str, line: int, message: str, key: str = "") -> None:
        """Record an error about an entry, or about the file when there is no key."""
        subject = Subject("source", key) if key else Subject("file", self.file)
        self.violations.append(Violation(code, Severity.ERROR, subject, message, Place(self.file, line)))


def read_bibtex(text: str, file: str) -> BibFile:
    """Read a .bib file.

    Args:
        text: All of the file.
        file: Its path inside the pack, for the places of violations.

    Returns:
        The entries, each key once (the first entry wins), and violations: 501 for blocks, values and doubled fields
        that cannot be read, 502 for what is read but not understood, 503 for keys that stand twice.

    Examples:
        >>> print(read_bibtex("@book{a, title = {One}} @book{a, title = {Two}}", "references.bib").violations[0])
        error: source 'a': the key 'a' stands at line 1 too; keys are never reused [EKB503] references.bib:1
    """
    reader = _Reader(file)
    if len(text) > MAX_BYTES or len(text.encode(errors="surrogatepass")) > MAX_BYTES:
        reader.problem("EKB501", 0, f"larger than {MAX_BYTES // 1024 // 1024} MiB; split it into several .bib files")
        return BibFile((), tuple(reader.violations))
    with _quiet():
        blocks = Splitter(_lines(text)).split().blocks
    for block in blocks:
        _read_string(reader, block)
    raws: dict[str, _Raw] = {}
    for block in blocks:
        if (raw := _read_block(reader, block)) is None:
            continue
        first = raws.setdefault(raw.key, raw)
        if first is not raw:
            message = f"the key {raw.key!r} stands at line {first.line} too; keys are never reused"
            reader.problem("EKB503", raw.line, message, raw.key)
    entries = tuple(_shape(reader, raw, raws) for raw in raws.values())
    return BibFile(entries, tuple(reader.violations))


@contextmanager
def _quiet() -> Iterator[None]:
    """The parser logs what it could not read; here that becomes violations instead."""
    logger = logging.getLogger("bibtexparser")
    level = logger.level
    logger.setLevel(logging.CRITICAL + 1)
    try:
        yield
    finally:
        logger.setLevel(level)


def _lines(text: str) -> str:
    """The text with one line feed for each end of a line, where the parser counts it."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    if "\n" not in text:
        text = text.replace("\r", "\n")
    # The parser takes a line feed after a backslash for an escaped character and does not count the line.
    return text.replace("\\\n", "\\ \n")


def _line(block: Block) -> int:
    return (block.start_line or 0) + 1


def _read_string(reader: _Reader, block: Block) -> None:
    again = isinstance(block, DuplicateBlockKeyBlock)
    definition = block.ignore_error_block if isinstance(block, DuplicateBlockKeyBlock) else block
    if not isinstance(definition, String):
        return
    value = _evaluate(reader, definition.value, _line(block), f"the @string {definition.key!r}")
    name = definition.key.lower()
    if again and reader.strings.get(name) != value:
        message = f"the @string {definition.key!r} is defined twice with different texts; the last one counts; keep one"
        reader.problem("EKB501", _line(block), message)
    reader.strings[name] = value


def _read_block(reader: _Reader, block: Block) -> _Raw | None:
    entry = block.ignore_error_block if isinstance(block, ParsingFailedBlock) else block
    if isinstance(entry, Entry):
        return _read_entry(reader, entry)
    if isinstance(block, ImplicitComment):
        for match in _LOOKS_LIKE_ENTRY.finditer(block.comment):
            line = _line(block) + block.comment.count("\n", 0, match.start())
            message = f"'@{match[1]}' is not followed by a brace, so no entry was read; write '@{match[1]}{{key,'"
            reader.problem("EKB501", line, message)
    elif isinstance(block, ParsingFailedBlock) and not isinstance(block, DuplicateBlockKeyBlock):
        reason = getattr(block.error, "abort_reason", str(block.error)).strip().rstrip(".")
        message = f"the entry that starts here cannot be read: {reason}. Check its braces, quotes and commas"
        reader.problem("EKB501", _line(block), message)
    return None


def _read_entry(reader: _Reader, entry: Entry) -> _Raw | None:
    line = _line(entry)
    if not entry.key:
        reader.problem("EKB501", line, f"this @{entry.entry_type} has no key; write '@{entry.entry_type}{{key,'")
        return None
    values: dict[str, Value] = {}
    for item in entry.fields:
        name, at = item.key.lower(), item.start_line + 1
        if name in values:
            message = f"the field {name!r} stands at line {values[name].line} too; the first one counts; keep one"
            reader.problem("EKB501", at, message, entry.key)
        elif not name:
            reader.problem("EKB501", at, "a value without a field name; write 'name = {value}'", entry.key)
        else:
            values[name] = Value(_evaluate(reader, item.value, at, f"the field {name!r}", entry.key), at)
    return _Raw(entry.key, entry.entry_type.lower(), line, values)


def _evaluate(reader: _Reader, raw: str, line: int, what: str, key: str = "") -> str:
    """The text of a value: braces, quotes, numbers and names of @strings, joined with ``#``."""
    parts: list[str] = []
    unknown: set[str] = set()
    position, length = 0, 0
    while position < len(raw):
        part, position = _part(reader.strings, raw, position, unknown)
        length += len(part)
        if length > min(MAX_VALUE, reader.budget):
            reader.problem("EKB501", line, f"{what} is longer than this library reads; shorten it", key)
            return ""
        parts.append(part)
        joint = _JOINT.match(raw, position)
        position = joint.end() if joint else len(raw)
        if position < len(raw) and not (joint and joint[1]):
            rest = " ".join(raw[position : position + 40].split())
            message = f"{what} goes on after its end with {rest!r}; is a comma missing before it?"
            reader.problem("EKB501", line, message, key)
            break
    for name in sorted(unknown):
        message = f"{what} uses the @string {name!r}, which is not defined; define it, or put the text in braces"
        reader.problem("EKB502", line, message, key)
    reader.budget -= length
    return "".join(parts)


def _part(strings: dict[str, str], raw: str, start: int, unknown: set[str]) -> tuple[str, int]:
    """One operand of a value, and where it ends; the name of an @string that nobody defined goes to ``unknown``."""
    if raw[start] in '{"':
        end = _closing(raw, start)
        return raw[start + 1 : end], end + 1
    match = _BARE.match(raw, start)
    if match is None:
        return raw[start:], len(raw)
    name = match[0]
    if not name.isdigit() and name.lower() not in strings:
        unknown.add(name)
    return strings.get(name.lower(), name), match.end()


def _closing(raw: str, start: int) -> int:
    """Where the brace or quote at ``start`` closes; the end of the text when it never does."""
    quoted = raw[start] == '"'
    depth = 0
    for match in (_BRACE_OR_QUOTE if quoted else _BRACE).finditer(raw, start + 1):
        if match[0] == "{":
            depth += 1
        elif depth == 0 and (match[0] == '"') is quoted:
            return match.start()
        elif match[0] == "}":
            depth = max(depth - 1, 0)
    return len(raw)


def _shape(reader: _Reader, raw: _Raw, raws: dict[str, _Raw]) -> BibEntry:
    values = {name: value for name, value in raw.values.items() if value.text.strip()}
    if parent_key := values.pop("crossref", None):
        parent = raws.get(parent_key.text.strip())
        if parent is None or parent is raw:
            message = (
                f"its crossref {parent_key.text!r} is no other entry of this file; add it, or write its fields here"
            )
            reader.problem("EKB502", parent_key.line, message, raw.key)
        else:
            values = _inherited(raw, parent) | values
    shaper = Shaper(raw.entry_type, values)
    shaper.run()
    for line, message in shaper.problems:
        reader.problem("EKB502", line, message, raw.key)
    ignored = tuple(name for name in raw.values if name in shaper.left)
    return BibEntry(raw.key, raw.entry_type, raw.line, shaper.fields, shaper.lines, ignored)


def _inherited(raw: _Raw, parent: _Raw) -> dict[str, Value]:
    """What a chapter or paper takes from the book it is in: never what identifies the book itself."""
    values = {name: value for name, value in parent.values.items() if name in _INHERITED}
    if "date" in raw.values or "year" in raw.values:
        values = {name: value for name, value in values.items() if name not in ("date", "year", "month")}
    if raw.entry_type.startswith("in") and "title" in parent.values:
        values.setdefault("booktitle", parent.values["title"])
    return values
