"""Pages: which cards stand first, how each fits, and what is set beside them."""

from __future__ import annotations

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
    concept("role", "artisan", "Artisan"),
    concept("role", "welder", "Welder", links=below("artisan")),
    concept("skill", "metalwork"),
    concept("skill", "soldering", "Soldering", links=below("metalwork")),
    concept("skill", "tinning", "Tinning", links=below("soldering")),
    concept("skill", "juggling"),
    concept("topic", "shops"),
    concept("outcome", "pay"),
    concept("outcome", "replies"),
    concept("product", "torch"),
    concept("instrument", "trial-week", "trial week"),
]
COHORTS = [cohort("older-workers", broader=["workers"]), cohort("oldest-workers", broader=["older-workers"])]
GONE = {"events": [{"status": "retracted"}]}


def made(*findings: Fields, **lists: list[Fields]) -> Records:
    return pack(list(findings), **{"concepts": CONCEPTS, "cohorts": COHORTS, **lists})


def pays(id: str, value: float = 5, about: str = "soldering", how: str = "measured", **fields: Any) -> Fields:
    return finding(id, estimate("pay", value), about={about: how}, **fields)


def named(cards: tuple[ekb.Card, ...]) -> list[str]:
    return [card.ref.id for card in cards]


def codes(limits: tuple[ekb.Caveat, ...]) -> list[str]:
    return [limit.code for limit in limits]


# Headlines

CASE: Fields = {
    "design": "legal_document", "nature": "decided",
    "legal": {"act": "order", "body": "court", "case": "a-case", "merits": "decided"},
}  # fmt: skip


def test_a_headline_is_one_of_its_work_and_the_others_stand_below(tmp_path: Path) -> None:
    held = made(pays("a", source="one"), pays("b", source="one"), pays("c", source="two"))
    page = page_of(tmp_path, held, skill="soldering")
    assert (named(page.headline), named(page.context)) == (["a", "c"], ["b"])


@pytest.mark.parametrize(
    ("fields", "headline"),
    [({"work": "one-work"}, ["a"]), ({"case": "one-case"}, ["a"]), ({}, ["a", "b"])],
)
def test_versions_of_a_work_and_papers_of_a_case_are_one_headline(
    tmp_path: Path, fields: Fields, headline: list[str]
) -> None:
    sources = [source(id, version=id, **fields) for id in ("a", "b")]
    assert named(page_of(tmp_path, made(pays("a"), pays("b"), sources=sources), skill="soldering").headline) == headline


def test_case_papers_come_after_what_was_measured_however_well_they_fit(tmp_path: Path) -> None:
    bodies = [{"id": "court", "name": "Made-up Court"}]
    exact, near = pays("a-paper", **CASE), pays("b-metal", about="metalwork")
    page = page_of(tmp_path, made(exact, near, organizations=bodies), skill="soldering")
    assert named(page.headline) == ["b-metal", "a-paper"]
    measured = {name: value for name, value in exact.items() if name not in CASE} | {
        "design": "official_count",
        "nature": "observed",
    }
    assert named(page_of(tmp_path / "twin", made(measured, near), skill="soldering").headline) == ["a-paper", "b-metal"]


@pytest.mark.parametrize(("headlines", "first"), [(0, []), (1, ["a"]), (2, ["a", "b"]), (9, ["a", "b", "c"])])
def test_as_many_headlines_as_were_asked_for(tmp_path: Path, headlines: int, first: list[str]) -> None:
    page = page_of(tmp_path, made(pays("a"), pays("b"), pays("c")), skill="soldering", headlines=headlines)
    assert named(page.headline) == first
    assert [*named(page.headline), *named(page.context)] == ["a", "b", "c"]


def test_a_card_without_a_figure_is_no_headline(tmp_path: Path) -> None:
    silent = finding("a", about={"soldering": "measured"}, no_interval="not_applicable", design="qualitative")
    page = page_of(tmp_path, made(silent, pays("b", about="metalwork")), skill="soldering")
    assert (named(page.headline), named(page.context)) == (["b"], ["a"])


# How many cards

PAY = {
    "id": "pay", "label": "Pay", "outcomes": ["pay"], "wanted": "effect", "unanswered": "Nothing else counts pay.",
    "questions": {"skill": "Does {skill} pay?"},
}  # fmt: skip
REPLIED = finding("replied", share("replies", 0.5), about={"soldering": "measured"}, design="field_experiment")


@pytest.mark.parametrize(
    ("cards", "shown", "beyond", "sentence"),
    [
        (3, ["a", "b", "c"], 0, ""),
        (2, ["a", "b"], 1, " 1 further finding is not shown."),
        (1, ["a"], 2, " 2 further findings are not shown."),
        (0, [], 3, " 3 further findings are not shown."),
    ],
)
def test_a_page_with_a_limit_says_how_much_it_leaves_away(
    tmp_path: Path, cards: int, shown: list[str], beyond: int, sentence: str
) -> None:
    page = page_of(tmp_path, made(pays("a"), pays("b"), pays("c", about="metalwork")), skill="soldering", cards=cards)
    assert (named(page.cards), page.coverage["beyond"]) == (shown, beyond)
    assert page.coverage_text.partition(" context.")[2] == sentence


def test_an_answer_that_only_a_finding_left_away_gives_brings_it_back(tmp_path: Path) -> None:
    records = made(REPLIED, pays("a"), pays("b"), aspects=[PAY])
    page = page_of(tmp_path, records, skill="soldering", cards=1)
    assert named(page.answers[0].cards) == ["a", "b"]
    assert (named(page.cards), page.coverage["beyond"]) == (["replied", "a", "b"], 0)
    unasked = page_of(
        tmp_path / "twin", twin(records, "aspects", "pay", questions={"role": "Pay?"}), skill="soldering", cards=1
    )
    assert (named(unasked.cards), unasked.coverage["beyond"]) == (["replied"], 2)


