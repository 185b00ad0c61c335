"""Writes what was measured into the page: tables between two marks, and the plot beside it."""

from __future__ import annotations

import datetime
import math
import os
import platform
import sqlite3
import statistics
from collections.abc import Callable, Iterable, Sequence
from importlib import metadata
from pathlib import Path

from benchmarks.engines.contenders import ALONE, ASK, CHECK, CONTENDERS, FIGURES, OURS, YAML, Contender, find
from benchmarks.engines.goals import goals
from benchmarks.engines.packs import KINDS
from benchmarks.engines.plotting import Line, plot
from benchmarks.engines.running import Bench, Result, stopped, total_memory

BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
PAGE, PLOT = "performance.md", "performance.svg"
_CELLS = (
    "Cells are ratios to evidencekb at the same size (above 1: slower than evidencekb), then the median in the unit of the "
    "table, and the least and the most of all rounds in brackets. A cell without brackets is "
    "a single run, an empty one was not run."
)


class Measured:
    """What is kept of all runs, by contender and size.

    Attributes:
        sizes: Numbers of findings for which anything was measured, ascending.
    """

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        found = (path.name.split(".") for path in (bench.work / "results").glob("*.json"))
        self.sizes = sorted({int(parts[2].partition("-")[0]) for parts in found})

    def runs(self, contender: Contender, findings: int, *, broken: bool = False) -> list[Result]:
        """The runs that came to an end."""
        return [run for run in self._bench.runs(contender, findings, broken=broken) if not stopped(run)]

    def why_not(self, contender: Contender, findings: int) -> str:
        """Why there are no figures."""
        if missing := contender.missing():
            return f"skipped: no {', '.join(missing)}"
        for run in self._bench.runs(contender, findings):
            if stopped(run):
                return stopped(run)
        return ""

    def values(self, contender: Contender, findings: int, value: Callable[[Result], float]) -> list[float]:
        """One value of each run."""
        return [value(run) for run in self.runs(contender, findings)]

    def median(self, contender: Contender, findings: int, value: Callable[[Result], float]) -> float | None:
        """The median of a value, or ``None`` where nothing was measured."""
        values = self.values(contender, findings, value)
        return statistics.median(values) if values else None


def seconds(run: Result) -> float:
    """Seconds of all laps of a run."""
    return float(sum(run["laps"].values()))


def processor(run: Result) -> float:
    """Processor seconds of all laps of a run."""
    return float(sum(run["cpu"].values()))


def latency(kind: str, which: str) -> Callable[[Result], float]:
    """Reads p50 or p99 of a kind of question, in seconds."""
    return lambda run: run["kinds"][kind][which]


def number(value: float) -> str:
    """Three digits that count."""
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:,.{digits}f}"


