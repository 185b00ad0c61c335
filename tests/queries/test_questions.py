"""Which questions deserve a page, and the briefs of many questions."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

import evidencekb as ekb
from tests.queries.small import below, cohort, concept, estimate, finding, pack, source
from tests.records import built

# Welders are measured with soldering, artisans hold them; nurses are a stand-in, clerks only mentioned, judges nowhere.
PACK = pack(
    [
        finding("both", estimate("pay", 5), about={"welder": "measured", "soldering": "measured"}),
        finding("stand-in", estimate("pay", 5), about={"nurse": "proxy"}),
        finding("mention", estimate("pay", 5), about={"clerk": "mentioned", "filing": "measured"}),
        finding("gone", estimate("pay", 5), about={"judge": "measured"}, on={"judges": "exact"}),
    ],
    concepts=[
        concept("role", "artisan", "Artisan"),
        concept("role", "welder", "Welder", links=below("artisan")),
        *(concept("role", id, id.capitalize()) for id in ("nurse", "clerk", "judge")),
        concept("skill", "soldering", "Soldering"),
        concept("skill", "filing", "Filing"),
        concept("skill", "juggling", "Juggling"),
        concept("topic", "shops", "Shops"),
        concept("outcome", "pay", "Pay"),
    ],
    cohorts=[cohort("older-workers", broader=["workers"]), cohort("judges")],
    sources=[source("gone", standing={"events": [{"status": "retracted"}]})],
)


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with built(tmp_path_factory.mktemp("questions"), PACK) as kb:
        yield kb


def slugs(kb: ekb.KnowledgeBase, **options: Any) -> list[str]:
    return [question.slug for question in ekb.questions(kb, **options)]


@pytest.mark.parametrize(
    ("of", "at_least", "found"),
    [
        ("role", "direct", ["artisan", "welder"]),
        ("role", "partial", ["artisan", "welder"]),
        ("role", "near", ["artisan", "nurse", "welder"]),
        ("role", "context", ["artisan", "nurse", "welder"]),
        ("skill", "direct", ["filing", "soldering"]),
        ("cohort", "direct", ["workers"]),
        ("cohort", "near", ["older-workers", "workers"]),
        ("outcome", "direct", ["pay"]),
        ("topic", "near", []),
        ("product", "near", []),
        (("role", "skill"), "direct", ["artisan-x-soldering", "welder-x-soldering"]),
        (
            ("role", "skill"), "partial",
            [f"{role}-x-{skill}" for role in ("artisan", "nurse", "welder") for skill in ("filing", "soldering")],
        ),
        (("role", "topic"), "near", []),
        (("role", "cohort"), "direct", ["artisan-x-workers", "welder-x-workers"]),
        (("role", "skill", "cohort"), "direct", ["artisan-x-soldering-x-workers", "welder-x-soldering-x-workers"]),
        (("skill", "cohort", "outcome"), "direct", ["filing-x-workers-x-pay", "soldering-x-workers-x-pay"]),
    ],
)  # fmt: skip
def test_a_question_deserves_a_page_when_a_card_reaches_the_tier_and_each_subject_is_better_than_mentioned(
    kb: ekb.KnowledgeBase, of: str | tuple[str, ...], at_least: str, found: list[str]
) -> None:
    assert slugs(kb, of=of, at_least=at_least) == found


def test_partly_measured_mixes_of_roles_and_skills_are_meant_unless_said_otherwise(kb: ekb.KnowledgeBase) -> None:
    assert slugs(kb) == slugs(kb, of=("role", "skill"), at_least="partial")


def test_a_question_holds_its_subjects_with_their_labels(kb: ekb.KnowledgeBase) -> None:
    assert next(ekb.questions(kb, at_least="direct")) == ekb.Question(
        role=ekb.Ref("role", "artisan", "Artisan"),
        skill=ekb.Ref("skill", "soldering", "Soldering"),
        slug="artisan-x-soldering",
    )


def test_dimensions_keep_their_own_order_however_they_are_named(kb: ekb.KnowledgeBase) -> None:
    assert slugs(kb, of=("skill", "role")) == slugs(kb, of=("role", "skill"))
    assert slugs(kb, of=iter(["skill", "role"])) == slugs(kb)


def test_questions_are_made_when_they_are_taken(kb: ekb.KnowledgeBase) -> None:
    asked = ekb.questions(kb)
    assert iter(asked) is asked
    assert [next(asked).slug, next(asked).slug] == ["artisan-x-filing", "artisan-x-soldering"]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"of": "rol"}, "of names 'rol'; did you mean 'role'"),
        ({"of": ("role", "occupation")}, "of names 'occupation'; known are role, skill, cohort, topic"),
        ({"of": ("role", "skill", "role")}, "of names role, skill, role; name each dimension once"),
        ({"of": ()}, "of is empty"),
        ({"of": ("role", 3)}, "of is 3; give an id as text"),
        ({"at_least": "nearly"}, "at_least is 'nearly'"),
        ({"at_least": "Direct"}, "at_least is 'Direct'"),
        ({"at_least": ""}, "at_least is ''; known are direct, partial, near, context"),
    ],
)
def test_an_option_that_means_nothing_is_refused_at_once(
    kb: ekb.KnowledgeBase, options: dict[str, Any], says: str
) -> None:
    with pytest.raises(ekb.QuestionError, match=says):
        ekb.questions(kb, **options)


# Many briefs


def test_briefs_of_mappings_and_of_questions_are_the_same(kb: ekb.KnowledgeBase) -> None:
    (question,) = [q for q in ekb.questions(kb, at_least="direct") if q.slug == "welder-x-soldering"]
    first, second = ekb.briefs(kb, [question, {"skill": "soldering", "role": "welder"}])
    assert first == second == ekb.brief(kb, role="welder", skill="soldering")


def test_briefs_keep_the_order_asked_and_the_options(kb: ekb.KnowledgeBase) -> None:
    asked = [{"skill": "filing"}, {"role": "welder"}, {"skill": "filing"}]
    pages = list(ekb.briefs(kb, asked, headlines=0, cards=0, pin="both"))
    assert [page.question.slug for page in pages] == ["filing", "welder", "filing"]
    assert [[card.ref.id for card in page.context] for page in pages] == [["both"]] * 3
    assert [page.headline for page in pages] == [()] * 3
    assert [page.coverage["beyond"] for page in pages] == [1, 0, 1]


@pytest.mark.parametrize(
    ("question", "error", "says"),
    [
        ({}, ekb.QuestionError, "a question names at least one of role, skill"),
        ({"job": "welder"}, ekb.QuestionError, "a question names role, skill, .*, not 'job'"),
        ({"role": "soldering"}, ekb.QuestionError, "'soldering' is a skill, not a role"),
        ({"role": "weldr"}, ekb.UnknownIdError, "Did you mean 'welder'"),
        ({"role": ["welder"]}, ekb.QuestionError, "give an id as text"),
        ("welder", ekb.QuestionError, "'welder' is no question; give a Question, or a mapping"),
        (None, ekb.QuestionError, "None is no question"),
    ],
)
def test_a_wrong_question_is_refused_when_its_turn_comes(
    kb: ekb.KnowledgeBase, question: Any, error: type[Exception], says: str
) -> None:
    pages = ekb.briefs(kb, [{"role": "welder"}, question])
    assert next(pages).question.slug == "welder"
    with pytest.raises(error, match=says):
        next(pages)


@pytest.mark.parametrize(
    ("options", "error", "says"),
    [
        ({"headlines": -1}, ekb.QuestionError, "headlines is -1; give a whole number, 0 or more"),
        ({"cards": -2}, ekb.QuestionError, "cards is -2; give a whole number, 0 or more"),
        ({"cards": 2.5}, ekb.QuestionError, "cards is 2.5; give a whole number"),
        ({"headlines": True}, ekb.QuestionError, "headlines is True; give a whole number"),
        ({"pin": "bothh"}, ekb.UnknownIdError, "Did you mean 'both'"),
        ({"aspects": "pay"}, ekb.UnknownIdError, "no aspect has the id 'pay'"),
    ],
)
def test_a_wrong_option_is_refused_before_the_first_page(
    kb: ekb.KnowledgeBase, options: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ekb.briefs(kb, [], **options)
    with pytest.raises(error, match=says):
        ekb.brief(kb, role="welder", **options)


@pytest.mark.parametrize("questions", [{"role": "welder"}, "welder", None, 3])
def test_a_single_question_is_no_list_of_questions(kb: ekb.KnowledgeBase, questions: Any) -> None:
    with pytest.raises(ekb.QuestionError, match="give several, such as those of questions"):
        ekb.briefs(kb, questions)