def test_an_answer_from_the_cards_shown_brings_nothing_back(tmp_path: Path) -> None:
    page = page_of(tmp_path, made(pays("a"), pays("b"), aspects=[PAY]), skill="soldering", cards=1)
    assert (named(page.answers[0].cards), named(page.cards), page.coverage["beyond"]) == (["a"], ["a"], 1)


def test_a_pinned_finding_comes_on_top_of_the_limit(tmp_path: Path) -> None:
    page = page_of(tmp_path, made(pays("a"), pays("b"), pays("c")), skill="soldering", cards=1, pin="c")
    assert (named(page.cards), page.coverage["beyond"]) == (["a", "c"], 1)


# Closeness


def near(id: str, design: str = "official_count", on: dict[str, str] | None = None, **about: str) -> Fields:
    return finding(id, estimate("pay", 5), about=about, design=design, on=on)


def order_of(folder: Path, records: Records, **asked: str) -> list[str]:
    """The cards of a page, which explain() puts in the same order."""
    with built(folder, records) as kb:
        cards = named(ekb.brief(kb, **asked, headlines=0).cards)  # type: ignore[arg-type]  # options by name
        assert [ranked.ref.id for ranked in ekb.explain(kb, cards[::-1], **asked).order] == cards
        return cards


def test_within_a_tier_the_nearer_card_stands_first_however_strong_the_farther(tmp_path: Path) -> None:
    records = made(
        near("sixth", "field_experiment", metalwork="measured"),
        near("fifth", metalwork="measured", welder="proxy"),
        near("fourth", metalwork="measured", welder="includes"),
    )
    assert order_of(tmp_path, records, role="welder", skill="soldering") == ["fourth", "fifth", "sixth"]


def test_a_tier_comes_before_closeness(tmp_path: Path) -> None:
    records = made(
        near("sum-four", metalwork="measured", welder="includes"), near("sum-four-too", soldering="measured")
    )
    assert order_of(tmp_path, records, role="welder", skill="soldering") == ["sum-four-too", "sum-four"]


def test_at_one_distance_strength_decides(tmp_path: Path) -> None:
    records = made(near("count", metalwork="measured"), near("trial", "field_experiment", metalwork="measured"))
    assert order_of(tmp_path, records, role="welder", skill="soldering") == ["trial", "count"]


@pytest.mark.parametrize("fit", ["simulated", "analogous"])
def test_a_stand_in_for_a_cohort_counts_as_close_as_a_wider_group(tmp_path: Path, fit: str) -> None:
    records = made(
        near("wider", on={"workers": "exact"}, metalwork="measured"),
        near("stand-in", "field_experiment", on={"older-workers": fit}, metalwork="measured"),
    )
    assert order_of(tmp_path, records, skill="soldering", cohort="older-workers") == ["stand-in", "wider"]


def test_a_stand_in_for_a_skill_stands_behind_a_wider_one(tmp_path: Path) -> None:
    records = made(
        near("wider", welder="includes", metalwork="measured"),
        near("stand-in", "field_experiment", welder="includes", soldering="proxy"),
    )
    assert order_of(tmp_path, records, role="welder", skill="soldering") == ["wider", "stand-in"]


def test_explain_names_closeness_when_it_decides(tmp_path: Path) -> None:
    records = made(near("far", metalwork="measured"), near("close", metalwork="measured", welder="proxy"))
    with built(tmp_path, records) as kb:
        first, second = ekb.explain(kb, ["far", "close"], role="welder", skill="soldering").order
    assert (first.ref.id, first.decided_by, second.decided_by) == ("close", "closeness", None)
    assert (first.criteria["closeness"], second.criteria["closeness"]) == (5, 6)


# Fits


@pytest.mark.parametrize(
    ("how", "why"),
    [
        ("exact", "About soldering; measured on workers."),
        ("narrower", "About soldering; measured on some workers."),
        ("broader", "About soldering; measured on more than just workers."),
        ("simulated", "About soldering; measured on made-up workers."),
        ("analogous", "About soldering; measured on others like workers."),
    ],
)
def test_a_fit_says_who_was_measured(tmp_path: Path, how: str, why: str) -> None:
    records = twin(made(pays("a", on={"workers": how})), "concepts", "soldering", label="soldering")
    (card,) = page_of(tmp_path, records, skill="soldering").cards
    assert card.fit == ekb.Fit("direct", skill="exact", why=why)


@pytest.mark.parametrize(
    ("on", "fit"),
    [
        ({"older-workers": "exact"}, ("direct", "exact", "About older workers; measured on older workers.")),
        ({"older-workers": "narrower"}, ("direct", "narrower", "About a part of older workers; measured on some older workers.")),
        ({"oldest-workers": "exact"}, ("direct", "narrower", "About a part of older workers; measured on oldest workers.")),
        (
            {"older-workers": "broader"},
            ("near", "broader", "About something wider than older workers; measured on more than just older workers."),
        ),
        ({"workers": "exact"}, ("near", "broader", "About something wider than older workers; measured on workers.")),
        (
            {"older-workers": "simulated"},
            ("near", "proxy", "About a stand-in for older workers; measured on made-up older workers."),
        ),
        (
            {"older-workers": "analogous"},
            ("near", "proxy", "About a stand-in for older workers; measured on others like older workers."),
        ),
        (
            {"workers": "simulated", "oldest-workers": "exact"},
            ("direct", "narrower", "About a part of older workers; measured on made-up workers and oldest workers."),
        ),
    ],
)  # fmt: skip
def test_a_fit_to_a_cohort_comes_from_its_link_and_the_hierarchy(
    tmp_path: Path, on: dict[str, str], fit: tuple[str, str, str]
) -> None:
    (card,) = page_of(tmp_path, made(pays("a", on=on)), cohort="older-workers").cards
    assert card.fit is not None
    assert (card.fit.tier, card.fit.cohort, card.fit.why) == fit


