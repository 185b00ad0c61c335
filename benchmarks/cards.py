"""What cards and references cost: made from rows, written, read back from what is stored, and asked for cold.

``python benchmarks/cards.py [FILE]`` takes a sealed file (default: the shipped pack) and prints microseconds of processor time
for one of each, the best of five rounds.
"""

from __future__ import annotations

import gc
import json
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice

from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.answers.base import written
from evidencekb.engines.making import Maker
from evidencekb.kb import KnowledgeBase
from evidencekb.queries.desk import Desk

MOST, TOGETHER, ROUNDS = 2_000, 50, 5


def seconds(work: Callable[[], object]) -> float:
    """Processor time of the best of some rounds, in seconds; the collector is off."""
    taken = []
    gc.disable()
    for _ in range(ROUNDS):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    gc.enable()
    return min(taken)


def costs(kb: KnowledgeBase) -> Iterator[tuple[str, float]]:
    """What was done, and the seconds that one took."""
    findings, sources = kb.ids("finding")[:MOST], kb.ids("source")[:MOST]
    maker = Maker(kb.rows)
    cards = {id: maker.card(id) for id in findings}
    texts = {id: written(card) for id, card in cards.items()}
    yield "a card made from rows", seconds(lambda: [maker.card(id) for id in findings]) / len(findings)
    yield "the same, all together", seconds(lambda: list(maker.cards(findings))) / len(findings)
    yield "its row written as JSON", seconds(lambda: [written(card) for card in cards.values()]) / len(findings)
    yield "the row parsed", seconds(lambda: [json.loads(text) for text in texts.values()]) / len(findings)
    yield "a reference made from rows", seconds(lambda: [maker.reference(key) for key in sources]) / len(sources)

    def cold() -> None:
        waiting, desk = iter(findings), Desk(kb)
        while part := list(islice(waiting, TOGETHER)):
            desk.known(part)

    how = "made" if kb.maker else "read"
    yield f"a card asked for cold, {TOGETHER} together ({how})", seconds(cold) / len(findings)


def main() -> None:
    """Measure, and print the table."""
    with ekb.load(sys.argv[1] if len(sys.argv) > 1 else None) as kb:
        table = Table("what", "µs", title=f"{kb.name}, {len(kb):,} findings")
        for what, taken in costs(kb):
            table.add_row(what, f"{taken * 1e6:.0f}")
    Console().print(table)


if __name__ == "__main__":
    main()
