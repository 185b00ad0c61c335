"""What is kept of a knowledge base between questions: bounded, and the same as what was read."""

from __future__ import annotations

import pytest

import evidencekb as ekb
from evidencekb.engines.making import Maker
from evidencekb.queries import keeping, statements
from evidencekb.queries.desk import Desk
from evidencekb.queries.keeping import Kept


@pytest.fixture(params=["stored", "made"])
def kb(request: pytest.FixtureRequest) -> ekb.KnowledgeBase:
    """The shipped pack, whose cards are read from rows, and the same with cards made when they are asked for."""
    kb = ekb.load()
    if request.param == "made":
        kb.__dict__["maker"] = Maker(kb.rows)
    return kb


def test_what_was_taken_again_stays_longer() -> None:
    kept: Kept[str, int] = Kept(2)
    kept.keep("first", 1)
    kept.keep("second", 2)
    assert kept.again("first") == 1
    kept.keep("third", 3)
    assert dict(kept) == {"first": 1, "third": 3}
    assert kept.again("second") is None


def test_a_value_counts_by_its_size_and_once() -> None:
    kept: Kept[str, str] = Kept(10, len)
    for _ in range(5):
        kept.keep("one", "four")
    kept.keep("two", "five!")
    assert list(kept) == ["one", "two"]
    kept.keep("one", "sixsix")
    assert dict(kept) == {"two": "five!"}


def test_a_value_too_large_to_keep_is_kept_alone() -> None:
    kept: Kept[str, str] = Kept(3, len)
    kept.keep("small", "a")
    kept.keep("large", "abcdef")
    assert list(kept) == ["large"]


def test_a_first_figure_is_that_of_the_card(kb: ekb.KnowledgeBase) -> None:
    ids = kb.ids("finding")
    alone, desk = list(Desk(kb).leading(ids)), Desk(kb)
    cards = [known.card for known in desk.known(ids).values()]
    assert alone == [card.figures[0] for card in cards if card.figures]
    assert list(desk.leading(ids)) == list(desk.leading(ids)) == alone


def test_cards_are_kept_by_what_they_take(kb: ekb.KnowledgeBase, monkeypatch: pytest.MonkeyPatch) -> None:
    ids = kb.ids("finding")[:60]
    whole = Desk(kb).known(ids)
    assert all(known.size > 1_000 for known in whole.values())
    monkeypatch.setattr(keeping, "_CARDS", 4 * max(known.size for known in whole.values()))
    cards = keeping.Cards(kb)
    for _ in range(2):
        assert cards.known(ids) == whole
        assert 0 < sum(known.size for known in cards._cards.values()) <= keeping._CARDS


def test_cards_made_together_are_those_made_one_by_one() -> None:
    maker = Maker(ekb.load().rows)
    ids = ekb.load().ids("finding")[::9]
    assert list(maker.cards(ids)) == [maker.card(id) for id in ids]


def test_what_many_figures_say_is_held_once(kb: ekb.KnowledgeBase) -> None:
    figures = [f for known in Desk(kb).known(kb.ids("finding")).values() for f in known.card.figures]
    for name in ("standing", "replications", "no_interval", "outcome"):
        held = [value for f in figures if (value := getattr(f, name)) is not None]
        assert len({id(value) for value in held}) < len(held) / 2, name


def test_a_subject_is_found_in_the_hierarchy_by_its_keys(kb: ekb.KnowledgeBase) -> None:
    asked = {"kind": "concept", "also": "concept", "subject": "nurse"}
    plan = [step for *_, step in kb.rows(f"EXPLAIN QUERY PLAN {statements.BEARING}", asked)]
    walked = [step for step in plan if step.startswith("SEARCH c ")]
    assert len(walked) == 2
    assert all("kind=? AND" in step for step in walked)