@pytest.mark.parametrize(
    ("about", "why"),
    [
        ({"soldering": "measured", "welder": "measured"}, "About welders, about Soldering; measured on workers."),
        ({"tinning": "measured"}, "About a part of Soldering; measured on workers; not about welders."),
        (
            {"metalwork": "measured", "welder": "proxy"},
            "About a stand-in for welders, about something wider than Soldering; measured on workers.",
        ),
        ({"welder": "measured", "soldering": "mentioned"}, "About welders; measured on workers; not about Soldering."),
        ({"soldering": "mentioned"}, "Measured on workers; not about welders or Soldering."),
    ],
)  # fmt: skip
def test_a_fit_to_a_mix_says_what_a_card_is_about_and_what_not(tmp_path: Path, about: dict[str, str], why: str) -> None:
    records = made(finding("a", estimate("pay", 5), about=about))
    (card,) = page_of(tmp_path, records, role="welder", skill="soldering").cards
    assert card.fit is not None
    assert card.fit.why == why


def test_of_many_groups_three_are_named_and_the_others_counted(tmp_path: Path) -> None:
    groups = [cohort(f"group-{n}") for n in range(5)]
    for most, told in ((4, "group 0, group 1, group 2 and group 3"), (5, "group 0, group 1, group 2 and 2 more")):
        on = {f"group-{n}": "exact" for n in range(most)}
        (card,) = page_of(tmp_path / str(most), made(pays("a", on=on), cohorts=groups), skill="soldering").cards
        assert card.fit is not None
        assert card.fit.why == f"About Soldering; measured on {told}."


# Limits that the question brings


@pytest.mark.parametrize(
    ("about", "asked", "brought"),
    [
        ({"welder": "measured"}, {"role": "welder"}, {}),
        ({"welder": "includes"}, {"role": "welder"}, {"indirect_role": "Not measured for welders themselves."}),
        ({"welder": "proxy"}, {"role": "welder"}, {"indirect_role": "Not measured for welders themselves."}),
        ({"welder": "mentioned"}, {"role": "welder"}, {"other_occupation": "Others than welders were measured."}),
        ({"soldering": "measured"}, {"skill": "soldering"}, {}),
        ({"metalwork": "measured"}, {"skill": "soldering"}, {"indirect_skill": "Not measured for Soldering itself."}),
        ({"soldering": "proxy"}, {"skill": "soldering"}, {"indirect_skill": "Not measured for Soldering itself."}),
        ({"soldering": "mentioned"}, {"skill": "soldering"}, {}),
        ({"soldering": "measured"}, {"role": "welder", "skill": "soldering"}, {}),
        (
            {"metalwork": "measured", "welder": "proxy"}, {"role": "welder", "skill": "soldering"},
            {"indirect_role": "Not measured for welders themselves.", "indirect_skill": "Not measured for Soldering itself."},
        ),
        ({}, {"cohort": "workers"}, {}),
        ({}, {"cohort": "older-workers"}, {"broader_cohort": "Measured on a wider group than older workers."}),
    ],
)  # fmt: skip
def test_a_limit_that_the_question_brings_stands_on_the_card(
    tmp_path: Path, about: dict[str, str], asked: dict[str, str], brought: dict[str, str]
) -> None:
    (card,) = page_of(tmp_path, made(finding("a", estimate("pay", 5), about=about)), **asked).cards
    assert {limit.code: limit.text for limit in card.caveats if limit.code != "no_interval"} == brought
    assert all((limit.severity, limit.subject) == ("warning", "a") for limit in card.caveats[: len(brought)])


@pytest.mark.parametrize("fit", ["simulated", "analogous"])
def test_a_stand_in_for_a_cohort_is_no_wider_group(tmp_path: Path, fit: str) -> None:
    (card,) = page_of(tmp_path, made(pays("a", on={"older-workers": fit})), cohort="older-workers").cards
    assert codes(card.caveats) == ["no_interval"]


def test_limits_of_the_question_come_after_stops_and_before_all_others(tmp_path: Path) -> None:
    records = twin(made(pays("a", about="metalwork", nature="modelled")), "sources", "a", standing=GONE)
    (card,) = page_of(tmp_path, records, skill="soldering", pin="a").cards
    assert codes(card.caveats) == ["standing", "indirect_skill", "modelled", "no_interval"]
    stands = page_of(
        tmp_path / "twin", twin(records, "sources", "a", standing={"checked_on": "2026-01-15"}), skill="soldering"
    )
    assert codes(stands.cards[0].caveats) == ["indirect_skill", "modelled", "no_interval"]


# Cohorts, side by side


def groups_of(page: ekb.Brief) -> list[tuple[str, str, list[str]]]:
    return [(cluster.cohort.id, cluster.relation, named(cluster.cards)) for cluster in page.cohorts]


GROUPS = [
    *COHORTS,
    cohort("women", overlaps=["older-workers"]),
    cohort("fathers"),
    cohort("oldest-women", broader=["women"], overlaps=["fathers"]),
]
ON_GROUPS = [
    pays(f"on-{id}", on={id: "exact"}) for id in ("workers", "older-workers", "oldest-workers", "women", "fathers")
]


