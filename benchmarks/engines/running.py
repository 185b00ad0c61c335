"""Starts the children, holds them to limits, and keeps what they measured, so that a run can be taken up again."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from benchmarks.engines.contenders import CHECK, CONTENDERS, OURS, YAML, Contender, find
from benchmarks.engines.packs import Pack

ROOT = Path(__file__).parents[2]
LIBRARY = ROOT / "src" / "evidencekb"
SHARE = 0.8
"""The share of the machine's memory above which a child is stopped."""

BUDGET = 20.0
"""Seconds for the questions of one kind; a contender that asks fewer in that time is measured by those."""

Say = Callable[[str], None]
Result = dict[str, Any]


@dataclass(frozen=True)
class Bench:
    """Where everything is kept, and how far a child may go.

    Attributes:
        work: Folder of packs and results.
        limit: Seconds a child may take.
        say: Told what is being done.
    """

    work: Path
    limit: float
    say: Say

    def pack(self, findings: int, *, broken: bool = False) -> Pack:
        """The pack of that size."""
        folder = self.work / "packs"
        folder.mkdir(parents=True, exist_ok=True)
        return Pack(folder, findings, broken)

    def kept(self, contender: Contender, findings: int, *, broken: bool = False) -> Path:
        """The file of results."""
        ending = "-broken" if broken else ""
        return self.work / "results" / f"{contender.work}.{contender.name}.{findings}{ending}.json"

    def runs(self, contender: Contender, findings: int, *, broken: bool = False) -> list[Result]:
        """What was measured so far, of the same versions; one run a round."""
        path = self.kept(contender, findings, broken=broken)
        if not path.exists():
            return []
        held = json.loads(path.read_text(encoding="utf-8"))
        return list(held["runs"]) if held["versions"] == versions(contender) else []

    def run(self, contender: Contender, findings: int, *, broken: bool = False) -> Result:
        """One more run, measured and kept."""
        runs = self.runs(contender, findings, broken=broken)
        result = self.child(contender.work, contender.name, self.pack(findings, broken=broken))
        path = self.kept(contender, findings, broken=broken)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(".part")
        part.write_text(json.dumps({"versions": versions(contender), "runs": [*runs, result]}), encoding="utf-8")
        part.replace(path)
        return result

    def child(self, work: str, name: str, pack: Pack) -> Result:
        """Run a piece of work in a fresh process group; one that goes too far is killed with all that it started."""
        with tempfile.TemporaryDirectory() as scratch:
            out, errors = Path(scratch, "result.json"), Path(scratch, "errors.txt")
            given = (work, name, pack.work, pack.findings, min(BUDGET, self.limit / 8), out)
            command = [sys.executable, "-m", "benchmarks.engines.child", *map(str, given)]
            command += ["broken"] if pack.broken else []
            paths = [str(ROOT), str(LIBRARY.parent), os.environ.get("PYTHONPATH", "")]
            env = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, paths)), "TMPDIR": scratch}
            with errors.open("wb") as told:
                process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=told, stderr=told, start_new_session=True)
                stopped, family = self._watched(process)
            if stopped:
                return stopped
            if not out.exists():
                lines = errors.read_text(encoding="utf-8", errors="replace").strip().splitlines()
                return {"failed": lines[-1][:200] if lines else f"exit {process.returncode}"}
            result: Result = json.loads(out.read_text(encoding="utf-8"))
            return result | ({"memory": max(family, result["memory"])} if "memory" in result else {})

    def _watched(self, process: subprocess.Popen[bytes]) -> tuple[Result, float]:
        """Wait; give why it was stopped, if it was, and the most megabytes that it and its own children held together."""
        end, most = time.monotonic() + self.limit, 0.0
        try:
            while True:
                with contextlib.suppress(subprocess.TimeoutExpired):
                    process.wait(0.2)
                    return {}, most
                held = _held(process.pid)
                most = max(most, held)
                if time.monotonic() > end:
                    return {"over": self.limit}, most
                if held > total_memory() * 1024 * SHARE:
                    return {"over memory": round(held / 1024, 1)}, most
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _held(pid: int) -> float:
    """Megabytes of a process with children, shared pages divided among them; of one without, its resident pages."""
    family = _family(pid)
    name, line = ("smaps_rollup", "Pss:") if len(family) > 1 else ("status", "VmRSS:")
    total = 0
    for member in family:
        with contextlib.suppress(OSError):
            for text in Path(f"/proc/{member}/{name}").read_text(encoding="ascii").splitlines():
                if text.startswith(line):
                    total += int(text.split()[1])
    return total / 1024


def _family(pid: int) -> list[int]:
    found = [pid]
    for member in found:
        with contextlib.suppress(OSError):
            found += map(int, Path(f"/proc/{member}/task/{member}/children").read_text(encoding="ascii").split())
    return found


