"""Notebook manners that are no answer: progress of what takes long.

>>> from tempfile import TemporaryDirectory
>>> import evidencekb
>>> with TemporaryDirectory() as folder, progress("building") as tell:
...     report = evidencekb.build("data", f"{folder}/data.ekb", progress=tell)
>>> report.ok
True
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from evidencekb.escaping import escaped

_PAUSE = 0.2
"""Seconds between two changes of what is shown."""


@contextmanager
def progress(what: str) -> Iterator[Callable[..., None]]:
    """What to hand to ``progress=`` of a function that takes long: it tells the stage, a count, or how much is done.

    In a notebook it shows a bar that is gone at the end, on a terminal a line of its own; elsewhere it is silent.

    Args:
        what: What is being done.

    Examples:
        >>> with progress("counting") as tell:
        ...     tell("a stage"), tell(3), tell(3, 10)
        (None, None, None)
    """
    display = _notebook()
    terminal = sys.stderr if display is None and sys.stderr.isatty() else None
    if display is None and terminal is None:
        yield lambda *_: None
        return
    shown = _Shown(what, display, terminal)
    try:
        yield shown.tell
    finally:
        shown.end()


class _Shown:
    """What is shown of something that goes on."""

    def __init__(self, what: str, display: Any, terminal: Any) -> None:
        self.what, self.terminal, self.last, self.wide = what, terminal, 0.0, 0
        self.handle = display(_html(what, None), raw=True, display_id=True) if display else None

    def tell(self, *done: Any) -> None:
        """A stage, a count, or how much of how much."""
        share = done[0] / done[1] if len(done) == 2 and done[1] else None
        text = f"{self.what}: {_said(done)}"
        whole = len(done) == 2 and done[0] == done[1]
        if isinstance(done[0], str) or whole or time.monotonic() - self.last > _PAUSE:
            self.last = time.monotonic()
            if self.handle is not None:
                self.handle.update(_html(text, share), raw=True)
            else:
                self.terminal.write(f"\r{text.ljust(self.wide)}")
                self.terminal.flush()
                self.wide = len(text)

    def end(self) -> None:
        """Take it away."""
        if self.handle is not None:
            self.handle.update({"text/plain": "", "text/html": ""}, raw=True)
        else:
            self.terminal.write("\r" + " " * self.wide + "\r")
            self.terminal.flush()


def _notebook() -> Any:
    """How a notebook displays something; None outside of one."""
    held = sys.modules.get("IPython")
    shell = held.get_ipython() if held is not None else None
    if shell is None or not hasattr(shell, "kernel"):
        return None
    from IPython.display import display

    return display


def _said(done: tuple[Any, ...]) -> str:
    if isinstance(done[0], str):
        return done[0]
    return f"{done[0]:,} of {done[1]:,}" if len(done) == 2 else f"{done[0]:,}"


def _html(text: str, share: float | None) -> dict[str, str]:
    value = "" if share is None else f' value="{share:.3f}"'
    return {"text/plain": text, "text/html": f"<progress{value}></progress> {escaped(text)}"}
