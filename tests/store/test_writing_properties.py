"""Whatever is formatted: nothing is lost, and formatting twice equals formatting once."""

from __future__ import annotations

import json
import random

import yaml
from hypothesis import HealthCheck, given, reject, settings
from hypothesis import strategies as st

from evidencekb.model import LISTS
from evidencekb.store.jsonl import format_jsonl, unformatted_lines
from evidencekb.store.nodes import YamlProblem
from evidencekb.store.writing import format_text
from tests.store.canonical import plain_of
from tests.store.scribe import FILES, KEYS, VALUES, Scribe


def meaning(data: object) -> object:
    """Data with its types, the records of a list in any order."""
    if not isinstance(data, dict):
        return json.dumps(data, sort_keys=True)
    return {
        key: sorted(json.dumps(item, sort_keys=True) for item in value)
        if key in LISTS and isinstance(value, list)
        else json.dumps(value, sort_keys=True)
        for key, value in data.items()
    }


@given(data=FILES, draw=st.randoms(use_true_random=False), comments=st.booleans())
@settings(suppress_health_check=[HealthCheck.too_slow])
def test_formatting_loses_nothing_and_settles_at_once(data: object, draw: random.Random, comments: bool) -> None:
    scribe = Scribe(draw, comments)
    text = scribe.write(data)
    read = plain_of(text)
    if not comments:
        assert json.dumps(read) == json.dumps(data)
    once = format_text(text, name="x.yaml")
    assert meaning(plain_of(once)) == meaning(read)
    texts = json.dumps(read)
    for comment in scribe.comments:
        swallowed = json.dumps(comment)[1:-1] in texts  # it stood inside a text, and is part of the data
        assert swallowed or sum(line.strip().endswith(comment) for line in once.split("\n")) == 1, comment
    assert format_text(once, name="x.yaml") == once


@given(
    data=FILES,
    flow=st.sampled_from([None, True, False]),
    width=st.sampled_from([20, 80, 1000]),
    indent=st.integers(2, 6),
)
def test_what_another_writer_wrote_is_kept(data: object, flow: bool | None, width: int, indent: int) -> None:
    text = yaml.safe_dump(
        data, default_flow_style=flow, width=width, indent=indent, allow_unicode=True, sort_keys=False
    )
    try:
        read = plain_of(text)
    except YamlProblem:  # a key that is a number in YAML 1.2 and a text in YAML 1.1
        reject()
    once = format_text(text, name="x.yaml")
    assert meaning(plain_of(once)) == meaning(read)
    assert format_text(once, name="x.yaml") == once


@given(records=st.lists(st.dictionaries(KEYS, VALUES, max_size=5), max_size=5))
def test_formatting_jsonl_loses_nothing_and_settles_at_once(records: list[dict[str, object]]) -> None:
    text = "".join(json.dumps(record, indent=None) + "\n" for record in records)
    once = format_jsonl(text, name="sources.jsonl")
    read = [json.loads(line) for line in once.split("\n") if line]
    assert sorted(json.dumps(r, sort_keys=True) for r in read) == sorted(json.dumps(r, sort_keys=True) for r in records)
    assert format_jsonl(once, name="sources.jsonl") == once


LINES = st.sampled_from([
    "", " ", "\r", "null", "1.50", '{"id":"b"}', '{"id":"b","label":"B"}', '{"label":"B","id":"b"}', '{"id":"a"}', '{"id": "c"}',
    '{"concept":{"id":"a"}}', '{"claim":{"id":"z"}}', '{"waiver":{"rule":"EKB210","record":"x"}}',
    '{"waiver":{"rule":"AB1","record":"x"}}', '{"waiver":{"rule":1.50,"record":"x"}}', '{"id":5}', '{"id":"d","n":1e999}', "{",
])  # fmt: skip


@given(text=st.lists(LINES, max_size=9).map("\n".join))
def test_what_is_found_out_of_form_line_by_line_is_where_the_written_text_differs_first(text: str) -> None:
    said = unformatted_lines("concepts.jsonl", lambda: text.split("\n"))
    try:
        written = format_jsonl(text, name="concepts.jsonl")
    except YamlProblem:
        written = text  # nothing is said of what cannot be read
    if text == written:
        assert said is None
        return
    before, after = ([*held.split("\n"), "the end of the file"] for held in (text, written))
    same = next(n for n, (b, a) in enumerate(zip(before, after, strict=False)) if b != a)
    found, wanted = (line if line == "the end of the file" else repr(line) for line in (before[same], after[same]))
    assert said is not None
    assert said.message == (
        f"line {same + 1} is not in canonical form: found {found}, expected {wanted}; run `evidencekb format`"
    )
