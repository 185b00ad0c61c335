"""Finding records: select, rank, explain, search, claims, references; and judging them: trace, primaries, vendors."""

from __future__ import annotations

from typing import Any

import pytest

import evidencekb as ekb

ALL = {"pay-gap", "pay-gap-2018", "use-count", "skill-use", "writers-trial"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({}, ALL),
        ({"withdrawn": True}, ALL | {"disavowed-finding"}),
        ({"standing": "disavowed"}, {"disavowed-finding"}),
        ({"standing": ["nothing_known", "superseded"]}, {"pay-gap", "pay-gap-2018"}),
        ({"skill": "machine-learning"}, {"pay-gap", "pay-gap-2018", "use-count", "skill-use"}),
        ({"skill": "machine-learning", "narrower": False}, {"skill-use"}),
        ({"role": ["engineer", "writer"]}, {"skill-use", "writers-trial"}),
        ({"topic": "work"}, {"pay-gap"}),
        ({"outcome": "pay"}, {"pay-gap", "pay-gap-2018"}),
        ({"outcome": "pay", "narrower": False}, set()),
        ({"cohort": "workers"}, ALL),
        ({"cohort": "older-workers"}, {"writers-trial"}),
        ({"cohort": "workers", "narrower": False}, ALL - {"writers-trial"}),
        ({"definition": "pay-in-ads"}, {"pay-gap", "pay-gap-2018"}),
        ({"measure": "proportion"}, {"use-count"}),
        ({"nature": "reported"}, {"use-count"}),
        ({"design": ["field_experiment", "lab_experiment"]}, {"skill-use", "writers-trial"}),
        ({"source_kind": "report"}, {"use-count"}),
        ({"vendor": "vendor"}, {"use-count"}),
        ({"since": 2024}, {"use-count"}),
        ({"until": 2019}, {"pay-gap", "pay-gap-2018"}),
        ({"since": "2020-01-01", "until": "2023"}, {"skill-use", "writers-trial"}),
        ({"text": "statement of pay"}, {"pay-gap", "pay-gap-2018"}),
        ({"skill": "torch", "vendor": "independent", "since": 2019}, {"pay-gap"}),
    ],
)
def test_select_keeps_what_matches_everything_asked(
    kb: ekb.KnowledgeBase, asked: dict[str, Any], found: set[str]
) -> None:
    assert {finding.id for finding in ekb.select_findings(kb, **asked)} == found


@pytest.mark.parametrize(
    ("asked", "error", "says"),
    [
        ({"nature": "observd"}, ekb.QuestionError, "did you mean 'observed'"),
        ({"skill": "torhc"}, ekb.UnknownIdError, "Did you mean 'torch'"),
        ({"definition": "pay-in-adds"}, ekb.UnknownIdError, "Did you mean 'pay-in-ads'"),
        ({"since": "soon"}, ekb.QuestionError, "is not a date"),
        ({"text": "  "}, ekb.QuestionError, "holds no word"),
    ],
)
def test_a_misspelt_option_is_refused(
    kb: ekb.KnowledgeBase, asked: dict[str, Any], error: type[Exception], says: str
) -> None:
    with pytest.raises(error, match=says):
        ekb.select_findings(kb, **asked)


def test_selection_comes_strongest_first(kb: ekb.KnowledgeBase) -> None:
    order = [f.id for f in ekb.select_findings(kb, withdrawn=True)]
    assert order == ["skill-use", "writers-trial", "pay-gap", "use-count", "pay-gap-2018", "disavowed-finding"]
    assert [f.id for f in ekb.rank_findings(kb, sorted(order))] == order


def test_a_question_puts_fit_first_and_explain_says_what_decided(kb: ekb.KnowledgeBase) -> None:
    ids = ["skill-use", "use-count", "pay-gap", "writers-trial"]
    ranked = ekb.rank_findings(kb, ids, skill="torch")
    assert [f.id for f in ranked] == ["pay-gap", "use-count", "skill-use", "writers-trial"]
    why = ekb.explain(kb, ids, skill="torch")
    assert [(entry.ref.id, entry.decided_by) for entry in why.order] == [
        ("pay-gap", "design"),
        ("use-count", "fit"),
        ("skill-use", "fit"),
        ("writers-trial", None),
    ]
    assert why.definitions_differ
    decided = "adjusted_cross_section: Maryland level 2 against convenience_survey: outside the Maryland scale, in our own order"
    assert f"before the next by design ({decided})" in str(why)


def test_ties_end_in_the_id_and_a_finding_given_twice_stands_once(kb: ekb.KnowledgeBase) -> None:
    assert [f.id for f in ekb.rank_findings(kb, ["use-count", "use-count"])] == ["use-count"]
    assert ekb.explain(kb, ["use-count"]).order[0].decided_by is None


def test_search_stems_words_and_marks_them(kb: ekb.KnowledgeBase) -> None:
    (hit, *_) = ekb.search(kb, "doubling pays")
    assert (hit.ref.kind, hit.ref.id, hit.snippet) == ("untraced", "torch-doubles-pay", "It *doubles* your *pay*")
    assert [hit.ref.id for hit in ekb.search(kb, "ads offer", kind="claim")] == ["torch-pays"]
    assert ekb.search(kb, "zebra") == ()


