"""CSL processors: what of the CSL test suite each passes, how fast each prints, and where they differ on real sources.

``python benchmarks/csl.py [SUITE]`` runs the fixtures in a folder (default ``../shared/corpora/04-csl/test-suite``) through this
library, and through refkit and citeproc-py where they are installed, and prints passes per category, crashes, and how many
references a second each prints of the shipped pack in the five styles, as a ratio to ours. A fixture counts when its text is
right; ours must also have its HTML. pandoc and citeproc-js are oracles for the five styles and are not measured here.
A last table counts what the styles leave out of those references, before they are completed and after.
"""

from __future__ import annotations

import importlib
import json
import re
import sys
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Callable
from html import unescape
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import evidencekb as ekb  # noqa: E402 - after the path
from evidencekb.sources.completing import completed, missing  # noqa: E402
from evidencekb.sources.csl.processor import Processor  # noqa: E402
from evidencekb.sources.formatting import STYLES, format_references, load_style  # noqa: E402
from evidencekb.sources.readying import prepared  # noqa: E402
from evidencekb.sources.references import csl  # noqa: E402
from tests.sources.csl.suite import Fixture, passes, plain_layout, read  # noqa: E402

SUITE = ROOT.parent / "shared" / "corpora" / "04-csl" / "test-suite"
STYLE_FILES = ROOT / "src" / "evidencekb" / "sources" / "csl" / "styles"

Printer = Callable[[Fixture], str]


def bare(text: str) -> str:
    """The words of a result, without markup."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", plain_layout(text))).split())


def clusters(fixture: Fixture) -> list[list[dict[str, Any]]]:
    """The cites of each citation, as they stand after the last edit."""
    if fixture.history is not None:
        known: dict[str, list[dict[str, Any]]] = {}
        order: list[str] = []
        for citation, before, after in fixture.history:
            known[citation["citationID"]] = citation["citationItems"]
            order = [*(id for id, _ in before), citation["citationID"], *(id for id, _ in after)]
        return [known[id] for id in order]
    return fixture.clusters or [[{"id": item["id"]} for item in fixture.items]]


def tidied(value: Any) -> Any:
    """Items as stricter readers want them: years in numbers, each item with a type and an id."""
    if isinstance(value, dict):
        return {key: numbers(held) if key == "date-parts" else tidied(held) for key, held in value.items()}
    if isinstance(value, list):
        return [tidied(held) for held in value]
    return value


def numbers(value: Any) -> Any:
    """Lists of numbers that were texts."""
    if isinstance(value, list):
        return [numbers(held) for held in value if held != ""]
    return int(value) if isinstance(value, str) and re.fullmatch(r"-?\d+", value) else value


def items_of(fixture: Fixture) -> list[dict[str, Any]]:
    """A fixture's items, tidied."""
    return [{"type": "document", **tidied(item), "id": str(item["id"]) or "ITEM"} for item in fixture.items]


def with_refkit(rk: Any) -> Printer:
    """Fixtures by refkit."""

    def printed(fixture: Fixture) -> str:
        library = rk.decode(json.dumps(items_of(fixture)), format="csl-json")["library"]
        document = rk.Document(library, rk.Style.from_xml(fixture.style))
        groups = [
            rk.CitationGroup(
                [
                    rk.Cite(str(cite["id"]) or "ITEM", locator=cite.get("locator"), label=cite.get("label"))
                    for cite in group
                ]
            )
            for group in clusters(fixture)
        ]
        result = document.render([rk.Citation(str(place), group) for place, group in enumerate(groups)])
        if fixture.mode == "citation":
            return "\n".join(result[str(place)].html for place in range(len(groups)))
        return str(result.bibliography.html)

    return printed


def with_citeproc_py(citeproc: Any, source: Any) -> Printer:
    """Fixtures by citeproc-py."""

    def printed(fixture: Fixture) -> str:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "fixture.csl"
            path.write_text(fixture.style, encoding="utf-8")
            style = citeproc.CitationStylesStyle(str(path), validate=False)
        document = citeproc.CitationStylesBibliography(
            style, source.CiteProcJSON(items_of(fixture)), citeproc.formatter.html
        )
        citations = [citeproc.Citation([_item(citeproc, cite) for cite in group]) for group in clusters(fixture)]
        for citation in citations:
            document.register(citation)
        if style.root.bibliography is not None:
            document.sort()
        if fixture.mode == "citation":
            return "\n".join(str(document.cite(citation, lambda item: None)) for citation in citations)
        return "\n".join(str(entry) for entry in document.bibliography())

    return printed


def _item(citeproc: Any, cite: dict[str, Any]) -> Any:
    names = ("prefix", "suffix", "locator", "label")
    found = {name: cite[name] for name in names if cite.get(name)}
    if "locator" in found:
        found["locator"] = citeproc.Locator(found.pop("label", "page"), found["locator"])
    return citeproc.CitationItem((str(cite["id"]) or "ITEM").lower(), **found)


