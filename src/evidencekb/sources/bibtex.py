"""BibTeX and biblatex files, read into works.

Nothing raises: what cannot be read becomes a violation with its line, everything else is kept. What a field says is in
the item, or among the losses of the entry.

>>> file = read_bibtex('''@article{noy2023experimental,
...   author = {Noy, Shakked and Zhang, Whitney},
...   title = {Experimental evidence}, year = 2023, month = jul, pages = {187--192}, owner = {me},
... }''', "references.bib")
>>> entry = file.entries[0]
>>> entry.item["author"]
[{'family': 'Noy', 'given': 'Shakked'}, {'family': 'Zhang', 'given': 'Whitney'}]
>>> entry.item["issued"], entry.item["page"], entry.lines["issued"]
({'date-parts': [[2023, 7]]}, '187-192', 3)
>>> print(entry.losses[0])
owner = 'me': about the entry, not the work
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.bibblocks import Block, Field, blocks, closing
from evidencekb.sources.inheriting import Inheritance
from evidencekb.sources.items import Bibliography, Entry
from evidencekb.sources.shaping import Shaper, Value

MAX_BYTES = 16 * 1024 * 1024
MAX_VALUE = 256 * 1024
_BARE = re.compile(r'[^\s#{}",=]+')
_STRING = re.compile(r"@string", re.IGNORECASE)
_JOINT = re.compile(r"\s*(#?)\s*")
_MONTH_NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS = {name[:3].lower(): name for name in _MONTH_NAMES}
"""The @strings that every style defines."""


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
    strings: dict[str, str] = field(default_factory=lambda: dict(MONTHS))
    values: dict[str, str] = field(default_factory=dict)
    budget: int = 2 * MAX_BYTES

    def problem(self, code: str, line: int, message: str, key: str = "") -> None:
        """Record an error about an entry, or about the file when there is no key."""
        subject = Subject("source", key) if key else Subject("file", self.file)
        self.violations.append(Violation(code, Severity.ERROR, subject, message, Place(self.file, line)))


def read_bibtex(text: str, file: str) -> Bibliography:
    """Read a .bib file.

    Args:
        text: All of the file.
        file: Its path inside the pack, for the places of violations.

    Returns:
        The entries, each key once (the first entry wins), and violations: 501 for blocks, values and doubled fields
        that cannot be read, 502 for what is read but not understood, 503 for keys that stand twice. What an entry takes
        over from another by ``crossref`` or ``xdata`` is in its item; an @xdata is no work and no entry.

    Examples:
        >>> print(read_bibtex("@book{a, title = {One}} @book{a, title = {Two}}", "references.bib").violations[0])
        error: source 'a': the key 'a' stands at line 1 too; keys are never reused [EKB503] references.bib:1
    """
    return read_lines(lines_of(text), file)


def read_lines(text: str, file: str, note: Callable[[Block], object] | None = None) -> Bibliography:
    """The same as :func:`read_bibtex` of a text that :func:`lines_of` gave; ``note`` is told each block as it is read."""
    reader = _Reader(file)
    if len(text) > MAX_BYTES or (not text.isascii() and len(text.encode(errors="surrogatepass")) > MAX_BYTES):
        reader.problem("EKB501", 0, f"larger than {MAX_BYTES // 1024 // 1024} MiB; split it into several .bib files")
        return Bibliography((), tuple(reader.violations))
    found: Iterable[Block] = blocks(text)
    if _STRING.search(text):
        found = list(found)
        for block in found:
            if block.type == "string":
                _read_string(reader, block)
    raws: dict[str, _Raw] = {}
    for block in found:
        if note is not None:
            note(block)
        if block.problem:
            reader.problem("EKB501", block.line, block.problem)
        elif block.type != "string" and (raw := _read_entry(reader, block)) is not None:
            first = raws.setdefault(raw.key, raw)
            if first is not raw:
                message = f"the key {raw.key!r} stands at line {first.line} too; keys are never reused"
                reader.problem("EKB503", raw.line, message, raw.key)
    inheritance = Inheritance(
        {key: raw.entry_type for key, raw in raws.items()},
        {key: raw.values for key, raw in raws.items()},
        lambda key, line, message: reader.problem("EKB502", line, message, key),
    )
    entries = tuple(_shape(reader, raw, inheritance) for raw in raws.values() if raw.entry_type != "xdata")
    return Bibliography(entries, tuple(reader.violations))


def evaluate(raw: str, strings: dict[str, str], most: int = MAX_VALUE) -> tuple[str, list[str], str]:
    """The text of a value: braces, quotes, numbers and names of @strings, joined with ``#``.

    Returns:
        The text, the names of @strings that nobody defined, and what follows where the value should have ended.

    Raises:
        OverflowError: If the text is longer than ``most``.
    """
    parts: list[str] = []
    unknown: list[str] = []
    position, length = 0, 0
    while position < len(raw):
        part, position = _operand(strings, raw, position, unknown)
        length += len(part)
        if length > most:
            raise OverflowError("a value that is too long")
        parts.append(part)
        joint = _JOINT.match(raw, position)
        position = joint.end() if joint else len(raw)
        if position < len(raw) and not (joint and joint[1]):
            return "".join(parts), unknown, raw[position:]
    return "".join(parts), unknown, ""


def lines_of(text: str) -> str:
    """The text without a byte order mark, and with one line feed for each end of a line."""
    text = text.removeprefix("\ufeff")
    if "\r" in text:
        text = text.replace("\r\n", "\n")
        if "\n" not in text:
            text = text.replace("\r", "\n")
    return text


def _read_string(reader: _Reader, block: Block) -> None:
    value = _evaluate(reader, block.fields[0], f"the @string {block.key!r}")
    name = block.key.lower()
    if name in reader.strings and reader.strings[name] != value and name not in MONTHS:
        message = f"the @string {block.key!r} is defined twice with different texts; the last one counts; keep one"
        reader.problem("EKB501", block.line, message)
    reader.strings[name] = value


def _read_entry(reader: _Reader, block: Block) -> _Raw | None:
    if not block.key:
        reader.problem("EKB501", block.line, f"this @{block.type} has no key; write '@{block.type}{{key,'")
        return None
    values: dict[str, Value] = {}
    for written in block.fields:
        name = written.name.lower()
        if name in values:
            message = f"the field {name!r} stands at line {values[name][1]} too; the first one counts; keep one"
            reader.problem("EKB501", written.line, message, block.key)
        elif not name:
            message = "a value without a field name; write 'name = {value}'"
            reader.problem("EKB501", written.line, message, block.key)
        elif written.whole and len(written.raw) <= MAX_VALUE:
            values[name] = (written.raw[1:-1], written.line)
        else:
            values[name] = (_evaluate(reader, written, f"the field {name!r}", block.key), written.line)
    return _Raw(block.key, block.type, block.line, values)


def _evaluate(reader: _Reader, written: Field, what: str, key: str = "") -> str:
    """The text of a value; what is wrong with it goes to the reader."""
    if (known := reader.values.get(written.raw)) is not None and len(known) <= reader.budget:
        reader.budget -= len(known)
        return known
    try:
        text, unknown, rest = evaluate(written.raw, reader.strings, min(MAX_VALUE, reader.budget))
    except OverflowError:
        reader.problem("EKB501", written.line, f"{what} is longer than this library reads; shorten it", key)
        return ""
    if rest:
        message = f"{what} goes on after its end with {' '.join(rest[:40].split())!r}; is a comma missing before it?"
        reader.problem("EKB501", written.line, message, key)
    for name in sorted(set(unknown)):
        message = f"{what} uses the @string {name!r}, which is not defined; define it, or put the text in braces"
        reader.problem("EKB502", written.line, message, key)
    reader.budget -= len(text)
    if not rest and not unknown and key:
        reader.values[written.raw] = text
    return text


def _operand(strings: dict[str, str], raw: str, start: int, unknown: list[str]) -> tuple[str, int]:
    """One operand of a value, and where it ends; the name of an @string that nobody defined goes to ``unknown``."""
    if raw[start] in '{"':
        end = closing(raw, start, len(raw))
        end = len(raw) if end < 0 else end
        return raw[start + 1 : end], end + 1
    match = _BARE.match(raw, start)
    if match is None:
        return raw[start:], len(raw)
    name = match[0]
    if not name.isdigit() and name.lower() not in strings:
        unknown.append(name)
    return strings.get(name.lower(), name), match.end()


def _shape(reader: _Reader, raw: _Raw, inheritance: Inheritance) -> Entry:
    fields = {name: value for name, value in inheritance.of(raw.key).items() if value[0] and not value[0].isspace()}
    shaper = Shaper(raw.key, raw.entry_type, fields)
    entry = shaper.entry(raw.line, raw.values)
    for line, message in shaper.problems:
        reader.problem("EKB502", line, message, raw.key)
    return entry
