"""The example site: nothing on it is a hole, every link leads somewhere, and only what changed is written again."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from functools import partial
from html.parser import HTMLParser
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from itertools import pairwise
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

import evidencekb as ekb
from examples.site import build as site
from tests.browsing import FAINT, LEVELS, WIDE, headless, screen, show
from tests.packs import TODAY
from tests.records import Records, base_records, edited, record, write_records
from tests.schemaorg import SEEN, faults, texts

if TYPE_CHECKING:
    from selenium.webdriver import Chrome

NASTY = "</script><b>&amp; 'x' \"y\" {{ 7 * 7 }}"
LONG = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft" * 2
HOLE = re.compile(r"\bNone\b(?! (?:of|was|is|are) )|k–k|\bnan\b|\[\]|Undefined")
VOID = frozenset({"link", "meta", "br", "hr", "img", "input"})
FIRST = "q/machine-learning-engineer-x-pytorch.html"
FILLED = frozenset(
    {"h1", "h2", "h3", "h4", "p", "li", "dt", "dd", "a", "b", "data", "title", "section", "ul", "ol", "dl"}
)


class Html(HTMLParser):
    """What a test asks of a page: its ids, links, figures, headings, visible text, JSON-LD, and elements that hold nothing."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.links: list[str] = []
        self.values: list[str] = []
        self.headings: list[int] = []
        self.empty: list[str] = []
        self.seen = self.script = ""
        self._open: list[tuple[str, int]] = []
        self.feed(text)
        self.close()
        self.seen = " ".join(self.seen.split())
        assert not self._open, f"never closed: {self._open}"

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        held = dict(attrs)
        self.ids += [held["id"] or ""] if "id" in held else []
        self.links += [held["href"] or ""] if tag == "a" else []
        self.values += [held["value"] or ""] if tag == "data" else []
        self.headings += [int(tag[1])] if re.fullmatch(r"h[1-6]", tag) else []
        if tag not in VOID:
            self._open.append((tag, len(self.seen)))

    def handle_endtag(self, tag: str) -> None:
        opened, since = self._open.pop()
        assert opened == tag, f"<{opened}> is closed by </{tag}>"
        if tag in FILLED and not self.seen[since:].strip():
            self.empty.append(tag)

    def handle_data(self, data: str) -> None:
        if self._open and self._open[-1][0] == "script":
            self.script += data
        else:
            self.seen += data

    @property
    def graph(self) -> Any:
        """The page's JSON-LD, parsed."""
        return json.loads(self.script)


def pages_in(folder: Path) -> dict[str, Html]:
    """Every page of a site, by its address."""
    return {
        path.relative_to(folder).as_posix(): Html(path.read_text("utf-8")) for path in sorted(folder.rglob("*.html"))
    }


def problems(pages: dict[str, Html]) -> Iterator[str]:
    """All that is wrong with the pages, one line each."""
    for at, page in pages.items():
        yield from (f"{at}: an empty <{tag}>" for tag in page.empty)
        yield from (f"{at}: prints {found!r}" for found in HOLE.findall(page.seen))
        yield from (f"{at}: a figure without a value" for value in page.values if not re.search(r"\d", value))
        yield from (f"{at}: two elements with the id {id}" for id in set(page.ids) if page.ids.count(id) > 1)
        if page.headings.count(1) != 1 or page.headings[0] != 1:
            yield f"{at}: not one h1 at the beginning"
        if any(after > before + 1 for before, after in pairwise(page.headings)):
            yield f"{at}: a heading level is skipped"
        for link in page.links:
            if not re.match(r"https?:", link):
                path, _, anchor = link.partition("#")
                # An address, not a file.
                target = os.path.normpath(os.path.join(os.path.dirname(at), path)) if path else at  # noqa: PTH118, PTH120
                if target not in pages:
                    yield f"{at}: no page at {link}"
                elif anchor and unquote(anchor) not in pages[target].ids:
                    yield f"{at}: nothing at {link}"


