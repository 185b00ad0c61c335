"""One sealed file, many readers: threads, forked and fresh processes, and a file that is replaced under them."""

from __future__ import annotations

import multiprocessing
import pickle
import shutil
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.errors import SealedFileError
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
