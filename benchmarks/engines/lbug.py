"""ladybug, the successor of Kuzu: CSV files made from the records, COPY, and the rules and the question as Cypher."""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import ladybug

from benchmarks.engines import statements
from benchmarks.engines.measuring import Laps
from benchmarks.engines.packs import Faults, Pack, Question
from benchmarks.engines.plain_sqlite import filed_rows, rows_of

NODES = {
    "Source": "id STRING, vendor STRING, PRIMARY KEY (id)",
    "Concept": "id STRING, PRIMARY KEY (id)",
    "Cohort": "id STRING, PRIMARY KEY (id)",
    "Definition": "id STRING, PRIMARY KEY (id)",
    "Finding": "id STRING, PRIMARY KEY (id)",
    "Citation": "number INT64, finding STRING, source STRING, role STRING, basis STRING, PRIMARY KEY (number)",
    "Estimate": (
        "number INT64, finding STRING, outcome STRING, definition STRING, measure STRING, value DOUBLE, lower DOUBLE, "
        "upper DOUBLE, PRIMARY KEY (number)"
    ),
    "About": "number INT64, finding STRING, concept STRING, PRIMARY KEY (number)",
    "Among": "number INT64, finding STRING, cohort STRING, PRIMARY KEY (number)",
}
"""A link that may lead nowhere is a node: a relation cannot be loaded without both of its ends."""

RULES = {
    "EKB101": (
        "MATCH (f:Finding) WHERE NOT EXISTS { MATCH (f)-[:Cites]->(c:Citation) WHERE c.role = 'primary' AND c.basis <> '' } "
        "RETURN f.id"
    ),
    "EKB102": "MATCH (c:Citation)-[:TakenFrom*33..33]->(:Citation) RETURN DISTINCT c.finding",
    "EKB103": (
        "MATCH (c:Citation) WHERE NOT EXISTS { MATCH (s:Source) WHERE s.id = c.source } RETURN c.finding UNION "
        "MATCH (c:About) WHERE NOT EXISTS { MATCH (s:Concept) WHERE s.id = c.concept } RETURN c.finding UNION "
        "MATCH (c:Among) WHERE NOT EXISTS { MATCH (s:Cohort) WHERE s.id = c.cohort } RETURN c.finding UNION "
        "MATCH (c:Estimate) WHERE NOT EXISTS { MATCH (s:Concept) WHERE s.id = c.outcome } RETURN c.finding UNION "
        "MATCH (c:Estimate) WHERE NOT EXISTS { MATCH (s:Definition) WHERE s.id = c.definition } RETURN c.finding"
    ),
    "EKB201": (
        "MATCH (c:Citation), (s:Source) WHERE s.id = c.source AND c.role = 'primary' AND s.vendor = 'unknown' "
        "RETURN DISTINCT s.id"
    ),
    "EKB301": (
        "MATCH (e:Estimate) WHERE (e.measure = 'percent_change' AND e.value < -100) "
        "OR (e.measure = 'proportion' AND (e.value < 0 OR e.value > 1)) OR e.value < e.lower OR e.value > e.upper "
        "RETURN DISTINCT e.finding"
    ),
}


def _copy(connection: Any, table: str, rows: Iterable[tuple[object, ...]], folder: str) -> None:
    path = Path(folder, f"{table}.csv")
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    connection.execute(f'COPY {table} FROM "{path}" (HEADER=false)')


def check(pack: Pack, laps: Laps) -> Faults:
    """Write CSV, load it, run the rules."""
    connection: Any = ladybug.Connection(ladybug.Database())
    with laps("load"), tempfile.TemporaryDirectory() as folder:
        _load(connection, pack, folder)
    with laps("rules"):
        connection.execute("CALL var_length_extend_max_depth=33")
        return {code: {row[0] for row in connection.execute(text)} for code, text in RULES.items()}


def _load(connection: Any, pack: Pack, folder: str) -> None:
    for name, columns in NODES.items():
        connection.execute(f"CREATE NODE TABLE {name}({columns})")
    connection.execute("CREATE REL TABLE Cites(FROM Finding TO Citation)")
    connection.execute("CREATE REL TABLE TakenFrom(FROM Citation TO Citation)")
    rows: dict[str, list[tuple[Any, ...]]] = {table: [] for table in statements.TABLES}
    hops: list[tuple[int, int]] = []
    for finding in pack.lines("findings"):
        numbers: dict[str, int] = {}
        taken: list[tuple[str, str]] = []
        for table, row in rows_of(finding):
            if table == "citation":
                numbers[row[1]] = len(rows["citation"])
                taken += [(row[1], row[4])] if row[4] is not None else []
            rows[table].append(row[:4] if table == "citation" else row)
        hops += [(numbers[source], numbers[origin]) for source, origin in taken if origin in numbers]
    _copy(connection, "Source", ((r["id"], r["vendor"]) for r in pack.lines("sources")), folder)
    for name in ("Concept", "Cohort", "Definition"):
        _copy(connection, name, ((r["id"],) for r in pack.lines(f"{name.lower()}s")), folder)
    _copy(connection, "Finding", rows["finding"], folder)
    links = {"Citation": "citation", "Estimate": "estimate", "About": "finding_concept", "Among": "finding_cohort"}
    for name, table in links.items():
        _copy(connection, name, ((at, *row) for at, row in enumerate(rows[table])), folder)
    _copy(connection, "Cites", ((row[0], at) for at, row in enumerate(rows["citation"])), folder)
    _copy(connection, "TakenFrom", hops, folder)


def prepare(pack: Pack, laps: Laps) -> Callable[[Question], list[str]]:
    """Load what is filed where; each answer is one statement with parameters."""
    connection: Any = ladybug.Connection(ladybug.Database())
    with laps("prepare"), tempfile.TemporaryDirectory() as folder:
        rows = filed_rows(pack)
        connection.execute("CREATE NODE TABLE Item(number INT64, id STRING, vendor INT64, PRIMARY KEY (number))")
        connection.execute("CREATE NODE TABLE Subject(id STRING, PRIMARY KEY (id))")
        connection.execute("CREATE REL TABLE Holds(FROM Subject TO Item)")
        connection.execute("CREATE REL TABLE Above(FROM Subject TO Subject)")
        _copy(connection, "Item", rows["item"], folder)
        _copy(connection, "Subject", ((id,) for id in pack.hierarchy()), folder)
        _copy(connection, "Holds", rows["filed"], folder)
        _copy(connection, "Above", rows["closure"], folder)

    def ask(question: Question) -> list[str]:
        asked = {name: id for name in ("role", "skill", "cohort") if (id := getattr(question, name)) is not None}
        matched = ", ".join(f"(:Subject {{id: ${name}}})-[:Above]->(:Subject)-[:Holds]->(i:Item)" for name in asked)
        text = f"MATCH {matched} WHERE i.vendor = 0 RETURN DISTINCT i.number, i.id ORDER BY i.number LIMIT 3"
        return [row[1] for row in connection.execute(text, asked)]

    return ask
