"""Answers to aspects: what is told, in which words and order, and the gap that stands where nothing answers."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.queries.small import (
    below,
    cohort,
    concept,
    definition,
    estimate,
    finding,
    more,
    pack,
    page_of,
    share,
    source,
    twin,
)
from tests.records import Fields, Records, built

CONCEPTS = [
    concept("role", "welder", "Welder"),
    concept("role", "nurse", "Nurse"),
    concept("skill", "metalwork"),
    concept("skill", "soldering", links=below("metalwork")),
    concept("skill", "tinning", links=below("soldering")),
    concept("skill", "juggling"),
    concept("topic", "shops"),
    concept("outcome", "pay"),
    concept("outcome", "offered-pay", links=below("pay")),
    concept("outcome", "replies"),
]
SEARCH: Fields = {"where": "Made-up Index", "query": "juggling pay", "on": "2026-01-10", "by": "curator"}


def aspect(id: str, outcome: str, *wanted: str, **questions: str) -> Fields:
    """Asked of a skill unless other questions are given."""
    return {
        "id": id, "label": id.capitalize(), "outcomes": [outcome], "wanted": list(wanted or ("effect", "level")),
        "unanswered": f"Nothing else here counts {outcome}.", "questions": questions or {"skill": f"Does {{skill}} change {id}?"},
    }  # fmt: skip


PAY = aspect(
    "pay", "pay", **{"role": "What do {roles} earn?", "skill": "Does {skill} pay?", "role+skill": "Does {skill} pay {roles}?"}
)  # fmt: skip
ASPECTS = [aspect("callbacks", "replies"), PAY]
# Two effects and a level of soldering, an effect of what holds it, and one that is about no skill.
PACK = pack(
    [
        finding("ads", estimate("offered-pay", 11), about={"soldering": "measured"}),
        finding("registers", estimate("pay", 9), about={"soldering": "measured", "welder": "measured"}),
        finding("asked", share("pay", 0.3), about={"soldering": "measured"}, nature="reported"),
        finding("metal", estimate("pay", 5), about={"metalwork": "measured"}),
        finding("shops", estimate("pay", 2), about={"shops": "measured"}),
    ],
    concepts=CONCEPTS,
    aspects=ASPECTS,
    definitions=[definition("replies-as-usual", "replies")],
)


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with built(tmp_path_factory.mktemp("answers"), PACK) as kb:
        yield kb


def answer_in(folder: Path, records: Records, **asked: str) -> ekb.Answer:
    with built(folder, records) as kb:
        return ekb.answer(kb, "pay", **asked)


def ids(answer: ekb.Answer) -> list[str]:
    return [card.ref.id for card in answer.cards]


# What is told

ADS = "Ads (2023) found: +11% offered pay (n = 500 people)."
REGISTERS = "Registers (2023) found: +9% pay (n = 500 people)."
ASKED = "Asked (2023) reported: 30%: pay (n = 500 people; as reported)."
METAL = "Metal (2023) found: +5% pay (n = 500 people)."
MORE = "1 further finding on this page answers it too."
TWO = "The figures use 2 definitions and are not averaged."


@pytest.mark.parametrize(
    ("asked", "tier", "question", "text"),
    [
        ({"skill": "soldering"}, "direct", "Does soldering pay?", f"{ADS} {REGISTERS} {ASKED} {MORE} {TWO}"),
        (
            {"skill": "soldering", "role": "nurse"}, "partial", "Does soldering pay nurses?",
            f"Nothing in this pack measures nurses and soldering together; in part: {ADS} {REGISTERS} {ASKED} {MORE} {TWO}",
        ),
        (
            {"skill": "tinning"}, "near", "Does tinning pay?",
            f"Nothing in this pack measures this for tinning directly; nearest: {ADS} {METAL} {REGISTERS} {MORE} {TWO}",
        ),
        ({"role": "welder"}, "direct", "What do welders earn?", REGISTERS),
    ],
)  # fmt: skip
def test_an_answer_says_how_well_it_fits_and_tells_its_figures(
    kb: ekb.KnowledgeBase, asked: dict[str, str], tier: str, question: str, text: str
) -> None:
    answer = ekb.answer(kb, "pay", **asked)
    assert (answer.tier, answer.question, answer.text, answer.gap) == (tier, question, text, None)
    assert str(answer) == f"{question}\n{text}"


@pytest.mark.parametrize(
    ("asked", "short"),
    [
        ({"skill": "soldering"}, ADS),
        ({"skill": "soldering", "role": "nurse"}, f"In part: {ADS}"),
        ({"skill": "tinning"}, f"Not measured itself; nearest: {ADS}"),
        ({"skill": "juggling"}, "Not known: nothing in this pack answers it."),
    ],
)
def test_the_short_answer_tells_one_figure_and_how_well_it_fits(
    kb: ekb.KnowledgeBase, asked: dict[str, str], short: str
) -> None:
    (item,) = ekb.brief(kb, **asked, aspects="pay").faq  # type: ignore[arg-type]  # options by name
    assert item.answer == short
    assert [figure.id for figure in item.figures] == ([] if item.gap else ["ads#x"])
    assert [reference.key for reference in item.references] == ([] if item.gap else ["ads"])


def test_a_card_that_fits_better_is_told_first(kb: ekb.KnowledgeBase) -> None:
    assert ids(ekb.answer(kb, "pay", skill="soldering", role="welder")) == ["registers", "ads", "asked", "metal"]
    assert ids(ekb.answer(kb, "pay", skill="soldering")) == ["ads", "registers", "asked", "metal"]


@pytest.mark.parametrize(
    ("wanted", "cards", "figures"),
    [
        (["effect", "level"], ["ads", "registers", "asked", "metal"], ["ads#x", "registers#x", "metal#x"]),
        (["level", "effect"], ["asked", "ads", "registers", "metal"], ["asked#x"]),
        (["effect"], ["ads", "registers", "metal"], ["ads#x", "registers#x", "metal#x"]),
        (["level"], ["asked"], ["asked#x"]),
    ],
)
def test_the_sort_of_number_that_is_wanted_most_comes_first_within_a_tier(
    tmp_path: Path, wanted: list[str], cards: list[str], figures: list[str]
) -> None:
    answer = answer_in(tmp_path, twin(PACK, "aspects", "pay", wanted=wanted), skill="soldering")
    assert (ids(answer), [figure.id for figure in answer.figures]) == (cards, figures)


FORECAST = {"nature": "forecast", "estimates": [estimate("offered-pay", 11, period="2030")]}


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"nature": "observed"}, "Ads (2023) found: +11% offered pay (n = 500 people)."),
        ({"nature": "modelled"}, "Ads (2023) estimated: +11% offered pay (n = 500 people; modelled)."),
        ({"nature": "reported"}, "Ads (2023) reported: +11% offered pay (n = 500 people; as reported)."),
        (FORECAST, "Ads (2023) expected: +11% offered pay (2030; n = 500 people; FORECAST)."),
        ({"nature": "alleged"}, "Ads (2023) alleged: +11% offered pay (n = 500 people; ALLEGED)."),
        ({"nature": "decided"}, "Ads (2023) ordered or agreed: +11% offered pay (n = 500 people)."),
    ],
)
def test_a_figure_is_told_with_the_verb_of_its_nature(tmp_path: Path, fields: Fields, told: str) -> None:
    alone = {**PACK, "findings": PACK["findings"][:1]}
    assert answer_in(tmp_path, twin(alone, "findings", "ads", **fields), skill="soldering").text == told


def test_a_vendor_is_named_beside_its_figure(tmp_path: Path) -> None:
    alone = twin({**PACK, "findings": PACK["findings"][:1]}, "sources", "ads", vendor="vendor")
    assert answer_in(tmp_path, alone, skill="soldering").text == (
        "Ads (2023) found: +11% offered pay (n = 500 people; VENDOR)."
    )


@pytest.mark.parametrize(
    ("further", "text"),
    [
        (0, f"{ADS} {REGISTERS} {ASKED}"),
        (1, f"{ADS} {REGISTERS} {ASKED} 1 further finding on this page answers it too."),
        (2, f"{ADS} {REGISTERS} {ASKED} 2 further findings on this page answer it too."),
    ],
)
def test_three_findings_are_told_and_the_others_counted(tmp_path: Path, further: int, text: str) -> None:
    held = [finding(f"more-{n}", estimate("pay", n), about={"metalwork": "measured"}) for n in range(further)]
    records = pack([*PACK["findings"][:3], *held], concepts=CONCEPTS, aspects=ASPECTS)
    assert answer_in(tmp_path, records, skill="soldering").text == f"{text} {TWO}"


def test_figures_with_one_definition_bring_no_warning(tmp_path: Path) -> None:
    one = twin(PACK, "findings", "ads", estimates=[estimate("pay", 11)])
    answer = answer_in(tmp_path, one, skill="soldering")
    assert (answer.text[-len(MORE) :], answer.caveats) == (MORE, ())


def test_definitions_that_differ_are_named_in_a_caveat(kb: ekb.KnowledgeBase) -> None:
    (caveat,) = ekb.answer(kb, "pay", skill="soldering").caveats
    assert (caveat.code, caveat.severity, caveat.subject, caveat.text) == ("definitions_differ", "warning", "pay", TWO)
    assert caveat.params == {"definitions": ["offered-pay-as-usual", "pay-as-usual"]}


def test_two_versions_of_one_experiment_are_told_once(tmp_path: Path) -> None:
    records = twin(
        twin(PACK, "sources", "ads", work="one", version="first"), "sources", "registers", work="one", version="second"
    )
    answer = answer_in(tmp_path, records, skill="soldering")
    assert answer.text == f"{ADS} {ASKED} {METAL} {MORE} {TWO}"
    assert ids(answer) == ["ads", "registers", "asked", "metal"]


@pytest.mark.parametrize(
    ("about", "tier"),
    [
        ({"welder": "measured"}, None),
        ({"welder": "measured", "juggling": "mentioned"}, None),
        ({"welder": "measured", "juggling": "proxy"}, "partial"),
        ({"welder": "measured", "juggling": "measured"}, "direct"),
        ({"juggling": "measured"}, "partial"),
    ],
)
def test_what_is_about_the_asked_role_alone_does_not_answer_for_a_skill(
    tmp_path: Path, about: dict[str, str], tier: str | None
) -> None:
    records = pack([finding("a", estimate("pay", 5), about=about)], concepts=CONCEPTS, aspects=[PAY])
    answer = answer_in(tmp_path, records, role="welder", skill="juggling")
    assert (answer.tier, ids(answer)) == (tier, ["a"] if tier else [])


# Claims

SAYS = "Soldering goes with higher pay"


def claim(**stances: str) -> Fields:
    held = [{"finding": id, "estimates": ["x"], "stance": stance} for id, stance in stances.items()]
    return {"id": "it-pays", "text": SAYS, "supports": held}


@pytest.mark.parametrize(
    ("stances", "printed"),
    [
        ({"ads": "supports", "registers": "supports"}, True),
        ({"ads": "supports"}, False),  # the text says that already
        ({"ads": "supports", "registers": "supports", "shops": "supports"}, False),
        ({"ads": "supports", "registers": "supports", "metal": "disputes"}, True),
        ({"ads": "supports", "registers": "supports", "shops": "disputes"}, False),
        ({"ads": "supports", "registers": "supports", "shops": "qualifies"}, True),
        ({"ads": "disputes", "registers": "disputes"}, False),
    ],
)
def test_a_claim_is_printed_when_all_that_speaks_for_and_against_it_answers(
    tmp_path: Path, stances: dict[str, str], printed: bool
) -> None:
    answer = answer_in(tmp_path, more(PACK, claims=claim(**stances)), skill="soldering")
    assert answer.claims == ((ekb.Ref("claim", "it-pays", SAYS),) if printed else ())
    assert answer.text.endswith(f"{TWO} {SAYS}." if printed else TWO)


# Figures that name what was asked

INTERVIEW = concept("instrument", "structured-interview")


def about_interviews(*figures: Fields, kind: str = "instrument") -> Records:
    asked = {**INTERVIEW, "kind": kind}
    held = finding("tests", *figures, about={"structured-interview": "measured"})
    template = f"What goes with {{{kind}}}?"
    return pack([held], concepts=[*CONCEPTS, asked], aspects=[aspect("pay", "pay", **{kind: template})])


def told_of(folder: Path, records: Records, **asked: str) -> list[str]:
    return [figure.estimate for figure in answer_in(folder, records, **asked).figures]


def labelled(id: str, label: str, **fields: Any) -> Fields:
    return estimate("pay", 4, id, label=label, **fields)


PLAIN = labelled("plain", "pay after unstructured interviews")
NAMED = labelled("named", "pay after Structured interviews")


@pytest.mark.parametrize("kind", ["skill", "product", "instrument"])
def test_a_figure_that_names_what_was_asked_is_told_before_others(tmp_path: Path, kind: str) -> None:
    records = about_interviews(PLAIN, NAMED, kind=kind)
    assert told_of(tmp_path, records, **{kind: "structured-interview"}) == ["named"]


def test_a_figure_whose_group_names_what_was_asked_counts_as_well(tmp_path: Path) -> None:
    grouped = labelled("grouped", "pay", group="those hired by structured interview", comparator="all others")
    assert told_of(tmp_path, about_interviews(PLAIN, grouped), instrument="structured-interview") == ["grouped"]


def test_a_part_of_a_word_names_nothing(tmp_path: Path) -> None:
    other = labelled("other", "pay after semistructured interviews")
    assert told_of(tmp_path, about_interviews(PLAIN, other), instrument="structured-interview") == ["plain", "other"]


@pytest.mark.parametrize(
    ("label", "other", "own"),
    [
        ("R", "pay of recruiters", "pay of those who write R"),
        ("Java", "pay of JavaScript writers", "pay of Java writers"),
        (".NET", "pay of all writers", "pay of .NET writers"),
        ("C++", "pay of C writers", "pay of C++ writers"),
        ("Structured interview", "pay after interviews", "pay after structured interviews"),
    ],
)
def test_only_a_whole_word_or_its_plural_names_what_was_asked(tmp_path: Path, label: str, other: str, own: str) -> None:
    records = about_interviews(labelled("other", other), labelled("own", own), kind="skill")
    records = twin(records, "concepts", "structured-interview", label=label)
    assert told_of(tmp_path, records, skill="structured-interview") == ["own"]


def test_of_a_finding_that_only_comes_nearest_the_first_figures_are_told(tmp_path: Path) -> None:
    records = about_interviews(PLAIN, NAMED)
    records = twin(records, "findings", "tests", about=[{"concept": "structured-interview", "how": "proxy"}])
    assert told_of(tmp_path, records, instrument="structured-interview") == ["plain", "named"]


def test_of_one_finding_two_figures_are_told(tmp_path: Path) -> None:
    three = [labelled("one", "pay"), labelled("two", "pay"), labelled("three", "pay", main=True)]
    assert told_of(tmp_path, about_interviews(*three), instrument="structured-interview") == ["three", "one"]


# Gaps

UNKNOWN = "Not known: nothing in this pack answers it. Nothing else here counts pay."


def test_a_gap_says_what_is_not_known_and_what_comes_nearest(kb: ekb.KnowledgeBase) -> None:
    answer = ekb.answer(kb, "pay", skill="juggling")
    assert (answer.tier, answer.cards, answer.figures, answer.claims) == (None, (), (), ())
    assert answer.text == f"{UNKNOWN} Nearest, about something else: Headline of shops."
    assert answer.gap == ekb.Gap(
        id="computed:pay:juggling",
        kind="not_in_pack",
        aspect="pay",
        question="juggling",
        text="No finding in this pack measures pay for juggling.",
        searched=(),
        nearest=("shops#x",),
        as_of="pack 1.0.0, 2026-01-20",
    )
    assert str(answer.gap) == (
        "Not known: no finding in this pack measures pay for juggling (pack 1.0.0, 2026-01-20; no search recorded)."
    )
    (caveat,) = answer.caveats
    assert (caveat.code, caveat.subject, caveat.text) == ("gap", "computed:pay:juggling", answer.gap.text)


def test_a_gap_of_a_mix_names_all_that_was_asked(kb: ekb.KnowledgeBase) -> None:
    gap = ekb.answer(kb, "pay", skill="juggling", role="nurse").gap
    assert gap is not None
    assert (gap.id, gap.question) == ("computed:pay:nurse-x-juggling", "nurse-x-juggling")
    assert gap.text == "No finding in this pack measures pay for nurses and juggling."


def mentioning(*ids: str) -> Records:
    """Beside the others, findings that only mention juggling."""
    held = [finding(id, estimate("pay", 1), about={"juggling": "mentioned"}) for id in ids]
    return pack([*PACK["findings"], *held], concepts=CONCEPTS, aspects=ASPECTS)


@pytest.mark.parametrize(
    ("ids", "nearest"),
    [((), ("shops#x",)), (("a",), ("a#x",)), (("a", "b"), ("a#x", "b#x")), (("c", "b", "a"), ("a#x", "b#x"))],
)
def test_nearest_to_a_gap_are_two_that_mention_what_was_asked_else_the_strongest(
    tmp_path: Path, ids: tuple[str, ...], nearest: tuple[str, ...]
) -> None:
    gap = answer_in(tmp_path, mentioning(*ids), skill="juggling").gap
    assert gap is not None
    assert gap.nearest == nearest


@pytest.mark.parametrize(
    ("changed", "nearest"),
    [
        ({"about": [{"concept": "nurse", "how": "mentioned"}]}, ("shops#x",)),
        ({"about": [{"concept": "nurse", "how": "proxy"}]}, ()),
        ({"about": [{"concept": "metalwork", "how": "measured"}]}, ()),
        ({"estimates": [estimate("replies", 2)]}, ()),
    ],
)
def test_nearest_to_a_gap_is_about_no_role_or_skill_and_measures_the_same(
    tmp_path: Path, changed: Fields, nearest: tuple[str, ...]
) -> None:
    answer = answer_in(tmp_path, twin(PACK, "findings", "shops", **changed), skill="juggling")
    assert answer.gap is not None
    assert answer.gap.nearest == nearest
    assert answer.text == UNKNOWN + (" Nearest, about something else: Headline of shops." if nearest else "")


def test_the_nearest_is_the_strongest(tmp_path: Path) -> None:
    trial = finding("trial", estimate("pay", 1), about={"shops": "measured"}, design="field_experiment")
    records = pack([*PACK["findings"], trial], concepts=CONCEPTS, aspects=ASPECTS)
    gap = answer_in(tmp_path, records, skill="juggling").gap
    assert gap is not None
    assert gap.nearest == ("trial#x",)


@pytest.mark.parametrize(("unit", "nearest"), [("people", ("shops#x",)), ("documents", ())])
def test_the_nearest_for_a_cohort_is_measured_on_the_same_sort_of_thing(
    tmp_path: Path, unit: str, nearest: tuple[str, ...]
) -> None:
    asked = more({**PACK, "aspects": [aspect("pay", "pay", cohort="What do {cohort} get?")]}, cohorts=cohort("others"))
    gap = answer_in(tmp_path, twin(asked, "cohorts", "others", unit=unit), cohort="others").gap
    assert gap is not None
    assert (gap.text, gap.nearest) == ("No finding in this pack measures pay for others.", nearest)


def test_the_nearest_is_named_with_its_flags_and_stands_on_the_page_as_context(tmp_path: Path) -> None:
    records = twin(twin(PACK, "sources", "shops", vendor="vendor"), "findings", "shops", nature="modelled")
    page = page_of(tmp_path, records, skill="juggling", aspects="pay")
    assert page.answers[0].text == f"{UNKNOWN} Nearest, about something else: Headline of shops (vendor, modelled)."
    assert [(card.ref.id, card.fit and card.fit.tier) for card in page.cards] == [("shops", "context")]


def recorded(**fields: Any) -> Records:
    gap = {
        "id": "no-juggling",
        "question": "Does juggling pay?",
        "aspect": "pay",
        "about": ["juggling"],
        "searched": [SEARCH],
    }
    return more(PACK, gaps={**gap, **fields})


FOUND_NOTHING = "A recorded search found nothing: Made-up Index for 'juggling pay' on 2026-01-10."


def test_a_recorded_gap_stands_in_the_place_of_one_that_is_worked_out(tmp_path: Path) -> None:
    page = page_of(tmp_path, recorded(), skill="juggling", aspects="pay")
    (gap,) = page.gaps
    assert gap == ekb.Gap(
        id="no-juggling",
        kind="searched_none_found",
        aspect="pay",
        question="Does juggling pay?",
        text=FOUND_NOTHING,
        searched=(SEARCH,),  # type: ignore[arg-type]  # the same four keys
        nearest=(),
        as_of="pack 1.0.0, 2026-01-20",
    )
    assert not gap.computed
    told = f"Not known: a{FOUND_NOTHING[1:]}"
    assert str(gap) == f"{told.removesuffix('.')} (pack 1.0.0, 2026-01-20)."
    assert page.answers[0].gap is gap
    assert page.answers[0].text.startswith(f"{told} Nothing else here counts pay.")
    assert [(item.answer, item.gap) for item in page.faq] == [(told, True)]


@pytest.mark.parametrize(
    ("kind", "with_place", "without"),
    [
        (
            "searched_none_found", "A recorded search found nothing",
            "A recorded search found nothing.",
        ),
        ("not_accessible", "Something exists that could not be read", "Something exists that could not be read."),
        ("not_seen", "A study may hold it, in a part that was not read", "A study may hold it, in a part that was not read."),
        ("not_in_pack", "Nothing on it is in this pack", "Nothing on it is in this pack."),
    ],
)  # fmt: skip
def test_a_recorded_gap_says_what_sort_of_hole_it_is(tmp_path: Path, kind: str, with_place: str, without: str) -> None:
    for searched, text in (
        ([], without),
        ([SEARCH], f"{with_place}: Made-up Index for 'juggling pay' on 2026-01-10."),
        ([{**SEARCH, "query": "none"}], f"{with_place}: Made-up Index on 2026-01-10."),
    ):
        gap = answer_in(tmp_path / str(len(text)), recorded(kind=kind, searched=searched), skill="juggling").gap
        assert gap is not None
        assert (gap.kind, gap.text) == (kind, text)


def test_a_recorded_gap_names_every_place_that_was_searched(tmp_path: Path) -> None:
    shelf = {"where": "a shelf", "on": "2026-01-11", "by": "curator"}
    gap = answer_in(tmp_path, recorded(searched=[SEARCH, shelf]), skill="juggling").gap
    assert gap is not None
    assert gap.text == f"{FOUND_NOTHING.removesuffix('.')} and a shelf on 2026-01-11."


@pytest.mark.parametrize(
    ("fields", "asked", "id"),
    [
        ({}, {"skill": "juggling"}, "no-juggling"),
        ({"about": ["metalwork"]}, {"skill": "juggling"}, "computed:pay:juggling"),
        ({"aspect": "callbacks"}, {"skill": "juggling"}, "computed:pay:juggling"),
        ({}, {"skill": "juggling", "role": "nurse"}, "no-juggling"),
        ({"about": ["juggling", "nurse"]}, {"skill": "juggling", "role": "nurse"}, "no-juggling"),
        ({"about": ["juggling", "nurse"]}, {"skill": "juggling"}, "computed:pay:juggling"),
        ({"about": ["juggling", "nurse"]}, {"role": "nurse"}, "computed:pay:nurse"),
    ],
)
def test_a_recorded_gap_stands_for_its_aspect_where_all_that_it_is_about_was_asked(
    tmp_path: Path, fields: Fields, asked: dict[str, str], id: str
) -> None:
    gap = answer_in(tmp_path, recorded(**fields), **asked).gap
    assert gap is not None
    assert gap.id == id


def test_a_recorded_gap_of_what_holds_the_asked_subject_counts(tmp_path: Path) -> None:
    records = twin(recorded(about=["metalwork"]), "concepts", "juggling", links=below("metalwork"))
    records = {**records, "findings": [each for each in records["findings"] if each["id"] != "metal"]}
    gap = answer_in(tmp_path, records, skill="juggling").gap
    assert gap is not None
    assert gap.id == "no-juggling"


def test_an_answer_comes_before_a_recorded_gap(tmp_path: Path) -> None:
    answer = answer_in(tmp_path, recorded(about=["soldering"]), skill="soldering")
    assert (answer.tier, answer.gap) == ("direct", None)


def test_a_recorded_gap_names_its_own_nearest(tmp_path: Path) -> None:
    page = page_of(tmp_path, recorded(nearest=[{"finding": "metal", "differs": "Metal."}]), skill="juggling")
    assert [gap.nearest for gap in page.gaps if gap.id == "no-juggling"] == [("metal#x",)]
    assert "metal" in {card.ref.id for card in page.context}


def test_the_text_beside_a_recorded_gap_names_the_nearest_of_that_gap(tmp_path: Path) -> None:
    records = recorded(nearest=[{"finding": "metal", "differs": "Metal."}])
    text = answer_in(tmp_path, records, skill="juggling").text
    assert text.endswith("Nothing else here counts pay. Nearest, about something else: Headline of metal.")


def test_a_recorded_gap_about_no_aspect_stands_among_the_gaps_of_the_page(tmp_path: Path) -> None:
    records = recorded()
    del records["gaps"][0]["aspect"]
    page = page_of(tmp_path, records, skill="juggling", aspects="pay")
    assert [gap.id for gap in page.gaps] == ["computed:pay:juggling", "no-juggling"]


# What was withdrawn


@pytest.mark.parametrize(
    ("standing", "answering"),
    [
        ({"checked_on": "2026-01-15"}, ["ads", "registers", "asked", "metal"]),
        ({"events": [{"status": "concern"}]}, ["registers", "ads", "asked", "metal"]),
        ({"events": [{"status": "retracted"}]}, ["registers", "asked", "metal"]),
    ],
)
def test_a_withdrawn_finding_never_answers_though_it_is_pinned(
    tmp_path: Path, standing: Fields, answering: list[str]
) -> None:
    page = page_of(
        tmp_path, twin(PACK, "sources", "ads", standing=standing), skill="soldering", pin="ads", aspects="pay"
    )
    assert "ads" in {card.ref.id for card in page.cards}
    assert ids(page.answers[0]) == answering


def test_a_withdrawn_finding_is_nearest_to_no_gap(tmp_path: Path) -> None:
    gone = {"events": [{"status": "retracted"}]}
    records = twin(twin(mentioning("a"), "sources", "a", standing=gone), "sources", "shops", standing=gone)
    page = page_of(tmp_path, records, skill="juggling", pin=["a", "shops"], aspects="pay")
    assert {card.ref.id for card in page.context} == {"a", "shops"}
    assert page.answers[0].text == UNKNOWN
    assert page.gaps[0].nearest == ()


# Which aspects are asked


def test_an_aspect_without_a_question_for_the_mix_is_not_asked(kb: ekb.KnowledgeBase) -> None:
    assert [answer.aspect for answer in ekb.brief(kb, skill="soldering").answers] == ["callbacks", "pay"]
    assert [answer.aspect for answer in ekb.brief(kb, role="welder").answers] == ["pay"]
    assert ekb.brief(kb, topic="shops").answers == ()


def test_a_role_stands_in_a_question_alone_or_by_its_plural(tmp_path: Path) -> None:
    records = {**PACK, "aspects": [aspect("pay", "pay", role="What do {roles} get for work as a {role}?")]}
    assert answer_in(tmp_path, records, role="welder").question == "What do welders get for work as a welder?"


def test_asking_alone_for_an_aspect_that_has_no_such_question_says_which_it_has(kb: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.QuestionError) as raised:
        ekb.answer(kb, "pay", topic="shops")
    assert (
        str(raised.value) == "the aspect 'pay' has no question about topic; it has some about role, role+skill, skill"
    )


def test_an_aspect_that_is_not_there_offers_the_nearest(kb: ekb.KnowledgeBase) -> None:
    for ask in (
        lambda: ekb.answer(kb, "callback", skill="soldering"),
        lambda: ekb.brief(kb, skill="soldering", aspects=["pay", "callback"]),
        lambda: ekb.briefs(kb, [], aspects="callback"),
    ):
        with pytest.raises(ekb.UnknownIdError, match=r"no aspect has the id 'callback'\. Did you mean 'callbacks'"):
            ask()


@pytest.mark.parametrize(
    ("aspects", "asked"),
    [
        (None, ["callbacks", "pay"]),
        (["pay", "callbacks"], ["pay", "callbacks"]),
        (["callbacks", "pay", "callbacks"], ["callbacks", "pay"]),
        ("pay", ["pay"]),
    ],
)
def test_aspects_keep_the_order_in_which_they_are_named(
    kb: ekb.KnowledgeBase, aspects: list[str] | None, asked: list[str]
) -> None:
    page = ekb.brief(kb, skill="soldering", aspects=aspects)
    assert [answer.aspect for answer in page.answers] == asked
    assert [item.aspect for item in page.faq] == asked


def test_a_list_of_no_aspects_is_refused(kb: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.QuestionError, match="aspects is empty; leave it out to ask for all"):
        ekb.brief(kb, skill="soldering", aspects=[])


@pytest.mark.parametrize(
    ("first", "asked"),
    [("pay", "callbacks"), ("replies", "pay")],
)
def test_of_two_aspects_with_one_question_the_first_that_has_an_answer_stands(
    tmp_path: Path, first: str, asked: str
) -> None:
    records = twin(PACK, "aspects", "callbacks", questions={"skill": "Does {skill} PAY?"}, outcomes=[first])
    page = page_of(tmp_path, records, skill="soldering")
    assert [answer.aspect for answer in page.answers] == [asked]
    assert [item.aspect for item in page.faq] == [asked]


def test_two_aspects_with_one_question_that_nothing_answers_are_one_gap(tmp_path: Path) -> None:
    records = twin(PACK, "aspects", "callbacks", questions={"skill": "Does {skill} PAY?"})
    assert [gap.id for gap in page_of(tmp_path, records, skill="juggling").gaps] == ["computed:callbacks:juggling"]


def test_a_finding_shared_by_two_sources_is_told_by_the_one_that_was_read(tmp_path: Path) -> None:
    records = more(PACK, sources=source("news", label="Made-up News"))
    cites = {
        "source": "news",
        "role": "primary",
        "basis": "own_data",
        "read": {"what": "full_text", "on": "2026-01-15"},
    }
    for each in records["findings"]:
        if each["id"] == "ads":
            records = twin(records, "findings", "ads", citations=[*each["citations"], cites])
    assert answer_in(tmp_path, records, skill="soldering").text.startswith(
        "Made-up News (2023) found: +11% offered pay"
    )