@pytest.mark.parametrize(
    ("asked", "groups"),
    [
        (
            "older-workers",
            [
                ("older-workers", "asked", ["on-older-workers"]),
                ("oldest-workers", "narrower", ["on-oldest-workers"]),
                ("women", "overlapping", ["on-women"]),
            ],
        ),
        ("women", [("women", "asked", ["on-women"]), ("older-workers", "overlapping", ["on-older-workers"])]),
        ("oldest-women", [("fathers", "overlapping", ["on-fathers"])]),
        ("oldest-workers", [("oldest-workers", "asked", ["on-oldest-workers"])]),
    ],
)
def test_a_page_on_a_cohort_sets_it_beside_its_parts_and_those_that_share_members(
    tmp_path: Path, asked: str, groups: list[tuple[str, str, list[str]]]
) -> None:
    page = page_of(tmp_path, made(*ON_GROUPS, cohorts=GROUPS), cohort=asked)
    assert groups_of(page) == groups


def test_a_group_says_how_it_stands_to_the_asked_one(tmp_path: Path) -> None:
    page = page_of(tmp_path, made(*ON_GROUPS, cohorts=GROUPS), cohort="older-workers")
    assert [(cluster.cohort.label, cluster.text) for cluster in page.cohorts] == [
        ("Older workers", "Findings on older workers."),
        ("Oldest workers", "A part of older workers."),
        ("Women", "Shares members with older workers."),
    ]
    assert str(page.cohorts[0]) == "Older workers. Findings on older workers.\n- Headline of on-older-workers"


@pytest.mark.parametrize(
    ("about", "text"),
    [
        ("soldering", "Findings on older workers."),
        ("tinning", "Findings on older workers."),
        ("metalwork", "Findings on older workers. None of them measures Soldering."),
    ],
)
def test_a_group_says_which_asked_skill_none_of_its_findings_measures(tmp_path: Path, about: str, text: str) -> None:
    records = made(pays("a", about=about, on={"older-workers": "exact"}))
    (cluster,) = page_of(tmp_path, records, skill="soldering", cohort="older-workers").cohorts
    assert cluster.text == text


def test_cohorts_that_the_pack_shows_stand_on_pages_that_ask_about_none(tmp_path: Path) -> None:
    plain = made(pays("on-older", about="shops", on={"older-workers": "exact"}), pays("b"))
    records = twin(plain, "cohorts", "older-workers", on_pages=True)
    page = page_of(tmp_path, records, role="welder", skill="soldering")
    (cluster,) = page.cohorts
    assert (cluster.cohort.id, cluster.relation, named(cluster.cards)) == ("older-workers", "shown", ["on-older"])
    assert cluster.text == (
        "Findings on older workers, whoever was asked about. None of them measures welders or Soldering."
    )
    assert [card.fit and card.fit.tier for card in cluster.cards] == ["context"]
    assert (named(page.headline), page.coverage["context"]) == (["b"], 1)
    assert page_of(tmp_path / "twin", plain, role="welder", skill="soldering").cohorts == ()
    assert groups_of(page_of(tmp_path / "asked", records, cohort="workers")) == [
        ("workers", "asked", ["b"]),
        ("older-workers", "narrower", ["on-older"]),
    ]


def test_a_cohort_without_findings_has_no_section(tmp_path: Path) -> None:
    records = twin(made(pays("a")), "cohorts", "older-workers", on_pages=True)
    assert page_of(tmp_path, records, skill="soldering").cohorts == ()
    assert groups_of(page_of(tmp_path / "asked", records, cohort="older-workers")) == []


def test_a_shown_cohort_has_its_three_strongest_findings_one_a_work(tmp_path: Path) -> None:
    on = {"older-workers": "exact"}
    held = [pays("a", about="shops", on=on, source="one"), pays("b", about="shops", on=on, source="one")]
    held += [pays(id, about="shops", on=on) for id in ("c", "d", "e")]
    records = twin(made(*held, pays("z")), "cohorts", "older-workers", on_pages=True)
    (cluster,) = page_of(tmp_path, records, skill="soldering").cohorts
    assert named(cluster.cards) == ["a", "c", "d"]


LINES = [
    definition("fifty", "older-workers", procedure="Fifty and over."),
    definition("sixty", "oldest-workers", procedure="Sixty and over."),
]


@pytest.mark.parametrize(
    ("first", "second", "definitions", "differ"),
    [
        (["fifty"], ["fifty"], ("fifty",), False),
        (["fifty"], ["sixty"], ("fifty", "sixty"), True),
        (["fifty"], [], ("fifty",), True),
        (["fifty", "sixty"], ["fifty"], ("fifty", "sixty"), True),
        ([], [], (), False),
    ],
)
def test_a_group_says_how_each_finding_draws_the_line(
    tmp_path: Path, first: list[str], second: list[str], definitions: tuple[str, ...], differ: bool
) -> None:
    on = {"older-workers": "exact"}
    records = made(pays("a", on=on, definitions=first), pays("b", on=on, definitions=second), definitions=LINES)
    page = page_of(tmp_path, records, cohort="older-workers")
    (cluster,) = page.cohorts
    assert (cluster.definitions, cluster.definitions_differ) == (definitions, differ)
    texts = {"fifty": "Fifty and over.", "sixty": "Sixty and over."}
    assert {id: page.definitions[id] for id in definitions} == {id: texts[id] for id in definitions}


# Conflicts


def against(target: str, **fields: Any) -> list[Fields]:
    return [{"type": "contradicts", "target": target, **fields}]


UP = pays("up", 8, links=against("down", because="They asked others."))
DOWN = pays("down", -3, about="juggling")


