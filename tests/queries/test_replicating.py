"""Who tried a finding again: studies and not rows, outcomes with their criterion, both effects, and what each could have seen."""

from __future__ import annotations

import csv
import json
import math
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.answers import trying
from evidencekb.answers.replications import CHECKS, OUTCOMES
from evidencekb.answers.seeing import seen
from evidencekb.engines.retrying import tries
from evidencekb.model import Estimate, Finding
from tests.queries.small import concept, definition, finding, pack, source
from tests.records import Fields, built


def effect(value: float, **fields: Any) -> Fields:
    usual = {"id": "x", "outcome": "recall", "definition": "recall-test", "measure": "correlation", "unit": "1"}
    return {**usual, "value": value, **fields}


def study(
    id: str, *effects: Fields, source: str = "", n: int = 100, links: tuple[Fields, ...] = (), **fields: Any
) -> Fields:
    sample = {"counts": [{"n": n, "of": "people", "level": "analysed"}]}
    effects = effects or (effect(0.3),)
    return finding(
        id, *effects, source=source or id, design="lab_experiment", sample=sample, links=list(links), **fields
    )


def tried(target: str = "first", outcome: str | None = "successful", type: str = "replicates", **fields: Any) -> Fields:
    said = {"outcome": outcome, "criterion": "p < 0.05 in the same direction."} if outcome else {}
    return {"type": type, "target": target, "because": "The same task.", **said, **fields}


def of(folder: Path, *studies: Fields, sources: tuple[Fields, ...] = (), asked: str = "first") -> ekb.ReplicationsOf:
    usual = definition("recall-test", "recall", basis="test_score")
    records = pack(list(studies), sources=list(sources), concepts=[concept("outcome", "recall")], definitions=[usual])
    return ekb.replications_of(built(folder, records), asked)


def test_three_findings_of_one_paper_are_one_replication(tmp_path: Path) -> None:
    many = [study(f"r{n}", source="paper", links=(tried(),)) for n in range(3)]
    found = of(tmp_path, study("first"), *many)
    assert (found.replications.count, found.replications.findings, found.replications.links) == (1, 3, 3)
    assert found.replications.outcomes == {**dict.fromkeys(OUTCOMES, 0), "successful": 1}
    assert found.sentence == (
        "1 independent replication (new data) in 3 findings: 1 successful. No reanalysis (the same data) in this pack."
    )


def test_versions_of_one_work_are_one_and_another_paper_is_another(tmp_path: Path) -> None:
    versions = (source("draft", work="w", version="1"), source("article", work="w", version="2"))
    studies = [study(id, source=id, links=(tried(),)) for id in ("draft", "article", "other")]
    found = of(tmp_path, study("first"), *studies, sources=versions)
    assert [held.works for held in found.replications.studies] == [("w",), ("other",)]
    assert [held.sources for held in found.replications.studies] == [("article", "draft"), ("other",)]


def test_a_paper_whose_findings_disagree_is_mixed_and_says_that_this_is_our_word(tmp_path: Path) -> None:
    good, bad = (
        study("r1", source="paper", links=(tried(),)),
        study("r2", source="paper", links=(tried(outcome="failed"),)),
    )
    (held,) = of(tmp_path, study("first"), good, bad).replications.studies
    assert (held.outcome, held.agreed, held.outcomes) == ("mixed", False, {"successful": 1, "failed": 1})
    assert "since its findings disagree: 1 successful, 1 failed" in str(held)


@pytest.mark.parametrize("outcome", ["successful", "failed", "mixed", "flawed", "descriptive", "uninformative"])
def test_every_outcome_is_counted_under_its_own_name_with_its_criterion(tmp_path: Path, outcome: str) -> None:
    found = of(tmp_path, study("first"), study("r", links=(tried(outcome=outcome),)))
    assert {name: n for name, n in found.replications.outcomes.items() if n} == {outcome: 1}
    (attempt,) = found.replications.studies[0].attempts
    assert attempt.text == f"{outcome}, by this criterion: p < 0.05 in the same direction"


