"""What reading a .bib file costs, beside what a user would pick instead: ratios of the best times in one run.

``python benchmarks/bibliographies.py [FILE ...]`` reads a made bibliography of 17,000 entries and each file given. The
measure is ``bibtexparser.parse_string``, which splits a file and decodes nothing. Here, everything is done: names are split,
LaTeX is decoded, entries are works. refkit and citerra are measured where they are installed and read the file.
"""

from __future__ import annotations

import gc
import importlib
import logging
import random
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import LatexDecodingMiddleware, SeparateCoAuthors, SplitNameParts
from rich.console import Console
from rich.table import Table

from evidencekb.sources.bibtex import read_bibtex

ENTRIES = 17_000
_WORDS = (
    "language", "models", "of", "the", "{BERT}", "evaluation", "with", "G{\\\"o}del", "caf\\'e", "neural", "{A}ttention",
    "in", "$O(n)$", "translation", "for", "low-resource", "50\\%", "measuring", "bias", "and", "hiring",
)  # fmt: skip
_NAMES = (
    "Garc{\\'\\i}a",
    'M{\\"u}ller',
    "Smith",
    "van der Berg",
    "Nguyen",
    "O'Brien",
    "{\\L}ukasz",
    "Zhang",
    "de la Cruz",
)


def made() -> str:
    """A bibliography as conferences export it, the same in every run."""
    dice = random.Random(20261125)
    entries = []
    for number in range(ENTRIES):
        title = " ".join(dice.choices(_WORDS, k=12))
        authors = "  and\n      ".join(
            f"{dice.choice(_NAMES)}, {dice.choice('ABCDEFG')}nna {dice.choice('KLM')}."
            for _ in range(dice.randint(1, 7))
        )
        abstract = " ".join(dice.choices(_WORDS, k=40)) if dice.random() < 0.3 else ""
        entries.append(
            f'@inproceedings{{key-{number},\n    title = "{title}",\n    author = "{authors}",\n'
            f'    booktitle = "Proceedings of the {dice.randint(1, 60)}th Meeting",\n    month = {dice.choice(("jul", "aug"))},\n'
            f'    year = "{dice.randint(1979, 2026)}",\n    address = "Online",\n    publisher = "Association for Texts",\n'
            f'    url = "https://example.org/{number}",\n    doi = "10.5555/{number}",\n    pages = "{number}--{number + 9}",\n'
            + (f"    abstract = {{{abstract}}},\n" if abstract else "")
            + "}\n"
        )
    return "\n".join(entries)


def best(call: Callable[[], object], *, times: int) -> float:
    """The shortest of so many runs, in seconds."""
    taken = []
    for _ in range(times):
        gc.collect()
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)


def with_names(text: str) -> object:
    """The same work with what bibtexparser brings for it."""
    more = [LatexDecodingMiddleware(), SeparateCoAuthors(), SplitNameParts()]
    return parse_string(text, append_middleware=more)


def others(text: str) -> dict[str, Callable[[], object]]:
    """What else reads .bib files, if it is here."""
    ways: dict[str, Callable[[], object]] = {}
    for name in ("refkit", "citerra"):
        try:
            module = importlib.import_module(name)
        except ImportError:
            continue
        if name == "refkit":
            ways["refkit, to records"] = partial(_with_refkit, module, text)
        else:
            ways["citerra, with authors"] = partial(_with_citerra, module, text)
    return ways


def _with_refkit(refkit: Any, text: str) -> object:
    return refkit.Library.parse_bibtex(text).to_records()


def _with_citerra(citerra: Any, text: str) -> object:
    return [(entry.authors(), entry.fields) for entry in citerra.parse_text(text).entries]


def main() -> None:
    """Measure, and print the table."""
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL + 1)
    texts = {"made": made()} | {Path(name).name: Path(name).read_text(encoding="utf-8") for name in sys.argv[1:]}
    table = Table("file", "what", "seconds", "of bibtexparser's bare parse")
    for name, text in texts.items():
        bare = best(partial(parse_string, text), times=3)
        ways: dict[str, Callable[[], object]] = {
            "read_bibtex, to items": partial(read_bibtex, text, "a.bib"),
            **others(text),
            "bibtexparser, names and LaTeX": partial(with_names, text),
        }
        entries = len(read_bibtex(text, "a.bib").entries)
        table.add_row(f"{name}: {entries:,} entries, {len(text) / 1e6:.1f} MB", "bibtexparser", f"{bare:.2f}", "1.00")
        for way, call in ways.items():
            try:
                taken = best(call, times=1 if "names and" in way else 3)
                table.add_row("", way, f"{taken:.2f}", f"{taken / bare:.2f}")
            except Exception as refused:  # noqa: BLE001 - each library refuses in its own way
                table.add_row("", way, "refused", str(refused).splitlines()[0][:60])
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
