"""Texts of many briefs from one process or several: the single brief, byte for byte, in the order asked; or nothing at all."""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow.parquet as parquet
import pytest

import evidencekb as ekb
from benchmarks.generator import generate
from evidencekb.engines.tables import on
from evidencekb.errors import QuestionError, UnknownIdError, WorkerError
from evidencekb.exports import BRIEF_FORMS, FILE_FORMS, brief_texts, write_briefs, write_briefs_file
from evidencekb.exports.working import FEW, PageText
from evidencekb.loading import building, intake
from tests.engines import servers
from tests.records import base_records, built


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    return built(tmp_path_factory.mktemp("small"), base_records())


def asked(kb: ekb.KnowledgeBase) -> list[ekb.Question]:
    return [
        question for of in ("topic", "cohort", "instrument") for question in ekb.questions(kb, of=of, at_least="near")
    ]


def single(kb: ekb.KnowledgeBase, question: ekb.Question) -> ekb.Brief:
    subjects: dict[str, Any] = {name: ref.id for name, ref in question.asked.items()}
    return ekb.brief(kb, **subjects)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("form", BRIEF_FORMS)
def test_each_text_is_that_of_the_single_brief(kb: ekb.KnowledgeBase, form: str, workers: int) -> None:
    made = {"json": lambda p: p.to_json(indent=None), "markdown": ekb.Brief.to_markdown, "html": None}[form]
    texts = list(brief_texts(kb, asked(kb), form, workers=workers))
    pages = [single(kb, question) for question in asked(kb)]
    assert [(text.slug, text.digest) for text in texts] == [(page.question.slug, page.digest) for page in pages]
    if made is not None:
        assert [text.text for text in texts] == [made(page) for page in pages]
    else:
        for text, page in zip(texts, pages, strict=True):
            assert text.text is not None
            assert text.text.startswith("<!DOCTYPE html>")
            assert page._repr_html_() in text.text


@pytest.mark.slow
def test_every_brief_of_the_shipped_pack_is_the_same_from_any_number_of_workers(
    sealed_data: Path, tmp_path: Path
) -> None:
    with ekb.load(sealed_data) as kb:
        questions = list(ekb.questions(kb, at_least="near"))
        assert len(questions) > FEW
        files = [tmp_path / f"{workers}.jsonl" for workers in (1, 2, 3)]
        for workers, file in enumerate(files, start=1):
            assert write_briefs_file(kb, questions, file, workers=workers) == len(questions)
        lines = [file.open(encoding="utf-8", newline="\n") for file in files]
        for question, *held in zip(questions, *lines, strict=True):
            assert set(held) == {single(kb, question).to_json(indent=None) + "\n"}
        for opened in lines:
            opened.close()


def test_options_reach_the_workers_and_questions_may_be_mappings(kb: ekb.KnowledgeBase) -> None:
    finding = kb.ids("finding")[0]
    (text,) = brief_texts(kb, [{"topic": "hiring"}], workers=2, pin=iter([finding]), cards=0, headlines=0)
    assert text.text == ekb.brief(kb, topic="hiring", pin=[finding], cards=0, headlines=0).to_json(indent=None)


@pytest.mark.parametrize("workers", [1, 2])
def test_a_text_that_is_at_hand_is_not_made_again(kb: ekb.KnowledgeBase, workers: int) -> None:
    digest = ekb.brief(kb, topic="hiring").digest
    texts = list(brief_texts(kb, asked(kb), workers=workers, known=lambda slug: {"hiring": digest}.get(slug, "")))
    assert [text.slug for text in texts if text.text is None] == ["hiring"]
    assert PageText("hiring", digest, None) in texts