def test_an_outcome_without_criterion_says_so_and_so_does_none_at_all(tmp_path: Path) -> None:
    bare, none = {**tried(outcome="failed"), "criterion": None}, tried(outcome=None)
    del bare["criterion"]
    found = of(tmp_path, study("first"), study("r1", links=(bare,)), study("r2", links=(none,)))
    assert found.replications.without_criterion == 2
    texts = [attempt.text for held in found.replications.studies for attempt in held.attempts]
    assert texts == ["failed; by which criterion is not recorded", "how it came out is not recorded"]
    assert found.replications.outcomes["not_recorded"] == 1


def test_one_in_the_originals_own_paper_is_listed_and_not_counted(tmp_path: Path) -> None:
    found = of(tmp_path, study("first", source="paper"), study("second", source="paper", links=(tried(),)))
    assert found.replications.count == 0
    (left,) = found.replications.not_counted
    assert (left.reason, str(left)) == (
        "own_work",
        "not counted: second, since it stands in a work of the original itself",
    )
    assert found.replications.sentence == (
        "No independent replication (new data) in this pack. 1 more is not independent."
    )


def test_one_on_the_data_of_the_original_and_one_that_was_withdrawn_are_not_counted(tmp_path: Path) -> None:
    shares = {"type": "shares_data", "target": "first", "extent": "all", "because": "The same files."}
    gone = source(
        "gone",
        standing={"checked_on": "2026-01-15", "events": [{"status": "retracted", "on": 2025, "by": "its journal"}]},
    )
    found = of(
        tmp_path,
        study("first"),
        study("same", links=(tried(), shares)),
        study("gone", links=(tried(),)),
        sources=(gone,),
    )
    assert {left.attempt.finding.id: left.reason for left in found.replications.not_counted} == {
        "same": "same_data",
        "gone": "withdrawn",
    }


def test_a_pool_of_all_of_them_makes_no_one_study_of_them(tmp_path: Path) -> None:
    parts = ("first", "r1", "r2")
    includes = tuple({"type": "includes", "target": id, "because": "It pools it."} for id in parts)
    found = of(
        tmp_path,
        study("first"),
        study("r1", links=(tried(),)),
        study("r2", links=(tried(),)),
        study("pooled", links=includes),
    )
    assert (found.replications.count, found.replications.at_least) == (2, 2)


def test_two_that_share_some_data_are_counted_both_ways(tmp_path: Path) -> None:
    shares = {"type": "shares_data", "target": "r1", "extent": "part", "because": "Some of the same people."}
    found = of(tmp_path, study("first"), study("r1", links=(tried(),)), study("r2", links=(tried(), shares)))
    assert (found.replications.count, found.replications.at_least) == (2, 1)
    assert "; 1 if those that may share data, with each other or the original, are one" in found.replications.sentence


def test_one_that_shares_some_of_the_originals_data_counts_only_at_most(tmp_path: Path) -> None:
    shares = {"type": "shares_data", "target": "first", "extent": "part", "because": "Ten of the same people."}
    found = of(tmp_path, study("first"), study("r1", links=(tried(), shares)), study("r2", links=(tried(),)))
    assert (found.replications.count, found.replications.at_least) == (2, 1)


def test_the_same_data_again_is_a_reanalysis_and_no_replication(tmp_path: Path) -> None:
    again = study("again", links=(tried(type="reanalyses", outcome="failed"),))
    found = of(tmp_path, study("first"), study("new", links=(tried(),)), again)
    assert (found.replications.count, found.reanalyses.count) == (1, 1)
    assert found.reanalyses.outcomes["failed"] == 1
    assert found.reanalyses.sentence == "1 reanalysis (the same data) in 1 finding: 1 failed."


