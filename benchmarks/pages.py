"""Half a million questions: what each costs, and whether memory stays flat.

``python benchmarks/pages.py [QUESTIONS]`` makes a pack of 2,000 roles and 250 skills that extends the shipped one, asks which of
the 500,000 pairs deserve a page, and makes the briefs of so many of them (default 20,000; 0 for all), beside what one would
write without the library: for each pair, the rows of its findings, parsed. At the end the shipped pack's pages as text, by one
process and by two.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.exports import brief_texts

ROLES, SKILLS = 2_000, 250
ASPECTS = (
    "posting-language", "callbacks", "pay", "demand", "time-to-proficiency", "adoption", "exposure", "selection",
)  # fmt: skip


def careers(folder: Path) -> Path:
    """A pack of roles and skills alone, four in five below one of the shipped pack."""
    dice = random.Random(20261125)
    with ekb.load() as kb:
        known = {
            kind: [id for (id,) in kb.rows("SELECT id FROM concept WHERE kind = ? ORDER BY id", (kind,))]
            for kind in ("role", "skill")
        }
    (folder / "pack.yaml").write_text("name: careers\nversion: 1.0.0\nextends: [evidencekb]\n")
    with (folder / "concepts.jsonl").open("w") as file:
        for kind, wanted in (("role", ROLES), ("skill", SKILLS)):
            for number in range(wanted - len(known[kind])):
                concept = {"id": f"made-{kind}-{number}", "kind": kind, "label": f"Made {kind} {number}"}
                if kind == "role":
                    concept["plural"] = f"made roles {number}"
                links = [{"to": dice.choice(known[kind]), "relation": "broader"}] if dice.random() < 0.8 else []
                file.write(json.dumps({**concept, **({"links": links} if links else {})}) + "\n")
    return folder


def by_hand(kb: ekb.KnowledgeBase, questions: Iterable[ekb.Question]) -> Iterator[list[object]]:
    """What one would write without the library: the rows of the findings on a role or a skill, parsed; no answers, no gaps."""
    statement = (
        "SELECT c.body FROM card c WHERE c.finding IN "
        "(SELECT s.finding FROM closure n JOIN single s ON s.kind = 'concept' AND s.subject = n.narrow "
        "WHERE n.kind = 'concept' AND n.broad IN (?, ?) AND s.gone = 0)"
    )
    for question in questions:
        asked = question.asked
        yield [json.loads(body) for (body,) in kb.rows(statement, (asked["role"].id, asked["skill"].id))]


def timed(pages: Iterable[object]) -> tuple[int, float]:
    """How many, and the seconds each took."""
    start, made = time.perf_counter(), 0
    for _ in pages:
        made += 1
    return made, (time.perf_counter() - start) / max(made, 1)


def megabytes() -> int:
    """The most memory that this process has held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Measure, and print the table."""
    most = int(sys.argv[1]) if len(sys.argv) > 1 else 20_000
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        sealed = Path(folder, "careers.ekb")
        ekb.build(careers(Path(folder)), sealed)
        kb = ekb.load(sealed)
        table = Table("what", "how many", "ms each", "of the rows by hand")
        rows, floor = timed(by_hand(kb, islice(ekb.questions(kb), 500)))
        table.add_row("rows of a pair, parsed by hand", f"{rows:,}", f"{floor * 1000:.3f}", "1.00")
        for tier in ("near", "partial", "direct"):
            start = time.perf_counter()
            found = sum(1 for _ in ekb.questions(kb, at_least=tier))
            each = (time.perf_counter() - start) / (ROLES * SKILLS)
            name = f"questions, at least {tier}: {found:,} of"
            table.add_row(name, f"{ROLES * SKILLS:,}", f"{each * 1000:.5f}", f"{each / floor:.4f}")
        for aspects in (ASPECTS, ("pay",)):
            asked = islice(ekb.questions(kb, at_least="near"), most or None)
            memory: list[int] = []
            made, each = timed(_watched(ekb.briefs(kb, asked, aspects=aspects), memory))
            name = f"briefs, {len(aspects)} aspects; {memory[0]} MB after a thousand, {memory[-1]} MB at the end"
            table.add_row(name, f"{made:,}", f"{each * 1000:.3f}", f"{each / floor:.2f}")
    console.print(table)
    console.print(of_workers())


def of_workers() -> Table:
    """Texts of all mixes of role and skill in the shipped pack, by one process and by two."""
    table = Table("texts of the shipped pack", "how many", "a second", "of one process")
    with tempfile.TemporaryDirectory() as folder:
        sealed = Path(folder, "shipped.ekb")
        ekb.build(Path(__file__).parent.parent / "data", sealed)
        kb = ekb.load(sealed)
        asked = list(ekb.questions(kb))
        for form in ("json", "markdown"):
            first = 0.0
            for workers in (1, 2):
                made, each = timed(brief_texts(kb, asked, form, workers=workers))
                first = first or each
                table.add_row(f"{form}, {workers} workers", f"{made:,}", f"{1 / each:,.0f}", f"{first / each:.2f}")
    return table


def _watched(pages: Iterable[ekb.Brief], memory: list[int]) -> Iterator[ekb.Brief]:
    for at, page in enumerate(pages, start=1):
        if at % 1_000 == 0:
            memory.append(megabytes())
        yield page


if __name__ == "__main__":
    main()
