"""One sealed file, many readers: threads, forked and fresh processes, and a file that is replaced under them."""

from __future__ import annotations

import multiprocessing
import os
import pickle
import select
import shutil
import signal
import sys
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from benchmarks.generator import generate
from evidencekb.engines import making
from evidencekb.errors import SealedFileError
from evidencekb.loading import carding
from tests.records import base_records, built, edited


def digest(kb: ekb.KnowledgeBase) -> str:
    return ekb.brief(kb, topic="hiring").digest


@pytest.fixture
def kb(tmp_path: Path) -> ekb.KnowledgeBase:
    return built(tmp_path, base_records())


@pytest.mark.parametrize("how", ["fork", "spawn"])
@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_knowledge_base_goes_to_other_processes(kb: ekb.KnowledgeBase, how: str) -> None:
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context(how)) as pool:
        assert set(pool.map(digest, [kb] * 4)) == {digest(kb)}


def _asked_in_a_fork(path: str) -> str:
    return digest(_HELD[path])


_HELD: dict[str, ekb.KnowledgeBase] = {}


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_a_forked_process_opens_the_file_anew(kb: ekb.KnowledgeBase) -> None:
    _HELD["kb"] = kb
    expected = digest(kb)
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("fork")) as pool:
        assert set(pool.map(_asked_in_a_fork, ["kb"] * 4)) == {expected}


def test_threads_share_one_knowledge_base(kb: ekb.KnowledgeBase) -> None:
    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(digest, [kb] * 40)) == {digest(kb)}