def test_a_paper_that_tries_two_findings_of_a_source_is_one_for_the_source(tmp_path: Path) -> None:
    originals = [study(id, source="classic") for id in ("first", "second")]
    again = [study(f"r-{id}", source="paper", links=(tried(id),)) for id in ("first", "second")]
    found = of(tmp_path, *originals, *again, asked="classic")
    assert (found.replications.count, found.replications.findings) == (1, 2)
    assert [ref.id for ref in found.originals] == ["first", "second"]


def test_a_card_says_the_same(tmp_path: Path) -> None:
    studies = [
        study("first", source="classic"),
        study("own", source="classic", links=(tried(),)),
        study("r1", source="paper", links=(tried(),)),
        study("r2", source="paper", links=(tried(),)),
        study("r3", source="third", links=(tried(outcome="failed"),)),
        study("r4", source="fourth", links=(tried(outcome="uninformative"),)),
    ]
    found = of(tmp_path, *studies)
    with ekb.load(tmp_path / "records.ekb") as kb:
        on_card = ekb.finding_card(kb, "first").figures[0].replications
        assert on_card == _as_on_cards(found)
        assert on_card == {"successful": 1, "failed": 1, "other": 1, "ids": ["r1", "r2", "r3", "r4"]}


def test_every_card_of_the_shipped_pack_says_the_same() -> None:
    kb = ekb.load()
    replicated = [id for (id,) in kb.rows("SELECT DISTINCT target FROM finding_link WHERE type = 'replicates'")]
    assert replicated
    for id in replicated:
        for figure in ekb.finding_card(kb, id).figures:
            assert figure.replications == _as_on_cards(ekb.replications_of(kb, id))


def _as_on_cards(found: ekb.ReplicationsOf) -> dict[str, Any]:
    held = found.replications
    successful, failed = held.outcomes["successful"], held.outcomes["failed"]
    ids = {attempt.finding.id for each in held.studies for attempt in each.attempts}
    return {"successful": successful, "failed": failed, "other": held.count - successful - failed, "ids": sorted(ids)}


# Both effects side by side


def pair(folder: Path, one: Fields, other: Fields, n: int = 100, later_n: int = 400) -> ekb.EffectPair:
    found = of(folder, study("first", one, n=n), study("later", other, n=later_n, links=(tried(),)))
    (held,) = found.replications.studies[0].attempts[0].effects
    return held


def told(held: ekb.EffectPair) -> dict[str, tuple[bool | None, str]]:
    return {check.what: (check.holds, check.basis) for check in held.checks}


def test_figures_stand_side_by_side_with_interval_and_n(tmp_path: Path) -> None:
    interval = {"lower": 0.11, "upper": 0.47, "level": 0.95}
    held = pair(tmp_path, effect(0.3, interval=interval), effect(0.1))
    assert held.original is not None
    assert held.replication is not None
    assert (held.original.value, held.original.interval, held.original.n and held.original.n["value"]) == (
        0.3,
        interval,
        100,
    )
    assert (held.replication.value, held.replication.interval) == (0.1, None)
    assert told(held)["in_original_interval"] == (False, "printed")
    assert str(held).startswith(
        "original r = 0.3, 95% interval 0.11 to 0.47, n = 100 | later r = 0.1, no interval, n = 400"
    )


def test_of_two_correlations_the_sizes_tell(tmp_path: Path) -> None:
    # atanh 0.3 = 0.3095, 1.96/sqrt(97) = 0.1990: 0.110 to 0.469 back on r. atanh 0.1 = 0.1003, 1.96/sqrt(397) = 0.0984: 0.002
    # to 0.196. The prediction interval is 0.3095 ± 1.96 sqrt(1/97 + 1/397) = 0.0875 to 0.5315: atanh 0.1 lies in it.
    held = pair(tmp_path, effect(0.3), effect(0.1))
    assert told(held) == {
        "same_direction": (True, "printed"),
        "in_original_interval": (False, "derived"),
        "original_in_interval": (False, "derived"),
        "in_prediction_interval": (True, "derived"),
    }
    texts = {check.what: check.text for check in held.checks}
    assert texts["in_original_interval"] == "95% interval r = 0.11 to r = 0.469, worked out"


