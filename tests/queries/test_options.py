"""Options of another kind than asked for are refused with the library's own error, and never taken for something else."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.exports import brief_texts

Asked = Callable[..., Any]

COUNTS: dict[str, Asked] = {
    "select_strongest limit": lambda kb, limit: ekb.select_strongest(kb, limit=limit),
    "select_figures limit": lambda kb, limit: ekb.select_figures(kb, limit=limit),
    "search limit": lambda kb, limit: ekb.search(kb, "pay", limit=limit),
    "neighbours limit": lambda kb, limit: ekb.neighbours(kb, "machine-learning", limit=limit),
    "brief cards": lambda kb, cards: ekb.brief(kb, skill="torch", cards=cards),
    "brief headlines": lambda kb, headlines: ekb.brief(kb, skill="torch", headlines=headlines),
    "brief_texts workers": lambda kb, workers: list(brief_texts(kb, [], workers=workers)),
}
FLAGS: dict[str, Asked] = {
    "select_strongest vendors": lambda kb, vendors: ekb.select_strongest(kb, vendors=vendors),
    "select_figures vendors": lambda kb, vendors: ekb.select_figures(kb, vendors=vendors),
    "select_findings narrower": lambda kb, narrower: ekb.select_findings(kb, narrower=narrower),
    "select_findings withdrawn": lambda kb, withdrawn: ekb.select_findings(kb, withdrawn=withdrawn),
    "claims_about narrower": lambda kb, narrower: ekb.claims_about(kb, "torch", narrower=narrower),
    "untraced_about narrower": lambda kb, narrower: ekb.untraced_about(kb, narrower=narrower),
}
TEXTS: dict[str, Asked] = {
    "select_strongest role": lambda kb, role: ekb.select_strongest(kb, role=role),
    "select_figures cohort": lambda kb, cohort: ekb.select_figures(kb, cohort=cohort),
    "rank_findings skill": lambda kb, skill: ekb.rank_findings(kb, "pay-gap", skill=skill),
    "explain skill": lambda kb, skill: ekb.explain(kb, "pay-gap", skill=skill),
    "brief topic": lambda kb, topic: ekb.brief(kb, topic=topic),
    "answer role": lambda kb, role: ekb.answer(kb, "pay", role=role),
    "questions at_least": lambda kb, at_least: ekb.questions(kb, at_least=at_least),
    "how_to_cite address": lambda kb, address: ekb.how_to_cite(kb, "pay-gap", address=address),
    "references locale": lambda kb, locale: ekb.references(kb, "pay-gap", style="apa", locale=locale),
    "search text": ekb.search,
}
SEVERAL: dict[str, Asked] = {
    "select_findings role": lambda kb, role: ekb.select_findings(kb, role=role),
    "select_findings measure": lambda kb, measure: ekb.select_findings(kb, measure=measure),
    "untraced_about skill": lambda kb, skill: ekb.untraced_about(kb, skill=skill),
    "search kind": lambda kb, kind: ekb.search(kb, "pay", kind=kind),
    "questions of": lambda kb, of: ekb.questions(kb, of=of),
    "brief aspects": lambda kb, aspects: ekb.brief(kb, skill="torch", aspects=aspects),
}
DAYS: dict[str, Asked] = {
    "how_to_cite seen": lambda kb, seen: ekb.how_to_cite(kb, "pay-gap", seen=seen),
    "standing today": lambda kb, today: ekb.standing(kb, today=today),
}


class Whole:
    """A whole number as other libraries have them."""

    def __init__(self, number: int) -> None:
        self._number = number

    def __index__(self) -> int:
        return self._number

    def __repr__(self) -> str:
        return f"Whole({self._number})"


def refused(kb: ekb.KnowledgeBase, ask: Asked, name: str, value: object) -> None:
    option = name.split()[1]
    with pytest.raises(ekb.QuestionError) as problem:
        ask(kb, **{option: value})
    assert str(problem.value).startswith(f"{option} is ")


@pytest.mark.parametrize("value", [-1, True, False, 1.0, 1.5, "3", None, [1], b"1", {}], ids=repr)
@pytest.mark.parametrize("name", COUNTS)
def test_a_number_is_a_whole_one_and_large_enough(kb: ekb.KnowledgeBase, name: str, value: object) -> None:
    if not (name.endswith("workers") and value is None):
        refused(kb, COUNTS[name], name, value)


@pytest.mark.parametrize("number", [2**63, 2**64, 10**30])
@pytest.mark.parametrize("name", [name for name in COUNTS if name.startswith("select")])
def test_a_number_that_no_file_can_be_asked_for_is_refused(kb: ekb.KnowledgeBase, name: str, number: int) -> None:
    with pytest.raises(ekb.QuestionError, match=f"limit is {number}; give a whole number, 1 to 9,223,372,036,854,775"):
        COUNTS[name](kb, limit=number)


def test_a_page_may_be_asked_to_show_everything(kb: ekb.KnowledgeBase) -> None:
    number = 2**63 - 1
    everything = ekb.brief(kb, skill="machine-learning", cards=1_000, headlines=1_000)
    assert ekb.brief(kb, skill="machine-learning", cards=number, headlines=number) == everything


@pytest.mark.parametrize("name", [name for name in COUNTS if not name.startswith("brief ")])
def test_a_whole_number_of_another_library_is_one(kb: ekb.KnowledgeBase, name: str) -> None:
    option = name.split()[1]
    assert COUNTS[name](kb, **{option: Whole(1)}) == COUNTS[name](kb, **{option: 1})


@pytest.mark.parametrize("value", ["no", "", 0, 1, None, [], Whole(1)], ids=repr)
@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_is_true_or_false_and_nothing_that_counts_as_such(
    kb: ekb.KnowledgeBase, name: str, value: object
) -> None:
    refused(kb, FLAGS[name], name, value)
    for said in (True, False):
        FLAGS[name](kb, **{name.split()[1]: said})


@pytest.mark.parametrize("value", [7, True, 1.5, ["a"], b"a", {}], ids=repr)
@pytest.mark.parametrize("name", TEXTS)
def test_one_text_is_one_text(kb: ekb.KnowledgeBase, name: str, value: object) -> None:
    refused(kb, TEXTS[name], name, value)


@pytest.mark.parametrize("value", [7, True, [], [7], ["torch", None], b"a"], ids=repr)
@pytest.mark.parametrize("name", SEVERAL)
def test_several_are_texts_and_at_least_one(kb: ekb.KnowledgeBase, name: str, value: object) -> None:
    refused(kb, SEVERAL[name], name, value)


@pytest.mark.parametrize("value", [0, "", False, 1.5, "soon", [], "2026-01-02T03:04"], ids=repr)
@pytest.mark.parametrize("name", DAYS)
def test_a_day_is_a_day_and_nothing_is_not_today(kb: ekb.KnowledgeBase, name: str, value: object) -> None:
    refused(kb, DAYS[name], name, value)
    DAYS[name](kb, **{name.split()[1]: datetime.date(2026, 1, 2)})
