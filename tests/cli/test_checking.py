"""``standing`` and ``links`` as a person calls them, over real HTTP to a server on this machine."""

from __future__ import annotations

import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from evidencekb.rules import base_pack
from evidencekb.store.nodes import parse, plain
from tests.packs import write_pack
from tests.sources.loopback import Asked, Loopback, Reply, serving

DOI = "10.5555/audit.2024"
NOTICE = "10.5555/notice"
PDF = b"%PDF-1.4\nmade up"
WATCH = (
    "RetractionDate,RetractionDOI,OriginalPaperDOI,RetractionNature,Reason\n"
    f"1/18/2026 0:00,{NOTICE},{DOI},Retraction,+Error in Data;\n"
    "13/13/2026 0:00,,10.5555/other,Retraction,\n"
)


@pytest.fixture
def server() -> Iterator[Loopback]:
    """Crossref, which knows the work and no notice; and a few pages."""
    with serving() as running:
        message = {"DOI": DOI, "title": ["Replies"], "container-title": ["Journal of Made-up Studies"]}
        running.routes |= {
            f"/crossref/works/{DOI}": Reply(200, json.dumps({"message": message}).encode()),
            "/crossref/works": Reply(200, b'{"message": {"items": []}}'),
            f"/doi/{DOI}": Reply(302, b"", {"Location": "/article"}),
            "/article": Reply(200, PDF, {"Content-Type": "application/pdf"}),
            "/news": Reply(200, b"<title>A score helps</title>", {"Content-Type": "text/html"}),
        }
        yield running


@pytest.fixture
def environment(server: Loopback, tmp_path: Path) -> dict[str, str]:
    own = {
        "EVIDENCEKB_CACHE": str(tmp_path / "cache"),
        "EVIDENCEKB_CROSSREF": f"{server.base}/crossref",
        "EVIDENCEKB_DOI": f"{server.base}/doi",
        "EVIDENCEKB_WAYBACK": f"{server.base}/wayback",
        "NO_PROXY": "127.0.0.1",
    }
    return {**os.environ, **own}


@pytest.fixture
def pack(server: Loopback, tmp_path: Path) -> Path:
    text = base_pack().replace("https://news.example/a-score-helps", f"{server.base}/news")
    return write_pack(tmp_path / "pack", {"base.yaml": text})


@pytest.fixture
def watch(tmp_path: Path) -> Path:
    file = tmp_path / "watch.csv"
    file.write_text(WATCH)
    return file


def run(environment: dict[str, str], *arguments: object) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "evidencekb.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, env=environment, check=False)


Env = dict[str, str]


def test_sources_without_change_are_fine_and_the_rest_is_named(environment: Env, server: Loopback, pack: Path) -> None:
    done = run(environment, "standing", "--pack", pack, "--mailto", "me@example.org")
    assert (done.returncode, done.stderr) == (0, "")
    assert (
        "could not check 1 source, which says nothing for them:\n  Crossref: cannot know; the source has no DOI"
        in done.stdout
    )
    assert done.stdout.splitlines()[-1].endswith(": 1 nothing known, 1 could not be checked")
    assert [asked.params.get("filter") for asked in server.asked] == [None, f"updates:{DOI}"]
    assert {asked.params["mailto"] for asked in server.asked} == {"me@example.org"}
    assert run(environment, "standing", "--pack", pack, "--strict").returncode == 1


def test_answers_are_kept_and_used_offline(environment: Env, server: Loopback, pack: Path, tmp_path: Path) -> None:
    assert run(environment, "standing", "audit2024", "--pack", pack, "--cache", tmp_path / "mine").returncode == 0
    asked = len(server.asked)
    again = run(environment, "standing", "audit2024", "--pack", pack, "--cache", tmp_path / "mine", "--offline")
    assert (again.returncode, len(server.asked)) == (0, asked)
    assert "1 nothing known" in again.stdout
    empty = run(environment, "standing", "audit2024", "--pack", pack, "--offline")
    assert empty.returncode == 1
    assert "Crossref: could not check; offline: no answer is kept" in empty.stdout
    fresh = run(environment, "standing", "audit2024", "--pack", pack, "--no-cache")
    assert (fresh.returncode, len(server.asked)) == (0, asked + 2)


def test_a_service_that_does_not_answer_is_never_fine(environment: Env, server: Loopback, pack: Path) -> None:
    server.routes["/crossref/works"] = Reply(503, b"", {"Retry-After": "600"})
    done = run(environment, "standing", "audit2024", "--pack", pack)
    assert done.returncode == 1
    assert "Crossref's notices: could not check; busy: it answers 503; ask again in 600 seconds" in done.stdout


