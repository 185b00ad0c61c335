"""The ratios and times that the library is meant to reach, each read off the runs where they were made."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from typing import Protocol

from benchmarks.engines.contenders import ALONE, ASK, CHECK, FIGURES, OURS, YAML, Contender, find
from benchmarks.engines.packs import KINDS
from benchmarks.engines.running import Result

MAIN = next(iter(KINDS))
Value = Callable[[Result], float]


class Medians(Protocol):
    """Gives the median of a value over the runs of a contender at a size, or ``None``."""

    def median(self, contender: Contender, findings: int, value: Value, /) -> float | None:
        """The median."""


def _seconds(run: Result) -> float:
    return float(sum(run["laps"].values()))


def _asked(kind: str, which: str) -> Value:
    return lambda run: run["kinds"][kind][which] * 1e6


# size, ours, peer, at most this many times the peer's seconds
RATIOS = (
    (10_000, "shacl", 1.2), (10_000, "pyshacl", 1 / 40), (100_000, "shacl", 0.6), (100_000, "pyoxigraph", 1 / 5),
    (100_000, "pyshacl", 1 / 60), (100_000, "msgspec", 6.0),
)  # fmt: skip

# work, contender, size, what, value, at most
LIMITS: tuple[tuple[str, str, int, str, Value, float], ...] = (
    (CHECK, OURS, 1_000_000, "check and build, s", _seconds, 60),
    (CHECK, OURS, 1_000_000, "check and build, MB", lambda run: run["memory"], 1.2 * 1024),
    *((ALONE, "open", size, "open, ms", lambda run: run["open"] * 1e3, 5) for size in (100_000, 1_000_000)),
    *(
        (ALONE, "open", size, "memory grown by opening, MB", lambda run: run["grown"], 5)
        for size in (100_000, 1_000_000)
    ),
    *((ASK, OURS, 100_000, f"{kind}, p50, µs", _asked(kind, "p50"), 10) for kind in KINDS),
    *((ASK, OURS, 100_000, f"{kind}, p99, µs", _asked(kind, "p99"), 100) for kind in KINDS),
    (FIGURES, OURS, 100_000, f"{MAIN} as figures, first asked, p50, µs", _asked(MAIN, "p50"), 40),
    (FIGURES, "evidencekb-again", 100_000, f"{MAIN} as figures, asked before, p50, µs", _asked(MAIN, "p50"), 40),
    (ALONE, "briefs", 100_000, "a full brief, µs", lambda run: run["each"] * 1e6, 200),
    (ALONE, "audit", 100_000, "audit of chains, s", lambda run: run["chains"], 0.2),
)

# work, what, sizes, value, exponent at most
GROWTH: tuple[tuple[str, str, tuple[int, int], Value, float], ...] = (
    (CHECK, "growth of check and build", (10_000, 100_000), _seconds, 1.1),
    (CHECK, "growth of check and build", (100_000, 1_000_000), _seconds, 1.2),
    (ASK, "growth of a question", (10_000, 100_000), _asked(MAIN, "p50"), 0.2),
    (ASK, "growth of a question", (100_000, 1_000_000), _asked(MAIN, "p50"), 0.2),
)


def goals(medians: Medians) -> Iterator[tuple[str, str, str, bool]]:
    """Of each goal that was measured: the work, the goal, what was measured, and whether it is met."""
    ours = find(CHECK, OURS)
    for size, name, most in RATIOS:
        peer = find(CHECK, name)
        yield from _ratio(f"check and build, {size:,}", peer.label, most, *_pair(medians, size, ours, peer, _seconds))
    for which, most in (("p50", 4), ("p99", 8)):
        lists = find(ASK, "lists")
        pair = _pair(medians, 100_000, find(ASK, OURS), lists, _asked(MAIN, which))
        yield from _ratio(f"{MAIN}, {which}, 100,000", lists.label, most, *pair)
    pair = (
        medians.median(find(YAML, OURS), 10_000, _seconds),
        medians.median(find(CHECK, "evidencekb-check"), 10_000, _seconds),
    )
    yield from _ratio("check of YAML, 10,000", "check of JSON Lines", 3, *pair)
    for work, name, size, what, value, limit in LIMITS:
        found = medians.median(find(work, name), size, value)
        if found is not None:
            yield f"{what}, {size:,}", f"{limit:,.4g}", f"{found:,.3g}", found <= limit
    for work, what, sizes, value, limit in GROWTH:
        low, high = (medians.median(find(work, OURS), size, value) for size in sizes)
        if low and high:
            grown = math.log(high / low) / math.log(sizes[1] / sizes[0])
            yield f"{what}, {sizes[0]:,} to {sizes[1]:,}", f"exponent {limit}", f"{grown:.2f}", grown <= limit


def _pair(
    medians: Medians, size: int, ours: Contender, peer: Contender, value: Value
) -> tuple[float | None, float | None]:
    return medians.median(ours, size, value), medians.median(peer, size, value)


def _ratio(
    what: str, peer: str, most: float, ours: float | None, theirs: float | None
) -> Iterator[tuple[str, str, str, bool]]:
    if ours is not None and theirs:
        yield what, f"{most:.3g}× {peer}", f"{ours / theirs:.3g}×", ours / theirs <= most
