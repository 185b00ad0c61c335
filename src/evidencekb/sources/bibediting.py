r"""Edits of somebody's .bib file that touch one entry and leave every other byte as it is.

Nothing is parsed and written back: an edit is a cut and a paste in the text, and each is checked by reading the result.

>>> text = "@misc{a,\n  title = {One},\n  year  = 2023\n}\n"
>>> print(set_field(text, "a", "doi", "10.1000/1"), end="")
@misc{a,
  title = {One},
  year  = 2023,
  doi   = {10.1000/1}
}
>>> print(append_entries(text, "@misc{b, title = {Two}}"), end="")
@misc{a,
  title = {One},
  year  = 2023
}
<BLANKLINE>
@misc{b, title = {Two}}
>>> remove_entry(text, "a")
''
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping

from evidencekb.errors import EntryError, UnknownIdError
from evidencekb.names import near
from evidencekb.sources.bibblocks import Block, Field, blocks, closing
from evidencekb.sources.bibtex import MAX_BYTES, MAX_VALUE, MONTHS, evaluate

_FIELD_NAME = re.compile(r"[^\s{}\",=#%@()\\']+")
_BARE = re.compile(r'[^\s#{}",=]+')
_TAIL = re.compile(r"(\s*)(,?)(\s*)[})]")
_STRUCK = re.compile(r"[ \t]*(?:\r\n|\n|\r|$)")
_BLANK = re.compile(r"[ \t]*(?:\r\n|\n|\r)")
# Other signs that end a line for some programs, such as U+2028, stand in texts and stay.
_LINE_END = re.compile(r"\r\n|\n|\r")
_BORROWS = frozenset({"crossref", "xdata", "xref"})
_LINE_START = re.compile(r"(?:^|[\r\n])[^\S\r\n]*@\w*[ \t]*[{(]")


def append_entries(text: str, entries: str) -> str:
    """The text with entries after its end, a blank line between.

    Line ends are those of the text, and it ends in one if it did before.

    Raises:
        EntryError: If the entries cannot be read, or one has a key that stands already.
    """
    new = [block for block in blocks(entries) if block.type != "string"]
    known = {block.key: block for block in blocks(text) if block.type != "string"}
    for block in new:
        if block.problem or not block.key:
            raise EntryError(block.key, block.line, block.problem or "it has no key")
        if block.key in known:
            raise EntryError(block.key, known[block.key].line, "it stands already; keys are never reused")
        known[block.key] = block
    return joined(text, entries)


def joined(text: str, entries: str) -> str:
    """The same as :func:`append_entries`, of entries that are known to be whole and new."""
    newline = _newline(text)
    added = newline.join(_LINE_END.split(entries.strip()))
    if not added:
        return text
    start = text.rstrip()
    if start in ("", "\ufeff"):
        return text + added + newline
    ends = text[len(start) :]
    gap = "" if ends.count(newline) > 1 else newline if newline in ends else 2 * newline
    return text + gap + added + (newline if newline in ends else "")


def set_field(text: str, key: str, field: str, value: str) -> str:
    """The text with one field of one entry set: replaced where it stands, else added as the last.

    What is added has the indentation, the spacing and the trailing comma of its neighbours; what is replaced keeps its
    quotes or braces.

    Args:
        text: A .bib file.
        key: Of the entry.
        field: Name of the field; capitals do not matter.
        value: What stands between the braces, so with LaTeX escaped: see :func:`~evidencekb.sources.latex.encode`.

    Raises:
        UnknownIdError: If there is no such entry.
        EntryError: If the entry cannot be read, or if the value would break it.
    """
    block = _block(text, key)
    if not _holds(value) or not _FIELD_NAME.fullmatch(field):
        problem = f"{field} = {value[:60]!r} would break it; braces come in pairs, and no line starts with '@'"
        raise EntryError(key, block.line, problem)
    held = next((old for old in block.fields if old.name.lower() == field.lower()), None)
    if held is not None:
        written = _delimited(value, held.raw)
        edited = text[: held.value] + written + text[held.value + len(held.raw) :]
    else:
        written = "{" + value + "}"
        edited = _added(text, block, field, written)
    again = next((old for old in _block(edited, key).fields if old.name.lower() == field.lower()), None)
    if again is None or again.raw != written:
        raise EntryError(key, block.line, f"{field} = {value[:60]!r} would be read as something else")
    return edited


def remove_entry(text: str, key: str) -> str:
    """The text without one entry, its line end and the blank lines after it, or before it at the end of the file.

    Raises:
        UnknownIdError: If there is no such entry.
        EntryError: If the entry cannot be read.
    """
    block = _block(text, key)
    start, end = block.start, block.end
    line = max(text.rfind("\n", 0, start), text.rfind("\r", 0, start)) + 1
    struck = _STRUCK.match(text, end)
    if text[line:start].strip("\ufeff \t") or struck is None:
        return text[:start] + text[end:]
    start = line + (text[line:start].startswith("\ufeff"))
    end = struck.end()
    while (blank := _BLANK.match(text, end)) is not None:
        end = blank.end()
    if end == len(text):
        # The last entry goes with the gap before it, but for the end of the line before.
        before = text[:start].rstrip()
        kept = _BLANK.match(text, len(before))
        if before.strip("\ufeff") and kept is not None and kept.end() <= start:
            start = kept.end()
    return text[:start] + text[end:]


def entry_text(text: str, key: str, *, expanded: bool = False) -> str:
    """One entry as it stands, from its ``@`` to its closing brace.

    Args:
        text: A .bib file.
        key: Of the entry.
        expanded: With the texts of the @strings that it uses, so that it can be copied into another file. The months
            that every style knows stay as they are.

    Raises:
        UnknownIdError: If there is no such entry.
        EntryError: If the entry cannot be read.

    Examples:
        >>> entry_text("@string{s = {Science}} @misc{a, journal = s, month = jul}", "a", expanded=True)
        '@misc{a, journal = {Science}, month = jul}'
    """
    block = _block(text, key)
    if not expanded:
        return text[block.start : block.end]
    return Cuts.of(text).entry(key, expanded=True) or ""


class Cuts:
    """Where the entries of a .bib file stand, noted while it is read: each can be cut out and copied into another file.

    The first of two entries with one key counts; one that only bibtexparser could read is left out.

    Args:
        text: A .bib file, its lines as :func:`~evidencekb.sources.bibtex.lines_of` gives them.

    Examples:
        >>> cuts = Cuts.of("@string{s = {Science}} @misc{a, journal = s, month = jul}")
        >>> cuts.entry("a"), cuts.entry("a", expanded=True)
        ('@misc{a, journal = s, month = jul}', '@misc{a, journal = {Science}, month = jul}')
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.borrowing: set[str] = set()
        self._strings: set[str] = set()
        self._known: dict[str, str] = dict(MONTHS)
        self._met: set[str] = set()
        self._places: dict[str, tuple[int, int]] = {}
        self._naming: dict[str, list[Field]] = {}
        self._left = 2 * MAX_BYTES

    @classmethod
    def of(cls, text: str) -> Cuts:
        """The cuts of a text that is read for nothing else."""
        cuts = cls(text)
        for block in blocks(text):
            cuts.note(block)
        return cuts

    def note(self, block: Block) -> None:
        """Take a block down; to be called for each in the order of the text."""
        if block.type == "string":
            name = block.key.lower()
            self._known[name] = self._evaluated(block.fields[0])
            self._strings.add(name)
        elif not block.problem and block.key not in self._met:
            self._met.add(block.key)
            if block.start < 0:
                return
            self._places[block.key] = block.start, block.end
            if any(field.name.lower() in _BORROWS for field in block.fields):
                self.borrowing.add(block.key)
            if naming := [each for each in block.fields if not each.whole and not each.raw.isdecimal()]:
                self._naming[block.key] = naming

    def entry(self, key: str, *, expanded: bool = False, spelled: Collection[str] = ()) -> str | None:
        """An entry as it stands, or so that it reads the same in another file.

        Args:
            key: Of the entry.
            expanded: With texts in place of the names of @strings; a name that nobody defined stays as the text it is read
                as. Months stay names, since every style knows them.
            spelled: Months that are spelled out all the same, because the other file means something else by them.

        Returns:
            None when it cannot be cut out, or when a text would break it.
        """
        if key not in self._places:
            return None
        position, end = self._places[key]
        parts = []
        months = {month for month in MONTHS if month not in self._strings and month not in spelled}
        for field in self._naming.get(key, ()) if expanded else ():
            if field.raw.lower() in months or months.issuperset(_used(field)):
                continue
            text = self._evaluated(field)
            if not _holds(text):
                return None
            parts += [self.text[position : field.value], "{" + text + "}"]
            position = field.value + len(field.raw)
        return "".join(parts) + self.text[position:end]

    def _evaluated(self, field: Field) -> str:
        """The text of a value; "" for one that is too long, which whoever reads the file is told of."""
        try:
            text = evaluate(field.raw, self._known, min(MAX_VALUE, self._left))[0]
        except OverflowError:
            return ""
        self._left -= len(text)
        return text