@pytest.mark.parametrize("skill", ["soldering", "juggling"])
def test_a_conflict_is_shown_from_both_sides_the_one_that_says_so_first(tmp_path: Path, skill: str) -> None:
    (conflict,) = page_of(tmp_path, made(UP, DOWN), skill=skill).conflicts
    assert [ref.id for ref in conflict.findings] == ["up", "down"]
    assert [figure.id for figure in conflict.figures] == ["up#x", "down#x"]
    assert (conflict.because, conflict.asserted_by) == ("They asked others.", "curator")
    assert conflict.text == (
        "Up (2023) found: +8% pay (n = 500 people). Against it: Down (2023) found: −3% pay (n = 500 people). They asked others."
    )


def test_the_other_side_of_a_conflict_is_named_by_the_page_and_is_no_card_of_it(tmp_path: Path) -> None:
    page = page_of(tmp_path, made(UP, DOWN), skill="soldering")
    assert named(page.cards) == ["up"]
    assert (set(page.findings), set(page.figures)) == ({"up", "down"}, {"up#x", "down#x"})
    assert {reference.key for reference in page.references} == {"up", "down"}


def test_the_sources_that_are_counted_are_those_of_the_findings_shown(tmp_path: Path) -> None:
    page = page_of(tmp_path, made(UP, DOWN), skill="soldering")
    assert page.coverage_text == "1 finding from 1 source: 1 direct, 0 partial, 0 near, 0 context."


def test_two_links_of_one_pair_are_one_conflict(tmp_path: Path) -> None:
    back = {**DOWN, "about": UP["about"], "links": against("up", because="So say I.")}
    for records, because in ((made(UP, back), "So say I."), (made(UP, {**back, "links": []}), "They asked others.")):
        (conflict,) = page_of(tmp_path / because[:2], records, skill="soldering").conflicts
        assert conflict.because == because


def test_a_conflict_says_when_nobody_recorded_why(tmp_path: Path) -> None:
    (conflict,) = page_of(tmp_path, made({**UP, "links": against("down")}, DOWN), skill="soldering").conflicts
    assert conflict.text.endswith("−3% pay (n = 500 people). Why they differ is not recorded.")


def test_a_source_that_sets_two_against_each_other_is_named(tmp_path: Path) -> None:
    (conflict,) = page_of(
        tmp_path, made({**UP, "links": against("down", asserted_by="up")}, DOWN), skill="soldering"
    ).conflicts
    assert conflict.asserted_by == "up"


TWO_OUTCOMES = [share("replies", 0.2, "r"), estimate("pay", -3, "p")]
TWO_PAYS = [estimate("pay", 1, "a"), estimate("pay", 2, "b")]


