"""A pack too large for its cards to be stored answers as it would if they were: the shipped pack, built both ways."""

from __future__ import annotations

import datetime
import json
import subprocess
import sys
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings

import evidencekb as ekb
from evidencekb.answers.base import written
from evidencekb.engines.making import Maker
from evidencekb.engines.verifying import verify
from evidencekb.errors import SealedFileError
from evidencekb.exports import bibliographies
from evidencekb.loading import carding
from evidencekb.queries.desk import desk_of
from evidencekb.testing import Pack, built, packs

STYLES = ("apa", "ieee")
ROWS = {
    "card": "SELECT finding, body FROM card ORDER BY finding",
    "listed": "SELECT source, body FROM listed ORDER BY source",
}


@pytest.fixture(scope="module")
def stored() -> Iterator[ekb.KnowledgeBase]:
    """The shipped pack as it is: small."""
    with ekb.load() as kb:
        yield kb


@pytest.fixture(scope="module")
def made(
    stored: ekb.KnowledgeBase, tmp_path_factory: pytest.TempPathFactory, repo: Path
) -> Iterator[ekb.KnowledgeBase]:
    """The same pack, held to be a large one."""
    path = tmp_path_factory.mktemp("large") / "large.ekb"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(carding, "MOST_FINDINGS", len(stored) - 1)
        ekb.build(repo / "data", path, today=datetime.date.fromisoformat(stored.built_on))
    with ekb.load(path) as kb:
        yield kb


def test_a_large_pack_stores_neither_cards_nor_references(made: ekb.KnowledgeBase) -> None:
    assert [made.rows(f"SELECT COUNT(*) FROM {table}") for table in ("card", "listed", "printed")] == [[(0,)]] * 3
    assert verify(made.path)["pack"] == "evidencekb"


def test_the_limit_is_a_number_of_findings_or_of_sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pack: Pack = {
        "sources": [{"id": id, "kind": "report", "title": f"Title {id}", "vendor": "unknown"} for id in ("one", "two")]
    }
    monkeypatch.setattr(carding, "MOST_SOURCES", 2)
    with built(pack, tmp_path / "at") as kb:
        assert [source for source, _ in kb.rows(ROWS["listed"])] == ["one", "two"]
        assert kb.maker is None
    monkeypatch.setattr(carding, "MOST_SOURCES", 1)
    with built(pack, tmp_path / "above") as kb:
        assert kb.rows(ROWS["listed"]) == []
        assert [reference.key for reference in ekb.references(kb)] == ["one", "two"]


@pytest.mark.parametrize("table", ROWS)
def test_what_is_made_is_what_is_stored_byte_for_byte(
    table: str, stored: ekb.KnowledgeBase, made: ekb.KnowledgeBase
) -> None:
    rows = stored.rows(ROWS[table])
    assert len(rows) > 100
    again = [(id, made.stored(table, id)) for id, _ in reversed(rows)]
    assert [(id, written(row)) for id, row in again] == rows[::-1]
    assert [(id, json.loads(body)) for id, body in reversed(rows)] == again


def test_the_words_that_are_searched_are_the_same(stored: ekb.KnowledgeBase, made: ekb.KnowledgeBase) -> None:
    statement = "SELECT kind, id, headline, text, labels FROM words ORDER BY kind, id"
    assert made.rows(statement) == stored.rows(statement)


@pytest.mark.parametrize("shape", [("role",), ("skill",), ("cohort",), ("role", "skill")])
def test_briefs_are_the_same(shape: tuple[str, ...], stored: ekb.KnowledgeBase, made: ekb.KnowledgeBase) -> None:
    asked = list(islice(ekb.questions(stored, of=shape), 12))
    assert asked
    for one, other in zip(ekb.briefs(stored, asked), ekb.briefs(made, asked), strict=True):
        assert one.to_dict() == other.to_dict()
        assert one.digest == other.digest