@pytest.fixture(scope="session")
def shipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the shipped pack."""
    out = tmp_path_factory.mktemp("shipped")
    site.build(out)
    return out


def nasty_records() -> Records:
    """The base records with signs of markup, and words too long for a line, wherever a page prints a record's own words."""
    records = base_records()
    for listing, name in (
        ("concepts", "label"), ("cohorts", "label"), ("claims", "text"), ("untraced", "headline"), ("untraced", "say"),
        ("findings", "headline"), ("findings", "statement"), ("sources", "title"), ("definitions", "procedure"),
    ):  # fmt: skip
        for at, fields in enumerate(records[listing]):
            fields[name] = f"{NASTY} {LONG} {at}"
    record(records, "concepts", "recruiter")["plural"] = f"{NASTY}s"
    record(records, "sources", "audit2024")["vendor_reason"] = NASTY
    found = record(records, "findings", "audit-2024-replies")
    found["about"].append({"concept": "recruiter", "how": "measured"})
    found["caveats"] = [{"kind": "small_sample", "text": NASTY}]
    return records


def sealed(folder: Path, records: Records) -> Path:
    """The records as a sealed file."""
    ekb.build(write_records(folder / "pack", records), folder / "pack.ekb", today=TODAY)
    return folder / "pack.ekb"


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site of the records with markup in their words."""
    folder = tmp_path_factory.mktemp("nasty")
    site.build(folder / "out", sealed(folder, nasty_records()))
    return folder / "out"


@pytest.mark.slow
def test_no_page_has_a_hole_or_a_dead_link(shipped: Path) -> None:
    pages = pages_in(shipped)
    assert {"index.html", FIRST, "cohorts/older-workers.html"} <= pages.keys()
    assert list(problems(pages)) == []


@pytest.mark.slow
def test_figures_show_their_values_flags_and_definitions(shipped: Path) -> None:
    with ekb.load() as kb:
        page = ekb.brief(kb, role=site.FIRST[0], skill=site.FIRST[1], aspects=site.ASPECTS, pin=site.PINS)
    html = Html((shipped / FIRST).read_text("utf-8"))
    for figure in (figure for card in page.cards for figure in card.figures):
        assert figure.line in html.seen
        assert figure.value is None or str(figure.value) in html.values
        assert f"ref-{figure.cite['key']}" in html.ids
        assert [d["id"] for d in figure.definitions if page.definitions[d["id"]] not in html.seen] == []
    for text in (page.title, page.summary, *(a.text for a in page.answers), *(k.text for k in page.caveats)):
        assert text in html.seen


@pytest.mark.slow
def test_json_ld_is_that_of_the_record_and_every_text_of_it_is_seen(shipped: Path) -> None:
    with ekb.load() as kb:
        page = ekb.brief(kb, role=site.FIRST[0], skill=site.FIRST[1], aspects=site.ASPECTS, pin=site.PINS)
        cards: list[site.Page] = [
            *(ekb.finding_card(kb, id) for id in kb.ids("finding")),
            *(ekb.claim_card(kb, id) for id in kb.ids("claim")),
            *(ekb.untraced_card(kb, id) for id in kb.ids("untraced")),
        ]
    for each in [page, *cards]:
        html = Html((shipped / site.address(each.ref)).read_text("utf-8"))
        assert html.graph == json.loads(each.to_jsonld())
        assert list(faults(html.graph)) == [], each.ref
        assert [text for text in texts(html.graph) if " ".join(text.split()) not in html.seen] == []
        pages = [node for node in html.graph["@graph"] if node["@type"] == "FAQPage"]
        assert sum(len(node["mainEntity"]) for node in pages) == len(getattr(each, "faq", ()))


@pytest.mark.slow
def test_a_withdrawn_finding_says_so_before_its_figures(shipped: Path) -> None:
    with ekb.load() as kb:
        cards = [ekb.finding_card(kb, id) for id in kb.ids("finding")]
    stopped = {card.ref.id: card for card in cards if any(k.severity == "stop" for k in card.caveats)}
    assert stopped
    for id, card in stopped.items():
        seen = Html((shipped / f"research/stats/{id}.html").read_text("utf-8")).seen
        for caveat in card.caveats:
            if caveat.severity == "stop":
                assert seen.index(caveat.text) < seen.index(card.statement)


def test_an_empty_pack_with_one_role_has_whole_pages(tmp_path: Path) -> None:
    pack = sealed(tmp_path, {"concepts": [{"id": "nurse.ii", "kind": "role", "label": "Nurse"}]})
    assert site.build(tmp_path / "out", pack) == ["index.html"]
    with ekb.load(pack) as kb:
        made = site.Site(kb, tmp_path / "out")  # nothing bears on the role, and who wants a page of it gets a whole one
        site.subject(made, ekb.Ref("role", "nurse.ii", "Nurse"), [], [])
    assert made.wrote == ["careers/nurse.ii.html"]
    assert list(problems(pages_in(tmp_path / "out"))) == []


def test_markup_in_records_is_printed_and_not_obeyed(nasty: Path) -> None:
    pages = pages_in(nasty)
    assert list(problems(pages)) == []
    with_script = [at for at, page in pages.items() if page.script]
    assert len(with_script) == len(pages) - 1  # all but the index
    for at in with_script:
        assert NASTY in pages[at].seen, at
        assert NASTY in json.dumps(pages[at].graph, ensure_ascii=False).replace('\\"', '"'), at
        assert list(faults(pages[at].graph)) == [], at
        assert [text for text in texts(pages[at].graph) if " ".join(text.split()) not in pages[at].seen] == [], at
    assert not any("<b>&" in path.read_text("utf-8") for path in nasty.rglob("*.html"))


def test_a_second_run_writes_nothing(tmp_path: Path) -> None:
    pack = sealed(tmp_path, nasty_records())
    assert len(site.build(tmp_path / "out", pack)) > 4
    assert site.build(tmp_path / "out", pack) == []


def test_only_pages_that_say_something_new_are_written_again(tmp_path: Path) -> None:
    records, out = base_records(), tmp_path / "out"
    site.build(out, sealed(tmp_path / "one", records))
    procedure = {"definitions.1.procedure": "Share of applications that got an answer within a month."}
    wrote = site.build(out, sealed(tmp_path / "two", edited(records, procedure)))
    assert set(wrote) == {
        "cohorts/applicants.html", "cohorts/young-applicants.html",
        "research/claims/a-score-brings-replies.html", "research/stats/audit-2024-replies.html",
    }  # fmt: skip
    say = {"untraced.0.say": "No study was found that shows it."}
    assert site.build(out, sealed(tmp_path / "three", edited(edited(records, procedure), say))) == [
        "myths/score-doubles-replies.html"
    ]


def test_pages_of_records_that_are_gone_are_taken_away(tmp_path: Path) -> None:
    records, out = base_records(), tmp_path / "out"
    site.build(out, sealed(tmp_path / "one", records))
    assert (out / "myths/score-doubles-replies.html").exists()
    wrote = site.build(out, sealed(tmp_path / "two", {**records, "untraced": []}))
    assert wrote == ["index.html"]
    assert not (out / "myths/score-doubles-replies.html").exists()
    assert list(problems(pages_in(out))) == []


def test_shards_write_each_pair_once_and_again_only_when_it_changed(tmp_path: Path) -> None:
    records, out = nasty_records(), tmp_path / "out"
    records["concepts"].append({"id": "typing.1", "kind": "skill", "label": "typing"})
    record(records, "findings", "audit-2024-replies")["about"].append({"concept": "typing.1", "how": "measured"})
    pack = sealed(tmp_path / "one", records)
    with ekb.load(pack) as kb:
        pairs = [f"q/{question.slug}.html" for question in ekb.questions(kb)]
    site.build(out, pack, pairs=True)
    first = [at for number in range(site.SHARDS) for at in site.shard(pack, out, number)]
    assert sorted(first) == sorted(pairs) == ["q/recruiter-x-typing.1.html"]
    assert list(problems(pages_in(out))) == []
    assert not any(site.shard(pack, out, number) for number in range(site.SHARDS))
    changed = sealed(tmp_path / "two", edited(records, {"findings.0.estimates.0.value": 13}))
    assert [at for number in range(site.SHARDS) for at in site.shard(changed, out, number)] == pairs


def test_none_in_a_template_stops_the_build() -> None:
    with pytest.raises(ValueError, match="None"):
        site.web.from_string("{{ value }}").render(value=None)


KINDS = {
    "index": "index.html",
    "brief": FIRST,
    "role": "careers/data-scientist.html",
    "skill": "skills/pytorch.html",
    "cohort": "cohorts/older-workers.html",
    "finding": "research/stats/noy-zhang-2023-writing-speed-quality.html",
    "withdrawn": "research/stats/toner-rodgers-2024-disavowed.html",
    "claim": "research/claims/closer-comparison-smaller-ai-pay-gap.html",
    "myth": "myths/unresolved-ats-rejects-75pct.html",
}
DEAD = """
return [...document.querySelectorAll('a[href^="#"]')].map(a => decodeURIComponent(a.hash.slice(1)))
  .filter(id => !document.getElementById(id))
