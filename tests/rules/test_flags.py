"""203: the flag of a source against its ties, line by line of the flag table."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evidencekb.engines import sqlite
from evidencekb.engines.schema import BY_NAME
from evidencekb.engines.sealing import memory_tables
from evidencekb.engines.texts import text
from evidencekb.model.sources import Interest, Source
from evidencekb.rules import rule
from evidencekb.rules.sources import somebody_gains
from evidencekb.vocab import SourceKind, Tie, VendorFlag

Row = dict[str, Any]

# A finding on the trial of a tutor program, and a source it rests on. Sellers: the owner of the maker, the maker's rival, a mill.
CONCEPTS = {
    "programs": "product", "tutors": "product", "fast-tutor": "product", "flour": "product", "advice": "product",
    "tutoring": "topic", "evening-tutoring": "topic", "learning": "topic",
}  # fmt: skip
BROADER = [("tutors", "programs"), ("fast-tutor", "tutors"), ("evening-tutoring", "tutoring")]
RELATED = [("tutors", "tutoring")]
PART_OF = {"lab": "maker", "maker": "group", "group": "holding"}
SELLS = {"maker": ["fast-tutor"], "rival": ["tutors"], "mill": ["flour"], "house": ["advice"]}
GAINING = ("publisher", "owner", "commissioner")


def verdict(
    *ties: Row,
    flag: str = "independent",
    kind: str = "journal_article",
    about: Mapping[str, str] | None = None,
    tested: str = "",
    role: str = "primary",
    advocates: Mapping[str, str] | None = None,
    cohort: str = "",
) -> Row:
    """The row of ``verdict`` for a source with these ties, on which one finding rests."""
    rows: dict[str, list[Row]] = {
        "source": [{"id": "s", "kind": kind, "vendor": flag}],
        "interest": [{"source": "s", "position": at, **tie} for at, tie in enumerate(ties)],
        "organization": [{"id": id, "part_of": PART_OF.get(id, "")} for id in {*PART_OF, *SELLS, "holding", "school"}],
        "sells": [{"organization": id, "concept": sold} for id, held in SELLS.items() for sold in held],
        "concept": [{"id": id, "kind": kind} for id, kind in CONCEPTS.items()],
        "cohort": [{"id": "pupils"}],
        "broader": [{"kind": "concept", "narrow": narrow, "broad": broad} for narrow, broad in BROADER],
        "concept_link": [
            {"concept": here, "position": at, "relation": "related", "target": there}
            for at, (here, there) in enumerate(RELATED)
        ],
        "finding": [{"id": "f"}],
        "citation": [{"finding": "f", "source": "s", "role": role, "basis": "own_data"}],
        "finding_concept": [
            {"finding": "f", "concept": concept, "how": how}
            for concept, how in (about or {"learning": "measured"}).items()
        ],
        "pointer": [
            {"kind": "organization", "id": id, "path": "advocates.0", "target_kind": "subject", "target": subject}
            for id, subject in (advocates or {}).items()
        ],
    }
    if tested and tested not in (about or {}):
        rows["finding_concept"].append({"finding": "f", "concept": tested, "how": "measured", "position": -1})
    if tested:
        rows["finding_product"] = [{"finding": "f", "product": tested}]
    if cohort:
        rows["finding_cohort"] = [{"finding": "f", "cohort": cohort, "fit": "exact"}]
    with closing(memory_tables()) as connection:
        for name, given_rows in rows.items():
            blank = {column.split(" ")[0]: 0 if "INTEGER" in column else "" for column in BY_NAME[name].columns}
            sqlite.insert(connection, name, [tuple({**blank, **row}.values()) for row in given_rows])
        sqlite.derive_links(connection)
        (found,) = sqlite.select(connection, "SELECT * FROM verdict")
        told = [row["variant"] for row in sqlite.select(connection, text("rules/203"))]
    assert told == ([found["variant"]] if found["variant"] else [])
    return found


def tie(organization: str, tie: str, **fields: str) -> Row:
    """A tie of an organisation to the source; ``finding`` limits its scope."""
    return {"organization": organization, "tie": tie, **fields}


def told(*ties: Row, **fields: Any) -> tuple[int, str, str]:
    """The line that decides, what it gives, and the variant of the violation."""
    row = verdict(*ties, **fields)
    return row["line"], row["gives"], row["variant"]


# Line 1


@pytest.mark.parametrize("which", [*GAINING, "author_employer"])
@pytest.mark.parametrize("who", ["maker", "lab", "group", "holding"])
def test_line_1_who_sells_the_product_tested_or_owns_or_is_owned_by_its_seller(which: str, who: str) -> None:
    assert told(tie(who, which), tested="fast-tutor") == (1, "vendor", "sells")
    assert told(tie(who, which), tested="fast-tutor", flag="interested") == (1, "vendor", "sells")
    assert told(tie(who, which), tested="fast-tutor", flag="vendor") == (1, "vendor", "")


def test_line_1_a_kind_that_was_tested_holds_what_is_sold() -> None:
    assert told(tie("maker", "author_employer"), tested="tutors") == (1, "vendor", "sells")


def test_line_1_an_employer_that_sells_the_kind_may_sell_another_of_that_kind() -> None:
    assert told(tie("rival", "author_employer"), tested="fast-tutor") == (1, "vendor", "likely")
    assert told(tie("rival", "author_employer", sells="tutors"), tested="fast-tutor") == (1, "vendor", "sells")
    assert told(tie("rival", "publisher"), tested="fast-tutor") == (1, "vendor", "sells")


@pytest.mark.parametrize(("how", "line"), [("measured", 1), ("includes", 2), ("proxy", 2)])
def test_line_1_a_product_that_the_finding_measures_was_tested(how: str, line: int) -> None:
    assert told(tie("maker", "publisher"), about={"fast-tutor": how})[0] == line


def test_line_1_an_employer_who_sells_something_else_gains_nothing() -> None:
    assert told(tie("mill", "author_employer"), tested="fast-tutor") == (6, "independent", "")
    assert told(tie("mill", "publisher"), tested="fast-tutor") == (7, "independent", "")


# Line 2


@pytest.mark.parametrize("which", GAINING)
def test_line_2_who_sells_in_the_market_by_the_hierarchy(which: str) -> None:
    assert told(tie("rival", which), about={"programs": "includes"}) == (2, "vendor", "sells")
    assert told(tie("rival", which), about={"programs": "mentioned"}) == (7, "independent", "")


@pytest.mark.parametrize("topic", ["tutoring", "evening-tutoring"])
def test_line_2_a_link_between_concepts_makes_it_likely(topic: str) -> None:
    assert told(tie("maker", "publisher"), about={topic: "measured"}) == (2, "vendor", "likely")
    assert told(tie("maker", "publisher"), about={topic: "measured"}, flag="vendor") == (2, "vendor", "")
    assert told(tie("maker", "author_employer"), about={topic: "measured"}) == (6, "independent", "")


def test_line_2_or_5_what_the_tie_names_is_not_independent_and_may_be_either() -> None:
    bank = tie("house", "publisher", sells="advice")
    assert told(bank) == (2, "vendor", "sells")
    assert told(bank, flag="vendor") == (2, "vendor", "")
    assert told(bank, flag="interested") == (5, "interested", "")
    assert verdict(bank, flag="interested")["who"] == "house (publisher) sells advice, for finding f"


def test_line_2_what_the_tie_names_and_a_link_confirms_is_no_mere_stake() -> None:
    named = tie("rival", "publisher", sells="tutors")
    assert told(named, about={"tutoring": "measured"}, flag="interested") == (2, "vendor", "sells")


def test_line_2_a_publisher_who_sells_elsewhere_is_independent() -> None:
    assert told(tie("house", "publisher")) == (7, "independent", "")


# Lines 3 and 4


def test_line_3_a_funder_who_sells_the_product_tested() -> None:
    assert told(tie("maker", "funder"), tested="fast-tutor") == (3, "vendor", "sells")
    assert told(tie("rival", "funder"), tested="fast-tutor") == (3, "vendor", "likely")
    assert told(tie("rival", "funder", sells="tutors"), tested="fast-tutor") == (3, "vendor", "sells")


def test_line_3_a_funder_who_sells_in_the_market_only_is_none() -> None:
    assert told(tie("maker", "funder"), about={"tutoring": "measured"}) == (7, "independent", "")
    assert told(tie("mill", "funder"), tested="fast-tutor") == (7, "independent", "")


@pytest.mark.parametrize(("flag", "variant"), [("independent", "sells"), ("interested", "sells"), ("vendor", "")])
def test_line_4_a_competitor(flag: str, variant: str) -> None:
    assert told(tie("rival", "publisher"), tie("rival", "competitor"), flag=flag) == (4, "vendor", variant)


# Line 5


@pytest.mark.parametrize("which", ["advocate", "member_body"])
def test_line_5_an_advocate_or_an_association_of_those_measured(which: str) -> None:
    assert told(tie("school", which)) == (5, "interested", "stake")
    assert told(tie("school", which), flag="interested") == (5, "interested", "")
    assert told(tie("school", which), flag="vendor") == (5, "interested", "strict")


@pytest.mark.parametrize("kind", ["legal_filing", "press_release"])
def test_line_5_a_party_speaks_in_its_filing_or_release(kind: str) -> None:
    assert told(tie("school", "party"), kind=kind) == (5, "interested", "stake")
    assert told(tie("school", "party"), kind=kind, flag="interested") == (5, "interested", "")


@pytest.mark.parametrize("kind", ["legal_decision", "legislation", "news_article", "journal_article"])
def test_line_5_a_party_does_not_write_the_ruling(kind: str) -> None:
    assert told(tie("school", "party"), tie("mill", "party"), kind=kind) == (7, "independent", "")
    assert told(tie("school", "party"), kind=kind, flag="interested") == (7, "independent", "strict")
    assert told(tie("school", "party"), tie("school", "publisher"), kind=kind) == (5, "interested", "stake")


def test_line_5_a_party_that_sells_may_be_flagged_vendor() -> None:
    defendant = tie("rival", "party", sells="tutors")
    assert told(defendant, kind="legal_filing", flag="vendor") == (5, "interested", "")
    assert told(tie("rival", "party"), kind="legal_filing", flag="vendor") == (5, "interested", "strict")


def test_line_5_a_party_that_may_have_written_a_post() -> None:
    assert told(tie("school", "party"), kind="blog_post") == (5, "interested", "likely")
    assert told(tie("school", "party"), tie("school", "publisher"), kind="blog_post") == (5, "interested", "stake")


def test_line_5_a_filing_is_the_word_of_a_party_even_without_a_tie() -> None:
    assert told(kind="legal_filing") == (5, "interested", "likely")
    assert told(kind="legal_filing", flag="interested") == (5, "interested", "")
    assert told(kind="legal_decision") == (7, "independent", "")


@pytest.mark.parametrize("which", GAINING)
def test_line_5_a_publisher_who_speaks_for_those_measured(which: str) -> None:
    speaks = tie("school", which)
    assert told(speaks, advocates={"school": "pupils"}, cohort="pupils") == (5, "interested", "stake")
    assert told(speaks, advocates={"school": "tutoring"}, about={"evening-tutoring": "proxy"}) == (
        5,
        "interested",
        "stake",
    )
    assert told(speaks, advocates={"school": "tutoring"}, about={"evening-tutoring": "mentioned"})[0] == 7
    assert told(speaks, advocates={"school": "flour"}, cohort="pupils") == (7, "independent", "")
    assert told(tie("school", "host"), advocates={"school": "pupils"}, cohort="pupils") == (6, "independent", "")


def test_a_seller_comes_before_a_party() -> None:
    both = tie("maker", "publisher"), tie("maker", "party")
    assert told(*both, kind="legal_filing", tested="fast-tutor", flag="vendor") == (1, "vendor", "")
    assert told(*both, kind="legal_filing", tested="fast-tutor", flag="interested") == (1, "vendor", "sells")


def test_a_sure_line_comes_before_one_that_may_fit() -> None:
    both = tie("rival", "author_employer"), tie("school", "advocate")
    assert told(*both, tested="fast-tutor") == (5, "interested", "stake")
    assert told(*both, tested="fast-tutor", flag="interested") == (5, "interested", "")
    assert told(*both, tested="fast-tutor", flag="vendor") == (5, "interested", "")


# Lines 6 and 7


@pytest.mark.parametrize("which", ["data_provider", "host"])
def test_line_6_who_supplied_data_or_premises_is_shown_and_gains_nothing(which: str) -> None:
    sells = tie("maker", which, sells="fast-tutor")
    assert told(sells, tested="fast-tutor") == (6, "independent", "")
    assert told(sells, tested="fast-tutor", flag="vendor") == (6, "independent", "strict")
    assert told(sells, tested="fast-tutor", flag="interested") == (6, "independent", "strict")


def test_line_7_nothing_was_found() -> None:
    assert told() == (7, "independent", "")
    assert told(tie("school", "publisher")) == (7, "independent", "")
    assert told(tie("school", "publisher"), flag="vendor") == (7, "independent", "strict")


@pytest.mark.parametrize("flag", ["vendor", "interested"])
def test_without_a_tie_there_is_nothing_to_compare(flag: str) -> None:
    assert told(flag=flag) == (7, "independent", "")


@pytest.mark.parametrize("flag", ["vendor", "interested"])
@pytest.mark.parametrize(
    ("reason", "named"),
    [
        ("They make money on it.", False),
        ("See the note. Gains were found", False),
        ("It lives on the score of ACME.", True),
        ("The publisher gains.", True),
        ("It sells the score.", True),
    ],
)
def test_a_flag_whose_reason_names_nobody_is_noted(flag: str, reason: str, named: bool) -> None:
    source = Source(id="s", kind="report", vendor=flag, vendor_reason=reason)
    found = [v.message for v in somebody_gains(rule("203"), source)]
    note = f"source 's' is flagged {flag}, and neither a tie nor the reason names who gains. Add the organisation and its tie"
    assert found == ([] if named else [note])
    tied = source.model_copy(update={"interests": (Interest(organization="o", tie="publisher"),)})
    assert list(somebody_gains(rule("203"), tied)) == []


def test_a_seller_whose_market_nobody_linked_may_be_a_vendor() -> None:
    assert told(tie("house", "publisher"), flag="vendor") == (7, "independent", "")
    assert told(tie("maker", "author_employer", sells="fast-tutor"), flag="vendor") == (6, "independent", "")


@pytest.mark.parametrize("flag", ["unknown", ""])
def test_a_flag_that_nobody_set_is_for_201(flag: str) -> None:
    assert told(tie("maker", "publisher"), tested="fast-tutor", flag=flag) == (1, "vendor", "")


# Scope, relays


def test_a_tie_counts_for_the_findings_in_its_scope() -> None:
    assert told(tie("maker", "publisher", finding="f"), tested="fast-tutor") == (1, "vendor", "sells")
    for which in ("publisher", "competitor", "advocate"):
        assert told(tie("maker", which, finding="other"), tested="fast-tutor") == (7, "independent", "")


def test_a_relay_is_judged_by_what_it_repeats_and_only_noted() -> None:
    assert told(tie("maker", "publisher"), tested="fast-tutor", role="secondary") == (1, "vendor", "relay")
    assert told(tie("maker", "publisher"), tested="fast-tutor", role="secondary", flag="vendor") == (1, "vendor", "")
    assert told(tie("maker", "publisher"), tested="fast-tutor", role="secondary", flag="unknown") == (1, "vendor", "")


def test_the_line_and_the_tie_that_decided_are_told() -> None:
    assert verdict(tie("school", "host"), tie("lab", "publisher"), tested="fast-tutor")["who"] == (
        "lab (publisher), through maker, sells fast-tutor, for finding f"
    )
    assert verdict(tie("maker", "publisher"), about={"tutoring": "measured"})["who"] == (
        "maker (publisher) sells fast-tutor, near tutoring, for finding f"
    )
    assert verdict(kind="legal_filing")["who"] == "a filing is the word of a party"


# What cannot matter

BODIES = ("lab", "maker", "rival", "mill", "house", "school")
TIES = st.builds(
    tie,
    st.sampled_from(BODIES),
    st.sampled_from([str(t) for t in Tie]),
    sells=st.sampled_from(["", "fast-tutor", "flour"]),
)
IRRELEVANT = st.one_of(
    st.builds(tie, st.just("school"), st.sampled_from(["publisher", "owner", "commissioner", "funder"])),
    st.builds(tie, st.sampled_from(BODIES), st.just("publisher"), finding=st.just("another")),
    st.builds(tie, st.just("mill"), st.just("funder")),
)
FIELDS = st.fixed_dictionaries({
    "flag": st.sampled_from([str(flag) for flag in VendorFlag]),
    "kind": st.sampled_from([str(kind) for kind in SourceKind]),
    "tested": st.sampled_from(["", "fast-tutor", "tutors"]),
    "about": st.sampled_from([{"learning": "measured"}, {"tutoring": "measured"}, {"tutors": "mentioned"}]),
})  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(st.lists(TIES, min_size=1, max_size=4), IRRELEVANT, FIELDS)
def test_a_tie_that_fits_no_line_changes_nothing(ties: list[Row], other: Row, fields: dict[str, Any]) -> None:
    parties = {row["organization"] for row in ties if row["tie"] == "party"}
    if other["organization"] in parties and "finding" not in other:
        return  # a party that publishes is another matter
    before, after = verdict(*ties, **fields), verdict(*ties, other, **fields)
    seen = ("gives", "line", "organization", "tie", "who")
    assert [after[name] for name in seen] == [before[name] for name in seen]
    if other["organization"] == "school" or "finding" in other:
        assert after["variant"] == before["variant"]


@settings(max_examples=60, deadline=None)
@given(st.lists(TIES, min_size=1, max_size=4), FIELDS, st.randoms(use_true_random=False))
def test_the_order_of_ties_decides_nothing_but_which_of_equals_is_named(
    ties: list[Row], fields: dict[str, Any], dice: Any
) -> None:
    other = dice.sample(ties, len(ties))
    before, after = verdict(*ties, **fields), verdict(*other, **fields)
    seen = ("gives", "line", "near", "sure", "variant")
    assert [after[name] for name in seen] == [before[name] for name in seen]


@settings(max_examples=60, deadline=None)
@given(st.lists(TIES, max_size=4), FIELDS)
def test_the_flag_that_a_sure_line_gives_is_never_refused(ties: list[Row], fields: dict[str, Any]) -> None:
    first = verdict(*ties, **fields)
    if first["sure"]:
        assert verdict(*ties, **{**fields, "flag": first["gives"]})["variant"] == ""
