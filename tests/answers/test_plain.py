"""Plain data: what a record names by id stands beside it when it is alone, and records stay as they were made."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

import evidencekb as ekb
from tests.queries.small import concept, estimate, finding, pack
from tests.records import built

ASPECT = {
    "id": "pay", "label": "Pay", "outcomes": ["pay"], "wanted": "effect", "unanswered": "Nothing else counts pay.",
    "questions": {"skill": "Does {skill} pay?"},
}  # fmt: skip
PACK = pack(
    [
        finding("one", estimate("pay", 8), about={"soldering": "measured"}),
        finding(
            "two", estimate("pay", 5), about={"soldering": "measured"}, links=[{"type": "contradicts", "target": "one"}]
        ),
    ],
    concepts=[concept("skill", "soldering"), concept("skill", "juggling"), concept("outcome", "pay")],
    aspects=[ASPECT],
    claims=[
        {
            "id": "it-pays",
            "text": "It pays.",
            "supports": [{"finding": id, "estimates": ["x"], "stance": "supports"} for id in ("one", "two")],
        }
    ],
    untraced=[{"id": "doubles", "headline": "It doubles pay", "status": "dead_end", "say": "No study shows it."}],
    exclusions=[{"id": "left", "thread": "A survey", "reason": "Not read", "bears_on": ["one"]}],
)


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with built(tmp_path_factory.mktemp("plain"), PACK) as kb:
        yield kb


@pytest.fixture(scope="module")
def page(kb: ekb.KnowledgeBase) -> ekb.Brief:
    return ekb.brief(kb, skill="soldering", cards=30, headlines=1)


def named(data: dict[str, Any]) -> dict[str, list[str]]:
    return {kind: list(held) for kind, held in data["records"].items()}


def test_a_lone_card_brings_its_figures_and_sources(kb: ekb.KnowledgeBase) -> None:
    card = ekb.finding_card(kb, "one")
    data = card.to_dict()
    assert (data["figures"], data["references"]) == (["one#x"], ["one"])
    assert named(data) == {"figures": ["one#x"], "references": ["one"]}
    assert data["records"]["figures"]["one#x"] == card.figures[0].to_dict()
    assert data["records"]["references"]["one"] == card.references[0].to_dict()


def test_a_lone_answer_brings_its_cards_and_theirs(kb: ekb.KnowledgeBase) -> None:
    answer = ekb.answer(kb, "pay", skill="soldering")
    data = answer.to_dict()
    assert (data["cards"], data["figures"], data["gap"]) == (["one", "two"], ["one#x", "two#x"], None)
    assert named(data) == {"cards": ["one", "two"], "figures": ["one#x", "two#x"], "references": ["one", "two"]}
    assert data["records"]["cards"]["one"]["figures"] == ["one#x"]
    assert "records" not in data["records"]["cards"]["one"]


def test_a_lone_answer_that_is_a_gap_brings_the_gap(kb: ekb.KnowledgeBase) -> None:
    data = ekb.answer(kb, "pay", skill="juggling").to_dict()
    assert data["gap"] == "computed:pay:juggling"
    assert named(data) == {"gaps": ["computed:pay:juggling"]}


def test_a_lone_claim_card_brings_the_figures_and_sources_of_its_cards(kb: ekb.KnowledgeBase) -> None:
    data = ekb.claim_card(kb, "it-pays").to_dict()
    assert [support["figures"] for support in data["supports"]] == [["one#x"], ["two#x"]]
    assert [support["card"]["references"] for support in data["supports"]] == [["one"], ["two"]]
    assert named(data) == {"figures": ["one#x", "two#x"], "references": ["one", "two"]}


def test_a_brief_holds_what_it_names_in_its_own_fields(page: ekb.Brief) -> None:
    data = page.to_dict()
    assert list(data) == [field.name for field in fields(ekb.Brief)]
    assert "records" not in data
    assert "records" not in json.dumps([data["headline"], data["context"], data["answers"], data["conflicts"]])
    assert (data["headline"][0]["figures"], list(data["figures"])) == (["one#x"], ["one#x", "two#x"])
    assert (data["exclusions"], data["untraced"]) == (["left"], [])
    assert data["depends_on"] == sorted(page.depends_on)


def test_what_names_no_other_record_brings_none(kb: ekb.KnowledgeBase, page: ekb.Brief) -> None:
    untraced = ekb.untraced_card(kb, "doubles")
    for record in (page.ref, page.question, page.figures["one#x"], page.references[0], page.caveats[0], untraced):
        data = record.to_dict()
        assert list(data) == [field.name for field in fields(record)]


def test_the_day_of_a_gap_is_printed_and_is_not_in_plain_data(kb: ekb.KnowledgeBase) -> None:
    answer, page = ekb.answer(kb, "pay", skill="juggling"), ekb.brief(kb, skill="juggling")
    gap = answer.gap
    assert gap is not None
    assert gap.as_of == "pack 1.0.0, 2026-01-20"
    assert "pack 1.0.0, 2026-01-20" in str(gap)
    for data in (gap.to_dict(), answer.to_dict()["records"]["gaps"][gap.id], page.to_dict()["gaps"][0]):
        assert list(data) == ["id", "kind", "aspect", "question", "text", "searched", "nearest"]
    assert "as_of" not in answer.to_json() + page.to_json()


def test_json_is_the_plain_data_as_text(kb: ekb.KnowledgeBase, page: ekb.Brief) -> None:
    for record in (page, ekb.answer(kb, "pay", skill="soldering"), ekb.claim_card(kb, "it-pays")):
        assert json.loads(record.to_json()) == record.to_dict()
        assert "\n" not in record.to_json(indent=None)


@pytest.mark.parametrize(
    "name",
    ["Ref", "Question", "Caveat", "Fit", "Gap", "Reference", "Answer", "FaqItem", "Conflict", "Exclusion", "Neighbour",
     "Card", "ClaimCard", "Support", "UntracedCard", "Figure", "Brief", "Ranked"],
)  # fmt: skip
def test_a_record_of_an_answer_cannot_be_set(kb: ekb.KnowledgeBase, page: ekb.Brief, name: str) -> None:
    claim, gap = ekb.claim_card(kb, "it-pays"), ekb.answer(kb, "pay", skill="juggling").gap
    card = page.headline[0]
    held: list[object] = [
        page, page.ref, page.question, page.caveats[0], card, card.fit, card.figures[0], page.references[0], page.answers[0],
        page.faq[0], page.conflicts[0], page.exclusions[0], gap, claim, claim.supports[0], ekb.untraced_card(kb, "doubles"),
        ekb.explain(kb, "one").order[0], ekb.Neighbour(page.ref, "related", "Text.", "editorial"),
    ]  # fmt: skip
    (record,) = [each for each in held if type(each).__name__ == name]
    first = fields(record)[0].name  # type: ignore[arg-type]  # all of them are dataclasses
    before = getattr(record, first)
    with pytest.raises(FrozenInstanceError):
        setattr(record, first, "other")
    with pytest.raises((AttributeError, TypeError)):
        record.more = 1  # type: ignore[attr-defined]  # there is no such field
    assert getattr(record, first) == before


@pytest.mark.parametrize(
    "change",
    [
        lambda page: page.figures.update({}),
        lambda page: page.figures.pop("one#x"),
        lambda page: page.coverage.__setitem__("direct", 99),
        lambda page: page.stamp.clear(),
        lambda page: page.definitions.setdefault("other", "Text."),
        lambda page: page.caveats[0].params.__setitem__("of", 1),
        lambda page: page.figures["one#x"].vendor.__setitem__("flag", "independent"),
        lambda page: page.figures["one#x"].vendor["interests"].append({}),
        lambda page: page.figures["one#x"].cohorts[0].__delitem__("fit"),
        lambda page: page.references[0].csl.update({"title": "Another"}),
        lambda page: page.findings["one"]["badges"].clear(),
    ],
)
def test_what_a_record_holds_cannot_be_changed(page: ekb.Brief, change: Callable[[Any], object]) -> None:
    before = page.to_dict()
    with pytest.raises(TypeError, match="answers cannot be changed"):
        change(page)
    assert page.to_dict() == before


def test_plain_data_is_a_copy_that_may_be_changed(page: ekb.Brief) -> None:
    data = page.to_dict()
    data["figures"]["one#x"]["vendor"]["interests"].append("somebody")
    data["coverage"]["direct"] = 99
    assert page.figures["one#x"].vendor["interests"] == []
    assert page.coverage["direct"] == 2
