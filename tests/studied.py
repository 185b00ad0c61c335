"""Packs for tests of what counts once: two findings in papers of their own, and what makes them one."""

from __future__ import annotations

from typing import Any

from tests.records import DROPPED, Fields, Records, base_records, edited

FIRST = "audit-2024-replies"
READ = {"what": "abstract", "on": "2026-01-15"}


def source(id: str, **fields: Any) -> Fields:
    held = {
        "id": id,
        "kind": "journal_article",
        "title": f"Title of {id}",
        "published_on": 2025,
        "doi": f"10.5555/{id}",
        "vendor": "independent",
        "vendor_reason": f"The funding page of {id} was read.",
        **fields,
    }
    return {name: value for name, value in held.items() if value is not DROPPED}


def finding(id: str, of: str, **fields: Any) -> Fields:
    """A finding on replies, primary in a source of its own."""
    primary = {"source": of, "role": "primary", "basis": "own_data", "read": READ}
    sample = {"counts": [{"n": 300, "of": "applications", "level": "observations"}]}
    return {**base_records()["findings"][0], "id": id, "sample": sample, "citations": [primary], **fields}


def support(*findings: str, stance: str = "supports") -> list[Fields]:
    return [{"finding": id, "estimates": ["replies"], "stance": stance} for id in findings]


def pack(**edits: Any) -> Records:
    """The base records with a second finding in a paper of its own, both listed by the claim."""
    held = {
        "sources.+": source("second2025"),
        "findings.+": finding("second", "second2025"),
        "claims.0.supports": support(FIRST, "second"),
    }
    return edited(edited(base_records(), held), {name.replace("__", "."): value for name, value in edits.items()})


def linked(type: str, **fields: Any) -> dict[str, Any]:
    return {"findings__1__links": [{"type": type, "target": FIRST, **fields}]}


def page(where: str, taken_from: str | None = None) -> Fields:
    return {"where": where, **({"taken_from": taken_from} if taken_from else {})}
