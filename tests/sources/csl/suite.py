"""Reads a fixture of the CSL test suite, and prints it as its processor would."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from evidencekb.sources.csl.elements import Cite
from evidencekb.sources.csl.positions import positioned
from evidencekb.sources.csl.processor import Processor
from evidencekb.sources.csl.style import Compiled, compile_style
from evidencekb.sources.csl.texts import settle
from evidencekb.sources.csl.writing import HtmlWriter

Cluster = list[dict[str, Any]]

_NOTHING = "[CSL STYLE ERROR: reference with no printed form.]"
_POSITIONS = {0: "first", 1: "subsequent", 2: "ibid", 3: "ibid-with-locator"}


@dataclass(frozen=True, slots=True)
class Fixture:
    """One fixture: what goes in, and what must come out.

    Attributes:
        name: Its name, the category before the underscore.
        mode: "citation" or "bibliography".
        result: What must come out.
        style: The style's XML.
        items: CSL-JSON.
        clusters: The cites of each citation, or nothing.
        history: Citations as a word processor sends them, one after the other, or nothing.
        listed: The ids in the list, or nothing for all.
    """

    name: str
    mode: str
    result: str
    style: str
    items: list[dict[str, Any]]
    clusters: list[Cluster] | None
    history: list[list[Any]] | None
    listed: list[str] | None

    @property
    def category(self) -> str:
        return self.name.partition("_")[0]


def read(path: Path) -> Fixture:
    text = path.read_text(encoding="utf-8")

    def part(name: str) -> str:
        found = re.search(rf">>=+ *{name} *=+>>\n?(.*?)\n?<<=+ *{name} *=+<<", text, re.DOTALL)
        return found[1] if found else ""

    def data(name: str) -> Any:
        return json.loads(part(name)) if part(name) else None

    entries = data("BIBENTRIES")
    listed = [str(id) for id in entries[-1]] if entries else None
    items = [{"id": "", **item} for item in data("INPUT")]
    return Fixture(
        path.stem,
        part("MODE").strip(),
        part("RESULT"),
        part("CSL").strip(),
        items,
        data("CITATION-ITEMS"),
        data("CITATIONS"),
        listed,
    )


def printed(fixture: Fixture) -> str:
    """What the processor makes of a fixture."""
    style = compile_style(fixture.style, fixture.name)
    items = [item for item in fixture.items if fixture.listed is None or str(item["id"]) in fixture.listed]
    if fixture.history is not None:
        processor, clusters = _from_history(style, items, fixture.history)
    else:
        processor = Processor(style, items)
        given = fixture.clusters or [[{"id": item["id"]} for item in items]]
        clusters = [[_cite(cite) for cite in cluster] for cluster in given]
        if fixture.mode != "bibliography-nosort":
            processor.sort()
        processor.disambiguate()
    marks = processor.locale.quote_marks()
    if fixture.mode == "citation":
        writer = HtmlWriter(links=False)
        return "\n".join(writer.write(settle(processor.citation(cluster), marks)) for cluster in clusters)
    writer = HtmlWriter(links=False, blocks=True)
    entries = [writer.write(settle(pieces, marks)) for _, pieces in processor.bibliography()]
    body = "\n".join(f'<div class="csl-entry">{entry}</div>' for entry in entries)
    return f'<div class="csl-bib-body">\n{body}\n</div>'


def _cite(data: dict[str, Any]) -> Cite:
    return Cite(
        str(data["id"]),
        str(data.get("locator") or ""),
        data.get("label") or "page",
        data.get("prefix") or "",
        data.get("suffix") or "",
        bool(data.get("suppress-author")),
        bool(data.get("author-only")),
        _POSITIONS[data.get("position") or 0],
        bool(data.get("near-note")),
    )


def _from_history(
    style: Compiled, items: list[dict[str, Any]], history: list[list[Any]]
) -> tuple[Processor, list[list[Cite]]]:
    """The text as it stands after the last edit."""
    known: dict[str, tuple[list[Cite], int]] = {}
    order: list[str] = []
    for citation, before, after in history:
        id = citation["citationID"]
        known[id] = (
            [_cite(cite) for cite in citation["citationItems"]],
            citation.get("properties", {}).get("noteIndex", 0),
        )
        order = [*(name for name, _ in before), id, *(name for name, _ in after)]
        for name, note in [*before, *after]:
            known[name] = (known[name][0], note)
    text = [known[id] for id in order]
    cited = dict.fromkeys(cite.id for cites, _ in text for cite in cites)
    by_id = {str(item["id"]): item for item in items}
    processor = Processor(style, [by_id[id] for id in cited])
    processor.sort()
    processor.disambiguate()
    return processor, [[replace(cite) for cite in cites] for cites in positioned(processor, text)]


def plain_layout(result: str) -> str:
    """A result without what does not count: the marks of what an edit changed, and white space around lines and divs."""
    lines = re.sub(r"^(?:>>|\.\.)\[\d+\] ", "", result, flags=re.MULTILINE).splitlines()
    joined = "\n".join(" ".join(line.split()) for line in lines if line.strip())
    return re.sub(r"\s*(</?div[^>]*>)\s*", r"\1", joined) or _NOTHING


def passes(fixture: Fixture) -> bool:
    return plain_layout(printed(fixture)) == plain_layout(fixture.result)
