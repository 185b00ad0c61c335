"""The examples of README.md and docs/ do what their pages say."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.docs.runner import Page, blocks_of

REPO = Path(__file__).resolve().parents[2]
PAGES = [REPO / "README.md", *sorted((REPO / "docs").rglob("*.md"))]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.relative_to(REPO).as_posix())
def test_page_does_what_it_says(path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocks = list(blocks_of(path.read_text(encoding="utf-8"), path.relative_to(REPO).as_posix()))
    if "data/pack.yaml" not in {block.file for block in blocks}:
        # A copy, so that a page may add to it.
        shutil.copytree(REPO / "data", tmp_path / "data")
    monkeypatch.chdir(tmp_path)
    page = Page.in_folder(tmp_path, REPO=str(REPO))
    for block in blocks:
        page.run(block)
