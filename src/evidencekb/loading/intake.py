"""Records into tables: those held in memory first, then bulk files part by part, with worker processes where that pays.

Memory stays bounded: of a bulk file only the parts at work are held, and the tables are on disk.
"""

from __future__ import annotations

import marshal
import multiprocessing
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing
from itertools import chain, combinations, repeat
from sqlite3 import Connection

from evidencekb.engines import sqlite
from evidencekb.engines.rows import add_rows, known_rows, no_rows
from evidencekb.engines.sealing import record_digest
from evidencekb.errors import WorkerError
from evidencekb.loading.assembling import Assembled, Key, hold
from evidencekb.loading.beside import MOST_WORKERS, begin, not_interrupted, processes, processors, result_of
from evidencekb.loading.lines import (
    Batch,
    Lines,
    Order,
    Part,
    Reading,
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
from evidencekb.store.parquet import ParquetProblem
from evidencekb.store.reading import PARQUET, Origin, RawRecord, joined, raw_line, raw_slice
from evidencekb.store.slicing import Slice
from evidencekb.store.writing import unformatted_slice
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
        self._late: list[RawRecord] = []
        self._last: dict[str, Order] = {}
        self._told: set[str] = set()
        self._deep: dict[str, set[str]] = {name: set() for name in assembled.raw.sliced}
        self._unsorted: dict[str, int] = {}

    def fill(self, tell: Tell, workers: int | None = None) -> None:
        """Put everything into the base tables, and make their indexes."""
        self.violations += self.assembled.violations
        self.assembled.leave_out(self._without)
        self._put(self.assembled.known)
        for connection in self.assembled.large:
            with closing(connection):
                self._extended(connection)
        for batch in self._batches(tell, workers):
            self._take(batch)
        self._tell_slices_out_of_form()
        self._add_late()
        tell("making indexes")
        sqlite.index(self.connection)
        self.violations.extend(self._one_id_for_two())

    def _put(self, keys: Iterable[Key]) -> None:
        """Put records held in memory into the tables, and ids of those that could not be represented."""
        tables = no_rows()
        for key in sorted(keys):
            tables["known"] += known_rows(*key)
            if not (held := self.assembled.held.get(key)):
                continue
            tables["record"].append((held.kind, held.id, held.pack, body := held.body))
            self.digests += record_digest(held.kind, held.id, body)
            if held.raw:
                place = held.raw.origin.place()
                tables["place"].append((*key, place.file, place.line))
            add_rows(tables, held.kind, held.record)
        sqlite.insert(self.connection, "known", tables.pop("known", []), word="INSERT OR IGNORE")
        sqlite.load(self.connection, tables)

    def _extended(self, connection: Connection) -> None:
        """Records of a pack that this one extends, from its file; a waiver speaks for its own pack only."""
        rows = connection.execute("SELECT kind, id, pack, body FROM record WHERE kind <> 'waiver'")
        while part := rows.fetchmany(2_000):
            tables = no_rows()
            for kind, id, pack, body in part:
                if (held := self._body(kind, id)) is not None:
                    if held != body:
                        message = f"the {kind} {id!r} differs in two packs that this one extends, one of them {pack!r}"
                        subject = Subject("pack", self.assembled.name)
                        self.violations.append(Violation("EKB503", Severity.ERROR, subject, message, Place(MANIFEST)))
                    continue
                tables["known"] += known_rows(kind, id)
                tables["record"].append((kind, id, pack, body))
                self.digests += record_digest(kind, id, body)
                add_rows(tables, kind, KINDS[kind].model_validate_json(body))
            sqlite.insert(self.connection, "known", tables.pop("known", []), word="INSERT OR IGNORE")
            sqlite.load(self.connection, tables)

    def _body(self, kind: str, id: str) -> str | None:
        """The body of a record that is in the tables before their indexes are."""
        if not self.is_known((kind, id)):
            return None
        rows = self.connection.execute("SELECT body FROM record WHERE kind = ? AND id = ?", (kind, id)).fetchall()
        return rows[0][0] if rows else ""

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
        for batch in _read(self._reading, self._parts(), self.workers(workers)):
            yield batch
            done += batch.part.length
            tell(f"reading {batch.part.file}, {min(done * 100 // max(total, 1), 100)}%")

    def _parts(self) -> Iterator[tuple[Part, Lines | None]]:
        for name in self.assembled.raw.bulk:
            path = self.assembled.root / name
            try:
                if cut := self.assembled.raw.sliced.get(name):
                    yield from parts_of_slices(cut, name, PART_BYTES // 2)
                elif path.suffix == PARQUET:
                    yield from parts_of_rows(path, name, PART_BYTES)
                else:
                    yield from ((part, None) for part in parts_of(path, name, PART_BYTES))
            except (ParquetProblem, OSError) as problem:
                row, message = (
                    (problem.row, problem.problem)
                    if isinstance(problem, ParquetProblem)
                    else (1, f"cannot be read: {problem.strerror or problem}")
                )
                subject, place = Subject("file", name), Place(name, row)
                self.violations.append(Violation("EKB501", Severity.ERROR, subject, message, place))

    def _take(self, batch: Batch) -> None:
        """Put a batch into the tables; ids that are taken are told, and their records left out."""
        known = batch.tables.pop("known", [])
        if self._without and (left := self._left_out(batch)):
            batch = read_any(self._reading, batch.part, batch.lines, left)
            known = batch.tables.pop("known", [])
        own = [row for row in known if row[0] != "subject"]
        if sqlite.insert(self.connection, "known", sorted(own), word="INSERT OR IGNORE") < len(own):
            batch = read_any(self._reading, batch.part, batch.lines, frozenset(self._taken(batch)))
            known = batch.tables.pop("known", [])
        subjects = [row for row in known if row[0] == "subject"]
        sqlite.insert(self.connection, "known", subjects, word="INSERT OR IGNORE")
        batch.tables["place"] = [(kind, id, batch.part.file, line) for kind, id, line in batch.places]
        sqlite.load(self.connection, batch.tables)
        self.digests += batch.digests
        self.again += batch.again
        self._odd(batch)
        self._order(batch)

    def _left_out(self, batch: Batch) -> frozenset[int]:
        return frozenset(line for kind, id, line in batch.places if (kind, id) in self._without)

    def _taken(self, batch: Batch) -> Iterator[int]:
        """Lines whose ids stand elsewhere too, told."""
        here: dict[Key, int] = {}
        for kind, id, line in batch.places:
            key, place = (kind, id), self._at(batch.part.file, line, ("id",))
            before = here.setdefault(key, line)
            where = str(self._at(batch.part.file, before)) if before < line else self._elsewhere(key)
            if where:
                message = f"the id {id!r} stands at {where} too ({kind}); ids are never reused"
                self.violations.append(Violation("EKB503", Severity.ERROR, Subject(kind, id), message, place, ("id",)))
                yield line

    def _elsewhere(self, key: Key) -> str:
        """Where an id stood before this batch."""
        if place := self._place(key):
            return str(place)
        packs = self.connection.execute("SELECT pack FROM record WHERE kind = ? AND id = ?", key).fetchall()
        return f"the pack {packs[0][0]!r}, which this one extends," if packs else ""

    def _odd(self, batch: Batch) -> None:
        """Lines that could not be taken, told with all that is wrong with them."""
        for number, line in batch.odd:
            if kind := batch.part.kind:
                piece = Slice(kind, number, line.decode())
                raws = raw_slice(self.assembled.raw, piece, batch.part.file)
                self._late += (joined(self.assembled.raw, raw) for raw in raws)
                continue
            place = Place(batch.part.file, number)
            try:
                text = line.decode()
            except UnicodeDecodeError:
                self.assembled.raw.problem("EKB501", "not UTF-8 text; save the file as UTF-8", place)
                continue
            self._late += (joined(self.assembled.raw, raw) for raw in raw_line(self.assembled.raw, text, place))
        self.violations += self.assembled.raw.violations[self.assembled.read :]
        self.assembled.read = len(self.assembled.raw.violations)

    def _add_late(self) -> None:
        """Records of bulk files that took a longer look: those that have faults, or an id at least."""
        before = len(self.assembled.violations)
        late: list[Key] = []
        for raw in self._late:
            key = (raw.kind, raw.id)
            if key in self._without:
                continue
            if raw.id and (key in self.assembled.own or self.is_known(key)):
                message = f"the id {raw.id!r} stands elsewhere too ({raw.kind}); ids are never reused"
                self.assembled.violations.append(
                    Violation("EKB503", Severity.ERROR, raw.subject, message, raw.origin.place(), ("id",))
                )
                continue
            hold(self.assembled, raw)
            if key in self.assembled.own:
                late.append(key)
        self._put(late)
        self.violations += self.assembled.violations[before:]

    def _order(self, batch: Batch) -> None:
        """504 for a bulk file, once: at the first line that is not in its form or its place."""
        name = batch.part.file
        line = batch.unsorted
        if name in self._last and batch.first is not None and batch.first < self._last[name]:
            line = batch.part.line
        if batch.last is not None:
            self._last[name] = batch.last
        if batch.deep:
            self._deep[name].add(batch.part.kind)
        if name not in self._deep:
            self._out_of_form(name, line)
        elif line:
            self._unsorted.setdefault(name, line)

    def _tell_slices_out_of_form(self) -> None:
        """504 for files that were cut into records, unless a record could not be read: nothing brings those into form."""
        unread = {v.place.file for v in self.assembled.raw.violations if v.place and v.code == "EKB501"}
        for name, cut in self.assembled.raw.sliced.items():
            if name in unread:
                continue
            line = cut.untidy or self._unsorted.get(name, 0)
            if line and not cut.untidy and (told := unformatted_slice(cut.at(line), name)):
                self.violations.append(told)
            else:
                self._out_of_form(name, line or cut.misplaced(self._deep[name]))

    def _out_of_form(self, name: str, line: int) -> None:
        if line and name not in self._told and not name.endswith(PARQUET):
            self._told.add(name)
            message = f"line {line} is not in canonical form, or out of its order; run `evidencekb format`"
            place = Place(name, line)
            self.violations.append(Violation("EKB504", Severity.WARNING, Subject("file", name), message, place))

    def _one_id_for_two(self) -> list[Violation]:
        """503 across kinds: findings, claims and untraced claims share one space of ids."""
        statement = "SELECT k.id FROM known k JOIN known f ON f.kind = ? AND f.id = k.id WHERE k.kind = ?"
        found = []
        for first, kind in combinations(TRACEABLE, 2) if self.assembled.raw.bulk else ():
            for (id,) in self.connection.execute(statement, (first, kind)).fetchall():
                where = self._elsewhere((first, id)) or f"a {first}"
                message = f"the id {id!r} stands at {where} too ({first}); ids are never reused"
                found.append(Violation("EKB503", Severity.ERROR, Subject(kind, id), message, path=("id",)))
        return found

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


def _read(reading: Reading, parts: Iterator[tuple[Part, Lines | None]], workers: int) -> Iterator[Batch]:
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
        raise WorkerError(f"it read {first.file} from line {first.line} on") from problem
    finally:
        pool.shutdown(cancel_futures=True)


def _worked(reading: Reading, part: Part, lines: Lines | None) -> bytes:
    return marshal.dumps(packed(read_any(reading, part, lines)))
