"""What a child measures: seconds of the clock and of the processor by lap, and memory."""

from __future__ import annotations

import os
import resource
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from benchmarks.engines.packs import Question

STATUS = Path("/proc/self/status")


class Laps:
    """Times the parts of a piece of work; what is outside of a lap counts for nothing."""

    def __init__(self) -> None:
        self.wall: dict[str, float] = {}
        self.cpu: dict[str, float] = {}
        self.stages: dict[str, float] = {}
        self._stage, self._since = "", 0.0

    def stage(self, name: str) -> None:
        """A stage of the lap begins, and the one before ends; seconds of stages of one name are added up."""
        now = time.perf_counter()
        if self._stage:
            self.stages[self._stage] = self.stages.get(self._stage, 0) + now - self._since
        self._stage, self._since = name, now

    @contextmanager
    def __call__(self, name: str) -> Iterator[None]:
        """A lap of that name."""
        wall, cpu = time.perf_counter(), processor()
        try:
            yield
        finally:
            self.wall[name] = self.wall.get(name, 0) + time.perf_counter() - wall
            self.cpu[name] = self.cpu.get(name, 0) + processor() - cpu


def processor() -> float:
    """Seconds of processor time of this process, its threads and the children it has waited for."""
    taken = os.times()
    return taken.user + taken.system + taken.children_user + taken.children_system


def memory(line: str = "VmHWM") -> float:
    """Megabytes that this process holds (``VmRSS``), or has held at most (``VmHWM``).

    The kernel's ``ru_maxrss`` starts at what the parent held, so it is used only where there is no ``/proc``.
    """
    if STATUS.exists():
        for text in STATUS.read_text(encoding="ascii").splitlines():
            if text.startswith(f"{line}:"):
                return int(text.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def asked(
    ask: Callable[[Question], Sequence[object]], warming: list[Question], questions: list[Question], budget: float
) -> tuple[list[float], list[Sequence[object]]]:
    """Seconds that each question took, and the answers; questions that no longer fit into the budget are left out."""
    end = time.perf_counter() + budget / 4
    for question in warming:
        ask(question)
        if time.perf_counter() > end:
            break
    clock = time.perf_counter
    taken: list[float] = []
    answers: list[Sequence[object]] = []
    end = clock() + budget
    for question in questions:
        start = clock()
        answer = ask(question)
        stop = clock()
        taken.append(stop - start)
        answers.append(answer)
        if stop > end:
            break
    return taken, answers


def at(taken: Sequence[float], share: float) -> float:
    """The value below which that share of the values lies."""
    return sorted(taken)[min(int(len(taken) * share), len(taken) - 1)]
