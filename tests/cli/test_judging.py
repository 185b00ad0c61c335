"""The commands support and origins: text for people, JSON for programs, a picture for pages."""

from __future__ import annotations

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.test_commands import run
from tests.records import built
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
