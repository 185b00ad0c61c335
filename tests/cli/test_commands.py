"""Every command, called as a person or a program calls it: what it prints, where, and its exit code."""

from __future__ import annotations

import json
import os
import pty
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.rules import base_pack, rules
from tests.engines import servers
from tests.packs import write_pack

COMMANDS = (
    "answer",
    "brief",
    "check",
    "trace",
    "show",
    "search",
    "build",
    "diff",
    "impact",
    "sign",
    "verify",
    "format",
    "rule",
    "standing",
    "links",
    "references",
    "cite",
    "support",
    "origins",
    "report",
    "sparql",
)


def run(*arguments: object, cwd: Path | None = None) -> subprocess.CompletedProcess[str]:
    """Call the command line in a process of its own, in a pipe."""
    command = [sys.executable, "-m", "evidencekb.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)


@pytest.fixture(scope="module")
def pack(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = write_pack(tmp_path_factory.mktemp("cli") / "pack", {"base.yaml": base_pack()})
    assert run("format", folder).returncode == 0
    return folder


@pytest.fixture(scope="module")
def sealed(pack: Path) -> Path:
    out = pack.parent / "out.ekb"
    made = run("build", pack, out)
    assert made.returncode == 0, made.stderr
    return out


def test_check_counts_what_ran_and_exits_0(pack: Path) -> None:
    done = run("check", pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "skipped in part: EKB305, estimates without a period: 1",
        "skipped in part: EKB307, power cannot be known: no interval, standard error, p value or small sample: 1",
        f"example: {len(rules())} checks run, 2 skipped in part, 0 failed, 0 errors, 0 warnings, 0 notes",
    ]


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("duckdb", marks=pytest.mark.duckdb)])
def test_check_on_an_engine_audits_a_sealed_pack(sealed: Path, engine: str) -> None:
    if engine == "duckdb":
        servers.library("duckdb")
    done = run("check", sealed, "--engine", engine)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert "skipped in part: EKB305, estimates without a period: 1" in lines
    assert (
        "skipped in part: EKB301, it asks files or single records, not tables; it ran when the pack was built: 1"
        in lines
    )
    assert lines[-1] == "example: 24 checks run, 19 skipped in part, 0 failed, 0 errors, 0 warnings, 0 notes"


def test_check_on_an_engine_that_is_none_exits_2(sealed: Path, pack: Path) -> None:
    done = run("check", sealed, "--engine", "oracle")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: oracle: no such engine; there are sqlite, duckdb, ")
    done = run("check", pack, "--engine", "sqlite")
    assert (done.returncode, done.stdout) == (2, "")
    assert "give a sealed file, or a folder of Parquet tables" in done.stderr


def test_check_of_a_bad_pack_names_file_line_and_rule_and_exits_1(tmp_path: Path) -> None:
    bad = write_pack(tmp_path, {"base.yaml": base_pack().replace("        basis: own_data\n", "")})
    done = run("check", bad)
    assert done.returncode == 1
    assert done.stdout.startswith("base.yaml:63:9: error EKB101 finding 'audit-2024-replies' calls 'audit2024' primary")
    data = json.loads(run("check", bad, "--format", "json").stdout)
    first = data["violations"][0]
    assert (first["code"], first["file"], first["line"], first["id"]) == (
        "EKB101",
        "base.yaml",
        63,
        "audit-2024-replies",
    )


def test_strict_makes_warnings_count(tmp_path: Path) -> None:
    bad = write_pack(tmp_path, {"base.yaml": base_pack().replace("what: abstract", "what: nothing")})
    assert run("check", bad).returncode == 0
    assert run("check", bad, "--strict").returncode == 1


