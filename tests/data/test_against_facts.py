"""The shipped data against the facts it was made of: no figure changed, none lost.

The facts are read from ``../shared/facts``; every number of a fact must stand, unchanged, in a record of the work that the
fact went into. What deliberately stands otherwise is listed with its reason.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidencekb.store.nodes import parse, plain

DATA = Path(__file__).parent.parent.parent / "data"
SHARED = DATA.parent.parent / "shared" / "facts"
UNTRACED = {"amazon-2018-resume-tool-reuters"}
# (fact, number): why the pack does not hold this number as the fact writes it.
_COMPUTED = "worked out from the printed standard error when the fact was checked; only what a source prints is stored"
ELSEWHERE: dict[tuple[str, float], str] = {
    ("peng-2023-copilot-task-time", 17.3): "a standard error derived from the printed interval, which is stored",
    **dict.fromkeys([("cui-2026-copilot-pooled", 5.9), ("cui-2026-copilot-pooled", 46.3)], _COMPUTED),
    **dict.fromkeys([("cui-2026-microsoft", 2.1), ("cui-2026-microsoft", 52.6)], _COMPUTED),
    **dict.fromkeys([("cui-2026-accenture", -18.8), ("cui-2026-accenture", 54.6)], _COMPUTED),
    **dict.fromkeys([("cui-2026-anonymous-firm", -29.5), ("cui-2026-anonymous-firm", 137.6)], _COMPUTED),
    ("eeoc-party-city-2019-155k", 1): "one applicant, in words",
    ("amazon-2018-resume-tool-reuters", 5): "five people, in words",
    ("amazon-2018-resume-tool-reuters", 10): "ten years, in words",
}


def facts(*names: str) -> list[dict[str, Any]]:
    """The facts of some files; none where the folder is absent."""
    paths = [SHARED / f"{name}.jsonl" for name in names]
    return [json.loads(line) for path in paths if path.exists() for line in path.read_text().splitlines() if line]


FACTS = facts("ai-skills-and-pay", "hiring-and-cohorts")


def _works() -> dict[str, list[Any]]:
    """Records of the file that each finding and untraced claim stands in, by id."""
    works = {}
    for folder in ("findings", "untraced"):
        for path in sorted((DATA / folder).glob("*.yaml")):
            node = parse(path.read_text())
            assert node is not None
            data = plain(node)
            records = [record for listing in data.values() for record in listing]
            works.update(
                {record["id"]: records for listing in ("findings", "untraced") for record in data.get(listing, ())}
            )
    return works


WORKS = _works()


def _numbers(value: Any) -> Iterator[float]:
    """Every number in a record, also those that stand inside a text."""
    import re

    if isinstance(value, dict):
        for key, item in value.items():
            yield from _numbers(key)
            yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        yield float(value)
    elif isinstance(value, str):
        for text in re.findall(r"\d[\d,]*(?:\.\d+)?", value):
            yield float(text.replace(",", ""))


def _number(value: float | str) -> float:
    """A number of a fact; a bound such as "<0.01" is its number."""
    return value if isinstance(value, int | float) else float(value.strip("<>= "))


def _holds(numbers: set[float], wanted: float) -> bool:
    """A number as such, as a share against percent, in millions, or with its sign in the direction or the words."""
    forms = {
        wanted,
        abs(wanted),
        wanted * 100,
        wanted / 100,
        abs(wanted) * 100,
        abs(wanted) / 100,
        wanted / 1e6,
        wanted / 1e9,
    }
    return any(abs(number - form) < 1e-9 for form in forms for number in numbers)


@pytest.mark.shared
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["id"])
def test_a_fact_is_in_the_pack_under_its_id(fact: dict[str, Any]) -> None:
    assert fact["id"] in WORKS, "no finding (or untraced claim) has the id of this fact"


@pytest.mark.shared
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["id"])
def test_no_number_of_a_fact_is_lost(fact: dict[str, Any]) -> None:
    held = set(_numbers(WORKS[fact["id"]]))
    wanted = [
        _number(m[key])
        for m in fact["measures"]
        for key in ("value", "ci_low", "ci_high", "p_value", "se")
        if m.get(key) is not None
    ]
    if fact.get("n") is not None:
        wanted.append(fact["n"])
    lost = [number for number in wanted if not _holds(held, number) and (fact["id"], number) not in ELSEWHERE]
    assert lost == []


@pytest.mark.shared
@pytest.mark.parametrize("fact", FACTS, ids=lambda fact: fact["id"])
def test_no_text_of_a_fact_is_copied(fact: dict[str, Any]) -> None:
    texts = [fact["statement"], fact["operational_definition"], fact.get("limitations") or ""]
    held = json.dumps(WORKS[fact["id"]], ensure_ascii=False)
    assert [text for text in texts if len(text) > 40 and text in held] == []


@pytest.mark.shared
@pytest.mark.parametrize("fact", facts("unresolvable"), ids=lambda fact: fact["id"])
def test_an_unresolvable_claim_is_untraced(fact: dict[str, Any]) -> None:
    (record,) = [record for record in WORKS[fact["id"]] if record["id"] == fact["id"]]
    assert record["status"] in ("no_source_found", "dead_end", "unpublished", "misattributed", "circular")
