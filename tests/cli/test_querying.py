"""The command ``sparql``."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli.test_commands import run
from tests.rdf.small import small_pack

pytest.importorskip("pyoxigraph")


@pytest.fixture(scope="module")
def sealed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    with small_pack(tmp_path_factory.mktemp("querying")) as kb:
        return kb.path


def test_a_published_query_is_asked_by_name_with_values(sealed: Path) -> None:
    done = run("sparql", "findings-for", "--value", "skill=writing", "--value", "without=vendor", "--pack", sealed)
    assert (done.returncode, done.stderr) == (0, "")
    assert [line.split()[0] for line in done.stdout.splitlines()] == ["finding", "finding/again", "finding/trial", "(2"]


def test_a_query_comes_from_a_text_a_file_or_the_pipe(sealed: Path, tmp_path: Path) -> None:
    text = 'SELECT ?n ("a\u001b[31m" AS ?t) { ?f ekb:replicationsFailed ?n }'
    (tmp_path / "mine.rq").write_text(text)
    asked = ("--pack", sealed, "--format", "csv")
    assert run("sparql", text, *asked).stdout == "n,t\n1,a\x1b[31m\n"
    assert run("sparql", tmp_path / "mine.rq", *asked).stdout == "n,t\n1,a\x1b[31m\n"
    command = [sys.executable, "-m", "evidencekb.cli", "sparql", "-", "--pack", str(sealed)]
    piped = subprocess.run(command, input=text, capture_output=True, text=True, check=True)
    assert piped.stdout == "n  t\n1  a\ufffd[31m\n(1 row)\n"


def test_an_answer_comes_as_json_too(sealed: Path) -> None:
    data = json.loads(run("sparql", "replications", "--pack", sealed, "--format", "json").stdout)
    assert data["rows"] == [
        {"finding": "urn:evidencekb:example:finding/trial", "successful": 0, "failed": 1, "others": 0}
    ]


def test_the_text_for_another_engine_is_printed_and_nothing_asked(sealed: Path) -> None:
    done = run("sparql", "chain", "--value", "finding=trial", "--text", "--pack", sealed)
    assert "FILTER(?finding = <urn:evidencekb:example:finding/trial>)" in done.stdout


def test_without_a_query_the_published_ones_are_listed() -> None:
    assert "findings-for" in run("sparql").stdout
    listed = json.loads(run("sparql", "--format", "json").stdout)
    assert next(one for one in listed if one["name"] == "flags")["values"] == {"flag": "VendorFlag"}


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("LOAD <file:///etc/passwd>",), "LOAD is part of an update"),
        (("findings-for", "--value", "role"), "--value is 'role'; write it as role=data-scientist"),
        (("flags", "--value", "flag=vendor", "--value", "flag=unknown"), "a value is given twice"),
        (("nothing.rq",), "nothing.rq: No such file"),
        (("SELECT * { ?s ?p ?o }", "--limit", "2", "--format", "csv"), "there are more than 2 rows"),
    ],
)
def test_misuse_is_told_with_exit_code_2(sealed: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("sparql", *arguments, "--pack", sealed)
    assert done.returncode == 2
    assert said in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("SELECT ?f { ?f ekb:rank $n }", "--value", "n=1"), "in a text of your own, write the value itself"),
        (("--value", "n=1"), "are for a published query: name one"),
        (("--text",), "are for a published query: name one"),
    ],
)
def test_values_belong_to_published_queries(sealed: Path, arguments: tuple[str, ...], said: str) -> None:
    done = run("sparql", *arguments, "--pack", sealed)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