def score(printed: Printer | None, fixtures: list[Fixture]) -> tuple[Counter[str], list[str]]:
    """Passes by category, and what crashed; ours when there is no printer."""
    passed: Counter[str] = Counter()
    crashed = []
    for fixture in fixtures:
        try:
            good = passes(fixture) if printed is None else bare(printed(fixture)) == bare(fixture.result)
        except BaseException as error:  # noqa: BLE001  a panic in Rust is no Exception
            crashed.append(f"{fixture.name}: {type(error).__name__}")
            continue
        passed[fixture.category] += good
    return passed, crashed


def speed(items: list[dict[str, Any]]) -> dict[str, float]:
    """Seconds that each needs for the items in all five styles, the styles read anew."""
    taken = {}
    start = time.perf_counter()
    for style in STYLES:
        format_references(items, style)
    taken["ours (text, HTML, Markdown, short form)"] = time.perf_counter() - start
    files = sorted(STYLE_FILES.glob("*.csl"))
    if rk := found("refkit"):
        start = time.perf_counter()
        for path in files:
            library = rk.decode(json.dumps(items), format="csl-json")["library"]
            rk.Document(library, rk.Style.from_path(path), locale="en-US").render(
                [rk.Citation(item["id"], item["id"]) for item in items]
            )
        taken["refkit"] = time.perf_counter() - start
    if citeproc := found("citeproc"):
        source = importlib.import_module("citeproc.source.json")
        start = time.perf_counter()
        for path in files:
            style = citeproc.CitationStylesStyle(str(path), validate=False)
            document = citeproc.CitationStylesBibliography(style, source.CiteProcJSON(items), citeproc.formatter.html)
            for item in items:
                document.register(citeproc.Citation([citeproc.CitationItem(item["id"].lower())]))
            document.bibliography()
        taken["citeproc-py"] = time.perf_counter() - start
    return taken


def left_out(items: list[dict[str, Any]]) -> dict[str, tuple[Counter[str], Counter[str]]]:
    """For each style, how many references lack what, as the style prints the items and as they are completed."""
    counts = {}
    for name in STYLES:
        style = load_style(name).compiled
        as_given, made_ready = (Processor(style, some) for some in (items, [prepared(i, style.id) for i in items]))
        counts[name] = Counter[str](), Counter[str]()
        for item, ready in zip(items, (item.data for item in made_ready.items.values()), strict=True):
            counts[name][0].update(missing(item, as_given.reference(item["id"])))
            counts[name][1].update(missing(item, completed(ready, item, made_ready)))
    return counts


def found(name: str) -> Any:
    """A module, or None where it is not installed."""
    try:
        return importlib.import_module(name)
    except ImportError:
        return None


def main() -> None:
    """Measure, and print three tables."""
    warnings.simplefilter("ignore")
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else SUITE
    fixtures = [read(path) for path in sorted(folder.glob("*.txt"))]
    printers: dict[str, Printer | None] = {"ours": None}
    if rk := found("refkit"):
        printers["refkit"] = with_refkit(rk)
    if citeproc := found("citeproc"):
        printers["citeproc-py"] = with_citeproc_py(citeproc, importlib.import_module("citeproc.source.json"))
    scores = {name: score(printer, fixtures) for name, printer in printers.items()}
    console = Console()
    table = Table("category", "fixtures", *scores)
    for category, count in sorted(Counter(fixture.category for fixture in fixtures).items()):
        table.add_row(category, str(count), *(str(passed[category]) for passed, _ in scores.values()))
    table.add_row("all", str(len(fixtures)), *(str(passed.total()) for passed, _ in scores.values()))
    table.add_row("crashes", "", *(str(len(crashed)) for _, crashed in scores.values()))
    console.print(table)
    with ekb.load() as kb:
        ids = [id for (id,) in kb.rows("SELECT id FROM source ORDER BY id")]
        items = [csl(kb.source(id).model_dump(mode="json")) for id in ids]
    taken = speed(items)
    ours = next(iter(taken.values()))
    table = Table(f"{len(items)} sources in {len(STYLES)} styles", "references/s", "speed against ours")
    for name, seconds in taken.items():
        table.add_row(name, f"{len(items) * len(STYLES) / seconds:,.0f}", f"{ours / seconds:.2f}")
    console.print(table)
    lacks = ("year", "address", "number", "authority", "publisher")
    table = Table("left out, as the style prints > completed", *lacks)
    for name, (before, after) in left_out(items).items():
        table.add_row(name, *(f"{before[what]} > {after[what]}" for what in lacks))
    console.print(table)


if __name__ == "__main__":
    main()
