"""gap_map: what a cell says, and that a recorded search is told apart from none."""

from __future__ import annotations

from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.queries.mapping import _state
from tests.packs import write_pack

PACK = """
cohorts:
  - {id: people, label: People, meaning: All., unit: people}
  - {id: doctors, label: Doctors, meaning: Some., unit: people, broader: [people]}
  - {id: nurses, label: Nurses, meaning: Others., unit: people, broader: [people]}
concepts:
  - {id: time, kind: outcome, label: time}
  - {id: errors, kind: outcome, label: errors}
  - {id: letters, kind: topic, label: letters}
definitions:
  - {id: minutes, of: time, basis: platform_log, procedure: Minutes by the clock.}
"""
GAP = """
gaps:
  - id: no-errors
    question: Do doctors err?
    about: [%s]
    kind: %s
    searched: [{where: an index, on: 2026-01-10, by: curator}]
"""


def source(id: str, flag: str) -> str:
    return f"""
  - {{id: {id}, kind: report, title: On {id}, published_on: 2024, url: "https://{id}.example/", vendor: {flag},
     vendor_reason: Somebody looked into {id} and found this.}}"""


def finding(id: str, source: str, cohort: str = "doctors", fit: str = "exact", n: int = 20) -> str:
    return f"""
  - id: {id}
    headline: Less time
    statement: Less time was taken.
    nature: observed
    design: lab_experiment
    sample: {{counts: [{{n: {n}, of: doctors, level: analysed}}]}}
    cohorts: [{{cohort: {cohort}, fit: {fit}, note: As filed.}}]
    about: [{{concept: letters, how: measured}}]
    no_interval: not_seen
    estimates:
      - {{id: x, outcome: time, definition: minutes, measure: percent_change, value: -5, unit: "%", group: a, comparator: b}}
    citations:
      - {{source: {source}, role: primary, basis: own_data, locator: p. 1, prints: {{x: 5%}},
         read: {{what: full_text, on: 2026-01-15}}}}"""


def mapped(folder: Path, findings: str, sources: str, extra: str = "", **options: object) -> ekb.GapMap:
    files = {"a.yaml": PACK + extra, "s.yaml": f"sources:{sources}", "f.yaml": f"findings:{findings}"}
    kb = ekb.load(write_pack(folder, files), check=False)
    asked = {"cohorts": ["doctors", "nurses"], "outcomes": ["time", "errors"], **options}
    return ekb.gap_map(kb, **asked)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("flags", "state", "shown"),
    [
        (["independent", "independent"], "independent", "2"),
        (["independent"], "single_study", "1"),
        (["independent", "vendor"], "single_study", "1+1"),
        (["vendor", "interested"], "vendor_only", "V2"),
    ],
)
def test_a_cell_says_who_stands_behind_it(flags: list[str], state: str, shown: str, tmp_path: Path) -> None:
    sources = "".join(source(f"s{n}", flag) for n, flag in enumerate(flags))
    findings = "".join(finding(f"f{n}", f"s{n}", n=20 + n) for n in range(len(flags)))
    cell = mapped(tmp_path, findings, sources).cell("doctors", "time")
    assert (cell.state, cell.shown, cell.studies) == (state, shown, len(flags))


def test_a_study_whose_flag_nobody_set_is_no_sellers() -> None:
    assert _state({"s": {"unknown"}}, 0) == "no_flag"
    assert _state({"s": {"unknown"}, "t": {"vendor"}}, 0) == "vendor_only"


def test_two_findings_of_one_source_are_one_study(tmp_path: Path) -> None:
    cell = mapped(tmp_path, finding("f", "s") + finding("g", "s", n=21), source("s", "independent")).cell(
        "doctors", "time"
    )
    assert (cell.state, cell.studies, cell.findings) == ("single_study", 1, ("f", "g"))


@pytest.mark.parametrize(
    ("about", "kind", "state"),
    [
        ("doctors, errors", "searched_none_found", "searched_none_found"),
        ("people, errors", "searched_none_found", "searched_none_found"),
        ("errors", "not_accessible", "out_of_reach"),
        ("nurses, errors", "searched_none_found", "not_searched"),
        ("doctors, letters, errors", "searched_none_found", "not_searched"),
        ("doctors", "searched_none_found", "not_searched"),
    ],
)
def test_only_a_search_for_this_cell_makes_it_searched(about: str, kind: str, state: str, tmp_path: Path) -> None:
    found = mapped(tmp_path, finding("f", "s"), source("s", "independent"), GAP % (about, kind))
    assert found.cell("doctors", "errors").state == state


def test_a_search_on_a_topic_counts_when_that_topic_is_asked_for(tmp_path: Path) -> None:
    extra = GAP % ("doctors, letters, errors", "searched_none_found")
    found = mapped(tmp_path, finding("f", "s"), source("s", "independent"), extra, topic="letters")
    assert found.cell("doctors", "errors").gaps == ("no-errors",)


@pytest.mark.parametrize(
    ("fit", "counts"), [("narrower", True), ("simulated", True), ("broader", False), ("analogous", False)]
)
def test_what_was_measured_on_others_bears_on_a_cell_and_does_not_count(fit: str, counts: bool, tmp_path: Path) -> None:
    cell = mapped(tmp_path, finding("f", "s", fit=fit), source("s", "independent")).cell("doctors", "time")
    assert (cell.findings, cell.bearing) == ((("f",), ()) if counts else ((), ("f",)))


def test_a_cohort_counts_what_lies_below_it_unless_told_not_to(tmp_path: Path) -> None:
    for below, studies in ((True, 1), (False, 0)):
        found = mapped(tmp_path, finding("f", "s"), source("s", "independent"), cohorts="people", narrower=below)
        assert found.cell("people", "time").studies == studies


def test_without_rows_named_those_with_findings_are_shown_and_the_rest_is_counted(tmp_path: Path) -> None:
    findings = finding("f", "s") + finding("g", "t", cohort="nurses", n=33)
    sources = source("s", "independent") + source("t", "independent")
    found = mapped(tmp_path, findings, sources, cohorts=None, outcomes=None, limit=1)
    assert [ref.id for ref in found.cohorts] == ["doctors"]
    assert found.left_out == (
        "1 finding of those asked for stand in no cell.",
        "Not shown: 1 more cohort with findings.",
    )


def test_findings_are_selected_by_other_options_than_rows_and_columns(tmp_path: Path) -> None:
    with pytest.raises(ekb.QuestionError, match="give cohorts="):
        mapped(tmp_path, finding("f", "s"), source("s", "independent"), cohort="doctors")
    with pytest.raises(ekb.UnknownIdError, match="doctors"):
        ekb.gap_map(ekb.load(tmp_path, check=False), cohorts="doctor")


def test_a_pool_beside_what_it_pools_is_no_further_study(tmp_path: Path) -> None:
    link = "\n    links: [{type: includes, target: f, because: One of its trials., asserted_by: curator}]"
    sources = source("s", "independent") + source("t", "independent")
    cell = mapped(tmp_path, finding("f", "s") + finding("g", "t", n=33) + link, sources).cell("doctors", "time")
    assert (cell.studies, cell.findings) == (1, ("f", "g"))
