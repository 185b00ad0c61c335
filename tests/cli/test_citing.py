"""``add``, ``import`` and ``export`` as a person calls them: what is printed where, what is written, and the exit code."""

from __future__ import annotations

import csv
import json
import os
import pty
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.sources.client import SERVICES
from tests.curating.small import BIB, files_of, serve, small_pack, unchanged
from tests.packs import write_pack
from tests.sources.loopback import Loopback, Reply, serving

Done = subprocess.CompletedProcess[str]
LIBRARY = (
    "@article{Noy2023,\n  title = {Evidence},\n  author = {Noy, S.},\n  doi = {10.5555/noy}\n}\n@misc{x, note = {N}}\n"
)


@pytest.fixture
def server() -> Iterator[Loopback]:
    with serving() as running:
        yield running


@pytest.fixture
def pack(tmp_path: Path) -> Path:
    return small_pack(tmp_path / "pack")


def command(*arguments: object) -> list[str]:
    return [sys.executable, "-m", "evidencekb.cli", *map(str, arguments)]


def surroundings(server: Loopback | None = None, **more: str) -> dict[str, str]:
    """The environment of a process for which every service stands on the test server, or nowhere."""
    base = server.base if server else "http://127.0.0.1:9"
    bases = {f"EVIDENCEKB_{name.upper()}": f"{base}/{name}" for name in SERVICES if name != "web"}
    return {**os.environ, **bases, "NO_PROXY": "127.0.0.1", **more}


def run(*arguments: object, server: Loopback | None = None, cwd: Path | None = None, **more: str) -> Done:
    """Call the command line in a process of its own, in a pipe."""
    environment = surroundings(server, **more)
    return subprocess.run(
        command(*arguments),
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        cwd=cwd,
        env=environment,
        check=False,
    )


# add


