"""One piece of work in a fresh process: ``python -m benchmarks.engines.child WORK NAME FOLDER FINDINGS BUDGET OUT [broken]``.

What was measured is written to OUT as JSON. BUDGET is how many seconds questions of one kind may take.
"""

from __future__ import annotations

import hashlib
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.engines.contenders import ALONE, CHECK, YAML, find
from benchmarks.engines.measuring import Laps, asked, at, memory
from benchmarks.engines.packs import KINDS, Faults, Pack


def checked(pack: Pack, call: Any) -> dict[str, Any]:
    """Time a check, and hold what it found against what is known to be broken."""
    laps = Laps()
    found: Faults = call(pack, laps)
    differs = {}
    for code, ids in pack.truth.items() if found else ():
        listed = found.get(code, set())
        if missed := sorted(ids - listed):
            differs[f"{code} missed"] = missed
        if wrong := sorted(listed - ids):
            differs[f"{code} wrong"] = wrong
    extra = {code: sorted(ids) for code, ids in found.items() if ids and code not in pack.truth}
    counts = {code: len(ids) for code, ids in found.items()}
    differs |= {f"{code} wrong": ids for code, ids in extra.items()}
    shown = {name: listed[:5] for name, listed in differs.items()}
    return {"laps": laps.wall, "cpu": laps.cpu, "stages": laps.stages, "faults": counts, "differs": shown}


def questioned(pack: Pack, call: Any, budget: float) -> dict[str, Any]:
    """Ask all kinds of questions; answers are kept as digests, so that they can be compared between contenders."""
    laps = Laps()
    ask = call(pack, laps)
    warming, questions = pack.questions()
    kinds = {}
    for name, kind in KINDS.items():
        taken, answers = asked(ask, [kind(q) for q in warming], [kind(q) for q in questions], budget)
        kinds[name] = {
            "p50": at(taken, 0.5), "p99": at(taken, 0.99), "mean": sum(taken) / len(taken), "asked": len(taken),
            "answers": [digest(answer) for answer in answers],
        }  # fmt: skip
    return {"laps": laps.wall, "cpu": laps.cpu, "kinds": kinds}


def digest(answer: Sequence[object]) -> str:
    """A short digest of an answer, order included."""
    return hashlib.sha256("\n".join(map(str, answer)).encode()).hexdigest()[:8]


def done(work: str, name: str, pack: Pack, budget: float) -> dict[str, Any]:
    """Do a piece of work and give what was measured."""
    if work == "seal":
        from benchmarks.engines import ours

        return ours.seal(pack)
    start = time.perf_counter()
    call = find(work, name).call()
    imported, before = time.perf_counter() - start, memory("VmRSS")
    if work in (CHECK, YAML):
        measured = checked(pack, call)
    elif work == ALONE:
        measured = call(pack, budget) if name == "briefs" else call(pack)
    else:
        measured = questioned(pack, call, budget)
    return {"imported": imported, "before": before, "memory": memory(), **measured}


def main() -> None:
    """Do it; a package that is not there, or does not load, is said, not raised."""
    work, name, folder, findings, budget, out, *rest = sys.argv[1:]
    pack = Pack(Path(folder), int(findings), broken="broken" in rest)
    try:
        result = done(work, name, pack, float(budget))
    except ImportError as problem:
        result = {"absent": str(problem)}
    Path(out).write_text(json.dumps(result), encoding="utf-8")


if __name__ == "__main__":
    main()
