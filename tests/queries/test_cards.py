"""Cards of single records, claims in circulation about a subject, and subjects beside one another."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.queries.small import below, cohort, concept, estimate, finding, more, pack, source, twin
from tests.records import Fields, Records, built


def linked(to: str, relation: str, source: str = "editorial") -> Fields:
    return {"to": to, "relation": relation, "source": source}


def untraced(id: str, **fields: Any) -> Fields:
    return {
        "id": id,
        "headline": f"Headline of {id}",
        "status": "no_source_found",
        "say": f"No study shows {id}.",
        **fields,
    }


CONCEPTS = [
    concept("role", "welder", "Welder"),
    concept("skill", "metalwork"),
    concept("skill", "soldering", links=below("metalwork")),
    concept("topic", "shops"),
    concept("outcome", "pay"),
    concept("product", "torch"),
    concept("instrument", "trial-week"),
]
DIMENSIONS = {
    "role": "welder", "skill": "soldering", "topic": "shops", "outcome": "pay", "product": "torch", "instrument": "trial-week",
}  # fmt: skip
CLAIM: Fields = {
    "id": "it-pays",
    "text": "Soldering goes with higher pay",
    "about": ["soldering", "workers"],
    "supports": [
        {"finding": "for", "estimates": ["x"], "stance": "supports", "note": "The main figure."},
        {"finding": "against", "estimates": ["x"], "stance": "disputes"},
        {"finding": "limits", "estimates": ["x"], "stance": "qualifies"},
    ],
}
PACK = pack(
    [
        finding("for", estimate("pay", 8), estimate("pay", 3, "y"), about={"soldering": "measured"}),
        finding("against", estimate("pay", -2), about={"soldering": "measured"}),
        finding("limits", estimate("pay", 0), about={"soldering": "measured"}),
        finding("gone", estimate("pay", 40), about={"soldering": "measured"}),
    ],
    concepts=CONCEPTS,
    cohorts=[cohort("older-workers", broader=["workers"])],
    sources=[source("gone", standing={"events": [{"status": "retracted"}]})],
    claims=[CLAIM],
    untraced=[
        *(untraced(f"on-{dimension}", about=[id]) for dimension, id in DIMENSIONS.items()),
        untraced("on-metalwork", about=["metalwork"]),
        untraced("on-workers", cohorts=["workers"]),
        untraced("on-older-workers", cohorts=["older-workers"], about=["torch"]),
    ],
)


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with built(tmp_path_factory.mktemp("cards"), PACK) as kb:
        yield kb


def claim_in(folder: Path, records: Records) -> ekb.ClaimCard:
    with built(folder, records) as kb:
        return ekb.claim_card(kb, "it-pays")


# A finding


def test_the_card_of_a_withdrawn_finding_says_so_first(kb: ekb.KnowledgeBase) -> None:
    card = ekb.finding_card(kb, "gone")
    assert (card.ref, card.fit) == (ekb.Ref("finding", "gone", "Headline of gone"), None)
    assert (card.badges, card.figures[0].flags) == (("retracted", "count"), ("RETRACTED",))
    assert [(limit.code, limit.severity) for limit in card.caveats] == [("standing", "stop"), ("no_interval", "note")]
    assert str(card) == (
        "Headline of gone\n+40% pay (n = 500 people; RETRACTED)\nGone · 2023 [retracted, count]\n"
        "The source was retracted; its figures no longer stand. No interval seen."
    )


def test_the_card_of_a_finding_that_stands_has_no_stop(kb: ekb.KnowledgeBase) -> None:
    card = ekb.finding_card(kb, "for")
    assert ([figure.id for figure in card.figures], card.badges) == (["for#x", "for#y"], ("count",))
    assert str(card) == (
        "Headline of for\n+8% pay; +3% pay (n = 500 people)\nFor · 2023 [count]\n"
        "Another finding in this pack points the other way. No interval seen."
    )


@pytest.mark.parametrize(
    ("ask", "says"),
    [
        (ekb.finding_card, "no finding has the id 'fro'"),
        (ekb.claim_card, "no claim has the id 'fro'"),
        (ekb.untraced_card, "no untraced has the id 'fro'"),
    ],
)
def test_a_card_of_a_record_that_is_not_there_is_refused(
    kb: ekb.KnowledgeBase, ask: Callable[[ekb.KnowledgeBase, str], object], says: str
) -> None:
    with pytest.raises(ekb.UnknownIdError, match=says):
        ask(kb, "fro")
    with pytest.raises(ekb.QuestionError, match="id is 7; give an id as text"):
        ask(kb, 7)  # type: ignore[arg-type]  # a wrong thing


def test_a_card_that_is_nearly_named_is_offered(kb: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.UnknownIdError, match="Did you mean 'against'"):
        ekb.finding_card(kb, "agianst")
    with pytest.raises(ekb.UnknownIdError):
        ekb.finding_card(kb, "it-pays")


# A claim


def test_the_card_of_a_claim_has_each_finding_with_its_stance_and_its_figures(kb: ekb.KnowledgeBase) -> None:
    card = ekb.claim_card(kb, "it-pays")
    assert card.ref == ekb.Ref("claim", "it-pays", "Soldering goes with higher pay")
    assert card.about == (ekb.Ref("skill", "soldering", "soldering"), ekb.Ref("cohort", "workers", "Workers"))
    told = [(s.stance, s.note, s.card.ref.id, [figure.id for figure in s.figures]) for s in card.supports]
    assert told == [
        ("supports", "The main figure.", "for", ["for#x"]),
        ("disputes", "", "against", ["against#x"]),
        ("qualifies", "", "limits", ["limits#x"]),
    ]
    assert list(card.figures) == ["for#x", "for#y", "against#x", "limits#x"]
    assert [reference.key for reference in card.references] == ["against", "for", "limits"]
    assert str(card) == (
        "Soldering goes with higher pay\n"
        "1 finding for it, 1 finding against it and 1 finding limiting it.\n"
        "- supports: +8% pay (n = 500 people) [For · 2023]\n"
        "- disputes: −2% pay (n = 500 people) [Against · 2023]\n"
        "- qualifies: 0% change in pay (n = 500 people) [Limits · 2023]\n"
        "Another finding in this pack speaks against it."
    )


@pytest.mark.parametrize(
    ("stances", "text"),
    [
        (["supports"], "1 finding for it."),
        (["supports", "supports"], "2 findings for it."),
        (["supports", "supports", "disputes"], "2 findings for it and 1 finding against it."),
        (["supports", "qualifies", "qualifies"], "1 finding for it and 2 findings limiting it."),
    ],
)
def test_a_claim_says_how_many_speak_for_it_and_against_it(tmp_path: Path, stances: list[str], text: str) -> None:
    held = [
        {"finding": id, "estimates": ["x"], "stance": stance}
        for id, stance in zip(("for", "against", "limits"), stances, strict=False)
    ]
    card = claim_in(tmp_path, twin(PACK, "claims", "it-pays", supports=held))
    assert card.text == text


@pytest.mark.parametrize(
    ("flags", "badges"),
    [
        ({"for": "vendor", "limits": "vendor"}, ("vendor evidence only",)),
        ({"for": "vendor", "limits": "interested"}, ("nobody independent",)),
        ({"for": "interested", "limits": "interested"}, ("nobody independent",)),
        ({"for": "vendor"}, ()),
        ({}, ()),
    ],
)
def test_a_claim_that_nobody_independent_speaks_for_says_so(
    tmp_path: Path, flags: dict[str, str], badges: tuple[str, ...]
) -> None:
    held = [{"finding": id, "estimates": ["x"], "stance": "supports"} for id in ("for", "limits")]
    records = twin(PACK, "claims", "it-pays", supports=held)
    for id, flag in flags.items():
        records = twin(records, "sources", id, vendor=flag)
    card = claim_in(tmp_path, records)
    assert card.badges == badges
    texts = {
        "vendor": "Only sellers with something to gain speak for it.",
        "vendor interested": "Sellers and interested parties alone speak for it.",
        "interested": "Interested parties alone speak for it.",
    }
    said = texts[" ".join(dict.fromkeys(flags.values()))] if badges else None
    assert [limit.text for limit in card.caveats] == ([said] if said else [])


def test_who_speaks_against_a_claim_makes_it_no_less_vendor_evidence(tmp_path: Path) -> None:
    card = claim_in(tmp_path, twin(PACK, "sources", "for", vendor="vendor"))
    assert card.badges == ("vendor evidence only", "disputed")
    (vendor,) = [limit for limit in card.caveats if limit.code == "vendor"]
    assert vendor.params == {"sources": ["for"]}


def against(finding: str) -> Records:
    """The claim, disputed by one finding."""
    second = {"finding": finding, "estimates": ["x"], "stance": "disputes"}
    return twin(PACK, "claims", "it-pays", supports=[CLAIM["supports"][0], second])


def test_a_claim_that_only_a_withdrawn_finding_disputes_does_not_rest_on_it(tmp_path: Path) -> None:
    card = claim_in(tmp_path, against("gone"))
    assert "It rests on a source that was withdrawn." not in str(card)
    assert claim_in(tmp_path / "twin", against("against")).badges == ("disputed",)


# A claim in circulation


def test_the_card_of_a_claim_in_circulation_has_what_is_known_of_its_trail(tmp_path: Path) -> None:
    seen = {
        "where": "https://made-up.example/",
        "on": "2019",
        "vendor": "vendor",
        "prints": "100%",
        "note": "No source.",
    }
    blank = {"where": "A talk", "on": None, "vendor": None, "prints": None, "note": None}
    searched = {"where": "Made-up Index", "query": None, "on": "2026-01-10", "by": "curator"}
    record = untraced(
        "doubles", status="dead_end", attributed_to="a professor", variants=["triples"], earliest_seen=seen,
        repeated_at=[{"where": "A talk"}], traced_by=[{"where": "A talk"}],
        searched=[{name: value for name, value in searched.items() if value}],
        nearest=[{"finding": "for", "differs": "It counts offers."}], about=["soldering"], cohorts=["workers"],
    )  # fmt: skip
    with built(tmp_path, more(PACK, untraced=record)) as kb:
        card = ekb.untraced_card(kb, "doubles")
    assert card == ekb.UntracedCard(
        ref=ekb.Ref("untraced", "doubles", "Headline of doubles"),
        title="Headline of doubles",
        status="dead_end",
        text="No study shows doubles.",
        attributed_to="a professor",
        variants=("triples",),
        earliest_seen=seen,  # type: ignore[arg-type]  # the same keys
        repeated_at=(blank,),  # type: ignore[arg-type]  # the same keys
        traced_by=(blank,),  # type: ignore[arg-type]  # the same keys
        searched=(searched,),  # type: ignore[arg-type]  # the same keys
        nearest=(ekb.NearFinding(ekb.Ref("finding", "for", "Headline of for"), "It counts offers."),),
        about=(ekb.Ref("skill", "soldering", "soldering"), ekb.Ref("cohort", "workers", "Workers")),
    )
    assert str(card) == (
        "Headline of doubles [dead end]\nNo study shows doubles.\nNearest: Headline of for (It counts offers)."
    )


def test_of_a_claim_in_circulation_that_nobody_traced_nothing_is_made_up(kb: ekb.KnowledgeBase) -> None:
    card = ekb.untraced_card(kb, "on-workers")
    assert (card.attributed_to, card.earliest_seen) == (None, None)
    assert (card.variants, card.repeated_at, card.traced_by, card.searched, card.nearest) == ((), (), (), (), ())
    assert str(card) == "Headline of on-workers [no source found]\nNo study shows on-workers."


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        *(({dimension: id}, {f"on-{dimension}"}) for dimension, id in DIMENSIONS.items() if dimension != "product"),
        ({"product": "torch"}, {"on-product", "on-older-workers"}),
        ({"skill": "metalwork"}, {"on-metalwork", "on-skill"}),
        ({"skill": "metalwork", "narrower": False}, {"on-metalwork"}),
        ({"cohort": "workers"}, {"on-workers", "on-older-workers"}),
        ({"cohort": "workers", "narrower": False}, {"on-workers"}),
        ({"cohort": "older-workers"}, {"on-older-workers"}),
        ({"role": "welder", "topic": "shops"}, {"on-role", "on-topic"}),
        ({"skill": ["metalwork", "soldering"], "narrower": False}, {"on-metalwork", "on-skill"}),
    ],
)
def test_claims_in_circulation_are_found_by_what_they_are_about(
    kb: ekb.KnowledgeBase, asked: dict[str, Any], found: set[str]
) -> None:
    assert [claim.id for claim in ekb.untraced_about(kb, **asked)] == sorted(found)


def test_all_claims_in_circulation_come_when_nothing_is_asked(kb: ekb.KnowledgeBase) -> None:
    assert [claim.id for claim in ekb.untraced_about(kb)] == sorted(record["id"] for record in PACK["untraced"])
    assert ekb.untraced_about(kb, narrower=False) == ekb.untraced_about(kb)


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"role": "soldering"}, ekb.QuestionError, "'soldering' is a skill, not a role; ask skill='soldering'"),
        ({"skill": "soldring"}, ekb.UnknownIdError, "Did you mean 'soldering'"),
        ({"cohort": "soldering"}, ekb.UnknownIdError, "no cohort has the id 'soldering'"),
        ({"skill": []}, ekb.QuestionError, "skill is empty"),
    ],
)
def test_a_subject_that_cannot_be_asked_says_why(
    kb: ekb.KnowledgeBase, asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ekb.untraced_about(kb, **asked)


# Neighbours

SKILLS = [
    concept("skill", "tools"),
    concept(
        "skill",
        "hammers",
        links=[linked("tools", "broader", "handbook"), linked("mallets", "alternative_to", "handbook")],
    ),
    concept("skill", "mallets", links=below("tools")),
    concept("skill", "claw-hammers", links=below("hammers")),
    concept("skill", "nails", links=[linked("hammers", "requires")]),
    concept("skill", "roofing", links=[linked("hammers", "related")]),
    concept("skill", "glue"),
    concept("skill", "paint"),
    concept("skill", "tape"),
    concept("topic", "building"),
]
hammers = SKILLS[1]
hammers["links"] += [linked("building", "applied_in"), linked("roofs", "applied_in"), linked("arms", "requires")]
SKILLS += [concept("skill", "roofs"), concept("skill", "arms")]
TOGETHER = pack(
    [
        finding("first", estimate("pay", 5), about={"hammers": "measured", "tape": "measured", "building": "measured"}),
        finding("second", estimate("pay", 5), about={"hammers": "measured", "tape": "measured", "glue": "measured"}),
        finding("third", estimate("pay", 5), about={"hammers": "measured", "paint": "mentioned"}),
    ],
    concepts=[*SKILLS, concept("outcome", "pay")],
    sources=[source("handbook")],
    cohorts=[
        cohort("older-workers", broader=["workers"], overlaps=["women"]),
        cohort("younger-workers", broader=["workers"]),
        cohort("oldest-workers", broader=["older-workers"]),
        cohort("women"),
    ],
)


@pytest.fixture(scope="module")
def shed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with built(tmp_path_factory.mktemp("neighbours"), TOGETHER) as kb:
        yield kb


def test_neighbours_come_by_their_basis_stated_ones_before_those_measured_together(shed: ekb.KnowledgeBase) -> None:
    assert [(n.basis, n.text, n.source) for n in ekb.neighbours(shed, "hammers", limit=99)] == [
        ("alternative_to", "mallets: used in place of hammers.", "handbook"),
        ("narrower", "claw hammers: a part of hammers.", "editorial"),
        ("broader", "tools: wider than hammers.", "handbook"),
        ("requires", "arms: needed for hammers.", "editorial"),
        ("requires", "nails: needs hammers.", "editorial"),
        ("applied_in", "roofs: what hammers is used in.", "editorial"),
        ("related", "roofing: associated with hammers.", "editorial"),
        ("measured_together", "tape: measured with hammers in 2 findings.", "computed"),
        ("measured_together", "glue: measured with hammers in 1 finding.", "computed"),
    ]


@pytest.mark.parametrize(
    ("subject", "first"),
    [
        ("mallets", ("alternative_to", "hammers: used in place of mallets.", "handbook")),
        ("claw-hammers", ("broader", "hammers: wider than claw hammers.", "editorial")),
        ("tools", ("narrower", "hammers: a part of tools.", "handbook")),
        ("nails", ("requires", "hammers: needed for nails.", "editorial")),
        ("roofs", ("applied_in", "hammers: used in roofs.", "editorial")),
        ("roofing", ("related", "hammers: associated with roofing.", "editorial")),
        ("tape", ("measured_together", "hammers: measured with tape in 2 findings.", "computed")),
    ],
)
def test_a_relation_is_told_from_the_other_side_as_well(
    shed: ekb.KnowledgeBase, subject: str, first: tuple[str, str, str]
) -> None:
    neighbour = ekb.neighbours(shed, subject, limit=1)[0]
    assert (neighbour.basis, neighbour.text, neighbour.source) == first


def test_cohorts_have_parts_wider_groups_siblings_and_those_that_share_members(shed: ekb.KnowledgeBase) -> None:
    assert [(n.ref.id, n.basis, str(n)) for n in ekb.neighbours(shed, "older-workers")] == [
        ("oldest-workers", "narrower", "Oldest workers: a part of Older workers."),
        ("workers", "broader", "Workers: wider than Older workers."),
        ("women", "overlapping", "Women: shares members with Older workers."),
        ("younger-workers", "sibling", "Younger workers: beside Older workers, under Workers."),
    ]
    assert [(n.ref.id, n.basis) for n in ekb.neighbours(shed, "women")] == [("older-workers", "overlapping")]


def test_a_neighbour_is_of_the_same_kind_and_stands_once(shed: ekb.KnowledgeBase) -> None:
    found = [n.ref for n in ekb.neighbours(shed, "hammers", limit=99)]
    assert {ref.kind for ref in found} == {"skill"}
    assert len(set(found)) == len(found)  # mallets are an alternative, and a sibling too
    assert ekb.neighbours(shed, "building") == ()


@pytest.mark.parametrize("limit", [1, 2, 6])
def test_as_many_neighbours_as_were_asked_for(shed: ekb.KnowledgeBase, limit: int) -> None:
    assert ekb.neighbours(shed, "hammers", limit=limit) == ekb.neighbours(shed, "hammers", limit=99)[:limit]
    assert len(ekb.neighbours(shed, "hammers")) == 6


@pytest.mark.parametrize(
    ("subject", "limit", "error", "says"),
    [
        ("hammers", 0, ekb.QuestionError, "limit is 0; give a whole number, 1 or more"),
        ("first", 6, ekb.QuestionError, "'first' is a finding; neighbours are those of a concept or a cohort"),
        ("handbook", 6, ekb.QuestionError, "'handbook' is a source; neighbours are those of a concept or a cohort"),
        ("hammer", 6, ekb.UnknownIdError, "Did you mean 'hammers'"),
    ],
)
def test_neighbours_of_anything_else_are_refused(
    shed: ekb.KnowledgeBase, subject: str, limit: int, error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ekb.neighbours(shed, subject, limit=limit)


# Digests


def digests(folder: Path, records: Records) -> dict[str, str]:
    with built(folder, records) as kb:
        return {
            "finding": ekb.finding_card(kb, "for").digest,
            "claim": ekb.claim_card(kb, "it-pays").digest,
            "untraced": ekb.untraced_card(kb, "on-role").digest,
        }


@pytest.fixture(scope="module")
def before(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    return digests(tmp_path_factory.mktemp("digests"), PACK)


@pytest.mark.parametrize(
    ("listing", "id", "fields", "changed"),
    [
        ("findings", "for", {"headline": "Another headline"}, {"finding", "claim"}),
        ("findings", "for", {"estimates": [estimate("pay", 9), estimate("pay", 3, "y")]}, {"finding", "claim"}),
        ("sources", "for", {"vendor_reason": "Looked again and found no seller."}, {"finding", "claim"}),
        ("concepts", "pay", {"label": "wages"}, {"finding", "claim", }),
        ("findings", "against", {"statement": "Another statement."}, {"claim"}),
        ("claims", "it-pays", {"text": "Another claim"}, {"claim"}),
        ("untraced", "on-role", {"say": "Nobody looked."}, {"untraced"}),
        ("concepts", "welder", {"label": "Smith"}, {"untraced"}),
        ("findings", "gone", {"headline": "Another headline"}, set()),
        ("findings", "for", {"provenance": {"by": "a curator"}}, set()),
        ("untraced", "on-topic", {"say": "Nobody looked."}, set()),
    ],
)  # fmt: skip
def test_the_digest_of_a_card_changes_with_what_it_shows(
    tmp_path: Path, before: dict[str, str], listing: str, id: str, fields: Fields, changed: set[str]
) -> None:
    after = digests(tmp_path, twin(PACK, listing, id, **fields))
    assert {kind for kind, digest in after.items() if digest != before[kind]} == changed
