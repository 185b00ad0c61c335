"""References printed at build and when asked: what a build takes more, and what a question costs less.

``python benchmarks/references.py [PACK]`` builds a pack (default ``data``) with and without its references, asks both files for
ten sources by chance and for all of them in each style that ships, and prints seconds, sizes and medians.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from rich.console import Console
from rich.table import Table

import evidencekb as ekb
from evidencekb.loading.building import build_unprinted
from evidencekb.sources.formatting import STYLES

ROOT = Path(__file__).resolve().parent.parent
ROUNDS = 30


def seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def median(kb: ekb.KnowledgeBase, sets: list[list[str]], style: str) -> float:
    """Milliseconds for a set, the style opened before."""
    ekb.references(kb, sets[0], style=style)
    return 1000 * statistics.median(seconds(lambda each=each: ekb.references(kb, each, style=style)) for each in sets)  # type: ignore[misc]  # mypy takes a default for no value


def main() -> None:
    """Measure, and print two tables."""
    pack = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "data"
    console = Console()
    with tempfile.TemporaryDirectory() as folder:
        kept, plain = Path(folder) / "kept.ekb", Path(folder) / "plain.ekb"
        table = Table("build", "seconds", "KiB")
        for name, out, work in (("without references", plain, build_unprinted), ("with references", kept, ekb.build)):
            taken = min(seconds(lambda work=work, out=out: work(pack, out)) for _ in range(3))  # type: ignore[misc]  # as above
            table.add_row(name, f"{taken:.2f}", f"{out.stat().st_size / 1024:,.0f}")
        console.print(table)
        with ekb.load(kept) as one, ekb.load(plain) as other:
            keys = list(one.ids("source"))
            draw = random.Random(3)
            sets = [draw.sample(keys, min(10, len(keys))) for _ in range(ROUNDS)]
            table = Table("milliseconds", "ten, kept", "ten, printed now", f"all {len(keys)}, kept", "all, printed now")
            for style in STYLES:
                cells = (median(kb, asked, style) for asked in (sets, [keys]) for kb in (one, other))
                table.add_row(style, *(f"{cell:.1f}" for cell in cells))
            console.print(table)


if __name__ == "__main__":
    main()
