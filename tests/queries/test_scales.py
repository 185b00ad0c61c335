# one case a line reads as a table
"""Published scales as criteria: the level of every design, what GRADE's reasons say, and orders that explain agrees with."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.queries.criteria import MEANINGS, SCALES
from evidencekb.vocab import Design
from tests.records import Fields, Records, base_records, built
from tests.studied import FIRST, finding, source

NO = None
"""Outside the scale."""

LEVELS: dict[str, tuple[int | None, int | None, int | None]] = {
    # design: Maryland, Oxford "does it help", Oxford "how common"
    "field_experiment": (5, 2, NO),
    "lab_experiment": (5, 2, NO),
    "correspondence_audit": (5, 2, NO),
    "survey_experiment": (5, 2, NO),
    "regression_discontinuity": (4, 3, NO),
    "instrumental_variable": (4, 3, NO),
    "difference_in_differences": (3, 3, NO),
    "matched_panel": (3, 3, NO),
    "adjusted_cross_section": (2, NO, NO),
    "before_after": (1, 4, NO),
    "raw_comparison": (1, NO, NO),
    "probability_survey": (NO, NO, 1),
    "convenience_survey": (NO, NO, 3),
    "expert_survey": (NO, NO, NO),
    "official_count": (NO, NO, 1),
    "descriptive_count": (NO, NO, 3),
    "exposure_rating": (NO, 5, NO),
    "projection": (NO, NO, NO),
    "computational_audit": (NO, NO, NO),
    "lab_observation": (NO, NO, 4),
    "meta_analysis": (NO, NO, NO),
    "qualitative": (NO, NO, 4),
    "legal_document": (NO, NO, NO),
    "self_statement": (NO, NO, NO),
    "not_recorded": (NO, NO, NO),
}
SCALE_OF = {"sms": (0, 5), "ocebm": (1, 1), "ocebm_prevalence": (2, 1)}
"""Column of the table, and the strongest level."""

STARTS = {
    **dict.fromkeys(("field_experiment", "lab_experiment", "correspondence_audit", "survey_experiment"), (0, "starts high")),
    **dict.fromkeys(
        ("regression_discontinuity", "instrumental_variable", "difference_in_differences", "matched_panel",
         "adjusted_cross_section", "before_after", "raw_comparison"),
        (2, "starts low"),
    ),
    "meta_analysis": (4, "what it pools is not recorded"),
    "not_recorded": (4, "not recorded"),
}  # fmt: skip


def slug(design: str) -> str:
    return design.replace("_", "-")


def records_of(*held: Fields) -> Records:
    """The base records with these findings, each in a paper of its own."""
    records = base_records()
    for fields in held:
        records["sources"].append(source(f"s-{fields['id']}"))
        records["findings"].append(
            finding(fields["id"], f"s-{fields['id']}", **{k: v for k, v in fields.items() if k != "id"})
        )
    return records


@pytest.fixture(scope="module")
def designs(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    """A finding of each design, alike in all else; its id is the design."""
    folder = tmp_path_factory.mktemp("designs")
    return built(folder, records_of(*({"id": slug(design), "design": str(design)} for design in Design)))


def test_the_table_has_every_design() -> None:
    assert list(LEVELS) == [str(design) for design in Design]


@pytest.mark.parametrize("scale", SCALE_OF)
@pytest.mark.parametrize("design", LEVELS)
def test_level_of_a_design(designs: ekb.KnowledgeBase, design: str, scale: str) -> None:
    column, best = SCALE_OF[scale]
    level = LEVELS[design][column]
    (ranked,) = ekb.explain(designs, slug(design), scale=scale).order
    assert ranked.criteria[scale] == (5 if level is None else abs(best - level))
    assert (scale in ranked.silent) == (level is None)
    if level is not None:
        assert ranked.readings[scale].endswith(f"level {level}")
    elif design != "meta_analysis":
        assert "outside the" in ranked.readings[scale]


@pytest.mark.parametrize("design", LEVELS)
def test_risk_of_bias_starts_with_the_design(designs: ekb.KnowledgeBase, design: str) -> None:
    value, told = STARTS.get(design, (4, "outside GRADE, which is about effects"))
    (ranked,) = ekb.explain(designs, slug(design), scale=["risk_of_bias"]).order
    assert ranked.criteria["risk_of_bias"] == value
    assert ranked.readings["risk_of_bias"].endswith(told)
    assert ("risk_of_bias" in ranked.silent) == (value == 4)


@pytest.mark.parametrize("design", LEVELS)
def test_the_default_says_which_designs_the_scale_leaves_out(designs: ekb.KnowledgeBase, design: str) -> None:
    level = LEVELS[design][0]
    (ranked,) = ekb.explain(designs, slug(design)).order
    assert ranked.criteria["design"] == Design(design).order
    told = f"Maryland level {level}" if level else "outside the Maryland scale"
    assert told in ranked.readings["design"]


def test_the_default_is_the_order_that_the_pack_keeps(designs: ekb.KnowledgeBase) -> None:
    kept = [id for (id,) in designs.rows("SELECT finding FROM ranked ORDER BY rank")]
    assert [each.id for each in ekb.rank_findings(designs, reversed(kept))] == kept
    assert [each.id for each in ekb.rank_findings(designs, kept, scale="default")] == kept


def test_what_a_scale_leaves_out_stands_together_and_explain_says_so_of_each(designs: ekb.KnowledgeBase) -> None:
    why = ekb.explain(designs, ["self-statement", "official-count", "before-after"], scale="sms")
    assert [(ranked.ref.id, ranked.decided_by) for ranked in why.order] == [
        ("before-after", "sms"), ("official-count", None), ("self-statement", None),
    ]  # fmt: skip
    assert str(why).splitlines()[1:] == [
        "   before the next by sms (before_after: Maryland level 1 against official_count: outside the Maryland scale): "
        + MEANINGS["sms"],
        f"2. official-count: {why.order[1].ref.label}",
        "   not placed by sms (official_count: outside the Maryland scale)",
        "   before the next by its id: no criterion tells them apart",
        f"3. self-statement: {why.order[2].ref.label}",
        "   not placed by sms (self_statement: outside the Maryland scale)",
    ]


def test_two_scales_may_turn_an_order_round(designs: ekb.KnowledgeBase) -> None:
    pair = ["official-count", "field-experiment"]
    assert [each.id for each in ekb.rank_findings(designs, pair, scale="ocebm")] == pair[::-1]
    assert [each.id for each in ekb.rank_findings(designs, pair, scale="ocebm_prevalence")] == pair


# What a meta-analysis pools


def meta(folder: Path, *parts: str, studies: int | None = None, one_paper: bool = False) -> ekb.KnowledgeBase:
    """A pool of a finding of each design named; ``studies`` is how many it says that it pools."""
    links = [
        {"type": "includes", "target": f"part-{at}", "because": "In its table of studies."} for at in range(len(parts))
    ]
    counts = [{"n": studies, "of": "studies", "level": "studies"}] if studies else []
    sample = {"counts": [*counts, {"n": 900, "of": "people", "level": "observations"}]}
    records = records_of(
        *({"id": f"part-{at}", "design": design} for at, design in enumerate(parts)),
        {"id": "pool", "design": "meta_analysis", "links": links, "sample": sample},
    )
    for held in records["sources"]:
        if one_paper and held["id"].startswith("s-part"):
            held.update(work="trials", version=f"part {held['id']}")
    return built(folder, records)


SYNTHESES: list[tuple[tuple[str, ...], int | None, int | None, int | None, int | None, int]] = [
    # what is pooled; how many it says; Maryland, Oxford "does it help", Oxford "how common"; risk of bias
    (("field_experiment", "lab_experiment"), 2, 5, 1, NO, 0),
    (("field_experiment", "matched_panel"), 2, 3, 3, NO, 2),
    (("matched_panel", "difference_in_differences"), 2, 3, 3, NO, 2),
    (("field_experiment", "raw_comparison"), 2, 1, NO, NO, 2),
    (("probability_survey", "official_count"), 2, NO, NO, 2, 4),
    (("probability_survey", "convenience_survey"), 2, NO, NO, 3, 4),
    (("field_experiment",), None, 5, 1, NO, 0),
    (("field_experiment",), 24, NO, NO, NO, 4),
    (("field_experiment", "meta_analysis"), 2, NO, NO, NO, 4),
    ((), 24, NO, NO, NO, 4),
    ((), None, NO, NO, NO, 4),
]


@pytest.mark.parametrize(("parts", "studies", "sms", "helps", "common", "bias"), SYNTHESES)
def test_a_meta_analysis_by_what_it_pools(
    tmp_path: Path,
    parts: tuple[str, ...],
    studies: int | None,
    sms: int | None,
    helps: int | None,
    common: int | None,
    bias: int,
) -> None:
    kb = meta(tmp_path, *parts, studies=studies)
    criteria = ekb.explain(kb, "pool", scale=["sms", "ocebm", "ocebm_prevalence", "risk_of_bias"]).order[0].criteria
    found = (criteria["sms"], criteria["ocebm"], criteria["ocebm_prevalence"])
    assert found == (5 - (sms or 0), (helps or 6) - 1, (common or 6) - 1)
    assert criteria["risk_of_bias"] == bias


@pytest.mark.parametrize(
    ("studies", "told"),
    [
        (2, "meta_analysis, pools field_experiment, matched_panel: Maryland level 3"),
        (9, "meta_analysis, 2 of 9 studies that it pools recorded: no level"),
        (
            None,
            "meta_analysis, pools field_experiment, matched_panel (of how many studies is not recorded): Maryland level 3",
        ),
    ],
)
def test_explain_says_what_a_meta_analysis_pools(tmp_path: Path, studies: int | None, told: str) -> None:
    kb = meta(tmp_path, "field_experiment", "matched_panel", studies=studies)
    assert ekb.explain(kb, "pool", scale="sms").order[0].readings["sms"] == told


def test_findings_of_one_paper_are_not_all_that_a_meta_analysis_pools(tmp_path: Path) -> None:
    kb = meta(tmp_path, "field_experiment", "field_experiment", studies=2, one_paper=True)
    (ranked,) = ekb.explain(kb, "pool", scale="sms").order
    assert ranked.readings["sms"] == "meta_analysis, 1 of 2 studies that it pools recorded: no level"


# GRADE's reasons, as far as records tell

MEASURED = {"outcome": "replies", "definition": "reply-in-30-days", "measure": "percent_change"}
EFFECT = {"id": "replies", "value": 12, "unit": "%", **MEASURED}
CLEAR = {**EFFECT, "interval": {"lower": 4, "upper": 20}}
UNSURE = {**EFFECT, "interval": {"lower": -4, "upper": 28}}
TWELVE = {"counts": [{"n": 12, "of": "firms", "level": "analysed"}]}
CASES: list[tuple[str, Fields, int, str]] = [
    ("risk_of_bias", {"caveats": [{"kind": "self_report", "text": "They say so."}]}, 1, "starts high, self_report"),
    ("risk_of_bias", {"caveats": [{"kind": "small_sample", "text": "Few firms."}]}, 0, "starts high"),
    (
        "risk_of_bias",
        {"design": "matched_panel", "caveats": [{"kind": "other_drivers", "text": "Pay."}]},
        3,
        "other_drivers",
    ),
    ("indirectness", {}, 0, "none recorded"),
    ("indirectness", {"cohorts": [{"cohort": "applicants", "fit": "simulated"}]}, 1, "simulated"),
    ("indirectness", {"caveats": [{"kind": "proxy_outcome", "text": "Replies, not offers."}]}, 1, "proxy_outcome"),
    ("imprecision", {}, 2, "not recorded"),
    ("imprecision", {"estimates": [CLEAR]}, 0, "clear"),
    ("imprecision", {"estimates": [UNSURE]}, 1, "replies includes no effect (−4% to +28%)"),
    ("imprecision", {"estimates": [{**CLEAR, "main": True}, {**UNSURE, "id": "other"}]}, 0, "clear"),
    ("imprecision", {"estimates": [EFFECT], "sample": TWELVE}, 1, "replies rests on few (12)"),
    (
        "imprecision",
        {"estimates": [{**EFFECT, "no_interval": "not_applicable"}], "design": "projection"},
        2,
        "no interval applies",
    ),
    ("imprecision", {"estimates": [CLEAR], "caveats": [{"kind": "small_sample", "text": "Few."}]}, 1, "small_sample"),
    ("publication_bias", {}, 2, "not recorded"),
    ("publication_bias", {"preregistered": "yes"}, 0, "preregistered"),
    ("publication_bias", {"preregistered": "no"}, 1, "not preregistered"),
    ("publication_bias", {"preregistered": "unknown"}, 2, "not recorded"),
    ("inconsistency", {}, 2, "not recorded"),
]


@pytest.mark.parametrize(("criterion", "fields", "value", "told"), CASES)
def test_what_a_record_tells(tmp_path: Path, criterion: str, fields: Fields, value: int, told: str) -> None:
    kb = built(tmp_path, records_of({"id": "trial", **fields}))
    (ranked,) = ekb.explain(kb, "trial", scale="grade").order
    assert (ranked.criteria[criterion], criterion in ranked.silent) == (value, value == 2)
    assert told in ranked.readings[criterion]


@pytest.mark.parametrize(
    ("link", "value", "told"),
    [
        ({"type": "replicates", "outcome": "successful", "criterion": "Sign."}, 0, "replications succeeded: 1"),
        ({"type": "replicates", "outcome": "failed", "criterion": "Sign."}, 1, "replications failed: 1"),
        ({"type": "replicates", "outcome": "uninformative", "criterion": "Sign."}, 2, "not recorded"),
        ({"type": "contradicts", "because": "Other firms."}, 1, "findings against it: 1"),
        ({"type": "follows", "because": "A year later."}, 2, "not recorded"),
    ],
)
def test_inconsistency_by_what_others_found(tmp_path: Path, link: Fields, value: int, told: str) -> None:
    kb = built(tmp_path, records_of({"id": "later", "links": [{**link, "target": FIRST}]}))
    (ranked,) = ekb.explain(kb, FIRST, scale="grade").order
    assert ranked.criteria["inconsistency"] == value
    assert told in ranked.readings["inconsistency"]


def test_what_was_withdrawn_contradicts_nothing(tmp_path: Path) -> None:
    records = records_of({"id": "later", "links": [{"type": "contradicts", "because": "Other.", "target": FIRST}]})
    records["sources"][-1]["standing"] = {
        "checked_on": "2026-01-15", "events": [{"status": "retracted", "on": "2025-12-01", "by": "its publisher"}],
    }  # fmt: skip
    assert ekb.explain(built(tmp_path, records), FIRST, scale="grade").order[0].criteria["inconsistency"] == 2


# The order


@pytest.fixture(scope="module")
def varied(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    """Findings that differ in every criterion, some of them in none."""
    held: list[Fields] = [{"id": slug(design), "design": str(design)} for design in Design]
    held += [{"id": f"case-{at}", **fields} for at, (_, fields, _, _) in enumerate(CASES)]
    held += [{"id": f"like-{at}"} for at in range(3)]
    held += [
        {
            "id": "retry",
            "links": [{"type": "replicates", "target": "like-1", "outcome": "failed", "criterion": "Sign."}],
        }
    ]
    return built(tmp_path_factory.mktemp("varied"), records_of(*held))


CHOICES: st.SearchStrategy[str | list[str]] = st.sampled_from(sorted(SCALES)) | st.lists(
    st.sampled_from(sorted(MEANINGS)), min_size=1, max_size=5
)
ASKED: st.SearchStrategy[dict[str, Any]] = st.sampled_from([{}, {"cohort": "applicants"}, {"topic": "hiring"}])


def ids_of(kb: ekb.KnowledgeBase) -> list[str]:
    return [id for (id,) in kb.rows("SELECT id FROM finding ORDER BY id")]


@given(data=st.data(), scale=CHOICES, asked=ASKED)
def test_any_scale_is_one_order_that_explain_agrees_with(
    varied: ekb.KnowledgeBase, data: st.DataObject, scale: str | list[str], asked: dict[str, Any]
) -> None:
    some = data.draw(st.lists(st.sampled_from(ids_of(varied)), min_size=2, max_size=6, unique=True))
    why = ekb.explain(varied, some, scale=scale, **asked)
    order = [ranked.ref.id for ranked in why.order]
    assert [each.id for each in ekb.rank_findings(varied, some[::-1], scale=scale, **asked)] == order
    assert all(list(ranked.criteria) == list(why.criteria) for ranked in why.order)
    for at, first in enumerate(why.order[:-1]):
        for second in why.order[at + 1 :]:
            # Any two stand in the order of the whole, and the first criterion that tells them apart says why.
            pair = ekb.explain(varied, [second.ref.id, first.ref.id], scale=scale, **asked).order
            assert [ranked.ref.id for ranked in pair] == [first.ref.id, second.ref.id]
            apart = [name for name in why.criteria if first.criteria[name] != second.criteria[name]]
            assert pair[0].decided_by == (apart[0] if apart else None)
            assert first.criteria[apart[0]] < second.criteria[apart[0]] if apart else first.ref.id < second.ref.id


@given(scale=CHOICES)
def test_fit_to_the_question_comes_first_whatever_the_scale(designs: ekb.KnowledgeBase, scale: str | list[str]) -> None:
    assert list(ekb.explain(designs, ids_of(designs), scale=scale).criteria)[:2] == ["fit", "closeness"]


@pytest.mark.parametrize(
    ("scale", "says"),
    [
        ("smss", "did you mean 'sms'"),
        ("risk_of_bias", "give a scale of default, sms"),
        (["standing", "impresision"], "did you mean 'imprecision'"),
        (["fit"], "scale is 'fit'"),
        ([], "scale is empty"),
        (None, "scale is None"),
        (3, "scale is 3"),
        ([3], "scale is 3"),
    ],
)
def test_a_scale_that_is_none_is_refused(designs: ekb.KnowledgeBase, scale: object, says: str) -> None:
    for ask in (ekb.rank_findings, ekb.explain):
        with pytest.raises(ekb.QuestionError, match=says):
            cast(Any, ask)(designs, "official-count", scale=scale)
