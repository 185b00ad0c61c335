"""SQLite in memory by hand: rows from the standard library's JSON, indexes, a recursive CTE; no library between."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from typing import Any

from benchmarks.engines import statements
from benchmarks.engines.measuring import Laps
from benchmarks.engines.packs import Faults, Fields, Pack, Question

NOWHERE = (None, "none_named", "unknown")

Row = tuple[Any, ...]


def rows_of(finding: Fields) -> Iterator[tuple[str, Row]]:
    """The rows of a finding, each with its table."""
    id = finding["id"]
    yield "finding", (id,)
    for link in finding["about"]:
        yield "finding_concept", (id, link["concept"])
    for cohort in finding["cohorts"]:
        yield "finding_cohort", (id, cohort["cohort"])
    for c in finding["citations"]:
        taken = c.get("taken_from")
        yield "citation", (id, c["source"], c["role"], c.get("basis"), None if taken in NOWHERE else taken)
    for e in finding["estimates"]:
        interval = e.get("interval", {})
        numbers = (e["value"], interval.get("lower"), interval.get("upper"))
        yield "estimate", (id, e["outcome"], e["definition"], e["measure"], *numbers)


def filed_rows(pack: Pack) -> dict[str, list[Row]]:
    """The rows that the question reads, by table."""
    rows: dict[str, list[Row]] = {"item": [], "filed": []}
    for rank, id, vendor, concepts, cohorts in pack.filed():
        rows["item"].append((rank, id, int(vendor)))
        rows["filed"] += [(subject, rank) for subject in dict.fromkeys((*concepts, *cohorts))]
    rows["closure"] = [(broad, narrow) for narrow, above in pack.hierarchy().items() for broad in above]
    return rows


def _create(connection: sqlite3.Connection, tables: dict[str, str]) -> None:
    for name, columns in tables.items():
        connection.execute(f"CREATE TABLE {name}({columns})")


def _insert(connection: sqlite3.Connection, table: str, rows: Iterable[Row]) -> None:
    held = list(rows)
    if held:
        connection.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(held[0]))})", held)


def check(pack: Pack, laps: Laps) -> Faults:
    """Load the tables and run the rules."""
    with closing(sqlite3.connect(":memory:", isolation_level=None)) as connection:
        with laps("load"):
            _load(connection, pack)
        with laps("rules"):
            return {code: {id for (id,) in connection.execute(text)} for code, text in statements.RULES.items()}


def _load(connection: sqlite3.Connection, pack: Pack) -> None:
    _create(connection, statements.TABLES)
    connection.execute("BEGIN")
    _insert(connection, "source", ((record["id"], record["vendor"]) for record in pack.lines("sources")))
    for table in ("concept", "cohort", "definition"):
        _insert(connection, table, ((record["id"],) for record in pack.lines(f"{table}s")))
    rows: dict[str, list[Row]] = {table: [] for table in statements.TABLES}
    for at, finding in enumerate(pack.lines("findings")):
        for table, row in rows_of(finding):
            rows[table].append(row)
        if at % 5_000 == 4_999:
            _flush(connection, rows)
    _flush(connection, rows)
    for table in ("source", "concept", "cohort", "definition"):
        connection.execute(f"CREATE UNIQUE INDEX {table}_id ON {table}(id)")
    connection.execute("CREATE INDEX citation_finding ON citation(finding, source)")
    connection.execute("CREATE INDEX citation_source ON citation(source)")
    connection.execute("COMMIT")


def _flush(connection: sqlite3.Connection, rows: dict[str, list[Row]]) -> None:
    for table, held in rows.items():
        _insert(connection, table, held)
        held.clear()


def prepare(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """Index what the question reads."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with laps("prepare"):
        _create(connection, statements.FILED)
        connection.execute("BEGIN")
        for table, rows in filed_rows(pack).items():
            _insert(connection, table, rows)
        connection.execute("COMMIT")
        connection.execute("ANALYZE")

    def ask(question: Question) -> list[str]:
        return [id for (id,) in connection.execute(statements.question(question), question.given)]

    return ask


PAIRS = """
    CREATE TABLE posting(role VARCHAR, skill VARCHAR, number INTEGER, cohort VARCHAR, id VARCHAR,
        PRIMARY KEY (role, skill, number, cohort)) WITHOUT ROWID;
    CREATE TABLE single(subject VARCHAR, number INTEGER, id VARCHAR, PRIMARY KEY (subject, number)) WITHOUT ROWID;
"""


def prepare_pairs(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """The lists of ``dicts.precomputed`` as tables: by role and skill, and by each alone, what lies above included."""
    connection = sqlite3.connect(":memory:", isolation_level=None)
    with laps("prepare"):
        connection.executescript(PAIRS)
        above = pack.hierarchy()
        connection.execute("BEGIN")
        for rank, id, vendor, concepts, cohorts in pack.filed():
            if vendor:
                continue
            over = {other for concept in concepts for other in above[concept]}
            groups = {other for cohort in cohorts for other in above[cohort]}
            roles, skills = ([o for o in over if o.startswith(kind)] for kind in ("role", "skill"))
            pairs = [(r, s, rank, cohort, id) for r in roles for s in skills for cohort in groups]
            connection.executemany("INSERT INTO posting VALUES (?, ?, ?, ?, ?)", pairs)
            connection.executemany("INSERT INTO single VALUES (?, ?, ?)", [(s, rank, id) for s in over | groups])
        connection.execute("COMMIT")
    pair = "SELECT id FROM posting WHERE role = ? AND skill = ? AND cohort = ? ORDER BY number LIMIT 3"
    single = "SELECT id FROM single WHERE subject = ? ORDER BY number LIMIT 3"

    def ask(question: Question) -> list[str]:
        given = question.given
        return [id for (id,) in connection.execute(pair if len(given) == 3 else single, given)]

    return ask
