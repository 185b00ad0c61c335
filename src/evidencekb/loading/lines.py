"""Lines of bulk files to rows: what a worker process does with a part of a file.

A line that is a sound record in canonical form takes a short path: validated from its bytes, and turned into rows. Any other
line that can be taken goes a longer way to the same rows; what cannot be is handed back as it stands, to be told with all
that is wrong with it.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

from pydantic import ValidationError

from evidencekb.engines.rows import Tables, add_rows, known_rows, no_rows
from evidencekb.engines.sealing import record_digest
from evidencekb.loading.slices import SliceReader
from evidencekb.model import KINDS, Record
from evidencekb.rules.running import suspect
from evidencekb.store import MAX_RECORD
from evidencekb.store.jsonl import Order, canonical_line
from evidencekb.store.lines import BOM, data_of_line, kind_of_line
from evidencekb.store.ordering import record_order
from evidencekb.store.parquet import Tell, read_parquet_records
from evidencekb.store.slicing import Slice, Sliced

Lines = list[tuple[int, bytes]]


class Part(NamedTuple):
    """A part of a file, whole lines.

    Attributes:
        file: The file.
        start: From this byte on.
        length: So many bytes.
        line: The number of its first line.
        kind: Of a part of a list in YAML, the kind of its records.
        tidy: Whether such a file is in form apart from its records.
    """

    file: str
    start: int
    length: int
    line: int
    kind: str = ""
    tidy: bool = True


class Reading(NamedTuple):
    """What is read.

    Attributes:
        root: The pack's folder.
        pack: Its name.
        joined: Sources whose fields stand in a bibliography too; they are put together elsewhere.
    """

    root: str
    pack: str
    joined: frozenset[str] = frozenset()


@dataclass(slots=True)
class Batch:
    """What a part holds.

    Attributes:
        part: The part.
        places: Kind, id and line of each record.
        tables: Their rows, by table.
        digests: The digest of each record, one behind the other.
        again: Kind and id of those to be judged once all records are at hand.
        odd: Lines that are no record, or none that can be represented: number and text, of a very long one its beginning.
        unsorted: Whether a line may not be in canonical form, or comes before its time.
        first: What the first record is sorted by.
        last: What the last one is.
        astray: Of a part of a YAML file, the line of the first record that is not in form or comes before its time.
        deep: Whether a record in canonical YAML holds more than fields of one value.
        lines: What was read, of a file that is not read at places of its bytes.
    """

    part: Part
    places: list[tuple[str, str, int]] = field(default_factory=list)
    tables: Tables = field(default_factory=no_rows)
    digests: bytearray = field(default_factory=bytearray)
    again: list[tuple[str, str]] = field(default_factory=list)
    odd: list[tuple[int, bytes]] = field(default_factory=list)
    unsorted: bool = False
    first: Order | None = None
    last: Order | None = None
    astray: int = 0
    deep: bool = False
    lines: Lines | None = None


def parts_of(path: Path, name: str, size: int) -> Iterator[Part]:
    """A file cut into parts of about so many bytes, at the ends of lines; of a line that is too long, its beginning."""
    with path.open("rb") as file:
        start, line = (len(BOM), 1) if file.read(len(BOM)) == BOM else (0, 1)
        file.seek(start)
        while text := file.read(size):
            rest = file.readline(MAX_RECORD + 1)
            yield Part(name, start, len(text) + len(rest), line)
            line += text.count(b"\n") + rest.count(b"\n")
            if len(rest) > MAX_RECORD and not rest.endswith(b"\n"):
                line += _passed_over(file)
            start = file.tell()


def _passed_over(file: BinaryIO) -> int:
    """Go on to the next line, without holding this one; 1 if it has an end."""
    while piece := file.readline(MAX_RECORD):
        if piece.endswith(b"\n"):
            return 1
    return 0


def lines_of(path: Path) -> Iterator[str]:
    r"""The lines of a file, as ``text.split("\n")`` gives them; none is longer than a record may be.

    Raises:
        ValueError: If it is not UTF-8 text.
    """
    with path.open("rb") as file:
        file.seek(len(BOM) if file.read(len(BOM)) == BOM else 0)
        line = b"\n"
        for line in iter(partial(file.readline, MAX_RECORD + 1), b""):
            yield line.decode().removesuffix("\n")
        if line.endswith(b"\n"):
            yield ""


def parts_of_rows(path: Path, name: str, size: int, faults: Tell) -> Iterator[tuple[Part, Lines]]:
    """The rows of a Parquet file, so many bytes of text at a time.

    Args:
        path: The file.
        name: Its name in the pack.
        size: So many bytes.
        faults: Told of rows that cannot be read.

    Raises:
        ParquetProblem: If the file cannot be read as records.
        EngineError: If the library for Parquet files is not installed.
    """
    lines: Lines = []
    held = 0
    for number, text in read_parquet_records(path, name, faults=faults):
        lines.append((number, line := text.encode(errors="surrogatepass")))
        held += len(line)
        if held >= size:
            yield Part(name, 0, held, lines[0][0]), lines
            lines, held = [], 0
    if lines:
        yield Part(name, 0, held, lines[0][0]), lines


def parts_of_slices(cut: Sliced, name: str, size: int) -> Iterator[tuple[Part, Lines]]:
    """The records of a YAML file, so many bytes of text of one list at a time."""
    for kind, pieces in groupby(cut.slices, key=lambda piece: piece.kind):
        lines: Lines = []
        held = 0
        for piece in pieces:
            lines.append((piece.line, text := piece.text.encode()))
            held += len(text)
            if held >= size:
                yield Part(name, 0, held, lines[0][0], kind, not cut.untidy), lines
                lines, held = [], 0
        if lines:
            yield Part(name, 0, held, lines[0][0], kind, not cut.untidy), lines


def read_any(reading: Reading, part: Part, lines: Lines | None, passed: frozenset[int] = frozenset()) -> Batch:
    """Read a part: its bytes from the file, or the lines that are at hand."""
    batch = read_part(reading, part, passed) if lines is None else read_lines(reading, part, lines, passed)
    batch.lines = lines
    return batch


def read_part(reading: Reading, part: Part, passed: frozenset[int] = frozenset()) -> Batch:
    """Read the records of a part.

    Args:
        reading: The pack.
        part: What to read.
        passed: Numbers of lines to pass over.
    """
    with Path(reading.root, part.file).open("rb") as file:
        file.seek(part.start)
        text = file.read(part.length)
    lines = text.split(b"\n")
    whole = not lines[-1]  # it ends with the end of a line
    batch = read_lines(reading, part, enumerate(lines[:-1] if whole else lines, start=part.line), passed)
    batch.unsorted |= not whole
    return batch


def read_lines(
    reading: Reading, part: Part, lines: Iterable[tuple[int, bytes]], passed: frozenset[int] = frozenset()
) -> Batch:
    """Read records, one a line, as :func:`read_part` does."""
    batch, collecting = Batch(part), gc.isenabled()
    gc.disable()  # nothing here refers to itself, and there is much of it
    try:
        reader = _Reader(batch, reading, part.file)
        if part.kind:
            reader.take_slices(part, [line for line in lines if line[0] not in passed])
            return batch
        for number, line in lines:
            if not line or line.isspace():
                batch.unsorted = True
            elif number not in passed:
                reader.take(number, line)
    finally:
        if collecting:
            gc.enable()
    return batch


class _Reader:
    """Puts lines into a batch."""

    def __init__(self, batch: Batch, reading: Reading, file: str) -> None:
        self._batch, self._pack, self._file, self._joined = batch, reading.pack, file, reading.joined
        self._kind, _ = kind_of_line({}, file)
        self._places = list(KINDS).index

    def take(self, number: int, line: bytes) -> None:
        kind = self._kind
        if len(line) > MAX_RECORD:
            self._odd(number, line[: MAX_RECORD + 1])
        elif kind is not None and (record := _canonical(kind, line)) is not None:
            self._in_order(kind, record)
            if self._is_joined(kind, record):
                self._batch.odd.append((number, line))
            else:
                self._keep(number, kind, record, line.decode())
        elif (found := _parsed(line, self._file)) is None or self._is_joined(*found):
            self._odd(number, line)
        else:
            self._batch.unsorted = self._batch.unsorted or not canonical_line(line.decode(), self._file)
            self._in_order(*found)
            self._keep(number, *found, found[1].model_dump_json(exclude_defaults=True, by_alias=True))

    def take_slices(self, part: Part, lines: Lines) -> None:
        """Take records of one list of a YAML file."""
        batch, model, joined = self._batch, KINDS[part.kind], self._joined if part.kind == "source" else ()
        reader = SliceReader(part.kind, tidy=part.tidy)
        for piece, data, in_form in reader.read([Slice(part.kind, number, text.decode()) for number, text in lines]):
            batch.unsorted = False
            self._sort(part.kind, record_order(part.kind, (data or {}).get))
            if not batch.astray and (batch.unsorted or not in_form):
                batch.astray = piece.line
            try:
                record = None if data is None or data.get("id") in joined else model.model_validate(data)
            except ValidationError:
                record = None
            if record is None:
                batch.odd.append((piece.line, piece.text.encode()))
            else:
                self._keep(piece.line, part.kind, record, record.model_dump_json(exclude_defaults=True, by_alias=True))
        batch.deep = reader.deep

    def _is_joined(self, kind: str, record: Record) -> bool:
        return kind == "source" and record.id in self._joined  # type: ignore[attr-defined]  # sources have ids

    def _odd(self, number: int, line: bytes) -> None:
        self._batch.odd.append((number, line))
        self._batch.unsorted = True

    def _in_order(self, kind: str, record: Any) -> None:
        self._sort(kind, record_order(kind, record.__dict__.get) if kind == "waiver" else (False, record.id, ""))

    def _sort(self, kind: str, name: tuple[bool, str, str]) -> None:
        batch, order = self._batch, (self._places(kind), name)
        if batch.last is not None and order < batch.last:
            batch.unsorted = True
        batch.first, batch.last = batch.first or order, order

    def _keep(self, number: int, kind: str, record: Record, body: str) -> None:
        batch, id = self._batch, str(record.id)  # type: ignore[attr-defined]  # every kind has an id
        batch.places.append((kind, id, number))
        batch.tables["known"] += known_rows(kind, id)
        batch.digests += (digest := record_digest(kind, id, body))
        batch.tables["record"].append((kind, id, digest.hex(), self._pack, body))
        add_rows(batch.tables, kind, record)
        if suspect(record):
            batch.again.append((kind, id))


def _canonical(kind: str, line: bytes) -> Record | None:
    """The record of a line, if the line is just what the record would be written as."""
    model = KINDS[kind]
    try:
        record: Record = model.__pydantic_validator__.validate_json(line)
    except ValidationError:
        return None
    same = model.__pydantic_serializer__.to_json(record, exclude_defaults=True, by_alias=True) == line
    return record if same and (line.isascii() or line.decode().isprintable()) else None


def _parsed(line: bytes, file: str) -> tuple[str, Record] | None:
    """Kind and record of any line that holds a record that can be represented."""
    try:
        data = data_of_line(line.decode())
        kind, fields = kind_of_line(data, file)
        if kind is None or not isinstance(fields, dict):
            return None
        return kind, KINDS[kind].model_validate(fields)
    except (ValueError, RecursionError):  # bytes that are no text and JSON that is none are ValueErrors too
        return None


def packed(batch: Batch) -> tuple[Any, ...]:
    """A batch as plain values, which are quick to hand to another process."""
    return (
        tuple(batch.part), batch.places, dict(batch.tables), bytes(batch.digests), batch.again, batch.odd, batch.unsorted,
        batch.first, batch.last, batch.astray, batch.deep,
    )  # fmt: skip


def unpacked(values: tuple[Any, ...]) -> Batch:
    """The batch again."""
    part, places, tables, digests, *rest = values
    held = no_rows()
    held.update(tables)
    return Batch(Part(*part), places, held, bytearray(digests), *rest)
