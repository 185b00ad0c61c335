"""Canonical writing: one layout for every pack file, so that a difference between two versions is a difference of data.

Layout only: no record is added, dropped or reworded, and no comment is lost. What is written is read again and compared
before it replaces anything.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evidencekb.errors import FormatLossError
from evidencekb.model import LISTS
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.store import MANIFEST
from evidencekb.store.changes import Change, apply
from evidencekb.store.comments import Comments, find_comments, hang_comments
from evidencekb.store.jsonl import Difference, format_jsonl, unformatted_lines, unlike
from evidencekb.store.layout import comment_lines, layout
from evidencekb.store.lines import NOT_UTF8
from evidencekb.store.nodes import Node, Scalar, Sequence, YamlProblem, node_of, parse
from evidencekb.store.reading import pack_files
from evidencekb.store.slicing import Slice


@dataclass(frozen=True, slots=True)
class FormatResult:
    """What became of one file.

    Attributes:
        file: Path relative to the pack's folder, with forward slashes.
        changed: True if its canonical form differs from what it held.
        problem: Why it was left alone.
    """

    file: str
    changed: bool
    problem: YamlProblem | None = None


def format_text(text: str, *, name: str = "") -> str:
    r"""The canonical form of one YAML pack file.

    Args:
        text: What the file holds.
        name: Its path inside the pack; ``pack.yaml`` is the manifest, every other file holds lists of records.

    Raises:
        YamlProblem: If the text cannot be read.
        FormatLossError: If the result would not hold the same data and comments.

    Examples:
        >>> text = "cohorts:\n- {unit: people, id: adults, label: Adults}\n- id: actors # on stage"
        >>> print(format_text(text), end="")
        cohorts:
          - id: actors  # on stage
          - id: adults
            label: Adults
            unit: people
    """
    text = text.removeprefix("\ufeff")
    root = parse(text)
    written = _laid_out(text, root, name)
    if written != text:
        _compare(text, root, written, name)
    return written


def format_records(listing: str, records: list[dict[str, Any]], *, comment: str) -> str:
    """The canonical form of a list of records that stood in no file before, with one comment at its head.

    Raises:
        FormatLossError: If the result would not hold the same data.

    Examples:
        >>> print(format_records("cohorts", [{"label": "x: y", "id": "a"}], comment="New."), end="")
        # New.
        cohorts:
          - id: a
            label: "x: y"
    """
    root = node_of({listing: records})
    written = "\n".join([f"# {comment}", *layout(root, Comments(), ""), ""])
    _compare_data(root, written, "")
    return written


def _laid_out(text: str, root: Node | None, name: str) -> str:
    if isinstance(root, Scalar) and root.text == root.style == "":
        root = None  # a document was begun, and nothing stands in it
    comments = hang_comments(text, root)
    lines = comment_lines(comments.head)
    if root is not None:
        lines += layout(root, comments, name)
    return "\n".join([*lines, ""])


def format_pack(root: Path, *, check: bool = False) -> list[FormatResult]:
    """Bring every YAML and JSONL file of a pack into canonical form; a .bib file is never rewritten.

    A file is replaced in one step and keeps its mode. One that cannot be read, or written, is left alone and reported.

    Args:
        root: The pack's folder.
        check: Only say what would change.

    Returns:
        One result a file, by path.

    Raises:
        NotADirectoryError: If there is no such folder.
    """
    if not root.is_dir():
        raise NotADirectoryError(f"{root} is no folder; a pack is a folder with a {MANIFEST}")
    paths = (path for path in pack_files(root) if path.suffix != ".bib")
    return [_format_file(root, path, check) for path in paths]


def unformatted(root: Path, name: str, text: str | None = None) -> Violation | None:
    """EKB504 for a file that is not in canonical form; None for one that is, or that nothing can format.

    Args:
        root: The pack's folder.
        name: The file's path inside it.
        text: What the file holds; read from the folder when left out.
    """
    if name.endswith(".bib"):
        return None
    try:
        found = _read(root, root / name) if text is None else text
        if name.endswith(".jsonl"):
            return unformatted_lines(name, lambda: found.split("\n"))
        written = _laid_out(found, parse(found), name)
    except YamlProblem:
        return None
    except FormatLossError as problem:
        return Violation("EKB504", Severity.WARNING, Subject("file", name), str(problem), Place(name))
    return None if found == written else unlike(name, *_first_difference(found, written))


def unformatted_slice(piece: Slice, name: str) -> Violation | None:
    """EKB504 for a record of a YAML file that is not in canonical form; None for one that is, or that cannot be read.

    Args:
        piece: The record.
        name: The file's path inside the pack.
    """
    heading = next(listing for listing, kind in LISTS.items() if kind == piece.kind) + ":\n"
    text = heading + piece.text.rstrip("\n") + "\n"
    try:
        written = _laid_out(text, parse(text), name)
    except YamlProblem:
        return None
    line, found, wanted = _first_difference(text, written)
    return None if text == written else unlike(name, line + piece.line - 2, found, wanted)


def _format(text: str, name: str) -> str:
    return format_jsonl(text, name=name) if name.endswith(".jsonl") else format_text(text, name=name)


def _format_file(root: Path, path: Path, check: bool) -> FormatResult:
    name = path.relative_to(root).as_posix()
    try:
        written = _format(_read(root, path), name).encode("utf-8")
        before = path.read_bytes()
        changed = written != before
        if changed and not check:
            apply([Change(path, before, written)], within=root)
    except YamlProblem as problem:
        return FormatResult(name, False, problem)
    except FormatLossError as problem:
        return FormatResult(name, False, YamlProblem(str(problem), 0, 0))
    except OSError as problem:
        return FormatResult(name, False, YamlProblem(f"cannot be rewritten: {problem.strerror or problem}", 0, 0))
    return FormatResult(name, changed)


def _read(root: Path, path: Path) -> str:
    if not path.resolve().is_relative_to(root.resolve()):
        raise YamlProblem("the file is a link that leaves the pack; copy it into the pack", 0, 0)
    try:
        if not path.is_file():
            raise YamlProblem("not a file that can be read; a pack holds text files", 0, 0)
        return path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        line = problem.object[: problem.start].count(b"\n") + 1
        raise YamlProblem(NOT_UTF8, line, 0) from None
    except OSError as problem:
        raise YamlProblem(f"cannot be read: {problem.strerror or problem}", 0, 0) from None


def _first_difference(found: str, written: str) -> Difference:
    """The first line that differs."""
    before, after = found.split("\n"), written.split("\n")
    same = next(
        (n for n, (b, a) in enumerate(zip(before, after, strict=False)) if b != a), min(len(before), len(after))
    )
    shown, wanted = (held[same] if same < len(held) else None for held in (before, after))
    return same + 1, shown, wanted


def _compare(text: str, root: Node | None, written: str, name: str) -> None:
    """Refuse a result that does not hold the same data, list for list, and the same comments."""
    again = _compare_data(root, written, name)
    if Counter(c.text for c in find_comments(text, root)) != Counter(c.text for c in find_comments(written, again)):
        raise FormatLossError(name, "its canonical form holds other comments")


def _compare_data(root: Node | None, written: str, name: str) -> Node | None:
    """What was written, read again; refused when it does not hold the same data, list for list."""
    try:
        again = parse(written)
    except YamlProblem as problem:
        raise FormatLossError(name, f"its canonical form cannot be read at line {problem.line}") from problem
    if _content(root, top=name != MANIFEST) != _content(again, top=name != MANIFEST):
        raise FormatLossError(name, "its canonical form holds other data")
    return again


def _content(node: Node | None, *, top: bool = False) -> Hashable:
    """The data of a tree with its types and the spelling of its numbers; the order of top-level records is left out."""
    if node is None:
        return None
    if isinstance(node, Scalar):
        number = isinstance(node.value, int | float) and not isinstance(node.value, bool)
        return None if node.value is None else (type(node.value), node.text if number else node.value)
    if isinstance(node, Sequence):
        return tuple([_content(item) for item in node.items])
    return frozenset(
        (key.text, _records(value) if top and key.text in LISTS and isinstance(value, Sequence) else _content(value))
        for key, value in node.pairs
    )


def _records(listing: Sequence) -> Hashable:
    return frozenset(Counter(_content(item) for item in listing.items).items())