@pytest.mark.parametrize("form", FILE_FORMS)
@pytest.mark.parametrize("workers", [1, 2])
def test_all_briefs_stand_in_one_file_in_order(kb: ekb.KnowledgeBase, tmp_path: Path, form: str, workers: int) -> None:
    file, told = tmp_path / f"pages.{form}", list[int]()
    count = write_briefs_file(kb, asked(kb), file, form, workers=workers, progress=told.append)
    lines = [single(kb, question).to_json(indent=None) for question in asked(kb)]
    assert (count, told) == (len(lines), list(range(1, len(lines) + 1)))
    if form == "jsonl":
        assert file.read_bytes() == "".join(f"{line}\n" for line in lines).encode()
    else:
        rows = parquet.read_table(file).to_pylist()
        assert [row["page"] for row in rows] == lines
        assert [row["slug"] for row in rows] == [question.slug for question in asked(kb)]
        assert rows[0]["digest"] == single(kb, asked(kb)[0]).digest
    write_briefs_file(kb, asked(kb)[:1], file, form)
    assert [path.name for path in tmp_path.iterdir()] == [file.name]


def test_no_questions_make_an_empty_file(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    assert write_briefs_file(kb, [], tmp_path / "pages.jsonl") == 0
    assert (tmp_path / "pages.jsonl").read_bytes() == b""


@pytest.mark.parametrize("form", FILE_FORMS)
def test_a_file_that_holds_no_briefs_is_left_alone(kb: ekb.KnowledgeBase, tmp_path: Path, form: str) -> None:
    (tmp_path / "mine").write_text('{"id": "mine"}\n')
    with pytest.raises(FileExistsError, match=f"mine is there and holds no briefs as {form}"):
        write_briefs_file(kb, asked(kb), tmp_path / "mine", form)
    assert (tmp_path / "mine").read_text() == '{"id": "mine"}\n'
    with pytest.raises(IsADirectoryError, match="name the file to write"):
        write_briefs_file(kb, asked(kb), tmp_path, form)


@pytest.mark.skipif(sys.platform == "win32", reason="files of other systems")
def test_a_link_is_followed_and_a_pipe_refused(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "pages.jsonl")
    assert write_briefs_file(kb, asked(kb), tmp_path / "link") == len(asked(kb))
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "pages.jsonl").is_file()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(FileExistsError, match="pipe is no file, and cannot be replaced"):
        write_briefs_file(kb, asked(kb), tmp_path / "pipe")
    assert (tmp_path / "pipe").is_fifo()


def test_folders_are_the_same_from_several_workers_and_a_second_run_writes_nothing(
    kb: ekb.KnowledgeBase, tmp_path: Path
) -> None:
    for workers in (1, 2):
        first = write_briefs(kb, asked(kb), tmp_path / str(workers), suffix=".html", workers=workers)
        again = write_briefs(kb, asked(kb), tmp_path / str(workers), suffix=".html", workers=workers)
        assert (first.written, first.unchanged) == (again.unchanged, again.written) == (len(asked(kb)), 0)
    one, two = ({file.name: file.read_bytes() for file in (tmp_path / name).glob("*.html")} for name in ("1", "2"))
    assert one == two


@pytest.mark.parametrize("workers", [1, 2])
def test_a_question_that_cannot_be_asked_ends_the_whole_and_leaves_no_file(
    kb: ekb.KnowledgeBase, tmp_path: Path, workers: int
) -> None:
    questions: list[Any] = [*asked(kb) * 20, {"topic": "hirin"}, *asked(kb)]
    with pytest.raises(UnknownIdError, match=r"no topic has the id 'hirin'. Did you mean 'hiring'"):
        write_briefs_file(kb, questions, tmp_path / "pages.jsonl", workers=workers)
    assert list(tmp_path.iterdir()) == []