def _holds(value: str) -> bool:
    """True if a value can stand between braces: its own come in pairs, and no line of it looks like an entry."""
    whole = closing("{" + value + "}", 0, len(value) + 2) == len(value) + 1
    return whole and not _LINE_START.search(value)


def set_fields(text: str, values: Mapping[str, Mapping[str, str]]) -> str:
    """The text with fields of several entries set, as :func:`set_field` sets one; a pass over the text in all.

    Args:
        text: A .bib file.
        values: By key of an entry, its fields and what stands between the braces of each.

    Raises:
        UnknownIdError: If there is no such entry.
        EntryError: If an entry cannot be read, or if a value would break it.
    """
    held = {block.key: block for block in reversed(list(blocks(text))) if block.type != "string"}
    parts, position = [], 0
    for key in sorted(values, key=lambda key: held[key].start if key in held else -1):
        block = held.get(key) or _block(text, key)
        if block.problem or block.start < position:
            block = _block(text, key)
        # With what stands before it on its line, which says how it is indented.
        start = text.rfind("\n", 0, block.start) + 1
        start = start if start >= position else block.start
        edited = text[start : block.end]
        for name, value in values[key].items():
            edited = set_field(edited, key, name, value)
        parts += [text[position:start], edited]
        position = block.end
    return "".join(parts) + text[position:]


