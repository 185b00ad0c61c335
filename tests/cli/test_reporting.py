"""``evidencekb report`` as a person or a workflow calls it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packs import write_pack
from tests.records import base_records, write_records


def run(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """Call the command line in a process of its own."""
    command = [sys.executable, "-m", "evidencekb.cli", "report", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, check=False, env={**os.environ, **environment})


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_records(tmp_path_factory.mktemp("sound"), base_records())


@pytest.fixture(scope="module")
def broken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records = base_records()
    records["findings"][0]["citations"][0]["source"] = "audit2025"
    return write_records(tmp_path_factory.mktemp("broken"), records)


def test_a_report_is_written_and_said(sound: Path, tmp_path: Path) -> None:
    made = run(sound, "-o", tmp_path / "report.html")
    assert (made.returncode, made.stdout) == (0, b"")
    page = (tmp_path / "report.html").read_bytes()
    assert made.stderr.decode().startswith(f"{tmp_path / 'report.html'}: {len(page):,} bytes; example: ")
    assert page.startswith(b"<!DOCTYPE html>")
    assert page == run(sound).stdout


def test_a_report_of_a_broken_pack_is_written_and_the_call_fails(broken: Path, tmp_path: Path) -> None:
    for form in ("html", "json", "sarif", "github"):
        made = run(broken, "--format", form, "-o", tmp_path / form)
        assert made.returncode == 1, made.stderr
        assert "audit2025" in (tmp_path / form).read_text("utf-8")


def test_what_is_printed_is_utf_8_whatever_the_terminal_is(sound: Path) -> None:
    records = base_records()
    records["claims"][0]["text"] = "Prüfwert Ω brings replies …"
    folder = write_records(sound.parent / "other", records)
    for form in ("html", "json"):
        made = run(folder, "--format", form, PYTHONIOENCODING="ascii", LC_ALL="C")
        assert made.returncode == 0, made.stderr
        assert "Prüfwert Ω brings replies …" in made.stdout.decode("utf-8")


def test_only_and_limit_narrow_it(sound: Path) -> None:
    some = json.loads(run(sound, "--format", "json", "--only", "score-doubles-replies", "--limit", 1).stdout)
    assert [len(some[kind]) for kind in ("claims", "findings", "untraced")] == [0, 0, 1]


def test_misuse_is_told(sound: Path, tmp_path: Path) -> None:
    for arguments, told in (
        ((sound, "--only", "score-doubles-reply"), "score-doubles-replies"),
        ((tmp_path / "nowhere",), "nowhere"),
        ((sound, "--format", "pdf"), "sarif"),
        ((sound, "-o", tmp_path / "no" / "such" / "folder.html"), "folder.html"),
    ):
        made = run(*arguments)
        assert made.returncode == 2, made
        assert told in made.stderr.decode()


def test_a_file_that_is_no_pack_is_refused(tmp_path: Path) -> None:
    (tmp_path / "not.ekb").write_text("x", encoding="utf-8")
    assert run(tmp_path / "not.ekb").returncode == 2
    assert run(write_pack(tmp_path / "empty", {})).returncode == 0
