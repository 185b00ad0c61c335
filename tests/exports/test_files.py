"""Many briefs as files: a run writes what changed, leaves what did not, and removes what is no longer asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import evidencekb as ekb
from evidencekb.exports import Written, write_briefs
from tests.records import base_records, built, edited


@pytest.fixture
def kb(tmp_path: Path) -> ekb.KnowledgeBase:
    return built(tmp_path / "pack", base_records())


def asked(kb: ekb.KnowledgeBase) -> list[ekb.Question]:
    return [*ekb.questions(kb, of="topic"), *ekb.questions(kb, of="cohort")]


def test_each_question_gets_a_file_that_holds_its_brief(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    done = write_briefs(kb, asked(kb), tmp_path / "out")
    files = {path.name for path in (tmp_path / "out").glob("*.json")}
    assert files == {f"{question.slug}.json" for question in asked(kb)}
    assert done == Written(len(files), 0, 0)
    data = json.loads((tmp_path / "out" / "hiring.json").read_text())
    assert data == ekb.brief(kb, topic="hiring").to_dict()


def test_a_second_run_writes_nothing_and_a_third_only_what_changed(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    folder = tmp_path / "out"
    first = write_briefs(kb, asked(kb), folder)
    assert write_briefs(kb, asked(kb), folder) == Written(0, first.written, 0)
    other = built(tmp_path / "other", edited(base_records(), {"concepts.0.label": "recruiting"}))
    changed = [q.slug for q in asked(other) if page(other, q).digest != page(kb, q).digest]
    assert changed == ["hiring"]
    assert write_briefs(other, asked(other), folder) == Written(1, first.written - 1, 0)


def page(kb: ekb.KnowledgeBase, question: ekb.Question) -> ekb.Brief:
    (made,) = ekb.briefs(kb, [{name: ref.id for name, ref in question.asked.items()}])
    return made


def test_a_question_that_is_no_longer_asked_loses_its_file(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_briefs(kb, asked(kb), tmp_path / "out")
    left = asked(kb)[:1]
    assert write_briefs(kb, left, tmp_path / "out") == Written(0, 1, len(asked(kb)) - 1)
    assert [path.name for path in (tmp_path / "out").glob("*.json")] == [f"{left[0].slug}.json"]


def test_a_file_that_somebody_removed_is_written_again(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_briefs(kb, asked(kb), tmp_path / "out")
    (tmp_path / "out" / "hiring.json").unlink()
    assert write_briefs(kb, asked(kb), tmp_path / "out").written == 1


def test_markdown_and_json_keep_out_of_each_others_way(kb: ekb.KnowledgeBase, tmp_path: Path) -> None:
    write_briefs(kb, asked(kb), tmp_path / "out")
    done = write_briefs(kb, asked(kb)[:1], tmp_path / "out", suffix=".md")
    assert (done.written, done.removed) == (1, 0)
    (text,) = [path.read_text() for path in (tmp_path / "out").glob("*.md")]
    assert text == page(kb, asked(kb)[0]).to_markdown() + "\n"


def test_a_run_that_is_stopped_leaves_whole_files_and_the_next_one_goes_on(
    kb: ekb.KnowledgeBase, tmp_path: Path
) -> None:
    def stop(done: int) -> None:
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_briefs(kb, asked(kb), tmp_path / "out", progress=stop)
    files = list((tmp_path / "out").glob("*.json"))
    assert len(files) == 2
    assert all(json.loads(path.read_text())["digest"] for path in files)
    assert write_briefs(kb, asked(kb), tmp_path / "out") == Written(len(asked(kb)) - 2, 2, 0)


def test_a_slug_too_long_for_a_file_is_cut_and_told_apart(tmp_path: Path) -> None:
    names = ["a" * 115 + "-one", "a" * 115 + "-two"]
    more = [{"id": name, "kind": "skill", "label": name} for name in names]
    about = [{"concept": id, "how": "measured"} for id in ("recruiter", *names)]
    edits = {"concepts.+": more[0], "findings.0.about": about}
    pack = edited(base_records(), edits)
    pack["concepts"].append(more[1])
    kb = built(tmp_path / "pack", pack)
    mixes = [{"skill": name, "role": "recruiter", "topic": "hiring"} for name in names]
    questions = [page.question for page in ekb.briefs(kb, mixes)]
    assert write_briefs(kb, questions, tmp_path / "out").written == 2
