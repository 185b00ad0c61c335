"""What processes leave behind that are killed while they write: the next one that writes there removes it, and nothing else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

import evidencekb as ekb
from benchmarks.generator import generate
from evidencekb.exports import export_pack
from evidencekb.replacing import sweep, unfinished
from tests.records import base_records, built, write_records

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="kills a process by signal")

IMPORTS = """
import pathlib, sys, time
import evidencekb as ekb
from evidencekb.exports import export_pack, write_briefs, write_briefs_file
"""
STOPPING = f"""{IMPORTS}
left = int(sys.argv[1])
def stop(before):
    def renamed(*given):
        global left
        left -= 1
        if not left:
            print("ready", flush=True)
            time.sleep(60)
        return before(*given)
    return renamed
pathlib.Path.replace, pathlib.Path.rename = stop(pathlib.Path.replace), stop(pathlib.Path.rename)
"""
"""Stops when a file or folder is about to take its place for the nth time."""
WRITING = {
    "build": "ekb.build('pack', 'out/pack.ekb')",
    "export_pack": "export_pack(ekb.load('pack.ekb'), pathlib.Path('out/bulk'))",
    "write_briefs": "write_briefs(ekb.load('pack.ekb'), [{'topic': 'hiring'}], pathlib.Path('out'))",
    "write_briefs_file": "write_briefs_file(ekb.load('pack.ekb'), [{'topic': 'hiring'}], pathlib.Path('out/pages.jsonl'))",
    "load": "ekb.load('pack')",
}


def killed(folder: Path, program: str, *arguments: str) -> None:
    """Run a program until it says that it is ready, and kill it."""
    paths = os.pathsep.join(path for path in sys.path if path)
    environment = {
        **os.environ, "TMPDIR": str(folder / "tmp"), "EVIDENCEKB_CACHE": str(folder / "out"), "PYTHONPATH": paths,
    }  # fmt: skip
    command = [sys.executable, "-c", program, *arguments]
    with subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        os.kill(process.pid, signal.SIGKILL)


def unfinished_in(folder: Path) -> list[str]:
    return sorted(path.suffix for path in folder.iterdir() if path.suffix in (".part", ".new", ".old", ".words"))


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a pack, sealed and not, and an empty one to write to."""
    built(tmp_path, base_records(), tmp_path / "pack.ekb").close()
    (tmp_path / "out").mkdir()
    (tmp_path / "tmp").mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("EVIDENCEKB_CACHE", str(tmp_path / "out"))
    return tmp_path


@pytest.mark.parametrize(
    ("what", "renamed", "left"),
    [
        ("build", 1, [".part"]),
        ("export_pack", 1, [".part"]),
        ("write_briefs", 1, [".new"]),
        ("write_briefs_file", 1, [".new"]),
        ("load", 1, [".part"]),  # the build of the copy
        ("load", 2, [".new"]),  # the copy under its name
        ("load", 3, [".part"]),  # what leads to it
    ],
)
def test_what_a_killed_process_left_is_removed_by_the_next_one(
    place: Path, what: str, renamed: int, left: list[str]
) -> None:
    killed(place, STOPPING + WRITING[what], str(renamed))
    assert unfinished_in(place / "out") == left
    exec(IMPORTS + WRITING[what], {})
    assert unfinished_in(place / "out") == []
    assert list((place / "tmp").iterdir()) == []


def test_an_export_that_had_to_make_room_is_kept_until_the_next_one_is_done(place: Path) -> None:
    with ekb.load(place / "pack.ekb") as kb:
        export_pack(kb, place / "out" / "bulk")
        killed(place, STOPPING + WRITING["export_pack"], "2")
        assert unfinished_in(place / "out") == [".old", ".part"]
        seen: list[list[str]] = []
        export_pack(kb, place / "out" / "bulk", progress=lambda *_: seen.append(unfinished_in(place / "out")))
    assert seen[0] == [".old", ".part"]  # the old one, and that being written
    assert unfinished_in(place / "out") == []


def test_a_build_with_processes_beside_it_leaves_nothing_elsewhere(place: Path) -> None:
    generate(place / "large", 300)
    program = (
        "import sys, time, evidencekb as ekb\nfrom evidencekb.loading import building, intake\n"
        "building.BULK_BYTES, intake.PART_BYTES = 0, 30_000\n"
        "def tell(what):\n    if what == 'sealing':\n        print('ready', flush=True)\n        time.sleep(60)\n"
        "ekb.build('large', 'out/pack.ekb', workers=2, progress=tell)"
    )
    killed(place, program)
    assert unfinished_in(place / "out") == [".part", ".words"]
    assert list((place / "tmp").iterdir()) == []
    ekb.build(place / "large", place / "out" / "pack.ekb")
    assert [path.name for path in (place / "out").iterdir()] == ["pack.ekb"]


def test_only_what_a_process_that_is_gone_left_is_removed(tmp_path: Path) -> None:
    target = tmp_path / "a[1].ekb"
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    here = unfinished(target)
    machine = here.split(".")[-2].split("-")[0]
    names = {
        "mine": f"{here}x.part",
        "gone": here.replace(f"-{os.getpid()}.", f"-{gone.pid}.") + "x.part",
        "old": ".a[1].ekb.00000000-1.x.new",
        "new": ".a[1].ekb.00000000-1.y.new",
        "another": f".b.ekb.{machine}-{gone.pid}.x.part",
        "unmarked": ".a[1].ekb.part",
        "whole": "a[1].ekb",
    }
    for kind, name in names.items():
        (tmp_path / name).touch()
        if kind != "new":
            os.utime(tmp_path / name, (0, 0))
    sweep(tmp_path, target)
    assert {path.name for path in tmp_path.iterdir()} == {names[kind] for kind in names if kind not in ("gone", "old")}
    sweep(tmp_path)
    assert not (tmp_path / names["another"]).exists()
    assert (tmp_path / names["unmarked"]).exists()


def test_a_long_name_of_any_letters_can_be_written_beside(tmp_path: Path) -> None:
    pack = write_records(tmp_path / "pack", base_records())
    out = tmp_path / ("名" * 80)
    ekb.build(pack, out)
    assert {path.name for path in tmp_path.iterdir()} == {"pack", out.name}