def test_build_refuses_a_bad_pack_and_says_where_it_wrote_a_good_one(pack: Path, tmp_path: Path, sealed: Path) -> None:
    done = run("build", pack, tmp_path / "again.ekb", "--format", "json")
    made = json.loads(done.stdout)
    assert (made["pack"], made["digest"]) == ("example", ekb.load(sealed).digest)
    bad = write_pack(tmp_path / "bad", {"base.yaml": base_pack().replace("vendor: independent", "vendor: unknown")})
    assert run("build", bad, tmp_path / "bad.ekb").returncode == 1
    assert not (tmp_path / "bad.ekb").exists()


def test_brief_trace_show_search_answer_from_a_sealed_file(sealed: Path) -> None:
    assert run("brief", "--topic", "hiring", "--pack", sealed).stdout.startswith(
        "# Hiring: what is known\n\n**1 finding"
    )
    assert (
        "primary (own_data): Journal of Made-up Studies"
        in run("trace", "a-score-brings-replies", "--pack", sealed).stdout
    )
    shown = run("show", "audit2024", "--pack", sealed).stdout
    assert shown.startswith("# base.yaml:")
    assert "vendor: independent" in shown
    assert "finding audit-2024-replies" in run("search", "score replies", "--kind", "finding", "--pack", sealed).stdout
    assert run("search", "zebra", "--pack", sealed).stdout == "nothing holds 'zebra'\n"


@pytest.mark.parametrize(
    "arguments",
    [("brief", "--topic", "hiring"), ("trace", "audit-2024-replies"), ("show", "applicants"), ("search", "score")],
)
def test_every_answer_comes_as_json_too(sealed: Path, arguments: tuple[str, ...]) -> None:
    done = run(*arguments, "--pack", sealed, "--format", "json")
    assert done.returncode == 0
    assert json.loads(done.stdout)