def total_memory() -> float:
    """GiB of this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


def versions(contender: Contender) -> dict[str, str]:
    """What a result depends on: the packages, and for the library itself its sources."""
    found = {name: metadata.version(name) for name in contender.needs if name not in contender.missing()}
    if contender.function.startswith("ours:") and contender.name != "pyyaml":
        found["evidencekb"] = library()
    return found


def library() -> str:
    """A digest of the library's sources: of this tree, whatever is installed."""
    whole = hashlib.sha256()
    for path in sorted(path for ending in ("*.py", "*.sql") for path in LIBRARY.rglob(ending)):
        whole.update(path.read_bytes())
    return whole.hexdigest()[:12]


def chosen(names: Sequence[str], works: Sequence[str], findings: int) -> list[Contender]:
    """Who runs at a size: those that are named, or all that are not known to take too long."""
    return [
        contender for contender in CONTENDERS
        if contender.work in works
        and (contender.name in names if names else True)
        and (findings <= contender.most or (bool(names) and contender.work != YAML))
        and not contender.missing()
    ]  # fmt: skip


def run_all(
    bench: Bench, sizes: Iterable[int], rounds: int, names: Sequence[str] = (), works: Sequence[str] = ()
) -> None:
    """All the work at all sizes, small ones first; in each round every contender runs once."""
    beaten: dict[tuple[str, str], str] = {}
    for findings in sorted(sizes):
        for group in ((CHECK, YAML), tuple(work for work in works if work not in (CHECK, YAML))):
            running = chosen(names, [work for work in works if work in group], findings)
            if running and group != (CHECK, YAML) and not _sealed(bench, findings):
                continue
            _rounds(bench, running, findings, rounds, beaten)


def _rounds(
    bench: Bench, running: Sequence[Contender], findings: int, rounds: int, beaten: dict[tuple[str, str], str]
) -> None:
    for contender in running:
        if contender.work == CHECK:
            kept = bench.runs(contender, findings, broken=True)
            beaten |= {_key(contender): stopped(run) for run in kept if stopped(run)}
            if not kept:
                _run(bench, contender, findings, "broken pack", beaten, broken=True)
    for at in range(rounds):
        for contender in running:
            kept = bench.runs(contender, findings)
            beaten |= {_key(contender): stopped(run) for run in kept if stopped(run)}
            if len(kept) <= at:
                _run(bench, contender, findings, f"round {at + 1}", beaten)


def _key(contender: Contender) -> tuple[str, str]:
    return contender.work, contender.name


def _run(
    bench: Bench,
    contender: Contender,
    findings: int,
    what: str,
    beaten: dict[tuple[str, str], str],
    *,
    broken: bool = False,
) -> None:
    """One run, unless the contender was stopped before, at this size or at a smaller one."""
    if _key(contender) in beaten:
        return
    pack = bench.pack(findings, broken=broken)
    for name in filter(None, ("folder", contender.reads)):  # made now, so that nobody's time counts it
        _ = getattr(pack, name)
    result = bench.run(contender, findings, broken=broken)
    if why := stopped(result):
        beaten[_key(contender)] = why
    _told(bench, contender, findings, what, result)


def _sealed(bench: Bench, findings: int) -> bool:
    """Have the sealed file of this version of the library, its strength order, and the questions; say whether that went well."""
    pack = bench.pack(findings)
    mark = pack.file(".library")
    if not mark.exists() or mark.read_text(encoding="ascii") != library():
        _ = pack.folder
        built = bench.runs(find(CHECK, OURS), findings)
        if not built or stopped(built[-1]):  # else the last build of this version left its file
            pack.sealed.unlink(missing_ok=True)
        bench.say(f"{findings:,}: sealing")
        problem = bench.child("seal", OURS, pack)
        if problem:
            bench.say(f"{findings:,}: could not be sealed: {problem}")
            return False
        mark.write_text(library(), encoding="ascii")
    pack.questions()
    return True


def _told(bench: Bench, contender: Contender, findings: int, what: str, result: Result) -> None:
    shown = stopped(result)
    if not shown and "laps" in result:
        shown = f"{sum(result['laps'].values()):.3f} s"
    differs = f", DIFFERS: {result['differs']}" if result.get("differs") else ""
    bench.say(f"{findings:,}: {contender.label} ({contender.work}), {what}: {shown or 'done'}{differs}")


def stopped(result: Result) -> str:
    """Why there are no figures, or ''."""
    if "over" in result:
        return f"> {result['over']:g} s"
    if "over memory" in result:
        return f"> {result['over memory']:g} GiB"
    return str(result.get("failed") or result.get("absent") or "")
