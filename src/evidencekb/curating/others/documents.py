"""Files of other databases as plain data: bounded, without tags, and with the place of what stands in them.

A file may hold one document (JSON, YAML), one a line (NDJSON), or a table (CSV, TSV), each row of which is a mapping.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evidencekb.errors import CurationError
from evidencekb.store.lines import no_double_keys, not_finite
from evidencekb.store.nodes import MAX_BYTES, Node, YamlProblem, locate, parse, plain

MAX_FILES = 5_000
"""So many files of a folder are read."""

MAX_TOTAL = 512 * 1024 * 1024
"""So many bytes of a folder are read."""

_MAX_DEPTH = 100
_MAX_DIGITS = 400
_LINK = "a link, and links in a folder are not followed; put the file itself there"
_MAX_ROWS = 200_000
_JSON = frozenset({".json", ".ndjson", ".jsonl"})
_YAML = frozenset({".yml", ".yaml", ".dvc"})
_TABLES = frozenset({".tsv", ".csv"})
_FHIR = "{http://hl7.org/fhir}"
_NUMERIC = re.compile(r"value|level|number[A-Z]\w+|knownDataCount|value(?:Decimal|Integer|UnsignedInt|PositiveInt)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Document:
    """What one file, or one line of a file, holds.

    Attributes:
        file: Its name, below the folder that was given.
        data: What it holds: mappings, lists, texts, numbers, truth values, None.
        line: Where it starts, from 1.
        node: Of YAML, the tree with the lines of everything.
        path: Where the file is, with slashes; for what its folders say.
    """

    file: str
    data: Any
    line: int = 1
    node: Node | None = None
    path: str = ""

    def place(self, *path: str | int) -> str:
        r"""Where something stands: file and line of YAML and tables, file and path of JSON.

        Examples:
            >>> Document("a.json", {}).place("entry", 3), Document("b.yml", {}, node=parse("a:\n  b: 1")).place("a", "b")
            ('a.json entry[3]', 'b.yml:2')
        """
        if self.node is not None:
            return f"{self.file}:{locate(self.node, path)[0]}"
        start = f"{self.file}:{self.line}" if self.line > 1 else self.file
        inside = "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in path).removeprefix(".")
        return f"{start} {inside}".rstrip()


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file that is no document, and why."""

    file: str
    why: str


def read_documents(path: Path, *, suffixes: Sequence[str], wanted: str) -> Iterator[Document | Unreadable]:
    """Every document of a file, or of the files of a folder whose names end as wanted.

    Args:
        path: The file or folder; links in a folder are not followed.
        suffixes: How the names of files in a folder end; a file that is named may end in anything.
        wanted: What is looked for, for the message.

    Raises:
        CurationError: If the file is no document, or the folder has no such file or too many.
        OSError: If the path cannot be read.
    """
    if not path.is_dir():
        for found in _documents(path, path.name):
            if isinstance(found, Unreadable):
                raise CurationError(f"no {wanted} here: {found.file} is {found.why}; nothing was added")
            yield found
        return
    named = sorted(p for p in path.rglob("*") if p.name.endswith(tuple(suffixes)))
    yield from (Unreadable(p.relative_to(path).as_posix(), _LINK) for p in named if p.is_symlink())
    paths = [p for p in named if p.is_file() and not p.is_symlink()]
    if not paths:
        raise CurationError(
            f"no {wanted} here: {path} has no file that ends in {', '.join(suffixes)}; nothing was added"
        )
    total = sum(p.stat().st_size for p in paths)
    if len(paths) > MAX_FILES or total > MAX_TOTAL:
        raise CurationError(
            f"{path} has {len(paths):,} files and {total // 2**20:,} MiB; {MAX_FILES:,} files and {MAX_TOTAL // 2**20} MiB are "
            "read at once. Import its folders one by one; nothing was added"
        )
    for each in paths:
        yield from _documents(each, each.relative_to(path).as_posix())


