"""Rule 107 on what relays print of findings that no rule was written for: drift is told, sound prints are not accused."""

from __future__ import annotations

from typing import Any

import pytest

from evidencekb.model import Finding
from evidencekb.rules.drift import differences
from tests.rules.unseen import finding_of, read

CASES: list[tuple[dict[str, Any], Finding]] = [(one, finding_of(one, at)) for at, one in enumerate(read("drift"))]


def told(finding: Finding, on: str, text: str) -> list[tuple[str, bool]]:
    """The kinds of drift of one relay, each with whether it is sure."""
    relay = {
        "source": "relay",
        "role": "secondary",
        "prints": {on: str(text)},
        "names": "origin",
        "taken_from": "origin",
    }
    cited = Finding.model_validate({**finding.model_dump(by_alias=True), "citations": [relay]})
    return [(str(found.kind), found.sure) for found in differences(cited, lambda _kind, _id: None)]


@pytest.mark.parametrize("one", range(len(CASES)))
def test_a_sound_print_is_silent(one: int) -> None:
    compact, finding = CASES[one]
    assert [(text, told(finding, on, text)) for on, text in compact["sound"] if told(finding, on, text)] == []


def test_most_drift_is_proposed_and_most_of_it_by_its_kind() -> None:
    results = [
        (text, kinds.split(), told(finding, on, text))
        for compact, finding in CASES
        for on, text, kinds in compact["drift"]
    ]
    missed = [text for text, _, found in results if not found]
    otherwise = [
        (text, found) for text, kinds, found in results if found and not {kind for kind, _ in found} & set(kinds)
    ]
    assert len(missed) <= 0.05 * len(results), missed
    assert len(otherwise) <= 0.1 * len(results), otherwise
