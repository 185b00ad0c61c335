"""CSL-JSON both ways: what citation processors, Zotero, Pandoc and the registries of DOIs exchange.

>>> found = read_csl('[{"id": "noy2023", "type": "article-journal", "title": ["Evidence"], "score": 1}]', "refs.json")
>>> found.items
({'id': 'noy2023', 'type': 'article-journal', 'title': 'Evidence'},)
>>> [str(loss) for loss in found.entries[0].losses]
["score = '1': CSL has no such variable"]
>>> read_csl(write_csl(found.items), "refs.json").items == found.items
True

References:
    Citation Style Language 1.0.2, input schema csl-data.json. RFC 8259, JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.sources.cleaning import OTHER_NAMES, clean, shown, type_of
from evidencekb.sources.identifiers import address_in, arxiv_in
from evidencekb.sources.items import NAMES, VARIABLES, Bibliography, Entry, Item

MAX_CHARACTERS = 256 * 1024 * 1024
"""A longer text is refused."""

_LISTS = ("items", "references")
_SPACE = re.compile(r"[\s,]*")
_ADVICE = "a work is an object with a type and a title"
_KNOWN = VARIABLES | OTHER_NAMES.keys()
# An object that has none of them is no work, whatever else it has.
_TELLING = frozenset({"title", "container-title", "short-container-title", "DOI", "doi", "ISBN", "PMID", "URL", *NAMES})
# The input schema names three numbers otherwise than the specification, which names them as styles do.
_SCHEMA_NAMES = {"part-number": "part", "printing-number": "printing", "supplement-number": "supplement"}


@dataclass(slots=True)
class _Reader:
    """Reads one text; ``decoder`` notes objects that have one key twice, which JSON readers usually pass over."""

    text: str
    file: str
    entries: list[Entry] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    line: int = 1
    counted: int = 0
    # The line of the value that is read, and where things of Zotero's own stand in it.
    start: int = 0
    zotero: list[int] = field(default_factory=list)

    def problem(self, line: int, message: str, severity: Severity = Severity.ERROR) -> None:
        subject = Subject("file", self.file)
        self.violations.append(Violation("EKB501", severity, subject, message, Place(self.file, line)))

    def line_at(self, position: int) -> int:
        """The line of a place; places are asked for in their order."""
        self.line += self.text.count("\n", self.counted, position)
        self.counted = position
        return self.line

    def object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        made = dict(pairs)
        if len(made) < len(pairs):
            keys = [key for key, _ in pairs]
            twice = next(key for key in keys if keys.count(key) > 1)
            message = f"the key {twice!r} stands twice in one object; the last value counts; keep one"
            self.problem(0, message, Severity.WARNING)
        return made

    def read(self) -> None:
        empty = True
        for value, position in self._values():
            empty = False
            line = self.start = self.line_at(position)
            for each, at in self._works(value, line):
                self._work(each, at)
        if self.zotero:
            things = "1 item" if len(self.zotero) == 1 else f"{len(self.zotero)} items"
            message = f"this is Zotero's own JSON ({things}), not CSL-JSON; export CSL JSON or BibTeX from Zotero, and read that"
            self.problem(self.zotero[0], message)
        if empty and not self.violations and "[" not in self.text:
            message = f"no works: expected a list of works, one work, or an object with {' or '.join(_LISTS)}"
            self.problem(0, message)

    def _values(self) -> Iterator[tuple[Any, int]]:
        """The elements of a list at the top, or the values that follow each other, with their places."""
        decode = json.JSONDecoder(object_pairs_hook=self.object, strict=False).raw_decode
        text = self.text
        position = self._after_space(1 if text.startswith("\ufeff") else 0)
        listed = text.startswith("[", position)
        if listed:
            position = self._after_space(position + 1)
        while position < len(text):
            if listed and text[position] == "]":
                if rest := text[position + 1 :].strip():
                    self.problem(self.line_at(position), f"after the end of the list stands {rest[:40]!r}; drop it")
                return
            try:
                value, end = decode(text, position)
            except RecursionError:
                self.problem(self.line_at(position), "nested deeper than any work is; the rest is not read")
                return
            except ValueError as wrong:
                # json.JSONDecodeError, and whole numbers of thousands of digits.
                where = self.line_at(getattr(wrong, "pos", position))
                message = f"not JSON: {getattr(wrong, 'msg', wrong)}; {len(self.entries)} works before it were read"
                self.problem(where, message)
                return
            yield value, position
            position = self._after_space(end)
        if listed:
            self.problem(self.line_at(len(text)), "the list has no end; the file is cut")

    def _after_space(self, position: int) -> int:
        match = _SPACE.match(self.text, position)
        return match.end() if match else position

    def _works(self, value: Any, line: int) -> Iterator[tuple[Any, int]]:
        if isinstance(value, dict) and "type" not in value:
            for name in _LISTS:
                if isinstance(value.get(name), list):
                    yield from ((each, 0) for each in value[name])
                    return
        yield value, line

    def _work(self, value: Any, line: int) -> None:
        if not isinstance(value, dict):
            what = repr(value[:40]) if isinstance(value, str) else shown(value)[:40]
            self.problem(line or self.start, f"{what} is no work: {_ADVICE}")
        elif _of_zotero(value):
            self.zotero.append(line or self.start)
        elif wrong := _no_work(value):
            self.problem(line or self.start, f"{wrong}: {_ADVICE}")
        else:
            item, losses = clean(value)
            lines = dict.fromkeys(item, line) if line else {}
            self.entries.append(Entry(item["id"], item, line, lines, tuple(losses)))


def _of_zotero(value: Mapping[str, Any]) -> bool:
    """True for an item as Zotero's own exports have it (Better BibTeX JSON, or the JSON of its web interface)."""
    inner = value.get("data")
    return any("itemType" in one and "type" not in one for one in (value, inner if isinstance(inner, Mapping) else {}))


