"""The commands that judge: text for people, JSON for programs, a picture for pages."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.test_commands import run
from tests.records import base_records, built
from tests.studied import linked, pack

CLAIM = "a-score-brings-replies"


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("judging")
    built(folder, pack(**linked("shares_data", extent="all"))).close()
    return folder / "records.ekb"


def test_support_counts_studies(sealed: Path) -> None:
    asked = run("support", CLAIM, "--pack", sealed)
    assert asked.returncode == 0
    assert "supports: 2 papers, 1 study." in asked.stdout
    data = json.loads(run("support", CLAIM, "--pack", sealed, "--format", "json").stdout)
    assert [(held["stance"], held["strict"], held["lenient"]) for held in data["stances"]] == [("supports", 1, 1)]


def test_origins_are_text_a_diagram_or_a_picture(sealed: Path) -> None:
    assert run("origins", CLAIM, "--pack", sealed).stdout.startswith(f"claim {CLAIM}: 2 papers, 1 study.")
    assert run("origins", CLAIM, "--pack", sealed, "--as", "mermaid").stdout.startswith("flowchart LR")
    assert ElementTree.fromstring(run("origins", CLAIM, "--pack", sealed, "--as", "svg").stdout).tag.endswith("svg")
    assert json.loads(run("origins", CLAIM, "--pack", sealed, "--format", "json").stdout)["problems"] == ["one_study"]


def test_what_has_no_origins_is_misuse(sealed: Path) -> None:
    assert run("origins", "audit2024", "--pack", sealed).returncode == 2
    assert run("support", "no-claim", "--pack", sealed).returncode == 2


def test_flag_says_which_line_decides() -> None:
    assert "line 1 of the flag table gives vendor" in run("flag", "peng2023impact").stdout
    told = json.loads(run("flag", "peng2023impact", "--format", "json").stdout)
    assert (told["flag"], told["gives"], told["line"], told["state"]) == ("vendor", "vendor", 1, "agrees")
    misspelt = run("flag", "peng2023impct")
    assert misspelt.returncode == 2
    assert "peng2023impact" in misspelt.stderr


def test_conflicts_show_both_sides_and_why(sealed: Path) -> None:
    asked = run("conflicts", "metr-2025-developer-slowdown", "--limit", 1)
    assert "+18.8%" in asked.stdout
    assert "Against it: METR, note of February 2026" in asked.stdout
    data = json.loads(run("conflicts", "metr-2025-developer-slowdown", "--format", "json").stdout)
    assert all(pair["acknowledged"] and pair["because"] for pair in data)
    silent = run("conflicts", CLAIM, "--pack", sealed)
    assert (silent.returncode, silent.stdout) == (
        0, "No finding of this pack says otherwise, as far as they can be compared.\n",
    )  # fmt: skip
    assert run("conflicts", "noy2023experimental").returncode == 2


def test_compare_tells_what_may_stand_side_by_side_and_why_not() -> None:
    sites = ("cui-2026-microsoft", "cui-2026-accenture")
    asked = run("compare", *sites)
    assert asked.returncode == 0
    assert asked.stdout.startswith(
        f"{sites[0]}#pull-requests and {sites[1]}#pull-requests are comparable.\n  concept: agrees."
    )
    told = json.loads(run("compare", sites[0], "cui-2026-copilot-pooled", "--format", "json").stdout)
    assert (told["verdict"], told["independent"]) == ("not_comparable", False)
    assert [r["aspect"] for r in told["reasons"] if r["verdict"] == "forbids"] == ["overlap"]
    wrong = run("compare", sites[0], "cui-2026-copilot-pool")
    assert (wrong.returncode, "cui-2026-copilot-pooled" in wrong.stderr) == (2, True)


def test_rank_puts_the_stronger_first_by_the_criterion_that_is_named() -> None:
    pair = ("bls-software-developers-2023-jobs", "metr-2025-developer-slowdown")
    by_effect = run("rank", *pair, "--scale", "sms").stdout.splitlines()
    assert by_effect[0].startswith("1. metr-2025-developer-slowdown: ")
    assert "not placed by sms (official_count: outside the Maryland scale)" in by_effect[-2]
    how_common = ("--scale", "standing", "--scale", "ocebm_prevalence")
    data = json.loads(run("rank", *pair, *how_common, "--format", "json").stdout)
    assert [held["ref"]["id"] for held in data["order"]] == list(pair)
    assert list(data["criteria"]) == ["fit", "closeness", "standing", "ocebm_prevalence"]


def test_rank_finds_what_is_on_a_question_and_says_what_it_does_not_show() -> None:
    asked = run("rank", "--topic", "ai-productivity", "--scale", "risk_of_bias", "--limit", 1)
    first, *_, last = asked.stdout.splitlines()
    assert first.startswith("1. ")
    assert last.startswith("Not shown: ")
    nothing = run("rank", "--cohort", "degree-holders", "--outcome", "settlement-money")
    assert (nothing.returncode, nothing.stdout) == (0, "No finding of this pack is on all of that.\n")


@pytest.mark.parametrize("asked", [("--scale", "smss"), ("--product", "github-copilot"), ("no-finding",)])
def test_rank_refuses_what_it_cannot_ask(asked: tuple[str, ...]) -> None:
    assert run("rank", *asked).returncode == 2


def test_drift_shows_what_no_record_says(tmp_path: Path) -> None:
    records = base_records()
    records["findings"][0]["citations"].append({
        "source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024",
        "prints": {"replies": "12% more replies for everyone"},
        "read": {"what": "full_text", "where": "https://news.example/a", "on": "2026-01-15"},
    })  # fmt: skip
    built(tmp_path, records).close()
    asked = run("drift", "--pack", tmp_path / "records.ekb")
    assert "news2024 has '12% more replies for everyone'" in asked.stdout
    assert "perhaps scope_widened" in asked.stdout
    (hint,) = json.loads(
        run("drift", "audit-2024-replies", "--pack", tmp_path / "records.ekb", "--format", "json").stdout
    )
    assert (hint["kind"], hint["sure"]) == ("scope_widened", False)
    assert "on record" in run("drift", "noy-zhang-2023-writing-speed-quality").stdout


def test_power_tells_what_could_be_seen_or_why_not() -> None:
    finding = "metr-2025-developer-slowdown"
    asked = run("power", finding, "--estimate", "time", "--effect", 10)
    assert asked.stdout.startswith(f"{finding}#time: Four of five such studies would see 25.6% or more.")
    (told,) = json.loads(run("power", finding, "--format", "json").stdout)
    assert (told["basis"], told["power"]) == ("interval", None)
    assert "cannot be known" in run("power", "noy-zhang-2023-writing-speed-quality").stdout
    assert run("power", finding, "--estimate", "money").returncode == 2


def test_replications_count_studies_and_show_both_effects() -> None:
    asked = run("replications", "metr-2025-developer-slowdown")
    assert "1 independent replication (new data) in 2 findings: 1 flawed." in asked.stdout
    assert "power of the later study: " in asked.stdout
    data = json.loads(run("replications", "metr-2025-developer-slowdown", "--format", "json").stdout)
    assert (data["replications"]["count"], data["reanalyses"]["count"]) == (1, 0)
    misspelt = run("replications", "metr-2025-developer-slowdwn")
    assert (misspelt.returncode, "metr-2025-developer-slowdown" in misspelt.stderr) == (2, True)


SITES = ("cui-2026-microsoft", "cui-2026-accenture", "cui-2026-anonymous-firm")


def test_pool_prints_the_number_with_its_estimator() -> None:
    pytest.importorskip("scipy")
    told = run("pool", *SITES, "--method", "common").stdout
    assert told.startswith(
        "+26.08% pull requests completed per week (95% interval +5.897% to +46.26%; SE 10.3; common effect; "
    )
    data = json.loads(run("pool", *SITES, "--format", "json").stdout)
    assert (data["method"], data["k"], round(data["value"], 2)) == ("REML", 3, 26.08)
    left = run("pool", *SITES, "--show", "leave-one-out").stdout.splitlines()
    assert [line.partition(":")[0] for line in left] == [f"without {site}#pull-requests" for site in SITES]
    assert len(json.loads(run("pool", *SITES, "--show", "estimators", "--format", "json").stdout)) == 9
    assert "Egger's regression" in run("pool", *SITES, "--show", "funnel").stdout
    assert run("pool", *SITES, "--show", "cumulative").stdout.startswith("up to ")


def test_pool_refuses_a_pair_and_prints_the_reason_that_lets_it_pass() -> None:
    pytest.importorskip("scipy")
    pair = ("metr-2025-developer-slowdown", "peng-2023-copilot-task-time")
    refused = run("pool", *pair)
    assert refused.returncode == 2
    assert all(name in refused.stderr for name in pair)
    assert run("pool", *pair, "--allow", "cohort").returncode == 2
    told = run("pool", *pair, "--allow", ",".join(pair) + "=All are paid, and each is AI or none.")
    assert told.returncode == 0
    assert "All are paid, and each is AI or none." in told.stdout


def test_a_gap_map_is_text_or_data(sealed: Path) -> None:
    asked = run("gap-map", "--pack", sealed, "--limit", "2")
    assert asked.returncode == 0
    assert asked.stdout.splitlines()[0].endswith(".")
    data = json.loads(run("gap-map", "--pack", sealed, "--limit", "2", "--format", "json").stdout)
    assert len(data["cells"]) == len(data["cohorts"]) * len(data["outcomes"]) > 0
    assert run("gap-map", "--pack", sealed, "--cohort", "nobody").returncode == 2
