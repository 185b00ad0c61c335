"""The published queries as texts: what they may hold, and the values they take."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings

import evidencekb as ekb
from evidencekb import QuestionError, UnknownIdError, sparql, vocab
from evidencekb.rdf import published, quads, query_text
from evidencekb.rdf.queryguard import guarded, tokens
from evidencekb.testing import Pack, built, packs
from tests.rdf.answers import Tables, asked_by_name, literal_value, ordered, plain
from tests.rdf.small import small_pack

_VALUES: dict[str, tuple[dict[str, str], ...]] = {
    "findings-for": (
        {"role": "office-worker"},
        {"skill": "writing", "role": "clerk"},
        {"topic": "work"},
        {"outcome": "duration"},
        {"cohort": "workers"},
        {"cohort": "clerks", "without": "vendor"},
    ),
    "chain": ({"finding": "earlier"},),
    "primary-sources": ({"finding": "trial"}, {"flag": "vendor"}),
    "claim-sources": ({"claim": "typing-takes-less-time"},),
    "claims": ({"about": "writing"}, {"about": "clerks"}),
    "figures": ({"finding": "trial"}, {"outcome": "use"}),
    "samples": ({"finding": "trial"},),
    "conflicts": ({"finding": "seller"},),
    "open-conflicts": ({"finding": "again"},),
    "replications": ({"finding": "trial"},),
    "replicated-by": ({"finding": "trial"},),
    "untraced": ({"about": "writing"}, {"cohort": "workers"}, {"about": "software"}),
    "flags": ({"flag": "unknown"},),
}


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ekb.KnowledgeBase]:
    with small_pack(tmp_path_factory.mktemp("small")) as opened:
        yield opened


@pytest.mark.parametrize("name", published())
def test_each_text_is_plain_joins_and_says_what_it_answers(name: str) -> None:
    query = published()[name]
    assert query.answers.endswith(".")
    text, held = guarded(query.text.replace("#$ ", ""), ())
    assert "ORDER BY" in text
    signs = [token.text for token in held if token.kind == "sign"]
    assert not {"^", "|", "/", "+", "?"}.intersection(signs), "a property path"
    assert "*" not in signs
    asked = {token.text[1:] for token in held if token.kind == "variable" and token.text.startswith("$")}
    assert asked == set(query.values)
    named = {token.text.partition(":")[0] for token in held if token.kind == "name"}
    declared = {token.text.partition(":")[0] for line in text.splitlines() if line.startswith("PREFIX") for token in tokens(line)
                if token.kind == "name"}  # fmt: skip
    assert named == declared


@pytest.mark.parametrize(
    ("name", "values"), [(name, values) for name in published() for values in ({}, *_VALUES.get(name, ()))]
)
def test_each_gives_what_the_tables_give(kb: ekb.KnowledgeBase, name: str, values: dict[str, str]) -> None:
    pytest.importorskip("pyoxigraph")
    wanted = Tables(kb).answer(name, **values).rows
    found = plain(asked_by_name(kb, name, values))
    assert ordered(found) == ordered(plain(wanted))
    if name == "findings-for":
        assert found == plain(wanted), "not in the strength order"
    if not values:
        assert found, "nothing to compare"


def test_rdflib_gives_what_the_tables_give(kb: ekb.KnowledgeBase) -> None:
    import rdflib

    triples = "".join(f"<{quad.subject}> <{quad.predicate}> {quad.object} .\n" for quad in quads(kb))
    graph = rdflib.Graph().parse(data=triples, format="nt")
    for name in published():
        for values in ({}, *_VALUES.get(name, ())):
            rows: Any = graph.query(query_text(kb, name, **values))
            found = [tuple(map(literal_value, row)) for row in rows]
            wanted = Tables(kb).answer(name, **values).rows
            assert ordered(plain(found)) == ordered(plain(wanted)), (name, values)


@pytest.mark.slow
@settings(max_examples=6)
@given(packs())
def test_random_packs_give_what_their_tables_give(pack: Pack) -> None:
    pytest.importorskip("pyoxigraph")
    with tempfile.TemporaryDirectory() as folder, built(pack, Path(folder)) as kb:
        tables = Tables(kb)
        for name in published():
            assert ordered(plain(sparql(kb, name))) == ordered(plain(tables.answer(name).rows)), name
        for concept in pack["concepts"]:
            if concept["kind"] in ("role", "skill", "topic", "outcome"):
                asked = {concept["kind"]: concept["id"]}
                assert plain(sparql(kb, "findings-for", **asked)) == plain(
                    tables.answer("findings-for", **asked).rows
                ), asked
        for cohort in pack["cohorts"]:
            asked = {"cohort": cohort["id"], "without": "vendor"}
            assert plain(sparql(kb, "findings-for", **asked)) == plain(tables.answer("findings-for", **asked).rows), (
                asked
            )


@pytest.mark.parametrize(
    ("name", "values", "said"),
    [
        ("findings-for", {"role": "typing"}, "'typing' is a skill, not a role; ask skill='typing'"),
        ("findings-for", {"skil": "typing"}, "findings-for takes no value 'skil'; did you mean 'skill'?"),
        ("flag-counts", {"flag": "vendor"}, "flag-counts takes no value 'flag'; it takes none"),
        (
            "findings-for",
            {"without": "vendors"},
            "without is 'vendors', which is no term of VendorFlag; did you mean 'vendor'?",
        ),
        ("chain", {"finding": "typing"}, "finding is 'typing', a concept; give a finding"),
        ("claims", {"about": "trial"}, "about is 'trial', a finding; give a concept or cohort"),
        ("chain", {"finding": "urn:evidencekb:example:source/trial"}, "a source; give a finding"),
        ("chain", {"finding": "https://x.example/finding/trial"}, "names no record of this pack"),
        ("chain", {"finding": "\ud800"}, "finding is '\\ud800'; give the id or the IRI of a finding"),
        ("flags", {"flag": "https://w3id.org/evidencekb/ns#Role-vendor"}, "no term of VendorFlag"),
        ("flags", {"flag": ""}, "flag is ''; give a term of VendorFlag"),
        ("FLAGS", {}, "Did you mean 'flags'"),
        ("flag_count", {}, "Did you mean 'flag-counts'"),
        ("chain", {"finding": ""}, "finding is ''; give the id or the IRI of a finding"),
        ("findings-of", {"finding": "trial"}, "Did you mean 'findings-for'?"),
        ("zebra", {}, "there is no published query 'zebra'; there are chain, claim-sources"),
    ],
)
def test_a_value_that_does_not_fit_is_told(kb: ekb.KnowledgeBase, name: str, values: dict[str, str], said: str) -> None:
    with pytest.raises((QuestionError, UnknownIdError)) as wrong:
        asked_by_name(kb, name, values)
    assert said in str(wrong.value)


@pytest.mark.parametrize(
    "said", ["vendor", "ekb:VendorFlag-vendor", vocab.VendorFlag.VENDOR.iri, f"<{vocab.VendorFlag.VENDOR.iri}>"]
)
def test_a_term_may_be_given_as_answers_show_it(kb: ekb.KnowledgeBase, said: str) -> None:
    assert query_text(kb, "flags", flag=said) == query_text(kb, "flags", flag="vendor")


def test_unknown_ids_offer_the_nearest(kb: ekb.KnowledgeBase) -> None:
    for name, values, kind in (
        ("findings-for", {"skill": "typin"}, "skill"),
        ("chain", {"finding": "trail"}, "finding"),
        ("claim-sources", {"claim": "typing-takes-less-tim"}, "claim"),
    ):
        with pytest.raises(UnknownIdError) as wrong:
            query_text(kb, name, **values)
        assert (wrong.value.kind, bool(wrong.value.nearest)) == (kind, True)


def test_values_are_ids_iris_or_what_an_answer_gave(kb: ekb.KnowledgeBase) -> None:
    by_id = query_text(kb, "chain", finding="trial")
    assert "FILTER(?finding = <urn:evidencekb:example:finding/trial>)" in by_id
    assert query_text(kb, "chain", finding="urn:evidencekb:example:finding/trial") == by_id
    assert query_text(kb, "chain", finding="<urn:evidencekb:example:finding/trial>") == by_id
    term = query_text(kb, "flags", flag="https://w3id.org/evidencekb/ns#VendorFlag-vendor")
    assert term == query_text(kb, "flags", flag="vendor")
    assert "$" not in by_id


def test_lines_of_values_that_are_not_given_are_left_out(kb: ekb.KnowledgeBase) -> None:
    text = query_text(kb, "findings-for", skill="typing")
    assert "ekb:skillWithin <urn:evidencekb:example:concept/typing>" in text
    assert "roleWithin" not in text
    assert query_text(kb, "findings-for", skill="typing", role=None) == text  # type: ignore[arg-type]  # as if left out


def test_a_text_as_it_ships_answers_for_all(kb: ekb.KnowledgeBase) -> None:
    pytest.importorskip("pyoxigraph")
    for name, query in published().items():
        assert sparql(kb, query.text).rows == sparql(kb, name).rows, name
