"""The report as a person meets it: from a file, in a real browser, on a phone, on paper, by keyboard and by screen reader."""

from __future__ import annotations

import base64
import importlib.util
import json
import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from evidencekb.exports import report_text, write_report
from tests.browsing import FAINT, LEVELS, WIDE, headless, screen
from tests.exports.test_reports import HOSTILE, hostile_records
from tests.records import write_records

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

pytestmark = [pytest.mark.browser, pytest.mark.slow]

SHOWN = "return [...document.querySelectorAll('article.entry:not([hidden])')].map(e => e.id)"
STATUS = "return document.getElementById('shown').textContent"
SETTLED = """
const done = arguments[0], before = document.getElementById('shown').textContent
setTimeout(() => done(document.getElementById('shown').textContent), 300)
"""
AXE = """
const done = arguments[0]
axe.run(document, {resultTypes: ['violations']}).then(r => done(r.violations), e => done([{id: String(e), nodes: []}]))
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    chrome = headless(tmp_path_factory.mktemp("profile"))
    yield chrome
    chrome.quit()


@pytest.fixture(scope="module")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> str:
    out = tmp_path_factory.mktemp("report") / "report.html"
    write_report(None, out)
    return out.as_uri()


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> str:
    folder = tmp_path_factory.mktemp("hostile")
    write_report(write_records(folder / "pack", hostile_records()), folder / "report.html")
    return (folder / "report.html").as_uri()


def opened(browser: Chrome, address: str, width: int = 1200, height: int = 900) -> None:
    """Open the page anew, at its top, with nothing asked for."""
    screen(browser, width, height)
    browser.get("about:blank")
    browser.get(address)
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium types it so


def typed(browser: Chrome, words: str) -> str:
    """What the page says once words were typed into its search."""
    from selenium.webdriver.common.by import By

    field = browser.find_element(By.ID, "words")
    field.clear()
    field.send_keys(words)
    told: str = browser.execute_async_script(SETTLED)
    return told


@pytest.mark.parametrize("width", [320, 360, 1200])
def test_it_is_readable_on_any_screen(browser: Chrome, shipped: str, width: int) -> None:
    opened(browser, shipped, width)
    wide, room = browser.execute_script(WIDE)
    assert wide <= room == width
    assert browser.execute_script(FAINT) == []
    levels = browser.execute_script(LEVELS)
    assert levels.count(1) == 1 == levels[0]
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_long_words_and_markup_stay_where_they_are(browser: Chrome, hostile: str) -> None:
    opened(browser, hostile, 320)
    wide, room = browser.execute_script(WIDE)
    assert wide <= room == 320
    assert browser.execute_script("return document.images.length + document.scripts.length") == 1
    assert HOSTILE.replace("\u202e", "") in browser.execute_script("return document.body.textContent")


def violations(browser: Chrome) -> list[str]:
    """What axe finds on the page as it is."""
    found = importlib.util.find_spec("axe_core_python")
    if found is None or found.origin is None:
        pytest.skip("axe-core-python is not installed")
    axe = Path(found.origin).with_name("axe.min.js").read_text(encoding="utf-8")
    browser.set_script_timeout(120)
    browser.execute_script(axe)
    return [f"{v['id']}: {[node['target'] for node in v['nodes'][:3]]}" for v in browser.execute_async_script(AXE)]


@pytest.mark.parametrize("unfolded", [False, True])
def test_axe_finds_nothing(browser: Chrome, tmp_path: Path, unfolded: bool) -> None:
    write_report(None, tmp_path / "some.html", limit=4)
    opened(browser, (tmp_path / "some.html").as_uri())
    if unfolded:
        browser.execute_script("for (const details of document.querySelectorAll('details')) details.open = true")
    assert violations(browser) == []


def test_words_find_entries_and_the_count_is_told(browser: Chrome, shipped: str) -> None:
    data = json.loads(report_text(form="json").text)
    entries = [*data["claims"], *data["findings"], *data["untraced"]]
    opened(browser, shipped)
    assert browser.execute_script(STATUS) == f"All {len(entries)} trails are shown."
    assert browser.execute_script("return document.getElementById('shown').getAttribute('aria-live')") == "polite"
    told = typed(browser, "PyTorch Résume")  # case and accents do not count
    shown = browser.execute_script(SHOWN)
    assert told == f"{len(shown)} of {len(entries)} trails are shown."
    found = [(typed(browser, words), browser.execute_script(SHOWN)) for words in ("−40%", "-40%", "–40%")]
    assert found[0][1]
    assert found == [found[0]] * 3  # a minus is typed as a hyphen
    told = typed(browser, "noy-zhang-2023-writing-speed-quality")
    shown = browser.execute_script(SHOWN)
    wanted = [
        f"{e['ref']['kind']}-{e['ref']['id']}"
        for e in entries
        if "noy-zhang-2023-writing-speed-quality" in (e["ref"]["id"], *(part["card"] for part in e["parts"]))
    ]
    assert set(wanted) <= set(shown)
    assert 0 < len(shown) < len(entries)
    assert typed(browser, "no entry holds these words").startswith("0 of ")
    assert browser.execute_script("return document.getElementById('nothing').hidden") is False


@pytest.mark.parametrize(("field", "key"), [("state", "state"), ("kind", "kind")])
def test_a_choice_keeps_what_is_so(browser: Chrome, shipped: str, field: str, key: str) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.select import Select

    opened(browser, shipped)
    choice = Select(browser.find_element(By.ID, field))
    every = browser.execute_script(SHOWN)
    counted = 0
    for option in [option.get_attribute("value") for option in choice.options if option.get_attribute("value")]:
        choice.select_by_value(option or "")
        browser.execute_async_script(SETTLED)
        held = browser.execute_script(
            f"return [...document.querySelectorAll('article.entry:not([hidden])')].map(e => e.dataset.{key})"
        )
        assert held
        assert set(held) == {option}
        assert f"({len(held):,})" in choice.first_selected_option.text
        counted += len(held)
    assert counted == len(every)
    browser.find_element(By.CSS_SELECTOR, "#filter [type=reset]").click()
    browser.execute_async_script(SETTLED)
    assert browser.execute_script(SHOWN) == every


def test_all_of_it_is_done_with_the_keyboard(browser: Chrome, shipped: str) -> None:
    from selenium.webdriver import ActionChains, Keys

    opened(browser, shipped)

    def press(*keys: str) -> Any:
        for key in keys:
            ActionChains(browser).send_keys(key).perform()
        return browser.switch_to.active_element

    focused = press(Keys.TAB)
    assert str(focused.get_attribute("href")).endswith("#trails")
    assert focused.rect["x"] >= 0
    assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") != "none"
    press(Keys.ENTER)
    within = "return document.activeElement.closest('#trails') !== null"
    assert browser.execute_script(within)
    summary = press(Keys.TAB)
    assert summary.tag_name == "summary"
    press(Keys.ENTER)
    assert browser.execute_script("return document.activeElement.parentElement.open")
    assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") != "none"


def test_landmarks_and_names_are_there(browser: Chrome, shipped: str) -> None:
    opened(browser, shipped)
    tree = browser.execute_cdp_cmd("Accessibility.getFullAXTree", {})["nodes"]
    held = [(node["role"]["value"], node.get("name", {}).get("value", "")) for node in tree if not node.get("ignored")]
    roles = [role for role, _ in held]
    for role in ("banner", "main", "contentinfo", "search", "navigation", "status"):
        assert roles.count(role) == 1, role
    named = [
        name
        for role, name in held
        if role in ("article", "region", "textbox", "searchbox", "combobox", "button", "link")
    ]
    assert named
    assert all(named)


def pages(browser: Chrome) -> list[bytes]:
    """The pages of the page on paper."""
    made = browser.execute_cdp_cmd(
        "Page.printToPDF", {"paperWidth": 8.27, "paperHeight": 11.69, "preferCSSPageSize": True}
    )
    return re.findall(rb"/Type\s*/Page\b(?!s)", base64.b64decode(made["data"]))


def test_each_trail_begins_on_a_page_of_its_own(browser: Chrome, tmp_path: Path) -> None:
    ids = [
        "unresolved-ats-rejects-75pct",
        "noy-zhang-2023-writing-speed-quality",
        "closer-comparison-smaller-ai-pay-gap",
    ]
    write_report(None, tmp_path / "three.html", ids=ids)
    write_report(None, tmp_path / "one.html", ids=ids[1])
    opened(browser, (tmp_path / "one.html").as_uri())
    assert len(pages(browser)) >= 2
    opened(browser, (tmp_path / "three.html").as_uri())
    assert len(pages(browser)) >= 5  # what was checked, two trails, and one of several findings
    browser.execute_script(
        "document.body.classList.add('one'); document.querySelectorAll('article')[2].classList.add('chosen')"
    )
    assert len(pages(browser)) < 5


def test_paper_shows_what_is_folded_on_the_screen(browser: Chrome, shipped: str) -> None:
    opened(browser, shipped)
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    hidden = browser.execute_script("return getComputedStyle(document.getElementById('filter')).display")
    browser.execute_script("dispatchEvent(new Event('beforeprint'))")
    opened_ = browser.execute_script("return [...document.querySelectorAll('details.trail')].every(d => d.open)")
    browser.execute_script("dispatchEvent(new Event('afterprint'))")
    folded = browser.execute_script("return document.querySelectorAll('details.trail[open]').length")
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    assert (hidden, opened_, folded) == ("none", True, 0)


def test_an_address_of_an_entry_unfolds_it(browser: Chrome, shipped: str) -> None:
    at = "claim-closer-comparison-smaller-ai-pay-gap"
    opened(browser, f"{shipped}#{at}")
    assert browser.execute_script(f"return document.querySelector('#{at} details.trail').open")
    assert browser.execute_script("return document.querySelectorAll('details.trail[open]').length") == 1