def test_the_replications_power_to_see_the_originals_effect(tmp_path: Path) -> None:
    # atanh 0.3 · sqrt 397 = 6.17, far beyond 1.96; atanh 0.1 · sqrt 97 = 0.988: the chance is Φ(0.988 - 1.96) = 0.166, and 0.002
    # on the other side.
    held = pair(tmp_path, effect(0.3), effect(0.1))
    assert held.power_of_replication is not None
    assert held.power_of_original is not None
    assert held.power_of_replication.effect == 0.3
    assert held.power_of_replication.power == pytest.approx(1, abs=1e-4)
    assert held.power_of_original.power == pytest.approx(0.167, abs=1e-3)


def test_a_size_alone_tells_of_a_difference_what_lies_in_and_not_what_lies_out(tmp_path: Path) -> None:
    # 2/sqrt(100) = 0.2: the narrowest interval is 0.5 ± 0.39.
    d = {"measure": "smd", "unit": "SD"}
    assert told(pair(tmp_path / "in", effect(0.5, **d), effect(0.2, **d)))["in_original_interval"] == (True, "derived")
    out = pair(tmp_path / "out", effect(0.5, **d), effect(0.05, **d))
    assert told(out)["in_original_interval"] == (None, "")
    assert "the narrowest it could be" in next(c.text for c in out.checks if c.what == "in_original_interval")


def test_effects_of_two_measures_are_shown_and_not_set_against_each_other(tmp_path: Path) -> None:
    held = pair(tmp_path, effect(0.3), effect(0.4, measure="smd", unit="SD"))
    assert held.original is not None
    assert held.replication is not None
    assert (held.comparable, held.checks) == (False, ())
    assert held.power_of_replication is not None
    assert (held.power_of_replication.effect, held.power_of_replication.power) == (None, None)


def test_what_cannot_be_known_says_why(tmp_path: Path) -> None:
    plain = {"measure": "mean_difference", "unit": "points"}
    held = pair(tmp_path, effect(3, **plain), effect(1, **plain))
    assert told(held)["in_original_interval"] == (None, "")
    assert held.power_of_replication is not None
    assert held.power_of_replication.power is None
    assert "no interval, standard error or p value is recorded" in held.power_of_replication.why


def test_several_figures_that_may_be_meant_are_named_and_none_is_taken(tmp_path: Path) -> None:
    original = study("first", effect(0.3), effect(0.2, id="y"))
    found = of(tmp_path, original, study("later", effect(0.1), links=(tried(),)))
    (held,) = found.replications.studies[0].attempts[0].effects
    assert (held.original, held.why) == (None, "several figures of the original may be meant: x, y")


def test_a_figure_stands_beside_the_original_once_under_the_link_that_names_it(tmp_path: Path) -> None:
    named = {**tried(outcome="failed"), "about": ("y",)}
    later = study(
        "later", effect(0.1), effect(0.2, id="y", measure="smd", unit="SD"), links=(named, tried(outcome="mixed"))
    )
    original = study("first", effect(0.3), effect(0.4, id="y", measure="smd", unit="SD"))
    (held,) = of(tmp_path, original, later).replications.studies
    shown = {
        attempt.outcome: [pair.replication.value for pair in attempt.effects if pair.replication]
        for attempt in held.attempts
    }
    assert shown == {"failed": [0.2], "mixed": [0.1]}


