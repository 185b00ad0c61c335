"""Pages of made-up packs: no slot is empty, all that is named is there, and fits are what the records say."""

from __future__ import annotations

import datetime
import re
from collections import Counter
from collections.abc import Iterator
from itertools import count, islice, product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.answers import TIERS
from evidencekb.testing import Fields, Pack, asked, packs, write
from evidencekb.vocab import DIMENSIONS
from tests.properties.pages import ENDED, every_page, mixes, opened, said, singles, subjects

SOME = settings(max_examples=settings().max_examples // 10)
FULL = st.one_of(packs(), packs(findings=(3, 6)))

# What a template leaves behind when a field of it is empty, absent or a sentence already.
HOLES = re.compile(r"\bNone\b(?! of )|k[–-]k|\.\.|[!?]\.| {2}| [.,;:!?](?: |$)|\(\)|\( | \)|: ?\.|\[\]")
# Texts of the packs that hold braces themselves.
BRACED = ("{role} of {skill}", "{n} people", "{Which}")


def hole(text: str) -> str | None:
    """What is wrong with a text that a template made; None when nothing is."""
    if not text.strip():
        return "empty"
    found = HOLES.search(text)
    if found:
        return f"{found[0]!r}"
    for own in BRACED:
        text = text.replace(own, "")
    return "a brace" if "{" in text or "}" in text else None


def worked_out(page: ekb.Brief, pack: Pack) -> Iterator[tuple[str, str]]:
    """Every sentence of a page that is not a record's own, with the slot that it fills."""
    yield "summary", page.summary
    yield "coverage_text", page.coverage_text
    for answer in page.answers:
        yield "answer.text", answer.text
        yield from (("answer.caveats", caveat.text) for caveat in answer.caveats)
    for gap in page.gaps:
        yield "gap.text", gap.text
        yield "str(gap)", str(gap)
    yield from (("faq.answer", item.answer) for item in page.faq)
    yield from (("cluster.text", cluster.text) for cluster in page.cohorts)
    yield from (("conflict.text", conflict.text) for conflict in page.conflicts)
    yield from (("caveats", caveat.text) for caveat in page.caveats)
    recorded = {f["id"]: {caveat["text"] for caveat in f.get("caveats", ())} for f in pack["findings"]}
    for card in page.cards:
        assert card.fit is not None
        yield "fit.why", card.fit.why
        yield from (("card.caveats", c.text) for c in card.caveats if c.text not in recorded[card.ref.id])


def printed(page: ekb.Brief) -> Iterator[tuple[str, str]]:
    """Every text of a page that is no sentence, but must not be empty or show a hole; with its slot."""
    yield "title", page.title
    for answer in page.answers:
        yield "answer.question", answer.question
    for card in page.cards:
        yield "card.title", card.title
        yield "card.statement", card.statement
        yield "card.byline", card.byline
        yield "str(card)", str(card)
    for figure in page.figures.values():
        for name in ("display", "phrase", "words", "line"):
            yield f"figure.{name}", getattr(figure, name)
        yield "str(figure)", str(figure)
        yield "figure.cite", figure.cite["text"]
    for reference in page.references:
        yield "reference.label", reference.label
        yield "reference.text", reference.text
    yield from (("markdown", line) for line in page.to_markdown().split("\n") if line)
    yield from (("str(brief)", line) for line in str(page).split("\n") if line)


@SOME
@given(FULL)
def test_every_slot_of_a_page_holds_a_whole_sentence(pack: Pack) -> None:
    with opened(pack) as kb:
        for page in every_page(kb, pack):
            for slot, text in worked_out(page, pack):
                assert hole(text) is None, (page.ref.id, slot, hole(text), text)
                assert ENDED.search(text), (page.ref.id, slot, "no end", text)
            for slot, text in printed(page):
                assert hole(text) is None, (page.ref.id, slot, hole(text), text)


@SOME
@given(FULL)
def test_every_slot_of_a_single_card_holds_a_text(pack: Pack) -> None:
    with opened(pack) as kb:
        cards: list[ekb.Card | ekb.ClaimCard | ekb.UntracedCard] = [
            *(ekb.finding_card(kb, finding["id"]) for finding in pack["findings"]),
            *(ekb.claim_card(kb, claim["id"]) for claim in pack["claims"]),
            *(ekb.untraced_card(kb, untraced["id"]) for untraced in pack["untraced"]),
        ]
        told = [line for card in cards for text in (str(card), card.to_markdown()) for line in text.split("\n")]
        sentences = [text for card in cards if isinstance(card, ekb.ClaimCard) for text in (card.text, *_of(card))]
        concepts = {concept["id"] for concept in pack["concepts"]}
        beside = [c["id"] for c in pack["cohorts"] if c["id"] not in concepts] + sorted(concepts)
        sentences += [neighbour.text for id in beside for neighbour in ekb.neighbours(kb, id, limit=99)]
    for text in filter(None, [*told, *sentences]):
        assert hole(text) is None, (hole(text), text)
    for text in sentences:
        assert ENDED.search(text), text


def _of(card: ekb.ClaimCard) -> list[str]:
    return [caveat.text for caveat in card.caveats]


@SOME
@given(FULL)
def test_a_question_stands_once_among_those_that_people_ask(pack: Pack) -> None:
    with opened(pack) as kb:
        for page in every_page(kb, pack):
            questions = [item.question.casefold() for item in page.faq]
            assert len(set(questions)) == len(questions)
            assert set(questions) == {answer.question.casefold() for answer in page.answers}


@SOME
@given(st.data(), FULL)
def test_an_answer_is_the_one_of_its_brief_and_has_cards_or_a_gap(data: st.DataObject, pack: Pack) -> None:
    with opened(pack) as kb:
        question = data.draw(asked(pack))
        for found in ekb.brief(kb, **question).answers:  # type: ignore[arg-type]  # options by name
            assert (found.gap is None) == bool(found.cards) == (found.tier is not None)
            assert ekb.answer(kb, found.aspect, **question).to_dict() == found.to_dict()


@SOME
@given(FULL)
def test_what_stands_first_is_nearest_and_context_is_no_headline(pack: Pack) -> None:
    pinned = [finding["id"] for finding in pack["findings"]]
    with opened(pack) as kb:
        for page in every_page(kb, pack, headlines=4, **({"pin": pinned} if pinned else {})):
            measured, papers, further = (
                [card.fit.tier for card in cards if card.fit] for cards in (*_parted(page.headline), page.context)
            )
            assert "context" not in (*measured, *papers)
            for tiers in (measured, papers, further):
                assert tiers == sorted(tiers, key=TIERS.index)
            assert page.headline == (*_parted(page.headline)[0], *_parted(page.headline)[1])
            assert {card.ref.id for card in page.cards} == set(pinned)
            nearer = [card for card in page.context if card.fit and card.fit.tier != "context" and card.figures]
            works = {_works(pack, card.ref.id) for card in page.headline}
            assert len(page.headline) == 4 or all(_shares(_works(pack, card.ref.id), works) for card in nearer)


def _parted(cards: tuple[ekb.Card, ...]) -> tuple[list[ekb.Card], list[ekb.Card]]:
    """What was measured, and what case papers say."""
    papers = [card for card in cards if card.figures[0].design == "legal_document"]
    return [card for card in cards if card not in papers], papers


def _works(pack: Pack, finding: str) -> frozenset[str]:
    works = {source["id"]: str(source.get("work", source.get("case", source["id"]))) for source in pack["sources"]}
    (citations,) = [f["citations"] for f in pack["findings"] if f["id"] == finding]
    return frozenset(works[c["source"]] for c in citations if c["role"] == "primary")


def _shares(works: frozenset[str], taken: set[frozenset[str]]) -> bool:
    return any(works & other for other in taken)


@SOME
@given(FULL, st.integers(0, 30))
def test_coverage_counts_what_is_shown(pack: Pack, cards: int) -> None:
    with opened(pack) as kb:
        for page in every_page(kb, pack, cards=cards):
            shown = Counter(card.fit.tier for card in page.cards if card.fit)
            # Tiers are its keys.
            assert {tier: page.coverage[tier] for tier in TIERS} == {tier: shown[tier] for tier in TIERS}  # type: ignore[literal-required]
            assert page.coverage["gaps"] == len(page.gaps)
            assert page.coverage["beyond"] + sum(shown.values()) <= len(pack["findings"])


@SOME
@given(FULL)
def test_whatever_a_page_names_is_on_it(pack: Pack) -> None:
    with opened(pack) as kb:
        for page in every_page(kb, pack):
            figures = {figure.id for card in page.cards for figure in card.figures}
            figures |= {figure.id for answer in page.answers for figure in answer.figures}
            figures |= {figure.id for item in page.faq for figure in item.figures}
            figures |= {figure.id for conflict in page.conflicts for figure in conflict.figures}
            figures |= {id for gap in page.gaps for id in gap.nearest}
            assert figures == set(page.figures)
            findings = {card.ref.id for card in page.cards}
            findings |= {figure.finding for figure in page.figures.values()}
            findings |= {ref.id for conflict in page.conflicts for ref in conflict.findings}
            findings |= {id for card in page.cards for figure in card.figures for id in figure.contradicted_by}
            findings |= {
                id for card in page.cards for c in card.caveats if c.code == "contested" for id in c.params["by"]
            }
            assert findings == set(page.findings)
            definitions = {d["id"] for figure in page.figures.values() for d in figure.definitions}
            definitions |= {id for cluster in page.cohorts for id in cluster.definitions}
            definitions |= {id for card in page.cards for id in card.definitions}
            assert definitions <= set(page.definitions)
            keys = {figure.cite["key"] for figure in page.figures.values()}
            keys |= {r.key for item in page.faq for r in item.references}
            keys |= {reference.key for card in page.cards for reference in card.references}
            assert keys <= {reference.key for reference in page.references}
            assert {card.ref.id for cluster in page.cohorts for card in cluster.cards} <= {c.ref.id for c in page.cards}
            assert {card.ref.id for answer in page.answers for card in answer.cards} <= {c.ref.id for c in page.cards}


# Fit, worked out again from the records: the weaker of the finding's own link and of the hierarchy.

FITS = ("exact", "narrower", "broader", "proxy", "other")
LINKS = {"measured": 0, "includes": 2, "proxy": 3, "mentioned": 4,
         "exact": 0, "narrower": 1, "broader": 2, "simulated": 3, "analogous": 3}  # fmt: skip


def above(pack: Pack, listing: str, id: str) -> set[str]:
    """What lies above a concept or cohort, at any distance."""
    (record,) = [record for record in pack[listing] if record["id"] == id]
    linked = [link["to"] for link in record.get("links", ()) if link["relation"] == "broader"]
    next_up = set(record.get("broader", linked))
    return next_up.union(*(above(pack, listing, up) for up in next_up))


def links_of(finding: Fields, dimension: str) -> list[tuple[str, str]]:
    """What a finding is linked to, and how; of two links to one concept the tag counts."""
    if dimension == "cohort":
        return [(link["cohort"], link["fit"]) for link in finding["cohorts"]]
    if dimension == "outcome":
        return [(estimate["outcome"], "measured") for estimate in finding["estimates"]]
    tagged = {link["concept"]: link["how"] for link in finding["about"]}
    return list(({link["product"]: "measured" for link in finding.get("products", ())} | tagged).items())


def fit_of(pack: Pack, finding: Fields, dimension: str, asked_for: str) -> str:
    listing = "cohorts" if dimension == "cohort" else "concepts"
    best = FITS.index("other")
    for linked, how in links_of(finding, dimension):
        if linked == asked_for:
            weight = LINKS[how]
        elif asked_for in above(pack, listing, linked):
            weight = max(LINKS[how], FITS.index("narrower"))
        elif linked in above(pack, listing, asked_for):
            weight = max(LINKS[how], FITS.index("broader"))
        else:
            continue
        best = min(best, weight)
    return FITS[best]


def tier_of(fits: list[str]) -> str:
    if all(fit in ("exact", "narrower") for fit in fits):
        return "direct"
    if any(fit in ("exact", "narrower") for fit in fits):
        return "partial"
    return "near" if any(fit in ("broader", "proxy") for fit in fits) else "context"


@SOME
@given(FULL)
def test_a_fit_is_what_links_and_hierarchy_say(pack: Pack) -> None:
    findings = {finding["id"]: finding for finding in pack["findings"]}
    with opened(pack) as kb:
        left_out = {id for (id,) in kb.rows("SELECT finding FROM left_out")}
        for question in (*singles(pack), *mixes(pack)):
            page = ekb.brief(kb, **question, cards=10_000)  # type: ignore[arg-type]  # options by name
            expected = {
                id: [fit_of(pack, finding, dimension, subject) for dimension, subject in question.items()]
                for id, finding in findings.items()
            }
            for card in page.cards:
                assert card.fit is not None
                assert [getattr(card.fit, dimension) for dimension in question] == expected[card.ref.id]
                assert card.fit.tier == tier_of(expected[card.ref.id])
                assert {d for d in DIMENSIONS if getattr(card.fit, d) is not None} == question.keys()
            bearing = {id for id, fits in expected.items() if tier_of(fits) != "context"} - left_out
            assert bearing <= {card.ref.id for card in page.cards}


# Many pages


@SOME
@given(FULL)
def test_many_briefs_are_the_same_as_one_by_one(pack: Pack) -> None:
    questions = [*singles(pack), *mixes(pack)]
    with opened(pack) as kb, opened(pack) as anew:
        together = [page.to_dict() for page in ekb.briefs(kb, questions, headlines=2, cards=3)]
        alone = [ekb.brief(anew, **q, headlines=2, cards=3).to_dict() for q in reversed(questions)]
    assert together == alone[::-1]


@SOME
@given(packs(findings=(0, 1)))
def test_a_brief_is_made_when_it_is_taken(pack: Pack) -> None:
    taken: list[int] = []

    def for_ever() -> Iterator[dict[str, str]]:
        for number in count():
            taken.append(number)
            yield singles(pack)[0]

    with opened(pack) as kb:
        assert len(list(islice(ekb.briefs(kb, for_ever()), 2))) == 2
    assert taken == [0, 1]


@SOME
@given(st.data(), FULL)
def test_questions_that_deserve_a_page_are_those_whose_brief_says_so(data: st.DataObject, pack: Pack) -> None:
    held = subjects(pack)
    of = data.draw(st.lists(st.sampled_from(list(held)), min_size=1, max_size=3, unique=True))
    at_least = data.draw(st.sampled_from(TIERS))
    worst = TIERS.index("near" if at_least == "context" else at_least)
    named = [dimension for dimension in DIMENSIONS if dimension in of]
    expected = []
    with opened(pack) as kb:
        for mix in product(*(sorted(held[dimension]) for dimension in named)):
            question = dict(zip(named, mix, strict=True))
            # Options by name.
            fits = [card.fit for card in ekb.brief(kb, **question, cards=10_000).cards if card.fit]  # type: ignore[arg-type]
            reached = any(TIERS.index(fit.tier) <= worst for fit in fits)
            known = all(any(getattr(fit, dimension) != "other" for fit in fits) for dimension in named)
            if reached and known:
                expected.append(question)
        found = list(ekb.questions(kb, of=of, at_least=at_least))
    assert [{name: ref.id for name, ref in question.asked.items()} for question in found] == expected


# The same pack, otherwise written or built


@SOME
@given(st.randoms(use_true_random=False), FULL)
def test_pages_do_not_depend_on_the_order_of_records(random: Any, pack: Pack) -> None:
    shuffled = {name: random.sample(records, len(records)) for name, records in reversed(pack.items())}
    with opened(pack) as kb, opened(shuffled) as other:
        for question in (*singles(pack), *mixes(pack)):
            first, second = ekb.brief(kb, **question), ekb.brief(other, **question)  # type: ignore[arg-type]  # options by name
            assert first.to_dict() == second.to_dict()


def test_a_build_on_another_day_changes_stamps_and_no_digest(tmp_path: Path) -> None:
    @SOME
    @given(FULL)
    def check(pack: Pack) -> None:
        with TemporaryDirectory() as folder:
            written = write(pack, Path(folder) / "pack")
            pages = []
            for day in (datetime.date(2026, 1, 20), datetime.date(2031, 7, 1)):
                ekb.build(written, Path(folder) / f"{day}.ekb", today=day)
                with ekb.load(Path(folder) / f"{day}.ekb") as kb:
                    pages.append(every_page(kb, pack))
        for first, second in zip(*pages, strict=True):
            assert (first.stamp["built_on"], second.stamp["built_on"]) == ("2026-01-20", "2031-07-01")
            assert first.digest == second.digest
            assert said(first) == said(second)

    check()


@pytest.mark.parametrize("shape", range(1, len(DIMENSIONS) + 1))
def test_every_shape_of_question_has_a_page(shape: int) -> None:
    @settings(SOME, max_examples=SOME.max_examples // 3)
    @given(st.data(), packs(findings=(1, 4)))
    def check(data: st.DataObject, pack: Pack) -> None:
        held = subjects(pack)
        named = data.draw(st.permutations(list(held)))[:shape]
        question = {name: data.draw(st.sampled_from(held[name])) for name in named}
        with opened(pack) as kb:
            page = ekb.brief(kb, **question)  # type: ignore[arg-type]  # options by name
        assert page.question.asked.keys() == question.keys()
        assert page.ref.kind == ("question" if len(question) > 1 else named[0])

    check()