def test_an_event_is_told_with_what_to_record_and_what_rests_on_it(environment: Env, pack: Path, watch: Path) -> None:
    done = run(environment, "standing", "--pack", pack, "--retraction-watch", watch)
    assert (done.returncode, done.stderr) == (1, "")
    lines = done.stdout.splitlines()
    assert lines[0].startswith("warning: file 'watch.csv': ")
    assert f"  new: retraction on 2026-01-18, doi:{NOTICE} (says Retraction Watch)" in lines
    assert "  its record (base.yaml:3) would be:" in lines
    assert "on audit2024 (retracted) rest:" in lines
    assert "  finding audit-2024-replies (as its primary source, read 2026-01-15, before a change)" in lines
    assert "    claim a-score-brings-replies" in lines
    data = json.loads(
        run(environment, "standing", "--pack", pack, "--retraction-watch", watch, "--format", "json").stdout
    )
    assert data["sources"][0]["suggested"]["events"][0]["status"] == "retracted"
    assert [(rest["finding"], rest["role"], rest["claims"]) for rest in data["resting"]] == [
        ("audit-2024-replies", "primary", ["a-score-brings-replies"])
    ]
    assert (data["written"], data["left_out"], len(data["unread"])) == (None, [], 1)


def test_write_records_what_is_suggested_and_then_the_claim_is_refused(
    environment: Env, pack: Path, watch: Path
) -> None:
    before = (pack / "base.yaml").read_text()
    done = run(environment, "standing", "--pack", pack, "--retraction-watch", watch, "--write")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-2:] == ["changed: base.yaml", "1 record written, 0 left alone"]
    root = parse((pack / "base.yaml").read_text())
    assert root is not None
    (event,) = plain(root)["sources"][0]["standing"]["events"]
    assert (event["status"], event["on"]) == ("retracted", "2026-01-18")
    rest = before[before.index("  - id: news2024") :]
    assert (pack / "base.yaml").read_text().endswith(rest)
    # A pack in which a claim rests on a withdrawn source has an error; it is said what was not looked at.
    again = run(environment, "standing", "--pack", pack, "--retraction-watch", watch)
    assert again.returncode == 1
    assert again.stdout.startswith("left out, with all that rests on it, since the pack has errors:\n")
    assert (
        "claim 'a-score-brings-replies' rests on 'audit-2024-replies', whose source 'audit2024' is retracted"
        in again.stdout
    )
    assert f"  recorded: retraction on 2026-01-18, doi:{NOTICE} (says Retraction Watch)" in again.stdout


def test_zoteros_list_only_says_possible(environment: Env, pack: Path, tmp_path: Path) -> None:
    digest = hashlib.sha1(DOI.encode(), usedforsecurity=False).hexdigest()[:5]
    listed = {"doiPrefixLength": 5, "pmidPrefixLength": 5, "data": [f"d{digest} 20470"]}
    (tmp_path / "retractions.json").write_text(json.dumps(listed))
    done = run(environment, "standing", "audit2024", "--pack", pack, "--zotero", tmp_path / "retractions.json")
    assert done.returncode == 0
    assert "audit2024 (Replies to applications with and without a test score): possible" in done.stdout
    assert "its record would" not in done.stdout


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("standing", "audit2042"), "Did you mean 'audit2024'"),
        (("standing", "--retraction-watch", "nowhere.csv"), "nowhere.csv"),
        (("standing", "--mailto", "nobody"), "is not a mail address"),
        (("standing", "--cache", "x", "--no-cache"), "exclude each other"),
        (("links", "audit2042"), "Did you mean 'audit2024'"),
    ],
)
def test_misuse_exits_2_with_a_message(environment: Env, pack: Path, arguments: tuple[str, ...], says: str) -> None:
    done = run(environment, *arguments, "--pack", pack)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_write_needs_a_folder_and_a_source_with_errors_is_refused(environment: Env, pack: Path) -> None:
    done = run(environment, "standing", "--write")
    assert (done.returncode, done.stdout) == (2, "")
    assert "name the pack's folder with --pack" in done.stderr
    (pack / "base.yaml").write_text((pack / "base.yaml").read_text().replace("vendor: independent", "vendor: unknown"))
    done = run(environment, "standing", "audit2024", "--pack", pack)
    assert (done.returncode, done.stdout) == (2, "")
    assert "mend it first" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="needs signals")
