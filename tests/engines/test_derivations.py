"""What the build works out from rows: hierarchy, fit, chains, standing, replications and the strength order."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from sqlite3 import Connection
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidencekb.answers import TIERS
from evidencekb.engines import sqlite
from evidencekb.engines.asking import asking
from evidencekb.engines.rows import add_rows, no_rows
from evidencekb.engines.schema import BY_NAME
from evidencekb.engines.sealing import memory_tables
from evidencekb.engines.texts import text
from evidencekb.model.sources import Source
from evidencekb.queries.bearing import OTHER
from evidencekb.queries.candidates import tier_of
from evidencekb.vocab import WITHDRAWN, Design, StandingState

Row = dict[str, Any]


@contextmanager
def tables(**rows: list[Row]) -> Iterator[Connection]:
    """Tables with the rows given, what they leave out empty, and all that is worked out from them."""
    with closing(memory_tables()) as connection:
        for name, given_rows in rows.items():
            blank = {column.split(" ")[0]: 0 if "INTEGER" in column else "" for column in BY_NAME[name].columns}
            for row in given_rows:
                assert row.keys() <= blank.keys(), row
            sqlite.insert(connection, name, [tuple({**blank, **row}.values()) for row in given_rows])
        sqlite.derive_links(connection)
        sqlite.derive_order(connection)
        yield connection


def derived(statement: str, **rows: list[Row]) -> list[tuple[Any, ...]]:
    """The answer to a question about the tables made from rows."""
    with tables(**rows) as connection:
        return connection.execute(statement).fetchall()


def flagged(rule: str, **rows: list[Row]) -> list[tuple[str, ...]]:
    """What a rule finds: id, variant and item."""
    with tables(**rows) as connection:
        return [(row["id"], row["variant"], row["item"]) for row in sqlite.select(connection, text(f"rules/{rule}"))]


def primary(finding: str, source: str, *, position: int = 0, **fields: Any) -> Row:
    return {
        "finding": finding,
        "position": position,
        "source": source,
        "role": "primary",
        "basis": "own_data",
        **fields,
    }


def relay(source: str, taken_from: str, *, position: int, read: str = "", finding: str = "f") -> Row:
    return {
        "finding": finding,
        "position": position,
        "source": source,
        "role": "secondary",
        "names": "none_named",
        "taken_from": taken_from,
        "read": read,
    }


def ids(*names: str) -> list[Row]:
    return [{"id": name} for name in names]


# Hierarchy

LADDER = [("low", "mid"), ("mid", "high")]
PLACES = {"same": "mid", "below": "low", "above": "high"}


def ladder(kind: str) -> list[Row]:
    return [{"kind": kind, "narrow": narrow, "broad": broad} for narrow, broad in LADDER]


def closure(kind: str, edges: list[tuple[str, str]]) -> set[tuple[str, str, int]]:
    nodes = sorted({node for edge in edges for node in edge})
    rows = derived(
        f"SELECT broad, narrow, steps FROM closure WHERE kind = '{kind}' AND steps > 0",
        broader=[{"kind": kind, "narrow": narrow, "broad": broad} for narrow, broad in edges],
        **{kind: ids(*nodes)},
    )
    return set(rows)


@pytest.mark.parametrize("kind", ["cohort", "concept"])
def test_a_node_with_two_parents_is_held_by_both_and_by_what_holds_them(kind: str) -> None:
    edges = [("leaf", "left"), ("leaf", "right"), ("left", "top"), ("right", "top")]
    assert closure(kind, edges) == {
        ("left", "leaf", 1),
        ("right", "leaf", 1),
        ("top", "left", 1),
        ("top", "right", 1),
        ("top", "leaf", 2),
    }


def test_of_two_ways_up_the_shorter_counts() -> None:
    assert ("top", "leaf", 1) in closure("cohort", [("leaf", "mid"), ("mid", "top"), ("leaf", "top")])


def test_every_node_holds_itself_at_no_step_and_cohorts_stand_apart_from_concepts() -> None:
    rows = derived(
        "SELECT * FROM closure ORDER BY kind, broad, narrow",
        cohort=ids("low", "mid"),
        concept=ids("low", "mid"),
        broader=[{"kind": "concept", "narrow": "low", "broad": "mid"}],
    )
    assert rows == [
        ("cohort", "low", "low", 0),
        ("cohort", "mid", "mid", 0),
        ("concept", "low", "low", 0),
        ("concept", "mid", "low", 1),
        ("concept", "mid", "mid", 0),
    ]


def test_a_loop_of_cohorts_ends_and_each_of_them_is_reported() -> None:
    edges = [("a", "b"), ("b", "c"), ("c", "a")]
    expected = {("b", "a", 1), ("c", "b", 1), ("a", "c", 1), ("c", "a", 2), ("a", "b", 2), ("b", "c", 2)}
    assert closure("cohort", edges) == expected
    broader = [{"kind": "cohort", "narrow": narrow, "broad": broad} for narrow, broad in edges]
    assert flagged("402", cohort=ids("a", "b", "c"), broader=broader) == [
        ("a", "loop", "a"),
        ("b", "loop", "b"),
        ("c", "loop", "c"),
    ]


def test_organizations_that_own_each_other_are_a_loop_too() -> None:
    owners = [{"id": "a", "part_of": "b"}, {"id": "b", "part_of": "a"}, {"id": "c", "part_of": "a"}]
    assert flagged("402", organization=owners) == [("a", "loop", "a"), ("b", "loop", "b")]
    with tables(organization=owners) as connection:
        paths = {row["path"] for row in sqlite.select(connection, text("rules/402"))}
    assert paths == {"part_of"}


@pytest.mark.parametrize(
    ("levels", "found"), [(32, []), (33, [("n0", "deep", "n33")]), (34, [("n0", "deep", "n33"), ("n1", "deep", "n34")])]
)
@pytest.mark.parametrize("kind", ["cohort", "concept"])
def test_more_than_32_levels_above_are_reported(kind: str, levels: int, found: list[tuple[str, str, str]]) -> None:
    chain = [{"kind": kind, "narrow": f"n{n}", "broad": f"n{n + 1}"} for n in range(levels)]
    nodes = ids(*(f"n{n}" for n in range(levels + 1)))
    assert flagged("402", broader=chain, **{kind: nodes}) == found
    field = "broader" if kind == "cohort" else "links"
    with tables(broader=chain, **{kind: nodes}) as connection:
        assert {row["path"] for row in sqlite.select(connection, text("rules/402"))} <= {field}
        (deepest,) = connection.execute("SELECT MAX(steps) FROM closure").fetchone()
    assert deepest == min(levels, 33)


@pytest.mark.parametrize(("relays", "found"), [(32, []), (33, [("f", "deep", "r1")]), (34, [("f", "deep", "r1")])])
def test_a_chain_of_more_than_32_relays_is_reported_at_the_first_that_is_too_far(
    relays: int, found: list[tuple[str, str, str]]
) -> None:
    # r1 took it from r2, r2 from r3, the last from the primary.
    names = [*(f"r{n}" for n in range(1, relays + 1)), "study"]
    chain = [relay(name, names[at + 1], position=at + 1) for at, name in enumerate(names[:-1])]
    rows = {"finding": ids("f"), "source": ids(*names), "citation": [primary("f", "study"), *chain]}
    assert flagged("102", **rows) == found


def test_a_chain_that_runs_in_a_circle_ends_and_is_reported_once() -> None:
    chain = [relay("r1", "r2", position=1), relay("r2", "r1", position=2), relay("r3", "r1", position=3)]
    rows = {"finding": ids("f"), "source": ids("study", "r1", "r2", "r3"), "citation": [primary("f", "study"), *chain]}
    assert flagged("102", **rows) == [("f", "loop", "r1")]


def test_the_same_relays_in_another_finding_make_no_circle() -> None:
    chain = [relay("r1", "r2", position=1, finding="f"), relay("r2", "r1", position=1, finding="g")]
    rows = {
        "finding": ids("f", "g"),
        "source": ids("study", "r1", "r2"),
        "citation": [primary("f", "study"), primary("g", "study"), *chain],
    }
    assert flagged("102", **rows) == []


# Fit

CONCEPT_WEIGHTS = {
    ("measured", "same"): 0, ("measured", "below"): 1, ("measured", "above"): 2,
    ("includes", "same"): 2, ("includes", "below"): 2, ("includes", "above"): 2,
    ("proxy", "same"): 3, ("proxy", "below"): 3, ("proxy", "above"): 3,
    ("mentioned", "same"): 4, ("mentioned", "below"): 4, ("mentioned", "above"): None,
}  # fmt: skip
COHORT_WEIGHTS = {
    ("exact", "same"): 0, ("exact", "below"): 1, ("exact", "above"): 2,
    ("narrower", "same"): 1, ("narrower", "below"): 1, ("narrower", "above"): 2,
    ("broader", "same"): 2, ("broader", "below"): 2, ("broader", "above"): 2,
    ("simulated", "same"): 3, ("simulated", "below"): 3, ("simulated", "above"): 3,
    ("analogous", "same"): 3, ("analogous", "below"): 3, ("analogous", "above"): 3,
}  # fmt: skip


def weights(dimension: str, **rows: list[Row]) -> list[int]:
    """How findings stand to the subject in the middle."""
    with tables(**rows) as connection, asking(connection, {"q": {dimension: "mid"}}):
        return [weight for (weight,) in connection.execute("SELECT weight FROM bearing ORDER BY finding")]


def concepts(kind: str) -> list[Row]:
    return [{"id": id, "kind": kind} for id in ("low", "mid", "high", "aside")]


@pytest.mark.parametrize("kind", ["role", "skill", "topic", "product", "instrument"])
@pytest.mark.parametrize(("how", "where"), CONCEPT_WEIGHTS)
def test_fit_to_a_concept_is_the_weaker_of_link_and_hierarchy(kind: str, how: str, where: str) -> None:
    link = {"finding": "f", "concept": PLACES[where], "how": how}
    found = weights(kind, finding=ids("f"), concept=concepts(kind), broader=ladder("concept"), finding_concept=[link])
    weight = CONCEPT_WEIGHTS[how, where]
    assert found == ([] if weight is None else [weight])


@pytest.mark.parametrize(("fit", "where"), COHORT_WEIGHTS)
def test_fit_to_a_cohort_is_the_weaker_of_link_and_hierarchy(fit: str, where: str) -> None:
    link = {"finding": "f", "cohort": PLACES[where], "fit": fit}
    found = weights(
        "cohort", finding=ids("f"), cohort=ids("low", "mid", "high"), broader=ladder("cohort"), finding_cohort=[link]
    )
    assert found == [COHORT_WEIGHTS[fit, where]]


@pytest.mark.parametrize(("where", "weight"), [("same", 0), ("below", 1), ("above", 2)])
def test_an_estimate_measures_its_outcome(where: str, weight: int) -> None:
    estimate = {"finding": "f", "estimate": "e", "outcome": PLACES[where]}
    found = weights(
        "outcome", finding=ids("f"), concept=concepts("outcome"), broader=ladder("concept"), estimate=[estimate]
    )
    assert found == [weight]


def test_what_stands_beside_a_subject_in_the_hierarchy_does_not_bear_on_it() -> None:
    siblings = [{"kind": "concept", "narrow": narrow, "broad": "high"} for narrow in ("mid", "aside")]
    link = {"finding": "f", "concept": "aside", "how": "measured"}
    rows = {"finding": ids("f"), "concept": concepts("skill"), "broader": siblings, "finding_concept": [link]}
    assert weights("skill", **rows) == []


def test_of_several_links_the_best_counts() -> None:
    links = [
        {"finding": "f", "concept": "high", "how": "mentioned"},
        {"finding": "f", "concept": "mid", "how": "proxy"},
        {"finding": "f", "concept": "low", "how": "measured"},
    ]
    rows = {"finding": ids("f"), "concept": concepts("skill"), "broader": ladder("concept"), "finding_concept": links}
    assert weights("skill", **rows) == [1]


def about(finding: str, *concepts: str) -> list[Row]:
    return [{"finding": finding, "concept": concept, "how": "measured"} for concept in concepts]


def test_pairs_hold_what_is_filed_under_a_role_and_a_skill_by_strength() -> None:
    rows = derived(
        "SELECT role, skill, rank, cohort, vendor, finding FROM pair",
        finding=[{"id": "weak", "design": "self_statement"}, {"id": "strong", "design": "field_experiment"}, *ids("one", "gone")],
        concept=[{"id": "nurse", "kind": "role"}, {"id": "triage", "kind": "skill"}, {"id": "pay", "kind": "topic"}],
        finding_concept=[
            *about("weak", "nurse", "triage"), *about("strong", "triage", "pay", "nurse"), *about("one", "nurse", "pay"),
            *about("gone", "nurse", "triage"),
        ],
        finding_cohort=[{"finding": "weak", "cohort": cohort, "fit": "exact"} for cohort in ("here", "there")],
        source=[{"id": "seller", "vendor": "vendor"}, {"id": "bad"}],
        citation=[primary("weak", "seller"), primary("gone", "bad")],
        standing=[{"source": "bad", "status": "retracted"}],
    )  # fmt: skip
    assert rows == [
        ("nurse", "triage", 1, "", 0, "strong"),
        ("nurse", "triage", 2, "here", 1, "weak"),
        ("nurse", "triage", 2, "there", 1, "weak"),
    ]


@pytest.mark.parametrize(("roles", "skills", "pairs"), [(8, 8, 64), (5, 13, 0), (64, 1, 64)])
def test_a_finding_with_too_many_mixes_stands_in_no_pair(roles: int, skills: int, pairs: int) -> None:
    kinds = {"role": roles, "skill": skills}
    named = [{"id": f"{kind}-{n}", "kind": kind} for kind, most in kinds.items() for n in range(most)]
    rows = {"finding": ids("f"), "concept": named, "finding_concept": about("f", *(str(row["id"]) for row in named))}
    with tables(**rows) as connection:
        assert connection.execute("SELECT COUNT(*) FROM pair").fetchone() == (pairs,)
        assert connection.execute("SELECT finding FROM wide").fetchall() == ([] if pairs else [("f",)])


def test_single_lists_say_what_pages_leave_out() -> None:
    rows = derived(
        "SELECT finding, weight, gone FROM single WHERE kind = 'concept' AND subject = 'pay' ORDER BY finding",
        finding=ids("fine", "gone", "newer", "older"),
        concept=[{"id": "pay", "kind": "topic"}],
        finding_concept=[row for finding in ("fine", "gone", "newer", "older") for row in about(finding, "pay")],
        finding_link=[{"finding": "newer", "type": "supersedes", "target": "older"}],
        source=ids("bad"),
        citation=[primary("gone", "bad")],
        standing=[{"source": "bad", "status": "retracted"}],
    )
    assert rows == [("fine", 0, 0), ("gone", 0, 2), ("newer", 0, 0), ("older", 0, 1)]


@pytest.mark.parametrize(
    ("weights", "tier"),
    [
        ([0, 1], "direct"), ([1], "direct"), ([0, 2], "partial"), ([1, OTHER], "partial"), ([2], "near"), ([3, OTHER], "near"),
        ([2, 3], "near"), ([OTHER], "context"), ([OTHER, OTHER], "context"),
    ],
)  # fmt: skip
def test_tiers(weights: list[int], tier: str) -> None:
    assert TIERS[tier_of(tuple(weights))] == tier


# Chains

UNREAD: Row = {"read": "nothing"}
ABSTRACT: Row = {"read": "abstract", "seen": 1}


def hops(first: Row, *relays: Row) -> list[int]:
    rows = derived(
        "SELECT hops FROM carried WHERE finding = 'f' ORDER BY source",
        finding=ids("f", "g"),
        source=ids("study", "r1", "r2", "r3"),
        estimate=[{"finding": "f", "estimate": "e"}],
        citation=[primary("f", "study", **first), *relays],
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("first", "relays", "expected"),
    [
        (ABSTRACT, [], 0),
        ({"read": "data", "seen": 2}, [relay("r1", "study", position=1, read="full_text")], 0),
        (UNREAD, [relay("r1", "study", position=1, read="full_text")], 1),
        ({}, [relay("r1", "study", position=1, read="abstract")], 1),
        (UNREAD, [relay("r1", "study", position=1), relay("r2", "r1", position=2, read="full_text")], 2),
        (UNREAD, [relay("r1", "study", position=1, read="nothing"), relay("r2", "r1", position=2, read="extract")], 2),
        (UNREAD, [relay("r1", "study", position=1, read="data"), relay("r2", "r1", position=2, read="data")], 1),
        ({}, [relay("r1", "study", position=1), relay("r2", "r1", position=2), relay("r3", "r2", position=3, read="data")], 3),
        (UNREAD, [], -1),
        ({}, [], -1),
        (UNREAD, [relay("r1", "study", position=1), relay("r2", "r1", position=2, read="nothing")], -1),
        (UNREAD, [relay("r1", "none_named", position=1, read="full_text")], -1),
        (UNREAD, [relay("r1", "study", position=1, read="full_text", finding="g")], -1),
        ({"read": "secondary_page"}, [], 1),
        ({"read": "secondary_page"}, [relay("r1", "study", position=1)], 1),
    ],
)  # fmt: skip
def test_hops_count_how_far_a_reader_stood_from_the_primary(first: Row, relays: list[Row], expected: int) -> None:
    assert hops(first, *relays) == [expected]


def test_a_primary_carries_what_it_prints_and_everything_when_it_lists_nothing() -> None:
    rows = derived(
        "SELECT estimate, source FROM carried ORDER BY estimate, source",
        finding=ids("f"),
        source=ids("lists", "whole", "baseless", "relayed"),
        estimate=[{"finding": "f", "estimate": "one"}, {"finding": "f", "estimate": "two"}],
        citation=[
            primary("f", "whole"),
            primary("f", "lists", position=1, lists=1),
            primary("f", "baseless", position=2, basis=""),
            relay("relayed", "whole", position=3),
        ],
        prints=[
            {"finding": "f", "position": 1, "item": "two"},
            {"finding": "f", "position": 2, "item": "one"},
            {"finding": "f", "position": 3, "item": "one"},
        ],
    )
    assert rows == [("one", "whole"), ("two", "lists"), ("two", "whole")]


def test_what_carries_an_estimate_comes_with_its_flag_and_its_standing() -> None:
    rows = derived(
        "SELECT basis, vendor, hops, read, standing FROM carried",
        finding=ids("f"),
        source=[{"id": "s", "vendor": "interested"}],
        estimate=[{"finding": "f", "estimate": "e"}],
        citation=[primary("f", "s", basis="own_act", **ABSTRACT)],
        standing=[{"source": "s", "status": "concern"}],
    )
    assert rows == [("own_act", "interested", 0, "abstract", "concern")]


# Standing

EVENT = tuple[str, tuple[str, ...]]


def states(*events: EVENT, checked_on: str | None = None) -> dict[str, str]:
    """The state of one source for the findings f and g."""
    listed = [{"status": status, "affects": affects} for status, affects in events]
    source = Source.model_validate(
        {"id": "s", "kind": "report", "standing": {"checked_on": checked_on, "events": listed}}
    )
    with closing(memory_tables()) as connection:
        rows = no_rows()
        add_rows(rows, "source", source)
        sqlite.load(connection, rows)
        citations = [primary("f", "s"), primary("g", "s")]
        blank = dict.fromkeys(BY_NAME["citation"].names, "") | {"lists": 0, "seen": 0}
        sqlite.insert(connection, "citation", [tuple({**blank, **row}.values()) for row in citations])
        sqlite.store(connection, "state", "derive/state")
        sqlite.store(connection, "withdrawn", "derive/withdrawn")
        found = dict(connection.execute("SELECT finding, state FROM state"))
        withdrawn = dict(connection.execute("SELECT finding, status FROM withdrawn"))
    assert withdrawn.keys() == {finding for finding in ("f", "g") if source.standing.withdrawn(finding)}
    assert set(withdrawn.values()) <= WITHDRAWN
    assert found == {finding: source.standing.state(finding) for finding in ("f", "g")}
    return found


@pytest.mark.parametrize(
    ("events", "checked_on", "of_f", "of_g"),
    [
        ([], None, "not_checked", "not_checked"),
        ([], "2026-01-15", "nothing_known", "nothing_known"),
        ([("concern", ())], "2026-01-15", "concern", "concern"),
        ([("superseded", ())], None, "superseded", "superseded"),
        ([("retracted", ("f",))], None, "retracted", "not_checked"),
        ([("retracted", ("f",))], "2026-01-15", "retracted", "nothing_known"),
        ([("corrected", ()), ("overturned", ("g",))], None, "corrected", "overturned"),
        ([("disavowed", ("f",)), ("corrected", ())], None, "disavowed", "corrected"),
        ([("retracted", ()), ("reinstated", ())], None, "reinstated", "reinstated"),
        ([("retracted", ()), ("reinstated", ("g",))], None, "retracted", "reinstated"),
        ([("reinstated", ()), ("retracted", ("f", "g"))], None, "retracted", "retracted"),
    ],
)
def test_the_last_event_that_concerns_a_finding_is_its_standing(
    events: list[EVENT], checked_on: str | None, of_f: str, of_g: str
) -> None:
    assert states(*events, checked_on=checked_on) == {"f": of_f, "g": of_g}


@pytest.mark.parametrize(
    ("events", "expected"),
    [
        ([("concern", ()), ("superseded", ())], []),
        ([("retracted", ())], [("f", "retracted"), ("g", "retracted")]),
        ([("overturned", ("g",))], [("g", "overturned")]),
        ([("disavowed", ()), ("corrected", ())], [("f", "disavowed"), ("g", "disavowed")]),
        ([("disavowed", ()), ("reinstated", ("g",))], [("f", "disavowed")]),
        ([("disavowed", ()), ("retracted", ())], [("f", "retracted"), ("g", "retracted")]),
        ([("retracted", ()), ("reinstated", ()), ("corrected", ())], []),
        ([("reinstated", ()), ("retracted", ("f",))], [("f", "retracted")]),
    ],
)
def test_a_withdrawal_lasts_until_it_is_undone(events: list[EVENT], expected: list[tuple[str, str]]) -> None:
    rows = derived(
        "SELECT finding, status FROM withdrawn ORDER BY finding",
        source=ids("s"),
        finding=ids("f", "g"),
        citation=[primary("f", "s"), primary("g", "s")],
        standing=[
            {"source": "s", "position": at, "status": status, "finding": finding}
            for at, (status, affects) in enumerate(events)
            for finding in affects or ("",)
        ],
    )
    assert rows == expected


AFFECTS = st.sampled_from([(), ("f",), ("g",), ("f", "g"), ("other",)])
EVENTS = st.lists(st.tuples(st.sampled_from([str(state) for state in StandingState]), AFFECTS), max_size=4)


@given(EVENTS, st.sampled_from([None, "2026-01-15"]))
def test_the_tables_and_the_model_agree_on_standing(events: list[EVENT], checked_on: str | None) -> None:
    assert states(*events, checked_on=checked_on).keys() == {"f", "g"}


def test_the_source_of_a_relay_has_no_standing_for_a_finding() -> None:
    rows = derived(
        "SELECT source FROM state",
        source=ids("s", "r"),
        finding=ids("f"),
        citation=[primary("f", "s"), relay("r", "s", position=1)],
    )
    assert rows == [("s",)]


# Periods

PUBLISHED = {"since": "2024-01-01", "until": "2024-12-31"}


@pytest.mark.parametrize(
    ("sample", "estimates", "expected"),
    [
        ({}, [], ("2024-01-01", "2024-12-31")),
        ({"since": "2020-03-01", "until": "2020-05-31"}, [], ("2020-03-01", "2020-05-31")),
        ({}, [{"since": "2021-01-01", "until": "2021-12-31"}, {}], ("2021-01-01", "2021-12-31")),
        (
            {"since": "2020-03-01", "until": "2020-05-31"},
            [{"since": "2019-01-01", "until": "2019-12-31"}, {"since": "2021-01-01", "until": "2022-12-31"}],
            ("2019-01-01", "2022-12-31"),
        ),
        ({"since": "2020-01-01"}, [], ("2020-01-01", "2024-12-31")),
    ],
)  # fmt: skip
def test_a_finding_is_about_its_own_periods_and_else_about_its_publication(
    sample: Row, estimates: list[Row], expected: tuple[str, str]
) -> None:
    rows = derived(
        "SELECT since, until FROM measured",
        finding=[{"id": "f", **sample}],
        estimate=[{"finding": "f", "estimate": f"e{at}", **fields} for at, fields in enumerate(estimates)],
        source=[{"id": "s", **PUBLISHED}, {"id": "r", "since": "1990-01-01", "until": "2030-12-31"}],
        citation=[primary("f", "s"), relay("r", "s", position=1)],
    )
    assert rows == [expected]


def test_without_any_date_nothing_is_made_up() -> None:
    assert derived("SELECT since, until FROM measured", finding=ids("f")) == [("", "")]


def test_several_primaries_span_their_publications() -> None:
    sources = [{"id": "a", "since": "2019-01-01", "until": "2019-12-31"}, {"id": "b", **PUBLISHED}, {"id": "undated"}]
    citations = [primary("f", id, position=at) for at, id in enumerate(("a", "b", "undated"))]
    rows = {"finding": ids("f"), "source": sources, "citation": citations}
    assert derived("SELECT since, until FROM measured", **rows) == [("2019-01-01", "2024-12-31")]


# Replications


def replications(*made: tuple[str, str, str]) -> list[tuple[int, int, int]]:
    """Successful, failed and other replications of f, from the outcome, source and work of each."""
    names = [f"r{at}" for at in range(len(made))]
    return derived(
        "SELECT successful, failed, other FROM replication WHERE finding = 'f'",
        finding=ids("f", *names),
        source=list({source: {"id": source, "work": work} for _, source, work in made if source}.values()),
        citation=[primary(name, source) for name, (_, source, _) in zip(names, made, strict=True) if source],
        finding_link=[
            {"finding": name, "type": "replicates", "target": "f", "outcome": outcome}
            for name, (outcome, _, _) in zip(names, made, strict=True)
        ],
    )


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        ([("successful", "a", ""), ("successful", "b", "")], (2, 0, 0)),
        ([("successful", "a", "one"), ("successful", "b", "one")], (1, 0, 0)),
        ([("failed", "a", ""), ("failed", "a", "")], (0, 1, 0)),
        ([("failed", "a", "one"), ("failed", "b", "two")], (0, 2, 0)),
        ([("successful", "a", "one"), ("failed", "b", "one")], (0, 0, 1)),  # one paper, whose findings disagree
        ([("successful", "a", "one"), ("", "b", "one")], (1, 0, 0)),
        ([("mixed", "a", ""), ("", "b", ""), ("flawed", "c", "")], (0, 0, 3)),
        ([("successful", "", ""), ("successful", "", "")], (2, 0, 0)),
    ],
)
def test_papers_of_one_work_count_as_one_replication(
    made: list[tuple[str, str, str]], expected: tuple[int, int, int]
) -> None:
    assert replications(*made) == [expected]


def test_other_links_and_links_to_nothing_are_no_replications() -> None:
    links = [
        {"finding": "g", "position": 0, "type": "contradicts", "target": "f", "outcome": "failed"},
        {"finding": "g", "position": 1, "type": "replicates", "target": "absent", "outcome": "failed"},
    ]
    assert derived("SELECT * FROM replication", finding=ids("f", "g"), finding_link=links) == []


# What a page leaves out


def left_out(links: list[tuple[str, str, str]], **more: list[Row]) -> set[str]:
    names = ["new", "old"]
    rows = derived(
        "SELECT finding FROM left_out",
        finding=ids(*names),
        source=ids(*names),
        finding_link=[
            {"finding": finding, "position": at, "type": type, "target": target}
            for at, (finding, type, target) in enumerate(links)
        ],
        **more,
    )
    return {row[0] for row in rows}


def cited(*, new: int, old: int) -> list[Row]:
    return [primary("new", "new", seen=new), primary("old", "old", seen=old)]


@pytest.mark.parametrize(
    ("new", "old", "gone"), [(2, 0, True), (2, 1, True), (1, 1, True), (0, 0, True), (1, 2, False), (0, 1, False)]
)
def test_an_older_version_is_left_out_when_the_newer_was_read_as_closely(new: int, old: int, gone: bool) -> None:
    found = left_out([("new", "supersedes", "old")], citation=cited(new=new, old=old))
    assert found == ({"old"} if gone else set())


@pytest.mark.parametrize("status", [str(state) for state in StandingState])
def test_withdrawn_findings_are_left_out(status: str) -> None:
    found = left_out([], citation=cited(new=1, old=1), standing=[{"source": "old", "status": status}])
    assert found == ({"old"} if status in WITHDRAWN else set())


def test_reversed_findings_are_left_out_however_closely_the_later_one_was_read() -> None:
    assert left_out([("new", "reverses", "old")], citation=cited(new=0, old=2)) == {"old"}


@pytest.mark.parametrize("type", ["contradicts", "qualifies", "replicates", "follows", "reanalyses"])
def test_other_links_leave_nothing_out(type: str) -> None:
    assert left_out([("new", type, "old")], citation=cited(new=2, old=0)) == set()


@pytest.mark.parametrize("type", ["reverses", "supersedes"])
def test_a_link_to_itself_leaves_nothing_out(type: str) -> None:
    assert left_out([("old", type, "old")]) == set()


# The strength order

CRITERIA = ("standing", "seen", "design", "independence", "replications", "precision")


def evidence(finding: str, **good: bool) -> dict[str, list[Row]]:
    """Rows of one finding that is strong or weak by each criterion."""
    source, rows = f"s-{finding}", dict[str, list[Row]]()
    rows["finding"] = [{"id": finding, "design": "field_experiment" if good["design"] else "raw_comparison"}]
    rows["source"] = [{"id": source, "vendor": "independent" if good["independence"] else "vendor"}]
    rows["citation"] = [primary(finding, source, seen=2 if good["seen"] else 1)]
    rows["estimate"] = [{"finding": finding, "estimate": "e", "has_interval": int(good["precision"])}]
    rows["standing"] = [] if good["standing"] else [{"source": source, "status": "concern"}]
    outcome = "successful" if good["replications"] else "failed"
    rows["finding_link"] = [{"finding": f"x-{finding}", "type": "replicates", "target": finding, "outcome": outcome}]
    return rows


def order(first: dict[str, bool], second: dict[str, bool]) -> list[tuple[Any, ...]]:
    a, z = evidence("a", **first), evidence("z", **second)
    return derived(
        "SELECT finding FROM ranked WHERE finding IN ('a', 'z') ORDER BY rank",
        **{table: a[table] + z[table] for table in a},
    )


ALL_GOOD = dict.fromkeys(CRITERIA, True)


@pytest.mark.parametrize("criterion", CRITERIA)
def test_each_criterion_decides_between_findings_that_differ_in_it_alone(criterion: str) -> None:
    assert order({**ALL_GOOD, criterion: False}, ALL_GOOD) == [("z",), ("a",)]


@pytest.mark.parametrize("at", range(len(CRITERIA)), ids=CRITERIA)
def test_a_criterion_outweighs_all_that_come_after_it(at: int) -> None:
    later = dict.fromkeys(CRITERIA[at + 1 :], False)
    assert order({**ALL_GOOD, CRITERIA[at]: False}, {**ALL_GOOD, **later}) == [("z",), ("a",)]


def test_what_is_equal_in_everything_goes_by_id() -> None:
    assert order(ALL_GOOD, ALL_GOOD) == [("a",), ("z",)]


def criterion_of(name: str, **rows: list[Row]) -> int:
    (value,) = derived(f"SELECT {name} FROM ranked WHERE finding = 'f'", **{"finding": ids("f"), **rows})
    return int(value[0])


@pytest.mark.parametrize(
    ("status", "standing"),
    [
        ("corrected", 0), ("reinstated", 0), ("concern", 1), ("superseded", 1), ("retracted", 2), ("disavowed", 2),
        ("overturned", 2),
    ],
)  # fmt: skip
def test_standing_by_what_happened_to_the_source(status: str, standing: int) -> None:
    rows = {"source": ids("s"), "citation": [primary("f", "s")], "standing": [{"source": "s", "status": status}]}
    assert criterion_of("standing", **rows) == standing


@pytest.mark.parametrize(
    ("type", "standing"), [("supersedes", 1), ("reverses", 1), ("contradicts", 0), ("replicates", 0)]
)
def test_standing_by_what_later_findings_say(type: str, standing: int) -> None:
    assert criterion_of("standing", finding_link=[{"finding": "g", "type": type, "target": "f"}]) == standing
    assert criterion_of("standing", finding_link=[{"finding": "f", "type": type, "target": "g"}]) == 0


def test_seen_goes_by_the_primary_that_was_read_most_closely() -> None:
    sources, both = ids("a", "b"), [primary("f", "a", seen=0), primary("f", "b", position=1, seen=2)]
    assert criterion_of("seen", source=sources, citation=both) == 0
    assert criterion_of("seen", source=sources, citation=[primary("f", "a", seen=1)]) == 1
    assert criterion_of("seen", source=sources, citation=[{**relay("b", "a", position=0), "seen": 2}]) == 2


@pytest.mark.parametrize("design", list(Design))
def test_designs_stand_in_their_order(design: Design) -> None:
    assert criterion_of("design", finding=[{"id": "f", "design": str(design)}]) == design.order


@pytest.mark.parametrize(
    ("flags", "independence"),
    [
        (["independent"], 0), (["interested"], 1), (["vendor"], 2), (["unknown"], 3), ([], 3),
        (["vendor", "interested"], 1), (["unknown", "vendor"], 2), (["vendor", "independent"], 0),
    ],
)  # fmt: skip
def test_independence_is_the_best_flag_among_the_primaries(flags: list[str], independence: int) -> None:
    sources = [{"id": f"s{at}", "vendor": flag} for at, flag in enumerate(flags)]
    citations = [primary("f", source["id"], position=at) for at, source in enumerate(sources)]
    relays = [relay("r", "s0", position=9)]
    found = criterion_of(
        "independence", source=[*sources, {"id": "r", "vendor": "independent"}], citation=citations + relays
    )
    assert found == independence


def test_vendor_flags_count_each_primary_source_once() -> None:
    rows = derived(
        "SELECT flag, sources FROM vendors ORDER BY flag",
        finding=ids("f"),
        source=[{"id": "a", "vendor": "vendor"}, {"id": "b", "vendor": "vendor"}, {"id": "c", "vendor": "independent"}],
        citation=[
            primary("f", "a"),
            primary("f", "a", position=1),
            primary("f", "b", position=2),
            primary("f", "c", position=3, basis=""),
        ],
    )
    assert rows == [("vendor", 2)]


def test_replications_are_failed_less_successful() -> None:
    outcomes = ["failed", "failed", "failed", "successful", "mixed"]
    links = [
        {"finding": f"r{at}", "type": "replicates", "target": "f", "outcome": outcome}
        for at, outcome in enumerate(outcomes)
    ]
    assert criterion_of("replications", finding_link=links) == 2
    assert criterion_of("replications", finding_link=links[3:]) == -1
    assert criterion_of("replications") == 0


def test_one_interval_is_enough_for_precision() -> None:
    estimates: list[Row] = [
        {"finding": "f", "estimate": "a"},
        {"finding": "f", "estimate": "b", "has_interval": 1},
    ]
    assert criterion_of("precision", estimate=estimates) == 0
    assert criterion_of("precision", estimate=estimates[:1]) == 1