"""
GRAPH = "return JSON.parse(document.querySelector('script[type=\"application/ld+json\"]').textContent)"
GRAPH_TEXTS = """
for (const details of document.querySelectorAll('details')) details.open = true
const flat = text => text.replace(/\\s+/g, ' ').trim(), shown = flat(document.body.textContent), found = []
const walk = (held, name) => { if (Array.isArray(held)) held.forEach(each => walk(each, name))
  else if (held && typeof held === 'object') Object.entries(held).forEach(([inner, each]) => walk(each, inner))
  else if (arguments[0].includes(name) && !shown.includes(flat(held))) found.push(held) }
walk(JSON.parse(document.querySelector('script[type="application/ld+json"]').textContent), '')
return found
"""
NAMELESS = """
return [...document.querySelectorAll('a, summary')].filter(a => !(a.ariaLabel || a.textContent).trim()).length
  + [...document.querySelectorAll('[aria-labelledby]')]
    .filter(e => !document.getElementById(e.getAttribute('aria-labelledby'))).length
"""


class Quiet(SimpleHTTPRequestHandler):
    """Serves a folder without a word."""

    def log_message(self, format: str, *args: Any) -> None:
        pass


class Server(ThreadingHTTPServer):
    """Lets a browser wait on a busy machine; a connection that is refused is a page without its style sheet."""

    request_queue_size = 128


@pytest.fixture(scope="session")
def served(shipped: Path, nasty: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Both sites, each in a subfolder of a server."""
    root = tmp_path_factory.mktemp("served")
    for name, out in (("shipped", shipped), ("nasty", nasty)):
        (root / name).symlink_to(out)
    with Server(("127.0.0.1", 0), partial(Quiet, directory=str(root))) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chrome]:
    """A headless Chromium whose window is a small phone's."""
    chrome = headless(tmp_path_factory.mktemp("profile"))
    screen(chrome, 360, 740)
    yield chrome
    chrome.quit()


