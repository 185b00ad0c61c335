"""What importing a bibliography costs, beside a bare parse of the same file: ratios of the best times in one run.

``python benchmarks/importing.py [FILE ...]`` imports a made bibliography of 17,000 entries and each file given into an empty
pack. The measure is ``bibtexparser.parse_string``, which splits a text into blocks and decodes nothing. An import does
everything: it reads names, dates and LaTeX, looks for duplicates, copies the entries and writes the pack's files. An import
of the same file again, of which everything is there already, is measured too.
"""

from __future__ import annotations

import gc
import logging
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

from bibliographies import best, made  # type: ignore[import-not-found]  # stands beside this script
from bibtexparser.entrypoint import parse_string
from rich.console import Console
from rich.table import Table

from evidencekb.curating.importing import ImportReport, import_file

TIMES = 5


def first_and_again(path: Path) -> tuple[float, float, ImportReport]:
    """Seconds of an import into an empty pack, and of the same again; the report of the first."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, "pack.yaml").write_text("name: example\nversion: 1.0.0\n")
        first, report = timed(folder, path)
        again, _ = timed(folder, path)
    return first, again, report


def timed(folder: str, path: Path) -> tuple[float, ImportReport]:
    """Seconds of an import, and its report."""
    gc.collect()
    start = time.perf_counter()
    report = import_file(folder, path)
    return time.perf_counter() - start, report


def main() -> None:
    """Measure, and print the table."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)
    table = Table("file", "what", "seconds", "of bibtexparser's bare parse")
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder, "made.bib")
        library.write_text(made(), encoding="utf-8")
        for path in (library, *map(Path, sys.argv[1:])):
            text = path.read_text(encoding="utf-8")
            bare = best(partial(parse_string, text), times=TIMES)
            runs = [first_and_again(path) for _ in range(TIMES)]
            report = runs[0][2]
            table.add_row(
                f"{path.name}: {report.read:,} entries, {len(text) / 1e6:.1f} MB", "bibtexparser", f"{bare:.2f}", "1.00"
            )
            done = f"{len(report.added):,} added, {len(report.merged):,} merged, {len(report.skipped):,} skipped"
            for what, taken in (
                (f"import: {done}", min(run[0] for run in runs)),
                ("again", min(run[1] for run in runs)),
            ):
                table.add_row("", what, f"{taken:.2f}", f"{taken / bare:.2f}")
    Console(width=140).print(table)


if __name__ == "__main__":
    main()