def test_add_says_what_it_wrote_and_what_is_to_be_decided(pack: Path, server: Loopback, tmp_path: Path) -> None:
    serve(server)
    done = run("add", "doi:10.5555/psy.1", "--pack", pack, "--cache", tmp_path / "cache", server=server)
    assert (done.returncode, done.stderr) == (0, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("carberry2021cracks: journal_article, Cracks in amphorae, as crossref had it on ")
    assert lines[1:3] == ["  wrote references.bib", "  wrote sources/carberry2021cracks.yaml"]
    assert "  publisher Example Maker, Inc. (maker sells tests)" in lines
    assert lines[-1].startswith("  vendor: unknown. Set the flag and write the reason")
    assert run("check", pack).returncode == 1
    asked = len(server.asked)
    again = run("add", "10.5555/PSY.1", "--pack", pack, "--no-cache", server=server)
    assert again.stdout == "carberry2021cracks: is there already (same doi 10.5555/psy.1)\n  nothing was written\n"
    assert len(server.asked) == asked


def test_add_as_json_is_a_list_of_what_became_of_each(pack: Path, server: Loopback) -> None:
    serve(server)
    arguments = ("add", "doi:10.5555/psy.1", "doi:10.5555/audit.2024", "--pack", pack, "--no-cache", "--format", "json")
    done = run(*arguments, server=server)
    first, second = json.loads(done.stdout)
    assert (done.returncode, done.stderr) == (0, "")
    assert (first["key"], first["files"]) == (
        "carberry2021cracks",
        ["references.bib", "sources/carberry2021cracks.yaml"],
    )
    assert (second["key"], second["files"], second["there"]["same"]) == ("doe2024replies", [], True)


def test_add_goes_on_in_the_cache_when_offline(pack: Path, server: Loopback, tmp_path: Path) -> None:
    cache = ("--cache", tmp_path / "cache")
    with unchanged(pack):
        done = run("add", "10.5555/psy.1", "--pack", pack, "--offline", *cache, server=server)
    assert (done.returncode, done.stdout) == (2, "")
    assert "(offline): no answer is kept" in done.stderr
    serve(server)
    assert run("add", "10.5555/psy.1", "--pack", small_pack(tmp_path / "other"), *cache, server=server).returncode == 0
    asked = len(server.asked)
    assert run("add", "10.5555/psy.1", "--pack", pack, "--offline", *cache, server=server).returncode == 0
    assert len(server.asked) == asked


def test_of_several_those_that_can_be_are_added(pack: Path, server: Loopback) -> None:
    serve(server)
    several = ("10.5555/none", "10.5555/psy.1", "no identifier")
    done = run("add", *several, "--pack", pack, "--no-cache", "--format", "json", server=server)
    assert done.returncode == 1
    assert [addition["key"] for addition in json.loads(done.stdout)] == ["carberry2021cracks"]
    assert "no agency has this DOI" in done.stderr
    assert "is not an identifier" in done.stderr
    assert run("add", *several[::2], "--pack", pack, "--no-cache", server=server).returncode == 2


def test_an_export_is_data_too(tmp_path: Path) -> None:
    done = run("export", "ris", "--source", "noy2023wp", "--format", "json")
    data = json.loads(done.stdout)
    assert (done.returncode, data["form"], data["text"][:11]) == (0, "ris", "TY  - RPRT\r")
    assert [loss["field"] for loss in data["losses"] if loss["source"] == "noy2023wp"] == ["version"]


def test_what_a_file_says_does_not_steer_the_terminal(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "e.bib").write_text("@misc{e, author = {\x1b]0;owned\x07}, year = 2020, url = {https://example.org/e}}")
    done = run("import", tmp_path / "e.bib", "--pack", pack)
    assert "\x1b" not in done.stdout
    assert "holds the control character" in done.stdout


@pytest.mark.skipif(sys.platform == "win32", reason="locks of other systems")
def test_of_imports_at_once_none_loses_what_another_wrote(pack: Path, tmp_path: Path) -> None:
    running = []
    for number in range(5):
        file = tmp_path / f"c{number}.bib"
        file.write_text(f"@misc{{c{number}, title = {{Title {number}}}, doi = {{10.5555/c{number}}}}}\n")
        running.append(
            subprocess.Popen(command("import", file, "--pack", pack), env=surroundings(None), stderr=subprocess.PIPE)
        )
    for process in running:
        process.communicate()
    codes = [process.returncode for process in running]
    text = (pack / "references.bib").read_text()
    assert [f"@misc{{c{number}," in text for number in range(5)] == [code == 0 for code in codes]
    assert set(codes) <= {0, 2}
    assert 0 in codes


@pytest.mark.parametrize(
    ("reply", "says"),
    [(None, "(not found)"), (Reply(403), "(refused)"), (Reply(200, b"<html>"), "(unreadable)")],
)
def test_add_tells_what_a_service_said(pack: Path, server: Loopback, reply: Reply | None, says: str) -> None:
    if reply is not None:
        server.routes["/crossref/works/10.5555/psy.1"] = reply
    with unchanged(pack):
        done = run("add", "10.5555/psy.1", "--pack", pack, "--no-cache", server=server)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_add_from_a_file_and_a_finding_beside_it(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY)
    arguments = (
        "--from",
        tmp_path / "library.bib",
        "--entry",
        "Noy2023",
        "--finding",
        "noy-2023-time",
        "--kind",
        "report",
    )
    done = run("add", *arguments, "--pack", pack)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("Noy2023: report, Evidence\n  wrote references.bib\n  wrote sources/noy2023.yaml\n")
    assert "- source: Noy2023" in (pack / "findings" / "noy-2023-time.yaml").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((), "give identifiers, or a file with --from"),
        (("10.5555/a", "--from", "x.bib"), "give identifiers, or a file with --from"),
        (("10.5555/a", "--entry", "x"), "--entry names an entry of the file that --from names"),
        (("--from", "library.bib", "--key", "x"), "an entry of a file keeps its key"),
        (("10.5555/a", "10.5555/b", "--key", "x"), "belong to one work"),
        (("--from", "library.bib"), "holds 2 entries; name those to add"),
        (("--from", "library.bib", "--entry", "Noy2024"), "Did you mean 'Noy2023'"),
        (("--from", "none.bib"), "none.bib: No such file or directory"),
        (("--from", "library.bib", "--entry", "Noy2023", "--kind", "books"), "Did you mean 'book'"),
        (("--from", "library.bib", "--entry", "Noy2023", "--finding", "A b"), "is no id of a finding"),
        (("docket:3:23-cv-00770",), "no service has every docket"),
        (("10.5555/a", "--key", "doe2024replies"), "stands already; give another one"),
        (("10.5555/a", "--mailto", "nobody"), "is not a mail address"),
        (("10.5555/a", "--cache", "x", "--no-cache"), "exclude each other"),
        (("10.5555/a", "--frobnicate"), "No such option"),
    ],
)
def test_misuse_of_add_exits_2_and_changes_nothing(
    pack: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY)
    with unchanged(pack):
        done = run("add", *arguments, "--pack", pack, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


# import


def test_import_tells_what_became_of_each_entry(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY)
    done = run("import", tmp_path / "library.bib", "--pack", pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines() == [
        "skipped: 'x' at line 6: it has no title, name or identifier of a work",
        "library.bib: 2 read, 1 added, 0 merged, 1 skipped, 0 problems",
        "wrote references.bib",
        "wrote sources/library.yaml",
    ]
    assert (pack / "references.bib").read_text() == BIB + "\n" + LIBRARY[: LIBRARY.index("@misc")]
    assert (tmp_path / "library.bib").read_text() == LIBRARY
    before = files_of(pack)
    again = json.loads(run("import", tmp_path / "library.bib", "--pack", pack, "--format", "json").stdout)
    assert (again["read"], again["added"], again["merged"], len(again["skipped"]), again["files"]) == (2, [], [], 2, [])
    assert files_of(pack) == before


def test_import_dry_writes_nothing(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY)
    with unchanged(pack):
        done = run("import", tmp_path / "library.bib", "--pack", pack, "--dry-run")
    assert done.returncode == 0
    assert done.stdout.splitlines()[-1] == "library.bib: 2 read, 1 added, 0 merged, 1 skipped, 0 problems"


def test_import_exits_1_when_a_part_could_not_be_read_and_takes_the_rest(pack: Path, tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY + "@book{broken, title = {B\n")
    done = run("import", tmp_path / "library.bib", "--pack", pack)
    assert done.returncode == 1
    assert "library.bib:7" in done.stdout.splitlines()[0]
    assert "1 added, 0 merged, 1 skipped, 1 problems" in done.stdout
    data = json.loads(run("import", tmp_path / "library.bib", "--pack", pack, "--format", "json").stdout)
    assert data["violations"][0]["line"] == 7


@pytest.mark.parametrize("name", ["a b.bib", "[bold]x.bib", "-x.bib", "été.bib", "x.bib.txt", "UPPER.BIB"])
def test_a_file_may_be_called_anything(pack: Path, tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text(LIBRARY)
    done = run("import", "--pack", pack, "--", name, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert f"{name}: 2 read, 1 added" in done.stdout


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names of files are texts there")
@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("encoding", ["utf-8:strict", "ascii:strict", ""])
def test_a_file_may_be_called_what_is_no_text(pack: Path, tmp_path: Path, form: str, encoding: str) -> None:
    name = os.fsdecode(b"caf\xe9.bib")
    (tmp_path / name).write_text(LIBRARY)
    done = run("import", tmp_path / name, "--pack", pack, "--format", form, PYTHONIOENCODING=encoding)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    assert (pack / "sources" / "caf.yaml").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("none.bib",), "none.bib: No such file or directory"),
        (("letter.txt",), "is no bibliography that can be read"),
        (("pack",), "Is a directory"),
        ((), "Missing argument"),
        (("library.bib", "--pack", "none"), "there is no such folder"),
        (("library.bib", "--pack", "."), "holds no pack.yaml, so it is no pack"),
        (("library.bib", "--pack", "library.bib"), "is a file; a pack is a folder"),
    ],
)
def test_misuse_of_import_exits_2_and_changes_nothing(
    pack: Path, tmp_path: Path, arguments: tuple[str, ...], says: str
) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY)
    (tmp_path / "letter.txt").write_text("Dear all,\n")
    where = () if "--pack" in arguments else ("--pack", pack)
    with unchanged(pack):
        done = run("import", *arguments, *where, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in " ".join(done.stderr.replace("│", " ").split())


def test_import_through_a_pipe_shows_no_progress_and_on_a_terminal_it_does(pack: Path, tmp_path: Path) -> None:
    text = "".join(f"@misc{{k{n}, title = {{T{n}}}, doi = {{10.5555/{n}}}}}\n" for n in range(3_000))
    done = subprocess.run(
        command("import", "/dev/stdin", "--pack", pack, "--dry-run"),
        input=text,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "stdin: 3,000 read, 3,000 added" in done.stdout
    (tmp_path / "many.bib").write_text(text)
    master, slave = pty.openpty()
    environment = surroundings(TERM="xterm-256color")
    environment.pop("CI", None)
    with subprocess.Popen(
        command("import", tmp_path / "many.bib", "--pack", pack), stdout=subprocess.PIPE, stderr=slave, env=environment
    ) as process:
        assert process.stdout is not None
        out = process.stdout.read().decode()
    os.close(slave)
    seen = os.read(master, 65_536).decode()
    os.close(master)
    assert "3,000 entries" in seen
    assert "\x1b" not in out


# The pack that is meant


def test_without_pack_this_folder_is_meant_or_the_data_in_it(tmp_path: Path) -> None:
    (tmp_path / "library.bib").write_text(LIBRARY)
    here, data = small_pack(tmp_path / "here"), small_pack(tmp_path / "project" / "data")
    assert run("import", "../library.bib", cwd=here).returncode == 0
    assert run("import", "../library.bib", cwd=data.parent).returncode == 0
    assert files_of(here) == files_of(data)
    done = run("import", "library.bib", cwd=tmp_path)
    assert done.returncode == 2
    assert "neither this folder nor 'data' in it holds a pack.yaml" in done.stderr


# export


@pytest.mark.parametrize(
    ("form", "starts"),
    [
        ("bibtex", "@article{doe2024replies,\n"),
        ("biblatex", "@article{doe2024replies,\n"),
        ("ris", "TY  - JOUR\n"),
        ("csl", "["),
    ],
)
def test_export_writes_to_the_pipe_or_a_file(pack: Path, tmp_path: Path, form: str, starts: str) -> None:
    piped = run("export", form, "--pack", pack)
    assert piped.returncode == 0
    assert piped.stdout.startswith(starts)
    done = run("export", form, "-o", tmp_path / "out", "--pack", pack)
    assert (done.returncode, done.stdout) == (0, "")
    text = (tmp_path / "out").read_bytes().decode()
    assert text.replace("\r\n", "\n") == piped.stdout
    assert ("\r\n" in text) is (form == "ris")


def test_export_writes_a_pack_in_bulk_and_builds_to_the_same_digest(pack: Path, tmp_path: Path) -> None:
    done = run("export", "jsonl", "-o", tmp_path / "bulk", "--pack", pack, "--format", "json")
    made = json.loads(done.stdout)
    assert (done.returncode, done.stderr, made["form"]) == (0, "", "jsonl")
    again = run("build", tmp_path / "bulk", tmp_path / "again.ekb", "--format", "json")
    assert json.loads(again.stdout)["digest"] == made["digest"]
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "notes.txt").write_text("mine")
    refused = run("export", "jsonl", "-o", tmp_path / "mine", "--pack", pack)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "holds files that no export wrote; choose another folder" in refused.stderr


@pytest.mark.parametrize("form", ["parquet", "tables"])
def test_export_writes_parquet(pack: Path, tmp_path: Path, form: str) -> None:
    done = run("export", form, "-o", tmp_path / "out", "--pack", pack)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"{tmp_path / 'out'}: ")
    assert (tmp_path / "out" / ("sources.parquet" if form == "parquet" else "source.parquet")).exists()