def spread(values: Sequence[float], unit: float = 1) -> str:
    """The median, and from the least to the most where there are several."""
    shown = [number(value / unit) for value in (statistics.median(values), min(values), max(values))]
    return f"{shown[0]} ({shown[1]}–{shown[2]})" if len(values) > 1 else shown[0]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A Markdown table."""
    return [
        "| " + " | ".join(head) + " |",
        "|" + "---|" * len(head),
        *("| " + " | ".join(row) + " |" for row in rows),
        "",
    ]


def size_name(findings: int) -> str:
    """10,000 as 10k."""
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if findings >= unit and findings % unit == 0:
            return f"{findings // unit}{name}"
    return str(findings)


def write_page(bench: Bench, docs: Path) -> None:
    """Put tables and plot into the folder; what stands around the marks is left alone."""
    measured = Measured(bench)
    page = docs / PAGE
    before, found, rest = page.read_text(encoding="utf-8").partition(BEGIN)
    if not found:
        raise SystemExit(f"{page} has no line {BEGIN}")
    after = rest.partition(END)[2]
    text = "\n".join([BEGIN, "", *sections(measured), END])
    page.write_text(before + text + after, encoding="utf-8")
    (docs / PLOT).write_text(picture(measured), encoding="utf-8")
    bench.say(f"wrote {PAGE} and {PLOT}")


def sections(measured: Measured) -> list[str]:
    """The generated part of the page."""
    return [
        *_about(measured), *_goals(measured), *_checks(measured), *_stages(measured), *_asks(measured),
        *_kinds(measured), *_alone(measured), *_yaml(measured), *_growth(measured),
    ]  # fmt: skip


def _of(work: str) -> list[Contender]:
    return [contender for contender in CONTENDERS if contender.work == work]


def _about(measured: Measured) -> list[str]:
    needs = sorted({name for contender in CONTENDERS for name in contender.needs}, key=str.lower)
    versions = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    for name in ("evidencekb", *needs):
        try:
            versions.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            versions.append(f"{name} not installed")
    rounds = max((len(measured.runs(c, size)) for c in CONTENDERS for size in measured.sizes), default=0)
    machine = f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores, {total_memory():.0f} GiB"
    sizes = ", ".join(f"{size:,}" for size in measured.sizes)
    return [
        f"Written on {datetime.date.today()}; {machine}. Findings: {sizes}. Up to {rounds} rounds.", "",
        f"{'; '.join(versions)}.", "",
        _CELLS, "",
        f"![Seconds and microseconds against the number of findings, by contender]({PLOT})", "",
    ]  # fmt: skip


def _goals(measured: Measured) -> list[str]:
    rows = [(what, goal, shown, "yes" if met else "**no**") for what, goal, shown, met in goals(measured)]
    return ["### Goals", "", *table(("work", "goal", "measured", "met"), rows)] if rows else []


def _cell(
    measured: Measured, contender: Contender, size: int, value: Callable[[Result], float], unit: float = 1
) -> str:
    values = measured.values(contender, size, value)
    if not values:
        return measured.why_not(contender, size)
    base = measured.median(find(contender.work, OURS), size, value)
    ratio = f"**{number(statistics.median(values) / base)}×** " if base else ""
    return ratio + spread(values, unit)


def _checks(measured: Measured) -> list[str]:
    rows = []
    sizes = [size for size in measured.sizes if any(measured.runs(c, size) for c in _of(CHECK))]
    for contender in _of(CHECK):
        memory = measured.median(contender, _last(measured, contender), lambda run: run["memory"])
        rows.append([
            contender.label, *(_cell(measured, contender, size, seconds) for size in sizes),
            "" if memory is None else f"{memory:,.0f} at {size_name(_last(measured, contender))}",
            _agreement(measured, contender, sizes), contender.note,
        ])  # fmt: skip
    if not sizes:
        return []
    head = ("contender", *map(size_name, sizes), "MB at most", "broken records", "not like for like")
    return ["### Check and build, seconds", "", *table(head, rows)]


def _stages(measured: Measured) -> list[str]:
    """Where the time of a build goes."""
    ours = find(CHECK, OURS)
    sizes = [size for size in measured.sizes if measured.runs(ours, size)]
    names = dict.fromkeys(name for size in sizes for run in measured.runs(ours, size) for name in run["stages"])
    rows = []
    for name in names:
        shares = [
            f"{statistics.median(run['stages'].get(name, 0) / seconds(run) for run in measured.runs(ours, size)):.0%}"
            for size in sizes
        ]
        rows.append([name, *shares])
    head = ("stage", *map(size_name, sizes))
    return ["### Where the time of check and build goes", "", *table(head, rows)] if rows else []


def _last(measured: Measured, contender: Contender) -> int:
    """The largest size at which it came to an end."""
    return max((size for size in measured.sizes if measured.runs(contender, size)), default=0)


def _agreement(measured: Measured, contender: Contender, sizes: Sequence[int]) -> str:
    """Whether all broken records were listed under their rules and no other, at every size that was run."""
    runs = {size: run for size in sizes for run in measured.runs(contender, size, broken=True)[-1:]}
    if not runs or not any(run["faults"] for run in runs.values()):
        return ""
    wrong = [f"{size_name(size)}: {', '.join(run['differs'])}" for size, run in runs.items() if run["differs"]]
    return "; ".join(wrong) or f"all ({', '.join(map(size_name, runs))})"


def _asks(measured: Measured) -> list[str]:
    main = next(iter(KINDS))
    sizes = [size for size in measured.sizes if any(measured.runs(c, size) for c in _of(ASK))]
    if not sizes:
        return []
    lines = []
    for which, name in (("p50", "half of the questions"), ("p99", "99 in 100")):
        rows = [
            [contender.label, *(_cell(measured, contender, size, latency(main, which), 1e-6) for size in sizes)]
            + (
                [_answers(measured, contender, sizes), _prepared(measured, contender), contender.note]
                if which == "p50"
                else []
            )
            for contender in _of(ASK)
        ]
        head = ["contender", *map(size_name, sizes)] + (["answers", "prepare, s", "note"] if which == "p50" else [])
        lines += [f"### The three strongest for {main}: {name} within so many µs ({which})", "", *table(head, rows)]
    return lines


def _answers(measured: Measured, contender: Contender, sizes: Sequence[int]) -> str:
    """How many answers were compared with evidencekb's over all runs, kinds and sizes, and how many differ."""
    if contender.name == OURS:
        return ""
    compared = differ = 0
    for size in sizes:
        ours, theirs = measured.runs(find(ASK, OURS), size)[:1], measured.runs(contender, size)
        for run in theirs if ours else ():
            for kind, held in run["kinds"].items():
                pairs = list(zip(ours[0]["kinds"][kind]["answers"], held["answers"], strict=False))
                compared += len(pairs)
                differ += sum(a != b for a, b in pairs)
    if not compared:
        return ""
    return f"**{differ:,} of {compared:,} differ**" if differ else f"{compared:,} equal"


