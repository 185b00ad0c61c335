"""A pack in git is refused before it is merged: the hooks in a real repository, and the example workflow step by step."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from tests.known_schemas import schema_of
from tests.packs import write_pack
from tests.records import Records, base_records, record

REPO = Path(__file__).resolve().parents[2]
HOOKS = yaml.safe_load((REPO / ".pre-commit-hooks.yaml").read_text("utf-8"))
WORKFLOW = yaml.safe_load((REPO / "examples/github/evidence.yml").read_text("utf-8"))
ENVIRONMENT = {
    **os.environ,
    "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]]),
    "GIT_CONFIG_GLOBAL": os.devnull,
    **{f"GIT_{who}_{what}": "a@example.org" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")},
}


def git(repository: Path, *arguments: str, check: bool = True, **more: str) -> subprocess.CompletedProcess[str]:
    """Run git there."""
    command = ["git", "-C", str(repository), *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=check, env={**ENVIRONMENT, **more})


def formatted(repository: Path, records: Records) -> None:
    """Write the records into the pack's folder as the library lays them out."""
    write_pack(repository / "data", {"records.yaml": json.dumps(records, ensure_ascii=False)})
    subprocess.run(
        [sys.executable, "-m", "evidencekb.cli", "format", str(repository / "data")], check=True, capture_output=True
    )


def broken_records() -> Records:
    """Records whose finding is filed as its own relay."""
    records = base_records()
    record(records, "findings", "audit-2024-replies")["citations"][0]["source"] = "audit2025"
    return records


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository with a sound pack in ``data``, committed."""
    git(tmp_path, "init", "--quiet", "--initial-branch=main")
    formatted(tmp_path, base_records())
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "a sound pack")
    return tmp_path


def staged(repository: Path, records: Records) -> None:
    formatted(repository, records)
    git(repository, "add", ".")


def configured(repository: Path) -> None:
    """The hooks as they are shipped, of this environment's library, on the folder ``data``."""
    hooks = [{**hook, "language": "system", "args": ["data"]} for hook in HOOKS]
    config = {"repos": [{"repo": "local", "hooks": hooks}]}
    (repository / ".pre-commit-config.yaml").write_text(json.dumps(config), encoding="utf-8")
    git(repository, "add", ".")
    git(repository, "commit", "--quiet", "-m", "hooks")


@pytest.fixture
def home(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    return {"PRE_COMMIT_HOME": str(tmp_path_factory.mktemp("pre-commit"))}


@pytest.mark.slow
def test_pre_commit_refuses_a_broken_pack_and_lets_a_sound_one_in(repository: Path, home: Mapping[str, str]) -> None:
    pytest.importorskip("pre_commit")
    configured(repository)
    install = [sys.executable, "-m", "pre_commit", "install"]
    subprocess.run(install, cwd=repository, check=True, capture_output=True, env={**ENVIRONMENT, **home})

    staged(repository, broken_records())
    refused = git(repository, "commit", "-m", "broken", check=False, **home)
    assert refused.returncode == 1
    assert "EKB103" in refused.stdout + refused.stderr
    assert "audit2025" in refused.stdout + refused.stderr
    assert git(repository, "log", "--format=%s").stdout.split("\n")[0] == "hooks"

    records = base_records()
    record(records, "claims", "a-score-brings-replies")["text"] = (
        "A test score on an application brings some more replies."
    )
    staged(repository, records)
    let_in = git(repository, "commit", "-m", "sound", check=False, **home)
    assert let_in.returncode == 0, let_in.stdout + let_in.stderr
    assert git(repository, "status", "--porcelain").stdout == ""


@pytest.mark.slow
def test_pre_commit_refuses_what_is_laid_out_otherwise_and_lays_it_out(
    repository: Path, home: Mapping[str, str]
) -> None:
    pytest.importorskip("pre_commit")
    configured(repository)
    path = repository / "data/records.yaml"
    laid_out = path.read_text("utf-8")
    path.write_text(laid_out.replace("- id: news2024\n", "- id:   news2024\n"), encoding="utf-8")
    assert path.read_text("utf-8") != laid_out
    git(repository, "add", ".")
    run = subprocess.run(
        [sys.executable, "-m", "pre_commit", "run", "evidencekb-format"],
        cwd=repository, capture_output=True, text=True, check=False, env={**ENVIRONMENT, **home},
    )  # fmt: skip
    assert run.returncode == 1, run.stdout
    assert path.read_text("utf-8") == laid_out


def test_hooks_are_what_pre_commit_takes_and_run_commands_that_there_are() -> None:
    pytest.importorskip("pre_commit")
    manifest = [sys.executable, "-m", "pre_commit", "validate-manifest", str(REPO / ".pre-commit-hooks.yaml")]
    assert subprocess.run(manifest, capture_output=True, check=False).returncode == 0
    for hook in HOOKS:
        name, command = hook["entry"].split()
        assert (name, hook["language"]) == ("evidencekb", "python")
        assert (
            subprocess.run(
                [sys.executable, "-m", "evidencekb.cli", command, "--help"], capture_output=True, check=False
            ).returncode
            == 0
        )


def test_the_workflow_is_one() -> None:
    text = (
        (REPO / "examples/github/evidence.yml").read_text("utf-8").replace("\non:\n", '\n"on":\n')
    )  # YAML 1.1 takes on for true
    jsonschema.Draft7Validator(schema_of("github-workflow")).validate(yaml.safe_load(text))


def steps(repository: Path) -> dict[str, subprocess.CompletedProcess[str]]:
    """Every step of the workflow that is a command, run as a runner runs it: by bash, which stops at errors."""
    ran = {}
    for step in WORKFLOW["jobs"]["evidence"]["steps"]:
        if "run" in step and step["name"] != "Install":
            ran[step["name"]] = subprocess.run(
                ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
                cwd=repository, capture_output=True, text=True, check=False, env={**ENVIRONMENT, **WORKFLOW["env"]},
            )  # fmt: skip
    return ran


@pytest.mark.slow
def test_the_workflow_refuses_a_broken_pack_and_reports_it(repository: Path) -> None:
    formatted(repository, broken_records())
    ran = steps(repository)
    check, *reports = ran.values()
    assert check.returncode == 1
    assert "::error file=data/records.yaml,line=" in check.stdout
    assert [step.returncode for step in reports] == [0, 0], [step.stderr for step in reports]
    assert "audit2025" in (repository / "evidence.html").read_text("utf-8")
    log: Any = json.loads((repository / "evidence.sarif").read_text("utf-8"))
    uris = {r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] for r in log["runs"][0]["results"]}
    assert uris == {"data/records.yaml"}


@pytest.mark.slow
def test_the_workflow_lets_a_sound_pack_in(repository: Path) -> None:
    ran = steps(repository)
    assert len(ran) == 3
    assert {step.returncode for step in ran.values()} == {0}


@pytest.mark.slow
def test_the_workflow_fails_where_there_is_no_pack(repository: Path) -> None:
    git(repository, "mv", "data", "elsewhere")
    assert [step.returncode for step in steps(repository).values()] == [2, 1, 1]
