"""Packs with little in them: a page says what is not known, and leaves no slot empty."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings

import evidencekb as ekb
from evidencekb.answers import TIERS
from evidencekb.testing import Fields, Pack, built, packs
from tests.properties.pages import every_page, mixes, opened, singles

SOME = settings(max_examples=settings().max_examples // 10)
ASPECT: Fields = {
    "id": "pay", "label": "Pay", "outcomes": ["pay"], "wanted": "level", "unanswered": "No pay is recorded here.",
    "questions": {"role": "What do {roles} earn?", "skill": "Does {skill} pay?", "role+skill": "Does {skill} pay {roles}?"},
}  # fmt: skip


def bare(*aspects: Fields) -> Pack:
    """One role, one skill, and no finding."""
    concepts: list[Fields] = [
        {"id": "nurse", "kind": "role", "label": "Nurse"},
        {"id": "triage", "kind": "skill", "label": "triage"},
        {"id": "pay", "kind": "outcome", "label": "pay"},
    ]
    return {"concepts": concepts, "cohorts": [], "aspects": list(aspects)}


def test_a_pack_without_findings_answers_with_gaps(tmp_path: Path) -> None:
    with built(bare(ASPECT), tmp_path) as kb:
        page = ekb.brief(kb, role="nurse", skill="triage")
        assert list(ekb.questions(kb, at_least="context")) == []
    assert page.title == "Triage for nurses: what is known"
    assert page.summary == "No finding in this pack bears on nurses and triage."
    assert page.coverage == {"direct": 0, "partial": 0, "near": 0, "context": 0, "gaps": 1, "beyond": 0}
    (answer,) = page.answers
    assert (answer.question, answer.tier, answer.cards) == ("Does triage pay nurses?", None, ())
    assert answer.text == "Not known: nothing in this pack answers it. No pay is recorded here."
    assert [gap.id for gap in page.gaps] == ["computed:pay:nurse-x-triage"]
    assert page.gaps[0].text == "No finding in this pack measures pay for nurses and triage."
    assert [(item.question, item.gap) for item in page.faq] == [("Does triage pay nurses?", True)]
    assert (page.headline, page.context, page.references, page.caveats) == ((), (), (), ())
    assert "0 findings from 0 sources: 0 direct, 0 partial, 0 near, 0 context." in page.to_markdown()


def test_a_pack_without_aspects_has_a_page_all_the_same(tmp_path: Path) -> None:
    with built(bare(), tmp_path) as kb:
        page = ekb.brief(kb, skill="triage")
    assert (page.title, page.summary) == ("Triage: what is known", "No finding in this pack bears on triage.")
    assert (page.answers, page.gaps, page.faq) == ((), (), ())
    assert '"@type": "WebPage"' in page.to_jsonld()


@SOME
@given(packs(findings=(1, 5), vendor_only=True))
def test_where_all_evidence_is_from_vendors_every_figure_and_the_page_say_so(pack: Pack) -> None:
    with opened(pack) as kb:
        for page in every_page(kb, pack):
            assert all(
                figure.vendor["flag"] == "vendor" and "VENDOR" in str(figure) for figure in page.figures.values()
            )
            assert all("vendor" in card.badges for card in page.cards)
            said = [caveat for caveat in page.caveats if caveat.code == "vendor"]
            assert [caveat.params for caveat in said] == (
                [{"vendor": len(page.references), "of": len(page.references)}] if page.references else []
            )


@SOME
@given(packs(findings=(1, 5)))
def test_what_rests_on_a_retracted_source_is_shown_only_when_pinned_and_says_so(pack: Pack) -> None:
    gone = pack["findings"][0]["citations"][0]["source"]
    standing = {"events": [{"status": "retracted"}]}
    sources = [{**source, "standing": standing if source["id"] == gone else {}} for source in pack["sources"]]
    resting = {
        finding["id"]
        for finding in pack["findings"]
        if any(c["role"] == "primary" and c["source"] == gone for c in finding["citations"])
    }
    after = {**pack, "claims": [], "sources": sources}
    with opened(after) as kb:
        for question in (*singles(after), *mixes(after)):
            page = ekb.brief(kb, **question)  # type: ignore[arg-type]  # options by name
            assert resting.isdisjoint(page.findings)
            assert resting.isdisjoint(figure.finding for figure in page.figures.values())
            pinned = ekb.brief(kb, **question, pin=sorted(resting), headlines=9)  # type: ignore[arg-type]  # options by name
            cards = {card.ref.id: card for card in pinned.cards}
            assert resting <= cards.keys()
            for id in resting:
                assert (cards[id].caveats[0].code, cards[id].caveats[0].severity) == ("standing", "stop")
            assert resting.isdisjoint(card.ref.id for answer in pinned.answers for card in answer.cards)
            for figure in pinned.figures.values():
                if figure.cite["key"] == gone:
                    assert "RETRACTED" in str(figure)


@pytest.mark.parametrize("tier", TIERS)
def test_a_pack_without_findings_offers_no_question(tmp_path: Path, tier: str) -> None:
    with built(bare(ASPECT), tmp_path) as kb:
        for of in ("role", "skill", ("role", "skill")):
            assert list(ekb.questions(kb, of=of, at_least=tier)) == []