def _prepared(measured: Measured, contender: Contender) -> str:
    size = _last(measured, contender)
    values = measured.values(contender, size, seconds) if size else []
    return f"{spread(values)} at {size_name(size)}" if values else ""


def _kinds(measured: Measured) -> list[str]:
    """Questions by one subject, and figures, at the largest size that most have."""
    lines = []
    others = [kind for kind in KINDS if kind != next(iter(KINDS))]
    sizes = [size for size in measured.sizes if measured.runs(find(ASK, OURS), size) and size <= 100_000]
    for size in sizes[-1:]:
        rows = [
            [contender.label]
            + [_both(measured, contender, size, kind) for kind in others]
            for contender in _of(ASK)
            if measured.runs(contender, size)
        ]  # fmt: skip
        lines += [f"### One subject, {size:,} findings, p50 / p99 in µs", "", *table(("contender", *others), rows)]
    sizes = [size for size in measured.sizes if any(measured.runs(c, size) for c in _of(FIGURES))]
    if sizes:
        rows = [
            [f"{kind}, {contender.label}", *(_both(measured, contender, size, kind) for size in sizes)]
            for kind in KINDS
            for contender in _of(FIGURES)
        ]
        lines += ["### As figures, p50 / p99 in µs", "", *table(("question", *map(size_name, sizes)), rows)]
    return lines


def _both(measured: Measured, contender: Contender, size: int, kind: str) -> str:
    medians = [measured.median(contender, size, latency(kind, which)) for which in ("p50", "p99")]
    return " / ".join(number(value * 1e6) for value in medians if value is not None)


