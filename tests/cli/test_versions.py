"""diff, impact, verify and sign, called as a person or a program calls them."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

import evidencekb as ekb
from tests.cli.test_commands import run
from tests.packs import TODAY
from tests.records import base_records, edited, write_records


@pytest.fixture(scope="module")
def states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("states")
    records = base_records()
    old = write_records(folder / "old", records)
    return old, write_records(folder / "new", edited(records, {"findings.0.estimates.0.value": 9}))


@pytest.fixture(scope="module")
def sealed(states: tuple[Path, Path]) -> Path:
    out = states[0].parent / "old.ekb"
    ekb.build(states[0], out, today=TODAY)
    return out


def test_diff_tells_what_changed_and_exits_0(states: tuple[Path, Path], sealed: Path) -> None:
    done = run("diff", *states)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[1:] == [
        "Figures that pages print:",
        "  finding audit-2024-replies, replies: +12% → +9% (concerns claim a-score-brings-replies)",
        "1 change, 1 of figure; 1 card and 1 claim concerned",
    ]
    assert run("diff", sealed, states[1]).stdout.splitlines()[1:] == lines[1:]


def test_diff_exits_1_on_demand_or_when_a_part_cannot_be_read(states: tuple[Path, Path], tmp_path: Path) -> None:
    assert run("diff", *states, "--exit-code").returncode == 1
    assert run("diff", states[0], states[0], "--exit-code").returncode == 0
    broken = Path(shutil.copytree(states[1], tmp_path / "broken"))
    (broken / "more.yaml").write_text("sources: [\n")
    done = run("diff", states[0], broken)
    assert done.returncode == 1
    assert "Cannot be read in" in done.stdout
    assert "more.yaml:2" in done.stdout


def test_diff_prints_json_and_markdown(states: tuple[Path, Path]) -> None:
    data = json.loads(run("diff", *states, "--format", "json").stdout)
    assert [change["what"] for change in data["changes"]] == ["figure_changed"]
    assert "\n## Figures that pages print\n" in run("diff", *states, "--format", "markdown").stdout


@pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")
def test_diff_of_a_revision_that_is_none_is_misuse(states: tuple[Path, Path], tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    shutil.copytree(states[0], tmp_path / "data")
    done = run("diff", "git:no-such", "data", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "git has no revision 'no-such'" in done.stderr


def test_impact_tells_what_rests_on_a_source(sealed: Path) -> None:
    done = run("impact", "audit2024", "--pack", sealed)
    assert (done.returncode, done.stderr) == (0, "")
    assert "claim a-score-brings-replies loses audit-2024-replies#replies and then nothing supports it" in done.stdout
    assert json.loads(run("impact", "audit2024", "--pack", sealed, "--format", "json").stdout)["findings"]
    assert run("impact", "audit2042", "--pack", sealed).returncode == 2


@pytest.mark.skipif(shutil.which("ssh-keygen") is None, reason="OpenSSH is not installed")
def test_a_file_is_signed_and_verified(sealed: Path, tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    file = Path(shutil.copy(sealed, tmp_path / "pack.ekb"))
    subprocess.run(
        ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "editor", "-f", str(tmp_path / "key")], check=True
    )
    unsigned = run("verify", file, "--signed-by", tmp_path / "key.pub")
    assert (unsigned.returncode, unsigned.stdout) == (1, "")
    assert "it is not signed" in unsigned.stderr
    assert run("sign", file, "--key", tmp_path / "key").stdout == f"{file}.sig: written\n"
    done = run("verify", file, "--signed-by", tmp_path / "key.pub")
    assert (done.returncode, done.stderr) == (0, "")
    assert "signed by editor (ssh-ed25519 SHA256:" in done.stdout
    data = json.loads(run("verify", file, "--signed-by", tmp_path / "key.pub", "--format", "json").stdout)
    assert (data["ok"], data["signer"]["comment"]) == (True, "editor")
    assert run("verify", file, "--signed-by", tmp_path / "no.pub").returncode == 2


def test_a_locked_key_without_a_terminal_is_misuse(sealed: Path, tmp_path: Path) -> None:
    pytest.importorskip("cryptography")
    if shutil.which("ssh-keygen") is None:
        pytest.skip("OpenSSH is not installed")
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "secret", "-f", str(tmp_path / "key")], check=True)
    done = run("sign", sealed, "--key", tmp_path / "key")
    assert (done.returncode, done.stdout) == (2, "")
    assert "it has a passphrase" in done.stderr
    assert not Path(f"{sealed}.sig").exists()


def test_verify_as_json_says_what_was_changed(sealed: Path, tmp_path: Path) -> None:
    data = bytearray(sealed.read_bytes())
    at = data.find(b"A test score on an application brings more replies.")
    data[at + 2] ^= 32
    (tmp_path / "changed.ekb").write_bytes(data)
    done = run("verify", tmp_path / "changed.ekb", "--format", "json")
    assert done.returncode == 1
    assert json.loads(done.stdout)["ok"] is False
