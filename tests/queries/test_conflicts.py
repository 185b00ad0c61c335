"""conflicts_of and power_of: what they say of made-up findings, and of those of the shipped pack."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.records import base_records, built, edited
from tests.rules.test_conflicts import FIRST, OPPOSITE, SECOND, UNTOLD, E, F, G, H, interval

BECAUSE = "Scores were new to employers in the first trial."
LINK: dict[str, Any] = {"type": "qualifies", "target": FIRST, "because": BECAUSE, "asserted_by": "audit2025"}


def opened(folder: Path, edits: dict[str, Any]) -> ekb.KnowledgeBase:
    return built(folder, edited(base_records(), edits))


def test_an_open_conflict_is_told_from_either_side(tmp_path: Path) -> None:
    with opened(tmp_path, {**OPPOSITE, f"{G}.cohorts.0.cohort": "young-applicants", f"{H}.period": 2024}) as kb:
        (here,), (there,) = ekb.conflicts_of(kb, FIRST), ekb.conflicts_of(kb, SECOND)
    assert [ref.id for ref in here.findings] == [FIRST, SECOND]
    assert [ref.id for ref in there.findings] == [SECOND, FIRST]
    assert (here.estimates, here.how, here.acknowledged, here.link, here.because) == (
        ("replies", "replies"), "opposite", False, None, "",
    )  # fmt: skip
    assert here.differs == (
        {"what": "cohort", "first": "Applicants", "second": "Young applicants"},
        {"what": "period", "first": "", "second": "2024"},
    )
    assert "+12%" in here.said[0]
    assert here.text.endswith("Why they differ is not recorded. The two differ in cohort.")


def test_an_acknowledged_one_says_by_whom_and_why(tmp_path: Path) -> None:
    with opened(tmp_path, {**OPPOSITE, f"{G}.links": [LINK]}) as kb:
        (found,) = ekb.conflicts_of(kb, FIRST)
    assert (found.acknowledged, found.link, found.said_by) == (True, "qualifies", SECOND)
    assert (found.because, found.asserted_by) == (BECAUSE, "audit2025")
    assert BECAUSE in found.text


def test_a_claim_has_the_conflicts_of_the_estimates_it_rests_on(tmp_path: Path) -> None:
    any_reply = {**base_records()["findings"][0]["estimates"][0], "id": "any", "definition": "any-reply"}
    edits = {**OPPOSITE, f"{F}.estimates.1": any_reply, f"{F}.citations.0.prints": {"replies": "12%", "any": "12%"}}
    with opened(tmp_path / "rests", edits) as kb:
        assert len(ekb.conflicts_of(kb, "a-score-brings-replies")) == 1
    with opened(tmp_path / "apart", {**edits, "claims.0.supports.0.estimates": ["any"]}) as kb:
        assert ekb.conflicts_of(kb, "a-score-brings-replies") == ()


def test_an_outcome_has_those_of_all_its_estimates_each_once(tmp_path: Path) -> None:
    with opened(tmp_path, OPPOSITE) as kb:
        assert [pair.how for pair in ekb.conflicts_of(kb, "replies")] == ["opposite"]


def test_what_a_link_sets_against_each_other_is_listed_though_it_cannot_be_compared(tmp_path: Path) -> None:
    link = {**LINK, "type": "contradicts", "about": ["replies"]}
    with opened(tmp_path, {**OPPOSITE, f"{H}.definition": "any-reply", f"{G}.links": [link]}) as kb:
        (here,), (there,) = ekb.conflicts_of(kb, FIRST), ekb.conflicts_of(kb, SECOND)
    assert (here.how, here.estimates, there.estimates) == ("stated", ("", "replies"), ("replies", ""))
    assert [part["what"] for part in here.differs][:1] == ["definition"]


def test_intervals_that_do_not_meet_are_no_opposite_signs(tmp_path: Path) -> None:
    edits = {**OPPOSITE, **interval(E, 3, 5, 7), **interval(H, 15, 20, 25), **UNTOLD}
    with opened(tmp_path, edits) as kb:
        assert [pair.how for pair in ekb.conflicts_of(kb, FIRST)] == ["apart"]
        (caveat,) = [c for c in ekb.finding_card(kb, FIRST).caveats if c.code == "contested"]
    assert caveat.text == "Another finding in this pack puts the same at another size."


@pytest.mark.parametrize("links", [[], [LINK]])
def test_cards_and_pages_show_what_the_rule_lists(tmp_path: Path, links: list[dict[str, Any]]) -> None:
    with opened(tmp_path, {**OPPOSITE, f"{G}.links": links}) as kb:
        for id, other in ((FIRST, SECOND), (SECOND, FIRST)):
            card = ekb.finding_card(kb, id)
            assert [c.params["by"] for c in card.caveats if c.code == "contested"] == [[other]]
            assert [figure.contradicted_by for figure in card.figures] == [(other,)]
        (conflict,) = ekb.brief(kb, topic="hiring").conflicts
    assert {ref.id for ref in conflict.findings} == {FIRST, SECOND}
    assert conflict.because == (BECAUSE if links else "")


def test_a_conflict_touches_the_figures_that_it_is_about_and_no_others(tmp_path: Path) -> None:
    any_reply = {**base_records()["findings"][0]["estimates"][0], "id": "any", "definition": "any-reply"}
    edits = {**OPPOSITE, f"{F}.estimates.1": any_reply, f"{F}.citations.0.prints": {"replies": "12%", "any": "12%"}}
    with opened(tmp_path, edits) as kb:
        figures = {figure.estimate: figure.contradicted_by for figure in ekb.finding_card(kb, FIRST).figures}
    assert figures == {"replies": (SECOND,), "any": ()}


def test_only_findings_claims_and_outcomes_can_be_in_conflict(tmp_path: Path) -> None:
    with opened(tmp_path, {}) as kb:
        with pytest.raises(ekb.QuestionError, match="'recruiter' is no finding, claim or outcome"):
            ekb.conflicts_of(kb, "recruiter")
        with pytest.raises(ekb.UnknownIdError, match="audit-2024-replies"):
            ekb.conflicts_of(kb, "audit-2024-reply")
        with pytest.raises(ekb.QuestionError, match="limit"):
            ekb.conflicts_of(kb, FIRST, limit=0)
        assert ekb.conflicts_of(kb, FIRST) == ()


# power_of


def test_power_of_an_interval(tmp_path: Path) -> None:
    with opened(tmp_path, interval(E, -7.6, 12, 31.6)) as kb:
        (found,) = ekb.power_of(kb, FIRST, effect=28.02)
    assert (found.verdict, found.basis, found.n, found.why) == ("unclear", "interval", None, "")
    # (31.6 + 7.6) / 3.92 = 10; 2.80 times as much is seen in four of five.
    assert found.standard_error == pytest.approx(10, abs=0.001)
    assert found.detectable == pytest.approx(28.02, abs=0.01)
    assert found.power == pytest.approx(0.80, abs=0.001)
    assert found.text == (
        "Cannot be told from no effect (−7.6% to +31.6%). Four of five such studies would see 28% or more. "
        "28% would be seen in 80% of them."
    )


def test_power_that_cannot_be_known_says_why(tmp_path: Path) -> None:
    with opened(tmp_path, {}) as kb:
        (found,) = ekb.power_of(kb, FIRST)
    assert (found.verdict, found.standard_error, found.detectable, found.power) == ("unknown", None, None, None)
    assert found.text.startswith("Its power cannot be known: no interval, standard error or p value is recorded")


def test_an_effect_needs_one_estimate_whose_measure_can_take_it(tmp_path: Path) -> None:
    any_reply = {**base_records()["findings"][0]["estimates"][0], "id": "any", "definition": "any-reply"}
    edits = {f"{F}.estimates.1": any_reply, f"{F}.citations.0.prints": {"replies": "12%", "any": "12%"}}
    with opened(tmp_path, edits) as kb:
        assert [found.estimate for found in ekb.power_of(kb, FIRST)] == ["replies", "any"]
        with pytest.raises(ekb.QuestionError, match="name one of replies, any"):
            ekb.power_of(kb, FIRST, effect=5)
        with pytest.raises(ekb.UnknownIdError, match="replies"):
            ekb.power_of(kb, FIRST, estimate="reply")
    share = {
        f"{E}.measure": "proportion",
        f"{E}.unit": "1",
        f"{E}.value": 0.3,
        f"{F}.citations.0.prints": {"replies": "30%"},
        **UNTOLD,
    }
    with (
        opened(tmp_path / "share", share) as kb,
        pytest.raises(ekb.QuestionError, match="no effect that proportion can take"),
    ):
        ekb.power_of(kb, FIRST, effect=0.2)
