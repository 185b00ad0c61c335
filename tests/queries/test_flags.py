"""explain_flag: the line of the flag table that decides on a source, and what is not known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

import evidencekb as ekb
from tests.queries.small import concept, estimate, finding, pack, source
from tests.records import Fields, Records, built

PRODUCTS = [
    concept("product", "tutors"),
    concept("product", "fast-tutor", links=[{"to": "tutors", "relation": "broader", "source": "editorial"}]),
    concept("product", "flour"),
    concept("topic", "learning"),
    concept("outcome", "marks"),
]
BODIES: list[Fields] = [
    {"id": "lab", "name": "The Lab", "part_of": "maker"},
    {"id": "maker", "name": "The Maker", "sells": ["fast-tutor"]},
    {"id": "mill", "name": "The Mill", "sells": ["flour"]},
    {"id": "school", "name": "The School", "advocates": ["workers"]},
]


def records(*ties: Fields, tested: str = "fast-tutor", waivers: tuple[Fields, ...] = (), **fields: Any) -> Records:
    """A trial of a product, and a report of it with these ties."""
    trial = finding("trial", estimate("marks", 8), about={"learning": "measured"})
    if tested:
        trial["products"] = [{"product": tested}]
    report = source("trial", interests=list(ties), **fields)
    lists = {"waivers": list(waivers)} if waivers else {}
    return pack([trial], sources=[report], concepts=PRODUCTS, organizations=BODIES, **lists)


def tie(organization: str, tie: str, **fields: Any) -> Fields:
    return {"organization": organization, "tie": tie, **fields}


def explained(folder: Path, held: Records, id: str = "trial") -> ekb.FlagExplanation:
    with built(folder, held) as kb:
        return ekb.explain_flag(kb, id)


def test_the_line_the_tie_and_the_findings_are_named(tmp_path: Path) -> None:
    told = explained(tmp_path, records(tie("lab", "author_employer"), vendor="vendor"))
    assert told == ekb.FlagExplanation(
        source=ekb.Ref("source", "trial", "Trial"),
        flag="vendor",
        reason="Looked into trial and found no seller.",
        state="agrees",
        gives="vendor",
        line=1,
        rule="the publisher, the owner, the commissioner or an employer of authors sells the very product tested or counted",
        sure=True,
        because={
            "organization": "lab", "name": "The Lab", "tie": "author_employer", "through": "maker", "verb": "sells",
            "what": "fast-tutor", "about": None, "scope": [],
        },
        findings=("trial",),
        ties=1,
        unknown=(),
        waiver=None,
    )  # fmt: skip
    assert str(told) == (
        "trial is flagged vendor; line 1 of the flag table gives vendor: the publisher, the owner, the commissioner or an "
        "employer of authors sells the very product tested or counted (lab, author employer through maker, sells "
        "fast-tutor; 1 finding: trial). Flag and ties agree."
    )
    assert json.loads(told.to_json())["because"]["through"] == "maker"


def test_a_difference_that_was_accepted_says_by_whom(tmp_path: Path) -> None:
    waiver = {"rule": "203", "record": "trial", "who": "the editors", "why": "It paid for tea.", "until": "2026-12-31"}
    told = explained(tmp_path, records(tie("maker", "funder", sells="fast-tutor"), waivers=(waiver,)))
    assert (told.state, told.line, told.gives) == ("waived", 3, "vendor")
    assert told.waiver == {"who": "the editors", "why": "It paid for tea.", "until": "2026-12-31"}
    assert str(told).endswith("The difference was accepted by the editors until 2026-12-31: It paid for tea.")


def test_a_difference_that_stops_no_build_is_a_violation(tmp_path: Path) -> None:
    told = explained(tmp_path, records(tie("maker", "host"), vendor="vendor"))
    assert (told.state, told.line, told.gives) == ("violation", 6, "independent")
    assert "Flag and ties do not agree (203)." in str(told)


def test_a_flag_that_nobody_set_is_not_judged(tmp_path: Path) -> None:
    held = records(tie("maker", "publisher"))
    relay = source("blog", vendor="unknown", interests=[tie("maker", "publisher")])
    cites = {"source": "blog", "role": "secondary", "names": "trial", "taken_from": "trial"}
    held["findings"][0]["citations"].append(cites)
    held = {**held, "sources": [{**held["sources"][0], "vendor": "vendor"}, relay]}
    told = explained(tmp_path, held, "blog")
    assert (told.flag, told.state, told.gives, told.line) == ("unknown", "not judged", "vendor", 1)
    assert told.findings == ("trial",)


def test_a_seller_whom_only_the_reason_names_cannot_be_compared(tmp_path: Path) -> None:
    told = explained(tmp_path, records(vendor="vendor", vendor_reason="Its publisher sells tutors."))
    assert (told.state, told.gives, told.ties) == ("not judged", "independent", 0)


@pytest.mark.parametrize(
    ("ties", "fields", "unknown"),
    [
        ([], {}, "no tie is recorded; only the reason says where one looked"),
        ([tie("mill", "publisher")], {}, "no concept ties what mill sells (flour) to what the findings are about"),
        (
            [tie("mill", "publisher", sells="flour")],
            {"vendor": "vendor"},
            "no concept ties flour to what the findings are about, so that line 5 (interested) would fit as well",
        ),
        ([tie("school", "funder")], {}, "nothing is recorded that school sells"),
        (
            [tie("maker", "author_employer")],
            {"tested": ""},
            "no product is recorded as tested, so that nobody can tell whether maker sells it",
        ),
    ],
)
def test_what_is_not_recorded_is_said(tmp_path: Path, ties: list[Fields], fields: Fields, unknown: str) -> None:
    told = explained(tmp_path, records(*ties, **fields))
    assert told.unknown == (unknown,)
    assert told.state == "agrees"
    assert str(told).endswith(f"Not known: {unknown}.")


def test_a_publisher_who_speaks_for_those_measured(tmp_path: Path) -> None:
    told = explained(tmp_path, records(tie("school", "publisher", scope=["trial"]), vendor="interested"))
    assert (told.line, told.state) == (5, "agrees")
    assert told.because is not None
    assert (told.because["verb"], told.because["what"], told.because["scope"]) == ("speaks for", "workers", ["trial"])


def test_an_unknown_source_offers_its_neighbours(tmp_path: Path) -> None:
    with built(tmp_path, records()) as kb, pytest.raises(ekb.UnknownIdError, match="trial"):
        ekb.explain_flag(kb, "trail")


def test_every_source_of_the_shipped_pack_is_borne_out_or_waived() -> None:
    kb = ekb.load()
    states = {id: ekb.explain_flag(kb, id).state for id in kb.ids("source")}
    assert set(states.values()) == {"agrees", "waived", "not judged"}
    assert [id for id, state in states.items() if state == "waived"] == ["glazko2024identifying"]
