"""Records changed by path, and the lines on which their fields stand."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from evidencekb.seeds.changing import Key, OutOfDate, Records, repeated, steps
from evidencekb.seeds.packs import SeedBed
from evidencekb.store.nodes import Mapping, Sequence, locate, parse

TRIAL: Key = ("finding", "trial")


def records() -> Records:
    return Records({
        TRIAL: {
            "id": "trial",
            "estimates": [{"id": "time", "value": 3}, {"id": "cost", "value": 4}],
            "citations": [{"source": "a/b:2024", "prints": {"0.8": "0.8 SD"}}, {"source": "news"}, {"source": "news"}],
            "cohorts": [],
        },
        ("source", "a/b:2024"): {"id": "a/b:2024", "title": "A"},
        ("cohort", "people"): {"id": "people", "label": "People"},
        ("concept", "people"): {"id": "people", "label": "people"},
        ("waiver", "EKB108:trial"): {"rule": "108", "record": "trial", "until": "2030"},
    })  # fmt: skip


def changed(changes: dict[str, Any]) -> dict[Key, dict[str, Any]]:
    held = records()
    held.change(changes, TRIAL)
    return held.held


def test_a_step_is_a_name_or_a_position() -> None:
    trial = changed({"estimates.time.value": 5, "estimates.1.value": 6, "citations.a/b:2024.prints.0.8": "1 SD"})[TRIAL]
    assert [estimate["value"] for estimate in trial["estimates"]] == [5, 6]
    assert trial["citations"][0]["prints"] == {"0.8": "1 SD"}


def test_null_takes_out_and_plus_adds() -> None:
    trial = changed({"estimates.cost": None, "cohorts.+": {"cohort": "people"}, "headline": "New"})[TRIAL]
    assert trial["estimates"] == [{"id": "time", "value": 3}]
    assert trial["cohorts"] == [{"cohort": "people"}]
    assert trial["headline"] == "New"


def test_a_slash_names_another_record() -> None:
    held = changed({"a/b:2024/title": "B", "concept:people/label": "folk", "EKB108:trial/until": "2031"})
    assert held["source", "a/b:2024"]["title"] == "B"
    assert held["concept", "people"]["label"] == "folk"
    assert held["cohort", "people"]["label"] == "People"
    assert held["waiver", "EKB108:trial"]["until"] == "2031"


def test_a_record_is_taken_out_added_copied_and_renamed() -> None:
    held = changed({
        "concept:people/": None,
        "+sources": [{"like": "a/b:2024", "id": "second", "title": None}],
        "EKB108:trial/record": "another",
    })  # fmt: skip
    assert ("concept", "people") not in held
    assert held["source", "second"] == {"id": "second"}
    assert held["waiver", "EKB108:another"]["record"] == "another"


def test_the_records_that_were_given_stay_as_they_are() -> None:
    first = records()
    Records(first.held).change({"estimates.time.value": 9}, TRIAL)
    assert first.held == records().held


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"estimates.tiem.value": 5}, "finding 'trial' has no 'tiem'"),
        ({"estimates.time.value": 3}, "is 3 already, so this changes nothing"),
        ({"headline": None}, "has no 'headline'"),
        ({"sample.counts.0": 1}, "has no 'sample'"),
        ({"citations.news.role": "primary"}, "'news' is the name of several; give the position"),
        ({"a/c:2024/title": "B"}, "no record has the id 'a'"),
        ({"peopel/label": "x"}, "did you mean 'people'"),
        ({"people/": {"id": "x"}}, "null takes it out"),
        ({"+sourses": []}, "'+sourses' is no list of records; known are +sources"),
        ({"+sources": [{"like": "gone", "id": "x"}]}, "no record has the id 'gone'"),
        ({"+sources": [{"id": "a/b:2024"}]}, "is a source 'a/b:2024' already"),
        ({"+sources": ["x"]}, "which is no record"),
        ({"+sources": [{"repeat": 0, "id": "x"}]}, "repeat is a number from 1 to 100"),
    ],
)
def test_what_does_not_fit_says_so(changes: dict[str, Any], says: str) -> None:
    with pytest.raises(OutOfDate, match=says.replace("(", r"\(").replace("+", r"\+")):
        changed(changes)


def test_many_alike_are_numbered() -> None:
    assert repeated({"repeat": 2, "id": "c{n}", "broader": ["c{next}"], "n": 1}) == [
        {"id": "c1", "broader": ["c2"], "n": 1},
        {"id": "c2", "broader": ["c3"], "n": 1},
    ]


def paths(value: Any, path: str = "") -> Iterator[str]:
    """The path of everything in a value, lists by position."""
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in parts:
        here = f"{path}.{name}" if path else str(name)
        yield here
        yield from paths(part, here)


def test_lines_are_those_that_the_reader_of_files_sees() -> None:
    held = Records(SeedBed(Path()).base)
    root = parse(json.dumps(held.listed(), ensure_ascii=False, indent=1))
    assert isinstance(root, Mapping)
    nodes = [node for _, listing in root.pairs for node in (listing.items if isinstance(listing, Sequence) else ())]
    seen = 0
    for node, (key, record) in zip(
        nodes, [(k, r) for rs in held.listed().values() for r in rs for k in [key_in(held, r)]], strict=True
    ):
        for path in ("", *paths(record)):
            assert held.line_of(key, path) == locate(node, tuple(steps(record, path)))[0], (key, path)
            seen += 1
    assert seen > 400


def key_in(held: Records, record: dict[str, Any]) -> Key:
    return next(key for key, other in held.held.items() if other is record)


def test_a_field_that_is_not_there_stands_where_its_record_does() -> None:
    held = records()
    assert held.line_of(TRIAL, "headline") == held.line_of(TRIAL, "") == 3
    assert held.line_of(TRIAL, "estimates.time.unit") == held.line_of(TRIAL, "estimates.time") == 6
    with pytest.raises(OutOfDate, match="no finding has the id 'trail'; did you mean 'trial'"):
        held.line_of(("finding", "trail"), "")
