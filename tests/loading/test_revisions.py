"""States of a pack that git holds: found, written out without a shell, and refused with a reason."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest

import evidencekb as ekb
from tests.packs import TODAY, write_pack
from tests.records import UNTOLD, base_records, edited, record, write_records

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def git(folder: Path, *arguments: str) -> str:
    identity = ("-c", "user.name=Editor", "-c", "user.email=editor@example.org", "-c", "commit.gpgsign=false")
    done = subprocess.run(["git", "-C", str(folder), *identity, *arguments], capture_output=True, text=True, check=True)
    return done.stdout.strip()


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A", "--force")
    git(folder, "commit", "-q", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A pack in the folder ``data``: 12% at the tag v1.0, 9% at the commit after, 6% in the folder as it is."""
    root = tmp_path / "repository"
    root.mkdir()
    git(root, "init", "-q", "-b", "trunk")
    records = edited(base_records(), UNTOLD)
    write_records(root / "data", records)
    commit(root, "first")
    git(root, "tag", "v1.0")
    write_records(root / "data", edited(records, {"findings.0.estimates.0.value": 9}))
    commit(root, "second")
    write_records(root / "data", edited(records, {"findings.0.estimates.0.value": 6}))
    return root


def figures(found: ekb.Difference) -> list[tuple[str | None, str | None]]:
    return [(change.old, change.new) for change in found.changes]


def test_a_revision_is_the_same_folder_as_it_was(repository: Path) -> None:
    data = repository / "data"
    assert figures(ekb.diff("git:HEAD", data)) == [("+9%", "+6%")]
    assert figures(ekb.diff(data, "git:v1.0")) == [("+6%", "+12%")]
    assert figures(ekb.diff("git:HEAD~1", data)) == [("+12%", "+6%")]


def test_two_revisions_are_of_the_pack_here(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for here in (repository, repository / "data"):
        monkeypatch.chdir(here)
        found = ekb.diff("git:v1.0", "git:HEAD")
        assert figures(found) == [("+12%", "+9%")]
        assert found.old.named == "git:v1.0"


def test_a_path_is_told_from_the_root_of_the_repository_or_from_here(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository / "data")
    assert figures(ekb.diff("v1.0:data", "trunk:data")) == [("+12%", "+9%")]
    assert figures(ekb.diff("v1.0:./", "HEAD:.")) == [("+12%", "+9%")]


def test_a_folder_that_is_gone_by_now_is_found_where_it_was(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    git(repository, "mv", "-f", "data", "pack")
    monkeypatch.chdir(repository)
    assert figures(ekb.diff("v1.0:data", "pack")) == [("+12%", "+6%")]


def test_a_sealed_file_in_git_is_opened(repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ekb.build(repository / "data", repository / "pack.ekb", today=TODAY)
    commit(repository, "sealed")
    (repository / "pack.ekb").unlink()
    monkeypatch.chdir(repository)
    assert figures(ekb.diff("v1.0:data", "HEAD:pack.ekb")) == [("+12%", "+6%")]


def test_packs_that_it_extends_come_from_the_same_revision(tmp_path: Path) -> None:
    root = tmp_path / "repository"
    records = edited(base_records(), UNTOLD)
    own = {"concepts": [{"id": "own", "kind": "topic", "label": "own"}]}
    write_records(root / "packs" / "base", records)
    (root / "packs" / "base" / "pack.yaml").write_text("name: base\nversion: 1.0.0\n")
    write_records(root / "packs" / "mine", own)
    (root / "packs" / "mine" / "pack.yaml").write_text("name: mine\nversion: 1.0.0\nextends: [../base]\n")
    git(root, "init", "-q")
    commit(root, "first")
    write_records(root / "packs" / "base", edited(records, {"findings.0.estimates.0.value": 9}))
    (root / "packs" / "base" / "pack.yaml").write_text("name: base\nversion: 1.0.0\n")
    found = ekb.diff("git:HEAD", root / "packs" / "mine")
    assert found.complete
    assert figures(found) == [("+12%", "+9%")]


def test_a_revision_that_breaks_rules_of_today_is_compared_all_the_same(repository: Path) -> None:
    records = edited(base_records(), UNTOLD)
    record(records, "sources", "audit2024")["vendor"] = "unknown"
    write_records(repository / "data", records)
    commit(repository, "third")
    found = (
        ekb.diff("git:v1.0", "git:HEAD") if Path("pack.yaml").exists() else ekb.diff("git:v1.0", repository / "data")
    )
    assert [change.what for change in found.changes] == ["flag_changed"]


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("git:no-such-branch", "git has no revision 'no-such-branch'"),
        ("git:", "'' is no revision"),
        ("git:--upload-pack=x", "is no revision"),
        ("HEAD:no/such/path", "there is no 'no/such/path' in"),
        ("HEAD:../outside", "is not in the repository"),
        ("no-such-branch:data", "git has no revision 'no-such-branch'"),
        ("HEAD:data/pack.yaml", "'data/pack.yaml' is a file of a pack; name the pack's folder"),
    ],
)
def test_what_git_does_not_have_is_said(
    repository: Path, monkeypatch: pytest.MonkeyPatch, state: str, says: str
) -> None:
    monkeypatch.chdir(repository)
    with pytest.raises(ekb.QuestionError, match=says):
        ekb.diff(state, "data")


def test_a_shallow_clone_says_why_it_lacks_a_revision(repository: Path, tmp_path: Path) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", "--depth=1", repository.as_uri(), str(clone))
    with pytest.raises(ekb.QuestionError, match="fetch-depth: 0"):
        ekb.diff("git:HEAD~1", clone / "data")


def test_outside_of_a_repository_git_is_not_asked_for_anything_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    pack = write_records(tmp_path / "pack", base_records())
    with pytest.raises(ekb.QuestionError, match="git cannot be asked here: not a git repository"):
        ekb.diff("git:HEAD", pack)


def test_without_git_it_says_what_to_give_instead(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(ekb.QuestionError, match="git is not installed"):
        ekb.diff("git:HEAD", repository / "data")
    assert ekb.diff(repository / "data", repository / "data").changes == ()


def test_nothing_is_run_by_a_shell_or_left_behind(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(repository)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(ekb.QuestionError):
        ekb.diff("git:HEAD; touch hit", "data")
    with pytest.raises(ekb.QuestionError):
        ekb.diff("HEAD:$(touch hit)", "data")
    ekb.diff("git:HEAD", "data")
    assert not (repository / "hit").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["repository"]


def test_links_that_leave_the_pack_are_not_followed_out_of_git(repository: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("concepts:\n  - {id: secret, kind: topic, label: secret}\n")
    (repository / "data" / "more.yaml").symlink_to(tmp_path / "secret.yaml")
    commit(repository, "a link")
    (repository / "data" / "more.yaml").unlink()
    found = ekb.diff("git:HEAD", repository / "data")
    assert "secret" not in {change.id for change in found.changes}


def test_a_file_whose_name_looks_like_a_revision_is_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_pack(tmp_path / "HEAD:data", {})
    write_pack(tmp_path / "other", {})
    assert ekb.diff("HEAD:data", "other").changes == ()
