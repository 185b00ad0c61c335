"""Records of small packs, with what a test does not care about filled in. All of them are made up."""

from __future__ import annotations

from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import evidencekb as ekb
from tests.records import DROPPED, Fields, Records, built, record

_LETTERS = str.maketrans("0123456789", "abcdefghij")
"""Ids as a text may hold them: a number there would have to be a figure of the finding."""


def concept(kind: str, id: str, label: str = "", **fields: Any) -> Fields:
    """A concept, called as its id says unless it has a label."""
    return {"id": id, "kind": kind, "label": label or id.replace("-", " "), **fields}


def below(wider: str) -> list[Fields]:
    """The links of a concept that lies below another."""
    return [{"to": wider, "relation": "broader", "source": "editorial"}]


def cohort(id: str, label: str = "", **fields: Any) -> Fields:
    """A group of people."""
    label = label or id.replace("-", " ").capitalize()
    return {"id": id, "label": label, "meaning": f"All of {id}.", "unit": "people", **fields}


def definition(id: str, of: str, **fields: Any) -> Fields:
    """How something became a number."""
    return {"id": id, "of": of, "basis": "survey_answer", "procedure": f"Counted by {id}.", **fields}


def source(id: str, **fields: Any) -> Fields:
    """An independent report of 2023 that was looked after, with its id as byline."""
    return {
        "id": id, "kind": "report", "title": f"Title of {id}", "published_on": 2023, "label": id.capitalize(),
        "url": f"https://{id}.example/", "vendor": "independent", "vendor_reason": f"Looked into {id} and found no seller.",
        "standing": {"checked_on": "2026-01-15"}, **fields,
    }  # fmt: skip


def estimate(outcome: str, value: float, id: str = "x", **fields: Any) -> Fields:
    """A change in percent, counted in the usual way."""
    usual = {"definition": f"{outcome}-as-usual", "measure": "percent_change", "unit": "%"}
    return {"id": id, "outcome": outcome, "value": value, **usual, **fields}


def share(outcome: str, value: float, id: str = "x", **fields: Any) -> Fields:
    """A share of a whole."""
    return estimate(outcome, value, id, measure="proportion", unit="1", **fields)


def finding(
    id: str,
    *estimates: Fields,
    about: Mapping[str, str] | None = None,
    on: Mapping[str, str] | None = None,
    **fields: Any,
) -> Fields:
    """What a report of its own observed.

    Args:
        id: Its id.
        estimates: Its numbers.
        about: Concepts, and how it bears on them.
        on: Cohorts, and how those measured stand to them.
        fields: Other fields; ``source`` names another source than one of the same name.
    """
    cites = {"source": fields.pop("source", id), "role": "primary", "basis": "own_data"}
    return {
        "id": id, "headline": f"Headline of {id.translate(_LETTERS)}", "statement": f"Statement of {id.translate(_LETTERS)}.",
        "nature": "observed", "design": "official_count", "no_interval": "not_seen",
        "sample": {"counts": [{"n": 500, "of": "people", "level": "analysed"}]},
        "about": [{"concept": id, "how": how} for id, how in (about or {}).items()],
        "cohorts": [{"cohort": id, "fit": fit, "note": "Made up."} for id, fit in (on or {"workers": "exact"}).items()],
        "estimates": list(estimates),
        "citations": [{**cites, "read": {"what": "abstract", "on": "2026-01-15"}}],
        **fields,
    }  # fmt: skip


def pack(findings: list[Fields], **lists: list[Fields]) -> Records:
    """The records of a pack: each finding has its source, each number its definition, and there are workers."""
    sources = {each["id"]: each for each in lists.pop("sources", [])}
    definitions = {each["id"]: each for each in lists.pop("definitions", [])}
    for each in findings:
        for citation in each["citations"]:
            sources.setdefault(citation["source"], source(citation["source"]))
        for number in each["estimates"]:
            definitions.setdefault(number["definition"], definition(number["definition"], number["outcome"]))
    cohorts = [cohort("workers"), *lists.pop("cohorts", [])]
    made = {"sources": list(sources.values()), "definitions": list(definitions.values()), "cohorts": cohorts}
    return {"findings": findings, **made, **lists}


def twin(records: Records, listing: str, id: str, **fields: Any) -> Records:
    """The records with fields of one of them changed, or taken out."""
    changed = deepcopy(records)
    for name, value in fields.items():
        if value is DROPPED:
            del record(changed, listing, id)[name]
        else:
            record(changed, listing, id)[name] = value
    return changed


def more(records: Records, **lists: Fields) -> Records:
    """The records with one more in some lists."""
    return {**records, **{listing: [*records.get(listing, []), added] for listing, added in lists.items()}}


def page_of(folder: Path, records: Records, **asked: Any) -> ekb.Brief:
    """The brief of a pack."""
    with built(folder, records) as kb:
        return ekb.brief(kb, **asked)
