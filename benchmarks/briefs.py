"""What a page costs, where the time goes, and what the cheapest thing costs that gives as much.

``python benchmarks/briefs.py FILE [QUESTIONS]`` takes a sealed file and asks about the role and the skill of so many of its
findings (default 1,000), drawn with a seed. It prints processor time in microseconds: of a page asked for the first time and
again, of its parts, of the first figures of the same questions, and of the floors: pages that lie ready as text.
"""

from __future__ import annotations

import cProfile
import json
import pstats
import random
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import islice
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.answers.base import written
from evidencekb.kb import KnowledgeBase
from evidencekb.queries.candidates import Candidates, subjects_of
from evidencekb.queries.desk import desk_of
from evidencekb.queries.fitting import Fitting
from evidencekb.queries.subjects import question_of

Asked = dict[str, Any]
SEED, WARMING, FEW = 1, 100, 200
PARTS = {
    "records read into models": ("main.py", "model_validate_json"),
    "rows of cards made from them": ("making.py", "card_of"),
    "what other records say of a finding": ("neighbourhood.py", "of linked"),
    "cards read back from rows": ("stored.py", "known_from"),
    "references": ("keeping.py", "_marked"),
    "subjects, and what bears on them": ("desk.py", "subject"),
    "which findings a page shows": ("candidates.py", "__init__ first answering"),
    "fits": ("fitting.py", "card"),
    "answers": ("answering.py", "answer_of"),
}
"""Parts of a page, by the functions that do them; what one does inside another is counted in both."""


def drawn(kb: KnowledgeBase, wanted: int) -> list[Asked]:
    """Questions about the first role and the first skill of findings."""
    statement = (
        "SELECT MIN(CASE k.kind WHEN 'role' THEN k.id END), MIN(CASE k.kind WHEN 'skill' THEN k.id END) "
        "FROM finding_concept c JOIN concept k ON k.id = c.concept WHERE c.finding = ?"
    )
    findings = list(kb.ids("finding"))
    random.Random(SEED).shuffle(findings)
    rows = (kb.rows(statement, (id,))[0] for id in findings)
    return list(islice(({"role": role, "skill": skill} for role, skill in rows if role and skill), wanted))


def each(work: Callable[[Asked], object], questions: Sequence[Asked]) -> tuple[float, float]:
    """Processor time of one, in microseconds: the mean, and the one in the middle."""
    taken = []
    for question in questions:
        start = time.process_time()
        work(question)
        taken.append((time.process_time() - start) * 1e6)
    return sum(taken) / len(taken), sorted(taken)[len(taken) // 2]


def costs(kb: KnowledgeBase, questions: Sequence[Asked]) -> Iterator[tuple[str, float, float]]:
    """What was done, and what it took: the mean, and the one in the middle."""

    def brief(asked: Asked) -> ekb.Brief:
        return ekb.brief(kb, **asked)

    def figures(asked: Asked) -> object:
        return ekb.select_figures(kb, **asked)

    yield "first figures, first asked", *each(figures, questions)
    yield "first figures, asked again", *each(figures, questions)
    each(brief, questions[:WARMING])
    yield "page, first asked", *each(brief, questions[WARMING:])
    few = questions[:FEW]
    each(brief, few)
    yield "page, all of it kept", *each(brief, few)
    desk = desk_of(kb)
    subjects = {str(asked): subjects_of(desk, question_of(kb, asked)) for asked in few}
    yield "- of it: which findings it shows", *each(lambda q: Candidates(desk, subjects[str(q)]).first(30), few)
    order = {str(asked): Candidates(desk, subjects[str(asked)]).first(30) for asked in few}
    known = {asked: desk.known([c.finding for c in held]) for asked, held in order.items()}

    def fits(asked: Asked) -> object:
        fitting, held = Fitting(subjects[str(asked)]), known[str(asked)]
        return [fitting.card(held[c.finding], c) for c in order[str(asked)]]

    yield "- of it: the fits of 30 cards", *each(fits, few)
    pages = {str(asked): brief(asked) for asked in few}
    plain = {asked: page.to_dict() for asked, page in pages.items()}
    texts = {asked: written(data) for asked, data in plain.items()}
    size = sum(len(text.encode()) for text in texts.values()) // len(texts)
    yield f"page to plain data ({size:,} bytes as JSON)", *each(lambda q: pages[str(q)].to_dict(), few)
    yield "floor: the plain data written as JSON", *each(lambda q: written(plain[str(q)]), few)
    parts = {asked: [written(part) for part in _parts(data)] for asked, data in plain.items()}
    yield "floor: the same joined from ready parts", *each(lambda q: ",".join(parts[str(q)]), few)
    yield "floor: that text parsed", *each(lambda q: json.loads(texts[str(q)]), few)
    with tempfile.TemporaryDirectory() as folder, closing(sqlite3.connect(Path(folder, "pages.db"))) as ready:
        ready.execute("CREATE TABLE page(question TEXT PRIMARY KEY, body TEXT)")
        ready.executemany("INSERT INTO page VALUES (?, ?)", texts.items())
        ready.commit()
        asking = "SELECT body FROM page WHERE question = ?"
        yield "floor: that text read from a table", *each(lambda q: ready.execute(asking, (str(q),)).fetchone(), few)


def _parts(page: Asked) -> Iterator[Any]:
    """Cards, figures, references and whatever else a page lists or holds by id, each on its own."""
    for value in page.values():
        if isinstance(value, dict):
            yield from value.values()
        elif isinstance(value, list):
            yield from value
        else:
            yield value


def shares(kb: KnowledgeBase, questions: Sequence[Asked]) -> tuple[float, dict[str, float]]:
    """Of pages asked for the first time: cards that one of them reads or makes, and parts as shares of the profiler's time."""
    for asked in questions[:WARMING]:
        ekb.brief(kb, **asked)
    profile = cProfile.Profile()
    profile.enable()
    for asked in questions[WARMING : WARMING + FEW]:
        ekb.brief(kb, **asked)
    profile.disable()
    stats = pstats.Stats(profile).stats  # type: ignore[attr-defined]  # the rows themselves, by file, line and name
    within = {(Path(file).name, name): row[3] for (file, _, name), row in stats.items()}
    calls = {name: row[0] for (_, _, name), row in stats.items()}
    whole = within["composing.py", "_page"]
    return calls["known_from"] / calls["_page"], {
        part: sum(within.get((file, name), 0.0) for name in names.split()) / whole
        for part, (file, names) in PARTS.items()
    }


def main() -> None:
    """Measure, and print the tables."""
    file, wanted = sys.argv[1], int(sys.argv[2]) if len(sys.argv) > 2 else 1_000
    with ekb.load(file) as kb, ekb.load(file) as again:
        questions = drawn(kb, wanted)
        table = Table(
            "what", "µs", "in the middle", title=f"{kb.name}, {len(kb):,} findings, {len(questions):,} questions"
        )
        for what, mean, middle in costs(kb, questions):
            table.add_row(what, f"{mean:,.0f}", f"{middle:,.0f}")
        cards, found = shares(again, questions)
        parts = Table("part of a page, first asked", "% of it", title=f"{cards:.1f} cards a page were not kept yet")
        for part, share in found.items():
            parts.add_row(part, f"{share * 100:.0f}")
    Console().print(table, parts)


if __name__ == "__main__":
    main()
