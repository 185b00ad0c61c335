# ruff: noqa: E501  # one case a line reads as a table
"""Rule 107: what a relay prints against what it took, figure by figure, and whom it credits."""

from __future__ import annotations

from typing import Any

import pytest

from evidencekb.model import Finding, Record, Source
from evidencekb.rules import rule
from evidencekb.rules.changing import transposed
from evidencekb.rules.drift import Difference, differences, passed_on
from tests.rules.test_wording import BOUND, MONEY, POINTS, RANGE, SHARE, TIME

SLOWER = {"id": "time", "outcome": "time-on-task", "measure": "percent_change", "value": 18.8, "unit": "%"}
FROM_NONE = {**SHARE, "value": None, "range": {"low": 0, "high": 0.68, "over": "periods"}, "qualifier": "at_least"}
PAY = {"id": "pay", "outcome": "pay", "measure": "mean_difference", "value": 18000, "qualifier": "about", "unit": "USD"}


def relayed(
    estimate: dict[str, Any],
    printed: str,
    *,
    primary: str = "",
    drift: list[dict[str, Any]] | None = None,
    **fields: Any,
) -> Finding:
    """A finding whose one estimate a relay passes on."""
    prints = {"prints": {estimate["id"]: primary}} if primary else {}
    relay = {
        "source": "b2024",
        "role": "secondary",
        "names": "a2023",
        "taken_from": "a2023",
        "prints": {estimate["id"]: printed},
        "drift": drift or [],
    }
    return Finding.model_validate({
        "id": "a-finding", "headline": "A headline", "statement": "A statement.", "nature": "observed", "design": "raw_comparison",
        "estimates": [estimate], "citations": [{"source": "a2023", "role": "primary", "basis": "own_data", **prints}, relay], **fields,
    })  # fmt: skip


def nothing(_: str, __: str) -> Record | None:
    return None


def told(finding: Finding) -> list[tuple[str, bool]]:
    return [(str(found.kind), found.sure) for found in differences(finding, nothing)]


@pytest.mark.parametrize(
    ("estimate", "printed"),
    [
        (SLOWER, "19%"), (SLOWER, "18.8% longer"), (SLOWER, "about 19%"), (TIME, "-40%"), (TIME, "40% less time"),
        (TIME, "two fifths"), (TIME, "67% faster"), (SHARE, "17%"), (SHARE, "0.17"), (POINTS, "2.1 points lower"),
        (RANGE, "17-20%"), (RANGE, "between 17% and 20%"), (MONEY, "$365,000"), (MONEY, "365,000 dollars"),
        (FROM_NONE, "0 to 0.68"), (BOUND, "over 200"), (PAY, "about $18,000"), (SHARE, "no figure at all"),
    ],
)  # fmt: skip
def test_what_says_the_same_is_silent(estimate: dict[str, Any], printed: str) -> None:
    assert told(relayed(estimate, printed)) == []


@pytest.mark.parametrize(
    ("estimate", "printed", "kind"),
    [
        (SLOWER, "20%", "number_changed"),
        (MONEY, "$356,000", "number_changed"),
        (PAY, "nearly $20,000", "number_changed"),
        (RANGE, "25%", "number_changed"),
        (POINTS, "2.1%", "unit_changed"),
        (SHARE, "17 points", "unit_changed"),
        (MONEY, "€365,000", "unit_changed"),
        (TIME, "+40%", "sign_or_inverse"),
        (TIME, "40% faster", "sign_or_inverse"),
        (TIME, "a rise of 40%", "sign_or_inverse"),
    ],
)
def test_a_changed_figure_is_an_error_of_its_kind(estimate: dict[str, Any], printed: str, kind: str) -> None:
    assert told(relayed(estimate, printed))[:1] == [(kind, True)]
    (first, *_) = passed_on(rule("107"), relayed(estimate, printed), nothing)
    assert first.severity == "error"
    assert first.path == ("citations", 1, "prints", estimate["id"])