@pytest.mark.parametrize(
    "text", ['"unclosed', "a AND", "x:y", "NEAR(pay", "pay*", "(pay", "-pay", "…pay", 'pay "" pay']
)
def test_no_text_breaks_a_search(kb: ekb.KnowledgeBase, text: str) -> None:
    assert isinstance(ekb.search(kb, text), tuple)


@pytest.mark.parametrize("text", ["", "  ", "(", "'", '""'])
def test_a_text_without_a_word_is_refused(kb: ekb.KnowledgeBase, text: str) -> None:
    with pytest.raises(ekb.QuestionError, match="holds no word"):
        ekb.search(kb, text)


def test_when_no_record_holds_all_words_most_of_them_will_do(kb: ekb.KnowledgeBase) -> None:
    assert ekb.search(kb, "zebra doubles")[0].ref.id == "torch-doubles-pay"


def test_claims_about_a_subject_or_a_finding(kb: ekb.KnowledgeBase) -> None:
    assert [claim.id for claim in ekb.claims_about(kb, "torch")] == ["torch-pays"]
    assert [claim.id for claim in ekb.claims_about(kb, "machine-learning")] == ["torch-pays"]
    assert ekb.claims_about(kb, "machine-learning", narrower=False) == ()
    assert [claim.id for claim in ekb.claims_about(kb, ["use-count", "writers-trial"])] == ["torch-pays"]
    with pytest.raises(ekb.UnknownIdError, match="Did you mean 'torch'"):
        ekb.claims_about(kb, "torc")


def test_references_have_a_short_and_a_full_form(kb: ekb.KnowledgeBase) -> None:
    (reference,) = ekb.references(kb, ["use-count"])
    assert (reference.key, reference.label, reference.url) == ("maker2024", "The Maker", "https://maker.example/use")
    assert "Who uses it" in reference.text
    assert str(reference).endswith("[vendor]")
    assert [r.key for r in ekb.references(kb)] == sorted(kb.ids("source"))
    with pytest.raises(ekb.UnknownIdError):
        ekb.references(kb, ["nothing"])


def test_a_trail_shows_every_hop_what_it_took_and_what_it_changed(kb: ekb.KnowledgeBase) -> None:
    (gap,) = ekb.trace(kb, "pay-gap").estimates
    (primary,), (relay,) = gap.primaries, gap.relays
    assert (primary.source, primary.basis, primary.standing["state"]) == ("ads2020", "own_data", "nothing_known")
    assert (relay.source, relay.names, relay.taken_from, relay.prints) == ("blog2024", "ads2020", "ads2020", "21%")
    assert relay.drift == ({"kind": "number_changed", "note": "Eleven became twenty-one."},)
    assert (gap.hops, gap.missing) == (0, ("the page or table of estimate 'gap' in the primary",))
    assert "drift, number changed: Eleven became twenty-one" in str(ekb.trace(kb, "pay-gap"))


def test_the_trail_of_a_claim_is_that_of_its_findings(kb: ekb.KnowledgeBase) -> None:
    trail = ekb.trace(kb, "torch-pays")
    assert [(part.ref.id, part.stance) for part in trail.parts] == [("pay-gap", "supports"), ("use-count", "qualifies")]
    assert [r.key for r in ekb.primary_sources(kb, "torch-pays")] == ["ads2020", "maker2024"]


def test_only_findings_claims_and_untraced_claims_have_trails(kb: ekb.KnowledgeBase) -> None:
    with pytest.raises(ekb.QuestionError, match="'torch' is a concept"):
        ekb.trace(kb, "torch")
    with pytest.raises(ekb.QuestionError, match="only findings and claims have primary sources"):
        ekb.primary_sources(kb, "torch-doubles-pay")
    with pytest.raises(ekb.UnknownIdError, match="Did you mean 'pay-gap'"):
        ekb.trace(kb, "pay-gpa")


def test_vendors_are_counted_by_finding_and_by_source(kb: ekb.KnowledgeBase) -> None:
    summary = ekb.vendor_summary(kb)
    assert (summary.findings, summary.sources) == (5, {"independent": 3, "interested": 0, "vendor": 1, "unknown": 0})
    assert summary.by_finding == {"independent": 4, "interested": 0, "vendor": 1, "unknown": 0, "mixed": 0}
    assert summary.without_independent == ("use-count",)
    assert (
        str(ekb.vendor_summary(kb, ["use-count"]))
        == "1 finding from 1 primary source: 1 vendor; 1 without an independent one"
    )


def test_the_graph_has_a_node_a_record_and_an_edge_a_link(kb: ekb.KnowledgeBase) -> None:
    graph = kb.to_networkx()
    assert graph.nodes["finding", "pay-gap"] == {"kind": "finding", "id": "pay-gap", "label": "Headline of pay-gap"}
    relations = {(a[1], data["relation"], b[1]) for a, b, data in graph.edges(data=True)}
    assert {
        ("torch-pays", "rests_on", "pay-gap"),
        ("pay-gap", "cites", "ads2020"),
        ("pay-gap", "supersedes", "pay-gap-2018"),
        ("blog2024", "taken_from", "ads2020"),
        ("torch", "broader", "machine-learning"),
        ("maker2024", "tied_to", "maker"),
        ("maker", "sells", "torch-box"),
    } <= relations
    assert all(node in graph for edge in graph.edges for node in edge[:2])