def test_verify_says_whole_or_exits_1(sealed: Path, tmp_path: Path) -> None:
    assert run("verify", sealed).returncode == 0
    data = bytearray(sealed.read_bytes())
    data[len(data) // 2] ^= 1
    (tmp_path / "changed.ekb").write_bytes(data)
    done = run("verify", tmp_path / "changed.ekb")
    assert (done.returncode, done.stdout) == (1, "")
    assert "changed.ekb" in done.stderr


def test_format_changes_files_once_and_check_changes_nothing(tmp_path: Path) -> None:
    text = (
        "cohorts:\n- {unit: people, id: b, meaning: m, label: B}\n- {id: a, label: A, meaning: m, unit: people} # why\n"
    )
    pack = write_pack(tmp_path, {"cohorts.yaml": text})
    done = run("format", "--check", pack)
    assert (done.returncode, (pack / "cohorts.yaml").read_text()) == (1, text)
    assert run("format", pack).stdout == "changed: cohorts.yaml\n2 files, 1 changed, 0 left alone\n"
    assert run("format", "--check", pack).returncode == 0
    assert "# why" in (pack / "cohorts.yaml").read_text()


def test_format_leaves_alone_what_it_cannot_read(tmp_path: Path) -> None:
    pack = write_pack(tmp_path, {"cohorts.yaml": "cohorts: [\n"})
    done = run("format", pack)
    assert done.returncode == 1
    assert "cohorts.yaml:2:1: left alone: not readable as YAML" in done.stdout


def test_rule_explains_one_and_lists_all() -> None:
    assert run("rule", "101").stdout.startswith("EKB101 (error): An estimate that no primary source carries")
    assert run("rule", "EKB101").stdout == run("rule", "101").stdout
    assert len(run("rule").stdout.splitlines()) == len(rules())
    assert json.loads(run("rule", "403", "--format", "json").stdout)["family"] == "cohort and definition"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("trace", "audit-2024-repliez"), "Did you mean 'audit-2024-replies'"),
        (("brief",), "names at least one of role"),
        (("brief", "--role", "hiring"), "'hiring' is a topic, not a role"),
        (("search", "..."), "holds no word"),
        (("rule", "999"), "no rule has the id"),
        (("check", "no-such-folder"), "no such folder"),
        (("build", "no-such-folder", "x.ekb"), "no such folder"),
        (("format", "no-such-folder"), "no-such-folder"),
        (("format", "."), "holds no pack.yaml"),
        (("show", "x", "--kind", "findin"), "no kind of record"),
        (("trace", "\udcff"), "holds signs that no id has"),
        (("verify", "no-such-file.ekb"), "no-such-file.ekb"),
        (("trace", "x", "--pack", "no-such.ekb"), "no-such.ekb"),
        (("frobnicate",), "No such command"),
        (("check",), "Missing argument"),
    ],
)
def test_misuse_exits_2_with_a_message_and_no_traceback(
    sealed: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    asks = arguments[0] in ("trace", "brief", "search", "show") and "--pack" not in arguments
    done = run(*arguments, *(("--pack", sealed) if asks else ()), cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("command", COMMANDS)
def test_help_of_each_command_has_an_example(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == 0
    assert f"Example: evidencekb {command}" in " ".join(done.stdout.split())


def test_the_list_of_commands_is_held() -> None:
    help_text = run("--help").stdout
    assert all(f" {command} " in help_text for command in COMMANDS)
    assert run("--version").stdout == f"evidencekb {ekb.__version__}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_colours_are_for_a_terminal_and_not_for_a_pipe(pack: Path) -> None:
    master, slave = pty.openpty()
    environment = {**os.environ, "TERM": "xterm-256color"}
    for name in ("NO_COLOR", "CI"):
        environment.pop(name, None)
    command = [sys.executable, "-m", "evidencekb.cli", "check", str(pack)]
    with subprocess.Popen(command, stdout=slave, stderr=slave, env=environment) as process:
        process.wait()
    os.close(slave)
    seen = os.read(master, 65_536).decode()
    os.close(master)
    assert "\x1b[" in seen
    assert "\x1b[" not in run("check", pack).stdout


def test_asking_a_pack_with_errors_prints_the_errors_alone(tmp_path: Path) -> None:
    text = base_pack().replace("vendor: independent", "vendor: unknown").replace("what: abstract", "what: nothing")
    done = run("brief", "--topic", "hiring", "--pack", write_pack(tmp_path, {"base.yaml": text}))
    assert done.returncode == 1
    assert [line.split(" ")[1] for line in done.stdout.splitlines()[:-1]] == ["error"]


def test_answer_answers_one_aspect_and_says_which_shapes_it_has(tmp_path: Path) -> None:
    aspect = (
        "aspects:\n  - {id: replies-asked, label: Replies, questions: {topic: 'Which figures on replies bear on {topic}?'}, "
        "outcomes: [replies], wanted: [effect, level, description], unanswered: Nothing here counts replies.}\n"
    )
    pack = write_pack(tmp_path, {"base.yaml": base_pack(), "aspects.yaml": aspect})
    done = run("answer", "replies-asked", "--topic", "hiring", "--pack", pack)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Which figures on replies bear on hiring?\n")
    data = json.loads(run("answer", "replies-asked", "--topic", "hiring", "--pack", pack, "--format", "json").stdout)
    assert data["records"]["figures"].keys() == set(data["figures"])
    wrong = run("answer", "replies-asked", "--role", "recruiter", "--pack", pack)
    assert (wrong.returncode, wrong.stdout) == (2, "")
    assert "has no question about role; it has some about topic" in wrong.stderr


def test_all_briefs_are_written_once_and_again_when_they_change(sealed: Path, tmp_path: Path) -> None:
    out = tmp_path / "pages"
    first = run("brief", "--all", "-o", out, "--of", "topic", "--pack", sealed, "--format", "json")
    assert json.loads(first.stdout) == {"folder": str(out), "written": 1, "unchanged": 0, "removed": 0}
    assert first.stderr == ""
    assert json.loads((out / "hiring.json").read_text())["ref"]["id"] == "hiring"
    again = run("brief", "--all", "-o", out, "--of", "topic", "--pack", sealed, "--format", "json")
    assert json.loads(again.stdout)["unchanged"] == 1
    text = run("brief", "--all", "-o", out, "--of", "topic", "--pack", sealed)
    assert text.stdout == f"{out}: 1 written, 0 unchanged, 0 removed\n"
    assert (out / "hiring.md").read_text().startswith("# Hiring: what is known")


@pytest.mark.parametrize("form", ["jsonl", "parquet"])
def test_all_briefs_go_into_one_file(sealed: Path, tmp_path: Path, form: str) -> None:
    out = tmp_path / f"pages.{form}"
    asked = ("brief", "--all", "-o", out, "--of", "topic", "--pack", sealed, "--format", form, "--workers")
    for workers in (1, 2):
        done = run(*asked, workers)
        assert (done.returncode, done.stderr, done.stdout) == (0, "", f"{out}: 1 briefs\n")
    single = run("brief", "--topic", "hiring", "--pack", sealed, "--format", "jsonl")
    if form == "jsonl":
        assert out.read_text(encoding="utf-8") == single.stdout
        (tmp_path / "mine").write_text("mine")
        refused = run("brief", "--all", "-o", tmp_path / "mine", "--pack", sealed, "--format", "jsonl")
        assert (refused.returncode, refused.stdout) == (2, "")
        assert "holds no briefs as jsonl; choose another name" in refused.stderr
    assert run("brief", "--topic", "hiring", "--pack", sealed, "--format", "parquet").returncode == 2


def test_a_brief_is_printed_as_a_whole_html_document(sealed: Path, tmp_path: Path) -> None:
    done = run("brief", "--topic", "hiring", "--pack", sealed, "--format", "html")
    assert done.stdout.startswith('<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8"><title>Hiring')
    assert run("brief", "--all", "-o", tmp_path, "--of", "topic", "--pack", sealed, "--format", "html").returncode == 0
    assert (tmp_path / "hiring.html").read_text(encoding="utf-8") == done.stdout
    markdown = run("brief", "--topic", "hiring", "--pack", sealed, "--format", "markdown")
    assert markdown.stdout == run("brief", "--topic", "hiring", "--pack", sealed).stdout


@pytest.mark.skipif(sys.platform == "win32", reason="signals of other systems")
def test_ctrl_c_ends_all_processes_and_leaves_no_half_file(tmp_path: Path, sealed_data: Path) -> None:
    (tmp_path / "out").mkdir()
    # A program that a shell starts in the background ignores Ctrl-C, and hands that down.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); from evidencekb.cli import main; main()"
    command = [
        sys.executable, "-c", listening, "brief", "--all", "-o", tmp_path / "out" / "pages.jsonl", "--of", "topic",
        "--of", "cohort", "--pack", sealed_data, "--format", "jsonl", "--workers", "2",
    ]  # fmt: skip
    process = subprocess.Popen(
        list(map(str, command)), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    for _ in range(600):
        if any(file.stat().st_size for file in (tmp_path / "out").iterdir()):
            break
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the workers too
    stdout, stderr = process.communicate(timeout=60)  # until the workers, which hold the pipes too, have ended
    assert (process.returncode, stdout, stderr) == (130, "", "stopped; nothing was written\n")
    assert list((tmp_path / "out").iterdir()) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--all"],
        ["-o", "pages"],
        ["--workers", "2", "--topic", "hiring"],
        ["--all", "-o", "pages", "--topic", "hiring"],
        ["--of", "topic", "--topic", "hiring"],
    ],
)
def test_one_brief_and_all_briefs_are_told_apart(sealed: Path, tmp_path: Path, arguments: list[str]) -> None:
    done = run("brief", *arguments, "--pack", sealed, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "need --all and -o FOLDER" in done.stderr
    assert not (tmp_path / "pages").exists()
