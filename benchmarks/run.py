"""What the library costs, beside what a user would pick instead: ratios of medians in one run.

``python benchmarks/run.py`` prints a table. Ratios, not seconds, are what to compare between machines.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import yaml
from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.model import KINDS, LISTS

DATA = Path(__file__).parent.parent / "data"


def median(call: Callable[[], object], *, times: int) -> float:
    """The median of so many runs, in seconds, after one that is thrown away."""
    call()
    taken = []
    for _ in range(times):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return statistics.median(taken)


def started(program: str) -> Callable[[], object]:
    """A fresh interpreter that runs a program."""
    return lambda: subprocess.run([sys.executable, "-c", program], check=True)


def by_hand() -> int:
    """What one would write without the library: read the YAML files, and give each record to its model."""
    records = 0
    for path in DATA.rglob("*.yaml"):
        held = yaml.load(path.read_text(), Loader=yaml.CSafeLoader)
        for name, kind in LISTS.items():
            for record in (held or {}).get(name) or ():
                try:
                    KINDS[kind].model_validate(record)
                except ValueError:  # YAML 1.1 makes dates of texts; reading goes on
                    continue
                records += 1
    return records


def main() -> None:
    """Measure, and print the table."""
    with tempfile.TemporaryDirectory() as folder:
        sealed = Path(folder, "data.ekb")
        ekb.build(DATA, sealed)
        kb = ekb.load(sealed)
        bodies = Path(folder, "records.json")
        bodies.write_text(json.dumps([json.loads(body) for (body,) in kb.rows("SELECT body FROM record")]))
        rows = [
            (
                "import evidencekb", median(started("import evidencekb"), times=9),
                "import pydantic", median(started("import pydantic"), times=9),
            ),
            (
                "load a sealed pack", median(lambda: ekb.load(sealed).close(), times=50),
                "json.loads of the same records", median(lambda: json.loads(bodies.read_text()), times=50),
            ),
            (
                "check data: read, validate, 30 rules", median(lambda: ekb.check(DATA), times=5),
                "PyYAML and the models alone", median(by_hand, times=5),
            ),
            (
                "brief of a role and a skill",
                median(lambda: ekb.brief(kb, role="machine-learning-engineer", skill="pytorch"), times=50),
                "json.loads of all records", median(lambda: json.loads(bodies.read_text()), times=50),
            ),
            (
                "search two words", median(lambda: ekb.search(kb, "older callbacks"), times=50),
                "the words in each record's text", median(lambda: scan(kb, ("older", "callbacks")), times=50),
            ),
        ]  # fmt: skip
    table = Table("what", "ms", "instead of", "ms", "ratio")
    for what, ours, instead, theirs in rows:
        table.add_row(what, f"{ours * 1000:.2f}", instead, f"{theirs * 1000:.2f}", f"{ours / theirs:.2f}")
    Console().print(table)


def scan(kb: ekb.KnowledgeBase, words: tuple[str, ...]) -> list[str]:
    """Search without an index."""
    rows = kb.rows("SELECT id, body FROM record WHERE kind = 'finding'")
    return [id for id, body in rows if all(word in body.lower() for word in words)]


if __name__ == "__main__":
    main()