def _documents(path: Path, name: str) -> Iterator[Document | Unreadable]:
    with path.open("rb") as file:  # a pipe or a device has no size before it is read
        data = file.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        yield Unreadable(name, f"larger than {MAX_BYTES // 2**20} MiB; split it into several files in a folder")
        return
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        yield Unreadable(name, f"not UTF-8 text, from byte {problem.start + 1:,} on; save it as UTF-8")
        return
    suffix = path.suffix.lower()
    reader: Callable[[str, str], Iterator[Document]]
    if suffix in _TABLES:
        reader = _rows
    elif suffix == ".xml" or text.lstrip()[:1] == "<":
        reader = _xml
    elif suffix in _YAML:
        reader = _yaml
    else:
        reader = _json if suffix in _JSON or text.lstrip()[:1] in ("{", "[") else _yaml
    try:
        yield from [replace(document, path=path.resolve().as_posix()) for document in reader(text, name)]
    except YamlProblem as problem:
        at = f", line {problem.line}" if problem.line else ""
        yield Unreadable(name, f"no YAML that is read{at}: {problem.message}")
    except (ValueError, RecursionError) as problem:
        what = "nested too deeply" if isinstance(problem, RecursionError) else str(problem)
        form = {_rows: "a table", _yaml: "YAML that is read", _xml: "XML that is read"}.get(reader, "JSON")
        yield Unreadable(name, f"not {form}: {what}"[:300])


def _yaml(text: str, name: str) -> Iterator[Document]:
    node = parse(text, anchors=True)
    if node is not None:
        yield Document(name, plain(node), node=node)


def _json(text: str, name: str) -> Iterator[Document]:
    try:
        yield Document(name, _loaded(text))
    except json.JSONDecodeError as problem:
        lines = [(line, number) for number, line in enumerate(text.splitlines(), start=1) if line.strip()]
        if problem.msg != "Extra data" or len(lines) < 2:
            raise
        for line, number in lines:
            try:
                data = _loaded(line)
            except (ValueError, RecursionError) as broken:
                told = getattr(broken, "msg", None) or (
                    "nested too deeply" if isinstance(broken, RecursionError) else broken
                )
                raise ValueError(f"line {number}: {told}") from None
            yield Document(name, data, number)


def _int(text: str) -> int | str:
    """A whole number; one that no figure can have is text."""
    return int(text) if len(text) <= _MAX_DIGITS else text


def _loaded(text: str) -> Any:
    data = json.loads(text, object_pairs_hook=no_double_keys, parse_constant=not_finite, parse_int=_int)
    level: list[Any] = [data]
    for _ in range(_MAX_DEPTH):
        level = [
            held
            for each in level
            for held in (each.values() if isinstance(each, dict) else each if isinstance(each, list) else ())
            if isinstance(held, dict | list)
        ]
        if not level:
            return data
    raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")


def _xml(text: str, name: str) -> Iterator[Document]:
    """FHIR as XML: an element is a mapping, one that has a value alone is that value, one that stands several times a list."""
    from xml.etree import ElementTree

    if re.search(r"<!(?:DOCTYPE|ENTITY)", text):
        raise ValueError("a document type or an entity is declared, which is not read")
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as problem:
        raise ValueError(str(problem)) from None
    if not root.tag.startswith(_FHIR):
        raise ValueError("its root is no element of FHIR")
    yield Document(name, {"resourceType": root.tag.removeprefix(_FHIR), **_element(root, 0)})


def _element(element: Any, depth: int) -> dict[str, Any]:
    if depth > _MAX_DEPTH:
        raise ValueError(f"nested deeper than {_MAX_DEPTH} levels")
    made: dict[str, Any] = {key: held for key, held in element.attrib.items() if key in ("url", "id")}
    for child in element:
        if not isinstance(child.tag, str) or not child.tag.startswith(_FHIR):
            continue  # a comment, or the text for people
        name = child.tag.removeprefix(_FHIR)
        inside = _element(child, depth + 1)
        value: Any = inside
        if name[:1].isupper():  # a resource inside contained or resource
            made.update(resourceType=name, **inside)
            continue
        if "value" in child.attrib and not inside:
            value = _typed(name, child.attrib["value"])
        if name in made:
            made[name] = [*(made[name] if isinstance(made[name], list) else [made[name]]), value]
        else:
            made[name] = value
    return made


def _typed(name: str, text: str) -> Any:
    """A value as JSON has it: truth values, and numbers where FHIR has some."""
    if text in ("true", "false"):
        return text == "true"
    if _NUMERIC.fullmatch(name) and _NUMBER.fullmatch(text) and len(text) < 40:
        return float(text) if "." in text or "e" in text.lower() else int(text)
    return text


def _rows(text: str, name: str) -> Iterator[Document]:
    head = text[: text.find("\n") if "\n" in text else len(text)]
    delimiter = max("\t,;|", key=head.count)
    try:
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter, restkey="")
        for count, row in enumerate(reader):
            if count >= _MAX_ROWS:
                raise ValueError(f"more than {_MAX_ROWS:,} rows; split it")
            yield Document(name, {key: held for key, held in row.items() if key and held}, reader.line_num)
    except csv.Error as problem:
        raise ValueError(str(problem)) from None