def test_export_writes_all_records_as_one_document_and_all_estimates_as_a_table(pack: Path, tmp_path: Path) -> None:
    document = json.loads(run("export", "json", "--pack", pack).stdout)
    assert [source["id"] for source in document["sources"]] == ["doe2024replies", "roe2023pots"]
    done = run("export", "csv", "-o", tmp_path / "new" / "estimates.csv", "--pack", pack)
    assert (done.returncode, done.stdout) == (0, "")
    with (tmp_path / "new" / "estimates.csv").open(newline="", encoding="utf-8") as file:
        assert list(csv.DictReader(file)) == []


def test_a_terminal_sees_the_export_advance(pack: Path, tmp_path: Path) -> None:
    master, slave = pty.openpty()
    done = subprocess.Popen(
        command("export", "jsonl", "-o", tmp_path / "out", "--pack", pack), stdout=slave, stderr=slave
    )
    os.close(slave)
    shown = b""
    while part := _read(master):
        shown += part
    assert done.wait(60) == 0
    assert b" records" in shown


def _read(master: int) -> bytes:
    try:
        return os.read(master, 65536)
    except OSError:  # so says Linux that nobody writes any more
        return b""


def test_what_a_format_has_no_place_for_is_named_beside_the_output(pack: Path) -> None:
    done = run("export", "ris", "--source", "doe2024replies", "--pack", pack)
    assert done.stderr.splitlines() == [
        "not written: doe2024replies: version = 'Journal of Studies 1(1), 2024': RIS has no tag for it in this type"
    ]
    assert "not written" not in done.stdout
    assert run("export", "csl", "--source", "doe2024replies", "--pack", pack).stderr == ""


