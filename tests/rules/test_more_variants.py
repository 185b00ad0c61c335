"""Near misses that a rule lets pass, and the second and third ways in which it is broken; waivers that are refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from evidencekb.vocab import RATIOS, Design, Measure, Nature, Stance, StandingState
from tests.records import DROPPED, Fields, Records, base_records, checked, edited

Found = list[tuple[str, str, str, str]]
Edits = dict[str, Any]

F = "findings.0"
C = f"{F}.citations"
E = f"{F}.estimates.0"
FINDING = "finding:audit-2024-replies"
CLAIM = "claim:a-score-brings-replies"
RELAY: Fields = {"source": "news2024", "role": "secondary", "names": "audit2024", "taken_from": "audit2024"}
SECOND: Fields = {
    "source": "second",
    "role": "primary",
    "basis": "own_data",
    "read": {"what": "abstract", "on": "2026-01-15"},
}
READ_WHOLE = {"what": "full_text", "on": "2026-01-15"}
UNREAD = {"what": "secondary_page", "on": "2026-01-15"}
UNSEEN = {**SECOND, "read": UNREAD}


def source(id: str, **fields: Any) -> Fields:
    """A source that nothing is wrong with."""
    held = {
        "id": id,
        "kind": "report",
        "title": f"Title of {id}",
        "published_on": 2024,
        "url": f"https://{id}.example/",
        "vendor": "independent",
        "vendor_reason": f"Looked at the funding page of {id}.",
        **fields,
    }
    return {name: value for name, value in held.items() if value is not DROPPED}


def another(id: str, **fields: Any) -> Fields:
    """A second finding, like the first, of its own source and without relays."""
    return {**base_records()["findings"][0], "id": id, "citations": [{**SECOND}], **fields}


def with_another(id: str = "another", **fields: Any) -> Edits:
    return {"sources.+": source("second"), "findings.+": another(id, **fields)}


def wordless(records: Records) -> Records:
    """The records with texts that give no number and no direction, so that 303 has nothing to hold against the edits."""
    findings = [{**f, "headline": "Scores and replies", "statement": "A trial of scores."} for f in records["findings"]]
    claims = [{**claim, "text": "A score bears on replies."} for claim in records.get("claims", [])]
    return {**records, "findings": findings, "claims": claims}


def found(folder: Path, edits: Edits, records: Records | None = None) -> Found:
    """What a check finds in the base records with the edits: code, severity, record and field, layout left out."""
    report = checked(folder, edited(wordless(records or base_records()), edits))
    return sorted(
        (v.code.removeprefix("EKB"), str(v.severity), f"{v.subject.kind}:{v.subject.id}", ".".join(map(str, v.path)))
        for v in report
        if v.code != "EKB504" and v.waived is None
    )


def support(finding: str = "audit-2024-replies", *estimates: str, stance: str = "supports") -> Fields:
    return {"finding": finding, "estimates": list(estimates), "stance": stance}


def standing(*events: Fields) -> Fields:
    return {"checked_on": "2026-01-15", "events": list(events)}


BOTH_SUPERSEDED = standing({"status": "superseded", "on": 2025})
RETRACTED = {"status": "retracted", "on": 2025}
PLAIN_ESTIMATE: Fields = {
    "id": "replies",
    "outcome": "replies",
    "definition": "reply-in-30-days",
    "measure": "percent_change",
    "value": 12,
    "unit": "%",
}


def second_estimate(**fields: Any) -> Fields:
    return {**PLAIN_ESTIMATE, "id": "later", "definition": "any-reply", **fields}


SERIES: Edits = {f"{E}.period": "2020", f"{C}.0.prints": DROPPED}
TIED: Edits = {
    "sources.0.vendor": "vendor", "sources.0.vendor_reason": "It sells the score.",
    "sources.0.interests": [{"organization": "score-seller", "tie": "publisher", "sells": "score-reports"}],
}  # fmt: skip

PASSES: dict[str, Edits] = {
    "101 a primary that lists nothing carries all": {f"{C}.0.prints": DROPPED},
    "101 a second primary carries it": {
        "sources.+": source("second"), f"{C}.0.prints": {"sample": "900"}, f"{C}.+": {**SECOND, "prints": {"replies": "12%"}},
    },
    "101 a finding without estimates needs no figure": {
        f"{F}.estimates": [], f"{C}.0.prints": DROPPED, "claims.0.supports.0": support(),
    },
    "102 two relays of one page are no circle": {
        "sources.+": source("second"), f"{C}.1": RELAY, f"{C}.2": {**RELAY, "source": "second"},
    },
    "103 a product of its kind": {f"{F}.products": [{"product": "score-reports"}]},
    "103 an aspect's outcome of its kind": {
        "aspects": [{"id": "a", "label": "A", "questions": {"role": "Does {role} matter?"}, "outcomes": ["replies"],
                     "wanted": "effect", "unanswered": "Not known."}],
    },
    "103 what a relay prints may be a mention or the sample": {
        f"{F}.mentions": {"40": "weeks"}, f"{C}.+": {**RELAY, "prints": {"40": "40", "sample": "900"}},
    },
    "103 none_named and unknown are no sources": {f"{C}.+": {**RELAY, "names": "unknown", "taken_from": "none_named"}},
    "104 a finding may support a claim and limit it": {
        "claims.0.supports.+": support("audit-2024-replies", "replies", stance="qualifies"),
    },
    "104 one estimate for a claim and another against it": {
        f"{C}.0.prints": DROPPED, f"{F}.estimates.+": second_estimate(),
        "claims.0.supports.+": support("audit-2024-replies", "later", stance="disputes"),
    },
    "105 a page that names nobody": {f"{C}.+": {**RELAY, "names": "none_named", "taken_from": "none_named"}},
    "108 one primary that was read is enough": {"sources.+": source("second"), f"{C}.0.read": UNREAD, f"{C}.+": SECOND},
    "111 a claim that names the reversing finding too": {
        **with_another(links=[{"type": "reverses", "target": "audit-2024-replies"}]),
        "claims.0.supports.+": support("another", "replies", stance="disputes"),
    },
    "201 a source that no finding rests on may be unknown": {"sources.+": source("second", vendor="unknown")},
    "204 container, volume and pages": {
        "sources.0.doi": DROPPED, "sources.0.volume": "1", "sources.0.pages": "1-9",
    },
    "204 a paper in a book needs no volume": {
        "sources.+": source("second", url=DROPPED, kind="conference_paper", container="Proceedings", pages="1-9"),
    },
    "204 a book is kept under its publisher and year": {
        "sources.+": source("second", url=DROPPED, kind="book", publisher="A Press"),
    },
    "208 a copy that is kept as a file": {
        "sources.0.archived": {"url": f"copies/{'4f' * 32}.pdf", "on": 2026, "sha256": "4f" * 32},
    },
    "204 a docket is enough": {"sources.+": source("second", url=DROPPED, docket="No. 1-23")},
    "205 a concern is no withdrawal": {"sources.0.standing": standing({"status": "concern", "on": 2025})},
    "205 a withdrawal of another finding": {
        **with_another(), "sources.0.standing": standing({**RETRACTED, "affects": ["another"]}),
    },
    "206 one primary that still stands is enough": {
        "sources.+": source("second"), "sources.0.standing": BOTH_SUPERSEDED, f"{C}.+": SECOND,
    },
    "207 one identifier and title, two versions": {
        "sources.+": source("second", doi="10.5555/audit.2024", version="2", title=base_records()["sources"][0]["title"]),
    },
    "207 one identifier and version, two titles": {
        "sources.+": source("second", doi="10.5555/audit.2024", version="Journal of Made-up Studies 1(1), 2024"),
    },
    "210 one independent primary among vendors is enough": {
        **TIED, "sources.+": source("second"), f"{C}.+": SECOND,
    },
    "210 an independent finding without figures counts by its source": {
        **TIED, **with_another(estimates=[], headline="Scores and replies"),
        "claims.0.supports.+": {"finding": "another", "stance": "supports"},
    },
    "305 a year that is not over at publication": {"sources.0.published_on": "2024-05", f"{E}.period": "2024"},
    "305 a period that began before publication in its year": {
        "sources.0.published_on": "2024-05", f"{E}.period": "2024-05/2024-12",
    },
    "305 the latest primary counts": {
        "sources.+": source("second", published_on=2026), f"{C}.+": SECOND, f"{E}.period": "2025",
    },
    "305 a model may look ahead": {f"{F}.nature": "modelled", f"{E}.period": "2030"},
    "305 without a date of publication nothing is judged": {"sources.0.published_on": DROPPED, f"{E}.period": "2030"},
    "402 related concepts may point at each other": {
        "concepts.0.links": [{"to": "recruiter", "relation": "related", "source": "editorial"}],
        "concepts.1.links": [{"to": "hiring", "relation": "related", "source": "editorial"}],
    },
    "403 a part of a group needs no note": {f"{F}.cohorts.0.fit": "narrower"},
    "403 made-up members need no note": {f"{F}.cohorts.0.fit": "simulated"},
    "403 a note on a wider group": {f"{F}.cohorts.0": {"cohort": "applicants", "fit": "broader", "note": "All of them."}},
    "404 the first period is missing": {f"{C}.0.prints": DROPPED, f"{F}.estimates.+": second_estimate(period="2021")},
    "404 the second period is missing": {**SERIES, f"{F}.estimates.+": second_estimate()},
    "404 one period, two definitions": {**SERIES, f"{F}.estimates.+": second_estimate(period="2020")},
    "404 two definitions that may be compared": {
        **SERIES, f"{F}.estimates.+": second_estimate(period="2021"),
        "definitions.0.comparable_with": [{"definition": "reply-in-30-days", "why": "Both count replies."}],
    },
    "404 two groups": {**SERIES, f"{F}.estimates.+": second_estimate(period="2021", group="men")},
    "404 one definition": {
        **SERIES, f"{F}.estimates.+": second_estimate(period="2021", definition="reply-in-30-days"),
    },
    "404 two outcomes": {
        **SERIES, "concepts.+": {"id": "offers", "kind": "outcome", "label": "offers"},
        f"{F}.estimates.+": second_estimate(period="2021", outcome="offers"),
    },
}  # fmt: skip


@pytest.mark.parametrize("edits", PASSES.values(), ids=PASSES)
def test_near_misses_pass(tmp_path: Path, edits: Edits) -> None:
    assert found(tmp_path, edits) == []


ASPECT = {
    "id": "a", "label": "A", "questions": {"role": "Does {role} matter?"}, "outcomes": ["replies", "hiring"],
    "wanted": "effect", "unanswered": "Not known.",
}  # fmt: skip
NEAREST = [{"finding": "score-doubles-replies", "differs": "No study."}]

BREAKS: dict[str, tuple[Edits, Found]] = {
    "101 each primary lists other things": (
        {"sources.+": source("second"), f"{C}.0.prints": {"sample": "900"}, f"{C}.+": {**SECOND, "prints": {"sample": "900"}}},
        [("101", "error", FINDING, "estimates.0")],
    ),
    "101 a relay that prints it does not carry it": (
        {f"{C}.0.prints": {"sample": "900"}, f"{C}.+": {**RELAY, "prints": {"replies": "12%"}}},
        [("101", "error", FINDING, "estimates.0")],
    ),
    "101 the second primary has no basis": (
        {"sources.+": source("second"), f"{C}.+": {"source": "second", "role": "primary"}},
        [("101", "error", FINDING, "citations.1")],
    ),
    "102 two relays of each other": (
        {"sources.+": source("second"), f"{C}.1": {**RELAY, "names": "second", "taken_from": "second"},
         f"{C}.2": {**RELAY, "source": "second", "names": "news2024", "taken_from": "news2024"}},
        [("102", "error", FINDING, "citations.1")],
    ),
    "103 a product of another kind": (
        {f"{F}.products": [{"product": "hiring"}]}, [("103", "error", FINDING, "products.0.product")],
    ),
    "103 an aspect's outcome of another kind": (
        {"aspects": [ASPECT]}, [("103", "error", "aspect:a", "outcomes.1")],
    ),
    "103 a finding linked to itself": (
        {f"{F}.links": [{"type": "qualifies", "target": "audit-2024-replies"}]}, [("103", "error", FINDING, "links.0.target")],
    ),
    "103 a hop that exists but is no citation here": (
        {"sources.+": source("second"), f"{C}.+": {**RELAY, "names": "second", "taken_from": "second"}},
        [("103", "error", FINDING, "citations.1.taken_from")],
    ),
    "103 drift names an estimate that is none": (
        {f"{C}.+": {**RELAY, "drift": [{"kind": "unit_changed", "on": ["offers"], "note": "Points became percent."}]}},
        [("103", "error", FINDING, "citations.1.drift.0.on.0")],
    ),
    "103 a link is about an estimate that is none": (
        {**with_another(), f"{F}.links": [{"type": "qualifies", "target": "another", "about": ["sample"]}]},
        [("103", "error", FINDING, "links.0.about.0")],
    ),
    "103 a claim about an unknown subject": (
        {"claims.0.about": ["hirring"]}, [("103", "error", CLAIM, "about.0")],
    ),
    "103 an unknown finding has no estimates to miss": (
        {"claims.0.supports.+": support("audit-2042", "replies")}, [("103", "error", CLAIM, "supports.1.finding")],
    ),
    "104 only against": (
        {"claims.0.supports.0.stance": "disputes"}, [("104", "warning", CLAIM, "supports")],
    ),
    "104 only limits": (
        {"claims.0.supports.0.stance": "qualifies"}, [("104", "warning", CLAIM, "supports")],
    ),
    "104 torn": (
        {"claims.0.supports.+": support("audit-2024-replies", "replies", stance="disputes")},
        [("104", "warning", CLAIM, "supports.1")],
    ),
    "105 a relay that says nothing": (
        {f"{C}.+": {"source": "news2024", "role": "secondary"}}, [("105", "error", FINDING, "citations.1")],
    ),
    "105 a relay that does not say whom it credits": (
        {f"{C}.+": {"source": "news2024", "role": "secondary", "taken_from": "audit2024"}},
        [("105", "error", FINDING, "citations.1")],
    ),
    "108 the place is the first primary": (
        {"sources.+": source("second"), C: [RELAY, UNSEEN, {**UNSEEN, "source": "audit2024"}]},
        [("108", "warning", FINDING, "citations.1.read")],
    ),
    "108 a relay that was read does not help": (
        {f"{C}.0.read": {"what": "nothing"}, f"{C}.+": {**RELAY, "read": READ_WHOLE}},
        [("108", "warning", FINDING, "citations.0.read")],
    ),
    "108 a strong claim may be disputed by what nobody read": (
        {**with_another(citations=[UNSEEN]), "claims.0.filed_as": "strong",
         "claims.0.supports.+": support("another", "replies", stance="disputes")},
        [("108", "warning", "finding:another", "citations.0.read")],
    ),
    "108 a strong claim on what nobody read": (
        {**with_another(citations=[UNSEEN]), "claims.0.filed_as": "strong",
         "claims.0.supports.+": support("another", "replies")},
        [("108", "error", CLAIM, "supports.1"), ("108", "warning", "finding:another", "citations.0.read")],
    ),
    "109 a link to an untraced claim": (
        {f"{F}.links": [{"type": "qualifies", "target": "score-doubles-replies"}]}, [("109", "error", FINDING, "links.0.target")],
    ),
    "109 an untraced claim is nothing that comes close": (
        {"gaps": [{"id": "g", "question": "Does it?", "nearest": NEAREST}]}, [("109", "error", "gap:g", "nearest.0.finding")],
    ),
    "109 nothing is left out that bears on an untraced claim": (
        {"exclusions": [{"id": "x", "thread": "T", "reason": "R", "bears_on": ["score-doubles-replies"]}]},
        [("109", "error", "exclusion:x", "bears_on.0")],
    ),
    "111 a reversal that the claim does not name": (
        with_another(links=[{"type": "reverses", "target": "audit-2024-replies"}]),
        [("111", "error", CLAIM, "supports.0")],
    ),
    "202 a relay without a reason": (
        {"sources.1.vendor_reason": DROPPED}, [("202", "note", "source:news2024", "vendor_reason")],
    ),
    "202 a primary without a reason": (
        {"sources.0.vendor_reason": DROPPED}, [("202", "error", "source:audit2024", "vendor_reason")],
    ),
    "202 hints in place of a reason": (
        {"sources.1.vendor_reason": "undecided: publisher Example Corp"},
        [("202", "error", "source:news2024", "vendor_reason")],
    ),
    "204 a container alone": (
        {"sources.0.doi": DROPPED, "sources.0.volume": "1"}, [("204", "error", "source:audit2024", "")],
    ),
    "204 a report is not kept under its publisher and year": (
        {"sources.+": source("second", url=DROPPED, publisher="A Press")}, [("204", "warning", "source:second", "")],
    ),
    "208 a copy that is neither a file nor an address": (
        {"sources.0.archived": {"url": "../copies/paper.pdf"}}, [("208", "error", "source:audit2024", "archived.url")],
    ),
    "207 two that nobody cites": (
        {"sources.2": source("second", title="Twin"), "sources.3": source("third", title="Twin", url="https://second.example/")},
        [("207", "warning", "source:third", "url")],
    ),
    "208 a slip in a source that nobody cites": (
        {"sources.+": source("second", doi="10.5555/")}, [("208", "warning", "source:second", "doi")],
    ),
    "206 every primary is an earlier version": (
        {"sources.+": source("second", standing=BOTH_SUPERSEDED), "sources.0.standing": BOTH_SUPERSEDED, f"{C}.+": SECOND},
        [("206", "note", FINDING, "citations.0")],
    ),
    "206 the finding that supersedes is there": (
        {**with_another(links=[{"type": "supersedes", "target": "audit-2024-replies"}]), "sources.0.standing": BOTH_SUPERSEDED},
        [("206", "error", CLAIM, "supports.0")],
    ),
    "207 one identifier, version and title": (
        {"sources.+": {**base_records()["sources"][0], "id": "zweite", "doi": "10.5555/AUDIT.2024",
                       "title": "Replies to Applications, with and without a test score",
                       "vendor_reason": "Looked there too."}},
        [("207", "error", "source:zweite", "doi")],
    ),
    "210 vendors only": (TIED, [("210", "warning", CLAIM, "supports")]),
    "210 interested parties only": (
        {**TIED, "sources.0.vendor": "interested"}, [("210", "warning", CLAIM, "supports")],
    ),
    "210 an independent finding that only limits the claim": (
        {**TIED, **with_another(), "claims.0.supports.+": support("another", "replies", stance="qualifies")},
        [("210", "warning", CLAIM, "supports")],
    ),
    "305 it began after publication, in the same year": (
        {"sources.0.published_on": "2024-05", f"{E}.period": "2024-06"}, [("305", "error", FINDING, "estimates.0.period")],
    ),
    "305 it ends in a later year": (
        {"sources.0.published_on": "2024-05", f"{E}.period": "2023/2025"}, [("305", "error", FINDING, "estimates.0.period")],
    ),
    "305 a survey cannot report what is to come": (
        {f"{F}.nature": "reported", f"{E}.period": "2025"}, [("305", "error", FINDING, "estimates.0.period")],
    ),
    "402 concepts that hold each other": (
        {"concepts.0.links": [{"to": "recruiter", "relation": "broader", "source": "editorial"}],
         "concepts.1.links": [{"to": "hiring", "relation": "broader", "source": "editorial"}]},
        [("402", "error", "concept:hiring", "links"), ("402", "error", "concept:recruiter", "links")],
    ),
    "403 a wider group without a note": (
        {f"{F}.cohorts.0.fit": "broader"}, [("403", "error", FINDING, "cohorts.0")],
    ),
    "404 two periods, two definitions": (
        {**SERIES, f"{F}.estimates.+": second_estimate(period="2021")}, [("404", "error", FINDING, "estimates.1.definition")],
    ),
    "404 two definitions that are called comparable, and not": (
        {
            **SERIES, f"{F}.estimates.+": second_estimate(period="2021"),
            "definitions.0.comparable_with": [{"definition": "reply-in-30-days", "why": "Both count replies."}],
            "definitions.1.not_comparable_with": [{"definition": "any-reply", "why": "Any answer counts there."}],
        },
        [("404", "error", FINDING, "estimates.1.definition")],
    ),
    "404 one year in two lengths": (
        {**SERIES, f"{F}.estimates.+": second_estimate(period="2020/2021")},
        [("404", "error", FINDING, "estimates.1.definition")],
    ),
    "404 a series that began earlier": (
        {**SERIES, f"{F}.estimates.+": second_estimate(period="2019/2020")},
        [("404", "error", FINDING, "estimates.1.definition")],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "expected"), BREAKS.values(), ids=BREAKS)
def test_other_ways_to_break_a_rule(tmp_path: Path, edits: Edits, expected: Found) -> None:
    assert found(tmp_path, edits) == expected


@pytest.mark.parametrize("stance", [str(stance) for stance in Stance])
@pytest.mark.parametrize("state", sorted(str(state) for state in StandingState))
def test_only_support_by_a_withdrawn_finding_is_refused(tmp_path: Path, stance: str, state: str) -> None:
    edits: Edits = {
        **with_another(citations=[{**SECOND}]),
        "sources.+": source("second", standing=standing({"status": state, "on": 2025})),
        "claims.0.supports.+": support("another", "replies", stance=stance),
    }
    codes = [code for code, *_ in found(tmp_path, edits) if code != "206"]
    assert codes == (["205"] if stance == "supports" and state in ("retracted", "disavowed", "overturned") else [])


def test_a_claim_on_a_superseded_finding_is_refused_whatever_its_stance(tmp_path: Path) -> None:
    edits: Edits = {
        **with_another(links=[{"type": "supersedes", "target": "audit-2024-replies"}]),
        "claims.0.supports": [
            support("another", "replies"),
            support("audit-2024-replies", "replies", stance="disputes"),
        ],
    }
    assert found(tmp_path, edits) == [("206", "error", CLAIM, "supports.1")]


# Reasons for flags


def same_reason(*publishers: str, **fields: Any) -> Edits:
    reasons = ["Nobody gains.", "nobody gains", "Nobody  gains!", "NOBODY GAINS", "Nobody gains."]
    added = [
        source(f"s{at}", publisher=publisher, vendor_reason=reasons[at], **fields)
        for at, publisher in enumerate(publishers)
    ]
    return {f"sources.{at + 2}": each for at, each in enumerate(added)}


def test_one_reason_for_four_sources_of_two_publishers_warns_at_each(tmp_path: Path) -> None:
    shared = [("202", "warning", f"source:s{at}", "vendor_reason") for at in range(4)]
    assert found(tmp_path, same_reason("One", "One", "One", "Two")) == shared


@pytest.mark.parametrize(
    "edits",
    [same_reason("One", "Two", "Three"), same_reason(*["One"] * 4), same_reason("One", "Two", "Three", "Four", vendor="unknown")],
    ids=["three sources", "one publisher", "relays nobody looked into"],
)  # fmt: skip
def test_one_reason_may_stand_for_few_sources_one_publisher_or_relays(tmp_path: Path, edits: Edits) -> None:
    assert found(tmp_path, edits) == []


# Absences

NOT_PRINTED: Edits = {f"{F}.no_interval": "not_printed", f"{C}.0.read": READ_WHOLE}
WHOLE_BUT_ELSEWHERE: Edits = {
    "sources.+": source("second"),
    f"{C}.1": {**SECOND, "read": READ_WHOLE, "prints": {"sample": "9"}},
}


@pytest.mark.parametrize("what", ["full_text", "data"])
def test_who_read_the_whole_primary_may_say_that_no_interval_or_sample_is_printed(tmp_path: Path, what: str) -> None:
    read = {f"{C}.0.read.what": what}
    assert found(tmp_path, {f"{F}.no_interval": "not_printed", **read}) == []
    assert found(tmp_path, {f"{F}.sample": {"none_because": "not_printed"}, **read}) == []


@pytest.mark.parametrize("what", ["abstract", "extract"])
def test_who_read_a_part_may_not(tmp_path: Path, what: str) -> None:
    read = {f"{C}.0.read.what": what}
    interval = [("302", "error", FINDING, "no_interval")]
    assert found(tmp_path, {f"{F}.no_interval": "not_printed", **read}) == interval
    sample = [("306", "error", FINDING, "sample.none_because")]
    assert found(tmp_path, {f"{F}.sample": {"none_because": "not_printed"}, **read}) == sample


def test_a_primary_read_whole_that_does_not_carry_the_estimate_says_nothing_of_its_interval(tmp_path: Path) -> None:
    interval = [("302", "error", FINDING, "no_interval")]
    assert found(tmp_path, {**WHOLE_BUT_ELSEWHERE, f"{F}.no_interval": "not_printed"}) == interval
    assert found(tmp_path, {**WHOLE_BUT_ELSEWHERE, f"{F}.sample": {"none_because": "not_printed"}}) == []


def test_a_relay_read_whole_says_nothing_of_what_the_primary_prints(tmp_path: Path) -> None:
    relay = {f"{C}.+": {**RELAY, "read": READ_WHOLE}}
    interval = [("302", "error", FINDING, "no_interval")]
    assert found(tmp_path, {**relay, f"{F}.no_interval": "not_printed"}) == interval
    sample = [("306", "error", FINDING, "sample.none_because")]
    assert found(tmp_path, {**relay, f"{F}.sample": {"none_because": "not_printed"}}) == sample


BEYOND_ERROR = {"official_count", "descriptive_count", "projection", "legal_document"}


@pytest.mark.parametrize("design", [str(design) for design in Design])
def test_no_interval_applies_to_whole_counts_projections_and_papers_of_a_case(tmp_path: Path, design: str) -> None:
    edits = {f"{F}.no_interval": "not_applicable", f"{F}.design": design}
    expected = [] if design in BEYOND_ERROR else [("302", "error", FINDING, "no_interval")]
    assert found(tmp_path, edits) == expected


@pytest.mark.parametrize("nature", [str(nature) for nature in Nature])
def test_no_interval_applies_to_forecasts_and_acts_and_no_sample_to_acts(tmp_path: Path, nature: str) -> None:
    interval = found(tmp_path, {f"{F}.no_interval": "not_applicable", f"{F}.nature": nature})
    assert (interval == []) is (nature in {"forecast", "alleged", "decided"})
    sample = found(tmp_path, {f"{F}.sample": {"none_because": "not_applicable"}, f"{F}.nature": nature})
    assert (sample == []) is (nature in {"alleged", "decided"})


@pytest.mark.parametrize("design", [str(design) for design in Design])
def test_no_sample_applies_to_projections_ratings_and_registers(tmp_path: Path, design: str) -> None:
    edits = {f"{F}.sample": {"none_because": "not_applicable"}, f"{F}.design": design}
    fits = design in {"projection", "exposure_rating", "official_count"}
    assert found(tmp_path, edits) == ([] if fits else [("306", "error", FINDING, "sample.none_because")])


def test_an_absence_beside_an_estimate_is_placed_there(tmp_path: Path) -> None:
    edits = {f"{E}.no_interval": "not_applicable", f"{F}.no_interval": DROPPED}
    assert found(tmp_path, edits) == [("302", "error", FINDING, "estimates.0.no_interval")]
    assert found(tmp_path, {f"{F}.no_interval": DROPPED}) == [("302", "error", FINDING, "estimates.0")]


# Definitions


@pytest.mark.parametrize("measure", ["sum_of_money", "threshold"])
def test_sums_and_thresholds_need_no_definition(tmp_path: Path, measure: str) -> None:
    edits: Edits = {f"{E}.measure": measure, f"{E}.unit": "EUR", f"{E}.definition": DROPPED}
    assert found(tmp_path, edits) == []


def test_papers_of_a_case_need_no_definition_and_every_finding_needs_a_cohort(tmp_path: Path) -> None:
    edits: Edits = {f"{E}.definition": DROPPED, f"{F}.design": "legal_document"}
    assert found(tmp_path, edits) == []
    assert found(tmp_path, {**edits, f"{F}.cohorts": []}) == [("401", "error", FINDING, "cohorts")]


# Numbers


def number(measure: str, value: float, unit: str = "1", **fields: Any) -> Edits:
    set_fields = {"measure": measure, "value": value, "unit": unit, **fields}
    return {f"{E}.{name}": field for name, field in set_fields.items()}


LIMITS = [
    number("percent_change", -100, "%"), number("percentage_points", -100, "pp"), number("percentage_points", 100, "pp"),
    number("proportion", 0), number("proportion", 1), number("correlation", -1), number("correlation", 1),
    number("reliability", -1), number("reliability", 1), number("count", 0, "replies"), number("odds_ratio", 0.001),
    number("mean", 5, "s", se=0, p_value=0, n=1), number("mean", 5, "s", p_value=1, numerator=4, denominator=4),
    number("mean", 5, "s", interval={"lower": 5, "upper": 5, "level": 0.5}),
    number("mean", 5, "s", interval={"lower": 4, "upper": 5, "level": 0.9999}),
    number("mean", -5, "s"), number("percent_change", 900, "%"), number("smd", -3, "SD"),
]  # fmt: skip


@pytest.mark.parametrize("edits", LIMITS)
def test_numbers_on_their_limits_pass(tmp_path: Path, edits: Edits) -> None:
    assert found(tmp_path, edits) == []


BEYOND = [
    (number("percent_change", -100.1, "%"), "value"), (number("percentage_points", -100.1, "pp"), "value"),
    (number("percentage_points", 100.1, "pp"), "value"), (number("proportion", -0.01), "value"),
    (number("proportion", 1.01), "value"), (number("correlation", -1.01), "value"), (number("reliability", 1.01), "value"),
    (number("reliability", -1.01), "value"), (number("count", -1, "replies"), "value"),
    *((number(ratio, value), "value") for ratio in sorted(RATIOS) for value in (0, -1)),
    (number("mean", 5, "s", se=-0.1), "se"), (number("mean", 5, "s", p_value=-0.1), "p_value"),
    (number("mean", 5, "s", p_value=1.01), "p_value"), (number("mean", 5, "s", n=0), "n"), (number("mean", 5, "s", n=1.5), "n"),
    (number("proportion", 0.5, reference_value=1.1), "reference_value"),
    (number("mean", 5, "s", numerator=-1), "numerator"), (number("mean", 5, "s", numerator=5, denominator=4), "numerator"),
    (number("mean", 5, "s", denominator=-1), "denominator"),
    (number("mean", 5, "s", interval={"lower": 4, "upper": 6, "level": 0.49}), "interval.level"),
    (number("mean", 5, "s", interval={"lower": 4, "upper": 6, "level": 1}), "interval.level"),
    (number("mean", 5, "s", interval={"lower": 5.1, "upper": 6}), "interval"),
    (number("mean", 5, "s", interval={"lower": 4, "upper": 4.9}), "interval"),
    (number("odds_ratio", 1.2, interval={"lower": 0, "upper": 2}), "interval.lower"),
    (number("correlation", 0.9, interval={"lower": 0.5, "upper": 1.1}), "interval.upper"),
]  # fmt: skip


@pytest.mark.parametrize(("edits", "field"), BEYOND)
def test_numbers_beyond_their_limits_are_refused_at_their_field(tmp_path: Path, edits: Edits, field: str) -> None:
    assert found(tmp_path, edits) == [("301", "error", FINDING, f"estimates.0.{field}")]


def test_a_range_is_held_to_the_limits_at_both_ends(tmp_path: Path) -> None:
    def between(low: float, high: float) -> Found:
        edits = number("proportion", 0, range={"low": low, "high": high, "over": "groups"})
        return found(tmp_path, {**edits, f"{E}.value": None})

    assert between(0, 1) == []
    assert between(0.4, 0.4) == []
    assert between(-0.1, 1) == [("301", "error", FINDING, "estimates.0.range.low")]
    assert between(0, 1.1) == [("301", "error", FINDING, "estimates.0.range.high")]
    assert between(0.5, 0.4) == [("301", "error", FINDING, "estimates.0.range")]


CORRECTED = {"label": "validity, corrected for range restriction"}


@pytest.mark.parametrize(
    ("edits", "severity"),
    [
        (number("correlation", 1.5, **CORRECTED), "warning"),
        (number("correlation", 1.2, how="Corrected for unreliability."), "warning"),
        ({**number("correlation", 1.2), "definitions.1.procedure": "Correlation, corrected."}, "warning"),
        (number("correlation", 1.51, **CORRECTED), "error"),
        (number("correlation", -1.2, **CORRECTED), "error"),
        (number("proportion", 1.2, **CORRECTED), "error"),
        (number("correlation", 1.2), "error"),
    ],
)
def test_only_a_corrected_correlation_may_exceed_one_and_not_by_much(
    tmp_path: Path, edits: Edits, severity: str
) -> None:
    assert found(tmp_path, edits) == [("301", severity, FINDING, "estimates.0.value")]


@pytest.mark.parametrize("measure", [str(measure) for measure in Measure])
def test_a_direction_needs_no_unit_whatever_its_measure(tmp_path: Path, measure: str) -> None:
    edits: Edits = {f"{E}.measure": measure, f"{E}.unit": None, f"{E}.value": None, f"{E}.direction": "increase"}
    assert found(tmp_path, edits) == []


def test_a_range_needs_measure_and_unit_as_a_value_does(tmp_path: Path) -> None:
    spread = {"low": 1, "high": 2, "over": "groups"}
    edits: Edits = {f"{E}.value": None, f"{E}.range": spread}
    assert found(tmp_path, {**edits, f"{E}.unit": None}) == [("304", "error", FINDING, "estimates.0")]
    without = {**edits, f"{E}.measure": None, f"{E}.unit": None}
    assert found(tmp_path, without) == [("304", "error", FINDING, "estimates.0")]


# Waivers


def waiver(rule: str, record: str, until: str = "2026-12-31") -> Edits:
    return {"waivers": [{"rule": rule, "record": record, "who": "Editor", "why": "Looked at.", "until": until}]}


FORBIDDEN: dict[str, tuple[str, Edits]] = {
    "101": ("audit-2024-replies", {f"{C}.0.basis": DROPPED}),
    "102": ("audit-2024-replies", {f"{C}.+": {**RELAY, "taken_from": "news2024"}}),
    "103": ("audit-2024-replies", {f"{F}.cohorts.0.cohort": "aplicants"}),
    "109": ("audit-2024-replies", {f"{F}.links": [{"type": "qualifies", "target": "score-doubles-replies"}]}),
    "201": ("audit2024", {"sources.0.vendor": "unknown"}),
}


@pytest.mark.parametrize(("rule", "record"), [(rule, record) for rule, (record, _) in FORBIDDEN.items()])
def test_what_may_never_be_waived_stays_and_the_waiver_is_refused_too(tmp_path: Path, rule: str, record: str) -> None:
    _, edits = FORBIDDEN[rule]
    codes = [(code, severity) for code, severity, *_ in found(tmp_path, {**edits, **waiver(rule, record)})]
    assert sorted(codes) == [(rule, "error"), ("505", "error")]
    (refused,) = [
        v for v in checked(tmp_path, edited(base_records(), {**edits, **waiver(rule, record)})) if v.code == "EKB505"
    ]
    assert refused.message.startswith(f"EKB{rule} cannot be waived")


UNREAD_PRIMARY: Edits = {f"{C}.0.read": UNREAD}
UNWAIVED = [("108", "warning", FINDING, "citations.0.read")]


@pytest.mark.parametrize("rule", ["108", "EKB108"])
def test_a_waiver_holds_until_its_last_day(tmp_path: Path, rule: str) -> None:
    assert found(tmp_path, {**UNREAD_PRIMARY, **waiver(rule, "audit-2024-replies", "2026-01-20")}) == []
    over = found(tmp_path, {**UNREAD_PRIMARY, **waiver(rule, "audit-2024-replies", "2026-01-19")})
    assert over == [*UNWAIVED, ("505", "error", "waiver:EKB108:audit-2024-replies", "until")]


def test_a_waiver_of_another_record_covers_nothing(tmp_path: Path) -> None:
    elsewhere = found(tmp_path, {**UNREAD_PRIMARY, **waiver("108", "another")})
    assert elsewhere == [*UNWAIVED, ("505", "error", "waiver:EKB108:another", "record")]
    other_rule = found(tmp_path, {**UNREAD_PRIMARY, **waiver("105", "audit-2024-replies")})
    assert other_rule == [*UNWAIVED, ("505", "error", "waiver:EKB105:audit-2024-replies", "record")]