def test_ctrl_c_says_how_far_it_came_and_what_is_kept(
    environment: Env, server: Loopback, pack: Path, tmp_path: Path
) -> None:
    second = (pack / "base.yaml").read_text().replace("    url: http", "    doi: 10.5555/news\n    url: http")
    (pack / "base.yaml").write_text(second)
    running: list[subprocess.Popen[str]] = []

    def interrupt(_: Asked) -> Reply:
        os.kill(running[0].pid, signal.SIGINT)
        return Reply(200, b"", pause=1)

    server.routes["/crossref/works/10.5555/news"] = interrupt
    # What is started in the background of a script has Ctrl-C switched off, and hands that on.
    listening = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler); "
    command = [
        sys.executable,
        "-c",
        listening + "from evidencekb.cli import main; main()",
        "standing",
        "--pack",
        str(pack),
    ]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        running.append(process)
        stdout, stderr = process.communicate(timeout=60)
    assert (process.returncode, stdout) == (130, "")
    kept = tmp_path / "cache" / "answers.sqlite"
    assert stderr == (
        f"stopped after 1 of 2 sources; the answers so far are kept in {kept}: run it again, and only the rest is asked\n"
    )
    again = run(environment, "standing", "audit2024", "--pack", pack, "--offline")
    assert again.returncode == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a pseudo-terminal")
def test_progress_is_for_a_terminal(environment: Env, pack: Path) -> None:
    master, slave = pty.openpty()
    command = [sys.executable, "-m", "evidencekb.cli", "standing", "--pack", str(pack)]
    shown = environment | {"TERM": "xterm-256color"}
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=slave, env=shown) as process:
        process.wait()
    os.close(slave)
    seen = os.read(master, 65_536).decode()
    os.close(master)
    assert "of 2 sources" in seen


def test_links_that_lead_somewhere(environment: Env, pack: Path) -> None:
    done = run(environment, "links", "--pack", pack, "--allow-loopback")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.splitlines()[-1].endswith(": 2 reached")
    refused = run(environment, "links", "news2024", "--pack", pack)
    assert refused.returncode == 1
    assert "127.0.0.1 is not on the public web" in refused.stdout


def test_links_that_moved_are_gone_or_refuse_programs(environment: Env, server: Loopback, pack: Path) -> None:
    server.routes |= {
        "/news": Reply(301, b"", {"Location": "/new"}),
        "/new": Reply(200, b"<title>A score helps</title>"),
    }
    server.routes["/article"] = Reply(403)
    moved = run(environment, "links", "--pack", pack, "--allow-loopback")
    assert moved.returncode == 0
    assert "moved: it leads on for good; the new address can be recorded\n  news2024: " in moved.stdout
    assert f"write {server.base}/new" in moved.stdout
    assert f"  audit2024: doi:{DOI}: refused; status 403" in moved.stdout
    assert run(environment, "links", "--pack", pack, "--allow-loopback", "--strict").returncode == 1
    server.routes["/new"] = Reply(404)
    gone = run(environment, "links", "news2024", "--pack", pack, "--allow-loopback", "--format", "json")
    assert gone.returncode == 1
    data = json.loads(gone.stdout)
    assert [link["state"] for link in data["links"]] == ["gone"]
    assert data["copies"] == []


def test_copies_are_kept_and_what_is_gone_is_looked_for(
    environment: Env, server: Loopback, pack: Path, tmp_path: Path
) -> None:
    digest = hashlib.sha256(PDF).hexdigest()
    server.routes["/news"] = Reply(404)
    found = {
        "available": True,
        "status": "200",
        "timestamp": "20240102030405",
        "url": "https://web.archive.org/web/2024/x",
    }
    server.routes["/wayback/available"] = Reply(200, json.dumps({"archived_snapshots": {"closest": found}}).encode())
    done = run(environment, "links", "--pack", pack, "--allow-loopback", "--copies", tmp_path / "copies")
    assert done.returncode == 1
    assert (tmp_path / "copies" / f"{digest}.pdf").read_bytes() == PDF
    assert f"  archived: {{url: copies/{digest}.pdf, on: " in done.stdout
    assert "  archived: {url: https://web.archive.org/web/2024/x, on: 2024-01-02}" in done.stdout
    assert done.stdout.splitlines()[-1] == "copies: 1 kept, 1 archived"


def test_offline_nothing_is_asked_and_nothing_is_fine(environment: Env, server: Loopback, pack: Path) -> None:
    done = run(environment, "links", "--pack", pack, "--offline")
    assert (done.returncode, server.asked) == (1, [])
    assert done.stdout.splitlines()[-1].endswith(": 2 could not be checked")
