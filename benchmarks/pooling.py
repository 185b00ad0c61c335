"""Pooling a million estimates by group, beside the same arithmetic written out in numpy: ratios of medians in one run.

``python benchmarks/pooling.py [ROWS]`` prints a table. The numpy side codes nothing and checks nothing where labels are whole
numbers from 0; with texts as labels both sides have to number them.
"""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from evidencekb.synthesis import pool_groups

ROUNDS = 7


def median(call: Callable[[], object]) -> float:
    """The median of so many runs, in milliseconds, after one that is thrown away."""
    call()
    taken = []
    for _ in range(ROUNDS):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return 1000 * statistics.median(taken)


def written_out(y: Any, v: Any, labels: Any, method: str) -> Any:
    """Common effect or DerSimonian-Laird of each group, as one would write it."""
    g = labels if labels.dtype.kind == "i" else np.unique(labels, return_inverse=True)[1]
    w, k = 1 / v, np.bincount(g)
    sw, mean = np.bincount(g, w), np.bincount(g, w * y) / np.bincount(g, w)
    if method == "common":
        return mean, np.sqrt(1 / sw)
    q = np.bincount(g, w * (y - mean[g]) ** 2)
    with np.errstate(all="ignore"):
        tau2 = np.where(k > 1, np.maximum(0, (q - (k - 1)) / (sw - np.bincount(g, w * w) / sw)), 0)
    w = 1 / (v + tau2[g])
    sw = np.bincount(g, w)
    return np.bincount(g, w * y) / sw, np.sqrt(1 / sw)


def main() -> None:
    """Measure, and print the table."""
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    random = np.random.default_rng(7)
    y, v = random.normal(size=rows), random.uniform(0.1, 2, rows)
    table = Table("labels", "groups", "estimator", "pool_groups, ms", "numpy, ms", "ratio", title=f"{rows:,} estimates")
    for groups in (10, 1_000, 100_000):
        whole = np.concatenate([np.arange(groups), random.integers(0, groups, rows - groups)])
        for labels in (whole, np.char.add("g", whole.astype(str)) if groups == 1_000 else None):
            if labels is None:
                continue
            for method in ("common", "DL"):
                ours = median(lambda: pool_groups(y, v, labels, method=method))  # noqa: B023
                theirs = median(lambda: written_out(y, v, labels, method))  # noqa: B023
                assert np.allclose(
                    pool_groups(y, v, labels, method=method).estimate, written_out(y, v, labels, method)[0]
                )
                kind = "numbers" if labels is whole else "texts"
                table.add_row(kind, f"{groups:,}", method, f"{ours:.1f}", f"{theirs:.1f}", f"{ours / theirs:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
