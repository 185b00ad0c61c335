"""What is looked up when it is asked is what one would find by working out everything beforehand."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import evidencekb as ekb
from evidencekb.answers import TIERS
from evidencekb.engines.asking import answers, asking
from evidencekb.queries.answering import recorded_gaps
from evidencekb.queries.bearing import OTHER
from evidencekb.queries.candidates import Candidates, subjects_of
from evidencekb.queries.desk import desk_of
from evidencekb.queries.subjects import question_of
from evidencekb.testing import Pack, packs
from evidencekb.vocab import DIMENSIONS
from tests.properties.pages import Asked, mixes, opened, singles, subjects

SOME = settings(max_examples=settings().max_examples // 4)
FULL = packs(findings=(1, 6))
EVERY_BEARING = Path(__file__).with_name("bearing.sql").read_text(encoding="utf-8")
"""How every finding stands to every subject, in one text."""


def questions(pack: Pack) -> dict[str, Asked]:
    return {f"q{at}": asked for at, asked in enumerate((*singles(pack), *mixes(pack)))}


def bearing(kb: ekb.KnowledgeBase) -> dict[tuple[str, str], dict[str, int]]:
    found: dict[tuple[str, str], dict[str, int]] = {}
    for kind, subject, finding, weight in kb.rows(EVERY_BEARING):
        found.setdefault((kind, subject), {})[finding] = weight
    return found


@SOME
@given(FULL)
def test_fits_are_those_of_all_findings_with_all_subjects(pack: Pack) -> None:
    with opened(pack) as kb:
        every, places = bearing(kb), dict(kb.rows("SELECT rank, finding FROM ranked"))
        left_out = {finding for (finding,) in kb.rows("SELECT finding FROM left_out")}
        for dimension, ids in subjects(pack).items():
            for id in ids:
                found = desk_of(kb).subject(dimension, id).bearing
                expected = every.get((dimension, id), {})
                assert {places[p]: w for p, w in found.by_place().items()} == {
                    finding: weight for finding, weight in expected.items() if finding not in left_out
                }
                assert {places[p]: w for p, w in found.left_out.items()} == {
                    finding: weight for finding, weight in expected.items() if finding in left_out
                }


@SOME
@given(FULL)
def test_the_texts_give_what_the_prepared_way_gives(pack: Pack) -> None:
    asked = questions(pack)
    with opened(pack) as kb:
        with asking(kb._connection, asked):
            rows = {name: answers(kb._connection, name) for name in ("ranking", "counts", "gaps", "top")}
            borne = kb.rows("SELECT question, dimension, finding, weight FROM bearing")
        desk = desk_of(kb)
        for name, question in asked.items():
            held = subjects_of(desk, question_of(kb, question))
            candidates = Candidates(desk, held)
            found = candidates.first(100)
            assert [(c.finding, c.tier, c.closeness) for c in found] == [
                row[2:] for row in sorted(rows["ranking"]) if row[0] == name
            ]
            tiers = Counter(c.tier for c in found)
            assert [row[1:] for row in rows["counts"] if row[0] == name] == [tuple(tiers[t] for t in range(len(TIERS)))]
            assert (candidates.total, candidates.direct) == (len(found), tiers[0])
            assert sorted(gap for q, gap in rows["gaps"] if q == name) == [gap.id for gap in recorded_gaps(desk, held)]
            weights = {(d, f): w for q, d, f, w in borne if q == name}
            for c in found:
                assert c.weights == tuple(weights.get((s.ref.kind, c.finding), OTHER) for s in held)
            if question.keys() <= {"role", "skill", "topic", "outcome", "cohort"}:
                top = tuple(row[2] for row in sorted(rows["top"]) if row[0] == name)
                assert top == ekb.select_strongest(kb, **question)  # type: ignore[arg-type]  # options by name


@SOME
@given(FULL, st.integers(0, 4))
def test_the_first_of_the_candidates_are_the_first_of_all(pack: Pack, most: int) -> None:
    with opened(pack) as kb:
        desk = desk_of(kb)
        for question in questions(pack).values():
            candidates = Candidates(desk, subjects_of(desk, question_of(kb, question)))
            assert candidates.first(most) == sorted(candidates.first(100))[:most]


def selected(kb: ekb.KnowledgeBase, asked: Asked, vendors: bool) -> list[str]:
    options: Any = asked
    found = [finding.id for finding in ekb.select_findings(kb, **options)]
    sellers = {finding.id for finding in ekb.select_findings(kb, vendor="vendor", withdrawn=True)}
    return [id for id in found if vendors or id not in sellers]


@SOME
@given(st.data(), FULL, st.booleans(), st.integers(1, 4))
def test_the_strongest_are_the_first_that_are_selected(
    data: st.DataObject, pack: Pack, vendors: bool, limit: int
) -> None:
    held = {name: ids for name, ids in subjects(pack).items() if name not in ("product", "instrument")}
    with opened(pack) as kb:
        for _ in range(5):
            named = data.draw(st.lists(st.sampled_from([n for n in DIMENSIONS if n in held]), unique=True))
            options: Any = {name: data.draw(st.sampled_from(held[name])) for name in named}
            found = ekb.select_strongest(kb, **options, vendors=vendors, limit=limit)
            assert list(found) == selected(kb, options, vendors)[:limit]
            figures = ekb.select_figures(kb, **options, vendors=vendors, limit=limit)
            cards = [ekb.finding_card(kb, id) for id in found]
            assert list(figures) == [card.figures[0] for card in cards if card.figures]


@pytest.mark.parametrize("way", ["text", "prepared"])
def test_vendors_can_be_left_out_either_way(way: str) -> None:
    @settings(SOME, max_examples=SOME.max_examples // 2)
    @given(FULL)
    def check(pack: Pack) -> None:
        asked = {name: question for name, question in questions(pack).items() if question.keys() <= {"role", "skill"}}
        with opened(pack) as kb:
            with asking(kb._connection, asked, vendors=False):
                rows = sorted(answers(kb._connection, "top"))
            for name, question in asked.items():
                options: Any = question
                given = [row[2] for row in rows if row[0] == name]
                if way == "prepared":
                    given = list(ekb.select_strongest(kb, **options, vendors=False))
                assert given == selected(kb, question, vendors=False)[:3]

    check()


@SOME
@given(FULL)
def test_what_a_finding_stands_in_is_named_for_pages_that_only_count_it(pack: Pack) -> None:
    with opened(pack) as kb:
        every = bearing(kb)
        for finding in pack["findings"]:
            lists = {f"findings:{kind}:{id}" for (kind, id), held in every.items() if finding["id"] in held}
            record = f"finding:{finding['id']}"
            assert ekb.dependence_of(kb, record) == lists | {record}
