"""Engines for contract tests, each started once, and packs on them, each loaded and worked out once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from benchmarks.generator import Generated, generate
from evidencekb.engines import deriving
from evidencekb.engines.adapter import Engine
from evidencekb.engines.sealing import memory_tables
from evidencekb.engines.tables import Tables, load, load_rows, open_engine, work_out
from evidencekb.engines.texts import names, text
from evidencekb.loading.assembling import assemble
from evidencekb.loading.building import BULK_BYTES
from evidencekb.loading.intake import Intake
from evidencekb.report import Skipped
from evidencekb.rules import check_tables
from tests.engines import servers

MARKS = {
    "duckdb": [pytest.mark.duckdb],
    "postgres": [pytest.mark.postgres],
    "spark": [pytest.mark.spark, pytest.mark.slow],
}
OTHERS = [pytest.param(name, marks=marks) for name, marks in MARKS.items()]
"""Every engine but SQLite, which is what the others are compared with."""
ALL = ["sqlite", *OTHERS]
QUESTIONS = {
    "shipped": {
        "role and skill": {"role": "machine-learning-engineer", "skill": "pytorch"},
        "role": {"role": "software-developer"},
        "cohort": {"cohort": "applicants"},
    },
    "generated": {
        **{f"r{n} s{m}": {"role": f"role-{n:03}", "skill": f"skill-{m:04}"} for n in range(3) for m in range(3)},
        "all": {"role": "role-000", "skill": "skill-0001", "cohort": "cohort-00"},
        "skill": {"skill": "skill-1990"},
        "outcome": {"outcome": "outcome-01"},
    },
}
Opener = Callable[[], Engine]


@dataclass(frozen=True, slots=True)
class Asked:
    """What an engine said of a pack: rows by the text or table they come from, as digests, and all violations."""

    engine: Engine
    digests: dict[str, str]
    counts: dict[str, int]
    violations: tuple[str, ...]


@pytest.fixture(scope="session")
def openers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Engine]]:
    """Opens an engine by its name; servers run until the tests end."""
    with ExitStack() as stack:

        @cache
        def address(name: str) -> Any:
            if name == "sqlite":
                return name
            servers.library({"postgres": "psycopg", "spark": "pyspark"}.get(name, name))
            if name == "postgres":
                return stack.enter_context(servers.postgres())
            if name == "spark":
                url = stack.enter_context(servers.spark(tmp_path_factory.mktemp("spark")))
                first = open_engine(url, scratch=str(tmp_path_factory.mktemp("first")))
                stack.callback(first.close)
                return first.session  # type: ignore[attr-defined]  # Spark's own
            return name

        def opened(name: str) -> Engine:
            engine = open_engine(address(name), scratch=str(tmp_path_factory.mktemp("scratch")))
            stack.callback(engine.close)
            return engine

        yield opened


@pytest.fixture(scope="session")
def shipped(sealed_data: Path) -> Path:
    """The pack of this repository, sealed."""
    return sealed_data


@pytest.fixture(scope="session")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Generated:
    """Records of 20,000 made-up findings, one in a hundred broken in a known way."""
    return generate(tmp_path_factory.mktemp("generated"), 20_000, broken=True)


@pytest.fixture(scope="session")
def broken(generated: Generated) -> Iterator[sqlite3.Connection]:
    """The base tables of the made-up pack."""
    connection = memory_tables()
    Intake(assemble(generated.folder, bulk=BULK_BYTES), connection).fill(lambda _: None)
    yield connection
    connection.close()


@pytest.fixture(scope="session")
def ask(openers: Callable[[str], Engine], shipped: Path, request: pytest.FixtureRequest) -> Callable[[str, str], Asked]:
    """What an engine says of a pack, ``shipped`` or ``generated``; each is asked once."""

    @cache
    def asked(name: str, pack: str) -> Asked:
        engine = openers(name)
        if pack == "shipped":
            load(engine, shipped)
        else:
            load_rows(engine, request.getfixturevalue("broken"))
        work_out(engine, questions=True)
        once = _Once(engine)
        rows = {name: once.select(text(name)) for name in (*names("rules"), *names("skipped"))}
        for table in (
            "edge",
            "reach",
            "study",
            "replicating",
            "replication",
            *deriving.DERIVED_BEFORE_RULES,
            *deriving.DERIVED_FOR_QUESTIONS,
        ):
            rows[table] = list(engine.select(f"SELECT * FROM {table}"))
        with Tables(engine).asking(QUESTIONS[pack]):
            for name in names("ask"):
                rows[name] = once.select(text(name))
        found = check_tables(once, lambda _: True)  # type: ignore[arg-type]  # it is asked for nothing else
        return Asked(
            engine,
            {name: digest(held) for name, held in rows.items()},
            {name: len(held) for name, held in rows.items()},
            tuple(sorted(str(violation) for violation in found if not isinstance(violation, Skipped))),
        )

    return asked


class _Once:
    """An engine that is asked the same but once: a text takes a second on a cluster."""

    def __init__(self, engine: Engine) -> None:
        self._select = cache(lambda statement, values: list(engine.select(statement, values)))

    def select(self, statement: str, values: tuple[str, ...] = ()) -> list[dict[str, Any]]:
        return [dict(row) for row in self._select(statement, values)]


def digest(rows: list[dict[str, Any]]) -> str:
    """One text for rows in any order."""
    return sha256(repr(sorted(tuple(row.items()) for row in rows)).encode()).hexdigest()
