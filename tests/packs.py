"""Small packs written for a test: files by name, and the example records of the rules."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping
from pathlib import Path

import evidencekb as ekb
from evidencekb.rules import Rule, base_pack
from evidencekb.store.nodes import Mapping as Node
from evidencekb.store.nodes import YamlProblem, parse

TODAY = datetime.date(2026, 1, 20)
MANIFEST = "name: example\nversion: 1.0.0\n"


def write_pack(folder: Path, files: Mapping[str, str]) -> Path:
    """Write files into a folder, with a manifest when none is given."""
    for name, text in {"pack.yaml": MANIFEST, **files}.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


def base_without(ids: set[tuple[str, str]]) -> str:
    """The records of ``rules/texts/base.yaml``, some of them taken out: (list, id) each."""
    kept: list[str] = []
    listing, dropped = "", False
    for line in base_pack().splitlines():
        if line and not line.startswith((" ", "#")):
            listing, dropped = line.rstrip(":"), False
        elif line.startswith("  - "):
            named = re.search(r"id: ([\w-]+)", line)
            dropped = named is not None and (listing, named[1]) in ids
        if not dropped:
            kept.append(line)
    return "\n".join(kept) + "\n"


def beside_base(text: str, file: str) -> dict[str, str]:
    """A text as one file of a pack, beside those records of the base that it does not hold itself."""
    return {"base.yaml": base_without(_ids(text)), file: text}


def example_pack(folder: Path, rule: Rule, which: str) -> Path:
    """The bad or the good example of a rule as a pack."""
    return write_pack(folder, beside_base(getattr(rule, which).lstrip("\n"), rule.file))


def codes(report: ekb.Report, *, but: frozenset[str] = frozenset({"EKB504"})) -> set[str]:
    """The codes in a report; the layout of a test's own text is beside the point."""
    return {violation.code for violation in report} - but


def _ids(text: str) -> set[tuple[str, str]]:
    """Which records a text holds; of one that cannot be read, what its lines say."""
    try:
        root = parse(text)
    except YamlProblem:
        named = re.findall(r"id: ([\w-]+)", text)
        return {(re.match(r"(\w+):", text)[1], id) for id in named}  # type: ignore[index]  # texts begin with a list
    assert isinstance(root, Node)
    found = set()
    for key, records in root.pairs:
        for record in getattr(records, "items", ()):
            if (id := record.get("id")) is not None:
                found.add((key.text, id.text))
    return found
