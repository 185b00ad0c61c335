"""The shipped data as curators must keep it: sound, canonical, own words, no orphans; its traps told honestly."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import evidencekb as ekb
from evidencekb.model import KINDS
from evidencekb.model.schema import schema_texts
from evidencekb.store.nodes import parse, plain
from evidencekb.store.reading import pack_files, read_pack
from evidencekb.store.writing import format_pack

REPO = Path(__file__).parent.parent.parent
DATA = REPO / "data"
GAPS = Path(__file__).parent / "known_gaps.txt"
RAW = read_pack(DATA).records
FINDINGS = [raw for raw in RAW if raw.kind == "finding"]
PROSE = (
    "statement",
    "vendor_reason",
    "procedure",
    "text",
    "say",
    "reason",
    "thread",
    "meaning",
    "unanswered",
    "why",
    "note",
    "because",
)


@pytest.fixture(scope="module")
def report() -> ekb.Report:
    return ekb.check(DATA)


@pytest.fixture(scope="module")
def kb(sealed_data: Path) -> ekb.KnowledgeBase:
    return ekb.load(sealed_data)


def test_it_has_no_errors(report: ekb.Report) -> None:
    assert [str(v) for v in report.errors] == []


def test_what_is_waived_is_listed_with_a_reason(report: ekb.Report) -> None:
    assert [raw.id for raw in RAW if raw.kind == "waiver"] == ["EKB203:glazko2024identifying"]
    assert [(v.code, v.subject.id) for v in report if v.waived] == [("EKB203", "glazko2024identifying")]


def test_what_is_still_open_is_listed_and_may_only_shrink(report: ekb.Report) -> None:
    """To mend one, and take its line out: read the primary (108), find out where a relay has its figure from (105), find an
    independent finding (210), or a work that tried the same as a weak study (307)."""
    found = {f"{v.code} {v.subject.id}" for v in report.of_severity(ekb.Severity.WARNING)}
    listed = set(GAPS.read_text().split("\n")) - {""}
    assert found - listed == set(), "new gaps; close them instead of listing them"
    assert listed - found == set(), "closed gaps; take their lines out of known_gaps.txt"


def test_every_file_is_in_canonical_form() -> None:
    assert [r.file for r in format_pack(DATA, check=True) if r.changed or r.problem] == [], (
        "run: evidencekb format data"
    )


@pytest.mark.parametrize("name", sorted(schema_texts()))
def test_the_schema_for_editors_is_current(name: str) -> None:
    assert (DATA / "schema" / name).read_text() == schema_texts()[name], (
        "run: python -m evidencekb.model.schema data/schema"
    )


@pytest.mark.parametrize("path", [p for p in pack_files(DATA) if p.suffix == ".yaml"], ids=lambda p: p.name)
def test_an_editor_finds_no_fault_in_a_file(path: Path) -> None:
    name = "pack.schema.json" if path.name == "pack.yaml" else "records.schema.json"
    node = parse(path.read_text())
    assert node is not None
    jsonschema.Draft202012Validator(json.loads((DATA / "schema" / name).read_text())).validate(plain(node))


def test_an_editor_sees_a_misspelt_field_and_term() -> None:
    schema = jsonschema.Draft202012Validator(json.loads((DATA / "schema" / "records.schema.json").read_text()))
    cohort = {"id": "a", "label": "A", "meaning": "m", "unit": "people"}
    assert schema.is_valid({"cohorts": [cohort]})
    assert not schema.is_valid({"cohorts": [{**cohort, "lable": "A"}]})
    assert not schema.is_valid({"cohorts": [{**cohort, "unit": "persons"}]})
    assert not schema.is_valid({"cohrts": []})


def _texts(value: Any, key: str = "") -> list[str]:
    if isinstance(value, dict):
        return [text for name, item in value.items() for text in _texts(item, name)]
    if isinstance(value, list):
        return [text for item in value for text in _texts(item, key)]
    return [value] if isinstance(value, str) and key in PROSE and len(value) > 40 else []


def test_no_sentence_serves_two_records() -> None:
    where = defaultdict(set)
    for raw in RAW:
        for text in _texts(raw.data):
            where[text.strip().lower()].add(f"{raw.kind} {raw.id}")
    assert {text: sorted(ids) for text, ids in where.items() if len(ids) > 1} == {}


def test_nothing_lies_unused() -> None:
    """Every source is cited, every definition and cohort serves a finding, every organisation is tied to something."""
    used: dict[str, set[str]] = defaultdict(set)
    from evidencekb.model.references import references_of

    for raw in RAW:
        for reference in references_of(KINDS[raw.kind].model_validate(raw.data)):
            for kind in reference.kinds:
                used[kind].add(reference.id)
    named = {
        event.get("by")
        for raw in RAW
        if raw.kind == "source"
        for event in (raw.data.get("standing") or {}).get("events", [])
    }
    used["source"] |= named
    works = {raw.data.get("work") for raw in RAW if raw.kind == "source" and raw.id in used["source"]} - {None}
    used["source"] |= {
        raw.id for raw in RAW if raw.data.get("work") in works
    }  # another version of a work that is cited
    for kind in ("source", "definition", "cohort", "organization"):
        assert sorted({raw.id for raw in RAW if raw.kind == kind} - used[kind]) == [], f"unused: {kind}"


@pytest.mark.parametrize("raw", FINDINGS, ids=lambda raw: raw.id)
def test_a_finding_says_who_recorded_it_and_what_was_read(raw: Any) -> None:
    assert raw.data["provenance"]["on"], "add provenance: {by, on}"
    assert all("read" in c for c in raw.data["citations"] if c["role"] == "primary"), (
        "say what was read of each primary"
    )


@pytest.mark.parametrize("raw", FINDINGS, ids=lambda raw: raw.id)
def test_a_finding_with_several_estimates_says_which_comes_first(raw: Any) -> None:
    estimates = raw.data.get("estimates") or []
    assert len(estimates) < 2 or any(e.get("main") for e in estimates), "mark the headline's estimate with main: true"


# --- the traps and the first page ---------------------------------------------------------------------------------------


def test_nobody_measured_machine_learning_engineers_with_pytorch(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, role="machine-learning-engineer", skill="pytorch")
    assert page.coverage["direct"] == 0
    assert page.coverage["partial"] >= 2
    fits = {card.ref.id: card.fit for card in (*page.headline, *page.context)}
    assert {"pytorch-2024-share", "state-of-ai-2020-pytorch"} <= {
        id for id, fit in fits.items() if fit and fit.tier == "partial"
    }
    scientists = fits["bls-2022-research-scientists"]
    assert scientists is not None
    assert scientists.role == "proxy"


def test_the_three_figures_of_the_first_page_are_right_in_every_part(kb: ekb.KnowledgeBase) -> None:
    pins = (
        "noy-zhang-2023-writing-speed-quality",
        "indeed-2025-jobs-highly-transformed",
        "wef-2025-jobs-created-displaced",
    )
    figures = ekb.brief(kb, role="machine-learning-engineer", skill="pytorch", pin=pins).figures
    time, quality = (figures[f"{pins[0]}#{name}"] for name in ("time", "quality"))
    assert (time.value, quality.value, time.n and time.n["value"]) == (-40, 18, 453)
    assert (time.nature, time.vendor["flag"]) == ("observed", "independent")
    indeed = {f.value: f for f in figures.values() if f.finding == pins[1]}
    assert indeed[0.26].display == "26%"
    assert (indeed[0.26].nature, indeed[0.26].vendor["flag"]) == ("modelled", "vendor")
    assert "could" in kb.finding(pins[1]).headline.lower()
    wef = {f.value for f in figures.values() if f.finding == pins[2]}
    assert {170_000_000, 92_000_000, 78_000_000} <= wef
    assert {f.nature for f in figures.values() if f.finding == pins[2]} == {"forecast"}
    assert 0.39 in {e.value for e in kb.finding("wef-2025-skills-39").estimates}


def test_the_disavowed_paper_stays_and_is_hidden(kb: ekb.KnowledgeBase) -> None:
    hidden = "toner-rodgers-2024-disavowed"
    assert hidden not in {f.id for f in ekb.select_findings(kb)}
    assert hidden in {f.id for f in ekb.select_findings(kb, withdrawn=True)}
    assert ekb.primary_sources(kb, hidden)[0].standing["state"] == "disavowed"


def test_the_overturned_award_is_shown_with_its_reversal(kb: ekb.KnowledgeBase) -> None:
    reversal = kb.finding("apega-v-mihaly-2016-reversal")
    (link,) = [link for link in reversal.links if link.type == "reverses"]
    assert kb.rows("SELECT status FROM withdrawn WHERE finding = ?", (link.target,)) == [("overturned",)]


def test_the_unpublished_story_is_untraced(kb: ekb.KnowledgeBase) -> None:
    assert str(kb.untraced("amazon-2018-resume-tool-reuters").status) == "unpublished"


def test_observed_wages_and_forecast_growth_are_apart(kb: ekb.KnowledgeBase) -> None:
    found = ekb.select_findings(kb, source_kind="official_statistics")
    wages = {str(f.nature) for f in found if any(e.measure == "median" for e in f.estimates)}
    growth = {str(f.nature) for f in found if any(e.outcome == "projected-employment-growth" for e in f.estimates)}
    assert (wages, growth) == ({"observed"}, {"forecast"})


def test_a_sample_size_is_never_a_figure(kb: ekb.KnowledgeBase) -> None:
    assert 40_000 not in {e.value for e in kb.finding("age-callbacks-40k-neumark-2019").estimates}


def test_at_least_twelve_claims_rest_on_estimates_and_some_are_disputed(kb: ekb.KnowledgeBase) -> None:
    claims = [kb.claim(id) for id in kb.ids("claim")]
    assert len(claims) >= 12
    assert all(any(s.stance == "supports" for s in claim.supports) for claim in claims)
    assert sum(any(s.stance == "disputes" for s in claim.supports) for claim in claims) >= 4


def test_the_four_threads_left_out_name_what_they_bear_on(kb: ekb.KnowledgeBase) -> None:
    exclusions = [kb.exclusion(id) for id in kb.ids("exclusion")]
    assert len(exclusions) == 4
    assert all(exclusion.bears_on for exclusion in exclusions)
    assert "structured-interview-rubrics" in kb.ids("exclusion")


def test_the_slots_of_the_first_page_have_their_aspects(kb: ekb.KnowledgeBase) -> None:
    slots = {
        "posting-language",
        "callbacks",
        "pay",
        "demand",
        "time-to-proficiency",
        "adoption",
        "exposure",
        "selection",
    }
    assert slots <= set(kb.ids("aspect"))
    questions = [kb.aspect(id).questions["role+skill"] for id in kb.ids("aspect")]
    assert len(set(questions)) == len(questions)


def test_every_sentence_of_every_answer_is_whole(kb: ekb.KnowledgeBase) -> None:
    for id in kb.ids("cohort"):
        text = str(ekb.brief(kb, cohort=id))
        assert "None" not in text.replace("None of", "")
        assert "  ." not in text
