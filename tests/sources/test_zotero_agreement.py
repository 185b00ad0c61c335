"""Whether what is read of a .bib file is what Zotero reads, or differs for a reason that the documentation gives."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sources import zotero


@pytest.mark.shared
def test_every_difference_has_a_reason(shared: Path) -> None:
    differences = [result for result in zotero.compared(shared / zotero.FOLDER) if not result.agree]
    assert [difference for difference in differences if not zotero.reason(difference)] == []


@pytest.mark.shared
def test_the_page_of_the_documentation_tells_what_is_read_now(shared: Path, repo: Path) -> None:
    written = (repo / "docs" / "reference" / "zotero-agreement.md").read_text(encoding="utf-8")
    message = "write it anew: PYTHONPATH=src python -m tests.sources.zotero > docs/reference/zotero-agreement.md"
    assert written == zotero.page(shared / zotero.FOLDER), message
