"""A real browser without a window, and what a test asks of any page in it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

SWITCHES = (
    "headless", "no-sandbox", "disable-gpu", "disable-quic", "no-first-run", "disable-background-networking",
    "disable-component-update", "disable-sync", "disable-dev-shm-usage",
)  # fmt: skip


def headless(profile: Path) -> Chrome:
    """Chromium; a test that asks for it is skipped where it is not installed, except on CI."""
    from selenium.webdriver import Chrome, ChromeOptions
    from selenium.webdriver.chrome.service import Service

    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if not (chromium and driver):
        message = "chromium and chromedriver are not installed"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    assert chromium
    options = ChromeOptions()
    options.binary_location = chromium
    for switch in (*SWITCHES, f"user-data-dir={profile}"):
        options.add_argument(f"--{switch}")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return Chrome(options=options, service=Service(driver))


def screen(chrome: Chrome, width: int, height: int) -> None:
    """Give the window a size."""
    size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


FAINT = """
const channels = text => { const n = text.match(/[\\d.]+/g).map(Number); return n.length > 3 ? n : [...n, 1] }
const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3])).concat(1)
const light = ([r, g, b]) => [r, g, b].map(c => c / 255).map(c => c <= .04045 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4)
  .reduce((sum, c, i) => sum + c * [.2126, .7152, .0722][i], 0)
const behind = node => { const own = channels(getComputedStyle(node).backgroundColor)
  return own[3] === 1 ? own : over(own, node.parentElement ? behind(node.parentElement) : [255, 255, 255, 1]) }
const found = [], walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
for (const details of document.querySelectorAll('details')) details.open = true
while (walk.nextNode()) {
  const node = walk.currentNode.parentElement, style = getComputedStyle(node)
  if (!walk.currentNode.data.trim() || node.closest('script, style')) continue
  const back = behind(node), size = parseFloat(style.fontSize), heavy = parseInt(style.fontWeight) >= 700
  const two = [light(over(channels(style.color), back)), light(back)].sort((a, b) => b - a)
  const ratio = (two[0] + .05) / (two[1] + .05), least = size >= 24 || (heavy && size >= 18.66) ? 3 : 4.5
  if (ratio < least) found.push(`${ratio.toFixed(2)} ${walk.currentNode.data.trim().slice(0, 60)}`)
}
return found
"""
_STYLED = (
    "return document.styleSheets.length > 0 && [...document.styleSheets].every(sheet => sheet.cssRules.length > 0)"
)


def show(browser: Chrome, address: str) -> None:
    """Go to a page, and wait until it has its style."""
    from selenium.webdriver.support.ui import WebDriverWait

    browser.get(address)
    WebDriverWait(browser, 30).until(lambda page: page.execute_script(_STYLED), f"no style at {address}")


WIDE = """
for (const details of document.querySelectorAll('details')) details.open = true
return [document.documentElement.scrollWidth, innerWidth]
"""
LEVELS = "return [...document.querySelectorAll('h1, h2, h3, h4, h5, h6')].map(h => Number(h.localName[1]))"