def addresses() -> Iterator[Any]:
    """A page of each kind, and those of the records with markup in their words."""
    for kind, at in KINDS.items():
        yield pytest.param(f"shipped/{at}", id=kind)
    for at in ("index.html", "careers/recruiter.html", "cohorts/applicants.html", "research/stats/audit-2024-replies.html",
               "research/claims/a-score-brings-replies.html", "myths/score-doubles-replies.html"):  # fmt: skip
        yield pytest.param(f"nasty/{at}", id=f"nasty-{at.partition('/')[0].removesuffix('.html')}-{at[-12:-5]}")


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("at", list(addresses()))
def test_a_page_is_readable_on_a_small_screen(browser: Chrome, served: str, at: str) -> None:
    show(browser, f"{served}/{at}")
    width, room = browser.execute_script(WIDE)
    assert width <= room == 360
    assert browser.execute_script(FAINT) == []
    assert browser.execute_script(DEAD) == []
    assert browser.execute_script(NAMELESS) == 0
    levels = browser.execute_script(LEVELS)
    assert levels.count(1) == 1 == levels[0]
    assert all(after <= before + 1 for before, after in pairwise(levels))
    if not at.endswith("index.html"):
        assert browser.execute_script(GRAPH)["@graph"]
        hidden = browser.execute_script(GRAPH_TEXTS, sorted(SEEN))
        assert hidden == []
    assert browser.get_log("browser") == []  # type: ignore[no-untyped-call]  # selenium types it so


@pytest.mark.browser
@pytest.mark.slow
def test_the_skip_link_comes_first_and_is_seen_when_it_has_the_focus(browser: Chrome, served: str) -> None:
    from selenium.webdriver import Keys

    browser.get(f"{served}/shipped/{FIRST}")
    browser.switch_to.active_element.send_keys(Keys.TAB)
    focused = browser.switch_to.active_element
    assert str(focused.get_attribute("href")).endswith("#content")
    assert focused.rect["x"] >= 0
    assert browser.execute_script("return getComputedStyle(document.activeElement).outlineStyle") != "none"
