"""Cards from records: which citation a figure shows, which count is its n, what it says of its source, and its limits."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from evidencekb.answers import Card, Caveat, Figure
from evidencekb.answers.caveats import interval_text, sample_text
from evidencekb.answers.codes import SEVERITY
from evidencekb.vocab import CaveatKind, Design, Qualifier, StandingState
from tests.records import DROPPED, Fields, Records, base_records, built, edited

ID = "audit-2024-replies"
F = "findings.0"
C = f"{F}.citations"
E = f"{F}.estimates.0"
Edits = dict[str, Any]

ABSTRACT = {"what": "abstract", "on": "2026-01-15"}
WHOLE = {"what": "full_text", "on": "2026-01-15"}
# A whole count with an interval, whose source was checked: nothing limits it.
PLAIN: Edits = {
    f"{F}.design": "official_count",
    f"{E}.interval": {"lower": 10, "upper": 14},
    f"{F}.no_interval": DROPPED,
    "claims": [],
    "sources.0.work": DROPPED,
}


def source(id: str, **fields: Any) -> Fields:
    return {
        "id": id,
        "kind": "report",
        "title": f"Title of {id}",
        "published_on": 2023,
        "url": f"https://{id}.example/",
        "vendor": "independent",
        "vendor_reason": f"Looked at the funding page of {id}.",
        "standing": {"checked_on": "2026-01-15"},
        **fields,
    }


def cites(source: str, **fields: Any) -> Fields:
    return {"source": source, "role": "primary", "basis": "own_data", "read": ABSTRACT, **fields}


def another(id: str, source: str, **fields: Any) -> Fields:
    """Another finding, like the first, that rests on another source and bears on nothing."""
    first = {**base_records()["findings"][0], "headline": "Another trial of a score on applications"}
    return {**first, "id": id, "about": [], "citations": [cites(source)], **fields}


def records(edits: Edits) -> Records:
    return edited(base_records(), edits)


def card_in(kb: ekb.KnowledgeBase, id: str = ID) -> Card:
    return ekb.finding_card(kb, id)


def card(folder: Path, edits: Edits, id: str = ID) -> Card:
    with built(folder, records(edits)) as kb:
        return card_in(kb, id)


def figure(folder: Path, edits: Edits) -> Figure:
    return card(folder, edits).figures[0]


# The citation behind a figure

SECOND: Edits = {"sources.+": source("second", vendor="vendor"), f"{C}.0.prints": DROPPED}


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("abstract", "full_text", "second"),
        ("full_text", "abstract", "audit2024"),
        ("secondary_page", "extract", "second"),
        ("extract", "data", "second"),
        ("abstract", "extract", "audit2024"),
        ("full_text", "data", "audit2024"),
        ("nothing", "secondary_page", "audit2024"),
    ],
)
def test_the_primary_that_was_read_most_closely_carries_the_figure(
    tmp_path: Path, first: str, second: str, shown: str
) -> None:
    edits: Edits = {
        **SECOND,
        f"{C}.0.read": {"what": first, "on": "2026-01-15"},
        f"{C}.0.locator": "p. 1",
        f"{C}.1": cites("second", read={"what": second, "on": "2026-01-16"}, locator="p. 2"),
    }
    found = figure(tmp_path, edits)
    expected = {
        "audit2024": ("audit2024", "p. 1", {"what": first, "where": None, "on": "2026-01-15"}, "independent"),
        "second": ("second", "p. 2", {"what": second, "where": None, "on": "2026-01-16"}, "vendor"),
    }
    assert (found.cite["key"], found.cite["locator"], found.read, found.vendor["flag"]) == expected[shown]


def test_a_primary_that_prints_other_things_carries_nothing_however_closely_read(tmp_path: Path) -> None:
    elsewhere = cites("second", read=WHOLE, prints={"sample": "900"})
    assert figure(tmp_path, {**SECOND, f"{C}.1": elsewhere}).cite["key"] == "audit2024"


def test_a_relay_carries_nothing_however_closely_read(tmp_path: Path) -> None:
    relay = {"source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024", "read": WHOLE}
    assert figure(tmp_path, {f"{C}.+": relay}).cite["key"] == "audit2024"


def test_a_primary_without_a_record_of_reading_shows_none(tmp_path: Path) -> None:
    assert figure(tmp_path, {f"{C}.0.read": DROPPED}).read is None


# The count behind a figure


def count(n: int, level: str, of: str = "people", **fields: str) -> Fields:
    return {"n": n, "of": of, "level": level, **fields}


def size(n: int, level: str, of: str = "people", qualifier: str = "exactly") -> Fields:
    return {"value": n, "qualifier": qualifier, "of": of, "level": level}


LEVELS = ["studies", "effects", "observations", "answered", "analysed"]


@pytest.mark.parametrize(
    ("counts", "fields", "expected"),
    [
        ([count(900, "analysed")], {}, size(900, "analysed")),
        ([count(900, "analysed")], {"group": "women"}, size(900, "analysed")),
        ([count(900, "answered", qualifier="about")], {}, size(900, "answered", qualifier="about")),
        # an estimate's own n
        ([count(900, "observations", "letters")], {"n": 40}, size(40, "analysed", "letters")),
        ([count(900, "answered"), count(40, "answered", "firms")], {"n": 40}, size(40, "analysed", "firms")),
        ([count(40, "drawn", "letters"), count(9, "answered")], {"n": 40}, size(40, "analysed")),
        ([count(900, "drawn")], {"n": 40}, size(40, "analysed", "")),
        # the count of its group, else one of no group
        ([count(900, "analysed"), count(300, "answered", group="women")], {"group": "women"}, size(300, "answered")),
        ([count(900, "analysed"), count(300, "analysed", group="Women")], {"group": "women, 30"}, size(300, "analysed")),
        ([count(900, "analysed"), count(300, "analysed", group="women, 30")], {"group": "WOMEN"}, size(300, "analysed")),
        ([count(900, "analysed"), count(300, "analysed", group="women")], {"group": "boys"}, size(900, "analysed")),
        ([count(300, "analysed", group="women"), count(900, "studies")], {}, size(900, "studies")),
        ([count(900, "analysed"), count(300, "drawn", group="women")], {"group": "women"}, size(900, "analysed")),
        ([count(300, "analysed", group="women")], {"group": "boys"}, None),
        ([count(300, "analysed", group="women")], {}, None),
        # what was asked, or the firms they came from, is no n
        ([count(900, "drawn")], {}, None),
        ([count(900, "clusters")], {}, None),
        ([count(900, "drawn"), count(40, "clusters"), count(30, "effects")], {}, size(30, "effects")),
        # the better of two levels, in whatever order they stand
        *(
            ([count(1, worse), count(2, better)], {}, size(2, better))
            for worse, better in pairwise(LEVELS)
        ),
        *(
            ([count(2, better), count(1, worse)], {}, size(2, better))
            for worse, better in pairwise(LEVELS)
        ),
        ([count(5, "analysed"), count(6, "analysed")], {}, size(5, "analysed")),
    ],
)  # fmt: skip
def test_the_count_behind_a_figure(
    tmp_path: Path, counts: list[Fields], fields: Edits, expected: Fields | None
) -> None:
    found = figure(tmp_path, {f"{F}.sample.counts": counts, **{f"{E}.{name}": value for name, value in fields.items()}})
    assert found.n == expected
    assert (found.no_n is None) is (expected is not None)


def test_what_was_counted_otherwise_is_said_and_not_passed_for_n(tmp_path: Path) -> None:
    counts = [count(5000, "drawn"), count(40, "clusters", "firms"), count(30, "analysed", "women", group="women")]
    assert figure(tmp_path, {f"{F}.sample.counts": counts}).no_n == {
        "code": "not_seen",
        "text": "no sample size of this figure seen; counted: 5,000 people in all, 40 firms (groups), 30 women",
    }


@pytest.mark.parametrize(
    ("absence", "edits", "text"),
    [
        ("not_seen", {}, "no sample size seen"),
        ("not_printed", {f"{C}.0.read": WHOLE}, "no sample size printed"),
        ("not_applicable", {f"{F}.design": "projection"}, "no sample size applies"),
    ],
)
def test_an_absent_n_says_which_absence_it_is(tmp_path: Path, absence: str, edits: Edits, text: str) -> None:
    found = card(tmp_path, {f"{F}.sample": {"none_because": absence}, **edits})
    assert found.figures[0].no_n == {"code": absence, "text": text}
    (caveat,) = [c for c in found.caveats if c.code == "no_n"]
    assert caveat == Caveat("no_n", "note", ID, {"because": absence}, f"{text.capitalize()}.")


def test_an_absent_interval_says_which_absence_it_is(tmp_path: Path) -> None:
    assert figure(tmp_path / "a", {}).no_interval == {"code": "not_seen", "text": "no interval seen"}
    printed: Edits = {f"{E}.no_interval": "not_printed", f"{C}.0.read": WHOLE}
    assert figure(tmp_path / "b", printed).no_interval == {"code": "not_printed", "text": "no interval printed"}
    assert figure(tmp_path / "c", PLAIN).no_interval is None
    assert figure(tmp_path / "c", PLAIN).interval == {"lower": 10, "upper": 14, "level": 0.95}
    assert (interval_text(None), sample_text(None)) == ("no interval recorded", "no sample size recorded")


# What a figure says of its source and of other findings


def test_a_tie_touches_the_findings_in_its_scope(tmp_path: Path) -> None:
    everything = {"organization": "score-seller", "tie": "data_provider", "sells": "score-reports"}
    scoped = {"organization": "made-up-court", "tie": "funder", "scope": ["other"]}
    edits: Edits = {"sources.0.interests": [everything, scoped], "findings.+": another("other", "audit2024")}
    seller = {"organization": "Score Seller", "tie": "data_provider", "sells": "score-reports"}
    court = {"organization": "Made-up Court", "tie": "funder", "sells": None}
    with built(tmp_path, records(edits)) as kb:
        assert card_in(kb).figures[0].vendor["interests"] == [seller]
        assert card_in(kb, "other").figures[0].vendor["interests"] == [seller, court]
        (reference,) = ekb.references(kb, [ID])
        assert reference.vendor["interests"] == [seller, court]


def test_standing_is_that_of_the_finding(tmp_path: Path) -> None:
    events = [
        {"status": "corrected", "on": 2024},
        {"status": "concern", "on": 2025, "affects": ["other"]},
    ]
    edits: Edits = {
        "sources.0.standing": {"checked_on": "2026-01-15", "events": events},
        "findings.+": another("other", "audit2024"),
    }
    with built(tmp_path, records(edits)) as kb:
        assert card_in(kb).figures[0].standing == {"state": "corrected", "checked_on": "2026-01-15"}
        assert card_in(kb, "other").figures[0].standing == {"state": "concern", "checked_on": "2026-01-15"}


@pytest.mark.parametrize(
    ("given", "state"),
    [("yes", "yes"), ("no", "no"), ("unknown", "unknown"), ({"state": "yes", "id": "R-1"}, "yes"), (None, "unknown")],
)
def test_preregistration_is_said_in_one_word(tmp_path: Path, given: Any, state: str) -> None:
    assert figure(tmp_path, {f"{F}.preregistered": given}).preregistered == state


DRAFT = source("draft", work="audit", version="Draft, 2023")


@pytest.mark.parametrize(
    ("draft", "finding", "line"),
    [
        (DRAFT, None, "Draft, 2023"),
        ({**DRAFT, "version": None}, None, "draft"),
        (DRAFT, {}, "Draft, 2023: n = 900, +12%"),
        (DRAFT, {"sample": {"none_because": "not_seen"}}, "Draft, 2023: +12%"),
        (DRAFT, {"estimates": [{"id": "replies", "outcome": "replies", "definition": "any-reply", "direction": "increase"}]},
         "Draft, 2023: n = 900"),
        (DRAFT, {"sample": {"counts": [count(1800, "drawn"), count(9, "analysed")]}, "estimates": []},
         "Draft, 2023: n = 1,800"),
    ],
)  # fmt: skip
def test_another_version_is_named_with_its_sample_and_figures(
    tmp_path: Path, draft: Fields, finding: Edits | None, line: str
) -> None:
    edits: Edits = {"sources.+": draft}
    if finding is not None:
        edits["findings.+"] = another("drafted", "draft", **finding)
    found = card(tmp_path, edits)
    assert found.figures[0].version == {"label": "Journal of Made-up Studies 1(1), 2024", "others": [line]}
    (caveat,) = [c for c in found.caveats if c.code == "versions_differ"]
    assert caveat == Caveat("versions_differ", "note", ID, {"others": [line]}, f"Other versions of the work: {line}.")


def test_a_version_line_gives_three_figures_at_most_and_main_ones_first(tmp_path: Path) -> None:
    base = base_records()["findings"][0]["estimates"][0]
    more = [{**base, "id": f"e{n}", "value": n, "main": n == 4} for n in range(1, 5)]
    edits: Edits = {"sources.+": DRAFT, "findings.+": another("drafted", "draft", estimates=more)}
    (line,) = figure(tmp_path, edits).version["others"]
    assert line == "Draft, 2023: n = 900, +4%, +1%, +2%"


def test_replications_are_counted_by_work_once_each_and_named(tmp_path: Path) -> None:
    def replicates(id: str, source: str, outcome: str) -> Fields:
        return another(id, source, links=[{"type": "replicates", "target": ID, "outcome": outcome}])

    edits: Edits = {
        "sources.2": source("a1", work="a"),
        "sources.3": source("a2", work="a", version="2"),
        "sources.4": source("b"),
        "findings.1": replicates("r1", "a1", "successful"),
        "findings.2": replicates("r2", "a2", "successful"),
        "findings.3": replicates("r3", "b", "successful"),
        "findings.4": replicates("r4", "b", "failed"),
        "findings.5": replicates("r5", "a1", "mixed"),
        "findings.6": another("r6", "b", links=[{"type": "qualifies", "target": ID}]),
        "sources.5": source("c"),
        "findings.7": replicates("r7", "c", "successful"),
    }
    with built(tmp_path, records(edits)) as kb:
        assert card_in(kb).figures[0].replications == {
            "successful": 1,
            "failed": 0,
            "other": 2,  # the findings of work a do not agree, nor do those of b
            "ids": ["r1", "r2", "r3", "r4", "r5", "r7"],
        }
        assert kb.rows("SELECT * FROM replication") == [(ID, 1, 0, 2)]


def test_findings_that_contradict_are_named_either_way_round_unless_withdrawn(tmp_path: Path) -> None:
    contradicts = [{"type": "contradicts", "target": ID}]
    edits: Edits = {
        "sources.2": source("s1"),
        "sources.3": source("s2", standing={"events": [{"status": "retracted", "on": 2025}]}),
        "findings.1": another("z-says-so", "s1", links=contradicts),
        "findings.2": another("is-told-so", "s1"),
        "findings.3": another("gone", "s2", links=contradicts),
        f"{F}.links": [{"type": "contradicts", "target": "is-told-so"}],
    }
    assert figure(tmp_path, edits).contradicted_by == ("is-told-so", "z-says-so")


def test_a_card_shows_its_flags_and_one_word_for_its_design(tmp_path: Path) -> None:
    edits: Edits = {
        "sources.0.vendor": "interested", f"{F}.nature": "reported", f"{F}.design": "convenience_survey", "claims": [],
        "sources.+": source("second"), f"{C}.+": cites("second"), f"{F}.definitions": ["any-reply"],
    }  # fmt: skip
    found = card(tmp_path / "a", edits)
    assert found.badges == ("interested", "reported", "survey")
    assert [reference.key for reference in found.references] == ["audit2024", "second"]
    assert found.definitions == ("any-reply", "reply-in-30-days")
    assert found.figures[0].definitions == (
        {"of": "replies", "id": "any-reply"},
        {"of": "replies", "id": "reply-in-30-days"},
    )
    assert card(tmp_path / "b", {**edits, "sources.0.vendor": "independent"}).badges == ("reported", "survey")
    assert card(tmp_path / "c", {f"{F}.design": "before_after"}).badges == ()


def test_main_figures_come_first(tmp_path: Path) -> None:
    base = base_records()["findings"][0]["estimates"][0]
    edits: Edits = {f"{C}.0.prints": DROPPED, f"{F}.estimates.+": {**base, "id": "later", "main": True}}
    assert [f.estimate for f in card(tmp_path, edits).figures] == ["later", "replies"]


@pytest.mark.parametrize(
    ("place", "sample_place", "shown"), [("Oslo", "Norway", "Oslo"), (None, "Norway", "Norway"), (None, None, None)]
)
def test_an_estimate_holds_where_its_sample_was_unless_it_says_otherwise(
    tmp_path: Path, place: str | None, sample_place: str | None, shown: str | None
) -> None:
    assert figure(tmp_path, {f"{E}.place": place, f"{F}.sample.place": sample_place}).place == shown


# Limits

REASON = "A public institute that sells no tests; its funding page was read."
STUDIES = {
    "field_experiment", "lab_experiment", "correspondence_audit", "survey_experiment", "regression_discontinuity",
    "instrumental_variable", "difference_in_differences", "matched_panel", "adjusted_cross_section",
    "computational_audit", "lab_observation",
}  # fmt: skip


def legal(merits: str) -> Fields:
    return {"act": "order", "body": "made-up-court", "case": "a-v-b", "merits": merits}


def event(status: str, **fields: Any) -> Edits:
    return {"sources.0.standing.events": [{"status": status, "on": 2025, **fields}]}


def beside(link: str, **fields: Any) -> Edits:
    """A second finding that is linked to the first."""
    linked = another("other", "second", links=[{"type": link, "target": ID}], **fields)
    return {"sources.+": source("second"), "findings.+": linked}


WORKED_OUT: dict[str, tuple[Edits, Caveat | None]] = {
    "vendor": (
        {"sources.0.vendor": "vendor"},
        Caveat("vendor", "warning", ID, {"source": "audit2024"}, f"Vendor: {REASON}"),
    ),
    "interested": (
        {"sources.0.vendor": "interested"},
        Caveat("interested", "warning", ID, {"source": "audit2024"}, f"Interested party: {REASON}"),
    ),
    "forecast": (
        {f"{F}.nature": "forecast"}, Caveat("forecast", "warning", ID, {}, "A forecast, not an observation."),
    ),
    "modelled": (
        {f"{F}.nature": "modelled"},
        Caveat("modelled", "warning", ID, {}, "Worked out from ratings or assumptions, not observed."),
    ),
    "alleged": (
        {f"{F}.nature": "alleged"},
        Caveat("alleged", "warning", ID, {}, "Alleged in a case; no court has examined it."),
    ),
    "reported": (
        {f"{F}.nature": "reported"},
        Caveat("survey_opinion", "note", ID, {}, "What people or firms say of themselves."),
    ),
    "decided": ({f"{F}.nature": "decided", f"{F}.legal": legal("decided")}, None),
    "not decided": (
        {f"{F}.nature": "decided", f"{F}.legal": legal("not_decided")},
        Caveat("legal_not_merits", "warning", ID, {"act": "order"}, "The substance of the case was not decided."),
    ),
    "contested": (
        beside("contradicts"),
        Caveat("contested", "warning", ID, {"by": ["other"]}, "Another finding in this pack points the other way."),
    ),
    "replicated": ({**beside("replicates"), f"{F}.design": "field_experiment"}, None),
    "qualified": (beside("qualifies"), None),
    "superseded by a finding": (
        beside("supersedes"),
        Caveat(
            "superseded_version", "warning", ID, {"by": ["other"]}, "A later version of the work prints other figures."
        ),
    ),
    "superseded source": (
        event("superseded"),
        Caveat(
            "superseded_version", "warning", ID, {"source": "audit2024"},
            "The figure comes from an earlier version of the work.",
        ),
    ),
    "corrected": (event("corrected"), None),
    "concern": (event("concern"), None),
    "retracted and reinstated": (
        {"sources.0.standing.events": [{"status": "retracted", "on": 2024}, {"status": "reinstated", "on": 2025}]}, None,
    ),
    "retracted for another finding": (
        {**beside("qualifies"), **event("retracted", affects=["other"])}, None,
    ),
    "not checked": (
        {"sources.0.standing": DROPPED},
        Caveat(
            "standing_not_checked", "note", ID, {"sources": ["audit2024"]},
            "Nobody looked for a retraction or correction yet.",
        ),
    ),
    "not read": (
        {f"{C}.0.read": {"what": "secondary_page", "on": "2026-01-15"}},
        Caveat("primary_not_read", "warning", ID, {}, "The figure was seen on a page about the source, not in the source."),
    ),
    "no reading recorded": (
        {f"{C}.0.read": DROPPED},
        Caveat("primary_not_read", "warning", ID, {}, "The figure was seen on a page about the source, not in the source."),
    ),
    "one of two primaries read": (
        {"sources.+": source("second"), f"{C}.0.read": DROPPED, f"{C}.1": cites("second")}, None,
    ),
    "no sample size": (
        {f"{F}.sample": {"none_because": "not_seen"}},
        Caveat("no_n", "note", ID, {"because": "not_seen"}, "No sample size seen."),
    ),
    **{
        f"one source, {design}": ({f"{F}.design": str(design)}, Caveat(
            "not_replicated", "note", ID, {}, "A single study: this pack holds no replication of it.",
        ) if design in STUDIES else None)
        for design in Design
    },
    **{
        str(state): (
            event(str(state)),
            Caveat("standing", "stop", ID, {"source": "audit2024", "state": str(state)},
                   f"The source was {state}; its figures no longer stand."),
        )
        for state in (StandingState.RETRACTED, StandingState.DISAVOWED, StandingState.OVERTURNED)
    },
    **{
        str(kind): (
            {f"{F}.caveats": [{"kind": str(kind), "text": "As somebody wrote."}]},
            Caveat(str(kind), "warning", ID, {}, "As somebody wrote."),
        )
        for kind in CaveatKind
    },
}  # fmt: skip


@pytest.mark.parametrize(("edits", "caveat"), WORKED_OUT.values(), ids=WORKED_OUT)
def test_a_limit_stands_on_the_card_when_it_holds_and_only_then(
    tmp_path: Path, edits: Edits, caveat: Caveat | None
) -> None:
    assert card(tmp_path, {**PLAIN, **edits}).caveats == (() if caveat is None else (caveat,))


def test_nothing_limits_a_plain_count(tmp_path: Path) -> None:
    found = card(tmp_path, PLAIN)
    assert (found.caveats, found.badges) == ((), ("count",))
    assert [figure.caveats for figure in found.figures] == [()]


@pytest.mark.parametrize(
    ("qualifier", "word"),
    [("more_than", "more than"), ("at_least", "at least"), ("less_than", "less than"), ("at_most", "at most")],
)
def test_a_bound_is_said_to_be_one(tmp_path: Path, qualifier: str, word: str) -> None:
    found = card(tmp_path, {**PLAIN, f"{E}.qualifier": qualifier})
    text = f"The source gives a bound only: {word}."
    bound = {"bound": qualifier}
    assert found.figures[0].caveats == (Caveat("bound_only", "note", f"{ID}#replies", bound, text),)
    assert found.caveats == (Caveat("bound_only", "note", ID, bound, text),)


@pytest.mark.parametrize("qualifier", sorted(set(Qualifier) - {"more_than", "at_least", "less_than", "at_most"}))
def test_what_is_rounded_is_no_bound(tmp_path: Path, qualifier: str) -> None:
    assert card(tmp_path, {**PLAIN, f"{E}.qualifier": str(qualifier)}).caveats == ()


def test_a_figure_that_the_source_misprints_says_so(tmp_path: Path) -> None:
    correction = {"on": "replies", "expect": "21%", "use": 12, "because": "The tables give 12%."}
    value = base_records()["findings"][0]["estimates"][0]["value"]
    edits = {f"{C}.0.prints": {"replies": "21%"}, f"{C}.0.corrections": [correction]}
    found = card(tmp_path, {**PLAIN, **edits, f"{E}.value": value})
    text = "The source prints 21%, which is an error: The tables give 12%."
    params = {"source": "audit2024", "prints": "21%"}
    assert found.figures[0].caveats == (Caveat("source_error", "note", f"{ID}#replies", params, text),)


def test_a_limit_of_some_figures_stays_with_them(tmp_path: Path) -> None:
    base = base_records()["findings"][0]["estimates"][0]
    later = {**base, "id": "later", "no_interval": "not_seen"}
    found = card(tmp_path, {**PLAIN, f"{C}.0.prints": DROPPED, f"{F}.estimates.1": later})
    because = {"because": "not_seen"}
    assert [figure.caveats for figure in found.figures] == [
        (),
        (Caveat("no_interval", "note", f"{ID}#later", because, "No interval seen."),),
    ]
    assert found.caveats == ()


def test_stops_come_before_warnings_and_warnings_before_notes_and_none_twice(tmp_path: Path) -> None:
    twice = [{"kind": "small_sample", "text": "Few."}, {"kind": "small_sample", "text": "Few."}]
    edits: Edits = {
        **PLAIN,
        **event("retracted"),
        f"{F}.nature": "reported",
        f"{F}.sample": {"none_because": "not_seen"},
        f"{F}.caveats": twice,
        "sources.0.vendor": "vendor",
    }
    found = [(caveat.code, caveat.severity) for caveat in card(tmp_path, edits).caveats]
    assert found == [
        ("standing", "stop"),
        ("small_sample", "warning"),
        ("vendor", "warning"),
        ("survey_opinion", "note"),
        ("no_n", "note"),
    ]


def test_every_code_that_can_occur_has_a_severity_and_only_standing_stops() -> None:
    warnings = (
        "vendor interested only_tied shared_tie forecast modelled alleged legal_not_merits single_study underpowered contested "
        "superseded_version primary_not_read indirect_role indirect_skill broader_cohort other_occupation "
        "definitions_differ"
    ).split()
    notes = (
        "survey_opinion not_replicated tried_again no_interval no_n bound_only source_error versions_differ "
        "standing_not_checked old_data gap"
    ).split()
    expected = {**dict.fromkeys(map(str, CaveatKind), "warning"), **dict.fromkeys(warnings, "warning")}
    expected |= {**dict.fromkeys(notes, "note"), "standing": "stop"}
    assert expected == SEVERITY


# What a page depends on

TIE = {"organization": "score-seller", "tie": "data_provider", "sells": "score-reports"}
RELAY = {"source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024", "read": WHOLE}


def world() -> Records:
    """A page about hiring shows the first finding, and of others that they contradict, replicate or are a version of it."""
    return records(
        {
            "sources.0.interests": [TIE],
            "sources.2": source("draft", work="audit", version="Draft"),
            "sources.3": source("elsewhere"),
            "sources.4": source("contrary-source"),
            "sources.5": source("replication-source"),
            f"{C}.1": RELAY,
            "findings.1": another("drafted", "draft"),
            "findings.2": another("contrary", "contrary-source", links=[{"type": "contradicts", "target": ID}]),
            "findings.3": another(
                "replication",
                "replication-source",
                links=[{"type": "replicates", "target": ID, "outcome": "successful"}],
            ),
            "findings.4": another("unrelated", "elsewhere"),
        }
    )


def hiring(folder: Path, edits: Edits) -> ekb.Brief:
    with built(folder, edited(world(), edits)) as kb:
        return ekb.brief(kb, topic="hiring")


RETRACTED = {"events": [{"status": "retracted", "on": "2025"}]}
SHOWN: dict[str, Edits] = {
    "cohort:applicants": {"cohorts.0.label": "Those who apply"},
    "concept:hiring": {"concepts.0.label": "recruiting"},
    "concept:replies": {"concepts.2.label": "answers to applications"},
    "definition:reply-in-30-days": {"definitions.1.of": "applicants"},
    "finding:audit-2024-replies": {f"{F}.statement": "Told in other words."},
    "finding:contrary": {"findings.2.links": []},
    "finding:drafted": {"findings.1.estimates.0.value": 9},
    "finding:replication": {"findings.3.links.0.outcome": "failed"},
    "organization:score-seller": {"organizations.1.name": "Score Seller & Sons"},
    "source:audit2024": {"sources.0.title": "Another title"},
    "source:contrary-source": {"sources.4.standing": RETRACTED},
    "source:draft": {"sources.2.version": "First draft"},
    "source:replication-source": {"sources.5.standing": RETRACTED},
}
NOT_SHOWN: dict[str, Edits] = {
    "claim:a-score-brings-replies": {"claims.0.text": "Told in other words."},
    "concept:recruiter": {"concepts.1.label": "headhunter"},
    "concept:score-reports": {"concepts.3.label": "reports"},
    "definition:any-reply": {"definitions.0.procedure": "Counted otherwise."},
    "finding:unrelated": {"findings.4.statement": "Told in other words.", "findings.4.estimates.0.value": 50},
    "organization:made-up-court": {"organizations.0.name": "Another Court"},
    "source:elsewhere": {"sources.3.title": "Another title", "sources.3.vendor": "vendor"},
    "source:news2024": {"sources.1.title": "Another title"},
    "untraced:score-doubles-replies": {"untraced.0.say": "Nobody has shown it."},
}


def test_a_page_depends_on_what_it_shows(tmp_path: Path) -> None:
    page = hiring(tmp_path, {})
    assert page.depends_on == set(SHOWN)
    assert not page.depends_on & set(NOT_SHOWN)


@pytest.mark.parametrize("record", SHOWN)
def test_a_page_changes_with_a_record_that_it_shows(tmp_path: Path, record: str) -> None:
    before, after = hiring(tmp_path / "before", {}), hiring(tmp_path / "after", SHOWN[record])
    assert after.digest != before.digest


@pytest.mark.parametrize("record", NOT_SHOWN)
def test_a_page_stays_as_it_is_when_another_record_changes(tmp_path: Path, record: str) -> None:
    before, after = hiring(tmp_path / "before", {}), hiring(tmp_path / "after", NOT_SHOWN[record])
    assert after.stamp["digest"] != before.stamp["digest"]
    assert (after.digest, after.depends_on) == (before.digest, before.depends_on)
