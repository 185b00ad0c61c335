"""A pooled finding: its estimator stands wherever its number stands, and what follows from it is worked out when asked."""

from __future__ import annotations

import json
import pickle
import re

import jsonschema
import pytest

import evidencekb as ekb
from evidencekb.answers.pooled import FunnelPoint, PooledPart, PooledSpread
from evidencekb.answers.pooling import PooledFinding, refitted, verdict_of
from evidencekb.answers.schema import answer_schema

pytest.importorskip("scipy")

from evidencekb.synthesis import INTERVALS, METHODS, pool_values

VALUES = ((12.0, 3.0), (9.0, 2.5), (-6.0, 4.0), (15.0, 4.5), (1.0, 3.0))
"""Effects that differ more than their standard errors: common effect and random effects say two things of them."""


def made(
    *values: tuple[float, float], method: str = "REML", interval: str = "wald", measure: str = "percent_change",
    flags: tuple[str, ...] = ("independent",),
) -> PooledFinding:  # fmt: skip
    """A pool of made-up findings."""
    parts = [
        PooledPart(
            f"f{place}#e", value, value, value, value, se, 0.0, 100.0, f"{value}%", (), flags[place % len(flags)],
            "field_experiment", f"20{20 + place}", f"Doe (20{20 + place})",
        )
        for place, (value, se) in enumerate(values)
    ]  # fmt: skip
    nothing = PooledSpread(0.0, 0, 1.0, 0.0, None, None, 0.0, None, 1.0)
    frame = PooledFinding(
        "", method, interval, 0.95, 0, None, 0, ("pay",), ("paid",), "pay", measure, "%", 0.0, 0.0, 0.0, None, None,
        "identity", 0.0, 0.0, 0.0, None, 1.0, nothing, (), (), (), (), {}, "", (), (), "",
    )  # fmt: skip
    return refitted(frame, parts, method, interval, 0.95)


def test_the_estimator_changes_the_verdict_and_says_so() -> None:
    common, random = made(*VALUES, method="common"), made(*VALUES)
    assert (common.verdict, random.verdict) == ("above", "unclear")
    assert len(random.otherwise) >= 1
    assert any(other.startswith("common effect; Wald (normal) interval; k = 5: ") for other in random.otherwise)
    assert any(other.startswith("random effects, REML (restricted") for other in common.otherwise)
    assert (
        "The estimator decides. The value lies above no effect, and its interval includes no effect; not so by common"
        in str(random)
    )
    assert "lies above no effect" in str(random)


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("interval", INTERVALS)
def test_the_name_stands_wherever_the_number_stands(method: str, interval: str) -> None:
    found = made(*VALUES, method=method, interval=interval)
    name = pool_values(*zip(*((v, s**2) for v, s in VALUES), strict=True), method=method, interval=interval).name
    assert found.name == name
    for text in (found.text, str(found).splitlines()[0], found.to_dict()["name"], found.to_dict()["text"]):
        assert name in text
    assert name in re.sub("<[^>]+>", "", found._repr_html_()).replace("&#x27;", "'")
    short = name.partition("; k =")[0]
    for other in (*found.leave_one_out(), *found.cumulative()):
        assert short in other.name
        assert other.name in other.text
    funnel = found.funnel()
    assert name in str(funnel)
    assert funnel.filled is not None
    assert short in funnel.filled.estimator
    assert short in funnel.filled.text


def test_by_estimator_gives_all_nine_named() -> None:
    held = made(*VALUES).by_estimator()
    assert [found.method for found in held] == list(METHODS)
    assert len({found.name for found in held}) == len(METHODS)
    assert {found.verdict for found in held} == {"above", "unclear"}


def test_where_all_agree_nothing_is_said_of_it() -> None:
    found = made((10, 1), (11, 1), (12, 1))
    assert found.otherwise == ()
    assert "estimator decides" not in str(found)


def test_leaving_one_out_names_it() -> None:
    held = made(*VALUES, method="common").leave_one_out()
    assert [found.left_out[-1].figure for found in held] == [f"f{place}#e" for place in range(5)]
    rest = [(v, s) for v, s in VALUES if v != 12.0]
    assert held[0].value == pytest.approx(
        pool_values(*zip(*((v, s**2) for v, s in rest), strict=True), method="common").estimate
    )
    with pytest.raises(ekb.QuestionError, match="leaves no pool"):
        made((1, 1), (2, 1)).leave_one_out()


def test_cumulative_goes_by_publication() -> None:
    held = made(*VALUES).cumulative()
    assert [found.k for found in held] == [2, 3, 4, 5]
    assert [each.figure for each in held[0].left_out] == ["f2#e", "f3#e", "f4#e"]
    assert held[-1].value == pytest.approx(made(*VALUES).value)


def test_the_funnel_tells_what_cannot_be_worked_out() -> None:
    funnel = made((1, 1), (2, 1)).funnel()
    assert (funnel.egger, funnel.rank, funnel.filled) == (None, None, None)
    assert any("needs three estimates" in note for note in funnel.notes)
    whole = made(*VALUES).funnel()
    assert whole.egger is not None
    assert "sees little" in whole.egger.text
    assert whole.points[0] == FunnelPoint("f0#e", 12.0, 3.0)


@pytest.mark.parametrize(
    ("flags", "says"),
    [
        (("vendor",), "Only evidence of sellers was pooled. Flags: 5 vendor."),
        (
            ("vendor", "interested"),
            "Only evidence of sellers and interested parties was pooled. Flags: 3 vendor, 2 interested.",
        ),
        (("vendor", "independent"), "Flags: 3 vendor, 2 independent."),
        (("unknown",), "Flags: 5 unknown."),
    ],
)
def test_who_gains_is_said(flags: tuple[str, ...], says: str) -> None:
    found = made(*VALUES, flags=flags)
    assert found.flagged == says
    assert says in str(found)


def test_a_level_has_no_verdict() -> None:
    assert made((3, 1), (4, 1), measure="mean").verdict == ""
    assert verdict_of("odds_ratio", 0.5, 0.9) == "below"


def test_a_pool_of_parts_is_plain_data_of_the_schema() -> None:
    validator = jsonschema.Draft202012Validator(answer_schema())
    found = made(*VALUES)
    for record in (found, found.funnel(), *found.leave_one_out()):
        data = json.loads(record.to_json())
        validator.validate(data)
        assert data == record.to_dict()
    assert pickle.loads(pickle.dumps(found)) == found
    assert data["derived"] is True


def test_in_a_notebook_no_interval_that_we_worked_out_passes_as_reported() -> None:
    shown = made((2, 1), (4, 1), measure="mean")._repr_html_()
    assert '<th scope="col">95% interval, derived from SE</th>' in shown
    assert '<th scope="col">value and SE</th>' in shown
    assert "<td>as reported</td>" in shown


def test_texts_are_escaped_in_html() -> None:
    found = made(*VALUES)
    assert "<script>" not in found._repr_html_()
    nasty = refitted(found, [*found.parts], "REML", "wald", 0.95)
    assert nasty._repr_html_().count("<tr>") == 6