def test_an_exported_pack_is_imported_as_what_is_there(pack: Path, tmp_path: Path) -> None:
    for form, ending in (("biblatex", "bib"), ("bibtex", "bib"), ("ris", "ris"), ("csl", "json")):
        out = tmp_path / f"{form}.{ending}"
        assert run("export", form, "-o", out, "--pack", pack).returncode == 0
        data = json.loads(run("import", out, "--pack", pack, "--dry-run", "--format", "json").stdout)
        assert (data["read"], data["added"]) == (2, []), form


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("bibtx",), "Did you mean 'bibtex'"),
        (("csl", "--source", "doe2024reply"), "Did you mean 'doe2024replies'"),
        (("bogus",), "there is no form of exports 'bogus'; there are bibtex, biblatex, ris, csl, json,"),
        (("jsonl",), "jsonl is written into a folder: name it with -o"),
        (("tables", "-o", "out", "--source", "doe2024replies"), "tables takes none"),
        (("csl", "--as", "json"), "csl has one variant alone; leave --as out"),
        (("csl", "-o", "/dev/null/out.json"), "/dev/null/out.json: Not a directory"),
        ((), "Missing argument"),
        (("csl", "--pack", "none"), "none"),
    ],
)
def test_misuse_of_export_exits_2(pack: Path, tmp_path: Path, arguments: tuple[str, ...], says: str) -> None:
    where = () if "--pack" in arguments else ("--pack", pack)
    done = run("export", *arguments, *where, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in " ".join(done.stderr.replace("│", " ").split())
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("name", ["add", "import", "export"])
def test_help_of_each_command_has_an_example(name: str) -> None:
    done = run(name, "--help")
    assert done.returncode == 0
    assert f"Example: evidencekb {name}" in " ".join(done.stdout.split())


def test_a_whole_way_from_identifier_to_accepted_source(pack: Path, server: Loopback, tmp_path: Path) -> None:
    """Add, be refused, decide, be accepted, export."""
    serve(server)
    run("add", "https://doi.org/10.5555/psy.1", "--pack", pack, "--no-cache", server=server)
    refused = run("check", pack)
    assert refused.returncode == 1
    assert "EKB202" in refused.stdout
    file = pack / "sources" / "carberry2021cracks.yaml"
    text = file.read_text()
    start, end = text.index("    vendor: unknown"), text.index("    interests:")
    file.write_text(f"{text[:start]}    vendor: vendor\n    vendor_reason: Its publisher sells tests.\n{text[end:]}")
    accepted = run("check", pack)
    assert accepted.returncode == 0, accepted.stdout
    out: list[dict[str, Any]] = json.loads(
        run("export", "csl", "--source", "carberry2021cracks", "--pack", pack).stdout
    )
    assert out[0]["DOI"] == "10.5555/psy.1"
    assert ekb.load(pack).record("source", "carberry2021cracks")["vendor"] == "vendor"


def test_replications_are_imported_by_their_layout_and_nothing_but_the_report_is_printed(tmp_path: Path) -> None:
    table = Path(__file__).parents[1] / "curating" / "replications.csv"
    pack = write_pack(tmp_path / "pack", {})
    done = run("import", table, "--as", "forrt", "--pack", pack, "--dry-run", "--format", "json")
    told = json.loads(done.stdout)
    assert (told["rows"], told["imported"], len(told["merged"]), len(told["skipped"])) == (13, 9, 1, 3)
    assert (done.returncode, done.stderr) == (1, "")  # rows were skipped; no bar in a pipe
    assert "13 rows: 9 imported, 1 merged, 3 skipped" in run("import", table, "--as", "forrt", "--pack", pack).stdout
    assert run("import", table, "--as", "no-layout", "--pack", pack).returncode == 2
