"""Records that stand one a line: lines of JSON, and rows of Parquet files, which give such lines.

Small files and large ones are read in two ways, and what is wrong with a line is said here for both.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from evidencekb.model import KINDS, LISTS
from evidencekb.report import Place
from evidencekb.store import MAX_RECORD
from evidencekb.store.nodes import MAX_DEPTH
from evidencekb.store.parquet import ParquetProblem, read_parquet_records
from evidencekb.store.raw import Origin, RawPack, RawRecord

BOM = b"\xef\xbb\xbf"
PARQUET = ".parquet"
NOT_UTF8 = "not UTF-8 text; save the file as UTF-8"
_LONG = f"a line longer than {MAX_RECORD // 1024} KiB"
_ZERO = "zero bytes, as in UTF-16 text, or in a file that is damaged or no text at all; save the file as UTF-8"


def jsonl_records(pack: RawPack, data: bytes, name: str) -> Iterator[RawRecord]:
    """The records of a JSONL file; its text is kept, if it is one."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line and not line.isspace():
            yield from raw_line(pack, line, Place(name, number))
    with suppress(UnicodeDecodeError):  # which was told at its line
        pack.texts[name] = data.decode()


def parquet_records(pack: RawPack, path: Path, name: str) -> Iterator[RawRecord]:
    """The records of a Parquet file."""
    try:
        for number, text in read_parquet_records(path, name, faults=pack.row_problem):
            yield from raw_line(pack, text.encode(errors="surrogatepass"), Place(name, number))
    except ParquetProblem as problem:
        pack.row_problem(problem)


def raw_line(pack: RawPack, line: bytes, place: Place) -> Iterator[RawRecord]:
    """The raw record of one line of a JSONL file; what cannot be read is told to the pack.

    Of a file that is not text, the first line that shows it is told, and no other that cannot be read.
    """
    data: Any = None
    problem = _LONG if len(line) > MAX_RECORD else None
    try:
        data = None if problem else data_of_line(line.decode())
    except UnicodeDecodeError:
        problem = NOT_UTF8
    except (ValueError, RecursionError) as found:
        zero = b"\0" in line and not place.file.endswith(PARQUET)
        problem = _ZERO if zero else f"not readable as JSON: {found}"
    if problem:
        if place.file not in pack.garbled:
            pack.problem("EKB501", problem, place)
        if problem in (NOT_UTF8, _ZERO):
            pack.garbled.add(place.file)
        pack.unread.add(line, legible=problem not in (NOT_UTF8, _ZERO, _LONG))
        return
    kind, record = kind_of_line(data, place.file)
    if kind is None or not isinstance(record, dict):
        pack.problem(
            "EKB502", "a line is one record: name the file after its list (concepts.jsonl), or write "
            f'{{"finding": {{...}}}} with one of {", ".join(sorted(KINDS))}', place,
        )  # fmt: skip
        pack.unread.add(line)
        return
    yield RawRecord(kind, record, Origin(place.file, place.line))


def data_of_line(line: str) -> Any:
    """What a line of JSON says.

    Raises:
        ValueError: If it is no JSON, has a key twice, a number or half a sign that no text holds, or is nested too deeply.
        RecursionError: If it is nested so deeply that it cannot even be read.
    """
    data = json.loads(line, object_pairs_hook=no_double_keys, parse_constant=not_finite)
    json.dumps(data, ensure_ascii=False).encode()  # half a character, which JSON can spell and text cannot hold
    _refuse_depth(data)
    return data


def kind_of_line(data: Any, name: str) -> tuple[str | None, Any]:
    """The kind of a JSONL record: said by the line's only key, or by the name of the file or of its folder."""
    if isinstance(data, dict) and len(data) == 1 and (key := next(iter(data))) in KINDS:
        return key, data[key]
    path = Path(name)
    kinds = (LISTS.get(word) for word in (path.stem, *reversed(path.parent.parts)))
    return next((kind for kind in kinds if kind), None), data


def _refuse_depth(data: object) -> None:
    """Refuse with a ValueError what is nested deeper than a YAML file may be."""
    level: list[object] = [data]
    for _ in range(MAX_DEPTH + 1):
        deeper: list[object] = []
        for held in level:
            if isinstance(held, dict):
                deeper.extend(held.values())
            elif isinstance(held, list):
                deeper.extend(held)
        level = deeper
    if level:
        raise ValueError(f"nested deeper than {MAX_DEPTH} levels")


def no_double_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """A JSON object; a key that stands twice would lose the first value, so it is refused with a ValueError."""
    data = dict(pairs)
    if len(data) != len(pairs):
        names = [name for name, _ in pairs]
        raise ValueError(f"the key {next(n for n in names if names.count(n) > 1)!r} stands twice")
    return data


def not_finite(text: str) -> Any:
    """Refuse NaN and infinity, which no source prints, with a ValueError."""
    raise ValueError(f"{text} is not a number that a source can print")
