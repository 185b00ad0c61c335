"""Records into tables: those held in memory first, then bulk files part by part, with worker processes where that pays.

Memory stays bounded: of a bulk file only the parts at work are held, and the tables are on disk.
"""

from __future__ import annotations

import marshal
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import ExitStack, closing
from functools import partial
from itertools import chain, combinations, repeat
from sqlite3 import Connection

from evidencekb.engines import sqlite
from evidencekb.engines.rows import add_rows, known_rows, no_rows
from evidencekb.engines.sealing import record_digest
from evidencekb.loading.assembling import Assembled, Key, hold
from evidencekb.loading.beside import MOST_WORKERS, begin, ended, not_interrupted, processes, processors, result_of
from evidencekb.loading.lines import (
    Batch,
    Lines,
    Part,
    Reading,
    lines_of,
    packed,
    parts_of,
    parts_of_rows,
    parts_of_slices,
    read_any,
    unpacked,
)
from evidencekb.model import KINDS, OperationalDefinition, Record, Waiver
from evidencekb.report import Place, Severity, Subject, Violation
from evidencekb.store import MANIFEST
from evidencekb.store.jsonl import Order, unformatted_lines
from evidencekb.store.lines import PARQUET, raw_line
from evidencekb.store.parquet import ParquetProblem
from evidencekb.store.raw import Origin, RawRecord, belongs_to, id_taken, stands_at
from evidencekb.store.reading import joined, raw_slice
from evidencekb.store.slicing import Slice, Sliced
from evidencekb.store.writing import unformatted, unformatted_slice
from evidencekb.vocab import TRACEABLE

PART_BYTES = 2 * 1024 * 1024
WORKERS_FROM = 4 * 1024 * 1024
"""So many bytes of bulk files are worth the start of worker processes."""

Tell = Callable[[str], None]


