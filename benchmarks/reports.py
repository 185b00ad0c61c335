"""What a report costs: making it, its size, and the time until a browser shows it.

Run as ``python benchmarks/reports.py [PACK …]``; without a pack, the shipped one. The browser is Chromium without a window.
"""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import evidencekb as ekb
from evidencekb.exports import report_text
from tests.browsing import headless, screen

TIMES = 5
PAINTED = """
const [entry] = performance.getEntriesByType('navigation')
const paint = performance.getEntriesByName('first-contentful-paint')[0]
return [paint ? paint.startTime : -1, entry.domContentLoadedEventEnd, entry.loadEventEnd]
"""


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def main(packs: list[str]) -> None:
    """Print a line for each pack and limit."""
    say(f"pack, limit: making s, size MB; first paint, script done, loaded ms, the middle one of {TIMES} loads")
    with tempfile.TemporaryDirectory() as folder:
        chrome = headless(Path(folder, "profile"))
        screen(chrome, 1200, 900)
        try:
            for pack in packs or [""]:
                with ekb.load(pack or None) as kb:
                    for limit in (1_000, 10_000) if len(kb) > 1_000 else (1_000,):
                        began = time.perf_counter()
                        text = report_text(kb, limit=limit).text
                        took = time.perf_counter() - began
                        page = Path(folder, "report.html")
                        page.write_text(text, encoding="utf-8")
                        loads = []
                        for _ in range(TIMES):
                            chrome.get("about:blank")
                            chrome.get(page.as_uri())
                            time.sleep(0.3)  # the load event itself is over only after it was told
                            loads.append(chrome.execute_script(PAINTED))
                        shown = ", ".join(f"{median(column):,.0f}" for column in zip(*loads, strict=True))
                        size = page.stat().st_size / 1e6
                        say(f"{pack or 'shipped'}, {limit:,}: {took:.2f} s, {size:.1f} MB; {shown} ms")
        finally:
            chrome.quit()


if __name__ == "__main__":
    main(sys.argv[1:])
