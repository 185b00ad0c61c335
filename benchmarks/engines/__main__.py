"""Run what was asked for and write the page: ``python -m benchmarks.engines --help``."""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

from benchmarks.engines.contenders import CONTENDERS
from benchmarks.engines.running import ROOT, Bench, run_all

WORKS = tuple(dict.fromkeys(contender.work for contender in CONTENDERS))
NAMES = tuple(dict.fromkeys(contender.name for contender in CONTENDERS))


def size(text: str) -> int:
    """The number in ``10k`` or ``1M``."""
    units = {"k": 1_000, "m": 1_000_000}
    digits, unit = (text[:-1], units[text[-1].lower()]) if text[-1].lower() in units else (text, 1)
    return int(digits) * unit


def parsed(arguments: list[str]) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engines", description=__doc__)
    parser.add_argument("--sizes", default="1k,10k,100k", help="findings, with commas: 1k,10k,100k,1M")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each contender, interleaved")
    parser.add_argument("--peers", default="", help=f"only these, also above their usual size: {', '.join(NAMES)}")
    parser.add_argument("--works", default=",".join(WORKS), help=f"only these: {', '.join(WORKS)}")
    parser.add_argument("--limit", type=float, default=900, help="seconds that one run may take")
    parser.add_argument(
        "--work", type=Path, default=ROOT / "build" / "benchmarks", help="where packs and results are kept"
    )
    parser.add_argument(
        "--docs", type=Path, default=ROOT / "docs" / "explanation", help="where the page and the plot go"
    )
    parser.add_argument("--fresh", action="store_true", help="forget what was measured before, of --peers if named")
    parser.add_argument("--render", action="store_true", help="measure nothing, write the page from what is kept")
    parser.add_argument("--no-page", action="store_true", help="measure only")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> None:
    """Measure, then write the page."""
    asked = parsed(sys.argv[1:] if arguments is None else arguments)
    names = [name for name in asked.peers.split(",") if name]
    works = [work for work in asked.works.split(",") if work]
    if unknown := sorted({*names} - {*NAMES} | {*works} - {*WORKS}):
        sys.exit(f"unknown: {', '.join(unknown)}; there are {', '.join((*NAMES, *WORKS))}")
    began = time.monotonic()

    def say(text: str) -> None:
        sys.stderr.write(f"{time.monotonic() - began:7.0f} s  {text}\n")
        sys.stderr.flush()

    bench = Bench(asked.work.resolve(), asked.limit, say)
    for path in (bench.work / "results").glob("*.json") if asked.fresh else ():
        if not names or path.name.split(".")[1] in names:
            path.unlink()
    if not asked.render:
        run_all(bench, [size(text) for text in asked.sizes.split(",")], asked.rounds, names, works)
    if not asked.no_page:
        from benchmarks.engines.rendering import write_page

        write_page(bench, asked.docs)


if __name__ == "__main__":
    main()
