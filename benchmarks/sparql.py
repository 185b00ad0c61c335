"""SPARQL beside SQL and rdflib: milliseconds for each published query, and how many times that of the tables.

``python benchmarks/sparql.py [PACK]`` asks a pack (default: the shipped one) each published query as it ships, and some with
values: the tables of the sealed file by SQL, pyoxigraph as ``evidencekb.sparql`` asks it, and, for a query that ends within half
a minute, rdflib. It compares the numbers of rows, and prints medians.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.rdf import nquads, published, quads, query_text

ROUNDS = 15
sys.path.insert(0, str(Path(__file__).resolve().parent.parent))


def milliseconds(work: Callable[[], Any], rounds: int = ROUNDS) -> float:
    """The median of some rounds."""

    def one() -> float:
        start = time.perf_counter()
        work()
        return 1000 * (time.perf_counter() - start)

    return statistics.median(one() for _ in range(rounds))


def asked(kb: ekb.KnowledgeBase) -> Iterator[tuple[str, dict[str, Any]]]:
    """Queries and their values: all as they ship, and those that a page asks."""
    for name in published():
        yield name, {}
    finding, claim = next(iter(kb.ids("finding")), None), next(iter(kb.ids("claim")), None)
    for kind in ("role", "skill", "outcome"):
        ids = [id for (id,) in kb.rows("SELECT id FROM concept WHERE kind = ? ORDER BY id LIMIT 1", (kind,))]
        if ids:
            yield "findings-for", {kind: ids[0]}
    if finding and claim:
        yield "chain", {"finding": finding}
        yield "primary-sources", {"finding": finding}
        yield "figures", {"finding": finding}
        yield "claim-sources", {"claim": claim}


def main() -> None:
    """Measure, and print a table."""
    import rdflib

    from tests.rdf.answers import Tables

    console = Console()
    with ekb.load(sys.argv[1] if len(sys.argv) > 1 else None) as kb:
        tables = Tables(kb)
        start = time.perf_counter()
        count = sum(block.count("\n") for block in nquads(kb))
        written = time.perf_counter() - start
        start = time.perf_counter()
        ekb.sparql(kb, "ASK {}")
        loaded = time.perf_counter() - start
        start = time.perf_counter()
        text = "".join(f"<{quad.subject}> <{quad.predicate}> {quad.object} .\n" for quad in quads(kb))
        graph = rdflib.Graph().parse(data=text, format="nt")
        console.print(
            f"{count:,} statements: written in {written:.2f} s, loaded by the first query in {loaded:.2f} s, "
            f"by rdflib in {time.perf_counter() - start:.2f} s"
        )
        shown = Table("query", "rows", "SQL, ms", "pyoxigraph, ms", "x SQL", "rdflib, ms", "x pyoxigraph")
        for name, values in asked(kb):
            rows = len(tables.answer(name, **values).rows)
            found: Any = ekb.sparql(kb, name, **values)
            assert len(found) == rows, name
            by_sql = milliseconds(lambda name=name, values=values: tables.answer(name, **values))  # type: ignore[misc]  # mypy takes a default for no value
            by_pyoxigraph = milliseconds(lambda name=name, values=values: ekb.sparql(kb, name, **values))  # type: ignore[misc]  # as above
            query = query_text(kb, name, **values)
            by_rdflib = milliseconds(lambda query=query: list(graph.query(query)), 1)  # type: ignore[misc]  # as above
            shown.add_row(
                " ".join([name, *(f"{k}={v}" for k, v in values.items())]), str(rows), f"{by_sql:.2f}", f"{by_pyoxigraph:.2f}",
                f"{by_pyoxigraph / by_sql:.1f}", f"{by_rdflib:,.0f}", f"{by_rdflib / by_pyoxigraph:,.0f}",
            )  # fmt: skip
        console.print(shown)


if __name__ == "__main__":
    main()
