"""Nanopublications on the command line: what is printed for people and for programs, and the exit code."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.rdf.nanopubs import FINDING, NANOPUB, changed, key_file, opened


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evidencekb.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, encoding="utf-8", stdin=subprocess.DEVNULL, check=False)


def test_one_that_is_not_valid_ends_with_1_and_its_line(tmp_path: Path) -> None:
    (tmp_path / "good.trig").write_text(NANOPUB, encoding="utf-8")
    (tmp_path / "bad.trig").write_text(changed("0.370", "much"), encoding="utf-8")
    done = run("nanopub-check", tmp_path)
    assert done.returncode == 1
    assert "bad.trig:17: 'much' is no value of its datatype" in done.stdout
    told = run("nanopub-check", tmp_path / "good.trig", "--format", "json")
    assert told.returncode == 0
    ((check),) = json.loads(told.stdout)
    assert (check["ok"], check["iri"], check["faults"]) == (True, "http://example.org/np/1/", [])


def test_a_locked_key_is_asked_for_on_a_terminal_alone(tmp_path: Path) -> None:
    rsa = pytest.importorskip("cryptography.hazmat.primitives.asymmetric.rsa")
    key = key_file(tmp_path / "key.pem", rsa.generate_private_key(65537, 2048), b"secret")
    with opened(tmp_path):
        done = run("export", "nanopub", "-o", tmp_path / "out", "--sign", key, "--pack", tmp_path / "pack.ekb")
    assert done.returncode == 2
    assert "it has a passphrase" in done.stderr
    assert not (tmp_path / "out").exists()


def test_how_one_is_published_is_asked_of_nanopublications_alone(tmp_path: Path) -> None:
    done = run("export", "csv", "--creator", "https://orcid.org/0000-0002-1825-0097")
    assert done.returncode == 2
    assert "--sign, --creator and --previous are for what is published: nanopub; leave them out" in done.stderr


def test_what_was_written_is_told_to_programs(tmp_path: Path) -> None:
    with opened(tmp_path):
        done = run("export", "nanopub", "-o", tmp_path / "out", "--pack", tmp_path / "pack.ekb", "--format", "json")
    told = json.loads(done.stdout)
    assert (told["findings"], told["kept"], told["signed"]) == (1, 0, False)
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "pack.yaml").write_text("name: mine\nversion: 1.0.0\n", encoding="utf-8")
    taken = run(
        "import", tmp_path / "out", "--as", "nanopub", "--pack", tmp_path / "mine", "--dry-run", "--format", "json"
    )
    report = json.loads(taken.stdout)
    assert (taken.returncode, report["added"], report["files"]) == (0, [FINDING], [])
