"""DuckDB over the JSON Lines.

Types are stated: ``read_json`` guesses them from the first rows, and loses what only comes later.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable
from pathlib import Path

import duckdb

from benchmarks.engines import statements
from benchmarks.engines.measuring import Laps
from benchmarks.engines.packs import Faults, Pack, Question
from benchmarks.engines.plain_sqlite import filed_rows

FINDINGS = {
    "id": "VARCHAR", "headline": "VARCHAR", "statement": "VARCHAR", "nature": "VARCHAR", "design": "VARCHAR",
    "cohorts": "STRUCT(cohort VARCHAR, fit VARCHAR)[]",
    "about": "STRUCT(concept VARCHAR, how VARCHAR)[]",
    "estimates": (
        'STRUCT(id VARCHAR, outcome VARCHAR, definition VARCHAR, measure VARCHAR, "value" DOUBLE, unit VARCHAR, '
        '"interval" STRUCT("lower" DOUBLE, "upper" DOUBLE))[]'
    ),
    "citations": (
        "STRUCT(source VARCHAR, role VARCHAR, basis VARCHAR, locator VARCHAR, names VARCHAR, taken_from VARCHAR)[]"
    ),
}  # fmt: skip
SOURCES = {"id": "VARCHAR", "kind": "VARCHAR", "title": "VARCHAR", "doi": "VARCHAR", "vendor": "VARCHAR"}

FROM_RECORDS = {
    "source": "SELECT id, vendor FROM sources",
    "finding": "SELECT id FROM findings",
    "finding_concept": "SELECT id, unnest(about).concept FROM findings",
    "finding_cohort": "SELECT id, unnest(cohorts).cohort FROM findings",
    "citation": """
        SELECT id, c.source, c.role, c.basis, CASE WHEN c.taken_from NOT IN ('none_named', 'unknown') THEN c.taken_from END
        FROM (SELECT id, unnest(citations) AS c FROM findings)
    """,
    "estimate": """
        SELECT id, e.outcome, e.definition, e.measure, e."value", e."interval"."lower", e."interval"."upper"
        FROM (SELECT id, unnest(estimates) AS e FROM findings)
    """,
}


def _read(path: Path, columns: dict[str, str]) -> str:
    stated = ", ".join(f"{name}: '{kind}'" for name, kind in columns.items())
    return f"SELECT * FROM read_json('{path}', format = 'newline_delimited', columns = {{{stated}}})"


def check(pack: Pack, laps: Laps) -> Faults:
    """Read into tables and run the rules, with as many threads as there are cores."""
    connection = duckdb.connect()
    with laps("load"):
        folder = pack.folder
        connection.execute(f"CREATE TABLE findings AS {_read(folder / 'findings.jsonl', FINDINGS)}")
        connection.execute(f"CREATE TABLE sources AS {_read(folder / 'sources.jsonl', SOURCES)}")
        for table in ("concept", "cohort", "definition"):
            connection.execute(f"CREATE TABLE {table} AS {_read(folder / f'{table}s.jsonl', {'id': 'VARCHAR'})}")
        for table, text in FROM_RECORDS.items():
            connection.execute(f"CREATE TABLE {table}({statements.TABLES[table]})")
            connection.execute(f"INSERT INTO {table} {text}")
    with laps("rules"):
        return {code: {id for (id,) in connection.execute(text).fetchall()} for code, text in statements.RULES.items()}


def prepare(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """Load what the question reads; each answer is one SELECT with parameters."""
    connection = duckdb.connect()
    connection.execute("SET threads = 1")  # for questions as small as these the others only cost
    with laps("prepare"), tempfile.TemporaryDirectory() as folder:
        for table, rows in filed_rows(pack).items():
            path = Path(folder, f"{table}.csv")
            with path.open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows(rows)
            connection.execute(f"CREATE TABLE {table}({statements.FILED[table]})")
            connection.execute(f"COPY {table} FROM '{path}' (HEADER false)")

    def ask(question: Question) -> list[str]:
        return [id for (id,) in connection.execute(statements.question(question), question.given).fetchall()]

    return ask