def _alone(measured: Measured) -> list[str]:
    """What has no counterpart."""
    wanted: dict[str, tuple[str, Callable[[Result], float], float]] = {
        "open a sealed file, after import, ms": ("open", lambda run: run["open"], 1e-3),
        "memory grown by opening, MB": ("open", lambda run: run["grown"], 1),
        "first question after opening, ms": ("open", lambda run: run["first"], 1e-3),
        "memory grown after a question, MB": ("open", lambda run: run["grown after"], 1),
        "full briefs a second, one process": ("briefs", lambda run: 1 / run["each"], 1),
        "a brief, p99, ms": ("briefs", lambda run: run["p99"], 1e-3),
        "audit of chains (101, 102, 105), s": ("audit", lambda run: run["chains"], 1),
        "audit of all other references (103, 201), s": ("audit", lambda run: run["references"], 1),
        "size of the sealed file, MB": ("open", lambda run: run["size"], 1),
    }
    sizes = [size for size in measured.sizes if any(measured.runs(c, size) for c in _of(ALONE))]
    rows = [
        [what] + [
            spread(values, unit) if (values := measured.values(find(ALONE, name), size, value))
            else measured.why_not(find(ALONE, name), size) for size in sizes
        ]
        for what, (name, value, unit) in wanted.items()
    ]  # fmt: skip
    return ["### evidencekb alone", "", *table(("what", *map(size_name, sizes)), rows)] if sizes else []


def _yaml(measured: Measured) -> list[str]:
    sizes = [size for size in measured.sizes if measured.runs(find(YAML, OURS), size)]
    rows = [
        [contender.label, *(_cell(measured, contender, size, seconds) for size in sizes)] for contender in _of(YAML)
    ]
    lines = find(CHECK, "evidencekb-check")
    row = ["evidencekb, check of the same as JSON Lines"]
    for size in sizes:
        base = measured.median(find(YAML, OURS), size, seconds)
        values = measured.values(lines, size, seconds)
        row.append(f"**{number(statistics.median(values) / base)}×** {spread(values)}" if values and base else "")
    return (
        ["### Packs as YAML, seconds", "", *table(("contender", *map(size_name, sizes)), [*rows, row])] if sizes else []
    )


def exponent(
    measured: Measured, contender: Contender, sizes: Sequence[int], value: Callable[[Result], float]
) -> float | None:
    """How the cost grows from one size to the next: 1 is in step with the findings."""
    low, high = (measured.median(contender, size, value) for size in sizes)
    if not low or not high:
        return None
    return math.log(high / low) / math.log(sizes[1] / sizes[0])


def _growth(measured: Measured) -> list[str]:
    steps = list(zip(measured.sizes, measured.sizes[1:], strict=False))
    wanted: list[tuple[str, Contender, Callable[[Result], float]]] = []
    for contender in _of(CHECK):
        wanted.append((f"{contender.label}, seconds", contender, seconds))
        if contender.name.startswith(OURS):
            wanted.append((f"{contender.label}, processor", contender, processor))
    main = next(iter(KINDS))
    wanted += [(f"question, p50: {contender.label}", contender, latency(main, "p50")) for contender in _of(ASK)]
    rows = []
    for what, contender, value in wanted:
        found = [exponent(measured, contender, step, value) for step in steps]
        if any(grown is not None for grown in found):
            rows.append([what, *("" if grown is None else f"{grown:.2f}" for grown in found)])
    head = ("work", *(f"{size_name(a)} to {size_name(b)}" for a, b in steps))
    return ["### Growth, as an exponent of the number of findings", "", *table(head, rows)] if rows else []


def picture(measured: Measured) -> str:
    """Check on the left, questions on the right."""
    panels: list[tuple[str, list[Line]]] = []
    for title, work, value, unit in (
        ("check, seconds", CHECK, seconds, 1.0), ("question, µs (p50)", ASK, latency(next(iter(KINDS)), "p50"), 1e-6),
    ):  # fmt: skip
        lines = []
        for contender in _of(work):
            medians = [(size, measured.median(contender, size, value)) for size in measured.sizes]
            points = [(size, found / unit) for size, found in medians if found]
            if points:
                lines.append(Line(contender.label, points, contender.name == OURS))
        panels.append((title, lines))
    return plot(panels)
