"""A small pack to add to: a seller of tests, its laboratory, one article, and one version of a preprint."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from evidencekb.sources.client import Client
from tests.packs import write_pack
from tests.sources.loopback import Asked, Loopback, Reply
from tests.sources.test_lookup import asking

MANIFEST = "name: example\nversion: 1.0.0\n"
BASE = """\
concepts:
  - {id: tests, kind: product, label: tests}
organizations:
  - {id: maker, name: Example Maker, ror: 02mhbdp94, sells: [tests]}
  - {id: lab, name: Example Lab, part_of: maker}
sources:
  - id: doe2024replies
    kind: journal_article
    work: replies
    version: Journal of Studies 1(1), 2024
    vendor: independent
    vendor_reason: A public institute that sells no tests; its funding page was read.
    standing: {checked_on: 2026-01-15}
  - id: roe2023pots
    kind: preprint
    title: Pots are pots
    authors: [{family: Roe}]
    published_on: 2023
    arxiv: 2303.99999v1
    vendor: independent
    vendor_reason: A university, whose list of funders was read.
"""
BIB = """\
% Kept by hand.
@string{jos = "Journal of Studies"}

@article{doe2024replies,
  title   = {Replies to applications},
  author  = {Doe, Ada},
  year    = 2024,
  journal = jos,
  volume  = 1,
  doi     = {10.5555/audit.2024}
}
"""
WORK: dict[str, Any] = {
    "DOI": "10.5555/psy.1",
    "type": "journal-article",
    "title": ["Cracks in amphorae"],
    "author": [
        {"family": "Carberry", "given": "Josiah", "affiliation": [{"name": "Example Lab"}, {"name": "A University"}]}
    ],
    "container-title": ["Journal of Psychoceramics"],
    "volume": "5",
    "publisher": "Example Maker, Inc.",
    "issued": {"date-parts": [[2021, 4, 2]]},
}


def small_pack(folder: Path, **files: str) -> Path:
    """The pack; ``name__bib`` and the like name more files, or other texts for those it has."""
    named = {name.replace("__", "."): text for name, text in files.items()}
    return write_pack(folder, {"pack.yaml": MANIFEST, "base.yaml": BASE, "references.bib": BIB, **named})


def files_of(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, hidden ones included, by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@contextmanager
def unchanged(folder: Path) -> Iterator[None]:
    """Nothing that happens here changes a byte of a folder."""
    before = files_of(folder)
    yield
    assert files_of(folder) == before


def sent(data: object) -> Reply:
    return Reply(200, json.dumps(data).encode(), {"Content-Type": "application/json"})


def serve(server: Loopback, **more: Any) -> None:
    """Let Crossref know the work, with other fields where ``more`` has them, and no notice about it."""
    message = {**WORK, **{name.replace("_", "-"): value for name, value in more.items()}}
    server.routes[f"/crossref/works/{message['DOI']}"] = sent({"status": "ok", "message": message})
    server.routes["/crossref/works"] = sent({"status": "ok", "message": {"items": []}})


def nobody(asked: Asked) -> Reply:
    raise AssertionError(f"{asked.path} was asked for")


@contextmanager
def client_of(server: Loopback, **options: Any) -> Iterator[Client]:
    with asking(server, **options) as client:
        yield client


def with_reason(text: str, flag: str = "vendor") -> str:
    """A source's file as a person who has decided leaves it."""
    kept = [
        line for line in text.splitlines() if not line.lstrip().startswith(("vendor:", "vendor_reason:", "undecided"))
    ]
    at = next(number for number, line in enumerate(kept) if "kind:" in line)
    return "\n".join(
        [*kept[: at + 1], f"    vendor: {flag}", "    vendor_reason: Its maker sells tests.", *kept[at + 1 :], ""]
    )
