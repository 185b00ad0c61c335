"""Sources of a pack as a bibliography: read back, they are the same works, but for what is named."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.errors import UnknownIdError
from evidencekb.exports.bibliographies import FORMS, bibliography
from evidencekb.sources.bibtex import read_bibtex
from evidencekb.sources.csljson import read_csl
from evidencekb.sources.fields import item_of, source_fields
from evidencekb.sources.items import Bibliography
from evidencekb.sources.kinds import kind_of
from evidencekb.sources.ris import read_ris
from evidencekb.store.dumping import record_text
from tests.curating.small import small_pack
from tests.packs import write_pack
from tests.sources.works import WORKS

READERS: dict[str, Callable[[str, str], Bibliography]] = {
    "bibtex": read_bibtex, "biblatex": read_bibtex, "csl": read_csl, "ris": read_ris,
}  # fmt: skip


@pytest.fixture(scope="module")
def works(tmp_path_factory: pytest.TempPathFactory) -> ekb.KnowledgeBase:
    """A pack with a work of every kind; nothing of it is decided, so it is read as it is."""
    records = {}
    for number, work in enumerate(WORKS.values()):
        reason = f"Reason {number}: its publisher's page was read."
        record = {"id": work["id"], "kind": kind_of(work), "vendor": "independent", "vendor_reason": reason}
        fields = {"url": f"https://example.org/{number}"} | source_fields(work)
        if str(fields.get("number", "")).startswith("arXiv:"):
            fields["arxiv"] = fields.pop("number").removeprefix("arXiv:")
        records[f"sources/{work['id']}.yaml"] = record_text("source", record | fields)
    return ekb.load(write_pack(tmp_path_factory.mktemp("works") / "pack", records))


def item(kb: ekb.KnowledgeBase, id: str) -> dict[str, Any]:
    return item_of(kb.record("source", id))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("work", [work["id"] for work in WORKS.values()])
def test_every_work_comes_back_but_for_what_is_named(works: ekb.KnowledgeBase, form: str, work: str) -> None:
    exported = bibliography(works, form, [work])
    read = READERS[form](exported.text, "out")
    assert read.violations == ()
    (back,) = read.items
    lost = {loss.field for source, loss in exported.losses}
    assert {source for source, _ in exported.losses} <= {work}
    wanted = {name: value for name, value in item(works, work).items() if name not in lost}
    assert {name: value for name, value in back.items() if name in wanted} == wanted


def test_csl_and_biblatex_lose_nothing_of_these(works: ekb.KnowledgeBase) -> None:
    assert bibliography(works, "csl").losses == ()
    assert [loss for loss in bibliography(works, "biblatex").losses if loss[1].field != "custom"] == []


@pytest.mark.parametrize("form", FORMS)
def test_all_sources_stand_sorted_or_those_wanted_in_their_order(works: ekb.KnowledgeBase, form: str) -> None:
    keys = [read["id"] for read in READERS[form](bibliography(works, form).text, "out").items]
    assert keys == sorted(keys) == list(works.ids("source"))
    some = READERS[form](bibliography(works, form, ["report", "book", "report"]).text, "out").items
    assert [read["id"] for read in some] == ["report", "book"]


@pytest.mark.parametrize("form", FORMS)
def test_a_pack_without_sources_gives_an_empty_bibliography(tmp_path: Path, form: str) -> None:
    exported = bibliography(ekb.load(write_pack(tmp_path / "pack", {})), form)
    assert exported.losses == ()
    assert exported.text.strip() in ("", "[]")


def test_an_unknown_format_or_source_is_named_with_the_nearest(tmp_path: Path) -> None:
    kb = ekb.load(small_pack(tmp_path / "pack"))
    with pytest.raises(UnknownIdError, match=r"no format of bibliographies has the id 'bibtx'. Did you mean 'bibtex'"):
        bibliography(kb, "bibtx")
    with pytest.raises(UnknownIdError, match=r"no source has the id 'doe2024reply'. Did you mean 'doe2024replies'"):
        bibliography(kb, "csl", ["doe2024reply"])