class Intake:
    """Puts the records of a pack into tables.

    Attributes:
        assembled: The pack, with what is held in memory.
        connection: The tables.
        violations: What reading found.
        digests: The digest of each record, one behind the other.
        again: Records in bulk files that a rule may have something to say about.
    """

    def __init__(self, assembled: Assembled, connection: Connection, *, without: frozenset[Key] = frozenset()) -> None:
        self.assembled = assembled
        self.connection = connection
        self.violations: list[Violation] = []
        self.digests = bytearray()
        self.again: list[Key] = []
        self._without = without
        self._reading = Reading(str(assembled.root), assembled.name, frozenset(assembled.raw.entries))
        self._last: dict[str, Order] = {}
        self._unsorted: set[str] = set()
        self._astray: dict[str, int] = {}
        self._deep: dict[str, set[str]] = {name: set() for name in assembled.raw.sliced}

    def fill(self, tell: Tell, workers: int | None = None) -> None:
        """Put everything into the base tables, and make their indexes."""
        assembled = self.assembled
        self.violations += assembled.violations
        read, held = len(assembled.raw.violations), len(assembled.violations)
        assembled.leave_out(self._without)
        with ExitStack() as stack:
            for connection in assembled.large:
                stack.enter_context(closing(connection))
            self._put(assembled.known - assembled.own.keys())
            for position, connection in enumerate(assembled.large):
                self._extended(connection, assembled.large[:position])
            self._put_own()
            for batch in self._batches(tell, workers):
                self._take(batch)
            self.violations += self._one_id_for_two()
        self.violations += assembled.raw.violations[read:] + assembled.violations[held:]
        tell("making indexes")
        sqlite.index(self.connection)

    def _put_own(self) -> None:
        """Put the pack's own records that are held in memory into the tables, but for ids of a large extended pack."""
        if self.assembled.large:
            taken = {key: raw for key, raw in self.assembled.own.items() if self.is_known(key)}
            self.assembled.leave_out(taken)
            for key, raw in taken.items():
                self.violations.append(id_taken(raw.subject, self._elsewhere(key), raw.origin.place(("id",))))
        self._put(self.assembled.own)

    def _put(self, keys: Iterable[Key]) -> None:
        """Put records held in memory into the tables, and ids of those that could not be represented."""
        tables = no_rows()
        for key in sorted(keys):
            tables["known"] += known_rows(*key)
            if raw := self.assembled.own.get(key):
                tables["place"].append((*key, raw.origin.file, raw.origin.place().line))
            if not (held := self.assembled.held.get(key)):
                continue
            self.digests += (digest := record_digest(held.kind, held.id, body := held.body))
            tables["record"].append((held.kind, held.id, digest.hex(), held.pack, body))
            add_rows(tables, held.kind, held.record)
        sqlite.insert(self.connection, "known", tables.pop("known", []), word="INSERT OR IGNORE")
        sqlite.load(self.connection, tables)

    def _extended(self, connection: Connection, others: Sequence[Connection]) -> None:
        """Records of a pack that this one extends, from its file; a waiver speaks for its own pack only."""
        rows = connection.execute("SELECT kind, id, pack, body FROM record WHERE kind <> 'waiver'")
        while part := rows.fetchmany(2_000):
            tables = no_rows()
            for kind, id, pack, body in part:
                if self.is_known(key := (kind, id)):
                    held = None if key in self.assembled.own else self.assembled.held.get(key)
                    if (held.body if held else _found(others, key)[1]) != body:
                        message = f"the {kind} {id!r} differs in two packs that this one extends, one of them {pack!r}"
                        subject = Subject("pack", self.assembled.name)
                        self.violations.append(Violation("EKB503", Severity.ERROR, subject, message, Place(MANIFEST)))
                    continue
                tables["known"] += known_rows(kind, id)
                self.digests += (digest := record_digest(kind, id, body))
                tables["record"].append((kind, id, digest.hex(), pack, body))
                add_rows(tables, kind, KINDS[kind].model_validate_json(body))
            sqlite.insert(self.connection, "known", tables.pop("known", []), word="INSERT OR IGNORE")
            sqlite.load(self.connection, tables)

    @property
    def alone(self) -> bool:
        """True for a pack that extends no other."""
        return not (self.assembled.manifest and self.assembled.manifest.extends)

    def workers(self, workers: int | None) -> int:
        """How many processes read bulk files; 1 is this one alone."""
        if multiprocessing.current_process().daemon:
            return 1  # such a process may have no children
        wanted = processors() if workers is None and self._bytes() >= WORKERS_FROM else workers or 1
        return max(1, min(wanted, MOST_WORKERS, -(-self._bytes() // PART_BYTES)))

    def _bytes(self) -> int:
        return sum((self.assembled.root / name).stat().st_size for name in self.assembled.raw.bulk)

    def _batches(self, tell: Tell, workers: int | None) -> Iterator[Batch]:
        """The parts of all bulk files, read, in their order."""
        total, done = self._bytes(), 0
        with closing(_read(self._reading, self._parts(), self.workers(workers))) as batches:
            for batch in batches:
                yield batch
                done += batch.part.length
                tell(f"reading {batch.part.file}, {min(done * 100 // max(total, 1), 100)}%")

    def _parts(self) -> Iterator[tuple[Part, Lines | None]]:
        raw = self.assembled.raw
        for name in raw.bulk:
            path = self.assembled.root / name
            try:
                if cut := raw.sliced.get(name):
                    yield from parts_of_slices(cut, name, PART_BYTES // 2)
                elif path.suffix == PARQUET:
                    yield from parts_of_rows(path, name, PART_BYTES, raw.row_problem)
                else:
                    yield from ((part, None) for part in parts_of(path, name, PART_BYTES))
            except ParquetProblem as problem:
                raw.row_problem(problem)
            except OSError as problem:
                raw.lost(name, f"cannot be read: {problem.strerror or problem}")

    def _take(self, batch: Batch) -> None:
        """Put a batch into the tables; ids that are taken are told, and their records left out."""
        self._note_order(batch)
        odd = self._odd(batch)
        left = frozenset(line for kind, id, line in batch.places if (kind, id) in self._without)
        if left:
            batch = read_any(self._reading, batch.part, batch.lines, left)
        known = batch.tables.pop("known", [])
        own = [row for row in known if row[0] != "subject"]
        clash = self._clash(odd, own)
        if sqlite.insert(self.connection, "known", sorted(own), word="INSERT OR IGNORE") < len(own) or clash:
            taken = frozenset(self._taken(batch, odd))
            odd = [raw for raw in odd if raw.origin.line not in taken]
            batch = read_any(self._reading, batch.part, batch.lines, taken | left)
            known = batch.tables.pop("known", [])
        subjects = [row for row in known if row[0] == "subject"]
        sqlite.insert(self.connection, "known", subjects, word="INSERT OR IGNORE")
        batch.tables["place"] = [(kind, id, batch.part.file, line) for kind, id, line in batch.places]
        sqlite.load(self.connection, batch.tables)
        self.digests += batch.digests
        self.again += batch.again
        for raw in odd:
            hold(self.assembled, raw)
        self._put({(raw.kind, raw.id) for raw in odd} & self.assembled.own.keys())

    def _odd(self, batch: Batch) -> list[RawRecord]:
        """The records of lines that took a longer look; what is no record is told."""
        raw = self.assembled.raw
        found = (joined(raw, record) for number, line in batch.odd for record in self._raw(batch.part, number, line))
        return [record for record in found if (record.kind, record.id) not in self._without]

    def _raw(self, part: Part, number: int, line: bytes) -> Iterator[RawRecord]:
        raw = self.assembled.raw
        if part.kind:
            return raw_slice(raw, Slice(part.kind, number, line.decode()), part.file)
        return raw_line(raw, line, Place(part.file, number))

    def _clash(self, odd: list[RawRecord], own: list[Key]) -> bool:
        """True if an id of these records stands twice, or before."""
        keys = [(raw.kind, raw.id) for raw in odd if raw.id]
        return len(set(keys)) < len(keys) or not set(keys).isdisjoint(own) or any(map(self.is_known, keys))

    def _taken(self, batch: Batch, odd: list[RawRecord]) -> Iterator[int]:
        """Lines whose ids stand before, told."""
        here: dict[Key, Place] = {}
        lines = [(line, (kind, id)) for kind, id, line in batch.places]
        for line, key in sorted(lines + [(raw.origin.line, (raw.kind, raw.id)) for raw in odd if raw.id]):
            place, path = self._at(batch.part.file, line), ("id",)
            before = here.setdefault(key, place)
            if where := self._elsewhere(key, None if before is place else before):
                place = self._at(batch.part.file, line, path)
                self.violations.append(id_taken(Subject(*key), where, place))
                yield line

    def _elsewhere(self, key: Key, here: Place | None = None) -> str:
        """Where an id stood before, as 503 says it.

        Args:
            key: The id.
            here: Where it stood in what is not in the tables yet.
        """
        if place := self._place(key) or here:
            return stands_at(place, key[0])
        held = self.assembled.held.get(key)
        pack = held.pack if held else _found(self.assembled.large, key)[0]
        return pack and belongs_to(key[0], pack)

    def _note_order(self, batch: Batch) -> None:
        """Note whether 504 has to look at the file."""
        name = batch.part.file
        before = self._last.get(name)
        early = batch.first is not None and before is not None and batch.first < before
        if name in self._deep:
            if line := batch.astray or (batch.part.line if early else 0):
                self._astray.setdefault(name, line)
            if batch.deep:
                self._deep[name].add(batch.part.kind)
        elif (batch.unsorted or early) and not name.endswith(PARQUET):
            self._unsorted.add(name)
        if batch.last is not None:
            self._last[name] = batch.last

    def _one_id_for_two(self) -> Iterator[Violation]:
        """503 across kinds: findings, claims and untraced claims share one space of ids. Both records are kept."""
        statement = "SELECT k.id FROM known k JOIN known f ON f.kind = ? AND f.id = k.id WHERE k.kind = ?"
        kinds: dict[str, set[str]] = {}
        for pair in combinations(TRACEABLE, 2):
            for (id,) in self.connection.execute(statement, pair).fetchall():
                kinds.setdefault(id, set()).update(pair)
        for id, held in kinds.items():
            first, *others = sorted(held, key=lambda kind: self._turn((kind, id)))
            for kind in others:
                place = self._place((kind, id), ("id",)) or Place(MANIFEST)
                yield id_taken(Subject(kind, id), self._elsewhere((first, id)), place)

    def _turn(self, key: Key) -> tuple[bool, str, int]:
        """When a record was read."""
        place = self._place(key) or Place("")
        return place.file in self.assembled.raw.bulk, place.file, place.line

    def not_canonical(self) -> Iterator[Violation]:
        """504, for files that can be read."""
        raw, root = self.assembled.raw, self.assembled.root
        unreadable = {v.place.file for v in self.violations if v.place and v.code == "EKB501"}
        for name in sorted({*raw.texts, *self._unsorted} - unreadable):
            text = raw.texts.get(name)
            lines = partial(lines_of, root / name)
            if found := unformatted_lines(name, lines) if text is None else unformatted(root, name, text):
                yield found
        for name, cut in raw.sliced.items():
            if name not in unreadable and (found := self._cut_not_canonical(name, cut)):
                yield found

    def _cut_not_canonical(self, name: str, cut: Sliced) -> Violation | None:
        line = cut.untidy or self._astray.get(name, 0)
        if line and not cut.untidy and (found := unformatted_slice(cut.at(line), name)):
            return found
        line = line or cut.misplaced(self._deep[name])
        message = f"line {line} is not in canonical form, or out of its order; run `evidencekb format`"
        return (
            Violation("EKB504", Severity.WARNING, Subject("file", name), message, Place(name, line)) if line else None
        )

    # What is asked once the tables are full.

    def is_own(self, key: Key) -> bool:
        """True for a record of the pack itself, not of one that it extends."""
        if key in self.assembled.own:
            return True
        rows = self.connection.execute("SELECT pack FROM record WHERE kind = ? AND id = ?", key).fetchall()
        return bool(rows) and rows[0][0] == self.assembled.name and key not in self.assembled.held

    def place_of(self, violation: Violation) -> Place | None:
        """Where a violation stands, found from its record and field."""
        if place := self.assembled.place_of(violation):
            return place
        return self._place((violation.subject.kind, violation.subject.id), violation.path)

    def _place(self, key: Key, path: tuple[str | int, ...] = ()) -> Place | None:
        """Where a record of the pack itself stands, or a field of it."""
        if raw := self.assembled.own.get(key):
            return raw.origin.place(path)
        rows = self.connection.execute("SELECT file, line FROM place WHERE kind = ? AND id = ?", key).fetchall()
        file, line = rows[0] if rows else ("", 0)
        return self._at(file, line, path) if rows else None

    def _at(self, file: str, line: int, path: tuple[str | int, ...] = ()) -> Place:
        """The place of a record that begins at a line of a file, or of a field of it, as far as it is known."""
        cut = self.assembled.raw.sliced.get(file)
        if cut is None:
            return Place(file, line)
        return Origin(file, line, cut.at(line).node, above=line - 1).place(path)

    def suspects(self) -> Iterator[Record]:
        """The pack's own records that a rule about one record may have something to say about."""
        for key, held in self.assembled.held.items():
            if key in self.assembled.own:
                yield held.record
        for key in self.again:
            yield self.model(*key)

    def model(self, kind: str, id: str) -> Record:
        """A record from its row."""
        ((body,),) = self.connection.execute("SELECT body FROM record WHERE kind = ? AND id = ?", (kind, id))
        return KINDS[kind].model_validate_json(body)

    def definition(self, id: str) -> OperationalDefinition | None:
        """An operational definition, if there is one."""
        rows = self.connection.execute("SELECT body FROM record WHERE kind = 'definition' AND id = ?", (id,)).fetchall()
        return OperationalDefinition.model_validate_json(rows[0][0]) if rows else None

    def find(self, kind: str, id: str) -> Record | None:
        """The record of a kind with an id, if there is one."""
        if held := self.assembled.held.get((kind, id)):
            return held.record
        rows = self.connection.execute("SELECT body FROM record WHERE kind = ? AND id = ?", (kind, id)).fetchall()
        return KINDS[kind].model_validate_json(rows[0][0]) if rows else None

    def is_cited(self, source: str) -> bool:
        """True if a finding cites the source."""
        return bool(self.connection.execute("SELECT 1 FROM citation WHERE source = ? LIMIT 1", (source,)).fetchall())

    def is_known(self, key: Key) -> bool:
        """True if there is such a record, also one that could not be represented."""
        return bool(self.connection.execute("SELECT 1 FROM known WHERE kind = ? AND id = ?", key).fetchall())

    def own(self) -> set[Key]:
        """Kind and id of all of the pack's own records."""
        rows = self.connection.execute("SELECT kind, id FROM record WHERE pack = ?", (self.assembled.name,))
        return {*rows.fetchall(), *self.assembled.own}

    def waivers(self) -> list[Waiver]:
        """The pack's own waivers."""
        rows = self.connection.execute(
            "SELECT body FROM record WHERE kind = 'waiver' AND pack = ? ORDER BY id", (self.assembled.name,)
        )
        return [Waiver.model_validate_json(body) for (body,) in rows]

    def counts(self) -> Counter[str]:
        """How many records of each kind are the pack's own, those that could not be represented included."""
        rows = self.connection.execute(
            "SELECT kind, COUNT(*) FROM record WHERE pack = ? GROUP BY kind", (self.assembled.name,)
        )
        counts = Counter(dict(rows.fetchall()))
        counts.update(kind for kind, id in self.assembled.own if (kind, id) not in self.assembled.held)
        return counts


def _found(connections: Iterable[Connection], key: Key) -> tuple[str, str]:
    """The pack and the body of a record in the first of some sealed files that has it."""
    for connection in connections:
        for pack, body in connection.execute("SELECT pack, body FROM record WHERE kind = ? AND id = ?", key):
            return pack, body
    return "", ""


def _read(reading: Reading, parts: Iterator[tuple[Part, Lines | None]], workers: int) -> Generator[Batch]:
    """Read parts, in their order."""
    if workers == 1:
        yield from (read_any(reading, part, lines) for part, lines in parts)
        return
    pool = ProcessPoolExecutor(workers, processes(), initializer=begin)
    waiting: deque[tuple[Part, Lines | None, Future[bytes]]] = deque()
    first = Part("the pack", 0, 0, 1)
    try:
        for job in chain(parts, repeat(None)):
            if job is not None:
                with not_interrupted():
                    waiting.append((*job, pool.submit(_worked, reading, *job)))
            if not waiting:
                return
            if job is None or len(waiting) > workers + 1:
                first, lines, future = waiting.popleft()
                batch = unpacked(marshal.loads(result_of(pool, future)))
                batch.lines = lines
                yield batch
    except BrokenProcessPool as problem:
        raise ended(pool, f"it read {first.file} from line {first.line} on") from problem
    finally:
        pool.shutdown(cancel_futures=True)


def _worked(reading: Reading, part: Part, lines: Lines | None) -> bytes:
    return marshal.dumps(packed(read_any(reading, part, lines)))
