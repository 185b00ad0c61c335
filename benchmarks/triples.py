"""What a pack as N-Quads costs beside the same pack as JSON Lines: seconds in one run, and their ratios.

``python benchmarks/triples.py [FINDINGS] [FOLDER]`` makes a pack with the generator of the other benchmarks, or takes the one
that stands in the folder, and writes it several times. JSON Lines are measured twice: ``export_pack``, which copies the texts
that the sealed file holds, and a plain ``json.dumps`` of each record. The best time of each counts; what the processor was busy
is told beside it, since on a machine that others use seconds say little.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from generator import generate  # type: ignore[import-not-found]  # stands beside this script
from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.exports import export_pack
from evidencekb.rdf import write_rdf

FINDINGS, TIMES = 100_000, 3


def sealed(findings: int, folder: Path) -> Path:
    """A sealed pack of so many findings; made when it is not there."""
    file = folder / f"triples-{findings}.ekb"
    if not file.exists():
        generate(folder / f"triples-{findings}", findings)
        ekb.build(folder / f"triples-{findings}", file)
    return file


def dumped(kb: ekb.KnowledgeBase, out: Path) -> None:
    """Each record read and written by the JSON of Python."""
    with out.open("w", encoding="utf-8") as file:
        for (body,) in kb.stream("SELECT body FROM record"):
            file.write(json.dumps(json.loads(body), ensure_ascii=False) + "\n")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """The best seconds of a few runs, and those for which processors were busy."""
    runs = []
    for _ in range(TIMES):
        start, busy = time.perf_counter(), sum(os.times()[:4])
        work()
        runs.append((time.perf_counter() - start, sum(os.times()[:4]) - busy))
    return min(seconds for seconds, _ in runs), min(busy for _, busy in runs)


def main() -> None:
    """Measure, and print the table."""
    findings = int(sys.argv[1]) if len(sys.argv) > 1 else FINDINGS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(sys.argv[2]) if len(sys.argv) > 2 else Path(place)
        kb = ekb.load(sealed(findings, folder))
        out = Path(place)
        works: dict[str, Callable[[], object]] = {
            "JSON Lines, export_pack": lambda: export_pack(kb, out / "jsonl"),
            "JSON Lines, json.dumps": lambda: dumped(kb, out / "dumped.jsonl"),
            "N-Quads, one process": lambda: write_rdf(kb, out / "one.nq", workers=1),
            "N-Quads, two processes": lambda: write_rdf(kb, out / "two.nq", workers=2),
            "N-Quads, records alone": lambda: write_rdf(kb, out / "records.nq", derived=False),
        }
        table = Table("what", "seconds", "of export_pack", "of json.dumps", "busy", "of export_pack", "of json.dumps")
        times = {name: timed(work) for name, work in works.items()}
        copied, plain, *_ = times.values()
        for name, (seconds, busy) in times.items():
            table.add_row(
                name,
                *(f"{number:.2f}" for number in (seconds, seconds / copied[0], seconds / plain[0])),
                *(f"{number:.2f}" for number in (busy, busy / copied[1], busy / plain[1])),
            )
        size = (out / "one.nq").stat().st_size
        kb.close()
    console = Console(width=140)
    console.print(table)
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    console.print(f"{findings:,} findings, {size / 1e6:,.0f} MB of N-Quads; {most:,.0f} MB of memory at most")


if __name__ == "__main__":
    main()