def strings_of(text: str, key: str) -> tuple[str, ...]:
    """The @strings that an entry needs, as they stand, in the order of the file.

    Raises:
        UnknownIdError: If there is no such entry.
        EntryError: If the entry cannot be read.

    Examples:
        >>> strings_of("@string{p = {Press}} @string{u = {X } # p} @misc{a, publisher = u}", "a")
        ('@string{p = {Press}}', '@string{u = {X } # p}')
    """
    needed = {name for field in _block(text, key).fields for name in _used(field)}
    defined = [block for block in blocks(text) if block.type == "string" and block.start >= 0]
    for block in reversed(defined):
        if block.key.lower() in needed:
            needed.update(_used(block.fields[0]))
    return tuple(text[block.start : block.end] for block in defined if block.key.lower() in needed)


def _block(text: str, key: str) -> Block:
    """The first entry with a key, if its fields can be told apart."""
    keys = []
    for block in blocks(text):
        if block.type == "string":
            continue
        if block.key == key:
            if block.start < 0:
                problem = block.problem or "it is written in a way that is read but not edited; lay it out as usual"
                raise EntryError(key, block.line, problem)
            return block
        keys.append(block.key)
    raise UnknownIdError("entry of the .bib file", key, near(key, filter(None, keys)))


def _used(field: Field) -> list[str]:
    """The names of @strings in a value, lower case."""
    if field.whole:
        return []
    unknown = evaluate(field.raw, {})[1]
    return [name.lower() for name in unknown]


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\r" if "\r" in text and "\n" not in text else "\n"


def _delimited(value: str, old: str) -> str:
    """The value with the quotes of the old one, or bare as it was, where that can be."""
    if old[:1] == '"' and '"' not in value and "\\" not in value[-1:]:
        return f'"{value}"'
    return value if old.isdecimal() and value.isdecimal() else "{" + value + "}"


def _added(text: str, block: Block, field: str, written: str) -> str:
    newline = _newline(text)
    if not block.fields:
        head = text[block.start : block.end - 1].rstrip()
        comma = "" if head.endswith(",") else ","
        body = f"{newline}  {field} = {written},{newline}"
        return text[: block.start] + head + comma + body + text[block.end - 1 :]
    last = block.fields[-1]
    end = last.value + len(last.raw)
    tail = _TAIL.match(text, end)
    comma = tail[2] if tail else ""
    end += len(tail[1]) + 1 if tail and comma else 0
    line = max(text.rfind("\n", 0, last.start), text.rfind("\r", 0, last.start)) + 1
    indent = text[line : last.start]
    joint = newline + indent if not indent.strip() and line > block.start else " "
    return text[:end] + ("" if comma else ",") + joint + _padded(text, block, field) + written + comma + text[end:]


def _padded(text: str, block: Block, field: str) -> str:
    """The name with its ``=``, in the column of the others' where they have one."""
    heads = [text[old.start : old.value] for old in block.fields]
    last = heads[-1]
    after = last[last.index("=") + 1 :]
    columns = {head.index("=") for head in heads}
    if len(columns) == 1 and len({len(old.name) for old in block.fields}) > 1:
        column = columns.pop()
        gap = min(column - len(old.name) for old in block.fields)
        return f"{field.ljust(column - gap)}{' ' * gap}={after}"
    before = last[len(block.fields[-1].name) : last.index("=")]
    return f"{field}{before}={after}"