def test_of_no_effect_at_all_the_size_tells_and_not_the_p_value(tmp_path: Path) -> None:
    d = {"measure": "smd", "unit": "SD", "p_value": 0.97}
    held = pair(tmp_path, effect(0.5, measure="smd", unit="SD"), effect(0.0, **d))
    assert held.power_of_replication is not None
    assert (held.power_of_replication.basis, held.power_of_replication.standard_error) == ("n", 0.1)  # 2/sqrt(400)
    assert held.power_of_replication.text.startswith("Cannot be told from no effect (p = 0.97).")
    unsized = pair(
        tmp_path / "plain",
        effect(3, measure="mean_difference", unit="points"),
        effect(0, measure="mean_difference", unit="points", p_value=0.97),
    )
    assert unsized.power_of_replication is not None
    assert "of which a p value tells no standard error" in unsized.power_of_replication.why


def test_what_is_no_finding_and_no_source_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ekb.QuestionError, match="is of kind concept"):
        of(tmp_path, study("first"), asked="recall")
    with pytest.raises(ekb.UnknownIdError, match="first"):
        of(tmp_path / "again", study("first"), asked="frst")


def test_the_answer_keeps_to_its_schema(tmp_path: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    found = of(tmp_path, study("first"), study("r", links=(tried(),)), study("a", links=(tried(type="reanalyses"),)))
    jsonschema.validate(json.loads(found.to_json()), ekb.answer_schema())


# Laws

outcomes = st.sampled_from(["successful", "failed", "mixed", ""])
links = st.lists(
    st.tuples(st.sampled_from("abcdef"), outcomes, st.sampled_from(["w1", "w2", "w3"])),
    unique_by=lambda row: row[0],
    max_size=6,
)


@given(links, st.randoms(use_true_random=False))
def test_the_order_of_links_changes_nothing_and_no_work_is_two_studies(
    rows: list[tuple[str, str, str]], random: Any
) -> None:
    made = [
        {"finding": "o", "other": id, "position": 0, "type": "replicates", "outcome": outcome, "work": work, "gone": 0}
        for id, outcome, work in rows
    ]
    mixed = made[:]
    random.shuffle(mixed)
    assert tries(mixed, []) == tries(made, [])
    assert len({row[6] for row in tries(made, [])}) == len({work for _, _, work in rows})


numbers = st.floats(-0.95, 0.95).map(lambda value: round(value, 3))


@given(numbers, numbers, st.integers(5, 5_000), st.integers(5, 5_000))
def test_checks_agree_with_fishers_z_done_by_hand(r: float, s: float, n: int, m: int) -> None:
    one, other = (_found(value, size) for value, size in ((r, n), (s, m)))
    held = {check.what: check.holds for check in trying.checks(one, other)}
    assert tuple(held) == CHECKS
    apart, z = abs(math.atanh(r) - math.atanh(s)), 1.959963984540054
    for what, half in (
        ("in_original_interval", z / math.sqrt(n - 3)),
        ("original_in_interval", z / math.sqrt(m - 3)),
        ("in_prediction_interval", z * math.sqrt(1 / (n - 3) + 1 / (m - 3))),
    ):
        if abs(apart - half) > 1e-9:
            assert held[what] is (apart < half)


def _found(value: float, n: int) -> tuple[Finding, Estimate]:
    made = Finding.model_validate({**study("f", effect(value), n=n), "about": (), "cohorts": ()}, strict=False)
    return made, made.estimates[0]


def test_standard_errors_are_those_of_the_replication_projects(shared: Path) -> None:
    with (shared / "corpora" / "01-replication" / "rprojects.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["ro"] not in ("", "NA") and row["no"] not in ("", "NA")]
    assert len(rows) > 50
    for row in rows:
        for r, n, se in ((row["ro"], row["no"], row["se_fiso"]), (row["rr"], row["nr"], row["se_fisr"])):
            if se not in ("", "NA") and abs(float(r)) < 1 and float(n) == int(float(n)) > 3:
                (power,) = (seen(*_found(float(r), int(float(n))), None, tested=True),)
                assert power.standard_error == pytest.approx(float(se), rel=1e-6)