def test_a_worker_that_dies_ends_the_whole_and_leaves_no_file(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    def questions() -> Iterator[ekb.Question]:
        for at, question in enumerate(asked(kb) * 400):
            if at == 500:
                multiprocessing.active_children()[0].kill()
            yield question

    with pytest.raises(WorkerError, match="a worker process ended while it made briefs"):
        write_briefs_file(kb, questions(), tmp_path / "pages.jsonl", workers=2)
    assert list(tmp_path.iterdir()) == []
    assert multiprocessing.active_children() == []


def test_texts_that_nobody_takes_any_more_leave_no_process(kb: ekb.KnowledgeBase) -> None:
    texts = brief_texts(kb, asked(kb) * 50, workers=2)
    assert next(texts).slug == asked(kb)[0].slug
    assert multiprocessing.active_children() != []
    texts.close()
    assert multiprocessing.active_children() == []


def test_few_questions_start_no_process_unless_told(kb: ekb.KnowledgeBase) -> None:
    texts = brief_texts(kb, asked(kb), workers=None)
    next(texts)
    assert multiprocessing.active_children() == []
    many = brief_texts(kb, asked(kb) * FEW, workers=None)
    next(many)
    processors = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    assert len(multiprocessing.active_children()) == (processors if processors > 1 else 0)
    many.close()


def test_what_cannot_be_asked_is_said_before_anything_begins(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    with pytest.raises(UnknownIdError, match=r"'jsn'. Did you mean 'json'"):
        brief_texts(kb, asked(kb), "jsn")
    with pytest.raises(QuestionError, match="workers is 0; give a whole number, 1 or more"):
        brief_texts(kb, asked(kb), workers=0)
    with pytest.raises(QuestionError, match="headlines is -1"):
        write_briefs(kb, asked(kb), tmp_path / "out", headlines=-1, workers=2)
    with pytest.raises(UnknownIdError, match=r"'jsonlines'. Did you mean 'jsonl'"):
        write_briefs_file(kb, asked(kb), tmp_path / "out", "jsonlines")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("engine", ["sqlite", pytest.param("duckdb", marks=pytest.mark.duckdb)])
def test_findings_that_another_engine_found_take_the_place_of_those_of_the_file(
    kb: ekb.KnowledgeBase, engine: str
) -> None:
    servers.library(engine.replace("sqlite", "sqlite3"))
    subjects = {
        str(place): {name: ref.id for name, ref in question.asked.items()} for place, question in enumerate(asked(kb))
    }
    rows: list[list[tuple[str, str, int, int]]] = [[] for _ in subjects]
    with on(kb.path, engine, questions=True) as tables, tables.asking(subjects):
        for number, *found in tables.rows("ask/bearing"):
            rows[int(number)].append((found[0], found[1], found[2], found[3]))
    assert all(rows)
    assert list(ekb.briefs(kb, asked(kb), bearing=rows)) == [single(kb, question) for question in asked(kb)]
    (none,) = ekb.briefs(kb, [{"topic": "hiring"}], bearing=[[]])
    assert sum(none.coverage[tier] for tier in ("direct", "partial", "near")) == 0


def _everything(pack: str, folder: str) -> list[str]:
    """Build a pack that several processes would read, and make its briefs with several, and say what came out."""
    building.BULK_BYTES, intake.PART_BYTES = 0, 30_000
    ekb.build(pack, Path(folder, "made.ekb"), workers=2)
    with ekb.load(Path(folder, "made.ekb")) as kb:
        questions = list(ekb.questions(kb, of="role", at_least="direct"))[:20]
        write_briefs_file(kb, questions, Path(folder, "pages.jsonl"), workers=2)
        texts = list(brief_texts(kb, questions * 20, workers=None))
        lines = Path(folder, "pages.jsonl").read_text(encoding="utf-8").splitlines()
        return [str(ekb.check(pack, workers=2).ok), kb.digest, *lines, *(str(page.text) for page in texts)]


def test_a_daemonic_process_does_alone_what_others_share(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(building, "BULK_BYTES", building.BULK_BYTES)
    monkeypatch.setattr(intake, "PART_BYTES", intake.PART_BYTES)
    generate(tmp_path / "pack", 150)
    (tmp_path / "here").mkdir()
    (tmp_path / "there").mkdir()
    with multiprocessing.get_context("spawn").Pool(1) as pool:  # its processes are daemonic
        there = pool.apply(_everything, (str(tmp_path / "pack"), str(tmp_path / "there")))
    assert len(there) > 400
    assert there == _everything(str(tmp_path / "pack"), str(tmp_path / "here"))