def test_cards_and_trails_are_the_same(stored: ekb.KnowledgeBase, made: ekb.KnowledgeBase) -> None:
    for id in stored.ids("finding"):
        assert ekb.finding_card(stored, id) == ekb.finding_card(made, id)
        assert ekb.trace(stored, id) == ekb.trace(made, id)
        assert ekb.primary_sources(stored, id) == ekb.primary_sources(made, id)
    for id in stored.ids("claim"):
        assert ekb.claim_card(stored, id) == ekb.claim_card(made, id)
        assert ekb.trace(stored, id) == ekb.trace(made, id)


def test_references_are_the_same(stored: ekb.KnowledgeBase, made: ekb.KnowledgeBase) -> None:
    assert ekb.references(stored) == ekb.references(made)
    some = stored.ids("finding")[::7]
    assert ekb.references(stored, some) == ekb.references(made, some)
    for style in STYLES:
        assert ekb.references(stored, some, style=style) == ekb.references(made, some, style=style)
        one, other = (ekb.how_to_cite(kb, some[0], style=style, seen="2026-11-25") for kb in (stored, made))
        assert one.reference == other.reference


def test_bibliographies_and_the_graph_are_the_same(stored: ekb.KnowledgeBase, made: ekb.KnowledgeBase) -> None:
    for form in bibliographies.FORMS:
        assert bibliographies.bibliography(stored, form) == bibliographies.bibliography(made, form)
    one, other = stored.to_networkx(), made.to_networkx()
    assert dict(one.nodes(data=True)) == dict(other.nodes(data=True))
    assert list(one.edges(data=True)) == list(other.edges(data=True))


@settings(max_examples=settings().max_examples // 10)
@given(packs(findings=(1, 6)))
def test_the_cards_of_any_pack_are_made_as_they_are_stored(
    tmp_path_factory: pytest.TempPathFactory, pack: Pack
) -> None:
    with built(pack, tmp_path_factory.mktemp("any")) as kb:
        maker = Maker(kb.rows)
        assert [(id, written(maker.card(id))) for id in kb.ids("finding")] == kb.rows(ROWS["card"])
        assert [(key, written(maker.listed(key))) for key in kb.ids("source")] == kb.rows(ROWS["listed"])


def test_a_source_is_read_without_those_that_cite_it(made: ekb.KnowledgeBase) -> None:
    assert made.maker is not None
    key = max(made.ids("source"), key=lambda key: len(made.stored("listed", key)["primary_for"]))
    assert made.maker.reference(key) == {
        **made.stored("listed", key),
        "primary_for": [],
        "secondary_for": [],
        "read": None,
    }


def test_a_record_that_is_missing_is_damage(made: ekb.KnowledgeBase) -> None:
    for table in ROWS:
        with pytest.raises(SealedFileError, match=f"damaged: no {table} of 'nothing'; build it again"):
            made.stored(table, "nothing")
    with pytest.raises(SealedFileError, match="the source 'nothing' cannot be read"):
        desk_of(made).references(("nothing",))
    with pytest.raises(SealedFileError, match="a card is missing"):
        desk_of(made).known(("nothing",))


@pytest.mark.parametrize(("name", "imported"), [("stored", False), ("made", True)])
def test_only_a_large_pack_brings_the_models(name: str, imported: bool, request: pytest.FixtureRequest) -> None:
    kb: ekb.KnowledgeBase = request.getfixturevalue(name)
    id = kb.ids("finding")[0]
    program = (
        f"import evidencekb as ekb, sys\nkb = ekb.load({str(kb.path)!r})\n"
        f"assert 'pydantic' not in sys.modules\nekb.finding_card(kb, {id!r})\nprint('pydantic' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.split() == [str(imported)]


@pytest.mark.parametrize(
    "asked", [{"topic": "hiring"}, {"cohort": "working-age-adults"}, {"skill": "computing-skills"}], ids=str
)
def test_the_top_of_a_subject_with_others_below_it_is_as_long_as_asked(
    stored: ekb.KnowledgeBase, asked: dict[str, str]
) -> None:
    everything = [finding.id for finding in ekb.select_findings(stored, **asked)]  # type: ignore[arg-type]  # options by name
    for limit in (3, 1, 16, 17, 3, 1_000):
        # Options by name.
        assert list(ekb.select_strongest(stored, **asked, limit=limit)) == everything[:limit]  # type: ignore[arg-type]
