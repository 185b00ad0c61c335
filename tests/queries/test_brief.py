"""A brief: a tag is no measurement, every figure carries its flags and its citation, nothing is left unsaid."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest

import evidencekb as ekb

KEYS = {
    "Brief": "ref question title summary coverage headline context answers cohorts conflicts caveats gaps faq exclusions "
    "untraced figures findings definitions threads circulating references depends_on digest stamp",
    "Card": "ref title statement figures byline badges fit caveats definitions references",
    "Figure": "id finding estimate outcome measure value range direction qualifier unit display phrase words group comparator "
    "period place interval no_interval se p_value n no_n sample cohorts definitions nature design preregistered vendor "
    "replications contradicted_by standing version read caveats cite",
    "Question": "role skill cohort topic outcome product instrument slug",
    "Fit": "tier role skill cohort topic outcome product instrument why",
    "Caveat": "code severity subject params text",
    "Reference": "key label text csl url kind vendor standing primary_for secondary_for read",
    "Answer": "aspect question tier text cards gap caveats figures claims",
    "FaqItem": "aspect question answer figures references gap",
    "Gap": "id kind aspect question text searched nearest as_of",
    "Ref": "kind id label",
}


@pytest.mark.parametrize("name", KEYS)
def test_a_record_of_an_answer_has_the_agreed_keys(name: str) -> None:
    assert {field.name for field in fields(getattr(ekb, name))} == set(KEYS[name].split())


def test_tiers_come_from_the_findings_own_links(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, role="engineer", skill="torch")
    fits = {card.ref.id: card.fit for card in (*page.headline, *page.context)}
    assert {id: fit.tier for id, fit in fits.items() if fit} == {
        "pay-gap": "partial",
        "use-count": "partial",
        "skill-use": "near",
        "writers-trial": "context",
    }
    near = fits["skill-use"]
    assert near is not None
    assert (near.role, near.skill) == ("proxy", "broader")
    assert near.why == "About a stand-in for engineers, about something wider than Torch; measured on workers."
    assert page.coverage == {"direct": 0, "partial": 2, "near": 1, "context": 1, "gaps": 0, "beyond": 0}


def test_headlines_are_the_nearest_cards_and_never_context(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, role="engineer", skill="torch", headlines=4, pin="writers-trial")
    assert [card.ref.id for card in page.headline] == ["pay-gap", "use-count", "skill-use"]
    assert [card.ref.id for card in page.context] == ["writers-trial"]


def test_a_pinned_finding_keeps_its_fit(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, skill="torch", pin=["writers-trial"])
    (pinned,) = [card for card in page.context if card.ref.id == "writers-trial"]
    assert pinned.fit is not None
    assert (pinned.fit.tier, pinned.fit.why) == ("context", "Measured on some older workers; not about Torch.")


def test_superseded_and_withdrawn_findings_are_shown_only_when_pinned(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, skill="torch")
    shown = {card.ref.id for card in (*page.headline, *page.context)}
    assert {"pay-gap-2018", "disavowed-finding"}.isdisjoint(shown)
    page = ekb.brief(kb, skill="torch", pin="disavowed-finding", headlines=9)
    (card,) = [card for card in page.headline if card.ref.id == "disavowed-finding"]
    assert (card.caveats[0].code, card.caveats[0].severity) == ("standing", "stop")
    assert "DISAVOWED" in str(card.figures[0])


def test_a_figure_says_all_in_one_line(kb: ekb.KnowledgeBase) -> None:
    figures = ekb.brief(kb, skill="torch", role="writer").figures
    assert str(figures["pay-gap#gap"]) == (
        "+11% offered pay (2010 to 2019; n = 500 ads; 95% interval +9% to +13%) [Journal of Ads, 2020, doi:10.5555/ads.2020]"
    )
    assert str(figures["use-count#share"]) == (
        "63%: use (2024; n = 316 firms; as reported; VENDOR: The Maker sells boxes for it; no interval seen) "
        "[The Maker, 2024, https://maker.example/use]"
    )
    assert f"{figures['writers-trial#time']}".startswith("−40% use (with it vs without it; n = 500 ads;")
    assert figures["writers-trial#time"].words == "40% lower use"
    assert figures["skill-use#up"].display == "increase in"
    assert f"{figures['pay-gap#gap'].value}" == "11"


def test_an_absent_interval_tells_which_absence_and_a_present_one_has_none(kb: ekb.KnowledgeBase) -> None:
    figures = ekb.brief(kb, skill="torch").figures
    assert figures["use-count#share"].no_interval == {"code": "not_seen", "text": "no interval seen"}
    assert figures["pay-gap#gap"].no_interval is None
    assert figures["pay-gap#gap"].interval == {"lower": 9, "upper": 13, "level": 0.95}


def test_the_other_version_is_named_and_not_mixed_in(kb: ekb.KnowledgeBase) -> None:
    figure = ekb.brief(kb, skill="torch").figures["pay-gap#gap"]
    assert figure.version == {"label": "article, 2020", "others": ["working paper, 2018: n = 500, +9%"]}


def test_badges_are_the_flag_the_nature_and_the_design(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, skill="torch", role="writer")
    badges = {card.ref.id: card.badges for card in (*page.headline, *page.context)}
    assert badges["use-count"] == ("vendor", "reported", "survey")
    assert badges["writers-trial"] == ("experiment",)
    assert badges["pay-gap"] == ()


def test_references_name_only_what_the_page_shows(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, skill="torch")
    held = {reference.key: reference.primary_for for reference in page.references}
    assert held == {"ads2020": ("pay-gap",), "maker2024": ("use-count",), "trial2023": ("skill-use",)}
    assert {"finding:pay-gap", "source:ads2020", "definition:pay-in-ads", "concept:torch"} <= set(page.depends_on)


def test_a_brief_about_one_subject_has_that_subjects_ref(kb: ekb.KnowledgeBase) -> None:
    assert ekb.brief(kb, cohort="older-workers").ref == ekb.Ref("cohort", "older-workers", "Older workers")
    assert ekb.brief(kb, role="engineer", skill="torch").ref.id == "engineer-x-torch"
    assert ekb.brief(kb, role="engineer", skill="torch").title == "Torch for engineers: what is known"


def test_json_holds_cards_by_the_ids_of_their_figures(kb: ekb.KnowledgeBase) -> None:
    data = json.loads(ekb.brief(kb, skill="torch").to_json())
    assert data["headline"][0]["figures"] == ["pay-gap#gap"]
    assert data["figures"]["pay-gap#gap"]["value"] == 11
    assert data["figures"]["pay-gap#gap"]["cite"]["key"] == "ads2020"


def test_text_has_titles_bylines_fits_and_references(kb: ekb.KnowledgeBase) -> None:
    text = str(ekb.brief(kb, skill="torch"))
    assert text.startswith("# Torch: what is known\n\n**2 findings in this pack are directly about Torch.")
    assert "3 findings from 3 sources: 2 direct, 0 partial, 1 near, 0 context." in text
    assert "1. **Headline of pay-gap.** +11% offered pay" in text
    assert "The Maker · 2024 [2] · **vendor** · **reported** · **survey**" in text
    assert "None" not in text


def test_the_digest_leaves_the_stamp_out(kb: ekb.KnowledgeBase) -> None:
    page = ekb.brief(kb, skill="torch")
    assert page.digest == ekb.brief(kb, skill="torch").digest
    assert page.digest != ekb.brief(kb, role="writer").digest
    assert page.stamp["digest"] == kb.digest


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({}, ekb.QuestionError, "names at least one of role, skill"),
        ({"skill": "torhc"}, ekb.UnknownIdError, "Did you mean 'torch'"),
        ({"role": "torch"}, ekb.QuestionError, "'torch' is a skill, not a role; ask skill='torch'"),
        ({"skill": "torch", "pin": "nothing"}, ekb.UnknownIdError, "no finding has the id 'nothing'"),
    ],
)
def test_a_question_that_cannot_be_asked_says_why(
    kb: ekb.KnowledgeBase, asked: dict[str, str], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ekb.brief(kb, **asked)  # type: ignore[arg-type]  # options by name