def test_a_knowledge_base_is_not_sent_to_another_file_of_the_same_name(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    sent = pickle.dumps(kb)
    other = built(tmp_path / "other", edited(base_records(), {"concepts.0.label": "recruiting"}))
    shutil.copy(other.path, tmp_path / "moved.ekb")
    (tmp_path / "moved.ekb").replace(kb.path)
    with pytest.raises(ekb.SealedFileError, match="another file was moved over it"):
        pickle.loads(sent)
    assert kb.stale()
    assert digest(kb) != digest(other)


def test_rows_come_one_after_the_other_while_others_are_asked_and_fail_as_rows_do(kb: ekb.KnowledgeBase) -> None:
    statement = "SELECT kind, id FROM record ORDER BY kind, id"
    streamed = []
    for row in kb.stream(statement):
        streamed.append(row)
        assert digest(kb)
    assert streamed == kb.rows(statement)
    with pytest.raises(SealedFileError, match="cannot be asked: no such table: none"):
        next(kb.stream("SELECT 1 FROM none"))
    rows = kb.stream(statement)
    kb.close()
    with pytest.raises(SealedFileError, match="cannot be asked"):
        next(rows)


def in_a_fork(kb: ekb.KnowledgeBase, ask: Callable[[ekb.KnowledgeBase], object]) -> str:
    """What a process that is forked off now answers, or what it is refused with; it has twenty seconds."""
    reading, writing = os.pipe()
    process = os.fork()
    if not process:
        try:
            said = str(ask(kb))
        except Exception as problem:  # noqa: BLE001 -- it is told
            said = f"{type(problem).__name__}: {problem}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading) as answers:
        ready, _, _ = select.select([answers], [], [], 20)
        if not ready:
            os.kill(process, signal.SIGKILL)
        os.waitpid(process, 0)
        return answers.read() if ready else "hangs"


forking = [
    pytest.mark.skipif(not hasattr(os, "fork"), reason="forks"),
    pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning"),
]


class TestForked:
    """A process that is forked off has a knowledge base of its own, as it was when it was forked."""

    pytestmark = forking

    def test_one_that_was_closed_stays_closed(self, kb: ekb.KnowledgeBase) -> None:
        kb.close()
        assert "cannot be asked: it is closed; load it again" in in_a_fork(kb, len)
        assert in_a_fork(kb, ekb.KnowledgeBase.close) == "None"
        with pytest.raises(SealedFileError, match="it is closed"):
            len(kb)
        with pytest.raises(SealedFileError, match="cannot be sent to another process: it is closed"):
            pickle.dumps(kb)

    def test_one_that_is_closed_there_is_open_here(self, kb: ekb.KnowledgeBase) -> None:
        assert in_a_fork(kb, ekb.KnowledgeBase.close) == "None"
        assert in_a_fork(kb, digest) == digest(kb)
        assert len(kb) == 1

    def test_its_graph_is_read_from_a_file_that_it_opened(self, kb: ekb.KnowledgeBase) -> None:
        def graph(kb: ekb.KnowledgeBase) -> int:
            kb._connection.close()  # the one that was opened here
            return len(kb.to_networkx())

        assert in_a_fork(kb, graph) == str(len(kb.to_networkx()))

    def test_it_finds_the_file_from_another_folder(
        self, tmp_path: Path, kb: ekb.KnowledgeBase, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with ekb.load(kb.path.name) as near:
            monkeypatch.chdir("/")
            assert in_a_fork(near, digest) == digest(kb)
            assert not near.stale()
            assert digest(pickle.loads(pickle.dumps(near))) == digest(kb)

    def test_rows_that_were_begun_before_are_not_gone_on_with(self, kb: ekb.KnowledgeBase) -> None:
        many = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 5000) SELECT x FROM c"
        rows = kb.stream(many)
        next(rows)
        assert "another process began to take these rows" in in_a_fork(kb, lambda kb: len(list(rows)))
        assert len(list(rows)) == 4_999

    def test_a_thread_that_asks_at_that_moment_does_not_keep_it_from_being_closed(self, kb: ekb.KnowledgeBase) -> None:
        long = "WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM c LIMIT 20000000) SELECT COUNT(*) FROM c"

        def ask() -> None:
            with suppress(SealedFileError):  # it is interrupted
                kb.rows(long)

        asking = threading.Thread(target=ask)
        asking.start()
        time.sleep(0.2)
        assert asking.is_alive()
        assert in_a_fork(kb, ekb.KnowledgeBase.close) == "None"
        kb._connection.interrupt()
        asking.join()


@pytest.fixture
def packs(tmp_path: Path) -> list[Path]:
    """Two packs with other answers, sealed."""
    changed = edited(base_records(), {"concepts.0.label": "recruiting"})
    return [built(tmp_path / name, records).path for name, records in (("a", base_records()), ("b", changed))]


def _ask_again_and_again(path: str, ready: Any, ended: Any) -> list[tuple[str, set[str]]]:
    """The digest of each knowledge base that is loaded, and what it answers while its file is replaced."""
    told: list[tuple[str, set[str]]] = []
    last = False
    while not last:
        last = bool(told) and ended.is_set()
        with ekb.load(path) as kb:
            answers = set()
            for _ in range(20):
                kb._kept = None
                answers.add(digest(kb))
            told.append((kb.digest, answers))
        if len(told) == 1:
            ready.wait()
    return told


def test_readers_of_a_file_that_is_replaced_answer_from_the_file_that_they_opened(
    packs: list[Path], tmp_path: Path
) -> None:
    expected = {kb.digest: {digest(kb)} for kb in map(ekb.load, packs)}
    live = tmp_path / "live.ekb"
    shutil.copy(packs[0], live)
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager, ProcessPoolExecutor(3, mp_context=context) as pool:
        ready, ended = manager.Barrier(4), manager.Event()
        asked = [pool.submit(_ask_again_and_again, str(live), ready, ended) for _ in range(3)]
        ready.wait()
        for at in range(1, 100):
            shutil.copy(packs[at % 2], tmp_path / "next.ekb")
            (tmp_path / "next.ekb").replace(live)
            time.sleep(0.005)
        ended.set()
        told = [pair for future in asked for pair in future.result()]
    assert {digest for digest, _ in told} == set(expected)
    assert all(answers == expected[digest] for digest, answers in told)


def _read_whole(path: str) -> tuple[int, int]:
    """Bytes that a process reads of a file, and by how much the memory that it shares with nobody grows by that."""

    def own() -> int:
        lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
        return sum(1024 * int(line.split()[1]) for line in lines if line.startswith("Private_"))

    with ekb.load(path) as kb:
        before = own()
        ((read,),) = kb.rows("SELECT SUM(LENGTH(body)) FROM record")
        return read, own() - before


@pytest.mark.skipif(not Path("/proc/self/smaps_rollup").exists(), reason="memory of processes as Linux tells it")
def test_many_readers_share_the_pages_of_a_file(tmp_path: Path) -> None:
    records = base_records()
    text = "A long statement about replies to applications. " * 80
    records["claims"] += [{**records["claims"][0], "id": f"claim-{at}", "text": text} for at in range(3_000)]
    path = built(tmp_path, records).path
    with ProcessPoolExecutor(3, mp_context=multiprocessing.get_context("spawn")) as pool:
        for read, grown in pool.map(_read_whole, [str(path)] * 6):
            assert read > 11_000_000
            assert grown < read / 4


def test_threads_that_ask_one_large_knowledge_base_get_what_one_of_them_would(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Cards are made when they are asked for, and next to nothing is kept: threads forget what others have just read.
    monkeypatch.setattr(carding, "MOST_FINDINGS", 0)
    monkeypatch.setattr(making, "_RECORDS", 3)
    monkeypatch.setattr(making, "_LABELS", 3)
    generate(tmp_path / "pack", 150)
    ekb.build(tmp_path / "pack", tmp_path / "large.ekb")
    with ekb.load(tmp_path / "large.ekb") as kb:
        skills = [id for (id,) in kb.rows("SELECT id FROM concept WHERE kind = 'skill' ORDER BY id LIMIT 40")]

        def ask(kb: ekb.KnowledgeBase, skill: str) -> tuple[object, ...]:
            found = ekb.select_figures(kb, skill=skill, limit=5)
            return found, ekb.brief(kb, skill=skill, cards=5).digest, ekb.search(kb, skill.replace("-", " "))

        with ekb.load(kb.path) as alone:
            expected = [ask(alone, skill) for skill in skills] * 3
        before = sys.getswitchinterval()
        sys.setswitchinterval(1e-5)
        try:
            with ThreadPoolExecutor(6) as pool:
                assert list(pool.map(lambda skill: ask(kb, skill), skills * 3)) == expected
        finally:
            sys.setswitchinterval(before)