def test_a_recorded_drift_is_silent_on_its_own_estimate_alone() -> None:
    recorded = [{"kind": "number_changed", "on": ["time"], "note": "Rounded up."}]
    assert told(relayed(SLOWER, "20%", drift=recorded)) == []
    assert told(relayed(SLOWER, "20%", drift=[{"kind": "cause_added", "note": "The wording."}])) == [
        ("number_changed", True)
    ]


def test_a_relay_is_held_against_the_hop_it_took_from() -> None:
    finding = relayed(SLOWER, "20%", drift=[{"kind": "number_changed", "on": ["time"], "note": "Rounded up."}])
    second = {
        "source": "c2024",
        "role": "secondary",
        "names": "b2024",
        "taken_from": "b2024",
        "prints": {"time": "20%"},
    }
    data = finding.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    assert told(Finding.model_validate({**data, "citations": [*data["citations"], second]})) == []
    second["prints"] = {"time": "19%"}
    assert told(Finding.model_validate({**data, "citations": [*data["citations"], second]})) == [
        ("number_changed", True)
    ]


def test_the_same_drop_in_time_is_told_as_speed_with_the_sum() -> None:
    (found,) = differences(relayed(TIME, "40% faster"), nothing)
    assert found.why == "time told as speed; 40% less time is 67% faster"


@pytest.mark.parametrize(
    ("design", "printed", "kind"),
    [
        ("raw_comparison", "17% of firms worldwide", "scope_widened"),
        ("raw_comparison", "17% because of AI", "cause_added"),
        ("raw_comparison", "17% will use it", "certainty_raised"),
        ("raw_comparison", "17% obsolete", "definition_swapped"),
        ("raw_comparison", "17% of women", "group_swapped"),
        ("raw_comparison", "17% higher", "unit_changed"),
        ("raw_comparison", "more than 17%", "number_changed"),
    ],
)
def test_meaning_is_proposed_and_never_proven(design: str, printed: str, kind: str) -> None:
    finding = relayed(SHARE, printed, design=design)
    assert (kind, False) in told(finding)
    assert all(violation.severity == "note" for violation in passed_on(rule("107"), finding, nothing))


@pytest.mark.parametrize(
    ("works", "kind"),
    [(("one", "one"), "version_mixed"), (("one", "other"), "attribution_wrong"), ((None, None), "attribution_wrong")],
)
def test_who_is_credited_and_who_was_copied(works: tuple[str | None, str | None], kind: str) -> None:
    held = {
        id: Source.model_validate({"id": id, "kind": "report", "title": "A title"} | ({"work": work} if work else {}))
        for id, work in zip(("a2023", "wp2022"), works, strict=True)
    }  # fmt: skip

    def look(asked: str, id: str) -> Record | None:
        return held.get(id) if asked == "source" else None

    finding = relayed(SHARE, "17%")
    data = finding.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    data["citations"][1]["names"] = "wp2022"
    (found,) = differences(Finding.model_validate(data), look)
    assert isinstance(found, Difference)
    assert (str(found.kind), found.on, found.sure) == (kind, "", True)
    data["citations"][1]["drift"] = [{"kind": kind, "note": "It credits the other one."}]
    assert list(differences(Finding.model_validate(data), look)) == []


@pytest.mark.parametrize("named", ["none_named", "unknown"])
def test_a_relay_that_names_nobody_credits_nobody_wrongly(named: str) -> None:
    data = relayed(SHARE, "17%").model_dump(mode="json", exclude_defaults=True, by_alias=True)
    data["citations"][1]["names"] = named
    assert told(Finding.model_validate(data)) == []


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [(365, 356, True), (61.22, 61.22, False), (1200, 2100, True), (40, 41, False), (0.42, 0.24, True)],
)
def test_transposed_digits(one: float, other: float, same: bool) -> None:
    assert transposed(one, other) is same