@pytest.mark.parametrize(
    ("about", "mine", "theirs", "figures"),
    [
        (["a", "b"], [*TWO_PAYS, estimate("pay", 3, "c")], TWO_OUTCOMES, ["up#a", "up#b", "down#p"]),
        (["c"], [*TWO_PAYS, share("replies", 0.3, "c")], TWO_OUTCOMES, ["up#c", "down#r"]),
        ([], TWO_PAYS, TWO_OUTCOMES, ["up#a", "down#p"]),
        ([], [estimate("pay", 1, "a")], [share("replies", 0.2, "r"), share("replies", 0.3, "s")], ["up#a", "down#r"]),
        ([], [estimate("pay", 1, "a")], [], ["up#a"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("skill", ["soldering", "juggling"])
def test_a_conflict_shows_the_figures_that_it_names_else_those_of_one_outcome(
    tmp_path: Path, skill: str, about: list[str], mine: list[Fields], theirs: list[Fields], figures: list[str]
) -> None:
    up = {**UP, "estimates": mine, "links": against("down", about=about)}
    (conflict,) = page_of(tmp_path, made(up, {**DOWN, "estimates": theirs}), skill=skill).conflicts
    assert [figure.id for figure in conflict.figures] == figures


def test_a_conflict_is_told_alike_on_the_pages_of_both_sides(tmp_path: Path) -> None:
    records = made({**UP, "estimates": TWO_OUTCOMES}, {**DOWN, "estimates": TWO_OUTCOMES[::-1]})
    first, second = (page_of(tmp_path / skill, records, skill=skill).conflicts for skill in ("soldering", "juggling"))
    assert [conflict.text for conflict in first] == [conflict.text for conflict in second]


def test_a_side_without_a_figure_is_told_by_its_headline(tmp_path: Path) -> None:
    (conflict,) = page_of(tmp_path, made(UP, {**DOWN, "estimates": []}), skill="soldering").conflicts
    assert (
        conflict.text == "Up (2023) found: +8% pay (n = 500 people). Against it: Headline of down. They asked others."
    )


def test_what_only_comes_nearest_to_a_gap_brings_no_conflict(tmp_path: Path) -> None:
    nearest = {**UP, "about": [{"concept": "shops", "how": "measured"}]}
    records = made(nearest, DOWN, aspects=[PAY])
    page = page_of(tmp_path, records, skill="tinning")
    assert (page.gaps[0].nearest, page.conflicts) == (("up#x",), ())
    pinned = page_of(tmp_path / "twin", records, skill="tinning", pin="up")
    assert [[ref.id for ref in conflict.findings] for conflict in pinned.conflicts] == [["up", "down"]]


def test_what_was_withdrawn_stands_against_nothing(tmp_path: Path) -> None:
    records = made(UP, DOWN)
    assert page_of(tmp_path, twin(records, "sources", "down", standing=GONE), skill="soldering").conflicts == ()
    assert len(page_of(tmp_path / "twin", records, skill="soldering").conflicts) == 1


# Threads left out, and claims in circulation


@pytest.mark.parametrize(("bears_on", "shown"), [(["a", "b"], ["a"]), (["b"], []), ([], [])])
def test_an_exclusion_is_shown_with_the_findings_of_the_page_that_it_could_change(
    tmp_path: Path, bears_on: list[str], shown: list[str]
) -> None:
    thread = {"id": "left", "thread": "A second survey", "reason": "Not weighed: it was not read", "bears_on": bears_on}
    page = page_of(tmp_path, made(pays("a"), pays("b", about="juggling"), exclusions=[thread]), skill="soldering")
    assert [[ref.id for ref in exclusion.bears_on] for exclusion in page.exclusions] == ([shown] if shown else [])
    assert [str(each) for each in page.exclusions] == (
        ["A second survey. Not weighed: it was not read."] if shown else []
    )


@pytest.mark.parametrize(
    ("fields", "asked", "shown"),
    [
        ({"about": ["soldering"]}, {"skill": "soldering"}, True),
        ({"about": ["tinning"]}, {"skill": "soldering"}, True),
        ({"about": ["metalwork"]}, {"skill": "soldering"}, False),
        ({"nearest": [{"finding": "a", "differs": "Counted."}]}, {"skill": "soldering"}, True),
        ({"nearest": [{"finding": "b", "differs": "Counted."}]}, {"skill": "soldering"}, False),
        ({"cohorts": ["older-workers"]}, {"cohort": "older-workers"}, True),
        ({"cohorts": ["oldest-workers"]}, {"cohort": "older-workers"}, True),
        ({"cohorts": ["workers"]}, {"cohort": "older-workers"}, True),
        ({"cohorts": ["workers"]}, {"skill": "soldering"}, False),
    ],
)
def test_a_claim_in_circulation_stands_on_pages_about_it_and_beside_what_comes_near(
    tmp_path: Path, fields: Fields, asked: dict[str, str], shown: bool
) -> None:
    claim = {
        "id": "doubles",
        "headline": "It doubles pay",
        "status": "no_source_found",
        "say": "No study shows it.",
        **fields,
    }
    held = [pays("a", on={"older-workers": "exact"}), pays("b", about="juggling")]
    page = page_of(tmp_path, made(*held, untraced=[claim]), **asked)
    assert [card.ref.id for card in page.untraced] == (["doubles"] if shown else [])
    assert list(page.circulating) == (["doubles"] if shown else [])


# What holds for the page as a whole


def limit(page: ekb.Brief, code: str) -> ekb.Caveat | None:
    found = [caveat for caveat in page.caveats if caveat.code == code]
    assert len(found) <= 1
    return found[0] if found else None


def tied(first: Fields, second: Fields, first_tie: str, second_tie: str) -> Records:
    sources = [
        {**first, "interests": [{"organization": "seller", "tie": first_tie}]},
        {**second, "interests": [{"organization": "seller", "tie": second_tie}]},
    ]
    held = [pays(each["id"]) for each in sources]
    return made(*held, sources=sources, organizations=[{"id": "seller", "name": "Torch Seller"}])


def test_two_sources_tied_to_one_body_are_named(tmp_path: Path) -> None:
    page = page_of(tmp_path, tied(source("a"), source("b"), "data_provider", "publisher"), skill="soldering")
    shared = limit(page, "shared_tie")
    assert shared is not None
    assert shared.text == "2 sources on this page are tied through Torch Seller: A (data provider); B (publisher)."
    assert (shared.subject, shared.params) == ("a", {"organization": "seller", "with": ["b"]})


@pytest.mark.parametrize(
    ("fields", "ties", "said"),
    [
        ({}, ("data_provider", "data_provider"), True),
        ({}, ("owner", "funder"), True),
        ({}, ("publisher", "publisher"), False),
        ({}, ("funder", "author_employer"), False),
        ({"work": "one-work"}, ("data_provider", "publisher"), False),
        ({"case": "one-case"}, ("party", "party"), False),
    ],
)
def test_a_shared_tie_takes_two_works_and_more_than_publishing_paying_or_employing(
    tmp_path: Path, fields: Fields, ties: tuple[str, str], said: bool
) -> None:
    first, second = source("a", version="first", **fields), source("b", version="second", **fields)
    page = page_of(tmp_path, tied(first, second, *ties), skill="soldering")
    assert set(named(page.cards)) == {"a", "b"}
    assert (limit(page, "shared_tie") is not None) == said


@pytest.mark.parametrize(
    ("flags", "said"),
    [(("vendor", "interested"), True), (("vendor", "vendor"), True), (("vendor", "independent"), False)],
)
def test_a_common_publisher_ties_sources_that_all_gain(tmp_path: Path, flags: tuple[str, str], said: bool) -> None:
    first, second = (source(id, vendor=flag) for id, flag in zip("ab", flags, strict=True))
    page = page_of(tmp_path, tied(first, second, "publisher", "publisher"), skill="soldering")
    assert (limit(page, "shared_tie") is not None) == said


def test_a_tie_that_touches_other_findings_of_a_source_is_not_shared(tmp_path: Path) -> None:
    records = tied(source("a"), source("b"), "data_provider", "publisher")
    records = more(records, findings=pays("other", about="juggling", source="a"))
    scoped = [{"organization": "seller", "tie": "data_provider", "scope": ["other"]}]
    assert (
        limit(page_of(tmp_path, twin(records, "sources", "a", interests=scoped), skill="soldering"), "shared_tie")
        is None
    )
    assert limit(page_of(tmp_path / "twin", records, skill="soldering"), "shared_tie") is not None


@pytest.mark.parametrize(
    ("flags", "text", "params"),
    [
        (("vendor", "independent"), "Of 2 sources: 1 vendor.", {"vendor": 1, "of": 2}),
        (("vendor", "interested"), "Of 2 sources: 1 vendor and 1 with another stake.", {"vendor": 1, "interested": 1, "of": 2}),
        (("vendor", "vendor"), "Of 2 sources: 2 vendor.", {"vendor": 2, "of": 2}),
        (("independent", "independent"), None, None),
    ],
)  # fmt: skip
def test_a_page_says_how_many_of_its_sources_gain(
    tmp_path: Path, flags: tuple[str, str], text: str | None, params: Fields | None
) -> None:
    sources = [source(id, vendor=flag) for id, flag in zip("ab", flags, strict=True)]
    found = limit(page_of(tmp_path, made(pays("a"), pays("b"), sources=sources), skill="soldering"), "vendor")
    assert (found and found.text, found and found.params) == (text, params)


@pytest.mark.parametrize(
    ("flags", "text", "params"),
    [
        (("vendor", "vendor"), "Every figure on this page comes from a vendor.", {"vendor": 2, "of": 2}),
        (
            ("vendor", "interested"),
            "Every figure on this page comes from a vendor or an interested party.",
            {"vendor": 1, "interested": 1, "of": 2},
        ),
        (
            ("interested", "interested"),
            "Every figure on this page comes from an interested party.",
            {"interested": 2, "of": 2},
        ),
        (("vendor", "independent"), None, None),
        (("independent", "independent"), None, None),
    ],
)
def test_a_page_without_a_figure_of_anybody_independent_says_so(
    tmp_path: Path, flags: tuple[str, str], text: str | None, params: Fields | None
) -> None:
    sources = [source(id, vendor=flag) for id, flag in zip("ab", flags, strict=True)]
    found = limit(page_of(tmp_path, made(pays("a"), pays("b"), sources=sources), skill="soldering"), "only_tied")
    assert (found and found.text, found and found.params) == (text, params)


def test_a_figure_on_a_page_counts_by_its_own_primary(tmp_path: Path) -> None:
    mixed = pays("a")
    mixed["estimates"] = [estimate("pay", 8), estimate("pay", 3, "y")]
    own = {"role": "primary", "basis": "own_data", "read": {"what": "abstract", "on": "2026-01-15"}}
    mixed["citations"] = [{"source": "a", "prints": {"x": "8%"}, **own}, {"source": "b", "prints": {"y": "3%"}, **own}]
    sources = [source("a", vendor="vendor"), source("b")]
    page = page_of(tmp_path, made(mixed, sources=sources), skill="soldering")
    assert {figure.estimate: figure.vendor["flag"] for figure in page.figures.values()} == {
        "x": "vendor",
        "y": "independent",
    }
    assert limit(page, "only_tied") is None
    sellers = page_of(
        tmp_path / "twin", made(mixed, sources=[sources[0], source("b", vendor="interested")]), skill="soldering"
    )
    assert limit(sellers, "only_tied") is not None


@pytest.mark.parametrize(
    ("held", "text"),
    [
        (0, "No figure comes with an interval that was seen."),
        (1, "1 of 2 figures comes with an interval that was seen."),
        (2, None),
    ],
)
def test_a_page_says_how_many_figures_come_with_an_interval_unless_all_do(
    tmp_path: Path, held: int, text: str | None
) -> None:
    bounds = {"interval": {"lower": 4, "upper": 6}}
    figures = [estimate("pay", 5, id, **(bounds if at < held else {})) for at, id in enumerate("xy")]
    page = page_of(tmp_path, made(finding("a", *figures, about={"soldering": "measured"})), skill="soldering")
    found = limit(page, "no_interval")
    assert (found and found.text) == text
    assert (found and (found.subject, found.params)) == (("soldering", {"seen": held, "of": 2}) if text else None)


@pytest.mark.parametrize(
    ("what", "read"),
    [("abstract", 2), ("full_text", 2), ("data", 2), ("extract", 2), ("secondary_page", 1), ("nothing", 1)],
)
def test_a_page_says_for_how_many_findings_the_primary_was_read_unless_it_was_for_all(
    tmp_path: Path, what: str, read: int
) -> None:
    cites = [{**pays("a")["citations"][0], "read": {"what": what, "on": "2026-01-15"}}]
    found = limit(
        page_of(tmp_path, made({**pays("a"), "citations": cites}, pays("b")), skill="soldering"), "primary_not_read"
    )
    text = "The primary source itself was read for 1 of 2 findings."
    assert (found and (found.text, found.params)) == ((text, {"read": 1, "of": 2}) if read < 2 else None)


def test_a_page_says_under_how_many_questions_definitions_differ(tmp_path: Path) -> None:
    other = finding("b", estimate("pay", 5, definition="otherwise"), about={"soldering": "measured"})
    found = limit(page_of(tmp_path, made(pays("a"), other, aspects=[PAY]), skill="soldering"), "definitions_differ")
    assert found is not None
    assert found.text == "Figures under 1 question use different definitions and are not averaged."
    assert found.params == {"aspects": ["pay"]}
    alike = page_of(tmp_path / "twin", made(pays("a"), pays("b"), aspects=[PAY]), skill="soldering")
    assert limit(alike, "definitions_differ") is None


def test_a_page_that_shows_nothing_has_no_limits(tmp_path: Path) -> None:
    assert page_of(tmp_path, made(pays("a")), skill="juggling").caveats == ()


@pytest.mark.parametrize(
    ("period", "text"),
    [
        ("2020", "The data end in 2020, 6 years before they were read for this pack."),
        ("2018/2021", "The data end in 2021, 5 years before they were read for this pack."),
        ("2022", None),
        ("2018/..", None),
    ],
)
def test_data_that_were_old_when_they_were_read_say_so(tmp_path: Path, period: str, text: str | None) -> None:
    held = finding("a", estimate("pay", 5, period=period), about={"soldering": "measured"})
    (card,) = page_of(tmp_path, made(held), skill="soldering").cards
    assert [limit.text for limit in card.caveats if limit.code == "old_data"] == ([text] if text else [])


# What a page is called


@pytest.mark.parametrize(
    ("asked", "kind", "slug", "label", "title"),
    [
        ({"skill": "soldering"}, "skill", "soldering", "Soldering", "Soldering: what is known"),
        ({"role": "welder"}, "role", "welder", "Welder", "Welder: what is known"),
        ({"product": "torch"}, "product", "torch", "torch", "Torch: what is known"),
        ({"cohort": "older-workers"}, "cohort", "older-workers", "Older workers", "Older workers: what is known"),
        (
            {"role": "welder", "skill": "soldering"}, "question", "welder-x-soldering", "Soldering for welders",
            "Soldering for welders: what is known",
        ),
        (
            {"topic": "shops", "skill": "soldering"}, "question", "soldering-x-shops", "Soldering × shops",
            "Soldering × shops: what is known",
        ),
        (
            {"skill": "soldering", "cohort": "older-workers", "role": "welder"}, "question", "welder-x-soldering-x-older-workers",
            "Welder × Soldering × Older workers", "Welder × Soldering × Older workers: what is known",
        ),
    ],
)  # fmt: skip
def test_a_page_is_called_as_its_subject_or_its_mix(
    tmp_path: Path, asked: dict[str, str], kind: str, slug: str, label: str, title: str
) -> None:
    page = page_of(tmp_path, made(pays("a")), **asked)
    assert page.ref == ekb.Ref(kind, slug, label)
    assert (page.title, page.question.slug) == (title, slug)


MET = finding("met", estimate("replies", 5), about={"welder": "measured", "soldering": "measured"})


@pytest.mark.parametrize(
    ("findings", "asked", "summary"),
    [
        ([], {"skill": "soldering"}, "No finding in this pack bears on Soldering."),
        ([pays("a", how="mentioned")], {"skill": "soldering"},
         "No finding in this pack measures Soldering directly. What is shown is context, about something else."),
        ([pays("a")], {"skill": "soldering"},
         "1 finding in this pack is directly about Soldering. Shown first measures: pay."),
        ([pays("a"), MET], {"skill": "soldering"},
         "2 findings in this pack are directly about Soldering. Shown first measures: pay; replies."),
        ([pays("a", about="metalwork")], {"skill": "soldering"},
         "No finding in this pack measures Soldering directly. What comes closest measures: pay."),
        ([pays("a")], {"role": "welder", "skill": "soldering"},
         "No finding in this pack measures welders and Soldering together. What comes closest measures: pay."),
        ([MET], {"role": "welder", "skill": "soldering"},
         "1 finding in this pack is directly about welders and Soldering together. Shown first measures: replies."),
        ([pays("a")], {"instrument": "trial-week", "skill": "soldering", "cohort": "workers"},
         "No finding in this pack measures Soldering, workers and the trial week together. What comes closest measures: pay."),
        ([finding("a", about={"soldering": "measured"})], {"skill": "soldering"},
         "1 finding in this pack is directly about Soldering. What comes closest has no figure."),
    ],
)  # fmt: skip
def test_a_summary_says_what_is_known_and_what_is_not(
    tmp_path: Path, findings: list[Fields], asked: dict[str, str], summary: str
) -> None:
    assert page_of(tmp_path, made(*findings), **asked).summary == summary


def test_a_summary_counts_what_is_directly_about_it_shown_or_not(tmp_path: Path) -> None:
    for cards in (1, 2):
        page = page_of(tmp_path / str(cards), made(pays("a"), pays("b")), skill="soldering", cards=cards)
        assert page.summary.startswith("2 findings in this pack are directly about Soldering.")
        assert page.coverage["direct"] == cards


@pytest.mark.parametrize(
    ("standing", "badges"),
    [
        ({"checked_on": "2026-01-15"}, ("vendor", "reported", "count")),
        ({"events": [{"status": "concern"}]}, ("vendor", "reported", "count")),
        ({"events": [{"status": "retracted"}]}, ("retracted", "vendor", "reported", "count")),
        ({"events": [{"status": "disavowed"}]}, ("disavowed", "vendor", "reported", "count")),
        ({"events": [{"status": "overturned"}]}, ("overturned", "vendor", "reported", "count")),
        ({"events": [{"status": "retracted"}, {"status": "reinstated"}]}, ("vendor", "reported", "count")),
    ],
)
def test_a_withdrawn_finding_carries_its_standing_as_the_first_badge(
    tmp_path: Path, standing: Fields, badges: tuple[str, ...]
) -> None:
    records = made(pays("a", nature="reported"), sources=[source("a", vendor="vendor", standing=standing)])
    (card,) = page_of(tmp_path, records, skill="soldering", pin="a").cards
    assert card.badges == badges


REVERSAL: Fields = {**CASE, "legal": {**CASE["legal"], "act": "reversal"}}
DECISIONS = {"organizations": [{"id": "court", "name": "Made-up Court"}]}


@pytest.mark.parametrize(
    ("link", "badges"), [("reverses", ("overturned", "decided", "case")), ("follows", ("decided", "case"))]
)
def test_a_decision_that_another_one_reversed_is_overturned(tmp_path: Path, link: str, badges: tuple[str, ...]) -> None:
    later = pays("later", links=[{"type": link, "target": "first"}], **REVERSAL)
    page = page_of(tmp_path, made(pays("first", **CASE), later, **DECISIONS), skill="soldering", pin="first")
    cards = {card.ref.id: card for card in page.cards}
    assert (cards["first"].badges, cards["later"].badges) == (badges, ("decided", "case"))