def _no_work(value: Mapping[str, Any]) -> str:
    """What an object is, if it is clearly no work; '' for a work."""
    keys = value.keys()
    names = ", ".join(shown(key) for key in list(keys)[:5]) or "nothing"
    known = _KNOWN & keys
    if not known:
        return f"an object without any variable of CSL (it has {names})"
    type_ = value.get("type")
    if isinstance(type_, str) and type_of(type_):
        return ""
    if not known & _TELLING or 2 * len(known) < len(keys):
        counted = f"{len(known)} of {len(keys)} keys are those of CSL"
        return f"an object without a type of CSL, of which {counted} (it has {names})"
    return ""


def read_csl(text: str, file: str) -> Bibliography:
    """Read CSL-JSON, clean or as a registry serves it.

    Args:
        text: A list of works, one work, works one after the other, or an object that has a list of works under
            ``items`` or ``references``.
        file: Its path, for the places of violations.

    Returns:
        The works in their order, each with the line where it starts (0 inside ``items`` and ``references``), its
        variables with that same line, and what of it no item holds. Violations (501) for what is no JSON, no work or a
        key that stands twice; works before a fault in the JSON are kept.

    Examples:
        >>> print(read_csl('[{"type": "book", "title": "A"},', "refs.json").violations[0])
        error: file 'refs.json': the list has no end; the file is cut [EKB501] refs.json:1
    """
    reader = _Reader(text, file)
    if len(text) > MAX_CHARACTERS:
        reader.problem(0, f"longer than {MAX_CHARACTERS // 1024 // 1024} million characters; split it")
    else:
        reader.read()
    return Bibliography(tuple(reader.entries), tuple(reader.violations))


def write_csl(items: Iterable[Item]) -> str:
    """Items as CSL-JSON, in their order.

    Returns:
        A JSON list, valid against the input schema of CSL 1.0.2, see :func:`outward`. :func:`read_csl` gives the same
        items.

    Examples:
        >>> print(write_csl([{"id": "a", "type": "article", "custom": {"arxiv": "2303.10130"}}]))
        [
          {
            "id": "a",
            "type": "article",
            "number": "arXiv:2303.10130"
          }
        ]
        <BLANKLINE>
    """
    return json.dumps([outward(item) for item in items], ensure_ascii=False, indent=2) + "\n"


def outward(item: Mapping[str, Any]) -> Item:
    """An item as other programs read it.

    An arXiv number, for which CSL has no variable, is the number of a work without another one, marked ``arXiv:``.
    Who edited and translated stands as editor and as translator, from which styles know what to print. Three numbers
    have the names of the input schema. An address that no browser opens is left out.
    """
    work = {_SCHEMA_NAMES.get(name, name): value for name, value in item.items()}
    custom = work.get("custom", {})
    arxiv = str(custom.get("arxiv", ""))
    if arxiv_in(arxiv) == arxiv != "" and "number" not in work:
        work["number"] = f"arXiv:{arxiv}"
        if rest := {key: value for key, value in custom.items() if key != "arxiv"}:
            work["custom"] = rest
        else:
            del work["custom"]
    for person in work.pop("editor-translator", ()):
        for role in ("editor", "translator"):
            work[role] = [*work.get(role, ()), person]
    if "URL" in work and not address_in(work["URL"]):
        del work["URL"]
    return work
